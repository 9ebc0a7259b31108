//! The laws of the modes.

use proptest::prelude::*;
use ward_formats::date::Civil;
use ward_formats::{Budget, Document, Kind};

use super::*;
use crate::dates;

/// A text of ordinary clinical prose with every class in it.
const NOTE: &str = "Oddville General Hospital, 12 Elm Street, Oddville, IL 62704\n\
Patient: SMITH, JOHN Q.   DOB: 03/14/1952   MRN: AB-778899\n\
Mr. Smith was seen on Monday, January 8, 2024 and again on 1/22/2024 by Dr. Ana Ruiz-Keller, MD.\n\
J. Smith lives at 1234 N. Elm St Apt 4B, Chicago, IL 60614. Call (617) 555-7834 or write to john.smith@clinic.org.\n\
SSN 123-45-6789, account 1234-567890, NPI 1234567893, VIN 1HGCM82633A004352, IP 10.1.2.3.\n\
His mother is a 97-year-old; BP 120/80, A1c 7.2 %, metformin 500 mg, since 2019. Smith's next visit: Feb 5, 2024.\n";

fn restored(one: &Deidentifier, text: &str) -> String {
    let mut restorer = one.restorer().into_links();
    let mut out = String::new();
    restorer.push(text, &mut out);
    restorer.finish(&mut out);
    out
}

#[test]
fn modes_have_words() {
    for mode in Mode::ALL {
        assert_eq!(Mode::from_word(mode.word()), Some(mode));
    }
    assert_eq!(Mode::default(), Mode::Tag);
    assert_eq!(Mode::from_word("Tag"), None);
}

#[test]
fn placeholders_stay_stable_across_runs() {
    let text = "Dr. Ana Ruiz saw him on 2024-01-08; DR. ANA RUIZ; MRN: 778899";
    let mut first = Deidentifier::new(Mode::Tag, [5; 32]);
    let done = first.text(text, &Known::default());
    let mut second = Deidentifier::from_rows(Mode::Tag, [5; 32], &first.rows());
    let other = second.text("Dr. Bo Lind, Dr. Ana Ruiz", &Known::default());
    assert!(other.text.starts_with("[NAME_2"), "{}", other.text);
    assert_eq!(second.text(text, &Known::default()), done);
    assert_eq!(restored(&second, &done.text), text);
}

#[test]
fn stand_ins_read_like_the_text() {
    let mut one = Deidentifier::new(Mode::Surrogate, [5; 32]);
    let done = one.text(NOTE, &Known::default());
    let out = &done.text;
    for gone in [
        "SMITH",
        "Smith",
        "John",
        "JOHN",
        "Ruiz",
        "Keller",
        "Oddville",
        "Elm",
        "Chicago",
        "1952",
        "Jan",
        "778899",
        "7834",
        "clinic.org",
        "6789",
        "567890",
        "1234567893",
        "004352",
        "10.1.2.3",
        "97",
        "Monday",
    ] {
        assert!(!out.contains(gone), "{gone} is still in {out}");
    }
    for kept in [
        " General Hospital, ",
        ", IL 627",
        "Patient: ",
        "Mr. ",
        ", MD.",
        "Apt ",
        ", IL 606",
        "555-01",
        "@example.",
        "SSN 9",
        "90+-year-old",
        "BP 120/80, A1c 7.2 %, metformin 500 mg, since 2019.",
        "'s next visit",
    ] {
        assert!(out.contains(kept), "{kept} is not in {out}");
    }
    assert!(!out.contains('['), "{out}");
    assert_eq!(restored(&one, out), NOTE);
    // Next week, knowing nothing but the key; and with the vault.
    assert_eq!(
        Deidentifier::new(Mode::Surrogate, [5; 32])
            .text(NOTE, &Known::default())
            .text,
        *out
    );
    let mut again = Deidentifier::from_rows(Mode::Surrogate, [5; 32], &one.rows());
    assert_eq!(again.text(NOTE, &Known::default()).text, *out);
    assert_ne!(
        Deidentifier::new(Mode::Surrogate, [6; 32])
            .text(NOTE, &Known::default())
            .text,
        *out
    );
    // What a model makes of it.
    let name = |of: &str| {
        let value = one.rows().into_iter().find(|row| row.value() == of).unwrap();
        value.stand_in().to_owned()
    };
    let (mister, doctor) = (name("Mr. Smith"), name("Dr. Ana Ruiz-Keller"));
    let family = mister.trim_start_matches("Mr. ").to_owned();
    let answer = format!(
        "**{}**'s doctor is {doctor}; {} came.",
        family.to_uppercase(),
        family.to_lowercase()
    );
    assert_eq!(
        restored(&one, &answer),
        "**SMITH**'s doctor is Dr. Ana Ruiz-Keller; Smith came."
    );
}

#[test]
fn restorers_from_rows_put_back_the_same() {
    for mode in [Mode::Tag, Mode::Surrogate] {
        let mut one = Deidentifier::new(mode, [7; 32]);
        let done = one.text(NOTE, &Known::default());
        for size in [1, 2, 3, 7, 64, 100_000] {
            let mut restorer = Restorer::from_rows(&one.rows()).into_links();
            let mut out = String::new();
            let chars: Vec<char> = done.text.chars().collect();
            for chunk in chars.chunks(size) {
                restorer.push(&chunk.iter().collect::<String>(), &mut out);
            }
            restorer.finish(&mut out);
            assert_eq!(out, NOTE, "{mode:?} {size}");
        }
    }
}

#[test]
fn a_stand_in_in_another_text_is_no_way_to_a_value() {
    let mut one = Deidentifier::new(Mode::Surrogate, [5; 32]);
    one.text("Dr. John Smith was here.", &Known::default());
    let stand_in = one
        .rows()
        .first()
        .unwrap()
        .stand_in()
        .trim_start_matches("Dr. ")
        .to_owned();
    // Somebody of that name is in the next text of the same subject.
    let next = format!("the house of {stand_in} and {}", stand_in.to_uppercase());
    let done = one.text(&next, &Known::default());
    assert!(!done.text.contains(&stand_in), "{}", done.text);
    assert_eq!(restored(&one, &done.text), next);
}

#[test]
fn one_subject_in_two_modes() {
    let mut one = Deidentifier::new(Mode::Surrogate, [5; 32]);
    let first = one.text(NOTE, &Known::default()).text;
    let stand_in = one.rows().into_iter().find(|row| row.value() == "Mr. Smith").unwrap();
    let next = format!(
        "{NOTE}The neighbours call them {}.",
        stand_in.stand_in().trim_start_matches("Mr. ")
    );
    let mut two = Deidentifier::from_rows(Mode::Tag, [5; 32], &one.rows());
    let second = two.text(&next, &Known::default()).text;
    let mut restorer = Restorer::from_rows(&two.rows()).into_links();
    let mut out = String::new();
    restorer.push(&first, &mut out);
    restorer.push(&second, &mut out);
    restorer.finish(&mut out);
    assert_eq!(out, format!("{NOTE}{next}"));
}

#[test]
fn removal_leaves_no_date_finer_than_a_year() {
    let text = "Seen Monday, January 8, 2024 (Tues 1/9/24) and 8.1.2024 14:30. DOB 3/14/1931. A 97-year-old.";
    let mut one = Deidentifier::new(Mode::Remove, [5; 32]).on(Civil::new(2024, 6, 1).unwrap());
    let done = one.text(text, &Known::default());
    assert_eq!(done.text, "Seen 2024 (2024) and 2024 14:30. DOB 90+. A 90+-year-old.");
    assert!(one.rows().is_empty());
    let done = one.text(NOTE, &Known::default());
    let left = find::find(&done.text, &Known::default());
    assert!(
        left.iter().all(|hit| !matches!(hit.class, Class::Day | Class::Birth)),
        "{}",
        done.text
    );
}

#[test]
fn uids_are_consistent_and_short() {
    for mode in Mode::ALL {
        let mut one = Deidentifier::new(mode, [5; 32]);
        let (a, b) = (one.uid("1.2.840.1"), one.uid("1.2.840.2"));
        assert!(a != b && a == one.uid("1.2.840.1") && a.len() <= 64 && a.starts_with("2.25."));
    }
}

#[test]
fn whole_values_have_stand_ins() {
    let mut one = Deidentifier::new(Mode::Surrogate, [5; 32]);
    let whole = one.value(Class::Name, "Smith^John");
    assert!(whole.contains('^') && one.value(Class::Name, "Smith^John") == whole);
    assert_eq!(one.value(Class::Name, "Smith, John"), whole.replace('^', ", "));
    let day = Civil::new(2024, 1, 8).unwrap();
    let moved = one.day(day).unwrap();
    assert_eq!(
        one.value(Class::Day, "20240108"),
        format!("{:04}{:02}{:02}", moved.year, moved.month, moved.day)
    );
    assert_eq!(restored(&one, &whole), "Smith^John");
    assert!(Deidentifier::new(Mode::Remove, [5; 32]).day(day).is_none());
}

const PIECES: &[&str] = &[
    "Dr. Ana Ruiz",
    "Ana",
    "ANA RUIZ",
    "Ruiz, Ana",
    "Mr. Ruiz's",
    "Delgado",
    "Marisol",
    "MRN: 12345",
    "MRN: AB-778899",
    "[NAME_1KR]",
    "NAME_1BC",
    r"\[",
    "[",
    "]",
    "_",
    "2024-01-08",
    "Jan 8, 2024",
    "1/8/2024",
    "01/08/2024",
    "Monday, Jan 8, 2024",
    "Jan 8",
    "2024-01-08T10:15:00Z",
    "12/12/2024",
    "DOB 1/2/1950",
    "DOB: January 2, 1950",
    "555-678-1234",
    "(617) 678-1234 x12",
    "a.ruiz@b.example",
    "[DAY_",
    "é",
    "王小明",
    "患者王小明92岁",
    "\n",
    "name: Zoë Öz",
    "1234 Elm St, Chicago, IL 60614",
    "St. Mary's Hospital",
    "123-45-6789",
    "ssn ending in 6789",
    "patient Zoë Öz",
    "patient Zoe Oz",
    "92-year-old",
    "95-year-old",
    "90+",
    "https://x.example/é",
    "10.0.0.254",
    "\u{301}",
    "\u{200b}",
    "id",
    "ID: A123-456",
    "VIN 1HGCM82633A004352",
    "12345",
    "BP 120/80",
];

fn texts() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        5 => proptest::sample::select(PIECES).prop_map(str::to_owned),
        1 => ".{0,8}",
        1 => r"[A-Za-z_0-9\\\[\] -]{0,8}",
    ];
    (proptest::collection::vec(part, 0..14), any::<bool>())
        .prop_map(|(parts, spaced)| parts.join(if spaced { " " } else { "" }))
}

fn known() -> Known {
    let mut known = Known::default();
    known.learn(Class::Name, "Zoë Öz");
    known.learn(Class::Mrn, "12345");
    known
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn restoring_undoes_replacing(one in texts(), two in texts(), key in any::<[u8; 32]>(), surrogate in any::<bool>()) {
        let mode = if surrogate { Mode::Surrogate } else { Mode::Tag };
        let mut subject = Deidentifier::new(mode, key);
        let first = subject.text(&one, &known());
        prop_assert_eq!(&restored(&subject, &first.text), &one);
        // Another text of the subject, after the first was kept and read from the vault.
        let mut later = Deidentifier::from_rows(mode, key, &subject.rows());
        let second = later.text(&two, &known());
        prop_assert_eq!(&restored(&later, &second.text), &two);
        let mut restorer = Restorer::from_rows(&later.rows()).into_links();
        let mut out = String::new();
        restorer.push(&first.text, &mut out);
        prop_assert_eq!(restorer.finish(&mut out).unknown, 0);
    }

    #[test]
    fn no_stand_in_is_a_value_of_the_subject(one in texts(), key in any::<[u8; 32]>()) {
        let mut subject = Deidentifier::new(Mode::Surrogate, key);
        subject.text(&one, &known());
        let rows = subject.rows();
        // Text that read as a stand-in has a placeholder.
        let rows: Vec<_> = rows.into_iter().filter(|row| row.class() != Class::Text).collect();
        let values: std::collections::HashSet<String> = rows.iter().map(|row| row.value().to_lowercase()).collect();
        for row in &rows {
            prop_assert!(!values.contains(&row.stand_in().to_lowercase()));
        }
    }

    #[test]
    fn removal_leaves_nothing_finer_than_a_year(
        parts in proptest::collection::vec(proptest::sample::select(PIECES), 0..14),
        key in any::<[u8; 32]>(),
    ) {
        let mut subject = Deidentifier::new(Mode::Remove, key).on(Civil::new(2026, 1, 1).unwrap());
        let out = subject.text(&parts.join(" ; "), &known()).text;
        for hit in find::find(&out, &Known::default()) {
            let left = &out[hit.span.start..hit.span.end];
            let fine = matches!(hit.class, Class::Day | Class::Birth) && dates::whole(left).is_some_and(|day| {
                day.precision != ward_formats::date::Precision::Year
            });
            prop_assert!(!fine, "{} in {}", left, out);
        }
    }

    #[test]
    fn documents_come_back(
        parts in proptest::collection::vec(texts(), 4),
        key in any::<[u8; 32]>(),
    ) {
        let json = serde_json::json!({
            "resourceType": "Patient", "id": "p-1",
            "name": [{"family": "Ruiz", "given": ["Ana", "Zoë"], "text": parts[0]}],
            "text": {"status": "generated", "div": parts[1]},
            "birthDate": "1952-03-14", "unheardOf": {"x": parts[2]},
            "extension": [{"url": "http://x.example", "valueString": parts[3]}],
        });
        let text = json.to_string();
        let parse = |bytes: &[u8]| Doc::parse(bytes, Some(Kind::Fhir), Budget::RECORD).unwrap().document;
        let doc = parse(text.as_bytes());
        let known = Known::from_documents([&doc]);
        let mut subject = Deidentifier::new(Mode::Surrogate, key);
        let done = subject.document(&doc, &known).unwrap();
        let out = parse(&done.bytes);
        prop_assert_eq!(out.fields().len(), doc.fields().len());
        let back = subject.restore_document(&out).unwrap();
        let back: serde_json::Value = serde_json::from_slice(&back).unwrap();
        prop_assert_eq!(back, json);
    }
}

#[test]
fn structured_records_keep_their_form() {
    let hl7 = "MSH|^~\\&|LAB|OddvilleGeneral|EHR|Ward|20240108101500||ORU^R01|MSG00042|P|2.5.1\rPID|1||AB778899^^^OG^MR||Quillfeather^Zelda^A||19520314|F|||12 Elm Street^^Oddville^IL^62704||5556781234||||||123456789\rOBX|1|NM|4548-4^Hemoglobin A1c^LN||7.2|%|||||F|||20240108\rNTE|1||Discussed with Ms. Quillfeather on 01/08/2024\\.br\\A1c 7.2 %\r";
    let parse = |text: &[u8]| Doc::parse(text, Some(Kind::Hl7), Budget::RECORD).unwrap().document;
    let doc = parse(hl7.as_bytes());
    for mode in [Mode::Surrogate, Mode::Remove] {
        let mut subject = Deidentifier::new(mode, [4; 32]);
        let done = subject.document(&doc, &Known::from_documents([&doc])).unwrap();
        let out = String::from_utf8(done.bytes.clone()).unwrap();
        for gone in [
            "quillfeather",
            "zelda",
            "778899",
            "19520314",
            "6781234",
            "123456789",
            "elm street",
            "20240108",
            "01/08/2024",
        ] {
            assert!(!out.to_lowercase().contains(gone), "{gone} is still in {out}");
        }
        for kept in ["|7.2|", "4548-4", "^IL^", "\\.br\\A1c 7.2 %", "ORU^R01"] {
            assert!(out.contains(kept), "{kept} is not in {out}");
        }
        assert_eq!(u32::try_from(done.applied.len()), Ok(done.tally.total()));
        if mode == Mode::Surrogate {
            assert!(!out.contains('['), "{out}");
            assert_eq!(subject.restore_document(&parse(&done.bytes)).unwrap(), hl7.as_bytes());
        }
    }
}

#[test]
fn titles_of_hl7_stay_where_they_are_titles() {
    // A field, and which components of it stay as they are.
    for (place, field, kept) in [
        ("PV1|1|O|||||", "1234^Nguyen^Thi^Do^^Dr^MD", &["Dr", "MD"][..]),
        ("PV1|1|O|||||", "1234^Nguyen^Thi^Pa^Jr^Dr", &["Jr", "Dr"]),
        ("PV1|1|O|||||", "^Nguyen^Thi^Md^^Dr", &["Dr"]),
        ("PV1|1|O|||||", "1234^Nguyen&&&&Do^Thi^Rev", &[]),
        ("PV1|1|O|||||", "88^Ruiz^Ana^Sra~1234^Nguyen^Thi^Do^III", &["III"]),
        (
            "OBR|1|||4548-4^A1c^LN||||||||||||",
            "1234^Nguyen^Thi^Do^^Dr^MD",
            &["Dr", "MD"],
        ),
        (
            "OBR|1|||4548-4^A1c^LN||||||||||||||||||||||||||||",
            "1234&Nguyen&Thi&Do&III&Dr&MD",
            &["III", "Dr", "MD"],
        ),
        ("PID|1||AB778899^^^OG^MR||", "Quillfeather^Zelda^A^Jr^Dr", &["Jr", "Dr"]),
        ("PID|1||AB778899^^^OG^MR||", "Quillfeather&&&&Do^Zelda^Do^III", &["III"]),
        ("PID|1||AB778899^^^OG^MR||", "^^^Do", &[]),
    ] {
        let hl7 = format!(
            "MSH|^~\\&|LAB|OG|EHR|Ward|20240108101500||ORU^R01|MSG00042|P|2.5.1\r{place}{field}\rOBX|1|NM|4548-4^A1c^LN||7.2\r"
        );
        let parse = |text: &[u8]| Doc::parse(text, Some(Kind::Hl7), Budget::RECORD).unwrap().document;
        let doc = parse(hl7.as_bytes());
        let mut subject = Deidentifier::new(Mode::Surrogate, [4; 32]);
        let done = subject.document(&doc, &Known::from_documents([&doc])).unwrap();
        assert_eq!(subject.restore_document(&parse(&done.bytes)).unwrap(), hl7.as_bytes());
        let out = String::from_utf8(done.bytes).unwrap();
        let line = out.split('\r').nth(1).unwrap();
        let parts: Vec<&str> = line.split(['|', '^', '&', '~']).collect();
        let titles = ["Do", "Pa", "Md", "Sra", "Rev", "Dr", "MD", "Jr", "III"];
        let stayed: Vec<&str> = parts.into_iter().filter(|part| titles.contains(part)).collect();
        assert_eq!(stayed, kept, "{field}: {line}");
    }
}

#[test]
fn what_reads_as_a_stand_in_beside_a_number_comes_back() {
    let parse = |text: &[u8]| Doc::parse(text, Some(Kind::Fhir), Budget::RECORD).unwrap().document;
    for (first, second) in [
        ("a 92-year-old man", "90+123-45-6789"),
        ("90+123-45-6789", "a 92-year-old man, 91-year-old"),
        ("over 89 (555) 123-4567", "a 92-year-old man and one aged 94"),
        ("92-year-old 90+123-45-6789", ">89 aged 97"),
    ] {
        let json = serde_json::json!({
            "resourceType": "Patient", "id": "p-1", "unheardOf": {"x": first, "y": second},
            "name": [{"family": "Ruiz", "text": first}],
        });
        let doc = parse(json.to_string().as_bytes());
        for key in 0..40 {
            let mut subject = Deidentifier::new(Mode::Surrogate, [key; 32]);
            let done = subject.document(&doc, &Known::from_documents([&doc])).unwrap();
            let back = subject.restore_document(&parse(&done.bytes)).unwrap();
            let back: serde_json::Value = serde_json::from_slice(&back).unwrap();
            assert_eq!(back, json);
        }
    }
}

#[test]
fn ages_stay_numbers_of_r4() {
    let json = r#"{"resourceType":"Condition","id":"c","subject":{"reference":"Patient/p"},"onsetAge":{"value":93,"unit":"years","system":"http://unitsofmeasure.org","code":"a"},
"abatementAge":{"value":97.5,"comparator":"<","unit":"a"},"contained":[{"resourceType":"QuestionnaireResponse","status":"completed","item":[{"linkId":"1","text":"Age","answer":[{"valueInteger":94}]}]}]}"#;
    let doc = Doc::parse(json.as_bytes(), Some(Kind::Fhir), Budget::RECORD)
        .unwrap()
        .document;
    let mut subject = Deidentifier::new(Mode::Remove, [4; 32]);
    let done = subject.document(&doc, &Known::default()).unwrap();
    let out: serde_json::Value = serde_json::from_slice(&done.bytes).unwrap();
    assert_eq!(out["onsetAge"]["value"], 90);
    assert_eq!(out["onsetAge"]["comparator"], ">=");
    assert_eq!(out["abatementAge"]["value"], 90);
    assert_eq!(out["abatementAge"]["comparator"], ">=");
    assert_eq!(out["contained"][0]["item"][0]["answer"][0]["valueInteger"], 90);
}

#[test]
fn ages_stay_numbers_and_come_back() {
    let json = r#"{"resourceType":"Condition","id":"c","subject":{"reference":"Patient/p"},"onsetAge":{"value":93,"unit":"a"},"abatementAge":{"value":97.5,"comparator":"<","unit":"a"},
"note":[{"text":"LDL 90.01, onset at 93"}],"contained":[{"resourceType":"FamilyMemberHistory","status":"completed","ageAge":{"value":93,"unit":"a"},"bornDate":"1931"}]}"#;
    let parse = |text: &[u8]| Doc::parse(text, Some(Kind::Fhir), Budget::RECORD).unwrap().document;
    for mode in [Mode::Tag, Mode::Surrogate] {
        let mut subject = Deidentifier::new(mode, [4; 32]);
        let doc = parse(json.as_bytes());
        let done = subject.document(&doc, &Known::from_documents([&doc])).unwrap();
        let out: serde_json::Value = serde_json::from_slice(&done.bytes).unwrap();
        assert_eq!(
            (&out["onsetAge"]["value"], &out["abatementAge"]["value"]),
            (&90.02.into(), &90.03.into())
        );
        assert_eq!(out["contained"][0]["ageAge"]["value"], 90.02);
        let born = out["contained"][0]["bornDate"].as_str().unwrap();
        assert!(mode == Mode::Tag || born == "1930" || born == "1932", "{born}");
        assert_eq!(subject.restore_document(&parse(&done.bytes)).unwrap(), json.as_bytes());
        // The next day, from the vault.
        let mut again = Deidentifier::from_rows(mode, [4; 32], &subject.rows());
        assert_eq!(
            again.document(&doc, &Known::from_documents([&doc])).unwrap().bytes,
            done.bytes
        );
        assert_eq!(again.restore_document(&parse(&done.bytes)).unwrap(), json.as_bytes());
    }
}

#[test]
fn what_is_left_is_of_the_datatype_of_r4() {
    let json = r#"{"resourceType":"Patient","id":"p","meta":{"lastUpdated":"2024-01-08T10:15:00Z"},"birthDate":"1930-03-14","deceasedDateTime":"2024-01-02",
"photo":[{"contentType":"image/png","data":"aGVsbG8="}],"address":[{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/geolocation","extension":[{"url":"latitude","valueDecimal":42.5}]}]}]}"#;
    let doc = Doc::parse(json.as_bytes(), Some(Kind::Fhir), Budget::RECORD)
        .unwrap()
        .document;
    let mut subject = Deidentifier::new(Mode::Remove, [4; 32]).on(Civil::new(2026, 6, 1).unwrap());
    let done = subject.document(&doc, &Known::default()).unwrap();
    let out: serde_json::Value = serde_json::from_slice(&done.bytes).unwrap();
    for (found, expect) in [
        (&out["meta"]["lastUpdated"], "2024-01-01T00:00:00Z"),
        (&out["birthDate"], "1936"),
        (&out["deceasedDateTime"], "2024"),
        (&out["photo"][0]["data"], "W0ZJTEVd"),
    ] {
        assert_eq!(found, expect);
    }
    assert_eq!(out["address"][0]["extension"][0]["extension"][0]["valueDecimal"], 0);
}
