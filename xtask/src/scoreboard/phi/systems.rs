//! The systems, each a process that reads JSON lines and writes spans.

use crate::{peers::vitals, scoreboard::phi::texts::Set};
use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    fmt::Write as _,
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

/// A system and how to run it: the arguments `IN` and `OUT` stand for the files.
pub(crate) struct System {
    pub(crate) name: &'static str,
    program: PathBuf,
    arguments: Vec<String>,
    /// True when it writes to standard output.
    prints: bool,
}

/// What a system said of a set.
pub(crate) struct Outcome {
    /// For each text, what it would mask, in code points.
    pub(crate) spans: HashMap<String, Vec<(usize, usize)>>,
    /// On a processor, without starting up.
    pub(crate) cpu: Duration,
    /// What it said of itself.
    pub(crate) said: String,
}

impl System {
    pub(crate) fn ward(program: &Path) -> Self {
        Self::new("Ward", program, &["deid", "--kind", "jsonl", "--spans", "IN"], true)
    }

    pub(crate) fn python(name: &'static str, python: &Path, kit: &Path, which: &str) -> Self {
        let script = kit.join("spans.py").display().to_string();
        Self::new(name, python, &[&script, which, "IN", "OUT"], false)
    }

    /// Builds redact-core's program in `folder`.
    pub(crate) fn redact(folder: &Path, kit: &Path) -> Result<Self> {
        let build = folder.join("redact");
        fs::create_dir_all(&build)?;
        fs::copy(kit.join("redact.toml"), build.join("Cargo.toml"))?;
        fs::copy(kit.join("redact.rs"), build.join("main.rs"))?;
        let status = Command::new("cargo")
            .args(["build", "--release", "--quiet"])
            .current_dir(&build)
            .env("CARGO_TARGET_DIR", build.join("target"))
            .status()?;
        if !status.success() {
            bail!("redact-core could not be built in {}", build.display());
        }
        Ok(Self::new(
            "redact-core 0.12.7",
            &build.join("target/release/redact-spans"),
            &["IN", "OUT"],
            false,
        ))
    }

    fn new(name: &'static str, program: &Path, arguments: &[&str], prints: bool) -> Self {
        Self {
            name,
            program: program.to_path_buf(),
            arguments: arguments.iter().map(|&argument| argument.to_owned()).collect(),
            prints,
        }
    }

    /// Runs it over `set`.
    pub(crate) fn run(&self, set: &Set, folder: &Path) -> Result<Outcome> {
        let input = folder.join(format!("{}.jsonl", set.name));
        let mut lines = String::new();
        for text in &set.texts {
            writeln!(lines, "{}", json!({"id": text.id, "text": text.text}))?;
        }
        fs::write(&input, lines)?;
        let empty = folder.join("empty.jsonl");
        fs::write(&empty, "{\"id\":\"\",\"text\":\"\"}\n")?;
        let output = folder.join(format!("{}.out", set.name));
        let (idle, _) = self.once(&empty, &output)?;
        let (busy, said) = self.once(&input, &output)?;
        let mut spans = HashMap::new();
        for line in fs::read_to_string(&output)?.lines() {
            let line: Value = serde_json::from_str(line).context("a line of its output is no JSON")?;
            let found = line["spans"].as_array().into_iter().flatten().filter_map(|span| {
                let number = |key: &str| usize::try_from(span[key].as_u64()?).ok();
                Some((number("start")?, number("end")?))
            });
            spans.insert(line["id"].as_str().unwrap_or_default().to_owned(), found.collect());
        }
        if spans.len() != set.texts.len() {
            bail!("it answered {} of {} texts", spans.len(), set.texts.len());
        }
        Ok(Outcome {
            spans,
            cpu: busy.saturating_sub(idle),
            said,
        })
    }

    /// Time on a processor, and what it printed when that is not its result.
    fn once(&self, input: &Path, output: &Path) -> Result<(Duration, String)> {
        let mut command = Command::new(&self.program);
        for argument in &self.arguments {
            match argument.as_str() {
                "IN" => command.arg(input),
                "OUT" => command.arg(output),
                other => command.arg(other),
            };
        }
        let before = vitals::of_children()?;
        command.stdin(Stdio::null()).stderr(Stdio::null());
        let said = if self.prints {
            let status = command.stdout(File::create(output)?).status()?;
            if status.code().is_none_or(|code| code == 2) {
                bail!("{status}");
            }
            String::new()
        } else {
            let done = command.output()?;
            if !done.status.success() {
                bail!("{}", done.status);
            }
            String::from_utf8_lossy(&done.stdout).trim().to_owned()
        };
        Ok((vitals::of_children()?.saturating_sub(before), said))
    }
}
