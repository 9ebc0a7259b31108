//! Where the service listens, what it is called, which policies and purposes it knows.

use super::super::{
    Kind, Setting,
    values::{address, bool_of, file, small, text, texts, word, words},
};

/// The settings.
pub(super) const SETTINGS: &[Setting] = &[
    Setting {
        path: "listen",
        kind: Kind::Text,
        default: "\"127.0.0.1:8443\"",
        doc: "Address and port to listen on. Port 0 takes a free one. `--listen` counts more.",
        restart: true,
        set: |config, value| address(value).map(|address| config.listen = address),
    },
    Setting {
        path: "admin",
        kind: Kind::Text,
        default: "none",
        doc: "Address and port of metrics and health, on this machine only. They ask for a key with the scope `metrics`.",
        restart: true,
        set: |config, value| {
            let address = address(value)?;
            if !address.ip().is_loopback() {
                return Err("metrics and health are for this machine only; name a loopback address");
            }
            config.admin = Some(address);
            Ok(())
        },
    },
    Setting {
        path: "environment",
        kind: Kind::Text,
        default: "none",
        doc: "What this server is for, such as `production`. A key that names an environment is taken only where it is the same.",
        restart: false,
        set: |config, value| word(&text(value)).map(|word| config.environment = Some(word)),
    },
    Setting {
        path: "hosts",
        kind: Kind::Texts,
        default: "[]",
        doc: "Names under which the server answers, beside addresses and `localhost`. A request for another name is refused with 421.",
        restart: false,
        set: |config, value| {
            config.hosts = texts(value);
            let plain = |host: &String| {
                !host.is_empty()
                    && host
                        .bytes()
                        .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.')
            };
            config
                .hosts
                .iter()
                .all(plain)
                .then_some(())
                .ok_or("write names only, such as \"ward.hospital.example\": no port, no address")
        },
    },
    Setting {
        path: "log",
        kind: Kind::Choice(&["none", "json"]),
        default: "\"none\"",
        doc: "Lines on standard error for every request: `json` is one object a line. No content, no addresses of callers.",
        restart: true,
        set: |_, _| Ok(()),
    },
    Setting {
        path: "policies",
        kind: Kind::File,
        default: "whoever may ask may have any question answered",
        doc: "A file of Cedar policies that decide about every question. Read again when it changes.",
        restart: false,
        set: |config, value| {
            config.policies = file(value);
            Ok(())
        },
    },
    Setting {
        path: "purposes",
        kind: Kind::Texts,
        default: "[]",
        doc: "Purposes that the header `ward-purpose` may name; empty is any.",
        restart: false,
        set: |config, value| words(value).map(|words| config.purposes = words),
    },
    Setting {
        path: "purpose_required",
        kind: Kind::Bool,
        default: "false",
        doc: "Whether a question must have a purpose: by the header, or by a key that is for one purpose.",
        restart: false,
        set: |config, value| {
            config.purpose_required = bool_of(value);
            Ok(())
        },
    },
    Setting {
        path: "key_age_days",
        kind: Kind::Number { least: 1, most: 36_500 },
        default: "90",
        doc: "Days after which `ward doctor` asks for a key to be replaced.",
        restart: false,
        set: |config, value| {
            config.key_age_days = small(value);
            Ok(())
        },
    },
];
