//! Names of days of the week beside dates: they say which day it is, so they go with the date.

use std::ops::Range;

use ward_formats::Span;

use crate::Class;
use crate::find::Hit;

/// Sunday first, as day 0.
const NAMES: [&str; 7] = [
    "sunday",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
];

/// Other short forms than the first three letters.
const SHORT: &[(&str, usize)] = &[("tues", 2), ("weds", 3), ("thur", 4), ("thurs", 4)];

/// The day of the week that `word` names, 0 for Sunday.
fn number(word: &str) -> Option<usize> {
    let word = word.to_ascii_lowercase();
    NAMES
        .iter()
        .position(|name| *name == word || (word.len() == 3 && name.starts_with(&word)))
        .or_else(|| SHORT.iter().find(|(short, _)| *short == word).map(|(_, day)| *day))
}

/// A day of the week in a value: where it stands and which it is.
pub(crate) fn inside(value: &str) -> Option<(Range<usize>, usize)> {
    let mut start = None;
    for (at, c) in value.char_indices().chain([(value.len(), ' ')]) {
        match (c.is_alphabetic(), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                if let Some(day) = value.get(from..at).and_then(number) {
                    return Some((from..at, day));
                }
                start = None;
            }
            _ => {}
        }
    }
    None
}

/// The bytes of `value` that hold the date, without a day of the week before or after it.
pub(crate) fn date_range(value: &str) -> Range<usize> {
    let Some((name, _)) = inside(value) else {
        return 0..value.len();
    };
    let separator = |c: char| matches!(c, ' ' | ',' | '.' | '(' | ')');
    let before = value.get(..name.start).unwrap_or_default().trim_end_matches(separator);
    if before.bytes().any(|b| b.is_ascii_digit()) {
        return 0..before.len();
    }
    let after = value.get(name.end..).unwrap_or_default().trim_start_matches(separator);
    value.len() - after.len()..value.len()
}

/// `day` after `days` more, written as `like` is: as long, and in its case.
pub(crate) fn moved(day: usize, days: i32, like: &str) -> String {
    let sum = i64::try_from(day).unwrap_or(0) + i64::from(days);
    let name = usize::try_from(sum.rem_euclid(7))
        .ok()
        .and_then(|day| NAMES.get(day))
        .copied()
        .unwrap_or("sunday");
    let name = if like.len() > 5 {
        name
    } else {
        name.get(..3).unwrap_or(name)
    };
    if like.bytes().all(|b| b.is_ascii_uppercase()) {
        name.to_ascii_uppercase()
    } else if like.starts_with(|c: char| c.is_ascii_uppercase()) {
        let (first, rest) = name.split_at_checked(1).unwrap_or((name, ""));
        first.to_ascii_uppercase() + rest
    } else {
        name.to_owned()
    }
}

/// Makes the hits on dates cover the names of days of the week that stand right beside them.
pub(crate) fn cover(text: &str, hits: &mut [Hit]) {
    let mut before = 0;
    for i in 0..hits.len() {
        let next = hits.get(i + 1).map_or(text.len(), |hit| hit.span.start);
        let Some(hit) = hits.get_mut(i) else { break };
        if matches!(hit.class, Class::Day | Class::Birth) {
            let head = text.get(before..hit.span.start).unwrap_or_default();
            let start = word_before(head).or_else(|| part_before(head)).map(|at| before + at);
            let end = text
                .get(hit.span.end..next)
                .and_then(word_after)
                .map(|at| hit.span.end + at)
                // "January 8, Tues 1/9": the name belongs to the date that follows.
                .filter(|end| next == text.len() || text.get(*end..next).is_some_and(|gap| gap.trim() != ""));
            hit.span = Span::new(start.unwrap_or(hit.span.start), end.unwrap_or(hit.span.end));
        }
        before = hit.span.end.max(before);
    }
}

/// Where the day of the week begins that `text` ends with, but for a comma and a space.
fn word_before(text: &str) -> Option<usize> {
    let head = text.trim_end_matches([' ', ',', '.', '(']);
    if text.len() - head.len() > 3 {
        return None;
    }
    let start = head.trim_end_matches(char::is_alphabetic).len();
    let apart = head
        .get(..start)?
        .chars()
        .next_back()
        .is_none_or(|c| !c.is_alphanumeric());
    head.get(start..).and_then(number).filter(|_| apart).map(|_| start)
}

/// Words that say which part of a month or a year a date means, and those that may stand between them.
const PARTS: [&str; 11] = [
    "early",
    "mid",
    "late",
    "beginning",
    "middle",
    "end",
    "start",
    "week",
    "weekend",
    "half",
    "weeks",
];
const BETWEEN: [&str; 12] = [
    "first", "second", "third", "fourth", "last", "1st", "2nd", "3rd", "4th", "of", "the", "in",
];

/// Where the words begin that say which part of the month or year after them is meant, and that `text` ends with:
/// "second week of", "mid-". What they leave would be finer than a year.
fn part_before(text: &str) -> Option<usize> {
    let mut end = text.len();
    let mut found = None;
    for _ in 0..6 {
        let head = text.get(..end)?.trim_end_matches([' ', '-']);
        if end - head.len() > 2 {
            break;
        }
        let start = head.trim_end_matches(|c: char| c.is_alphanumeric()).len();
        let word = head.get(start..)?.to_ascii_lowercase();
        if PARTS.contains(&word.as_str())
            || found.is_some() && !matches!(word.as_str(), "of" | "the" | "in") && BETWEEN.contains(&word.as_str())
        {
            found = Some(start);
        } else if !BETWEEN.contains(&word.as_str()) {
            break;
        }
        end = start;
    }
    found
}

/// Where the day of the week ends that `text` begins with, but for a bracket or a comma and a space.
fn word_after(text: &str) -> Option<usize> {
    let tail = text.trim_start_matches([' ', ',', '(']);
    let skipped = text.len() - tail.len();
    if skipped == 0 || skipped > 3 {
        return None;
    }
    let len = tail.find(|c: char| !c.is_alphanumeric()).unwrap_or(tail.len());
    tail.get(..len).and_then(number)?;
    let opened = text.get(..skipped)?.contains('(');
    let closed = opened && tail.get(len..)?.starts_with(')');
    Some(skipped + len + usize::from(closed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn covers_the_day_beside_a_date() {
        for (text, expect) in [
            ("on Monday, 2024-01-08.", "Monday, 2024-01-08"),
            ("on MON 2024-01-08 then", "MON 2024-01-08"),
            ("on 2024-01-08 (Monday) then", "2024-01-08 (Monday)"),
            ("on 2024-01-08, Mon", "2024-01-08, Mon"),
            ("the second week of 2024-01-08.", "second week of 2024-01-08"),
            ("since mid-2024-01-08.", "mid-2024-01-08"),
            ("of the end of the 2024-01-08.", "end of the 2024-01-08"),
            ("one of the 2024-01-08.", "2024-01-08"),
            ("on Demon 2024-01-08 sunny", "2024-01-08"),
            ("Sunday. See 2024-01-08 and Monday", "2024-01-08"),
            ("2024-01-08Mon", "2024-01-08"),
            ("2024-01-08 Mon", "2024-01-08 Mon"),
        ] {
            let at = text.find("2024").unwrap();
            let mut hits = [Hit {
                span: Span::new(at, at + 10),
                class: Class::Day,
                rule: "",
                score: 90,
            }];
            cover(text, &mut hits);
            assert_eq!(&text[hits[0].span.start..hits[0].span.end], expect);
        }
    }

    #[test]
    fn moves_days_in_kind() {
        for (value, days, expect) in [
            ("Monday", 1, "Tuesday"),
            ("MON", 7, "MON"),
            ("sat", 1, "sun"),
            ("Thurs", -365, "Wed"),
            ("x Wednesday y", -3, "Sunday"),
        ] {
            let (range, day) = inside(value).unwrap();
            assert_eq!(moved(day, days, &value[range]), expect);
        }
        assert_eq!(inside("2024-01-08 money"), None);
    }
}
