//! An attestation as OSCAL: assessment results, and the assessment plan that they must import.
//!
//! Source: OSCAL 1.2.1, models Assessment Plan and Assessment Results (NIST). What OSCAL has no word for: a finding is
//! `satisfied` or `not-satisfied` only, so what was not examined is an observation of the method `UNKNOWN` with a property
//! of Ward's, and no finding; what is not applicable is excluded from the reviewed controls. `satisfied` is said of
//! Ward's controls for the requirement, as the remarks of every finding repeat.

use serde_json::{Value, json};
use ward_seal::hash::{hex, sha256};

use super::document::{Attestation, Item, Outcome, RequirementResult, Source};

/// The version of OSCAL.
pub const VERSION: &str = "1.2.1";

/// The namespace of Ward's properties. A name, not an address.
pub const NAMESPACE: &str = "urn:ward:attest";

/// The file names that the two documents call each other by.
pub const PLAN_FILE: &str = "assessment-plan.json";

/// The assessment results.
#[must_use]
pub fn results(made: &Attestation) -> Value {
    let observations: Vec<Value> = made
        .requirements
        .iter()
        .flat_map(|one| observations(made, one))
        .collect();
    let findings: Vec<Value> = made.requirements.iter().filter_map(|one| finding(made, one)).collect();
    let mut result = json!({
        "uuid": uuid(made, "result"),
        "title": format!("Evidence for {}", made.standard.name),
        "description": "Evidence for the requirements of a standard, joined by Ward. It is no finding of compliance.",
        "start": made.about.since.as_deref().unwrap_or(&made.about.made),
        "end": made.about.made,
        "reviewed-controls": reviewed(made),
        "remarks": made.limits.join("\n\n"),
    });
    // A list without members is not allowed; absence is.
    if !observations.is_empty() {
        result["observations"] = observations.into();
    }
    if !findings.is_empty() {
        result["findings"] = findings.into();
    }
    json!({"assessment-results": {
        "uuid": uuid(made, "assessment-results"),
        "metadata": metadata(made, "Assessment results"),
        "import-ap": {"href": PLAN_FILE},
        "results": [result],
    }})
}

/// The assessment plan.
#[must_use]
pub fn plan(made: &Attestation) -> Value {
    json!({"assessment-plan": {
        "uuid": uuid(made, "assessment-plan"),
        "metadata": metadata(made, "Assessment plan"),
        "import-ssp": {
            "href": "#",
            "remarks": "There is no system security plan: the subject is described by the inputs of the results.",
        },
        "reviewed-controls": reviewed(made),
    }})
}

fn metadata(made: &Attestation, title: &str) -> Value {
    json!({
        "title": format!("{title}: {} for {}", made.standard.id, line(&made.about.subject)),
        "last-modified": made.about.made,
        "version": made.about.made,
        "oscal-version": VERSION,
        "props": [{"name": "standard", "ns": NAMESPACE, "value": made.standard.id}],
        "parties": [{"uuid": uuid(made, "tool"), "type": "organization", "name": made.about.program}],
        "roles": [{"id": "tool", "title": "The program that joined the evidence"}],
        "responsible-parties": [{"role-id": "tool", "party-uuids": [uuid(made, "tool")]}],
    })
}

fn reviewed(made: &Attestation) -> Value {
    let ids = |wanted: bool| -> Vec<Value> {
        let of = made
            .requirements
            .iter()
            .filter(|one| (one.outcome == Outcome::NotApplicable) != wanted);
        of.map(|one| json!({"control-id": token(made, &one.id)})).collect()
    };
    let (included, excluded) = (ids(true), ids(false));
    let mut selection = json!({"description": "The requirements that controls of Ward have to do with."});
    if included.is_empty() {
        // Something must be included before anything can be excluded.
        selection["include-all"] = json!({});
    } else {
        selection["include-controls"] = included.into();
    }
    if !excluded.is_empty() {
        selection["exclude-controls"] = excluded.into();
    }
    json!({"control-selections": [selection]})
}

fn observations(made: &Attestation, one: &RequirementResult) -> Vec<Value> {
    if one.outcome == Outcome::NotApplicable {
        return Vec::new();
    }
    let deciding = one.controls.iter().filter(|part| part.relation != "related");
    let items = deciding
        .filter_map(|part| made.control(&part.control))
        .flat_map(|control| control.evidence.iter().map(move |item| (control.id.as_str(), item)));
    let mut all: Vec<Value> = items
        .enumerate()
        .map(|(at, (control, item))| seen(made, one, control, item, at))
        .collect();
    if one.outcome == Outcome::NotExamined {
        all.push(json!({
            "uuid": uuid(made, &format!("observation {} none", one.id)),
            "description": line(&one.reason),
            "methods": ["UNKNOWN"],
            "props": [prop("outcome", "not-examined"), prop("requirement", &token(made, &one.id))],
            "collected": made.about.made,
        }));
    }
    all
}

fn seen(made: &Attestation, one: &RequirementResult, control: &str, item: &Item, at: usize) -> Value {
    let method = match (item.outcome, item.source) {
        (Outcome::NotExamined, _) => "UNKNOWN",
        (_, Source::Tests | Source::Drill) => "TEST",
        (_, Source::Scan | Source::Policy | Source::Ledger) => "EXAMINE",
    };
    let mut object = json!({
        "uuid": observation_id(made, one, at),
        "title": format!("{control}: {}", item.source.word()),
        "description": line(&item.what),
        "methods": [method],
        "props": [
            prop("outcome", &item.outcome.word().replace(' ', "-")),
            prop("control", control),
            prop("requirement", &token(made, &one.id)),
            prop("count", &item.count.to_string()),
        ],
        "collected": made.about.made,
    });
    let places = item.places.iter().map(|place| json!({"description": line(place)}));
    let proofs = item.proofs.iter().map(|proof| {
        json!({"description": format!("Entry {} of the ledger {}, leaf {}.", proof.index, line(&proof.ledger), line(&proof.leaf))})
    });
    let evidence: Vec<Value> = places.chain(proofs).collect();
    if !evidence.is_empty() {
        object["relevant-evidence"] = evidence.into();
    }
    object
}

/// A finding for what held or failed. What was not examined has none.
fn finding(made: &Attestation, one: &RequirementResult) -> Option<Value> {
    let state = match one.outcome {
        Outcome::Held => "satisfied",
        Outcome::Failed => "not-satisfied",
        Outcome::NotExamined | Outcome::NotApplicable => return None,
    };
    let deciding = one.controls.iter().filter(|part| part.relation != "related");
    let count: usize = deciding
        .filter_map(|part| made.control(&part.control))
        .map(|control| control.evidence.len())
        .sum();
    let related: Vec<Value> = (0..count)
        .map(|at| json!({"observation-uuid": observation_id(made, one, at)}))
        .collect();
    let mut finding = json!({
        "uuid": uuid(made, &format!("finding {}", one.id)),
        "title": if one.title.is_empty() { one.id.clone() } else { format!("{} {}", one.id, one.title) },
        "description": line(&one.reason),
        "target": {"type": "objective-id", "target-id": token(made, &one.id), "status": {"state": state}},
        "props": [prop("extent", &one.extent)],
        "remarks": "The state is that of Ward's controls for this requirement. The requirement may ask for more.",
    });
    if !related.is_empty() {
        finding["related-observations"] = related.into();
    }
    Some(finding)
}

fn observation_id(made: &Attestation, one: &RequirementResult, at: usize) -> String {
    uuid(made, &format!("observation {} {at}", one.id))
}

fn prop(name: &str, value: &str) -> Value {
    json!({"name": name, "ns": NAMESPACE, "value": value})
}

/// A clause's id as an OSCAL token: letters, digits, `.`, `-` and `_`, after the standard's id.
fn token(made: &Attestation, clause: &str) -> String {
    let mut out = made.standard.id.clone();
    let mut gap = true;
    for c in clause.chars() {
        if c.is_ascii_alphanumeric() || matches!(c, '.' | '-') {
            if gap {
                out.push('_');
            }
            out.push(c);
            gap = false;
        } else {
            gap = true;
        }
    }
    out
}

/// Text on one line, without the white space at its ends, never empty.
fn line(text: &str) -> String {
    let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if joined.is_empty() { "-".to_owned() } else { joined }
}

/// A name-based identifier in the form of a UUID: the same attestation gives the same. Truncated SHA-256; the version says
/// 5, the only name-based one that the schema allows.
fn uuid(made: &Attestation, what: &str) -> String {
    let name = format!(
        "{}\0{}\0{}\0{what}",
        made.standard.id, made.about.subject, made.about.made
    );
    let digits = hex(&sha256(name.as_bytes()));
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    format!(
        "{}-{}-5{}-8{}-{}",
        part(0, 8),
        part(8, 12),
        part(13, 16),
        part(17, 20),
        part(20, 32)
    )
}
