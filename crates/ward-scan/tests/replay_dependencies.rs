//! Runs the fuzz bodies of manifests, lockfiles and advisories over their corpora, and over mutations of them.

#![expect(unreachable_pub, reason = "the fuzz bodies are shared with the fuzz targets")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

#[path = "../../../fuzz/bodies/advisory_database.rs"]
mod advisory_database;
#[path = "../../../fuzz/bodies/lockfiles.rs"]
mod lockfiles;
#[path = "../../../fuzz/replay.rs"]
mod replay;
#[path = "../../../fuzz/bodies/requirements.rs"]
mod requirements;

/// See [`replay::mutated`].
fn over(name: &str, run: fn(&[u8])) {
    replay::mutated(&replay::corpus(name, 4), 30, &[0, b'\n', b'"', 0x80, b'[', b' '], run);
}

#[test]
fn manifests() {
    over("requirements", requirements::run);
}

#[test]
fn locks() {
    over("lockfiles", lockfiles::run);
}

#[test]
fn advisories() {
    over("advisory_database", advisory_database::run);
}
