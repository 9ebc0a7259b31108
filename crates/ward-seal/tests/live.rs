//! Reading a ledger while it is written, and laws over random histories.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers outside of #[test] functions"
)]

mod independent;

use std::{
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use proptest::prelude::*;
use ward_seal::{
    Secret32,
    ledger::{Ledger, Options, SigningKey, VerifyOptions, check_inclusion, entries, prove, prove_consistency, verify},
    merkle,
    note::Checkpoint,
};

const ORIGIN: &str = "ward.test/live";

fn key() -> SigningKey {
    SigningKey::from_secret(&Secret32::new([6; 32]))
}

fn open(dir: &Path, segment_bytes: u64) -> Ledger {
    let mut options = Options::default();
    options.segment_bytes = segment_bytes;
    Ledger::open_with(dir, ORIGIN, key(), || 9, &options).unwrap()
}

/// Ends the writers also when a reader's assertion fails.
struct Stop<'a>(&'a AtomicBool);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn readers_of_a_ledger_in_use_see_whole_batches() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path().join("ledger");
    let ledger = open(&dir, 5_000);
    let first = ledger.append_wait(b"first".to_vec()).unwrap();
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                for i in 0usize.. {
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                    ledger.append_wait(vec![1; i * 131 % 3000]).unwrap();
                    // Reading must have a chance to catch up.
                    std::thread::sleep(Duration::from_millis(1));
                }
            });
        }
        let _ends = Stop(&stop);
        for _ in 0..15 {
            let before = ledger.checkpoint();
            let options = VerifyOptions {
                checkpoints: vec![before],
                key: Some(ledger.verifier_key().to_owned()),
            };
            let report = verify(&dir, &options).unwrap();
            assert!(report.ok() && report.kept_checkpoints == 1, "{:?}", report.problems);
            let found = entries(&dir).unwrap().map(Result::unwrap).count() as u64;
            assert!(found >= report.entries);
            let proof = prove(&dir, 0).unwrap();
            assert!(proof.size >= found && check_inclusion(&proof, &first.leaf, ORIGIN, &key().public()));
            prove_consistency(&dir, report.entries, found).unwrap();
        }
    });
    ledger.close().unwrap();
    assert!(independent::verify(&dir).is_ok());
}

/// A folder of many files is listed in several steps, and segments may begin in between: the listing then shows a
/// later one and not an earlier. None is missing for that.
#[test]
fn a_segment_begun_while_listing_is_not_missing() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path().join("ledger");
    let ledger = open(&dir, 100);
    for i in 0..4000 {
        std::fs::write(dir.join(format!("torn-{i}.bin")), b"").unwrap();
    }
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let _ends = Stop(&done);
            for _ in 0..300 {
                ledger.append_wait(vec![1]).unwrap();
            }
        });
        while !done.load(Ordering::Relaxed) {
            entries(&dir).unwrap();
        }
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// What goes in comes out, however it is batched, rotated and reopened; and the checkpoints of all
    /// sessions are consistent.
    #[test]
    fn any_history_comes_back(
        sessions in prop::collection::vec(prop::collection::vec(prop::collection::vec(any::<u8>(), 0..200), 0..12), 1..4),
        segment_bytes in 100u64..2000,
    ) {
        let temp = tempfile::tempdir().unwrap();
        let dir = temp.path().join("ledger");
        let mut checkpoints = Vec::new();
        for session in &sessions {
            let ledger = open(&dir, segment_bytes);
            for payload in session {
                ledger.append(payload.clone(), |done| { done.unwrap(); });
            }
            let ended = ledger.append_wait(b"end".to_vec()).unwrap();
            prop_assert_eq!(ended.index + 1, ledger.size());
            checkpoints.push(ledger.checkpoint());
            ledger.close().unwrap();
        }
        let mut want = Vec::new();
        for session in &sessions {
            want.extend(session.iter().cloned());
            want.push(b"end".to_vec());
        }
        let found: Vec<_> = entries(&dir).unwrap().map(|entry| entry.unwrap().payload).collect();
        prop_assert_eq!(&found, &want);
        let last = checkpoints.last().unwrap().clone();
        let report = verify(&dir, &VerifyOptions { checkpoints: checkpoints.clone(), key: None }).unwrap();
        prop_assert!(report.ok(), "{:?}", report.problems);
        prop_assert_eq!(report.checkpoint, last.clone());
        prop_assert_eq!(independent::verify(&dir).unwrap().root, report.root);
        let read = |note: &str| Checkpoint::open(note, ORIGIN, &key().public(), false).unwrap();
        let last = read(&last);
        for checkpoint in &checkpoints {
            let old = read(checkpoint);
            let proof = prove_consistency(&dir, old.size, last.size).unwrap();
            prop_assert!(merkle::check_consistency(old.size, last.size, &old.root, &last.root, &proof.path));
        }
    }
}
