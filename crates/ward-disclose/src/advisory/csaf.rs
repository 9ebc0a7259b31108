//! CSAF 2.0 (OASIS, 2022), profile "security advisory" (section 4.4).

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Facts, cwe, provider, time};
use crate::{case::Fix, score::Clinical};

/// The document.
pub(super) fn document(facts: &Facts<'_>) -> Value {
    let ids = product_ids(facts);
    let mut document = json!({
        "category": "csaf_security_advisory",
        "csaf_version": "2.0",
        "distribution": {"tlp": {"label": "WHITE", "url": "https://www.first.org/tlp/"}},
        "lang": "en",
        "publisher": provider::publisher(facts.settings),
        "title": facts.draft.title,
        "tracking": tracking(facts),
        "notes": notes(facts),
    });
    let mut references = Vec::new();
    if let Some(base) = &facts.settings.publisher.advisories_url {
        let year = facts.first().to_zoned(jiff::tz::TimeZone::UTC).year();
        let url = format!("{}/white/{year}/{}.json", base.trim_end_matches('/'), facts.file_stem());
        references.push(json!({"category": "self", "summary": "This document", "url": url}));
    }
    for url in &facts.draft.references {
        references.push(json!({"category": "external", "summary": "More on this", "url": url}));
    }
    let credits: Vec<Value> = facts
        .credits()
        .map(|credit| {
            let mut one = json!({"names": [credit.name], "summary": "reported this vulnerability"});
            if let (Some(url), Some(map)) = (&credit.url, one.as_object_mut()) {
                map.insert("urls".to_owned(), json!([url]));
            }
            one
        })
        .collect();
    if let Some(map) = document.as_object_mut() {
        if !references.is_empty() {
            map.insert("references".to_owned(), Value::Array(references));
        }
        if !credits.is_empty() {
            map.insert("acknowledgments".to_owned(), Value::Array(credits));
        }
    }
    json!({
        "document": document,
        "product_tree": product_tree(facts, &ids),
        "vulnerabilities": [vulnerability(facts, &ids)],
    })
}

/// A product id for each version.
fn product_ids(facts: &Facts<'_>) -> BTreeMap<String, String> {
    let versions = facts.affected.iter().chain(&facts.fixed).chain(&facts.unaffected);
    versions
        .enumerate()
        .map(|(i, version)| (version.clone(), format!("CSAFPID-{:04}", i + 1)))
        .collect()
}

fn tracking(facts: &Facts<'_>) -> Value {
    let history: Vec<Value> = (1..)
        .zip(facts.revisions)
        .map(|(number, at): (usize, &u64)| {
            let last = number == facts.revisions.len();
            let summary = match (number, facts.draft.change.trim()) {
                (1, _) => "First version",
                (_, "") => "Revised",
                (_, change) if last => change,
                _ => "Revised",
            };
            json!({"date": time(crate::calendar::instant(*at)), "number": number.to_string(), "summary": summary})
        })
        .collect();
    json!({
        "current_release_date": time(facts.last()),
        "generator": {"engine": {"name": "Ward", "version": env!("CARGO_PKG_VERSION")}},
        "id": facts.case.id,
        "initial_release_date": time(facts.first()),
        "revision_history": history,
        "status": "final",
        "version": facts.revisions.len().to_string(),
    })
}

fn notes(facts: &Facts<'_>) -> Vec<Value> {
    let mut notes = Vec::new();
    if !facts.draft.summary.trim().is_empty() {
        notes.push(json!({"category": "summary", "text": facts.draft.summary.trim(), "title": "Summary"}));
    }
    if facts
        .case
        .assessment
        .as_ref()
        .is_some_and(|assessment| assessment.clinical != Clinical::None)
    {
        let text = clinical(
            facts
                .case
                .assessment
                .as_ref()
                .map_or(Clinical::None, |assessment| assessment.clinical),
        );
        notes.push(json!({"category": "general", "text": text, "title": "What it may mean for patients"}));
    }
    if notes.is_empty() {
        notes.push(json!({"category": "summary", "text": facts.draft.title, "title": "Summary"}));
    }
    notes
}

/// What a clinical impact is, in a sentence for the public.
pub(super) fn clinical(impact: Clinical) -> &'static str {
    match impact {
        Clinical::None => "No effect on patients is known.",
        Clinical::Privacy => "Data of patients may be seen by those who should not see it.",
        Clinical::Delay => "Care may come later than it should.",
        Clinical::WrongTreatment => {
            "Care may be given on wrong grounds: a value, a name or an answer may not be what it should be."
        }
        Clinical::Harm => "Patients may be harmed without anybody noticing in time.",
    }
}

fn product_tree(facts: &Facts<'_>, ids: &BTreeMap<String, String>) -> Value {
    let product = &facts.settings.product;
    let package = &facts.settings.package;
    let versions: Vec<Value> = facts
        .affected
        .iter()
        .chain(&facts.fixed)
        .chain(&facts.unaffected)
        .filter_map(|version| {
            let mut one = json!({"name": format!("{product} {version}"), "product_id": ids.get(version)?});
            let mut helper = serde_json::Map::new();
            if let Some(purl) = &package.purl {
                helper.insert("purl".to_owned(), json!(versioned(purl, version)));
            }
            if let Some(cpe) = package.cpe.as_deref().and_then(|cpe| versioned_cpe(cpe, version)) {
                helper.insert("cpe".to_owned(), json!(cpe));
            }
            if let (false, Some(map)) = (helper.is_empty(), one.as_object_mut()) {
                map.insert("product_identification_helper".to_owned(), Value::Object(helper));
            }
            Some(json!({"category": "product_version", "name": version, "product": one}))
        })
        .collect();
    json!({"branches": [{
        "category": "vendor",
        "name": facts.settings.publisher.name,
        "branches": [{"category": "product_name", "name": product, "branches": versions}],
    }]})
}

/// A package URL with a version: between the name and the qualifiers.
pub(super) fn versioned(purl: &str, version: &str) -> String {
    let end = purl.find(['?', '#']).unwrap_or(purl.len());
    let (name, rest) = purl.split_at(end);
    let name = name
        .rsplit_once('@')
        .filter(|(_, after)| !after.contains('/'))
        .map_or(name, |(name, _)| name);
    let escaped: String = super::super::affected::version_of(version)
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' | b'~' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect();
    format!("{name}@{escaped}{rest}")
}

/// A CPE 2.3 name (NIST IR 7695) with a version, the sixth of its thirteen parts. None for a version that no such name can
/// hold, as with a space in it.
pub(super) fn versioned_cpe(cpe: &str, version: &str) -> Option<String> {
    let mut parts: Vec<&str> = cpe.split(':').collect();
    let mut quoted = String::new();
    for c in super::super::affected::version_of(version).chars() {
        if !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_')) {
            if !c.is_ascii_punctuation() {
                return None;
            }
            quoted.push('\\');
        }
        quoted.push(c);
    }
    if parts.len() != 13 || quoted.is_empty() {
        return None;
    }
    *parts.get_mut(5)? = &quoted;
    Some(parts.join(":"))
}

fn vulnerability(facts: &Facts<'_>, ids: &BTreeMap<String, String>) -> Value {
    let of = |versions: &[String]| -> Vec<&String> { versions.iter().filter_map(|version| ids.get(version)).collect() };
    let affected = of(&facts.affected);
    let mut status = json!({"known_affected": affected});
    if let Some(map) = status.as_object_mut() {
        if !facts.fixed.is_empty() {
            map.insert("fixed".to_owned(), json!(of(&facts.fixed)));
        }
        if !facts.unaffected.is_empty() {
            map.insert("known_not_affected".to_owned(), json!(of(&facts.unaffected)));
        }
    }
    let mut notes =
        vec![json!({"category": "description", "text": facts.draft.description.trim(), "title": "Description"})];
    let assessment = facts.case.assessment.as_ref();
    let mut scores = Vec::new();
    for scored in assessment.map_or(&[][..], |assessment| &assessment.cvss) {
        if scored.version == "3.1" {
            let severity = scored.level.word().to_uppercase();
            let mut cvss = json!({
                "version": "3.1", "vectorString": scored.vector, "baseScore": scored.score, "baseSeverity": severity,
            });
            for (name, value) in base_metrics(&scored.vector) {
                cvss[name] = json!(value);
            }
            scores.push(json!({"products": affected, "cvss_v3": cvss}));
        } else {
            // CSAF 2.0 has no place for CVSS 4.0.
            let text = format!("{} ({:.1}, {})", scored.vector, scored.score, scored.level.word());
            notes.push(json!({"category": "other", "text": text, "title": "CVSS 4.0"}));
        }
    }
    let mut one = json!({
        "product_status": status,
        "remediations": remediations(facts, ids),
        "title": facts.draft.title,
    });
    if let Some(map) = one.as_object_mut() {
        if let Some(cve) = &facts.draft.cve {
            map.insert("cve".to_owned(), json!(cve));
        } else {
            let system = format!("{} case", facts.settings.publisher.name);
            map.insert(
                "ids".to_owned(),
                json!([{"system_name": system, "text": facts.case.id}]),
            );
        }
        match facts.cwe().map(|id| (id, cwe::name(id))) {
            Some((id, Some(name))) => {
                map.insert("cwe".to_owned(), json!({"id": id, "name": name}));
            }
            Some((id, None)) => notes.push(json!({"category": "other", "text": id, "title": "Weakness"})),
            None => {}
        }
        if !facts.draft.impact.trim().is_empty() {
            map.insert(
                "threats".to_owned(),
                json!([{"category": "impact", "details": facts.draft.impact.trim(), "product_ids": affected}]),
            );
        }
        if !scores.is_empty() && !affected.is_empty() {
            map.insert("scores".to_owned(), Value::Array(scores));
        }
        map.insert("notes".to_owned(), Value::Array(notes));
    }
    one
}

/// One remediation for all versions with the same way out, and the workaround for all.
fn remediations(facts: &Facts<'_>, ids: &BTreeMap<String, String>) -> Vec<Value> {
    let mut by_way: BTreeMap<(&str, String), Vec<&String>> = BTreeMap::new();
    for version in &facts.affected {
        let Some(id) = ids.get(version) else { continue };
        let way = match facts.fix_of(version) {
            Some(Fix::Released(fixed)) => ("vendor_fix", format!("Update to {fixed} or a later version.")),
            Some(Fix::Declined(reason)) => (
                "no_fix_planned",
                format!("There will be no fix for this version: {reason}"),
            ),
            None => ("none_available", "There is no fix yet.".to_owned()),
        };
        by_way.entry(way).or_default().push(id);
    }
    let mut out: Vec<Value> = by_way
        .into_iter()
        .map(|((category, details), products)| json!({"category": category, "details": details, "product_ids": products}))
        .collect();
    if !facts.draft.workaround.trim().is_empty() {
        let all: Vec<&String> = facts.affected.iter().filter_map(|version| ids.get(version)).collect();
        out.push(json!({"category": "workaround", "details": facts.draft.workaround.trim(), "product_ids": all}));
    }
    out
}
/// The base metrics of a CVSS 3.1 vector by the names that the JSON of CVSS has for them. Some validators want them
/// beside the vector.
///
/// Source: FIRST, CVSS v3.1 JSON schema.
fn base_metrics(vector: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    /// Letters of a vector, and the words for them.
    type Values = [(&'static str, &'static str)];
    const IMPACT: &Values = &[("N", "NONE"), ("L", "LOW"), ("H", "HIGH")];
    const METRICS: &[(&str, &str, &Values)] = &[
        (
            "AV",
            "attackVector",
            &[
                ("N", "NETWORK"),
                ("A", "ADJACENT_NETWORK"),
                ("L", "LOCAL"),
                ("P", "PHYSICAL"),
            ],
        ),
        ("AC", "attackComplexity", &[("L", "LOW"), ("H", "HIGH")]),
        ("PR", "privilegesRequired", IMPACT),
        ("UI", "userInteraction", &[("N", "NONE"), ("R", "REQUIRED")]),
        ("S", "scope", &[("U", "UNCHANGED"), ("C", "CHANGED")]),
        ("C", "confidentialityImpact", IMPACT),
        ("I", "integrityImpact", IMPACT),
        ("A", "availabilityImpact", IMPACT),
    ];
    vector.split('/').filter_map(|part| {
        let (short, value) = part.split_once(':')?;
        let (_, name, values) = METRICS.iter().find(|metric| metric.0 == short)?;
        Some((*name, values.iter().find(|one| one.0 == value)?.1))
    })
}
