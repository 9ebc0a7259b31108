use super::{Recogniser, SAFE_HARBOR, Trigger};
use crate::Class;
use crate::dates;
use crate::find::Hits;
use crate::lex::Scan;
use crate::lexicon::{BIRTH, DEATH};

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const RECOGNISER: Recogniser = Recogniser {
    id: "birth",
    class: Class::Birth,
    what: "Dates of birth and death after the words for them.",
    why: "With sex and postal code a date of birth singles out most people.",
    source: SAFE_HARBOR,
    yes: &[
        ("DOB: 03/14/1952", "03/14/1952"),
        ("date of birth is March 14, 1952.", "March 14, 1952"),
        ("She was born on 14 Mar 1952 in", "14 Mar 1952"),
        ("died January 2, 2020", "January 2, 2020"),
        ("D.O.B. 1952-03-14", "1952-03-14"),
        ("born on the fourteenth of March 1952", "fourteenth of March 1952"),
        ("DOB 03141952", "03141952"),
        ("Birth date (mm/dd): 3/14/52", "3/14/52"),
        ("DOB 170351, male", "170351"),
    ],
    no: &[
        "born at 39 weeks",
        "DOB unknown",
        "DOB 999999",
        "died in 2020",
        "birth weight 3/4 of normal",
    ],
    strong: false,
    trigger: Trigger::Word(BIRTH | DEATH, birth),
};

fn birth(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    let dotted = scan.is(i + 1, "o") && scan.is(i + 2, "b") && scan.gap(i) == ".";
    if scan.is(i, "d") && !dotted {
        return;
    }
    let first = if scan.is(i, "d") { i + 3 } else { i + 1 };
    for at in first..first + 6 {
        let gap = scan.gap(at - 1);
        if gap.len() > 6 || gap.contains(['.', ';', '\n']) && at > first {
            return;
        }
        let found = dates::at(scan, at)
            .filter(|found| found.day.is_some() || found.certain)
            .or_else(|| dates::six_digits(scan, at));
        if let Some(found) = found {
            hits.push(found.start, found.end, Class::Birth, 95);
            return;
        }
        if !BETWEEN.iter().any(|word| scan.is(at, word)) {
            return;
        }
    }
}

/// Words between the label and the date.
const BETWEEN: &[&str] = &[
    "is",
    "the",
    "was",
    "on",
    "date",
    "of",
    "mm",
    "dd",
    "yyyy",
    "yy",
    "away",
    "suddenly",
    "peacefully",
];
