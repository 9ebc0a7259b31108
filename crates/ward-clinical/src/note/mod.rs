//! Facts and passages of free-text notes.

mod allergy;
mod amount;
pub(crate) mod asked;
mod boxes;
mod by_place;
pub(crate) mod cues;
mod damage;
mod dated;
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
    dated::{date_of, year_after},
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
            place: Some(block.place()),
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
    let mut words = Words::by(sentence, pack);
    boxes::leave_out_no(&mut words);
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
        if fact.kind == FactKind::Problem && by_place::is_denied_by_place(&words, place, from) {
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

/// Whether a sentence begins with a sign in brackets, perhaps behind a label: each of its signs then stands before what it is of.
pub(crate) fn begins_with_sign(sentence: &str) -> bool {
    by_place::signs_lead(&Words::new(sentence))
}

/// A text in which a no is blank whose box is empty beside a yes whose box is ticked: "[x] yes       ". Its other bytes stay where they are.
pub(crate) fn without_empty_no(text: &str) -> Option<String> {
    if !text.contains(['[', '(', '\u{2610}', '\u{25a1}']) {
        return None;
    }
    let mut left = Words::new(text);
    let all = left.tokens.clone();
    boxes::leave_out_no(&mut left);
    let out: Vec<_> = all.iter().filter(|token| !left.tokens.contains(token)).collect();
    let is_out = |at: usize| out.iter().any(|token| (token.start..token.end).contains(&at));
    (!out.is_empty()).then(|| {
        let bytes = text.char_indices().map(|(at, c)| match is_out(at) {
            true => " ".repeat(c.len_utf8()),
            false => c.to_string(),
        });
        bytes.collect()
    })
}

/// Whether a word behind "and" is the verb of a clause of its own, to which no denial before it reaches: "no chest pain and developed syncope".
pub(crate) fn begins_clause(word: &str) -> bool {
    negation::tells(word)
}

/// Whether a complaint that begins at byte `at` of a sentence is absent by where it stands, not by the words around it: in a list under "Denies:", behind a
/// minus, or behind an empty box among ticked ones.
pub(crate) fn is_absent_by_place(sentence: &str, place: Place, at: usize, pack: &'static Pack) -> bool {
    // The words of another language have places of their own.
    let may = place.standing == Some(Standing::Denied) || place.boxes || sentence.contains(['-', ':']);
    if !may || pack.translates() {
        return false;
    }
    let words = Words::by(sentence, pack);
    let Some(from) = words.tokens.iter().position(|token| token.end > at) else {
        return false;
    };
    by_place::is_denied_by_place(&words, place, from) || place.boxes && boxes::is_named_unticked(&words, from)
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

#[cfg(test)]
pub(crate) mod tests;
