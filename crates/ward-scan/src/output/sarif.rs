//! The report as SARIF 2.1.0 (OASIS standard), for code-scanning services and editors.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use ward_evidence::{RuleMeta, Severity};

use crate::{NotExamined, Report, report::Reported};

/// The report as a SARIF log.
#[must_use]
pub fn value(report: &Report) -> Value {
    let rules: BTreeMap<&str, &RuleMeta> = report
        .findings
        .iter()
        .map(|one| (one.rule_name(), one.finding.rule))
        .collect();
    let index: BTreeMap<&str, usize> = rules.keys().enumerate().map(|(index, id)| (*id, index)).collect();
    let results: Vec<Value> = report
        .findings
        .iter()
        .map(|one| result(one, index.get(one.rule_name()).copied().unwrap_or_default()))
        .collect();
    let notes: Vec<Value> = report.not_examined.iter().map(notification).collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "Ward",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.iter().map(|(name, rule)| descriptor(name, rule)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "invocations": [{"executionSuccessful": true, "toolExecutionNotifications": notes}],
            "results": results,
        }],
    })
}

fn descriptor(name: &str, rule: &RuleMeta) -> Value {
    json!({
        "id": name,
        "shortDescription": {"text": rule.summary},
        "help": {"text": rule.docs, "markdown": rule.docs},
        "defaultConfiguration": {"level": level(rule.severity)},
        "properties": {
            "security-severity": security_severity(rule.severity),
            "tags": ["security"],
            "controls": rule.controls,
        },
    })
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

fn result(one: &Reported, rule_index: usize) -> Value {
    let at = &one.finding.at;
    let mut physical = json!({"artifactLocation": {"uri": uri(&at.path)}});
    let mut message = one.finding.note.to_string();
    match &at.member {
        // Line and column are those of the member, which has no address of its own.
        Some(member) => {
            let line = at.line.map_or_else(String::new, |line| format!(", line {line}"));
            message += &format!(" (in member {member}{line})");
        }
        None => {
            if let Some(line) = at.line {
                physical["region"] = json!({"startLine": line, "startColumn": at.column.unwrap_or(1)});
            } else if let Some(span) = at.span {
                physical["region"] =
                    json!({"byteOffset": span.start, "byteLength": span.end.saturating_sub(span.start)});
            }
        }
    }
    let mut location = json!({"physicalLocation": physical});
    if at.member.is_some() {
        location["logicalLocations"] = json!([{"fullyQualifiedName": at.full_path(), "kind": "member"}]);
    }
    let mut properties = json!({"severity": one.severity, "details": one.details});
    if let Some(commit) = &one.commit {
        properties["commit"] = commit.id.clone().into();
        properties["date"] = super::json::date(commit).into();
    }
    json!({
        "ruleId": one.rule_name(),
        "ruleIndex": rule_index,
        "level": level(one.severity),
        "message": {"text": message},
        "locations": [location],
        "partialFingerprints": {"wardFingerprint/v1": one.finding.fingerprint_hex()},
        "properties": properties,
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

    #[test]
    fn paths_become_relative_references() {
        assert_eq!(uri("a/b c#d?é:%"), "a/b%20c%23d%3F%C3%A9%3A%25");
    }
}
