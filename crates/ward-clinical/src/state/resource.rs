//! One fact as one FHIR R4 resource: its required elements, and of the others those that say what the fact says.
//!
//! Codes are from the required value sets of R4 (4.0.1); a status that is none of them is written as `unknown`, or where
//! there is no such code as the one that says least. What the words of the record were then stands in Ward's extension.

use serde_json::{Map, Value, json};
use ward_formats::date::Civil;

use crate::{
    fact::{Experiencer, Fact, FactKind},
    medicines::PLANNED,
    when::When,
};

const TERMS: &str = "http://terminology.hl7.org/CodeSystem";

/// Takes sex, birth and death into the Patient, where it has an element for them and none is there yet.
pub(super) fn of_patient(fact: &Fact, patient: &mut Map<String, Value>) -> bool {
    let (FactKind::Demographic, Some(value)) = (fact.kind, fact.value.as_deref()) else {
        return false;
    };
    let is_plain = fact.when.is_none() && fact.attributes().is_empty();
    let element = match fact.concept.as_str() {
        "sex" if matches!(value, "female" | "male" | "other" | "unknown") => "gender",
        "born" if is_date(value) => "birthDate",
        "died" if is_date(value) => "deceasedDateTime",
        _ => return false,
    };
    // Elements are read in this order, so they must be taken in it.
    let order = ["gender", "birthDate", "deceasedDateTime"];
    let at = |name: &str| order.iter().position(|one| *one == name);
    if !is_plain
        || order
            .iter()
            .any(|name| at(name) >= at(element) && patient.contains_key(*name))
    {
        return false;
    }
    patient.insert(element.to_owned(), json!(value));
    true
}

/// The resource that R4 has for the kind of `fact`.
pub(super) fn of(fact: &Fact, id: &str, patient: &str) -> Value {
    let mut made = Made::new(id);
    match fact.kind {
        FactKind::Allergy => allergy(fact, patient, &mut made),
        FactKind::Medication => medication(fact, patient, &mut made),
        FactKind::Problem | FactKind::Negation => condition(fact, patient, &mut made),
        FactKind::Lab if fact.value.is_none() => {
            made.put("resourceType", json!("DiagnosticReport"));
            made.put("status", json!(status(fact, RESULT_STATUS, "unknown")));
            made.about(fact, "code", "subject", patient);
            made.date(fact, "effectiveDateTime");
        }
        FactKind::Vital | FactKind::Lab | FactKind::Social | FactKind::Demographic => {
            return plain(fact, id, patient);
        }
        FactKind::Procedure => procedure(fact, patient, &mut made),
        // One that is due was not given, and "not-done" would say that it will not be.
        FactKind::Immunization if fact.status.as_deref() != Some(PLANNED) => {
            made.put("resourceType", json!("Immunization"));
            let status = happened(fact, &["completed", "not-done"], "completed", "not-done");
            made.put("status", json!(status));
            made.about(fact, "vaccineCode", "patient", patient);
            match fact.when.as_ref().filter(|when| is_date(&when.text)) {
                Some(when) => made.put("occurrenceDateTime", json!(when.text)),
                None => made.put("occurrenceString", json!("unknown")),
            }
        }
        FactKind::FamilyHistory => family(fact, patient, &mut made),
        FactKind::Encounter => encounter(fact, patient, &mut made),
        FactKind::FollowUp | FactKind::Immunization => {
            made.put("resourceType", json!("CarePlan"));
            let codes = &["draft", "active", "on-hold", "revoked", "completed", "unknown"];
            made.put("status", json!(status(fact, codes, "unknown")));
            made.put("intent", json!("plan"));
            made.put("title", json!(fact.concept));
            made.put("subject", json!({"reference": patient}));
            made.maybe("period", period(fact));
        }
        FactKind::Remark => {
            made.put("resourceType", json!("Communication"));
            made.put("status", json!("unknown"));
            made.about(fact, "topic", "subject", patient);
            made.date(fact, "sent");
            let words = fact.value.as_ref();
            made.maybe("payload", words.map(|words| json!([{"contentString": words}])));
        }
    }
    made.0.into()
}

/// An observation: the resource that can be about anything.
pub(super) fn plain(fact: &Fact, id: &str, patient: &str) -> Value {
    let mut made = Made::new(id);
    made.put("resourceType", json!("Observation"));
    made.put("status", json!(status(fact, RESULT_STATUS, "final")));
    let category = match fact.kind {
        FactKind::Vital => Some("vital-signs"),
        FactKind::Lab => Some("laboratory"),
        FactKind::Social => Some("social-history"),
        _ => None,
    };
    made.maybe(
        "category",
        category.map(|code| json!([coded("observation-category", code)])),
    );
    made.about(fact, "code", "subject", patient);
    made.date(fact, "effectiveDateTime");
    if let Some(value) = &fact.value {
        let unit = fact.unit.as_ref();
        match quantity(value, unit.map(String::as_str)) {
            Some(quantity) => made.put("valueQuantity", quantity),
            None => made.put("valueString", json!(value)),
        }
    }
    made.maybe("bodySite", fact.site.as_ref().map(|text| json!({"text": text})));
    made.maybe("interpretation", fact.flag.as_ref().map(|flag| json!([{"text": flag}])));
    made.0.into()
}

fn allergy(fact: &Fact, patient: &str, made: &mut Made) {
    made.put("resourceType", json!("AllergyIntolerance"));
    let least = if fact.negated { "inactive" } else { "active" };
    let code = status(fact, &["active", "inactive", "resolved"], least);
    made.put("clinicalStatus", coded("allergyintolerance-clinical", code));
    let none = fact.concept.to_lowercase();
    if fact.negated && !none.contains("no known") && !none.contains("no allerg") {
        made.put(
            "verificationStatus",
            coded("allergyintolerance-verification", "refuted"),
        );
    }
    made.about(fact, "code", "patient", patient);
    made.date(fact, "onsetDateTime");
    let severity = fact.severity.as_deref();
    made.maybe(
        "criticality",
        severity
            .filter(|word| matches!(*word, "low" | "high" | "unable-to-assess"))
            .map(|word| json!(word)),
    );
    if let Some(reaction) = &fact.reaction {
        let mut of = json!({"manifestation": [{"text": reaction}]});
        if let Some(word @ ("mild" | "moderate" | "severe")) = severity {
            of["severity"] = json!(word);
        }
        made.put("reaction", json!([of]));
    }
}

fn medication(fact: &Fact, patient: &str, made: &mut Made) {
    made.put("resourceType", json!("MedicationStatement"));
    let least = match fact.status.as_deref() {
        Some("held") => "on-hold",
        Some("past") => "stopped",
        Some("given") => "completed",
        Some("planned" | "considered") => "intended",
        Some("declined") => "not-taken",
        Some("started" | "increased" | "decreased" | "changed" | "continued" | "taking") => "active",
        _ => "unknown",
    };
    let codes = &[
        "active",
        "completed",
        "intended",
        "stopped",
        "on-hold",
        "unknown",
        "not-taken",
    ];
    made.put("status", json!(happened(fact, codes, least, "not-taken")));
    made.about(fact, "medicationCodeableConcept", "subject", patient);
    match period(fact).filter(|_| fact.until.is_some()) {
        Some(period) => made.put("effectivePeriod", period),
        None => made.date(fact, "effectiveDateTime"),
    }
    let mut dosage = Map::new();
    let mut say = |name: &str, value: Option<Value>| dosage.extend(value.map(|value| (name.to_owned(), value)));
    say("text", fact.value.as_ref().map(|text| json!(text)));
    say("route", fact.route.as_ref().map(|text| json!({"text": text})));
    say(
        "timing",
        fact.frequency.as_ref().map(|text| json!({"code": {"text": text}})),
    );
    let dose = fact.dose.as_deref().and_then(|dose| dose.split_once(' '));
    let dose = dose.and_then(|(number, unit)| quantity(number, Some(unit)));
    say("doseAndRate", dose.map(|dose| json!([{"doseQuantity": dose}])));
    if !dosage.is_empty() {
        made.put("dosage", json!([dosage]));
    }
    made.maybe("reasonCode", fact.reason.as_ref().map(|text| json!([{"text": text}])));
}

fn condition(fact: &Fact, patient: &str, made: &mut Made) {
    made.put("resourceType", json!("Condition"));
    let over = ["inactive", "resolved", "remission"];
    let open = ["active", "recurrence", "relapse"];
    let until = fact.until.as_ref().filter(|until| is_date(&until.text));
    // A condition that ended is not active (constraint con-4).
    let code = match (until.is_some(), fact.negated) {
        (true, _) => status(fact, &over, "resolved"),
        (false, true) => status(fact, &over, "inactive"),
        (false, false) => status(fact, &[over, open].concat(), "active"),
    };
    made.put("clinicalStatus", coded("condition-clinical", code));
    if fact.negated {
        made.put("verificationStatus", coded("condition-ver-status", "refuted"));
    } else if fact.status.as_deref() == Some("suspected") {
        made.put("verificationStatus", coded("condition-ver-status", "provisional"));
    }
    made.maybe("severity", fact.severity.as_ref().map(|text| json!({"text": text})));
    made.about(fact, "code", "subject", patient);
    made.maybe("bodySite", fact.site.as_ref().map(|text| json!([{"text": text}])));
    made.date(fact, "onsetDateTime");
    made.maybe("abatementDateTime", until.map(|until| json!(until.text)));
}

fn procedure(fact: &Fact, patient: &str, made: &mut Made) {
    made.put("resourceType", json!("Procedure"));
    let codes = &[
        "preparation",
        "in-progress",
        "not-done",
        "on-hold",
        "stopped",
        "completed",
        "unknown",
    ];
    made.put("status", json!(happened(fact, codes, "unknown", "not-done")));
    made.about(fact, "code", "subject", patient);
    made.date(fact, "performedDateTime");
    made.maybe("bodySite", fact.site.as_ref().map(|text| json!([{"text": text}])));
    made.maybe("outcome", fact.value.as_ref().map(|text| json!({"text": text})));
    made.maybe("reasonCode", fact.reason.as_ref().map(|text| json!([{"text": text}])));
}

fn family(fact: &Fact, patient: &str, made: &mut Made) {
    made.put("resourceType", json!("FamilyMemberHistory"));
    made.put("status", json!("completed"));
    made.put("patient", json!({"reference": patient}));
    let who = match &fact.experiencer {
        Experiencer::Relative(who) => who.as_str(),
        Experiencer::Patient => "relative",
    };
    made.put("relationship", json!({"text": who}));
    let mut condition = json!({"code": {"text": fact.concept}});
    if let Some(words) = &fact.value {
        condition["onsetString"] = json!(words);
    }
    made.put("condition", json!([condition]));
    made.date(fact, "date");
}

fn encounter(fact: &Fact, patient: &str, made: &mut Made) {
    made.put("resourceType", json!("Encounter"));
    let codes = &[
        "planned",
        "arrived",
        "triaged",
        "in-progress",
        "onleave",
        "finished",
        "cancelled",
        "unknown",
    ];
    made.put("status", json!(status(fact, codes, "unknown")));
    // Whether somebody came or stayed is not known: the element is required and says so.
    let unknown = json!([{
        "url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown",
    }]);
    made.put("class", json!({"extension": unknown}));
    made.put("type", json!([{"text": fact.concept}]));
    made.put("subject", json!({"reference": patient}));
    made.maybe("period", period(fact));
    made.maybe("reasonCode", fact.reason.as_ref().map(|text| json!([{"text": text}])));
    let home = fact.value.as_ref();
    made.maybe(
        "hospitalization",
        home.map(|text| json!({"dischargeDisposition": {"text": text}})),
    );
}

/// `ObservationStatus` and `DiagnosticReportStatus`, the codes that both have.
const RESULT_STATUS: &[&str] = &["registered", "preliminary", "final", "amended", "corrected", "unknown"];

/// The fact's status where it is one of `codes`, else `least`.
fn status<'a>(fact: &'a Fact, codes: &[&str], least: &'a str) -> &'a str {
    fact.status
        .as_deref()
        .filter(|status| codes.contains(status))
        .unwrap_or(least)
}

/// That status, but `never` of what is denied: an order not to give a medicine is "active", and yet nobody takes it.
fn happened<'a>(fact: &'a Fact, codes: &[&str], least: &'a str, never: &'a str) -> &'a str {
    if fact.negated {
        never
    } else {
        status(fact, codes, least)
    }
}

fn coded(system: &str, code: &str) -> Value {
    json!({"coding": [{"system": format!("{TERMS}/{system}"), "code": code}]})
}

/// A Quantity of a plain decimal number, perhaps with a comparator of R4.
fn quantity(text: &str, unit: Option<&str>) -> Option<Value> {
    let number = text.trim_start_matches(['<', '>', '=']);
    let comparator = text.get(..text.len() - number.len())?;
    let digits = number.strip_prefix('-').unwrap_or(number);
    let plain = !digits.is_empty()
        && digits.len() <= 15
        && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && (!digits.starts_with('0') || digits == "0" || digits.starts_with("0."));
    if !plain || !matches!(comparator, "" | "<" | "<=" | ">=" | ">") {
        return None;
    }
    let mut quantity = json!({"value": serde_json::from_str::<serde_json::Number>(number).ok()?});
    if !comparator.is_empty() {
        quantity["comparator"] = json!(comparator);
    }
    if let Some(unit) = unit {
        quantity["unit"] = json!(unit);
        if let Some(code) = crate::ucum::code(unit) {
            quantity["system"] = json!(crate::ucum::SYSTEM);
            quantity["code"] = json!(code);
        }
    }
    Some(quantity)
}

/// `date` and `dateTime` of R4, without a time of day.
fn is_date(text: &str) -> bool {
    matches!(text.len(), 4 | 7 | 10) && Civil::from_iso(text).is_some()
}

/// A Period of the fact's two dates: none without one, and none whose end lies before its start (constraint per-1).
fn period(fact: &Fact) -> Option<Value> {
    let date = |when: &Option<When>| when.clone().filter(|when| is_date(&when.text));
    let (start, end) = (date(&fact.when), date(&fact.until));
    let in_order = match (&start, &end) {
        (Some(start), Some(end)) => start.day <= end.day,
        _ => true,
    };
    let mut period = Map::new();
    period.extend(start.map(|when| ("start".to_owned(), json!(when.text))));
    period.extend(
        end.filter(|_| in_order)
            .map(|when| ("end".to_owned(), json!(when.text))),
    );
    (!period.is_empty()).then(|| period.into())
}

/// A resource in the making.
struct Made(Map<String, Value>);

impl Made {
    fn new(id: &str) -> Self {
        Self(Map::from_iter([("id".to_owned(), json!(id))]))
    }

    fn put(&mut self, name: &str, value: Value) {
        self.0.insert(name.to_owned(), value);
    }

    fn maybe(&mut self, name: &str, value: Option<Value>) {
        if let Some(value) = value {
            self.put(name, value);
        }
    }

    /// What it is, and whose.
    fn about(&mut self, fact: &Fact, what: &str, whose: &str, patient: &str) {
        self.put(what, json!({"text": fact.concept}));
        self.put(whose, json!({"reference": patient}));
    }

    fn date(&mut self, fact: &Fact, name: &str) {
        let date = fact.when.as_ref().filter(|when| is_date(&when.text));
        self.maybe(name, date.map(|when| json!(when.text)));
    }
}
