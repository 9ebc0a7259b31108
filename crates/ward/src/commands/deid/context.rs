//! What every worker shares.

use std::sync::atomic::{AtomicBool, Ordering};

use ward_deid::{Deidentifier, Hit, Known, Replaced};
use ward_formats::{Budget, Doc, text::TextDoc};

use super::{
    corrections::{Corrections, FileCorrections},
    decode,
    fault::Stop,
    patients::Patients,
    subjects::{Shared, Subjects},
};

/// What one document may cost. Larger ones are not examined; streams have no limit of their own.
pub(super) const DOCUMENT: Budget = Budget {
    bytes: 64 << 20,
    depth: 64,
    items: 16_000_000,
};

/// The settings and the shared state of a run.
pub(super) struct Context {
    /// Find and print, replace nothing.
    pub(super) spans: bool,
    /// Documents whose people are looked for in all the others.
    pub(super) known: Vec<Doc>,
    pub(super) subjects: Subjects,
    pub(super) patients: Patients,
    pub(super) corrections: Option<Corrections>,
    /// Whether what was replaced is listed one by one.
    pub(super) list: bool,
    /// Whether texts are kept for the review page.
    pub(super) show: bool,
    /// What of DICOM files stays.
    pub(super) images: ward_deid::dicom::Options,
    /// Set when somebody asks to stop.
    pub(super) stop: &'static AtomicBool,
}

impl Context {
    /// Fails when somebody asked to stop.
    pub(super) fn go_on(&self) -> Result<(), Stop> {
        if self.stop.load(Ordering::Relaxed) {
            Err(Stop::Interrupted)
        } else {
            Ok(())
        }
    }

    /// What is known of the people of some texts: by the files named for that, and by the texts themselves.
    pub(super) fn known<'a>(&self, texts: impl IntoIterator<Item = &'a str>) -> Known {
        let docs: Vec<Doc> = texts
            .into_iter()
            .filter_map(|text| TextDoc::parse(text.as_bytes(), DOCUMENT).ok())
            .map(|parsed| Doc::Text(parsed.document))
            .collect();
        Known::from_documents(self.known.iter().chain(&docs))
    }

    /// The corrections of a file.
    pub(super) fn corrections(&self, name: &str) -> Option<&FileCorrections> {
        self.corrections.as_ref().and_then(|all| all.of(name))
    }
}

/// Runs `work` on a subject that other workers may use as well.
pub(super) fn with<R>(subject: &Shared, work: impl FnOnce(&mut Deidentifier) -> R) -> R {
    let mut deid = subject.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    work(&mut deid)
}

/// Replaces `hits` of a text; without a subject they are only listed.
pub(super) fn replace(subject: Option<&Shared>, text: &str, hits: &[Hit]) -> Replaced {
    match subject {
        Some(subject) => with(subject, |deid| deid.text_with(text, hits)),
        None => listed(text, hits, ""),
    }
}

/// What would be replaced, as if each value stood for itself.
pub(super) fn listed(text: &str, hits: &[Hit], place: &str) -> Replaced {
    let mut tally = ward_deid::Tally::default();
    let applied = hits
        .iter()
        .map(|hit| {
            tally.add(hit.class);
            ward_deid::Applied {
                place: place.to_owned(),
                old: hit.span,
                new: hit.span,
                class: hit.class,
                rule: hit.rule,
                score: hit.score,
            }
        })
        .collect();
    Replaced {
        text: text.to_owned(),
        tally,
        map: ward_formats::OffsetMap::new(),
        applied,
    }
}

/// The bytes as text; `at` is where they begin in their file.
pub(super) fn utf8(bytes: &[u8], at: u64) -> Result<&str, Stop> {
    if let Some(shift) = decode::shift(bytes) {
        return Err(Stop::because(format!(
            "it shifts between character sets, as ISO 2022 does (byte {}); say --encoding iso-2022-jp, or convert it",
            at + shift as u64
        )));
    }
    std::str::from_utf8(bytes).map_err(|error| {
        Stop::because(format!(
            "it is not UTF-8 (byte {}); say its encoding with --encoding, or convert it",
            at + error.valid_up_to() as u64
        ))
    })
}
