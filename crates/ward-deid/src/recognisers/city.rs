use super::address::zip;
use super::residence::is_state;
use super::{Recogniser, Trigger};
use crate::Class;
use crate::lex::{Scan, Shape};
use crate::lexicon::{MONTH, STATE, STATE_END, STOP, ZIP};

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const RECOGNISER: Recogniser = Recogniser {
    id: "city",
    class: Class::Place,
    what: "A city with its state (\"Erie, PA\"), a postal code after a state or after the word for it.",
    why: "Everything smaller than a state narrows the patient down.",
    source: "45 CFR 164.514(b)(2)(i)(B)",
    yes: &[
        ("in Cedar Falls, IA on", "Cedar Falls, IA"),
        ("Springfield, IL 62704-1234", "Springfield, IL 62704-1234"),
        ("Austin, Texas 78701", "Austin, Texas 78701"),
        ("ZIP: 02139", "02139"),
        ("zip code is 60614-1234", "60614-1234"),
        ("Schenectady, New York 12305", "Schenectady, New York 12305"),
        ("zip code 02139-4307", "02139-4307"),
    ],
    no: &[
        "Signed, MD",
        "Smith, PA reviewed",
        "lives in Texas",
        "MS, OT, PT",
        "in Texas",
        "zip lock 12345 times",
    ],
    strong: false,
    trigger: Trigger::Word(STATE | STATE_END | ZIP, |scan, i, hits| {
        if scan.has(i, ZIP) {
            let mut at = if scan.is(i + 1, "code") { i + 2 } else { i + 1 };
            if scan.is(at, "is") || scan.is(at, "of") {
                at += 1;
            }
            if scan.gap(at - 1).len() <= 4 && scan.digits(at) == 5 {
                let last = if scan.gap(at) == "-" && scan.digits(at + 1) == 4 {
                    at + 1
                } else {
                    at
                };
                hits.push(scan.start(at), scan.end(last), Class::Place, 88);
            }
            return;
        }
        let one = is_state(scan, i, i);
        // "New York", "West Virginia": the state is its last word.
        let two = i > 0 && is_state(scan, i - 1, i);
        if !(one || two) {
            return;
        }
        let first = if two { i - 1 } else { i };
        let postal = zip(scan, i);
        let last = postal.unwrap_or(i);
        let Some(end) = first.checked_sub(1) else { return };
        let comma = matches!(scan.gap(end), ", " | "," | " , ");
        // Two capitals after a surname may be a credential: then only with a postal code.
        let credential = matches!(scan.word(i), "MD" | "PA" | "DO" | "OR" | "MS" | "OT" | "RN") && postal.is_none();
        if let Some(start) = city(scan, end).filter(|_| comma && (!credential || is_placed(scan, end))) {
            hits.push(scan.start(start), scan.end(last), Class::Place, 84);
        } else if let Some(postal) = postal {
            hits.push(scan.start(postal.min(i + 1)), scan.end(postal), Class::Place, 80);
        }
    }),
};

/// The first token of the city's name that ends with token `end`.
fn city(scan: &Scan<'_>, end: usize) -> Option<usize> {
    let mut first = None;
    for back in 0..3 {
        let Some(at) = end.checked_sub(back) else { break };
        let capital =
            matches!(scan.shape(at), Some(Shape::Capital | Shape::Upper | Shape::Mixed)) && scan.word(at).len() > 1;
        let ordinary =
            scan.tags(at) & (STOP | MONTH) != 0 && !["north", "south", "east", "west"].iter().any(|w| scan.is(at, w));
        if !capital || ordinary {
            break;
        }
        first = Some(at);
        if at == 0 || !matches!(scan.gap(at - 1), " " | ". " | "-") {
            break;
        }
    }
    first
}

/// True when the city's name stands after "in", "from", "of" or "to".
fn is_placed(scan: &Scan<'_>, end: usize) -> bool {
    let first = city(scan, end).unwrap_or(end);
    first > 0
        && ["in", "from", "of", "to", "at", "near"]
            .iter()
            .any(|word| scan.is(first - 1, word))
}
