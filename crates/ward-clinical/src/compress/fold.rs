//! Repeated text told once, with a mark in its place wherever it stands again.
//!
//! What a note says twice is said of another side, person, list or day often enough, and nothing tells for certain which line says of whom. So
//! nothing is moved: `{3: ..}` tells what stands there and calls it 3, `{3}` stands where the same stands again, and `{3-5}` where 3, 4 and 5
//! do in turn, with the white space between them that they are told with. `{newest 2-4}` and `{header 1}` stand for those sentences of the part that is kept byte for byte, with the lines
//! between them. [`expand`] puts the text together again from the output alone, and [`fold`] gives no output from which it does not come out
//! byte for byte as it was.

use std::collections::HashMap;

use super::anchors::{self, Item};
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
    let folded = write(told, pieces, &runs(told, pieces));
    if expand(&folded.0, pack) == told {
        folded
    } else {
        (told.to_owned(), 0)
    }
}

fn has_braces(words: &str) -> bool {
    words.contains(['{', '}'])
}

/// What is repeated: by the piece that it begins with, its number, how many pieces it has, and whether it is told there.
type Runs = HashMap<usize, (usize, usize, bool)>;

/// The pieces that always stand together and stand there more than once.
fn runs(told: &str, pieces: &[Piece]) -> Runs {
    let words = |at: usize| pieces.get(at).and_then(|piece| told.get(piece.start..piece.end));
    let may = |at: usize| {
        pieces
            .get(at)
            .is_some_and(|piece| matches!(piece.kind, Kind::Head | Kind::Sentence))
    };
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    let mut places: Vec<Vec<usize>> = Vec::new();
    let mut ids: Vec<Option<usize>> = Vec::new();
    for at in 0..pieces.len() {
        let id = words(at).filter(|words| may(at) && !has_braces(words)).map(|words| {
            let next = numbers.len();
            *numbers.entry(words).or_insert(next)
        });
        if let Some(id) = id {
            if id == places.len() {
                places.push(Vec::new());
            }
            if let Some(own) = places.get_mut(id) {
                own.push(at);
            }
        }
        ids.push(id);
    }
    let id = |at: usize| ids.get(at).copied().flatten();
    let gap = |at: usize| told.get(pieces.get(at)?.end..pieces.get(at + 1)?.start);
    let of = |id: usize| places.get(id).map_or(&[][..], Vec::as_slice);
    // Two pieces belong together where neither ever stands without the other.
    let tied = |at: usize| {
        let (Some(own), Some(next)) = (id(at), id(at + 1)) else {
            return false;
        };
        of(own).len() == of(next).len()
            && of(own)
                .iter()
                .all(|place| id(place + 1) == Some(next) && gap(*place) == gap(at))
    };
    let item = |at: usize| {
        let piece = pieces.get(at)?;
        let before = at.checked_sub(1).and_then(|before| pieces.get(before));
        Some(Item {
            words: words(at)?,
            begins_line: told
                .get(before.map_or(0, |before| before.end)..piece.start)?
                .contains('\n'),
            head: matches!(piece.kind, Kind::Head),
            apart: piece.apart,
            fixed: matches!(piece.kind, Kind::Fixed),
        })
    };
    let mut runs = Runs::new();
    let mut number = 0;
    let mut at = 0;
    while at < pieces.len() {
        let all = id(at).map_or(&[][..], of);
        if all.len() < 2 || all.first() != Some(&at) {
            at += 1;
            continue;
        }
        let mut len = 1;
        while tied(at + len - 1) {
            len += 1;
        }
        // What goes on behind a mark is told with the line that says what it is about.
        let cut = |len: usize| {
            let ends = all.iter().skip(1).filter_map(|place| {
                let anchor = anchors::hidden(&item, *place, place + len)?;
                anchor.checked_sub(*place)
            });
            ends.min()
        };
        loop {
            // A head goes with what stands under it.
            while len > 0 && matches!(pieces.get(at + len - 1).map(|last| &last.kind), Some(Kind::Head)) {
                len -= 1;
            }
            match cut(len) {
                Some(less) => len = less,
                None => break,
            }
        }
        let last = (at + len).checked_sub(1).and_then(|last| pieces.get(last));
        let size = last
            .zip(pieces.get(at))
            .map_or(0, |(last, first)| last.end.saturating_sub(first.start));
        if len > 0 && size * (all.len() - 1) > MARK * all.len() {
            number += 1;
            for place in all {
                runs.insert(*place, (number, len, place == &at));
            }
        }
        at += len.max(1);
    }
    runs
}

/// About how many letters take as many tokens as a mark.
const MARK: usize = 14;

fn write(told: &str, pieces: &[Piece], runs: &Runs) -> (String, usize) {
    let mut out = String::with_capacity(told.len());
    let (mut from, mut at, mut count) = (0, 0, 0);
    // The numbers of the mark that was written last, where a next number may join it, and where it begins in the output.
    let mut open: Option<(usize, usize, usize)> = None;
    // What stands between the telling of the number before and that of a number, if it is white space; and where the last one ends.
    let mut gaps: HashMap<usize, &str> = HashMap::new();
    let mut told_to = None;
    while let Some(piece) = pieces.get(at) {
        let gap = told.get(from..piece.start).unwrap_or("");
        let before = open.take();
        let mut end = piece.end;
        match (runs.get(&at), &piece.kind) {
            (Some((number, len, first)), _) => {
                let run = pieces.get(at..at + len).unwrap_or_default();
                end = run.last().map_or(end, |last| last.end);
                if *first {
                    if told_to == Some((number - 1, from)) && gap.trim().is_empty() {
                        gaps.insert(*number, gap);
                    }
                    told_to = Some((*number, end));
                    out += &format!("{gap}{{{number}: {}}}", told.get(piece.start..end).unwrap_or(""));
                } else {
                    match before.filter(|(_, last, _)| last + 1 == *number && gaps.get(number) == Some(&gap)) {
                        Some((first, _, start)) => {
                            out.truncate(start);
                            out += &format!("{{{first}-{number}}}");
                            open = Some((first, *number, start));
                        }
                        None => {
                            out += gap;
                            open = Some((*number, *number, out.len()));
                            out += &format!("{{{number}}}");
                        }
                    }
                    count += run.iter().filter(|one| matches!(one.kind, Kind::Sentence)).count();
                }
                at += len - 1;
            }
            (None, Kind::Exact(exact)) if !told.get(piece.start..end).is_none_or(has_braces) => {
                let part = if exact.header { "header" } else { "newest" };
                let numbers = match exact.from == exact.to {
                    true => exact.from.to_string(),
                    false => format!("{}-{}", exact.from, exact.to),
                };
                out += &format!("{gap}{{{part} {numbers}}}");
                count += exact.to + 1 - exact.from;
            }
            (None, _) => {
                out += gap;
                out += told.get(piece.start..end).unwrap_or("");
            }
        }
        (from, at) = (end, at + 1);
    }
    out += told.get(from..).unwrap_or("");
    (out, count)
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
        let mark = after.get(1..).and_then(|inside| inside.split_once('}'));
        let mut this = None;
        let told = mark.and_then(|(inside, _)| match inside.split_once(": ") {
            Some((number, told)) => {
                let number: usize = number.parse().ok()?;
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
        match (told, mark) {
            (Some(told), Some((_, after))) if told.len() <= room => {
                room -= told.len();
                out += &told;
                rest = after;
                last = this;
            }
            _ => {
                last = None;
                out.push('{');
                rest = after.get(1..).unwrap_or("");
            }
        }
    }
    out + rest
}

/// Most bytes that the marks of a text may stand for.
const MOST_TEXT: usize = 256 << 20;

/// `3-5`, or `3` for both.
fn bounds(range: &str) -> Option<(usize, usize)> {
    let (from, to) = range.split_once('-').unwrap_or((range, range));
    let (from, to) = (from.parse().ok()?, to.parse().ok()?);
    (from <= to && to - from < MOST).then_some((from, to))
}
