//! Word lists: medicines, measurements, conditions, vaccines, and words that mean the same.
//!
//! Written by hand from general knowledge; moderate on purpose. What they lack is caught by shape
//! where a shape exists (a dose after an unknown word) and otherwise is not extracted as a fact,
//! though its sentence stays in the record.

pub(crate) mod conditions;
pub(crate) mod drugs;
pub(crate) mod measures;
pub(crate) mod synonyms;

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
};

/// Hashes the words of lists that are part of the program. No key comes from outside, so nobody can make them collide.
pub(crate) type Plain = BuildHasherDefault<WordHasher>;

/// Multiplies eight bytes at a time into 64 bits.
#[derive(Default)]
pub(crate) struct WordHasher(u64);

impl WordHasher {
    fn add(&mut self, value: u64) {
        self.0 = (self.0.rotate_left(5) ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

impl Hasher for WordHasher {
    fn write(&mut self, bytes: &[u8]) {
        let (eights, rest) = bytes.as_chunks::<8>();
        for eight in eights {
            self.add(u64::from_le_bytes(*eight));
        }
        if !rest.is_empty() {
            self.add(rest.iter().rev().fold(0, |all, byte| all << 8 | u64::from(*byte)));
        }
    }

    fn write_u8(&mut self, byte: u8) {
        self.add(u64::from(byte));
    }

    fn write_u128(&mut self, value: u128) {
        self.add(value as u64);
        self.add((value >> 64) as u64);
    }

    fn finish(&self) -> u64 {
        // The table takes its slot from the low bits, and all bytes reach the high ones.
        self.0.rotate_left(26)
    }
}

/// Of each byte whether it is a letter or digit of ASCII.
const ALPHANUMERIC: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < table.len() {
        table[byte] = (byte as u8).is_ascii_alphanumeric();
        byte += 1;
    }
    table
};

/// Whether a byte is a letter or digit of ASCII, with one look.
pub(crate) fn is_alphanumeric(byte: u8) -> bool {
    ALPHANUMERIC.get(usize::from(byte)).copied().unwrap_or(false)
}

/// Whether any byte is a digit of ASCII. All are looked at, many at a time, which takes less than to stop at the first.
pub(crate) fn has_digit(bytes: &[u8]) -> bool {
    bytes.iter().fold(false, |any, byte| any | byte.is_ascii_digit())
}

/// A word of at most 15 bytes, its ASCII letters in lower case, as a number: a key that needs no copy of the text.
pub(crate) fn packed(word: &[u8]) -> Option<u128> {
    let lower = |all: u64, byte: &u8| all << 8 | u64::from(byte.to_ascii_lowercase());
    let (first, rest) = word.split_at(word.len().min(8));
    // The length is part of it: seven bytes leave room for it.
    let rest = rest.iter().fold(word.len() as u64, lower);
    (word.len() < 16).then(|| u128::from(rest) << 64 | u128::from(first.iter().fold(0, lower)))
}

/// What first byte words of a list have with what length: told before a table is asked.
#[derive(Default)]
pub(crate) struct Shapes(Vec<u64>);

impl Shapes {
    pub(crate) fn of<'a>(words: impl Iterator<Item = &'a str>) -> Self {
        let mut shapes = vec![0; 256];
        for word in words {
            if let Some(lengths) = word.bytes().next().and_then(|first| shapes.get_mut(usize::from(first))) {
                *lengths |= 1 << word.len().min(63);
            }
        }
        Self(shapes)
    }

    /// Whether a word of the list begins with `first` and has `len` bytes.
    pub(crate) fn may_be(&self, first: Option<u8>, len: usize) -> bool {
        let lengths = first.and_then(|first| self.0.get(usize::from(first)));
        lengths.is_some_and(|lengths| lengths & (1 << len.min(63)) != 0)
    }
}

/// Finds the longest entry of a list of lower-case phrases at a place in a row of words.
pub(crate) struct Phrases {
    /// First word to the entries that begin with it: (words of the entry, index in the list).
    by_first: HashMap<&'static str, Vec<(Vec<&'static str>, usize)>, Plain>,
}

impl Phrases {
    /// Indexes `entries`; the longest match wins.
    pub(crate) fn new(entries: impl Iterator<Item = &'static str>) -> Self {
        let mut by_first: HashMap<&'static str, Vec<(Vec<&'static str>, usize)>, Plain> = HashMap::default();
        for (index, entry) in entries.enumerate() {
            let words: Vec<&'static str> = entry.split(' ').collect();
            if let Some(first) = words.first().copied() {
                by_first.entry(first).or_default().push((words, index));
            }
        }
        for list in by_first.values_mut() {
            list.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
        }
        Self { by_first }
    }

    /// The words that entries begin with.
    pub(crate) fn first_words(&self) -> impl Iterator<Item = &'static str> {
        self.by_first.keys().copied()
    }

    /// The entry that is this one word.
    pub(crate) fn single(&self, word: &str) -> Option<&'static str> {
        let (entry, list) = self.by_first.get_key_value(word)?;
        list.iter().any(|(words, _)| words.len() == 1).then_some(*entry)
    }

    /// The longest entry that `word(0), word(1), ..` begins with: (index in the list, words taken).
    pub(crate) fn at<'a>(&self, word: impl Fn(usize) -> Option<&'a str>) -> Option<(usize, usize)> {
        let list = self.by_first.get(word(0)?)?;
        list.iter()
            .find(|(words, _)| words.iter().enumerate().skip(1).all(|(i, w)| word(i) == Some(*w)))
            .map(|(words, index)| (*index, words.len()))
    }
}
