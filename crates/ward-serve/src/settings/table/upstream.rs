//! The server behind the guard.

use ward_guard::Phi;

use super::super::{
    Kind, Setting, Wrong,
    values::{SECONDS, digest, file, seconds, secret, text, texts},
};
use crate::{
    config::{Config, UpstreamConfig},
    upstream,
};

/// The settings.
pub(super) const SETTINGS: &[Setting] = &[
    Setting {
        path: "upstream.url",
        kind: Kind::Text,
        default: "none",
        doc: "An OpenAI-compatible server to put the guard in front of. `--upstream` counts more.",
        restart: true,
        set: |config, value| {
            let url = text(value);
            upstream::client::address(&url)?;
            config.upstream = Some(UpstreamConfig::new(url));
            Ok(())
        },
    },
    Setting {
        path: "upstream.model",
        kind: Kind::Text,
        default: "those it lists",
        doc: "The one model it offers, for servers that do not list theirs.",
        restart: true,
        set: |config, value| {
            upstream(config)?.model = Some(text(value));
            Ok(())
        },
    },
    Setting {
        path: "upstream.tokenizer",
        kind: Kind::File,
        default: "none: tokens are estimated",
        doc: "The tokenizer of its model: a tokenizer.json, the folder that holds it, or a GGUF file. Compression and token limits count with it.",
        restart: true,
        set: |config, value| {
            upstream(config)?.tokenizer = file(value);
            Ok(())
        },
    },
    Setting {
        path: "upstream.key",
        kind: Kind::Secret,
        default: "none",
        doc: "The key that it asks for: `file:PATH`, `env:NAME`, `credential:NAME` or `keyring:NAME`.",
        restart: true,
        set: |config, value| {
            upstream(config)?.key = secret(value).map(|key| Phi::new(key.expose().clone()));
            Ok(())
        },
    },
    Setting {
        path: "upstream.timeout_s",
        kind: SECONDS,
        default: "120",
        doc: "Seconds it may stay silent before the request is given up.",
        restart: true,
        set: |config, value| {
            upstream(config)?.silence = seconds(value);
            Ok(())
        },
    },
    Setting {
        path: "upstream.ca",
        kind: Kind::File,
        default: "the system's",
        doc: "Authorities, in PEM, to believe for it instead of the system's.",
        restart: true,
        set: |config, value| {
            upstream(config)?.ca = file(value);
            Ok(())
        },
    },
    Setting {
        path: "upstream.pins",
        kind: Kind::Texts,
        default: "[]",
        doc: "SHA-256 of public keys (SPKI): its certificate must be believed and have one of these. Name the next key too before it changes.",
        restart: true,
        set: |config, value| {
            let pins = texts(value).iter().map(|text| digest(text)).collect::<Result<_, _>>()?;
            upstream(config)?.pins = pins;
            Ok(())
        },
    },
];

fn upstream(config: &mut Config) -> Result<&mut UpstreamConfig, Wrong> {
    config.upstream.as_mut().ok_or("set upstream.url too")
}
