//! A canary phrase for each key: three made-up words that stand nowhere else.
//!
//! Who gives a key out plants its phrase in what that key's holder alone gets to see: a record made up for it, an
//! instruction. A phrase that then turns up with another key, in a question or in an answer, tells that something went
//! from the one to the other: data that was passed on, a model that was taught with what it was asked, a mixed-up cache.
//!
//! The words are drawn from a secret of the data folder and the key's id, so that nothing has to be kept, and a phrase can
//! be shown again.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, PoisonError, RwLock},
};

use ward_guard::{Part, Request};
use ward_seal::{Error, apikey::KeyStore, hash, store::DataDir};

/// Words of a phrase, and letters of a word.
const WORDS: usize = 3;
const LETTERS: usize = 6;
const CONSONANTS: &[u8; 14] = b"bdfgklmnprstvz";
const VOWELS: &[u8; 5] = b"aeiou";

/// Which key a phrase is for.
type ByPhrase = HashMap<String, String>;

/// The phrases of all keys.
pub struct Phrases {
    secret: [u8; 32],
    by_phrase: RwLock<Arc<ByPhrase>>,
}

impl Phrases {
    /// The phrases of this data folder.
    ///
    /// # Errors
    /// When the secret that they are drawn from cannot be read or made.
    pub fn open(data: &DataDir) -> Result<Self, Error> {
        Ok(Self {
            secret: *data.secret("phrases")?.expose(),
            by_phrase: RwLock::default(),
        })
    }

    /// The phrase of a key.
    #[must_use]
    pub fn of_key(&self, id: &str) -> String {
        let random = hash::hmac_sha256(&self.secret, id.as_bytes());
        let mut phrase = String::with_capacity(WORDS * (LETTERS + 1));
        for (at, byte) in random.iter().take(WORDS * LETTERS).enumerate() {
            if at > 0 && at % LETTERS == 0 {
                phrase.push(' ');
            }
            let letters: &[u8] = if at % 2 == 0 { CONSONANTS } else { VOWELS };
            let letter = letters.get(usize::from(*byte) % letters.len()).copied();
            phrase.push(letter.map_or('a', char::from));
        }
        phrase
    }

    /// Takes up the keys as they are now. Those that were revoked count too: what was given to them still is.
    pub(crate) fn take_up(&self, keys: &KeyStore) {
        let by_phrase = keys
            .list()
            .into_iter()
            .map(|key| (self.of_key(&key.id), key.id))
            .collect();
        *self.by_phrase.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(by_phrase);
    }

    /// A look through what comes with, or goes to, this caller.
    pub(crate) fn look(&self, who: &str) -> Look {
        Look {
            by_phrase: Arc::clone(&self.by_phrase.read().unwrap_or_else(PoisonError::into_inner)),
            who: who.to_owned(),
            word: String::new(),
            last: [String::new(), String::new()],
            found: BTreeSet::new(),
        }
    }
}

/// Looks for phrases of other keys in a text that comes in pieces. Linear, with a few words of memory.
pub(crate) struct Look {
    by_phrase: Arc<ByPhrase>,
    who: String,
    /// The word that is being read; longer ones are cut, and are none of a phrase.
    word: String,
    last: [String; WORDS - 1],
    found: BTreeSet<String>,
}

impl Look {
    /// Looks at a piece.
    pub(crate) fn push(&mut self, text: &str) {
        for c in text.chars() {
            if c.is_alphabetic() {
                if self.word.len() <= LETTERS {
                    self.word.push(c.to_ascii_lowercase());
                }
            } else {
                self.end_word();
            }
        }
    }

    /// Looks at all that a request says.
    pub(crate) fn push_all(&mut self, request: &Request) {
        for part in request.messages.iter().flat_map(|message| &message.parts) {
            match part {
                Part::Text(text) => self.push(text),
                // Words in pixels are not read here either.
                Part::Picture { .. } => {}
                Part::Document { bytes, .. } => bytes.utf8_chunks().for_each(|chunk| self.push(chunk.valid())),
            }
            self.end_word();
        }
    }

    /// Whether one was found, as far as words have ended.
    pub(crate) fn found_yet(&self) -> bool {
        !self.found.is_empty()
    }

    /// Keys of others whose phrases were found.
    pub(crate) fn found(&mut self) -> &BTreeSet<String> {
        self.end_word();
        &self.found
    }

    fn end_word(&mut self) {
        if self.word.is_empty() {
            return;
        }
        let word = std::mem::take(&mut self.word);
        let [first, second] = &self.last;
        if is_word(&word) && is_word(first) && is_word(second) {
            let key = self.by_phrase.get(&format!("{first} {second} {word}"));
            if let Some(key) = key.filter(|key| **key != self.who) {
                self.found.insert(key.clone());
            }
        }
        self.last.swap(0, 1);
        self.last[WORDS - 2] = word;
    }
}

/// Whether a word may be one of a phrase.
fn is_word(word: &str) -> bool {
    word.len() == LETTERS
        && word.bytes().enumerate().all(|(at, letter)| {
            let letters: &[u8] = if at % 2 == 0 { CONSONANTS } else { VOWELS };
            letters.contains(&letter)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phrases() -> (tempfile::TempDir, Phrases, Vec<String>) {
        let temp = tempfile::tempdir().unwrap();
        let data = DataDir::open(&temp.path().join("data")).unwrap();
        let keys = KeyStore::open(&data).unwrap();
        for owner in ["a", "b"] {
            keys.create("clinician", owner, None, 1).unwrap();
        }
        let ids = keys.list().into_iter().map(|key| key.id).collect();
        let phrases = Phrases::open(&data).unwrap();
        phrases.take_up(&keys);
        (temp, phrases, ids)
    }

    #[test]
    fn another_keys_phrase_is_found_however_it_is_cut() {
        let (_temp, phrases, ids) = phrases();
        let (mine, theirs) = (phrases.of_key(&ids[0]), phrases.of_key(&ids[1]));
        assert_ne!(mine, theirs);
        assert!(
            mine.split(' ').all(is_word) && mine.split(' ').count() == WORDS,
            "{mine}"
        );
        let text = format!("Note: {}; and {mine}.", theirs.to_uppercase().replace(' ', ",\n"));
        for cut in 0..=text.len() {
            let mut look = phrases.look(&ids[0]);
            look.push(&text[..cut]);
            look.push(&text[cut..]);
            assert_eq!(look.found().iter().collect::<Vec<_>>(), [&ids[1]], "{cut}");
        }
        for text in [
            mine.as_str(),
            &theirs[..theirs.len() - 1],
            &format!("{theirs}x"),
            "patient takes metformin daily",
        ] {
            let mut look = phrases.look(&ids[0]);
            look.push(text);
            assert!(look.found().is_empty(), "{text}");
        }
    }
}
