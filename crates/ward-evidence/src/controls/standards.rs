//! Standards: `STD-1`.

use crate::control::{Control, ControlId, Status};

/// Controls are mapped to standards.
pub const STD_1A: ControlId = ControlId::new("STD-1a");
/// An attestation is a join.
pub const STD_1B: ControlId = ControlId::new("STD-1b");
/// What was not examined shows.
pub const STD_1C: ControlId = ControlId::new("STD-1c");

pub(super) const CONTROLS: &[Control] = &[
    Control {
        id: STD_1A,
        clause: "STD-1",
        title: "Controls are mapped to standards",
        statement: "Every mapping of a control to a clause of HIPAA, GDPR, CCPA, SOC 2, ISO 27001, NIST CSF or OWASP \
            names the edition, the clause, the kind of relation and whether it was verified against the source.",
        rationale: "A mapping that nobody checked is decoration.",
        status: Status::Stands,
        enforced_by: &["`ward attest standards`"],
        verified_by: &[
            "crates/ward-evidence/src/standard.rs::every_mapping_names_edition_clause_relation_source_date_and_status",
            "crates/ward-evidence/src/standard.rs::verified_needs_a_list_and_a_text_that_was_read",
        ],
    },
    Control {
        id: STD_1B,
        clause: "STD-1",
        title: "An attestation is a join",
        statement: "`ward attest` derives every statement from evidence and findings, and names them.",
        rationale: "A report that can be written by hand will be.",
        status: Status::Stands,
        enforced_by: &["`ward attest`"],
        verified_by: &[
            "crates/ward-policy/tests/attest.rs::an_outcome_that_does_not_follow_is_noticed",
            "crates/ward/tests/e2e/attest.rs::a_ledger_shows_what_a_service_did_with_proofs",
        ],
    },
    Control {
        id: STD_1C,
        clause: "STD-1",
        title: "What was not examined shows",
        statement: "In an attestation, a control without evidence is not examined, and never counts as held.",
        rationale: "Silence is not success.",
        status: Status::Stands,
        enforced_by: &["`ward attest`"],
        verified_by: &[
            "crates/ward-policy/src/attest/join.rs::without_evidence_nothing_holds_for_any_standard",
            "crates/ward/tests/e2e/attest.rs::a_scan_decides_what_it_looked_at_and_nothing_else",
        ],
    },
];
