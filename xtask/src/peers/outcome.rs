//! What a trial has shown: one line per check while it runs, and a summary.

/// Counts what held and what did not.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    checks: usize,
    failed: usize,
}

impl Outcome {
    /// One check: its name, what was wanted and not found, and what was seen.
    pub(crate) fn check(&mut self, name: &str, faults: &[String], seen: &str) {
        self.checks += 1;
        if faults.is_empty() {
            println!("ok    {name}: {seen}");
        } else {
            self.failed += 1;
            println!("FAIL  {name}: {}; seen: {seen}", faults.join("; "));
        }
    }

    /// Something worth knowing that is neither right nor wrong.
    pub(crate) fn note(&self, text: &str) {
        println!("note  {text}");
    }

    /// The summary. True when every check held; a trial without checks has shown nothing.
    pub(crate) fn summary(&self) -> bool {
        println!("{} checks, {} failed", self.checks, self.failed);
        self.checks > 0 && self.failed == 0
    }
}

/// Collects `fault` unless `holds`.
pub(crate) fn want(faults: &mut Vec<String>, holds: bool, fault: impl Into<String>) {
    if !holds {
        faults.push(fault.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trial_holds_when_there_were_checks_and_all_held() {
        let mut outcome = Outcome::default();
        assert!(!outcome.summary());
        outcome.check("a", &[], "x");
        assert!(outcome.summary());
        let mut faults = Vec::new();
        want(&mut faults, true, "never");
        want(&mut faults, false, "wanted");
        outcome.check("b", &faults, "y");
        assert!(!outcome.summary());
        assert_eq!(faults, ["wanted"]);
    }
}
