//! Lists of allergies: what is an agent of one, what is said of it, and what ends the list.

use super::{DOES, REACTIONS, TOLERATED, agent_at, denied_after, is_not_tolerated, own_end, reaction};
use crate::{
    fact::{Fact, FactKind},
    lexicon::{conditions, measures},
    note::{
        Scan, amount,
        cues::bit,
        pack::Pack,
        words::{Sort, Words},
    },
};

/// Labels within a list of allergies.
#[rustfmt::skip]
const KINDS: &[&str] = &[
    "drug", "drugs", "food", "foods", "environmental", "environment", "medication", "medications", "medicine", "medicines", "meds", "other", "others",
    "reaction", "reactions", "severity", "type", "agent", "allergen", "allergens", "substance", "intolerance", "intolerances", "seasonal", "insect", "insects",
    "latex", "contrast", "comment", "comments", "note", "notes", "onset", "status", "known", "allergy", "allergies", "adverse", "side", "effects", "sensitivities",
    "antibiotics", "antibiotic", "animals", "animal", "plants", "tree", "trees",
];

/// Whether what stands after a label under a head of allergies is one of them: the label is an agent or a kind of agents, or a reaction follows it.
pub(crate) fn is_told_under(label: &str, after: &str, pack: &'static Pack) -> bool {
    let words = |text: &str| -> Vec<String> {
        let parts = text
            .split(|c: char| !(c.is_alphanumeric() || c == '-'))
            .filter(|part| !part.is_empty());
        parts.map(str::to_lowercase).collect()
    };
    let any = |text: &str, lists: &[&[&str]]| {
        words(text)
            .iter()
            .any(|word| lists.iter().any(|list| list.contains(&word.as_str())))
    };
    let names = Words::by(label, pack);
    let agent = (0..names.len()).any(|i| names.may(i, bit::DRUG | bit::ALLERGEN));
    let kinds = words(label).iter().all(|word| KINDS.contains(&word.as_str()));
    let rest = Words::by(after, pack);
    let agents = rest.has(bit::ALLERGEN)
        || rest.has(bit::DRUG) && !after.contains(|c: char| c.is_ascii_digit()) && !any(after, &[TAKES, GAVE]);
    agent
        || kinds
        || agents
        || any(after, &[REACTIONS])
        || words(after).iter().all(|word| ASIDE.contains(&word.as_str()))
}

/// A line of an allergy list: "Penicillin - rash", "sulfa (hives), latex".
pub(super) fn listed(scan: &mut Scan<'_>) {
    let mut i = 0;
    let mut facts = Vec::new();
    let mut known = false;
    let mut taken: Vec<(usize, usize)> = Vec::new();
    while i < scan.words.len() {
        if let Some(len) = agent_at(scan, i) {
            known = true;
            if is_taken(scan, i, len) {
                taken.push((i, i + len));
                i += len;
                continue;
            }
            let mut fact = scan.fact(FactKind::Allergy, i, i + len);
            let stop = (i + len..scan.words.len())
                .find(|k| agent_at(scan, *k).is_some() || matches!(scan.words.any(*k), Some(";")))
                .unwrap_or(scan.words.len());
            fact.reaction = reaction(scan, i + len, stop);
            // "No latex; penicillin - rash": a denial reaches no further than its clause.
            let clause = (i.saturating_sub(4)..i)
                .rev()
                .find(|k| matches!(scan.words.any(*k), Some(";" | "but" | "except")))
                .map_or(i.saturating_sub(4), |k| k + 1);
            let intolerant = (i.saturating_sub(2)..i).any(|at| is_not_tolerated(scan, at));
            fact.negated = !intolerant
                && (scan.has(clause, i, &["no", "denies", "not", "without"])
                    || scan.has(i.saturating_sub(2), i, TOLERATED)
                    || may_take(scan, i)
                    || denied_after(scan, i + len, own_end(scan, i + len, stop)));
            // "Penicillin?", "penicillin (hives?)".
            let item = (i + len..stop).take_while(|k| scan.words.any(*k) != Some(","));
            if !scan.asks && item.into_iter().any(|k| scan.words.any(k) == Some("?")) {
                fact.status = Some("suspected".to_owned());
            }
            facts.push((fact, i, i + len));
            i = stop.max(i + len);
        } else {
            i += 1;
        }
    }
    if !known && !is_header(scan) {
        facts.extend(unknown_agent(scan));
    }
    if !facts.is_empty() {
        let told = facts
            .iter()
            .map(|(_, from, to)| (*from, *to))
            .chain(taken.iter().copied());
        let told: Vec<(usize, usize)> = told.collect();
        facts.extend(unknown_items(scan, &told));
        facts.sort_by_key(|(_, from, _)| *from);
    }
    if !facts.is_empty() {
        // A medicine that is taken is told of as one: its words are left.
        if taken.is_empty() {
            scan.take(0, scan.words.len());
        }
        for (fact, from, to) in facts {
            scan.take(from, to);
            scan.tell(fact, from, to);
        }
    }
}

/// Whether a line is the first row of a table of allergies: "Agent   Reaction   Severity".
fn is_header(scan: &Scan<'_>) -> bool {
    let title = |word: &str| {
        matches!(
            word,
            "agent"
                | "allergen"
                | "allergens"
                | "substance"
                | "reaction"
                | "reactions"
                | "severity"
                | "type"
                | "onset"
                | "status"
                | "comment"
                | "comments"
        )
    };
    scan.words.len() > 1
        && (0..scan.words.len()).all(|i| scan.words.any(i).is_some_and(|word| title(word) || word == "|"))
}

/// Verbs of a patient who takes what they name.
const TAKES: &[&str] = &[
    "on",
    "takes",
    "taking",
    "continues",
    "continue",
    "start",
    "started",
    "resume",
    "resumed",
];

/// Verbs of a medicine that helps, whatever reaction stands before it.
const HELPS: &[&str] = &["use", "uses", "using", "carry", "carries", "carrying"];

/// Whether the words before token `at` say that what it names may be taken: "can take cephalexin".
fn may_take(scan: &Scan<'_>, at: usize) -> bool {
    let take = at.saturating_sub(1);
    scan.has(take, at, &["take"]) && scan.has(take.saturating_sub(2), take, &["can", "may", "able"])
}

/// Verbs of a dose that was given.
const GAVE: &[&str] = &["given", "received", "administered", "gave"];

/// Whether the agent of tokens `at..at + len` is told of as a medicine that is taken, though the list is one of allergies and its head was the last
/// that is known: "On warfarin and digoxin.", "doxycycline 100 mg BID". A sentence with a reaction tells of an allergy; a dose alone does not
/// part the two, since lists of allergies have strengths.
fn is_taken(scan: &Scan<'_>, at: usize, len: usize) -> bool {
    let words = &scan.words;
    let reacts = |from: usize, to: usize| scan.has(from, to, REACTIONS);
    if !words.may(at, bit::DRUG) {
        return false;
    }
    // "Uses Tylenol", "treated with prednisone", "prednisone given for rash".
    let before = at.saturating_sub(1);
    let helps = scan.has(before, at, HELPS)
        || scan.has(before, at, &["with", "by"])
            && scan.has(before.saturating_sub(1), before, &["treated", "managed", "relieved"])
        || scan.has(before, at, &["to"])
            && scan.has(
                before.saturating_sub(1),
                before,
                &["switched", "changed", "transitioned"],
            )
        || premedicates(scan, at);
    let end = at + len + usize::from(scan.has(at + len, at + len + 1, &["was", "were", "is"]));
    let for_it =
        scan.has(end, end + 1, &["given", "used", "prescribed"]) && scan.has(end + 1, end + 2, &["for", "instead"]);
    if for_it || takes_for(scan, at, len) || helps && !reacts(at + len, words.len()) {
        return true;
    }
    if reacts(0, words.len()) {
        return false;
    }
    let dosed = amount::dose(scan, at + len);
    let mut next = dosed.unwrap_or(at + len);
    next = amount::route(scan, next).unwrap_or(next);
    if amount::frequency_at(scan, next).is_some() {
        return true;
    }
    // Back over the list to its verb: "on warfarin, metoprolol and digoxin".
    let verb = (at.saturating_sub(REACH)..at).rev().find(|i| {
        let joins = matches!(
            words.any(*i),
            Some("," | "and" | "the" | "his" | "her" | "home" | "currently")
        );
        !joins && !words.may(*i, bit::DRUG) && amount_before(scan, *i).is_none()
    });
    let Some(verb) = verb.and_then(|i| words.word(i)) else {
        return false;
    };
    TAKES.contains(&verb) || (GAVE.contains(&verb) && dosed.is_some())
}

/// Words beside the reactions that a medicine is taken against.
const AGAINST: &[&str] = &[
    "hay", "her", "his", "the", "seasonal", "allergic", "and", "or", "as", "needed", "prn", "daily", ".",
];

/// Whether the medicine of tokens `at..at + len` is taken against the reactions behind it, and nothing more is said: "takes cetirizine daily for hay
/// fever", "uses Benadryl for rash". "On Bactrim for a cold, rash" tells what it did.
fn takes_for(scan: &Scan<'_>, at: usize, len: usize) -> bool {
    let words = &scan.words;
    let before = at.saturating_sub(1);
    if !(scan.has(before, at, TAKES) || scan.has(before, at, HELPS)) {
        return false;
    }
    let mut next = at + len;
    while let Some(end) = amount::amount_ends(scan, next).filter(|end| *end > next) {
        next = end;
    }
    let rest = next + 1..words.len();
    let against = |i: usize| {
        words
            .any(i)
            .is_some_and(|word| AGAINST.contains(&word) || REACTIONS.contains(&word))
    };
    words.word(next) == Some("for") && scan.has(rest.start, rest.end, REACTIONS) && rest.into_iter().all(against)
}

/// Whether the medicine at token `at` is given before what it shall make bearable: "premedicate with prednisone and Benadryl". A comma may as
/// well begin the next allergy.
fn premedicates(scan: &Scan<'_>, at: usize) -> bool {
    let words = &scan.words;
    let with = (at.saturating_sub(REACH)..at).rev().find(|i| {
        let joins = matches!(words.any(*i), Some("and" | "&" | "+"));
        !joins && !words.may(*i, bit::DRUG) && amount_before(scan, *i).is_none()
    });
    let Some(verb) = with
        .filter(|with| scan.has(*with, with + 1, &["with"]))
        .and_then(|with| with.checked_sub(1))
    else {
        return false;
    };
    // "Pre-treated" may be two words.
    words.word(verb).is_some_and(|word| {
        ["premed", "pre-med", "pretreat", "pre-treat"]
            .iter()
            .any(|begins| word.starts_with(begins))
    })
}

/// How far back a list of medicines is followed to its verb, in tokens.
const REACH: usize = 24;

/// Whether token `i` is the number or unit of a dose.
fn amount_before(scan: &Scan<'_>, i: usize) -> Option<usize> {
    amount::dose(scan, i).or_else(|| amount::dose(scan, i.checked_sub(1)?))
}

/// Words of sentences, and of what is said of an agent, that are none.
#[rustfmt::skip]
const NO_AGENT: &[&str] = &[
    "patient", "she", "he", "no", "the", "reviewed", "has", "reports", "see", "with", "updated", "keine", "nicht", "is", "was", "are", "were", "lives", "smokes",
    "drinks", "works", "takes", "uses", "denies", "quit", "married", "single", "retired", "never", "former", "presents", "presented", "feels", "had", "have",
    "will", "been", "does", "did", "goes", "came", "returns", "walks", "eats", "sleeps", "exercises", "complains", "endorses", "states", "continues", "continue",
    "start", "stop", "increase", "decrease", "follow", "followed", "discussed", "doing", "well",
];

/// Words of labels whose value is none.
#[rustfmt::skip]
const LABELS: &[&str] = &[
    "address", "ssn", "dob", "mrn", "phone", "tel", "telephone", "cell", "fax", "name", "sex", "gender", "age", "date", "insurance", "pcp", "provider",
    "physician", "email", "contact", "employer", "occupation", "pharmacy", "visit", "signed", "street", "ave", "avenue", "road", "apt", "zip", "family",
    "concern", "complaint",
];

/// What is said of an agent after a comma, and of a list.
#[rustfmt::skip]
const ASIDE: &[&str] = &[
    "unknown", "reaction", "reactions", "severe", "mild", "moderate", "child", "childhood", "years", "year", "ago", "per", "family", "intolerance", "allergy",
    "allergies", "unspecified", "type", "list", "other", "others", "etc", "as", "in", "on", "when", "to", "from", "since", "for", "by", "at", "during",
    "confirmed", "documented", "verified", "none", "nka", "nkda", "unsure", "possible", "multiple", "tested", "and", "or", "of", "her", "his", "low", "high",
    "life", "threatening", "airway", "mouth", "skin", "breathing", "blood", "pressure", "only", "nkfa",
];

/// Whether tokens `from..to` are no agent: a label, a measurement, an address, words of a sentence.
fn is_no_agent(scan: &Scan<'_>, from: usize, to: usize) -> bool {
    let words = &scan.words;
    let number = |i: usize| words.sort(i) == Some(Sort::Number);
    let measured = measures::names()
        .at(|k| words.word(from + k))
        .is_some_and(|(_, len)| number(from + len) || matches!(words.any(from + len), Some(":" | "=")));
    // "Smokes 1 ppd", "12 Main Street", but "Red dye 40" and "1. Latex".
    let counted = (from..to).any(|i| number(i) && words.word(i + 1).is_some())
        || from.checked_sub(1).is_some_and(number)
        || (0..words.len()).any(|i| number(i) && words.slice(i, i + 1).len() > 4);
    let label = words.any(to) == Some(":") && {
        let name = words.slice(from, to).to_lowercase();
        words.pack.head(&name).is_some()
    };
    measured || counted || label || scan.has(from, to, NO_AGENT) || scan.has(from, to, LABELS)
}

/// Labels of what is said of the agent on the line before.
#[rustfmt::skip]
const FIELDS: &[&str] = &[
    "reaction", "reactions", "severity", "type", "status", "onset", "comment", "comments", "note", "notes", "date", "source", "criticality", "category",
];

/// Kinds of agents that divide a list.
const KIND_ALONE: &[&str] = &[
    "drug",
    "drugs",
    "food",
    "foods",
    "environmental",
    "medication",
    "medications",
];

/// An agent no list knows: the words before the dash, colon or bracket of a short line.
fn unknown_agent(scan: &Scan<'_>) -> Option<(Fact, usize, usize)> {
    let words = &scan.words;
    let first = (0..words.len()).find(|i| words.word(*i).is_some())?;
    let stop = (first..words.len())
        .find(|i| {
            matches!(
                words.any(*i),
                Some("-" | ":" | "(" | "," | "." | ";" | "\u{2013}" | "\u{2014}")
            ) || words.word(*i).is_some_and(|w| DOES.contains(&w))
        })
        .unwrap_or(words.len());
    // "Unknown", "unable to obtain", "see chart": nobody knows of any.
    let nobody = words.word(first) == Some("unable") || (stop - first == 1 && words.word(first) == Some("unknown"));
    let field = stop - first == 1 && words.any(stop) == Some(":") && scan.has(first, stop, FIELDS);
    let kind = stop - first == 1 && stop == words.len() && scan.has(first, stop, KIND_ALONE);
    let elsewhere = words.word(first) == Some("see");
    if nobody || field || kind || elsewhere || stop - first > 4 || words.len() > 16 || is_no_agent(scan, first, stop) {
        return None;
    }
    let mut fact = scan.fact(FactKind::Allergy, first, stop);
    fact.reaction = reaction(scan, stop, words.len());
    fact.negated = denied_after(scan, stop, words.len());
    Some((fact, first, stop))
}

/// Agents no list knows among the items of a plain list: "Zorblax, latex". `told` are those that are known already, by their tokens. A line that
/// says more than names and reactions is no plain list.
fn unknown_items(scan: &Scan<'_>, told: &[(usize, usize)]) -> Vec<(Fact, usize, usize)> {
    let words = &scan.words;
    let all = words.len();
    let (mut items, mut from, mut depth) = (Vec::new(), 0, 0usize);
    for i in 0..=all {
        match words.any(i) {
            Some("(") => depth += 1,
            Some(")") => depth = depth.saturating_sub(1),
            Some("," | ";") | None if depth == 0 || i >= all => {
                items.push((from, i));
                from = i + 1;
            }
            _ => {}
        }
    }
    let says_more = scan.has(0, all, NO_AGENT)
        || scan.has(0, all, &["but", "except", "however"])
        || scan.has(0, all, DOES)
        || scan.has(0, all, TOLERATED);
    if items.len() < 2 || says_more {
        return Vec::new();
    }
    let named = items.into_iter().filter_map(|(from, to)| {
        let first = (from..to).find(|i| words.word(*i).is_some())?;
        let stop = (first..to)
            .find(|i| matches!(words.any(*i), Some("-" | ":" | "(" | "." | "\u{2013}" | "\u{2014}")))
            .unwrap_or(to);
        let apart = told.iter().all(|(begin, end)| *end <= first || to <= *begin);
        let plain = (first..stop).all(|i| words.sort(i) == Some(Sort::Word)) && stop - first <= 2;
        let of_another = scan.has(first, stop, REACTIONS)
            || scan.has(first, stop, ASIDE)
            || (first..stop).any(|i| conditions::diagnoses().at(|k| words.word(i + k)).is_some());
        if !apart || !plain || of_another || is_no_agent(scan, first, stop) {
            return None;
        }
        let mut fact = scan.fact(FactKind::Allergy, first, stop);
        fact.reaction = reaction(scan, stop, to);
        fact.negated = denied_after(scan, stop, to);
        Some((fact, first, stop))
    });
    named.collect()
}
