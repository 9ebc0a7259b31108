//! Opening: make a new ledger, or check everything of one that is there and then set aside what a crash left
//! unfinished.

use std::{
    collections::BTreeSet,
    fs::File,
    io::{Read, Seek, SeekFrom},
};

use serde::{Deserialize, Serialize};

use super::{
    folder::{self, Folder, segment_name},
    read::{Batch, Batches, Tail},
    record::{Header, KIND_CHECKPOINT, KIND_CUT, MAX_BATCH, push_record},
};
use crate::{
    Error, ErrorKind,
    hash::{hex, sha256},
    merkle::RightEdge,
    note::{Checkpoint, MAX_NOTE, PublicKey, SigningKey, checkpoint_text},
    store::private,
};

/// Largest torn file that is read, in bytes: nothing larger is ever cut off.
pub(super) const MAX_TORN: u64 = MAX_BATCH as u64 + 4096;

/// The payload of a cut entry, as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Cut {
    /// Where the bytes are now, in the ledger's folder.
    pub(super) file: String,
    /// How many.
    pub(super) bytes: u64,
    /// Their SHA-256 in hexadecimal.
    pub(super) sha256: String,
}

impl Cut {
    fn of(file: &str, bytes: &[u8]) -> Self {
        Self {
            file: file.to_owned(),
            bytes: bytes.len() as u64,
            sha256: hex(&sha256(bytes)),
        }
    }

    fn payload(&self) -> Result<Vec<u8>, Error> {
        serde_json::to_vec(self).map_err(|_| Error::new(ErrorKind::Bug, "a cut cannot be written as JSON"))
    }
}

/// A checked ledger, ready to be appended to.
#[derive(Debug)]
pub(super) struct Recovered {
    pub(super) tree: RightEdge,
    /// The number of the last segment.
    pub(super) segment: u64,
    /// Where its last whole batch ends.
    pub(super) end: u64,
    /// The last signed checkpoint.
    pub(super) note: String,
    /// Whether the `checkpoint` file already says the same.
    pub(super) current: bool,
    /// Payloads of the cut entries that are still to be appended.
    pub(super) cuts: Vec<Vec<u8>>,
}

/// Checks the whole ledger, and only then sets aside an unfinished end.
///
/// # Errors
/// [`ErrorKind::WrongKey`]; [`ErrorKind::Damaged`] with file and offset. Then nothing on disk was changed.
pub(super) fn recover(folder: &Folder, origin: &str, key: &PublicKey) -> Result<Recovered, Error> {
    let (name, public) = folder.read_key()?;
    if name != origin || public != *key {
        let what = "this ledger was written under another name or with another key";
        return Err(Error::new(ErrorKind::WrongKey, what).in_file(folder::KEY));
    }
    let in_checkpoint = |e: Error| e.in_file(folder::CHECKPOINT);
    let kept = folder.read_checkpoint()?;
    let known = Checkpoint::open(&kept, origin, key, false).map_err(in_checkpoint)?;

    let mut batches = Batches::new(folder.clone(), origin, false);
    let (mut batch, mut last, mut matched, mut recorded) = (Batch::default(), String::new(), false, BTreeSet::new());
    while batches.next(&mut batch)? {
        if batches.tree.size() == known.size {
            matched = batch.note == kept;
        }
        for (_, _, payload, _) in batch.entries().filter(|entry| entry.0 == KIND_CUT) {
            let cut: Cut = serde_json::from_slice(payload)
                .map_err(|_| Error::damaged("a cut entry cannot be read").in_file(segment_name(batch.segment)))?;
            recorded.insert(cut.file);
        }
        std::mem::swap(&mut last, &mut batch.note);
    }
    let (segment, end) = batches.position();
    if batches.tree.size() < known.size {
        let what = "the checkpoint file knows more entries than the segments hold; restore them from a backup";
        return Err(in_checkpoint(Error::damaged(what)));
    }
    if !matched {
        return Err(in_checkpoint(Error::damaged(
            "the segments hold other entries than the checkpoint file says",
        )));
    }
    let checked = Checkpoint::open(&last, origin, key, false);
    checked.map_err(|e| e.in_file(segment_name(segment)).at(batch.note_at))?;

    let mut cuts = Vec::new();
    for file in folder.torn.iter().filter(|file| !recorded.contains(*file)) {
        let bytes = private::read(&folder.path.join(file), MAX_TORN)?.unwrap_or_default();
        cuts.push(Cut::of(file, &bytes).payload()?);
    }
    if let Some(tail) = batches.tail {
        let (file, bytes) = set_aside(folder, origin, key, tail, batches.tree.size())?;
        if !folder.torn.contains(&file) {
            cuts.push(Cut::of(&file, &bytes).payload()?);
        }
    }
    Ok(Recovered {
        tree: batches.tree,
        segment,
        end,
        current: kept == last,
        note: last,
        cuts,
    })
}

/// Moves an unfinished end into a file of its own; gives the file's name and the bytes.
fn set_aside(
    folder: &Folder,
    origin: &str,
    key: &PublicKey,
    tail: Tail,
    size: u64,
) -> Result<(String, Vec<u8>), Error> {
    let refused = |what| Err(Error::damaged(what).in_file(segment_name(tail.segment)).at(tail.start));
    let cannot = |e: std::io::Error| Error::io(&e, "cannot read the segment").in_file(segment_name(tail.segment));
    if tail.len > MAX_BATCH as u64 {
        return refused("the end is no whole batch, and larger than an unfinished one can be");
    }
    let path = folder.segment_path(tail.segment);
    let mut bytes = Vec::new();
    let mut file = File::open(&path).map_err(cannot)?;
    file.seek(SeekFrom::Start(tail.start)).map_err(cannot)?;
    file.take(tail.len).read_to_end(&mut bytes).map_err(cannot)?;
    if holds_later_checkpoint(&bytes, origin, key, size) {
        return refused("a length is damaged: a whole signed checkpoint follows");
    }
    let stem = format!("torn-{:08}-{}", tail.segment, tail.start);
    let name = (1u32..)
        .map(|n| {
            if n == 1 {
                format!("{stem}.bin")
            } else {
                format!("{stem}-{n}.bin")
            }
        })
        .find(|name| {
            // A file of this name with these bytes is this cut, interrupted before the segment was shortened.
            !folder.torn.contains(name)
                || private::read(&folder.path.join(name), MAX_TORN)
                    .ok()
                    .flatten()
                    .is_some_and(|old| old == bytes)
        })
        .unwrap_or(stem);
    folder::write(&folder.path, &name, &bytes)?;
    let file = File::options().write(true).open(&path).map_err(cannot)?;
    file.set_len(tail.start)
        .and_then(|()| file.sync_all())
        .map_err(cannot)?;
    Ok((name, bytes))
}

/// Whether the bytes hold a checkpoint of more entries than `size`, signed by the ledger's key: then they were
/// answered for, whatever their lengths say. A payload cannot feign one without the key. The signature is
/// looked at only behind the kind byte and the origin, so the search is linear.
fn holds_later_checkpoint(bytes: &[u8], origin: &str, key: &PublicKey, size: u64) -> bool {
    let mut wanted = vec![KIND_CHECKPOINT];
    wanted.extend_from_slice(origin.as_bytes());
    wanted.push(b'\n');
    bytes
        .windows(wanted.len())
        .enumerate()
        .filter(|(_, window)| *window == wanted.as_slice())
        .any(|(at, _)| {
            let rest = bytes.get(at + 1..).unwrap_or_default();
            let note = rest.get(..rest.len().min(MAX_NOTE)).unwrap_or_default();
            // Origin, size, root, empty line, signature: five lines.
            let end = note
                .iter()
                .enumerate()
                .filter(|(_, b)| **b == b'\n')
                .nth(4)
                .map(|(end, _)| end);
            let note = end
                .and_then(|end| note.get(..=end))
                .and_then(|note| std::str::from_utf8(note).ok());
            note.and_then(|note| Checkpoint::open(note, origin, key, false).ok())
                .is_some_and(|c| c.size > size)
        })
}

/// Makes a new ledger: key, checkpoint over nothing, first segment, in this order, so that a crash in between
/// leaves what the next attempt recognises as no ledger yet.
pub(super) fn create(folder: &Folder, origin: &str, key: &SigningKey) -> Result<(), Error> {
    let gone = || Error::damaged("the ledger's segments are gone; restore them from a backup").in_file(segment_name(1));
    let public = key.public();
    let note = key.sign_note(origin, &checkpoint_text(origin, 0, &RightEdge::new().root()));
    if private::read(&folder.path.join(folder::KEY), 4096)?.is_some()
        && folder.read_key()? != (origin.to_owned(), public)
    {
        return Err(
            Error::new(ErrorKind::WrongKey, "another key stands where this ledger's should be").in_file(folder::KEY),
        );
    }
    if private::read(&folder.path.join(folder::CHECKPOINT), 1 << 20)?.is_some() {
        let kept = Checkpoint::open(&folder.read_checkpoint()?, origin, &public, false);
        if kept.map_err(|e| e.in_file(folder::CHECKPOINT))?.size != 0 {
            return Err(gone());
        }
    }
    if !folder.torn.is_empty() {
        return Err(gone());
    }
    folder::write(
        &folder.path,
        folder::KEY,
        format!("{}\n", public.verifier_key(origin)).as_bytes(),
    )?;
    folder::write(&folder.path, folder::CHECKPOINT, note.as_bytes())?;
    let header = Header {
        origin: sha256(origin.as_bytes()),
        first: 0,
        root: RightEdge::new().root(),
    };
    let mut segment = header.to_bytes();
    push_record(&mut segment, &[&[KIND_CHECKPOINT], note.as_bytes()])?;
    folder::write(&folder.path, &segment_name(1), &segment)
}
