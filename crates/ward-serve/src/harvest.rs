//! Whether a caller asks systematically: what `ward-guard` knows of each, kept while the process runs.

use std::{
    collections::HashMap,
    hash::RandomState,
    sync::{Mutex, PoisonError},
};

use ward_guard::harvest::{Asked, Harvest, HarvestLimits};

/// Most callers that are remembered; the one that was silent longest makes room. Each takes about 35 KiB.
const MAX_CALLERS: usize = 1_000;

/// What callers asked lately, as keyed hashes.
#[derive(Default)]
pub struct Harvests {
    /// Drawn at the start of the process: the state means nothing outside it.
    keyed: RandomState,
    callers: Mutex<HashMap<String, Caller>>,
}

struct Caller {
    last_ms: u64,
    asked: Asked,
}

impl Harvests {
    /// Takes note of a question of this caller.
    pub fn note(&self, who: &str, question: &str, now_ms: u64) -> Harvest {
        let mut callers = self.callers.lock().unwrap_or_else(PoisonError::into_inner);
        if callers.len() >= MAX_CALLERS && !callers.contains_key(who) {
            let silent = callers.iter().min_by_key(|(_, caller)| caller.last_ms);
            if let Some(silent) = silent.map(|(who, _)| who.clone()) {
                callers.remove(&silent);
            }
        }
        let caller = callers.entry(who.to_owned()).or_insert_with(|| Caller {
            last_ms: now_ms,
            asked: Asked::new(now_ms),
        });
        caller.last_ms = now_ms;
        caller
            .asked
            .note(question, now_ms, &HarvestLimits::default(), &self.keyed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_counts_is_noticed_and_nobody_else() {
        let harvests = Harvests::default();
        let mut noticed = None;
        for n in 0..300 {
            let question = format!("What does the record of case {n} say about the allergies of the patient?");
            let harvest = harvests.note("a", &question, n);
            assert_eq!(harvests.note("b", "Any allergies?", n), Harvest::Usual);
            noticed = noticed.or((harvest != Harvest::Usual).then_some(n));
        }
        assert!(noticed.is_some_and(|n| n < 250), "{noticed:?}");
    }

    #[test]
    fn memory_is_bounded() {
        let harvests = Harvests::default();
        for n in 0..MAX_CALLERS + 10 {
            harvests.note(&n.to_string(), "Any allergies?", n as u64);
        }
        let callers = harvests.callers.lock().unwrap();
        assert_eq!(callers.len(), MAX_CALLERS);
        assert!(!callers.contains_key("0") && callers.contains_key("1009"));
    }
}
