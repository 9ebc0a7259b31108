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
    /// What the engine `dependencies` says of versions that are not fixed, where a policy promises that they are. It runs by
    /// itself: what it cannot examine is about dependencies, and not about what the other engines look for.
    pub pins: Option<Scan>,
    /// Where the project lives, as `host/owner/name`, when a manifest or git says so.
    pub slug: Option<String>,
    /// Why `ward serve` would refuse the root's `ward.toml`: the line, what is wrong. None when it would not.
    pub service_fault: Option<(Option<u32>, String)>,
    /// The limits of `ward serve` under the root's `ward.toml`, by their names below `[serve]`: also those that a profile or
    /// the default sets. 0 is none.
    pub service_limits: BTreeMap<String, i64>,
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
    /// What was found and is kept back, and by what: `a comment`, `.wardignore`, `the baseline`.
    pub kept_back: Vec<(Fault, &'static str)>,
    /// How much more is kept back, of which only the number is known.
    pub kept_back_unnamed: u64,
    /// What was not examined: paths and why.
    pub not_examined: Vec<(String, String)>,
    /// How much was not examined that `.wardignore` accepts.
    pub accepted: u64,
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
    /// The commit, shortened, that brought it in, for what only the history holds; none for what stands in a file.
    pub commit: Option<String>,
}

/// Longest file that is read, in bytes.
pub const MAX_FILE: u64 = 5 << 20;

/// Most bytes that are read of all files together. What comes after it is not examined, and that is said.
pub const MAX_TOTAL: u64 = 256 << 20;

/// Endings of files that say how a project is built, checked and described, wherever they lie.
const ENDINGS: &[&str] = &[
    "adoc", "asciidoc", "bash", "cfg", "conf", "csproj", "gemspec", "gradle", "hcl", "ini", "jsonc", "kts", "lock",
    "mk", "mod", "nix", "ps1", "rego", "rst", "sbt", "sh", "tf", "toml", "yaml", "yml", "zsh",
];

/// Names, or beginnings of names, in lower case, of files that are read wherever they lie.
const NAMES: &[&str] = &[
    "__about__.py",
    "_version.py",
    "build.rs",
    "codeowners",
    "composer.json",
    "conftest.py",
    "constraints",
    "containerfile",
    "contributing",
    "disclosure",
    "dockerfile",
    "eslint.config.",
    "gemfile",
    "go.sum",
    "incident",
    "jenkinsfile",
    "jest.config.",
    "justfile",
    "licence",
    "license",
    "maintainers",
    "makefile",
    "gnumakefile",
    "noxfile.py",
    "owners",
    "package-lock.json",
    "package.json",
    "pipfile",
    "pom.xml",
    "privacy",
    "procfile",
    "pyrightconfig.json",
    "rakefile",
    "readme",
    "release",
    "renovate.json",
    "requirements",
    "sbom",
    "security",
    "setup.py",
    "tasks.py",
    "tsconfig.json",
    "version",
    "vite.config.",
    "vitest.config.",
    "vulnerab",
];

/// Folders below which everything that is text by its name is read.
const FOLDERS: &[&str] = &[
    ".azure-pipelines",
    ".bitbucket",
    ".buildkite",
    ".circleci",
    ".ci",
    ".forgejo",
    ".gitea",
    ".githooks",
    ".github",
    ".gitlab",
    ".husky",
    ".semgrep",
    ".well-known",
    "githooks",
    "hooks",
    "semgrep",
];

/// Whether checks read what is in a file, by its path from the root with `/`.
///
/// Documents, configuration, manifests, locks and the scripts around them are; programs are not: what they do is what
/// `ward scan` looks at. Programs near the root are read when their names say that they hold a version.
#[must_use]
pub fn wanted(path: &str) -> bool {
    let depth = path.bytes().filter(|byte| *byte == b'/').count();
    let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    if is_binary(ending) {
        return false;
    }
    if ENDINGS.contains(&ending) || NAMES.iter().any(|start| name.starts_with(start)) {
        return true;
    }
    // Dot files are configuration of some tool: `.gitignore`, `.flake8`, `.env.example`.
    if name.starts_with('.') {
        return true;
    }
    let mut folders = path.split('/').rev().skip(1);
    if folders.any(|folder| FOLDERS.contains(&folder)) {
        return true;
    }
    match ending {
        "md" | "markdown" | "mdx" | "txt" | "json" | "xml" | "html" | "org" => depth <= 3,
        "py" => depth <= 3 && name == "__init__.py",
        "" => depth <= 1,
        _ => false,
    }
}

/// Endings of what is no text, whatever else its name says.
fn is_binary(ending: &str) -> bool {
    const BINARY: &[&str] = &[
        "7z",
        "bin",
        "bz2",
        "ckpt",
        "dll",
        "exe",
        "gguf",
        "gif",
        "gz",
        "h5",
        "ico",
        "jar",
        "jpeg",
        "jpg",
        "onnx",
        "parquet",
        "pdf",
        "pkl",
        "png",
        "pt",
        "pth",
        "pyc",
        "safetensors",
        "so",
        "svg",
        "tar",
        "tgz",
        "ttf",
        "webp",
        "whl",
        "woff",
        "woff2",
        "xz",
        "zip",
        "zst",
    ];
    BINARY.contains(&ending)
}

impl Repository {
    /// The text of a file that was read. Bytes that are no UTF-8 become the replacement character.
    #[must_use]
    pub fn text(&self, path: &str) -> Option<std::borrow::Cow<'_, str>> {
        let bytes = self.files.get(path)?.bytes.as_deref()?;
        Some(String::from_utf8_lossy(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_how_a_project_works_is_read_and_programs_are_not() {
        for path in [
            "SECURITY.md",
            ".github/workflows/ci.yml",
            ".github/SECURITY",
            ".well-known/security.txt",
            "a/b/c/d/e/pyproject.toml",
            ".pre-commit-config.yaml",
            "requirements-dev.txt",
            "deep/er/and/deeper/still/requirements.txt",
            "src/pkg/__init__.py",
            "src/pkg/_version.py",
            "CODEOWNERS",
            "Dockerfile.gpu",
            ".husky/pre-commit",
            "docs/policies/Security-Policy.MD",
            "VERSION",
            "rules/own.yaml",
        ] {
            assert!(wanted(path), "{path}");
        }
        for path in [
            "src/pkg/model.py",
            "a/b/c/d/e/notes.md",
            "security.png",
            "weights/model.safetensors",
            "src/main.rs",
            "data/a/b/c/d.json",
            "requirements.tar.gz",
        ] {
            assert!(!wanted(path), "{path}");
        }
    }

    #[test]
    fn text_is_that_of_files_that_were_read() {
        let mut repository = Repository::default();
        let file = |bytes: Option<&[u8]>| File {
            bytes: bytes.map(<[u8]>::to_vec),
            ..File::default()
        };
        repository.files.insert("a".into(), file(Some(b"x\xff")));
        repository.files.insert("b".into(), file(None));
        assert_eq!(repository.text("a").as_deref(), Some("x\u{fffd}"));
        assert!(repository.text("b").is_none() && repository.text("c").is_none());
    }
}
