//! Problems of lists that no word list knows: the line of a list itself, an item beside known ones.

use super::{Scan, history::standing, negation::denied_after, words::Sort};
use crate::fact::{FactKind, Section};

/// Words of plans and remarks: a line with one of them names no problem.
#[rustfmt::skip]
const NO_PROBLEM: &[&str] = &[
    "explained", "given", "in", "week", "weeks", "month", "months", "due", "ordered", "order", "refer", "referral", "check", "recheck", "labs", "repeat", "date", "scheduled", "schedule", "counseled", "advised",
    "reviewed", "follow-up", "follow", "return", "start", "stop", "increase", "decrease", "negative", "normal", "today", "education", "maintenance", "unchanged", "declined", "agreed", "understands", "call", "medical", "rules", "ruled", "screening",
    "excluded", "unlikely", "without", "denies", "family", "bolus", "infusion", "drip", "suspicion",
];

/// A line of a problem list whose problem no word list knows: the line itself.
pub(super) fn listed_problem(scan: &mut Scan<'_>) {
    let list = matches!(
        scan.section,
        Section::PastHistory | Section::SurgicalHistory | Section::Assessment
    );
    if !list {
        return;
    }
    let words = &scan.words;
    // "Possible lupus", "r/o PE": the doubt is told beside the name.
    let doubt = |i: usize| words.any(i).is_some_and(|word| words.pack.suspected.contains(&word));
    let first = (0..words.len()).find(|i| words.word(*i).is_some() && !doubt(*i) && words.word(*i) != Some("out"));
    let Some(first) = first else { return };
    let stop = (first..words.len())
        .find(|i| matches!(words.any(*i), Some("." | "," | ";" | "(" | ":" | "-")))
        .unwrap_or(words.len());
    // "AF, possible ablation": an abbreviation before its comma is a name whatever comes after.
    let short = stop == first + 1
        && words.any(stop) == Some(",")
        && words.slice(first, stop).len() <= 5
        && words.slice(first, stop).bytes().all(|byte| byte.is_ascii_uppercase())
        && words.word(first) != Some("ok");
    let already = scan.found.iter().any(|found| {
        !(short && found.from > stop)
            && matches!(
                found.fact.kind,
                FactKind::Problem
                    | FactKind::Procedure
                    | FactKind::Medication
                    | FactKind::Allergy
                    | FactKind::Immunization
                    | FactKind::Lab
                    | FactKind::Vital
            )
    });
    if already {
        return;
    }
    let verb = scan.has(first, words.len(), NO_PROBLEM)
        || scan.has(
            first,
            words.len(),
            &[
                "is",
                "was",
                "are",
                "has",
                "had",
                "have",
                "denies",
                "reports",
                "will",
                "continue",
                "continues",
                "with",
                "patient",
                "she",
                "he",
                "no",
                "none",
                "stable",
                "presents",
                "states",
                "endorses",
                "discussed",
                "i",
                "we",
                "not",
                "should",
                "may",
                "plan",
            ],
        );
    // "PE ruled out": the name ends before what denies it.
    if let Some(stop) = (first + 1..=stop).find(|at| denied_after(scan, *at)) {
        let mut fact = scan.fact(FactKind::Negation, first, stop);
        fact.negated = true;
        scan.take(first, stop);
        return scan.tell(fact, first, stop);
    }
    // "CARDIAC" among capitals is a label of what comes next, and "see list" sends elsewhere.
    let alone = stop == first + 1 && stop == words.len();
    let capitals = !words.slice(first, stop).bytes().any(|byte| byte.is_ascii_lowercase());
    let label = alone && capitals && scan.has(first, stop, SYSTEMS) || words.word(first) == Some("see");
    if stop == first || stop - first > 6 || words.len() > 14 || verb || label || words.any(stop) == Some(":") {
        return;
    }
    let kind = if scan.section == Section::SurgicalHistory {
        FactKind::Procedure
    } else {
        FactKind::Problem
    };
    let mut fact = scan.fact(kind, first, stop);
    fact.status = standing(scan, kind, first, stop).map(str::to_owned);
    if is_name(&fact.concept) {
        scan.take(first, stop);
        scan.tell(fact, first, stop);
    }
}

/// Systems of the body, by which lists of problems are divided.
#[rustfmt::skip]
pub(super) const SYSTEMS: &[&str] = &[
    "cardiac", "cardiovascular", "pulmonary", "respiratory", "renal", "gastrointestinal", "hepatic", "neurologic", "neurological", "neuro", "endocrine",
    "musculoskeletal", "hematologic", "psychiatric", "psych", "dermatologic", "genitourinary", "infectious", "oncologic",
];

/// Abbreviations of illnesses that mean something else outside of a list of problems.
#[rustfmt::skip]
pub(super) const SHORT: &[&str] = &[
    "DM", "DMII", "DM1", "IDDM", "NIDDM", "AF", "HF", "MI", "PE", "MS", "RA", "OA", "PVD", "SLE", "TB", "MDD", "GAD", "PUD", "CRF", "ESLD", "MGUS", "IDA", "HL", "DJD", "AAA", "VT",
];

/// The abbreviation of an illness at token `at`, in capitals: one token, or none. Only where something else says that an illness is named.
pub(super) fn short_illness(scan: &Scan<'_>, at: usize) -> Option<usize> {
    (!scan.is_taken(at) && SHORT.contains(&scan.words.slice(at, at + 1))).then_some(1)
}

/// Whether tokens `from..to` are the name of an illness in so many words: an abbreviation, or "Foobar syndrome".
fn is_illness(scan: &Scan<'_>, from: usize, to: usize) -> bool {
    let last = scan.has(to.saturating_sub(1), to, &["syndrome", "disease", "disorder"]);
    SHORT.contains(&scan.words.slice(from, to)) || (last && to - from > 1)
}

/// Items of a list of problems that no word list knows, beside one that it does: "HTN, DM, Foobar syndrome". Any other item may as well say more
/// of the one before it: "diabetes, diet only". A line with a verb is no list.
pub(super) fn listed_beside(scan: &mut Scan<'_>) {
    if scan.section != Section::PastHistory {
        return;
    }
    let words = &scan.words;
    let marks = (0..words.len()).filter(|i| matches!(words.any(*i), Some("," | ";")));
    let ends: Vec<usize> = marks.chain([words.len()]).collect();
    let items: Vec<(usize, usize)> = ends
        .iter()
        .scan(0, |from, end| Some((std::mem::replace(from, end + 1), *end)))
        .collect();
    let told = |from: usize, to: usize| scan.found.iter().any(|found| from < found.to && found.from < to);
    let verb = (0..words.len()).filter_map(|i| words.word(i)).any(|word| {
        NO_PROBLEM.contains(&word) || NO_LIST.contains(&word) || word.ends_with("ed") || word.ends_with("ing")
    });
    if verb || items.len() < 2 || !items.iter().any(|(from, to)| told(*from, *to)) {
        return;
    }
    let mut new = Vec::new();
    for (from, to) in items {
        let Some(first) = (from..to).find(|i| words.word(*i).is_some_and(|word| word != "and")) else {
            continue;
        };
        let stop = (first..to)
            .find(|i| matches!(words.any(*i), Some("(" | "." | ":" | "?" | "-")) || words.sort(*i) == Some(Sort::Date))
            .unwrap_or(to);
        if !told(from, to) && stop - first <= 4 && is_illness(scan, first, stop) {
            new.push((first, stop));
        }
    }
    for (first, stop) in new {
        let mut fact = scan.fact(FactKind::Problem, first, stop);
        fact.status = standing(scan, FactKind::Problem, first, stop).map(str::to_owned);
        scan.take(first, stop);
        scan.tell(fact, first, stop);
    }
}

/// Further words of sentences that are no list of problems.
#[rustfmt::skip]
const NO_LIST: &[&str] = &[
    "is", "was", "are", "has", "had", "have", "will", "with", "patient", "she", "he", "they", "no", "none", "not", "well", "on", "since", "at", "for",
    "to", "of", "but", "who", "which", "see", "etc", "otherwise", "years", "year", "ago", "stable", "mg", "daily",
];

/// Whether a text is long enough for the name of something: of two letters only an abbreviation is, "PE".
pub(super) fn is_name(text: &str) -> bool {
    text.len() >= 3 || (text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase()))
}
