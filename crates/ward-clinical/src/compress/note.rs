//! Compression of notes: what was copied forward is told once, boilerplate goes, the rest is told in fewer words.
//!
//! Bit-exact: everything before the first dated visit, and the newest visit of several. A record of one visit has nothing older, so
//! that visit is told in fewer words too, unless [`super::Options::keep_current`] is set. In what is not bit-exact:
//!
//! - the head of a dated visit gets its number before it: `[v3] Visit date: 05/09/2022`;
//! - a sentence that was said before goes, and the first one gets a mark: ` [also v3-5 v7]`, or ` [3 also v4]` after the last of three
//!   such sentences;
//! - one that was said before with other numbers goes too: ` [v4-6: 1.6 88]` gives the numbers of visits 4 to 6, in their order;
//! - one that stands in a bit-exact part goes, and a line after that part says so: `[also v3: 2-5 9]`, by the numbers of its sentences;
//! - boilerplate goes, small talk of a conversation, and words that say nothing ([`super::terse`]), where no fact changes.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::{
    left_out::LeftOut,
    proof,
    terse::{self, Level},
};
use crate::{
    fact::{Fact, Piece, Section},
    note::{
        self,
        layout::{self, Block, Layout, Sort},
    },
};

/// What may be done.
#[derive(Clone, Copy)]
pub(crate) struct Ask<'a> {
    /// The most that is done to a sentence.
    pub(crate) level: Level,
    /// The newest visit stays as it is even when there is no other.
    pub(crate) keep_current: bool,
    /// Visits dated to one of these (lower case) stay as they are.
    pub(crate) untouched: &'a BTreeSet<String>,
    /// Sentences, by number, that keep their words.
    pub(crate) gentle: &'a HashSet<usize>,
    /// Sentences, by number, that are not told.
    pub(crate) dropped: &'a HashSet<usize>,
}

/// A compressed note.
pub(crate) struct Told {
    /// The note.
    pub(crate) text: String,
    /// What it leaves out.
    pub(crate) left_out: Vec<LeftOut>,
    /// The sentences that are told and not bit-exact, by number.
    pub(crate) sentences: Vec<Sentence>,
}

/// A sentence that may change.
pub(crate) struct Sentence {
    /// Its words.
    pub(crate) words: String,
    /// What it says.
    pub(crate) facts: Vec<Fact>,
    /// The day of its visit.
    pub(crate) day: Option<i64>,
    /// It stands in the newest visit.
    pub(crate) current: bool,
}

/// The compressed text and what it leaves out, or nothing when there is nothing that may change.
pub(crate) fn compress(text: &str, at: usize, ask: &Ask<'_>) -> Option<Told> {
    if text.contains(" also v") || text.contains("[also") || text.contains("[v") {
        return None;
    }
    let layout = layout::of(text, at);
    let newest = newest(&layout);
    // Of several dated visits the newest stays as it is; a single one only where that is asked for.
    let several = layout.visits.len() > 2;
    let exact = newest.filter(|_| several || ask.keep_current);
    if newest.is_none() && ask.keep_current {
        return None;
    }
    let mut work = Work {
        ask,
        speech: layout::is_dialogue(text),
        first: HashMap::new(),
        shapes: HashMap::new(),
        exact: HashMap::new(),
        kept: Vec::new(),
        said: Vec::new(),
        counts: Counts::default(),
        repeats: BTreeMap::new(),
    };
    let mut blocks: BTreeMap<usize, Vec<&Block>> = BTreeMap::new();
    for block in &layout.blocks {
        blocks.entry(block.visit).or_default().push(block);
    }
    let of = |visit: usize| blocks.get(&visit).map_or(&[][..], Vec::as_slice);
    for part in [newest.is_some().then_some(0), exact].into_iter().flatten() {
        work.learn(text, part, of(part));
    }
    let mut parts: Vec<Part> = Vec::new();
    for (v, visit) in layout.visits.iter().enumerate() {
        let date = visit.when.as_ref().map_or("", |when| when.text.as_str());
        let whole = text.get(visit.span.start..visit.span.end).unwrap_or("");
        let header = v == 0 && newest.is_some();
        if header || Some(v) == exact || (v > 0 && ask.untouched.contains(&note::squeeze(date).to_lowercase())) {
            parts.push(Part::Verbatim(whole, v));
        } else {
            let day = visit.when.as_ref().and_then(|when| when.day);
            parts.push(Part::Lines(work.tell(text, v, day, Some(v) == newest, of(v))));
        }
    }
    Some(Told {
        text: render(&parts, &work),
        left_out: work.counts.list(),
        sentences: work.said,
    })
}

/// The visit of the last day, if any is dated; of one day the last written.
pub(crate) fn newest(layout: &Layout) -> Option<usize> {
    let dated = layout.visits.iter().enumerate();
    dated
        .filter_map(|(i, visit)| visit.when.as_ref().and_then(|when| when.day).map(|day| (day, i)))
        .max()
        .map(|(_, i)| i)
}

/// A sentence that is told.
struct Kept {
    words: String,
    visit: usize,
    /// Visits that repeat it.
    again: Vec<usize>,
    /// Visits that repeat it with other numbers, and those.
    changed: Vec<(usize, Vec<String>)>,
}

enum Part<'a> {
    Verbatim(&'a str, usize),
    Lines(Vec<Line<'a>>),
}

enum Line<'a> {
    /// The head of a visit, and the number of the visit.
    Visit(&'a str, usize),
    /// The head of a section.
    Head(&'a str),
    /// Number of the sentence, whether it stands on a line of its own, its section.
    Sentence(usize, bool, Section),
}

struct Work<'a, 'b> {
    ask: &'b Ask<'a>,
    speech: bool,
    /// Sentences by section and words.
    first: HashMap<(Section, String), usize>,
    /// Sentences by section and words without their numbers.
    shapes: HashMap<(Section, String), usize>,
    /// Sentences of bit-exact parts: the part, and the number of the sentence in it, from 1.
    exact: HashMap<(Section, String), (usize, usize)>,
    kept: Vec<Kept>,
    said: Vec<Sentence>,
    counts: Counts,
    /// By bit-exact part and visit: the sentences of the part that the visit says too.
    repeats: BTreeMap<(usize, usize), BTreeSet<usize>>,
}

impl Work<'_, '_> {
    /// Notes the sentences of a bit-exact part.
    fn learn(&mut self, text: &str, part: usize, blocks: &[&Block]) {
        let sentences = blocks.iter().filter(|block| block.sort == Sort::Sentence);
        for (i, block) in sentences.enumerate() {
            let words = text.get(block.span.start..block.span.end).unwrap_or("");
            self.exact
                .entry((block.section, key_of(words)))
                .or_insert((part, i + 1));
        }
    }

    /// The lines of a visit that is told in fewer words.
    fn tell<'t>(
        &mut self,
        text: &'t str,
        v: usize,
        day: Option<i64>,
        current: bool,
        blocks: &[&Block],
    ) -> Vec<Line<'t>> {
        let mut lines = Vec::new();
        for block in blocks {
            let part = text.get(block.span.start..block.span.end).unwrap_or("");
            match block.sort {
                Sort::VisitHead => lines.push(Line::Visit(part, v)),
                Sort::SectionHead => lines.push(Line::Head(match self.ask.level {
                    Level::Terse => terse::head(part, block.section),
                    _ => part,
                })),
                Sort::Sentence => {
                    if let Some(number) = self.sentence(part, v, day, current, block) {
                        lines.push(Line::Sentence(number, block.begins_line, block.section));
                    }
                }
            }
        }
        lines
    }

    /// Takes a sentence in. Gives its number when it is to be told here.
    fn sentence(&mut self, part: &str, v: usize, day: Option<i64>, current: bool, block: &Block) -> Option<usize> {
        let key = (block.section, key_of(part));
        // A visit without a date cannot be named in a mark.
        let can_repeat = day.is_some();
        if can_repeat && let Some((exact, number)) = self.exact.get(&key) {
            self.repeats.entry((*exact, v)).or_default().insert(*number);
            self.counts.copied += 1;
            return None;
        }
        if let Some(kept) = self.first.get(&key).and_then(|i| self.kept.get_mut(*i))
            && (kept.visit == v || can_repeat)
        {
            if kept.visit != v && kept.again.last() != Some(&v) {
                kept.again.push(v);
            }
            self.counts.copied += 1;
            return None;
        }
        let piece = Piece {
            text: part.into(),
            span: block.span,
        };
        let facts = note::facts(part, block.section, None, &piece);
        if facts.is_empty() && note::is_boilerplate(part) {
            self.counts.boilerplate += 1;
            return None;
        }
        if facts.is_empty() && (terse::is_empty(part) || self.speech && terse::is_small_talk(part)) {
            self.counts.small_talk += 1;
            return None;
        }
        let number = self.kept.len();
        let numbers = numbers(&key.1);
        let shape = (block.section, without_numbers(&key.1));
        let gentle = self.ask.gentle.contains(&number);
        if can_repeat
            && !numbers.is_empty()
            && numbers.len() <= 4
            && !gentle
            && let Some(kept) = self.shapes.get(&shape).and_then(|i| self.kept.get_mut(*i))
            && kept.visit != v
            && !kept.changed.iter().any(|(other, _)| *other == v)
            && says_with(&kept.words, &numbers, block.section, &facts, &piece)
        {
            kept.changed.push((v, numbers));
            self.counts.changed += 1;
            return None;
        }
        let words = if gentle {
            note::squeeze(part)
        } else {
            self.words(part, block.section, &facts, &piece)
        };
        self.first.insert(key, number);
        self.shapes.insert(shape, number);
        self.said.push(Sentence {
            words: words.clone(),
            facts,
            day,
            current,
        });
        self.kept.push(Kept {
            words,
            visit: v,
            again: Vec::new(),
            changed: Vec::new(),
        });
        (!self.ask.dropped.contains(&number)).then_some(number)
    }

    /// The fewest words that say the same facts.
    fn words(&mut self, part: &str, section: Section, facts: &[Fact], piece: &Piece) -> String {
        let squeezed = note::squeeze(part);
        // A bullet of one byte says as much.
        let bullet = layout::bullet(&squeezed);
        let whole = match squeezed.get(..bullet).map(str::trim) {
            Some("•" | "·" | "–" | "◦" | "▪") => format!("- {}", squeezed.get(bullet..).unwrap_or("")),
            _ => squeezed.clone(),
        };
        let expect = proof::tuples(facts);
        for level in [Level::Terse, Level::Articles] {
            if level > self.ask.level {
                continue;
            }
            let short = terse::sentence(&whole, level, self.speech);
            if short.len() < squeezed.len()
                && !short.is_empty()
                && proof::tuples(&note::facts(&short, section, None, piece)) == expect
            {
                self.counts.shortened += 1;
                return short;
            }
        }
        squeezed
    }
}

/// Whether the words that were kept, with other numbers in them, say `facts`.
fn says_with(kept: &str, numbers: &[String], section: Section, facts: &[Fact], piece: &Piece) -> bool {
    let Some(again) = super::reread::with_numbers(kept, numbers) else {
        return false;
    };
    proof::tuples(&note::facts(&again, section, None, piece)) == proof::tuples(facts)
}

/// The numbers of a sentence: runs of digits, with the points, commas and slashes between them.
fn numbers(words: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = words;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let tail = rest.get(start..).unwrap_or("");
        let end = super::reread::number_len(tail);
        found.push(tail.get(..end).unwrap_or("").to_owned());
        rest = tail.get(end..).unwrap_or("");
    }
    found
}

fn without_numbers(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    let mut rest = words;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, tail) = rest.split_at(start);
        out += before;
        out.push('\u{1a}');
        rest = tail.get(super::reread::number_len(tail)..).unwrap_or("");
    }
    out + rest
}

fn render(parts: &[Part<'_>], work: &Work<'_, '_>) -> String {
    let mut out = String::new();
    for part in parts {
        let lines = match part {
            Part::Verbatim(text, visit) => {
                out += text;
                if !out.is_empty() && !out.ends_with('\n') {
                    out.push('\n');
                }
                for ((_, other), sentences) in work.repeats.range((*visit, 0)..=(*visit, usize::MAX)) {
                    out += &format!("[also v{other}: {}]\n", ranges("", sentences.iter().copied()));
                }
                continue;
            }
            Part::Lines(lines) => lines,
        };
        write_lines(&mut out, lines, work);
    }
    out
}

fn write_lines(out: &mut String, lines: &[Line<'_>], work: &Work<'_, '_>) {
    // A head is written when a sentence stands under it.
    let mut head: Option<&str> = None;
    let mut section = None;
    let mut ended = true;
    let mut run = 0;
    for (at, line) in lines.iter().enumerate() {
        match line {
            Line::Visit(text, number) => {
                fresh_line(out);
                *out += &format!("[v{number}] {text}\n");
                (head, section) = (None, None);
            }
            Line::Head(text) => head = Some(text),
            Line::Sentence(number, own_line, of) => {
                let Some(kept) = work.kept.get(*number) else { continue };
                let small = kept.words.starts_with(char::is_lowercase);
                let headed = head.take();
                if let Some(text) = headed {
                    fresh_line(out);
                    *out += text;
                    out.push(if text.ends_with(':') { ' ' } else { '\n' });
                } else if section.is_some_and(|s| s != *of) || (section.is_none() && *of != Section::Other) {
                    // The section changed without a head: a blank line ends an inline section.
                    fresh_line(out);
                    out.push('\n');
                } else if work.speech && !*own_line {
                    // What a transcript says in one turn stays in one line.
                    *out += if ended { " " } else { " . " };
                } else if *own_line || !ended || small {
                    fresh_line(out);
                    // After a long line this one would read as its going on.
                    let before = out.trim_end_matches('\n').rsplit('\n').next().map_or(0, str::len);
                    if before >= 40 && (!ended || small) && !layout::is_item(&kept.words) {
                        *out += "- ";
                    }
                } else if !out.ends_with([' ', '\n']) {
                    out.push(' ');
                }
                section = Some(*of);
                *out += &kept.words;
                ended = kept.words.ends_with(['.', '!', '?']);
                // One mark for a run of sentences that the same visits repeat.
                run += 1;
                let next = lines.iter().skip(at + 1).find_map(|line| match line {
                    Line::Sentence(number, ..) => work.kept.get(*number),
                    Line::Visit(..) | Line::Head(_) => None,
                });
                let goes_on = kept.changed.is_empty()
                    && next.is_some_and(|next| next.again == kept.again && next.changed.is_empty());
                if !goes_on {
                    write_mark(out, run, kept);
                    run = 0;
                }
            }
        }
    }
    fresh_line(out);
}

/// ` [also v3-5]` after one sentence, ` [3 also v3-5]` after three; ` [v4: 1.6]` for other numbers.
fn write_mark(out: &mut String, run: usize, kept: &Kept) {
    if !kept.again.is_empty() {
        *out += " [";
        if run > 1 {
            *out += &format!("{run} ");
        }
        *out += &format!("also {}]", ranges("v", kept.again.iter().copied()));
    }
    for same in kept.changed.chunk_by(|one, next| one.1 == next.1) {
        let visits = ranges("v", same.iter().map(|(visit, _)| *visit));
        let numbers = same.first().map(|(_, numbers)| numbers.join(" ")).unwrap_or_default();
        *out += &format!(" [{visits}: {numbers}]");
    }
}

/// Ascending numbers with `mark` before each run of them: `v2-5 v9`.
fn ranges(mark: &str, numbers: impl Iterator<Item = usize>) -> String {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => runs.push((number, number)),
        }
    }
    let words = runs.iter().map(|(from, to)| match from == to {
        true => format!("{mark}{from}"),
        false => format!("{mark}{from}-{to}"),
    });
    words.collect::<Vec<_>>().join(" ")
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

#[derive(Default)]
struct Counts {
    copied: usize,
    changed: usize,
    boilerplate: usize,
    small_talk: usize,
    shortened: usize,
}

impl Counts {
    fn list(&self) -> Vec<LeftOut> {
        let all = [
            (
                "repeated sentences",
                self.copied,
                "copied forward; the one that stays is marked with the visits that repeat it",
            ),
            (
                "sentences with other numbers",
                self.changed,
                "said before with other numbers; those stand in a mark after the one that stays",
            ),
            (
                "boilerplate",
                self.boilerplate,
                "signatures and notices without a clinical fact",
            ),
            (
                "empty sentences",
                self.small_talk,
                "numbers of lists without words; of a conversation also greetings, assent and the like",
            ),
            (
                "idle words",
                self.shortened,
                "sentences that lost articles, pronouns and the like, or have phrases in a short form; no fact changed",
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
