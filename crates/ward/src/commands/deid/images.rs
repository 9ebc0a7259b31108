//! DICOM files.

use anyhow::{Result as Checked, bail};
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

/// What may stay with the Safe Harbor profile: quantities, sex, size, weight, ages up to 90 years.
const HARMLESS: &[&str] = &["patient", "safe-private"];

/// Largest DICOM file, in bytes.
pub(super) const LARGEST: usize = FILE.bytes;

/// What of a DICOM file stays: the Basic Application Confidentiality Profile with Clean Descriptors and Clean Structured
/// Content, and the retain options that were asked for. In mode surrogate dates are moved, in the others removed.
pub(super) fn options(mode: Mode, pixels_clean: bool, retain: &[String]) -> Checked<Options> {
    let mut options = Options {
        dates: if mode == Mode::Surrogate {
            Dates::Shifted
        } else {
            Dates::Removed
        },
        pixels_clean,
        ..Options::default()
    };
    for word in retain {
        if mode == Mode::Remove && !HARMLESS.contains(&word.as_str()) {
            bail!(
                "--retain {word} keeps what the Safe Harbor profile of --mode remove takes out; leave one of them out"
            );
        }
        if !options.retain(word) {
            bail!("{word:?} is nothing that --retain knows");
        }
    }
    Ok(options)
}

/// De-identifies a DICOM file.
pub(super) fn file(context: &Context, name: &str, bytes: &[u8]) -> Result<Done, Stop> {
    let file = DicomFile::parse(bytes, FILE).map_err(|error| Stop::malformed(&error))?;
    let options = &context.images;
    let who = dicom::subject(&file);
    let subject = if who.is_empty() {
        context.subjects.of(&of_file(name))?
    } else {
        context.subjects.of(&who)?
    };
    let mut known = context.known([]);
    let cleaned = context::with(&subject, |deid| dicom::clean(&file, options, deid, &mut known))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_asked_for_stays() {
        let all: Vec<String> = Options::RETAIN.iter().map(|word| (*word).to_owned()).collect();
        let made = options(Mode::Surrogate, true, &all).unwrap();
        assert!(made.uids && made.device && made.institution && made.patient && made.safe_private && made.pixels_clean);
        assert_eq!((made.dates, made.descriptors), (Dates::Full, true));
        assert_eq!(options(Mode::Surrogate, false, &[]).unwrap().dates, Dates::Shifted);
        assert_eq!(options(Mode::Tag, false, &[]).unwrap(), Options::default());
        for word in all {
            let harmless = HARMLESS.contains(&word.as_str());
            assert_eq!(options(Mode::Remove, false, &[word]).is_ok(), harmless);
        }
    }
}
