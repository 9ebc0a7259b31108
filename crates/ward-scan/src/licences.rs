//! Licences: of the project, of what it is made of, and whether they go together.
//!
//! ```text
//! file -> statement (what it says) -> Fact::Licence ┐
//! manifest -> Fact::Manifest ───────────────────────┴─> judge: policy, else the matrix -> Found | NotExamined
//! ```
//!
//! - [`expression`], [`names`], [`text`]: SPDX expressions; names and classifiers; whole texts.
//! - [`terms`], [`models`]: what licences ask for; those of models and data sets that the SPDX list does not have.
//! - [`statement`], [`card`]: what files say.
//! - [`policy`], [`compatible`]: the project's lists; without lists, whether a licence goes with the project's own.
//!
//! A licence that nothing tells is not examined, and never allowed.

pub mod card;
pub mod compatible;
pub mod expression;
pub mod judge;
pub mod models;
pub mod names;
pub mod policy;
pub mod rules;
pub mod statement;
pub mod terms;
pub mod text;
pub mod words;

use crate::{Engine, Fact, report::Findings};

/// The engine.
pub const ENGINE: Engine = Engine {
    name: "licences",
    what: "licences that a policy denies, or that do not go with the project's own",
    rules: || rules::RULES,
    scan: statement::read,
    history: false,
    conclude: Some(judge::conclude),
};

/// Leaves a statement as a fact.
pub(crate) fn leave(statement: statement::Statement, findings: &mut Findings) {
    findings.facts.push(Fact::Licence(Box::new(statement)));
}

#[cfg(test)]
mod tests;
