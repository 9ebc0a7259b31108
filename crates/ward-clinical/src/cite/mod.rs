//! Answers by citation: an answerer with no neural network.
//!
//! A question is split into parts; each part is of a class (allergies, medicines and their changes,
//! a measurement, a kind of fact) or is searched for. The answer is made of quotes: short fixed
//! labels, then verbatim parts of the record, each with its place. It never holds a sentence that is
//! not in the record, and says so when nothing answers. Text of the record is compared and quoted,
//! never obeyed.

mod period;
mod question;
mod search;
mod select;

use std::fmt;

use ward_formats::{Doc, Document, Span};

use crate::{
    fact::{FactKind, Piece, Record, Section},
    subjects,
    when::When,
};

/// One document of the record and what was read of it.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// The document.
    pub doc: &'a Doc,
    /// Its facts and passages: [`crate::read`] of the same document.
    pub record: &'a Record,
}

/// Where years begin, in the units of [`When::day`]. De-identified documents have a calendar of
/// their own, whose keeper makes this; for plain ones see [`Calendar::of_plain`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Calendar {
    /// (year, day of its 1 January), ascending. A year can be placed when the next one is here too.
    pub years: Vec<(i32, i64)>,
    /// The day of the record's latest entry, which "this year" and "the last 6 months" count from.
    pub latest: Option<i64>,
}

impl Calendar {
    /// The calendar of plain documents: days since 1970, years 1900 to 2101, and as the latest entry
    /// the last day on which something was so (planned visits and follow-up do not count).
    #[must_use]
    pub fn of_plain(sources: &[Source<'_>]) -> Self {
        let years = (1900..=2101)
            .filter_map(|year| ward_formats::date::Civil::new(year, 1, 1).map(|day| (year, i64::from(day.days()))))
            .collect();
        Self {
            years,
            latest: Self::latest_of(sources),
        }
    }

    /// The last day on which the record says that something was so, in the units of its dates.
    #[must_use]
    pub fn latest_of(sources: &[Source<'_>]) -> Option<i64> {
        sources
            .iter()
            .flat_map(|source| &source.record.facts)
            .filter(|fact| !matches!(fact.kind, FactKind::FollowUp | FactKind::Demographic))
            .filter_map(crate::Fact::day)
            .max()
    }

    /// First and last day of a year.
    fn bounds(&self, year: i32) -> Option<(i64, i64)> {
        let day = |year: i32| self.years.iter().find(|(y, _)| *y == year).map(|(_, day)| *day);
        let start = day(year)?;
        Some((start, day(year.checked_add(1)?).unwrap_or(start + 365) - 1))
    }

    /// The year that the latest entry lies in.
    fn latest_year(&self) -> Option<i32> {
        let latest = self.latest?;
        self.years
            .iter()
            .filter(|(_, start)| *start <= latest)
            .max_by_key(|(_, start)| *start)
            .map(|(year, _)| *year)
    }
}

/// A quote and its place. Patient data: no `Debug` of the text.
#[derive(Clone, PartialEq, Eq)]
pub struct Citation {
    /// The number it is marked with in the answer. Parts of one row share a number.
    pub number: usize,
    /// Index into the sources.
    pub source: usize,
    /// Bytes of the source document.
    pub span: Span,
    /// The decoded text of those bytes.
    pub text: String,
    /// The section it stands in.
    pub section: String,
    /// Its date, as written in the record.
    pub when: Option<String>,
    /// The place for people: `entry[2].resource.code.text`, `AL1-3.2`, `line 7`.
    pub place: String,
}

impl fmt::Debug for Citation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Citation")
            .field("number", &self.number)
            .field("source", &self.source)
            .field("span", &self.span)
            .finish_non_exhaustive()
    }
}

/// An answer. Patient data: `Debug` shows its length.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer {
    /// Lines of labels and quotes. A line of quotes begins with `- `, perhaps a fixed label and a
    /// colon, then quotes joined by ` · `, then their number in brackets.
    pub text: String,
    /// The quotes, in the order of the text.
    pub citations: Vec<Citation>,
    /// True when no part of the question was answered.
    pub refused: bool,
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("len", &self.text.len())
            .field("citations", &self.citations.len())
            .field("refused", &self.refused)
            .finish()
    }
}

/// What is said when nothing in the record answers.
pub const REFUSAL: &str = "Nothing was found in the record that answers this.";

/// One line of an answer before it is written: a fixed label and what it quotes.
pub(crate) struct Line {
    /// Fixed words, or nothing.
    pub(crate) label: String,
    /// Index of the source.
    pub(crate) source: usize,
    /// The quotes.
    pub(crate) pieces: Vec<Piece>,
    /// Where they stand.
    pub(crate) section: Section,
    /// When.
    pub(crate) when: Option<When>,
}

/// The answer to one part of a question.
pub(crate) struct Found {
    /// What the lines are.
    pub(crate) head: String,
    /// The lines, best or oldest first. None: the record does not say.
    pub(crate) lines: Vec<Line>,
}

/// Most lines in the answer to one part.
pub(crate) const MOST_LINES: usize = 60;

/// Answers `question` with quotes from `sources`. Records that say of themselves that they are of different patients are answered
/// apart, each under a line that names its records by number.
#[must_use]
pub fn answer(sources: &[Source<'_>], question: &str, calendar: &Calendar) -> Answer {
    let parts = question::parts(question);
    let mut answer = Answer {
        text: String::new(),
        citations: Vec::new(),
        refused: true,
    };
    if parts.is_empty() {
        answer.text = REFUSAL.to_owned();
        return answer;
    }
    let documents: Vec<_> = sources.iter().map(|source| (source.doc, source.record)).collect();
    let groups = subjects::groups(&documents);
    let count = groups.iter().max().map_or(1, |last| last + 1);
    for group in 0..count {
        let places: Vec<usize> = (0..sources.len())
            .filter(|at| groups.get(*at) == Some(&group))
            .collect();
        if count > 1 {
            let names: Vec<String> = places.iter().map(|at| (at + 1).to_string()).collect();
            let gap = if answer.text.is_empty() { "" } else { "\n\n" };
            answer.text += &format!("{gap}Patient {} of {count} (record {}):\n", group + 1, names.join(", "));
        }
        of_one_patient(&mut answer, sources, &places, &parts, calendar);
    }
    answer
}

/// Answers from the sources at `places`, which are of one patient.
fn of_one_patient(
    answer: &mut Answer,
    all: &[Source<'_>],
    places: &[usize],
    parts: &[question::Part],
    calendar: &Calendar,
) {
    let sources: Vec<Source<'_>> = places.iter().filter_map(|at| all.get(*at).copied()).collect();
    // Where lines end, for the places of quotes from notes.
    let ends: Vec<Vec<usize>> = sources.iter().map(|source| line_ends(source.doc)).collect();
    let cited = answer.citations.len();
    for (at, part) in parts.iter().enumerate() {
        let found = select::part(&sources, part, calendar);
        if at > 0 {
            answer.text.push('\n');
        }
        if found.lines.is_empty() {
            if parts.len() > 1 {
                answer.text += &found.head;
                answer.text += ": ";
            }
            answer.text += REFUSAL;
            continue;
        }
        answer.refused = false;
        answer.text += &found.head;
        answer.text.push(':');
        for line in &found.lines {
            write_line(answer, &sources, &ends, line);
        }
    }
    for citation in answer.citations.iter_mut().skip(cited) {
        citation.source = places.get(citation.source).copied().unwrap_or(citation.source);
    }
}

/// The kinds of facts that a question asks about, in its order.
pub(crate) fn kinds_asked(question: &str) -> Vec<FactKind> {
    let mut kinds = Vec::new();
    for part in question::parts(question) {
        let of: &[FactKind] = match part.ask {
            question::Ask::Allergies => &[FactKind::Allergy],
            question::Ask::Medications(_) => &[FactKind::Medication],
            question::Ask::Measure(..) => &[FactKind::Lab, FactKind::Vital],
            question::Ask::Kind(kind) => &[kind],
            question::Ask::Changes => &[FactKind::Problem, FactKind::Procedure, FactKind::Medication],
            question::Ask::Free => &[],
        };
        for kind in of {
            if !kinds.contains(kind) {
                kinds.push(*kind);
            }
        }
    }
    kinds
}

fn write_line(answer: &mut Answer, sources: &[Source<'_>], ends: &[Vec<usize>], line: &Line) {
    let (Some(source), Some(ends)) = (sources.get(line.source), ends.get(line.source)) else {
        return;
    };
    let number = answer.citations.last().map_or(1, |last| last.number + 1);
    answer.text += "\n- ";
    if !line.label.is_empty() {
        answer.text += &line.label;
        answer.text += ": ";
    }
    let mut pieces = line.pieces.clone();
    // The date of what is quoted, where the quote does not hold it.
    if let Some(when) = &line.when
        && let Some(span) = when.span
        && !pieces
            .iter()
            .any(|p| p.span.start <= span.start && span.end <= p.span.end)
    {
        pieces.push(Piece {
            text: when.text.as_str().into(),
            span,
        });
    }
    for (i, piece) in pieces.iter().enumerate() {
        if i > 0 {
            answer.text += " · ";
        }
        answer.text += &piece.text;
        answer.citations.push(Citation {
            number,
            source: line.source,
            span: piece.span,
            text: piece.text.to_string(),
            section: line.section.title().to_owned(),
            when: line.when.as_ref().map(|when| when.text.clone()),
            place: place(source.doc, ends, piece.span),
        });
    }
    answer.text += &format!(" [{number}]");
}

/// Bytes of the line feeds of a note.
fn line_ends(doc: &Doc) -> Vec<usize> {
    match doc {
        Doc::Text(_) => doc
            .source()
            .iter()
            .enumerate()
            .filter(|(_, b)| **b == b'\n')
            .map(|(i, _)| i)
            .collect(),
        _ => Vec::new(),
    }
}

/// The place of a span, for people.
fn place(doc: &Doc, ends: &[usize], span: Span) -> String {
    if let Doc::Text(_) = doc {
        return format!("line {}", 1 + ends.partition_point(|end| *end < span.start));
    }
    let fields = doc.fields();
    let after = fields.partition_point(|field| field.raw.start <= span.start);
    match after.checked_sub(1).and_then(|i| fields.get(i).map(|field| (i, field))) {
        Some((i, field)) if span.end <= field.raw.end => doc.place(i),
        _ => format!("byte {}", span.start),
    }
}
