//! CycloneDX 1.6 as VEX: which versions are affected, and what to do.

use serde_json::{Value, json};

use super::{Facts, csaf, time, uuid};

/// The document.
pub(super) fn document(facts: &Facts<'_>) -> Value {
    let package = &facts.settings.package;
    let reference = package.purl.clone().unwrap_or_else(|| facts.settings.product.clone());
    let mut component = json!({"type": "application", "name": facts.settings.product, "bom-ref": reference});
    if let (Some(purl), Some(map)) = (&package.purl, component.as_object_mut()) {
        map.insert("purl".to_owned(), json!(purl));
    }
    let ratings: Vec<Value> = facts
        .case
        .assessment
        .as_ref()
        .map_or(&[][..], |assessment| &assessment.cvss)
        .iter()
        .map(|scored| {
            let method = if scored.version == "3.1" { "CVSSv31" } else { "CVSSv4" };
            json!({"method": method, "score": scored.score, "severity": scored.level.word(), "vector": scored.vector})
        })
        .collect();
    let mut versions: Vec<Value> = facts
        .affected
        .iter()
        .map(|version| json!({"version": version, "status": "affected"}))
        .collect();
    versions.extend(
        facts
            .fixed
            .iter()
            .chain(&facts.unaffected)
            .map(|version| json!({"version": version, "status": "unaffected"})),
    );
    let advice = if facts.fixed.is_empty() {
        "There is no fix yet.".to_owned()
    } else {
        format!("Update to {}.", facts.fixed.join(" or "))
    };
    let mut one = json!({
        "bom-ref": facts.case.id,
        "id": facts.draft.cve.as_deref().unwrap_or(&facts.case.id),
        "source": {"name": facts.settings.publisher.name, "url": facts.settings.publisher.namespace},
        "description": facts.draft.title,
        "detail": facts.draft.description.trim(),
        "recommendation": advice,
        "created": time(facts.first()),
        "published": time(facts.first()),
        "updated": time(facts.last()),
        "analysis": {
            "state": "exploitable",
            "response": [if facts.fixed.is_empty() { "workaround_available" } else { "update" }],
            "detail": facts.case.assessment.as_ref().map_or("", |assessment| csaf::clinical(assessment.clinical)),
        },
        "affects": [{"ref": reference, "versions": versions}],
    });
    if let Some(map) = one.as_object_mut() {
        if !ratings.is_empty() {
            map.insert("ratings".to_owned(), Value::Array(ratings));
        }
        if let Some(number) = facts
            .cwe()
            .and_then(|cwe| cwe.strip_prefix("CWE-")?.parse::<u32>().ok())
        {
            map.insert("cwes".to_owned(), json!([number]));
        }
        if !facts.draft.workaround.trim().is_empty() {
            map.insert("workaround".to_owned(), json!(facts.draft.workaround.trim()));
        }
        let advisories: Vec<Value> = facts.draft.references.iter().map(|url| json!({"url": url})).collect();
        if !advisories.is_empty() {
            map.insert("advisories".to_owned(), Value::Array(advisories));
        }
        let people: Vec<Value> = facts.credits().map(|credit| json!({"name": credit.name})).collect();
        if !people.is_empty() {
            map.insert("credits".to_owned(), json!({"individuals": people}));
        }
    }
    let seed = format!("{} {}", facts.case.id, facts.revisions.first().copied().unwrap_or(0));
    json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": format!("urn:uuid:{}", uuid(&seed)),
        "version": facts.revisions.len().max(1),
        "metadata": {
            "timestamp": time(facts.last()),
            "tools": {"components": [{"type": "application", "name": "Ward", "version": env!("CARGO_PKG_VERSION")}]},
            "component": component,
        },
        "vulnerabilities": [one],
    })
}
