//! What Bandit 1.9 says of a program, for `--compat bandit`: its tests, its identifiers, its severities, its lines.
//!
//! A project that changes from Bandit to Ward has gates, baselines and habits that know Bandit's identifiers. This pass
//! gives them what they know, finding for finding, also where Ward's own rules are more careful: names are resolved as
//! Bandit resolves them (an alias holds for the whole file from where it was imported), values as Bandit sees them, and
//! a comment `nosec` keeps back what Bandit would keep back. Ward's own rules do not run beside it.
//!
//! The conditions were learnt from Bandit's documentation and by asking Bandit about small programs. `ids` is the
//! table of tests, the other files hold the tests by what they look at. Lines are those of Bandit on Python 3.11: what
//! stands in an f-string without interpolation is on the line where the f-string begins.

mod crypto;
mod files;
mod ids;
mod imports;
mod markup;
mod network;
mod nosec;
mod process;
mod sql;
mod strings;
mod values;
mod walk;

use ids::Test;
pub(super) use ids::rule_for;
use ruff_python_ast::{ModModule, token::Tokens};
use ruff_text_size::TextRange;
use ward_evidence::{RuleMeta, Severity};

use super::{rule, rules};
use walk::Walk;

/// Its name for `--compat`.
pub(super) const TOOL: &str = "bandit";

/// One result.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hit {
    /// Which test.
    pub(super) test: &'static Test,
    /// How bad Bandit says it is.
    pub(super) severity: Severity,
    /// What it is about; it is reported on the line where this begins.
    pub(super) range: TextRange,
}

impl Hit {
    /// The hit with Ward's rule for the same fault. None for a test without a rule, which a test of this module forbids.
    pub(super) fn named(self, source: &str) -> Option<(&'static RuleMeta, rule::Hit)> {
        let rule = rules::by_id(self.test.rule)?;
        // Two tests may be one rule, so the fingerprint needs the test.
        let text = source.get(self.range.to_std_range()).unwrap_or_default();
        let text = text.split_ascii_whitespace().flat_map(str::chars).take(200);
        let value = self.test.id.chars().chain(text).collect::<String>();
        let hit = rule::Hit::at(self.range).bandit(self.test.id, self.severity);
        Some((&rule.meta, hit.severity(self.severity).value(value)))
    }
}

/// What Bandit says of a file.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// Its results, in the order of the file.
    pub(super) hits: Vec<Hit>,
    /// How many results a comment `nosec` keeps back.
    pub(super) kept_back: u64,
}

/// Runs all tests over a program.
pub(super) fn examine(source: &str, module: &ModModule, tokens: &Tokens) -> Said {
    let mut walk = Walk::new(source, module, tokens);
    files::hidden_direction(&mut walk);
    walk.run();
    let mut said = Said {
        hits: walk.hits,
        kept_back: walk.kept_back,
    };
    said.hits.sort_by_key(|hit| (hit.range.start(), hit.test.id));
    said
}

#[cfg(test)]
mod tests;
