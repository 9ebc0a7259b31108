//! What lies in a zip and is in no member that the directory names: members whose name was taken out of it, and bytes
//! between them. Readers that go from header to header see the first, and anybody who opens the file sees both.

use ward_formats::input::Input;

use super::{
    super::{Cursor, Each, Limits, Spent, count_member, hand_on, read_member},
    Entry, u16_at, u32_at, unpack,
};

/// Longest part behind a member that is no gap: the descriptor of its length, with Zip64 and its signature.
const DESCRIPTOR: u64 = 24;
/// Bytes of a local header before the name.
const HEADER: u64 = 30;

/// Where bytes lie that are spoken for.
#[derive(Default)]
pub(super) struct Taken {
    ranges: Vec<(u64, u64)>,
}

impl Taken {
    /// The member of an entry of the directory: from its local header to the end of its content. Gives the place and
    /// the length of its extra field there.
    pub(super) fn add(&mut self, content: &Input<'_>, entry: &Entry<'_>, shift: u64) -> (u64, usize) {
        let start = entry.header.saturating_add(shift);
        let data = content.at(start, HEADER as usize).ok();
        let extra = data
            .as_deref()
            .and_then(|header| u16_at(header, 28))
            .unwrap_or_default();
        let data = data.and_then(|header| data_at(&header, start)).unwrap_or(start);
        self.ranges.push((start, data.saturating_add(entry.packed)));
        (data.saturating_sub(u64::from(extra)), usize::from(extra))
    }

    /// The ranges up to `end` that nobody speaks for. Linear after sorting.
    fn gaps(mut self, end: u64) -> Vec<(u64, u64)> {
        self.ranges.sort_unstable();
        let mut gaps = Vec::new();
        let mut at = 0;
        for (start, stop) in self.ranges.into_iter().chain([(end, end)]) {
            if start > at && start - at > if at == 0 { 0 } else { DESCRIPTOR } {
                gaps.push((at, start.min(end)));
            }
            at = at.max(stop);
        }
        gaps
    }
}

/// Hands on what lies before `end`, where the directory begins, and in no member of it. False when the archive is to be left.
pub(super) fn open(
    content: &Input<'_>,
    taken: Taken,
    end: u64,
    limits: &Limits,
    spent: &mut Spent,
    each: Each<'_>,
) -> bool {
    for (mut at, stop) in taken.gaps(end) {
        while let Some((entry, data)) = header_at(content, at, stop) {
            let read = count_member(limits, spent).and_then(|()| unpack(content, &entry, 0, limits, spent));
            if !hand_on(&format!("{} (not in the directory)", entry.name), read, spent, each) {
                return false;
            }
            at = data.saturating_add(entry.packed);
        }
        let length = stop.saturating_sub(at);
        let first = content.at(at, 4096.min(usize::try_from(length).unwrap_or(4096)));
        // Padding.
        let empty = length <= 4096 && first.is_ok_and(|bytes| bytes.iter().all(|byte| *byte == 0));
        if length <= DESCRIPTOR || empty {
            continue;
        }
        let read = count_member(limits, spent)
            .and_then(|()| read_member(&mut Cursor::part(*content, at, length), length, limits, spent));
        if !hand_on("bytes between members", read, spent, each) {
            return false;
        }
    }
    true
}

/// Where the content behind a local header begins.
fn data_at(header: &[u8], start: u64) -> Option<u64> {
    let (name, extra) = (u16_at(header, 26)?, u16_at(header, 28)?);
    start.checked_add(HEADER + u64::from(name) + u64::from(extra))
}

/// The local header at a place, as an entry of the directory would be, and where its content begins. A member whose header does
/// not tell its length goes up to `stop`.
fn header_at(content: &Input<'_>, at: u64, stop: u64) -> Option<(Entry<'static>, u64)> {
    let header = content.at(at, HEADER as usize).ok()?;
    if !header.starts_with(b"PK\x03\x04") {
        return None;
    }
    let data = data_at(&header, at).filter(|data| *data <= stop)?;
    let name = content.at(at + HEADER, usize::from(u16_at(&header, 26)?)).ok()?;
    let flags = u16_at(&header, 6)?;
    let (packed, size) = (u64::from(u32_at(&header, 18)?), u64::from(u32_at(&header, 22)?));
    let told = flags & 8 == 0 && packed != u64::from(u32::MAX) && packed <= stop - data;
    Some((
        Entry {
            name: String::from_utf8_lossy(&name).into_owned(),
            comment: &[],
            extra: &[],
            flags,
            method: u16_at(&header, 8)?,
            packed: if told { packed } else { stop - data },
            size: if told { size } else { 0 },
            header: at,
        },
        data,
    ))
}
