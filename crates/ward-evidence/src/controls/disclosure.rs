//! Disclosure and response: `DIS-1` to `DIS-5`.

use crate::control::{Control, ControlId, Status};

/// A private way to report.
pub const DIS_1A: ControlId = ControlId::new("DIS-1a");
/// What a report must hold.
pub const DIS_1B: ControlId = ControlId::new("DIS-1b");
/// A contact that machines can read.
pub const DIS_1C: ControlId = ControlId::new("DIS-1c");
/// Clocks on every case.
pub const DIS_2A: ControlId = ControlId::new("DIS-2a");
/// Supported versions with end dates.
pub const DIS_3A: ControlId = ControlId::new("DIS-3a");
/// From fix to advisory.
pub const DIS_4A: ControlId = ControlId::new("DIS-4a");
/// Advisories that machines can read.
pub const DIS_4B: ControlId = ControlId::new("DIS-4b");
/// Safe harbour and scope.
pub const DIS_4C: ControlId = ControlId::new("DIS-4c");
/// Incidents are cases.
pub const DIS_5A: ControlId = ControlId::new("DIS-5a");

pub(super) const CONTROLS: &[Control] = &[
    Control {
        id: DIS_1A,
        clause: "DIS-1",
        title: "A private way to report",
        statement: "`ward policy check` finds a project whose security policy names no private reporting channel, or \
            names one in one file and another elsewhere.",
        rationale: "A reporter who finds no private way uses a public one.",
        status: Status::Stands,
        enforced_by: &["`ward policy check`"],
        verified_by: &["crates/ward/tests/e2e/policy.rs::a_policy_is_held_against_the_folder_in_every_format"],
    },
    Control {
        id: DIS_1B,
        clause: "DIS-1",
        title: "What a report must hold",
        statement: "`ward disclose` accepts a report and answers which of type, paths, version, reproduction, proof of \
            concept, impact and contact are missing.",
        rationale: "An incomplete report costs both sides days.",
        status: Status::Stands,
        enforced_by: &["`ward disclose`"],
        verified_by: &["crates/ward-disclose/src/report/complete.rs::what_is_missing_is_named"],
    },
    Control {
        id: DIS_1C,
        clause: "DIS-1",
        title: "A contact that machines can read",
        statement: "`ward disclose` writes a security.txt that conforms to RFC 9116 and warns before it expires.",
        rationale: "Researchers look there first, and an expired file is worse than none.",
        status: Status::Stands,
        enforced_by: &["`ward disclose security-txt`"],
        verified_by: &["crates/ward-disclose/src/advisory/tests.rs::security_txt_is_written_and_warned_of"],
    },
    Control {
        id: DIS_2A,
        clause: "DIS-2",
        title: "Clocks on every case",
        statement: "Every case carries its own deadlines for acknowledgement, assessment, fix and publication, each \
            computed from a named event, and a missed one is a finding.",
        rationale: "A promise of days is worth nothing if nobody counts them.",
        status: Status::Stands,
        enforced_by: &["`ward disclose due`"],
        verified_by: &[
            "crates/ward-disclose/src/clock.rs::the_standard_promises",
            "crates/ward/tests/e2e/disclose.rs::what_is_due_is_said_and_nothing_else",
        ],
    },
    Control {
        id: DIS_3A,
        clause: "DIS-3",
        title: "Supported versions with end dates",
        statement: "A supported-version table that names versions that do not exist, or whose end dates have passed, is \
            a finding.",
        rationale: "Users read the table to decide whether they are safe.",
        status: Status::Stands,
        enforced_by: &["`ward policy check`"],
        verified_by: &["crates/ward-policy/src/check/tests.rs::tables_of_versions_are_held_against_versions"],
    },
    Control {
        id: DIS_4A,
        clause: "DIS-4",
        title: "From fix to advisory",
        statement: "A case cannot be closed before affected versions, siblings in the code, a fix per supported version \
            and an advisory are recorded or declined with a reason.",
        rationale: "The second copy of a fault is the one that is exploited after the first is published.",
        status: Status::Stands,
        enforced_by: &["`ward disclose close`"],
        verified_by: &[
            "crates/ward-disclose/src/case/rules.rs::no_case_is_closed_before_everything_is_recorded_or_declined",
        ],
    },
    Control {
        id: DIS_4B,
        clause: "DIS-4",
        title: "Advisories that machines can read",
        statement: "Advisories are written as CSAF 2.0, OSV and VEX documents that pass the published schemas.",
        rationale: "Users learn of a fix through tools.",
        status: Status::Stands,
        enforced_by: &["`ward disclose advise`"],
        verified_by: &["crates/ward-disclose/src/advisory/tests.rs::csaf_keeps_its_own_rules"],
    },
    Control {
        id: DIS_4C,
        clause: "DIS-4",
        title: "Safe harbour and scope",
        statement: "`ward policy check` finds a policy that states no scope or threatens those who report in good faith.",
        rationale: "Fear of a lawsuit keeps faults unreported.",
        status: Status::Stands,
        enforced_by: &["`ward policy check`", "`ward policy init`"],
        verified_by: &[
            "crates/ward-policy/src/check/disclosure.rs::threats_are_told_from_safe_harbours",
            "crates/ward-policy/src/check/tests/bad_input.rs::threats_and_a_missing_scope_are_told",
        ],
    },
    Control {
        id: DIS_5A,
        clause: "DIS-5",
        title: "Incidents are cases",
        statement: "An alert from the ledger opens an incident with the steps detect, contain, assess, remediate, \
            recover and learn, each with its time and its author.",
        rationale: "An incident without a record is repeated.",
        status: Status::Stands,
        enforced_by: &["`ward incident`"],
        verified_by: &[
            "crates/ward-disclose/src/case/rules.rs::an_incident_is_closed_after_its_lessons",
            "crates/ward/tests/e2e/disclose.rs::an_incident_from_alarm_to_lessons",
        ],
    },
];
