//! `ward policy`: what a security policy promises, held against the repository.

mod check;
mod explain;
mod gather;
mod git;
mod init;
mod objects;

use anyhow::Result;

use crate::{cli::policy::Policy, exit::Exit};

/// Runs a command about policies.
///
/// # Errors
/// When an argument cannot be meant, or a file that was named cannot be read or written.
pub fn run(policy: &Policy) -> Result<Exit> {
    match policy {
        Policy::Check(args) => check::run(args),
        Policy::Init(args) => init::run(args),
        Policy::Explain(args) => explain::run(args),
    }
}

/// The JSON schema of `ward policy check --json`.
#[must_use]
pub fn schema() -> &'static str {
    ward_policy::output::json::SCHEMA
}
