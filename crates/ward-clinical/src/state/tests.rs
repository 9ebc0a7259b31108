use serde_json::Value;
use ward_formats::{Budget, Doc};

use super::*;
use crate::read;

fn state(source: &str) -> State {
    let doc = Doc::parse(source.as_bytes(), None, Budget::RECORD).unwrap().document;
    State::of(&read(&doc), None)
}

fn again(bundle: &Value) -> State {
    state(&bundle.to_string())
}

const NOTE: &str = "\
Patient: Ana\nDOB: 03/14/1952\nSex: F\nAllergies: Penicillin (hives), latex\n\n\
Visit date: 01/05/2024\nPMH: HTN, asthma.\nMEDICATIONS\nLisinopril 10 mg PO daily\n\nRESULTS\nCreatinine 1.1 mg/dL\nBP 130/80, HR 800\n\
FAMILY HISTORY\nMother had breast cancer.\nSOCIAL HISTORY\nShe smokes one pack a day.\n\n\
Visit date: 06/05/2024\nMEDICATIONS\nLisinopril 20 mg PO daily\nPLAN\nIncrease lisinopril from 10 mg to 20 mg daily.\nStop ibuprofen.\n\
RESULTS\nCreatinine 1.6 mg/dL (H)\nShe denies chest pain.\nFollow up in 3 months.\n";

#[test]
fn a_note_becomes_a_state() {
    let state = state(NOTE);
    let text = state.to_text();
    for line in [
        "  sex female",
        "  born 1952-03-14",
        "  Penicillin, hives",
        "    2024-06-05 increased 20 mg",
        "  creatinine mg/dL: 1.1 (2024-01-05), 1.6 H (2024-06-05)",
        "  heart rate: 800 of 2024-01-05 is outside of what a person can have",
        "  mother: breast cancer (2024-01-05)",
    ] {
        assert!(text.lines().any(|one| one == line), "{line}\n{text}");
    }
    let lisinopril = state.medicines.iter().find(|one| one.name == "lisinopril").unwrap();
    assert_eq!(lisinopril.now.as_ref().unwrap().dose.as_deref(), Some("20 mg"));
    let ibuprofen = state.medicines.iter().find(|one| one.name == "ibuprofen").unwrap();
    assert!(ibuprofen.now.is_none() && ibuprofen.changes.len() == 1);
}

#[test]
fn a_bundle_gives_the_same_state_again() {
    for source in [NOTE, "Ana has asthma since [DAY_4812TR].", "Nothing."] {
        let state = state(source);
        let bundle = state.to_fhir();
        let back = again(&bundle);
        assert_eq!(back.to_json(), state.to_json(), "{bundle:#}");
        assert_eq!(back, state);
    }
}

#[test]
fn two_units_are_two_series_and_a_doubt() {
    let state = state("Visit date: 01/05/2024\nRESULTS\nGlucose 110 mg/dL\nGlucose 6.1 mmol/L\n");
    assert_eq!(state.series.len(), 2);
    assert_eq!(state.doubts.len(), 1);
    assert!(state.doubts[0].why.contains("mg/dL and mmol/L"), "{:?}", state.doubts);
}

#[test]
fn a_date_to_come_is_a_doubt_and_stays() {
    let doc = Doc::parse(NOTE.as_bytes(), None, Budget::RECORD).unwrap().document;
    let state = State::of(&read(&doc), Some(19_800));
    assert!(
        state.doubts.iter().any(|one| one.why.contains("future of 2024-06-05")),
        "{:?}",
        state.doubts
    );
    assert!(state.series.iter().any(|one| one.entries.len() == 2));
    // The number of a placeholder is no day of the calendar.
    let holder = Doc::parse(b"Labs [DAY_59303GV]: K 4.1", None, Budget::RECORD)
        .unwrap()
        .document;
    let state = State::of(&read(&holder), Some(19_800));
    assert!(
        !state.doubts.iter().any(|one| one.why.contains("future")),
        "{:?}",
        state.doubts
    );
}

#[test]
fn an_order_on_hold_is_held() {
    let source = r#"{"resourceType":"MedicationRequest","status":"on-hold","intent":"order","authoredOn":"2025-08-02",
        "medicationCodeableConcept":{"text":"warfarin 5 mg tablet"}}"#;
    let state = state(source);
    let warfarin = &state.medicines[0];
    let changes: Vec<&str> = warfarin.changes.iter().map(|change| change.what).collect();
    assert_eq!((warfarin.now.is_none(), changes), (true, vec!["started", "held"]));
}

#[test]
fn an_order_not_to_give_is_no_active_medicine_for_other_readers() {
    let order = |forbids: &str| {
        format!(
            r#"{{"resourceType":"MedicationRequest","status":"active","intent":"order","doNotPerform":{forbids},"medicationCodeableConcept":{{"text":"warfarin"}}}}"#
        )
    };
    let written = |forbids: &str| {
        let state = state(&order(forbids));
        let bundle = state.to_fhir();
        assert_eq!(again(&bundle), state);
        bundle["entry"][1]["resource"]["status"].clone()
    };
    assert_eq!(written("true"), "not-taken");
    assert_eq!(written("false"), "active");
    let undone =
        state(r#"{"resourceType":"Procedure","status":"completed","notDone":true,"code":{"text":"colonoscopy"}}"#);
    assert_eq!(undone.to_fhir()["entry"][1]["resource"]["status"], "not-done");
    let done = state(r#"{"resourceType":"Procedure","status":"completed","code":{"text":"colonoscopy"}}"#);
    assert_eq!(done.to_fhir()["entry"][1]["resource"]["status"], "completed");
}

#[test]
fn a_vaccine_that_is_due_was_not_given() {
    let state = state("IMMUNIZATIONS\nTdap due");
    let bundle = state.to_fhir();
    assert!(!bundle.to_string().contains("\"Immunization\""), "{bundle:#}");
    assert_eq!(again(&bundle), state);
}

#[test]
fn the_page_escapes_and_describes() {
    let source = r#"{"resourceType":"Bundle","type":"collection","entry":[
        {"resource":{"resourceType":"Condition","code":{"text":"<script>alert('x')</script> \u202e\"&"}}},
        {"resource":{"resourceType":"Observation","status":"final","category":[{"coding":[{"code":"laboratory"}]}],"code":{"text":"\"><b>K"},"valueQuantity":{"value":5,"unit":"<i>"},"effectiveDateTime":"2020-01-01"}},
        {"resource":{"resourceType":"Observation","status":"final","category":[{"coding":[{"code":"laboratory"}]}],"code":{"text":"\"><b>K"},"valueQuantity":{"value":7,"unit":"<i>"},"effectiveDateTime":"2021-01-01","interpretation":[{"text":"H"}]}}]}"#;
    let page = state(source).to_html();
    for never in ["<script", "<b>K", "<i>", "\u{202e}", "http:", "https:"] {
        assert!(!page.contains(never), "{never}\n{page}");
    }
    for there in [
        "role=img aria-label=\"&quot;&gt;&lt;b&gt;k: 2 values, lowest 5, highest 7, newest 7; 1 marked abnormal\"",
        "<path class=off",
        "@media print",
    ] {
        assert!(page.contains(there), "{there}\n{page}");
    }
}

#[test]
fn medicines_of_the_past_are_not_taken_now() {
    let taken = |note: &str| {
        let now = state(note).medicines.into_iter().filter_map(|one| one.now);
        now.map(|fact| format!("{} {}", fact.concept, fact.dose.unwrap_or_default()))
            .collect::<Vec<_>>()
    };
    let over = "MEDICATIONS\nWas on digoxin until 2019\nFormerly took amiodarone 200 mg\nNever took warfarin\n\
        Prednisone 10 mg x 5 days, completed\nTried and failed sertraline\nWill start apixaban 5 mg next week\n";
    assert_eq!(taken(over), Vec::<String>::new());
    // What was taken once in another dose is taken now.
    let changed = "Previously on metoprolol 25 mg, now on metoprolol 50 mg daily.";
    assert_eq!(taken(changed), ["metoprolol 50 mg"]);
}

#[test]
fn pressures_that_cannot_be_are_doubtful() {
    for (note, doubtful) in [
        ("BP 300/20", true),
        ("BP 120/130", true),
        ("BP 250/120", false),
        ("BP 12/8", true),
    ] {
        let doubts = state(note).doubts;
        assert_eq!(
            doubts.iter().any(|one| one.about == "blood pressure"),
            doubtful,
            "{note}: {doubts:?}"
        );
    }
}

#[test]
fn the_list_of_a_discharge_is_the_last_word_on_a_dose() {
    let now = |note: &str| -> Vec<(String, Option<String>)> {
        let state = state(note);
        let medicines = state.medicines.iter().filter_map(|one| one.now.as_ref());
        medicines.map(|now| (now.concept.clone(), now.dose.clone())).collect()
    };
    let of = |name: &str, dose: &str| (name.to_owned(), Some(dose.to_owned()));
    let before = "Metoprolol 50 mg daily\nAspirin 81 mg daily\n\n";
    let after = "Discharge medications:\nMetoprolol 100 mg daily\n\n";
    for head in ["Admission medications:", "Home medications:", "HOME MEDS"] {
        let expect = [of("Metoprolol", "100 mg"), of("Aspirin", "81 mg")];
        for note in [format!("{head}\n{before}{after}"), format!("{after}{head}\n{before}")] {
            let mut now = now(&note);
            now.sort();
            now.reverse();
            assert_eq!(now, expect, "{note}");
        }
        // It may also stand alone.
        assert_eq!(
            now(&format!("{head}\nMetoprolol 50 mg daily\n")),
            [of("Metoprolol", "50 mg")]
        );
    }
    assert_eq!(
        now("Medikation bei Aufnahme: Ramipril 5 mg 1-0-0\nMedikation bei Entlassung: Ramipril 10 mg 1-0-0\n"),
        [of("Ramipril", "10 mg")]
    );
    // What the stay interrupted is taken by the list behind it, and what ends behind the list is not.
    let course = "Hospital course: metoprolol was held.\n\n";
    assert_eq!(now(&format!("{course}{after}")), [of("Metoprolol", "100 mg")]);
    assert_eq!(now(&format!("{after}{course}")), []);
    assert_eq!(now(&format!("{course}Medications:\nMetoprolol 100 mg daily\n")), []);
    assert_eq!(
        now(&format!(
            "{course}Discharge medications:\nMetoprolol 100 mg daily (HOLD)\n"
        )),
        []
    );
    assert_eq!(
        now("Home medications:\nMetoprolol 50 mg daily\n\nDischarge medications:\nMetoprolol\n"),
        [of("Metoprolol", "50 mg")]
    );
}

#[test]
fn an_end_of_one_medicine_dates_no_other() {
    let now = |item: &str| {
        let course = "HOSPITAL COURSE\nCeftriaxone 1 g daily.\n";
        let course = if item.is_empty() { "" } else { course };
        let note = format!(
            "Visit date: 04/02/2024\n{course}MEDICATIONS:\n- Apixaban 10 mg BID {item}\n- Metformin 1000 mg BID\n"
        );
        let state = state(&note);
        state.medicines.iter().filter(|one| one.now.is_some()).count()
    };
    for item in [
        "until 04/11/2024",
        "until 04/11/2024, then 5 mg BID",
        "(through 04/11/2024)",
        "",
    ] {
        assert_eq!(now(item), 2, "{item}");
    }
}
