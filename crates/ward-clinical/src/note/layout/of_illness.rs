//! Whether a line before the first head names illnesses or complaints, as a form does, and is no name, title or address.

use ward_formats::Span;

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

/// Whether the line at `span` is of illnesses, and no line stands over it that may say whose they are or that there are none: it begins the text or a
/// paragraph, or a filled field is above it, or another such line, which ends at byte `list`. "Denies", "Has anyone in your family had:" say more.
pub(super) fn is_in_list(text: &str, span: Span, list: &mut usize, pack: &'static Pack) -> bool {
    let line = text.get(span.start..span.end).unwrap_or("");
    let words = Words::by(line.get(bullet(line)..).unwrap_or(line), pack);
    let named = is_of_illness(line, pack);
    // An item that is not ticked ends no list.
    if !named && (line.len() > LONGEST || boxes::box_at(&words, 0).is_none()) {
        return false;
    }
    let above = text.get(..span.start).unwrap_or_default();
    let above = above.get(..above.rfind('\n').unwrap_or(0)).unwrap_or_default();
    let before = above.rsplit('\n').next().unwrap_or_default().trim();
    let begins = before.is_empty()
        || is_filled(before) && !is_of_illness(before, pack)
        || *list > 0 && above.trim_end().len() == *list;
    if begins {
        *list = text.get(..span.end).unwrap_or_default().trim_end().len();
    }
    named && begins
}

/// Whether a line is a field of a form and what it holds: "DOB: 01/02/1970".
fn is_filled(line: &str) -> bool {
    const LABEL: usize = 3;
    line.split_once(':')
        .is_some_and(|(label, value)| !value.trim().is_empty() && label.split_whitespace().count() <= LABEL)
}

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
            // "Yes / No" and "Yes [ ] No [x]" are the answers that may be given.
            let ends = matches!(words.any(at + 1), None | Some("." | "," | ";" | "-" | "("))
                && (at..words.len()).all(|next| boxes::box_at(words, next).is_none());
            words.word(at).is_some_and(|word| ANSWERS.contains(&word)) && ends
        }
    }
}
