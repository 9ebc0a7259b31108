//! Runs the fuzz bodies over their corpora, and over cuts and changes of them.

#![expect(unreachable_pub, reason = "the fuzz bodies are shared with the fuzz targets")]
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

#[path = "../../../fuzz/bodies/guard_egress.rs"]
mod guard_egress;
#[path = "../../../fuzz/bodies/guard_input.rs"]
mod guard_input;

use std::{fs, path::Path};

/// Every file as it is, cut everywhere, and with each byte changed.
fn replay(name: &str, run: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fuzz/corpus")
        .join(name);
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        files.push(fs::read(entry.unwrap().path()).unwrap());
    }
    assert!(files.len() > 3, "the corpus is there");
    for file in files {
        run(&file);
        for at in 0..file.len() {
            run(&file[..at]);
            let mut changed = file.clone();
            for byte in [b'<', b']', 0, 0xe2] {
                changed[at] = byte;
                run(&changed);
            }
        }
    }
}

#[test]
fn answers() {
    replay("guard_egress", guard_egress::run);
}

#[test]
fn texts() {
    replay("guard_input", guard_input::run);
}
