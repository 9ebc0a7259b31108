//! Reading one input: compressed or not, in any encoding, and noticing when it changes meanwhile.

use std::{
    fs,
    io::{self, Cursor, Read},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::SystemTime,
};

use encoding_rs::Encoding;
use encoding_rs_io::DecodeReaderBytesBuilder;

use super::{
    decode::{Lines, Seen, shift},
    fault::Stop,
};

/// Bytes that are looked at to tell the format.
const HEAD: usize = 64 << 10;

/// Compressed data may grow this many times, once it has grown to [`BOMB_FROM`].
const BOMB_RATIO: u64 = 100;

/// Bytes below which no compressed data is refused for how much it grows.
const BOMB_FROM: u64 = 4 << 20;

/// How large a file is and when it was written: what changes when somebody writes to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::commands) struct Stamp {
    pub(in crate::commands) size: u64,
    pub(in crate::commands) modified: Option<SystemTime>,
}

impl Stamp {
    pub(in crate::commands) fn of(data: &fs::Metadata) -> Stamp {
        Stamp {
            size: data.len(),
            modified: data.modified().ok(),
        }
    }

    /// Nanoseconds since 1970, for the journal.
    pub(in crate::commands) fn nanoseconds(&self) -> u128 {
        self.modified
            .and_then(|at| at.duration_since(SystemTime::UNIX_EPOCH).ok())
            .map_or(0, |since| since.as_nanos())
    }
}

/// An input being read, as UTF-8 where it was text in another encoding.
pub(in crate::commands) struct Source {
    reader: Box<dyn Read + Send>,
    /// The first bytes, decoded. They are read again.
    pub(in crate::commands) head: Vec<u8>,
    /// True when it is compressed.
    pub(in crate::commands) gzip: bool,
    /// True when the text is decoded from another encoding than UTF-8, as far as it needs that.
    pub(in crate::commands) transcoded: bool,
    /// Which encodings its lines were found in, where they may differ.
    seen: Option<Seen>,
    file: Option<(fs::File, Stamp)>,
    raw: Arc<AtomicU64>,
}

impl Source {
    /// Opens a file, or standard input for `None`. `read` counts the bytes taken from all inputs.
    pub(in crate::commands) fn open(
        path: Option<&Path>,
        encoding: Option<&'static Encoding>,
        read: &Arc<AtomicU64>,
    ) -> Result<Source, Stop> {
        let raw = Arc::new(AtomicU64::new(0));
        let mut file = None;
        let mut declared = encoding;
        let inner: Box<dyn Read + Send> = match path {
            None => Box::new(io::stdin()),
            Some(path) => {
                let open = fs::File::open(path).map_err(|error| Stop::unreadable(&error))?;
                let data = open.metadata().map_err(|error| Stop::unreadable(&error))?;
                if data.is_file() {
                    let other = open.try_clone().map_err(|error| Stop::unreadable(&error))?;
                    file = Some((other, Stamp::of(&data)));
                    if encoding.is_some_and(|of| !of.is_single_byte() && !is_utf16(of)) && is_utf8(path) {
                        declared = None;
                    }
                }
                Box::new(open)
            }
        };
        let counted = Counted {
            inner,
            raw: Arc::clone(&raw),
            total: Arc::clone(read),
        };
        let mut reader: Box<dyn Read + Send> = Box::new(counted);
        let mut head = take(&mut reader, HEAD)?;
        reader = Box::new(Cursor::new(head.clone()).chain(reader));
        let gzip = head.starts_with(b"\x1f\x8b\x08");
        if gzip {
            reader = Box::new(Bounded {
                inner: flate2::read::MultiGzDecoder::new(reader),
                raw: Arc::clone(&raw),
                out: 0,
            });
            head = take(&mut reader, HEAD)?;
            reader = Box::new(Cursor::new(head.clone()).chain(reader));
        }
        let utf16 = head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff");
        let marked = utf16 || head.starts_with(b"\xef\xbb\xbf");
        let declared = declared.filter(|of| *of != encoding_rs::UTF_8 && !marked).filter(|of| {
            if is_utf16(of) {
                is_wide(&head)
            } else {
                !is_binary(&head)
            }
        });
        let transcoded = utf16 || declared.is_some();
        let mut seen = None;
        if transcoded {
            reader = match declared {
                Some(one_byte) if one_byte.is_single_byte() => {
                    Box::new(Lines::new(reader, one_byte, seen.insert(Seen::default()).clone()))
                }
                _ => {
                    let mut builder = DecodeReaderBytesBuilder::new();
                    builder.encoding(declared).bom_sniffing(true);
                    Box::new(builder.build(reader))
                }
            };
            head = take(&mut reader, HEAD)?;
            reader = Box::new(Cursor::new(head.clone()).chain(reader));
        }
        Ok(Source {
            reader,
            head,
            gzip,
            transcoded,
            seen,
            file,
            raw,
        })
    }

    /// Fails when the input has changed since it was opened, or was not read to its end.
    pub(in crate::commands) fn check(&self) -> Result<(), Stop> {
        let Some((file, before)) = &self.file else {
            return Ok(());
        };
        let now = file.metadata().map_err(|error| Stop::unreadable(&error))?;
        if Stamp::of(&now) != *before || self.raw.load(Ordering::Relaxed) != before.size {
            return Err(Stop::because(
                "it changed while it was read; nothing was written for it",
            ));
        }
        Ok(())
    }

    /// What is to be said of the encoding, after all was read, and whether it cannot be relied on.
    pub(in crate::commands) fn encoding(&self) -> Option<(&'static str, bool)> {
        match &self.seen {
            Some(seen) if seen.mixed() => Some((
                "it mixes UTF-8 and another encoding: each line was read as what it looks like; the result is UTF-8",
                true,
            )),
            Some(seen) if !seen.other() => None,
            _ => self
                .transcoded
                .then_some(("it was not UTF-8; the result is UTF-8", false)),
        }
    }

    /// All of it, at most `limit` bytes; `None` when there is more.
    pub(in crate::commands) fn whole(&mut self, limit: usize) -> Result<Option<Vec<u8>>, Stop> {
        let bytes = take(self, limit + 1)?;
        Ok((bytes.len() <= limit).then_some(bytes))
    }
}

impl Source {
    /// All of it when it has at most `limit` bytes; otherwise the input from its beginning.
    pub(in crate::commands) fn whole_or_again(&mut self, limit: usize) -> Result<Option<Vec<u8>>, Stop> {
        let bytes = take(self, limit + 1)?;
        if bytes.len() <= limit {
            return Ok(Some(bytes));
        }
        let rest = std::mem::replace(&mut self.reader, Box::new(io::empty()));
        self.reader = Box::new(Cursor::new(bytes).chain(rest));
        Ok(None)
    }
}

impl Read for Source {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.reader.read(buffer)
    }
}

/// At most `limit` bytes.
fn take(reader: &mut dyn Read, limit: usize) -> Result<Vec<u8>, Stop> {
    let mut bytes = Vec::new();
    reader
        .take(limit as u64)
        .read_to_end(&mut bytes)
        .map_err(|error| Stop::unreadable(&error))?;
    Ok(bytes)
}

/// True when the bytes are no text in any encoding of eight bits.
fn is_binary(head: &[u8]) -> bool {
    memchr::memchr(0, head).is_some()
}

fn is_utf16(encoding: &Encoding) -> bool {
    encoding == encoding_rs::UTF_16LE || encoding == encoding_rs::UTF_16BE
}

/// True when the bytes look like Latin text in UTF-16 without a byte-order mark: every other byte is zero, mostly.
pub(super) fn is_wide(head: &[u8]) -> bool {
    let zeros = |from: usize| head.iter().skip(from).step_by(2).filter(|b| **b == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let half = head.len() / 2;
    half >= 8 && even.max(odd) * 4 >= half * 3 && even.min(odd) * 20 <= half
}

/// Whether a file holds valid UTF-8 that [shifts](shift) to no other character set, read in pieces.
fn is_utf8(path: &Path) -> bool {
    let Ok(mut file) = fs::File::open(path) else {
        return false;
    };
    let mut buffer = vec![0; 256 << 10];
    let mut held = 0;
    loop {
        let Some(free) = buffer.get_mut(held..) else {
            return false;
        };
        let Ok(count) = file.read(free) else {
            return false;
        };
        let filled = held + count;
        let bytes = buffer.get(..filled).unwrap_or_default();
        if shift(bytes).is_some() {
            return false;
        }
        // Half a character or the first byte of a shift is looked at again with what follows.
        let valid = match std::str::from_utf8(bytes) {
            Ok(_) if count > 0 && bytes.ends_with(b"\x1b") => filled - 1,
            Ok(_) => filled,
            Err(error) if error.error_len().is_none() && count > 0 => error.valid_up_to(),
            Err(_) => return false,
        };
        buffer.copy_within(valid..filled, 0);
        held = filled - valid;
        if count == 0 {
            return held == 0;
        }
    }
}

/// Counts what is read.
struct Counted<R> {
    inner: R,
    raw: Arc<AtomicU64>,
    total: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.raw.fetch_add(count as u64, Ordering::Relaxed);
        self.total.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

/// Ends data that grows out of all proportion when it is decompressed.
struct Bounded<R> {
    inner: R,
    raw: Arc<AtomicU64>,
    out: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.out += count as u64;
        if self.out > BOMB_FROM && self.out / BOMB_RATIO > self.raw.load(Ordering::Relaxed) {
            return Err(io::Error::new(
                io::ErrorKind::FileTooLarge,
                "it grows more than a hundredfold when it is decompressed",
            ));
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn open(path: &Path, encoding: Option<&'static Encoding>) -> Result<Source, Stop> {
        Source::open(Some(path), encoding, &Arc::new(AtomicU64::new(0)))
    }

    fn read(bytes: &[u8], encoding: Option<&'static Encoding>) -> Result<Vec<u8>, Stop> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        fs::write(&path, bytes).unwrap();
        let mut source = open(&path, encoding)?;
        let bytes = source.whole(64 << 20)?.unwrap();
        source.check()?;
        Ok(bytes)
    }

    #[test]
    fn reads_other_encodings_as_utf8() {
        let utf16: Vec<u8> = "\u{feff}Zoë 🙂".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(read(&utf16, None).unwrap(), "Zoë 🙂".as_bytes());
        let western = Some(encoding_rs::WINDOWS_1252);
        assert_eq!(read(b"Zo\xeb", western).unwrap(), "Zoë".as_bytes());
        // What is UTF-8 already is not decoded again.
        assert_eq!(read("Zoë".as_bytes(), western).unwrap(), "Zoë".as_bytes());
        assert_eq!(read(b"Zo\xeb", None).unwrap(), b"Zo\xeb");
        let unmarked: Vec<u8> = "Zoë is well".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(
            read(&unmarked, Some(encoding_rs::UTF_16BE)).unwrap(),
            "Zoë is well".as_bytes()
        );
        assert_eq!(read(b"Zoe", Some(encoding_rs::UTF_16BE)).unwrap(), b"Zoe");
        assert_eq!(read(&unmarked, western).unwrap(), unmarked);
        let japanese = Some(encoding_rs::ISO_2022_JP);
        assert_eq!(read(b"\x1b$B;3ED\x1b(B san", japanese).unwrap(), "山田 san".as_bytes());
        assert_eq!(read("Zoë".as_bytes(), japanese).unwrap(), "Zoë".as_bytes());
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn decompresses_within_reason() {
        assert_eq!(read(&gzip(b"abc"), None).unwrap(), b"abc");
        let two = [gzip(b"abc"), gzip(b"def")].concat();
        assert_eq!(read(&two, None).unwrap(), b"abcdef");
        let bomb = gzip(&vec![b' '; 40 << 20]);
        assert!(matches!(read(&bomb, None), Err(Stop::Unexamined(why)) if why.contains("grows")));
        let cut = gzip(b"abcdefghijklmnop");
        assert!(matches!(read(&cut[..cut.len() - 9], None), Err(Stop::Unexamined(why)) if why.contains("damaged")));
    }

    #[test]
    fn notices_a_file_that_changes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        fs::write(&path, "one").unwrap();
        let mut source = open(&path, None).unwrap();
        source.whole(100).unwrap().unwrap();
        assert!(source.check().is_ok());
        fs::write(&path, "one and more").unwrap();
        assert!(matches!(source.check(), Err(Stop::Unexamined(why)) if why.contains("changed")));
        // Cut short under the reader.
        let mut source = open(&path, None).unwrap();
        fs::write(&path, "o").unwrap();
        let _ = source.whole(100);
        assert!(source.check().is_err());
    }
}
