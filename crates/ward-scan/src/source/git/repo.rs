//! Where a repository's files are (gitrepository-layout).

use std::path::{Path, PathBuf};

use super::index;
use crate::source::disk;

/// A repository on disk.
#[derive(Debug, Clone)]
pub struct Repository {
    /// What belongs to this work tree: HEAD, the index.
    pub git_dir: PathBuf,
    /// The index: what is staged. Git names another one to hooks of some commits.
    pub index_file: PathBuf,
    /// What all work trees share: objects, references, configuration.
    pub common_dir: PathBuf,
    /// The checked-out files; none for a bare repository.
    pub work_tree: Option<PathBuf>,
    /// Bytes of an object's id: 20 (SHA-1) or 32 (SHA-256).
    pub id_len: usize,
    /// Whether the history was cut when it was cloned.
    pub shallow: bool,
    /// Whether objects may be missing because they are fetched only when they are needed.
    pub partial: bool,
}

/// What is said of a submodule, and of a repository that lies in the folder of another, when histories are searched.
pub const SUBMODULE: &str = "a repository inside the repository: its history is its own; scan it by itself";

/// Largest file of a few lines that is read.
const SMALL: u64 = 1 << 20;
/// Largest index: a million files.
const MAX_INDEX: u64 = 512 << 20;

impl Repository {
    /// The repository that `path` lies in: the nearest above it, or itself when it is a bare one.
    #[must_use]
    pub fn find(path: &Path) -> Option<Self> {
        let start = path.canonicalize().ok()?;
        if let Some(bare) = Self::bare(&start) {
            return Some(bare);
        }
        start.ancestors().find_map(Self::of_work_tree)
    }

    /// The repository whose work tree begins at `folder`.
    fn of_work_tree(folder: &Path) -> Option<Self> {
        let dot = folder.join(".git");
        if dot.is_dir() {
            return Self::open(dot, Some(folder.to_owned()));
        }
        let text = disk::read_small(&dot, SMALL).ok()??;
        let target = path_line(&text, "gitdir:")?;
        Self::open(folder.join(target), Some(folder.to_owned()))
    }

    fn bare(folder: &Path) -> Option<Self> {
        let is = folder.join("objects").is_dir() && folder.join("HEAD").is_file() && folder.join("refs").is_dir();
        if !is || folder.file_name().is_some_and(|name| name == ".git") {
            return None;
        }
        Self::open(folder.to_owned(), None)
    }

    fn open(git_dir: PathBuf, work_tree: Option<PathBuf>) -> Option<Self> {
        let common = disk::read_small(&git_dir.join("commondir"), SMALL).ok().flatten();
        let common_dir = match common.as_deref().and_then(|text| path_line(text, "")) {
            Some(path) => git_dir.join(path),
            None => git_dir.clone(),
        };
        if !common_dir.join("objects").is_dir() {
            return None;
        }
        let config = disk::read_small(&common_dir.join("config"), SMALL)
            .ok()
            .flatten()
            .unwrap_or_default();
        let config = String::from_utf8_lossy(&config).to_lowercase();
        let says = |key: &str, value: &str| {
            let mut settings = config.lines().filter_map(|line| line.split_once('='));
            settings.any(|(name, said)| name.trim() == key && said.trim().trim_matches('"') == value)
        };
        Some(Self {
            id_len: if says("objectformat", "sha256") { 32 } else { 20 },
            shallow: common_dir.join("shallow").is_file(),
            partial: says("promisor", "true") || config.contains("partialclone") || has_promised_packs(&common_dir),
            index_file: git_dir.join("index"),
            git_dir,
            common_dir,
            work_tree,
        })
    }

    /// What is in the index; empty when there is none.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub fn index(&self) -> Result<Vec<index::Entry>, &'static str> {
        match disk::read_small(&self.index_file, MAX_INDEX) {
            Ok(Some(bytes)) => index::read(&bytes, self.id_len),
            Ok(None) => Ok(Vec::new()),
            Err(_) => Err("git's index cannot be read, so it is not known what is tracked"),
        }
    }
}

/// A pack that was fetched without all that its objects name has a `.promisor` file beside it.
fn has_promised_packs(common_dir: &Path) -> bool {
    let entries = std::fs::read_dir(common_dir.join("objects/pack"))
        .into_iter()
        .flatten()
        .flatten();
    entries
        .into_iter()
        .any(|entry| entry.path().extension().is_some_and(|end| end == "promisor"))
}

/// The path on the first line, after `key`.
fn path_line(text: &[u8], key: &str) -> Option<PathBuf> {
    let text = std::str::from_utf8(text).ok()?;
    let line = text.lines().next()?.strip_prefix(key)?.trim();
    (!line.is_empty()).then(|| PathBuf::from(line))
}
