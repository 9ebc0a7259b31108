//! Proofs out of a ledger, and checking them without one.

use std::path::Path;

use data_encoding::BASE64;

use super::{
    folder::Folder,
    read::{Batch, Batches},
};
use crate::{
    Error, ErrorKind,
    merkle::{self, Hash, ProofMaker, RightEdge},
    note::{Checkpoint, PublicKey},
};

/// First line of a proof as text.
const PROOF_MAGIC: &str = "c2sp.org/tlog-proof@v1";

/// That an entry is in a ledger: its leaf, the path to the root, and the signed checkpoint over that root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InclusionProof {
    /// The entry's place, from 0.
    pub index: u64,
    /// Entries under the checkpoint.
    pub size: u64,
    /// The entry's leaf hash.
    pub leaf: Hash,
    /// Sibling hashes from the leaf up (RFC 6962, section 2.1.1).
    pub path: Vec<Hash>,
    /// The signed checkpoint of `size` entries.
    pub checkpoint: String,
}

impl InclusionProof {
    /// The proof as text that other tools read: C2SP tlog-proof, version 1. The leaf is not in it; who checks
    /// makes it from the entry.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = format!("{PROOF_MAGIC}\nindex {}\n", self.index);
        for hash in &self.path {
            text.push_str(&BASE64.encode(hash));
            text.push('\n');
        }
        text.push('\n');
        text.push_str(&self.checkpoint);
        text
    }

    /// Reads such a text, as a proof for an entry with this leaf hash. An `extra` line is passed over: it is not
    /// authenticated. Nothing is checked yet: that is [`check_inclusion`]'s.
    ///
    /// # Errors
    /// [`ErrorKind::Argument`] when it is no such text.
    pub fn parse(text: &str, leaf: Hash) -> Result<Self, Error> {
        let read = || -> Option<Self> {
            let (proof, checkpoint) = text.split_once("\n\n")?;
            let mut lines = proof.split('\n').peekable();
            lines.next().filter(|line| *line == PROOF_MAGIC)?;
            lines.next_if(|line| line.starts_with("extra "));
            let number = lines.next()?.strip_prefix("index ")?;
            let index: u64 = number.parse().ok()?;
            // A tree of 2^64 leaves has paths of 64 hashes.
            let path: Option<Vec<Hash>> = lines
                .map(|line| BASE64.decode(line.as_bytes()).ok()?.try_into().ok())
                .take(65)
                .collect();
            let path = path.filter(|path| path.len() <= 64 && index.to_string() == number)?;
            let size = checkpoint.split('\n').nth(1)?.parse().ok()?;
            Some(Self {
                index,
                size,
                leaf,
                path,
                checkpoint: checkpoint.to_owned(),
            })
        };
        read().ok_or_else(|| {
            Error::new(
                ErrorKind::Argument,
                "this is no inclusion proof (C2SP tlog-proof, version 1)",
            )
        })
    }
}

/// That the ledger of `new` entries begins with the ledger of `old` entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsistencyProof {
    /// Entries before.
    pub old: u64,
    /// Entries after.
    pub new: u64,
    /// Root over the first `old` entries.
    pub old_root: Hash,
    /// Root over the first `new` entries.
    pub new_root: Hash,
    /// The hashes of RFC 6962, section 2.1.2.
    pub path: Vec<Hash>,
}

/// Reads everything once; gives the size and the last checkpoint. `take` sees each leaf.
fn pass(dir: &Path, limit: u64, mut take: impl FnMut(Hash)) -> Result<(u64, String), Error> {
    let folder = Folder::list(dir)?;
    let (origin, key) = folder.read_key()?;
    let mut batches = Batches::new(folder, &origin, true);
    let (mut batch, mut note) = (Batch::default(), String::new());
    while batches.tree.size() < limit && batches.next(&mut batch)? {
        batch.leaves.iter().for_each(|leaf| take(*leaf));
        std::mem::swap(&mut note, &mut batch.note);
    }
    if batches.batches > 0 {
        Checkpoint::open(&note, &origin, &key, false)?;
    }
    Ok((batches.tree.size(), note))
}

/// Proves that entry `index` is in the ledger in `dir`, against its last checkpoint. Reads the ledger twice, in
/// constant memory; it may be in use.
///
/// # Errors
/// [`ErrorKind::Missing`] when there is no such entry or no ledger; [`ErrorKind::Damaged`].
pub fn prove(dir: &Path, index: u64) -> Result<InclusionProof, Error> {
    let (size, checkpoint) = pass(dir, u64::MAX, |_| {})?;
    let ranges = merkle::inclusion_ranges(index, size);
    let ranges = ranges.ok_or_else(|| Error::new(ErrorKind::Missing, "the ledger has no entry of this index"))?;
    let (mut maker, mut next, mut leaf) = (ProofMaker::new(ranges), 0, None);
    pass(dir, size, |hash| {
        if next == index {
            leaf = Some(hash);
        }
        // The pass ends with a whole batch, which may reach beyond `size` in a ledger in use.
        if next < size {
            maker.push(hash);
        }
        next += 1;
    })?;
    let changed = || Error::damaged("the ledger changed while it was read");
    let proof = InclusionProof {
        index,
        size,
        leaf: leaf.ok_or_else(changed)?,
        path: maker.finish().ok_or_else(changed)?,
        checkpoint,
    };
    Ok(proof)
}

/// Proves that the first `old` entries are the beginning of the first `new`. Any sizes up to the ledger's.
///
/// # Errors
/// [`ErrorKind::Argument`] when `old` is more than `new`; [`ErrorKind::Missing`] when the ledger has fewer than
/// `new` entries; [`ErrorKind::Damaged`].
pub fn prove_consistency(dir: &Path, old: u64, new: u64) -> Result<ConsistencyProof, Error> {
    let ranges = merkle::consistency_ranges(old, new);
    let ranges = ranges.ok_or_else(|| Error::new(ErrorKind::Argument, "the old size is larger than the new"))?;
    let (mut maker, mut tree) = (ProofMaker::new(ranges), RightEdge::new());
    let (mut old_root, mut new_root) = (tree.root(), tree.root());
    pass(dir, new, |leaf| {
        if tree.size() < new {
            maker.push(leaf);
            tree.append(leaf);
            if tree.size() == old {
                old_root = tree.root();
            }
            if tree.size() == new {
                new_root = tree.root();
            }
        }
    })?;
    let path = maker.finish().filter(|_| tree.size() == new);
    let path = path.ok_or_else(|| Error::new(ErrorKind::Missing, "the ledger has fewer entries than the new size"))?;
    Ok(ConsistencyProof {
        old,
        new,
        old_root,
        new_root,
        path,
    })
}

/// Whether the proof shows that an entry with this leaf hash is in the ledger `origin` of this key. Needs no
/// ledger: only the proof, the key that was kept, and the entry's own leaf hash ([`super::entry_leaf`]).
#[must_use]
pub fn check_inclusion(proof: &InclusionProof, leaf: &Hash, origin: &str, key: &PublicKey) -> bool {
    let Ok(checkpoint) = Checkpoint::open(&proof.checkpoint, origin, key, true) else {
        return false;
    };
    proof.leaf == *leaf
        && proof.size == checkpoint.size
        && merkle::check_inclusion(leaf, proof.index, proof.size, &proof.path, &checkpoint.root)
}

/// Whether the proof shows that the ledger of the later checkpoint begins with that of the earlier.
#[must_use]
pub fn check_consistency(proof: &ConsistencyProof, earlier: &Checkpoint, later: &Checkpoint) -> bool {
    earlier.origin == later.origin
        && (proof.old, proof.new) == (earlier.size, later.size)
        && (proof.old_root, proof.new_root) == (earlier.root, later.root)
        && merkle::check_consistency(proof.old, proof.new, &earlier.root, &later.root, &proof.path)
}
