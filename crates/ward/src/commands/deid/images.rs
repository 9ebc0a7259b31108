//! DICOM files.

use ward_deid::{
    Mode,
    columns::Quasi,
    dicom::{self, Dates, Options},
    residual::Traits,
};
use ward_formats::{
    Budget,
    dicom::{DicomFile, Tag},
};

use super::{
    context::{self, Context},
    fault::Stop,
    notes::Done,
    subjects::of_file,
};

/// What a DICOM file may cost.
const FILE: Budget = Budget {
    bytes: 512 << 20,
    depth: 64,
    items: 4_000_000,
};

/// Largest DICOM file, in bytes.
pub(super) const LARGEST: usize = FILE.bytes;

/// De-identifies a DICOM file by the Basic Application Confidentiality Profile with Clean Descriptors and Clean
/// Structured Content; in mode surrogate dates are moved, in the others removed.
pub(super) fn file(context: &Context, name: &str, mode: Mode, bytes: &[u8]) -> Result<Done, Stop> {
    let file = DicomFile::parse(bytes, FILE).map_err(|error| Stop::malformed(&error))?;
    let options = Options {
        dates: if mode == Mode::Surrogate {
            Dates::Shifted
        } else {
            Dates::Removed
        },
        pixels_clean: context.pixels_clean,
        ..Options::default()
    };
    let who = dicom::subject(&file);
    let subject = if who.is_empty() {
        context.subjects.of(&of_file(name))?
    } else {
        context.subjects.of(&who)?
    };
    let mut known = context.known([]);
    let cleaned = context::with(&subject, |deid| dicom::clean(&file, &options, deid, &mut known))
        .map_err(|error| Stop::because(error.to_string()))?;
    let mut done = Done::default();
    let mut traits = Traits::default();
    traits.add(Quasi::BirthYear, "", file.text(Tag(0x0010_0030)));
    traits.add(Quasi::Sex, "", file.text(Tag(0x0010_0040)));
    done.notes
        .people
        .push((if who.is_empty() { name.to_owned() } else { who }, traits));
    let pixels = cleaned.not_examined;
    let others = cleaned
        .problems
        .into_iter()
        .filter(|one| !pixels.contains(one))
        .collect();
    done.notes.problems_at("", others);
    for one in &pixels {
        done.notes.problem(one.place.clone(), one.what, true);
    }
    done.notes.apply("", cleaned.applied, 0);
    done.notes.records = 1;
    done.bytes = cleaned.bytes;
    Ok(done)
}
