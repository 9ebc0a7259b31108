//! A ledger's folder under attack by somebody who has the disk and not the key.
//!
//! The first byte chooses. Even: the rest is the first segment, as it stands. Odd: the rest is a list of changes,
//! six bytes each, to a whole ledger of two segments: which file, what kind, where (two bytes), with what, and
//! whether to mend the checksum of the record that was hit.
//!
//! Laws: nothing panics; verifying either reports a problem or finds exactly the entries that were written;
//! opening either refuses or leaves a ledger that verifies.

use std::{fs, path::Path, sync::OnceLock};

use ward_seal::{
    Secret32,
    ledger::{Ledger, Options, SigningKey, VerifyOptions, entries, prove, verify},
    note::{Checkpoint, PublicKey},
};

const ORIGIN: &str = "ward.test/fuzz";
const FILES: [&str; 4] = [
    "segment-00000001.ledger",
    "segment-00000002.ledger",
    "checkpoint",
    "key.pub",
];

/// A whole ledger: its files and its entries.
struct Whole {
    files: Vec<(&'static str, Vec<u8>)>,
    payloads: Vec<Vec<u8>>,
}

fn key() -> SigningKey {
    SigningKey::from_secret(&Secret32::new([2; 32]))
}

fn whole() -> &'static Whole {
    static WHOLE: OnceLock<Whole> = OnceLock::new();
    WHOLE.get_or_init(|| {
        let temp = tempfile::tempdir().unwrap();
        let dir = temp.path().join("ledger");
        let mut options = Options::default();
        options.segment_bytes = 700;
        let ledger = Ledger::open_with(&dir, ORIGIN, key(), || 3, &options).unwrap();
        let payloads: Vec<Vec<u8>> = (0..5u8).map(|i| vec![i; usize::from(i) * 9]).collect();
        for payload in &payloads {
            ledger.append_wait(payload.clone()).unwrap();
        }
        ledger.close().unwrap();
        let files = FILES.map(|name| (name, fs::read(dir.join(name)).unwrap())).to_vec();
        Whole { files, payloads }
    })
}

/// Runs the laws on one input.
pub fn run(data: &[u8]) {
    let Some((mode, rest)) = data.split_first() else {
        return;
    };
    notes(rest);
    let mut files = whole().files.clone();
    if mode % 2 == 0 {
        files.truncate(0);
        files.extend(
            whole()
                .files
                .iter()
                .filter(|(name, _)| !name.starts_with("segment"))
                .cloned(),
        );
        files.push((FILES[0], rest.to_vec()));
    } else {
        for change in rest.chunks_exact(6).take(64) {
            let at = usize::from(u16::from_le_bytes([change[2], change[3]]));
            let (_, bytes) = &mut files[usize::from(change[0]) % FILES.len()];
            edit(bytes, change[1], at, change[4]);
            if change[5] % 2 == 1 {
                mend(bytes, at);
            }
        }
    }
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path().join("ledger");
    make_private(&dir);
    for (name, bytes) in &files {
        fs::write(dir.join(name), bytes).unwrap();
    }
    let payloads = |dir: &Path| -> Option<Vec<Vec<u8>>> {
        entries(dir)
            .ok()?
            .map(|entry| entry.ok().map(|entry| entry.payload))
            .collect()
    };
    let report = verify(&dir, &VerifyOptions::default());
    if report.is_ok_and(|report| report.ok()) {
        assert_eq!(
            payloads(&dir).as_ref(),
            Some(&whole().payloads),
            "a change was not noticed"
        );
    }
    let _refused = prove(&dir, 1);
    if let Ok(ledger) = Ledger::open(&dir, ORIGIN, key(), || 4) {
        ledger.append_wait(b"after".to_vec()).unwrap();
        ledger.close().unwrap();
        let all = payloads(&dir).unwrap();
        // Opening checks no signatures before the last, so a report may name those and nothing else.
        let report = verify(&dir, &VerifyOptions::default()).unwrap();
        assert!(
            report
                .problems
                .iter()
                .all(|problem| problem.what == "the checkpoint's signature is wrong")
        );
        let kept = all.iter().zip(&whole().payloads).take_while(|(a, b)| a == b).count();
        assert_eq!(
            kept,
            whole().payloads.len().min(all.len()),
            "an entry was lost or changed"
        );
    }
}

fn edit(bytes: &mut Vec<u8>, kind: u8, at: usize, with: u8) {
    let at = at % (bytes.len() + 1);
    let end = (at + usize::from(with)).min(bytes.len());
    match kind % 6 {
        0 if at < bytes.len() => bytes[at] ^= with,
        1 => bytes.truncate(at),
        2 => bytes.insert(at, with),
        3 => drop(bytes.drain(at..end)),
        4 => bytes.extend_from_within(at..end),
        5 => bytes[at..end].reverse(),
        _ => {}
    }
}

/// Puts the right checksum into the record that holds byte `at`.
fn mend(bytes: &mut [u8], at: usize) {
    let mut start = 88;
    while start + 8 <= bytes.len() {
        let len = u32::from_le_bytes([bytes[start], bytes[start + 1], bytes[start + 2], bytes[start + 3]]) as usize;
        let Some(end) = (start + 8).checked_add(len).filter(|end| *end <= bytes.len()) else {
            return;
        };
        if at < end {
            let crc = crc32c::crc32c_append(crc32c::crc32c(&bytes[start..start + 4]), &bytes[start + 8..end]);
            bytes[start + 4..start + 8].copy_from_slice(&crc.to_le_bytes());
            return;
        }
        start = end;
    }
}

/// What reads notes and keys must not panic either, and prints what it read.
fn notes(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let _unsigned = key().public().open_note(ORIGIN, text, true);
    if let Some(checkpoint) = Checkpoint::parse(text) {
        assert_eq!(checkpoint.text(), text);
    }
    if let Some((name, key)) = PublicKey::parse_verifier_key(text) {
        assert_eq!(key.verifier_key(&name), text);
    }
}

fn make_private(dir: &Path) {
    fs::create_dir(dir).unwrap();
    #[cfg(unix)]
    fs::set_permissions(dir, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
}
