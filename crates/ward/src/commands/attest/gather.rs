//! Everything an attestation is joined from: files read, a scan run, a ledger opened.

use std::{
    ffi::OsString,
    fs,
    path::{Component, Path},
};

use anyhow::{Context, Result, bail};
use serde_json::Value;
use ward_evidence::{Standard, catalogue};
use ward_policy::attest::{
    self, Evidence, Inputs,
    document::{About, Input},
    drills, join, junit, promises,
    scan::{self, Scanned},
    when,
};
use ward_policy::repository;
use ward_seal::hash::{hex, sha256};

use super::{bytes, ledgers, name_of, sections};
use crate::{
    cli::attest::Make,
    commands::{policy, scan as scan_command},
};

/// Largest `ward.toml` that is read.
const MAX_CONFIG: usize = 1 << 20;
/// Largest JUnit file that is read.
const MAX_TESTS: usize = 64 << 20;

/// What the join takes, and the files that `--out` keeps beside it.
pub(super) struct Gathered {
    pub(super) inputs: Inputs,
    /// Kind, name and bytes of the inputs.
    pub(super) files: Vec<(&'static str, String, Vec<u8>)>,
}

/// Gathers.
///
/// # Errors
/// When something that was named cannot be read or is not what it should be.
pub(super) fn gather(args: &Make, standard: &'static Standard, now: i64) -> Result<Gathered> {
    if !args.path.is_dir() {
        bail!("{} is no folder", args.path.display());
    }
    let since = match &args.since {
        None => None,
        Some(text) => Some(when::day(text).with_context(|| format!("`{text}` is no day; write it as 2026-01-31"))?),
    };
    let mut all = All::default();
    // Before the scan, which keeps what it knows in the data folder: nothing is made where nothing was.
    running(args, since, &mut all)?;
    all.add("catalogue", "controls", serde_json::to_vec(catalogue())?);
    all.add("mappings", standard.id, serde_json::to_vec(standard)?);
    let config = configuration(args, &mut all)?;
    scanned(args, &mut all)?;
    tested(args, config.as_ref(), &mut all)?;
    drilled(args, config.as_ref(), now, &mut all)?;
    let table = config
        .as_ref()
        .and_then(|config| config.get("attest")?.get("not-applicable"));
    let not_applicable = join::not_applicable(table, standard).map_err(|what| anyhow::anyhow!("ward.toml: {what}"))?;
    let sections = sections::of(args, &mut |kind, name, bytes| all.note(kind, name, bytes))?;
    let All {
        evidence,
        inputs,
        files,
        limits,
    } = all;
    Ok(Gathered {
        inputs: Inputs {
            standard,
            about: About {
                subject: name_of(&args.path),
                made: when::rfc3339(now),
                since: since.map(when::rfc3339),
                program: format!("ward {}", env!("CARGO_PKG_VERSION")),
            },
            evidence,
            not_applicable,
            sections,
            inputs,
            limits,
        },
        files,
    })
}

/// What the ledgers of a running service show.
fn running(args: &Make, since: Option<i64>, all: &mut All) -> Result<()> {
    let Some(data) = &args.data.data else {
        let limit = "No data folder was named, so that nothing is known of a running service.";
        all.limits.push(limit.to_owned());
        return Ok(());
    };
    if !data.is_dir() && !args.sign {
        bail!(
            "{} is no data folder; `ward serve` makes one, and so does --sign",
            data.display()
        );
    }
    if ledgers::are_begun(data) {
        let since_ms = since.map(|since| u64::try_from(since).unwrap_or_default() * 1000);
        let read = ledgers::read(data, since_ms)?;
        attest::add(&mut all.evidence, read.evidence);
        all.inputs.extend(read.inputs);
        all.limits.extend(read.limits);
    } else {
        let limit = "The data folder holds no ledger, so that nothing is known of a running service.";
        all.limits.push(limit.to_owned());
    }
    Ok(())
}

/// The drills that the project names, with their records beside the attestation's inputs.
fn drilled(args: &Make, config: Option<&toml::Value>, now: i64, all: &mut All) -> Result<()> {
    let list = config.and_then(|config| config.get("attest")?.get("drill"));
    let drills = drills::named(list).map_err(|what| anyhow::anyhow!("ward.toml: {what}"))?;
    let mut records = Vec::new();
    let shown = drills::evidence(&drills, now, &mut |record| {
        let inside = Path::new(record)
            .components()
            .all(|part| matches!(part, Component::Normal(_)));
        let read = inside
            .then(|| bytes(&args.path.join(record), sections::MAX_DOCUMENT).ok())
            .flatten();
        let is_there = read.is_some();
        records.extend(read.map(|read| (record.to_owned(), read)));
        is_there
    });
    attest::add(&mut all.evidence, shown);
    for (name, read) in records {
        all.note("drill", &name, &read);
    }
    Ok(())
}

#[derive(Default)]
struct All {
    evidence: Evidence,
    inputs: Vec<Input>,
    files: Vec<(&'static str, String, Vec<u8>)>,
    limits: Vec<String>,
}

impl All {
    /// Names an input, and keeps its bytes.
    fn add(&mut self, kind: &'static str, name: &str, bytes: Vec<u8>) {
        self.note(kind, name, &bytes);
        self.files.push((kind, name.to_owned(), bytes));
    }

    /// Names an input.
    fn note(&mut self, kind: &str, name: &str, bytes: &[u8]) {
        self.inputs.push(Input {
            kind: kind.to_owned(),
            name: name.to_owned(),
            digest: format!("sha256:{}", hex(&sha256(bytes))),
            more: String::new(),
        });
    }
}

/// The project's `ward.toml`, when it has one.
fn configuration(args: &Make, all: &mut All) -> Result<Option<toml::Value>> {
    let file = args.path.join("ward.toml");
    if fs::symlink_metadata(&file).is_err() {
        return Ok(None);
    }
    let read = bytes(&file, MAX_CONFIG)?;
    let text = std::str::from_utf8(&read).context("ward.toml is not UTF-8")?;
    let table: toml::Table = text.parse().context("ward.toml is no TOML")?;
    all.add("configuration", "ward.toml", read);
    Ok(Some(toml::Value::Table(table)))
}

/// The scans that are run, each with its engines: apart, so that what one could not examine is not held against another.
/// Dependencies and licences share what they read.
const SCANS: &[(&str, &[&str])] = &[
    ("scan-secrets.json", &["secrets"]),
    ("scan-models.json", &["models"]),
    ("scan-repository.json", &["repository"]),
    ("scan-code.json", &["code"]),
    ("scan-dependencies.json", &["dependencies", "licences"]),
];

fn scanned(args: &Make, all: &mut All) -> Result<()> {
    if args.no_scan {
        let limit = "No scan was run, so that nothing was looked for in the project, and its policy was not read.";
        all.limits.push(limit.to_owned());
        return Ok(());
    }
    let mut reports = Vec::new();
    if !args.scan.is_empty() {
        let limit = "The scan was handed over as a file: that it looked at this project in this state is not shown.";
        all.limits.push(limit.to_owned());
    }
    for file in &args.scan {
        let read = bytes(file, scan::MAX_BYTES)?;
        let report: Value = serde_json::from_slice(&read).with_context(|| format!("{} is no JSON", file.display()))?;
        all.add("scan", &name_of(file), read);
        reports.push(report);
    }
    if args.scan.is_empty() {
        for (name, engines) in SCANS {
            let report = in_process(args, engines)?;
            all.add("scan", name, format!("{report:#}\n").into_bytes());
            reports.push(report);
        }
    }
    let mut scans = Vec::new();
    for report in &reports {
        scans.push(Scanned::read(report).map_err(|what| anyhow::anyhow!("the scan: {what}"))?);
    }
    attest::add(&mut all.evidence, scan::evidence(&scans));
    promised(args, &reports, all)
}

/// A scan, as the report says it, and the engines that ran.
fn in_process(args: &Make, engines: &[&str]) -> Result<Value> {
    let mut words: Vec<OsString> = vec!["--engines".into(), engines.join(",").into()];
    if args.history {
        words.push("--history".into());
    }
    if let Some(data) = args.data.data.as_ref().filter(|data| data.is_dir()) {
        words.extend(["--data".into(), data.as_os_str().to_owned()]);
    }
    words.extend(["--".into(), args.path.as_os_str().to_owned()]);
    let report = scan_command::of_words(words)?;
    Ok(ward_scan::output::json::value(&report))
}

/// The promises of the project's policy, judged with what the scans found.
fn promised(args: &Make, reports: &[Value], all: &mut All) -> Result<()> {
    let (mut engines, mut findings, mut not_examined) = (Vec::new(), Vec::new(), Vec::new());
    let (mut kept_back, mut counted, mut accepted) = (Vec::new(), 0_u64, 0);
    for report in reports {
        let list = |value: Option<&Value>| value.and_then(Value::as_array).cloned().unwrap_or_default();
        let ran = list(report.pointer("/stats/engines"));
        engines.extend(
            ran.iter()
                .filter_map(|engine| engine.get("name")?.as_str())
                .map(str::to_owned),
        );
        not_examined.extend(list(report.get("not_examined")).iter().map(dark));
        let named = list(report.get("kept_back"));
        let by = |one: &Value| match one.get("by").and_then(Value::as_str) {
            Some("comment") => "a comment",
            Some("baseline") => "the baseline",
            _ => "`.wardignore`",
        };
        let count = |of: &str| {
            report
                .pointer(&format!("/stats/suppressed/{of}"))
                .and_then(Value::as_u64)
        };
        counted += ["inline", "path", "baseline"]
            .into_iter()
            .filter_map(count)
            .sum::<u64>();
        kept_back.extend(named.iter().map(|one| (fault(one), by(one))));
        accepted += count("not_examined").unwrap_or_default();
        findings.extend(list(report.get("findings")).iter().map(fault));
    }
    // A scan that does not say what ran is none: the policy is then judged without it.
    let scan = (!engines.is_empty()).then_some(repository::Scan {
        engines,
        history: args.history,
        findings,
        kept_back_unnamed: counted.saturating_sub(kept_back.len() as u64),
        kept_back,
        not_examined,
        accepted,
    });
    let report = policy::judged(&args.path, scan)?;
    for document in &report.documents {
        let read = bytes(&args.path.join(document), sections::MAX_DOCUMENT)?;
        all.note("policy", document, &read);
    }
    if report.documents.is_empty() {
        all.limits
            .push("The project has no security policy that could be read.".to_owned());
    }
    attest::add(&mut all.evidence, promises::evidence(&report));
    Ok(())
}

/// A place of a report that was not examined, and why.
fn dark(place: &Value) -> (String, String) {
    let text = |name: &str| place.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    (text("path"), text("reason"))
}

fn fault(finding: &Value) -> repository::Fault {
    let text = |name: &str| finding.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    repository::Fault {
        rule: text("rule"),
        severity: text("severity"),
        path: text("path"),
        line: finding
            .get("line")
            .and_then(Value::as_u64)
            .and_then(|line| u32::try_from(line).ok()),
        commit: None,
    }
}

fn tested(args: &Make, config: Option<&toml::Value>, all: &mut All) -> Result<()> {
    let table = config.and_then(|config| config.get("attest")?.get("tests"));
    let named = junit::named(table).map_err(|what| anyhow::anyhow!("ward.toml: {what}"))?;
    let Some(file) = &args.tests else {
        all.limits
            .push("No file of tests was given, so that no test is known to have run.".to_owned());
        return Ok(());
    };
    let read = bytes(file, MAX_TESTS)?;
    let cases = junit::read(&read).map_err(|what| anyhow::anyhow!("{}: {what}", file.display()))?;
    attest::add(&mut all.evidence, junit::evidence(&cases, &named));
    all.add("tests", &name_of(file), read);
    Ok(())
}
