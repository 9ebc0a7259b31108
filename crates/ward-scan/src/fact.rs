//! What an engine read in one file and can judge only together with others.
//!
//! An engine looks at one blob at a time and leaves facts; when the last blob was looked at, its
//! [`conclude`](crate::Engine::conclude) gets the facts of all files and says what they mean together: a flow out of one
//! module into another, a dependency that no module imports, two lockfiles that disagree. Facts are of the folder only,
//! never of the history.

use ward_evidence::Location;

use crate::{
    advisories::Known, bom::weights::Seen, code::flow::summary::Summary, config::Config, inventory::Manifest,
    licences::statement::Statement, suppress::Day,
};

/// What an engine read in one file.
pub enum Fact {
    /// What a manifest or a lockfile names.
    Manifest(Box<Manifest>),
    /// The modules outside of itself that a Python file imports, by the first part of their names, each once.
    Imports(Box<[Box<str>]>),
    /// What a file says about a licence.
    Licence(Box<Statement>),
    /// What the functions of a Python file do with what they get.
    Python(Box<Summary>),
    /// A model file or the configuration beside one. Only a bill of materials asks for it.
    Model(Box<Seen>),
}

/// All files together.
pub struct Project<'a> {
    /// Every fact with the file it was read in, by place.
    pub facts: &'a [(Location, Fact)],
    /// What the project wants of a scan.
    pub config: &'a Config,
    /// What those below the root say, by folder (with `/` at the end), the deepest first.
    pub nested: &'a [(String, Config)],
    /// What is known of packages that have faults.
    pub advisories: &'a Known,
    /// Today.
    pub today: Day,
}

impl Project<'_> {
    /// What the `ward.toml` nearest to a path says: that of its folder or of the nearest one above it.
    #[must_use]
    pub fn config_at(&self, path: &str) -> &Config {
        nearest(self.nested, self.config, path)
    }
}

/// The configuration that holds at a path, of `nested` ones by folder, the deepest first.
pub(crate) fn nearest<'a>(nested: &'a [(String, Config)], root: &'a Config, path: &str) -> &'a Config {
    let below = nested.iter().find(|(folder, _)| path.starts_with(folder.as_str()));
    below.map_or(root, |(_, config)| config)
}
