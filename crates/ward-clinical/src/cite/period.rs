//! Periods of questions: "this year", "in 2024", "since March 2023", "in the last 6 months".

use ward_formats::date::{Civil, MONTHS};

use super::Calendar;
use crate::{note::words::Words, when};

/// A stretch of days, both ends included, and the words for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Period {
    /// First day.
    pub(crate) from: i64,
    /// Last day.
    pub(crate) to: i64,
    /// How the answer names it: `in 2026 (the year of the record's latest entry)`.
    pub(crate) label: String,
}

/// What a question says of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Asked {
    /// Nothing.
    Always,
    /// A stretch of days.
    In(Period),
    /// A period that the calendar cannot place.
    Unplaced,
}

const EVER: (i64, i64) = (i64::MIN / 4, i64::MAX / 4);

/// The period a question asks about.
pub(crate) fn of(question: &str, calendar: &Calendar) -> Asked {
    let words = Words::new(question);
    let lower = question.to_lowercase();
    let placed = |found: Option<Period>| found.map_or(Asked::Unplaced, Asked::In);
    let has = |phrase: &str| lower.contains(phrase);
    if has("this year") || has("current year") || has("year to date") {
        return placed(calendar.latest_year().and_then(|year| {
            let (from, to) = calendar.bounds(year)?;
            Some(Period {
                from,
                to,
                label: format!("in {year} (the year of the record's latest entry)"),
            })
        }));
    }
    if has("last year") || has("previous year") || has("past calendar year") {
        return placed(calendar.latest_year().and_then(|year| {
            let (from, to) = calendar.bounds(year - 1)?;
            Some(Period {
                from,
                to,
                label: format!("in {} (the year before the record's latest entry)", year - 1),
            })
        }));
    }
    if let Some(period) = span_back(&words, calendar) {
        return placed(period);
    }
    let preposition = |at: usize| {
        (0..words.len())
            .rfind(|i| words.tokens.get(*i).is_some_and(|t| t.end <= at))
            .and_then(|i| words.word(i))
            .unwrap_or("")
            .to_owned()
    };
    if let Some(date) = words.dates.first() {
        let text = question.get(date.start..date.end).unwrap_or("");
        let (from, to, word) = match preposition(date.start).as_str() {
            "since" | "from" => (date.day, EVER.1, "since"),
            "after" => (date.day + 1, EVER.1, "after"),
            "before" => (EVER.0, date.day - 1, "before"),
            "until" | "by" => (EVER.0, date.day, "until"),
            // Nobody says "in" of one day: the placeholder is that of a month.
            "in" | "during" if text.starts_with("[DAY_") => (date.day, date.day + 30, "in"),
            _ => (date.day, month_end(text, date.day), "on"),
        };
        return Asked::In(Period {
            from,
            to,
            label: format!("{word} {text}"),
        });
    }
    for token in &words.tokens {
        let text = question.get(token.start..token.end).unwrap_or("");
        let year = text
            .parse::<i32>()
            .ok()
            .filter(|y| text.len() == 4 && (1900..=2100).contains(y));
        let Some(year) = year else { continue };
        let Some((start, end)) = calendar.bounds(year) else {
            return Asked::Unplaced;
        };
        let (from, to, word) = match preposition(token.start).as_str() {
            "since" | "from" => (start, EVER.1, "since"),
            "after" => (end + 1, EVER.1, "after"),
            "before" => (EVER.0, start - 1, "before"),
            "until" | "by" => (EVER.0, end, "until"),
            _ => (start, end, "in"),
        };
        return Asked::In(Period {
            from,
            to,
            label: format!("{word} {year}"),
        });
    }
    if let Some(period) = month_alone(&words, calendar) {
        return placed(period);
    }
    // "Since the last visit", "since surgery": a time, and nobody can say which.
    let since = (0..words.len()).any(|i| words.word(i) == Some("since") && words.word(i + 1) != Some("when"));
    // A month that stands as a placeholder of text, "in [TEXT_1MD]": a time as well.
    let hidden = (1..words.len()).any(|i| {
        let preposition = matches!(
            words.word(i - 1),
            Some("since" | "in" | "during" | "after" | "before" | "until")
        );
        let text = words
            .tokens
            .get(i)
            .and_then(|token| question.get(token.start..token.end));
        preposition && text.is_some_and(|text| text.starts_with("[TEXT_"))
    });
    if since || hidden {
        Asked::Unplaced
    } else {
        Asked::Always
    }
}

/// "Since May", "in June", "after March 4": the last such month that begins by the record's latest entry. No period where the calendar has
/// no place for it.
fn month_alone(words: &Words<'_>, calendar: &Calendar) -> Option<Option<Period>> {
    let (at, word, name, month) = (1..words.len()).find_map(|i| {
        let written = words.word(i)?;
        let (name, month) = MONTHS
            .into_iter()
            .zip(1u8..)
            .find(|(name, _)| name.eq_ignore_ascii_case(written))?;
        let word = words.word(i - 1)?;
        let placed = matches!(
            word,
            "since" | "from" | "in" | "during" | "after" | "before" | "until" | "by"
        );
        placed.then_some((i, word, name, month))
    })?;
    let day = words.any(at + 1).and_then(|day| day.parse::<i64>().ok());
    let day = day.filter(|day| (1..=31).contains(day));
    let placed = calendar.latest.zip(calendar.latest_year()).and_then(|(latest, year)| {
        [year, year - 1].into_iter().find_map(|year| {
            let begins = |year: i32, month: u8| Some(i64::from(Civil::new(year, month, 1)?.days()));
            let next = if month == 12 {
                begins(year + 1, 1)?
            } else {
                begins(year, month + 1)?
            };
            let first = calendar.bounds(year)?.0 + begins(year, month)? - begins(year, 1)?;
            let last = first + next - begins(year, month)? - 1;
            (first <= latest).then_some((year, first, last))
        })
    });
    Some(placed.map(|(year, first, last)| {
        let (start, end) = day.map_or((first, last), |day| (first + day - 1, first + day - 1));
        let (from, to) = match word {
            "since" | "from" => (start, EVER.1),
            "after" => (end + 1, EVER.1),
            "before" => (EVER.0, start - 1),
            "until" | "by" => (EVER.0, end),
            _ => (start, end),
        };
        let day = day.map_or(String::new(), |day| format!("{day} "));
        Period {
            from,
            to,
            label: format!("{word} {day}{name} {year}"),
        }
    }))
}

/// A date that names a month alone stands for all of it.
fn month_end(text: &str, day: i64) -> i64 {
    if text.bytes().filter(u8::is_ascii_digit).count() == 4 && when::month(text).is_some() {
        day + 30
    } else {
        day
    }
}

/// "in the last 6 months", "over the past year".
fn span_back(words: &Words<'_>, calendar: &Calendar) -> Option<Option<Period>> {
    let at = (0..words.len()).find(|i| matches!(words.word(*i), Some("last" | "past" | "previous")))?;
    let (count, unit_at) = match words.any(at + 1) {
        Some(number) if number.parse::<i64>().is_ok() => (number.parse::<i64>().ok()?, at + 2),
        Some(word) => match ["one", "two", "three", "four", "five", "six"]
            .iter()
            .position(|w| *w == word)
        {
            Some(n) => (i64::try_from(n).ok()? + 1, at + 2),
            None => (1, at + 1),
        },
        None => return None,
    };
    let unit = words.word(unit_at)?;
    let days = match unit.trim_end_matches('s') {
        "day" => 1,
        "week" => 7,
        "month" => 31,
        "year" => 366,
        _ => return None,
    };
    Some(calendar.latest.map(|latest| Period {
        from: latest - count.clamp(0, 100_000) * days,
        to: EVER.1,
        label: format!("in the {count} {unit} before the record's latest entry"),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_periods() {
        // Year 2025 begins at day 100, 2026 at day 465.
        let calendar = Calendar {
            years: vec![(2025, 100), (2026, 465), (2027, 830)],
            latest: Some(500),
        };
        let check = |question: &str, expect: Option<(i64, i64)>| {
            let got = match of(question, &calendar) {
                Asked::In(p) => Some((p.from, p.to)),
                _ => None,
            };
            assert_eq!(got, expect, "{question}");
        };
        check("Which medicines changed this year?", Some((465, 829)));
        check("Which changed last year?", Some((100, 464)));
        check("since 2026?", Some((465, EVER.1)));
        check("in 2025", Some((100, 464)));
        check("in the last 2 months", Some((438, EVER.1)));
        check("since [DAY_480TR]", Some((480, EVER.1)));
        check("A1c in [DAY_480TR]", Some((480, 510)));
        check("A1c on [DAY_480TR]", Some((480, 480)));
        check("What is her last A1c?", None);
        // The latest entry is of 5 February 2026.
        check("What changed since January?", Some((465, EVER.1)));
        check("What was the A1c in May?", Some((220, 250)));
        check("after May 14", Some((234, EVER.1)));
        check("What changed since the last visit?", None);
        check("What may she take?", None);
        assert_eq!(of("What changed since the last visit?", &calendar), Asked::Unplaced);
        assert_eq!(of("What was the A1c in [TEXT_1MD]?", &calendar), Asked::Unplaced);
        assert_eq!(of("A1c of [TEXT_1MD]?", &calendar), Asked::Always);
        assert_eq!(of("Since when is she on warfarin?", &calendar), Asked::Always);
        check("in 1999", None);
    }
}
