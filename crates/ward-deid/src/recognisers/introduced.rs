use super::asked::does;
use super::{Recogniser, Trigger};
use crate::Class;
use crate::find::Hits;
use crate::lex::{Scan, Shape};
use crate::lexicon::{
    AMBIGUOUS, EPONYM, FUNCTION, KIN, LEAD, LETTER, LETTERED, NAMED, PARTICLE, PREPOSITION, ROLE, SEX, STOP, UNIT,
    WORD_NAME, YEARS,
};
use crate::names::{self, Sign};
use crate::widen::is_somebodys;

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const RECOGNISER: Recogniser = Recogniser {
    id: "introduced",
    class: Class::Name,
    what: "A name beside an age (\"a 60-year-old woman, Mary Johnson\", \"Jane Doe is a 54-year-old\") and a name cut to an initial (\"David S.,\").",
    why: "The name of the patient identifies directly, with an initial nearly so.",
    source: "45 CFR 164.514(b)(2)(i); how clinicians introduce a patient in a question",
    yes: &[
        ("a 60-year-old woman, Mary Johnson, on warfarin", "Mary Johnson"),
        ("Jane Doe is a 54-year-old female", "Jane Doe"),
        ("Jane Q. Doe, a 54 yo man", "Jane Q. Doe"),
        ("creatinine of 2.1, David S., evaluated", "David S"),
        ("54M Omar Haddad with", "Omar Haddad"),
        ("Triage: Marcus 34M BIBA", "Marcus"),
        ("Brandywine, Tomasz (64 M)\nHPI", "Brandywine, Tomasz"),
        ("Brandywine, Tomasz, 64 M\n", "Brandywine, Tomasz"),
        ("Quill, Zelda A. (64F)", "Quill, Zelda A"),
        ("an 80 year old pt named Eleanor M., who", "Eleanor M"),
        ("Kasimir Quackenbush, 93, seen today", "Kasimir Quackenbush"),
        ("Kasimir Quackenbush (47) fell", "Kasimir Quackenbush"),
        ("Seen. Quackenbush, H. declined", "Quackenbush, H"),
        ("08:00  Akinfenwa, Tobi    M 44  f/u", "Akinfenwa, Tobi"),
        ("09:20  Park, Grace    F 58  DM2\n", "Park, Grace"),
        ("09:40 Young, Will M 93", "Young, Will"),
        ("Pt Jackson, 71, here for cough", "Jackson"),
        ("Patient Mkhwanazi, 44, fell", "Mkhwanazi"),
    ],
    no: &[
        "a 60-year-old woman, Hypertensive",
        "Parkinson Disease in a 60-year-old",
        "Hepatitis B, chronic",
        "Vitamin D., daily",
        "Hepatitis, C. was treated",
        "Candida, C. diff and",
        "Meropenem, S",
        "Ertapenem, R\nTigecycline, I",
        "Polymyxin, B",
        "Duffy, A; Kell",
        "Olecranon, L.",
        "Group B, strep",
        "a 54-year-old with CHF",
        "Pt Declined, 71, seen",
        "Pt Sats, 96, on RA.",
        "Pt Braden, 18, low risk",
        "Patient Potassium, 40, given",
        "There are Kerley B lines at the bases.",
        "Abdominal Pain 45F",
        "New Sepsis 70M",
        "Type A. Then",
        "Metformin, Daily (64 M)",
        "seen, Then (64 M)",
        "Zyprexa Zydis, 20, daily",
        "Metoprolol Tartrate, 50, twice",
        "Fasting Glucose (95)",
        "Total Cholesterol, 120, high",
        "Boston Scientific (2)",
        "San Diego, 92, as",
        "Heart Rate, 95, regular",
        "08:00  Breast, Left    F 44  biopsy",
        "08:00  Metformin, Daily  M 44",
        "Temp, Oral  F 98",
        "Knee, Right F 44",
        "08:00 Coumadin, Clinic  F 3",
    ],
    strong: false,
    trigger: Trigger::Either(YEARS | SEX | LETTER, |scan, i, hits| {
        if scan.is_number(i) {
            let first = i
                .checked_sub(1)
                .and_then(|last| Some((aged_person(scan, i).or_else(|| aged_given(scan, i))?, last)));
            if let Some((first, last)) = first {
                hits.push(scan.start(first), scan.end(last), Class::Name, 80);
            }
            return;
        }
        if scan.has(i, SEX | YEARS) {
            family_first(scan, i, hits);
            row(scan, i, hits);
        }
        let aged = scan.has(i, SEX) && scan.gap_before(i).is_empty() && i > 0 && scan.is_number(i - 1);
        if scan.has(i, YEARS) || aged {
            beside_age(scan, i, hits);
        }
        if names::is_initial(scan, i) {
            cut(scan, i, hits);
        }
    }),
};

/// The first token of the name that the age at token `i` follows: `Kasimir Quackenbush, 93, seen`, `Kasimir Quackenbush
/// (47)`. Two or three words, none of which is anything but a name, one listed as one.
pub(super) fn aged_person(scan: &Scan<'_>, i: usize) -> Option<usize> {
    let open = scan.gap_before(i);
    let close = scan.gap(i);
    let apart = open == ", " && close.starts_with(", ") || open == " (" && close.starts_with(')');
    if !apart || !scan.number(i).is_some_and(|years| (1..=120).contains(&years)) {
        return None;
    }
    let last = i.checked_sub(1)?;
    let first = names::backward(scan, last, Sign::Weak)?;
    let words: Vec<usize> = (first..=last).filter(|at| !names::is_initial(scan, *at)).collect();
    let name = |at: &usize| {
        let levels = scan.all_levels(*at);
        !levels.is_listed() && scan.tags(*at) == 0 || levels.small_name_odds() > 0
    };
    let listed = |at: &usize| scan.levels(*at).given().max(scan.levels(*at).surname()) >= 3;
    let place = scan.phrase_levels(first, last).place() > 0;
    ((2..=3).contains(&words.len()) && !place && words.iter().all(name) && words.iter().any(listed)).then_some(first)
}

/// A given name alone, and nothing else that is listed, before an age that few reach: `Marco, 96, stable; Lucia (91)`.
pub(super) fn aged_given(scan: &Scan<'_>, i: usize) -> Option<usize> {
    const FREQUENT: i32 = 6;
    let name = i.checked_sub(1)?;
    let patient = |at: usize| scan.is(at, "patient") || scan.is(at, "pt");
    let labelled = match scan.gap_before(name) {
        ": " => name > 0 && patient(name - 1),
        " " => name > 1 && scan.is(name - 1, "is") && scan.gap(name - 2) == " " && patient(name - 2),
        _ => false,
    };
    // "Pt Kowalczyk, 96, fell"
    let called = scan.gap_before(name) == " " && name > 0 && patient(name - 1);
    let closes = labelled
        && (scan.gap(i).starts_with(['.', ';', '\n']) || i + 1 >= scan.tokens.len() && scan.gap(i).trim().is_empty());
    let apart = scan.gap_before(i) == ", " && (scan.gap(i).starts_with(", ") || closes) && !scan.is_number(i + 1)
        || scan.gap_before(i) == " (" && scan.gap(i).starts_with(')');
    let levels = scan.levels(name);
    let given = levels.given() >= FREQUENT
        && levels.small_name_odds() >= FREQUENT
        && levels.place() < levels.given()
        && scan.tags(name) == 0
        && scan.shape(name) == Some(Shape::Capital);
    let family = called && is_called(scan, name);
    let opens = name == 0
        || labelled
        || called
        || scan.starts_line(name)
        || scan.gap_before(name).ends_with("; ")
        || scan.gap_before(name).ends_with(". ") && !scan.has(name - 1, PARTICLE);
    let youngest = if family { 18 } else { 90 };
    (apart && (given || family) && opens && scan.number(i).is_some_and(|years| (youngest..=120).contains(&years)))
        .then_some(name)
}

/// True for the surname of a patient who is called by it and an age: listed, or a word that nobody knows.
fn is_called(scan: &Scan<'_>, name: usize) -> bool {
    const FREQUENT: i32 = 7;
    let (levels, tags) = (scan.levels(name), scan.tags(name));
    let only = levels.lower() == 0 && levels.proper() < levels.surname() && scan.word(name).len() > 4;
    let listed = tags == 0 && levels.surname() > 0 && only
        || tags & !AMBIGUOUS == 0 && levels.surname() >= 3 && levels.small_name_odds() > 0
        || tags & !(AMBIGUOUS | EPONYM) == 0 && levels.surname() >= FREQUENT && levels.small_name_odds() > 0;
    let strange = tags == 0 && !levels.is_listed() && scan.word(name).len() > 4 && !does(scan, name);
    let cased = matches!(scan.shape(name), Some(Shape::Capital | Shape::Upper));
    cased && (listed || strange) && !names::ends_like_a_term(scan.word(name))
}

/// `Quill, Zelda (64 M)` at the start of a line.
fn family_first(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    let number = i
        .checked_sub(1)
        .filter(|n| scan.number(*n).is_some_and(|n| n <= 130) && matches!(scan.gap(*n), "" | " " | "-" | "/"));
    let Some(last) = number.and_then(|n| n.checked_sub(1)) else {
        return;
    };
    if !matches!(scan.gap(last), " (" | ", " | ". (" | "., ") {
        return;
    }
    let Some(given) = names::backward(scan, last, Sign::Weak) else {
        return;
    };
    let Some(family) = given.checked_sub(1).filter(|before| scan.gap(*before) == ", ") else {
        return;
    };
    if let Some(first) = names::backward(scan, family, Sign::Weak).filter(|first| scan.starts_line(*first)) {
        hits.push(scan.start(first), scan.end(last), Class::Name, 84);
    }
}

/// `08:20  Quill, Zelda    F 58` at the start of a line: a row of a schedule or a list of wards.
fn row(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    let blank = |gap: &str| !gap.is_empty() && gap.trim_matches(' ').is_empty();
    let years = scan
        .number(i + 1)
        .filter(|years| *years <= 120 && scan.digits(i + 1) <= 3);
    let sexed = matches!(scan.word(i), "M" | "F") && blank(scan.gap(i)) && blank(scan.gap_before(i));
    let after = scan.gap(i + 1);
    let ends = i + 2 >= scan.tokens.len()
        || after.starts_with('\n')
        || blank(after) && (after.len() > 1 || !scan.has(i + 2, UNIT));
    let Some(family) = i.checked_sub(2).filter(|_| sexed && ends && years.is_some()) else {
        return;
    };
    let given = family + 1;
    let timed = family >= 2
        && blank(scan.gap_before(family))
        && scan.is_number(family - 1)
        && scan.gap(family - 2) == ":"
        && scan.starts_line(family - 2);
    let part = |at: usize, listed: i32| {
        let levels = scan.levels(at);
        let known = listed >= 3 && scan.tags(at) & !(STOP | WORD_NAME | EPONYM | AMBIGUOUS | FUNCTION) == 0;
        scan.shape(at) == Some(Shape::Capital) && (known || !levels.is_listed() && scan.tags(at) == 0)
    };
    let named = scan.gap(family) == ", "
        && part(family, scan.levels(family).surname())
        && part(given, scan.levels(given).given());
    let listed = scan.levels(family).surname() >= 3 || scan.levels(given).given() >= 3;
    if named && (timed || scan.starts_line(family) && listed) {
        hits.push(scan.start(family), scan.end(given), Class::Name, 84);
        if years.is_some_and(|years| years >= 90) {
            hits.push(scan.start(i + 1), scan.end(i + 1), Class::Age, 84);
        }
    }
}

/// Around `<number> year old`: the name after it, or before the number.
fn beside_age(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    let Some(number) = i
        .checked_sub(1)
        .filter(|n| scan.is_number(*n) && matches!(scan.gap(*n), "" | "-" | " "))
    else {
        return;
    };
    // Behind: at most "old", an adjective and a noun for the person, then a comma or "named".
    for at in i + 1..i + 7 {
        let word = names::forward(scan, at, Sign::Weak);
        if let Some(last) = word.filter(|last| names::words(scan, at, *last) >= 2) {
            let gap = scan.gap(at - 1);
            let introduced = matches!(gap, ", " | " (" | ": " | " - ")
                || scan.has(at - 1, SEX | YEARS) && gap == " "
                || scan.is(at - 1, "named");
            if introduced {
                hits.push(scan.start(at), scan.end(last), Class::Name, 82);
            }
            break;
        }
        if !matches!(scan.gap(at - 1), " " | "-" | "/" | "" | ", ") {
            break;
        }
    }
    // In front: "Jane Doe is a", "Jane Doe, a", "Jane Doe (", "Jane Doe,".
    let mut end = number;
    for _ in 0..3 {
        let Some(before) = end.checked_sub(1) else { return };
        if ["is", "a", "an", "was"].iter().any(|word| scan.is(before, word)) {
            end = before;
        } else {
            break;
        }
    }
    let Some(last) = end.checked_sub(1) else { return };
    // "Marcus 34M", "Xóchitl Ramírez 29F"
    let glued = end == number && scan.gap(number).is_empty() && scan.has(i, SEX) && scan.gap(last) == " ";
    if glued && let Some(first) = names::backward(scan, last, Sign::Weak) {
        let odds = |at: usize| scan.levels(at).small_name_odds();
        let strange = |at: usize| !scan.levels(at).is_listed() && scan.tags(at) == 0;
        let two = names::words(scan, first, last) >= 2
            && (first..=last).all(|at| odds(at) >= 2 || strange(at) || names::is_initial(scan, at));
        if two || first == last && scan.levels(last).given() >= 5 && odds(last) >= 4 {
            hits.push(scan.start(first), scan.end(last), Class::Name, 74);
            return;
        }
    }
    let direct = end == number && !matches!(scan.gap(last), ", " | " (" | ",");
    if direct || !matches!(scan.gap(last), " " | ", " | " (" | ",") {
        return;
    }
    let last = if scan.has(last, STOP) && !names::is_initial(scan, last) {
        return;
    } else {
        last
    };
    if let Some(first) = names::backward(scan, last, Sign::Weak).filter(|first| names::words(scan, *first, last) >= 2) {
        hits.push(scan.start(first), scan.end(last), Class::Name, 82);
    }
}

/// "Angiotensin I", "MPS I": a frequent medical word, or an abbreviation that is nobody's name.
fn is_term(scan: &Scan<'_>, i: usize) -> bool {
    let levels = scan.levels(i);
    levels.lower() >= 2 && levels.given() < 2 * levels.lower()
        || scan.shape(i) == Some(Shape::Upper) && scan.word(i).len() <= 4 && levels.given() < 4
}

/// `Quackenbush, H. declined` at the start of a sentence: a surname, or a word that nobody knows. Without its full stop and what
/// somebody does after it, the letter is one of a list: `Meropenem, S`.
fn family_and_initial(scan: &Scan<'_>, family: usize, i: usize) -> bool {
    let levels = scan.all_levels(family);
    let opens = family == 0 || scan.starts_line(family) || scan.gap_before(family).ends_with(". ");
    let strange = levels.lower() == 0 && levels.proper() == 0;
    scan.gap(family) == ", "
        && opens
        && scan.shape(family) == Some(Shape::Capital)
        && scan.word(family).len() >= 4
        && scan.tags(family) == 0
        && (strange || levels.surname() >= 4 && levels.small_name_odds() >= 3)
        && !names::ends_like_a_term(scan.word(family))
        && scan.gap(i) == ". "
        && is_somebodys(scan, i)
}

/// `David S.` with a comma or the end after it.
fn cut(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    let Some(given) = i.checked_sub(1) else { return };
    if family_and_initial(scan, given, i) {
        hits.push(scan.start(given), scan.end(i), Class::Name, 74);
        return;
    }
    let fits = scan.gap(given) == " "
        && names::is_name_word(scan, given, Sign::Weak)
        && (!scan.has(given, EPONYM) || scan.levels(given).given() >= 7 || scan.levels(given).surname() >= 8)
        && scan.word(given).len() >= 3
        && scan.tags(given) & STOP == 0
        && !is_term(scan, given)
        && !scan.has(given, LETTERED);
    let gap = scan.gap(i);
    let closed = [
        ", ", ".,", "., ", "'s", "’s", ".'s", ".’s", " (", ". (", ".)", ")", ".?", ". ", "?", "; ", ".;",
    ]
    .iter()
    .any(|end| gap.starts_with(end))
        || (gap.is_empty() || gap == ".") && i + 1 >= scan.tokens.len();
    let followed = gap == " " && scan.get(i + 1).is_some_and(|t| t.shape == Shape::Lower);
    let Some(before) = given.checked_sub(1) else {
        if fits && (closed || followed) {
            hits.push(scan.start(given), scan.end(i), Class::Name, 70);
        }
        return;
    };
    let introduced = matches!(scan.gap(before), ", " | " (" | " - " | ": ")
        || scan.gap(before) == " "
            && (scan.get(before).is_some_and(|t| t.shape == Shape::Lower)
                || scan.shape(given) == Some(Shape::Upper)
                    && scan.has(before, LEAD | ROLE | NAMED | PREPOSITION | KIN)
                || scan.shape(given) == Some(Shape::Upper)
                    && ["like", "as", "case"].iter().any(|word| scan.is(before, word)));
    if fits && introduced && (closed || followed) {
        hits.push(scan.start(given), scan.end(i), Class::Name, 82);
    }
}
