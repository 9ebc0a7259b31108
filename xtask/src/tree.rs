//! The files of the repository.

use anyhow::{Context as _, Result};
use std::path::{Path, PathBuf};

/// Folders that hold build outputs or other people's files, by name.
const SKIPPED_NAMES: &[&str] = &[".git", "target", "node_modules"];
/// Folders that hold build outputs, by path.
const SKIPPED_PATHS: &[&str] = &["fuzz/artifacts"];

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// One file.
pub(crate) struct File {
    /// Path from the root, with `/` between its parts.
    pub(crate) path: String,
    bytes: Vec<u8>,
}

impl File {
    /// The text, when it is UTF-8.
    pub(crate) fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.bytes).ok()
    }

    /// True for Rust source.
    pub(crate) fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// True for the manifest of a member of the workspace.
    pub(crate) fn is_member_manifest(&self) -> bool {
        self.name() == "Cargo.toml" && (self.path.starts_with("crates/") || self.path.starts_with("xtask/"))
    }

    /// True for a file that is test code as a whole.
    pub(crate) fn is_test(&self) -> bool {
        let is_part = |part| matches!(part, "tests" | "benches" | "examples" | "tests.rs");
        self.path.starts_with("fuzz/") || self.path.split('/').any(is_part)
    }

    /// The last part of the path.
    pub(crate) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }
}

/// The files of the repository, sorted by path, without build outputs.
pub(crate) struct Tree {
    root: PathBuf,
    files: Vec<File>,
}

impl Tree {
    /// Reads every file below `root`. Links are not followed.
    pub(crate) fn read(root: &Path) -> Result<Self> {
        let mut files = Vec::new();
        let mut folders = vec![String::new()];
        while let Some(folder) = folders.pop() {
            let full = root.join(&folder);
            for entry in std::fs::read_dir(&full).with_context(|| full.display().to_string())? {
                let entry = entry?;
                let name = entry.file_name().to_string_lossy().into_owned();
                let path = if folder.is_empty() {
                    name.clone()
                } else {
                    format!("{folder}/{name}")
                };
                let kind = entry.file_type()?;
                if SKIPPED_NAMES.contains(&name.as_str()) || SKIPPED_PATHS.contains(&path.as_str()) {
                    continue;
                }
                if kind.is_dir() {
                    folders.push(path);
                } else if kind.is_file() {
                    let bytes = std::fs::read(entry.path()).with_context(|| path.clone())?;
                    files.push(File { path, bytes });
                }
            }
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(Self {
            root: root.to_path_buf(),
            files,
        })
    }

    /// Where the tree was read from.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Every file.
    pub(crate) fn files(&self) -> &[File] {
        &self.files
    }

    /// The file at `path`.
    pub(crate) fn file(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }

    /// The text of the file at `path`; that it exists and is text is a condition of the check that asks.
    pub(crate) fn text(&self, path: &str) -> Result<&str> {
        self.file(path)
            .with_context(|| format!("{path} does not exist"))?
            .text()
            .with_context(|| format!("{path} is not UTF-8"))
    }

    /// Files directly or deeper below `folder`, which ends with `/`.
    pub(crate) fn below<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = &'a File> {
        self.files.iter().filter(move |file| file.path.starts_with(folder))
    }

    /// A tree that was never on a disk, for tests of checks.
    #[cfg(test)]
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let mut files: Vec<_> = files
            .iter()
            .map(|(path, text)| File {
                path: (*path).to_owned(),
                bytes: text.as_bytes().to_vec(),
            })
            .collect();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Self {
            root: PathBuf::new(),
            files,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_repository_is_read_without_build_outputs() {
        let tree = Tree::read(&root()).unwrap();
        assert!(tree.file("xtask/src/tree.rs").is_some());
        assert!(
            tree.files()
                .iter()
                .all(|file| !file.path.split('/').any(|part| part == "target" || part == ".git"))
        );
        assert!(tree.files().is_sorted_by(|a, b| a.path < b.path));
    }
}
