use super::visit::with_head;
use super::{Recogniser, SAFE_HARBOR, Trigger};
use crate::Class;
use crate::find::Hits;
use crate::gazetteer::{Levels, Phrase};
use crate::lex::{Scan, Shape};
use crate::lexicon::{
    AMBIGUOUS, CARE_VERB, COUNTRY, DEPARTMENT, DRUG, EPONYM, EPONYM_HEAD, FACILITY, FUNCTION, HONORIFIC, LIVE_VERB,
    MONTH, PARTICLE, PREPOSITION, STATE, STOP, STREET, Tags,
};
use crate::names;

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const RECOGNISER: Recogniser = Recogniser {
    id: "listed-place",
    class: Class::Place,
    what: "Cities and places of care that the gazetteer knows: of two words or more anywhere, large cities inside a \
           sentence, others after \"in\", \"from\", \"near\".",
    why: "A town or a hospital with an age and a diagnosis narrows the patient down.",
    source: SAFE_HARBOR,
    yes: &[
        ("a male, Boston resident", "Boston"),
        ("visited our San Francisco clinic on", "San Francisco clinic"),
        ("of Emily T. at NY Presbyterian visited", "NY Presbyterian"),
        ("at MD Anderson (ins", "MD Anderson"),
        ("moved here from New York last", "New York"),
        ("a nurse near St. Louis and", "St. Louis"),
        ("flew in from Coeur d'Alene today", "Coeur d'Alene"),
        ("was in Mobile for", "Mobile"),
    ],
    no: &[
        "Boston criteria",
        "the Glasgow Coma Scale",
        "in Paris criteria terms",
        "lives in Texas",
        "West Nile virus",
        "Los Angeles classification of",
        "in reading the mobile note",
        "Framingham risk score",
        "in Parkinson disease",
        "Lyme disease",
        "Milan criteria",
        "from Canada",
        "takes St. John's wort daily",
    ],
    strong: false,
    trigger: Trigger::Name(|scan, i, hits| {
        if scan.shape(i) != Some(Shape::Lower) {
            place(scan, i, hits);
        }
    }),
};

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const SMALL: Recogniser = Recogniser {
    id: "listed-place-small",
    class: Class::Place,
    what: "Cities and places of care that the gazetteer knows, in small letters after \"in\", \"from\", \"near\".",
    why: "Text typed in a hurry has no capitals.",
    source: SAFE_HARBOR,
    yes: &[
        ("lives in cedar falls with", "cedar falls"),
        ("flew in from denver yesterday", "denver"),
        ("care at ucsf for", "ucsf"),
    ],
    no: &[
        "in reading the mobile note",
        "in normal range",
        "at baseline",
        "from aspirin to warfarin",
    ],
    strong: false,
    trigger: Trigger::Word(PREPOSITION | CARE_VERB, |scan, i, hits| {
        if !scan.has(i, PREPOSITION) && !scan.is(i, "visited") || scan.gap(i) != " " {
            return;
        }
        let the = ["the", "our", "your", "downtown"]
            .iter()
            .any(|word| scan.is(i + 1, word));
        let at = if the { i + 2 } else { i + 1 };
        if scan.shape(at) == Some(Shape::Lower) {
            place(scan, at, hits);
        }
    }),
};

/// Most words of a place.
const MOST: usize = 4;

/// Tags that the only word of a place must not have.
const ORDINARY: Tags = STOP | MONTH | COUNTRY | FACILITY | DEPARTMENT | HONORIFIC | STREET | DRUG;

/// Reports the place that begins with token `i`; gives its last token.
fn place(scan: &Scan<'_>, i: usize, hits: &mut Hits) -> Option<usize> {
    let token = scan.get(i).filter(|token| token.len() >= 2)?;
    let small = match token.shape {
        Shape::Lower => true,
        Shape::Capital | Shape::Upper | Shape::Mixed | Shape::Initial => false,
        _ => return None,
    };
    // Most words are no place, and begin none.
    let alone = token.levels.place() >= 2;
    let capital = |at: usize| {
        matches!(
            scan.shape(at),
            Some(Shape::Capital | Shape::Upper | Shape::Mixed | Shape::Initial)
        )
    };
    // "Truth or Consequences"
    let elided = matches!(scan.gap(i + 1), "'" | "’") && scan.word(i + 1).len() == 1;
    let next = capital(i + 1) || (scan.has(i + 1, FUNCTION | PARTICLE) || elided) && capital(i + 2);
    let opens = if small {
        (token.tags & STOP == 0 || token.tags & AMBIGUOUS != 0 || scan.is(i, "new")) && token.levels.lower() <= 3
    } else {
        next && scan.gap(i).len() <= 2
    };
    if !alone && !opens {
        return None;
    }
    // In small letters only after a word that places are written after.
    let before = i.checked_sub(1).filter(|before| scan.gap(*before) == " ");
    let the = before.filter(|b| ["the", "our", "your", "downtown"].iter().any(|word| scan.is(*b, word)));
    let lead = the.map_or(before, |b| b.checked_sub(1).filter(|before| scan.gap(*before) == " "));
    let led = lead.is_some_and(|b| scan.has(b, PREPOSITION) || scan.is(b, "visited"));
    if small && !led {
        return None;
    }
    let (last, levels) = longest(scan, i, small, alone)?;
    // "St. John's wort": the place may have taken in the "s".
    let of_a_thing = scan.is(last, "s") && scan.gap(last) == " " && scan.has(last + 1, EPONYM_HEAD);
    if names::is_eponymous(scan, last) || of_a_thing {
        return None;
    }
    let tags = scan.tags(i);
    let level = levels.place();
    let odds = level
        - 2 * if small {
            levels.lower().max(levels.proper())
        } else {
            levels.proper()
        };
    let lives = lead.is_some_and(|b| b > 0 && scan.has(b - 1, LIVE_VERB));
    let believed = if last > i {
        let ordinary = (i..=last).all(|at| scan.tags(at) & (STOP | AMBIGUOUS | FACILITY | DEPARTMENT | STREET) != 0);
        let plain = (i..=last).all(|at| scan.levels(at).lower() >= 2 || scan.tags(at) & (STOP | AMBIGUOUS) != 0);
        (!ordinary || led && !small) && (!plain || led && level >= 4) && !scan.is(i, "the")
    } else if levels.is_facility() {
        led || !small && token.shape == Shape::Upper
    } else if small {
        tags & (ORDINARY | AMBIGUOUS | EPONYM | STATE) == 0
            && odds >= 6 - 2 * i32::from(lives)
            && token.len() >= 4
            && the.is_none()
    } else if token.shape == Shape::Upper {
        tags & (ORDINARY | STATE) == 0 && led && odds >= 6 && token.len() >= 4
    } else {
        let inside = before.is_some() || i > 0 && scan.gap(i - 1) == ", ";
        tags & (ORDINARY & !STREET | STATE) == 0
            && if led {
                odds >= 1 && level >= 3 - i32::from(lives)
            } else {
                inside && odds >= 6 && level >= 8 && tags & (EPONYM | AMBIGUOUS) == 0
            }
            || tags & ORDINARY != 0 && tags & AMBIGUOUS != 0 && led && odds >= 6
    };
    if !believed {
        return None;
    }
    let mut end = with_head(scan, last);
    // "carbondale, il"
    if small && scan.gap(end) == ", " && scan.has(end + 1, STATE) && scan.word(end + 1).len() == 2 {
        end += 1;
    }
    let class = if levels.is_facility() || end > last {
        Class::Facility
    } else {
        Class::Place
    };
    hits.push(scan.start(i), scan.end(end), class, if level >= 5 { 68 } else { 64 });
    Some(end)
}

/// The longest place of the gazetteer that begins with token `i`, in one case.
fn longest(scan: &Scan<'_>, i: usize, small: bool, alone: bool) -> Option<(usize, Levels)> {
    let mut last = i;
    let mut found = None;
    let mut phrase = Phrase::default();
    loop {
        phrase.push(scan.word(last));
        let levels = if last == i { scan.levels(i) } else { phrase.levels() };
        // A surname or a word is not made a place by its being the name of a village.
        if levels.place() > 0 && (last > i || alone) {
            found = Some((last, levels));
        }
        let gap = scan.gap(last);
        // "Coeur d'Alene"
        let elided = |at: usize| scan.is(at, "d") || scan.is(at, "l");
        let short = || ["st", "ft", "mt", "ste"].iter().any(|word| scan.is(last, word));
        let open = matches!(gap, " " | "-")
            || gap == ". " && short()
            || matches!(gap, "'" | "’") && (scan.is(last + 1, "s") || elided(last));
        let fits = match scan.shape(last + 1) {
            Some(Shape::Lower) => {
                small
                    || ["of", "the", "and", "s", "de", "la", "on", "or", "d", "du"]
                        .iter()
                        .any(|word| scan.is(last + 1, word))
            }
            Some(Shape::Capital | Shape::Upper | Shape::Mixed | Shape::Initial) => !small,
            _ => false,
        };
        // "PAST MEDICAL HISTORY"
        let ordinary = last == i && scan.tags(i) & scan.tags(last + 1) & STOP != 0;
        if !open || !fits || ordinary || last + 1 >= i + MOST {
            break;
        }
        last += 1;
    }
    // "New York State" is a state.
    found.filter(|(last, _)| !(scan.is(*last + 1, "state") && scan.gap(*last) == " "))
}
