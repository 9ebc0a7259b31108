//! Evidence from the ledgers of a data folder.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use ward_policy::attest::{
    Evidence,
    document::{Input, Proof},
    ledger::{Example, Tally},
};
use ward_seal::{
    hash::hex,
    ledger::{self, EntryKind, VerifyOptions},
};

use crate::commands::ledger as command;

/// What the ledgers show, what they were, and what was passed over.
pub(super) struct Read {
    pub(super) evidence: Evidence,
    pub(super) inputs: Vec<Input>,
    pub(super) limits: Vec<String>,
}

/// Whether a data folder holds ledgers, or remembers that one was begun in it. One that was only made, for a key, does not.
pub(super) fn are_begun(data: &Path) -> bool {
    command::ledgers(data).is_ok() || !command::vanished(data, &[]).is_empty()
}

/// Reads every ledger of a data folder.
///
/// # Errors
/// When there is no ledger, or one cannot be read.
pub(super) fn read(data: &Path, since_ms: Option<u64>) -> Result<Read> {
    let folders = command::ledgers(data)?;
    let vanished = command::vanished(data, &folders);
    let mut whole = vanished.is_empty();
    let mut limits: Vec<String> = vanished
        .iter()
        .map(|name| format!("The ledger {name} was begun in the data folder and is gone."))
        .collect();
    let (mut tally, mut inputs) = (Tally::default(), Vec::new());
    for folder in &folders {
        let name = command::name(folder);
        let report = ledger::verify(folder, &VerifyOptions::default())?;
        inputs.push(Input {
            kind: "ledger".to_owned(),
            name: name.clone(),
            digest: format!("root:{}", hex(&report.root)),
            more: report.signer.clone(),
        });
        if !report.ok() {
            whole = false;
            limits.push(format!(
                "The ledger {name} does not verify; `ward ledger verify` says where."
            ));
            continue;
        }
        if !report.key_was_known {
            limits.push(format!(
                "The ledger {name} is signed by the key in its own folder; compare its fingerprint {} with one kept elsewhere.",
                report.fingerprint
            ));
        }
        for entry in ledger::entries(folder)? {
            let entry = entry?;
            if entry.kind != EntryKind::Application {
                continue;
            }
            let example = Example {
                ledger: name.clone(),
                index: entry.index,
                receipt: None,
                unix_ms: entry.unix_ms,
                leaf: entry.leaf,
            };
            tally.add(&example, &entry.payload, since_ms);
        }
    }
    limits.extend(tally.passed_over());
    let evidence = tally.evidence(whole, |example| prove(&folders, example));
    let wanted: usize = evidence
        .values()
        .flatten()
        .filter(|item| !item.proofs.is_empty())
        .count();
    if whole && tally.entries() > 0 && wanted == 0 && evidence.len() > 3 {
        bail!("no entry of the ledger could be proved, though it verifies");
    }
    Ok(Read {
        evidence,
        inputs,
        limits,
    })
}

fn prove(folders: &[PathBuf], example: &Example) -> Option<Proof> {
    let folder = folders.iter().find(|folder| command::name(folder) == example.ledger)?;
    let proof = ledger::prove(folder, example.index).ok()?;
    Some(Proof {
        ledger: example.ledger.clone(),
        index: example.index,
        receipt: example.receipt.clone(),
        unix_ms: example.unix_ms,
        leaf: hex(&example.leaf),
        proof: proof.to_text(),
    })
}
