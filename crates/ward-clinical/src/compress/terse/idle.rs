//! Articles, function words and sounds of speech: which of them go, and where they stay because they say something.

use std::sync::LazyLock;

use crate::{
    lexicon::{Shapes, conditions},
    note::cues::{self, bit},
};

/// Articles.
pub(super) const ARTICLES: &[&str] = &["the", "a", "an"];

/// Words that go: articles, and what a sentence about the patient of a note needs no word for. No word of time, doubt or wish is
/// here, and none that ties words together: "take with food", "may be", "put her on" say something else without theirs.
pub(super) const IDLE: &[&str] = &[
    "the",
    "a",
    "an",
    "is",
    "are",
    "has",
    "have",
    "there",
    "also",
    "quite",
    "overall",
    "additionally",
    "furthermore",
    "specifically",
    "actually",
    "that",
];

/// Sounds of speech, which go from dialogues beside the articles.
pub(super) const FILLERS: &[&str] = &[
    "um",
    "uh",
    "oh",
    "ah",
    "hm",
    "hmm",
    "basically",
    "honestly",
    "anyway",
    "anyways",
];

/// The shapes of [`ARTICLES`] and of [`IDLE`]: most words have none of these.
pub(super) static ARTICLE_SHAPES: LazyLock<Shapes> = LazyLock::new(|| Shapes::of(ARTICLES.iter().copied()));
pub(super) static IDLE_SHAPES: LazyLock<Shapes> = LazyLock::new(|| Shapes::of(IDLE.iter().copied()));

/// `words` without those of a list, which has these shapes.
pub(super) fn without(words: &str, (list, shapes): (&[&str], &Shapes), speech: bool) -> String {
    let lower = words.to_ascii_lowercase();
    let (mut all, mut small): (Vec<&str>, Vec<&str>) =
        (Vec::with_capacity(words.len() / 4), Vec::with_capacity(words.len() / 4));
    let mut end = 0;
    for word in words.as_bytes().split(|byte| *byte == b' ') {
        let place = end..end + word.len();
        end = place.end + 1;
        if let (Some(word), Some(lower)) = (words.get(place.clone()), lower.get(place))
            && !word.is_empty()
        {
            all.push(word);
            small.push(lower);
        }
    }
    let idle = |at: usize| {
        let word = small.get(at).copied().unwrap_or("");
        let spoken = || {
            matches!(word, "." | "..." | "-")
                || (word.len() <= 3 && word.ends_with('-') && word.starts_with(char::is_alphabetic))
                || FILLERS.contains(&word)
        };
        shapes.may_be(word.bytes().next(), word.len()) && list.contains(&word) || (speech && spoken())
    };
    let mut out = String::with_capacity(words.len());
    let mut capital = false;
    let mut whole_to = 0;
    let last = small.iter().rposition(|word| word.starts_with(char::is_alphanumeric));
    for (i, (word, lower)) in all.iter().zip(&small).enumerate() {
        whole_to = whole_to.max(i + phrase_len(&small, i));
        // "There is", "we have" at the end of a clause are an answer, and so is a clause of such words alone.
        let ends = last.is_none_or(|last| last <= i);
        let stays = || {
            i < whole_to
                || (ends && word.starts_with(char::is_alphanumeric))
                || is_content(&small, i)
                || (*lower == "a" && !is_article(&small, i))
                || is_dismay(&small, i)
                // A label ("Patient:") and an abbreviation of capitals ("IT") are no idle words.
                // Inside a sentence a single capital names a kind or a grade: "hepatitis A", "type I".
                || ((word.len() > 1 || i > 0) && word.bytes().all(|b| b.is_ascii_uppercase()))
        };
        let opens = out.is_empty() && matches!(*word, "," | ";");
        if opens || (idle(i) && !stays()) {
            capital |= out.is_empty() && word.starts_with(char::is_uppercase);
            continue;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        if capital && out.is_empty() && !speech {
            // Where a sentence begins is seen by its capital.
            let mut letters = word.chars();
            out.extend(letters.next().into_iter().flat_map(char::to_uppercase).chain(letters));
        } else {
            out += word;
        }
        capital &= out.is_empty();
    }
    out
}

/// Whether the "oh" at `at` makes dismay of the no behind it, which denies something without it: "oh no", "oh , no".
fn is_dismay(small: &[&str], at: usize) -> bool {
    let said = |i: usize| small.get(i).map_or("", |word| word.trim_end_matches(['.', ',', '!']));
    let next = at + 1 + usize::from(said(at + 1).is_empty());
    matches!(said(at), "oh" | "ah") && said(next) == "no"
}

/// Whether an "a" can be nothing but an article: behind a word that a grade, a type or a name never ends with, and before no word that it makes a name
/// or an amount with. "Hepatitis a" and "a fib" say nothing without it, "a little" and "a few" are some, "little" and "few" are hardly any.
fn is_article(small: &[&str], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|i| small.get(i));
    let next = small.get(at + 1).copied().unwrap_or("");
    // "A and o x 3".
    let names = next.chars().filter(|c| c.is_alphabetic()).count() < 2
        || matches!(next, "and" | "or")
        || [
            "fib", "flutter", "line", "wave", "positive", "negative", "little", "few", "third", "quarter", "fifth",
            "bit",
        ]
        .iter()
        .any(|word| next.starts_with(word));
    before.is_none_or(|before| BEFORE_ARTICLES.contains(before)) && !names
}

/// Words that an article follows.
#[rustfmt::skip]
const BEFORE_ARTICLES: &[&str] = &[
    "is", "are", "was", "were", "be", "been", "has", "have", "had", "having", "it", "as", "with", "without", "of", "for", "from", "to", "in", "on", "at", "by",
    "after", "before", "during", "into", "through", "than", "like", "and", "or", "but", "not", "also", "either", "there", "that",
    "shows", "showed", "revealed", "demonstrates", "demonstrated", "reports", "reported", "denies", "takes", "took", "underwent", "developed", "noticed",
];

/// Whether an idle word says something where it stands: "to have", "can have", "explained that he", "not quite".
fn is_content(small: &[&str], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|i| small.get(i)).copied().unwrap_or("");
    match small.get(at).copied().unwrap_or("") {
        // "Has a guardian" and "is a guardian" would be one.
        "has" | "have" => !says_nothing(small, at, before),
        "quite" | "overall" | "specifically" | "actually" => {
            before == "not" || before.ends_with("n't") || before == "never"
        }
        // "Reports that she": nothing is lost.
        "that" => !(SAYS.contains(&before) && small.get(at + 1).is_some_and(|next| SAID.contains(next))),
        _ => false,
    }
}

/// Whether "has" or "have" can be nothing but that somebody has it, or helps a verb that says so too.
fn says_nothing(small: &[&str], at: usize, before: &str) -> bool {
    let before_not = at.checked_sub(2).and_then(|i| small.get(i)).copied().unwrap_or("");
    let skipped = |word: &&&str| matches!(**word, "a" | "an" | "the" | "also" | "any" | "some");
    let at = at + 1 + small.iter().skip(at + 1).take_while(skipped).count();
    let next = small.get(at).copied().unwrap_or("");
    let helps = matches!(next, "been" | "had" | "no" | "not" | "never" | "h/o" | "pmh" | "pmh:");
    let own = matches!(before, "i" | "we") && next.ends_with("ed");
    // "She would not have surgery".
    let before = match before {
        "not" => before_not,
        _ => before,
    };
    let wanted = matches!(
        before,
        "to" | "can"
            | "may"
            | "will"
            | "could"
            | "would"
            | "might"
            | "should"
            | "must"
            | "not"
            | "usually"
            | "often"
            | "does"
            | "did"
            | "do"
    );
    !wanted && (helps || own || phrase_len(small, at) > 0)
}

/// Verbs that need no "that" before what is said, if a pronoun begins it.
const SAYS: &[&str] = &[
    "reports",
    "reported",
    "notes",
    "noted",
    "states",
    "stated",
    "denies",
    "feels",
    "thinks",
    "believes",
    "mentions",
    "explained",
    "advised",
    "recommended",
    "discussed",
    "stressed",
];

/// Words that then follow.
const SAID: &[&str] = &["he", "she", "it", "they", "this", "there", "his", "her", "we"];

/// How many words from `at` on name one thing ("shortness of breath"): no word of it goes.
fn phrase_len(small: &[&str], at: usize) -> usize {
    let bare = |k: usize| {
        small
            .get(at + k)
            .map(|word| word.trim_end_matches([',', '.', ';', '?', ')']))
    };
    // Most words begin nothing.
    let begins = cues::begins(bare(0).unwrap_or(""));
    let lists = [
        (conditions::symptoms(), bit::SYMPTOM),
        (conditions::diagnoses(), bit::DIAGNOSIS),
        (conditions::procedures(), bit::PROCEDURE),
    ];
    lists
        .iter()
        .filter(|(_, bit)| begins & bit != 0)
        .filter_map(|(list, _)| list.at(bare))
        .map(|(_, len)| len)
        .max()
        .unwrap_or(0)
}
