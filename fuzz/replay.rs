//! What the tests that replay fuzz bodies share. Included by path, like the bodies themselves.

use std::{fs, path::Path};

/// The kept inputs of a body, in the order of their names: `least` or more.
pub(crate) fn corpus(name: &str, least: usize) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fuzz/corpus")
        .join(name);
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    assert!(paths.len() >= least, "the corpus is there");
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

/// Runs a body over kept inputs: as they are, cut at about `places` places, and with each of `bytes` put in there.
pub(crate) fn mutated(inputs: &[Vec<u8>], places: usize, bytes: &[u8], run: fn(&[u8])) {
    for file in inputs {
        run(file);
        for at in (0..file.len()).step_by((file.len() / places).max(1)) {
            run(&file[..at]);
            for byte in bytes {
                let mut changed = file.clone();
                changed[at] = *byte;
                run(&changed);
            }
        }
    }
}
