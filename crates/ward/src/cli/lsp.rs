//! `ward lsp`.

use clap::Args;

use super::Data;

/// `ward lsp`.
#[derive(Debug, Args)]
pub struct Lsp {
    /// Engines to run [default: those that judge one file at a time: secrets,repository,code].
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub engines: Vec<String>,

    /// What editors pass to say that they speak over standard input and output, which is the only way.
    #[arg(long, hide = true)]
    pub stdio: bool,

    /// Data folder.
    #[command(flatten)]
    pub data: Data,
}
