//! Compression of notes: copied-forward sentences told once, boilerplate dropped, articles dropped.
//!
//! Bit-exact always: everything before the first dated visit, and the newest visit. In an older
//! visit, a sentence that an older visit before it (in text order) said in the same section is
//! dropped, and the first one gets a mark of the visits that repeat it: ` [=also: 05/09/2022]`. A mark
//! ` [=also 3: 05/09/2022]` stands for the three sentences before it.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::{left_out::LeftOut, proof};
use crate::{
    fact::{Fact, Piece, Section},
    note::{
        self,
        layout::{self, Block, Sort},
    },
};

/// How much is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effort {
    /// Marks, boilerplate, articles.
    Full,
    /// Marks and boilerplate.
    Marks,
}

/// Articles: dropped where no fact changes.
const ARTICLES: &[&str] = &["the", "a", "an"];

/// A compressed note.
pub(crate) struct Told {
    /// The note.
    pub(crate) text: String,
    /// What it leaves out.
    pub(crate) left_out: Vec<LeftOut>,
    /// The sentences of older visits that are told, by number.
    pub(crate) sentences: Vec<Sentence>,
}

/// A sentence of an older visit.
pub(crate) struct Sentence {
    /// Its words.
    pub(crate) words: String,
    /// What it says.
    pub(crate) facts: Vec<Fact>,
    /// The day of its visit.
    pub(crate) day: Option<i64>,
}

/// The compressed text and what it leaves out, or nothing when no visit is dated. Visits dated to one
/// of `untouched` (lower case) are bit-exact too; sentences whose numbers are among `dropped` are not told.
pub(crate) fn compress(
    text: &str,
    at: usize,
    effort: Effort,
    untouched: &BTreeSet<String>,
    dropped: &HashSet<usize>,
) -> Option<Told> {
    if text.contains("[=also") {
        return None;
    }
    let layout = layout::of(text, at);
    let newest = layout
        .visits
        .iter()
        .enumerate()
        .filter_map(|(i, visit)| visit.when.as_ref().and_then(|w| w.day).map(|day| (day, i)))
        .max()
        .map(|(_, i)| i)?;
    let mut blocks: BTreeMap<usize, Vec<&Block>> = BTreeMap::new();
    for block in &layout.blocks {
        blocks.entry(block.visit).or_default().push(block);
    }
    let mut sentences: Vec<Kept> = Vec::new();
    let mut said: Vec<Sentence> = Vec::new();
    let mut first: HashMap<(Section, String), usize> = HashMap::new();
    let mut counts = Counts::default();
    let mut parts: Vec<Part> = Vec::new();
    for (v, visit) in layout.visits.iter().enumerate() {
        let date = visit.when.as_ref().map_or("", |w| w.text.as_str());
        if v == 0 || v == newest || untouched.contains(&note::squeeze(date).to_lowercase()) {
            parts.push(Part::Verbatim(text.get(visit.span.start..visit.span.end).unwrap_or("")));
            continue;
        }
        let mut lines = Vec::new();
        for block in blocks.get(&v).map_or(&[][..], Vec::as_slice) {
            let part = text.get(block.span.start..block.span.end).unwrap_or("");
            if block.sort != Sort::Sentence {
                lines.push(Line::Head(part, block.sort == Sort::VisitHead));
                continue;
            }
            let key = (block.section, key_of(part));
            if let Some(index) = first.get(&key).copied()
                && let Some(kept) = sentences.get_mut(index)
            {
                if kept.visit != v && kept.dates.last() != Some(&date) {
                    kept.dates.push(date);
                }
                counts.copied += 1;
                continue;
            }
            let piece = Piece {
                text: part.into(),
                span: block.span,
            };
            let facts = note::facts(part, block.section, None, &piece);
            if facts.is_empty() && note::is_boilerplate(part) {
                counts.boilerplate += 1;
                continue;
            }
            let mut words = note::squeeze(part);
            if effort == Effort::Full {
                let short = without_articles(&words);
                if short.len() < words.len()
                    && proof::tuples(&note::facts(&short, block.section, None, &piece)) == proof::tuples(&facts)
                {
                    counts.articles += 1;
                    words = short;
                }
            }
            first.insert(key, sentences.len());
            if !dropped.contains(&sentences.len()) {
                lines.push(Line::Sentence(
                    sentences.len(),
                    block.begins_line && block.item,
                    block.section,
                ));
            }
            said.push(Sentence {
                words: words.clone(),
                facts,
                day: visit.when.as_ref().and_then(|when| when.day),
            });
            sentences.push(Kept {
                words,
                visit: v,
                dates: Vec::new(),
            });
        }
        parts.push(Part::Lines(lines));
    }
    Some(Told {
        text: render(&parts, &sentences),
        left_out: counts.list(),
        sentences: said,
    })
}

struct Kept<'a> {
    words: String,
    visit: usize,
    /// Visits that repeat it.
    dates: Vec<&'a str>,
}

enum Part<'a> {
    Verbatim(&'a str),
    Lines(Vec<Line<'a>>),
}

enum Line<'a> {
    /// A head, and whether of a visit.
    Head(&'a str, bool),
    /// Index of the sentence, whether it stands on a line of its own, its section.
    Sentence(usize, bool, Section),
}

fn render(parts: &[Part<'_>], sentences: &[Kept<'_>]) -> String {
    let mut out = String::new();
    for part in parts {
        let lines = match part {
            Part::Verbatim(text) => {
                out += text;
                if !out.is_empty() && !out.ends_with('\n') {
                    out.push('\n');
                }
                continue;
            }
            Part::Lines(lines) => lines,
        };
        // A head is written when a sentence stands under it.
        let mut head: Option<&str> = None;
        let mut section = None;
        let mut ended = true;
        let mut run = 0;
        for (at, line) in lines.iter().enumerate() {
            match line {
                Line::Head(text, true) => {
                    fresh_line(&mut out);
                    out += text;
                    out.push('\n');
                    (head, section) = (None, None);
                }
                Line::Head(text, false) => head = Some(text),
                Line::Sentence(index, own_line, of) => {
                    let Some(kept) = sentences.get(*index) else { continue };
                    if let Some(text) = head.take() {
                        fresh_line(&mut out);
                        out += text;
                        out.push(if text.ends_with(':') { ' ' } else { '\n' });
                    } else if section.is_some_and(|s| s != *of) || (section.is_none() && *of != Section::Other) {
                        // The section changed without a head: a blank line ends an inline section.
                        fresh_line(&mut out);
                        out.push('\n');
                    } else if *own_line || !ended {
                        fresh_line(&mut out);
                    } else if !out.ends_with([' ', '\n']) {
                        out.push(' ');
                    }
                    section = Some(*of);
                    out += &kept.words;
                    ended = kept.words.ends_with(['.', '!', '?']);
                    // One mark for a run of sentences that the same visits repeat.
                    run += 1;
                    let next = lines.get(at + 1).and_then(|line| match line {
                        Line::Sentence(index, ..) => sentences.get(*index),
                        Line::Head(..) => None,
                    });
                    if next.is_none_or(|next| next.dates != kept.dates) {
                        write_mark(&mut out, run, &kept.dates);
                        run = 0;
                    }
                }
            }
        }
        fresh_line(&mut out);
    }
    out
}

/// ` [=also: 05/09/2022; 11/14/2022]` after one sentence, ` [=also 3: ..]` after three.
fn write_mark(out: &mut String, sentences: usize, dates: &[&str]) {
    if dates.is_empty() {
        return;
    }
    *out += " [=also";
    if sentences > 1 {
        *out += &format!(" {sentences}");
    }
    *out += ": ";
    *out += &dates.join("; ");
    out.push(']');
}

fn fresh_line(out: &mut String) {
    while out.ends_with(' ') {
        out.pop();
    }
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
}

/// What makes two sentences the same: words, without bullet, case and closing marks.
fn key_of(sentence: &str) -> String {
    let sentence = sentence.get(layout::bullet(sentence)..).unwrap_or(sentence);
    note::squeeze(sentence.trim())
        .trim_end_matches(['.', ';', ','])
        .to_lowercase()
}

fn without_articles(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for (i, word) in words.split(' ').enumerate() {
        let article = i > 0 && ARTICLES.contains(&word);
        if !article {
            if !out.is_empty() {
                out.push(' ');
            }
            out += word;
        }
    }
    out
}

#[derive(Default)]
struct Counts {
    copied: usize,
    boilerplate: usize,
    articles: usize,
}

impl Counts {
    fn list(&self) -> Vec<LeftOut> {
        let all = [
            (
                "repeated sentences",
                self.copied,
                "copied forward; the first one is marked with the visits that repeat it",
            ),
            (
                "boilerplate",
                self.boilerplate,
                "signatures and notices without a clinical fact",
            ),
            (
                "articles",
                self.articles,
                "sentences of older visits that lost 'the', 'a' or 'an'; no fact changed",
            ),
        ];
        all.into_iter()
            .filter(|(_, count, _)| *count > 0)
            .map(|(what, count, why)| LeftOut {
                what: what.to_owned(),
                count,
                why,
            })
            .collect()
    }
}
