//! When a medicine is taken: once, up to the end of a course, or not before later. What its own verb does not say, the words around it do.

use super::{
    Scan,
    amount::{amount_ends, frequency_at},
    medication::drug_at,
    words::Sort,
};
use crate::fact::Section;

/// Words after which a medicine was not, or is not yet, begun again.
const NOT_AGAIN: &[&str] = &[
    "be", "to", "not", "never", "no", "until", "if", "when", "once", "will", "can", "may", "could", "should", "after",
    "wasn't",
];

/// Whether what follows a medicine that was stopped or held, from token `from` on, says that it was begun again: "stopped in January, restarted
/// in March". What another medicine stands before, or after it, is said of that.
pub(super) fn begun_again(scan: &Scan<'_>, from: usize) -> bool {
    let words = &scan.words;
    let clause =
        (from..words.len()).take_while(|i| !matches!(words.any(*i), Some("." | ";")) && drug_at(scan, *i).is_none());
    let again = clause.clone().find(|i| scan.has(*i, *i + 1, &["restarted", "resumed"]));
    // "Therapy resumed" and "resumed smoking" are about something else.
    let own = |i: usize| {
        let before = i.checked_sub(1).and_then(|at| words.any(at));
        i == from
            || matches!(
                before,
                Some("," | "and" | "then" | "was" | "were" | "later" | "but" | "since")
            )
    };
    let alone = |i: usize| {
        let dated = words.sort(i + 1) == Some(Sort::Number);
        dated
            || words.any(i + 1).is_none_or(|word| {
                matches!(
                    word,
                    "." | ";" | "," | "and" | "at" | "in" | "on" | "it" | "last" | "this" | "after" | ")"
                )
            })
    };
    again.is_some_and(|i| own(i) && alone(i) && !scan.has(i.saturating_sub(4).max(from), i, NOT_AGAIN))
}

/// Words after which a medicine is one of the past.
const FORMERLY: &[&str] = &[
    "formerly",
    "previously",
    "former",
    "past",
    "historically",
    "failed",
    "tried",
];

/// Words after which it is one of now again.
pub(super) const NOW: &[&str] = &["now", "currently", "today", "presently"];

/// Whether token `i` says that the medicines after it are of the past: "previously", "used to take", but not "failed to stop".
pub(super) fn says_past(scan: &Scan<'_>, i: usize) -> bool {
    let next = scan.words.word(i + 1);
    match scan.words.word(i) {
        Some("used") => next == Some("to"),
        Some("failed" | "tried") => next != Some("to"),
        Some(word) => FORMERLY.contains(&word),
        None => false,
    }
}

/// Words between such a word and the medicines that it speaks of, and between those. Any other word is what it speaks of: "previously healthy",
/// "past medical history", "former smoker", "tried physical therapy".
#[rustfmt::skip]
const GOVERNS: &[&str] = &[
    "on", "took", "take", "taking", "taken", "used", "using", "use", "received", "given", "prescribed", "treated", "tried", "failed", "with", "of", "to",
    "been", "was", "were", "be", "had", "has", "managed", "maintained", "trial", "trials", "course", "courses", "therapy", "treatment", "dose", "doses",
    "series", "burst", "cycle", "cycles", "full", "the", "a", "an", "his", "her", "their", "my", "your", "both", "multiple", "several", "day", "days",
    "week", "weeks", "oral", "iv", "po", "daily", "home", "he", "she", "they", "patient", "and", "or", "medication", "medications", "meds", "medicine",
    "medicines", "include", "included", "including",
];

/// Whether what a word before said of medicines still holds after token `i`, which names none.
pub(super) fn goes_on(scan: &Scan<'_>, i: usize) -> bool {
    match scan.words.sort(i) {
        Some(Sort::Word) => scan.words.word(i).is_some_and(|word| GOVERNS.contains(&word)) || says_past(scan, i),
        Some(Sort::Mark) => matches!(scan.words.any(i), Some("," | ":" | "-" | "/" | "(" | ")" | "&" | "+")),
        _ => true,
    }
}

/// "Previously had cough on enalapril": the token after the "on", where token `i` is the "previously".
pub(super) fn had_on(scan: &Scan<'_>, i: usize) -> Option<usize> {
    let had = matches!(scan.words.word(i), Some("previously" | "formerly")) && scan.words.word(i + 1) == Some("had");
    (i + 2..i + 6)
        .take_while(|k| had && scan.words.word(*k).is_some())
        .find(|k| matches!(scan.words.word(*k), Some("on" | "with" | "from")))
        .map(|on| on + 1)
}

/// Verbs that tell of the past.
const WAS: &[&str] = &["was", "were", "took", "used", "had", "received", "tried"];

/// Words between such a verb and the medicine.
const WAS_ON: &[&str] = &[
    "on", "taking", "taken", "to", "take", "been", "be", "the", "a", "her", "his", "and", "or",
];

/// Whether a verb of the past governs the medicine at `at`: "was on", "used to take".
fn was_taken(scan: &Scan<'_>, at: usize) -> bool {
    let before = (at.saturating_sub(8)..at).rev().find(|i| {
        let passed = scan
            .words
            .word(*i)
            .is_some_and(|word| WAS_ON.contains(&word) || word == "previously");
        !passed && drug_at(scan, *i).is_none() && scan.words.any(*i) != Some(",")
    });
    before
        .and_then(|i| scan.words.word(i))
        .is_some_and(|word| WAS.contains(&word))
}

/// Words that say how a medicine was taken and how long, beside the dose, the way and how often.
#[rustfmt::skip]
const HOW: &[&str] = &[
    "x", "for", "a", "an", "the", "was", "were", "is", "has", "have", "been", "about", "approximately", "several", "many", "some", "few", "one", "two",
    "three", "four", "five", "six", "seven", "ten", "day", "days", "week", "weeks", "month", "months", "year", "years", "course", "burst", "briefly",
    "only", "at", "home", "tablet", "tablets", "tab", "tabs", "capsule", "capsules", "puff", "puffs", "inhaler", "er", "xr", "xl", "sr", "hcl", "sodium",
    "succinate", "tartrate", "dose", "doses",
];

/// Whether the words that still speak of a medicine, from token `from` after it on, come to one of which `says` is true. Any word of another
/// thing ends them: "aspirin daily, stroke years ago", "albuterol, inhaler teaching completed".
fn comes_to(scan: &Scan<'_>, from: usize, says: impl Fn(usize) -> bool) -> bool {
    let mut i = from;
    while i < from + 24 && i < scan.words.len() {
        if says(i) {
            return true;
        }
        i = match (amount_ends(scan, i), scan.words.sort(i)) {
            (Some(next), _) if drug_at(scan, i).is_none() => next.max(i + 1),
            (_, Some(Sort::Number | Sort::Date)) => i + 1,
            (_, Some(Sort::Word)) if scan.words.word(i).is_some_and(|word| HOW.contains(&word)) => i + 1,
            (_, Some(Sort::Mark))
                if matches!(scan.words.any(i), Some("," | "(" | ")" | "-" | "\u{2013}" | ":" | "/")) =>
            {
                i + 1
            }
            _ => return false,
        };
    }
    false
}

/// Whether nothing more is named at token `i`: the sentence or a part of it ends.
pub(super) fn ends_at(scan: &Scan<'_>, i: usize) -> bool {
    scan.words.any(i).is_none_or(|word| {
        matches!(
            word,
            "." | ";" | "," | ")" | "(" | "-" | "\u{2013}" | "but" | "now" | "and"
        )
    })
}

/// Whether what follows the medicine at `at`, from token `from` on, says that it is one of the past: "until 2019" or "for a week in
/// 2019" after "was on", "in the past", "years ago", "previously".
pub(super) fn past_after(scan: &Scan<'_>, at: usize, from: usize) -> bool {
    let words = &scan.words;
    let was = was_taken(scan, at);
    comes_to(scan, from, |i| {
        let next = words.word(i + 1);
        match words.word(i) {
            Some("previously" | "formerly") => ends_at(scan, i + 1),
            Some("in") if next == Some("the") => words.word(i + 2) == Some("past") && ends_at(scan, i + 3),
            Some("years" | "months") => next == Some("ago"),
            Some("until" | "till" | "through") => was,
            Some("in") => was && matches!(words.sort(i + 1), Some(Sort::Number | Sort::Date)),
            Some("last") => was && matches!(next, Some("year" | "month" | "summer" | "winter" | "spring" | "fall")),
            Some("as") => next == Some("a") && matches!(words.word(i + 2), Some("child" | "teenager")),
            _ => false,
        }
    })
}

/// Whether what follows the medicine at `at`, from token `from` on, puts a change off: "next week", "tomorrow", "after surgery". What was
/// started after surgery is not, and what is held now and begun again later is held.
pub(super) fn put_off(scan: &Scan<'_>, at: usize, from: usize, status: Option<&str>) -> bool {
    let words = &scan.words;
    let begins = |i: usize| matches!(words.word(i), Some("resumed" | "restarted" | "started"));
    let to_be = |i: usize| words.word(i) == Some("to") && words.word(i + 1) == Some("be") && begins(i + 2);
    if clause(scan, from).any(to_be) && !matches!(status, Some("held" | "stopped")) {
        return true;
    }
    // "Was started", "started", but not "will be started".
    let begun = |i: usize| {
        let before = i.saturating_sub(2);
        let past = scan.has(before, i, &["was", "were", "had", "been"]);
        begins(i) && !scan.has(before, i, &["be", "is", "are"]) || past && scan.has(i, i + 1, &["begun", "initiated"])
    };
    let was_begun = clause(scan, from).any(begun) || (at.saturating_sub(4)..at).any(begun);
    let after = |i: usize| words.word(i) == Some("after") && !was_begun;
    (from..from + 8)
        .take_while(|i| {
            words
                .any(*i)
                .is_some_and(|word| !matches!(word, "," | ";" | "." | "but" | "and"))
                && drug_at(scan, *i).is_none()
        })
        .any(|i| match words.word(i + 1) {
            Some("week" | "month" | "visit" | "year") => words.word(i) == Some("next"),
            Some("surgery" | "discharge" | "delivery") => after(i),
            Some("the") => after(i) && scan.has(i + 2, i + 3, &["surgery", "procedure", "operation", "delivery"]),
            _ => words.word(i) == Some("tomorrow"),
        })
}

/// Whether the verb at token `i` tells of what stands before it and of nothing after it: "completed", "refused by the patient", but not
/// "completed inhaler teaching", "refused generic".
pub(super) fn ends_with(scan: &Scan<'_>, i: usize) -> bool {
    let time = [
        "on",
        "in",
        "by",
        "yesterday",
        "today",
        "last",
        "this",
        "due",
        "because",
        "at",
        "per",
        "it",
        "course",
    ];
    ends_at(scan, i + 1) || scan.has(i + 1, i + 2, &time) || scan.words.sort(i + 1) == Some(Sort::Date)
}

/// Whether what follows a medicine, from token `from` on, says that its course is over: "x 5 days, completed".
pub(super) fn completed_after(scan: &Scan<'_>, from: usize) -> bool {
    comes_to(scan, from, |i| {
        matches!(scan.words.word(i), Some("completed" | "finished")) && ends_with(scan, i)
    })
}

/// Words that say of one dose that it was given.
const GAVE: &[&str] = &["given", "received", "administered", "got", "gave"];

/// Places where a dose is given during a visit, "in the ED". In a clinic the medicines are given that go on, too.
const PLACES: &[&str] = &["ed", "er", "ambulance", "triage", "pacu", "or"];

/// Words that say of a medicine that it begins or goes on, or how often it is taken.
#[rustfmt::skip]
const GOES_ON: &[&str] = &[
    "home", "prescription", "daily", "day", "days", "week", "weeks", "weekly", "month", "months", "monthly", "every", "each", "refill", "refills", "then",
    "continue", "continued", "continues", "continuing", "still", "start", "started", "starts", "starting", "begin", "began", "begun", "initiated", "resumed", "resume", "first", "loading",
    "takes", "taking", "injects", "uses", "his", "her", "their", "sample", "samples", "discharged", "scheduled", "maintenance", "again",
];

/// Whether the medicine at tokens `at..from` was given one time and is not taken: "given 4 mg ondansetron in ED", "Toradol 30 mg IM x1 given",
/// "one dose of ceftriaxone". A list of medicines, and a word of beginning, going on or how often anywhere in the sentence, say that it is.
pub(super) fn given_once(scan: &Scan<'_>, at: usize, from: usize) -> bool {
    let words = &scan.words;
    if scan.section == Section::Medications || scan.has(0, words.len(), GOES_ON) {
        return false;
    }
    let ends = |i: &usize| words.any(*i).is_none_or(|word| matches!(word, ";" | "." | "but"));
    let before = (at.saturating_sub(8)..at)
        .rev()
        .take_while(|i| !ends(i))
        .last()
        .unwrap_or(at);
    let after = (from..from + 12)
        .take_while(|i| !ends(i) && *i < words.len() && drug_at(scan, *i).is_none())
        .last()
        .map_or(from, |last| last + 1);
    // "Once in the ED", but not "once stable" nor "once a day".
    let once = |i: usize| {
        words.word(i) == Some("once") && (ends(&(i + 1)) || matches!(words.any(i + 1), Some("in" | "at" | "," | "and")))
    };
    let repeats = (before..after).any(|i| {
        frequency_at(scan, i).is_some_and(|next| !(next == i + 1 && once(i)))
            || words.word(i).is_some_and(|word| {
                word.strip_prefix('q')
                    .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
            })
    });
    // The head of a section, "COURSE:", is none.
    let course = (before..after).any(|i| words.word(i) == Some("course") && words.any(i + 1) != Some(":"));
    if repeats || course {
        return false;
    }
    let gave = scan.has(before, at, GAVE) || scan.has(from, after, GAVE);
    let one = (before..at).any(|i| {
        matches!(words.any(i), Some("one" | "single" | "1")) && words.word(i + 1) == Some("dose")
            || words.word(i) == Some("single") && words.any(i + 1) == Some("-")
    });
    let counted = (from..after).any(|i| {
        words.word(i) == Some("x1")
            || once(i)
            || matches!(words.word(i), Some("x")) && words.any(i + 1) == Some("1")
            || words.word(i) == Some("one") && words.word(i + 1) == Some("time")
    });
    let place = (from..after).any(|i| {
        let the = i + 1 + usize::from(words.word(i + 1) == Some("the"));
        let emergency = words.word(the) == Some("emergency") && scan.has(the + 1, the + 2, &["department", "room"]);
        matches!(words.word(i), Some("in" | "at")) && (emergency || scan.has(the, the + 1, PLACES))
    });
    let dosed = (before..after).any(|i| words.sort(i) == Some(Sort::Number));
    gave && (one || counted || (place && dosed))
}

/// Tokens after `from` that still speak of the medicine before it.
fn clause<'a>(scan: &'a Scan<'_>, from: usize) -> impl Iterator<Item = usize> + 'a {
    (from..from + 8).take_while(|i| {
        let word = scan.words.any(*i);
        word.is_some_and(|word| !matches!(word, ";" | "." | "but" | "and")) && drug_at(scan, *i).is_none()
    })
}

/// Whether what follows a medicine, from token `from` on, says that it is not taken: "10 mg daily - not taking".
pub(super) fn not_taken_after(scan: &Scan<'_>, from: usize) -> bool {
    // "Not taken today" and "not taking aspirin" say something else.
    let more = ["anymore", "any", "currently", "due", "because", "since"];
    clause(scan, from).any(|i| {
        let verb = (i + 1..i + 3).find(|k| scan.has(*k, *k + 1, &["taking", "taken", "take", "using"]));
        matches!(
            scan.words.word(i),
            Some("not" | "never" | "isn't" | "wasn't" | "hasn't" | "doesn't")
        ) && verb.is_some_and(|verb| {
            let it = usize::from(scan.has(verb + 1, verb + 2, &["it", "this"]));
            ends_at(scan, verb + 1 + it) || scan.has(verb + 1 + it, verb + 2 + it, &more)
        })
    })
}

/// Whether another medicine has taken its place: "replaced by metoprolol", "switched to metoprolol".
pub(super) fn replaced_after(scan: &Scan<'_>, from: usize) -> bool {
    comes_to(scan, from, |i| match (scan.words.word(i), scan.words.word(i + 1)) {
        (Some("replaced"), Some("by" | "with")) => true,
        (Some("switched" | "changed"), Some("to")) => drug_at(scan, i + 2).is_some(),
        _ => false,
    })
}

/// Words that may stand between a verb and its medicine.
const ARTICLES: &[&str] = &["of", "the", "her", "his", "their", "my", "your", "oral", "home", "from"];

/// What is replaced where it lacks, and is no medicine that another takes the place of.
const SUPPLEMENTS: &[&str] = &[
    "potassium",
    "magnesium",
    "calcium",
    "phosphate",
    "phosphorus",
    "iron",
    "sodium",
];

/// Whether the words right before the medicine at `at` say that it is given up, or that another takes its place: "off warfarin", "replaces
/// warfarin", "instead of warfarin".
pub(super) fn gives_way(scan: &Scan<'_>, at: usize) -> bool {
    let words = &scan.words;
    let verb = (at.saturating_sub(4)..at)
        .rev()
        .find(|i| !words.word(*i).is_some_and(|word| ARTICLES.contains(&word)));
    // "Switched to apixaban from warfarin".
    let from = at.saturating_sub(1);
    let switched =
        (at.saturating_sub(8)..from).find(|i| scan.has(*i, *i + 1, &["switched", "changed", "transitioned"]));
    if scan.has(from, at, &["from"]) && switched.is_some_and(|i| (i + 1..from).any(|k| drug_at(scan, k).is_some())) {
        return true;
    }
    let Some(verb) = verb else { return false };
    let before = verb.checked_sub(1).and_then(|i| words.word(i));
    match words.word(verb) {
        // "Hold off", "not off", "on and off".
        Some("off") => !matches!(
            before,
            Some("hold" | "holding" | "held" | "not" | "never" | "and" | "or" | "day" | "days")
        ),
        Some("replaces" | "replacing") => !scan.has(at, at + 1, SUPPLEMENTS),
        Some("instead") => words.word(verb + 1) == Some("of"),
        Some("place") => words.word(verb + 1) == Some("of") && before == Some("in"),
        _ => false,
    }
}

/// Whether what follows the medicine at `at`, from token `from` on, names another one that is taken in its place: "switch metoprolol to carvedilol".
pub(super) fn another_after(scan: &Scan<'_>, at: usize, from: usize) -> bool {
    let ingredient = |i: usize, len: usize| crate::lexicon::drugs::ingredient(&scan.words.told(i, i + len));
    let own = ingredient(at, from - at);
    comes_to(scan, from, |i| {
        let next = i + 1 + usize::from(scan.has(i + 1, i + 2, ARTICLES));
        scan.words.word(i) == Some("to") && drug_at(scan, next).is_some_and(|len| ingredient(next, len) != own)
    })
}

#[cfg(test)]
mod tests {
    use crate::note::tests::lines;

    #[test]
    fn one_dose_of_a_visit_is_given_and_no_other() {
        let given = |text: &str| lines(text).iter().any(|line| line.contains("status given"));
        for text in [
            "HPI: She was given 4 mg ondansetron in the ED.",
            "HPI: Toradol 30 mg IM x1 given.",
            "HPI: He received one dose of ceftriaxone.",
            "COURSE: He received furosemide 40 mg IV once in the ED.",
        ] {
            assert!(given(text), "{text} {:?}", lines(text));
        }
        for text in [
            "MEDICATIONS: Humira 40 mg, got first dose in clinic, then every 2 weeks",
            "HPI: Patient got metformin 500 mg at the clinic last year and still takes it.",
            "HPI: Started on apixaban in the ED, given a dose of metoprolol.",
            "MEDICATIONS:\n- Fulvestrant 500 mg IM, given in the clinic every 28 d",
            "HPI: Leuprolide 22.5 mg given in office q3mo",
            "HPI: Testosterone 200 mg IM given in clinic q2weeks",
            "HPI: He got his Ozempic 0.5 mg at the emergency pharmacy and injects it on Sundays.",
            "PLAN: Gave one sample box of Jardiance 10 mg in office to start.",
            "COURSE: Lisinopril was given once blood pressure recovered and continued.",
            "DISCHARGE MEDICATIONS:\n- Cyanocobalamin 1000 mcg IM, first dose given in clinic",
        ] {
            assert!(!given(text), "{text}");
        }
    }
}
