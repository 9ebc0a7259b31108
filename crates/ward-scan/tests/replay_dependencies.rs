//! Runs the fuzz bodies of manifests, lockfiles and advisories over their corpora, and over mutations of them.

#![expect(unreachable_pub, reason = "the fuzz bodies are shared with the fuzz targets")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

#[path = "../../../fuzz/bodies/advisory_database.rs"]
mod advisory_database;
#[path = "../../../fuzz/bodies/lockfiles.rs"]
mod lockfiles;
#[path = "../../../fuzz/bodies/requirements.rs"]
mod requirements;

use std::{fs, path::Path};

/// Every file as it is, cut at some places, and with each of some bytes put in at some places.
fn replay(name: &str, run: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fuzz/corpus")
        .join(name);
    let mut files = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let file = fs::read(entry.unwrap().path()).unwrap();
        files += 1;
        run(&file);
        for at in (0..file.len()).step_by((file.len() / 30).max(1)) {
            run(&file[..at]);
            for byte in [0, b'\n', b'"', 0x80, b'[', b' '] {
                let mut changed = file.clone();
                changed[at] = byte;
                run(&changed);
            }
        }
    }
    assert!(files > 3, "the corpus is there");
}

#[test]
fn manifests() {
    replay("requirements", requirements::run);
}

#[test]
fn locks() {
    replay("lockfiles", lockfiles::run);
}

#[test]
fn advisories() {
    replay("advisory_database", advisory_database::run);
}
