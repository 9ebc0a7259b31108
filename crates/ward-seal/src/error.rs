//! What can go wrong, split by whose fault it is.

use std::{fmt, io};

/// What happened. More kinds may be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A file, folder, key or entry that should be there is not.
    Missing,
    /// The path is not a folder, or the folder is not one of Ward's.
    NotAFolder,
    /// A file or folder is readable by other users.
    Exposed,
    /// A file or folder belongs to another user.
    WrongOwner,
    /// Written by a newer Ward.
    NewerFormat,
    /// The file system or the folder cannot be written.
    ReadOnly,
    /// The file system or the quota is full.
    Full,
    /// Reading or writing failed.
    Io,
    /// Another process has it open.
    InUse,
    /// Bytes on disk are not what Ward wrote.
    Damaged,
    /// The key does not belong to this ledger.
    WrongKey,
    /// An earlier write failed; open the ledger again.
    Poisoned,
    /// The ledger was closed.
    Closed,
    /// More than the limit.
    TooLarge,
    /// Too much is waiting to be written.
    Overloaded,
    /// An argument is not acceptable.
    Argument,
    /// The system gives no random bytes.
    Random,
    /// A fault in Ward.
    Bug,
}

/// Whose fault an error is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Fault {
    /// The bytes that were read.
    Input,
    /// The caller's argument or order of calls.
    Caller,
    /// The machine: disk, permissions, other processes.
    Environment,
    /// Ward itself.
    Bug,
}

impl ErrorKind {
    /// Whose fault this kind is.
    #[must_use]
    pub fn fault(self) -> Fault {
        match self {
            Self::Damaged | Self::NewerFormat => Fault::Input,
            Self::Argument | Self::TooLarge | Self::WrongKey | Self::Closed | Self::Missing | Self::NotAFolder => {
                Fault::Caller
            }
            Self::Bug => Fault::Bug,
            _ => Fault::Environment,
        }
    }
}

/// An error of this crate. It holds names of Ward's own files, offsets and system error numbers,
/// never contents. It can be cloned, because one failed write fails every append of its batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
    what: &'static str,
    file: Option<String>,
    offset: Option<u64>,
    os: Option<i32>,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, what: &'static str) -> Self {
        Self {
            kind,
            what,
            file: None,
            offset: None,
            os: None,
        }
    }

    /// From a system error: a full disk, a read-only disk and a refused permission have kinds of their own.
    pub(crate) fn io(error: &io::Error, what: &'static str) -> Self {
        let kind = match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => ErrorKind::Full,
            io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => ErrorKind::ReadOnly,
            io::ErrorKind::NotFound => ErrorKind::Missing,
            _ => ErrorKind::Io,
        };
        Self {
            os: error.raw_os_error(),
            ..Self::new(kind, what)
        }
    }

    pub(crate) fn damaged(what: &'static str) -> Self {
        Self::new(ErrorKind::Damaged, what)
    }

    pub(crate) fn in_file(mut self, file: impl Into<String>) -> Self {
        if self.file.is_none() {
            self.file = Some(file.into());
        }
        self
    }

    pub(crate) fn at(mut self, offset: u64) -> Self {
        if self.offset.is_none() {
            self.offset = Some(offset);
        }
        self
    }

    /// What happened.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// What is wrong and what to do, in words.
    #[must_use]
    pub fn what(&self) -> &'static str {
        self.what
    }

    /// The file inside Ward's folder that it is about.
    #[must_use]
    pub fn file(&self) -> Option<&str> {
        self.file.as_deref()
    }

    /// The byte of that file.
    #[must_use]
    pub fn offset(&self) -> Option<u64> {
        self.offset
    }

    /// The system's error number.
    #[must_use]
    pub fn os_code(&self) -> Option<i32> {
        self.os
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            write!(f, "{file}")?;
            if let Some(offset) = self.offset {
                write!(f, " at byte {offset}")?;
            }
            f.write_str(": ")?;
        }
        f.write_str(self.what)?;
        if let Some(os) = self.os {
            // The system's own words for the number, such as "No space left on device".
            write!(f, ": {}", io::Error::from_raw_os_error(os))?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_where_and_whose() {
        let error = Error::damaged("the record's checksum is wrong")
            .in_file("a.ledger")
            .at(12);
        assert_eq!(error.to_string(), "a.ledger at byte 12: the record's checksum is wrong");
        assert_eq!(error.kind().fault(), Fault::Input);
        let full = Error::io(&io::Error::from(io::ErrorKind::StorageFull), "cannot write");
        assert_eq!(
            (full.kind(), full.kind().fault()),
            (ErrorKind::Full, Fault::Environment)
        );
    }
}
