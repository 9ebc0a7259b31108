//! The vocabulary that a GGUF file carries: its pairs `tokenizer.ggml.*`. Tensors, and the table of them, are not read.

use std::io;

use super::{Fault, Reader, Step, sniff, step};
use crate::input::Input;

/// What a file says of its model's tokens.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Vocabulary {
    /// The kind (`tokenizer.ggml.model`): `gpt2` is byte-pair encoding, `llama` SentencePiece's.
    pub model: String,
    /// The way in which text is cut before (`tokenizer.ggml.pre`).
    pub pre: Option<String>,
    /// The tokens, by their number.
    pub tokens: Vec<String>,
    /// Their scores, where the kind has them.
    pub scores: Vec<f32>,
    /// What they are: 1 text, 2 unknown, 3 control, 4 defined by a user, 5 unused, 6 a byte.
    pub types: Vec<u32>,
    /// Pairs that are joined, the first first: two tokens with a space between them.
    pub merges: Vec<String>,
    /// Whether a space is set before a text.
    pub space_before: Option<bool>,
}

/// What an entry of a list takes in memory beside its bytes.
const ENTRY: usize = size_of::<String>();

/// Longest token or merge, in bytes.
const LONGEST_ENTRY: u64 = 4096;

/// Reads the vocabulary of a file, at most so many bytes of it in memory.
///
/// # Errors
/// What the reader says; within, what is wrong with the file.
pub fn vocabulary(input: &Input<'_>, most: usize) -> io::Result<Result<Vocabulary, Fault>> {
    if !sniff(&input.at(0, 4)?) {
        return Ok(Err(Fault::Unknown));
    }
    let mut reader = Reader::new(input);
    let (_, pairs) = step!(reader.counts());
    let (mut found, mut left) = (Vocabulary::default(), most);
    for _ in 0..pairs {
        let key = step!(reader.text(65_536));
        let kind = step!(reader.u32());
        match (key.as_str(), kind) {
            ("tokenizer.ggml.model", 8) => found.model = step!(reader.exact(&mut left)),
            ("tokenizer.ggml.pre", 8) => found.pre = Some(step!(reader.exact(&mut left))),
            ("tokenizer.ggml.tokens", 9) => found.tokens = step!(reader.texts(&mut left)),
            ("tokenizer.ggml.merges", 9) => found.merges = step!(reader.texts(&mut left)),
            ("tokenizer.ggml.scores", 9) => {
                let bits = step!(reader.numbers(&[6], &mut left));
                found.scores = bits.into_iter().map(f32::from_bits).collect();
            }
            ("tokenizer.ggml.token_type", 9) => found.types = step!(reader.numbers(&[4, 5], &mut left)),
            ("tokenizer.ggml.add_space_prefix", 7) => {
                let value = reader.window.u8(reader.at)?;
                step!(reader.forward(1));
                found.space_before = value.map(|value| value != 0);
            }
            (
                "tokenizer.ggml.model"
                | "tokenizer.ggml.pre"
                | "tokenizer.ggml.tokens"
                | "tokenizer.ggml.merges"
                | "tokenizer.ggml.scores"
                | "tokenizer.ggml.token_type"
                | "tokenizer.ggml.add_space_prefix",
                _,
            ) => return Ok(Err(Fault::Vocabulary)),
            _ => step!(reader.skip(kind)),
        }
    }
    Ok(Ok(found))
}

impl Reader<'_> {
    /// A text, whole and as it stands.
    fn exact(&mut self, left: &mut usize) -> Step<String> {
        let length = step!(self.length());
        let start = self.at;
        step!(self.forward(length));
        let Some(len) = usize::try_from(length).ok().filter(|_| length <= LONGEST_ENTRY) else {
            return Ok(Err(Fault::Vocabulary));
        };
        let Some(rest) = left.checked_sub(len + ENTRY) else {
            return Ok(Err(Fault::Vocabulary));
        };
        *left = rest;
        let bytes = self.window.bytes(start, len)?.unwrap_or_default();
        Ok(std::str::from_utf8(bytes)
            .map(str::to_owned)
            .map_err(|_| Fault::Vocabulary))
    }

    /// The texts of an array.
    fn texts(&mut self, left: &mut usize) -> Step<Vec<String>> {
        let kind = step!(self.u32());
        let count = step!(self.length());
        if kind != 8 {
            return Ok(Err(Fault::Vocabulary));
        }
        let mut found = Vec::new();
        for _ in 0..count {
            found.push(step!(self.exact(left)));
        }
        Ok(Ok(found))
    }

    /// The numbers of an array, of four bytes each.
    fn numbers(&mut self, kinds: &[u32], left: &mut usize) -> Step<Vec<u32>> {
        let kind = step!(self.u32());
        let count = step!(self.length());
        if !kinds.contains(&kind) {
            return Ok(Err(Fault::Vocabulary));
        }
        let mut found = Vec::new();
        for _ in 0..count {
            let Some(rest) = left.checked_sub(size_of::<u32>()) else {
                return Ok(Err(Fault::Vocabulary));
            };
            *left = rest;
            found.push(step!(self.u32()));
        }
        Ok(Ok(found))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A pair of a text.
    fn text(value: &str) -> Vec<u8> {
        [&(value.len() as u64).to_le_bytes(), value.as_bytes()].concat()
    }

    fn pair(key: &str, kind: u32, value: &[u8]) -> Vec<u8> {
        [&text(key), &kind.to_le_bytes()[..], value].concat()
    }

    fn array(kind: u32, items: &[Vec<u8>]) -> Vec<u8> {
        let head = [&kind.to_le_bytes()[..], &(items.len() as u64).to_le_bytes()].concat();
        [head, items.concat()].concat()
    }

    fn file(pairs: &[Vec<u8>]) -> Vec<u8> {
        let head = [b"GGUF".to_vec(), 3_u32.to_le_bytes().to_vec(), vec![0; 8]].concat();
        // What follows the pairs is no table of tensors: nobody looks.
        [
            head,
            (pairs.len() as u64).to_le_bytes().to_vec(),
            pairs.concat(),
            vec![0xff; 16],
        ]
        .concat()
    }

    fn read(bytes: &[u8], most: usize) -> Result<Vocabulary, Fault> {
        vocabulary(&Input::of_bytes(bytes), most).unwrap()
    }

    #[test]
    fn reads_the_pairs_and_nothing_behind_them() {
        let good = file(&[
            pair("general.name", 8, &text("invented")),
            pair("tokenizer.ggml.model", 8, &text("llama")),
            pair("tokenizer.ggml.pre", 8, &text("default")),
            pair("tokenizer.ggml.tokens", 9, &array(8, &[text("<s>"), text("\u{2581}a")])),
            pair(
                "tokenizer.ggml.scores",
                9,
                &array(6, &[0_f32.to_le_bytes().to_vec(), (-1.5_f32).to_le_bytes().to_vec()]),
            ),
            pair(
                "tokenizer.ggml.token_type",
                9,
                &array(5, &[3_i32.to_le_bytes().to_vec(), 1_i32.to_le_bytes().to_vec()]),
            ),
            pair("tokenizer.ggml.merges", 9, &array(8, &[text("a b")])),
            pair("tokenizer.ggml.add_space_prefix", 7, &[0]),
            pair("llama.context_length", 4, &2048_u32.to_le_bytes()),
        ]);
        let expect = Vocabulary {
            model: "llama".to_owned(),
            pre: Some("default".to_owned()),
            tokens: vec!["<s>".to_owned(), "\u{2581}a".to_owned()],
            scores: vec![0.0, -1.5],
            types: vec![3, 1],
            merges: vec!["a b".to_owned()],
            space_before: Some(false),
        };
        assert_eq!(read(&good, 1 << 20), Ok(expect));
        assert_eq!(read(&good, 40), Err(Fault::Vocabulary));
        for cut in 0..good.len() - 16 {
            assert!(read(&good[..cut], 1 << 20).is_err(), "{cut}");
        }
    }

    #[test]
    fn what_is_not_of_its_type_or_claims_too_much_is_refused() {
        let check = |pair: Vec<u8>, expect: Fault| assert_eq!(read(&file(&[pair]), 1 << 20), Err(expect));
        let huge = [&8_u32.to_le_bytes()[..], &u64::MAX.to_le_bytes()].concat();
        check(pair("tokenizer.ggml.tokens", 9, &huge), Fault::OutOfBounds);
        check(pair("tokenizer.ggml.tokens", 9, &array(4, &[])), Fault::Vocabulary);
        check(pair("tokenizer.ggml.tokens", 8, &text("a")), Fault::Vocabulary);
        check(pair("tokenizer.ggml.scores", 9, &array(5, &[])), Fault::Vocabulary);
        let none = [&1_u64.to_le_bytes()[..], &[0xff]].concat();
        check(pair("tokenizer.ggml.model", 8, &none), Fault::Vocabulary);
        check(
            pair("tokenizer.ggml.model", 8, &text(&"a".repeat(5000))),
            Fault::Vocabulary,
        );
        assert_eq!(read(b"no model at all", 1 << 20), Err(Fault::Unknown));
    }
}
