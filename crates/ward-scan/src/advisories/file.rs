//! The database as one file: a head, facts about the whole, the advisories of each package, and an index to them.
//!
//! ```text
//! 0   8  WARD-ADV            16  8  offset of the index     32  4  CRC-32C of the facts   40  8  length of the file
//! 8   4  version, 2          24  4  entries of the index    36  4  zero                   48  4  CRC-32C of bytes 0..48
//! 12  4  length of the facts 28  4  CRC-32C of the index    52  .. the facts (JSON), records, index
//! ```
//!
//! Numbers are little-endian. An entry of the index is 20 bytes: a hash of ecosystem and name (8), the offset of the record (8,
//! of which 24 bits are its length and 40 its offset), its CRC-32C (4); entries are sorted. Every part has its own checksum,
//! so that a damaged file is refused where it is damaged without reading all of it. A checksum is no signature: whoever may
//! write the data folder may change the advisories.

use ward_evidence::Severity;

use super::{
    advisory::{Advisory, Event, Kind},
    package::{ECOSYSTEMS, Package},
};
use crate::inventory::Ecosystem;

pub(super) const MAGIC: &[u8; 8] = b"WARD-ADV";
/// Raised when a reader of the old form would read nonsense.
pub(super) const VERSION: u32 = 2;
pub(super) const HEAD: usize = 52;
pub(super) const ENTRY: usize = 20;
/// Longest record: 24 bits.
const MAX_RECORD: usize = (1 << 24) - 1;
/// Most bytes of facts.
const MAX_FACTS: u32 = 16 << 20;
/// Most entries of the index: 64 MiB of it would be three million packages.
const MAX_ENTRIES: u32 = 3_200_000;

/// The head of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) facts: u32,
    pub(super) facts_sum: u32,
    pub(super) index: u64,
    pub(super) entries: u32,
    pub(super) index_sum: u32,
    pub(super) length: u64,
}

/// Why a head is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// It is no database.
    Other,
    /// It was written by a later Ward.
    Newer,
    /// It was written by an earlier Ward.
    Older,
    /// It is damaged or cut.
    Damaged,
}

impl Head {
    pub(super) fn write(&self) -> [u8; HEAD] {
        let mut out = [0; HEAD];
        let mut at = 0;
        let mut put = |bytes: &[u8]| {
            if let Some(place) = out.get_mut(at..at + bytes.len()) {
                place.copy_from_slice(bytes);
            }
            at += bytes.len();
        };
        put(MAGIC);
        put(&VERSION.to_le_bytes());
        put(&self.facts.to_le_bytes());
        put(&self.index.to_le_bytes());
        put(&self.entries.to_le_bytes());
        put(&self.index_sum.to_le_bytes());
        put(&self.facts_sum.to_le_bytes());
        put(&0_u32.to_le_bytes());
        put(&self.length.to_le_bytes());
        let sum = crc32c::crc32c(out.get(..HEAD - 4).unwrap_or_default());
        if let Some(place) = out.get_mut(HEAD - 4..) {
            place.copy_from_slice(&sum.to_le_bytes());
        }
        out
    }

    /// Reads a head of a file of a length.
    pub(super) fn read(bytes: &[u8], length: u64) -> Result<Self, Refused> {
        if bytes.get(..8) != Some(MAGIC.as_slice()) {
            return Err(Refused::Other);
        }
        let mut cursor = Cursor::new(bytes.get(8..).unwrap_or_default());
        let version = cursor.u32().ok_or(Refused::Damaged)?;
        if version != VERSION {
            return Err(if version > VERSION {
                Refused::Newer
            } else {
                Refused::Older
            });
        }
        let mut read = || {
            let facts = cursor.u32()?;
            let index = cursor.u64()?;
            let entries = cursor.u32()?;
            let index_sum = cursor.u32()?;
            let facts_sum = cursor.u32()?;
            let _ = cursor.u32()?;
            let head = Self {
                facts,
                facts_sum,
                index,
                entries,
                index_sum,
                length: cursor.u64()?,
            };
            Some((head, cursor.u32()?))
        };
        let (head, sum) = read().ok_or(Refused::Damaged)?;
        let right = crc32c::crc32c(bytes.get(..HEAD - 4).unwrap_or_default()) == sum
            && head.length == length
            && head.facts <= MAX_FACTS
            && head.entries <= MAX_ENTRIES
            && head.index.checked_add(u64::from(head.entries) * ENTRY as u64) == Some(length);
        if right { Ok(head) } else { Err(Refused::Damaged) }
    }
}

/// An entry of the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    pub(super) hash: u64,
    pub(super) offset: u64,
    pub(super) length: usize,
    pub(super) sum: u32,
}

impl Entry {
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        out.extend(self.hash.to_le_bytes());
        out.extend((self.offset << 24 | self.length as u64).to_le_bytes());
        out.extend(self.sum.to_le_bytes());
    }

    /// The entry at a place of an index.
    pub(super) fn at(index: &[u8], place: usize) -> Option<Self> {
        let mut cursor = Cursor::new(index.get(place.checked_mul(ENTRY)?..)?);
        let hash = cursor.u64()?;
        let packed = cursor.u64()?;
        let length = usize::try_from(packed & 0xff_ffff).ok()?;
        Some(Self {
            hash,
            offset: packed >> 24,
            length,
            sum: cursor.u32()?,
        })
    }

    /// The entries with a hash.
    pub(super) fn of(index: &[u8], hash: u64) -> impl Iterator<Item = Self> + '_ {
        let count = index.len() / ENTRY;
        let (mut low, mut high) = (0, count);
        while low < high {
            let middle = low + (high - low) / 2;
            match Self::at(index, middle) {
                Some(entry) if entry.hash < hash => low = middle + 1,
                _ => high = middle,
            }
        }
        (low..count).map_while(move |place| Self::at(index, place).filter(|entry| entry.hash == hash))
    }
}

/// FNV-1a with 64 bits over ecosystem and name. Equal hashes are told apart by the record itself.
pub(super) fn hash(ecosystem: Ecosystem, name: &str) -> u64 {
    let bytes = ecosystem.name().bytes().chain([0]).chain(name.bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// A record: a package and what advisories say of it. None when it is longer than a record may be.
pub(super) fn record(package: &Package, all: &[Advisory]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let ecosystem = ECOSYSTEMS
        .iter()
        .position(|one| *one == package.ecosystem)
        .unwrap_or_default();
    number(&mut out, ecosystem as u64);
    text(&mut out, &package.name);
    number(&mut out, all.len() as u64);
    for one in all {
        text(&mut out, &one.id);
        texts(&mut out, &one.aliases);
        text(&mut out, &one.summary);
        text(&mut out, &one.vector);
        out.push(one.rated.map_or(0, |severity| 1 + place(&Severity::ALL, &severity)));
        out.push(place(&Kind::ALL, &one.kind));
        // Days since 1970 are not negative for an advisory.
        number(&mut out, u64::try_from(one.modified).unwrap_or_default());
        number(&mut out, one.epss.map_or(0, |epss| u64::from(epss) + 1));
        number(&mut out, one.ranges.len() as u64);
        for range in &one.ranges {
            number(&mut out, range.len() as u64);
            for event in range {
                let (kind, version) = match event {
                    Event::Introduced(version) => (0, version),
                    Event::Fixed(version) => (1, version),
                    Event::LastAffected(version) => (2, version),
                    Event::Limit(version) => (3, version),
                };
                out.push(kind);
                text(&mut out, version);
            }
        }
        texts(&mut out, &one.versions);
    }
    (out.len() <= MAX_RECORD).then_some(out)
}

fn place<T: PartialEq>(all: &[T], one: &T) -> u8 {
    all.iter()
        .position(|other| other == one)
        .and_then(|at| u8::try_from(at).ok())
        .unwrap_or_default()
}

fn number(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(0x80 | (value & 0x7f) as u8);
        value >>= 7;
    }
    out.push(value as u8);
}

fn text(out: &mut Vec<u8>, value: &str) {
    number(out, value.len() as u64);
    out.extend(value.as_bytes());
}

fn texts(out: &mut Vec<u8>, all: &[String]) {
    number(out, all.len() as u64);
    all.iter().for_each(|one| text(out, one));
}

/// Reads a record. None when it is damaged.
pub(super) fn read_record(bytes: &[u8]) -> Option<(Package, Vec<Advisory>)> {
    let mut cursor = Cursor::new(bytes);
    let ecosystem = *ECOSYSTEMS.get(usize::try_from(cursor.number()?).ok()?)?;
    let package = Package {
        ecosystem,
        name: cursor.text()?,
    };
    let count = cursor.count()?;
    let mut all = Vec::with_capacity(count.min(1_000));
    for _ in 0..count {
        let id = cursor.text()?;
        let aliases = cursor.texts()?;
        let summary = cursor.text()?;
        let vector = cursor.text()?;
        let rated = match cursor.byte()? {
            0 => None,
            word => Some(*Severity::ALL.get(usize::from(word) - 1)?),
        };
        let kind = *Kind::ALL.get(usize::from(cursor.byte()?))?;
        let modified = i64::try_from(cursor.number()?).ok()?;
        let epss = match cursor.number()? {
            0 => None,
            one => Some(u16::try_from(one - 1).ok()?),
        };
        let ranges = (0..cursor.count()?).map(|_| cursor.range()).collect::<Option<_>>()?;
        let versions = cursor.texts()?;
        all.push(Advisory {
            id,
            aliases,
            summary,
            vector,
            rated,
            kind,
            modified,
            epss,
            ranges,
            versions,
        });
    }
    cursor.rest.is_empty().then_some((package, all))
}

/// Reads from bytes and cannot overrun them.
struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    fn new(rest: &'a [u8]) -> Self {
        Self { rest }
    }

    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    fn u32(&mut self) -> Option<u32> {
        self.take(4)?.try_into().ok().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Option<u64> {
        self.take(8)?.try_into().ok().map(u64::from_le_bytes)
    }

    fn number(&mut self) -> Option<u64> {
        let mut value = 0_u64;
        for shift in (0..63).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    /// A number of things, each of which takes a byte at least.
    fn count(&mut self) -> Option<usize> {
        usize::try_from(self.number()?)
            .ok()
            .filter(|count| *count <= self.rest.len())
    }

    fn text(&mut self) -> Option<String> {
        let length = self.count()?;
        std::str::from_utf8(self.take(length)?).ok().map(str::to_owned)
    }

    fn texts(&mut self) -> Option<Vec<String>> {
        let count = self.count()?;
        (0..count).map(|_| self.text()).collect()
    }

    fn range(&mut self) -> Option<Vec<Event>> {
        let count = self.count()?;
        (0..count)
            .map(|_| {
                let kind = self.byte()?;
                let version = self.text()?;
                Some(match kind {
                    0 => Event::Introduced(version),
                    1 => Event::Fixed(version),
                    2 => Event::LastAffected(version),
                    3 => Event::Limit(version),
                    _ => return None,
                })
            })
            .collect()
    }
}
