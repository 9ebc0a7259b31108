//! The bytes of a segment: header and records, written and read.

use super::FORMAT;
use crate::{
    Error, ErrorKind,
    merkle::{self, Hash},
};

/// Largest payload of an entry in bytes.
pub const MAX_PAYLOAD: usize = 1024 * 1024;
/// Bytes of a segment's header.
pub(super) const HEADER_LEN: usize = 8 + 4 + 32 + 8 + 32 + 4;
/// Bytes before a record's kind: length and checksum.
pub(super) const FRAME_LEN: usize = 8;
/// Largest `len` of a record: kind, time, payload.
pub(super) const MAX_LEN: usize = 1 + 8 + MAX_PAYLOAD;
/// Most entries of a batch.
pub(super) const BATCH_ENTRIES: usize = 4096;
/// When a batch has this many bytes, it takes no further entry.
pub(super) const BATCH_BYTES: usize = 4 * 1024 * 1024;
/// Most bytes of a batch, its last entry and its checkpoint included.
pub(super) const MAX_BATCH: usize = BATCH_BYTES + FRAME_LEN + MAX_LEN + FRAME_LEN + 1 + crate::note::MAX_NOTE;

/// An entry of the application.
pub(super) const KIND_ENTRY: u8 = 1;
/// A checkpoint.
pub(super) const KIND_CHECKPOINT: u8 = 2;
/// An entry of the ledger itself.
pub(super) const KIND_CUT: u8 = 3;

const MAGIC: &[u8; 8] = b"WARDLEDG";

/// What a segment says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    /// SHA-256 of the origin.
    pub(super) origin: Hash,
    /// Index of its first entry.
    pub(super) first: u64,
    /// Root of the tree of all entries before.
    pub(super) root: Hash,
}

impl Header {
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(HEADER_LEN);
        out.extend_from_slice(MAGIC);
        out.extend_from_slice(&FORMAT.to_le_bytes());
        out.extend_from_slice(&self.origin);
        out.extend_from_slice(&self.first.to_le_bytes());
        out.extend_from_slice(&self.root);
        out.extend_from_slice(&crc32c::crc32c(&out).to_le_bytes());
        out
    }

    pub(super) fn parse(bytes: &[u8; HEADER_LEN]) -> Result<Self, Error> {
        let mut reader = Reader(bytes);
        let damaged = || Error::damaged("the segment's header is damaged");
        let magic = reader.take::<8>().ok_or_else(damaged)?;
        let version = u32::from_le_bytes(reader.take().ok_or_else(damaged)?);
        let header = Self {
            origin: reader.take().ok_or_else(damaged)?,
            first: u64::from_le_bytes(reader.take().ok_or_else(damaged)?),
            root: reader.take().ok_or_else(damaged)?,
        };
        let crc = u32::from_le_bytes(reader.take().ok_or_else(damaged)?);
        let covered = bytes.get(..HEADER_LEN - 4).ok_or_else(damaged)?;
        if !reader.0.is_empty() || magic != *MAGIC || crc != crc32c::crc32c(covered) {
            return Err(damaged());
        }
        if version != FORMAT {
            return Err(Error::new(ErrorKind::NewerFormat, "a newer Ward wrote this segment"));
        }
        Ok(header)
    }
}

/// Reads from the front of a slice and never past its end.
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl Reader<'_> {
    pub(super) fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*taken)
    }
}

/// Length and checksum of a record, before its body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Frame {
    /// Bytes of the body.
    pub(super) len: u32,
    crc: u32,
}

impl Frame {
    pub(super) fn parse(bytes: [u8; FRAME_LEN]) -> Self {
        let [a, b, c, d, e, f, g, h] = bytes;
        Self {
            len: u32::from_le_bytes([a, b, c, d]),
            crc: u32::from_le_bytes([e, f, g, h]),
        }
    }

    /// Whether the checksum is that of the length and this body.
    pub(super) fn matches(self, body: &[u8]) -> bool {
        self.crc == checksum(self.len, body)
    }
}

fn checksum(len: u32, body: &[u8]) -> u32 {
    crc32c::crc32c_append(crc32c::crc32c(&len.to_le_bytes()), body)
}

/// Appends a record whose body is `parts`, one after the other.
pub(super) fn push_record(out: &mut Vec<u8>, parts: &[&[u8]]) -> Result<(), Error> {
    let frame_at = out.len();
    out.extend_from_slice(&[0; FRAME_LEN]);
    let body_at = out.len();
    parts.iter().for_each(|part| out.extend_from_slice(part));
    let body = out.get(body_at..).unwrap_or_default();
    let len = u32::try_from(body.len()).ok().filter(|len| *len as usize <= MAX_LEN);
    let len = len.ok_or_else(|| Error::new(ErrorKind::TooLarge, "a ledger entry may have 1 MiB"))?;
    let crc = checksum(len, body);
    let frame = [len.to_le_bytes(), crc.to_le_bytes()].concat();
    if let Some(space) = out.get_mut(frame_at..body_at) {
        space.copy_from_slice(&frame);
    }
    Ok(())
}

/// An entry's body taken apart: kind, time, payload. `None` when it is no entry.
pub(super) fn parse_entry(body: &[u8]) -> Option<(u8, u64, &[u8])> {
    let (kind, rest) = body.split_first()?;
    let (time, payload) = rest.split_first_chunk::<8>()?;
    matches!(*kind, KIND_ENTRY | KIND_CUT).then(|| (*kind, u64::from_le_bytes(*time), payload))
}

/// The leaf hash of an application's entry: SHA-256(0x00 || 0x01 || unix_ms as u64 little endian || payload).
#[must_use]
pub fn entry_leaf(unix_ms: u64, payload: &[u8]) -> Hash {
    let mut body = vec![KIND_ENTRY];
    body.extend_from_slice(&unix_ms.to_le_bytes());
    body.extend_from_slice(payload);
    merkle::leaf(&body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_read_back_and_show_every_change() {
        let header = Header {
            origin: [1; 32],
            first: 77,
            root: [2; 32],
        };
        let bytes: [u8; HEADER_LEN] = header.to_bytes().try_into().unwrap();
        assert_eq!(Header::parse(&bytes).unwrap(), header);
        for i in 0..HEADER_LEN {
            let mut bad = bytes;
            bad[i] ^= 0x40;
            assert!(Header::parse(&bad).is_err());
        }
    }

    #[test]
    fn records_read_back_and_show_every_change() {
        let mut bytes = Vec::new();
        push_record(&mut bytes, &[&[KIND_ENTRY], &9u64.to_le_bytes(), b"payload"]).unwrap();
        let check = |bytes: &[u8]| {
            let (frame, body) = bytes.split_first_chunk().unwrap();
            let frame = Frame::parse(*frame);
            frame.len as usize == body.len() && frame.matches(body)
        };
        assert!(check(&bytes));
        assert_eq!(parse_entry(&bytes[FRAME_LEN..]), Some((KIND_ENTRY, 9, &b"payload"[..])));
        for i in 0..bytes.len() {
            let mut bad = bytes.clone();
            bad[i] ^= 4;
            assert!(!check(&bad));
        }
        let big = vec![0; MAX_PAYLOAD + 1];
        let error = push_record(&mut Vec::new(), &[&[KIND_ENTRY], &[0; 8], &big]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TooLarge);
    }
}
