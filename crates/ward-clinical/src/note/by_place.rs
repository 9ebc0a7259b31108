//! What a note says is absent by where it stands: in a list under a head or a label that denies, or behind a minus.

use super::{
    listed::SYSTEMS,
    negation::ends_before,
    pack::Pack,
    sections::{Place, Standing},
    words::Words,
};
use crate::{fact::Section, lexicon::conditions};

/// Whether the head above, a label or a sign before it denies what begins at token `from`.
pub(super) fn is_denied_by_place(words: &Words<'_>, place: Place, from: usize) -> bool {
    let headed = place.standing == Some(Standing::Denied) && !ends_before(words, from);
    headed || has_minus(words, place, from) || is_in_negatives(words, from)
}

/// Whether nothing but symptoms stands between token `from` and the label of a list of what is absent: "Pertinent negatives: fever, cough".
fn is_in_negatives(words: &Words<'_>, from: usize) -> bool {
    let name = usize::from(words.word(0) == Some("pertinent"));
    let label = matches!(words.word(name), Some("negative" | "negatives")) && words.any(name + 1) == Some(":");
    let begins = name + 2;
    label && (from == begins || from > begins && are_symptoms(words, begins, from))
}

/// Whether the symptom at token `from` has a minus: "(-) cough", or "- cough" in a line that begins with a plus, "+ fever - cough". One minus is that of
/// all symptoms up to the next mark that is no comma.
fn has_minus(words: &Words<'_>, place: Place, from: usize) -> bool {
    // "Strep (-) cough (+)": there the signs follow.
    let leads = signs_lead(words);
    let bracketed = |at: usize| leads && (0..3).all(|k| words.any(at + k) == ["(", "-", ")"].get(k).copied());
    let plus =
        signs_only(words) && words.any(label(words)) == Some("+") || leads && words.any(label(words) + 1) == Some("+");
    // Under a plan, a complaint or a list of illnesses the minus is a bullet.
    let asked = matches!(
        place.section,
        Section::Review | Section::PresentIllness | Section::Exam | Section::Other
    );
    let plus = plus || asked && begins_with_minus(words);
    let alone = |at: usize| {
        let end = |at: usize| words.tokens.get(at).map_or(0, |token| token.end);
        plus && words.any(at) == Some("-")
            && at > 0
            && words.tokens.get(at).is_some_and(|minus| minus.start > end(at - 1))
    };
    let minus = |at: usize| {
        let end = match (bracketed(at), alone(at)) {
            (true, _) => at + 3,
            (_, true) => at + 1,
            _ => return false,
        };
        end <= from && (end == from || are_symptoms(words, end, from))
    };
    (0..from).any(minus)
}

/// Short names of systems of the body, and those that are asked about and have no problems listed.
const ASKED: &[&str] = &[
    "cv",
    "resp",
    "pulm",
    "gi",
    "gu",
    "msk",
    "skin",
    "heent",
    "ent",
    "const",
    "constitutional",
    "heme",
    "endo",
];

/// Whether a line is the label of a system and nothing else but signs and symptoms, of which the first is a minus: "CV: - chest pain, - palpitations". One
/// sign alone may be a bullet.
fn begins_with_minus(words: &Words<'_>) -> bool {
    let signs = (2..words.len()).filter(|at| matches!(words.any(*at), Some("-" | "+")));
    words
        .word(0)
        .is_some_and(|word| SYSTEMS.contains(&word) || ASKED.contains(&word))
        && words.any(1) == Some(":")
        && words.any(2) == Some("-")
        && signs.count() > 1
        && signs_only(words)
}

/// Whether a line holds nothing but signs and symptoms, "+ fever, chills - cough": else a dash may be one, "+ cough - worse since yesterday".
fn signs_only(words: &Words<'_>) -> bool {
    let plus = |at: usize| words.any(at) == Some("+");
    let mut at = label(words);
    while at < words.len() {
        let next = (at..words.len()).find(|at| plus(*at)).unwrap_or(words.len());
        if next > at && !are_symptoms(words, at, next) {
            return false;
        }
        at = next + 1;
    }
    true
}

/// Where a line begins behind its label.
fn label(words: &Words<'_>) -> usize {
    if words.any(1) == Some(":") { 2 } else { 0 }
}

/// Whether a line begins with a sign in brackets, "(+) cough (-) fever": each stands before what it is of.
pub(super) fn signs_lead(words: &Words<'_>) -> bool {
    let at = label(words);
    // "Cough: (-) fever: (+)", "Cough: (-)." are of what stands before them.
    let of_label = at > 0 && conditions::symptoms().at(|k| words.word(k)).is_some();
    !of_label
        && words.any(at) == Some("(")
        && matches!(words.any(at + 1), Some("+" | "-"))
        && words.any(at + 2) == Some(")")
        && words.word(at + 3).is_some()
}

/// Whether a line goes on with a list of symptoms: it is nothing but symptoms, "fever, chills or rash", or an item of the list that begins with one,
/// "- chest pain on exertion". A number before it makes it a list of something else.
pub(super) fn lists_symptoms(line: &str, item: bool, pack: &'static Pack) -> bool {
    let words = Words::by(line, pack);
    let begins = || {
        let first = (0..words.len()).find(|at| !matches!(words.any(*at), Some("-" | "*" | "\u{2022}")));
        first.is_some_and(|first| conditions::symptoms().at(|k| words.word(first + k)).is_some())
    };
    are_symptoms(&words, 0, words.len()) || item && begins()
}

/// Whether tokens `from..to` are symptoms, and what joins them.
pub(super) fn are_symptoms(words: &Words<'_>, from: usize, to: usize) -> bool {
    let (mut at, mut any) = (from, false);
    while at < to {
        if let Some((_, len)) = conditions::symptoms().at(|k| words.word(at + k)) {
            (at, any) = (at + len, true);
        } else if matches!(
            words.any(at),
            Some("," | "or" | "and" | "nor" | "/" | "." | "-" | "*" | "\u{2022}")
        ) {
            at += 1;
        } else {
            return false;
        }
    }
    any
}

#[cfg(test)]
mod tests {
    use crate::note::tests::lines;

    #[test]
    fn a_minus_behind_the_label_of_a_system_denies() {
        let check = |text: &str, expect: &[&str]| assert_eq!(lines(text), expect, "{text}");
        let both = ["negation: chest pain; absent yes", "negation: palpitations; absent yes"];
        check("CV: - chest pain, - palpitations", &both);
        check("CV: - chest pain - palpitations", &both);
        check(
            "GI: - nausea, + vomiting",
            &["negation: nausea; absent yes", "problem: vomiting"],
        );
        // Else a dash is none: behind another label, before more than symptoms, between two of them.
        let present = ["problem: chest pain", "problem: palpitations"];
        check("Complaints: - chest pain, - palpitations", &present);
        check("CV: - chest pain, - palpitations since noon", &present);
        check("CV: chest pain - palpitations", &present);
        check("Plan:\nCV: - chest pain, - palpitations", &present);
        check("Chief complaint:\nCV: - chest pain, - palpitations", &present);
        check("CV: - chest pain", &["problem: chest pain"]);
        check("CV: - chest pain, palpitations", &present);
    }
}
