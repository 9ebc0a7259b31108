//! Any text as a lockfile of each format: no panic, and every component has a line of the text and a span inside of it.

use ward_scan::{Blob, inventory::reader};

const NAMES: &[&str] = &[
    "poetry.lock",
    "uv.lock",
    "pdm.lock",
    "pylock.toml",
    "Pipfile.lock",
    "Cargo.lock",
    "package-lock.json",
    "yarn.lock",
    "pnpm-lock.yaml",
];

/// Reads `data` under each name and checks the laws.
pub fn run(data: &[u8]) {
    let lines = data.iter().filter(|byte| **byte == b'\n').count() + 1;
    for name in NAMES {
        let Some((_, reading)) = reader::read(&Blob::of_bytes(*name, data)) else {
            panic!("{name} has a reader");
        };
        assert!(reading.manifest.lock || !reading.problems.is_empty(), "{name}");
        for component in &reading.manifest.components {
            assert!(component.line >= 1 && component.line as usize <= lines, "{name}");
            if let Some((start, end)) = component.span {
                assert!(start <= end && end <= data.len() as u64, "{name} {start} {end}");
            }
        }
    }
}
