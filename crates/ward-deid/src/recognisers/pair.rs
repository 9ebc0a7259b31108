use super::{Recogniser, SAFE_HARBOR, Trigger};
use crate::Class;
use crate::find::Hits;
use crate::lex::{Scan, Shape};
use crate::lexicon::{AMBIGUOUS, EPONYM, FACILITY, STREET, Tags, WORD_NAME};
use crate::names;

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const RECOGNISER: Recogniser = Recogniser {
    id: "pair",
    class: Class::Name,
    what: "Two capitalised words that are no ordinary English or clinical words, set off by a comma or a small word and \
           followed by a comma, a bracket, a possessive, \"who\" or a verb of care.",
    why: "That is how a patient is named in the middle of a sentence.",
    source: SAFE_HARBOR,
    yes: &[
        ("stage 3 COPD, Omar Haddad, who was", "Omar Haddad"),
        ("specifically for Zelda Quillan, seen", "Zelda Quillan"),
        ("review Zelda Quillan's case", "Zelda Quillan"),
        ("patients like Zelda Quillan, last", "Zelda Quillan"),
        ("in diabetes, Paul Winters, who", "Paul Winters"),
        ("shift lead: Omar Haddad (", "Omar Haddad"),
        ("page 2 03:15 - Quillan, Omar - visit 6", "Quillan, Omar"),
    ],
    no: &[
        "Given Escherichia Coli, start",
        "for Parkinson Disease, start",
        "on Vitamin D, Calcium Carbonate, and",
        "aspirin, Plavix, and Lipitor",
        "for Type Two, and",
        "Problems - Asthma, Anemia - stable",
        "Meds - Lipitor, Plavix - continue",
        "Physical Exam, Vital Signs, and",
    ],
    strong: false,
    trigger: Trigger::Name(|scan, i, hits| {
        if i > 0 && scan.shape(i) == Some(Shape::Capital) && is_own(scan, i) {
            pair(scan, i, hits);
        }
        in_a_header(scan, i, hits);
    }),
};

/// "03:15 - Quillan, Omar - visit 6": a family and a given name between dashes.
fn in_a_header(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    let cased = matches!(scan.shape(i), Some(Shape::Capital | Shape::Upper | Shape::Mixed));
    if i == 0 || !cased || scan.gap_before(i) != " - " || !matches!(scan.gap(i), ", " | ",") || scan.gap(i + 1) != " - "
    {
        return;
    }
    let name = |at: usize| {
        let levels = scan.levels(at);
        let people = levels.given().max(levels.surname());
        scan.word(at).len() >= 2
            && scan.tags(at) & !(ALLOWED | WORD_NAME | STREET) == 0
            && (people >= 2 * levels.lower() || levels.lower() == 0)
            && !names::ends_like_a_term(scan.word(at))
    };
    let listed = scan.levels(i + 1).given() >= 2 || scan.levels(i).surname() >= 4;
    if matches!(scan.shape(i + 1), Some(Shape::Capital | Shape::Upper)) && name(i) && name(i + 1) && listed {
        hits.push(scan.start(i), scan.end(i + 1), Class::Name, 80);
    }
}

/// Tags a word may have and still be a name here.
const ALLOWED: Tags = AMBIGUOUS | EPONYM;

fn is_own(scan: &Scan<'_>, i: usize) -> bool {
    scan.tags(i) & !ALLOWED == 0 && names::is_name_word(scan, i, names::Sign::Weak) && scan.word(i).len() >= 3
}

/// Small words before a name in the middle of a sentence.
const BEFORE: &[&str] = &[
    "for",
    "like",
    "as",
    "review",
    "see",
    "case",
    "about",
    "is",
    "regarding",
    "ref",
    "and",
    "did",
    "does",
    "has",
    "can",
    "should",
    "help",
    "treat",
    "manage",
    "managing",
    "treating",
    "give",
    "giving",
];

/// Words after a name in the middle of a sentence.
const AFTER: &[&str] = &[
    "who",
    "whose",
    "seen",
    "admitted",
    "evaluated",
    "treated",
    "was",
    "is",
    "has",
    "with",
    "presents",
    "presented",
    "at",
    "from",
    "on",
    "currently",
    "last",
    "visited",
    "recently",
];

fn pair(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    let before = i - 1;
    let gap = scan.gap(before);
    // "shift lead: Omar Haddad (", but not "Diagnosis: Iron Deficiency".
    let label = gap == ": " && scan.shape(before) == Some(Shape::Lower);
    let comma = gap == ", " || label;
    let word =
        gap == " " && scan.shape(before) == Some(Shape::Lower) && BEFORE.iter().any(|word| scan.is(before, word));
    if !(comma || word) || scan.has(i, EPONYM) && !scan.has(i, AMBIGUOUS) && scan.levels(i).given() < 7 {
        return;
    }
    let mut last = i;
    let initial = names::is_initial(scan, i + 1) && matches!(scan.gap(i + 1), " " | ". ");
    if scan.gap(i) == " " && initial {
        last += 1;
    }
    let next = last + 1;
    let fits = scan.shape(next) == Some(Shape::Capital)
        && is_surname(scan, next)
        && matches!(scan.gap(last), " " | ". " | "-");
    if !fits {
        return;
    }
    last = next;
    if scan.gap(last) == "-" && scan.shape(last + 1) == Some(Shape::Capital) {
        last += 1;
    }
    let gap = scan.gap(last);
    let possessive = matches!(gap, "'" | "’") && scan.is(last + 1, "s");
    let followed = gap == " " && AFTER.iter().any(|word| scan.is(last + 1, word));
    let closed = gap.starts_with([',', ')', '?', ';']) || gap.starts_with(" (") || (word && gap.starts_with('.'));
    // A list of capitalised things: ", Calcium Carbonate, and".
    let listed =
        comma && (scan.is(last + 1, "and") || scan.is(last + 1, "or") || scan.shape(last + 1) == Some(Shape::Capital));
    if (possessive || followed || closed) && !listed {
        hits.push(scan.start(i), scan.end(last), Class::Name, 65);
    }
}

fn is_surname(scan: &Scan<'_>, i: usize) -> bool {
    let ordinary = scan.tags(i) & !(ALLOWED | STREET) != 0 && scan.tags(i) & AMBIGUOUS == 0;
    !ordinary
        && scan.tags(i) & FACILITY == 0
        && scan.word(i).len() >= 2
        && names::is_name_word(scan, i, names::Sign::Strong)
}
