//! Dates as records write them: ISO 8601, HL7, US prose, and the placeholders that stand for them.

use std::{fmt, sync::OnceLock};

use regex::Regex;
use ward_formats::{Span, date::Civil, placeholder};

use crate::lexicon::has_digit;

/// When something was so. The text is patient data: `Debug` shows the day only.
#[derive(Clone, PartialEq, Eq)]
pub struct When {
    /// The date as written (a time of day is left off): `2023-04-05`, `20230405`, `March 4, 2022`,
    /// `[DAY_4812TR]`.
    pub text: String,
    /// Days since 1970-01-01 for a real date (the first day of a month or year where no more is
    /// given), the number for a `[DAY_n..]` placeholder, nothing where neither could be read.
    pub day: Option<i64>,
    /// Where the text stands in the document's source.
    pub span: Option<Span>,
}

impl fmt::Debug for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("When").field("day", &self.day).finish_non_exhaustive()
    }
}

/// Reads a machine date that `text` begins with (FHIR dateTime, HL7 DTM, or a placeholder) and
/// leaves the time of day off. `at` is where `text` stands in the source.
pub(crate) fn machine(text: &str, at: usize) -> Option<When> {
    let made = |len: usize, day: Option<i64>| {
        Some(When {
            text: text.get(..len)?.to_owned(),
            day,
            span: Some(Span::new(at, at + len)),
        })
    };
    if let Some(found) = placeholder::at_start(text) {
        return if matches!(found.class, "DAY" | "BIRTH") {
            made(found.len, (found.class == "DAY").then_some(i64::from(found.number)))
        } else {
            None
        };
    }
    if let Some(civil) = Civil::from_iso(text) {
        return made(text.len().min(10), Some(i64::from(civil.days())));
    }
    if let Some(civil) = Civil::from_hl7(text) {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        return made(digits.min(8), Some(i64::from(civil.days())));
    }
    None
}

/// A date written by [`When::iso`], or whatever else stands for one. It has no place.
pub(crate) fn written(text: &str) -> When {
    When {
        span: None,
        ..machine(text, 0).filter(|when| when.text == text).unwrap_or(When {
            text: text.to_owned(),
            day: None,
            span: None,
        })
    }
}

impl When {
    /// Whether it names no day: `1999`, `03/2020`.
    pub(crate) fn is_part_of_day(&self) -> bool {
        self.text.len() <= 7 && self.text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'/')
    }

    /// The same date without its place, as ISO 8601 (`2022`, `2022-03`, `2022-03-04`) where the calendar knows it;
    /// a placeholder and what could not be read stay as written, white space squeezed.
    #[must_use]
    pub fn iso(&self) -> When {
        let text = self.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        let civil = self
            .day
            .filter(|_| !text.starts_with('['))
            .and_then(|day| Civil::from_days(i32::try_from(day).ok()?));
        let Some(Civil { year, month, day, .. }) = civil else {
            return written(&text);
        };
        let in_words = text.bytes().any(|b| b.is_ascii_alphabetic());
        let month_alone = match text.len() {
            _ if text.matches('/').count() == 1 => true,
            6 => digits == 6,
            7 => digits == 6 && text.as_bytes().get(4) == Some(&b'-'),
            _ => digits == 4 && in_words,
        };
        written(&if text.len() == 4 && digits == 4 {
            format!("{year:04}")
        } else if month_alone {
            format!("{year:04}-{month:02}")
        } else {
            format!("{year:04}-{month:02}-{day:02}")
        })
    }
}

/// A date found in running text.
pub(crate) struct Found {
    /// First byte in the text searched.
    pub(crate) start: usize,
    /// One past the last byte.
    pub(crate) end: usize,
    /// Its day, in the units of [`When::day`].
    pub(crate) day: i64,
}

/// The two ways of writing dates: the months of a pattern's words are read by [`month`].
fn pattern(day_first: bool) -> Option<&'static Regex> {
    static MONTH_FIRST: OnceLock<Option<Regex>> = OnceLock::new();
    static DAY_FIRST: OnceLock<Option<Regex>> = OnceLock::new();
    if day_first {
        let made = DAY_FIRST.get_or_init(|| {
            Regex::new(concat!(
                r"(?i)\b(?:(?P<iy>(?:19|20)\d\d)-(?P<im>\d\d)-(?P<id>\d\d)",
                r"|(?P<ud>\d{1,2})(?:\. ?|/)(?P<um>\d{1,2})(?:\. ?|/)(?P<uy>(?:19|20)\d\d|\d\d)",
                r"|(?P<xd>\d{1,2})\. ?(?P<xm>jan|feb|mär|maer|apr|mai|jun|jul|aug|sep|okt|nov|dez)[a-z]{0,6}\.? (?P<xy>(?:19|20)\d\d)",
                r"|(?P<wm>jan|feb|mär|maer|apr|mai|jun|jul|aug|sep|okt|nov|dez)[a-z]{0,6}\.? (?P<wy>(?:19|20)\d\d)",
                r")\b"
            ))
            .ok()
        });
        return made.as_ref();
    }
    let made = MONTH_FIRST.get_or_init(|| {
        Regex::new(concat!(
            r"(?i)\b(?:(?P<iy>(?:19|20)\d\d)-(?P<im>\d\d)-(?P<id>\d\d)",
            r"|(?P<um>\d{1,2})[/-](?P<ud>\d{1,2})[/-](?P<uy>(?:19|20)\d\d|\d\d)",
            r"|(?P<wm>jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]{0,6}\.? (?:(?P<wd>\d{1,2})(?:st|nd|rd|th)?,? )?(?P<wy>(?:19|20)\d\d)",
            r"|(?P<xd>\d{1,2}) (?P<xm>jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]{0,6}\.? (?P<xy>(?:19|20)\d\d)",
            r")\b"
        ))
        .ok()
    });
    made.as_ref()
}

/// Every full date in `text` (day, month and year, or month and year in words, or a `[DAY_n..]`), ascending.
pub(crate) fn find(text: &str) -> Vec<Found> {
    let pattern = may_date(text.as_bytes()).then(|| pattern(false)).flatten();
    find_by(text, pattern)
}

/// The same for a text that writes the day first: `03.11.2025`, `3. November 2025`, `November 2025`.
pub(crate) fn find_day_first(text: &str) -> Vec<Found> {
    let may = has_digit(text.as_bytes());
    find_by(text, may.then(|| pattern(true)).flatten())
}

fn find_by(text: &str, pattern: Option<&'static Regex>) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    if text.as_bytes().contains(&b'[') && text.contains("[DAY_") {
        for (start, holder) in placeholder::find(text) {
            if holder.class == "DAY" {
                found.push(Found {
                    start,
                    end: start + holder.len,
                    day: i64::from(holder.number),
                });
            }
        }
    }
    if let Some(pattern) = pattern {
        for hit in pattern.captures_iter(text) {
            let number = |name: &str| hit.name(name).and_then(|m| m.as_str().parse::<i32>().ok());
            let parts = if let (Some(y), Some(m), Some(d)) = (number("iy"), number("im"), number("id")) {
                Some((y, m, d))
            } else if let (Some(y), Some(m), Some(d)) = (number("uy"), number("um"), number("ud")) {
                let y = match y {
                    0..=49 => 2000 + y,
                    50..=99 => 1900 + y,
                    _ => y,
                };
                Some((y, m, d))
            } else if let (Some(y), Some(m)) = (number("wy"), hit.name("wm").and_then(|m| month(m.as_str()))) {
                Some((y, m, number("wd").unwrap_or(1)))
            } else if let (Some(y), Some(m), Some(d)) = (
                number("xy"),
                hit.name("xm").and_then(|m| month(m.as_str())),
                number("xd"),
            ) {
                Some((y, m, d))
            } else {
                None
            };
            let (Some((y, m, d)), Some(whole)) = (parts, hit.get(0)) else {
                continue;
            };
            let (Ok(m), Ok(d)) = (u8::try_from(m), u8::try_from(d)) else {
                continue;
            };
            if let Some(civil) = Civil::new(y, m, d) {
                found.push(Found {
                    start: whole.start(),
                    end: whole.end(),
                    day: i64::from(civil.days()),
                });
            }
        }
        found.sort_by_key(|f| f.start);
    }
    found
}

/// Whether a date can stand in `text`: two digits parted by a dash or slash and another one after, or four digits of a year.
fn may_date(text: &[u8]) -> bool {
    let digit = |i: usize| text.get(i).is_some_and(u8::is_ascii_digit);
    if !has_digit(text) {
        return false;
    }
    let (mut parted, mut i) = (0, 0);
    while let Some(skipped) = text.get(i..).and_then(|rest| rest.iter().position(u8::is_ascii_digit)) {
        let start = i + skipped;
        i = start;
        while digit(i) {
            i += 1;
        }
        let century = matches!(text.get(start..start + 2), Some(b"19" | b"20"));
        let goes_on = matches!(text.get(i), Some(b'-' | b'/')) && digit(i + 1);
        parted = if goes_on { parted + 1 } else { 0 };
        if parted == 2 || (i - start == 4 && century) {
            return true;
        }
        i += usize::from(goes_on);
    }
    false
}

/// The number of a month by its first three letters, in English or German.
pub(crate) fn month(word: &str) -> Option<i32> {
    const MONTHS: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    let head = word.get(..3)?.to_lowercase();
    // German months that begin in another way; those that begin alike are above.
    let head = match head.as_str() {
        "mä" | "mae" => "mar",
        "mai" => "may",
        "okt" => "oct",
        "dez" => "dec",
        _ => head.as_str(),
    };
    MONTHS
        .iter()
        .position(|m| *m == head)
        .and_then(|i| i32::try_from(i + 1).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_dates_in_prose() {
        let check = |text: &str, expect: &[&str]| {
            let got: Vec<&str> = find(text).iter().map(|f| &text[f.start..f.end]).collect();
            assert_eq!(got, expect, "{text}");
        };
        check("Seen 2023-04-05 and 4/6/23.", &["2023-04-05", "4/6/23"]);
        check(
            "On March 4, 2022 and 5 May 2021, Sept 2020",
            &["March 4, 2022", "5 May 2021", "Sept 2020"],
        );
        check("BP 130/80, 1/2 tablet, 13/45/2022", &[]);
        check("[DAY_4812TR] then [NAME_1KQ]", &["[DAY_4812TR]"]);
    }

    #[test]
    fn finds_dates_that_begin_with_the_day() {
        let check = |text: &str, expect: &[(&str, &str)]| {
            let iso = |f: &Found| Civil::from_days(i32::try_from(f.day).unwrap()).unwrap();
            let got: Vec<(&str, String)> = find_day_first(text)
                .iter()
                .map(|f| (&text[f.start..f.end], iso(f)))
                .map(|(text, at)| (text, format!("{:04}-{:02}-{:02}", at.year, at.month, at.day)))
                .collect();
            let got: Vec<(&str, &str)> = got.iter().map(|(text, iso)| (*text, iso.as_str())).collect();
            assert_eq!(got, expect, "{text}");
        };
        check(
            "Am 03.11.2025 und 4.12.25",
            &[("03.11.2025", "2025-11-03"), ("4.12.25", "2025-12-04")],
        );
        check(
            "3. November 2025, März 2024, 24. Dez. 2023",
            &[
                ("3. November 2025", "2025-11-03"),
                ("März 2024", "2024-03-01"),
                ("24. Dez. 2023", "2023-12-24"),
            ],
        );
        check(
            "2025-11-03, 1.250 µl, 7,5 mg, 32.13.2025",
            &[("2025-11-03", "2025-11-03")],
        );
    }

    #[test]
    fn reads_machine_dates() {
        let check = |text: &str, expect: Option<(&str, Option<i64>)>| {
            let got = machine(text, 7);
            assert_eq!(got.as_ref().map(|w| (w.text.as_str(), w.day)), expect, "{text}");
        };
        check("1970-01-02T10:00:00Z", Some(("1970-01-02", Some(1))));
        check("19700103101500+0100", Some(("19700103", Some(2))));
        check("[DAY_4812TR]T10:00", Some(("[DAY_4812TR]", Some(4812))));
        check("[NAME_1KQ]", None);
        check("soon", None);
    }
}
