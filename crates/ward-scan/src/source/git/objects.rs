//! All objects of a repository: in packs, loose, and in the repositories it borrows from.

use std::{
    collections::{HashMap, VecDeque},
    fs,
    hash::{BuildHasher, RandomState},
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{
    delta,
    pack::{Header, Of, Pack, Scratch},
    parse::{self, Kind},
    repo::Repository,
};
use crate::source::disk;

/// The number of an object: its place among all.
pub(super) type No = u32;
/// No object.
pub(super) const NONE: No = u32::MAX;

/// Every object, by number: first those of packs, pack after pack in the order in which they lie in it, then loose ones.
pub(super) struct Objects {
    id_len: usize,
    ids: Vec<u8>,
    kinds: Vec<Kind>,
    /// What an object is a delta to, or [`NONE`].
    bases: Vec<No>,
    packs: Vec<(No, Pack)>,
    loose: Vec<PathBuf>,
    lookup: Lookup,
    /// Packs that could not be read, and why.
    pub(super) problems: Vec<(String, &'static str)>,
}

/// From an id to a number: an open table of numbers. The hash is keyed, so that ids in a made-up index cannot all fall
/// on one place.
struct Lookup {
    slots: Vec<No>,
    hasher: RandomState,
}

/// Most objects of a repository.
const MAX_OBJECTS: usize = 100_000_000;
/// Most repositories to borrow from.
const MAX_ALTERNATES: usize = 16;
/// Largest packed size of a loose object.
const MAX_LOOSE: u64 = 160 << 20;

impl Objects {
    /// Finds all objects and what each is. Reads the indexes and the beginnings of the objects.
    pub(super) fn open(repository: &Repository) -> Self {
        let (mut all, packed) = Self::list(repository);
        all.kinds = vec![Kind::Unknown; all.len()];
        all.bases = vec![NONE; all.len()];
        all.read_headers();
        all.read_loose_kinds(packed);
        all.spread_kinds();
        all
    }

    /// Finds all objects. What one is, is read when it is asked for: better for a few of many.
    pub(super) fn open_lazily(repository: &Repository) -> Self {
        Self::list(repository).0
    }

    /// All objects by id, and how many of them are in packs.
    fn list(repository: &Repository) -> (Self, usize) {
        let mut all = Self {
            id_len: repository.id_len,
            ids: Vec::new(),
            kinds: Vec::new(),
            bases: Vec::new(),
            packs: Vec::new(),
            loose: Vec::new(),
            lookup: Lookup {
                slots: Vec::new(),
                hasher: RandomState::new(),
            },
            problems: Vec::new(),
        };
        let folders = object_folders(&repository.common_dir.join("objects"));
        for folder in &folders {
            all.open_packs(&folder.join("pack"));
        }
        if folders.iter().skip(1).any(|folder| !folder.is_dir()) {
            let why = "it names a folder to borrow objects from that is not there: what lies in it was not examined";
            all.problems.push(("objects/info/alternates".to_owned(), why));
        }
        let packed = all.len();
        for folder in &folders {
            all.list_loose(folder);
        }
        if all.len() >= MAX_OBJECTS {
            all.problems.push((
                "objects".to_owned(),
                "more than 100 million objects; the rest were not examined",
            ));
        }
        all.fill_lookup();
        (all, packed)
    }

    /// How many there are; one that lies in two packs counts twice.
    pub(super) fn len(&self) -> usize {
        self.ids.len() / self.id_len
    }

    /// All numbers.
    pub(super) fn numbers(&self) -> std::ops::Range<No> {
        0..No::try_from(self.len()).unwrap_or(NONE)
    }

    /// An object's id.
    pub(super) fn id(&self, no: No) -> &[u8] {
        let start = no as usize * self.id_len;
        self.ids.get(start..start + self.id_len).unwrap_or_default()
    }

    /// What an object is.
    pub(super) fn kind(&self, no: No) -> Kind {
        if let Some(kind) = self.kinds.get(no as usize) {
            return *kind;
        }
        let mut at = no;
        for _ in 0..MAX_CHAIN {
            match self.begins(at) {
                (Kind::Unknown, NONE) => return Kind::Unknown,
                (Kind::Unknown, base) => at = base,
                (kind, _) => return kind,
            }
        }
        Kind::Unknown
    }

    /// What it is a delta to.
    pub(super) fn base(&self, no: No) -> No {
        self.bases
            .get(no as usize)
            .copied()
            .unwrap_or_else(|| self.begins(no).1)
    }

    /// What the beginning of an object says: its kind, or its base.
    fn begins(&self, no: No) -> (Kind, No) {
        let Some((first, pack)) = self.pack_of(no) else {
            let path = self.loose_path(no);
            let kind = path.map(|path| loose_kind(path, &mut Scratch::new(), &mut Vec::new()));
            return (kind.unwrap_or(Kind::Unknown), NONE);
        };
        let place = (no - first) as usize;
        self.understand(*first, pack, place, pack.header_at(place, self.id_len))
    }

    fn pack_of(&self, no: No) -> Option<&(No, Pack)> {
        let after = self.packs.partition_point(|(first, _)| *first <= no);
        let found = self.packs.get(after.checked_sub(1)?)?;
        ((no - found.0) as usize).lt(&found.1.len()).then_some(found)
    }

    fn loose_path(&self, no: No) -> Option<&PathBuf> {
        let packed: usize = self.packs.iter().map(|(_, pack)| pack.len()).sum();
        self.loose.get((no as usize).checked_sub(packed)?)
    }

    /// The kind or the base that a header gives.
    fn understand(&self, first: No, pack: &Pack, place: usize, header: Option<Header>) -> (Kind, No) {
        match header.map(|header| header.of) {
            None => (Kind::Unknown, NONE),
            Some(Of::Kind(kind)) => (kind, NONE),
            Some(Of::Id(id)) => (Kind::Unknown, self.find(&id).unwrap_or(NONE)),
            Some(Of::Before(before)) => {
                let offset = pack.offset(place).and_then(|offset| offset.checked_sub(before));
                let place = offset.and_then(|offset| pack.at_offset(offset));
                let place = place.and_then(|place| No::try_from(place).ok());
                (Kind::Unknown, place.map_or(NONE, |place| first + place))
            }
        }
    }

    /// The object with an id. Of several copies always the same.
    pub(super) fn find(&self, id: &[u8]) -> Option<No> {
        self.find_slot(id)
            .and_then(|slot| self.lookup.slots.get(slot).copied())
            .filter(|no| *no != NONE)
    }

    /// Objects whose id begins with these hexadecimal digits, at most two.
    pub(super) fn find_start(&self, digits: &str) -> Vec<No> {
        let starts =
            |no: &No| ward_seal::hash::hex(self.id(*no)).starts_with(digits) && self.find(self.id(*no)) == Some(*no);
        self.numbers().filter(starts).take(2).collect()
    }

    fn find_slot(&self, id: &[u8]) -> Option<usize> {
        let mask = self.lookup.slots.len().checked_sub(1)?;
        let mut slot = usize::try_from(self.lookup.hasher.hash_one(id) & mask as u64).ok()?;
        loop {
            let no = *self.lookup.slots.get(slot)?;
            if no == NONE || self.id(no) == id {
                return Some(slot);
            }
            slot = (slot + 1) & mask;
        }
    }

    fn fill_lookup(&mut self) {
        let size = (self.len() * 2).next_power_of_two().max(16);
        self.lookup.slots = vec![NONE; size];
        for no in self.numbers() {
            let slot = self.find_slot(self.id(no));
            let place = slot.and_then(|slot| self.lookup.slots.get_mut(slot));
            if let Some(place) = place.filter(|place| **place == NONE) {
                *place = no;
            }
        }
    }

    fn open_packs(&mut self, folder: &Path) {
        let mut packs: Vec<PathBuf> = names_in(folder).filter(|path| has_end(path, "pack")).collect();
        let mut indexes: Vec<PathBuf> = names_in(folder).filter(|path| has_end(path, "idx")).collect();
        // A pack without an index is told as one whose index cannot be read.
        for pack in packs.drain(..) {
            let index = pack.with_extension("idx");
            if !indexes.contains(&index) {
                indexes.push(index);
            }
        }
        indexes.sort();
        for index in indexes {
            match Pack::open(&index, self.id_len) {
                Ok((_, ids)) if self.ids.len() + ids.len() > MAX_OBJECTS * self.id_len => return,
                Ok((pack, ids)) => {
                    let first = No::try_from(self.len()).unwrap_or(NONE);
                    self.ids.extend_from_slice(&ids);
                    self.packs.push((first, pack));
                }
                Err(why) => {
                    let name = index.file_name().map(|name| name.to_string_lossy().into_owned());
                    self.problems
                        .push((format!("objects/pack/{}", name.unwrap_or_default()), why));
                }
            }
        }
    }

    fn list_loose(&mut self, folder: &Path) {
        let mut found = Vec::new();
        for first in 0..=255_u8 {
            let start = format!("{first:02x}");
            for path in names_in(&folder.join(&start)) {
                let name = path
                    .file_name()
                    .map(|name| name.to_string_lossy().into_owned())
                    .unwrap_or_default();
                // Anything else there is a file that git was writing.
                if let Some(id) = parse::unhex(format!("{start}{name}").as_bytes(), self.id_len) {
                    found.push((id, path));
                }
            }
        }
        found.sort();
        for (id, path) in found {
            if self.len() < MAX_OBJECTS {
                self.ids.extend_from_slice(&id);
                self.loose.push(path);
            }
        }
    }

    fn read_headers(&mut self) {
        for index in 0..self.packs.len() {
            let Some((first, pack)) = self.packs.get(index) else {
                return;
            };
            let headers = pack.headers(self.id_len).enumerate();
            let found: Vec<(Kind, No)> = headers
                .map(|(place, header)| self.understand(*first, pack, place, header))
                .collect();
            let first = *first as usize;
            for (place, (kind, base)) in found.into_iter().enumerate() {
                let no = first + place;
                if let (Some(to_kind), Some(to_base)) = (self.kinds.get_mut(no), self.bases.get_mut(no)) {
                    (*to_kind, *to_base) = (kind, base);
                }
            }
        }
    }

    fn read_loose_kinds(&mut self, packed: usize) {
        let mut scratch = Scratch::new();
        let mut start = Vec::new();
        for (index, path) in self.loose.iter().enumerate() {
            let kind = loose_kind(path, &mut scratch, &mut start);
            if let Some(to) = self.kinds.get_mut(packed + index) {
                *to = kind;
            }
        }
    }

    /// A delta is what its base is. Bases mostly stand before, so one pass nearly always does.
    fn spread_kinds(&mut self) {
        for _ in 0..4 {
            let mut changed = false;
            for no in self.numbers() {
                if self.kind(no) == Kind::Unknown && self.base(no) != NONE {
                    let kind = self.kind(self.base(no));
                    if let Some(to) = self.kinds.get_mut(no as usize).filter(|_| kind != Kind::Unknown) {
                        *to = kind;
                        changed = true;
                    }
                }
            }
            if !changed {
                return;
            }
        }
    }

    /// Unpacks an object, or the delta that makes it.
    pub(super) fn unpack(&self, no: No, scratch: &mut Scratch, out: &mut Vec<u8>) -> Option<()> {
        if let Some((first, pack)) = self.pack_of(no) {
            return pack.unpack((no - first) as usize, self.id_len, scratch, out).map(drop);
        }
        let path = self.loose_path(no)?;
        read_loose(path, delta::MAX_OBJECT, scratch, out).map(drop)
    }
}

/// Unpacks single objects, and remembers what deltas were made from.
pub(super) struct Reader<'a> {
    objects: &'a Objects,
    scratch: Scratch,
    delta: Vec<u8>,
    kept: HashMap<No, Arc<Vec<u8>>>,
    order: VecDeque<No>,
    kept_bytes: usize,
}

/// Bytes that a [`Reader`] remembers.
const KEPT_BYTES: usize = 24 << 20;
/// Longest chain of deltas; git makes at most 4,095.
const MAX_CHAIN: usize = 10_000;

impl<'a> Reader<'a> {
    pub(super) fn new(objects: &'a Objects) -> Self {
        Self {
            objects,
            scratch: Scratch::new(),
            delta: Vec::new(),
            kept: HashMap::new(),
            order: VecDeque::new(),
            kept_bytes: 0,
        }
    }

    /// An object's bytes; none when it, or what it is made from, is damaged or too large.
    pub(super) fn read(&mut self, no: No) -> Option<Arc<Vec<u8>>> {
        let mut chain = Vec::new();
        let mut at = no;
        let mut bytes = loop {
            if let Some(kept) = self.kept.get(&at) {
                break kept.clone();
            }
            let base = self.objects.base(at);
            if base == NONE {
                // A delta whose base is missing is not content.
                Some(self.objects.kind(at)).filter(|kind| *kind != Kind::Unknown)?;
                let mut out = Vec::new();
                self.objects.unpack(at, &mut self.scratch, &mut out)?;
                let bytes = Arc::new(out);
                self.keep(at, &bytes);
                break bytes;
            }
            chain.push(at);
            if chain.len() > MAX_CHAIN {
                return None;
            }
            at = base;
        };
        while let Some(next) = chain.pop() {
            self.objects.unpack(next, &mut self.scratch, &mut self.delta)?;
            let mut out = Vec::new();
            delta::apply(&bytes, &self.delta, &mut out)?;
            bytes = Arc::new(out);
            self.keep(next, &bytes);
        }
        Some(bytes)
    }

    fn keep(&mut self, no: No, bytes: &Arc<Vec<u8>>) {
        if bytes.len() > KEPT_BYTES / 8 {
            return;
        }
        while self.kept_bytes + bytes.len() > KEPT_BYTES {
            let Some(oldest) = self.order.pop_front() else { break };
            if let Some(old) = self.kept.remove(&oldest) {
                self.kept_bytes -= old.len();
            }
        }
        if self.kept.insert(no, bytes.clone()).is_none() {
            self.kept_bytes += bytes.len();
            self.order.push_back(no);
        }
    }
}

/// The folder of objects and those it borrows from (`info/alternates`).
pub(super) fn object_folders(own: &Path) -> Vec<PathBuf> {
    let mut folders = vec![own.to_owned()];
    let mut next = 0;
    while let Some(folder) = folders.get(next).cloned() {
        next += 1;
        let text = disk::read_small(&folder.join("info/alternates"), 1 << 20)
            .ok()
            .flatten()
            .unwrap_or_default();
        for line in String::from_utf8_lossy(&text)
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
        {
            let other = folder.join(line);
            let other = other.canonicalize().unwrap_or(other);
            if folders.len() < MAX_ALTERNATES && !folders.contains(&other) {
                folders.push(other);
            }
        }
    }
    folders
}

/// The entries of a folder; none when there is no such folder.
pub(super) fn names_in(folder: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
}

/// Whether a file's name has this extension.
pub(super) fn has_end(path: &Path, end: &str) -> bool {
    path.extension().is_some_and(|extension| extension == end)
}

/// `kind size\0` begins a loose object.
fn loose_header(start: &[u8]) -> Option<(Kind, usize, usize)> {
    let end = memchr::memchr(0, start.get(..32).unwrap_or(start))?;
    let header = start.get(..end)?;
    let space = memchr::memchr(b' ', header)?;
    let size = std::str::from_utf8(header.get(space + 1..)?).ok()?.parse().ok()?;
    Some((Kind::of_word(header.get(..space)?)?, size, end + 1))
}

fn loose_kind(path: &Path, scratch: &mut Scratch, start: &mut Vec<u8>) -> Kind {
    let mut read = || {
        let disk = disk::Disk::open(path).ok()?;
        let mut packed = vec![0; usize::try_from(disk.len().min(256)).ok()?];
        disk.read_exact_at(0, &mut packed).ok()?;
        scratch.inflater.start(&packed, 64, start)?;
        loose_header(start).map(|(kind, ..)| kind)
    };
    read().unwrap_or(Kind::Unknown)
}

/// Unpacks a loose object of at most `limit` bytes, and says what it is.
pub(super) fn read_loose(path: &Path, limit: usize, scratch: &mut Scratch, out: &mut Vec<u8>) -> Option<Kind> {
    let packed = disk::read_small(path, MAX_LOOSE).ok()??;
    scratch.inflater.start(&packed, 64, out)?;
    let (kind, size, header) = loose_header(out).filter(|(_, size, _)| *size <= limit)?;
    scratch.inflater.exact(&packed, size.checked_add(header)?, out)?;
    out.drain(..header);
    Some(kind)
}
