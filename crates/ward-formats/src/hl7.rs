//! HL7 v2.
use crate::{Budget, Document, Edit, Error, ErrorKind, Field, Kind, Parsed, Spliced};

/// One or more HL7 v2 messages.
#[derive(Debug, Clone)]
pub struct Hl7Doc {
    source: Vec<u8>,
    fields: Vec<Field>,
    segments: Vec<Segment>,
}

/// A segment.
#[derive(Debug, Clone)]
pub struct Segment {}
impl Segment {
    /// `PID`, `OBX`, ...
    pub fn id(&self) -> &str {
        ""
    }
    /// Index into `fields()` of the leaf (field 1-based, repetition 0-based, component 1-based, subcomponent 1-based).
    /// MSH-1 is the separator and is no leaf; MSH-2 is the encoding characters.
    pub fn leaf(&self, _field: usize, _rep: usize, _component: usize, _sub: usize) -> Option<usize> {
        None
    }
    /// Number of repetitions of a field.
    pub fn reps(&self, _field: usize) -> usize {
        0
    }
}
impl Hl7Doc {
    pub fn parse(_b: &[u8], _budget: Budget) -> Result<Parsed<Hl7Doc>, Error> {
        Err(Error::new(ErrorKind::Malformed, "", 0))
    }
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }
    /// The field of a leaf: shorthand for `leaf` then `fields()[..]`, first repetition.
    pub fn get(&self, _segment: &Segment, _field: usize, _component: usize) -> Option<&Field> {
        None
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
    fn place(&self, _i: usize) -> String {
        String::new()
    }
    fn splice(&self, _e: &[Edit]) -> Result<Spliced, Error> {
        Err(Error::new(ErrorKind::Edit, "", 0))
    }
}

/// The characters that separate the parts of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Delimiters {}

pub(crate) fn unit(_delimiters: &Delimiters, rest: &[u8]) -> crate::json::Unit {
    crate::json::Unit {
        raw: rest.len(),
        decoded: rest.len(),
        cut: crate::json::Cut::Anywhere,
    }
}

pub(crate) fn encode(_delimiters: &Delimiters, text: &str, out: &mut Vec<u8>) -> Result<(), &'static str> {
    out.extend_from_slice(text.as_bytes());
    Ok(())
}
