//! Compression of notes: what was copied forward is told once, boilerplate goes, the rest is told in fewer words.
//!
//! Bit-exact: everything before the first dated visit, and the newest visit of several. A record of one visit has nothing older, so
//! that visit is told in fewer words too, unless [`super::Options::keep_current`] is set. In what is not bit-exact:
//!
//! - what another place says word for word goes, and a mark stands in its place ([`fold`]);
//! - boilerplate goes, small talk of a conversation, and words that say nothing ([`super::terse`]), where no fact changes.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    rc::Rc,
};

use super::{
    anchors::{self, Item, is_apart},
    fold::{self, Exact, Kind, Piece, newest},
    left_out::LeftOut,
    proof,
    readings::Readings,
    tables::Tables,
    terse::{self, Level},
};
use crate::{
    fact::{Fact, Section},
    note::{
        self, Said,
        layout::{self, Block, Layout, Sort},
        sections,
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
    /// Sentences, by the number of their block, that keep their words.
    pub(crate) gentle: &'a HashSet<usize>,
    /// Sentences, by the number of their block, that are not told.
    pub(crate) dropped: &'a HashSet<usize>,
}

/// A compressed note.
pub(crate) struct Told {
    /// The note.
    pub(crate) text: String,
    /// What it leaves out.
    pub(crate) left_out: Vec<LeftOut>,
    /// The sentences that are told and not bit-exact.
    pub(crate) sentences: Vec<Sentence>,
}

/// A sentence that may change.
pub(crate) struct Sentence {
    /// The number of its block.
    pub(crate) number: usize,
    /// What it says.
    pub(crate) said: Rc<Said>,
    /// It stands in the newest visit.
    pub(crate) current: bool,
}

/// The compressed text and what it leaves out, or nothing when there is nothing that may change.
pub(crate) fn compress(text: &str, ask: &Ask<'_>) -> Option<Told> {
    // What stands there already and would read as a mark.
    if fold::has_marks(text, ask.readings.pack) {
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
    let mut blocks: BTreeMap<usize, Vec<Numbered<'_>>> = BTreeMap::new();
    for (number, block) in layout.blocks.iter().enumerate() {
        blocks.entry(block.visit).or_default().push((number, block));
    }
    let of = |visit: usize| blocks.get(&visit).map_or(&[][..], Vec::as_slice);
    let mut work = Work {
        ask,
        text,
        speech: layout::is_dialogue(text),
        tables: Tables::default(),
        speaker: "",
        asked: false,
        idle: true,
        exact: HashMap::new(),
        said: Vec::new(),
        counts: Counts::default(),
    };
    if !work.speech {
        work.tables = Tables::of(text);
    }
    if several && !work.speech {
        for part in [Some(0), exact].into_iter().flatten() {
            work.learn(part == 0, of(part));
        }
    }
    let mut page = Page::default();
    for (v, visit) in layout.visits.iter().enumerate() {
        let date = visit.when.as_ref().map_or("", |when| when.text.as_str());
        let whole = text.get(visit.span.start..visit.span.end).unwrap_or("");
        let header = v == 0 && newest.is_some();
        if header || Some(v) == exact || (v > 0 && ask.untouched.contains(&note::squeeze(date).to_lowercase())) {
            page.put(whole, true, Kind::Fixed);
            if !page.out.is_empty() && !page.out.ends_with('\n') {
                page.out.push('\n');
            }
        } else {
            let lines = work.tell(Some(v) == newest, of(v));
            page.write_lines(&lines, work.speech);
        }
    }
    let text = if several && !work.speech {
        let (folded, copied) = fold::fold(&page.out, &page.pieces, ask.readings.pack);
        work.counts.copied = copied;
        folded
    } else {
        page.out
    };
    Some(Told {
        text,
        left_out: work.counts.list(),
        sentences: work.said,
    })
}

/// A block and its number in the layout.
type Numbered<'a> = (usize, &'a Block);

enum Line<'a> {
    /// The head of a visit.
    Visit(&'a str),
    /// The head of a section.
    Head(Head<'a>),
    /// What is told.
    Words(Words<'a>),
}

/// The head of a section.
struct Head<'a> {
    /// Its words, in fewer where something is told under it.
    short: Cow<'a, str>,
    /// Its words where nothing is, unless what stood there was left out for want of room, or stood in its line and says nothing.
    alone: Option<&'a str>,
    begins_line: bool,
    /// It turns what stands under it, all of which stays on lines of its own.
    over: bool,
    /// What stands before it in its line.
    lead: &'a str,
}

/// Words that are told.
struct Words<'a> {
    words: Cow<'a, str>,
    /// They stand on a line of their own.
    own_line: bool,
    /// The white space before them that says under what they stand: that of their line, or what leads to their column.
    lead: &'a str,
    /// They begin a paragraph.
    apart: bool,
    /// They stand in a table and never move in their line.
    row: bool,
    /// Where they end.
    place: sections::Place,
    kind: Kind,
}

/// A sentence of a bit-exact part.
struct Place<'a> {
    /// The blocks of the part.
    blocks: &'a [Numbered<'a>],
    /// Whether the part is the header.
    header: bool,
    /// Which of them it is.
    at: usize,
    /// Its number among the sentences of the part, from 1.
    number: usize,
}

struct Work<'a, 'b> {
    ask: &'b Ask<'a>,
    text: &'b str,
    speech: bool,
    tables: Tables,
    /// Who began the turn of a conversation of which no sentence was told yet.
    speaker: &'static str,
    /// Whether the last sentence asked something.
    asked: bool,
    /// Whether the last sentence was small talk.
    idle: bool,
    /// Sentences of bit-exact parts by their words.
    exact: HashMap<&'b str, Vec<Place<'b>>>,
    said: Vec<Sentence>,
    counts: Counts,
}

/// Most places of the same words in a bit-exact part that are looked at.
const MOST_PLACES: usize = 8;

/// The fewest bytes for which a mark stands.
const LEAST_EXACT: usize = 40;

impl<'b> Work<'_, 'b> {
    fn words_of(&self, block: &Block) -> &'b str {
        self.text.get(block.span.start..block.span.end).unwrap_or("")
    }

    /// The white space before a block where it says under what the block stands. A transcript has none.
    fn lead(&self, block: &Block) -> &'b str {
        let before = self.text.get(..block.span.start).unwrap_or("");
        let lead = before.get(before.trim_end_matches([' ', '\t']).len()..).unwrap_or("");
        let above = before.get(..before.len() - lead.len()).unwrap_or("");
        let begins = above.is_empty() || above.ends_with('\n');
        if !self.speech && (begins || terse::is_column_gap(lead) || self.tables.hold(block.span)) {
            lead
        } else {
            ""
        }
    }

    /// Notes the sentences of a bit-exact part.
    fn learn(&mut self, header: bool, blocks: &'b [Numbered<'b>]) {
        let mut number = 0;
        for (at, (_, block)) in blocks.iter().enumerate() {
            if block.sort != Sort::Sentence {
                continue;
            }
            number += 1;
            let places = self.exact.entry(self.words_of(block)).or_default();
            if places.len() < MOST_PLACES {
                places.push(Place {
                    blocks,
                    header,
                    at,
                    number,
                });
            }
        }
    }

    /// Whether blocks `at - 1` and `at` stand in one table.
    fn in_one_table(&self, blocks: &[Numbered<'_>], at: usize) -> bool {
        let table = |at: Option<usize>| self.tables.table(blocks.get(at?)?.1.span);
        table(Some(at)).is_some_and(|own| table(at.checked_sub(1)) == Some(own))
    }

    /// The longest run of blocks from number `at` of `all` on that a bit-exact part has byte for byte, and how many blocks it takes. Rows of a table
    /// are in it with the whole table, or not at all: what their columns are is told by its other lines.
    fn exact_run(&self, all: &[Numbered<'_>], from: usize) -> Option<(&'b str, Exact, usize)> {
        let blocks = all.get(from..).unwrap_or_default();
        let (_, first) = blocks.first()?;
        let mut best: Option<(&'b str, Exact, usize)> = None;
        if self.in_one_table(all, from) {
            return None;
        }
        for place in self.exact.get(self.words_of(first)).into_iter().flatten() {
            let theirs = place.blocks.get(place.at..).unwrap_or_default();
            if self.in_one_table(place.blocks, place.at) {
                continue;
            }
            let gap = |one: &[Numbered<'_>], at: usize| {
                let (before, block) = (at.checked_sub(1).and_then(|at| one.get(at))?, one.get(at)?);
                self.text.get(before.1.span.end..block.1.span.start)
            };
            let same = blocks.iter().zip(theirs).enumerate().take_while(|(at, (own, their))| {
                own.1.sort == their.1.sort
                    && self.words_of(own.1) == self.words_of(their.1)
                    && !self.ask.dropped.contains(&own.0)
                    && gap(blocks, *at) == gap(theirs, *at)
            });
            let mut len = same.count();
            let item = |at: usize| {
                let (_, block) = blocks.get(at)?;
                Some(Item {
                    words: self.words_of(block),
                    begins_line: block.begins_line,
                    head: block.sort == Sort::SectionHead,
                    apart: gap(blocks, at).is_some_and(is_apart),
                    fixed: block.sort == Sort::VisitHead,
                })
            };
            loop {
                // A head goes with what stands under it.
                while len > 0 && blocks.get(len - 1).is_some_and(|(_, last)| last.sort != Sort::Sentence) {
                    len -= 1;
                }
                let parted =
                    |len: usize| self.in_one_table(blocks, len) || self.in_one_table(place.blocks, place.at + len);
                if len > 0 && parted(len) {
                    len -= 1;
                    continue;
                }
                match anchors::hidden(&item, 0, len) {
                    Some(less) => len = less,
                    None => break,
                }
            }
            let Some((_, last)) = len.checked_sub(1).and_then(|last| blocks.get(last)) else {
                continue;
            };
            let whole = self.text.get(first.span.start..last.span.end).unwrap_or("");
            let run = blocks.get(..len).unwrap_or_default();
            let sentences = run.iter().filter(|(_, block)| block.sort == Sort::Sentence).count();
            if whole.len() >= LEAST_EXACT && best.as_ref().is_none_or(|best| best.2 < len) {
                let exact = Exact {
                    header: place.header,
                    from: place.number,
                    to: place.number + sentences - 1,
                };
                best = Some((whole, exact, len));
            }
        }
        best
    }

    /// The lines of a visit that is told in fewer words.
    fn tell(&mut self, current: bool, blocks: &'b [Numbered<'b>]) -> Vec<Line<'b>> {
        let mut lines = Vec::new();
        let mut exact_to = 0;
        for (at, (number, block)) in blocks.iter().enumerate() {
            let part = self.words_of(block);
            match block.sort {
                Sort::VisitHead => lines.push(Line::Visit(part)),
                Sort::SectionHead if at < exact_to => {}
                Sort::SectionHead => {
                    let next = blocks.get(at + 1).filter(|(_, next)| !next.begins_line);
                    let row = next.is_some_and(|(_, next)| next.sort == Sort::Sentence && self.tables.hold(next.span));
                    let head = match self.ask.level {
                        // What names columns in its line keeps its length.
                        Level::Terse if block.standing.is_none() && block.begins_line && !row => {
                            terse::head(part, block.section, self.ask.readings.pack)
                        }
                        _ => Cow::Borrowed(part),
                    };
                    let under = blocks.iter().skip(at + 1);
                    let under = under.take_while(|(_, next)| next.sort == Sort::Sentence);
                    let no_room = under.clone().any(|(number, _)| self.ask.dropped.contains(number));
                    let labels = under.clone().next().is_some_and(|(_, next)| !next.begins_line);
                    lines.push(Line::Head(Head {
                        short: head,
                        alone: (!no_room && !labels).then_some(part),
                        begins_line: block.begins_line,
                        over: block.standing.is_some() && !labels,
                        lead: self.lead(block),
                    }));
                }
                Sort::Sentence => {
                    let before = at.checked_sub(1).and_then(|before| blocks.get(before));
                    let gap = before.and_then(|(_, before)| self.text.get(before.span.end..block.span.start));
                    let apart = gap.is_some_and(is_apart);
                    // A short line behind a long one may be a head of its own: it stays a line.
                    let begins = block.begins_line || !self.speech && gap.is_some_and(|gap| gap.contains('\n'));
                    if at >= exact_to
                        && let Some((whole, exact, len)) = self.exact_run(blocks, at)
                    {
                        exact_to = at + len;
                        let place = blocks.get(exact_to - 1).map_or(block.place(), |(_, last)| last.place());
                        lines.push(Line::Words(Words {
                            words: Cow::Borrowed(whole),
                            own_line: begins,
                            lead: self.lead(block),
                            apart,
                            row: self.tables.hold(block.span),
                            place,
                            kind: Kind::Exact(exact),
                        }));
                    }
                    if at < exact_to {
                        self.asked = note::asked::asks(part, block.section);
                        self.said.push(Sentence {
                            number: *number,
                            said: self.ask.readings.said(part, block.place()),
                            current,
                        });
                        continue;
                    }
                    let (who, _) = terse::untagged(part);
                    if self.speech && block.begins_line {
                        self.speaker = who;
                    }
                    let own_line = begins || !self.speaker.is_empty();
                    if let Some(words) = self.sentence(part, *number, current, block) {
                        lines.push(Line::Words(Words {
                            words: Cow::Owned(words),
                            own_line,
                            lead: self.lead(block),
                            apart,
                            row: self.tables.hold(block.span),
                            place: block.place(),
                            kind: Kind::Sentence,
                        }));
                        self.speaker = "";
                    }
                }
            }
        }
        lines
    }

    /// Takes a sentence in. Gives its words when it is to be told.
    fn sentence(&mut self, part: &str, number: usize, current: bool, block: &Block) -> Option<String> {
        let said_here = self.ask.readings.said(part, block.place());
        let facts = &said_here.facts;
        if facts.is_empty() && note::is_boilerplate(part, self.ask.readings.pack) {
            self.counts.boilerplate += 1;
            return None;
        }
        // Whatever follows a question answers it.
        let asks = note::asked::asks(part, block.section);
        let answers = std::mem::replace(&mut self.asked, asks);
        // So does a patient's "right" to more than small talk, which need not be written as a question.
        let answers = answers || block.begins_line && !self.idle && terse::is_assent(part);
        let answers = answers || block.begins_line && note::asked::contradicts(part);
        self.idle = self.speech && terse::is_small_talk(part);
        if facts.is_empty() && (terse::is_empty(part) || self.idle && !answers) {
            self.counts.small_talk += 1;
            return None;
        }
        if self.ask.dropped.contains(&number) {
            return None;
        }
        let mut words = if self.ask.gentle.contains(&number) {
            match self.tables.hold(block.span) {
                true => part.to_owned(),
                false => terse::squeeze(part),
            }
        } else {
            self.words(part, block, facts)
        };
        // The turn's first sentence said nothing: the next one tells who speaks.
        if !self.speaker.is_empty() && terse::untagged(part).0.is_empty() {
            words = format!("{} {words}", self.speaker);
        }
        self.said.push(Sentence {
            number,
            said: said_here,
            current,
        });
        Some(words)
    }

    /// The fewest words that say the same facts.
    fn words(&mut self, part: &str, block: &Block, expect: &[Fact]) -> String {
        let place = block.place();
        let pack = self.ask.readings.pack;
        if self.tables.hold(block.span) || !self.speech && terse::parts_columns(part) {
            return part.to_owned();
        }
        let squeezed = note::squeeze(part);
        // A bullet of one byte says as much.
        let bullet = layout::bullet(&squeezed);
        let whole = match squeezed.get(..bullet).map(str::trim) {
            Some("•" | "·" | "–" | "◦" | "▪") => {
                Cow::Owned(format!("- {}", squeezed.get(bullet..).unwrap_or("")))
            }
            _ => Cow::Borrowed(squeezed.as_str()),
        };
        for level in [Level::Terse, Level::Articles] {
            if level > self.ask.level {
                continue;
            }
            let line = match level {
                Level::Terse if block.begins_line && !self.speech => {
                    Cow::Owned(terse::labelled(&whole, place.section, pack))
                }
                _ => Cow::Borrowed(&*whole),
            };
            let short = terse::sentence(&line, level, self.speech, pack);
            let same = || {
                let facts = &self.ask.readings.said(&short, place).facts;
                facts.as_slice() == expect || proof::tuples(facts) == proof::tuples(expect)
            };
            if short.len() < squeezed.len() && !short.is_empty() && same() {
                self.counts.shortened += 1;
                return short;
            }
        }
        squeezed
    }
}

/// The text as far as it is written, and what stands where in it.
#[derive(Default)]
struct Page {
    out: String,
    pieces: Vec<Piece>,
}

impl Page {
    fn put(&mut self, words: &str, apart: bool, kind: Kind) {
        let start = self.out.len();
        self.out += words;
        self.pieces.push(Piece {
            start,
            end: self.out.len(),
            apart,
            kind,
        });
    }

    fn write_lines(&mut self, lines: &[Line<'_>], speech: bool) {
        // A head is written when it is known whether a sentence is told under it.
        let mut head: Option<&Head<'_>> = None;
        let mut place: Option<sections::Place> = None;
        let mut ended = true;
        for line in lines {
            match line {
                Line::Visit(text) => {
                    self.write_alone(head.take(), &mut ended);
                    self.fresh_line();
                    self.put(text, true, Kind::Fixed);
                    self.out.push('\n');
                    place = None;
                }
                Line::Head(next) => {
                    self.write_alone(head.replace(next), &mut ended);
                }
                Line::Words(told) => {
                    let (words, own_line, of) = (&told.words, &told.own_line, told.place);
                    let small = words.starts_with(char::is_lowercase);
                    let mut item = false;
                    // A row of columns stays where it stands: under its head or beside it, and behind no bullet.
                    let beside = told.row && !*own_line;
                    let row = *own_line && !speech && (told.row || terse::is_row(told.lead, words));
                    if let Some(head) = head.take() {
                        self.write_head(head, &head.short, ended);
                        // What stands in the line of the head tells how far a family history goes.
                        let inline = !*own_line && of.section == Section::FamilyHistory;
                        if beside {
                            self.out += told.lead;
                        } else if inline && !head.short.ends_with(':') {
                            self.out += ": ";
                        } else if !head.short.ends_with(':') || row || head.over {
                            self.out.push('\n');
                            self.out += told.lead;
                        } else {
                            self.out += if told.lead.is_empty() || *own_line {
                                " "
                            } else {
                                told.lead
                            };
                        }
                    } else if place.is_some_and(|before| before != of)
                        || (place.is_none() && of.section != Section::Other)
                    {
                        // The section changed without a head: a blank line ends an inline section.
                        self.fresh_line();
                        self.out.push('\n');
                        self.out += told.lead;
                    } else if beside {
                        self.out += told.lead;
                    } else if speech && !*own_line {
                        // What a transcript says in one turn stays in one line.
                        self.out += if ended { " " } else { " . " };
                    } else if *own_line || !ended || small {
                        self.fresh_line();
                        // After a long line this one would read as its going on.
                        let before = self.out.trim_end_matches('\n').rsplit('\n').next().map_or(0, str::len);
                        item = before >= 40 && (!ended || small) && !layout::is_item(words) && !row;
                        self.out += told.lead;
                    } else if !self.out.ends_with([' ', '\n']) {
                        self.out += if told.lead.is_empty() { " " } else { told.lead };
                    }
                    place = Some(of);
                    ended = words.ends_with(['.', '!', '?']);
                    match (item, told.kind) {
                        (true, Kind::Exact(_)) => {
                            self.out += "- ";
                            self.put(words, told.apart, told.kind);
                        }
                        (true, _) => self.put(&format!("- {words}"), told.apart, told.kind),
                        (false, _) => self.put(words, told.apart, told.kind),
                    }
                }
            }
        }
        self.write_alone(head, &mut ended);
        self.fresh_line();
    }

    /// Writes a head under which nothing is told: what looks like one may be a statement, or say whose the next sections are.
    fn write_alone(&mut self, head: Option<&Head<'_>>, ended: &mut bool) {
        if let Some((head, words)) = head.and_then(|head| Some((head, head.alone?))) {
            self.write_head(head, words, *ended);
            self.out.push('\n');
            *ended = true;
        }
    }

    fn write_head(&mut self, head: &Head<'_>, words: &str, ended: bool) {
        // A head in the middle of a line stays in it while the sentence before it does.
        if head.begins_line || !ended || self.out.ends_with('\n') {
            self.fresh_line();
            self.out += head.lead;
        } else {
            self.out += if head.lead.is_empty() { " " } else { head.lead };
        }
        self.put(words, false, Kind::Head);
    }

    fn fresh_line(&mut self) {
        while self.out.ends_with(' ') {
            self.out.pop();
        }
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push('\n');
        }
    }
}

#[derive(Default)]
struct Counts {
    copied: usize,
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
                "copied forward; a mark stands in their place",
            ),
            (
                "boilerplate",
                self.boilerplate,
                "signatures and notices without a clinical fact",
            ),
            (
                "empty sentences",
                self.small_talk,
                "marks without words or numbers; of a conversation also greetings, assent and the like",
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
