//! Bills of materials: every component that a project's manifests name, its models and its data sets.
//!
//! ```text
//! files -> ENGINE -> facts ─> build -> Bom ─> cyclonedx | spdx
//!                                       └──── read (two of them) -> diff
//! ```
//!
//! - [`build`]: facts of all files to one list, each component once with every place that names it.
//! - [`purl`]: package URLs.
//! - [`weights`]: what the heads of model files say.
//! - [`supplied`]: who supplies models and data sets.
//! - [`cyclonedx`], [`spdx`]: the list as CycloneDX 1.6 and as SPDX 3.0.1.
//! - [`read`], [`diff`]: lists of others, and what two lists differ in.
//! - [`vex`]: statements about findings: read, and written.
//!
//! What could not be read is in the list as unknown, and never left out.

pub mod build;
pub mod cyclonedx;
pub mod diff;
pub mod purl;
pub mod read;
pub mod spdx;
pub mod supplied;
pub mod vex;
pub mod weights;

use std::collections::{BTreeMap, BTreeSet};

use supplied::Supplied;
use ward_evidence::RuleMeta;

use crate::{
    Blob, Engine, Fact, Findings, dependencies,
    inventory::{Ecosystem, Manifest, Scope, hub, reader},
    licences::{card::Card, statement},
    report::NotExamined,
};

/// What `ward sbom` looks at files with: it leaves facts and judges nothing. It is no engine of `ward scan`.
pub static ENGINE: Engine = Engine {
    name: "inventory",
    what: "components, models and licences, for a bill of materials",
    rules,
    scan,
    history: false,
    conclude: Some(dependencies::missing_includes),
};

fn rules() -> &'static [&'static RuleMeta] {
    &[]
}

/// Largest Python file that is searched for names of models.
const MAX_SOURCE: usize = 8 << 20;

/// Only the manifests: for the engine of licences when that of dependencies, which leaves them too, does not run.
pub static MANIFESTS: Engine = Engine {
    name: "manifests",
    what: "components that manifests name",
    rules,
    scan: manifests,
    history: false,
    conclude: None,
};

fn scan(blob: &Blob<'_>, findings: &mut Findings) {
    manifests(blob, findings);
    // Licence texts are told by their names, and what they hold is no fault here.
    statement::read(blob, findings);
    weights::read(blob, findings);
}

fn manifests(blob: &Blob<'_>, findings: &mut Findings) {
    if let Some((_, reading)) = reader::read(blob) {
        for problem in reading.problems {
            let place = blob.place.clone();
            let place = match problem.line {
                Some(line) => place.at(line, 1),
                None => place,
            };
            findings.not_examined(place, problem.why);
        }
        findings.facts.push(Fact::Manifest(Box::new(reading.manifest)));
    }
    let name = blob.name();
    if [".py", ".ipynb"].iter().any(|end| name.ends_with(end))
        && let Ok(Some(bytes)) = blob.content.whole(MAX_SOURCE)
        && let Ok(source) = std::str::from_utf8(&bytes)
    {
        let components = hub::of_python(source);
        if !components.is_empty() {
            findings.facts.push(Fact::Manifest(Box::new(Manifest {
                format: hub::FORMAT,
                components,
                ..Manifest::default()
            })));
        }
    }
}

/// A bill of materials.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bom {
    /// What it is the bill of.
    pub subject: Subject,
    /// What that is made of, by reference.
    pub parts: BTreeMap<String, Part>,
    /// Which part needs which others, by reference. The subject is the empty reference.
    pub needs: BTreeMap<String, BTreeSet<String>>,
    /// What was not examined: the list may lack what it names.
    pub unknown: Vec<NotExamined>,
}

/// What a bill is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subject {
    /// Its name.
    pub name: String,
    /// Its version, when a manifest says it.
    pub version: Option<String>,
    /// Its licence, as an expression.
    pub licence: Option<String>,
}

/// What a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A package.
    Library,
    /// A container image.
    Container,
    /// An action of a workflow.
    Action,
    /// A package of an operating system.
    System,
    /// A model.
    Model,
    /// A data set.
    Data,
}

/// One part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What it is.
    pub kind: Kind,
    /// Its ecosystem; none for a file of the project.
    pub ecosystem: Option<Ecosystem>,
    /// Its name.
    pub name: String,
    /// Its version, when it is fixed.
    pub version: Option<String>,
    /// Its package URL.
    pub purl: Option<String>,
    /// Digests as algorithm (`SHA-256`) and hexadecimal digits.
    pub hashes: BTreeSet<(String, String)>,
    /// Its licence, as an expression or in the words that were found; none when nothing says it.
    pub licence: Option<String>,
    /// Whether the licence is an SPDX expression.
    pub licence_is_expression: bool,
    /// What it is needed for.
    pub scope: Scope,
    /// Whether the project asks for it itself.
    pub direct: bool,
    /// Where it is named.
    pub places: BTreeSet<Place>,
    /// From where it is fetched, when that is not its ecosystem's registry: kind and address.
    pub fetched: Option<(&'static str, String)>,
    /// What is known of a model.
    pub model: Option<Model>,
    /// Who supplies a model or a data set, and since when.
    pub supplied: Supplied,
}

/// A place that names a part.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file.
    pub path: String,
    /// The line, from 1.
    pub line: u32,
    /// The versions it asks for, when they are not fixed.
    pub wanted: Option<String>,
    /// When it asks for it: an environment marker.
    pub marker: Option<String>,
}

/// What is known of a model.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Model {
    /// What its file says.
    pub weights: Option<weights::Weights>,
    /// What the configuration beside it says.
    pub config: Option<weights::Settings>,
    /// What its card says.
    pub card: Option<Card>,
}

impl Bom {
    /// Whether something may be missing: a file could not be read.
    #[must_use]
    pub fn is_incomplete(&self) -> bool {
        !self.unknown.is_empty()
    }
}
