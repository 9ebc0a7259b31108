use super::*;
use crate::find;

#[test]
fn finds_names_spelled_oddly() {
    let known = known(&[(Class::Name, "Zelda Quillfeather")]);
    for name in [
        "Qu\u{131}llfeather",
        "Z\u{435}lda",
        "\u{396}elda",
        "Quill_feather",
        "quill-feather",
        "Quill-\n  feather",
        "QUILL-\r\nFEATHER",
        "Zelda_Quill_feather",
        "Qui-ll-feather",
    ] {
        let text = format!("so {name} came-by, quill-pen feather");
        let left = find(&text, &known);
        let covered: usize = left.iter().map(|h| h.span.len()).sum();
        assert_eq!((left[0].span.start, covered), (3, name.len()), "{text}");
    }
}

#[test]
fn finds_every_spelling_of_a_known_birth() {
    let known = known(&[(Class::Birth, "1952-03-04")]);
    for date in [
        "4.3.52", "3-4-52", "4 mar 52", "03041952", "3/4/1952", "4/3/52", "1952-064",
    ] {
        let text = format!("x {date}; 120/80, 4.3, 5-10-20");
        let hits = find(&text, &known);
        let found: Vec<_> = hits
            .iter()
            .map(|h| (&text[h.span.start..h.span.end], h.class))
            .collect();
        assert_eq!(found, [(date, Class::Birth)], "{text}");
    }
}

fn known(values: &[(Class, &str)]) -> Known {
    let mut known = Known::default();
    for (class, value) in values {
        known.learn(*class, value);
    }
    known
}

fn check(known: &Known, text: &str, expect: &[&str]) {
    let found: Vec<_> = find(text, known)
        .iter()
        .map(|hit| &text[hit.span.start..hit.span.end])
        .collect();
    assert_eq!(found, expect, "{text}");
}

#[test]
fn finds_names_in_every_spelling() {
    let known = known(&[(Class::Name, "Zelda Quillan-Ötzi")]);
    check(&known, "saw zelda today", &["zelda"]);
    check(&known, "ZELDA QUILLAN-OTZI'S chart", &["ZELDA QUILLAN-OTZI"]);
    check(&known, "Quillan Ötzi, Zelda", &["Quillan Ötzi, Zelda"]);
    check(&known, "Saw z. quillan-ötzi", &["quillan-ötzi"]);
    check(&known, "Z. Quillan-Ötzi", &["Z. Quillan-Ötzi"]);
    check(&known, "Zelda Q. came, zeldas did not", &["Zelda Q"]);
    check(&known, "Ms. Quillan is well", &["Ms. Quillan"]);
}

#[test]
fn leaves_ordinary_words() {
    let known = known(&[
        (Class::Name, "Will May"),
        (Class::Place, "Reading"),
        (Class::Name, "Grace Brown"),
    ]);
    check(
        &known,
        "Will continue. May repeat; reading brown stool with grace.",
        &[],
    );
    check(&known, "In May 2023 he may return", &["May 2023"]);
    check(
        &known,
        "we saw Will and told Brown in Reading",
        &["Will", "Brown", "Reading"],
    );
    check(&known, "Mr. May's wife", &["Mr. May"]);
    check(&known, "Will May was seen", &["Will May"]);
}

#[test]
fn finds_given_names_that_are_words() {
    for (name, text, expect) in [
        ("Ada Ruiz", "Ada came. Ada takes aspirin, ada diet", &["Ada", "Ada"][..]),
        ("Christian Hale", "Christian denies pain.", &["Christian"]),
        ("Hope Quill", "Hope feels well; we hope so", &["Hope"]),
        (
            "June Quill",
            "June was seen in June 2023 and 3 June",
            &["June", "June 2023"],
        ),
        (
            "March Quill",
            "March came on March 3, 2024",
            &["March", "March 3, 2024"],
        ),
        ("May Quill", "May was well. May repeat in May", &["May"]),
        (
            "Will Quill",
            "Will felt well. Will continue. Told Will.",
            &["Will", "Will"],
        ),
        ("Ada Day", "Day 3 of care. Day reports pain on day 2", &["Day"]),
        ("Ada Low", "Low came; LOW SODIUM, low salt. Low-grade fever", &["Low"]),
        ("Ada Weeks", "Weeks 3 to 4. Weeks has pain for 2 weeks", &["Weeks"]),
        ("Oral Quill", "Oral came for oral care", &["Oral"]),
    ] {
        let mut known = Known::default();
        known.learn_from("honorific", Class::Name, name);
        let found: Vec<_> = find(text, &known)
            .iter()
            .filter(|hit| hit.class == Class::Name || hit.span.len() > 4)
            .map(|hit| &text[hit.span.start..hit.span.end])
            .filter(|value| !value.starts_with('3'))
            .collect();
        assert_eq!(found, expect, "{text}");
    }
}

#[test]
fn finds_numbers_in_every_spelling() {
    let known = known(&[
        (Class::Mrn, "AB-123456"),
        (Class::Phone, "+1 (555) 678-1234"),
        (Class::Ssn, "123-45-6789"),
        (Class::Place, "62704-1234 "),
        (Class::Place, "12 Elm Street"),
        (Class::Birth, "1952-03-14"),
    ]);
    check(&known, "ab123456 or AB 123456", &["ab123456", "123456"]);
    check(
        &known,
        "5556781234 / 678-1234 / 1.555.678.1234",
        &["5556781234", "678-1234", "1.555.678.1234"],
    );
    check(&known, "123456789", &["123456789"]);
    check(&known, "62704, 12 elm st", &["62704", "12 elm st"]);
    let text = "on March 14, 1952";
    let hits = find(text, &known);
    assert_eq!(hits.first().map(|h| h.class), Some(Class::Birth));
}

#[test]
fn finds_streets_in_part_and_in_short() {
    let known = known(&[
        (Class::Place, "4471 Thornbury Lane"),
        (Class::Place, "12 N St"),
        (Class::Place, "77 St Marks Pl"),
    ]);
    for (text, expect) in [
        ("lives 4471 Thornbury, well", &["4471 Thornbury"][..]),
        ("on Thornbury Ln since", &["Thornbury Ln"]),
        ("thornbury lane 9", &["thornbury lane"]),
        ("77 saint marks place", &["77 saint marks place"]),
        ("in Thornbury since", &[]),
        ("the 4471 patients", &[]),
        ("12 N saline, 10 mg, 77 St", &[]),
    ] {
        check(&known, text, expect);
    }
}

#[test]
fn learns_values_of_the_caller() {
    let mut known = Known::default();
    known.learn_value(Class::Name, "QUILLAN^ZELDA^ADA^^DR=王^小明");
    known.learn_value(Class::Email, "zq@oddville.example");
    known.learn_value(Class::Mrn, "AB-778899");
    known.learn_value(Class::Day, "2024-01-08");
    check(
        &known,
        "saw zelda quillan and 王小明, not ward 5",
        &["zelda quillan", "王小明"],
    );
    check(&known, "AB 778899: ab778899", &["778899", "ab778899"]);
    check(&known, "write ZQ@oddville.example", &["ZQ@oddville.example"]);
}

#[test]
fn finds_other_spellings_of_what_the_record_says() {
    let mut known = Known::default();
    for (class, value) in [
        (Class::Name, "SMITHSON^ROBERT^ALAN"),
        (Class::Name, "Müller, Katherine"),
        (Class::Mrn, "00123456"),
        (Class::Mrn, "AB-778899"),
        (Class::Phone, "+44 20 7946 0018"),
        (Class::Place, "12 North Elm Street, Oddville, IL 62704"),
    ] {
        known.learn_value(class, value);
    }
    check(&known, "Bob Smithson and Rob came", &["Bob Smithson", "Rob"]);
    check(
        &known,
        "R. Smithson, rsmithson, smithsonr",
        &["R. Smithson", "rsmithson", "smithsonr"],
    );
    check(
        &known,
        "Smithsn, Smihtson, Smithsson, smith",
        &["Smithsn", "Smihtson", "Smithsson"],
    );
    check(
        &known,
        "Smithson-Ortiz and Ortiz-Smithson, not smithson-negative",
        &["Smithson-Ortiz", "Ortiz-Smithson", "smithson"],
    );
    check(&known, "user robertalan", &["robertalan"]);
    check(&known, "kathy mueller, Kate Muller", &["kathy mueller", "Kate Muller"]);
    check(&known, "123456 or 0123456 or 778899", &["123456", "778899"]);
    check(&known, "020 7946 0018", &["020 7946 0018"]);
    check(
        &known,
        "12 n elm street, in Oddville 62704",
        &["12 n elm street", "Oddville", "62704"],
    );
}

#[test]
fn finds_short_forms_that_nobody_lists() {
    let mut known = Known::default();
    known.learn_value(Class::Name, "Quackenbush, Zebulon");
    known.learn_value(Class::Name, "SMITH,JOHN Q");
    check(
        &known,
        "Zeb Quackenbush; Zebby Quackenbush; zeb said; Quackenbush, Zebu; johnq",
        &[
            "Zeb Quackenbush",
            "Zebby Quackenbush",
            "zeb",
            "Quackenbush, Zebu",
            "johnq",
        ],
    );
    let mut known = Known::default();
    known.learn_value(Class::Name, "Marianne Michael Holloway");
    check(&known, "MIC 0.5 in mar", &[]);
    check(&known, "Mar Holloway", &["Mar Holloway"]);
}

#[test]
fn a_labelled_name_is_known_whole() {
    for (name, verb) in [
        ("Gene Ward", "was seen"),
        ("Susan Room", "came"),
        ("Susan Doctor", "is well"),
    ] {
        let text = format!("Patient: {name}\nSeen today: {name} {verb}.");
        let parsed = ward_formats::text::TextDoc::parse(text.as_bytes(), ward_formats::Budget::RECORD).unwrap();
        let known = Known::from_documents(&[Doc::Text(parsed.document)]);
        check(&known, &text, &[name, name]);
    }
}

#[test]
fn leaves_labels_that_begin_as_a_name_does() {
    for (name, text) in [
        ("Albert Quackenbush", "Alb 3.2, Alb: 3.1, alb was 3.0"),
        ("Catherine Quackenbush", "CAT scan of head; Cat scan"),
        ("Rosalie Quackenbush", "ROS: negative. Ros reports none"),
        ("Genevieve Quackenbush", "Gen: NAD"),
        ("Corinne Quackenbush", "Cor: RRR; Cor RRR"),
        ("Camille Quackenbush", "CAM-ICU positive"),
        ("Carmen Quackenbush", "CAR-T planned"),
        ("Anthony Quackenbush", "Ant wall MI"),
        ("Penelope Quackenbush", "PEN allergy"),
        ("Tobias Quackenbush", "Tob use"),
        ("Marcus Quackenbush", "MAR reviewed"),
        ("Marion Quackenbush", "MAR reviewed"),
        ("Maxine Quackenbush", "Max assist"),
        ("Vanessa Quackenbush", "VAN trough"),
        ("Medina Quackenbush", "MED rec; Med rec"),
    ] {
        let mut known = Known::default();
        known.learn_value(Class::Name, name);
        check(&known, text, &[]);
    }
    for name in [
        "Martin Quackenbush",
        "Augusta Quackenbush",
        "Octavia Quackenbush",
        "Decker Quackenbush",
    ] {
        let mut known = Known::default();
        known.learn_value(Class::Name, name);
        for text in ["Mar 2023", "Aug 2023", "Oct 2023", "Dec 2023"] {
            let hits = find(text, &known);
            assert!(hits.iter().all(|hit| hit.class == Class::Day), "{name} {text}");
        }
    }
    let mut known = Known::default();
    known.learn_value(Class::Name, "Quackenbush, Zebulon");
    check(&known, "ZEB: 3, Zeb 3.2, Zeb-7, Zeb trough", &[]);
    check(
        &known,
        "Mr. Zeb came. Zeb lives alone. Told Zeb. ZEB QUACKENBUSH; Quackenbush, Zeb",
        &["Mr. Zeb", "Zeb", "Zeb", "ZEB QUACKENBUSH", "Quackenbush, Zeb"],
    );
    check(&known, "Quackenbush MAR reviewed", &["Quackenbush"]);
}

#[test]
fn finds_short_forms_where_a_person_stands() {
    for (name, short) in [("Quackenbush, Zebulon", "Zeb"), ("Quackenbush, Kazimierz", "Kaz")] {
        let mut known = Known::default();
        known.learn_value(Class::Name, name);
        let found = |text: &str| known.find(text).len();
        for text in [
            format!("{short} takes warfarin."),
            format!("{short} is well"),
            format!("Gave {short} a pill"),
            format!("This was for {short}."),
            format!("{short}'s wife came"),
        ] {
            assert_eq!(found(&text), 1, "{text}");
        }
        for text in [
            format!("{short} was 3.2"),
            format!("low {short} level"),
            format!("{short} trough"),
            format!("{short}: normal"),
            format!("{short} 3"),
        ] {
            assert_eq!(found(&text), 0, "{text}");
        }
    }
    for (name, text) in [
        ("Abdullah Quackenbush", "Abd is soft. The Abd was soft"),
        ("Metin Quackenbush", "Met was held"),
        ("Extremadura Quackenbush", "Ext are warm"),
        ("Temperance Quackenbush", "Temp was 38. Temp is normal"),
        ("Warren Quackenbush", "War is over"),
    ] {
        let mut known = Known::default();
        known.learn_value(Class::Name, name);
        check(&known, text, &[]);
    }
}

#[test]
fn finds_a_family_by_its_plural() {
    let mut known = Known::default();
    known.learn_value(Class::Name, "Quackenbush, Zebulon");
    check(
        &known,
        "The Quackenbushes came; the quackenbushes' dog",
        &["Quackenbushes", "quackenbushes"],
    );
    let mut known = Known::default();
    known.learn_value(Class::Name, "Stone, Zebulon");
    check(&known, "Stones in the gallbladder, stones seen", &[]);
}

#[test]
fn what_one_text_introduces_is_known_in_others() {
    let texts = ["The patient is Zebulon Quackenbush.", "Is zebulon well? Tell zeb."];
    let docs = texts.map(|text| {
        let parsed = ward_formats::text::TextDoc::parse(text.as_bytes(), ward_formats::Budget::RECORD).unwrap();
        Doc::Text(parsed.document)
    });
    let known = Known::from_documents(&docs);
    check(&known, texts[1], &["zebulon", "zeb"]);
    check(&known, "Called Quackenbush_Zebulon", &["Quackenbush_Zebulon"]);
    check(&known, "Called get_quackenbush_labs", &["quackenbush"]);
}

#[test]
fn knows_nothing_at_first() {
    assert!(Known::default().is_empty());
    assert!(!known(&[(Class::Birth, "1952-03-14")]).is_empty());
}

#[test]
fn finds_initials_that_speak_and_parts_of_addresses() {
    let mut known = Known::default();
    known.learn_value(Class::Name, "Zebulon Quentin Kowalczyk");
    check(&known, "ZQ reports pain, ZK denies", &["ZQ", "ZK"]);
    check(&known, "mail zebulon.q.", &["zebulon.q"]);
    check(&known, "ZQ 5 mg, ZK and PT reports", &[]);
    // What is said of everybody is nobody's initials.
    let mut known = Known::default();
    known.learn_value(Class::Name, "Paul Tadeusz Kowalczyk");
    check(&known, "PT reports pain, PT denies, BP has risen", &[]);
    // Resistance to many drugs, and the team of many trades.
    let mut known = Known::default();
    known.learn_value(Class::Name, "Mary Dana Reed");
    check(
        &known,
        "MDR reports came. MDR Team met. MDR was ruled out, MDR ruled out on sputum",
        &[],
    );
    check(&known, "patient MDR came", &["MDR"]);
}

#[test]
fn a_surname_after_initials_is_known_afterwards() {
    let known = Known::default();
    check(
        &known,
        "J.Q. Kowalczyk's sister came. Kowalczyk, J. left. Kowalczyk slept.",
        &["J.Q. Kowalczyk", "Kowalczyk, J", "Kowalczyk"],
    );
    check(&known, "J.P. drain out. Foley out, Foley in place.", &[]);
    check(&known, "D.M. Type came. Type 2 diabetes.", &[]);
}
