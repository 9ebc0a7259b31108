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
#[path = "../../../fuzz/replay.rs"]
mod replay;
#[path = "../../../fuzz/bodies/tokenizer_file.rs"]
mod tokenizer_file;
#[path = "../../../fuzz/bodies/tokenizer_gguf.rs"]
mod tokenizer_gguf;

use std::{fs, path::Path};

fn files(folder: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder);
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let records = paths.filter(|path| path.is_file() && !path.to_string_lossy().ends_with(".truth.json"));
    records.map(|path| fs::read(path).unwrap()).collect()
}

/// See [`replay::mutated`].
#[test]
fn corpus() {
    let bytes = [b'"', b'|', b'\n', b' ', b'.', b'[', b'9', b'#'];
    replay::mutated(&replay::corpus("clinical_note", 4), 10, &bytes, clinical_note::run);
}

/// See [`replay::mutated`].
#[test]
fn tokenizers() {
    let bytes = [b'"', b'[', b'{', b'0', b',', 0, 0xff, b'\\'];
    replay::mutated(&replay::corpus("tokenizer_file", 4), 200, &bytes, tokenizer_file::run);
}

/// See [`replay::mutated`].
#[test]
fn vocabularies() {
    let bytes = [0, 1, 8, 9, 0xff, b'a', b' ', 0x80];
    replay::mutated(&replay::corpus("tokenizer_gguf", 4), 100, &bytes, tokenizer_gguf::run);
}

/// The example records, hostile ones too.
#[test]
fn examples() {
    for file in files("examples").into_iter().chain(files("examples/hostile")) {
        clinical_note::run(&file);
    }
}
