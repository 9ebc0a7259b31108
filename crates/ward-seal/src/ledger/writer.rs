//! The one writer of a ledger: a thread that commits in groups.

use std::{
    fs::File,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
        mpsc::{self, Receiver, RecvTimeoutError, Sender},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use super::{
    disk::Disk,
    folder::{self, Folder, segment_name},
    record::{
        BATCH_BYTES, BATCH_ENTRIES, HEADER_LEN, Header, KIND_CHECKPOINT, KIND_CUT, KIND_ENTRY, MAX_PAYLOAD, push_record,
    },
    recover,
};
use crate::{
    Error, ErrorKind,
    hash::sha256,
    merkle::{self, Hash, RightEdge},
    note::{Checkpoint, SigningKey, checkpoint_text, origin_is_valid},
    store::private,
};

/// Most appends that may wait to be written.
const MAX_WAITING: usize = 65_536;
/// How long the `checkpoint` file may be behind, in milliseconds.
const CHECKPOINT_EVERY_MS: u64 = 1000;

/// How a ledger is opened.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Options {
    /// A segment with this many bytes takes no further batch.
    pub segment_bytes: u64,
    /// How long to wait for another process to close the ledger.
    pub wait: Duration,
    #[cfg(test)]
    pub(super) faults: super::disk::Faults,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            segment_bytes: 64 * 1024 * 1024,
            wait: Duration::ZERO,
            #[cfg(test)]
            faults: super::disk::Faults::default(),
        }
    }
}

/// An entry that is on disk for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Committed {
    /// Its place in the ledger, from 0.
    pub index: u64,
    /// Its leaf hash.
    pub leaf: Hash,
    /// The time written with it, milliseconds since 1970 UTC.
    pub unix_ms: u64,
}

type Done = Box<dyn FnOnce(Result<Committed, Error>) + Send>;

enum Message {
    Append(Vec<u8>, Done),
    Close,
}

/// What others may know of the writer.
#[derive(Debug, Clone, Default)]
struct Status {
    size: u64,
    note: String,
    /// Why it appends no more.
    poisoned: Option<Error>,
    /// Why the `checkpoint` file is behind.
    behind: Option<Error>,
}

/// A ledger open for appending. Every method may be called from any thread.
#[derive(Debug)]
pub struct Ledger {
    sender: Sender<Message>,
    thread: Option<JoinHandle<()>>,
    waiting: Arc<AtomicUsize>,
    status: Arc<Mutex<Status>>,
    verifier_key: String,
}

impl Ledger {
    /// Opens the ledger in `dir`, or makes it. `origin` names it in its checkpoints, for example
    /// `ward.hospital.example/serve`; `now` gives milliseconds since 1970 UTC. All that is on disk is checked
    /// first, except the signatures of checkpoints before the last.
    ///
    /// # Errors
    /// [`ErrorKind::InUse`] when another process has it open; [`ErrorKind::Damaged`], [`ErrorKind::WrongKey`] and
    /// [`ErrorKind::NewerFormat`] when it is not as this key left it, with file and offset, and nothing changed on
    /// disk; [`ErrorKind::Argument`] for an origin out of form; and what the system says.
    pub fn open(dir: &Path, origin: &str, key: SigningKey, now: fn() -> u64) -> Result<Self, Error> {
        Self::open_with(dir, origin, key, now, &Options::default())
    }

    /// [`Self::open`] that waits up to `wait` for another process to close the ledger.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_waiting(
        dir: &Path,
        origin: &str,
        key: SigningKey,
        now: fn() -> u64,
        wait: Duration,
    ) -> Result<Self, Error> {
        let options = Options {
            wait,
            ..Options::default()
        };
        Self::open_with(dir, origin, key, now, &options)
    }

    /// [`Self::open`] with options.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_with(
        dir: &Path,
        origin: &str,
        key: SigningKey,
        now: fn() -> u64,
        options: &Options,
    ) -> Result<Self, Error> {
        if !origin_is_valid(origin) {
            let what = "a ledger's origin is 1 to 200 visible ASCII characters without `+`";
            return Err(Error::new(ErrorKind::Argument, what));
        }
        private::create_folder(dir)?;
        let meta = std::fs::metadata(dir).map_err(|e| Error::io(&e, "cannot look at the ledger's folder"))?;
        private::refuse_exposed(&meta)?;
        let lock = folder::lock(dir, options.wait)?;
        let writer = Writer::open(dir, origin, key, now, options, lock)?;
        let verifier_key = writer.key.public().verifier_key(origin);
        let status = Arc::new(Mutex::new(Status {
            size: writer.tree.size(),
            note: writer.note.clone(),
            ..Status::default()
        }));
        let waiting = Arc::new(AtomicUsize::new(0));
        let (sender, receiver) = mpsc::channel();
        let (their_status, their_waiting) = (Arc::clone(&status), Arc::clone(&waiting));
        let thread = thread::Builder::new()
            .name("ward-ledger".to_owned())
            .spawn(move || writer.run(&receiver, &their_waiting, &their_status))
            .map_err(|e| Error::io(&e, "cannot start the ledger's thread"))?;
        Ok(Self {
            sender,
            thread: Some(thread),
            waiting,
            status,
            verifier_key,
        })
    }

    /// Appends an entry. `done` is called once: with the entry's place after it is durable, or with why it
    /// is not. It is called on the writer's thread, or at once on this one when the entry cannot even be
    /// queued; it should be short, and must not wait for this ledger.
    pub fn append(&self, payload: Vec<u8>, done: impl FnOnce(Result<Committed, Error>) + Send + 'static) {
        if payload.len() > MAX_PAYLOAD {
            return done(Err(Error::new(ErrorKind::TooLarge, "a ledger entry may have 1 MiB")));
        }
        if self.waiting.fetch_add(1, Ordering::Relaxed) >= MAX_WAITING {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            return done(Err(Error::new(
                ErrorKind::Overloaded,
                "too many entries wait for the disk",
            )));
        }
        if let Err(mpsc::SendError(Message::Append(_, done))) =
            self.sender.send(Message::Append(payload, Box::new(done)))
        {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            done(Err(Error::new(ErrorKind::Closed, "the ledger's writer has ended")));
        }
    }

    /// Appends an entry and waits until it is durable. Not to be called from `done` of [`Self::append`].
    ///
    /// # Errors
    /// Why it is not durable: [`ErrorKind::TooLarge`], [`ErrorKind::Overloaded`], [`ErrorKind::Poisoned`] after an
    /// earlier failure, or what the system says.
    pub fn append_wait(&self, payload: Vec<u8>) -> Result<Committed, Error> {
        if self.on_writer_thread() {
            return Err(Error::new(
                ErrorKind::Argument,
                "the ledger's own thread cannot wait for the ledger",
            ));
        }
        let (sender, receiver) = mpsc::sync_channel(1);
        self.append(payload, move |result| {
            let _nobody_waits = sender.send(result);
        });
        receiver
            .recv()
            .unwrap_or_else(|_| Err(Error::new(ErrorKind::Closed, "the ledger's writer has ended")))
    }

    /// The latest signed checkpoint.
    #[must_use]
    pub fn checkpoint(&self) -> String {
        locked(&self.status).note.clone()
    }

    /// Durable entries.
    #[must_use]
    pub fn size(&self) -> u64 {
        locked(&self.status).size
    }

    /// The public key as a verifier key, to be kept elsewhere.
    #[must_use]
    pub fn verifier_key(&self) -> &str {
        &self.verifier_key
    }

    /// Why the ledger appends no more, if so. Open it again.
    #[must_use]
    pub fn failure(&self) -> Option<Error> {
        locked(&self.status).poisoned.clone()
    }

    /// Writes what waits, brings the `checkpoint` file up to date, and gives the ledger free.
    ///
    /// # Errors
    /// What made the writer stop, or kept the `checkpoint` file behind.
    pub fn close(mut self) -> Result<(), Error> {
        self.finish();
        let status = locked(&self.status);
        status
            .poisoned
            .clone()
            .or_else(|| status.behind.clone())
            .map_or(Ok(()), Err)
    }

    fn on_writer_thread(&self) -> bool {
        self.thread
            .as_ref()
            .is_some_and(|writer| writer.thread().id() == thread::current().id())
    }

    fn finish(&mut self) {
        let waits = !self.on_writer_thread();
        let _already_ended = self.sender.send(Message::Close);
        if let Some(thread) = self.thread.take().filter(|_| waits) {
            let _panicked = thread.join();
        }
    }
}

impl Drop for Ledger {
    fn drop(&mut self) {
        self.finish();
    }
}

/// The value under a lock, also after a panic: every change of it is one assignment.
fn locked(status: &Mutex<Status>) -> MutexGuard<'_, Status> {
    status.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Writer {
    dir: PathBuf,
    origin: String,
    key: SigningKey,
    now: fn() -> u64,
    segment_bytes: u64,
    tree: RightEdge,
    disk: Disk,
    segment: u64,
    /// Entries before the current segment.
    segment_first: u64,
    /// One past the last durable byte.
    end: u64,
    /// The last checkpoint.
    note: String,
    /// When the `checkpoint` file was written last; `None` when it is behind and never was.
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
    fn open(
        dir: &Path,
        origin: &str,
        key: SigningKey,
        now: fn() -> u64,
        options: &Options,
        lock: File,
    ) -> Result<Self, Error> {
        let mut folder = Folder::list(dir)?;
        if folder.segments == 0 {
            create(&folder, origin, &key)?;
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

    fn run(mut self, receiver: &Receiver<Message>, waiting: &AtomicUsize, status: &Mutex<Status>) {
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

/// Makes a new ledger: key, checkpoint over nothing, first segment, in this order, so that a crash in between
/// leaves what the next attempt recognises as no ledger yet.
fn create(folder: &Folder, origin: &str, key: &SigningKey) -> Result<(), Error> {
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
