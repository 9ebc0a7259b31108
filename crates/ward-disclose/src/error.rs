//! What can go wrong, split by whose fault it is. An error holds names of fields and steps, never text of a report.

use std::fmt;

/// What happened. More kinds may be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The report, the mail or the draft cannot be read.
    Input,
    /// `[disclose]` of `ward.toml` is wrong.
    Settings,
    /// The case is not where this step begins.
    State,
    /// This role may not do that.
    Role,
    /// There is no such case, person or attachment.
    Unknown,
    /// The folder of cases cannot be used.
    Store,
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
    /// The machine.
    Environment,
    /// Ward itself.
    Bug,
}

impl ErrorKind {
    /// Whose fault this kind is.
    #[must_use]
    pub fn fault(self) -> Fault {
        match self {
            Self::Input | Self::Settings => Fault::Input,
            Self::State | Self::Role | Self::Unknown => Fault::Caller,
            Self::Store => Fault::Environment,
            Self::Bug => Fault::Bug,
        }
    }
}

/// An error of this crate: what is wrong and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
    what: String,
}

impl Error {
    /// An error. `what` is made of this program's own words, numbers and names of fields.
    pub fn new(kind: ErrorKind, what: impl Into<String>) -> Self {
        Self {
            kind,
            what: what.into(),
        }
    }

    /// What happened.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for Error {}

impl From<ward_seal::Error> for Error {
    fn from(error: ward_seal::Error) -> Self {
        Self::new(ErrorKind::Store, error.to_string())
    }
}
