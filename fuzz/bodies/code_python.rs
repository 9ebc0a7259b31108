//! Programs that nobody vouches for: parsed, walked, followed, and joined as a project of one file.

use ward_scan::{Blob, Findings, Project, code::ENGINE, config::Config};

/// The first byte says what kind of file the rest is.
pub fn run(data: &[u8]) {
    let Some((kind, program)) = data.split_first() else {
        return;
    };
    let name = match kind % 4 {
        0 => "app/views.py",
        1 => "book.ipynb",
        2 => "tests/test_it.py",
        _ => "tool",
    };
    let first = scan(name, program);
    // Nothing depends on what was scanned before.
    assert_eq!(first, scan(name, program));
}

fn scan(name: &str, program: &[u8]) -> Vec<String> {
    let blob = Blob::of_bytes(name, program);
    let mut findings = Findings::default();
    (ENGINE.scan)(&blob, &mut findings);
    let facts: Vec<_> = findings
        .facts
        .drain(..)
        .map(|fact| (blob.place.clone(), fact))
        .collect();
    let config = Config::default();
    let project = Project {
        facts: &facts,
        config: &config,
        advisories: &ward_scan::advisories::Known::None,
        today: 0,
        nested: &[],
    };
    if let Some(conclude) = ENGINE.conclude {
        conclude(&project, &mut findings);
    }
    let mut said = Vec::new();
    for found in &findings.found {
        let line = found.at.line.expect("a finding in a program has a line");
        assert!(line >= 1 && found.at.column.is_some_and(|column| column >= 1));
        let places = found.more.flow.iter().map(|step| &step.at).chain([&found.at]);
        for place in places {
            if let Some(span) = place.span {
                assert!(span.start <= span.end && span.end <= program.len() as u64);
            }
        }
        if let Some(fix) = &found.more.fix {
            let mut last = 0;
            for edit in &fix.edits {
                assert!(last <= edit.start && edit.start <= edit.end && edit.end <= program.len() as u64);
                last = edit.end;
            }
        }
        let excerpt = found.more.excerpt.as_deref().unwrap_or_default();
        assert!(excerpt.chars().count() <= 160 && !excerpt.contains('\n'));
        said.push(format!("{} {} {}", found.rule.id, found.at, found.note));
    }
    said.extend(
        findings
            .not_examined
            .iter()
            .map(|one| format!("{} {}", one.at, one.reason)),
    );
    said
}
