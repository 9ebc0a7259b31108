//! Numbers that a sentence promises of the tests: the versions that they run with, and the share of the code that they cover.

use super::Words;
use crate::{check::Facts, pipeline::Run, promise::Promise, topic::Topic};

/// What is promised in numbers.
#[derive(Debug, Default)]
pub(super) struct Amounts {
    versions: Vec<String>,
    /// The share of the code in percent; none where none is promised.
    coverage: Option<f64>,
}

impl Amounts {
    pub(super) fn of(words: &Words, promise: &Promise) -> Self {
        if promise.topic != Topic::Tests {
            return Self::default();
        }
        Self {
            versions: Some(versions(words)).filter(|all| all.len() > 1).unwrap_or_default(),
            coverage: words.say(&["coverage"]).then(|| share(words)).flatten(),
        }
    }

    /// The first of them that nothing shows of a run.
    pub(super) fn not_shown(&self, facts: &Facts<'_>, run: &Run) -> Option<&'static str> {
        let shows = |version: &String| shows_version(facts, run, version);
        if !self.versions.iter().all(shows) {
            return Some("that it runs with each of those versions");
        }
        let promised = self.coverage?;
        (!has_floor(facts, run, promised)).then_some("a floor for coverage that is as high")
    }
}

/// "Python 3.12 and 3.13", "Node 20, 22", "Go 1.22 to 1.24".
pub(super) fn versions(words: &Words) -> Vec<String> {
    let all: Vec<&str> = words.bare().collect();
    let name = |word: &str| {
        matches!(
            word,
            "python" | "node" | "node.js" | "go" | "rust" | "java" | "php" | "ruby"
        )
    };
    let between = |word: &&&str| {
        matches!(
            **word,
            "and" | "or" | "to" | "through" | "versions" | "version" | "" | "-"
        )
    };
    let is_number = |word: &&&str| word.starts_with(|c: char| c.is_ascii_digit()) && !word.ends_with('%');
    let lists = all.iter().enumerate().filter(|(_, word)| name(word)).map(|(at, _)| {
        let after = all.iter().skip(at + 1).filter(|word| !between(word));
        after.take_while(is_number).take(20).map(|word| (*word).to_owned())
    });
    lists
        .map(Iterator::collect)
        .find(|list: &Vec<String>| !list.is_empty())
        .unwrap_or_default()
}

/// The number before "%" or "percent".
fn share(words: &Words) -> Option<f64> {
    let mut before = "";
    for word in words.0.split_whitespace() {
        let bare = word.trim_matches(|c: char| !c.is_ascii_alphanumeric() && c != '%');
        let number = match bare.strip_suffix('%') {
            Some(number) => Some(if number.is_empty() { before } else { number }),
            None => matches!(bare, "percent" | "per").then_some(before),
        };
        if let Some(share) = number.and_then(|number| number.parse::<f64>().ok()) {
            return Some(share);
        }
        before = bare;
    }
    None
}

/// The lines of a file that are no comments, in lower case.
fn lines(facts: &Facts<'_>, path: &str) -> Vec<String> {
    let text = facts.text(path).unwrap_or_default();
    let is_comment = |line: &&str| ["#", ";", "//"].iter().any(|mark| line.trim_start().starts_with(mark));
    let lines = text.lines().filter(|line| !is_comment(line) && line.len() < 100_000);
    lines.take(20_000).map(str::to_ascii_lowercase).collect()
}

fn shows_version(facts: &Facts<'_>, run: &Run, version: &str) -> bool {
    let environments = |name: &str| matches!(name, "tox.ini" | "noxfile.py" | "pyproject.toml" | "setup.cfg");
    let own = [run.place.path.as_str(), run.entry.as_str()];
    // `py311` and `py{310,311}` of tox, `py3{10,11}` as well.
    let short = version.replace('.', "");
    let minor = version.split('.').nth(1).unwrap_or(version);
    let environment = format!("py{short}");
    let shows = |line: &String| holds(line, version) || holds(line, &environment);
    let is_list = |line: &String| line.contains("py") || line.contains("envlist") || line.contains("env_list");
    own.iter().any(|path| lines(facts, path).iter().any(shows))
        || facts.named(&environments).take(20).any(|path| {
            let listed =
                |line: &String| is_list(line) && holds(line, &short) || line.contains("py3{") && holds(line, minor);
            lines(facts, path).iter().any(|line| shows(line) || listed(line))
        })
}

/// Whether a line holds a version, and not as a part of another number or name.
fn holds(line: &str, version: &str) -> bool {
    line.match_indices(version).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        let after: String = line
            .get(at + version.len()..)
            .unwrap_or_default()
            .chars()
            .take(2)
            .collect();
        let number = |c: char| c.is_ascii_digit();
        let begins = match before {
            Some(c) if version.contains('.') => !number(c) && c != '.',
            Some(c) => !c.is_ascii_alphanumeric() && c != '.' && c != '_',
            None => true,
        };
        // `ubuntu-22.04` is no 22.
        let is_other = before == Some('-') && after.starts_with('.');
        begins && !is_other && !after.starts_with(|c: char| c.is_ascii_alphanumeric())
    })
}

/// Words before the share of the code below which tests fail.
const FLOORS: &[&str] = &[
    "fail-under",
    "fail_under",
    "threshold",
    "check-coverage",
    "checkcoverage",
];
/// What a share may be of.
const PARTS: &[&str] = &["lines", "statements", "branches", "functions"];

/// Whether a run fails below the share that is promised: by its command, or else by the settings of its tool.
fn has_floor(facts: &Facts<'_>, run: &Run, promised: f64) -> bool {
    let is_settings = |name: &str| {
        let named = [
            "pyproject.toml",
            "pytest.ini",
            "setup.cfg",
            "tox.ini",
            ".coveragerc",
            "package.json",
            "codecov.yml",
            ".codecov.yml",
            "tarpaulin.toml",
            ".tarpaulin.toml",
        ];
        let begins = [".nycrc", ".c8rc", "jest.config.", "vite.config.", "vitest.config."];
        named.contains(&name) || begins.iter().any(|begin| name.starts_with(begin))
    };
    let own = [run.place.path.as_str(), run.entry.as_str()];
    let mut found: Vec<f64> = own.iter().flat_map(|path| floors(facts, path)).collect();
    if found.is_empty() {
        let settings = facts.named(&is_settings).take(50);
        found = settings.flat_map(|path| floors(facts, path)).collect();
    }
    !found.is_empty() && found.iter().all(|floor| *floor >= promised)
}

/// The shares that a file sets: the first number after each word for one.
fn floors(facts: &Facts<'_>, path: &str) -> Vec<f64> {
    // Data and programs have a line for each part; elsewhere the number stands on the line of its word.
    let name = path.rsplit('/').next().unwrap_or(path);
    let is_data = [".json", "js", ".ts", ".mts", "rc"]
        .iter()
        .any(|end| name.ends_with(end));
    let end = if is_data { " " } else { "\n" };
    let text = lines(facts, path).join(end);
    if path.ends_with("codecov.yml") {
        return after(&text, "target:").collect();
    }
    let mut out: Vec<f64> = FLOORS.iter().flat_map(|floor| after(&text, floor)).collect();
    let checks = [
        "\"check-coverage\": true",
        "\"check-coverage\":true",
        "check-coverage: true",
    ];
    if out.is_empty() && checks.iter().any(|check| text.contains(check)) {
        out = PARTS.iter().flat_map(|part| after(&text, part)).collect();
    }
    out
}

/// The first number that stands near after each place of `word`, where it is a share.
fn after(text: &str, word: &str) -> impl Iterator<Item = f64> {
    text.match_indices(word).filter_map(move |(at, _)| {
        let rest = text.get(at + word.len()..)?;
        let near: String = rest.chars().take_while(|c| *c != '\n').take(160).collect();
        let begin = near.find(|c: char| c.is_ascii_digit())?;
        let number: String = near
            .get(begin..)?
            .chars()
            .take_while(|c| c.is_ascii_digit() || *c == '.')
            .collect();
        let share = number.trim_end_matches('.').parse::<f64>().ok()?;
        (share <= 100.0 && !near.get(..begin)?.contains("false")).then_some(share)
    })
}
