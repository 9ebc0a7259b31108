//! Reports for GitLab: static analysis (SAST), secret detection, dependency scanning; security report schemas 15.0.
//!
//! GitLab takes one file a kind of report. A finding goes into the kind of its engine, so that the three files of one
//! scan together hold every finding once.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Value, json};
use ward_evidence::Severity;

use super::{About, alternative, date_time, engine_of, summary::plain, weaknesses};
use crate::{Report, dependencies, licences, report::Reported, secrets};

/// The version of the schemas.
pub const VERSION: &str = "15.0.4";

/// A kind of report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Code, model files, repositories.
    Sast,
    /// Secrets, also those of the history.
    Secrets,
    /// Dependencies and licences.
    Dependencies,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Kind::Sast => "sast",
            Kind::Secrets => "secret_detection",
            Kind::Dependencies => "dependency_scanning",
        }
    }

    fn takes(self, engine: &str) -> bool {
        let own = if engine == secrets::ENGINE.name {
            Kind::Secrets
        } else if engine == dependencies::ENGINE.name || engine == licences::ENGINE.name {
            Kind::Dependencies
        } else {
            Kind::Sast
        };
        own == self
    }
}

/// The findings of one kind as GitLab reads them.
#[must_use]
pub fn value(report: &Report, kind: Kind, about: &About) -> Value {
    let mut engines = HashMap::new();
    let mut takes = |one: &&Reported| {
        let rule = one.finding.rule;
        kind.takes(engines.entry(rule.id).or_insert_with(|| engine_of(rule)))
    };
    let ours: Vec<&Reported> = report.findings.iter().filter(|one| takes(one)).collect();
    let tool = json!({
        "id": "ward",
        "name": "Ward",
        "version": env!("CARGO_PKG_VERSION"),
        "vendor": {"name": "Ward"},
    });
    // What was not examined has no place of its own in these schemas but the messages of the scan.
    let messages: Vec<Value> = (report.not_examined.iter())
        .map(|one| {
            let text = format!("not examined: {}: {}", one.at, one.reason);
            json!({"level": "warn", "value": text})
        })
        .collect();
    let mut value = json!({
        "version": VERSION,
        "scan": {
            "analyzer": tool,
            "scanner": tool,
            "type": kind.word(),
            "start_time": date_time(about.begun),
            "end_time": date_time(about.ended),
            "status": "success",
            "messages": messages,
        },
        "vulnerabilities": ours.iter().map(|one| vulnerability(one, kind)).collect::<Vec<_>>(),
    });
    if kind == Kind::Dependencies {
        value["dependency_files"] = dependency_files(&ours);
    }
    value
}

fn vulnerability(one: &Reported, kind: Kind) -> Value {
    let rule = one.finding.rule;
    let mut value = json!({
        "id": one.finding.fingerprint_hex(),
        "name": short(rule.summary, 255),
        "description": short(&described(one), 1_048_576),
        "severity": severity(one.severity),
        "identifiers": identifiers(one),
        "location": location(one, kind),
    });
    if let Some(solution) = solution(one) {
        value["solution"] = short(&solution, 7_000).into();
    }
    value
}

/// The sentence, and what does not fit elsewhere, in Markdown, as the schema says: what came out of files is only text.
fn described(one: &Reported) -> String {
    let mut text = plain(&one.finding.note);
    if let Some(member) = &one.finding.at.member {
        text += &format!("\n\nIn the member {}.", plain(member));
    }
    for (step, number) in one.more.flow.iter().zip(1..) {
        text += &format!("\n{number}. {}: {}", plain(&step.at.to_string()), plain(&step.note));
    }
    for line in &one.details {
        text += &format!("\n\n{}", plain(line));
    }
    text
}

fn solution(one: &Reported) -> Option<String> {
    let fixed = one.more.package.as_ref().and_then(|package| {
        let fixed = package.fixed.as_deref()?;
        Some(format!("Upgrade {} to {fixed}.", package.name))
    });
    let own = fixed.or_else(|| one.more.fix.as_ref().map(|fix| fix.what.to_string()));
    own.or_else(|| alternative(one.finding.rule).map(str::to_owned))
}

/// The rule first: GitLab tells findings apart by the first identifier and the place.
fn identifiers(one: &Reported) -> Vec<Value> {
    let of = |kind: &str, name: &str, value: &str| json!({"type": kind, "name": name, "value": value});
    let mut all = Vec::new();
    if let Some(package) = &one.more.package {
        let named = package.advisory.iter().chain(&package.aliases);
        all.extend(named.map(|id| {
            let kind = if id.starts_with("CVE-") { "cve" } else { "advisory" };
            of(kind, id, id)
        }));
    }
    all.push(of("ward_rule", one.rule_name(), one.rule_name()));
    all.extend(
        weaknesses(one.finding.rule)
            .into_iter()
            .map(|number| of("cwe", &format!("CWE-{number}"), &number.to_string())),
    );
    all.truncate(20);
    all
}

fn location(one: &Reported, kind: Kind) -> Value {
    let at = &one.finding.at;
    let mut place = json!({"file": at.path});
    match kind {
        Kind::Dependencies => {
            let package = one.more.package.as_deref();
            let name = package.map_or("unknown", |package| &package.name);
            let version = package
                .and_then(|package| package.version.as_deref())
                .unwrap_or("unknown");
            place["dependency"] = json!({"package": {"name": name}, "version": version});
        }
        Kind::Sast | Kind::Secrets => {
            if let Some(line) = at.line.filter(|_| at.member.is_none()) {
                place["start_line"] = line.into();
                place["end_line"] = line.into();
            }
        }
    }
    if kind == Kind::Secrets {
        // The schema asks for a commit; GitLab's own scanner writes this where there is none.
        place["commit"] = match &one.commit {
            Some(commit) => json!({
                "sha": commit.id,
                "author": commit.author,
                "date": date_time(commit.time),
            }),
            None => json!({"sha": "0000000"}),
        };
    }
    place
}

/// The manifests that findings are about. Some findings are about a file and name no package of it.
fn dependency_files(findings: &[&Reported]) -> Value {
    let mut files: BTreeMap<&str, Option<&str>> = BTreeMap::new();
    for one in findings {
        let known = files.entry(&one.finding.at.path).or_default();
        *known = known.or_else(|| Some(manager(&one.more.package.as_ref()?.ecosystem)));
    }
    let file = |(path, manager): (&str, Option<&str>)| {
        let manager = manager_by_name(path).or(manager).unwrap_or("unknown");
        json!({"path": path, "package_manager": manager, "dependencies": []})
    };
    files.into_iter().map(file).collect()
}

/// The program that a manifest or a lockfile is for, by the name that it usually has.
fn manager_by_name(path: &str) -> Option<&'static str> {
    Some(match path.rsplit('/').next()? {
        "package.json" | "package-lock.json" | "npm-shrinkwrap.json" => "npm",
        "yarn.lock" => "yarn",
        "pnpm-lock.yaml" => "pnpm",
        "poetry.lock" => "poetry",
        "uv.lock" => "uv",
        "Cargo.toml" | "Cargo.lock" => "cargo",
        name if name.starts_with("requirements") => "pip",
        _ => return None,
    })
}

/// The program that fetches packages of an ecosystem, as GitLab calls it.
fn manager(ecosystem: &str) -> &str {
    match ecosystem {
        "PyPI" => "pip",
        "crates.io" => "cargo",
        "Go" => "go",
        "conda" => "conda",
        other => other,
    }
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "Critical",
        Severity::High => "High",
        Severity::Medium => "Medium",
        Severity::Low => "Low",
        Severity::Info => "Info",
    }
}

fn short(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Blob,
        scan::tests::{scan_with, settings},
    };

    #[test]
    fn manifests_name_the_program_that_fetches() {
        let mut report = scan_with(&settings(), |scanner| {
            for path in ["a/uv.lock", "limits.txt", "other.txt", "requirements.txt"] {
                scanner.examine(&Blob::of_bytes(path, b"x = hidden-1"), None);
            }
        });
        let limits = report
            .findings
            .iter_mut()
            .find(|one| one.finding.at.path == "limits.txt");
        limits.unwrap().more.package = Some(Box::new(crate::report::Package {
            ecosystem: "PyPI".into(),
            ..Default::default()
        }));
        let all: Vec<&Reported> = report.findings.iter().collect();
        let expect = json!([
            {"path": "a/uv.lock", "package_manager": "uv", "dependencies": []},
            {"path": "limits.txt", "package_manager": "pip", "dependencies": []},
            {"path": "other.txt", "package_manager": "unknown", "dependencies": []},
            {"path": "requirements.txt", "package_manager": "pip", "dependencies": []},
        ]);
        assert_eq!(dependency_files(&all), expect);
    }

    #[test]
    fn every_finding_is_in_one_report() {
        let report = scan_with(&settings(), |scanner| {
            scanner.examine(&Blob::of_bytes("a.py", b"x = hidden-1"), None);
            scanner.not_examined(ward_evidence::Location::of_file("b"), "broken");
        });
        let kinds = [Kind::Sast, Kind::Secrets, Kind::Dependencies];
        let all: Vec<Value> = kinds
            .into_iter()
            .map(|kind| value(&report, kind, &About::default()))
            .collect();
        let counts: Vec<usize> = all
            .iter()
            .map(|one| one["vulnerabilities"].as_array().unwrap().len())
            .collect();
        assert_eq!(counts.iter().sum::<usize>(), 1);
        assert!(all[2]["dependency_files"].is_array() && all[0]["dependency_files"].is_null());
        let one = all.iter().find_map(|one| one["vulnerabilities"].get(0)).unwrap();
        assert_eq!(one["severity"], "High");
        assert_eq!(one["identifiers"][0]["value"], "secrets/test-word");
        assert_eq!(all[0]["scan"]["messages"][0]["value"], "not examined: b: broken");
    }
}
