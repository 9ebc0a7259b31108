//! WordPiece: the longest token that a word begins with, then the longest that goes on (as BERT and the library `tokenizers` do it).

use std::collections::HashMap;

/// A model of beginnings.
pub(super) struct WordPiece {
    /// Tokens by their text.
    pub(super) vocab: HashMap<String, u32>,
    /// The token of a word that cannot be cut.
    pub(super) unk: u32,
    /// Stands before tokens that go on.
    pub(super) prefix: String,
    /// A longer word, in characters, is unknown.
    pub(super) longest: usize,
}

impl WordPiece {
    /// The tokens of a word. Work is the square of [`WordPiece::longest`] at most.
    pub(super) fn encode(&self, word: &str, ids: &mut Vec<u32>) {
        if word.chars().count() > self.longest {
            ids.push(self.unk);
            return;
        }
        let before = ids.len();
        let mut start = 0;
        while start < word.len() {
            let rest = word.get(start..).unwrap_or("");
            let ends = rest.char_indices().rev().map(|(at, c)| at + c.len_utf8());
            let hit = ends.into_iter().find_map(|end| {
                let part = rest.get(..end)?;
                let id = match start {
                    0 => self.vocab.get(part),
                    _ => self.vocab.get(&format!("{}{part}", self.prefix)),
                };
                id.map(|id| (*id, end))
            });
            let Some((id, end)) = hit else {
                ids.truncate(before);
                ids.push(self.unk);
                return;
            };
            ids.push(id);
            start += end;
        }
    }
}
