//! Kill -9 in the middle of appending, over and over: what was answered for is there, and the ledger verifies.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers outside of #[test] functions"
)]
#![cfg(unix)]

mod independent;

use std::{
    collections::BTreeMap,
    env,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use ward_seal::{
    Secret32,
    hash::hex,
    ledger::{EntryKind, Ledger, Options, SigningKey, VerifyOptions, entries, verify},
    random,
};

const FOLDER: &str = "WARD_SEAL_CRASH_FOLDER";
const ROUNDS: u32 = 25;

/// Every look at the clock is 20 ms later, so that the `checkpoint` file is rewritten often.
fn now() -> u64 {
    static CLOCK: AtomicU64 = AtomicU64::new(0);
    CLOCK.fetch_add(20, Ordering::Relaxed)
}

fn open(dir: &Path) -> Ledger {
    let mut options = Options::default();
    options.segment_bytes = 20_000;
    options.wait = Duration::from_secs(60);
    let key = SigningKey::from_secret(&Secret32::new([5; 32]));
    Ledger::open_with(dir, "ward.test/crash", key, now, &options).unwrap()
}

/// The child: appends until it is killed, and prints each answer it gets. Does nothing in an ordinary run.
#[test]
fn child_appends_until_killed() {
    let Some(dir) = env::var_os(FOLDER) else {
        return;
    };
    let ledger = Arc::new(open(&PathBuf::from(dir)));
    std::thread::scope(|scope| {
        for thread in 0..4u64 {
            let ledger = Arc::clone(&ledger);
            scope.spawn(move || {
                for i in 0u64.. {
                    let payload = vec![thread as u8; (i * 37 % 900) as usize];
                    let committed = ledger.append_wait(payload).unwrap();
                    let line = format!("ack {} {}\n", committed.index, hex(&committed.leaf));
                    std::io::stdout().lock().write_all(line.as_bytes()).unwrap();
                }
            });
        }
    });
}

/// A kill seldom comes in the middle of a write, a power cut does: leaves the beginning of a batch behind.
fn tear(dir: &Path) {
    let name = |entry: std::io::Result<std::fs::DirEntry>| entry.unwrap().path();
    let is_segment = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "ledger");
    let last = std::fs::read_dir(dir)
        .unwrap()
        .map(name)
        .filter(is_segment)
        .max()
        .unwrap();
    let mut bytes = std::fs::read(&last).unwrap();
    // The first record after the header, without its end.
    let record = bytes
        .get(88..)
        .filter(|rest| rest.len() > 100)
        .map_or(vec![90, 0, 0], <[u8]>::to_vec);
    let len = usize::from(record[0]).clamp(2, 100);
    let [random] = random::bytes::<1>().unwrap();
    bytes.extend_from_slice(&record[..(1 + usize::from(random) % (len - 1)).min(record.len())]);
    std::fs::write(&last, bytes).unwrap();
}

#[test]
fn killed_at_any_moment_it_keeps_what_it_answered_for() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path().join("ledger");
    let mut answered: BTreeMap<u64, String> = BTreeMap::new();
    let mut cuts = 0;
    for round in 0..ROUNDS {
        let mut child = Command::new(env::current_exe().unwrap())
            .args([
                "--exact",
                "child_appends_until_killed",
                "--nocapture",
                "--test-threads",
                "1",
            ])
            .env(FOLDER, &dir)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let reader = std::thread::spawn(move || {
            lines
                .map_while(Result::ok)
                .filter(|line| line.starts_with("ack "))
                .collect::<Vec<_>>()
        });
        let [a, b] = random::bytes::<2>().unwrap();
        std::thread::sleep(Duration::from_micros(
            10_000 + u64::from(u16::from_le_bytes([a, b])) * 2,
        ));
        child.kill().unwrap();
        child.wait().unwrap();
        let lines = reader.join().unwrap();
        for line in lines {
            let parts: Vec<&str> = line.split(' ').collect();
            // The last line may have been cut by the kill.
            if let [_, index, leaf] = parts[..]
                && leaf.len() == 64
            {
                answered.insert(index.parse().unwrap(), leaf.to_owned());
            }
        }
        if round % 3 == 2 {
            tear(&dir);
        }
        open(&dir).close().unwrap();
        let report = verify(&dir, &VerifyOptions::default()).unwrap();
        assert!(report.ok(), "round {round}: {:?}", report.problems);
        assert_eq!(independent::verify(&dir).unwrap().root, report.root);
        assert!(report.cuts >= cuts + u64::from(round % 3 == 2));
        cuts = report.cuts;
        let found: Vec<_> = entries(&dir).unwrap().map(Result::unwrap).collect();
        assert_eq!(found.iter().filter(|e| e.kind == EntryKind::Cut).count() as u64, cuts);
        for (index, leaf) in &answered {
            assert_eq!(hex(&found[*index as usize].leaf), *leaf, "round {round}, entry {index}");
        }
    }
    assert!(
        answered.len() > ROUNDS as usize,
        "the children did append: {}",
        answered.len()
    );
    println!(
        "{} answers over {ROUNDS} kills, {cuts} unfinished ends set aside",
        answered.len()
    );
}
