//! Whether a medicine is denied or declined, and when a dose is to be left out.

use super::{Scan, Sort, TAKES};

/// Words that deny the verb after them.
#[rustfmt::skip]
pub(super) const DENIES: &[&str] = &[
    "not", "denies", "never", "don't", "doesn't", "didn't", "without", "denied", "hasn't", "haven't", "won't", "isn't", "aren't", "wasn't", "weren't",
    "hadn't", "can't", "cannot",
];

/// Words between a denial and "on" with which it is the medicine that is denied: "not yet on", "never been put on", "not sent home on". Adverbs
/// that end in -ly are, too.
#[rustfmt::skip]
pub(super) const STILL_DENIED: &[&str] = &[
    "is", "are", "was", "were", "be", "been", "being", "to", "now", "yet", "still", "ever", "even", "any", "more", "anymore", "at", "as", "present", "otherwise", "also",
    "put", "placed", "kept", "stay", "staying", "remain", "remained", "go", "going", "gone", "went", "got", "come", "came", "in", "leave", "arrive", "arrived", "end", "up", "back", "sent", "home", "discharged", "admitted", "left", "transferred", "loaded",
    "bridged", "trialed", "tried", "started", "restarted", "maintained", "seen", "while", "do", "did", "does",
];

/// Whether "hold" at token `at` tells when a dose is to be left out: "hold for HR < 55", "hold if SBP below 100", "(hold HR<55)", "hold parameters
/// SBP < 90". The medicine is taken. What is "on hold" is not, whatever for.
pub(super) fn is_hold_parameter(scan: &Scan<'_>, at: usize) -> bool {
    let words = &scan.words;
    let bound = |i: usize| {
        matches!(words.any(i), Some("<" | ">" | "\u{2264}" | "\u{2265}"))
            || scan.has(i, i + 1, &["less", "greater", "below", "above", "under", "over"])
    };
    if scan.has(at.saturating_sub(1), at, &["on"]) {
        return false;
    }
    let named = scan.has(at + 1, at + 2, &["dose", "parameter", "parameters", "both", "it"]);
    let from = at + 1 + usize::from(named);
    let cause = scan.has(from, from + 1, &["for", "if", "when"]);
    let reach = if cause { from + 1..from + 7 } else { from + 1..from + 3 };
    reach
        .take_while(|i| cause || words.sort(*i) != Some(Sort::Mark) || bound(*i))
        .any(bound)
}

/// The token that denies the verb at token `at`, at most three before it, or before the "to be" of "does not need to be on". It reaches over no
/// "and", "but" or comma behind another word: "does not drink and takes metformin". The "take" of "does not smoke and take" has no other subject or
/// helping verb.
pub(super) fn denial_before(scan: &Scan<'_>, at: usize) -> Option<usize> {
    let infinitive = scan.has(at.saturating_sub(1), at, &["be"]) && scan.has(at.saturating_sub(2), at, &["to"]);
    let back = if infinitive { 5 } else { 3 };
    let denies = |i: usize| scan.has(i, i + 1, DENIES);
    (at.saturating_sub(back)..at)
        .rev()
        .take_while(|i| {
            let joins = matches!(scan.words.any(*i), Some("and" | "but" | "," | ";"));
            !joins || i.checked_sub(1).is_some_and(denies) || i + 1 == at && scan.has(at, at + 1, &["take"])
        })
        .find(|i| denies(*i))
        .or_else(|| needless(scan, at))
        .or_else(|| carried_on(scan, at))
}

/// What there may be none of, with what follows it.
const NEEDS: &[&str] = &[
    "need",
    "reason",
    "reasons",
    "plan",
    "plans",
    "indication",
    "indications",
    "intention",
];

/// The token that says that what the verb at token `at` tells of is not called for: "no need to stop", "no reason for her to hold", "does not need to".
pub(super) fn needless(scan: &Scan<'_>, at: usize) -> Option<usize> {
    let back = |at: usize, list: &[&str]| at - usize::from(scan.has(at.saturating_sub(1), at, list));
    let to = back(at, &["to"]);
    let who = back(to, &["her", "him", "them", "you", "me", "us", "patient"]);
    let the = back(who, &["the"]);
    let of = if who < to { back(the, &["for"]) } else { to };
    let need = back(of, NEEDS);
    let told = to < at && need < of && (who == to || of < the);
    let no = back(
        need,
        &[
            "further",
            "current",
            "immediate",
            "urgent",
            "clear",
            "compelling",
            "good",
        ],
    );
    let denies = |i: &usize| {
        let verb = scan.has(need, of, &["need", "plan", "plans"]) && scan.has(*i, i + 1, DENIES);
        scan.has(*i, i + 1, &["no"]) || verb
    };
    no.checked_sub(1).filter(|_| told).filter(denies)
}

/// Verbs in the form that follows "does not".
#[rustfmt::skip]
const INFINITIVES: &[&str] = &[
    "take", "start", "begin", "initiate", "resume", "restart", "continue", "stop", "discontinue", "hold", "increase", "decrease", "reduce", "change",
];

/// The denial of an earlier verb that the "or" before the one at token `at` carries on: "does not have diabetes or take insulin".
fn carried_on(scan: &Scan<'_>, at: usize) -> Option<usize> {
    let words = &scan.words;
    let or = at.checked_sub(1).filter(|or| words.word(*or) == Some("or"))?;
    if !scan.has(at, at + 1, INFINITIVES) {
        return None;
    }
    let listed = scan.has(or.saturating_sub(1), or, &[","]) || or > 0 && words.any(or - 1) == Some(",");
    let ends = |i: usize| match words.any(i) {
        None
        | Some(
            "." | ";" | ":" | "?" | "but" | "because" | "since" | "while" | "whether" | "that" | "who" | "which"
            | "and",
        ) => true,
        Some(
            "he" | "she" | "they" | "i" | "we" | "you" | "patient" | "is" | "was" | "has" | "takes" | "will" | "to",
        ) => true,
        Some(",") => !listed,
        _ => false,
    };
    let denies = |i: usize| {
        scan.has(i, i + 1, &["not", "doesn't", "don't", "didn't"])
            && (words.word(i) != Some("not") || scan.has(i.saturating_sub(1), i, &["does", "do", "did"]))
    };
    let found = (at.saturating_sub(REACH)..or)
        .rev()
        .find_map(|i| match () {
            () if denies(i) => Some(Some(i)),
            () if ends(i) => Some(None),
            () => None,
        })
        .flatten()?;
    // "If sugars do not improve, call or start insulin" orders.
    (!scan.has(0, found, &["if", "when", "unless", "should"])).then_some(found)
}

/// How far such an "or" carries, in tokens.
const REACH: usize = 12;

/// Whether the verb at token `at` is what somebody does neither of: "neither takes warfarin nor aspirin".
pub(super) fn neither_does(scan: &Scan<'_>, at: usize) -> bool {
    let end = (at..scan.words.len())
        .find(|i| matches!(scan.words.any(*i), Some("." | ";")))
        .unwrap_or(scan.words.len());
    at > 0 && scan.has(at - 1, at, &["neither"]) && scan.has(at, end, &["nor"])
}

/// Whether somebody who is nobody does what the verb at token `at` says: "no one stopped", "nobody has started", "none of the doctors held". That
/// one begins the clause, in which nobody else does anything: "he told no one that he stopped".
pub(super) fn nobody_does(scan: &Scan<'_>, at: usize) -> bool {
    let words = &scan.words;
    let opens = |i: usize| {
        matches!(
            words.any(i),
            Some("and" | "but" | "," | ";" | "." | ":" | "because" | "since" | "so" | "that")
        )
    };
    let begins = (0..at).rev().find(|i| opens(*i)).map_or(0, |before| before + 1);
    let Some(begins) = (begins..at).find(|i| words.sort(*i) != Some(Sort::Mark)) else {
        return false;
    };
    let end = match words.word(begins) {
        Some("nobody" | "no-one") => begins + 1,
        Some("none") if scan.has(begins + 1, begins + 2, &["of"]) => begins + 2,
        Some("no")
            if scan.has(
                begins + 1,
                begins + 2,
                &["one", "doctor", "provider", "physician", "clinician", "nurse"],
            ) =>
        {
            begins + 2
        }
        _ => return false,
    };
    !scan.has(
        end,
        at,
        &["he", "she", "they", "i", "we", "patient", "who", "available", "so"],
    )
}

/// Whether what is denied before the "on" at token `at` is something else than the medicine: "not controlled on lisinopril", "no chest pain on
/// metoprolol" are said of who takes it; "did not do well on metformin" and "doesn't do well on codeine" are not. What is not to "be on" or "been
/// on" is the medicine, whatever else stands between.
pub(super) fn denies_another(scan: &Scan<'_>, at: usize) -> bool {
    if scan.has(at.saturating_sub(1), at, &["be", "been", "being"]) {
        return false;
    }
    let of_medicine = |i: usize| {
        scan.has(i, i + 1, STILL_DENIED)
            || scan
                .words
                .word(i)
                .is_some_and(|word| word.ends_with("ly") && !matches!(word, "early" | "only"))
    };
    denial_before(scan, at).is_some_and(|denial| {
        let mut between = denial + 1..at;
        between.any(|i| !of_medicine(i)) && !scan.has(denial + 1, at, &["do"])
    })
}

/// Whether the verb at token `at` is one that the patient will not have: "refuses to stop", "declined to start", "does not want to be on".
pub(super) fn declines_to(scan: &Scan<'_>, at: usize) -> bool {
    let back = |n: usize| at.checked_sub(n).and_then(|i| scan.words.word(i));
    // "Does not want to be on a statin".
    if back(1) == Some("be") && back(2) == Some("to") {
        return matches!(back(3), Some("want" | "wish" | "like")) && denial_before(scan, at).is_some();
    }
    back(1) == Some("to")
        && matches!(
            back(2),
            Some("refuses" | "refused" | "refusing" | "declines" | "declined" | "declining" | "unwilling")
        )
}

/// Words that say no to the medicine right after them.
pub(super) const NO: &[&str] = &["no", "avoid", "avoids", "avoiding", "without", "never"];

/// Words between such a word and the medicine.
#[rustfmt::skip]
pub(super) const AFTER_NO: &[&str] = &[
    "more", "further", "other", "any", "taking", "using", "the", "took", "taken", "take", "used", "tried", "received", "needed", "required", "had",
    "given", "prescribed", "a",
];

/// Words after a medicine that a "no" before it belongs to: "no metformin side effects".
#[rustfmt::skip]
pub(super) const NO_OF_ANOTHER: &[&str] = &[
    "side", "effect", "effects", "related", "induced", "toxicity", "intolerance", "reaction", "reactions", "refill",
    "refills", "change", "changes", "adjustment", "dose", "doses", "titration", "overdose", "use", "abuse", "misuse",
    "withdrawal", "allergies", "monitoring",
];

/// If the medicine at `i` is one that the record says no to, the token up to which the "no" reaches. `no` is
/// how far an earlier one does: over a list joined by "or" and "nor".
pub(super) fn reach_of_no(scan: &Scan<'_>, i: usize, len: usize, no: usize) -> Option<usize> {
    let words = &scan.words;
    // "No more", "never took", "never needed any".
    let no_word = (i.saturating_sub(4)..i)
        .rev()
        .filter_map(|k| words.any(k))
        .find(|word| !AFTER_NO.contains(word));
    let not_taken = no_word == Some("not") && scan.has(i.saturating_sub(3), i, &["taken", "received", "given", "used"]);
    // "Takes neither metformin nor insulin".
    let neither = (i.saturating_sub(2)..i).find(|k| words.word(*k) == Some("neither"));
    let neither = neither.is_some_and(|k| k > 0 && scan.has(k - 1, k, TAKES));
    let direct = not_taken || neither || no_word.is_some_and(|word| NO.contains(&word));
    if !(direct || i < no) || words.word(i + len).is_some_and(|w| NO_OF_ANOTHER.contains(&w)) {
        return None;
    }
    // The list goes on as far as its last "or", each item at most four words from the one before.
    let mut reach = i + len;
    let mut k = reach;
    while k < words.len() && k < reach + 4 && !matches!(words.any(k), Some("." | ";" | "but")) {
        if matches!(words.word(k), Some("or" | "nor")) {
            // "Neither his metformin nor his insulin".
            let whose = words.word(k) == Some("nor") && scan.has(k + 1, k + 2, &["the", "his", "her", "their", "any"]);
            reach = k + 2 + usize::from(whose);
        }
        k += 1;
    }
    Some(reach.max(no))
}

/// Whether the medicine at `at` is the last of "neither lisinopril nor amlodipine", of which what follows is not so.
pub(super) fn of_neither(scan: &Scan<'_>, at: usize) -> bool {
    let from = at.saturating_sub(8);
    scan.has(at.saturating_sub(1), at, &["nor"]) && scan.has(from, at, &["neither"])
}
