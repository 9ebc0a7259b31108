//! Zip archives (PKWARE APPNOTE 6.3), by their central directory, for the text that is in them. How loaders of models
//! can be misled by a zip is the engine of models' business, which reads them itself.

mod gaps;

use std::io::{BufReader, Read};

use bzip2::bufread::MultiBzDecoder;
use flate2::bufread::DeflateDecoder;
use lzma_rust2::XzReader;
use ward_formats::input::Input;

use super::{
    Aside, Cursor, DAMAGED, Each, Limits, Member, Spent, Stop, TOO_LARGE, aside::SHORTEST, count_member, hand_on,
    read_member,
};

const NO_DIRECTORY: &str = "the archive's directory is missing or damaged; repair or unpack it and scan the folder";
const ENCRYPTED: &str = "encrypted; unpack it with its password and scan the folder";
const METHOD: &str = "packed by a method that Ward does not know; unpack it and scan the folder";
const SPLIT: &str = "a part of an archive of several files; join and unpack it, and scan the folder";

/// Largest directory that is read: 200,000 members with long names.
const MAX_DIRECTORY: u64 = 128 << 20;

/// Where the directory is.
struct Directory {
    start: u64,
    len: u64,
    /// What offsets must be moved by: bytes stand before the archive.
    shift: u64,
    /// What the archive says of itself; mostly nothing.
    comment: Vec<u8>,
}

/// A member as the directory has it.
struct Entry<'a> {
    name: String,
    comment: &'a [u8],
    extra: &'a [u8],
    flags: u16,
    method: u16,
    packed: u64,
    size: u64,
    header: u64,
}

/// Hands on the members of a zip.
pub(super) fn open(content: &Input<'_>, limits: &Limits, spent: &mut Spent, each: Each<'_>) {
    let problem = |why| Member::Problem { name: None, why };
    let directory = match find_directory(content) {
        Ok(directory) => directory,
        Err(why) => return each(problem(why), spent),
    };
    if directory.len > MAX_DIRECTORY {
        return each(problem(NO_DIRECTORY), spent);
    }
    let bytes = usize::try_from(directory.len)
        .ok()
        .and_then(|len| content.at(directory.start, len).ok());
    let mut rest: &[u8] = bytes.as_deref().unwrap_or_default();
    let mut aside = Aside::default();
    aside.add(&directory.comment);
    let mut taken = gaps::Taken::default();
    while !rest.is_empty() {
        let Some((entry, after)) = read_entry(rest) else {
            return each(problem(NO_DIRECTORY), spent);
        };
        rest = after;
        aside.add(entry.comment);
        aside.add_extra(entry.extra);
        let (at, length) = taken.add(content, &entry, directory.shift);
        if length > SHORTEST {
            aside.add_extra(&content.at(at, length).unwrap_or_default());
        }
        if entry.name.ends_with('/') && entry.size == 0 {
            continue;
        }
        let read = match count_member(limits, spent) {
            Err(stop) => Err(stop),
            Ok(()) => unpack(content, &entry, directory.shift, limits, spent),
        };
        if !hand_on(&entry.name, read, spent, each) {
            return;
        }
    }
    // What stands before an archive that begins elsewhere was looked at as the file that it is.
    let whole = content.at(0, 4).is_ok_and(|head| head.starts_with(b"PK"));
    if whole && !gaps::open(content, taken, directory.start, limits, spent, each) {
        return;
    }
    aside.hand_on(limits, spent, each);
}

fn unpack(
    content: &Input<'_>,
    entry: &Entry<'_>,
    shift: u64,
    limits: &Limits,
    spent: &mut Spent,
) -> Result<Vec<u8>, Stop> {
    if entry.flags & 1 != 0 {
        return Err(Stop::Member(ENCRYPTED));
    }
    if entry.size > limits.member_bytes {
        return Err(Stop::Member(TOO_LARGE));
    }
    let start = entry.header.checked_add(shift).ok_or(Stop::Member(DAMAGED))?;
    let header = content.at(start, 30).map_err(|_| Stop::Member(DAMAGED))?;
    if !header.starts_with(b"PK\x03\x04") {
        return Err(Stop::Member(DAMAGED));
    }
    let (Some(name), Some(extra)) = (u16_at(&header, 26), u16_at(&header, 28)) else {
        return Err(Stop::Member(DAMAGED));
    };
    let data = start.saturating_add(30 + u64::from(name) + u64::from(extra));
    let source = BufReader::with_capacity(32 << 10, Cursor::part(*content, data, entry.packed));
    let mut reader: Box<dyn Read + '_> = match entry.method {
        0 => Box::new(source),
        8 => Box::new(DeflateDecoder::new(source)),
        12 => Box::new(MultiBzDecoder::new(source)),
        93 => Box::new(super::stream::Frames::of(source)),
        95 => Box::new(XzReader::new_mem_limit(source, true, super::stream::XZ_MEMORY)),
        _ => return Err(Stop::Member(METHOD)),
    };
    read_member(&mut *reader, entry.packed, limits, spent)
}

/// Reads one entry of the directory; what follows it comes with it.
fn read_entry(bytes: &[u8]) -> Option<(Entry<'_>, &[u8])> {
    if !bytes.starts_with(b"PK\x01\x02") {
        return None;
    }
    let name_len = usize::from(u16_at(bytes, 28)?);
    let extra_len = usize::from(u16_at(bytes, 30)?);
    let comment_len = usize::from(u16_at(bytes, 32)?);
    let name = bytes.get(46..46 + name_len)?;
    let extra = bytes.get(46 + name_len..46 + name_len + extra_len)?;
    let mut entry = Entry {
        name: String::from_utf8_lossy(name).into_owned(),
        comment: bytes.get(46 + name_len + extra_len..46 + name_len + extra_len + comment_len)?,
        extra,
        flags: u16_at(bytes, 8)?,
        method: u16_at(bytes, 10)?,
        packed: u64::from(u32_at(bytes, 20)?),
        size: u64::from(u32_at(bytes, 24)?),
        header: u64::from(u32_at(bytes, 42)?),
    };
    wide(extra, [&mut entry.size, &mut entry.packed, &mut entry.header]);
    Some((entry, bytes.get(46 + name_len + extra_len + comment_len..)?))
}

/// Zip64: the fields that are all ones stand in extra field 1, in this order.
fn wide(mut extra: &[u8], fields: [&mut u64; 3]) {
    while let (Some(id), Some(len)) = (u16_at(extra, 0), u16_at(extra, 2)) {
        let Some(body) = extra.get(4..4 + usize::from(len)) else {
            return;
        };
        if id == 1 {
            let mut at = 0;
            for field in fields {
                if *field == u64::from(u32::MAX) {
                    let Some(value) = u64_at(body, at) else { return };
                    *field = value;
                    at += 8;
                }
            }
            return;
        }
        extra = extra.get(4 + usize::from(len)..).unwrap_or_default();
    }
}

/// The end record is the last of the file but for a comment of at most 65,535 bytes.
fn find_directory(content: &Input<'_>) -> Result<Directory, &'static str> {
    let tail_len = 66_000.min(content.len());
    let tail_start = content.len() - tail_len;
    let tail = content.at(tail_start, 66_000).map_err(|_| DAMAGED)?;
    for at in memchr::memmem::rfind_iter(&tail, b"PK\x05\x06") {
        let Some(end) = tail.get(at..).filter(|end| end.len() >= 22) else {
            continue;
        };
        let (Some(disk), Some(len), Some(offset)) = (u16_at(end, 4), u32_at(end, 12), u32_at(end, 16)) else {
            continue;
        };
        let end_at = tail_start + at as u64;
        let (mut len, mut offset, mut ends_at) = (u64::from(len), u64::from(offset), end_at);
        if disk != 0 && disk != u16::MAX {
            return Err(SPLIT);
        }
        let locator = end_at.checked_sub(20).and_then(|at| content.at(at, 20).ok());
        if let Some(record) = locator
            .filter(|bytes| bytes.starts_with(b"PK\x06\x07"))
            .and_then(|bytes| u64_at(&bytes, 8))
        {
            let bytes = content.at(record, 56).map_err(|_| DAMAGED)?;
            if bytes.starts_with(b"PK\x06\x06") {
                len = u64_at(&bytes, 40).ok_or(NO_DIRECTORY)?;
                offset = u64_at(&bytes, 48).ok_or(NO_DIRECTORY)?;
                ends_at = record;
            }
        }
        let Some(start) = ends_at.checked_sub(len) else {
            continue;
        };
        let Some(shift) = start.checked_sub(offset) else {
            continue;
        };
        let begins = content.at(start, 4).map_err(|_| DAMAGED)?;
        if len == 0 || begins.starts_with(b"PK\x01\x02") {
            return Ok(Directory {
                start,
                len,
                shift,
                comment: end.get(22..).unwrap_or_default().to_vec(),
            });
        }
    }
    Err(NO_DIRECTORY)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}
