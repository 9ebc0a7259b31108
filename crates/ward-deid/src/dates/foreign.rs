//! Dates with words other than English months and digits: German, French and Spanish months, days
//! spelled out.

use ward_formats::date::Civil;

use super::months::{is_ordinal, month_word, year_after};
use super::{Found, found, glued_after, year_at};
use crate::fold;
use crate::lex::Scan;
use crate::lexicon::MONTH;

/// Names of the months from January to December, folded, in German, French and Spanish. Those that
/// are also English are left to the English rules.
const MONTHS: [&str; 12] = [
    "januar janner janvier enero ene",
    "februar feber fevrier febrero",
    "marz maerz mars marzo",
    "avril abril abr",
    "mai mayo",
    "juni juin junio",
    "juli juillet julio",
    "aout agosto ago",
    "septembre septiembre setiembre",
    "oktober okt octobre octubre",
    "novembre noviembre",
    "dezember dez decembre diciembre dic",
];

/// Days of the month in words.
const DAYS: [&str; 20] = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
];

/// `8 janvier 2024`, `8. Januar 2024`, `8 de enero de 2024`, `1er mars 2024`. Always with a year of
/// four digits: several of these words mean other things.
pub(super) fn day_month_year(scan: &Scan<'_>, i: usize) -> Option<Found> {
    let mut at = i + 1;
    if (is_ordinal(scan, at) || scan.is(at, "er")) && scan.gap(i).is_empty() {
        at += 1;
    }
    if is_of(scan, at) {
        at += 1;
    }
    let year_token = if is_of(scan, at + 1) { at + 2 } else { at + 1 };
    if scan.digits(year_token) != 4 || scan.is_number(at) || !matches!(scan.gap(at - 1), " " | ". " | "." | "-") {
        return None;
    }
    let mut folded = String::new();
    fold::push_word(scan.word(at), &mut folded);
    let month = MONTHS
        .iter()
        .position(|names| names.split(' ').any(|name| name == folded))?;
    let year = year_at(scan, year_token)?;
    let near = matches!(scan.gap(year_token - 1), " " | ", " | ". " | "-" | ".");
    if !near || glued_after(scan, year_token) {
        return None;
    }
    let day = u8::try_from(scan.number(i)?).ok()?;
    let civil = Civil::new(year, u8::try_from(month + 1).ok()?, day)?;
    found(scan, i, year_token, Some(civil), true)
}

fn is_of(scan: &Scan<'_>, i: usize) -> bool {
    scan.is(i, "de") || scan.is(i, "del")
}

/// `fourteenth of March 1952`, `twenty-first June, 2024`, from the word for the day on.
pub(super) fn spelled_day(scan: &Scan<'_>, i: usize) -> Option<Found> {
    let (tens, mut last) = match (scan.is(i, "twenty"), scan.is(i, "thirty")) {
        (true, _) => (20, i + 1),
        (_, true) => (30, i + 1),
        _ => (0, i),
    };
    if last > i && !matches!(scan.gap(i), "-" | " ") {
        return None;
    }
    let units = if tens == 0 && scan.is(i, "thirtieth") {
        30
    } else {
        let known = if tens == 0 { DAYS.len() } else { 9 };
        DAYS.iter().take(known).position(|word| scan.is(last, word))? + 1
    };
    let day = u8::try_from(tens + units).ok()?;
    last += 1;
    if scan.is(last, "day") {
        last += 1;
    }
    if scan.is(last, "of") {
        last += 1;
    }
    if !scan.has(last, MONTH) || last > i + 5 {
        return None;
    }
    let month = month_word(scan.word(last))?;
    match year_after(scan, last) {
        Some((year, end)) => found(scan, i, end, Some(Civil::new(year, month, day)?), true),
        None => {
            Civil::new(2024, month, day)?;
            let named = scan.is(last - 1, "of");
            found(scan, i, last, None, named && !scan.is(last, "may"))
        }
    }
}

/// Where the date with the month at token `i` begins, when its day is in words before it.
pub(crate) fn spelled_before(scan: &Scan<'_>, i: usize) -> Option<Found> {
    let from = i.saturating_sub(4);
    (from..i)
        .filter_map(|at| spelled_day(scan, at))
        .find(|found| found.last >= i)
}
