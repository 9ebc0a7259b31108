//! Runs the fuzz bodies of licences and bills of materials over their corpora, and over mutations of them.

#![expect(unreachable_pub, reason = "the fuzz bodies are shared with the fuzz targets")]
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

#[path = "../../../fuzz/bodies/bom_read.rs"]
mod bom_read;
#[path = "../../../fuzz/bodies/licence_text.rs"]
mod licence_text;

use std::{fs, path::Path};

use proptest::prelude::*;

fn corpus(name: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fuzz/corpus")
        .join(name);
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    assert!(paths.len() > 5, "the corpus is there");
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

/// Every file as it is, cut at some places, and with some bytes put in at some places.
fn mutations(name: &str, run: fn(&[u8])) {
    for file in corpus(name) {
        let step = (file.len() / 12).max(1);
        for at in (0..file.len()).step_by(step).chain([file.len()]) {
            run(&file[..at]);
        }
        for at in (0..file.len()).step_by((file.len() / 8).max(1)) {
            for byte in [0, b'"', b'(', b'\n', b'{', 0xff] {
                let mut changed = file.clone();
                changed[at] = byte;
                run(&changed);
            }
        }
    }
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
