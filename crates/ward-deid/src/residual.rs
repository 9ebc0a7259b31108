//! What risk remains: how many people share a combination of quasi-identifiers.
//!
//! A person who shares it with k-1 others hides among k (P. Samarati and L. Sweeney, "Protecting privacy when disclosing
//! information: k-anonymity", 1998). Postal codes count by three digits, births by year. No value is kept: combinations
//! are counted by keyed hashes that die with the counter, and only counts come out.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};

use crate::columns::Quasi;
use crate::{Mode, dates};

/// Most people and most combinations counted; a number that bounds memory.
const MOST: usize = 2_000_000;

/// Counts the people of a data set by what they have in common.
#[derive(Default)]
pub struct Residual {
    hasher: RandomState,
    people: HashSet<u64>,
    /// Which sets of quasi-identifiers are counted: bit masks over `names`.
    sets: HashMap<u32, HashMap<u64, u32>>,
    names: Vec<(Quasi, String)>,
    skipped: u64,
}

/// What one person gives away.
#[derive(Debug, Default, Clone)]
pub struct Traits {
    /// (what, name of the column when it is a category, value as it stands)
    values: Vec<(Quasi, String, String)>,
}

impl Traits {
    /// Adds a value as it stands in the record; it is generalised here.
    pub fn add(&mut self, quasi: Quasi, column: &str, value: &str) {
        let value = value.trim();
        let general = match quasi {
            Quasi::Zip => value.chars().filter(char::is_ascii_alphanumeric).take(3).collect(),
            Quasi::BirthYear => match dates::whole(value) {
                Some(day) => day.year.to_string(),
                None => return,
            },
            Quasi::Sex => value.chars().take(1).flat_map(char::to_lowercase).collect(),
            Quasi::Category => value.to_lowercase(),
        };
        let name = if quasi == Quasi::Category { column } else { "" };
        if !general.is_empty() && self.values.len() < 24 {
            self.values.push((quasi, name.to_owned(), general));
        }
    }

    /// True when nothing was added.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }
}

/// One set of quasi-identifiers and how people share its combinations. Holds no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shared {
    /// The quasi-identifiers: `zip3`, `birth_year`, `sex`, or names of category columns.
    pub of: Vec<String>,
    /// True when all of them can still be read in the output of this mode.
    pub in_output: bool,
    /// How many combinations occur.
    pub combinations: u64,
    /// People in the smallest one. 0 when there are none.
    pub smallest: u32,
    /// People who are alone in theirs.
    pub alone: u64,
    /// People who share theirs with fewer than four others.
    pub below_five: u64,
}

impl Residual {
    /// Counts one person. `who` tells people apart, so that one who occurs twice counts once.
    pub fn add(&mut self, who: &str, traits: &Traits) {
        if traits.is_empty() {
            return;
        }
        if self.people.len() >= MOST {
            self.skipped += 1;
            return;
        }
        if !self.people.insert(self.hasher.hash_one(who)) {
            return;
        }
        let mut values: Vec<(usize, &str)> = Vec::new();
        for (quasi, name, value) in &traits.values {
            let known = self.names.iter().position(|(q, n)| q == quasi && n == name);
            let index = known.or_else(|| {
                (self.names.len() < 24).then(|| {
                    self.names.push((*quasi, name.clone()));
                    self.names.len() - 1
                })
            });
            if let Some(index) = index
                && values.iter().all(|(other, _)| *other != index)
            {
                values.push((index, value));
            }
        }
        values.sort_unstable();
        let mut sets: Vec<u32> = Vec::new();
        // Every set of the three that all the world knows, and everything together.
        let first: Vec<usize> = (0..values.len())
            .filter(|at| {
                let of = values.get(*at).and_then(|(index, _)| self.names.get(*index));
                of.is_some_and(|(quasi, _)| *quasi != Quasi::Category)
            })
            .collect();
        for pick in 1..1_u32 << first.len().min(3) {
            sets.push(
                (0..)
                    .zip(&first)
                    .filter(|(bit, _)| pick >> bit & 1 == 1)
                    .fold(0, |set, (_, at)| set | 1 << at),
            );
        }
        let all = (1_u32 << values.len().min(24)) - 1;
        if !sets.contains(&all) {
            sets.push(all);
        }
        for set in sets {
            let chosen: Vec<&(usize, &str)> = (0..)
                .zip(&values)
                .filter(|(at, _)| set >> at & 1 == 1)
                .map(|(_, v)| v)
                .collect();
            let mask = chosen.iter().fold(0_u32, |mask, (index, _)| mask | 1 << index);
            let hash = self.hasher.hash_one(&chosen);
            *self.sets.entry(mask).or_default().entry(hash).or_insert(0) += 1;
        }
    }

    /// How many people were counted.
    #[must_use]
    pub fn people(&self) -> u64 {
        self.people.len() as u64
    }

    /// How many came after the most that are counted.
    #[must_use]
    pub fn skipped(&self) -> u64 {
        self.skipped
    }

    /// The counts for every set, those that `mode` leaves readable marked; the largest sets last.
    #[must_use]
    pub fn shared(&self, mode: Mode) -> Vec<Shared> {
        let mut all: Vec<Shared> = self
            .sets
            .iter()
            .map(|(mask, combinations)| {
                let chosen = || {
                    (0..)
                        .zip(&self.names)
                        .filter(move |(at, _)| mask >> at & 1 == 1)
                        .map(|(_, name)| name)
                };
                let people = |below: u32| {
                    combinations
                        .values()
                        .filter(|k| **k < below)
                        .map(|k| u64::from(*k))
                        .sum()
                };
                Shared {
                    of: chosen().map(|(quasi, name)| word(*quasi, name)).collect(),
                    in_output: chosen().all(|(quasi, _)| is_left(*quasi, mode)),
                    combinations: combinations.len() as u64,
                    smallest: combinations.values().copied().min().unwrap_or(0),
                    alone: people(2),
                    below_five: people(5),
                }
            })
            .collect();
        for one in &mut all {
            one.of.sort();
        }
        all.sort_by(|a, b| (a.of.len(), &a.of).cmp(&(b.of.len(), &b.of)));
        all
    }
}

fn word(quasi: Quasi, name: &str) -> String {
    match quasi {
        Quasi::Zip => "zip3".to_owned(),
        Quasi::BirthYear => "birth_year".to_owned(),
        Quasi::Sex => "sex".to_owned(),
        Quasi::Category => name.to_owned(),
    }
}

/// Whether a mode leaves a quasi-identifier in the output: placeholders tell no postal code and no year of birth.
fn is_left(quasi: Quasi, mode: Mode) -> bool {
    match quasi {
        Quasi::Zip | Quasi::BirthYear => mode != Mode::Tag,
        Quasi::Sex | Quasi::Category => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(zip: &str, born: &str, sex: &str) -> Traits {
        let mut traits = Traits::default();
        traits.add(Quasi::Zip, "zip", zip);
        traits.add(Quasi::BirthYear, "dob", born);
        traits.add(Quasi::Sex, "sex", sex);
        traits
    }

    #[test]
    fn counts_people_by_what_they_share() {
        let mut residual = Residual::default();
        for (who, zip, born, sex) in [
            ("a", "62704", "1952-03-14", "F"),
            ("b", "62799-1234", "1952-11-01", "female"),
            ("c", "62701", "1960-01-01", "M"),
            ("a", "62704", "1952-03-14", "F"),
        ] {
            residual.add(who, &person(zip, born, sex));
        }
        assert_eq!(residual.people(), 3);
        let shared = residual.shared(Mode::Remove);
        assert_eq!(shared.len(), 7);
        let last = shared.last().unwrap();
        assert_eq!(last.of, ["birth_year", "sex", "zip3"]);
        assert_eq!(
            (last.combinations, last.smallest, last.alone, last.below_five),
            (2, 1, 1, 3)
        );
        let zip = shared.iter().find(|one| one.of == ["zip3"]).unwrap();
        assert_eq!(
            (zip.combinations, zip.smallest, zip.alone, zip.below_five),
            (1, 3, 0, 3)
        );
        assert!(
            zip.in_output
                && !residual
                    .shared(Mode::Tag)
                    .iter()
                    .any(|one| one.of == ["zip3"] && one.in_output)
        );
    }

    #[test]
    fn categories_count_with_all_the_others() {
        let mut residual = Residual::default();
        for (who, race) in [("a", "x"), ("b", "x"), ("c", "y")] {
            let mut traits = Traits::default();
            traits.add(Quasi::Sex, "", "F");
            traits.add(Quasi::Category, "race", race);
            residual.add(who, &traits);
        }
        let shared = residual.shared(Mode::Tag);
        assert_eq!(shared.last().unwrap().of, ["race", "sex"]);
        assert_eq!(shared.last().unwrap().alone, 1);
        assert!(residual.shared(Mode::Tag).iter().all(|one| one.in_output));
        residual.add("nobody", &Traits::default());
        assert_eq!(residual.people(), 3);
    }
}
