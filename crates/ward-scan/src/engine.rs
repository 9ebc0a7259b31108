//! The table of engines.

use ward_evidence::RuleMeta;

use crate::{Blob, Findings, Project, code, dependencies, licences, models, repository, secrets, suppress};

/// An engine: what it looks for in one blob. Stages are functions; the table below is the list.
pub struct Engine {
    /// The word for `--engines`.
    pub name: &'static str,
    /// One sentence for the help.
    pub what: &'static str,
    /// Every rule a finding of this engine can name.
    pub rules: fn() -> &'static [&'static RuleMeta],
    /// Looks at one blob. Must not panic, must be linear in what it reads, and reports what it could not examine.
    pub scan: fn(&Blob<'_>, &mut Findings),
    /// Whether it looks at the history too. An engine that judges the project as it stands now does not.
    pub history: bool,
    /// Looks at what all files together say, after the last of them: a flow from one file into another, a dependency that
    /// nothing imports. None for an engine that has said everything by then.
    pub conclude: Option<fn(&Project<'_>, &mut Findings)>,
}

/// Every engine, in the order of the report.
pub static ENGINES: &[Engine] = &[
    secrets::ENGINE,
    models::ENGINE,
    repository::ENGINE,
    code::ENGINE,
    dependencies::ENGINE,
    licences::ENGINE,
];

/// The engine called `name`.
#[must_use]
pub fn by_name(name: &str) -> Option<&'static Engine> {
    ENGINES.iter().find(|engine| engine.name == name)
}

/// Every rule that a report can name: those of the engines, and those of the suppressions.
pub fn all_rules() -> impl Iterator<Item = &'static RuleMeta> {
    let of_engines = ENGINES.iter().flat_map(|engine| (engine.rules)().iter().copied());
    of_engines.chain(suppress::RULES.iter().copied())
}

/// The rule called `id`.
#[must_use]
pub fn rule(id: &str) -> Option<&'static RuleMeta> {
    all_rules().find(|rule| rule.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_rule_is_whole_and_named_once() {
        let mut seen = BTreeSet::new();
        for rule in all_rules() {
            assert_eq!(rule.fault(), None, "{}", rule.id);
            assert!(seen.insert(rule.id), "{} stands twice", rule.id);
        }
    }

    #[test]
    fn engines_are_found_by_name() {
        for engine in ENGINES {
            assert_eq!(by_name(engine.name).map(|one| one.name), Some(engine.name));
        }
        assert!(by_name("none").is_none());
    }
}
