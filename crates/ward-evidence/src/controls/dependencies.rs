//! Dependencies: `DEP-1` to `DEP-4`.

use crate::control::{Control, ControlId, PLANNED};

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
        ..PLANNED
    },
    Control {
        id: DEP_1B,
        clause: "DEP-1",
        title: "The age of the advisories shows",
        statement: "A scan states the date of its advisory data, and data older than the policy allows makes the outcome \
            not examined.",
        rationale: "Old data finds nothing and looks clean.",
        ..PLANNED
    },
    Control {
        id: DEP_2A,
        clause: "DEP-2",
        title: "Versions are pinned",
        statement: "A dependency without an exact version or a lockfile entry is a finding.",
        rationale: "What is not pinned changes without a review.",
        ..PLANNED
    },
    Control {
        id: DEP_2B,
        clause: "DEP-2",
        title: "Updates are proposed",
        statement: "`ward scan --fix` proposes the smallest update that leaves no known vulnerability.",
        rationale: "People do what costs them one command.",
        ..PLANNED
    },
    Control {
        id: DEP_3A,
        clause: "DEP-3",
        title: "Licences are compatible",
        statement: "The licence of every dependency is compared with the project's allow-list; a licence that cannot be \
            determined is not examined, never allowed.",
        rationale: "A licence that does not fit can stop a release.",
        ..PLANNED
    },
    Control {
        id: DEP_4A,
        clause: "DEP-4",
        title: "Downloads are pinned by hash",
        statement: "A download in a build or workflow without a hash or a verified signature is a finding.",
        rationale: "A server that was broken into serves what it likes.",
        ..PLANNED
    },
    Control {
        id: DEP_4B,
        clause: "DEP-4",
        title: "New components are seen",
        statement: "`ward sbom` writes a bill of materials of software and models, and its difference to the last one \
            lists every new component.",
        rationale: "Nobody reviews what nobody sees.",
        ..PLANNED
    },
];
