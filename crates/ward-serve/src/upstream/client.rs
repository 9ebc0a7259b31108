//! The one outbound connection of a service: HTTP/1.1 to the upstream's address, no redirects, no
//! proxies, plain HTTP only on this machine.

use std::time::Duration;

use axum::http::{HeaderValue, Method, Request, StatusCode, Uri, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client as Pool, connect::HttpConnector},
    rt::TokioExecutor,
};
use tokio::time::{Instant, timeout};
use ward_guard::{GenerateError, Phi};

use crate::{
    config::UpstreamConfig,
    error::{StartError, StartErrorKind},
    tls,
};

/// Checks an upstream's address by its text: `https`, or `http` on this machine, with a host, and without a query, a fragment
/// or a password. Looks nothing up.
///
/// # Errors
/// What is wrong, in words that do not repeat the address.
pub fn address(url: &str) -> Result<(), &'static str> {
    let uri: Uri = url
        .parse()
        .map_err(|_| "this is not an address; write http://127.0.0.1:11434")?;
    let (Some(host), Some(authority)) = (uri.host().filter(|host| !host.is_empty()), uri.authority()) else {
        return Err("the address names no host; write http://127.0.0.1:11434");
    };
    // The parser leaves a fragment out, and all after it, which would be the path of every request.
    if authority.as_str().contains('@') || uri.query().is_some() || url.contains('#') {
        return Err("the address may hold no query, no fragment and no password");
    }
    let port = authority.as_str().rsplit_once(':').map(|(_, port)| port);
    if port.is_some_and(|port| !port.ends_with(']') && port.parse::<u16>().is_err()) {
        return Err("the address names no port that there is");
    }
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let here = bare == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
    match uri.scheme_str() {
        Some("https") => Ok(()),
        Some("http") if here => Ok(()),
        Some("http") => Err("plain http would send text in clear; use https for another machine"),
        _ => Err("the address must begin with http:// or https://"),
    }
}

/// A client of one upstream.
pub(crate) struct Client {
    pool: Pool<HttpsConnector<HttpConnector>, Full<Bytes>>,
    base: String,
    key: Option<Phi<HeaderValue>>,
    silence: Duration,
    total: Duration,
}

/// An answer that has begun.
pub(crate) struct Begun {
    /// Its body.
    pub body: Incoming,
    /// The content type's media type, lower case.
    pub media_type: String,
    /// How long it may stay silent.
    pub silence: Duration,
    /// When it must be over.
    pub deadline: Instant,
}

impl Client {
    pub(crate) fn new(config: &UpstreamConfig) -> Result<Self, StartError> {
        let wrong = |what: &'static str| StartError::new(StartErrorKind::Setting, format!("--upstream: {what}."));
        address(&config.url).map_err(wrong)?;
        let mut base = config.url.trim_end_matches('/').to_owned();
        if !base.ends_with("/v1") {
            base.push_str("/v1");
        }
        let key = match &config.key {
            None => None,
            Some(key) => {
                let mut value = HeaderValue::from_str(&format!("Bearer {}", key.expose()))
                    .map_err(|_| wrong("the key for the upstream holds characters that no header may"))?;
                value.set_sensitive(true);
                Some(Phi::new(value))
            }
        };
        let mut http = HttpConnector::new();
        http.set_connect_timeout(Some(config.connect));
        http.set_nodelay(true);
        http.enforce_http(false);
        let tls = tls::client_config(config.ca.as_deref(), &config.pins)
            .map_err(|_| wrong("there are no certificates of authorities to check the upstream with"))?;
        let https = HttpsConnectorBuilder::new()
            .with_tls_config(tls)
            .https_or_http()
            .enable_http1()
            .wrap_connector(http);
        let pool = Pool::builder(TokioExecutor::new())
            .pool_max_idle_per_host(64)
            .build(https);
        Ok(Self {
            pool,
            base,
            key,
            silence: config.silence,
            total: config.total,
        })
    }

    /// A small reply, whole.
    pub(crate) async fn get(&self, path: &str, most: usize) -> Result<Vec<u8>, GenerateError> {
        let begun = self.send(Method::GET, path, Bytes::new()).await?;
        let whole = timeout(self.silence, Limited::new(begun.body, most).collect());
        match whole.await {
            Err(_) => Err(GenerateError::TimedOut),
            Ok(Err(_)) => Err(GenerateError::Broken),
            Ok(Ok(collected)) => Ok(collected.to_bytes().into()),
        }
    }

    /// Starts an answer.
    pub(crate) async fn post(&self, path: &str, body: Vec<u8>) -> Result<Begun, GenerateError> {
        self.send(Method::POST, path, Bytes::from(body)).await
    }

    async fn send(&self, method: Method, path: &str, body: Bytes) -> Result<Begun, GenerateError> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}/{path}", self.base))
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT, "text/event-stream, application/json")
            .header(header::USER_AGENT, concat!("ward/", env!("CARGO_PKG_VERSION")));
        if let Some(key) = &self.key {
            request = request.header(header::AUTHORIZATION, key.expose());
        }
        let request = request.body(Full::new(body)).map_err(|_| GenerateError::Broken)?;
        let deadline = Instant::now() + self.total;
        let response = match timeout(self.silence, self.pool.request(request)).await {
            Err(_) => return Err(GenerateError::TimedOut),
            Ok(Err(error)) if error.is_connect() => return Err(GenerateError::Unreachable),
            Ok(Err(_)) => return Err(GenerateError::Broken),
            Ok(Ok(response)) => response,
        };
        match response.status() {
            StatusCode::OK => {}
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => return Err(GenerateError::Busy),
            StatusCode::GATEWAY_TIMEOUT | StatusCode::REQUEST_TIMEOUT => return Err(GenerateError::TimedOut),
            _ => return Err(GenerateError::Refused),
        }
        let content_type = response
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default();
        let media_type = content_type
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase();
        Ok(Begun {
            body: response.into_body(),
            media_type,
            silence: self.silence,
            deadline,
        })
    }
}
