//! What is told beside the ledger: lines for whoever runs the service.
//!
//! A line holds words of Ward's own, ids of Ward's own and numbers. There is no way to put text of a request into one: no
//! [`Field`] takes it.

use std::sync::Arc;

use crate::identity::Caller;

/// A value of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Field {
    /// A word that stands in the program.
    Word(&'static str),
    /// The id of a caller, or of a receipt.
    Id(String),
    /// A count, a size, a time in milliseconds.
    Number(u64),
}

impl Field {
    /// Who, as on the ledger.
    #[must_use]
    pub fn caller(caller: &Caller) -> Self {
        Self::Id(caller.key.clone())
    }
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// When, milliseconds since 1970 UTC.
    pub at_unix_ms: u64,
    /// What happened.
    pub event: &'static str,
    /// More of it, in order.
    pub fields: Vec<(&'static str, Field)>,
}

impl Line {
    /// A line about now.
    #[must_use]
    pub fn now(event: &'static str) -> Self {
        Self {
            at_unix_ms: crate::app::now(),
            event,
            fields: Vec::new(),
        }
    }

    /// With one more field.
    #[must_use]
    pub fn with(mut self, name: &'static str, field: Field) -> Self {
        self.fields.push((name, field));
        self
    }

    /// The line as one JSON object.
    #[must_use]
    pub fn json(&self) -> String {
        let mut object = serde_json::Map::new();
        object.insert("at_unix_ms".to_owned(), self.at_unix_ms.into());
        object.insert("event".to_owned(), self.event.into());
        for (name, field) in &self.fields {
            let value = match field {
                Field::Word(word) => (*word).into(),
                Field::Id(id) => id.as_str().into(),
                Field::Number(number) => (*number).into(),
            };
            object.insert((*name).to_owned(), value);
        }
        serde_json::Value::Object(object).to_string()
    }
}

/// Who gets the lines. Must not block.
#[derive(Clone)]
pub struct LogSink(Arc<dyn Fn(&Line) + Send + Sync>);

impl LogSink {
    /// A sink that calls this.
    pub fn new(call: impl Fn(&Line) + Send + Sync + 'static) -> Self {
        Self(Arc::new(call))
    }

    /// Hands over a line.
    pub fn tell(&self, line: &Line) {
        (self.0)(line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_object() {
        let line = Line {
            at_unix_ms: 7,
            event: "request",
            fields: vec![
                ("who", Field::Id("a\"b".to_owned())),
                ("status", Field::Number(200)),
                ("route", Field::Word("/v1/models")),
            ],
        };
        let expect = serde_json::json!({"at_unix_ms": 7, "event": "request", "route": "/v1/models", "status": 200, "who": "a\"b"});
        assert_eq!(serde_json::from_str::<serde_json::Value>(&line.json()).unwrap(), expect);
    }
}
