//! What stops a scan. What stops only a part of it is [`NotExamined`](crate::NotExamined) instead.

use std::fmt;

/// Why a scan cannot be done at all. Holds no text of what was scanned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
    what: &'static str,
}

/// Whose fault it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The caller's: a path, a range or an option that cannot be meant.
    Argument,
    /// The input's: a baseline that cannot be read.
    Input,
    /// The system's: a folder that cannot be listed, a thread that cannot be started.
    Environment,
}

impl Error {
    /// An error of a kind, in words that say what to do.
    #[must_use]
    pub fn new(kind: ErrorKind, what: &'static str) -> Self {
        Self { kind, what }
    }

    /// Whose fault it is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.what)
    }
}

impl std::error::Error for Error {}
