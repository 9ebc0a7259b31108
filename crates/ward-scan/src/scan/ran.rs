//! How much each engine did, counted by all threads.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use super::Scanner;
use crate::report::Ran;

/// Time since some beginning, never going back. Libraries read no clock; whoever starts a scan may give one.
pub type Clock = fn() -> Duration;

/// What one engine did.
#[derive(Default)]
pub(super) struct Counter {
    items: AtomicU64,
    nanoseconds: AtomicU64,
}

impl Counter {
    /// Runs a step of the engine and adds the time that it took.
    pub(super) fn timed<T>(&self, clock: Option<Clock>, step: impl FnOnce() -> T) -> T {
        let begun = clock.map(|clock| clock());
        let made = step();
        if let (Some(begun), Some(clock)) = (begun, clock) {
            let spent = u64::try_from(clock().saturating_sub(begun).as_nanos()).unwrap_or(u64::MAX);
            self.nanoseconds.fetch_add(spent, Ordering::Relaxed);
        }
        made
    }

    /// Counts a file, a member or a blob, when the engine looked at it.
    pub(super) fn count(&self, looked: bool) {
        self.items.fetch_add(u64::from(looked), Ordering::Relaxed);
    }
}

impl Scanner<'_> {
    /// What each engine did, in the order of the settings.
    pub(super) fn ran(&self) -> Vec<Ran> {
        let engines = self.settings.engines.iter().zip(&self.ran);
        let ran = engines.map(|(engine, counter)| Ran {
            engine: engine.name,
            items: counter.items.load(Ordering::Relaxed),
            time: self
                .settings
                .clock
                .map(|_| Duration::from_nanos(counter.nanoseconds.load(Ordering::Relaxed))),
        });
        ran.collect()
    }
}
