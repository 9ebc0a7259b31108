//! What was read to learn from a text, kept for when the same text is searched.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher};
use std::sync::{Mutex, PoisonError};

use crate::find::Hit;
use crate::hidden::Hidden;
use crate::lex::Scan;
use crate::seeded::Seeded;

/// Most bytes of text whose reading is kept.
const MOST: usize = 8 << 20;

/// Readings by a hash of their texts. Each is taken out by the first who searches its text.
#[derive(Default)]
pub(super) struct Reads {
    kept: Mutex<HashMap<u64, Read, Seeded>>,
    bytes: usize,
}

struct Read {
    text: Hidden,
    scan: Scan<'static>,
    hits: Vec<Hit>,
}

impl Reads {
    /// Keeps a reading, unless there are too many.
    pub(super) fn keep(&mut self, scan: Scan<'_>, hits: Vec<Hit>) {
        let text = scan.text;
        if text.is_empty() || self.bytes + text.len() > MOST {
            return;
        }
        self.bytes += text.len();
        let read = Read {
            text: Hidden::new(text),
            scan: scan.on(""),
            hits,
        };
        let kept = self.kept.get_mut().unwrap_or_else(PoisonError::into_inner);
        kept.insert(hash(text), read);
    }

    /// The reading of `text`, once.
    pub(super) fn take<'t>(&self, text: &'t str) -> Option<(Scan<'t>, Vec<Hit>)> {
        if self.bytes == 0 {
            return None;
        }
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let hash = hash(text);
        let same = kept.get(&hash).is_some_and(|read| read.text.expose() == text);
        let read = if same { kept.remove(&hash) } else { None };
        read.map(|read| (read.scan.on(text), read.hits))
    }
}

/// A hash to find a text by; the text itself is compared afterwards.
fn hash(text: &str) -> u64 {
    let mut hasher = Seeded::default().build_hasher();
    hasher.write(text.as_bytes());
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_the_reading_of_the_same_text_once() {
        let mut reads = Reads::default();
        let text = "Dr. Wexelby saw Zelda.";
        reads.keep(Scan::new(text), Vec::new());
        assert!(reads.take("Dr. Wexelby saw Zelda!").is_none() && reads.take("").is_none());
        let (scan, _) = reads.take(text).unwrap();
        assert_eq!((scan.text, scan.word(1), scan.prints.len()), (text, "Wexelby", 4));
        assert!(reads.take(text).is_none());
    }
}
