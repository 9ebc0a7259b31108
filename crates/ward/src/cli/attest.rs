//! What `ward attest` takes.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum, builder::PossibleValuesParser};

use super::Data;

/// `ward attest`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Attest {
    /// What else can be done with attestations.
    #[command(subcommand)]
    pub action: Option<Action>,

    /// Make one.
    #[command(flatten)]
    pub make: Make,
}

/// What an attestation is made of, and where it goes.
#[derive(Debug, Args)]
pub struct Make {
    /// The standard; `ward attest standards` says more of each.
    #[arg(long, value_name = "STANDARD", required_unless_present = "schema", ignore_case = true,
        value_parser = PossibleValuesParser::new(ward_evidence::standard_ids()))]
    pub standard: Option<String>,

    /// The project: a folder, usually a git repository.
    #[arg(value_name = "PATH", default_value = ".")]
    pub path: PathBuf,

    /// The data folder of a service, for what its ledger shows, and of the signing key. Without it no ledger is read.
    #[command(flatten)]
    pub data: Data,

    /// Evidence of the service from this day on, as 2026-01-31 [default: all there is].
    #[arg(long, value_name = "DATE")]
    pub since: Option<String>,

    /// A report of `ward scan --format json`, and no scan now. May be given several times.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["no_scan", "history"])]
    pub scan: Vec<PathBuf>,

    /// No scan, and no look at the policy: what they would show is not examined.
    #[arg(long, conflicts_with = "history")]
    pub no_scan: bool,

    /// Scan the history too.
    #[arg(long)]
    pub history: bool,

    /// A JUnit file of tests that ran: those of Ward, and those that `[attest.tests]` of ward.toml names.
    #[arg(long, value_name = "FILE")]
    pub tests: Option<PathBuf>,

    /// How to print it.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,

    /// Print JSON; the same as `--format json`.
    #[arg(long, conflicts_with = "format")]
    pub json: bool,

    /// Print controls and their evidence too, as text.
    #[arg(long)]
    pub full: bool,

    /// Write every format, the inputs and, with `--sign`, the signature to this folder.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,

    /// Sign it with the key `attest` of the data folder, which is made on first use.
    #[arg(long, requires = "out")]
    pub sign: bool,

    /// When it was made: a day, 2026-01-31, or seconds since 1970 [default: SOURCE_DATE_EPOCH, or now].
    #[arg(long, value_name = "DAY|SECONDS", allow_negative_numbers = true)]
    pub time: Option<String>,

    /// Print the JSON schema of an attestation.
    #[arg(long, exclusive = true)]
    pub schema: bool,
}

/// How an attestation is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people at a terminal.
    Text,
    /// Everything, as one object; the other formats are made of it.
    Json,
    /// OSCAL assessment results; with `--out` also the plan that they import.
    Oscal,
    /// A page that needs no network.
    Html,
    /// For print; needs `--out`.
    Pdf,
}

/// What else can be done with attestations.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// Check the signature, do the join again, check every proof and the digests of the inputs that lie beside it.
    Verify {
        /// The attestation, as `--out` wrote it: attestation.json.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// The signature [default: the file with the ending .note].
        #[arg(long, value_name = "FILE")]
        note: Option<PathBuf>,
        /// The key that was kept elsewhere: a verifier key, or its fingerprint.
        #[arg(long, value_name = "KEY")]
        key: Option<String>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Say what changed between two attestations of one standard.
    Diff {
        /// The older one.
        #[arg(value_name = "OLD")]
        old: PathBuf,
        /// The newer one.
        #[arg(value_name = "NEW")]
        new: PathBuf,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// List the standards, and how much of their mappings was checked against their texts.
    Standards {
        /// Print JSON, with every mapping.
        #[arg(long)]
        json: bool,
    },
}
