//! One connection, from the first packet to the close: limits of its address, handshake, timers, who is at the other end.

use std::{
    io::ErrorKind,
    net::SocketAddr,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use axum::{Router, extract::Request, response::Response};
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::graceful::{GracefulShutdown, Watcher},
    service::TowerToHyperService,
};
use rustls::ServerConfig;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
};
use tokio_rustls::TlsAcceptor;

use crate::{
    addresses::{Addresses, Visit},
    app::Shared,
    begins::Begins,
    config::Timeouts,
    drain::Drained,
    handlers,
    identity::Peer,
    intake,
    quiet::{Counting, Quiet, Underway},
    tls,
    wire::Wire,
};

/// What every connection of a listener needs.
pub(crate) struct Door {
    pub(crate) app: Shared,
    /// The certificate as it is now; connections keep what they agreed on.
    pub(crate) tls: Arc<RwLock<Arc<ServerConfig>>>,
    pub(crate) addresses: Arc<Addresses>,
    pub(crate) timeouts: Timeouts,
}

/// Lets connections in, for ever.
pub(crate) async fn accept(
    door: &Door,
    listener: &TcpListener,
    router: Router,
    room: Arc<Semaphore>,
    graceful: &GracefulShutdown,
) {
    loop {
        let (socket, from, permit) = next(listener, &room).await;
        let metrics = &door.app.watch.metrics;
        let limits = door.app.live().per_address;
        let Some(visit) = door.addresses.enter(from.ip(), limits, door.app.meter.now_ms()) else {
            // Closed before anything is spent on it. Who keeps coming waits in the system's queue.
            metrics.connection_refused();
            continue;
        };
        metrics.connection_opened();
        let open = Open {
            app: door.app.clone(),
            _visit: visit,
            _permit: permit,
        };
        let config = Arc::clone(&door.tls.read().unwrap_or_else(PoisonError::into_inner));
        let serving = serve(
            socket,
            from,
            TlsAcceptor::from(config),
            router.clone(),
            door.timeouts,
            graceful.watcher(),
            open,
        );
        tokio::spawn(serving);
    }
}

/// A connection that counts, until it is dropped.
struct Open {
    app: Shared,
    _visit: Visit,
    _permit: Option<OwnedSemaphorePermit>,
}

impl Drop for Open {
    fn drop(&mut self) {
        self.app.watch.metrics.connection_closed();
    }
}

/// The next connection, when there is room for one.
async fn next(listener: &TcpListener, room: &Arc<Semaphore>) -> (TcpStream, SocketAddr, Option<OwnedSemaphorePermit>) {
    let permit = room.clone().acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((socket, from)) => return (socket, from, permit),
            // A connection that died in the queue: it must not make others wait.
            Err(error) if is_of_the_other_end(error.kind()) => {}
            // Out of file descriptors or memory: wait a little.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

fn is_of_the_other_end(error: ErrorKind) -> bool {
    matches!(
        error,
        ErrorKind::ConnectionAborted
            | ErrorKind::ConnectionReset
            | ErrorKind::ConnectionRefused
            | ErrorKind::Interrupted
    )
}

/// The protocol is what the handshake agreed on, so that each has its own timers from the first byte on: a connection that
/// stays silent ends.
async fn serve(
    socket: TcpStream,
    from: SocketAddr,
    acceptor: TlsAcceptor,
    router: Router,
    timeouts: Timeouts,
    graceful: Watcher,
    open: Open,
) {
    let _ = socket.set_nodelay(true);
    let Ok(Ok(tls)) = tokio::time::timeout(timeouts.handshake, acceptor.accept(socket)).await else {
        open.app.watch.metrics.handshake_failed();
        return;
    };
    let connection = tls.get_ref().1;
    let http2 = connection.alpn_protocol() == Some(b"h2");
    // The handshake has verified the chain and that the other end holds the key.
    let certificate = connection.peer_certificates().and_then(|chain| chain.first());
    let peer = Peer {
        address: from.ip(),
        spki: certificate.and_then(tls::spki_sha256),
    };
    let service = WithPeer {
        inner: TowerToHyperService::new(router),
        peer,
        from,
    };
    // Errors below are the peer's: garbage, a reset, a time-out. There is nobody left to tell.
    if http2 {
        let mut builder = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
        builder
            .timer(TokioTimer::new())
            .max_concurrent_streams(64)
            .max_header_list_size(handlers::MAX_HEADER)
            .max_pending_accept_reset_streams(16)
            .keep_alive_interval(Duration::from_secs(30));
        let underway = Arc::new(Underway::default());
        let quiet = Quiet::new(timeouts.stalled, Arc::clone(&underway));
        let io = Begins::new(tls, Some(timeouts.header), timeouts.stalled).with_work(quiet);
        let service = Counting {
            inner: service,
            underway,
        };
        let _ = graceful
            .watch(builder.serve_connection(TokioIo::new(io), service))
            .await;
    } else {
        let mut builder = hyper::server::conn::http1::Builder::new();
        builder
            .timer(TokioTimer::new())
            .header_read_timeout(timeouts.header)
            .max_buf_size(64 << 10);
        let io = TokioIo::new(Wire::new(Begins::new(tls, None, timeouts.stalled)));
        let _ = graceful.watch(builder.serve_connection(io, service)).await;
    }
    drop(open);
}

/// Tells every request of a connection who is at its other end.
#[derive(Clone)]
struct WithPeer {
    inner: TowerToHyperService<Router>,
    peer: Peer,
    from: SocketAddr,
}

impl hyper::service::Service<Request<Incoming>> for WithPeer {
    type Response = Response;
    type Error = std::convert::Infallible;
    type Future = <TowerToHyperService<Router> as hyper::service::Service<Request<Drained>>>::Future;

    fn call(&self, mut request: Request<Incoming>) -> Self::Future {
        // Whatever a request brought of this kind, this is what counts.
        request.extensions_mut().insert(self.peer);
        request.extensions_mut().insert(intake::Peer(self.from));
        self.inner.call(request.map(Drained::new))
    }
}
