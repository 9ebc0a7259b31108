//! Holding a ledger, or a copy of one, against its signatures, its hashes, and what was kept elsewhere.

use std::{fs, path::Path, thread};

use super::{
    folder::{self, Folder, segment_name},
    read::{Batch, Batches},
    record::KIND_CUT,
    recover::{Cut, MAX_TORN},
};
use crate::{
    Error, ErrorKind,
    hash::{hex, sha256},
    merkle::Hash,
    note::{Checkpoint, PublicKey},
    store::private,
};

/// Signatures checked together.
const SIGNATURES: usize = 4096;

/// What a ledger is held against besides itself.
#[derive(Debug, Clone, Default)]
pub struct VerifyOptions {
    /// Checkpoints that were kept elsewhere: the ledger must still begin with what they signed. Signatures of
    /// witnesses on them are not checked.
    pub checkpoints: Vec<String>,
    /// The key that was kept elsewhere: a verifier key, or the 64 hexadecimal digits of its fingerprint. Without
    /// it the ledger proves itself only under the key that lies in its own folder.
    pub key: Option<String>,
}

/// Something that is not as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file in the ledger's folder, if it is about one.
    pub file: Option<String>,
    /// The byte of that file, if it is about one.
    pub offset: Option<u64>,
    /// What is wrong.
    pub what: &'static str,
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self {
            file: error.file().map(str::to_owned),
            offset: error.offset(),
            what: error.what(),
        }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (&self.file, self.offset) {
            (Some(file), Some(offset)) => write!(f, "{file} at byte {offset}: {}", self.what),
            (Some(file), None) => write!(f, "{file}: {}", self.what),
            _ => f.write_str(self.what),
        }
    }
}

/// What verifying found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// The ledger's name.
    pub origin: String,
    /// Entries under a checkpoint whose hashes hold.
    pub entries: u64,
    /// The root over them.
    pub root: Hash,
    /// Checkpoints in the segments whose signatures hold.
    pub checkpoints: u64,
    /// Kept checkpoints that were found again.
    pub kept_checkpoints: u64,
    /// Segments read.
    pub segments: u64,
    /// Bytes of segments read.
    pub bytes: u64,
    /// The verifier key in the folder.
    pub signer: String,
    /// Its signed-note key id, eight hexadecimal digits.
    pub key_id: String,
    /// SHA-256 of the public key, to be compared with the one kept elsewhere.
    pub fingerprint: String,
    /// True when the key was held against one kept elsewhere. When false, say so: the ledger is signed by
    /// the key in its own folder, which whoever replaced the ledger could have replaced too.
    pub key_was_known: bool,
    /// Time of the first entry.
    pub first_unix_ms: Option<u64>,
    /// Time of the last entry.
    pub last_unix_ms: Option<u64>,
    /// How often an entry's time is before that of the entry before it: a clock that was set back.
    pub clock_went_back: u64,
    /// Cuts that recovery recorded, all with their bytes still there.
    pub cuts: u64,
    /// The last signed checkpoint, to be kept elsewhere.
    pub checkpoint: String,
    /// What is wrong. Reading ends at the first damage of a segment, so entries after it are not counted.
    pub problems: Vec<Problem>,
}

impl Report {
    /// True when nothing is wrong.
    #[must_use]
    pub fn ok(&self) -> bool {
        self.problems.is_empty()
    }

    fn problem(&mut self, file: &str, offset: Option<u64>, what: &'static str) {
        self.problems.push(Problem {
            file: Some(file.to_owned()),
            offset,
            what,
        });
    }
}

/// Verifies the ledger in `dir`, or a copy of it. Needs no secret, changes nothing, and works while the ledger
/// is being written. Every file in the folder is covered.
///
/// # Errors
/// [`ErrorKind::Missing`] when there is no folder, [`ErrorKind::Argument`] for an option out of form, and what the
/// system says. Damage is not an error: it is in the report.
pub fn verify(dir: &Path, options: &VerifyOptions) -> Result<Report, Error> {
    let mut report = Report::default();
    match run(dir, options, &mut report) {
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::Damaged | ErrorKind::NewerFormat | ErrorKind::TooLarge
            ) =>
        {
            report.problems.push(error.into());
        }
        other => other?,
    }
    Ok(report)
}

fn run(dir: &Path, options: &VerifyOptions, report: &mut Report) -> Result<(), Error> {
    // Listed for the key and the checkpoint; listed again after the checkpoint was read, since a writer may
    // begin a segment in between.
    let folder = Folder::list(dir)?;
    let (origin, key) = folder.read_key()?;
    report.signer = key.verifier_key(&origin);
    report.key_id = hex(&key.key_id(&origin));
    report.fingerprint = key.fingerprint();
    report.origin.clone_from(&origin);
    if let Some(kept) = &options.key {
        report.key_was_known = true;
        if !is_key(kept, &origin, &key)? {
            report.problem(folder::KEY, None, "the key in the folder is not the one that was kept");
        }
    }
    let file = folder.read_checkpoint()?;
    let mut known = Checkpoint::open(&file, &origin, &key, false)
        .map_err(|e| e.in_file(folder::CHECKPOINT))
        .map(Some);
    if let Err(error) = known {
        report.problems.push(error.into());
        known = Ok(None);
    }
    let known = known.ok().flatten();
    let mut kept = Vec::new();
    for note in &options.checkpoints {
        match Checkpoint::open(note, &origin, &key, true) {
            Ok(checkpoint) => kept.push(checkpoint),
            Err(_) => report.problems.push(Problem {
                file: None,
                offset: None,
                what: "a kept checkpoint is not signed by the key in the folder",
            }),
        }
    }

    let folder = Folder::list(dir)?;
    report.segments = folder.segments;
    for name in &folder.unknown {
        report.problem(name, None, "this file does not belong to the ledger");
    }
    if fs::symlink_metadata(dir.join(folder::LOCK)).is_ok_and(|meta| meta.len() > 0) {
        report.problem(folder::LOCK, None, "this file must be empty");
    }
    let mut batches = Batches::new(folder.clone(), &origin, true);
    batches.watched = kept.iter().map(|checkpoint| (checkpoint.size, None)).collect();
    let mut seen = Seen::default();
    let read = seen.read(&mut batches, &key, &origin, known.as_ref().map(|k| k.size), report);
    report.entries = batches.tree.size();
    report.root = batches.tree.root();
    report.bytes = batches.bytes + batches.position().1;
    read?;
    if batches.batches == 0 {
        report.problem(&segment_name(1), None, "there is no checkpoint at all");
    }
    if let Some(tail) = batches.tail {
        let what = "the bytes from here on are no whole batch: a crash, or a change; opening the ledger tells";
        report.problem(&segment_name(tail.segment), Some(tail.start), what);
    }
    if let Some(known) = known {
        if known.size > batches.tree.size() {
            report.problem(
                folder::CHECKPOINT,
                None,
                "the checkpoint knows more entries than the segments hold",
            );
        } else if seen.at_known.as_deref() != Some(file.as_str()) {
            report.problem(folder::CHECKPOINT, None, "the checkpoint is not one of the segments'");
        }
    }
    for checkpoint in kept {
        if batches.watched.get(&checkpoint.size).copied().flatten() == Some(checkpoint.root) {
            report.kept_checkpoints += 1;
        } else {
            report.problems.push(Problem {
                file: None,
                offset: None,
                what: "the ledger does not begin with what a kept checkpoint signed: it was cut back or rewritten",
            });
        }
    }
    check_torn(&folder, &seen.cuts, report)
}

/// Whether `kept` is this key: a verifier key or a fingerprint.
fn is_key(kept: &str, origin: &str, key: &PublicKey) -> Result<bool, Error> {
    let kept = kept.trim();
    if kept.len() == 64 && kept.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Ok(kept.eq_ignore_ascii_case(&key.fingerprint()));
    }
    let (name, other) = PublicKey::parse_verifier_key(kept).ok_or_else(|| {
        Error::new(
            ErrorKind::Argument,
            "a key is a verifier key (name+id+base64) or its 64-digit fingerprint",
        )
    })?;
    Ok(name == origin && other == *key)
}

/// What reading all batches gathers.
#[derive(Default)]
struct Seen {
    /// The note at the size that the `checkpoint` file names.
    at_known: Option<String>,
    cuts: Vec<Cut>,
    pending: Vec<(String, u64, u64)>,
}

impl Seen {
    fn read(
        &mut self,
        batches: &mut Batches,
        key: &PublicKey,
        origin: &str,
        known: Option<u64>,
        report: &mut Report,
    ) -> Result<(), Error> {
        let mut batch = Batch::default();
        loop {
            let more = batches.next(&mut batch);
            if !matches!(more, Ok(true)) || self.pending.len() >= SIGNATURES {
                self.check_signatures(key, origin, report);
            }
            if !more? {
                return Ok(());
            }
            if known == Some(batches.tree.size()) {
                self.at_known = Some(batch.note.clone());
            }
            for (kind, time, payload, _) in batch.entries() {
                report.first_unix_ms.get_or_insert(time);
                report.clock_went_back += u64::from(report.last_unix_ms.is_some_and(|last| time < last));
                report.last_unix_ms = Some(time);
                if kind == KIND_CUT {
                    match serde_json::from_slice(payload) {
                        Ok(cut) => self.cuts.push(cut),
                        Err(_) => report.problem(&segment_name(batch.segment), None, "a cut entry cannot be read"),
                    }
                }
            }
            report.checkpoint.clone_from(&batch.note);
            self.pending
                .push((std::mem::take(&mut batch.note), batch.segment, batch.note_at));
        }
    }

    /// Checks the signatures gathered so far, on every core.
    fn check_signatures(&mut self, key: &PublicKey, origin: &str, report: &mut Report) {
        let check = |notes: &[(String, u64, u64)]| -> Vec<usize> {
            let bad = notes
                .iter()
                .enumerate()
                .filter(|(_, note)| key.open_note(origin, &note.0, false).is_none());
            bad.map(|(place, _)| place).collect()
        };
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let share = self.pending.len().div_ceil(cores).max(64);
        let bad: Vec<usize> = thread::scope(|scope| {
            let chunks: Vec<_> = self.pending.chunks(share).collect();
            let threads: Vec<_> = chunks.iter().map(|chunk| scope.spawn(|| check(chunk))).collect();
            let results = threads
                .into_iter()
                .zip(&chunks)
                .enumerate()
                .map(|(n, (thread, chunk))| {
                    // A check cannot panic; if it did, nothing of its share is taken as checked.
                    let bad = thread.join().unwrap_or_else(|_| (0..chunk.len()).collect());
                    bad.into_iter().map(move |place| n * share + place).collect::<Vec<_>>()
                });
            results.flatten().collect()
        });
        report.checkpoints += (self.pending.len() - bad.len()) as u64;
        for (_, segment, offset) in bad.iter().filter_map(|place| self.pending.get(*place)) {
            report.problem(
                &segment_name(*segment),
                Some(*offset),
                "the checkpoint's signature is wrong",
            );
        }
        self.pending.clear();
    }
}

/// Holds the torn files against the entries that recorded them, both ways.
fn check_torn(folder: &Folder, cuts: &[Cut], report: &mut Report) -> Result<(), Error> {
    for cut in cuts {
        let bytes = match folder.torn.contains(&cut.file) {
            true => private::read(&folder.path.join(&cut.file), MAX_TORN)?,
            false => None,
        };
        match bytes {
            Some(bytes) if bytes.len() as u64 == cut.bytes && hex(&sha256(&bytes)) == cut.sha256 => report.cuts += 1,
            Some(_) => report.problem(&cut.file, None, "these are not the bytes that were cut off"),
            None => report.problem(&cut.file, None, "the bytes that were cut off are gone"),
        }
    }
    for name in &folder.torn {
        if !cuts.iter().any(|cut| cut.file == *name) {
            report.problem(name, None, "no entry records this cut; opening the ledger does");
        }
    }
    Ok(())
}
