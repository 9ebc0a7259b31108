//! What is written in another alphabet, or in pieces: base64 (also with gzip and zip in it), base32, base85, hexadecimal,
//! percent signs, escapes, entities, quoted-printable, UTF-16, UTF-32, strings that a program joins, words
//! in pieces, runs of a document.
//!
//! Each piece that decodes to text is searched like a page of its own, to a depth of [`DEPTH`] and within a budget of
//! bytes; what was found lies where the outermost piece lies.

use std::ops::Range;

pub mod base64;
pub mod base85;
pub mod escapes;
pub mod joined;
pub mod quoted;
pub mod runs;
pub mod utf16;
pub mod utf32;
pub mod words;

/// How many decodings may lie in each other.
pub const DEPTH: u8 = 3;

/// A piece that was decoded.
pub(crate) struct Piece {
    /// Where it stands.
    pub(crate) span: Range<usize>,
    /// How it was written.
    pub(crate) how: &'static str,
    /// What it says.
    pub(crate) text: Vec<u8>,
}

impl Drop for Piece {
    fn drop(&mut self) {
        self.text.fill(0);
    }
}

/// Bytes that may still be decoded.
pub(crate) struct Budget {
    left: usize,
    /// Whether something was left undecoded.
    pub(crate) spent: bool,
}

impl Budget {
    /// For a text of `length` bytes.
    pub(crate) fn of(length: usize) -> Self {
        Self {
            left: length.saturating_mul(2).saturating_add(4 << 20),
            spent: false,
        }
    }

    /// Takes `bytes`, if they are there.
    pub(crate) fn take(&mut self, bytes: usize) -> bool {
        match self.left.checked_sub(bytes) {
            Some(left) => {
                self.left = left;
                true
            }
            None => {
                self.spent = true;
                false
            }
        }
    }
}

/// Calls `each` with every piece of `text` that decodes to text. `announced` says whether the text names an alphabet that
/// its letters do not tell.
pub(crate) fn pieces(text: &[u8], announced: bool, budget: &mut Budget, each: &mut dyn FnMut(Piece, &mut Budget)) {
    base64::pieces(text, budget, each);
    escapes::pieces(text, budget, each);
    joined::pieces(text, budget, each);
    words::pieces(text, budget, each);
    if announced {
        base85::pieces(text, budget, each);
        quoted::pieces(text, budget, each);
    }
    if text.trim_ascii_start().first() == Some(&b'<') {
        runs::pieces(text, budget, each);
    }
}

/// Whether `bytes` are text: printable ASCII, line ends, tabs, and a few bytes above ASCII.
#[must_use]
pub fn is_text(bytes: &[u8]) -> bool {
    let mut high = 0;
    for byte in bytes {
        match byte {
            b' '..=b'~' | b'\n' | b'\r' | b'\t' => {}
            0x80.. => high += 1,
            _ => return false,
        }
    }
    !bytes.is_empty() && high * 10 <= bytes.len()
}

#[cfg(test)]
mod tests {
    use super::{Budget, Piece};

    type Pieces = fn(&[u8], &mut Budget, &mut dyn FnMut(Piece, &mut Budget));

    /// The texts that a decoder finds in `text`.
    #[track_caller]
    pub(super) fn check(pieces: Pieces, text: &str, expect: &[&str]) {
        let mut out = Vec::new();
        pieces(text.as_bytes(), &mut Budget::of(text.len()), &mut |piece, _| {
            out.push(String::from_utf8(piece.text.clone()).unwrap());
        });
        assert_eq!(out, expect, "{text}");
    }
}
