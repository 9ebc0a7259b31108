use super::{Recogniser, SAFE_HARBOR, Trigger};
use crate::Class;
use crate::find::Hits;
use crate::lex::Scan;
use crate::lexicon::HONORIFIC;
use crate::names::{self, Sign};

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const RECOGNISER: Recogniser = Recogniser {
    id: "honorific",
    class: Class::Name,
    what: "Names after Dr., Mr., Mrs., Ms., Prof. and the like, in small letters too.",
    why: "The name of a patient, a relative or a clinician identifies directly.",
    source: SAFE_HARBOR,
    yes: &[
        ("Dr. Ana Ruiz saw", "Dr. Ana Ruiz"),
        ("Mr Smith's wife", "Mr Smith"),
        ("by Drs. Young and", "Drs. Young"),
        ("dr smith said", "dr smith"),
        ("MRS. DOE DENIES", "MRS. DOE"),
        ("Dr. J. van der Berg, MD", "Dr. J. van der Berg"),
        ("seen by Dr. A. at", "Dr. A"),
        ("Ms. O'Brien-Lee", "Ms. O'Brien-Lee"),
    ],
    no: &[
        "the doctor said",
        "Dr. on call",
        "doctor recommended rest",
        "12 Elm Dr, Springfield",
        "ms progressing slowly",
        "miss doses",
        "a 16 Fr. Foley catheter",
    ],
    strong: false,
    trigger: Trigger::Word(HONORIFIC, name),
};

fn name(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    let gap = scan.gap(i);
    let written_out = ["doctor", "professor", "sir", "madam", "dame", "miss", "reverend"]
        .iter()
        .any(|word| scan.is(i, word));
    let near = matches!(gap, " " | "  " | "\u{a0}")
        || !written_out && matches!(gap, ". " | "." | "\n" | ".\n" | ": " | ".\u{a0}" | ".  ");
    // "12 Elm Dr. Springfield": a street.
    let street = scan.is(i, "dr") && i >= 2 && scan.is_number(i - 2) && scan.gap_before(i) == " ";
    // "16 Fr Foley": a size.
    let size = scan.is(i, "fr") && i > 0 && scan.is_number(i - 1);
    if !near || street || size {
        return;
    }
    // The title belongs to the name; "doctor Smith" keeps its noun.
    let start = scan.start(if written_out { i + 1 } else { i });
    if let Some(last) = names::forward(scan, i + 1, Sign::Strong) {
        hits.push(start, scan.end(last), Class::Name, 90);
        // "Drs. Young and Patel"
        if scan.is(i, "drs")
            && scan.is(last + 1, "and")
            && let Some(second) = names::forward(scan, last + 2, Sign::Strong)
        {
            hits.push(scan.start(last + 2), scan.end(second), Class::Name, 90);
        }
    } else if !written_out && names::is_initial(scan, i + 1) && scan.gap(i + 1).starts_with(['.', ' ', ',']) {
        hits.push(start, scan.end(i + 1), Class::Name, 75);
    } else if is_typed_small(scan, i) && names::is_uncapitalised_name(scan, i + 1) {
        hits.push(start, scan.end(i + 1), Class::Name, 80);
    }
}

/// An abbreviated honorific: "doctor" and "miss" are ordinary words in small letters, and so is
/// "ms" (multiple sclerosis) without its dot.
fn is_typed_small(scan: &Scan<'_>, i: usize) -> bool {
    let word = scan.word(i).to_ascii_lowercase();
    match word.as_str() {
        "dr" | "drs" | "mr" | "mrs" | "prof" | "mx" => true,
        "ms" => scan.gap(i).starts_with('.'),
        _ => false,
    }
}
