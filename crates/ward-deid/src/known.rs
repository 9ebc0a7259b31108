//! What the record itself says of the people in it: values to look for everywhere.

use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;

use ward_formats::date::Civil;
use ward_formats::{Doc, Document, Role};
use zeroize::Zeroizing;

use crate::dispatch::{self, recognise};
use crate::find::{Hit, SURE, window};
use crate::hidden::Hidden;
use crate::lex::Scan;
use crate::question::Questions;
use crate::seeded::Seeded;
use crate::{Class, dates, identifier};

use self::days::Days;
use self::lengths::Lengths;
pub(crate) use self::mark::BROKEN;
use self::person::Person;
use self::phrases::Phrases;
use self::reads::Reads;

mod days;
mod disguise;
mod guard;
mod lengths;
mod mark;
mod names;
mod person;
mod phrases;
mod reads;
mod spellings;
mod values;
mod words;

/// The recognisers that find names after a sign that makes a name of any word.
const NAMING: &[&str] = &["honorific", "name-label", "table-column", "keyed-value", "hl7-line"];

/// Longest identifier in letters and digits.
const MAX_IDENTIFIER: usize = 64;

/// Values of a record that identify its people: names, addresses, numbers, dates of birth.
///
/// Built from the structured fields (FHIR HumanName, HL7 PID, ..), from header lines of notes and
/// from what the recognisers are sure of in free text. Matching is by whole words in one pass over
/// the text, whatever the case, accents, hyphens or white space; words that are also ordinary
/// English ("May", "Will", "Reading") need a capital letter or a sign of a name beside them.
///
/// Values cannot be printed and are wiped when it is dropped. `Default` knows nothing.
#[derive(Default)]
pub struct Known {
    phrases: Phrases,
    /// A value that is no name has the words of one.
    shadowed: bool,
    /// What was learnt already, hashed under a random key.
    learnt: HashSet<u64, Seeded>,
    learning: Seeded,
    /// Texts that were read to learn from.
    reads: Reads,
    /// Identifiers: letters and digits in upper case.
    identifiers: HashMap<Hidden, Class, Seeded>,
    /// Days of birth and death, since 1970.
    births: Days,
    /// Which words and identifiers cannot be among them.
    lengths: Lengths,
    /// Folded long names, in which one letter may be wrong.
    long: Vec<Hidden>,
    /// Skeletons of names: see [`spellings::push_skeleton`].
    skeletons: HashSet<Hidden, Seeded>,
    /// Folded initials of people, of two letters and of three.
    initials: HashSet<Hidden, Seeded>,
    /// The last four digits of long numbers.
    endings: HashMap<Hidden, Class, Seeded>,
    /// Given and family names of people, as fields, labels and titles give them.
    people: Vec<Hidden>,
    /// Folded given names of people, as fields, labels and titles give them.
    given: HashSet<Hidden, Seeded>,
    /// A spelling that is being put together.
    spelling: Zeroizing<String>,
    /// What is learnt now is given as a name, in a field, after a label or after a title.
    named: bool,
}

/// Tells whole names from phrases among what was learnt.
const WHOLE: &str = "whole name";

impl Known {
    /// What the documents of one record say about its people.
    #[must_use]
    pub fn from_documents<'a>(docs: impl IntoIterator<Item = &'a Doc>) -> Known {
        let mut known = Known::default();
        for doc in docs {
            let mut person = Person::default();
            let kinds = identifier::Kinds::of(doc);
            known.named = true;
            for (index, field) in doc.fields().iter().enumerate() {
                let text = field.text.as_str();
                match field.role {
                    Role::Name(_) => person.add(&mut known, &doc.place(index), text),
                    Role::Facility => known.learn(Class::Facility, text),
                    Role::Address(_) => known.learn(Class::Place, text),
                    Role::Contact(_) => known.learn(Class::Phone, text),
                    Role::Identifier(_) => known.learn(kinds.class(doc, index), text),
                    Role::BirthDate => known.learn(Class::Birth, text),
                    Role::Text | Role::Narrative | Role::Unknown => known.read(text),
                    Role::Region | Role::Date | Role::Binary | Role::Code | Role::Value => {}
                }
            }
            person.close(&mut known);
            Questions::of(doc).teach(doc, &mut known);
        }
        known
    }

    /// The people whom fields, labels and titles name, each by given and family name.
    pub(crate) fn people(&self) -> impl Iterator<Item = &str> {
        self.people.iter().map(Hidden::expose)
    }

    /// The given names of these people, folded.
    pub(crate) fn given(&self) -> impl Iterator<Item = &Hidden> {
        self.given.iter()
    }

    /// True when there is nothing to look for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.phrases.len() == 0 && self.identifiers.is_empty() && self.births.is_empty()
    }

    /// How many values there are to look for.
    pub(crate) fn size(&self) -> usize {
        self.phrases.len()
    }

    /// Learns what the recognisers are sure of in free text.
    fn read(&mut self, text: &str) {
        let mut from = 0;
        let mut seen: HashSet<_, Seeded> = HashSet::default();
        while from < text.len() {
            let scan = Scan::new(window(text, from));
            let hits = recognise(&scan, &dispatch::ALL);
            for hit in hits.iter().filter(|hit| hit.score >= SURE) {
                let value = scan.slice(hit.span.start, hit.span.end);
                if !seen.insert((hit.class, value)) {
                    continue;
                }
                match hit.class {
                    // A single word after "City:" or before "Clinic" teaches too little.
                    Class::Place | Class::Facility if !value.contains(' ') => {}
                    Class::Day | Class::Text | Class::File | Class::Age | Class::Url | Class::Email | Class::Ip => {}
                    class => self.learn_from(hit.rule, class, value),
                }
            }
            from += scan.text.len();
            self.reads.keep(scan, hits);
        }
    }

    /// What the recognisers said of `text` when it was learnt from; given once.
    pub(crate) fn reading<'t>(&self, text: &'t str) -> Option<(Scan<'t>, Vec<Hit>)> {
        self.reads.take(text)
    }

    /// True when all that the name `value`, found by `rule`, teaches is known.
    pub(crate) fn knows_name(&self, rule: &str, value: &str) -> bool {
        let knows = |named: bool| self.learnt.contains(&self.learning.hash_one((WHOLE, named, value)));
        !self.shadowed && !self.learnt.is_empty() && (knows(true) || !NAMING.contains(&rule) && knows(false))
    }

    /// Learns one whole value that the caller's own structure gives as a `class`: a cell of a CSV
    /// column, the value of a DICOM attribute (`SMITH^JOHN`). It is looked for in every spelling, as a
    /// value of a field is. Days, ages, files and other text are not looked for.
    pub fn learn_value(&mut self, class: Class, value: &str) {
        let before = std::mem::replace(&mut self.named, true);
        match class {
            Class::Day | Class::Age | Class::File | Class::Text => {}
            Class::Email | Class::Url | Class::Ip => self.phrase(value, class),
            class => self.learn(class, value),
        }
        self.named = before;
    }

    /// Learns one value that a recogniser found.
    pub(crate) fn learn_from(&mut self, rule: &str, class: Class, value: &str) {
        let before = std::mem::replace(&mut self.named, NAMING.contains(&rule));
        self.learn(class, value);
        self.named = before;
    }

    /// Learns one value.
    pub(crate) fn learn(&mut self, class: Class, value: &str) {
        let value = value.trim();
        match class {
            Class::Name => self.learn_name(value),
            Class::Facility => self.phrase(value, class),
            Class::Place => self.learn_place(value),
            Class::Birth => {
                if let Some(day) = dates::whole(value) {
                    self.births.insert(day);
                }
            }
            Class::Phone => self.learn_phone(value),
            _ => self.identifier(value, class),
        }
    }

    /// Words to be found together.
    fn phrase(&mut self, value: &str, class: Class) {
        if self.learnt.insert(self.learning.hash_one((class, self.named, value))) {
            self.shadowed |= self.phrases.add(value, class, self.named, &mut self.lengths);
        }
    }

    /// A short form that nobody lists, to be found where people are called by it.
    fn short(&mut self, value: &str) {
        if self.learnt.insert(self.learning.hash_one(("short form", value))) {
            self.phrases.add_short(value, &mut self.lengths);
        }
    }

    /// True when `day` is a date of birth or death in this record.
    pub(crate) fn is_birth(&self, day: Option<Civil>) -> bool {
        day.is_some_and(|day| self.births.has(day))
    }
}

#[cfg(test)]
mod tests;
