//! x
use crate::fact::Record;
use ward_formats::hl7::Hl7Doc;
pub(crate) fn read(_doc: &Hl7Doc) -> Record {
    Record::default()
}
