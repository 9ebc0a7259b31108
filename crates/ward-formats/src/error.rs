//! Why bytes could not be read.

use std::fmt;

/// Whose fault it was, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The input is not what it claims to be.
    Malformed,
    /// The input is not valid UTF-8 where it must be.
    Encoding,
    /// The input costs more than the [`Budget`](crate::Budget) allows.
    Budget,
    /// The caller asked for an edit that does not fit the document.
    Edit,
}

/// A parse or splice that failed: what was wrong, and at which byte. Never holds input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
    what: &'static str,
    at: usize,
}

impl Error {
    /// An error of `kind`: `what` is a sentence fragment that says what to mend; `at` a byte offset.
    #[must_use]
    pub fn new(kind: ErrorKind, what: &'static str, at: usize) -> Self {
        Self { kind, what, at }
    }

    /// Whose fault it was.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// What was wrong.
    #[must_use]
    pub fn what(&self) -> &'static str {
        self.what
    }

    /// The byte of the input at which it was noticed.
    #[must_use]
    pub fn at(&self) -> usize {
        self.at
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (byte {})", self.what, self.at)
    }
}

impl std::error::Error for Error {}
