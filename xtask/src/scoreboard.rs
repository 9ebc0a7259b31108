//! Ward beside its peers on the same input in the same run: `cargo xtask scoreboard WHAT`.
//!
//! A scoreboard prints Markdown tables. Peers are installed under `target/scoreboard/WHAT`; that needs the network once and
//! minutes. Nothing here is part of `cargo test` or of `cargo xtask check`. Public material to measure with is not part of
//! this repository: `--data` names a folder that holds it, and what is not there is said and left out.

mod clinical;
mod code;
mod deps;
mod injection;
mod models;
mod phi;
mod pipelines;
mod policy;
mod secrets;

use anyhow::{Context as _, Result};
use clap::{Args, ValueEnum};
use std::{fs, path::PathBuf};

/// What is measured.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Board {
    /// Clinical facts, compression, answers, triage: tokens saved, facts kept and invented, what is right
    Clinical,
    /// De-identification: recall, precision, clinical text left alone, planted values, speed
    Phi,
    /// Credentials: lines found in files that hold some, and in ordinary trees
    Secrets,
    /// Dependencies: versions beside other libraries, importing advisories, a large lockfile
    Deps,
    /// Model files: harmful ones flagged, harmless ones left alone
    Models,
    /// Instructions hidden in text: false alarms on clinical text beside what is found in published attacks
    Injection,
    /// Python: agreement with Bandit, annotated programs, ordinary trees, speed
    Code,
    /// Policies: promises lifted from labelled policies, and how they are judged
    Policy,
}

/// How to measure.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// What
    board: Board,
    /// A folder with public material: phi: phi/*.jsonl, notes/*.jsonl, fhir/*.json.gz, hl7/*.hl7,
    /// dicom/*.dcm; secrets: leaky-repo, trees/*;
    /// clinical: fhir/*.json.gz, notes/aci-train-valid.jsonl;
    /// injection: notes/*.jsonl, phi/*.jsonl, corpus/*.txt, attacks/{PurpleLlama,garak,BIPIA,artifacts};
    /// code: bandit/examples, trailofbits/python, semgrep-rules/python, trees/*; deps: osv/*; policy: policies/*
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The release build of Ward [default: the one beside this program's target folder]
    #[arg(long, value_name = "FILE")]
    ward: Option<PathBuf>,
    /// A Python that has the pinned packages already; otherwise a virtual environment is made
    #[arg(long, value_name = "FILE")]
    python: Option<PathBuf>,
    /// Ward alone
    #[arg(long)]
    no_peers: bool,
    /// Where the figures go as JSON; clinical only
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// True: there is nothing here that could fail to hold.
///
/// # Errors
/// When it could not be measured.
pub(crate) fn run(options: &Options) -> Result<bool> {
    match options.board {
        Board::Clinical => clinical::run(options),
        Board::Phi => phi::run(options),
        Board::Secrets => secrets::run(options),
        Board::Deps => deps::run(options),
        Board::Models => models::run(options),
        Board::Injection => injection::run(options),
        Board::Code => code::run(options),
        Board::Policy => policy::run(options),
    }
}

/// The program to measure: a release build.
fn release(options: &Options) -> Result<PathBuf> {
    let here = std::env::current_exe()?;
    let built = here.ancestors().nth(2).map(|target| target.join("release/ward"));
    let ward = options.ward.clone().or(built).filter(|file| file.is_file());
    let ward =
        ward.context("there is no release build; run `cargo build --release --package ward`, or name one with --ward")?;
    Ok(fs::canonicalize(ward)?)
}
