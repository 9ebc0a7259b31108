//! Attestation: what is known of each requirement of a standard, joined from evidence, with its limits.
//!
//! ```text
//! findings of a scan ─┐
//! ledger of a service ┼─> Item per control ─> join with the mappings of a standard ─> Attestation ─> text, JSON, OSCAL, page, PDF
//! promises, tests    ─┘
//! ```
//!
//! - [`document`]: the attestation as data; the only thing that is signed, compared and rendered.
//! - [`scan`], [`ledger`], [`promises`], [`junit`]: one source of evidence each, as items per control.
//! - [`join`](mod@join): items and mappings to outcomes and gaps. Nothing else decides an outcome.
//! - [`verify`]: the join done again from a finished attestation, and its proofs checked.
//! - [`seal`]: the signed note over an attestation.
//! - [`diff`]: what changed between two.
//! - [`page`], [`text`], [`html`], [`pdf`], [`oscal`]: how people and tools get it.
//!
//! It never says that anything complies. A control without evidence is not examined, and a requirement holds only when
//! every control that decides it does.

pub mod diff;
pub mod document;
pub mod drills;
pub mod html;
pub mod join;
pub mod junit;
pub mod ledger;
pub mod oscal;
pub mod page;
pub mod pdf;
pub mod promises;
pub mod scan;
pub mod seal;
pub mod text;
pub mod verify;
pub mod when;

pub use document::Attestation;
pub use join::{Inputs, join};

use std::collections::BTreeMap;
use ward_evidence::ControlId;

use document::Item;

/// Evidence by control.
pub type Evidence = BTreeMap<ControlId, Vec<Item>>;

/// Puts the evidence of `more` behind that of `all`.
pub fn add(all: &mut Evidence, more: Evidence) {
    for (control, items) in more {
        all.entry(control).or_default().extend(items);
    }
}

/// The JSON schema (draft 2020-12) of an attestation.
pub const SCHEMA: &str = include_str!("attest/attest.schema.json");
