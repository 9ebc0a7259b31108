//! GGUF: typed key-value pairs, a table of tensors, then their bytes.
//!
//! Source: ggml's `docs/gguf.md`, versions 1 to 3, little-endian and big-endian files. Only what is needed is kept: for a
//! scanner whether everything lies inside the file, and the texts that loaders run as templates ([`read`]); for whoever
//! counts tokens the vocabulary ([`vocabulary()`]).

mod vocabulary;

use std::io;

pub use self::vocabulary::{Vocabulary, vocabulary};
use crate::{input::Input, window::Window};

/// The longest template that is kept, bytes.
const LONGEST_TEMPLATE: u64 = 1 << 20;
/// Templates of one file that are kept.
const MOST_TEMPLATES: usize = 256;
/// Bytes of all templates that are kept.
const LONGEST_TEMPLATES: usize = 8 << 20;
/// Tensors of one file; models have some thousands.
const MOST_TENSORS: u64 = 1 << 20;

/// What is wrong with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The file ends before what it promises, or a length is longer than the file.
    OutOfBounds,
    /// More pairs or tensors than the file has bytes for, or more tensors than any model has.
    TooMany,
    /// A type or version that the format does not know.
    Unknown,
    /// A tensor's bytes lie outside of the file.
    TensorOutOfBounds,
    /// Two tensors share bytes.
    Overlap,
    /// An alignment that is no power of two.
    Alignment,
    /// A text that is none, or more of them than are kept. Only of a vocabulary.
    Vocabulary,
}

impl Fault {
    /// A sentence for people.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Fault::OutOfBounds => "a length points outside of the file",
            Fault::TooMany => "the header promises more entries than the file can hold, or than any model has",
            Fault::Unknown => "the file has a version or a type that the format does not know",
            Fault::TensorOutOfBounds => "a tensor's bytes lie outside of the file",
            Fault::Overlap => "two tensors share bytes",
            Fault::Alignment => "the alignment of its tensors is no power of two",
            Fault::Vocabulary => {
                "its vocabulary is no text in UTF-8, of another type than the format has for it, or too large"
            }
        }
    }
}

/// What was read.
#[derive(Debug, Clone, Default)]
pub struct Gguf {
    /// Templates, by key: `tokenizer.chat_template`, its named variants, and every other text or array of texts whose key says
    /// that it is one (`key[0]`, `key[1]`).
    pub templates: Vec<(String, String)>,
    /// The first thing that was wrong; reading stopped there.
    pub fault: Option<Fault>,
    /// Tensors in the table.
    pub tensors: u64,
    /// Where the last tensor ends, or the header of a file without tensors; none when a tensor's type is not known.
    pub end: Option<u64>,
    /// True when there were more templates, or longer ones, than are kept.
    pub left_out: bool,
}

impl Gguf {
    /// Keeps a template, within bounds: what is beyond them is counted as left out.
    fn keep(&mut self, key: String, template: String) {
        // One that was cut is kept, and said to be cut.
        self.left_out |= template.len() as u64 >= LONGEST_TEMPLATE;
        let kept: usize = self.templates.iter().map(|(_, template)| template.len()).sum();
        if self.templates.len() >= MOST_TEMPLATES || kept.saturating_add(template.len()) > LONGEST_TEMPLATES {
            self.left_out = true;
        } else {
            self.templates.push((key, template));
        }
    }
}

/// True for the magic.
#[must_use]
pub fn sniff(head: &[u8]) -> bool {
    head.starts_with(b"GGUF")
}

/// Reads the header.
///
/// # Errors
/// What the reader says.
pub fn read(input: &Input<'_>) -> io::Result<Gguf> {
    let mut gguf = Gguf::default();
    gguf.fault = Reader::new(input).header(&mut gguf)?.err();
    Ok(gguf)
}

struct Reader<'a> {
    window: Window<'a>,
    at: u64,
    big: bool,
    /// Lengths of eight bytes; version 1 has four.
    wide: bool,
}

/// A step: read, or at fault; around it, whether the input could be read at all.
type Step<T> = io::Result<Result<T, Fault>>;

macro_rules! step {
    ($step:expr) => {
        match $step? {
            Ok(value) => value,
            Err(fault) => return Ok(Err(fault)),
        }
    };
}
use step;

impl<'a> Reader<'a> {
    /// Behind the magic.
    fn new(input: &Input<'a>) -> Self {
        Self {
            window: Window::new(*input),
            at: 4,
            big: false,
            wide: true,
        }
    }

    /// How many tensors and pairs there are. The pairs follow.
    fn counts(&mut self) -> Step<(u64, u64)> {
        let version = step!(self.u32());
        let version = match version {
            1..=3 => version,
            // A big-endian file: the version reads 0x03000000.
            _ if (1..=3).contains(&version.swap_bytes()) => {
                self.big = true;
                version.swap_bytes()
            }
            _ => return Ok(Err(Fault::Unknown)),
        };
        self.wide = version > 1;
        let tensors = step!(self.length());
        let pairs = step!(self.length());
        let room = self.window.len();
        // The smallest pair is 13 bytes, the smallest tensor 24.
        if pairs > room / 13 || tensors > (room / 24).min(MOST_TENSORS) {
            return Ok(Err(Fault::TooMany));
        }
        Ok(Ok((tensors, pairs)))
    }

    fn header(&mut self, gguf: &mut Gguf) -> Step<()> {
        let (tensors, pairs) = step!(self.counts());
        gguf.tensors = tensors;
        let mut alignment = 32;
        for _ in 0..pairs {
            let key = step!(self.text(65_536));
            let kind = step!(self.u32());
            if key.contains("template") && matches!(kind, 8 | 9) {
                step!(self.templates(&key, kind, gguf));
            } else if kind == 4 && key == "general.alignment" {
                alignment = u64::from(step!(self.u32()));
                if !alignment.is_power_of_two() {
                    return Ok(Err(Fault::Alignment));
                }
            } else {
                step!(self.skip(kind));
            }
        }
        // First and last byte of each tensor, from the beginning of the data on.
        let mut places: Vec<(u64, u64)> = Vec::new();
        for _ in 0..tensors {
            let name = step!(self.length());
            step!(self.forward(name));
            let dimensions = step!(self.u32());
            if dimensions > 8 {
                return Ok(Err(Fault::Unknown));
            }
            let mut elements = 1_u64;
            for _ in 0..dimensions {
                let size = step!(self.length());
                elements = elements.saturating_mul(size);
            }
            let kind = step!(self.u32());
            let offset = step!(self.u64());
            places.push((offset, offset.saturating_add(bytes_of(kind, elements))));
        }
        let data = self.at.div_ceil(alignment).saturating_mul(alignment);
        let last = places.iter().map(|(_, end)| *end).max();
        if last.is_some_and(|last| data.saturating_add(last) > self.window.len()) {
            return Ok(Err(Fault::TensorOutOfBounds));
        }
        let sized = places.iter().all(|(start, end)| start < end);
        gguf.end = sized.then(|| last.map_or(self.at, |last| data.saturating_add(last)));
        // What takes no bytes, or is of a type whose size is not known, shares none.
        places.retain(|(start, end)| start < end);
        places.sort_unstable();
        let share = |pair: &[(u64, u64)]| matches!(pair, [(_, end), (start, _)] if start < end);
        if places.windows(2).any(share) {
            return Ok(Err(Fault::Overlap));
        }
        Ok(Ok(()))
    }

    /// Keeps a text, or the texts of an array.
    fn templates(&mut self, key: &str, kind: u32, gguf: &mut Gguf) -> Step<()> {
        if kind == 8 {
            let template = step!(self.text(LONGEST_TEMPLATE));
            gguf.keep(key.to_owned(), template);
            return Ok(Ok(()));
        }
        let before = self.at;
        let of_texts = step!(self.u32()) == 8;
        if !of_texts {
            self.at = before;
            return self.skip(kind);
        }
        let count = step!(self.length());
        if count > self.window.len() / 4 {
            return Ok(Err(Fault::TooMany));
        }
        for n in 0..count {
            let template = step!(self.text(LONGEST_TEMPLATE));
            gguf.keep(format!("{key}[{n}]"), template);
        }
        Ok(Ok(()))
    }

    fn skip(&mut self, kind: u32) -> Step<()> {
        if kind == 9 {
            let kind = step!(self.u32());
            let count = step!(self.length());
            if let Some(size) = size_of(kind) {
                return self.forward(count.saturating_mul(size));
            }
            if kind != 8 {
                // The format allows arrays of arrays; readers refuse them.
                return Ok(Err(Fault::Unknown));
            }
            if count > self.window.len() / 4 {
                return Ok(Err(Fault::TooMany));
            }
            for _ in 0..count {
                let length = step!(self.length());
                step!(self.forward(length));
            }
            return Ok(Ok(()));
        }
        if kind == 8 {
            let length = step!(self.length());
            return self.forward(length);
        }
        match size_of(kind) {
            Some(size) => self.forward(size),
            None => Ok(Err(Fault::Unknown)),
        }
    }

    fn forward(&mut self, bytes: u64) -> Step<()> {
        match self.at.checked_add(bytes).filter(|at| *at <= self.window.len()) {
            Some(at) => {
                self.at = at;
                Ok(Ok(()))
            }
            None => Ok(Err(Fault::OutOfBounds)),
        }
    }

    /// A text; of one that is longer than `longest` its beginning.
    fn text(&mut self, longest: u64) -> Step<String> {
        let length = step!(self.length());
        let start = self.at;
        step!(self.forward(length));
        let kept = usize::try_from(length.min(longest)).unwrap_or(0);
        let bytes = self.window.bytes(start, kept)?.unwrap_or_default();
        Ok(Ok(String::from_utf8_lossy(bytes).into_owned()))
    }

    fn length(&mut self) -> Step<u64> {
        if self.wide {
            self.u64()
        } else {
            Ok(self.u32()?.map(u64::from))
        }
    }

    fn u32(&mut self) -> Step<u32> {
        let value = self.window.u32(self.at)?;
        self.at = self.at.saturating_add(4);
        let big = self.big;
        Ok(value
            .map(|value| if big { value.swap_bytes() } else { value })
            .ok_or(Fault::OutOfBounds))
    }

    fn u64(&mut self) -> Step<u64> {
        let value = self.window.u64(self.at)?;
        self.at = self.at.saturating_add(8);
        let big = self.big;
        Ok(value
            .map(|value| if big { value.swap_bytes() } else { value })
            .ok_or(Fault::OutOfBounds))
    }
}

/// Bytes of a plain value type.
fn size_of(kind: u32) -> Option<u64> {
    match kind {
        0 | 1 | 7 => Some(1),
        2 | 3 => Some(2),
        4..=6 => Some(4),
        10..=12 => Some(8),
        _ => None,
    }
}

/// The least bytes that `elements` of a tensor type take: block sizes are rounded down, so that a file is never said to be
/// short when it is not. Types that are not listed count as nothing.
fn bytes_of(kind: u32, elements: u64) -> u64 {
    // (bytes of a block, elements of a block), ggml.h `enum ggml_type`.
    let (bytes, block) = match kind {
        0 | 26 => (4, 1),
        1 | 25 | 30 => (2, 1),
        2 => (18, 32),
        3 => (20, 32),
        6 => (22, 32),
        7 => (24, 32),
        8 => (34, 32),
        10 => (84, 256),
        11 => (110, 256),
        12 => (144, 256),
        13 => (176, 256),
        14 => (210, 256),
        24 => (1, 1),
        27 | 28 => (8, 1),
        _ => return 0,
    };
    (elements / block).saturating_mul(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: &str) -> Vec<u8> {
        let mut bytes = (value.len() as u64).to_le_bytes().to_vec();
        bytes.extend_from_slice(value.as_bytes());
        bytes
    }

    fn file(version: u32, tensors: u64, pairs: &[(&str, &str)], more: &[u8]) -> Vec<u8> {
        let mut bytes = b"GGUF".to_vec();
        bytes.extend(version.to_le_bytes());
        bytes.extend(tensors.to_le_bytes());
        bytes.extend((pairs.len() as u64).to_le_bytes());
        for (key, value) in pairs {
            bytes.extend(text(key));
            bytes.extend(8_u32.to_le_bytes());
            bytes.extend(text(value));
        }
        bytes.extend_from_slice(more);
        bytes
    }

    fn tensor(size: u64) -> Vec<u8> {
        let mut bytes = text("w");
        bytes.extend(1_u32.to_le_bytes());
        bytes.extend(size.to_le_bytes());
        bytes.extend(0_u32.to_le_bytes());
        bytes.extend(0_u64.to_le_bytes());
        bytes
    }

    #[test]
    fn reads_templates_and_bounds() {
        let mut good = file(
            3,
            1,
            &[
                ("general.architecture", "llama"),
                ("tokenizer.chat_template", "{{ x }}"),
            ],
            &tensor(4),
        );
        good.resize(good.len().div_ceil(32) * 32 + 16, 0);
        let read_of = |bytes: &[u8]| read(&Input::of_bytes(bytes)).unwrap();
        let got = read_of(&good);
        assert_eq!((got.fault, got.tensors, got.end), (None, 1, Some(good.len() as u64)));
        assert_eq!(
            got.templates,
            [("tokenizer.chat_template".to_owned(), "{{ x }}".to_owned())]
        );
        // An array of two texts.
        let mut array = text("tokenizer.chat_templates");
        array.extend([9_u32.to_le_bytes(), 8_u32.to_le_bytes()].concat());
        array.extend(2_u64.to_le_bytes());
        array.extend([text("{{ a }}"), text("{{ b }}")].concat());
        let mut bytes = file(3, 0, &[], &array);
        bytes[16] = 1;
        assert_eq!(
            read_of(&bytes).templates,
            [
                ("tokenizer.chat_templates[0]".to_owned(), "{{ a }}".to_owned()),
                ("tokenizer.chat_templates[1]".to_owned(), "{{ b }}".to_owned())
            ]
        );
        // Two tensors, each of 16 bytes, side by side or on top of each other.
        let two = |second: u64| {
            let mut bytes = file(3, 2, &[], &[tensor(4), tensor(4)].concat());
            let offset = bytes.len() - 8;
            bytes[offset..].copy_from_slice(&second.to_le_bytes());
            bytes.resize(bytes.len() + 128, 0);
            bytes
        };
        assert_eq!(read_of(&two(32)).fault, None);
        assert_eq!(read_of(&two(16)).fault, None);
        let aligned = |alignment: u32| {
            let key = [text("general.alignment"), 4_u32.to_le_bytes().to_vec()].concat();
            let mut bytes = file(3, 0, &[], &[key, alignment.to_le_bytes().to_vec()].concat());
            bytes[16] = 1;
            bytes
        };
        assert_eq!(read_of(&aligned(64)).fault, None);
        for (bytes, fault) in [
            (two(0), Fault::Overlap),
            (two(12), Fault::Overlap),
            (aligned(0), Fault::Alignment),
            (aligned(24), Fault::Alignment),
            (file(9, 0, &[], &[]), Fault::Unknown),
            (file(3, u64::MAX, &[], &[]), Fault::TooMany),
            (file(3, 1, &[("a", "b")], &tensor(1 << 40)), Fault::TensorOutOfBounds),
            (b"GGUF\x03\0\0\0".to_vec(), Fault::OutOfBounds),
        ] {
            assert_eq!(read_of(&bytes).fault, Some(fault));
        }
        for cut in 4..good.len() - 16 {
            let _ = read_of(&good[..cut]);
        }
    }
}
