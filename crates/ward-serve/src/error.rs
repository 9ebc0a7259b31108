//! Why the service could not start.

use std::fmt;

/// Whose fault it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum StartErrorKind {
    /// A setting is wrong.
    Setting,
    /// The data folder cannot be used.
    Data,
    /// The address cannot be listened on.
    Listen,
    /// Certificate or key cannot be made or read.
    Tls,
}

/// The service could not start: what was wrong and what to do.
#[derive(Debug)]
pub struct StartError {
    kind: StartErrorKind,
    message: String,
}

impl StartError {
    /// An error that says what to do.
    pub(crate) fn new(kind: StartErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
        }
    }

    /// A setting is wrong.
    #[must_use]
    pub fn setting(message: impl Into<String>) -> Self {
        Self::new(StartErrorKind::Setting, message)
    }

    /// Whose fault it was.
    #[must_use]
    pub fn kind(&self) -> StartErrorKind {
        self.kind
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for StartError {}

impl From<ward_seal::Error> for StartError {
    fn from(error: ward_seal::Error) -> Self {
        Self::new(StartErrorKind::Data, error.to_string())
    }
}
