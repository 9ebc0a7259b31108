//! Whether a run of Ruff looks for what its rules of security (`S`, those of flake8-bandit) find: they are not among its
//! defaults.
//!
//! Source: Ruff's documentation, "Rule selection", "flake8-bandit (S)".

use crate::{check::Facts, pipeline::Run};

/// What the project's own configuration chooses.
#[derive(Debug, Default)]
pub(super) struct Chosen {
    select: Vec<String>,
    extend: Vec<String>,
}

impl Chosen {
    /// What the files at the root choose: the first that is there counts.
    pub(super) fn of(facts: &Facts<'_>) -> Self {
        let read = |path: &str| facts.text(path)?.parse::<toml::Table>().ok().map(toml::Value::Table);
        let own = || read("pyproject.toml")?.get("tool")?.get("ruff").cloned();
        let Some(settings) = read(".ruff.toml").or_else(|| read("ruff.toml")).or_else(own) else {
            return Self::default();
        };
        let codes = |key: &str| {
            let lists = [settings.get("lint").and_then(|lint| lint.get(key)), settings.get(key)];
            let all = lists.into_iter().flatten().filter_map(toml::Value::as_array).flatten();
            all.filter_map(toml::Value::as_str).map(str::to_owned).collect()
        };
        Self {
            select: codes("select"),
            extend: codes("extend-select"),
        }
    }

    /// Whether a run chooses a rule of security, by its own words or by these settings.
    pub(super) fn by(&self, run: &Run) -> bool {
        let words: Vec<&str> = run.command.split_whitespace().collect();
        let given = |flag: &str| -> Vec<&str> {
            words
                .iter()
                .enumerate()
                .filter_map(|(at, word)| match word.split_once('=') {
                    Some((name, value)) if name == flag => Some(value),
                    _ if *word == flag => words.get(at + 1).copied(),
                    _ => None,
                })
                .flat_map(|list| list.split(','))
                .collect()
        };
        let isolated = words.contains(&"--isolated");
        let select = given("--select");
        let own = |list: &'_ [String]| !isolated && list.iter().any(|code| is_security(code));
        select
            .iter()
            .chain(&given("--extend-select"))
            .any(|code| is_security(code))
            || select.is_empty() && own(&self.select)
            || own(&self.extend)
    }
}

/// `S`, `S1`, `S608`, `ALL`; not `SIM`, `SLF`.
fn is_security(code: &str) -> bool {
    let digits = code.trim().strip_prefix('S');
    code.trim() == "ALL" || digits.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
}
