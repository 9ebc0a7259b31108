//! What `ward state` takes.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::KindChoice;

/// `ward state`.
#[derive(Debug, Args)]
pub struct State {
    /// The record: a note, a FHIR R4 bundle or HL7 v2 messages, of one patient. `-` reads standard input.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,

    /// What it is.
    #[arg(long, value_name = "KIND", default_value = "auto")]
    pub kind: KindChoice,

    /// How to write it.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: FormatChoice,

    /// Write to this file, which must not exist, instead of standard output.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// A form of the state.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum FormatChoice {
    /// Lines for people.
    Text,
    /// An object, by docs/reference/state.schema.json.
    Json,
    /// A FHIR R4 bundle of type collection. Read again it gives the same state.
    Fhir,
    /// One page for a browser or a printer, with small charts; it needs no network.
    Html,
}
