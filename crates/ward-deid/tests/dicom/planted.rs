//! Values of the patient planted everywhere a file can hold text: none may be left.

use ward_deid::Mode;
use ward_deid::dicom::{Dates, Options};

use crate::bytes::{self, How, Set, bytes, contains, items, text};
use crate::cleaned;

/// What the patient module says.
fn patient(set: &mut Set) {
    text(set, 0x0008_0016, "UI", "1.2.840.10008.5.1.4.1.1.88.11");
    text(set, 0x0008_0018, "UI", "1.2.826.0.1.3680043.778899.1");
    text(set, 0x0008_0080, "LO", "Oddville General Hospital");
    text(set, 0x0008_0090, "PN", "Haddadin^Omar^^Dr");
    text(set, 0x0010_0010, "PN", "Quillfeather^Zelda^Ann");
    text(set, 0x0010_0020, "LO", "AB-778899");
    text(set, 0x0010_0030, "DA", "19520314");
    text(set, 0x0010_1005, "PN", "Thistlewood");
    text(set, 0x0010_1040, "LO", "12 Elmwood Street, Oddville");
    text(set, 0x0010_2154, "SH", "555-678-1234");
    text(set, 0x0020_000d, "UI", "1.2.826.0.1.3680043.9.5151");
    text(set, 0x0020_000e, "UI", "1.2.3.5252");
}

const GONE: &[&str] = &[
    "quillfeather",
    "zelda",
    "778899",
    "19520314",
    "1952-03-14",
    "03/14/1952",
    "haddadin",
    "omar",
    "thistlewood",
    "elmwood",
    "5556781234",
    "555-678-1234",
    "oddville",
    "5151",
    "5252",
    "5353",
];

const PROSE: &str = "Ms. Quillfeather (AB778899), born 03/14/1952, of 12 Elmwood Street, Oddville, was seen by Omar Haddadin. \
                     zelda's mother, THISTLEWOOD, called from 555-678-1234. See \
                     1.2.826.0.1.3680043.9.5151, series 1.2.3.5252, and 2.25.329800735698586629295641978511505353.";

/// The patient's values in `set`, in elements that the table does not list, of every representation.
fn plant(set: &mut Set) {
    text(set, 0x0008_0104, "LO", "Scan of Zelda Quillfeather");
    text(set, 0x0008_0119, "UC", "QUILLFEATHER");
    text(set, 0x0018_0015, "CS", "QUILLFEATHER");
    text(set, 0x0018_1020, "LO", "1.0\\AB-778899");
    text(set, 0x0018_0088, "DS", "5556781234");
    text(set, 0x0020_0012, "IS", "778899");
    text(set, 0x0018_0024, "SH", "Zelda");
    text(set, 0x0008_0300, "LO", "HIDDEN");
    text(set, 0x0040_a160, "UT", PROSE);
    text(set, 0x0018_9908, "UC", PROSE);
    text(set, 0x0008_1190, "UR", "http://host.example/zelda/quillfeather");
    text(set, 0x0014_2006, "PN", "Haddadin^Omar");
    text(set, 0x0014_0102, "DA", "19520314");
    bytes(set, 0x0028_1201, "OW", b"\x01\x02Zelda Quillfeather\x03");
    bytes(set, 0x0018_1310, "US", b"Haddadin, Omar 1");
    text(set, 0x0009_0010, "LO", "ZELDA");
    text(set, 0x0009_1001, "UT", PROSE);
}

#[test]
fn nothing_planted_is_left() {
    for how in How::ALL {
        for open in [false, true] {
            for mode in [Mode::Tag, Mode::Surrogate, Mode::Remove] {
                let mut set = Set::new();
                patient(&mut set);
                plant(&mut set);
                // Nine sequences deep, with values at each level.
                let mut deep = Set::new();
                plant(&mut deep);
                for _ in 0..9 {
                    let mut outer = Set::new();
                    plant(&mut outer);
                    items(&mut outer, 0x0008_1115, vec![deep.clone(), deep]);
                    deep = outer;
                    if deep.len() > 40 {
                        break;
                    }
                    // Keep the file small: one copy from the third level on.
                    if let Some((_, bytes::Value::Items(items))) = deep.get_mut(&0x0008_1115) {
                        items.truncate(1);
                    }
                }
                items(&mut set, 0x0008_1115, vec![deep]);
                let mut meta = Set::new();
                text(&mut meta, 0x0002_0016, "AE", "ODDVILLE");
                text(&mut meta, 0x0002_0100, "UI", "1.2.826.0.1.3680043.778899");
                bytes(&mut meta, 0x0002_0102, "OB", b"Zelda Quillfeather");
                let file = bytes::file(&set, &meta, how, open);
                let done = cleaned(&file, &Options::default(), mode);
                for value in GONE {
                    assert!(
                        !contains(&done.bytes, value.as_bytes()),
                        "{value} is left ({how:?}, {mode:?})"
                    );
                }
                // Nor in what is said about it.
                let said = format!("{:?} {:?}", done.applied, done.problems).to_lowercase();
                assert!(GONE.iter().all(|value| !said.contains(value)));
                assert!(
                    done.applied
                        .iter()
                        .any(|one| one.place.contains("(0008,1115)[1](0008,1115)[1]"))
                );
            }
        }
    }
}

/// An item of a structured report.
fn item(kind: &str, code: &str, tag: u32, vr: &str, value: &str) -> Set {
    let mut concept = Set::new();
    text(&mut concept, 0x0008_0100, "SH", code);
    text(&mut concept, 0x0008_0102, "SH", "DCM");
    text(&mut concept, 0x0008_0104, "LO", "Concept");
    let mut item = Set::new();
    text(&mut item, 0x0040_a010, "CS", "CONTAINS");
    text(&mut item, 0x0040_a040, "CS", kind);
    items(&mut item, 0x0040_a043, vec![concept]);
    text(&mut item, tag, vr, value);
    item
}

/// The subject's age as a number item.
fn age() -> Set {
    let mut measured = Set::new();
    text(&mut measured, 0x0040_a30a, "DS", "103.25");
    let mut age = item("NUM", "121033", 0x0040_a040, "CS", "NUM");
    items(&mut age, 0x0040_a300, vec![measured]);
    age
}

#[test]
fn reports_keep_their_structure_and_lose_their_people() {
    let mut set = Set::new();
    patient(&mut set);
    let mut container = item("CONTAINER", "121070", 0x0040_a050, "CS", "SEPARATE");
    items(
        &mut container,
        0x0040_a730,
        vec![
            item("TEXT", "121071", 0x0040_a160, "UT", PROSE),
            item("TEXT", "121009", 0x0040_a160, "UT", "Unheard-of Clinic"),
            item("PNAME", "121008", 0x0040_a123, "PN", "Nightshade^Ivy"),
            item("DATE", "121023", 0x0040_a121, "DA", "20110911"),
            item("UIDREF", "121012", 0x0040_a124, "UI", "1.2.826.0.1.3680043.778899"),
            item("TEXT", "121071", 0x0040_a160, "UT", "The heart is of normal size."),
            age(),
        ],
    );
    items(&mut set, 0x0040_a730, vec![container]);
    let file = bytes::file(&set, &Set::new(), How::Explicit, true);

    let done = cleaned(&file, &Options::default(), Mode::Tag);
    for value in GONE
        .iter()
        .chain(&["nightshade", "ivy", "unheard", "20110911", "103.25"])
    {
        assert!(!contains(&done.bytes, value.as_bytes()), "{value}");
    }
    for value in [
        "The heart is of normal size.",
        "CONTAINER",
        "PNAME",
        "SEPARATE",
        "121071",
        "[FACILITY_",
    ] {
        assert!(contains(&done.bytes, value.as_bytes()), "{value}");
    }

    let done = cleaned(&file, &Options::basic(), Mode::Tag);
    assert!(!contains(&done.bytes, b"normal size") && contains(&done.bytes, b"REMOVED"));
    for value in ["CONTAINER", "PNAME", "SEPARATE"] {
        assert!(contains(&done.bytes, value.as_bytes()), "{value}");
    }
}

#[test]
fn long_values_are_searched_to_their_end() {
    let long = format!("{}Quillfeather", "x 1 ".repeat(30_000));
    let mut set = Set::new();
    patient(&mut set);
    text(&mut set, 0x0008_0119, "UC", &long);
    bytes(&mut set, 0x0028_1201, "OW", long.as_bytes());
    text(&mut set, 0x0040_a160, "UT", &long);
    text(&mut set, 0x0008_0070, "LO", long.get(100_000..).unwrap_or(""));
    text(&mut set, 0x0008_009c, "PN", "^^^^");
    text(&mut set, 0x0040_a075, "PN", "^^^^");
    let done = cleaned(
        &bytes::file(&set, &Set::new(), How::Explicit, false),
        &Options::default(),
        Mode::Tag,
    );
    assert!(!contains(&done.bytes, b"quillfeather"));
    let (_, set) = bytes::read(&done.bytes, How::Explicit, &|_| String::new());
    assert_eq!(bytes::text_of(&set, 0x0008_009c).as_deref(), Some(""));
    assert_eq!(bytes::text_of(&set, 0x0040_a075).as_deref(), Some("REMOVED"));
}

#[test]
fn names_are_found_in_every_character_set() {
    let sets: &[(&str, &[u8], &[u8], &str)] = &[
        (
            "ISO_IR 100",
            b"M\xfcllensiefen^J\xfcrgen",
            b"J\xfcrgen M\xfcllensiefen",
            "müllensiefen",
        ),
        (
            "ISO_IR 144",
            b"\xbb\xee\xda\xd5^\xb8\xd2\xd0\xdd",
            b"\xb8\xd2\xd0\xdd \xbb\xee\xda\xd5",
            "люкх",
        ),
        (
            "ISO_IR 192",
            "Łukasiewicz^Żaneta".as_bytes(),
            "Żaneta Łukasiewicz".as_bytes(),
            "łukasiewicz",
        ),
        (
            "GB18030",
            b"\xcd\xf5^\xd0\xa1\xb6\xab",
            b"\xcd\xf5\xd0\xa1\xb6\xab",
            "小东",
        ),
        (
            "\\ISO 2022 IR 87",
            b"Yamadaan^Tarouni=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B",
            b"\x1b$B;3ED\x1b(B \x1b$BB@O:\x1b(B",
            "山田",
        ),
    ];
    for (charset, name, prose, gone) in sets {
        let mut inner = Set::new();
        bytes(&mut inner, 0x0040_a160, "UT", prose);
        let mut set = Set::new();
        text(&mut set, 0x0008_0005, "CS", charset);
        bytes(&mut set, 0x0010_0010, "PN", name);
        bytes(&mut set, 0x0008_1030, "LO", prose);
        items(&mut set, 0x0008_1115, vec![inner]);
        let file = bytes::file(&set, &Set::new(), How::Explicit, false);
        let done = cleaned(&file, &Options::default(), Mode::Tag);
        let out = String::from_utf8_lossy(&done.bytes).to_lowercase();
        assert!(!out.contains(gone) && out.contains("iso_ir 192"), "{charset}: {out}");
        assert!(
            !contains(&done.bytes, name) && !contains(&done.bytes, prose),
            "{charset}"
        );
    }
}

#[test]
fn text_that_cannot_be_read_never_passes() {
    for (charset, value) in [
        ("ISO_IR 192", &b"Zelda \xff\xfe Quillfeather"[..]),
        ("", b"Zelda M\xfcller"),
        ("ISO_IR 999", b"Zelda M\xfcller"),
        ("ISO_IR 100", b"Zelda\0Quillfeather"),
        ("\\ISO 2022 IR 87", b"Zelda \x1b$Z Quillfeather"),
    ] {
        let mut set = Set::new();
        text(&mut set, 0x0008_0005, "CS", charset);
        bytes(&mut set, 0x0008_1030, "LO", value);
        bytes(&mut set, 0x0040_a160, "UT", value);
        bytes(&mut set, 0x0010_0010, "PN", value);
        let file = bytes::file(&set, &Set::new(), How::Implicit, false);
        let done = cleaned(&file, &Options::default(), Mode::Surrogate);
        assert!(!contains(&done.bytes, b"Zelda"), "{charset}");
        assert!(
            done.problems
                .iter()
                .any(|problem| problem.what.contains("character set")),
            "{charset}"
        );
    }
}

#[test]
fn dates_of_a_subject_move_together() {
    let dates = ["20240131", "20240301", "20231224"];
    let mut set = Set::new();
    text(&mut set, 0x0008_0020, "DA", dates[0]);
    text(&mut set, 0x0008_0021, "DA", dates[1]);
    text(&mut set, 0x0008_002a, "DT", "20231224235959.5+0100");
    text(&mut set, 0x0008_0030, "TM", "101530");
    let file = bytes::file(&set, &Set::new(), How::Explicit, false);
    let options = Options {
        dates: Dates::Shifted,
        ..Options::default()
    };
    let done = cleaned(&file, &options, Mode::Surrogate);
    let (_, set) = bytes::read(&done.bytes, How::Explicit, &|_| String::new());
    let day = |tag: u32| {
        let text = bytes::text_of(&set, tag).unwrap();
        ward_formats::date::Civil::from_hl7(&text[..8]).unwrap().days()
    };
    let (a, b, c) = (day(0x0008_0020), day(0x0008_0021), day(0x0008_002a));
    assert_eq!((b - a, c - a), (30, -38));
    let before = ward_formats::date::Civil::from_hl7(dates[0]).unwrap().days();
    assert!(a != before);
    assert_eq!(bytes::text_of(&set, 0x0008_0030).as_deref(), Some("101530"));
    assert!(bytes::text_of(&set, 0x0008_002a).unwrap().ends_with("235959.5+0100"));
    assert_eq!(bytes::text_of(&set, 0x0028_0303).as_deref(), Some("MODIFIED"));
}
