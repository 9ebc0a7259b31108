//! Dates with the name of a month.

use ward_formats::date::{Civil, Precision};

use super::{Found, found, glued_after, glued_before, year_at};
use crate::lex::{Scan, Shape};
use crate::lexicon::{DATE_CUE, MONTH, PREPOSITION, STOP, UNIT};

pub(super) fn month_word(word: &str) -> Option<u8> {
    const MONTHS: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    let head = match word.get(..3)? {
        // Misspelled: "Agust", "Apirl", "Setember", "Marhc".
        typo if typo.eq_ignore_ascii_case("agu") => "aug",
        typo if typo.eq_ignore_ascii_case("api") => "apr",
        typo if typo.eq_ignore_ascii_case("set") => "sep",
        typo if typo.eq_ignore_ascii_case("oco") => "oct",
        head => head,
    };
    MONTHS
        .iter()
        .position(|m| m.eq_ignore_ascii_case(head))
        .and_then(|i| u8::try_from(i + 1).ok())
}

/// `5 Mar 2024`, `5th of March, 2024`, `05-MAR-24`, `15JAN2024`, `5 March`
pub(super) fn day_month_word(scan: &Scan<'_>, i: usize) -> Option<Found> {
    let day = u8::try_from(scan.number(i)?)
        .ok()
        .filter(|d| (1..=31).contains(d) && scan.digits(i) <= 2)?;
    let mut at = i + 1;
    let mut marked = false;
    if is_ordinal(scan, at) && scan.gap(i).is_empty() {
        at += 1;
        marked = true;
    }
    if scan.is(at, "of") && at > i + 1 {
        at += 1;
    }
    let tight = matches!(scan.gap(at - 1), "" | "-" | "/" | " " | "." | ". " | "–");
    if !scan.has(at, MONTH) || !tight {
        return None;
    }
    let month = month_word(scan.word(at))?;
    if let Some((year, last)) = year_after(scan, at) {
        let civil = Civil::new(year, month, day)?;
        return found(scan, i, last, Some(civil), true);
    }
    // `14 Mar 52`: not the number of what follows, as in "5 Mar 20 patients".
    if scan.digits(at + 1) == 2 && scan.gap(at) == " " && !glued_after(scan, at + 1) {
        let counts = scan.gap(at + 1) == " "
            && (scan.has(at + 2, UNIT)
                || scan.shape(at + 2) == Some(Shape::Lower) && !scan.has(at + 2, PREPOSITION | STOP));
        let timed = scan.gap(at + 1) == ":";
        if !counts && !timed {
            let civil = Civil::new(year_at(scan, at + 1)?, month, day)?;
            return found(scan, i, at + 1, Some(civil), scan.shape(at) != Some(Shape::Lower));
        }
    }
    // Without a year: not in the sense of "5 may", and not "10 mar" in lower case.
    Civil::new(2024, month, day)?;
    let named = scan.word(at).len() > 3 && scan.shape(at) != Some(Shape::Lower) || marked;
    found(scan, i, at, None, named && !scan.is(at, "may"))
}

/// The last token of `, 5 and 7, 2024` after the day at token `i`.
fn list_of_days(scan: &Scan<'_>, i: usize) -> Option<usize> {
    let mut last = i;
    loop {
        let and = scan.is(last + 1, "and") && matches!(scan.gap(last), " " | ", ");
        let next = if and { last + 2 } else { last + 1 };
        let near = if and {
            scan.gap(last + 1) == " "
        } else {
            matches!(scan.gap(last), ", " | " & ")
        };
        let day = matches!(scan.digits(next), 1 | 2) && scan.number(next).is_some_and(|day| (1..=31).contains(&day));
        if !near || !day || next > i + 12 {
            break;
        }
        last = next;
    }
    if last == i {
        return None;
    }
    year_after(scan, last)
        .filter(|(year, _)| *year > 1_899)
        .map(|(_, end)| end)
}

/// The year after the token `i` of a date: `, 2024`, ` 2024`, ` '24`, ` of 2024`.
pub(super) fn year_after(scan: &Scan<'_>, i: usize) -> Option<(i32, usize)> {
    let at = if scan.is(i + 1, "of") { i + 2 } else { i + 1 };
    let gap = scan.gap(at - 1);
    let year = year_at(scan, at)?;
    let fits = match scan.digits(at) {
        4 => {
            matches!(
                gap,
                "" | " " | ", " | "," | "-" | ". " | "." | "/" | "  " | " , " | "\n" | ",  " | "–"
            ) && !glued_after(scan, at)
        }
        _ => matches!(gap, "" | " '" | " ’" | "-" | ", '" | "'" | "’" | ", ’" | "/" | " ‘") && !glued_after(scan, at),
    };
    fits.then_some((year, at))
}

pub(super) fn is_ordinal(scan: &Scan<'_>, i: usize) -> bool {
    matches!(scan.word(i), "st" | "nd" | "rd" | "th" | "ST" | "ND" | "RD" | "TH")
}

/// `March 5, 2024`, `Mar 5th`, `Mar 2024`, `March 5-7, 2024`, `Jan '24`
pub(super) fn from_month(scan: &Scan<'_>, i: usize) -> Option<Found> {
    if !scan.has(i, MONTH) || glued_before(scan, i) {
        return None;
    }
    let month = month_word(scan.word(i))?;
    let gap = scan.gap(i);
    let near = matches!(gap, " " | ". " | "." | "-" | "" | "  " | "/" | "\n" | ", " | " the ");
    let at = if scan.is(i + 1, "the") { i + 2 } else { i + 1 };
    if near && matches!(scan.digits(at), 1 | 2) && gap != ", " {
        let day = u8::try_from(scan.number(at)?).ok()?;
        if (1..=31).contains(&day) {
            let mut last = at;
            let mut marked = false;
            if is_ordinal(scan, last + 1) && matches!(scan.gap(last), "" | " ") {
                last += 1;
                marked = true;
            }
            // `March 5-7, 2024`: the range belongs to the date.
            if matches!(scan.gap(last), "-" | "–" | " - " | " – ")
                && matches!(scan.digits(last + 1), 1 | 2)
                && !scan.has(last + 2, UNIT)
            {
                last += 1;
                if is_ordinal(scan, last + 1) && scan.gap(last).is_empty() {
                    last += 1;
                }
            }
            // `Jan 3, 5 and 7, 2024`: no day of its own.
            if let Some(end) = list_of_days(scan, last) {
                return found(scan, i, end, None, true);
            }
            if let Some((year, last)) = year_after(scan, last)
                && let Some(civil) = Civil::new(year, month, day)
            {
                return found(scan, i, last, Some(civil), true);
            }
            let is_quantity = scan.has(last + 1, UNIT) && !is_ordinal(scan, last + 1) && scan.gap(last) == " ";
            // Typed without capitals: "jan 3 labs", but not "may 3" or "mar 3".
            let plain = scan.typed_small() && !scan.is(i, "may") && !scan.is(i, "mar") && !scan.is(i, "march");
            let named = scan.shape(i) != Some(Shape::Lower) || marked || plain;
            if Civil::new(2024, month, day).is_some() && !glued_after(scan, last) {
                return found(scan, i, last, None, named && (!is_quantity || marked));
            }
            return None;
        }
    }
    let (year, last) = year_after(scan, i)?;
    let civil = Civil {
        precision: Precision::Month,
        ..Civil::new(year, month, 1)?
    };
    let sure = scan.shape(i) != Some(Shape::Lower)
        || scan.word(i).len() > 3 && !scan.is(i, "march")
        || scan.digits(last) == 4 && (1950..=2049).contains(&year)
        || scan.gap_before(last).contains(['\'', '’'])
        || scan.has(i.wrapping_sub(1), DATE_CUE);
    found(scan, i, last, Some(civil), sure)
}
