//! The language of a note, by its section heads and small words.

use std::{collections::HashMap, sync::LazyLock};

use super::{
    pack::{Pack, pack},
    sections,
};
use crate::lexicon::Plain;

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
        let text = beginning(text);
        let mut counts = [0; Language::ALL.len()];
        for line in text.lines() {
            let names = sections::names(line);
            for (count, language) in counts.iter_mut().zip(Language::ALL) {
                *count += HEAD * usize::from(is_head(&names, pack(language)));
            }
        }
        each_small_word(text, |_, languages| {
            for (count, language) in counts.iter_mut().zip(Language::ALL) {
                *count += usize::from(languages & language.bit() != 0);
            }
        });
        let [english, german] = counts;
        if german > english && german >= ENOUGH {
            Some(Language::German)
        } else if english > german && english >= ENOUGH {
            Some(Language::English)
        } else if english == 0 && text.len() <= SHORT && pack(Language::German).names(text) {
            Some(Language::German)
        } else {
            None
        }
    }

    fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// Whether a note that is read in one language has parts in another, which are not read: whole lines, at least two and a tenth of the text,
/// that are heads of the other alone or have several of its small words. A name, a title or a quotation is no part. Looks at the first 32 KiB.
pub(crate) fn is_mixed(text: &str, read_in: Language) -> bool {
    let text = beginning(text);
    let mut others = Language::ALL.into_iter().filter(|other| *other != read_in);
    others.any(|other| {
        let (mut lines, mut bytes) = (0, 0);
        for line in text.lines().map(str::trim) {
            let names = sections::names(line);
            let headed = is_head(&names, pack(other)) && !is_head(&names, pack(read_in));
            if headed || is_in(line, other, read_in) {
                (lines, bytes) = (lines + 1, bytes + line.len());
            }
        }
        lines >= MIXED && bytes * 10 >= text.len()
    })
}

/// Whether a line has several small words of a language that another lacks, and more of them than of the other.
fn is_in(line: &str, language: Language, other: Language) -> bool {
    let (mut own, mut others) = (Vec::new(), Vec::new());
    // What stands between quotation marks is somebody else's.
    for part in line.split(['"', '\u{201c}', '\u{201d}', '\u{201e}']).step_by(2) {
        each_small_word(part, |word, languages| {
            let list = match (languages & language.bit() != 0, languages & other.bit() != 0) {
                (true, false) => &mut own,
                (false, true) => &mut others,
                _ => return,
            };
            if !NO_TELL_TALE.contains(&word) && !list.contains(&word) {
                list.push(word);
            }
        });
    }
    own.len() >= SEVERAL && own.len() > others.len()
}

/// Whether one of `names` is that of a section in the language of a pack.
fn is_head(names: &[Option<String>], pack: &Pack) -> bool {
    names.iter().flatten().any(|name| pack.head(name).is_some())
}

/// The part of a text that is looked at.
fn beginning(text: &str) -> &str {
    text.get(..text.floor_char_boundary(LOOKED_AT)).unwrap_or(text)
}

/// The small words of all packs, and the languages that have them, by their bits.
static SMALL: LazyLock<HashMap<&'static str, u8, Plain>> = LazyLock::new(|| {
    let mut small: HashMap<_, u8, _> = HashMap::default();
    for language in Language::ALL {
        for word in &pack(language).tell_tale {
            *small.entry(*word).or_default() |= language.bit();
        }
    }
    small
});

/// Calls `each` with every small word of a text, in lower case, and the bits of the languages that have it.
fn each_small_word(text: &str, mut each: impl FnMut(&'static str, u8)) {
    // In lower case without a copy of the text.
    let mut lower = [0; LONGEST_SMALL];
    for word in text.split(|c: char| !c.is_alphanumeric()) {
        let Some(lower) = lower.get_mut(..word.len()).filter(|_| word.len() > 1) else {
            continue;
        };
        lower.copy_from_slice(word.as_bytes());
        lower.make_ascii_lowercase();
        let found = std::str::from_utf8(lower)
            .ok()
            .and_then(|word| SMALL.get_key_value(word));
        if let Some((word, languages)) = found {
            each(word, *languages);
        }
    }
}

/// Small words that stand in notes of other languages too: "25 mg IM", "MIT".
pub(super) const NO_TELL_TALE: &[&str] = &["im", "des", "den", "mit", "on", "at", "is", "of", "patient"];

/// How many lines of another language make a note one of two.
const MIXED: usize = 2;

/// How many different small words of another language make a line one of it.
const SEVERAL: usize = 2;

/// The longest small word by which a language is known, in bytes.
const LONGEST_SMALL: usize = 9;

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
    fn every_small_word_is_short() {
        assert!(SMALL.keys().all(|word| word.len() <= LONGEST_SMALL && word.len() > 1));
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
