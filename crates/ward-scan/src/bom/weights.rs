//! What the heads of model files say: format, architecture, number of parameters, quantisation, tokenizer; and the digest of
//! the whole file. Tensors are counted, not read.

use std::collections::BTreeMap;

use ward_formats::{
    Budget, gguf,
    input::Input,
    json::{JsonKind, Tree},
    safetensors,
};
use ward_seal::hash;

use crate::{Blob, Fact, Findings, repository};

/// One model file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Weights {
    /// The format.
    pub format: &'static str,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 of the file, in hexadecimal digits; of a pointer of git LFS that of what it points to.
    pub sha256: Option<String>,
    /// Whether the content lies elsewhere, and this is a pointer to it.
    pub pointer: bool,
    /// Its own name.
    pub name: Option<String>,
    /// The architecture, as `llama`.
    pub architecture: Option<String>,
    /// How many parameters its tensors hold.
    pub parameters: Option<u64>,
    /// The type that most parameters have, as `F16`, `Q4_K`.
    pub quantisation: Option<String>,
    /// The tokenizer it carries.
    pub tokenizer: Option<String>,
    /// Tokens of context.
    pub context: Option<u64>,
    /// Its licence, when the file says it.
    pub licence: Option<String>,
}

/// The configuration beside a model (`config.json`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// The family, as `llama`.
    pub family: Option<String>,
    /// The architectures, as `LlamaForCausalLM`.
    pub architectures: Vec<String>,
    /// The type of its numbers, as `bfloat16`.
    pub numbers: Option<String>,
    /// How it is quantised, as `gptq`.
    pub quantisation: Option<String>,
}

/// What was read of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// A model.
    Weights(Weights),
    /// A configuration.
    Settings(Settings),
}

/// Bytes of a head that are read.
const HEAD: usize = 32 << 20;
/// Bytes that are hashed at a time.
const PIECE: usize = 1 << 20;
/// Longest text that is kept.
const KEPT: usize = 200;
/// What a head may cost.
const BUDGET: Budget = Budget {
    bytes: HEAD,
    depth: 32,
    items: 4_000_000,
};

/// Looks at a blob; a model or a configuration becomes a fact.
pub(super) fn read(blob: &Blob<'_>, findings: &mut Findings) {
    let name = blob.name();
    if name == "config.json" {
        if let Ok(Some(bytes)) = blob.content.whole(1 << 20)
            && let Some(settings) = settings(&bytes)
        {
            findings.facts.push(Fact::Model(Box::new(Seen::Settings(settings))));
        }
        return;
    }
    if !repository::is_weights(&name) || blob.content.is_empty() {
        return;
    }
    let Ok(head) = blob.content.at(0, 1024) else {
        findings.not_examined(blob.place.clone(), "the file could not be read");
        return;
    };
    let mut weights = Weights {
        format: format(&name, &head),
        bytes: blob.content.len(),
        ..Weights::default()
    };
    if head.starts_with(b"version https://git-lfs.github.com/spec/") {
        pointer(&head, &mut weights);
    } else {
        match weights.format {
            "GGUF" => of_gguf(&blob.content, &mut weights),
            "safetensors" => of_safetensors(&blob.content, &mut weights),
            _ => {}
        }
        weights.sha256 = digest(&blob.content);
        if weights.sha256.is_none() {
            findings.not_examined(blob.place.clone(), "the file could not be read to its end");
        }
    }
    findings.facts.push(Fact::Model(Box::new(Seen::Weights(weights))));
}

fn digest(content: &Input<'_>) -> Option<String> {
    let mut pieces = hash::Sha256Pieces::default();
    let mut at = 0;
    while at < content.len() {
        let piece = content.at(at, PIECE).ok()?;
        if piece.is_empty() {
            return None;
        }
        pieces.add(&piece);
        at += piece.len() as u64;
    }
    Some(hash::hex(&pieces.finish()))
}

fn format(name: &str, head: &[u8]) -> &'static str {
    if gguf::sniff(head) {
        return "GGUF";
    }
    match name.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "safetensors" => "safetensors",
        "gguf" | "ggml" => "GGML",
        "pt" | "pth" | "ckpt" | "bin" | "nemo" => "PyTorch",
        "onnx" => "ONNX",
        "tflite" => "TensorFlow Lite",
        "keras" | "h5" | "hdf5" => "Keras",
        "pb" => "TensorFlow",
        "mlmodel" => "Core ML",
        "pkl" | "pickle" | "joblib" => "pickle",
        "npz" => "NumPy",
        "msgpack" => "Flax",
        _ => "model file",
    }
}

/// A pointer of git LFS (specification, version 1): the digest and the size of what it points to.
fn pointer(head: &[u8], weights: &mut Weights) {
    weights.pointer = true;
    for line in String::from_utf8_lossy(head).lines() {
        if let Some(digest) = line.strip_prefix("oid sha256:")
            && digest.len() == 64
            && digest.bytes().all(|byte| byte.is_ascii_hexdigit())
        {
            weights.sha256 = Some(digest.to_lowercase());
        } else if let Some(size) = line.strip_prefix("size ") {
            weights.bytes = size.trim().parse().unwrap_or(weights.bytes);
        }
    }
}

fn kept(text: &str) -> Option<String> {
    let text: String = text.trim().chars().filter(|c| !c.is_control()).take(KEPT).collect();
    (!text.is_empty()).then_some(text)
}

fn settings(bytes: &[u8]) -> Option<Settings> {
    let tree = Tree::parse(bytes, BUDGET).ok()?;
    let root = tree.root();
    let text = |way: &[&str]| tree.at(root, way).and_then(|node| tree.str(node)).and_then(kept);
    let architectures = tree.get(root, "architectures").map(|list| {
        tree.items(list)
            .filter_map(|item| kept(tree.str(item)?))
            .take(8)
            .collect()
    });
    let settings = Settings {
        family: text(&["model_type"]),
        architectures: architectures.unwrap_or_default(),
        numbers: text(&["torch_dtype"]).or_else(|| text(&["dtype"])),
        quantisation: text(&["quantization_config", "quant_method"]),
    };
    (settings.family.is_some() || !settings.architectures.is_empty()).then_some(settings)
}

/// The head of a safetensors file: a table of tensors with type and shape.
fn of_safetensors(content: &Input<'_>, weights: &mut Weights) {
    let Ok(head) = content.at(0, 8) else { return };
    let Some(length) = head
        .get(..8)
        .and_then(|bytes| bytes.try_into().ok())
        .map(u64::from_le_bytes)
    else {
        return;
    };
    if length > HEAD as u64 || length > safetensors::LONGEST_HEADER {
        return;
    }
    let Ok(table) = content.at(8, usize::try_from(length).unwrap_or(usize::MAX)) else {
        return;
    };
    let Ok(tree) = Tree::parse(&table, BUDGET) else { return };
    if tree.kind(tree.root()) != JsonKind::Object {
        return;
    }
    let mut count = Count::default();
    for (name, node) in tree.members(tree.root()) {
        if name == "__metadata__" {
            let text = |key: &str| tree.get(node, key).and_then(|value| tree.str(value)).and_then(kept);
            weights.architecture = text("modelspec.architecture");
            weights.name = text("modelspec.title");
            weights.licence = text("modelspec.license");
            continue;
        }
        let Some(shape) = tree.get(node, "shape") else { return };
        let sizes = tree
            .items(shape)
            .map(|item| tree.text(item).and_then(|text| text.parse::<u64>().ok()));
        let mut sizes = sizes;
        let size = sizes.try_fold(1_u64, |all, one| all.checked_mul(one?));
        let (Some(size), Some(kind)) = (size, tree.get(node, "dtype").and_then(|kind| tree.str(kind))) else {
            return;
        };
        count.add(kind, size);
    }
    count.into(weights);
}

/// Parameters by the type that holds them.
#[derive(Default)]
struct Count {
    by_kind: BTreeMap<String, u64>,
}

impl Count {
    fn add(&mut self, kind: &str, size: u64) {
        let all = self.by_kind.entry(kind.chars().take(20).collect()).or_default();
        *all = all.saturating_add(size);
    }

    fn into(self, weights: &mut Weights) {
        let all = self.by_kind.values().fold(0_u64, |all, one| all.saturating_add(*one));
        weights.parameters = (all > 0).then_some(all);
        weights.quantisation = self
            .by_kind
            .into_iter()
            .max_by_key(|(_, size)| *size)
            .map(|(kind, _)| kind);
    }
}

/// The head of a GGUF file: pairs, then the table of tensors (ggml, `docs/gguf.md`). Versions 2 and 3, little-endian.
fn of_gguf(content: &Input<'_>, weights: &mut Weights) {
    let Ok(head) = content.at(0, HEAD) else { return };
    let mut reader = Reader { rest: &head };
    // What was read before something was wrong is kept; the engine of models tells the fault.
    let _ = gguf_head(&mut reader, weights);
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, len: u64) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(usize::try_from(len).ok()?)?;
        self.rest = rest;
        Some(taken)
    }

    fn u32(&mut self) -> Option<u32> {
        self.take(4)?.try_into().ok().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Option<u64> {
        self.take(8)?.try_into().ok().map(u64::from_le_bytes)
    }

    fn text(&mut self) -> Option<&'a [u8]> {
        let len = self.u64()?;
        self.take(len)
    }

    /// A number of any integer type.
    fn number(&mut self, kind: u32) -> Option<u64> {
        let bytes = self.take(size_of_kind(kind)?)?;
        let mut wide = [0; 8];
        wide.get_mut(..bytes.len())?.copy_from_slice(bytes);
        Some(u64::from_le_bytes(wide))
    }

    fn skip(&mut self, kind: u32) -> Option<()> {
        match kind {
            8 => self.text().map(|_| ()),
            9 => {
                let (of, count) = (self.u32()?, self.u64()?);
                match size_of_kind(of) {
                    Some(size) => self.take(size.checked_mul(count)?).map(|_| ()),
                    None if of == 8 => (0..count).try_for_each(|_| self.text().map(|_| ())),
                    // Arrays of arrays do not occur, and could be nested without end.
                    None => None,
                }
            }
            other => self.take(size_of_kind(other)?).map(|_| ()),
        }
    }
}

/// Bytes of a value of a GGUF type; none for texts and arrays.
fn size_of_kind(kind: u32) -> Option<u64> {
    match kind {
        0 | 1 | 7 => Some(1),
        2 | 3 => Some(2),
        4..=6 => Some(4),
        10..=12 => Some(8),
        _ => None,
    }
}

/// Names of ggml's types by number.
const TYPES: &[(u32, &str)] = &[
    (0, "F32"),
    (1, "F16"),
    (2, "Q4_0"),
    (3, "Q4_1"),
    (6, "Q5_0"),
    (7, "Q5_1"),
    (8, "Q8_0"),
    (9, "Q8_1"),
    (10, "Q2_K"),
    (11, "Q3_K"),
    (12, "Q4_K"),
    (13, "Q5_K"),
    (14, "Q6_K"),
    (15, "Q8_K"),
    (16, "IQ2_XXS"),
    (17, "IQ2_XS"),
    (18, "IQ3_XXS"),
    (19, "IQ1_S"),
    (20, "IQ4_NL"),
    (21, "IQ3_S"),
    (22, "IQ2_S"),
    (23, "IQ4_XS"),
    (24, "I8"),
    (25, "I16"),
    (26, "I32"),
    (27, "I64"),
    (28, "F64"),
    (29, "IQ1_M"),
    (30, "BF16"),
    (34, "TQ1_0"),
    (35, "TQ2_0"),
    (39, "MXFP4"),
];

fn gguf_head(reader: &mut Reader<'_>, weights: &mut Weights) -> Option<()> {
    reader.take(4)?;
    if !(2..=3).contains(&reader.u32()?) {
        return None;
    }
    let (tensors, pairs) = (reader.u64()?, reader.u64()?);
    for _ in 0..pairs {
        let key = str::from_utf8(reader.text()?).ok()?;
        let kind = reader.u32()?;
        let field = match key {
            "general.name" => Some(&mut weights.name),
            "general.architecture" => Some(&mut weights.architecture),
            "general.license" => Some(&mut weights.licence),
            "tokenizer.ggml.model" => Some(&mut weights.tokenizer),
            _ => None,
        };
        match (field, kind) {
            (Some(field), 8) => *field = kept(&String::from_utf8_lossy(reader.text()?)),
            (None, 4 | 5 | 10 | 11) if key.ends_with(".context_length") => weights.context = reader.number(kind),
            _ => reader.skip(kind)?,
        }
    }
    let mut count = Count::default();
    for _ in 0..tensors {
        reader.text()?;
        let dimensions = reader.u32()?;
        if dimensions > 8 {
            return None;
        }
        let mut size = 1_u64;
        for _ in 0..dimensions {
            size = size.checked_mul(reader.u64()?)?;
        }
        let kind = reader.u32()?;
        reader.u64()?;
        let name = TYPES
            .iter()
            .find(|(number, _)| *number == kind)
            .map_or("other", |(_, name)| name);
        count.add(name, size);
    }
    count.into(weights);
    Some(())
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A GGUF file of one tensor.
    pub(crate) fn gguf_file() -> Vec<u8> {
        let text = |text: &str| [&(text.len() as u64).to_le_bytes()[..], text.as_bytes()].concat();
        let pair = |key: &str, value: &str| [text(key), 8_u32.to_le_bytes().to_vec(), text(value)].concat();
        let mut file = b"GGUF\x03\0\0\0".to_vec();
        file.extend(1_u64.to_le_bytes());
        file.extend(5_u64.to_le_bytes());
        file.extend(pair("general.architecture", "llama"));
        file.extend(pair("general.name", "Invented 1B"));
        file.extend(pair("tokenizer.ggml.model", "gpt2"));
        file.extend(
            [
                text("llama.context_length"),
                4_u32.to_le_bytes().to_vec(),
                2048_u32.to_le_bytes().to_vec(),
            ]
            .concat(),
        );
        file.extend(
            [
                text("tokenizer.ggml.tokens"),
                9_u32.to_le_bytes().to_vec(),
                8_u32.to_le_bytes().to_vec(),
                2_u64.to_le_bytes().to_vec(),
                text("a"),
                text("b"),
            ]
            .concat(),
        );
        file.extend(
            [
                text("output.weight"),
                2_u32.to_le_bytes().to_vec(),
                64_u64.to_le_bytes().to_vec(),
                32_u64.to_le_bytes().to_vec(),
                12_u32.to_le_bytes().to_vec(),
                0_u64.to_le_bytes().to_vec(),
            ]
            .concat(),
        );
        file
    }

    /// A safetensors file of two tensors.
    pub(crate) fn safetensors_file() -> Vec<u8> {
        let table = r#"{"__metadata__":{"format":"pt"},"a":{"dtype":"BF16","shape":[2,3],"data_offsets":[0,12]},"b":{"dtype":"F32","shape":[1],"data_offsets":[12,16]}}"#;
        [&(table.len() as u64).to_le_bytes()[..], table.as_bytes(), &[0; 16]].concat()
    }

    fn seen(path: &str, bytes: &[u8]) -> Option<Seen> {
        let mut findings = Findings::default();
        read(&Blob::of_bytes(path, bytes), &mut findings);
        assert!(findings.not_examined.is_empty());
        findings.facts.pop().map(|fact| match fact {
            Fact::Model(seen) => *seen,
            _ => unreachable!("only models are read here"),
        })
    }

    #[test]
    fn heads_of_models_are_read() {
        let Some(Seen::Weights(one)) = seen("m/model.gguf", &gguf_file()) else {
            panic!("a model")
        };
        assert_eq!(
            (one.format, one.parameters, one.context),
            ("GGUF", Some(2048), Some(2048))
        );
        assert_eq!(one.architecture.as_deref(), Some("llama"));
        assert_eq!(one.quantisation.as_deref(), Some("Q4_K"));
        assert_eq!(one.tokenizer.as_deref(), Some("gpt2"));
        assert_eq!(one.sha256, Some(hash::hex(&hash::sha256(&gguf_file()))));
        let Some(Seen::Weights(one)) = seen("model.safetensors", &safetensors_file()) else {
            panic!("a model")
        };
        assert_eq!((one.parameters, one.quantisation.as_deref()), (Some(7), Some("BF16")));
        let text = format!(
            "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize 12345\n",
            "0a".repeat(32)
        );
        let Some(Seen::Weights(one)) = seen("model.safetensors", text.as_bytes()) else {
            panic!("a model")
        };
        assert_eq!(
            (one.pointer, one.bytes, one.sha256),
            (true, 12345, Some("0a".repeat(32)))
        );
        let Some(Seen::Settings(one)) = seen(
            "config.json",
            br#"{"model_type":"llama","architectures":["LlamaForCausalLM"],"torch_dtype":"bfloat16"}"#,
        ) else {
            panic!("a configuration")
        };
        assert_eq!(one.architectures, ["LlamaForCausalLM"]);
        assert_eq!(seen("config.json", b"{}"), None);
        assert_eq!(seen("notes.txt", b"x"), None);
    }

    #[test]
    fn heads_that_lie_are_survived() {
        let whole = gguf_file();
        for at in 0..whole.len() {
            let _ = seen("m.gguf", &whole[..at]);
            let mut changed = whole.clone();
            changed[at] = 0xff;
            let _ = seen("m.gguf", &changed);
        }
        let whole = safetensors_file();
        for at in 0..whole.len() {
            let _ = seen("m.safetensors", &whole[..at]);
        }
    }
}
