//! Learning the names of people: every way in which somebody is called.

use std::hash::BuildHasher;

use super::person::name_words;
use super::{Known, WHOLE, spellings};
use crate::hidden::Hidden;
use crate::{Class, fold};

/// Family and given names that are combined with each other. More are found one by one.
pub(super) const MAX_PARTS: usize = 6;

/// Makes `capital` of `word`: the same with a capital.
fn capitalise(word: &str, capital: &mut String) {
    capital.clear();
    capital.push_str(word);
    if let Some(first) = capital.get_mut(..1) {
        first.make_ascii_uppercase();
    }
}

/// The first letter of a name.
fn initial(name: &str) -> &str {
    let end = name.chars().next().map_or(0, char::len_utf8);
    name.get(..end).unwrap_or_default()
}

/// Least length of a name in which one letter may be wrong, and most of such names: each is compared with every word that
/// could be it.
const LONG_NAME: usize = 6;

/// Most people that a record may name; more are looked for, but each spelling is somebody of its own.
const MOST_PEOPLE: usize = 10_000;

const MOST_LONG: usize = 64;

/// In how many ways two people are spelled, about.
const MANY: usize = 100;

impl Known {
    /// A whole name in one string: "Jane Q. Doe", "DOE, JANE", "DOE^JANE^Q".
    pub(super) fn learn_name(&mut self, value: &str) {
        if self.learnt.is_empty() {
            self.learnt.reserve(MANY);
        }
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
        let mut long = name_words(value);
        long.retain(|word| word.len() > initial(word).len());
        let (family, given): (Vec<&str>, Vec<&str>) = match (value.split_once(','), long.split_last()) {
            (Some((family, given)), _) => (name_words(family), name_words(given)),
            (None, Some((family, given))) => (vec![*family], given.to_vec()),
            (None, None) => return,
        };
        self.phrase(value, Class::Name);
        self.person(&family, &given);
    }

    /// The ways a person is called: parts, both orders, initials.
    pub(super) fn person(&mut self, family: &[&str], given: &[&str]) {
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
        if self.named && self.given.len() < MOST_PEOPLE {
            self.given
                .extend(given.iter().map(|name| Hidden::new(&fold::words(name))));
        }
        let whole_family = family.join(" ");
        if whole_family.is_empty() {
            return;
        }
        if self.named && !given.is_empty() && self.people.len() < MOST_PEOPLE {
            self.people
                .push(Hidden::new(&format!("{} {whole_family}", given.join(" "))));
        }
        for name in given {
            for (first, last) in [
                (*name, whole_family.as_str()),
                (&whole_family, name),
                (initial(name), &whole_family),
                (&whole_family, initial(name)),
            ] {
                for between in [" ", ""] {
                    self.spelled(&[first, between, last], |known, phrase| {
                        if phrase.chars().count() >= 4 {
                            known.phrase(phrase, Class::Name);
                        }
                    });
                }
            }
            for family in family {
                // Two letters are initials, which have rules of their own.
                if name.chars().count() >= 2 {
                    self.spelled(&[name, " ", initial(family)], Self::name);
                }
                if name.chars().count() >= 3 {
                    self.spelled(&[name, initial(family)], Self::name);
                }
            }
        }
        if self.named {
            self.learn_initials(family, given);
            for plural in family.iter().filter_map(|part| spellings::plural(part)) {
                self.phrase(&plural, Class::Name);
            }
        }
        // "van der Molen" is also written "Vandermolen".
        if family.len() > 1 {
            self.phrase(&family.concat(), Class::Name);
        }
        if given.len() > 1 {
            // "Q., J.Q." is one name, not two.
            let initials: Vec<&str> = given.iter().take(2).map(|name| initial(name)).collect();
            self.phrase(&format!("{} {whole_family}", initials.join(" ")), Class::Name);
            self.phrase(&format!("{whole_family} {}", initials.join(" ")), Class::Name);
            // "johnq" of a user's name.
            if given.concat().chars().count() >= 4 {
                self.phrase(&given.concat(), Class::Name);
            }
            self.phrase(&format!("{} {whole_family}", given.join(" ")), Class::Name);
            self.phrase(&format!("{whole_family} {}", given.join(" ")), Class::Name);
        }
    }

    /// The initials of a person, both ways round, with and without those of the other given names.
    fn learn_initials(&mut self, family: &[&str], given: &[&str]) {
        let first = |names: &[&str]| {
            let mut folded = String::new();
            for name in names {
                fold::push_word(initial(name), &mut folded);
            }
            folded
        };
        let family = first(family.get(..1).unwrap_or(family));
        // "JQ" for Jane Quinn
        if let Some(two) = given.get(..2) {
            self.initials.insert(Hidden::new(&first(two)));
        }
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
        let mut capital = String::new();
        for name in given.iter().take(MAX_PARTS) {
            for other in spellings::nicknames(name) {
                capitalise(other, &mut capital);
                self.phrase(&capital, Class::Name);
                if !whole_family.is_empty() {
                    self.spelled(&[&capital, " ", &whole_family], Self::name);
                    self.spelled(&[&whole_family, " ", &capital], Self::name);
                }
            }
            for (short, own) in spellings::short_forms(name) {
                capitalise(&short, &mut capital);
                // What is a word by itself ("Mar", "Cat") is a name beside the family name only.
                if own {
                    self.short(&capital);
                }
                if !whole_family.is_empty() {
                    self.spelled(&[&capital, " ", &whole_family], Self::short);
                    self.spelled(&[&whole_family, " ", &capital], Self::short);
                }
            }
        }
    }

    fn name(&mut self, value: &str) {
        self.phrase(value, Class::Name);
    }

    /// Puts `parts` together and learns what becomes of them by `learn`.
    fn spelled(&mut self, parts: &[&str], learn: fn(&mut Self, &str)) {
        let mut text = std::mem::take(&mut self.spelling);
        text.clear();
        parts.iter().for_each(|part| text.push_str(part));
        learn(self, &text);
        self.spelling = text;
    }

    /// One word of a name, alone.
    fn part(&mut self, word: &str) {
        if word.chars().count() >= 2 || word.chars().any(fold::is_unspaced) {
            self.phrase(word, Class::Name);
            if word.chars().all(char::is_alphanumeric) {
                return;
            }
            // "O'Brien" is also spelled "OBrien".
            let closed: String = word.chars().filter(|c| c.is_alphanumeric()).collect();
            self.phrase(&closed, Class::Name);
            // Either half of "Smith-Jones".
            for half in word
                .split(|c: char| !c.is_alphanumeric())
                .filter(|half| half.chars().count() >= 4)
            {
                self.phrase(half, Class::Name);
            }
        }
    }
}
