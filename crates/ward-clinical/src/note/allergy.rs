//! Allergies in notes: agent and reaction, and the statement that none is known.

mod list;

use std::ops::Range;

pub(crate) use self::list::is_told_under;
use self::list::listed;
use super::{Scan, boxes, cues::bit, negation, pack::Pack, words::Sort};
use crate::{
    fact::{Experiencer, Fact, FactKind, Origin, Section},
    lexicon::{conditions, drugs},
};

/// Manifestations, lower case.
#[rustfmt::skip]
const REACTIONS: &[&str] = &[
    "rash", "hives", "urticaria", "anaphylaxis", "anaphylactic", "angioedema", "swelling", "itching", "pruritus",
    "nausea", "vomiting", "diarrhea", "cough", "wheezing", "bronchospasm", "shortness", "throat", "lip", "tongue",
    "facial", "hypotension", "syncope", "myalgia", "myalgias", "dermatitis", "gi", "upset", "stomach", "headache",
    "dizziness", "redness", "flushing", "blisters", "stevens-johnson", "fever", "hepatitis", "rhabdomyolysis",
    "rhinitis", "runny", "sneezing", "contact", "itch", "itches", "itchy", "itchiness", "sneeze", "wheeze", "vomit",
    "swell", "swells", "welts", "nauseous", "cramps", "cramping", "faint",
];

/// Reactions that are an allergy's wherever they are told of, lower case.
#[rustfmt::skip]
const ALLERGIC: &[&str] = &[
    "rash", "hives", "urticaria", "anaphylaxis", "angioedema", "swelling", "itching", "pruritus", "itch", "itchy", "swell",
    "welts", "wheeze", "wheezing", "throat", "lip", "tongue",
];

/// Words that lead from an agent to what it does.
const DOES: &[&str] = &[
    "makes", "make", "made", "gives", "give", "gave", "causes", "cause", "caused",
];

/// The concept of the statement that there are none.
pub(super) const NONE_KNOWN: &str = "no known allergies";

/// Words by which an agent is said to do no harm.
const TOLERATED: &[&str] = &["tolerates", "tolerated", "tolerating", "tolerate", "tolerance"];

/// Words between an agent and what denies that it is an allergy.
#[rustfmt::skip]
const DENIALS: &[&[&str]] = &[
    &["not", "a", "true"], &["not", "true"], &["not", "an", "allergy"], &["not", "allergic"], &["no", "true"], &["not", "a", "real"], &["not", "real"],
    &["no", "longer"], &["ruled", "out"], &["disproven"], &["disproved"], &["delabeled"], &["delabelled"], &["de-labeled"], &["de-labelled"],
    &["removed"], &["refuted"], &["denies"], &["denied"], &["negative"], &["excluded"], &["entered", "in", "error"], &["no", "allergy"], &["no", "reaction"],
    &["not", "confirmed"], &["no", "known"], &["is", "not"], &["outgrown"], &["outgrew"], &["resolved"],
];

/// Whether tokens `from..to`, which follow an agent, say that it is no allergy.
fn denied_after(scan: &Scan<'_>, from: usize, to: usize) -> bool {
    let said = |at: usize, way: &[&str]| {
        way.iter()
            .enumerate()
            .all(|(k, word)| at + k < to && scan.words.word(at + k) == Some(*word))
    };
    // What is tolerated with premedication is an allergy.
    let premedicated = |at: usize| {
        scan.words.word(at + 1) == Some("with") && scan.words.word(at + 2).is_some_and(|word| word.starts_with("pre"))
    };
    let fine = scan.has(from, (from + 2).min(to), &["ok", "okay", "fine"]);
    fine || (from..to).any(|at| is_tolerated(scan, at) && !premedicated(at) && !tolerates_another(scan, at + 1))
        || (from..to).any(|at| {
            let way = DENIALS.iter().find(|way| said(at, way));
            way.is_some_and(|way| !is_of_another(scan, from, at + way.len()))
        })
}

/// Whether a denial whose words end before token `at` names another agent than the one before token `from`: "no reaction to cephalosporins".
fn is_of_another(scan: &Scan<'_>, from: usize, at: usize) -> bool {
    let named = at + usize::from(scan.has(at, at + 1, &["allergy", "allergies", "reaction", "reactions"]));
    let agent = named + 1;
    let same = scan
        .words
        .word(agent)
        .is_some_and(|word| scan.has(from.saturating_sub(4), from, &[word]));
    scan.has(named, agent, &["to"]) && agent_at(scan, agent).is_some() && !same
}

/// Words that turn a verb of tolerating around.
#[rustfmt::skip]
const DENY_TOLERANCE: &[&str] = &[
    "not", "cannot", "can't", "couldn't", "unable", "doesn't", "didn't", "don't", "wasn't", "isn't", "never", "longer", "poorly", "poor", "barely", "hardly",
];

/// Whether token `at` says that something is tolerated, and not that it is not.
fn is_tolerated(scan: &Scan<'_>, at: usize) -> bool {
    scan.has(at, at + 1, TOLERATED) && !is_not_tolerated(scan, at)
}

/// Whether token `at` is a verb of tolerating that is denied: "does not tolerate", "poorly tolerated".
fn is_not_tolerated(scan: &Scan<'_>, at: usize) -> bool {
    scan.has(at, at + 1, TOLERATED)
        && (scan.has(at.saturating_sub(3), at, DENY_TOLERANCE) || scan.has(at + 1, at + 2, &["poorly"]))
}

/// Words after a verb of tolerating that name nothing else that is tolerated.
#[rustfmt::skip]
const OF_ITSELF: &[&str] = &[
    "it", "them", "this", "these", "well", "fine", "ok", "okay", "now", "in", "on", "at", "by", "for", "since", "with", "without", "when", "as", "after", "before",
    "during", "last", "this", "today", "once", "twice", "and", "or", "but", "is", "was", "has", "again", "later",
];

/// How the agent itself is tolerated.
#[rustfmt::skip]
const TRIALS: &[&str] = &[
    "challenge", "rechallenge", "test", "trial", "dose", "doses", "course", "courses", "amount", "amounts", "time", "times",
];

/// Whether the words from token `from` on, after a verb of tolerating, name something else: "eggs, tolerates flu vaccine".
fn tolerates_another(scan: &Scan<'_>, from: usize) -> bool {
    let itself = |word: &str| OF_ITSELF.contains(&word) || word.ends_with("ly");
    scan.words.sort(from) == Some(Sort::Word)
        && scan.words.word(from).is_some_and(|word| !itself(word))
        && !scan.has(from, from + 4, TRIALS)
}

/// Where what is said of the agent before token `from` ends: at `stop`, where the next agent stands, or at the verb by which that one is tolerated.
fn own_end(scan: &Scan<'_>, from: usize, stop: usize) -> usize {
    let next = agent_at(scan, stop).is_some();
    let verb = (stop.saturating_sub(2).max(from)..stop).find(|at| scan.has(*at, *at + 1, TOLERATED));
    verb.filter(|_| next).unwrap_or(stop)
}

/// Words between what joins two agents and the second of them.
#[rustfmt::skip]
const LEADS: &[&str] = &[
    "to", "the", "also", "possibly", "probably", "both", "all", "any", "some", "certain", "other", "most", "many", "multiple", "of", "like", "including", "as", "well", "is",
    "allergic", "iv", "oral", "topical", "intravenous", "iodinated", "raw", "tree", "fresh", "food", "foods", "drug", "drugs", "medications", "the", "her", "his", "seasonal", "severe",
    "mild", "severely", "adhesive", "surgical", "synthetic", "antibiotic", "antibiotics", "environmental", "bee", "insect", "pet", "animal", "lactose", "red",
];

/// Whether the agent at token `at` goes on with the list of allergies whose last agent ends before token `after`. Another verb begins another
/// matter: "and takes aspirin", "treated with prednisone".
fn goes_on(scan: &Scan<'_>, after: usize, at: usize, len: usize) -> bool {
    let words = &scan.words;
    let before = (after..at)
        .rev()
        .find(|i| !words.any(*i).is_some_and(|word| LEADS.contains(&word)));
    let joined = before.is_none_or(|i| {
        words.any(i).is_some_and(|word| {
            matches!(
                word,
                "," | ";" | "and" | "or" | "nor" | "/" | "&" | "+" | ")" | "(" | "-" | "\u{2013}" | ":" | "plus"
            ) || REACTIONS.contains(&word)
        })
    });
    let verb = at + len + usize::from(scan.has(at + len, at + len + 1, &["was", "were", "is"]));
    joined && !scan.has(verb, verb + 1, &["prescribed", "given", "started", "substituted"])
}

/// Whether the clause before token `at` denies what it opens: "no known", "is not", "denies any history of".
fn denied_before(scan: &Scan<'_>, at: usize) -> bool {
    let clause = (at.saturating_sub(6)..at).rev().map_while(|i| {
        let word = scan.words.any(i)?;
        // "No statin because of a reaction to X" denies the statin.
        if word == "because" || word == "due" && scan.has(i + 1, i + 2, &["to"]) {
            return None;
        }
        (!matches!(
            word,
            "," | ";" | "." | ":" | "but" | "except" | "however" | "although" | "is" | "has"
        ) || word == "is" && i + 2 == at)
            .then_some(word)
    });
    let clause: Vec<&str> = clause.collect();
    clause.iter().any(|word| {
        matches!(
            *word,
            "denies" | "denied" | "no" | "not" | "never" | "without" | "isn't"
        )
    })
}

/// Whether a line is an entry of a list of allergies, though it may look like a head.
pub(crate) fn is_entry(line: &str, pack: &'static Pack) -> bool {
    let words = super::words::Words::by(line, pack);
    let first = words.word(0);
    matches!(first, Some("nkda" | "nka"))
        || drugs::allergens()
            .at(|k| words.word(k))
            .is_some_and(|(_, len)| len == words.len())
        || drugs::names()
            .at(|k| words.word(k))
            .is_some_and(|(_, len)| len == words.len())
}

/// Whether a line under allergies begins with a head of something else: "Given: ondansetron", "Denies: chest pain". What is denied or reported there
/// may be an allergy where it names an agent.
pub(super) fn begins_other(line: &str, pack: &'static Pack) -> bool {
    let line = line.get(super::layout::bullet(line)..).unwrap_or(line).trim_start();
    let Some((head, rest)) = line.split_once(':') else {
        return false;
    };
    match head.trim_end().to_ascii_lowercase().as_str() {
        "given" | "takes" => true,
        // "Stopped: lisinopril (cough)".
        "stopped" => !rest.contains('('),
        "denies" | "reports" => !names_agent(rest, pack) && !none_known(&rest.to_lowercase()),
        _ => false,
    }
}

/// The fact that none is known.
pub(super) fn none(section: Section) -> Fact {
    let mut fact = Fact::new(FactKind::Allergy, NONE_KNOWN, section);
    fact.negated = true;
    fact.origin = Origin::Note;
    fact
}

/// Words before the agent that answers a question.
const ANSWERS: &[&str] = &[
    "yes", "yeah", "just", "only", "to", "well", "um", "uh", "oh", "i'm", "allergic",
];

/// Whether a sentence, who speaks left out, begins with an agent, as an answer to "any allergies?" does.
pub(super) fn begins_with_agent(sentence: &str, pack: &'static Pack) -> bool {
    let words = super::words::Words::by(super::layout::untagged(sentence), pack);
    let leads = |i: &usize| words.any(*i).is_some_and(|word| word == "," || ANSWERS.contains(&word));
    let first = (0..words.len()).take_while(leads).count();
    agent_in(&words, first..first + 1)
}

/// Whether a sentence names an agent.
pub(super) fn names_agent(sentence: &str, pack: &'static Pack) -> bool {
    let words = super::words::Words::by(sentence, pack);
    agent_in(&words, 0..words.len())
}

/// Whether an agent begins at one of the tokens `at`.
fn agent_in(words: &super::words::Words<'_>, mut at: Range<usize>) -> bool {
    let lists = [drugs::allergens(), drugs::names()];
    at.any(|i| lists.iter().any(|list| list.at(|k| words.word(i + k)).is_some()))
}

/// Finds allergies.
pub(crate) fn find(scan: &mut Scan<'_>) {
    if scan.section == Section::FamilyHistory {
        return;
    }
    if scan.section == Section::Allergies && is_untold(scan) {
        scan.take(0, scan.words.len());
        return;
    }
    let told = scan.words.has(bit::ALLERGY);
    if !told && scan.section != Section::Allergies {
        if scan.words.has(bit::DRUG | bit::ALLERGEN) {
            does(scan, 0..scan.words.len(), false);
        }
        return;
    }
    let lower = scan.words.lower();
    // "Otherwise no allergies": there are some.
    let others = scan.has(
        0,
        scan.words.len(),
        &["otherwise", "other", "else", "additional", "further"],
    );
    let empty = scan.boxes && boxes::is_empty_before(&scan.words, &["nkda", "nka", "none", "known"]);
    if (none_known(lower) && !of_one(scan) && !others && !empty)
        || (scan.section == Section::Allergies
            && matches!(
                lower.trim().trim_end_matches('.'),
                "none"
                    | "no"
                    | "- none"
                    | "none known"
                    | "no known"
                    | "none to medications"
                    | "negative"
                    | "denies"
                    | "denied"
            ))
    {
        let all = scan.words.len();
        let mut none = none(scan.section);
        if let Some(who) = relative_without_allergies(scan) {
            none.kind = FactKind::FamilyHistory;
            none.experiencer = Experiencer::Relative(who.to_owned());
        }
        scan.tell(none, 0, all);
        // "NKDA, but shellfish makes him itch": what comes after it is no less an allergy.
        let part = |i: &usize| {
            matches!(
                scan.words.any(*i),
                Some("," | ";" | "but" | "except" | "however" | "although" | "-")
            )
        };
        // "No allergies and takes lisinopril": what is taken is none.
        let taken = taken_beside(scan, part);
        let after = (0..all).find(|i| part(i) && !taken.contains(i)).unwrap_or(all);
        let only = scan.has(after, after + 2, &["except", "but"]) || scan.section == Section::Allergies;
        let then = after.max(taken.end);
        does(scan, after..taken.start, only);
        does(scan, then..all, only);
        scan.take(0, taken.start);
        scan.take(taken.end, all);
        return;
    }
    if scan.section == Section::Allergies {
        listed(scan);
    } else if lower.contains("allerg")
        || lower.contains("intoleran")
        || lower.contains("anaphyla")
        || lower.contains("adverse reaction")
        || lower.contains("reaction to")
    {
        in_prose(scan);
    } else {
        does(scan, 0..scan.words.len(), false);
    }
}

/// What a list says of allergies that nobody knows about.
const UNTOLD: &[&str] = &["n/a", "not on file", "pending", "none reported", "unknown"];

/// Whether a line under allergies says no more than that nothing is known of them.
fn is_untold(scan: &Scan<'_>) -> bool {
    let said = scan.words.lower().trim();
    let said = said.get(super::layout::bullet(said)..).unwrap_or(said);
    UNTOLD.contains(&said.trim().trim_end_matches('.'))
}

/// Whether ": No" and nothing else, or a ticked box of a no, stands at token `at`.
fn answers_no(scan: &Scan<'_>, at: usize) -> bool {
    let words = &scan.words;
    let no = words.any(at) == Some(":") && matches!(words.word(at + 1), Some("no" | "none" | "denied"));
    let ends = || words.any(at + 2).is_none_or(|next| matches!(next, "." | "," | ";"));
    no && ends() || boxes::says_no(words, at)
}

/// Whether the agent at token `at` is the reason for something: "because of the penicillin allergy".
fn is_reason(scan: &Scan<'_>, at: usize) -> bool {
    let the = usize::from(scan.has(at.saturating_sub(1), at, &["the", "her", "his", "a"]));
    let of = at.saturating_sub(the + 1);
    let because = of.saturating_sub(1);
    scan.has(of, of + 1, &["of"]) && scan.has(because, of, &["because"])
        || scan.has(of, of + 1, &["to"]) && scan.has(because, of, &["due"])
}

/// The relative who has none: "her daughter has no known allergies".
fn relative_without_allergies(scan: &Scan<'_>) -> Option<&'static str> {
    let allergies = |i: usize| scan.words.word(i).is_some_and(|word| word.starts_with("allerg"));
    (0..scan.words.len())
        .filter(|i| scan.words.word(*i) == Some("no") && (i + 1..i + 4).any(allergies))
        .find_map(|i| negation::relative_without(scan, i))
}

/// The tokens that tell what is taken, beside the statement that there are no allergies: "no allergies and takes lisinopril", "but she takes aspirin".
/// `part` gives what parts a sentence. Behind another word than "and", what causes a reaction or is no medicine may be an allergy.
fn taken_beside(scan: &Scan<'_>, part: impl Fn(&usize) -> bool) -> Range<usize> {
    let all = scan.words.len();
    let found = (1..all).find_map(|i| {
        let who = usize::from(scan.has(i - 1, i, &["she", "he", "patient"]));
        let joins = (i - who).checked_sub(1)?;
        let verb = scan.has(i, i + 1, &["takes"]);
        (verb && matches!(scan.words.any(joins), Some("and" | "but" | ","))).then_some((joins, i))
    });
    let Some((joins, takes)) = found else { return all..all };
    let end = (takes..all)
        .find(|i| part(i) && scan.words.any(*i) != Some(","))
        .unwrap_or(all);
    let and = joins + 1 == takes && scan.has(joins, takes, &["and"]);
    let harms = scan.has(takes, end, REACTIONS)
        || (takes..end).any(|i| scan.words.may(i, bit::ALLERGEN) && !scan.words.may(i, bit::DRUG));
    if and || !harms { joins..end } else { all..all }
}

/// "Shellfish makes him itch", "penicillin -> rash", within tokens `within`. With `bare` an agent counts without
/// a reaction.
fn does(scan: &mut Scan<'_>, within: Range<usize>, bare: bool) {
    let (from, count) = (within.start, within.end);
    let mut i = from;
    while i < count {
        let Some(len) = agent_at(scan, i) else {
            i += 1;
            continue;
        };
        let verb = i + len;
        let arrow = scan.words.any(verb) == Some("\u{2192}")
            || (scan.words.any(verb) == Some("-") && scan.words.any(verb + 1) == Some(">"));
        let leads = arrow || scan.words.word(verb).is_some_and(|w| DOES.contains(&w));
        let reach = (verb + 7).min(count);
        let no = ["no", "not", "denies", "never", "tolerates", "without"];
        let stop = (verb..reach)
            .find(|k| agent_at(scan, *k).is_some() || matches!(scan.words.any(*k), Some(";" | ".")))
            .unwrap_or(reach);
        let told = leads && scan.has(verb, stop, ALLERGIC) && !scan.has(verb, stop, &no);
        if (told || bare) && !scan.has(i.saturating_sub(3).max(from), i, &no) {
            let mut fact = scan.fact(FactKind::Allergy, i, i + len);
            fact.reaction = reaction(scan, verb, stop);
            scan.tell(fact, i, i + len);
            scan.take(i, stop);
            i = stop.max(verb);
        } else {
            i = verb;
        }
    }
}

/// Whether the only agents that the sentence denies are named: "denies allergy to sulfa" says nothing of others.
fn of_one(scan: &Scan<'_>) -> bool {
    (0..scan.words.len()).any(|i| {
        let allergy = scan.words.word(i).is_some_and(|word| word.starts_with("allerg"));
        allergy
            && matches!(scan.words.word(i + 1), Some("to" | "of"))
            && (i + 2..i + 5).any(|k| agent_at(scan, k).is_some())
    })
}

fn none_known(lower: &str) -> bool {
    const WAYS: [&str; 14] = [
        "nkda",
        "nka",
        "no known drug allerg",
        "no known allerg",
        "no known medication allerg",
        "no drug allerg",
        "no medication allerg",
        "denies any allerg",
        "denies allerg",
        "denies drug allerg",
        "denies any drug allerg",
        "no allergies",
        "not allergic to any",
        "allergic to nothing",
    ];
    // Each way has one of these; most sentences have neither.
    let bytes = lower.as_bytes();
    if !bytes.windows(2).any(|two| two == b"nk") && !bytes.windows(6).any(|six| six == b"allerg") {
        return false;
    }
    WAYS.iter().any(|way| {
        lower.find(way).is_some_and(|i| {
            // "nka" as a word of its own.
            way.len() > 4
                || (!lower
                    .get(..i)
                    .is_some_and(|b| b.ends_with(|c: char| c.is_alphanumeric()))
                    && !lower
                        .get(i + way.len()..)
                        .is_some_and(|a| a.starts_with(|c: char| c.is_alphanumeric())))
        })
    })
}

/// A known agent at `i`: tokens it takes.
fn agent_at(scan: &Scan<'_>, i: usize) -> Option<usize> {
    if !scan.words.may(i, bit::DRUG | bit::ALLERGEN) {
        return None;
    }
    let a = drugs::allergens().at(|k| scan.words.word(i + k)).map(|(_, len)| len);
    let b = drugs::names().at(|k| scan.words.word(i + k)).map(|(_, len)| len);
    a.max(b)
}

/// The reaction written in tokens `from..to`: from its first known word to the end of the phrase.
fn reaction(scan: &Scan<'_>, from: usize, to: usize) -> Option<String> {
    let words = &scan.words;
    let start = (from..to).find(|i| words.word(*i).is_some_and(|w| REACTIONS.contains(&w)))?;
    // A bracket that opens and closes within belongs to it: "hives (1978)".
    let last = (start..to).rev().find(|k| words.any(*k) == Some(")"));
    let mut open = 0usize;
    let end = (start..to)
        .find(|i| {
            match words.any(*i) {
                Some("(") if last.is_some_and(|last| *i < last) => open += 1,
                Some("(") => return true,
                Some(")") if open > 0 => {
                    open -= 1;
                    return false;
                }
                _ => {}
            }
            if open > 0 {
                return false;
            }
            matches!(words.any(*i), Some(")" | "." | ";" | "]" | ","))
                || matches!(
                    words.word(*i),
                    Some(
                        "to" | "in"
                            | "when"
                            | "as"
                            | "with"
                            | "after"
                            | "but"
                            | "which"
                            | "on"
                            | "was"
                            | "is"
                            | "since"
                    )
                )
        })
        .unwrap_or(to);
    // Trailing joiners ("rash and" before the next agent) are left off.
    let end = (start + 1..=end)
        .rev()
        .find(|e| !matches!(words.word(*e - 1), Some("and" | "or" | "she" | "he")))
        .unwrap_or(end);
    Some(super::squeeze(&words.told(start, end)))
}

/// "allergic to X (hives) and Y", "X allergy", "intolerant of X", "allergies include X but tolerated Y".
fn in_prose(scan: &mut Scan<'_>) {
    let mut i = 0;
    let mut facts: Vec<(Fact, usize, usize)> = Vec::new();
    // Where what is denied ends: "no allergies to shellfish, but penicillin causes hives".
    let mut but = None;
    let count = scan.words.len();
    while i < count {
        let cue = match scan.words.word(i) {
            Some("allergic" | "allergy" | "allergies" | "intolerance" | "intolerant" | "anaphylaxis" | "reaction") => {
                // "Drug allergy: penicillin".
                let label = scan.words.any(i + 1) == Some(":")
                    && scan.has(i.saturating_sub(1), i, &["drug", "food", "medication"])
                    && agent_at(scan, i + 2).is_some();
                label || matches!(scan.words.word(i + 1), Some("to" | "of" | "include" | "includes"))
            }
            _ => false,
        };
        if cue {
            let denied = denied_before(scan, i)
                || scan.has(i.saturating_sub(1), i, &["neither"])
                || scan.has(i + 2, i + 3, &["neither"])
                || (scan.words.word(i) == Some("allergic") && i > 0 && scan.words.word(i - 1) == Some("not"));
            let (mut k, mut gap, mut last) = (i + 2, 0, None);
            // "But tolerated amoxicillin" ends the list.
            while k < count
                && gap < 4
                && !scan.has(k, k + 1, TOLERATED)
                && !scan.has(k, k + 1, &["but", "except", "tolerant", "takes", "took", "given"])
            {
                if let Some(len) = agent_at(scan, k) {
                    if last.is_some_and(|last| !goes_on(scan, last, k, len)) {
                        break;
                    }
                    last = Some(k + len);
                    let mut fact = scan.fact(FactKind::Allergy, k, k + len);
                    let stop = (k + len..count)
                        .find(|n| agent_at(scan, *n).is_some() || matches!(scan.words.any(*n), Some(";" | ".")))
                        .unwrap_or(count);
                    fact.reaction = reaction(scan, k + len, stop);
                    let own = (k + len..stop)
                        .find(|n| scan.has(*n, *n + 1, TOLERATED))
                        .unwrap_or(stop);
                    // "No allergies to shellfish; penicillin causes hives".
                    let does = fact.reaction.is_some() && scan.has(k + len, k + len + 1, DOES);
                    fact.negated = denied && !does || denied_after(scan, k + len, own) || answers_no(scan, k + len);
                    // "He may be allergic to codeine".
                    if !fact.negated
                        && scan.has(
                            i.saturating_sub(3),
                            i,
                            &["may", "might", "possibly", "possible", "questionable"],
                        )
                    {
                        fact.status = Some("suspected".to_owned());
                    }
                    let after = k + len;
                    let has_reaction = fact.reaction.is_some();
                    facts.push((fact, k, after));
                    k = if has_reaction { own } else { after };
                    gap = 0;
                } else {
                    gap += usize::from(!matches!(scan.words.any(k), Some("," | "and" | "or" | "(" | ")")));
                    k += 1;
                }
            }
            if denied && scan.has(k, k + 1, &["but", "except"]) {
                but = Some(k);
            }
            i = k.max(i + 1);
            continue;
        }
        // "Penicillin: not a true allergy."
        if let Some(len) = agent_at(scan, i)
            && matches!(scan.words.any(i + len), Some(":" | "-" | "is" | "was" | "\u{2013}"))
            && let Some(allergy) =
                (i + len + 1..i + len + 6).find(|k| matches!(scan.words.word(*k), Some("allergy" | "allergic")))
            && denied_after(scan, i + len, allergy + 1)
            && !(i + len..allergy).any(|k| matches!(scan.words.any(k), Some("," | ";" | ".")))
        {
            let mut fact = scan.fact(FactKind::Allergy, i, i + len);
            fact.negated = true;
            facts.push((fact, i, allergy + 1));
            i = allergy + 1;
            continue;
        }
        if let Some(len) = agent_at(scan, i)
            && matches!(
                scan.words.word(i + len),
                Some("allergy" | "allergies" | "intolerance" | "anaphylaxis")
            )
            && conditions::diagnoses().at(|k| scan.words.word(i + k)).is_none()
        {
            let mut fact = scan.fact(FactKind::Allergy, i, i + len);
            fact.reaction = reaction(scan, i + len, count);
            // "Treated with doxycycline because of the penicillin allergy; resolved": the illness is.
            let end = match is_reason(scan, i) {
                true => (i + len + 1..count)
                    .find(|k| scan.words.any(*k) == Some(";"))
                    .unwrap_or(count),
                false => count,
            };
            fact.negated = denied_before(scan, i) || denied_after(scan, i + len, end) || answers_no(scan, i + len + 1);
            facts.push((fact, i, i + len + 1));
            i += len + 1;
            continue;
        }
        i += 1;
    }
    for (fact, from, to) in facts {
        scan.take(from, to);
        scan.tell(fact, from, to);
    }
    if let Some(but) = but {
        does(scan, but..scan.words.len(), false);
    }
}

#[cfg(test)]
mod tests;
