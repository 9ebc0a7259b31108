//! Models: `MOD-1` to `MOD-8`.

use crate::control::{Control, ControlId, PLANNED, Status};

/// Code in model files is found.
pub const MOD_1A: ControlId = ControlId::new("MOD-1a");
/// Ward loads no code.
pub const MOD_1B: ControlId = ControlId::new("MOD-1b");
/// Models are verified before loading.
pub const MOD_2A: ControlId = ControlId::new("MOD-2a");
/// Weights are encrypted at rest.
pub const MOD_3A: ControlId = ControlId::new("MOD-3a");
/// Weights are not in the repository.
pub const MOD_3B: ControlId = ControlId::new("MOD-3b");
/// Robustness is measured.
pub const MOD_4A: ControlId = ControlId::new("MOD-4a");
/// Misleading inputs are met at the gate.
pub const MOD_4B: ControlId = ControlId::new("MOD-4b");
/// Training data is examined.
pub const MOD_5A: ControlId = ControlId::new("MOD-5a");
/// Extraction is slowed and noticed.
pub const MOD_6A: ControlId = ControlId::new("MOD-6a");
/// Leakage of training data is measured.
pub const MOD_6B: ControlId = ControlId::new("MOD-6b");
/// Bias is measured.
pub const MOD_7A: ControlId = ControlId::new("MOD-7a");
/// Change is noticed.
pub const MOD_7B: ControlId = ControlId::new("MOD-7b");
/// Answers can be explained.
pub const MOD_7C: ControlId = ControlId::new("MOD-7c");
/// Tokens are limited and control tokens refused.
pub const MOD_8A: ControlId = ControlId::new("MOD-8a");
/// Tokenizers withstand hostile bytes.
pub const MOD_8B: ControlId = ControlId::new("MOD-8b");

pub(super) const CONTROLS: &[Control] = &[
    Control {
        id: MOD_1A,
        clause: "MOD-1",
        title: "Code in model files is found",
        statement: "`ward scan --engines models` reads pickles without running them and names every import and call they \
            would make; a pickle it cannot follow to the end is not examined.",
        rationale: "Loading a pickle runs whatever its author wished.",
        status: Status::Stands,
        enforced_by: &["`ward scan`", "ward-scan: models"],
        verified_by: &[
            "crates/ward-scan/tests/models.rs::gadgets_are_found_in_every_way_of_calling_them",
            "crates/ward-scan/tests/models.rs::unknown_is_never_clean",
            "crates/ward-scan/tests/models.rs::what_cannot_be_followed_is_not_examined",
        ],
    },
    Control {
        id: MOD_1B,
        clause: "MOD-1",
        title: "Ward loads no code",
        statement: "Ward loads models only from formats that cannot hold code.",
        rationale: "The scanner is not the last line of defence.",
        ..PLANNED
    },
    Control {
        id: MOD_2A,
        clause: "MOD-2",
        title: "Models are verified before loading",
        statement: "A model whose digest or signature is not the one pinned in the model store is refused before any of \
            it is parsed.",
        rationale: "A changed model behaves as its changer wishes.",
        ..PLANNED
    },
    Control {
        id: MOD_3A,
        clause: "MOD-3",
        title: "Weights are encrypted at rest",
        statement: "The model store encrypts weights under a key that is not stored beside them.",
        rationale: "A stolen disk should not be a stolen model.",
        ..PLANNED
    },
    Control {
        id: MOD_3B,
        clause: "MOD-3",
        title: "Weights are not in the repository",
        statement: "A model file that is tracked by git and not by a large-file pointer is a finding.",
        rationale: "What is once in the history stays there.",
        status: Status::Stands,
        enforced_by: &["`ward scan`", "ward-scan: repository"],
        verified_by: &["crates/ward/tests/e2e/scan/git.rs::git_decides_what_is_scanned"],
    },
    Control {
        id: MOD_4A,
        clause: "MOD-4",
        title: "Robustness is measured",
        statement: "`ward assess robustness` attacks a model with named methods and budgets and reports the loss with \
            its interval.",
        rationale: "A claim of robustness without an attack is a wish.",
        ..PLANNED
    },
    Control {
        id: MOD_4B,
        clause: "MOD-4",
        title: "Misleading inputs are met at the gate",
        statement: "The request gate detects instructions in documents and images made to mislead, at a measured rate of \
            false alarms.",
        rationale: "The model cannot tell data from orders.",
        ..PLANNED
    },
    Control {
        id: MOD_5A,
        clause: "MOD-5",
        title: "Training data is examined",
        statement: "`ward assess data` finds duplicates, outliers, flipped labels and planted triggers, and `ward train` \
            refuses data that was not examined.",
        rationale: "A few hundred planted samples are enough.",
        ..PLANNED
    },
    Control {
        id: MOD_6A,
        clause: "MOD-6",
        title: "Extraction is slowed and noticed",
        statement: "Query budgets per key and a detector of systematic querying make copying a model expensive and \
            visible.",
        rationale: "A model can be copied through its answers.",
        status: Status::Stands,
        enforced_by: &["`ward serve`", "ward-guard: harvest"],
        verified_by: &[
            "crates/ward-serve/src/harvest.rs::who_counts_is_noticed_and_nobody_else",
            "crates/ward-serve/tests/gate/limits.rs::tokens_and_compute_are_budgets",
        ],
    },
    Control {
        id: MOD_6B,
        clause: "MOD-6",
        title: "Leakage of training data is measured",
        statement: "`ward assess` runs membership-inference tests and reports the advantage over chance with its \
            interval.",
        rationale: "Models remember patients.",
        ..PLANNED
    },
    Control {
        id: MOD_7A,
        clause: "MOD-7",
        title: "Bias is measured",
        statement: "`ward assess bias` reports performance per group with intervals and the groups too small to judge.",
        rationale: "An average hides whom a model fails.",
        ..PLANNED
    },
    Control {
        id: MOD_7B,
        clause: "MOD-7",
        title: "Change is noticed",
        statement: "`ward assess drift` compares live inputs and outputs with a reference and says how sure it is.",
        rationale: "A model grows wrong without changing.",
        ..PLANNED
    },
    Control {
        id: MOD_7C,
        clause: "MOD-7",
        title: "Answers can be explained",
        statement: "`ward assess explain` reports which parts of the input an answer depends on, and how faithful the \
            explanation is.",
        rationale: "A clinician who cannot see why must not rely on it.",
        ..PLANNED
    },
    Control {
        id: MOD_8A,
        clause: "MOD-8",
        title: "Tokens are limited and control tokens refused",
        statement: "Text that spells a control token reaches the model as a placeholder, and a request over the token limit is refused \
            before the model runs.",
        rationale: "A user who can write a control token can write the system's part of the conversation.",
        status: Status::Stands,
        enforced_by: &["ward-guard: compress"],
        verified_by: &[
            "crates/ward-guard/src/compress.rs::no_message_can_forge_a_role_and_the_answer_shows_what_was_written",
            "crates/ward-guard/src/compress.rs::tokens_are_limited_at_their_border",
        ],
    },
    Control {
        id: MOD_8B,
        clause: "MOD-8",
        title: "Tokenizers withstand hostile bytes",
        statement: "Every tokenizer is fuzzed: no input makes it panic, loop or use memory beyond its budget.",
        rationale: "The tokenizer is the first code that a stranger's text meets.",
        status: Status::Stands,
        enforced_by: &["ward-clinical: tokens"],
        verified_by: &[
            "crates/ward-clinical/tests/replay.rs::tokenizers",
            "crates/ward-clinical/tests/replay.rs::vocabularies",
        ],
    },
];
