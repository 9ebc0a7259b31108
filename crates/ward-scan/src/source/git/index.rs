//! Git's index (gitformat-index, versions 2 to 4): which files the next commit will have.

/// One file of the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Path below the work tree, with `/`; any bytes but zero.
    pub path: Vec<u8>,
    /// Kind and permissions.
    pub mode: u32,
    /// The id of its content, or of a submodule's commit.
    pub id: Vec<u8>,
    /// 0, or 1 to 3 while a merge is undecided.
    pub stage: u8,
}

/// The bits of a mode that say the kind.
pub const KIND: u32 = 0o170_000;
/// A submodule.
pub const GITLINK: u32 = 0o160_000;
/// A symbolic link.
pub const LINK: u32 = 0o120_000;
/// A folder: in trees, and in a sparse index.
pub const FOLDER: u32 = 0o040_000;

const DAMAGED: &str = "git's index is damaged, so it is not known what is tracked";
const SPLIT: &str =
    "git's index is split in two files, so it is not known what is tracked; run `git update-index --no-split-index`";
const SPARSE: &str = "git's index is sparse: folders that are not checked out were not examined";

/// Reads an index whose ids have `id_len` bytes.
///
/// # Errors
/// Why it cannot be read. The checksum at its end is not compared: an index that was changed by hand is still read.
pub fn read(bytes: &[u8], id_len: usize) -> Result<Vec<Entry>, &'static str> {
    let header = bytes
        .get(..12)
        .filter(|header| header.starts_with(b"DIRC"))
        .ok_or(DAMAGED)?;
    let version = u32_at(header, 4)?;
    let count = u32_at(header, 8)?;
    if !(2..=4).contains(&version) {
        return Err(DAMAGED);
    }
    let mut entries = Vec::new();
    let mut at = 12;
    let mut before: Vec<u8> = Vec::new();
    let mut sparse = false;
    for _ in 0..count {
        let start = at;
        let mode = u32_at(bytes, at + 24)?;
        let id = bytes.get(at + 40..at + 40 + id_len).ok_or(DAMAGED)?.to_vec();
        at += 40 + id_len;
        let flags = u16_at(bytes, at)?;
        at += 2;
        if flags & 0x4000 != 0 {
            at += 2;
        }
        let path = if version == 4 {
            let strip = offset(bytes, &mut at).ok_or(DAMAGED)?;
            let keep = before.len().checked_sub(strip).ok_or(DAMAGED)?;
            before.truncate(keep);
            let rest = until_zero(bytes, at)?;
            before.extend_from_slice(rest);
            at += rest.len() + 1;
            before.clone()
        } else {
            let path = until_zero(bytes, at)?;
            at += path.len();
            // One to eight zeros, so that the entry's length is a multiple of eight.
            at += 8 - (at - start) % 8;
            path.to_vec()
        };
        if mode & KIND == FOLDER {
            sparse = true;
            continue;
        }
        entries.push(Entry {
            path,
            mode,
            id,
            stage: u8::try_from(flags >> 12 & 3).unwrap_or_default(),
        });
    }
    // Extensions: four letters, a length.
    while let Some(head) = bytes.get(at..at + 8).filter(|_| bytes.len() - at > id_len) {
        if head.starts_with(b"link") {
            return Err(SPLIT);
        }
        let len = usize::try_from(u32_at(head, 4)?).map_err(|_| DAMAGED)?;
        at = at.checked_add(8 + len).ok_or(DAMAGED)?;
    }
    if sparse { Err(SPARSE) } else { Ok(entries) }
}

/// The number of version 4 (as the offsets of packs).
fn offset(bytes: &[u8], at: &mut usize) -> Option<usize> {
    let mut byte = *bytes.get(*at)?;
    *at += 1;
    let mut value = usize::from(byte & 0x7f);
    while byte & 0x80 != 0 {
        byte = *bytes.get(*at)?;
        *at += 1;
        value = value.checked_add(1)?.checked_mul(128)? | usize::from(byte & 0x7f);
    }
    Some(value)
}

fn until_zero(bytes: &[u8], at: usize) -> Result<&[u8], &'static str> {
    let rest = bytes.get(at..).ok_or(DAMAGED)?;
    let end = memchr::memchr(0, rest).ok_or(DAMAGED)?;
    rest.get(..end).ok_or(DAMAGED)
}

fn u16_at(bytes: &[u8], at: usize) -> Result<u16, &'static str> {
    let bytes = bytes.get(at..).and_then(|rest| rest.first_chunk()).ok_or(DAMAGED)?;
    Ok(u16::from_be_bytes(*bytes))
}

fn u32_at(bytes: &[u8], at: usize) -> Result<u32, &'static str> {
    let bytes = bytes.get(at..).and_then(|rest| rest.first_chunk()).ok_or(DAMAGED)?;
    Ok(u32::from_be_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(version: u32, paths: &[&str]) -> Vec<u8> {
        let mut bytes = b"DIRC".to_vec();
        bytes.extend(version.to_be_bytes());
        bytes.extend(u32::try_from(paths.len()).unwrap().to_be_bytes());
        let mut before = String::new();
        for path in paths {
            let start = bytes.len();
            bytes.extend([0; 24]);
            bytes.extend(0o100_644_u32.to_be_bytes());
            bytes.extend([0; 12]);
            bytes.extend([7; 20]);
            bytes.extend(u16::try_from(path.len()).unwrap().to_be_bytes());
            if version == 4 {
                let same = before.bytes().zip(path.bytes()).take_while(|(a, b)| a == b).count();
                bytes.push(u8::try_from(before.len() - same).unwrap());
                bytes.extend(path[same..].bytes());
                bytes.push(0);
                before = (*path).to_owned();
            } else {
                bytes.extend(path.bytes());
                let len = bytes.len() - start;
                bytes.extend(vec![0; 8 - len % 8]);
            }
        }
        bytes.extend(b"TREE\0\0\0\x01x");
        bytes.extend([0; 20]);
        bytes
    }

    #[test]
    fn all_versions_give_the_same_paths() {
        let paths = ["a", "a.b", "dir/one", "dir/other", "z"];
        for version in [2, 3, 4] {
            let entries = read(&index(version, &paths), 20).unwrap();
            let read: Vec<_> = entries
                .iter()
                .map(|one| String::from_utf8(one.path.clone()).unwrap())
                .collect();
            assert_eq!(read, paths, "version {version}");
            assert!(
                entries
                    .iter()
                    .all(|one| one.id == [7; 20] && one.mode == 0o100_644 && one.stage == 0)
            );
        }
    }

    #[test]
    fn damage_is_told_and_never_read_past() {
        let whole = index(2, &["a", "b/c"]);
        // After the entries only extensions and a checksum follow, which may be missing.
        for cut in 0..whole.len() - 29 - 8 {
            assert!(read(&whole[..cut], 20).is_err(), "cut at {cut}");
        }
        for at in 0..whole.len() {
            let mut bad = whole.clone();
            bad[at] ^= 0xff;
            let _ = read(&bad, 20);
        }
        let mut split = whole.clone();
        let at = split.len() - 29;
        split[at..at + 4].copy_from_slice(b"link");
        assert_eq!(read(&split, 20), Err(SPLIT));
    }
}
