//! Python beside Bandit and Ruff.
//!
//! `--data` names a folder that may hold `bandit/examples` (from a checkout of Bandit), `trailofbits/python` and
//! `semgrep-rules/python` (rule packs with annotated programs; only the programs are read, and none is shipped), and
//! `trees` (folders of ordinary source). What is not there is said and left out.
//!
//! - Bandit's examples: results that agree in file, line and identifier with those of Bandit itself in the same run.
//! - Annotated programs: of the lines that a comment `ruleid:` announces, those with a finding; of the lines that `ok:`
//!   announces, those with a finding of any rule, which is more than the comment speaks of.
//! - Trees: CPU seconds, and findings by rule in the default profile.

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

/// How often a system reports a file, a line and a rule.
type Results = BTreeMap<(String, u64, String), u64>;

/// Measures whatever is there.
pub(crate) fn run(options: &Options) -> Result<bool> {
    let root = tree::root();
    let folder = root.join("target/scoreboard/code");
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    let ward = scoreboard::release(options)?;
    let Some(data) = options.data.as_deref() else {
        bail!("--data DIR is needed: a folder with bandit/examples, trailofbits/python, semgrep-rules/python or trees");
    };
    let python = match &options.python {
        Some(python) => Some(python.clone()),
        None if options.no_peers => None,
        None => Some(llama::environment(
            &folder,
            &root.join("xtask/scoreboard/code/requirements.txt"),
        )?),
    };
    let python = python.as_deref().filter(|_| !options.no_peers);
    println!("Load averages before: {}\n", vitals::load()?);
    let there = |part: &str| {
        let path = data.join(part);
        if !path.is_dir() {
            println!("- {} is not there: left out\n", path.display());
        }
        path.is_dir().then_some(path)
    };
    if let (Some(examples), Some(python)) = (there("bandit/examples"), python) {
        examples_of_bandit(&examples, &ward, python)?;
    }
    for pack in ["trailofbits/python", "semgrep-rules/python"] {
        if let Some(programs) = there(pack) {
            annotated(&programs, pack, &ward)?;
        }
    }
    if let Some(trees) = there("trees") {
        for entry in fs::read_dir(trees)? {
            let tree = entry?.path();
            if tree.is_dir() {
                ordinary(&tree, &ward, python)?;
            }
        }
    }
    println!("\nLoad averages after: {}", vitals::load()?);
    Ok(true)
}

/// Runs a program and reads what it prints as JSON.
fn json(command: &mut Command) -> Result<(Value, Duration)> {
    let before = vitals::of_children()?;
    let done = command.stdin(Stdio::null()).stderr(Stdio::null()).output()?;
    let cpu = vitals::of_children()?.saturating_sub(before);
    let said = serde_json::from_slice(&done.stdout).with_context(|| format!("{command:?}: {}", done.status))?;
    Ok((said, cpu))
}

fn by_ward(ward: &Path, folder: &Path, more: &[&str]) -> Result<(Value, Duration)> {
    let mut command = Command::new(ward);
    command
        .args(["scan", "--engines", "code", "--json", "--no-ignore"])
        .args(more)
        .arg(folder);
    json(&mut command)
}

/// The programs of a Python environment.
fn beside(python: &Path, name: &str) -> PathBuf {
    python.with_file_name(name)
}

fn by_bandit(python: &Path, folder: &Path) -> Result<(Value, Duration)> {
    let mut command = Command::new(beside(python, "bandit"));
    command.args(["--quiet", "--format", "json", "--recursive"]).arg(folder);
    json(&mut command)
}

fn by_ruff(python: &Path, folder: &Path) -> Result<(Value, Duration)> {
    let mut command = Command::new(beside(python, "ruff"));
    command
        .args([
            "check",
            "--isolated",
            "--no-cache",
            "--preview",
            "--select",
            "S",
            "--output-format",
            "json",
        ])
        .arg(folder);
    json(&mut command)
}

/// Results under the names of fields that a system uses; paths as they are below `folder`.
fn results(
    list: &Value,
    folder: &Path,
    fields: [&str; 2],
    rule: impl Fn(&str) -> String,
    line: impl Fn(&Value) -> u64,
) -> Results {
    let mut all = Results::new();
    for one in list.as_array().into_iter().flatten() {
        let path = Path::new(one[fields[0]].as_str().unwrap_or_default());
        let path = path.strip_prefix(folder).unwrap_or(path).to_string_lossy().into_owned();
        *all.entry((path, line(one), rule(one[fields[1]].as_str().unwrap_or_default())))
            .or_default() += 1;
    }
    all
}

fn common(one: &Results, other: &Results) -> u64 {
    one.iter()
        .map(|(key, count)| *count.min(other.get(key).unwrap_or(&0)))
        .sum()
}

/// Bandit's examples, where Bandit's own results are the truth.
fn examples_of_bandit(examples: &Path, ward: &Path, python: &Path) -> Result<()> {
    let named = |id: &str| id.to_owned();
    let line = |field: &'static str| move |one: &Value| one[field].as_u64().unwrap_or(0);
    let (said, bandit_cpu) = by_bandit(python, examples)?;
    let truth = results(
        &said["results"],
        examples,
        ["filename", "test_id"],
        named,
        line("line_number"),
    );
    // Bandit leaves out a file that it cannot parse; the others read what they can of it.
    let broken: BTreeSet<String> = said["errors"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|one| Path::new(one["filename"].as_str()?).strip_prefix(examples).ok())
        .map(|path| path.to_string_lossy().into_owned())
        .collect();
    let total: u64 = truth.values().sum();
    println!(
        "## Bandit's examples: {total} results of Bandit\n\n| system | exact | extra | CPU s |\n|---|---|---|---|"
    );
    println!("| Bandit | {total} | 0 | {:.2} |", bandit_cpu.as_secs_f64());
    let (said, cpu) = by_ward(ward, examples, &["--compat", "bandit"])?;
    let ours = results(&said["findings"], examples, ["path", "rule"], named, line("line"));
    let (said, ruff_cpu) = by_ruff(python, examples)?;
    let theirs = |code: &str| code.replacen('S', "B", 1);
    let ruff = results(&said, examples, ["filename", "code"], theirs, |one| {
        one["location"]["row"].as_u64().unwrap_or(0)
    });
    for (name, mut found, cpu) in [("Ward", ours, cpu), ("Ruff", ruff, ruff_cpu)] {
        found.retain(|(path, ..), _| !broken.contains(path));
        let exact = common(&found, &truth);
        let extra = found.values().sum::<u64>() - exact;
        println!("| {name} | {exact} | {extra} | {:.2} |", cpu.as_secs_f64());
    }
    println!();
    Ok(())
}

/// What a comment says of the line below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Note {
    Wrong,
    Fine,
}

/// Reads `# ruleid: x` and `# ok: x`; what stands as a task for later is none.
fn note(line: &str) -> Option<Option<Note>> {
    let (_, comment) = line.split_once('#')?;
    let (word, _) = comment.trim_start().split_once(':')?;
    match word.trim_end() {
        "ruleid" => Some(Some(Note::Wrong)),
        "ok" => Some(Some(Note::Fine)),
        "todoruleid" | "todook" | "deepruleid" | "deepok" | "proruleid" | "prook" => Some(None),
        _ => None,
    }
}

/// The lines (from 1) that annotations speak of.
fn annotations(text: &str) -> Vec<(u64, Note)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut all = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let Some(Some(what)) = note(line) else { continue };
        let below = lines
            .iter()
            .skip(at + 1)
            .take_while(|line| note(line).is_some())
            .count();
        all.push(((at + below + 2) as u64, what));
    }
    all
}

/// Programs whose lines are annotated.
fn annotated(programs: &Path, pack: &str, ward: &Path) -> Result<()> {
    println!(
        "## {pack}\n\n| part | profile | announced: found on the line | on the line or on the way of the value to it | fine: touched | touched or on the way | CPU s |\n|---|---|---|---|---|---|---|"
    );
    for profile in ["default", "thorough"] {
        let (said, cpu) = by_ward(ward, programs, &["--profile", profile])?;
        let place = |one: &Value| {
            let path = one["path"].as_str().unwrap_or_default().to_owned();
            (path, one["line"].as_u64().unwrap_or(0))
        };
        let list = |value: &'_ Value| value.as_array().cloned().unwrap_or_default();
        let found: BTreeSet<(String, u64)> = list(&said["findings"]).iter().map(place).collect();
        // Annotations stand where a pattern begins, which is where a value comes in as often as where it does harm.
        let ways = list(&said["findings"]);
        let ways = ways.iter().flat_map(|one| list(&one["flow"])).map(|step| place(&step));
        let with_ways: BTreeSet<(String, u64)> = found.iter().cloned().chain(ways).collect();
        for part in ["", "security/"] {
            // On the line, and on the line or the way to it.
            let (mut hit, mut wrong, mut alarm, mut fine) = ([0, 0], 0, [0, 0], 0);
            for path in python_files(programs)? {
                let name = path.strip_prefix(programs)?.to_string_lossy().into_owned();
                if name.ends_with(".fixed.py") || !name.contains(part) {
                    continue;
                }
                let text = String::from_utf8_lossy(&fs::read(&path)?).into_owned();
                for (line, what) in annotations(&text) {
                    let at = (name.clone(), line);
                    let is = [&found, &with_ways].map(|all| u64::from(all.contains(&at)));
                    let (met, all) = match what {
                        Note::Wrong => (&mut hit, &mut wrong),
                        Note::Fine => (&mut alarm, &mut fine),
                    };
                    *all += 1;
                    for (met, is) in met.iter_mut().zip(is) {
                        *met += is;
                    }
                }
            }
            let part = if part.is_empty() { "all" } else { "security" };
            println!(
                "| {part} | {profile} | {} of {wrong} | {} of {wrong} | {} of {fine} | {} of {fine} | {:.2} |",
                hit[0],
                hit[1],
                alarm[0],
                alarm[1],
                cpu.as_secs_f64()
            );
        }
    }
    println!();
    Ok(())
}

fn python_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut all = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            } else if entry.path().extension().is_some_and(|end| end == "py") {
                all.push(entry.path());
            }
        }
    }
    all.sort();
    Ok(all)
}

/// Ordinary source: how long it takes, and what is said of it.
fn ordinary(tree: &Path, ward: &Path, python: Option<&Path>) -> Result<()> {
    println!(
        "## {}\n\n| system | findings | CPU s |\n|---|---|---|",
        tree.file_name().unwrap_or_default().display()
    );
    let count = |list: &Value| list.as_array().map_or(0, Vec::len);
    let (said, cpu) = by_ward(ward, tree, &[])?;
    println!(
        "| Ward, default profile | {} | {:.2} |",
        count(&said["findings"]),
        cpu.as_secs_f64()
    );
    let (thorough, cpu) = by_ward(ward, tree, &["--profile", "thorough"])?;
    println!(
        "| Ward, thorough profile | {} | {:.2} |",
        count(&thorough["findings"]),
        cpu.as_secs_f64()
    );
    if let Some(python) = python {
        let (theirs, cpu) = by_ruff(python, tree)?;
        println!("| Ruff, S | {} | {:.2} |", count(&theirs), cpu.as_secs_f64());
        let (theirs, cpu) = by_bandit(python, tree)?;
        println!("| Bandit | {} | {:.2} |", count(&theirs["results"]), cpu.as_secs_f64());
    }
    let mut rules: BTreeMap<&str, u64> = BTreeMap::new();
    for one in said["findings"].as_array().into_iter().flatten() {
        *rules.entry(one["rule"].as_str().unwrap_or_default()).or_default() += 1;
    }
    println!("\nWard, default profile, by rule:\n");
    for (rule, count) in rules {
        println!("- `{rule}`: {count}");
    }
    println!();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn annotations_speak_of_the_next_line_of_program() {
        let text = "# ruleid: a\nx()\n# ok:a\n# todoruleid: b\ny()\n# okay: z\nz() # ruleid is no annotation";
        assert_eq!(annotations(text), [(2, Note::Wrong), (5, Note::Fine)]);
    }
}
