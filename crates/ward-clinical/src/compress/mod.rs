//! Compression that drops what the facts do not need, and proves it.
//!
//! A structured record (FHIR, HL7 v2) becomes rows: facts grouped by kind, one line per thing, a
//! series of values on one line. A longitudinal note keeps its header
//! and its newest visit byte for byte; in older visits what is said elsewhere word for word is dropped
//! with a mark in its place, boilerplate is dropped, and the rest is told in fewer words where that changes no fact.
//!
//! ```text
//! # allergy
//! Penicillin | severity=high | status=active | 1978-05-02; reaction=Hives
//! # lab
//! Creatinine | unit=mg/dL | 2025-11-10 1.52; flag=H | 2026-09-14 1.62; flag=H
//! ```
//!
//! The proof: the output alone is read again, by a reader that shares no code with the writer of
//! rows, and its facts are compared with the record's as normalised tuples. Where one is missing or
//! new, less is compressed, down to the source itself. "Lossless" is said of the fact set only; what
//! else is dropped is listed in [`Compressed::left_out`].

mod anchors;
mod budget;
mod fold;
mod groups;
mod left_out;
mod note;
mod proof;
mod readings;
mod reread;
mod rows;
mod tables;
mod terse;

use std::{
    borrow::Cow,
    collections::{BTreeSet, HashSet},
    fmt,
};

use ward_formats::{Doc, Document};

pub use self::{
    budget::{OLDER_SENTENCES, Omitted, SENTENCES},
    left_out::LeftOut,
};
use self::{readings::Readings, terse::Level};
use crate::{
    fact::{FactKind, Record},
    note::layout::{self, Layout},
    tokens::{Counter, Tokenizer},
};

/// What the compression is for.
#[derive(Clone, Copy, Default)]
pub struct Options<'a> {
    /// The question the output is to answer. It orders the groups of a structured record (what it
    /// asks about comes first); it never drops a fact.
    pub question: Option<&'a str>,
    /// The tokenizer of the model that will read the output. Without it tokens are estimated ([`crate::tokens::COUNTER`]).
    pub tokenizer: Option<&'a Tokenizer>,
    /// Most tokens of the output, as `tokenizer` counts them. What does not fit is left out, the least relevant to the question and
    /// the oldest first, and listed in [`Compressed::omitted`]. Allergies, medicines that were not stopped, abnormal values
    /// and, of a note, its header and its newest visit are never left out: the output may then be longer.
    pub max_tokens: Option<usize>,
    /// Of a note of a single visit, keep that visit byte for byte, as the newest of several is kept. It then saves next to nothing.
    pub keep_current: bool,
}

/// Tokens before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenCounts {
    /// Of the document's source.
    pub before: usize,
    /// Of the output.
    pub after: usize,
    /// What counted them: the name of the tokenizer, or of the estimate.
    pub counter: String,
}

/// Distinct facts, as normalised tuples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FactCounts {
    /// In the record.
    pub found: usize,
    /// Of those, in the output.
    pub kept: usize,
    /// Of those, left out for [`Options::max_tokens`].
    pub omitted: usize,
    /// In the output and not in the record.
    pub invented: usize,
}

/// The output and its proof. The text is patient data: `Debug` shows its length.
#[derive(Clone, PartialEq, Eq)]
pub struct Compressed {
    /// The output.
    pub text: String,
    /// Its tokens.
    pub tokens: TokenCounts,
    /// Facts counted by reading the output again.
    pub facts: FactCounts,
    /// True when the comparison ran, every fact was kept or is counted in `omitted`, and none is new.
    pub verified: bool,
    /// Facts that were left out for [`Options::max_tokens`], by kind and concept.
    pub omitted: Vec<Omitted>,
    /// What is not in the output, and why.
    pub left_out: Vec<LeftOut>,
}

impl fmt::Debug for Compressed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Compressed")
            .field("len", &self.text.len())
            .field("tokens", &self.tokens)
            .field("facts", &self.facts)
            .field("verified", &self.verified)
            .field("left_out", &self.left_out)
            .finish()
    }
}

/// Compresses a document whose facts are `record` (from [`crate::read`] of the same document).
#[must_use]
pub fn compress(doc: &Doc, record: &Record, options: &Options<'_>) -> Compressed {
    let source =
        std::str::from_utf8(doc.source()).map_or_else(|_| String::from_utf8_lossy(doc.source()), Cow::Borrowed);
    let tokens = Counter(options.tokenizer);
    let expect = proof::tuples(&record.facts);
    let before = tokens.count(&source);
    let (text, mut left_out, got, mut after) = whole(doc, record, options, (&source, before), &expect);
    let fits = |text: &str| options.max_tokens.is_none_or(|most| tokens.count(text) <= most);
    let shorter = match options.max_tokens {
        Some(most) if !fits(&text) => budget::within(doc, record, options, most, &expect),
        _ => None,
    };
    let shorter = shorter.filter(|(short, ..)| tokens.count(short) < tokens.count(&text));
    let (text, got) = match shorter {
        Some((short, of_short, got)) => {
            left_out = of_short.unwrap_or(left_out);
            after = None;
            (short, got)
        }
        None => (text, got),
    };
    let omitted = budget::omitted(expect.difference(&got).filter(|_| options.max_tokens.is_some()));
    let missing = expect.difference(&got).count();
    let facts = FactCounts {
        found: expect.len(),
        kept: expect.intersection(&got).count(),
        omitted: if options.max_tokens.is_some() { missing } else { 0 },
        invented: got.difference(&expect).count(),
    };
    Compressed {
        tokens: TokenCounts {
            before,
            after: after.unwrap_or_else(|| tokens.count(&text)),
            counter: tokens.name(),
        },
        verified: facts.kept + facts.omitted == facts.found && facts.invented == 0,
        facts,
        text,
        omitted,
        left_out,
    }
}

/// The document with all of its facts: text, what it leaves out, the facts read from the text again, and its tokens where they were counted.
/// Beside `source` stand its tokens.
fn whole(
    doc: &Doc,
    record: &Record,
    options: &Options<'_>,
    (source, source_tokens): (&str, usize),
    expect: &BTreeSet<proof::Tuple>,
) -> (String, Vec<LeftOut>, BTreeSet<proof::Tuple>, Option<usize>) {
    match doc {
        Doc::Text(text) => {
            let at = text.fields().first().map_or(0, |field| field.raw.start);
            let whole = text.text();
            let tokens = Counter(options.tokenizer);
            let layout = layout::of(whole, at, record.pack());
            let readings = Readings::of(record, whole, at, &layout);
            let best = [Level::Terse, Level::Squeezed]
                .into_iter()
                .find_map(|level| proved_note(whole, &layout, &readings, level, options.keep_current, expect));
            let most = if whole == source {
                source_tokens
            } else {
                tokens.count(whole)
            };
            let counted = best.as_ref().map(|best| tokens.count(&best.0));
            match best {
                Some((output, left_out, got)) if counted.is_some_and(|counted| counted < most) => {
                    (output, left_out, got, counted)
                }
                // Nothing was to be dropped: the note itself has been read again.
                Some((output, _, got)) if output == whole => (output, Vec::new(), got, Some(most)),
                _ => (
                    whole.to_owned(),
                    Vec::new(),
                    proof::tuples(&crate::note::read(whole, at, record.pack()).facts),
                    Some(most),
                ),
            }
        }
        Doc::Fhir(_) | Doc::Hl7(_) => {
            let first = options.question.map(crate::cite::kinds_asked).unwrap_or_default();
            let text = rows::write(&record.facts, &order(&first));
            let got = proof::of_rows(&reread::rows(&text));
            if got == *expect {
                let left_out = left_out::of(doc, record);
                (text, left_out, got, None)
            } else {
                (
                    source.to_owned(),
                    Vec::new(),
                    proof::tuples(&crate::read_as(doc, record.language).facts),
                    Some(source_tokens),
                )
            }
        }
    }
}

/// How often a note is tried again with more of its sentences and visits untouched.
const ATTEMPTS: usize = 6;

/// Notes larger than this are tried twice.
const LARGE: usize = 1 << 20;

/// Compresses a note and proves it. Sentences whose facts did not come out right keep their words, then the visits that they stand in
/// are left as they are, and it is tried again.
fn proved_note(
    text: &str,
    layout: &Layout,
    readings: &Readings,
    level: Level,
    keep_current: bool,
    expect: &BTreeSet<proof::Tuple>,
) -> Option<(String, Vec<LeftOut>, BTreeSet<proof::Tuple>)> {
    let mut untouched: BTreeSet<String> = BTreeSet::new();
    let mut gentle: HashSet<usize> = HashSet::new();
    for _ in 0..if text.len() > LARGE { 2 } else { ATTEMPTS } {
        let told = note::compress(
            text,
            &note::Ask {
                readings,
                layout,
                level,
                keep_current,
                untouched: &untouched,
                gentle: &gentle,
                dropped: &HashSet::new(),
            },
        )?;
        let got = proof::tuples(&reread::note(&told.text, readings));
        if got == *expect {
            return Some((told.text, told.left_out, got));
        }
        let wrong: Vec<&proof::Tuple> = got.symmetric_difference(expect).collect();
        let concepts: HashSet<&str> = wrong.iter().filter_map(|tuple| proof::concept(tuple)).collect();
        let before = (gentle.len(), untouched.len());
        for sentence in &told.sentences {
            let own = proof::tuples(&sentence.said.facts);
            if own
                .iter()
                .filter_map(proof::concept)
                .any(|concept| concepts.contains(concept))
            {
                gentle.insert(sentence.number);
            }
        }
        if gentle.len() == before.0 {
            untouched.extend(wrong.iter().filter_map(|tuple| proof::when(tuple).map(str::to_owned)));
        }
        if (gentle.len(), untouched.len()) == before {
            return None;
        }
    }
    None
}

/// Kinds in the order of the output: those asked for first.
fn order(first: &[FactKind]) -> Vec<FactKind> {
    let rest = FactKind::ALL.into_iter().filter(|kind| !first.contains(kind));
    first.iter().copied().chain(rest).collect()
}
