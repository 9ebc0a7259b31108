//! How often a word is a given name, a surname, a place, and an ordinary or medical word.
//!
//! One flat table of 2^18 little-endian words of 32 bits, made by `cargo xtask gazetteer` from public sources (see
//! `data/README.md`): 14 bits of the key's hash, then levels. A look-up hashes the word and reads one or two slots; a
//! word that is not in the table is taken for one that is about once in ten thousand times.

use crate::fold;

/// The table.
static TABLE: &[u8] = include_bytes!("../data/gazetteer.bin");

/// Slots of the table, as a power of two.
const SLOT_BITS: u32 = 18;

/// What the table says of a word or a phrase. Each level is about the binary logarithm of a frequency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Levels(u32);

impl Levels {
    /// As a given name, 0 to 15: 1 is rarer than one person in 50,000, 12 is Mary. Names without a known frequency stand
    /// at 4 and above.
    pub(crate) fn given(self) -> i32 {
        self.field(14, 4)
    }

    /// As a surname, on the same scale: 10 is Smith.
    pub(crate) fn surname(self) -> i32 {
        self.field(18, 4)
    }

    /// As a place, 0 to 14: 1 has some 500 people, 8 some 60,000, 14 more than four million.
    pub(crate) fn place(self) -> i32 {
        self.field(22, 4)
    }

    /// True for the name of a place of care, such as "Mass General"; its level as a place is 15.
    pub(crate) fn is_facility(self) -> bool {
        self.place() == 15
    }

    /// In small letters in medical text, 0 to 7: 1 from one time, 2 from four, 3 from 16, ..
    pub(crate) fn lower(self) -> i32 {
        self.field(26, 3)
    }

    /// Capitalised in the middle of a sentence of medical text, on the same scale.
    pub(crate) fn proper(self) -> i32 {
        self.field(29, 3)
    }

    /// True when the word is in the table.
    pub(crate) fn is_listed(self) -> bool {
        self.0 != 0
    }

    /// How much more a word in small letters is a name of a person than anything else, as a binary logarithm.
    pub(crate) fn small_name_odds(self) -> i32 {
        self.given().max(self.surname()) - 2 * self.lower().max(self.proper())
    }

    fn field(self, from: u32, bits: u32) -> i32 {
        i32::try_from(self.0 >> from & ((1 << bits) - 1)).unwrap_or(0)
    }
}

/// What the table says of one word, in any case, with or without accents.
pub(crate) fn word(word: &str) -> Levels {
    Key::of(word).hash().map_or(Levels::default(), look_up)
}

/// What the table says of words that belong together, such as "San Francisco", in any case, with or without accents.
pub(crate) fn phrase<'a>(words: impl IntoIterator<Item = &'a str>) -> Levels {
    let mut phrase = Phrase::default();
    for word in words {
        phrase.push(word);
    }
    phrase.levels()
}

/// Words that may belong together, one after another.
#[derive(Default)]
pub(crate) struct Phrase(Key);

impl Phrase {
    /// Adds a word.
    pub(crate) fn push(&mut self, word: &str) {
        self.0.push(word);
    }

    /// What the table says of the words so far.
    pub(crate) fn levels(&self) -> Levels {
        let Some(hash) = self.0.hash() else {
            return Levels::default();
        };
        let Levels(value) = look_up(hash);
        // Phrases have more bits of their hash, in the room of the names: there are many more that are not in the table.
        let same = u64::from(value) & 0x003f_c000 == hash & 0x003f_c000;
        Levels(if same { value & !0x003f_c000 } else { 0 })
    }
}

/// Longest key in bytes.
const LONGEST: usize = 32;

/// A key of the table and of the lexicon: a word or words, folded, in a buffer of its own.
#[derive(Default)]
pub(crate) struct Key {
    bytes: [u8; LONGEST],
    len: usize,
    cut: bool,
}

impl Key {
    /// The key of one word.
    pub(crate) fn of(word: &str) -> Self {
        let mut key = Self::default();
        key.push(word);
        key
    }

    fn push(&mut self, word: &str) {
        if self.len > 0 {
            self.add(b" ");
        }
        if word.is_ascii() {
            let from = self.len;
            self.add(word.as_bytes());
            if let Some(added) = self.bytes.get_mut(from..self.len) {
                added.make_ascii_lowercase();
            }
        } else {
            let mut folded = String::with_capacity(word.len());
            fold::push_word(word, &mut folded);
            self.add(folded.as_bytes());
        }
    }

    fn add(&mut self, bytes: &[u8]) {
        match self.bytes.get_mut(self.len..self.len + bytes.len()) {
            Some(to) => {
                to.copy_from_slice(bytes);
                self.len += bytes.len();
            }
            None => self.cut = true,
        }
    }

    /// The hash of the key; none when it is longer than any key.
    pub(crate) fn hash(&self) -> Option<u64> {
        if self.cut {
            return None;
        }
        let mut hash = SEED;
        for chunk in self.bytes.chunks_exact(8).take(self.len.div_ceil(8)) {
            hash = mix(hash, u64::from_le_bytes(chunk.try_into().unwrap_or_default()));
        }
        Some(finish(hash))
    }
}

/// The run of ASCII letters at a place of a text.
pub(crate) struct Letters {
    pub(crate) len: usize,
    /// How many are capitals.
    pub(crate) upper: usize,
    /// The hash of their key; none when there are too many.
    pub(crate) hash: Option<u64>,
}

/// `b` in each byte.
const fn each(b: u8) -> u64 {
    u64::from_ne_bytes([b; 8])
}

/// Eight bytes of `text` from `at` on, the first lowest; zeros after the end.
fn eight(text: &[u8], at: usize) -> u64 {
    match text.get(at..at + 8).and_then(|chunk| chunk.try_into().ok()) {
        Some(chunk) => u64::from_le_bytes(chunk),
        None => {
            let rest = text.get(at..).unwrap_or_default();
            rest.iter().rev().fold(0, |chunk, b| chunk << 8 | u64::from(*b))
        }
    }
}

/// The sum of eight bytes, which is less than 256.
fn sum(bytes: u64) -> usize {
    (bytes.wrapping_mul(each(1)) >> 56) as usize
}

/// Reads the ASCII letters of `text` from `start` on, eight at a time.
pub(crate) fn letters(text: &[u8], start: usize) -> Letters {
    let mut hash = SEED;
    let (mut at, mut upper) = (start, 0);
    loop {
        let chunk = eight(text, at);
        // The high bit of each byte that is a letter: ASCII, and in small letters not before "a" and not after "z".
        let small = chunk | each(0x20);
        let low = small & each(0x7f);
        let is_letter = (low + each(0x80 - b'a')) & !(low + each(0x80 - b'z' - 1)) & !chunk & each(0x80);
        let count = ((!is_letter & each(0x80)).trailing_zeros() / 8) as usize;
        if count > 0 {
            let mask = u64::MAX >> (64 - 8 * count);
            upper += sum(!chunk >> 5 & each(1) & mask);
            // Letters differ from small ones in one bit.
            hash = mix(hash, small & mask);
        }
        at += count;
        if count < 8 {
            let len = at - start;
            return Letters {
                len,
                upper,
                hash: (len <= LONGEST).then(|| finish(hash)),
            };
        }
    }
}

/// The hash of the key of the ASCII letters or digits of `text` from `start` to `end`, in any case; none when there are too
/// many for a key.
pub(crate) fn hash_of(text: &[u8], start: usize, end: usize) -> Option<u64> {
    if end - start > LONGEST {
        return None;
    }
    let mut hash = SEED;
    for at in (start..end).step_by(8) {
        let over = 8_usize.saturating_sub(end - at);
        // Digits have this bit.
        hash = mix(hash, (eight(text, at) | each(0x20)) & (u64::MAX >> (8 * over)));
    }
    Some(finish(hash))
}

/// What is kept of a hash for a first look.
pub(crate) fn print(hash: u64) -> u32 {
    u32::try_from(hash & 0xffff_ffff).unwrap_or(0)
}

/// The hash of a folded word of any length: that of its [`Key`], if it has one.
pub(crate) fn hash_of_folded(word: &str) -> u64 {
    let mut hash = SEED;
    for chunk in word.as_bytes().chunks(8) {
        let chunk = chunk.iter().rev().fold(0, |chunk, b| chunk << 8 | u64::from(*b));
        hash = mix(hash, chunk);
    }
    finish(hash)
}

const SEED: u64 = 0xcbf2_9ce4_8422_2325;

fn mix(hash: u64, chunk: u64) -> u64 {
    let hash = (hash ^ chunk).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    hash ^ hash >> 32
}

fn finish(hash: u64) -> u64 {
    let hash = hash.wrapping_mul(0xd6e8_feb8_6659_fd93);
    hash ^ hash >> 32
}

/// What the table says of the key with this hash.
pub(crate) fn look_up(hash: u64) -> Levels {
    look_up_from(first(hash), hash)
}

/// The first slot in which the key with this hash may stand.
pub(crate) fn first(hash: u64) -> u32 {
    slot(usize::try_from(hash >> (64 - SLOT_BITS)).unwrap_or(0))
}

fn slot(at: usize) -> u32 {
    let slot = TABLE.get(4 * at..4 * at + 4).and_then(|slot| slot.try_into().ok());
    u32::from_le_bytes(slot.unwrap_or_default())
}

/// What the table says of the key with this hash, whose [`first`] slot is given.
pub(crate) fn look_up_from(first: u32, hash: u64) -> Levels {
    let slots = TABLE.len() / 4;
    let print = hash & 0x3fff;
    let mut value = first;
    let mut at = usize::try_from(hash >> (64 - SLOT_BITS)).unwrap_or(0);
    for _ in 0..slots {
        if value == 0 {
            break;
        }
        if u64::from(value & 0x3fff) == print {
            return Levels(value);
        }
        at = (at + 1) & (slots - 1);
        value = slot(at);
    }
    Levels::default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_names_places_and_words() {
        assert_eq!(TABLE.len(), 4 << SLOT_BITS);
        let (mary, smith, boston, pain) = (word("Mary"), word("SMITH"), word("boston"), word("pain"));
        assert!(mary.given() == 12 && smith.surname() >= 10 && boston.place() >= 10 && pain.lower() == 7);
        assert!(mary.small_name_odds() > 8 && pain.small_name_odds() < 0 && word("Crohn").small_name_odds() < 0);
        assert_eq!(word("José"), word("jose"));
        assert!(phrase(["Cedar", "Falls"]).place() > 3);
        assert!(!phrase(["Cedar", "Metformin"]).is_listed() && !word("Quillfeather").is_listed());
    }

    #[test]
    fn hashes_in_both_ways_alike() {
        for word in ["a", "Ana", "QuillFea", "quillfeatherlyquillfeather", "62704"] {
            let text = format!("{word}, so");
            let hash = hash_of(text.as_bytes(), 0, word.len());
            assert_eq!(hash, Some(hash_of_folded(&word.to_ascii_lowercase())));
            assert_eq!(
                (hash, hash),
                (Key::of(word).hash(), hash_of(word.as_bytes(), 0, word.len()))
            );
        }
    }

    #[test]
    fn reads_letters_of_any_length() {
        for tail in ["", " ", "1", "[x", "{x", "@", "`", "\u{e9}a"] {
            for len in 0..=40 {
                let word: String = "QuillfeatherZzAa".chars().cycle().take(len).collect();
                let text = format!("-{word}{tail}");
                let found = letters(text.as_bytes(), 1);
                let upper = word.bytes().filter(u8::is_ascii_uppercase).count();
                assert_eq!((found.len, found.upper), (len, upper), "{text}");
                assert_eq!(found.hash, Key::of(&word).hash(), "{text}");
            }
        }
    }

    #[test]
    fn seldom_takes_a_word_for_another() {
        let strange = (0..20_000)
            .map(|n| format!("qx{n:x}zv"))
            .filter(|w| word(w).is_listed())
            .count();
        assert!(strange < 20, "{strange} of 20,000");
    }
}
