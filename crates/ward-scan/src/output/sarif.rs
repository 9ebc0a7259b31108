//! The report as SARIF 2.1.0 (OASIS standard), for code-scanning services and editors.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use ward_evidence::{Location, RuleMeta, Severity};

use super::{alternative, engine_of, weaknesses};
use crate::{
    NotExamined, Report,
    report::{By, Fix, Reported, Step},
};

/// The report as a SARIF log.
#[must_use]
pub fn value(report: &Report) -> Value {
    let kept_back = report.kept_back.iter().map(|(one, by)| (one, Some(*by)));
    let all: Vec<(&Reported, Option<By>)> = (report.findings.iter().map(|one| (one, None)))
        .chain(kept_back)
        .collect();
    let rules: BTreeMap<&str, &'static RuleMeta> =
        all.iter().map(|(one, _)| (one.rule_name(), one.finding.rule)).collect();
    let index: BTreeMap<&str, usize> = rules.keys().enumerate().map(|(index, id)| (*id, index)).collect();
    let results: Vec<Value> = all
        .iter()
        .map(|(one, by)| result(one, *by, index.get(one.rule_name()).copied().unwrap_or_default()))
        .collect();
    let notes: Vec<Value> = report.not_examined.iter().map(notification).collect();
    let mut driver = json!({
        "name": "Ward",
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "rules": rules.iter().map(|(name, rule)| descriptor(name, rule)).collect::<Vec<_>>(),
    });
    let mut run = json!({
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": true, "toolExecutionNotifications": notes}],
        "results": results,
    });
    let weaknesses: BTreeSet<u32> = rules.values().flat_map(|rule| weaknesses(rule)).collect();
    if !weaknesses.is_empty() {
        driver["supportedTaxonomies"] = json!([{"name": CWE, "index": 0}]);
        run["taxonomies"] = json!([taxonomy(&weaknesses)]);
    }
    run["tool"] = json!({"driver": driver});
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    })
}

/// The name of the Common Weakness Enumeration.
const CWE: &str = "CWE";

fn taxonomy(weaknesses: &BTreeSet<u32>) -> Value {
    let taxa: Vec<Value> = weaknesses
        .iter()
        .map(|number| json!({"id": number.to_string()}))
        .collect();
    json!({
        "name": CWE,
        "organization": "MITRE",
        "shortDescription": {"text": "The Common Weakness Enumeration"},
        "informationUri": "https://cwe.mitre.org/",
        "isComprehensive": false,
        "taxa": taxa,
    })
}

fn descriptor(name: &str, rule: &'static RuleMeta) -> Value {
    let weaknesses = weaknesses(rule);
    let mut tags = vec!["security".to_owned(), engine_of(rule).to_owned()];
    tags.extend(weaknesses.iter().map(|number| format!("external/cwe/cwe-{number:03}")));
    let mut descriptor = json!({
        "id": name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": alternative(rule).map_or_else(|| rule.summary.to_owned(), |instead| format!("{} Instead: {instead}", rule.summary))},
        "help": {"text": rule.docs, "markdown": rule.docs},
        "defaultConfiguration": {"level": level(rule.severity)},
        "properties": {
            "security-severity": security_severity(rule.severity),
            "tags": tags,
            "controls": rule.controls,
        },
    });
    if !weaknesses.is_empty() {
        let related = |number: &u32| {
            json!({
                "target": {"id": number.to_string(), "toolComponent": {"name": CWE, "index": 0}},
                "kinds": ["superset"],
            })
        };
        descriptor["relationships"] = weaknesses.iter().map(related).collect();
    }
    descriptor
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

/// A number within the range that code-scanning services give each word.
fn security_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "2.0",
        Severity::Info => "0.0",
    }
}

fn result(one: &Reported, by: Option<By>, rule_index: usize) -> Value {
    let at = &one.finding.at;
    let mut message = one.finding.note.to_string();
    if let Some(member) = &at.member {
        // Line and column are those of the member, which has no address of its own.
        let line = at.line.map_or_else(String::new, |line| format!(", line {line}"));
        message += &format!(" (in member {member}{line})");
    }
    let mut properties = json!({"severity": one.severity, "details": one.details});
    if let Some(commit) = &one.commit {
        properties["commit"] = commit.id.clone().into();
        properties["date"] = super::json::date(commit).into();
    }
    if let Some(package) = &one.more.package {
        properties["package"] = json!({
            "ecosystem": package.ecosystem,
            "name": package.name,
            "version": package.version,
            "advisory": package.advisory,
            "aliases": package.aliases,
            "fixed": package.fixed,
        });
    }
    let mut result = json!({
        "ruleId": one.rule_name(),
        "ruleIndex": rule_index,
        "level": level(one.severity),
        "message": {"text": message},
        "locations": [location(at)],
        "partialFingerprints": {"wardFingerprint/v1": one.finding.fingerprint_hex()},
        "properties": properties,
    });
    if !one.more.flow.is_empty() {
        let locations: Vec<Value> = one.more.flow.iter().map(step).collect();
        result["codeFlows"] = json!([{"threadFlows": [{"locations": locations}]}]);
    }
    // What mends a member of an archive is no change of a file.
    if let Some(fix) = one
        .more
        .fix
        .as_ref()
        .filter(|fix| at.member.is_none() && !fix.edits.is_empty())
    {
        result["fixes"] = json!([change(fix, &at.path)]);
    }
    if let Some(by) = by {
        let (kind, why) = match by {
            By::Comment => ("inSource", "a comment beside it"),
            By::Path => ("external", "a line of .wardignore"),
            By::Baseline => ("external", "the baseline"),
        };
        result["suppressions"] = json!([{"kind": kind, "status": "accepted", "justification": format!("kept back by {why}, which gives the reason")}]);
    }
    result
}

fn location(at: &Location) -> Value {
    let mut physical = json!({"artifactLocation": {"uri": uri(&at.path)}});
    if at.member.is_none() {
        if let Some(line) = at.line {
            physical["region"] = json!({"startLine": line.max(1), "startColumn": at.column.unwrap_or(1).max(1)});
        } else if let Some(span) = at.span {
            physical["region"] = json!({"byteOffset": span.start, "byteLength": span.end.saturating_sub(span.start)});
        }
    }
    let mut location = json!({"physicalLocation": physical});
    if at.member.is_some() {
        location["logicalLocations"] = json!([{"fullyQualifiedName": at.full_path(), "kind": "member"}]);
    }
    location
}

fn step(step: &Step) -> Value {
    let mut location = location(&step.at);
    location["message"] = json!({"text": step.note});
    json!({"location": location})
}

fn change(fix: &Fix, path: &str) -> Value {
    let replacements: Vec<Value> = fix
        .edits
        .iter()
        .map(|edit| {
            let length = edit.end.saturating_sub(edit.start);
            json!({
                "deletedRegion": {"byteOffset": edit.start, "byteLength": length},
                "insertedContent": {"text": edit.text},
            })
        })
        .collect();
    json!({
        "description": {"text": fix.what},
        "artifactChanges": [{"artifactLocation": {"uri": uri(path)}, "replacements": replacements}],
    })
}

fn notification(one: &NotExamined) -> Value {
    json!({
        "level": "warning",
        "message": {"text": format!("not examined: {}: {}", one.at.full_path(), one.reason)},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri(&one.at.path)}}}],
    })
}

/// A path as a relative reference (RFC 3986, section 4.2): what is not allowed in one is percent-encoded.
fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~!$&'()*+,;=@".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::{
        Blob,
        report::Edit,
        scan::tests::{scan_with, settings},
        suppress::MARKER,
    };

    #[test]
    fn flows_fixes_and_what_is_kept_back_are_told() {
        let mut report = scan_with(&settings(), |scanner| {
            let text = format!("x = hidden-1\ny = hidden-2 # {MARKER} * for this test\n");
            scanner.examine(&Blob::of_bytes("a b.py", text.as_bytes()), None);
        });
        let one = report.findings.first_mut().unwrap();
        one.finding.rule = crate::engine::all_rules()
            .find(|rule| !weaknesses(rule).is_empty())
            .unwrap();
        one.more.flow = vec![Step {
            at: Location::of_file("c.py").at(2, 3),
            note: "comes in".into(),
        }];
        one.more.fix = Some(Fix {
            what: "mend".into(),
            edits: vec![Edit {
                start: 4,
                end: 6,
                text: "new".into(),
            }],
        });
        let log = value(&report);
        let run = &log["runs"][0];
        let results = run["results"].as_array().unwrap();
        assert_eq!(results.len(), 2);
        let flow = &results[0]["codeFlows"][0]["threadFlows"][0]["locations"][0]["location"];
        assert_eq!(flow["physicalLocation"]["region"]["startLine"], 2);
        assert_eq!(flow["message"]["text"], "comes in");
        let change = &results[0]["fixes"][0]["artifactChanges"][0];
        assert_eq!(change["artifactLocation"]["uri"], "a%20b.py");
        assert_eq!(
            change["replacements"][0]["deletedRegion"],
            json!({"byteOffset": 4, "byteLength": 2})
        );
        assert!(results[0]["suppressions"].is_null());
        assert_eq!(results[1]["suppressions"][0]["kind"], "inSource");
        let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
        let cwe = rules
            .iter()
            .find_map(|rule| rule["relationships"][0]["target"]["id"].as_str())
            .unwrap();
        assert!(
            run["taxonomies"][0]["taxa"]
                .as_array()
                .unwrap()
                .iter()
                .any(|one| one["id"] == cwe)
        );
    }

    #[test]
    fn paths_become_relative_references() {
        assert_eq!(uri("a/b c#d?é:%"), "a/b%20c%23d%3F%C3%A9%3A%25");
    }
}
