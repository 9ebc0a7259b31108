//! HL7 v2 as ER7 (bars and carets): every leaf with a role by segment, field and datatype.
//!
//! Delimiters come from each message's own MSH. Segments end with CR, LF or both; several messages,
//! batch headers and MLLP framing bytes are read and kept. `v2.txt` holds the types of all fields of
//! the standard; a field or a segment beyond it, and every Z-segment, is a leaf of
//! [`Role::Unknown`](crate::Role::Unknown), never left out.

mod escape;
mod fields;
mod parse;
mod roles;
mod schema;

use std::fmt;

use crate::{
    Budget, Document, Edit, Error, Field, Kind, Parsed, Span, Spliced,
    splice::{self, Encoding},
};
pub(crate) use escape::{Delimiters, encode, unit};

/// One or more HL7 v2 messages. Its `Debug` does not show the content.
#[derive(Clone)]
pub struct Hl7Doc {
    source: Vec<u8>,
    fields: Vec<Field>,
    segments: Vec<Segment>,
    /// For each field: its segment and its place in the segment's leaves.
    places: Vec<(u32, u32)>,
}

/// A segment, or a line that is none (its id is empty, and all of it one leaf).
#[derive(Clone)]
pub struct Segment {
    id: String,
    line: usize,
    message: usize,
    /// Which of its kind in the document, from 1.
    nth: u32,
    delimiters: Delimiters,
    /// Ascending by place.
    leaves: Vec<Leaf>,
    /// Fields that are not empty and how often each repeats.
    reps: Vec<(u32, u32)>,
}

/// Where a leaf stands in its segment.
#[derive(Debug, Clone, Copy)]
struct Leaf {
    field: u32,
    rep: u32,
    component: u32,
    sub: u32,
    /// Index into the document's fields.
    index: u32,
}

impl Segment {
    /// `PID`, `OBX`, ...; empty for a line that is no segment.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The line of the source it stands on, from 1. CR, LF and CR LF each end a line.
    #[must_use]
    pub fn line(&self) -> usize {
        self.line
    }

    /// Which message of the document it belongs to, from 0. Batch headers count to the message after them.
    #[must_use]
    pub fn message(&self) -> usize {
        self.message
    }

    /// Index into `fields()` of the leaf (field 1-based, repetition 0-based, component 1-based, subcomponent
    /// 1-based). Empty leaves are none. MSH-1 is the separator and is no leaf; MSH-2 is the encoding characters.
    #[must_use]
    pub fn leaf(&self, field: usize, rep: usize, component: usize, sub: usize) -> Option<usize> {
        let wanted = (field, rep, component, sub);
        let found = self.leaves.binary_search_by_key(&wanted, |leaf| {
            (
                leaf.field as usize,
                leaf.rep as usize,
                leaf.component as usize,
                leaf.sub as usize,
            )
        });
        found
            .ok()
            .and_then(|i| self.leaves.get(i))
            .map(|leaf| leaf.index as usize)
    }

    /// Indexes into `fields()` of all leaves of a field, in source order.
    pub fn leaves(&self, field: usize) -> impl Iterator<Item = usize> + '_ {
        let start = self.leaves.partition_point(|leaf| (leaf.field as usize) < field);
        self.leaves
            .iter()
            .skip(start)
            .take_while(move |leaf| leaf.field as usize == field)
            .map(|leaf| leaf.index as usize)
    }

    /// Number of repetitions of a field; 0 when it is empty.
    #[must_use]
    pub fn reps(&self, field: usize) -> usize {
        let found = self.reps.binary_search_by_key(&field, |(field, _)| *field as usize);
        found
            .ok()
            .and_then(|i| self.reps.get(i))
            .map_or(0, |(_, reps)| *reps as usize)
    }
}

impl fmt::Debug for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Segment")
            .field("line", &self.line)
            .field("leaves", &self.leaves.len())
            .finish_non_exhaustive()
    }
}

impl Hl7Doc {
    /// Reads `bytes` as HL7 v2 messages. What is not a segment, or not one that HL7 defines, is a
    /// problem by line; the rest is read all the same.
    ///
    /// # Errors
    /// When the bytes do not begin with a whole MSH (or a batch header), are not UTF-8, or cost too much.
    pub fn parse(bytes: &[u8], budget: Budget) -> Result<Parsed<Hl7Doc>, Error> {
        parse::parse(bytes, budget)
    }

    /// All segments in source order.
    #[must_use]
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// The field of a leaf: shorthand for `leaf` then `fields()[..]`, first repetition, first subcomponent.
    #[must_use]
    pub fn get(&self, segment: &Segment, field: usize, component: usize) -> Option<&Field> {
        self.fields.get(segment.leaf(field, 0, component, 1)?)
    }

    /// Where the text of field `index` holds local escapes (`\Z..\`), whose meaning only its sender knows.
    #[must_use]
    pub fn local_escapes(&self, index: usize) -> Vec<Span> {
        let raw = |field: &Field| self.source.get(field.raw.start..field.raw.end);
        match (self.segment_of(index), self.fields.get(index)) {
            (Some(segment), Some(field)) if field.text.contains('Z') => raw(field)
                .and_then(|raw| std::str::from_utf8(raw).ok())
                .map_or_else(Vec::new, |raw| {
                    escape::local(&segment.delimiters, raw, field.text.len())
                }),
            _ => Vec::new(),
        }
    }

    /// The segment that field `index` stands in.
    #[must_use]
    pub fn segment_of(&self, index: usize) -> Option<&Segment> {
        self.segments.get(self.places.get(index)?.0 as usize)
    }
}

impl fmt::Debug for Hl7Doc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hl7Doc")
            .field("len", &self.source.len())
            .field("segments", &self.segments.len())
            .field("fields", &self.fields.len())
            .finish_non_exhaustive()
    }
}

impl Document for Hl7Doc {
    fn kind(&self) -> Kind {
        Kind::Hl7
    }

    fn source(&self) -> &[u8] {
        &self.source
    }

    fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// `PID-5.1`, `OBX[3]-5` (the third OBX of the document), `PID-3[2].4.1` (second repetition, fourth
    /// component, first subcomponent), `line 7`. A component is left out when its field has only one.
    fn place(&self, index: usize) -> String {
        let Some((segment, leaf)) = self.places.get(index).and_then(|(segment, leaf)| {
            let segment = self.segments.get(*segment as usize)?;
            Some((segment, segment.leaves.get(*leaf as usize)?))
        }) else {
            return String::new();
        };
        if segment.id.is_empty() {
            return format!("line {}", segment.line);
        }
        let mut place = segment.id.clone();
        if segment.nth > 1 {
            place.push_str(&format!("[{}]", segment.nth));
        }
        place.push_str(&format!("-{}", leaf.field));
        if leaf.rep > 0 {
            place.push_str(&format!("[{}]", leaf.rep + 1));
        }
        let mut all = segment.leaves(leaf.field as usize);
        let alone = leaf.component == 1 && leaf.sub == 1 && all.next().is_some() && all.next().is_none();
        if !alone {
            place.push_str(&format!(".{}", leaf.component));
        }
        if leaf.sub > 1 {
            place.push_str(&format!(".{}", leaf.sub));
        }
        place
    }

    fn splice(&self, edits: &[Edit]) -> Result<Spliced, Error> {
        splice::splice(&self.source, &self.fields, edits, |index| {
            let place = self.places.get(index);
            let Some(segment) = place.and_then(|(segment, _)| self.segments.get(*segment as usize)) else {
                return Encoding::Plain;
            };
            let is_header = matches!(segment.id.as_str(), "MSH" | "FHS" | "BHS");
            if is_header && segment.leaf(2, 0, 1, 1) == Some(index) {
                return Encoding::Fixed("the encoding characters of a message cannot be edited");
            }
            Encoding::Hl7(&segment.delimiters)
        })
    }
}

/// What is said of a message from which Z-segments were left out.
pub const Z_LEFT_OUT: &str = "Z-segments were left out: what they hold is not in the standard";

/// A message, or several, without their Z-segments, and how many there were.
#[must_use]
pub fn without_z(message: &[u8]) -> (Vec<u8>, u32) {
    let left_out = z_segments(message);
    let mut out = Vec::with_capacity(message.len());
    let mut at = 0;
    for span in &left_out {
        out.extend_from_slice(message.get(at..span.start).unwrap_or_default());
        at = span.end;
    }
    out.extend_from_slice(message.get(at..).unwrap_or_default());
    // CR LF after a segment that was left out ends nothing.
    (out, u32::try_from(left_out.len()).unwrap_or(u32::MAX))
}

/// Where the Z-segments of a message stand, in order, each with what ends it. The frame's end may stand on the same line,
/// and is none of theirs.
#[must_use]
pub fn z_segments(message: &[u8]) -> Vec<Span> {
    let mut at = 0;
    message
        .split_inclusive(|b| matches!(b, b'\r' | b'\n'))
        .filter_map(|line| {
            let start = at;
            at += line.len();
            is_z(line).then(|| Span::new(start, start + memchr::memchr(0x1c, line).unwrap_or(line.len())))
        })
        .collect()
}

fn is_z(line: &[u8]) -> bool {
    match line {
        [b'Z', a, b, separator, ..] => {
            let letter = |b: &u8| b.is_ascii_uppercase() || b.is_ascii_digit();
            letter(a) && letter(b) && separator.is_ascii_punctuation()
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ErrorKind, Role, Whose};

    const MESSAGE: &str = "MSH|^~\\&|LAB|N^1.2^ISO|||20240506||ORU^R01|M1|P|2.5.1\r\
        PID|1||M-4^^^NORTH~55^^^SSA^SS||Holt&van^Dana^\"\"||19510730|F\r\
        OBX|1|NM|718-7^Hb^LN||11.9|g/dL\r\n\
        OBX|2|TX|n^Note^L||well \\T\\ stable|\r\
        MSH*+!%#*LAB*N***20240507**ADT+A01*M2*P*2.3\r\
        PID***9+X**Holt#von+Ute %S%\r";

    fn parse(text: &str) -> Parsed<Hl7Doc> {
        Hl7Doc::parse(text.as_bytes(), Budget::RECORD).unwrap()
    }

    #[test]
    fn finds_leaves_by_place() {
        let parsed = parse(MESSAGE);
        assert_eq!(parsed.problems, []);
        let doc = parsed.document;
        let ids: Vec<_> = doc.segments().iter().map(|s| (s.id(), s.line(), s.message())).collect();
        assert_eq!(
            ids,
            [
                ("MSH", 1, 0),
                ("PID", 2, 0),
                ("OBX", 3, 0),
                ("OBX", 4, 0),
                ("MSH", 5, 1),
                ("PID", 6, 1)
            ]
        );
        let text = |segment: usize, field, component| {
            let segment = &doc.segments()[segment];
            doc.get(segment, field, component).map(|f| f.text.as_str())
        };
        assert_eq!(text(0, 2, 1), Some("^~\\&"));
        assert_eq!(text(0, 3, 1), Some("LAB"));
        assert_eq!(text(0, 9, 2), Some("R01"));
        assert_eq!(text(1, 5, 1), Some("Holt"));
        assert_eq!(text(1, 4, 1), None);
        assert_eq!(text(3, 5, 1), Some("well & stable"));
        assert_eq!(text(4, 9, 2), Some("A01"));
        assert_eq!(text(5, 5, 2), Some("Ute +"));
        let pid = &doc.segments()[1];
        assert_eq!((pid.reps(3), pid.reps(5), pid.reps(4), pid.reps(99)), (2, 1, 0, 0));
        let second = pid.leaf(3, 1, 5, 1).unwrap();
        assert_eq!(doc.fields()[second].text, "SS");
        assert_eq!(doc.segment_of(second).map(Segment::id), Some("PID"));
        let maiden = pid.leaf(5, 0, 1, 2).unwrap();
        assert_eq!(doc.fields()[maiden].role, Role::Name(Whose::Patient));
    }

    #[test]
    fn names_places_for_people() {
        let doc = parse(MESSAGE).document;
        let places: Vec<_> = (0..doc.fields().len()).map(|i| doc.place(i)).collect();
        for expect in [
            "MSH-2",
            "MSH-9.2",
            "PID-3.1",
            "PID-3[2].5",
            "PID-5.1",
            "PID-5.1.2",
            "PID-7",
            "OBX-5",
            "OBX[2]-5",
            "MSH[2]-10",
            "PID[2]-5.2",
        ] {
            assert!(places.iter().any(|p| p == expect), "{expect} in {places:?}");
        }
        assert_eq!(doc.place(9999), "");
    }

    #[test]
    fn reports_lines_that_are_no_segments() {
        let head = "MSH|^~\\&|A|B|||2024||ADT^A01|1\r";
        let check = |rest: &str, expect: &[&str]| {
            let parsed = parse(&format!("{head}{rest}"));
            let places: Vec<_> = parsed.problems.iter().map(|p| p.place.as_str()).collect();
            assert_eq!(places, expect, "{rest}");
        };
        check("ZAB|x\r\n\r\nPID|1\r", &[]);
        check("more of the note\rPID|1", &["line 2"]);
        check("PI\r\rpid|x\rABC|x\rPID,1", &["line 2", "line 4", "line 5", "line 6"]);
        check("MSH|^^|x\r", &["line 2"]);
        check("MSH|^~\\&|", &["line 2"]);
        let doc = parse(&format!("{head}more | of\rMSH|x")).document;
        let last: Vec<_> = doc
            .fields()
            .iter()
            .rev()
            .take(2)
            .map(|f| (f.text.as_str(), f.role))
            .collect();
        assert_eq!(last, [("MSH|x", Role::Unknown), ("more | of", Role::Unknown)]);
        assert_eq!(doc.place(doc.fields().len() - 2), "line 2");
    }

    #[test]
    fn refuses_what_does_not_begin_with_a_header() {
        for (bytes, kind) in [
            (&b""[..], ErrorKind::Malformed),
            (b"\r\n\x0b", ErrorKind::Malformed),
            (b"PID|1", ErrorKind::Malformed),
            (b"MSH", ErrorKind::Malformed),
            (b"MSH|", ErrorKind::Malformed),
            (b"MSH|^~\\&", ErrorKind::Malformed),
            (b"MSH|^^\\&|A", ErrorKind::Malformed),
            (b"MSH||A", ErrorKind::Malformed),
            (b"MSH|^~\\&|A\rPID|1||2||H\xf6lt", ErrorKind::Encoding),
        ] {
            let error = Hl7Doc::parse(bytes, Budget::RECORD).unwrap_err();
            assert_eq!(error.kind(), kind, "{}", String::from_utf8_lossy(bytes));
        }
        let small = Budget {
            items: 5,
            ..Budget::RECORD
        };
        let error = Hl7Doc::parse(MESSAGE.as_bytes(), small).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Budget);
        assert!(Hl7Doc::parse(b"\xef\xbb\xbf\x0b MSH|^~\\&|A\r\x1c\r", Budget::RECORD).is_ok());
    }

    #[test]
    fn splices_with_the_message_s_own_delimiters() {
        let doc = parse(MESSAGE).document;
        let edit = |segment: usize, field, component, span: Span, with: &str| Edit {
            field: doc.segments()[segment].leaf(field, 0, component, 1).unwrap(),
            span,
            with: with.to_owned(),
        };
        let spliced = doc
            .splice(&[
                edit(5, 5, 2, Span::new(4, 5), "a*b"),
                edit(3, 5, 1, Span::new(0, 4), "[X|1]"),
                edit(1, 5, 2, Span::new(0, 4), ""),
            ])
            .unwrap();
        let text = String::from_utf8(spliced.bytes).unwrap();
        assert!(text.contains("|Holt&van^^\"\"|"));
        assert!(text.contains("|[X\\F\\1] \\T\\ stable|"));
        assert!(text.ends_with("Holt#von+Ute a%F%b\r"));
        let header = edit(0, 2, 1, Span::new(0, 1), "x");
        assert_eq!(doc.splice(&[header]).unwrap_err().kind(), ErrorKind::Edit);
    }

    #[test]
    fn leaves_out_z_segments() {
        let (out, count) = without_z(b"MSH|a\rZPI|1|Jane\rPID|1\r\nZ12|x\x1c\r");
        assert_eq!((out.as_slice(), count), (&b"MSH|a\rPID|1\r\n\x1c\r"[..], 2));
        assert_eq!(without_z(b"Zoe was seen\rZZ|x").1, 0);
    }
}
