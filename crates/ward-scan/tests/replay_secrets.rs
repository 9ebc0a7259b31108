//! Runs the fuzz body of the search for secrets over its corpus, and over mutations of it.

#![expect(unreachable_pub, reason = "the fuzz bodies are shared with the fuzz targets")]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail loudly")]

#[path = "../../../fuzz/replay.rs"]
mod replay;
#[path = "../../../fuzz/bodies/secrets_scan.rs"]
mod secrets_scan;

use proptest::prelude::*;

fn corpus() -> Vec<Vec<u8>> {
    replay::corpus("secrets_scan", 4)
}

/// See [`replay::mutated`].
#[test]
fn the_corpus_and_its_mutations() {
    let bytes = [0, b'"', b'\'', b'\\', b'<', b'\n', b':', b'=', b'@', b'%', 0xff];
    replay::mutated(&corpus(), 16, &bytes, secrets_scan::run);
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
