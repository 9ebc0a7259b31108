use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use super::*;
use crate::{
    Report, engine,
    report::Value,
    suppress::{MARKER, NO_REASON},
};
use ward_evidence::{RuleMeta, Severity, controls::SEC_1A};

static WORD: RuleMeta = RuleMeta {
    id: "secrets/test-word",
    severity: Severity::High,
    controls: &[SEC_1A],
    summary: "A test's secret.",
    docs: "For tests.",
};

static RULES: &[&RuleMeta] = &[&WORD];

/// Finds every word that begins with `hidden-`, and panics where it is told to.
pub(crate) static ENGINE: Engine = Engine {
    name: "secrets",
    what: "words",
    rules: || RULES,
    scan: |blob, findings| {
        let text = blob.content.whole(usize::MAX).unwrap().unwrap();
        let text = String::from_utf8_lossy(&text);
        assert!(!text.contains("panic here"));
        for (number, line) in text.lines().enumerate() {
            for (at, _) in line.match_indices("hidden-") {
                let value = line[at..].split([' ', '"']).next().unwrap();
                findings.found.push(Found {
                    rule: &WORD,
                    severity: WORD.severity,
                    at: blob
                        .place
                        .clone()
                        .at(u32::try_from(number + 1).unwrap(), u32::try_from(at + 1).unwrap()),
                    note: "a word".into(),
                    details: Vec::new(),
                    value: Value::new(value.as_bytes()),
                    more: crate::report::More::default(),
                });
            }
        }
    },
    history: true,
    conclude: None,
};

pub(crate) fn settings() -> Settings {
    Settings {
        engines: vec![&ENGINE],
        key: Secret32::new([1; 32]),
        baseline: None,
        config: crate::config::Config::default(),
        profile: None,
        ask: None,
        compat: None,
        paths: PathRules::default(),
        foreign_markers: false,
        limits: archive::Limits::default(),
        advisories: crate::advisories::Known::None,
        today: 20_000,
        clock: None,
    }
}

/// Scans with `settings` what `bring` brings.
pub(crate) fn scan_with(settings: &Settings, bring: impl FnOnce(&Scanner<'_>)) -> Report {
    let progress = Progress::default();
    let scanner = Scanner::new(settings, &progress);
    bring(&scanner);
    scanner.finish()
}

fn scan(files: &[(&str, &str)]) -> Report {
    scan_with(&settings(), |scanner| {
        for (path, text) in files {
            scanner.examine(&Blob::of_bytes(*path, text.as_bytes()), None);
        }
    })
}

/// Where findings are, as `path:line`.
pub(crate) fn places(report: &Report) -> Vec<String> {
    let place = |one: &Reported| {
        format!(
            "{}:{}",
            one.finding.at.full_path(),
            one.finding.at.line.unwrap_or_default()
        )
    };
    report.findings.iter().map(place).collect()
}

fn fingerprints(report: &Report) -> Vec<Fingerprint> {
    report.findings.iter().map(|one| one.finding.fingerprint).collect()
}

#[test]
fn findings_are_sorted_and_told_apart() {
    let report = scan(&[("b", "x\nkey=hidden-1\n"), ("a", "hidden-1 hidden-1\nhidden-2")]);
    assert_eq!(places(&report), ["a:1", "a:1", "a:2", "b:2"]);
    let mut prints = fingerprints(&report);
    prints.sort_unstable();
    prints.dedup();
    assert_eq!(prints.len(), 4);
    assert_eq!(report.findings[3].excerpt.as_deref(), Some("key=…"));
}

#[test]
fn fingerprints_survive_lines_that_move_and_nothing_else() {
    let before = fingerprints(&scan(&[("a", "hidden-1\nhidden-1")]));
    assert_eq!(before, fingerprints(&scan(&[("a", "\n\n  hidden-1\nx\n\"hidden-1\"")])));
    assert_ne!(before, fingerprints(&scan(&[("b", "hidden-1\nhidden-1")])));
    assert_ne!(before[0], fingerprints(&scan(&[("a", "hidden-2")]))[0]);
    let other = Settings {
        key: Secret32::new([2; 32]),
        ..settings()
    };
    let report = scan_with(&other, |scanner| {
        scanner.examine(&Blob::of_bytes("a", b"hidden-1\nhidden-1"), None);
    });
    assert_ne!(before, fingerprints(&report));
}

#[test]
fn a_suppression_needs_a_reason() {
    let text = |rest: &str| format!("# {MARKER} {rest}\nkey=hidden-1\n");
    let report = scan(&[("a", &text("secrets/* values made up for this test"))]);
    assert_eq!((places(&report).len(), report.stats.suppressed.inline), (0, 1));
    let report = scan(&[("a", &text("secrets/*"))]);
    assert_eq!(places(&report), ["a:1", "a:2"]);
    assert_eq!(report.findings[0].finding.rule, &NO_REASON);
    let report = scan(&[("a", &text("models/* of another engine"))]);
    assert_eq!(places(&report), ["a:2"]);
}

#[test]
fn a_baseline_keeps_back_what_it_lists() {
    let files = [("a", "hidden-1"), ("b", "hidden-2")];
    let mut with = settings();
    with.baseline = Some(Baseline::new(Secret32::new([9; 32])));
    let bring = |scanner: &Scanner<'_>| {
        for (path, text) in files {
            scanner.examine(&Blob::of_bytes(path, text.as_bytes()), None);
        }
    };
    let report = scan_with(&with, bring);
    let mut baseline = Baseline::new(Secret32::new([9; 32]));
    baseline.add(&report.findings[0], "known since long", "ann", 0);
    with.baseline = Some(baseline);
    let again = scan_with(&with, bring);
    assert_eq!(
        (places(&again), again.stats.suppressed.baseline),
        (vec!["b:1".to_owned()], 1)
    );
    let none = scan_with(&with, |_| {});
    assert_eq!(none.stats.stale_baseline, 1);
}

#[test]
fn a_panic_in_an_engine_costs_one_file() {
    let report = scan(&[("a", "panic here"), ("b", "hidden-1")]);
    assert_eq!(places(&report), ["b:1"]);
    assert_eq!(report.not_examined[0].at.path, "a");
    assert!(report.not_examined[0].reason.contains("secrets engine"));
}

#[test]
fn path_rules_keep_back_and_are_counted() {
    let mut with = settings();
    with.paths = PathRules::read("fixtures/** secrets/* values made up for tests\n", 20_000);
    let report = scan_with(&with, |scanner| {
        scanner.examine(&Blob::of_bytes("fixtures/x/a", b"hidden-1"), None);
        scanner.examine(&Blob::of_bytes("src/a", b"hidden-1"), None);
    });
    assert_eq!(
        (places(&report), report.stats.suppressed.path),
        (vec!["src/a:1".to_owned()], 1)
    );
}

#[test]
fn the_folder_and_the_history_are_joined() {
    let report = scan_with(&settings(), |scanner| {
        for (order, path) in [(5, "a"), (2, "a"), (3, "gone")] {
            let commit = move || {
                Some(Arc::new(Commit {
                    id: format!("{order:040}"),
                    time: 0,
                    author: "Ann".to_owned(),
                }))
            };
            let origin = Origin { order, commit: &commit };
            scanner.examine(&Blob::of_bytes(path, b"\n\nhidden-1"), Some(&origin));
        }
        scanner.examine(&Blob::of_bytes("a", b"hidden-1"), None);
    });
    assert_eq!(places(&report), ["a:1", "gone:3"]);
    let commits: Vec<_> = report
        .findings
        .iter()
        .map(|one| one.commit.as_ref().unwrap().id.clone())
        .collect();
    assert_eq!(commits, [format!("{:040}", 2), format!("{:040}", 3)]);
}

#[test]
fn too_many_findings_are_cut_and_told() {
    let text = "hidden-1\n".repeat(MAX_FINDINGS + 10);
    let report = scan(&[("a", &text)]);
    assert_eq!((report.findings.len(), report.not_examined.len()), (MAX_FINDINGS, 1));
}

#[test]
fn a_token_in_a_name_is_a_finding_and_is_not_shown() {
    let token = concat!("AKIA", "Q3EGRIZ7PLMUVA4K");
    let report = scan_with(&settings(), |scanner| {
        scanner.examine(&Blob::of_bytes(format!("{token}/a"), b"hidden-1"), None);
        scanner.examine(&Blob::of_bytes(format!("{token}/b"), b"nothing"), None);
        scanner.not_examined(Location::of_file(format!("{token}/c")), "a pipe");
    });
    let rules: Vec<_> = report.findings.iter().map(|one| one.finding.rule.id).collect();
    assert_eq!(rules, ["secrets/in-file-name", "secrets/test-word"]);
    for text in [
        crate::output::text::render(&report, crate::output::text::Look::default()),
        crate::output::json::value(&report).to_string(),
        crate::output::sarif::value(&report).to_string(),
        crate::output::html::render(&report, &crate::output::About::default()),
    ] {
        assert!(!text.contains(&token[4..]) && text.contains("AKI****"), "{text}");
    }
}

#[test]
fn the_nearest_settings_hold() {
    static QUIET: Engine = Engine {
        name: "code",
        what: "every file",
        rules: || RULES,
        scan: |blob, findings| {
            if blob.name() != "ward.toml" {
                findings.found.push(Found {
                    rule: &WORD,
                    severity: WORD.severity,
                    at: blob.place.clone().at(1, 1),
                    note: "a".into(),
                    details: Vec::new(),
                    value: Value::new("a"),
                    more: crate::report::More {
                        thorough: true,
                        ..crate::report::More::default()
                    },
                });
            }
        },
        history: false,
        conclude: None,
    };
    let mut settings = settings();
    settings.engines = vec![&QUIET];
    let files = [
        ("a", ""),
        ("b/ward.toml", "[scan]\nprofile = 'thorough'"),
        ("b/x", ""),
        ("b/c/ward.toml", "[scan]\nprofile = 'default'"),
        ("b/c/y", ""),
        ("bc/z", ""),
        ("d/ward.toml", "\n[scan]\nprofil = 1"),
    ];
    let bring = |scanner: &Scanner<'_>| {
        for (path, text) in files {
            scanner.examine(&Blob::of_bytes(path, text.as_bytes()), None);
        }
    };
    let report = scan_with(&settings, bring);
    assert_eq!(places(&report), ["b/x:1"]);
    let wrong: Vec<_> = report
        .not_examined
        .iter()
        .map(|one| (one.at.to_string(), &*one.reason))
        .collect();
    assert!(
        wrong.len() == 1 && wrong[0].0 == "d/ward.toml:3" && wrong[0].1.contains("`profil`"),
        "{wrong:?}"
    );
    settings.profile = Some(Profile::Thorough);
    assert_eq!(scan_with(&settings, bring).findings.len(), 4);
}

#[test]
fn what_is_shown_of_a_file_does_not_reorder_its_surroundings() {
    let report = scan(&[("a", "k\u{202e}ey=hidden-1")]);
    assert_eq!(report.findings[0].excerpt.as_deref(), Some("k\\u{202e}ey=…"));
}

#[test]
fn providers_are_asked_only_when_that_is_wanted() {
    static TOKENS: Engine = Engine {
        name: "secrets",
        what: "a token",
        rules: || RULES,
        scan: |blob, findings| {
            findings.found.push(Found {
                rule: engine::rule("secrets/huggingface-token").unwrap(),
                severity: Severity::High,
                at: blob.place.clone().at(1, 1),
                note: "a".into(),
                details: Vec::new(),
                value: Value::new(blob.content.whole(100).unwrap().unwrap().into_owned()),
                more: crate::report::More::default(),
            });
        },
        history: false,
        conclude: None,
    };
    let mut settings = settings();
    settings.engines = vec![&TOKENS];
    let bring = |scanner: &Scanner<'_>| {
        scanner.examine(&Blob::of_bytes("a", b"accepted-token"), None);
        scanner.examine(&Blob::of_bytes("b", b"refused-token"), None);
        scanner.examine(&Blob::of_bytes("c", b"unreachable"), None);
    };
    let details = |report: &Report| -> Vec<String> {
        let all = report.findings.iter();
        all.map(|one| format!("{} {} {}", one.finding.at.path, one.severity, one.details.join("|")))
            .collect()
    };
    assert!(
        details(&scan_with(&settings, bring))
            .iter()
            .all(|one| one.ends_with("high "))
    );
    settings.ask = Some(Box::new(|question| {
        assert_eq!(
            (question.url, question.header.1),
            ("https://huggingface.co/api/whoami-v2", "Bearer ")
        );
        match question.header.2 {
            "accepted-token" => Ok((200, b"{}".to_vec())),
            "refused-token" => Ok((401, Vec::new())),
            _ => Err("it cannot be reached"),
        }
    }));
    assert_eq!(
        details(&scan_with(&settings, bring)),
        [
            "a critical asked: the provider accepts it; replace it now",
            "b high asked: the provider refuses it; it was taken back, or never was one",
            "c high the provider was not asked: it cannot be reached",
        ]
    );
}

#[test]
fn what_each_engine_looked_at_is_counted() {
    let settings = Settings {
        engines: crate::ENGINES.iter().collect(),
        clock: Some(|| {
            static TICKS: AtomicU64 = AtomicU64::new(0);
            Duration::from_millis(TICKS.fetch_add(1, Ordering::Relaxed))
        }),
        ..settings()
    };
    let report = scan_with(&settings, |scanner| {
        for (path, text) in [
            ("a.py", "x = 1\n"),
            ("requirements.txt", "flask==3.0.0\n"),
            ("LICENSE", "nothing that anybody knows\n"),
            ("Dockerfile", "FROM scratch\n"),
            ("m.pkl", "\u{80}"),
            ("notes.txt", "plain words\n"),
            ("empty.bin", ""),
        ] {
            scanner.examine(&Blob::of_bytes(path, text.as_bytes()), None);
        }
    });
    let items: Vec<_> = report.stats.engines.iter().map(|ran| (ran.engine, ran.items)).collect();
    let expect = [
        ("secrets", 7),
        ("models", 1),
        ("repository", 6),
        ("code", 2),
        ("dependencies", 3),
        ("licences", 1),
    ];
    assert_eq!(items, expect);
    assert!(report.stats.engines.iter().all(|ran| ran.time > Some(Duration::ZERO)));
}

#[test]
fn markers_in_utf_16_are_obeyed() {
    let value = ["Zk81xQvTr90p", "Lw3BmNaa9"].concat();
    let text = format!("# {MARKER} secrets/* made up\r\napi_key = '{value}'\r\nother_api_key = '{value}'\r\n");
    let bytes: Vec<u8> = std::iter::once(0xfeff)
        .chain(text.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let settings = Settings {
        engines: vec![engine::by_name("secrets").unwrap()],
        ..settings()
    };
    let report = scan_with(&settings, |scanner| {
        scanner.examine(&Blob::of_bytes("a.ps1", &bytes[..]), None);
    });
    assert_eq!(places(&report), ["a.ps1:3"]);
}
