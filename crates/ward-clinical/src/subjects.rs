//! How many patients a record speaks of. Facts of two patients must never be read as those of one.

use std::collections::{BTreeSet, HashMap};

use ward_formats::{
    Doc,
    fhir::FhirDoc,
    hl7::Hl7Doc,
    json::{NodeId, Tree},
};

/// How many patients `doc` is about, as far as its structure says: FHIR by `Patient` resources and by the references of
/// `subject`, `patient` and `beneficiary` to patients, HL7 v2 by the first identifier of `PID-3`. 0 when nothing says, as in a note.
#[must_use]
pub fn patients(doc: &Doc) -> usize {
    match doc {
        Doc::Text(_) => 0,
        Doc::Fhir(doc) => of_fhir(doc),
        Doc::Hl7(doc) => of_hl7(doc),
    }
}

/// Elements of a resource that say whom it is about.
const ABOUT: &[&str] = &["subject", "patient", "beneficiary"];

fn of_fhir(doc: &FhirDoc) -> usize {
    let tree = doc.tree();
    // A patient is known by its id and by the address of its entry.
    let mut by_url = HashMap::new();
    let mut found: BTreeSet<String> = BTreeSet::new();
    for (at, (of, node)) in doc.resources().enumerate() {
        if of != "Patient" || is_contained(tree, node) {
            continue;
        }
        let id = text(tree, node, &["id"]).map_or_else(|| format!("#{at}"), str::to_owned);
        let url = tree.parent(node).and_then(|entry| text(tree, entry, &["fullUrl"]));
        by_url.extend(url.map(|url| (url, id.clone())));
        found.insert(id);
    }
    for (_, node) in doc.resources() {
        for key in ABOUT {
            let Some(reference) = text(tree, node, &[*key, "reference"]) else {
                continue;
            };
            if let Some(id) = by_url.get(reference) {
                found.insert(id.clone());
            } else if let Some(id) = id_in(reference) {
                found.insert(id.to_owned());
            }
        }
    }
    found.len()
}

/// True for a resource that stands inside another one: it is nobody's record.
fn is_contained(tree: &Tree, node: NodeId) -> bool {
    tree.parent(node)
        .is_some_and(|list| tree.key(list) == Some("contained"))
}

/// The id in `Patient/ID`, `https://host/fhir/Patient/ID` and `Patient/ID/_history/3`.
fn id_in(reference: &str) -> Option<&str> {
    let (before, rest) = reference.split_once("Patient/")?;
    let id = rest.split('/').next().filter(|id| !id.is_empty())?;
    (before.is_empty() || before.ends_with('/')).then_some(id)
}

fn text<'a>(tree: &'a Tree, node: NodeId, path: &[&str]) -> Option<&'a str> {
    tree.at(node, path).and_then(|node| tree.str(node))
}

fn of_hl7(doc: &Hl7Doc) -> usize {
    let ids: BTreeSet<&str> = doc
        .segments()
        .iter()
        .filter(|segment| segment.id() == "PID")
        .filter_map(|segment| doc.get(segment, 3, 1))
        .map(|field| field.text.trim())
        .filter(|id| !id.is_empty())
        .collect();
    ids.len()
}

#[cfg(test)]
mod tests {
    use ward_formats::Budget;

    use super::*;

    #[track_caller]
    fn check(source: &str, expect: usize) {
        let doc = Doc::parse(source.as_bytes(), None, Budget::RECORD).unwrap().document;
        assert_eq!(patients(&doc), expect, "{source}");
    }

    #[test]
    fn counts_patients() {
        check("Ana came today.", 0);
        check(r#"{"resourceType":"Patient","id":"a"}"#, 1);
        check(
            r#"{"resourceType":"Bundle","type":"collection","entry":[
                {"fullUrl":"urn:uuid:1","resource":{"resourceType":"Patient","id":"a"}},
                {"resource":{"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"urn:uuid:1"}}},
                {"resource":{"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"https://h/Patient/a/_history/2"}}}]}"#,
            1,
        );
        check(
            r#"{"resourceType":"Bundle","type":"collection","entry":[
                {"resource":{"resourceType":"Patient","id":"a"}},{"resource":{"resourceType":"Patient","id":"b"}}]}"#,
            2,
        );
        check(
            r#"{"resourceType":"Bundle","type":"collection","entry":[
                {"resource":{"resourceType":"Patient","id":"a"}},
                {"resource":{"resourceType":"Condition","subject":{"reference":"Patient/b"}}}]}"#,
            2,
        );
        check(
            r#"{"resourceType":"Observation","status":"final","code":{"text":"x"},
                "contained":[{"resourceType":"Patient","id":"p"}],"subject":{"reference":"Patient/a"}}"#,
            1,
        );
        let message = |id: &str| format!("MSH|^~\\&|A|B|C|D|20240101||ADT^A01|1|P|2.5\rPID|1||{id}^^^H^MR||X^Y\r");
        check(&message("1"), 1);
        check(&format!("{}{}", message("1"), message("1")), 1);
        check(&format!("{}{}", message("1"), message("2")), 2);
    }
}
