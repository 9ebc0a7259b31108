//! What every request shares.

use std::{
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use tokio::sync::Semaphore;
use ward_guard::Limits;
use ward_seal::{apikey::KeyStore, ledger::Ledger};

use crate::{config::Timeouts, engines::Engines};

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
    /// Requests under way.
    pub(crate) under_way: Arc<Semaphore>,
    /// How long things may take.
    pub timeouts: Timeouts,
    /// The latest checkpoint's file.
    pub(crate) checkpoint: std::path::PathBuf,
}

/// The state as handlers hold it.
pub type Shared = Arc<App>;

/// Milliseconds since 1970-01-01 UTC.
#[must_use]
pub fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
