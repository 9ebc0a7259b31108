//! What each stage leaves behind: evidence with counts, never content.

use ward_evidence::Evidence;

/// A stage of the request path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Shape and size were checked.
    Admit,
    /// Protected health information was replaced.
    Deidentify,
    /// Text that instructs the model was looked for.
    Inspect,
    /// Records were compressed, and the compression proved.
    Compress,
    /// An engine answered.
    Answer,
    /// The answer was checked.
    Check,
    /// Values were put back.
    Reidentify,
}

impl Stage {
    /// Every stage, in order.
    pub const ALL: [Stage; 7] = [
        Stage::Admit,
        Stage::Deidentify,
        Stage::Inspect,
        Stage::Compress,
        Stage::Answer,
        Stage::Check,
        Stage::Reidentify,
    ];

    /// The stage's word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Stage::Admit => "admit",
            Stage::Deidentify => "deidentify",
            Stage::Inspect => "inspect",
            Stage::Compress => "compress",
            Stage::Answer => "answer",
            Stage::Check => "check",
            Stage::Reidentify => "reidentify",
        }
    }
}

/// The receipts of the stages a request has been through, in order. Only a stage can add to them.
#[derive(Debug, Clone, Default)]
pub struct Receipts {
    stages: Vec<(Stage, Vec<Evidence>)>,
}

impl Receipts {
    pub(crate) fn add(&mut self, stage: Stage, evidence: Vec<Evidence>) {
        self.stages.push((stage, evidence));
    }

    /// Each stage with its evidence, in the order they ran.
    pub fn iter(&self) -> impl Iterator<Item = (Stage, &[Evidence])> {
        self.stages
            .iter()
            .map(|(stage, evidence)| (*stage, evidence.as_slice()))
    }

    /// True when every stage has left its receipt, in order.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.stages.iter().map(|(stage, _)| *stage).eq(Stage::ALL)
    }
}

/// The controls the stages serve.
pub(crate) mod controls {
    pub(crate) use ward_evidence::controls::{
        DATA_1A as DEIDENTIFIED, DATA_1C as REIDENTIFIED, DATA_1E as FOREIGN_WITHHELD, DATA_2A as COMPRESSION_PROVED,
        DATA_5A as ONLY_CLEAN_TEXT_SENT, MOD_8A as CONTROL_TOKENS_ARE_TEXT, RUN_3A as REQUEST_VALIDATED,
        RUN_3D as INSTRUCTIONS_LOOKED_FOR,
    };
}
