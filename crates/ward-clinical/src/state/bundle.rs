//! The state as a FHIR R4 bundle. Source: HL7 FHIR R4 (4.0.1), <https://hl7.org/fhir/R4/bundle.html>.

use serde_json::{Map, Value, json};
use ward_formats::{Budget, Doc, Kind};

use super::{State, bare, resource};
use crate::{fact::Fact, fhir::own};

/// Where the patient stands in the bundle. Addresses are made of numbers: the same state gives the same bundle.
const PATIENT: &str = "urn:uuid:00000000-0000-4000-8000-000000000000";

impl State {
    /// A bundle of type `collection`: one Patient and one resource for every fact. What an element of R4 holds stands there;
    /// what none holds (a medicine "increased", a date that is a placeholder, a date of birth in words) stands in an
    /// extension `urn:ward:fact` of the resource, so that reading the bundle gives the same state.
    #[must_use]
    pub fn to_fhir(&self) -> Value {
        let mut patient = Map::from_iter([
            ("resourceType".to_owned(), json!("Patient")),
            ("id".to_owned(), json!("patient")),
        ]);
        let mut entries = vec![Value::Null];
        for fact in self.facts() {
            if resource::of_patient(fact, &mut patient) {
                continue;
            }
            let number = entries.len();
            entries.push(json!({
                "fullUrl": format!("urn:uuid:00000000-0000-4000-8000-{number:012x}"),
                "resource": written(fact, number),
            }));
        }
        if let Some(first) = entries.first_mut() {
            *first = json!({"fullUrl": PATIENT, "resource": patient});
        }
        json!({"resourceType": "Bundle", "type": "collection", "entry": entries})
    }
}

/// A resource that says `fact` and nothing else: written, read again, and what the reading lacks put in the extension.
fn written(fact: &Fact, number: usize) -> Value {
    let id = format!("fact-{number}");
    let natural = resource::of(fact, &id, PATIENT);
    let (mut resource, got) = match read_again(&natural) {
        Some(got) => (natural, got),
        None => {
            let plain = resource::plain(fact, &id, PATIENT);
            let got = read_again(&plain);
            (plain, got.unwrap_or_else(|| Fact::new(fact.kind, "", fact.section)))
        }
    };
    let parts = differences(fact, &got);
    if !parts.is_empty()
        && let Some(object) = resource.as_object_mut()
    {
        object.insert("extension".to_owned(), json!([{"url": own::URL, "extension": parts}]));
    }
    resource
}

/// The one fact of a resource, if it is about the same thing.
fn read_again(resource: &Value) -> Option<Fact> {
    let bytes = resource.to_string().into_bytes();
    let doc = Doc::parse(&bytes, Some(Kind::Fhir), Budget::RECORD).ok()?.document;
    let record = crate::read(&doc);
    match record.facts.as_slice() {
        [only] => bare(only),
        _ => None,
    }
}

/// What `fact` says otherwise than `got`, as parts of the extension.
fn differences(fact: &Fact, got: &Fact) -> Vec<Value> {
    let told = |fact: &Fact| {
        let attributes = fact.attributes().into_iter();
        let mut all: Vec<(&'static str, String)> = attributes.map(|(name, value)| (name, value.to_owned())).collect();
        all.extend(fact.value.clone().map(|value| ("value", value)));
        all.extend(fact.when.as_ref().map(|when| ("when", when.text.clone())));
        all.extend([
            ("kind", fact.kind.word().to_owned()),
            ("section", fact.section.title().to_owned()),
            ("origin", fact.origin.word().to_owned()),
        ]);
        all
    };
    let (ours, theirs) = (told(fact), told(got));
    let new = ours
        .iter()
        .filter(|pair| !theirs.contains(pair))
        .map(|(name, value)| json!({"url": name, "valueString": value}));
    let gone = theirs
        .iter()
        .filter(|(name, _)| !ours.iter().any(|(other, _)| other == name))
        .map(|(name, _)| json!({"url": own::NOT_STATED, "valueString": name}));
    new.chain(gone).collect()
}
