//! Hostile bytes to documents with spans.
//!
//! Every parser here takes bytes nobody vouches for and a [`Budget`], and gives a document whose
//! text fields know where they stand in the source. No IO, no clock, no panic: a parser reports
//! what it could not read as a [`Problem`] or an [`Error`], by offset, never by content.
//!
//! The one law of this crate: `splice(parse(x), []) == x`, byte for byte.

pub mod budget;
pub mod date;
pub mod delimited;
pub mod dicom;
pub mod document;
pub mod error;
pub mod fhir;
pub mod gguf;
pub mod hl7;
pub mod html;
pub mod input;
pub mod json;
pub mod pickle;
pub mod placeholder;
pub mod protobuf;
pub mod safetensors;
pub mod shell;
pub mod sniff;
mod splice;
pub mod tar;
pub mod text;
pub mod window;
pub mod xml;
pub mod yaml;
pub mod zip;

pub use budget::Budget;
pub use document::{Doc, Document, Edit, Field, Kind, OffsetMap, Parsed, Problem, Role, Span, Spliced, Whose};
pub use error::{Error, ErrorKind};
