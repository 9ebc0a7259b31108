//! The ledger from outside: appending, reopening, damage of every kind, proofs.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers outside of #[test] functions"
)]

mod independent;

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, mpsc},
};

use ward_seal::{
    ErrorKind, Secret32,
    ledger::{
        self, EntryKind, InclusionProof, Ledger, Options, SigningKey, VerifyOptions, check_consistency,
        check_inclusion, entries, entry_leaf, prove, prove_consistency, verify,
    },
    note::Checkpoint,
};

const ORIGIN: &str = "ward.test/serve";

fn now() -> u64 {
    1_700_000_000_000
}

fn key() -> SigningKey {
    SigningKey::from_secret(&Secret32::new([7; 32]))
}

fn open(dir: &Path) -> Ledger {
    Ledger::open(dir, ORIGIN, key(), now).unwrap()
}

/// A ledger of three segments and nine entries, closed.
fn small(dir: &Path) {
    let mut options = Options::default();
    options.segment_bytes = 600;
    let ledger = Ledger::open_with(dir, ORIGIN, key(), now, &options).unwrap();
    for i in 0..4u8 {
        ledger.append_wait(vec![i; usize::from(i)]).unwrap();
    }
    ledger.close().unwrap();
    assert!(dir.join("segment-00000002.ledger").exists());
}

fn copy(from: &Path, to: &Path) {
    let _old = fs::remove_dir_all(to);
    fs::create_dir(to).unwrap();
    #[cfg(unix)]
    fs::set_permissions(to, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

/// Every file's name and bytes.
fn contents(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| {
            (
                entry.file_name().into_string().unwrap(),
                fs::read(entry.path()).unwrap(),
            )
        })
        .collect();
    files.sort();
    files
}

/// Both verifiers must say the same; true when they find nothing wrong.
#[track_caller]
fn good(dir: &Path) -> bool {
    let report = verify(dir, &VerifyOptions::default()).unwrap();
    let other = independent::verify(dir);
    assert_eq!(report.ok(), other.is_ok(), "{:?} {other:?}", report.problems);
    if let Ok(found) = other {
        assert_eq!((found.entries, found.root), (report.entries, report.root));
    }
    report.ok()
}

struct Place {
    _temp: tempfile::TempDir,
    ledger: PathBuf,
    copy: PathBuf,
}

fn place() -> Place {
    let temp = tempfile::tempdir().unwrap();
    let (ledger, copy) = (temp.path().join("ledger"), temp.path().join("copy"));
    Place {
        _temp: temp,
        ledger,
        copy,
    }
}

#[test]
fn entries_are_numbered_and_come_back_in_order() {
    let place = place();
    let dir = &place.ledger;
    for round in 0..3u64 {
        let ledger = open(dir);
        assert_eq!(ledger.size(), round * 10);
        for i in 0..10 {
            let payload = format!("entry {round} {i}").into_bytes();
            let committed = ledger.append_wait(payload.clone()).unwrap();
            assert_eq!(committed.index, round * 10 + i);
            assert_eq!(committed.leaf, entry_leaf(committed.unix_ms, &payload));
        }
        assert!(ledger.checkpoint().contains(&format!("\n{}\n", (round + 1) * 10)));
        // While it is open, too.
        assert!(verify(dir, &VerifyOptions::default()).unwrap().ok());
        ledger.close().unwrap();
        assert!(good(dir));
    }
    let all: Vec<_> = entries(dir).unwrap().map(Result::unwrap).collect();
    assert_eq!(all.len(), 30);
    for (i, entry) in all.iter().enumerate() {
        assert_eq!(
            (entry.index, entry.unix_ms, entry.kind),
            (i as u64, now(), EntryKind::Application)
        );
        assert_eq!(entry.payload, format!("entry {} {}", i / 10, i % 10).into_bytes());
    }
}

#[test]
fn many_threads_append() {
    let place = place();
    let ledger = Arc::new(open(&place.ledger));
    let (sender, receiver) = mpsc::channel();
    std::thread::scope(|scope| {
        for t in 0..8u8 {
            let (ledger, sender) = (Arc::clone(&ledger), sender.clone());
            scope.spawn(move || {
                for i in 0..20u8 {
                    let payload = vec![t, i];
                    if i % 2 == 0 {
                        sender
                            .send((ledger.append_wait(payload.clone()).unwrap(), payload))
                            .unwrap();
                    } else {
                        let sender = sender.clone();
                        ledger.append(payload.clone(), move |done| {
                            sender.send((done.unwrap(), payload)).unwrap()
                        });
                    }
                }
            });
        }
    });
    drop(sender);
    Arc::into_inner(ledger).unwrap().close().unwrap();
    let mut committed: Vec<_> = receiver.iter().collect();
    committed.sort_by_key(|(committed, _)| committed.index);
    assert_eq!(committed.len(), 160);
    for (entry, (committed, payload)) in entries(&place.ledger).unwrap().map(Result::unwrap).zip(committed) {
        assert_eq!(
            (entry.index, entry.leaf, entry.payload),
            (committed.index, committed.leaf, payload)
        );
    }
    assert!(good(&place.ledger));
}

#[test]
fn one_writer_at_a_time() {
    let place = place();
    let first = open(&place.ledger);
    assert_eq!(
        Ledger::open(&place.ledger, ORIGIN, key(), now).unwrap_err().kind(),
        ErrorKind::InUse
    );
    let dir = place.ledger.clone();
    let waiting = std::thread::spawn(move || {
        Ledger::open_waiting(&dir, ORIGIN, key(), now, std::time::Duration::from_secs(60))
            .unwrap()
            .size()
    });
    first.append_wait(b"one".to_vec()).unwrap();
    drop(first);
    assert_eq!(waiting.join().unwrap(), 1);
}

#[test]
fn another_key_name_or_size_is_refused() {
    let place = place();
    small(&place.ledger);
    let before = contents(&place.ledger);
    let other = SigningKey::from_secret(&Secret32::new([8; 32]));
    assert_eq!(
        Ledger::open(&place.ledger, ORIGIN, other, now).unwrap_err().kind(),
        ErrorKind::WrongKey
    );
    assert_eq!(
        Ledger::open(&place.ledger, "ward.test/b", key(), now)
            .unwrap_err()
            .kind(),
        ErrorKind::WrongKey
    );
    for origin in ["", "a b", "a+b", "a\nb", "é", &"a".repeat(201)] {
        assert_eq!(
            Ledger::open(&place.ledger, origin, key(), now).unwrap_err().kind(),
            ErrorKind::Argument
        );
    }
    assert_eq!(contents(&place.ledger), before);
    let ledger = open(&place.ledger);
    let big = ledger.append_wait(vec![0; ledger::MAX_PAYLOAD + 1]).unwrap_err();
    assert_eq!(big.kind(), ErrorKind::TooLarge);
    assert_eq!(ledger.append_wait(vec![0; ledger::MAX_PAYLOAD]).unwrap().index, 4);
    ledger.close().unwrap();
    assert!(good(&place.ledger));
}

/// Each byte of each file, changed in four ways: found by verifying, and refused by opening, which then
/// changes nothing.
#[test]
fn every_flipped_byte_is_caught() {
    let place = place();
    small(&place.ledger);
    copy(&place.ledger, &place.copy);
    assert!(good(&place.copy));
    for (name, bytes) in contents(&place.ledger) {
        for i in 0..bytes.len() {
            for mask in [0x01, 0x20, 0x80, 0xff] {
                let mut bad = bytes.clone();
                bad[i] ^= mask;
                fs::write(place.copy.join(&name), &bad).unwrap();
                assert!(!good(&place.copy), "{name} byte {i} mask {mask}");
                if mask == 0xff || mask == 0x01 {
                    let error = Ledger::open(&place.copy, ORIGIN, key(), now).map(drop).unwrap_err();
                    let kind = error.kind();
                    let refused = matches!(kind, ErrorKind::Damaged | ErrorKind::WrongKey | ErrorKind::NewerFormat);
                    assert!(refused, "{name} byte {i} mask {mask}: {error}");
                    assert_eq!(fs::read(place.copy.join(&name)).unwrap(), bad);
                    assert_eq!(contents(&place.copy).len(), contents(&place.ledger).len());
                }
            }
        }
        fs::write(place.copy.join(&name), &bytes).unwrap();
    }
    assert!(good(&place.copy));
}

#[test]
fn every_truncation_and_addition_is_caught() {
    let place = place();
    small(&place.ledger);
    copy(&place.ledger, &place.copy);
    for (name, bytes) in contents(&place.ledger) {
        for len in 0..bytes.len() {
            fs::write(place.copy.join(&name), &bytes[..len]).unwrap();
            assert!(!good(&place.copy), "{name} cut to {len}");
            assert!(
                Ledger::open(&place.copy, ORIGIN, key(), now).is_err(),
                "{name} cut to {len}"
            );
            assert_eq!(fs::read(place.copy.join(&name)).unwrap(), &bytes[..len]);
        }
        for junk in [
            &b"\0"[..],
            b"\n",
            b"junk that is longer than a frame",
            &[0; 4096],
            &bytes,
        ] {
            fs::write(place.copy.join(&name), [bytes.as_slice(), junk].concat()).unwrap();
            assert!(!good(&place.copy) || junk.is_empty(), "{name} with junk");
        }
        fs::write(place.copy.join(&name), &bytes).unwrap();
        if name != "lock" {
            fs::remove_file(place.copy.join(&name)).unwrap();
            assert!(!good(&place.copy), "{name} removed");
            assert!(Ledger::open(&place.copy, ORIGIN, key(), now).is_err(), "{name} removed");
            fs::write(place.copy.join(&name), &bytes).unwrap();
        }
    }
    for extra in [
        "segment-00000003.ledger",
        "segment-00000004.ledger",
        "notes.txt",
        "torn-00000001-9.bin",
    ] {
        fs::copy(place.copy.join("segment-00000002.ledger"), place.copy.join(extra)).unwrap();
        assert!(!good(&place.copy), "{extra}");
        fs::remove_file(place.copy.join(extra)).unwrap();
    }
    assert!(good(&place.copy));
}

/// The records of a segment after its header, as byte ranges.
fn records(segment: &[u8]) -> Vec<std::ops::Range<usize>> {
    let (mut at, mut found) = (88, Vec::new());
    while at < segment.len() {
        let len = u32::from_le_bytes(segment[at..at + 4].try_into().unwrap()) as usize;
        found.push(at..at + 8 + len);
        at += 8 + len;
    }
    found
}

/// Whole records, checksums and all, put elsewhere: only the hashes can tell.
#[test]
fn moved_copied_and_lost_records_are_caught() {
    let place = place();
    small(&place.ledger);
    copy(&place.ledger, &place.copy);
    let name = "segment-00000001.ledger";
    let bytes = fs::read(place.ledger.join(name)).unwrap();
    let ranges = records(&bytes);
    let build = |order: &[usize]| {
        let mut out = bytes[..88].to_vec();
        order
            .iter()
            .for_each(|i| out.extend_from_slice(&bytes[ranges[*i].clone()]));
        fs::write(place.copy.join(name), out).unwrap();
    };
    let all: Vec<usize> = (0..ranges.len()).collect();
    build(&all);
    assert!(good(&place.copy));
    for a in 0..all.len() {
        for b in 0..all.len() {
            let mut order = all.clone();
            order.swap(a, b);
            build(&order);
            assert_eq!(good(&place.copy), a == b);
            let mut order = all.clone();
            order.insert(b, a);
            build(&order);
            assert!(!good(&place.copy), "{a} again at {b}");
        }
        let mut order = all.clone();
        order.remove(a);
        build(&order);
        // Taking out a checkpoint between two batches makes one batch of them: no entry changes, and every
        // entry is still under the next signature. Everything else that goes missing is missed.
        let inner = bytes[ranges[a].start + 8] == 2 && a != 0 && a != all.len() - 1;
        assert_eq!(good(&place.copy), inner, "without {a}");
    }
}

/// Someone with the disk but not the key rewrites an entry and mends every checksum and hash he can.
#[test]
fn a_rewritten_entry_with_mended_checksums_is_caught() {
    let place = place();
    small(&place.ledger);
    copy(&place.ledger, &place.copy);
    let name = "segment-00000001.ledger";
    let bytes = fs::read(place.ledger.join(name)).unwrap();
    for range in records(&bytes) {
        for i in range.start + 8..range.end {
            let mut bad = bytes.clone();
            bad[i] ^= 1;
            let crc = crc32c::crc32c_append(
                crc32c::crc32c(&bad[range.start..range.start + 4]),
                &bad[range.start + 8..range.end],
            );
            bad[range.start + 4..range.start + 8].copy_from_slice(&crc.to_le_bytes());
            fs::write(place.copy.join(name), bad).unwrap();
            assert!(!good(&place.copy), "byte {i}");
        }
    }
}

#[test]
fn a_rollback_is_caught_by_what_was_kept() {
    let place = place();
    let ledger = open(&place.ledger);
    ledger.append_wait(b"one".to_vec()).unwrap();
    let first = ledger.checkpoint();
    let verifier_key = ledger.verifier_key().to_owned();
    ledger.close().unwrap();
    copy(&place.ledger, &place.copy);
    let ledger = open(&place.ledger);
    ledger.append_wait(b"two".to_vec()).unwrap();
    let second = ledger.checkpoint();
    ledger.close().unwrap();
    let with = |dir: &Path, checkpoints: &[&String], key: Option<&str>| {
        let checkpoints = checkpoints.iter().map(|c| (*c).clone()).collect();
        verify(
            dir,
            &VerifyOptions {
                checkpoints,
                key: key.map(str::to_owned),
            },
        )
        .unwrap()
    };
    let report = with(&place.ledger, &[&first, &second], Some(&verifier_key));
    assert!(report.ok() && report.key_was_known && report.kept_checkpoints == 2);
    assert!(with(&place.ledger, &[], Some(&report.fingerprint)).ok());
    assert!(!with(&place.ledger, &[], None).key_was_known);
    // The older copy is whole in itself; only the kept checkpoint tells.
    assert!(with(&place.copy, &[], Some(&verifier_key)).ok());
    assert!(!with(&place.copy, &[&second], None).ok());
    // Another history under the same key: both are whole, and each refuses the other's checkpoint.
    let ledger = open(&place.copy);
    ledger.append_wait(b"TWO".to_vec()).unwrap();
    ledger.close().unwrap();
    assert!(with(&place.copy, &[&first], None).ok());
    assert!(!with(&place.copy, &[&second], None).ok());
    // Another key.
    let other = SigningKey::from_secret(&Secret32::new([8; 32]));
    fs::remove_dir_all(&place.copy).unwrap();
    Ledger::open(&place.copy, ORIGIN, other, now).unwrap().close().unwrap();
    assert!(with(&place.copy, &[], None).ok());
    assert!(!with(&place.copy, &[], Some(&verifier_key)).ok());
    assert!(!with(&place.copy, &[], Some(&report.fingerprint)).ok());
    assert!(!with(&place.copy, &[&first], None).ok());
    let bad = VerifyOptions {
        key: Some("c74f20a3".into()),
        ..VerifyOptions::default()
    };
    assert_eq!(verify(&place.copy, &bad).unwrap_err().kind(), ErrorKind::Argument);
    assert_eq!(
        verify(&place.copy.join("none"), &VerifyOptions::default())
            .unwrap_err()
            .kind(),
        ErrorKind::Missing
    );
}

/// A crash inside the last batch, at every length, with a `checkpoint` file from before that batch.
#[test]
fn an_unfinished_end_is_set_aside_and_recorded() {
    let place = place();
    let ledger = open(&place.ledger);
    ledger.append_wait(b"kept".to_vec()).unwrap();
    ledger.close().unwrap();
    let (segment, kept) = (
        place.ledger.join("segment-00000001.ledger"),
        fs::read(place.ledger.join("checkpoint")).unwrap(),
    );
    let whole_before = fs::read(&segment).unwrap();
    let ledger = open(&place.ledger);
    ledger.append_wait(b"lost".to_vec()).unwrap();
    ledger.close().unwrap();
    let whole = fs::read(&segment).unwrap();
    let mut ends: Vec<Vec<u8>> = (whole_before.len()..whole.len())
        .map(|len| whole[..len].to_vec())
        .collect();
    for zeros in [1, 8, 4096] {
        ends.push([&whole_before[..], &vec![0; zeros]].concat());
    }
    for end in ends {
        copy(&place.ledger, &place.copy);
        fs::write(place.copy.join("segment-00000001.ledger"), &end).unwrap();
        fs::write(place.copy.join("checkpoint"), &kept).unwrap();
        let torn = end.len() > whole_before.len();
        assert_eq!(good(&place.copy), !torn);
        for round in 0..2u64 {
            let ledger = open(&place.copy);
            assert_eq!(ledger.size(), 1 + u64::from(torn) + round);
            ledger.append_wait(b"new".to_vec()).unwrap();
            ledger.close().unwrap();
            assert!(good(&place.copy), "cut to {}", end.len());
        }
        let all: Vec<_> = entries(&place.copy).unwrap().map(Result::unwrap).collect();
        assert_eq!(all[0].payload, b"kept");
        assert_eq!(all[1].kind == EntryKind::Cut, torn);
        if torn {
            assert_eq!(verify(&place.copy, &VerifyOptions::default()).unwrap().cuts, 1);
            let name = format!("torn-00000001-{}.bin", whole_before.len());
            let cut = fs::read(place.copy.join(&name)).unwrap();
            assert_eq!(cut, &end[whole_before.len()..]);
            let mut bad = cut.clone();
            bad[0] ^= 1;
            fs::write(place.copy.join(&name), bad).unwrap();
            assert!(!good(&place.copy));
            fs::remove_file(place.copy.join(&name)).unwrap();
            assert!(!good(&place.copy));
        }
    }
}

/// A damaged length in the last batch looks like an unfinished end, but a signed checkpoint follows it.
#[test]
fn a_damaged_length_costs_no_entry() {
    let place = place();
    let ledger = open(&place.ledger);
    let kept = ledger.checkpoint();
    for i in 0..3u8 {
        ledger.append_wait(vec![i; 40]).unwrap();
    }
    ledger.close().unwrap();
    let name = "segment-00000001.ledger";
    let bytes = fs::read(place.ledger.join(name)).unwrap();
    for range in records(&bytes).into_iter().skip(1) {
        for at in 0..4 {
            for mask in [1u8, 2, 4, 8, 0x10, 0xff] {
                copy(&place.ledger, &place.copy);
                let mut bad = bytes.clone();
                bad[range.start + at] ^= mask;
                fs::write(place.copy.join(name), &bad).unwrap();
                // Even when the `checkpoint` file knows nothing of these entries.
                fs::write(place.copy.join("checkpoint"), &kept).unwrap();
                let error = Ledger::open(&place.copy, ORIGIN, key(), now).map(drop).unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Damaged);
                assert_eq!(fs::read(place.copy.join(name)).unwrap(), bad);
            }
        }
    }
}

#[test]
fn proofs_hold_for_what_they_prove() {
    let place = place();
    let mut options = Options::default();
    options.segment_bytes = 700;
    let ledger = Ledger::open_with(&place.ledger, ORIGIN, key(), now, &options).unwrap();
    let mut checkpoints = vec![ledger.checkpoint()];
    for i in 0..11u8 {
        ledger.append_wait(vec![i]).unwrap();
        checkpoints.push(ledger.checkpoint());
    }
    let public = key().public();
    let read = |note: &String| Checkpoint::open(note, ORIGIN, &public, false).unwrap();
    for index in 0..11u8 {
        let proof = prove(&place.ledger, u64::from(index)).unwrap();
        let leaf = entry_leaf(now(), &[index]);
        assert!(check_inclusion(&proof, &leaf, ORIGIN, &public));
        assert!(!check_inclusion(&proof, &entry_leaf(now(), b"other"), ORIGIN, &public));
        assert!(!check_inclusion(&proof, &leaf, "ward.test/b", &public));
        let mut moved = proof.clone();
        moved.index ^= 1;
        assert!(!check_inclusion(&moved, &leaf, ORIGIN, &public));
        let text = proof.to_text();
        assert_eq!(InclusionProof::parse(&text, leaf).unwrap(), proof);
        let extra = text.replacen("\nindex", "\nextra AAAA\nindex", 1);
        assert_eq!(InclusionProof::parse(&extra, leaf).unwrap(), proof);
        for bad in [
            &text[..20],
            &text.replace("index ", "index 0"),
            &text.replace("proof@v1", "proof@v2"),
            "",
        ] {
            assert_eq!(
                InclusionProof::parse(bad, leaf).unwrap_err().kind(),
                ErrorKind::Argument
            );
        }
    }
    assert_eq!(prove(&place.ledger, 11).unwrap_err().kind(), ErrorKind::Missing);
    for old in 0..=11usize {
        for new in old..=11 {
            let proof = prove_consistency(&place.ledger, old as u64, new as u64).unwrap();
            assert!(check_consistency(
                &proof,
                &read(&checkpoints[old]),
                &read(&checkpoints[new])
            ));
            assert_eq!(
                check_consistency(&proof, &read(&checkpoints[new]), &read(&checkpoints[old])),
                old == new
            );
        }
    }
    assert_eq!(
        prove_consistency(&place.ledger, 2, 12).unwrap_err().kind(),
        ErrorKind::Missing
    );
    assert_eq!(
        prove_consistency(&place.ledger, 3, 2).unwrap_err().kind(),
        ErrorKind::Argument
    );
}

/// The caller's mistakes inside `done` stay the caller's.
#[test]
fn callbacks_may_panic_wait_and_drop() {
    let place = place();
    let ledger = Arc::new(open(&place.ledger));
    ledger.append(b"a".to_vec(), |_| panic!("the caller's own fault"));
    let (sender, receiver) = mpsc::channel();
    let inner = Arc::clone(&ledger);
    ledger.append(b"b".to_vec(), move |_| {
        sender.send(inner.append_wait(b"c".to_vec())).unwrap()
    });
    assert_eq!(receiver.recv().unwrap().unwrap_err().kind(), ErrorKind::Argument);
    let (sender, receiver) = mpsc::channel();
    let last = Arc::clone(&ledger);
    ledger.append(b"d".to_vec(), move |done| {
        let size = last.size();
        drop(last);
        sender.send((done.unwrap().index, size)).unwrap();
    });
    drop(ledger);
    assert_eq!(receiver.recv().unwrap(), (2, 3));
    // Dropped on its own thread, it ends by itself and gives the lock free.
    let again = Ledger::open_waiting(&place.ledger, ORIGIN, key(), now, std::time::Duration::from_secs(60)).unwrap();
    assert_eq!(again.size(), 3);
    again.close().unwrap();
    assert!(good(&place.ledger));
}

/// On a real small disk: `WARD_SEAL_SMALL_DISK=/mnt/small cargo test -p ward-seal --test ledger -- --ignored`, where
/// the folder is an empty file system of a few MiB.
#[test]
#[ignore = "needs a file system that may be filled"]
fn a_full_disk_loses_nothing() {
    let base = PathBuf::from(std::env::var_os("WARD_SEAL_SMALL_DISK").expect("name the disk"));
    let (dir, ballast) = (base.join("ledger"), base.join("ballast"));
    let ledger = open(&dir);
    let mut answered = 0;
    let error = loop {
        match ledger.append_wait(vec![1; 5000]) {
            Ok(committed) => answered = committed.index + 1,
            Err(error) => break error,
        }
        if answered == 10 {
            fs::write(&ballast, vec![0; 1 << 19]).unwrap();
        }
    };
    assert_eq!(error.kind(), ErrorKind::Full);
    assert_eq!(ledger.append_wait(Vec::new()).unwrap_err().kind(), ErrorKind::Poisoned);
    drop(ledger);
    fs::remove_file(ballast).unwrap();
    let ledger = open(&dir);
    assert!(ledger.size() >= answered && answered > 10);
    ledger.append_wait(b"after".to_vec()).unwrap();
    ledger.close().unwrap();
    assert!(good(&dir));
    println!("{answered} entries before the disk was full: {error}");
}
