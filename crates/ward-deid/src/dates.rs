//! Dates as people write them.

use ward_formats::date::{Civil, Precision};

use crate::lex::Scan;
use crate::lexicon::{MONTH, UNIT};

use self::months::{day_month_word, from_month, month_word};

pub(crate) mod foreign;
mod months;

/// A date found in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Found {
    /// First byte.
    pub(crate) start: usize,
    /// One past the last byte.
    pub(crate) end: usize,
    /// The last token that belongs to it.
    pub(crate) last: usize,
    /// Its place on the calendar; none without a year.
    pub(crate) day: Option<Civil>,
    /// True when the form leaves no doubt that it is a date. Otherwise it needs a sign before it.
    pub(crate) certain: bool,
}

/// The date that begins with token `i`: a number or the name of a month.
pub(crate) fn at(scan: &Scan<'_>, i: usize) -> Option<Found> {
    if scan.is_number(i) {
        from_number(scan, i)
    } else {
        from_month(scan, i).or_else(|| foreign::spelled_day(scan, i))
    }
}

/// Every day that the date `found` may mean, the likely one first: day and month may be swapped,
/// and a year of two digits may be of the century before.
pub(crate) fn readings(found: &Found) -> impl Iterator<Item = Civil> {
    let day = found.day.filter(|day| day.precision == Precision::Day);
    let older = |day: Civil| Civil::new(day.year - 100, day.month, day.day);
    let swapped = day.and_then(|day| Civil::new(day.year, day.day, day.month));
    [day, day.and_then(older), swapped, swapped.and_then(older)]
        .into_iter()
        .flatten()
}

/// Reads a string that is a date and nothing else, however spelled. A time of day may follow.
pub(crate) fn whole(text: &str) -> Option<Civil> {
    let text = text.trim();
    if text.len() > 64 {
        return None;
    }
    // "the 4th of March, 1972"
    let text = match text.get(..4) {
        Some(the) if the.eq_ignore_ascii_case("the ") => text.get(4..).unwrap_or(text).trim_start(),
        _ => text,
    };
    if let Some(day) = Civil::from_iso(text).or_else(|| Civil::from_hl7(text)) {
        return plausible(day).then_some(day);
    }
    let scan = Scan::new(text);
    let found = at(&scan, 0).filter(|found| found.start == 0)?;
    let rest = text.get(found.end..)?;
    let is_time = rest
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, ':' | ' ' | ',' | '.' | 'a' | 'p' | 'm' | 'A' | 'P' | 'M'));
    if is_time { found.day } else { None }
}

/// Splits an ISO or HL7 timestamp into its date and the rest, time of day and zone.
pub(crate) fn split_time(text: &str) -> (&str, &str) {
    let bytes = text.as_bytes();
    let at = match bytes.get(10) {
        Some(b'T' | b't' | b' ') if bytes.get(4) == Some(&b'-') => 10,
        _ if bytes.len() >= 10 && bytes.iter().take(10).all(u8::is_ascii_digit) => 8,
        _ => text.len(),
    };
    text.split_at_checked(at).unwrap_or((text, ""))
}

/// Years in which a date of a record can lie.
fn plausible(day: Civil) -> bool {
    (1850..=2199).contains(&day.year)
}

fn from_number(scan: &Scan<'_>, i: usize) -> Option<Found> {
    let digits = scan.digits(i);
    if glued_before(scan, i) {
        return None;
    }
    match digits {
        8 | 12 | 14 => compact(scan, i).or_else(|| compact_year_last(scan, i)),
        4 => year_first(scan, i)
            .or_else(|| ordinal_or_week(scan, i))
            .or_else(|| day_month_word(scan, i)),
        1 | 2 => numeric(scan, i)
            .or_else(|| day_month_word(scan, i))
            .or_else(|| day_roman_year(scan, i))
            .or_else(|| foreign::day_month_year(scan, i))
            .or_else(|| month_year(scan, i))
            .or_else(|| month_day(scan, i)),
        _ => None,
    }
}

/// True when the number at `i` goes on to the left: `120/` in `120/80/5`, `1.` in `1.2.2020`.
fn glued_before(scan: &Scan<'_>, i: usize) -> bool {
    let gap = scan.gap_before(i);
    if ends_range(scan, i) {
        return false;
    }
    i > 0 && (gap.is_empty() || (scan.is_number(i - 1) && matches!(gap, "/" | "-" | "." | ":" | ",")))
}

/// True when token `i` begins the second day of a range with slashes: `3/4-3/9/24`, `3/4/24-3/9/24`.
fn ends_range(scan: &Scan<'_>, i: usize) -> bool {
    i >= 3
        && matches!(scan.gap_before(i), "-" | "–")
        && scan.gap_before(i - 1) == "/"
        && scan.is_number(i - 2)
        && scan.gap(i) == "/"
        && matches!(scan.gap(i + 1), "/")
        && matches!(scan.digits(i), 1 | 2)
}

/// True when a range goes on after token `i`.
fn opens_range(scan: &Scan<'_>, i: usize) -> bool {
    ends_range(scan, i + 1) && numeric(scan, i + 1).is_some()
}

/// True when the date that ends with token `i` goes on as a longer number or code.
fn glued_after(scan: &Scan<'_>, i: usize) -> bool {
    let gap = scan.gap(i);
    let next = i + 1 < scan.tokens.len();
    next && (gap.is_empty() && !scan.is(i + 1, "t") || (scan.is_number(i + 1) && matches!(gap, "/" | "-" | ".")))
}

fn found(scan: &Scan<'_>, first: usize, last: usize, day: Option<Civil>, certain: bool) -> Option<Found> {
    if day.is_some_and(|day| !plausible(day)) {
        return None;
    }
    Some(Found {
        start: scan.start(first),
        end: scan.end(last),
        last,
        day,
        certain,
    })
}

/// `20240108`, `202401081530`, `20240108153000`
fn compact(scan: &Scan<'_>, i: usize) -> Option<Found> {
    let day = Civil::from_hl7(scan.word(i)).filter(|day| (1900..=2099).contains(&day.year))?;
    if glued_after(scan, i) {
        return None;
    }
    found(scan, i, i, Some(day), true)
}

/// `03141952`, `14031952`: never certain.
fn compact_year_last(scan: &Scan<'_>, i: usize) -> Option<Found> {
    if scan.digits(i) != 8 || glued_after(scan, i) {
        return None;
    }
    let number = scan.number(i)?;
    let year = i32::try_from(number % 10_000)
        .ok()
        .filter(|y| (1900..=2099).contains(y))?;
    let a = u8::try_from(number / 1_000_000).ok()?;
    let b = u8::try_from(number / 10_000 % 100).ok()?;
    let day = Civil::new(year, a, b).or_else(|| Civil::new(year, b, a))?;
    found(scan, i, i, Some(day), false)
}

/// ISO 8601 dates by day of the year (`2024-008`) and by week (`2024-W02`, `2024-W02-1`). A week
/// stands at its Monday.
fn ordinal_or_week(scan: &Scan<'_>, i: usize) -> Option<Found> {
    let year = i32::try_from(scan.number(i)?)
        .ok()
        .filter(|y| (1900..=2099).contains(y))?;
    let first = Civil::new(year, 1, 1)?;
    let small = |at: usize, digits: usize, most: u32| {
        let number = scan.number(at).filter(|n| *n <= most)?;
        (scan.digits(at) == digits).then_some(number)
    };
    if scan.gap(i) == "-"
        && let Some(day) = small(i + 1, 3, 366)
    {
        let days = first.days().checked_add(i32::try_from(day).ok()?.checked_sub(1)?)?;
        let civil = calendar(days, year).filter(|civil| civil.year == year)?;
        let certain = !scan.has(i + 2, UNIT);
        return if glued_after(scan, i + 1) {
            None
        } else {
            found(scan, i, i + 1, Some(civil), certain)
        };
    }
    if !matches!(scan.gap(i), "-" | "") || scan.word(i + 1) != "W" || !scan.gap(i + 1).is_empty() {
        return None;
    }
    let week = small(i + 2, 2, 53).filter(|week| *week > 0)?;
    let (weekday, last) = match small(i + 3, 1, 7) {
        Some(day) if scan.gap(i + 2) == "-" && day > 0 => (day, i + 3),
        _ => (1, i + 2),
    };
    if glued_after(scan, last) {
        return None;
    }
    // Week 1 holds January 4. Day 0 since 1970 was a Thursday.
    let fourth = first.days() + 3;
    let monday = fourth - (fourth + 3).rem_euclid(7);
    let days = monday + i32::try_from((week - 1) * 7 + weekday - 1).ok()?;
    found(scan, i, last, Some(calendar(days, year)?), true)
}

/// The day that lies `days` after 1970-01-01; none outside of the years that a record can hold.
pub(crate) fn calendar_day(days: i32) -> Option<Civil> {
    calendar(days, 1970 + days.div_euclid(365))
        .or_else(|| calendar(days, 1970 + days.div_euclid(366)))
        .filter(|day| plausible(*day))
}

/// The day that lies `days` after 1970-01-01, in `year` or beside it.
fn calendar(days: i32, year: i32) -> Option<Civil> {
    (year - 1..=year + 1)
        .flat_map(|year| (1..=12).map(move |month| (year, month)))
        .find_map(|(year, month)| {
            let first = Civil::new(year, month, 1)?.days();
            Civil::new(
                year,
                month,
                u8::try_from(days.checked_sub(first)?.checked_add(1)?).ok()?,
            )
        })
}

/// `2024-01-08`, `2024/1/8`, `2024.01.08`, `2024-01-08T10:00:00Z`, `2024-Jan-08`, `2024-01`
fn year_first(scan: &Scan<'_>, i: usize) -> Option<Found> {
    let year = i32::try_from(scan.number(i)?).ok()?;
    let separator = scan.gap(i);
    if !matches!(separator, "-" | "/" | "." | "‐" | "–") || !(1850..=2199).contains(&year) {
        return None;
    }
    let month = month_at(scan, i + 1)?;
    if scan.gap(i + 1) == separator && matches!(scan.digits(i + 2), 1 | 2) {
        let day = Civil::new(year, month, u8::try_from(scan.number(i + 2)?).ok()?)?;
        if glued_after(scan, i + 2) {
            return None;
        }
        let mut last = i + 2;
        if scan.is(last + 1, "t")
            && scan.gap(last).is_empty()
            && scan.digits(last + 2) == 2
            && scan.gap(last + 1).is_empty()
        {
            last = time_end(scan, last + 2);
        } else if scan.word(last + 1).len() > 1 && scan.gap(last).is_empty() {
            return None;
        }
        let mut found = found(scan, i, last, Some(day), true)?;
        found.end = zone_end(scan, found.end, last > i + 2);
        return Some(found);
    }
    // Year and month: `2024-01`, `2024/01`. "2010-12" may be a range of years.
    if matches!(separator, "-" | "/") && scan.digits(i + 1) == 2 && !glued_after(scan, i + 1) {
        let day = Civil {
            precision: Precision::Month,
            ..Civil::new(year, month, 1)?
        };
        let range = separator == "-" && month > 9 && i32::from(month) > year % 100;
        let certain = (1950..=2039).contains(&year) && !range && !scan.has(i + 2, UNIT);
        return found(scan, i, i + 1, Some(day), certain);
    }
    None
}

/// `17-III-1951`, `17.III.1951`
fn day_roman_year(scan: &Scan<'_>, i: usize) -> Option<Found> {
    const ROMAN: [&str; 12] = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"];
    let separator = scan.gap(i);
    if !matches!(separator, "-" | "." | "/" | ". ") || scan.gap(i + 1) != separator || scan.digits(i + 2) != 4 {
        return None;
    }
    let month = ROMAN.iter().position(|roman| *roman == scan.word(i + 1))?;
    let day = u8::try_from(scan.number(i)?).ok()?;
    let civil = Civil::new(year_at(scan, i + 2)?, u8::try_from(month + 1).ok()?, day)?;
    if glued_after(scan, i + 2) {
        return None;
    }
    found(scan, i, i + 2, Some(civil), true)
}

/// `170351`, `031751`, `510317`: six digits that are a date, for places where only a date can stand.
pub(crate) fn six_digits(scan: &Scan<'_>, i: usize) -> Option<Found> {
    if scan.digits(i) != 6 || glued_before(scan, i) || glued_after(scan, i) {
        return None;
    }
    let number = scan.number(i)?;
    let part = |by: u32| u8::try_from(number / by % 100).ok();
    let (a, b, c) = (part(10_000)?, part(100)?, part(1)?);
    let century = |year: u8| i32::from(year) + if year <= 40 { 2000 } else { 1900 };
    let day = Civil::new(century(c), a, b)
        .or_else(|| Civil::new(century(c), b, a))
        .or_else(|| Civil::new(century(a), b, c))?;
    found(scan, i, i, Some(day), false)
}

/// `03122024`, `12032024`: eight digits with the year at the end, for places where only a date can stand.
pub(crate) fn eight_digits(scan: &Scan<'_>, i: usize) -> Option<Found> {
    if scan.digits(i) != 8 || glued_before(scan, i) || glued_after(scan, i) {
        return None;
    }
    let number = scan.number(i)?;
    let year = i32::try_from(number % 10_000)
        .ok()
        .filter(|year| (1900..=2100).contains(year))?;
    let part = |by: u32| u8::try_from(number / by % 100).ok();
    let (a, b) = (part(1_000_000)?, part(10_000)?);
    let day = Civil::new(year, a, b).or_else(|| Civil::new(year, b, a))?;
    found(scan, i, i, Some(day), false)
}

/// Every day that the six digits of token `i` may mean: day, month and year in the three usual orders, in this century and
/// the last. None when token `i` has not six digits.
pub(crate) fn of_six_digits(scan: &Scan<'_>, i: usize) -> impl Iterator<Item = Civil> {
    let number = scan.number(i).filter(|_| scan.digits(i) == 6);
    let part = |by: u32| {
        number
            .and_then(|number| u8::try_from(number / by % 100).ok())
            .unwrap_or(0)
    };
    let (a, b, c) = (part(10_000), part(100), part(1));
    [(c, b, a), (c, a, b), (a, b, c)]
        .into_iter()
        .filter(move |_| number.is_some())
        .flat_map(|(year, month, day)| [1900, 2000].map(|century| Civil::new(century + i32::from(year), month, day)))
        .flatten()
}

/// The last token of a time of day that begins at token `i`.
fn time_end(scan: &Scan<'_>, i: usize) -> usize {
    let mut last = i;
    for _ in 0..3 {
        let separator = scan.gap(last);
        if matches!(separator, ":" | ".") && scan.is_number(last + 1) {
            last += 1;
        } else {
            break;
        }
    }
    if scan.gap(last).is_empty() && scan.is(last + 1, "z") {
        last += 1;
    }
    last
}

/// Takes in a numeric zone `+01:00` after an ISO time.
fn zone_end(scan: &Scan<'_>, end: usize, timed: bool) -> usize {
    let rest = scan.text.as_bytes().get(end..).unwrap_or_default();
    let is_zone = timed
        && matches!(rest.first(), Some(b'+' | b'-'))
        && rest.get(1..3).is_some_and(|d| d.iter().all(u8::is_ascii_digit))
        && rest.get(3) == Some(&b':')
        && rest.get(4..6).is_some_and(|d| d.iter().all(u8::is_ascii_digit));
    if is_zone { end + 6 } else { end }
}

/// A month as one or two digits or as a word.
fn month_at(scan: &Scan<'_>, i: usize) -> Option<u8> {
    if scan.is_number(i) {
        if scan.digits(i) > 2 {
            return None;
        }
        return u8::try_from(scan.number(i)?).ok().filter(|m| (1..=12).contains(m));
    }
    if scan.has(i, MONTH) {
        month_word(scan.word(i))
    } else {
        None
    }
}

/// A year of four digits, or of two: up to 40 in this century, above in the last one.
fn year_at(scan: &Scan<'_>, i: usize) -> Option<i32> {
    let number = i32::try_from(scan.number(i)?).ok()?;
    match scan.digits(i) {
        4 => Some(number).filter(|y| (1850..=2199).contains(y)),
        2 => Some(if number <= 40 { 2000 + number } else { 1900 + number }),
        _ => None,
    }
}

/// `1/8/2024`, `01-08-24`, `8.1.2024`: month first, day first when it cannot be otherwise.
fn numeric(scan: &Scan<'_>, i: usize) -> Option<Found> {
    let separator = scan.gap(i);
    if !matches!(separator, "/" | "-" | "." | " / " | "‐" | "–")
        || scan.gap(i + 1) != separator
        || !matches!(scan.digits(i + 1), 1 | 2)
    {
        return None;
    }
    let year = year_at(scan, i + 2)?;
    if glued_after(scan, i + 2) && !(separator == "/" && opens_range(scan, i + 2)) {
        return None;
    }
    let (a, b) = (
        u8::try_from(scan.number(i)?).ok()?,
        u8::try_from(scan.number(i + 1)?).ok()?,
    );
    let month_first = Civil::new(year, a, b);
    let day_first = Civil::new(year, b, a);
    let day = if separator == "." {
        day_first.or(month_first)
    } else {
        month_first.or(day_first)
    }?;
    // `1.2.24` may be a numbered heading, `10-12-20` a range: two-digit years need a slash or a
    // sign, or a day that can be no month.
    let unlike = a.max(b) > 12 && !scan.has(i + 3, UNIT);
    let certain = scan.digits(i + 2) == 4 || separator == "/" || unlike;
    found(scan, i, i + 2, Some(day), certain)
}

/// `03/2024`
fn month_year(scan: &Scan<'_>, i: usize) -> Option<Found> {
    let separator = scan.gap(i);
    if !matches!(separator, "/" | "-") || scan.digits(i + 1) != 4 || glued_after(scan, i + 1) {
        return None;
    }
    let month = month_at(scan, i)?;
    let year = year_at(scan, i + 1).filter(|y| (1900..=2099).contains(y))?;
    let civil = Civil {
        precision: Precision::Month,
        ..Civil::new(year, month, 1)?
    };
    // `06-2019`, but not `10-2000`.
    let padded = scan.word(i).starts_with('0') && (1950..=2039).contains(&year) && !scan.has(i + 2, UNIT);
    found(scan, i, i + 1, Some(civil), separator == "/" || padded)
}

/// `8/22`: never certain.
fn month_day(scan: &Scan<'_>, i: usize) -> Option<Found> {
    if !matches!(scan.gap(i), "/") || !matches!(scan.digits(i + 1), 1 | 2) {
        return None;
    }
    let range = opens_range(scan, i + 1);
    if glued_after(scan, i + 1) && !range {
        return None;
    }
    let month = month_at(scan, i)?;
    let day = u8::try_from(scan.number(i + 1)?).ok()?;
    Civil::new(2024, month, day)?;
    found(scan, i, i + 1, None, range)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: Option<(i32, u8, u8)>) {
        let day = whole(text).map(|d| (d.year, d.month, d.day));
        assert_eq!(day, expect, "{text}");
    }

    #[test]
    fn reads_common_spellings() {
        let day = Some((2024, 1, 8));
        for text in [
            "2024-01-08",
            "2024/1/8",
            "2024.01.08",
            "2024-01-08T10:15:00.000+01:00",
            "20240108",
            "20240108101500",
            "01/08/2024",
            "1/8/24",
            "01-08-2024",
            "8.1.2024",
            "January 8, 2024",
            "Jan. 8, 2024",
            "Jan 8th 2024",
            "JAN 8 2024",
            "8 Jan 2024",
            "8th of January, 2024",
            "08-JAN-2024",
            "08JAN2024",
            "2024-Jan-08",
            "Jan 8 '24",
            "the 8th of January, 2024",
            "The 8th of January 2024",
        ] {
            check(text, day);
        }
        check("22/08/2023", Some((2023, 8, 22)));
        check("Mar 2024", Some((2024, 3, 1)));
        check("03/2024", Some((2024, 3, 1)));
        check("March of 2024", Some((2024, 3, 1)));
        check("1/8/52", Some((1952, 1, 8)));
        for text in [
            "14.3.52",
            "3-14-52",
            "14 Mar 52",
            "03141952",
            "14031952",
            "1952-074",
            "1952-W11-5",
            "14 mars 1952",
            "14. März 1952",
            "14 Maerz 1952",
            "14 de marzo de 1952",
            "14 de marzo del 1952",
            "fourteenth of March 1952",
            "Fourteenth March, 1952",
        ] {
            check(text, Some((1952, 3, 14)));
        }
        for text in ["2024-W02", "2024W02", "8. Januar 2024", "8 janvier 2024"] {
            check(text, day);
        }
        check("17-III-1951", Some((1951, 3, 17)));
        check("2024/03", Some((2024, 3, 1)));
        check("1er août 2024", Some((2024, 8, 1)));
        check("twenty-first of June 2024", Some((2024, 6, 21)));
    }

    #[test]
    fn leaves_what_is_no_date() {
        for text in [
            "120/80",
            "5/5/5",
            "13/45/2024",
            "8/22",
            "March 5",
            "may",
            "1.2.3.4",
            "30 Feb 2024",
            "1/2 tablet",
            "2024-400",
            "2024-W60",
            "13131952",
            "8 mars",
            "fourteenth of the month",
        ] {
            check(text, None);
        }
    }

    #[test]
    fn splits_times() {
        assert_eq!(split_time("2024-01-08T10:00Z"), ("2024-01-08", "T10:00Z"));
        assert_eq!(split_time("202401081530"), ("20240108", "1530"));
        assert_eq!(split_time("Jan 8, 2024"), ("Jan 8, 2024", ""));
    }
}
