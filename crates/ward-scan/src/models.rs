//! Model files that run code when loaded, lie about their layout, or hide something.

use ward_evidence::RuleMeta;

use crate::{Blob, Engine, Findings};

/// The engine.
pub const ENGINE: Engine = Engine {
    name: "models",
    what: "model files that run code or lie about their layout",
    rules,
    scan,
};

fn rules() -> &'static [&'static RuleMeta] {
    &[]
}

fn scan(_blob: &Blob<'_>, _findings: &mut Findings) {}
