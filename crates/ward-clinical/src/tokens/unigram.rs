//! Unigram: of all ways to cut a word into tokens the likeliest (Kudo 2018, as the library `tokenizers` does it).

use std::collections::HashMap;

use super::bpe::byte_token;

/// How much less likely than the least likely token an unknown character is.
const UNKNOWN_PENALTY: f64 = 10.0;

/// A model of likelihoods.
pub(super) struct Unigram {
    /// Tokens by their text, with the logarithms of their likelihoods.
    vocab: HashMap<String, (u32, f64)>,
    /// The longest of them, in bytes.
    longest: usize,
    unknown: f64,
    unk: Option<u32>,
    byte_fallback: bool,
}

/// The best way to a place of the word.
#[derive(Clone, Copy)]
struct Best {
    from: usize,
    score: f64,
    /// The token that leads there; none for an unknown character.
    known: bool,
}

impl Unigram {
    /// A model of tokens in the order of their numbers. Tokens of more than 256 bytes are never met in words and left out.
    pub(super) fn of(tokens: Vec<(String, f64)>, unk: Option<u32>, byte_fallback: bool) -> Self {
        let least = tokens.iter().map(|(_, score)| *score).fold(f64::INFINITY, f64::min);
        let vocab: HashMap<String, (u32, f64)> = (0u32..)
            .zip(tokens)
            .filter(|(_, (text, _))| !text.is_empty() && text.len() <= LONGEST)
            .map(|(id, (text, score))| (text, (id, score)))
            .collect();
        Self {
            longest: vocab.keys().map(String::len).max().unwrap_or(0),
            vocab,
            unknown: least - UNKNOWN_PENALTY,
            unk,
            byte_fallback,
        }
    }

    /// The tokens of a word.
    pub(super) fn encode(&self, word: &str, ids: &mut Vec<u32>) {
        let mut best: Vec<Option<Best>> = vec![None; word.len() + 1];
        let mut score_at = vec![0.0; word.len() + 1];
        for (from, c) in word.char_indices() {
            let here = score_at.get(from).copied().unwrap_or(0.0);
            let mut single = false;
            let mut offer = |to: usize, score: f64, known: bool| {
                if let (Some(slot), Some(at)) = (best.get_mut(to), score_at.get_mut(to))
                    && slot.is_none_or(|old| score > old.score)
                {
                    *slot = Some(Best { from, score, known });
                    *at = score;
                }
            };
            for to in from + 1..=(from + self.longest).min(word.len()) {
                if let Some((_, score)) = word.get(from..to).and_then(|token| self.vocab.get(token)) {
                    offer(to, here + score, true);
                    single |= to == from + c.len_utf8();
                }
            }
            if !single {
                offer(from + c.len_utf8(), here + self.unknown, false);
            }
        }
        // Back from the end; unknown characters in a row are one.
        let mut cuts: Vec<(usize, usize, bool)> = Vec::new();
        let mut end = word.len();
        while let Some(step) = best.get(end).copied().flatten().filter(|_| end > 0) {
            match cuts.last_mut() {
                Some((from, _, false)) if !step.known => *from = step.from,
                _ => cuts.push((step.from, end, step.known)),
            }
            end = step.from;
        }
        for (from, to, _) in cuts.into_iter().rev() {
            let token = word.get(from..to).unwrap_or("");
            match self.vocab.get(token) {
                Some((id, _)) => ids.push(*id),
                None => match self.bytes(token) {
                    Some(bytes) => ids.extend(bytes),
                    None => ids.extend(self.unk),
                },
            }
        }
    }

    fn bytes(&self, text: &str) -> Option<Vec<u32>> {
        let own = self.byte_fallback.then(|| {
            text.bytes()
                .map(|byte| self.vocab.get(&byte_token(byte)).map(|(id, _)| *id))
        });
        own?.collect()
    }
}

/// The longest token that is kept, in bytes: work is this many looks at every character.
const LONGEST: usize = 256;
