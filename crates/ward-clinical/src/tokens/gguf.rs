//! The vocabulary inside a GGUF file as a tokenizer, as llama.cpp reads it: what runs such files is what it is to agree with.

use regex::Regex;
use ward_formats::{
    gguf::{self, Vocabulary},
    input::Input,
};

use super::{
    Added, LONGEST_FILE, Model, Tokenizer, TokenizerError,
    file::{self, Merge},
    normal::Normalizer,
    pieces::Pieces,
    split::{Behaviour, GPT2, Splitter},
};

type Result<T> = std::result::Result<T, TokenizerError>;

/// Each digit for itself.
const DIGIT: &str = r"\p{N}";
/// The words of Llama 3.
const LLAMA3: &str = r"(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
/// The words of Qwen 2.
const QWEN2: &str = r"(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

/// Ways of cutting a text into words before its pairs are joined: names in `tokenizer.ggml.pre`, patterns one after the other, and
/// whether a word that is a token stays whole.
const CUTS: &[(&[&str], &[&str], bool)] = &[
    (&["gpt-2", "phi-2", "mpt", "olmo"], &[GPT2], false),
    (&["smollm", "starcoder", "refact", "command-r"], &[DIGIT, GPT2], false),
    (&["llama-bpe", "llama3", "llama-v3"], &[LLAMA3], true),
    (&["dbrx", "smaug-bpe"], &[LLAMA3], false),
    (&["qwen2", "deepseek-r1-qwen"], &[QWEN2], false),
];

/// Types of tokens (ggml's `enum llama_token_type`).
const UNKNOWN: u32 = 2;
const CONTROL: u32 = 3;
const OF_A_USER: u32 = 4;
const BYTE: u32 = 6;

/// Reads a file.
pub(super) fn read(input: &Input<'_>, name: &str) -> Result<Tokenizer> {
    let vocabulary = gguf::vocabulary(input, LONGEST_FILE).map_err(|_| TokenizerError::Unreadable)?;
    let vocabulary = vocabulary.map_err(|fault| TokenizerError::Gguf(fault.sentence()))?;
    if vocabulary.tokens.is_empty() {
        return Err(TokenizerError::Inconsistent("tokenizer.ggml.tokens"));
    }
    let count = vocabulary.tokens.len();
    if !vocabulary.types.is_empty() && vocabulary.types.len() != count {
        return Err(TokenizerError::Inconsistent("tokenizer.ggml.token_type"));
    }
    let special = special(&vocabulary)?;
    let (normalizers, splitters, model) = match vocabulary.model.as_str() {
        "gpt2" => pairs(vocabulary)?,
        "llama" => scored(vocabulary)?,
        "bert" => return Err(TokenizerError::Unknown("tokenizer.ggml.model bert (WordPiece)")),
        "t5" => return Err(TokenizerError::Unknown("tokenizer.ggml.model t5 (Unigram)")),
        "rwkv" => return Err(TokenizerError::Unknown("tokenizer.ggml.model rwkv")),
        _ => return Err(TokenizerError::Unknown("tokenizer.ggml.model")),
    };
    Ok(Tokenizer {
        name: name.to_owned(),
        special,
        added: Added::default(),
        normalizers,
        splitters,
        model,
    })
}

type Parts = (Vec<Normalizer>, Vec<Splitter>, Model);

/// Byte-pair encoding with merges.
fn pairs(vocabulary: Vocabulary) -> Result<Parts> {
    let pre = vocabulary.pre.as_deref().unwrap_or_default();
    let way = CUTS.iter().find(|(names, ..)| names.contains(&pre));
    let (_, patterns, ignore_merges) = way.ok_or(TokenizerError::Unknown("tokenizer.ggml.pre"))?;
    let mut splitters = Vec::new();
    for pattern in *patterns {
        let splitter = Splitter::pattern(pattern, Behaviour::Isolated, false);
        splitters.push(splitter.ok_or(TokenizerError::Unknown("pattern"))?);
    }
    splitters.push(Splitter::Bytes {
        space_before: false,
        words: false,
    });
    let vocab = vocabulary.tokens.into_iter().zip(0u32..).collect();
    let merges = vocabulary.merges.into_iter().map(Merge::Text).collect();
    let model = file::byte_pairs(vocab, merges, *ignore_merges)?;
    Ok((Vec::new(), splitters, Model::Bpe(model)))
}

/// SentencePiece's.
fn scored(vocabulary: Vocabulary) -> Result<Parts> {
    if vocabulary.scores.len() != vocabulary.tokens.len() {
        return Err(TokenizerError::Inconsistent("tokenizer.ggml.scores"));
    }
    let types = vocabulary.types.iter().copied().chain(std::iter::repeat(1));
    let scored = vocabulary.tokens.into_iter().zip(vocabulary.scores).zip(types);
    let tokens = scored.map(|((text, score), of)| (text, score, !matches!(of, UNKNOWN | CONTROL | BYTE)));
    let model = Pieces::of(tokens.collect()).ok_or(TokenizerError::Inconsistent("tokens of bytes, or scores"))?;
    let mut normalizers = Vec::new();
    if vocabulary.space_before.unwrap_or(true) {
        normalizers.push(Normalizer::Prepend(" ".to_owned()));
    }
    let space = Regex::new(" ").map_err(|_| TokenizerError::Unknown("pattern"))?;
    normalizers.push(Normalizer::Replace(space, "\u{2581}".to_owned()));
    Ok((normalizers, Vec::new(), Model::Pieces(model)))
}

/// Tokens that are found in a text as they are: those of the frame of a conversation, the unknown one, and those that somebody added.
fn special(vocabulary: &Vocabulary) -> Result<Added> {
    let types = vocabulary.types.iter().zip(&vocabulary.tokens).zip(0u32..);
    let found = types.filter(|((of, _), _)| matches!(**of, UNKNOWN | CONTROL | OF_A_USER));
    file::as_they_are(found.map(|((_, text), id)| (text.clone(), id)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file of these pairs: key, type and value.
    fn file(pairs: &[(&str, u32, Vec<u8>)]) -> Vec<u8> {
        let mut bytes = [b"GGUF".to_vec(), 3_u32.to_le_bytes().to_vec(), vec![0; 8]].concat();
        bytes.extend((pairs.len() as u64).to_le_bytes());
        for (key, kind, value) in pairs {
            bytes.extend([text(key), kind.to_le_bytes().to_vec(), value.clone()].concat());
        }
        bytes
    }

    fn text(value: &str) -> Vec<u8> {
        [&(value.len() as u64).to_le_bytes(), value.as_bytes()].concat()
    }

    fn list(kind: u32, items: impl IntoIterator<Item = Vec<u8>>) -> Vec<u8> {
        let items: Vec<Vec<u8>> = items.into_iter().collect();
        let head = [&kind.to_le_bytes()[..], &(items.len() as u64).to_le_bytes()].concat();
        [head, items.concat()].concat()
    }

    fn texts(items: &[&str]) -> Vec<u8> {
        list(8, items.iter().map(|item| text(item)))
    }

    fn numbers(items: &[u32]) -> Vec<u8> {
        list(5, items.iter().map(|item| item.to_le_bytes().to_vec()))
    }

    fn read_of(bytes: &[u8]) -> Result<Tokenizer> {
        read(&Input::of_bytes(bytes), "its name")
    }

    /// Byte-pair encoding of a few letters.
    fn pairs(model: &str, pre: &str) -> Vec<u8> {
        let tokens = ["a", "b", "1", "\u{120}", "ab", "\u{120}ab", "11", "<|x|>", "aab"];
        file(&[
            ("tokenizer.ggml.model", 8, text(model)),
            ("tokenizer.ggml.pre", 8, text(pre)),
            ("tokenizer.ggml.tokens", 9, texts(&tokens)),
            ("tokenizer.ggml.token_type", 9, numbers(&[1, 1, 1, 1, 1, 1, 1, 3, 1])),
            ("tokenizer.ggml.merges", 9, texts(&["a b", "\u{120} ab", "1 1"])),
        ])
    }

    #[test]
    fn pairs_are_joined_within_the_words_of_their_kind() {
        let check = |pre: &str, input: &str, expect: &[u32]| {
            assert_eq!(read_of(&pairs("gpt2", pre)).unwrap().ids(input), expect, "{pre}");
        };
        check("gpt-2", "ab ab1111", &[4, 5, 6, 6]);
        check("smollm", "ab ab1111", &[4, 5, 2, 2, 2, 2]);
        check("qwen2", "ab ab1111", &[4, 5, 2, 2, 2, 2]);
        check("llama-bpe", "ab ab1111", &[4, 5, 6, 2, 2]);
        // A word that is a token: its merges do not give it.
        check("dbrx", "aab", &[0, 4]);
        check("llama-bpe", "aab", &[8]);
        check("gpt-2", "ab<|x|> ab", &[4, 7, 5]);
        check("gpt-2", "", &[]);
    }

    /// SentencePiece's, of a few letters and all bytes.
    fn scored(more: &[(&str, u32, Vec<u8>)]) -> Vec<u8> {
        let bytes: Vec<String> = (0..=255u8).map(super::super::bpe::byte_token).collect();
        let mut tokens: Vec<&str> = bytes.iter().map(String::as_str).collect();
        tokens.extend(["\u{2581}", "a", "b", "ab", "\u{2581}a", "<s>", "<unk>"]);
        let scores = std::iter::repeat_n(0.0_f32, 256).chain([-3.0, -4.0, -5.0, -1.0, -2.0, 0.0, 0.0]);
        let mut types = vec![6; 256];
        types.extend([1, 1, 1, 1, 1, 3, 2]);
        let mut pairs = vec![
            ("tokenizer.ggml.model", 8, text("llama")),
            ("tokenizer.ggml.tokens", 9, texts(&tokens)),
            ("tokenizer.ggml.token_type", 9, numbers(&types)),
            (
                "tokenizer.ggml.scores",
                9,
                list(6, scores.map(|score| score.to_le_bytes().to_vec())),
            ),
        ];
        pairs.extend_from_slice(more);
        file(&pairs)
    }

    #[test]
    fn neighbours_are_joined_by_score_and_the_rest_is_bytes() {
        let check = |bytes: &[u8], input: &str, expect: &[u32]| {
            assert_eq!(read_of(bytes).unwrap().ids(input), expect, "{input}");
        };
        // The best score is joined first, though another pair stands before it.
        check(&scored(&[]), "ab", &[256, 259]);
        check(&scored(&[]), "a", &[260]);
        check(&scored(&[]), "a b\u{e9}", &[260, 256, 258, 0xc3, 0xa9]);
        check(&scored(&[]), "a<s>a<unk>", &[260, 261, 260, 262]);
        check(
            &scored(&[("tokenizer.ggml.add_space_prefix", 7, vec![0])]),
            "ab",
            &[259],
        );
        check(&scored(&[]), "", &[]);
        let long = read_of(&scored(&[])).unwrap();
        assert_eq!(long.count(&"ab".repeat(100_000)), 100_001);
    }

    #[test]
    fn what_cannot_be_done_exactly_is_refused_by_name() {
        let check = |bytes: &[u8], expect: TokenizerError| assert_eq!(read_of(bytes).unwrap_err(), expect);
        check(
            &pairs("gpt2", "of tomorrow"),
            TokenizerError::Unknown("tokenizer.ggml.pre"),
        );
        check(
            &pairs("of tomorrow", "gpt-2"),
            TokenizerError::Unknown("tokenizer.ggml.model"),
        );
        check(
            &pairs("bert", ""),
            TokenizerError::Unknown("tokenizer.ggml.model bert (WordPiece)"),
        );
        check(
            &pairs("llama", ""),
            TokenizerError::Inconsistent("tokenizer.ggml.scores"),
        );
        check(&file(&[]), TokenizerError::Inconsistent("tokenizer.ggml.tokens"));
        let foreign = ("tokenizer.ggml.merges", 9, texts(&["a q"]));
        let bytes = file(&[
            ("tokenizer.ggml.model", 8, text("gpt2")),
            ("tokenizer.ggml.pre", 8, text("gpt-2")),
            ("tokenizer.ggml.tokens", 9, texts(&["a"])),
            foreign,
        ]);
        check(&bytes, TokenizerError::Inconsistent("merges"));
        let sentence = ward_formats::gguf::Fault::OutOfBounds.sentence();
        check(&bytes[..60], TokenizerError::Gguf(sentence));
    }
}
