//! Commits, tags and trees as objects (gitformat-commit, git-mktree).

/// What an object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Kind {
    /// Not known: its base is missing.
    Unknown = 0,
    /// A commit.
    Commit = 1,
    /// A tree.
    Tree = 2,
    /// A blob.
    Blob = 3,
    /// A tag.
    Tag = 4,
}

impl Kind {
    /// The word in a loose object's header.
    #[must_use]
    pub fn of_word(word: &[u8]) -> Option<Self> {
        Some(match word {
            b"commit" => Kind::Commit,
            b"tree" => Kind::Tree,
            b"blob" => Kind::Blob,
            b"tag" => Kind::Tag,
            _ => return None,
        })
    }
}

/// What a scan needs of a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// The id of its tree.
    pub tree: Vec<u8>,
    /// The ids of the commits before it.
    pub parents: Vec<Vec<u8>>,
    /// Seconds since 1970: when it was committed, which orders commits better than when it was written.
    pub committed: i64,
    /// Seconds since 1970: when it was written.
    pub authored: i64,
    /// The author's name, without the address.
    pub author: String,
}

/// Most parents that are followed; git itself stops at far fewer.
const MAX_PARENTS: usize = 10_000;

/// Reads a commit; none when it names no tree.
#[must_use]
pub fn commit(bytes: &[u8], id_len: usize) -> Option<Commit> {
    let mut commit = Commit {
        tree: Vec::new(),
        parents: Vec::new(),
        committed: 0,
        authored: 0,
        author: String::new(),
    };
    for line in bytes.split(|byte| *byte == b'\n') {
        if line.is_empty() {
            break;
        }
        if let Some(id) = line.strip_prefix(b"tree ").filter(|_| commit.tree.is_empty()) {
            commit.tree = unhex(id, id_len)?;
        } else if let Some(id) = line.strip_prefix(b"parent ") {
            if commit.parents.len() < MAX_PARENTS {
                commit.parents.push(unhex(id, id_len)?);
            }
        } else if let Some(person) = line.strip_prefix(b"author ") {
            let name = person.split(|byte| *byte == b'<').next().unwrap_or_default();
            commit.author = String::from_utf8_lossy(name).trim().to_owned();
            commit.authored = time(person);
        } else if let Some(person) = line.strip_prefix(b"committer ") {
            commit.committed = time(person);
            break;
        }
    }
    (!commit.tree.is_empty()).then_some(commit)
}

/// The object that a tag names.
#[must_use]
pub fn tag(bytes: &[u8], id_len: usize) -> Option<Vec<u8>> {
    let line = bytes.split(|byte| *byte == b'\n').next()?;
    unhex(line.strip_prefix(b"object ")?, id_len)
}

/// The time in `Name <address> 1700000000 +0100`.
fn time(person: &[u8]) -> i64 {
    let after = person.rsplit(|byte| *byte == b'>').next().unwrap_or_default();
    let text = std::str::from_utf8(after).unwrap_or_default();
    text.split_whitespace()
        .next()
        .and_then(|number| number.parse().ok())
        .unwrap_or_default()
}

/// Reads an id in hexadecimal of `len` bytes.
#[must_use]
pub fn unhex(text: &[u8], len: usize) -> Option<Vec<u8>> {
    if text.len() != len * 2 {
        return None;
    }
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    text.chunks_exact(2)
        .map(|pair| Some(digit(*pair.first()?)? << 4 | digit(*pair.get(1)?)?))
        .collect()
}

/// One entry of a tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TreeEntry<'a> {
    /// Kind and permissions.
    pub mode: u32,
    /// One part of a path: any bytes but zero.
    pub name: &'a [u8],
    /// The id of what it names.
    pub id: &'a [u8],
}

/// The entries of a tree. The last item is none when the tree is damaged.
pub fn tree(mut bytes: &[u8], id_len: usize) -> impl Iterator<Item = Option<TreeEntry<'_>>> {
    std::iter::from_fn(move || {
        if bytes.is_empty() {
            return None;
        }
        let entry = tree_entry(bytes, id_len);
        bytes = entry.map_or(&[], |(_, rest)| rest);
        Some(entry.map(|(entry, _)| entry))
    })
}

fn tree_entry(bytes: &[u8], id_len: usize) -> Option<(TreeEntry<'_>, &[u8])> {
    let space = bytes.iter().take(8).position(|byte| *byte == b' ')?;
    let mut mode = 0;
    for digit in bytes.get(..space)? {
        mode = mode << 3 | char::from(*digit).to_digit(8)?;
    }
    let rest = bytes.get(space + 1..)?;
    let end = memchr::memchr(0, rest)?;
    let name = rest.get(..end)?;
    let id = rest.get(end + 1..end + 1 + id_len)?;
    Some((TreeEntry { mode, name, id }, rest.get(end + 1 + id_len..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commits() {
        let text = "tree 0101010101010101010101010101010101010101\nparent 0202020202020202020202020202020202020202\n\
            author Ann Other <a@b> 1700000000 +0100\ncommitter C <c> 1700000001 +0000\ngpgsig x\n\nparent zz\n";
        let read = commit(text.as_bytes(), 20).unwrap();
        assert_eq!((read.tree, read.parents), (vec![1; 20], vec![vec![2; 20]]));
        assert_eq!(
            (read.author.as_str(), read.authored, read.committed),
            ("Ann Other", 1_700_000_000, 1_700_000_001)
        );
        for bad in [
            "",
            "tree zz\n",
            "tree 01\n",
            "parent 0202020202020202020202020202020202020202\n",
        ] {
            assert_eq!(commit(bad.as_bytes(), 20), None);
        }
    }

    #[test]
    fn trees() {
        let mut bytes = b"100644 a b\0".to_vec();
        bytes.extend([1; 20]);
        bytes.extend(b"40000 d\0");
        bytes.extend([2; 20]);
        let entries: Vec<_> = tree(&bytes, 20).map(Option::unwrap).collect();
        assert_eq!(
            entries[0],
            TreeEntry {
                mode: 0o100_644,
                name: b"a b",
                id: &[1; 20]
            }
        );
        assert_eq!(entries[1].mode, 0o40_000);
        for cut in 1..bytes.len() {
            assert!(
                tree(&bytes[..cut], 20).any(|entry| entry.is_none()) || cut == 31,
                "{cut}"
            );
        }
    }
}
