//! Which date of a sentence is that of a fact: the one within it or beside it, never that of an earlier value or of a test to come.

use super::words::{self, Words};
use crate::fact::{Fact, FactKind, Section};

/// Words for what is done within a visit, whose time of day is written beside it.
#[rustfmt::skip]
const BEDSIDE: &[&str] = &[
    "ecg", "ekg", "electrocardiogram", "cxr", "x-ray", "x-rays", "ct", "mri", "ultrasound", "echo", "echocardiogram", "intubation", "paracentesis",
    "thoracentesis", "puncture", "cardioversion", "dialysis", "transfusion", "catheterization",
];

/// Ends of the names of operations.
const OPERATIONS: &[&str] = &["ectomy", "plasty", "ostomy", "replacement", "bypass", "cabg"];

/// The year, or month and year, right after what was done, which ends before token `to`: "appendectomy 1999", "hip replacement (in 03/2020)".
/// Gives its bytes and its first day.
pub(super) fn year_after(words: &Words<'_>, fact: &Fact, to: usize) -> Option<(usize, usize, i64)> {
    if !matches!(fact.kind, FactKind::Procedure | FactKind::Immunization) {
        return None;
    }
    let passed = |at: &usize| {
        matches!(
            words.any(*at),
            Some("in" | "(" | "," | "-" | "left" | "right" | "bilateral" | "x2" | "x3" | "x4" | "x5")
        )
    };
    let at = to + (to..to + 3).take_while(passed).count();
    let number = |at: usize| {
        (words.sort(at) == Some(words::Sort::Number))
            .then(|| words.slice(at, at + 1).parse::<i32>().ok())
            .flatten()
    };
    let is_year = |at: usize| {
        let ends =
            !matches!(words.any(at + 1), Some("/" | "-" | "%")) && words.sort(at + 1) != Some(words::Sort::Number);
        number(at).filter(|year| (1900..2100).contains(year) && words.slice(at, at + 1).len() == 4 && ends)
    };
    // "ECG 1945 shows": four digits may be the time of day, but for "in" before them, after an operation, and in a history, of what is not done
    // at a bedside.
    let clock = |year: &i32| {
        let history = matches!(fact.section, Section::PastHistory | Section::SurgicalHistory);
        let bedside = (to.saturating_sub(3)..to).any(|i| words.word(i).is_some_and(|word| BEDSIDE.contains(&word)));
        let name = fact.concept.to_lowercase();
        let operation = OPERATIONS.iter().any(|end| name.ends_with(end));
        year % 100 < 60 && words.word(at.wrapping_sub(1)) != Some("in") && !operation && (!history || bedside)
    };
    let (year, month, last) = match is_year(at).filter(|year| !clock(year)) {
        Some(year) => (year, 1, at),
        None if words.any(at + 1) == Some("/") => (is_year(at + 2)?, number(at)?, at + 2),
        None => return None,
    };
    let civil = ward_formats::date::Civil::new(year, u8::try_from(month).ok()?, 1)?;
    let (start, end) = (words.tokens.get(at)?.start, words.tokens.get(last)?.end);
    Some((start, end, i64::from(civil.days())))
}

/// Words behind a value that lead to an earlier one.
const EARLIER: &[&str] = &[
    "from",
    "was",
    "were",
    "baseline",
    "compared",
    "previously",
    "previous",
    "prior",
    "last",
    "versus",
    "vs",
    "today",
    "now",
];

/// Whether the date that begins at `start` is that of an earlier value behind the one that ends before token `to`: "5.9, up from 4.1 on 02/01/2024".
fn is_of_earlier(words: &Words<'_>, fact: &Fact, to: usize, start: usize) -> bool {
    if matches!(fact.kind, FactKind::Lab | FactKind::Vital)
        && (is_in_bracket(words, to, start) || is_recheck(words, to, start) || is_due(words, to, start))
    {
        return true;
    }
    let between = (to..words.len()).take_while(|at| words.tokens.get(*at).is_some_and(|token| token.end <= start));
    // "Creatinine 2.3 (1.1 on 1/1/2024)": in the bracket stands another value with its date.
    let beside = words.any(to) == Some("(")
        && words.sort(to + 1) == Some(words::Sort::Number)
        && !between.clone().any(|at| words.any(at) == Some(")"));
    let mut rest = between.skip_while(|at| words.word(*at).is_none_or(|word| !EARLIER.contains(&word)));
    let measured = matches!(fact.kind, FactKind::Lab | FactKind::Vital);
    measured && (beside || rest.any(|at| words.sort(at) == Some(words::Sort::Number)))
}

/// The date in the sentence that the fact is dated by: the only one there is, for kinds that have
/// a day of their own. Of several it is the one that stands within the fact, else the one between the same two commas; a date that opens the next
/// part of a series ("on 1/1/2024 K 4.1, on 2/1/2024 K 5.2") is none of what stands before it.
pub(super) fn date_of<'a>(words: &'a Words<'_>, fact: &Fact, from: usize, to: usize) -> Option<&'a crate::when::Found> {
    let dated = matches!(
        fact.kind,
        FactKind::Lab
            | FactKind::Vital
            | FactKind::Procedure
            | FactKind::Immunization
            | FactKind::Medication
            | FactKind::Problem
    );
    match words.dates.as_slice() {
        [only] if dated => Some(only).filter(|date| !is_of_earlier(words, fact, to, date.start)),
        [_, _, ..] if dated => {
            let (start, end) = (words.tokens.get(from)?.start, words.tokens.get(to.checked_sub(1)?)?.end);
            let measured = matches!(fact.kind, FactKind::Lab | FactKind::Vital);
            // Behind another value it is that one's: "up from 4.1 on 1/1/2024 to 5.9".
            let value_before = |date: &crate::when::Found| {
                let tokens = words
                    .tokens
                    .iter()
                    .skip(from)
                    .take_while(|token| token.start < date.start);
                measured && tokens.into_iter().any(|token| token.sort == words::Sort::Number)
            };
            let within = |date: &&crate::when::Found| start <= date.start && date.end <= end && !value_before(date);
            if let Some(own) = words.dates.iter().find(within) {
                return Some(own);
            }
            // The first date after the fact, else the last before it.
            let in_bracket = |date: &crate::when::Found| measured && is_in_bracket(words, to, date.start);
            let earlier = words
                .dates
                .iter()
                .rev()
                .find(|date| date.end <= start && !in_bracket(date));
            let of_next = |date: &crate::when::Found| opens_part(words, to, date, measured, earlier.is_some());
            let mut later = words
                .dates
                .iter()
                .filter(|date| date.start >= end)
                .take_while(|date| !of_next(date));
            later
                .find(|date| !is_of_earlier(words, fact, to, date.start))
                .or(earlier)
        }
        _ => None,
    }
}

/// Whether the date that begins at `start` stands with a value of its own in a bracket beside the value that ends before token `to`: "8.2 (7.9 on
/// 03/01/2024), K 5.9", "80 kg (04/01/2024: 85 kg)".
fn is_in_bracket(words: &Words<'_>, to: usize, start: usize) -> bool {
    let Some(date) = words.tokens.iter().position(|token| token.start >= start) else {
        return false;
    };
    let open = (0..date)
        .rev()
        .take_while(|at| words.any(*at) != Some(")"))
        .find(|at| words.any(*at) == Some("("));
    let close = (date..words.len()).find(|at| words.any(*at) == Some(")"));
    let Some((open, close)) = open.zip(close) else {
        return false;
    };
    let value = |at: usize| words.sort(at) == Some(words::Sort::Number);
    let labelled = words.any(date + 1) == Some(":") && value(date + 2);
    let valued = value(open + 1) && open + 1 < date;
    (to <= open || close < to) && (labelled || valued)
}

/// Whether the date that begins at `start`, behind the value that ends before token `to`, is that of a test to come: "INR 2.5, recheck 03/20/2024".
fn is_recheck(words: &Words<'_>, to: usize, start: usize) -> bool {
    let date = words.tokens.iter().position(|token| token.start >= start);
    let recheck = date.map(|date| match words.word(date.saturating_sub(1)) {
        Some("on" | "by") => date.saturating_sub(2),
        _ => date.saturating_sub(1),
    });
    recheck.is_some_and(|at| {
        at > to.saturating_sub(1)
            && words.word(at) == Some("recheck")
            && at
                .checked_sub(1)
                .is_some_and(|mark| matches!(words.any(mark), Some("," | ";" | "." | "-")))
    })
}

/// Whether the date that begins at `start`, behind the value that ends before token `to`, is that of what is due: "INR 2.5; next INR due 03/27/2024".
fn is_due(words: &Words<'_>, to: usize, start: usize) -> bool {
    let date = words.tokens.iter().position(|token| token.start >= start);
    date.is_some_and(|date| {
        let leads = usize::from(matches!(words.word(date.saturating_sub(1)), Some("on" | "by" | "in")));
        let due = date.saturating_sub(1 + leads);
        due >= to && matches!(words.word(due), Some("due" | "overdue"))
    })
}

/// Whether `date`, which stands behind a fact that ends before token `to`, opens the next part of a series: behind a comma, a semicolon or "and",
/// with what it dates behind it. That is a number for what is `measured`; a word does where the fact has an `earlier` date.
fn opens_part(words: &Words<'_>, to: usize, date: &crate::when::Found, measured: bool, earlier: bool) -> bool {
    let parts = |at: usize| matches!(words.any(at), Some("," | ";" | "and" | "then" | "."));
    let leads = |at: usize| matches!(words.any(at), Some("on" | "in" | "(" | "[" | "by"));
    let ends = |at: usize| words.tokens.get(at).is_some_and(|token| token.end <= date.start);
    let before = (to..words.len())
        .take_while(|at| ends(*at))
        .filter(|at| !leads(*at))
        .last();
    let after = (to..words.len()).skip_while(|at| words.tokens.get(*at).is_some_and(|token| token.start < date.end));
    let mut rest = after
        .skip_while(|at| matches!(words.any(*at), Some(")" | "]" | ":" | "-")))
        .take_while(|at| !parts(*at));
    before.is_some_and(parts)
        && match measured {
            true => rest.any(|at| words.sort(at) == Some(words::Sort::Number)),
            false => {
                earlier
                    && rest
                        .next()
                        .is_some_and(|at| words.sort(at) == Some(words::Sort::Word) && !is_aside(words, at))
            }
        }
}

/// Whether token `at` leads on from a date to where or why: "on 2/1/2024 at County".
fn is_aside(words: &Words<'_>, at: usize) -> bool {
    matches!(
        words.word(at),
        Some("at" | "in" | "by" | "with" | "for" | "to" | "per" | "from" | "after" | "due")
    )
}
