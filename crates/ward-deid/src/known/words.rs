//! The words of known values, to be told from all others at a glance.

use std::collections::HashMap;

use crate::gazetteer;
use crate::seeded::Seeded;

/// Bits of the sieve at first and at most, as powers of two.
const FIRST_BITS: u32 = 12;
const MOST_BITS: u32 = 20;

/// Folded words to their numbers, by hash: no word is kept. A word that shares the 64 bits of its hash with a known one is
/// taken for it, which can mask too much and never too little.
#[derive(Default)]
pub(super) struct Words {
    numbers: HashMap<u64, u32, Seeded>,
    /// A bit for each value of the low bits of a hash: not set when no known word has it.
    sieve: Vec<u64>,
}

impl Words {
    pub(super) fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    /// Makes room for so many more words.
    pub(super) fn reserve(&mut self, words: usize) {
        self.numbers.reserve(words);
    }

    /// The number of a folded word; 0 for one that is not known.
    pub(super) fn number(&self, folded: &str) -> u32 {
        self.number_of_hash(gazetteer::hash_of_folded(folded))
    }

    /// The number of the folded word with this hash.
    pub(super) fn number_of_hash(&self, hash: u64) -> u32 {
        if self.may_have(gazetteer::print(hash)) {
            self.numbers.get(&hash).copied().unwrap_or(0)
        } else {
            0
        }
    }

    /// The number of the folded word with this hash; the next one when it is new.
    pub(super) fn number_or_next_of_hash(&mut self, hash: u64) -> u32 {
        let next = u32::try_from(self.numbers.len() + 1).unwrap_or(u32::MAX);
        let number = *self.numbers.entry(hash).or_insert(next);
        if number == next {
            let bits = self.sieve.len() * 64;
            if self.numbers.len() * 32 > bits && bits < 1 << MOST_BITS {
                let bits = if bits == 0 { 1 << FIRST_BITS } else { bits * 4 };
                self.sieve = vec![0; bits / 64];
                for hash in self.numbers.keys() {
                    set(&mut self.sieve, *hash);
                }
            } else {
                set(&mut self.sieve, hash);
            }
        }
        number
    }

    /// False when no known word has this print. Print 0 says nothing.
    pub(super) fn may_have(&self, print: u32) -> bool {
        let (at, bit) = place(&self.sieve, u64::from(print));
        print == 0 || self.sieve.get(at).is_some_and(|bits| bits & bit != 0)
    }
}

fn set(sieve: &mut [u64], hash: u64) {
    let (at, bit) = place(sieve, hash);
    if let Some(bits) = sieve.get_mut(at) {
        *bits |= bit;
    }
}

/// The word of the sieve and the bit of it that stand for a hash; its size is a power of two.
fn place(sieve: &[u64], hash: u64) -> (usize, u64) {
    let mask = sieve.len().wrapping_sub(1);
    (
        usize::try_from(hash >> 6 & 0xffff_ffff).unwrap_or(0) & mask,
        1 << (hash & 63),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lets_no_known_word_through() {
        let mut words = Words::default();
        assert!(!words.may_have(7) && words.may_have(0) && words.number("quill") == 0);
        let hash = |n: u32| gazetteer::hash_of_folded(&format!("word{n}"));
        for n in 1..=40_000_u32 {
            assert_eq!(words.number_or_next_of_hash(hash(n)), n);
        }
        for n in 1..=40_000_u32 {
            let word = format!("word{n}");
            assert!(words.may_have(gazetteer::print(hash(n))));
            assert_eq!((words.number(&word), words.number_or_next_of_hash(hash(n))), (n, n));
        }
        let passed =
            (0..10_000).filter(|n| words.may_have(gazetteer::print(gazetteer::hash_of_folded(&format!("other{n}")))));
        assert!(passed.count() < 1_000);
    }
}
