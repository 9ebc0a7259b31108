//! The state as JSON against its schema, and as a bundle against what FHIR R4 (4.0.1) requires of each resource. The rules
//! were written from the published definitions, not from the writer.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may fail loudly"
)]

#[path = "../../ward-scan/tests/bom/schema.rs"]
mod schema;

use std::{collections::BTreeMap, fs, path::Path};

use schema::Schemas;
use serde_json::Value;
use ward_clinical::{
    read,
    state::{SCHEMA, State},
};
use ward_formats::{Budget, Doc};

/// A resource type: its elements that must be there, and elements whose value is one of some codes.
struct Rule {
    of: &'static str,
    required: &'static [&'static str],
    codes: &'static [(&'static str, &'static [&'static str])],
}

const RESULT: &[&str] = &[
    "registered",
    "partial",
    "preliminary",
    "final",
    "amended",
    "corrected",
    "appended",
    "cancelled",
    "entered-in-error",
    "unknown",
];

#[rustfmt::skip]
const RULES: &[Rule] = &[
    Rule { of: "Patient", required: &[], codes: &[("/gender", &["male", "female", "other", "unknown"])] },
    Rule { of: "AllergyIntolerance", required: &["patient", "code", "clinicalStatus"], codes: &[
        ("/clinicalStatus/coding/0/code", &["active", "inactive", "resolved"]),
        ("/verificationStatus/coding/0/code", &["unconfirmed", "confirmed", "refuted", "entered-in-error"]),
        ("/criticality", &["low", "high", "unable-to-assess"]), ("/reaction/0/severity", &["mild", "moderate", "severe"])] },
    Rule { of: "MedicationStatement", required: &["status", "medicationCodeableConcept", "subject"], codes: &[
        ("/status", &["active", "completed", "entered-in-error", "intended", "stopped", "on-hold", "unknown", "not-taken"])] },
    Rule { of: "Condition", required: &["subject", "code"], codes: &[
        ("/clinicalStatus/coding/0/code", &["active", "recurrence", "relapse", "inactive", "remission", "resolved"]),
        ("/verificationStatus/coding/0/code", &["unconfirmed", "provisional", "differential", "confirmed", "refuted", "entered-in-error"])] },
    Rule { of: "Observation", required: &["status", "code"], codes: &[("/status", RESULT),
        ("/valueQuantity/comparator", &["<", "<=", ">=", ">"])] },
    Rule { of: "DiagnosticReport", required: &["status", "code"], codes: &[("/status", RESULT)] },
    Rule { of: "Procedure", required: &["status", "subject"], codes: &[
        ("/status", &["preparation", "in-progress", "not-done", "on-hold", "stopped", "completed", "entered-in-error", "unknown"])] },
    Rule { of: "Immunization", required: &["status", "vaccineCode", "patient"], codes: &[("/status", &["completed", "entered-in-error", "not-done"])] },
    Rule { of: "FamilyMemberHistory", required: &["status", "patient", "relationship"], codes: &[
        ("/status", &["partial", "completed", "entered-in-error", "health-unknown"])] },
    Rule { of: "Encounter", required: &["status", "class"], codes: &[
        ("/status", &["planned", "arrived", "triaged", "in-progress", "onleave", "finished", "cancelled", "entered-in-error", "unknown"])] },
    Rule { of: "CarePlan", required: &["status", "intent", "subject"], codes: &[("/intent", &["proposal", "plan", "order", "option"]),
        ("/status", &["draft", "active", "on-hold", "revoked", "completed", "entered-in-error", "unknown"])] },
    Rule { of: "Communication", required: &["status"], codes: &[
        ("/status", &["preparation", "in-progress", "not-done", "on-hold", "stopped", "completed", "entered-in-error", "unknown"])] },
];

/// The first thing that is wrong with a bundle.
fn fault(bundle: &Value) -> Option<String> {
    if bundle["resourceType"] != "Bundle" || bundle["type"] != "collection" {
        return Some("is no collection".to_owned());
    }
    let entries = bundle["entry"].as_array().expect("a bundle has entries");
    let mut urls: Vec<&str> = entries.iter().map(|entry| entry["fullUrl"].as_str().unwrap()).collect();
    let first = urls[0];
    urls.sort_unstable();
    urls.dedup();
    if urls.len() != entries.len() {
        return Some("two entries have one address".to_owned());
    }
    entries.iter().find_map(|entry| of_resource(&entry["resource"], first))
}

fn of_resource(resource: &Value, patient: &str) -> Option<String> {
    let of = resource["resourceType"].as_str().unwrap();
    let rule = RULES
        .iter()
        .find(|rule| rule.of == of)
        .unwrap_or_else(|| panic!("no rule for {of}"));
    if let Some(name) = rule.required.iter().find(|name| resource.get(**name).is_none()) {
        return Some(format!("{of} lacks {name}"));
    }
    for (pointer, codes) in rule.codes {
        if let Some(code) = resource.pointer(pointer)
            && !codes.contains(&code.as_str().unwrap_or_default())
        {
            return Some(format!("{of}{pointer} is {code}"));
        }
    }
    if of != "Patient" {
        let whose = resource
            .pointer("/subject/reference")
            .or(resource.pointer("/patient/reference"));
        if whose.and_then(Value::as_str) != Some(patient) {
            return Some(format!("{of} is nobody's"));
        }
    }
    if of == "Immunization"
        && resource.get("occurrenceDateTime").is_none()
        && resource.get("occurrenceString").is_none()
    {
        return Some("Immunization lacks occurrence[x]".to_owned());
    }
    if let Some(code) = resource
        .pointer("/clinicalStatus/coding/0/code")
        .and_then(Value::as_str)
        && resource.get("abatementDateTime").is_some()
        && !matches!(code, "inactive" | "resolved" | "remission")
    {
        return Some("con-4: it ended and is active".to_owned());
    }
    let dates = [
        "birthDate",
        "deceasedDateTime",
        "onsetDateTime",
        "abatementDateTime",
        "effectiveDateTime",
        "performedDateTime",
        "occurrenceDateTime",
        "sent",
        "date",
    ];
    let date = regex::Regex::new(r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$").unwrap();
    for name in dates {
        if let Some(text) = resource.get(name).and_then(Value::as_str)
            && !date.is_match(text)
        {
            return Some(format!("{of}.{name} is no date"));
        }
    }
    for period in ["period", "effectivePeriod"] {
        let end = |name: &str| resource[period][name].as_str();
        if let (Some(start), Some(end)) = (end("start"), end("end"))
            && start > end
        {
            return Some("per-1: it ends before it starts".to_owned());
        }
    }
    no_empty(resource).then(|| format!("{of} has an empty string, list or object"))
}

fn no_empty(value: &Value) -> bool {
    match value {
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty() || items.iter().any(no_empty),
        Value::Object(members) => members.is_empty() || members.values().any(no_empty),
        Value::Null => true,
        _ => false,
    }
}

fn state(bytes: &[u8]) -> Option<State> {
    let doc = Doc::parse(bytes, None, Budget::RECORD).ok()?.document;
    Some(State::of(&read(&doc), Some(20_000)))
}

fn folder(path: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path);
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.retain(|path| path.is_file() && !path.to_string_lossy().ends_with(".truth.json"));
    paths.sort();
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

fn files() -> Vec<Vec<u8>> {
    [
        folder("examples"),
        folder("examples/hostile"),
        folder("fuzz/corpus/clinical_note"),
    ]
    .concat()
}

#[test]
fn every_state_follows_the_schema() {
    let schemas = Schemas(BTreeMap::from([(
        "state.schema.json",
        serde_json::from_str(SCHEMA).unwrap(),
    )]));
    let mut states = 0;
    for state in files().iter().filter_map(|bytes| state(bytes)) {
        assert_eq!(schemas.fault("state.schema.json", &state.to_json()), None);
        states += 1;
    }
    assert!(states > 5, "{states}");
    let mut wrong = State::default().to_json();
    wrong["series"] = serde_json::json!([{}]);
    assert!(schemas.fault("state.schema.json", &wrong).is_some());
}

#[test]
fn every_bundle_is_valid_and_gives_the_same_state() {
    let mut resources = BTreeMap::new();
    for state in files().iter().filter_map(|bytes| state(bytes)) {
        let bundle = state.to_fhir();
        assert_eq!(fault(&bundle), None, "{bundle:#}");
        for entry in bundle["entry"].as_array().unwrap() {
            *resources
                .entry(entry["resource"]["resourceType"].as_str().unwrap().to_owned())
                .or_insert(0) += 1;
        }
        let back = self::state(bundle.to_string().as_bytes()).unwrap();
        assert!(back == state, "{:#}\n{:#}", back.to_json(), state.to_json());
    }
    for rule in RULES {
        assert!(
            resources.contains_key(rule.of),
            "no {} was written: {resources:?}",
            rule.of
        );
    }
}

#[test]
fn the_checker_finds_what_is_wrong() {
    let good = state(b"Visit date: 01/05/2024\nMEDICATIONS\nMetformin 500 mg daily\n")
        .unwrap()
        .to_fhir();
    assert_eq!(fault(&good), None);
    for (pointer, value) in [
        ("/type", "searchset"),
        ("/entry/1/resource/status", "taken"),
        ("/entry/1/resource/subject/reference", "urn:uuid:x"),
        ("/entry/1/resource/effectiveDateTime", "soon"),
    ] {
        let mut bad = good.clone();
        *bad.pointer_mut(pointer)
            .unwrap_or_else(|| panic!("{pointer} in {good:#}")) = Value::from(value);
        assert!(fault(&bad).is_some(), "{pointer}");
    }
}
