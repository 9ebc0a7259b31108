//! `ward ledger`: the ledgers of a data folder, from their files alone.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use data_encoding::BASE64;
use serde_json::{Value, json};
use ward_seal::{
    hash,
    ledger::{self, Entry, EntryKind, Report, VerifyOptions},
};

use crate::{cli, exit::Exit, folder, terminal};

/// Verifies, exports or proves.
///
/// # Errors
/// When there is no ledger or it cannot be read.
pub fn run(args: cli::Ledger) -> Result<Exit> {
    match args {
        cli::Ledger::Verify {
            data,
            checkpoint,
            key,
            json,
        } => {
            let data = folder::data(data.data)?;
            let (ledgers, vanished) = match ledgers(&data) {
                Ok(ledgers) => {
                    let vanished = vanished(&data, &ledgers);
                    (ledgers, vanished)
                }
                // Where none was ever begun, or nobody may look, there is no answer; where the last one is gone there is.
                Err(none) => match vanished(&data, &[]) {
                    vanished if vanished.is_empty() || !may_look(&data) => return Err(none),
                    vanished => (Vec::new(), vanished),
                },
            };
            verify(&ledgers, &vanished, checkpoint.as_deref(), key, json)
        }
        cli::Ledger::Export { data } => export(&ledgers(&folder::data(data.data)?)?),
        cli::Ledger::Prove { receipt, data } => prove(&ledgers(&folder::data(data.data)?)?, &receipt),
    }
}

/// The ledgers of a data folder, by name. None is an error: an empty answer would look like a good one.
pub(super) fn ledgers(data: &Path) -> Result<Vec<PathBuf>> {
    let folder = data.join("ledger");
    let entries = fs::read_dir(&folder).with_context(|| {
        format!(
            "there is no ledger in {}; name the data folder with --data",
            folder.display()
        )
    })?;
    let mut found = Vec::new();
    for entry in entries {
        let path = entry
            .with_context(|| format!("cannot list {}", folder.display()))?
            .path();
        if path.is_dir() {
            found.push(path);
        }
    }
    found.sort();
    if found.is_empty() {
        bail!("there is no ledger in {}", folder.display());
    }
    Ok(found)
}

/// Whether the folder of the ledgers can be listed, or is not there at all.
fn may_look(data: &Path) -> bool {
    let listed = fs::read_dir(data.join("ledger"));
    listed.err().is_none_or(|error| error.kind() == io::ErrorKind::NotFound)
}

/// Ledgers that were begun in this data folder, as its `keys/` remember, and are not there.
pub(super) fn vanished(data: &Path, ledgers: &[PathBuf]) -> Vec<String> {
    let Ok(entries) = fs::read_dir(data.join("keys")) else {
        return Vec::new();
    };
    let names = entries
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned());
    let begun = names.filter_map(|file| Some(file.strip_prefix("ledger-")?.strip_suffix(".begun")?.to_owned()));
    let mut vanished: Vec<String> = begun
        .filter(|begun| !ledgers.iter().any(|ledger| name(ledger) == *begun))
        .collect();
    vanished.sort();
    vanished
}

/// The name of a ledger: its folder.
pub(super) fn name(ledger: &Path) -> String {
    ledger
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

fn verify(
    ledgers: &[PathBuf],
    vanished: &[String],
    checkpoint: Option<&Path>,
    key: Option<String>,
    as_json: bool,
) -> Result<Exit> {
    let kept = match checkpoint {
        None => None,
        Some(file) => Some(fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?),
    };
    // A kept checkpoint names its ledger in its first line.
    let origin = kept.as_deref().and_then(|note| note.lines().next()).map(str::to_owned);
    let mut reports = Vec::new();
    for ledger in ledgers {
        let belongs = origin
            .as_deref()
            .is_some_and(|origin| origin.ends_with(&format!("/{}", name(ledger))));
        let checkpoints = if belongs {
            kept.iter().cloned().collect()
        } else {
            Vec::new()
        };
        let options = VerifyOptions {
            checkpoints,
            key: key.clone(),
        };
        reports.push((name(ledger), ledger::verify(ledger, &options)?));
    }
    let unknown = kept.is_some()
        && reports
            .iter()
            .all(|(_, report)| report.kept_checkpoints == 0 && report.ok());
    let good = !unknown && vanished.is_empty() && reports.iter().all(|(_, report)| report.ok());
    if as_json {
        let all: Vec<Value> = reports.iter().map(|(name, report)| about(name, report)).collect();
        terminal::json(
            &json!({"verified": good, "ledgers": all, "vanished": vanished, "checkpoint_unknown": unknown}),
        )?;
    } else {
        terminal::result(
            &reports
                .iter()
                .map(|(name, report)| said(name, report))
                .collect::<String>(),
        )?;
    }
    for name in vanished {
        terminal::note(&format!("the ledger {name} was begun in this data folder and is gone"));
    }
    if unknown {
        terminal::note(
            "the checkpoint belongs to none of these ledgers: the one it was kept of is gone or was begun anew",
        );
    }
    Ok(if good { Exit::Clean } else { Exit::Findings })
}

fn about(name: &str, report: &Report) -> Value {
    let problems: Vec<Value> = report
        .problems
        .iter()
        .map(|problem| json!({"file": problem.file, "offset": problem.offset, "what": problem.what}))
        .collect();
    json!({
        "name": name,
        "verified": report.ok(),
        "entries": report.entries,
        "root": hash::hex(&report.root),
        "checkpoints": report.checkpoints,
        "kept_checkpoints": report.kept_checkpoints,
        "signer": report.signer,
        "fingerprint": report.fingerprint,
        "key_was_known": report.key_was_known,
        "first_unix_ms": report.first_unix_ms,
        "last_unix_ms": report.last_unix_ms,
        "clock_went_back": report.clock_went_back,
        "cuts": report.cuts,
        "checkpoint": report.checkpoint,
        "problems": problems,
    })
}

/// What was proved, and what was not.
fn said(name: &str, report: &Report) -> String {
    if !report.ok() {
        let mut text = format!("{name}: NOT as written. {} entries hold up to there.\n", report.entries);
        for problem in &report.problems {
            let file = problem.file.as_deref().unwrap_or("the folder");
            let offset = problem
                .offset
                .map_or(String::new(), |offset| format!(", byte {offset}"));
            text.push_str(&format!("  {file}{offset}: {}\n", problem.what));
        }
        return text;
    }
    let mut text = format!(
        "{name}: {} entries, unchanged and in order, under {} signed checkpoints.\n  root {}\n  key  {}\n",
        report.entries,
        report.checkpoints,
        hash::hex(&report.root),
        report.fingerprint
    );
    text.push_str(if report.key_was_known {
        "  The key is the one you kept.\n"
    } else {
        "  The key is the one in the folder; compare it with one you kept elsewhere (--key).\n"
    });
    text.push_str(if report.kept_checkpoints > 0 {
        "  Everything that your checkpoint covers is still there.\n"
    } else {
        "  That nothing was cut off the end, only a checkpoint kept elsewhere can show (--checkpoint).\n"
    });
    if report.cuts > 0 {
        text.push_str(&format!(
            "  {} times a crash left unfinished bytes; they were set aside and recorded.\n",
            report.cuts
        ));
    }
    if report.clock_went_back > 0 {
        text.push_str(&format!("  The clock went back {} times.\n", report.clock_went_back));
    }
    text
}

/// An entry as data: what Ward wrote, with its place and time.
fn entry_json(ledger: &str, entry: &Entry) -> Value {
    let mut object = serde_json::from_slice::<Value>(&entry.payload)
        .ok()
        .filter(Value::is_object)
        .unwrap_or_else(|| json!({"payload_base64": BASE64.encode(&entry.payload)}));
    if entry.kind == EntryKind::Cut {
        object = json!({"event": "cut", "cut": object});
    }
    object["ledger"] = json!(ledger);
    object["index"] = json!(entry.index);
    object["unix_ms"] = json!(entry.unix_ms);
    object["leaf"] = json!(hash::hex(&entry.leaf));
    object
}

fn export(ledgers: &[PathBuf]) -> Result<Exit> {
    for folder in ledgers {
        for entry in ledger::entries(folder)? {
            terminal::json(&entry_json(&name(folder), &entry?))?;
        }
    }
    Ok(Exit::Clean)
}

fn prove(ledgers: &[PathBuf], receipt: &str) -> Result<Exit> {
    let mut proofs = Vec::new();
    for folder in ledgers {
        for entry in ledger::entries(folder)? {
            let entry = entry?;
            let object = entry_json(&name(folder), &entry);
            if object["receipt"] != receipt {
                continue;
            }
            let proof = ledger::prove(folder, entry.index)?;
            proofs.push(json!({
                "entry": object,
                "payload_base64": BASE64.encode(&entry.payload),
                "index": proof.index,
                "size": proof.size,
                "leaf": hash::hex(&proof.leaf),
                "path": proof.path.iter().map(|node| hash::hex(node)).collect::<Vec<_>>(),
                "checkpoint": proof.checkpoint,
            }));
        }
    }
    if proofs.is_empty() {
        terminal::note("no entry has this receipt");
        return Ok(Exit::Findings);
    }
    terminal::json(&json!({"receipt": receipt, "entries": proofs}))?;
    Ok(Exit::Clean)
}
