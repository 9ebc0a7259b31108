//! A few objects among many: commits, tags and small files, found by the indexes of packs without a table of all objects.
//!
//! The rest of this folder unpacks whole histories, or knows every object by number. Whoever wants the newest commit and
//! the tags of a large repository needs neither.

use std::path::{Path, PathBuf};

use super::{
    delta,
    objects::{has_end, names_in, object_folders, read_loose},
    pack::{HEADER, Of, Scratch, header},
    parse::Kind,
    repo::Repository,
};
use crate::source::disk::Disk;

/// Longest chain of deltas; git makes at most 4,095.
const MAX_CHAIN: usize = 4_096;
/// Most packs that are opened.
const MAX_PACKS: usize = 4_096;
/// Before the ids of an index of version 2: the magic number, the version, and the table of first bytes.
const IDS_AT: u64 = 8 + 256 * 4;

/// The objects of a repository, and of those it borrows from.
pub struct Lookup {
    folders: Vec<PathBuf>,
    packs: Vec<Indexed>,
    id_len: usize,
}

/// A pack with its index (gitformat-pack, version 2; version 1 has not been written since 2008).
struct Indexed {
    pack: Disk,
    index: Disk,
    /// How many objects have an id whose first byte is at most this.
    fanout: Vec<u32>,
}

impl Lookup {
    /// Opens the indexes of packs; reads no object. A pack that cannot be opened holds nothing.
    #[must_use]
    pub fn open(repository: &Repository) -> Self {
        let folders = object_folders(&repository.common_dir.join("objects"));
        let paths = folders.iter().flat_map(|folder| names_in(&folder.join("pack")));
        let packs = paths.filter(|path| has_end(path, "pack")).take(MAX_PACKS);
        let packs = packs.filter_map(|path| Indexed::open(&path)).collect();
        Self {
            packs,
            folders,
            id_len: repository.id_len,
        }
    }

    /// An object of at most `limit` bytes. None when it is not here, damaged, or larger.
    #[must_use]
    pub fn read(&self, id: &[u8], limit: usize) -> Option<(Kind, Vec<u8>)> {
        let mut scratch = Scratch::new();
        if let Some(found) = self.loose(id, limit, &mut scratch) {
            return Some(found);
        }
        let (mut pack, mut at) = self.packed(id)?;
        let mut deltas: Vec<Vec<u8>> = Vec::new();
        let (kind, mut bytes) = loop {
            let (of, content) = pack.unpack(at, self.id_len, limit, &mut scratch)?;
            match of {
                Of::Kind(kind) => break (kind, content),
                Of::Before(before) => at = at.checked_sub(before).filter(|_| before > 0)?,
                Of::Id(base) => match self.packed(&base) {
                    Some(there) => (pack, at) = there,
                    None => {
                        deltas.push(content);
                        break self.loose(&base, limit, &mut scratch)?;
                    }
                },
            }
            deltas.push(content);
            if deltas.len() > MAX_CHAIN {
                return None;
            }
        };
        while let Some(next) = deltas.pop() {
            let mut out = Vec::new();
            delta::apply(&bytes, &next, &mut out)?;
            bytes = Some(out).filter(|out| out.len() <= limit)?;
        }
        Some((kind, bytes))
    }

    fn loose(&self, id: &[u8], limit: usize, scratch: &mut Scratch) -> Option<(Kind, Vec<u8>)> {
        let name = ward_seal::hash::hex(id);
        let (folder, rest) = name.split_at_checked(2)?;
        let paths = self.folders.iter().map(|objects| objects.join(folder).join(rest));
        let path = paths.into_iter().find(|path| path.is_file())?;
        let mut bytes = Vec::new();
        let kind = read_loose(&path, limit, scratch, &mut bytes)?;
        Some((kind, bytes))
    }

    fn packed(&self, id: &[u8]) -> Option<(&Indexed, u64)> {
        self.packs.iter().find_map(|pack| Some((pack, pack.find(id)?)))
    }
}

impl Indexed {
    fn open(path: &Path) -> Option<Self> {
        let index = Disk::open(&path.with_extension("idx")).ok()?;
        let mut start = vec![0; usize::try_from(IDS_AT).ok()?];
        index.read_exact_at(0, &mut start).ok()?;
        let (magic, table) = start.split_first_chunk::<8>()?;
        let fanout: Vec<u32> = table
            .chunks_exact(4)
            .filter_map(|four| Some(u32::from_be_bytes(*four.first_chunk()?)))
            .collect();
        let pack = Disk::open(path).ok()?;
        (magic == b"\xfftOc\0\0\0\x02" && fanout.is_sorted()).then_some(Self { pack, index, fanout })
    }

    /// The place of the object with this id.
    fn find(&self, id: &[u8]) -> Option<u64> {
        let first = usize::from(*id.first()?);
        let count = u64::from(*self.fanout.last()?);
        let mut high = u64::from(*self.fanout.get(first)?);
        let mut low = match first.checked_sub(1) {
            Some(before) => u64::from(*self.fanout.get(before)?),
            None => 0,
        };
        let len = id.len() as u64;
        let mut found = vec![0; id.len()];
        while low < high {
            let middle = low + (high - low) / 2;
            self.index.read_exact_at(IDS_AT + middle * len, &mut found).ok()?;
            match found.as_slice().cmp(id) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => {
                    // After the ids come their checksums, then the places, then those that need more than 31 bits.
                    let places = IDS_AT + count * len + count * 4;
                    let place = self.number::<4>(places + middle * 4)?;
                    if place & 0x8000_0000 == 0 {
                        return Some(place);
                    }
                    return self.number::<8>(places + count * 4 + (place & 0x7fff_ffff) * 8);
                }
            }
        }
        None
    }

    fn number<const N: usize>(&self, at: u64) -> Option<u64> {
        let mut bytes = [0; N];
        self.index.read_exact_at(at, &mut bytes).ok()?;
        Some(bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    /// What stands at a place: what it is made from, and its content or delta of at most `limit` bytes.
    fn unpack(&self, at: u64, id_len: usize, limit: usize, scratch: &mut Scratch) -> Option<(Of, Vec<u8>)> {
        let left = self.pack.len().checked_sub(at)?;
        let header = header(scratch.read(&self.pack, at, left.min(HEADER))?, id_len)?;
        if header.size > limit as u64 {
            return None;
        }
        scratch.read(&self.pack, at, left.min(header.most_packed()))?;
        let mut content = Vec::new();
        scratch.unpack(&header, &mut content)?;
        Some((header.of, content))
    }
}
