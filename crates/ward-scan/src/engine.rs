//! The table of engines.

use ward_evidence::RuleMeta;

use crate::{Blob, Findings, models, secrets};

/// An engine: what it looks for in one blob. Stages are functions; the table below is the list.
pub struct Engine {
    /// The word for `--engines`.
    pub name: &'static str,
    /// One sentence for the help.
    pub what: &'static str,
    /// Every rule a finding of this engine can name.
    pub rules: fn() -> &'static [&'static RuleMeta],
    /// Looks at one blob. Must not panic, must be linear in what it reads, and reports what it could not examine.
    pub scan: fn(&Blob<'_>, &mut Findings),
}

/// Every engine, in the order of the report.
pub static ENGINES: &[Engine] = &[secrets::ENGINE, models::ENGINE];

/// The engine called `name`.
#[must_use]
pub fn by_name(name: &str) -> Option<&'static Engine> {
    ENGINES.iter().find(|engine| engine.name == name)
}
