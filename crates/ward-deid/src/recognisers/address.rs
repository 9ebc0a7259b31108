use super::residence::is_state;
use super::{Recogniser, Trigger};
use crate::Class;
use crate::find::Hits;
use crate::lex::{Scan, Shape};
use crate::lexicon::{DEPARTMENT, PREPOSITION, STATE, STOP, STREET, STREET_FIRST, UNIT, UNIT_OF_ADDRESS};
use crate::names::{self, Sign};

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const RECOGNISER: Recogniser = Recogniser {
    id: "address",
    class: Class::Place,
    what: "Street addresses: a house number, capitalised words and a word for a street, with what follows up to the postal code; post boxes.",
    why: "An address leads to a household.",
    source: "45 CFR 164.514(b)(2)(i); USPS Publication 28 (street suffixes, secondary units)",
    yes: &[
        ("at 1234 Elm St, Chicago, IL (Phone", "1234 Elm St, Chicago, IL"),
        ("12 North Main Street Apt 4B", "12 North Main Street Apt 4B"),
        ("PO Box 123, Springfield, IL 62704", "PO Box 123, Springfield, IL 62704"),
        ("lives at 77 5th Ave.", "77 5th Ave"),
        ("at 1234 elm st., springfield, il on", "1234 elm st., springfield, il"),
        ("at 12 maple st, new orleans, seen", "12 maple st, new orleans"),
        ("at 123 Main St., Springfield, seen", "123 Main St., Springfield"),
        ("at 77 Mill Road, Millrace. No", "77 Mill Road, Millrace"),
        ("8 Martin Luther King Blvd\n", "8 Martin Luther King Blvd"),
        ("at 221B Baker Dr. Now", "221B Baker Dr"),
        ("Pain 3. 14 Mill Dr. Lodi", "14 Mill Dr"),
        ("lives on NW 23rd Ave now", "NW 23rd Ave"),
        ("found on 82nd Street by", "82nd Street"),
        ("at 1400 block of Alder St now", "1400 block of Alder St"),
    ],
    no: &[
        "2 drops St",
        "took 5 Way too much",
        "3 cm Ct",
        "on 5 Court days he",
        "4 Lane",
        "in 1999 by dr. lee",
        "2014 Surgery Dr. Adam Kowal",
        "10 mg PL daily",
        "back in 3M. Dr Kowal will follow",
        "the 3rd st depression",
        "Given 40. Notified Dr. Lee.",
        "Pain 3. Informed Dr. Lee.",
        "1-0-0. Hausarzt Dr. Wegener",
        "on the 23rd Dr Kowal came",
    ],
    strong: false,
    trigger: Trigger::Word(STREET | UNIT_OF_ADDRESS, street),
};

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const FOREIGN: Recogniser = Recogniser {
    id: "foreign-address",
    class: Class::Place,
    what: "Streets as they are written in France, Spain, Italy and Portugal, with the house number and the town.",
    why: "An address leads to a household.",
    source: "45 CFR 164.514(b)(2)(i)(B); UPU S42 (address templates)",
    yes: &[
        (
            "lives 12 Rue de la Paix, 75002 Paris now",
            "12 Rue de la Paix, 75002 Paris",
        ),
        ("at Calle Mayor 14, 28013 Madrid", "Calle Mayor 14, 28013 Madrid"),
        ("Via Garibaldi 7, Milano", "Via Garibaldi 7"),
        (
            "demeurant 8 rue des Acacias, 69003 Lyon.",
            "8 rue des Acacias, 69003 Lyon",
        ),
    ],
    no: &[
        "IV via pump",
        "via PICC 3 times",
        "given via Foley",
        "Calle said so",
        "via Dobhoff 20 mL",
    ],
    strong: false,
    trigger: Trigger::Word(STREET_FIRST, foreign),
};

fn foreign(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    // "8 rue des Acacias"
    let small = scan.is(i, "rue") && i > 0 && scan.is_number(i - 1);
    if scan.shape(i) != Some(Shape::Capital) && !small {
        return;
    }
    let mut last = i;
    let mut own = false;
    while last < i + 6 && matches!(scan.gap(last), " " | "-" | "'" | "’") {
        let next = last + 1;
        let capital = matches!(scan.shape(next), Some(Shape::Capital | Shape::Upper));
        let small = [
            "de", "la", "du", "des", "del", "los", "las", "da", "do", "dos", "di", "le", "l", "d",
        ]
        .iter()
        .any(|word| scan.is(next, word));
        if !(capital || small) {
            break;
        }
        own |= capital;
        last = next;
    }
    let before = i
        .checked_sub(1)
        .filter(|b| (1..=4).contains(&scan.digits(*b)) && matches!(scan.gap(*b), " " | ", "));
    let after = (matches!(scan.gap(last), " " | ", " | " n. ")
        && (1..=4).contains(&scan.digits(last + 1))
        && !scan.has(last + 2, UNIT))
    .then_some(last + 1);
    if !own || before.is_none() && after.is_none() {
        return;
    }
    last = after.unwrap_or(last);
    // "75002 Paris"
    if scan.gap(last) == ", "
        && scan.digits(last + 1) == 5
        && scan.gap(last + 1) == " "
        && scan.shape(last + 2) == Some(Shape::Capital)
    {
        last += 2;
    }
    hits.push(scan.start(before.unwrap_or(i)), scan.end(last), Class::Place, 78);
}

fn street(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    if scan.is(i, "box") && i > 0 && scan.is_number(i + 1) && is_po(scan, i) {
        let mut first = i - 1;
        if scan.is(first, "o") {
            first -= 1;
        }
        hits.push(scan.start(first), scan.end(tail(scan, i + 1)), Class::Place, 88);
        return;
    }
    if scan.tags(i) & STREET == 0 || scan.shape(i) == Some(Shape::Lower) && !scan.typed_small() {
        return;
    }
    if let Some(first) = numbered_street(scan, i) {
        hits.push(scan.start(first), scan.end(i), Class::Place, 75);
    }
    let mut first = i;
    let mut words = 0;
    for _ in 0..6 {
        let Some(before) = first.checked_sub(1) else { return };
        if !matches!(scan.gap(before), " " | ". " | "-" | "" | "'" | "’" | "  ") {
            return;
        }
        first = before;
        let ordinal = scan.is_number(before)
            && matches!(
                scan.word(before + 1),
                "st" | "nd" | "rd" | "th" | "ST" | "ND" | "RD" | "TH"
            )
            && scan.gap(before).is_empty();
        if scan.is_number(before) && !ordinal {
            break;
        }
        let suffix = matches!(scan.word(before), "st" | "nd" | "rd" | "th" | "s")
            || scan.is(before, "block")
            || scan.is(before, "of") && before > 0 && scan.is(before - 1, "block");
        let capital = matches!(
            scan.shape(before),
            Some(Shape::Capital | Shape::Upper | Shape::Mixed | Shape::Initial)
        ) || scan.typed_small()
            && !scan.has(before, UNIT)
            && !scan.has(before, PREPOSITION)
            && !scan.is(before, "by")
            && !scan.is(before, "with");
        if !(ordinal || suffix || capital) {
            return;
        }
        words += usize::from(!suffix);
    }
    // "2014 Surgery Dr. Adam Kowal", "in 3M. Dr Smith", "gave 40. Notified Dr. Kowal": a doctor, not a drive.
    let letters = (first + 1..i).all(|word| scan.word(word).len() == 1);
    let ordinary = letters || scan.gap(first) == ". " || (first + 1..i).all(|word| scan.has(word, STOP | DEPARTMENT));
    if ordinary && scan.is(i, "dr") && names::forward(scan, i + 1, Sign::Strong).is_some() {
        return;
    }
    let number = scan.digits(first);

    // "apt 12, 400 W 43rd St"
    if let Some(unit) = first.checked_sub(2)
        && scan.has(unit, UNIT_OF_ADDRESS)
        && matches!(scan.gap(unit), " " | " #" | ". ")
        && matches!(scan.gap(unit + 1), ", " | " ")
        && is_unit(scan, unit + 1)
    {
        first = unit;
    }
    let gap = scan.gap_before(first);
    if words == 0 || !(1..=6).contains(&number) || (first > 0 && gap.ends_with(['.', '/']) && scan.is_number(first - 1))
    {
        return;
    }
    // "221B Baker Street"
    hits.push(scan.start(first), scan.end(tail(scan, i)), Class::Place, 88);
}

/// `NW 23rd Ave`, `82nd Street`: the first token of a street that is called by a number, in a town of such streets.
fn numbered_street(scan: &Scan<'_>, i: usize) -> Option<usize> {
    const WORDS: &[&str] = &["ave", "avenue", "street", "blvd", "boulevard"];
    const DIRECTIONS: &[&str] = &[
        "n", "s", "e", "w", "ne", "nw", "se", "sw", "north", "south", "east", "west",
    ];
    let ending = i.checked_sub(1)?;
    let number = ending.checked_sub(1)?;
    let ordinal = scan.is_number(number)
        && scan.gap(number).is_empty()
        && ["st", "nd", "rd", "th"].iter().any(|word| scan.is(ending, word))
        && scan.gap(ending) == " ";
    let direction = number.checked_sub(1).filter(|at| {
        scan.gap(*at) == " "
            && DIRECTIONS.iter().any(|word| scan.is(*at, word))
            && scan.shape(*at) != Some(Shape::Lower)
    });
    let street = WORDS.iter().any(|word| scan.is(i, word)) || direction.is_some() && scan.is(i, "st");
    (ordinal && street).then_some(direction.unwrap_or(number))
}

fn is_po(scan: &Scan<'_>, i: usize) -> bool {
    scan.is(i - 1, "po") || (scan.is(i - 1, "o") && i > 1 && scan.is(i - 2, "p"))
}

/// Takes in unit, city, state and postal code after token `i`.
fn tail(scan: &Scan<'_>, i: usize) -> usize {
    let mut last = i;
    // "5496 County Road 12"
    if ["road", "route", "highway", "rd", "hwy", "rte"]
        .iter()
        .any(|word| scan.is(i, word))
        && scan.gap(i) == " "
        && (1..=4).contains(&scan.digits(i + 1))
        && !scan.has(i + 2, UNIT)
    {
        last += 1;
    }
    let direction = ["n", "s", "e", "w", "ne", "nw", "se", "sw"]
        .iter()
        .any(|d| scan.is(last + 1, d));
    if direction && scan.gap(last) == " " && scan.shape(last + 1) != Some(Shape::Lower) {
        last += 1;
    }
    let comma = |gap: &str| matches!(gap, " " | ", " | ". " | "., " | ",");
    if comma(scan.gap(last))
        && scan.has(last + 1, UNIT_OF_ADDRESS)
        && matches!(scan.gap(last + 1), " " | ". " | " #")
        && is_unit(scan, last + 2)
    {
        last += 2;
        while scan.gap(last).is_empty() && last < i + 8 && scan.get(last + 1).is_some() {
            last += 1;
        }
    } else if matches!(scan.gap(last), " #" | ", #") && scan.is_number(last + 1) {
        last += 1;
    }
    city_state_zip(scan, last).unwrap_or(last)
}

fn is_unit(scan: &Scan<'_>, i: usize) -> bool {
    scan.is_number(i) || scan.shape(i) == Some(Shape::Initial)
}

/// The last token of `, City, ST 12345` after token `i`.
fn city_state_zip(scan: &Scan<'_>, i: usize) -> Option<usize> {
    if !matches!(scan.gap(i), ", " | "\n" | ",\n" | "," | "., " | " " | "\r\n") {
        return None;
    }
    for city in 1..=3 {
        let last = i + city;
        let small = scan.typed_small() && scan.shape(last) == Some(Shape::Lower);
        let capital = matches!(scan.shape(last), Some(Shape::Capital | Shape::Upper | Shape::Mixed));
        if small && scan.gap(last).starts_with([',', ' ']) {
            let place = scan.phrase_levels(i + 1, last).place() >= 3;
            let comma = scan.gap(last) == ", ";
            let zipped =
                scan.gap(last) == " " && (zip(scan, last + 1).is_some() || place && scan.word(last + 1).len() == 2);
            if (comma || zipped) && is_any_state(scan, last + 1) {
                return Some(zip(scan, last + 1).unwrap_or(last + 1));
            }
            if place && matches!(scan.gap(i), ", " | "., ") {
                // "3221 old mill road, new bedford 83060"
                if let Some(postal) = zip(scan, last) {
                    return Some(postal);
                }
                if scan.gap(last) != " " {
                    return Some(last);
                }
            }
            continue;
        }
        if !capital {
            return None;
        }
        if matches!(scan.gap(last), ", " | " " | ",") {
            for state in [last + 1, last + 2] {
                if is_state(scan, last + 1, state) {
                    return Some(zip(scan, state).unwrap_or(state));
                }
            }
        }
        // "Hawthorne Drive, El Paso 10995"
        if let Some(postal) = zip(scan, last).filter(|_| matches!(scan.gap(i), ", " | "., " | "," | "\n")) {
            return Some(postal);
        }
        let abbreviated = scan.gap(last) == ". " && matches!(scan.word(last), "St" | "Mt" | "Ft" | "Pt");
        if !(abbreviated || matches!(scan.gap(last), " " | "-")) {
            // A city alone after the street.
            return (matches!(scan.gap(i), ", " | "., ") && !scan.has(last, crate::lexicon::STOP)).then_some(last);
        }
    }
    None
}

/// True for a state in any case, where only a state can stand.
fn is_any_state(scan: &Scan<'_>, i: usize) -> bool {
    scan.has(i, STATE)
}

/// The last token of a postal code after token `i`.
pub(super) fn zip(scan: &Scan<'_>, i: usize) -> Option<usize> {
    if !matches!(scan.gap(i), " " | "  " | ", " | "\u{a0}") || scan.digits(i + 1) != 5 {
        return None;
    }
    let long = scan.gap(i + 1) == "-" && scan.digits(i + 2) == 4;
    Some(if long { i + 2 } else { i + 1 })
}
