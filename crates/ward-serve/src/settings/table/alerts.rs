//! Where alerts go, and what raises one.

use std::sync::Arc;

use ward_guard::Phi;

use super::super::{
    Kind, Setting,
    values::{file, number, secret, text},
};
use crate::{alert::syslog::Server, fetch};

/// The settings.
pub(super) const SETTINGS: &[Setting] = &[
    Setting {
        path: "alerts.webhook",
        kind: Kind::Address,
        default: "none",
        doc: "An address that gets each alert as JSON by POST: `https`, or `http` on this machine. One that lets in whoever knows it is better named as a secret is, such as `file:PATH`.",
        restart: true,
        set: |config, value| {
            config.alerts.webhook = secret(value);
            let is_address = |url: &Arc<Phi<String>>| fetch::is_address(url.expose());
            if !config.alerts.webhook.as_ref().is_some_and(is_address) {
                return Err("write an https address (http on this machine) without a password");
            }
            Ok(())
        },
    },
    Setting {
        path: "alerts.webhook_token",
        kind: Kind::Secret,
        default: "none",
        doc: "What the webhook asks for as a bearer token: where it is, as for `upstream.key`.",
        restart: true,
        set: |config, value| {
            config.alerts.webhook_token = secret(value);
            Ok(())
        },
    },
    Setting {
        path: "alerts.ca",
        kind: Kind::File,
        default: "the system's",
        doc: "Authorities, in PEM, to believe for the webhook instead of the system's.",
        restart: true,
        set: |config, value| {
            config.alerts.ca = file(value);
            Ok(())
        },
    },
    Setting {
        path: "alerts.syslog",
        kind: Kind::Text,
        default: "none",
        doc: "A syslog server: RFC 5424, its text in CEF. `tls:NAME:PORT` is encrypted (RFC 5425); its certificate must be one that the system, or `alerts.ca`, believes. `udp:ADDRESS:PORT` and `tcp:ADDRESS:PORT` are not: name one on this machine.",
        restart: true,
        set: |config, value| {
            let server = Server::read(&text(value))
                .ok_or("write tls:NAME:PORT, udp:ADDRESS:PORT or tcp:ADDRESS:PORT, the address as numbers")?;
            config.alerts.syslog = Some(server);
            Ok(())
        },
    },
    Setting {
        path: "alerts.not_known_per_minute",
        kind: Kind::Number {
            least: 1,
            most: 1_000_000,
        },
        default: "20",
        doc: "Requests without a valid key from one address in a minute that are a storm.",
        restart: false,
        set: |config, value| {
            config.alerts.thresholds.not_known = number(value);
            Ok(())
        },
    },
    Setting {
        path: "alerts.limited_per_minute",
        kind: Kind::Number {
            least: 1,
            most: 1_000_000,
        },
        default: "60",
        doc: "Refusals for a limit of one caller in a minute that are a storm.",
        restart: false,
        set: |config, value| {
            config.alerts.thresholds.limited = number(value);
            Ok(())
        },
    },
    Setting {
        path: "alerts.forbidden_per_minute",
        kind: Kind::Number {
            least: 1,
            most: 1_000_000,
        },
        default: "10",
        doc: "Refusals for permission of one caller in a minute that are a storm.",
        restart: false,
        set: |config, value| {
            config.alerts.thresholds.forbidden = number(value);
            Ok(())
        },
    },
];
