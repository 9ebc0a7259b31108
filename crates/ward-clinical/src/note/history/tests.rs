use crate::note::tests::lines;

#[test]
fn reads_history() {
    let check = |text: &str, expect: &[&str]| assert_eq!(lines(text), expect, "{text}");
    check(
        "She has a history of congestive heart failure, depression, and hypertension.",
        &[
            "problem: congestive heart failure",
            "problem: depression",
            "problem: hypertension",
        ],
    );
    check(
        "FAMILY HISTORY\nMother: breast cancer. Father died of a heart attack.",
        &[
            "family history: breast cancer; who mother",
            "family history: heart attack; who father",
        ],
    );
    check(
        "PAST MEDICAL HISTORY\n1. Hypertension\n2. Foobar's syndrome",
        &["problem: Hypertension", "problem: Foobar's syndrome"],
    );
    check(
        "PMH: HTN, DM, Foobar syndrome, s/p CABG 2010, lupus?",
        &[
            "procedure: CABG",
            "problem: HTN",
            "problem: lupus; status suspected",
            "problem: DM",
            "problem: Foobar syndrome",
        ],
    );
    check(
        "PMH: Hypertension, doing well, treated by Dr. Foo.",
        &["problem: Hypertension"],
    );
    check(
        "SOCIAL HISTORY\nShe smokes one pack a day.",
        &["social: tobacco = She smokes one pack a day"],
    );
    check(
        "INSTRUCTIONS\nFollow up in 3 months.",
        &["follow-up: follow-up = 3 months"],
    );
    check(
        "HPI: He works as a nurse. The ointment works in most. He lives with his wife.",
        &[
            "social: work = He works as a nurse",
            "social: home = He lives with his wife",
        ],
    );
    check("INSTRUCTIONS\nRTC 2 wks.", &["follow-up: follow-up = 2 wks"]);
    check(
        "PLAN\nFlu vaccine given. Colonoscopy is due.",
        &["immunization: Flu vaccine", "procedure: Colonoscopy; status planned"],
    );
    check("Pregnancy test not done. HIV screening declined.", &[]);
    check(
        "Screening for diabetes today. Stroke alert called. Gout less likely.",
        &[],
    );
    check("INSTRUCTIONS\nReturn if chest pain or syncope.", &[]);
    check("HPI: She had syncope.", &["problem: syncope"]);
    check("I don't think this is a heart attack.", &[]);
    check("I think this is a heart attack.", &["problem: heart attack"]);
    check(
        "I don't think my iron deficiency was looked at.",
        &["problem: iron deficiency"],
    );
    check("Colonoscopy was not done.", &["procedure: Colonoscopy; absent yes"]);
    check(
        "She no longer has hypertension.",
        &["problem: hypertension; status inactive"],
    );
    for (text, expect) in [
        ("PMH: Possible lupus.", "problem: lupus; status suspected"),
        ("PMH: Ruled out PE.", "negation: PE; absent yes"),
        ("PMH: PE ruled out.", "negation: PE; absent yes"),
        ("PMH: r/o PE", "problem: PE; status suspected"),
        ("PMH\n- Lupus?\n- Foo", "problem: lupus; status suspected"),
        ("PMH: lupus (possible)", "problem: lupus; status suspected"),
        (
            "PMH: Foobar syndrome, probable",
            "problem: Foobar syndrome; status suspected",
        ),
        ("Stroke was ruled out.", "negation: Stroke; absent yes"),
        ("HIV negative.", "negation: HIV; absent yes"),
        ("HIV NR.", "negation: HIV; absent yes"),
        ("HIV non-reactive.", "negation: HIV; absent yes"),
        ("No fever, s/p appendectomy.", "procedure: appendectomy"),
        ("No fracture on X-ray of the wrist.", "procedure: X-ray"),
        ("Negative for DVT on ultrasound.", "procedure: ultrasound"),
        ("No ECG changes.", "procedure: ecg"),
        ("No ECG done.", "procedure: ecg; absent yes"),
        ("She is not on dialysis.", "procedure: dialysis; absent yes"),
        ("Denies being on dialysis.", "procedure: dialysis; absent yes"),
        ("No chest x-ray.", "procedure: chest x-ray; absent yes"),
        ("History of MI in 2010.", "problem: MI"),
        ("HPI: Recent MI.", "problem: MI"),
        ("HPI: H/o PE.", "problem: PE"),
        ("No history of MI.", "negation: MI; absent yes"),
        ("Tdap due.", "immunization: Tdap; status planned"),
        ("Ultrasound due to pain.", "procedure: ultrasound"),
        ("F/u with nephrology in 2 weeks.", "follow-up: follow-up = 2 weeks"),
        (
            "We'll see you back in three months.",
            "follow-up: follow-up = three months",
        ),
        ("Chest pain: none.", "negation: Chest pain; absent yes"),
        ("Dyspnea (-).", "negation: Dyspnea; absent yes"),
        ("Chest pain? no.", "negation: Chest pain; absent yes"),
        ("No SI or HI.", "negation: SI; absent yes"),
        ("Chest pain: (-).", "negation: Chest pain; absent yes"),
        ("Pneumonia vs bronchitis.", "problem: pneumonia; status suspected"),
        ("Asthma but this was later ruled out.", "negation: asthma; absent yes"),
        ("Diabetes: not present.", "negation: diabetes; absent yes"),
        ("ROS: chest pain no, fever yes.", "negation: chest pain; absent yes"),
        (
            "Breast cancer in remission.",
            "problem: breast cancer; status remission",
        ),
        ("No hx of MI.", "negation: MI; absent yes"),
        ("Pneumonia cannot be excluded.", "problem: pneumonia; status suspected"),
        ("PMH: asthma as a child", "problem: asthma; status inactive"),
        ("Patient declined flu vaccine.", "immunization: flu vaccine; absent yes"),
        ("Declined colonoscopy.", "procedure: colonoscopy; absent yes"),
        ("Colonoscopy scheduled.", "procedure: colonoscopy; status planned"),
        ("R hip replacement.", "procedure: hip replacement; site right"),
        ("Will schedule colonoscopy.", "procedure: colonoscopy; status planned"),
        (
            "Brother uses cocaine.",
            "family history: drugs = Brother uses cocaine; who brother",
        ),
    ] {
        assert_eq!(
            lines(text).first().map(|line| line.to_lowercase()),
            Some(expect.to_lowercase()),
            "{text}"
        );
    }
    check(
        "Previously had cough on enalapril.",
        &[
            "medication: enalapril; status past",
            "problem: cough; status inactive; for enalapril",
        ],
    );
    for illness in [
        "hypertension on lisinopril",
        "CHF on furosemide",
        "breast cancer on tamoxifen",
    ] {
        let found = lines(&format!("HPI: She has a history of {illness}."));
        assert!(
            !found
                .iter()
                .any(|line| line.contains("inactive") || line.contains("; for ")),
            "{found:?}"
        );
    }
    // What a comma adds to a name is none of its own.
    for (text, expect) in [
        ("PMH: 1. Diabetes mellitus, type 2", "problem: Diabetes mellitus"),
        ("PMH: Depression, major, recurrent", "problem: Depression"),
        ("PMH: Asthma, mild, Ventolin, Mother, full code", "problem: Asthma"),
        (
            "PSH: Appendectomy, laparoscopic, Mercy Hospital",
            "procedure: Appendectomy",
        ),
        (
            "HPI: Colonoscopy scheduled last year was done and was normal.",
            "procedure: Colonoscopy",
        ),
        ("HPI: Biopsy pending read was benign.", "procedure: Biopsy"),
        ("HPI: CT scan pending result showed nothing.", "procedure: CT scan"),
    ] {
        check(text, &[expect]);
    }
    for text in [
        "HPI: The pain lives in her back and works at night.",
        "HPI: Brother is a teacher and lives with HIV.",
        "HPI: He lives with chronic pain.",
    ] {
        assert!(!lines(text).iter().any(|line| line.starts_with("social")), "{text}");
    }
    check("RESOLVED PROBLEMS\nasthma", &["problem: asthma; status inactive"]);
    check(
        "A 50-year-old female with asthma.",
        &["problem: asthma", "demographic: age = 50", "demographic: sex = female"],
    );
}

#[test]
fn the_side_of_another_thing_is_not_its_own() {
    let check = |text: &str, expect: &[&str]| assert_eq!(lines(text), expect, "{text}");
    check(
        "HPI: DVT after right hip replacement.",
        &["procedure: hip replacement; site right", "problem: DVT"],
    );
    check(
        "HPI: Breast cancer s/p right mastectomy.",
        &["procedure: mastectomy; site right", "problem: Breast cancer"],
    );
    for own in [
        "HPI: Cataract of the left eye.",
        "HPI: Cataract of the patient's left eye.",
        "HPI: Cataract of the dominant left eye.",
        "HPI: Cataract (left).",
        "HPI: Cataract in her left eye.",
        "HPI: Cataract, left.",
        "HPI: Left cataract.",
    ] {
        assert_eq!(
            lines(own).join("").to_lowercase(),
            "problem: cataract; site left",
            "{own}"
        );
    }
    check("EXAM: CVA tenderness on the right. History of CVA.", &["problem: CVA"]);
}

#[test]
fn what_is_treated_is_there_and_what_is_feared_is_not() {
    let check = |text: &str, expect: &[&str]| assert_eq!(lines(text), expect, "{text}");
    check(
        "PMH: no hx of MI, HTN controlled, DM2 diet-controlled, asthma",
        &[
            "problem: HTN",
            "problem: DM2",
            "problem: asthma",
            "negation: MI; absent yes",
        ],
    );
    check(
        "PMH: no MI, HTN, asthma",
        &[
            "negation: MI; absent yes",
            "negation: HTN; absent yes",
            "negation: asthma; absent yes",
        ],
    );
    check(
        "PMH: HTN, controlled, no asthma",
        &["problem: HTN", "negation: asthma; absent yes"],
    );
    check(
        "HPI: Denies asthma. HTN controlled.",
        &["negation: asthma; absent yes", "problem: HTN"],
    );
    check("HPI: Worried about gout.", &[]);
    check("HPI: Concerned about her asthma.", &["problem: asthma"]);
    check("HPI: She may have lupus.", &["problem: lupus; status suspected"]);
    check("HPI: This could be gout.", &["problem: gout; status suspected"]);
    check("HPI: She has lupus and may have surgery.", &["problem: lupus"]);
}

#[test]
fn whose_fear_what_is_there_and_which_side() {
    let check = |text: &str, expect: &[&str]| assert_eq!(lines(text), expect, "{text}");
    for fear in [
        "He fears he has gout.",
        "She is afraid that she might have gout.",
        "Afraid it is gout.",
    ] {
        check(&format!("HPI: {fear}"), &[]);
    }
    check("HPI: He has gout and fears surgery.", &["problem: gout"]);
    check("HPI: She is afraid because she has gout.", &["problem: gout"]);
    check("HPI: He says he has gout.", &["problem: gout"]);
    check(
        "HPI: Brother denies asthma, does have eczema.",
        &["negation: asthma; absent yes"],
    );
    check("HPI: Denies that he does have asthma.", &[]);
    check("HPI: She has hay fever.", &["problem: hay fever"]);
    check(
        "HPI: She has hay fever and fever.",
        &["problem: hay fever", "problem: fever"],
    );
    check("HPI: She has a fever.", &["problem: fever"]);
    check("HPI: Denies hay fever.", &["negation: hay fever; absent yes"]);
    check(
        "HPI: Her mother has hay fever.",
        &["family history: hay fever; who mother"],
    );
    check(
        "HPI: Denies asthma, does not have gout.",
        &["negation: asthma; absent yes", "negation: gout; absent yes"],
    );
    check(
        "HPI: Denies asthma, gout.",
        &["negation: asthma; absent yes", "negation: gout; absent yes"],
    );
    check(
        "FH: Neither parent has gout.",
        &["family history: gout; who family; absent yes"],
    );
    check(
        "HPI: Neither of her parents has gout.",
        &["family history: gout; who family; absent yes"],
    );
    check(
        "HPI: Neither her mother nor her father had gout.",
        &["family history: gout; who family; absent yes"],
    );
    for patient in [
        "but the patient does",
        "; the patient does",
        ", but she does",
        "though he has it",
    ] {
        let text = format!("HPI: Neither parent has gout {patient}.")
            .replace(" ;", ";")
            .replace(" ,", ",");
        check(&text, &["problem: gout"]);
    }
    check(
        "HPI: Neither parent has gout, and she does not.",
        &["family history: gout; who family; absent yes"],
    );
    check("HPI: Neither parent came, she has gout.", &["problem: gout"]);
    check("HPI: Her parents have gout.", &["family history: gout; who parents"]);
    check("HPI: Both parents have gout.", &["family history: gout; who parents"]);
    check(
        "FH: Father no diabetes, does have gout.",
        &[
            "family history: diabetes; who father; absent yes",
            "family history: gout; who father",
        ],
    );
    check(
        "FH: Father no diabetes, does not have gout.",
        &[
            "family history: diabetes; who father; absent yes",
            "family history: gout; who father; absent yes",
        ],
    );
    check("HPI: Chest pain radiating to left arm.", &["problem: Chest pain"]);
    check(
        "HPI: Left chest pain radiating to right arm.",
        &["problem: chest pain; site left"],
    );
    check(
        "HPI: Pneumonia in right lower lobe.",
        &["problem: Pneumonia; site right"],
    );
    check("HPI: Sciatica down left leg.", &["problem: Sciatica; site left"]);
    check(
        "HPI: Both knees have arthritis.",
        &["problem: arthritis; site bilateral"],
    );
}
