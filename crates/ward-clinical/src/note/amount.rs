//! How much of a medicine, by which way and how often, as notes write it.

use std::sync::LazyLock;

use super::{Scan, pack, words::Sort};
use crate::lexicon::{Phrases, drugs};

/// Units of a dose, lower case.
#[rustfmt::skip]
const DOSE_UNITS: &[&str] = &[
    "mg", "mcg", "µg", "ug", "g", "gram", "grams", "gm", "unit", "units", "iu", "meq", "ml", "cc", "milligrams",
    "milligram", "micrograms", "puff", "puffs", "tablet", "tablets", "tab", "tabs", "capsule", "capsules", "cap",
    "caps", "drop", "drops", "spray", "sprays", "patch", "mg/ml", "mg/day", "mg/kg", "units/ml", "mcg/actuation",
    "%",
];

/// Units that make an unknown word before them a medicine.
pub(super) const STRONG_UNITS: &[&str] = &["mg", "mcg", "µg", "units", "meq", "iu"];

/// Routes.
#[rustfmt::skip]
const ROUTES: &[&str] = &[
    "by mouth", "p.o", "po", "orally", "oral", "intravenously", "intravenous", "iv", "intramuscularly",
    "intramuscular", "im", "subcutaneously", "subcutaneous", "subcut", "subq", "sq", "sc", "sublingually",
    "sublingual", "sl", "topically", "topical", "transdermal", "inhaled", "inhalation", "intranasally", "intranasal",
    "per rectum", "rectally", "ophthalmic", "via nebulizer",
];

/// Frequencies without a number.
#[rustfmt::skip]
const FREQUENCIES: &[&str] = &[
    "once daily", "once a day", "one time daily", "twice daily", "twice a day", "twice per day", "two times a day",
    "two times daily", "three times daily", "three times a day", "four times daily", "four times a day",
    "every other day", "every day", "each day", "every morning", "every evening", "every night", "each morning",
    "each evening", "nightly at bedtime", "at bedtime", "at night", "in the morning", "in the evening", "once weekly",
    "once a week", "twice weekly", "every week", "every month", "once monthly", "as needed", "daily", "nightly",
    "weekly", "monthly", "qd", "q.d", "qday", "bid", "b.i.d", "tid", "t.i.d", "qid", "q.i.d", "qhs", "q.h.s", "qam",
    "qpm", "qod", "prn", "p.r.n", "q4h", "q6h", "q8h", "q12h", "q24h", "q4-6h", "with meals", "before meals", "once",
];

/// The token after a dose, a frequency or a route at `i`.
pub(super) fn amount_ends(scan: &Scan<'_>, i: usize) -> Option<usize> {
    dose(scan, i)
        .or_else(|| frequency_at(scan, i))
        .or_else(|| route(scan, i))
        .or_else(|| schedule(scan, i))
}

/// A number (or range, or fraction) and a dose unit at `i`: the token after it.
pub(super) fn dose(scan: &Scan<'_>, i: usize) -> Option<usize> {
    let words = &scan.words;
    let small = match words.word(i) {
        Some("one" | "two" | "three" | "half") => true,
        _ if words.sort(i) == Some(Sort::Number) => false,
        _ => return None,
    };
    let mut next = i + 1;
    while matches!(words.any(next), Some("-" | "/")) && words.sort(next + 1) == Some(Sort::Number) {
        next += 2;
    }
    let unit = words.any(next).is_some_and(|u| DOSE_UNITS.contains(&u));
    if !unit && next == i + 1 && i > 0 && drug_ends(scan, i) && bare_dose(scan, i) {
        return Some(next);
    }
    if !unit || (small && words.word(next).is_none_or(|u| STRONG_UNITS.contains(&u))) {
        return None;
    }
    next += 1;
    // "100 units/mL", "250 mg/5 mL"
    if words.any(next) == Some("/")
        && (words.sort(next + 1) == Some(Sort::Number) || words.word(next + 1).is_some_and(|u| DOSE_UNITS.contains(&u)))
    {
        next += if words.sort(next + 1) == Some(Sort::Number) {
            3
        } else {
            2
        };
    }
    Some(next.min(words.len()))
}

/// The tokens of a dose that stands before the medicine at `at` and belongs to no other: "4 mg ondansetron", "1 g of ceftriaxone".
pub(super) fn dose_before(scan: &Scan<'_>, at: usize) -> Option<(usize, usize)> {
    let of = at
        .checked_sub(1)
        .filter(|before| scan.words.word(*before) == Some("of"));
    let end = of.unwrap_or(at);
    (end.saturating_sub(4)..end).find_map(|from| {
        let whole = scan.words.sort(from) == Some(Sort::Number)
            && dose(scan, from) == Some(end)
            && scan
                .words
                .word(end.checked_sub(1)?)
                .is_some_and(|unit| STRONG_UNITS.contains(&unit) || unit == "g")
            && !(from..end).any(|token| scan.is_taken(token));
        whole.then_some((from, end))
    })
}

/// Whether a medicine known by name ends right before token `i`.
fn drug_ends(scan: &Scan<'_>, i: usize) -> bool {
    (1..=3).any(|len| {
        i.checked_sub(len).is_some_and(|at| {
            drugs::names()
                .at(|k| scan.words.word(at + k))
                .is_some_and(|(_, own)| own == len)
        })
    })
}

/// Whether the number at token `i`, right after a medicine, is its dose without a unit: "losartan 50", "Lantus 20 daily". A year, a time
/// and a part of something else are none.
fn bare_dose(scan: &Scan<'_>, i: usize) -> bool {
    let words = &scan.words;
    let written = words.slice(i, i + 1);
    let year = written.len() == 4 && (written.starts_with("19") || written.starts_with("20"));
    let ends = match (words.sort(i + 1), words.any(i + 1)) {
        (None, _) | (_, Some("." | "," | ";" | ")" | "and" | "but" | "for" | "instead" | "in" | "at" | "now")) => true,
        _ => frequency_at(scan, i + 1).is_some() || route(scan, i + 1).is_some() || schedule(scan, i + 1).is_some(),
    };
    ends && !year && words.sort(i) == Some(Sort::Number)
}

/// A dose whose number has a decimal point: "2,5 mg" is 2.5 mg.
pub(super) fn decimal(dose: &str) -> String {
    let end = dose
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',')))
        .unwrap_or(dose.len());
    let (number, unit) = dose.split_at(end);
    format!("{}{unit}", pack::with_decimal_point(number))
}

/// "1-0-1", how many in the morning, at noon, in the evening and perhaps at night, in languages that write it so: the token after it.
pub(super) fn schedule(scan: &Scan<'_>, i: usize) -> Option<usize> {
    let words = &scan.words;
    let amount = |at: usize| words.sort(at) == Some(Sort::Number) || words.any(at) == Some("½");
    if !words.pack.comma || !amount(i) || words.any(i.checked_sub(1)?) == Some("-") {
        return None;
    }
    let mut next = i + 1;
    while words.any(next) == Some("-") && amount(next + 1) {
        next += 2;
    }
    matches!(next - i, 5 | 7).then_some(next)
}

/// The longest entry of `list` at `i`: the token after it.
fn phrase(scan: &Scan<'_>, i: usize, list: &Phrases) -> Option<usize> {
    list.at(|k| scan.words.word(i + k)).map(|(_, len)| i + len)
}

pub(super) fn route(scan: &Scan<'_>, i: usize) -> Option<usize> {
    static ROUTE: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(ROUTES.iter().copied()));
    phrase(scan, i, &ROUTE)
}

/// A frequency at `i`: the token after it.
pub(super) fn frequency_at(scan: &Scan<'_>, i: usize) -> Option<usize> {
    let words = &scan.words;
    static FREQUENCY: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(FREQUENCIES.iter().copied()));
    if let Some(next) = phrase(scan, i, &FREQUENCY) {
        return Some(next);
    }
    // "every 6 hours", "every 4-6 hours", "q 6 hours"
    if matches!(words.word(i), Some("every" | "q" | "each")) && words.sort(i + 1) == Some(Sort::Number) {
        let mut next = i + 2;
        if matches!(words.any(next), Some("-" | "to")) && words.sort(next + 1) == Some(Sort::Number) {
            next += 2;
        }
        return matches!(
            words.word(next),
            Some("hours" | "hour" | "hrs" | "h" | "days" | "weeks" | "months" | "minutes")
        )
        .then_some(next + 1);
    }
    // "3 times a day", "2 times daily"
    if words.sort(i) == Some(Sort::Number) && words.word(i + 1) == Some("times") {
        return match (words.word(i + 2), words.word(i + 3)) {
            (Some("daily" | "weekly"), _) => Some(i + 3),
            (Some("a" | "per" | "each"), Some("day" | "week" | "month")) => Some(i + 4),
            _ => None,
        };
    }
    None
}
