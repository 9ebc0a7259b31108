//! The files of a ledger's folder, by name.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    path::{Path, PathBuf},
    time::Duration,
};

use crate::{
    Error, ErrorKind,
    note::{MAX_NOTE, PublicKey},
    store::private,
};

/// The latest signed checkpoint.
pub(super) const CHECKPOINT: &str = "checkpoint";
/// The verifier key.
pub(super) const KEY: &str = "key.pub";
/// Held by the writer; always empty.
pub(super) const LOCK: &str = "lock";

/// What a name in the folder is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Name {
    Segment(u64),
    Checkpoint,
    Key,
    Lock,
    Torn,
    /// Half of an atomic write that a crash interrupted. Never read.
    Temporary,
    Unknown,
}

/// The name of segment `number`; the first is 1.
pub(super) fn segment_name(number: u64) -> String {
    format!("segment-{number:08}.ledger")
}

fn name_of(name: &str) -> Name {
    let number = name
        .strip_prefix("segment-")
        .and_then(|n| n.strip_suffix(".ledger"))
        .and_then(|n| n.parse().ok());
    match (name, number) {
        (_, Some(number)) if segment_name(number) == name => Name::Segment(number),
        (CHECKPOINT, _) => Name::Checkpoint,
        (KEY, _) => Name::Key,
        (LOCK, _) => Name::Lock,
        _ if name.starts_with("torn-") && name.ends_with(".bin") => Name::Torn,
        _ if name.starts_with('.') && name.ends_with(".tmp") => Name::Temporary,
        _ => Name::Unknown,
    }
}

/// What the folder holds.
#[derive(Debug, Clone)]
pub(super) struct Folder {
    pub(super) path: PathBuf,
    /// How many segments; their numbers are 1 to this.
    pub(super) segments: u64,
    /// Names of torn files, sorted.
    pub(super) torn: Vec<String>,
    /// Names that do not belong here, sorted.
    pub(super) unknown: Vec<String>,
}

impl Folder {
    /// Lists the folder.
    ///
    /// # Errors
    /// [`ErrorKind::Missing`] when there is none; [`ErrorKind::Damaged`] when a segment before the last is gone.
    pub(super) fn list(path: &Path) -> Result<Self, Error> {
        let cannot = |e: std::io::Error| match e.kind() {
            std::io::ErrorKind::NotFound => Error::new(ErrorKind::Missing, "there is no ledger here"),
            std::io::ErrorKind::NotADirectory => Error::new(ErrorKind::NotAFolder, "a ledger is a folder"),
            _ => Error::io(&e, "cannot list the ledger's folder"),
        };
        let (mut numbers, mut torn, mut unknown) = (Vec::new(), Vec::new(), Vec::new());
        for entry in fs::read_dir(path).map_err(cannot)? {
            let entry = entry.map_err(cannot)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let is_file = entry.file_type().map_err(cannot)?.is_file();
            match name_of(&name) {
                Name::Unknown => unknown.push(name),
                _ if !is_file => unknown.push(name),
                Name::Segment(number) => numbers.push(number),
                Name::Torn => torn.push(name),
                Name::Checkpoint | Name::Key | Name::Lock | Name::Temporary => {}
            }
        }
        numbers.sort_unstable();
        torn.sort_unstable();
        unknown.sort_unstable();
        let segments = numbers.last().copied().unwrap_or(0);
        // Listing a folder that a writer adds to may miss a file and show a later one: one that was not listed is
        // missing only when it cannot be found by name either.
        let mut listed = numbers.into_iter().peekable();
        for number in 1..=segments {
            let there = listed.next_if_eq(&number).is_some()
                || fs::symlink_metadata(path.join(segment_name(number))).is_ok_and(|meta| meta.is_file());
            if !there {
                return Err(Error::damaged("this segment is missing").in_file(segment_name(number)));
            }
        }
        Ok(Self {
            path: path.to_owned(),
            segments,
            torn,
            unknown,
        })
    }

    pub(super) fn segment_path(&self, number: u64) -> PathBuf {
        self.path.join(segment_name(number))
    }

    /// The origin and the key of `key.pub`.
    pub(super) fn read_key(&self) -> Result<(String, PublicKey), Error> {
        let text = read_text(&self.path, KEY)?;
        let line = text.strip_suffix('\n');
        line.and_then(PublicKey::parse_verifier_key)
            .ok_or_else(|| Error::damaged("this is no verifier key").in_file(KEY))
    }

    /// The text of the `checkpoint` file.
    pub(super) fn read_checkpoint(&self) -> Result<String, Error> {
        read_text(&self.path, CHECKPOINT)
    }
}

/// A small text file of the folder; a missing one is damage.
fn read_text(path: &Path, name: &str) -> Result<String, Error> {
    let bytes = private::read(&path.join(name), MAX_NOTE as u64)?;
    let bytes = bytes.ok_or_else(|| Error::damaged("this file is missing").in_file(name))?;
    String::from_utf8(bytes).map_err(|_| Error::damaged("this file is not text").in_file(name))
}

/// Writes a small file of the folder, whole. Only the holder of the lock may.
pub(super) fn write(path: &Path, name: &str, bytes: &[u8]) -> Result<(), Error> {
    private::write_atomic(&path.join(name), &path.join(format!(".{name}.tmp")), bytes)
}

/// Takes the lock, waiting up to `wait`, and never less than the moment for which [`is_locked`] may hold it.
pub(super) fn lock(path: &Path, wait: Duration) -> Result<File, Error> {
    const STEP: Duration = Duration::from_millis(10);
    let file = private::private(OpenOptions::new().write(true).create(true).truncate(false))
        .open(path.join(LOCK))
        .map_err(|e| Error::io(&e, "cannot open the ledger's lock").in_file(LOCK))?;
    let wait = wait.max(STEP * 10);
    let mut waited = Duration::ZERO;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::Error(e)) => return Err(Error::io(&e, "cannot lock the ledger").in_file(LOCK)),
            Err(TryLockError::WouldBlock) if waited < wait => {
                std::thread::sleep(STEP);
                waited += STEP;
            }
            Err(TryLockError::WouldBlock) => {
                return Err(Error::new(ErrorKind::InUse, "another process has this ledger open"));
            }
        }
    }
}

/// Whether a process holds the lock now. When that cannot be told, as in a copy without the file: no.
pub(super) fn is_locked(path: &Path) -> bool {
    File::open(path.join(LOCK)).is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for (name, want) in [
            ("segment-00000001.ledger", Name::Segment(1)),
            ("segment-123456789.ledger", Name::Segment(123_456_789)),
            ("segment-1.ledger", Name::Unknown),
            ("segment-+0000001.ledger", Name::Unknown),
            ("segment-00000001.ledger.bak", Name::Unknown),
            ("torn-00000001-88.bin", Name::Torn),
            (".checkpoint.tmp", Name::Temporary),
            ("checkpoint", Name::Checkpoint),
            ("Checkpoint", Name::Unknown),
        ] {
            assert_eq!(name_of(name), want, "{name}");
        }
    }
}
