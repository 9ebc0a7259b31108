//! How many patients a record speaks of. Facts of two patients must never be read as those of one.

use std::collections::{BTreeSet, HashMap};

use ward_formats::{
    Doc,
    fhir::FhirDoc,
    hl7::Hl7Doc,
    json::{NodeId, Tree},
};

use crate::{fact::Record, when};

/// How many patients `doc` is about, as far as its structure says: FHIR by `Patient` resources and by the references of
/// `subject`, `patient` and `beneficiary` to patients, HL7 v2 by the first identifier of `PID-3`, a note by the record numbers and birth
/// dates that stand after their labels at the beginning of lines. 0 when nothing says.
#[must_use]
pub fn patients(doc: &Doc) -> usize {
    match doc {
        Doc::Text(text) => {
            let (numbers, births) = of_text(text.text());
            numbers.len().max(births.len())
        }
        Doc::Fhir(doc) => of_fhir(doc).len(),
        Doc::Hl7(doc) => of_hl7(doc).len(),
    }
}

/// Documents in groups that may be of one patient: for each the number of its group, from 0. Two are of different patients when both
/// say when the patient was born and the days differ, or when both are of one format and name other identifiers. One that says neither
/// may be anybody's: it joins the others where those are of one patient, else it stands alone.
pub(crate) fn groups(documents: &[(&Doc, &Record)]) -> Vec<usize> {
    let all: Vec<Identity> = documents
        .iter()
        .map(|(doc, record)| Identity::of(doc, record))
        .collect();
    let mut group: Vec<Option<usize>> = vec![None; all.len()];
    let mut firsts: Vec<&Identity> = Vec::new();
    for (slot, one) in group.iter_mut().zip(&all).filter(|(_, one)| one.says_something()) {
        let of = firsts.iter().position(|first| !first.differs(one));
        *slot = Some(of.unwrap_or_else(|| {
            firsts.push(one);
            firsts.len() - 1
        }));
    }
    let mut next = firsts.len();
    let alone = next > 1;
    group
        .into_iter()
        .map(|slot| {
            slot.unwrap_or_else(|| {
                next += usize::from(alone);
                if alone { next - 1 } else { 0 }
            })
        })
        .collect()
}

/// What a document says of whom it is about.
struct Identity {
    format: u8,
    ids: BTreeSet<String>,
    born: Option<i64>,
}

impl Identity {
    fn of(doc: &Doc, record: &Record) -> Self {
        let (format, ids) = match doc {
            Doc::Text(text) => (0, of_text(text.text()).0),
            Doc::Fhir(doc) => (1, of_fhir(doc)),
            Doc::Hl7(doc) => (2, of_hl7(doc)),
        };
        let born = record.facts.iter().find(|fact| fact.concept == "born");
        let born = born.and_then(|fact| day(fact.value.as_deref()?));
        Self { format, ids, born }
    }

    fn says_something(&self) -> bool {
        self.born.is_some() || !self.ids.is_empty()
    }

    fn differs(&self, other: &Self) -> bool {
        let births = matches!((self.born, other.born), (Some(one), Some(two)) if one != two);
        let both = self.format == other.format && !self.ids.is_empty() && !other.ids.is_empty();
        births || (both && self.ids.is_disjoint(&other.ids))
    }
}

/// The day that a text is or holds, if it holds one.
fn day(text: &str) -> Option<i64> {
    when::machine(text, 0)
        .and_then(|when| when.day)
        .or_else(|| when::find(text).first().map(|found| found.day))
        .or_else(|| when::find_day_first(text).first().map(|found| found.day))
}

/// Labels of a record's number, lower case.
const NUMBERS: &[&str] = &[
    "mrn",
    "medical record number",
    "patient id",
    "record number",
    "nhs number",
    "hospital number",
    "patienten-id",
    "patientennummer",
    "patienten-nr.",
];

/// Labels of a birth date, lower case.
const BIRTHS: &[&str] = &[
    "dob",
    "date of birth",
    "born",
    "birth date",
    "birthdate",
    "geburtsdatum",
    "geb.",
    "geb. am",
    "geboren am",
];

/// The record numbers and birth days of a note, by the labels that lines begin with.
fn of_text(text: &str) -> (BTreeSet<String>, BTreeSet<i64>) {
    let (mut numbers, mut births) = (BTreeSet::new(), BTreeSet::new());
    for line in text.lines() {
        let Some((label, value)) = line.split_once(':').filter(|(label, _)| label.len() <= 32) else {
            continue;
        };
        let label = label.trim().to_ascii_lowercase();
        if NUMBERS.contains(&label.as_str()) {
            let first = value
                .split([',', ';', '|'])
                .next()
                .unwrap_or("")
                .split_whitespace()
                .next();
            numbers.extend(first.map(str::to_owned));
        } else if BIRTHS.contains(&label.as_str()) {
            births.extend(day(value.trim()));
        }
    }
    (numbers, births)
}

/// Elements of a resource that say whom it is about.
const ABOUT: &[&str] = &["subject", "patient", "beneficiary"];

fn of_fhir(doc: &FhirDoc) -> BTreeSet<String> {
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
    found
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
    // Some systems write an id as a number.
    tree.at(node, path).and_then(|node| tree.text(node))
}

fn of_hl7(doc: &Hl7Doc) -> BTreeSet<String> {
    doc.segments()
        .iter()
        .filter(|segment| segment.id() == "PID")
        .filter_map(|segment| doc.get(segment, 3, 1))
        .map(|field| field.text.trim().to_owned())
        .filter(|id| !id.is_empty())
        .collect()
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
        check("MRN: 123\nDOB: 03/14/1952\n\nVisit 2024-01-02\nDOB: 1952-03-14\n", 1);
        check("MRN: 123\nAna is well.\n\nMRN: 456\nBob is well.\n", 2);
        check("Geburtsdatum: 14.03.1952\nGeb.: 14.3.1952\n", 1);
        check(
            "Geburtsdatum: 14.03.1952\nKein Fieber.\n\nGeburtsdatum: 15.03.1952\n",
            2,
        );
        check("DOB: 03/14/1952\nAna is well.\n\nDOB: 03/14/1953\nBob is well.\n", 2);
        check(r#"{"resourceType":"Patient","id":"a"}"#, 1);
        check(
            r#"{"resourceType":"Bundle","type":"collection","entry":[
                {"resource":{"resourceType":"Patient","id":90317}},
                {"resource":{"resourceType":"Condition","subject":{"reference":"Patient/90317"}}}]}"#,
            1,
        );
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
