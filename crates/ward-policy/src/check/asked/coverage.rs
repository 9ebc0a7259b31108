//! The share of the code that tests cover, below which they fail: set by a command, or by the settings of a tool that the
//! run lets collect coverage.
//!
//! Source: documentation of pytest-cov and coverage.py ("fail_under"), Jest ("coverageThreshold", "collectCoverage"), Vitest
//! ("coverage.thresholds"), nyc and c8 ("check-coverage"), cargo-tarpaulin ("fail-under"), Codecov ("target").

use std::collections::BTreeSet;

use serde_json::Value as Json;
use ward_formats::yaml::{Value as Node, Yaml};

use super::written;
use crate::{
    check::Facts,
    pipeline::{self, Run, ini},
};

/// Words before the share in a command.
const FLOORS: &[&str] = &[
    "fail-under",
    "fail_under",
    "threshold",
    "check-coverage",
    "checkcoverage",
];
/// What a share may be of.
const PARTS: &[&str] = &["lines", "statements", "branches", "functions"];
/// Files of settings that are looked at.
const FILES: usize = 50;

/// Whether a run fails below the share that is promised.
pub(super) fn has_floor(facts: &Facts<'_>, run: &Run, promised: f64) -> bool {
    let own = own(facts, run);
    let mut found = by_command(&own);
    if found.is_empty() {
        let reach = format!("{own}\n{}", scripts(facts, &own));
        found = by_command(&reach);
        if found.is_empty() {
            let files = facts.named(&is_settings).take(FILES);
            found = files.flat_map(|path| by_settings(facts, path, &reach)).collect();
        }
    }
    !found.is_empty() && found.iter().all(|floor| *floor >= promised)
}

pub(super) fn is_settings(name: &str) -> bool {
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
}

/// The run's command and the lines around it; of a file of settings or of recipes, only the command.
fn own(facts: &Facts<'_>, run: &Run) -> String {
    let name = run.place.path.rsplit('/').next().unwrap_or_default();
    // Beside the recipe that runs stand those of others.
    let is_recipes =
        matches!(name, "Makefile" | "makefile" | "GNUmakefile" | "justfile" | "Justfile") || name.ends_with(".mk");
    let mut lines = match is_settings(name) || is_recipes {
        true => written::of_job(facts, run),
        false => written::of_run(facts, run),
    };
    let soft = soft(facts, run);
    lines.retain(|line| !soft.iter().any(|command| command == command_of(line)));
    lines.push(run.command.to_ascii_lowercase());
    let lines: Vec<&str> = lines.iter().map(|line| binding(line)).collect();
    lines.join("\n")
}

/// Commands of the same pipeline that may fail without a word, and that nothing there runs so that they count.
fn soft(facts: &Facts<'_>, run: &Run) -> BTreeSet<String> {
    let all = facts.pipelines.runs.iter().filter(|one| one.entry == run.entry);
    let (firm, soft): (Vec<&Run>, Vec<&Run>) = all.partition(|one| one.gates());
    let named =
        |runs: Vec<&Run>| -> BTreeSet<String> { runs.iter().map(|one| one.command.to_ascii_lowercase()).collect() };
    let firm = named(firm);
    let mut soft = named(soft);
    soft.extend(soft_steps(facts, run));
    soft.into_iter().filter(|command| !firm.contains(command)).collect()
}

/// The lines of the steps of the run's workflow that may fail without a word, or of which only a run knows whether they may.
fn soft_steps(facts: &Facts<'_>, run: &Run) -> BTreeSet<String> {
    let text = facts.text(&run.entry).filter(|text| text.contains("continue-on-error"));
    let yaml = text.and_then(|text| Yaml::parse(text.as_bytes(), pipeline::YAML).ok());
    let mut out = BTreeSet::new();
    let root = yaml.as_ref().and_then(Yaml::root);
    let jobs = root
        .and_then(|root| root.get("jobs"))
        .into_iter()
        .flat_map(Node::entries);
    let steps = jobs.filter_map(|(_, job)| job.get("steps")).flat_map(Node::items);
    for step in steps.filter(|step| step.text_of("continue-on-error").is_some_and(|text| text != "false")) {
        let lines = step.text_of("run").unwrap_or_default().lines();
        out.extend(lines.map(|line| command_of(&line.to_ascii_lowercase()).to_owned()));
        for (key, value) in step.get("with").into_iter().flat_map(Node::entries) {
            if let (Some(key), Some(value)) = (key.text(), value.text()) {
                out.insert(format!("{key}: {value}").to_ascii_lowercase());
            }
        }
    }
    out
}

/// The command that a line of a pipeline begins with.
fn command_of(line: &str) -> &str {
    let line = line.trim().trim_start_matches("- ").trim_start_matches("run: ");
    let line = line.split("||").next().unwrap_or(line);
    line.trim_end_matches('\\').trim()
}

/// The part of a command's line that can fail: what stands before `||` may fail without a word, unless what comes after it
/// ends the script.
fn binding(line: &str) -> &str {
    let ends = ["exit", "false", "return"];
    match line.rsplit_once("||") {
        Some((_, otherwise)) if !ends.iter().any(|word| otherwise.contains(word)) => otherwise,
        _ => line,
    }
}

/// The scripts of `package.json` that commands call, and those that these call.
fn scripts(facts: &Facts<'_>, text: &str) -> String {
    let mut out = String::new();
    let mut seen = BTreeSet::new();
    let mut waiting = called(text);
    let manifests: Vec<Json> = facts
        .named(&|name| name == "package.json")
        .take(FILES)
        .filter_map(|path| serde_json::from_str(facts.text(path)?).ok())
        .collect();
    while let Some(name) = waiting.pop() {
        if seen.len() >= 50 || !seen.insert(name.clone()) {
            continue;
        }
        for manifest in &manifests {
            let all = manifest.get("scripts").and_then(Json::as_object).into_iter().flatten();
            for (key, script) in all.filter(|(key, _)| key.eq_ignore_ascii_case(&name)) {
                let script = script.as_str().unwrap_or_default().to_ascii_lowercase();
                let script = binding(&script);
                waiting.extend(called(script));
                waiting.extend([format!("pre{key}"), format!("post{key}")]);
                out.push_str(script);
                out.push('\n');
            }
        }
    }
    out
}

/// Names of scripts that npm and its like are told to run.
fn called(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    for line in text.lines() {
        let mut words = line.split_whitespace().map(|word| word.trim_matches(['"', '\'', ';']));
        while let Some(word) = words.next() {
            if !matches!(word, "npm" | "pnpm" | "yarn" | "bun") {
                continue;
            }
            let mut rest = words.clone().filter(|word| !word.starts_with('-'));
            let name = match rest.next() {
                Some("run" | "run-script") => rest.next(),
                Some("t") => Some("test"),
                other => other,
            };
            out.extend(name.map(str::to_ascii_lowercase));
        }
    }
    out
}

/// The shares that commands and inputs of actions set.
fn by_command(text: &str) -> Vec<f64> {
    let found: Vec<f64> = FLOORS.iter().flat_map(|floor| after(text, floor)).collect();
    if found.is_empty() && text.contains("--check-coverage") {
        return parts(text);
    }
    found
}

fn parts(text: &str) -> Vec<f64> {
    PARTS.iter().flat_map(|part| after(text, part)).collect()
}

/// The shares that a file of settings sets, where the run lets its tool collect.
fn by_settings(facts: &Facts<'_>, path: &str, reach: &str) -> Vec<f64> {
    let text = facts.text(path).unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or(path);
    match name {
        "pyproject.toml" => of_pyproject(text, reach),
        "setup.cfg" | "tox.ini" | "pytest.ini" | ".coveragerc" => of_ini(text, reach),
        "tarpaulin.toml" | ".tarpaulin.toml" if reach.contains("tarpaulin") => {
            let table: toml::Table = text.parse().unwrap_or_default();
            let own = table.get("fail-under").into_iter();
            let all = own.chain(table.values().filter_map(|one| one.get("fail-under")));
            all.filter_map(of_toml).collect()
        }
        "codecov.yml" | ".codecov.yml" if reach.contains("codecov") => {
            let yaml = Yaml::parse(text.as_bytes(), pipeline::YAML);
            let targets = |yaml: Yaml| -> Vec<f64> {
                // What only informs lets every share pass.
                let binds = |node: &Node<'_>| node.get("informational").and_then(Node::boolean) != Some(true);
                let all = yaml
                    .nodes()
                    .filter(binds)
                    .filter_map(|node: Node<'_>| node.text_of("target"));
                all.filter_map(|text| share(text.trim_end_matches('%'))).collect()
            };
            yaml.map(targets).unwrap_or_default()
        }
        "package.json" => {
            let json: Json = serde_json::from_str(text).unwrap_or_default();
            let of = |key: &str| json.get(key).map(|own| of_nyc(own, reach)).unwrap_or_default();
            let mut out = json.get("jest").map(|own| of_jest(own, reach)).unwrap_or_default();
            out.extend(of("nyc"));
            out.extend(of("c8"));
            out
        }
        _ if name.starts_with(".nycrc") || name.starts_with(".c8rc") => serde_json::from_str(text)
            .map(|own| of_nyc(&own, reach))
            .unwrap_or_default(),
        _ if name.starts_with("jest.config.") => {
            of_program(path, text, "coveragethreshold", "collectcoverage:true", reach)
        }
        _ if name.starts_with("vite") => of_program(path, text, "thresholds", "enabled:true", reach),
        _ => Vec::new(),
    }
}

/// Whether coverage.py is started: by pytest's plugin, or by a report, which is what fails.
fn is_measured(text: &str) -> bool {
    let reports = ["report", "html", "xml", "json", "lcov"];
    text.contains("--cov") || reports.iter().any(|one| text.contains(&format!("coverage {one}")))
}

fn of_pyproject(text: &str, reach: &str) -> Vec<f64> {
    let table: toml::Table = text.parse().unwrap_or_default();
    let Some(tool) = table.get("tool") else {
        return Vec::new();
    };
    let options = tool.get("pytest").and_then(|one| one.get("ini_options"));
    let added = match options.and_then(|options| options.get("addopts")) {
        Some(toml::Value::String(flags)) => flags.clone(),
        Some(toml::Value::Array(flags)) => flags
            .iter()
            .filter_map(toml::Value::as_str)
            .collect::<Vec<_>>()
            .join(" "),
        _ => String::new(),
    };
    let report = tool.get("coverage").and_then(|one| one.get("report"));
    let floor = report.and_then(|one| one.get("fail_under")).and_then(of_toml);
    of_python(&added, floor, reach)
}

fn of_ini(text: &str, reach: &str) -> Vec<f64> {
    let sections = ini::sections(text);
    let value = |names: [&str; 2], key: &str| {
        let mut all = sections.iter().filter(|section| names.contains(&section.name.as_str()));
        all.find_map(|section| section.value(key))
    };
    let added = value(["pytest", "tool:pytest"], "addopts").unwrap_or_default();
    let floor = value(["report", "coverage:report"], "fail_under").and_then(|text| share(&text));
    of_python(&added, floor, reach)
}

/// What is given to pytest, and what coverage.py is told.
fn of_python(added: &str, floor: Option<f64>, reach: &str) -> Vec<f64> {
    let given = by_command(added);
    let runs_pytest = ["pytest", "tox", "nox"].iter().any(|word| reach.contains(word));
    if !given.is_empty() && runs_pytest {
        return given;
    }
    let measured = is_measured(reach) || runs_pytest && is_measured(added);
    floor.filter(|_| measured).into_iter().collect()
}

fn of_jest(own: &Json, reach: &str) -> Vec<f64> {
    let collects = own.get("collectCoverage").and_then(Json::as_bool) == Some(true);
    if !collects && !reach.contains("--coverage") {
        return Vec::new();
    }
    let groups = own.get("coverageThreshold").and_then(Json::as_object);
    let shares = groups.into_iter().flatten().filter_map(|(_, group)| group.as_object());
    shares.flatten().filter_map(|(_, share)| of_json(share)).collect()
}

/// The settings of nyc and c8.
fn of_nyc(own: &Json, reach: &str) -> Vec<f64> {
    let checks = own.get("check-coverage").and_then(Json::as_bool) == Some(true);
    let runs = reach.split_whitespace().any(|word| matches!(word, "nyc" | "c8"));
    if !checks || !runs {
        return Vec::new();
    }
    PARTS.iter().filter_map(|part| of_json(own.get(part)?)).collect()
}

/// Settings that are a program: what stands after `begin`.
fn of_program(path: &str, text: &str, begin: &str, collects: &str, reach: &str) -> Vec<f64> {
    let lines = text.lines().map(|line| written::uncommented(path, line));
    let text = lines.collect::<Vec<_>>().join(" ").to_ascii_lowercase();
    let bare: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '"' && *c != '\'')
        .collect();
    if !reach.contains("--coverage") && !bare.contains(collects) {
        return Vec::new();
    }
    let at = text.find(begin).unwrap_or(text.len());
    parts(text.get(at..).unwrap_or_default())
}

/// The first number that stands near after each place of `word` on its line, where it is a share.
fn after(text: &str, word: &str) -> impl Iterator<Item = f64> {
    text.match_indices(word).filter_map(move |(at, _)| {
        let rest = text.get(at + word.len()..)?;
        let near: String = rest.chars().take_while(|c| *c != '\n').take(160).collect();
        let begin = near.find(|c: char| c.is_ascii_digit())?;
        let digits = near.get(begin..)?.chars();
        let number: String = digits.take_while(|c| c.is_ascii_digit() || *c == '.').collect();
        let share = share(number.trim_end_matches('.'))?;
        (!near.get(..begin)?.contains("false")).then_some(share)
    })
}

fn share(text: &str) -> Option<f64> {
    let share = text.trim().parse::<f64>().ok()?;
    (0.0..=100.0).contains(&share).then_some(share)
}

fn of_json(value: &Json) -> Option<f64> {
    value.as_f64().filter(|share| (0.0..=100.0).contains(share))
}

fn of_toml(value: &toml::Value) -> Option<f64> {
    match value {
        toml::Value::String(text) => share(text),
        other => share(&other.to_string()),
    }
}
