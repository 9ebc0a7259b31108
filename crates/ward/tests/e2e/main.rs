//! The whole program, from outside: a real process, real sockets, real files.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may fail loudly, and tells of what it could not run"
)]

#[allow(
    unreachable_pub,
    reason = "a test is a crate of its own: nothing in it can be reached"
)]
mod support;

mod ask;
mod attest;
mod batch;
mod clients;
mod compress;
mod crash;
mod db;
mod deid;
mod disclose;
mod embedded;
mod guarded;
mod hook;
mod ledger;
mod limits;
mod lsp;
mod mcp;
mod model;
mod policy;
mod reid;
mod routes;
mod sbom;
mod scan;
mod serve;
mod triage;
mod upstream;
