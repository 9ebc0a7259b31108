use super::*;
use crate::fact::Experiencer;

/// Facts of a text as short lines, for comparison.
pub(crate) fn lines(text: &str) -> Vec<String> {
    read(text, 0, pack::of(text)).facts.iter().map(line).collect()
}

pub(crate) fn line(fact: &Fact) -> String {
    let mut line = format!("{}: {}", fact.kind.word(), fact.concept);
    if let Some(value) = &fact.value {
        line += &format!(" = {value}");
    }
    for (key, value) in fact.attributes() {
        line += &format!("; {key} {value}");
    }
    line
}

#[test]
fn each_of_several_dates_is_of_what_stands_beside_it() {
    let check = |text: &str, expect: &[&str]| {
        let record = read(text, 0, pack::pack(language::Language::English));
        let told: Vec<String> = record
            .facts
            .iter()
            .map(|fact| {
                let value = fact.value.as_deref().unwrap_or(&fact.concept);
                format!("{value} {}", fact.when.as_ref().map_or("", |when| &when.text))
            })
            .collect();
        assert_eq!(told, expect, "{text}");
    };
    check("Creatinine (1/1/2024) 1.1, (2/1/2024) 2.3", &["1.1 1/1/2024"]);
    check("Creatinine 1.1 (1/1/2024), 2.3 (2/1/2024)", &["1.1 1/1/2024"]);
    check(
        "1/1/2024 WBC 12.1, 2/1/2024 WBC 9.1",
        &["12.1 1/1/2024", "9.1 2/1/2024"],
    );
    check(
        "WBC 12.1 1/1/2024, Hgb 9.1 2/1/2024",
        &["12.1 1/1/2024", "9.1 2/1/2024"],
    );
    check(
        "WBC 12.1, 1/1/2024; Hgb 9.1, 2/1/2024",
        &["12.1 1/1/2024", "9.1 2/1/2024"],
    );
    check(
        "On 1/1/2024 Na 140, K 4.1; on 2/1/2024 Na 138, K 5.5; on 3/1/2024 Na 137.",
        &[
            "140 1/1/2024",
            "4.1 1/1/2024",
            "138 2/1/2024",
            "5.5 2/1/2024",
            "137 3/1/2024",
        ],
    );
    check("Hgb went from 12.1 on 5/1/2024 to 9.1 on 5/5/2024.", &["9.1 5/5/2024"]);
    check("A1c 7.9 on 1/1/2024, down from 8.3 on 6/1/2023", &["7.9 1/1/2024"]);
    check(
        "On 1/1/2020 appendectomy, on 2/1/2021 cholecystectomy",
        &["appendectomy 1/1/2020", "cholecystectomy 2/1/2021"],
    );
    check(
        "Appendectomy 1/1/2020, cholecystectomy 2/1/2021",
        &["Appendectomy 1/1/2020", "cholecystectomy 2/1/2021"],
    );
    // A month and a day before the value are none.
    check("WBC (3/2) 12.1", &["12.1 "]);
    check("WBC 3/2: 12.1", &["12.1 "]);
    check("Pain 3/10 at rest", &["3/10 "]);
    check("BP 120/80 HR 70", &["120/80 ", "70 "]);
}

#[test]
fn heads_over_symptoms_and_boxes_tell_which_are_there() {
    let check = |text: &str, expect: &[&str]| assert_eq!(lines(text), expect, "{text}");
    let (no_fever, no_chills) = ("negation: fever; absent yes", "negation: chills; absent yes");
    check(
        "ROS\nPositive:\n- cough\nNegative:\n- fever\n- chills\n\nRash on the arm.\n",
        &["problem: cough", no_fever, no_chills, "problem: Rash"],
    );
    check(
        "Negative:\n\nfever\nShe reports cough.\nPositive for:\nrash\n",
        &[no_fever, "problem: cough", "problem: rash"],
    );
    check(
        "Denies:\n- fever\n\n- chills\n\nRash today.\n",
        &[no_fever, no_chills, "problem: Rash"],
    );
    check(
        "Denies:\nfever.\nShe was seen here. Cough since then.\n",
        &[no_fever, "problem: Cough"],
    );
    check("Denies:\nfever\nPMH: asthma\n", &[no_fever, "problem: asthma"]);
    check("Denies: fever, chills", &[no_fever, no_chills]);
    check("Negative: fever", &[no_fever]);
    check("Pertinent negatives: fever and chills.", &[no_fever, no_chills]);
    check("Pertinent positives: cough.", &["problem: cough"]);
    check("Rapid flu negative: has fever", &["problem: fever"]);
    // What is more than symptoms ends them, and so does a number.
    let asthma = "problem: asthma";
    for (line, more) in [
        ("Asthma on albuterol.", "problem: Asthma"),
        ("Chest pain for 2 hours.", "problem: Chest pain"),
        ("1. Pneumonia", "problem: Pneumonia"),
        ("Likely pneumonia.", "problem: pneumonia; status suspected"),
        ("Lungs: wheezing.", "problem: wheezing"),
    ] {
        let told = lines(&format!("Denies:\nfever, chills\n{line}\n"));
        assert_eq!(
            told.iter()
                .filter(|told| !told.starts_with("medication"))
                .collect::<Vec<_>>(),
            [no_fever, no_chills, more],
            "{line}"
        );
    }
    check("Denies:\n- fever or chills\n- asthma\n", &[no_fever, no_chills, asthma]);
    // An item of the list may say more of its symptom.
    check(
        "Denies:\n- fever\n- shortness of breath on exertion\n- chills\n",
        &[no_fever, "negation: shortness of breath; absent yes", no_chills],
    );
    check("Cough (dry), fever [high]", &["problem: Cough", "problem: fever"]);
    // A plus and a minus.
    check(
        "ROS: + fever - cough",
        &["problem: fever", "negation: cough; absent yes"],
    );
    check(
        "(-) cough, chills (+) fever",
        &["negation: cough; absent yes", no_chills, "problem: fever"],
    );
    check("(+) cough (-) fever", &["problem: cough", no_fever]);
    check(
        "Cough (-) fever (+)",
        &["negation: Cough; absent yes", "problem: fever"],
    );
    check("- cough\n- fever\n", &["problem: cough", "problem: fever"]);
    check(
        "Fever + cough - chills for 3 days",
        &["problem: Fever", "problem: cough", "problem: chills"],
    );
    check("+ fever - 3 days, cough", &["problem: fever", "problem: cough"]);
}

#[test]
fn values_in_brackets_and_tests_to_come_date_no_other_value() {
    let check = |text: &str, expect: &[&str]| {
        let text = format!("Visit date: 03/05/2024\n{text}\n");
        let record = read(&text, 0, pack::pack(language::Language::English));
        let told = record.facts.iter().skip(1).map(|fact| {
            let value = fact.value.as_deref().unwrap_or(&fact.concept);
            format!("{value} {}", fact.when.as_ref().map_or("", |when| &when.text))
        });
        assert_eq!(told.collect::<Vec<_>>(), expect, "{text}");
    };
    check(
        "Hgb 8.2 (7.9 on 03/01/2024), K 5.9.",
        &["8.2 03/05/2024", "5.9 03/05/2024"],
    );
    check("INR 2.5, recheck 03/20/2024.", &["2.5 03/05/2024"]);
    // What is due is of another day, and what is said before it is not.
    check("INR 2.5; next INR due 03/27/2024.", &["2.5 03/05/2024"]);
    check("INR 2.5, next INR is due on 03/27/2024.", &["2.5 03/05/2024"]);
    check("INR 2.5 on 03/04/2024; next INR due 03/27/2024.", &["2.5 03/04/2024"]);
    check("INR 2.5 (03/04/2024).", &["2.5 03/04/2024"]);
    check("Labs due on 03/04/2024: INR 2.5.", &["2.5 03/04/2024"]);
    check("INR 2.5 due to a missed dose on 03/04/2024.", &["2.5 03/04/2024"]);
    check("Weight 80 kg (04/01/2023: 85 kg)", &["80 03/05/2024"]);
    check(
        "Drawn (03/01/2024): K 5.9, Na 139.",
        &["5.9 03/01/2024", "139 03/01/2024"],
    );
    check("K 5.9, Na 139 (03/01/2024)", &["5.9 03/01/2024", "139 03/01/2024"]);
    check("INR 2.5 on recheck 03/02/2024.", &["2.5 03/02/2024"]);
    check("Weight 80 kg (04/01/2023)", &["80 04/01/2023"]);
    check("K 5.9 on 03/01/2024, Na 139.", &["5.9 03/01/2024", "139 03/01/2024"]);
}

#[test]
fn what_was_done_is_dated_by_the_year_beside_it() {
    let dated = |text: &str| -> Vec<(String, String, Option<i64>)> {
        let record = read(text, 0, pack::pack(language::Language::English));
        let facts = record.facts.into_iter().filter(|fact| fact.kind != FactKind::Encounter);
        facts
            .map(|fact| {
                let when = fact.when.unwrap();
                (fact.concept, when.iso().text, when.day)
            })
            .collect()
    };
    let text = "Visit 2024-06-05\nPSH: appendectomy 1999, R hip replacement (03/2020), cholecystectomy\n";
    let found = dated(text);
    let all: Vec<(&str, &str)> = found
        .iter()
        .map(|(name, day, _)| (name.as_str(), day.as_str()))
        .collect();
    assert_eq!(
        all,
        [
            ("appendectomy", "1999"),
            ("hip replacement", "2020-03"),
            ("cholecystectomy", "2024-06-05")
        ]
    );
    // Beside placeholders a year has no place in the order of days.
    let held = dated(&text.replace("2024-06-05", "[DAY_4812TR]"));
    assert_eq!(
        held.iter().map(|(.., day)| *day).collect::<Vec<_>>(),
        [None, None, Some(4812)]
    );
    // Four digits after a test in the course of a day are its time.
    let course = "ED NOTE 2026-03-03\nCOURSE: 1930 arrived. ECG 1945 shows sinus tachycardia. CXR 2010 clear. Colonoscopy in 2015.\n";
    let days: Vec<String> = dated(course)
        .into_iter()
        .filter(|(name, ..)| matches!(name.as_str(), "ECG" | "CXR" | "Colonoscopy"))
        .map(|(_, day, _)| day)
        .collect();
    assert_eq!(days, ["2026-03-03", "2026-03-03", "2015"]);
    let operations = dated("Visit 2024-06-05\nHPI: S/p CABG x4 in 2015. Left mastectomy 2012.\n");
    let days: Vec<&str> = operations.iter().map(|(_, day, _)| day.as_str()).collect();
    assert_eq!(days, ["2015", "2012"]);
}

#[test]
fn the_date_of_an_earlier_value_is_not_that_of_the_later() {
    for (line, day) in [
        ("Potassium 5.9, up from 4.1 on 02/01/2024.", "03/04/2024"),
        ("Hgb 9.1 (was 10.2 on 1/5/2024).", "03/04/2024"),
        ("Creatinine 1.8 mg/dL (baseline 1.1 on 02/01/2024).", "03/04/2024"),
        ("BP 150/90, previously 128/76 on 02/01/2024.", "03/04/2024"),
        ("Creatinine 2.3 (1.1 on 1/1/2024).", "03/04/2024"),
        ("BNP 900, was 400 on 1/1/2024, 250 on 10/1/2023.", "03/04/2024"),
        ("Potassium (02/01/2024) 5.9, up from 4.1 (01/01/2024).", "02/01/2024"),
        ("On 02/01/2024 potassium 5.9, up from 4.1 on 01/01/2024.", "02/01/2024"),
        // What is no earlier value takes the date with it.
        ("Creatinine 2.3 (high on 02/01/2024).", "02/01/2024"),
        ("Creatinine 2.3 (0.6-1.2) on 02/01/2024.", "02/01/2024"),
        ("Creatinine 1.8 mg/dL (0.6-1.2) on 02/01/2024.", "02/01/2024"),
        ("Creatinine was 1.8 on 02/01/2024.", "02/01/2024"),
        ("Creatinine 1.8, was drawn on 02/01/2024.", "02/01/2024"),
        ("Sodium 138, potassium 4.1 on 02/01/2024.", "02/01/2024"),
        ("Creatinine 1.8 today, 03/05/2024.", "03/05/2024"),
    ] {
        let note = format!("Visit date: 03/04/2024\nLabs: {line}\n");
        let facts = read(&note, 0, pack::of(&note)).facts;
        let values = facts
            .iter()
            .filter(|fact| matches!(fact.kind, FactKind::Lab | FactKind::Vital));
        let days: Vec<&str> = values
            .filter_map(|fact| Some(fact.when.as_ref()?.text.as_str()))
            .collect();
        assert!(
            !days.is_empty() && days.iter().all(|found| *found == day),
            "{line}: {days:?}"
        );
    }
}

#[test]
fn dates_facts_by_sentence_or_visit() {
    let record = read(
        "Visit 2023-01-02\nRESULTS\nA1c 7.9 on 2022-12-30. Glucose 110.\n",
        10,
        pack::pack(language::Language::English),
    );
    let dates: Vec<_> = record
        .facts
        .iter()
        .map(|f| (f.concept.as_str(), f.when.as_ref().unwrap().text.as_str()))
        .collect();
    assert_eq!(
        dates,
        [
            ("Visit", "2023-01-02"),
            ("A1c", "2022-12-30"),
            ("Glucose", "2023-01-02")
        ]
    );
    let piece = &record.facts[1].pieces[0];
    assert_eq!(
        (&*piece.text, piece.span),
        ("A1c 7.9 on 2022-12-30.", Span::new(35, 57))
    );
    assert_eq!(record.facts[0].experiencer, Experiencer::Patient);
}
