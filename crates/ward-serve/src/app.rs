//! What every request shares.

use std::{
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use ward_guard::{Code, Limits, Policy, Refusal};
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
    /// What the guard lets pass.
    pub policy: Arc<Policy>,
    /// Largest body, in bytes.
    pub max_body: usize,
    /// Requests under way.
    pub(crate) under_way: Arc<Semaphore>,
    /// KiB of their bodies.
    pub(crate) body_kib: Arc<Semaphore>,
    /// Large requests that are being prepared: one a core.
    pub(crate) preparing: Arc<Semaphore>,
    /// How long things may take.
    pub timeouts: Timeouts,
    /// The latest checkpoint's file.
    pub(crate) checkpoint: std::path::PathBuf,
}

/// A request's place among those under way, and its share of the memory for bodies. Whoever works on the
/// request holds it, so that work which outlives its client still counts.
pub struct Place {
    _request: OwnedSemaphorePermit,
    _body: OwnedSemaphorePermit,
}

impl App {
    /// A place for a request with a body of so many bytes.
    ///
    /// # Errors
    /// `Overloaded` when there is none.
    pub fn place(&self, bytes: usize) -> Result<Arc<Place>, Refusal> {
        let kib = u32::try_from(bytes.div_ceil(1024).max(1)).unwrap_or(u32::MAX);
        let request = self.under_way.clone().try_acquire_owned();
        let body = self.body_kib.clone().try_acquire_many_owned(kib);
        match (request, body) {
            (Ok(request), Ok(body)) => Ok(Arc::new(Place {
                _request: request,
                _body: body,
            })),
            _ => Err(Code::Overloaded.into()),
        }
    }
}

/// The state as handlers hold it.
pub type Shared = Arc<App>;

/// Milliseconds since 1970-01-01 UTC.
#[must_use]
pub fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
