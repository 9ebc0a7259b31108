//! Secrets beside detect-secrets, CredSweeper and kingfisher.
//!
//! `--data` names a folder with `leaky-repo` (a checkout of the public repository of that name, MIT: files that hold
//! credentials, and a list of how many lines of each do) and `trees` (folders of ordinary source in which nothing should be
//! found). A file's found lines count up to the number that the list gives; the others are excess.

use crate::{
    peers::{llama, vitals},
    scoreboard::{self, Options},
    tree,
};
use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

/// Lines found, by file.
type Lines = BTreeMap<String, BTreeSet<u64>>;

/// Makes nothing, asks everybody, prints tables.
pub(crate) fn run(options: &Options) -> Result<bool> {
    let root = tree::root();
    let folder = root.join("target/scoreboard/secrets");
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    let kit = root.join("xtask/scoreboard/secrets");
    let ward = scoreboard::release(options)?;
    let Some(data) = options.data.as_deref() else {
        bail!("--data DIR is needed: a folder with leaky-repo/ and trees/");
    };
    let python = match &options.python {
        Some(python) => Some(python.clone()),
        None if options.no_peers => None,
        None => Some(llama::environment(&folder, &kit.join("requirements.txt"))?),
    };
    println!("Load averages before: {}\n", vitals::load()?);
    let leaky = data.join("leaky-repo");
    if leaky.is_dir() {
        leaks(
            &leaky,
            &ward,
            python.as_deref().filter(|_| !options.no_peers),
            &kit,
            &folder,
        )?;
    } else {
        println!("- {} is not there: left out\n", leaky.display());
    }
    let trees = data.join("trees");
    if trees.is_dir() {
        quiet(&trees, &ward, python.as_deref().filter(|_| !options.no_peers), &kit)?;
    } else {
        println!("- {} is not there: left out\n", trees.display());
    }
    println!("\nLoad averages after: {}", vitals::load()?);
    Ok(true)
}

/// Lines of a public repository made to leak.
fn leaks(source: &Path, ward: &Path, python: Option<&Path>, kit: &Path, folder: &Path) -> Result<()> {
    let list =
        fs::read_to_string(source.join(".leaky-meta/secrets.csv")).context("leaky-repo has no list of secrets")?;
    let mut truth: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for line in list.lines().filter(|line| !line.starts_with('#')) {
        let cells: Vec<&str> = line.rsplitn(3, ',').collect();
        if let [informative, risk, path] = cells.as_slice() {
            truth.insert((*path).to_owned(), (risk.trim().parse()?, informative.trim().parse()?));
        }
    }
    // Without the list and the page that explains the files.
    let copy = folder.join("leaky");
    if copy.exists() {
        fs::remove_dir_all(&copy)?;
    }
    for path in truth.keys() {
        let target = copy.join(path);
        fs::create_dir_all(target.parent().context("a path without a folder")?)?;
        fs::copy(source.join(path), &target).with_context(|| path.clone())?;
    }
    let risk: u64 = truth.values().map(|counts| counts.0).sum();
    let files = truth.values().filter(|counts| counts.0 > 0).count();
    println!("## leaky-repo: {risk} risk lines in {files} files\n");
    println!(
        "| system | risk lines | files with one found | risk and informative | excess lines | CPU s |\n|---|---|---|---|---|---|"
    );
    let mut first = None;
    for (name, lines, cpu) in everybody(&copy, ward, python, kit)? {
        let (mut hit, mut touched, mut both, mut excess) = (0, 0, 0, 0);
        for (path, (risk, informative)) in &truth {
            let found = lines.get(path).map_or(0, |lines| lines.len() as u64);
            hit += found.min(*risk);
            touched += usize::from(*risk > 0 && found > 0);
            both += found.min(risk + informative);
            excess += found.saturating_sub(risk + informative);
        }
        println!(
            "| {name} | {hit} | {touched} | {both} | {excess} | {:.2} |",
            cpu.as_secs_f64()
        );
        first.get_or_insert(lines);
    }
    let lines = first.unwrap_or_default();
    println!("\nWard, files below their count:\n");
    for (path, (risk, informative)) in &truth {
        let found = lines.get(path).map_or(0, |lines| lines.len() as u64);
        if found < *risk || found > risk + informative {
            println!("- `{path}`: {found} found, {risk} risk, {informative} informative");
        }
    }
    println!();
    Ok(())
}

/// Ordinary source trees.
fn quiet(trees: &Path, ward: &Path, python: Option<&Path>, kit: &Path) -> Result<()> {
    let mut folders: Vec<PathBuf> = fs::read_dir(trees)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    folders.retain(|folder| folder.is_dir());
    folders.sort();
    for folder in folders {
        println!(
            "## {}\n\n| system | lines found | CPU s |\n|---|---|---|",
            folder.file_name().unwrap_or_default().display()
        );
        for (name, lines, cpu) in everybody(&folder, ward, python, kit)? {
            let count: usize = lines.values().map(BTreeSet::len).sum();
            println!("| {name} | {count} | {:.2} |", cpu.as_secs_f64());
        }
        println!();
    }
    Ok(())
}

/// What each system finds in `folder`, Ward first.
fn everybody(
    folder: &Path,
    ward: &Path,
    python: Option<&Path>,
    kit: &Path,
) -> Result<Vec<(&'static str, Lines, Duration)>> {
    let before = vitals::of_children()?;
    let done = Command::new(ward)
        .args(["scan", "--engines", "secrets", "--format", "json", "--no-ignore"])
        .arg(folder)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()?;
    let cpu = vitals::of_children()?.saturating_sub(before);
    let said: Value = serde_json::from_slice(&done.stdout).with_context(|| format!("ward scan: {}", done.status))?;
    let mut lines = Lines::new();
    for finding in said["findings"].as_array().into_iter().flatten() {
        if finding["severity"].as_str() != Some("info") {
            let path = finding["path"].as_str().unwrap_or_default().to_owned();
            lines
                .entry(path)
                .or_default()
                .insert(finding["line"].as_u64().unwrap_or(1));
        }
    }
    let mut all = vec![("Ward", lines, cpu)];
    let Some(python) = python else { return Ok(all) };
    for peer in ["detect-secrets", "credsweeper", "kingfisher"] {
        let before = vitals::of_children()?;
        let done = Command::new(python)
            .arg(kit.join("lines.py"))
            .arg(peer)
            .arg(folder)
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .output()?;
        let cpu = vitals::of_children()?.saturating_sub(before);
        match serde_json::from_slice(&done.stdout) {
            Ok(lines) => all.push((peer, lines, cpu)),
            Err(_) => println!("| {peer} | could not be run: {} | | |", done.status),
        }
    }
    Ok(all)
}
