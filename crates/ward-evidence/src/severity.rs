//! How bad a finding is.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// How bad a finding is. Ordered: `Info < Low < Medium < High < Critical`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; nothing to mend.
    Info,
    /// A weakness that needs another fault to matter.
    Low,
    /// A fault that can be used under conditions.
    Medium,
    /// A fault that can be used as it stands.
    High,
    /// A fault that gives away data or control at once.
    Critical,
}

impl Severity {
    /// Every severity, worst first: the order of a report.
    pub const ALL: [Severity; 5] = [
        Severity::Critical,
        Severity::High,
        Severity::Medium,
        Severity::Low,
        Severity::Info,
    ];

    /// The word used on the command line and in output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Low => "low",
            Severity::Medium => "medium",
            Severity::High => "high",
            Severity::Critical => "critical",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// The word is no severity. It does not hold the word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownSeverity;

impl fmt::Display for UnknownSeverity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a severity: use critical, high, medium, low or info")
    }
}

impl std::error::Error for UnknownSeverity {}

impl FromStr for Severity {
    type Err = UnknownSeverity;

    /// Reads the lower-case word.
    fn from_str(word: &str) -> Result<Self, UnknownSeverity> {
        Severity::ALL
            .into_iter()
            .find(|s| s.word() == word)
            .ok_or(UnknownSeverity)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_lists_them_from_worst_to_least() {
        assert!(Severity::ALL.windows(2).all(|pair| pair[0] > pair[1]));
    }

    #[test]
    fn the_word_is_what_is_parsed_and_serialised() {
        for severity in Severity::ALL {
            assert_eq!(severity.word().parse(), Ok(severity));
            assert_eq!(serde_json::to_string(&severity).unwrap(), format!("\"{severity}\""));
            assert_eq!(
                serde_json::from_str::<Severity>(&format!("\"{severity}\"")).unwrap(),
                severity
            );
        }
        for word in ["", "Critical", " high", "severe"] {
            assert_eq!(word.parse::<Severity>(), Err(UnknownSeverity));
        }
    }
}
