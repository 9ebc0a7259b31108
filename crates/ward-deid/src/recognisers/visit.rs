use super::{Recogniser, SAFE_HARBOR, Trigger};
use crate::Class;
use crate::find::Hits;
use crate::lex::{Scan, Shape};
use crate::lexicon::{AMBIGUOUS, CARE_VERB, DEPARTMENT, FACILITY, MONTH, PARTICLE, SEX, STOP};

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
        ("treated at UCSF (phone", "UCSF"),
        ("seen at our Chicago office", "Chicago"),
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
    ],
    strong: false,
    trigger: Trigger::Word(CARE_VERB, name),
};

/// Units of a hospital that are written in capitals.
const UNITS: &[&str] = &[
    "ICU", "CCU", "MICU", "SICU", "NICU", "PICU", "PACU", "ED", "ER", "OR", "CVICU", "OB", "GYN", "PT", "OT", "VA",
    "SNF", "LTAC", "GI", "ENT", "IR", "CT", "MRI", "PCP", "EP", "IM", "OP", "UC", "BP", "HR",
];

fn name(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    let mut at = i + 1;
    if !["at", "to", "from", "in"].iter().any(|word| scan.is(at, word)) || scan.gap(i) != " " {
        return;
    }
    let toward = !scan.is(at, "at");
    at += 1;
    while ["the", "our", "your", "their", "a", "local"]
        .iter()
        .any(|word| scan.is(at, word))
    {
        at += 1;
    }
    if at > i + 4 || scan.gap(at - 1) != " " {
        return;
    }
    if let Some(last) = place(scan, at) {
        // "admitted to Medicine", "presented with": one word after "to" is often a service.
        let plain = last == at && toward && (scan.has(at, SEX) || scan.shape(at) == Some(Shape::Upper));
        if !plain {
            hits.push(scan.start(at), scan.end(last), Class::Facility, 72);
        }
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
            && scan.get(i + 1).is_some_and(|t| matches!(t.shape, Shape::Capital));
        if !(capital && !ordinary || possessive || inner) || UNITS.contains(&scan.word(i)) {
            break;
        }
        own |= capital && tags & (FACILITY | DEPARTMENT) == 0;
        last = Some(i);
        if !matches!(scan.gap(i), " " | "-" | "'" | "’" | " & ")
            && !(scan.gap(i) == ". " && matches!(scan.word(i), "St" | "Mt" | "Ft" | "Med"))
        {
            break;
        }
    }
    last.filter(|_| own)
}

fn is_direction(scan: &Scan<'_>, i: usize) -> bool {
    ["north", "south", "east", "west"].iter().any(|word| scan.is(i, word)) && scan.gap(i) == " "
}
