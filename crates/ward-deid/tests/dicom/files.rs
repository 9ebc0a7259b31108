//! Whole files: what is refused, what is kept, what a file says of itself, and files that lie.

use ward_deid::dicom::{Dates, Options, clean, subject};
use ward_deid::{Deidentifier, ErrorKind, Known, Mode};
use ward_formats::dicom::{BUDGET, DicomFile};

use crate::bytes::{self, How, Set, Value, bytes, contains, items, text, text_of};
use crate::cleaned;

fn image() -> Set {
    let mut set = Set::new();
    text(&mut set, 0x0008_0016, "UI", "1.2.840.10008.5.1.4.1.1.7");
    text(&mut set, 0x0008_0018, "UI", "1.2.826.0.1.3680043.1");
    text(&mut set, 0x0010_0010, "PN", "Quillfeather^Zelda");
    text(&mut set, 0x0010_0020, "LO", "AB-778899");
    text(&mut set, 0x0020_000d, "UI", "1.2.826.0.1.3680043.2");
    bytes(&mut set, 0x0028_0010, "US", &[1, 0]);
    bytes(&mut set, 0x7fe0_0010, "OW", &[1, 2, 3, 4]);
    set
}

fn vr(tag: u32) -> String {
    let vr = ward_formats::dicom::dictionary_vr(ward_formats::dicom::Tag(tag));
    vr.map_or_else(|| "UN".to_owned(), |vr| vr.letters().to_owned())
}

#[test]
fn a_file_says_what_was_done_to_it() {
    for how in How::ALL {
        let file = bytes::file(&image(), &Set::new(), how, false);
        let done = cleaned(&file, &Options::default(), Mode::Tag);
        let (meta, set) = bytes::read(&done.bytes, how, &vr);
        assert_eq!(text_of(&set, 0x0012_0062).as_deref(), Some("YES"));
        assert!(text_of(&set, 0x0012_0063).unwrap().contains("PS3.15"));
        assert_eq!(text_of(&set, 0x0028_0303).as_deref(), Some("REMOVED"));
        assert_eq!(text_of(&set, 0x0008_0005).as_deref(), Some("ISO_IR 192"));
        let Some((_, Value::Items(codes))) = set.get(&0x0012_0064) else {
            panic!("no codes");
        };
        let codes: Vec<_> = codes.iter().map(|item| text_of(item, 0x0008_0100).unwrap()).collect();
        assert_eq!(codes, ["113100", "113104", "113105"]);
        assert_eq!(text_of(&meta, 0x0002_0003), text_of(&set, 0x0008_0018));
        assert!(text_of(&set, 0x0008_0018).unwrap().starts_with("2.25."));
        assert!(text_of(&set, 0x0010_0010).unwrap().starts_with("[NAME_"));
        assert_eq!(
            set.get(&0x7fe0_0010).map(|(_, value)| value),
            Some(&Value::Bytes(vec![1, 2, 3, 4]))
        );
    }
}

#[test]
fn uids_agree_across_a_study() {
    let mut second = image();
    text(&mut second, 0x0008_0018, "UI", "1.2.826.0.1.3680043.9");
    let mut reference = Set::new();
    text(&mut reference, 0x0008_1150, "UI", "1.2.840.10008.5.1.4.1.1.7");
    text(&mut reference, 0x0008_1155, "UI", "1.2.826.0.1.3680043.1");
    items(&mut second, 0x0008_1140, vec![reference]);
    let read = |set: &Set| {
        let file = bytes::file(set, &Set::new(), How::Explicit, false);
        bytes::read(
            &cleaned(&file, &Options::default(), Mode::Surrogate).bytes,
            How::Explicit,
            &vr,
        )
        .1
    };
    let (first, second) = (read(&image()), read(&second));
    assert_eq!(text_of(&first, 0x0020_000d), text_of(&second, 0x0020_000d));
    assert_ne!(text_of(&first, 0x0008_0018), text_of(&second, 0x0008_0018));
    let Some((_, Value::Items(references))) = second.get(&0x0008_1140) else {
        panic!("no references");
    };
    assert_eq!(text_of(&references[0], 0x0008_1155), text_of(&first, 0x0008_0018));
    assert_eq!(
        text_of(&references[0], 0x0008_1150).as_deref(),
        Some("1.2.840.10008.5.1.4.1.1.7")
    );
}

#[test]
fn pixels_are_not_examined_unless_declared_clean() {
    let mut set = image();
    let examined = |set: &Set, options: &Options| {
        let file = bytes::file(set, &Set::new(), How::Explicit, false);
        cleaned(&file, options, Mode::Tag).not_examined.is_empty()
    };
    let declared = Options {
        pixels_clean: true,
        ..Options::default()
    };
    let trusting = Options {
        trust_burned_in: true,
        ..Options::default()
    };
    assert!(!examined(&set, &Options::default()) && !examined(&set, &trusting) && examined(&set, &declared));
    text(&mut set, 0x0028_0301, "CS", "NO");
    assert!(!examined(&set, &Options::default()) && examined(&set, &trusting));
    text(&mut set, 0x0028_0301, "CS", "YES");
    assert!(!examined(&set, &trusting));
    set.remove(&0x7fe0_0010);
    assert!(examined(&set, &Options::default()));
}

#[test]
fn overlays_and_documents_go() {
    let mut set = image();
    bytes(&mut set, 0x6000_0010, "US", &[1, 0]);
    bytes(&mut set, 0x6000_3000, "OW", b"BITMAPTEXT");
    text(&mut set, 0x6000_1500, "LO", "OVERLAYLABEL");
    bytes(&mut set, 0x5000_3000, "OW", b"CURVETEXT1");
    text(&mut set, 0x0042_0010, "ST", "Report");
    bytes(&mut set, 0x0042_0011, "OB", b"%PDF-1.4 EMBEDDED");
    let file = bytes::file(&set, &Set::new(), How::Explicit, false);
    let done = cleaned(&file, &Options::default(), Mode::Tag);
    for gone in ["BITMAP", "OVERLAYLABEL", "CURVETEXT", "EMBEDDED"] {
        assert!(!contains(&done.bytes, gone.as_bytes()), "{gone}");
    }
    assert!(
        done.problems
            .iter()
            .any(|problem| problem.what.contains("embedded document"))
    );
    let bitmaps = Options {
        graphics: true,
        pixels_clean: true,
        ..Options::default()
    };
    assert!(contains(&cleaned(&file, &bitmaps, Mode::Tag).bytes, b"BITMAP"));
}

#[test]
fn what_cannot_be_done_is_refused() {
    let mut set = image();
    items(&mut set, 0x0004_1220, vec![Set::new()]);
    let mut deid = Deidentifier::new(Mode::Tag, [7; 32]);
    let mut refused = |set: &Set, options: &Options| {
        let bytes = bytes::file(set, &Set::new(), How::Explicit, false);
        let file = DicomFile::parse(&bytes, BUDGET).unwrap();
        clean(&file, options, &mut deid, &mut Known::default())
            .err()
            .map(|error| error.kind())
    };
    assert_eq!(refused(&set, &Options::default()), Some(ErrorKind::Unsupported));
    let shifted = Options {
        dates: Dates::Shifted,
        ..Options::default()
    };
    assert_eq!(refused(&image(), &shifted), Some(ErrorKind::Options));
    assert_eq!(refused(&image(), &Options::default()), None);
}

#[test]
fn representations_that_lie_hide_nothing() {
    // A name as numbers, as unknown, as a sequence; a number as text; a term that is none; a date that is a name.
    let mut set = image();
    bytes(&mut set, 0x0010_0010, "OB", b"Thistlewood^Ivy");
    bytes(&mut set, 0x0010_1001, "UN", b"Thistlewood^Ivy");
    let mut inside = Set::new();
    text(&mut inside, 0x0008_0104, "LO", "Thistlewood");
    items(&mut set, 0x0010_1005, vec![inside]);
    text(&mut set, 0x0028_0011, "LO", "Thistlewood");
    text(&mut set, 0x0008_0020, "LO", "Thistlewood");
    text(&mut set, 0x0014_0102, "DA", "Thistlewood");
    text(&mut set, 0x0020_0011, "IS", "Thistlewood");
    text(&mut set, 0x0008_1155, "UI", "Thistlewood");
    text(&mut set, 0x0008_1150, "UI", "1.2.840.10008.778899");
    text(&mut set, 0x0008_1111, "LO", "Thistlewood");
    text(&mut set, 0x0011_0011, "XX", "Thistlewood");
    text(&mut set, 0x0010_0011, "LO", "Thistlewood");
    let file = bytes::file(&set, &Set::new(), How::Explicit, false);
    let options = Options {
        dates: Dates::Shifted,
        ..Options::default()
    };
    for (options, mode) in [(Options::default(), Mode::Tag), (options, Mode::Surrogate)] {
        let done = cleaned(&file, &options, mode);
        assert!(!contains(&done.bytes, b"thistlewood") && !contains(&done.bytes, b"778899"));
    }
}

#[test]
fn what_is_cut_or_lies_is_left_out_and_said() {
    let whole = bytes::file(&image(), &Set::new(), How::Explicit, true);
    for end in 132..whole.len() {
        let Ok(file) = DicomFile::parse(&whole[..end], BUDGET) else {
            continue;
        };
        let mut deid = Deidentifier::new(Mode::Tag, [7; 32]);
        let done = clean(&file, &Options::default(), &mut deid, &mut Known::default()).unwrap();
        assert!(
            !contains(&done.bytes, b"Quillf") && !contains(&done.bytes, b"AB-77"),
            "{end}"
        );
        let again = DicomFile::parse(&done.bytes, BUDGET).unwrap();
        assert!(again.problems().is_empty(), "{end}: {:?}", again.problems());
        assert_eq!(
            done.problems.iter().any(|p| p.what.contains("left out")),
            file.problems().iter().any(|p| p.broken)
        );
    }
    // A length that swallows the elements after it.
    let mut lying = Set::new();
    text(&mut lying, 0x0008_1030, "LO", "Chest");
    text(&mut lying, 0x0010_0010, "PN", "Quillfeather^Zelda");
    let mut file = bytes::file(&lying, &Set::new(), How::Implicit, false);
    let at = file.windows(6).position(|window| window == b"Chest ").unwrap();
    file[at - 4] = 32;
    let done = cleaned(&file, &Options::default(), Mode::Tag);
    assert!(!contains(&done.bytes, b"Quillfeather"));
}

#[test]
fn the_subject_is_the_patient() {
    let bytes = bytes::file(&image(), &Set::new(), How::Big, false);
    assert_eq!(subject(&DicomFile::parse(&bytes, BUDGET).unwrap()), "AB-778899");
}

#[test]
fn files_that_lie_about_their_encoding_come_out_honest() {
    for (set, said) in [
        (How::Implicit, "1.2.840.10008.1.2.4.50"),
        (How::Implicit, "1.2.840.10008.1.2.2"),
        (How::Explicit, "1.2.840.10008.1.2"),
        (How::Big, "1.2.840.10008.1.2.1"),
    ] {
        let mut meta = Set::new();
        text(&mut meta, 0x0002_0010, "UI", said);
        let file = bytes::file(&image(), &meta, set, false);
        let done = cleaned(&file, &Options::default(), Mode::Tag);
        assert!(
            done.problems
                .iter()
                .any(|problem| problem.what.contains("not encoded as"))
        );
        let again = DicomFile::parse(&done.bytes, BUDGET).unwrap();
        assert!(again.problems().is_empty(), "{said}: {:?}", again.problems());
        assert_eq!(again.text(ward_formats::dicom::Tag(0x0012_0062)), "YES");
    }
}

#[test]
fn safe_private_attributes_stay_when_they_are_quantities() {
    let mut set = image();
    text(&mut set, 0x2001_0010, "LO", "Philips Imaging DD 001");
    bytes(&mut set, 0x2001_1003, "FL", &1000_f32.to_le_bytes());
    text(&mut set, 0x2001_1004, "CS", "ZELDA QUILL");
    text(&mut set, 0x2001_1005, "LO", "UNSAFE");
    text(&mut set, 0x7053_0010, "LO", "Philips PET Private Group");
    text(&mut set, 0x7053_1000, "DS", "0.000551");
    text(&mut set, 0x7053_1009, "DS", "778899123");
    text(&mut set, 0x0029_0010, "LO", "UNSAFE");
    let mut outer = Set::new();
    text(&mut outer, 0x7053_1000, "DS", "0.777");
    items(&mut set, 0x0008_1115, vec![outer]);
    let options = Options {
        safe_private: true,
        ..Options::default()
    };
    for how in [How::Explicit, How::Implicit] {
        let file = bytes::file(&set, &Set::new(), how, false);
        let (_, kept) = bytes::read(&cleaned(&file, &options, Mode::Tag).bytes, how, &vr);
        let private: Vec<u32> = kept.keys().copied().filter(|tag| tag >> 16 & 1 == 1).collect();
        assert_eq!(private, [0x2001_0010, 0x2001_1003, 0x7053_0010, 0x7053_1000]);
        assert_eq!(text_of(&kept, 0x7053_1000).as_deref(), Some("0.000551"));
        let done = cleaned(&file, &options, Mode::Tag);
        for gone in ["ZELDA", "UNSAFE", "778899", "0.777"] {
            assert!(!contains(&done.bytes, gone.as_bytes()), "{gone}");
        }
    }
}
