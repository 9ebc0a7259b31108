//! Whose a dose is that stands near a medicine.

use super::{NOT_DRUGS, PASSED_OVER, Scan, Sort, frequency_at, route};

/// Whether the dose at token `at` is that of a medicine nobody knows, the next of a list: "linezolid 600 mg, zorblax 2 g". Only a few words lead to a
/// further dose of the same: "325 mg once, thereafter 81 mg".
pub(super) fn of_unknown(scan: &Scan<'_>, at: usize) -> bool {
    let words = &scan.words;
    let Some(name) = at.checked_sub(1) else {
        return false;
    };
    let word = words.word(name).unwrap_or("");
    let opens = name
        .checked_sub(1)
        .is_some_and(|before| matches!(words.any(before), Some("," | "and")));
    // Where all is written in capitals, or every noun with one, a capital tells nothing.
    let telling = !words.pack.translates() && words.text.bytes().any(|b| b.is_ascii_lowercase());
    let capital = telling && words.slice(name, at).bytes().any(|b| b.is_ascii_uppercase());
    opens
        && words.sort(name) == Some(Sort::Word)
        && word.len() >= 3
        && (capital || !LEADS_ON.contains(&word))
        && !(NOT_DRUGS.contains(&word) || PASSED_OVER.contains(&word) || is_of_same(word))
        && route(scan, name).is_none()
        && frequency_at(scan, name).is_none()
}

/// Words in small letters that lead to a further dose of the medicine before.
#[rustfmt::skip]
pub(super) const LEADS_ON: &[&str] = &[
    "thereafter", "afterwards", "subsequently", "repeated", "drip", "taper", "tapered", "next", "later", "correction", "transitioned", "dann", "danach",
    "anschließend", "später",
];

/// Whether a word in small letters leads on, or ends as an adverb or a verb of the past does, and as hardly a medicine: "later", "subsequently",
/// "tapered", but not "sudafed" and "flaxseed".
pub(super) fn is_ordinary(written: &str) -> bool {
    let past = written.ends_with("ed") && !written.ends_with("fed") && !written.ends_with("seed");
    let adverb = written.len() > 6
        && ["ly", "after", "ward", "wards"]
            .iter()
            .any(|end| written.ends_with(end));
    LEADS_ON.contains(&written) || written.bytes().all(|b| b.is_ascii_lowercase()) && (past || adverb)
}

/// Whether a dose behind the end of a sentence is in units where that before it is not: "ertapenem 1 g. Evening 10 units".
pub(super) fn in_other_units(before: &str, dose: &str) -> bool {
    let units = |text: &str| {
        let text = text.trim_end().to_ascii_lowercase();
        ["unit", "units", "iu"].iter().any(|unit| text.ends_with(unit))
    };
    units(dose) && !units(before)
}

/// Words between a comma and a further dose of the same medicine.
#[rustfmt::skip]
pub(super) const OWN_DOSE: &[&str] = &[
    "mon", "monday", "tue", "tues", "tuesday", "wed", "wednesday", "thu", "thurs", "thursday", "fri", "friday", "sat", "saturday", "sun",
    "sunday", "morning", "noon", "afternoon", "lunch", "dinner", "supper", "evening", "night", "bedtime", "breakfast", "plus", "alternating", "maintenance",
    "loading", "load", "max", "starting", "goal", "target", "now", "weekend", "weekday",
];

/// Whether `word` is one of those, or several of them: "Wednesdays".
pub(super) fn is_of_same(word: &str) -> bool {
    OWN_DOSE.contains(&word) || word.strip_suffix('s').is_some_and(|one| OWN_DOSE.contains(&one))
}

/// Whether the dose at token `at` is the most that may be taken: "not to exceed 3 g a day".
pub(super) fn is_limit(scan: &Scan<'_>, at: usize) -> bool {
    scan.has(at.saturating_sub(1), at, &["exceed", "exceeding", "max", "maximum"])
        || scan.has(at.saturating_sub(1), at, &["than"]) && scan.has(at.saturating_sub(2), at, &["more"])
}

/// "->", "→" or "to" before `at`.
pub(super) fn arrow_before(scan: &Scan<'_>, at: usize) -> bool {
    let back = |n: usize| at.checked_sub(n).and_then(|i| scan.words.any(i)).unwrap_or("");
    back(1) == "to" || back(1) == "\u{2192}" || (back(1) == ">" && back(2) == "-")
}
