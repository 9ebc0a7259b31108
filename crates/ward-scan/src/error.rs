//! What stops a scan. What stops only a part of it is [`NotExamined`](crate::NotExamined) instead.

use std::fmt;

/// Why a scan cannot be done at all. Holds no text of what was scanned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
    what: &'static str,
    /// A line of the file, from 1, and the key that stands there.
    at: Option<(u32, Option<Box<str>>)>,
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
        Self { kind, what, at: None }
    }

    /// The same about a line (from 1) of the file, and the key there: names of settings are no content.
    #[must_use]
    pub fn about(mut self, line: u32, key: Option<&str>) -> Self {
        self.at = Some((line, key.map(Into::into)));
        self
    }

    /// The line of the file, from 1, that it is about.
    #[must_use]
    pub fn line(&self) -> Option<u32> {
        self.at.as_ref().map(|(line, _)| *line)
    }

    /// Whose fault it is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.at {
            Some((line, Some(key))) => write!(f, "line {line}, `{key}`: {}", self.what),
            Some((line, None)) => write!(f, "line {line}: {}", self.what),
            None => f.write_str(self.what),
        }
    }
}

impl std::error::Error for Error {}
