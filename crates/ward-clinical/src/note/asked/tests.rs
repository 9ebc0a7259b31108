use super::is_question;
use crate::note::tests::lines;

#[test]
fn a_question_is_no_fact_and_a_plain_answer_makes_it_one() {
    let check = |text: &str, expect: &[&str]| assert_eq!(lines(text), expect, "{text}");
    check(
        "Doctor: Are you allergic to penicillin?\nPatient: No.",
        &["allergy: penicillin; absent yes"],
    );
    check(
        "Are you allergic to penicillin? Yes, since childhood.",
        &["allergy: penicillin"],
    );
    check(
        "[doctor] are you taking aspirin ?\n[patient] i stopped it .",
        &["medication: aspirin; status stopped"],
    );
    check(
        "Any chest pain? No. Any fever? Yes.",
        &["negation: chest pain; absent yes", "problem: fever"],
    );
    check("Do you smoke? Never.", &["social: tobacco = Do you smoke? Never."]);
    check(
        "Have you had a colonoscopy? Not yet.",
        &["procedure: colonoscopy; absent yes"],
    );
    check(
        "Does anyone in your family have diabetes? Yes, my mother.",
        &["family history: diabetes; who family"],
    );
    check(
        "Any diabetes in the family? No.",
        &["family history: diabetes; who family; absent yes"],
    );
    check(
        "Your mother had gout, right? Yes.",
        &["family history: gout; who mother"],
    );
    check(
        "Does your mother have diabetes? Yes.",
        &["family history: diabetes; who mother"],
    );
    check(
        "Allergies: Penicillin? (patient unsure), sulfa",
        &["allergy: Penicillin; status suspected", "allergy: sulfa"],
    );
    check(
        "MEDICATIONS\n- Gabapentin 300 mg TID?\n- Metformin 500 mg BID",
        &[
            "medication: Gabapentin; dose 300 mg; freq TID; status considered",
            "medication: Metformin; dose 500 mg; freq BID",
        ],
    );
    check(
        "MEDICATIONS\nGabapentin?, metformin",
        &["medication: Gabapentin; status considered", "medication: metformin"],
    );
    check(
        "Allergies: sulfa, penicillin?",
        &["allergy: sulfa", "allergy: penicillin; status suspected"],
    );
    check(
        "Doctor: So no nausea or vomiting?\nPatient: None.",
        &["negation: nausea; absent yes", "negation: vomiting; absent yes"],
    );
    let none = ["allergy: no known allergies; absent yes"];
    for denied in [
        "Any allergies?\nPatient: No.",
        "Are you allergic to anything?\nPatient: Not that I know of.",
    ] {
        check(&format!("Doctor: {denied}"), &none);
    }
    for denied in [
        "Do you have any known drug allergies?\nPatient: No.\nDoctor: Do you smoke?\nPatient: Just cigars.",
        "Any allergies to medicines that you know of?\nPatient: Nope.\nDoctor: Nothing at all?\nPatient: No.",
        "Okay, any allergies?\nPatient: No. I sleep well.",
        "Any allergies?\nPatient: No.\nDoctor: What do you take, any aspirin?\nPatient: Yes.",
    ] {
        let found = lines(&format!("Doctor: {denied}"));
        assert!(found.iter().any(|line| line == none[0]), "{denied} {found:?}");
    }
    check(
        "Doctor: Do you have any allergies?\nPatient: Penicillin. I sleep well.",
        &["allergy: Penicillin"],
    );
    check(
        "Doctor: Any allergies to medications?\nPatient: Yes. Codeine and latex.",
        &["allergy: Codeine", "allergy: latex"],
    );
    for open in [
        "Any allergies?\nPatient: No, just penicillin.",
        "Any other allergies?\nPatient: No.",
        "Have your allergies been bothering you?\nPatient: No.",
        "Any changes to your allergies?\nPatient: No.",
        "Does your mother have any allergies?\nPatient: No.",
        "Do you think this is an allergy?\nPatient: No.",
        "Did you pick up your allergy medicine?\nPatient: No.",
        "Any allergy medicine?\nPatient: No.",
        "Any allergies?\nPatient: Nope.\nDoctor: Nothing at all?\nPatient: Well, penicillin.",
        "Any allergies?\nPatient: Not that I know of.\nDoctor: Latex or foods?\nPatient: Just shellfish.",
        "Any allergies?\nPatient: No.\nDoctor: Are you sure?\nPatient: I get a rash from some pills.",
        "Any allergies?\nPatient: No.\nDoctor: Okay. Anything at all?\nPatient: Penicillin.",
        "Any allergies?\nPatient: No. Well, eggs.",
        "Any food allergies?\nPatient: No.",
        "Any allergies?\nPatient: I take aspirin daily.",
        "What do you take for your allergies?\nPatient: Aspirin.",
        "So no nausea?\nPatient: Yes.",
    ] {
        let found = lines(&format!("Doctor: {open}"));
        assert!(
            !found
                .iter()
                .any(|line| line.contains("absent") || line.starts_with("allergy: aspirin")),
            "{open} {found:?}"
        );
    }
    check("PMH: Any asthma, diabetes or lupus?", &[]);
    check("HPI: Penicillin allergy?", &[]);
    check("PMH: AF, possible ablation", &["procedure: ablation", "problem: AF"]);
    for nothing in [
        "Are you taking aspirin?",
        "Are you taking aspirin? Let me think.",
        "Aspirin or ibuprofen? Yes.",
        "Are you on aspirin or warfarin? Yes.",
        "Why do you take aspirin? Yes.",
        "Is your A1c above 7? No.",
        "Are you taking metformin? No change. ",
        "Should I take ibuprofen?\nThe weather is fine.",
    ] {
        check(nothing, &[]);
    }
}

#[test]
fn what_the_other_speaker_contradicts_is_not_told() {
    let check = |doctor: &str, patient: &str, expect: &[&str]| {
        let text = format!("Doctor: {doctor}\nPatient: {patient}\n");
        assert_eq!(lines(&text), expect, "{text}");
        // The same words of one speaker contradict nobody.
        let alone = format!("Doctor: {doctor}\nDoctor: {patient}\n");
        assert!(lines(&alone).len() >= expect.len(), "{alone}");
    };
    let metformin = "You are taking metformin 500 mg.";
    let taking = "medication: metformin; dose 500 mg; status taking";
    for no in [
        "No, I don't.",
        "Not any more.",
        "Not anymore.",
        "No, that's my mom.",
        "No. That's my mom.",
        "No.",
        "I don't take that.",
    ] {
        check(metformin, no, &[]);
    }
    check("I'm going to start you on metformin 500 mg.", "Please don't.", &[]);
    // What was to be stopped or changed stays as it was.
    let as_before = "medication: metformin; dose 500 mg";
    check("Let's stop the metformin 500 mg.", "Please don't.", &[as_before]);
    check("We will continue your metformin 500 mg.", "Please don't.", &[as_before]);
    check(
        "I'm going to increase your metformin from 500 mg to 850 mg daily.",
        "Please don't.",
        &[as_before],
    );
    check(
        "I'm going to increase your metformin to 850 mg.",
        "Please don't.",
        &["medication: metformin"],
    );
    check(
        "You have a cough from lisinopril, so let's stop it.",
        "Please don't.",
        &["medication: lisinopril", "problem: cough"],
    );
    // What the other does not believe is told all the same; whose it is else, is not.
    check("You have diabetes.", "No.", &["problem: diabetes"]);
    check("You have diabetes.", "No, that's my mom.", &[]);
    for yes in [
        "Yes.",
        "Okay.",
        "No problem.",
        "No, that's fine.",
        "Oh no.",
        "No more than that.",
        "No, every other day.",
        "No. I never miss it.",
        "Not really, once.",
        "No, please don't change it.",
    ] {
        check(metformin, yes, &[taking]);
    }
    check(
        "You had a heart attack in 2015.",
        "No, 2016.",
        &["problem: heart attack"],
    );
    check(
        "You're allergic to latex and penicillin.",
        "No, just latex.",
        &["allergy: latex", "allergy: penicillin"],
    );
    check(
        "You take metformin 500 mg and not insulin.",
        "No.",
        &["medication: metformin; dose 500 mg; status taking"],
    );
    // A no to a question, of the other's own illness, or to what was denied.
    check("Do you sleep? You are taking metformin 500 mg.", "No.", &[taking]);
    check("You are taking metformin 500 mg. Any questions?", "No.", &[taking]);
    check("I have asthma.", "No, really.", &["problem: asthma"]);
    check("You have no asthma.", "No.", &["negation: asthma; absent yes"]);
    // Of whom a question was asked.
    check(
        "You have asthma, right?",
        "No, that's my sister.",
        &["negation: asthma; absent yes"],
    );
    check(
        "Do you have asthma?",
        "No, my mom does.",
        &["negation: asthma; absent yes"],
    );
}

#[test]
fn of_several_clauses_a_no_answers_the_last_at_most() {
    let check = |doctor: &str, patient: &str, expect: &[&str]| {
        let text = format!("Doctor: {doctor}\nPatient: {patient}\n");
        let mut found = lines(&text);
        found.retain(|line| !line.starts_with("social"));
        assert_eq!(found, expect, "{text}");
    };
    for no in ["No.", "No, I don't.", "I don't."] {
        check("You have gout and you drink beer.", no, &["problem: gout"]);
        check("You have gout but you eat shellfish.", no, &["problem: gout"]);
        check("You have gout; you eat shellfish.", no, &["problem: gout"]);
        check("You have gout and eat shellfish.", no, &["problem: gout"]);
        check(
            "You have a penicillin allergy and you wear a bracelet.",
            no,
            &["allergy: penicillin"],
        );
        check(
            "You take warfarin so you get your blood drawn.",
            no,
            &["medication: warfarin; status taking"],
        );
        // One clause, whatever leads to it.
        for one in [
            "You take aspirin.",
            "So you take aspirin.",
            "And, okay, you take aspirin.",
        ] {
            check(one, no, &[]);
        }
        check("You have gout and you eat shellfish?", no, &[]);
        check("You have gout and eat shellfish?", no, &[]);
        // Of two questions a no answers both, and what asks for it is no clause.
        for asks in [
            "You don't have gout, do you?",
            "You have gout, don't you?",
            "Do you have gout, and do you drink?",
        ] {
            check(asks, no, &["negation: gout; absent yes"]);
        }
        for list in [
            "Do you have gout and asthma?",
            "You have gout and asthma?",
            "Any gout and asthma?",
        ] {
            check(
                list,
                no,
                &["negation: gout; absent yes", "negation: asthma; absent yes"],
            );
        }
        check("And do you have gout?", no, &["negation: gout; absent yes"]);
        check(
            "You have gout and, you know, asthma?",
            no,
            &["negation: gout; absent yes", "negation: asthma; absent yes"],
        );
    }
    check("You have gout and you eat shellfish?", "Yes.", &["problem: gout"]);
    check("You take warfarin and you smoke?", "I quit last year.", &[]);
    // What only a medicine is answered with is about the medicine of the last clause.
    check(
        "You have gout and you take allopurinol.",
        "Not anymore.",
        &["problem: gout"],
    );
    check(
        "You have gout and take allopurinol.",
        "I don't take that.",
        &["problem: gout"],
    );
    check(
        "You take metformin and get a rash with it.",
        "Not anymore.",
        &["medication: metformin; status taking", "problem: rash"],
    );
}

#[test]
fn knows_questions_without_their_mark() {
    assert!(is_question("[doctor] and do you have any allergies"));
    assert!(is_question("Doctor: Are you allergic to anything?"));
    for told in [
        "Is on metformin.",
        "Has diabetes.",
        "Does not smoke.",
        "You should take aspirin.",
        "No chest pain.",
    ] {
        assert!(!is_question(told), "{told}");
    }
}
