//! Ward beside a real program: `cargo xtask peer NAME`.
//!
//! Tests stand a mock in for a model server, so that every fault can be told to happen. What a mock cannot show is what a
//! real server does. A peer is a module below: it makes what it needs under `target/peers/NAME`, starts the program and
//! the built `ward`, prints one line per check, and ends every process that it started. It needs the network once, for
//! its packages, and minutes; it is never part of `cargo test` or of `cargo xtask check`.

mod advisories;
mod leaks;
mod litellm;
pub(crate) mod llama;
mod mock;
mod outcome;
mod patients;
mod process;
mod relay;
mod stream;
mod timer;
mod trial;
pub(crate) mod vitals;
mod ward;

use anyhow::Result;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// Programs that Ward is tried with.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Peer {
    /// llama-cpp-python's server with a tiny model of random weights, as `ward serve --upstream`
    Llama,
    /// pii-leak-benchmark with its capture as the upstream: what leaks, and what comes back, however a stream is cut
    Leaks,
    /// The LiteLLM proxy and Presidio's analyzer, measured beside a release build of Ward
    Litellm,
    /// What `ward disclose` writes, judged by a CSAF validator, the schemas of OSV and CycloneDX, and another age
    Advisories,
}

/// How to try one.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Which
    peer: Peer,
    /// The built program [default: `ward` beside this one; to measure, the release build]
    #[arg(long, value_name = "FILE")]
    ward: Option<PathBuf>,
    /// A Python that has the pinned packages already; otherwise a virtual environment is made
    #[arg(long, value_name = "FILE")]
    python: Option<PathBuf>,
}

/// True when every check held.
///
/// # Errors
/// When the trial could not be made.
pub(crate) fn run(options: &Options) -> Result<bool> {
    match options.peer {
        Peer::Llama => llama::run(options),
        Peer::Leaks => leaks::run(options),
        Peer::Litellm => litellm::run(options),
        Peer::Advisories => advisories::run(options),
    }
}
