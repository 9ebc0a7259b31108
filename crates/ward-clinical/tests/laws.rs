//! Laws over made-up records: every fact is kept, none is new, quotes stand where they say.

#![expect(unreachable_pub, reason = "the fuzz bodies are shared with the fuzz targets")]
#![expect(clippy::expect_used, clippy::panic, reason = "a test may fail loudly")]

#[path = "../../../fuzz/bodies/clinical_note.rs"]
mod clinical_note;

use proptest::prelude::*;
use serde_json::{Value, json};
use ward_clinical::{Options, compress, read};
use ward_formats::{Budget, Doc, Kind};

/// Texts with the marks of every grammar in them.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Za-z][a-z]{2,8}( [a-z]{2,6}){0,3}",
        "[ -~]{1,20}",
        r#"[a|;=#\\ \n\t"-]{1,12}"#,
        "\\PC{1,8}",
        Just("Metformin 500 MG".to_owned()),
        Just("no known allergies".to_owned()),
        Just("# lab".to_owned()),
        Just("- x | unit=y".to_owned()),
    ]
}

fn date() -> impl Strategy<Value = String> {
    prop_oneof![
        (2000..2030, 1..13, 1..29).prop_map(|(y, m, d)| format!("{y}-{m:02}-{d:02}T10:00:00Z")),
        (2000..2030).prop_map(|y: i32| y.to_string()),
        (1..9999).prop_map(|n| format!("[DAY_{n}TR]")),
        text(),
    ]
}

fn resource() -> impl Strategy<Value = Value> {
    (0..8, text(), text(), date(), date(), any::<f64>(), prop::option::of(text())).prop_map(
        |(kind, a, b, from, to, number, other)| {
            let number = if number.is_finite() { number } else { 1.5 };
            match kind {
                0 => json!({"resourceType": "AllergyIntolerance", "code": {"text": a}, "onsetDateTime": from,
                    "reaction": [{"manifestation": [{"text": b}], "severity": other}]}),
                1 => json!({"resourceType": "MedicationRequest", "status": b, "medicationCodeableConcept": {"text": a},
                    "authoredOn": from, "effectivePeriod": {"end": to}, "dosageInstruction": [{"text": other,
                    "doseAndRate": [{"doseQuantity": {"value": number, "unit": "mg"}}]}], "note": [{"text": b}]}),
                2 | 3 => json!({"resourceType": "Observation", "status": "final", "code": {"text": a}, "effectiveDateTime": from,
                    "valueQuantity": {"value": number, "unit": b}, "interpretation": [{"coding": [{"code": other}]}]}),
                4 => json!({"resourceType": "Condition", "code": {"coding": [{"display": a}]}, "onsetDateTime": from,
                    "abatementDateTime": to, "clinicalStatus": {"coding": [{"code": b}]}}),
                5 => json!({"resourceType": "FamilyMemberHistory", "relationship": {"text": b}, "condition": [{"code": {"text": a}}]}),
                6 => json!({"resourceType": "Immunization", "vaccineCode": {"text": a}, "status": b, "occurrenceDateTime": from}),
                _ => json!({"resourceType": "Encounter", "type": [{"text": a}], "reasonCode": [{"text": b}],
                    "period": {"start": from, "end": to}}),
            }
        },
    )
}

fn sentence() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("The patient denies chest pain, shortness of breath, or a cough.".to_owned()),
        Just("Electronically signed by X.".to_owned()),
        Just("No known drug allergies.".to_owned()),
        Just("Penicillin - hives".to_owned()),
        Just("1. Follow up in 3 months.".to_owned()),
        Just("Mother had a stroke".to_owned()),
        ("(Start|Stop|Continue|Increase)", "(metformin|lisinopril|Lasix)", 1..100)
            .prop_map(|(verb, drug, n)| format!("- {verb} the {drug} {n} mg daily.")),
        ("(A1c|BP|K|Creatinine)", 1..200).prop_map(|(test, n)| format!("{test} was {n}.{} %, BP {n}/80", n % 7)),
        Just("MEDICATIONS".to_owned()),
        Just("Allergies: latex (rash)".to_owned()),
        Just("Family history:".to_owned()),
        Just("ASSESSMENT AND PLAN".to_owned()),
        (1..13, 1..29, 2019..2026).prop_map(|(m, d, y)| format!("Visit date: {m:02}/{d:02}/{y}")),
        (1..400).prop_map(|n| format!("Progress note [DAY_{n}TR]")),
        "[ -~]{0,60}",
        "\\PC{0,20}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn structured_records_keep_every_fact(resources in prop::collection::vec(resource(), 0..12)) {
        let entries: Vec<Value> = resources.into_iter().map(|r| json!({"resource": r})).collect();
        let bytes = json!({"resourceType": "Bundle", "entry": entries}).to_string().into_bytes();
        let doc = Doc::parse(&bytes, Some(Kind::Fhir), Budget::RECORD).unwrap().document;
        let record = read(&doc);
        let small = compress(&doc, &record, &Options::default());
        prop_assert!(small.verified);
        prop_assert_eq!((small.facts.kept, small.facts.invented), (small.facts.found, 0));
        // The rows were proved, not the source handed back.
        prop_assert!(record.facts.is_empty() || small.text.starts_with("# "));
        clinical_note::run(&bytes);
    }

    #[test]
    fn notes_keep_every_fact(lines in prop::collection::vec((sentence(), "(\n|\n\n| )"), 0..40)) {
        let note: String = lines.into_iter().map(|(line, end)| line + &end).collect();
        clinical_note::run(note.as_bytes());
    }

    #[test]
    fn any_text_is_read(text in "\\PC{0,200}") {
        clinical_note::run(text.as_bytes());
    }
}
