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

/// Something in a row, and its neighbours.
#[derive(Clone, Copy)]
struct Symbol<T> {
    is: T,
    before: Option<usize>,
    after: Option<usize>,
    /// It was joined to the one before it.
    gone: bool,
}

/// A row after its neighbours were joined, the pair of the lowest rank first, of several the first. `ranked` gives the rank of a pair
/// that may be joined, and what it becomes. Work is `n log n` in the length of the row.
pub(super) fn joined<T: Copy + Ord>(row: Vec<T>, ranked: impl Fn(T, T) -> Option<(u32, T)>) -> Vec<T> {
    let last = row.len().saturating_sub(1);
    let symbols = row.into_iter().enumerate().map(|(at, is)| Symbol {
        is,
        before: at.checked_sub(1),
        after: (at < last).then_some(at + 1),
        gone: false,
    });
    let mut row: Vec<Symbol<T>> = symbols.collect();
    let rank = |row: &[Symbol<T>], at: usize| {
        let one = row.get(at)?;
        let two = row.get(one.after?)?;
        ranked(one.is, two.is).map(|(rank, both)| Reverse((rank, at, both)))
    };
    let mut heap: BinaryHeap<_> = (0..row.len()).filter_map(|at| rank(&row, at)).collect();
    while let Some(Reverse((_, at, both))) = heap.pop() {
        // What was joined in the meantime is another pair.
        let same = rank(&row, at).is_some_and(|Reverse((_, _, now))| now == both);
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
            (one.is, one.after) = (both, after);
        }
        if let Some(three) = after.and_then(|after| row.get_mut(after)) {
            three.before = Some(at);
        }
        heap.extend(rank(&row, at));
        if let Some(before) = row.get(at).and_then(|one| one.before) {
            heap.extend(rank(&row, before));
        }
    }
    row.iter().filter(|one| !one.gone).map(|one| one.is).collect()
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
        ids.extend(joined(self.characters(word), |one, two| {
            self.merges.get(&(one, two)).copied()
        }));
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
