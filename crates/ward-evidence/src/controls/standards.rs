//! Standards: `STD-1`.

use crate::control::{Control, ControlId, PLANNED};

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
        ..PLANNED
    },
    Control {
        id: STD_1B,
        clause: "STD-1",
        title: "An attestation is a join",
        statement: "`ward attest` derives every statement from evidence and findings, and names them.",
        rationale: "A report that can be written by hand will be.",
        ..PLANNED
    },
    Control {
        id: STD_1C,
        clause: "STD-1",
        title: "What was not examined shows",
        statement: "In an attestation, a control without evidence is not examined, and never counts as held.",
        rationale: "Silence is not success.",
        ..PLANNED
    },
];
