//! Every rule with what it finds and what it leaves alone, and the judgement of known faults.

use std::collections::BTreeSet;

use ward_evidence::Severity;
use ward_formats::input::Input;

use crate::{
    Blob, Report,
    advisories::{Advisories, Builder, Known},
    config::Config,
    report::Reported,
    scan::{Settings, tests},
    suppress::read_day,
};

/// Advisories for the tests below, of packages that do not exist.
fn advisories() -> Advisories {
    let osv = |id: &str, ecosystem: &str, name: &str, events: &str, more: &str| {
        format!(
            "{{\"id\":\"{id}\",\"modified\":\"2024-09-20T00:00:00Z\",\"summary\":\"Something is wrong.\"{more},\"affected\":[{{\"package\":{{\"ecosystem\":\"{ecosystem}\",\
            \"name\":\"{name}\"}},\"ranges\":[{{\"type\":\"ECOSYSTEM\",\"events\":[{events}]}}]}}]}}"
        )
    };
    let range = |from: &str, to: &str| format!("{{\"introduced\":\"{from}\"}},{{\"fixed\":\"{to}\"}}");
    let high = ",\"severity\":[{\"type\":\"CVSS_V3\",\"score\":\"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N\"}]";
    let files = [
        osv(
            "PYSEC-1",
            "PyPI",
            "faulty",
            &range("0", "1.5"),
            ",\"aliases\":[\"CVE-2024-1\"]",
        ),
        osv(
            "GHSA-1",
            "PyPI",
            "faulty",
            &range("0", "1.5"),
            &format!(",\"aliases\":[\"CVE-2024-1\"]{high}"),
        ),
        osv(
            "PYSEC-2",
            "PyPI",
            "faulty",
            &range("1.2", "1.6"),
            ",\"aliases\":[\"CVE-2024-2\"]",
        ),
        osv("PYSEC-3", "PyPI", "faulty", &range("1.0", "2.1"), ""),
        osv("MAL-1", "PyPI", "evil", "{\"introduced\":\"0\"}", ""),
        osv("PYSEC-4", "PyPI", "major", &range("0", "2.0"), ""),
        osv("GHSA-9", "npm", "faulty", &range("0", "2.0.0"), ""),
        osv("GHSA-10", "Go", "h.example/m", &range("0", "1.2.3"), ""),
        osv("GHSA-11", "GitHub Actions", "o/action", &range("0", "45.0.8"), ""),
        osv("RUSTSEC-1", "crates.io", "faulty", &range("0.0.0-0", "0.3.0"), ""),
    ];
    let mut builder = Builder::new();
    for text in &files {
        builder.add("a.json", &Input::of_bytes(text.as_bytes()));
    }
    builder.add(
        "k.json",
        &Input::of_bytes(b"{\"vulnerabilities\":[{\"cveID\":\"CVE-2024-2\"}]}"),
    );
    assert_eq!(builder.added().rejected_count, 0);
    Advisories::of_bytes(builder.write(20_000).unwrap().0).unwrap()
}

fn settings(config: &str) -> Settings {
    Settings {
        engines: vec![&super::ENGINE],
        advisories: Known::Open(Box::new(advisories())),
        config: Config::read(config).unwrap(),
        today: read_day("2024-10-01").unwrap(),
        ..tests::settings()
    }
}

fn scan(config: &str, files: &[(&str, &str)]) -> Report {
    tests::scan_with(&settings(config), |scanner| {
        for (path, text) in files {
            scanner.examine(&Blob::of_bytes(*path, text.as_bytes()), None);
        }
    })
}

const REQUIREMENTS: &str = "requirements.txt";
const HASHED: &str = "a==1 --hash=sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// For each rule: files in which it is found, files in which it is not. The configuration stands first.
type Case = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

const FOUND: &[Case] = &[
    ("dependencies/vulnerable", "", &[(REQUIREMENTS, "faulty==1.4")]),
    ("dependencies/vulnerable", "", &[(REQUIREMENTS, "Faulty>=1.0,<1.4")]),
    (
        "dependencies/vulnerable",
        "",
        &[("package.json", "{\"dependencies\":{\"faulty\":\"^1.0.0\"}}")],
    ),
    (
        "dependencies/vulnerable",
        "",
        &[(
            "Cargo.lock",
            "version=4\n[[package]]\nname='faulty'\nversion='0.2.9'\nsource='registry+https://github.com/rust-lang/crates.io-index'\n",
        )],
    ),
    (
        "dependencies/vulnerable",
        "",
        &[("go.mod", "module x\nrequire h.example/m v1.2.2\n")],
    ),
    (
        "dependencies/vulnerable",
        "",
        &[(
            ".github/workflows/a.yml",
            "jobs: {a: {steps: [{uses: O/action/sub@v44}]}}",
        )],
    ),
    (
        "dependencies/vulnerable",
        "",
        &[("environment.yml", "dependencies: [faulty=1.4]")],
    ),
    (
        "dependencies/vulnerable",
        "",
        &[
            (REQUIREMENTS, "faulty\n-c c/limits-constraint.txt"),
            ("c/limits-constraint.txt", "faulty==1.0"),
        ],
    ),
    ("dependencies/malicious", "", &[(REQUIREMENTS, "evil")]),
    ("dependencies/allows-vulnerable", "", &[(REQUIREMENTS, "faulty>=1.0")]),
    ("dependencies/unpinned", "", &[(REQUIREMENTS, "a>=1")]),
    (
        "dependencies/unpinned",
        "",
        &[("package.json", "{\"dependencies\":{\"a\":\"^1.0.0\"}}")],
    ),
    (
        "dependencies/unpinned",
        "",
        &[("pyproject.toml", "[project]\ndependencies=['a']\n")],
    ),
    (
        "dependencies/unpinned",
        "[scan]\nprofile='thorough'",
        &[("tests/requirements.txt", "a>=1")],
    ),
    (
        "dependencies/unhashed",
        "",
        &[(REQUIREMENTS, "a==1 --hash=sha256:00\nb==1")],
    ),
    ("dependencies/unhashed", "", &[(REQUIREMENTS, "a==1\nb==1")]),
    ("dependencies/unhashed", "", &[("requirements.in", "a==1")]),
    (
        "dependencies/unhashed",
        "",
        &[("requirements.in", "a==1"), (REQUIREMENTS, "a==1\nb==1")],
    ),
    (
        "dependencies/from-repository",
        "",
        &[(REQUIREMENTS, "a @ git+https://h.example/a@main")],
    ),
    (
        "dependencies/from-repository",
        "",
        &[("package.json", "{\"dependencies\":{\"a\":\"o/a\"}}")],
    ),
    (
        "dependencies/from-address",
        "",
        &[(REQUIREMENTS, "https://h.example/a-1.0.tar.gz")],
    ),
    ("dependencies/from-folder", "", &[(REQUIREMENTS, "-e ./a")]),
    (
        "dependencies/other-registry",
        "",
        &[(
            "yarn.lock",
            "a@1:\n  version \"1.0.0\"\n  resolved \"https://i.example/a/-/a-1.0.0.tgz\"\n",
        )],
    ),
    (
        "dependencies/second-index",
        "",
        &[(REQUIREMENTS, "--extra-index-url https://i.example/simple\na==1")],
    ),
    (
        "dependencies/plain-http",
        "",
        &[(REQUIREMENTS, "--index-url http://i.example/simple\na==1")],
    ),
    (
        "dependencies/plain-http",
        "",
        &[(REQUIREMENTS, "a @ http://i.example/a.whl")],
    ),
    (
        "dependencies/trusted-host",
        "",
        &[(REQUIREMENTS, "--trusted-host i.example\na==1")],
    ),
    (
        "dependencies/internal-name",
        "[scan.dependencies]\ninternal=['acme-*']",
        &[(REQUIREMENTS, "acme-auth==1")],
    ),
    ("dependencies/lookalike", "", &[(REQUIREMENTS, "reqeusts==1")]),
    (
        "dependencies/locks-disagree",
        "",
        &[
            ("poetry.lock", "[[package]]\nname='a'\nversion='1'\n"),
            ("uv.lock", "[[package]]\nname='a'\nversion='2'\n"),
        ],
    ),
    (
        "dependencies/lock-stale",
        "",
        &[
            ("pyproject.toml", "[project]\ndependencies=['a>=2']\n"),
            ("uv.lock", "[[package]]\nname='a'\nversion='1'\n"),
        ],
    ),
    (
        "dependencies/lock-stale",
        "",
        &[
            ("package.json", "{\"dependencies\":{\"a\":\"1\"}}"),
            (
                "package-lock.json",
                "{\"packages\":{\"node_modules/b\":{\"version\":\"1.0.0\"}}}",
            ),
        ],
    ),
];

const NOT_FOUND: &[Case] = &[
    (
        "dependencies/vulnerable",
        "",
        &[(REQUIREMENTS, "faulty==2.1\nother==1.0")],
    ),
    ("dependencies/vulnerable", "", &[(REQUIREMENTS, "faulty>=1.0,<3")]),
    (
        "dependencies/vulnerable",
        "",
        &[("package.json", "{\"dependencies\":{\"faulty\":\"^2.0.0\"}}")],
    ),
    (
        "dependencies/vulnerable",
        "",
        &[(".github/workflows/a.yml", "jobs: {a: {steps: [{uses: o/action@v46}]}}")],
    ),
    ("dependencies/malicious", "", &[(REQUIREMENTS, "evil2")]),
    ("dependencies/allows-vulnerable", "", &[(REQUIREMENTS, "faulty>=2.1")]),
    (
        "dependencies/allows-vulnerable",
        "",
        &[
            ("pyproject.toml", "[project]\ndependencies=['faulty>=1']\n"),
            ("uv.lock", "[[package]]\nname='faulty'\nversion='2.1'\n"),
        ],
    ),
    ("dependencies/unpinned", "", &[(REQUIREMENTS, "a==1")]),
    (
        "dependencies/unpinned",
        "",
        &[(REQUIREMENTS, "a\n-c constraints.txt"), ("constraints.txt", "a==1")],
    ),
    (
        "dependencies/unpinned",
        "",
        &[
            ("pyproject.toml", "[project]\ndependencies=['a']\n"),
            ("uv.lock", "[[package]]\nname='a'\nversion='1'\n"),
        ],
    ),
    ("dependencies/unpinned", "", &[("tests/requirements.txt", "a>=1")]),
    (
        "dependencies/unhashed",
        "",
        &[(REQUIREMENTS, "a==1 --hash=sha256:00\nb==1 --hash=sha256:11")],
    ),
    ("dependencies/unhashed", "", &[(REQUIREMENTS, "a>=1")]),
    // What `pip-compile --generate-hashes` read, and what it wrote.
    (
        "dependencies/unhashed",
        "",
        &[("requirements.in", "a==1"), (REQUIREMENTS, HASHED)],
    ),
    ("dependencies/from-repository", "", &[(REQUIREMENTS, "a==1")]),
    ("dependencies/from-address", "", &[(REQUIREMENTS, "a==1")]),
    ("dependencies/from-folder", "", &[(REQUIREMENTS, "a==1")]),
    (
        "dependencies/from-folder",
        "",
        &[("Dockerfile", "FROM a@sha256:b\nRUN pip install -e .")],
    ),
    (
        "dependencies/unpinned",
        "",
        &[("environment.yml", "dependencies:\n  - python=3.11\n  - pip\n")],
    ),
    (
        "dependencies/other-registry",
        "",
        &[("yarn.lock", "a@1:\n  version \"1.0.0\"\n")],
    ),
    (
        "dependencies/second-index",
        "",
        &[(
            "pyproject.toml",
            "[[tool.uv.index]]\nurl='https://i.example'\nexplicit=true\n",
        )],
    ),
    (
        "dependencies/plain-http",
        "",
        &[(REQUIREMENTS, "--index-url http://localhost:3141/simple\na==1")],
    ),
    (
        "dependencies/trusted-host",
        "",
        &[(REQUIREMENTS, "--trusted-host localhost\na==1")],
    ),
    (
        "dependencies/internal-name",
        "[scan.dependencies]\ninternal=['acme-*']",
        &[(REQUIREMENTS, "--index-url https://i.example\nacme-auth==1")],
    ),
    (
        "dependencies/internal-name",
        "[scan.dependencies]\ninternal=['acme-*']",
        &[(REQUIREMENTS, "acne-auth==1")],
    ),
    (
        "dependencies/lookalike",
        "",
        &[(REQUIREMENTS, "requests==1\nacme-tool==1")],
    ),
    (
        "dependencies/locks-disagree",
        "",
        &[
            ("poetry.lock", "[[package]]\nname='a'\nversion='1'\n"),
            ("x/uv.lock", "[[package]]\nname='a'\nversion='2'\n"),
        ],
    ),
    (
        "dependencies/lock-stale",
        "",
        &[
            ("pyproject.toml", "[project]\ndependencies=['a>=1']\n"),
            ("uv.lock", "[[package]]\nname='a'\nversion='1'\n"),
        ],
    ),
];

#[test]
fn every_rule_finds_and_leaves_alone() {
    for (rule, config, files) in FOUND {
        let report = scan(config, files);
        let rules: Vec<_> = report.findings.iter().map(|one| one.finding.rule.id).collect();
        assert!(
            rules.contains(rule),
            "{rule} not in {rules:?} of {files:?}; {:?}",
            report.not_examined
        );
    }
    for (rule, config, files) in NOT_FOUND {
        let report = scan(config, files);
        let found = report.findings.iter().find(|one| one.finding.rule.id == *rule);
        assert!(
            found.is_none(),
            "{rule} in {files:?}: {:?}",
            found.map(|one| &one.finding.note)
        );
    }
    let tested: BTreeSet<_> = FOUND.iter().map(|case| case.0).collect();
    let spared: BTreeSet<_> = NOT_FOUND.iter().map(|case| case.0).collect();
    // Notices are tested with the format that has them.
    let missing: Vec<_> = super::rules::RULES
        .iter()
        .map(|rule| rule.id)
        .filter(|id| *id != "dependencies/unmaintained")
        .filter(|id| !tested.contains(id) || !spared.contains(id))
        .collect();
    assert!(missing.is_empty(), "rules without both kinds of example: {missing:?}");
}

#[test]
fn files_that_take_each_other_in_end() {
    let other = "requirements-b.txt";
    for files in [
        &[
            (REQUIREMENTS, "-r requirements-b.txt\nfaulty==1.4"),
            (other, "-r requirements.txt\n-c requirements-b.txt\n"),
        ][..],
        &[(REQUIREMENTS, "-r requirements.txt\n-c requirements.txt\nfaulty==1.4")],
    ] {
        let report = scan("", files);
        assert!(!vulnerable(&report).is_empty(), "{files:?}");
        let circles = report
            .not_examined
            .iter()
            .filter(|one| one.at.path.ends_with(".txt"))
            .count();
        assert_eq!(circles, 0, "{:?}", report.not_examined);
    }
}

fn vulnerable(report: &Report) -> Vec<&Reported> {
    report
        .findings
        .iter()
        .filter(|one| one.finding.rule.id == "dependencies/vulnerable")
        .collect()
}

#[test]
fn one_fault_is_one_finding_with_its_names_and_its_fix() {
    let report = scan("", &[(REQUIREMENTS, "faulty==1.4")]);
    let found = vulnerable(&report);
    assert_eq!(
        found.len(),
        3,
        "{:?}",
        found.iter().map(|one| &one.finding.note).collect::<Vec<_>>()
    );
    let package = |id: &str| {
        let of = |one: &&&Reported| {
            one.more
                .package
                .as_ref()
                .and_then(|package| package.advisory.as_deref())
                == Some(id)
        };
        found.iter().find(of).copied().unwrap()
    };
    let first = package("PYSEC-1");
    let about = first.more.package.as_ref().unwrap();
    assert_eq!(
        (about.name.as_str(), about.version.as_deref(), about.aliases.join(" ")),
        ("faulty", Some("1.4"), "CVE-2024-1 GHSA-1".to_owned())
    );
    // 1.5 and 1.6 still have PYSEC-3.
    assert_eq!(about.fixed.as_deref(), Some("2.1"));
    assert_eq!(first.severity, Severity::High);
    assert_eq!(package("PYSEC-2").severity, Severity::Critical);
    assert_eq!(package("PYSEC-3").severity, Severity::Medium);
    // Another major version is proposed and not put in.
    assert_eq!(first.more.fix, None);
    let report = scan("", &[("requirements.txt", "  major == 0.5 ; x\n")]);
    assert_eq!(
        vulnerable(&report)[0].more.package.as_ref().unwrap().fixed.as_deref(),
        Some("2.0")
    );
    let report = scan("", &[("package.json", "{\"dependencies\":{\"faulty\":\"<2\"}}")]);
    let fix = vulnerable(&report)[0].more.fix.clone().unwrap();
    assert_eq!(
        (fix.edits[0].start, fix.edits[0].end, fix.edits[0].text.as_str()),
        (27, 29, "^2.0.0")
    );
}

#[test]
fn what_nothing_imports_ranks_lower() {
    let lock = "[[package]]\nname='top'\nversion='1'\ndependencies=[{name='faulty'}]\n[[package]]\nname='faulty'\nversion='2.0'\n[[package]]\nname='major'\nversion='1.0'\n";
    let severity = |code: &str, name: &str| {
        let report = scan("", &[("uv.lock", lock), ("a.py", code)]);
        let of = |one: &&&Reported| one.more.package.as_ref().is_some_and(|package| package.name == name);
        let found = vulnerable(&report);
        let one = found.iter().find(of).copied().cloned().unwrap();
        (one.severity, one.details.join("; "))
    };
    assert_eq!(severity("import major", "major").0, Severity::Medium);
    let (low, why) = severity("import other", "major");
    assert!(low == Severity::Low && why.contains("imports it"), "{why}");
    // Needed by something that is imported.
    let (same, by) = severity("import top", "faulty");
    assert!(same == Severity::Medium && by.contains("needed by top"), "{by}");
}

#[test]
fn without_advisories_or_with_old_ones_nothing_is_called_clean() {
    let reasons = |settings: &Settings| -> String {
        let report = tests::scan_with(settings, |scanner| {
            scanner.examine(&Blob::of_bytes(REQUIREMENTS, b"a==1 --hash=sha256:00"), None);
        });
        assert!(report.findings.is_empty());
        report
            .not_examined
            .iter()
            .map(|one| one.reason.as_ref())
            .collect::<Vec<_>>()
            .join("; ")
    };
    assert_eq!(reasons(&settings("")), "");
    let none = Settings {
        advisories: Known::None,
        ..settings("")
    };
    assert!(reasons(&none).contains("there are none"));
    let refused = Advisories::of_bytes(vec![1, 2, 3]).err().unwrap();
    let damaged = Settings {
        advisories: Known::Refused(refused),
        ..settings("")
    };
    assert!(reasons(&damaged).contains("no advisory database"));
    let later = Settings {
        today: read_day("2024-11-30").unwrap(),
        ..settings("")
    };
    assert!(reasons(&later).contains("as of 2024-09-20"));
    let patient = Settings {
        today: read_day("2024-11-30").unwrap(),
        ..settings("[scan.dependencies]\nadvisories-at-most-days = 400")
    };
    assert_eq!(reasons(&patient), "");
    // The report says of which day they are.
    let report = scan("", &[(REQUIREMENTS, "a==1")]);
    assert_eq!(report.stats.advisories, read_day("2024-09-20"));
}

#[test]
fn what_cannot_be_read_or_compared_is_named() {
    for (files, expect) in [
        (&[(REQUIREMENTS, "a==1\n???\n")][..], "neither a requirement"),
        (&[("poetry.lock", "<<<<")], "no TOML"),
        (&[(REQUIREMENTS, "-r gone.txt")], "not scanned"),
        (&[(REQUIREMENTS, "faulty===weird~version")], "cannot be compared"),
        (
            &[(
                ".github/workflows/a.yml",
                "jobs: {a: {steps: [{uses: o/action@0123456789012345678901234567890123456789}]}}",
            )],
            "does not tell",
        ),
        (&[("setup.py", "setup(install_requires=read())")], "computed"),
    ] {
        let report = scan("", files);
        assert!(
            report.not_examined.iter().any(|one| one.reason.contains(expect)),
            "{files:?}: {:?}",
            report.not_examined
        );
    }
    // Files that take in one another are read once.
    let report = scan(
        "",
        &[
            ("requirements.txt", "-r requirements-b.txt\na==1"),
            ("requirements-b.txt", "-r requirements.txt\nb==1"),
        ],
    );
    assert!(report.not_examined.is_empty());
}

#[test]
fn versions_are_changed_where_a_manifest_still_asks_for_them() {
    let text = "{\"dependencies\":{\"faulty\":\"<2\"}}";
    let report = scan("", &[("package.json", text), ("a/Cargo.lock", "")]);
    assert!(crate::fix::plan(&report, false).is_empty());
    let plan = crate::fix::plan(&report, true);
    let after = crate::fix::apply(text.as_bytes(), &plan[0].edits).unwrap();
    assert_eq!(after, b"{\"dependencies\":{\"faulty\":\"^2.0.0\"}}");
    let mends: Vec<&Reported> = plan[0].mends.iter().map(|at| &report.findings[*at]).collect();
    for (now, expect) in [
        (text, true),
        ("{\"dependencies\":{\"other\":\"<2\"}}", false),
        ("{}", false),
    ] {
        let blob = crate::Blob::of_bytes("package.json", now.as_bytes());
        assert_eq!(crate::fix::still_asks(&blob, &mends), expect, "{now}");
    }
    let all = crate::fix::proposals(&report);
    assert_eq!((all.len(), all[0].to.as_str(), all[0].by_ward), (1, "2.0.0", true));
    let lock = "[[package]]\nname='faulty'\nversion='1.4'\n";
    let all = crate::fix::proposals(&scan("", &[("uv.lock", lock)]));
    assert_eq!(all[0].by_tool.as_deref(), Some("uv lock --upgrade-package faulty==2.1"));
    assert!(!all[0].by_ward && all[0].clears.contains(&"PYSEC-1".to_owned()));
}
