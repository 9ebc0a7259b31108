//! Cutting a stream into pieces that can be worked on alone.

use std::io::Read;

use super::{fault::Stop, source::Source};

/// Bytes of a piece, about.
const PIECE: usize = 1 << 20;

/// Bytes of the neighbours that a piece of running text comes with.
const AROUND: usize = 1 << 10;

/// Longest line, row or message.
pub(super) const LONGEST: usize = 64 << 20;

/// A piece of an input.
#[derive(Default)]
pub(super) struct Piece {
    /// Its bytes.
    pub(super) bytes: Vec<u8>,
    /// The byte of the input at which it begins.
    pub(super) at: u64,
    /// The number of its first line or record, from 1.
    pub(super) first: u64,
    /// What stands before it, for running text.
    pub(super) before: Vec<u8>,
    /// What stands after it, for running text.
    pub(super) after: Vec<u8>,
}

/// Where a stream may be cut.
#[derive(Clone, Copy)]
pub(super) enum Cut {
    /// After a line.
    Line,
    /// After a record of a table.
    Record(ward_formats::delimited::Dialect),
    /// Before an HL7 message.
    Message,
    /// Between words of running text.
    Words,
}

/// Reads pieces.
pub(super) struct Pieces<'a> {
    source: &'a mut Source,
    cut: Cut,
    held: Vec<u8>,
    at: u64,
    first: u64,
    before: Vec<u8>,
    ended: bool,
    begun: bool,
}

impl<'a> Pieces<'a> {
    pub(super) fn new(source: &'a mut Source, cut: Cut) -> Self {
        Self {
            source,
            cut,
            held: Vec::new(),
            at: 0,
            first: 1,
            before: Vec::new(),
            ended: false,
            begun: false,
        }
    }

    /// The next piece, or `None` at the end. A byte-order mark before the first is left out.
    pub(super) fn next(&mut self) -> Result<Option<Piece>, Stop> {
        let mut wanted = PIECE;
        loop {
            self.fill(wanted + AROUND)?;
            if !std::mem::replace(&mut self.begun, true) && self.held.starts_with(b"\xef\xbb\xbf") {
                self.held.drain(..3);
                self.at = 3;
            }
            if self.held.is_empty() {
                return Ok(None);
            }
            let end = if self.ended && self.held.len() <= wanted {
                self.held.len()
            } else {
                self.end(wanted)
            };
            if end > 0 {
                return Ok(Some(self.take(end)));
            }
            if wanted >= LONGEST {
                return Err(Stop::because(format!(
                    "a line or record is longer than {} MiB",
                    LONGEST >> 20
                )));
            }
            wanted = (wanted * 4).min(LONGEST);
        }
    }

    fn take(&mut self, end: usize) -> Piece {
        let rest = self.held.split_off(end.min(self.held.len()));
        let bytes = std::mem::replace(&mut self.held, rest);
        let mut piece = Piece {
            at: self.at,
            first: self.first,
            ..Piece::default()
        };
        if matches!(self.cut, Cut::Words) {
            piece.after = self
                .held
                .get(..AROUND.min(self.held.len()))
                .unwrap_or_default()
                .to_vec();
            let tail = bytes
                .get(bytes.len().saturating_sub(AROUND)..)
                .unwrap_or_default()
                .to_vec();
            piece.before = std::mem::replace(&mut self.before, tail);
        } else if matches!(self.cut, Cut::Line) {
            self.first += memchr::memchr_iter(b'\n', &bytes).count() as u64;
        }
        if let Cut::Record(dialect) = self.cut {
            self.first += dialect.whole_records(&bytes).1;
        }
        if matches!(self.cut, Cut::Message) {
            self.first += message_starts(&bytes).count() as u64;
        }
        self.at += bytes.len() as u64;
        piece.bytes = bytes;
        piece
    }

    /// Reads until `wanted` bytes are held or there are no more.
    fn fill(&mut self, wanted: usize) -> Result<(), Stop> {
        while !self.ended && self.held.len() < wanted {
            let missing = wanted - self.held.len();
            let before = self.held.len();
            let source: &mut dyn Read = self.source;
            let count = source
                .take(missing as u64)
                .read_to_end(&mut self.held)
                .map_err(|error| Stop::unreadable(&error))?;
            debug_assert_eq!(self.held.len(), before + count);
            self.ended = count < missing;
        }
        Ok(())
    }

    /// Where to cut what is held, at most `wanted` bytes; 0 when it cannot be cut there.
    fn end(&self, wanted: usize) -> usize {
        let wanted = wanted.min(self.held.len());
        let bytes = self.held.get(..wanted).unwrap_or_default();
        match self.cut {
            Cut::Line => memchr::memrchr(b'\n', bytes).map_or(0, |at| at + 1),
            Cut::Record(dialect) => dialect.whole_records(bytes).0,
            Cut::Message => last_message(bytes),
            Cut::Words => {
                let half = wanted / 2;
                let late = bytes.get(half..).unwrap_or_default();
                let line = memchr::memrchr(b'\n', late).map(|at| half + at + 1);
                let space = || late.iter().rposition(u8::is_ascii_whitespace).map(|at| half + at + 1);
                line.or_else(space).unwrap_or_else(|| {
                    // No space anywhere: between two characters.
                    let mut at = wanted;
                    while at > half && bytes_continue(self.held.get(at).copied()) {
                        at -= 1;
                    }
                    at
                })
            }
        }
    }
}

/// True for a byte inside of a UTF-8 character.
fn bytes_continue(byte: Option<u8>) -> bool {
    byte.is_some_and(|b| b & 0xc0 == 0x80)
}

/// Where HL7 messages begin: `MSH` at the start, or after what ends a segment or begins a frame.
pub(super) fn message_starts(bytes: &[u8]) -> impl Iterator<Item = usize> + '_ {
    memchr::memmem::find_iter(bytes, b"MSH").filter(|at| starts_line(bytes, *at))
}

/// Where the last message begins, if something stands before it.
fn last_message(bytes: &[u8]) -> usize {
    memchr::memmem::rfind_iter(bytes, b"MSH")
        .find(|at| starts_line(bytes, *at))
        .unwrap_or(0)
}

fn starts_line(bytes: &[u8], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| bytes.get(before));
    before.is_none_or(|b| matches!(b, b'\r' | b'\n' | 0x0b))
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, atomic::AtomicU64};

    use ward_formats::delimited::Dialect;

    use super::*;

    fn cut(text: &[u8], cut: Cut) -> Vec<(u64, u64, Vec<u8>)> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        std::fs::write(&path, text).unwrap();
        let mut source = Source::open(Some(&path), None, &Arc::new(AtomicU64::new(0))).unwrap();
        let mut pieces = Pieces::new(&mut source, cut);
        let mut all = Vec::new();
        while let Some(piece) = pieces.next().unwrap() {
            all.push((piece.at, piece.first, piece.bytes));
        }
        all
    }

    #[test]
    fn pieces_make_the_whole_and_know_where_they_stand() {
        let lines = "{\"id\":1,\"text\":\"é\"}\n".repeat(200_000);
        let words = "Zoë 🙂 said so ".repeat(200_000);
        let solid = "é🙂".repeat(500_000);
        let table = "a,\"b\r\nc\",d\r\n".repeat(200_000);
        let messages = "MSH|^~\\&|A\rPID|1\r".repeat(150_000);
        for (text, how) in [
            (&lines, Cut::Line),
            (&words, Cut::Words),
            (&solid, Cut::Words),
            (&table, Cut::Record(Dialect::CSV)),
            (&messages, Cut::Message),
        ] {
            let all = cut(text.as_bytes(), how);
            assert!(all.len() > 2);
            let mut at = 0;
            for (start, _, bytes) in &all {
                assert_eq!(*start, at);
                assert!(std::str::from_utf8(bytes).is_ok());
                at += bytes.len() as u64;
            }
            assert_eq!(
                all.iter().flat_map(|(_, _, bytes)| bytes.clone()).collect::<Vec<_>>(),
                text.as_bytes()
            );
        }
        let all = cut(table.as_bytes(), Cut::Record(Dialect::CSV));
        let (at, first, _) = &all[1];
        assert_eq!(at % 12, 0);
        assert_eq!(*first, at / 12 + 1);
        let all = cut(messages.as_bytes(), Cut::Message);
        assert_eq!(all[1].1, all[1].0 / 17 + 1);
        let all = cut(lines.as_bytes(), Cut::Line);
        assert_eq!(all[1].1, all[0].2.iter().filter(|b| **b == b'\n').count() as u64 + 1);
    }

    #[test]
    fn a_mark_before_the_text_is_left_out() {
        assert_eq!(
            cut(b"\xef\xbb\xbfa,b\n", Cut::Record(Dialect::CSV)),
            [(3, 1, b"a,b\n".to_vec())]
        );
        assert!(cut(b"", Cut::Line).is_empty());
    }
}
