//! When a medicine is taken: once, up to the end of a course, or not before later. What its own verb does not say, the words around it do.

use super::{Scan, medication::drug_at, words::Sort};

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

/// Verbs that tell of the past.
const WAS: &[&str] = &["was", "were", "took", "used", "had", "been", "received", "taken"];

/// Whether what follows the medicine at `at`, from token `from` on, says that it is one of the past: "until 2019" or "for a week in
/// 2019" after "was on", "in the past", "years ago", "previously".
pub(super) fn past_after(scan: &Scan<'_>, at: usize, from: usize) -> bool {
    let words = &scan.words;
    let was = scan.has(at.saturating_sub(6), at, WAS);
    let clause = (from..from + 14).take_while(|i| {
        words
            .any(*i)
            .is_some_and(|word| !matches!(word, ";" | "." | "but" | "now" | "currently" | "since" | "diagnosed"))
            && drug_at(scan, *i).is_none()
            // "Aspirin for a stroke in the past": the stroke is.
            && (words.word(*i) != Some("for") || (was && lasts(scan, *i + 1)))
    });
    let dated = |i: usize| matches!(words.sort(i), Some(Sort::Number | Sort::Date));
    clause.into_iter().any(|i| {
        let next = words.word(i + 1);
        match words.word(i) {
            Some("previously" | "formerly") => !matches!(words.word(i.wrapping_sub(1)), Some("as" | "than")),
            Some("past") => words.word(i.wrapping_sub(1)) == Some("the") && words.word(i.wrapping_sub(2)) == Some("in"),
            Some("years" | "months") => next == Some("ago"),
            Some("until" | "till" | "through") => was,
            Some("in") => was && dated(i + 1),
            Some("last") => was && matches!(next, Some("year" | "month" | "summer" | "winter" | "spring" | "fall")),
            Some("as") => next == Some("a") && matches!(words.word(i + 2), Some("child" | "teenager")),
            _ => false,
        }
    })
}

/// Whether a time begins at token `i`: "3 months", "a week", "several years".
fn lasts(scan: &Scan<'_>, i: usize) -> bool {
    let count = |i| {
        scan.words.sort(i) == Some(Sort::Number)
            || matches!(
                scan.words.word(i),
                Some("a" | "one" | "two" | "three" | "several" | "many" | "some")
            )
    };
    let unit = |i| {
        scan.words.word(i).is_some_and(|word| {
            word.starts_with("day") || word.starts_with("week") || word.starts_with("month") || word.starts_with("year")
        })
    };
    count(i) && unit(i + 1)
}

/// Whether what follows a medicine, from token `from` on, puts a change off: "next week", "tomorrow", "after surgery".
pub(super) fn put_off(scan: &Scan<'_>, from: usize) -> bool {
    let words = &scan.words;
    let begins = |i: usize| matches!(words.word(i), Some("resumed" | "restarted" | "started"));
    let to_be = |i: usize| words.word(i) == Some("to") && words.word(i + 1) == Some("be") && begins(i + 2);
    if clause(scan, from).any(to_be) {
        return true;
    }
    (from..from + 8)
        .take_while(|i| {
            words
                .any(*i)
                .is_some_and(|word| !matches!(word, "," | ";" | "." | "but" | "and"))
                && drug_at(scan, *i).is_none()
        })
        .any(|i| match words.word(i + 1) {
            Some("week" | "month" | "visit" | "year") => words.word(i) == Some("next"),
            Some("surgery" | "discharge" | "delivery") => words.word(i) == Some("after"),
            _ => words.word(i) == Some("tomorrow"),
        })
}

/// Words before "completed" that put it off: "when completed", "not yet finished", "to be completed".
const NOT_YET: &[&str] = &[
    "when", "once", "until", "if", "after", "not", "be", "before", "never", "than", "should", "must",
];

/// Whether what follows a medicine, from token `from` on, says that its course is over: "x 5 days, completed".
pub(super) fn completed_after(scan: &Scan<'_>, from: usize) -> bool {
    (from..from + 12)
        .take_while(|i| {
            scan.words
                .any(*i)
                .is_some_and(|word| !matches!(word, ";" | "." | "but" | "and") && drug_at(scan, *i).is_none())
        })
        .any(|i| {
            matches!(scan.words.word(i), Some("completed" | "finished"))
                && !scan.has(i.saturating_sub(3).max(from), i, NOT_YET)
        })
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
    clause(scan, from).any(|i| {
        matches!(scan.words.word(i), Some("not" | "never" | "isn't" | "hasn't"))
            && scan.has(i + 1, i + 3, &["taking", "taken", "take", "using"])
    })
}

/// Whether another medicine has taken its place: "replaced by metoprolol", "switched to metoprolol".
pub(super) fn replaced_after(scan: &Scan<'_>, from: usize) -> bool {
    clause(scan, from).any(|i| match (scan.words.word(i), scan.words.word(i + 1)) {
        (Some("replaced"), Some("by" | "with")) => true,
        (Some("switched" | "changed"), Some("to")) => drug_at(scan, i + 2).is_some(),
        _ => false,
    })
}
