//! A control: one testable sentence that Ward makes true.

use serde::{Serialize, Serializer};
use std::fmt;

/// The name of a control: its clause and a lower-case letter, as in `DATA-1a`. Serialises as that string.
///
/// Only this crate makes them, so a `ControlId` always stands in the [catalogue](crate::catalogue); to read one from
/// text, ask [`by_id`](crate::by_id).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ControlId(&'static str);

impl ControlId {
    /// For the catalogue only.
    pub(crate) const fn new(id: &'static str) -> Self {
        Self(id)
    }

    /// The id as text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }

    /// The id of the clause it belongs to: the id without its last letter.
    #[must_use]
    pub fn clause(self) -> &'static str {
        self.0.trim_end_matches(|c: char| c.is_ascii_lowercase())
    }
}

impl fmt::Display for ControlId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0)
    }
}

impl Serialize for ControlId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}

/// Whether Ward makes a control true today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Ward enforces or checks it now, and tests show it.
    Stands,
    /// Written down so that nobody takes it for granted; nothing enforces it yet.
    Planned,
}

impl Status {
    /// `stands` or `planned`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Status::Stands => "stands",
            Status::Planned => "planned",
        }
    }
}

/// One testable sentence that Ward makes true, or plans to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Control {
    /// Its name.
    pub id: ControlId,
    /// The clause it serves, as in `DATA-1`; see [`CLAUSES`](crate::CLAUSES).
    pub clause: &'static str,
    /// A few words.
    pub title: &'static str,
    /// What is true when the control holds. One or two sentences, each of which a test can contradict.
    pub statement: &'static str,
    /// Why anybody should want it.
    pub rationale: &'static str,
    /// Whether it is true today.
    pub status: Status,
    /// The commands, stages of the request path and endpoints that enforce or check it. Empty when planned.
    pub enforced_by: &'static [&'static str],
    /// How anybody can see that it holds: tests as `path.rs::function` below the root of the repository, and commands in
    /// backticks. That the tests exist is checked. Empty when planned.
    pub verified_by: &'static [&'static str],
}

/// What every planned control has in common: nothing enforces it and nothing shows it. Its texts are empty so that a
/// test notices a control that forgot its own.
pub(crate) const PLANNED: Control = Control {
    id: ControlId::new(""),
    clause: "",
    title: "",
    statement: "",
    rationale: "",
    status: Status::Planned,
    enforced_by: &[],
    verified_by: &[],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_knows_its_clause_and_serialises_as_text() {
        let id = ControlId::new("DATA-1a");
        assert_eq!(id.clause(), "DATA-1");
        assert_eq!(id.to_string(), "DATA-1a");
        assert_eq!(serde_json::to_string(&id).unwrap(), "\"DATA-1a\"");
        assert_eq!(serde_json::to_string(&Status::Stands).unwrap(), "\"stands\"");
    }
}
