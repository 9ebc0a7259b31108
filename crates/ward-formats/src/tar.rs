//! Tar archives: where each member stands. Nothing is unpacked.
//!
//! Source: POSIX.1-2017 pax, `ustar` and the extensions of GNU tar (long names, numbers in base 256).

use crate::{Problem, input::Input};

/// One member that holds bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its name; bytes that are not UTF-8 are replaced.
    pub name: String,
    /// Offset of its first byte.
    pub data: u64,
    /// Bytes.
    pub size: u64,
}

/// An archive.
#[derive(Debug, Clone, Default)]
pub struct TarFile {
    /// Members that hold bytes, in order. Folders and devices are left out.
    pub members: Vec<Member>,
    /// Names of members that are links, and where they lead.
    pub links: Vec<(String, String)>,
    /// What could not be read.
    pub problems: Vec<Problem>,
    /// Where bytes begin that are no header, when there are any.
    pub tail: Option<u64>,
}

const BLOCK: u64 = 512;
/// Longest name that is kept.
const LONGEST_NAME: u64 = 64 << 10;

/// True when the first block is the header of a member: its checksum is right.
#[must_use]
pub fn is_tar(head: &[u8]) -> bool {
    head.first_chunk::<512>()
        .is_some_and(|block| checksum_holds(block) && block[0] != 0)
}

fn checksum_holds(block: &[u8; 512]) -> bool {
    let said = number(&block[148..156]);
    let sum = |signed: bool| {
        block.iter().enumerate().fold(0i64, |sum, (n, byte)| {
            let byte = if (148..156).contains(&n) { b' ' } else { *byte };
            sum + if signed {
                i64::from(byte.cast_signed())
            } else {
                i64::from(byte)
            }
        })
    };
    said.and_then(|n| i64::try_from(n).ok())
        .is_some_and(|said| said == sum(false) || said == sum(true))
}

/// A number in octal digits, or in base 256 when its first bit is set.
fn number(field: &[u8]) -> Option<u64> {
    let (first, rest) = field.split_first()?;
    if first & 0x80 != 0 {
        return rest.iter().try_fold(u64::from(first & 0x3f), |n, byte| {
            Some(n.checked_mul(256)? + u64::from(*byte))
        });
    }
    let digits: Vec<u8> = field.iter().copied().filter(|b| !matches!(b, b' ' | 0)).collect();
    if digits.is_empty() {
        return Some(0);
    }
    digits.iter().try_fold(0u64, |n, digit| {
        let digit = digit.checked_sub(b'0').filter(|d| *d < 8)?;
        n.checked_mul(8)?.checked_add(u64::from(digit))
    })
}

fn text(field: &[u8]) -> String {
    let end = memchr::memchr(0, field).unwrap_or(field.len());
    String::from_utf8_lossy(field.get(..end).unwrap_or_default()).into_owned()
}

/// Reads the headers of `input`, at most `limit` members.
#[must_use]
pub fn read(input: &Input<'_>, limit: usize) -> TarFile {
    let mut tar = TarFile::default();
    let mut at = 0u64;
    let (mut long_name, mut long_link, mut long_size): (Option<String>, Option<String>, Option<u64>) =
        (None, None, None);
    while at < input.len() {
        let Ok(block) = input.at(at, 512) else {
            fault(&mut tar, at, "the archive could not be read");
            break;
        };
        let Some(block) = block.first_chunk::<512>() else {
            fault(&mut tar, at, "the archive ends in the middle of a header");
            tar.tail = Some(at);
            break;
        };
        if block.iter().all(|byte| *byte == 0) {
            // Readers stop here, or are told to go on: so does this one.
            at += BLOCK;
            continue;
        }
        if !checksum_holds(block) {
            fault(&mut tar, at, "a header's checksum is wrong");
            tar.tail = Some(at);
            break;
        }
        let kind = block[156];
        let size = match long_size.take() {
            Some(size) => Some(size),
            None => number(&block[124..136]),
        };
        let Some(size) = size else {
            fault(&mut tar, at, "a header's length is no number");
            break;
        };
        let data = at + BLOCK;
        if size > input.len().saturating_sub(data) {
            fault(&mut tar, at, "a member claims more bytes than there are");
        }
        let size = size.min(input.len().saturating_sub(data));
        let mut name = text(&block[..100]);
        let prefix = text(&block[345..500]);
        if block[257..262] == *b"ustar" && block[262] == 0 && !prefix.is_empty() {
            name = format!("{prefix}/{name}");
        }
        let body = || {
            input
                .at(data, usize::try_from(size.min(LONGEST_NAME)).unwrap_or(0))
                .unwrap_or_default()
        };
        match kind {
            b'L' => long_name = Some(text(&body())),
            b'K' => long_link = Some(text(&body())),
            b'x' => {
                for (key, value) in pax(&body()) {
                    match key.as_str() {
                        "path" => long_name = Some(value),
                        "linkpath" => long_link = Some(value),
                        "size" => long_size = value.parse().ok(),
                        _ => {}
                    }
                }
            }
            b'g' => {}
            b'1' | b'2' => {
                let to = long_link.take().unwrap_or_else(|| text(&block[157..257]));
                tar.links.push((long_name.take().unwrap_or(name), to));
            }
            b'3'..=b'6' => long_name = None,
            // Every other kind is read as a file, as POSIX asks.
            _ => {
                if tar.members.len() >= limit {
                    fault(&mut tar, at, "there are more members than the budget allows");
                    break;
                }
                let name = long_name.take().unwrap_or(name);
                tar.members.push(Member { name, data, size });
            }
        }
        let whole = size.div_ceil(BLOCK) * BLOCK;
        // A link or folder has no bytes even when its header has a size.
        at = data + if matches!(kind, b'1'..=b'6') { 0 } else { whole };
    }
    tar
}

/// The records of an extended header: `length key=value\n`.
fn pax(body: &[u8]) -> Vec<(String, String)> {
    let mut records = Vec::new();
    let mut rest = body;
    while let Some(space) = memchr::memchr(b' ', rest) {
        let len = std::str::from_utf8(rest.get(..space).unwrap_or_default())
            .ok()
            .and_then(|n| n.parse::<usize>().ok());
        let Some(record) = len
            .filter(|len| *len > space + 1)
            .and_then(|len| rest.get(space + 1..len))
        else {
            break;
        };
        let record = record.strip_suffix(b"\n").unwrap_or(record);
        if let Some(equals) = memchr::memchr(b'=', record) {
            records.push((
                text(record.get(..equals).unwrap_or_default()),
                text(record.get(equals + 1..).unwrap_or_default()),
            ));
        }
        rest = rest.get(len.unwrap_or(rest.len())..).unwrap_or_default();
    }
    records
}

fn fault(tar: &mut TarFile, at: u64, what: &'static str) {
    tar.problems.push(Problem {
        place: format!("byte {at}"),
        what,
        broken: true,
    });
}
