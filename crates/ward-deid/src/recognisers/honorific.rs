use super::asked::person;
use super::{Recogniser, SAFE_HARBOR, Trigger};
use crate::Class;
use crate::find::Hits;
use crate::gazetteer;
use crate::lex::{Scan, Shape};
use crate::lexicon::{AMBIGUOUS, FUNCTION, HONORIFIC, LETTER, PREPOSITION, STATE, STOP, UNIT_OF_ADDRESS};
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
        ("dr. erkan monteiro at", "dr. erkan monteiro"),
        ("by dr. kathryn p. at", "dr. kathryn p"),
        ("saw mr brown today", "mr brown"),
        ("back at 1400.\n0930 dr abernathy rounded", "dr abernathy"),
        ("mr o'brien-kowalski came", "mr o'brien-kowalski"),
        ("does mrs young need", "mrs young"),
        ("MRS. DOE DENIES", "MRS. DOE"),
        ("Dr. J. van der Berg, MD", "Dr. J. van der Berg"),
        ("seen by Dr. A. at", "Dr. A"),
        ("Ms. O'Brien-Lee", "Ms. O'Brien-Lee"),
        ("Mr. Christian Hale came", "Mr. Christian Hale"),
        ("Dr. Ada Ruiz", "Dr. Ada Ruiz"),
        ("Dr. March Wexlerby", "Dr. March Wexlerby"),
        ("saw Dr Weeks today", "Dr Weeks"),
        ("Dr. Low, then", "Dr. Low"),
        ("Mrs. Ada Day's chart", "Mrs. Ada Day"),
        ("In 1999 by Dr. Lee", "Dr. Lee"),
        ("Seen 2023 by Dr. Adam Kowal", "Dr. Adam Kowal"),
        ("Surgery 2014 with Dr. Adam Kowal", "Dr. Adam Kowal"),
        ("2014 Surgery Dr. Adam Kowal", "Dr. Adam Kowal"),
        ("Mr. Tom \"Tommy\" Quill", "Mr. Tom \"Tommy\" Quill"),
    ],
    no: &[
        "the doctor said",
        "Dr. on call",
        "doctor recommended rest",
        "12 Elm Dr, Springfield",
        "12 Elm Dr Apt 4",
        "told the Dr. The pain stayed",
        "saw the Dr.\nMedications: none",
        "MS Patient Education",
        "ms progressing slowly",
        "miss doses",
        "mr o'clock",
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
    // "12 Elm Dr Apt 4": a street.
    let street = scan.is(i, "dr")
        && i >= 2
        && scan.is_number(i - 2)
        && scan.digits(i - 2) <= 5
        && scan.gap_before(i) == " "
        && scan.gap_before(i - 1) == " "
        && !scan.is_number(i - 1)
        && !scan.has(i - 1, STOP | PREPOSITION)
        && (scan.has(i + 1, UNIT_OF_ADDRESS | STATE) || scan.shape(i + 1) == Some(Shape::Lower));
    // "16 Fr Foley": a size.
    let size = scan.is(i, "fr") && i > 0 && scan.is_number(i - 1);
    if !near || street || size {
        return;
    }
    // The title belongs to the name; "doctor Smith" keeps its noun.
    let start = scan.start(if written_out { i + 1 } else { i });
    // "MS Patient Education", and "the Dr." at the end of a line, do not name whatever follows.
    let short = ["dr", "drs", "mr", "mrs", "ms", "mx", "miss", "prof"];
    let titled = short.iter().any(|word| scan.is(i, word))
        && (scan.shape(i) == Some(Shape::Capital) || gap.starts_with('.'))
        && !gap.contains(['\n', ':']);
    let sign = if titled { Sign::Title } else { Sign::Strong };
    // "mrs. van der berg", "DR. FAITH DAY": names of several words whose case says nothing.
    if is_typed_small(scan, i)
        && matches!(scan.shape(i + 1), Some(Shape::Lower | Shape::Upper | Shape::Initial))
        && let Some(found) = person(scan, i + 1)
        && found.last > i + 1
        && found.believed()
    {
        hits.push(start, scan.end(found.last), Class::Name, 80);
    }
    if let Some(last) = names::forward(scan, i + 1, sign) {
        let last = names::past_nickname(scan, last);
        hits.push(start, scan.end(last), Class::Name, 90);
        // "Drs. Young and Patel"
        if scan.is(i, "drs")
            && scan.is(last + 1, "and")
            && let Some(second) = names::forward(scan, last + 2, sign)
        {
            hits.push(scan.start(last + 2), scan.end(second), Class::Name, 90);
        }
    } else if is_typed_small(scan, i)
        && ["o", "d"].iter().any(|word| scan.is(i + 1, word))
        && matches!(scan.gap(i + 1), "'" | "’")
        && let Some(last) = names::small_forward(scan, i + 2)
    {
        hits.push(start, scan.end(last), Class::Name, 80);
    } else if !written_out && names::is_initial(scan, i + 1) && scan.gap(i + 1).starts_with(['.', ' ', ',']) {
        hits.push(start, scan.end(i + 1), Class::Name, 75);
    } else if is_typed_small(scan, i) && is_frequent_surname(scan, i + 1) {
        hits.push(start, scan.end(i + 1), Class::Name, 76);
    } else if is_typed_small(scan, i)
        && (names::is_uncapitalised_name(scan, i + 1)
            || names::is_small_part(scan, i + 1) && scan.word(i + 1).len() >= 3)
    {
        let last = names::small_forward(scan, i + 1).unwrap_or(i + 1);
        hits.push(start, scan.end(last), Class::Name, 80);
    } else if is_typed_small(scan, i) && scan.has(i + 1, LETTER) && names::ends_after_initial(scan, i + 1) {
        hits.push(start, scan.end(i + 1), Class::Name, 70);
    }
}

/// "mrs young", "dr long": ordinary words that are frequent surnames.
fn is_frequent_surname(scan: &Scan<'_>, i: usize) -> bool {
    scan.shape(i) == Some(Shape::Lower)
        && scan.has(i, AMBIGUOUS)
        && !scan.has(i, FUNCTION)
        && gazetteer::word(scan.word(i)).surname() >= 6
        && !["will", "may", "do", "case", "may"].iter().any(|word| scan.is(i, word))
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
