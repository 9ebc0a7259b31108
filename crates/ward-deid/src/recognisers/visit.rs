use super::{Recogniser, SAFE_HARBOR, Trigger};
use crate::Class;
use crate::find::Hits;
use crate::lex::{Scan, Shape};
use crate::lexicon::{
    AMBIGUOUS, CARE_VERB, DATE_CUE, DEPARTMENT, EPONYM, FACILITY, HONORIFIC, LEAD, MONTH, PARTICLE, PREPOSITION, SEX,
    STATE, STOP,
};

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const RECOGNISER: Recogniser = Recogniser {
    id: "visit",
    class: Class::Facility,
    what: "Capitalised names after \"seen at\", \"admitted to\", \"works at\" and the like.",
    why: "The place of care with a date or a diagnosis narrows the patient down.",
    source: SAFE_HARBOR,
    yes: &[
        ("last seen at Cedar Crest on", "Cedar Crest"),
        ("admitted to Cedars-Sinai on", "Cedars-Sinai"),
        ("evaluated at the Johns Hopkins on", "Johns Hopkins"),
        ("works at Walmart", "Walmart"),
        ("works for Acme Roofing in", "Acme Roofing"),
        ("employed by Zenwick since", "Zenwick"),
        ("treated at UCSF (phone", "UCSF"),
        ("seen at our Chicago office", "Chicago office"),
        ("replacement at Mass General on", "Mass General"),
        ("notes from Beth Israel, last", "Beth Israel"),
    ],
    no: &[
        "seen at bedside",
        "admitted to ICU",
        "admitted to Medicine",
        "seen at the clinic",
        "presented to the ED with",
        "treated at home",
        "referred to Neurology",
        "transferred to PACU",
        "referred to Dr. Lee",
        "tender at McBurney's point",
        "switched from Entresto",
        "pain at AC joint",
        "Pain at Best: 2/10",
        "seen at Tuesday clinic",
    ],
    strong: false,
    trigger: Trigger::Word(PREPOSITION | LEAD, name),
};

/// Units of a hospital that are written in capitals.
const UNITS: &[&str] = &[
    "ICU", "CCU", "MICU", "SICU", "NICU", "PICU", "PACU", "ED", "ER", "OR", "CVICU", "OB", "GYN", "PT", "OT", "VA",
    "SNF", "LTAC", "GI", "ENT", "IR", "CT", "MRI", "PCP", "EP", "IM", "OP", "UC", "BP", "HR",
];

fn name(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    let Some(before) = i.checked_sub(1) else { return };
    if !(scan.has(before, CARE_VERB) || scan.is(i, "at") || scan.is(i, "from")) {
        return;
    }
    // "works for Acme", "employed by Acme"
    let is = |at: usize, words: &[&str]| words.iter().any(|word| scan.is(at, word));
    let hired = scan.has(before, CARE_VERB)
        && is(before, &["works", "worked", "working", "employed", "employee"])
        && is(i, &["for", "by", "with", "of"])
        && scan.gap(before) == " ";
    let usual = scan.has(i, PREPOSITION) && is(i, &["at", "to", "from", "in"]);
    if !(usual || hired) || scan.gap(before).contains('\n') {
        return;
    }
    let cared = hired || scan.has(before, CARE_VERB) && scan.gap(before) == " ";
    let (at_place, from) = (hired || scan.is(i, "at"), scan.is(i, "from"));
    if !(cared || at_place || from) {
        return;
    }
    let mut at = i + 1;
    while ["the", "our", "your", "their", "a", "local"]
        .iter()
        .any(|word| scan.is(at, word))
    {
        at += 1;
    }
    if at > i + 3 || scan.gap(at - 1) != " " || scan.has(at, HONORIFIC) {
        return;
    }
    let Some(last) = place(scan, at) else { return };
    let single = last == at;
    let upper = (at..=last).all(|i| scan.shape(i) == Some(Shape::Upper));
    // "admitted to Medicine", "presented with": one word after "to" is often a service.
    let service = single && !at_place && (scan.has(at, SEX) || upper && !dated(scan, last));
    // Without a verb of care: "at McBurney's point", "at AC joint", "from Lasix".
    let plain =
        !cared && (from && single || scan.has(at, EPONYM) || scan.has(at, STATE) || upper && !closed(scan, last));
    if service || plain {
        return;
    }
    hits.push(
        scan.start(at),
        scan.end(with_head(scan, last)),
        Class::Facility,
        if cared { 72 } else { 65 },
    );
}

/// True when a date follows: "admitted to UCSF on May 5".
fn dated(scan: &Scan<'_>, last: usize) -> bool {
    scan.gap(last) == " " && scan.is(last + 1, "on") && (scan.is_number(last + 2) || scan.has(last + 2, MONTH))
}

/// True when a name may end after token `last`.
fn closed(scan: &Scan<'_>, last: usize) -> bool {
    let gap = scan.gap(last);
    dated(scan, last)
        || gap.starts_with([',', '(', '.', ')', '?', ';'])
        || gap == " ("
        || gap == " " && scan.has(last + 1, DATE_CUE)
}

/// Takes in the noun in small letters: "Chicago clinic", "UCLA med center".
pub(super) fn with_head(scan: &Scan<'_>, last: usize) -> usize {
    let is_head = |i: usize| {
        scan.gap(i - 1) == " "
            && scan.shape(i) == Some(Shape::Lower)
            && (scan.has(i, FACILITY) || ["office", "campus", "group"].iter().any(|w| scan.is(i, w)))
    };
    match (is_head(last + 1), is_head(last + 2)) {
        (true, true) => last + 2,
        (true, false) => last + 1,
        _ => last,
    }
}

/// The last token of the capitalised name that begins with token `at`.
pub(super) fn place(scan: &Scan<'_>, at: usize) -> Option<usize> {
    let mut last = None;
    let mut own = false;
    for i in at..at + 6 {
        let tags = scan.tags(i);
        let capital = matches!(scan.shape(i), Some(Shape::Capital | Shape::Upper | Shape::Mixed))
            && scan.word(i).chars().next().is_some_and(char::is_uppercase);
        let possessive = scan.is(i, "s") && matches!(scan.gap_before(i), "'" | "’");
        let ordinary =
            tags & (STOP | MONTH) != 0 && tags & (FACILITY | DEPARTMENT | AMBIGUOUS) == 0 && !is_direction(scan, i);
        let inner = last.is_some()
            && (scan.is(i, "of") || scan.is(i, "and") || tags & PARTICLE != 0)
            && scan.get(i + 1).is_some_and(|t| matches!(t.shape, Shape::Capital))
            || last.is_some() && is_inside_hyphens(scan, i);
        if !(capital && !ordinary || possessive || inner) || UNITS.contains(&scan.word(i)) {
            break;
        }
        own |= capital && (tags & (FACILITY | DEPARTMENT | STOP) == 0 || is_direction(scan, i));
        last = Some(i);
        let abbreviated = scan.gap(i) == ". " && ["st", "mt", "ft", "med"].iter().any(|word| scan.is(i, word));
        if !(abbreviated || matches!(scan.gap(i), " " | "-" | "'" | "’" | " & ")) {
            break;
        }
    }
    last.filter(|_| own)
}

/// "Stratford-|upon|-Avon", "Stow-|on|-|the|-Wold"
fn is_inside_hyphens(scan: &Scan<'_>, i: usize) -> bool {
    let capital = |at: usize| scan.gap(at - 1) == "-" && scan.shape(at) == Some(Shape::Capital);
    let small = |at: usize| scan.gap_before(at) == "-" && scan.shape(at) == Some(Shape::Lower);
    small(i) && (capital(i + 1) || small(i + 1) && capital(i + 2))
}

/// Words that begin the name of a place when another capital follows: "North Platte", "New Haven".
fn is_direction(scan: &Scan<'_>, i: usize) -> bool {
    const FIRST: &[&str] = &[
        "mass", "north", "south", "east", "west", "new", "old", "big", "little", "long", "grand", "city", "great",
        "general",
    ];
    let follows = scan.shape(i + 1) == Some(Shape::Capital) && scan.gap(i) == " ";
    let inside = scan.is(i, "city") || scan.is(i, "general");
    FIRST.iter().any(|word| scan.is(i, word))
        && (follows || inside && i > 0 && scan.shape(i - 1) == Some(Shape::Capital))
}
