//! Dependencies: `DEP-1` to `DEP-4`.

use crate::control::{Control, ControlId, Status};

/// Known vulnerabilities are found.
pub const DEP_1A: ControlId = ControlId::new("DEP-1a");
/// The age of the advisories shows.
pub const DEP_1B: ControlId = ControlId::new("DEP-1b");
/// Versions are pinned.
pub const DEP_2A: ControlId = ControlId::new("DEP-2a");
/// Updates are proposed.
pub const DEP_2B: ControlId = ControlId::new("DEP-2b");
/// Licences are compatible.
pub const DEP_3A: ControlId = ControlId::new("DEP-3a");
/// Downloads are pinned by hash.
pub const DEP_4A: ControlId = ControlId::new("DEP-4a");
/// New components are seen.
pub const DEP_4B: ControlId = ControlId::new("DEP-4b");

pub(super) const CONTROLS: &[Control] = &[
    Control {
        id: DEP_1A,
        clause: "DEP-1",
        title: "Known vulnerabilities are found",
        statement: "`ward scan --engines dependencies` compares every component of every manifest and lockfile with \
            imported advisories, and a range that lies wholly inside an advisory is a finding.",
        rationale: "Most break-ins use a fault that had an advisory.",
        status: Status::Stands,
        enforced_by: &["`ward scan`", "ward-scan: dependencies"],
        verified_by: &[
            "crates/ward-scan/src/dependencies/tests.rs::one_fault_is_one_finding_with_its_names_and_its_fix",
            "crates/ward-scan/src/dependencies/tests.rs::every_rule_finds_and_leaves_alone",
        ],
    },
    Control {
        id: DEP_1B,
        clause: "DEP-1",
        title: "The age of the advisories shows",
        statement: "A scan states the date of its advisory data, and data older than the policy allows makes the outcome \
            not examined.",
        rationale: "Old data finds nothing and looks clean.",
        status: Status::Stands,
        enforced_by: &["`ward scan`", "ward-scan: dependencies"],
        verified_by: &[
            "crates/ward-scan/src/dependencies/tests.rs::without_advisories_or_with_old_ones_nothing_is_called_clean",
        ],
    },
    Control {
        id: DEP_2A,
        clause: "DEP-2",
        title: "Versions are pinned",
        statement: "A dependency without an exact version or a lockfile entry is a finding.",
        rationale: "What is not pinned changes without a review.",
        status: Status::Stands,
        enforced_by: &["`ward scan`", "ward-scan: dependencies"],
        verified_by: &["crates/ward-scan/src/dependencies/tests.rs::every_rule_finds_and_leaves_alone"],
    },
    Control {
        id: DEP_2B,
        clause: "DEP-2",
        title: "Updates are proposed",
        statement: "`ward scan --fix` proposes the smallest update that leaves no known vulnerability.",
        rationale: "People do what costs them one command.",
        status: Status::Stands,
        enforced_by: &["`ward scan --fix`"],
        verified_by: &[
            "crates/ward-scan/src/dependencies/tests.rs::versions_are_changed_where_a_manifest_still_asks_for_them",
        ],
    },
    Control {
        id: DEP_3A,
        clause: "DEP-3",
        title: "Licences are compatible",
        statement: "The licence of every dependency is compared with the project's allow-list; a licence that cannot be \
            determined is not examined, never allowed.",
        rationale: "A licence that does not fit can stop a release.",
        status: Status::Stands,
        enforced_by: &["`ward scan`", "ward-scan: licences"],
        verified_by: &[
            "crates/ward/tests/e2e/sbom.rs::licences_of_an_environment_are_judged",
            "crates/ward-scan/src/licences/tests.rs::every_rule_has_cases_of_both_kinds",
        ],
    },
    Control {
        id: DEP_4A,
        clause: "DEP-4",
        title: "Downloads are pinned by hash",
        statement: "A package without a hash, and a download that a build or a workflow unpacks, installs or keeps and that \
            nothing in it compares with a hash or a signature, is a finding.",
        rationale: "A server that was broken into serves what it likes.",
        status: Status::Stands,
        enforced_by: &["`ward scan`", "ward-scan: commands of images and pipelines"],
        verified_by: &[
            "crates/ward-scan/src/code/infra/command/unverified.rs::downloads_of_a_job_are_compared_in_any_later_step_of_it",
            "crates/ward-scan/src/code/infra.rs::every_rule_has_examples_that_break_it_and_that_do_not",
        ],
    },
    Control {
        id: DEP_4B,
        clause: "DEP-4",
        title: "New components are seen",
        statement: "`ward sbom` writes a bill of materials of software and models, and its difference to the last one \
            lists every new component.",
        rationale: "Nobody reviews what nobody sees.",
        status: Status::Stands,
        enforced_by: &["`ward sbom`"],
        verified_by: &[
            "crates/ward/tests/e2e/sbom.rs::two_bills_and_two_revisions_are_compared",
            "crates/ward-scan/tests/bom.rs::every_component_of_every_manifest_is_there",
        ],
    },
];
