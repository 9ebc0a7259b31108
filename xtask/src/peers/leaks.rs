//! pii-leak-benchmark: does what a client sends reach the upstream, does it come back, and does the answer leak what was
//! never sent, however the stream is cut.
//!
//! Its packages are pinned in `xtask/peers/leaks/requirements.txt`; `run.py` beside it does the work and says what.

use crate::{
    peers::{Options, llama},
    tree,
};
use anyhow::{Context as _, Result};
use serde_json::Value;
use std::process::{Command, Stdio};

/// Runs it and prints what it measured. True when nothing leaked.
pub(crate) fn run(options: &Options) -> Result<bool> {
    let root = tree::root();
    let here = std::env::current_exe()?;
    let beside = here.parent().map(|folder| folder.join("ward"));
    let ward = options.ward.clone().or(beside).filter(|file| file.is_file());
    let ward = ward.context("there is no built ward; run `cargo build --package ward`, or name it with --ward")?;
    let folder = root.join("target/peers/leaks");
    std::fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    let kit = root.join("xtask/peers/leaks");
    let python = match &options.python {
        Some(python) => python.clone(),
        None => llama::environment(&folder, &kit.join("requirements.txt"))?,
    };
    let output = Command::new(&python)
        .arg(kit.join("run.py"))
        .arg(std::fs::canonicalize(ward)?)
        .arg(folder.join("run"))
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .context("the measurements could not be started")?;
    let mut clean = output.status.success();
    let mut measured = 0;
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let value: Value = serde_json::from_str(line).context("a measurement is not JSON")?;
        clean &= value["leaked"].as_array().is_some_and(Vec::is_empty);
        // What reached nobody leaked nothing, and shows nothing.
        let reached = ["requests", "cases_applicable"]
            .iter()
            .any(|name| value[name].as_u64() > Some(0));
        clean &= reached;
        measured += 1;
        println!("- {line}");
    }
    println!(
        "\n{}",
        if clean && measured == 3 {
            "nothing leaked"
        } else {
            "NOT clean"
        }
    );
    Ok(clean && measured == 3)
}
