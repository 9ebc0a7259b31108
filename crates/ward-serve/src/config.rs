//! Validated settings of the service.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use ward_guard::{Limits, Phi, Policy};

/// What the service runs with. Everything in it has been checked.
pub struct Config {
    /// Address to listen on. Port 0 takes a free one.
    pub listen: SocketAddr,
    /// The data folder.
    pub data: PathBuf,
    /// A model server to put the guard in front of.
    pub upstream: Option<UpstreamConfig>,
    /// Largest request body, in bytes.
    pub max_body: usize,
    /// Most requests under way at a time; one more is answered 503.
    pub max_requests: usize,
    /// Most connections at a time; one more waits.
    pub max_connections: usize,
    /// What one request may hold.
    pub limits: Limits,
    /// What the guard lets pass.
    pub policy: Policy,
    /// How long things may take.
    pub timeouts: Timeouts,
}

impl Config {
    /// The settings of `ward serve` without flags, for this data folder.
    #[must_use]
    pub fn new(data: PathBuf) -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8443)),
            data,
            upstream: None,
            max_body: 16 << 20,
            max_requests: 256,
            max_connections: 1024,
            limits: Limits::default(),
            policy: Policy::default(),
            timeouts: Timeouts::default(),
        }
    }
}

/// How long things may take.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// The TLS handshake.
    pub handshake: Duration,
    /// The header of a request.
    pub header: Duration,
    /// The body of a request.
    pub body: Duration,
    /// Requests under way, when the service stops.
    pub drain: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            handshake: Duration::from_secs(10),
            header: Duration::from_secs(15),
            body: Duration::from_secs(60),
            drain: Duration::from_secs(10),
        }
    }
}

/// A model server that speaks the OpenAI API.
pub struct UpstreamConfig {
    /// Its base address, such as `http://127.0.0.1:11434`. Plain HTTP only on this machine.
    pub url: String,
    /// The key it asks for.
    pub key: Option<Phi<String>>,
    /// The one model to offer, for servers that do not list theirs.
    pub model: Option<String>,
    /// How long it may take to connect.
    pub connect: Duration,
    /// How long it may stay silent: before the first piece of an answer, and between two.
    pub silence: Duration,
    /// How long a whole answer may take.
    pub total: Duration,
}

impl UpstreamConfig {
    /// An upstream at this address with the usual limits: 5 s to connect, 120 s of silence, 15 min in all.
    #[must_use]
    pub fn new(url: String) -> Self {
        Self {
            url,
            key: None,
            model: None,
            connect: Duration::from_secs(5),
            silence: Duration::from_secs(120),
            total: Duration::from_secs(900),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listens_on_this_machine_unless_told_otherwise() {
        assert!(Config::new(PathBuf::new()).listen.ip().is_loopback());
    }
}
