//! The table of tools: what each is called, what it takes, what it does.

use serde_json::{Map, Value, json};
use ward_clinical::Options;
use ward_formats::Kind;

use super::{
    Fault, Terms,
    desk::{self, Desk, Given},
};

/// What a tool does with its arguments.
type Work = fn(&mut Desk, &Map<String, Value>, &Terms<'_>) -> Result<Value, Fault>;

/// A tool.
pub(super) struct Tool {
    /// What it is called.
    pub(super) name: &'static str,
    /// What it does, for the agent.
    what: &'static str,
    /// Its arguments beside the record: name, JSON type, whether it must be given, what it is.
    takes: &'static [(&'static str, &'static str, bool, &'static str)],
    /// True when it takes a record.
    of_record: bool,
    run: Work,
}

/// Every tool.
pub(super) const TOOLS: &[Tool] = &[
    Tool {
        name: "deid",
        what: "De-identify a clinical record or text. Names, dates, numbers and places become placeholders such as [NAME_1KR], which stay the same for this session. \
               Keep placeholders exactly as they are in whatever you write.",
        takes: &[],
        of_record: true,
        run: |desk, given, terms| desk.deid(&record(given)?, kind(given)?, terms),
    },
    Tool {
        name: "reid",
        what: "Put the real values back into a text with placeholders of this session. Only where the person who started Ward allowed it.",
        takes: &[("text", "string", true, "The text with placeholders.")],
        of_record: false,
        run: |desk, given, terms| desk.reid(needed(given, "text")?, terms),
    },
    Tool {
        name: "facts",
        what: "List the clinical facts of a record (medicines, allergies, results, problems, ..) with their words and places, de-identified.",
        takes: &[],
        of_record: true,
        run: |desk, given, terms| desk.facts(&record(given)?, kind(given)?, terms),
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
        run: |desk, given, terms| {
            let max_tokens = match given.get("max_tokens") {
                None | Some(Value::Null) => None,
                Some(most) => Some(
                    most.as_u64()
                        .and_then(|most| usize::try_from(most).ok())
                        .ok_or_else(|| Fault::new("`max_tokens` must be a whole number"))?,
                ),
            };
            let options = Options {
                question: text(given, "question")?,
                max_tokens,
                tokenizer: terms.tokenizer,
                ..Options::default()
            };
            desk.compress(&record(given)?, kind(given)?, &options, terms)
        },
    },
    Tool {
        name: "state",
        what: "Show the state of a record's patient as data: problems, medicines with what changed, allergies, values over time, visits; de-identified.",
        takes: &[],
        of_record: true,
        run: |desk, given, terms| desk.state(&record(given)?, kind(given)?, terms),
    },
    Tool {
        name: "triage",
        what: "Say how urgent the patient of a record is: NEWS2, qSOFA, urgent complaints, each reason with its words; missing inputs are named. Decision support for trained staff.",
        takes: &[],
        of_record: true,
        run: |desk, given, terms| desk.triage(&record(given)?, kind(given)?, terms),
    },
    Tool {
        name: "ask",
        what: "Answer a question about a record with quotes from it and nothing else, de-identified; refuses when nothing answers.",
        takes: &[("question", "string", true, "The question.")],
        of_record: true,
        run: |desk, given, terms| {
            let question = needed(given, "question")?;
            desk.ask(&record(given)?, kind(given)?, question, terms)
        },
    },
];

impl Tool {
    /// The JSON schema of its arguments.
    fn schema(&self) -> Map<String, Value> {
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
    pub(super) fn run(&self, desk: &mut Desk, given: &Map<String, Value>, terms: &Terms<'_>) -> Result<Value, Fault> {
        let schema = self.schema();
        let known = schema.get("properties").and_then(Value::as_object);
        if given
            .keys()
            .any(|name| known.is_none_or(|known| !known.contains_key(name)))
        {
            return Err(Fault::new(
                "an argument is not one of this tool's; its schema lists them",
            ));
        }
        for text in given.values().filter_map(Value::as_str) {
            desk::screen(self.name, text, terms)?;
        }
        let result = (self.run)(desk, given, terms)?;
        Ok(desk.framed(result))
    }
}

/// The tools as an agent is told of them.
pub(super) fn list(may_reid: bool) -> Vec<Value> {
    let shown = TOOLS.iter().filter(|tool| may_reid || tool.name != "reid");
    shown
        .map(|tool| {
            json!({
                "name": tool.name,
                "description": tool.what,
                "inputSchema": tool.schema(),
                "annotations": {"readOnlyHint": true, "openWorldHint": false},
            })
        })
        .collect()
}

fn text<'a>(given: &'a Map<String, Value>, name: &'static str) -> Result<Option<&'a str>, Fault> {
    match given.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(Fault::new(format!("`{name}` must be a string"))),
    }
}

fn needed<'a>(given: &'a Map<String, Value>, name: &'static str) -> Result<&'a str, Fault> {
    text(given, name)?.ok_or_else(|| Fault::new(format!("`{name}` is missing")))
}

fn record(given: &Map<String, Value>) -> Result<Given<'_>, Fault> {
    match (text(given, "record")?, text(given, "uri")?) {
        (Some(text), None) => Ok(Given::Inline(text)),
        (None, Some(uri)) => Ok(Given::Listed(uri)),
        _ => Err(Fault::new(
            "give either `record`, its text, or `uri`, the address of a resource",
        )),
    }
}

fn kind(given: &Map<String, Value>) -> Result<Option<Kind>, Fault> {
    match text(given, "kind")? {
        None | Some("auto") => Ok(None),
        Some("text") => Ok(Some(Kind::Text)),
        Some("fhir") => Ok(Some(Kind::Fhir)),
        Some("hl7") => Ok(Some(Kind::Hl7)),
        Some(_) => Err(Fault::new("`kind` is one of auto, text, fhir and hl7")),
    }
}
