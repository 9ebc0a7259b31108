//! Byte-pair encoding: the pair with the lowest rank is joined, again and again (Sennrich 2016, as the library `tokenizers` does it).

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap},
};

/// A model of merges.
pub(super) struct Bpe {
    /// Tokens by their text.
    pub(super) vocab: HashMap<String, u32>,
    /// Rank and result of joining two tokens.
    pub(super) merges: HashMap<(u32, u32), (u32, u32)>,
    /// The token of what no token covers.
    pub(super) unk: Option<u32>,
    /// Several of those in a row are one.
    pub(super) fuse_unk: bool,
    /// What no token covers is told by its bytes.
    pub(super) byte_fallback: bool,
    /// A word that is a token is that token, whatever its merges give.
    pub(super) ignore_merges: bool,
    /// Stands before every character of a word but the first.
    pub(super) prefix: String,
    /// Stands after the last.
    pub(super) suffix: String,
}

/// A token in the row, and its neighbours.
#[derive(Clone, Copy)]
struct Symbol {
    id: u32,
    before: Option<usize>,
    after: Option<usize>,
    /// It was joined to the one before it.
    gone: bool,
}

impl Bpe {
    /// The tokens of a word. Work is `n log n` in its length.
    pub(super) fn encode(&self, word: &str, ids: &mut Vec<u32>) {
        if self.ignore_merges
            && let Some(id) = self.vocab.get(word)
        {
            ids.push(*id);
            return;
        }
        let mut row: Vec<Symbol> = Vec::with_capacity(word.len());
        for id in self.characters(word) {
            let at = row.len();
            row.push(Symbol {
                id,
                before: at.checked_sub(1),
                after: None,
                gone: false,
            });
            if let Some(last) = at.checked_sub(1).and_then(|last| row.get_mut(last)) {
                last.after = Some(at);
            }
        }
        let rank = |row: &[Symbol], at: usize| {
            let one = row.get(at)?;
            let two = row.get(one.after?)?;
            self.merges
                .get(&(one.id, two.id))
                .map(|(rank, id)| Reverse((*rank, at, *id)))
        };
        let mut heap: BinaryHeap<_> = (0..row.len()).filter_map(|at| rank(&row, at)).collect();
        while let Some(Reverse((_, at, id))) = heap.pop() {
            // What was joined in the meantime is another pair.
            let same = rank(&row, at).is_some_and(|Reverse((_, _, now))| now == id);
            if !same || row.get(at).is_none_or(|one| one.gone) {
                continue;
            }
            let Some(next) = row.get(at).and_then(|one| one.after) else {
                continue;
            };
            let after = row.get(next).and_then(|two| two.after);
            if let Some(two) = row.get_mut(next) {
                two.gone = true;
                two.after = None;
            }
            if let Some(one) = row.get_mut(at) {
                (one.id, one.after) = (id, after);
            }
            if let Some(three) = after.and_then(|after| row.get_mut(after)) {
                three.before = Some(at);
            }
            heap.extend(rank(&row, at));
            if let Some(before) = row.get(at).and_then(|one| one.before) {
                heap.extend(rank(&row, before));
            }
        }
        ids.extend(row.iter().filter(|one| !one.gone).map(|one| one.id));
    }

    /// The tokens of single characters.
    fn characters(&self, word: &str) -> Vec<u32> {
        let mut found = Vec::with_capacity(word.len());
        let (mut unknown, mut key) = (false, String::new());
        let mut chars = word.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            key.clear();
            if at > 0 {
                key += &self.prefix;
            }
            key.push(c);
            if chars.peek().is_none() {
                key += &self.suffix;
            }
            let known = self.vocab.get(&key).copied();
            let bytes = known.is_none().then(|| self.bytes(&key)).flatten();
            match (known, bytes) {
                (Some(id), _) => found.push(id),
                (None, Some(bytes)) => found.extend(bytes),
                (None, None) => {
                    if !(unknown && self.fuse_unk) {
                        found.extend(self.unk);
                    }
                    unknown = true;
                    continue;
                }
            }
            unknown = false;
        }
        found
    }

    fn bytes(&self, text: &str) -> Option<Vec<u32>> {
        let own = self
            .byte_fallback
            .then(|| text.bytes().map(|byte| self.vocab.get(&byte_token(byte)).copied()));
        own?.collect()
    }
}

/// The token that stands for a byte: `<0x0A>`.
pub(super) fn byte_token(byte: u8) -> String {
    format!("<0x{byte:02X}>")
}
