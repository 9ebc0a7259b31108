use super::labelled::{self, Cue, cue, strict};
use super::{Recogniser, Trigger};
use crate::Class;
use crate::find::Hits;
use crate::lex::{Scan, Shape};
use crate::lexicon::{LAST_FOUR, SSN};

const CUES: &[Cue] = &[
    cue("ssn"),
    cue("social security"),
    cue("soc sec"),
    strict("ss"),
    strict("social"),
];

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const RECOGNISER: Recogniser = Recogniser {
    id: "ssn",
    class: Class::Ssn,
    what: "Social security numbers: 3-2-4 digits anywhere, other spellings and the last four digits after words for them.",
    why: "The number names one person for life.",
    source: "45 CFR 164.514(b)(2)(i); SSA number format (area, group, serial)",
    yes: &[
        ("(SSN: 123-45-6789)", "123-45-6789"),
        ("number 123 45 6789 on file", "123 45 6789"),
        ("SSN 123456789", "123456789"),
        ("social security number is 123456789.", "123456789"),
        ("SSN ending in 6789", "6789"),
        ("last four of SSN 6789", "6789"),
        ("her last four are 4471", "4471"),
        ("ni number QQ 12 34 56 C", "QQ 12 34 56 C"),
    ],
    no: &[
        "doses 100 20 5000",
        "123-456-7890",
        "social drinker of 2 beers",
        "SSRI 20 mg",
        "in the last 4 weeks",
    ],
    strong: true,
    trigger: Trigger::Either(SSN | LAST_FOUR, |scan, i, hits| {
        if scan.digits(i) == 2 && national_insurance(scan, i) {
            hits.push(scan.start(i - 1), scan.end(i + 3), Class::Ssn, 82);
        } else if scan.digits(i) == 3 {
            by_shape(scan, i, hits);
        } else if scan.is(i, "last") && (scan.is(i + 1, "four") || scan.is(i + 1, "4")) {
            bare_four(scan, i + 1, hits);
        } else if scan.has(i, SSN) {
            labelled::find(scan, i, CUES, Class::Ssn, 7, hits);
            last_four(scan, i, hits);
        }
    }),
};

/// `QQ 12 34 56 C`: a British national insurance number, from its first digits on.
fn national_insurance(scan: &Scan<'_>, i: usize) -> bool {
    let gap = scan.gap(i);
    let letters = i > 0 && scan.shape(i - 1) == Some(Shape::Upper) && scan.word(i - 1).len() == 2;
    letters
        && matches!(gap, " " | "-")
        && (scan.gap_before(i) == gap || scan.gap_before(i).is_empty())
        && (1..=2).all(|n| scan.digits(i + n) == 2)
        && scan.gap(i + 1) == gap
        && (scan.gap(i + 2) == gap || scan.gap(i + 2).is_empty())
        && matches!(scan.word(i + 3), "A" | "B" | "C" | "D")
}

fn by_shape(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    let gap = scan.gap(i);
    let shape = scan.digits(i + 1) == 2 && scan.digits(i + 2) == 4 && scan.gap(i + 1) == gap;
    let glued = |gap: &str| matches!(gap, "-" | "." | "/" | "");
    let before = i > 0 && glued(scan.gap_before(i)) && (scan.is_number(i - 1) || scan.gap_before(i).is_empty());
    let after =
        i + 3 < scan.tokens.len() && glued(scan.gap(i + 2)) && (scan.is_number(i + 3) || scan.gap(i + 2).is_empty());
    // Spaces also stand between doses: an area code and a serial are not round.
    let round = gap == " " && (scan.word(i).ends_with("00") || scan.word(i + 2).ends_with("00"));
    if shape && !round && matches!(gap, "-" | " " | "." | "‐" | "–") && !before && !after {
        let score = if gap == " " { 70 } else { 88 };
        hits.push(scan.start(i), scan.end(i + 2), Class::Ssn, score);
    }
}

/// "her last four are 4471": four digits after nothing but small words.
fn bare_four(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    for at in i + 1..i + 6 {
        if scan.gap(at - 1).len() > 3 {
            return;
        }
        if scan.digits(at) == 4 {
            hits.push(scan.start(at), scan.end(at), Class::Ssn, 72);
            return;
        }
        let small = [
            "digits", "are", "is", "of", "social", "the", "card", "number", "ssn", "numbers",
        ];
        if !small.iter().any(|word| scan.is(at, word)) {
            return;
        }
    }
}

/// Four digits shortly after the words, when "ending" or "last four" stands near.
fn last_four(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    let near = i.saturating_sub(3)..=i + 4;
    if !near.clone().any(|at| scan.has(at, LAST_FOUR)) && !scan.gap(i).contains(['x', 'X', '*']) {
        return;
    }
    if let Some(at) = (i + 1..=i + 6).find(|at| scan.digits(*at) == 4) {
        hits.push(scan.start(at), scan.end(at), Class::Ssn, 85);
    }
}
