//! Whether a resource says that something is so: orders not to do a thing, things that did not happen,
//! and entries that were a mistake (FHIR R4 `doNotPerform` and the status value sets).

use ward_formats::json::{NodeId, Tree};

use super::{at, list};
use crate::medicines::UNKNOWN;

/// Statuses by which a resource of a type says that the thing did not happen or is not so.
const NOT_SO: &[(&str, &[&str])] = &[
    ("MedicationAdministration", &["not-done", "cancelled"]),
    ("MedicationStatement", &["not-taken", "not-taking", "cancelled"]),
    ("MedicationDispense", &["cancelled", "declined"]),
    ("Procedure", &["not-done", "cancelled"]),
    ("ServiceRequest", &["revoked", "cancelled"]),
    ("Immunization", &["not-done", "cancelled"]),
    ("Observation", &["cancelled"]),
    ("DiagnosticReport", &["cancelled"]),
    ("ImagingStudy", &["cancelled"]),
    ("Encounter", &["cancelled"]),
    ("Appointment", &["cancelled", "noshow"]),
    ("CarePlan", &["revoked"]),
    ("Goal", &["cancelled", "rejected"]),
];

/// Whether the whole resource is marked as a mistake.
pub(crate) fn is_mistake(tree: &Tree, node: NodeId) -> bool {
    let is = |found: NodeId| tree.str(found).is_some_and(|s| s.trim() == "entered-in-error");
    ["status", "lifecycleStatus", "docStatus"]
        .iter()
        .filter_map(|key| tree.get(node, key))
        .any(is)
        || tree.get(node, "verificationStatus").is_some_and(|status| {
            is(status)
                || list(tree, status, "coding")
                    .into_iter()
                    .filter_map(|coding| tree.get(coding, "code"))
                    .any(is)
                || tree.get(status, "text").is_some_and(is)
        })
}

/// Whether the resource, of type `of`, says that the thing is not to be done or was not done.
pub(crate) fn is_not_so(of: &str, tree: &Tree, node: NodeId) -> bool {
    // In R4 MedicationRequest and ServiceRequest have it; elsewhere it can mean nothing else.
    let forbidden = at(tree, node, &["doNotPerform"])
        .and_then(|n| tree.text(n))
        .is_some_and(|text| text.trim() == "true");
    // FHIR DSTU2 and STU3 said so of what was not given or not done.
    let earlier = ["notGiven", "notDone", "wasNotGiven", "wasNotTaken"]
        .iter()
        .filter_map(|key| tree.get(node, key).and_then(|n| tree.text(n)))
        .any(|text| text.trim() == "true");
    let status = ["status", "lifecycleStatus"]
        .iter()
        .find_map(|key| tree.get(node, key).and_then(|n| tree.str(n)))
        .map(str::trim);
    // FHIR STU3 and R5 say beside the status of a statement whether the medicine is taken.
    let not_taken = of == "MedicationStatement"
        && (at(tree, node, &["taken"]).and_then(|n| tree.str(n)).map(str::trim) == Some("n")
            || adherence(tree, node) == Some(NOT_TAKEN));
    forbidden
        || earlier
        || not_taken
        || NOT_SO
            .iter()
            .find(|(name, _)| *name == of)
            .is_some_and(|(_, statuses)| status.is_some_and(|s| statuses.contains(&s)))
}

/// The status by which R4 says that a medicine is not taken.
const NOT_TAKEN: &str = "not-taken";

/// How each code of R5's `adherence` begins, and the status of the medicine that it tells, the most telling first.
const ADHERENCE: &[(&str, &str)] = &[
    ("not-taking", NOT_TAKEN),
    ("stopped", "stopped"),
    ("on-hold", "on-hold"),
    ("taking", "taking"),
];

/// The status of the medicine that R5's `adherence` tells, by its codes or a text that is one; [`UNKNOWN`] by any other.
pub(crate) fn adherence(tree: &Tree, node: NodeId) -> Option<&'static str> {
    let concept = at(tree, node, &["adherence", "code"])?;
    let codes = list(tree, concept, "coding");
    let codes = codes.into_iter().filter_map(|coding| tree.get(coding, "code"));
    let words: Vec<String> = codes
        .chain(tree.get(concept, "text"))
        .filter_map(|word| tree.str(word))
        .map(|word| word.trim().to_ascii_lowercase().replace(' ', "-"))
        .collect();
    let is = |word: &str, code: &str| {
        let rest = word.strip_prefix(code);
        rest.is_some_and(|rest| matches!(rest, "" | "-as-directed" | "-not-as-directed" | "-in-error"))
    };
    let told = ADHERENCE
        .iter()
        .find(|(code, _)| words.iter().any(|word| is(word, code)));
    Some(told.map_or(UNKNOWN, |(_, status)| status))
}
