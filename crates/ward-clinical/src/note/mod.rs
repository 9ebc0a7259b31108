//! Facts and passages of free-text notes.

mod allergy;
mod amount;
pub(crate) mod asked;
mod boxes;
pub(crate) mod cues;
mod damage;
mod family;
mod history;
pub(crate) mod language;
pub(crate) mod layout;
mod listed;
mod measure;
mod medication;
mod negation;
pub(crate) mod pack;
pub(crate) mod sections;
mod social;
mod taken_when;
mod whose;
pub(crate) mod words;

use std::sync::Arc;

use ward_formats::{Problem, Span};

use self::{
    asked::{Asked, Claimed, Denial},
    layout::{Layout, Sort},
    pack::Pack,
    sections::{Place, Standing},
    words::Words,
};
use crate::{
    fact::{Experiencer, Fact, FactKind, Origin, Passage, Piece, Record, Section},
    when::When,
};

/// Sentences longer than this many bytes are kept as passages and read for no facts.
const LONGEST_SENTENCE: usize = 4 * 1024;

/// The first letter of a word, in capitals or not, as a bit.
pub(crate) fn letter(word: &str) -> u32 {
    let first = word.bytes().next().unwrap_or(0).to_ascii_lowercase();
    match first {
        b'a'..=b'z' => 1 << (first - b'a'),
        _ => 1 << 31,
    }
}

/// Whether a sentence is a signature or notice that says nothing of the patient.
pub(crate) fn is_boilerplate(sentence: &str, pack: &Pack) -> bool {
    let first = sentence.trim_start();
    if first.starts_with(|c: char| c.is_ascii_alphabetic()) && pack.boilerplate_letters & letter(first) == 0 {
        return false;
    }
    // A bullet without a letter may stand before the first word.
    let mut first = first.split_whitespace();
    let [bullet, second] = [(); 2].map(|()| first.next().unwrap_or(""));
    let may_begin = |word: &str, next: &str| {
        let word = word.trim_matches(|c: char| !c.is_alphabetic());
        !word.is_ascii()
            || pack.boilerplate_letters & letter(word) != 0
                && pack.boilerplate_words.iter().any(|(own, then)| {
                    let begins = || next.as_bytes().get(..then.len());
                    word.eq_ignore_ascii_case(own)
                        && (!next.is_ascii()
                            || begins().is_some_and(|begins| begins.eq_ignore_ascii_case(then.as_bytes())))
                })
    };
    let may = may_begin(bullet, second)
        || !bullet.contains(char::is_alphabetic) && may_begin(second, first.next().unwrap_or(""));
    if !may {
        return false;
    }
    let head: String = sentence
        .split_whitespace()
        .take(8)
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase();
    let head = head.get(layout::bullet(&head)..).unwrap_or(&head);
    pack.boilerplate.iter().any(|start| head.starts_with(start))
}

/// Reads a note by a pack. `at` is where `text` stands in the source.
pub(crate) fn read(text: &str, at: usize, pack: &'static Pack) -> Record {
    read_by(text, at, &layout::of(text, at, pack), pack, |sentence, place| {
        facts(sentence, place, pack)
    })
}

/// Reads a note of which the layout is known, by a pack. `sentence` gives what a sentence in a place says, as [`facts`] does.
pub(crate) fn read_by(
    text: &str,
    at: usize,
    layout: &Layout,
    pack: &'static Pack,
    sentence: impl Fn(&str, Place) -> Said,
) -> Record {
    let mut record = Record {
        passages: Vec::with_capacity(layout.blocks.len()),
        ..Record::default()
    };
    // Where days stand as placeholders their numbers are no days of the calendar: a year beside them has no place in their order.
    let holders = text.contains("[DAY_");
    // What the sentence before told, until another speaker contradicts it.
    let mut claimed = Claimed::default();
    // The question that the sentence before asked.
    let mut asked: Option<(Asked, Section)> = None;
    // The sentence before, where it asked for allergies and named none.
    let mut allergies: Option<Piece> = None;
    // The plain no to it, until what comes next shows whether it stands; whether it was asked once more.
    let mut denied: Option<(Fact, bool)> = None;
    // Which list of medicines it is that was opened last.
    let mut at_discharge = None;
    for (number, block) in layout.blocks.iter().enumerate() {
        if block.sort == Sort::SectionHead {
            let head = text.get(block.span.start..block.span.end);
            at_discharge = head
                .filter(|_| block.section == Section::Medications)
                .and_then(sections::at_discharge);
            continue;
        }
        let when = layout.visits.get(block.visit).and_then(|visit| visit.when.clone());
        let Some(part) = text.get(block.span.start..block.span.end) else {
            continue;
        };
        let span = Span::new(at + block.span.start, at + block.span.end);
        let piece = Piece {
            text: Arc::from(part),
            span,
        };
        match block.sort {
            Sort::SectionHead => {}
            Sort::VisitHead => record.facts.push(visit_fact(layout, block.visit, piece.clone(), part)),
            Sort::Sentence if part.len() > LONGEST_SENTENCE => record.problems.push(Problem {
                place: format!("byte {}", span.start),
                what: "a sentence of over 4 KiB was not read for facts",
                broken: false,
            }),
            Sort::Sentence => {
                claimed.next(layout.turn(text, number), block.begins_line, &mut record.facts);
                let mut place = block.place();
                let wanted = allergies.take();
                if wanted.is_some() && allergy::begins_with_agent(part, pack) {
                    place = Place {
                        section: Section::Allergies,
                        standing: None,
                        boxes: false,
                    };
                }
                let mut said = sentence(part, place);
                if let Some((fact, again)) = denied.take() {
                    match asked::denial(part, again, allergy::names_agent(part, pack)) {
                        Denial::Stands => record.facts.push(fact),
                        Denial::Waits => denied = Some((fact, again || asked::is_question(part))),
                        Denial::Falls => {}
                    }
                }
                if let Some(question) = wanted {
                    match asked::plainly(part) {
                        Some(false) => {
                            let fact = Fact {
                                pieces: vec![question, piece.clone()],
                                when: when.clone(),
                                ..allergy::none(place.section)
                            };
                            denied = Some((fact, false));
                        }
                        Some(true) => allergies = Some(question),
                        None => {}
                    }
                }
                if asked::asks_for_allergies(part) && said.facts.is_empty() {
                    allergies = Some(piece.clone());
                }
                for fact in &mut said.facts {
                    let listed = fact.kind == FactKind::Medication && fact.section == Section::Medications;
                    fact.at_discharge = at_discharge.filter(|_| listed);
                    fact.pieces.push(piece.clone());
                    fact.when = match fact.when.take() {
                        Some(own) => Some(When {
                            day: own.day.filter(|_| !(holders && own.is_part_of_day())),
                            span: own
                                .span
                                .map(|own| Span::new(span.start + own.start, span.start + own.end)),
                            ..own
                        }),
                        None => when.clone(),
                    };
                }
                let question = asked.take();
                record
                    .facts
                    .extend(
                        question.map_or_else(Vec::new, |(question, section)| match Asked::is_answered(part) {
                            true => question.answered(part, &piece),
                            false => question.unanswered(section),
                        }),
                    );
                if asked::asks(part, block.section) {
                    asked = Asked::of(part, said.facts).map(|question| (question, block.section));
                } else {
                    record.facts.extend(said.facts);
                }
                if said.unclear {
                    record.problems.push(Problem {
                        place: format!("byte {}", span.start),
                        what: "a number that is not written in full, or that can be read in two ways, was not read",
                        broken: true,
                    });
                }
                if said.damaged {
                    record.problems.push(Problem {
                        place: format!("byte {}", span.start),
                        what: "a word or number that looks misread by a scan (letters for digits, or digits for letters) was not read",
                        broken: true,
                    });
                }
            }
        }
        record.passages.push(Passage {
            text: piece.text.clone(),
            span,
            pieces: vec![piece],
            section: block.section,
            when,
        });
    }
    // What was asked once more and not answered tells nothing.
    record
        .facts
        .extend(denied.filter(|(_, again)| !again).map(|(fact, _)| fact));
    if let Some((question, section)) = asked {
        record.facts.extend(question.unanswered(section));
    }
    record
}

/// What a sentence says, or asks.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Said {
    /// The facts, without pieces; dated where the sentence has a date, by its bytes in the sentence.
    pub(crate) facts: Vec<Fact>,
    /// A number in it can be read in two ways and was not read.
    pub(crate) unclear: bool,
    /// A word or number in it looks damaged and was not read.
    pub(crate) damaged: bool,
}

/// The facts of one sentence, of a question those that it asks about. They hang on its words and its place and on nothing else.
pub(crate) fn facts(sentence: &str, place: Place, pack: &'static Pack) -> Said {
    if sentence.len() > LONGEST_SENTENCE || is_boilerplate(sentence, pack) {
        return Said::default();
    }
    let words = Words::by(sentence, pack);
    let mut scan = Scan {
        section: place.section,
        boxes: place.boxes,
        taken: vec![false; words.len()],
        asks: asked::asks(sentence, place.section),
        words,
        found: Vec::new(),
        unclear: false,
    };
    allergy::find(&mut scan);
    medication::find(&mut scan);
    measure::find(&mut scan);
    history::find(&mut scan);
    negation::find(&mut scan);
    social::demographics(&mut scan);
    let owners: Vec<_> = scan
        .found
        .iter()
        .map(|found| {
            let nobody = whose::of_nobody(&scan, found.from, found.fact.kind);
            (whose::whose(&scan, found.from, found.to), nobody)
        })
        .collect();
    let damaged = damage::is_damaged(&scan);
    let Scan {
        words, found, unclear, ..
    } = scan;
    let mut facts = Vec::with_capacity(found.len());
    for (Found { mut fact, from, to }, (owner, nobody)) in found.into_iter().zip(owners) {
        if place.boxes && boxes::is_unticked(&words, &fact, from) {
            continue;
        }
        if let Some(nobody) = nobody {
            match nobody {
                whose::Nobody::Family(all) => {
                    of_relative(&mut fact, "family");
                    fact.negated = all;
                }
                whose::Nobody::Patient => {
                    if fact.kind == FactKind::Problem {
                        fact.kind = FactKind::Negation;
                    }
                    fact.negated = true;
                }
            }
            fact.status = None;
        } else if let Some(who) = owner {
            of_relative(&mut fact, who);
        }
        if fact.status.is_none() && !fact.negated {
            let told = place.standing.and_then(|standing| standing.status(fact.kind));
            fact.status = told.map(str::to_owned);
        }
        let denied = place.standing == Some(Standing::Denied) && !negation::ends_before(&words, from);
        if fact.kind == FactKind::Problem && (denied || negation::has_minus(&words, from)) {
            (fact.kind, fact.negated) = (FactKind::Negation, true);
        }
        fact.origin = Origin::Note;
        let date = year_after(&words, &fact, to).or_else(|| {
            let date = date_of(&words, &fact, from, to)?;
            Some((date.start, date.end, date.day))
        });
        fact.when = date.map(|(start, end, day)| When {
            text: sentence.get(start..end).unwrap_or("").to_owned(),
            day: Some(day),
            span: Some(Span::new(start, end)),
        });
        facts.push(fact);
    }
    Said {
        facts,
        unclear,
        damaged,
    }
}

/// Makes of a fact what it is when it is told of a relative. What is said of nobody in particular stays as it is.
fn of_relative(fact: &mut Fact, who: &str) {
    match fact.kind {
        FactKind::Allergy if !fact.negated || fact.concept != allergy::NONE_KNOWN => fact.concept += " allergy",
        FactKind::Medication
        | FactKind::Problem
        | FactKind::Procedure
        | FactKind::Immunization
        | FactKind::Lab
        | FactKind::Vital => {}
        _ => return,
    }
    fact.kind = FactKind::FamilyHistory;
    fact.experiencer = Experiencer::Relative(who.to_owned());
}

/// What the finders share: the sentence, the tokens that a fact has used up, the facts so far.
pub(crate) struct Scan<'a> {
    /// The sentence.
    pub(crate) words: Words<'a>,
    /// Where it stands.
    pub(crate) section: Section,
    /// It is an item of a list with boxes of which one is ticked.
    pub(crate) boxes: bool,
    /// Tokens that belong to a fact already.
    pub(crate) taken: Vec<bool>,
    /// The sentence is a question.
    pub(crate) asks: bool,
    /// The facts.
    pub(crate) found: Vec<Found>,
    /// A number can be read in two ways.
    pub(crate) unclear: bool,
}

/// A fact and the tokens that it was read from.
pub(crate) struct Found {
    pub(crate) fact: Fact,
    /// The first token.
    pub(crate) from: usize,
    /// The token after the last.
    pub(crate) to: usize,
}

impl Scan<'_> {
    /// Marks tokens `from..to` as used.
    pub(crate) fn take(&mut self, from: usize, to: usize) {
        for flag in self.taken.iter_mut().take(to).skip(from) {
            *flag = true;
        }
    }

    /// Notes a fact that tokens `from..to` tell.
    pub(crate) fn tell(&mut self, fact: Fact, from: usize, to: usize) {
        self.found.push(Found { fact, from, to });
    }

    /// Whether token `index` is used.
    pub(crate) fn is_taken(&self, index: usize) -> bool {
        self.taken.get(index).copied().unwrap_or(false)
    }

    /// A new fact about tokens `from..to`.
    pub(crate) fn fact(&self, kind: FactKind, from: usize, to: usize) -> Fact {
        Fact::new(kind, squeeze(&self.words.told(from, to)), self.section)
    }

    /// Whether any token of `from..to` is one of `list`.
    pub(crate) fn has(&self, from: usize, to: usize, list: &[&str]) -> bool {
        (from..to).any(|i| self.words.word(i).is_some_and(|w| list.contains(&w)))
    }
}

/// White space runs to single spaces.
pub(crate) fn squeeze(text: &str) -> String {
    let bytes = text.as_bytes();
    // All bytes are looked at, many at a time, which takes less than to stop at the first.
    let pairs = bytes.iter().zip(bytes.get(1..).unwrap_or(&[]));
    let breaks = bytes
        .iter()
        .fold(false, |any, b| any | matches!(b, b'\n' | b'\r' | b'\t'));
    if breaks || pairs.fold(false, |any, (a, b)| any | ((*a == b' ') & (*b == b' '))) {
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    } else {
        text.to_owned()
    }
}

fn visit_fact(layout: &Layout, visit: usize, piece: Piece, line: &str) -> Fact {
    let when = layout.visits.get(visit).and_then(|v| v.when.clone());
    let date = when.as_ref().map_or("", |w| w.text.as_str());
    let rest = line.replacen(date, " ", 1);
    let name: Vec<&str> = rest.split_whitespace().collect();
    let name = name.join(" ");
    let name = name.trim_matches(|c: char| !c.is_alphanumeric() && c != '[' && c != ']');
    let mut fact = Fact::new(
        FactKind::Encounter,
        if name.is_empty() { "visit" } else { name },
        Section::Encounters,
    );
    fact.when = when;
    fact.origin = Origin::Note;
    fact.pieces = vec![piece];
    fact
}

/// Words for what is done within a visit, whose time of day is written beside it.
#[rustfmt::skip]
const BEDSIDE: &[&str] = &[
    "ecg", "ekg", "electrocardiogram", "cxr", "x-ray", "x-rays", "ct", "mri", "ultrasound", "echo", "echocardiogram", "intubation", "paracentesis",
    "thoracentesis", "puncture", "cardioversion", "dialysis", "transfusion", "catheterization",
];

/// Ends of the names of operations.
const OPERATIONS: &[&str] = &["ectomy", "plasty", "ostomy", "replacement", "bypass", "cabg"];

/// The year, or month and year, right after what was done, which ends before token `to`: "appendectomy 1999", "hip replacement (in 03/2020)".
/// Gives its bytes and its first day.
fn year_after(words: &Words<'_>, fact: &Fact, to: usize) -> Option<(usize, usize, i64)> {
    if !matches!(fact.kind, FactKind::Procedure | FactKind::Immunization) {
        return None;
    }
    let passed = |at: &usize| {
        matches!(
            words.any(*at),
            Some("in" | "(" | "," | "-" | "left" | "right" | "bilateral" | "x2" | "x3" | "x4" | "x5")
        )
    };
    let at = to + (to..to + 3).take_while(passed).count();
    let number = |at: usize| {
        (words.sort(at) == Some(words::Sort::Number))
            .then(|| words.slice(at, at + 1).parse::<i32>().ok())
            .flatten()
    };
    let is_year = |at: usize| {
        let ends =
            !matches!(words.any(at + 1), Some("/" | "-" | "%")) && words.sort(at + 1) != Some(words::Sort::Number);
        number(at).filter(|year| (1900..2100).contains(year) && words.slice(at, at + 1).len() == 4 && ends)
    };
    // "ECG 1945 shows": four digits may be the time of day, but for "in" before them, after an operation, and in a history, of what is not done
    // at a bedside.
    let clock = |year: &i32| {
        let history = matches!(fact.section, Section::PastHistory | Section::SurgicalHistory);
        let bedside = (to.saturating_sub(3)..to).any(|i| words.word(i).is_some_and(|word| BEDSIDE.contains(&word)));
        let name = fact.concept.to_lowercase();
        let operation = OPERATIONS.iter().any(|end| name.ends_with(end));
        year % 100 < 60 && words.word(at.wrapping_sub(1)) != Some("in") && !operation && (!history || bedside)
    };
    let (year, month, last) = match is_year(at).filter(|year| !clock(year)) {
        Some(year) => (year, 1, at),
        None if words.any(at + 1) == Some("/") => (is_year(at + 2)?, number(at)?, at + 2),
        None => return None,
    };
    let civil = ward_formats::date::Civil::new(year, u8::try_from(month).ok()?, 1)?;
    let (start, end) = (words.tokens.get(at)?.start, words.tokens.get(last)?.end);
    Some((start, end, i64::from(civil.days())))
}

/// Words behind a value that lead to an earlier one.
const EARLIER: &[&str] = &[
    "from",
    "was",
    "were",
    "baseline",
    "compared",
    "previously",
    "previous",
    "prior",
    "last",
    "versus",
    "vs",
    "today",
    "now",
];

/// Whether the date that begins at `start` is that of an earlier value behind the one that ends before token `to`: "5.9, up from 4.1 on 02/01/2024".
fn is_of_earlier(words: &Words<'_>, fact: &Fact, to: usize, start: usize) -> bool {
    if matches!(fact.kind, FactKind::Lab | FactKind::Vital)
        && (is_in_bracket(words, to, start) || is_recheck(words, to, start))
    {
        return true;
    }
    let between = (to..words.len()).take_while(|at| words.tokens.get(*at).is_some_and(|token| token.end <= start));
    // "Creatinine 2.3 (1.1 on 1/1/2024)": in the bracket stands another value with its date.
    let beside = words.any(to) == Some("(")
        && words.sort(to + 1) == Some(words::Sort::Number)
        && !between.clone().any(|at| words.any(at) == Some(")"));
    let mut rest = between.skip_while(|at| words.word(*at).is_none_or(|word| !EARLIER.contains(&word)));
    let measured = matches!(fact.kind, FactKind::Lab | FactKind::Vital);
    measured && (beside || rest.any(|at| words.sort(at) == Some(words::Sort::Number)))
}

/// The date in the sentence that the fact is dated by: the only one there is, for kinds that have
/// a day of their own. Of several it is the one that stands within the fact, else the one between the same two commas; a date that opens the next
/// part of a series ("on 1/1/2024 K 4.1, on 2/1/2024 K 5.2") is none of what stands before it.
fn date_of<'a>(words: &'a Words<'_>, fact: &Fact, from: usize, to: usize) -> Option<&'a crate::when::Found> {
    let dated = matches!(
        fact.kind,
        FactKind::Lab
            | FactKind::Vital
            | FactKind::Procedure
            | FactKind::Immunization
            | FactKind::Medication
            | FactKind::Problem
    );
    match words.dates.as_slice() {
        [only] if dated => Some(only).filter(|date| !is_of_earlier(words, fact, to, date.start)),
        [_, _, ..] if dated => {
            let (start, end) = (words.tokens.get(from)?.start, words.tokens.get(to.checked_sub(1)?)?.end);
            let measured = matches!(fact.kind, FactKind::Lab | FactKind::Vital);
            // Behind another value it is that one's: "up from 4.1 on 1/1/2024 to 5.9".
            let value_before = |date: &crate::when::Found| {
                let tokens = words
                    .tokens
                    .iter()
                    .skip(from)
                    .take_while(|token| token.start < date.start);
                measured && tokens.into_iter().any(|token| token.sort == words::Sort::Number)
            };
            let within = |date: &&crate::when::Found| start <= date.start && date.end <= end && !value_before(date);
            if let Some(own) = words.dates.iter().find(within) {
                return Some(own);
            }
            // The first date after the fact, else the last before it.
            let in_bracket = |date: &crate::when::Found| measured && is_in_bracket(words, to, date.start);
            let earlier = words
                .dates
                .iter()
                .rev()
                .find(|date| date.end <= start && !in_bracket(date));
            let of_next = |date: &crate::when::Found| opens_part(words, to, date, measured, earlier.is_some());
            let mut later = words
                .dates
                .iter()
                .filter(|date| date.start >= end)
                .take_while(|date| !of_next(date));
            later
                .find(|date| !is_of_earlier(words, fact, to, date.start))
                .or(earlier)
        }
        _ => None,
    }
}

/// Whether the date that begins at `start` stands with a value of its own in a bracket beside the value that ends before token `to`: "8.2 (7.9 on
/// 03/01/2024), K 5.9", "80 kg (04/01/2024: 85 kg)".
fn is_in_bracket(words: &Words<'_>, to: usize, start: usize) -> bool {
    let Some(date) = words.tokens.iter().position(|token| token.start >= start) else {
        return false;
    };
    let open = (0..date)
        .rev()
        .take_while(|at| words.any(*at) != Some(")"))
        .find(|at| words.any(*at) == Some("("));
    let close = (date..words.len()).find(|at| words.any(*at) == Some(")"));
    let Some((open, close)) = open.zip(close) else {
        return false;
    };
    let value = |at: usize| words.sort(at) == Some(words::Sort::Number);
    let labelled = words.any(date + 1) == Some(":") && value(date + 2);
    let valued = value(open + 1) && open + 1 < date;
    (to <= open || close < to) && (labelled || valued)
}

/// Whether the date that begins at `start`, behind the value that ends before token `to`, is that of a test to come: "INR 2.5, recheck 03/20/2024".
fn is_recheck(words: &Words<'_>, to: usize, start: usize) -> bool {
    let date = words.tokens.iter().position(|token| token.start >= start);
    let recheck = date.map(|date| match words.word(date.saturating_sub(1)) {
        Some("on" | "by") => date.saturating_sub(2),
        _ => date.saturating_sub(1),
    });
    recheck.is_some_and(|at| {
        at > to.saturating_sub(1)
            && words.word(at) == Some("recheck")
            && at
                .checked_sub(1)
                .is_some_and(|mark| matches!(words.any(mark), Some("," | ";" | "." | "-")))
    })
}

/// Whether `date`, which stands behind a fact that ends before token `to`, opens the next part of a series: behind a comma, a semicolon or "and",
/// with what it dates behind it. That is a number for what is `measured`; a word does where the fact has an `earlier` date.
fn opens_part(words: &Words<'_>, to: usize, date: &crate::when::Found, measured: bool, earlier: bool) -> bool {
    let parts = |at: usize| matches!(words.any(at), Some("," | ";" | "and" | "then" | "."));
    let leads = |at: usize| matches!(words.any(at), Some("on" | "in" | "(" | "[" | "by"));
    let ends = |at: usize| words.tokens.get(at).is_some_and(|token| token.end <= date.start);
    let before = (to..words.len())
        .take_while(|at| ends(*at))
        .filter(|at| !leads(*at))
        .last();
    let after = (to..words.len()).skip_while(|at| words.tokens.get(*at).is_some_and(|token| token.start < date.end));
    let mut rest = after
        .skip_while(|at| matches!(words.any(*at), Some(")" | "]" | ":" | "-")))
        .take_while(|at| !parts(*at));
    before.is_some_and(parts)
        && match measured {
            true => rest.any(|at| words.sort(at) == Some(words::Sort::Number)),
            false => {
                earlier
                    && rest
                        .next()
                        .is_some_and(|at| words.sort(at) == Some(words::Sort::Word) && !is_aside(words, at))
            }
        }
}

/// Whether token `at` leads on from a date to where or why: "on 2/1/2024 at County".
fn is_aside(words: &Words<'_>, at: usize) -> bool {
    matches!(
        words.word(at),
        Some("at" | "in" | "by" | "with" | "for" | "to" | "per" | "from" | "after" | "due")
    )
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::fact::Experiencer;

    /// Facts of a text as short lines, for comparison.
    pub(crate) fn lines(text: &str) -> Vec<String> {
        read(text, 0, pack::of(text)).facts.iter().map(line).collect()
    }

    pub(crate) fn line(fact: &Fact) -> String {
        let mut line = format!("{}: {}", fact.kind.word(), fact.concept);
        if let Some(value) = &fact.value {
            line += &format!(" = {value}");
        }
        for (key, value) in fact.attributes() {
            line += &format!("; {key} {value}");
        }
        line
    }

    #[test]
    fn each_of_several_dates_is_of_what_stands_beside_it() {
        let check = |text: &str, expect: &[&str]| {
            let record = read(text, 0, pack::pack(language::Language::English));
            let told: Vec<String> = record
                .facts
                .iter()
                .map(|fact| {
                    let value = fact.value.as_deref().unwrap_or(&fact.concept);
                    format!("{value} {}", fact.when.as_ref().map_or("", |when| &when.text))
                })
                .collect();
            assert_eq!(told, expect, "{text}");
        };
        check("Creatinine (1/1/2024) 1.1, (2/1/2024) 2.3", &["1.1 1/1/2024"]);
        check("Creatinine 1.1 (1/1/2024), 2.3 (2/1/2024)", &["1.1 1/1/2024"]);
        check(
            "1/1/2024 WBC 12.1, 2/1/2024 WBC 9.1",
            &["12.1 1/1/2024", "9.1 2/1/2024"],
        );
        check(
            "WBC 12.1 1/1/2024, Hgb 9.1 2/1/2024",
            &["12.1 1/1/2024", "9.1 2/1/2024"],
        );
        check(
            "WBC 12.1, 1/1/2024; Hgb 9.1, 2/1/2024",
            &["12.1 1/1/2024", "9.1 2/1/2024"],
        );
        check(
            "On 1/1/2024 Na 140, K 4.1; on 2/1/2024 Na 138, K 5.5; on 3/1/2024 Na 137.",
            &[
                "140 1/1/2024",
                "4.1 1/1/2024",
                "138 2/1/2024",
                "5.5 2/1/2024",
                "137 3/1/2024",
            ],
        );
        check("Hgb went from 12.1 on 5/1/2024 to 9.1 on 5/5/2024.", &["9.1 5/5/2024"]);
        check("A1c 7.9 on 1/1/2024, down from 8.3 on 6/1/2023", &["7.9 1/1/2024"]);
        check(
            "On 1/1/2020 appendectomy, on 2/1/2021 cholecystectomy",
            &["appendectomy 1/1/2020", "cholecystectomy 2/1/2021"],
        );
        check(
            "Appendectomy 1/1/2020, cholecystectomy 2/1/2021",
            &["Appendectomy 1/1/2020", "cholecystectomy 2/1/2021"],
        );
        // A month and a day before the value are none.
        check("WBC (3/2) 12.1", &["12.1 "]);
        check("WBC 3/2: 12.1", &["12.1 "]);
        check("Pain 3/10 at rest", &["3/10 "]);
        check("BP 120/80 HR 70", &["120/80 ", "70 "]);
    }

    #[test]
    fn heads_over_symptoms_and_boxes_tell_which_are_there() {
        let check = |text: &str, expect: &[&str]| assert_eq!(lines(text), expect, "{text}");
        let (no_fever, no_chills) = ("negation: fever; absent yes", "negation: chills; absent yes");
        check(
            "ROS\nPositive:\n- cough\nNegative:\n- fever\n- chills\n\nRash on the arm.\n",
            &["problem: cough", no_fever, no_chills, "problem: Rash"],
        );
        check(
            "Negative:\n\nfever\nShe reports cough.\nPositive for:\nrash\n",
            &[no_fever, "problem: cough", "problem: rash"],
        );
        check(
            "Denies:\n- fever\n\n- chills\n\nRash today.\n",
            &[no_fever, no_chills, "problem: Rash"],
        );
        check(
            "Denies:\nfever.\nShe was seen here. Cough since then.\n",
            &[no_fever, "problem: Cough"],
        );
        check("Denies:\nfever\nPMH: asthma\n", &[no_fever, "problem: asthma"]);
        check("Denies: fever, chills", &[no_fever, no_chills]);
        check("Negative: fever", &[no_fever]);
        check("Pertinent negatives: fever and chills.", &[no_fever, no_chills]);
        check("Pertinent positives: cough.", &["problem: cough"]);
        check("Rapid flu negative: has fever", &["problem: fever"]);
        // What is more than symptoms ends them, and so does a number.
        let asthma = "problem: asthma";
        for (line, more) in [
            ("Asthma on albuterol.", "problem: Asthma"),
            ("Chest pain for 2 hours.", "problem: Chest pain"),
            ("1. Pneumonia", "problem: Pneumonia"),
            ("Likely pneumonia.", "problem: pneumonia; status suspected"),
            ("Lungs: wheezing.", "problem: wheezing"),
        ] {
            let told = lines(&format!("Denies:\nfever, chills\n{line}\n"));
            assert_eq!(
                told.iter()
                    .filter(|told| !told.starts_with("medication"))
                    .collect::<Vec<_>>(),
                [no_fever, no_chills, more],
                "{line}"
            );
        }
        check("Denies:\n- fever or chills\n- asthma\n", &[no_fever, no_chills, asthma]);
        // An item of the list may say more of its symptom.
        check(
            "Denies:\n- fever\n- shortness of breath on exertion\n- chills\n",
            &[no_fever, "negation: shortness of breath; absent yes", no_chills],
        );
        check("Cough (dry), fever [high]", &["problem: Cough", "problem: fever"]);
        // A plus and a minus.
        check(
            "ROS: + fever - cough",
            &["problem: fever", "negation: cough; absent yes"],
        );
        check(
            "(-) cough, chills (+) fever",
            &["negation: cough; absent yes", no_chills, "problem: fever"],
        );
        check("(+) cough (-) fever", &["problem: cough", no_fever]);
        check(
            "Cough (-) fever (+)",
            &["negation: Cough; absent yes", "problem: fever"],
        );
        check("- cough\n- fever\n", &["problem: cough", "problem: fever"]);
        check(
            "Fever + cough - chills for 3 days",
            &["problem: Fever", "problem: cough", "problem: chills"],
        );
        check("+ fever - 3 days, cough", &["problem: fever", "problem: cough"]);
    }

    #[test]
    fn values_in_brackets_and_tests_to_come_date_no_other_value() {
        let check = |text: &str, expect: &[&str]| {
            let text = format!("Visit date: 03/05/2024\n{text}\n");
            let record = read(&text, 0, pack::pack(language::Language::English));
            let told = record.facts.iter().skip(1).map(|fact| {
                let value = fact.value.as_deref().unwrap_or(&fact.concept);
                format!("{value} {}", fact.when.as_ref().map_or("", |when| &when.text))
            });
            assert_eq!(told.collect::<Vec<_>>(), expect, "{text}");
        };
        check(
            "Hgb 8.2 (7.9 on 03/01/2024), K 5.9.",
            &["8.2 03/05/2024", "5.9 03/05/2024"],
        );
        check("INR 2.5, recheck 03/20/2024.", &["2.5 03/05/2024"]);
        check("Weight 80 kg (04/01/2023: 85 kg)", &["80 03/05/2024"]);
        check(
            "Drawn (03/01/2024): K 5.9, Na 139.",
            &["5.9 03/01/2024", "139 03/01/2024"],
        );
        check("K 5.9, Na 139 (03/01/2024)", &["5.9 03/01/2024", "139 03/01/2024"]);
        check("INR 2.5 on recheck 03/02/2024.", &["2.5 03/02/2024"]);
        check("Weight 80 kg (04/01/2023)", &["80 04/01/2023"]);
        check("K 5.9 on 03/01/2024, Na 139.", &["5.9 03/01/2024", "139 03/01/2024"]);
    }

    #[test]
    fn what_was_done_is_dated_by_the_year_beside_it() {
        let dated = |text: &str| -> Vec<(String, String, Option<i64>)> {
            let record = read(text, 0, pack::pack(language::Language::English));
            let facts = record.facts.into_iter().filter(|fact| fact.kind != FactKind::Encounter);
            facts
                .map(|fact| {
                    let when = fact.when.unwrap();
                    (fact.concept, when.iso().text, when.day)
                })
                .collect()
        };
        let text = "Visit 2024-06-05\nPSH: appendectomy 1999, R hip replacement (03/2020), cholecystectomy\n";
        let found = dated(text);
        let all: Vec<(&str, &str)> = found
            .iter()
            .map(|(name, day, _)| (name.as_str(), day.as_str()))
            .collect();
        assert_eq!(
            all,
            [
                ("appendectomy", "1999"),
                ("hip replacement", "2020-03"),
                ("cholecystectomy", "2024-06-05")
            ]
        );
        // Beside placeholders a year has no place in the order of days.
        let held = dated(&text.replace("2024-06-05", "[DAY_4812TR]"));
        assert_eq!(
            held.iter().map(|(.., day)| *day).collect::<Vec<_>>(),
            [None, None, Some(4812)]
        );
        // Four digits after a test in the course of a day are its time.
        let course = "ED NOTE 2026-03-03\nCOURSE: 1930 arrived. ECG 1945 shows sinus tachycardia. CXR 2010 clear. Colonoscopy in 2015.\n";
        let days: Vec<String> = dated(course)
            .into_iter()
            .filter(|(name, ..)| matches!(name.as_str(), "ECG" | "CXR" | "Colonoscopy"))
            .map(|(_, day, _)| day)
            .collect();
        assert_eq!(days, ["2026-03-03", "2026-03-03", "2015"]);
        let operations = dated("Visit 2024-06-05\nHPI: S/p CABG x4 in 2015. Left mastectomy 2012.\n");
        let days: Vec<&str> = operations.iter().map(|(_, day, _)| day.as_str()).collect();
        assert_eq!(days, ["2015", "2012"]);
    }

    #[test]
    fn the_date_of_an_earlier_value_is_not_that_of_the_later() {
        for (line, day) in [
            ("Potassium 5.9, up from 4.1 on 02/01/2024.", "03/04/2024"),
            ("Hgb 9.1 (was 10.2 on 1/5/2024).", "03/04/2024"),
            ("Creatinine 1.8 mg/dL (baseline 1.1 on 02/01/2024).", "03/04/2024"),
            ("BP 150/90, previously 128/76 on 02/01/2024.", "03/04/2024"),
            ("Creatinine 2.3 (1.1 on 1/1/2024).", "03/04/2024"),
            ("BNP 900, was 400 on 1/1/2024, 250 on 10/1/2023.", "03/04/2024"),
            ("Potassium (02/01/2024) 5.9, up from 4.1 (01/01/2024).", "02/01/2024"),
            ("On 02/01/2024 potassium 5.9, up from 4.1 on 01/01/2024.", "02/01/2024"),
            // What is no earlier value takes the date with it.
            ("Creatinine 2.3 (high on 02/01/2024).", "02/01/2024"),
            ("Creatinine 2.3 (0.6-1.2) on 02/01/2024.", "02/01/2024"),
            ("Creatinine 1.8 mg/dL (0.6-1.2) on 02/01/2024.", "02/01/2024"),
            ("Creatinine was 1.8 on 02/01/2024.", "02/01/2024"),
            ("Creatinine 1.8, was drawn on 02/01/2024.", "02/01/2024"),
            ("Sodium 138, potassium 4.1 on 02/01/2024.", "02/01/2024"),
            ("Creatinine 1.8 today, 03/05/2024.", "03/05/2024"),
        ] {
            let note = format!("Visit date: 03/04/2024\nLabs: {line}\n");
            let facts = read(&note, 0, pack::of(&note)).facts;
            let values = facts
                .iter()
                .filter(|fact| matches!(fact.kind, FactKind::Lab | FactKind::Vital));
            let days: Vec<&str> = values
                .filter_map(|fact| Some(fact.when.as_ref()?.text.as_str()))
                .collect();
            assert!(
                !days.is_empty() && days.iter().all(|found| *found == day),
                "{line}: {days:?}"
            );
        }
    }

    #[test]
    fn dates_facts_by_sentence_or_visit() {
        let record = read(
            "Visit 2023-01-02\nRESULTS\nA1c 7.9 on 2022-12-30. Glucose 110.\n",
            10,
            pack::pack(language::Language::English),
        );
        let dates: Vec<_> = record
            .facts
            .iter()
            .map(|f| (f.concept.as_str(), f.when.as_ref().unwrap().text.as_str()))
            .collect();
        assert_eq!(
            dates,
            [
                ("Visit", "2023-01-02"),
                ("A1c", "2022-12-30"),
                ("Glucose", "2023-01-02")
            ]
        );
        let piece = &record.facts[1].pieces[0];
        assert_eq!(
            (&*piece.text, piece.span),
            ("A1c 7.9 on 2022-12-30.", Span::new(35, 57))
        );
        assert_eq!(record.facts[0].experiencer, Experiencer::Patient);
    }
}
