use super::{Recogniser, SAFE_HARBOR, Trigger};
use crate::Class;
use crate::find::Hits;
use crate::lex::{Scan, Shape};
use crate::lexicon::{CREDENTIAL, DEPARTMENT, FACILITY, HONORIFIC, NAME_LABEL, STOP};
use crate::names::{self, Sign};

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const RECOGNISER: Recogniser = Recogniser {
    id: "name-label",
    class: Class::Name,
    what: "Names after a label with a colon: \"Patient: Jane Doe\", \"Name: DOE, JANE\", \"PCP: A. Ruiz\".",
    why: "Headers of notes and letters name the patient and the staff.",
    source: SAFE_HARBOR,
    yes: &[
        ("Patient: Jane Doe\nDOB: 1/1/50", "Jane Doe"),
        ("Name: DOE, JANE Q.\n", "DOE, JANE Q"),
        ("Patient Name: jane doe\n", "jane doe"),
        ("PCP: Ana Ruiz, MD", "Ana Ruiz"),
        ("Emergency Contact: Omar Haddad (son)", "Omar Haddad"),
        ("Signed by: K. Ford", "K. Ford"),
        ("Last Name: Young", "Young"),
    ],
    no: &[
        "Patient: denies pain",
        "Doctor: how are you",
        "Provider: Cardiology",
        "Patient: stable",
        "Name: unknown",
        "Nurse: patient resting",
        "From: 2 weeks ago",
    ],
    strong: false,
    trigger: Trigger::Word(NAME_LABEL, name),
};

fn name(scan: &Scan<'_>, i: usize, hits: &mut Hits) {
    // "Signed by:"
    let i = if scan.is(i + 1, "by") && scan.gap(i) == " " {
        i + 1
    } else {
        i
    };
    let gap = scan.gap(i);
    if !matches!(
        gap,
        ": " | ":" | ":  " | ":\t" | " : " | "): " | ":   " | "\t" | ": \t" | ":    " | ":\n" | "=" | " = " | "^"
    ) {
        return;
    }
    let mut at = i + 1;
    while scan.has(at, HONORIFIC) && matches!(scan.gap(at), " " | ". ") {
        at += 1;
    }
    let is_name_label = ["name", "surname", "forename"].iter().any(|word| scan.is(i, word));
    let Some(last) = names::forward(scan, at, Sign::Strong).or_else(|| small(scan, at, is_name_label)) else {
        return;
    };
    // "Doctor: How are you": one ordinary capitalised word at the start of a sentence.
    let words = names::words(scan, at, last);
    if !is_name_label && words == 1 && scan.has(at, STOP | FACILITY | DEPARTMENT) {
        return;
    }
    if !is_name_label
        && words == 1
        && scan.get(last + 1).is_some_and(|t| t.shape == Shape::Lower)
        && scan.gap(last) == " "
    {
        return;
    }
    // "DOE, JANE Q."
    let mut end = last;
    if matches!(scan.gap(last), ", " | ",")
        && !scan.has(last + 1, CREDENTIAL)
        && let Some(given) = names::forward(scan, last + 1, Sign::Strong)
    {
        end = given;
    }
    hits.push(scan.start(at), scan.end(end), Class::Name, 88);
}

/// Names typed in small letters after a label that asks for a name.
fn small(scan: &Scan<'_>, at: usize, is_name_label: bool) -> Option<usize> {
    let mut last = None;
    for i in at..at + 3 {
        if !is_name_label || !names::is_uncapitalised_name(scan, i) || scan.is(i, "unknown") {
            break;
        }
        last = Some(i);
        if scan.gap(i) != " " {
            break;
        }
    }
    last
}
