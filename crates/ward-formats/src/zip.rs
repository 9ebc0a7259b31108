//! Zip archives, read the way different loaders read them: all of the ways at once.
//!
//! A zip file says everything about a member twice, in its local header and in the central directory, and may hold
//! members that the directory does not name. Loaders trust one or the other, so a hostile archive shows each a
//! different content. [`ZipFile::read`] gives every member by either account and says where the accounts differ.
//!
//! Nothing is decompressed here. Source: PKWARE APPNOTE.TXT 6.3.10; CPython's `Lib/zipfile`; miniz as PyTorch uses it.

mod directory;
mod local;

use std::borrow::Cow;

use crate::{Problem, input::Input};

/// What reading an archive may cost.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Members.
    pub members: usize,
    /// Bytes between members that are searched for members the directory does not name.
    pub gaps: u64,
}

impl Limits {
    /// What a model file may cost.
    pub const MODEL: Limits = Limits {
        members: 200_000,
        gaps: 256 << 20,
    };
}

/// One member, by one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its name, as the account has it; bytes that are not UTF-8 are replaced.
    pub name: String,
    /// The name in the other account, when that is another one.
    pub other_name: Option<String>,
    /// How it is compressed: 0 stored, 8 deflate, 9 deflate64, 12 bzip2, 14 LZMA, 93 Zstandard, 95 xz.
    pub method: u16,
    /// The method in the other account, when that is another one.
    pub other_method: Option<u16>,
    /// General purpose flags of both accounts. Bit 0 says encrypted.
    pub flags: u16,
    /// Offset of its first byte.
    pub data: u64,
    /// Compressed bytes. For a member whose header does not tell, as many as there are before the next header.
    pub compressed: u64,
    /// Decompressed bytes, as claimed.
    pub size: u64,
    /// Checksum of the decompressed bytes, as claimed; `None` when no account has it.
    pub crc: Option<u32>,
    /// True when the central directory names it. Loaders that go by the directory see only those.
    pub listed: bool,
}

impl Member {
    /// The compressed bytes.
    #[must_use]
    pub fn content<'a>(&self, input: &Input<'a>) -> Input<'a> {
        input.part(self.data, self.compressed)
    }
}

/// An archive.
#[derive(Debug, Clone, Default)]
pub struct ZipFile {
    /// Every member: those that the directory names in its order, then those it does not.
    pub members: Vec<Member>,
    /// Where the accounts differ, and what could not be read. [`Problem::broken`] is set for what no honest writer does.
    pub problems: Vec<Problem>,
    /// Bytes before the first member.
    pub prefix: u64,
    /// Where the last end record ends, and the length of the comment that it says comes after it.
    pub end: Option<(u64, u64)>,
}

/// True when the first bytes are those of a zip archive.
#[must_use]
pub fn is_zip(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") || head.starts_with(b"PK\x07\x08PK\x03\x04")
}

/// True when the last bytes hold the end record of a zip archive that may begin anywhere: loaders look there first.
/// `tail` is the end of the file, of which 65,557 bytes are enough.
#[must_use]
pub fn ends_as_zip(tail: &[u8]) -> bool {
    memchr::memmem::rfind(tail, b"PK\x05\x06").is_some_and(|at| tail.len() - at >= 22)
}

impl ZipFile {
    /// Reads every account of the archive. Where nothing at all can be read, there are no members.
    #[must_use]
    pub fn read(input: &Input<'_>, limits: Limits) -> ZipFile {
        let mut zip = ZipFile::default();
        let mut entries = directory::entries(input, limits, &mut zip.problems);
        entries.sort_by_key(|entry| entry.order);
        let mut taken: Vec<(u64, u64)> = Vec::new();
        for entry in entries {
            match local::at(input, entry.local_at) {
                Some(header) => {
                    let member = join(&entry, &header, input.len(), &mut zip.problems);
                    taken.push((entry.local_at, member.data.saturating_add(member.compressed)));
                    zip.members.push(member);
                }
                None => zip.problems.push(problem(
                    entry.local_at,
                    "the directory names a member that is not there",
                    true,
                )),
            }
            taken.extend(entry.taken);
        }
        taken.extend(directory::extents(input));
        zip.end = directory::end(input);
        local::unlisted(input, limits, taken, &mut zip);
        zip
    }
}

/// One member from its two accounts. A reader that goes by the directory takes its sizes; one that goes by the header
/// takes the header's where it has them. The longer account is kept.
fn join(entry: &directory::Entry, header: &local::Header, end: u64, problems: &mut Vec<Problem>) -> Member {
    let differs = |what| problem(entry.local_at, what, true);
    let other_name = (header.name != entry.name).then(|| header.name.clone());
    if other_name.is_some() {
        problems.push(differs(
            "a member's name is not the same in its header and in the directory",
        ));
    }
    let other_method = (header.method != entry.method).then_some(header.method);
    if other_method.is_some() {
        problems.push(differs(
            "a member's compression is not the same in its header and in the directory",
        ));
    }
    let tells = header.flags & local::LATER == 0;
    if (header.flags ^ entry.flags) & 1 != 0 {
        problems.push(differs("a member is encrypted by one account and not by the other"));
    }
    let mut compressed = entry.compressed;
    if tells && header.compressed != entry.compressed {
        problems.push(differs(
            "a member's length is not the same in its header and in the directory",
        ));
        compressed = compressed.max(header.compressed);
    }
    if tells && header.crc != entry.crc {
        problems.push(differs(
            "a member's checksum is not the same in its header and in the directory",
        ));
    }
    let data = header.data.min(end);
    if data < header.data {
        problems.push(differs("a member's header reaches past the end of the archive"));
    }
    let left = end - data;
    if compressed > left {
        problems.push(differs("a member claims more bytes than there are"));
        compressed = left;
    }
    Member {
        name: entry.name.clone(),
        other_name,
        method: entry.method,
        other_method,
        flags: entry.flags | header.flags,
        data,
        compressed,
        size: entry.size.max(if tells { header.size } else { 0 }),
        crc: Some(entry.crc),
        listed: true,
    }
}

pub(crate) fn problem(at: u64, what: &'static str, broken: bool) -> Problem {
    Problem {
        place: format!("byte {at}"),
        what,
        broken,
    }
}

pub(crate) fn text(bytes: &[u8]) -> String {
    match String::from_utf8_lossy(bytes) {
        Cow::Borrowed(text) => text.to_owned(),
        Cow::Owned(text) => text,
    }
}

pub(crate) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|b| u16::from_le_bytes(*b))
}

pub(crate) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|b| u32::from_le_bytes(*b))
}

pub(crate) fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..)?.first_chunk().map(|b| u64::from_le_bytes(*b))
}

/// The 64-bit numbers of extra field 1, which stand there for each 32-bit number that is all ones, in order.
pub(crate) fn wide(extra: &[u8], numbers: &mut [(u64, u64)]) {
    let mut at = 0;
    while let (Some(tag), Some(len)) = (u16_at(extra, at), u16_at(extra, at + 2)) {
        let body = extra.get(at + 4..at + 4 + usize::from(len)).unwrap_or_default();
        if tag == 1 {
            let mut from = 0;
            for (number, full) in numbers.iter_mut() {
                if *number == *full {
                    match u64_at(body, from) {
                        Some(wide) => *number = wide,
                        None => return,
                    }
                    from += 8;
                }
            }
            return;
        }
        at += 4 + usize::from(len);
    }
}
