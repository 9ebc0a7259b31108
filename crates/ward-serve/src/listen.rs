//! Opening and closing: the data folder, the ledger, the sockets, settings that change while the service runs.

use std::{
    future::Future,
    io::ErrorKind,
    net::SocketAddr,
    num::NonZero,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock, atomic::AtomicUsize},
    time::Duration,
};

use hyper_util::server::graceful::GracefulShutdown;
use rustls::ServerConfig;
use serde_json::json;
use tokio::{
    net::TcpListener,
    sync::{Semaphore, mpsc, oneshot},
};
use ward_guard::Refusal;
use ward_seal::{
    apikey::{KeyStore, NewKey},
    hash,
    ledger::{Ledger, SigningKey},
    store::DataDir,
};

use crate::{
    alert::{self, Alert},
    app::{App, Live, Shared, now},
    config::{Config, Memory, News},
    connection::{self, Door},
    engines::Engines,
    error::{StartError, StartErrorKind},
    harvest::Harvests,
    identity::Role,
    intake, otlp,
    phrases::Phrases,
    quota::Meter,
    routes, tls,
    turned_away::{self, TurnedAway},
    upstream::Upstream,
    watch::{Signal, Watch},
};

/// One of a data folder's ledgers. Each has one writer at a time, so the service has its own and
/// commands at this machine share another, for which they wait.
struct LedgerName {
    folder: &'static str,
    origin: &'static str,
    wait: Duration,
}

const SERVE: LedgerName = LedgerName {
    folder: "ledger/serve",
    origin: "ward/serve",
    wait: Duration::ZERO,
};
const LOCAL: LedgerName = LedgerName {
    folder: "ledger/local",
    origin: "ward/local",
    wait: Duration::from_secs(60),
};

/// How far ahead of its end a certificate of somebody else's is warned of, milliseconds.
pub const WARN_MS: u64 = 30 * 24 * 3600 * 1000;
/// How far the machine's clock may go from the process's within a second before it is a jump, milliseconds.
const JUMP_MS: u64 = 5_000;
/// Alerts that may wait to be written.
const ALERTS: usize = 1024;

/// A service that listens.
pub struct Running {
    /// Where, with the port that was taken.
    pub address: SocketAddr,
    /// Where metrics and health are, when that was configured.
    pub admin: Option<SocketAddr>,
    /// The certificate's file.
    pub certificate: PathBuf,
    /// SHA-256 of the certificate in DER.
    pub fingerprint: [u8; 32],
    /// True when the certificate was made now.
    pub certificate_is_new: bool,
    /// When the certificate ends, milliseconds since 1970 UTC; none when that cannot be read.
    pub certificate_ends_unix_ms: Option<u64>,
    /// The first key, when this data folder had none. Shown once.
    pub first_key: Option<NewKey>,
    /// A purpose that callers may name, where they must name one.
    pub purpose: Option<String>,
    app: Shared,
    data: DataDir,
    config: Config,
    listener: TcpListener,
    admin_listener: Option<TcpListener>,
    tls: Arc<RwLock<Arc<ServerConfig>>>,
    alerts: mpsc::Receiver<Alert>,
}

/// Opens the data folder, the ledger and the sockets.
///
/// # Errors
/// What cannot be used, and what to do about it.
pub async fn start(config: Config) -> Result<Running, StartError> {
    let data = DataDir::open(&config.data)?;
    let keys = KeyStore::open(&data)?;
    let identity = tls::identity(&data, config.listen, &config.tls, now())?;
    // The sockets before the ledger: a port in use is the commoner mistake, and leaves no trace.
    let (listener, address) = listen(config.listen).await?;
    let (admin_listener, admin) = match admin_of(&config)? {
        None => (None, None),
        Some(admin) => {
            let (listener, address) = listen(admin).await?;
            (Some(listener), Some(address))
        }
    };
    let (app, alerts) = open(&config, &data, keys, SERVE)?;
    // The usual settings on this machine need no word.
    if config.digest.is_some() || !config.weakened.is_empty() || !config.listen.ip().is_loopback() {
        record(&app, &config, "configured").await?;
    }
    if let Some(ends) = identity.ends_unix_ms {
        app.watch.metrics.certificate_ends(ends);
    }
    if !config.weakened.is_empty() {
        app.watch.seen(Signal::Weakened);
    }
    let first_key = if app.keys.list().is_empty() {
        let (_, key) = app.keys.create(Role::Clinician.word(), "first key", None, now())?;
        app.phrases.take_up(&app.keys);
        Some(key)
    } else {
        None
    };
    Ok(Running {
        address,
        admin,
        certificate: identity.path,
        fingerprint: identity.fingerprint,
        certificate_is_new: identity.fresh,
        certificate_ends_unix_ms: identity.ends_unix_ms,
        first_key,
        purpose: config.purpose_required.then(|| {
            let purpose = config.purposes.first();
            purpose.cloned().unwrap_or_else(|| "treatment".to_owned())
        }),
        app: Arc::new(app),
        data,
        config,
        listener,
        admin_listener,
        tls: Arc::new(RwLock::new(identity.config)),
        alerts,
    })
}

async fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let listener = TcpListener::bind(address)
        .await
        .map_err(|error| cannot_listen(address, &error))?;
    let taken = listener.local_addr().map_err(|error| cannot_listen(address, &error))?;
    Ok((listener, taken))
}

/// The state for requests made at this machine, without a listener.
///
/// # Errors
/// As [`start`].
pub fn open_local(config: &Config) -> Result<Shared, StartError> {
    let data = DataDir::open(&config.data)?;
    let keys = KeyStore::open(&data)?;
    open(config, &data, keys, LOCAL).map(|(app, _)| Arc::new(app))
}

fn open(
    config: &Config,
    data: &DataDir,
    keys: KeyStore,
    name: LedgerName,
) -> Result<(App, mpsc::Receiver<Alert>), StartError> {
    let upstream = config.upstream.as_ref().map(Upstream::new).transpose()?;
    let live = Live::new(config)?;
    let ledger_dir = data.path().join(name.folder);
    let ledger = open_ledger(data, name)?;
    let (alerts, raised) = mpsc::channel(ALERTS);
    let phrases = Phrases::open(data)?;
    phrases.take_up(&keys);
    let body_kib_all = config.body_memory.max(config.max_body).div_ceil(1024);
    let app = App {
        keys,
        ledger,
        engines: Engines::new(upstream),
        limits: config.limits,
        max_body: config.max_body,
        max_requests: config.max_requests,
        meter: Arc::new(Meter::new()),
        harvests: Harvests::default(),
        agents: crate::mcp::http::Sessions::new(config.records.clone()),
        phrases,
        turned_away: TurnedAway::default(),
        watch: Watch::new(
            config.alerts.thresholds,
            alerts,
            config.log.clone(),
            config.otlp.is_some(),
        ),
        under_way: Arc::new(Semaphore::new(config.max_requests)),
        body_kib: Arc::new(Semaphore::new(body_kib_all)),
        body_kib_all,
        waiting: AtomicUsize::new(0),
        queue: config.queue,
        preparing: Arc::new(Semaphore::new(
            std::thread::available_parallelism().map_or(1, NonZero::get),
        )),
        timeouts: config.timeouts,
        keys_changed: tokio::sync::watch::Sender::new(0),
        checkpoint: checkpoint_file(&ledger_dir),
        live: RwLock::new(Arc::new(live)),
        #[cfg(test)]
        fault: std::sync::Mutex::default(),
    };
    Ok((app, raised))
}

/// Writes down which settings are in use: their digest, that of the policies, and what of them weakens a control.
async fn record(app: &App, config: &Config, event: &str) -> Result<(), StartError> {
    let live = app.live();
    let entry = json!({
        "event": event,
        "version": env!("CARGO_PKG_VERSION"),
        "settings": config.digest.map(|digest| hash::hex(&digest)),
        "policies": hash::hex(live.policies.digest()),
        "weakened": config.weakened,
        "memory": config.memory.map(Memory::word),
        "beyond_this_machine": !config.listen.ip().is_loopback(),
    });
    let (done, durable) = tokio::sync::oneshot::channel();
    app.ledger.append(entry.to_string().into_bytes(), move |result| {
        let _ = done.send(result);
    });
    match durable.await {
        Ok(result) => result.map(drop).map_err(StartError::from),
        Err(_) => Err(StartError::new(StartErrorKind::Data, "The ledger cannot be written.")),
    }
}

/// The ledger of what is done at this machine, without a service, `ledger/local`.
///
/// # Errors
/// When it is gone, damaged, or another process holds it for longer than a minute.
pub fn local_ledger(data: &DataDir) -> Result<Ledger, StartError> {
    open_ledger(data, LOCAL)
}

fn open_ledger(data: &DataDir, name: LedgerName) -> Result<Ledger, StartError> {
    let LedgerName { folder, origin, wait } = name;
    let ledger_dir = data.path().join(folder);
    let begun = format!("keys/{}.begun", folder.replace('/', "-"));
    if data.read(&begun)?.is_some() && !has_entries(&ledger_dir) {
        let what = format!(
            "{folder} was begun in this data folder and is gone. Put it back from a copy; to begin a new one in its place, \
             remove {begun}"
        );
        return Err(StartError::new(StartErrorKind::Data, what));
    }
    let key = SigningKey::from_secret(&data.secret("ledger")?);
    let ledger = Ledger::open_waiting(&ledger_dir, origin, key, now, wait)?;
    data.write_private(&begun, b"A ledger was begun; see the guide to the ledger.\n")?;
    Ok(ledger)
}

/// True when a ledger's folder holds a segment.
fn has_entries(ledger: &Path) -> bool {
    let Ok(entries) = std::fs::read_dir(ledger) else {
        return false;
    };
    entries
        .flatten()
        .any(|entry| entry.file_name().to_string_lossy().starts_with("segment-"))
}

/// The latest checkpoint of a ledger.
fn checkpoint_file(ledger: &Path) -> PathBuf {
    ledger.join("checkpoint")
}

fn cannot_listen(address: SocketAddr, error: &std::io::Error) -> StartError {
    let why = match error.kind() {
        ErrorKind::AddrInUse => "another program listens there. Stop it, or choose a port with --listen 127.0.0.1:PORT",
        ErrorKind::PermissionDenied => "this user may not. Choose a port above 1023 with --listen 127.0.0.1:PORT",
        ErrorKind::AddrNotAvailable => "this machine has no such address. Choose one with --listen ADDRESS:PORT",
        _ => "the system refused. Choose another address with --listen ADDRESS:PORT",
    };
    StartError::new(
        StartErrorKind::Listen,
        format!("Ward cannot listen on {address}: {why}."),
    )
}

/// Settings to take up while the service runs; an error when they could not be read.
pub type Reload = Result<Config, StartError>;

impl Running {
    /// The models it offers now.
    pub async fn models(&self) -> Vec<String> {
        self.app.engines.models().await
    }

    /// Asks the upstream, if there is one, for its models: why it cannot be used now.
    pub fn upstream_trouble(&self) -> impl Future<Output = Option<Refusal>> + use<> {
        let app = self.app.clone();
        async move { app.engines.default_model().await.err() }
    }

    /// Serves until `stop` is done, then lets requests under way finish for a while and closes the ledger. Settings that
    /// come over `reloads` are taken up as far as they can change: not addresses, the data folder, the upstream, and sizes.
    ///
    /// # Errors
    /// When the ledger cannot be closed.
    pub async fn serve(
        self,
        stop: impl Future<Output = ()>,
        reloads: mpsc::Receiver<Reload>,
    ) -> Result<(), StartError> {
        let Self {
            app,
            data,
            config,
            listener,
            admin_listener,
            tls,
            alerts,
            ..
        } = self;
        let graceful = GracefulShutdown::new();
        let door = Door {
            app: app.clone(),
            tls: tls.clone(),
            addresses: Arc::default(),
            timeouts: app.timeouts,
        };
        let (last_alert, over) = oneshot::channel();
        let mut delivering = tokio::spawn(alert::deliver::run(
            app.clone(),
            config.alerts.clone(),
            config.told.clone(),
            data.path().to_owned(),
            alerts,
            over,
        ));
        let telling = config
            .otlp
            .clone()
            .map(|otlp| tokio::spawn(otlp::run(Arc::downgrade(&app), otlp, now())));
        let max_connections = config.max_connections;
        let router = routes::router(app.clone()).merge(intake::router(app.clone(), data.clone()));
        let tasks = [
            tokio::spawn(watch_keys(app.clone())),
            tokio::spawn(watch_settings(app.clone(), data, config, tls, reloads)),
            tokio::spawn(watch_clock(app.clone())),
            tokio::spawn(turned_away::run(app.clone())),
        ];
        let public = connection::accept(
            &door,
            &listener,
            router,
            Arc::new(Semaphore::new(max_connections)),
            &graceful,
        );
        let admin = async {
            match &admin_listener {
                None => std::future::pending().await,
                Some(listener) => {
                    let router = routes::admin_router(app.clone());
                    connection::accept(
                        &door,
                        listener,
                        router,
                        Arc::new(Semaphore::new(ADMIN_CONNECTIONS)),
                        &graceful,
                    )
                    .await;
                }
            }
        };
        tokio::select! {
            () = stop => {}
            () = public => {}
            () = admin => {}
        }
        drop((listener, admin_listener));
        // Requests that do not finish in time are cut; their entries say so or lack an outcome.
        let _ = tokio::time::timeout(app.timeouts.drain, graceful.shutdown()).await;
        for task in tasks {
            task.abort();
        }
        let _ = last_alert.send(());
        if tokio::time::timeout(LAST_ALERTS, &mut delivering).await.is_err() {
            delivering.abort();
        }
        if let Some(telling) = telling {
            telling.abort();
        }
        turned_away::write(&app).await;
        // Closing waits for what is being written; dropping the last handle does it.
        app.ledger.failure().map_or(Ok(()), |error| Err(error.into()))
    }
}

/// How long the end waits for alerts that were raised before it. What a sink has not taken by then waits in its spool.
const LAST_ALERTS: Duration = Duration::from_secs(2);

/// Most connections of the admin listener at a time: monitoring needs few, and gets them when all others are taken.
const ADMIN_CONNECTIONS: usize = 16;

/// Takes up keys that another process made or revoked, every second.
async fn watch_keys(app: Shared) {
    let mut ticks = tokio::time::interval(Duration::from_secs(1));
    loop {
        ticks.tick().await;
        match app.keys.reload_if_changed() {
            Ok(true) => {
                app.phrases.take_up(&app.keys);
                app.keys_changed.send_modify(|count| *count += 1);
            }
            Ok(false) => {}
            // A file that cannot be read now leaves the keys as they were.
            Err(_) => app.watch.seen(Signal::NotVerified { what: "keys" }),
        }
    }
}

/// Takes up settings that were read anew, and files that they name when these change.
async fn watch_settings(
    app: Shared,
    data: DataDir,
    mut config: Config,
    tls: Arc<RwLock<Arc<ServerConfig>>>,
    mut reloads: mpsc::Receiver<Reload>,
) {
    let mut seen = stamps(&config);
    let mut renewed = now();
    let mut ticks = tokio::time::interval(Duration::from_secs(1));
    let mut open = true;
    loop {
        let fresh = tokio::select! {
            _ = ticks.tick() => None,
            reload = reloads.recv(), if open => {
                open = reload.is_some();
                reload
            }
        };
        match fresh {
            Some(Ok(fresh)) => {
                let mut fresh = fresh;
                // These stand as long as the process does.
                fresh.listen = config.listen;
                fresh.admin = config.admin;
                let stamps_now = stamps(&fresh);
                // Nothing that can change did: there is nothing to take up, and nothing to write down.
                if fresh.digest == config.digest && stamps_now == seen {
                    continue;
                }
                match apply(&app, &data, &fresh, &tls).await {
                    Ok(()) => config = fresh,
                    Err(error) => {
                        if let Some(told) = &config.told {
                            told(News::NotTakenUp(&error));
                        }
                    }
                }
                seen = stamps_now;
            }
            Some(Err(_)) => app.watch.metrics.reloaded(false),
            None => {
                let now_ms = now();
                let stamps = stamps(&config);
                // Ward's own certificate is made anew in time, also by a process that runs for years.
                let hourly = now_ms.abs_diff(renewed) > 3_600_000;
                if stamps != seen || hourly {
                    if stamps != seen {
                        let applied = apply(&app, &data, &config, &tls).await;
                        if let Some(told) = &config.told {
                            told(applied.as_ref().err().map_or(News::TakenUp, News::NotTakenUp));
                        }
                    } else if let Ok(identity) = tls::identity(&data, config.listen, &config.tls, now_ms) {
                        *tls.write().unwrap_or_else(PoisonError::into_inner) = identity.config;
                    }
                    (seen, renewed) = (stamps, now_ms);
                }
            }
        }
    }
}

/// What [`start`] refuses settings for, but for what only opening shows: sockets, the ledger. Changes nothing, connects to
/// nothing.
///
/// # Errors
/// As [`start`].
pub fn check(config: &Config) -> Result<(), StartError> {
    admin_of(config)?;
    tls::check(&config.tls)?;
    config.upstream.as_ref().map(Upstream::new).transpose()?;
    Live::new(config).map(drop)
}

/// Where metrics and health are to be: at this machine.
fn admin_of(config: &Config) -> Result<Option<SocketAddr>, StartError> {
    match config.admin {
        Some(admin) if !admin.ip().is_loopback() => {
            let what = "serve.admin: metrics and health are for this machine only; name a loopback address.";
            Err(StartError::new(StartErrorKind::Setting, what))
        }
        admin => Ok(admin),
    }
}

/// Takes up settings as a whole or not at all. What is not on the ledger is not in use.
async fn apply(app: &App, data: &DataDir, config: &Config, tls: &RwLock<Arc<ServerConfig>>) -> Result<(), StartError> {
    let read = (
        Live::new(config),
        tls::identity(data, config.listen, &config.tls, now()),
    );
    let (live, identity) = match read {
        (Ok(live), Ok(identity)) => (live, identity),
        (Err(error), _) | (_, Err(error)) => {
            app.watch.metrics.reloaded(false);
            return Err(error);
        }
    };
    let before = app.live();
    app.set_live(live);
    if let Err(error) = record(app, config, "reconfigured").await {
        app.put_back(before);
        app.watch.metrics.reloaded(false);
        return Err(error);
    }
    app.watch.set_thresholds(config.alerts.thresholds);
    if let Some(ends) = identity.ends_unix_ms {
        app.watch.metrics.certificate_ends(ends);
    }
    // Connections there are keep what they agreed on; the next one gets this.
    *tls.write().unwrap_or_else(PoisonError::into_inner) = identity.config;
    if !config.weakened.is_empty() {
        app.watch.seen(Signal::Weakened);
    }
    app.watch.metrics.reloaded(true);
    Ok(())
}

/// Size and time of change of the files that settings name.
fn stamps(config: &Config) -> Vec<Option<(u64, std::time::SystemTime)>> {
    let tls = &config.tls;
    [&tls.certificate, &tls.key, &tls.client_ca, &config.policies]
        .into_iter()
        .map(|file| {
            let about = std::fs::metadata(file.as_ref()?).ok()?;
            Some((about.len(), about.modified().ok()?))
        })
        .collect()
}

/// Says when the machine's clock goes elsewhere than time does.
async fn watch_clock(app: Shared) {
    let (mut at, mut clock) = (std::time::Instant::now(), now());
    let mut ticks = tokio::time::interval(Duration::from_secs(1));
    loop {
        ticks.tick().await;
        let passed = u64::try_from(at.elapsed().as_millis()).unwrap_or(u64::MAX);
        let (fresh, expected) = (now(), clock.saturating_add(passed));
        if jumped(expected, fresh) {
            app.watch.seen(Signal::ClockJumped);
        }
        (at, clock) = (std::time::Instant::now(), fresh);
    }
}

fn jumped(expected_ms: u64, found_ms: u64) -> bool {
    expected_ms.abs_diff(found_ms) > JUMP_MS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_keeps_it_from_starting_is_told_without_starting() {
        let place = tempfile::tempdir().unwrap();
        let usual = || Config::new(place.path().join("data"));
        check(&usual()).unwrap();
        let refused = |change: &dyn Fn(&mut Config)| {
            let mut config = usual();
            change(&mut config);
            check(&config).map_err(|error| error.to_string()).unwrap_err()
        };
        let clear = refused(&|config| {
            config.upstream = Some(crate::UpstreamConfig::new("http://10.0.0.1:1".to_owned()));
        });
        assert!(!clear.is_empty());
        let beyond = refused(&|config| config.admin = Some("10.0.0.1:9443".parse().unwrap()));
        assert!(beyond.contains("serve.admin"), "{beyond}");
        let half = refused(&|config| config.tls.certificate = Some(place.path().join("none.pem")));
        assert!(half.contains("serve.tls"), "{half}");
        let none = refused(&|config| config.tls.client_ca = Some(place.path().join("none.pem")));
        assert!(none.contains("client_ca"), "{none}");
        assert!(!place.path().join("data").exists(), "nothing is made");
    }

    #[test]
    fn a_clock_may_be_put_right_but_not_jump() {
        for (expected, found, jump) in [
            (1_000_000, 1_000_000, false),
            (1_000_000, 1_005_000, false),
            (1_000_000, 1_005_001, true),
            (1_000_000, 994_999, true),
            (1_000_000, 0, true),
        ] {
            assert_eq!(jumped(expected, found), jump);
        }
    }
}
