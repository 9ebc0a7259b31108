use super::{Recogniser, SAFE_HARBOR, Trigger};
use crate::Class;
use crate::lex::Scan;
use crate::lexicon::{SEX, YEARS};

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const RECOGNISER: Recogniser = Recogniser {
    id: "age",
    class: Class::Age,
    what: "Ages from 90 to 130 years.",
    why: "Few people are that old, so the age narrows them down; younger ages may stay.",
    source: SAFE_HARBOR,
    yes: &[
        ("a 92-year-old man", "92"),
        ("97 yo F", "97"),
        ("age 101", "101"),
        ("aged 94, with", "94"),
        ("at the age of 93.", "93"),
        ("93F with", "93"),
        ("she is 99 years of age", "99"),
    ],
    no: &[
        "a 89-year-old man",
        "HR 92",
        "SpO2 95%",
        "95 years of research",
        "weight 92 kg",
        "aged 34",
        "age 150",
    ],
    strong: false,
    trigger: Trigger::Number(|scan, i, hits| {
        let years = scan.number(i).unwrap_or(0);
        if !(90..=130).contains(&years) || scan.gap_before(i).ends_with(['.', '/']) {
            return;
        }
        if says_age_before(scan, i) || says_age_after(scan, i) {
            hits.push(scan.start(i), scan.end(i), Class::Age, 85);
        }
    }),
};

fn says_age_before(scan: &Scan<'_>, i: usize) -> bool {
    let Some(before) = i.checked_sub(1) else { return false };
    let near = matches!(scan.gap(before), " " | ": " | ":" | ", ");
    if near && scan.is(before, "of") && before > 0 && scan.is(before - 1, "age") {
        return true;
    }
    near && (scan.is(before, "age") || scan.is(before, "aged")) && !scan.gap(i).starts_with('%')
}

fn says_age_after(scan: &Scan<'_>, i: usize) -> bool {
    if !matches!(scan.gap(i), " " | "-" | "" | "- ") {
        return false;
    }
    let next = scan.word(i + 1).to_ascii_lowercase();
    let sexed = |at: usize| scan.has(at, SEX) && scan.word(at).len() >= 3;
    match next.as_str() {
        "yo" | "yoa" | "yom" | "yof" => true,
        "y" => (scan.is(i + 2, "o") && matches!(scan.gap(i + 1), "/" | "." | "-" | "")) || scan.is(i + 2, "old"),
        "m" | "f" => scan.gap(i).is_empty() && scan.word(i + 1).starts_with(['M', 'F']),
        _ if scan.has(i + 1, YEARS) => {
            scan.is(i + 2, "old") || (scan.is(i + 2, "of") && scan.is(i + 3, "age")) || sexed(i + 2)
        }
        _ => false,
    }
}
