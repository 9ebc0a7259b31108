//! What becomes of a value: text, codes, dates, UIDs, numbers.

use ward_formats::Span;
use ward_formats::dicom::{Charset, Node, Tag, Vr};

use super::{Cleaner, Fate};
use crate::Class;
use crate::dicom::profile::Action;
use crate::dicom::{Dates, field};
use crate::find::{self, Hit};

/// A code or the name of a machine that is longer, in bytes, is read as prose.
const LONGEST_TERM: usize = 256;

impl Cleaner<'_, '_> {
    /// An element with a value, other than pixel data.
    pub(super) fn leaf(&mut self, node: &Node, vr: Vr, set: Charset, action: Option<Action>) -> Fate {
        let tag = node.tag;
        let bytes = self.file.value(node);
        if !(vr.is_text() || vr.is_coded()) {
            return self.binary(node, vr, action);
        }
        let decoded = set.decode(padding_off(bytes), vr == Vr(*b"PN"));
        let text = match decoded {
            Some(text) => text,
            None if action == Some(Action::X) => return Fate::Gone("e1-1-x"),
            None => {
                self.problem(
                    node,
                    "its text cannot be read in the file's character set, and was taken for identifying",
                );
                self.note(node, field::class_of(tag, vr), "unreadable");
                let dummy = matches!(action, Some(Action::D | Action::Zd));
                return Fate::Value(if dummy { field::dummy(vr, 0) } else { Vec::new() });
            }
        };
        let empty = text.trim_matches([' ', '\\']).is_empty();
        let concept = self.open.last().and_then(|open| open.concept);
        if let Some(class) = concept.filter(|_| tag == Tag(0x0040_a160) && !empty) {
            self.note(node, class, "concept");
            return Fate::Value(self.whole(class, vr, &text).into_bytes());
        }
        match action {
            Some(Action::X) => return Fate::Gone("e1-1-x"),
            Some(Action::Z | Action::Zd) if empty => return Fate::Value(Vec::new()),
            Some(Action::Z) => {
                self.note(node, field::class_of(tag, vr), "e1-1-z");
                let value = match field::class(tag) {
                    _ if vr == Vr(*b"PN") => self.names(&text),
                    Some(class @ (Class::Mrn | Class::Id | Class::Account)) => self.whole(class, vr, &text),
                    _ => String::new(),
                };
                return Fate::Value(value.into_bytes());
            }
            Some(Action::D | Action::Zd) => {
                if !empty {
                    self.note(node, field::class_of(tag, vr), "e1-1-d");
                }
                return Fate::Value(self.dummy(tag, vr, &text, empty));
            }
            Some(Action::U) if empty => return Fate::Value(Vec::new()),
            Some(Action::K) if vr == Vr(*b"AS") => {}
            Some(Action::K) => return Fate::Value(text.into_bytes()),
            Some(Action::U | Action::C) | None => {}
        }
        let rule = match action {
            Some(Action::U) => "e1-1-u",
            Some(_) => "e1-1-c",
            None => "unlisted",
        };
        let values: Vec<&str> = if vr.is_many() {
            text.split('\\').collect()
        } else {
            vec![text.as_str()]
        };
        let mut out = Vec::with_capacity(values.len());
        for value in values {
            out.push(self.cleaned(node, vr, value, action, rule));
        }
        Fate::Value(out.join("\\").into_bytes())
    }

    /// One value that stays as far as it does not identify.
    fn cleaned(&mut self, node: &Node, vr: Vr, value: &str, action: Option<Action>, rule: &'static str) -> String {
        let tag = node.tag;
        let bare = value.trim();
        if bare.is_empty() {
            return String::new();
        }
        if tag.0 == 0x0008_0201 && field::is_offset(bare) {
            return bare.to_owned();
        }
        let new = match &vr.0 {
            b"PN" => self.names(value),
            b"DA" | b"DT" | b"TM" => self.date(vr, bare),
            b"AS" => field::age(bare).unwrap_or_default().to_owned(),
            b"UI" if self.options.uids && field::is_uid(bare) => bare.to_owned(),
            b"UI" => self.uid(tag, bare),
            b"AE" if action.is_some() => self.whole(Class::Device, vr, bare),
            b"AE" | b"UR" => String::new(),
            b"DS" | b"IS" => match field::is_number(bare) && !self.is_known_number(bare) {
                true => bare.to_owned(),
                false => String::new(),
            },
            b"CS" if self.is_structure(node) => bare.to_owned(),
            b"CS" if is_term(bare) => return self.term(node, value),
            b"SH" | b"LO" | b"UC" if is_code(tag) && value.len() <= LONGEST_TERM => return self.term(node, value),
            b"SH" | b"LO" if is_machine(tag) && value.len() <= LONGEST_TERM => {
                return self.prose(node, vr, value, false);
            }
            _ => return self.prose(node, vr, value, true),
        };
        if new != bare {
            self.note(node, field::class_of(tag, vr), rule);
        }
        new
    }

    /// Free text, without what identifies somebody: by everything, or only by what is known of the people of this file.
    fn prose(&mut self, node: &Node, vr: Vr, value: &str, everything: bool) -> String {
        let done = if everything {
            self.deid.text(value, self.known)
        } else {
            self.deid.text_with(value, &self.known.find(value))
        };
        self.tally.merge(&done.tally);
        let fitted = field::fit(vr, &done.text, done.applied.iter().map(|one| one.new));
        self.record(node, done.applied);
        fitted
    }

    /// A term or a code: what is known of the people of this file goes, whole values only.
    fn term(&mut self, node: &Node, value: &str) -> String {
        let mut hits = self.known.find(value);
        hits.retain(|hit| {
            let found = value.get(hit.span.start..hit.span.end).unwrap_or_default();
            match hit.class {
                Class::Name => found.chars().count() >= 3,
                Class::Facility => found.contains(' '),
                _ => true,
            }
        });
        if hits.is_empty() {
            return value.to_owned();
        }
        for hit in &hits {
            self.note(node, hit.class, hit.rule);
        }
        // A placeholder is no term: nothing stands there.
        String::new()
    }

    fn is_known_number(&self, value: &str) -> bool {
        let digits = value.bytes().filter(u8::is_ascii_digit).count();
        digits >= 6 && !self.known.find(value).is_empty()
    }

    fn date(&mut self, vr: Vr, value: &str) -> String {
        let moved = match self.options.dates {
            Dates::Removed => None,
            Dates::Full => field::moved(vr, value, Some).map(|_| value.to_owned()),
            Dates::Shifted => field::moved(vr, value, |day| self.deid.day(day)),
        };
        moved.unwrap_or_default()
    }

    pub(super) fn uid(&mut self, tag: Tag, uid: &str) -> String {
        if uid.is_empty() || field::is_well_known(uid) || field::is_code_system(tag, uid) {
            uid.to_owned()
        } else {
            self.deid.uid(uid)
        }
    }

    /// What stands for each of the names of a PN element.
    fn names(&mut self, text: &str) -> String {
        let names = text.split('\\').map(|name| match name.contains(char::is_alphanumeric) {
            false => String::new(),
            true => self.deid.value(Class::Name, name.trim()),
        });
        let names: Vec<String> = names
            .map(|name| field::fit(Vr(*b"PN"), &name, std::iter::empty()))
            .collect();
        names.join("\\")
    }

    /// What stands for a whole value, if it fits.
    fn whole(&mut self, class: Class, vr: Vr, value: &str) -> String {
        let new = self.deid.value(class, value.trim());
        let all = Span::new(0, new.len());
        let fitted = field::fit(vr, &new, std::iter::once(all));
        if fitted.is_empty() {
            "REMOVED".to_owned()
        } else {
            fitted
        }
    }

    fn dummy(&mut self, tag: Tag, vr: Vr, text: &str, empty: bool) -> Vec<u8> {
        if empty {
            return if vr == Vr(*b"UI") {
                self.deid.uid("").into_bytes()
            } else {
                field::dummy(vr, 0)
            };
        }
        match (&vr.0, field::class(tag)) {
            (b"PN", _) => match self.names(text) {
                names if names.is_empty() => field::dummy(vr, 0),
                names => names.into_bytes(),
            },
            (b"UI", _) => {
                let uids: Vec<String> = text.split('\\').map(|uid| self.uid(tag, uid.trim())).collect();
                uids.join("\\").into_bytes()
            }
            (b"LO" | b"SH" | b"ST" | b"LT" | b"UT", Some(class)) => self.whole(class, vr, text).into_bytes(),
            _ => field::dummy(vr, 0),
        }
    }

    /// A value that is no text.
    fn binary(&mut self, node: &Node, vr: Vr, action: Option<Action>) -> Fate {
        let bytes = self.file.value(node);
        match action {
            Some(Action::X) => Fate::Gone("e1-1-x"),
            Some(Action::Z) => {
                self.note(node, field::class_of(node.tag, vr), "e1-1-z");
                Fate::Value(Vec::new())
            }
            Some(Action::Zd) if bytes.is_empty() => Fate::Same,
            Some(Action::D | Action::Zd | Action::U) => {
                if node.tag.0 == 0x0042_0011 {
                    self.problem(node, "the embedded document was removed");
                }
                self.note(node, field::class_of(node.tag, vr), "e1-1-d");
                Fate::Value(field::dummy(vr, bytes.len()))
            }
            // Bytes of a form nobody knows cannot be cleaned (bitmaps come here when they were declared clean).
            Some(Action::C) if node.tag.group() & 0xff00 != 0x6000 => Fate::Gone("e1-1-x"),
            Some(Action::K | Action::C) | None => {
                if self.hides_text(bytes) {
                    self.problem(
                        node,
                        "text that identifies somebody stands where numbers belong; it was left out",
                    );
                    return Fate::Gone("unlisted");
                }
                Fate::Same
            }
        }
    }

    /// True when something that identifies somebody stands in a value of numbers.
    pub(super) fn hides_text(&self, bytes: &[u8]) -> bool {
        let person = |class| {
            matches!(
                class,
                Class::Name | Class::Mrn | Class::Ssn | Class::Phone | Class::Email | Class::Birth
            )
        };
        let sure = |hit: &Hit| hit.score >= 80 && person(hit.class);
        let tells = |hit: &Hit| hit.rule.starts_with("known") || sure(hit);
        field::stretches(bytes).any(|stretch| match stretch.len() {
            0..12 => !self.known.find(stretch).is_empty(),
            _ => find::find(stretch, self.known).iter().any(tells),
        })
    }
}

/// What CS may hold (PS3.5 section 6.2).
fn is_term(value: &str) -> bool {
    value.len() <= 16
        && value
            .bytes()
            .all(|b| matches!(b, b'A'..=b'Z' | b'0'..=b'9' | b' ' | b'_'))
}

/// Values of codes and their schemes: what is not known of the people of this file stays.
fn is_code(tag: Tag) -> bool {
    matches!(tag.0, 0x0008_0100 | 0x0008_0102 | 0x0008_0103 | 0x0008_0119)
}

/// What describes the machine and not its owner: makers and products look like places of care.
fn is_machine(tag: Tag) -> bool {
    matches!(
        tag.0,
        0x0008_0070 | 0x0008_1090 | 0x0018_0024 | 0x0018_1016 | 0x0018_1018
            ..=0x0018_1020 | 0x0018_1250 | 0x0018_1251 | 0x0018_5010
    )
}

/// A value without the padding at its end.
fn padding_off(bytes: &[u8]) -> &[u8] {
    let end = bytes
        .iter()
        .rposition(|b| !matches!(b, b' ' | 0))
        .map_or(0, |at| at + 1);
    bytes.get(..end).unwrap_or_default()
}
