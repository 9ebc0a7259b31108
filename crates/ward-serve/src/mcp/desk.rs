//! What one session holds: the records it may see, and what stands for what.
//!
//! Every record is de-identified, with one key for the session, before facts are read or questions answered; what leaves holds
//! placeholders, also for what a model would take for the frame of its conversation. Only [`Desk::reid`] shows values, and
//! only when it was allowed.

use serde_json::{Map, Value, json};
use ward_clinical::{Options, Record, cite, json as clinical, state::State, triage};
use ward_deid::{Class, Hit, Known, Pseudonyms};
use ward_formats::{Budget, Doc, Document as _, Kind, Problem, hl7};
use ward_guard::{Code, control_tokens, inspect, unicode};

use super::{
    Fault, Terms,
    records::{Listed, SCHEME},
};

/// A session.
pub(super) struct Desk {
    names: Pseudonyms,
    records: Vec<Listed>,
    /// Bytes that were de-identified, and how many may be: what stands for what is held in memory.
    read: usize,
    most: usize,
}

/// Refuses a text that holds characters that no reader sees, where the policy does; that is on the ledger.
pub(super) fn screen(tool: &'static str, text: &str, terms: &Terms<'_>) -> Result<(), Fault> {
    match terms.policy.refuses(&unicode::screen(text)) {
        None => Ok(()),
        Some(class) => Err(refused(tool, Code::HiddenText, class.word(), terms)),
    }
}

/// A refusal that is on the ledger, or that it cannot be.
fn refused(tool: &'static str, code: Code, more: &str, terms: &Terms<'_>) -> Fault {
    let noted = (terms.note)(json!({"tool": tool, "outcome": "refused", "refusal": code.row().word}));
    noted.err().unwrap_or_else(|| Fault::refused(code, more))
}

/// A record without anything that identifies, and how many values of which class were replaced.
struct Clean {
    doc: Doc,
    replaced: Value,
    /// What of the record was not examined: left out, or replaced unseen.
    unseen: Vec<Problem>,
}

/// A record that a tool is given.
pub(super) enum Given<'a> {
    /// Its text.
    Inline(&'a str),
    /// The address of one of the session's records.
    Listed(&'a str),
}

/// A result with what of its record was not examined, not read, or is doubtful. Dates are placeholders here: none is known to be to come.
fn whole(mut result: Value, clean: &Clean, record: &Record) -> Value {
    clinical::add_unread(&mut result, &clean.unseen, record, None);
    result
}

impl Desk {
    /// Over these records; `most` bytes at most.
    pub(super) fn new(records: Vec<Listed>, most: usize) -> Result<Self, Fault> {
        let secret = ward_seal::random::bytes().map_err(|_| Fault::new("the system gives no random bytes"))?;
        Ok(Self {
            names: Pseudonyms::new(secret),
            records,
            read: 0,
            most,
        })
    }

    /// The records of the session.
    pub(super) fn records(&self) -> &[Listed] {
        &self.records
    }

    /// The text of a record of the folders, de-identified.
    pub(super) fn text(&mut self, uri: &str, terms: &Terms<'_>) -> Result<String, Fault> {
        let clean = self.clean("resource", &Given::Listed(uri), None, terms)?;
        let text = String::from_utf8_lossy(clean.doc.source());
        Ok(self.without_frames(text.into_owned()))
    }

    /// `deid`: a record with placeholders.
    pub(super) fn deid(&mut self, given: &Given<'_>, kind: Option<Kind>, terms: &Terms<'_>) -> Result<Value, Fault> {
        let clean = self.clean("deid", given, kind, terms)?;
        let text = String::from_utf8_lossy(clean.doc.source());
        Ok(json!({
            "text": text,
            "kind": clean.doc.kind().word(),
            "replaced": clean.replaced,
            "not_examined": clinical::places(&clean.unseen),
        }))
    }

    /// `reid`: a text with the values that its placeholders stand for.
    pub(super) fn reid(&mut self, text: &str, terms: &Terms<'_>) -> Result<Value, Fault> {
        if !terms.may_reid {
            (terms.note)(json!({"tool": "reid", "outcome": "refused"}))?;
            return Err(Fault::new("putting values back was not allowed to this session"));
        }
        let (restored, count) = self.names.restore(text);
        (terms.note)(json!({"tool": "reid", "outcome": "done", "restored": count.restored, "unknown": count.unknown}))?;
        Ok(json!({"text": restored, "restored": count.restored, "unknown": count.unknown}))
    }

    /// `facts`: the clinical facts of a record.
    pub(super) fn facts(&mut self, given: &Given<'_>, kind: Option<Kind>, terms: &Terms<'_>) -> Result<Value, Fault> {
        let (clean, record) = self.record("facts", given, kind, terms)?;
        let facts: Vec<Value> = record.facts.iter().map(clinical::fact).collect();
        Ok(whole(json!({"facts": facts}), &clean, &record))
    }

    /// `compress`: a record in fewer tokens, proved.
    pub(super) fn compress(
        &mut self,
        given: &Given<'_>,
        kind: Option<Kind>,
        options: &Options<'_>,
        terms: &Terms<'_>,
    ) -> Result<Value, Fault> {
        let (clean, record) = self.record("compress", given, kind, terms)?;
        let made = ward_clinical::compress(&clean.doc, &record, options);
        Ok(whole(clinical::compressed(&made, options.max_tokens), &clean, &record))
    }

    /// `triage`: how urgent the patient is, with reasons.
    pub(super) fn triage(&mut self, given: &Given<'_>, kind: Option<Kind>, terms: &Terms<'_>) -> Result<Value, Fault> {
        let (clean, record) = self.record("triage", given, kind, terms)?;
        let result = clinical::triage(&triage::triage(&record, None, None));
        Ok(whole(result, &clean, &record))
    }

    /// `state`: problems, medicines, allergies, values over time and visits of the patient.
    pub(super) fn state(&mut self, given: &Given<'_>, kind: Option<Kind>, terms: &Terms<'_>) -> Result<Value, Fault> {
        let (clean, record) = self.record("state", given, kind, terms)?;
        Ok(whole(State::of(&record, None).to_json(), &clean, &record))
    }

    /// `ask`: an answer made of quotes.
    pub(super) fn ask(
        &mut self,
        given: &Given<'_>,
        kind: Option<Kind>,
        question: &str,
        terms: &Terms<'_>,
    ) -> Result<Value, Fault> {
        let (clean, record) = self.record("ask", given, kind, terms)?;
        let known = Known::from_documents([&clean.doc]);
        let question = self.names.replace_text(question, &known).text;
        let sources = [cite::Source {
            doc: &clean.doc,
            record: &record,
        }];
        let mut calendar = ward_guard::calendar(&self.names);
        calendar.latest = cite::Calendar::latest_of(&sources).or(calendar.latest);
        let answer = cite::answer(&sources, &question, &calendar);
        let citations: Vec<Value> = answer
            .citations
            .iter()
            .map(|one| {
                json!({"number": one.number, "text": one.text, "place": one.place, "section": one.section, "when": one.when})
            })
            .collect();
        Ok(json!({"answer": answer.text, "citations": citations, "refused": answer.refused}))
    }

    fn record(
        &mut self,
        tool: &'static str,
        given: &Given<'_>,
        kind: Option<Kind>,
        terms: &Terms<'_>,
    ) -> Result<(Clean, Record), Fault> {
        let clean = self.clean(tool, given, kind, terms)?;
        let record = ward_clinical::read(&clean.doc);
        Ok((clean, record))
    }

    /// Reads a record, takes out what identifies, and writes on the ledger who asked for what.
    fn clean(
        &mut self,
        tool: &'static str,
        given: &Given<'_>,
        kind: Option<Kind>,
        terms: &Terms<'_>,
    ) -> Result<Clean, Fault> {
        let bytes = match given {
            Given::Inline(text) => text.as_bytes().to_vec(),
            Given::Listed(uri) => {
                let name = uri.strip_prefix(SCHEME).unwrap_or(uri);
                let found = self.records.iter().find(|one| one.name == name);
                found
                    .ok_or_else(|| Fault::new("there is no record of that name; list the resources"))?
                    .read()?
            }
        };
        self.read = self.read.saturating_add(bytes.len());
        if self.read > self.most {
            return Err(Fault::new(format!(
                "this session may read {} MiB and has; start another one",
                self.most >> 20
            )));
        }
        let parse = |bytes: &[u8], kind| {
            Doc::parse(bytes, kind, Budget::RECORD)
                .map_err(|error| Fault::new(format!("this is no record that Ward reads: {error}")))
        };
        let mut parsed = parse(&bytes, kind)?;
        let mut unseen = Vec::new();
        if parsed.document.kind() == Kind::Hl7 {
            let (rest, left_out) = hl7::without_z(&bytes);
            if left_out > 0 {
                parsed = parse(&rest, Some(Kind::Hl7))?;
                unseen.push(Problem {
                    place: "the message".to_owned(),
                    what: hl7::Z_LEFT_OUT,
                    broken: true,
                });
            }
        }
        if let Some(problem) = parsed.problems.iter().find(|problem| problem.broken) {
            return Err(Fault::new(format!("{}: {}", problem.place, problem.what)));
        }
        // As it came, and as it reads: a character may stand there by its number.
        screen(tool, &String::from_utf8_lossy(&bytes), terms)?;
        for field in parsed.document.fields() {
            screen(tool, &field.text, terms)?;
        }
        if let Some(code) = inspect::refuses(&parsed.document, terms.policy) {
            return Err(refused(tool, code, "in the record", terms));
        }
        if ward_clinical::patients(&parsed.document) > 1 {
            return Err(Fault::new(
                "the record is about several patients: their facts must not be mixed; give one patient's at a time",
            ));
        }
        let not = "the record could not be de-identified; nothing of it is shown";
        let known = Known::from_documents([&parsed.document]);
        let replaced = self
            .names
            .replace_document(&parsed.document, &known)
            .map_err(|_| Fault::new(not))?;
        // The name of an element that may be content cannot be replaced.
        if let Some(problem) = replaced.problems.iter().find(|problem| problem.broken) {
            return Err(Fault::new(format!("{}: {}", problem.place, problem.what)));
        }
        unseen.extend(replaced.problems.into_iter().map(|one| Problem { broken: true, ..one }));
        let counts: Map<String, Value> = replaced
            .tally
            .iter()
            .filter(|(_, count)| *count > 0)
            .map(|(class, count)| (class.word().to_owned(), json!(count)))
            .collect();
        let kind = parsed.document.kind();
        (terms.note)(json!({"tool": tool, "outcome": "done", "kind": kind.word(), "replaced": counts}))?;
        let budget = Budget {
            bytes: usize::MAX,
            ..Budget::RECORD
        };
        let doc = Doc::parse(&replaced.bytes, Some(kind), budget).map_err(|_| Fault::new(not))?;
        Ok(Clean {
            doc: doc.document,
            replaced: Value::Object(counts),
            unseen,
        })
    }

    /// Every text of a result without what a model would take for the frame of its conversation: the last thing that is done
    /// to it, so that nothing passes it by. What gave way is a placeholder like others.
    pub(super) fn framed(&mut self, value: Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.without_frames(text)),
            Value::Array(items) => items.into_iter().map(|item| self.framed(item)).collect(),
            Value::Object(members) => members
                .into_iter()
                .map(|(name, member)| (name, self.framed(member)))
                .collect(),
            other => other,
        }
    }

    fn without_frames(&mut self, text: String) -> String {
        let spans = control_tokens::find(&text, &[]);
        if spans.is_empty() {
            return text;
        }
        let hits: Vec<Hit> = spans
            .into_iter()
            .map(|span| Hit {
                span,
                class: Class::Text,
                rule: "control-token",
                score: 100,
            })
            .collect();
        self.names.replace_hits(&text, &hits).text
    }
}
