//! Runs the fuzz body of the search for secrets over its corpus, and over mutations of it.

#![expect(unreachable_pub, reason = "the fuzz bodies are shared with the fuzz targets")]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail loudly")]

#[path = "../../../fuzz/bodies/secrets_scan.rs"]
mod secrets_scan;

use std::{fs, path::Path};

use proptest::prelude::*;

fn corpus() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/secrets_scan");
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    assert!(paths.len() > 3, "the corpus is there");
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

/// Every file as it is, cut at many places, and with each of some bytes put in at some places.
#[test]
fn the_corpus_and_its_mutations() {
    for file in corpus() {
        let step = (file.len() / 40).max(1);
        for at in (0..file.len()).step_by(step).chain([file.len()]) {
            secrets_scan::run(&file[..at]);
        }
        let step = (file.len() / 12).max(1);
        for at in (0..file.len()).step_by(step) {
            for byte in [0, b'"', b'\'', b'\\', b'<', b'\n', b':', b'=', b'@', b'%', 0xff] {
                let mut changed = file.clone();
                changed[at] = byte;
                secrets_scan::run(&changed);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Pieces of the corpus in any order under any name of it.
    #[test]
    fn pieces_in_any_order(picks in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 1usize..60), 1..12)) {
        let files = corpus();
        let mut data = Vec::new();
        for (file, at, length) in picks {
            let file = &files[file.index(files.len())];
            if data.is_empty() {
                let end = file.iter().position(|byte| *byte == b'\n').unwrap_or(0);
                data.extend_from_slice(&file[..=end.min(file.len() - 1)]);
            }
            let start = at.index(file.len());
            data.extend_from_slice(&file[start..file.len().min(start + length)]);
        }
        secrets_scan::run(&data);
    }
}
