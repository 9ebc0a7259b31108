//! How much, how many, how long.

use super::super::{
    Kind, Setting,
    values::{COUNT, SECONDS, number, seconds, size, small},
};

/// The settings.
pub(super) const SETTINGS: &[Setting] = &[
    Setting {
        path: "limits.max_body",
        kind: Kind::Number {
            least: 1024,
            most: 1 << 30,
        },
        default: "16777216",
        doc: "Largest request body, in bytes. `--max-body` counts more.",
        restart: true,
        set: |config, value| {
            config.max_body = size(value);
            Ok(())
        },
    },
    Setting {
        path: "limits.max_requests",
        kind: Kind::Number { least: 1, most: 65_536 },
        default: "256",
        doc: "Most requests under way at a time; more wait. `--max-requests` counts more.",
        restart: true,
        set: |config, value| {
            config.max_requests = size(value);
            Ok(())
        },
    },
    Setting {
        path: "limits.max_connections",
        kind: Kind::Number {
            least: 1,
            most: 1_000_000,
        },
        default: "1024",
        doc: "Most connections at a time; one more waits.",
        restart: true,
        set: |config, value| {
            config.max_connections = size(value);
            Ok(())
        },
    },
    Setting {
        path: "limits.body_memory",
        kind: Kind::Number {
            least: 1 << 20,
            most: 1 << 40,
        },
        default: "134217728",
        doc: "Most memory for bodies of requests under way, in bytes; at least one of the largest size.",
        restart: true,
        set: |config, value| {
            config.body_memory = size(value);
            Ok(())
        },
    },
    Setting {
        path: "limits.waiting",
        kind: Kind::Number { least: 0, most: 65_536 },
        default: "256",
        doc: "Most requests that wait for a place; one more is answered 503 at once.",
        restart: true,
        set: |config, value| {
            config.queue.waiting = size(value);
            Ok(())
        },
    },
    Setting {
        path: "limits.wait_s",
        kind: SECONDS,
        default: "2",
        doc: "Seconds one waits before it is answered 503.",
        restart: true,
        set: |config, value| {
            config.queue.wait = seconds(value);
            Ok(())
        },
    },
    Setting {
        path: "limits.handshake_s",
        kind: SECONDS,
        default: "10",
        doc: "Seconds a TLS handshake may take.",
        restart: true,
        set: |config, value| {
            config.timeouts.handshake = seconds(value);
            Ok(())
        },
    },
    Setting {
        path: "limits.header_s",
        kind: SECONDS,
        default: "15",
        doc: "Seconds the header of a request may take.",
        restart: true,
        set: |config, value| {
            config.timeouts.header = seconds(value);
            Ok(())
        },
    },
    Setting {
        path: "limits.body_s",
        kind: SECONDS,
        default: "60",
        doc: "Seconds the body of a request may take.",
        restart: true,
        set: |config, value| {
            config.timeouts.body = seconds(value);
            Ok(())
        },
    },
    Setting {
        path: "limits.stalled_s",
        kind: SECONDS,
        default: "60",
        doc: "Seconds a client may take nothing of its answer, or, over HTTP/2, ask nothing.",
        restart: true,
        set: |config, value| {
            config.timeouts.stalled = seconds(value);
            Ok(())
        },
    },
    Setting {
        path: "limits.requests_per_minute",
        kind: Kind::Number {
            least: 0,
            most: 10_000_000,
        },
        default: "0",
        doc: "Requests of one caller in a minute; 0 is no limit, as in all that follow.",
        restart: false,
        set: |config, value| {
            config.quotas.requests_per_minute = small(value);
            Ok(())
        },
    },
    Setting {
        path: "limits.tokens_per_minute",
        kind: COUNT,
        default: "0",
        doc: "Tokens of one caller in a minute, of prompts (estimated, or counted by upstream.tokenizer) and answers. What an answer may need is reserved before it begins.",
        restart: false,
        set: |config, value| {
            config.quotas.tokens_per_minute = number(value);
            Ok(())
        },
    },
    Setting {
        path: "limits.tokens_per_day",
        kind: COUNT,
        default: "0",
        doc: "Tokens of one caller in a day.",
        restart: false,
        set: |config, value| {
            config.quotas.tokens_per_day = number(value);
            Ok(())
        },
    },
    Setting {
        path: "limits.at_once",
        kind: Kind::Number { least: 0, most: 65_536 },
        default: "0",
        doc: "Questions of one caller under way at a time.",
        restart: false,
        set: |config, value| {
            config.quotas.at_once = small(value);
            Ok(())
        },
    },
    Setting {
        path: "limits.compute_seconds_per_minute",
        kind: Kind::Number {
            least: 0,
            most: 1_000_000,
        },
        default: "0",
        doc: "Seconds in which engines work for one caller, in a minute. More than 60 when several may be under way.",
        restart: false,
        set: |config, value| {
            config.quotas.compute_seconds_per_minute = small(value);
            Ok(())
        },
    },
    Setting {
        path: "limits.connections_per_address",
        kind: Kind::Number {
            least: 0,
            most: 1_000_000,
        },
        default: "0",
        doc: "Connections of one address at a time; of version 6, of one network of 64 bits. One more is closed.",
        restart: false,
        set: |config, value| {
            config.per_address.connections = small(value);
            Ok(())
        },
    },
    Setting {
        path: "limits.handshakes_per_minute_per_address",
        kind: Kind::Number {
            least: 0,
            most: 1_000_000,
        },
        default: "0",
        doc: "New connections of one address in a minute.",
        restart: false,
        set: |config, value| {
            config.per_address.handshakes_per_minute = small(value);
            Ok(())
        },
    },
    Setting {
        path: "limits.image_pixels",
        kind: Kind::Number {
            least: 1,
            most: 1 << 28,
        },
        default: "16777216",
        doc: "Most pixels of the pictures of one request together, where pictures are taken.",
        restart: true,
        set: |config, value| {
            config.limits.pixels = size(value);
            Ok(())
        },
    },
];
