//! Reads a pickle through a window, so that a tensor of gigabytes inside it is passed over and never held.

use std::{borrow::Cow, fmt};

use super::opcode::{Style, Text};
use crate::input::Input;

/// Bytes that are fetched at a time.
const WINDOW: usize = 64 << 10;

/// Why a pickle could not be followed, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Halt {
    /// Offset of the opcode.
    pub at: u64,
    /// Why.
    pub why: Why,
}

impl Halt {
    pub(crate) fn new(at: u64, why: Why) -> Self {
        Self { at, why }
    }
}

/// Why a pickle could not be followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Why {
    /// The bytes end before the pickle does.
    Cut,
    /// There is no such opcode.
    Opcode,
    /// An opcode takes something from an empty stack.
    Underflow,
    /// An opcode needs a mark and there is none.
    Mark,
    /// The memo holds nothing under this index.
    Memo,
    /// A length is negative.
    Length,
    /// The pickle costs more than the budget allows.
    Budget,
    /// Pickles inside pickles nest too deep.
    Depth,
    /// The bytes could not be read.
    Read,
}

impl Why {
    /// A fragment of a sentence.
    #[must_use]
    pub fn what(self) -> &'static str {
        match self {
            Why::Cut => "the bytes end before the pickle does",
            Why::Opcode => "there is no such opcode",
            Why::Underflow => "an opcode takes something from an empty stack",
            Why::Mark => "an opcode needs a mark and there is none",
            Why::Memo => "the memo holds nothing under this index",
            Why::Length => "a length is negative",
            Why::Budget => "it costs more than the budget allows",
            Why::Depth => "pickles nest too deep",
            Why::Read => "the bytes could not be read",
        }
    }
}

impl fmt::Display for Halt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (byte {})", self.why.what(), self.at)
    }
}

/// A position in an [`Input`].
pub struct Stream<'a> {
    input: Input<'a>,
    at: u64,
    window: Cow<'a, [u8]>,
    base: u64,
}

impl<'a> Stream<'a> {
    /// Reads `input` from byte `at` on.
    #[must_use]
    pub fn new(input: Input<'a>, at: u64) -> Self {
        Self {
            input,
            at,
            window: Cow::Borrowed(&[]),
            base: at,
        }
    }

    /// Where the next byte stands.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.at
    }

    /// How many bytes are left.
    #[must_use]
    pub fn left(&self) -> u64 {
        self.input.len().saturating_sub(self.at)
    }

    /// The bytes from here on that are at hand, at least `need` of them unless the input ends.
    fn ahead(&mut self, need: usize) -> Result<&[u8], Halt> {
        let offset = usize::try_from(self.at.wrapping_sub(self.base)).unwrap_or(usize::MAX);
        let at_hand = self.window.len().saturating_sub(offset);
        let fetch = self.at < self.base || at_hand < need;
        if fetch {
            let window = self.input.at(self.at, need.max(WINDOW));
            self.window = window.map_err(|_| Halt::new(self.at, Why::Read))?;
            self.base = self.at;
        }
        let offset = if fetch { 0 } else { offset };
        Ok(self.window.get(offset..).unwrap_or_default())
    }

    pub(crate) fn byte(&mut self) -> Result<u8, Halt> {
        let at = self.at;
        let byte = self.ahead(1)?.first().copied();
        self.at += 1;
        byte.ok_or(Halt::new(at, Why::Cut))
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], Halt> {
        let at = self.at;
        let found = self.ahead(N)?.first_chunk::<N>().copied();
        let bytes = found.ok_or(Halt::new(at, Why::Cut))?;
        self.at += N as u64;
        Ok(bytes)
    }

    /// Passes over `len` bytes.
    pub(crate) fn skip(&mut self, len: u64) -> Result<Text, Halt> {
        if len > self.left() {
            return Err(Halt::new(self.at, Why::Cut));
        }
        let text = Text {
            at: self.at,
            len: u32::try_from(len).unwrap_or(u32::MAX),
            style: Style::Plain,
        };
        self.at += len;
        Ok(text)
    }

    /// The text up to the end of the line, which is passed over.
    pub(crate) fn line(&mut self) -> Result<Text, Halt> {
        let start = self.at;
        loop {
            let ahead = self.ahead(1)?;
            if ahead.is_empty() {
                return Err(Halt::new(start, Why::Cut));
            }
            match memchr::memchr(b'\n', ahead) {
                Some(end) => {
                    let len = self.at + end as u64 - start;
                    self.at += end as u64 + 1;
                    return Ok(Text {
                        at: start,
                        len: u32::try_from(len).unwrap_or(u32::MAX),
                        style: Style::Plain,
                    });
                }
                None => self.at += ahead.len() as u64,
            }
        }
    }

    /// The first `limit` bytes of a text.
    #[must_use]
    pub fn bytes(&self, text: Text, limit: usize) -> Cow<'_, [u8]> {
        let len = usize::try_from(text.len).unwrap_or(usize::MAX).min(limit);
        let offset = text.at.checked_sub(self.base).and_then(|n| usize::try_from(n).ok());
        let at_hand = offset.and_then(|from| self.window.get(from..from.saturating_add(len)));
        match at_hand {
            Some(bytes) => Cow::Borrowed(bytes),
            None => self.input.at(text.at, len).unwrap_or_default(),
        }
    }

    /// A text of at most `limit` bytes that is ASCII.
    pub(crate) fn short_text(&self, text: Text, limit: u32) -> Option<String> {
        let bytes = self.bytes(text, limit as usize + 1);
        let short = text.len <= limit && bytes.is_ascii();
        short.then(|| String::from_utf8_lossy(&bytes).into_owned())
    }

    /// What is read.
    #[must_use]
    pub fn input(&self) -> Input<'a> {
        self.input
    }
}
