//! What of its form a compressed note keeps: lines, heads, rows and who each sentence is about.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use ward_clinical::{Compressed, Options, compress, read};
use ward_formats::{Budget, Doc};

fn parse(bytes: &[u8]) -> Doc {
    Doc::parse(bytes, None, Budget::RECORD).unwrap().document
}

fn small(text: &[u8]) -> Compressed {
    let doc = parse(text);
    let record = read(&doc);
    let small = compress(&doc, &record, &Options::default());
    assert!(small.verified);
    small
}

#[test]
fn a_problem_that_was_told_before_stays_over_its_items() {
    let note = "CHIEF COMPLAINT\n\nHypertension.\n\nASSESSMENT AND PLAN\n\nGout.\n- Medical Treatment: Continue with the current medications.\n\n\
                Hypertension.\n- Medical Treatment: Continue with the current medications.\n- Additional Testing: The labs were ordered today.\n";
    let document = parse(note.as_bytes());
    let small = compress(&document, &read(&document), &Options::default());
    assert!(small.verified);
    let places: Vec<Option<usize>> = ["Gout.", "Hypertension.\nTx: Continue", "Tests: labs were"]
        .iter()
        .map(|part| small.text.find(part))
        .collect();
    assert!(
        places.iter().all(Option::is_some) && places.is_sorted(),
        "{}",
        small.text
    );
    assert_eq!(small.text.matches("Continue with current").count(), 2, "{}", small.text);
}

#[test]
fn sentences_about_two_people_keep_their_subjects() {
    let note = "HISTORY OF PRESENT ILLNESS\n\nMs. Roe delivered a newborn. He is jaundiced. She has a fever of 39. He was given phototherapy. She takes labetalol.\n\n\
                PLAN\n\nThe interpreter Ana was present. She has asthma. We want an echo. He denies any and all drug use.\n";
    let document = parse(note.as_bytes());
    let small = compress(&document, &read(&document), &Options::default());
    assert!(small.verified);
    for part in [
        "He jaundiced",
        "She fever of 39",
        "He was given phototherapy",
        "She takes labetalol",
        "She asthma",
        "We want echo",
        "He denies any and all drug use",
    ] {
        assert!(small.text.contains(part), "{part}: {}", small.text);
    }
}

#[test]
fn lists_of_the_same_kind_keep_their_names_and_others_their_subjects() {
    let small = |note: &str| {
        let document = parse(note.as_bytes());
        let small = compress(&document, &read(&document), &Options::default());
        assert!(small.verified, "{note}");
        small.text
    };
    let stay = small(
        "DISCHARGE SUMMARY 03/02/2024\nAdmission medications:\nMetformin 500 mg twice daily\nThe patient is on lisinopril 20 mg daily\n\
         Hospital course:\nThe patient was admitted with a bleed from the stomach.\nDischarge medications:\nMetformin 1000 mg twice daily\n\
         Past surgical history:\nThe patient has a history of appendectomy.\n",
    );
    for part in [
        "Admission medications",
        "Hospital course",
        "Discharge medications",
        "PSH",
    ] {
        assert!(stay.contains(part), "{part}: {stay}");
    }
    let graft = small(
        "Clinic visit 2024-06-06\nHPI: The donor is CMV positive and the patient is CMV negative. The patient is EBV positive. There is a plan for the graft.\n",
    );
    assert!(graft.contains("patient CMV negative. Patient EBV positive."), "{graft}");
    let nurse = small(
        "Clinic visit 2024-06-06\nHPI: The nurse is anxious and the patient is calm. The patient is at the end of the treatment and is not sleeping as well.\n",
    );
    assert!(
        nurse.contains("and patient calm.") && nurse.contains("not sleeping as well"),
        "{nurse}"
    );
}

#[test]
fn what_one_visit_says_of_two_is_told_twice() {
    let small = |note: &str| {
        let document = parse(note.as_bytes());
        let small = compress(&document, &read(&document), &Options::default());
        assert!(small.verified, "{note}");
        small.text
    };
    let family = "FAMILY HISTORY\nMother: Alive. Diabetes. Hypertension.\nFather: Deceased. Diabetes. Hypertension. Stroke.\n\
                  Brother: Diabetes.\nPAST MEDICAL HISTORY\nDiabetes. Hypertension.\n";
    assert_eq!(small(family).matches("Diabetes").count(), 4);
    let feet = "EXAM\nRight foot: Pulses present. Ulcer on heel. Cellulitis.\nLeft foot: Pulses present. Ulcer on heel. Cellulitis.\n";
    assert_eq!(small(feet).matches("Cellulitis").count(), 2);
    let listed = "EXAM\nRight foot:\n- Ulcer on heel\nLeft foot:\n- Ulcer on heel\n";
    assert_eq!(small(listed).matches("Ulcer").count(), 2);
    // What was copied from visit to visit is told once, and both of it stand there.
    let visit = |day: u8| {
        format!("Visit date: 0{day}/02/2024\nEXAM\nRight foot: Ulcer. Cellulitis.\nLeft foot: Ulcer. Cellulitis.\n")
    };
    let copied = small(&format!("{}{}{}", visit(1), visit(2), visit(3)));
    assert_eq!(copied.matches("Cellulitis").count(), 2, "{copied}");
    // What changed behind a label is told with its label, in one line or in several.
    for (joint, open) in [(": ", " "), (":\n", "\n")] {
        let story = "HPI\nShe came because her feet have been sore for several weeks, after a long walk in shoes that were new and too small.\n";
        let day = |day: u8, left: &str, right: &str| {
            format!(
                "Visit date: 0{day}/02/2024\n{story}EXAM\nLeft foot{joint}Pulses are present.{open}{left}\nRight foot{joint}Pulses are present.{open}{right}\n\n"
            )
        };
        let last = "Visit date: 05/02/2024\nEXAM\nFeet are warm.\n";
        let (ulcer, none) = ("Ulcer on the heel.", "No ulcer.");
        let changed = small(&format!("{}{}{last}", day(1, ulcer, none), day(2, none, ulcer)));
        assert_eq!(changed.matches("Ulcer on heel.").count(), 2, "{changed}");
        assert_eq!(changed.matches("Left foot").count(), 2, "{changed}");
        let healed = small(&format!("{}{}{last}", day(1, ulcer, none), day(2, none, none)));
        let second = healed.split("Visit date: 02").nth(1).unwrap_or_default();
        assert!(second.contains("Left foot"), "{healed}");
        let same = small(&format!("{}{}{last}", day(1, ulcer, none), day(2, ulcer, none)));
        assert_eq!(same.matches("Ulcer on heel.").count(), 1, "{same}");
        assert!(same.contains("\nVisit date: 02/02/2024\n{1}\n"), "{same}");
    }
    // A side without a label stays before what is said of it.
    let shoulders = |day: u8, left: &str, right: &str| {
        format!(
            "Visit date: 0{day}/02/2024\nEXAM\nShe came because her shoulders have been sore for several weeks, after a long day of work in the garden. \
             The left shoulder is tender. Motion is {left}. The right shoulder is not tender. Motion is {right}.\n\n"
        )
    };
    let last = "Visit date: 05/02/2024\nHPI\nShe is better.\n";
    let swapped = small(&format!(
        "{}{}{last}",
        shoulders(1, "full", "limited"),
        shoulders(2, "limited", "full")
    ));
    assert_eq!(swapped.matches("Motion").count(), 4, "{swapped}");
    assert_eq!(swapped.matches("garden").count(), 1, "{swapped}");
    let same = small(&format!(
        "{}{}{last}",
        shoulders(1, "full", "limited"),
        shoulders(2, "full", "limited")
    ));
    assert_eq!(same.matches("Motion").count(), 2, "{same}");
    // A visit that says it once more than the others says it of something else.
    let one_foot = |day: u8| visit(day).replace("Left foot: Ulcer. Cellulitis.", "Left foot: Pulses.");
    let told = |day: u8, note: String| {
        let story = "HPI\nShe came because her feet have been sore for several weeks, after a long walk in shoes that were new and too small.\n";
        note.replace(&format!("0{day}/02/2024\n"), &format!("0{day}/02/2024\n{story}"))
    };
    let told = small(&format!(
        "{}{}{}",
        told(1, one_foot(1)),
        told(2, visit(2)),
        told(3, one_foot(3))
    ));
    assert!(
        told.contains("{newest 1}\nExam\nRight foot: Ulcer. Cellulitis.\nLeft foot: Ulcer. Cellulitis.\n"),
        "{told}"
    );
}

#[test]
fn a_subject_stays_whoever_was_named_before() {
    let small = |note: &str| {
        let document = parse(note.as_bytes());
        compress(&document, &read(&document), &Options::default()).text
    };
    let told = small("HPI\nHer mother has diabetes. The patient has asthma. Her son has eczema.\n");
    assert!(told.contains("Patient asthma"), "{told}");
    let baby = small("HPI\nThe baby has jaundice. The patient has mastitis.\n");
    assert!(baby.contains("Patient has mastitis"), "{baby}");
    for (note, told) in [
        (
            "The nurse was exposed to TB.\nThe patient was masked, and the room is clean.",
            "Nurse was exposed to TB.\nPatient was masked, and room clean.",
        ),
        (
            "Donor\nHe is well.\n\nThe patient has edema of both legs.",
            "Donor\nHe well.\nPatient edema of both legs.",
        ),
        (
            "Roommate has influenza.\nPatient is coughing.",
            "Roommate has influenza.\nPatient coughing.",
        ),
        (
            "The twin brother has a rash.\n\nThe patient has no rash. Patient is itchy.",
            "Twin brother rash.\nPatient no rash. Patient itchy.",
        ),
        (
            "The patient has a guardian. The patient is a guardian. They have twins. They are twins.",
            "Patient has guardian. Patient guardian. They have twins. They twins.",
        ),
        ("The patient's knee is swollen.", "Patient's knee swollen."),
        (
            "The patient has asthma. She is also tired.",
            "Patient asthma. She tired.",
        ),
    ] {
        let short = small(&format!("HPI\n{note}\n"));
        assert_eq!(short.trim_end(), format!("HPI\n{told}"));
    }
}

#[test]
fn a_line_that_nothing_stands_under_stays() {
    let newest = "Visit date: 04/03/2024\nReturn in 6 months.\n";
    for (visit, told) in [
        (
            "DO NOT RESUSCITATE\nPMH: The patient has gout.\nNO BLOOD PRODUCTS\nMedications: warfarin 5 mg daily.",
            "DO NOT RESUSCITATE\nPMH: Patient gout.\nNO BLOOD PRODUCTS\nMeds\nwarfarin 5 mg daily.",
        ),
        (
            "RIGHT KNEE\nExam: There is an effusion.\nLEFT KNEE\nExam: There is no effusion.",
            "RIGHT KNEE\nExam: effusion.\nLEFT KNEE\nExam: no effusion.",
        ),
        (
            "PAST\nMedications: Warfarin 5 mg daily.",
            "PAST\nMeds\nWarfarin 5 mg daily.",
        ),
        (
            "MEDICATIONS:\nALLERGIES\nHPI: The cough is new.",
            "MEDICATIONS:\nALLERGIES\nHPI: Cough new.",
        ),
        // At the end, and over what says nothing.
        ("HPI: The cough is new.\nCANCELLED", "HPI: Cough new.\nCANCELLED"),
        (
            "HPI: The cough is new.\nERROR - WRONG PATIENT\nElectronically signed by Ada Brandt, MD",
            "HPI: Cough new.\nERROR - WRONG PATIENT",
        ),
        // A head over something is short as before, and the label of a notice goes with it.
        ("PHYSICAL EXAMINATION\nThe skin is dry.", "Exam\nSkin dry."),
        (
            "HPI: The cough is new.\nPatient Agreements: The patient understands and agrees with the plan.",
            "HPI: Cough new.",
        ),
    ] {
        for rest in ["", newest] {
            let short = small(format!("CLINIC\nVisit date: 01/03/2024\n{visit}\n\n{rest}").as_bytes());
            let older = short.text.strip_suffix(newest).unwrap_or(&short.text);
            let older = older.strip_prefix("CLINIC\nVisit date: 01/03/2024\n").unwrap();
            assert!(
                short.verified && older.trim_end().to_lowercase() == told.to_lowercase(),
                "{older}"
            );
        }
    }
}

#[test]
fn a_short_line_behind_a_long_one_stays_a_line() {
    let long = "Her mother is 80 years old. The patient smokes. Her mother has had two strokes.";
    for line in ["Left foot", "Left foot.", "Mother", "Today", "Skin"] {
        let rest = format!("{long}\n{line}\nThe skin is intact.");
        let older = format!("Visit date: 01/03/2024\nThe cough is new.\n\nVisit date: 02/03/2024\n{rest}\n\n");
        // Alone, repeated by the next visit, and by the newest one.
        for more in ["", &format!("Visit date: 03/03/2024\n{rest}\n\n")] {
            for newest in [
                "Well.",
                &format!("Well.\n{line}\nThe skin is intact. The skin of the back is red."),
            ] {
                let short = small(format!("CLINIC\n{older}{more}Visit date: 04/03/2024\n{newest}\n").as_bytes()).text;
                let told = short.split("Visit date: 02/03/2024").nth(1).unwrap();
                let told = told.split("Visit date: 03/03/2024").next().unwrap();
                let stays = [format!("\n{line}\n"), format!("\n{{1: {line}\n")]
                    .iter()
                    .any(|one| told.contains(one));
                assert!(stays && !told.contains("- "), "{short}");
            }
        }
    }
}

/// Which column a value stands in, under what a line is indented, and what stands alone in a line is told by white space alone.
#[test]
fn columns_indents_and_lone_results_stay() {
    let table = "            R        L\nHip flex    5        4\nKnee ext             3\nMurphy sign:\n+\n";
    let other = table.replace("Knee ext             3", "Knee ext    3");
    let list = "MEDICATIONS\n   Stopped elsewhere:\n      - Warfarin 5 mg daily\n   Taken as before:\n      - Aspirin 81 mg daily\n";
    let prose = "HPI: The patient is a man who presents today for further evaluation of the knees. He has a cane.\n";
    let wide = "LABS\nTest                 Reference range          01/02/2024   01/09/2024   01/16/2024\n\
                Potassium            3.5-5.1 mmol/L           4.1                       5.9\n";
    for note in [
        format!("{prose}EXAM\n{table}{list}"),
        format!(
            "Visit date: 01/05/2024\n{prose}EXAM\n{table}\nVisit date: 02/05/2024\nEXAM\n{other}\nVisit date: 03/05/2024\nHPI: Well.\n"
        ),
        format!("{prose}{wide}"),
        format!("{prose}MEDICATIONS\nDrug\tMorning\tNight\nMetformin\t\t500 mg\n"),
    ] {
        let small = small(note.as_bytes());
        assert!(
            small.verified && small.tokens.after < small.tokens.before,
            "{}",
            small.text
        );
        let cells = |line: &&str| line.contains("   ") || line.contains('\t') || *line == "+";
        for line in note.lines().filter(cells) {
            assert!(small.text.contains(line), "{line}: {}", small.text);
        }
        assert!(small.text.contains("Patient man"), "{}", small.text);
    }
}

/// The first row of a table never moves beside the head that it stands under, and no mark moves a row.
#[test]
fn a_row_of_columns_stays_under_its_head() {
    let prose = "HPI: The patient is a man who presents today for further evaluation of the eyes. He has a cane.\n";
    let blanks = " ".repeat(20);
    let labs = format!("LABS:\n{blanks}06/02   06/05   06/07\nPotassium           5.4             5.1\n");
    let visits = |table: &str| {
        format!(
            "Visit date: 01/05/2024\n{prose}{table}\nVisit date: 02/05/2024\n{prose}{table}\nVisit date: 03/05/2024\nHPI: Well.\n"
        )
    };
    for table in [
        "Exam:\n\tRight\tLeft\nDrusen\t+\tnone\nHemorrhage\t\t+\n",
        &labs,
        "Vital signs:\n                 Morning        Evening\nPulse            80             90\n",
        "Labs:\tNa\tK\nDay 1\t140\t4.1\n",
    ] {
        for note in [format!("{prose}{table}"), visits(table)] {
            let small = small(note.as_bytes());
            assert!(small.verified, "{}", small.text);
            let told: Vec<&str> = small.text.lines().collect();
            for line in table.lines().filter(|line| line.contains("   ") || line.contains('\t')) {
                assert!(told.contains(&line), "{line}: {}", small.text);
            }
        }
    }
    // What is no table stands beside its head as before.
    let note = format!("{prose}Exam:\n  The lungs are clear.\nPlan:\nShe is to rest.\n");
    let small = small(note.as_bytes());
    assert!(
        small.text.contains("Exam: Lungs clear.\nPlan: She to rest."),
        "{}",
        small.text
    );
}

/// What a patient says to a statement is an answer, too; thanks are not.
#[test]
fn assent_to_a_statement_stays() {
    let note = "[doctor] Good morning.\n[patient] Good morning.\n[doctor] So you take the warfarin.\n[patient] Right.\n\
                [doctor] You take a half or a whole tablet, one or two.\n[patient] One.\n[doctor] We will see you in a week.\n[patient] Okay, thank you.\n";
    let small = small(note.as_bytes());
    let told: Vec<&str> = small.text.lines().collect();
    assert_eq!(told.get(1), Some(&"Pt: Right."), "{}", small.text);
    assert_eq!(told.get(3), Some(&"Pt: One."), "{}", small.text);
    assert!(
        !small.text.contains("thank") && !small.text.contains("morning"),
        "{}",
        small.text
    );
}
