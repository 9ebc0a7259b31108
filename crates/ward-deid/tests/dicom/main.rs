//! De-identifying DICOM files, checked by a writer and a reader of the tests' own.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

mod bytes;
mod files;
mod planted;
mod table;

use ward_deid::dicom::{Cleaned, Options, clean};
use ward_deid::{Deidentifier, Known, Mode};
use ward_formats::dicom::{BUDGET, DicomFile};

/// The file cleaned, with a key of the tests' subject.
fn cleaned(file: &[u8], options: &Options, mode: Mode) -> Cleaned {
    let file = DicomFile::parse(file, BUDGET).unwrap();
    clean(
        &file,
        options,
        &mut Deidentifier::new(mode, [7; 32]),
        &mut Known::default(),
    )
    .unwrap()
}
