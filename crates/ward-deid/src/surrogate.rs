//! Realistic stand-ins: the same for the same value of a subject, of the same shape, and never a value of the subject.
//!
//! What a value becomes follows from the subject's key by HMAC-SHA-256 and FF1, from what is already given out, and
//! from the words of the text around it, which no stand-in may equal. The law: a text with its stand-ins reads back
//! exactly. Before a text is let go, it is read back as [`Restorer`](crate::Restorer) would; what does not come back
//! gets a placeholder instead, which always does. So does what has no stand-in: text without a class, forged
//! placeholders, encoded content, dates in a form that is not understood, names in scripts without a list, and values
//! so short that their stand-in would be taken for something else.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use ward_formats::{Doc, Document, Span};

use crate::find::{Hit, resolve};
use crate::hidden::Hidden;
use crate::row::Row;
use crate::same::SameNumbers;
use crate::shift::Shift;
use crate::{Class, Known, Pseudonyms, dates as written, fold, lenient, lexicon, weekday};

mod dates;
mod draw;
mod lists;
mod names;
mod numbers;
mod places;
mod standins;
mod stayed;
mod web;
mod words;

use draw::Draw;
pub(crate) use standins::{Found, StandIns};

/// How often another stand-in is drawn when one is taken or would be misread.
const ATTEMPTS: u32 = 24;
/// How often a text is read back and mended.
const ROUNDS: usize = 6;
/// The longest stand-in, so that a stream never waits for more.
const LONGEST: usize = 400;
/// What stands for ages over 89: as many forms as a text has such ages, so that each comes back as it was.
const OLD: &[&str] = &["90+", ">89", "over 89", "above 89", "90 or more", "more than 89"];
/// The year of dates without one, when the text names no other: not a leap year.
const YEAR: i32 = 2023;

/// The stand-ins of one subject.
pub(crate) struct Surrogates {
    draw: Draw,
    shift: Shift,
    table: Arc<StandIns>,
    /// What was given out, by class and value.
    given: HashMap<(Class, Hidden), String>,
    /// What stands for ages that are numbers.
    numbers: HashMap<Hidden, String>,
    names: names::Names,
    same: SameNumbers,
    /// Values of this subject, folded: no stand-in may be one of them.
    originals: HashSet<Hidden>,
    /// Words of the text at hand that stay in it, folded: no stand-in may consist of them.
    natural: HashSet<Hidden>,
    /// What stayed in the texts before, of what stand-ins are made of.
    stayed: stayed::Stayed,
    /// The year of the last date that had one.
    year: i32,
}

impl Surrogates {
    pub(crate) fn new(key: &[u8; 32], shift: Shift) -> Self {
        Self {
            draw: Draw::new(key),
            shift,
            table: Arc::default(),
            given: HashMap::new(),
            numbers: HashMap::new(),
            names: names::Names::default(),
            same: SameNumbers::default(),
            originals: HashSet::new(),
            natural: HashSet::new(),
            stayed: stayed::Stayed::default(),
            year: YEAR,
        }
    }

    /// Goes on where an earlier run ended. Rows that hold placeholders are passed over.
    pub(crate) fn with_rows(mut self, rows: &[Row]) -> Self {
        for row in rows.iter().filter(|row| lenient::whole(row.stand_in()).is_none()) {
            if row.class() == Class::Name {
                self.names.learn_pair(row.value(), row.stand_in());
            }
            self.original(row.class(), row.value());
            if row.class() == Class::Age && row.stand_in().starts_with("90.") {
                self.numbers.insert(Hidden::new(row.value()), row.stand_in().to_owned());
                Arc::make_mut(&mut self.table).insert(Class::Age, row.stand_in(), row.value(), false);
                continue;
            }
            let class = self.same.class(row.class(), row.value());
            self.keep(class, row.value(), row.stand_in().to_owned());
        }
        self
    }

    pub(crate) fn rows(&self) -> impl Iterator<Item = Row> + '_ {
        self.table
            .whole()
            .map(|pair| Row::new(pair.class, pair.stand_in.expose(), pair.value.expose()))
    }

    /// How many stand-ins there are, parts of them counted.
    pub(crate) fn count(&self) -> usize {
        self.table.len()
    }

    pub(crate) fn table(&self) -> Arc<StandIns> {
        Arc::clone(&self.table)
    }

    /// Notes which words are given names of the people whom a record names.
    pub(crate) fn meet(&mut self, known: &Known) {
        self.names.meet(known.given());
    }

    /// Forgets the words around the last text, but for those that a later stand-in could be taken for. Call before [`learn`](Surrogates::learn).
    pub(crate) fn begin(&mut self) {
        self.stayed.extend(self.natural.drain());
    }

    /// Reads a text whose `hits` will be replaced: what must not be used as a stand-in, and the year it speaks of.
    pub(crate) fn learn(&mut self, text: &str, hits: &[Hit]) {
        let mut at = 0;
        for hit in hits {
            self.stays(text.get(at..hit.span.start).unwrap_or_default());
            let value = text.get(hit.span.start..hit.span.end).unwrap_or_default();
            self.original(hit.class, value);
            if matches!(hit.class, Class::Day)
                && let Some(day) = value.get(weekday::date_range(value)).and_then(written::whole)
            {
                self.year = day.year;
            }
            at = at.max(hit.span.end);
        }
        self.stays(text.get(at..).unwrap_or_default());
        // Also where it stands half in a value: "90" stays and "+1 .." becomes another number.
        for old in OLD.iter().filter(|old| text.contains(**old)) {
            self.natural.insert(Hidden::new(old));
        }
    }

    fn stays(&mut self, text: &str) {
        for range in words::words(text) {
            let word = fold::words(text.get(range).unwrap_or_default());
            if !self.natural.contains(word.as_str()) {
                self.natural.insert(Hidden::new(&word));
            }
        }
        // In scripts without spaces every character may be a word.
        for c in text.chars().filter(|c| fold::is_unspaced(*c)) {
            self.natural.insert(Hidden::new(c.encode_utf8(&mut [0; 4])));
        }
    }

    fn original(&mut self, class: Class, value: &str) {
        self.originals.insert(Hidden::new(&fold::words(value)));
        if matches!(class, Class::Name | Class::Place | Class::Facility) {
            for range in words::words(value) {
                self.originals
                    .insert(Hidden::new(&fold::words(value.get(range).unwrap_or_default())));
            }
        }
    }

    /// What stands for an age over 89 that is a number in `doc`: 90 and some hundredths, so that each comes back as it was. None
    /// when all of them stand for something, or in the document already.
    pub(crate) fn old_number(&mut self, doc: &Doc, age: &str) -> Option<String> {
        if let Some(given) = self.numbers.get(age) {
            return Some(given.clone());
        }
        let new = (1..100).map(|hundredths| format!("90.{hundredths:02}")).find(|new| {
            self.table.value(new).is_none() && !doc.fields().iter().any(|field| field.text.contains(new.as_str()))
        })?;
        Arc::make_mut(&mut self.table).insert(Class::Age, &new, age, false);
        self.numbers.insert(Hidden::new(age), new.clone());
        Some(new)
    }

    /// What stands for each of `hits` in `text`, and the hits themselves: there may be more of them, where a text
    /// holds what stands for something else.
    pub(crate) fn replace(&mut self, names: &mut Pseudonyms, text: &str, hits: &[Hit]) -> Vec<(Hit, String)> {
        let mut hits = hits.to_vec();
        weekday::cover(text, &mut hits);
        let mut hits = self.with_stand_ins(text, hits.into_iter().filter_map(|hit| trimmed(text, hit)).collect());
        // Names first: mailboxes are made of them.
        for hit in hits.iter().filter(|hit| hit.class == Class::Name) {
            self.value(hit.class, text.get(hit.span.start..hit.span.end).unwrap_or_default());
        }
        let mut plain: HashSet<usize> = HashSet::new();
        for round in 0..ROUNDS {
            let last = round + 2 >= ROUNDS;
            let done: Vec<(Hit, String)> = hits
                .iter()
                .map(|hit| {
                    let value = text.get(hit.span.start..hit.span.end).unwrap_or_default();
                    let new = if last || plain.contains(&hit.span.start) {
                        None
                    } else {
                        self.value(hit.class, value)
                    };
                    (*hit, new.unwrap_or_else(|| names.stand_in(hit.class, value)))
                })
                .collect();
            let wrong = self.misread(names, text, &done);
            if wrong.is_empty() || round + 1 == ROUNDS {
                return done;
            }
            let mut more = Vec::new();
            for span in wrong {
                match hits
                    .iter()
                    .find(|hit| hit.span.start < span.end && span.start < hit.span.end)
                {
                    Some(hit) => {
                        plain.insert(hit.span.start);
                    }
                    None => more.push(Hit {
                        span,
                        class: Class::Text,
                        rule: "stand-in",
                        score: 59,
                    }),
                }
            }
            if !more.is_empty() {
                hits.extend(more);
                hits = resolve(hits);
            }
        }
        Vec::new()
    }

    /// `hits`, and what stands in `text` that stands for something else.
    pub(crate) fn with_stand_ins(&self, text: &str, mut hits: Vec<Hit>) -> Vec<Hit> {
        if self.table.is_empty() {
            return hits;
        }
        let before = hits.len();
        let mut at = 0;
        let mut last = None;
        while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
            let rest = text.get(at..).unwrap_or_default();
            match self.table.at_start(rest, last, true) {
                Found::Yes(len, index) => {
                    hits.push(Hit {
                        span: Span::new(at, at + len),
                        class: self.table.get(index).map_or(Class::Text, |pair| pair.class),
                        rule: "stand-in",
                        score: 59,
                    });
                    last = rest.get(..len).and_then(|read| read.chars().next_back());
                    at += len;
                }
                _ => {
                    last = Some(c);
                    at += c.len_utf8();
                }
            }
        }
        if hits.len() > before { resolve(hits) } else { hits }
    }

    /// Spans of `text` that would not come back: hits whose stand-in is not read as itself, and text that would be
    /// read as a stand-in.
    fn misread(&self, names: &Pseudonyms, text: &str, done: &[(Hit, String)]) -> Vec<Span> {
        let mut out = String::with_capacity(text.len());
        let mut spans = Vec::with_capacity(done.len());
        let mut at = 0;
        for (hit, with) in done {
            out.push_str(text.get(at..hit.span.start).unwrap_or_default());
            let start = out.len();
            out.push_str(with);
            spans.push((Span::new(start, out.len()), hit.span));
            at = hit.span.end;
        }
        out.push_str(text.get(at..).unwrap_or_default());

        let mut wrong = Vec::new();
        let mut matched = vec![false; spans.len()];
        for (read, value) in names.readings(&out, &self.table) {
            let first = spans.partition_point(|(new, _)| new.end <= read.start);
            let touched = spans.get(first..).unwrap_or_default();
            let touched = touched.iter().take_while(|(new, _)| new.start < read.end).count();
            let inside = spans.get(first..first + touched).unwrap_or_default();
            // Where text between the hits stood before them.
            let old = |at: usize| match first.checked_sub(1).and_then(|i| spans.get(i)) {
                Some((new, old)) => old.end + at.saturating_sub(new.end),
                None => at,
            };
            let (start, end) = match (inside.first(), inside.last()) {
                (Some((new, first)), Some((last_new, last))) => {
                    let cut = new.start < read.start || read.end < last_new.end;
                    let start = first.start.saturating_sub(new.start.saturating_sub(read.start));
                    let end = last.end + read.end.saturating_sub(last_new.end);
                    if cut { (0, 0) } else { (start, end) }
                }
                _ => (old(read.start), old(read.end)),
            };
            if text.get(start..end) == Some(value) {
                matched.iter_mut().skip(first).take(touched).for_each(|hit| *hit = true);
            } else if inside.is_empty() {
                wrong.push(Span::new(start, end));
            } else {
                wrong.extend(inside.iter().map(|(_, old)| *old));
            }
        }
        let unread = spans.iter().zip(&matched).filter(|(_, matched)| !**matched);
        wrong.extend(unread.map(|((_, old), _)| *old));
        wrong
    }

    /// What stands for a value, if anything but a placeholder does.
    fn value(&mut self, class: Class, value: &str) -> Option<String> {
        let class = self.same.class(class, value);
        if let Some(given) = self.given.get(&(class, Hidden::new(value))) {
            return Some(given.clone());
        }
        for attempt in 0..ATTEMPTS {
            let Some(new) = self.draw(class, value, attempt) else {
                // Dates have few forms, and a name that cannot be written once cannot be later.
                if attempt > 5 {
                    return None;
                }
                continue;
            };
            if self.may_be(class, value, &new) {
                self.keep(class, value, new.clone());
                return Some(new);
            }
        }
        None
    }

    fn draw(&mut self, class: Class, value: &str, attempt: u32) -> Option<String> {
        match class {
            Class::Name => {
                let (natural, stayed, originals) = (&self.natural, &self.stayed, &self.originals);
                let taken = |word: &str| natural.contains(word) || stayed.has(word) || originals.contains(word);
                self.names.stand_in(&self.draw, value, attempt, taken)
            }
            Class::Facility => places::facility(&self.draw, value, attempt),
            Class::Place => places::place(&self.draw, value, attempt),
            Class::Birth if value.len() == 4 => dates::moved_year(value, self.shift, attempt),
            Class::Day | Class::Birth => dates::moved(value, self.shift, self.year, attempt),
            Class::Age => OLD.get(usize::try_from(attempt).ok()?).map(|old| (*old).to_owned()),
            Class::Phone => numbers::phone(&self.draw, value, attempt),
            Class::Ssn => numbers::ssn(&self.draw, value, attempt),
            Class::Email => {
                let names = &self.names;
                web::email(&self.draw, value, attempt, |word| names.known(word))
            }
            Class::Url => web::url(&self.draw, value, attempt),
            Class::Ip => web::ip(&self.draw, value, attempt),
            Class::Mrn | Class::Plan | Class::Account | Class::Licence | Class::Vehicle | Class::Device | Class::Id => {
                numbers::code(&self.draw, class, value, attempt)
            }
            Class::File | Class::Text => None,
        }
    }

    /// True when `new` may stand for `value`: it is no value of this subject, stands for nothing else, is not part of
    /// the text, and is long enough not to be met by chance.
    fn may_be(&self, class: Class, value: &str, new: &str) -> bool {
        let folded = fold::words(new);
        if new.len() > LONGEST || new.trim() != new || !lenient::candidates(new).is_empty() {
            return false;
        }
        if folded == fold::words(value) || self.originals.contains(folded.as_str()) {
            return false;
        }
        if self.table.value(new).is_some_and(|other| other != value) {
            return false;
        }
        let letters = new.chars().filter(|c| c.is_alphabetic()).count();
        let digits = new.chars().filter(|c| c.is_numeric()).count();
        let distinct = letters >= 2 || digits >= 5 || class == Class::Age;
        let words = words::words(new);
        let natural = digits == 0
            && words.iter().all(|range| {
                let word = fold::words(new.get(range.clone()).unwrap_or_default());
                self.is_natural(&word)
            });
        let dated = matches!(class, Class::Day | Class::Birth) && digits >= 2;
        (distinct || dated) && !natural && !self.is_natural(new)
    }

    /// True for a folded word that stays in the text at hand or stayed in one before.
    fn is_natural(&self, folded: &str) -> bool {
        self.natural.contains(folded) || self.stayed.has(folded)
    }

    fn keep(&mut self, class: Class, value: &str, new: String) {
        let table = Arc::make_mut(&mut self.table);
        table.insert(class, &new, value, false);
        if class == Class::Name {
            for (part, of) in self.names.parts(value, &new) {
                table.insert(class, &part, &of, true);
            }
        }
        self.given.insert((class, Hidden::new(value)), new);
    }
}

/// A hit without white space and commas around its value. None for a title alone, which names nobody.
fn trimmed(text: &str, hit: Hit) -> Option<Hit> {
    if matches!(hit.class, Class::Text | Class::File) {
        return Some(hit);
    }
    let value = text.get(hit.span.start..hit.span.end)?;
    let edge = |c: char| c.is_whitespace() || matches!(c, ',' | ';');
    let start = hit.span.start + value.len() - value.trim_start_matches(edge).len();
    let end = start + value.trim_matches(edge).len();
    let value = text.get(start..end).filter(|value| !value.is_empty())?;
    let words = words::words(value);
    let title = |word: &str| is_title(word) || word.eq_ignore_ascii_case("st");
    let only_titles = hit.class == Class::Name
        && !words.is_empty()
        && words.iter().all(|range| value.get(range.clone()).is_some_and(title))
        && value.ends_with('.');
    (!only_titles).then_some(Hit {
        span: Span::new(start, end),
        ..hit
    })
}

/// A title, a suffix or a degree: it says nothing of who somebody is and stays.
fn is_title(word: &str) -> bool {
    lexicon::tags(word) & (lexicon::HONORIFIC | lexicon::SUFFIX | lexicon::CREDENTIAL) != 0
}
