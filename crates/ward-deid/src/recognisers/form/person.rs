//! The names that a value of a form may hold, and where such a value ends.

use super::super::asked::does;
use super::label::Asks;
use crate::lex::{Scan, Shape};
use crate::lexicon::{AMBIGUOUS, CREDENTIAL, EPONYM, EPONYM_HEAD, NOT_NAME, PARTICLE, STREET, SUFFIX, WORD_NAME};
use crate::names;

/// Least level of a given name that is no surname or word instead.
pub(super) const GIVEN: i32 = 4;

/// Least level of a surname that is one by itself.
pub(super) const SURNAME: i32 = 4;

/// The tokens of the name that is all of the value that begins with token `at`.
pub(super) fn person(scan: &Scan<'_>, at: usize, asks: Asks) -> Option<(usize, usize)> {
    // "1234^Okafor^Theresa"
    let numbered = scan.is_number(at) && scan.gap(at) == "^";
    let at = at + usize::from(numbered);
    let found = given_and_family(scan, at, asks).or_else(|| family_and_given(scan, at));
    let last = found.filter(|last| ends(scan, *last) && !names::is_eponymous(scan, *last))?;
    Some((at, last))
}

/// "Susan Graves", "Theresa   Behrens", "S. Graves"
pub(super) fn given_and_family(scan: &Scan<'_>, at: usize, asks: Asks) -> Option<usize> {
    const WIDEST: usize = 3;
    let initial = asks.is_of_person() && names::is_initial(scan, at) && scan.gap(at) == ". ";
    let mut last = match given(scan, at) {
        Some(last) => last,
        None if initial && stands_alone(scan, at + 1) => return Some(at + 1),
        None => return None,
    };
    // "Susan M. Graves", "Susan de la Cruz", "Susan O'Down"
    while names::is_initial(scan, last + 1) && matches!(scan.gap(last), " " | "  ") && !names::is_aged(scan, last + 1)
        || scan.has(last + 1, PARTICLE) && scan.gap(last) == " "
    {
        let joins = matches!(scan.gap(last + 1), " " | ". " | "'" | "’");
        if !joins {
            break;
        }
        last += 1;
    }
    let gap = scan.gap(last);
    let blanks = !gap.is_empty() && gap.len() <= WIDEST && gap.bytes().all(|b| b == b' ');
    let name = last + 1;
    let near = matches!(gap, " " | "-" | "'" | "’" | ". " | "." | "\u{a0}");
    let levels = scan.all_levels(name);
    // "RN: Susan   Day"
    let named = levels.surname() > 0 || levels.proper() == 0;
    let far = named
        && levels.surname() >= levels.lower()
        && scan.tags(name) & NOT_NAME == 0
        && !scan.gap(name).starts_with(':');
    // "Name: Ginger Root"
    let sure = asks.is_of_person() || !levels.is_listed() || levels.surname() >= levels.lower().max(2);
    if !((near || blanks && far) && is_family(scan, name) && sure) {
        return None;
    }
    Some(past_hyphen(scan, name))
}

/// "Graves, Susan", "NG^WEI"
pub(super) fn family_and_given(scan: &Scan<'_>, at: usize) -> Option<usize> {
    let mut family = at;
    while scan.has(family, PARTICLE) && scan.gap(family) == " "
        || names::is_initial(scan, family) && matches!(scan.gap(family), "'" | "’")
    {
        family += 1;
    }
    if !is_family(scan, family) {
        return None;
    }
    family = past_hyphen(scan, family);
    let caret = scan.gap(family) == "^";
    if !(caret || matches!(scan.gap(family), ", " | ",")) {
        return None;
    }
    // "Okafor^Tamsin", "LI, XU"
    let beside = |name: usize| {
        let levels = scan.all_levels(name);
        let surname = scan.all_levels(family).surname() >= SURNAME && scan.tags(name) == 0;
        let unknown = caret && !levels.is_listed() && scan.word(name).len() >= 4;
        let other = levels.surname() > SURNAME && levels.lower() + levels.proper() == 0;
        (capital(scan, name) && surname && (unknown || other)).then_some(name)
    };
    let last = given(scan, family + 1).or_else(|| beside(family + 1))?;
    let initial = names::is_initial(scan, last + 1) && !names::is_aged(scan, last + 1);
    let more = initial && (scan.gap(last) == " " && !caret || scan.gap(last) == "^" && caret);
    Some(last + usize::from(more))
}

/// The end of a surname in two halves.
pub(super) fn past_hyphen(scan: &Scan<'_>, name: usize) -> usize {
    let second = scan.gap(name) == "-" && is_family(scan, name + 1);
    let suffix = |at: usize| scan.gap(at) == " " && scan.has(at + 1, SUFFIX);
    let last = name + usize::from(second);
    last + usize::from(suffix(last))
}

/// The last token of a listed given name, which is no word and no disease instead, or of one in two halves.
fn given(scan: &Scan<'_>, at: usize) -> Option<usize> {
    if names::is_hyphenated(scan, at) {
        return Some(at + 1);
    }
    let levels = scan.all_levels(at);
    let often = levels.given() > GIVEN + 1 || levels.proper() == 0;
    let only = scan.tags(at) & !(WORD_NAME | AMBIGUOUS) == 0 && levels.small_name_odds() >= 0;
    // "Wright", "Hunt"
    let surname = levels.surname() > levels.given() + 2;
    let listed = capital(scan, at) && levels.given() >= GIVEN && often && only && !surname;
    listed.then_some(at).or_else(|| names::halves(scan, at))
}

pub(super) fn capital(scan: &Scan<'_>, at: usize) -> bool {
    matches!(scan.shape(at), Some(Shape::Capital | Shape::Upper | Shape::Mixed)) && scan.word(at).len() >= 2
}

/// True for a capitalised word that is not only a word: "Graves", "White", "Quill", but not "Denies".
pub(super) fn is_family(scan: &Scan<'_>, at: usize) -> bool {
    let levels = scan.all_levels(at);
    let word = levels.given().max(levels.surname()) == 0 && (levels.lower() >= 2 || scan.tags(at) != 0);
    // "Joy Score 7"
    let word = word || levels.surname() <= 1 && scan.has(at, EPONYM_HEAD);
    let credential = scan.has(at, CREDENTIAL) && scan.shape(at) == Some(Shape::Upper) && levels.surname() < GIVEN;
    // "Fleming", "Cummings"
    let only = levels.surname() >= SURNAME && levels.lower() == 0 && scan.tags(at) == 0;
    let term = names::ends_like_a_term(scan.word(at)) && !only;
    capital(scan, at) && !word && !credential && !term
}

/// True for a surname that needs no given name beside it.
pub(super) fn stands_alone(scan: &Scan<'_>, at: usize) -> bool {
    let levels = scan.all_levels(at);
    let surname = levels.surname() >= SURNAME && levels.lower() == 0 && scan.tags(at) & NOT_NAME == 0;
    surname && capital(scan, at) && scan.word(at).len() >= 3
}

/// True where a value of a form ends.
pub(super) fn ends(scan: &Scan<'_>, last: usize) -> bool {
    let gap = scan.gap(last);
    let behind = gap.trim_start_matches(' ');
    last + 1 >= scan.tokens.len()
        || gap.starts_with("  ")
        || gap.starts_with(['\n', '\r', '\t', '.', ',', ';', '|', '<', '_', '*', '^', ')', ']', '"'])
        || behind.starts_with(['(', '\n', '\r', '|', '/', '<', '[', '-', '–'])
        || gap == " "
            && (scan.is_number(last + 1)
                || ["mrn", "dob", "age", "sex", "rn", "md"]
                    .iter()
                    .any(|word| scan.is(last + 1, word)))
}

/// The end of a surname or a given name that is all of a value: "RN: Flores", "MD: Mkhwanazi", "Signed: Fenn, M".
pub(super) fn one_word(scan: &Scan<'_>, first: usize) -> Option<usize> {
    let at = past_particles(scan, first);
    let family = past_hyphen(scan, at);
    let initial = scan.gap(family) == ", " && names::is_initial(scan, family + 1) && !names::is_aged(scan, family + 1);
    let last = family + usize::from(initial);
    let gap = scan.gap(last).trim_start_matches('.');
    let labelled = gap == " " && scan.gap(last + 1).starts_with(':');
    let closed = last + 1 >= scan.tokens.len()
        || gap.starts_with(['\n', '\r', '\t', '|', '<'])
        || gap.starts_with("  ")
        || gap == ", " && scan.has(last + 1, CREDENTIAL)
        || labelled;
    let levels = scan.all_levels(at);
    let people = levels.given().max(levels.surname());
    // "RN: Lynch-Vasquez"
    let half = |at: usize| {
        let levels = scan.all_levels(at);
        !levels.is_listed() && scan.tags(at) == 0 || levels.surname() > 1 && levels.surname() > levels.lower()
    };
    let double = family > at && scan.gap(at) == "-" && half(at) && half(at + 1);
    // "RN: O'Donnell", "MD: van der Berg"
    let particled = at > first && is_family(scan, at) && people >= levels.lower();
    // "MD: Best, J", but not "RN: Turn, R"
    let doubt = levels.lower().max(levels.proper()) - i32::from(scan.has(at, AMBIGUOUS));
    let lettered = initial && is_family(scan, at) && (people > doubt || !levels.is_listed() && scan.tags(at) == 0);
    let named = capital(scan, at) && !names::ends_like_a_term(scan.word(at));
    // "RN: Diaz (charge)", "RN: Diaz 0700-1900": nothing but a name is one in whatever company.
    let sure = scan.tags(at) == 0 && people >= SURNAME && !names_things(scan, at, last);
    let next = last + 1;
    let beside = scan.is_number(next) || scan.has(next, CREDENTIAL) || scan.is(next, "at") || scan.is(next, "x");
    let ends = matches!(scan.gap(last), ". " | ".\n" | "; " | ")" | " (") || scan.gap(last) == " " && beside;
    let closed = closed || sure && ends;
    // "RN: Kilpatrick     Time: 0600", but not "RN: Triage"
    let apart = initial || gap.starts_with("  ") || gap.starts_with('\t') || gap == ", " || labelled;
    let found = lettered || double || particled || is_one_name(scan, first, at, apart);
    (closed && named && found).then(|| past_blanks(scan, last))
}

/// "MD: CLARK BRANTLEY  Pager 4471": a surname that is also a given name before another, both little else.
pub(super) fn surnames(scan: &Scan<'_>, at: usize) -> Option<usize> {
    let last = at + 1;
    let plain = |at: usize| {
        let levels = scan.all_levels(at);
        let odds = levels.surname() - levels.lower().max(levels.proper());
        scan.tags(at) == 0 && levels.surname() >= SURNAME && levels.lower() <= 1 && odds > 2
    };
    let closed = scan.gap(last).starts_with(['\n', '\r', '\t']) || scan.gap(last).starts_with("  ");
    let whole = scan.gap(at) == " " && scan.shape(at) == scan.shape(last) && capital(scan, at);
    let given = scan.all_levels(at).given() >= GIVEN;
    (whole && given && plain(at) && plain(last) && (closed || last + 1 >= scan.tokens.len())).then_some(last)
}

/// True for words that a nurse is called by and charts write for other things, too, so that they are looked for nowhere else:
/// "RN: Jackson", and a Jackson Pratt drain. Of one word that nobody lists nothing is known: "RN: Triage    Time: 0715".
pub(super) fn names_things(scan: &Scan<'_>, first: usize, last: usize) -> bool {
    // "Morse Fall Scale 45"
    const SCALES: &[&str] = &[
        "morse", "norton", "ramsay", "hendrich", "waterlow", "barthel", "katz", "lawton", "tinetti",
    ];
    let strange = first == last && !scan.all_levels(first).is_listed();
    strange
        || (first..=last).any(|at| {
            let levels = scan.all_levels(at);
            let scale = SCALES.iter().any(|name| scan.is(at, name));
            let word = scale || scan.has(at, EPONYM | AMBIGUOUS | WORD_NAME) || levels.lower().max(levels.proper()) > 0;
            word && !scan.has(at, PARTICLE)
        })
}

/// The token of a surname behind "van der", "al-", "O'".
pub(super) fn past_particles(scan: &Scan<'_>, first: usize) -> usize {
    const MOST: usize = 3;
    let before = |at: usize| {
        let particle = scan.has(at, PARTICLE) && scan.word(at).len() <= 4 && matches!(scan.gap(at), " " | "-");
        (particle || names::is_initial(scan, at) && matches!(scan.gap(at), "'" | "’")) && capital(scan, at + 1)
            || particle && scan.has(at + 1, PARTICLE)
    };
    (first..first + MOST).find(|at| !before(*at)).unwrap_or(first + MOST)
}

/// True for the one word of a value, at token `at`, that names somebody: "Flores", "Mkhwanazi", but not "Foley", "Rounds", and
/// behind labels that things have, too, not "Venipuncture", "Mepilex". A word that nobody lists stands `apart` from what follows.
fn is_one_name(scan: &Scan<'_>, first: usize, at: usize, apart: bool) -> bool {
    #[rustfmt::skip]
    const OF_THINGS: &[&str] = &[
        "by", "to", "covering", "reader", "signed", "signature", "tech", "technician", "cna", "assistant", "rt",
    ];
    const COMMON: i32 = 7;
    const STRANGE: usize = 5;
    let (levels, tags, word) = (scan.all_levels(at), scan.tags(at), scan.word(at));
    let people = levels.given().max(levels.surname());
    let other = levels.lower().max(levels.proper());
    let thing = first > 0 && OF_THINGS.iter().any(|label| scan.is(first - 1, label));
    let like_a_verb = ["ed", "ing", "ly"].iter().any(|end| word.ends_with(end));
    let unlisted =
        !levels.is_listed() && word.len() >= STRANGE && scan.shape(at) == Some(Shape::Capital) && !like_a_verb;
    let rare = people >= 2 && other == 0;
    let strange = tags == 0 && !thing && (unlisted && apart || rare);
    let plain = tags & !(AMBIGUOUS | WORD_NAME | EPONYM | STREET) == 0;
    let often = tags & EPONYM == 0 && people > 2 * other || people >= COMMON && people >= 2 * other;
    let listed = plain && people >= SURNAME && often;
    !does(scan, at) && levels.place() <= people.max(SURNAME) && (listed || strange)
}

/// The surname behind two or three blanks that goes on from a word of a name: "RN: Ellis   Meisner   Date", but not
/// "RN: Ellis   Foley out", "RN: Ellis   Tele".
fn past_blanks(scan: &Scan<'_>, last: usize) -> usize {
    let next = last + 1;
    let levels = scan.all_levels(next);
    let surname = levels.surname() >= SURNAME && levels.surname() > 2 * levels.lower().max(levels.proper());
    let plain = scan.tags(next) & !(AMBIGUOUS | WORD_NAME | STREET) == 0;
    let cased = capital(scan, next) && scan.shape(next) == scan.shape(last);
    if matches!(scan.gap(last), "  " | "   ") && surname && plain && cased && ends(scan, next) {
        next
    } else {
        last
    }
}

/// True for a surname and a given name of which one is little else, and none a word of medical texts.
pub(super) fn are_names(scan: &Scan<'_>, family: usize, given: usize) -> bool {
    let levels = |at: usize| scan.all_levels(at);
    let word = |at: usize| levels(at).given().max(levels(at).surname()) < levels(at).lower();
    let only = |at: usize| {
        let plain = levels(at).lower() + levels(at).proper() == 0 && scan.tags(at) == 0;
        plain && scan.word(at).len() > 3 && !does(scan, at)
    };
    let surname = levels(family).surname() > 2 && levels(family).surname() > levels(family).lower();
    let sure = surname || levels(given).given() > GIVEN + 1;
    !word(family) && !word(given) && (sure || only(family) && only(given))
}

/// True for a surname and a given name of which one is more a name than a word, or both are often names, whatever else they are.
pub(super) fn are_anybodys(scan: &Scan<'_>, family: usize, given: usize) -> bool {
    let sure = |at: usize| scan.all_levels(at).small_name_odds() > 0;
    let called = scan.all_levels(given).given() >= GIVEN;
    // "Last: Hodgkin   First: Void"
    let family_sure = sure(family) && scan.tags(family) & EPONYM == 0;
    let given_sure = sure(given) && (called || scan.tags(given) & EPONYM == 0);
    family_sure || given_sure || called && scan.all_levels(family).surname() >= SURNAME
}
