//! Who was not let in: every failed sign-in is on the ledger, by network, reason and count.
//!
//! Anybody may send any number of them, so they are counted and written together, a few entries in ten seconds at most.

use std::{
    collections::BTreeMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use serde_json::{Value, json};
use tokio::sync::oneshot;
use ward_guard::Code;

use crate::{addresses::network, app::Shared};

/// How long they are gathered.
const EVERY: Duration = Duration::from_secs(10);
/// Most entries of one time. More networks than these are one entry without a name.
const MOST: usize = 32;

/// Failed sign-ins since they were written last.
#[derive(Default)]
pub(crate) struct Strangers {
    counts: Mutex<BTreeMap<(Option<IpAddr>, &'static str), u64>>,
}

impl Strangers {
    /// One more.
    pub(crate) fn seen(&self, from: IpAddr, why: Code) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let why = why.row().word;
        let own = (Some(network(from)), why);
        let name = if counts.contains_key(&own) || counts.len() < MOST {
            own
        } else {
            (None, why)
        };
        let count = counts.entry(name).or_default();
        *count = count.saturating_add(1);
    }

    /// What there is to write.
    fn take(&self) -> Vec<Value> {
        let counts = std::mem::take(&mut *self.counts.lock().unwrap_or_else(PoisonError::into_inner));
        let entry = |((from, why), count): ((Option<IpAddr>, &str), u64)| {
            let from = from.map_or_else(|| "others".to_owned(), |from| from.to_string());
            json!({"event": "not_known", "from": from, "refusal": why, "count": count})
        };
        counts.into_iter().map(entry).collect()
    }
}

/// Writes what was gathered: durable when it returns, as far as the ledger can be written.
pub(crate) async fn write(app: &Shared) {
    let mut last = None;
    for entry in app.strangers.take() {
        let (done, durable) = oneshot::channel();
        app.ledger.append(entry.to_string().into_bytes(), move |result| {
            let _nobody_waits = done.send(result);
        });
        last = Some(durable);
    }
    // They are written in their order.
    if let Some(last) = last {
        let _failed = last.await;
    }
}

/// Writes what was gathered, again and again.
pub(crate) async fn run(app: Shared) {
    let mut ticks = tokio::time::interval(EVERY);
    loop {
        ticks.tick().await;
        write(&app).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_one_is_counted_and_many_networks_are_few_entries() {
        let strangers = Strangers::default();
        let from = |n: u32| IpAddr::from(n.to_be_bytes());
        for n in 0..1000 {
            strangers.seen(from(n), Code::MissingKey);
            strangers.seen(from(7), Code::RevokedKey);
        }
        let entries = strangers.take();
        let reasons = 2;
        assert!(entries.len() <= MOST + reasons, "{}", entries.len());
        let counted: u64 = entries.iter().filter_map(|entry| entry["count"].as_u64()).sum();
        assert_eq!(counted, 2000);
        let of_one = json!({"event": "not_known", "from": "0.0.0.7", "refusal": "revoked_api_key", "count": 1000});
        assert!(entries.contains(&of_one), "{entries:?}");
        assert!(strangers.take().is_empty());
    }
}
