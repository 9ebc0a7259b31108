//! Medicines in notes: name, dose, route, frequency, status, change of dose.

use super::{Scan, cues::bit, words::Sort};
use crate::{
    fact::{FactKind, Section},
    lexicon::drugs,
};

/// Units of a dose, lower case.
#[rustfmt::skip]
const DOSE_UNITS: &[&str] = &[
    "mg", "mcg", "µg", "ug", "g", "gram", "grams", "gm", "unit", "units", "iu", "meq", "ml", "cc", "milligrams",
    "milligram", "micrograms", "puff", "puffs", "tablet", "tablets", "tab", "tabs", "capsule", "capsules", "cap",
    "caps", "drop", "drops", "spray", "sprays", "patch", "mg/ml", "mg/day", "mg/kg", "units/ml", "mcg/actuation",
    "%",
];

/// Units that make an unknown word before them a medicine.
const STRONG_UNITS: &[&str] = &["mg", "mcg", "µg", "units", "meq", "iu"];

/// Words that may stand between a medicine and its dose or frequency.
#[rustfmt::skip]
const PASSED_OVER: &[&str] = &[
    "tablet", "tablets", "tab", "tabs", "capsule", "capsules", "cap", "caps", "er", "xr", "xl", "sr", "dr", "ec",
    "hfa", "hcl", "hydrochloride", "sodium", "potassium", "calcium", "succinate", "tartrate", "besylate",
    "mesylate", "maleate", "sulfate", "inhaler", "solution", "injection", "pen", "cream", "ointment", "spray",
    "extended", "release", "delayed", "was", "is", "has", "been", "were", "be", "to", "at", "of", "dose", "a",
    "the", "her", "his", "their", "total", "dosage", "now", "currently", "which", "she", "he", "they", "takes",
    "taking", "take", "one", "two", "and", "will", "today", "from", "patch", "nasal", "flexpen", "kwikpen",
    "insulin", "by", "back", "down", "up",
];

/// Words that are no medicine though a dose follows.
#[rustfmt::skip]
const NOT_DRUGS: &[&str] = &[
    "about", "approximately", "total", "dose", "dosage", "received", "given", "taking", "takes", "take", "took",
    "increase", "increased", "decrease", "decreased", "started", "start", "additional", "another", "daily",
    "maximum", "every", "than", "with", "from", "only", "over", "under", "least", "most", "contains", "tablet",
    "tablets", "tabs", "capsule", "capsules", "caplets", "strength", "currently", "continue", "continued",
    "reduced", "lowered", "titrated", "oral", "inject", "injection", "infusion", "bolus", "initiate", "stopped",
    "until", "weighs", "extra", "half", "administered", "level", "levels", "within", "between", "around", "nearly",
    "almost", "restart", "reduce", "raise", "raised", "prescribed", "using", "uses", "back", "sodium", "chloride",
    "then", "also",
];

/// A verb and the status it gives the medicines after (or before) it.
#[rustfmt::skip]
pub(super) const STATUS: &[(&str, &str)] = &[
    ("start", "started"), ("started", "started"), ("starting", "started"), ("starts", "started"), ("initiate",
    "started"), ("initiated", "started"), ("initiating", "started"), ("begin", "started"), ("began", "started"),
    ("begun", "started"), ("prescribe", "started"), ("prescribed", "started"), ("prescription", "started"), ("add",
    "started"), ("added", "started"), ("adding", "started"), ("new", "started"), ("commence", "started"),
    ("commenced", "started"), ("resume", "started"), ("resumed", "started"), ("restart", "started"), ("restarted",
    "started"), ("stop", "stopped"), ("stopped", "stopped"), ("stopping", "stopped"), ("discontinue", "stopped"),
    ("discontinued", "stopped"), ("discontinuing", "stopped"), ("d/c", "stopped"), ("d/c'd", "stopped"), ("dc'd",
    "stopped"), ("cease", "stopped"), ("ceased", "stopped"), ("quit", "stopped"), ("hold", "held"), ("held",
    "held"), ("holding", "held"), ("withhold", "held"), ("withheld", "held"), ("increase", "increased"),
    ("increased", "increased"), ("increasing", "increased"), ("uptitrate", "increased"), ("uptitrated",
    "increased"), ("up-titrated", "increased"), ("raise", "increased"), ("raised", "increased"), ("doubled",
    "increased"), ("decrease", "decreased"), ("decreased", "decreased"), ("decreasing", "decreased"), ("reduce",
    "decreased"), ("reduced", "decreased"), ("reducing", "decreased"), ("lower", "decreased"), ("lowered",
    "decreased"), ("taper", "decreased"), ("tapered", "decreased"), ("halved", "decreased"), ("continue",
    "continued"), ("continued", "continued"), ("continues", "continued"), ("continuing", "continued"), ("remains",
    "continued"), ("maintain", "continued"), ("maintained", "continued"), ("refill", "continued"), ("refilled",
    "continued"), ("takes", "taking"), ("taking", "taking"), ("take", "taking"), ("using", "taking"), ("uses",
    "taking"), ("on", "taking"), ("switch", "changed"), ("switched", "changed"), ("change", "changed"), ("changed",
    "changed"), ("declines", "declined"), ("declined", "declined"), ("refuses", "declined"), ("refused",
    "declined"),
];

/// Routes, longest first, and nothing else.
#[rustfmt::skip]
const ROUTES: &[&[&str]] = &[
    &["by", "mouth"], &["p.o"], &["po"], &["orally"], &["oral"], &["intravenously"], &["intravenous"], &["iv"],
    &["intramuscularly"], &["intramuscular"], &["im"], &["subcutaneously"], &["subcutaneous"], &["subcut"],
    &["subq"], &["sq"], &["sc"], &["sublingually"], &["sublingual"], &["sl"], &["topically"], &["topical"],
    &["transdermal"], &["inhaled"], &["inhalation"], &["intranasally"], &["intranasal"], &["per", "rectum"],
    &["rectally"], &["ophthalmic"], &["via", "nebulizer"],
];

/// Frequencies without a number.
#[rustfmt::skip]
const FREQUENCIES: &[&[&str]] = &[
    &["once", "daily"], &["once", "a", "day"], &["one", "time", "daily"], &["twice", "daily"], &["twice", "a",
    "day"], &["twice", "per", "day"], &["two", "times", "a", "day"], &["two", "times", "daily"], &["three", "times",
    "daily"], &["three", "times", "a", "day"], &["four", "times", "daily"], &["four", "times", "a", "day"],
    &["every", "other", "day"], &["every", "day"], &["each", "day"], &["every", "morning"], &["every", "evening"],
    &["every", "night"], &["each", "morning"], &["each", "evening"], &["nightly", "at", "bedtime"], &["at",
    "bedtime"], &["at", "night"], &["in", "the", "morning"], &["in", "the", "evening"], &["once", "weekly"],
    &["once", "a", "week"], &["twice", "weekly"], &["every", "week"], &["every", "month"], &["once", "monthly"],
    &["as", "needed"], &["daily"], &["nightly"], &["weekly"], &["monthly"], &["qd"], &["q.d"], &["qday"], &["bid"],
    &["b.i.d"], &["tid"], &["t.i.d"], &["qid"], &["q.i.d"], &["qhs"], &["q.h.s"], &["qam"], &["qpm"], &["qod"],
    &["prn"], &["p.r.n"], &["q4h"], &["q6h"], &["q8h"], &["q12h"], &["q24h"], &["q4-6h"], &["with", "meals"],
    &["before", "meals"], &["once"],
];

/// Finds medicines.
pub(crate) fn find(scan: &mut Scan<'_>) {
    if matches!(scan.section, Section::FamilyHistory) {
        return;
    }
    let mut status: Option<&'static str> = None;
    let mut negated = false;
    // Up to which token a "no" before an earlier medicine reaches.
    let mut no = 0;
    let mut i = 0;
    while i < scan.words.len() {
        if let Some(mark) = scan.words.any(i)
            && matches!(mark, ";" | ".")
        {
            (status, negated) = (None, false);
        }
        if scan.is_taken(i) {
            i += 1;
            continue;
        }
        if let Some(len) = drug_at(scan, i) {
            match reach_of_no(scan, i, len, no) {
                Some(reach) => {
                    no = reach;
                    i = take_drug(scan, i, len, None, true).max(i + 1);
                    continue;
                }
                None => no = 0,
            }
            i = take_drug(scan, i, len, status, negated).max(i + 1);
            continue;
        }
        if let Some(word) = scan.words.word(i) {
            let gives = scan
                .words
                .may(i, bit::STATUS)
                .then(|| STATUS.iter().find(|(verb, _)| *verb == word));
            if let Some((_, gives)) = gives.flatten() {
                // "was started on X" is no second verb.
                if !(word == "on" && status.is_some()) {
                    status = Some(gives);
                    negated = scan.has(
                        i.saturating_sub(3),
                        i,
                        &[
                            "not", "denies", "never", "don't", "doesn't", "didn't", "without", "denied",
                        ],
                    );
                    if scan.has(i.saturating_sub(2), i, &["longer"]) {
                        (status, negated) = (Some("stopped"), false);
                    }
                }
            } else if matches!(word, "but" | "however" | "because" | "although") {
                (status, negated) = (None, false);
            }
        }
        i += 1;
    }
}

/// Words that say no to the medicine right after them.
const NO: &[&str] = &["no", "avoid", "avoids", "avoiding", "without", "never"];

/// Words after a medicine that a "no" before it belongs to: "no metformin side effects".
#[rustfmt::skip]
const NO_OF_ANOTHER: &[&str] = &[
    "side", "effect", "effects", "related", "induced", "toxicity", "intolerance", "reaction", "reactions", "refill",
    "refills", "change", "changes", "adjustment", "dose", "doses", "titration", "overdose", "use", "abuse", "misuse",
    "withdrawal", "allergies", "monitoring",
];

/// If the medicine at `i` is one that the record says no to, the token up to which the "no" reaches. `no` is
/// how far an earlier one does: over a list joined by "or" and "nor".
fn reach_of_no(scan: &Scan<'_>, i: usize, len: usize, no: usize) -> Option<usize> {
    let words = &scan.words;
    let said = |back: usize| {
        i.checked_sub(back)
            .and_then(|k| words.word(k))
            .is_some_and(|w| NO.contains(&w))
    };
    let filler = i
        .checked_sub(1)
        .and_then(|k| words.word(k))
        .is_some_and(|w| matches!(w, "more" | "further" | "other" | "any" | "taking" | "using" | "the"));
    let direct = said(1) || (filler && said(2));
    if !(direct || i < no) || words.word(i + len).is_some_and(|w| NO_OF_ANOTHER.contains(&w)) {
        return None;
    }
    // The list goes on as far as its last "or", each item at most four words from the one before.
    let mut reach = i + len;
    let mut k = reach;
    while k < words.len() && k < reach + 4 && !matches!(words.any(k), Some("." | ";" | "but")) {
        if matches!(words.word(k), Some("or" | "nor")) {
            reach = k + 2;
        }
        k += 1;
    }
    Some(reach.max(no))
}

/// Tokens that name a medicine at `i`: a known name, or an unknown word that a dose follows.
fn drug_at(scan: &Scan<'_>, i: usize) -> Option<usize> {
    let words = &scan.words;
    if words.may(i, bit::DRUG)
        && let Some((_, len)) = drugs::names().at(|k| words.word(i + k))
    {
        // A test of the blood is no order: "digoxin level", "insulin resistance", "iron deficiency".
        let next = words.word(i + len);
        return (!matches!(next, Some("level" | "levels" | "resistance" | "deficiency" | "allergy"))).then_some(len);
    }
    let word = words.word(i)?;
    if drugs::is_combination(word) {
        return Some(1);
    }
    let written = words.slice(i, i + 1);
    let looks =
        word.len() >= 5 && written.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-') && !NOT_DRUGS.contains(&word);
    let capital =
        written.starts_with(|c: char| c.is_ascii_uppercase()) && !written.bytes().all(|b| b.is_ascii_uppercase());
    let listed = scan.section == Section::Medications;
    let dosed = words.sort(i + 1) == Some(Sort::Number) && words.word(i + 2).is_some_and(|u| STRONG_UNITS.contains(&u));
    (looks
        && dosed
        && (listed || (capital && i > 0))
        && crate::lexicon::measures::names().at(|k| words.word(i + k)).is_none())
    .then_some(1)
}

/// Reads what follows the name. Gives the first token after the fact.
fn take_drug(scan: &mut Scan<'_>, at: usize, len: usize, before: Option<&'static str>, negated: bool) -> usize {
    let mut fact = scan.fact(FactKind::Medication, at, at + len);
    let mut status = before;
    let mut i = at + len;
    let mut end = i;
    let mut unknown = 0;
    let mut from_next = false;
    let mut frequency: Option<(usize, usize)> = None;
    while i < scan.words.len() && i < at + 40 {
        if scan.is_taken(i) || drug_at(scan, i).is_some() && !inside_brackets(scan, at + len, i) {
            break;
        }
        let words = &scan.words;
        if let Some(next) = schedule(scan, i) {
            frequency = Some((i, next));
            (i, end, unknown) = (next, next, 0);
            continue;
        }
        if let Some(next) = dose(scan, i) {
            let text = super::squeeze(&words.told(i, next));
            if from_next {
                fact.old_dose = Some(text);
            } else if fact.dose.is_none() {
                fact.dose = Some(text);
            } else if fact.old_dose.is_none() && arrow_before(scan, i) {
                fact.old_dose = fact.dose.replace(text);
            } else {
                // A second amount: "20 mg tablet, 1 tablet daily".
                let all = fact.dose.take().unwrap_or_default();
                fact.dose = Some(format!("{all}, {text}"));
            }
            from_next = false;
            (i, end, unknown) = (next, next, 0);
            continue;
        }
        if let Some(next) = frequency_at(scan, i) {
            frequency = Some(match frequency {
                // "daily as needed": one phrase when adjacent.
                Some((start, stop)) if i <= stop + 1 => (start, next),
                Some(first) => first,
                None => (i, next),
            });
            (i, end, unknown) = (next, next, 0);
            continue;
        }
        if let Some(next) = route(scan, i) {
            fact.route.get_or_insert_with(|| words.told(i, next));
            (i, end, unknown) = (next, next, 0);
            continue;
        }
        match words.any(i).unwrap_or("") {
            "for" | ";" | "but" | "because" | "if" | "until" | "since" | "after" | "before" | "due" | "with" => break,
            "." => {
                // An abbreviation's stop ("p.o.") when the sentence goes on.
                if i + 1 == words.len() {
                    break;
                }
                i += 1;
            }
            "from" => {
                from_next = true;
                i += 1;
            }
            "," | "(" | ")" | "-" | ">" | "\u{2192}" | ":" | "/" | "[" | "]" => i += 1,
            word => {
                if let Some((_, gives)) = STATUS
                    .iter()
                    .find(|(verb, _)| *verb == word && !matches!(word, "on" | "new" | "take" | "takes" | "taking"))
                {
                    let passive =
                        scan.has(i.saturating_sub(2), i, &["was", "were", "is", "been", "be"]) || i == at + len;
                    if !passive && (words.word(i.saturating_sub(1)) == Some("and") || before.is_some() || negated) {
                        break;
                    }
                    status = Some(gives);
                    (end, unknown) = (i + 1, 0);
                } else if !PASSED_OVER.contains(&word) && words.sort(i) != Some(Sort::Date) {
                    unknown += 1;
                    if unknown > 2 {
                        break;
                    }
                }
                i += 1;
            }
        }
    }
    if let Some((start, stop)) = frequency {
        fact.frequency = Some(super::squeeze(&scan.words.told(start, stop)));
    }
    fact.status = status.map(str::to_owned);
    fact.negated = negated;
    let listed = matches!(
        scan.section,
        Section::Medications | Section::Plan | Section::Assessment | Section::Instructions
    );
    let worth = fact.dose.is_some() || fact.frequency.is_some() || fact.status.is_some() || listed;
    if worth && scan.section != Section::Allergies {
        scan.take(at, end);
        scan.found.push(fact);
    }
    end
}

/// Whether the tokens from `from` up to `at` open a bracket: a brand name beside the generic.
fn inside_brackets(scan: &Scan<'_>, from: usize, at: usize) -> bool {
    at > from && at <= from + 3 && scan.words.any(at - 1) == Some("(")
}

/// "->", "→" or "to" before `at`.
fn arrow_before(scan: &Scan<'_>, at: usize) -> bool {
    let back = |n: usize| at.checked_sub(n).and_then(|i| scan.words.any(i)).unwrap_or("");
    back(1) == "to" || back(1) == "\u{2192}" || (back(1) == ">" && back(2) == "-")
}

/// A number (or range, or fraction) and a dose unit at `i`: the token after it.
fn dose(scan: &Scan<'_>, i: usize) -> Option<usize> {
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

/// "1-0-1", how many in the morning, at noon, in the evening and perhaps at night, in languages that write it so: the token after it.
fn schedule(scan: &Scan<'_>, i: usize) -> Option<usize> {
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

fn phrase(scan: &Scan<'_>, i: usize, list: &[&[&str]]) -> Option<usize> {
    list.iter()
        .filter(|phrase| {
            phrase
                .iter()
                .enumerate()
                .all(|(k, w)| scan.words.word(i + k) == Some(*w))
        })
        .map(|phrase| i + phrase.len())
        .max()
}

fn route(scan: &Scan<'_>, i: usize) -> Option<usize> {
    phrase(scan, i, ROUTES)
}

/// A frequency at `i`: the token after it.
fn frequency_at(scan: &Scan<'_>, i: usize) -> Option<usize> {
    let words = &scan.words;
    if let Some(next) = phrase(scan, i, FREQUENCIES) {
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

#[cfg(test)]
mod tests {
    use crate::note::tests::lines;

    #[test]
    fn reads_medicines() {
        let check = |text: &str, expect: &[&str]| {
            let found: Vec<String> = lines(text)
                .into_iter()
                .filter(|l| l.starts_with("medication"))
                .collect();
            assert_eq!(found, expect, "{text}");
        };
        check(
            "We will increase her lisinopril to 40 mg daily and initiate Lasix 20 mg daily.",
            &[
                "medication: lisinopril; dose 40 mg; freq daily; status increased",
                "medication: Lasix; dose 20 mg; freq daily; status started",
            ],
        );
        check(
            "Lisinopril was increased from 10 mg to 20 mg daily.",
            &["medication: Lisinopril; dose 20 mg; from 10 mg; freq daily; status increased"],
        );
        check(
            "MEDICATIONS\n- Metformin 500mg PO BID\n- Zyxoprin 5 mg nightly\n- aspirin",
            &[
                "medication: Metformin; dose 500 mg; route PO; freq BID"
                    .replace("500 mg", "500mg")
                    .as_str(),
                "medication: Zyxoprin; dose 5 mg; freq nightly",
                "medication: aspirin",
            ],
        );
        check(
            "Metformin was stopped because of eGFR 28.",
            &["medication: Metformin; status stopped"],
        );
        check(
            "She is not taking warfarin.",
            &["medication: warfarin; status taking; absent yes"],
        );
        check(
            "Tramadol 50 mg every 6 hours as needed for pain, dispense 8.",
            &["medication: Tramadol; dose 50 mg; freq every 6 hours as needed"],
        );
        check(
            "Atorvastatin 20 mg -> 40 mg at bedtime",
            &["medication: Atorvastatin; dose 40 mg; from 20 mg; freq at bedtime"],
        );
        check(
            "PLAN: No aspirin or ibuprofen, continue metformin 500 mg daily.",
            &[
                "medication: aspirin; absent yes",
                "medication: ibuprofen; absent yes",
                "medication: metformin; dose 500 mg; freq daily; status continued",
            ],
        );
        check("PLAN: No metformin side effects.", &["medication: metformin"]);
        check("Digoxin level was 1.2.", &[]);
    }
}
