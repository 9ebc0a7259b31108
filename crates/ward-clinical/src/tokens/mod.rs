//! How many tokens a language model makes of a text: by the model's own tokenizer where that is given, else by an estimate.
//!
//! [`Tokenizer`] reads the `tokenizer.json` that models are published with (the format of the Hugging Face library `tokenizers`): byte-pair
//! encoding, Unigram and WordPiece, with the steps before them; and the vocabulary inside a GGUF file, byte-pair encoding and
//! SentencePiece's. What it cannot do exactly it refuses by name.

mod bpe;
mod estimate;
mod file;
mod gguf;
mod normal;
mod pieces;
mod split;
mod unigram;
mod wordpiece;

use std::{fmt, ops::Range};

use regex::Regex;
use ward_formats::input::Input;

pub use self::estimate::{COUNTER, count};
use self::{bpe::Bpe, normal::Normalizer, pieces::Pieces, split::Splitter, unigram::Unigram, wordpiece::WordPiece};

/// The longest `tokenizer.json` that is read, and the most memory that the vocabulary of a GGUF takes, in bytes.
pub const LONGEST_FILE: usize = 64 << 20;

/// Why a tokenizer cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenizerError {
    /// It is no JSON of this format, at this byte of a line.
    Malformed {
        /// The line, from 1.
        line: usize,
        /// The byte of the line.
        column: usize,
    },
    /// It is no sound GGUF: why.
    Gguf(&'static str),
    /// The file cannot be read.
    Unreadable,
    /// It is longer than [`LONGEST_FILE`], or holds a pattern that is.
    TooLarge,
    /// A part of it that this version does not know.
    Unknown(&'static str),
    /// A number or reference in it that nothing has.
    Inconsistent(&'static str),
}

impl fmt::Display for TokenizerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed { line, column } => write!(f, "it is no tokenizer.json (line {line}, column {column})"),
            Self::Gguf(why) => write!(f, "it is no GGUF with a vocabulary: {why}"),
            Self::Unreadable => f.write_str("it cannot be read"),
            Self::TooLarge => f.write_str("it is too large"),
            Self::Unknown(what) => write!(f, "its {what} is not known to this version"),
            Self::Inconsistent(what) => write!(f, "its {what} contradicts itself"),
        }
    }
}

impl std::error::Error for TokenizerError {}

/// A model's own tokenizer.
pub struct Tokenizer {
    name: String,
    /// Tokens that are looked for before all else, in the text as written.
    special: Added,
    /// Those that are looked for after normalising.
    added: Added,
    normalizers: Vec<Normalizer>,
    splitters: Vec<Splitter>,
    model: Model,
}

impl fmt::Debug for Tokenizer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokenizer")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// What makes tokens of a word.
enum Model {
    Bpe(Bpe),
    Pieces(Pieces),
    Unigram(Unigram),
    WordPiece(WordPiece),
}

/// Tokens that are found as they are.
#[derive(Default)]
struct Added {
    pattern: Option<Regex>,
    ids: std::collections::HashMap<String, u32>,
}

impl Tokenizer {
    /// Reads a `tokenizer.json`. `name` is what it is called in results.
    ///
    /// # Errors
    /// When it is none, or one with a part that cannot be done exactly.
    pub fn read(json: &[u8], name: &str) -> Result<Self, TokenizerError> {
        file::read(json, name)
    }

    /// Reads the vocabulary of a GGUF file: its metadata alone, however large the model. `name` is what it is called in results.
    ///
    /// # Errors
    /// When it is none, or its kind of vocabulary cannot be done exactly.
    pub fn read_gguf(input: &Input<'_>, name: &str) -> Result<Self, TokenizerError> {
        gguf::read(input, name)
    }

    /// What it is called.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The tokens of `text`, without those that a model puts around it. A piece of text on which a pattern of the file gives up is
    /// taken as one word.
    #[must_use]
    pub fn ids(&self, text: &str) -> Vec<u32> {
        let mut ids = Vec::new();
        let mut first = true;
        for (piece, token) in self.special.cut(text) {
            if let Some(id) = token {
                ids.push(id);
                first = false;
                continue;
            }
            let mut normal = piece.to_owned();
            for normalizer in &self.normalizers {
                // No tokenizer of a model comes near this; a file that was made to fill memory does.
                if normal.len() > MOST_GROWTH * piece.len() + 64 {
                    break;
                }
                normal = normalizer.apply(normal);
            }
            for (piece, token) in self.added.cut(&normal) {
                match token {
                    Some(id) => ids.push(id),
                    None => self.words(piece, first, &mut ids),
                }
                first = false;
            }
        }
        ids
    }

    /// How many they are.
    #[must_use]
    pub fn count(&self, text: &str) -> usize {
        self.ids(text).len()
    }

    fn words(&self, text: &str, first: bool, ids: &mut Vec<u32>) {
        let mut words = vec![text.to_owned()];
        for splitter in &self.splitters {
            let mut next = Vec::with_capacity(words.len());
            for (n, word) in words.into_iter().enumerate() {
                splitter.split(&word, first && n == 0, &mut next);
            }
            words = next;
        }
        for word in words.iter().filter(|word| !word.is_empty()) {
            match &self.model {
                Model::Bpe(model) => model.encode(word, ids),
                Model::Pieces(model) => model.encode(word, ids),
                Model::Unigram(model) => model.encode(word, ids),
                Model::WordPiece(model) => model.encode(word, ids),
            }
        }
    }
}

impl Added {
    /// The pieces of a text in order, those that are a token with its number.
    fn cut<'t>(&self, text: &'t str) -> Vec<(&'t str, Option<u32>)> {
        let mut found = Vec::new();
        let mut push = |range: Range<usize>, token| {
            if let Some(piece) = text.get(range).filter(|piece| !piece.is_empty()) {
                found.push((piece, token));
            }
        };
        let mut at = 0;
        for hit in self.pattern.iter().flat_map(|pattern| pattern.find_iter(text)) {
            push(at..hit.start(), None);
            push(hit.range(), self.ids.get(hit.as_str()).copied());
            at = hit.end();
        }
        push(at..text.len(), None);
        found
    }
}

/// How many times as long as itself a text may become before it is cut.
const MOST_GROWTH: usize = 4;

/// Counts tokens: by a model's own tokenizer, or by the estimate.
#[derive(Debug, Clone, Copy, Default)]
pub struct Counter<'a>(pub Option<&'a Tokenizer>);

impl Counter<'_> {
    /// How many tokens a text has.
    #[must_use]
    pub fn count(self, text: &str) -> usize {
        self.0.map_or_else(|| count(text), |own| own.count(text))
    }

    /// What it is called.
    #[must_use]
    pub fn name(self) -> String {
        self.0.map_or(COUNTER, Tokenizer::name).to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A seed of the fuzz corpus: a file and a text.
    fn seed(seed: &'static [u8]) -> (Tokenizer, &'static str) {
        let at = seed.iter().position(|byte| *byte == 0).unwrap();
        let text = std::str::from_utf8(&seed[at + 1..]).unwrap();
        (Tokenizer::read(&seed[..at], "its name").unwrap(), text)
    }

    /// The numbers are those that the library `tokenizers` 0.23 gives for the same files and texts.
    #[test]
    fn counts_as_the_models_tokenizer_does() {
        let check = |bytes: &'static [u8], expect: &[u32]| {
            let (tokenizer, text) = seed(bytes);
            assert_eq!(tokenizer.ids(text), expect, "{text}");
            assert_eq!(tokenizer.count(text), expect.len());
        };
        check(
            include_bytes!("../../../../fuzz/corpus/tokenizer_file/bytes.json"),
            &[3, 5, 2, 5, 4, 4, 5, 5, 7, 5],
        );
        check(
            include_bytes!("../../../../fuzz/corpus/tokenizer_file/marks.json"),
            &[3, 1, 4, 1, 0],
        );
        check(
            include_bytes!("../../../../fuzz/corpus/tokenizer_file/likely.json"),
            &[3, 3, 4, 1, 0, 3, 2],
        );
        check(
            include_bytes!("../../../../fuzz/corpus/tokenizer_file/beginnings.json"),
            &[1, 3, 1, 2, 2, 0, 4],
        );
    }

    #[test]
    fn what_cannot_be_done_exactly_is_refused_by_name() {
        let check = |json: &str, expect: TokenizerError| {
            assert_eq!(Tokenizer::read(json.as_bytes(), "x").unwrap_err(), expect, "{json}");
        };
        let with = |before: &str, model: &str| format!("{{{before}\"model\":{{{model}}}}}");
        let plain = r#""type":"BPE","vocab":{"a":0},"merges":[]"#;
        assert!(Tokenizer::read(with("", plain).as_bytes(), "x").is_ok());
        check("{", TokenizerError::Malformed { line: 1, column: 1 });
        check(
            &with(r#""normalizer":{"type":"Precompiled"},"#, plain),
            TokenizerError::Unknown("normalizer"),
        );
        check(
            &with(r#""pre_tokenizer":{"type":"UnicodeScripts"},"#, plain),
            TokenizerError::Unknown("pre_tokenizer"),
        );
        check(
            &with(r#""pre_tokenizer":{"type":"Split","pattern":{"Regex":"("}},"#, plain),
            TokenizerError::Unknown("pattern"),
        );
        check(
            &with("", r#""type":"WordLevel","vocab":{"a":0}"#),
            TokenizerError::Unknown("model"),
        );
        check(
            &with("", r#""type":"BPE","vocab":{"a":0},"merges":["a b"]"#),
            TokenizerError::Inconsistent("merges"),
        );
        check(
            &with("", r#""type":"BPE","dropout":0.1,"vocab":{"a":0},"merges":[]"#),
            TokenizerError::Unknown("dropout"),
        );
        check(
            &with("", r#""type":"Unigram","unk_id":7,"vocab":[["a",0.0]]"#),
            TokenizerError::Inconsistent("unk_id"),
        );
        check(
            &with(
                r#""pre_tokenizer":{"type":"Sequence","pretokenizers":[{"type":"ByteLevel"},{"type":"ByteLevel"},{"type":"ByteLevel"}]},"#,
                plain,
            ),
            TokenizerError::TooLarge,
        );
    }

    #[test]
    fn a_long_word_takes_no_square_of_its_length() {
        let (tokenizer, _) = seed(include_bytes!("../../../../fuzz/corpus/tokenizer_file/bytes.json"));
        assert_eq!(tokenizer.count(&"ab".repeat(200_000)), 200_000);
    }

    #[test]
    fn compression_counts_with_it_and_says_so() {
        let (tokenizer, _) = seed(include_bytes!("../../../../fuzz/corpus/tokenizer_file/marks.json"));
        let doc = ward_formats::Doc::parse(b"a b a", None, ward_formats::Budget::RECORD)
            .unwrap()
            .document;
        let options = crate::Options {
            tokenizer: Some(&tokenizer),
            ..crate::Options::default()
        };
        let small = crate::compress(&doc, &crate::read(&doc), &options);
        assert_eq!((small.tokens.before, small.tokens.counter.as_str()), (4, "its name"));
        let estimated = crate::compress(&doc, &crate::read(&doc), &crate::Options::default());
        assert_eq!(estimated.tokens.counter, COUNTER);
    }
}
