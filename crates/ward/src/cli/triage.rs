//! What `ward triage` takes.

use clap::{Args, ValueEnum};

use super::Record;

/// `ward triage`.
#[derive(Debug, Args)]
pub struct Triage {
    /// The record, its kind, and how to print.
    #[command(flatten)]
    pub record: Record,

    /// The NEWS2 scale for oxygen saturation [default: 2 when the record sets a target of 88-92 %, else 1].
    #[arg(long, value_name = "SCALE")]
    pub scale: Option<ScaleChoice>,
}

/// A column of the NEWS2 chart.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum ScaleChoice {
    /// Everybody, unless a clinician decided otherwise.
    #[value(name = "1")]
    One,
    /// A target of 88-92 %, set by a clinician in hypercapnic respiratory failure.
    #[value(name = "2")]
    Two,
}
