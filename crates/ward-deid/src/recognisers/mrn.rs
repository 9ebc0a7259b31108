use super::labelled::{self, Cue, cue, strict};
use super::{Recogniser, SAFE_HARBOR, Trigger};
use crate::Class;
use crate::lexicon::{MRN, ROLE};

const CUES: &[Cue] = &[
    cue("mrn"),
    cue("mrns"),
    cue("medical record"),
    cue("med record"),
    cue("med rec"),
    cue("medrec"),
    strict("record"),
    strict("records"),
    cue("medical rec"),
    cue("medical id"),
    cue("patient number"),
    cue("patient id"),
    cue("pt id"),
    strict("mr"),
    strict("chart"),
    strict("hospital"),
    strict("hosp"),
    strict("unit"),
];

/// Words that are often followed by a small number.
const PATIENT: &[Cue] = &[strict("pt"), strict("patient")];

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const RECOGNISER: Recogniser = Recogniser {
    id: "mrn",
    class: Class::Mrn,
    what: "Medical record numbers after the words for them.",
    why: "A medical record number names one patient to everybody with access to that hospital's index.",
    source: SAFE_HARBOR,
    yes: &[
        ("Elm Clinic (MRN: 998877)?", "998877"),
        ("medical record number is AB-12-345.", "AB-12-345"),
        ("MRN #ST-456789", "ST-456789"),
        ("mrn 123 456 789 seen", "123 456 789"),
        ("MR# 00123", "00123"),
        ("under MRN, RB-123456", "RB-123456"),
        ("Patient ID: 4711-A", "4711-A"),
    ],
    no: &[
        "MRN: unknown",
        "MR angiography of 3 vessels",
        "unit dose 500 mg",
        "medical record reviewed",
        "MRN 5 mg",
    ],
    strong: true,
    trigger: Trigger::Word(MRN | ROLE, |scan, i, hits| {
        if scan.has(i, ROLE) {
            labelled::find(scan, i, PATIENT, Class::Mrn, 5, hits);
        }
        labelled::find(scan, i, CUES, Class::Mrn, 3, hits);
    }),
};
