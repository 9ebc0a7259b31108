use super::*;

fn sentences_of(text: &str) -> Vec<(&str, Section, usize)> {
    let layout = of(text, 0, crate::note::pack::of(text));
    layout
        .blocks
        .iter()
        .filter(|b| b.sort == Sort::Sentence)
        .map(|b| (&text[b.span.start..b.span.end], b.section, b.visit))
        .collect()
}

#[test]
fn dates_under_a_head_of_appointments_are_no_visits() {
    let count = |text: &str| of(text, 0, crate::note::pack::of(text)).visits.len() - 1;
    assert_eq!(
        count("Appointments:\n03/15/2024 Cardiology clinic\n03/18/2024 Renal clinic\n"),
        0
    );
    assert_eq!(
        count("Upcoming appointments:\n03/15/2024 Cardiology clinic\n\nVisit 04/01/2024\n"),
        1
    );
    assert_eq!(count("Appointments: none\n03/15/2024 Cardiology clinic\n"), 1);
    assert_eq!(count("Appointments:\nCalled twice.\n03/15/2024 Cardiology clinic\n"), 1);
    assert_eq!(
        count("03/15/2024 Cardiology clinic\nAppointments:\n04/15/2024 Renal clinic\n"),
        1
    );
    assert_eq!(
        count("Allergies:\nLatex\nGiven: aspirin\n03/15/2024 Cardiology clinic\nRash.\n"),
        1
    );
}

#[test]
fn a_line_of_the_patient_ends_a_family_history() {
    let family = |text: &str| -> Vec<&'static str> {
        let found = sentences_of(text).into_iter();
        let of_family = found.filter(|(_, section, _)| *section == Section::FamilyHistory);
        // The words are those of the text, which outlives the test.
        of_family.map(|(words, ..)| words.to_owned().leak() as &str).collect()
    };
    let inline = "Chief complaint: chest pain\nFamily history: Father with MI.\n";
    for own in [
        "BP 80/40, HR 130, RR 28, SpO2 86% RA, T 39.0",
        "A1c 8.1%",
        "BP: 150/94",
        "She does not smoke.",
        "Patient takes metformin 500 mg BID.",
        "HTN on lisinopril 10 mg daily.",
    ] {
        let text = format!("{inline}{own}\nCough for 3 days.\n");
        assert_eq!(family(&text), ["Father with MI."], "{own}");
    }
    for theirs in [
        "Mother: HTN on lisinopril 10 mg daily.",
        "Brother with an A1c of 8.1.",
        "He died at 60.",
        "Glucose problems in her mother.",
        "CAD in an aunt.",
    ] {
        let text = format!("{inline}{theirs}\n");
        assert_eq!(family(&text), ["Father with MI.", theirs], "{theirs}");
    }
    // Below a head of its own only a measurement ends it.
    let text = "Family History\nMother: HTN\nHTN on lisinopril 10 mg daily\nPulse 88\nLungs clear\n";
    assert_eq!(family(text), ["Mother: HTN", "HTN on lisinopril 10 mg daily"]);
    // A sentence of the patient does in any case, one that tells of others does not.
    for own in ["Patient takes aspirin 81 mg.", "The patient has asthma."] {
        for text in [
            format!("Family History\nMother: HTN.\n{own}\n"),
            format!("Family history: Mother: HTN. {own}\n"),
        ] {
            assert_eq!(family(&text), ["Mother: HTN."], "{text}");
        }
    }
    for theirs in [
        "Patient has no family history of gout.",
        "The patient reports her brother has asthma.",
        "The patient's mother had gout.",
        "Patient is adopted.",
    ] {
        let text = format!("Family History\nMother: HTN.\n{theirs}\n");
        assert_eq!(family(&text), ["Mother: HTN.", theirs], "{text}");
    }
    // What hangs on a line of a relative, or goes on with it, is no measurement of the patient.
    for theirs in ["Mother: HTN\n  Pulse 88\n  A1c 8.1", "Mother:\nPulse 88"] {
        let text = format!("Family History\n{theirs}\n");
        let lines: Vec<&str> = theirs.lines().map(str::trim).collect();
        assert_eq!(family(&text), lines, "{theirs}");
    }
    for line in [
        "diabetes,",
        "diabetes and",
        "CKD, her",
        "diabetes, takes",
        "a pulse (once",
    ] {
        for rest in ["A1c 9.1 last year.", "metformin 500 mg daily."] {
            let text = format!("Family history: Mother with {line}\n{rest}\nBP 120/80\n");
            let first = format!("Mother with {line}");
            assert_eq!(family(&text).join("\n"), format!("{first}\n{rest}"), "{line}");
        }
    }
    for line in ["diabetes.", "diabetes", "diabetes (both parents)"] {
        let text = format!("Family history: Mother with {line}\nA1c 9.1 today\nBP 120/80\n");
        assert_eq!(family(&text).len(), 1, "{line}");
    }
    // A wrapped line does not.
    let text = "Family history: Mother with breast cancer at 50, a sister with diabetes and an\nA1c 8.1 last year.\n";
    assert_eq!(family(text).len(), 1);
}

#[test]
fn lays_out() {
    let check = |text: &str, expect: &[(&str, Section, usize)]| assert_eq!(sentences_of(text), expect, "{text}");
    check(
        "She is well. He has 2.5 mg. Dr. Chen agrees",
        &[
            ("She is well.", Section::Other, 0),
            ("He has 2.5 mg.", Section::Other, 0),
            ("Dr. Chen agrees", Section::Other, 0),
        ],
    );
    check(
        "Name: X\nAllergies: latex\n\nVisit 2023-01-02\nPLAN\n- stop it.\n- go on",
        &[
            ("Name: X", Section::Header, 0),
            ("latex", Section::Allergies, 0),
            ("- stop it.", Section::Plan, 1),
            ("- go on", Section::Plan, 1),
        ],
    );
    // What is told before the first head is no header; titles, addresses and values of labels are.
    let header = |line: &'static str| (line, Section::Header, 0);
    for told in [
        "58 yo man with crushing chest pain, alert",
        "58M CP, SOB",
        "Triage: 58 yo man with crushing chest pain",
        "Patient: I have had crushing chest pain",
    ] {
        check(
            &format!("{told}\n\nHome meds: aspirin"),
            &[(told, Section::Other, 0), ("aspirin", Section::Medications, 0)],
        );
    }
    check(
        "Center for Diabetes and the Heart\n12 Asthma Road\nClinic: the one for asthma and lungs\nMeds: none",
        &[
            header("Center for Diabetes and the Heart"),
            header("12 Asthma Road"),
            header("Clinic: the one for asthma and lungs"),
            ("none", Section::Medications, 0),
        ],
    );
    // A degree ends a sentence, an initial does not.
    check(
        "Exam: T 36.6 C. Lungs clear. Seen by J. Doe. T 98.6 F. Alert.",
        &[
            ("T 36.6 C.", Section::Exam, 0),
            ("Lungs clear.", Section::Exam, 0),
            ("Seen by J. Doe.", Section::Exam, 0),
            ("T 98.6 F.", Section::Exam, 0),
            ("Alert.", Section::Exam, 0),
        ],
    );
    // Heads after a sentence on the same line, in capitals or not, after an abbreviation, after a semicolon.
    check(
        "PMH: HTN. Allergies: latex; told by pt. meds: none\nMore\n\nend",
        &[
            ("HTN.", Section::PastHistory, 0),
            ("latex; told by pt.", Section::Allergies, 0),
            ("none", Section::Medications, 0),
            ("More", Section::Medications, 0),
            ("end", Section::Other, 0),
        ],
    );
    check(
        "HPI: He is well; Allergies: latex. Discontinued meds: aspirin.",
        &[
            ("He is well;", Section::PresentIllness, 0),
            ("latex.", Section::Allergies, 0),
            ("aspirin.", Section::Medications, 0),
        ],
    );
    // In an item of a list for the item only.
    check(
        "ASSESSMENT\n1. HTN. Plan: go on.\n2. DM.",
        &[
            ("1. HTN.", Section::Assessment, 0),
            ("go on.", Section::Plan, 0),
            ("2. DM.", Section::Assessment, 0),
        ],
    );
    // Words that are no head there, or only another label.
    check(
        "SH: He smokes. Drugs: none. All: three. We discussed: allergies. In short: plan.",
        &[
            ("He smokes.", Section::SocialHistory, 0),
            ("Drugs: none.", Section::SocialHistory, 0),
            ("All: three.", Section::SocialHistory, 0),
            ("We discussed: allergies.", Section::SocialHistory, 0),
            ("In short: plan.", Section::SocialHistory, 0),
        ],
    );
    check(
        "MEDICATIONS\r\nmetformin\r\naspirin\r\n",
        &[
            ("metformin", Section::Medications, 0),
            ("aspirin", Section::Medications, 0),
        ],
    );
}

#[test]
fn illnesses_before_the_first_head_are_read() {
    let check = |line: &str, expect: &[&str]| {
        let text = format!("Name: John Miller\nDOB: 01/02/1970\n{line}\nAllergies: latex\n");
        let mut found = crate::note::tests::lines(&text);
        found.retain(|line| !line.starts_with("demographic") && line != "allergy: latex");
        assert_eq!(found, expect, "{line}");
    };
    let asthma = &["problem: Asthma"];
    check("Asthma", asthma);
    check("Asthma: Yes", asthma);
    check("Asthma: [x] Yes [ ] No", asthma);
    check("[x] Asthma\n[ ] Gout", asthma);
    check("- Asthma", asthma);
    check("Asthma\nGout", &["problem: Asthma", "problem: Gout"]);
    check("Asthma, gout", &["problem: Asthma", "problem: gout"]);
    check("Mild persistent asthma", &["problem: asthma"]);
    check("Asthma: No", &["negation: Asthma; absent yes"]);
    check("Asthma: [ ] Yes [x] No", &["negation: Asthma; absent yes"]);
    check("No asthma", &["negation: asthma; absent yes"]);
    // A form that is not filled in, titles, names and addresses.
    for nothing in [
        "Asthma:",
        "Asthma: [ ]",
        "Asthma: [ ] Yes [ ] No",
        "Asthma: unknown",
        "[ ] Asthma",
        "Asthma and Allergy Center",
        "Center for Asthma",
        "Asthma Clinic, 12 Main Street",
        "Asthma action plan",
        "Asthma Miller",
        "Asthma, Allergy & Immunology",
        "Referred by: Asthma",
    ] {
        check(nothing, &[]);
    }
}

#[test]
fn what_stands_over_a_list_before_the_first_head_may_say_whose_it_is() {
    let found = |text: &str| {
        let mut found = crate::note::tests::lines(&format!("{text}\n\nAllergies: latex\n"));
        found.retain(|line| line != "allergy: latex" && !line.starts_with("demographic"));
        found
    };
    for over in [
        "Patient denies the following:",
        "Denies",
        "Has anyone in your family had:",
        "Check any that run in your family",
        "Mother has",
        "Call your doctor if you have:",
        "Warning signs",
    ] {
        for list in [
            "- Chest pain\n- Syncope",
            "Chest pain: Yes\nSyncope: Yes",
            "[ ] Gout\n[x] Syncope",
        ] {
            assert_eq!(found(&format!("{over}\n{list}")), [""; 0], "{over} {list}");
        }
    }
    let both = ["problem: Gout", "problem: Asthma"];
    assert_eq!(found("Gout: Yes\nAsthma: Yes"), both);
    assert_eq!(found("Intake form\n\nGout\nAsthma"), both);
    assert_eq!(found("DOB: 01/02/1970\nGout\n[ ] Syncope\nAsthma"), both);
    // The answers that may be given are none.
    assert_eq!(found("Gout: Yes / No\nAsthma: Yes [ ] No [x]"), [""; 0]);
}
