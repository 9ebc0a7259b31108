//! Credentials in text, and in the files whose business it is to hold them.
//!
//! - [`rule`]: what a provider's rule is; [`rules`]: the table of them.
//! - [`matcher`]: from a rule to the places in a text.
//! - [`placeholder`], [`entropy`], [`checksum`]: what tells a secret from something that looks like one.
//! - [`sample`]: look-alikes for the rules' examples.

use ward_evidence::RuleMeta;

use crate::{Blob, Engine, Findings};

pub mod checksum;
pub mod entropy;
pub mod matcher;
pub mod placeholder;
pub mod rule;
pub mod rules;
pub mod sample;

/// The engine.
pub const ENGINE: Engine = Engine {
    name: "secrets",
    what: "credentials in text, configuration and credential files",
    rules,
    scan,
};

fn rules() -> &'static [&'static RuleMeta] {
    &[]
}

fn scan(_blob: &Blob<'_>, _findings: &mut Findings) {}
