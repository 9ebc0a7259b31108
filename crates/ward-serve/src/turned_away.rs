//! Who was not let in without an entry of their own: every such refusal is on the ledger, by who, reason and count.
//!
//! Anybody may send any number of them, so they are counted and written together, a bounded number of entries in ten seconds:
//! failed sign-ins by network; refusals of callers who are known, such as those beyond their limits, by caller and address.

use std::{
    collections::BTreeMap,
    net::IpAddr,
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::Duration,
};

use serde_json::{Value, json};
use tokio::sync::oneshot;
use ward_guard::Code;

use crate::{addresses::network, app::Shared};

/// How long they are gathered.
const EVERY: Duration = Duration::from_secs(10);
/// Most networks and most callers of one time, each with a reason. More than these are one entry a reason without a name.
const MOST: usize = 32;

/// Whose a request is, as far as that was found out, also when it was then refused. Whoever finds it out tells it here.
#[derive(Clone, Default)]
pub(crate) struct Whose(Arc<OnceLock<Known>>);

/// A caller, as on the ledger.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Known {
    key: String,
    role: &'static str,
}

impl Whose {
    /// It is this caller's.
    pub(crate) fn is(&self, key: &str, role: &'static str) {
        let known = || Known {
            key: key.to_owned(),
            role,
        };
        // Found out once is enough.
        let _known = self.0.get_or_init(known);
    }

    /// Whose it is.
    pub(crate) fn known(&self) -> Option<&Known> {
        self.0.get()
    }
}

type Word = &'static str;

/// How often whom, by what it is told with: a reason, an address.
type Counts<Who, Why> = Mutex<BTreeMap<(Option<Who>, Why), u64>>;

/// Refusals since they were written last.
#[derive(Default)]
pub(crate) struct TurnedAway {
    strangers: Counts<IpAddr, Word>,
    known: Counts<Known, (Word, Word)>,
}

/// One more of `who` for `why`; of nobody named when there are many already.
fn count<Who: Ord, Why: Ord + Copy>(counts: &Counts<Who, Why>, who: Who, why: Why) {
    let mut counts = counts.lock().unwrap_or_else(PoisonError::into_inner);
    let own = (Some(who), why);
    let name = if counts.contains_key(&own) || counts.len() < MOST {
        own
    } else {
        (None, why)
    };
    let count = counts.entry(name).or_default();
    *count = count.saturating_add(1);
}

/// What was counted, and is then not any more.
fn taken<Who: Ord, Why: Ord>(counts: &Counts<Who, Why>) -> BTreeMap<(Option<Who>, Why), u64> {
    std::mem::take(&mut *counts.lock().unwrap_or_else(PoisonError::into_inner))
}

impl TurnedAway {
    /// One more of somebody who is not known.
    pub(crate) fn stranger(&self, from: IpAddr, why: Code) {
        count(&self.strangers, network(from), why.row().word);
    }

    /// One more of a caller who is.
    pub(crate) fn known(&self, who: &Known, route: &'static str, why: Code) {
        count(&self.known, who.clone(), (route, why.row().word));
    }

    /// What there is to write.
    fn take(&self) -> Vec<Value> {
        let strangers = taken(&self.strangers).into_iter().map(|((from, why), count)| {
            let from = from.map_or_else(|| "others".to_owned(), |from| from.to_string());
            json!({"event": "not_known", "from": from, "refusal": why, "count": count})
        });
        let known = taken(&self.known).into_iter().map(|((who, (route, why)), count)| {
            let (key, role) = who.map_or_else(|| ("others".to_owned(), ""), |who| (who.key, who.role));
            json!({"event": "turned_away", "key": key, "role": role, "route": route, "refusal": why, "count": count})
        });
        strangers.chain(known).collect()
    }
}

/// Writes what was gathered: durable when it returns, as far as the ledger can be written.
pub(crate) async fn write(app: &Shared) {
    let mut last = None;
    for entry in app.turned_away.take() {
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
    fn every_one_is_counted_and_many_are_few_entries() {
        let away = TurnedAway::default();
        let from = |n: u32| IpAddr::from(n.to_be_bytes());
        let whose = |key: &str| {
            let whose = Whose::default();
            whose.is(key, "clinician");
            whose.known().unwrap().clone()
        };
        for n in 0..1000 {
            away.stranger(from(n), Code::MissingKey);
            away.stranger(from(7), Code::RevokedKey);
            away.known(&whose(&format!("k{n}")), "/v1/models", Code::RateLimited);
            away.known(&whose("k1"), "/mcp", Code::RevokedKey);
        }
        let entries = away.take();
        let reasons = 2;
        assert!(entries.len() <= 2 * (MOST + reasons), "{}", entries.len());
        let counted: u64 = entries.iter().filter_map(|entry| entry["count"].as_u64()).sum();
        assert_eq!(counted, 4000);
        for one in [
            json!({"event": "not_known", "from": "0.0.0.7", "refusal": "revoked_api_key", "count": 1000}),
            json!({"event": "turned_away", "key": "k1", "role": "clinician", "route": "/mcp",
                "refusal": "revoked_api_key", "count": 1000}),
        ] {
            assert!(entries.contains(&one), "{one} {entries:?}");
        }
        assert!(away.take().is_empty());
    }
}
