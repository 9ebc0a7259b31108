//! Any bytes as a bill of materials, as statements about vulnerabilities, and as a model file. No panic; a bill differs in
//! nothing from itself; what is new one way is gone the other way.

use ward_scan::{
    Blob,
    bom::{self, build, cyclonedx, diff, read, spdx, vex::Statements},
    report::Findings,
};

/// Reads `data` in every way.
pub fn run(data: &[u8]) {
    if let Ok(listed) = read::read(data) {
        assert!(diff::of(&listed, &listed).is_empty());
        let nothing = read::Listed::default();
        let (there, back) = (diff::of(&nothing, &listed), diff::of(&listed, &nothing));
        assert_eq!(
            (there.added.len(), there.removed.len()),
            (back.removed.len(), back.added.len())
        );
        for diff in [there, back] {
            let _ = (diff.text(), diff.json());
            assert!(!diff.markdown().contains('\u{1b}') && !diff.text().contains('\u{1b}'));
        }
    }
    let mut statements = Statements::default();
    let _ = statements.read(data);
    for path in [
        "model.gguf",
        "model.safetensors",
        "config.json",
        "requirements.txt",
        "package-lock.json",
    ] {
        let mut findings = Findings::default();
        (bom::ENGINE.scan)(&Blob::of_bytes(path, data), &mut findings);
        let facts: Vec<_> = findings
            .facts
            .into_iter()
            .map(|fact| (ward_evidence::Location::of_file(path), fact))
            .collect();
        let bill = build::build(&facts, findings.not_examined, "x", &[]);
        // What is written can be read again.
        for document in [cyclonedx::value(&bill, 0), spdx::value(&bill, 0)] {
            assert!(read::read(document.to_string().as_bytes()).is_ok());
        }
    }
}
