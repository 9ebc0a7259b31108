//! A few bytes to an address that a person named, for warnings: HTTPS with the system's certificates (plain HTTP to this
//! machine only), no redirects, no proxies, and nothing of the answer but its status.

use std::time::Duration;

use axum::http::{Request, header};
use http_body_util::Full;
use hyper::body::Bytes;
use hyper_rustls::HttpsConnectorBuilder;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use tokio::time::timeout;

use crate::fetch::{FetchError, address};

/// How long the other side may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// Posts JSON. Blocks; must not be called from a runtime.
///
/// # Errors
/// Why it did not arrive, or was not taken.
pub fn post(url: &str, json: Vec<u8>) -> Result<(), FetchError> {
    let uri = address(url)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(FetchError::Kept)?;
    runtime.block_on(async {
        let mut http = HttpConnector::new();
        http.set_connect_timeout(Some(PATIENCE));
        http.enforce_http(false);
        let https = HttpsConnectorBuilder::new()
            .with_native_roots()
            .map_err(|_| FetchError::Certificates)?
            .https_or_http()
            .enable_http1()
            .wrap_connector(http);
        let client: Client<_, Full<Bytes>> = Client::builder(TokioExecutor::new()).build(https);
        let request = Request::post(uri)
            .header(header::USER_AGENT, concat!("ward/", env!("CARGO_PKG_VERSION")))
            .header(header::CONTENT_TYPE, "application/json")
            .body(Full::new(Bytes::from(json)))
            .map_err(|_| FetchError::Address)?;
        match timeout(PATIENCE, client.request(request)).await {
            Err(_) => Err(FetchError::Silent),
            Ok(Err(error)) if error.is_connect() => Err(FetchError::Unreachable),
            Ok(Err(_)) => Err(FetchError::Broken),
            Ok(Ok(response)) if response.status().is_success() => Ok(()),
            Ok(Ok(response)) => Err(FetchError::Status(response.status().as_u16())),
        }
    })
}
