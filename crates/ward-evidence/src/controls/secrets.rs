//! Secrets: `SEC-1` to `SEC-3`.

use crate::control::{Control, ControlId, Status};

/// No credential in the tree.
pub const SEC_1A: ControlId = ControlId::new("SEC-1a");
/// No credential in the history.
pub const SEC_1B: ControlId = ControlId::new("SEC-1b");
/// Files that hold credentials are ignored.
pub const SEC_2A: ControlId = ControlId::new("SEC-2a");
/// Keys are strong and stored as hashes.
pub const SEC_3A: ControlId = ControlId::new("SEC-3a");
/// Keys end.
pub const SEC_3B: ControlId = ControlId::new("SEC-3b");
/// Keys are replaced in time.
pub const SEC_3C: ControlId = ControlId::new("SEC-3c");

pub(super) const CONTROLS: &[Control] = &[
    Control {
        id: SEC_1A,
        clause: "SEC-1",
        title: "No credential in the tree",
        statement: "`ward scan --engines secrets` finds credentials in every file of a tree, inside archives too, and \
            never prints one.",
        rationale: "One leaked key opens everything it opens.",
        status: Status::Stands,
        enforced_by: &["`ward scan`", "ward-scan: secrets"],
        verified_by: &[
            "crates/ward/tests/e2e/scan.rs::a_secret_in_a_folder_is_found_and_never_shown",
            "crates/ward/tests/e2e/scan.rs::archives_are_folders_and_bombs_are_told",
            "crates/ward-scan/src/secrets/rules.rs::every_example_says_what_it_should",
        ],
    },
    Control {
        id: SEC_1B,
        clause: "SEC-1",
        title: "No credential in the history",
        statement: "`ward scan --history` examines every blob that any reference of the repository reaches, once.",
        rationale: "A deleted secret is still in every clone.",
        status: Status::Stands,
        enforced_by: &["`ward scan --history`"],
        verified_by: &[
            "crates/ward/tests/e2e/scan/git.rs::the_history_is_searched_and_remembered",
            "crates/ward/tests/e2e/scan/git.rs::repositories_of_every_make_are_read",
        ],
    },
    Control {
        id: SEC_2A,
        clause: "SEC-2",
        title: "Files that hold credentials are ignored",
        statement: "An environment file that is tracked, or that no ignore rule covers, is a finding.",
        rationale: "It is committed sooner or later.",
        status: Status::Stands,
        enforced_by: &["`ward scan`", "ward-scan: repository"],
        verified_by: &["crates/ward/tests/e2e/scan/git.rs::git_decides_what_is_scanned"],
    },
    Control {
        id: SEC_3A,
        clause: "SEC-3",
        title: "Keys are strong and stored as hashes",
        statement: "Every API key carries 256 bits of randomness from the operating system, is shown once, and is stored \
            only as a keyed hash.",
        rationale: "A copied key file must not open the service, and a key must not be guessable.",
        status: Status::Stands,
        enforced_by: &["`ward key new`", "ward-seal: the key store"],
        verified_by: &[
            "crates/ward/tests/e2e/serve.rs::the_key_is_shown_once_and_kept_only_as_a_hash",
            "crates/ward-seal/src/apikey/keystore.rs::the_right_id_with_another_secret_is_unknown",
        ],
    },
    Control {
        id: SEC_3B,
        clause: "SEC-3",
        title: "Keys end",
        statement: "A key that was revoked or has expired is refused, on a running server within 5 seconds.",
        rationale: "A leaked key must be worthless before the leak is understood.",
        status: Status::Stands,
        enforced_by: &["`ward key revoke`", "ward-serve: authentication"],
        verified_by: &[
            "crates/ward/tests/e2e/serve.rs::a_revoked_key_is_out_within_seconds",
            "crates/ward-seal/src/apikey/keystore.rs::a_key_lives_and_ends",
        ],
    },
    Control {
        id: SEC_3C,
        clause: "SEC-3",
        title: "Keys are replaced in time",
        statement: "Ward warns of keys older than the settings allow and of keys for no environment in particular; a key for one \
            environment is refused in every other.",
        rationale: "A key that is never replaced is known to everybody who ever left.",
        status: Status::Stands,
        enforced_by: &["`ward doctor`", "ward-serve: identity"],
        verified_by: &[
            "crates/ward-serve/src/doctor.rs::each_risk_is_told",
            "crates/ward-serve/tests/gate/walk.rs::every_route_asks_every_key",
        ],
    },
];
