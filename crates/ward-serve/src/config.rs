//! Validated settings of the service.

use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use ward_guard::{
    Limits, Phi, Policy,
    policy::{HiddenPolicy, Response},
    unicode::Hidden,
};

use crate::{
    addresses::PerAddress,
    alert::AlertSettings,
    error::StartError,
    identity::{ClientCertificate, oidc::OidcSettings},
    log::LogSink,
    otlp::OtlpSettings,
    quota::Quotas,
};

/// Called with what whoever runs the service should hear of. Must not block.
pub type Told = Arc<dyn Fn(News<'_>) + Send + Sync>;

/// What happened.
#[derive(Debug, Clone, Copy)]
pub enum News<'a> {
    /// A file that the settings name, such as the policies, was read again.
    TakenUp,
    /// It was not taken up.
    NotTakenUp(&'a StartError),
    /// Alerts do not arrive any more: where, and why. They wait.
    Undelivered(&'static str, &'a str),
    /// They arrive again.
    Delivered(&'static str),
}

/// What the service runs with. Everything in it has been checked.
pub struct Config {
    /// Address to listen on. Port 0 takes a free one.
    pub listen: SocketAddr,
    /// Address for metrics and health, on this machine only. Port 0 takes a free one.
    pub admin: Option<SocketAddr>,
    /// The data folder.
    pub data: PathBuf,
    /// Records that agents may see: those of `callers/ID` and `roles/ROLE` in this folder.
    pub records: Option<PathBuf>,
    /// What this server is for, such as `production`; keys that name an environment must name this one.
    pub environment: Option<String>,
    /// Names under which the server answers, beside addresses and `localhost`.
    pub hosts: Vec<String>,
    /// A model server to put the guard in front of.
    pub upstream: Option<UpstreamConfig>,
    /// Largest request body, in bytes.
    pub max_body: usize,
    /// Most requests under way at a time; more wait, see [`Queue`].
    pub max_requests: usize,
    /// Most connections at a time; one more waits.
    pub max_connections: usize,
    /// Most memory for bodies of requests under way, in bytes; at least one of the largest size.
    pub body_memory: usize,
    /// Requests that wait for a place.
    pub queue: Queue,
    /// What one address may have.
    pub per_address: PerAddress,
    /// What one request may hold.
    pub limits: Limits,
    /// What the guard lets pass.
    pub policy: Policy,
    /// What it lets pass on one route.
    pub routes: Vec<RoutePolicy>,
    /// What one caller may use.
    pub quotas: Quotas,
    /// How long things may take.
    pub timeouts: Timeouts,
    /// Certificates and versions.
    pub tls: TlsSettings,
    /// An issuer of tokens.
    pub oidc: Option<OidcSettings>,
    /// Client certificates that are somebody.
    pub clients: Vec<ClientCertificate>,
    /// A file of Cedar policies that takes the place of [`crate::policy::DEFAULT`].
    pub policies: Option<PathBuf>,
    /// Purposes that callers may name; empty is any.
    pub purposes: Vec<String>,
    /// Whether a question must say what it is for.
    pub purpose_required: bool,
    /// When to raise an alert, and where to.
    pub alerts: AlertSettings,
    /// A collector of telemetry.
    pub otlp: Option<OtlpSettings>,
    /// Days after which a key should have been replaced.
    pub key_age_days: u32,
    /// Who gets to see what happens, besides the ledger.
    pub log: Option<LogSink>,
    /// Who gets to hear when a file that the settings name changed, and when alerts do not arrive.
    pub told: Option<Told>,
    /// Options in use that weaken a control, by name. They are evidence on the ledger.
    pub weakened: Vec<&'static str>,
    /// Whether the process's memory is kept from the disk; none is not known.
    pub memory: Option<Memory>,
    /// SHA-256 of the file of settings, when there is one.
    pub digest: Option<[u8; 32]>,
}

impl Config {
    /// The settings of `ward serve` without flags, for this data folder.
    #[must_use]
    pub fn new(data: PathBuf) -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8443)),
            admin: None,
            data,
            records: None,
            environment: None,
            hosts: Vec::new(),
            upstream: None,
            max_body: 16 << 20,
            max_requests: 256,
            max_connections: 1024,
            body_memory: 128 << 20,
            queue: Queue::default(),
            per_address: PerAddress::default(),
            limits: Limits::default(),
            policy: Policy::default(),
            routes: Vec::new(),
            quotas: Quotas::default(),
            timeouts: Timeouts::default(),
            tls: TlsSettings::default(),
            oidc: None,
            clients: Vec::new(),
            policies: None,
            purposes: Vec::new(),
            purpose_required: false,
            alerts: AlertSettings::default(),
            otlp: None,
            key_age_days: 90,
            log: None,
            told: None,
            weakened: Vec::new(),
            memory: None,
            digest: None,
        }
    }
}

/// Whether what a process holds may come to lie on a disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Memory {
    /// Locked: the system never writes it to disk.
    Locked,
    /// Not locked, but this machine has nowhere to swap to.
    NoSwap,
    /// The system may write it to disk.
    MayBeSwapped,
}

impl Memory {
    /// The word of the ledger.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Locked => "locked",
            Self::NoSwap => "no_swap",
            Self::MayBeSwapped => "may_be_swapped",
        }
    }
}

/// What the guard makes of suspicious text on one route, where that differs from the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoutePolicy {
    /// The route, as in the table of routes.
    pub path: String,
    /// What becomes of text that tries to instruct the model.
    pub instructions: Option<Response>,
    /// What becomes of hidden characters that are marked otherwise.
    pub hidden: Option<Response>,
    /// Whether records go to the model in fewer words.
    pub compress: Option<bool>,
}

impl RoutePolicy {
    /// The policy of the route.
    #[must_use]
    pub fn over(&self, policy: &Policy) -> Policy {
        let mut policy = policy.clone();
        if let Some(response) = self.instructions {
            policy.injection.response = response;
        }
        if let Some(response) = self.hidden {
            set_hidden(&mut policy, response);
        }
        if let Some(compress) = self.compress {
            policy.whole = !compress;
        }
        policy
    }
}

/// Sets what becomes of hidden characters. Those that nobody can mean stay refused.
pub(crate) fn set_hidden(policy: &mut Policy, response: Response) {
    let usual = HiddenPolicy::default();
    for class in Hidden::ALL {
        policy.hidden.set(class, usual.of(class).max(response));
    }
}

/// Requests that wait for a place among those under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Queue {
    /// Most that wait; one more is refused at once.
    pub waiting: usize,
    /// How long one waits before it is refused.
    pub wait: Duration,
}

impl Default for Queue {
    fn default() -> Self {
        Self {
            waiting: 256,
            wait: Duration::from_secs(2),
        }
    }
}

/// Certificates and versions of the listener.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TlsSettings {
    /// The certificate chain (PEM), when it is not Ward's own.
    pub certificate: Option<PathBuf>,
    /// Its private key (PEM).
    pub key: Option<PathBuf>,
    /// The authority (PEM) whose client certificates are believed.
    pub client_ca: Option<PathBuf>,
    /// Whether a connection without such a certificate is refused.
    pub client_required: bool,
    /// Whether TLS 1.2 is answered too. It weakens: its handshake shows who connects, and old suites come with it.
    pub tls12: bool,
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
    /// A client that takes nothing of its answer.
    pub stalled: Duration,
    /// Requests under way, when the service stops.
    pub drain: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            handshake: Duration::from_secs(10),
            header: Duration::from_secs(15),
            body: Duration::from_secs(60),
            stalled: Duration::from_secs(60),
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
    /// The tokenizer of its model: a `tokenizer.json`, its folder, or a GGUF. Without one tokens are estimated.
    pub tokenizer: Option<PathBuf>,
    /// Authorities (PEM) to believe instead of the system's.
    pub ca: Option<PathBuf>,
    /// SHA-256 of public keys (SPKI), one of which the upstream's certificate must have; empty is any.
    pub pins: Vec<[u8; 32]>,
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
            tokenizer: None,
            ca: None,
            pins: Vec::new(),
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
