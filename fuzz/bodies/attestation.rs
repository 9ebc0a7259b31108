//! Files that an attestation is made of or read from: reports of tests and of scans, and attestations themselves.

use std::collections::BTreeMap;

use ward_policy::attest::{
    Attestation, diff,
    document::Outcome,
    html, junit, oscal, pdf,
    scan::{self, Scanned},
    text, verify,
};

/// Nothing panics; evidence is never "not applicable"; what reads as an attestation can be shown in every form.
pub fn run(data: &[u8]) {
    if let Ok(cases) = junit::read(data) {
        assert!(!cases.is_empty());
        for item in junit::evidence(&cases, &BTreeMap::new()).values().flatten() {
            assert_ne!(item.outcome, Outcome::NotApplicable);
        }
    }
    if let Ok(Ok(scanned)) = serde_json::from_slice(data).map(|report| Scanned::read(&report)) {
        for item in scan::evidence(&[scanned]).values().flatten() {
            assert_ne!(item.outcome, Outcome::NotApplicable);
        }
    }
    if let Ok(made) = Attestation::read(data) {
        let _ = verify::faults(&made);
        let _ = verify::other_mappings(&made);
        let _ = text::render(&made, true);
        let _ = html::render(&made);
        let _ = oscal::results(&made);
        assert!(pdf::render(&made).starts_with(b"%PDF-"));
        if let Ok(difference) = diff::compare(&made, &made) {
            assert!(!difference.is_worse());
        }
    }
}
