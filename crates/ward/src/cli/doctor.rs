//! `ward doctor`.

use std::path::PathBuf;

use clap::Args;

use super::Data;

/// `ward doctor`.
#[derive(Debug, Args)]
pub struct Doctor {
    /// The settings to look at [default: ward.toml in the data folder, if there is one].
    #[arg(long, value_name = "FILE", env = "WARD_CONFIG")]
    pub config: Option<PathBuf>,

    /// Show every setting, those that nobody set too.
    #[arg(long)]
    pub all: bool,

    /// Data folder.
    #[command(flatten)]
    pub data: Data,

    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}
