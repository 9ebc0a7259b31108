//! Runs the fuzz body over its corpus, over mutations of it, and over the example records.

#![expect(unreachable_pub, reason = "the fuzz bodies are shared with the fuzz targets")]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may fail loudly"
)]

#[path = "../../../fuzz/bodies/clinical_note.rs"]
mod clinical_note;

use std::{fs, path::Path};

fn files(folder: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder);
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file() && !path.to_string_lossy().ends_with(".truth.json"))
        .collect();
    paths.sort();
    assert!(paths.len() > 3, "the files are there");
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

/// Every file of the corpus as it is, cut at some places, and with each of some bytes put in at some.
#[test]
fn corpus() {
    for file in files("fuzz/corpus/clinical_note") {
        clinical_note::run(&file);
        let step = (file.len() / 10).max(1);
        for at in (0..file.len()).step_by(step) {
            clinical_note::run(&file[..at]);
            for byte in [b'"', b'|', b'\n', b' ', b'.', b'[', b'9', b'#'] {
                let mut changed = file.clone();
                changed[at] = byte;
                clinical_note::run(&changed);
            }
        }
    }
}

/// The example records, hostile ones too.
#[test]
fn examples() {
    for file in files("examples").into_iter().chain(files("examples/hostile")) {
        clinical_note::run(&file);
    }
}
