use super::visit::place;
use super::{Recogniser, SAFE_HARBOR, Trigger};
use crate::Class;
use crate::find::Hits;
use crate::lex::{Scan, Shape};
use crate::lexicon::{
    AMBIGUOUS, COUNTRY, DATE_CUE, EPONYM, FACILITY, LIVE_VERB, NOT_NAME, PREPOSITION, ROLE, SEX, STATE,
};
use crate::names;

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const RECOGNISER: Recogniser = Recogniser {
    id: "residence",
    class: Class::Place,
    what: "Capitalised names after \"lives in\", \"resident of\", \"from\", \"born in\" and the like; a state alone stays.",
    why: "A town with an age and a diagnosis narrows the patient down.",
    source: SAFE_HARBOR,
    yes: &[
        ("lives in Springfield with", "Springfield"),
        ("a resident of Cedar Falls, Iowa", "Cedar Falls, Iowa"),
        ("female, from Houston, with", "Houston"),
        ("moved to Santa Fe last", "Santa Fe"),
        ("office in Chicago on", "Chicago"),
        ("a woman from New Haven seen", "New Haven"),
        ("Dr. Patel in Cedar Falls on", "Cedar Falls"),
        ("grew up in Quillbury and", "Quillbury"),
        ("lives in Quill-upon-Avon with", "Quill-upon-Avon"),
        ("moved to Stow-on-the-Wold.", "Stow-on-the-Wold"),
        ("originally from Quillbury, now", "Quillbury"),
        ("lives at 22 Elm, alone", "22 Elm"),
        ("resides at 4471 Thornbury Mill with", "4471 Thornbury Mill"),
        ("Residing at 9 Church", "9 Church"),
        ("lives at 9 Church, alone", "9 Church"),
    ],
    no: &[
        "lives in Texas",
        "grew up in Texas",
        "grew up in foster care",
        "lives in a house",
        "lives at home",
        "from Monday",
        "resident in Medicine",
        "in March",
        "in Afib with",
        "in ICU",
        "moved to Canada",
        "changes in Parkinson disease",
        "Nephrotic Syndrome in Adults",
        "home at 3 PM",
        "born at 39 Weeks",
        "lives at 22 weeks",
        "living at 5 March",
        "lives at 3 Hospital",
        "lives at 3 Hospital.",
        "seen at 9 Church",
        "lives at 9 church",
    ],
    strong: false,
    trigger: Trigger::Word(PREPOSITION, name),
};

fn name(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    let Some(before) = i.checked_sub(1) else { return };
    let space = scan.gap(before) == " ";
    // "lives alone in Tewkesbury"
    let how = ["alone", "independently", "together", "now"]
        .iter()
        .any(|word| scan.is(before, word));
    let grew = scan.is(before, "up") && before > 0 && scan.is(before - 1, "grew") || scan.is(before, "originally");
    let lives = space && (grew || scan.has(before, LIVE_VERB) || how && before > 0 && scan.has(before - 1, LIVE_VERB));
    // "a woman from Houston", "Ryan T. from Chicago", ", from Dallas"
    let named = matches!(scan.shape(before), Some(Shape::Capital | Shape::Initial)) || scan.has(before, SEX | ROLE);
    let from = scan.is(i, "from") && (scan.gap(before) == ", " || named && matches!(scan.gap(before), " " | ". "));
    // "office in Chicago", "Dr. Patel in New Haven"
    let located = scan.is(i, "in") && space && (scan.has(before, FACILITY) || scan.is(before, "office"));
    let seen = scan.is(i, "in")
        && (space || scan.gap(before) == ". ")
        && named
        && matches!(scan.shape(before), Some(Shape::Capital | Shape::Initial));
    if !(lives || from || located || seen) || scan.gap(i) != " " {
        return;
    }
    // "lives at 22 Elm"
    let numbered = scan.is(i, "at")
        && lives
        && scan.word(before).to_ascii_lowercase().starts_with(['l', 'r'])
        && scan.digits(i + 1) > 0
        && scan.gap(i + 1) == " "
        && scan.shape(i + 2) == Some(Shape::Capital);
    // "Residing at 9 Church."
    let gap = scan.gap(i + 2);
    let ends = gap.starts_with(['.', ',', ';', '\n']) || i + 3 >= scan.tokens.len();
    if numbered && ends && scan.has(i + 2, FACILITY) && scan.has(i + 2, AMBIGUOUS) {
        hits.push(scan.start(i + 1), scan.end(i + 2), Class::Place, 72);
        return;
    }
    if numbered && scan.tags(i + 2) & NOT_NAME == 0 {
        if let Some(last) = place(scan, i + 2) {
            hits.push(scan.start(i + 1), scan.end(last), Class::Place, 72);
        }
        return;
    }
    let at = if scan.is(i + 1, "the") { i + 2 } else { i + 1 };
    let Some(mut last) = place(scan, at) else { return };
    // "in Adults", "in Healthcare Settings"
    let plain = |at: usize| names::is_medical(scan, at) && scan.levels(at).place() < 2 * scan.levels(at).lower();
    if (at..=last).all(plain) && scan.phrase_levels(at, last).place() == 0 {
        return;
    }
    let state = |first: usize, last: usize| is_state(scan, first, last);
    if state(at, last)
        || (scan.shape(at) == Some(Shape::Upper) && last == at && scan.word(at).len() <= 5)
        || scan.has(at, DATE_CUE | COUNTRY | EPONYM)
    {
        return;
    }
    if scan.gap(last) == ", " && (state(last + 1, last + 1) || state(last + 1, last + 2)) {
        last += if state(last + 1, last + 1) { 1 } else { 2 };
    }
    hits.push(scan.start(at), scan.end(last), Class::Place, 72);
}

/// True when the tokens are the name of a US state, in full or as two capitals.
pub(super) fn is_state(scan: &Scan<'_>, first: usize, last: usize) -> bool {
    const TWO: &[(&str, &str)] = &[
        ("new", "hampshire"),
        ("new", "jersey"),
        ("new", "mexico"),
        ("new", "york"),
        ("north", "carolina"),
        ("north", "dakota"),
        ("south", "carolina"),
        ("south", "dakota"),
        ("west", "virginia"),
        ("rhode", "island"),
        ("puerto", "rico"),
    ];
    match last.checked_sub(first) {
        Some(0) => {
            let word = scan.word(first);
            scan.has(first, STATE)
                && match scan.shape(first) {
                    Some(Shape::Upper) => true,
                    Some(Shape::Capital) => word.len() > 2,
                    _ => false,
                }
        }
        Some(1) => TWO.iter().any(|(a, b)| scan.is(first, a) && scan.is(last, b)),
        _ => false,
    }
}
