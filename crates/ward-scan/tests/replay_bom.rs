//! Runs the fuzz bodies of licences and bills of materials over their corpora, and over mutations of them.

#![expect(unreachable_pub, reason = "the fuzz bodies are shared with the fuzz targets")]
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

#[path = "../../../fuzz/bodies/bom_read.rs"]
mod bom_read;
#[path = "../../../fuzz/bodies/licence_text.rs"]
mod licence_text;
#[path = "../../../fuzz/replay.rs"]
mod replay;

use proptest::prelude::*;

/// See [`replay::mutated`].
fn mutations(name: &str, run: fn(&[u8])) {
    replay::mutated(&replay::corpus(name, 6), 12, &[0, b'"', b'(', b'\n', b'{', 0xff], run);
}

#[test]
fn licences_and_their_mutations() {
    mutations("licence_text", licence_text::run);
}

#[test]
fn bills_and_their_mutations() {
    mutations("bom_read", bom_read::run);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Words of expressions in any order.
    #[test]
    fn words_of_expressions(words in prop::collection::vec(prop::sample::select(vec!["MIT", "GPL-2.0+", "gpl-3.0-only", "AND", "or", "WITH", "(", ")", "/", "Classpath-exception-2.0", "LicenseRef-x", "Apache-2.0"]), 0..12)) {
        licence_text::run(words.join(" ").as_bytes());
    }
}
