//! What `ward sbom` takes.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::Data;

/// `ward sbom`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Sbom {
    /// What else can be done with bills of materials.
    #[command(subcommand)]
    pub action: Option<Action>,

    /// Write a bill of materials.
    #[command(flatten)]
    pub write: Write,
}

/// What a bill of materials is made of, and where it goes.
#[derive(Debug, Args)]
pub struct Write {
    /// A folder, a file, or a git repository.
    #[arg(value_name = "PATH", default_value = ".")]
    pub path: PathBuf,

    /// CycloneDX 1.6 with model cards, or SPDX 3.0.1.
    #[arg(long, value_name = "FORMAT", default_value = "cyclonedx")]
    pub format: Format,

    /// Write to this file and not to standard output.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,

    /// The bill of this revision of the repository, and not of the folder.
    #[arg(long, value_name = "REVISION")]
    pub revision: Option<String>,

    /// Read the licences of what is installed here: a virtual environment, a site-packages or a node_modules folder. What
    /// lies at the root of PATH under its usual name is read anyway.
    #[arg(long, value_name = "DIR")]
    pub environment: Vec<PathBuf>,

    /// When it was made, in seconds since 1970 [default: SOURCE_DATE_EPOCH, or now].
    #[arg(long, value_name = "SECONDS")]
    pub time: Option<i64>,

    /// Look at files that git ignores too.
    #[arg(long)]
    pub no_ignore: bool,
}

/// What else can be done.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// Compare two bills, or the bills of two revisions: what came, what went, what changed its version or licence.
    Diff(Diff),
    /// Write statements (OpenVEX) for the vulnerabilities that a scan of a folder finds, for people to complete.
    Vex(Vex),
}

/// `ward sbom diff`.
#[derive(Debug, Args)]
pub struct Diff {
    /// The older bill (CycloneDX or SPDX, JSON); or REV1..REV2, two revisions of the repository at --repository.
    #[arg(value_name = "OLD")]
    pub old: String,

    /// The newer bill.
    #[arg(value_name = "NEW")]
    pub new: Option<PathBuf>,

    /// The repository of REV1..REV2.
    #[arg(long, value_name = "PATH", default_value = ".")]
    pub repository: PathBuf,

    /// What to write.
    #[arg(long, value_name = "FORMAT", default_value = "text", conflicts_with = "json")]
    pub format: DiffFormat,

    /// The same as --format json.
    #[arg(long)]
    pub json: bool,

    /// Exit with 1 when there is a difference of this kind. May be given several times.
    #[arg(long, value_name = "KIND", value_delimiter = ',')]
    pub fail_on: Vec<FailOn>,
}

/// `ward sbom vex`.
#[derive(Debug, Args)]
pub struct Vex {
    /// The folder.
    #[arg(value_name = "PATH", default_value = ".")]
    pub path: PathBuf,

    /// Statements of people, OpenVEX or CycloneDX: what they say of a vulnerability is taken over, as is what [[scan.vex]] of
    /// ward.toml says.
    #[arg(long, value_name = "FILE")]
    pub vex: Vec<PathBuf>,

    /// Write to this file and not to standard output.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,

    /// When it was made, in seconds since 1970 [default: SOURCE_DATE_EPOCH, or now].
    #[arg(long, value_name = "SECONDS")]
    pub time: Option<i64>,

    /// Data folder: holds the advisories.
    #[command(flatten)]
    pub data: Data,
}

/// How a bill is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// CycloneDX 1.6, JSON.
    Cyclonedx,
    /// SPDX 3.0.1, JSON-LD.
    Spdx,
}

/// How a comparison is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DiffFormat {
    /// For people at a terminal.
    Text,
    /// One JSON object.
    Json,
    /// For a comment on a pull request.
    Markdown,
}

/// What makes a comparison fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// A component that was not there.
    Added,
    /// A component that is gone.
    Removed,
    /// A component of another version.
    Version,
    /// A component of another licence.
    Licence,
}
