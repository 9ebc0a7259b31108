//! The table of tools: what each is called, what it takes, what it does.

use anyhow::{Context as _, Result, bail};
use serde_json::{Map, Value, json};
use ward_formats::Kind;

use super::desk::{Desk, Given};

/// A tool.
pub(super) struct Tool {
    /// What it is called.
    pub(super) name: &'static str,
    /// What it does, for the agent.
    pub(super) what: &'static str,
    /// Its arguments beside the record: name, JSON type, whether it must be given, what it is.
    takes: &'static [(&'static str, &'static str, bool, &'static str)],
    /// True when it takes a record.
    of_record: bool,
    run: fn(&mut Desk, &Map<String, Value>) -> Result<Value>,
}

/// Every tool.
pub(super) const TOOLS: &[Tool] = &[
    Tool {
        name: "deid",
        what: "De-identify a clinical record or text. Names, dates, numbers and places become placeholders such as [NAME_1KR], which stay the same for this session. \
               Keep placeholders exactly as they are in whatever you write.",
        takes: &[],
        of_record: true,
        run: |desk, given| desk.deid(&record(given)?, kind(given)?),
    },
    Tool {
        name: "reid",
        what: "Put the real values back into a text with placeholders of this session. Only where the person who started Ward allowed it.",
        takes: &[("text", "string", true, "The text with placeholders.")],
        of_record: false,
        run: |desk, given| desk.reid(text(given, "text")?.context("`text` is missing")?),
    },
    Tool {
        name: "facts",
        what: "List the clinical facts of a record (medicines, allergies, results, problems, ..) with their words and places, de-identified.",
        takes: &[],
        of_record: true,
        run: |desk, given| desk.facts(&record(given)?, kind(given)?),
    },
    Tool {
        name: "compress",
        what: "Shorten a record for a model, de-identified, and prove that no clinical fact was lost or invented; with max_tokens, list what was left out.",
        takes: &[
            (
                "max_tokens",
                "integer",
                false,
                "Most tokens of the result. Allergies, current medicines and abnormal values always stay.",
            ),
            ("question", "string", false, "What the result is to answer."),
        ],
        of_record: true,
        run: |desk, given| {
            let most = match given.get("max_tokens") {
                None | Some(Value::Null) => None,
                Some(most) => Some(
                    most.as_u64()
                        .and_then(|most| usize::try_from(most).ok())
                        .context("`max_tokens` must be a whole number")?,
                ),
            };
            desk.compress(&record(given)?, kind(given)?, text(given, "question")?, most)
        },
    },
    Tool {
        name: "triage",
        what: "Say how urgent the patient of a record is: NEWS2, qSOFA, urgent complaints, each reason with its words; missing inputs are named. Decision support for trained staff.",
        takes: &[],
        of_record: true,
        run: |desk, given| desk.triage(&record(given)?, kind(given)?),
    },
    Tool {
        name: "ask",
        what: "Answer a question about a record with quotes from it and nothing else, de-identified; refuses when nothing answers.",
        takes: &[("question", "string", true, "The question.")],
        of_record: true,
        run: |desk, given| {
            let question = text(given, "question")?.context("`question` is missing")?;
            desk.ask(&record(given)?, kind(given)?, question)
        },
    },
];

impl Tool {
    /// The JSON schema of its arguments.
    pub(super) fn schema(&self) -> Map<String, Value> {
        let mut properties = Map::new();
        let mut required = Vec::new();
        if self.of_record {
            properties.insert(
                "record".to_owned(),
                json!({"type": "string", "description": "The record itself: FHIR R4 JSON, HL7 v2 or a note."}),
            );
            properties.insert(
                "uri".to_owned(),
                json!({"type": "string", "description": "Or the address of a resource of this server."}),
            );
            properties.insert(
                "kind".to_owned(),
                json!({"type": "string", "enum": ["auto", "text", "fhir", "hl7"]}),
            );
        }
        for (name, of, must, what) in self.takes {
            properties.insert((*name).to_owned(), json!({"type": of, "description": what}));
            required.extend(must.then_some(*name));
        }
        let mut schema = Map::new();
        schema.insert("type".to_owned(), json!("object"));
        schema.insert("properties".to_owned(), Value::Object(properties));
        schema.insert("required".to_owned(), json!(required));
        schema.insert("additionalProperties".to_owned(), json!(false));
        schema
    }

    /// Runs it. An argument that it does not have is an error.
    pub(super) fn run(&self, desk: &mut Desk, given: &Map<String, Value>) -> Result<Value> {
        let schema = self.schema();
        let known = schema.get("properties").and_then(Value::as_object);
        if given
            .keys()
            .any(|name| known.is_none_or(|known| !known.contains_key(name)))
        {
            bail!("an argument is not one of this tool's; its schema lists them");
        }
        (self.run)(desk, given)
    }
}

fn text<'a>(given: &'a Map<String, Value>, name: &'static str) -> Result<Option<&'a str>> {
    match given.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => Ok(Some(
            value.as_str().with_context(|| format!("`{name}` must be a string"))?,
        )),
    }
}

fn record(given: &Map<String, Value>) -> Result<Given<'_>> {
    match (text(given, "record")?, text(given, "uri")?) {
        (Some(text), None) => Ok(Given::Inline(text)),
        (None, Some(uri)) => Ok(Given::Listed(uri)),
        _ => bail!("give either `record`, its text, or `uri`, the address of a resource"),
    }
}

fn kind(given: &Map<String, Value>) -> Result<Option<Kind>> {
    match text(given, "kind")? {
        None | Some("auto") => Ok(None),
        Some("text") => Ok(Some(Kind::Text)),
        Some("fhir") => Ok(Some(Kind::Fhir)),
        Some("hl7") => Ok(Some(Kind::Hl7)),
        Some(_) => bail!("`kind` is one of auto, text, fhir and hl7"),
    }
}
