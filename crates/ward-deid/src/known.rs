//! What the record itself says of the people in it: values to look for everywhere.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};

use ward_formats::date::{Civil, Precision};
use ward_formats::{Doc, Document, Role};
use zeroize::Zeroize;

use crate::dispatch::{self, recognise};
use crate::find::{Hit, SURE, window};
use crate::hidden::Hidden;
use crate::lex::Scan;
use crate::question::Questions;
use crate::{Class, dates, fold, lexicon};

use self::guard::{Guard, guard};
pub(crate) use self::mark::BROKEN;
use self::person::{Person, name_words};
use self::reads::Reads;
use self::words::{Seeded, Words};

mod disguise;
mod guard;
mod mark;
mod person;
mod reads;
mod spellings;
mod words;

/// The recognisers that find names after a sign that makes a name of any word.
const NAMING: &[&str] = &["honorific", "name-label", "table-column", "keyed-value", "hl7-line"];

/// Longest phrase in words.
const MAX_WORDS: usize = 12;

/// Family and given names that are combined with each other. More are found one by one.
const MAX_PARTS: usize = 6;

/// Least length of a name in which one letter may be wrong, and most of such names: each is compared with every word that
/// could be it.
const LONG_NAME: usize = 6;
const MOST_LONG: usize = 64;

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
    /// Words to their numbers, from 1.
    words: Words,
    /// Of each word by number, the node that leads to from the root; 0 is none.
    first: Vec<u32>,
    /// (node, word) to node, but for the root.
    edges: HashMap<(u32, u32), u32, Seeded>,
    /// What ends at each node.
    ends: Vec<Option<End>>,
    /// How many nodes something ends at.
    values: usize,
    /// A value that is no name has the words of one.
    shadowed: bool,
    /// What was learnt already, hashed under a random key.
    learnt: HashSet<u64, Seeded>,
    learning: RandomState,
    /// Texts that were read to learn from.
    reads: Reads,
    /// Identifiers: letters and digits in upper case.
    identifiers: HashMap<Hidden, Class>,
    /// Days of birth and death, since 1970.
    births: Days,
    /// Which words and identifiers cannot be among them.
    lengths: Lengths,
    nodes: u32,
    /// Folded long names, in which one letter may be wrong.
    long: Vec<Hidden>,
    /// Skeletons of names: see [`spellings::push_skeleton`].
    skeletons: HashSet<Hidden>,
    /// Folded initials of people, of two letters and of three.
    initials: HashSet<Hidden>,
    /// The last four digits of long numbers.
    endings: HashMap<Hidden, Class>,
    /// What is learnt now is given as a name, in a field, after a label or after a title.
    named: bool,
}

/// For each pair of first bytes of a folded word, mixed, the lengths that occur (bit 31: 31 and more).
struct Lengths([u32; 256]);

impl Lengths {
    fn slot(word: &[u8]) -> usize {
        let byte = |at: usize| usize::from(word.get(at).map_or(0, u8::to_ascii_lowercase));
        (byte(0) + 31 * byte(1)) % 256
    }

    fn note(&mut self, folded: &[u8]) {
        if let Some(slot) = self.0.get_mut(Self::slot(folded)) {
            *slot |= 1 << folded.len().min(31);
        }
    }

    /// False when no ASCII word like this one was noted.
    fn has(&self, word: &[u8]) -> bool {
        self.has_of(word, word.len())
    }

    /// False when no ASCII word of this length that begins as `word` does was noted.
    fn has_of(&self, word: &[u8], length: usize) -> bool {
        let lengths = self.0.get(Self::slot(word)).copied().unwrap_or(0);
        lengths & (1 << length.min(31)) != 0
    }
}

/// Days since 1970, ascending; wiped when dropped.
#[derive(Default)]
struct Days(Vec<i32>);

impl Days {
    fn insert(&mut self, day: i32) {
        if let Err(at) = self.0.binary_search(&day) {
            self.0.insert(at, day);
        }
    }
}

impl Drop for Days {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl Default for Lengths {
    fn default() -> Self {
        Self([0; 256])
    }
}

/// Tells whole names from phrases among what was learnt.
const WHOLE: &str = "whole name";

#[derive(Clone, Copy)]
struct End {
    class: Class,
    guard: Guard,
}

impl Known {
    /// What the documents of one record say about its people.
    #[must_use]
    pub fn from_documents<'a>(docs: impl IntoIterator<Item = &'a Doc>) -> Known {
        let mut known = Known::default();
        for doc in docs {
            let mut person = Person::default();
            known.named = true;
            for (index, field) in doc.fields().iter().enumerate() {
                let text = field.text.as_str();
                match field.role {
                    Role::Name(_) => person.add(&mut known, &doc.place(index), text),
                    Role::Facility => known.learn(Class::Facility, text),
                    Role::Address(_) => known.learn(Class::Place, text),
                    Role::Contact(_) => known.learn(Class::Phone, text),
                    Role::Identifier(_) => known.learn(Class::Id, text),
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

    /// True when there is nothing to look for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values == 0 && self.identifiers.is_empty() && self.births.0.is_empty()
    }

    /// How many values there are to look for.
    pub(crate) fn size(&self) -> usize {
        self.values
    }

    /// Learns what the recognisers are sure of in free text.
    fn read(&mut self, text: &str) {
        let mut from = 0;
        let mut seen = HashSet::new();
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
                if let Some(day) = dates::whole(value).filter(|day| day.precision == Precision::Day) {
                    self.births.insert(day.days());
                }
            }
            Class::Phone => self.learn_phone(value),
            _ => self.identifier(value, class),
        }
    }

    /// A whole name in one string: "Jane Q. Doe", "DOE, JANE", "DOE^JANE^Q".
    fn learn_name(&mut self, value: &str) {
        if !self.learnt.insert(self.learning.hash_one((WHOLE, self.named, value))) {
            return;
        }
        // DICOM writes a name in up to three scripts, with "=" between them.
        if value.contains(['^', '=']) {
            for group in value.split('=') {
                let mut parts = group.split('^');
                let family = name_words(parts.next().unwrap_or_default());
                let given: Vec<&str> = parts.take(2).flat_map(name_words).collect();
                self.person(&family, &given);
                if family.len() > 1 {
                    self.phrase(&family.join(" "), Class::Name);
                }
            }
            return;
        }
        let words: Vec<String> = name_words(value).into_iter().map(str::to_owned).collect();
        let long: Vec<&str> = words
            .iter()
            .map(String::as_str)
            .filter(|w| w.chars().count() > 1)
            .collect();
        let (family, given): (Vec<&str>, Vec<&str>) = match (value.split_once(','), long.split_last()) {
            (Some((family, given)), _) => (name_words(family), name_words(given)),
            (None, Some((family, given))) => (vec![*family], given.to_vec()),
            (None, None) => return,
        };
        self.phrase(value, Class::Name);
        self.person(&family, &given);
    }

    /// The ways a person is called: parts, both orders, initials.
    fn person(&mut self, family: &[&str], given: &[&str]) {
        for part in family.iter().chain(given) {
            self.part(part);
        }
        if self.named {
            self.other_spellings(family, given);
        }
        let (family, given) = (
            family.get(..MAX_PARTS).unwrap_or(family),
            given.get(..MAX_PARTS).unwrap_or(given),
        );
        let whole_family = family.join(" ");
        if whole_family.is_empty() {
            return;
        }
        for name in given {
            let initial: String = name.chars().take(1).collect();
            for phrase in [
                format!("{name} {whole_family}"),
                format!("{whole_family} {name}"),
                format!("{initial} {whole_family}"),
                format!("{whole_family} {initial}"),
                format!("{name}{whole_family}"),
                format!("{initial}{whole_family}"),
                format!("{whole_family}{initial}"),
                format!("{whole_family}{name}"),
            ] {
                if phrase.chars().count() >= 4 {
                    self.phrase(&phrase, Class::Name);
                }
            }
            for family in family {
                let initial: String = family.chars().take(1).collect();
                self.phrase(&format!("{name} {initial}"), Class::Name);
                if name.chars().count() >= 3 {
                    self.phrase(&format!("{name}{initial}"), Class::Name);
                }
            }
        }
        if self.named {
            self.learn_initials(family, given);
        }
        // "van der Molen" is also written "Vandermolen".
        if family.len() > 1 {
            self.phrase(&family.concat(), Class::Name);
        }
        if given.len() > 1 {
            self.phrase(&format!("{} {whole_family}", given.join(" ")), Class::Name);
            self.phrase(&format!("{whole_family} {}", given.join(" ")), Class::Name);
        }
    }

    /// The initials of a person, both ways round, with and without those of the other given names.
    fn learn_initials(&mut self, family: &[&str], given: &[&str]) {
        let first = |names: &[&str]| {
            let mut folded = String::new();
            for name in names {
                let initial: String = name.chars().take(1).collect();
                fold::push_word(&initial, &mut folded);
            }
            folded
        };
        let family = first(family.get(..1).unwrap_or(family));
        for count in 1..=given.len().min(2) {
            let given = first(given.get(..count).unwrap_or(given));
            self.initials.insert(Hidden::new(&format!("{given}{family}")));
            self.initials.insert(Hidden::new(&format!("{family}{given}")));
        }
    }

    /// Short forms of given names, letters written out, and what is long enough to be known with a letter wrong.
    fn other_spellings(&mut self, family: &[&str], given: &[&str]) {
        for part in family.iter().chain(given).take(2 * MAX_PARTS) {
            if let Some(other) = spellings::written_out(part) {
                self.phrase(&other, Class::Name);
            }
            if part.len() >= 5 && part.chars().all(char::is_alphabetic) {
                let mut skeleton = String::new();
                spellings::push_skeleton(part, &mut skeleton);
                self.skeletons.insert(Hidden::new(&skeleton));
            }
            if part.len() >= LONG_NAME && part.chars().all(char::is_alphabetic) && self.long.len() < MOST_LONG {
                let mut folded = String::new();
                fold::push_word(part, &mut folded);
                if !self.long.iter().any(|known| known.expose() == folded) {
                    self.long.push(Hidden::new(&folded));
                }
            }
        }
        let whole_family = family.get(..MAX_PARTS).unwrap_or(family).join(" ");
        for name in given.iter().take(MAX_PARTS) {
            for other in spellings::nicknames(name) {
                let mut capital = other.to_owned();
                if let Some(first) = capital.get_mut(..1) {
                    first.make_ascii_uppercase();
                }
                self.phrase(&capital, Class::Name);
                if !whole_family.is_empty() {
                    self.phrase(&format!("{capital} {whole_family}"), Class::Name);
                    self.phrase(&format!("{whole_family} {capital}"), Class::Name);
                }
            }
        }
    }

    /// One word of a name, alone.
    fn part(&mut self, word: &str) {
        if word.chars().count() >= 2 || word.chars().any(fold::is_unspaced) {
            self.phrase(word, Class::Name);
            // "O'Brien" is also spelled "OBrien".
            let closed: String = word.chars().filter(|c| c.is_alphanumeric()).collect();
            if closed.len() < word.len() {
                self.phrase(&closed, Class::Name);
            }
            // Either half of "Smith-Jones".
            for half in word
                .split(|c: char| !c.is_alphanumeric())
                .filter(|half| half.chars().count() >= 4)
            {
                self.phrase(half, Class::Name);
            }
        }
    }

    fn learn_place(&mut self, value: &str) {
        let digits = value.bytes().filter(u8::is_ascii_digit).count();
        if digits >= 4 && !value.contains(' ') {
            self.identifier(value, Class::Place);
            if let Some(zip) = value.get(..5).filter(|_| value.len() > 5) {
                self.identifier(zip, Class::Place);
            }
            return;
        }
        self.phrase(value, Class::Place);
        // "12 Elm Street" without its number.
        let street = value.trim_start_matches(|c: char| c.is_ascii_digit());
        if street.len() < value.len() && street.starts_with(' ') && !value.contains(',') {
            let words = || street.split(' ').filter(|word| !word.is_empty());
            let named = words().any(|word| lexicon::tags(word) & lexicon::STREET != 0);
            if named && (2..=MAX_PARTS).contains(&words().count()) {
                self.phrase(street.trim(), Class::Place);
            }
        }
        // "12 Elm Street, Springfield, IL 62704": each part by itself.
        if value.contains(", ") {
            for part in value.split(", ").filter(|part| part.len() >= 4).take(MAX_PARTS) {
                let zip = part.rsplit(' ').next().unwrap_or(part);
                let coded = zip.len() >= 5 && zip.bytes().all(|b| b.is_ascii_digit() || b == b'-');
                if coded {
                    self.learn_place(zip);
                    // "Springfield IL 62704"
                    let town = part.strip_suffix(zip).unwrap_or_default().trim_end();
                    let state = town.rsplit(' ').next().unwrap_or_default();
                    let town = match lexicon::tags(state) & lexicon::STATE {
                        0 => town,
                        _ => town.strip_suffix(state).unwrap_or_default().trim_end(),
                    };
                    if town.len() >= 4 {
                        self.learn_place(town);
                    }
                } else if lexicon::tags(part) & (lexicon::STATE | lexicon::COUNTRY) == 0 {
                    self.learn_place(part);
                }
            }
        }
        // "12 Elm Street" is also spelled "12 Elm St".
        for (long, short) in [
            ("street", "st"),
            ("avenue", "ave"),
            ("road", "rd"),
            ("drive", "dr"),
            ("boulevard", "blvd"),
            ("lane", "ln"),
            ("court", "ct"),
            ("place", "pl"),
            ("terrace", "ter"),
            ("circle", "cir"),
            ("parkway", "pkwy"),
            ("highway", "hwy"),
            ("square", "sq"),
            ("apartment", "apt"),
            ("suite", "ste"),
            ("north", "n"),
            ("south", "s"),
            ("east", "e"),
            ("west", "w"),
            ("saint", "st"),
            ("mount", "mt"),
            ("fort", "ft"),
        ] {
            let folded = fold::words(value);
            for (from, to) in [(long, short), (short, long)] {
                if digits > 0 && folded.split(' ').any(|word| word == from) {
                    let other: Vec<&str> = folded
                        .split(' ')
                        .map(|word| if word == from { to } else { word })
                        .collect();
                    self.phrase(&other.join(" "), Class::Place);
                }
            }
        }
    }

    fn learn_phone(&mut self, value: &str) {
        if value.contains('@') {
            self.phrase(value, Class::Email);
            return;
        }
        if value.contains("://") {
            self.phrase(value, Class::Url);
            return;
        }
        let main = value.split(['x', 'X']).next().unwrap_or(value);
        let digits: String = main.chars().filter(char::is_ascii_digit).collect();
        if digits.len() < 7 {
            return;
        }
        self.identifier(&digits, Class::Phone);
        // "+44 20 7946 0018" is "020 7946 0018" at home.
        if value.trim_start().starts_with('+') && digits.len() > 10 && !digits.starts_with('1') {
            for code in 2..=3 {
                if let Some(rest) = digits.get(code..) {
                    self.identifier(&format!("0{rest}"), Class::Phone);
                }
            }
        }
        let national = digits
            .strip_prefix('1')
            .filter(|rest| rest.len() == 10)
            .unwrap_or(&digits);
        self.identifier(national, Class::Phone);
        self.identifier(&format!("1{national}"), Class::Phone);
        if let Some(local) = national.get(3..).filter(|_| national.len() == 10) {
            self.identifier(local, Class::Phone);
        }
    }

    /// A number or code. Those that could be a clinical quantity are left out.
    fn identifier(&mut self, value: &str, class: Class) {
        // Only the last part of a reference or a URN names the thing.
        let value = value.rsplit(['/', ':', '#', '|']).next().unwrap_or(value);
        let id = fold::identifier(value);
        let digits = id.bytes().filter(u8::is_ascii_digit).count();
        let letters = id.len() - digits;
        let distinct = if letters == 0 {
            digits >= 5
        } else {
            digits >= 2 && id.len() >= 5
        };
        if distinct && id.is_ascii() && id.len() <= MAX_IDENTIFIER {
            let ending = id.len().checked_sub(4).and_then(|at| id.get(at..));
            let ending = ending.filter(|end| id.len() >= 7 && end.bytes().all(|b| b.is_ascii_digit()));
            if let Some(ending) = ending.filter(|_| class != Class::Place) {
                self.endings.entry(Hidden::new(ending)).or_insert(class);
            }
            self.lengths.note(id.as_bytes());
            self.identifiers.entry(Hidden::new(&id)).or_insert(class);
            // "00123456" is also written "123456", "AB-123456" too.
            let number = id
                .trim_start_matches(|c: char| c.is_ascii_alphabetic())
                .trim_start_matches('0');
            if number.len() < id.len() && number.len() >= 6 && number.bytes().all(|b| b.is_ascii_digit()) {
                self.lengths.note(number.as_bytes());
                self.identifiers.entry(Hidden::new(number)).or_insert(class);
            }
        }
    }

    /// Words to be found together.
    fn phrase(&mut self, value: &str, class: Class) {
        if !self.learnt.insert(self.learning.hash_one((class, self.named, value))) {
            return;
        }
        let scan = Scan::new(value.get(..value.len().min(1_024)).unwrap_or_default());
        if scan.tokens.is_empty() || scan.tokens.len() > MAX_WORDS {
            return;
        }
        let Some(guard) = guard(&scan, class, self.named) else {
            return;
        };
        let mut node = 0;
        let mut folded = String::new();
        for i in 0..scan.tokens.len() {
            folded.clear();
            fold::push_word(scan.word(i), &mut folded);
            self.lengths.note(folded.as_bytes());
            let word = self.words.number_or_next(&folded);
            node = self.node_or_next(node, word);
        }
        let at = node as usize;
        if self.ends.len() <= at {
            self.ends.resize(at + 1, None);
        }
        let Some(slot) = self.ends.get_mut(at) else { return };
        self.values += usize::from(slot.is_none());
        let end = slot.get_or_insert(End { class, guard });
        // A sending facility called "Lowell" must not hide the patient Lowell: a name is looked for in more places.
        if class == Class::Name && end.class == Class::Facility {
            end.class = class;
        }
        self.shadowed |= class == Class::Name && end.class != class;
        end.guard = end.guard.min(guard);
    }

    /// The node that `word` leads to from `node`; 0 when there is none.
    fn node(&self, node: u32, word: u32) -> u32 {
        if node == 0 {
            self.first.get(word as usize).copied().unwrap_or(0)
        } else {
            self.edges.get(&(node, word)).copied().unwrap_or(0)
        }
    }

    /// The same; a new one when there is none.
    fn node_or_next(&mut self, node: u32, word: u32) -> u32 {
        let at = word as usize;
        if node == 0 && self.first.len() <= at {
            self.first.resize(at + 1, 0);
        }
        let slot = match (node, self.first.get_mut(at)) {
            (0, Some(slot)) => slot,
            _ => self.edges.entry((node, word)).or_insert(0),
        };
        if *slot == 0 {
            self.nodes = self.nodes.saturating_add(1);
            *slot = self.nodes;
        }
        *slot
    }

    /// What ends at `node`.
    fn end(&self, node: u32) -> Option<&End> {
        self.ends.get(node as usize)?.as_ref()
    }

    /// True when `day` is a date of birth or death in this record.
    pub(crate) fn is_birth(&self, day: Option<Civil>) -> bool {
        day.is_some_and(|day| day.precision == Precision::Day && self.births.0.binary_search(&day.days()).is_ok())
    }
}

impl Known {
    /// True when day and month, in either order, are those of a date of birth in this record.
    fn is_birthday(&self, a: Option<u32>, b: Option<u32>) -> bool {
        let (Some(a), Some(b)) = (
            a.and_then(|a| u8::try_from(a).ok()),
            b.and_then(|b| u8::try_from(b).ok()),
        ) else {
            return false;
        };
        self.births
            .0
            .iter()
            .filter_map(|day| dates::calendar_day(*day))
            .any(|day| (day.month, day.day) == (a, b) || (day.month, day.day) == (b, a))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::find;

    #[test]
    fn finds_names_spelled_oddly() {
        let known = known(&[(Class::Name, "Zelda Quillfeather")]);
        for name in [
            "Qu\u{131}llfeather",
            "Z\u{435}lda",
            "\u{396}elda",
            "Quill_feather",
            "quill-feather",
            "Quill-\n  feather",
            "QUILL-\r\nFEATHER",
            "Zelda_Quill_feather",
            "Qui-ll-feather",
        ] {
            let text = format!("so {name} came-by, quill-pen feather");
            let left = find(&text, &known);
            let covered: usize = left.iter().map(|h| h.span.len()).sum();
            assert_eq!((left[0].span.start, covered), (3, name.len()), "{text}");
        }
    }

    #[test]
    fn finds_every_spelling_of_a_known_birth() {
        let known = known(&[(Class::Birth, "1952-03-04")]);
        for date in [
            "4.3.52", "3-4-52", "4 mar 52", "03041952", "3/4/1952", "4/3/52", "1952-064",
        ] {
            let text = format!("x {date}; 120/80, 4.3, 5-10-20");
            let hits = find(&text, &known);
            let found: Vec<_> = hits
                .iter()
                .map(|h| (&text[h.span.start..h.span.end], h.class))
                .collect();
            assert_eq!(found, [(date, Class::Birth)], "{text}");
        }
    }

    fn known(values: &[(Class, &str)]) -> Known {
        let mut known = Known::default();
        for (class, value) in values {
            known.learn(*class, value);
        }
        known
    }

    fn check(known: &Known, text: &str, expect: &[&str]) {
        let found: Vec<_> = find(text, known)
            .iter()
            .map(|hit| &text[hit.span.start..hit.span.end])
            .collect();
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn finds_names_in_every_spelling() {
        let known = known(&[(Class::Name, "Zelda Quillan-Ötzi")]);
        check(&known, "saw zelda today", &["zelda"]);
        check(&known, "ZELDA QUILLAN-OTZI'S chart", &["ZELDA QUILLAN-OTZI"]);
        check(&known, "Quillan Ötzi, Zelda", &["Quillan Ötzi, Zelda"]);
        check(&known, "Saw z. quillan-ötzi", &["quillan-ötzi"]);
        check(&known, "Z. Quillan-Ötzi", &["Z. Quillan-Ötzi"]);
        check(&known, "Zelda Q. came, zeldas did not", &["Zelda Q"]);
        check(&known, "Ms. Quillan is well", &["Ms. Quillan"]);
    }

    #[test]
    fn leaves_ordinary_words() {
        let known = known(&[
            (Class::Name, "Will May"),
            (Class::Place, "Reading"),
            (Class::Name, "Grace Brown"),
        ]);
        check(
            &known,
            "Will continue. May repeat; reading brown stool with grace.",
            &[],
        );
        check(&known, "In May 2023 he may return", &["May 2023"]);
        check(
            &known,
            "we saw Will and told Brown in Reading",
            &["Will", "Brown", "Reading"],
        );
        check(&known, "Mr. May's wife", &["Mr. May"]);
        check(&known, "Will May was seen", &["Will May"]);
    }

    #[test]
    fn finds_given_names_that_are_words() {
        for (name, text, expect) in [
            ("Ada Ruiz", "Ada came. Ada takes aspirin, ada diet", &["Ada", "Ada"][..]),
            ("Christian Hale", "Christian denies pain.", &["Christian"]),
            ("Hope Quill", "Hope feels well; we hope so", &["Hope"]),
            (
                "June Quill",
                "June was seen in June 2023 and 3 June",
                &["June", "June 2023"],
            ),
            (
                "March Quill",
                "March came on March 3, 2024",
                &["March", "March 3, 2024"],
            ),
            ("May Quill", "May was well. May repeat in May", &["May"]),
            (
                "Will Quill",
                "Will felt well. Will continue. Told Will.",
                &["Will", "Will"],
            ),
            ("Ada Day", "Day 3 of care. Day reports pain on day 2", &["Day"]),
            ("Ada Low", "Low came; LOW SODIUM, low salt. Low-grade fever", &["Low"]),
            ("Ada Weeks", "Weeks 3 to 4. Weeks has pain for 2 weeks", &["Weeks"]),
            ("Oral Quill", "Oral came for oral care", &["Oral"]),
        ] {
            let mut known = Known::default();
            known.learn_from("honorific", Class::Name, name);
            let found: Vec<_> = find(text, &known)
                .iter()
                .filter(|hit| hit.class == Class::Name || hit.span.len() > 4)
                .map(|hit| &text[hit.span.start..hit.span.end])
                .filter(|value| !value.starts_with('3'))
                .collect();
            assert_eq!(found, expect, "{text}");
        }
    }

    #[test]
    fn finds_numbers_in_every_spelling() {
        let known = known(&[
            (Class::Mrn, "AB-123456"),
            (Class::Phone, "+1 (555) 678-1234"),
            (Class::Ssn, "123-45-6789"),
            (Class::Place, "62704-1234 "),
            (Class::Place, "12 Elm Street"),
            (Class::Birth, "1952-03-14"),
        ]);
        check(&known, "ab123456 or AB 123456", &["ab123456", "123456"]);
        check(
            &known,
            "5556781234 / 678-1234 / 1.555.678.1234",
            &["5556781234", "678-1234", "1.555.678.1234"],
        );
        check(&known, "123456789", &["123456789"]);
        check(&known, "62704, 12 elm st", &["62704", "12 elm st"]);
        let text = "on March 14, 1952";
        let hits = find(text, &known);
        assert_eq!(hits.first().map(|h| h.class), Some(Class::Birth));
    }

    #[test]
    fn learns_values_of_the_caller() {
        let mut known = Known::default();
        known.learn_value(Class::Name, "QUILLAN^ZELDA^ADA^^DR=王^小明");
        known.learn_value(Class::Email, "zq@oddville.example");
        known.learn_value(Class::Mrn, "AB-778899");
        known.learn_value(Class::Day, "2024-01-08");
        check(
            &known,
            "saw zelda quillan and 王小明, not ward 5",
            &["zelda quillan", "王小明"],
        );
        check(&known, "AB 778899: ab778899", &["778899", "ab778899"]);
        check(&known, "write ZQ@oddville.example", &["ZQ@oddville.example"]);
    }

    #[test]
    fn finds_other_spellings_of_what_the_record_says() {
        let mut known = Known::default();
        for (class, value) in [
            (Class::Name, "SMITHSON^ROBERT^ALAN"),
            (Class::Name, "Müller, Katherine"),
            (Class::Mrn, "00123456"),
            (Class::Mrn, "AB-778899"),
            (Class::Phone, "+44 20 7946 0018"),
            (Class::Place, "12 North Elm Street, Oddville, IL 62704"),
        ] {
            known.learn_value(class, value);
        }
        check(&known, "Bob Smithson and Rob came", &["Bob Smithson", "Rob"]);
        check(
            &known,
            "R. Smithson, rsmithson, smithsonr",
            &["R. Smithson", "rsmithson", "smithsonr"],
        );
        check(
            &known,
            "Smithsn, Smihtson, Smithsson, smith",
            &["Smithsn", "Smihtson", "Smithsson"],
        );
        check(&known, "kathy mueller, Kate Muller", &["kathy mueller", "Kate Muller"]);
        check(&known, "123456 or 0123456 or 778899", &["123456", "778899"]);
        check(&known, "020 7946 0018", &["020 7946 0018"]);
        check(
            &known,
            "12 n elm street, in Oddville 62704",
            &["12 n elm street", "Oddville", "62704"],
        );
    }

    #[test]
    fn knows_nothing_at_first() {
        assert!(Known::default().is_empty());
        assert!(!known(&[(Class::Birth, "1952-03-14")]).is_empty());
    }
}
