//! How much what stands after a word speaks for a name.

use crate::lex::{Scan, Shape};
use crate::lexicon::{
    ACTS, BIRTH, CARE_VERB, CREDENTIAL, DEPARTMENT, DOES, KIN, MRN, OWNED, PERSONAL, ROLE, SAYS, SEX, SSN, YEARS,
};
use crate::names;

/// True when a question opens right before token `i`: "Is Quigley eligible".
pub(super) fn asks(scan: &Scan<'_>, i: usize) -> bool {
    let Some(b) = i.checked_sub(1).filter(|b| scan.gap(*b) == " ") else {
        return false;
    };
    let opens = b == 0
        || scan.gap_before(b).contains(['.', '?', '!', '\n', ':', ','])
        || scan.is(b, "did")
        || scan.is(b, "does");
    let verbs = [
        "is", "should", "can", "did", "does", "was", "has", "will", "could", "are",
    ];
    opens && verbs.iter().any(|word| scan.is(b, word))
}

/// How much what follows token `last` speaks for a name.
pub(super) fn after(scan: &Scan<'_>, last: usize, question: bool) -> i32 {
    // "Quigley J. is"
    let gap = match scan.gap(last) {
        ". " if names::is_initial(scan, last) => " ",
        gap => gap,
    };
    let mut next = last + 1;
    let is = |at: usize, words: &[&str]| words.iter().any(|word| scan.is(at, word));
    if matches!(gap, "'" | "’") && scan.is(next, "s") {
        return if scan.has(last + 2, OWNED | KIN | CARE_VERB) {
            5
        } else {
            2
        };
    }
    let aged = |at: usize| {
        scan.number(at).is_some_and(|years| years <= 120) && (scan.has(at + 1, YEARS | SEX) || scan.is(at + 1, "y"))
    };
    if matches!(gap, ", " | " (" | ",") {
        let told = aged(next)
            || scan.is(next, "age")
            || scan.is(next, "aged")
            || is(next, &["who", "whose"])
            || scan.is(next, "a") && (aged(next + 1) || is(next + 1, &["patient", "pleasant"]))
            || scan.has(next, MRN | BIRTH | SSN) && scan.word(next).len() > 1
            || gap == " (" && scan.has(next, KIN | ROLE | CREDENTIAL | DEPARTMENT)
            || gap == " (" && scan.shape(next) == Some(Shape::Upper) && scan.gap(next).starts_with(')');
        let given = gap == ", " && scan.shape(next) == scan.shape(last) && scan.levels(next).given() >= 4;
        let reversed = given && scan.levels(next).small_name_odds() >= 4;
        let acts = reversed && scan.gap(next) == " " && after(scan, next, false) >= 5;
        return match (told, reversed) {
            (true, _) => 5,
            (_, true) if acts => 7,
            (_, true) => 4,
            _ => 0,
        };
    }
    if matches!(gap, " - " | ": " | " \u{2013} " | " \u{2014} ") {
        let told =
            scan.has(next, DOES | PERSONAL | ACTS) || is(next, &["npo", "awaiting", "pending", "d", "dc", "needs"]);
        return if told { 4 } else { 2 };
    }
    // "Zanele & Hannah", "Quigley/Zanele"
    let other = if scan.is(next, "and") { next + 1 } else { next };
    if (matches!(gap, " & " | "/") || gap == " " && other > next && scan.gap(next) == " ")
        && scan.levels(other).small_name_odds() >= 3
        && scan.tags(other) == 0
    {
        return 4;
    }
    if gap != " " {
        return 0;
    }
    // "Quigley also has not been"
    for _ in 0..4 {
        let adverb = is(
            next,
            &[
                "also",
                "still",
                "now",
                "then",
                "initially",
                "last",
                "recently",
                "currently",
                "just",
                "already",
                "not",
                "been",
                "never",
                "has",
                "have",
                "had",
                "be",
                "being",
                "again",
                "very",
            ],
        );
        if !adverb || scan.gap(next) != " " {
            break;
        }
        // "Should Quigley be on a statin"
        if scan.is(next, "be") && scan.is(next + 1, "on") && !is(next + 2, &["hold", "day", "the"]) {
            return 4;
        }
        next += 1;
    }
    if scan.has(next, SAYS | ACTS) && scan.word(next).len() > 2 {
        return 6;
    }
    if scan.has(next, PERSONAL) {
        return if question {
            6
        } else if next == last + 1 {
            2
        } else {
            4
        };
    }
    let verb = is(
        next,
        &[
            "is", "was", "were", "will", "can", "may", "should", "would", "needs", "to",
        ],
    );
    if verb {
        let mut at = next + 1;
        while at < next + 4
            && is(
                at,
                &[
                    "be",
                    "been",
                    "not",
                    "also",
                    "last",
                    "still",
                    "now",
                    "very",
                    "then",
                    "initially",
                    "recently",
                    "just",
                    "being",
                    "again",
                ],
            )
        {
            at += 1;
        }
        if scan.has(at, PERSONAL | ACTS | SAYS) && scan.word(at).len() > 2 || scan.is(at, "a") && aged(at + 1) {
            return 6;
        }
        return if is(next, &["is", "was"]) { 1 } else { 2 };
    }
    // "Quigley from cardiology", "Zanele at bedside", "Zanele on the phone"
    if scan.is(next, "from") && scan.has(next + 1, DEPARTMENT)
        || scan.is(next, "at") && is(next + 1, &["bedside", "home"])
    {
        return 5;
    }
    if scan.is(next, "on") && scan.is(next + 1, "the") && scan.is(next + 2, "phone")
        || scan.is(next, "by") && scan.is(next + 1, "phone")
    {
        return 4;
    }
    if scan.is(next, "c") && scan.gap(next) == "/" {
        return 5;
    }
    if scan.is(next, "service") || scan.is(next, "team") {
        return 3;
    }
    if scan.has(next, DOES) {
        return 2;
    }
    i32::from(is(
        next,
        &[
            "on", "at", "and", "about", "of", "re", "by", "her", "his", "tomorrow", "today", "in",
        ],
    ))
}
