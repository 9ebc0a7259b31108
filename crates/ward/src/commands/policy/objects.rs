//! Single objects of git, read from loose files and packs: commits, tags and small files. No git is run.
//!
//! `ward scan` unpacks whole histories; this finds a few objects among many by the indexes of packs, without a table of all.

use std::{
    fs,
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use flate2::read::ZlibDecoder;
use ward_scan::source::{
    disk::{self, Disk},
    git::{
        delta,
        parse::{Kind, unhex},
        repo::Repository,
    },
};

/// Longest chain of deltas; git makes at most 4,095.
const MAX_CHAIN: usize = 4_096;
/// Most repositories to borrow objects from.
const MAX_FOLDERS: usize = 16;
/// Most packs that are opened.
const MAX_PACKS: usize = 4_096;

/// The objects of a repository and of those it borrows from.
pub(super) struct Objects {
    folders: Vec<PathBuf>,
    packs: Vec<Pack>,
    id_len: usize,
}

/// A pack with its index (gitformat-pack, version 2).
struct Pack {
    data: Disk,
    index: Disk,
    /// How many objects have an id whose first byte is at most this.
    fanout: Vec<u32>,
}

/// Where an object of a pack takes its content from.
enum Of {
    Kind(Kind),
    /// A delta to the object at this place of the same pack.
    At(u64),
    /// A delta to the object with this id.
    Id(Vec<u8>),
}

impl Objects {
    /// Opens the indexes of packs; reads no object.
    pub(super) fn open(repository: &Repository) -> Self {
        let mut folders = vec![repository.common_dir.join("objects")];
        let mut next = 0;
        while let Some(folder) = folders.get(next).cloned() {
            next += 1;
            let list = disk::read_small(&folder.join("info/alternates"), 1 << 20)
                .ok()
                .flatten();
            for line in String::from_utf8_lossy(&list.unwrap_or_default()).lines() {
                let other = folder.join(line);
                if !line.is_empty()
                    && !line.starts_with('#')
                    && folders.len() < MAX_FOLDERS
                    && !folders.contains(&other)
                {
                    folders.push(other);
                }
            }
        }
        let packs = folders
            .iter()
            .flat_map(|folder| packs(&folder.join("pack")))
            .take(MAX_PACKS);
        let packs = packs.filter_map(|path| Pack::open(&path)).collect();
        Self {
            packs,
            folders,
            id_len: repository.id_len,
        }
    }

    /// An object of at most `limit` bytes. None when it is not here, damaged, or larger.
    pub(super) fn read(&self, id: &[u8], limit: usize) -> Option<(Kind, Vec<u8>)> {
        if let Some(found) = self.loose(id, limit) {
            return Some(found);
        }
        let (mut pack, mut at) = self.packed(id)?;
        let mut deltas: Vec<Vec<u8>> = Vec::new();
        let (kind, mut bytes) = loop {
            let (of, content) = pack.entry(at, self.id_len, limit)?;
            match of {
                Of::Kind(kind) => break (kind, content),
                Of::At(base) => at = base,
                Of::Id(base) => match self.packed(&base) {
                    Some(there) => (pack, at) = there,
                    None => {
                        deltas.push(content);
                        break self.loose(&base, limit)?;
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
            if out.len() > limit {
                return None;
            }
            bytes = out;
        }
        Some((kind, bytes))
    }

    fn loose(&self, id: &[u8], limit: usize) -> Option<(Kind, Vec<u8>)> {
        let name = ward_seal::hash::hex(id);
        let (folder, rest) = name.split_at_checked(2)?;
        let paths = self.folders.iter().map(|objects| objects.join(folder).join(rest));
        let path = paths.into_iter().find(|path| path.is_file())?;
        let packed = disk::read_small(&path, limit as u64 + 1_024).ok()??;
        let mut bytes = Vec::new();
        let most = limit as u64 + 64;
        ZlibDecoder::new(packed.as_slice())
            .take(most)
            .read_to_end(&mut bytes)
            .ok()?;
        let end = bytes.iter().take(32).position(|byte| *byte == 0)?;
        let header = std::str::from_utf8(bytes.get(..end)?).ok()?;
        let (kind, size) = header.split_once(' ')?;
        let content = bytes.get(end + 1..)?;
        let whole = size.parse() == Ok(content.len()) && content.len() <= limit;
        let kind = Kind::of_word(kind.as_bytes())?;
        whole.then(|| (kind, content.to_vec()))
    }

    fn packed(&self, id: &[u8]) -> Option<(&Pack, u64)> {
        self.packs.iter().find_map(|pack| Some((pack, pack.find(id)?)))
    }
}

/// The packs in a folder.
fn packs(folder: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|end| end == "pack"))
}

impl Pack {
    fn open(path: &Path) -> Option<Self> {
        let index = Disk::open(&path.with_extension("idx")).ok()?;
        let mut start = vec![0; 8 + 256 * 4];
        index.read_exact_at(0, &mut start).ok()?;
        if start.get(..8)? != [0xff, b't', b'O', b'c', 0, 0, 0, 2] {
            return None;
        }
        let fanout: Vec<u32> = start
            .get(8..)?
            .chunks_exact(4)
            .filter_map(|four| Some(u32::from_be_bytes(four.try_into().ok()?)))
            .collect();
        let data = Disk::open(path).ok()?;
        fanout.is_sorted().then_some(Self { data, index, fanout })
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
        let (ids, len) = (8 + 256 * 4, id.len() as u64);
        let mut found = vec![0; id.len()];
        while low < high {
            let middle = low + (high - low) / 2;
            self.index.read_exact_at(ids + middle * len, &mut found).ok()?;
            match found.as_slice().cmp(id) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => {
                    // After the ids come their checksums, then the places.
                    let places = ids + count * len + count * 4;
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

    /// What stands at a place: where it takes its content from, and its content or delta of at most `limit` bytes.
    fn entry(&self, at: u64, id_len: usize, limit: usize) -> Option<(Of, Vec<u8>)> {
        let mut head = vec![0; usize::try_from(self.data.len().checked_sub(at)?.min(64)).ok()?];
        self.data.read_exact_at(at, &mut head).ok()?;
        let mut bytes = head.iter().copied();
        let first = bytes.next()?;
        let (mut size, mut shift, mut more) = (usize::from(first & 0x0f), 4, first & 0x80 != 0);
        let mut used: u64 = 1;
        while more {
            let byte = bytes.next()?;
            size |= usize::from(byte & 0x7f).checked_shl(shift).filter(|_| shift < 56)?;
            shift += 7;
            more = byte & 0x80 != 0;
            used += 1;
        }
        let of = match first >> 4 & 7 {
            1 => Of::Kind(Kind::Commit),
            2 => Of::Kind(Kind::Tree),
            3 => Of::Kind(Kind::Blob),
            4 => Of::Kind(Kind::Tag),
            6 => {
                let mut byte = bytes.next()?;
                used += 1;
                let mut before = u64::from(byte & 0x7f);
                while byte & 0x80 != 0 {
                    byte = bytes.next()?;
                    used += 1;
                    before = before.checked_add(1)?.checked_mul(128)? | u64::from(byte & 0x7f);
                }
                Of::At(at.checked_sub(before).filter(|_| before > 0)?)
            }
            7 => {
                let id: Vec<u8> = bytes.by_ref().take(id_len).collect();
                used += id_len as u64;
                Of::Id(Some(id).filter(|id| id.len() == id_len)?)
            }
            _ => return None,
        };
        if size > limit {
            return None;
        }
        let from = From {
            disk: &self.data,
            at: at + used,
        };
        let mut content = Vec::with_capacity(size.min(1 << 16));
        ZlibDecoder::new(from)
            .take(size as u64 + 1)
            .read_to_end(&mut content)
            .ok()?;
        (content.len() == size).then_some((of, content))
    }
}

/// A file from a place on.
struct From<'a> {
    disk: &'a Disk,
    at: u64,
}

impl io::Read for From<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.disk.len().saturating_sub(self.at);
        // Most objects that are read here are short.
        let len = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX)).min(4_096);
        let Some(part) = buffer.get_mut(..len) else {
            return Ok(0);
        };
        self.disk.read_exact_at(self.at, part)?;
        self.at += len as u64;
        Ok(len)
    }
}

/// An id in hexadecimal digits.
pub(super) fn id(text: &str, repository: &Repository) -> Option<Vec<u8>> {
    unhex(text.trim().as_bytes(), repository.id_len)
}
