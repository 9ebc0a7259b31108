//! deny.toml, in cargo-deny's format: the parts that Ward's own checks obey.
//!
//! The same file serves `cargo deny check` where cargo-deny is installed; `cargo xtask deny` needs no more than cargo.

use crate::tree::Tree;
use anyhow::{Context as _, Result};
use serde::Deserialize;

pub(crate) const FILE: &str = "deny.toml";

#[derive(Debug, Default, Deserialize)]
pub(crate) struct DenyFile {
    #[serde(default)]
    pub(crate) licenses: Licenses,
    #[serde(default)]
    pub(crate) bans: Bans,
    #[serde(default)]
    pub(crate) sources: Sources,
}

/// Which licences are welcome.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Licenses {
    /// SPDX ids, and `ID WITH EXCEPTION` pairs.
    #[serde(default)]
    pub(crate) allow: Vec<String>,
    /// More licences for single crates.
    #[serde(default)]
    pub(crate) exceptions: Vec<Exception>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Exception {
    #[serde(rename = "crate")]
    pub(crate) name: String,
    pub(crate) allow: Vec<String>,
}

/// Which crates must not be used, or only by some.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Bans {
    #[serde(default)]
    pub(crate) deny: Vec<Ban>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Ban {
    #[serde(rename = "crate")]
    pub(crate) name: String,
    /// The crates that may depend on it directly; empty for nobody.
    #[serde(default)]
    pub(crate) wrappers: Vec<String>,
    #[serde(default)]
    pub(crate) reason: String,
}

/// Where crates may come from.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Sources {
    #[serde(default, rename = "allow-registry")]
    pub(crate) allow_registry: Vec<String>,
    #[serde(default, rename = "allow-git")]
    pub(crate) allow_git: Vec<String>,
}

impl DenyFile {
    pub(crate) fn of(tree: &Tree) -> Result<Self> {
        Self::parse(tree.text(FILE)?)
    }

    pub(crate) fn parse(text: &str) -> Result<Self> {
        toml::from_str(text).context(FILE)
    }
}

/// The line of deny.toml on which `name` first stands in quotes: where to look when a rule about it fails.
pub(crate) fn line_of(tree: &Tree, name: &str) -> Option<usize> {
    let text = tree.file(FILE)?.text()?;
    let quoted = format!("\"{name}\"");
    text.lines()
        .position(|line| line.contains(&quoted))
        .map(|index| index + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_that_matter_are_read() {
        let file = DenyFile::parse(
            r#"
            [graph]
            all-features = true
            [licenses]
            allow = ["MIT"]
            exceptions = [{ crate = "x", allow = ["Zlib"] }]
            [bans]
            multiple-versions = "warn"
            deny = [{ crate = "a", wrappers = ["b"], reason = "r" }, { crate = "c" }]
            [sources]
            allow-registry = ["https://example.org/index"]
            "#,
        )
        .unwrap();
        assert_eq!(file.licenses.allow, ["MIT"]);
        assert_eq!(file.licenses.exceptions[0].allow, ["Zlib"]);
        assert_eq!(file.bans.deny[0].wrappers, ["b"]);
        assert!(file.bans.deny[1].wrappers.is_empty());
        assert_eq!(file.sources.allow_registry, ["https://example.org/index"]);
        assert!(DenyFile::parse("[licenses]\nallow = 3").is_err());
    }
}
