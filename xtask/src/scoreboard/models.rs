//! Model files beside picklescan, modelscan and fickling.
//!
//! Harmful files come from `malicious.py`, which assembles them; harmless ones from `benign.py`, which lets real
//! frameworks write them. Both are made anew for each run. A file is flagged when a system names a fault in it (of Ward's:
//! medium and worse), not examined when it says that it could not look, and otherwise called clean.

use crate::{
    peers::{llama, vitals},
    scoreboard::{self, Options},
    tree,
};
use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

/// What a system says of each file.
type Verdicts = BTreeMap<String, Verdict>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Flagged,
    NotExamined,
    Clean,
}

struct Judged {
    name: &'static str,
    verdicts: Verdicts,
    cpu: Duration,
}

/// Makes the files, asks everybody, prints tables.
pub(crate) fn run(options: &Options) -> Result<bool> {
    let root = tree::root();
    let folder = root.join("target/scoreboard/models");
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    let kit = root.join("xtask/scoreboard/models");
    let ward = scoreboard::release(options)?;
    let python = match &options.python {
        Some(python) => python.clone(),
        None => llama::environment(&folder, &kit.join("requirements.txt"))?,
    };
    println!("Load averages before: {}\n", vitals::load()?);
    for (group, script) in [("harmful", "malicious.py"), ("harmless", "benign.py")] {
        let files = folder.join(group);
        if files.exists() {
            fs::remove_dir_all(&files)?;
        }
        let status = Command::new(&python)
            .arg(kit.join(script))
            .arg(&files)
            .stdout(Stdio::null())
            .status()?;
        if !status.success() {
            bail!("{script} ended with {status}");
        }
        let count = fs::read_dir(&files)?.count();
        println!(
            "## {count} {group} files\n\n| system | flagged | not examined | called clean | CPU s |\n|---|---|---|---|---|"
        );
        let mut all = vec![by_ward(&ward, &files)?];
        if !options.no_peers {
            for peer in ["picklescan", "modelscan", "fickling"] {
                all.push(by_peer(peer, &python, &kit, &files)?);
            }
        }
        for judged in &all {
            let of = |verdict| judged.verdicts.values().filter(|other| **other == verdict).count();
            println!(
                "| {} | {} | {} | {} | {:.2} |",
                judged.name,
                of(Verdict::Flagged),
                of(Verdict::NotExamined),
                of(Verdict::Clean),
                judged.cpu.as_secs_f64()
            );
        }
        groups(&all);
        wrong(&all[0], group);
    }
    println!("\nLoad averages after: {}", vitals::load()?);
    Ok(true)
}

/// Flagged files by the first word of their names, where the words say a kind.
fn groups(all: &[Judged]) {
    let mut kinds: BTreeMap<&str, Vec<(usize, usize)>> = BTreeMap::new();
    for (at, judged) in all.iter().enumerate() {
        for (file, verdict) in &judged.verdicts {
            let kind = file.split('-').next().unwrap_or(file);
            if !matches!(kind, "gadget" | "structure" | "format") {
                return;
            }
            let row = kinds.entry(kind).or_insert_with(|| vec![(0, 0); all.len()]);
            if let Some(cell) = row.get_mut(at) {
                cell.0 += usize::from(*verdict == Verdict::Flagged);
                cell.1 += usize::from(*verdict == Verdict::Clean);
            }
        }
    }
    let names: Vec<_> = all.iter().map(|judged| judged.name).collect();
    println!(
        "\n| flagged / called clean | {} |\n|---|{}",
        names.join(" | "),
        "---|".repeat(names.len())
    );
    for (kind, row) in kinds {
        let cells: Vec<_> = row
            .iter()
            .map(|(flagged, clean)| format!("{flagged} / {clean}"))
            .collect();
        println!("| {kind} | {} |", cells.join(" | "));
    }
}

/// The files that Ward judged otherwise than hoped.
fn wrong(ward: &Judged, group: &str) {
    let hoped = if group == "harmful" {
        Verdict::Flagged
    } else {
        Verdict::Clean
    };
    let others: Vec<_> = ward.verdicts.iter().filter(|(_, verdict)| **verdict != hoped).collect();
    println!("\nWard: {} not judged as hoped.", others.len());
    for (file, verdict) in others.iter().take(60) {
        println!("- `{file}`: {verdict:?}");
    }
    println!();
}

fn names(folder: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

fn by_ward(ward: &Path, files: &Path) -> Result<Judged> {
    let before = vitals::of_children()?;
    let done = Command::new(ward)
        .args(["scan", "--engines", "models", "--no-ignore", "--format", "json"])
        .arg(files)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()?;
    let cpu = vitals::of_children()?.saturating_sub(before);
    let said: Value = serde_json::from_slice(&done.stdout).with_context(|| format!("ward scan: {}", done.status))?;
    let mut verdicts: Verdicts = names(files)?.into_iter().map(|name| (name, Verdict::Clean)).collect();
    for (list, verdict) in [("not_examined", Verdict::NotExamined), ("findings", Verdict::Flagged)] {
        for item in said[list].as_array().into_iter().flatten() {
            let minor = item["severity"]
                .as_str()
                .is_some_and(|severity| matches!(severity, "info" | "low"));
            let path = item["path"].as_str().unwrap_or_default();
            let file = PathBuf::from(path.split('!').next().unwrap_or(path));
            let name = file.file_name().map(|name| name.to_string_lossy().into_owned());
            if let Some(entry) = name.and_then(|name| verdicts.get_mut(&name)).filter(|_| !minor) {
                *entry = verdict;
            }
        }
    }
    Ok(Judged {
        name: "Ward",
        verdicts,
        cpu,
    })
}

fn by_peer(name: &'static str, python: &Path, kit: &Path, files: &Path) -> Result<Judged> {
    let before = vitals::of_children()?;
    let done = Command::new(python)
        .arg(kit.join("verdicts.py"))
        .arg(name)
        .arg(files)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()?;
    let cpu = vitals::of_children()?.saturating_sub(before);
    let said: BTreeMap<String, String> =
        serde_json::from_slice(&done.stdout).with_context(|| format!("verdicts.py {name}: {}", done.status))?;
    let verdict = |word: &str| match word {
        "flagged" => Verdict::Flagged,
        "clean" => Verdict::Clean,
        _ => Verdict::NotExamined,
    };
    Ok(Judged {
        name,
        verdicts: said.iter().map(|(file, word)| (file.clone(), verdict(word))).collect(),
        cpu,
    })
}
