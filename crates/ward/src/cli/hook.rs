//! `ward hook`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use ward_evidence::Severity;

use super::Data;

/// `ward hook`.
#[derive(Debug, Subcommand)]
pub enum Hook {
    /// Have git scan what is staged before every commit. A hook that is there already still runs, before Ward's.
    Install(Install),
    /// Take the hook away, and put the one before it back.
    Uninstall(Place),
    /// Say whether the hook is there and would run. Exits with 1 when it would not.
    Status(Status),
    /// Scan what is staged, as the hook does.
    Run(Run),
}

/// The repository.
#[derive(Debug, Args)]
pub struct Place {
    /// The repository, or a folder in it.
    #[arg(value_name = "PATH", default_value = ".")]
    pub path: PathBuf,
}

/// `ward hook install`.
#[derive(Debug, Args)]
pub struct Install {
    /// The repository.
    #[command(flatten)]
    pub place: Place,

    /// Stop a commit when a finding is at least this bad: critical, high, medium, low or info.
    #[arg(long, value_name = "SEVERITY", default_value = "medium")]
    pub threshold: Severity,

    /// Stop a commit also when something staged could not be examined.
    #[arg(long)]
    pub strict: bool,

    /// A baseline, below the repository's root: the findings it lists are kept back.
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,

    /// Install into a folder of hooks that lies outside of the repository (core.hooksPath): other repositories run it too.
    #[arg(long)]
    pub shared: bool,
}

/// `ward hook status`.
#[derive(Debug, Args)]
pub struct Status {
    /// The repository.
    #[command(flatten)]
    pub place: Place,

    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// `ward hook run`.
#[derive(Debug, Args)]
pub struct Run {
    /// Stop a commit when a finding is at least this bad: critical, high, medium, low or info.
    #[arg(long, value_name = "SEVERITY", default_value = "medium")]
    pub threshold: Severity,

    /// Stop a commit also when something staged could not be examined.
    #[arg(long)]
    pub strict: bool,

    /// A baseline: the findings it lists are kept back.
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,

    /// Engines to run [default: those that judge one file at a time: secrets,models,repository,code].
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub engines: Vec<String>,

    /// Names of files, as the pre-commit framework gives them; what is staged is scanned whatever they are.
    #[arg(value_name = "FILE", hide = true)]
    pub files: Vec<PathBuf>,

    /// Data folder.
    #[command(flatten)]
    pub data: Data,
}
