//! Every row of Table E.1-1, under the Basic Profile and under every option: a file that holds the attribute, at the top
//! and two sequences deep, and a check of what became of it.

use ward_deid::Mode;
use ward_deid::dicom::{Dates, Options};
use ward_formats::dicom::{Tag, dictionary_vr};

use crate::bytes::{self, How, Set, Value, bytes, contains, items, text, text_of};
use crate::cleaned;

/// The table as its lines are.
const TABLE: &str = include_str!("../../src/dicom/profile.txt");

struct Row {
    tag: u32,
    basic: &'static str,
    options: &'static str,
}

/// All rows but those of curves, overlays and private attributes, and with those for one group each.
fn rows() -> Vec<Row> {
    let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
    let rows = lines.map(|line| {
        let words: Vec<&str> = line.splitn(4, ' ').collect();
        let tag = match words[0] {
            "50xxxxxx" => "50020110",
            "odd....." => "00291001",
            tag => &tag.replace("60xx", "6002"),
        };
        let tag = u32::from_str_radix(tag, 16).unwrap();
        Row {
            tag,
            basic: words[1],
            options: words[2],
        }
    });
    rows.collect()
}

fn vr(tag: u32) -> String {
    match tag {
        0x5002_0110 => "US".to_owned(),
        0x0029_1001 => "LO".to_owned(),
        _ => dictionary_vr(Tag(tag)).unwrap().letters().to_owned(),
    }
}

/// A name that the patient module gives, so that cleaning must find it everywhere.
const PATIENT: &str = "QUILLFEATHER^ZELDA";
/// UIDs of this test's study.
const UID: &str = "1.2.826.0.1.3680043.778899";

/// The value planted in an attribute: nothing like it may be left. `known` values are what cleaning must recognise.
fn plant(vr: &str, known: bool) -> Value {
    let text = match vr {
        "PN" => "ORPHANPLANT^XENIA",
        "DA" => "20110911",
        "DT" => "20110911113355.25",
        "TM" => "113355.25",
        "AS" => "101Y",
        "DS" | "IS" => "778899123",
        "UI" => UID,
        "AE" => "PLANTED_AE",
        "CS" if known => "QUILLFEATHER",
        "CS" => "PLANTED_TERM",
        "UR" => "http://planted.example/x",
        "SH" if known => "ZELDA",
        "SH" => "PLANTEDSH",
        "LO" | "LT" | "ST" | "UC" | "UT" if known => "Zelda Quillfeather",
        "LO" | "LT" | "ST" | "UC" | "UT" => "PLANTED prose",
        "SQ" => {
            let mut item = Set::new();
            text(&mut item, 0x0008_0100, "SH", if known { "ZELDA" } else { "PLANTEDSH" });
            text(
                &mut item,
                0x0008_0104,
                "LO",
                if known { "Zelda Quillfeather" } else { "PLANTED prose" },
            );
            text(&mut item, 0x0008_1155, "UI", UID);
            text(&mut item, 0x0010_1001, "PN", "ORPHANPLANT^XENIA");
            let mut deep = item.clone();
            text(
                &mut deep,
                0x0040_a160,
                "UT",
                if known { "met Quillfeather" } else { "PLANTED prose" },
            );
            items(&mut item, 0x0008_1199, vec![deep]);
            return Value::Items(vec![item.clone(), item]);
        }
        _ => return Value::Bytes(b"PLANTEDBYTES\x51\x51\x51\x51".to_vec()),
    };
    Value::Bytes(text.as_bytes().to_vec())
}

const GONE: &[&str] = &[
    "QUILLFEATHER",
    "ZELDA",
    "PLANTED",
    "ORPHANPLANT",
    "XENIA",
    "20110911",
    "101Y",
    "778899",
    "HIDDEN",
];

/// The file of one row: the attribute at the top, in an item of an item, and private blocks beside both.
fn file(row: &Row, known: bool, how: How) -> Vec<u8> {
    let vr = vr(row.tag);
    let planted = (vr.clone(), plant(&vr, known));
    let mut inner = Set::new();
    let mut set = Set::new();
    text(&mut set, 0x0008_0016, "UI", "1.2.840.10008.5.1.4.1.1.7");
    text(&mut set, 0x0010_0010, "PN", PATIENT);
    text(&mut set, 0x0010_0020, "LO", "MRN-778899");
    bytes(&mut set, 0x0028_0010, "US", &[2, 0]);
    let mut meta = Set::new();
    text(&mut meta, 0x0002_0016, "AE", "HIDDEN_AE");
    if row.tag >> 16 == 2 {
        meta.insert(row.tag, planted);
    } else {
        inner.insert(row.tag, planted.clone());
        set.insert(row.tag, planted);
    }
    for set in [&mut inner, &mut set] {
        text(set, 0x0029_0010, "LO", "HIDDEN CREATOR");
        bytes(set, 0x0029_1002, "OB", b"HIDDEN private");
        let mut private = Set::new();
        text(&mut private, 0x0008_0104, "LO", "HIDDEN meaning");
        items(set, 0x0029_1003, vec![private]);
    }
    let mut middle = Set::new();
    items(&mut middle, 0x0008_1199, vec![inner]);
    items(&mut set, 0x0008_1115, vec![middle]);
    bytes::file(&set, &meta, how, how != How::Implicit)
}

/// What the table says under `options`, with the same reading of combinations as the documentation.
fn expected(row: &Row, options: &Options) -> &'static str {
    let has = |letter| row.options.contains(letter);
    match row.options {
        _ if has('t') && options.dates == Dates::Shifted => "C",
        _ if has('t') && options.dates == Dates::Full => "K",
        _ if has('u') && options.uids || has('d') && options.device => "K",
        _ if has('i') && options.institution || has('p') && options.patient => "K",
        _ if has('D') && options.device || has('P') && options.patient => "C",
        // Occupation is never kept: see the guide.
        _ if row.tag == 0x0010_2180 => row.basic,
        _ if has('e') && options.descriptors || has('s') && options.structured => "C",
        _ if row.tag == 0x0070_0001 && options.graphics => "C",
        _ => row.basic,
    }
}

/// Checks one row; says how often it was checked.
fn check(row: &Row, options: &Options, mode: Mode, how: How) {
    let action = expected(row, options);
    let kind = vr(row.tag);
    let file = file(row, action == "C" || action == "X/Z/U*", how);
    let done = cleaned(&file, options, mode);
    let what = format!("{:08x} {kind} {action} {options:?} {mode:?} {how:?}", row.tag);
    let (meta, set) = bytes::read(&done.bytes, how, &vr);

    // Retained values stand there; nothing else of what was planted does.
    let kept = match plant(&kind, false) {
        Value::Bytes(bytes) if action == "K" => bytes,
        _ => Vec::new(),
    };
    let retained_sequence = action == "K" && kind == "SQ";
    for gone in GONE {
        let allowed = contains(&kept, gone.as_bytes()) || (retained_sequence && ["PLANTED", "778899"].contains(gone));
        assert!(
            allowed || !contains(&done.bytes, gone.as_bytes()),
            "{gone} is left: {what}"
        );
    }
    if options.uids {
        assert!(
            action != "K" || kind != "UI" || contains(&done.bytes, UID.as_bytes()),
            "{what}"
        );
    }
    assert_eq!(text_of(&set, 0x0012_0062).as_deref(), Some("YES"), "{what}");
    assert_eq!(
        set.get(&0x0028_0010).map(|(_, value)| value.clone()),
        Some(Value::Bytes(vec![2, 0]))
    );
    assert!(
        !meta.contains_key(&0x0002_0016) && set.keys().all(|tag| tag >> 16 & 1 == 0),
        "{what}"
    );

    let places: Vec<&Set> = if row.tag >> 16 == 2 {
        vec![&meta]
    } else {
        let Some((_, Value::Items(middle))) = set.get(&0x0008_1115) else {
            panic!("{what}");
        };
        let Some((_, Value::Items(inner))) = middle[0].get(&0x0008_1199) else {
            panic!("{what}");
        };
        assert!(inner[0].keys().all(|tag| tag >> 16 & 1 == 0), "{what}");
        vec![&set, &inner[0]]
    };
    let mut uids = Vec::new();
    for place in places {
        let found = place.get(&row.tag).map(|(_, value)| value);
        let planted = plant(&kind, action == "C" || action == "X/Z/U*");
        let is_empty = match found {
            Some(Value::Bytes(bytes)) => bytes.iter().all(|b| *b == b' '),
            Some(Value::Items(items)) => items.is_empty(),
            None => false,
        };
        if action == "X" || (action == "C" && kind == "OB") {
            assert!(found.is_none(), "it is there: {what}");
            continue;
        }
        let found = found.unwrap_or_else(|| panic!("it is not there: {what}"));
        match action {
            "Z" | "X/Z" => assert!(is_empty || *found != planted, "{what}"),
            "D" | "Z/D" | "X/D" | "X/Z/D" => {
                assert!(!is_empty && *found != planted, "{what}");
                if let (Value::Items(a), Value::Items(b)) = (found, &planted) {
                    assert_eq!(a.len(), b.len(), "{what}");
                }
            }
            "U" | "X/Z/U*" => {
                let uid = match found {
                    Value::Items(items) => text_of(&items[0], 0x0008_1155),
                    Value::Bytes(_) => text_of(place, row.tag),
                };
                let uid = uid.unwrap();
                assert!(uid.starts_with("2.25.") && uid.len() <= 64, "{what}");
                uids.push(uid);
            }
            "K" => match (kind.as_str(), found) {
                ("AS", _) => assert_eq!(text_of(place, row.tag).as_deref(), Some("090Y"), "{what}"),
                (_, Value::Items(items)) => assert_eq!(items.len(), 2, "{what}"),
                (_, Value::Bytes(_)) => {
                    let Value::Bytes(before) = &planted else {
                        panic!("{what}")
                    };
                    let mut after = match found {
                        Value::Bytes(bytes) => bytes.clone(),
                        Value::Items(_) => panic!("{what}"),
                    };
                    after.truncate(before.len());
                    assert_eq!(after, *before, "{what}");
                }
            },
            "C" => {
                if matches!(kind.as_str(), "DA" | "DT") {
                    let after = text_of(place, row.tag).unwrap();
                    assert!(after.len() >= 8 && !after.starts_with("20110911"), "{what}");
                } else if kind == "TM" {
                    assert_eq!(text_of(place, row.tag).as_deref(), Some("113355.25"), "{what}");
                } else if !matches!(kind.as_str(), "SQ" | "CS" | "AE" | "SH" | "DS" | "OB" | "OW" | "US") {
                    assert!(!is_empty, "{what}");
                }
                if let Value::Items(items) = found {
                    assert_eq!(items.len(), 2, "{what}");
                }
            }
            _ => panic!("{what}"),
        }
    }
    uids.dedup();
    assert!(uids.len() <= 1, "one UID became two: {what}");
}

#[test]
fn every_row_of_the_basic_profile_in_every_encoding() {
    let rows = rows();
    assert_eq!(rows.len(), 621);
    for row in &rows {
        for how in How::ALL {
            check(row, &Options::basic(), Mode::Tag, how);
        }
        check(row, &Options::basic(), Mode::Remove, How::Explicit);
        check(row, &Options::basic(), Mode::Surrogate, How::Explicit);
    }
}

#[test]
fn every_row_under_every_option() {
    let options: [fn(&mut Options); 8] = [
        |o| o.descriptors = true,
        |o| o.structured = true,
        |o| o.graphics = true,
        |o| o.dates = Dates::Full,
        |o| o.uids = true,
        |o| o.device = true,
        |o| o.institution = true,
        |o| o.patient = true,
    ];
    for row in &rows() {
        for change in options {
            let mut with = Options::basic();
            change(&mut with);
            if expected(row, &with) != row.basic {
                check(row, &with, Mode::Tag, How::Explicit);
            }
        }
        let shifted = Options {
            dates: Dates::Shifted,
            ..Options::default()
        };
        check(row, &shifted, Mode::Surrogate, How::Explicit);
        check(row, &Options::default(), Mode::Tag, How::Explicit);
    }
}
