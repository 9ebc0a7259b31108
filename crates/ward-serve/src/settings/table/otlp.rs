//! The collector of metrics and spans.

use super::super::{
    Kind, Setting, Wrong,
    values::{SECONDS, file, seconds, secret, text},
};
use crate::{config::Config, fetch, otlp::OtlpSettings};

/// The settings.
pub(super) const SETTINGS: &[Setting] = &[
    Setting {
        path: "otlp.url",
        kind: Kind::Text,
        default: "none",
        doc: "A collector of OpenTelemetry, without `/v1/..`: metrics, and a span for each request, by OTLP over HTTP as JSON. `https`, or `http` on this machine.",
        restart: true,
        set: |config, value| {
            let url = text(value);
            if !fetch::is_address(&url) {
                return Err("write an https address (http on this machine) without a password");
            }
            config.otlp = Some(OtlpSettings::new(url));
            Ok(())
        },
    },
    Setting {
        path: "otlp.token",
        kind: Kind::Secret,
        default: "none",
        doc: "What the collector asks for as a bearer token: where it is, as for `upstream.key`.",
        restart: true,
        set: |config, value| {
            otlp(config)?.token = secret(value);
            Ok(())
        },
    },
    Setting {
        path: "otlp.ca",
        kind: Kind::File,
        default: "the system's",
        doc: "Authorities, in PEM, to believe for the collector instead of the system's.",
        restart: true,
        set: |config, value| {
            otlp(config)?.ca = file(value);
            Ok(())
        },
    },
    Setting {
        path: "otlp.every_s",
        kind: SECONDS,
        default: "15",
        doc: "Seconds between two messages to the collector.",
        restart: true,
        set: |config, value| {
            otlp(config)?.every = seconds(value);
            Ok(())
        },
    },
];

fn otlp(config: &mut Config) -> Result<&mut OtlpSettings, Wrong> {
    config.otlp.as_mut().ok_or("set otlp.url too")
}
