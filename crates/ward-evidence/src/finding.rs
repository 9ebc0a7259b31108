//! A fault, with a rule and a place.

use crate::{Location, RuleMeta};
use std::{borrow::Cow, cmp::Ordering, fmt::Write as _};

/// A fault, with the rule that noticed it and the place where it stands. Fit for a report, a log and the ledger: it
/// has no field for the secret or the patient's words that were found, and `note` must not carry them either.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule that noticed it.
    pub rule: &'static RuleMeta,
    /// Where.
    pub at: Location,
    /// The same for the same fault in the same file after lines move, different for another: what a baseline compares.
    /// Made by the scanner with a keyed hash, so that it gives away nothing about the value.
    pub fingerprint: [u8; 16],
    /// One sentence for people: what this case has beyond the rule's summary (a package's name and version, a length, a
    /// count). Never the text that was found.
    pub note: Cow<'static, str>,
}

impl Finding {
    /// The fingerprint as 32 lower-case hexadecimal digits.
    #[must_use]
    pub fn fingerprint_hex(&self) -> String {
        self.fingerprint
            .iter()
            .fold(String::with_capacity(32), |mut hex, byte| {
                // Writing to a String cannot fail.
                let _ = write!(hex, "{byte:02x}");
                hex
            })
    }

    /// The order of a report: by place, then rule, then fingerprint.
    #[must_use]
    pub fn report_order(&self, other: &Finding) -> Ordering {
        self.at
            .cmp(&other.at)
            .then_with(|| self.rule.id.cmp(other.rule.id))
            .then_with(|| self.fingerprint.cmp(&other.fingerprint))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Severity, controls::SEC_1A};

    static RULE_A: RuleMeta = RuleMeta {
        id: "a",
        severity: Severity::Low,
        controls: &[SEC_1A],
        summary: "A.",
        docs: "A.",
    };
    static RULE_B: RuleMeta = RuleMeta {
        id: "b",
        severity: Severity::High,
        controls: &[SEC_1A],
        summary: "B.",
        docs: "B.",
    };

    fn finding(rule: &'static RuleMeta, path: &str, first: u8) -> Finding {
        let mut fingerprint = [0; 16];
        fingerprint[0] = first;
        Finding {
            rule,
            at: Location::of_file(path),
            fingerprint,
            note: Cow::Borrowed(""),
        }
    }

    #[test]
    fn a_fingerprint_is_32_digits() {
        assert_eq!(
            finding(&RULE_A, "x", 0x0a).fingerprint_hex(),
            format!("0a{}", "0".repeat(30))
        );
    }

    #[test]
    fn a_report_goes_by_place_then_rule_then_fingerprint() {
        let sorted = [
            finding(&RULE_A, "x", 1),
            finding(&RULE_A, "x", 2),
            finding(&RULE_B, "x", 0),
            finding(&RULE_A, "y", 0),
        ];
        assert!(sorted.is_sorted_by(|a, b| a.report_order(b) == Ordering::Less));
    }
}
