//! Arguments of `ward mcp`.

use std::path::PathBuf;

use clap::Args;

use super::Data;

/// Tools for an agent, over standard input and output.
#[derive(Debug, Args)]
pub struct Mcp {
    /// A folder of records (FHIR, HL7, notes) that the agent may see, de-identified. May be given again.
    #[arg(long, value_name = "DIR")]
    pub records: Vec<PathBuf>,

    /// Let the agent put values back: it then sees who the records are about. Every use is on the ledger.
    #[arg(long)]
    pub allow_reid: bool,

    /// Show the agent the paths of files below the folders. Without it records are numbered, since names of files often name patients.
    #[arg(long)]
    pub show_names: bool,

    /// For compress: count tokens with a model's own tokenizer: its tokenizer.json, the folder that holds it, or a GGUF file. Without it
    /// they are estimated.
    #[arg(long, value_name = "FILE")]
    pub tokenizer: Option<PathBuf>,

    /// The data folder.
    #[command(flatten)]
    pub data: Data,
}
