//! A date, moved, in the form it was written in.

use std::ops::Range;

use ward_formats::date::{Civil, MONTHS, Precision};

use crate::shift::Shift;
use crate::{dates, weekday};

/// `value` moved by `shift`, in its own form; in other forms for attempts above 0, when that is taken. `year` is the
/// year to count from when the value has none. None when the form is not understood: then the caller must not keep
/// the value.
pub(super) fn moved(value: &str, shift: Shift, year: i32, attempt: u32) -> Option<String> {
    let range = weekday::date_range(value);
    let date = value.get(range.clone())?;
    let read = Read::new(date, year)?;
    let new = shift.apply(read.day)?;
    let written = match attempt {
        0 => read.write(date, new)?,
        1..=4 if read.has_year && read.time.is_empty() && new.precision == Precision::Day => {
            let month = MONTHS.get(usize::from(new.month) - 1)?;
            let short = month.get(..3)?;
            match attempt {
                1 => format!("{short} {}, {:04}", new.day, new.year),
                2 => format!("{:04}-{:02}-{:02}", new.year, new.month, new.day),
                3 => format!("{} {month} {:04}", new.day, new.year),
                _ => format!("{month} {}, {:04}", new.day, new.year),
            }
        }
        1..=3 => with_fraction(&read.write(date, new)?, usize::try_from(attempt).ok()?)?,
        _ => return None,
    };
    // The new text must read as the new day; a form read differently than it is written is not used.
    let again = Read::new(&written, new.year)?;
    if again.day != new {
        return None;
    }
    let mut out = value.to_owned();
    out.replace_range(range, &written);
    if let Some((name, day)) = weekday::inside(value) {
        let moved = weekday::moved(day, shift.days(), value.get(name.clone())?);
        // The date may have changed its length before the name.
        let (name, _) = weekday::inside(&out)?;
        out.replace_range(name, &moved);
    }
    Some(out)
}

/// `2024-01-08T10:15:00Z` with zeros as a fraction of its second: the same instant, written otherwise.
fn with_fraction(written: &str, zeros: usize) -> Option<String> {
    let end = written.find('T')? + "T00:00:00".len();
    let (head, tail) = written.split_at_checked(end)?;
    let seconds = head.ends_with(|c: char| c.is_ascii_digit()) && head.bytes().filter(|b| *b == b':').count() == 2;
    let fraction = "0".repeat(zeros);
    (seconds && !tail.starts_with(['.', ','])).then(|| format!("{head}.{fraction}{tail}"))
}

/// A year of birth alone, moved by a year in the direction of `shift`, by more for attempts above 0, when that is taken.
pub(super) fn moved_year(value: &str, shift: Shift, attempt: u32) -> Option<String> {
    let year: i32 = value.parse().ok().filter(|_| value.len() == 4 && attempt < 4)?;
    let years = i32::try_from(attempt).ok()? + 1;
    Some(format!("{:04}", year + years * shift.days().signum()))
}

/// What the pieces of a written date are.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Piece {
    Year,
    ShortYear,
    Month,
    MonthName,
    Day,
    Ordinal,
    /// `20240108` and what follows it, `202401`, `01082024`, `08012024`
    YearMonthDay,
    YearMonth,
    MonthDayYear,
    DayMonthYear,
}

struct Read {
    day: Civil,
    has_year: bool,
    pieces: Vec<(Range<usize>, Piece)>,
    time: Range<usize>,
}

impl Read {
    fn new(date: &str, year: i32) -> Option<Read> {
        let whole = dates::whole(date);
        let runs = runs(date);
        let has_year = whole.is_some();
        if let Some(day) = whole.filter(|day| day.precision != Precision::Year) {
            let read = |pieces: Vec<(Range<usize>, Piece)>| {
                let end = pieces.iter().map(|(range, _)| range.end).max()?;
                Some(Read {
                    day,
                    has_year,
                    pieces,
                    time: end..date.len(),
                })
            };
            return compact(date, &runs, day)
                .or_else(|| spelled(date, &runs, day))
                .and_then(read);
        }
        if whole.is_some() {
            return None;
        }
        // No year: "Jan 8", "8 January", "1/8".
        for (month, day) in without_year(date, &runs) {
            let day = Civil::new(year, month, day).or_else(|| Civil::new(year, month, day.checked_sub(1)?))?;
            if let Some(pieces) = spelled(date, &runs, day)
                && pieces
                    .iter()
                    .all(|(_, piece)| !matches!(piece, Piece::Year | Piece::ShortYear))
            {
                return Some(Read {
                    day,
                    has_year,
                    pieces,
                    time: date.len()..date.len(),
                });
            }
        }
        None
    }

    fn write(&self, date: &str, new: Civil) -> Option<String> {
        let has = |wanted| self.pieces.iter().any(|(_, piece)| *piece == wanted);
        let text = |range: &Range<usize>| date.get(range.clone()).unwrap_or_default();
        let short =
            |(range, piece): &(Range<usize>, Piece)| matches!(piece, Piece::Day | Piece::Month) && range.len() == 1;
        let zero = self.pieces.iter().any(|(range, _)| text(range).starts_with('0'));
        let padded = zero || !(has(Piece::MonthName) || self.pieces.iter().any(short));
        let mut out = String::new();
        let mut at = 0;
        for (range, piece) in &self.pieces {
            out.push_str(date.get(at..range.start)?);
            at = range.end;
            let Civil { year, month, day, .. } = new;
            match piece {
                Piece::Year => out.push_str(&format!("{year:04}")),
                Piece::ShortYear => out.push_str(&format!("{:02}", year % 100)),
                Piece::Month if padded => out.push_str(&format!("{month:02}")),
                Piece::Month => out.push_str(&month.to_string()),
                Piece::Day if padded => out.push_str(&format!("{day:02}")),
                Piece::Day => out.push_str(&day.to_string()),
                Piece::YearMonthDay => out.push_str(&format!("{year:04}{month:02}{day:02}")),
                Piece::YearMonth => out.push_str(&format!("{year:04}{month:02}")),
                Piece::MonthDayYear => out.push_str(&format!("{month:02}{day:02}{year:04}")),
                Piece::DayMonthYear => out.push_str(&format!("{day:02}{month:02}{year:04}")),
                Piece::MonthName => {
                    let name = MONTHS.get(usize::from(month) - 1)?;
                    let like = text(range);
                    // "May" is both long and short; what follows a full stop is short.
                    let long = like.len() > 4 || (like.len() == 4 && !like.eq_ignore_ascii_case("sept"));
                    let name = if long { name } else { name.get(..3)? };
                    out.push_str(&super::words::in_case_of(name, like));
                }
                Piece::Ordinal => {
                    let suffix = match (day % 10, day / 10) {
                        (_, 1) => "th",
                        (1, _) => "st",
                        (2, _) => "nd",
                        (3, _) => "rd",
                        _ => "th",
                    };
                    out.push_str(&super::words::in_case_of(suffix, text(range)));
                }
            }
        }
        out.push_str(date.get(at..)?);
        Some(out)
    }
}

/// Runs of digits and runs of letters.
fn runs(text: &str) -> Vec<Range<usize>> {
    let kind = |c: char| u8::from(c.is_ascii_digit()) + 2 * u8::from(c.is_alphabetic());
    let mut runs: Vec<Range<usize>> = Vec::new();
    let mut before = 0;
    for (at, c) in text.char_indices() {
        let this = kind(c);
        match runs.last_mut() {
            Some(run) if this != 0 && this == before => run.end = at + c.len_utf8(),
            _ if this != 0 => runs.push(at..at + c.len_utf8()),
            _ => {}
        }
        before = this;
    }
    runs
}

fn number(date: &str, run: &Range<usize>) -> Option<u32> {
    date.get(run.clone())?.parse().ok()
}

/// The month that a word names: in full, by its first three letters, or "Sept".
fn month_name(word: &str) -> Option<u8> {
    let word = word.to_ascii_lowercase();
    let short = if word == "sept" { "sep" } else { word.as_str() };
    let at = MONTHS.iter().position(|name| {
        let name = name.to_ascii_lowercase();
        name == word || (short.len() == 3 && name.starts_with(short))
    })?;
    u8::try_from(at + 1).ok()
}

/// Dates without separators.
fn compact(date: &str, runs: &[Range<usize>], day: Civil) -> Option<Vec<(Range<usize>, Piece)>> {
    let run = runs.first()?;
    let text = date
        .get(run.clone())
        .filter(|text| text.starts_with(|c: char| c.is_ascii_digit()))?;
    let (len, piece) = match text.len() {
        6 if day.precision == Precision::Month => (6, Piece::YearMonth),
        8 | 10 | 12 | 14 => {
            let head = text.get(..8)?;
            let same = |form: String| form == head;
            let Civil { year, month, day, .. } = day;
            if same(format!("{year:04}{month:02}{day:02}")) {
                (8, Piece::YearMonthDay)
            } else if same(format!("{month:02}{day:02}{year:04}")) {
                (8, Piece::MonthDayYear)
            } else if same(format!("{day:02}{month:02}{year:04}")) {
                (8, Piece::DayMonthYear)
            } else {
                return None;
            }
        }
        _ => return None,
    };
    Some(vec![(run.start..run.start + len, piece)])
}

/// Which run is what, so that together they say `day`. Runs after the date are a time of day.
fn spelled(date: &str, runs: &[Range<usize>], day: Civil) -> Option<Vec<(Range<usize>, Piece)>> {
    let mut pieces: Vec<(Range<usize>, Piece)> = Vec::new();
    let mut numbers: Vec<Range<usize>> = Vec::new();
    let wanted = match day.precision {
        Precision::Day => 3,
        Precision::Month => 2,
        Precision::Year => return None,
    };
    for run in runs {
        let text = date.get(run.clone())?;
        let colon = date.get(run.end..).is_some_and(|rest| rest.starts_with(':'));
        if pieces.len() + numbers.len() >= wanted || colon {
            break;
        }
        if !text.starts_with(|c: char| c.is_ascii_digit()) {
            if let Some(month) = month_name(text) {
                if month != day.month || pieces.iter().any(|(_, piece)| *piece == Piece::MonthName) {
                    return None;
                }
                pieces.push((run.clone(), Piece::MonthName));
            } else if !["st", "nd", "rd", "th", "of", "the"]
                .iter()
                .any(|word| word.eq_ignore_ascii_case(text))
            {
                return None;
            }
        } else if text.len() == 4 {
            if number(date, run) != u32::try_from(day.year).ok()
                || pieces.iter().any(|(_, piece)| *piece == Piece::Year)
            {
                return None;
            }
            pieces.push((run.clone(), Piece::Year));
        } else if text.len() <= 2 {
            numbers.push(run.clone());
        } else {
            return None;
        }
    }
    let has = |wanted| pieces.iter().any(|(_, piece)| *piece == wanted);
    let (named, full) = (has(Piece::MonthName), has(Piece::Year));
    let mut orders: Vec<Vec<Piece>> = Vec::new();
    match (day.precision, named, full) {
        (Precision::Day, true, true) => orders.push(vec![Piece::Day]),
        (Precision::Day, true, false) => orders.extend([vec![Piece::Day, Piece::ShortYear], vec![Piece::Day]]),
        (Precision::Day, false, true) => {
            orders.extend([vec![Piece::Month, Piece::Day], vec![Piece::Day, Piece::Month]])
        }
        (Precision::Day, false, false) => orders.extend([
            vec![Piece::Month, Piece::Day, Piece::ShortYear],
            vec![Piece::Day, Piece::Month, Piece::ShortYear],
            vec![Piece::ShortYear, Piece::Month, Piece::Day],
            vec![Piece::Month, Piece::Day],
            vec![Piece::Day, Piece::Month],
        ]),
        (_, true, true) => orders.push(Vec::new()),
        (_, true, false) => orders.push(vec![Piece::ShortYear]),
        (_, false, _) => orders.push(vec![Piece::Month]),
    }
    let fits = |order: &&Vec<Piece>| {
        order.len() == numbers.len()
            && order.iter().zip(&numbers).all(|(piece, run)| {
                let is = match piece {
                    Piece::Month => u32::from(day.month),
                    Piece::Day => u32::from(day.day),
                    _ => day.year.rem_euclid(100).unsigned_abs(),
                };
                number(date, run) == Some(is)
            })
    };
    let order = orders.iter().find(fits)?;
    for (piece, run) in order.iter().zip(&numbers) {
        pieces.push((run.clone(), *piece));
        let ordinal = runs.iter().find(|next| next.start == run.end && *piece == Piece::Day);
        let is_suffix = |next: &&Range<usize>| {
            let text = date.get((*next).clone()).unwrap_or_default();
            ["st", "nd", "rd", "th"]
                .iter()
                .any(|suffix| suffix.eq_ignore_ascii_case(text))
        };
        pieces.extend(ordinal.filter(is_suffix).map(|next| (next.clone(), Piece::Ordinal)));
    }
    pieces.sort_by_key(|(range, _)| range.start);
    Some(pieces)
}

/// What month and day a date without a year may mean, the likely one first.
fn without_year(date: &str, runs: &[Range<usize>]) -> Vec<(u8, u8)> {
    let text = |run: &Range<usize>| date.get(run.clone()).unwrap_or_default();
    let numbers: Vec<u8> = runs.iter().filter_map(|run| text(run).parse().ok()).collect();
    let named = runs.iter().find_map(|run| month_name(text(run)));
    match (named, numbers.as_slice()) {
        (Some(month), [day]) => vec![(month, *day)],
        (None, [a, b]) => vec![(*a, *b), (*b, *a)],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shift(days: i32) -> Shift {
        Shift::by(days)
    }

    fn check(value: &str, days: i32, expect: Option<&str>) {
        assert_eq!(moved(value, shift(days), 2023, 0).as_deref(), expect, "{value}");
    }

    #[test]
    fn writes_an_instant_otherwise() {
        for (value, expect) in [
            ("2024-01-08T10:15:00Z", Some("2024-02-22T10:15:00.00Z")),
            ("2024-01-08T10:15:00-05:00", Some("2024-02-22T10:15:00.00-05:00")),
            ("2024-01-08T10:15:00.5Z", None),
            ("2024-01-08T10:15Z", None),
        ] {
            assert_eq!(moved(value, Shift::by(45), 2023, 2).as_deref(), expect, "{value}");
        }
    }

    #[test]
    fn keeps_the_form() {
        for (value, expect) in [
            ("2024-01-08", "2024-02-22"),
            ("2024-01-08T10:15:00Z", "2024-02-22T10:15:00Z"),
            ("20240108101500-0500", "20240222101500-0500"),
            ("20240108", "20240222"),
            ("Jan 8, 2024", "Feb 22, 2024"),
            ("JANUARY 8, 2024", "FEBRUARY 22, 2024"),
            ("8 January 2024", "22 February 2024"),
            ("8th of January 2024", "22nd of February 2024"),
            ("January 8th, 2024", "February 22nd, 2024"),
            ("1/8/2024", "2/22/2024"),
            ("01/08/2024", "02/22/2024"),
            ("1/8/24", "2/22/24"),
            ("1-8-2024 10:30", "2-22-2024 10:30"),
            ("15.1.2024", "29.2.2024"),
            ("2024/01/08", "2024/02/22"),
            ("Monday, January 8, 2024", "Thursday, February 22, 2024"),
            ("2024-01-08 (Mon)", "2024-02-22 (Thu)"),
            ("2024-01", "2024-02"),
            ("Jan 2024", "Feb 2024"),
            ("January 2024", "February 2024"),
            ("Jan 8", "Feb 22"),
            ("1/8", "2/22"),
            ("01082024", "02222024"),
            ("12/31/2023", "02/14/2024"),
            ("Dec 31, 2023", "Feb 14, 2024"),
        ] {
            check(value, 45, Some(expect));
        }
        check("August 2022", 103, Some("November 2022"));
        check("soon", 45, None);
        check("2024", 45, None);
        check("13/45", 45, None);
    }

    #[test]
    fn other_forms_when_one_is_taken() {
        let forms: std::collections::HashSet<_> = (0..5)
            .filter_map(|attempt| moved("1/8/2024", shift(45), 2023, attempt))
            .collect();
        assert_eq!(forms.len(), 5);
        assert!(
            forms.iter().all(|form| dates::whole(form) == Civil::new(2024, 2, 22)),
            "{forms:?}"
        );
    }

    proptest::proptest! {
        #[test]
        fn intervals_stay_exact(a in 0_i32..60_000, gap in 0_i32..20_000, days in -365_i32..=365, form in 0_usize..8) {
            let write = |days: i32| {
                let Civil { year, month, day, .. } = Civil::from_days(days - 20_000).unwrap();
                let name = MONTHS[usize::from(month) - 1];
                match form {
                    0 => format!("{year:04}-{month:02}-{day:02}"),
                    1 => format!("{month:02}/{day:02}/{year}"),
                    2 => format!("{month}/{day}/{year}"),
                    3 => format!("{name} {day}, {year}"),
                    4 => format!("{} {day}, {year}", &name[..3]),
                    5 => format!("{day} {name} {year}"),
                    6 => format!("{year:04}{month:02}{day:02}"),
                    _ => format!("{year:04}-{month:02}-{day:02}T08:00:00Z"),
                }
            };
            let (one, two) = (write(a), write(a + gap));
            if dates::whole(&one).is_some() && dates::whole(&two).is_some() {
                let read = |text: &str| dates::whole(&moved(text, shift(days), 2023, 0).unwrap()).unwrap().days();
                proptest::prop_assert_eq!(read(&two) - read(&one), gap);
                proptest::prop_assert_eq!(read(&one) - dates::whole(&one).unwrap().days(), days);
            }
        }
    }
}
