//! What a word may begin or be, told by one look into one table: most words are nothing, and no list need be asked for them.

use std::{collections::HashMap, sync::LazyLock};

use super::{history, medication, negation, social};
use crate::lexicon::{Phrases, Plain, conditions, drugs, measures};

/// Lists that a word may begin an entry of, as bits.
pub(crate) mod bit {
    /// Medicines.
    pub(crate) const DRUG: u16 = 1;
    /// Allergens that are no medicines.
    pub(crate) const ALLERGEN: u16 = 2;
    /// Vaccines.
    pub(crate) const VACCINE: u16 = 4;
    /// Measurements.
    pub(crate) const MEASURE: u16 = 8;
    /// Diagnoses.
    pub(crate) const DIAGNOSIS: u16 = 16;
    /// Procedures.
    pub(crate) const PROCEDURE: u16 = 32;
    /// Verbs that say what happens to a medicine.
    pub(crate) const STATUS: u16 = 64;
    /// Words that say no.
    pub(crate) const DENIAL: u16 = 128;
    /// Relatives.
    pub(crate) const RELATIVE: u16 = 256;
    /// Habits and home.
    pub(crate) const SOCIAL: u16 = 512;
    /// Symptoms.
    pub(crate) const SYMPTOM: u16 = 1024;
    /// Words of allergy, told by how they begin.
    pub(crate) const ALLERGY: u16 = 2048;
    /// "Family".
    pub(crate) const FAMILY: u16 = 4096;
    /// Words that a follow-up begins with.
    pub(crate) const FOLLOW_UP: u16 = 8192;
    /// Words that make a symptom one that may come.
    pub(crate) const MAY_BE: u16 = 16384;
    /// Words with a hyphen or slash.
    pub(crate) const JOINED: u16 = 32768;
}

static BITS: LazyLock<HashMap<&'static str, u16, Plain>> = LazyLock::new(|| {
    let mut bits: HashMap<&'static str, u16, Plain> = HashMap::default();
    let mut add = |word: &'static str, bit: u16| *bits.entry(word).or_default() |= bit;
    let lists: [(&Phrases, u16); 7] = [
        (drugs::names(), bit::DRUG),
        (drugs::allergens(), bit::ALLERGEN),
        (drugs::vaccines(), bit::VACCINE),
        (measures::names(), bit::MEASURE),
        (conditions::diagnoses(), bit::DIAGNOSIS),
        (conditions::procedures(), bit::PROCEDURE),
        (conditions::symptoms(), bit::SYMPTOM),
    ];
    for (list, bit) in lists {
        list.first_words().for_each(|word| add(word, bit));
    }
    medication::STATUS.iter().for_each(|(word, _)| add(word, bit::STATUS));
    negation::FIRST.iter().for_each(|word| add(word, bit::DENIAL));
    conditions::RELATIVES
        .iter()
        .for_each(|(word, _)| add(word, bit::RELATIVE));
    add("family", bit::FAMILY);
    history::FOLLOW_UP.iter().for_each(|word| add(word, bit::FOLLOW_UP));
    history::MAY_BE.iter().for_each(|word| add(word, bit::MAY_BE));
    let habits = social::HABITS.iter().flat_map(|(_, words)| *words);
    habits.for_each(|word| add(word, bit::SOCIAL));
    bits
});

/// The bits of the lists alone.
#[inline]
pub(crate) fn begins(word: &str) -> u16 {
    BITS.get(word).copied().unwrap_or(0)
}

/// The bits of a word in lower case.
pub(crate) fn of(word: &str) -> u16 {
    let joined = word.bytes().any(|byte| matches!(byte, b'-' | b'/'));
    let own = begins(word)
        | if is_of_allergy(word, joined) { bit::ALLERGY } else { 0 }
        | if joined { bit::JOINED } else { 0 };
    own | (conditions::owner(word).map_or(0, begins) & bit::RELATIVE)
}

/// Whether a word is one of allergy and intolerance, or one of its parts is where it is `joined`.
fn is_of_allergy(word: &str, joined: bool) -> bool {
    let of_allergy = |part: &str| {
        ["allerg", "anaphyla", "adverse", "intoleran", "nka", "nkda", "reaction"]
            .iter()
            .any(|own| part.starts_with(own))
    };
    match word.as_bytes() {
        [b'a' | b'i' | b'n' | b'r', ..] if of_allergy(word) => true,
        _ => joined && word.split('-').any(of_allergy),
    }
}
