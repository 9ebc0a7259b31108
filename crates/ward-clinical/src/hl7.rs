//! x
use ward_formats::hl7::Hl7Doc;
use crate::fact::Record;
pub(crate) fn read(_doc: &Hl7Doc) -> Record { Record::default() }
