//! Which names are spellings of one person's name, as far as that is certain.

use crate::hidden::Hidden;
use crate::seeded::Seeded;
use crate::{fold, lexicon};

/// Most people that are told apart; beyond, every spelling is somebody of its own.
const MOST: usize = 20_000;

/// The people named so far. A person is known by a family name and given names; a name of one word belongs to a person
/// when only one has that word.
#[derive(Default)]
pub(crate) struct People {
    people: Vec<Person>,
    /// Every word of every name, and whose it is.
    by_word: std::collections::HashMap<Hidden, Vec<usize>, Seeded>,
}

struct Person {
    family: Hidden,
    given: Vec<Hidden>,
    number: Option<u32>,
}

/// A name taken apart: words folded, titles and suffixes left out.
struct Parts {
    family: Option<String>,
    given: Vec<String>,
}

impl People {
    /// Notes the person that `name` names, if it has a family name and a given name or initial. Call it for every name
    /// of a text before any is numbered: then "Smith" is known to be one of two from the start.
    pub(crate) fn learn(&mut self, name: &str) {
        let Some(parts) = parts(name) else { return };
        let Some(family) = parts.family.as_deref() else { return };
        match self.candidates(&parts).as_slice() {
            [] if self.people.len() < MOST => {
                let at = self.people.len();
                self.people.push(Person {
                    family: Hidden::new(family),
                    given: parts.given.iter().map(|word| Hidden::new(word)).collect(),
                    number: None,
                });
                self.index(at);
            }
            [one] => {
                let at = *one;
                // "J. Q. Smith" was first, and is John; John has a middle name.
                if let Some(person) = self
                    .people
                    .get_mut(at)
                    .filter(|person| person.family.expose() == family)
                {
                    for (n, word) in parts.given.iter().enumerate() {
                        match person.given.get_mut(n) {
                            Some(known) if known.expose().len() < word.len() => *known = Hidden::new(word),
                            Some(_) => {}
                            None => person.given.push(Hidden::new(word)),
                        }
                    }
                    self.index(at);
                }
            }
            _ => {}
        }
    }

    fn index(&mut self, at: usize) {
        let Some(person) = self.people.get(at) else { return };
        for word in person.given.iter().chain([&person.family]) {
            let whose = self.by_word.entry(word.clone()).or_default();
            if !whose.contains(&at) {
                whose.push(at);
            }
        }
    }

    /// The one person that `name` can only be, as an index for [`number`](People::number).
    pub(crate) fn one(&self, name: &str) -> Option<usize> {
        match self.candidates(&parts(name)?).as_slice() {
            [one] => Some(*one),
            _ => None,
        }
    }

    /// The number of a person, `next` if it has none yet.
    pub(crate) fn number(&mut self, person: usize, next: u32) -> u32 {
        self.people
            .get_mut(person)
            .map_or(next, |person| *person.number.get_or_insert(next))
    }

    /// True when the person has a number.
    pub(crate) fn is_numbered(&self, person: usize) -> bool {
        self.people.get(person).is_some_and(|person| person.number.is_some())
    }

    /// Who may be meant.
    fn candidates(&self, parts: &Parts) -> Vec<usize> {
        let whose = |word: &str| self.by_word.get(word).map_or(&[][..], Vec::as_slice);
        let Some(family) = parts.family.as_deref() else {
            return parts.given.first().map_or_else(Vec::new, |word| whose(word).to_vec());
        };
        let mut found: Vec<usize> = Vec::new();
        for at in whose(family) {
            let Some(person) = self.people.get(*at) else { continue };
            let same = person.family.expose() == family && agree(&parts.given, &person.given);
            // "Smith John" for "John Smith".
            let turned = parts.given.len() == 1
                && person.given.iter().any(|word| word.expose() == family)
                && parts.given.first().is_some_and(|word| word == person.family.expose());
            if same || turned {
                found.push(*at);
            }
        }
        found
    }
}

/// Whether given names may be those of one person: each of the shorter list equals, or is the initial of, the one in the
/// same place.
fn agree(a: &[String], b: &[Hidden]) -> bool {
    let initial = |short: &str, long: &str| short.chars().count() == 1 && long.starts_with(short);
    a.iter()
        .zip(b)
        .all(|(a, b)| a == b.expose() || initial(a, b.expose()) || initial(b.expose(), a))
}

fn parts(name: &str) -> Option<Parts> {
    let name = name
        .strip_suffix("'s")
        .or_else(|| name.strip_suffix("’s"))
        .unwrap_or(name);
    let words = |text: &str| -> Vec<String> {
        let all: Vec<String> = fold::words(text)
            .split(' ')
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect();
        let title = |word: &String| lexicon::tags(word) & lexicon::HONORIFIC != 0 && word.len() > 1;
        let ending =
            |word: &String| lexicon::tags(word) & (lexicon::SUFFIX | lexicon::CREDENTIAL) != 0 && word.len() > 1;
        let from = all.iter().take_while(|word| title(word)).count();
        let to = all.len() - all.iter().rev().take_while(|word| ending(word)).count();
        match all.get(from..to) {
            Some(kept) if !kept.is_empty() => kept.to_vec(),
            _ => all,
        }
    };
    if !name.chars().any(char::is_alphabetic) || name.len() > 200 {
        return None;
    }
    // "Smith, John" and HL7's "Smith^John".
    if let Some((family, given)) = name.split_once([',', '^']) {
        let (family, given) = (words(family), words(given));
        let is_suffix = given
            .iter()
            .all(|word| lexicon::tags(word) & (lexicon::SUFFIX | lexicon::CREDENTIAL) != 0);
        if !family.is_empty() && !given.is_empty() && !is_suffix {
            return Some(Parts {
                family: Some(family.join(" ")),
                given,
            });
        }
    }
    let mut given = words(name);
    match given.len() {
        0 => None,
        1 => Some(Parts { family: None, given }),
        _ => {
            let family = given.pop();
            // "Smith J": an initial at the end is no family name.
            if family
                .as_ref()
                .is_some_and(|word| word.chars().count() == 1 && word.is_ascii())
            {
                let initial = family.into_iter().collect();
                return Some(Parts {
                    family: Some(given.join(" ")),
                    given: initial,
                });
            }
            Some(Parts { family, given })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The people that names are taken for, by their place in the list; `-` for nobody certain.
    fn check(names: &[&str], expect: &[&str]) {
        let mut people = People::default();
        for name in names {
            people.learn(name);
        }
        let found: Vec<String> = names
            .iter()
            .map(|name| people.one(name).map_or("-".to_owned(), |at| at.to_string()))
            .collect();
        assert_eq!(found, expect, "{names:?}");
    }

    #[test]
    fn one_person_however_spelled() {
        check(
            &[
                "John Smith",
                "SMITH, JOHN",
                "Mr. Smith",
                "J. Smith",
                "Smith^John^Q",
                "John Q. Smith Jr., MD",
                "John",
                "Smith's",
                "Smith John",
                "Smith J",
            ],
            &["0"; 10],
        );
        check(&["Mr. Smith", "J. Smith", "John Smith"], &["0", "0", "0"]);
        check(&["Smith, J.Q.", "John Smith", "John", "Quentin"], &["0", "0", "0", "-"]);
        check(&["Ana Ruiz", "Dr. Bo Lind", "Ruiz", "Lind"], &["0", "1", "0", "1"]);
    }

    #[test]
    fn doubt_is_nobody() {
        check(
            &["John Smith", "Mary Smith", "Smith", "M. Smith", "John"],
            &["0", "1", "-", "1", "0"],
        );
        check(&["John Smith", "James Smith", "J. Smith"], &["0", "1", "-"]);
        check(&["Smith", "Jones"], &["-", "-"]);
        check(&["John Smith", "John A. Smith", "John B. Smith"], &["-", "0", "1"]);
        check(&["王小明", ""], &["-", "-"]);
    }
}
