//! Devices: `DEV-1` and `DEV-2`.

use crate::control::{Control, ControlId, PLANNED};

/// The platform guards the keys.
pub const DEV_1A: ControlId = ControlId::new("DEV-1a");
/// What runs is signed.
pub const DEV_2A: ControlId = ControlId::new("DEV-2a");
/// The host's state is evidence.
pub const DEV_2B: ControlId = ControlId::new("DEV-2b");

pub(super) const CONTROLS: &[Control] = &[
    Control {
        id: DEV_1A,
        clause: "DEV-1",
        title: "The platform guards the keys",
        statement: "Where the platform has a key store or a secure element, Ward's master key lives there, and `ward \
            doctor` says where it lives.",
        rationale: "A key in a file is copied with the file.",
        ..PLANNED
    },
    Control {
        id: DEV_2A,
        clause: "DEV-2",
        title: "What runs is signed",
        statement: "Ward verifies the signature of its model bundles and of its own binary, and `ward doctor` reports \
            when it cannot.",
        rationale: "A changed program reports what its changer wishes.",
        ..PLANNED
    },
    Control {
        id: DEV_2B,
        clause: "DEV-2",
        title: "The host's state is evidence",
        statement: "`ward doctor` reports signs of a rooted, debugged or unpatched host as evidence.",
        rationale: "No program is safer than its host.",
        ..PLANNED
    },
];
