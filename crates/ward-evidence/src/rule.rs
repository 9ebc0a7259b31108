//! What a rule says about itself.

use crate::{ControlId, Severity};

/// What a rule says about itself, apart from what it does. One per rule, in static memory, beside the rule's code.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct RuleMeta {
    /// Stable name: lower-case words with `-` between them, an optional family before a `/`, as in `secrets/aws-key`.
    pub id: &'static str,
    /// How bad a finding of this rule is.
    pub severity: Severity,
    /// The controls it serves; at least one.
    pub controls: &'static [ControlId],
    /// One sentence, without line breaks.
    pub summary: &'static str,
    /// Markdown: what it finds, why it matters, an example, what to do instead, the source.
    pub docs: &'static str,
}

impl RuleMeta {
    /// What is wrong with the metadata, if anything. A crate with a table of rules calls this on each in a test.
    #[must_use]
    pub fn fault(&self) -> Option<&'static str> {
        let part_is_a_name = |part: &str| {
            !part.is_empty()
                && part
                    .split('-')
                    .all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
        };
        if self.id.split('/').count() > 2 || !self.id.split('/').all(part_is_a_name) {
            return Some("the id must be lower-case words joined by '-', with at most one family before a '/'");
        }
        if self.controls.is_empty() {
            return Some("the rule must serve at least one control");
        }
        if self.summary.trim().is_empty() || self.summary.contains('\n') {
            return Some("the summary must be one sentence on one line");
        }
        if self.docs.trim().is_empty() {
            return Some("the rule must be documented");
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::controls::SEC_1A;

    const GOOD: RuleMeta = RuleMeta {
        id: "secrets/aws-key-2",
        severity: Severity::High,
        controls: &[SEC_1A],
        summary: "A key.",
        docs: "Why.",
    };

    #[test]
    fn faults_are_told() {
        assert_eq!(GOOD.fault(), None);
        assert_eq!(RuleMeta { id: "b101", ..GOOD }.fault(), None);
        for id in ["", "A", "a b", "a--b", "-a", "a/b/c", "/a", "a/", "a_b", "é"] {
            assert!(RuleMeta { id, ..GOOD }.fault().is_some(), "{id:?}");
        }
        assert!(RuleMeta { controls: &[], ..GOOD }.fault().is_some());
        assert!(
            RuleMeta {
                summary: "a\nb",
                ..GOOD
            }
            .fault()
            .is_some()
        );
        assert!(RuleMeta { summary: " ", ..GOOD }.fault().is_some());
        assert!(RuleMeta { docs: "", ..GOOD }.fault().is_some());
    }
}
