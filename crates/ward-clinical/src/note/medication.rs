//! Medicines in notes: the name, what happens to it, and what of its dose was changed.

mod denied;
mod dose;

use self::{
    denied::{
        DENIES, STILL_DENIED, declines_to, denial_before, denies_another, is_hold_parameter, needless, neither_does,
        nobody_does, of_neither, reach_of_no,
    },
    dose::{arrow_before, in_other_units, is_limit, is_of_same, is_ordinary, of_unknown},
};
use super::{
    Found, Scan,
    amount::{STRONG_UNITS, decimal, dose, dose_before, frequency_at, route, schedule},
    cues::bit,
    taken_when::{
        NOW, another_after, begun_again, completed_after, ends_at, ends_with, given_once, gives_way, goes_on, had_on,
        not_taken_after, past_after, put_off, replaced_after, says_past,
    },
    words::Sort,
};
use crate::{
    fact::{FactKind, Section},
    lexicon::drugs,
    medicines::{CONSIDERED, GIVEN, PAST, PLANNED},
};

/// Words that may stand between a medicine and its dose or frequency.
#[rustfmt::skip]
const PASSED_OVER: &[&str] = &[
    "tablet", "tablets", "tab", "tabs", "capsule", "capsules", "cap", "caps", "er", "xr", "xl", "sr", "dr", "ec",
    "hfa", "hcl", "hydrochloride", "sodium", "potassium", "calcium", "succinate", "tartrate", "besylate",
    "mesylate", "maleate", "sulfate", "inhaler", "solution", "injection", "pen", "cream", "ointment", "spray",
    "extended", "release", "delayed", "was", "is", "has", "been", "were", "be", "to", "at", "of", "dose", "a",
    "the", "her", "his", "their", "total", "dosage", "now", "currently", "which", "she", "he", "they", "takes",
    "taking", "take", "one", "two", "and", "will", "today", "from", "patch", "nasal", "flexpen", "kwikpen",
    "insulin", "by", "back", "down", "up", "x", "doses",
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
    "then", "again", "repeat", "split", "also", "previously", "formerly", "originally", "initially", "presently", "historically",
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
    "taking"), ("on", "taking"), ("switch", "changed"), ("switched", "changed"), ("switching", "changed"), ("changing", "changed"), ("transition", "changed"), ("transitioned", "changed"), ("transitioning", "changed"), ("change", "changed"), ("changed",
    "changed"), ("declines", "declined"), ("declined", "declined"), ("refuses", "declined"), ("refused",
    "declined"), ("tolerates", "taking"), ("tolerating", "taking"), ("completed", "completed"), ("finished", "completed"),
];

/// What a clause says of the medicines in it.
#[derive(Clone, Copy, Default)]
struct Clause {
    /// What happens to them.
    status: Option<&'static str>,
    /// It does not.
    negated: bool,
    /// It may, or is thought of.
    hedged: bool,
    /// It was so once.
    past: bool,
}

/// Words after which a change is thought of or hangs on something, and has not been made.
const HEDGES: &[&str] = &[
    "consider",
    "considers",
    "considering",
    "considered",
    "if",
    "unless",
    "might",
    "may",
    "wants",
    "want",
    "wishes",
    "possibly",
    "perhaps",
    "would",
    "whether",
    "supposed",
];

/// Statuses of a change, which a hedge makes one that was only thought of.
const CHANGES: &[&str] = &["started", "stopped", "held", "increased", "decreased", "changed"];

/// Verbs that end a medicine that was told of before them.
const STOPS: &[&str] = &["stopped", "discontinued", "quit", "ceased"];

/// What else is stopped.
const HABITS: &[&str] = &[
    "smoking", "drinking", "alcohol", "tobacco", "working", "work", "driving",
];

/// Words after which, and right before a medicine, the list goes on that a verb opened.
#[rustfmt::skip]
const GOES_ON: &[&str] = &["the", "a", "her", "his", "their", "my", "your", "both", "also", "then", "any", "all", "daily", "oral", "home", "baby", "low-dose"];

/// Finds medicines.
pub(crate) fn find(scan: &mut Scan<'_>) {
    if matches!(scan.section, Section::FamilyHistory) || !(0..scan.words.len()).any(|i| may_name(scan, i)) {
        return;
    }
    let mut clause = Clause::default();
    // Up to which token a "no" before an earlier medicine reaches.
    let mut no = 0;
    // Medicines of which nothing was said yet, joined to the next by "and": "X and Y were stopped".
    let mut joined: Vec<Found> = Vec::new();
    let mut i = 0;
    while i < scan.words.len() {
        match scan.words.any(i) {
            Some(";" | ".") => clause = Clause::default(),
            // "Stop X and do Y": the verb reaches no further than its list.
            Some("and" | "," | "then" | "&" | "+")
                if (clause.status.is_some() || clause.negated) && !list_goes_on(scan, i + 1) =>
            {
                clause = Clause {
                    hedged: clause.hedged,
                    ..Clause::default()
                }
            }
            // "In the past, took X": the time is that of the whole clause.
            Some("and" | "," | "then" | "&" | "+")
                if clause.past
                    && !list_goes_on(scan, i + 1)
                    && !i.checked_sub(1).is_some_and(|before| says_past(scan, before)) =>
            {
                clause.past = false;
            }
            _ => {}
        }
        if scan.is_taken(i) {
            i += 1;
            continue;
        }
        if let Some(len) = drug_at(scan, i) {
            let reach = reach_of_no(scan, i, len, no);
            no = reach.unwrap_or(0);
            let about = match reach {
                Some(_) => Clause {
                    negated: true,
                    status: clause
                        .status
                        .filter(|status| *status == "taking" && scan.has(i.saturating_sub(8), i, &["neither"])),
                    ..Clause::default()
                },
                None if gives_way(scan, i) => Clause {
                    status: Some("stopped"),
                    hedged: clause.hedged,
                    ..Clause::default()
                },
                None => clause,
            };
            let taken = take_drug(scan, i, len, about);
            i = taken.to.max(i + 1);
            settle(scan, taken, about, &mut joined);
            continue;
        }
        if let Some(word) = scan.words.word(i) {
            let gives = scan
                .words
                .may(i, bit::STATUS)
                .then(|| STATUS.iter().find(|(verb, _)| *verb == word));
            if let Some(on) = had_on(scan, i) {
                clause = Clause {
                    past: true,
                    ..Clause::default()
                };
                i = on;
                continue;
            }
            if (clause.past || clause.status.is_some()) && !goes_on(scan, i) {
                clause.past = false;
                // "Completed inhaler teaching", "refused surgery": of no medicine.
                clause.status = clause
                    .status
                    .filter(|status| !matches!(*status, "completed" | "declined"));
            }
            if says_past(scan, i) {
                clause.past = true;
            } else if NOW.contains(&word) {
                clause.past = false;
            }
            if let Some((_, gives)) = gives.flatten() {
                // Beside an allergy "tolerates" says what does no harm, not what is taken.
                let harmless = word.starts_with("tolerat") && scan.words.has(bit::ALLERGY);
                // "Stopped taking X", "was started on X".
                let second = word == "on" || matches!(word, "taking" | "using") && verb_before(scan, i);
                // "Allopurinol (not taking), aspirin 81 mg" tells of the one before.
                let behind = matches!(word, "taking" | "using") && matches!(scan.words.any(i + 1), Some("," | ")"));
                // "Metoprolol (hold HR<55), lisinopril".
                let bound = word == "hold" && is_hold_parameter(scan, i);
                // "Kidney function declined on X": what is refused stands right behind the verb.
                let worsens = word == "on"
                    && scan.has(i.saturating_sub(1), i, &["declined", "declines"])
                    && scan.words.may(i + 1, bit::DRUG);
                if worsens {
                    clause.status = None;
                }
                // "No one stopped the X": it goes on. What else nobody does is no denial: "no one reminds her to take X".
                let ends = matches!(*gives, "stopped" | "held");
                let nobody = ends && nobody_does(scan, i);
                let passed = harmless || behind || bound || is_bracketed(scan, i);
                if !(passed || second && clause.status.is_some()) {
                    clause.status = Some(gives);
                    clause.negated = nobody
                        || neither_does(scan, i)
                        || denial_before(scan, i).is_some() && !(word == "on" && denies_another(scan, i));
                    // "Refuses to stop aspirin": it goes on, and "refuses to start insulin" is no beginning.
                    let refused = declines_to(scan, i);
                    let changes = matches!(*gives, "increased" | "decreased" | "changed");
                    let stays = refused || needless(scan, i).is_some();
                    if clause.negated && ends || stays && (ends || changes) {
                        (clause.status, clause.negated) = (Some("continued"), false);
                    } else if refused {
                        (clause.status, clause.negated) = (Some("declined"), false);
                    }
                    // "No longer controlled on X" is said of who takes it.
                    let before = scan.words.word(i.saturating_sub(1)).unwrap_or_default();
                    let controlled = word == "on"
                        && before != "longer"
                        && !before.ends_with("ly")
                        && !scan.has(i.saturating_sub(1), i, STILL_DENIED);
                    let back = if controlled { 1 } else { 2 };
                    if scan.has(i.saturating_sub(back), i, &["longer"]) {
                        (clause.status, clause.negated) = (Some("stopped"), false);
                    }
                    clause.hedged |=
                        is_hedged(scan, i) || scan.has(i.saturating_sub(1), i, &["discussed", "discuss", "discussing"]);
                }
            } else if matches!(word, "if" | "unless" | "consider" | "considering" | "whether") {
                clause.hedged = true;
            } else if matches!(word, "but" | "however" | "because" | "although" | "instead") {
                clause = Clause::default();
            }
        }
        i += 1;
    }
    joined.clear();
}

/// Whether the word at token `at` stands alone in a bracket behind a medicine, of which it tells: "lisinopril for pressure (STOP), aspirin".
fn is_bracketed(scan: &Scan<'_>, at: usize) -> bool {
    let words = &scan.words;
    let closes = |i: usize| matches!(words.any(i), Some(")" | "]"));
    let alone = closes(at + 1) || scan.has(at + 1, at + 2, &["taking"]) && closes(at + 2);
    let open = at
        .checked_sub(1)
        .filter(|open| matches!(words.any(*open), Some("(" | "[")));
    alone
        && open.is_some_and(|open| {
            let item = (0..open)
                .rev()
                .take(MOST_BEHIND)
                .take_while(|i| !matches!(words.any(*i), Some("," | ";" | "." | "and" | ":")));
            item.into_iter().any(|i| drug_at(scan, i).is_some())
        })
}

/// How far behind its medicine such a bracket may stand, in tokens.
const MOST_BEHIND: usize = 16;

/// What a bracket behind the medicine whose words end before token `from` says of it, unless another begins before.
fn bracket_behind(scan: &Scan<'_>, from: usize) -> Option<&'static str> {
    let item = (from..from + MOST_BEHIND)
        .take_while(|i| !matches!(scan.words.any(*i), None | Some("," | ";" | ".")) && drug_at(scan, *i).is_none());
    item.into_iter().filter(|i| is_bracketed(scan, *i)).find_map(|i| {
        let word = scan.words.word(i)?;
        STATUS.iter().find(|(verb, _)| *verb == word).map(|(_, gives)| *gives)
    })
}

/// Whether the words before the verb at token `at` make a thought or a wish of it. "I want you to start X" is an order.
fn is_hedged(scan: &Scan<'_>, at: usize) -> bool {
    (at.saturating_sub(4)..at).any(|i| {
        let orders = scan.has(i, i + 1, &["want"]) && scan.has(i + 1, i + 2, &["you"]);
        scan.words.word(i).is_some_and(|word| HEDGES.contains(&word)) && !orders
    })
}

/// Whether a verb that says what happens to a medicine stands right before token `at`.
fn verb_before(scan: &Scan<'_>, at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|i| scan.words.word(i));
    before.is_some_and(|word| STATUS.iter().any(|(verb, _)| *verb == word))
}

/// Whether a medicine or another verb comes next after a comma or "and".
fn list_goes_on(scan: &Scan<'_>, at: usize) -> bool {
    let next = (at..at + 4).find(|i| {
        !scan
            .words
            .word(*i)
            .is_some_and(|word| GOES_ON.contains(&word) || matches!(word, "and" | "or"))
    });
    next.is_some_and(|i| {
        drug_at(scan, i).is_some()
            || dose(scan, i).is_some()
            || route(scan, i).is_some()
            || frequency_at(scan, i).is_some()
    })
}

/// Tells a medicine where something is said of it. One of which nothing is waits for what is said of the next.
fn settle(scan: &mut Scan<'_>, taken: Taken, about: Clause, joined: &mut Vec<Found>) {
    let Taken {
        found,
        worth,
        told_after,
        to,
    } = taken;
    let follows = joined.last().is_some_and(|last| {
        (last.to..found.from).all(|i| matches!(scan.words.any(i), Some("and" | "," | "or" | "the" | "her" | "his")))
    });
    if !follows {
        joined.clear();
    }
    if told_after && about.status.is_none() {
        for mut before in joined.drain(..) {
            before.fact.status.clone_from(&found.fact.status);
            before.fact.negated = found.fact.negated;
            tell(scan, before);
        }
    }
    let waits = found.fact.status.is_none() && !found.fact.negated;
    if worth {
        scan.take(found.from, to);
        scan.tell(found.fact, found.from, found.to);
    } else if waits && joined.len() < MOST_JOINED {
        joined.push(found);
    }
}

/// Most medicines that wait for one verb.
const MOST_JOINED: usize = 16;

fn tell(scan: &mut Scan<'_>, found: Found) {
    scan.take(found.from, found.to);
    scan.tell(found.fact, found.from, found.to);
}

/// Words before a "neither" that say how a medicine is taken.
const TAKES: &[&str] = &[
    "on", "take", "takes", "taking", "took", "uses", "using", "received", "receives",
];

/// Whether [`drug_at`] may give anything at `i`. Most sentences have no such token.
fn may_name(scan: &Scan<'_>, i: usize) -> bool {
    let words = &scan.words;
    match words.sort(i) {
        Some(Sort::Word) => {
            let dosed = words.sort(i + 1) == Some(Sort::Number)
                && words.word(i + 2).is_some_and(|unit| STRONG_UNITS.contains(&unit));
            let joined = || words.may(i, bit::JOINED) && words.word(i).is_some_and(drugs::is_combination);
            words.may(i, bit::DRUG) || dosed || joined()
        }
        _ => false,
    }
}

/// Tokens that name a medicine at `i`: a known name, or an unknown word that a dose follows.
pub(super) fn drug_at(scan: &Scan<'_>, i: usize) -> Option<usize> {
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
    // An unknown word is one where a dose follows.
    if words.sort(i + 1) != Some(Sort::Number) || words.word(i + 2).is_none_or(|u| !STRONG_UNITS.contains(&u)) {
        return None;
    }
    let written = words.slice(i, i + 1);
    let looks = word.len() >= 5
        && written.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-')
        && !NOT_DRUGS.contains(&word)
        && !is_of_same(word)
        && !is_ordinary(written);
    let capital =
        written.starts_with(|c: char| c.is_ascii_uppercase()) && !written.bytes().all(|b| b.is_ascii_uppercase());
    let listed = scan.section == Section::Medications;
    (looks && (listed || (capital && i > 0)) && crate::lexicon::measures::names().at(|k| words.word(i + k)).is_none())
        .then_some(1)
}

/// A medicine as read.
struct Taken {
    found: Found,
    /// Enough is said of it to make it a fact.
    worth: bool,
    /// Its status stands after its name.
    told_after: bool,
    /// The first token after it.
    to: usize,
}

/// Reads a medicine's name and what follows it, in a clause that says `about`.
fn take_drug(scan: &Scan<'_>, at: usize, len: usize, about: Clause) -> Taken {
    let mut fact = scan.fact(FactKind::Medication, at, at + len);
    let Clause {
        mut status,
        mut negated,
        mut hedged,
        past,
    } = about;
    let (before, mut told_after) = (status, false);
    let mut i = at + len;
    let mut end = i;
    let mut unknown = 0;
    let mut from_next = false;
    // A full stop stood behind the dose.
    let mut ended = false;
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
            if fact.dose.is_some() && (of_unknown(scan, i) || is_limit(scan, i)) {
                break;
            }
            let text = super::squeeze(&match words.pack.comma {
                true => words.told(i, next),
                false => decimal(words.slice(i, next)),
            });
            if ended && fact.dose.as_deref().is_some_and(|before| in_other_units(before, &text)) {
                break;
            }
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
            // "Was taking it but has stopped".
            "but"
                if (i + 1..i + 4).any(|at| {
                    words.word(at).is_some_and(|word| STOPS.contains(&word)) && !scan.has(at + 1, at + 2, HABITS)
                        || switched_at(scan, at)
                }) =>
            {
                (status, told_after) = (Some("stopped"), true);
                break;
            }
            "for" | ";" | "but" | "because" | "if" | "until" | "since" | "after" | "before" | "due" | "with" => break,
            "." => {
                // An abbreviation's stop ("p.o.") when the sentence goes on.
                if i + 1 == words.len() {
                    break;
                }
                ended |= fact.dose.is_some();
                i += 1;
            }
            // "From 20 to 24 units".
            "from"
                if words.sort(i + 1) == Some(Sort::Number)
                    && words.word(i + 2) == Some("to")
                    && dose(scan, i + 1).is_none()
                    && dose(scan, i + 3).is_some() =>
            {
                fact.old_dose = Some(words.slice(i + 1, i + 2).to_owned());
                i += 3;
            }
            // "20 mg (was 10 mg)".
            "was" if words.any(i.wrapping_sub(1)) == Some("(") && dose(scan, i + 1).is_some() => {
                from_next = true;
                i += 1;
            }
            // "10 mg daily (previously 5 mg)".
            "previously" | "formerly" | "from" => {
                from_next = words.any(i) == Some("from") || dose(scan, i + 1).is_some();
                i += 1;
            }
            "," | "(" | ")" | "-" | ">" | "\u{2192}" | ":" | "/" | "[" | "]" => i += 1,
            "hold" if is_hold_parameter(scan, i) => break,
            word => {
                if let Some((_, gives)) = STATUS.iter().find(|(verb, _)| {
                    *verb == word
                        && !matches!(
                            word,
                            "on" | "new" | "take" | "takes" | "taking" | "tolerates" | "tolerating"
                        )
                }) {
                    let passive =
                        scan.has(i.saturating_sub(2), i, &["was", "were", "is", "been", "be"]) || i == at + len;
                    // "Refused generic", "quit smoking", "never stopped": it is not the medicine that ends.
                    let of_another = matches!(*gives, "completed" | "declined") && !ends_with(scan, i)
                        || *gives == "stopped" && scan.has(i + 1, i + 2, HABITS);
                    let goes_on = matches!(*gives, "stopped" | "held" | "declined" | "completed")
                        && (scan.has((at + len).max(i.saturating_sub(3)), i, DENIES) || of_neither(scan, at));
                    // "X and was started on Y".
                    let next =
                        words.word(i + 1) == Some("on") && (i + 2..i + 4).any(|next| drug_at(scan, next).is_some());
                    // "Aspirin 81 mg, STOP ibuprofen": the verb of the next one.
                    let of_next =
                        !passive && drug_at(scan, i + 1 + usize::from(scan.has(i + 1, i + 2, GOES_ON))).is_some();
                    // "Held and will be resumed on Monday": it is held until then.
                    let later = matches!(status, Some("held" | "stopped"))
                        && *gives == "started"
                        && scan.has(i.saturating_sub(3), i, &["will", "to", "should", "can", "may", "could"]);
                    if of_another || goes_on || next || of_next || later {
                        break;
                    }
                    if !passive && (words.word(i.saturating_sub(1)) == Some("and") || before.is_some() || negated) {
                        break;
                    }
                    // "Was never started", "is no longer taken".
                    let back = (at + len).max(i.saturating_sub(3));
                    negated |= scan.has(back, i, DENIES) || of_neither(scan, at);
                    hedged |= scan.has(back, i, HEDGES);
                    status = Some(gives);
                    told_after = true;
                    (end, unknown) = (i + 1, 0);
                } else if (word == "then" || is_ordinary(words.slice(i, i + 1))) && dose(scan, i + 1).is_some() {
                    // "For 7 days, then 5 mg": the next dose of the same.
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
    if status.is_none()
        && !negated
        && let Some(gives) = bracket_behind(scan, end)
    {
        (status, told_after) = (Some(gives), true);
    }
    // "4 mg of ondansetron".
    if fact.dose.is_none()
        && let Some((from, to)) = dose_before(scan, at)
    {
        fact.dose = Some(super::squeeze(&scan.words.told(from, to)));
    }
    if let Some((start, stop)) = frequency {
        fact.frequency = Some(super::squeeze(&scan.words.told(start, stop)));
    }
    // "Hold it if vomiting": the change hangs on what may come.
    let hangs = matches!(scan.words.word(end), Some("if" | "unless"))
        && !matches!(scan.words.word(end + 1), Some("needed" | "tolerated"));
    let asked = hedged && status == Some("taking") && scan.has(at.saturating_sub(6), at, &["whether"]);
    if asked {
        status = Some(CONSIDERED);
    } else if !negated && status.is_some_and(|status| CHANGES.contains(&status)) {
        if hedged || hangs {
            status = Some(CONSIDERED);
        } else if put_off(scan, at, at + len, status) {
            status = Some(PLANNED);
        }
    }
    let other = status == Some("changed") && another_after(scan, at, at + len);
    if !negated && (other || matches!(status, None | Some("taking" | "changed")) && replaced_after(scan, at + len)) {
        (status, told_after) = (Some("stopped"), true);
    }
    if !negated && matches!(status, Some("stopped" | "held")) && begun_again(scan, at + len) {
        (status, told_after) = (Some("started"), true);
    }
    if !negated && matches!(status, None | Some("taking")) && not_taken_after(scan, at + len) {
        (negated, told_after) = (true, true);
    }
    if !negated && matches!(status, None | Some("taking")) {
        if completed_after(scan, at + len) {
            (status, told_after) = (Some("completed"), true);
        } else if past || past_after(scan, at, at + len) {
            (status, told_after) = (Some(PAST), !past);
        }
    }
    if !negated && matches!(status, None | Some("started")) && given_once(scan, at, at + len) {
        (status, told_after) = (Some(GIVEN), true);
    }
    // "Gabapentin?, metformin" in a list: nobody knows whether it is taken.
    if status.is_none() && !scan.asks && scan.words.any(end) == Some("?") && ends_at(scan, end + 1) {
        (status, told_after) = (Some(CONSIDERED), true);
    }
    fact.status = status.map(str::to_owned);
    fact.negated = negated;
    let listed = matches!(
        scan.section,
        Section::Medications | Section::Plan | Section::Assessment | Section::Instructions
    );
    let told = fact.dose.is_some() || fact.frequency.is_some() || fact.status.is_some();
    // Of a list of allergies what is left is a medicine that is told of as one taken.
    let worth = match scan.section {
        Section::Allergies => told && scan.words.may(at, bit::DRUG),
        _ => told || listed || scan.asks || gone(scan, at),
    };
    Taken {
        worth,
        found: Found {
            fact,
            from: at,
            to: end,
        },
        told_after,
        to: end,
    }
}

/// Whether the words before the medicine at `at` say that the patient, who takes it, is without it: "ran out of his amlodipine".
fn gone(scan: &Scan<'_>, at: usize) -> bool {
    let of = (at.saturating_sub(2)..at)
        .rev()
        .find(|i| scan.words.word(*i) == Some("of"));
    of.is_some_and(|of| {
        scan.words.word(of.wrapping_sub(1)) == Some("out")
            && scan.has(of.saturating_sub(3), of, &["ran", "run", "runs", "running"])
    })
}

/// Whether the tokens from `from` up to `at` open a bracket: a brand name beside the generic.
fn inside_brackets(scan: &Scan<'_>, from: usize, at: usize) -> bool {
    at > from && at <= from + 3 && scan.words.any(at - 1) == Some("(")
}

/// Whether token `at` says that another medicine took the place of the one before: "switched to Eliquis".
fn switched_at(scan: &Scan<'_>, at: usize) -> bool {
    scan.has(at, at + 1, &["switched", "changed", "transitioned"])
        && scan.has(at + 1, at + 2, &["to"])
        && drug_at(scan, at + 2).is_some()
}

#[cfg(test)]
mod tests;
