//! Commits that downloads from a model hub can be pinned to: those that this machine's cache of the hub holds. Which commit
//! was reviewed no program knows, so that they are proposed and never written.
//!
//! Source: documentation of `huggingface_hub`, *Understand caching* and *Environment variables*.

use std::{
    env, fs,
    io::Read as _,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};
use ward_evidence::Location;
use ward_scan::{
    Report,
    inventory::{hub, requirement::is_commit},
    output,
};

/// The rule whose findings are answered.
const RULE: &str = "ml/unpinned-download";
/// Bytes of a reference: a commit and the end of its line.
const REFERENCE: u64 = 70;

/// A model or a data set that is fetched without a commit.
pub(super) struct Unpinned {
    at: Location,
    name: String,
    data: bool,
    /// What the cache holds as `main`.
    commit: Option<String>,
}

/// What is fetched without a commit, by the findings of a report. `read` gives the text of a file that it names.
pub(super) fn of(report: &Report, cache: Option<&Path>, read: impl Fn(&str) -> Option<String>) -> Vec<Unpinned> {
    let found = report.findings.iter().map(|one| &one.finding);
    let on_disk = found.filter(|one| one.rule.id == RULE && one.at.member.is_none());
    let mut all = Vec::new();
    for one in on_disk {
        let Some((source, line)) = read(&one.at.path).zip(one.at.line) else {
            continue;
        };
        let named = hub::of_python(&source);
        let Some(component) = named.iter().find(|named| named.line == line) else {
            continue;
        };
        let text = source.lines().nth(line as usize - 1).unwrap_or_default();
        let data = text.contains("load_dataset");
        // A call may say that it means a data set or a space, in words that are not looked at here.
        let commit = (!text.contains("repo_type")).then(|| held(cache?, &component.name, data));
        all.push(Unpinned {
            at: one.at.clone(),
            name: component.name.clone(),
            data,
            commit: commit.flatten(),
        });
    }
    all
}

/// The commit that a cache holds as `main` of a model or a data set.
fn held(cache: &Path, name: &str, data: bool) -> Option<String> {
    let kind = if data { "datasets" } else { "models" };
    let folder = format!("{kind}--{}", name.replace('/', "--"));
    let mut commit = String::new();
    let reference = fs::File::open(cache.join(folder).join("refs/main")).ok()?;
    reference.take(REFERENCE).read_to_string(&mut commit).ok()?;
    let commit = commit.trim();
    is_commit(commit).then(|| commit.to_owned())
}

/// Where the hub's library keeps what it fetched.
pub(super) fn cache() -> Option<PathBuf> {
    let set = |name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set("HF_HUB_CACHE")
        .or_else(|| Some(set("HF_HOME")?.join("hub")))
        .or_else(|| Some(set("XDG_CACHE_HOME")?.join("huggingface/hub")))
        .or_else(|| Some(set("HOME")?.join(".cache/huggingface/hub")))
}

impl Unpinned {
    pub(super) fn json(&self) -> Value {
        let kind = if self.data { "dataset" } else { "model" };
        json!({"path": self.at.full_path(), "line": self.at.line, "kind": kind, "name": self.name, "revision": self.commit})
    }

    /// For people, a line.
    pub(super) fn line(&self) -> String {
        let what = match &self.commit {
            Some(commit) => {
                format!(
                    "revision=\"{commit}\" (what this machine's cache holds as main): look at it before you write it down"
                )
            }
            None => "no commit is known on this machine: write down that of the version you reviewed".to_owned(),
        };
        output::harmless(&format!("{}: {} -> {what}", self.at, self.name)) + "\n"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cache_tells_the_commit_of_main() {
        let cache = tempfile::tempdir().unwrap();
        let commit = "0123456789abcdef0123456789abcdef01234567";
        for (folder, text) in [
            ("models--acme--notes", commit),
            ("datasets--acme--cases", "main"),
            ("models--acme--long", &commit.repeat(2)),
        ] {
            let refs = cache.path().join(folder).join("refs");
            fs::create_dir_all(&refs).unwrap();
            fs::write(refs.join("main"), text).unwrap();
        }
        assert_eq!(held(cache.path(), "acme/notes", false).as_deref(), Some(commit));
        for (name, data) in [
            ("acme/notes", true),
            ("acme/cases", true),
            ("acme/long", false),
            ("../x", false),
        ] {
            assert_eq!(held(cache.path(), name, data), None, "{name}");
        }
    }
}
