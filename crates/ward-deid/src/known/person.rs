//! The names of one person, put together from the fields that hold their parts.

use super::Known;
use crate::Class;
use crate::hidden::Hidden;
use crate::lexicon::{self, CREDENTIAL, HONORIFIC, SUFFIX};

/// The parts of one person's name, as consecutive fields give them.
#[derive(Default)]
pub(super) struct Person {
    place: String,
    /// True when the family name is a second component.
    coded: bool,
    family: Vec<Hidden>,
    given: Vec<Hidden>,
}

impl Person {
    pub(super) fn add(&mut self, known: &mut Known, place: &str, text: &str) {
        let (parent, leaf) = place.rsplit_once('.').unwrap_or((place, ""));
        if parent != self.place {
            self.close(known);
            self.place = parent.to_owned();
        }
        let leaf = leaf.split('[').next().unwrap_or(leaf);
        match leaf {
            "family" | "1" => self.family.push(Hidden::new(text)),
            // HL7 XCN begins with an identifier, so the family name is its second component.
            "2" if self.family.is_empty() => {
                self.coded = true;
                self.family.push(Hidden::new(text));
            }
            // Second and further given names of an XCN; the suffix of an XPN.
            "4" if self.coded && !name_words(text).is_empty() => self.given.push(Hidden::new(text)),
            "given" | "2" | "3" => self.given.push(Hidden::new(text)),
            "prefix" | "suffix" | "4" | "5" | "6" | "7" => {}
            _ => known.learn(Class::Name, text),
        }
    }

    pub(super) fn close(&mut self, known: &mut Known) {
        let family: Vec<&str> = self.family.iter().flat_map(|part| field_words(part.expose())).collect();
        let given: Vec<&str> = self.given.iter().flat_map(|part| field_words(part.expose())).collect();
        known.person(&family, &given);
        if let [whole] = self.family.as_slice() {
            known.phrase(whole.expose(), Class::Name);
        }
        self.family.clear();
        self.given.clear();
        self.place.clear();
        self.coded = false;
    }
}

/// Words of a field that holds a part of a name: a field of nothing but a "title" ("DO", "Miss")
/// holds a name.
fn field_words(value: &str) -> Vec<&str> {
    let words = name_words(value);
    if words.is_empty() {
        value.split_whitespace().collect()
    } else {
        words
    }
}

/// Words of a name without titles, degrees and suffixes.
pub(super) fn name_words(value: &str) -> Vec<&str> {
    value
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | '.' | '^' | '"' | '(' | ')' | '“' | '”'))
        .filter(|word| word.chars().any(char::is_alphabetic))
        .filter(|word| {
            let tags = lexicon::tags(word);
            let title = tags & (HONORIFIC | SUFFIX) != 0
                || (tags & CREDENTIAL != 0 && word.chars().all(char::is_uppercase) && word.len() > 1);
            !title
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_a_field_that_looks_like_a_title() {
        for (value, expect) in [
            ("DO", &["DO"][..]),
            ("Quill MD", &["Quill"]),
            ("Tomasz \"Tom\"", &["Tomasz", "Tom"]),
            ("Tom (Tommy)", &["Tom", "Tommy"]),
            ("", &[]),
        ] {
            assert_eq!(field_words(value), expect, "{value}");
        }
    }
}
