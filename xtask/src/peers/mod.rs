//! Ward beside a real program: `cargo xtask peer NAME`.
//!
//! Tests stand a mock in for a model server, so that every fault can be told to happen. What a mock cannot show is what a
//! real server does. A peer is a module below: it makes what it needs under `target/peers/NAME`, starts the program and
//! the built `ward`, prints one line per check, and ends every process that it started. It needs the network once, for
//! its packages, and minutes; it is never part of `cargo test` or of `cargo xtask check`.

mod advisories;
mod garak;
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

use crate::tree;
use anyhow::{Context as _, Result};
use clap::{Args, ValueEnum};
use serde_json::Value;
use std::{
    path::PathBuf,
    process::{Command, Stdio},
};

/// Programs that Ward is tried with.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Peer {
    /// llama-cpp-python's server with a tiny model of random weights, as `ward serve --upstream`
    Llama,
    /// pii-leak-benchmark with its capture as the upstream: what leaks, and what comes back, however a stream is cut
    Leaks,
    /// garak's probes against a small model of language, without Ward and behind it
    Garak,
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
        Peer::Garak => garak::run(options),
        Peer::Litellm => litellm::run(options),
        Peer::Advisories => advisories::run(options),
    }
}

/// The program to try: what `--ward` names, or the one beside this.
fn built(options: &Options) -> Result<PathBuf> {
    let here = std::env::current_exe()?;
    let beside = here.parent().map(|folder| folder.join("ward"));
    let ward = options.ward.clone().or(beside).filter(|file| file.is_file());
    ward.context("there is no built ward; run `cargo build --package ward`, or name it with --ward")
}

/// What `xtask/peers/NAME/run.py` measures, a value a line, and whether it ended well. Its packages are pinned in
/// `requirements.txt` beside it.
fn measured(options: &Options, name: &str) -> Result<(bool, Vec<Value>)> {
    let root = tree::root();
    let ward = std::fs::canonicalize(built(options)?)?;
    let folder = root.join("target/peers").join(name);
    std::fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    let kit = root.join("xtask/peers").join(name);
    let python = match &options.python {
        Some(python) => python.clone(),
        None => llama::environment(&folder, &kit.join("requirements.txt"))?,
    };
    let output = Command::new(&python)
        .arg(kit.join("run.py"))
        .arg(ward)
        .arg(folder.join("run"))
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .context("the measurements could not be started")?;
    let text = String::from_utf8_lossy(&output.stdout);
    let values = text.lines().map(serde_json::from_str).collect::<Result<_, _>>();
    Ok((output.status.success(), values.context("a measurement is not JSON")?))
}
