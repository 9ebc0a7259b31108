//! x
use ward_formats::fhir::FhirDoc;
use crate::fact::Record;
pub(crate) fn read(_doc: &FhirDoc) -> Record { Record::default() }
