//! Whether a line before the first head names illnesses or complaints, as a form does, and is no name, title or address.

use super::bullet;
use crate::{
    lexicon::conditions,
    note::{
        boxes,
        listed::SHORT,
        pack::Pack,
        words::{Sort, Words},
    },
};

/// Most words that may say more of an illness before its name: "mild persistent asthma".
const MORE: usize = 3;

/// Words behind a name that say how long it has been there.
const TIMES: &[&str] = &["x", "for", "since", "today", "now", "yesterday", "this", "after"];

/// Words that answer behind a label.
const ANSWERS: &[&str] = &[
    "yes", "y", "no", "n", "none", "denies", "denied", "positive", "negative", "present", "absent",
];

/// Whether a line is of names of illnesses or complaints and nothing else: "[x] Asthma", "Diabetes: Yes", "crushing chest pain since noon", "HTN, CAD".
/// A form that is not filled in, "Diabetes:" or "[ ] Asthma", says nothing.
pub(super) fn is_of_illness(line: &str, pack: &'static Pack) -> bool {
    let line = line.get(bullet(line)..).unwrap_or(line);
    // Most of these lines have other words.
    if line.len() > LONGEST {
        return false;
    }
    let words = Words::by(line, pack);
    let ticked = boxes::box_at(&words, 0).map_or(Some(0), |(ticked, len)| ticked.then_some(len));
    let Some(begin) = ticked else { return false };
    let Some(mut at) = begins(&words, begin) else {
        return false;
    };
    let label = at;
    loop {
        let Some(len) = name_at(&words, at) else { return false };
        at += len;
        match words.any(at) {
            None => return true,
            Some(":") => return label == begin && at == begin + len && is_answer(&words, at + 1),
            Some("." | "?" | "!") => return at + 1 == words.len(),
            Some("," | "/" | ";" | "and" | "or") => at += 1 + usize::from(words.word(at + 1) == Some("and")),
            Some(word) => return TIMES.contains(&word) || is_times(word),
        }
    }
}

/// The longest line that is looked at, in bytes.
const LONGEST: usize = 120;

/// "x3": how long, in one word.
fn is_times(word: &str) -> bool {
    let count = word.strip_prefix('x').unwrap_or("");
    !count.is_empty() && count.bytes().all(|b| b.is_ascii_digit())
}

/// Where the first name of a line begins: at token `from`, or behind a few words in small letters, the first of which may have a capital, if it has a
/// small letter too. Titles and the German write names with one: "Center for Asthma".
fn begins(words: &Words<'_>, from: usize) -> Option<usize> {
    let small =
        |at: usize| words.sort(at) == Some(Sort::Number) || words.slice(at, at + 1).starts_with(char::is_lowercase);
    let named = |at: usize| {
        let short = words.slice(at, at + 1).bytes().all(|b| b.is_ascii_uppercase());
        name_at(words, at).is_some() && (at == from || !words.pack.translates() && (small(at) || short))
    };
    (from..=from + MORE)
        .take_while(|at| {
            (from + 1..*at).all(small)
                && (from..*at).all(|before| words.sort(before) != Some(Sort::Mark))
                && (*at == from || words.sort(from) == Some(Sort::Word))
        })
        .find(|at| named(*at))
}

/// The tokens of the illness or complaint that begins at token `at`.
fn name_at(words: &Words<'_>, at: usize) -> Option<usize> {
    let lists = [conditions::symptoms(), conditions::diagnoses()];
    let found = lists.iter().filter_map(|list| list.at(|k| words.word(at + k)));
    let short = SHORT.contains(&words.slice(at, at + 1)).then_some(1);
    found.map(|(_, len)| len).max().or(short)
}

/// Whether an answer stands behind a label: "Yes", "[x] Yes [ ] No", "[x]".
fn is_answer(words: &Words<'_>, at: usize) -> bool {
    match boxes::box_at(words, at) {
        Some((true, len)) => words.word(at + len).is_none_or(|word| word == "yes"),
        Some((false, _)) => boxes::says_no(words, at - 1),
        None => {
            let ends = words.sort(at + 1).is_none_or(|sort| sort == Sort::Mark);
            words.word(at).is_some_and(|word| ANSWERS.contains(&word)) && ends
        }
    }
}
