//! Readings that could hurt somebody: what is not to be done, was not done, or was wrong.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use ward_clinical::{
    Compressed, Options,
    cite::{self, Calendar, Source},
    compress, read,
};
use ward_formats::{Budget, Doc};

fn parse(bytes: &[u8]) -> Doc {
    Doc::parse(bytes, None, Budget::RECORD).unwrap().document
}

fn ask(bytes: &[u8], question: &str) -> String {
    let doc = parse(bytes);
    let record = read(&doc);
    let sources = [Source {
        doc: &doc,
        record: &record,
    }];
    cite::answer(&sources, question, &Calendar::of_plain(&sources)).text
}

fn small(bytes: &[u8]) -> Compressed {
    let doc = parse(bytes);
    let record = read(&doc);
    let small = compress(&doc, &record, &Options::default());
    assert!(small.verified);
    small
}

/// A bundle of one line per resource.
fn bundle(resources: &[&str]) -> Vec<u8> {
    let entries: Vec<String> = resources.iter().map(|r| format!("{{\"resource\":{r}}}")).collect();
    format!("{{\"resourceType\":\"Bundle\",\"entry\":[{}]}}", entries.join(",")).into_bytes()
}

#[test]
fn what_is_not_to_be_done_is_not_so() {
    let bytes = bundle(&[
        r#"{"resourceType":"ServiceRequest","status":"active","intent":"order","doNotPerform":true,"code":{"text":"Cardiopulmonary resuscitation"},"authoredOn":"2024-02-01"}"#,
        r#"{"resourceType":"MedicationRequest","status":"active","intent":"order","medicationCodeableConcept":{"text":"Aspirin 81 MG"},"authoredOn":"2024-01-01"}"#,
        r#"{"resourceType":"MedicationRequest","status":"active","intent":"order","doNotPerform":true,"medicationCodeableConcept":{"text":"Aspirin 81 MG"},"authoredOn":"2024-02-01"}"#,
        r#"{"resourceType":"MedicationRequest","status":"active","intent":"order","doNotPerform":false,"medicationCodeableConcept":{"text":"Metformin 500 MG"},"authoredOn":"2024-02-01"}"#,
    ]);
    let text = small(&bytes).text;
    assert!(
        text.contains("Cardiopulmonary resuscitation | status=active | absent=yes | 2024-02-01"),
        "{text}"
    );
    assert!(text.contains("2024-02-01; absent=yes"), "{text}");
    let now = ask(&bytes, "What medications is she taking now?");
    assert!(now.contains("Metformin") && !now.contains("Aspirin"), "{now}");
    let aspirin = ask(&bytes, "Is she on aspirin?");
    assert!(aspirin.contains("not: Aspirin"), "{aspirin}");
    for question in ["Which procedures were done?", "Cardiopulmonary resuscitation?"] {
        let answer = ask(&bytes, question);
        assert!(answer.contains("- not: Cardiopulmonary"), "{question} {answer}");
    }
}

#[test]
fn what_was_not_done_is_not_so() {
    let medicine = |of: &str, status: &str, name: &str, day: &str| {
        format!(
            r#"{{"resourceType":"{of}","status":"{status}","medicationCodeableConcept":{{"text":"{name}"}},"effectiveDateTime":"{day}"}}"#
        )
    };
    let resources = [
        medicine("MedicationAdministration", "not-done", "Warfarin", "2024-03-01"),
        medicine("MedicationStatement", "not-taken", "Ibuprofen", "2024-03-01"),
        medicine("MedicationStatement", "not-taking", "Colchicine", "2024-03-01"),
        medicine("MedicationStatement", "active\",\"taken\":\"n", "Allopurinol", "2024-03-01"),
        medicine(
            "MedicationStatement",
            "recorded\",\"adherence\":{\"code\":{\"coding\":[{\"code\":\"not-taking\"}]}},\"language\":\"en",
            "Febuxostat",
            "2024-03-01",
        ),
        medicine("MedicationStatement", "active\",\"taken\":\"y", "Losartan", "2024-03-01"),
        medicine("MedicationStatement", "intended", "Insulin glargine", "2024-03-01"),
        medicine("MedicationStatement", "entered-in-error", "Digoxin", "2024-03-01"),
        medicine("MedicationDispense", "cancelled", "Naproxen", "2024-03-01"),
        medicine("MedicationStatement", "active", "Lisinopril", "2024-01-01"),
        medicine("MedicationAdministration", "not-done", "Lisinopril", "2024-03-01"),
        r#"{"resourceType":"Immunization","status":"not-done","vaccineCode":{"text":"Influenza vaccine"},"occurrenceDateTime":"2024-01-01"}"#.to_owned(),
        r#"{"resourceType":"Immunization","status":"entered-in-error","vaccineCode":{"text":"Measles vaccine"},"occurrenceDateTime":"2024-01-01"}"#.to_owned(),
        r#"{"resourceType":"Procedure","status":"not-done","code":{"text":"Appendectomy"},"performedDateTime":"2024-01-01"}"#.to_owned(),
        r#"{"resourceType":"Procedure","status":"entered-in-error","code":{"text":"Colonoscopy"},"performedDateTime":"2024-01-01"}"#.to_owned(),
        r#"{"resourceType":"Condition","verificationStatus":{"coding":[{"code":"entered-in-error"}]},"code":{"text":"Leukemia"}}"#.to_owned(),
    ];
    let bytes = bundle(&resources.iter().map(String::as_str).collect::<Vec<_>>());
    let now = ask(&bytes, "What medications is he taking now?");
    assert!(now.contains("Lisinopril"), "a dose not given ends no order: {now}");
    assert!(now.contains("Losartan"), "{now}");
    for other in [
        "Warfarin",
        "Ibuprofen",
        "Colchicine",
        "Allopurinol",
        "Febuxostat",
        "glargine",
        "Digoxin",
        "Naproxen",
    ] {
        assert!(!now.contains(other), "{now}");
    }
    let vaccines = ask(&bytes, "What vaccines has he had?");
    assert!(
        vaccines.contains("- not: Influenza vaccine") && !vaccines.contains("Measles"),
        "{vaccines}"
    );
    let done = ask(&bytes, "Which procedures were done?");
    assert!(
        done.contains("- not: Appendectomy") && !done.contains("Colonoscopy"),
        "{done}"
    );
    let small = small(&bytes);
    for gone in ["Digoxin", "Measles", "Colonoscopy", "Leukemia"] {
        assert!(!small.text.contains(gone), "{}", small.text);
    }
    let mistakes: Vec<&str> = small
        .left_out
        .iter()
        .filter(|l| l.why.contains("entered-in-error"))
        .map(|l| l.what.as_str())
        .collect();
    assert_eq!(
        mistakes,
        ["Condition", "Immunization", "MedicationStatement", "Procedure"]
    );
}

#[test]
fn withdrawn_results_are_no_results() {
    let message = b"MSH|^~\\&|LAB|X|Y|Z|20240605||ORU^R01|1|P|2.5.1\r\
PID|1||1||DOE^J||19500102|M\r\
OBR|1|||CHEM^Chemistry|||20240605\r\
OBX|1|NM|K^Potassium||9.9|mmol/L|||||W|||20240605\r\
OBX|2|NM|NA^Sodium||111|mmol/L|||||D|||20240605\r\
OBX|3|NM|GLU^Glucose||777|mg/dL|||||X|||20240605\r\
OBX|4|NM|CREA^Creatinine||1.62|mg/dL||H|||C|||20240605\r\
OBX|5|NM|A1C^Hemoglobin A1c||7.9|%||H|||P|||20240605\r\
OBX|6|NM|HGB^Hemoglobin||13.1|g/dL|||||F|||20240605\r\
RXA|0|1|20240101||MMR^Measles vaccine|0.5|mL|||||||||||||CP|D\r";
    let small = small(message);
    for gone in ["9.9", "111", "777", "Measles"] {
        assert!(!small.text.contains(gone), "{}", small.text);
    }
    for (expect, why) in [
        ("OBX-11 W", "line 4"),
        ("OBX-11 D", "line 5"),
        ("OBX-11 X", "line 6"),
        ("RXA-21 D", "line 10"),
    ] {
        assert!(
            small.left_out.iter().any(|l| l.why.contains(expect) && l.what == why),
            "{:?}",
            small.left_out
        );
    }
    assert!(
        small.text.contains("status=corrected") && small.text.contains("status=preliminary"),
        "{}",
        small.text
    );
    for (question, expect) in [
        ("What is the latest creatinine?", "- corrected: Creatinine"),
        ("What is the latest A1c?", "- preliminary: Hemoglobin A1c"),
        ("What is the latest hemoglobin?", "- Hemoglobin"),
        ("What is the latest potassium?", cite::REFUSAL),
        ("What is the latest glucose?", cite::REFUSAL),
    ] {
        let answer = ask(message, question);
        assert!(answer.contains(expect), "{question} {answer}");
    }
}

#[test]
fn an_allergy_after_none_known_is_one() {
    for note in [
        "All: NKDA. Shellfish makes him itch.\n",
        "PMH: HTN. NKDA. Shellfish makes him itch.\n",
        "ALLERGIES\nNKDA\nShellfish -> rash\n",
    ] {
        for question in ["Is he allergic to shellfish?", "What is he allergic to?"] {
            let answer = ask(note.as_bytes(), question);
            assert!(answer.contains("Shellfish"), "{note} {question} {answer}");
        }
    }
}

#[test]
fn sides_stages_flags_consents_and_events_of_fhir_are_facts() {
    let bytes = bundle(&[
        r#"{"resourceType":"Procedure","status":"completed","code":{"text":"Knee replacement"},"bodySite":[{"text":"Left knee"}],"performedDateTime":"2020-01-01"}"#,
        r#"{"resourceType":"Condition","code":{"text":"Breast cancer"},"bodySite":[{"coding":[{"display":"Right breast"}]}],"stage":[{"summary":{"text":"Stage II"}}]}"#,
        r#"{"resourceType":"Observation","status":"final","code":{"text":"Potassium"},"interpretation":[{"text":"Critically high"}],"valueQuantity":{"value":6.9,"comparator":">","unit":"mmol/L"}}"#,
        r#"{"resourceType":"Flag","status":"active","code":{"text":"Fall risk"},"period":{"start":"2024-01-01"}}"#,
        r#"{"resourceType":"Consent","status":"active","category":[{"text":"Do not resuscitate"}],"provision":{"type":"deny"}}"#,
        r#"{"resourceType":"AdverseEvent","actuality":"actual","event":{"text":"Angioedema"},"suspectEntity":[{"instance":{"display":"Lisinopril"}}],"date":"2023-05-06"}"#,
        r#"{"resourceType":"Device","id":"d","status":"active","type":{"text":"Cardiac pacemaker"}}"#,
        r#"{"resourceType":"NutritionOrder","status":"active"}"#,
        r#"{"resourceType":"Procedure","status":"completed","performedDateTime":"2020-01-01"}"#,
    ]);
    let text = small(&bytes).text;
    for said in [
        "Knee replacement | status=completed | site=Left knee",
        "Breast cancer | severity=Stage II | site=Right breast",
        "Potassium | unit=mmol/L | flag=Critically high | - >6.9",
        "flag | status=active | flag=alert | 2024-01-01 Fall risk",
        "consent | status=active | flag=alert | - Do not resuscitate\\c deny",
        "Angioedema | flag=adverse event | for=Lisinopril | 2023-05-06",
        "device | status=active | flag=alert | - Cardiac pacemaker",
    ] {
        assert!(text.contains(said), "{said}\n{text}");
    }
    // No budget leaves out what must not be missed.
    let doc = parse(&bytes);
    let record = read(&doc);
    let least = compress(
        &doc,
        &record,
        &Options {
            max_tokens: Some(1),
            ..Options::default()
        },
    );
    assert!(
        least.text.contains("Fall risk") && least.text.contains("Do not resuscitate"),
        "{}",
        least.text
    );
    let unread: Vec<&str> = record.problems.iter().map(|problem| problem.place.as_str()).collect();
    assert_eq!(unread, ["Procedure", "NutritionOrder"], "what was not read is said");
}

#[test]
fn what_is_told_of_another_is_not_the_patients() {
    let note = b"Visit 2024-01-02\nMEDICATIONS\nlisinopril 10 mg daily\nHPI: Her husband takes warfarin 5 mg daily. Her mother is allergic to penicillin.\n\
        DISCONTINUED MEDICATIONS\nmetformin 500 mg daily\n";
    let now = ask(note, "What medications is she taking now?");
    assert!(
        now.contains("lisinopril") && !now.contains("warfarin") && !now.contains("metformin"),
        "{now}"
    );
    assert_eq!(ask(note, "What is she allergic to?"), cite::REFUSAL);
    let state = ward_clinical::state::State::of(&read(&parse(note)), None);
    let taken: Vec<&str> = state
        .medicines
        .iter()
        .filter(|one| one.now.is_some())
        .map(|one| one.name.as_str())
        .collect();
    assert_eq!(taken, ["lisinopril"]);
    assert!(state.allergies.is_empty());
    assert_eq!(state.family.len(), 2);
}

#[test]
fn the_newest_of_a_row_is_its_last() {
    for note in [
        "Visit 2024-01-02\nLABS\nPotassium 4.1 -> 5.9\n",
        "LABS\nPotassium 4.1 \u{2192} 5.9\n",
    ] {
        let answer = ask(note.as_bytes(), "What is the latest potassium?");
        assert!(answer.contains("5.9"), "{answer}");
        let state = ward_clinical::state::State::of(&read(&parse(note.as_bytes())), None);
        let last = state.series.first().and_then(|one| one.entries.last());
        assert_eq!(last.and_then(|fact| fact.value.as_deref()), Some("5.9"));
    }
}

#[test]
fn an_allergy_is_found_by_its_abbreviation() {
    let told = ask(b"Allergies: PCN (rash), latex", "Is he allergic to penicillin?");
    assert!(told.contains("PCN (rash)"), "{told}");
    let other = ask(b"Allergies: PCN (rash), latex", "Is he allergic to aspirin?");
    assert!(!other.contains("PCN"), "{other}");
    let backwards = ask(
        b"Allergies: Penicillin (rash)\nMEDICATIONS\nAspirin 81 mg",
        "PCN allergy?",
    );
    assert!(backwards.contains("Penicillin (rash)"), "{backwards}");
    let latex = ask(b"Allergies: latex\n", "Is he allergic to PCN?");
    assert!(!latex.contains("latex"), "{latex}");
}

#[test]
fn a_statement_of_r5_is_taken_as_its_adherence_says() {
    let statement = |adherence: &str| {
        format!(
            r#"{{"resourceType":"MedicationStatement","status":"recorded","medication":{{"concept":{{"text":"Aspirin"}}}}{adherence}}}"#
        )
    };
    let coded = |code: &str| format!(r#","adherence":{{"code":{{"coding":[{{"code":"{code}"}}]}}}}"#);
    let said = |text: &str| format!(r#","adherence":{{"code":{{"text":"{text}"}}}}"#);
    let now = |adherence: &str| {
        let bytes = bundle(&[&statement(adherence)]);
        ask(&bytes, "What medications is he taking now?")
    };
    for taken in [
        String::new(),
        coded("taking"),
        coded("taking-as-directed"),
        coded("taking-not-as-directed"),
        said("Taking as directed"),
    ] {
        assert!(now(&taken).contains("Aspirin"), "{taken}");
    }
    for not in [
        coded("on-hold"),
        coded("stopped"),
        coded("stopped-not-as-directed"),
        coded("not-taking"),
        coded("not-taking-in-error"),
        coded("completed"),
        coded("never-taken"),
        coded("unknown"),
        said("Sometimes forgets it"),
    ] {
        let told = now(&not);
        assert!(!told.contains("Aspirin"), "{not} {told}");
    }
    let bytes = bundle(&[&statement(&coded("not-taking"))]);
    let aspirin = ask(&bytes, "Is he on aspirin?");
    assert!(aspirin.contains("not: Aspirin"), "{aspirin}");
    let bytes = bundle(&[&statement(&coded("unknown"))]);
    let aspirin = ask(&bytes, "Is he on aspirin?");
    assert!(!aspirin.contains("not: Aspirin"), "{aspirin}");
}

#[test]
fn a_vaccine_that_was_refused_was_not_given() {
    let told = |rest: &str| {
        let message = format!(
            "MSH|^~\\&|A|B|C|D|20240101||VXU^V04|1|P|2.5.1\rPID|1||7\rRXA|0|1|20240101||140^Influenza^CVX|999||||||||||||{rest}\r"
        );
        let document = parse(message.as_bytes());
        read(&document)
            .facts
            .iter()
            .any(|fact| fact.kind == ward_clinical::FactKind::Immunization && fact.negated)
    };
    assert!(told("00^Parental refusal^NIP002||RE"));
    assert!(told("00^Parental refusal^NIP002"));
    assert!(told("^Parental refusal"));
    for nothing in ["^None", "^none^L", "N/A", "\"\""] {
        assert!(!told(nothing), "{nothing}");
    }
    assert!(told("||NA"));
    assert!(!told("||CP"));
    assert!(!told("00^Parental refusal^NIP002||CP"));
    assert!(!told(""));
}

#[test]
fn a_proposal_starts_nothing() {
    let order = |intent: &str, name: &str| {
        format!(
            r#"{{"resourceType":"MedicationRequest","status":"active","intent":"{intent}","medicationCodeableConcept":{{"text":"{name}"}}}}"#
        )
    };
    let bytes = bundle(&[
        &order("proposal", "Digoxin"),
        &order("plan", "Aspirin"),
        &order("order", "Losartan"),
        &order("instance-order", "Warfarin"),
    ]);
    let now = ask(&bytes, "What is he taking now?");
    for name in ["Aspirin", "Losartan", "Warfarin"] {
        assert!(now.contains(name), "{now}");
    }
    assert!(!now.contains("Digoxin"), "{now}");
}

#[test]
fn a_proposal_that_is_over_is_over() {
    let status = |status: &str, intent: &str| {
        let order = format!(
            r#"{{"resourceType":"MedicationRequest","status":"{status}","intent":"{intent}","medicationCodeableConcept":{{"text":"Digoxin"}}}}"#
        );
        let facts = read(&parse(&bundle(&[&order]))).facts;
        let medicine = facts
            .into_iter()
            .find(|fact| fact.kind == ward_clinical::FactKind::Medication);
        medicine.and_then(|fact| fact.status)
    };
    for intent in ["proposal", "option"] {
        for over in ["cancelled", "stopped", "completed", "on-hold"] {
            assert_eq!(status(over, intent).as_deref(), Some(over));
        }
        for open in ["active", "draft", "unknown"] {
            assert_eq!(status(open, intent).as_deref(), Some("intended"));
        }
    }
    assert_eq!(status("active", "order").as_deref(), Some("active"));
    assert_eq!(status("active", "plan").as_deref(), Some("active"));
}

#[test]
fn what_is_said_of_a_relative_is_no_problem_of_the_patient() {
    let note = b"HPI: Chest pain. Mother does not have CAD. Her brother has asthma. Husband does not have dizziness. Pt c/o dizziness. She has gout.\n";
    let check = |question: &str, expect: &str| {
        assert_eq!(
            ask(note, question).lines().take(2).collect::<Vec<_>>().join(" "),
            expect,
            "{question}"
        );
    };
    check("Does she have CAD?", "Family history: - Mother does not have CAD. [1]");
    check("Does she have asthma?", "Family history: - Her brother has asthma. [1]");
    check(
        "Does the husband have dizziness?",
        "Family history: - Husband does not have dizziness. [1]",
    );
    check(
        "Does her mother have CAD?",
        "Family history: - Mother does not have CAD. [1]",
    );
    check("Does she have dizziness?", "Problems: - Pt c/o dizziness. [1]");
    check("Does she have gout?", "Problems: - She has gout. [1]");
}

#[test]
fn medicines_of_r5_are_read() {
    let bytes = bundle(&[
        r#"{"resourceType":"MedicationRequest","status":"active","intent":"order","medication":{"concept":{"text":"Aspirin 81 MG"}}}"#,
        r#"{"resourceType":"MedicationRequest","status":"active","intent":"order","medication":{"reference":{"reference":"Medication/m","display":"Warfarin 5 MG"}}}"#,
        r#"{"resourceType":"MedicationRequest","status":"stopped","intent":"order","medication":{"concept":{"text":"Digoxin"}}}"#,
        r#"{"resourceType":"MedicationRequest","status":"active","intent":"order","medicationCodeableConcept":{"text":"Losartan"}}"#,
        r#"{"resourceType":"MedicationRequest","status":"active","intent":"order"}"#,
    ]);
    let now = ask(&bytes, "What medications is he taking now?");
    for name in ["Aspirin", "Warfarin", "Losartan"] {
        assert!(now.contains(name), "{now}");
    }
    assert!(!now.contains("Digoxin"), "{now}");
}
