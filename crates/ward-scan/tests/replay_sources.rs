//! Runs the fuzz bodies of archives and of git's objects over their corpora, and over mutations of them.

#![expect(unreachable_pub, reason = "the fuzz bodies are shared with the fuzz targets")]
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

#[path = "../../../fuzz/bodies/git_objects.rs"]
mod git_objects;
#[path = "../../../fuzz/bodies/scan_archive.rs"]
mod scan_archive;

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
        for at in (0..file.len()).step_by((file.len() / 40).max(1)) {
            run(&file[..at]);
            for byte in [0, 1, 0x7f, 0x80, 0xff, b' '] {
                let mut changed = file.clone();
                changed[at] = byte;
                run(&changed);
            }
        }
    }
    assert!(files > 3, "the corpus is there");
}

#[test]
fn archives() {
    replay("scan_archive", scan_archive::run);
}

#[test]
fn objects_of_git() {
    replay("git_objects", git_objects::run);
}
