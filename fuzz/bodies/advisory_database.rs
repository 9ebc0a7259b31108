//! Any bytes as a file to import and as a database: no panic; what is imported can be read back; a database that opens
//! gives records or an error for each package. Any text as a version or a range: the order of versions is one.

use ward_formats::input::Input;
use ward_scan::{
    advisories::{Advisories, Builder, specifier, version::Scheme},
    inventory::Ecosystem,
};

/// Imports `data` under each name, and checks the laws.
pub fn run(data: &[u8]) {
    for name in ["a.json", "a.yaml", "a.md", "a.csv"] {
        let mut builder = Builder::new();
        builder.add(name, &Input::of_bytes(data));
        let Ok((bytes, facts)) = builder.write(20_000) else {
            continue;
        };
        let Ok(opened) = Advisories::of_bytes(bytes) else {
            panic!("what was written is read");
        };
        let packages: u64 = facts.ecosystems.values().map(|kept| kept.packages).sum();
        assert_eq!(opened.all().filter(Result::is_ok).count() as u64, packages);
    }
    if let Ok(opened) = Advisories::of_bytes(data.to_vec()) {
        let _ = opened.all().count();
    }
    let Ok(text) = std::str::from_utf8(data) else { return };
    for scheme in [Scheme::Pep440, Scheme::Semver] {
        let versions: Vec<_> = text
            .split_whitespace()
            .take(8)
            .filter_map(|word| scheme.read(word))
            .collect();
        for a in &versions {
            for b in &versions {
                assert_eq!(a.cmp(b), b.cmp(a).reverse());
                for c in &versions {
                    assert!(!(a <= b && b <= c) || a <= c);
                }
            }
        }
    }
    for ecosystem in [
        Ecosystem::PyPI,
        Ecosystem::Npm,
        Ecosystem::Cargo,
        Ecosystem::GitHubActions,
    ] {
        if let Some(set) = specifier::allowed(ecosystem, text) {
            assert_eq!(set.not().not(), set);
        }
    }
}
