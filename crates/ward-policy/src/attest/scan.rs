//! Evidence from a report of `ward scan`.
//!
//! A finding fails the controls that its rule serves. Where an engine ran over everything and found nothing, the controls
//! that only its rules serve held. Where the report does not say which engines ran, finding nothing shows nothing.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use ward_evidence::{ControlId, by_id, controls::SEC_1B};
use ward_scan::ENGINES;

use super::{
    Evidence,
    document::{Item, MAX_PLACES, Outcome, Source},
};

/// Longest report that is read, in bytes.
pub const MAX_BYTES: usize = 256 << 20;

/// A report of `ward scan --json`, as far as evidence needs it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scanned {
    /// The engines that ran. None when the report does not say.
    pub engines: Option<BTreeSet<String>>,
    /// Commits that were looked at; 0 when the history was not.
    pub commits: u64,
    /// Files that were looked at.
    pub files: u64,
    /// Places that were not examined.
    pub not_examined: u64,
    /// Findings: controls, place, severity.
    pub findings: Vec<(Vec<ControlId>, String)>,
    /// Findings that somebody keeps back, in the same way.
    pub kept_back: Vec<(Vec<ControlId>, String)>,
}

impl Scanned {
    /// Reads the JSON of `ward scan --json`. A control that this build does not know is passed over.
    ///
    /// # Errors
    /// A sentence when it is no such report.
    pub fn read(report: &Value) -> Result<Self, &'static str> {
        let no = "it is no report of `ward scan --format json`";
        let findings = report.get("findings").and_then(Value::as_array).ok_or(no)?;
        let not_examined = report.get("not_examined").and_then(Value::as_array).ok_or(no)?;
        let stats = report.get("stats").and_then(Value::as_object).ok_or(no)?;
        // Reports of earlier versions only counted them.
        let none = Vec::new();
        let kept_back = report.get("kept_back").and_then(Value::as_array).unwrap_or(&none);
        let kept_dark = report
            .pointer("/stats/suppressed/not_examined")
            .and_then(Value::as_u64)
            .unwrap_or_default();
        let number = |name: &str| stats.get(name).and_then(Value::as_u64).unwrap_or_default();
        let engines = stats.get("engines").and_then(Value::as_array).map(|engines| {
            engines
                .iter()
                .filter_map(|engine| engine.get("name")?.as_str())
                .map(str::to_owned)
                .collect::<BTreeSet<String>>()
        });
        Ok(Self {
            engines,
            commits: number("commits"),
            files: number("files"),
            // What somebody said need not be looked at was not looked at either.
            not_examined: not_examined.len() as u64 + kept_dark,
            findings: findings.iter().map(finding).collect(),
            kept_back: kept_back.iter().map(finding).collect(),
        })
    }
}

fn finding(finding: &Value) -> (Vec<ControlId>, String) {
    let controls = finding.get("controls").and_then(Value::as_array);
    let controls = controls
        .into_iter()
        .flatten()
        .filter_map(|id| Some(by_id(id.as_str()?)?.id))
        .collect();
    let by = finding.get("by").and_then(Value::as_str);
    let by = by.map_or(String::new(), |by| format!(", kept back by {by}"));
    let text = |name: &str| finding.get(name).and_then(Value::as_str).unwrap_or("?");
    let line = finding.get("line").and_then(Value::as_u64);
    let line = line.map_or(String::new(), |line| format!(":{line}"));
    (
        controls,
        format!("{}{line} ({}, {}{by})", text("path"), text("rule"), text("severity")),
    )
}

/// The engines of `ward scan` that serve a control with their rules.
#[must_use]
pub fn engines_of(control: ControlId) -> Vec<&'static str> {
    let serves = |engine: &&ward_scan::Engine| (engine.rules)().iter().any(|rule| rule.controls.contains(&control));
    ENGINES.iter().filter(serves).map(|engine| engine.name).collect()
}

/// Scans as evidence. Several are as good as one: each says which engines ran, and each what these could not examine, so
/// that what one engine could not read does not darken what another did.
#[must_use]
pub fn evidence(scans: &[Scanned]) -> Evidence {
    let mut failed: BTreeMap<ControlId, Vec<&str>> = BTreeMap::new();
    for scan in scans {
        for (controls, place) in &scan.findings {
            for control in controls {
                // A secret in the tree says nothing of the history unless that was searched.
                if *control != SEC_1B || scan.commits > 0 {
                    failed.entry(*control).or_default().push(place);
                }
            }
        }
    }
    let served: BTreeSet<ControlId> = ENGINES
        .iter()
        .flat_map(|engine| (engine.rules)().iter())
        .flat_map(|rule| rule.controls.iter().copied())
        .collect();
    let mut all = Evidence::new();
    for control in served {
        let item = match failed.get(&control) {
            Some(places) => Item {
                source: Source::Scan,
                outcome: Outcome::Failed,
                count: places.len() as u64,
                what: format!("{} findings of rules that serve this control.", places.len()),
                places: places
                    .iter()
                    .take(MAX_PLACES)
                    .map(|place| (*place).to_owned())
                    .collect(),
                proofs: Vec::new(),
            },
            None => nothing_found(scans, control),
        };
        all.insert(control, vec![item]);
    }
    all
}

/// What it shows that nothing was found.
fn nothing_found(scans: &[Scanned], control: ControlId) -> Item {
    let item = |outcome, count, what: String| Item {
        source: Source::Scan,
        outcome,
        count,
        what,
        places: Vec::new(),
        proofs: Vec::new(),
    };
    if scans.iter().all(|scan| scan.engines.is_none()) {
        let what = "The report does not say which engines ran, so finding nothing shows nothing.";
        return item(Outcome::NotExamined, 0, what.into());
    }
    let needed = engines_of(control);
    let ran = |scan: &Scanned, engine: &str| scan.engines.as_ref().is_some_and(|engines| engines.contains(engine));
    let of_engine = |engine: &str| scans.iter().find(|scan| ran(scan, engine));
    let missing: Vec<&str> = needed
        .iter()
        .copied()
        .filter(|engine| of_engine(engine).is_none())
        .collect();
    if !missing.is_empty() {
        return item(
            Outcome::NotExamined,
            0,
            format!("These engines did not run: {}.", missing.join(", ")),
        );
    }
    let used: Vec<&Scanned> = scans
        .iter()
        .filter(|scan| needed.iter().any(|engine| ran(scan, engine)))
        .collect();
    let most = |of: fn(&Scanned) -> u64| used.iter().map(|scan| of(scan)).max().unwrap_or_default();
    let (files, commits) = (most(|scan| scan.files), most(|scan| scan.commits));
    if control == SEC_1B && commits == 0 {
        return item(
            Outcome::NotExamined,
            0,
            "The history was not searched (`--history`).".into(),
        );
    }
    if files == 0 && commits == 0 {
        return item(Outcome::NotExamined, 0, "The scan looked at nothing.".into());
    }
    let dark: u64 = used.iter().map(|scan| scan.not_examined).sum();
    if dark > 0 {
        let what = format!("Nothing was found, but {dark} places could not be examined, of {files} files.");
        return item(Outcome::NotExamined, files, what);
    }
    let kept_back: Vec<&String> = used
        .iter()
        .flat_map(|scan| &scan.kept_back)
        .filter(|(controls, _)| controls.contains(&control))
        .map(|(_, place)| place)
        .collect();
    if !kept_back.is_empty() {
        let count = kept_back.len() as u64;
        let are = if count == 1 {
            "1 finding is".to_owned()
        } else {
            format!("{count} findings are")
        };
        let what = format!("Nothing else was found, but {are} kept back; somebody has to judge the reasons.");
        return Item {
            places: kept_back.into_iter().take(MAX_PLACES).cloned().collect(),
            ..item(Outcome::NotExamined, count, what)
        };
    }
    let what = format!(
        "{} looked at {files} files and {commits} commits and found nothing.",
        needed.join(", ")
    );
    item(Outcome::Held, files, what)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(report: &Value, control: &str, expect: (Outcome, u64)) {
        let all = evidence(&[Scanned::read(report).unwrap()]);
        let item = &all[&by_id(control).unwrap().id][0];
        assert_eq!((item.outcome, item.count), expect, "{control}: {}", item.what);
    }

    fn report(engines: Value, findings: Value, not_examined: Value, commits: u64) -> Value {
        let ran = |names: &Vec<Value>| names.iter().map(|name| json!({"name": name})).collect::<Vec<_>>();
        let engines = engines.as_array().map(ran);
        json!({"findings": findings, "not_examined": not_examined, "stats": {"files": 7, "commits": commits, "engines": engines}})
    }

    #[test]
    fn findings_fail_and_nothing_found_holds_only_where_everything_was_looked_at() {
        let all = json!(["secrets", "models", "repository", "code", "dependencies", "licences"]);
        let leak = json!([{"rule": "secrets/x", "severity": "high", "path": "a.py", "line": 3, "controls": ["SEC-1a", "SEC-1b"]}]);
        let none = || json!([]);
        let gap = json!([{"path": "b.bin", "reason": "too large"}]);
        check(
            &report(all.clone(), leak.clone(), none(), 0),
            "SEC-1a",
            (Outcome::Failed, 1),
        );
        check(
            &report(all.clone(), leak.clone(), none(), 0),
            "SEC-1b",
            (Outcome::NotExamined, 0),
        );
        check(&report(all.clone(), leak, none(), 3), "SEC-1b", (Outcome::Failed, 1));
        check(&report(all.clone(), none(), none(), 0), "SEC-1a", (Outcome::Held, 7));
        check(
            &report(all.clone(), none(), none(), 0),
            "SEC-1b",
            (Outcome::NotExamined, 0),
        );
        check(&report(all.clone(), none(), none(), 2), "SEC-1b", (Outcome::Held, 7));
        check(
            &report(all.clone(), none(), gap, 0),
            "SEC-1a",
            (Outcome::NotExamined, 7),
        );
        // What is kept back is no finding, and no evidence either; it darkens only what it concerns.
        let mut kept = report(all.clone(), none(), none(), 0);
        kept["kept_back"] = json!([{"rule": "secrets/x", "severity": "high", "path": "a.py", "line": 3, "controls": ["SEC-1a"], "by": "path"}]);
        check(&kept, "SEC-1a", (Outcome::NotExamined, 1));
        check(&kept, "MOD-1a", (Outcome::Held, 7));
        let said = &evidence(&[Scanned::read(&kept).unwrap()])[&by_id("SEC-1a").unwrap().id][0].what;
        assert!(said.contains("1 finding is kept back"), "{said}");
        let mut kept = report(all, none(), none(), 0);
        kept["stats"]["suppressed"] = json!({"not_examined": 2});
        check(&kept, "SEC-1a", (Outcome::NotExamined, 7));
        check(
            &report(json!(["code"]), none(), none(), 0),
            "SEC-1a",
            (Outcome::NotExamined, 0),
        );
        check(
            &report(json!(["secrets"]), none(), none(), 0),
            "MOD-1a",
            (Outcome::NotExamined, 0),
        );
        check(
            &report(Value::Null, none(), none(), 0),
            "SEC-1a",
            (Outcome::NotExamined, 0),
        );
    }

    #[test]
    fn several_scans_are_one_and_keep_their_own_gaps() {
        let of = |engine: &str, gaps: usize| {
            let gap = json!({"path": "b", "reason": "too large"});
            Scanned::read(&report(json!([engine]), json!([]), vec![gap; gaps].into(), 0)).unwrap()
        };
        let outcome = |scans: &[Scanned], id: &str| evidence(scans)[&by_id(id).unwrap().id][0].outcome;
        let scans = [
            of("secrets", 0),
            of("models", 1),
            of("repository", 0),
            of("code", 0),
            of("dependencies", 2),
            of("licences", 0),
        ];
        assert_eq!(outcome(&scans, "MOD-1a"), Outcome::NotExamined);
        assert_eq!(outcome(&scans, "DEP-1a"), Outcome::NotExamined);
        assert_eq!(outcome(&scans, "SEC-2a"), Outcome::Held);
        assert_eq!(outcome(&scans, "CODE-3a"), Outcome::Held);
        assert_eq!(outcome(&scans[..2], "CODE-3a"), Outcome::NotExamined);
        assert_eq!(outcome(&[], "CODE-3a"), Outcome::NotExamined);
    }

    #[test]
    fn what_is_no_report_is_refused() {
        for bad in [
            json!(null),
            json!([]),
            json!({"findings": []}),
            json!({"findings": 1, "not_examined": [], "stats": {}}),
        ] {
            assert!(Scanned::read(&bad).is_err());
        }
    }
}
