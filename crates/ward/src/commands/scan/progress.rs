//! How far a scan is, for a person who watches.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use ward_scan::report::Progress;

use crate::terminal;

/// How often the line is written, and how soon a finished scan is noticed.
const EVERY: Duration = Duration::from_millis(100);

/// Runs `work`, and shows how far it is when somebody watches.
pub(super) fn shown<T>(progress: &Progress, work: impl FnOnce() -> T) -> T {
    if !terminal::is_watched() {
        return work();
    }
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let line = scope.spawn(|| {
            let start = Instant::now();
            while !done.load(Ordering::Relaxed) {
                thread::park_timeout(EVERY);
                if start.elapsed() > EVERY * 3 {
                    terminal::progress(&text(progress, start.elapsed()));
                }
            }
            terminal::progress("");
        });
        let result = work();
        done.store(true, Ordering::Relaxed);
        line.thread().unpark();
        result
    })
}

fn text(progress: &Progress, elapsed: Duration) -> String {
    let (files, members) = (Progress::get(&progress.files), Progress::get(&progress.members));
    let (blobs, expected) = (Progress::get(&progress.blobs), Progress::get(&progress.blobs_expected));
    let bytes = Progress::get(&progress.bytes) as f64;
    let mut line = format!("{files} files");
    if members > 0 {
        line += &format!(", {members} members");
    }
    if expected > 0 {
        line += &format!(", {blobs} of {expected} blobs");
    }
    line + &format!(
        ", {:.0} MB, {:.0} MB/s",
        bytes / 1e6,
        bytes / 1e6 / elapsed.as_secs_f64().max(0.001)
    )
}
