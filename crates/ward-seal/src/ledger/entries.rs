//! The entries of a ledger, one after the other.

use std::{collections::VecDeque, path::Path};

use super::{
    folder::Folder,
    read::{Batch, Batches},
    record::KIND_CUT,
};
use crate::{Error, merkle::Hash};

/// What an entry is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EntryKind {
    /// The application's.
    Application,
    /// The ledger's own: bytes that a crash left unfinished were cut off. The payload is JSON.
    Cut,
}

/// An entry of a ledger.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its place, from 0.
    pub index: u64,
    /// When it was written, milliseconds since 1970 UTC, by the clock of the writer.
    pub unix_ms: u64,
    /// Whose it is.
    pub kind: EntryKind,
    /// What was appended.
    pub payload: Vec<u8>,
    /// Its leaf hash in the tree.
    pub leaf: Hash,
}

impl std::fmt::Debug for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut out = f.debug_struct("Entry");
        out.field("index", &self.index)
            .field("unix_ms", &self.unix_ms)
            .field("kind", &self.kind);
        out.field("bytes", &self.payload.len()).finish_non_exhaustive()
    }
}

/// The entries of a ledger in order. Made by [`entries`].
pub struct Entries {
    batches: Batches,
    batch: Batch,
    waiting: VecDeque<Entry>,
    done: bool,
}

impl Iterator for Entries {
    type Item = Result<Entry, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(entry) = self.waiting.pop_front() {
                return Some(Ok(entry));
            }
            if self.done {
                return None;
            }
            match self.batches.next(&mut self.batch) {
                Ok(false) => self.done = true,
                Err(error) => {
                    self.done = true;
                    return Some(Err(error));
                }
                Ok(true) => {
                    let numbered = (self.batch.first..).zip(self.batch.entries());
                    self.waiting
                        .extend(numbered.map(|(index, (kind, unix_ms, payload, leaf))| Entry {
                            index,
                            unix_ms,
                            kind: if kind == KIND_CUT {
                                EntryKind::Cut
                            } else {
                                EntryKind::Application
                            },
                            payload: payload.to_vec(),
                            leaf,
                        }));
                }
            }
        }
    }
}

/// Every entry that is under a checkpoint, in order, also while the ledger is being written. Checksums and
/// roots are checked on the way, signatures are not: that is [`super::verify`]'s. After an error there
/// is nothing more.
///
/// # Errors
/// When there is no ledger, or its `key.pub` cannot be read.
pub fn entries(dir: &Path) -> Result<Entries, Error> {
    let folder = Folder::list(dir)?;
    let (origin, _) = folder.read_key()?;
    Ok(Entries {
        batches: Batches::new(folder, &origin, true),
        batch: Batch::default(),
        waiting: VecDeque::new(),
        done: false,
    })
}
