//! The gate from outside: real sockets, real TLS, in this process.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may fail loudly, and tells of what it could not run"
)]

mod agents;
mod alerts;
mod hostile;
mod known;
mod limits;
mod settings;
mod support;
mod walk;
