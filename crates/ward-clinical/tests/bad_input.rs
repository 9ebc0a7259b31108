//! Records that contradict themselves, are damaged, or are too much: a stated outcome each, and no fact lost in silence.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::time::{Duration, Instant};

use ward_clinical::{
    FactKind, Options,
    cite::{self, Calendar, Source},
    compress, patients, read,
    state::State,
};
use ward_formats::{Budget, Doc, Kind};

fn parse(bytes: &[u8]) -> Doc {
    Doc::parse(bytes, None, Budget::RECORD).unwrap().document
}

/// Reads, compresses with proof and orders `source`; gives the doubts.
fn doubts(source: &str, today: Option<i64>) -> Vec<String> {
    let doc = parse(source.as_bytes());
    let record = read(&doc);
    let small = compress(&doc, &record, &Options::default());
    assert!(small.verified, "{}", small.text);
    assert_eq!((small.facts.kept, small.facts.invented), (small.facts.found, 0));
    let state = State::of(&record, today);
    state
        .doubts
        .iter()
        .map(|doubt| format!("{}: {}", doubt.about, doubt.why))
        .collect()
}

#[test]
fn what_cannot_be_is_kept_and_named() {
    let check = |source: &str, today: Option<i64>, expect: &str| {
        let found = doubts(source, today);
        assert!(found.iter().any(|doubt| doubt.contains(expect)), "{expect}: {found:?}");
    };
    check(
        "Visit 2024-01-02\nHR 800.\n",
        None,
        "heart rate: 800 of 2024-01-02 is outside",
    );
    check(
        "Visit 2024-01-02\nGlucose 110 mg/dL. Glucose 6.1 mmol/L.\n",
        None,
        "glucose: written in mg/dL and mmol/L",
    );
    check(
        "Visit 2094-01-02\nGlucose 110 mg/dL.\n",
        Some(20_000),
        "Glucose: dated to the future of 2094-01-02",
    );
    check("RESULTS\nGlucose 110 mg/dL.\n", None, "results: 1 without a date");
    check(
        "Allergies: NKDA, but shellfish makes him itch\n",
        None,
        "shellfish: the record also says that no allergy is known",
    );
}

#[test]
fn what_can_be_is_not_doubted() {
    let none: [String; 0] = [];
    assert_eq!(doubts("Visit 2024-01-02\nPain score 9/10. BP 130/80.\n", None), none);
}

#[test]
fn two_languages_and_damaged_words_are_named() {
    let check = |source: &str, names: &[&str], problem: Option<&str>| {
        let doc = parse(source.as_bytes());
        let record = read(&doc);
        let facts: Vec<String> = record
            .facts
            .iter()
            .map(|fact| format!("{} {}", fact.kind.word(), fact.concept))
            .collect();
        assert_eq!(facts, names, "{source}");
        let broken = record.problems.iter().find(|problem| problem.broken);
        assert_eq!(broken.map(|one| one.what), problem, "{source}");
        assert!(compress(&doc, &record, &Options::default()).verified);
    };
    check(
        "HPI: Patient denies chest pain. Klagt seit gestern, kein Fieber.\nAllergien: Penicillin.\nK 4.1 mmol/L.\n",
        &["negation chest pain", "allergy Penicillin", "lab K"],
        Some("parts look German; all of it was read as English"),
    );
    check(
        "HPI: The patient denies chest pain. Toradol 30 mg IM given.\nAllergies: penicillin\nK 4.1 mmol/L\n",
        &[
            "negation chest pain",
            "medication Toradol",
            "allergy penicillin",
            "lab K",
        ],
        None,
    );
    check(
        "MEDICATIONS\nL1sinopril l0 mg daily\nMetformin 500 mg daily\n",
        &["medication Metformin"],
        Some("a word or number that looks misread by a scan (letters for digits, or digits for letters) was not read"),
    );
}

#[test]
fn names_titles_and_quotations_are_no_second_language() {
    for (note, mixed) in [
        (
            "CLINIC NOTE 03/03/2026\nPatient: Hans von der Heide, seen by Dr. Und. Address: An der Alster 3, Stadt am Main.\n\
He grew up in Germany (\"Das ist gut\", he says) and lives with his wife.\nALLERGIES: penicillin\n\
PLAN: continue lisinopril 10 mg daily\n",
            false,
        ),
        (
            "Arztbrief vom 03.03.2026\nSehr geehrte Kollegen, wir berichten über den Patienten Klaus Berger.\n\
Medikation: ASS 100 mg 1-0-0, Insulin at bedtime\n\
Studie: \"Effects of the drug with or without food\" and others, Placebo-controlled.\n\
Befund: Puls 72/min. Was der Patient hat: keine Atemnot.\nAllergien: keine bekannt\n",
            false,
        ),
        (
            "HPI: He denies chest pain and was seen for a cough.\n\
Der Patient klagt seit gestern über Husten und hat kein Fieber.\nEr wurde nach Hause entlassen und nimmt keine Medikamente.\n\
PLAN: return for a repeat of the test.\n",
            true,
        ),
        (
            "HPI: The patient has a cough and takes metformin.\n\
Medikation: Ramipril 5 mg 1-0-0. Der Patient hat keine Allergien und nimmt Marcumar nicht mehr.\n",
            true,
        ),
    ] {
        let problems = read(&parse(note.as_bytes())).problems;
        assert_eq!(
            problems.iter().any(|one| one.what.contains("parts look")),
            mixed,
            "{note}"
        );
    }
}

/// A laboratory value whose name ends in the letter of a vital sign is none.
#[test]
fn only_vital_signs_are_vital_without_a_category() {
    for (code, value, unit, vital) in [
        (r#"{"text":"Troponin T"}"#, "35", "ng/L", false),
        (r#"{"text":"Phosphate P"}"#, "28", "mg/dL", false),
        (r#"{"text":"Cortisol P"}"#, "28", "ug/dL", false),
        (r#"{"text":"Birth weight"}"#, "3.1", "kg", false),
        (r#"{"text":"Specimen weight"}"#, "3.1", "g", false),
        (r#"{"text":"Oxygen content"}"#, "19", "%", false),
        (r#"{"text":"Heart rate"}"#, "35", "ng/L", false),
        (
            r#"{"coding":[{"system":"http://snomed.info/sct","code":"8867-4"}]}"#,
            "35",
            "/min",
            false,
        ),
        (r#"{"text":"Heart rate"}"#, "72", "/min", true),
        (r#"{"text":"Body temperature"}"#, "37.2", "Cel", true),
        (
            r#"{"text":"Pulse","coding":[{"system":"http://loinc.org","code":"8867-4"}]}"#,
            "72",
            "/min",
            true,
        ),
    ] {
        let json = format!(
            r#"{{"resourceType":"Observation","status":"final","code":{code},"valueQuantity":{{"value":{value},"unit":"{unit}"}}}}"#
        );
        let doc = Doc::parse(json.as_bytes(), Some(Kind::Fhir), Budget::RECORD)
            .unwrap()
            .document;
        let is_vital = read(&doc).facts.iter().any(|fact| fact.kind == FactKind::Vital);
        assert_eq!(is_vital, vital, "{json}");
    }
}

#[test]
fn two_patients_are_counted() {
    let note = "MRN: 123\nAllergies: latex\n\nMRN: 456\nAllergies: penicillin\n";
    assert_eq!(patients(&parse(note.as_bytes())), 2);
}

#[test]
fn two_patients_are_answered_apart() {
    let docs: Vec<Doc> = [
        "DOB: 03/14/1952\nAllergies: latex\n",
        "DOB: 04/15/1961\nAllergies: penicillin\n",
    ]
    .iter()
    .map(|note| parse(note.as_bytes()))
    .collect();
    let records: Vec<_> = docs.iter().map(read).collect();
    let sources: Vec<Source<'_>> = docs
        .iter()
        .zip(&records)
        .map(|(doc, record)| Source { doc, record })
        .collect();
    let answer = cite::answer(&sources, "What is she allergic to?", &Calendar::of_plain(&sources));
    assert_eq!(
        answer.text,
        "Patient 1 of 2 (record 1):\nAllergies:\n- latex [1]\n\nPatient 2 of 2 (record 2):\nAllergies:\n- penicillin [2]"
    );
    let places: Vec<usize> = answer.citations.iter().map(|citation| citation.source).collect();
    assert_eq!(places, [0, 1]);
    // Two records of one patient, and one that does not say, are answered together.
    let one = cite::answer(&sources[..1], "What is she allergic to?", &Calendar::default());
    assert_eq!(one.text, "Allergies:\n- latex [1]");
}

#[test]
fn damaged_and_foreign_text_is_read() {
    for source in [
        // Letters taken for others, words torn apart.
        "MEDlCATlONS\nMetforrnin 5OO rng b1d\nLisin0pril 1O mg da1ly\nA11ergies: Penici11in (hlves)\nVisit 2O24-O1-O2\n",
        "Allergies: penicillin. Anamnese: Die Patientin verneint Brustschmerz. 患者は喘息がある。 Аллергия на латекс. RR 130/80, HR 72.",
        "\u{feff}\u{202e}Visit 2024-01-02\u{0}\nBP 1\u{200b}30/80 \u{fffd}\u{fffd}\nCreatinine ,,, 1..2..3 mg/dL\n",
        "BP 130/80/70/60 HR -5 K 1e9 Na NaN 99999999999999999999 mg of metformin",
    ] {
        let _ = doubts(source, None);
    }
}

#[test]
fn ten_thousand_visits_are_one_record() {
    let mut note = String::from("Patient: Ana\n\n");
    for visit in 0..10_000 {
        let (year, month, day) = (1990 + visit / 336, 1 + visit / 28 % 12, 1 + visit % 28);
        note += &format!(
            "Visit {year}-{month:02}-{day:02}\nMetformin 500 mg daily.\nCreatinine {}.{} mg/dL.\n\n",
            1 + visit % 3,
            visit % 10
        );
    }
    let doc = parse(note.as_bytes());
    let record = read(&doc);
    let small = compress(&doc, &record, &Options::default());
    assert!(
        small.verified && small.tokens.after < small.tokens.before,
        "{:?}",
        small.tokens
    );
    assert_eq!((small.facts.found, small.facts.kept), (30_000, 30_000));
    let state = State::of(&record, None);
    assert_eq!(state.facts().count(), 30_000);
}

#[test]
fn references_in_a_circle_end() {
    let source = r##"{"resourceType":"Bundle","type":"collection","entry":[
        {"fullUrl":"urn:a","resource":{"resourceType":"MedicationRequest","id":"a","status":"active","intent":"order","medicationReference":{"reference":"urn:b"}}},
        {"fullUrl":"urn:b","resource":{"resourceType":"Medication","id":"b","code":{"text":"Aspirin"},"ingredient":[{"itemReference":{"reference":"urn:a"}}],
            "contained":[{"resourceType":"Medication","id":"c","ingredient":[{"itemReference":{"reference":"#c"}}]}]}},
        {"fullUrl":"urn:o","resource":{"resourceType":"Observation","id":"o","status":"final","code":{"text":"Ring"},"hasMember":[{"reference":"urn:o"}],"derivedFrom":[{"reference":"urn:o"}],"valueString":"round"}}]}"##;
    let doc = parse(source.as_bytes());
    let record = read(&doc);
    let names: Vec<&str> = record.facts.iter().map(|fact| fact.concept.as_str()).collect();
    assert_eq!(names, ["Aspirin", "Ring"]);
    assert!(compress(&doc, &record, &Options::default()).verified);
}

#[test]
fn braces_are_looked_at_once() {
    let before = Instant::now();
    for many in ["{", "{1: ", "{1: a.\n", "{1 ", "{ab ", "{newest ", "{newest 1", "{ 1"] {
        for end in ["", "}", " {2: x} {2}"] {
            let note = format!(
                "Visit date: 01/02/2024\nPain.\n\nVisit date: 02/02/2024\n{}{end}\n\nVisit date: 03/02/2024\nWell.\n",
                many.repeat(100_000 / many.len())
            );
            let doc = parse(note.as_bytes());
            let small = compress(&doc, &read(&doc), &Options::default());
            assert!(
                small.verified && small.tokens.after <= small.tokens.before,
                "{many}{end}"
            );
        }
    }
    // Several times what it takes; a search from every brace to the end of the text takes far more.
    assert!(before.elapsed() < Duration::from_secs(60), "{:?}", before.elapsed());
}
