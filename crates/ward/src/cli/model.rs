//! What `ward model` takes.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// `ward model`.
#[derive(Debug, Subcommand)]
pub enum Model {
    /// Rewrite a PyTorch checkpoint as safetensors without running anything in it. The tensors stay equal bit by bit.
    Convert(Convert),
}

/// `ward model convert`.
#[derive(Debug, Args)]
pub struct Convert {
    /// The checkpoint: what `torch.save` wrote, in today's format or the older one.
    #[arg(value_name = "IN")]
    pub input: PathBuf,

    /// The safetensors file to write.
    #[arg(value_name = "OUT")]
    pub output: PathBuf,

    /// Replace OUT when it exists.
    #[arg(long)]
    pub force: bool,

    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}
