//! A report for people and for programs. Nothing here prints; every function gives text.
//!
//! What comes out of a policy or a repository is escaped everywhere: control characters and marks that reorder text
//! never reach a terminal or a page.

pub mod badge;
pub mod html;
pub mod json;
pub mod meaning;
pub mod sarif;
pub mod text;

use crate::{report::Report, repository::Scan};

/// What a report says of the check itself.
#[derive(Debug, Clone, Default)]
pub struct About<'a> {
    /// What was checked, as it was typed.
    pub target: String,
    /// When, in seconds since 1970 (UTC).
    pub at: i64,
    /// What `ward scan` found for it, when engines ran.
    pub scan: Option<&'a Scan>,
}

impl About<'_> {
    /// Which engines ran, on what, and what they found; one sentence.
    #[must_use]
    pub fn scanned(&self) -> String {
        let Some(scan) = self.scan else {
            return "No engine of `ward scan` ran.".to_owned();
        };
        let history = if scan.history {
            "the files and the whole history"
        } else {
            "the files, not the history (--history)"
        };
        let findings = counted(scan.findings.len(), "finding");
        let back = match scan.kept_back.len() as u64 + scan.kept_back_unnamed {
            0 => String::new(),
            count => format!(", {count} more kept back"),
        };
        let dark = match scan.not_examined.len() {
            0 => String::new(),
            1 => "; 1 place was not examined".to_owned(),
            count => format!("; {count} places were not examined"),
        };
        format!(
            "`ward scan` ran {} on {history}: {findings}{back}{dark}.",
            scan.engines.join(", ")
        )
    }
}

/// `1 finding`, `2 findings`.
fn counted(count: usize, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}

/// The verdicts that occur, with how often, in the order of [`meaning::VERDICTS`].
fn counts(report: &Report) -> Vec<(&'static meaning::Meaning, usize)> {
    let all = meaning::VERDICTS.iter();
    all.map(|one| (one, report.count(one.word)))
        .filter(|(_, count)| *count > 0)
        .collect()
}
