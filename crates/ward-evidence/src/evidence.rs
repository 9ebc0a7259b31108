//! That a control held, failed, or was not examined.

use crate::ControlId;
use serde::{Serialize, Serializer, ser::SerializeStruct as _};

/// What became of a control. There is no "fine, presumably": what was not looked at is [`Outcome::NotExamined`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It was examined, and it held.
    Held,
    /// It was examined, and it failed, for this reason.
    Failed(&'static str),
    /// It was not examined, for this reason.
    NotExamined(&'static str),
}

impl Outcome {
    /// `held`, `failed` or `not_examined`: the word of machine-readable output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Outcome::Held => "held",
            Outcome::Failed(_) => "failed",
            Outcome::NotExamined(_) => "not_examined",
        }
    }

    /// Why, unless it held.
    #[must_use]
    pub fn reason(self) -> Option<&'static str> {
        match self {
            Outcome::Held => None,
            Outcome::Failed(reason) | Outcome::NotExamined(reason) => Some(reason),
        }
    }

    /// True only for [`Outcome::Held`].
    #[must_use]
    pub fn held(self) -> bool {
        self == Outcome::Held
    }
}

/// One control, what became of it, and over how many things.
///
/// Serialises as `{"control":"DATA-1a","outcome":"held","count":3}`, with a `"reason"` unless it held. It holds no
/// text but Ward's own, so it may stand in the ledger and in a receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Evidence {
    /// Which control.
    pub control: ControlId,
    /// What became of it.
    pub outcome: Outcome,
    /// How many things were examined (values replaced, facts compared, files read). 0 when none were.
    pub count: u64,
}

impl Evidence {
    /// `control` held over `count` things.
    #[must_use]
    pub fn held(control: ControlId, count: u64) -> Self {
        Self {
            control,
            outcome: Outcome::Held,
            count,
        }
    }

    /// `control` failed after `count` things were examined.
    #[must_use]
    pub fn failed(control: ControlId, reason: &'static str, count: u64) -> Self {
        Self {
            control,
            outcome: Outcome::Failed(reason),
            count,
        }
    }

    /// `control` was not examined.
    #[must_use]
    pub fn not_examined(control: ControlId, reason: &'static str) -> Self {
        Self {
            control,
            outcome: Outcome::NotExamined(reason),
            count: 0,
        }
    }
}

impl Serialize for Evidence {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let reason = self.outcome.reason();
        let mut out = serializer.serialize_struct("Evidence", 3 + usize::from(reason.is_some()))?;
        out.serialize_field("control", &self.control)?;
        out.serialize_field("outcome", self.outcome.word())?;
        match reason {
            Some(reason) => out.serialize_field("reason", reason)?,
            None => out.skip_field("reason")?,
        }
        out.serialize_field("count", &self.count)?;
        out.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::controls::{DATA_1A, DATA_2A};

    #[track_caller]
    fn check(evidence: Evidence, expect: &str) {
        assert_eq!(serde_json::to_string(&evidence).unwrap(), expect);
    }

    #[test]
    fn evidence_serialises_flat_with_a_reason_unless_it_held() {
        check(
            Evidence::held(DATA_1A, 3),
            r#"{"control":"DATA-1a","outcome":"held","count":3}"#,
        );
        check(
            Evidence::failed(DATA_2A, "a fact was lost", 41),
            r#"{"control":"DATA-2a","outcome":"failed","reason":"a fact was lost","count":41}"#,
        );
        check(
            Evidence::not_examined(DATA_2A, "no record was sent"),
            r#"{"control":"DATA-2a","outcome":"not_examined","reason":"no record was sent","count":0}"#,
        );
    }

    #[test]
    fn only_held_is_held() {
        assert!(Outcome::Held.held());
        assert!(!Outcome::Failed("x").held());
        assert!(!Outcome::NotExamined("x").held());
    }
}
