//! Durations: "within 48 hours", "5-7 business days", "one to two weeks", "promptly".

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use crate::promise::{TimeUnit, Within};

/// Most durations that are read from one text.
const MAX_TIMES: usize = 16;

/// A duration and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Time {
    pub(super) within: Within,
    pub(super) range: Range<usize>,
}

static TIME: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let number = r"\d{1,4}|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fourteen|fifteen|thirty|forty five|sixty|ninety|couple of|few";
    Regex::new(&format!(
        r"\b(?:({number})(?:\s*\(\d{{1,4}}\))?\s*(?:-|–|—|to|or|and)\s*)?({number})(?:\s*\(\d{{1,4}}\))?\+?[\s-]*(full\s+|calendar\s+|business\s+|working\s+|work\s+|week\s*)?(hours?|hrs?|h|days?|d|weeks?|wks?|months?|minutes?|years?|workdays?|weekdays?)\b"
    ))
    .ok()
});

/// The durations of a text in lower case, in order.
pub(super) fn times(text: &str) -> Vec<Time> {
    let mut found = Vec::new();
    if !text.bytes().any(|b| b.is_ascii_alphanumeric()) {
        return found;
    }
    let Some(regex) = TIME.as_ref() else { return found };
    for groups in regex.captures_iter(text).take(MAX_TIMES) {
        let (Some(whole), Some(second), Some(unit)) = (groups.get(0), groups.get(2), groups.get(4)) else {
            continue;
        };
        let Some(max) = number(second.as_str()) else { continue };
        let min = groups.get(1).and_then(|first| number(first.as_str())).unwrap_or(max);
        let kind = groups.get(3).map_or("", |kind| kind.as_str().trim());
        let unit = match (unit.as_str(), kind) {
            ("workday" | "workdays" | "weekday" | "weekdays", _) => TimeUnit::BusinessDays,
            ("h" | "hour" | "hours" | "hr" | "hrs", _) => TimeUnit::Hours,
            ("d" | "day" | "days", "business" | "working" | "work" | "week") => TimeUnit::BusinessDays,
            ("d" | "day" | "days", _) => TimeUnit::Days,
            ("week" | "weeks" | "wk" | "wks", _) => TimeUnit::Weeks,
            ("month" | "months", _) => TimeUnit::Months,
            _ => continue,
        };
        // "A day", "a few days": vague, unless a number stands.
        let is_article = matches!(second.as_str(), "a" | "an") && unit == TimeUnit::Days;
        let is_vague = matches!(second.as_str(), "few");
        if is_article
            && !text
                .get(..whole.start())
                .unwrap_or_default()
                .trim_end()
                .ends_with("within")
        {
            continue;
        }
        let within = if is_vague {
            Within {
                min: 0,
                max: 0,
                unit: TimeUnit::Vague,
            }
        } else {
            Within {
                min: min.min(max),
                max: max.max(min),
                unit,
            }
        };
        found.push(Time {
            within,
            range: whole.range(),
        });
    }
    found
}

fn number(text: &str) -> Option<u32> {
    Some(match text {
        "a" | "an" | "one" => 1,
        "two" | "couple of" => 2,
        "three" | "few" => 3,
        "four" => 4,
        "five" => 5,
        "six" => 6,
        "seven" => 7,
        "eight" => 8,
        "nine" => 9,
        "ten" => 10,
        "twelve" => 12,
        "fourteen" => 14,
        "fifteen" => 15,
        "thirty" => 30,
        "forty five" => 45,
        "sixty" => 60,
        "ninety" => 90,
        digits => digits.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &[(u32, u32, TimeUnit)]) {
        let found: Vec<_> = times(text)
            .into_iter()
            .map(|time| (time.within.min, time.within.max, time.within.unit))
            .collect();
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn durations_are_read() {
        check("within 48 hours", &[(48, 48, TimeUnit::Hours)]);
        check(
            "5-7 business days, or 2 – 4 weeks",
            &[(5, 7, TimeUnit::BusinessDays), (2, 4, TimeUnit::Weeks)],
        );
        check("one to two weeks", &[(1, 2, TimeUnit::Weeks)]);
        check("three (3) working days", &[(3, 3, TimeUnit::BusinessDays)]);
        check(
            "within a week; 72h; 90-day embargo",
            &[
                (1, 1, TimeUnit::Weeks),
                (72, 72, TimeUnit::Hours),
                (90, 90, TimeUnit::Days),
            ],
        );
        check("a few business days", &[(0, 0, TimeUnit::Vague)]);
        check(
            "within a month, 14 calendar days",
            &[(1, 1, TimeUnit::Months), (14, 14, TimeUnit::Days)],
        );
        check("version 1.5 and 3 dogs; one day we will", &[(1, 1, TimeUnit::Days)]);
    }
}
