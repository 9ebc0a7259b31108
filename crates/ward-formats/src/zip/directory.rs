//! The central directory, and the end record that says where it is.

use std::collections::HashSet;

use super::{Limits, problem, text, u16_at, u32_at, u64_at, wide};
use crate::{Problem, input::Input};

/// What the directory says of a member.
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) method: u16,
    pub(super) flags: u16,
    pub(super) crc: u32,
    pub(super) compressed: u64,
    pub(super) size: u64,
    pub(super) local_at: u64,
    /// Place in the report.
    pub(super) order: usize,
    /// Where it stands itself.
    pub(super) taken: Option<(u64, u64)>,
}

const END: &[u8] = b"PK\x05\x06";
const END_LEN: usize = 22;
/// The longest comment, and the end record before it.
const TAIL: u64 = 65_535 + 22;
/// End records that are looked at: a concatenation of archives has several in its tail.
const MOST_ENDS: usize = 16;

/// An end record.
struct End {
    at: u64,
    /// Claimed offset and length of the directory, and where the record that claims them stands.
    offset: u64,
    len: u64,
    record_at: u64,
}

/// Where the end records stand, for what lies between the members.
pub(super) fn extents(input: &Input<'_>) -> Vec<(u64, u64)> {
    ends(input)
        .iter()
        .map(|end| (end.record_at, end.at + END_LEN as u64))
        .collect()
}

/// Where the last end record ends, and how long it says that its comment is.
pub(super) fn end(input: &Input<'_>) -> Option<(u64, u64)> {
    let last = ends(input).iter().map(|end| end.at).max()?;
    let record = input.at(last, END_LEN).ok()?;
    Some((last + END_LEN as u64, u64::from(u16_at(&record, 20)?)))
}

fn ends(input: &Input<'_>) -> Vec<End> {
    let start = input.len().saturating_sub(TAIL);
    let Ok(tail) = input.at(start, TAIL as usize) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for at in memchr::memmem::rfind_iter(&tail, END).take(MOST_ENDS) {
        let Some(record) = tail.get(at..at + END_LEN) else {
            continue;
        };
        let at = start + at as u64;
        let mut end = End {
            at,
            offset: u64::from(u32_at(record, 16).unwrap_or(0)),
            len: u64::from(u32_at(record, 12).unwrap_or(0)),
            record_at: at,
        };
        // The 64-bit record, through the locator in front of this one.
        let locator = at.checked_sub(20).and_then(|from| input.at(from, 20).ok());
        if let Some(locator) = locator.filter(|bytes| bytes.starts_with(b"PK\x06\x07")) {
            let said = u64_at(&locator, 8).unwrap_or(u64::MAX);
            // With bytes in front of the archive the record is not where the locator says; it ends at the locator.
            for from in [said, at.saturating_sub(20 + 56)] {
                let Ok(wide) = input.at(from, 56) else { continue };
                if let (true, Some(len), Some(offset)) =
                    (wide.starts_with(b"PK\x06\x06"), u64_at(&wide, 40), u64_at(&wide, 48))
                {
                    found.push(End {
                        at,
                        offset,
                        len,
                        record_at: from,
                    });
                    break;
                }
            }
        }
        end.len = end.len.min(input.len());
        found.push(end);
    }
    found
}

/// Every entry of every directory that an end record leads to, by the offset it claims and by where it ends.
pub(super) fn entries(input: &Input<'_>, limits: Limits, problems: &mut Vec<Problem>) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut seen = HashSet::new();
    let ends = ends(input);
    if ends.is_empty() {
        problems.push(problem(input.len(), "there is no end record", true));
    }
    for end in &ends {
        // CPython and miniz: the directory ends where its end record begins, and what is missing in front was put there
        // before the archive. Others: the directory is where the record says.
        let by_end = end.record_at.checked_sub(end.len);
        let shift = by_end.and_then(|at| at.checked_sub(end.offset)).unwrap_or(0);
        for (at, shift) in [(by_end, shift), (Some(end.offset), 0)] {
            let Some(at) = at else { continue };
            let starts = input.at(at, 4).is_ok_and(|magic| &*magic == b"PK\x01\x02");
            if starts && seen.insert((at, shift)) {
                read(input, at, shift, limits, &mut entries, problems);
            }
        }
    }
    // The same member by two ways of reading is one member.
    let mut known = HashSet::new();
    entries.retain(|entry: &Entry| known.insert((entry.local_at, entry.name.clone(), entry.taken)));
    entries
}

fn read(
    input: &Input<'_>,
    start: u64,
    shift: u64,
    limits: Limits,
    entries: &mut Vec<Entry>,
    problems: &mut Vec<Problem>,
) {
    const FIXED: usize = 46;
    let mut at = start;
    let mut window = std::borrow::Cow::Borrowed(&[][..]);
    let mut base = at;
    loop {
        if entries.len() >= limits.members {
            problems.push(problem(at, "there are more members than the budget allows", true));
            return;
        }
        // 64 KiB at a time; an entry is at most 46 and three times 65,535 bytes long.
        let mut offset = usize::try_from(at - base).unwrap_or(usize::MAX);
        if window.len().saturating_sub(offset) < FIXED + 3 * 65_535 {
            let Ok(more) = input.at(at, 1 << 20) else {
                problems.push(problem(at, "the directory could not be read", true));
                return;
            };
            (window, base, offset) = (more, at, 0);
        }
        let bytes = window.get(offset..).unwrap_or_default();
        if !bytes.starts_with(b"PK\x01\x02") {
            return;
        }
        let Some(entry) = entry(bytes, at, shift, entries.len()) else {
            problems.push(problem(at, "the directory ends in the middle of a member", true));
            return;
        };
        at = entry.taken.map_or(u64::MAX, |(_, end)| end);
        entries.push(entry);
    }
}

fn entry(bytes: &[u8], at: u64, shift: u64, order: usize) -> Option<Entry> {
    let name_len = usize::from(u16_at(bytes, 28)?);
    let extra_len = usize::from(u16_at(bytes, 30)?);
    let comment_len = usize::from(u16_at(bytes, 32)?);
    let full = u64::from(u32::MAX);
    let mut numbers = [
        (u64::from(u32_at(bytes, 24)?), full),
        (u64::from(u32_at(bytes, 20)?), full),
        (u64::from(u32_at(bytes, 42)?), full),
    ];
    wide(bytes.get(46 + name_len..46 + name_len + extra_len)?, &mut numbers);
    let [size, compressed, local] = numbers.map(|(number, _)| number);
    let len = 46 + name_len + extra_len + comment_len;
    Some(Entry {
        name: text(bytes.get(46..46 + name_len)?),
        method: u16_at(bytes, 10)?,
        flags: u16_at(bytes, 8)?,
        crc: u32_at(bytes, 16)?,
        compressed,
        size,
        local_at: local.saturating_add(shift),
        order,
        taken: Some((at, at + len as u64)),
    })
}
