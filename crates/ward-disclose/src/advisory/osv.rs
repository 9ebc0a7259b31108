//! OSV (schema 1.7). Ids of databases that OSV does not list begin with `x_`.

use serde_json::{Value, json};

use super::{Facts, time};
use crate::{
    affected::{is_of_line, version_of},
    case::Fix,
};

/// The document; none when the package is not known.
pub(super) fn document(facts: &Facts<'_>) -> Option<Value> {
    let package = &facts.settings.package;
    let (ecosystem, name) = (package.ecosystem.as_ref()?, package.name.as_ref()?);
    let mut described = json!({"ecosystem": ecosystem, "name": name});
    if let (Some(purl), Some(map)) = (&package.purl, described.as_object_mut()) {
        map.insert("purl".to_owned(), json!(purl));
    }
    let mut ranges: Vec<Value> = version_ranges(facts);
    if let Some(repository) = package
        .repository
        .as_ref()
        .filter(|_| !facts.draft.introduced_commits.is_empty())
    {
        let events = facts
            .draft
            .introduced_commits
            .iter()
            .map(|hash| json!({"introduced": hash}));
        let events: Vec<Value> = events
            .chain(facts.draft.fixed_commits.iter().map(|hash| json!({"fixed": hash})))
            .collect();
        ranges.push(json!({"type": "GIT", "repo": repository, "events": events}));
    }
    let versions: Vec<&str> = facts.affected.iter().map(|version| version_of(version)).collect();
    let mut affected = json!({"package": described, "versions": versions});
    if let (false, Some(map)) = (ranges.is_empty(), affected.as_object_mut()) {
        map.insert("ranges".to_owned(), Value::Array(ranges));
    }
    let severity: Vec<Value> = facts
        .case
        .assessment
        .as_ref()
        .map_or(&[][..], |assessment| &assessment.cvss)
        .iter()
        .map(|scored| {
            let kind = if scored.version == "3.1" { "CVSS_V3" } else { "CVSS_V4" };
            json!({"type": kind, "score": scored.vector})
        })
        .collect();
    let mut references: Vec<Value> = facts
        .draft
        .references
        .iter()
        .map(|url| json!({"type": "WEB", "url": url}))
        .collect();
    if let Some(publication) = &facts.case.published {
        references.extend(
            publication
                .places
                .iter()
                .filter(|url| url.starts_with("https://"))
                .map(|url| json!({"type": "ADVISORY", "url": url})),
        );
    }
    let credits: Vec<Value> = facts
        .credits()
        .map(|credit| {
            let mut one = json!({"name": credit.name, "type": "REPORTER"});
            if let (Some(url), Some(map)) = (&credit.url, one.as_object_mut()) {
                map.insert("contact".to_owned(), json!([url]));
            }
            one
        })
        .collect();
    let mut specific = serde_json::Map::new();
    if let Some(cwe) = facts.cwe() {
        specific.insert("cwe_ids".to_owned(), json!([cwe]));
    }
    if let Some(assessment) = &facts.case.assessment {
        specific.insert("severity".to_owned(), json!(assessment.level.word()));
        specific.insert("clinical_impact".to_owned(), json!(assessment.clinical.word()));
    }
    let mut details = facts.draft.description.trim().to_owned();
    for (title, text) in [("Impact", &facts.draft.impact), ("Workaround", &facts.draft.workaround)] {
        if !text.trim().is_empty() {
            details.push_str(&format!("\n\n## {title}\n\n{}", text.trim()));
        }
    }
    let mut out = json!({
        "schema_version": "1.7.0",
        "id": format!("x_{}", facts.case.id),
        "modified": time(facts.last()),
        "published": time(facts.first()),
        "summary": facts.draft.title,
        "details": details,
        "affected": [affected],
        "database_specific": specific,
    });
    if let Some(map) = out.as_object_mut() {
        if let Some(cve) = &facts.draft.cve {
            map.insert("aliases".to_owned(), json!([cve]));
        }
        for (key, list) in [("severity", severity), ("references", references), ("credits", credits)] {
            if !list.is_empty() {
                map.insert(key.to_owned(), Value::Array(list));
            }
        }
    }
    Some(out)
}

/// One range for each line that has a fix: from the first affected version of the line to the fix. Affected versions of no
/// fixed line are in `versions` alone.
fn version_ranges(facts: &Facts<'_>) -> Vec<Value> {
    let mut ranges = Vec::new();
    for (line, fix) in &facts.case.fixes {
        let Fix::Released(fixed) = fix else { continue };
        let first = facts
            .affected
            .iter()
            .find(|version| is_of_line(version, line))
            .map(|version| version_of(version));
        let introduced = first.or_else(|| {
            (facts.case.fixes.len() == 1).then(|| facts.affected.first().map_or("0", |version| version_of(version)))
        });
        if let Some(introduced) = introduced {
            ranges.push(
                json!({"type": "ECOSYSTEM", "events": [{"introduced": introduced}, {"fixed": version_of(fixed)}]}),
            );
        }
    }
    ranges
}
