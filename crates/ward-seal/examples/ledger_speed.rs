//! Measures the ledger: `cargo run --release -p ward-seal --example ledger_speed -- [FOLDER] [SECONDS] [ENTRIES]`.
//!
//! Appends 600-byte payloads for SECONDS (default 5) from 1 thread and from 64, then fills a ledger with ENTRIES
//! (default 1,000,000) and measures opening and verifying it. FOLDER decides which disk is measured.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a program for measuring, not part of Ward"
)]

use std::{
    env, fs,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc,
    },
    time::{Duration, Instant, SystemTime},
};

use ward_seal::{
    Secret32,
    ledger::{Ledger, SigningKey, VerifyOptions, prove, verify},
};

const PAYLOAD: usize = 600;

fn now() -> u64 {
    SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .map_or(0, |d| d.as_millis() as u64)
}

fn open(dir: &Path) -> Ledger {
    Ledger::open(
        dir,
        "ward.test/speed",
        SigningKey::from_secret(&Secret32::new([1; 32])),
        now,
    )
    .unwrap()
}

fn append_for(dir: &Path, threads: usize, time: Duration) {
    let ledger = open(dir);
    let (start, count) = (Instant::now(), AtomicU64::new(0));
    let mut waits: Vec<Duration> = std::thread::scope(|scope| {
        let work = || {
            let mut waits = Vec::new();
            while start.elapsed() < time {
                let before = Instant::now();
                ledger.append_wait(vec![7; PAYLOAD]).unwrap();
                waits.push(before.elapsed());
                count.fetch_add(1, Ordering::Relaxed);
            }
            waits
        };
        let handles: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        handles.into_iter().flat_map(|h| h.join().unwrap()).collect()
    });
    let rate = count.load(Ordering::Relaxed) as f64 / start.elapsed().as_secs_f64();
    waits.sort_unstable();
    let at = |share: usize| waits[(waits.len() - 1) * share / 100];
    println!(
        "{threads:>3} threads: {rate:>8.0} appends/s, wait p50 {:?} p99 {:?}",
        at(50),
        at(99)
    );
    ledger.close().unwrap();
}

fn main() {
    let mut args = env::args().skip(1);
    let base = args.next().map_or_else(env::temp_dir, PathBuf::from);
    let seconds = args.next().map_or(5, |n| n.parse().unwrap());
    let entries: u64 = args.next().map_or(1_000_000, |n| n.parse().unwrap());
    let dir = base.join(format!("ward-ledger-speed-{}", std::process::id()));
    for threads in [1, 64] {
        append_for(&dir.join(threads.to_string()), threads, Duration::from_secs(seconds));
    }

    let big = dir.join("big");
    let ledger = Arc::new(open(&big));
    let start = Instant::now();
    let (sender, receiver) = mpsc::channel();
    let mut waiting = 0;
    for _ in 0..entries {
        let sender = sender.clone();
        ledger.append(vec![7; PAYLOAD], move |done| sender.send(done.map(drop)).unwrap());
        waiting += 1;
        while waiting > 10_000 {
            receiver.recv().unwrap().unwrap();
            waiting -= 1;
        }
    }
    drop(sender);
    receiver.iter().for_each(|done| done.unwrap());
    println!("{entries} entries queued and durable in {:.1?}", start.elapsed());
    Arc::into_inner(ledger).unwrap().close().unwrap();

    let start = Instant::now();
    open(&big).close().unwrap();
    println!("opened again in {:.2?}", start.elapsed());
    let start = Instant::now();
    let report = verify(&big, &VerifyOptions::default()).unwrap();
    let took = start.elapsed();
    let rate = report.bytes as f64 / 1e6 / took.as_secs_f64();
    println!(
        "verified {} entries, {} checkpoints, {} MB in {took:.2?}: {rate:.0} MB/s, ok: {}",
        report.entries,
        report.checkpoints,
        report.bytes / 1_000_000,
        report.ok()
    );
    let start = Instant::now();
    prove(&big, entries / 2).unwrap();
    println!("proved one entry in {:.2?}", start.elapsed());

    // The dearest case for verifying: a checkpoint for every entry.
    let start = Instant::now();
    let report = verify(&dir.join("1"), &VerifyOptions::default()).unwrap();
    println!(
        "verified {} checkpoints of single entries in {:.2?}",
        report.checkpoints,
        start.elapsed()
    );
    fs::remove_dir_all(&dir).unwrap();
}
