//! Cutting bytes into segments, fields, repetitions, components and subcomponents.

use std::collections::BTreeMap;

use super::{
    Hl7Doc, Leaf, Segment,
    escape::{self, Delimiters},
    roles::{self, At},
    schema::SCHEMA,
};
use crate::{Budget, Error, ErrorKind, Field, Parsed, Problem, Role, Span};

/// How many problems are listed one by one.
const MOST_PROBLEMS: usize = 200;

/// Bytes that end a segment. MLLP's start and end bytes stand outside of segments too.
const ENDS: [u8; 4] = [b'\r', b'\n', 0x0b, 0x1c];

/// Parses `bytes`; see [`Hl7Doc::parse`].
pub(super) fn parse(bytes: &[u8], budget: Budget) -> Result<Parsed<Hl7Doc>, Error> {
    if bytes.len() > budget.bytes || u32::try_from(bytes.len()).is_err() {
        return Err(Error::new(
            ErrorKind::Budget,
            "the HL7 messages are larger than the byte budget",
            budget.bytes.min(bytes.len()),
        ));
    }
    let source = std::str::from_utf8(bytes).map_err(|e| {
        Error::new(
            ErrorKind::Encoding,
            "the HL7 message is not UTF-8; convert it from the character set that MSH-18 names (8859/1 when it names none)",
            e.valid_up_to(),
        )
    })?;
    let mut parser = Parser {
        source,
        budget,
        delimiters: None,
        message: None,
        seen: BTreeMap::new(),
        fields: Vec::new(),
        segments: Vec::new(),
        places: Vec::new(),
        problems: Vec::new(),
        untold: None,
    };
    parser.run()?;
    if let Some(broken) = parser.untold {
        parser.problems.push(Problem {
            place: "the rest".to_owned(),
            what: "there are more problems like these than are listed; mend the first ones and look again",
            broken,
        });
    }
    Ok(Parsed {
        document: Hl7Doc {
            source: bytes.to_vec(),
            fields: parser.fields,
            segments: parser.segments,
            places: parser.places,
        },
        problems: parser.problems,
    })
}

struct Parser<'a> {
    source: &'a str,
    budget: Budget,
    delimiters: Option<Delimiters>,
    /// Index of the message now being read; none before the first MSH.
    message: Option<usize>,
    /// How often each segment id was seen.
    seen: BTreeMap<&'a str, u32>,
    fields: Vec<Field>,
    segments: Vec<Segment>,
    places: Vec<(u32, u32)>,
    problems: Vec<Problem>,
    untold: Option<bool>,
}

/// A part of the source: its offset and its text.
#[derive(Clone, Copy)]
struct Part<'a> {
    start: usize,
    text: &'a str,
}

impl<'a> Part<'a> {
    /// The parts between separators. All of it when there is no separator.
    fn split(self, separator: Option<u8>) -> impl Iterator<Item = Part<'a>> {
        // No separator: a character that ends a segment, so none can be here.
        let separator = char::from(separator.unwrap_or(b'\r'));
        let mut start = self.start;
        self.text.split(separator).map(move |text| {
            let part = Part { start, text };
            start += text.len() + 1;
            part
        })
    }
}

impl<'a> Parser<'a> {
    fn run(&mut self) -> Result<(), Error> {
        let mut at = if self.source.starts_with('\u{feff}') { 3 } else { 0 };
        let mut line = 1;
        while at < self.source.len() {
            let rest = self.source.get(at..).unwrap_or_default();
            let len = rest.bytes().position(|b| ENDS.contains(&b)).unwrap_or(rest.len());
            let text = rest.get(..len).unwrap_or_default();
            if !text.trim().is_empty() {
                self.line(Part { start: at, text }, line)?;
            }
            at += len;
            let after = self.source.as_bytes().get(at..).unwrap_or_default();
            match after {
                [b'\r', b'\n', ..] => (at, line) = (at + 2, line + 1),
                [b'\r' | b'\n', ..] => (at, line) = (at + 1, line + 1),
                _ => at += 1,
            }
        }
        if self.segments.is_empty() {
            return Err(Error::new(ErrorKind::Malformed, "there is no HL7 segment here", 0));
        }
        Ok(())
    }

    fn line(&mut self, part: Part<'a>, line: usize) -> Result<(), Error> {
        if self.segments.len() + self.fields.len() >= self.budget.items {
            return Err(Error::new(
                ErrorKind::Budget,
                "the HL7 messages hold more segments and fields than the budget allows",
                part.start,
            ));
        }
        let trimmed = part.text.trim_start_matches([' ', '\t']);
        let part = match self.delimiters {
            // White space before the first MSH is somebody's indent, not content.
            None => Part {
                start: part.start + part.text.len() - trimmed.len(),
                text: trimmed,
            },
            Some(_) => part,
        };
        let id = part.text.get(..3).unwrap_or_default();
        if matches!(id, "MSH" | "FHS" | "BHS") {
            match header(part) {
                Some(delimiters) => {
                    self.delimiters = Some(delimiters);
                    if id == "MSH" {
                        self.message = Some(self.message.map_or(0, |m| m + 1));
                    }
                }
                None if self.delimiters.is_none() => {
                    return Err(Error::new(
                        ErrorKind::Malformed,
                        "the header segment is cut or its encoding characters cannot be told apart",
                        part.start,
                    ));
                }
                None => {
                    self.broken(line, "this MSH is cut or its encoding characters cannot be told apart; its text is treated as unknown");
                    return self.whole(part, line);
                }
            }
        }
        let Some(delimiters) = self.delimiters else {
            return Err(Error::new(
                ErrorKind::Malformed,
                "an HL7 message begins with an MSH segment (or a batch header); this does not",
                part.start,
            ));
        };
        let next = part.text.as_bytes().get(3).copied();
        if let Some(own) = next.filter(|own| SCHEMA.has(id) && *own != delimiters.field && SEPARATORS.contains(own)) {
            self.broken(
                line,
                "this segment has another separator than its message; it was read with its own",
            );
            return self.segment(part, line, delimiters.with_field(own));
        }
        let is_id = id.len() == 3 && id.bytes().all(|b| b.is_ascii_alphanumeric());
        if !is_id || next.is_some_and(|b| b != delimiters.field) {
            self.broken(
                line,
                "this line does not begin with a segment id of three characters and a separator; its text is treated as unknown",
            );
            return self.whole(part, line);
        }
        if !SCHEMA.has(id) && !id.starts_with('Z') {
            self.problem(line, "HL7 v2 has no such segment; its text is treated as unknown");
        }
        self.segment(part, line, delimiters)?;
        if id == "MSH" && self.segments.last().is_some_and(|s| s.reps(9) == 0) {
            self.broken(line, "this MSH names no message type (MSH-9); the message may be cut");
        }
        Ok(())
    }

    /// A line that is no segment: one leaf.
    fn whole(&mut self, part: Part<'a>, line: usize) -> Result<(), Error> {
        let Some(delimiters) = self.delimiters else {
            return Ok(());
        };
        let mut segment = self.begin("", line, delimiters);
        let at = Place {
            field: 1,
            rep: 0,
            component: 1,
            sub: 1,
        };
        self.leaf(&mut segment, part, at, Role::Unknown)?;
        segment.reps.push((1, 1));
        self.segments.push(segment);
        Ok(())
    }

    fn segment(&mut self, part: Part<'a>, line: usize, delimiters: Delimiters) -> Result<(), Error> {
        let id = part.text.get(..3).unwrap_or_default();
        let is_header = matches!(id, "MSH" | "FHS" | "BHS");
        let mut segment = self.begin(id, line, delimiters);
        let mut obx = "";
        for (i, field) in part.split(Some(delimiters.field)).enumerate().skip(1) {
            // MSH-1 is the separator itself, so the first part after the id is MSH-2.
            let number = if is_header { i + 1 } else { i };
            if field.text.is_empty() {
                continue;
            }
            if is_header && number == 2 {
                let at = Place {
                    field: number,
                    rep: 0,
                    component: 1,
                    sub: 1,
                };
                self.leaf(&mut segment, field, at, Role::Code)?;
                segment.reps.push((2, 1));
                continue;
            }
            if id == "OBX" && number == 2 {
                obx = field.text.trim();
            }
            let reps = self.field(&mut segment, field, number, obx)?;
            segment.reps.push((index(number), index(reps)));
        }
        self.segments.push(segment);
        Ok(())
    }

    fn begin(&mut self, id: &'a str, line: usize, delimiters: Delimiters) -> Segment {
        let nth = self.seen.entry(id).or_insert(0);
        *nth += 1;
        Segment {
            id: id.to_owned(),
            line,
            message: self.message.unwrap_or(0),
            nth: *nth,
            delimiters,
            leaves: Vec::new(),
            reps: Vec::new(),
        }
    }

    /// Reads one field; gives the number of its repetitions.
    fn field(&mut self, segment: &mut Segment, part: Part<'a>, number: usize, obx: &str) -> Result<usize, Error> {
        let delimiters = segment.delimiters;
        let known = roles::known(&segment.id, number, obx);
        let mut reps = 0;
        for (rep, repetition) in part.split(delimiters.repetition).enumerate() {
            reps = rep + 1;
            let parts = repetition.text.bytes().any(|b| b == delimiters.component);
            let coded = !repetition.text.starts_with(char::from(delimiters.component));
            for (c, component) in repetition.split(Some(delimiters.component)).enumerate() {
                let subs = delimiters
                    .sub
                    .is_some_and(|sub| component.text.bytes().any(|b| b == sub));
                for (s, sub) in component.split(delimiters.sub).enumerate() {
                    if sub.text.is_empty() {
                        continue;
                    }
                    let text = escape::decode(&delimiters, sub.text);
                    let at = At {
                        component: c + 1,
                        sub: s + 1,
                        coded,
                        parts,
                        subs,
                    };
                    let role = roles::role(&known, at, &text);
                    let place = Place {
                        field: number,
                        rep,
                        component: c + 1,
                        sub: s + 1,
                    };
                    self.push(segment, text, sub, place, role)?;
                }
            }
        }
        Ok(reps)
    }

    /// A leaf of one field without parts.
    fn leaf(&mut self, segment: &mut Segment, part: Part<'a>, at: Place, role: Role) -> Result<(), Error> {
        let text = match role {
            // The encoding characters are not escaped.
            Role::Code => part.text.to_owned(),
            _ => escape::decode(&segment.delimiters, part.text),
        };
        self.push(segment, text, part, at, role)
    }

    fn push(
        &mut self,
        segment: &mut Segment,
        text: String,
        part: Part<'a>,
        at: Place,
        role: Role,
    ) -> Result<(), Error> {
        if self.segments.len() + self.fields.len() >= self.budget.items {
            return Err(Error::new(
                ErrorKind::Budget,
                "the HL7 messages hold more segments and fields than the budget allows",
                part.start,
            ));
        }
        self.places
            .push((index(self.segments.len()), index(segment.leaves.len())));
        segment.leaves.push(Leaf {
            field: index(at.field),
            rep: index(at.rep),
            component: index(at.component),
            sub: index(at.sub),
            index: index(self.fields.len()),
        });
        self.fields.push(Field {
            text,
            role,
            raw: Span::new(part.start, part.start + part.text.len()),
        });
        Ok(())
    }

    /// Something whose meaning is unknown.
    fn problem(&mut self, line: usize, what: &'static str) {
        self.note(line, what, false);
    }

    /// Something that cannot be relied on.
    fn broken(&mut self, line: usize, what: &'static str) {
        self.note(line, what, true);
    }

    fn note(&mut self, line: usize, what: &'static str, broken: bool) {
        if self.problems.len() >= MOST_PROBLEMS {
            self.untold = Some(broken || self.untold.unwrap_or(false));
            return;
        }
        self.problems.push(Problem {
            place: format!("line {line}"),
            what,
            broken,
        });
    }
}

/// Characters that separate the fields of a segment whose message has another separator: none that a sentence has after its
/// first three letters ("NTE: seen, well"), and none that a placeholder begins with.
const SEPARATORS: &[u8] = b"|^~&#!$*@\t";

/// Where a leaf goes: field, component and subcomponent from 1, repetition from 0.
#[derive(Clone, Copy)]
struct Place {
    field: usize,
    rep: usize,
    component: usize,
    sub: usize,
}

/// The delimiters that an MSH, FHS or BHS declares. `None` when it is cut.
fn header(part: Part<'_>) -> Option<Delimiters> {
    let bytes = part.text.as_bytes();
    let field = *bytes.get(3)?;
    let rest = bytes.get(4..)?;
    let end = rest.iter().position(|b| *b == field)?;
    Delimiters::read(field, rest.get(..end)?)
}

/// An offset or a count as it is kept. None is larger than the input, which was checked.
fn index(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Whose;

    #[test]
    fn a_segment_with_its_own_separators_is_read_with_them() {
        let message = b"MSH|^~\\&|A|B|C|D|2024||ADT^A01\rPID#1##447^^^H#Quack^Kas\rNK1~1~Quack~~\rNTE: seen|well\rNTE, a, b, c, d\r";
        let parsed = parse(message, Budget::RECORD).unwrap();
        let role = |text: &str| {
            let mut fields = parsed.document.fields.iter();
            fields.find(|field| field.text == text).map(|field| field.role)
        };
        assert_eq!(role("447"), Some(Role::Identifier(Whose::Patient)));
        assert_eq!(role("Quack"), Some(Role::Identifier(Whose::Patient)));
        assert_eq!(role("NTE: seen|well"), Some(Role::Unknown));
        assert_eq!(role("NTE, a, b, c, d"), Some(Role::Unknown));
        assert_eq!(parsed.problems.iter().filter(|one| one.broken).count(), 4);
    }
}
