//! POSIX tar (IEEE 1003.1, pax interchange format) and GNU tar, read as a stream.

use std::io::Read;

use super::{Aside, DAMAGED, Each, Limits, Member, Spent, Stop, TOO_LARGE, count_member, hand_on, read_member, spend};

const BLOCK: usize = 512;
/// Longest extended header that is read: names are shorter.
const MAX_EXTENDED: u64 = 1 << 20;
const LONG: &str = "a header of more than 1 MiB, which was not read";
const TRAILING: &str = "bytes after the end of the archive that are none of its members";
const SPARSE: &str = "a sparse member; unpack it and scan the folder";

type Block = [u8; BLOCK];

/// Whether these bytes begin with a tar header: its checksum is right and it has a name.
pub(super) fn is_header(head: &[u8]) -> bool {
    head.first_chunk::<BLOCK>().is_some_and(|block| {
        let named = block.first().is_some_and(|first| *first != 0) || block.get(345).is_some_and(|first| *first != 0);
        named && checksum_is_right(block)
    })
}

/// The header's bytes added up, with spaces for the checksum itself. Old programs added them as signed numbers.
fn checksum_is_right(block: &Block) -> bool {
    let Some(stored) = field(block, 148, 8).and_then(number) else {
        return false;
    };
    let value = |(index, byte): (usize, &u8)| if (148..156).contains(&index) { b' ' } else { *byte };
    let unsigned: u64 = block.iter().enumerate().map(|one| u64::from(value(one))).sum();
    let signed: i64 = block
        .iter()
        .enumerate()
        .map(|one| i64::from(value(one).cast_signed()))
        .sum();
    stored == unsigned || i64::try_from(stored) == Ok(signed)
}

fn field(block: &Block, start: usize, len: usize) -> Option<&[u8]> {
    block.get(start..start + len)
}

/// An octal number, or GNU's binary one.
fn number(field: &[u8]) -> Option<u64> {
    if field.first()? & 0x80 != 0 {
        let rest = field.get(field.len().checked_sub(8)?..)?;
        return Some(u64::from_be_bytes(*rest.first_chunk()?) & (u64::MAX >> 1));
    }
    let text = std::str::from_utf8(field).ok()?;
    let digits = text.trim_matches(['\0', ' ']);
    if digits.is_empty() {
        Some(0)
    } else {
        u64::from_str_radix(digits, 8).ok()
    }
}

fn text(field: &[u8]) -> String {
    let end = memchr::memchr(0, field).unwrap_or(field.len());
    String::from_utf8_lossy(field.get(..end).unwrap_or_default()).into_owned()
}

/// What extended headers say of the next member.
#[derive(Default)]
struct Extended {
    name: Option<String>,
    size: Option<u64>,
    sparse: bool,
}

impl Extended {
    /// Records of pax: `length key=value\n`.
    fn read_pax(&mut self, mut records: &[u8], aside: &mut Aside) {
        while let Some(space) = memchr::memchr(b' ', records) {
            let length = records.get(..space).and_then(|digits| std::str::from_utf8(digits).ok());
            let Some(record) = length
                .and_then(|digits| digits.parse::<usize>().ok())
                .filter(|length| *length > space + 1)
                .and_then(|length| records.get(space + 1..length).map(|record| (length, record)))
            else {
                return;
            };
            let (length, record) = record;
            let record = record.strip_suffix(b"\n").unwrap_or(record);
            if let Some(value) = record.strip_prefix(b"path=") {
                self.name = Some(String::from_utf8_lossy(value).into_owned());
            } else if let Some(value) = record.strip_prefix(b"size=") {
                self.size = std::str::from_utf8(value).ok().and_then(|digits| digits.parse().ok());
            } else if record.starts_with(b"GNU.sparse.") {
                self.sparse = true;
            } else {
                aside.add(record);
            }
            records = records.get(length..).unwrap_or_default();
        }
    }
}

/// Hands on the members of a tar that is read from one end to the other. `compressed` is the size of the whole.
pub(super) fn open(mut reader: impl Read, compressed: u64, limits: &Limits, spent: &mut Spent, each: Each<'_>) {
    let mut aside = Aside::default();
    let read = members(&mut reader, compressed, limits, spent, &mut aside, each);
    aside.hand_on(limits, spent, each);
    if let Err(stop) = read {
        let (Stop::Member(why) | Stop::Archive(why)) = stop;
        each(Member::Problem { name: None, why }, spent);
    }
}

fn members(
    reader: &mut dyn Read,
    compressed: u64,
    limits: &Limits,
    spent: &mut Spent,
    aside: &mut Aside,
    each: Each<'_>,
) -> Result<(), Stop> {
    let mut extended = Extended::default();
    while let Some(block) = next_block(reader)? {
        spend(BLOCK as u64, limits, spent)?;
        if block.iter().all(|byte| *byte == 0) {
            continue;
        }
        if !checksum_is_right(&block) {
            return Err(Stop::Archive(TRAILING));
        }
        let kind = block.get(156).copied().unwrap_or_default();
        let stored = field(&block, 124, 12).and_then(number).ok_or(Stop::Archive(DAMAGED))?;
        match kind {
            b'K' | b'X' | b'g' if stored > MAX_EXTENDED => {
                each(Member::Problem { name: None, why: LONG }, spent);
                skip(reader, padded(stored), limits, spent)?;
                continue;
            }
            b'L' | b'K' | b'x' | b'X' | b'g' => {
                let bytes = header_bytes(reader, stored, limits, spent)?;
                match kind {
                    b'L' => extended.name = Some(text(&bytes)),
                    b'K' => aside.add(&bytes),
                    b'x' => extended.read_pax(&bytes, aside),
                    // Headers for all members, and those of old Solaris.
                    _ => Extended::default().read_pax(&bytes, aside),
                }
                continue;
            }
            _ => {}
        }
        let said = std::mem::take(&mut extended);
        let name = said.name.clone().unwrap_or_else(|| name_of(&block));
        let size = said.size.unwrap_or(stored);
        match kind {
            // Links, devices, folders: what they lead to is somewhere else, and there is no content.
            b'1' | b'2' | b'3' | b'4' | b'5' | b'6' => {
                if matches!(kind, b'1' | b'2') {
                    aside.add(name.as_bytes());
                    aside.add(text(field(&block, 157, 100).unwrap_or_default()).as_bytes());
                }
                skip(reader, padded(size), limits, spent)?;
            }
            b'S' => {
                if block.get(482).is_some_and(|more| *more != 0) {
                    while next_block(reader)?.is_some_and(|block| block.get(504).is_some_and(|more| *more != 0)) {
                        spend(BLOCK as u64, limits, spent)?;
                    }
                }
                each(
                    Member::Problem {
                        name: Some(&name),
                        why: SPARSE,
                    },
                    spent,
                );
                skip(reader, padded(size), limits, spent)?;
            }
            _ => {
                count_member(limits, spent)?;
                if size > limits.member_bytes || said.sparse {
                    let why = if said.sparse { SPARSE } else { TOO_LARGE };
                    each(Member::Problem { name: Some(&name), why }, spent);
                    skip(reader, padded(size), limits, spent)?;
                    continue;
                }
                // The ratio is that of the whole archive and is watched by its stream.
                let mut part = (&mut *reader).take(size);
                let read = read_member(&mut part, compressed.max(size), limits, spent);
                let cut = part.limit() > 0;
                if !hand_on(&name, read, spent, each) {
                    return Ok(());
                }
                if cut {
                    return Err(Stop::Archive(DAMAGED));
                }
                skip(reader, padded(size) - size, limits, spent)?;
            }
        }
    }
    Ok(())
}

fn name_of(block: &Block) -> String {
    let name = text(field(block, 0, 100).unwrap_or_default());
    let ustar = field(block, 257, 5) == Some(b"ustar".as_slice());
    // GNU's own format has other things where POSIX has the beginning of the name.
    let posix = field(block, 263, 2) == Some(b"00".as_slice());
    let prefix = if ustar && posix {
        text(field(block, 345, 155).unwrap_or_default())
    } else {
        String::new()
    };
    if prefix.is_empty() {
        name
    } else {
        format!("{prefix}/{name}")
    }
}

fn padded(size: u64) -> u64 {
    size.saturating_add((BLOCK as u64 - size % BLOCK as u64) % BLOCK as u64)
}

/// The next block; none at the end. A part of a block is damage.
fn next_block(reader: &mut dyn Read) -> Result<Option<Block>, Stop> {
    let mut block = [0; BLOCK];
    let mut have = 0;
    while let Some(rest) = block.get_mut(have..).filter(|rest| !rest.is_empty()) {
        match reader.read(rest) {
            Ok(0) if have == 0 => return Ok(None),
            Ok(0) => return Err(Stop::Archive(DAMAGED)),
            Ok(count) => have += count,
            Err(_) => return Err(Stop::Archive(DAMAGED)),
        }
    }
    Ok(Some(block))
}

fn header_bytes(reader: &mut dyn Read, size: u64, limits: &Limits, spent: &mut Spent) -> Result<Vec<u8>, Stop> {
    if size > MAX_EXTENDED {
        return Err(Stop::Archive("a member's name is longer than 1 MiB"));
    }
    let mut bytes = Vec::new();
    let read = (&mut *reader).take(size).read_to_end(&mut bytes);
    if read.is_err() || bytes.len() as u64 != size {
        return Err(Stop::Archive(DAMAGED));
    }
    spend(size, limits, spent)?;
    skip(reader, padded(size) - size, limits, spent)?;
    Ok(bytes)
}

fn skip(reader: &mut dyn Read, mut count: u64, limits: &Limits, spent: &mut Spent) -> Result<(), Stop> {
    let mut buffer = [0; 16 << 10];
    while count > 0 {
        let want = usize::try_from(count).unwrap_or(usize::MAX).min(buffer.len());
        let part = buffer.get_mut(..want).unwrap_or_default();
        match reader.read(part) {
            Ok(0) => return Err(Stop::Archive(DAMAGED)),
            Ok(read) => {
                count -= read as u64;
                spend(read as u64, limits, spent)?;
            }
            Err(_) => return Err(Stop::Archive(DAMAGED)),
        }
    }
    Ok(())
}
