//! Stand-ins for names of people: word for word, so that parts of a name get the same parts of another.
//!
//! - A word has one stand-in, whatever stands around it: "John Smith", "SMITH, JOHN" and "Mr. Smith" give one person.
//! - A given name's stand-in has the same gender where a table knows it; the script is the same.
//! - Initials go through one secret permutation, and a stand-in begins with the letter that its word's initial becomes:
//!   "J. Smith" and "John Smith" agree although neither knows of the other.
//! - Titles, suffixes, degrees, particles, order, case and punctuation stay.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::draw::Draw;
use super::lists::{self, Kind};
use super::words::{in_case_of, words};
use crate::hidden::Hidden;
use crate::{fold, lexicon};

/// Letters that many names begin with.
const INITIALS: &[u8; 18] = b"ABCDEFGHJKLMNPRSTV";

/// Names given out for one subject.
#[derive(Default)]
pub(super) struct Names {
    /// Word, folded, to its stand-in as the list has it.
    given: HashMap<Hidden, String>,
    /// Stand-in, folded, to the word.
    taken: HashMap<String, Hidden>,
    /// Words, folded, of which a field says that they are given names.
    firsts: HashSet<Hidden>,
}

/// A word of a name.
struct Word {
    range: Range<usize>,
    /// False for titles, suffixes, particles.
    named: bool,
}

impl Names {
    /// Notes folded words of which a field says that they are given names.
    pub(super) fn meet<'a>(&mut self, given: impl Iterator<Item = &'a Hidden>) {
        for word in given {
            if !self.firsts.contains(word) {
                self.firsts.insert(word.clone());
            }
        }
    }

    /// The stand-in for a whole name. Attempts above 0 choose other words. `is_taken` says which words, folded, must
    /// not be used. None when the name has no word with a stand-in.
    pub(super) fn stand_in(
        &mut self,
        draw: &Draw,
        value: &str,
        attempt: u32,
        is_taken: impl Fn(&str) -> bool,
    ) -> Option<String> {
        let mut out = String::with_capacity(value.len());
        let mut at = 0;
        let mut any = false;
        if value.chars().filter(|c| c.is_alphanumeric()).count() == 1 && value.is_ascii() {
            return self.alone(draw, value, attempt, &is_taken);
        }
        let words = split(value);
        let last = words.iter().rposition(|word| word.named);
        let comma = value.find([',', '^']).unwrap_or(value.len());
        for (i, word) in words.into_iter().enumerate() {
            // "John Smith", "Smith, John": in front of the family name, or behind it and a comma.
            let given = if comma < value.len() {
                word.range.start > comma
            } else {
                last.is_some_and(|last| i < last)
            };
            out.push_str(value.get(at..word.range.start)?);
            let text = value.get(word.range.clone())?;
            at = word.range.end;
            if word.named {
                out.push_str(&self.word(draw, text, given, attempt, &is_taken)?);
                any = true;
            } else {
                out.push_str(text);
            }
        }
        out.push_str(value.get(at..)?);
        (any && !out.bytes().any(|b| b.is_ascii_digit())).then_some(out)
    }

    /// An initial alone, as in the field of a middle name: one letter would be met everywhere, so a whole name that
    /// begins with the letter stands for it.
    fn alone(&self, draw: &Draw, value: &str, attempt: u32, is_taken: &impl Fn(&str) -> bool) -> Option<String> {
        let letter = value.chars().find(char::is_ascii_alphabetic)?;
        let initial = initial(draw, letter.encode_utf8(&mut [0; 4]), 0)?;
        let list = [
            lists::words(Kind::Neutral),
            lists::words(Kind::Female),
            lists::words(Kind::Male),
        ]
        .concat();
        let free = |word: &&&str| {
            let folded = fold::words(word);
            word.starts_with(initial) && !self.taken.contains_key(&folded) && !is_taken(&folded)
        };
        let free: Vec<&&str> = list.iter().filter(free).collect();
        draw.pick("initial alone", value, attempt, &free)
            .map(|word| in_case_of(word, if letter.is_ascii_lowercase() { "x" } else { "Xx" }))
    }

    fn word(
        &mut self,
        draw: &Draw,
        text: &str,
        given: bool,
        attempt: u32,
        is_taken: &impl Fn(&str) -> bool,
    ) -> Option<String> {
        if text.chars().filter(|c| c.is_alphabetic()).count() == 1 && text.is_ascii() {
            let initial = initial(draw, text, attempt)?;
            return Some(in_case_of(&initial.to_string(), text));
        }
        if let Some((family, own)) = han(text).filter(|(_, own)| !own.is_empty()) {
            let family = self.word(draw, family, false, attempt, is_taken)?;
            return Some(family + &self.word(draw, own, true, attempt, is_taken)?);
        }
        let mut key = fold::words(text);
        if attempt > 0 {
            // Another spelling of a word that has a stand-in already, or one that would be misread.
            key = format!("{} {attempt}", text.to_lowercase());
        }
        let new = match self.given.get(key.as_str()) {
            Some(new) => new.clone(),
            None => {
                let new = self.choose(draw, text, given, &key, is_taken)?;
                self.learn(&key, &new);
                new
            }
        };
        let new = match lists::is_female_surname(&text.to_lowercase()) {
            true if ["ов", "ев", "ёв", "ин"].iter().any(|end| new.ends_with(end)) => new + "а",
            _ => new,
        };
        Some(in_case_of(&new, text))
    }

    /// A word of the right kind that is free.
    fn choose(
        &self,
        draw: &Draw,
        text: &str,
        given: bool,
        key: &str,
        is_taken: &impl Fn(&str) -> bool,
    ) -> Option<String> {
        let lower = text.to_lowercase();
        let mut kind = lists::kind(&lower, given)?;
        if kind == Kind::Family && self.firsts.contains(fold::words(text).as_str()) {
            kind = Kind::Neutral;
        }
        if kind == Kind::HanGiven && text.chars().count() == 1 {
            kind = Kind::HanSingle;
        }
        let list = lists::words(kind);
        let first = lower.chars().next().filter(char::is_ascii_alphabetic);
        let letter = first.and_then(|c| initial(draw, c.encode_utf8(&mut [0; 4]), 0));
        let same: Vec<&str> = list
            .iter()
            .copied()
            .filter(|word| letter.is_some_and(|c| word.starts_with(c)))
            .collect();
        let free = |word: &&&str| {
            let folded = fold::words(word);
            !self.taken.contains_key(&folded) && !is_taken(&folded) && folded != fold::words(text)
        };
        // From a drawn place on, round the names with the right letter, then round all of them.
        [same.as_slice(), list].into_iter().find_map(|list| {
            let from = draw.number("name", key, 0, list.len());
            let (head, tail) = list.split_at_checked(from)?;
            tail.iter().chain(head).find(free).map(|word| (*word).to_owned())
        })
    }

    fn learn(&mut self, key: &str, new: &str) {
        self.taken.insert(fold::words(new), Hidden::new(key));
        self.given.insert(Hidden::new(key), new.to_owned());
    }

    /// The stand-in that a word has already, for mailboxes.
    pub(super) fn known(&self, word: &str) -> Option<String> {
        self.given.get(fold::words(word).as_str()).cloned()
    }

    /// Learns from a name that was replaced in an earlier run.
    pub(super) fn learn_pair(&mut self, value: &str, stand_in: &str) {
        for (new, old) in self.parts(value, stand_in) {
            let key = fold::words(&old);
            if !self.given.contains_key(key.as_str()) {
                let title = title(&new);
                self.learn(&key, &title);
            }
        }
    }

    /// The words of a stand-in, each with the word it stands for, where both have as many.
    pub(super) fn parts(&self, value: &str, stand_in: &str) -> Vec<(String, String)> {
        let (old, new) = (split(value), split(stand_in));
        if old.len() != new.len() || old.len() < 2 {
            return if old.len() == 1 && new.len() == 1 {
                pair(value, stand_in, &old, &new)
            } else {
                Vec::new()
            };
        }
        pair(value, stand_in, &old, &new)
    }
}

fn pair(value: &str, stand_in: &str, old: &[Word], new: &[Word]) -> Vec<(String, String)> {
    let named = old.iter().zip(new).filter(|(old, _)| old.named);
    let text = |text: &str, word: &Word| text.get(word.range.clone()).unwrap_or_default().to_owned();
    let both = named.map(|(old, new)| (text(stand_in, new), text(value, old)));
    both.filter(|(new, old)| new.chars().count() > 1 && old.chars().count() > 1)
        .collect()
}

/// A word as the lists write it.
fn title(word: &str) -> String {
    let mut chars = word.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars.flat_map(char::to_lowercase)).collect(),
        None => String::new(),
    }
}

/// The words of a name, and which of them are names.
fn split(value: &str) -> Vec<Word> {
    let found = words(value);
    let text = |range: &Range<usize>| value.get(range.clone()).unwrap_or_default();
    let count = found.len();
    let mut all: Vec<Word> = found
        .iter()
        .enumerate()
        .map(|(i, range)| {
            let word = text(range);
            let tags = lexicon::tags(word);
            let long = word.chars().count() > 1;
            let opens = i + 1 < count && found.iter().take(i).all(|range| super::is_title(text(range)));
            let title = opens && tags & lexicon::HONORIFIC != 0;
            let closes = i > 0 && found.iter().skip(i).all(|range| super::is_title(text(range)));
            let suffix = closes && tags & (lexicon::SUFFIX | lexicon::CREDENTIAL) != 0;
            // DICOM and HL7 write titles behind the names: "Quill^Zelda^^Dr".
            let before = value.get(..range.start).unwrap_or_default();
            let apart = before.matches('^').count() >= 3 && super::is_title(word);
            let particle = i + 1 < count && tags & lexicon::PARTICLE != 0 && word.chars().all(char::is_lowercase);
            Word {
                range: range.clone(),
                named: !(long && (title || suffix || particle || apart)),
            }
        })
        .collect();
    if all.iter().all(|word| !word.named) {
        for word in &mut all {
            word.named = true;
        }
    }
    all
}

/// What an initial becomes: a permutation of the letters that follows from the key and leaves none in place.
fn initial(draw: &Draw, letter: &str, attempt: u32) -> Option<char> {
    let letter = letter.chars().next()?.to_ascii_uppercase();
    let from = u32::from(letter).checked_sub(u32::from('A')).filter(|n| *n < 26)?;
    let start = draw.number("initials", "", attempt, INITIALS.len());
    // A walk through all eighteen letters: 5, 7, 11, 13 and 17 share no factor with 18.
    let step = draw.pick("initials step", "", attempt, &[5_usize, 7, 11, 13, 17])?;
    let nth = |n: usize| {
        INITIALS
            .get((start + n * step) % INITIALS.len())
            .copied()
            .map(char::from)
    };
    let place = usize::try_from(from).ok()?;
    nth(place).filter(|new| *new != letter).or_else(|| nth(place + 1))
}

/// Family name and given name of a name in Chinese characters or Hangul.
fn han(text: &str) -> Option<(&str, &str)> {
    let ours = |c: char| matches!(u32::from(c), 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xac00..=0xd7af);
    let count = text.chars().count();
    if !(3..=4).contains(&count) || !text.chars().all(ours) {
        // Two characters may be a given name alone, or both: one stand-in for both.
        return None;
    }
    let family = if count == 4 { 2 } else { 1 };
    let at = text.char_indices().nth(family).map(|(at, _)| at)?;
    text.split_at_checked(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(names: &mut Names, value: &str) -> String {
        names.stand_in(&Draw::new(&[9; 32]), value, 0, |_| false).unwrap()
    }

    #[test]
    fn one_person_however_spelled() {
        let mut names = Names::default();
        let whole = one(&mut names, "John Smith");
        let (given, family) = whole.split_once(' ').unwrap();
        assert!(lists::words(Kind::Male).contains(&given) && lists::words(Kind::Family).contains(&family));
        let initial = given.chars().next().unwrap();
        for (value, expect) in [
            (
                "SMITH, JOHN",
                format!("{}, {}", family.to_uppercase(), given.to_uppercase()),
            ),
            ("Mr. Smith", format!("Mr. {family}")),
            ("Mr. Smith's", format!("Mr. {family}'s")),
            ("J. Smith", format!("{initial}. {family}")),
            ("john smith", whole.to_lowercase()),
            ("Smith^John", format!("{family}^{given}")),
            ("Smith^John^^Dr", format!("{family}^{given}^^Dr")),
            ("Dr. John Smith Jr., MD", format!("Dr. {whole} Jr., MD")),
            ("Smith", family.to_owned()),
        ] {
            assert_eq!(one(&mut names, value), expect);
        }
        // The same without having seen the whole first.
        let mut other = Names::default();
        assert_eq!(one(&mut other, "J. Smith"), format!("{initial}. {family}"));
        let mary = one(&mut names, "Mary Smith-Jones");
        assert!(lists::words(Kind::Female).contains(&mary.split(' ').next().unwrap()));
        assert!(mary.contains(&format!(" {family}-")));
    }

    #[test]
    fn what_a_field_calls_given_stays_given() {
        let names = |told: &[&str]| {
            let mut names = Names::default();
            let told: Vec<Hidden> = told.iter().map(|word| Hidden::new(word)).collect();
            names.meet(told.iter());
            names
        };
        let is = |kind, word: &str| lists::words(kind).contains(&word);
        assert!(is(Kind::Family, &one(&mut names(&[]), "Ottoline")));
        assert!(is(Kind::Neutral, &one(&mut names(&["ottoline"]), "Ottoline")));
        assert!(is(Kind::Male, &one(&mut names(&["john"]), "John")));
    }

    #[test]
    fn the_same_script() {
        let mut names = Names::default();
        let same = |value: &str, new: &str| {
            assert_ne!(value, new);
            for (a, b) in value.chars().zip(new.chars()) {
                assert_eq!(fold::is_unspaced(a), fold::is_unspaced(b), "{new}");
            }
            assert!(value.is_ascii() == new.is_ascii());
        };
        for value in [
            "王小明",
            "王小",
            "김민수",
            "Иванов Иван",
            "محمد المصري",
            "כהן",
            "Παπαδόπουλος",
            "अमित शर्मा",
        ] {
            let new = one(&mut names, value);
            same(value, &new);
        }
        let (man, woman) = (one(&mut names, "Петров"), one(&mut names, "Петрова"));
        assert!(woman.ends_with('а') || man.ends_with("о"), "{man} {woman}");
        let (whole, family) = (one(&mut names, "李小龙"), one(&mut names, "李"));
        assert!(whole.starts_with(&family));
        assert!(names.stand_in(&Draw::new(&[9; 32]), "ქართველი", 0, |_| false).is_none());
    }

    #[test]
    fn taken_words_are_not_used() {
        let mut names = Names::default();
        let first = one(&mut names, "Smith");
        let other = Names::default()
            .stand_in(&Draw::new(&[9; 32]), "Smith", 0, |word| word == fold::words(&first))
            .unwrap();
        assert_ne!(first, other);
        let all: std::collections::HashSet<_> = (0..300)
            .filter_map(|i| {
                let word: String = format!("Q{i}")
                    .chars()
                    .map(|c| if c.is_ascii_digit() { (c as u8 + 50) as char } else { c })
                    .collect();
                names.stand_in(&Draw::new(&[9; 32]), &word, 0, |_| false)
            })
            .collect();
        assert!(all.len() >= 150, "{}", all.len());
        assert!(names.stand_in(&Draw::new(&[9; 32]), "Dr.", 0, |_| true).is_none());
    }
}
