//! Tables of supported versions and tables of response times.

use std::{ops::RangeInclusive, sync::LazyLock};

use regex::Regex;

use crate::{
    promise::{TimeUnit, Within},
    read::{ClockKind, Versions, times},
    topic::Topic,
};

/// A row of a version table, without its place.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Version {
    pub(super) text: String,
    pub(super) versions: Versions,
    pub(super) supported: Option<bool>,
    pub(super) until: Option<RangeInclusive<i64>>,
}

/// Whether a table with this head lists versions, and in which columns: the version's, the state's, the end's.
pub(super) fn version_columns(header: &[String]) -> Option<(usize, Option<usize>, Option<usize>)> {
    let lower: Vec<String> = header.iter().map(|cell| cell.to_lowercase()).collect();
    let has = |cell: &str, words: &[&str]| words.iter().any(|word| cell.contains(word));
    let version = lower
        .iter()
        .position(|cell| has(cell, &["version", "release", "branch", "series"]))?;
    let ends = [
        "end of",
        "eol",
        "until",
        "end date",
        "expires",
        "support ends",
        "end-of",
        "ends",
    ];
    let is_end = |at: usize, cell: &str| at != version && (has(cell, &ends) || cell.trim() == "end");
    let mut all = lower.iter().enumerate().filter(|(at, cell)| is_end(*at, cell));
    // The end of the whole counts for more than that of a part.
    let whole = all.clone().find(|(_, cell)| phase(cell).is_none());
    let end = whole.or_else(|| all.next()).map(|(at, _)| at);
    let state = lower
        .iter()
        .enumerate()
        .find(|(at, cell)| {
            Some(*at) != end
                && *at != version
                && [
                    "support", "status", "security", "maintain", "patch", "fixes", "active", "receives",
                ]
                .iter()
                .any(|word| cell.contains(word))
        })
        .map(|(at, _)| at);
    (state.is_some() || end.is_some()).then_some((version, state, end))
}

/// Which part of the support ends on the days of a column, by its head: "Active until", "Bug fixes until". None for the whole
/// of it, and for fixes of vulnerabilities.
pub(super) fn phase(head: &str) -> Option<&'static str> {
    let lower = head.to_lowercase();
    ["active", "feature", "bug", "extended", "paid", "commercial", "lts"]
        .into_iter()
        .find(|word| {
            lower
                .split(|c: char| !c.is_alphanumeric())
                .any(|one| one.starts_with(word))
        })
}

/// What a row of such a table says.
pub(super) fn version_row(cells: &[String], columns: (usize, Option<usize>, Option<usize>)) -> Option<Version> {
    let (version, state, end) = columns;
    let text = cells.get(version)?.trim().trim_matches('`').to_owned();
    if text.is_empty() {
        return None;
    }
    let cell = |at: Option<usize>| {
        at.and_then(|at| cells.get(at))
            .map(|cell| cell.trim())
            .filter(|cell| !cell.is_empty())
    };
    // A state's cell may hold the date: "Until 2025-06-01".
    let until = cell(end).and_then(days).or_else(|| cell(state).and_then(days));
    let supported = cell(state).and_then(is_supported);
    Some(Version {
        versions: versions(&text),
        text,
        supported,
        until,
    })
}

/// Whether a cell says yes.
pub(super) fn is_supported(cell: &str) -> Option<bool> {
    let lower = cell.to_lowercase();
    let lower = lower.trim();
    let no = [
        "❌",
        ":x:",
        "✗",
        "✘",
        "✖",
        "🚫",
        "⛔",
        ":no_entry",
        "🔴",
        ":heavy_multiplication_x:",
        "☒",
        "❎",
        "👎",
        ":-1:",
        "cross mark",
    ];
    let yes = [
        "✅",
        "✔",
        "✓",
        "☑",
        ":white_check_mark:",
        ":heavy_check_mark:",
        "🟢",
        ":ballot_box_with_check:",
        ":green_circle:",
        "👍",
        "💚",
        "check mark",
        "🟡",
        "⚠",
    ];
    if no.iter().any(|mark| lower.contains(mark)) {
        return Some(false);
    }
    let words = lower.trim_matches(|c: char| !c.is_alphanumeric());
    let negative = [
        "no",
        "not supported",
        "unsupported",
        "none",
        "false",
        "n",
        "eol",
        "end of life",
        "ended",
        "deprecated",
        "discontinued",
        "never",
        "x",
        "not maintained",
        "unmaintained",
        "inactive",
        "no longer",
        "best effort only",
    ];
    if negative.iter().any(|word| {
        words == *word
            || (word.len() > 2 && words.starts_with(word))
            || words.starts_with("no ")
            || words.starts_with("no,")
    }) {
        return Some(false);
    }
    if yes.iter().any(|mark| lower.contains(mark)) {
        return Some(true);
    }
    let positive = [
        "yes",
        "supported",
        "active",
        "true",
        "y",
        "full",
        "current",
        "maintained",
        "security",
        "lts",
        "critical",
        "latest",
        "until",
        "stable",
        "ok",
        "partial",
        "limited",
        "all",
        "bug",
    ];
    positive.iter().any(|word| words.starts_with(word)).then_some(true)
}

/// What a version's cell means.
pub(super) fn versions(text: &str) -> Versions {
    static ONE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"^(?:version\s+|release\s+|v\.?\s?)?(\d+(?:\.\d+){0,3}(?:[-.]?(?:alpha|beta|rc|a|b|dev|post)[-.]?\d*)?)((?:\.(?:x|\*|y|z))*|\+|\s+lts)?$").ok()
    });
    static COMPARED: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"^(<=|>=|<|>|≤|≥|=)\s*(?:v\.?\s?)?(\d+(?:\.\d+){0,3}(?:[-.]?(?:alpha|beta|rc|a|b|dev|post)[-.]?\d*)?)(?:\.(?:x|\*))*$").ok()
    });
    static BETWEEN: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"^(?:v\.?\s?)?(\d+(?:\.\d+){0,3})(?:\.(?:x|\*))*\s*(?:-|–|to|through|\.\.)\s*(?:v\.?\s?)?(\d+(?:\.\d+){0,3})(?:\.(?:x|\*))*$").ok()
    });
    let lower = text.trim().trim_matches(['`', '*', '"']).to_lowercase();
    let lower = lower.split(['(', ',']).next().unwrap_or_default().trim();
    if let Some(groups) = ONE.as_ref().and_then(|regex| regex.captures(lower)) {
        let number = groups.get(1).map_or("", |number| number.as_str()).to_owned();
        let rest = groups.get(2).map_or("", |rest| rest.as_str());
        return match rest {
            "" if number.contains('.') => Versions::Exact(number),
            "+" => Versions::Compared(">=", number),
            _ => Versions::Series(number),
        };
    }
    if let Some(groups) = COMPARED.as_ref().and_then(|regex| regex.captures(lower)) {
        let number = groups.get(2).map_or("", |number| number.as_str()).to_owned();
        return match groups.get(1).map_or("", |sign| sign.as_str()) {
            "<" => Versions::Compared("<", number),
            "<=" | "≤" => Versions::Compared("<=", number),
            ">" => Versions::Compared(">", number),
            "=" => Versions::Exact(number),
            _ => Versions::Compared(">=", number),
        };
    }
    if let Some(groups) = BETWEEN.as_ref().and_then(|regex| regex.captures(lower)) {
        let part = |at: usize| groups.get(at).map_or("", |number| number.as_str()).to_owned();
        return Versions::Between(part(1), part(2));
    }
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    if has(&[
        "older",
        "other",
        "previous",
        "earlier",
        "prior",
        "below",
        "everything else",
        "all before",
        "rest",
        "old ",
        "past ",
    ]) {
        Versions::Older
    } else if has(&["latest", "newest", "most recent", "current", "last release"]) {
        Versions::Latest
    } else if has(&["main", "master", "dev", "develop", "nightly", "trunk", "head", "branch"]) {
        let name = ["master", "develop", "main", "dev", "nightly", "trunk"]
            .into_iter()
            .find(|name| lower.contains(name))
            .unwrap_or(lower);
        Versions::Branch(name.to_owned())
    } else {
        Versions::Unknown
    }
}

/// The days that a date anywhere in a text may mean as an end, since 1970: `2025-06-30`, `30 June 2025`, `June 30, 2025` are
/// one; `June 2025`, `Q2 2025` and `2025` alone are their last day at the latest, and the one before their first at the
/// earliest.
pub(super) fn days(text: &str) -> Option<RangeInclusive<i64>> {
    static ISO: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"\b(20\d\d)[-/.](\d{1,2})(?:[-/.](\d{1,2}))?\b").ok());
    static NAMED: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?i)\b(?:(\d{1,2})(?:st|nd|rd|th)?\.?\s+(?:of\s+)?)?(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?(?:\s+(\d{1,2})(?:st|nd|rd|th)?)?,?\s+(20\d\d)\b").ok()
    });
    static QUARTER: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?i)\bq([1-4])[\s/-]*(20\d\d)\b").ok());
    static YEAR: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^\D{0,20}(20\d\d)\D{0,3}$").ok());
    let number = |group: Option<regex::Match<'_>>| group.and_then(|group| group.as_str().parse::<i64>().ok());
    if let Some(groups) = ISO.as_ref().and_then(|regex| regex.captures(text)) {
        let (year, month) = (number(groups.get(1))?, number(groups.get(2))?);
        return match number(groups.get(3)) {
            Some(day) => one_day(year, month, day),
            None => months(year, month, month),
        };
    }
    if let Some(groups) = NAMED.as_ref().and_then(|regex| regex.captures(text)) {
        let name = groups.get(2)?.as_str().to_ascii_lowercase();
        let names = [
            "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
        ];
        let month = i64::try_from(names.iter().position(|month| name.starts_with(month))? + 1).ok()?;
        let year = number(groups.get(4))?;
        return match number(groups.get(1)).or_else(|| number(groups.get(3))) {
            Some(day) => one_day(year, month, day),
            None => months(year, month, month),
        };
    }
    if let Some(groups) = QUARTER.as_ref().and_then(|regex| regex.captures(text)) {
        let quarter = number(groups.get(1))?;
        return months(number(groups.get(2))?, quarter * 3 - 2, quarter * 3);
    }
    let groups = YEAR.as_ref()?.captures(text)?;
    months(number(groups.get(1))?, 1, 12)
}

/// Days since 1970 of a day of the Gregorian calendar (Howard Hinnant, "chrono-compatible low-level date algorithms").
pub(super) fn day_of(year: i64, month: i64, day: i64) -> Option<i64> {
    if !(1..=12).contains(&month) || day < 1 || day > length(year, month) {
        return None;
    }
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    Some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
}

fn one_day(year: i64, month: i64, day: i64) -> Option<RangeInclusive<i64>> {
    let day = day_of(year, month, day)?;
    Some(day..=day)
}

/// From the day before the first of these months to their last.
fn months(year: i64, first: i64, last: i64) -> Option<RangeInclusive<i64>> {
    Some(day_of(year, first, 1)? - 1..=day_of(year, last, length(year, last))?)
}

fn length(year: i64, month: i64) -> i64 {
    match month {
        2 if (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The severity that a cell names.
pub(super) fn severity(cell: &str) -> Option<&'static str> {
    let lower = cell.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).collect();
    let has = |names: &[&str]| words.iter().take(6).any(|word| names.contains(word));
    if has(&["critical", "p0", "sev0", "sev1"]) {
        Some("critical")
    } else if has(&["high", "severe", "p1", "important"]) {
        Some("high")
    } else if has(&["medium", "moderate", "p2"]) {
        Some("medium")
    } else if has(&["low", "minor", "p3", "p4"]) {
        Some("low")
    } else {
        None
    }
}

/// What is done by the time that a column's head, or the first cell of a row, names.
pub(super) fn clock_kind(text: &str) -> Option<ClockKind> {
    let lower = text.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    if has(&["disclos", "publi", "embargo", "announce"]) {
        Some(ClockKind::Publish)
    } else if has(&[
        "acknowledg",
        "first response",
        "initial response",
        "confirmation",
        "receipt",
        "reply",
    ]) {
        Some(ClockKind::Acknowledge)
    } else if has(&[
        "triage",
        "assess",
        "validat",
        "evaluat",
        "analysis",
        "investigat",
        "verification",
        "confirm",
    ]) {
        Some(ClockKind::Assess)
    } else if has(&["update", "progress", "status report", "communication"]) && !has(&["security update", "release"]) {
        Some(ClockKind::Update)
    } else if has(&[
        "fix", "patch", "resol", "remed", "mitigat", "release", "correct", "hotfix",
    ]) {
        Some(ClockKind::Fix)
    } else if has(&["respon"]) {
        Some(ClockKind::Acknowledge)
    } else {
        None
    }
}

/// The step that a few words beside a time name: as a row's label, and in the words of lists.
pub(super) fn step_kind(text: &str) -> Option<ClockKind> {
    let lower = text.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    clock_kind(text).or_else(|| {
        Some(match () {
            () if has(&["answer", "hear back"]) => ClockKind::Acknowledge,
            () if has(&["verdict", "decision", "rating", "rated", "severity"]) => ClockKind::Assess,
            () if has(&["status", "news"]) => ClockKind::Update,
            () if has(&["repair", "closed"]) => ClockKind::Fix,
            () => return None,
        })
    })
}

/// The topic of a clock.
pub(super) fn topic_of(kind: ClockKind) -> Option<Topic> {
    Some(match kind {
        ClockKind::Acknowledge => Topic::Acknowledge,
        ClockKind::Assess => Topic::Assess,
        ClockKind::Fix => Topic::Fix,
        ClockKind::Update => Topic::Updates,
        ClockKind::Publish => Topic::Embargo,
        ClockKind::Other => return None,
    })
}

/// The clock that a topic sets.
pub(super) fn clock_of(topic: Topic) -> Option<ClockKind> {
    Some(match topic {
        Topic::Acknowledge => ClockKind::Acknowledge,
        Topic::Assess => ClockKind::Assess,
        Topic::Fix => ClockKind::Fix,
        Topic::Updates => ClockKind::Update,
        Topic::Embargo => ClockKind::Publish,
        _ => return None,
    })
}

/// The time in a cell: a duration, or "as soon as possible".
pub(super) fn time_in(cell: &str) -> Option<Within> {
    let lower = cell.to_lowercase();
    if let Some(time) = times::times(&lower).first() {
        return Some(time.within);
    }
    let vague = [
        "best effort",
        "as soon as",
        "asap",
        "prompt",
        "next release",
        "next scheduled",
        "immediate",
        "when possible",
        "next minor",
        "next major",
    ];
    vague.iter().any(|word| lower.contains(word)).then_some(Within {
        min: 0,
        max: 0,
        unit: TimeUnit::Vague,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_understood() {
        use Versions::*;
        let cases = [
            ("1.x.x", Series("1".into())),
            ("v2.3.x", Series("2.3".into())),
            ("2", Series("2".into())),
            ("0.4.1", Exact("0.4.1".into())),
            ("< 1.0", Compared("<", "1.0".into())),
            (">=2.1", Compared(">=", "2.1".into())),
            ("≤ 1.4.x", Compared("<=", "1.4".into())),
            ("1.2 - 1.4", Between("1.2".into(), "1.4".into())),
            ("Latest release", Latest),
            ("latest (1.4.2)", Latest),
            ("`main`", Branch("main".into())),
            ("Older versions", Older),
            ("1.0+", Compared(">=", "1.0".into())),
            ("whatever", Unknown),
        ];
        for (text, expect) in cases {
            assert_eq!(versions(text), expect, "{text}");
        }
    }

    #[test]
    fn marks_say_yes_and_no() {
        for (cell, expect) in [
            (":white_check_mark:", Some(true)),
            ("✅ Yes", Some(true)),
            (":x:", Some(false)),
            ("No longer", Some(false)),
            ("Not supported", Some(false)),
            ("Security fixes only", Some(true)),
            ("perhaps", None),
        ] {
            assert_eq!(is_supported(cell), expect, "{cell}");
        }
    }

    #[test]
    fn dates_are_read() {
        for (text, expect) in [
            ("2000-01-02", Some(10_958)),
            ("until 2024-02-29", Some(19_782)),
            ("2023-02-29", None),
            ("30 June 2025", Some(20_269)),
            ("June 30th, 2025", Some(20_269)),
            ("June 2025", Some(20_269)),
            ("Q2 2025", Some(20_269)),
            ("2025", Some(20_453)),
            ("TBD", None),
        ] {
            assert_eq!(days(text).map(|days| *days.end()), expect, "{text}");
        }
    }
}
