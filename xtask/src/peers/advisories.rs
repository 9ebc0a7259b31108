//! What `ward disclose` writes, judged by programs that are not Ward's: the BSI's CSAF validator, the schemas of OSV and
//! CycloneDX, and another implementation of age. Needs Node.js; the packages are pinned in
//! `xtask/peers/advisories/package.json`.

use crate::{peers::Options, tree};
use anyhow::{Context as _, Result, bail};
use std::{fs, path::PathBuf, process::Command};

/// Prepares and judges. True when every check held.
pub(crate) fn run(options: &Options) -> Result<bool> {
    let root = tree::root();
    let kit = root.join("xtask/peers/advisories");
    let folder = root.join("target/peers/advisories");
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    for name in ["package.json", "judge.mjs", "osv.schema.json"] {
        fs::copy(kit.join(name), folder.join(name)).with_context(|| name.to_owned())?;
    }
    let ward = match &options.ward {
        Some(ward) => ward.clone(),
        None => beside()?,
    };
    let installed = Command::new("npm")
        .args([
            "install",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
            "--loglevel=error",
        ])
        .current_dir(&folder)
        .status()
        .context("npm cannot be run; install Node.js")?;
    if !installed.success() {
        bail!("npm could not install the packages");
    }
    let judged = Command::new("node")
        .arg("judge.mjs")
        .arg(&ward)
        .arg(root.join("crates/ward-scan/tests/schemas"))
        .current_dir(&folder)
        .status()
        .context("node cannot be run; install Node.js")?;
    Ok(judged.success())
}

/// The built program beside this one.
fn beside() -> Result<PathBuf> {
    let own = std::env::current_exe().context("this program's own file")?;
    let ward = own.with_file_name("ward");
    if !ward.is_file() {
        bail!(
            "{} is not built; `cargo build -p ward` first, or name one with --ward",
            ward.display()
        );
    }
    Ok(ward)
}
