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
    /// What is known of packages that have faults.
    pub advisories: &'a Known,
    /// Today.
    pub today: Day,
}
