//! Any text as a manifest of each format that is read line by line or by a small syntax: no panic, and every component has
//! a name, a line of the text, and a span inside of it.

use ward_scan::{Blob, inventory::reader};

const NAMES: &[&str] = &[
    "requirements.txt",
    "setup.cfg",
    "setup.py",
    "environment.yml",
    "pyproject.toml",
    "Pipfile",
    "Dockerfile",
    "go.mod",
    "go.sum",
    ".github/workflows/a.yml",
    ".gitlab-ci.yml",
    ".pre-commit-config.yaml",
    "package.json",
    "Cargo.toml",
    "adapter_config.json",
];

/// Reads `data` under each name and checks the laws.
pub fn run(data: &[u8]) {
    check(data, NAMES);
    if let Ok(text) = std::str::from_utf8(data) {
        for component in ward_scan::inventory::hub::of_python(text) {
            assert!(ward_scan::inventory::hub::is_id(&component.name));
        }
        let _ = ward_scan::inventory::requirement::Requirement::read(text);
    }
}

pub(crate) fn check(data: &[u8], names: &[&str]) {
    let lines = data.iter().filter(|byte| **byte == b'\n').count() + 1;
    for name in names {
        let Some((_, reading)) = reader::read(&Blob::of_bytes(*name, data)) else {
            panic!("{name} has a reader");
        };
        for component in &reading.manifest.components {
            assert!(component.line >= 1 && component.line as usize <= lines, "{name}");
            if let Some((start, end)) = component.span {
                assert!(start <= end && end <= data.len() as u64, "{name} {start} {end}");
            }
        }
    }
}
