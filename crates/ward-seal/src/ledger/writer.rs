//! The one writer of a ledger: a thread that commits in groups.

use std::{
    fs::File,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
        mpsc::{Receiver, RecvTimeoutError},
    },
    time::Duration,
};

use super::{
    disk::Disk,
    folder::{self, Folder, segment_name},
    handle::{Committed, Options},
    record::{BATCH_BYTES, BATCH_ENTRIES, HEADER_LEN, Header, KIND_CHECKPOINT, KIND_CUT, KIND_ENTRY, push_record},
    recover,
};
use crate::{
    Error, ErrorKind,
    hash::sha256,
    merkle::{self, RightEdge},
    note::{SigningKey, checkpoint_text},
};

/// How long the `checkpoint` file may be behind, in milliseconds.
const CHECKPOINT_EVERY_MS: u64 = 1000;

pub(super) type Done = Box<dyn FnOnce(Result<Committed, Error>) + Send>;

pub(super) enum Message {
    Append(Vec<u8>, Done),
    Close,
}

/// What others may know of the writer.
#[derive(Debug, Clone, Default)]
pub(super) struct Status {
    pub(super) size: u64,
    pub(super) note: String,
    /// Why it appends no more.
    pub(super) poisoned: Option<Error>,
    /// Why the `checkpoint` file is behind.
    pub(super) behind: Option<Error>,
}

/// The value under a lock, also after a panic: every change of it is one assignment.
pub(super) fn locked(status: &Mutex<Status>) -> MutexGuard<'_, Status> {
    status.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What the writer's thread holds.
pub(super) struct Writer {
    dir: PathBuf,
    origin: String,
    pub(super) key: SigningKey,
    now: fn() -> u64,
    segment_bytes: u64,
    pub(super) tree: RightEdge,
    disk: Disk,
    segment: u64,
    /// Entries before the current segment.
    segment_first: u64,
    /// One past the last durable byte.
    end: u64,
    /// The last checkpoint.
    pub(super) note: String,
    /// When the `checkpoint` file was written last, or tried to be.
    written_ms: u64,
    /// Whether the `checkpoint` file is behind.
    behind: bool,
    poisoned: Option<Error>,
    buffer: Vec<u8>,
    /// Held as long as this writer lives.
    _lock: File,
    #[cfg(test)]
    faults: super::disk::Faults,
}

impl Writer {
    pub(super) fn open(
        dir: &Path,
        origin: &str,
        key: SigningKey,
        now: fn() -> u64,
        options: &Options,
        lock: File,
    ) -> Result<Self, Error> {
        let mut folder = Folder::list(dir)?;
        if folder.segments == 0 {
            recover::create(&folder, origin, &key)?;
            folder.segments = 1;
        }
        let found = recover::recover(&folder, origin, &key.public())?;
        let mut writer = Self {
            dir: dir.to_owned(),
            origin: origin.to_owned(),
            disk: Disk::open(
                &folder.segment_path(found.segment),
                #[cfg(test)]
                options.faults.clone(),
            )
            .map_err(|e| Error::io(&e, "cannot open the segment for writing").in_file(segment_name(found.segment)))?,
            now,
            key,
            segment_bytes: options.segment_bytes,
            segment: found.segment,
            segment_first: 0,
            end: found.end,
            tree: found.tree,
            note: found.note,
            written_ms: now(),
            behind: !found.current,
            poisoned: None,
            buffer: Vec::new(),
            _lock: lock,
            #[cfg(test)]
            faults: options.faults.clone(),
        };
        // Where the segment begins matters only for not making empty ones.
        if writer.end == HEADER_LEN as u64 {
            writer.segment_first = writer.tree.size();
        }
        let cuts: Vec<_> = found
            .cuts
            .iter()
            .map(|payload| (KIND_CUT, payload.as_slice()))
            .collect();
        for batch in cuts.chunks(BATCH_ENTRIES) {
            writer.commit(batch)?;
        }
        if writer.behind {
            writer.write_checkpoint()?;
        }
        Ok(writer)
    }

    pub(super) fn run(mut self, receiver: &Receiver<Message>, waiting: &AtomicUsize, status: &Mutex<Status>) {
        let mut open = true;
        let mut batch: Vec<(Vec<u8>, Done)> = Vec::new();
        while open {
            let mut next = if self.behind {
                match receiver.recv_timeout(Duration::from_millis(CHECKPOINT_EVERY_MS)) {
                    Ok(message) => Some(message),
                    Err(RecvTimeoutError::Timeout) => None,
                    Err(RecvTimeoutError::Disconnected) => Some(Message::Close),
                }
            } else {
                Some(receiver.recv().unwrap_or(Message::Close))
            };
            let idle = next.is_none();
            let mut bytes = 0;
            while let Some(message) = next.take() {
                match message {
                    Message::Close => open = false,
                    Message::Append(payload, done) => {
                        bytes += payload.len();
                        batch.push((payload, done));
                    }
                }
                if batch.len() < BATCH_ENTRIES && bytes < BATCH_BYTES {
                    next = receiver.try_recv().ok();
                }
            }
            self.answer(&mut batch, waiting, status);
            let now = (self.now)();
            let due = now < self.written_ms || now - self.written_ms >= CHECKPOINT_EVERY_MS;
            if self.behind && (due || idle || !open) {
                self.written_ms = now;
                let failed = self.write_checkpoint().err();
                locked(status).behind = failed;
            }
        }
    }

    /// Commits a batch and tells everybody in it.
    fn answer(&mut self, batch: &mut Vec<(Vec<u8>, Done)>, waiting: &AtomicUsize, status: &Mutex<Status>) {
        if batch.is_empty() {
            return;
        }
        let payloads: Vec<_> = batch
            .iter()
            .map(|(payload, _)| (KIND_ENTRY, payload.as_slice()))
            .collect();
        let result = self.commit(&payloads);
        waiting.fetch_sub(batch.len(), Ordering::Relaxed);
        {
            let mut status = locked(status);
            status.size = self.tree.size();
            status.note.clone_from(&self.note);
            status.poisoned.clone_from(&self.poisoned);
        }
        let answers: Vec<Result<Committed, Error>> = match result {
            Ok(committed) => committed.into_iter().map(Ok).collect(),
            Err(error) => vec![Err(error); batch.len()],
        };
        for ((_, done), answer) in batch.drain(..).zip(answers) {
            // A caller's panic is the caller's; the others still get their answers.
            let _panicked = catch_unwind(AssertUnwindSafe(|| done(answer)));
        }
    }

    /// Writes entries and a checkpoint over them, durably. After a failure the ledger is poisoned.
    fn commit(&mut self, batch: &[(u8, &[u8])]) -> Result<Vec<Committed>, Error> {
        if self.poisoned.is_some() {
            let what = "an earlier write to the ledger failed; it takes no entries until it is opened again";
            return Err(Error::new(ErrorKind::Poisoned, what));
        }
        let committed = self.try_commit(batch);
        if let Err(error) = &committed {
            // Best effort: what cannot be cut off now is set aside when the ledger is opened again.
            let _left_for_recovery = self.disk.cut(self.end);
            self.poisoned = Some(error.clone());
        }
        committed
    }

    fn try_commit(&mut self, batch: &[(u8, &[u8])]) -> Result<Vec<Committed>, Error> {
        if self.end >= self.segment_bytes && self.tree.size() > self.segment_first {
            self.rotate()?;
        }
        let unix_ms = (self.now)();
        let mut tree = self.tree.clone();
        let mut committed = Vec::with_capacity(batch.len());
        self.buffer.clear();
        for (kind, payload) in batch {
            let body_at = self.buffer.len() + super::record::FRAME_LEN;
            push_record(&mut self.buffer, &[&[*kind], &unix_ms.to_le_bytes(), payload])?;
            let leaf = merkle::leaf(self.buffer.get(body_at..).unwrap_or_default());
            committed.push(Committed {
                index: tree.size(),
                leaf,
                unix_ms,
            });
            tree.append(leaf);
        }
        let text = checkpoint_text(&self.origin, tree.size(), &tree.root());
        let note = self.key.sign_note(&self.origin, &text);
        push_record(&mut self.buffer, &[&[KIND_CHECKPOINT], note.as_bytes()])?;
        let failed = |e: std::io::Error, what| Error::io(&e, what).in_file(segment_name(self.segment)).at(self.end);
        self.disk
            .append(&self.buffer)
            .map_err(|e| failed(e, "cannot write to the ledger"))?;
        self.disk
            .sync()
            .map_err(|e| failed(e, "cannot make the ledger durable"))?;
        self.end += self.buffer.len() as u64;
        self.tree = tree;
        self.note = note;
        self.behind = true;
        if self.buffer.capacity() > 2 * BATCH_BYTES {
            self.buffer = Vec::new();
        }
        Ok(committed)
    }

    /// Begins the next segment: whole and durable before anything is appended to it.
    fn rotate(&mut self) -> Result<(), Error> {
        let number = self.segment + 1;
        let header = Header {
            origin: sha256(self.origin.as_bytes()),
            first: self.tree.size(),
            root: self.tree.root(),
        };
        folder::write(&self.dir, &segment_name(number), &header.to_bytes())?;
        self.disk = Disk::open(
            &self.dir.join(segment_name(number)),
            #[cfg(test)]
            self.faults.clone(),
        )
        .map_err(|e| Error::io(&e, "cannot open the segment for writing").in_file(segment_name(number)))?;
        (self.segment, self.segment_first, self.end) = (number, self.tree.size(), HEADER_LEN as u64);
        Ok(())
    }

    fn write_checkpoint(&mut self) -> Result<(), Error> {
        folder::write(&self.dir, folder::CHECKPOINT, self.note.as_bytes())?;
        self.behind = false;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Ledger, VerifyOptions, disk::Plan, entries, verify};
    use super::*;
    use crate::Secret32;

    fn open(dir: &Path, options: &Options) -> Ledger {
        let key = SigningKey::from_secret(&Secret32::new([1; 32]));
        Ledger::open_with(dir, "ward.test/faults", key, || 5, options).unwrap()
    }

    fn payloads(dir: &Path) -> Vec<Vec<u8>> {
        entries(dir).unwrap().map(|entry| entry.unwrap().payload).collect()
    }

    /// A ledger with two entries; the third append meets `plan`. Gives the payloads after reopening.
    fn check(plan: Plan, want: ErrorKind) -> Vec<Vec<u8>> {
        let temp = tempfile::tempdir().unwrap();
        let dir = temp.path().join("ledger");
        let options = Options::default();
        let ledger = open(&dir, &options);
        ledger.append_wait(b"one".to_vec()).unwrap();
        ledger.append_wait(b"two".to_vec()).unwrap();
        *options.faults.0.lock().unwrap() = plan;
        let error = ledger.append_wait(b"three".to_vec()).unwrap_err();
        assert_eq!((error.kind(), error.file()), (want, Some("segment-00000001.ledger")));
        // The disk works again, and the ledger still refuses.
        assert_eq!(
            ledger.append_wait(b"four".to_vec()).unwrap_err().kind(),
            ErrorKind::Poisoned
        );
        assert_eq!((ledger.failure().unwrap().kind(), ledger.size()), (want, 2));
        assert_eq!(ledger.close().unwrap_err().kind(), want);
        let ledger = open(&dir, &options);
        ledger.append_wait(b"five".to_vec()).unwrap();
        ledger.close().unwrap();
        assert!(verify(&dir, &VerifyOptions::default()).unwrap().ok());
        payloads(&dir)
    }

    #[test]
    fn a_full_disk_loses_nothing_that_was_answered_for() {
        for written in [0, 1, 7, 8, 9, 30, 100, 200] {
            let plan = Plan {
                write: Some(written),
                ..Plan::default()
            };
            assert_eq!(
                check(plan, ErrorKind::Full),
                [&b"one"[..], b"two", b"five"],
                "{written}"
            );
        }
    }

    #[test]
    fn a_full_disk_that_cannot_be_cut_back_is_set_aside_later() {
        for written in [1, 7, 8, 9, 30, 100, 200] {
            let plan = Plan {
                write: Some(written),
                cut: Some(0),
                ..Plan::default()
            };
            let found = check(plan, ErrorKind::Full);
            assert_eq!(
                (found.len(), found[1].as_slice(), found[3].as_slice()),
                (4, &b"two"[..], &b"five"[..])
            );
            assert!(found[2].starts_with(b"{\"file\":\"torn-"), "{written}");
        }
    }

    #[test]
    fn a_failed_flush_is_not_taken_for_a_good_one() {
        let plan = Plan {
            sync: Some(0),
            ..Plan::default()
        };
        assert_eq!(check(plan, ErrorKind::Io), [&b"one"[..], b"two", b"five"]);
        // When it cannot be cut off either, the refused batch is whole on disk: it may stay, refused or not.
        let plan = Plan {
            sync: Some(0),
            cut: Some(0),
            ..Plan::default()
        };
        assert_eq!(check(plan, ErrorKind::Io), [&b"one"[..], b"two", b"three", b"five"]);
    }

    #[test]
    fn every_append_of_a_failed_batch_is_told() {
        let temp = tempfile::tempdir().unwrap();
        let dir = temp.path().join("ledger");
        let options = Options::default();
        let ledger = open(&dir, &options);
        let (sender, receiver) = std::sync::mpsc::channel();
        *options.faults.0.lock().unwrap() = Plan {
            sync: Some(0),
            ..Plan::default()
        };
        for i in 0..100u8 {
            let sender = sender.clone();
            ledger.append(vec![i], move |done| sender.send(done.unwrap_err().kind()).unwrap());
        }
        drop(sender);
        let told: Vec<_> = receiver.iter().collect();
        assert_eq!((told.len(), told[0]), (100, ErrorKind::Io));
        assert!(
            told.iter()
                .all(|kind| matches!(kind, ErrorKind::Io | ErrorKind::Poisoned))
        );
        drop(ledger);
        assert!(payloads(&dir).is_empty());
    }

    /// A crash between setting bytes aside and recording it, and a second cut at the same place.
    #[test]
    fn an_interrupted_recovery_is_taken_up_again() {
        let temp = tempfile::tempdir().unwrap();
        let dir = temp.path().join("ledger");
        let options = Options::default();
        open(&dir, &options).close().unwrap();
        let segment = dir.join(segment_name(1));
        let whole = std::fs::read(&segment).unwrap();
        let at = whole.len();
        // The bytes are in both places: the crash came before the segment was cut.
        std::fs::write(&segment, [&whole[..], b"tail"].concat()).unwrap();
        std::fs::write(dir.join(format!("torn-00000001-{at}.bin")), b"tail").unwrap();
        let report = verify(&dir, &VerifyOptions::default()).unwrap();
        assert_eq!(report.problems.len(), 2);
        open(&dir, &options).close().unwrap();
        assert_eq!(verify(&dir, &VerifyOptions::default()).unwrap().cuts, 1);
        // The crash came after the cut, and other bytes were torn at the same place.
        std::fs::write(&segment, [&whole[..], b"other"].concat()).unwrap();
        folder::write(&dir, folder::CHECKPOINT, &whole[HEADER_LEN + 9..]).unwrap();
        open(&dir, &options).close().unwrap();
        let report = verify(&dir, &VerifyOptions::default()).unwrap();
        assert!(report.ok() && report.cuts == 2, "{:?}", report.problems);
        assert_eq!(
            std::fs::read(dir.join(format!("torn-00000001-{at}-2.bin"))).unwrap(),
            b"other"
        );
    }

    #[test]
    fn the_checkpoint_file_follows() {
        static CLOCK: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(1_000_000);
        let temp = tempfile::tempdir().unwrap();
        let dir = temp.path().join("ledger");
        let key = SigningKey::from_secret(&Secret32::new([1; 32]));
        let now = || CLOCK.load(Ordering::SeqCst);
        let ledger = Ledger::open(&dir, "ward.test/clock", key, now).unwrap();
        let wait_for = |wanted: &str| {
            while std::fs::read_to_string(dir.join(folder::CHECKPOINT)).unwrap() != wanted {
                std::thread::sleep(Duration::from_millis(5));
            }
        };
        ledger.append_wait(b"a".to_vec()).unwrap();
        // The clock stands still: an idle writer brings the file up to date all the same.
        wait_for(&ledger.checkpoint());
        // And a busy one does when the clock says so, or was set back.
        for time in [2_000_000, 1] {
            CLOCK.store(time, Ordering::SeqCst);
            ledger.append_wait(b"b".to_vec()).unwrap();
            wait_for(&ledger.checkpoint());
        }
        ledger.close().unwrap();
        let report = verify(&dir, &VerifyOptions::default()).unwrap();
        assert_eq!((report.ok(), report.clock_went_back), (true, 1));
        assert_eq!((report.first_unix_ms, report.last_unix_ms), (Some(1_000_000), Some(1)));
    }
}
