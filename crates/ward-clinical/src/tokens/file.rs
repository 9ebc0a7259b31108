//! Reads `tokenizer.json`. Whatever cannot be done exactly is refused: a count that is nearly right would be told as one that is.

use std::collections::HashMap;

use regex::{Regex, RegexBuilder};
use serde::Deserialize;
use serde_json::Value;

use super::{
    Added, LONGEST_FILE, Model, Tokenizer, TokenizerError,
    bpe::Bpe,
    normal::{self, Normalizer},
    split::{Before, Behaviour, Splitter},
    unigram::Unigram,
    wordpiece::WordPiece,
};

/// The longest pattern, in bytes.
const LONGEST_PATTERN: usize = 4096;

/// The longest text that a step sets in, in bytes: no step can make a text many times as long.
const LONGEST_INSERT: usize = 8;

/// Most steps before the model.
const MOST_STEPS: usize = 16;

/// Most memory of the pattern of added tokens, in bytes.
const PATTERN_SIZE: usize = 64 << 20;

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    added_tokens: Vec<AddedToken>,
    normalizer: Option<Value>,
    pre_tokenizer: Option<Value>,
    model: ModelPart,
}

#[derive(Deserialize)]
struct AddedToken {
    id: u32,
    content: String,
    #[serde(default)]
    single_word: bool,
    #[serde(default)]
    lstrip: bool,
    #[serde(default)]
    rstrip: bool,
    #[serde(default)]
    normalized: bool,
}

#[derive(Deserialize)]
struct ModelPart {
    #[serde(rename = "type")]
    of: Option<String>,
    vocab: Vocab,
    merges: Option<Vec<Merge>>,
    unk_token: Option<String>,
    unk_id: Option<u32>,
    #[serde(default)]
    fuse_unk: bool,
    #[serde(default)]
    byte_fallback: bool,
    #[serde(default)]
    ignore_merges: bool,
    continuing_subword_prefix: Option<String>,
    end_of_word_suffix: Option<String>,
    max_input_chars_per_word: Option<usize>,
    dropout: Option<f64>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Vocab {
    Numbered(HashMap<String, u32>),
    Scored(Vec<(String, f64)>),
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Merge {
    Text(String),
    Pair(String, String),
}

type Result<T> = std::result::Result<T, TokenizerError>;

/// Reads a file.
pub(super) fn read(json: &[u8], name: &str) -> Result<Tokenizer> {
    if json.len() > LONGEST_FILE {
        return Err(TokenizerError::TooLarge);
    }
    let file: File = serde_json::from_slice(json).map_err(|error| TokenizerError::Malformed {
        line: error.line(),
        column: error.column(),
    })?;
    let (mut normalizers, mut splitters) = (Vec::new(), Vec::new());
    for step in steps(file.normalizer.as_ref(), "normalizers")? {
        normalizers.push(normalizer(step)?);
    }
    for step in steps(file.pre_tokenizer.as_ref(), "pretokenizers")? {
        splitters.push(splitter(step)?);
    }
    // Each of these writes more bytes than it reads.
    let writes = splitters
        .iter()
        .filter(|one| matches!(one, Splitter::Bytes { .. } | Splitter::Marked { .. }));
    if writes.count() > 2 {
        return Err(TokenizerError::TooLarge);
    }
    let (late, early): (Vec<AddedToken>, Vec<AddedToken>) =
        file.added_tokens.into_iter().partition(|one| one.normalized);
    Ok(Tokenizer {
        name: name.to_owned(),
        special: added(early, &[])?,
        added: added(late, &normalizers)?,
        normalizers,
        splitters,
        model: model(file.model)?,
    })
}

/// The steps of a sequence, or the one step. Sequences in sequences are laid out flat.
fn steps<'v>(part: Option<&'v Value>, list: &str) -> Result<Vec<&'v Value>> {
    let mut found = Vec::new();
    let mut open: Vec<&Value> = part.filter(|part| !part.is_null()).into_iter().collect();
    while let Some(step) = open.pop() {
        match step.get(list).and_then(Value::as_array) {
            Some(inner) => open.extend(inner.iter().rev()),
            None => found.push(step),
        }
        if found.len() + open.len() > MOST_STEPS {
            return Err(TokenizerError::TooLarge);
        }
    }
    Ok(found)
}

fn kind(step: &Value) -> &str {
    step.get("type").and_then(Value::as_str).unwrap_or("")
}

fn flag(step: &Value, name: &str, otherwise: bool) -> bool {
    step.get(name).and_then(Value::as_bool).unwrap_or(otherwise)
}

fn short<'v>(step: &'v Value, name: &str, what: &'static str) -> Result<&'v str> {
    let text = step
        .get(name)
        .and_then(Value::as_str)
        .ok_or(TokenizerError::Unknown(what))?;
    (text.len() <= LONGEST_INSERT)
        .then_some(text)
        .ok_or(TokenizerError::TooLarge)
}

/// The pattern of a step, as a regular expression.
fn pattern(step: &Value) -> Result<String> {
    let part = step.get("pattern").ok_or(TokenizerError::Unknown("pattern"))?;
    let literal = part.get("String").and_then(Value::as_str).map(regex::escape);
    let text = literal.or_else(|| part.get("Regex").and_then(Value::as_str).map(str::to_owned));
    let text = text.ok_or(TokenizerError::Unknown("pattern"))?;
    (text.len() <= LONGEST_PATTERN)
        .then_some(text)
        .ok_or(TokenizerError::TooLarge)
}

fn normalizer(step: &Value) -> Result<Normalizer> {
    Ok(match kind(step) {
        "NFC" => Normalizer::Nfc,
        "NFD" => Normalizer::Nfd,
        "NFKC" => Normalizer::Nfkc,
        "NFKD" => Normalizer::Nfkd,
        "Lowercase" => Normalizer::Lowercase,
        "StripAccents" => Normalizer::StripAccents,
        "Strip" => Normalizer::Strip(flag(step, "strip_left", true), flag(step, "strip_right", true)),
        "Prepend" => Normalizer::Prepend(short(step, "prepend", "normalizer")?.to_owned()),
        "Replace" => {
            let pattern = Regex::new(&pattern(step)?).map_err(|_| TokenizerError::Unknown("pattern"))?;
            Normalizer::Replace(pattern, short(step, "content", "normalizer")?.to_owned())
        }
        "BertNormalizer" => {
            let lower = flag(step, "lowercase", true);
            Normalizer::Bert(normal::Bert {
                clean: flag(step, "clean_text", true),
                chinese: flag(step, "handle_chinese_chars", true),
                accents: flag(step, "strip_accents", lower),
                lower,
            })
        }
        _ => return Err(TokenizerError::Unknown("normalizer")),
    })
}

fn splitter(step: &Value) -> Result<Splitter> {
    let behaviour = || {
        Ok(
            match step.get("behavior").and_then(Value::as_str).unwrap_or("Isolated") {
                "Removed" => Behaviour::Removed,
                "Isolated" => Behaviour::Isolated,
                "MergedWithPrevious" => Behaviour::MergedWithPrevious,
                "MergedWithNext" => Behaviour::MergedWithNext,
                "Contiguous" => Behaviour::Contiguous,
                _ => return Err(TokenizerError::Unknown("behavior")),
            },
        )
    };
    Ok(match kind(step) {
        "ByteLevel" => Splitter::Bytes {
            space_before: flag(step, "add_prefix_space", true),
            words: flag(step, "use_regex", true),
        },
        "Split" => Splitter::pattern(&pattern(step)?, behaviour()?, flag(step, "invert", false))
            .ok_or(TokenizerError::Unknown("pattern"))?,
        "Digits" => Splitter::Digits {
            each: flag(step, "individual_digits", false),
        },
        "Metaspace" => {
            let mut mark = short(step, "replacement", "pre_tokenizer")?.chars();
            let (Some(mark), None) = (mark.next(), mark.next()) else {
                return Err(TokenizerError::Unknown("pre_tokenizer"));
            };
            let before = match step.get("prepend_scheme").and_then(Value::as_str) {
                Some("always") => Before::Always,
                Some("first") => Before::First,
                Some("never") => Before::Never,
                Some(_) => return Err(TokenizerError::Unknown("pre_tokenizer")),
                None if flag(step, "add_prefix_space", true) => Before::Always,
                None => Before::Never,
            };
            Splitter::Marked {
                mark,
                before,
                split: flag(step, "split", true),
            }
        }
        "Whitespace" => Splitter::Words,
        "WhitespaceSplit" => Splitter::Spaces,
        "Punctuation" => Splitter::Marks(behaviour()?),
        "BertPreTokenizer" => Splitter::Bert,
        _ => return Err(TokenizerError::Unknown("pre_tokenizer")),
    })
}

/// Tokens that are found in the text as written.
pub(super) fn as_they_are(tokens: Vec<(String, u32)>) -> Result<Added> {
    let plain = |(content, id)| AddedToken {
        id,
        content,
        single_word: false,
        lstrip: false,
        rstrip: false,
        normalized: false,
    };
    added(tokens.into_iter().map(plain).collect(), &[])
}

/// A model of merges that spells everything by its bytes.
pub(super) fn byte_pairs(vocab: HashMap<String, u32>, list: Vec<Merge>, ignore_merges: bool) -> Result<Bpe> {
    Ok(Bpe {
        merges: merges(&vocab, list, 0)?,
        unk: None,
        fuse_unk: false,
        byte_fallback: false,
        ignore_merges,
        prefix: String::new(),
        suffix: String::new(),
        vocab,
    })
}

/// Tokens that are found as they are. Of several that begin at one place the longest counts.
fn added(mut tokens: Vec<AddedToken>, normalizers: &[Normalizer]) -> Result<Added> {
    if tokens.iter().any(|one| one.single_word) {
        return Err(TokenizerError::Unknown("added token of whole words"));
    }
    tokens.retain(|one| !one.content.is_empty());
    if tokens.is_empty() {
        return Ok(Added::default());
    }
    for one in &mut tokens {
        // They are looked for in the text as normalised, and so must be written.
        one.content = normalizers
            .iter()
            .fold(std::mem::take(&mut one.content), |text, step| step.apply(text));
    }
    tokens.sort_by_key(|one| std::cmp::Reverse(one.content.len()));
    let ways = tokens.iter().map(|one| {
        let space = |strips| if strips { r"\s*" } else { "" };
        format!(
            "{}{}{}",
            space(one.lstrip),
            regex::escape(&one.content),
            space(one.rstrip)
        )
    });
    let pattern = ways.collect::<Vec<_>>().join("|");
    let pattern = RegexBuilder::new(&pattern)
        .size_limit(PATTERN_SIZE)
        .build()
        .map_err(|_| TokenizerError::TooLarge)?;
    Ok(Added {
        pattern: Some(pattern),
        ids: tokens.into_iter().map(|one| (one.content, one.id)).collect(),
    })
}

fn model(part: ModelPart) -> Result<Model> {
    let of = part.of.clone().unwrap_or_else(|| {
        let guess = match (&part.vocab, &part.merges) {
            (Vocab::Scored(_), _) => "Unigram",
            (_, Some(_)) => "BPE",
            _ => "WordPiece",
        };
        guess.to_owned()
    });
    match (of.as_str(), part.vocab) {
        ("BPE", Vocab::Numbered(vocab)) => {
            if part.dropout.is_some_and(|share| share > 0.0) {
                return Err(TokenizerError::Unknown("dropout"));
            }
            let prefix = part.continuing_subword_prefix.unwrap_or_default();
            let unk = part.unk_token.map(|token| {
                vocab
                    .get(&token)
                    .copied()
                    .ok_or(TokenizerError::Inconsistent("unk_token"))
            });
            let merges = merges(&vocab, part.merges.unwrap_or_default(), prefix.len())?;
            Ok(Model::Bpe(Bpe {
                merges,
                unk: unk.transpose()?,
                fuse_unk: part.fuse_unk,
                byte_fallback: part.byte_fallback,
                ignore_merges: part.ignore_merges,
                suffix: part.end_of_word_suffix.unwrap_or_default(),
                prefix,
                vocab,
            }))
        }
        ("Unigram", Vocab::Scored(tokens)) => {
            let beyond = part
                .unk_id
                .is_some_and(|id| usize::try_from(id).is_ok_and(|id| id >= tokens.len()));
            if beyond || tokens.iter().any(|(_, score)| !score.is_finite()) {
                return Err(TokenizerError::Inconsistent("unk_id"));
            }
            Ok(Model::Unigram(Unigram::of(tokens, part.unk_id, part.byte_fallback)))
        }
        ("WordPiece", Vocab::Numbered(vocab)) => {
            let unk = part.unk_token.and_then(|token| vocab.get(&token).copied());
            Ok(Model::WordPiece(WordPiece {
                unk: unk.ok_or(TokenizerError::Inconsistent("unk_token"))?,
                prefix: part.continuing_subword_prefix.unwrap_or_else(|| "##".to_owned()),
                longest: part.max_input_chars_per_word.unwrap_or(100).min(MOST_CHARACTERS),
                vocab,
            }))
        }
        _ => Err(TokenizerError::Unknown("model")),
    }
}

/// The longest word of WordPiece, in characters: its work is the square.
const MOST_CHARACTERS: usize = 1000;

fn merges(vocab: &HashMap<String, u32>, list: Vec<Merge>, prefix: usize) -> Result<HashMap<(u32, u32), (u32, u32)>> {
    let none = TokenizerError::Inconsistent("merges");
    let mut merges = HashMap::with_capacity(list.len());
    for (rank, merge) in (0u32..).zip(list) {
        let (one, two) = match &merge {
            Merge::Text(text) => text.split_once(' ').ok_or(none.clone())?,
            Merge::Pair(one, two) => (one.as_str(), two.as_str()),
        };
        let joined = format!("{one}{}", two.get(prefix..).ok_or(none.clone())?);
        let id = |token: &str| vocab.get(token).copied().ok_or(none.clone());
        merges.insert((id(one)?, id(two)?), (rank, id(&joined)?));
    }
    Ok(merges)
}
