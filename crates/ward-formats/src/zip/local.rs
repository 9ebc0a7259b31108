//! Local headers: those the directory points to, and those it does not.

use super::{Limits, Member, ZipFile, problem, text, u16_at, u32_at, wide};
use crate::input::Input;

/// Bit 3: sizes and checksum stand after the data.
pub(super) const LATER: u16 = 8;

const MAGIC: &[u8] = b"PK\x03\x04";
const FIXED: usize = 30;

/// What a local header says.
pub(super) struct Header {
    pub(super) name: String,
    pub(super) method: u16,
    pub(super) flags: u16,
    pub(super) crc: u32,
    pub(super) compressed: u64,
    pub(super) size: u64,
    /// Where the data begins.
    pub(super) data: u64,
}

/// The header at byte `at`.
pub(super) fn at(input: &Input<'_>, at: u64) -> Option<Header> {
    let fixed = input.at(at, FIXED).ok()?;
    if !fixed.starts_with(MAGIC) {
        return None;
    }
    let name_len = usize::from(u16_at(&fixed, 26)?);
    let extra_len = usize::from(u16_at(&fixed, 28)?);
    let rest = input.at(at + FIXED as u64, name_len + extra_len).ok()?;
    let full = u64::from(u32::MAX);
    let mut numbers = [
        (u64::from(u32_at(&fixed, 22)?), full),
        (u64::from(u32_at(&fixed, 18)?), full),
    ];
    wide(rest.get(name_len..).unwrap_or_default(), &mut numbers);
    let [size, compressed] = numbers.map(|(number, _)| number);
    Some(Header {
        name: text(rest.get(..name_len)?),
        method: u16_at(&fixed, 8)?,
        flags: u16_at(&fixed, 6)?,
        crc: u32_at(&fixed, 14)?,
        compressed,
        size,
        data: at + (FIXED + name_len + extra_len) as u64,
    })
}

/// Looks for headers in the bytes that no member, directory or end record takes.
pub(super) fn unlisted(input: &Input<'_>, limits: Limits, mut taken: Vec<(u64, u64)>, zip: &mut ZipFile) {
    taken.sort_unstable();
    let mut free = limits.gaps;
    let mut from = 0;
    let mut first = true;
    taken.push((input.len(), input.len()));
    for (start, end) in taken {
        if start > from {
            if first {
                zip.prefix = start;
            }
            if !gap(input, from, start, &mut free, limits, zip) {
                return;
            }
        }
        first = false;
        from = from.max(end);
    }
}

/// Looks through `from..to`. False when the budget is spent.
fn gap(input: &Input<'_>, from: u64, to: u64, free: &mut u64, limits: Limits, zip: &mut ZipFile) -> bool {
    const STEP: usize = 1 << 20;
    let mut at = from;
    while at < to {
        let len = usize::try_from(to - at).unwrap_or(usize::MAX).min(STEP);
        if *free < len as u64 {
            zip.problems.push(problem(
                at,
                "too many bytes lie between the members to search them",
                true,
            ));
            return false;
        }
        *free -= len as u64;
        let Ok(bytes) = input.at(at, len) else {
            zip.problems.push(problem(at, "the archive could not be read", true));
            return false;
        };
        let Some(found) = memchr::memmem::find(&bytes, MAGIC) else {
            // A header may begin in the last three bytes.
            at += if len == STEP { len as u64 - 3 } else { len as u64 };
            continue;
        };
        let place = at + found as u64;
        match self::at(input, place).filter(|header| header.data <= to) {
            Some(header) => {
                if zip.members.len() >= limits.members {
                    zip.problems
                        .push(problem(place, "there are more members than the budget allows", true));
                    return false;
                }
                zip.problems
                    .push(problem(place, "a member is not in the directory", true));
                // Its own length where it is told; otherwise up to the next header, directory or the end of the gap.
                let told = header.flags & LATER == 0 && header.compressed <= to - header.data;
                let compressed = if told {
                    header.compressed
                } else {
                    until_next(input, header.data, to, free) - header.data
                };
                at = header.data + compressed;
                zip.members.push(Member {
                    name: header.name,
                    other_name: None,
                    method: header.method,
                    other_method: None,
                    flags: header.flags,
                    data: header.data,
                    compressed,
                    size: header.size,
                    crc: told.then_some(header.crc),
                    listed: false,
                });
            }
            None => at = place + 4,
        }
    }
    true
}

/// Where the next record of any kind begins in `from..to`, or `to`.
fn until_next(input: &Input<'_>, from: u64, to: u64, free: &mut u64) -> u64 {
    const STEP: usize = 1 << 20;
    let mut at = from;
    while at < to {
        let len = usize::try_from(to - at).unwrap_or(usize::MAX).min(STEP);
        if *free < len as u64 {
            return to;
        }
        *free -= len as u64;
        let Ok(bytes) = input.at(at, len) else { return to };
        let next = memchr::memmem::find_iter(&bytes, b"PK").find(|found| {
            let magic = bytes.get(found + 2..found + 4);
            matches!(magic, Some([3, 4] | [1, 2] | [5, 6] | [6, 6] | [7, 8]))
        });
        match next {
            Some(found) => return at + found as u64,
            None => at += if len == STEP { len as u64 - 3 } else { len as u64 },
        }
    }
    to
}
