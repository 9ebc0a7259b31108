//! Whether a line below a family history is that of a relative or of the patient.

use super::bullet;
use crate::{
    lexicon::{drugs, measures},
    note::{
        cues::bit,
        pack::Pack,
        words::{self, Words},
    },
};

/// Whether a line names a relative.
pub(super) fn names_relative(line: &str, pack: &'static Pack) -> bool {
    let words = Words::by(line, pack);
    (0..words.len()).any(|at| words.may(at, bit::RELATIVE))
}

/// What somebody who is not named does in a note: the patient.
const PATIENT_DOES: &[&str] = &[
    "denies", "reports", "smokes", "smoke", "drinks", "drink", "lives", "works", "takes", "presents",
];

/// Whether a line below a family history tells of the patient: it begins with a measurement and its value, with the patient, or, below a family
/// history in the line of its head, names a medicine with its dose and no relative.
pub(super) fn is_of_patient(line: &str, inline: bool, pack: &'static Pack) -> bool {
    let words = Words::by(line.get(bullet(line)..).unwrap_or(line), pack);
    let number = |at: usize| words.sort(at) == Some(words::Sort::Number);
    if words.may(0, bit::MEASURE)
        && let Some((_, len)) = measures::names().at(|k| words.word(k))
    {
        let at = len + usize::from(matches!(words.any(len), Some(":" | "=" | "is" | "was" | "of")));
        return number(at);
    }
    if begins_with_patient(&words) {
        return true;
    }
    if !inline {
        return false;
    }
    let the = usize::from(words.word(0) == Some("the"));
    match words.word(the) {
        Some("patient" | "pt") => return words.any(the + 1) != Some(":"),
        Some("she" | "he") => {
            let not = matches!(words.word(1), Some("does" | "doesn't"));
            let verb = 1 + usize::from(not) + usize::from(words.word(2) == Some("not"));
            return words.word(verb).is_some_and(|word| PATIENT_DOES.contains(&word));
        }
        _ => {}
    }
    let dosed = |at: usize| {
        words.may(at, bit::DRUG)
            && drugs::names()
                .at(|k| words.word(at + k))
                .is_some_and(|(_, len)| number(at + len))
    };
    let relative = |at: usize| words.may(at, bit::RELATIVE);
    (0..words.len()).any(dosed) && !(0..words.len()).any(relative)
}

/// Whether a line or a sentence has the patient for its subject and tells of nobody else: "Patient takes aspirin", but not "The patient's mother" nor
/// "Patient has no family history of gout".
pub(super) fn begins_with_patient(words: &Words<'_>) -> bool {
    let the = usize::from(words.word(0) == Some("the"));
    let others = |at: usize| {
        words.may(at, bit::RELATIVE) || matches!(words.word(at), Some("family" | "adopted" | "relatives" | "history"))
    };
    matches!(words.word(the), Some("patient" | "pt"))
        && words.any(the + 1) != Some(":")
        && !(0..words.len()).any(others)
}
