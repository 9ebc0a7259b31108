//! What archives and compressed files say beside their members: comments, the targets of links, records of pax, extra
//! fields of zip (APPNOTE 4.5), the name, comment and extra field of a gzip member (RFC 1952, 2.3.1), frames of
//! Zstandard and LZ4 that readers skip (RFC 8878, 3.1.2). It is handed on as one more member, a line each.

use ward_formats::input::Input;

use super::{Each, Limits, Member, Spent, count_member, hand_on};
use crate::secrets::decode::is_text;

/// What the member is called.
const NAME: &str = "headers of the archive";
/// Shorter texts are not kept: no token is so short.
pub(super) const SHORTEST: usize = 12;
/// Most bytes that are kept.
const MOST: usize = 16 << 20;
const MORE: &str = "more than 16 MiB of headers; the rest of them was not read";
/// Most frames to be skipped that are looked at, and most bytes of one.
const FRAMES: usize = 1_000;
const FRAME: usize = 64 << 10;

/// Whether these bytes begin a frame that readers of Zstandard and LZ4 skip.
pub(crate) fn is_skipped(head: &[u8]) -> bool {
    matches!(head, [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..])
}

/// Where the first frame begins that is not skipped; `each` is given the place and the length of what stands in those before
/// it. Behind [`FRAMES`] of them it is the next, whatever it is.
pub(crate) fn past_skipped(content: &Input<'_>, mut each: impl FnMut(u64, u64)) -> u64 {
    let mut at = 0u64;
    for _ in 0..FRAMES {
        let head = content.at(at, 8).unwrap_or_default();
        let Some(&[.., a, b, c, d]) = head.first_chunk::<8>().filter(|head| is_skipped(*head)) else {
            break;
        };
        let length = u64::from(u32::from_le_bytes([a, b, c, d]));
        each(at + 8, length);
        at += 8 + length;
    }
    at
}

/// What was said so far.
#[derive(Default)]
pub(super) struct Aside {
    text: Vec<u8>,
    /// Whether there was more than is kept.
    full: bool,
}

impl Aside {
    /// Adds `said`, if it is a text.
    pub(super) fn add(&mut self, said: &[u8]) {
        let said = said.strip_suffix(b"\0").unwrap_or(said);
        // Both headers of a member of a zip mostly say the same.
        let last = self.text.strip_suffix(b"\n").unwrap_or_default();
        if said.len() < SHORTEST || !is_text(said) || last.ends_with(said) {
            return;
        }
        if self.text.len() + said.len() >= MOST {
            self.full = true;
            return;
        }
        self.text.extend_from_slice(said);
        self.text.push(b'\n');
    }

    /// Adds the extra fields of a zip's header. Those of Info-ZIP with a name or a comment begin with a version and a sum.
    pub(super) fn add_extra(&mut self, mut extra: &[u8]) {
        while let Some((&[a, b, c, d], rest)) = extra.split_first_chunk::<4>() {
            let length = usize::from(u16::from_le_bytes([c, d]));
            let body = rest.get(..length).unwrap_or(rest);
            let unicode = matches!(u16::from_le_bytes([a, b]), 0x6375 | 0x7075);
            self.add(body.get(if unicode { 5 } else { 0 }..).unwrap_or_default());
            extra = rest.get(length..).unwrap_or_default();
        }
    }

    /// Adds what the header of a gzip member says.
    pub(super) fn add_gzip(&mut self, content: &Input<'_>) {
        let head = content.at(0, FRAME).unwrap_or_default();
        let (Some(flags), Some(mut rest)) = (head.get(3), head.get(10..)) else {
            return;
        };
        if flags & 4 != 0 {
            let Some((length, after)) = rest.split_first_chunk::<2>() else {
                return;
            };
            let length = usize::from(u16::from_le_bytes(*length));
            // Its parts have two letters and a length each, as those of zip.
            self.add_extra(after.get(..length).unwrap_or(after));
            rest = after.get(length..).unwrap_or_default();
        }
        for flag in [8, 16] {
            if flags & flag != 0 {
                let end = memchr::memchr(0, rest).unwrap_or(rest.len());
                self.add(rest.get(..end).unwrap_or_default());
                rest = rest.get(end + 1..).unwrap_or_default();
            }
        }
    }

    /// Adds what stands in the frames to be skipped before the first other one, and says where that begins.
    pub(super) fn add_skipped(&mut self, content: &Input<'_>) -> u64 {
        past_skipped(content, |at, length| {
            let kept = usize::try_from(length).unwrap_or(FRAME).min(FRAME);
            self.add(&content.at(at, kept).unwrap_or_default());
        })
    }

    /// Hands it on, if there is anything. False when the archive is to be left.
    pub(super) fn hand_on(self, limits: &Limits, spent: &mut Spent, each: Each<'_>) -> bool {
        if self.full {
            let name = Some(NAME);
            each(Member::Problem { name, why: MORE }, spent);
        }
        if self.text.is_empty() {
            return true;
        }
        let read = count_member(limits, spent).map(|()| self.text);
        hand_on(NAME, read, spent, each)
    }
}
