//! A service of a test's own, a client that can send anything, an upstream that waits, and keys of every kind.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use rustls::{
    ClientConfig, RootCertStore, SupportedProtocolVersion,
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject},
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::{mpsc, oneshot},
};
use tokio_rustls::{TlsConnector, client::TlsStream};
use ward_seal::{
    apikey::{KeyStore, KeyTerms},
    store::DataDir,
};
use ward_serve::{Config, app::now, listen::Reload};

/// A running service.
pub(crate) struct Service {
    pub(crate) port: u16,
    pub(crate) admin: Option<u16>,
    pub(crate) key: String,
    pub(crate) data: PathBuf,
    pub(crate) reloads: mpsc::Sender<Reload>,
    stop: Option<oneshot::Sender<()>>,
    done: tokio::task::JoinHandle<()>,
    _folder: Option<tempfile::TempDir>,
}

pub(crate) fn folder() -> tempfile::TempDir {
    let mut builder = tempfile::Builder::new();
    builder.prefix("ward-gate-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    builder.tempdir().unwrap()
}

/// The settings of a file's text below `[serve]`, in this data folder.
pub(crate) fn config(data: &Path, text: &str) -> Config {
    let text = format!("[serve]\nlisten = \"127.0.0.1:0\"\n{text}");
    let document = ward_serve::settings::read::Document {
        name: "ward.toml",
        text: &text,
        folder: data,
    };
    ward_serve::settings::read::read(Some(document), &[], data.join("data"), &|_| None)
        .unwrap()
        .config
}

impl Service {
    /// Starts with what stands below `[serve]`.
    pub(crate) async fn start(text: &str) -> Self {
        let folder = folder();
        let config = config(folder.path(), text);
        let mut service = Self::with(config).await;
        service._folder = Some(folder);
        service
    }

    pub(crate) async fn with(config: Config) -> Self {
        Self::with_key(config, "").await
    }

    /// With a key that is there already.
    pub(crate) async fn with_key(config: Config, key: &str) -> Self {
        let data = config.data.clone();
        let running = ward_serve::start(config).await.unwrap();
        let (port, admin) = (running.address.port(), running.admin.map(|admin| admin.port()));
        let key = running
            .first_key
            .as_ref()
            .map_or(key, |first| first.expose())
            .to_owned();
        let (stop, stopped) = oneshot::channel::<()>();
        let (reloads, receiver) = mpsc::channel(1);
        let done = tokio::spawn(async move {
            let stop = async {
                let _ = stopped.await;
            };
            running.serve(stop, receiver).await.unwrap();
        });
        Self {
            port,
            admin,
            key,
            data,
            reloads,
            stop: Some(stop),
            done,
            _folder: None,
        }
    }

    /// A client that trusts its certificate and shows its first key.
    pub(crate) fn client(&self) -> Client {
        Client::new(self.port, &self.data.join("tls/cert.pem"), Some(&self.key))
    }

    pub(crate) fn admin(&self) -> Client {
        Client::new(self.admin.unwrap(), &self.data.join("tls/cert.pem"), Some(&self.key))
    }

    pub(crate) fn store(&self) -> KeyStore {
        KeyStore::open(&DataDir::open_existing(&self.data).unwrap()).unwrap()
    }

    /// Makes a key. (id, key)
    pub(crate) fn new_key(&self, role: &str, change: impl FnOnce(&mut KeyTerms)) -> (String, String) {
        let mut terms = KeyTerms::new(role, "");
        change(&mut terms);
        let (record, key) = self.store().create_on(&terms, now()).unwrap();
        (record.id, key.expose().to_owned())
    }

    /// Long enough for keys and files that changed to be taken up.
    pub(crate) async fn taken_up(&self) {
        tokio::time::sleep(Duration::from_millis(1500)).await;
    }

    /// Stops it and gives what its ledger holds.
    pub(crate) async fn stop(mut self) -> Vec<Value> {
        let _ = self.stop.take().unwrap().send(());
        (&mut self.done).await.unwrap();
        entries(&self.data)
    }
}

/// The entries of the service's ledger.
pub(crate) fn entries(data: &Path) -> Vec<Value> {
    let mut entries = Vec::new();
    let folder = std::fs::read_dir(data.join("ledger/serve")).unwrap();
    let mut files: Vec<_> = folder
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.file_name().unwrap().to_string_lossy().starts_with("segment-"))
        .collect();
    files.sort();
    for file in files {
        // Payloads stand in the segments as they were written: JSON objects between other bytes.
        let bytes = std::fs::read(file).unwrap();
        let mut at = 0;
        while let Some(start) = bytes[at..].iter().position(|b| *b == b'{').map(|p| p + at) {
            let mut stream = serde_json::Deserializer::from_slice(&bytes[start..]).into_iter::<Value>();
            match stream.next() {
                Some(Ok(value)) if value.is_object() => {
                    at = start + stream.byte_offset();
                    entries.push(value);
                }
                _ => at = start + 1,
            }
        }
    }
    entries
}

/// A client of one server.
#[derive(Clone)]
pub(crate) struct Client {
    port: u16,
    roots: RootCertStore,
    versions: &'static [&'static SupportedProtocolVersion],
    identity: Option<(Vec<CertificateDer<'static>>, Arc<PrivateKeyDer<'static>>)>,
    alpn: Vec<Vec<u8>>,
    pub(crate) key: Option<String>,
}

/// A reply.
#[derive(Debug, Clone)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Response {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    /// `error.code` of an error reply.
    pub(crate) fn code(&self) -> String {
        let body: Value = serde_json::from_str(&self.body).unwrap_or_default();
        body["error"]["code"].as_str().unwrap_or_default().to_owned()
    }
}

impl Client {
    pub(crate) fn new(port: u16, certificate: &Path, key: Option<&str>) -> Self {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(certificate).unwrap()).unwrap();
        Self {
            port,
            roots,
            versions: rustls::ALL_VERSIONS,
            identity: None,
            alpn: Vec::new(),
            key: key.map(str::to_owned),
        }
    }

    pub(crate) fn with_key(&self, key: Option<&str>) -> Self {
        Self {
            key: key.map(str::to_owned),
            ..self.clone()
        }
    }

    pub(crate) fn with_tls(&self, versions: &'static [&'static SupportedProtocolVersion]) -> Self {
        Self {
            versions,
            ..self.clone()
        }
    }

    pub(crate) fn with_http2(&self) -> Self {
        Self {
            alpn: vec![b"h2".to_vec()],
            ..self.clone()
        }
    }

    /// With a client certificate.
    pub(crate) fn as_client(&self, certificate: &rcgen::Certificate, key: &rcgen::KeyPair) -> Self {
        let der = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        Self {
            identity: Some((vec![certificate.der().clone()], Arc::new(der))),
            ..self.clone()
        }
    }

    pub(crate) async fn connect(&self) -> std::io::Result<TlsStream<TcpStream>> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let builder = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(self.versions)
            .unwrap()
            .with_root_certificates(self.roots.clone());
        let mut config = match &self.identity {
            None => builder.with_no_client_auth(),
            Some((chain, key)) => builder.with_client_auth_cert(chain.clone(), key.clone_key()).unwrap(),
        };
        config.alpn_protocols = self.alpn.clone();
        let socket = TcpStream::connect(("127.0.0.1", self.port)).await?;
        let name = ServerName::try_from("localhost").unwrap();
        TlsConnector::from(Arc::new(config)).connect(name, socket).await
    }

    /// Sends bytes as they are and reads until the end.
    pub(crate) async fn raw(&self, bytes: &[u8]) -> std::io::Result<Response> {
        let mut stream = self.connect().await?;
        stream.write_all(bytes).await?;
        stream.flush().await?;
        let reading = read(&mut stream);
        tokio::time::timeout(Duration::from_secs(60), reading)
            .await
            .expect("a reply or an end")
    }

    pub(crate) async fn request(&self, line: &str, headers: &str, body: &str) -> Response {
        let mut head = format!("{line} HTTP/1.1\r\n");
        if !headers.to_ascii_lowercase().contains("host:") {
            head.push_str("Host: localhost\r\n");
        }
        if let Some(key) = &self.key {
            head.push_str(&format!("Authorization: Bearer {key}\r\n"));
        }
        head.push_str(headers);
        if !body.is_empty() {
            head.push_str(&format!(
                "Content-Type: application/json\r\nContent-Length: {}\r\n",
                body.len()
            ));
        }
        head.push_str("Connection: close\r\n\r\n");
        self.raw(&[head.as_bytes(), body.as_bytes()].concat()).await.unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.request(&format!("GET {path}"), "", "").await
    }

    pub(crate) async fn ask(&self, headers: &str, body: &Value) -> Response {
        self.request("POST /v1/chat/completions", headers, &body.to_string())
            .await
    }

    pub(crate) async fn asks(&self) -> Response {
        self.ask("", &question("ward-cite")).await
    }
}

/// A question.
pub(crate) fn question(model: &str) -> Value {
    json!({"model": model, "messages": [{"role": "user", "content": "Any allergies?"}]})
}

/// Reads one reply to its end. A connection that is cut keeps what came.
pub(crate) async fn read(stream: &mut (impl AsyncReadExt + Unpin)) -> std::io::Result<Response> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 16 << 10];
    loop {
        match stream.read(&mut buffer).await {
            Ok(0) => break,
            Ok(n) => bytes.extend_from_slice(&buffer[..n]),
            Err(_) if !bytes.is_empty() => break,
            Err(error) => return Err(error),
        }
    }
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").ok_or(std::io::ErrorKind::UnexpectedEof)?;
    let status = head
        .split_whitespace()
        .nth(1)
        .and_then(|status| status.parse().ok())
        .unwrap_or(0);
    Ok(Response {
        status,
        head: head.to_owned(),
        body: body.to_owned(),
    })
}

/// A model server that says `begins` and then nothing more, or, without it, nothing at all. Its model is `m`.
pub(crate) async fn upstream(begins: Option<&'static str>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            let (mut socket, _) = listener.accept().await.unwrap();
            tokio::spawn(async move {
                let mut buffer = vec![0; 64 << 10];
                let mut got = 0;
                while !buffer[..got].windows(4).any(|four| four == b"\r\n\r\n") {
                    match socket.read(&mut buffer[got..]).await {
                        Ok(n @ 1..) => got += n,
                        _ => return,
                    }
                }
                if let Some(begins) = begins {
                    let chunk = json!({"choices": [{"index": 0, "delta": {"content": begins}}]});
                    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";
                    let _ = socket.write_all(format!("{head}data: {chunk}\n\n").as_bytes()).await;
                }
                // Holds the connection until the other end lets go.
                let _ = socket.read(&mut buffer).await;
            });
        }
    });
    url
}

/// The settings for that upstream.
pub(crate) fn behind(url: &str) -> String {
    format!("upstream.url = \"{url}\"\nupstream.model = \"m\"\n")
}

/// A runtime for a test.
pub(crate) fn run(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
        .block_on(test);
}
