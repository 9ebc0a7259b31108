//! Any bytes as a file of any name: the search for secrets does not panic, every finding lies inside the file, names a
//! rule of the table, and shows nothing of its secret but the first four characters.
//!
//! The first line is the path, the rest is the content.

use ward_scan::{Blob, Findings, engine};

/// Scans `data` and checks the laws.
pub fn run(data: &[u8]) {
    let cut = data.iter().position(|byte| *byte == b'\n').unwrap_or(0);
    let path = String::from_utf8_lossy(&data[..cut.min(200)]).into_owned();
    let content = data.get(cut + 1..).unwrap_or_default();
    let engine = engine::by_name("secrets").expect("the engine is in the table");
    let mut findings = Findings::default();
    (engine.scan)(&Blob::of_bytes(path.clone(), content), &mut findings);
    let lines = content.split(|byte| *byte == b'\n').count();
    for found in &findings.found {
        assert!(
            (engine.rules)().iter().any(|rule| rule.id == found.rule.id),
            "{}",
            found.rule.id
        );
        assert_eq!(found.at.path, path);
        if let Some(line) = found.at.line {
            // UTF-16 has its line ends elsewhere.
            assert!(
                line >= 1 && line as usize <= lines.max(content.len()),
                "{}",
                found.rule.id
            );
            assert!(
                found
                    .at
                    .column
                    .is_some_and(|column| column >= 1 && column as usize <= content.len() + 1)
            );
        }
        if let Some(span) = found.at.span {
            assert!(span.start <= span.end && span.end <= content.len() as u64);
        }
        let secret = String::from_utf8_lossy(found.value.expose()).into_owned();
        let hidden: String = secret.chars().skip(4).take(24).collect();
        let shown = format!("{}\n{}", found.note, found.details.join("\n"));
        // Short secrets and names of stores may be words of a sentence.
        if hidden.len() >= 16 && found.rule.id != "secrets/file-store" {
            assert!(!shown.contains(&hidden), "{} shows its secret", found.rule.id);
        }
    }
    let mut again = Findings::default();
    (engine.scan)(&Blob::of_bytes(path, content), &mut again);
    let places = |findings: &Findings| {
        findings
            .found
            .iter()
            .map(|found| (found.at.clone(), found.rule.id))
            .collect::<Vec<_>>()
    };
    assert_eq!(places(&findings), places(&again));
    assert_eq!(findings.not_examined, again.not_examined);
}
