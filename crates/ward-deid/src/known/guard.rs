//! When the words of a known value are that value, and not the ordinary words they also are.

use crate::Class;
use crate::lex::{Scan, Shape};
use crate::lexicon::{self, HONORIFIC, KIN, MONTH, NAMED, ROLE, STOP};

/// What a match needs besides its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Guard {
    /// Nothing.
    Any,
    /// A capital at the start of every word.
    Capital,
    /// A capital, and a sign of a name beside it.
    Context,
}

/// What a phrase needs to be believed; none when it must not be looked for at all.
pub(super) fn guard(scan: &Scan<'_>, class: Class) -> Option<Guard> {
    let ordinary = |i: usize| match scan.tags(i) {
        0 => Guard::Any,
        tags if tags & (STOP | MONTH | ROLE | KIN | HONORIFIC) != 0 => Guard::Context,
        _ => Guard::Capital,
    };
    let words: Vec<usize> = (0..scan.tokens.len()).collect();
    let long =
        |i: &usize| scan.word(*i).chars().count() >= 3 || scan.shape(*i) == Some(Shape::Uncased) || scan.is_number(*i);
    let least = words.iter().map(|i| ordinary(*i)).min().unwrap_or(Guard::Context);
    if let [only] = words.as_slice() {
        if scan.is_number(*only) {
            return None;
        }
        let short = !long(only);
        return Some(match class {
            Class::Name if short => ordinary(*only).max(Guard::Capital),
            Class::Name => ordinary(*only),
            _ if short => return None,
            _ => ordinary(*only).max(Guard::Capital),
        });
    }
    let lettered = words
        .iter()
        .any(|i| scan.word(*i).chars().count() == 1 && !scan.is_number(*i));
    let numbered = words.iter().any(|i| scan.is_number(*i));
    Some(match class {
        Class::Email | Class::Url => Guard::Any,
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
        Guard::Context => capital && has_context(scan, first, last),
    }
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
    let month = scan.has(first, MONTH);
    let timed = month
        && (scan.is_number(last + 1)
            || [
                "in", "since", "last", "until", "early", "late", "mid", "during", "next", "this", "from", "through",
                "by", "of", "on", "before", "after",
            ]
            .iter()
            .any(|word| scan.is(before, word)));
    // In the middle of a sentence only names are capitalised.
    !timed && scan.shape(before) == Some(Shape::Lower) && gap == " " && scan.shape(first) == Some(Shape::Capital)
}

/// True when what stands between tokens `i` and `i + 1` may stand inside a phrase.
pub(super) fn is_near(scan: &Scan<'_>, i: usize) -> bool {
    let gap = scan.gap(i);
    gap.len() <= 4 && !gap.contains([';', '!', '?'])
}
