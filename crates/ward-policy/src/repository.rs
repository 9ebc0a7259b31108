//! What promises are held against, as data.
//!
//! The binary fills it from a folder, git, and a scan; tests fill it by hand. Nothing here reads a disk, a clock or a
//! network.

use std::collections::BTreeMap;

/// A repository as it stands.
#[derive(Debug, Clone, Default)]
pub struct Repository {
    /// Every file that git tracks (or, without git, that the folder holds and nothing ignores), by path from the root with `/`.
    pub files: BTreeMap<String, File>,
    /// What git knows. None for a folder without git: whatever needs it is not examined.
    pub git: Option<Git>,
    /// What `ward scan` found. None when no engine ran: whatever needs it is not examined.
    pub scan: Option<Scan>,
    /// Where the project lives, as `host/owner/name`, when a manifest or git says so.
    pub slug: Option<String>,
    /// Today, in days since 1970.
    pub today: i64,
}

/// A tracked file.
#[derive(Debug, Clone, Default)]
pub struct File {
    /// Its length in bytes.
    pub len: u64,
    /// Its bytes, for the files that checks read and that are not too long; else none.
    pub bytes: Option<Vec<u8>>,
    /// It is a pointer of Git LFS.
    pub lfs: bool,
}

/// What git knows.
#[derive(Debug, Clone, Default)]
pub struct Git {
    /// Tags, by name.
    pub tags: Vec<Tag>,
    /// The history was cut off when the repository was cloned.
    pub shallow: bool,
    /// The branch that is checked out.
    pub branch: Option<String>,
    /// The default branch, when the clone knows it (`origin/HEAD`), else none.
    pub default_branch: Option<String>,
    /// How many days ago the newest commit was made. None for a repository without commits.
    pub newest_commit: Option<i64>,
}

/// A tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// Its name.
    pub name: String,
    /// The day of the tag, or of its commit, in days since 1970.
    pub day: Option<i64>,
    /// It carries a signature. Whose, and whether it is good, is not looked at.
    pub signed: bool,
}

/// What `ward scan` found.
#[derive(Debug, Clone, Default)]
pub struct Scan {
    /// The engines that ran.
    pub engines: Vec<String>,
    /// Whether the history was looked at.
    pub history: bool,
    /// What was found.
    pub findings: Vec<Fault>,
    /// How much was not examined.
    pub not_examined: u64,
}

/// A finding of `ward scan`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The rule.
    pub rule: String,
    /// `critical`, `high`, `medium`, `low` or `info`.
    pub severity: String,
    /// The file.
    pub path: String,
    /// The line, from 1, when it has one.
    pub line: Option<u32>,
}

/// Longest file that is read, in bytes.
pub const MAX_FILE: u64 = 5 << 20;
