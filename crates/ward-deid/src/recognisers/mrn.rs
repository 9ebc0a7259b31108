use super::labelled::{self, Cue, cue, strict};
use super::{Recogniser, SAFE_HARBOR, Trigger};
use crate::Class;
use crate::find::Hits;
use crate::lex::{Scan, Shape};
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
    cue("patientid"),
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
        ("for Y.B., record 003312", "003312"),
        ("see record MR-66788.", "MR-66788"),
        ("DOB 7/7/1929  MR 4482917 PCP", "4482917"),
        ("Patient ID: 4711-A", "4711-A"),
        ("MRN          884213\n", "884213"),
        ("PatientID: 884213", "884213"),
        ("patient mrn 7731 seen", "7731"),
    ],
    no: &[
        "MRN: unknown",
        "MRN          Name          Age",
        "Unit          250 mg",
        "Chart          24 h",
        "MR angiography of 3 vessels",
        "unit dose 500 mg",
        "medical record reviewed",
        "MRN 5 mg",
        "MR 2023 of the brain",
        "MR 1.5 T",
        "Mr 12345678",
        "record 2014 reviewed",
    ],
    strong: true,
    trigger: Trigger::Word(MRN | ROLE, |scan, i, hits| {
        if scan.has(i, ROLE) {
            labelled::find(scan, i, PATIENT, Class::Mrn, 5, hits);
        }
        labelled::find(scan, i, CUES, Class::Mrn, 3, hits);
        numbered(scan, i, hits);
    }),
};

/// "record 003312", "record MR-66788": a number of six digits or more, or with zeros or letters before it.
fn numbered(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    let cue = ["record", "chart"].iter().any(|word| scan.is(i, word));
    // "MR 4482917", but not "MR 2023" or "MR 1.5 T"
    let short = scan.is(i, "mr")
        && scan.shape(i) == Some(Shape::Upper)
        && scan.gap(i) == " "
        && (6..=8).contains(&scan.digits(i + 1));
    if !(cue || short) || !matches!(scan.gap(i), " " | " #") {
        return;
    }
    let at = i + 1;
    let lettered =
        !scan.is_number(at) && scan.word(at).len() <= 3 && matches!(scan.gap(at), "-" | "") && scan.digits(at + 1) >= 4;
    let last = if lettered { at + 1 } else { at };
    let padded = scan.word(at).starts_with('0') && scan.digits(at) >= 5;
    let ends = !scan.gap(last).is_empty() || last + 1 >= scan.tokens.len();
    if (lettered || padded || scan.digits(at) >= 6) && ends && scan.digits(last) <= 12 {
        hits.push(scan.start(at), scan.end(last), Class::Mrn, 86);
    }
}
