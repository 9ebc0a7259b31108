//! Reads compressed output again, alone. Written from the grammar in the documentation of
//! [`super::rows`], not from its code: the two share nothing but the attribute names.

use std::collections::HashMap;

use super::readings::Readings;
use crate::{
    fact::{Fact, FactKind},
    note::{self, Said, layout},
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
    "unit", "dose", "from", "route", "freq", "status", "reaction", "severity", "site", "flag", "for", "until", "who",
    "absent",
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

/// A mark found in an output. See [`super::note`] for what each says.
enum Mark {
    /// The sentences before it, so many, are said by these visits too.
    Also(usize, Vec<usize>),
    /// The sentence before it is said by these visits with these numbers.
    Changed(Vec<usize>, Vec<String>),
    /// These sentences of the part before it, counted from 1, are said by this visit too.
    Part(usize, Vec<(usize, usize)>),
}

/// The facts of a compressed note: those of its text without marks, and those of a marked sentence
/// once more for every visit that its mark names.
pub(crate) fn note(text: &str, readings: &Readings) -> Vec<Fact> {
    let mut clean = String::with_capacity(text.len());
    let mut marks: Vec<(usize, Mark)> = Vec::new();
    // Where the visits of the marks begin in the clean text.
    let mut heads: Vec<(usize, usize)> = Vec::new();
    for line in text.split_inclusive('\n') {
        let body = line.trim_end_matches('\n');
        if let Some(mark) = body.strip_prefix("[also v").and_then(part_mark) {
            marks.push((clean.len(), mark));
            continue;
        }
        let mut rest = line;
        if let Some((number, after)) = line.strip_prefix("[v").and_then(|after| after.split_once("] "))
            && let Ok(number) = number.parse()
        {
            heads.push((number, clean.len()));
            rest = after;
        }
        while let Some(at) = rest.find(" [") {
            let (before, after) = rest.split_at(at);
            clean += before;
            match inline_mark(after) {
                Some((mark, after)) => {
                    marks.push((clean.len(), mark));
                    rest = after;
                }
                None => {
                    clean += " [";
                    rest = after.get(2..).unwrap_or("");
                }
            }
        }
        clean += rest;
    }
    let layout = layout::of(&clean, 0, readings.pack);
    let read = |sentence: &str, place| Said::clone(&readings.said(sentence, place));
    let mut facts = note::read_by(&clean, 0, &layout, readings.pack, read).facts;
    let starts: HashMap<usize, usize> = heads.iter().map(|(number, start)| (*start, *number)).collect();
    let dates: HashMap<usize, &When> = layout
        .visits
        .iter()
        .filter_map(|visit| Some((*starts.get(&visit.span.start)?, visit.when.as_ref()?)))
        .collect();
    let sentences: Vec<&layout::Block> = layout
        .blocks
        .iter()
        .filter(|block| block.sort == layout::Sort::Sentence)
        .collect();
    let mut tell = |block: &layout::Block, words: Option<&str>, visit: usize| {
        let sentence = words.unwrap_or(clean.get(block.span.start..block.span.end).unwrap_or(""));
        let Some(when) = dates.get(&visit) else { return };
        let said = readings.said(sentence, block.place());
        facts.extend(said.facts.iter().cloned().map(|mut fact| {
            fact.when.get_or_insert_with(|| When {
                span: None,
                ..(*when).clone()
            });
            fact
        }));
    };
    for (at, mark) in marks {
        // The sentences that begin before the mark; it speaks of the last of them.
        let end = sentences.partition_point(|block| block.span.start < at);
        match mark {
            Mark::Also(count, visits) => {
                for block in sentences.get(end.saturating_sub(count)..end).unwrap_or(&[]) {
                    visits.iter().for_each(|visit| tell(block, None, *visit));
                }
            }
            Mark::Changed(visits, numbers) => {
                if let Some(block) = end.checked_sub(1).and_then(|last| sentences.get(last)) {
                    let words = with_numbers(clean.get(block.span.start..block.span.end).unwrap_or(""), &numbers);
                    visits.iter().for_each(|visit| tell(block, words.as_deref(), *visit));
                }
            }
            Mark::Part(visit, ranges) => {
                let of = end
                    .checked_sub(1)
                    .and_then(|last| sentences.get(last))
                    .map(|block| block.visit);
                // Sentences stand in the order of their visits.
                let from = sentences.partition_point(|block| Some(block.visit) < of);
                let part = sentences.get(from..end).unwrap_or(&[]);
                for (from, to) in ranges {
                    for block in part.get(from.saturating_sub(1)..to.min(part.len())).unwrap_or(&[]) {
                        tell(block, None, visit);
                    }
                }
            }
        }
    }
    facts
}

/// A mark inside a line, and what follows it.
fn inline_mark(text: &str) -> Option<(Mark, &str)> {
    let (inside, after) = text.strip_prefix(" [")?.split_once(']')?;
    if let Some((count, visits)) = inside.split_once("also ") {
        let count = match count.strip_suffix(' ') {
            Some(count) => count.parse().ok()?,
            None => 1,
        };
        return Some((Mark::Also(count, visits_of(visits)?), after));
    }
    let (of, numbers) = inside.split_once(": ")?;
    // Words between the numbers are their units, which the sentence before the mark has too.
    let numbers = numbers
        .split(' ')
        .filter(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    let numbers: Vec<String> = numbers.map(str::to_owned).collect();
    let whole = |number: &String| number_len(number) == number.len();
    if numbers.is_empty() || !numbers.iter().all(whole) {
        return None;
    }
    Some((Mark::Changed(visits_of(of)?, numbers), after))
}

/// Most visits that one mark may name.
const MOST_VISITS: usize = 100_000;

/// `v3-5 v7`: 3, 4, 5, 7.
fn visits_of(text: &str) -> Option<Vec<usize>> {
    let mut visits = Vec::new();
    for range in text.split(' ') {
        let (from, to) = bounds(range.strip_prefix('v')?)?;
        if to.checked_sub(from)? + visits.len() > MOST_VISITS {
            return None;
        }
        visits.extend(from..=to);
    }
    Some(visits)
}

/// `3-5`, or `3` for both.
fn bounds(range: &str) -> Option<(usize, usize)> {
    let (from, to) = range.split_once('-').unwrap_or((range, range));
    Some((from.parse().ok()?, to.parse().ok()?))
}

/// `3: 2-5 9]`: what follows `[also v` in a line of its own.
fn part_mark(text: &str) -> Option<Mark> {
    let (number, ranges) = text.strip_suffix(']')?.split_once(": ")?;
    let ranges: Option<Vec<(usize, usize)>> = ranges.split(' ').map(bounds).collect();
    Some(Mark::Part(number.parse().ok()?, ranges?))
}

/// Bytes of the number that `text` begins with: digits, and single points, commas and slashes between digits.
pub(crate) fn number_len(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digit = |i: usize| bytes.get(i).is_some_and(u8::is_ascii_digit);
    let mut end = 0;
    while digit(end) || (end > 0 && matches!(bytes.get(end), Some(b'.' | b',' | b'/')) && digit(end + 1)) {
        end += 1;
    }
    end
}

/// `words` with its numbers taken from `numbers`, or nothing when there are not as many.
pub(crate) fn with_numbers(words: &str, numbers: &[String]) -> Option<String> {
    let mut out = String::with_capacity(words.len());
    let mut rest = words;
    let mut numbers = numbers.iter();
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, tail) = rest.split_at(start);
        out += before;
        out += numbers.next()?;
        rest = tail.get(number_len(tail)..)?;
    }
    numbers.next().is_none().then(|| out + rest)
}
