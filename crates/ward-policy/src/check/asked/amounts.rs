//! Numbers that a sentence promises of the tests: the versions that they run with, and the share of the code that they cover.

use super::{Words, coverage, systems, written};
use crate::{check::Facts, pipeline::Run, promise::Promise, topic::Topic};

/// What is promised in numbers.
#[derive(Debug, Default)]
pub(super) struct Amounts {
    versions: Vec<String>,
    /// Systems and compilers, each by what jobs call it.
    systems: Vec<&'static [&'static str]>,
    /// What runners are called of the one system that is named beside the versions.
    paired: &'static [&'static str],
    /// The share of the code in percent; none where none is promised.
    coverage: Option<f64>,
}

impl Amounts {
    pub(super) fn of(words: &Words, promise: &Promise) -> Self {
        if promise.topic != Topic::Tests {
            return Self::default();
        }
        Self {
            versions: versions(words),
            systems: systems::named(words, promise.topic),
            paired: systems::paired(words),
            coverage: words.say(&["coverage"]).then(|| share(words)).flatten(),
        }
    }

    /// What nothing shows of a run.
    pub(super) fn not_shown(&self, facts: &Facts<'_>, run: &Run) -> Option<&'static str> {
        let promised = self.coverage?;
        (!coverage::has_floor(facts, run, promised)).then_some("a floor for coverage that is as high")
    }

    /// What nothing shows of several runs, each of which may be one of a version.
    pub(super) fn not_shown_by(&self, facts: &Facts<'_>, runs: &[&Run]) -> Option<&'static str> {
        let shows = |version: &String| runs.iter().any(|run| shows_version(facts, run, version));
        if !self.versions.iter().all(shows) {
            return Some("that it runs with each version that is named");
        }
        let is_there = |names: &&[&str]| runs.iter().any(|run| systems::is_shown(facts, run, names));
        if !self.systems.iter().all(is_there) {
            return Some("that it runs on what is named");
        }
        let leaves_out = |run: &&Run| systems::leaves_out(facts, run, self.paired, &self.versions);
        (!self.paired.is_empty() && runs.iter().all(leaves_out))
            .then_some("that it runs with that version on that system, as the matrix leaves such a pair out")
    }
}

/// "Python 3.12 and 3.13", "Node 20, 22", "Go 1.22 to 1.24", "Ubuntu 22.04", of each name that is there.
pub(super) fn versions(words: &Words) -> Vec<String> {
    let all: Vec<&str> = words.bare().collect();
    let name = |word: &str| {
        matches!(
            word,
            "python"
                | "cpython"
                | "pypy"
                | "debian"
                | "fedora"
                | "alpine"
                | "freebsd"
                | "node"
                | "node.js"
                | "go"
                | "rust"
                | "java"
                | "php"
                | "ruby"
                | "ubuntu"
                | "macos"
                | "windows"
        )
    };
    let between = |word: &&&str| {
        matches!(
            **word,
            "and" | "or" | "to" | "through" | "versions" | "version" | "server" | "" | "-"
        )
    };
    let is_number = |word: &&&str| word.starts_with(|c: char| c.is_ascii_digit()) && !word.ends_with('%');
    let lists = all.iter().enumerate().filter(|(_, word)| name(word)).map(|(at, _)| {
        let after = all.iter().skip(at + 1).filter(|word| !between(word));
        after.take_while(is_number).take(20).map(|word| (*word).to_owned())
    });
    lists.flatten().collect()
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

fn shows_version(facts: &Facts<'_>, run: &Run, version: &str) -> bool {
    let environments = |name: &str| matches!(name, "tox.ini" | "noxfile.py" | "pyproject.toml" | "setup.cfg");
    // `py311` and `py{310,311}` of tox, `py3{10,11}` as well.
    let short = version.replace('.', "");
    let minor = version.split('.').nth(1).unwrap_or(version);
    let environment = format!("py{short}");
    // What is printed or named runs nothing.
    let is_word = |line: &str| {
        let line = line.trim_start().trim_start_matches("- ");
        line.starts_with("name:") || line.starts_with("echo ") || line.starts_with("run: echo ")
    };
    let shows = |line: &String| !is_word(line) && (holds(line, version) || holds(line, &environment));
    let is_list = |line: &String| line.contains("py") || line.contains("envlist") || line.contains("env_list");
    let own = written::of_job(facts, run);
    // What a matrix names and leaves out again is run by none of its jobs.
    let given: Vec<&Vec<String>> = run.jobs.iter().filter_map(|job| job.values.as_ref()).collect();
    if !given.is_empty() && !given.iter().copied().flatten().any(|value| holds(value, version)) {
        return false;
    }
    // Where some environments are chosen, the list of all says nothing.
    let chooses = |line: &String| {
        let is_runner = line.contains("tox") || line.contains("nox");
        is_runner && [" -e", " -s ", " --session"].iter().any(|flag| line.contains(flag))
    };
    if own.iter().any(shows) {
        return true;
    }
    if own.iter().any(chooses) {
        return false;
    }
    let is_setting = environments(run.place.path.rsplit('/').next().unwrap_or_default());
    !is_setting && written::of_run(facts, run).iter().any(shows)
        || facts.named(&environments).take(20).any(|path| {
            let text = facts.text(path).unwrap_or_default();
            let lines = text.lines().take(20_000).map(|line| written::uncommented(path, line));
            // What a package asks for and what linters are told runs nothing.
            let is_list_of_runs =
                |line: &String| !(path.ends_with(".toml") || path.ends_with(".cfg")) || is_of_environments(line);
            lines.map(str::to_ascii_lowercase).filter(is_list_of_runs).any(|line| {
                let listed = is_list(&line) && holds(&line, &short) || line.contains("py3{") && holds(&line, minor);
                shows(&line) || listed
            })
        })
}

/// Whether a line of settings names environments of tox: not what a package requires, nor what a linter is told.
fn is_of_environments(line: &str) -> bool {
    let asks = ["python", "target", "version"].iter().any(|word| line.contains(word));
    line.contains("envlist") || line.contains("env_list") || line.contains("py3") && !asks
}

/// Whether a line holds a version, and not as a part of another number or name.
pub(super) fn holds(line: &str, version: &str) -> bool {
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
