//! Packs (gitformat-pack): where each object is, what it is made from, and its bytes.

use std::path::Path;

use super::{inflate::Inflater, parse::Kind};
use crate::source::disk::{self, Disk};

/// A pack, with its objects in the order in which they lie in it.
pub(super) struct Pack {
    disk: Disk,
    /// Where each object begins; the end of the last is last.
    offsets: Vec<u64>,
}

/// What the beginning of an object says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) of: Of,
    /// Bytes when unpacked: of the object, or of the delta.
    pub(super) size: u64,
    /// Where the packed bytes begin, from the object's beginning.
    pub(super) len: u64,
}

/// What an object is, or what it is made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Of {
    /// It stands for itself.
    Kind(Kind),
    /// A delta to the object that begins so many bytes before it.
    Before(u64),
    /// A delta to the object with this id.
    Id(Vec<u8>),
}

/// Largest index of a pack: some 40 million objects.
const MAX_INDEX: u64 = 2 << 30;
const NO_INDEX: &str = "a pack whose index is missing or damaged; run `git fsck`";
const NO_PACK: &str = "a pack that is missing, damaged or cannot be read; run `git fsck`";
/// Longest header: kind, size, and what it is made from.
pub(super) const HEADER: u64 = 64;

impl Header {
    /// Most bytes that the object can take with its header: nothing packs to more than a little over its own size, so
    /// that more need not be read.
    pub(super) fn most_packed(&self) -> u64 {
        let packed = self.size.saturating_add(self.size / 512).saturating_add(4_096);
        self.len.saturating_add(packed)
    }
}

impl Pack {
    /// Opens the pack that belongs to an index. Gives the ids in the order of the pack, one after the other.
    pub(super) fn open(index: &Path, id_len: usize) -> Result<(Self, Vec<u8>), &'static str> {
        let bytes = disk::read_small(index, MAX_INDEX).ok().flatten().ok_or(NO_INDEX)?;
        let mut entries = read_index(&bytes, id_len).ok_or(NO_INDEX)?;
        entries.sort_unstable();
        let disk = Disk::open(&index.with_extension("pack")).map_err(|_| NO_PACK)?;
        let end = disk.len().checked_sub(id_len as u64).ok_or(NO_PACK)?;
        let mut head = [0; 12];
        disk.read_exact_at(0, &mut head).map_err(|_| NO_PACK)?;
        let version = head
            .get(4..8)
            .and_then(|bytes| bytes.first_chunk())
            .map(|bytes| u32::from_be_bytes(*bytes));
        if !head.starts_with(b"PACK") || !matches!(version, Some(2 | 3)) {
            return Err(NO_PACK);
        }
        let mut ids = Vec::with_capacity(entries.len() * id_len);
        let mut offsets = Vec::with_capacity(entries.len() + 1);
        for (offset, id) in entries {
            if offset >= end || offset < 12 || offsets.last() == Some(&offset) {
                return Err(NO_INDEX);
            }
            offsets.push(offset);
            ids.extend_from_slice(id);
        }
        offsets.push(end);
        Ok((Self { disk, offsets }, ids))
    }

    /// How many objects it has.
    pub(super) fn len(&self) -> usize {
        self.offsets.len().saturating_sub(1)
    }

    /// The place of the object that begins at `offset`.
    pub(super) fn at_offset(&self, offset: u64) -> Option<usize> {
        let objects = self.offsets.get(..self.len())?;
        objects.binary_search(&offset).ok()
    }

    /// Where the object at a place begins.
    pub(super) fn offset(&self, place: usize) -> Option<u64> {
        self.offsets.get(place).copied().filter(|_| place < self.len())
    }

    /// The headers of all objects in order, read from one end of the pack to the other.
    pub(super) fn headers(&self, id_len: usize) -> impl Iterator<Item = Option<Header>> {
        let mut window = Window {
            start: 0,
            bytes: Vec::new(),
        };
        let last = self.offsets.last().copied().unwrap_or_default();
        (0..self.len()).map(move |place| {
            let offset = self.offset(place)?;
            header(window.get(&self.disk, offset, HEADER, last)?, id_len)
        })
    }

    /// The header of the object at a place.
    pub(super) fn header_at(&self, place: usize, id_len: usize) -> Option<Header> {
        let start = self.offset(place)?;
        let end = self.offsets.get(place + 1).copied()?;
        let mut bytes = vec![0; usize::try_from((end - start).min(HEADER)).ok()?];
        self.disk.read_exact_at(start, &mut bytes).ok()?;
        header(&bytes, id_len)
    }

    /// Unpacks the object, or the delta, at a place.
    pub(super) fn unpack(
        &self,
        place: usize,
        id_len: usize,
        scratch: &mut Scratch,
        out: &mut Vec<u8>,
    ) -> Option<Header> {
        let start = self.offset(place)?;
        let end = self.offsets.get(place + 1).copied()?;
        // What is between two objects is one of them, unless the index leaves some out.
        let first = (end - start).min(64 << 10);
        scratch.read(&self.disk, start, first)?;
        let header = header(&scratch.packed, id_len)?;
        let wanted = (end - start).min(header.most_packed());
        if header.size > super::delta::MAX_OBJECT as u64 {
            return None;
        }
        if wanted > first {
            scratch.read(&self.disk, start, wanted)?;
        }
        scratch.unpack(&header, out)?;
        Some(header)
    }
}

/// What one thread needs to unpack objects.
pub(super) struct Scratch {
    pub(super) inflater: Inflater,
    packed: Vec<u8>,
}

impl Scratch {
    pub(super) fn new() -> Self {
        Self {
            inflater: Inflater::new(),
            packed: Vec::new(),
        }
    }

    /// Reads a part of a pack that begins with an object.
    pub(super) fn read(&mut self, disk: &Disk, start: u64, len: u64) -> Option<&[u8]> {
        self.packed.resize(usize::try_from(len).ok()?, 0);
        disk.read_exact_at(start, &mut self.packed).ok()?;
        Some(&self.packed)
    }

    /// Unpacks the object whose header was read at the beginning of the part that was read last.
    pub(super) fn unpack(&mut self, header: &Header, out: &mut Vec<u8>) -> Option<()> {
        let packed = self.packed.get(usize::try_from(header.len).ok()?..)?;
        self.inflater.exact(packed, usize::try_from(header.size).ok()?, out)
    }
}

/// A part of a file that moves forward.
struct Window {
    start: u64,
    bytes: Vec<u8>,
}

impl Window {
    const SIZE: u64 = 128 << 10;

    fn get(&mut self, disk: &Disk, offset: u64, len: u64, end: u64) -> Option<&[u8]> {
        let len = len.min(end.checked_sub(offset)?);
        let inside = offset >= self.start && offset + len <= self.start + self.bytes.len() as u64;
        if !inside {
            let size = Self::SIZE.min(end - offset);
            self.bytes.resize(usize::try_from(size).ok()?, 0);
            self.start = offset;
            disk.read_exact_at(offset, &mut self.bytes).ok()?;
        }
        let at = usize::try_from(offset - self.start).ok()?;
        self.bytes.get(at..at + usize::try_from(len).ok()?)
    }
}

/// The ids of an index with the offsets of their objects. Both versions.
fn read_index(bytes: &[u8], id_len: usize) -> Option<Vec<(u64, &[u8])>> {
    let word = |at: usize| Some(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?));
    let count_at = |at: usize| usize::try_from(word(at + 255 * 4)?).ok();
    if !bytes.starts_with(b"\xfftOc") {
        let count = count_at(0)?;
        let table = bytes.get(1024..1024usize.checked_add(count.checked_mul(id_len + 4)?)?)?;
        let rows = table.chunks_exact(id_len + 4);
        return rows
            .map(|row| Some((u64::from(u32::from_be_bytes(*row.first_chunk()?)), row.get(4..)?)))
            .collect();
    }
    if word(4)? != 2 {
        return None;
    }
    let count = count_at(8)?;
    let ids_at: usize = 8 + 1024;
    let offsets_at = ids_at.checked_add(count.checked_mul(id_len + 4)?)?;
    let wide_at = offsets_at.checked_add(count.checked_mul(4)?)?;
    let ids = bytes.get(ids_at..ids_at + count * id_len)?;
    bytes.get(..wide_at)?;
    let offset = |place: usize| {
        let short = word(offsets_at + place * 4)?;
        if short & 0x8000_0000 == 0 {
            return Some(u64::from(short));
        }
        let at = wide_at.checked_add(usize::try_from(short & 0x7fff_ffff).ok()?.checked_mul(8)?)?;
        Some(u64::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
    };
    ids.chunks_exact(id_len)
        .enumerate()
        .map(|(place, id)| Some((offset(place)?, id)))
        .collect()
}

/// The beginning of an object in a pack.
pub(super) fn header(bytes: &[u8], id_len: usize) -> Option<Header> {
    let first = *bytes.first()?;
    let mut size = u64::from(first & 0x0f);
    let (mut at, mut shift, mut byte) = (1, 4, first);
    while byte & 0x80 != 0 {
        byte = *bytes.get(at)?;
        at += 1;
        if shift > 56 {
            return None;
        }
        size |= u64::from(byte & 0x7f) << shift;
        shift += 7;
    }
    let of = match first >> 4 & 7 {
        1 => Of::Kind(Kind::Commit),
        2 => Of::Kind(Kind::Tree),
        3 => Of::Kind(Kind::Blob),
        4 => Of::Kind(Kind::Tag),
        6 => {
            let mut byte = *bytes.get(at)?;
            at += 1;
            let mut before = u64::from(byte & 0x7f);
            while byte & 0x80 != 0 {
                byte = *bytes.get(at)?;
                at += 1;
                before = before.checked_add(1)?.checked_mul(128)? | u64::from(byte & 0x7f);
            }
            Of::Before(before)
        }
        7 => {
            let id = bytes.get(at..at + id_len)?.to_vec();
            at += id_len;
            Of::Id(id)
        }
        _ => return None,
    };
    Some(Header {
        of,
        size,
        len: at as u64,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers() {
        let check = |bytes: &[u8], expect: Option<Header>| assert_eq!(header(bytes, 20), expect);
        check(
            &[0x35],
            Some(Header {
                of: Of::Kind(Kind::Blob),
                size: 5,
                len: 1,
            }),
        );
        check(
            &[0xb5, 0x01],
            Some(Header {
                of: Of::Kind(Kind::Blob),
                size: 21,
                len: 2,
            }),
        );
        check(
            &[0x65, 0x81, 0x00],
            Some(Header {
                of: Of::Before(256),
                size: 5,
                len: 3,
            }),
        );
        check(&[0x55], None);
        check(&[0xb5], None);
        check(&[0x75, 1, 2], None);
        check(&[0xff; 40], None);
        check(&[], None);
    }

    #[test]
    fn an_index_that_lies_is_refused() {
        let mut index = b"\xfftOc\0\0\0\x02".to_vec();
        index.extend([0; 1020]);
        index.extend(1u32.to_be_bytes());
        index.extend([9; 20]);
        index.extend([0; 4]);
        index.extend(12u32.to_be_bytes());
        assert_eq!(read_index(&index, 20), Some(vec![(12, [9; 20].as_slice())]));
        for cut in 0..index.len() {
            assert_eq!(read_index(&index[..cut], 20), None, "{cut}");
        }
        let mut many = index.clone();
        many[8 + 1020..8 + 1024].copy_from_slice(&u32::MAX.to_be_bytes());
        assert_eq!(read_index(&many, 20), None);
        let mut wide = index;
        let at = wide.len() - 4;
        wide[at] = 0x80;
        assert_eq!(read_index(&wide, 20), None);
    }
}
