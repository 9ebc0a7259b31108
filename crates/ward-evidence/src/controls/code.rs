//! Code: `CODE-1` to `CODE-5`.

use crate::control::{Control, ControlId, Status};

/// Static analysis of every file.
pub const CODE_1A: ControlId = ControlId::new("CODE-1a");
/// Findings in the common format.
pub const CODE_1B: ControlId = ControlId::new("CODE-1b");
/// Rules for machine-learning code.
pub const CODE_2A: ControlId = ControlId::new("CODE-2a");
/// Injection is followed through the code.
pub const CODE_3A: ControlId = ControlId::new("CODE-3a");
/// Types and quality are checked.
pub const CODE_4A: ControlId = ControlId::new("CODE-4a");
/// Reviews are required.
pub const CODE_4B: ControlId = ControlId::new("CODE-4b");
/// Hooks before a commit.
pub const CODE_5A: ControlId = ControlId::new("CODE-5a");

pub(super) const CONTROLS: &[Control] = &[
    Control {
        id: CODE_1A,
        clause: "CODE-1",
        title: "Static analysis of every file",
        statement: "`ward scan --engines code` examines every source file it has rules for, and lists every file it \
            could not examine.",
        rationale: "A scanner that skips in silence makes people feel safe.",
        status: Status::Stands,
        enforced_by: &["`ward scan`", "ward-scan: code"],
        verified_by: &[
            "crates/ward-scan/src/code/tests.rs::what_does_not_parse_is_reported_and_the_rest_examined",
            "crates/ward-scan/src/code/tests.rs::every_rule_finds_its_bad_examples_and_nothing_in_its_good_ones",
            "crates/ward-scan/src/code/infra.rs::what_cannot_be_read_is_named",
        ],
    },
    Control {
        id: CODE_1B,
        clause: "CODE-1",
        title: "Findings in the common format",
        statement: "Findings are written as SARIF 2.1.0 with fingerprints that survive moved lines.",
        rationale: "Findings that appear anew on every change are switched off.",
        status: Status::Stands,
        enforced_by: &["`ward scan`"],
        verified_by: &[
            "crates/ward-scan/src/scan/tests.rs::fingerprints_survive_lines_that_move_and_nothing_else",
            "crates/ward/tests/e2e/scan/reports.rs::sarif_has_what_services_read",
        ],
    },
    Control {
        id: CODE_2A,
        clause: "CODE-2",
        title: "Rules for machine-learning code",
        statement: "`ward scan` finds unsafe loading of models and data, remote code switched on, prompts built from \
            untrusted text, and model output that is executed.",
        rationale: "General rules do not know what a model file can do.",
        status: Status::Stands,
        enforced_by: &["`ward scan`", "ward-scan: code"],
        verified_by: &[
            "crates/ward-scan/src/code/tests.rs::every_rule_finds_its_bad_examples_and_nothing_in_its_good_ones",
        ],
    },
    Control {
        id: CODE_3A,
        clause: "CODE-3",
        title: "Injection is followed through the code",
        statement: "The code engine follows untrusted input to SQL, shells, paths, templates and deserialisers across \
            functions, and names both ends in the finding.",
        rationale: "The dangerous call is often far from the place where the input came in.",
        status: Status::Stands,
        enforced_by: &["`ward scan`", "ward-scan: code"],
        verified_by: &[
            "crates/ward-scan/src/code/tests/flows.rs::flows_go_through_functions_of_one_file",
            "crates/ward-scan/src/code/tests/flows.rs::flows_go_through_files",
        ],
    },
    Control {
        id: CODE_4A,
        clause: "CODE-4",
        title: "Types and quality are checked",
        statement: "`ward policy check` finds a promised type checker or linter that no workflow runs, or that cannot \
            fail.",
        rationale: "A check that cannot fail checks nothing.",
        status: Status::Stands,
        enforced_by: &["`ward policy check`"],
        verified_by: &["crates/ward-policy/tests/pipelines.rs::hollow_scans_are_told_from_scans_that_gate"],
    },
    Control {
        id: CODE_4B,
        clause: "CODE-4",
        title: "Reviews are required",
        statement: "`ward policy check` compares promised reviews, code owners and required checks with the settings \
            files in the repository, and says which settings no file can show.",
        rationale: "Branch protection that is only in the text protects nothing.",
        status: Status::Stands,
        enforced_by: &["`ward policy check`"],
        verified_by: &["crates/ward-policy/src/check/tests.rs::files_keep_what_they_can"],
    },
    Control {
        id: CODE_5A,
        clause: "CODE-5",
        title: "Hooks before a commit",
        statement: "`ward hook install` installs a hook that scans what is staged and refuses a commit with a finding at \
            or above the threshold.",
        rationale: "A secret that was never committed need not be replaced.",
        status: Status::Stands,
        enforced_by: &["`ward hook install`"],
        verified_by: &[
            "crates/ward/tests/e2e/hook.rs::commits_with_findings_are_stopped_and_others_pass",
            "crates/ward/tests/e2e/hook.rs::a_hook_that_was_there_still_runs_and_comes_back",
            "crates/ward/tests/e2e/hook.rs::folders_of_hooks_and_work_trees_are_respected",
        ],
    },
];
