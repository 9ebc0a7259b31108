//! What came of a record.

use serde_json::{Map, Value, json};

/// A row of the results. A step that was not asked for, or did not get that far, left nothing.
#[derive(Default)]
pub(super) struct Row {
    pub(super) id: Option<String>,
    pub(super) file: String,
    pub(super) record: u64,
    /// text, fhir or hl7.
    pub(super) kind: Option<&'static str>,
    /// Why the record, or a part of it, was not examined.
    pub(super) reason: Option<String>,
    /// What of it is no part of what Ward reads: places and reasons.
    pub(super) not_read: Option<Value>,
    /// The record with placeholders.
    pub(super) text: Option<String>,
    /// How many values of which class were replaced.
    pub(super) replaced: Option<Value>,
    pub(super) facts: Option<Value>,
    pub(super) compress: Option<Value>,
    pub(super) triage: Option<Value>,
    pub(super) state: Option<Value>,
    /// What the record was. It stands in no column.
    pub(super) seen: [u8; 32],
}

impl Row {
    /// Whether the compression was proved, if there is one.
    pub(super) fn proved(&self) -> Option<bool> {
        self.compress.as_ref().map(|made| made["verified"] == true)
    }

    /// The row as a JSON object: what stands in it always, and one member a step.
    pub(super) fn json(self) -> Value {
        let mut object = Map::new();
        object.insert("id".to_owned(), json!(self.id));
        object.insert("file".to_owned(), json!(self.file));
        object.insert("record".to_owned(), json!(self.record));
        object.insert("kind".to_owned(), json!(self.kind));
        object.insert("not_examined".to_owned(), json!(self.reason));
        object.insert("not_read".to_owned(), json!(self.not_read));
        if let Some(text) = self.text {
            object.insert("deid".to_owned(), json!({"text": text, "replaced": self.replaced}));
        }
        for (name, value) in [
            ("facts", self.facts),
            ("compress", self.compress),
            ("triage", self.triage),
            ("state", self.state),
        ] {
            if let Some(value) = value {
                object.insert(name.to_owned(), value);
            }
        }
        Value::Object(object)
    }
}
