//! Runs the fuzz bodies of archives and of git's objects over their corpora, and over mutations of them.

#![expect(unreachable_pub, reason = "the fuzz bodies are shared with the fuzz targets")]
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

#[path = "../../../fuzz/bodies/git_objects.rs"]
mod git_objects;
#[path = "../../../fuzz/replay.rs"]
mod replay;
#[path = "../../../fuzz/bodies/scan_archive.rs"]
mod scan_archive;

/// See [`replay::mutated`].
fn over(name: &str, run: fn(&[u8])) {
    replay::mutated(&replay::corpus(name, 4), 40, &[0, 1, 0x7f, 0x80, 0xff, b' '], run);
}

#[test]
fn archives() {
    over("scan_archive", scan_archive::run);
}

#[test]
fn objects_of_git() {
    over("git_objects", git_objects::run);
}
