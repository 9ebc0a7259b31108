use crate::note::tests::lines;

#[test]
fn what_comes_after_a_list_of_allergies_is_none() {
    let check = |text: &str, allergies: &[&str], medicines: &[&str]| {
        let all = lines(text);
        let told = |kind: &str| -> Vec<String> {
            let own = all.iter().filter_map(|line| line.strip_prefix(kind));
            own.map(|line| line.trim_start_matches([':', ' ']).to_owned()).collect()
        };
        assert_eq!(told("allergy"), allergies, "{text}");
        assert_eq!(told("medication"), medicines, "{text}");
    };
    // Heads that are known, heads that are not, and none.
    for head in [
        "Home Meds",
        "Home meds:",
        "Outpatient meds:",
        "Home medications (per pharmacy):",
        "Rx:",
    ] {
        check(
            &format!("Allergies: penicillin\n{head}\nwarfarin 5 mg"),
            &["penicillin"],
            &["warfarin; dose 5 mg"],
        );
    }
    check(
        "Allergies: penicillin\nHome medications (per pharmacy): warfarin 5 mg",
        &["penicillin"],
        &["warfarin; dose 5 mg"],
    );
    for line in [
        "Social: smokes a lot.",
        "HCM: mammogram done",
        "Code status: full",
        "Pharmacy: Foo Drugs",
    ] {
        check(&format!("Allergies: penicillin\n{line}"), &["penicillin"], &[]);
    }
    check(
        "Allergies: penicillin\nFoobar: colchicine 0.6 mg given.",
        &["penicillin"],
        &["colchicine; dose 0.6 mg"],
    );
    check(
        "Allergies: penicillin. On warfarin, metoprolol and digoxin.",
        &["penicillin"],
        &[
            "warfarin; status taking",
            "metoprolol; status taking",
            "digoxin; status taking",
        ],
    );
    check(
        "ALLERGIES\npenicillin\ndoxycycline 100 mg BID",
        &["penicillin"],
        &["doxycycline; dose 100 mg; freq BID"],
    );
    // Labels within a list, an entry with a strength, a reaction to what was taken.
    check(
        "Allergies: Drug: penicillin\nFood: peanuts\nZorblax: itching",
        &["penicillin", "peanuts", "Zorblax; reaction itching"],
        &[],
    );
    check("ALLERGIES\naspirin 81 mg tablet", &["aspirin"], &[]);
    check("ALLERGIES\nhives on amoxicillin", &["amoxicillin"], &[]);
    check("ALLERGIES\nPenicillin: as a child", &["Penicillin"], &[]);
}

#[test]
fn reads_allergies() {
    let check = |text: &str, expect: &[&str]| {
        let found: Vec<String> = lines(text).into_iter().filter(|l| l.starts_with("allergy")).collect();
        assert_eq!(found, expect, "{text}");
    };
    check(
        "ALLERGIES\n- Penicillin - hives\n- Sulfa drugs (rash and fever)\n- Foozol: itching",
        &[
            "allergy: Penicillin; reaction hives",
            "allergy: Sulfa drugs; reaction rash and fever",
            "allergy: Foozol; reaction itching",
        ],
    );
    check(
        "ALLERGIES\n- Penicillin - hives (1978)",
        &["allergy: Penicillin; reaction hives (1978)"],
    );
    for head in [
        "All: NKDA. ",
        "Allergies: NKDA\n",
        "PMH: HTN. NKDA. ",
        "ALLERGIES\nNKDA\n",
    ] {
        for (says, reaction) in [
            ("makes him itch", "itch"),
            ("causes hives", "hives"),
            ("-> rash", "rash"),
            ("gives her hives", "hives"),
        ] {
            check(
                &format!("{head}Shellfish {says}."),
                &[
                    "allergy: no known allergies; absent yes",
                    &format!("allergy: Shellfish; reaction {reaction}"),
                ],
            );
        }
    }
    check(
        "Allergies: NKDA, but shellfish makes him itch",
        &[
            "allergy: no known allergies; absent yes",
            "allergy: shellfish; reaction itch",
        ],
    );
    check(
        "ALLERGIES\nPENICILLIN\nLATEX",
        &["allergy: PENICILLIN", "allergy: LATEX"],
    );
    check("ALLERGIES\nMango gives her hives.", &["allergy: Mango; reaction hives"]);
    check("HPI: Latex causes no rash.", &[]);
    // A list of agents that nobody knows, and of such and others.
    check("Allergies: Zorblax, latex", &["allergy: Zorblax", "allergy: latex"]);
    check(
        "Allergies: Zorblax (hives), Foobarin; Quxane - rash, latex.",
        &[
            "allergy: Zorblax; reaction hives",
            "allergy: Foobarin",
            "allergy: Quxane; reaction rash",
            "allergy: latex",
        ],
    );
    check(
        "ALLERGIES: penicillin (hives?), sulfa?, latex",
        &[
            "allergy: penicillin; status suspected; reaction hives?",
            "allergy: sulfa; status suspected",
            "allergy: latex",
        ],
    );
    check("ALLERGIES\nRed dye 40", &["allergy: Red dye 40"]);
    check("ALLERGIES\n1. Zorblax", &["allergy: Zorblax"]);
    // What is said of an agent is no other.
    check(
        "Allergies: penicillin (rash, as a child), severe, unknown reaction, swelling",
        &["allergy: penicillin; reaction rash"],
    );
    // Other heads, labels, measurements and sentences under the head.
    check(
        "Allergies: NKDA. Meds: none. PMH: HTN, DM2.",
        &["allergy: no known allergies; absent yes"],
    );
    for more in [
        "Lives alone. Smokes 1 ppd.\nNa 140",
        "Creatinine 1.6 mg/dL (H).",
        "Address: 12 Main St, Springfield, IL 62704 SSN 123-45-6789",
        "12 Main Street\nSpringfield, IL 62704",
        "Follow-up: 2 weeks",
        "BP: 130/80",
    ] {
        check(&format!("Allergies: Latex\n{more}"), &["allergy: Latex"]);
        check(&format!("Allergies: Latex. {more}"), &["allergy: Latex"]);
    }
    check(
        "Allergies - Penicillin (hives)",
        &["allergy: Penicillin; reaction hives"],
    );
    for text in [
        "Penicillin: not a true allergy",
        "HPI: Penicillin is not a true allergy.",
    ] {
        check(text, &["allergy: Penicillin; absent yes"]);
    }
    check("HPI: Takes amoxicillin - no cough, allergy season.", &[]);
    check("Allergies: NKDA", &["allergy: no known allergies; absent yes"]);
    check(
        "He is not allergic to anything.",
        &["allergy: no known allergies; absent yes"],
    );
    check("Allergic to PCN - hives.", &["allergy: PCN; reaction hives"]);
    check(
        "He may be allergic to codeine.",
        &["allergy: codeine; status suspected"],
    );
    for unknown in ["Allergies: unknown", "Allergies: unable to obtain, intubated"] {
        check(unknown, &[]);
    }
    check("Allergies: unknown antibiotic", &["allergy: unknown antibiotic"]);
    for denied in [
        "Allergies: Penicillin: not a true allergy",
        "ALLERGIES\n- Penicillin tolerated in 2021",
        "No known penicillin allergy.",
        "She is not allergic to penicillin.",
        "Denies allergy to penicillin.",
        "Penicillin allergy was ruled out.",
    ] {
        let found = lines(denied).join("\n").to_lowercase();
        assert_eq!(found, "allergy: penicillin; absent yes", "{denied}");
    }
    // What was denied before it is another thing.
    check("No fever, allergic to penicillin.", &["allergy: penicillin"]);
    check(
        "Allergic to penicillin, tolerated amoxicillin in 2021.",
        &["allergy: penicillin"],
    );
    check("Codeine causes nausea. Otherwise no allergies.", &[]);
    check(
        "She is allergic to penicillin and latex.",
        &["allergy: penicillin", "allergy: latex"],
    );
    check("Reaction to amoxicillin as a child.", &["allergy: amoxicillin"]);
    check("No reaction to contrast.", &["allergy: contrast; absent yes"]);
    for told in [
        "No statin because of a reaction to contrast.",
        "Not on it due to a reaction to contrast.",
        "Not given because of prior reaction to contrast.",
    ] {
        let found = lines(told);
        let allergies: Vec<_> = found.iter().filter(|line| line.starts_with("allergy")).collect();
        assert_eq!(allergies, ["allergy: contrast"], "{told}");
    }
    check("Takes aspirin. Good reaction to light.", &[]);
    check(
        "Known penicillin allergy with anaphylaxis in childhood.",
        &["allergy: penicillin; reaction anaphylaxis"],
    );
    check(
        "The patient has no known drug allergies.",
        &["allergy: no known allergies; absent yes"],
    );
    check(
        "She endorses some nasal congestion from some of the fall allergies.",
        &[],
    );
}

#[test]
fn a_medicine_beside_an_allergy_is_none() {
    let check = |text: &str, expect: &[&str]| {
        let found: Vec<String> = lines(text)
            .into_iter()
            .filter_map(|line| line.strip_prefix("allergy: ").map(str::to_owned))
            .collect();
        assert_eq!(found, expect, "{text}");
    };
    // What is done about it, or taken beside it.
    for text in [
        "HPI: Allergic to penicillin, carries epinephrine 0.3 mg.",
        "HPI: She had an allergic reaction to penicillin treated with prednisone.",
        "HPI: Allergic to penicillin; will give azithromycin.",
        "HPI: Reaction to penicillin, switched to azithromycin.",
        "HPI: Anaphylaxis to penicillin requiring epinephrine.",
        "HPI: She has allergies to penicillin and she is on warfarin.",
        "HPI: Allergic to penicillin, azithromycin prescribed.",
        "Allergies: Penicillin. Uses Tylenol.",
        "Allergies: penicillin - carries EpiPen",
        "Allergies: penicillin. Prednisone given for rash.",
        "Allergies: Penicillin. Treated with Benadryl.",
        "Allergies: penicillin\nFamily: mother has gout.",
        "Allergies: penicillin\nChief concern: cough",
    ] {
        let found = lines(text).join("\n").to_lowercase();
        let all: Vec<&str> = found.lines().filter(|line| line.starts_with("allergy")).collect();
        assert_eq!(all, ["allergy: penicillin"], "{text}");
    }
    check(
        "HPI: Allergic to penicillin, which causes a rash, and takes aspirin daily.",
        &["penicillin; reaction rash"],
    );
    // Lists go on.
    check(
        "HPI: allergic to penicillin (rash), sulfa - hives, latex and to codeine",
        &["penicillin; reaction rash", "sulfa; reaction hives", "latex", "codeine"],
    );
    check(
        "HPI: Allergies include penicillin, which causes hives, and shellfish, which causes throat swelling.",
        &["penicillin; reaction hives", "shellfish; reaction throat swelling"],
    );
    check(
        "HPI: Allergy to Bactrim and possibly to Keflex.",
        &["Bactrim", "Keflex"],
    );
    check(
        "Allergies: uses latex gloves - rash; aspirin given in 1990 -> hives",
        &["latex; reaction rash", "aspirin; reaction hives"],
    );
    for (text, expect) in [
        ("Does not tolerate statins", &["statins"][..]),
        ("Cannot tolerate codeine", &["codeine"]),
        ("Poorly tolerates NSAIDs", &["NSAIDs"]),
        ("penicillin, does not tolerate statins", &["penicillin", "statins"]),
        ("codeine (not tolerated)", &["codeine"]),
        ("codeine - tolerated", &["codeine; absent yes"]),
        ("Tolerates codeine", &["codeine; absent yes"]),
        ("Not allergic to codeine", &["codeine; absent yes"]),
        ("eggs, tolerates flu vaccine", &["eggs"]),
        ("eggs, tolerates baked goods", &["eggs"]),
        ("eggs, tolerates them now", &["eggs; absent yes"]),
        ("penicillin, tolerated oral challenge", &["penicillin; absent yes"]),
        ("penicillin, since tolerated in 2021", &["penicillin; absent yes"]),
        ("contrast, premedicate with prednisone and Benadryl", &["contrast"]),
        (
            "contrast (pretreated with prednisone 50 mg and Benadryl), latex",
            &["contrast", "latex"],
        ),
        (
            "contrast - premedicate with prednisone, penicillin",
            &["contrast", "penicillin"],
        ),
        ("prednisone and Benadryl", &["prednisone", "Benadryl"]),
        ("contrast, prednisone", &["contrast", "prednisone"]),
    ] {
        check(&format!("ALLERGIES\n{text}"), expect);
    }
    // What is tolerated denies nothing else, and premedication denies nothing.
    check(
        "ALLERGIES\nPenicillin - hives as a child, has since tolerated amoxicillin\nSulfa",
        &["Penicillin; reaction hives", "amoxicillin; absent yes", "Sulfa"],
    );
    check(
        "Allergies: Penicillin (tolerates cephalosporins), sulfa",
        &["Penicillin", "cephalosporins; absent yes", "sulfa"],
    );
    check("Allergies: contrast: tolerated with premedication", &["contrast"]);
    check("Allergies: contrast: tolerated", &["contrast; absent yes"]);
    check(
        "Allergies: Bactrim, Keflex ok; can take aspirin",
        &["Bactrim", "Keflex; absent yes", "aspirin; absent yes"],
    );
    check(
        "ALLERGIES\nPenicillin\n  Reaction: hives\n  Severity: severe\nFoozol: rash\nFoozol reaction: rash",
        &["Penicillin", "Foozol; reaction rash", "Foozol reaction; reaction rash"],
    );
    // A wrapped sentence goes on, an entry in a capital begins anew.
    check(
        "Allergies: sulfa, latex, codeine, morphine, aspirin, ibuprofen, shellfish,\nPenicillin",
        &[
            "sulfa",
            "latex",
            "codeine",
            "morphine",
            "aspirin",
            "ibuprofen",
            "shellfish",
            "Penicillin",
        ],
    );
}

#[test]
fn what_helps_against_a_reaction_is_no_allergy() {
    let check = |text: &str, expect: &[&str]| {
        let all = lines(text).into_iter();
        let found: Vec<String> = all
            .filter_map(|line| line.strip_prefix("allergy: ").map(str::to_owned))
            .collect();
        assert_eq!(found, expect, "{text}");
    };
    for helps in [
        "Takes cetirizine 10 mg daily for hay fever.",
        "Takes Zyrtec for itching.",
        "Uses Benadryl for rash.",
        "Takes Zyrtec 10 mg daily for itching and hives as needed.",
    ] {
        check(&format!("Allergies: latex. {helps}"), &["latex"]);
    }
    check(
        "Allergies: Codeine causes itching, relieved by Benadryl.",
        &["Codeine; reaction itching"],
    );
    check(
        "Allergies: ACE inhibitors (angioedema), switched to losartan 50 mg daily.",
        &["ACE inhibitors; reaction angioedema"],
    );
    check("Allergies: takes penicillin, gets rash", &["penicillin; reaction rash"]);
    check("Allergies: aspirin for pain causes hives", &["aspirin; reaction hives"]);
    check(
        "Allergies: takes aspirin for pain, gets hives",
        &["aspirin; reaction hives"],
    );
    check("Allergies: reaction to losartan: cough", &["losartan; reaction cough"]);
    check(
        "Allergies: on Bactrim for UTI developed rash",
        &["Bactrim; reaction rash"],
    );
    check(
        "Allergies: Started on amoxicillin for strep: rash",
        &["amoxicillin; reaction rash"],
    );
    check(
        "Allergies: takes aspirin for headache, hives",
        &["aspirin; reaction headache"],
    );
    check("Allergy list: latex, sulfa", &["latex", "sulfa"]);
    check("Allergies: Ceclor and PCN", &["Ceclor", "PCN"]);
    // Those above are some.
    check("No known drug allergies other than those listed above.", &[]);
    check("No known drug allergies other than as noted.", &[]);
    check("No known drug allergies other than penicillin.", &[]);
    check("Allergies: No known drug allergies, other than latex.", &["latex"]);
    check("No other drug allergies.", &[]);
    check("Otherwise no known allergies.", &[]);
    check("No known allergies.", &["no known allergies; absent yes"]);
}

#[test]
fn heads_and_kinds_in_capitals_behind_bullets_are_no_items() {
    let check = |text: &str, expect: &[&str]| assert_eq!(lines(text), expect, "{text}");
    check(
        "ALLERGIES:\n- LATEX\n- FAMILY HISTORY\n- COLON CANCER\n- STROKE",
        &[
            "allergy: LATEX",
            "family history: COLON CANCER; who family",
            "family history: STROKE; who family",
        ],
    );
    check(
        "PMH:\n- GOUT\n- FAMILY HX\n- BREAST CANCER",
        &["problem: GOUT", "family history: BREAST CANCER; who family"],
    );
    check(
        "ALLERGIES:\n- FOOD\n- PEANUT\n- DRUG\n- SULFA\n- SEE LIST",
        &["allergy: PEANUT", "allergy: SULFA"],
    );
    check(
        "PROBLEMS:\n- CARDIAC\n- HTN\n- AFIB\n- RENAL\n- CKD\n- SEE LIST",
        &["problem: HTN", "problem: AFIB", "problem: CKD"],
    );
    // Near neighbours that are items.
    check(
        "ALLERGIES:\n- FOOD COLORING\n- DRUG X\n- LATEX",
        &["allergy: FOOD COLORING", "allergy: DRUG X", "allergy: LATEX"],
    );
    check(
        "PMH:\n- CARDIAC FOOBAR\n- RENAL STONE\n- STROKE",
        &["problem: CARDIAC FOOBAR", "problem: RENAL STONE", "problem: STROKE"],
    );
}

#[test]
fn a_denial_of_one_agent_ends_before_what_causes_hives() {
    let check = |text: &str, expect: &[&str]| {
        let expect: Vec<String> = expect.iter().map(|line| format!("allergy: {line}")).collect();
        assert_eq!(lines(text), expect, "{text}");
    };
    let none = "shellfish; absent yes";
    for text in [
        "No allergies to shellfish; penicillin causes hives.",
        "No allergies to shellfish, but penicillin causes hives.",
    ] {
        check(text, &[none, "penicillin; reaction hives"]);
    }
    check(
        "Allergies: no shellfish; penicillin - hives",
        &[none, "penicillin; reaction hives"],
    );
    // What else is denied stays denied.
    check(
        "No allergies to shellfish or penicillin.",
        &[none, "penicillin; absent yes"],
    );
    check(
        "No allergies to shellfish; penicillin is fine.",
        &[none, "penicillin; absent yes"],
    );
    check("No allergies to shellfish, but tolerates penicillin.", &[none]);
    check(
        "Allergies: no shellfish or penicillin",
        &[none, "penicillin; absent yes"],
    );
}

#[test]
fn the_titles_of_a_table_are_no_agents() {
    assert_eq!(
        lines("Allergies:\nAgent   Reaction\nPenicillin   hives\n"),
        ["allergy: Penicillin; reaction hives"]
    );
    assert_eq!(lines("Allergies:\nFoozol\n"), ["allergy: Foozol"]);
    assert_eq!(
        lines("Allergies: none to medications."),
        ["allergy: no known allergies; absent yes"]
    );
}

#[test]
fn what_somebody_is_allergic_to_neither_of_is_denied() {
    let check = |text: &str, expect: &[&str]| assert_eq!(lines(text), expect, "{text}");
    let (no_latex, no_eggs) = ("allergy: latex; absent yes", "allergy: eggs; absent yes");
    check("Allergic to neither latex nor eggs.", &[no_latex, no_eggs]);
    check("She is neither allergic to latex nor eggs.", &[no_latex, no_eggs]);
    check("Not allergic to latex or eggs.", &[no_latex, no_eggs]);
    check("Allergic to latex and eggs.", &["allergy: latex", "allergy: eggs"]);
    check("Allergic to latex, ate neither.", &["allergy: latex"]);
    check("Allergic to both latex and eggs.", &["allergy: latex", "allergy: eggs"]);
}

#[test]
fn a_no_behind_the_name_of_an_allergy_denies_it() {
    let check = |text: &str, expect: &[&str]| assert_eq!(lines(text), expect, "{text}");
    let no_latex = "allergy: latex; absent yes";
    for text in [
        "Has latex allergy: No",
        "Has latex allergy: none.",
        "Has latex allergy: denied",
        "Allergic to latex: No",
    ] {
        check(text, &[no_latex]);
    }
    for text in [
        "Has latex allergy: Yes",
        "Has latex allergy: no epinephrine at home",
        "Allergic to latex: hives, no swelling",
    ] {
        assert!(
            lines(text)
                .iter()
                .any(|line| line.starts_with("allergy: latex") && !line.contains("absent")),
            "{text}"
        );
    }
    check(
        "Given doxycycline because of the latex allergy; resolved.",
        &["allergy: latex"],
    );
    check("Latex allergy, resolved.", &["allergy: Latex; absent yes"]);
    // What is denied of another agent is not denied of this one.
    let check = |text: &str, expect: &str| {
        assert!(
            lines(text).iter().any(|line| line == expect),
            "{text}: {:?}",
            lines(text)
        )
    };
    for text in [
        "Penicillin allergy: No reaction to cephalosporins",
        "Penicillin allergy, no known allergy to latex",
        "Allergies: Penicillin (no reaction to cephalosporins)",
    ] {
        check(text, "allergy: Penicillin");
    }
    check(
        "Penicillin allergy: No reaction to cephalosporins",
        "allergy: cephalosporins; absent yes",
    );
    check("Food allergy: No. Drug allergy: penicillin", "allergy: penicillin");
    check("Drug allergy: penicillin, latex", "allergy: latex");
    for text in [
        "Drug allergy: No",
        "Drug allergy:",
        "Drug allergy: see list. Penicillin level drawn.",
    ] {
        assert!(!lines(text).iter().any(|line| line.starts_with("allergy")), "{text}");
    }
    for text in [
        "Penicillin allergy: No",
        "Penicillin allergy: no reaction",
        "Penicillin allergy: no reaction to penicillin in ten years",
        "Allergies: Penicillin - no reaction",
    ] {
        check(text, "allergy: Penicillin; absent yes");
    }
}

#[test]
fn what_is_said_under_allergies_of_something_else_is_none() {
    let check = |text: &str, expect: &[&str]| assert_eq!(lines(text), expect, "{text}");
    let none = "allergy: no known allergies; absent yes";
    for untold in ["N/A", "not on file", "pending", "none reported.", "Unknown"] {
        check(&format!("Allergies: {untold}\n"), &[]);
    }
    check("Allergies: none", &[none]);
    check("Allergies: latex (reaction unknown)", &["allergy: latex"]);
    check(
        "Allergies: none\nGiven: ondansetron 4 mg\n",
        &[none, "medication: ondansetron; dose 4 mg"],
    );
    check(
        "Allergies: none\nStopped:\nlisinopril 10 mg\n",
        &[none, "medication: lisinopril; dose 10 mg; status stopped"],
    );
    check(
        "Allergies: none. Takes: aspirin 81 mg.",
        &[none, "medication: aspirin; dose 81 mg; status taking"],
    );
    check(
        "Allergies: none\nDenies: fever\nReports: cough\n",
        &[none, "negation: fever; absent yes", "problem: cough"],
    );
    check("Allergies:\nReports: latex\n", &["allergy: latex"]);
    check("Allergies:\nLatex: hives\n", &["allergy: Latex; reaction hives"]);
    let taken = "medication: lisinopril; dose 10 mg; status taking";
    for text in [
        "She has no allergies but takes lisinopril 10 mg.",
        "No known allergies, but she takes lisinopril 10 mg.",
        "No allergies, takes lisinopril 10 mg.",
        "Allergies: NKDA, takes lisinopril 10 mg",
    ] {
        check(text, &[none, taken]);
    }
    check("No allergies but lisinopril.", &[none, "allergy: lisinopril"]);
    check(
        "No allergies but penicillin gives her hives.",
        &[none, "allergy: penicillin; reaction hives"],
    );
    check(
        "No allergies except latex and takes lisinopril 10 mg.",
        &[none, "allergy: latex", taken],
    );
    check(
        "No allergies but takes lisinopril 10 mg; sulfa gives her hives.",
        &[none, "allergy: sulfa; reaction hives", taken],
    );
    check(
        "She has no allergies and takes lisinopril 10 mg.",
        &[none, "medication: lisinopril; dose 10 mg; status taking"],
    );
    check("She has no allergies and is well.", &[none]);
    check(
        "She has no allergies and takes aspirin 81 mg, but latex causes hives.",
        &[
            none,
            "allergy: latex; reaction hives",
            "medication: aspirin; dose 81 mg; status taking",
        ],
    );
    check(
        "Allergies:\nPenicillin\nGiven: ondansetron 4 mg\nLatex\n",
        &[
            "allergy: Penicillin",
            "medication: ondansetron; dose 4 mg",
            "allergy: Latex",
        ],
    );
}
