//! Names with the surname first: behind a comma, a caret, and in lists of people.

use super::{Case, case, family_odds, given_odds};
use crate::Class;
use crate::find::Hits;
use crate::lex::{Scan, Shape};
use crate::lexicon::{AMBIGUOUS, EPONYM, KIN, PARTICLE, ROLE};
use crate::names;

/// `SMITH, JOHN`, `Santos, Maria A.`
pub(super) fn reversed(scan: &Scan<'_>, i: usize, case_of_first: Case, hits: &mut Hits) -> Option<usize> {
    if case_of_first == Case::Lower {
        return None;
    }
    if is_signed_out(scan, i) {
        hits.push(scan.start(i), scan.end(i), Class::Name, 70);
        return Some(i);
    }
    if !matches!(scan.gap(i), ", " | "," | "^") {
        return None;
    }
    // "Kim, Soo-Jin", "KIM, JI-WOO"
    let family = family_odds(scan, i, case_of_first);
    let half = |last: &usize| match case_of_first {
        Case::Upper => scan.shape(*last) == Some(Shape::Upper) && ends_cell(scan, *last),
        _ => case(scan, *last) == Some(Case::Capital),
    };
    if let Some(last) = names::halves(scan, i + 1).filter(half)
        && family.is_some_and(|odds| odds >= 5)
        && scan.starts_line(i)
        && scan.levels(i).lower() == 0
    {
        hits.push(scan.start(i), scan.end(last), Class::Name, 72);
        return Some(last);
    }
    // "Hartigan, L", but not "Lewis, A          neg"
    let levels = scan.all_levels(i);
    let first = before_hyphen(scan, i);
    let plain = scan.tags(i) == 0 && levels.surname() >= 3 && levels.small_name_odds() >= 3;
    if names::is_initial(scan, i + 1)
        && scan.gap(i) == ", "
        && begins_cell(scan, first)
        && (ends_cell(scan, i + 1) && !is_result(scan, i + 2) && plain || is_called(scan, i))
    {
        hits.push(scan.start(first), scan.end(i + 1), Class::Name, 70);
        return Some(i + 1);
    }
    if case(scan, i + 1) != Some(case_of_first) {
        return None;
    }
    if let Some(last) = rostered(scan, i).or_else(|| careted(scan, i)) {
        let first = before_hyphen(scan, before_particles(scan, before_apostrophe(scan, i)));
        hits.push(scan.start(first), scan.end(last), Class::Name, 74);
        return Some(last);
    }
    let family = family?;
    let given = given_odds(scan, i + 1, case_of_first)?;
    let places = scan.levels(i).place() >= 5 && scan.levels(i + 1).place() >= 5;
    if family < 3 || given < 5 || places {
        return None;
    }
    let mut last = i + 1;
    // "Quill, Zelda M", but not "Quill, Zelda  F 44"
    if names::joined(scan, last) && names::is_initial(scan, last + 1) && !names::is_aged(scan, last + 1) {
        last += 1;
    }
    let first = before_hyphen(scan, before_particles(scan, before_apostrophe(scan, i)));
    hits.push(scan.start(first), scan.end(last), Class::Name, 74);
    Some(last)
}

/// True for the surname at token `i` of a patient whose initial, sex and age follow in columns: "Jackson, T     M 67",
/// "Kim, M.   67M", but not "Hepatitis, B   F 44".
fn is_called(scan: &Scan<'_>, i: usize) -> bool {
    let (levels, tags) = (scan.all_levels(i), scan.tags(i));
    let gap = scan.gap(i + 1).trim_start_matches('.');
    let apart = gap.starts_with("  ") || gap.starts_with('\t');
    let listed = levels.surname() >= 2 && levels.surname() >= levels.lower();
    // "Miller, J 58F NSTEMI"
    let opens = scan.gap(i + 1) == " " && scan.starts_line(i) && levels.surname() >= 5 && levels.small_name_odds() >= 3;
    if opens && tags & !AMBIGUOUS == 0 && names::is_aged(scan, i + 2) {
        return true;
    }
    let strange = tags == 0 && levels.lower() + levels.proper() == 0 && scan.word(i).len() > 3;
    let aged = apart && gap.bytes().all(|b| matches!(b, b' ' | b'\t')) && names::is_aged(scan, i + 2);
    aged && (listed || strange) && !names::ends_like_a_term(scan.word(i))
}

/// True for a surname that is little else and opens its line before an age and a sex: "Garcia 71M COPD", but not "Cook 14F", which is
/// the width of a catheter.
fn is_signed_out(scan: &Scan<'_>, i: usize) -> bool {
    const WIDEST: u32 = 34;
    let levels = scan.all_levels(i);
    let surname = levels.surname() >= 5 && levels.small_name_odds() >= 4 && scan.tags(i) == 0;
    let years = || scan.number(i + 1).is_some_and(|years| years > WIDEST);
    let alone = scan.gap(i) == " " && scan.gap(i + 1).is_empty() && scan.starts_line(i);
    alone && surname && years() && names::is_aged(scan, i + 1)
}

/// True when a cell of a table begins with token `i`: a line, or what stands behind two blanks or a tab.
pub(super) fn begins_cell(scan: &Scan<'_>, i: usize) -> bool {
    scan.starts_line(i) || scan.gap_before(i).ends_with("  ") || scan.gap_before(i).ends_with('\t')
}

/// True when a cell ends with token `last`.
pub(super) fn ends_cell(scan: &Scan<'_>, last: usize) -> bool {
    let gap = scan.gap(last);
    last + 1 >= scan.tokens.len() || gap.starts_with(['\n', '\r', '\t']) || gap.starts_with("  ")
}

/// True for what a test says at token `at`: "neg", "3+".
fn is_result(scan: &Scan<'_>, at: usize) -> bool {
    const SAYS: &[&str] = &[
        "neg",
        "negative",
        "pos",
        "positive",
        "weak",
        "trace",
        "reactive",
        "nonreactive",
        "absent",
        "present",
    ];
    let graded = at < scan.tokens.len()
        && scan.word(at).bytes().all(|byte| byte.is_ascii_digit())
        && scan.gap(at).starts_with('+');
    graded || SAYS.iter().any(|word| scan.is(at, word))
}

/// The O of `O'Brien`, of which token `i` is the rest.
fn before_apostrophe(scan: &Scan<'_>, i: usize) -> usize {
    match i.checked_sub(1) {
        Some(before) if matches!(scan.gap(before), "'" | "’") && names::is_initial(scan, before) => before,
        _ => i,
    }
}

/// The first half of the surname whose second is token `i`: "Hathaway-Novotny, Ana".
fn before_hyphen(scan: &Scan<'_>, i: usize) -> usize {
    let half = |at: &usize| {
        let levels = scan.all_levels(*at);
        let cased = scan.shape(*at) == scan.shape(i) && scan.word(*at).len() >= 2;
        scan.gap(*at) == "-" && cased && levels.surname().max(levels.given()) >= levels.lower()
    };
    i.checked_sub(1).filter(half).unwrap_or(i)
}

/// The first token of the surname that goes on at token `i`: "van der Berg, Ludwig", "DE LA CRUZ^MARIA", "Ferreira da Silva^Ana".
fn before_particles(scan: &Scan<'_>, i: usize) -> usize {
    const SURNAME: i32 = 3;
    let mut first = i;
    while first > 0 && scan.has(first - 1, PARTICLE) && scan.gap(first - 1) == " " && scan.word(first - 1).len() <= 3 {
        first -= 1;
    }
    let family = |at: usize| {
        let shape = scan.shape(at) == scan.shape(i) && scan.tags(at) == 0;
        scan.gap(at) == " " && shape && scan.all_levels(at).surname() >= SURNAME
    };
    first
        .checked_sub(1)
        .filter(|at| first < i && family(*at))
        .unwrap_or(first)
}

/// `Birdsong, Lottie     58F`, `Patient GRAVES, SUSAN    MRN: 884213`: the last token of a name that is all of a cell in a list of
/// people. What the patient's age or number follows may be a word as well.
fn rostered(scan: &Scan<'_>, i: usize) -> Option<usize> {
    const SURNAME: i32 = 2;
    const GIVEN: i32 = 5;
    if scan.gap(i) == "^" {
        return None;
    }
    let given = i + 1;
    let initial = scan.gap(given) == " " && names::is_initial(scan, given + 1) && !names::is_sexed(scan, given + 1);
    let last = given + usize::from(initial);
    let gap = scan.gap(last).trim_start_matches(['.', ',']);
    let next = last + 1;
    let aged = gap.bytes().all(|b| matches!(b, b' ' | b'\t'))
        && (names::is_aged(scan, next) || ["mrn", "dob"].iter().any(|label| scan.is(next, label)));
    let timed = i > 0 && scan.is_number(i - 1) && scan.gap_before(i) == " ";
    let called =
        i > 0 && matches!(scan.gap_before(i), " " | "  ") && (scan.is(i - 1, "patient") || scan.is(i - 1, "pt"));
    let first = before_hyphen(scan, i);
    // "1. Graves, Susan - PNA"
    let numbered = first > 0
        && matches!(scan.gap_before(first), ". " | ") ")
        && scan.is_number(first - 1)
        && scan.starts_line(first - 1);
    // "884213,Graves,Susan,F,44"
    let celled = scan.gap_before(first) == "," && scan.gap(i) == "," && scan.gap(last) == ",";
    let begins = begins_cell(scan, first) || called || numbered || (timed || celled) && aged;
    let listed_line = numbered || scan.starts_line(first);
    if !begins || !(aged || ends_cell(scan, last) || listed_line && scan.gap(last) == " - ") {
        return None;
    }
    let (family, first) = (scan.all_levels(i), scan.all_levels(given));
    let strange = |at: usize| {
        let unknown = scan.tags(at) == 0 && !scan.all_levels(at).is_listed();
        aged && unknown && scan.word(at).len() >= 4 && !names::ends_like_a_term(scan.word(at))
    };
    // "HILBURN, LAUREN     58F", "Larochelle, Jeramy     58F"
    let only = |at: usize| {
        let levels = scan.all_levels(at);
        aged && scan.tags(at) == 0 && levels.lower() == 0 && levels.proper() == 0
    };
    let beside = first.surname() >= SURNAME && only(given);
    // "Sharp, Rusty 58F"
    let opens = aged && scan.starts_line(i) && family.surname() > family.lower();
    let beside = beside || opens && first.given() + 1 >= GIVEN && first.small_name_odds() > 0;
    let listed = (family.surname() >= SURNAME || family.surname() > 0 && only(i) || strange(i))
        && (first.given() >= GIVEN || first.given() + 1 == GIVEN && only(given) || strange(given) || beside)
        && !scan.has(i, KIN | ROLE);
    let plain = family.lower() <= 1 && scan.tags(i) & !(EPONYM | AMBIGUOUS) == 0;
    let sure = plain && scan.tags(given) == 0 && first.small_name_odds() >= GIVEN;
    let places = family.place() >= 5 && first.place() >= 5.max(first.given());
    // "Patient Reed, Olive   Dry cough"
    let called =
        called && family.surname() >= GIVEN && family.surname() > family.lower() && first.given() > first.lower();
    (listed && (aged || sure || called) && !places).then_some(last)
}

/// `Ng^Wei`: a surname and a given name as HL7 and DICOM write them.
fn careted(scan: &Scan<'_>, i: usize) -> Option<usize> {
    const SURNAME: i32 = 2;
    const GIVEN: i32 = 4;
    let (family, given) = (scan.all_levels(i), scan.all_levels(i + 1));
    // "STEVENS^JOHNSON"
    let eponym = family.proper().min(given.proper()) >= 3 && given.given() <= given.surname();
    let named = family.surname() >= SURNAME && family.lower() <= 2 && given.given() >= GIVEN && given.lower() == 0;
    let named = named && !eponym;
    (scan.gap(i) == "^" && named && scan.tags(i + 1) == 0).then_some(i + 1)
}
