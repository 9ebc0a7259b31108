//! Archives and compressed files as folders, within limits.
//!
//! What a file is says its content and not its name. Members are handed on one after the other; what cannot be opened,
//! is encrypted, is too large or would never end is handed on as a [`Member::Problem`] with the reason. Nothing is
//! allocated because an archive says so: memory grows with bytes that are there, up to
//! [`Limits::member_bytes`].

mod aside;
mod pdf;
mod png;
mod sevenz;
mod stream;
mod tar;
mod zip;

use std::io::{self, BufReader, Read, Seek, SeekFrom};

use aside::Aside;
pub(crate) use aside::{is_skipped, past_skipped};
use ward_formats::input::Input;

/// What may be spent on one file and everything inside it.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Archives inside archives.
    pub depth: u32,
    /// Bytes of one member.
    pub member_bytes: u64,
    /// Bytes of all members together.
    pub total_bytes: u64,
    /// Members.
    pub members: u64,
    /// How many times larger than its compressed form a member may be, once it is larger than [`FREE_BYTES`].
    pub ratio: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            depth: 5,
            member_bytes: 64 << 20,
            total_bytes: 4 << 30,
            members: 200_000,
            ratio: 400,
        }
    }
}

/// Below this size nobody asks how well a member was compressed.
pub const FREE_BYTES: u64 = 4 << 20;

/// What was spent.
#[derive(Debug, Clone, Copy, Default)]
pub struct Spent {
    bytes: u64,
    members: u64,
    /// The budget ran out; said once.
    over: bool,
}

/// What an archive hands on.
pub enum Member<'a> {
    /// A file inside, whole.
    Bytes {
        /// Its name as the archive gives it.
        name: &'a str,
        /// Its content.
        bytes: &'a [u8],
    },
    /// Something that was not opened: a member, or the rest of the archive.
    Problem {
        /// The member, when it is one.
        name: Option<&'a str>,
        /// Why, and what to do.
        why: &'static str,
    },
}

/// Receives members; gets what was spent, so that archives inside archives share the budget.
pub type Each<'e> = &'e mut dyn FnMut(Member<'_>, &mut Spent);

/// Formats of archives and of compressed files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// PKWARE zip, and all that is one: wheels, jars, documents, checkpoints.
    Zip,
    /// A zip behind other bytes: a zipapp of Python, a program that unpacks itself. What stands before it is looked at too.
    ZipBehind,
    /// POSIX tar.
    Tar,
    /// gzip (RFC 1952).
    Gzip,
    /// bzip2.
    Bzip2,
    /// xz.
    Xz,
    /// The format of LZMA before xz, which has no mark of its own.
    Lzma,
    /// Zstandard (RFC 8878).
    Zstd,
    /// LZ4 frames.
    Lz4,
    /// 7-Zip.
    SevenZip,
    /// PNG, whose texts may be compressed.
    Png,
    /// PDF, whose pages mostly are compressed.
    Pdf,
    /// Formats that Ward does not open.
    Other(&'static str),
}

const HEAD: usize = 512;

/// What `content` is, by its first bytes; none for what is no archive.
#[must_use]
pub fn kind(content: &Input<'_>) -> Option<Kind> {
    if content.len() < 18 {
        return None;
    }
    let head = content.at(0, HEAD).ok()?;
    // Frames that are skipped may stand before those of Zstandard and LZ4.
    if is_skipped(&head) {
        let head = content.at(past_skipped(content, |_, _| {}), HEAD).ok()?;
        let kind = if is_skipped(&head) {
            Some(Kind::Zstd)
        } else {
            kind_of_head(&head)
        };
        return kind.filter(|kind| matches!(kind, Kind::Zstd | Kind::Lz4));
    }
    kind_of_head(&head).or_else(|| ends_as_zip(content).then_some(Kind::ZipBehind))
}

/// Whether the last bytes are the end of a zip's directory (APPNOTE 4.3.16) that has members and no comment.
fn ends_as_zip(content: &Input<'_>) -> bool {
    let end = content.len().checked_sub(22).and_then(|at| content.at(at, 22).ok());
    let end = end.as_deref().unwrap_or_default();
    let number = |at: usize| end.get(at..at + 2).map(|two| two != [0, 0]);
    end.starts_with(b"PK\x05\x06") && number(4) == Some(false) && number(10) == Some(true) && number(20) == Some(false)
}

impl Kind {
    /// Whether a file of this kind is opened, and is nothing but what is in it: its own bytes are no text.
    #[must_use]
    pub fn holds_all(self) -> bool {
        !matches!(self, Self::ZipBehind | Self::Pdf | Self::Other(_))
    }
}

fn kind_of_head(head: &[u8]) -> Option<Kind> {
    const MAGICS: &[(&[u8], Kind)] = &[
        (b"PK\x03\x04", Kind::Zip),
        (b"PK\x05\x06", Kind::Zip),
        (b"\x1f\x8b\x08", Kind::Gzip),
        (b"\xfd7zXZ\x00", Kind::Xz),
        (b"\x28\xb5\x2f\xfd", Kind::Zstd),
        (b"7z\xbc\xaf\x27\x1c", Kind::SevenZip),
        (
            b"Rar!\x1a\x07",
            Kind::Other("a RAR archive is not opened; unpack it and scan the folder"),
        ),
        (
            b"MSCF\x00\x00\x00\x00",
            Kind::Other("a cabinet file is not opened; unpack it and scan the folder"),
        ),
        (b"\x04\x22\x4d\x18", Kind::Lz4),
        (png::MAGIC, Kind::Png),
        (b"%PDF-", Kind::Pdf),
        (
            b"LZIP\x01",
            Kind::Other("an lzip file is not opened; unpack it and scan the result"),
        ),
        (
            b"\x1f\x9d\x90",
            Kind::Other("a compress (.Z) file is not opened; unpack it and scan the result"),
        ),
    ];
    if let Some((_, kind)) = MAGICS.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Some(*kind);
    }
    if head.starts_with(b"BZh")
        && head
            .get(4..10)
            .is_some_and(|magic| magic == b"1AY&SY" || magic == b"\x17rE8P\x90")
    {
        return Some(Kind::Bzip2);
    }
    if is_lzma(head) {
        return Some(Kind::Lzma);
    }
    tar::is_header(head).then_some(Kind::Tar)
}

/// Whether `head` is the header that `lzma` and `xz --format=lzma` write: the usual properties, a dictionary of 2^n or
/// 2^n + 2^(n-1) bytes, and a size that is unknown or below 256 GiB, as `file(1)` and xz's own reader ask.
fn is_lzma(head: &[u8]) -> bool {
    let Some((properties, rest)) = head.split_first_chunk::<1>() else {
        return false;
    };
    let (Some((dictionary, rest)), &[0x5d]) = (rest.split_first_chunk::<4>(), properties) else {
        return false;
    };
    let dictionary = u32::from_le_bytes(*dictionary);
    let top = dictionary & (1 << 31 >> dictionary.leading_zeros().min(31));
    let whole = dictionary >= 1 << 12 && (dictionary == top || dictionary == top | top >> 1);
    let size = rest.first_chunk::<8>().map(|size| u64::from_le_bytes(*size));
    // The first byte of the coded data is always zero.
    whole && size.is_some_and(|size| size == u64::MAX || size < 1 << 38) && rest.get(8) == Some(&0)
}

/// Opens an archive or a compressed file called `name` (lower case) and hands on what is inside.
pub fn open(content: &Input<'_>, kind: Kind, name: &str, limits: &Limits, spent: &mut Spent, each: Each<'_>) {
    let size = content.len();
    let mut aside = Aside::default();
    let start = match kind {
        Kind::Zstd | Kind::Lz4 => aside.add_skipped(content),
        _ => 0,
    };
    if kind == Kind::Gzip {
        aside.add_gzip(content);
    }
    if !aside.hand_on(limits, spent, each) {
        return;
    }
    let reader = BufReader::with_capacity(64 << 10, Cursor::part(*content, start, size));
    match kind {
        Kind::Zip | Kind::ZipBehind => zip::open(content, limits, spent, each),
        Kind::Tar => tar::open(reader, size, limits, spent, each),
        Kind::SevenZip => sevenz::open(*content, limits, spent, each),
        Kind::Png => png::open(content, limits, spent, each),
        Kind::Pdf => pdf::open(content, limits, spent, each),
        Kind::Other(why) => each(Member::Problem { name: None, why }, spent),
        Kind::Gzip | Kind::Bzip2 | Kind::Xz | Kind::Lzma | Kind::Zstd | Kind::Lz4 => {
            stream::open(reader, kind, size, name, limits, spent, each)
        }
    }
}

/// Why a member was not read to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stop {
    /// This member: go on with the next.
    Member(&'static str),
    /// The archive: nothing after it can be read.
    Archive(&'static str),
}

/// The reasons people are given.
const TOO_LARGE: &str = "a member larger than 64 MiB; unpack it and scan the folder";
const BOMB: &str = "a member that grows more than 400-fold when it is unpacked: a bomb, or a very empty file";
const SPENT: &str = "more than 4 GiB or 200,000 members inside one file; unpack it and scan the folder";
const DAMAGED: &str = "damaged or cut: the rest could not be unpacked";

/// Reads a member whole, within the limits. `compressed` is how many bytes it takes in the archive.
fn read_member(reader: &mut dyn Read, compressed: u64, limits: &Limits, spent: &mut Spent) -> Result<Vec<u8>, Stop> {
    let mut bytes = Vec::new();
    let mut buffer = vec![0; 64 << 10];
    loop {
        let count = match reader.read(&mut buffer) {
            Ok(count) => count,
            // Nothing here can be interrupted, so an interruption is not tried again.
            Err(_) => return Err(Stop::Member(DAMAGED)),
        };
        let Some(more) = buffer.get(..count).filter(|more| !more.is_empty()) else {
            return Ok(bytes);
        };
        spend(more.len() as u64, limits, spent)?;
        bytes.extend_from_slice(more);
        check_size(bytes.len() as u64, compressed, limits)?;
    }
}

fn check_size(size: u64, compressed: u64, limits: &Limits) -> Result<(), Stop> {
    if size > FREE_BYTES && size / limits.ratio.max(1) > compressed {
        return Err(Stop::Member(BOMB));
    }
    if size > limits.member_bytes {
        return Err(Stop::Member(TOO_LARGE));
    }
    Ok(())
}

fn spend(bytes: u64, limits: &Limits, spent: &mut Spent) -> Result<(), Stop> {
    spent.bytes = spent.bytes.saturating_add(bytes);
    if spent.bytes > limits.total_bytes || spent.over {
        spent.over = true;
        return Err(Stop::Archive(SPENT));
    }
    Ok(())
}

/// Counts a member; an error when there were too many.
fn count_member(limits: &Limits, spent: &mut Spent) -> Result<(), Stop> {
    spent.members += 1;
    if spent.members > limits.members || spent.over {
        spent.over = true;
        return Err(Stop::Archive(SPENT));
    }
    Ok(())
}

/// Hands on a member or why there is none. False when the archive ends here.
fn hand_on(name: &str, read: Result<Vec<u8>, Stop>, spent: &mut Spent, each: Each<'_>) -> bool {
    match read {
        Ok(bytes) => {
            each(Member::Bytes { name, bytes: &bytes }, spent);
            true
        }
        Err(Stop::Member(why)) => {
            each(Member::Problem { name: Some(name), why }, spent);
            true
        }
        Err(Stop::Archive(why)) => {
            each(Member::Problem { name: None, why }, spent);
            false
        }
    }
}

/// An [`Input`] read from one end to the other.
#[derive(Clone)]
struct Cursor<'a> {
    content: Input<'a>,
    at: u64,
    end: u64,
    /// How often somebody has asked for more than there is. A reader that does not stop at the end of a damaged file is
    /// stopped here.
    asked_past_end: u32,
}

/// How often one may ask.
const MOST_PAST_END: u32 = 1_000;

impl<'a> Cursor<'a> {
    fn of(content: Input<'a>) -> Self {
        Self {
            end: content.len(),
            content,
            at: 0,
            asked_past_end: 0,
        }
    }

    /// Only the bytes `start..start + len`.
    fn part(content: Input<'a>, start: u64, len: u64) -> Self {
        let end = start.saturating_add(len).min(content.len());
        Self {
            content,
            at: start.min(end),
            end,
            asked_past_end: 0,
        }
    }
}

impl Read for Cursor<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.end.saturating_sub(self.at)).unwrap_or(usize::MAX);
        let bytes = self.content.at(self.at, buffer.len().min(left))?;
        let Some(target) = buffer.get_mut(..bytes.len()) else {
            return Ok(0);
        };
        target.copy_from_slice(&bytes);
        if bytes.is_empty() && !target.is_empty() || left == 0 {
            self.asked_past_end += 1;
            if self.asked_past_end > MOST_PAST_END {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        self.at += bytes.len() as u64;
        Ok(bytes.len())
    }
}

impl Seek for Cursor<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.end.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = target.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

#[cfg(test)]
mod tests;
