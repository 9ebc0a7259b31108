use super::{Recogniser, SAFE_HARBOR, Trigger};
use crate::Class;
use crate::dates;
use crate::find::Hits;
use crate::lex::Scan;
use crate::lexicon::{BIRTH, DEATH, UNIT};

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
        ("dob 7 12 1988", "7 12 1988"),
    ],
    no: &[
        "born at 39 weeks",
        "DOB unknown",
        "DOB 999999",
        "died in 2020",
        "birth weight 3/4 of normal",
        "born 3 2 10 weeks",
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
        if found.is_none()
            && let Some(last) = spaced(scan, at)
        {
            hits.push(scan.start(at), scan.end(last), Class::Birth, 92);
            return;
        }
        if let Some(found) = found {
            hits.push(found.start, found.end, Class::Birth, 95);
            return;
        }
        if !BETWEEN.iter().any(|word| scan.is(at, word)) {
            return;
        }
    }
}

/// `7 12 1988`: the last of three numbers that can be day, month and year, with a space between them.
fn spaced(scan: &Scan<'_>, at: usize) -> Option<usize> {
    let last = at + 2;
    let apart = (at..last).all(|i| matches!(scan.gap(i), " " | "  "));
    let small = |i: usize| scan.digits(i) <= 2 && scan.number(i).is_some_and(|n| (1..=31).contains(&n));
    let months = [at, at + 1].iter().any(|i| scan.number(*i).is_some_and(|n| n <= 12));
    let year = match scan.digits(last) {
        4 => scan.number(last).is_some_and(|n| (1880..=2099).contains(&n)),
        digits => digits == 2 && !scan.has(last + 1, UNIT),
    };
    (apart && small(at) && small(at + 1) && months && year).then_some(last)
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
