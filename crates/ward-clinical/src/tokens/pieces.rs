//! SentencePiece's byte-pair encoding, as GGUF files of the kind `llama` carry it: two neighbours are joined where the text of
//! both is a token, the best score first (Kudo and Richardson 2018).

use std::collections::HashMap;

use super::bpe::{byte_token, joined};

/// A vocabulary with scores.
pub(super) struct Pieces {
    /// Rank (0 is the best score; equal scores share one) and number of a token, by its text.
    vocab: HashMap<String, (u32, u32)>,
    /// The tokens of the 256 bytes.
    bytes: Vec<u32>,
    /// The longest token, in bytes.
    longest: usize,
}

impl Pieces {
    /// From tokens with their scores and whether each may stand in a text; `None` when a byte has no token or a score is no number.
    pub(super) fn of(tokens: Vec<(String, f32, bool)>) -> Option<Self> {
        let numbered = (0u32..).zip(&tokens);
        let by_name: HashMap<&str, u32> = numbered.map(|(id, (text, ..))| (text.as_str(), id)).collect();
        let bytes = (0..=255u8).map(|byte| by_name.get(byte_token(byte).as_str()).copied());
        let bytes: Vec<u32> = bytes.collect::<Option<_>>()?;
        if tokens.iter().any(|(_, score, _)| score.is_nan()) {
            return None;
        }
        let mut scores: Vec<f32> = tokens.iter().map(|(_, score, _)| *score).collect();
        scores.sort_by(|one, other| other.total_cmp(one));
        scores.dedup();
        let rank = |score: f32| {
            let before = scores.partition_point(|other| *other > score);
            u32::try_from(before).unwrap_or(u32::MAX)
        };
        let kept = (0u32..)
            .zip(tokens)
            .filter(|(_, (text, _, stands))| *stands && !text.is_empty());
        let vocab: HashMap<String, (u32, u32)> = kept.map(|(id, (text, score, _))| (text, (rank(score), id))).collect();
        let longest = vocab.keys().map(String::len).max().unwrap_or(0);
        Some(Self { vocab, bytes, longest })
    }

    /// The tokens of a text. Work is `n log n` in its length, times the longest token.
    pub(super) fn encode(&self, text: &str, ids: &mut Vec<u32>) {
        let token = |(start, end): (usize, usize)| {
            let found = text.get(start..end).filter(|part| part.len() <= self.longest);
            found.and_then(|part| self.vocab.get(part))
        };
        let characters = text.char_indices().map(|(at, c)| (at, at + c.len_utf8())).collect();
        let parts = joined(characters, |(start, _), (_, end)| {
            token((start, end)).map(|(rank, _)| (*rank, (start, end)))
        });
        for part in parts {
            match token(part) {
                Some((_, id)) => ids.push(*id),
                None => {
                    let bytes = text.get(part.0..part.1).unwrap_or_default().bytes();
                    ids.extend(bytes.filter_map(|byte| self.bytes.get(usize::from(byte))));
                }
            }
        }
    }
}
