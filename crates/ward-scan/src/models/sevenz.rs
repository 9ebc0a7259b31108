//! 7z archives.

use super::{Walk, blob_at, zip};
use crate::Blob;
use ward_formats::input::Input;

/// Most members that are looked at.
const MOST: usize = 10_000;
/// Longest archive that is read: its reader wants it whole.
const LONGEST: usize = 1 << 30;
/// Most bytes of one member that are decompressed and held.
const LONGEST_MEMBER: u64 = 256 << 20;

/// What an archive begins with.
const MAGIC: &[u8] = b"7z\xbc\xaf\x27\x1c";
/// How far behind other bytes, a program that unpacks it, an archive may begin.
const BEHIND: usize = 4 << 20;

/// True for a 7z archive, by its beginning or its name.
pub(super) fn sniffed(blob: &Blob<'_>, head: &[u8]) -> bool {
    head.starts_with(MAGIC) || blob.name().ends_with(".7z")
}

/// Looks at every member.
pub(super) fn scan(blob: &Blob<'_>, walk: &mut Walk<'_>) {
    let whole = match blob.content.whole(LONGEST) {
        Ok(Some(whole)) => whole,
        _ => {
            walk.findings
                .not_examined(blob.place.clone(), "this 7z archive is too long or cannot be read");
            return;
        }
    };
    let place = blob.place.clone();
    let begins = memchr::memmem::find(whole.get(..BEHIND).unwrap_or(&whole), MAGIC);
    let Some((begins, archive)) = begins.and_then(|begins| Some((begins, whole.get(begins..)?))) else {
        walk.findings.not_examined(
            place,
            "its name is that of a 7z archive, and none begins in its first 4 MiB",
        );
        return;
    };
    let mut count = 0;
    let mut left = walk.left();
    let mut cut = None;
    let read = sevenz_rust2::ArchiveReader::new(std::io::Cursor::new(archive), sevenz_rust2::Password::empty())
        .and_then(|mut reader| {
            reader.for_each_entries(|entry, content| {
                count += 1;
                if count > MOST || left == 0 {
                    cut = Some("there is more in it than is looked at");
                    return Ok(false);
                }
                let mut bytes = Vec::new();
                let limit = LONGEST_MEMBER.min(left);
                let mut content = std::io::Read::take(content, limit + 1);
                std::io::Read::read_to_end(&mut content, &mut bytes)?;
                left = left.saturating_sub(bytes.len() as u64);
                if bytes.len() as u64 > limit {
                    cut = Some("a member is longer than is looked at");
                }
                walk.spend(bytes.len());
                walk.inside(&blob_at(place.clone().inside(entry.name()), Input::of_bytes(&bytes)));
                Ok(cut.is_none())
            })
        });
    match (read, cut) {
        (_, Some(why)) => walk.findings.not_examined(place, why),
        (Err(_), None) => walk.findings.not_examined(
            place,
            "this 7z archive is broken, encrypted or compressed in an unknown way",
        ),
        (Ok(()), None) => {}
    }
    if let Some(end) = end(archive) {
        zip::after(blob, begins as u64 + end, 0, walk);
    }
}

/// Where an archive ends, by its first 32 bytes: behind the header that they point to.
fn end(archive: &[u8]) -> Option<u64> {
    let number = |at: usize| Some(u64::from_le_bytes(*archive.get(at..)?.first_chunk()?));
    let end = number(12)?.checked_add(number(20)?)?.checked_add(32)?;
    (end < archive.len() as u64).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_behind_is_looked_at() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/scan_archive/");
        let archive = std::fs::read([folder, "lzma2.7z"].concat()).unwrap();
        let call = b"\x80\x02cos\nsystem\nX\x02\0\0\0id\x85R.";
        for (behind, found, not_examined) in [
            (&b""[..], 0, 0),
            (&[0; 512], 0, 0),
            (b"a signature", 0, 1),
            (call, 1, 0),
            (&archive, 0, 0),
            (&[&archive[..], call].concat(), 1, 0),
        ] {
            for before in [&b""[..], b"#!/bin/sh\n"] {
                let bytes = [before, &archive, behind].concat();
                let mut findings = crate::Findings::default();
                scan(&Blob::of_bytes("a.7z", &bytes), &mut Walk::new(&mut findings));
                assert_eq!(
                    (findings.found.len(), findings.not_examined.len()),
                    (found, not_examined),
                    "{} bytes behind",
                    behind.len()
                );
            }
        }
    }
}
