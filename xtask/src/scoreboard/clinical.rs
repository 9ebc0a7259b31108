//! Clinical facts, compression, answers and triage, beside truncation to the same length, every sentence once, and doing nothing.
//!
//! What is true of a FHIR bundle is read from its JSON, what is true of notes by a frozen matcher and by labels made by hand, all in
//! `xtask/scoreboard/clinical`, in another language and without a line of what is measured. Tokens are counted with three vocabularies that
//! packages of Python bring along. `--data` names a folder with `fhir/*.json.gz` and `notes/aci-train-valid.jsonl`.

use crate::{
    peers::{llama, vitals},
    scoreboard::{self, Options},
    tree,
};
use anyhow::{Context as _, Result, bail};
use std::{fs, process::Command};

/// Prepares and measures. The peers are functions of a few lines and need nothing: `--no-peers` changes nothing here.
pub(crate) fn run(options: &Options) -> Result<bool> {
    let Some(data) = options.data.as_deref() else {
        bail!("--data DIR is needed: a folder with fhir and notes");
    };
    let root = tree::root();
    let folder = root.join("target/scoreboard/clinical");
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    let kit = root.join("xtask/scoreboard/clinical");
    let ward = scoreboard::release(options)?;
    let python = match &options.python {
        Some(python) => python.clone(),
        None => llama::environment(&folder, &kit.join("requirements.txt"))?,
    };
    let json = options.json.clone().unwrap_or_else(|| folder.join("clinical.json"));
    println!("Load averages before: {}", vitals::load()?);
    let status = Command::new(python)
        .arg(kit.join("board.py"))
        .args([&ward, data, &json])
        .status()
        .context("python could not be started")?;
    if !status.success() {
        bail!("the measurement broke off: {status}");
    }
    println!(
        "\nThe figures, and what was lost, missed or wrong: {}\nLoad averages after: {}",
        json.display(),
        vitals::load()?
    );
    Ok(true)
}
