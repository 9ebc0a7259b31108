//! Problems, procedures, vaccines, family, social facts, follow-up, age and sex in notes.

use super::{Scan, cues::bit, layout, medication, negation::denied_after, whose, words::Sort};
use crate::{
    fact::{Experiencer, Fact, FactKind, Section},
    lexicon::{Phrases, conditions, drugs},
    medicines::PLANNED,
};

/// Words before a condition that make it absent.
#[rustfmt::skip]
const NOT_HERE: &[&str] = &[
    "no", "denies", "denied", "without", "negative", "not", "never", "ruled", "rules", "absence", "free",
];

/// Words that end the reach of those.
const BUT: &[&str] = &["but", "however", "although", "reports", "endorses", "has", "except"];

/// Finds everything that this file is about.
pub(crate) fn find(scan: &mut Scan<'_>) {
    if scan.section == Section::Header {
        return;
    }
    if family(scan) {
        return;
    }
    known(scan, FactKind::Immunization, drugs::vaccines(), bit::VACCINE);
    known(scan, FactKind::Procedure, conditions::procedures(), bit::PROCEDURE);
    if scan.section != Section::Allergies {
        known(scan, FactKind::Problem, conditions::diagnoses(), bit::DIAGNOSIS);
    }
    complaints(scan);
    listed_beside(scan);
    listed_problem(scan);
    social(scan);
    follow_up(scan);
}

/// Facts for every phrase of `list`, whose first words have `bit`, in the sentence.
fn known(scan: &mut Scan<'_>, kind: FactKind, list: &Phrases, bit: u16) {
    if !scan.words.has(bit) {
        return;
    }
    let mut i = 0;
    while i < scan.words.len() {
        let hit = if scan.is_taken(i) || !scan.words.may(i, bit) {
            None
        } else {
            list.at(|k| scan.words.word(i + k))
        };
        let Some((_, len)) = hit else {
            i += 1;
            continue;
        };
        let mut len = len;
        // "vaccine" after the name belongs to it; a plain "influenza" or "tetanus" needs it.
        if kind == FactKind::Immunization {
            let next = scan.words.word(i + len);
            if matches!(
                next,
                Some("vaccine" | "vaccination" | "booster" | "shot" | "immunization")
            ) {
                len += 1;
            } else if scan.section != Section::Immunizations
                && matches!(scan.words.word(i), Some("influenza" | "tetanus" | "pfizer" | "moderna"))
                && len == 1
            {
                i += 1;
                continue;
            }
        }
        let mut fact = scan.fact(kind, i, i + len);
        fact.negated = denied(scan, i);
        let no_more = scan.has(i + len, i + len + 2, &["unlikely", "screening", "screen"]);
        fact.status = standing(scan, kind, i, i + len).map(str::to_owned);
        if kind == FactKind::Problem && (fact.negated || no_more || only_named(scan, i + len)) {
            // The denial is told once, as such.
            i += len;
            continue;
        }
        if kind == FactKind::Problem && denied_after(scan, i + len) {
            (fact.kind, fact.negated, fact.status) = (FactKind::Negation, true, None);
        }
        if kind != FactKind::Problem && (not_done(scan, i + len) || declined_before(scan, i)) {
            fact.negated = true;
        } else if kind == FactKind::Procedure && (to_come(scan, i) || scheduled_after(scan, i + len)) {
            fact.status = Some(PLANNED.to_owned());
        }
        if bit == bit::SYMPTOM
            && fact.kind == FactKind::Problem
            && let Some(drug) = side_effect(scan, i, i + len)
        {
            (fact.reason, fact.status) = (Some(drug), Some("inactive".to_owned()));
        }
        if matches!(kind, FactKind::Procedure | FactKind::Problem) {
            fact.site = side(scan, i, i + len).map(str::to_owned);
        }
        scan.take(i, i + len);
        scan.tell(fact, i, i + len);
        i += len;
    }
}

/// The side that the words next to tokens `from..to` name: "left total knee arthroplasty", "knee replacement (right)", "cataract of the left eye".
fn side(scan: &Scan<'_>, from: usize, to: usize) -> Option<&'static str> {
    let direction = |at: usize| {
        matches!(
            scan.words.word(at + 1),
            Some("now" | "away" | "handed" | "after" | "before")
        )
    };
    let named = |at: usize| match scan.words.word(at).filter(|_| !direction(at))? {
        "left" | "left-sided" | "lt" => Some("left"),
        "right" | "right-sided" | "rt" => Some("right"),
        "bilateral" | "bilaterally" | "bilat" | "both" => Some("bilateral"),
        _ => None,
    };
    let stops = |at: usize| {
        matches!(
            scan.words.any(at),
            Some("," | ";" | "." | "and" | "or" | "with" | "but")
        )
    };
    // "R hip replacement", but not "2 L".
    let letter = from.checked_sub(1).and_then(|at| match scan.words.slice(at, from) {
        "L" if scan.words.sort(at.wrapping_sub(1)) != Some(Sort::Number) => Some("left"),
        "R" => Some("right"),
        _ => None,
    });
    let before = (from.saturating_sub(3)..from)
        .rev()
        .take_while(|at| !stops(*at))
        .find_map(named)
        .or(letter);
    // After a comma only right there: "knee replacement, left".
    let comma = usize::from(scan.words.any(to) == Some(","));
    let reach = if comma == 1 { 1 } else { 4 };
    before.or_else(|| {
        (to + comma..to + comma + reach)
            .take_while(|at| !stops(*at))
            .find_map(named)
    })
}

/// The medicine that did what the symptom of tokens `at..to` names, once: "previously had cough on enalapril". An illness beside a medicine is
/// what that is for: "history of hypertension on lisinopril".
fn side_effect(scan: &Scan<'_>, at: usize, to: usize) -> Option<String> {
    let once = scan.has(at.saturating_sub(4), at, &["previously", "formerly", "past"])
        && scan.has(at.saturating_sub(3), at, &["had", "developed"]);
    let on = scan.has(to, to + 1, &["on", "with", "from"])
        || scan.has(to, to + 1, &["while"]) && scan.has(to + 1, to + 2, &["on"]);
    let drug = (to + 1..to + 4).find_map(|from| Some((from, medication::drug_at(scan, from)?)));
    let (from, len) = drug.filter(|_| once && on)?;
    Some(super::squeeze(&scan.words.told(from, from + len)))
}

/// Words after the name of an illness that make it the name of something else: "pregnancy test", "HIV screening".
#[rustfmt::skip]
const OF_ANOTHER: &[&str] = &[
    "test", "tests", "testing", "screen", "screens", "screening", "antibody", "antibodies", "titer", "titers", "vaccine", "vaccination",
    "prophylaxis", "precautions", "prevention", "education", "counseling", "clinic", "risk", "panel", "questionnaire",
];

/// Whether the illness that ends before token `at` is only named there.
fn only_named(scan: &Scan<'_>, at: usize) -> bool {
    scan.has(at, at + 1, OF_ANOTHER)
}

/// Words after a procedure that say that it was not done.
#[rustfmt::skip]
const UNDONE: &[&str] = &["cancelled", "canceled", "declined", "declines", "refused", "refuses", "deferred", "aborted", "omitted"];

/// Whether the words after a procedure, up to token `at`, say that it was not done: "was not done", "declined".
fn not_done(scan: &Scan<'_>, at: usize) -> bool {
    let clause = (at..at + 5).map_while(|i| {
        scan.words
            .any(i)
            .filter(|word| !matches!(*word, "." | ";" | "," | "and" | "but"))
    });
    let words: Vec<&str> = clause.collect();
    let verb = |word: &&str| {
        matches!(
            *word,
            "done" | "performed" | "obtained" | "completed" | "indicated" | "had" | "undergone" | "tolerated"
        )
    };
    let denied = words
        .iter()
        .position(|word| matches!(*word, "not" | "never" | "wasn't"));
    words.iter().any(|word| UNDONE.contains(word)) || denied.is_some_and(|at| words.iter().skip(at).any(verb))
}

/// Whether the words right before token `at` refuse what it names: "declined the flu vaccine".
fn declined_before(scan: &Scan<'_>, at: usize) -> bool {
    let refused = (at.saturating_sub(3)..at)
        .rev()
        .map_while(|i| scan.words.word(i))
        .take_while(|word| *word != "and");
    refused
        .into_iter()
        .any(|word| matches!(word, "declined" | "declines" | "refused" | "refuses" | "deferred"))
}

/// Whether the words before token `at` say that a procedure is yet to come: "will schedule a colonoscopy".
fn to_come(scan: &Scan<'_>, at: usize) -> bool {
    let clause = (at.saturating_sub(6)..at)
        .rev()
        .map_while(|i| scan.words.word(i))
        .take_while(|word| {
            !matches!(
                *word,
                "and" | "after" | "since" | "was" | "had" | "underwent" | "showed"
            )
        });
    clause.into_iter().any(|word| {
        matches!(
            word,
            "will" | "schedule" | "scheduled" | "planned" | "planning" | "consider"
        )
    })
}

/// Words that say that what was scheduled or pending has come since.
#[rustfmt::skip]
const HAS_COME: &[&str] = &[
    "was", "were", "showed", "shows", "shown", "done", "completed", "performed", "revealed", "returned", "back", "read", "result", "results", "resulted",
    "normal", "benign", "negative", "positive", "last", "ago", "yesterday",
];

/// Whether the words after a procedure, from token `at` on, put it in the time to come: "colonoscopy scheduled", "MRI is planned for May". What
/// was scheduled and is done is no plan: "colonoscopy scheduled last year was normal".
fn scheduled_after(scan: &Scan<'_>, at: usize) -> bool {
    let verb = at + usize::from(scan.has(at, at + 1, &["is", "are"]));
    scan.has(verb, verb + 1, &["scheduled", "planned", "pending"]) && !scan.has(verb + 1, scan.words.len(), HAS_COME)
}

/// What the words before tokens `at..to` say of a problem: suspected, or over ("no longer has"); or those after it ("resolved").
fn standing(scan: &Scan<'_>, kind: FactKind, at: usize, to: usize) -> Option<&'static str> {
    let pack = scan.words.pack;
    if kind != FactKind::Problem {
        return None;
    }
    if (at.saturating_sub(6)..at)
        .any(|i| scan.words.word(i) == Some("longer") && scan.words.word(i.wrapping_sub(1)) == Some("no"))
    {
        return Some("inactive");
    }
    if scan.has(to, to + 3, &["resolved"]) {
        return Some("resolved");
    }
    if scan.has(to, to + 4, &["cured"]) {
        return Some("resolved");
    }
    if scan.words.word(to) == Some("in") && scan.has(to + 1, to + 3, &["remission"]) {
        return Some("remission");
    }
    let young = scan.has(to, to + 3, &["childhood"])
        || (scan.words.word(to) == Some("as")
            && matches!(scan.words.word(to + 2), Some("child" | "teenager" | "infant")));
    if young {
        return Some("inactive");
    }
    let clause = (at.saturating_sub(8)..at).rev().map_while(|i| {
        let word = scan.words.any(i)?;
        (!matches!(word, "," | ";" | "." | ":" | "due" | "secondary" | "has" | "with")).then_some(word)
    });
    let before = clause.into_iter().find_map(|word| match word {
        word if pack.suspected.contains(&word) => Some("suspected"),
        word if pack.past.contains(&word) => Some("inactive"),
        _ => None,
    });
    before.or_else(|| doubted_after(scan, to).then_some("suspected"))
}

/// Whether what ends before token `to` is doubted right after it: "lupus (possible)", "PE suspected", "lupus?".
fn doubted_after(scan: &Scan<'_>, to: usize) -> bool {
    let doubts = |at: usize| {
        scan.words
            .any(at)
            .is_some_and(|word| scan.words.pack.suspected.contains(&word))
    };
    let last = |at: usize| {
        scan.words
            .any(at + 1)
            .is_none_or(|next| matches!(next, "." | "," | ";" | ")"))
    };
    let mark = matches!(scan.words.any(to), Some("(" | "," | "-" | ":"));
    // The mark of a question is none of doubt.
    let versus = matches!(scan.words.word(to), Some("vs" | "versus"));
    // "Cannot be excluded", "not ruled out".
    let open = scan.has(to, to + 4, &["excluded", "ruled"]) && scan.has(to, to + 4, &["not", "cannot", "can't"]);
    versus
        || open
        || (doubts(to) && last(to) && !(scan.asks && scan.words.any(to) == Some("?")))
        || (mark && doubts(to + 1) && last(to + 1))
}

/// Whether a denial reaches token `at`.
fn denied(scan: &Scan<'_>, at: usize) -> bool {
    let from = at.saturating_sub(12);
    let mut denied = false;
    for i in from..at {
        match scan.words.any(i) {
            Some("." | ";") => denied = false,
            Some(word) if BUT.contains(&word) => denied = false,
            Some(word) if NOT_HERE.contains(&word) => denied = true,
            _ => {}
        }
    }
    denied || in_denied_list(scan, at)
}

/// Longest list, in tokens, that one denial is followed over.
const LIST: usize = 120;

/// Whether token `at` stands in a list that a denial opens, however long: items of at most five words between commas, and no verb.
fn in_denied_list(scan: &Scan<'_>, at: usize) -> bool {
    let mut item = 0;
    for i in (at.saturating_sub(LIST)..at).rev() {
        match scan.words.any(i) {
            Some("," | "/" | "or" | "and" | "nor") => item = 0,
            Some("denies" | "denied" | "denying" | "no" | "without" | "negative") => return true,
            Some(
                "." | ";" | ":" | "is" | "was" | "were" | "are" | "had" | "have" | "with" | "presents" | "developed"
                | "because" | "now" | "then" | "since" | "who" | "which" | "he" | "she" | "they",
            ) => return false,
            Some(word) if BUT.contains(&word) => return false,
            _ => item += 1,
        }
        if item > 5 {
            return false;
        }
    }
    false
}

/// Words that make a symptom one that may come, or is asked about.
#[rustfmt::skip]
pub(super) const MAY_BE: &[&str] = &[
    "if", "should", "risk", "return", "call", "monitor", "watch", "prevent", "avoid", "may", "might", "could", "would", "cause", "causes", "signs", "warned",
    "advised", "side", "effects", "needed", "prn", "when", "screen", "screening", "rule", "evaluate", "worsening", "any", "develops", "develop", "resolved",
    "discussed", "explained", "educated", "allergy", "allergies", "reaction", "allergic", "family", "likely", "possible", "unless", "relieve", "relief",
];

/// Symptoms that the patient has: those named where the patient's state is told, not denied, and not as something that may come.
fn complaints(scan: &mut Scan<'_>) {
    let told_there = !matches!(
        scan.section,
        Section::Allergies
            | Section::Medications
            | Section::Instructions
            | Section::FamilyHistory
            | Section::SurgicalHistory
    );
    // "Bei Fieber Wiedervorstellung": a plan whose words for "if" and "in" are one tells of what may come.
    let may_come = scan.words.pack.translates() && scan.section == Section::Plan;
    if !told_there || may_come || !scan.words.has(bit::SYMPTOM) || (!scan.asks && scan.words.has(bit::MAY_BE)) {
        return;
    }
    known(scan, FactKind::Problem, conditions::symptoms(), bit::SYMPTOM);
}

/// Words of plans and remarks: a line with one of them names no problem.
#[rustfmt::skip]
const NO_PROBLEM: &[&str] = &[
    "explained", "given", "in", "week", "weeks", "month", "months", "due", "ordered", "order", "refer", "referral", "check", "recheck", "labs", "repeat", "date", "scheduled", "schedule", "counseled", "advised",
    "reviewed", "follow-up", "follow", "return", "start", "stop", "increase", "decrease", "negative", "normal", "today", "education", "maintenance", "unchanged", "declined", "agreed", "understands", "call", "medical", "rules", "ruled", "screening",
    "excluded", "unlikely", "without", "denies", "family",
];

/// A line of a problem list whose problem no word list knows: the line itself.
fn listed_problem(scan: &mut Scan<'_>) {
    let list = matches!(
        scan.section,
        Section::PastHistory | Section::SurgicalHistory | Section::Assessment
    );
    let words = &scan.words;
    // "Possible lupus", "r/o PE": the doubt is told beside the name.
    let doubt = |i: usize| words.any(i).is_some_and(|word| words.pack.suspected.contains(&word));
    let first = (0..words.len()).find(|i| words.word(*i).is_some() && !doubt(*i) && words.word(*i) != Some("out"));
    let (true, Some(first)) = (list, first) else {
        return;
    };
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
    if stop == first || stop - first > 6 || words.len() > 14 || verb || words.any(stop) == Some(":") {
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

/// Abbreviations of illnesses that mean something else outside of a list of problems.
#[rustfmt::skip]
const SHORT: &[&str] = &[
    "DM", "DMII", "DM1", "IDDM", "NIDDM", "AF", "HF", "MI", "PE", "MS", "RA", "OA", "PVD", "SLE", "TB", "MDD", "GAD", "PUD", "CRF", "ESLD", "MGUS", "IDA", "HL", "DJD", "AAA", "VT",
];

/// Whether tokens `from..to` are the name of an illness in so many words: an abbreviation, or "Foobar syndrome".
fn is_illness(scan: &Scan<'_>, from: usize, to: usize) -> bool {
    let last = scan.has(to.saturating_sub(1), to, &["syndrome", "disease", "disorder"]);
    SHORT.contains(&scan.words.slice(from, to)) || (last && to - from > 1)
}

/// Items of a list of problems that no word list knows, beside one that it does: "HTN, DM, Foobar syndrome". Any other item may as well say more
/// of the one before it: "diabetes, diet only". A line with a verb is no list.
fn listed_beside(scan: &mut Scan<'_>) {
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

/// Illnesses of relatives. True when the sentence was about relatives and is done with.
fn family(scan: &mut Scan<'_>) -> bool {
    let section = scan.section == Section::FamilyHistory;
    let said = scan.words.has(bit::FAMILY) && scan.words.lower().contains("family history");
    if !section && !said {
        // Whom each fact of the sentence is about is told when all are found.
        return false;
    }
    let relatives: Vec<(usize, &'static str)> = (0..scan.words.len())
        .filter(|i| scan.words.may(*i, bit::RELATIVE))
        .filter_map(|i| {
            let word = scan.words.word(i)?;
            Some((i, conditions::relative(conditions::owner(word).unwrap_or(word))?))
        })
        .collect();
    let mut any = false;
    let mut i = 0;
    while i < scan.words.len() {
        let may = scan.words.may(i, bit::DIAGNOSIS);
        let hit = may
            .then(|| conditions::diagnoses().at(|k| scan.words.word(i + k)))
            .flatten();
        let Some((_, len)) = hit else {
            i += 1;
            continue;
        };
        // "Asthma (mother)" tells of whom right after it; else the relative before it counts.
        let word = whose::after(scan, i + len).or_else(|| {
            let before = relatives.iter().rev().find(|(at, _)| *at < i);
            before.or_else(|| relatives.first()).map(|(_, word)| *word)
        });
        let mut fact = scan.fact(FactKind::FamilyHistory, i, i + len);
        fact.experiencer = Experiencer::Relative(word.unwrap_or("family").to_owned());
        fact.negated = denied(scan, i);
        scan.take(i, i + len);
        scan.tell(fact, i, i + len);
        any = true;
        i += len;
    }
    if section && !any {
        let text = scan.words.text.trim();
        let text = text.get(layout::bullet(text)..).unwrap_or(text).trim_end_matches('.');
        if !text.is_empty() {
            let mut fact = Fact::new(FactKind::FamilyHistory, super::squeeze(text), scan.section);
            let word = relatives.first().map_or("family", |(_, word)| word);
            fact.experiencer = Experiencer::Relative(word.to_owned());
            fact.negated = scan.has(
                0,
                scan.words.len(),
                &["no", "denies", "negative", "noncontributory", "unremarkable"],
            );
            scan.tell(fact, 0, scan.words.len());
        }
    }
    section || any
}

/// Habits and living: what each is called, and the words that tell of it.
pub(super) const HABITS: &[(&str, &[&str])] = &[
    (
        "tobacco",
        &[
            "smoke",
            "smokes",
            "smoked",
            "smoker",
            "smoking",
            "tobacco",
            "cigarettes",
            "cigarette",
            "pack-year",
            "pack-years",
            "vapes",
            "vaping",
            "nicotine",
        ],
    ),
    (
        "alcohol",
        &["alcohol", "etoh", "drinks", "wine", "beer", "drinker", "liquor"],
    ),
    (
        "drugs",
        &[
            "marijuana",
            "cannabis",
            "cocaine",
            "heroin",
            "methamphetamine",
            "illicit",
            "recreational",
        ],
    ),
    (
        "work",
        &["works", "retired", "occupation", "employed", "unemployed", "job"],
    ),
    (
        "home",
        &["lives", "married", "divorced", "widowed", "single", "roommate"],
    ),
];

/// Habits and living, by cue word; the value is the sentence.
fn social(scan: &mut Scan<'_>) {
    let section = scan.section == Section::SocialHistory;
    if !scan.words.has(bit::SOCIAL) {
        return;
    }
    for (name, cues) in HABITS {
        let strong = matches!(*name, "tobacco" | "alcohol" | "drugs");
        if (section || strong || is_at_home_or_work(scan, name)) && scan.has(0, scan.words.len(), cues) {
            let text = scan.words.text.trim();
            let text = text.get(layout::bullet(text)..).unwrap_or(text);
            let mut fact = Fact::new(FactKind::Social, *name, scan.section);
            fact.value = Some(super::squeeze(text.trim_end_matches('.')));
            // "Brother uses cocaine" is no habit of the patient.
            let cue = (0..scan.words.len()).find(|i| scan.words.word(*i).is_some_and(|word| cues.contains(&word)));
            if let Some(who) = cue.and_then(|cue| whose::whose(scan, cue, cue + 1)) {
                fact.kind = FactKind::FamilyHistory;
                fact.experiencer = Experiencer::Relative(who.to_owned());
            }
            scan.tell(fact, 0, scan.words.len());
        }
    }
}

/// Whether a sentence outside of the social history tells of home or work in so many words: "he lives with his wife", "works as a nurse".
fn is_at_home_or_work(scan: &Scan<'_>, name: &str) -> bool {
    let ways: &[(&str, &[&str])] = match name {
        "home" => &[("lives", &["alone", "with", "at", "in", "independently"])],
        "work" => &[
            ("works", &["as", "at", "for", "from", "in"]),
            ("employed", &["as", "at", "by"]),
        ],
        _ => return false,
    };
    (0..scan.words.len()).any(|i| {
        let told = ways
            .iter()
            .any(|(verb, next)| scan.words.word(i) == Some(*verb) && scan.has(i + 1, i + 2, next));
        // "Lives with HIV" tells of no home.
        let with_illness = (i + 2..i + 4).any(|k| {
            conditions::diagnoses().at(|n| scan.words.word(k + n)).is_some()
                || conditions::symptoms().at(|n| scan.words.word(k + n)).is_some()
                || scan.has(k, k + 1, &["pain", "chronic"])
        });
        let near = scan.has(
            i.saturating_sub(3),
            i,
            &["he", "she", "patient", "who", "they", "currently"],
        );
        // "He is married and works as a nurse", but not "the pain is worse and works ..".
        let far = scan.has(i.saturating_sub(1), i, &["and"]) && scan.has(0, i, &["he", "she", "patient", "they"]);
        told && !with_illness && (i == 0 || near || far)
    })
}

/// Words that a follow-up begins with.
pub(super) const FOLLOW_UP: &[&str] = &["follow-up", "followup", "rtc", "recheck", "follow", "return", "returns"];

/// Units of the time until then.
#[rustfmt::skip]
const SPANS: &[&str] = &[
    "day", "days", "week", "weeks", "month", "months", "year", "years", "wk", "wks", "mo", "mos", "yr", "yrs",
];

/// "follow up in 3 months", "return in 2 weeks", "RTC 6 wks".
fn follow_up(scan: &mut Scan<'_>) {
    if !scan.words.has(bit::FOLLOW_UP) {
        return;
    }
    for i in 0..scan.words.len() {
        let cue = match scan.words.word(i) {
            Some("follow-up" | "followup" | "rtc" | "recheck") => 1,
            Some("follow") if scan.words.word(i + 1) == Some("up") => 2,
            Some("return" | "returns") if matches!(scan.words.word(i + 1), Some("in" | "to" | "for")) => 1,
            _ => continue,
        };
        let Some(number) = (i + cue..(i + cue + 9).min(scan.words.len())).find(|k| {
            let counted = scan.words.sort(*k) == Some(Sort::Number)
                || matches!(
                    scan.words.word(*k),
                    Some("one" | "two" | "three" | "four" | "six" | "a" | "next")
                );
            counted && (*k + 1..*k + 4).any(|n| scan.has(n, n + 1, SPANS))
        }) else {
            continue;
        };
        let Some(end) = (number..number + 4).find(|n| scan.has(*n, *n + 1, SPANS)) else {
            continue;
        };
        let mut fact = Fact::new(FactKind::FollowUp, "follow-up", scan.section);
        fact.value = Some(super::squeeze(&scan.words.told(number, end + 1)));
        scan.tell(fact, 0, scan.words.len());
        return;
    }
}

/// A line of the header with a label of the pack: "Geburtsdatum: 14.03.1952".
fn labelled(scan: &mut Scan<'_>) {
    let Some((label, value)) = scan.words.text.split_once(':') else {
        return;
    };
    let (label, value) = (label.trim().to_lowercase(), value.trim());
    let labels = &scan.words.pack.labels;
    if let Some((_, concept)) = labels.iter().find(|(own, _)| *own == label)
        && !value.is_empty()
        && value.len() <= 40
    {
        let mut fact = Fact::new(FactKind::Demographic, *concept, scan.section);
        fact.value = Some(value.to_owned());
        scan.tell(fact, 0, scan.words.len());
    }
}

/// Age and sex: "50-year-old female"; in the header "DOB: ..", "Sex: F".
pub(crate) fn demographics(scan: &mut Scan<'_>) {
    let text = scan.words.text;
    if scan.section == Section::Header && scan.words.pack.translates() {
        labelled(scan);
        return;
    }
    if scan.section == Section::Header {
        for label in ["DOB", "Date of birth", "Sex", "Gender", "Age"] {
            let Some(rest) = text
                .get(..label.len())
                .filter(|head| head.eq_ignore_ascii_case(label))
                .and_then(|_| text.get(label.len()..))
            else {
                continue;
            };
            let Some(value) = rest.trim_start().strip_prefix(':') else {
                continue;
            };
            let value = value.trim();
            if !value.is_empty() && value.len() <= 40 {
                let concept = match label {
                    "DOB" | "Date of birth" => "born",
                    "Age" => "age",
                    _ => "sex",
                };
                let mut fact = Fact::new(FactKind::Demographic, concept, scan.section);
                fact.value = Some(value.to_owned());
                scan.tell(fact, 0, scan.words.len());
            }
        }
        return;
    }
    for i in 0..scan.words.len() {
        let (Some(Sort::Number), Some("-")) = (scan.words.sort(i), scan.words.any(i + 1)) else {
            continue;
        };
        if scan.words.word(i + 2) != Some("year-old") {
            continue;
        }
        let mut fact = Fact::new(FactKind::Demographic, "age", scan.section);
        fact.value = Some(scan.words.slice(i, i + 1).to_owned());
        scan.tell(fact, 0, scan.words.len());
        if let Some(sex) = (i + 3..i + 7).find(|k| {
            matches!(
                scan.words.word(*k),
                Some("female" | "male" | "woman" | "man" | "boy" | "girl")
            )
        }) {
            let mut fact = Fact::new(FactKind::Demographic, "sex", scan.section);
            fact.value = scan.words.word(sex).map(str::to_owned);
            scan.tell(fact, 0, scan.words.len());
        }
        return;
    }
}

#[cfg(test)]
mod tests {
    use crate::note::tests::lines;

    #[test]
    fn reads_history() {
        let check = |text: &str, expect: &[&str]| assert_eq!(lines(text), expect, "{text}");
        check(
            "She has a history of congestive heart failure, depression, and hypertension.",
            &[
                "problem: congestive heart failure",
                "problem: depression",
                "problem: hypertension",
            ],
        );
        check(
            "FAMILY HISTORY\nMother: breast cancer. Father died of a heart attack.",
            &[
                "family history: breast cancer; who mother",
                "family history: heart attack; who father",
            ],
        );
        check(
            "PAST MEDICAL HISTORY\n1. Hypertension\n2. Foobar's syndrome",
            &["problem: Hypertension", "problem: Foobar's syndrome"],
        );
        check(
            "PMH: HTN, DM, Foobar syndrome, s/p CABG 2010, lupus?",
            &[
                "procedure: CABG",
                "problem: HTN",
                "problem: lupus; status suspected",
                "problem: DM",
                "problem: Foobar syndrome",
            ],
        );
        check(
            "PMH: Hypertension, doing well, treated by Dr. Foo.",
            &["problem: Hypertension"],
        );
        check(
            "SOCIAL HISTORY\nShe smokes one pack a day.",
            &["social: tobacco = She smokes one pack a day"],
        );
        check(
            "INSTRUCTIONS\nFollow up in 3 months.",
            &["follow-up: follow-up = 3 months"],
        );
        check(
            "HPI: He works as a nurse. The ointment works in most. He lives with his wife.",
            &[
                "social: work = He works as a nurse",
                "social: home = He lives with his wife",
            ],
        );
        check("INSTRUCTIONS\nRTC 2 wks.", &["follow-up: follow-up = 2 wks"]);
        check(
            "PLAN\nFlu vaccine given. Colonoscopy is due.",
            &["immunization: Flu vaccine", "procedure: Colonoscopy"],
        );
        check("Pregnancy test not done. HIV screening declined.", &[]);
        check("Colonoscopy was not done.", &["procedure: Colonoscopy; absent yes"]);
        check(
            "She no longer has hypertension.",
            &["problem: hypertension; status inactive"],
        );
        for (text, expect) in [
            ("PMH: Possible lupus.", "problem: lupus; status suspected"),
            ("PMH: Ruled out PE.", "negation: PE; absent yes"),
            ("PMH: PE ruled out.", "negation: PE; absent yes"),
            ("PMH: r/o PE", "problem: PE; status suspected"),
            ("PMH\n- Lupus?\n- Foo", "problem: lupus; status suspected"),
            ("PMH: lupus (possible)", "problem: lupus; status suspected"),
            (
                "PMH: Foobar syndrome, probable",
                "problem: Foobar syndrome; status suspected",
            ),
            ("Stroke was ruled out.", "negation: Stroke; absent yes"),
            ("HIV negative.", "negation: HIV; absent yes"),
            ("Chest pain: none.", "negation: Chest pain; absent yes"),
            ("Dyspnea (-).", "negation: Dyspnea; absent yes"),
            ("Chest pain? no.", "negation: Chest pain; absent yes"),
            ("No SI or HI.", "negation: SI; absent yes"),
            ("Chest pain: (-).", "negation: Chest pain; absent yes"),
            ("Pneumonia vs bronchitis.", "problem: pneumonia; status suspected"),
            ("Asthma but this was later ruled out.", "negation: asthma; absent yes"),
            ("Diabetes: not present.", "negation: diabetes; absent yes"),
            ("ROS: chest pain no, fever yes.", "negation: chest pain; absent yes"),
            (
                "Breast cancer in remission.",
                "problem: breast cancer; status remission",
            ),
            ("No hx of MI.", "negation: MI; absent yes"),
            ("Pneumonia cannot be excluded.", "problem: pneumonia; status suspected"),
            ("PMH: asthma as a child", "problem: asthma; status inactive"),
            ("Patient declined flu vaccine.", "immunization: flu vaccine; absent yes"),
            ("Declined colonoscopy.", "procedure: colonoscopy; absent yes"),
            ("Colonoscopy scheduled.", "procedure: colonoscopy; status planned"),
            ("R hip replacement.", "procedure: hip replacement; site right"),
            ("Will schedule colonoscopy.", "procedure: colonoscopy; status planned"),
            (
                "Brother uses cocaine.",
                "family history: drugs = Brother uses cocaine; who brother",
            ),
        ] {
            assert_eq!(
                lines(text).first().map(|line| line.to_lowercase()),
                Some(expect.to_lowercase()),
                "{text}"
            );
        }
        check(
            "Previously had cough on enalapril.",
            &[
                "medication: enalapril; status past",
                "problem: cough; status inactive; for enalapril",
            ],
        );
        for illness in [
            "hypertension on lisinopril",
            "CHF on furosemide",
            "breast cancer on tamoxifen",
        ] {
            let found = lines(&format!("HPI: She has a history of {illness}."));
            assert!(
                !found
                    .iter()
                    .any(|line| line.contains("inactive") || line.contains("; for ")),
                "{found:?}"
            );
        }
        // What a comma adds to a name is none of its own.
        for (text, expect) in [
            ("PMH: 1. Diabetes mellitus, type 2", "problem: Diabetes mellitus"),
            ("PMH: Depression, major, recurrent", "problem: Depression"),
            ("PMH: Asthma, mild, Ventolin, Mother, full code", "problem: Asthma"),
            (
                "PSH: Appendectomy, laparoscopic, Mercy Hospital",
                "procedure: Appendectomy",
            ),
            (
                "HPI: Colonoscopy scheduled last year was done and was normal.",
                "procedure: Colonoscopy",
            ),
            ("HPI: Biopsy pending read was benign.", "procedure: Biopsy"),
            ("HPI: CT scan pending result showed nothing.", "procedure: CT scan"),
        ] {
            check(text, &[expect]);
        }
        for text in [
            "HPI: The pain lives in her back and works at night.",
            "HPI: Brother is a teacher and lives with HIV.",
            "HPI: He lives with chronic pain.",
        ] {
            assert!(!lines(text).iter().any(|line| line.starts_with("social")), "{text}");
        }
        check("RESOLVED PROBLEMS\nasthma", &["problem: asthma; status inactive"]);
        check(
            "A 50-year-old female with asthma.",
            &["problem: asthma", "demographic: age = 50", "demographic: sex = female"],
        );
    }
}
