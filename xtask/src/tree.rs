//! The files of the repository.

use anyhow::{Context as _, Result, bail};
use std::path::{Path, PathBuf};

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

/// One line of .gitignore.
#[derive(Debug, PartialEq, Eq)]
enum Ignored {
    /// `/a/b`: this path.
    Path(String),
    /// `**/name` or `name`: everything of this name.
    Name(String),
    /// `*.end`: every name that ends so.
    End(String),
}

impl Ignored {
    /// The lines of .gitignore. A line in a form that is not understood is an error, since what it hides would be read.
    fn parse(text: &str) -> Result<Vec<Self>> {
        let mut all = vec![Self::Name(".git".to_owned())];
        for line in text
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
        {
            let pattern = line.trim_end_matches('/');
            let plain = |text: &str| !text.is_empty() && !text.contains(['*', '?', '[', '!', '\\']);
            all.push(match pattern {
                _ if pattern.strip_prefix('/').is_some_and(plain) => {
                    Self::Path(pattern.trim_start_matches('/').to_owned())
                }
                _ if pattern.strip_prefix("**/").is_some_and(plain) => {
                    Self::Name(pattern.trim_start_matches("**/").to_owned())
                }
                _ if pattern.strip_prefix('*').is_some_and(plain) => {
                    Self::End(pattern.trim_start_matches('*').to_owned())
                }
                _ if plain(pattern) && !pattern.contains('/') => Self::Name(pattern.to_owned()),
                _ => bail!(".gitignore: `{line}` is in a form that xtask does not read; write /path, **/name or *.end"),
            });
        }
        Ok(all)
    }

    fn hides(&self, path: &str, name: &str) -> bool {
        match self {
            Self::Path(hidden) => hidden == path,
            Self::Name(hidden) => hidden == name,
            Self::End(end) => name.ends_with(end),
        }
    }
}

/// The files of the repository, sorted by path, without what .gitignore hides.
pub(crate) struct Tree {
    root: PathBuf,
    files: Vec<File>,
}

impl Tree {
    /// Reads every file below `root`. Links are not followed.
    pub(crate) fn read(root: &Path) -> Result<Self> {
        let ignored = std::fs::read_to_string(root.join(".gitignore")).context(".gitignore")?;
        let ignored = Ignored::parse(&ignored)?;
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
                if ignored.iter().any(|ignored| ignored.hides(&path, &name)) {
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
    fn ignored_paths_names_and_ends_are_hidden_and_nothing_else() {
        let ignored = Ignored::parse("# x\n/target\n**/node_modules\n.venv/\n*.profraw\n").unwrap();
        let hidden = |path: &str| {
            let name = path.rsplit('/').next().unwrap();
            ignored.iter().any(|ignored| ignored.hides(path, name))
        };
        for path in ["target", "a/node_modules", ".venv", "a/.venv", "a/x.profraw", ".git"] {
            assert!(hidden(path), "{path}");
        }
        for path in ["a/target", "targets", "node_modules.md", "profraw"] {
            assert!(!hidden(path), "{path}");
        }
        for odd in ["!x", "a/b", "a*", "/a/**/b", "[ab]", "*"] {
            assert!(Ignored::parse(odd).is_err(), "{odd}");
        }
    }

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
