//! The components of a project, as its manifests and lockfiles name them: packages, container images, workflow actions
//! and models.
//!
//! A reader of one format turns a file into a [`Manifest`]; the dependency engine judges it, the bill of materials lists
//! it. Nothing here asks a network: what a file does not say is not known. The readers stand in [`reader::READERS`], one
//! file a family of formats.

mod cargo;
mod conda;
mod dockerfile;
mod go;
pub mod hub;
mod ini;
mod install;
mod lock_toml;
mod npm;
mod pipfile;
mod pixi;
mod pnpm;
mod pyproject;
mod python_locks;
pub mod reader;
pub mod requirement;
mod requirements;
mod script;
mod setup;
pub(crate) mod taken_in;
mod tox;
mod unread;
mod workflows;
mod yarn;

use std::{borrow::Cow, fmt};

pub(crate) use python_locks::PUBLIC_INDEX as PUBLIC_INDEXES;

/// What one manifest or lockfile names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Manifest {
    /// The format, as `requirements.txt`, `poetry.lock`, `Dockerfile`.
    pub format: &'static str,
    /// Whether it fixes exact versions of everything below it, so that it is what gets installed.
    pub lock: bool,
    /// The project that the file describes, when it says so.
    pub project: Option<Described>,
    /// Everything it names, in the order of the file.
    pub components: Vec<Component>,
    /// Whether it only limits the versions of what other files ask for, as pip's constraints do.
    pub constrains: bool,
    /// Whether only its lines look like a list of requirements, and its name says nothing: it counts where another file
    /// takes it in (`taken_in::settle`).
    pub unnamed: bool,
    /// Other files that it takes in.
    pub includes: Vec<Include>,
    /// Indexes and hosts that packages come from, and how far they are trusted.
    pub indexes: Vec<Index>,
}

/// A file that a manifest takes in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Include {
    /// Its path as it is written, which counts from the folder of the file that names it.
    pub path: String,
    /// Whether it only limits versions (`-c`).
    pub constraints: bool,
    /// Line of the file that names it, from 1.
    pub line: u32,
}

/// Where packages are looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Index {
    /// The address without user and password; for a trusted host its name.
    pub url: String,
    /// What it is used for.
    pub kind: IndexKind,
    /// Line of the file, from 1.
    pub line: u32,
}

/// What an index is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IndexKind {
    /// Instead of the public one.
    Instead,
    /// Beside the public one, so that whichever offers the higher version wins.
    Beside,
    /// Only for packages that name it, or before all others: the first that has a package wins.
    Chosen,
    /// A page or folder of files beside the index.
    Links,
    /// A host whose certificate is not checked.
    Trusted,
}

/// The project that a manifest describes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Described {
    /// Its name.
    pub name: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// Its licence, as the file says it: an SPDX expression, a name, a classifier.
    pub licence: Option<String>,
    /// The lowest version of the language or runtime it wants, as the file writes it.
    pub runtime: Option<String>,
}

/// One thing that a project is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Component {
    /// Where it comes from, by kind.
    pub ecosystem: Ecosystem,
    /// Its name as the ecosystem normalises it (PEP 503 for `PyPI`).
    pub name: String,
    /// Which version.
    pub version: Version,
    /// From where it is fetched.
    pub origin: Origin,
    /// Digests the file gives, as `sha256:<hex>` or in subresource integrity form.
    pub hashes: Vec<String>,
    /// What it is needed for.
    pub scope: Scope,
    /// Whether the project asks for it itself. None when the file does not tell.
    pub direct: Option<bool>,
    /// Names of the components it needs in turn, where a lockfile tells.
    pub needs: Vec<String>,
    /// Its licence, where the file tells.
    pub licence: Option<String>,
    /// Line of the file, from 1.
    pub line: u32,
    /// The bytes of the version (or of the whole requirement when it has none), for a fix.
    pub span: Option<(u64, u64)>,
    /// When it is needed, as the file says it: an environment marker, a target platform.
    pub marker: Option<String>,
    /// The version that a comment beside it names, where it is fixed to a commit.
    pub noted: Option<String>,
}

impl Component {
    /// A component of which nothing but its name and line is known: any version, from the ecosystem's own registry, to run.
    #[must_use]
    pub fn new(ecosystem: Ecosystem, name: impl Into<String>, line: u32) -> Self {
        Self {
            ecosystem,
            name: name.into(),
            version: Version::Any,
            origin: Origin::Registry,
            hashes: Vec::new(),
            scope: Scope::Run,
            direct: None,
            needs: Vec::new(),
            licence: None,
            line,
            span: None,
            marker: None,
            noted: None,
        }
    }
}

/// A family of packages with one way of naming and comparing versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Ecosystem {
    /// Python packages.
    PyPI,
    /// Conda packages.
    Conda,
    /// JavaScript packages.
    Npm,
    /// Rust crates.
    Cargo,
    /// Go modules.
    Go,
    /// Container images.
    Oci,
    /// Actions of GitHub workflows.
    GitHubActions,
    /// Models, data sets and spaces of a model hub.
    HuggingFace,
    /// Packages of an operating system, as a Dockerfile installs them.
    System,
}

impl Ecosystem {
    /// The name in OSV's schema; for what OSV has no ecosystem, the name people use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::PyPI => "PyPI",
            Self::Conda => "conda",
            Self::Npm => "npm",
            Self::Cargo => "crates.io",
            Self::Go => "Go",
            Self::Oci => "OCI",
            Self::GitHubActions => "GitHub Actions",
            Self::HuggingFace => "Hugging Face",
            Self::System => "system",
        }
    }

    /// The type in a package URL (purl specification).
    #[must_use]
    pub fn purl_type(self) -> &'static str {
        match self {
            Self::PyPI => "pypi",
            Self::Conda => "conda",
            Self::Npm => "npm",
            Self::Cargo => "cargo",
            Self::Go => "golang",
            Self::Oci => "oci",
            Self::GitHubActions => "github",
            Self::HuggingFace => "huggingface",
            Self::System => "generic",
        }
    }
}

impl fmt::Display for Ecosystem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Which version a file asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Version {
    /// Exactly this one.
    Exact(String),
    /// Any that fits, in the ecosystem's own words (`>=2,<3`, `^1.2`, a branch, a tag that moves).
    Range(String),
    /// Any at all.
    Any,
}

impl Version {
    /// The exact version, if there is one.
    #[must_use]
    pub fn exact(&self) -> Option<&str> {
        match self {
            Self::Exact(version) => Some(version),
            Self::Range(_) | Self::Any => None,
        }
    }
}

/// From where a component is fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The ecosystem's own registry.
    Registry,
    /// Another registry or index; its address without user and password.
    OtherRegistry(String),
    /// A version-control repository; address without user and password, and the revision if one is fixed.
    Git {
        /// The repository.
        url: String,
        /// A commit, when the file fixes one.
        commit: Option<String>,
    },
    /// A file at an address.
    Url(String),
    /// A path on this machine or in this repository.
    Local(String),
}

impl Origin {
    /// A repository as lockfiles write it, `https://host/one.git?rev=main#COMMIT`.
    fn locked_git(address: &str) -> Self {
        let commit = address.rsplit_once('#').map(|(_, commit)| commit);
        Self::Git {
            url: reader::without_credentials(address.split(['?', '#']).next().unwrap_or(address)),
            commit: commit.filter(|one| requirement::is_commit(one)).map(str::to_owned),
        }
    }
}

/// What a component is needed for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Scope {
    /// Running.
    #[default]
    Run,
    /// Building.
    Build,
    /// Development and tests.
    Development,
    /// An extra that somebody may ask for, by name.
    Optional(Cow<'static, str>),
}
