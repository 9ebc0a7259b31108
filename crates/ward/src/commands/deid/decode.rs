//! Text in an encoding of one byte a character, with lines of UTF-8 among it.

use std::{
    io::{self, Read},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use encoding_rs::Encoding;

/// Bytes that are read at a time.
const CHUNK: usize = 64 << 10;

/// A line up to this length is decoded as a whole; a longer one in pieces, which end at a space.
const LONGEST: usize = 1 << 20;

/// Where a text of seven bits leaves ASCII (ISO/IEC 2022: ISO-2022-JP, ISO-2022-KR), if it does: as ASCII, its words would
/// be read as signs without a meaning.
pub(super) fn shift(bytes: &[u8]) -> Option<usize> {
    let leaves = |at: &usize| matches!(bytes.get(at + 1..), Some([b'$', ..] | [b'(', b'I' | b'J', ..]));
    memchr::memchr_iter(0x1b, bytes).find(leaves)
}

/// Which encodings a text was found in.
#[derive(Clone, Default)]
pub(super) struct Seen {
    utf8: Arc<AtomicBool>,
    other: Arc<AtomicBool>,
}

impl Seen {
    /// True when something was decoded.
    pub(super) fn other(&self) -> bool {
        self.other.load(Ordering::Relaxed)
    }

    /// True when some lines were UTF-8 already, and others not.
    pub(super) fn mixed(&self) -> bool {
        self.other() && self.utf8.load(Ordering::Relaxed)
    }
}

/// Gives UTF-8: a line that is that already, as it stands; any other decoded. A line in an encoding of one byte a character
/// is hardly ever valid UTF-8 unless it is ASCII: that would take a second byte of the right kind after every accent.
pub(super) struct Lines<R> {
    inner: R,
    encoding: &'static Encoding,
    raw: Vec<u8>,
    out: Vec<u8>,
    at: usize,
    seen: Seen,
}

impl<R: Read> Lines<R> {
    pub(super) fn new(inner: R, encoding: &'static Encoding, seen: Seen) -> Self {
        Self {
            inner,
            encoding,
            raw: Vec::new(),
            out: Vec::new(),
            at: 0,
            seen,
        }
    }

    fn fill(&mut self) -> io::Result<()> {
        self.out.clear();
        self.at = 0;
        while self.out.is_empty() {
            let before = self.raw.len();
            self.inner.by_ref().take(CHUNK as u64).read_to_end(&mut self.raw)?;
            let ended = self.raw.len() == before;
            let whole = match memchr::memrchr(b'\n', &self.raw) {
                _ if ended => self.raw.len(),
                Some(end) => end + 1,
                None if self.raw.len() < LONGEST => continue,
                None => memchr::memrchr(b' ', &self.raw).map_or(self.raw.len(), |end| end + 1),
            };
            let rest = self.raw.split_off(whole);
            for line in self.raw.split_inclusive(|b| *b == b'\n') {
                self.out.extend_from_slice(&self.line(line));
            }
            self.raw = rest;
            if ended {
                break;
            }
        }
        Ok(())
    }

    fn line<'l>(&self, line: &'l [u8]) -> std::borrow::Cow<'l, [u8]> {
        if line.is_ascii() {
            return line.into();
        }
        if std::str::from_utf8(line).is_ok() {
            self.seen.utf8.store(true, Ordering::Relaxed);
            return line.into();
        }
        self.seen.other.store(true, Ordering::Relaxed);
        let (text, _) = self.encoding.decode_without_bom_handling(line);
        text.into_owned().into_bytes().into()
    }
}

impl<R: Read> Read for Lines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.out.len() {
            self.fill()?;
        }
        let count = self.out.get(self.at..).unwrap_or_default().read(buffer)?;
        self.at += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shifts_are_noticed() {
        for (bytes, expect) in [
            (&b"\x1b$B;3ED\x1b(B"[..], Some(0)),
            (b"a \x1b$)C", Some(2)),
            (b"a \x1b(J", Some(2)),
            (b"\x1b[31mred\x1b[0m \x1b(B $5", None),
            (b"\x1b", None),
        ] {
            assert_eq!(shift(bytes), expect, "{}", bytes.escape_ascii());
        }
    }

    fn check(bytes: &[u8], expect: &str, mixed: bool) {
        let seen = Seen::default();
        let mut lines = Lines::new(bytes, encoding_rs::WINDOWS_1252, seen.clone());
        let mut text = String::new();
        lines.read_to_string(&mut text).unwrap();
        assert_eq!((text.as_str(), seen.mixed()), (expect, mixed));
    }

    #[test]
    fn every_line_is_read_as_what_it_is() {
        check(b"", "", false);
        check(b"Zo\xeb\nwell", "Zoë\nwell", false);
        check("Zoë\nwell".as_bytes(), "Zoë\nwell", false);
        check(b"Zo\xc3\xab\r\nZo\xeb\r\n", "Zoë\r\nZoë\r\n", true);
        // A line of many pieces.
        let long = b"Zo\xeb ".repeat(LONGEST / 2);
        check(&long, &"Zoë ".repeat(LONGEST / 2), false);
    }
}
