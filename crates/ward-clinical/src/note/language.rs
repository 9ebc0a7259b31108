//! The language of a note, by its section heads and small words.

use std::{collections::HashMap, sync::LazyLock};

use super::{pack::pack, sections};
use crate::lexicon::{Plain, Shapes, is_alphanumeric, packed};

/// The language of a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Language {
    /// English; numbers and dates as written in the United States.
    English,
    /// German; decimal commas, dates by day, month, year.
    German,
}

impl Language {
    /// Every language there is a pack for.
    pub const ALL: [Language; 2] = [Language::English, Language::German];

    /// Its two letters (ISO 639-1).
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::German => "de",
        }
    }

    /// The language of a note, by its section heads and small words; nothing where they do not tell. Looks at the first 32 KiB.
    #[must_use]
    pub fn of(text: &str) -> Option<Language> {
        Signs::of(text).language()
    }

    fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// What the first 32 KiB of a note have that tells a language.
pub(crate) struct Signs<'t> {
    text: &'t str,
    /// By language, as in [`Language::ALL`].
    each: [Sign; Language::ALL.len()],
}

/// What speaks for one language.
#[derive(Clone, Copy, Default)]
struct Sign {
    /// Heads and small words, counted by what they are worth.
    count: usize,
    /// Lines that are in this language and in no other, and their bytes.
    lines: usize,
    bytes: usize,
}

impl<'t> Signs<'t> {
    pub(crate) fn of(text: &'t str) -> Self {
        let text = text.get(..text.floor_char_boundary(LOOKED_AT)).unwrap_or(text);
        let mut each = [Sign::default(); Language::ALL.len()];
        let mut only = Only::default();
        for line in text.lines().map(str::trim) {
            let names = sections::names(line);
            let heads =
                Language::ALL.map(|language| names.iter().flatten().any(|name| pack(language).head(name).is_some()));
            let mut counts = heads.map(|head| HEAD * usize::from(head));
            only.clear();
            let mut look = |n: usize, part: &str| {
                each_small_word(part, |small| {
                    for (count, language) in counts.iter_mut().zip(Language::ALL) {
                        *count += usize::from(small.languages & language.bit() != 0);
                    }
                    if n.is_multiple_of(2) {
                        only.add(small);
                    }
                });
            };
            // What stands between quotation marks is somebody else's.
            if line.is_ascii() && !line.as_bytes().contains(&b'"') {
                look(0, line);
            } else {
                let parts = line.split(['"', '\u{201c}', '\u{201d}', '\u{201e}']);
                parts.enumerate().for_each(|(n, part)| look(n, part));
            }
            for ((sign, language), (count, head)) in
                each.iter_mut().zip(Language::ALL).zip(counts.into_iter().zip(heads))
            {
                sign.count += count;
                let small = only.count(language);
                if head && heads.iter().filter(|head| **head).count() == 1 || small > 0 {
                    sign.lines += 1 + usize::from(small >= MANY && line.len() * 4 >= text.len());
                    sign.bytes += line.len();
                }
            }
        }
        Self { text, each }
    }

    /// The language; nothing where the signs do not tell.
    pub(crate) fn language(&self) -> Option<Language> {
        let [english, german] = self.each.map(|sign| sign.count);
        if german > english && german >= ENOUGH {
            Some(Language::German)
        } else if english > german && english >= ENOUGH {
            Some(Language::English)
        } else if english == 0 && self.text.len() <= SHORT && pack(Language::German).names(self.text) {
            Some(Language::German)
        } else {
            None
        }
    }

    /// Whether a note that is read in one language has parts in another, which are not read: whole lines, at least two and a tenth of the text,
    /// that are heads of the other alone or have several of its small words (one long line, where it has many). A name, a title or a quotation is no part.
    pub(crate) fn are_mixed(&self, read_in: Language) -> bool {
        let others = self
            .each
            .iter()
            .zip(Language::ALL)
            .filter(|(_, other)| *other != read_in);
        others
            .into_iter()
            .any(|(sign, _)| sign.lines >= MIXED && sign.bytes * 10 >= self.text.len())
    }
}

/// Different small words of a line that one language alone has.
#[derive(Default)]
struct Only {
    /// Their numbers.
    seen: Vec<usize>,
    /// How many there are by language, as in [`Language::ALL`].
    each: [usize; Language::ALL.len()],
}

impl Only {
    fn clear(&mut self) {
        self.seen.clear();
        self.each = Default::default();
    }

    fn add(&mut self, small: &Small) {
        if small.tells_one && !self.seen.contains(&small.number) {
            self.seen.push(small.number);
            for (count, language) in self.each.iter_mut().zip(Language::ALL) {
                *count += usize::from(small.languages == language.bit());
            }
        }
    }

    /// How many there are of a language, where these are several and more than those of the others.
    fn count(&self, language: Language) -> usize {
        let own = self.each.get(language as usize).copied().unwrap_or(0);
        if own >= SEVERAL && own > self.seen.len() - own {
            own
        } else {
            0
        }
    }
}

/// A small word.
#[derive(Clone, Copy, Default)]
struct Small {
    /// The languages that have it, by their bits.
    languages: u8,
    /// One language alone has it, and notes of another do not use it either.
    tells_one: bool,
    /// Each has another.
    number: usize,
}

/// The small words of all packs, as [`packed`] gives them.
static SMALL: LazyLock<HashMap<u128, Small, Plain>> = LazyLock::new(|| {
    let mut small: HashMap<u128, Small, _> = HashMap::default();
    for language in Language::ALL {
        for word in &pack(language).tell_tale {
            let number = small.len();
            let Some(key) = packed(word.as_bytes()) else { continue };
            let own = small.entry(key).or_insert(Small {
                number,
                ..Small::default()
            });
            own.languages |= language.bit();
            own.tells_one = own.languages.is_power_of_two() && !NO_TELL_TALE.contains(word);
        }
    }
    small
});

/// Their first bytes and lengths.
static SHAPES: LazyLock<Shapes> = LazyLock::new(|| {
    let words = Language::ALL.iter().flat_map(|language| &pack(*language).tell_tale);
    Shapes::of(words.copied())
});

/// Calls `each` with every small word of a text.
fn each_small_word(text: &str, mut each: impl FnMut(&Small)) {
    let (shapes, small) = (&*SHAPES, &*SMALL);
    let mut look = |word: &[u8]| {
        let first = word.first().map(u8::to_ascii_lowercase);
        if shapes.may_be(first, word.len())
            && let Some(found) = packed(word).and_then(|word| small.get(&word))
        {
            each(found);
        }
    };
    if text.is_ascii() {
        let bytes = text.as_bytes();
        let mut start = 0;
        for (at, byte) in bytes.iter().enumerate() {
            if !is_alphanumeric(*byte) {
                look(bytes.get(start..at).unwrap_or(&[]));
                start = at + 1;
            }
        }
        look(bytes.get(start..).unwrap_or(&[]));
    } else {
        text.split(|c: char| !c.is_alphanumeric())
            .for_each(|word| look(word.as_bytes()));
    }
}

/// Small words that stand in notes of other languages too: "25 mg IM", "MIT".
pub(super) const NO_TELL_TALE: &[&str] = &["im", "des", "den", "mit", "on", "at", "is", "of", "patient"];

/// How many lines of another language make a note one of two.
const MIXED: usize = 2;

/// How many different small words of another language make a line one of it.
const SEVERAL: usize = 2;

/// How many make a line of a quarter of the text count as two.
const MANY: usize = 4;

/// A text of at most so many bytes is German by one word: "Starke Atemnot".
const SHORT: usize = 300;

/// Bytes of a note that are looked at for its language.
const LOOKED_AT: usize = 32 * 1024;

/// What a section head counts, where a small word counts 1.
const HEAD: usize = 3;

/// The least that a language must count.
const ENOUGH: usize = 2;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_small_word_is_in_the_table() {
        let mut words = Language::ALL.iter().flat_map(|language| &pack(*language).tell_tale);
        assert!(
            words.all(|word| word.len() > 1 && packed(word.as_bytes()).is_some_and(|key| SMALL.contains_key(&key)))
        );
    }

    #[test]
    fn knows_the_language_of_a_note() {
        let check = |text: &str, expect: Option<Language>| assert_eq!(Language::of(text), expect, "{text}");
        check("Der Patient klagt nicht über Fieber.", Some(Language::German));
        check("Allergien: keine\nMedikation: Metformin", Some(Language::German));
        check("The patient denies fever.", Some(Language::English));
        check("ALLERGIES: NKDA\nMEDS: metformin", Some(Language::English));
        check(
            "Labor: it was spontaneous, and the baby is well.",
            Some(Language::English),
        );
        check("BP 130/80", None);
        check("", None);
        check("Le patient ne prend plus la metformine.", None);
    }
}
