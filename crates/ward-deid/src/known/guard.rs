//! When the words of a known value are that value, and not the ordinary words they also are.

use crate::Class;
use crate::lex::{Scan, Shape};
use crate::lexicon::{self, AMBIGUOUS, EPONYM, HONORIFIC, KIN, MONTH, NAMED, ROLE, STOP, Tags, UNIT};

/// What a match needs besides its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Guard {
    /// Nothing.
    Any,
    /// A capital at the start of every word.
    Capital,
    /// A capital, and nothing beside it that plainly says the ordinary word: what the record
    /// itself gives as a name.
    Named,
    /// A capital, and a sign of a name beside it.
    Context,
    /// The family name or what people do beside it, or a place in the middle of a sentence, and nothing that a label or a
    /// result has: a short form that nobody lists (`Alb`, `Cat`).
    Short,
}

/// True when people are called so far more often than medical text has the word in small letters.
fn is_a_name(scan: &Scan<'_>, i: usize) -> bool {
    let levels = scan.levels(i);
    levels.lower() == 0 || levels.lower() == 1 && levels.surname() >= 9
}

/// What a phrase needs to be believed; none when it must not be looked for at all.
///
/// `named`: the record gives it as a name, in a field, after a label or after a title.
pub(super) fn guard(scan: &Scan<'_>, class: Class, named: bool) -> Option<Guard> {
    let ordinary = |i: usize| match scan.tags(i) {
        // "Burns" is also a word.
        0 if scan.levels(i).lower() >= if scan.tokens.len() > 1 { 4 } else { 2 } => Guard::Capital,
        0 => Guard::Any,
        // "Smith" and "Baker" are hardly anything else.
        tags if tags & !(AMBIGUOUS | EPONYM) == 0 && named && class == Class::Name && is_a_name(scan, i) => Guard::Any,
        tags if tags & (STOP | MONTH | ROLE | KIN | HONORIFIC) != 0 => {
            if named && class == Class::Name && scan.word(i).len() >= 3 {
                Guard::Named
            } else {
                Guard::Context
            }
        }
        _ => Guard::Capital,
    };
    let mut words = 0..scan.tokens.len();
    let least = words.clone().map(ordinary).min().unwrap_or(Guard::Context);
    if words.len() == 1 {
        if scan.is_number(0) {
            return None;
        }
        let short = scan.word(0).chars().count() < 3 && scan.shape(0) != Some(Shape::Uncased);
        return Some(match class {
            Class::Name if short => least.max(Guard::Capital),
            Class::Name => least,
            _ if short => return None,
            // A town of the record that is no ordinary word.
            Class::Place if named && scan.levels(0).lower() == 0 => least,
            _ => least.max(Guard::Capital),
        });
    }
    let lettered = words
        .clone()
        .any(|i| scan.word(i).chars().count() == 1 && !scan.is_number(i));
    let numbered = words.any(|i| scan.is_number(i));
    Some(match class {
        Class::Email | Class::Url => Guard::Any,
        Class::Place if numbered => Guard::Any,
        _ if lettered => Guard::Capital,
        _ if numbered => Guard::Any,
        // "May Long": capitals will do. A facility of ordinary words needs them too.
        _ => least.min(Guard::Capital).max(if class == Class::Facility {
            Guard::Capital
        } else {
            Guard::Any
        }),
    })
}

/// True when the match of tokens `first..=last` has what its guard asks for.
pub(super) fn fits(scan: &Scan<'_>, first: usize, last: usize, guard: Guard) -> bool {
    // "John's" is not "John S".
    if last > first && scan.word(last).len() == 1 && matches!(scan.gap(last - 1), "'" | "’") {
        return false;
    }
    let capital = (first..=last).all(|i| match scan.shape(i) {
        Some(Shape::Number | Shape::Uncased) => true,
        _ if i > first
            && ["of", "the", "and", "for", "s", "at", "in"]
                .iter()
                .any(|word| scan.is(i, word)) =>
        {
            true
        }
        _ => scan.word(i).chars().next().is_some_and(char::is_uppercase) || scan.has(i, lexicon::PARTICLE) && i > first,
    });
    match guard {
        Guard::Any => true,
        Guard::Capital => capital || (scan.lower_only() && scan.tags(first) & (STOP | lexicon::AMBIGUOUS) == 0),
        Guard::Named => capital && (has_context(scan, first, last) || !says_the_word(scan, first, last)),
        Guard::Context => capital && has_context(scan, first, last),
        Guard::Short => is_called_so(scan, first, last),
    }
}

/// True when the short form at `first..=last`, which may hold the family name, is what somebody is called.
fn is_called_so(scan: &Scan<'_>, first: usize, last: usize) -> bool {
    const DO: Tags = lexicon::SAYS | lexicon::ACTS;
    if scan.gap(last).starts_with([':', '-', '/', '=', '#']) && scan.gap(last) != "-\n" {
        return false;
    }
    // "Holloway MAR reviewed", "Decker Dec 2023"
    if last > first {
        let comma = scan.gap(last - 1).starts_with(',');
        let short = scan.word(last).len() <= 4;
        return !short
            || !scan.is_number(last + 1)
                && scan.tags(last) & MONTH == 0
                && (comma || scan.shape(last) != Some(Shape::Upper));
    }
    if scan.is_number(last + 1) || scan.shape(first) == Some(Shape::Upper) {
        return false;
    }
    let before = first.checked_sub(1).filter(|at| matches!(scan.gap(*at), " " | ". "));
    let after = scan.gap(last) == " ";
    let does = |tags: Tags| after && scan.has(last + 1, tags) && scan.word(last + 1).len() > 1;
    let addressed = before.is_some_and(|at| {
        let speaks = scan.has(at, lexicon::TAKES_PERSON) && scan.gap(at) == " ";
        scan.has(at, KIN | NAMED) && scan.gap(at) == " "
            || scan.has(at, HONORIFIC) && scan.shape(at) == Some(Shape::Capital)
            || speaks
    });
    if addressed || does(DO) {
        return true;
    }
    if scan.shape(first) != Some(Shape::Capital) {
        return false;
    }
    // "Zeb's wife", "Zeb takes warfarin", "gave Zeb a pill", "for Zeb."; not "Zeb was 3.2", "low Zeb level".
    let owns = matches!(scan.gap(last), "'" | "’") && scan.is(last + 1, "s");
    let measured = scan.is_number(last + 2) && scan.gap(last + 1) == " ";
    // "Gave" begins a sentence, and is a word all the same.
    let word = |at: usize| scan.shape(at) == Some(Shape::Lower) || scan.levels(at).lower() >= 4 && scan.starts_line(at);
    let within = before.is_some_and(|at| word(at) && scan.gap(at) == " ");
    let closes = !after || scan.has(last + 1, lexicon::FUNCTION);
    owns || !measured && (does(lexicon::DOES) || within && closes)
}

/// A sign that an ordinary capitalised word is a name here.
fn has_context(scan: &Scan<'_>, first: usize, last: usize) -> bool {
    if matches!(scan.gap(last), "'" | "’") && scan.is(last + 1, "s") {
        return true;
    }
    let Some(before) = first.checked_sub(1) else {
        return false;
    };
    let gap = scan.gap(before);
    if scan.has(before, HONORIFIC | ROLE | KIN | NAMED) && matches!(gap, " " | ". " | ", ") {
        return true;
    }
    let timed = is_timed(scan, first, last);
    // In the middle of a sentence only names are capitalised.
    !timed && scan.shape(before) == Some(Shape::Lower) && gap == " " && scan.shape(first) == Some(Shape::Capital)
}

/// A month with a number after it or a word for a time before it.
fn is_timed(scan: &Scan<'_>, first: usize, last: usize) -> bool {
    scan.has(first, MONTH)
        && (scan.is_number(last + 1)
            || first > 0 && scan.is_number(first - 1) && matches!(scan.gap(first - 1), " " | "-")
            || [
                "in", "since", "last", "until", "early", "late", "mid", "during", "next", "this", "from", "through",
                "by", "of", "on", "before", "after",
            ]
            .iter()
            .any(|word| first > 0 && scan.is(first - 1, word)))
}

/// Verbs and joining words that follow a name ("Will was", "May and"), and no "will" or "may".
const AFTER_A_NAME: &[&str] = &[
    "was", "is", "has", "had", "does", "did", "came", "said", "went", "felt", "took", "told", "and", "who", "with",
    "saw", "fell", "lost", "ate", "slept", "woke", "wants", "thinks", "or", "from", "at", "in", "to", "on", "by",
    "got", "gave", "began", "left", "met", "spoke", "kept", "made", "knew", "brought", "drank", "quit",
];

/// True when the words beside a capitalised word plainly say that it is none of a name: "May 3",
/// "Day 2", "LOW SODIUM" among capitals, "Will continue".
fn says_the_word(scan: &Scan<'_>, first: usize, last: usize) -> bool {
    let near = matches!(scan.gap(last), " " | "-" | ": " | ". " | "  ") || scan.gap(last).is_empty();
    if is_timed(scan, first, last) || scan.is_number(last + 1) && near && scan.has(first, UNIT | MONTH) {
        return true;
    }
    // "Low-grade fever"
    if scan.gap(last) == "-" && scan.shape(last + 1) == Some(Shape::Lower) {
        return true;
    }
    if scan.shape(first) == Some(Shape::Upper) {
        let upper = |i: usize| scan.shape(i) == Some(Shape::Upper);
        return upper(last + 1) || first > 0 && upper(first - 1);
    }
    let next = last + 1;
    (scan.is(first, "will") || scan.is(first, "may"))
        && scan.gap(last) == " "
        && scan.shape(next) == Some(Shape::Lower)
        && !scan.word(next).ends_with(['s', 'd'])
        && !AFTER_A_NAME.iter().any(|word| scan.is(next, word))
}

/// True when what stands between tokens `i` and `i + 1` may stand inside a phrase.
pub(super) fn is_near(scan: &Scan<'_>, i: usize) -> bool {
    /// Longest word that is shortened with a stop: "Univ."
    const SHORTENED: usize = 4;
    let gap = scan.gap(i);
    let ended = gap.starts_with(". ") && scan.word(i).len() > SHORTENED;
    gap.len() <= 4 && !gap.contains([';', '!', '?']) && !ended && (!gap.contains('\n') || is_wrapped(scan, i))
}

/// True when the line that token `i` ends is long enough to have been wrapped: after a short one something else begins.
fn is_wrapped(scan: &Scan<'_>, i: usize) -> bool {
    const WRAPPED: usize = 40;
    let line = scan.text.as_bytes().get(..scan.end(i)).unwrap_or_default();
    let recent = line.get(line.len().saturating_sub(WRAPPED)..).unwrap_or_default();
    line.len() >= WRAPPED && !recent.contains(&b'\n')
}
