//! What every format has in common: fields of text that know their place, and splicing.

use std::fmt;

use crate::{Budget, Error, fhir::FhirDoc, hl7::Hl7Doc, sniff, text::TextDoc};

/// A half-open range of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// `start..end`.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// Length in bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.end.saturating_sub(self.start)
    }

    /// True when it covers nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.end <= self.start
    }
}

/// The format of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// UTF-8 text without structure.
    Text,
    /// A FHIR R4 resource or bundle as JSON.
    Fhir,
    /// One or more HL7 v2 messages.
    Hl7,
}

impl Kind {
    /// The word used on the command line and in output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::Fhir => "fhir",
            Kind::Hl7 => "hl7",
        }
    }
}

/// Whom a name, an address or an identifier belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Whose {
    /// The patient of the record.
    Patient,
    /// A relative, contact, guarantor or employer of the patient.
    Relative,
    /// A clinician or other member of staff.
    Clinician,
    /// An organisation or a place of care.
    Facility,
    /// The format does not say.
    Unknown,
}

/// What a field holds, by its datatype. What de-identification does with a field follows from this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// A person's name or a part of it (FHIR HumanName, HL7 XPN/XCN).
    Name(Whose),
    /// An organisation's or location's name.
    Facility,
    /// A street, city, district, postal code or whole address below state level.
    Address(Whose),
    /// A state or country: kept.
    Region,
    /// A telephone or fax number, an e-mail address, a URL of a person.
    Contact(Whose),
    /// An identifier of a person, thing or record: MRN, SSN, account, resource id, reference, UUID.
    Identifier(Whose),
    /// A date of birth or death.
    BirthDate,
    /// A date or a time of something that happened to the patient.
    Date,
    /// Free text.
    Text,
    /// Free text with XHTML markup.
    Narrative,
    /// Encoded content that was not looked into (base64 attachments, embedded documents).
    Binary,
    /// A code, a system URI, a unit, a coded display, a status: kept.
    Code,
    /// A number or boolean: kept.
    Value,
    /// An element this version does not know: treated as free text, and never left unexamined.
    Unknown,
}

/// One leaf of text in a document. Its `Debug` does not show the text.
#[derive(Clone, PartialEq, Eq)]
pub struct Field {
    /// The decoded text (escapes resolved).
    pub text: String,
    /// What it holds.
    pub role: Role,
    /// Where its encoded form stands in the source. For a JSON string, what is between the quotes.
    pub raw: Span,
}

impl fmt::Debug for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Field")
            .field("len", &self.text.len())
            .field("role", &self.role)
            .field("raw", &self.raw)
            .finish()
    }
}

/// Something a parser could not make sense of and went on past. Shown to the user, never silent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where: a path such as `entry[14].resource`, `PID-5` or `line 3`. Never content.
    pub place: String,
    /// What is wrong and what to do.
    pub what: &'static str,
    /// True when part of the document cannot be relied on: it is cut, contradicts itself, or holds something that is not
    /// what its place says. False when everything was read and only its meaning is unknown.
    pub broken: bool,
}

/// A document and what could not be read of it.
#[derive(Debug, Clone)]
pub struct Parsed<T> {
    /// The document.
    pub document: T,
    /// What was not understood.
    pub problems: Vec<Problem>,
}

/// Replace `span` of field `field`'s decoded text with `with`. Its `Debug` does not show the text.
#[derive(Clone, PartialEq, Eq)]
pub struct Edit {
    /// Index into [`Document::fields`].
    pub field: usize,
    /// Bytes of that field's `text`.
    pub span: Span,
    /// The new text, not encoded.
    pub with: String,
}

impl Edit {
    /// In place of the `value` of a FHIR quantity: the number 90, and the comparator that says "or more". Splicing into a
    /// JSON number writes it as it stands.
    pub const AT_LEAST_90: &str = r#"90,"comparator":">=""#;
}

/// The bytes after a splice, and how offsets in them map back. Its `Debug` does not show the bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct Spliced {
    /// The new document.
    pub bytes: Vec<u8>,
    /// New offsets to old ones.
    pub map: OffsetMap,
}

impl fmt::Debug for Edit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Edit")
            .field("field", &self.field)
            .field("span", &self.span)
            .field("len", &self.with.len())
            .finish()
    }
}

impl fmt::Debug for Spliced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Spliced")
            .field("len", &self.bytes.len())
            .finish_non_exhaustive()
    }
}

/// Maps byte offsets of an edited text back to the text before the edits.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OffsetMap {
    /// Replaced ranges, ascending: (range in the new text, range in the old text).
    changes: Vec<(Span, Span)>,
}

impl OffsetMap {
    /// A map that knows no change yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Records that `old` became `new`. Calls must come in ascending order.
    pub fn push(&mut self, new: Span, old: Span) {
        self.changes.push((new, old));
    }

    /// Every change, ascending: its range in the new text and in the old one.
    #[must_use]
    pub fn changes(&self) -> &[(Span, Span)] {
        &self.changes
    }

    /// The old span that a span of the new text came from. A span that cuts a replacement covers
    /// all of what was replaced.
    #[must_use]
    pub fn to_old(&self, span: Span) -> Span {
        Span {
            start: self.old_start(span.start),
            end: self.old_end(span.end),
        }
    }

    /// An offset as a start: inside a replacement, the start of what was replaced.
    fn old_start(&self, at: usize) -> usize {
        match self.changes.partition_point(|(new, _)| new.start <= at).checked_sub(1) {
            None => at,
            Some(i) => {
                let (new, old) = self.changes[i];
                if at < new.end {
                    old.start
                } else {
                    old.end + (at - new.end)
                }
            }
        }
    }

    /// An offset as an end: inside a replacement, the end of what was replaced.
    fn old_end(&self, at: usize) -> usize {
        match self.changes.partition_point(|(new, _)| new.start < at).checked_sub(1) {
            None => at,
            Some(i) => {
                let (new, old) = self.changes[i];
                if at <= new.end {
                    old.end
                } else {
                    old.end + (at - new.end)
                }
            }
        }
    }
}

/// A document of any format: fields of text, and a way to put edited text back.
pub trait Document {
    /// The format.
    fn kind(&self) -> Kind;
    /// The bytes it was parsed from.
    fn source(&self) -> &[u8];
    /// Every leaf of text, in source order.
    fn fields(&self) -> &[Field];
    /// Where field `index` stands, for people: `entry[2].resource.name[0].family`, `PID-5.1`, `line 7`.
    fn place(&self, index: usize) -> String;
    /// What is asked where field `index` answers: the text of a question, what an observation observes. Content.
    fn label(&self, _index: usize) -> Option<&str> {
        None
    }
    /// True when field `index` is a number that is an age of 90 years or more.
    fn is_age(&self, _index: usize) -> bool {
        false
    }
    /// Keys that the format does not have, which may be content, each with its place. Splicing cannot change them.
    fn strange_keys(&self) -> Vec<(&str, String)> {
        Vec::new()
    }
    /// The source with the edits applied and everything else byte-identical. Edits may come in any
    /// order and must not overlap.
    ///
    /// # Errors
    /// [`ErrorKind::Edit`](crate::ErrorKind::Edit) when an edit names no field, leaves its text,
    /// cuts a character or overlaps another.
    fn splice(&self, edits: &[Edit]) -> Result<Spliced, Error>;
}

/// A parsed document of whichever format.
#[derive(Debug, Clone)]
pub enum Doc {
    /// Plain text.
    Text(TextDoc),
    /// FHIR R4 JSON.
    Fhir(FhirDoc),
    /// HL7 v2.
    Hl7(Hl7Doc),
}

impl Doc {
    /// Parses `bytes` as `kind`, or as what they look like when `kind` is `None`.
    ///
    /// # Errors
    /// When the bytes are not of that format at all, not UTF-8, or over the budget.
    pub fn parse(bytes: &[u8], kind: Option<Kind>, budget: Budget) -> Result<Parsed<Doc>, Error> {
        fn wrap<T>(parsed: Parsed<T>, into: fn(T) -> Doc) -> Parsed<Doc> {
            Parsed {
                document: into(parsed.document),
                problems: parsed.problems,
            }
        }
        match kind.unwrap_or_else(|| sniff::kind(bytes)) {
            Kind::Text => TextDoc::parse(bytes, budget).map(|p| wrap(p, Doc::Text)),
            Kind::Fhir => FhirDoc::parse(bytes, budget).map(|p| wrap(p, Doc::Fhir)),
            Kind::Hl7 => Hl7Doc::parse(bytes, budget).map(|p| wrap(p, Doc::Hl7)),
        }
    }

    fn inner(&self) -> &dyn Document {
        match self {
            Doc::Text(doc) => doc,
            Doc::Fhir(doc) => doc,
            Doc::Hl7(doc) => doc,
        }
    }
}

impl Document for Doc {
    fn kind(&self) -> Kind {
        self.inner().kind()
    }
    fn source(&self) -> &[u8] {
        self.inner().source()
    }
    fn fields(&self) -> &[Field] {
        self.inner().fields()
    }
    fn place(&self, index: usize) -> String {
        self.inner().place(index)
    }
    fn label(&self, index: usize) -> Option<&str> {
        self.inner().label(index)
    }
    fn is_age(&self, index: usize) -> bool {
        self.inner().is_age(index)
    }
    fn strange_keys(&self) -> Vec<(&str, String)> {
        self.inner().strange_keys()
    }
    fn splice(&self, edits: &[Edit]) -> Result<Spliced, Error> {
        self.inner().splice(edits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_map_back_around_replacements() {
        // old: "ab CCC de", new: "ab X de"
        let mut map = OffsetMap::new();
        map.push(Span::new(3, 4), Span::new(3, 6));
        assert_eq!(map.to_old(Span::new(0, 2)), Span::new(0, 2));
        assert_eq!(map.to_old(Span::new(3, 4)), Span::new(3, 6));
        assert_eq!(map.to_old(Span::new(0, 4)), Span::new(0, 6));
        assert_eq!(map.to_old(Span::new(5, 7)), Span::new(7, 9));
        assert_eq!(map.to_old(Span::new(4, 7)), Span::new(6, 9));
    }
}
