//! The file that the writer appends to. Three calls, so that tests can make each of them fail.

use std::{
    fs::{File, OpenOptions},
    io::{self, Write},
    path::Path,
};

/// A segment open for appending.
#[derive(Debug)]
pub(super) struct Disk {
    file: File,
    #[cfg(test)]
    faults: Faults,
}

impl Disk {
    /// Opens an existing segment.
    pub(super) fn open(path: &Path, #[cfg(test)] faults: Faults) -> io::Result<Self> {
        Ok(Self {
            file: OpenOptions::new().append(true).open(path)?,
            #[cfg(test)]
            faults,
        })
    }

    /// Appends all of `bytes`.
    pub(super) fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        #[cfg(test)]
        if let Some(written) = self.faults.take(|plan| &mut plan.write) {
            self.file.write_all(&bytes[..written.min(bytes.len())])?;
            return Err(io::Error::from(io::ErrorKind::StorageFull));
        }
        self.file.write_all(bytes)
    }

    /// Makes what was appended durable: fdatasync.
    pub(super) fn sync(&mut self) -> io::Result<()> {
        #[cfg(test)]
        if self.faults.take(|plan| &mut plan.sync).is_some() {
            return Err(io::Error::from_raw_os_error(5));
        }
        self.file.sync_data()
    }

    /// Cuts the file back to `len` and makes that durable.
    pub(super) fn cut(&mut self, len: u64) -> io::Result<()> {
        #[cfg(test)]
        if self.faults.take(|plan| &mut plan.cut).is_some() {
            return Err(io::Error::from_raw_os_error(5));
        }
        self.file.set_len(len)?;
        self.file.sync_all()
    }
}

/// Which call fails next, for tests.
#[cfg(test)]
#[derive(Debug, Clone, Default)]
pub(super) struct Faults(pub(super) std::sync::Arc<std::sync::Mutex<Plan>>);

/// One fault per kind of call; taken when it happens.
#[cfg(test)]
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// The disk is full after so many bytes.
    pub(super) write: Option<usize>,
    /// The flush fails.
    pub(super) sync: Option<usize>,
    /// Cutting back fails.
    pub(super) cut: Option<usize>,
}

#[cfg(test)]
impl Faults {
    fn take(&self, which: impl FnOnce(&mut Plan) -> &mut Option<usize>) -> Option<usize> {
        which(&mut self.0.lock().unwrap()).take()
    }
}
