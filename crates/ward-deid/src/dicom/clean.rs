//! The walk through a data set: each element gets its action.

mod value;

use ward_formats::dicom::{Charset, DicomFile, Node, Shape, Syntax, Tag, Vr, dictionary_vr};
use ward_formats::{Problem, Span};

use super::output::{self, Begun, Meta, Output};
use super::private::{self, Creators};
use super::profile::{self, Action};
use super::walk::Charsets;
use super::{Cleaned, Dates, Options, field, stream};
use crate::{Applied, Class, Deidentifier, Error, Known, Mode, Tally};

/// Media Storage Directory Storage: a DICOMDIR.
const DIRECTORY: &str = "1.2.840.10008.1.3.10";
/// A private transfer syntax that is read (implicit with pixel data of the other byte order), so that it can be named.
const READ_PRIVATE: &str = "1.2.840.113619.5.2";

/// Most problems that are listed.
const MOST_PROBLEMS: usize = 1_000;

/// What a cleaned file says of itself, and what is written anew.
const MARKS: [Tag; 5] = [
    Tag::CHARSET,
    Tag(0x0012_0062),
    Tag(0x0012_0063),
    Tag(0x0012_0064),
    Tag(0x0028_0303),
];

/// Structure of a report: kept where the content is replaced by dummies, when it is a term of the standard.
const STRUCTURE: &[(Tag, &[&str])] = &[
    (
        Tag(0x0040_a010),
        &[
            "CONTAINS",
            "HAS OBS CONTEXT",
            "HAS CONCEPT MOD",
            "HAS PROPERTIES",
            "HAS ACQ CONTEXT",
            "INFERRED FROM",
            "SELECTED FROM",
        ],
    ),
    (
        Tag(0x0040_a040),
        &[
            "CONTAINER",
            "TEXT",
            "CODE",
            "NUM",
            "PNAME",
            "DATE",
            "TIME",
            "DATETIME",
            "UIDREF",
            "IMAGE",
            "WAVEFORM",
            "COMPOSITE",
            "SCOORD",
            "SCOORD3D",
            "TCOORD",
            "TABLE",
        ],
    ),
    (Tag(0x0040_a050), &["SEPARATE", "CONTINUOUS"]),
];

/// What becomes of one element.
enum Fate {
    /// It stays, byte for byte.
    Same,
    /// It stays with another value.
    Value(Vec<u8>),
    /// It goes: the rule by which.
    Gone(&'static str),
    /// Its items are looked into; what is not listed in them becomes a dummy.
    Enter { dummy: bool },
    /// It stays without items.
    Empty,
}

/// A sequence or an item around the current element.
struct Open {
    node: usize,
    begun: Begun,
    dummy: bool,
    /// Items so far.
    items: usize,
    /// Of which class the value of this report item is, by the concept that names it.
    concept: Option<Class>,
    /// Whose the private blocks of this item are.
    creators: Creators,
}

struct Cleaner<'a, 'f> {
    file: &'a DicomFile<'f>,
    /// Burned In Annotation: YES, NO, or nothing.
    burned_in: &'a str,
    options: &'a Options,
    deid: &'a mut Deidentifier,
    known: &'a Known,
    out: Output,
    open: Vec<Open>,
    /// Whose the private blocks of the outermost data set are.
    creators: Creators,
    marks: &'static [Tag],
    /// The set is implicit where the transfer syntax says explicit: it is written as the syntax says.
    upgrade: bool,
    tally: Tally,
    applied: Vec<Applied>,
    problems: Vec<Problem>,
    not_examined: Vec<Problem>,
}

pub(super) fn clean(
    file: &DicomFile<'_>,
    options: &Options,
    deid: &mut Deidentifier,
    known: &mut Known,
) -> Result<Cleaned, Error> {
    if options.dates == Dates::Shifted && deid.mode() != Mode::Surrogate {
        return Err(Error::options("dates are shifted in mode surrogate only"));
    }
    let says_directory = [file.meta_text(Tag(0x0002_0002)), file.text(Tag(0x0008_0016))].contains(&DIRECTORY);
    let has_records = file
        .nodes()
        .iter()
        .any(|node| node.depth == 0 && node.tag == Tag(0x0004_1220));
    if says_directory || has_records {
        return Err(Error::unsupported(
            "a media directory (DICOMDIR): make a new one from the cleaned files",
        ));
    }
    super::learn(file, options, known);
    deid.meet(known);
    let mut cleaner = Cleaner {
        file,
        burned_in: file.text(Tag(0x0028_0301)),
        options,
        deid,
        known,
        out: Output::new(file.data().len()),
        open: Vec::new(),
        creators: Creators::default(),
        marks: &MARKS,
        upgrade: file.declared_syntax() == Some(Syntax::EXPLICIT) && file.syntax() == Syntax::IMPLICIT,
        tally: Tally::default(),
        applied: Vec::new(),
        problems: file.problems().to_vec(),
        not_examined: Vec::new(),
    };
    cleaner.data_set();
    Ok(cleaner.finish())
}

impl Cleaner<'_, '_> {
    fn data_set(&mut self) {
        let file = self.file;
        let mut sets = Charsets::new(file);
        let mut index = 0;
        while let Some(node) = file.nodes().get(index) {
            self.close(index);
            let set = sets.at(file, index, node);
            let next = node.end.max(index + 1);
            if node.depth == 0 {
                self.mark(node.tag);
            }
            // What says no representation, in a set that must, gets that of the standard.
            let upgraded = (node.bare || self.upgrade).then(|| explicit(node)).flatten();
            let raw = file.data().get(node.header.start..node.header.end).unwrap_or_default();
            let (node, raw) = match &upgraded {
                Some((node, raw)) => (node, raw.as_slice()),
                None => (node, raw),
            };
            if node.shape == Shape::Item {
                let dummy = self.open.last().is_some_and(|open| open.dummy);
                if let Some(open) = self.open.last_mut() {
                    open.items += 1;
                }
                let concept = self.concept(index, node);
                self.begin(index, node, raw, dummy, concept);
                index += 1;
                continue;
            }
            match self.fate(node, set) {
                Fate::Same if node.shape == Shape::Fragments => {
                    let value = file.value(node);
                    self.out.same(&undefined(raw), value);
                    // Compressed streams may carry comments. They go in place: pixel data is large.
                    if stream::blank(self.out.last(value.len())) > 0 {
                        self.note(node, Class::Text, "stream-comment");
                    }
                }
                Fate::Same if upgraded.is_some() => self.out.value(node, raw, file.value(node), node.vr.padding()),
                Fate::Same => self.out.same(raw, file.value(node)),
                Fate::Value(value) => {
                    let vr = if node.syntax.explicit {
                        node.vr
                    } else {
                        dictionary_vr(node.tag).unwrap_or(node.vr)
                    };
                    self.out.value(node, raw, &value, vr.padding());
                }
                Fate::Gone(rule) => self.gone(node, rule),
                Fate::Empty => {
                    if node.end > index + 1 {
                        self.note(node, Class::Text, "e1-1-z");
                    }
                    let node = Node {
                        undefined: false,
                        ..*node
                    };
                    let begun = self.out.begin(&node, raw);
                    self.out.end(&begun, &[]);
                }
                Fate::Enter { dummy } => {
                    self.begin(index, node, raw, dummy, None);
                    index += 1;
                    continue;
                }
            }
            index = next;
        }
        self.close(usize::MAX);
        self.mark(Tag(u32::MAX));
    }

    /// Ends what ends before the node at `index`.
    fn close(&mut self, index: usize) {
        let file = self.file;
        while let Some(open) = self
            .open
            .pop_if(|open| file.nodes().get(open.node).is_none_or(|node| node.end <= index))
        {
            let closing = file.nodes().get(open.node).map(|node| node.closing).unwrap_or_default();
            let closing = file.data().get(closing.start..closing.end).unwrap_or_default();
            self.out.end(&open.begun, closing);
        }
    }

    fn begin(&mut self, index: usize, node: &Node, raw: &[u8], dummy: bool, concept: Option<Class>) {
        let begun = self.out.begin(node, raw);
        self.open.push(Open {
            node: index,
            begun,
            dummy,
            items: 0,
            concept,
            creators: Creators::default(),
        });
    }

    /// Writes what the file says of itself, as far as it stands before `tag`.
    fn mark(&mut self, tag: Tag) {
        let syntax = if self.upgrade {
            Syntax::EXPLICIT
        } else {
            self.file.syntax()
        };
        while let Some((next, rest)) = self.marks.split_first().filter(|(next, _)| **next <= tag) {
            self.marks = rest;
            match next.0 {
                0x0008_0005 => self.out.element(*next, Vr(*b"CS"), b"ISO_IR 192", syntax),
                0x0012_0062 => self.out.element(*next, Vr(*b"CS"), b"YES", syntax),
                0x0012_0063 => {
                    let mode = self.deid.mode().word();
                    let method = format!("Ward, mode {mode}; DICOM PS3.15 E.1 Basic Profile");
                    self.out.element(*next, Vr(*b"LO"), method.as_bytes(), syntax);
                }
                0x0012_0064 => {
                    let items: Vec<_> = self
                        .options
                        .codes()
                        .map(|(code, meaning)| coded_item(code, meaning))
                        .collect();
                    self.out.sequence(*next, &items, syntax);
                }
                _ => {
                    let temporal = self.options.temporal();
                    self.out.element(*next, Vr(*b"CS"), temporal.as_bytes(), syntax);
                }
            }
        }
    }

    fn finish(mut self) -> Cleaned {
        let file = self.file;
        let class = match file.text(Tag(0x0008_0016)) {
            "" => file.meta_text(Tag(0x0002_0002)),
            class => class,
        };
        let instance = match file.text(Tag(0x0008_0018)) {
            "" => file.meta_text(Tag(0x0002_0003)),
            instance => instance,
        };
        let class = self.uid(Tag(0x0002_0002), class);
        let instance = if self.options.uids && field::is_uid(instance) {
            instance.to_owned()
        } else {
            self.uid(Tag(0x0002_0003), instance)
        };
        let said = file.transfer_syntax();
        let names = field::is_well_known(said) || said == READ_PRIVATE;
        let agrees = self.upgrade || file.declared_syntax().is_none_or(|declared| declared == file.syntax());
        let meta = Meta {
            class: &class,
            instance: &instance,
            transfer_syntax: if names && agrees {
                said
            } else {
                file.syntax().transfer_syntax()
            },
            deflated: file.is_deflated(),
        };
        let mut problems = self.problems;
        problems.extend(self.not_examined.iter().cloned());
        Cleaned {
            bytes: self.out.file(&meta),
            tally: self.tally,
            applied: self.applied,
            problems,
            not_examined: self.not_examined,
        }
    }

    /// What becomes of an element.
    fn fate(&mut self, node: &Node, set: Charset) -> Fate {
        let tag = node.tag;
        if node.broken || node.shape == Shape::Rest {
            self.problem(node, "it could not be read as what it says it is, and was left out");
            return Fate::Gone("unreadable");
        }
        if tag.is_private() {
            return self.private(node);
        }
        if tag.element() == 0 || tag.0 == 0x0008_0001 || (node.depth == 0 && MARKS.contains(&tag)) {
            // Group lengths and the length to the end are retired and would be wrong; the marks are written anew.
            return Fate::Gone("");
        }
        if tag == Tag::CHARSET {
            return Fate::Value(b"ISO_IR 192".to_vec());
        }
        let overlay = tag.group() & 0xff00 == 0x6000;
        let bitmaps = self.options.graphics && self.options.pixels_clean;
        if tag.group() & 0xff00 == 0x5000 || (overlay && !bitmaps) {
            return Fate::Gone("e1-1-x");
        }
        let Some(vr) = dictionary_vr(tag) else {
            return Fate::Gone("undefined");
        };
        if !fits(node, vr) {
            self.problem(
                node,
                "its value representation is not that of the standard; it was left out",
            );
            return Fate::Gone("unreadable");
        }
        let dummy = self.open.last().is_some_and(|open| open.dummy);
        let listed = profile::action(tag, self.options);
        if node.depth == 0 && (tag.group() == 2 || (tag.group() == 0 && listed.is_none())) {
            // File meta information and commands have no place in a data set.
            return Fate::Gone("undefined");
        }
        if vr == Vr::SQ {
            let concept = self.open.last().and_then(|open| open.concept);
            if tag == Tag(0x0040_a300) && concept == Some(Class::Age) {
                // The age of the subject as a measured value.
                return Fate::Empty;
            }
            return match listed {
                Some(Action::X) => Fate::Gone("e1-1-x"),
                Some(Action::Z) => Fate::Empty,
                Some(Action::D | Action::Zd) => Fate::Enter { dummy: true },
                Some(Action::U | Action::K | Action::C) => Fate::Enter { dummy: false },
                None => Fate::Enter { dummy },
            };
        }
        if matches!(tag.0, 0x7fe0_0008..=0x7fe0_0010) {
            self.pixels(node);
            return Fate::Same;
        }
        let action = match listed {
            None if dummy && !self.is_structure(node) => Some(Action::Zd),
            listed => listed,
        };
        self.leaf(node, vr, set, action)
    }

    /// A private element: it stays only if it is known to be a quantity, and is one.
    fn private(&mut self, node: &Node) -> Fate {
        let value = self.file.value(node);
        let creators = self
            .open
            .last_mut()
            .map_or(&mut self.creators, |open| &mut open.creators);
        if !self.options.safe_private || node.shape != Shape::Value {
            return Fate::Gone("private");
        }
        if creators.learn(node.tag, value) {
            return Fate::Same;
        }
        match creators.vr(node.tag) {
            Some(vr)
                if private::holds(vr, value) && (node.vr == vr || node.vr == Vr::UN) && !self.hides_text(value) =>
            {
                Fate::Same
            }
            _ => Fate::Gone("private"),
        }
    }

    /// Pixel data: kept, and said to be not examined unless it was declared clean.
    fn pixels(&mut self, node: &Node) {
        let examined = self.options.pixels_clean || (self.options.trust_burned_in && self.burned_in == "NO");
        if examined || self.not_examined.len() >= MOST_PROBLEMS {
            return;
        }
        let what = match self.burned_in {
            "YES" => "pixel data was not examined; the file says that identifying text is burned into it",
            _ => "pixel data was not examined: text that is burned into it stays",
        };
        let place = self.place(node);
        self.not_examined.push(Problem {
            place,
            what,
            broken: true,
        });
    }

    /// The class of a report item's value, by the concept that names it.
    fn concept(&self, index: usize, item: &Node) -> Option<Class> {
        let nodes = self.file.nodes();
        let sequence = self.open.last().and_then(|open| nodes.get(open.node))?;
        if sequence.tag != Tag(0x0040_a730) {
            return None;
        }
        let child = |from: usize, end: usize, tag: Tag| {
            let mut at = from;
            while let Some(node) = nodes.get(at).filter(|_| at < end) {
                if node.tag == tag {
                    return Some((at, node));
                }
                at = node.end.max(at + 1);
            }
            None
        };
        let (at, name) = child(index + 1, item.end, Tag(0x0040_a043))?;
        let (_, code) = child(at + 2, name.end, Tag(0x0008_0100))?;
        let code = std::str::from_utf8(self.file.value(code)).ok()?;
        let class = field::concept(code.trim_matches([' ', '\0']))?;
        let retained = match class {
            Class::Device => self.options.device,
            Class::Facility => self.options.institution,
            _ => false,
        };
        (!retained).then_some(class)
    }

    fn is_structure(&self, node: &Node) -> bool {
        let value = std::str::from_utf8(self.file.value(node)).unwrap_or_default().trim();
        let terms = STRUCTURE.iter().find(|(tag, _)| *tag == node.tag);
        terms.is_some_and(|(_, terms)| terms.contains(&value))
    }

    /// An element goes.
    fn gone(&mut self, node: &Node, rule: &'static str) {
        let has_value = !node.value.is_empty() || node.shape == Shape::Sequence;
        if rule.is_empty() || !has_value {
            return;
        }
        let vr = dictionary_vr(node.tag).unwrap_or(node.vr);
        self.note(node, field::class_of(node.tag, vr), rule);
    }

    /// Records that the whole value of an element was replaced or removed.
    fn note(&mut self, node: &Node, class: Class, rule: &'static str) {
        self.tally.add(class);
        let whole = Applied {
            place: String::new(),
            old: Span::new(0, node.value.len()),
            new: Span::default(),
            class,
            rule,
            score: 100,
        };
        self.record(node, vec![whole]);
    }

    fn record(&mut self, node: &Node, applied: Vec<Applied>) {
        if applied.is_empty() {
            return;
        }
        let place = self.place(node);
        self.applied.extend(applied.into_iter().map(|one| Applied {
            place: place.clone(),
            ..one
        }));
    }

    fn problem(&mut self, node: &Node, what: &'static str) {
        let (place, what) = match self.problems.len() {
            0..MOST_PROBLEMS => (self.place(node), what),
            MOST_PROBLEMS => (self.place(node), "there are more problems than are listed"),
            _ => return,
        };
        self.problems.push(Problem {
            place,
            what,
            broken: true,
        });
    }

    /// The way to an element: `(0040,A730)[2](0040,A160)`.
    fn place(&self, node: &Node) -> String {
        let mut place = String::new();
        for open in &self.open {
            if let Some(node) = self
                .file
                .nodes()
                .get(open.node)
                .filter(|node| node.shape == Shape::Sequence)
            {
                place.push_str(&format!("{}[{}]", node.tag, open.items));
            }
        }
        if node.shape == Shape::Rest {
            place.push_str("end");
        } else {
            place.push_str(&node.tag.to_string());
        }
        place
    }
}

/// The element with the representation of the standard, and its header.
fn explicit(node: &Node) -> Option<(Node, Vec<u8>)> {
    let vr = match node.shape {
        Shape::Item | Shape::Rest => return None,
        // Encapsulated pixel data is bytes.
        Shape::Fragments => Vr(*b"OB"),
        Shape::Value | Shape::Sequence => dictionary_vr(node.tag)?,
    };
    let syntax = Syntax {
        explicit: true,
        ..node.syntax
    };
    let raw = output::header(node.tag, vr, syntax);
    Some((Node { vr, syntax, ..*node }, raw))
}

/// A header whose length, in four bytes, says that it is undefined.
fn undefined(raw: &[u8]) -> Vec<u8> {
    let mut raw = raw.to_vec();
    let end = raw.len().saturating_sub(4);
    raw.truncate(end);
    raw.extend_from_slice(&[0xff; 4]);
    raw
}

/// True when the representation a file gives can hold what the standard says the element is.
fn fits(node: &Node, vr: Vr) -> bool {
    let is_sequence = node.shape == Shape::Sequence;
    if is_sequence || vr == Vr::SQ {
        return is_sequence && vr == Vr::SQ;
    }
    if node.shape == Shape::Fragments {
        return node.tag == Tag::PIXELS;
    }
    let textual = |vr: Vr| vr.is_text() || vr.is_coded();
    node.vr == Vr::UN || textual(node.vr) == textual(vr) || (textual(vr) && node.vr == Vr(*b"OB"))
}

/// An item of De-identification Method Code Sequence.
fn coded_item(code: &'static str, meaning: &'static str) -> Vec<(Tag, Vr, &'static str)> {
    vec![
        (Tag(0x0008_0100), Vr(*b"SH"), code),
        (Tag(0x0008_0102), Vr(*b"SH"), "DCM"),
        (Tag(0x0008_0104), Vr(*b"LO"), meaning),
    ]
}
