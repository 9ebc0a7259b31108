//! `ward reid`.

use std::path::PathBuf;

use clap::Args;

use super::{Data, deid::DeidKind};

/// `ward reid`.
///
/// Exit codes: 0 everything was put back, 1 something was left as it stands (a placeholder that names nothing, a value
/// in a link) or the text names somebody who is not in the vault, 2 Ward failed.
#[derive(Debug, Args)]
pub struct Reid {
    /// Files. `-`, or nothing, reads standard input, piece by piece where it is text.
    #[arg(value_name = "FILE")]
    pub inputs: Vec<PathBuf>,

    /// The patient, or the name, given to `ward deid --subject`; or the subject's opaque id. Without it, the subject whose
    /// placeholders or stand-ins a file or line holds.
    #[arg(long, value_name = "ID")]
    pub subject: Option<String>,

    /// What the files are.
    #[arg(long, value_name = "KIND", default_value = "auto")]
    pub kind: DeidKind,

    /// Where to write: a file for one input, a folder for several. Readable by you alone.
    #[arg(long, value_name = "PATH")]
    pub out: Option<PathBuf>,

    /// Put values back into links of plain text, too: for text that no model wrote. An address that a model made up would
    /// carry them to its host.
    #[arg(long)]
    pub links: bool,

    /// Do not look for people and numbers that are not in the vault.
    #[arg(long)]
    pub no_check: bool,

    /// Whose data it is, as given to `ward deid --tenant`.
    #[arg(long, value_name = "NAME", default_value = "local")]
    pub tenant: String,

    /// Data folder.
    #[command(flatten)]
    pub data: Data,

    /// Print a summary as one JSON object. Without --out it holds the text of each file, too.
    #[arg(long)]
    pub json: bool,
}
