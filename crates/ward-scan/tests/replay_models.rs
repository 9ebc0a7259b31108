//! Runs the models engine's fuzz body over its corpus, over harmful files that are assembled here, and over mutations.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail loudly")]
#![expect(unreachable_pub, reason = "the fuzz bodies are shared with the fuzz targets")]
#![expect(dead_code, reason = "the assembler has more than is used here")]

#[path = "models/assembler.rs"]
mod assembler;
#[path = "../../../fuzz/bodies/models_scan.rs"]
mod models_scan;
#[path = "../../../fuzz/replay.rs"]
mod replay;

use proptest::prelude::*;

fn corpus() -> Vec<Vec<u8>> {
    let mut files = replay::corpus("models_scan", 6);
    files.retain(|file| file.len() < 10_000);
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
    files
}

/// See [`replay::mutated`].
#[test]
fn models_corpus() {
    replay::mutated(&corpus(), 12, &[0xff, b'.', b'R', 0], models_scan::run);
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
