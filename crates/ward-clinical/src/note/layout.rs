//! The layout of a note: visits, sections, sentences.

mod of_illness;
mod of_patient;

use ward_formats::Span;

use self::{
    of_illness::is_in_list,
    of_patient::{begins_with_patient, is_of_patient, names_relative},
};
use super::{
    allergy, boxes, by_place,
    pack::Pack,
    sections::{self, Place, Standing},
    words::Words,
};
use crate::{fact::Section, when::When};

/// One visit (a dated part of the text), or what stands before the first.
#[derive(Debug, Clone)]
pub(crate) struct Visit {
    /// All of it, head included, in bytes of the text.
    pub(crate) span: Span,
    /// Its date; the place is in bytes of the source.
    pub(crate) when: Option<When>,
}

/// What a block of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sort {
    /// A dated head of a visit.
    VisitHead,
    /// A section head, on its own line or before its text.
    SectionHead,
    /// A sentence or list item.
    Sentence,
}

/// A head or sentence.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Block {
    /// What it is.
    pub(crate) sort: Sort,
    /// Bytes of the text, white space at its ends left off.
    pub(crate) span: Span,
    /// The section it opens or stands in.
    pub(crate) section: Section,
    /// How the head that it stands under turns it.
    pub(crate) standing: Option<Standing>,
    /// Index into [`Layout::visits`].
    pub(crate) visit: usize,
    /// True when it begins a line.
    pub(crate) begins_line: bool,
    /// It is an item of a list with boxes of which one is ticked.
    pub(crate) boxes: bool,
}

impl Block {
    /// Where it stands.
    pub(crate) fn place(&self) -> Place {
        Place {
            section: self.section,
            standing: self.standing,
            boxes: self.boxes,
        }
    }
}

/// The layout of a text.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    /// Visits in text order. The first is what stands before any dated head, perhaps empty.
    pub(crate) visits: Vec<Visit>,
    /// Heads and sentences in text order.
    pub(crate) blocks: Vec<Block>,
}

impl Layout {
    /// The sentence of block `at`, and it with those that follow it on its line.
    pub(crate) fn turn<'a>(&self, text: &'a str, at: usize) -> (&'a str, &'a str) {
        let rest = self.blocks.get(at..).unwrap_or_default();
        let same = |block: &&Block| !block.begins_line && block.sort == Sort::Sentence;
        let last = rest.iter().skip(1).take_while(same).last().or(rest.first());
        rest.first().zip(last).map_or(("", ""), |(first, last)| {
            let part = |end: usize| text.get(first.span.start..end).unwrap_or("");
            (part(first.span.end), part(last.span.end))
        })
    }
}

/// Lays `text` out by a pack. `at` is where it stands in the source.
pub(crate) fn of(text: &str, at: usize, pack: &'static Pack) -> Layout {
    let mut layout = Layout {
        visits: vec![Visit {
            span: Span::new(0, text.len()),
            when: None,
        }],
        blocks: Vec::with_capacity(text.len() / 64),
    };
    let mut state = State {
        section: Section::Header,
        standing: None,
        inline: false,
        headed: false,
        relative: None,
        apart: false,
        aside: false,
        to_come: false,
        listed: 0,
        pack,
    };
    let mut open: Option<Open> = None;
    let mut start = 0;
    while start < text.len() {
        let end = text
            .get(start..)
            .and_then(|rest| rest.find('\n'))
            .map_or(text.len(), |i| start + i);
        let line = text.get(start..end).unwrap_or("").trim_end_matches('\r');
        take_line(text, line, start, at, &mut layout, &mut state, &mut open);
        start = end + 1;
    }
    close(text, &mut open, &mut layout, &mut state);
    if !state.headed {
        // No head at all: there is no header either.
        for block in &mut layout.blocks {
            block.section = Section::Other;
        }
    }
    boxes::mark(text, &mut layout.blocks);
    layout
}

struct State {
    section: Section,
    standing: Option<Standing>,
    /// The section was opened by a head with text on its own line: it ends at a blank line.
    inline: bool,
    headed: bool,
    /// How far in the last line of a family history stands that names a relative: what hangs below it is of the same.
    relative: Option<usize>,
    /// A blank line stands between the sentence before and the next.
    apart: bool,
    /// The line before, in a list of allergies, told something else.
    aside: bool,
    /// The lines before are a head over dates of what is to come, and such dates.
    to_come: bool,
    /// Where the last line of a list of illnesses before the first head ends.
    listed: usize,
    pack: &'static Pack,
}

/// A run of lines that belong together, not yet cut into sentences.
struct Open {
    span: Span,
    section: Section,
    standing: Option<Standing>,
    visit: usize,
    item: bool,
    begins_line: bool,
    last_line_len: usize,
}

fn take_line(
    text: &str,
    line: &str,
    start: usize,
    at: usize,
    layout: &mut Layout,
    state: &mut State,
    open: &mut Option<Open>,
) {
    if line.trim().is_empty() || is_rule(line) {
        close(text, open, layout, state);
        if state.inline {
            (state.section, state.standing, state.inline) = (Section::Other, None, false);
        }
        state.apart = layout.blocks.last().is_some_and(|last| last.sort == Sort::Sentence);
        state.to_come = false;
        return;
    }
    let visit = sections::visit(line, state.pack);
    let goes_on = sections::heads_appointments(line) || state.to_come && visit.is_some();
    let to_come = std::mem::replace(&mut state.to_come, goes_on);
    if let Some(date) = visit.filter(|_| !to_come) {
        state.aside = false;
        close(text, open, layout, state);
        if let Some(last) = layout.visits.last_mut() {
            last.span.end = start;
        }
        let when = When {
            text: line.get(date.start..date.end).unwrap_or("").to_owned(),
            day: Some(date.day),
            span: Some(Span::new(at + start + date.start, at + start + date.end)),
        };
        layout.visits.push(Visit {
            span: Span::new(start, text.len()),
            when: Some(when),
        });
        (state.section, state.standing) = (Section::Other, None);
        (state.inline, state.headed) = (false, true);
        push(
            text,
            layout,
            Sort::VisitHead,
            Span::new(start, start + line.len()),
            Section::Encounters,
            true,
        );
        return;
    }
    if state.aside {
        // The line of something else under allergies is over.
        state.aside = false;
        if state.section == Section::Other && !line.trim_start().starts_with(char::is_lowercase) {
            close(text, open, layout, state);
            state.section = Section::Allergies;
        }
    }
    if state.section == Section::Allergies && allergy::begins_other(line, state.pack) {
        close(text, open, layout, state);
        state.aside = !line.trim_end().ends_with(':') && !state.inline;
        (state.section, state.standing, state.inline) = (Section::Other, None, false);
    }
    if let Some(head) = sections::head(line, state.section, state.pack) {
        close(text, open, layout, state);
        (state.section, state.standing, state.relative) = (head.section, head.standing, None);
        state.apart = false;
        (state.inline, state.headed) = (!head.alone, true);
        push(
            text,
            layout,
            Sort::SectionHead,
            Span::new(start, start + head.len),
            head.section,
            true,
        );
        if let Some(block) = layout.blocks.last_mut() {
            block.standing = head.standing;
        }
        if !head.alone {
            let visit = layout.visits.len() - 1;
            *open = Some(Open {
                span: Span::new(start + head.len, start + line.len()),
                section: head.section,
                standing: head.standing,
                visit,
                item: false,
                begins_line: false,
                last_line_len: line.len(),
            });
        }
        return;
    }
    if state.section == Section::FamilyHistory {
        let waiting = open
            .as_ref()
            .is_some_and(|run| is_wrapped(run, text) || waits(run, text) || ends_label(run, text));
        let hangs = !state.inline && state.relative.is_some_and(|above| indent(line) > above);
        if !waiting && !hangs && is_of_patient(line, state.inline, state.pack) {
            close(text, open, layout, state);
            if state.section == Section::FamilyHistory {
                (state.section, state.standing, state.inline) = (Section::Other, None, false);
            }
        } else if names_relative(line, state.pack) {
            state.relative = Some(indent(line));
        }
    }
    let item = is_item(line);
    if matches!(state.standing, Some(Standing::Found | Standing::Denied))
        && (state.apart && bullet(line) == 0 || !by_place::lists_symptoms(line, bullet(line) > 0, state.pack))
    {
        close(text, open, layout, state);
        state.standing = None;
    }
    state.apart = false;
    if let Some(run) = open.as_mut()
        && !item
        && continues(run, text, line)
        && !begins_allergy(run, text, line, state.pack)
    {
        run.span.end = start + line.len();
        run.last_line_len = line.len();
        return;
    }
    close(text, open, layout, state);
    *open = Some(Open {
        span: Span::new(start, start + line.len()),
        section: state.section,
        standing: state.standing,
        visit: layout.visits.len() - 1,
        item,
        begins_line: true,
        last_line_len: line.len(),
    });
}

/// Whether `line` goes on with the run before it: hard-wrapped prose.
fn continues(run: &Open, text: &str, line: &str) -> bool {
    let before = text.get(run.span.start..run.span.end).unwrap_or("").trim_end();
    let ended = before.ends_with(['.', '!', '?', ':', ';']);
    let first = line.trim_start().chars().next();
    let lower = first.is_some_and(char::is_lowercase);
    let indented = run.item && line.starts_with("  ");
    if ended {
        // A full stop at the end of a wrapped line: the paragraph goes on, the sentence does not.
        return run.last_line_len >= 60 && (!run.item || indented) && !line.contains(": ");
    }
    (lower && run.last_line_len >= 40) || (run.last_line_len >= 60 && (!run.item || indented))
}

/// Whether a run ends with a line that is wrapped in the middle of a sentence.
fn is_wrapped(run: &Open, text: &str) -> bool {
    let words = text.get(run.span.start..run.span.end).unwrap_or("").trim_end();
    run.last_line_len >= 60 && !words.ends_with(['.', '!', '?', ':', ';'])
}

/// Whether a run goes on in its next line, whatever that begins with: a comma, a joining word or an open bracket ends it.
fn waits(run: &Open, text: &str) -> bool {
    let words = text.get(run.span.start..run.span.end).unwrap_or("").trim_end();
    let joins = |last: &str| {
        let word = last.trim_start_matches(|c: char| !c.is_alphanumeric());
        word.len() <= 7 && word.chars().all(char::is_lowercase) && JOINING.contains(&word)
    };
    // A bracket that is never closed holds no more than the next line.
    let last = words.rsplit('\n').next().unwrap_or("");
    let opened = last.matches('(').count() > last.matches(')').count();
    words.ends_with(',') || opened || words.rsplit(char::is_whitespace).next().is_some_and(joins)
}

/// Whether a run is a label with nothing behind it: "Mother:".
fn ends_label(run: &Open, text: &str) -> bool {
    let words = text.get(run.span.start..run.span.end).unwrap_or("").trim_end();
    words.ends_with(':')
}

/// Bytes of white space that a line begins with.
fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// Whether `line` is the next entry of a list of allergies and no part of the run before it: it begins with an agent in a capital, and no
/// comma or joining word waits for it.
fn begins_allergy(run: &Open, text: &str, line: &str, pack: &'static Pack) -> bool {
    run.section == Section::Allergies
        && !waits(run, text)
        && line.trim_start().starts_with(char::is_uppercase)
        && allergy::begins_with_agent(line, pack)
}

/// Words after which a wrapped line goes on, whatever it begins with.
const JOINING: &[&str] = &[
    "and",
    "or",
    "nor",
    "to",
    "the",
    "of",
    "with",
    "from",
    "by",
    "including",
    "like",
    "plus",
    "drug",
    "on",
    "for",
    "took",
    "taking",
    "takes",
    "no",
    "not",
    "a",
    "an",
    "her",
    "his",
    "their",
    "has",
    "had",
    "is",
    "was",
    "at",
    "in",
    "who",
    "then",
    "after",
    "given",
];

/// Cuts the open run into sentences. A head that follows a sentence on its line opens a section there: of an item of a list for
/// the rest of the item, else as a head with text on its own line does.
fn close(text: &str, open: &mut Option<Open>, layout: &mut Layout, state: &mut State) {
    let Some(run) = open.take() else { return };
    let (mut section, mut standing) = (run.section, run.standing);
    let mut begins_line = run.begins_line;
    let words = text.get(run.span.start..run.span.end).unwrap_or("");
    if section == Section::Header && (is_prose(words) || is_in_list(text, run.span, &mut state.listed, state.pack)) {
        section = Section::Other;
    }
    for (n, (start, end)) in sentences(words, state.pack).into_iter().enumerate() {
        let mut span = trim(text, Span::new(run.span.start + start, run.span.start + end));
        let sentence = text.get(span.start..span.end).unwrap_or("");
        if let Some(head) = sections::head_within(sentence, state.pack).filter(|_| n > 0) {
            (section, standing) = (head.section, head.standing);
            if !run.item {
                (state.section, state.standing, state.inline) = (section, standing, true);
            }
            state.headed = true;
            let at = Span::new(span.start, span.start + head.len);
            push(text, layout, Sort::SectionHead, at, section, false);
            if let Some(block) = layout.blocks.last_mut() {
                (block.standing, block.visit) = (standing, run.visit);
            }
            span = trim(text, Span::new(at.end, span.end));
        }
        if span.start == span.end {
            continue;
        }
        let told = text.get(span.start..span.end).unwrap_or("");
        if section == Section::Allergies && n > 0 && allergy::begins_other(told, state.pack) {
            (section, standing) = (Section::Other, None);
            if !run.item {
                (state.section, state.standing, state.inline) = (section, standing, false);
            }
        }
        if section == Section::FamilyHistory && n > 0 && begins_with_patient(&Words::by(told, state.pack)) {
            (section, standing) = (Section::Other, None);
        }
        layout.blocks.push(Block {
            sort: Sort::Sentence,
            span,
            section,
            standing,
            visit: run.visit,
            begins_line,
            boxes: false,
        });
        begins_line = false;
    }
}

fn push(text: &str, layout: &mut Layout, sort: Sort, span: Span, section: Section, begins_line: bool) {
    let visit = layout.visits.len() - 1;
    layout.blocks.push(Block {
        sort,
        span: trim(text, span),
        section,
        standing: None,
        visit,
        begins_line,
        boxes: false,
    });
}

fn trim(text: &str, span: Span) -> Span {
    let part = text.get(span.start..span.end).unwrap_or("");
    let front = part.len() - part.trim_start().len();
    let start = span.start + front;
    Span::new(start, start + part.trim().len())
}

/// A line of dashes, equal signs or the like.
fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.len() >= 3 && line.chars().all(|c| matches!(c, '-' | '=' | '_' | '*' | '~' | '#'))
}

/// Bytes of the bullet or number that `line` begins with, white space included.
pub(crate) fn bullet(line: &str) -> usize {
    let trimmed = line.trim_start();
    let offset = line.len() - trimmed.len();
    let mark = trimmed.chars().next();
    let after = match mark {
        Some(c @ ('-' | '*' | '•' | '·' | '–' | '+' | '◦' | '▪')) => c.len_utf8(),
        Some(c) if c.is_ascii_digit() => {
            let digits = trimmed.bytes().take_while(u8::is_ascii_digit).count();
            match trimmed.as_bytes().get(digits) {
                Some(b'.' | b')') if digits <= 2 => digits + 1,
                _ => return 0,
            }
        }
        _ => return 0,
    };
    let rest = trimmed.get(after..).unwrap_or("");
    if !rest.starts_with([' ', '\t']) && mark.is_some_and(|c| c.is_ascii()) {
        return 0;
    }
    offset + after + (rest.len() - rest.trim_start().len())
}

/// Whether a line is an item of a list, a label with its value, or a turn of a conversation: it goes on with nothing.
pub(crate) fn is_item(line: &str) -> bool {
    bullet(line) > 0 || labelled(line) || turn(line)
}

/// The longest label of a value, in bytes.
const LONGEST_LABEL: usize = 32;

/// `Label: value` with a short label.
pub(crate) fn labelled(line: &str) -> bool {
    let label = line
        .as_bytes()
        .windows(2)
        .take(LONGEST_LABEL + 1)
        .position(|two| two == b": ");
    label
        .and_then(|end| line.get(..end))
        .is_some_and(|label| label.split_whitespace().count() <= 4)
}

/// Small words that stand in the names of places too: "Department of Medicine and the Clinic for Children".
const JOINERS: &[&str] = &[
    "of", "and", "the", "for", "at", "in", "und", "f\u{fc}r", "der", "des", "die", "am", "im",
];

/// Whether a run before the first head tells of a patient and is no title, name, address or value of a label: it begins with an age and a
/// sex in short, or has words that begin in lower case, three of them, after a label five.
fn is_prose(run: &str) -> bool {
    let said = untagged(run.get(bullet(run)..).unwrap_or(run));
    let label = if labelled(said) { said.find(": ") } else { None };
    let lower = said
        .get(label.unwrap_or(0)..)
        .unwrap_or("")
        .split_whitespace()
        .filter(|word| {
            let first = word.chars().find(|c| c.is_alphabetic());
            first.is_some_and(char::is_lowercase) && !JOINERS.contains(word)
        });
    lower.count() >= if label.is_some() { 5 } else { 3 } || begins_with_age(said)
}

/// "58M", "81F": an age and a sex in one word.
fn begins_with_age(said: &str) -> bool {
    let first = said.split_whitespace().next().unwrap_or("");
    let age = first.trim_end_matches(',').strip_suffix(['M', 'F']).unwrap_or("");
    (1..=3).contains(&age.len()) && age.bytes().all(|b| b.is_ascii_digit())
}

/// Whether a line is a turn of a conversation: `[doctor] how are you`, `Patient: fine`.
fn turn(line: &str) -> bool {
    untagged(line).len() < line.trim_start().len()
}

/// What is said in a turn of a conversation: the line without the name of who speaks, or all of it where none stands before it.
pub(crate) fn untagged(line: &str) -> &str {
    let line = line.trim_start();
    let (said, mark) = line.strip_prefix('[').map_or((line, b':'), |rest| (rest, b']'));
    let reach = said.as_bytes().get(..said.len().min(LONGEST_TAG + 1)).unwrap_or(&[]);
    let end = reach.iter().position(|byte| *byte == mark);
    let Some((tag, rest)) = end.and_then(|end| Some((said.get(..end)?, said.get(end + 1..)?))) else {
        return line;
    };
    let tag = tag.to_ascii_lowercase();
    let who = tag.trim_end_matches(|c: char| c.is_ascii_digit() || c == '_' || c == ' ');
    if SPEAKERS.contains(&who) {
        rest.trim_start()
    } else {
        line
    }
}

/// The longest name of who speaks, in bytes.
const LONGEST_TAG: usize = 16;

/// Who speaks in a transcript, lower case.
const SPEAKERS: &[&str] = &[
    "doctor",
    "patient",
    "dr",
    "pt",
    "provider",
    "clinician",
    "physician",
    "nurse",
    "speaker",
    "guest",
    "guest_family",
    "guest_clinician",
    "family",
    "caregiver",
    "mother",
    "father",
    "spouse",
];

/// Whether most lines of a text are turns of a conversation.
pub(crate) fn is_dialogue(text: &str) -> bool {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let (turns, all) = lines.fold((0usize, 0usize), |(turns, all), line| {
        (turns + usize::from(turn(line)), all + 1)
    });
    turns >= 2 && 2 * turns > all
}

/// Sentences of a run as byte ranges. A full stop, question or exclamation mark ends one when white
/// space follows and the next word does not go on in lower case; the end of a line does when the
/// next line begins with a label or bullet. Before a head that opens a section, any of these does, and so does a semicolon.
fn sentences(run: &str, pack: &Pack) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let bytes = run.as_bytes();
    let mut start = bullet(run);
    if start > 0 {
        // The bullet belongs to the sentence after it.
        start = 0;
    }
    let first_text = bullet(run);
    for (i, b) in bytes.iter().enumerate() {
        if !matches!(b, b'.' | b'!' | b'?' | b';') || i < first_text {
            continue;
        }
        let rest = run.get(i + 1..).unwrap_or("");
        let closing = rest.len() - rest.trim_start_matches([')', '"', '\'', '\u{201d}']).len();
        let after = rest.get(closing..).unwrap_or("");
        if !after.starts_with(char::is_whitespace) {
            continue;
        }
        let Some(next) = after.trim_start().chars().next() else {
            continue;
        };
        if sections::head_within(after.trim_start(), pack).is_some() {
            found.push((start, i + 1 + closing));
            start = i + 1 + closing;
            continue;
        }
        if *b == b';' {
            continue;
        }
        // A transcript sets its marks apart by spaces and writes small.
        let apart = i > 0 && bytes.get(i - 1) == Some(&b' ');
        if next.is_lowercase() && !apart {
            continue;
        }
        if *b == b'.' {
            let word_start = run
                .get(..i)
                .unwrap_or("")
                .rfind(|c: char| c.is_whitespace() || c == '(')
                .map_or(0, |w| w + 1);
            let word = run.get(word_start..i).unwrap_or("").to_ascii_lowercase();
            // "T 36.6 C. Lungs clear": after a number it is a unit.
            let before = run.get(..word_start).unwrap_or("").trim_end();
            let degrees =
                matches!(word.as_str(), "c" | "f") && before.ends_with(|c: char| c.is_ascii_digit() || c == '\u{b0}');
            let initial = word.len() == 1 && word.bytes().all(|b| b.is_ascii_alphabetic()) && !degrees;
            // "No. 3" is a number, "No. Any fever?" an answer.
            let answer = word == "no" && !next.is_ascii_digit();
            if (pack.abbreviations.contains(&word.as_str()) && !answer) || initial {
                continue;
            }
            if pack.comma && is_day(&word, after.trim_start()) {
                continue;
            }
        }
        let end = i + 1 + closing;
        found.push((start, end));
        start = end;
    }
    if start < run.len() {
        found.push((start, run.len()));
    }
    found
}

/// Whether the full stop after `word` is that of a day: "3. November", "03.11. Kontrolle".
fn is_day(word: &str, after: &str) -> bool {
    let number = |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    match word.split_once('.') {
        Some((day, month)) => number(day) && number(month),
        None => number(word) && crate::when::month(after).is_some(),
    }
}

#[cfg(test)]
mod tests;
