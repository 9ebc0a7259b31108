//! The report as one JSON object, with a schema.

use serde_json::{Value, json};
use ward_scan::output::date_time;

use super::{About, meaning::VERDICTS};
use crate::{
    promise::{Actor, Modality, Place},
    report::{Judged, Report},
    verdict::{Proof, Verdict},
};

/// The JSON schema of [`value`].
pub const SCHEMA: &str = include_str!("policy.schema.json");

/// The report.
#[must_use]
pub fn value(report: &Report, about: &About<'_>) -> Value {
    let fingerprints = report.fingerprints();
    let promises: Vec<Value> = report
        .judged
        .iter()
        .zip(&fingerprints)
        .map(|(one, fingerprint)| promise(one, fingerprint))
        .collect();
    let mut missing: Vec<&str> = Vec::new();
    for id in report.missing.iter().filter_map(|topic| topic.control()) {
        // Several topics may be bound to one control.
        if !missing.contains(&id.as_str()) {
            missing.push(id.as_str());
        }
    }
    let topics: Vec<Value> = report
        .missing
        .iter()
        .map(|topic| {
            let control = topic.control().and_then(|id| ward_evidence::by_id(id.as_str()));
            json!({
                "topic": topic.word(),
                "control": control.map(|one| one.id.as_str()),
                "title": control.map(|one| one.title),
            })
        })
        .collect();
    let remarks: Vec<Value> = report
        .remarks
        .iter()
        .map(|one| {
            json!({
                "rule": one.rule,
                "path": one.path,
                "line": one.line,
                "message": one.message,
                "fault": one.is_fault,
            })
        })
        .collect();
    let unmapped: Vec<Value> = report
        .unmapped
        .iter()
        .map(|one| json!({"text": one.text, "source": source(&one.place)}))
        .collect();
    let not_examined: Vec<Value> = report
        .not_examined
        .iter()
        .map(|(path, reason)| json!({"path": path, "reason": reason}))
        .collect();
    let mut summary = serde_json::Map::new();
    summary.insert("promises".into(), report.promises().into());
    for one in VERDICTS {
        summary.insert(one.word.into(), report.count(one.word).into());
    }
    let scan = about.scan.map(|scan| {
        json!({
            "engines": scan.engines,
            "history": scan.history,
            "findings": scan.findings.len(),
            "kept_back": scan.kept_back.len() as u64 + scan.kept_back_unnamed,
            "not_examined": scan.not_examined.len(),
        })
    });
    json!({
        "promises": promises,
        "missing": missing,
        "missing_topics": topics,
        "remarks": remarks,
        "unmapped": unmapped,
        "unmapped_more": report.unmapped_more,
        "not_examined": not_examined,
        "documents": report.documents,
        "summary": summary,
        "scan": scan,
        "checked_at": format!("{}Z", date_time(about.at)),
        "ward": env!("CARGO_PKG_VERSION"),
    })
}

fn promise(one: &Judged, fingerprint: &str) -> Value {
    let frame = &one.promise.frame;
    let mut evidence = Vec::new();
    let mut more = serde_json::Map::new();
    match &one.verdict {
        Verdict::Kept { proofs, limit } => {
            evidence = proofs.all().iter().map(proof).collect();
            if let Some(limit) = limit {
                more.insert("limit".into(), (*limit).into());
            }
        }
        Verdict::Broken(proofs) | Verdict::Weak(proofs) | Verdict::Advice(Some(proofs)) => {
            evidence = proofs.all().iter().map(proof).collect();
        }
        Verdict::Contradictory(places) => evidence = places.iter().map(elsewhere).collect(),
        Verdict::Unverifiable { why, would } => {
            more.insert("why".into(), (*why).into());
            more.insert("would_verify".into(), (*would).into());
        }
        Verdict::NotExamined(why) => {
            more.insert("why".into(), why.clone().into());
        }
        Verdict::Vague | Verdict::Advice(None) | Verdict::Delegated => {}
    }
    let mut value = json!({
        "text": one.promise.text,
        "source": source(&one.promise.place),
        "headings": one.promise.headings,
        "control": one.control.map(|id| id.as_str()),
        "topic": one.promise.topic.word(),
        "verdict": one.verdict.word(),
        "fault": one.verdict.is_fault(),
        "message": one.message,
        "rule": one.rule,
        "evidence": evidence,
        "actor": actor(frame.actor),
        "modality": modality(frame.modality),
        "tools": frame.tools,
        "fingerprint": fingerprint,
    });
    if let Value::Object(fields) = &mut value {
        fields.extend(more);
    }
    value
}

fn source(place: &Place) -> Value {
    json!({"path": place.path, "line": place.line, "last_line": place.last_line})
}

fn proof(proof: &Proof) -> Value {
    match proof.line {
        Some(line) => json!({"path": proof.path, "line": line, "note": proof.note}),
        None => json!({"path": proof.path, "note": proof.note}),
    }
}

fn elsewhere(place: &Place) -> Value {
    json!({"path": place.path, "line": place.line, "note": "says something else"})
}

fn actor(actor: Actor) -> &'static str {
    match actor {
        Actor::Project => "project",
        Actor::Users => "users",
        Actor::Reporter => "reporter",
        Actor::ThirdParty => "third_party",
    }
}

fn modality(modality: Modality) -> &'static str {
    match modality {
        Modality::Binding => "binding",
        Modality::Goal => "goal",
        Modality::Possible => "possible",
        Modality::Planned => "planned",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::every_verdict;

    #[test]
    fn fields_that_scripts_rely_on_are_there() {
        let value = value(&every_verdict(), &About::default());
        let first = &value["promises"][0];
        assert_eq!(first["source"]["path"], "SECURITY.md");
        assert_eq!(
            (&first["source"]["line"], &first["control"]),
            (&json!(1), &json!("CODE-1a"))
        );
        assert_eq!(
            (&first["verdict"], &first["limit"]),
            (&json!("kept"), &json!("no run was seen"))
        );
        assert_eq!(first["evidence"][0]["line"], 7);
        assert_eq!(value["promises"][3]["evidence"][0]["line"], 90);
        assert_eq!(value["promises"][5]["would_verify"], "case records");
        assert_eq!(value["missing"], json!(["DIS-3a", "DIS-4c"]));
        assert_eq!(value["unmapped"][0]["source"]["line"], 12);
        assert_eq!(value["unmapped_more"], 0);
        assert_eq!(value["summary"]["broken"], 1);
        assert!(value["scan"].is_null());
        let words: Vec<&str> = value["promises"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|one| one["verdict"].as_str())
            .collect();
        assert_eq!(words.len(), 10);
    }
}
