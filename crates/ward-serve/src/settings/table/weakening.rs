//! What weakens a control. Each begins with `unsafe_` and becomes evidence.

use ward_guard::policy::Response;

use super::super::{Kind, Setting, Wrong, values::bool_of};
use crate::config::Config;

/// The settings.
pub(super) const SETTINGS: &[Setting] = &[
    Setting {
        path: "unsafe_allow_instructions",
        kind: Kind::Bool,
        default: "false",
        doc: "Looks for no text that instructs the model, except on routes that say what becomes of it. Weakens: every receipt says that nobody looked.",
        restart: false,
        set: |config, value| {
            if bool_of(value) {
                config.policy.injection.response = Response::Allow;
            }
            weaken(config, "unsafe_allow_instructions", bool_of(value))
        },
    },
    Setting {
        path: "unsafe_pictures",
        kind: Kind::Bool,
        default: "false",
        doc: "Passes PNG and JPEG pictures on to the upstream, made anew from their pixels. Weakens: what they show is not de-identified.",
        restart: false,
        set: |config, value| {
            config.policy.pictures = bool_of(value);
            weaken(config, "unsafe_pictures", bool_of(value))
        },
    },
    Setting {
        path: "unsafe_tls_1_2",
        kind: Kind::Bool,
        default: "false",
        doc: "Answers TLS 1.2 too. Weakens: who connects can be seen on the way, and its suites are older.",
        restart: false,
        set: |config, value| {
            config.tls.tls12 = bool_of(value);
            weaken(config, "unsafe_tls_1_2", bool_of(value))
        },
    },
    Setting {
        path: "unsafe_any_host",
        kind: Kind::Bool,
        default: "false",
        doc: "Answers under any name. Weakens: a stranger's page may point a name of its own at this server.",
        restart: false,
        set: |config, value| weaken(config, "unsafe_any_host", bool_of(value)),
    },
    Setting {
        path: "unsafe_unlimited",
        kind: Kind::Bool,
        default: "false",
        doc: "Sets no limits on callers and addresses beyond this machine, where otherwise those of the profile `clinic` hold.",
        restart: false,
        set: |config, value| weaken(config, "unsafe_unlimited", bool_of(value)),
    },
];

fn weaken(config: &mut Config, name: &'static str, on: bool) -> Result<(), Wrong> {
    config.weakened.retain(|one| *one != name);
    if on {
        config.weakened.push(name);
    }
    Ok(())
}
