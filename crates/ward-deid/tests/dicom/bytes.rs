//! A writer and a reader of DICOM that share nothing with Ward's.

use std::collections::BTreeMap;

/// How a test's file is encoded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum How {
    Implicit,
    Explicit,
    Big,
}

impl How {
    pub(crate) const ALL: [How; 3] = [How::Implicit, How::Explicit, How::Big];

    fn uid(self) -> &'static str {
        match self {
            How::Implicit => "1.2.840.10008.1.2",
            How::Explicit => "1.2.840.10008.1.2.1",
            How::Big => "1.2.840.10008.1.2.2",
        }
    }
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Value {
    Bytes(Vec<u8>),
    Items(Vec<Set>),
}

/// A data set: tag to representation and value.
pub(crate) type Set = BTreeMap<u32, (String, Value)>;

pub(crate) fn text(set: &mut Set, tag: u32, vr: &str, value: &str) {
    bytes(set, tag, vr, value.as_bytes());
}

pub(crate) fn bytes(set: &mut Set, tag: u32, vr: &str, value: &[u8]) {
    set.insert(tag, (vr.to_owned(), Value::Bytes(value.to_vec())));
}

pub(crate) fn items(set: &mut Set, tag: u32, items: Vec<Set>) {
    set.insert(tag, ("SQ".to_owned(), Value::Items(items)));
}

const LONG: [&str; 13] = [
    "OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV",
];

fn two(n: u16, how: How) -> [u8; 2] {
    if how == How::Big {
        n.to_be_bytes()
    } else {
        n.to_le_bytes()
    }
}

fn four(n: u32, how: How) -> [u8; 4] {
    if how == How::Big {
        n.to_be_bytes()
    } else {
        n.to_le_bytes()
    }
}

fn tag_bytes(tag: u32, how: How) -> Vec<u8> {
    [two((tag >> 16) as u16, how), two(tag as u16, how)].concat()
}

/// Sequences and items get undefined lengths where `open` says so.
pub(crate) fn write(set: &Set, how: How, open: bool) -> Vec<u8> {
    let mut out = Vec::new();
    for (tag, (vr, value)) in set {
        let content = match value {
            Value::Bytes(value) => {
                let mut value = value.clone();
                if value.len() % 2 == 1 {
                    let zero = matches!(vr.as_str(), "UI" | "OB" | "UN");
                    value.push(if zero { 0 } else { b' ' });
                }
                value
            }
            Value::Items(items) => {
                let mut content = Vec::new();
                for item in items {
                    let inner = write(item, how, open);
                    content.extend(tag_bytes(0xfffe_e000, how));
                    content.extend(four(if open { u32::MAX } else { inner.len() as u32 }, how));
                    content.extend(inner);
                    if open {
                        content.extend(tag_bytes(0xfffe_e00d, how));
                        content.extend([0; 4]);
                    }
                }
                if open {
                    content.extend(tag_bytes(0xfffe_e0dd, how));
                    content.extend([0; 4]);
                }
                content
            }
        };
        let undefined = open && matches!(value, Value::Items(_));
        let length = if undefined { u32::MAX } else { content.len() as u32 };
        out.extend(tag_bytes(*tag, how));
        if how == How::Implicit {
            out.extend(four(length, how));
        } else {
            out.extend(vr.as_bytes());
            if LONG.contains(&vr.as_str()) {
                out.extend([0; 2]);
                out.extend(four(length, how));
            } else {
                out.extend(two(length as u16, how));
            }
        }
        out.extend(content);
    }
    out
}

/// A file of a data set, with more elements in its file meta information and something in its preamble.
pub(crate) fn file(set: &Set, meta: &Set, how: How, open: bool) -> Vec<u8> {
    let mut group = Set::new();
    bytes(&mut group, 0x0002_0001, "OB", &[0, 1]);
    text(&mut group, 0x0002_0002, "UI", "1.2.840.10008.5.1.4.1.1.7");
    text(&mut group, 0x0002_0003, "UI", "1.2.826.0.1.3680043.1");
    text(&mut group, 0x0002_0010, "UI", how.uid());
    group.extend(meta.clone());
    let group = write(&group, How::Explicit, false);
    let mut out = b"PREAMBLE OF QUILLFEATHER".to_vec();
    out.resize(128, 7);
    out.extend(b"DICM");
    let mut length = Set::new();
    bytes(&mut length, 0x0002_0000, "UL", &(group.len() as u32).to_le_bytes());
    out.extend(write(&length, How::Explicit, false));
    out.extend(group);
    out.extend(write(set, how, open));
    out
}

struct Reader<'a> {
    bytes: &'a [u8],
    how: How,
    vr: &'a dyn Fn(u32) -> String,
}

impl Reader<'_> {
    fn u16(&self, at: usize) -> u16 {
        let b = [self.bytes[at], self.bytes[at + 1]];
        if self.how == How::Big {
            u16::from_be_bytes(b)
        } else {
            u16::from_le_bytes(b)
        }
    }

    fn u32(&self, at: usize) -> u32 {
        let b = self.bytes[at..at + 4].try_into().unwrap();
        if self.how == How::Big {
            u32::from_be_bytes(b)
        } else {
            u32::from_le_bytes(b)
        }
    }

    fn tag(&self, at: usize) -> u32 {
        u32::from(self.u16(at)) << 16 | u32::from(self.u16(at + 2))
    }

    /// The elements from `at` to `end` or a delimiter, and where they end. Order and padding are checked.
    fn set(&self, mut at: usize, end: usize) -> (Set, usize) {
        let mut set = Set::new();
        let mut last = 0;
        while at < end {
            let tag = self.tag(at);
            if tag == 0xfffe_e00d {
                return (set, at + 8);
            }
            assert!(tag > last, "{tag:08x} after {last:08x}");
            last = tag;
            let (vr, length, value) = if self.how == How::Implicit {
                ((self.vr)(tag), self.u32(at + 4), at + 8)
            } else {
                let vr = String::from_utf8(self.bytes[at + 4..at + 6].to_vec()).unwrap();
                if LONG.contains(&vr.as_str()) {
                    (vr, self.u32(at + 8), at + 12)
                } else {
                    (vr, u32::from(self.u16(at + 6)), at + 8)
                }
            };
            if vr == "SQ" {
                let (items, next) = self.items(value, length);
                set.insert(tag, (vr, Value::Items(items)));
                at = next;
                continue;
            }
            assert!(length % 2 == 0, "{tag:08x} has an odd length");
            let next = value + length as usize;
            set.insert(tag, (vr, Value::Bytes(self.bytes[value..next].to_vec())));
            at = next;
        }
        assert_eq!(at, end);
        (set, at)
    }

    fn items(&self, mut at: usize, length: u32) -> (Vec<Set>, usize) {
        let mut items = Vec::new();
        let end = if length == u32::MAX {
            usize::MAX
        } else {
            at + length as usize
        };
        while at < end {
            let (tag, length) = (self.tag(at), self.u32(at + 4));
            at += 8;
            if tag == 0xfffe_e0dd {
                return (items, at);
            }
            assert_eq!(tag, 0xfffe_e000);
            let stop = if length == u32::MAX {
                self.bytes.len()
            } else {
                at + length as usize
            };
            let (item, next) = self.set(at, stop);
            items.push(item);
            at = next;
        }
        (items, at)
    }
}

/// File meta information and data set of a complete file.
pub(crate) fn read(bytes: &[u8], how: How, vr: &dyn Fn(u32) -> String) -> (Set, Set) {
    assert_eq!(bytes[..128], [0; 128], "the preamble is empty");
    assert_eq!(&bytes[128..132], b"DICM");
    let explicit = Reader {
        bytes,
        how: How::Explicit,
        vr,
    };
    assert_eq!(explicit.tag(132), 0x0002_0000);
    let start = 144 + explicit.u32(140) as usize;
    let (meta, _) = explicit.set(144, start);
    let reader = Reader { bytes, how, vr };
    let (set, end) = reader.set(start, bytes.len());
    assert_eq!(end, bytes.len());
    (meta, set)
}

/// The text of an element; `None` when it is not there.
pub(crate) fn text_of(set: &Set, tag: u32) -> Option<String> {
    match &set.get(&tag)?.1 {
        Value::Bytes(bytes) => {
            let text = String::from_utf8(bytes.clone()).unwrap();
            Some(text.trim_end_matches([' ', '\0']).to_owned())
        }
        Value::Items(_) => None,
    }
}

/// True when `needle` stands in `bytes`, whatever the case of its letters.
pub(crate) fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes
        .windows(needle.len())
        .any(|window| window.eq_ignore_ascii_case(needle))
}
