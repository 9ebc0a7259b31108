//! Names of people in the names of columns and keys.

use ward_formats::Span;

use super::profile::{self, Likely};
use super::{by_name, may_be_a_name};
use crate::find::{Hit, find};
use crate::{Class, Known, lexicon, together};

/// Scores and stages that are called after people and places, and the words beside them.
const SCORES: &[&str] = &[
    "aldrete",
    "ann",
    "apgar",
    "arbor",
    "ashworth",
    "barthel",
    "blatchford",
    "braden",
    "breslow",
    "charlson",
    "cormack",
    "elixhauser",
    "epworth",
    "ferriman",
    "fitzpatrick",
    "fontaine",
    "fugl",
    "gallwey",
    "glasgow",
    "gleason",
    "gustilo",
    "hachinski",
    "hoehn",
    "karnofsky",
    "kellgren",
    "killip",
    "lansky",
    "lehane",
    "likert",
    "maddrey",
    "mallampati",
    "meyer",
    "pugh",
    "rankin",
    "ranson",
    "rockall",
    "rutherford",
    "tanner",
    "tinetti",
    "waterlow",
    "yahr",
    "zubrod",
];

/// What a score is called.
const MEASURES: &[&str] = &[
    "class",
    "classification",
    "grade",
    "grading",
    "index",
    "level",
    "risk",
    "scale",
    "score",
    "stage",
    "staging",
    "sum",
    "test",
    "total",
    "type",
];

/// True for a word that a score is called after.
pub(super) fn is_score(word: &str) -> bool {
    SCORES.iter().any(|score| word.eq_ignore_ascii_case(score))
}

/// The words of a name, in small letters.
fn words(text: &str) -> impl DoubleEndedIterator<Item = String> + '_ {
    let words = text.split(|c: char| !c.is_alphabetic() && !matches!(c, '\'' | '’'));
    words.filter(|word| !word.is_empty()).map(str::to_lowercase)
}

/// True for a score that is called after somebody (`Charlson index`), or an abbreviation without a vowel (`Hgb`), at `span`
/// of the name of a column.
fn is_measure(name: &str, span: Span) -> bool {
    let before = name.get(..span.start).and_then(|text| words(text).next_back());
    if before.is_some_and(|word| matches!(word.as_str(), "for" | "by" | "from")) {
        return false;
    }
    let after = name.get(span.end..).and_then(|text| words(text).next());
    let found: Vec<String> = name
        .get(span.start..span.end)
        .map(|text| words(text).collect())
        .unwrap_or_default();
    let measures = |word: &String| MEASURES.contains(&word.as_str());
    let short = |word: &String| word.len() <= 4 && !word.contains(['a', 'e', 'i', 'o', 'u', 'y']);
    let scores = |word: &String| {
        SCORES.contains(&word.as_str()) || lexicon::tags(word) & lexicon::EPONYM != 0 || measures(word) || short(word)
    };
    match found.as_slice() {
        [] => false,
        // Half of what is called after a town is a name that people have: "Ann".
        [word] if word == "ann" => after.is_some_and(|after| after == "arbor"),
        [word] => scores(word) || after.as_ref().is_some_and(measures),
        [_, last] if measures(last) => true,
        many => many.iter().all(scores),
    }
}

/// True when the name of a column, a key or a cell of what may be a header may be somebody's: see [`may_be_a_name`].
#[must_use]
pub fn may_name_somebody(name: &str) -> bool {
    let text = name.trim();
    may_be_a_name(text) && !is_measure(text, Span::new(0, text.len()))
}

/// What is found in the name of a column: anything, where it does not say what the column holds, and names of people
/// beside the words that do (`note for Quackenbush`).
///
/// `certain`: the records below say that this is a header. A lone word that the gazetteer does not know as somebody's name
/// is then what a column is called (`Embarked`).
#[must_use]
pub fn header_hits(name: &str, certain: bool) -> Vec<Hit> {
    let hit = |start: usize, text: &str| Hit {
        span: Span::new(start, start + text.len()),
        class: Class::Name,
        rule: "column-header",
        score: 60,
    };
    let mut hits = Vec::new();
    if by_name(name).is_none() {
        hits = find(name, &Known::default());
        if hits.is_empty() && may_be_a_name(name) {
            hits.push(hit(name.len() - name.trim_start().len(), name.trim()));
        }
    }
    // A short strange word is rather an abbreviation (`Encntr`, `Plt`), unless a name stands beside it.
    let words: Vec<(usize, &str)> = name
        .split(|c: char| !c.is_alphabetic() && !matches!(c, '\'' | '’'))
        .map(|word| (word.as_ptr().addr() - name.as_ptr().addr(), word))
        .filter(|(_, word)| !word.is_empty())
        .collect();
    let named = |at: usize| {
        words.get(at).is_some_and(|(_, word)| {
            word.chars().skip(1).all(char::is_lowercase) && by_name(word).is_none() && may_be_a_name(word)
        })
    };
    let single = words.len() < 2;
    let beside = words.iter().enumerate().filter(|(at, (_, word))| {
        let near = at.checked_sub(1).is_some_and(named) || named(at + 1);
        !single && named(*at) && (near || word.chars().count() > 6)
    });
    let mut hits = together(hits, beside.map(|(_, (start, word))| hit(*start, word)).collect());
    hits.retain(|hit| !is_measure(name, hit.span));
    let word = name.trim();
    if certain && !word.contains(' ') && profile::likely(word) != Likely::Person {
        hits.retain(|hit| hit.class != Class::Name && hit.class != Class::Place);
    }
    hits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_scores_from_people() {
        for (name, expect) in [
            ("Charlson index", &[][..]),
            ("Charlson", &[]),
            ("Mallampati", &[]),
            ("Mallampati class", &[]),
            ("Gleason", &[]),
            ("gleason_score", &[]),
            ("Karnofsky", &[]),
            ("Barthel Index", &[]),
            ("Hgb", &[]),
            ("Kellgren Lawrence grade", &[]),
            ("Ann Arbor", &[]),
            ("Ann Arbor stage", &[]),
            ("Epworth", &[]),
            ("Tanner", &[]),
            ("Tanner stage", &[]),
            ("Wells score", &[]),
            ("Morse scale", &[]),
            ("Clark level", &[]),
            ("Ann Lee note", &["Ann", "Lee"]),
            ("note for Quackenbush", &["Quackenbush"]),
            ("note for Karnofsky", &["Karnofsky"]),
            ("Quackenbush", &["Quackenbush"]),
            ("Ann Lee", &["Ann Lee"]),
        ] {
            let hits = header_hits(name, false);
            let found: Vec<&str> = hits.iter().map(|hit| &name[hit.span.start..hit.span.end]).collect();
            assert_eq!(found, expect, "{name}");
            assert!(!expect.is_empty() || !may_name_somebody(name), "{name}");
        }
        for name in ["SibSp", "Embarked", "Pclass", "Parch", "Geschlecht", "Hauptdiagnose"] {
            assert_eq!(header_hits(name, true), [], "{name}");
        }
        for name in ["Ann Lee", "Kowalczyk", "note for Quackenbush"] {
            assert!(!header_hits(name, true).is_empty(), "{name}");
        }
        assert!(may_name_somebody("Ann Lee") && may_name_somebody("Quackenbush"));
    }
}
