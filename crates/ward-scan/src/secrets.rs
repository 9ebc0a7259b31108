//! Credentials in text, and in the files whose business it is to hold them.

use ward_evidence::RuleMeta;

use crate::{Blob, Engine, Findings};

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
