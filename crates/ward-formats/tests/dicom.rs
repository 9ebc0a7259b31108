//! DICOM files of every encoding, made here: what is read is written again, and lies are noticed.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use proptest::prelude::*;
use ward_formats::dicom::{BUDGET, DicomFile, Shape, Tag, sniff};
use ward_formats::{Budget, ErrorKind};

/// How a set is encoded.
#[derive(Clone, Copy, PartialEq, Debug)]
enum How {
    Implicit,
    Explicit,
    Big,
}

#[derive(Clone, Debug)]
enum Item {
    /// Tag, representation, value.
    Value(u32, &'static str, Vec<u8>),
    /// Tag, undefined lengths, items.
    Sequence(u32, bool, Vec<Vec<Item>>),
    /// Fragments of pixel data.
    Fragments(Vec<Vec<u8>>),
}

fn n16(how: How, n: u16) -> [u8; 2] {
    if how == How::Big {
        n.to_be_bytes()
    } else {
        n.to_le_bytes()
    }
}

fn n32(how: How, n: u32) -> [u8; 4] {
    if how == How::Big {
        n.to_be_bytes()
    } else {
        n.to_le_bytes()
    }
}

fn head(out: &mut Vec<u8>, how: How, tag: u32, vr: &str, length: u32) {
    out.extend(n16(how, (tag >> 16) as u16));
    out.extend(n16(how, tag as u16));
    let bare = how == How::Implicit || tag >> 16 == 0xfffe;
    if !bare {
        out.extend(vr.as_bytes());
        if !matches!(vr, "OB" | "OW" | "SQ" | "UN" | "UT") {
            out.extend(n16(how, length as u16));
            return;
        }
        out.extend([0; 2]);
    }
    out.extend(n32(how, length));
}

fn write(items: &[Item], how: How) -> Vec<u8> {
    let mut out = Vec::new();
    for item in items {
        match item {
            Item::Value(tag, vr, value) => {
                head(&mut out, how, *tag, vr, value.len() as u32);
                out.extend(value);
            }
            Item::Sequence(tag, open, items) => {
                let mut body = Vec::new();
                for item in items {
                    let inner = write(item, how);
                    head(
                        &mut body,
                        how,
                        0xfffe_e000,
                        "",
                        if *open { u32::MAX } else { inner.len() as u32 },
                    );
                    body.extend(inner);
                    if *open {
                        head(&mut body, how, 0xfffe_e00d, "", 0);
                    }
                }
                if *open {
                    head(&mut body, how, 0xfffe_e0dd, "", 0);
                }
                head(
                    &mut out,
                    how,
                    *tag,
                    "SQ",
                    if *open { u32::MAX } else { body.len() as u32 },
                );
                out.extend(body);
            }
            Item::Fragments(fragments) => {
                head(&mut out, how, 0x7fe0_0010, "OB", u32::MAX);
                for fragment in fragments {
                    head(&mut out, how, 0xfffe_e000, "", fragment.len() as u32);
                    out.extend(fragment);
                }
                head(&mut out, how, 0xfffe_e0dd, "", 0);
            }
        }
    }
    out
}

fn file(syntax: &str, set: &[u8]) -> Vec<u8> {
    let mut out = vec![0; 128];
    out.extend(b"DICM");
    let mut uid = syntax.as_bytes().to_vec();
    uid.resize(syntax.len() + syntax.len() % 2, 0);
    out.extend(write(&[Item::Value(0x0002_0010, "UI", uid)], How::Explicit));
    out.extend(set);
    out
}

fn syntax(how: How) -> &'static str {
    match how {
        How::Implicit => "1.2.840.10008.1.2",
        How::Explicit => "1.2.840.10008.1.2.1",
        How::Big => "1.2.840.10008.1.2.2",
    }
}

fn text(tag: u32, vr: &'static str, value: &str) -> Item {
    Item::Value(tag, vr, value.as_bytes().to_vec())
}

/// A set with everything: values, sequences of both sorts in each other, private ones, fragments.
fn everything() -> Vec<Item> {
    let inner = vec![
        text(0x0008_1155, "UI", "1.2.3."),
        Item::Value(0x0028_0010, "US", vec![1, 2]),
    ];
    let both = |tag| {
        vec![
            Item::Sequence(tag, true, vec![inner.clone(), vec![]]),
            Item::Sequence(tag + 0x59, false, vec![inner.clone()]),
        ]
    };
    vec![
        text(0x0008_0005, "CS", "ISO_IR 100"),
        text(0x0008_0016, "UI", "1.2.840.10008.5.1.4.1.1.7."),
        Item::Sequence(0x0008_1115, false, vec![both(0x0008_1140), both(0x0008_1140)]),
        Item::Sequence(0x0008_1199, true, vec![both(0x0008_1140)]),
        text(0x0009_0010, "LO", "MAKER "),
        Item::Sequence(0x0009_1001, true, vec![inner]),
        text(0x0010_0010, "PN", "Quill^Zelda "),
        Item::Sequence(0x0010_1002, false, vec![]),
    ]
}

#[track_caller]
fn check(bytes: &[u8], problems: &[&str]) -> usize {
    let file = DicomFile::parse(bytes, BUDGET).unwrap();
    assert!(file.write() == bytes);
    let found: Vec<_> = file.problems().iter().map(|problem| problem.what).collect();
    assert_eq!(found.len(), problems.len(), "{found:?}");
    for (found, expect) in found.iter().zip(problems) {
        assert!(found.contains(expect), "{found}");
    }
    assert!(sniff(bytes));
    file.nodes().len()
}

#[test]
fn reads_every_encoding() {
    for how in [How::Implicit, How::Explicit, How::Big] {
        let set = write(&everything(), how);
        let count = check(&file(syntax(how), &set), &[]);
        assert_eq!(count, 41);
        let bare = ["no preamble", "no file meta", "not given"];
        assert_eq!(check(&set, &bare), count);
    }
    let mut pixels = everything();
    pixels.push(Item::Fragments(vec![
        vec![],
        b"\xfe\xff\xdd\xe0\0\0\0\0".to_vec(),
        vec![7; 30],
    ]));
    let bytes = file("1.2.840.10008.1.2.4.50", &write(&pixels, How::Explicit));
    check(&bytes, &[]);
    let file = DicomFile::parse(&bytes, BUDGET).unwrap();
    let last = file.nodes().last().unwrap();
    assert_eq!(
        (last.tag, last.shape, last.value.len()),
        (Tag::PIXELS, Shape::Fragments, 70)
    );
}

#[test]
fn reads_deflated_sets_within_the_budget() {
    let set = write(&everything(), How::Explicit);
    let packed = ward_formats::dicom::deflate(&set);
    let bytes = file("1.2.840.10008.1.2.1.99", &packed);
    check(&bytes, &[]);
    let parsed = DicomFile::parse(&bytes, BUDGET).unwrap();
    assert!(parsed.is_deflated() && parsed.write_data() == set);

    let zeros = [Item::Value(0x7fe0_0010, "OW", vec![0; 8 << 20])];
    let bomb = file(
        "1.2.840.10008.1.2.1.99",
        &ward_formats::dicom::deflate(&write(&zeros, How::Explicit)),
    );
    assert_eq!(
        DicomFile::parse(&bomb, BUDGET).unwrap_err().kind(),
        ErrorKind::Malformed
    );
    assert!(DicomFile::parse(&file("1.2.840.10008.1.2.1.99", b"no deflate"), BUDGET).is_err());
}

#[test]
fn unknown_representations_hold_implicit_sequences() {
    let inner = write(&[text(0x0008_1155, "UI", "1.2.3.")], How::Implicit);
    for open in [true, false] {
        let mut set = Vec::new();
        let mut body = Vec::new();
        head(&mut body, How::Implicit, 0xfffe_e000, "", inner.len() as u32);
        body.extend(&inner);
        if open {
            head(&mut body, How::Implicit, 0xfffe_e0dd, "", 0);
        }
        let length = if open { u32::MAX } else { body.len() as u32 };
        head(&mut set, How::Explicit, 0x0008_1115, "UN", length);
        set.extend(body);
        set.extend(write(&[text(0x0010_0010, "PN", "Z ")], How::Explicit));
        let bytes = file(syntax(How::Explicit), &set);
        assert_eq!(check(&bytes, &[]), 4);
    }
}

#[test]
fn lies_are_noticed() {
    let set = |items: &[Item]| file(syntax(How::Explicit), &write(items, How::Explicit));
    let name = || text(0x0010_0010, "PN", "Quill^Zelda ");
    // A value that is cut.
    let bytes = set(&[name()]);
    check(&bytes[..bytes.len() - 3], &["leads out"]);
    // A length of four billion.
    let mut bytes = set(&[Item::Value(0x0010_4000, "UT", vec![b' '; 4])]);
    let at = bytes.len() - 8;
    bytes[at..at + 4].copy_from_slice(&[0xfe, 0xff, 0xff, 0xff]);
    check(&bytes, &["leads out"]);
    // Odd lengths, wrong order, duplicates, no representation, trailing bytes.
    check(
        &set(&[text(0x0010_0010, "PN", "abc"), name()]),
        &["odd length", "stands twice"],
    );
    check(&set(&[name(), text(0x0008_0050, "SH", "1 ")]), &["out of order"]);
    check(
        &set(&[name(), text(0x0010_0020, "zz", "1 ")]),
        &["no value representation", "leads out"],
    );
    let mut bytes = set(&[name()]);
    bytes.extend([0; 5]);
    check(&bytes, &["too few"]);
    // A sequence that does not end, an item that does not end.
    let sequence = || Item::Sequence(0x0008_1115, true, vec![vec![name()]]);
    let bytes = set(&[sequence()]);
    check(&bytes[..bytes.len() - 8], &["is missing"]);
    check(&bytes[..bytes.len() - 16], &["is missing"]);
    // A sequence of something else.
    let bytes = set(&[Item::Value(0x0008_1115, "SQ", b"Quillfeather".to_vec())]);
    check(&bytes, &["does not begin with an item"]);
    // The syntax lies.
    check(
        &file(syntax(How::Implicit), &write(&[name()], How::Explicit)),
        &["not encoded as"],
    );
    check(
        &file(syntax(How::Explicit), &write(&[name()], How::Big)),
        &["not encoded as"],
    );
}

#[test]
fn what_makes_no_sense_is_refused() {
    let refused = |bytes: &[u8], budget: Budget| DicomFile::parse(bytes, budget).err().map(|error| error.kind());
    for bytes in [
        &b""[..],
        b"MSH|^~\\&|A|B",
        b"{\"resourceType\":\"Patient\"}",
        &[0xff; 400],
        b"The quick brown fox",
    ] {
        assert!(!sniff(bytes));
        if !bytes.is_empty() {
            assert_eq!(refused(bytes, BUDGET), Some(ErrorKind::Malformed), "{}", bytes.len());
        }
    }
    // A text with an undefined length; an item where an element belongs; meta information that leads out.
    let mut open = Vec::new();
    head(&mut open, How::Implicit, 0x0008_1115, "", u32::MAX);
    open.extend(write(&[text(0x0010_0010, "PN", "Z ")], How::Implicit));
    assert_eq!(
        refused(&file(syntax(How::Implicit), &open), BUDGET),
        Some(ErrorKind::Malformed)
    );
    let mut stray = Vec::new();
    head(&mut stray, How::Explicit, 0xfffe_e000, "", 0);
    assert_eq!(
        refused(&file(syntax(How::Explicit), &stray), BUDGET),
        Some(ErrorKind::Malformed)
    );
    let mut meta = file(syntax(How::Explicit), &[]);
    let at = meta.len() - 22;
    meta[at] = 0xff;
    assert_eq!(refused(&meta, BUDGET), Some(ErrorKind::Malformed));
    // Budgets.
    let bytes = file(syntax(How::Explicit), &write(&everything(), How::Explicit));
    let budget = |bytes, depth, items| Budget { bytes, depth, items };
    assert_eq!(refused(&bytes, budget(bytes.len(), 4, 41)), None);
    assert_eq!(refused(&bytes, budget(bytes.len() - 1, 4, 41)), Some(ErrorKind::Budget));
    assert_eq!(refused(&bytes, budget(bytes.len(), 3, 41)), Some(ErrorKind::Budget));
    assert_eq!(refused(&bytes, budget(bytes.len(), 4, 40)), Some(ErrorKind::Budget));
    // A million open sequences cost no stack.
    let mut deep = Vec::new();
    for _ in 0..100_000 {
        head(&mut deep, How::Explicit, 0x0008_1115, "SQ", u32::MAX);
        head(&mut deep, How::Explicit, 0xfffe_e000, "", u32::MAX);
    }
    let deep = file(syntax(How::Explicit), &deep);
    assert_eq!(refused(&deep, BUDGET), Some(ErrorKind::Budget));
    let wide = budget(usize::MAX, usize::MAX, usize::MAX);
    assert!(DicomFile::parse(&deep, wide).unwrap().write() == deep);
}

fn any_items() -> impl Strategy<Value = Vec<Item>> {
    let tag = prop::sample::select(vec![
        0x0008_0050u32,
        0x0008_1030,
        0x0009_1001,
        0x0010_0010,
        0x0018_0015,
        0x0028_0010,
        0x0040_a160,
    ]);
    let vr = prop::sample::select(vec!["LO", "PN", "US", "UN", "OB", "UT", "DA"]);
    let value =
        (tag, vr, prop::collection::vec(any::<u8>(), 0..12)).prop_map(|(tag, vr, value)| Item::Value(tag, vr, value));
    let leaf = prop::collection::vec(value, 0..4);
    leaf.prop_recursive(4, 60, 4, |inner| {
        let tag = prop::sample::select(vec![0x0008_1115u32, 0x0008_1140, 0x0009_1002, 0x0040_a730]);
        let sequence = (tag, any::<bool>(), prop::collection::vec(inner.clone(), 0..3))
            .prop_map(|(tag, open, items)| Item::Sequence(tag, open, items));
        (inner, prop::collection::vec(sequence, 1..3)).prop_map(|(mut items, sequences)| {
            items.extend(sequences);
            items
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_read_is_written(items in any_items(), how in prop::sample::select(vec![How::Implicit, How::Explicit, How::Big])) {
        let bytes = file(syntax(how), &write(&items, how));
        let file = DicomFile::parse(&bytes, BUDGET).unwrap();
        prop_assert!(file.write() == bytes);
    }
}
