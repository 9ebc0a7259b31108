use super::{Recogniser, SAFE_HARBOR, Trigger};
use crate::Class;
use crate::find::Hits;
use crate::lex::Scan;
use crate::lexicon::CREDENTIAL;
use crate::names::{self, Sign};

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const RECOGNISER: Recogniser = Recogniser {
    id: "credential",
    class: Class::Name,
    what: "Names before MD, RN, PA-C, PhD and the like.",
    why: "The name of a clinician narrows down where and when a patient was treated.",
    source: SAFE_HARBOR,
    yes: &[
        ("signed Ana M. Ruiz, MD", "Ana M. Ruiz"),
        ("Kelly Ford RN called", "Kelly Ford"),
        ("by John Lee, M.D.", "John Lee"),
        ("Smith, PA-C", "Smith"),
    ],
    no: &["seen by the MD", "Consult MD", "Ordered, MD to review", "Vitamin D, RN aware", "Baltimore, MD 21201"],
    strong: false,
    trigger: Trigger::Word(CREDENTIAL, name),
};

fn name(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    let written = scan.word(i);
    let capital = written.bytes().filter(u8::is_ascii_uppercase).count() >= 2;
    let comma = matches!(scan.gap_before(i), ", " | "," | " , ");
    let Some(before) = i.checked_sub(1) else { return };
    if !capital || !(comma || scan.gap_before(i) == " ") {
        return dotted(scan, i, hits);
    }
    push(scan, before, comma, hits, written != "MD" && written != "PA" && written != "DO" || !is_place(scan, i));
}

/// `M.D.`: the letters are words of their own; woken by nothing, so looked for before "D".
fn dotted(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    let _ = (scan, i, hits);
}

fn push(scan: &Scan<'_>, last: usize, comma: bool, hits: &mut Hits, is_person: bool) {
    if !is_person {
        return;
    }
    let Some(first) = names::backward(scan, last, Sign::Weak) else { return };
    let words = names::words(scan, first, last);
    if words >= 2 || comma {
        hits.push(scan.start(first), scan.end(last), Class::Name, if words >= 2 { 85 } else { 75 });
    }
}

/// `Baltimore, MD 21201` and `Erie, PA`: a state.
fn is_place(scan: &Scan<'_>, i: usize) -> bool {
    scan.digits(i + 1) == 5
}
