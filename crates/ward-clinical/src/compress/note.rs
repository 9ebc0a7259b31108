//! Compression of notes: what was copied forward is told once, boilerplate goes, the rest is told in fewer words.
//!
//! Bit-exact: everything before the first dated visit, and the newest visit of several. A record of one visit has nothing older, so
//! that visit is told in fewer words too, unless [`super::Options::keep_current`] is set. In what is not bit-exact:
//!
//! - the head of a dated visit gets its number before it: `[v3] Visit date: 05/09/2022`;
//! - a sentence that another visit said before goes, and the first one gets a mark: ` [also v3-5 v7]`, or ` [3 also v4]` after the last of three
//!   such sentences; within one visit the same words may be about another side or person, and stay;
//! - one that was said before with other numbers goes too: ` [v4-6: 1.6 mg/dl 88]` gives the numbers of visits 4 to 6, in their order, each with
//!   the word after it;
//! - one that stands in a bit-exact part goes, and a line after that part says so: `[also v3: 2-5 9]`, by the numbers of its sentences;
//! - boilerplate goes, small talk of a conversation, and words that say nothing ([`super::terse`]), where no fact changes.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
    rc::Rc,
};

use super::{
    left_out::LeftOut,
    proof,
    readings::Readings,
    terse::{self, Level},
};
use crate::{
    fact::{FactKind, Section},
    lexicon::conditions,
    note::{
        self, Said,
        layout::{self, Block, Layout, Sort},
        sections::Place,
    },
};

/// What may be done.
#[derive(Clone, Copy)]
pub(crate) struct Ask<'a> {
    /// What its sentences say, and the pack that it is read by.
    pub(crate) readings: &'a Readings,
    /// The layout of the note.
    pub(crate) layout: &'a Layout,
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
    pub(crate) said: Rc<Said>,
    /// The day of its visit.
    pub(crate) day: Option<i64>,
    /// It stands in the newest visit.
    pub(crate) current: bool,
    /// The sentences that it stands with behind a label: they go together.
    pub(crate) group: Option<u64>,
}

/// Whether a text has what looks like a mark of an output. "He was also very active" has none: a number belongs to every mark.
fn has_marks(text: &str) -> bool {
    ["[v", "[also v", " also v"].iter().any(|mark| {
        text.match_indices(mark)
            .any(|(at, _)| text.as_bytes().get(at + mark.len()).is_some_and(u8::is_ascii_digit))
    })
}

/// The compressed text and what it leaves out, or nothing when there is nothing that may change.
pub(crate) fn compress(text: &str, ask: &Ask<'_>) -> Option<Told> {
    if has_marks(text) {
        return None;
    }
    let layout = ask.layout;
    let newest = newest(layout);
    // Of several dated visits the newest stays as it is; a single one only where that is asked for.
    let several = layout.visits.len() > 2;
    let exact = newest.filter(|_| several || ask.keep_current);
    if newest.is_none() && ask.keep_current {
        return None;
    }
    let mut work = Work {
        ask,
        speech: layout::is_dialogue(text),
        speaker: "",
        head: String::new(),
        topic: String::new(),
        group: None,
        asked: false,
        others: false,
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
    place: Place,
    /// What it says.
    facts: BTreeSet<proof::Tuple>,
    /// Visits that repeat it.
    again: Vec<usize>,
    /// Other numbers, and the visits that say it with them.
    changed: Vec<(String, Vec<usize>)>,
}

enum Part<'a> {
    Verbatim(&'a str, usize),
    Lines(Vec<Line<'a>>),
}

enum Line<'a> {
    /// The head of a visit, and the number of the visit.
    Visit(&'a str, usize),
    /// The head of a section, and whether it begins a line.
    Head(Cow<'a, str>, bool),
    /// A problem that was told before, under which items are told.
    Topic(&'a str),
    /// Number of the sentence, whether it stands on a line of its own, its section.
    Sentence(usize, bool, Section),
}

struct Work<'a, 'b> {
    ask: &'b Ask<'a>,
    speech: bool,
    /// Who began the turn of a conversation of which no sentence was told yet.
    speaker: &'static str,
    /// The line that says what the next sentences are about. The same words under another one say something else.
    head: String,
    /// The problem that the next items of a list are of. The same words under another one say something else.
    topic: String,
    /// The sentences that stand with this one behind a label.
    group: Option<u64>,
    /// Whether the last sentence asked something.
    asked: bool,
    /// Whether the paragraph names somebody else than the patient.
    others: bool,
    /// Sentences by words: the same words may say other things in another section.
    first: HashMap<String, Vec<usize>>,
    /// Sentences by words without their numbers.
    shapes: HashMap<String, usize>,
    /// Sentences of bit-exact parts by words: the part, the number of the sentence in it, from 1, and its place.
    exact: HashMap<String, Vec<(usize, usize, Place)>>,
    kept: Vec<Kept>,
    said: Vec<Sentence>,
    counts: Counts,
    /// By bit-exact part and visit: the sentences of the part that the visit says too.
    repeats: BTreeMap<(usize, usize), BTreeSet<usize>>,
}

impl Work<'_, '_> {
    /// Notes the sentences of a bit-exact part.
    fn learn(&mut self, text: &str, part: usize, blocks: &[&Block]) {
        let (mut head, mut topic, mut number) = (String::new(), String::new(), 0);
        let groups = groups(text, blocks);
        for (at, block) in blocks.iter().enumerate() {
            let words = text.get(block.span.start..block.span.end).unwrap_or("");
            if let Some(line) = head_of(block, words) {
                (head, topic) = (line, String::new());
            }
            let opens = is_topic(text, blocks, at);
            if opens || is_apart(text, blocks, at) {
                topic.clear();
            }
            if block.sort != Sort::Sentence {
                continue;
            }
            number += 1;
            let group = groups.get(at).copied().flatten();
            let key = under(&key_of(words), &head, &topic, group);
            let places = self.exact.entry(key).or_default();
            if places.len() < MOST_SECTIONS {
                places.push((part, number, block.place()));
            }
            if opens {
                topic = key_of(words);
            }
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
        let mut paragraph = 0;
        let groups = groups(text, blocks);
        for (at, block) in blocks.iter().enumerate() {
            if at >= paragraph {
                let rest = blocks.get(at + 1..).unwrap_or_default();
                paragraph = at + 1 + rest.iter().take_while(|next| goes_on(next)).count();
                let end = blocks.get(paragraph - 1).map_or(block.span.end, |last| last.span.end);
                self.others = terse::names_another(text.get(block.span.start..end).unwrap_or(""));
            }
            let part = text.get(block.span.start..block.span.end).unwrap_or("");
            if let Some(head) = head_of(block, part) {
                self.head = head;
                self.topic.clear();
            }
            self.group = groups.get(at).copied().flatten();
            let opens = is_topic(text, blocks, at);
            if opens || is_apart(text, blocks, at) {
                self.topic.clear();
            }
            match block.sort {
                Sort::VisitHead => lines.push(Line::Visit(part, v)),
                Sort::SectionHead => {
                    let head = match self.ask.level {
                        Level::Terse if block.standing.is_none() && block.begins_line => {
                            terse::head(part, block.section, self.ask.readings.pack)
                        }
                        _ => Cow::Borrowed(part),
                    };
                    lines.push(Line::Head(head, block.begins_line));
                }
                Sort::Sentence => {
                    let (who, _) = terse::untagged(part);
                    if self.speech && block.begins_line {
                        self.speaker = who;
                    }
                    let waiting = !self.speaker.is_empty();
                    if let Some(number) = self.sentence(part, v, day, current, block) {
                        lines.push(Line::Sentence(number, block.begins_line || waiting, block.section));
                        self.speaker = "";
                    } else if opens {
                        lines.push(Line::Topic(part));
                    }
                    if opens {
                        self.topic = key_of(part);
                    }
                }
            }
        }
        lines
    }

    /// Takes a sentence in. Gives its number when it is to be told here.
    fn sentence(&mut self, part: &str, v: usize, day: Option<i64>, current: bool, block: &Block) -> Option<usize> {
        let said = key_of(part);
        let key = under(&said, &self.head, &self.topic, self.group);
        let said_here = self.ask.readings.said(part, block.place());
        let facts = &said_here.facts;
        if facts.is_empty() && note::is_boilerplate(part, self.ask.readings.pack) {
            self.counts.boilerplate += 1;
            return None;
        }
        // Whatever follows a question answers it; the two are told where they were said.
        let asks = note::asked::asks(part, block.section);
        let answers = std::mem::replace(&mut self.asked, asks);
        let idle = |part| self.speech && !answers && terse::is_small_talk(part);
        if facts.is_empty() && (terse::is_empty(part) || idle(part)) {
            self.counts.small_talk += 1;
            return None;
        }
        let tuples = proof::tuples(facts);
        let apart = self.speech || asks || answers;
        if !apart && self.is_repeated(part, v, day.is_some(), block.place(), &key, &tuples) {
            return None;
        }
        let number = self.kept.len();
        let gentle = self.ask.gentle.contains(&number);
        let (numbers, told) = numbers(&said);
        let shape = under(&without_numbers(&said), &self.head, &self.topic, self.group);
        // Vital signs keep their names beside their numbers.
        let may_change = !apart
            && day.is_some()
            && !gentle
            && !numbers.is_empty()
            && facts.iter().all(|fact| fact.kind != FactKind::Vital);
        if may_change
            // A short sentence takes no more than its mark.
            && numbers.len() <= 4
            && key.len() > told.len() + MARK
            && let Some(kept) = self.shapes.get(&shape).and_then(|i| self.kept.get_mut(*i))
            && kept.visit != v
            && !kept.changed.iter().any(|(_, visits)| visits.last() == Some(&v))
            && kept.changed.len() < MOST_CHANGES
            && says_with(&kept.words, &numbers, kept.place, &tuples, self.ask.readings)
        {
            match kept.changed.iter_mut().find(|(numbers, _)| *numbers == told) {
                Some((_, visits)) => visits.push(v),
                None => kept.changed.push((told, vec![v])),
            }
            self.counts.changed += 1;
            return None;
        }
        let mut words = if gentle {
            note::squeeze(part)
        } else {
            self.words(part, block, &tuples)
        };
        // The turn's first sentence said nothing: the next one tells who speaks.
        if !self.speaker.is_empty() && terse::untagged(part).0.is_empty() {
            words = format!("{} {words}", self.speaker);
        }
        let same = self.first.entry(key).or_default();
        if same.len() < MOST_SECTIONS {
            same.push(number);
        }
        self.shapes.insert(shape, number);
        self.said.push(Sentence {
            words: words.clone(),
            said: said_here,
            day,
            current,
            group: self.group,
        });
        self.kept.push(Kept {
            words,
            visit: v,
            place: block.place(),
            facts: tuples,
            again: Vec::new(),
            changed: Vec::new(),
        });
        (!self.ask.dropped.contains(&number)).then_some(number)
    }

    /// Whether the sentence was told before, which is then noted there.
    fn is_repeated(
        &mut self,
        part: &str,
        v: usize,
        dated: bool,
        place: Place,
        key: &str,
        tuples: &BTreeSet<proof::Tuple>,
    ) -> bool {
        // A visit without a date cannot be named in a mark.
        let places = self.exact.get(key).filter(|_| dated);
        // What a visit says twice is a copy of as much as was said twice.
        let exact = places.into_iter().flatten().find(|(exact, number, other)| {
            let marked = self.repeats.get(&(*exact, v));
            !marked.is_some_and(|marked| marked.contains(number))
                && (*other == place || proof::tuples(&self.ask.readings.said(part, *other).facts) == *tuples)
        });
        if let Some((exact, number, _)) = exact {
            self.repeats.entry((*exact, v)).or_default().insert(*number);
            self.counts.copied += 1;
            return true;
        }
        let before = self.first.get(key).into_iter().flatten().copied();
        let mut same = before.filter(|i| {
            let kept = self.kept.get(*i);
            let kept = kept.filter(|kept| dated && kept.visit != v && kept.again.last() != Some(&v));
            kept.is_some_and(|kept| kept.facts == *tuples)
        });
        let Some(kept) = same.next().and_then(|i| self.kept.get_mut(i)) else {
            return false;
        };
        kept.again.push(v);
        self.counts.copied += 1;
        true
    }

    /// The fewest words that say the same facts.
    fn words(&mut self, part: &str, block: &Block, expect: &BTreeSet<proof::Tuple>) -> String {
        let place = block.place();
        let pack = self.ask.readings.pack;
        let squeezed = note::squeeze(part);
        // A bullet of one byte says as much.
        let bullet = layout::bullet(&squeezed);
        let whole = match squeezed.get(..bullet).map(str::trim) {
            Some("•" | "·" | "–" | "◦" | "▪") => format!("- {}", squeezed.get(bullet..).unwrap_or("")),
            _ => squeezed.clone(),
        };
        for level in [Level::Terse, Level::Articles] {
            if level > self.ask.level {
                continue;
            }
            let line = match level {
                Level::Terse if block.begins_line && !self.speech => terse::labelled(&whole, place.section, pack),
                _ => whole.clone(),
            };
            let short = terse::sentence(&line, level, self.speech, self.others, pack);
            if short.len() < squeezed.len()
                && !short.is_empty()
                && proof::tuples(&self.ask.readings.said(&short, place).facts) == *expect
            {
                self.counts.shortened += 1;
                return short;
            }
        }
        squeezed
    }
}

/// Most different numbers that one sentence is marked with.
const MOST_CHANGES: usize = 32;

/// About how many letters a mark takes beside its numbers.
const MARK: usize = 24;

/// Most sections in which the same words are told.
const MOST_SECTIONS: usize = 4;

/// Whether the words that were kept, with other numbers in them, say the same facts.
fn says_with(
    kept: &str,
    numbers: &[String],
    place: Place,
    tuples: &BTreeSet<proof::Tuple>,
    readings: &Readings,
) -> bool {
    let Some(again) = super::reread::with_numbers(kept, numbers) else {
        return false;
    };
    proof::tuples(&readings.said(&again, place).facts) == *tuples
}

/// The numbers of a sentence, runs of digits with the points, commas and slashes between them; and the same with the
/// word after each, which is its unit where it has one: `1.6 mg/dl 88`.
fn numbers(words: &str) -> (Vec<String>, String) {
    let (mut found, mut told) = (Vec::new(), Vec::new());
    let mut rest = words;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let tail = rest.get(start..).unwrap_or("");
        let end = super::reread::number_len(tail);
        let number = tail.get(..end).unwrap_or("");
        rest = tail.get(end..).unwrap_or("");
        let unit = rest
            .split_whitespace()
            .next()
            .unwrap_or("")
            .trim_end_matches(['.', ',', ';']);
        let is_unit = !unit.is_empty()
            && unit
                .bytes()
                .all(|b| b.is_ascii_alphabetic() || matches!(b, b'%' | b'/'));
        told.push(if is_unit {
            format!("{number} {unit}")
        } else {
            number.to_owned()
        });
        found.push(number.to_owned());
    }
    (found, told.join(" "))
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
    let mut head: Option<(&str, bool)> = None;
    let mut topic: Option<&str> = None;
    let mut section = None;
    let mut ended = true;
    let mut run = 0;
    for (at, line) in lines.iter().enumerate() {
        match line {
            Line::Visit(text, number) => {
                fresh_line(out);
                *out += &format!("[v{number}] {text}\n");
                (head, topic, section) = (None, None, None);
            }
            Line::Head(text, begins_line) => (head, topic) = (Some((text.as_ref(), *begins_line)), None),
            Line::Topic(text) => topic = Some(text),
            Line::Sentence(number, own_line, of) => {
                let Some(kept) = work.kept.get(*number) else { continue };
                let small = kept.words.starts_with(char::is_lowercase);
                let headed = head.take();
                if let Some((text, begins_line)) = headed {
                    // A head in the middle of a line stays in it while the sentence before it does.
                    if begins_line || !ended || out.ends_with('\n') {
                        fresh_line(out);
                    } else {
                        out.push(' ');
                    }
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
                if let Some(text) = topic.take().filter(|_| *own_line) {
                    fresh_line(out);
                    *out += text;
                    out.push('\n');
                }
                section = Some(*of);
                *out += &kept.words;
                ended = kept.words.ends_with(['.', '!', '?']);
                // One mark for a run of sentences that the same visits repeat.
                run += 1;
                // A problem that was told before is a line between, which is read as a sentence.
                let next = lines
                    .iter()
                    .skip(at + 1)
                    .find(|line| matches!(line, Line::Sentence(..) | Line::Topic(..)));
                let next = match next {
                    Some(Line::Sentence(number, ..)) => work.kept.get(*number),
                    _ => None,
                };
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
    for (numbers, visits) in &kept.changed {
        *out += &format!(" [{}: {numbers}]", ranges("v", visits.iter().copied()));
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

/// Whether a block stands in the paragraph of the one before it.
fn goes_on(block: &Block) -> bool {
    !block.begins_line && block.sort != Sort::VisitHead
}

/// A sentence's words together with the head, the problem and the label they stand under.
fn under(words: &str, head: &str, topic: &str, group: Option<u64>) -> String {
    match group {
        Some(group) => format!("{words}\n{head}\n{topic}\n{group}"),
        None => format!("{words}\n{head}\n{topic}"),
    }
}

/// Whether a sentence says left or right.
fn names_side(sentence: &str) -> bool {
    let mut words = sentence.split(|c: char| !c.is_alphanumeric());
    words.any(|word| word.eq_ignore_ascii_case("left") || word.eq_ignore_ascii_case("right"))
}

/// Of every block that stands with others behind a label in its line, or next to a sentence that names a side, a hash of what they say together.
/// "Right foot: Pulses present. No ulcer." is a copy as a whole or not at all: what one sentence of it says of the foot hangs on the label, which
/// stands in another.
fn groups(text: &str, blocks: &[&Block]) -> Vec<Option<u64>> {
    let words = |block: &Block| text.get(block.span.start..block.span.end).unwrap_or("");
    let mut groups = vec![None; blocks.len()];
    let mut at = 0;
    while let Some(block) = blocks.get(at) {
        let labelled = layout::labelled(words(block));
        // Without a label a side reaches as far as the next sentence.
        let (begins, most) = match labelled {
            true => (true, usize::MAX),
            false => (names_side(words(block)), 1),
        };
        let ends = |next: &Block| layout::labelled(words(next)) || !labelled && names_side(words(next));
        let rest = blocks.get(at + 1..).unwrap_or_default().iter();
        let others = rest
            .take_while(|next| next.sort == Sort::Sentence && goes_on(next) && !ends(next))
            .take(if begins { most } else { 0 })
            .count();
        if block.sort == Sort::Sentence && others > 0 {
            let mut hasher = DefaultHasher::new();
            for one in blocks.get(at..=at + others).unwrap_or_default() {
                key_of(words(one)).hash(&mut hasher);
            }
            let group = hasher.finish();
            groups
                .iter_mut()
                .skip(at)
                .take(others + 1)
                .for_each(|of| *of = Some(group));
        }
        at += others + 1;
    }
    groups
}

/// Whether a blank line stands between the block at `at` and the one before: what is told there is of no problem before it.
fn is_apart(text: &str, blocks: &[&Block], at: usize) -> bool {
    let end = at
        .checked_sub(1)
        .and_then(|before| blocks.get(before))
        .map(|block| block.span.end);
    let start = blocks.get(at).map(|block| block.span.start);
    let between = end.zip(start).and_then(|(end, start)| text.get(end..start));
    between.is_some_and(|between| between.matches('\n').count() > 1)
}

/// Whether the block at `at` is a line that names a problem, under which items of a list stand: "2. Hypertension." before "- Plan: ..".
fn is_topic(text: &str, blocks: &[&Block], at: usize) -> bool {
    let line = |at: usize| {
        let block = blocks
            .get(at)
            .filter(|block| block.sort == Sort::Sentence && block.begins_line)?;
        Some((text.get(block.span.start..block.span.end)?, block.section))
    };
    let (Some((own, section)), Some((next, of_next))) = (line(at), line(at + 1)) else {
        return false;
    };
    let dashed =
        |words: &str| layout::bullet(words) > 0 && !words.trim_start().starts_with(|c: char| c.is_ascii_digit());
    // A label alone on its line names what the lines under it are about.
    let label = own.trim_end().ends_with(':') && layout::bullet(own) == 0;
    section == of_next && label
        || section == of_next
            && !dashed(own)
            && !own.contains(':')
            && (dashed(next) || next.contains(": ") && layout::is_item(next) && layout::bullet(next) == 0)
}

/// Words of a head that turn what stands under it: "discontinued medications", "not allergic to", "mother".
#[rustfmt::skip]
const TURNING: &[&str] = &[
    "discontinued", "stopped", "ceased", "held", "hold", "completed", "former", "prior", "previous", "past", "old", "resolved", "inactive", "current", "active",
    "new", "changed", "no", "not", "non", "never", "without", "absent", "negative", "denied", "denies", "excluded", "ruled", "rule", "unlikely", "possible",
    "probable", "suspected", "differential", "working", "preliminary", "confirmed", "final", "declined", "refused", "cancelled", "canceled", "avoid", "planned",
    "proposed", "considered", "intolerances",
];

/// How the head before a sentence turns it, where this block is a head or a line that looks like one.
fn head_of(block: &Block, part: &str) -> Option<String> {
    let line = part.trim();
    let capitals = line.chars().any(char::is_alphabetic) && !line.chars().any(char::is_lowercase);
    let is_head = match block.sort {
        Sort::VisitHead => return Some(String::new()),
        Sort::SectionHead => true,
        Sort::Sentence => block.begins_line && line.len() <= 60 && (capitals || line.ends_with(':')),
    };
    let words = line.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase);
    let turning = words.filter(|word| TURNING.contains(&word.as_str()) || conditions::relative(word).is_some());
    is_head.then(|| turning.collect::<Vec<_>>().join(" "))
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
