//! De-identifying DICOM files: the Basic Application Level Confidentiality Profile of DICOM PS3.15 (Annex E) and its
//! options, with everything the standard leaves open decided so that nothing unexamined passes.
//!
//! [`clean`] walks the data set, to any depth. What Table E.1-1 lists gets the action the table gives under the
//! [`Options`]; what it does not list but the standard defines is kept, after its text went through
//! [`find`](crate::find()) with what the file itself says of its people ([`learn`]); private elements (but for quantities,
//! where that is an option), elements the standard does not define, and everything that could not be read are left out.
//!
//! The result is always a complete file (PS3.10) in the encoding of the original, with text in UTF-8, and says of itself
//! what was done to it: (0012,0062), (0012,0063), (0012,0064), (0028,0303). **Pixel data is not examined** and said so,
//! unless the caller declares it clean.

mod clean;
mod field;
mod options;
mod output;
mod private;
mod profile;
mod stream;
mod walk;

use ward_formats::Problem;
use ward_formats::dicom::{DicomFile, Tag};

use crate::{Applied, Class, Deidentifier, Error, Known, Tally};

pub use options::{Dates, Options};

/// Ward's Implementation Class UID: written into the file meta information of what [`clean`] makes.
pub const IMPLEMENTATION_UID: &str = "2.25.164878122432682380661466632526671793155";

/// A DICOM file without what identifies its people.
pub struct Cleaned {
    /// The file.
    pub bytes: Vec<u8>,
    /// What was replaced or removed, counted.
    pub tally: Tally,
    /// Every replacement. `place` is the way to the element, `(0040,A730)[2](0040,A160)`; `old` and `new` are bytes of
    /// its decoded value, not of the file. `rule` is a recogniser's, or `e1-1-` and the action of the table (`x`, `z`, `d`,
    /// `u`, `c`), or one of `private`, `undefined`, `unreadable`, `unlisted`, `concept`, `stream-comment`.
    pub applied: Vec<Applied>,
    /// What was odd about the file, what of it was left out, and what was not examined.
    pub problems: Vec<Problem>,
    /// Of these, what was kept without having been examined: pixel data. Empty only when there is none, or it was declared
    /// clean.
    pub not_examined: Vec<Problem>,
}

/// Whose file it is: the Patient ID (0010,0020), which a caller derives the subject's key from. Empty when there is none.
#[must_use]
pub fn subject(file: &DicomFile<'_>) -> String {
    walk::texts(file)
        .find(|(node, _)| node.depth == 0 && node.tag == Tag(0x0010_0020))
        .and_then(|(node, set)| set.decode(file.value(node), false))
        .map(|text| text.trim_matches([' ', '\0']).to_owned())
        .unwrap_or_default()
}

/// Teaches `known` what the file says of its people: names at any depth, identifiers, addresses, birth dates, places of
/// care, devices and UIDs, except what `options` retain. [`clean`] does this itself; to look for the values of one file in
/// another (a study, a report), call it for each first.
pub fn learn(file: &DicomFile<'_>, options: &Options, known: &mut Known) {
    for (node, set) in walk::texts(file) {
        let class = match &node.vr.0 {
            b"PN" => Some(Class::Name),
            b"UI" if !options.uids => Some(Class::Id),
            _ => field::class(node.tag),
        };
        let Some(class) = class.filter(|_| !profile::is_retained(node.tag, options)) else {
            continue;
        };
        let Some(text) = set.decode(file.value(node), class == Class::Name) else {
            continue;
        };
        for value in text.split('\\').map(|value| value.trim_matches([' ', '\0'])) {
            match (class, field::day(value)) {
                (Class::Birth, Some(day)) => {
                    known.learn_value(class, &format!("{:04}-{:02}-{:02}", day.year, day.month, day.day));
                }
                // Those of the standard are in many files.
                (_, _) if &node.vr.0 == b"UI" && field::is_well_known(value) => {}
                (_, _) if !value.is_empty() => {
                    known.learn_value(class, value);
                    // "AB-778899" also stands as 778899 where only numbers may.
                    let runs = value.split(|c: char| !c.is_ascii_digit()).filter(|run| run.len() >= 6);
                    if matches!(class, Class::Mrn | Class::Id | Class::Account | Class::Plan) {
                        runs.for_each(|run| known.learn_value(class, run));
                    }
                }
                _ => {}
            }
        }
    }
}

/// De-identifies a file. `deid` is the subject's (see [`subject`]); UIDs are replaced consistently by it, so one
/// [`Deidentifier`] (or one key) must serve a whole study. `known` may hold values of other files; those of this one
/// are added.
///
/// # Errors
/// [`Unsupported`](crate::ErrorKind::Unsupported) for a media directory (DICOMDIR), whose records point at byte offsets and
/// at files by name; [`Options`](crate::ErrorKind::Options) when dates shall be shifted in a mode that does not shift.
pub fn clean(
    file: &DicomFile<'_>,
    options: &Options,
    deid: &mut Deidentifier,
    known: &mut Known,
) -> Result<Cleaned, Error> {
    clean::clean(file, options, deid, known)
}
