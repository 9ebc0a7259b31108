//! Whose a dose is.

use crate::note::tests::lines;

#[test]
fn a_dose_of_the_next_medicine_is_not_one_of_the_last() {
    let check = |text: &str, expect: &[&str]| {
        let expect: Vec<String> = expect.iter().map(|line| format!("medication: {line}")).collect();
        assert_eq!(lines(text), expect, "{text}");
    };
    check(
        "Meds: linezolid 600 mg IV q12h, zorbacillin 2 g IV q8h, heparin 5000 units SC q8h.",
        &[
            "linezolid; dose 600 mg; route IV; freq q12h",
            "heparin; dose 5000 units; route SC; freq q8h",
        ],
    );
    check(
        "Plan: Continue linezolid 600 mg and zorbacillin 2 g.",
        &["linezolid; dose 600 mg; status continued"],
    );
    check(
        "Meds: linezolid 600 mg, piperacillin-tazobactam 4.5 g.",
        &["linezolid; dose 600 mg", "piperacillin-tazobactam; dose 4.5 g"],
    );
    // The most that may be taken is no dose.
    for most in ["not to exceed 3 g a day", "no more than 3 g a day", "max 3 g a day"] {
        check(
            &format!("Plan: Acetaminophen 1000 mg three times daily, {most}."),
            &["Acetaminophen; dose 1000 mg; freq three times daily"],
        );
    }
    // Further doses of the same stay.
    check(
        "Meds: Lisinopril 20 mg tablet, 1 tablet daily.",
        &["Lisinopril; dose 20 mg, 1 tablet; freq daily"],
    );
    check(
        "Meds: Glargine 20 units in the morning, evening 10 units.",
        &["Glargine; dose 20 units, 10 units; freq in the morning"],
    );
    check(
        "Meds: Colchicine 1.2 mg, then 0.6 mg.",
        &["Colchicine; dose 1.2 mg, 0.6 mg"],
    );
    check(
        "Meds: Warfarin 5 mg, Wednesday 2.5 mg.",
        &["Warfarin; dose 5 mg, 2.5 mg"],
    );
}

#[test]
fn an_ordinary_word_before_a_dose_is_no_medicine() {
    let check = |text: &str, expect: &[&str]| {
        let expect: Vec<String> = expect.iter().map(|line| format!("medication: {line}")).collect();
        assert_eq!(lines(text), expect, "{text}");
    };
    check(
        "Aspirin 325 mg once, thereafter 81 mg daily.",
        &["Aspirin; dose 325 mg, 81 mg; freq once"],
    );
    check(
        "Prednisone 60 mg daily, tapered 40 mg daily, tapered 20 mg daily.",
        &["Prednisone; dose 60 mg, 40 mg, 20 mg; freq daily; status decreased"],
    );
    for word in [
        "subsequently",
        "afterwards",
        "repeated",
        "again",
        "drip",
        "split",
        "next",
        "weekends",
        "correction",
    ] {
        check(
            &format!("Morphine 4 mg IV, {word} 2 mg IV."),
            &["Morphine; dose 4 mg, 2 mg; route IV"],
        );
        check(
            &format!("Morphine 4 mg IV and {word} 2 mg IV."),
            &["Morphine; dose 4 mg, 2 mg; route IV"],
        );
    }
    // Under the head of a list too.
    for word in [
        "thereafter",
        "afterwards",
        "subsequently",
        "repeated",
        "again",
        "split",
        "weekends",
    ] {
        check(
            &format!("MEDICATIONS:\n- Morphine 4 mg IV, {word} 2 mg IV"),
            &["Morphine; dose 4 mg, 2 mg; route IV"],
        );
    }
    for word in ["then", "thereafter"] {
        check(
            &format!("MEDICATIONS:\n- Apixaban 10 mg BID x 7 days, {word} 5 mg BID"),
            &["Apixaban; dose 10 mg, 5 mg; freq BID"],
        );
    }
    check(
        "Apixaban 10 mg BID x 7 days, she weighs 60 mg.",
        &["Apixaban; dose 10 mg; freq BID"],
    );
    for word in ["zorblax", "turmeric", "flaxseed", "sudafed", "Tapered"] {
        check(
            &format!("MEDICATIONS:\n- Morphine 4 mg IV, {word} 200 mg daily"),
            &[
                "Morphine; dose 4 mg; route IV",
                &format!("{word}; dose 200 mg; freq daily"),
            ],
        );
    }
    // In capitals alone a capital tells nothing.
    check(
        "MORPHINE 4 MG IV, REPEATED 2 MG IV.",
        &["MORPHINE; dose 4 MG, 2 MG; route IV"],
    );
    check(
        "Warfarin 5 mg daily, Wednesdays 7.5 mg.",
        &["Warfarin; dose 5 mg, 7.5 mg; freq daily"],
    );
    // A name nobody knows, and a known one in short, have a dose of their own.
    check(
        "Lasix 40 mg, Zorblax 20 mg.",
        &["Lasix; dose 40 mg", "Zorblax; dose 20 mg"],
    );
    check("Lasix 40 mg, KCl 20 mEq.", &["Lasix; dose 40 mg"]);
    check("Ceftriaxone 1 g, azithro 500 mg.", &["Ceftriaxone; dose 1 g"]);
}

#[test]
fn units_behind_the_end_of_a_sentence_are_of_no_medicine_before() {
    let check = |text: &str, expect: &[&str]| {
        let expect: Vec<String> = expect.iter().map(|line| format!("medication: {line}")).collect();
        assert_eq!(lines(text), expect, "{text}");
    };
    check("Ertapenem 1 g. Evening 10 units.", &["Ertapenem; dose 1 g"]);
    check("Ceftriaxone 1 g. Morning 12 units.", &["Ceftriaxone; dose 1 g"]);
    check(
        "Vancomycin 1 g. Bedtime 30 units Basaglar.",
        &["Vancomycin; dose 1 g", "Basaglar; dose 30 units"],
    );
    check(
        "Vancomycin 1 g. IV q12h.",
        &["Vancomycin; dose 1 g; route IV; freq q12h"],
    );
    check(
        "Vancomycin 1 g. Then 750 mg q12h.",
        &["Vancomycin; dose 1 g, 750 mg; freq q12h"],
    );
    check("Mannitol 50 g. Repeat 25 g in 4 h.", &["Mannitol; dose 50 g, 25 g"]);
    check(
        "Vancomycin 1 g. iv q12h.",
        &["Vancomycin; dose 1 g; route iv; freq q12h"],
    );
    check(
        "Glargine 20 units in the morning, evening 10 units.",
        &["Glargine; dose 20 units, 10 units; freq in the morning"],
    );
}

#[test]
fn a_dose_behind_an_unknown_word_is_not_one_of_the_last_medicine() {
    let check = |text: &str, expect: &[&str]| {
        let expect: Vec<String> = expect.iter().map(|line| format!("medication: {line}")).collect();
        assert_eq!(lines(text), expect, "{text}");
    };
    check(
        "He takes warfarin 5 mg daily and turmeric 500 mg daily.",
        &["warfarin; dose 5 mg; freq daily; status taking"],
    );
    for word in ["tikosyn", "dextrose", "limit", "never", "cumulative", "platelets"] {
        check(&format!("Warfarin 5 mg, {word} 500 mg."), &["Warfarin; dose 5 mg"]);
    }
    check(
        "Letrozole 2.5 mg, ibrance 125 mg, verzenio 150 mg.",
        &["Letrozole; dose 2.5 mg"],
    );
    check("LETROZOLE 2.5 MG, IBRANCE 125 MG.", &["LETROZOLE; dose 2.5 MG"]);
    check(
        "Warfarin 5 mg, then 7.5 mg, thereafter 2.5 mg.",
        &["Warfarin; dose 5 mg, 7.5 mg, 2.5 mg"],
    );
    check(
        "Clindamycin 600 mg IV, transitioned 300 mg PO.",
        &["Clindamycin; dose 600 mg, 300 mg; route IV; status changed"],
    );
    for word in [
        "taper",
        "decreased",
        "increased",
        "reduced",
        "weekends",
        "Wednesdays",
        "afternoon",
        "later",
        "up to",
    ] {
        let found = lines(&format!("Prednisone 60 mg, {word} 40 mg."));
        assert!(
            found
                .iter()
                .any(|line| line.contains("60 mg, 40 mg") || line.contains("40 mg; from 60 mg")),
            "{word}: {found:?}"
        );
    }
    check(
        "Medikation: Ramipril 5 mg, danach 10 mg, sp\u{e4}ter 20 mg, dann 15 mg.",
        &["Ramipril; dose 5 mg, 10 mg, 20 mg, 15 mg"],
    );
}
