//! Why a file was not finished.

use std::io;

/// What ends the work on one file, or on all.
#[derive(Debug)]
pub(in crate::commands) enum Stop {
    /// This file was not examined, and why. Never holds content.
    Unexamined(String),
    /// Ward cannot go on: the output cannot be written.
    Failed(anyhow::Error),
    /// Somebody asked it to stop.
    Interrupted,
    /// The reader of standard output has gone.
    Closed,
}

impl Stop {
    pub(in crate::commands) fn because(why: impl Into<String>) -> Stop {
        Stop::Unexamined(why.into())
    }

    /// A file that cannot be read.
    pub(in crate::commands) fn unreadable(error: &io::Error) -> Stop {
        Stop::because(match error.kind() {
            io::ErrorKind::PermissionDenied => "permission to read it is missing".to_owned(),
            io::ErrorKind::NotFound => "it is gone".to_owned(),
            io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => {
                "its compressed data is damaged or cut".to_owned()
            }
            io::ErrorKind::FileTooLarge => error.to_string(),
            other => format!("it cannot be read: {other}"),
        })
    }

    /// A document that cannot be read.
    pub(in crate::commands) fn malformed(error: &ward_formats::Error) -> Stop {
        Stop::because(error.to_string())
    }
}

impl From<anyhow::Error> for Stop {
    fn from(error: anyhow::Error) -> Stop {
        Stop::Failed(error)
    }
}
