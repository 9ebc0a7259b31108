//! Runs the models engine's fuzz body over its corpus, over harmful files that are assembled here, and over mutations.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail loudly")]
#![expect(unreachable_pub, reason = "the fuzz bodies are shared with the fuzz targets")]
#![expect(dead_code, reason = "the assembler has more than is used here")]

#[path = "models/assembler.rs"]
mod assembler;
#[path = "../../../fuzz/bodies/models_scan.rs"]
mod models_scan;

use std::{fs, path::Path};

use proptest::prelude::*;

fn corpus() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/models_scan");
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let mut files: Vec<Vec<u8>> = paths
        .iter()
        .map(|path| fs::read(path).unwrap())
        .filter(|file| file.len() < 10_000)
        .collect();
    let evil = assembler::harmful();
    files.push(assembler::zip(&[assembler::Member::new(
        "archive/data.pkl",
        evil.clone(),
    )]));
    files.push(assembler::npy("'|O'", evil.clone()));
    files.push(assembler::tar(&[("a.pkl", evil.clone())]));
    files.push(assembler::gzip(&evil));
    files.push(assembler::pickle(assembler::bytes(&evil)));
    files.push(evil);
    assert!(files.len() > 12, "the corpus is there");
    files
}

#[test]
fn models_corpus() {
    for file in corpus() {
        models_scan::run(&file);
        let step = (file.len() / 12).max(1);
        for at in (0..file.len()).step_by(step) {
            models_scan::run(&file[..at]);
            for byte in [0xff, b'.', b'R', 0] {
                let mut changed = file.clone();
                changed[at] = byte;
                models_scan::run(&changed);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(data in prop::collection::vec(any::<u8>(), 0..300)) {
        models_scan::run(&data);
    }

    #[test]
    fn mutated(mut file in prop::sample::select(corpus()), changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        for (at, byte) in changes {
            let at = at.index(file.len());
            file[at] = byte;
        }
        models_scan::run(&file);
    }
}
