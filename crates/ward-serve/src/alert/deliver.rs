//! Brings alerts to where people see them.
//!
//! Each alert is an entry of the ledger first. Where nobody is named to tell, that is all. A server that cannot be reached
//! gets its alerts later, from the spool, in order; nothing on the request path waits for it.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use rustls::pki_types::ServerName;
use serde_json::json;
use tokio::{
    io::{AsyncWrite, AsyncWriteExt},
    net::{TcpStream, UdpSocket},
    sync::{mpsc, oneshot},
    task::JoinHandle,
    time::timeout,
};
use tokio_rustls::TlsConnector;
use ward_guard::Phi;

use super::{
    Alert, AlertSettings,
    spool::Spool,
    syslog::{self, Server, Transport},
};
use crate::{
    app::App,
    config::{News, Told},
    fetch::{self, FetchError},
    tls,
};

/// How long a server may take for one alert.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long to wait before a server that failed is tried again: at first, and at most.
const AGAIN: (Duration, Duration) = (Duration::from_secs(2), Duration::from_secs(60));

/// One place that gets alerts.
enum Sink {
    Webhook {
        url: Arc<Phi<String>>,
        settings: AlertSettings,
    },
    Syslog {
        server: Server,
        settings: AlertSettings,
    },
}

impl Sink {
    /// What people call it.
    fn name(&self) -> &'static str {
        match self {
            Self::Webhook { .. } => "webhook",
            Self::Syslog { .. } => "syslog server",
        }
    }

    async fn send(&self, alert: &Alert) -> io::Result<()> {
        let sending = async {
            match self {
                Self::Webhook { url, settings } => {
                    let token = settings.webhook_token.as_ref().map(|token| token.expose().as_str());
                    fetch::post(url.expose(), body(alert), token, settings.ca.as_deref(), PATIENCE)
                        .await
                        .map_err(io::Error::other)
                }
                Self::Syslog { server, settings } => to_syslog(server, settings.ca.as_deref(), alert).await,
            }
        };
        timeout(PATIENCE, sending)
            .await
            .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
    }
}

/// The alert as the webhook gets it.
#[must_use]
pub fn body(alert: &Alert) -> Vec<u8> {
    json!({
        "source": "ward",
        "rule": alert.rule,
        "severity": alert.severity,
        "message": alert.message,
        "subject": alert.subject,
        "count": alert.count,
        "at": syslog::timestamp(alert.at_unix_ms),
    })
    .to_string()
    .into_bytes()
}

async fn to_syslog(server: &Server, ca: Option<&Path>, alert: &Alert) -> io::Result<()> {
    let message = syslog::message(alert);
    let to = (server.host.as_str(), server.port);
    let counted = syslog::counted(&message);
    match server.transport {
        Transport::Udp => {
            let here = if server.host.contains(':') {
                "[::]:0"
            } else {
                "0.0.0.0:0"
            };
            let socket = UdpSocket::bind(here).await?;
            socket.send_to(message.as_bytes(), to).await?;
            Ok(())
        }
        Transport::Tcp => whole(TcpStream::connect(to).await?, &counted).await,
        Transport::Tls => {
            let name = ServerName::try_from(server.host.clone()).map_err(io::Error::other)?;
            // Read anew, as the webhook's is: an authority may be replaced while this runs.
            let config = tls::client_config(ca, &[]).map_err(io::Error::other)?;
            let stream = TcpStream::connect(to).await?;
            let stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await?;
            whole(stream, &counted).await
        }
    }
}

/// One message, and the end of the connection.
async fn whole(mut stream: impl AsyncWrite + Unpin, message: &str) -> io::Result<()> {
    stream.write_all(message.as_bytes()).await?;
    stream.shutdown().await
}

/// Why an alert did not arrive, in words that repeat nothing of the other side's.
fn reason(error: &io::Error) -> String {
    let inner = error.get_ref();
    if let Some(fetch) = inner.and_then(|inner| inner.downcast_ref::<FetchError>()) {
        return fetch.to_string();
    }
    let believed = |inner: &rustls::Error| !matches!(inner, rustls::Error::InvalidCertificate(_));
    match inner.and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        Some(inner) if !believed(inner) => "its certificate is not believed".to_owned(),
        Some(_) => "it does not speak TLS as it should".to_owned(),
        None if error.kind() == io::ErrorKind::TimedOut => "it was silent for too long".to_owned(),
        None => "it cannot be reached".to_owned(),
    }
}

/// Delivers what comes until it is `over`, and then what was raised before that. `folder` holds the spools.
pub(crate) async fn run(
    app: Arc<App>,
    settings: AlertSettings,
    told: Option<Told>,
    folder: PathBuf,
    mut alerts: mpsc::Receiver<Alert>,
    mut over: oneshot::Receiver<()>,
) {
    let mut lines = Vec::new();
    if let Some(url) = &settings.webhook {
        let sink = Sink::Webhook {
            url: url.clone(),
            settings: settings.clone(),
        };
        lines.push(line(&app, sink, told.clone(), folder.join("webhook.jsonl")));
    }
    if let Some(server) = settings.syslog.clone() {
        let sink = Sink::Syslog { server, settings };
        lines.push(line(&app, sink, told, folder.join("syslog.jsonl")));
    }
    loop {
        let next = tokio::select! {
            next = alerts.recv() => next,
            _ = &mut over, if !alerts.is_closed() => {
                alerts.close();
                continue;
            }
        };
        let Some(alert) = next else { break };
        let entry = json!({
            "event": "alert",
            "rule": alert.rule,
            "severity": alert.severity,
            "subject": alert.subject,
            "count": alert.count,
        });
        app.ledger.append(entry.to_string().into_bytes(), |_| {});
        for (line, _) in &lines {
            if line.send(alert.clone()).await.is_err() {
                app.watch.metrics.alerts_dropped();
            }
        }
    }
    for (line, task) in lines {
        drop(line);
        let _ = task.await;
    }
}

/// One sink with its spool and a task of its own, so that one that hangs does not hold up the other.
fn line(app: &Arc<App>, sink: Sink, told: Option<Told>, spool: PathBuf) -> (mpsc::Sender<Alert>, JoinHandle<()>) {
    let (sender, mut receiver) = mpsc::channel::<Alert>(256);
    let app = Arc::downgrade(app);
    let task = tokio::spawn(async move {
        let spool = Spool::new(&spool);
        let mut pause = AGAIN.0;
        // What an earlier run left is delivered first.
        let mut behind = true;
        // Said once when they stop arriving, and once when they do again.
        let mut failing = false;
        loop {
            let next = if behind {
                timeout(pause, receiver.recv()).await.ok()
            } else {
                Some(receiver.recv().await)
            };
            let over = matches!(next, Some(None));
            if let Some(Some(alert)) = next {
                let lost = match spool.push(&alert) {
                    Ok(kept) => !kept,
                    // Without a disk there is still the sink.
                    Err(_) => sink.send(&alert).await.is_err(),
                };
                if let (true, Some(app)) = (lost, app.upgrade()) {
                    app.watch.metrics.alerts_dropped();
                }
                if behind && !over {
                    // It waits with the others until the pause is over.
                    continue;
                }
            }
            let drained = drain(&sink, &spool).await;
            behind = drained.is_err();
            if behind != failing
                && let Some(told) = &told
            {
                let why = drained.as_ref().err().map(reason);
                told(
                    why.as_deref()
                        .map_or(News::Delivered(sink.name()), |why| News::Undelivered(sink.name(), why)),
                );
            }
            failing = behind;
            pause = if behind { (pause * 2).min(AGAIN.1) } else { AGAIN.0 };
            if over {
                break;
            }
        }
    });
    (sender, task)
}

/// Sends what waits, oldest first, and stops at the first failure.
async fn drain(sink: &Sink, spool: &Spool) -> io::Result<()> {
    let (waiting, _) = spool.waiting()?;
    let mut sent = 0;
    let mut result = Ok(());
    for alert in &waiting {
        result = sink.send(alert).await;
        if result.is_err() {
            break;
        }
        sent += 1;
    }
    if sent > 0 || (waiting.is_empty()) {
        spool.delivered(sent)?;
    }
    result
}
