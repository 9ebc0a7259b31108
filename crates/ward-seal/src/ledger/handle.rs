//! The ledger as its users hold it: open, append, ask, close.

use std::{
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
        mpsc::{self, Sender},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use super::{
    folder,
    record::MAX_PAYLOAD,
    writer::{Message, Status, Writer, locked},
};
use crate::{
    Error, ErrorKind,
    merkle::Hash,
    note::{SigningKey, origin_is_valid},
    store::private,
};

/// Most appends that may wait to be written.
const MAX_WAITING: usize = 65_536;

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
        if !dir.is_dir() {
            private::create_folder(dir)?;
        }
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
