use super::{Recogniser, Trigger};
use crate::Class;
use crate::find::Hits;
use crate::lex::{Scan, Shape};
use crate::lexicon::{AMBIGUOUS, EPONYM, FUNCTION, LIVE_VERB, PLACE_LABEL, PREPOSITION, STATE, STOP, STREET};

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const RECOGNISER: Recogniser = Recogniser {
    id: "area",
    class: Class::Place,
    what: "Counties, townships and reservations by name, and streets that somebody lives on, without a number: \"Cook County\", \
           \"lives on Sycamore Lane\".",
    why: "Every geographic subdivision smaller than a state identifies.",
    source: "45 CFR 164.514(b)(2)(i)(B)",
    yes: &[
        ("a Cook County Jail inmate", "Cook County"),
        ("resident of Orange County", "Orange County"),
        ("from the Pine Ridge Reservation", "Pine Ridge Reservation"),
        ("lives on Sycamore Lane", "Sycamore Lane"),
        ("resident of travis county", "travis county"),
        ("moved to Peach Orchard Road", "Peach Orchard Road"),
    ],
    no: &[
        "the County of birth",
        "in the county jail",
        "another county hospital",
        "lives on the street",
        "stay on Main diet",
        "went by way of",
    ],
    strong: false,
    trigger: Trigger::Word(PLACE_LABEL | STREET, |scan, i, hits| {
        if scan.has(i, STREET) {
            street(scan, i, hits);
        }
        if ["county", "township", "reservation", "borough"]
            .iter()
            .any(|word| scan.is(i, word))
        {
            area(scan, i, hits);
        }
    }),
};

/// The first of the capitalised words before token `i` that can make up the name of a place.
fn name(scan: &Scan<'_>, i: usize) -> usize {
    let mut first = i;
    while first > 0 && i - first < 3 && matches!(scan.gap(first - 1), " " | "-" | ". ") {
        let before = first - 1;
        let capital = matches!(scan.shape(before), Some(Shape::Capital | Shape::Mixed));
        let upper = scan.shape(before) == Some(Shape::Upper) && scan.shape(i) == Some(Shape::Upper);
        let ordinary = scan.tags(before) & STOP != 0 && scan.tags(before) & AMBIGUOUS == 0
            || scan.has(before, FUNCTION | PREPOSITION);
        if !(capital || upper) || ordinary || scan.gap(before) == ". " && !scan.is(before, "st") {
            break;
        }
        first = before;
    }
    first
}

fn area(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    if scan.shape(i) == Some(Shape::Lower) {
        // "resident of travis county"
        let Some(word) = i.checked_sub(1).filter(|word| *word > 0 && scan.gap(*word) == " ") else {
            return;
        };
        let plain = scan.tags(word) & !(AMBIGUOUS | EPONYM | STATE) == 0
            && !scan.has(word, FUNCTION)
            && scan.word(word).len() > 3;
        let led = scan.gap(word - 1) == " " && scan.has(word - 1, PREPOSITION);
        if plain && led && scan.typed_small() && scan.levels(word).lower() < 4 {
            hits.push(scan.start(word), scan.end(i), Class::Place, 64);
        }
        return;
    }
    let first = name(scan, i);
    if first < i {
        hits.push(scan.start(first), scan.end(i), Class::Place, 72);
    }
}

fn street(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    if !matches!(scan.shape(i), Some(Shape::Capital | Shape::Upper)) {
        return;
    }
    let first = name(scan, i);
    let Some(lead) = first.checked_sub(1).filter(|lead| first < i && scan.gap(*lead) == " ") else {
        return;
    };
    let on = ["on", "off", "at", "to", "near", "along"]
        .iter()
        .any(|word| scan.is(lead, word));
    let lives = (1..=2).any(|back| lead >= back && scan.has(lead - back, LIVE_VERB))
        || lead > 0
            && ["house", "apartment", "condo", "moved", "farm"]
                .iter()
                .any(|word| scan.is(lead - 1, word));
    if on && lives {
        hits.push(scan.start(first), scan.end(i), Class::Place, 70);
    }
}
