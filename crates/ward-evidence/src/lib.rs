//! What Ward says: findings, evidence and the control catalogue.
//!
//! A [`Finding`] is a fault with a rule and a place. [`Evidence`] says of one control that it held, that it failed, or
//! that it was not examined; there is no fourth case, so silence is never success. Rules and evidence name
//! [`ControlId`]s, and a [`Control`] carries the clause of a security policy that it makes true. An attestation is a
//! join over the three.
//!
//! This crate holds words and data only: no IO, no clock, no cryptography. Everything in it is fit for a log, a report
//! or the ledger, because nothing in it has a place for the secret or the patient's words that led to it.

pub mod clauses;
pub mod control;
pub mod controls;
pub mod evidence;
pub mod finding;
pub mod location;
pub mod rule;
pub mod severity;
pub mod standard;

pub use clauses::{CLAUSES, Clause, Family};
pub use control::{Control, ControlId, Status};
pub use controls::{by_clause, by_id, catalogue};
pub use evidence::{Evidence, Outcome};
pub use finding::Finding;
pub use location::{ByteRange, Location};
pub use rule::RuleMeta;
pub use severity::{Severity, UnknownSeverity};
pub use standard::{
    Checked, Mapping, Relation, Requirement, SourceKind, Standard, mappings_of, standard, standard_ids, standards,
};
