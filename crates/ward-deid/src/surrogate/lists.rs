//! The names and places that stand-ins are made of, and what tells a name's gender and script.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use crate::{fold, gazetteer};

/// What a word of a name is, so that its stand-in is of the same kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    Female,
    Male,
    Neutral,
    Family,
    CyrillicFamily,
    CyrillicMale,
    CyrillicFemale,
    Greek,
    Hebrew,
    Arabic,
    Devanagari,
    Thai,
    Kana,
    HangulFamily,
    HangulGiven,
    HanFamily,
    HanGiven,
    HanSingle,
    City,
    Street,
    Facility,
}

/// The word before the colon in the data files.
const KINDS: &[(&str, Kind)] = &[
    ("female", Kind::Female),
    ("male", Kind::Male),
    ("neutral", Kind::Neutral),
    ("family", Kind::Family),
    ("cyrillic-family", Kind::CyrillicFamily),
    ("cyrillic-male", Kind::CyrillicMale),
    ("cyrillic-female", Kind::CyrillicFemale),
    ("greek", Kind::Greek),
    ("hebrew", Kind::Hebrew),
    ("arabic", Kind::Arabic),
    ("devanagari", Kind::Devanagari),
    ("thai", Kind::Thai),
    ("kana", Kind::Kana),
    ("hangul-family", Kind::HangulFamily),
    ("hangul-given", Kind::HangulGiven),
    ("han-family", Kind::HanFamily),
    ("han-given", Kind::HanGiven),
    ("han-single", Kind::HanSingle),
    ("city", Kind::City),
    ("street", Kind::Street),
    ("facility", Kind::Facility),
];

struct Lists {
    words: HashMap<Kind, Vec<&'static str>>,
    gender: HashMap<String, Kind>,
}

static LISTS: LazyLock<Lists> = LazyLock::new(|| {
    let mut lists = Lists {
        words: HashMap::new(),
        gender: HashMap::new(),
    };
    let files = [include_str!("names.txt"), include_str!("places.txt")];
    for line in files
        .iter()
        .flat_map(|file| file.lines())
        .filter(|line| !line.starts_with('#'))
    {
        let Some((kind, words)) = line.split_once(':') else {
            continue;
        };
        let gender = match kind {
            "female" | "woman" => Some(Kind::Female),
            "male" | "man" => Some(Kind::Male),
            "neutral" => Some(Kind::Neutral),
            _ => None,
        };
        for word in words.split_whitespace() {
            if let Some(gender) = gender {
                lists.gender.entry(word.to_lowercase()).or_insert(gender);
            }
        }
        if let Some((_, kind)) = KINDS.iter().find(|(name, _)| *name == kind) {
            lists.words.entry(*kind).or_default().extend(words.split_whitespace());
        }
    }
    lists
});

/// Every word that stand-ins are made of, folded.
static ALL: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let words = LISTS.words.values().flatten();
    words
        .flat_map(|words| words.split(['_', '-', '\'', ' ']))
        .map(fold::words)
        .collect()
});

/// True for a folded word of which stand-ins are made.
pub(super) fn has(folded: &str) -> bool {
    ALL.contains(folded)
}

/// Every word of a kind.
pub(super) fn words(kind: Kind) -> &'static [&'static str] {
    LISTS.words.get(&kind).map_or(&[], Vec::as_slice)
}

/// What kind of name `word` (in lower case) is; none for a script without a list. `first` says that another word of the
/// name follows it, or that it follows a comma: it decides where no list does.
pub(super) fn kind(word: &str, first: bool) -> Option<Kind> {
    let letter = word.chars().find(|c| c.is_alphabetic())?;
    Some(match u32::from(letter) {
        0x0041..=0x024f | 0x1e00..=0x1eff => match LISTS.gender.get(word) {
            Some(kind) => *kind,
            None => {
                let levels = gazetteer::phrase([word]);
                let given = match levels.given().cmp(&levels.surname()) {
                    std::cmp::Ordering::Greater => true,
                    std::cmp::Ordering::Equal => first,
                    std::cmp::Ordering::Less => false,
                };
                if given { Kind::Neutral } else { Kind::Family }
            }
        },
        0x0400..=0x052f => cyrillic(word),
        0x0370..=0x03ff | 0x1f00..=0x1fff => Kind::Greek,
        0x0590..=0x05ff => Kind::Hebrew,
        0x0600..=0x06ff | 0x0750..=0x077f => Kind::Arabic,
        0x0900..=0x097f => Kind::Devanagari,
        0x0e00..=0x0e7f => Kind::Thai,
        0x3040..=0x30ff => Kind::Kana,
        0xac00..=0xd7af => match word.chars().count() {
            1 => Kind::HangulFamily,
            _ => Kind::HangulGiven,
        },
        0x3400..=0x4dbf | 0x4e00..=0x9fff => match word.chars().count() {
            1 => Kind::HanFamily,
            _ => Kind::HanGiven,
        },
        _ => return None,
    })
}

/// Russian surnames and given names, by their endings.
fn cyrillic(word: &str) -> Kind {
    let ends = |endings: &[&str]| endings.iter().any(|ending| word.ends_with(ending));
    if ends(&[
        "ов", "ев", "ёв", "ин", "ын", "ский", "цкий", "ко", "ук", "юк", "ова", "ева", "ёва", "ина", "ская", "цкая",
    ]) {
        Kind::CyrillicFamily
    } else if ends(&["а", "я"]) {
        Kind::CyrillicFemale
    } else {
        Kind::CyrillicMale
    }
}

/// True for a Russian surname in its female form.
pub(super) fn is_female_surname(word: &str) -> bool {
    ["ова", "ева", "ёва", "ина", "ская", "цкая"]
        .iter()
        .any(|ending| word.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_read() {
        for (name, kind) in KINDS {
            assert!(words(*kind).len() >= 16, "{name}");
        }
        let mut all: Vec<_> = words(Kind::Family).to_vec();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), words(Kind::Family).len());
    }

    #[test]
    fn tells_kinds() {
        for (word, expect) in [
            ("mary", Kind::Female),
            ("john", Kind::Male),
            ("smith", Kind::Family),
            ("иванов", Kind::CyrillicFamily),
            ("иванова", Kind::CyrillicFamily),
            ("мария", Kind::CyrillicFemale),
            ("王", Kind::HanFamily),
            ("小明", Kind::HanGiven),
            ("김", Kind::HangulFamily),
            ("المصري", Kind::Arabic),
        ] {
            assert_eq!(kind(word, false), Some(expect), "{word}");
        }
        assert_eq!(kind("ქართული", true), None);
        assert!(is_female_surname("иванова") && !is_female_surname("иванов"));
    }
}
