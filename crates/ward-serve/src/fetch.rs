//! One file from an address, for data that a person asked to have fetched: `ward db update`.
//!
//! HTTPS with the system's certificates (plain HTTP from this machine only), no redirects, no proxies, no more bytes than
//! were allowed, and as many as the server said there are. What arrives is handed on piece by piece.

use std::{fmt, io, path::Path, time::Duration};

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, Uri, header};
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper_rustls::HttpsConnectorBuilder;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use tokio::time::timeout;

use crate::tls;

/// What a fetch may cost.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Most bytes of the file.
    pub bytes: u64,
    /// How long the server may stay silent: while it is connected to, before it answers, and between two pieces.
    pub silence: Duration,
}

/// Why a file was not fetched.
#[derive(Debug)]
#[non_exhaustive]
pub enum FetchError {
    /// The address is none, or plain HTTP to another machine.
    Address,
    /// This system has no certificates to check a server with.
    Certificates,
    /// The server cannot be reached, or its certificate is not believed.
    Unreachable,
    /// It answered with another status than 200.
    Status(u16),
    /// It was silent for too long.
    Silent,
    /// The connection broke, or the file was shorter than the server said.
    Broken,
    /// The file is larger than allowed.
    Large,
    /// What arrived could not be kept.
    Kept(io::Error),
}

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address => {
                f.write_str("the address must begin with https:// (http:// on this machine) and hold no password")
            }
            Self::Certificates => f.write_str("this system has no certificates to check the server with"),
            Self::Unreachable => f.write_str("the server cannot be reached, or its certificate is not believed"),
            Self::Status(status) => write!(f, "the server answered {status}"),
            Self::Silent => f.write_str("the server was silent for too long"),
            Self::Broken => f.write_str("the connection broke before the file was whole"),
            Self::Large => f.write_str("the file is larger than such a file may be"),
            Self::Kept(error) => write!(f, "what arrived could not be written: {error}"),
        }
    }
}

impl std::error::Error for FetchError {}

/// Fetches the file at `url` and hands its bytes to `keep`. Gives their number. Blocks; must not be called from a runtime.
///
/// # Errors
/// Why the file is not, or not wholly, there. What was handed on until then is of no use.
pub fn fetch(url: &str, limits: Limits, keep: &mut dyn FnMut(&[u8]) -> io::Result<()>) -> Result<u64, FetchError> {
    let uri = address(url)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(FetchError::Kept)?;
    runtime.block_on(run(uri, limits, keep))
}

/// Asks the server at `url` with headers of the caller's, which may be secret. Gives the status, whatever it is, and the
/// beginning of the body, up to the limit. Redirects are not followed, so that the headers go nowhere else. Blocks; must not be
/// called from a runtime.
///
/// # Errors
/// Why there is no answer.
pub fn ask(url: &str, headers: &[(&str, &str)], limits: Limits) -> Result<(u16, Vec<u8>), FetchError> {
    let uri = address(url)?;
    let mut request = request(Method::GET, uri, Vec::new())?;
    for (name, value) in headers {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| FetchError::Address)?;
        request.headers_mut().insert(name, secret(value)?);
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(FetchError::Kept)?;
    runtime.block_on(async {
        let response = send(request, None, limits.silence).await?;
        let status = response.status().as_u16();
        let mut body = response.into_body();
        let mut out = Vec::new();
        // What the status means is known even where the body breaks off.
        while let Ok(Some(Ok(frame))) = timeout(limits.silence, body.frame()).await {
            if let Some(piece) = frame.data_ref() {
                out.extend_from_slice(piece);
            }
            if out.len() as u64 >= limits.bytes {
                out.truncate(usize::try_from(limits.bytes).unwrap_or(usize::MAX));
                break;
            }
        }
        Ok((status, out))
    })
}

/// Checks an address.
pub(crate) fn address(url: &str) -> Result<Uri, FetchError> {
    let uri: Uri = url.parse().map_err(|_| FetchError::Address)?;
    let host = uri.host().ok_or(FetchError::Address)?;
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let here = bare == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
    let password = uri
        .authority()
        .is_some_and(|authority| authority.as_str().contains('@'));
    match uri.scheme_str() {
        Some("https") if !password => Ok(uri),
        Some("http") if here && !password => Ok(uri),
        _ => Err(FetchError::Address),
    }
}

/// Fetches a small file whole.
///
/// # Errors
/// As [`fetch`].
pub async fn whole(url: &str, limits: Limits) -> Result<Vec<u8>, FetchError> {
    let mut bytes = Vec::new();
    let uri = address(url)?;
    run(uri, limits, |piece: &[u8]| {
        bytes.extend_from_slice(piece);
        Ok(())
    })
    .await?;
    Ok(bytes)
}

/// Whether an address may be fetched from or posted to: `https`, or plain `http` on this machine.
#[must_use]
pub fn is_address(url: &str) -> bool {
    address(url).is_ok()
}

/// Sends JSON to an address. Any status of success is one.
///
/// # Errors
/// Why it did not arrive, or was not taken.
pub async fn post(
    url: &str,
    body: Vec<u8>,
    token: Option<&str>,
    ca: Option<&Path>,
    silence: Duration,
) -> Result<(), FetchError> {
    let uri = address(url)?;
    let mut request = request(Method::POST, uri, body)?;
    let headers = request.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Some(token) = token {
        headers.insert(header::AUTHORIZATION, secret(&format!("Bearer {token}"))?);
    }
    let response = send(request, ca, silence).await?;
    if response.status().is_success() {
        return Ok(());
    }
    Err(FetchError::Status(response.status().as_u16()))
}

/// A request that says who asks.
fn request(method: Method, uri: Uri, body: Vec<u8>) -> Result<Request<Full<Bytes>>, FetchError> {
    Request::builder()
        .method(method)
        .uri(uri)
        .header(header::USER_AGENT, concat!("ward/", env!("CARGO_PKG_VERSION")))
        .body(Full::new(Bytes::from(body)))
        .map_err(|_| FetchError::Address)
}

/// The value of a header that is shown nowhere.
fn secret(value: &str) -> Result<HeaderValue, FetchError> {
    let mut value = HeaderValue::from_str(value).map_err(|_| FetchError::Address)?;
    value.set_sensitive(true);
    Ok(value)
}

/// Sends a request, believing the authorities of the system or those in the file `ca`; the body of what is answered is not
/// read yet.
async fn send(
    request: Request<Full<Bytes>>,
    ca: Option<&Path>,
    silence: Duration,
) -> Result<Response<Incoming>, FetchError> {
    let mut http = HttpConnector::new();
    http.set_connect_timeout(Some(silence));
    http.enforce_http(false);
    let config = tls::client_config(ca, &[]).map_err(|_| FetchError::Certificates)?;
    let https = HttpsConnectorBuilder::new()
        .with_tls_config(config)
        .https_or_http()
        .enable_http1()
        .wrap_connector(http);
    let client: Client<_, Full<Bytes>> = Client::builder(TokioExecutor::new()).build(https);
    match timeout(silence, client.request(request)).await {
        Err(_) => Err(FetchError::Silent),
        Ok(Err(error)) if error.is_connect() => Err(FetchError::Unreachable),
        Ok(Err(_)) => Err(FetchError::Broken),
        Ok(Ok(response)) => Ok(response),
    }
}

async fn run(uri: Uri, limits: Limits, mut keep: impl FnMut(&[u8]) -> io::Result<()>) -> Result<u64, FetchError> {
    let response = send(request(Method::GET, uri, Vec::new())?, None, limits.silence).await?;
    if response.status() != StatusCode::OK {
        return Err(FetchError::Status(response.status().as_u16()));
    }
    let said = length(response.headers());
    if said.is_some_and(|said| said > limits.bytes) {
        return Err(FetchError::Large);
    }
    let mut body = response.into_body();
    let mut total = 0_u64;
    loop {
        let frame = match timeout(limits.silence, body.frame()).await {
            Err(_) => return Err(FetchError::Silent),
            Ok(None) => break,
            Ok(Some(Err(_))) => return Err(FetchError::Broken),
            Ok(Some(Ok(frame))) => frame,
        };
        if let Some(piece) = frame.data_ref() {
            total = total.saturating_add(piece.len() as u64);
            if total > limits.bytes {
                return Err(FetchError::Large);
            }
            keep(piece).map_err(FetchError::Kept)?;
        }
    }
    match said {
        Some(said) if said != total => Err(FetchError::Broken),
        _ => Ok(total),
    }
}

/// The length that the server names.
fn length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        io::{Read as _, Write as _},
        net::TcpListener,
        thread,
    };

    /// What is fetched from a server on loopback that answers every request with `answer`.
    fn fetched(answer: &'static [u8], most: u64) -> Result<Vec<u8>, FetchError> {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 1024];
            let length = stream.read(&mut request).unwrap();
            assert!(request[..length].starts_with(b"GET /a/all.zip HTTP/1.1\r\n"));
            // Who has enough hangs up.
            let _ = stream.write_all(answer);
        });
        let mut out = Vec::new();
        let limits = Limits {
            bytes: most,
            silence: Duration::from_secs(20),
        };
        let done = fetch(&format!("http://127.0.0.1:{port}/a/all.zip"), limits, &mut |piece| {
            out.extend_from_slice(piece);
            Ok(())
        });
        server.join().unwrap();
        done.map(|length| {
            assert_eq!(length, out.len() as u64);
            out
        })
    }

    #[test]
    fn a_file_is_whole_or_an_error() {
        let whole = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
        assert_eq!(fetched(whole, 5).unwrap(), b"hello");
        assert!(matches!(fetched(whole, 4), Err(FetchError::Large)));
        assert!(matches!(
            fetched(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", 99),
            Err(FetchError::Broken)
        ));
        let pieces = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n3\r\n you\r\n0\r\n\r\n";
        assert!(fetched(pieces, 99).is_err(), "a piece that is longer than it says");
        let pieces = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n4\r\n you\r\n0\r\n\r\n";
        assert_eq!(fetched(pieces, 9).unwrap(), b"hello you");
        assert!(matches!(fetched(pieces, 8), Err(FetchError::Large)));
        assert!(matches!(
            fetched(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", 9),
            Err(FetchError::Status(404))
        ));
        // Redirects are not followed.
        let elsewhere = b"HTTP/1.1 302 Found\r\nLocation: https://a.example/\r\nContent-Length: 0\r\n\r\n";
        assert!(matches!(fetched(elsewhere, 9), Err(FetchError::Status(302))));
        assert!(fetched(b"nonsense\r\n\r\n", 9).is_err());
    }

    #[test]
    fn a_question_carries_its_headers_and_follows_nothing() {
        let asked = |answer: &'static [u8], most: u64| {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            let port = listener.local_addr().unwrap().port();
            let server = thread::spawn(move || {
                let (mut stream, _) = listener.accept().unwrap();
                let mut request = [0; 1024];
                let length = stream.read(&mut request).unwrap();
                let text = String::from_utf8_lossy(&request[..length]).into_owned();
                assert!(
                    text.starts_with("GET /user HTTP/1.1\r\n") && text.contains("authorization: Bearer t\r\n"),
                    "{text}"
                );
                let _ = stream.write_all(answer);
            });
            let limits = Limits {
                bytes: most,
                silence: Duration::from_secs(20),
            };
            let headers = [("authorization", "Bearer t"), ("x-more", "1")];
            let answer = ask(&format!("http://127.0.0.1:{port}/user"), &headers, limits);
            server.join().unwrap();
            answer.unwrap()
        };
        let hello = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
        assert_eq!(asked(hello, 99), (200, b"hello".to_vec()));
        assert_eq!(asked(hello, 2), (200, b"he".to_vec()));
        assert_eq!(
            asked(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n", 9),
            (401, Vec::new())
        );
        let elsewhere = b"HTTP/1.1 302 Found\r\nLocation: https://a.example/\r\nContent-Length: 0\r\n\r\n";
        assert_eq!(asked(elsewhere, 9).0, 302);
        let limits = Limits {
            bytes: 1,
            silence: Duration::from_secs(1),
        };
        assert!(matches!(
            ask("http://a.example/", &[], limits),
            Err(FetchError::Address)
        ));
    }

    #[test]
    fn addresses_that_are_refused() {
        for url in [
            "http://a.example/x",
            "https://u:p@a.example/x",
            "ftp://a.example/x",
            "a",
            "/x",
            "",
        ] {
            assert!(matches!(address(url), Err(FetchError::Address)), "{url}");
        }
        for url in [
            "https://a.example/x?y=1",
            "http://127.0.0.1:1/x",
            "http://[::1]/x",
            "http://localhost/x",
        ] {
            assert!(address(url).is_ok(), "{url}");
        }
    }
}
