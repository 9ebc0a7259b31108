//! What a check found.

use std::fmt::{self, Write as _};

/// A fault: where, against which rule, what is wrong and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    /// Path from the root of the repository.
    pub(crate) file: String,
    /// Line, counted from 1, where there is one.
    pub(crate) line: Option<usize>,
    /// Short name of the rule.
    pub(crate) rule: &'static str,
    /// What is wrong.
    pub(crate) what: String,
    /// What to do.
    pub(crate) mend: String,
}

impl Fault {
    pub(crate) fn new(
        file: impl Into<String>,
        line: Option<usize>,
        rule: &'static str,
        what: impl Into<String>,
        mend: impl Into<String>,
    ) -> Self {
        Self {
            file: file.into(),
            line,
            rule,
            what: what.into(),
            mend: mend.into(),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": [{}] {}; {}", self.rule, self.what, self.mend)
    }
}

/// The outcome of one check. Clean when there are no faults; notes do not fail it.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// What was looked at, with numbers, so that a check that looks at nothing shows.
    pub(crate) examined: String,
    /// What is wrong.
    pub(crate) faults: Vec<Fault>,
    /// What is worth knowing.
    pub(crate) notes: Vec<String>,
}

impl Report {
    pub(crate) fn new(examined: impl Into<String>, faults: Vec<Fault>) -> Self {
        Self {
            examined: examined.into(),
            faults,
            notes: Vec::new(),
        }
    }

    pub(crate) fn with_notes(mut self, notes: Vec<String>) -> Self {
        self.notes = notes;
        self
    }

    /// One line for the check, then one indented line per fault and note.
    pub(crate) fn render(&self, name: &str) -> String {
        let mut out = String::new();
        let word = if self.faults.is_empty() { "ok" } else { "FAIL" };
        // Writing to a String cannot fail.
        let _ = writeln!(out, "{word:<5} {name:<13} {}", self.examined);
        for fault in &self.faults {
            let _ = writeln!(out, "      {fault}");
        }
        for note in &self.notes {
            let _ = writeln!(out, "      note: {note}");
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_one_line_and_one_per_fault() {
        let clean = Report::new("3 files", vec![]).with_notes(vec!["long".into()]);
        assert_eq!(clean.render("tidy"), "ok    tidy          3 files\n      note: long\n");
        let fault = Fault::new("a.rs", Some(3), "length", "too long", "split it");
        let faulty = Report::new("3 files", vec![fault]);
        assert_eq!(
            faulty.render("tidy"),
            "FAIL  tidy          3 files\n      a.rs:3: [length] too long; split it\n"
        );
    }
}
