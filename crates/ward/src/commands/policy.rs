//! `ward policy`: what a security policy promises, held against the repository.

mod check;
mod explain;
mod gather;
mod git;
mod init;

use std::path::Path;

use anyhow::Result;
use ward_policy::{read, report::Report, repository::Scan};

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

/// The promises of a project's policy, judged with what a scan found; for an attestation.
///
/// # Errors
/// When the folder cannot be read.
pub(super) fn judged(root: &Path, scan: Option<Scan>) -> Result<Report> {
    let gathered = gather::read(root)?;
    let mut repository = gathered.repository;
    repository.scan = scan.map(without_advisories);
    let reading = read::policies_of(&repository, None);
    let mut report = ward_policy::check::judge(&reading, &repository);
    report.not_examined.extend(gathered.not_examined);
    Ok(report)
}

/// A scan without the places of which only known vulnerabilities or licences were not examined: no policy's sentence rests on
/// those.
fn without_advisories(mut scan: Scan) -> Scan {
    let other = |why: &str| why.contains("advisories") || why.starts_with("the licence");
    scan.not_examined.retain(|(_, why)| !other(why));
    scan
}

/// The JSON schema of `ward policy check --json`.
#[must_use]
pub fn schema() -> &'static str {
    ward_policy::output::json::SCHEMA
}
