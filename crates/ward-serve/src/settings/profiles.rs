//! Settings for places that many have: what is not written takes its value from the profile.

/// A set of settings.
pub struct Profile {
    /// Its name.
    pub name: &'static str,
    /// For whom.
    pub doc: &'static str,
    /// The settings, as they would stand below `[serve]`.
    pub settings: &'static str,
}

/// Every profile.
pub const PROFILES: &[Profile] = &[
    Profile {
        name: "dev",
        doc: "One person at one machine: no limits on callers. What `ward serve` is without a file, on loopback.",
        settings: "",
    },
    Profile {
        name: "clinic",
        doc: "Many people and programs over a network: limits on callers and addresses, a purpose for every question, metrics.",
        settings: r#"
admin = "127.0.0.1:9443"
purposes = ["treatment", "payment", "operations"]
purpose_required = true
limits.requests_per_minute = 240
limits.tokens_per_minute = 400000
limits.tokens_per_day = 20000000
limits.at_once = 8
limits.compute_seconds_per_minute = 240
limits.connections_per_address = 64
limits.handshakes_per_minute_per_address = 600
"#,
    },
    Profile {
        name: "device",
        doc: "A small machine beside a device: little memory, few callers.",
        settings: r#"
limits.max_body = 2097152
limits.max_requests = 8
limits.max_connections = 64
limits.body_memory = 8388608
limits.waiting = 16
limits.requests_per_minute = 60
limits.tokens_per_minute = 100000
limits.at_once = 2
limits.compute_seconds_per_minute = 120
limits.connections_per_address = 16
limits.handshakes_per_minute_per_address = 120
"#,
    },
];

/// What holds beyond this machine when neither a file nor a profile says anything about callers: those of the clinic,
/// without its purposes and its metrics.
pub const BEYOND_THIS_MACHINE: &str = r#"
limits.requests_per_minute = 240
limits.tokens_per_minute = 400000
limits.tokens_per_day = 20000000
limits.at_once = 8
limits.compute_seconds_per_minute = 240
limits.connections_per_address = 64
limits.handshakes_per_minute_per_address = 600
"#;
