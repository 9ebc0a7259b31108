//! The report as SARIF 2.1.0 (OASIS standard): the place of a result is the sentence, its related places are the evidence.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{About, meaning};
use crate::{
    promise::Place,
    report::{Judged, Remark, Report},
    verdict::{Proof, Verdict},
};

/// The rule of what a policy lacks.
const MISSING: &str = "policy-missing";

/// The report as a SARIF log.
#[must_use]
pub fn value(report: &Report, about: &About<'_>) -> Value {
    // Every rule that is named, with the verdict that first named it: its help says what that means.
    let mut rules: BTreeMap<&str, Descriptor> = BTreeMap::new();
    for one in &report.judged {
        let fault = one.verdict.is_fault();
        let rule = rules.entry(one.rule).or_default();
        rule.fault |= fault;
        rule.controls.extend(one.control.map(|id| id.as_str()));
        rule.meaning = rule
            .meaning
            .filter(|_| !fault)
            .or_else(|| meaning::verdict(one.verdict.word()));
    }
    for one in &report.remarks {
        rules.entry(one.rule).or_default().fault |= one.is_fault;
    }
    if !report.missing.is_empty() {
        rules.entry(MISSING).or_default();
    }
    let index: BTreeMap<&str, usize> = rules.keys().enumerate().map(|(index, id)| (*id, index)).collect();
    let number = |rule: &str| index.get(rule).copied().unwrap_or_default();
    let fingerprints = report.fingerprints();
    let mut results: Vec<Value> = report
        .judged
        .iter()
        .zip(&fingerprints)
        .map(|(one, fingerprint)| result(one, fingerprint, number(one.rule)))
        .collect();
    results.extend(report.remarks.iter().map(|one| remark(one, number(one.rule))));
    results.extend(missing(report, number(MISSING)));
    let notes: Vec<Value> = report
        .not_examined
        .iter()
        .map(|(path, why)| {
            json!({
                "level": "warning",
                "message": {"text": format!("not examined: {path}: {why}")},
                "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri(path)}}}],
            })
        })
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "Ward policy",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.iter().map(|(id, rule)| rule.value(id)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "invocations": [{
                "executionSuccessful": true,
                "endTimeUtc": format!("{}Z", ward_scan::output::date_time(about.at)),
                "toolExecutionNotifications": notes,
            }],
            "results": results,
        }],
    })
}

/// What is known of a rule.
#[derive(Default)]
struct Descriptor {
    fault: bool,
    meaning: Option<&'static meaning::Meaning>,
    controls: std::collections::BTreeSet<&'static str>,
}

impl Descriptor {
    fn value(&self, id: &str) -> Value {
        let known = crate::check::rules().iter().find(|rule| rule.id == id);
        let (short, help) = match (id, self.meaning) {
            _ if known.is_some() => known.map_or_else(Default::default, |rule| (rule.summary.to_owned(), rule.docs.to_owned())),
            (MISSING, _) => (
                "What policies of this kind usually promise, and this one does not.".to_owned(),
                "Nothing is wrong with what the policy says; it leaves something out that readers look for. Promise it, if \
                 you do it; `ward policy explain` says what the control asks for."
                    .to_owned(),
            ),
            (_, Some(one)) => (
                format!("A promise of the security policy: {}.", one.says),
                format!("{}\n\n**Instead:** {}", one.explained, one.instead),
            ),
            (_, None) => (
                "The text of the security policy has a fault.".to_owned(),
                "Something in the document itself misleads its readers: a link that leads nowhere, a placeholder, text that \
                 cannot be seen.\n\n**Instead:** mend the line."
                    .to_owned(),
            ),
        };
        json!({
            "id": id,
            "shortDescription": {"text": short},
            "help": {"text": help, "markdown": help},
            "defaultConfiguration": {"level": if self.fault { "error" } else { "none" }},
            "properties": {"tags": ["security", "policy"], "controls": self.controls},
        })
    }
}

/// The kind and the level of a verdict. A level other than `none` belongs to failures only (section 3.27.10).
fn kind(verdict: &Verdict) -> (&'static str, &'static str) {
    match verdict {
        Verdict::Kept { .. } => ("pass", "none"),
        Verdict::Broken(_) | Verdict::Contradictory(_) => ("fail", "error"),
        Verdict::Weak(_) => ("fail", "warning"),
        Verdict::Vague | Verdict::Unverifiable { .. } | Verdict::NotExamined(_) | Verdict::Advice(Some(_)) => {
            ("review", "none")
        }
        Verdict::Advice(None) | Verdict::Delegated => ("informational", "none"),
    }
}

fn result(one: &Judged, fingerprint: &str, rule_index: usize) -> Value {
    let (kind, level) = kind(&one.verdict);
    let mut related: Vec<Value> = Vec::new();
    let mut properties = json!({
        "verdict": one.verdict.word(),
        "topic": one.promise.topic.word(),
        "control": one.control.map(|id| id.as_str()),
    });
    match &one.verdict {
        Verdict::Kept { proofs, limit } => {
            related = proofs.all().iter().map(proof).collect();
            properties["limit"] = (*limit).into();
        }
        Verdict::Broken(proofs) | Verdict::Weak(proofs) | Verdict::Advice(Some(proofs)) => {
            related = proofs.all().iter().map(proof).collect();
        }
        Verdict::Contradictory(places) => related = places.iter().map(elsewhere).collect(),
        Verdict::Unverifiable { why, would } => {
            properties["why"] = (*why).into();
            properties["would_verify"] = (*would).into();
        }
        Verdict::NotExamined(why) => properties["why"] = why.clone().into(),
        Verdict::Vague | Verdict::Advice(None) | Verdict::Delegated => {}
    }
    let mut result = json!({
        "ruleId": one.rule,
        "ruleIndex": rule_index,
        "kind": kind,
        "level": level,
        "message": {"text": format!("{}: {}", one.verdict.word().replace('_', " "), one.message)},
        "locations": [at(&one.promise.place, Some(&one.promise.text))],
        "partialFingerprints": {"wardPolicy/v1": fingerprint},
        "properties": properties,
    });
    if !related.is_empty() {
        for (place, id) in related.iter_mut().zip(1..) {
            place["id"] = json!(id);
        }
        result["relatedLocations"] = related.into();
    }
    result
}

fn at(place: &Place, text: Option<&str>) -> Value {
    let mut region = json!({"startLine": place.line.max(1), "endLine": place.last_line.max(place.line).max(1)});
    if let Some(text) = text {
        region["snippet"] = json!({"text": text});
    }
    json!({"physicalLocation": {"artifactLocation": {"uri": uri(&place.path)}, "region": region}})
}

fn elsewhere(place: &Place) -> Value {
    let mut location = at(place, None);
    location["message"] = json!({"text": "says something else"});
    location
}

fn proof(proof: &Proof) -> Value {
    let mut physical = json!({"artifactLocation": {"uri": uri(&proof.path)}});
    if let Some(line) = proof.line {
        physical["region"] = json!({"startLine": line.max(1)});
    }
    json!({"physicalLocation": physical, "message": {"text": proof.note}})
}

fn remark(one: &Remark, rule_index: usize) -> Value {
    let place = Place {
        path: one.path.clone(),
        line: one.line,
        last_line: one.line,
    };
    let (kind, level) = if one.is_fault {
        ("fail", "error")
    } else {
        ("informational", "none")
    };
    let name = format!("{}\0{}\0{}", one.rule, one.path, one.message);
    let hash = ward_seal::hash::sha256(name.as_bytes());
    json!({
        "ruleId": one.rule,
        "ruleIndex": rule_index,
        "kind": kind,
        "level": level,
        "message": {"text": one.message},
        "locations": [at(&place, None)],
        "partialFingerprints": {"wardPolicy/v1": ward_seal::hash::hex(hash.get(..16).unwrap_or_default())},
    })
}

/// What the policy lacks: results at its first document.
fn missing(report: &Report, rule_index: usize) -> Vec<Value> {
    let path = report.documents.first().map_or("SECURITY.md", String::as_str);
    let result = |topic: &crate::topic::Topic| {
        let control = topic.control().and_then(|id| ward_evidence::by_id(id.as_str()));
        let title = control.map_or_else(String::new, |one| format!(" ({} {})", one.id, one.title));
        json!({
            "ruleId": MISSING,
            "ruleIndex": rule_index,
            "kind": "informational",
            "level": "none",
            "message": {"text": format!("The policy says nothing about {}{title}.", topic.word().replace('-', " "))},
            "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri(path)}}}],
            "partialFingerprints": {"wardPolicy/v1": format!("missing-{}", topic.word())},
        })
    };
    report.missing.iter().map(result).collect()
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
    use crate::report::tests::every_verdict;

    #[test]
    fn kinds_places_and_evidence() {
        let log = value(&every_verdict(), &About::default());
        let results = log["runs"][0]["results"].as_array().unwrap();
        let kinds: Vec<&str> = results.iter().filter_map(|one| one["kind"].as_str()).collect();
        assert_eq!(
            kinds,
            [
                "pass",
                "fail",
                "fail",
                "fail",
                "review",
                "review",
                "review",
                "informational",
                "review",
                "informational",
                "fail",
                "informational",
                "informational"
            ]
        );
        for one in results {
            assert_eq!(one["kind"] == "fail", one["level"] != "none", "{one}");
        }
        assert_eq!(
            results[0]["relatedLocations"][0]["physicalLocation"]["artifactLocation"]["uri"],
            ".github/workflows/a%20b.yml"
        );
        assert_eq!(results[1]["locations"][0]["physicalLocation"]["region"]["startLine"], 2);
        assert_eq!(
            results[3]["relatedLocations"][0]["physicalLocation"]["region"]["startLine"],
            90
        );
        for rule in log["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap() {
            assert!(
                rule["help"]["text"].as_str().is_some_and(|text| text.len() > 40),
                "{rule}"
            );
        }
        let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
        for one in results {
            let index = usize::try_from(one["ruleIndex"].as_u64().unwrap()).unwrap();
            assert_eq!(rules[index]["id"], one["ruleId"]);
        }
    }
}
