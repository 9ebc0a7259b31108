//! Dockerfiles, compose files, Kubernetes objects, scripts and programs: any bytes are examined, every finding stands at a
//! place of the text, and the same bytes say the same again.

use ward_scan::{Blob, Findings, code::infra::scan};

pub fn run(data: &[u8]) {
    for path in ["Dockerfile", "compose.yaml", "deploy/a.yaml", "a.sh", "a.ts", "a.jsx"] {
        look(path, data);
    }
}

fn look(path: &str, data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let lines = u32::try_from(text.split('\n').count()).unwrap_or(u32::MAX);
    let said = || {
        let mut findings = Findings::default();
        scan(&Blob::of_bytes(path, data), &mut findings);
        findings
    };
    let (first, second) = (said(), said());
    assert_eq!(first.found.len(), second.found.len());
    for (one, other) in first.found.iter().zip(&second.found) {
        assert_eq!(
            (one.rule.id, &one.at, &one.note),
            (other.rule.id, &other.at, &other.note)
        );
        assert!(
            one.at.line.is_some_and(|line| line >= 1 && line <= lines),
            "{path} {:?}",
            one.at.line
        );
        assert!(one.at.column.is_some_and(|column| column >= 1));
        assert!(!one.note.is_empty());
        assert!(one.more.excerpt.as_ref().is_none_or(|line| line.chars().count() <= 200));
    }
}
