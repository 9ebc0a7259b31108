//! Why a document could not be de-identified.

use std::fmt;

/// Whose fault it was, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The document could not take the replacements. Nothing of it may be passed on.
    Splice,
    /// The document is of a sort that cannot be de-identified.
    Unsupported,
    /// The caller asked for options that contradict each other.
    Options,
}

/// A de-identification that failed: nothing was released. Never holds text of the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
    source: ward_formats::Error,
}

impl Error {
    pub(crate) fn splice(source: ward_formats::Error) -> Self {
        Self {
            kind: ErrorKind::Splice,
            source,
        }
    }

    pub(crate) fn unsupported(what: &'static str) -> Self {
        Self {
            kind: ErrorKind::Unsupported,
            source: ward_formats::Error::new(ward_formats::ErrorKind::Edit, what, 0),
        }
    }

    pub(crate) fn options(what: &'static str) -> Self {
        Self {
            kind: ErrorKind::Options,
            source: ward_formats::Error::new(ward_formats::ErrorKind::Edit, what, 0),
        }
    }

    /// Whose fault it was.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            ErrorKind::Splice => f.write_str("replacements could not be put into the document; it was not passed on"),
            ErrorKind::Unsupported | ErrorKind::Options => f.write_str(self.source.what()),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}
