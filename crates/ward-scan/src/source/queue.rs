//! Jobs for several threads, with a bounded line of jobs that wait.

use std::sync::{Mutex, PoisonError, mpsc};

/// Runs `work` on every job that `feed` gives, on `threads` threads besides the one that feeds. At most a few jobs wait
/// at a time, so that memory does not grow with the number of files.
pub(crate) fn run<J: Send>(threads: usize, feed: impl FnOnce(&mut dyn FnMut(J)), work: impl Fn(J) + Sync) {
    run_with(threads, || (), feed, |(), job| work(job));
}

/// The same, with something that each thread makes once and keeps.
pub(crate) fn run_with<S, J: Send>(
    threads: usize,
    make: impl Fn() -> S + Sync,
    feed: impl FnOnce(&mut dyn FnMut(J)),
    work: impl Fn(&mut S, J) + Sync,
) {
    let threads = threads.max(1);
    let (sender, receiver) = mpsc::sync_channel::<J>(threads * 16);
    let receiver = Mutex::new(receiver);
    std::thread::scope(|scope| {
        let mut started = 0;
        for _ in 0..threads {
            let builder = std::thread::Builder::new().name("scan".to_owned());
            let spawned = builder.spawn_scoped(scope, || {
                let mut state = make();
                while let Some(job) = next(&receiver) {
                    work(&mut state, job);
                }
            });
            started += usize::from(spawned.is_ok());
        }
        if started == 0 {
            // The system gives no thread: this one does everything.
            let mut state = make();
            feed(&mut |job| work(&mut state, job));
        } else {
            feed(&mut |job| {
                // Threads only end when nothing is sent any more.
                let _sent = sender.send(job);
            });
        }
        drop(sender);
    });
}

fn next<J>(receiver: &Mutex<mpsc::Receiver<J>>) -> Option<J> {
    receiver.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU64, Ordering};

    #[test]
    fn every_job_is_done_once() {
        for threads in [0, 1, 3] {
            let sum = AtomicU64::new(0);
            run(
                threads,
                |send| (1..=1000).for_each(send),
                |job: u64| {
                    sum.fetch_add(job, Ordering::Relaxed);
                },
            );
            assert_eq!(sum.into_inner(), 500_500);
        }
    }
}
