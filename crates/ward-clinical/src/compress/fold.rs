//! Repeated text told once, with a mark in its place wherever it stands again.
//!
//! What a note says twice is said of another side, person, list or day often enough, and nothing tells for certain which line says of whom. So
//! nothing is moved: `{3: ..}` tells what stands there and calls it 3, `{3}` stands where the same stands again, and `{3-5}` where 3, 4 and 5
//! do in turn, with the white space between them that they are told with. `{newest 2-4}` and `{header 1}` stand for those sentences of the part that is kept byte for byte, with the lines
//! between them. [`expand`] puts the text together again from the output alone, and [`fold`] gives no output from which it does not come out
//! byte for byte as it was.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{
    anchors::{self, Item},
    tables,
};
use crate::note::{
    layout::{self, Layout, Sort},
    pack::Pack,
};

/// A part of a text that stands there for itself.
pub(crate) struct Piece {
    /// Where it begins.
    pub(crate) start: usize,
    /// Where it ends.
    pub(crate) end: usize,
    /// It begins a paragraph.
    pub(crate) apart: bool,
    /// What it is.
    pub(crate) kind: Kind,
}

/// What a piece is.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    /// The head of a visit, or a part that is kept byte for byte: it stays.
    Fixed,
    /// The head of a section.
    Head,
    /// A sentence.
    Sentence,
    /// Sentences that stand word for word in a bit-exact part.
    Exact(Exact),
}

/// Sentences of a bit-exact part, by their numbers from 1.
#[derive(Clone, Copy)]
pub(crate) struct Exact {
    /// Of the header, else of the newest visit.
    pub(crate) header: bool,
    /// The first.
    pub(crate) from: usize,
    /// The last.
    pub(crate) to: usize,
}

/// The text with marks, and the number of sentences that marks stand for. What has braces of its own stays as it is.
pub(crate) fn fold(told: &str, pieces: &[Piece], pack: &'static Pack) -> (String, usize) {
    let folded = Text { told, pieces }.write();
    if expand(&folded.0, pack) == told {
        folded
    } else {
        (told.to_owned(), 0)
    }
}

fn has_braces(words: &str) -> bool {
    words.contains(['{', '}'])
}

/// Pieces that stand word for word elsewhere, in an earlier visit.
#[derive(Clone, Copy)]
struct Copied {
    /// The first of them.
    at: usize,
    /// How many.
    len: usize,
    /// The first of those that tell it.
    told_at: usize,
}

impl Copied {
    fn end(self) -> usize {
        self.at + self.len
    }
}

/// Places of the same words that are looked at, and the most pieces that are compared from each on.
const PLACES: usize = 4;
const LONGEST: usize = 256;

/// The fewest bytes for which a mark stands, and for which one stands that is told already.
const LEAST: usize = 32;
const LEAST_AGAIN: usize = 16;

/// How often it is looked for lines that marks would hide.
const PASSES: usize = 8;

/// A text and its pieces.
struct Text<'a> {
    told: &'a str,
    pieces: &'a [Piece],
}

impl<'a> Text<'a> {
    fn words(&self, at: usize) -> Option<&'a str> {
        let piece = self.pieces.get(at)?;
        self.told.get(piece.start..piece.end)
    }

    /// What stands before a piece.
    fn gap(&self, at: usize) -> Option<&'a str> {
        let before = at.checked_sub(1).and_then(|before| self.pieces.get(before));
        self.told
            .get(before.map_or(0, |before| before.end)..self.pieces.get(at)?.start)
    }

    /// Words that a mark may stand for. A mark before a row of columns would move them.
    fn foldable(&self, at: usize) -> Option<&'a str> {
        let kind = &self.pieces.get(at)?.kind;
        let row = |words: &str| {
            let lead = self.gap(at).and_then(|gap| gap.rsplit('\n').next());
            let lead = lead.unwrap_or("");
            tables::is_row(&format!("{lead}{words}")) || words.lines().any(tables::is_row)
        };
        self.words(at)
            .filter(|words| matches!(kind, Kind::Head | Kind::Sentence) && !has_braces(words) && !row(words))
    }

    /// Bytes of pieces and what stands between them.
    fn size(&self, at: usize, len: usize) -> usize {
        let last = (at + len).checked_sub(1).and_then(|last| self.pieces.get(last));
        last.zip(self.pieces.get(at))
            .map_or(0, |(last, first)| last.end.saturating_sub(first.start))
    }

    fn item(&self, at: usize) -> Option<Item<'a>> {
        let piece = self.pieces.get(at)?;
        Some(Item {
            words: self.words(at)?,
            begins_line: self.gap(at)?.contains('\n'),
            head: matches!(piece.kind, Kind::Head),
            apart: piece.apart,
            fixed: matches!(piece.kind, Kind::Fixed),
        })
    }

    /// What earlier visits say word for word: the longest runs, each with the pieces that tell it and are no copies themselves.
    fn copies(&self) -> Vec<Copied> {
        let mut places: HashMap<&str, Vec<(usize, usize)>> = HashMap::new();
        let mut origin: Vec<usize> = (0..self.pieces.len()).collect();
        let mut copies = Vec::new();
        let (mut at, mut visit) = (0, 0);
        let mut copied_to = 0;
        while at < self.pieces.len() {
            let Some(words) = self.foldable(at) else {
                visit += usize::from(
                    self.pieces
                        .get(at)
                        .is_some_and(|piece| matches!(piece.kind, Kind::Fixed)),
                );
                at += 1;
                continue;
            };
            let known = places.get(words).into_iter().flatten();
            let found = known
                .filter(|(_, other)| *other != visit && at >= copied_to)
                .map(|(place, _)| (*place, self.same(*place, at)))
                .max_by_key(|(_, len)| *len);
            if let Some((place, len)) = found
                && self.size(at, len) >= LEAST_AGAIN
            {
                copied_to = at + len;
                for step in 0..len {
                    let from = origin.get(place + step).copied().unwrap_or(place + step);
                    if let Some(own) = origin.get_mut(at + step) {
                        *own = from;
                    }
                    match copies.last_mut() {
                        Some(Copied {
                            at: first,
                            len,
                            told_at,
                        }) if *first + *len == at + step
                            && *told_at + *len == from
                            && self.gap(at + step) == self.gap(from) =>
                        {
                            *len += 1;
                        }
                        _ => copies.push(Copied {
                            at: at + step,
                            len: 1,
                            told_at: from,
                        }),
                    }
                }
            }
            let own = places.entry(words).or_default();
            if own.len() == PLACES {
                own.remove(0);
            }
            own.push((at, visit));
            at += 1;
        }
        copies
    }

    /// How many pieces from `one` and from `other` on are the same.
    fn same(&self, one: usize, other: usize) -> usize {
        let steps = (0..LONGEST.min(other - one)).take_while(|step| {
            let words = self.foldable(one + step);
            words.is_some()
                && words == self.foldable(other + step)
                && (*step == 0 || self.gap(one + step) == self.gap(other + step))
        });
        steps.count()
    }

    /// Those of `copies` for which a mark is shorter. Where what follows is told, so is the line that says what it is about.
    fn worth(&self, mut copies: Vec<Copied>) -> Vec<Copied> {
        let mut told: HashSet<(usize, usize)> = HashSet::new();
        for _ in 0..PASSES {
            told.clear();
            copies.retain_mut(|copied| {
                // A head goes with what stands under it.
                let last = |copied: &Copied| self.pieces.get(copied.end() - 1).map(|last| &last.kind);
                while copied.len > 0 && matches!(last(copied), Some(Kind::Head)) {
                    copied.len -= 1;
                }
                let size = self.size(copied.at, copied.len);
                let again = told.contains(&(copied.told_at, copied.len));
                let stays = copied.len > 0 && size >= if again { LEAST_AGAIN } else { LEAST };
                if stays {
                    told.insert((copied.told_at, copied.len));
                }
                stays
            });
            let mut next = Vec::with_capacity(copies.len());
            let mut from = 0;
            for (i, copied) in copies.iter().enumerate() {
                if i > 0 && copies.get(i - 1).is_some_and(|before| before.end() != copied.at) {
                    from = next.len();
                }
                next.push(*copied);
                if copies.get(i + 1).is_some_and(|after| after.at == copied.end()) {
                    continue;
                }
                let first = next.get(from).map_or(copied.at, |first: &Copied| first.at);
                let Some(anchor) = anchors::hidden(&|at| self.item(at), first, copied.end()) else {
                    continue;
                };
                let parted = next.split_off(from);
                for one in parted {
                    if anchor < one.at || anchor >= one.end() {
                        next.push(one);
                        continue;
                    }
                    let before = anchor - one.at;
                    next.push(Copied { len: before, ..one });
                    next.push(Copied {
                        at: anchor + 1,
                        len: one.len - before - 1,
                        told_at: one.told_at + before + 1,
                    });
                }
                next.retain(|one| one.len > 0);
            }
            let same =
                next.len() == copies.len() && next.iter().zip(&copies).all(|(a, b)| (a.at, a.len) == (b.at, b.len));
            copies = next;
            if same {
                break;
            }
        }
        copies
    }

    /// What is told to be named: by its first piece its number and the piece after its last. It is cut wherever a copy of it begins or ends.
    fn named(copies: &[Copied]) -> BTreeMap<usize, (usize, usize)> {
        let mut ends: BTreeMap<usize, isize> = BTreeMap::new();
        for copied in copies {
            *ends.entry(copied.told_at).or_default() += 1;
            *ends.entry(copied.told_at + copied.len).or_default() -= 1;
        }
        let mut named = BTreeMap::new();
        let mut depth = 0;
        let mut open = None;
        for (at, change) in ends {
            if let Some(from) = open.filter(|_| depth > 0) {
                named.insert(from, (named.len() + 1, at));
            }
            depth += change;
            open = Some(at);
        }
        named
    }

    fn write(&self) -> (String, usize) {
        let copies = self.worth(self.copies());
        let named = Self::named(&copies);
        let by_place: HashMap<usize, Copied> = copies.iter().map(|one| (one.at, *one)).collect();
        let mut out = Marked::default();
        let (mut at, mut count) = (0, 0);
        while let Some(piece) = self.pieces.get(at) {
            let gap = self.gap(at).unwrap_or("");
            if let Some(copied) = by_place.get(&at) {
                let (mut from, end) = (copied.told_at, copied.told_at + copied.len);
                while let Some((number, to)) = named.get(&from).filter(|_| from < end) {
                    out.again(*number, self.gap(at + from - copied.told_at).unwrap_or(""));
                    from = *to;
                }
                let run = self.pieces.get(at..copied.end()).unwrap_or_default();
                count += run.iter().filter(|one| matches!(one.kind, Kind::Sentence)).count();
                at = copied.end();
            } else if let Some((number, to)) = named.get(&at) {
                let end = to.checked_sub(1).and_then(|last| self.pieces.get(last));
                let words = self.told.get(piece.start..end.map_or(piece.end, |last| last.end));
                out.first(*number, gap, words.unwrap_or(""));
                at = *to;
            } else {
                let words = self.words(at).unwrap_or("");
                match &piece.kind {
                    Kind::Exact(exact) if !has_braces(words) => {
                        out.put(gap, &exact.mark());
                        count += exact.to + 1 - exact.from;
                    }
                    _ => out.put(gap, words),
                }
                at += 1;
            }
        }
        let end = self.pieces.last().map_or(0, |last| last.end);
        out.put("", self.told.get(end..).unwrap_or(""));
        (out.text, count)
    }
}

impl Exact {
    fn mark(self) -> String {
        let part = if self.header { "header" } else { "newest" };
        match self.from == self.to {
            true => format!("{{{part} {}}}", self.from),
            false => format!("{{{part} {}-{}}}", self.from, self.to),
        }
    }
}

/// What was written last.
#[derive(Default)]
enum Last {
    #[default]
    Words,
    /// What is called by this number.
    First(usize),
    /// A mark for these numbers, and where it begins.
    Again(usize, usize, usize),
}

/// A text with marks.
#[derive(Default)]
struct Marked {
    text: String,
    last: Last,
    /// The white space between what is called by a number and by the number before.
    gaps: HashMap<usize, String>,
}

impl Marked {
    fn put(&mut self, gap: &str, words: &str) {
        self.text += gap;
        self.text += words;
        self.last = Last::Words;
    }

    fn first(&mut self, number: usize, gap: &str, words: &str) {
        if matches!(self.last, Last::First(before) if before + 1 == number) && gap.trim().is_empty() {
            self.gaps.insert(number, gap.to_owned());
        }
        self.text += &format!("{gap}{{{number}: {words}}}");
        self.last = Last::First(number);
    }

    fn again(&mut self, number: usize, gap: &str) {
        self.last = match self.last {
            Last::Again(first, last, start)
                if last + 1 == number && self.gaps.get(&number).map(String::as_str) == Some(gap) =>
            {
                self.text.truncate(start);
                self.text += &format!("{{{first}-{number}}}");
                Last::Again(first, number, start)
            }
            _ => {
                self.text += gap;
                let start = self.text.len();
                self.text += &format!("{{{number}}}");
                Last::Again(number, number, start)
            }
        };
    }
}

/// The visit of the last day, if any is dated; of one day the last written.
pub(crate) fn newest(layout: &Layout) -> Option<usize> {
    let dated = layout.visits.iter().enumerate();
    dated
        .filter_map(|(i, visit)| visit.when.as_ref().and_then(|when| when.day).map(|day| (day, i)))
        .max()
        .map(|(_, i)| i)
}

/// Most numbers that one mark may name.
const MOST: usize = 100_000;

/// Puts a text together again: what every mark stands for in its place. What is no mark stays.
pub(crate) fn expand(text: &str, pack: &'static Pack) -> String {
    put_together(text, pack, false).unwrap_or_default()
}

/// Whether something in a text reads as a mark.
pub(crate) fn has_marks(text: &str, pack: &'static Pack) -> bool {
    put_together(text, pack, true).is_none()
}

/// [`expand`], or nothing at the first mark where it is `only_asked` whether there is one.
fn put_together(text: &str, pack: &'static Pack, only_asked: bool) -> Option<String> {
    let exact = ["{newest ", "{header "].iter().any(|mark| text.contains(mark));
    let layout = exact.then(|| layout::of(text, 0, pack));
    let sentences = |part: Option<usize>| -> Vec<(usize, usize)> {
        let blocks = layout.iter().flat_map(|layout| &layout.blocks);
        blocks
            .filter(|block| block.sort == Sort::Sentence && Some(block.visit) == part)
            .map(|block| (block.span.start, block.span.end))
            .collect()
    };
    let header = sentences(Some(0));
    let newest = sentences(layout.as_ref().and_then(newest));
    // What a number tells, and the white space before it where the number before it is told there.
    let mut named: HashMap<usize, (&str, Option<&str>)> = HashMap::new();
    let mut last = None;
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    // What may still be written: a mark may name a long text often.
    let mut room = MOST_TEXT.saturating_add(text.len());
    while let Some(at) = rest.find('{') {
        let (before, after) = rest.split_at(at);
        out += before;
        // What a mark tells has no braces. The next one ends the search, so that every byte is looked at once.
        let inside = after.get(1..).unwrap_or("");
        let end = inside
            .find(['{', '}'])
            .filter(|end| inside.as_bytes().get(*end) == Some(&b'}'));
        let mark = end.and_then(|end| inside.split_at_checked(end));
        let mut this = None;
        let told = mark.and_then(|(inside, _)| match inside.split_once(": ") {
            Some((number, told)) => {
                let number = place(number)?;
                let follows = last.is_some() && last == number.checked_sub(1) && before.trim().is_empty();
                named.insert(number, (told, follows.then_some(before)));
                this = Some(number);
                Some(told.to_owned())
            }
            None => {
                let part = inside.strip_prefix("newest ").map(|numbers| (&newest, numbers));
                match part.or_else(|| inside.strip_prefix("header ").map(|numbers| (&header, numbers))) {
                    Some((part, numbers)) => {
                        let (from, to) = bounds(numbers)?;
                        let (first, last) = (part.get(from.checked_sub(1)?)?, part.get(to.checked_sub(1)?)?);
                        text.get(first.0..last.1).map(str::to_owned)
                    }
                    None => {
                        let (from, to) = bounds(inside)?;
                        let mut all = named.get(&from)?.0.to_owned();
                        for number in from + 1..=to {
                            let (told, gap) = named.get(&number)?;
                            all += (*gap)?;
                            all += told;
                        }
                        Some(all)
                    }
                }
            }
        });
        if only_asked && told.is_some() {
            return None;
        }
        match (told, mark) {
            (Some(told), Some((_, after))) if told.len() <= room => {
                room -= told.len();
                out += &told;
                rest = after.get(1..).unwrap_or("");
                last = this;
            }
            _ => {
                last = None;
                out.push('{');
                rest = inside;
            }
        }
    }
    Some(out + rest)
}

/// Most bytes that the marks of a text may stand for.
const MOST_TEXT: usize = 256 << 20;

/// `3-5`, or `3` for both.
fn bounds(range: &str) -> Option<(usize, usize)> {
    let (from, to) = range.split_once('-').unwrap_or((range, range));
    let (from, to) = (place(from)?, place(to)?);
    (from <= to && to - from < MOST).then_some((from, to))
}

/// A number of a mark.
fn place(digits: &str) -> Option<usize> {
    let sound = digits.len() <= DIGITS && digits.bytes().all(|b| b.is_ascii_digit());
    sound.then(|| digits.parse().ok()).flatten()
}

/// Most digits of the number of a mark.
const DIGITS: usize = 6;
