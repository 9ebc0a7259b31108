//! A few bytes to an address that a person named, for warnings: HTTPS with the system's certificates (plain HTTP to this
//! machine only), no redirects, no proxies, and nothing of the answer but its status.

use std::time::Duration;

use crate::fetch::{self, FetchError};

/// How long the other side may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// Posts JSON. Blocks; must not be called from a runtime.
///
/// # Errors
/// Why it did not arrive, or was not taken.
pub fn post(url: &str, json: Vec<u8>) -> Result<(), FetchError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(FetchError::Kept)?;
    runtime.block_on(fetch::post(url, json, None, None, PATIENCE))
}
