//! What every request shares.

use std::{
    net::IpAddr,
    path::PathBuf,
    sync::{Arc, PoisonError, RwLock, atomic::AtomicUsize},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use axum::http::{header, request::Parts, uri::Authority};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use ward_guard::{Code, Limits, Policy, Refusal};
use ward_seal::{apikey::KeyStore, ledger::Ledger};

use crate::{
    addresses::PerAddress,
    alert::Thresholds,
    config::{Config, Queue, Timeouts},
    engines::Engines,
    error::{StartError, StartErrorKind},
    harvest::Harvests,
    identity::{ClientCertificate, oidc::Oidc},
    phrases::Phrases,
    policy::{self, Policies},
    quota::{Meter, Quotas},
    turned_away::TurnedAway,
    waits::Waits,
    watch::Watch,
};

/// The service's state. Opened once; shared by every request.
pub struct App {
    /// Keys of callers.
    pub keys: KeyStore,
    /// Where every accepted request is recorded.
    pub ledger: Ledger,
    /// What answers.
    pub engines: Engines,
    /// What one request may hold.
    pub limits: Limits,
    /// Largest body, in bytes.
    pub max_body: usize,
    /// Most requests under way at a time.
    pub max_requests: usize,
    /// What callers used.
    pub meter: Arc<Meter>,
    /// What callers asked lately.
    pub harvests: Harvests,
    /// Agents' sessions.
    pub(crate) agents: crate::mcp::http::Sessions,
    /// The canary phrase of each key.
    pub phrases: Phrases,
    /// What happens, counted, logged and looked at for alerts.
    pub watch: Watch,
    /// Failed sign-ins that are not on the ledger yet.
    pub(crate) turned_away: TurnedAway,
    /// How long things may take.
    pub timeouts: Timeouts,
    /// Requests under way.
    pub(crate) under_way: Arc<Semaphore>,
    /// KiB of their bodies.
    pub(crate) body_kib: Arc<Semaphore>,
    /// How many of these there are in all.
    pub(crate) body_kib_all: usize,
    /// Requests that wait for both.
    pub(crate) waiting: AtomicUsize,
    pub(crate) queue: Queue,
    /// Large requests that are being prepared: one a core.
    pub(crate) preparing: Arc<Semaphore>,
    /// Told when keys were made or revoked.
    pub(crate) keys_changed: tokio::sync::watch::Sender<u64>,
    /// The latest checkpoint's file.
    pub(crate) checkpoint: PathBuf,
    pub(crate) live: RwLock<Arc<Live>>,
    /// The stage that fails, in tests.
    #[cfg(test)]
    pub(crate) fault: std::sync::Mutex<Option<&'static str>>,
}

/// Settings that change while the service runs. A request is judged by one such set from its beginning to its end.
pub struct Live {
    /// What this server is for.
    pub environment: Option<String>,
    /// Names under which it answers, lower case.
    pub hosts: Vec<String>,
    /// Whether it answers under any name.
    pub any_host: bool,
    /// Purposes that callers may name; empty is any.
    pub purposes: Vec<String>,
    /// Whether a question must say what it is for.
    pub purpose_required: bool,
    /// Client certificates that are somebody.
    pub clients: Vec<ClientCertificate>,
    /// The issuer of tokens.
    pub oidc: Option<Arc<Oidc>>,
    /// Who may have what answered.
    pub policies: Policies,
    /// What one caller may use.
    pub quotas: Quotas,
    /// What one address may have.
    pub per_address: PerAddress,
    /// What the guard lets pass, where a route has nothing of its own.
    policy: Arc<Policy>,
    /// What it lets pass on one route.
    routes: Vec<(String, Arc<Policy>)>,
    /// When to raise an alert.
    pub thresholds: Thresholds,
}

impl Live {
    /// The live part of settings. Reads the files that they name.
    ///
    /// # Errors
    /// When policies or the issuer's keys cannot be read.
    pub fn new(config: &Config) -> Result<Self, StartError> {
        let policies = match &config.policies {
            None => Policies::read(policy::DEFAULT)?,
            Some(file) => {
                let unread = |_| StartError::new(StartErrorKind::Setting, "serve.policies: this file cannot be read.");
                Policies::read(&std::fs::read_to_string(file).map_err(unread)?)?
            }
        };
        let oidc = config.oidc.clone().map(Oidc::new).transpose()?.map(Arc::new);
        Ok(Self {
            environment: config.environment.clone(),
            hosts: config.hosts.iter().map(|host| host.to_ascii_lowercase()).collect(),
            any_host: config.weakened.contains(&"unsafe_any_host"),
            purposes: config.purposes.clone(),
            purpose_required: config.purpose_required,
            clients: config.clients.clone(),
            oidc,
            policies,
            quotas: config.quotas,
            per_address: config.per_address,
            policy: Arc::new(config.policy.clone()),
            routes: config
                .routes
                .iter()
                .map(|route| (route.path.clone(), Arc::new(route.over(&config.policy))))
                .collect(),
            thresholds: config.alerts.thresholds,
        })
    }

    /// What the guard lets pass on a route.
    #[must_use]
    pub fn policy(&self, route: &str) -> &Arc<Policy> {
        let own = self.routes.iter().find(|(path, _)| path == route);
        own.map_or(&self.policy, |(_, policy)| policy)
    }

    /// Whether this server answers under the name that a request gives. Addresses and `localhost` are always right: a page
    /// of a stranger's that points a name of its own at this machine (DNS rebinding) can only come with that name.
    pub(crate) fn answers_to(&self, parts: &Parts) -> bool {
        if self.any_host {
            return true;
        }
        let header = parts.headers.get_all(header::HOST).iter().collect::<Vec<_>>();
        let named: Option<Authority> = match (parts.uri.authority(), header.as_slice()) {
            (Some(authority), []) => Some(authority.clone()),
            // With both, they must be the same place.
            (Some(authority), [one]) if one.as_bytes().eq_ignore_ascii_case(authority.as_str().as_bytes()) => {
                Some(authority.clone())
            }
            (None, [one]) => one.to_str().ok().and_then(|text| text.parse().ok()),
            _ => None,
        };
        let Some(authority) = named.filter(|authority| !authority.as_str().contains('@')) else {
            return false;
        };
        let host = authority.host().to_ascii_lowercase();
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        bare == "localhost" || bare.parse::<IpAddr>().is_ok() || self.hosts.iter().any(|name| name == bare)
    }
}

/// A request's place among those under way, and its share of the memory for bodies. Whoever works on the
/// request holds it, so that work which outlives its client still counts.
pub struct Place {
    _request: OwnedSemaphorePermit,
    _body: OwnedSemaphorePermit,
}

impl App {
    /// Begins a stage. Nothing but a test can make this fail.
    #[cfg(not(test))]
    pub(crate) fn begins(&self, _stage: &'static str) -> Result<(), Refusal> {
        Ok(())
    }

    #[cfg(test)]
    pub(crate) fn begins(&self, stage: &'static str) -> Result<(), Refusal> {
        let fault = *self.fault.lock().unwrap();
        if fault == Some(stage) {
            Err(Code::Internal.into())
        } else {
            Ok(())
        }
    }

    /// The settings as they are now.
    #[must_use]
    pub fn live(&self) -> Arc<Live> {
        Arc::clone(&self.live.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes up other settings. Requests under way keep those they began with.
    pub(crate) fn set_live(&self, live: Live) {
        self.put_back(Arc::new(live));
    }

    pub(crate) fn put_back(&self, live: Arc<Live>) {
        *self.live.write().unwrap_or_else(PoisonError::into_inner) = live;
    }

    /// A place for a request with a body of so many bytes. Waits for one, in turn, as long as the queue allows; a caller
    /// who goes away meanwhile leaves the queue.
    ///
    /// # Errors
    /// `Overloaded` when there is none.
    pub async fn place(&self, bytes: usize) -> Result<Arc<Place>, Refusal> {
        let kib = u32::try_from(bytes.div_ceil(1024).max(1)).unwrap_or(u32::MAX);
        let full = || Refusal::new(Code::Overloaded).retry_after(1);
        let at_once = (
            self.under_way.clone().try_acquire_owned(),
            self.body_kib.clone().try_acquire_many_owned(kib),
        );
        let (request, body) = match at_once {
            (Ok(request), Ok(body)) => (request, body),
            held => {
                drop(held);
                let waits = Waits::new(&self.waiting, self.queue.waiting).ok_or_else(full)?;
                let both = async {
                    let request = self.under_way.clone().acquire_owned().await;
                    (request, self.body_kib.clone().acquire_many_owned(kib).await)
                };
                let acquired = tokio::time::timeout(self.queue.wait, both).await;
                drop(waits);
                match acquired {
                    Ok((Ok(request), Ok(body))) => (request, body),
                    _ => return Err(full()),
                }
            }
        };
        Ok(Arc::new(Place {
            _request: request,
            _body: body,
        }))
    }
}

/// The state as handlers hold it.
pub type Shared = Arc<App>;

/// Milliseconds since 1970-01-01 UTC.
#[must_use]
pub fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_under_its_own_names_only() {
        let mut config = Config::new(PathBuf::new());
        config.hosts = vec!["Ward.Example".to_owned()];
        let live = Live::new(&config).unwrap();
        let check = |uri: &str, hosts: &[&str], expect: bool| {
            let mut request = axum::http::Request::get(uri);
            for host in hosts {
                request = request.header("host", *host);
            }
            let (parts, ()) = request.body(()).unwrap().into_parts();
            assert_eq!(live.answers_to(&parts), expect, "{uri} {hosts:?}");
        };
        for good in [
            "localhost",
            "LOCALHOST:1",
            "127.0.0.1:8443",
            "[::1]:8443",
            "ward.example",
            "WARD.example:443",
            "10.0.0.7",
        ] {
            check("/v1/models", &[good], true);
            check(&format!("https://{good}/v1/models"), &[], true);
            check(&format!("https://{good}/v1/models"), &[good], true);
        }
        for bad in [
            "evil.example",
            "localhost.evil",
            "localhost@evil",
            "a@localhost",
            "",
            "ward.example.evil",
            "127.0.0.1.evil",
            "a b",
        ] {
            check("/v1/models", &[bad], false);
        }
        check("/v1/models", &[], false);
        check("/v1/models", &["localhost", "localhost"], false);
        check("https://localhost/v1/models", &["evil.example"], false);
        check("https://evil.example/v1/models", &["localhost"], false);
    }
}
