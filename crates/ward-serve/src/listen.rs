//! The listener: sockets, TLS, connection limits, an orderly end.

use std::{
    future::Future,
    io::ErrorKind,
    net::SocketAddr,
    num::NonZero,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use axum::Router;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};
use tokio_rustls::TlsAcceptor;
use ward_guard::Refusal;
use ward_seal::{
    apikey::{KeyStore, NewKey},
    ledger::{Ledger, SigningKey},
    store::DataDir,
};

use crate::{
    app::{App, Shared, now},
    begins::Begins,
    config::{Config, Timeouts},
    engines::Engines,
    error::{StartError, StartErrorKind},
    identity::Role,
    intake, routes, tls,
    upstream::Upstream,
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

/// How many bodies of the largest size there is memory for at a time.
const LARGEST_AT_ONCE: usize = 8;

/// A service that listens.
pub struct Running {
    /// Where, with the port that was taken.
    pub address: SocketAddr,
    /// The certificate's file.
    pub certificate: PathBuf,
    /// SHA-256 of the certificate in DER.
    pub fingerprint: [u8; 32],
    /// True when the certificate was made now.
    pub certificate_is_new: bool,
    /// The first key, when this data folder had none. Shown once.
    pub first_key: Option<NewKey>,
    app: Shared,
    data: DataDir,
    listener: TcpListener,
    acceptor: TlsAcceptor,
    max_connections: usize,
}

/// Opens the data folder, the ledger and the socket.
///
/// # Errors
/// What cannot be used, and what to do about it.
pub async fn start(config: Config) -> Result<Running, StartError> {
    let data = DataDir::open(&config.data)?;
    let keys = KeyStore::open(&data)?;
    let identity = tls::identity(&data, config.listen, now())?;
    // The socket before the ledger: a port in use is the commoner mistake, and leaves no trace.
    let listener = TcpListener::bind(config.listen)
        .await
        .map_err(|error| cannot_listen(config.listen, &error))?;
    let address = listener
        .local_addr()
        .map_err(|error| cannot_listen(config.listen, &error))?;
    let app = open(&config, &data, keys, SERVE)?;
    let first_key = if app.keys.list().is_empty() {
        let (_, key) = app.keys.create(Role::Clinician.word(), "first key", None, now())?;
        Some(key)
    } else {
        None
    };
    Ok(Running {
        address,
        certificate: identity.path,
        fingerprint: identity.fingerprint,
        certificate_is_new: identity.fresh,
        first_key,
        app: Arc::new(app),
        data,
        listener,
        acceptor: TlsAcceptor::from(identity.config),
        max_connections: config.max_connections,
    })
}

/// The state for requests made at this machine, without a listener.
///
/// # Errors
/// As [`start`].
pub fn open_local(config: &Config) -> Result<Shared, StartError> {
    let data = DataDir::open(&config.data)?;
    let keys = KeyStore::open(&data)?;
    open(config, &data, keys, LOCAL).map(Arc::new)
}

fn open(config: &Config, data: &DataDir, keys: KeyStore, name: LedgerName) -> Result<App, StartError> {
    let upstream = config.upstream.as_ref().map(Upstream::new).transpose()?;
    let ledger_dir = data.path().join(name.folder);
    let ledger = open_ledger(data, name)?;
    Ok(App {
        keys,
        ledger,
        engines: Engines::new(upstream),
        limits: config.limits,
        policy: Arc::new(config.policy.clone()),
        max_body: config.max_body,
        under_way: Arc::new(Semaphore::new(config.max_requests)),
        body_kib: Arc::new(Semaphore::new(LARGEST_AT_ONCE * config.max_body.div_ceil(1024))),
        preparing: Arc::new(Semaphore::new(
            std::thread::available_parallelism().map_or(1, NonZero::get),
        )),
        timeouts: config.timeouts,
        checkpoint: checkpoint_file(&ledger_dir),
    })
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

    /// Serves until `stop` is done, then lets requests under way finish for a while and closes the ledger.
    ///
    /// # Errors
    /// When the ledger cannot be closed.
    pub async fn serve(self, stop: impl Future<Output = ()>) -> Result<(), StartError> {
        let router = routes::router(self.app.clone()).merge(intake::router(self.app.clone(), self.data.clone()));
        let connections = Arc::new(Semaphore::new(self.max_connections));
        let graceful = GracefulShutdown::new();
        let watcher = tokio::spawn(watch_keys(self.app.clone()));
        let timeouts = self.app.timeouts;
        tokio::pin!(stop);
        loop {
            let accepted = tokio::select! {
                () = &mut stop => break,
                accepted = accept(&self.listener, &connections) => accepted,
            };
            let (socket, address, permit) = accepted;
            let serving = connection(
                socket,
                self.acceptor.clone(),
                router.clone().layer(axum::Extension(intake::Peer(address))),
                timeouts,
                graceful.watcher(),
            );
            tokio::spawn(async move {
                serving.await;
                drop(permit);
            });
        }
        drop(self.listener);
        // Requests that do not finish in time are cut; their entries say so or lack an outcome.
        let _ = tokio::time::timeout(timeouts.drain, graceful.shutdown()).await;
        watcher.abort();
        // Closing waits for what is being written; dropping the last handle does it.
        self.app.ledger.failure().map_or(Ok(()), |error| Err(error.into()))
    }
}

/// The next connection, when there is room for one.
async fn accept(
    listener: &TcpListener,
    connections: &Arc<Semaphore>,
) -> (TcpStream, SocketAddr, Option<tokio::sync::OwnedSemaphorePermit>) {
    let permit = connections.clone().acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((socket, address)) => return (socket, address, permit),
            // Out of file descriptors, or a connection that died in the queue: wait a little.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

/// One connection, from handshake to close. The protocol is what the handshake agreed on, so that each has its
/// own timers from the first byte on: a connection that stays silent ends.
async fn connection(
    socket: TcpStream,
    acceptor: TlsAcceptor,
    router: Router,
    timeouts: Timeouts,
    graceful: hyper_util::server::graceful::Watcher,
) {
    let _ = socket.set_nodelay(true);
    let Ok(Ok(tls)) = tokio::time::timeout(timeouts.handshake, acceptor.accept(socket)).await else {
        return;
    };
    let http2 = tls.get_ref().1.alpn_protocol() == Some(b"h2");
    let service = TowerToHyperService::new(router);
    // Errors below are the peer's: garbage, a reset, a time-out. There is nobody left to tell.
    if http2 {
        let mut builder = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
        builder
            .timer(TokioTimer::new())
            .max_concurrent_streams(64)
            .max_header_list_size(32 << 10)
            .keep_alive_interval(Duration::from_secs(30));
        let io = TokioIo::new(Begins::new(tls, timeouts.header));
        let _ = graceful.watch(builder.serve_connection(io, service)).await;
    } else {
        let mut builder = hyper::server::conn::http1::Builder::new();
        builder
            .timer(TokioTimer::new())
            .header_read_timeout(timeouts.header)
            .max_buf_size(64 << 10);
        let _ = graceful
            .watch(builder.serve_connection(TokioIo::new(tls), service))
            .await;
    }
}

/// Takes up keys that another process made or revoked, every second.
async fn watch_keys(app: Shared) {
    let mut ticks = tokio::time::interval(Duration::from_secs(1));
    loop {
        ticks.tick().await;
        // A file that cannot be read now leaves the keys as they were; a damaged one clears them.
        let _ = app.keys.reload_if_changed();
    }
}
