//! `ward db`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Data;

/// `ward db`.
#[derive(Debug, Subcommand)]
pub enum Db {
    /// Take advisories from files: OSV as JSON or YAML, RustSec Markdown, CISA's list of exploited faults (KEV), EPSS.
    Import(Import),
    /// Fetch all advisories of the ecosystems that Ward reads, from osv.dev, and import them.
    Update(Update),
    /// Say what advisories there are, of which day, and whether the file is whole.
    Status(Status),
}

/// `ward db import`.
#[derive(Debug, Args)]
pub struct Import {
    /// Files, folders and archives (zip, tar, gz, zst, xz) of advisories. What is already there stays, unless the same
    /// advisory comes again.
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,

    /// Forget what was imported before.
    #[arg(long)]
    pub replace: bool,

    /// The day the data is of, when it was fetched fresh from its source and its newest advisory is older: YYYY-MM-DD.
    #[arg(long, value_name = "DAY")]
    pub as_of: Option<String>,

    /// Data folder.
    #[command(flatten)]
    pub data: Data,

    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// `ward db status`.
#[derive(Debug, Args)]
pub struct Status {
    /// Data folder.
    #[command(flatten)]
    pub data: Data,

    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// `ward db update`.
#[derive(Debug, Args)]
pub struct Update {
    /// The ecosystems, as OSV names them [default: PyPI, npm, crates.io, Go, GitHub Actions].
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub ecosystems: Vec<String>,

    /// Where the archives lie, `ADDRESS/ECOSYSTEM/all.zip`: a mirror of osv.dev's. Only https, but for this machine.
    #[arg(
        long,
        value_name = "URL",
        default_value = "https://osv-vulnerabilities.storage.googleapis.com"
    )]
    pub from: String,

    /// Data folder.
    #[command(flatten)]
    pub data: Data,

    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}
