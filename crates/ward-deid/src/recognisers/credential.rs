use super::{Recogniser, SAFE_HARBOR, Trigger};
use crate::Class;
use crate::find::Hits;
use crate::lex::{Scan, Shape};
use crate::lexicon::{AMBIGUOUS, CREDENTIAL, EPONYM, STREET, SUFFIX, WORD_NAME};
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
        ("by John Lee, DNP", "John Lee"),
        ("Smith, PA-C", "Smith"),
        ("signed by Owain Mbeki Jr., MD on", "Owain Mbeki Jr"),
        ("report given to devonte rn on nights", "devonte"),
        ("Meds given by Miller RN.", "Miller"),
        ("report from Saunders LPN at 0700", "Saunders"),
        ("Lasix 40 mg given by Smith RN.", "Smith"),
        ("Report to Brown RN at 0700", "Brown"),
        ("dose held per Wilson RN", "Wilson"),
    ],
    no: &[
        "seen by the MD",
        "Consult MD",
        "Ordered, MD to review",
        "Vitamin D, RN aware",
        "Baltimore, MD 21201",
        "report given to charge rn on nights",
        "sent to phlebotomy rn",
        "given by Charge RN",
        "handed to Day RN",
        "report to Float RN",
        "reported to Wound RN",
        "report to Ward RN",
        "Boys with Becker MD have",
        "report to Home RN",
        "seen with Triage RN",
        "called by ICU RN",
        "per Clinic RN",
    ],
    strong: false,
    trigger: Trigger::Word(CREDENTIAL, name),
};

/// Surnames that a nurse is called by for where or when she works: "report to Day RN".
const OF_UNITS: &[&str] = &[
    "day", "ward", "case", "home", "field", "bank", "head", "hall", "east", "west", "north", "south",
];

fn name(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    const SURNAME: i32 = 4;
    const ODDS: i32 = 3;
    const OFTEN: i32 = 6;
    let written = scan.word(i);
    let capital = written.bytes().filter(u8::is_ascii_uppercase).count() >= 2;
    let suffixed = i > 0 && scan.has(i - 1, SUFFIX) && matches!(scan.gap_before(i), "., " | ".,");
    let comma = suffixed || matches!(scan.gap_before(i), ", " | "," | " , ");
    let Some(before) = i.checked_sub(1) else { return };
    // "Baltimore, MD 21201" and "Erie, PA 16501" are places.
    let is_place = matches!(written, "MD" | "PA" | "DO") && scan.digits(i + 1) == 5;
    // "given to devonte rn"
    let levels = scan.all_levels(before);
    // "given by Miller RN", "report to Brown RN"
    let only = levels.small_name_odds() >= ODDS && scan.tags(before) & !AMBIGUOUS == 0;
    // "boys with Becker MD"
    let dystrophy = written == "MD" && before > 0 && scan.is(before - 1, "with");
    let often = levels.surname() >= OFTEN
        && scan.tags(before) & !(AMBIGUOUS | WORD_NAME | EPONYM | STREET) == 0
        && !OF_UNITS.iter().any(|word| scan.is(before, word))
        && !dystrophy;
    let surname = scan.shape(before) == Some(Shape::Capital) && levels.surname() >= SURNAME && (only || often);
    if (matches!(written, "rn" | "lpn" | "cna" | "md" | "np" | "rrt") || surname && capital && !is_place)
        && scan.gap_before(i) == " "
        && before > 0
        && ["to", "by", "from", "with", "w", "per"]
            .iter()
            .any(|word| scan.is(before - 1, word))
        && scan.gap(before - 1) == " "
        && scan.word(before).len() >= 4
        && (surname || names::is_small_part(scan, before))
    {
        hits.push(scan.start(before), scan.end(before), Class::Name, 72);
        return;
    }
    if !capital || is_place || !(comma || scan.gap_before(i) == " ") {
        return;
    }
    let Some(first) = names::backward(scan, before, Sign::Weak) else {
        return;
    };
    let words = names::words(scan, first, before);
    if words >= 2 || comma {
        hits.push(
            scan.start(first),
            scan.end(before),
            Class::Name,
            if words >= 2 { 85 } else { 75 },
        );
    }
}
