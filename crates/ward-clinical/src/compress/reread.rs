//! Reads compressed output again, alone. Written from the grammar in the documentation of
//! [`super::rows`], not from its code: the two share nothing but the attribute names.

use ward_formats::Span;

use crate::{
    fact::{Fact, FactKind, Piece},
    note::{self, layout},
    when::When,
};

/// One statement read from rows.
pub(crate) struct ReadRow {
    /// The group it stood in.
    pub(crate) kind: FactKind,
    /// Attribute and value.
    pub(crate) pairs: Vec<(String, String)>,
}

/// Attributes that may open a field.
const KEYS: &[&str] = &[
    "unit", "dose", "from", "route", "freq", "status", "reaction", "severity", "flag", "for", "until", "who", "absent",
];

/// Reads rows. A line that fits no rule gives nothing, so that its fact is missed and counted.
pub(crate) fn rows(text: &str) -> Vec<ReadRow> {
    let mut found = Vec::new();
    let mut kind = None;
    for line in text.split('\n') {
        if let Some(word) = line.strip_prefix("# ") {
            kind = FactKind::ALL.into_iter().find(|kind| kind.word() == word);
            continue;
        }
        let (Some(kind), false) = (kind, line.is_empty()) else {
            continue;
        };
        let mut fields = line.split(" | ");
        let concept = plain(fields.next().unwrap_or(""));
        let mut shared = vec![("concept".to_owned(), concept)];
        let mut entries = Vec::new();
        for field in fields {
            match pair(field) {
                Some(pair) => shared.push(pair),
                None => entries.push(field),
            }
        }
        if entries.is_empty() {
            found.push(ReadRow { kind, pairs: shared });
            continue;
        }
        for entry in entries {
            let mut pairs = shared.clone();
            let mut parts = entry.split("; ");
            let head = parts.next().unwrap_or("");
            let (date, value) = head.split_once(' ').unwrap_or((head, ""));
            if date != "-" {
                pairs.push(("when".to_owned(), plain(date)));
            }
            pairs.push(("value".to_owned(), plain(value)));
            for part in parts {
                pairs.push(pair(part).unwrap_or_else(|| ("unknown".to_owned(), part.to_owned())));
            }
            found.push(ReadRow { kind, pairs });
        }
    }
    found
}

fn pair(field: &str) -> Option<(String, String)> {
    let (key, value) = field.split_once('=')?;
    KEYS.contains(&key).then(|| (key.to_owned(), plain(value)))
}

/// Escapes resolved.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        out.push(match chars.next() {
            Some('p') => '|',
            Some('c') => ';',
            Some('e') => '=',
            Some('h') => '#',
            Some('s') => ' ',
            Some('m') => '-',
            Some(other) => other,
            None => '\\',
        });
    }
    out
}

/// How a mark opens. See [`super::note`].
const MARK: &str = " [=also";

/// A mark found in an output.
struct Mark {
    /// Where it stood, in bytes of the text without marks.
    at: usize,
    /// How many sentences before it it speaks of.
    sentences: usize,
    /// The visits that repeat them.
    dates: Vec<String>,
}

/// The facts of a compressed note: those of its text without marks, and those of a marked sentence
/// once more for every visit that its mark names.
pub(crate) fn note(text: &str) -> Vec<Fact> {
    let mut clean = String::with_capacity(text.len());
    let mut marks: Vec<Mark> = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(MARK) {
        let (before, after) = rest.split_at(at);
        clean += before;
        match after.get(MARK.len()..).and_then(mark) {
            Some((sentences, dates, after)) => {
                marks.push(Mark {
                    at: clean.len(),
                    sentences,
                    dates,
                });
                rest = after;
            }
            None => {
                clean += MARK;
                rest = after.get(MARK.len()..).unwrap_or("");
            }
        }
    }
    clean += rest;
    let mut facts = note::read(&clean, 0).facts;
    let layout = layout::of(&clean, 0);
    let sentences: Vec<&layout::Block> = layout
        .blocks
        .iter()
        .filter(|b| b.sort == layout::Sort::Sentence)
        .collect();
    for mark in marks {
        // The sentences that begin before the mark; it speaks of the last of them.
        let end = sentences.partition_point(|block| block.span.start < mark.at);
        for block in sentences.get(end.saturating_sub(mark.sentences)..end).unwrap_or(&[]) {
            let sentence = clean.get(block.span.start..block.span.end).unwrap_or("");
            let piece = Piece {
                text: sentence.into(),
                span: Span::new(block.span.start, block.span.end),
            };
            for date in &mark.dates {
                let when = When {
                    text: date.clone(),
                    day: None,
                    span: None,
                };
                facts.extend(note::facts(sentence, block.section, Some(&when), &piece));
            }
        }
    }
    facts
}

/// Reads a mark after its opening: how many sentences, which dates, and what follows it.
fn mark(after: &str) -> Option<(usize, Vec<String>, &str)> {
    let (count, after) = after.split_once(": ").filter(|(count, _)| count.len() <= 6)?;
    let sentences = if count.is_empty() {
        1
    } else {
        count.strip_prefix(' ')?.parse().ok()?
    };
    let (dates, after) = closing(after)?;
    Some((sentences, dates, after))
}

/// The dates of a mark up to its closing bracket (a placeholder's own brackets are skipped), and the rest.
fn closing(after: &str) -> Option<(Vec<String>, &str)> {
    let mut depth = 0usize;
    for (i, b) in after.bytes().enumerate() {
        match b {
            b'[' => depth += 1,
            b']' if depth == 0 => {
                let dates = after.get(..i)?.split("; ").map(str::to_owned).collect();
                return Some((dates, after.get(i + 1..)?));
            }
            b']' => depth -= 1,
            b'\n' => return None,
            _ => {}
        }
    }
    None
}
