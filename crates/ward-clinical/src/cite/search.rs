//! Search over sentences and rows: BM25 (Robertson and Zaragoza 2009) with clinical synonyms, section
//! weights and a floor under which nothing answers.

use std::collections::{HashMap, HashSet};

use super::{Line, Source};
use crate::{fact::Section, lexicon::synonyms, note::words::Words};

/// BM25's term saturation and length normalisation: the usual values.
const K1: f64 = 1.2;
const B: f64 = 0.75;

/// A synonym counts this much of the word itself.
const SYNONYM: f64 = 0.7;

/// A passage with a date of its own counts this much more when the question asks when.
const DATED: f64 = 1.8;

/// The share of the question's weight that a passage must cover.
const FLOOR: f64 = 0.6;

/// The best passages for `terms` among those that hold one of `required` (or any, when it is empty).
/// With `dated`, passages that hold a date of their own are better.
pub(crate) fn best(
    sources: &[Source<'_>],
    terms: &[String],
    required: &[String],
    most: usize,
    dated: bool,
    within: impl Fn(Option<i64>) -> bool,
) -> Vec<Line> {
    let mut query: Vec<(String, Vec<String>)> = Vec::new();
    for term in terms {
        let stem = stem(term);
        if query.iter().any(|(s, _)| *s == stem) {
            continue;
        }
        let mut others: Vec<String> = synonyms::of(term)
            // Of a phrase the words alone mean something else.
            .filter(|phrase| !phrase.contains(' '))
            .filter(|word| word.len() > 3 && !matches!(*word, "high" | "disease" | "blood" | "type" | "mellitus"))
            .map(self::stem)
            .filter(|other| *other != stem)
            .collect();
        others.sort();
        others.dedup();
        query.push((stem, others));
    }
    if query.is_empty() {
        return Vec::new();
    }
    let wanted: HashSet<&str> = query
        .iter()
        .flat_map(|(stem, others)| std::iter::once(stem).chain(others))
        .map(String::as_str)
        .collect();
    // One pass: counts of the wanted words in each passage.
    struct Doc {
        source: usize,
        index: usize,
        len: usize,
        counts: HashMap<String, usize>,
    }
    let mut docs: Vec<Doc> = Vec::new();
    let mut total_len = 0usize;
    let mut passages = 0usize;
    for (s, source) in sources.iter().enumerate() {
        for (index, passage) in source.record.passages.iter().enumerate() {
            if passage.section == Section::Header {
                continue;
            }
            let words = Words::new(&passage.text);
            let mut counts: HashMap<String, usize> = HashMap::new();
            for i in 0..words.len() {
                let Some(word) = words.any(i) else { continue };
                // A compound counts as itself and as its parts.
                let parts = word.contains('-').then(|| word.split('-'));
                for word in std::iter::once(word).chain(parts.into_iter().flatten()) {
                    let stem = stem(word.trim_end_matches("'s"));
                    if wanted.contains(stem.as_str()) {
                        *counts.entry(stem).or_default() += 1;
                    }
                }
            }
            passages += 1;
            total_len += words.len();
            if !counts.is_empty() {
                docs.push(Doc {
                    source: s,
                    index,
                    len: words.len(),
                    counts,
                });
            }
        }
    }
    if docs.is_empty() {
        return Vec::new();
    }
    #[expect(clippy::cast_precision_loss, reason = "counts of words are far below 2^52")]
    let real = |n: usize| n as f64;
    let mean = (real(total_len) / real(passages.max(1))).max(1.0);
    let frequency = |stem: &String, others: &[String]| {
        docs.iter()
            .filter(|d| d.counts.contains_key(stem) || others.iter().any(|o| d.counts.contains_key(o)))
            .count()
    };
    let idf: Vec<f64> = query
        .iter()
        .map(|(stem, others)| {
            let df = real(frequency(stem, others));
            (1.0 + (real(passages) - df + 0.5) / (df + 0.5)).ln()
        })
        .collect();
    let weight: f64 = idf.iter().sum();
    let need = if query.len() <= 2 {
        query.len()
    } else {
        (query.len() * 3).div_ceil(5)
    };
    let mut scored: Vec<(f64, usize, usize)> = Vec::new();
    for doc in &docs {
        let Some(passage) = sources.get(doc.source).and_then(|s| s.record.passages.get(doc.index)) else {
            continue;
        };
        if !within(passage.when.as_ref().and_then(|w| w.day)) {
            continue;
        }
        if !required.is_empty() {
            let lower = passage.text.to_lowercase();
            if !required
                .iter()
                .any(|word| super::question::contains_words(&lower, word))
            {
                continue;
            }
        }
        let (mut score, mut covered, mut matched) = (0.0, 0.0, 0);
        for ((stem, others), idf) in query.iter().zip(&idf) {
            let own = doc.counts.get(stem).copied().unwrap_or(0);
            let other: usize = others.iter().filter_map(|o| doc.counts.get(o)).sum();
            let count = real(own) + SYNONYM * real(other);
            if count > 0.0 {
                covered += idf;
                matched += 1;
                score += idf * count * (K1 + 1.0) / (count + K1 * (1.0 - B + B * real(doc.len) / mean));
            }
        }
        if matched >= need && covered >= FLOOR * weight {
            let own_date = dated && !crate::when::find(&passage.text).is_empty();
            let boost = if own_date { DATED } else { 1.0 };
            scored.push((score * boost * section_weight(passage.section), doc.source, doc.index));
        }
    }
    // Best first; of equal ones the first in the record.
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let top = scored.first().map_or(0.0, |s| s.0);
    let mut seen = HashSet::new();
    // A row of a structure whose quotes alone would not show that it is not so.
    let marks: HashMap<(usize, usize), &'static str> = sources
        .iter()
        .enumerate()
        .flat_map(|(s, source)| source.record.facts.iter().map(move |fact| (s, fact)))
        .filter_map(|(s, fact)| {
            let mark = super::select::mark(fact);
            let start = fact.pieces.first()?.span.start;
            (!mark.is_empty()).then_some(((s, start), mark))
        })
        .collect();
    scored
        .into_iter()
        .filter(|(score, ..)| *score >= 0.6 * top)
        .filter_map(|(_, s, index)| {
            let passage = sources.get(s)?.record.passages.get(index)?;
            seen.insert(passage.text.to_lowercase()).then(|| Line {
                label: passage
                    .pieces
                    .first()
                    .and_then(|piece| marks.get(&(s, piece.span.start)))
                    .map_or_else(String::new, |mark| (*mark).to_owned()),
                source: s,
                pieces: passage.pieces.clone(),
                section: passage.section,
                when: passage.when.clone(),
            })
        })
        .take(most)
        .collect()
}

fn section_weight(section: Section) -> f64 {
    match section {
        Section::Assessment | Section::Plan | Section::Results | Section::PastHistory => 1.15,
        Section::Review | Section::Encounters => 0.8,
        _ => 1.0,
    }
}

/// A word without its common endings, so that "stopped" finds "stop". Both sides are cut alike.
fn stem(word: &str) -> String {
    let word = word.to_lowercase();
    let cut = |n: usize| word.get(..word.len() - n).unwrap_or(&word).to_owned();
    if !word.is_ascii() || word.len() < 4 {
        return word;
    }
    let base = if word.ends_with("ies") && word.len() > 4 {
        cut(3) + "y"
    } else if word.ends_with("ation") && word.len() > 8 {
        cut(5)
    } else if word.ends_with("ing") && word.len() > 6 {
        cut(3)
    } else if word.ends_with("ed") && word.len() > 5 {
        cut(2)
    } else if word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us") && !word.ends_with("is") {
        cut(1)
    } else {
        word
    };
    // "stopp" -> "stop"
    let bytes = base.as_bytes();
    match bytes {
        [.., a, b] if a == b && bytes.len() > 4 && !matches!(b, b's' | b'l' | b'e' | b'o') => {
            base.get(..base.len() - 1).unwrap_or(&base).to_owned()
        }
        _ => base,
    }
}

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn cuts_endings() {
        for (word, expect) in [
            ("stopped", "stop"),
            ("allergies", "allergy"),
            ("visits", "visit"),
            ("pass", "pass"),
            ("walking", "walk"),
            ("diabetes", "diabete"),
        ] {
            assert_eq!(stem(word), expect);
        }
    }
}
