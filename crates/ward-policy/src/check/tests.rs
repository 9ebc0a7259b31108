//! Small repositories with a policy, and what is to become of its promises.

use super::*;
use crate::{
    read,
    repository::{Fault, File, Git, Scan, Tag},
};

mod agree;
mod amounts;
mod bad_input;
mod found;
mod honest;
mod included;
mod left_out;
mod manners;
mod named;
mod order;
mod ordinary;
mod packages;
mod programs;
mod releases;
mod runs;
mod seen;
mod settings;
mod starts;

/// 22 November 2026.
const TODAY: i64 = 20_779;

fn repository(files: &[(&str, &str)]) -> Repository {
    let file = |text: &str| File {
        len: text.len() as u64,
        lfs: text.starts_with("version https://git-lfs"),
        bytes: Some(text.as_bytes().to_vec()),
    };
    Repository {
        files: files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), file(text)))
            .collect(),
        git: Some(Git {
            default_branch: Some("main".to_owned()),
            newest_commit: Some(1),
            ..Git::default()
        }),
        slug: Some("github.com/acme/lantern".to_owned()),
        today: TODAY,
        ..Repository::default()
    }
}

fn judged(repository: &Repository) -> Report {
    judge(&read::policies(repository), repository)
}

/// A policy under a heading, other files, and what the promise about a topic comes to: verdict and rule.
#[track_caller]
fn check(policy: &str, files: &[(&str, &str)], topic: Topic, verdict: &str, rule: &str) {
    check_in(&with_policy(policy, files), topic, verdict, rule);
}

fn with_policy(policy: &str, files: &[(&str, &str)]) -> Repository {
    let policy = format!("# Security policy\n\n## Security measures\n\n{policy}\n");
    let mut all = vec![("SECURITY.md", policy.as_str())];
    all.extend(files);
    repository(&all)
}

#[track_caller]
fn check_in(repository: &Repository, topic: Topic, verdict: &str, rule: &str) {
    let report = judged(repository);
    let found: Vec<_> = report
        .judged
        .iter()
        .filter(|one| one.promise.topic == topic)
        .map(|one| (one.verdict.word(), one.rule))
        .collect();
    let policy = repository
        .files
        .get("SECURITY.md")
        .and_then(|file| file.bytes.clone())
        .unwrap_or_default();
    let all: Vec<_> = report
        .judged
        .iter()
        .map(|one| (one.promise.topic, one.verdict.clone(), &one.message))
        .collect();
    assert!(
        found.contains(&(verdict, rule)),
        "{}\nwanted {verdict} {rule}, got {found:?}\n{all:#?}",
        String::from_utf8_lossy(&policy)
    );
    for one in &report.judged {
        assert!(!one.message.is_empty());
        assert!(rules().iter().any(|rule| rule.id == one.rule));
    }
}

/// Whether a remark of a rule is made.
#[track_caller]
fn remarks(repository: &Repository, rule: &str, expect: bool) {
    let report = judged(repository);
    assert_eq!(
        report.remarks.iter().any(|one| one.rule == rule),
        expect,
        "{rule} {:#?}",
        report.remarks
    );
}

fn fault(rule: &str, path: &str) -> Fault {
    Fault {
        rule: rule.to_owned(),
        severity: "high".to_owned(),
        path: path.to_owned(),
        line: Some(3),
        commit: None,
    }
}

/// As after a scan, of a program where the repository names none.
fn scanned(mut repository: Repository, findings: Vec<Fault>) -> Repository {
    if !repository.files.keys().any(|path| pipeline::is_code(path)) {
        repository.files.insert("src/app.py".to_owned(), File::default());
    }
    let engines = ["secrets", "code", "repository", "dependencies"]
        .map(str::to_owned)
        .to_vec();
    Repository {
        scan: Some(Scan {
            engines,
            history: false,
            findings,
            ..Scan::default()
        }),
        ..repository
    }
}

fn ci(steps: &str) -> String {
    format!(
        "on:\n  push:\n  pull_request:\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n{steps}"
    )
}

#[test]
fn every_topic_has_one_check() {
    for topic in Topic::ALL {
        assert_eq!(CHECKS.iter().filter(|(one, _)| one == topic).count(), 1, "{topic:?}");
    }
    assert_eq!(CHECKS.len(), Topic::ALL.len());
}

#[test]
fn tools_that_are_named_run_or_do_not() {
    let policy = "- All code is scanned with Bandit on every pull request.";
    let app = ("src/app.py", "x = 1\n");
    let with = |step: &str| ci(&format!("      - run: {step}\n"));
    check(policy, &[app], Topic::StaticAnalysis, "broken", "policy-tool-absent");
    check(
        policy,
        &[app, (".github/workflows/ci.yml", &with("bandit -r src"))],
        Topic::StaticAnalysis,
        "kept",
        "policy-promise",
    );
    check(
        policy,
        &[app, (".github/workflows/ci.yml", &with("bandit -r src || true"))],
        Topic::StaticAnalysis,
        "weak",
        "policy-scan-hollow",
    );
    check(
        policy,
        &[app, (".github/workflows/ci.yml", &with("bandit -r lib"))],
        Topic::StaticAnalysis,
        "weak",
        "policy-scan-hollow",
    );
    check(
        policy,
        &[app, (".github/workflows/ci.yml", &with("pytest"))],
        Topic::StaticAnalysis,
        "broken",
        "policy-tool-absent",
    );
    let elsewhere = "on: push\njobs:\n  a:\n    uses: acme/shared/.github/workflows/scan.yml@v1\n";
    check(
        policy,
        &[app, (".github/workflows/ci.yml", elsewhere)],
        Topic::StaticAnalysis,
        "not_examined",
        "policy-promise",
    );
    check(
        policy,
        &[app, ("Jenkinsfile", "sh 'bandit -r src'\n")],
        Topic::StaticAnalysis,
        "not_examined",
        "policy-promise",
    );
    // One of two is absent.
    let two = "- Bandit and Semgrep run on every pull request.";
    check(
        two,
        &[app, (".github/workflows/ci.yml", &with("bandit -r src"))],
        Topic::StaticAnalysis,
        "broken",
        "policy-tool-absent",
    );
}

#[test]
fn dependencies_are_checked_or_nothing_is() {
    let policy = "- Dependencies are checked with pip-audit on every push.";
    let requirements = ("requirements.txt", "torch==2.6.0\n");
    check(
        policy,
        &[
            requirements,
            (
                ".github/workflows/ci.yml",
                &ci("      - run: pip-audit -r requirements.txt\n"),
            ),
        ],
        Topic::DependencyScan,
        "kept",
        "policy-promise",
    );
    check(
        policy,
        &[
            requirements,
            (
                ".github/workflows/ci.yml",
                &ci("      - run: pip install pip-audit && pip-audit\n"),
            ),
        ],
        Topic::DependencyScan,
        "weak",
        "policy-scan-hollow",
    );
}

#[test]
fn frequencies_need_schedules() {
    let policy = "- CodeQL runs weekly.";
    let steps = "      - uses: github/codeql-action/init@v3\n      - uses: github/codeql-action/analyze@v3\n";
    let on_push = ci(steps);
    let weekly = on_push.replace("  push:\n", "  push:\n  schedule:\n    - cron: '0 3 * * 1'\n");
    let monthly = weekly.replace("0 3 * * 1", "0 3 1 * *");
    check(
        policy,
        &[(".github/workflows/ci.yml", &on_push)],
        Topic::StaticAnalysis,
        "broken",
        "policy-schedule-absent",
    );
    check(
        policy,
        &[(".github/workflows/ci.yml", &monthly)],
        Topic::StaticAnalysis,
        "broken",
        "policy-schedule-absent",
    );
    check(
        policy,
        &[(".github/workflows/ci.yml", &weekly)],
        Topic::StaticAnalysis,
        "kept",
        "policy-promise",
    );
}

#[test]
fn own_rules_and_whole_histories_are_asked_for() {
    let policy = "- We run Semgrep with custom rules for LLM code in CI.";
    let own = [("rules/llm.yml", "rules: []\n"), ("src/a.py", "x\n")];
    let stock = ci("      - run: semgrep scan --config auto --error\n");
    let with = ci("      - run: semgrep scan --config rules/llm.yml --error\n");
    check(
        policy,
        &[own[0], own[1], (".github/workflows/ci.yml", &stock)],
        Topic::CustomRules,
        "weak",
        "policy-stock-rules",
    );
    check(
        policy,
        &[own[0], own[1], (".github/workflows/ci.yml", &with)],
        Topic::CustomRules,
        "kept",
        "policy-promise",
    );
    let policy = "- Gitleaks scans the full git history for secrets.";
    let shallow = ci("      - run: gitleaks detect\n");
    let full = shallow.replace("checkout@v4\n", "checkout@v4\n        with: {fetch-depth: 0}\n");
    check(
        policy,
        &[(".github/workflows/ci.yml", &shallow)],
        Topic::HistoryScan,
        "weak",
        "policy-shallow-history",
    );
    check(
        policy,
        &[(".github/workflows/ci.yml", &full)],
        Topic::HistoryScan,
        "kept",
        "policy-promise",
    );
}

#[test]
fn hooks_are_there_or_not() {
    let policy = "- Pre-commit hooks run before every commit.";
    let config = "repos:\n  - repo: https://github.com/astral-sh/ruff-pre-commit\n    rev: v0.6.0\n    hooks:\n      - id: ruff\n";
    check(policy, &[], Topic::PreCommit, "broken", "policy-hooks-absent");
    check(
        policy,
        &[(".pre-commit-config.yaml", config)],
        Topic::PreCommit,
        "kept",
        "policy-promise",
    );
}

#[test]
fn pins_hashes_and_bots() {
    let policy = "- All dependencies are pinned to exact versions.";
    check(
        policy,
        &[("requirements.txt", "torch>=2\nnumpy==2.0.0\n")],
        Topic::Pinning,
        "broken",
        "policy-unpinned",
    );
    check(
        policy,
        &[("requirements.txt", "torch==2.6.0\n")],
        Topic::Pinning,
        "kept",
        "policy-promise",
    );
    check(
        policy,
        &[
            ("pyproject.toml", "[project]\nname='a'\n"),
            ("uv.lock", "hash = 'sha256:1'\n"),
        ],
        Topic::Pinning,
        "kept",
        "policy-promise",
    );
    let policy = "- Dependabot proposes updates weekly.";
    check(policy, &[], Topic::UpdateBot, "broken", "policy-update-bot");
    let dependabot = |interval: &str| {
        format!(
            "version: 2\nupdates:\n  - package-ecosystem: pip\n    directory: /\n    schedule: {{interval: {interval}}}\n"
        )
    };
    let requirements = ("requirements.txt", "torch==2.6.0\n");
    check(
        policy,
        &[requirements, (".github/dependabot.yml", &dependabot("weekly"))],
        Topic::UpdateBot,
        "kept",
        "policy-promise",
    );
    check(
        policy,
        &[requirements, (".github/dependabot.yml", &dependabot("monthly"))],
        Topic::UpdateBot,
        "broken",
        "policy-schedule-absent",
    );
    check(
        policy,
        &[requirements, (".github/dependabot.yml", "version: 2\nupdates: []\n")],
        Topic::UpdateBot,
        "weak",
        "policy-update-bot",
    );
    let actions = dependabot("weekly").replace("pip", "github-actions");
    check(
        policy,
        &[requirements, (".github/dependabot.yml", &actions)],
        Topic::UpdateBot,
        "weak",
        "policy-update-bot",
    );
}

#[test]
fn files_keep_what_they_can() {
    let policy = "- Code owners are defined in CODEOWNERS.";
    check(policy, &[], Topic::CodeOwners, "broken", "policy-owners-absent");
    check(
        policy,
        &[("src/a.py", ""), (".github/CODEOWNERS", "* @acme/team\n")],
        Topic::CodeOwners,
        "kept",
        "policy-promise",
    );
    check(
        policy,
        &[("src/a.py", ""), (".github/CODEOWNERS", "/lib/ @acme/team\n")],
        Topic::CodeOwners,
        "weak",
        "policy-owners-hollow",
    );
    check(
        policy,
        &[("src/a.py", ""), (".github/CODEOWNERS", "* someone\n")],
        Topic::CodeOwners,
        "weak",
        "policy-owners-hollow",
    );
    let policy = "- The main branch is protected by branch protection rules.";
    check(
        policy,
        &[],
        Topic::BranchProtection,
        "unverifiable",
        "policy-forge-setting",
    );
    let settings = "branches:\n  - name: main\n    protection:\n      required_status_checks: {strict: true}\n";
    check(
        policy,
        &[(".github/settings.yml", settings)],
        Topic::BranchProtection,
        "kept",
        "policy-promise",
    );
    let policy = "- Model weights are stored in Git LFS and never committed to git.";
    check(
        policy,
        &[("model.pt", "xxxx")],
        Topic::WeightsOutsideGit,
        "broken",
        "policy-weights",
    );
    check(policy, &[], Topic::WeightsOutsideGit, "broken", "policy-weights");
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n";
    check(
        policy,
        &[
            ("model.pt", pointer),
            (".gitattributes", "*.pt filter=lfs diff=lfs merge=lfs -text\n"),
        ],
        Topic::WeightsOutsideGit,
        "kept",
        "policy-promise",
    );
}

#[test]
fn credentials_stay_out() {
    let policy = "- Credentials are kept in environment variables and .env files, which are never committed.";
    check(
        policy,
        &[(".env", "A=1\n"), (".gitignore", ".env\n")],
        Topic::EnvironmentFiles,
        "broken",
        "policy-env-tracked",
    );
    check(policy, &[], Topic::EnvironmentFiles, "broken", "policy-env-not-ignored");
    check(
        policy,
        &[(".gitignore", "*.pyc\n.env\n"), (".env.example", "A=\n")],
        Topic::EnvironmentFiles,
        "kept",
        "policy-promise",
    );
}

#[test]
fn findings_break_promises_and_advice() {
    let policy = "- Models are always loaded with `weights_only=True`.";
    let unsafe_load = || vec![fault("ml/torch-load", "src/load.py")];
    check_in(
        &with_policy(policy, &[]),
        Topic::SafeLoading,
        "not_examined",
        "policy-unsafe-loading",
    );
    check_in(
        &scanned(with_policy(policy, &[]), unsafe_load()),
        Topic::SafeLoading,
        "broken",
        "policy-unsafe-loading",
    );
    check_in(
        &scanned(with_policy(policy, &[]), Vec::new()),
        Topic::SafeLoading,
        "kept",
        "policy-promise",
    );
    let advice = repository(&[(
        "SECURITY.md",
        "# Security\n\n## Using lantern securely\n\nYou should always load models with `weights_only=True`.\n",
    )]);
    check_in(
        &scanned(advice.clone(), unsafe_load()),
        Topic::SafeLoading,
        "advice",
        "policy-advice-gap",
    );
    check_in(
        &scanned(advice, Vec::new()),
        Topic::SafeLoading,
        "advice",
        "policy-advice",
    );
}

#[test]
fn tags_are_signed_or_not() {
    let policy = "- Release tags are signed.";
    let tagged = |signed: bool| {
        let mut repository = with_policy(policy, &[]);
        let tags = vec![Tag {
            name: "v1.0.0".to_owned(),
            day: Some(TODAY - 3),
            signed,
        }];
        repository.git = Some(Git { tags, ..Git::default() });
        repository
    };
    check_in(&tagged(true), Topic::SignedReleases, "kept", "policy-promise");
    check_in(&tagged(false), Topic::SignedReleases, "broken", "policy-signatures");
    check_in(
        &with_policy(policy, &[]),
        Topic::SignedReleases,
        "not_examined",
        "policy-signatures",
    );
}

#[test]
fn tables_of_versions_are_held_against_versions() {
    let table = |rows: &str| {
        format!("# Security policy\n\n## Supported versions\n\n| Version | Supported |\n|---|---|\n{rows}\n")
    };
    let manifest = |version: &str| format!("[project]\nname = \"lantern\"\nversion = \"{version}\"\n");
    for (rows, version, verdict, rule) in [
        (
            "| 1.0.x | :white_check_mark: |\n| < 1.0 | :x: |",
            "0.1.0",
            "broken",
            "policy-versions",
        ),
        ("| 1.7.x | ✅ |\n| < 1.7 | ❌ |", "2.2.0", "broken", "policy-versions"),
        ("| 1.2.x | ✅ |\n| < 1.2 | ❌ |", "1.2.5", "kept", "policy-promise"),
        ("| 0.x | ✅ |", "0.4.0", "kept", "policy-promise"),
        ("| >= 2.0 | ✅ |\n| < 2.0 | ❌ |", "2.1.0", "kept", "policy-promise"),
    ] {
        let (policy, manifest) = (table(rows), manifest(version));
        let repository = repository(&[("SECURITY.md", &policy), ("pyproject.toml", &manifest)]);
        check_in(&repository, Topic::SupportedVersions, verdict, rule);
    }
    let ended = "# Security policy\n\n## Supported versions\n\n| Version | Supported | End of support |\n|---|---|---|\n| 1.x | ✅ | 2024-12-31 |\n";
    let manifest = manifest("1.0.0");
    let repository = repository(&[("SECURITY.md", ended), ("pyproject.toml", &manifest)]);
    check_in(&repository, Topic::SupportedVersions, "broken", "policy-versions-ended");
}

#[test]
fn contacts_are_held_against_what_can_be_reached() {
    let policy = |contact: &str| {
        format!(
            "# Security policy\n\n## Reporting a vulnerability\n\nPlease report vulnerabilities by e-mail to {contact}.\n"
        )
    };
    let of = |contact: &str| {
        let text = policy(contact);
        repository(&[("SECURITY.md", &text)])
    };
    check_in(
        &of("security@acme.dev"),
        Topic::PrivateChannel,
        "kept",
        "policy-promise",
    );
    check_in(
        &of("security@example.com"),
        Topic::PrivateChannel,
        "broken",
        "policy-contact-placeholder",
    );
    check_in(
        &of("noreply@acme.dev"),
        Topic::PrivateChannel,
        "broken",
        "policy-contact-placeholder",
    );
    remarks(&of("security@example.com"), "policy-contact-placeholder", true);
    remarks(&of("security@acme.dev"), "policy-contact-placeholder", false);
    let text = policy("security@acme.dev");
    let other = "Contact: mailto:help@lantern.dev\nExpires: 2027-03-01T00:00:00Z\n";
    let two = repository(&[("SECURITY.md", &text), (".well-known/security.txt", other)]);
    check_in(&two, Topic::PrivateChannel, "contradictory", "policy-contacts-disagree");
    remarks(&two, "policy-contacts-disagree", true);
    let form = "# Security\n\n## Reporting a vulnerability\n\nReport privately at https://github.com/other/thing/security/advisories/new.\n";
    let elsewhere = repository(&[("SECURITY.md", form)]);
    remarks(&elsewhere, "policy-link-elsewhere", true);
    let own = repository(&[("SECURITY.md", &form.replace("other/thing", "acme/lantern"))]);
    remarks(&own, "policy-link-elsewhere", false);
}

#[test]
fn times_agree_or_do_not() {
    let policy = "# Security policy\n\n## Reporting\n\nWe will acknowledge your report within 48 hours.\n\n## Response\n\nWe acknowledge reports within 5 days.\n";
    let two = repository(&[("SECURITY.md", policy)]);
    check_in(&two, Topic::Acknowledge, "contradictory", "policy-clocks-disagree");
    let one = repository(&[("SECURITY.md", &policy.replace("5 days", "2 days"))]);
    check_in(&one, Topic::Acknowledge, "unverifiable", "policy-conduct");
    let vague = repository(&[(
        "SECURITY.md",
        "# Security policy\n\n## Reporting\n\nWe will acknowledge your report as soon as possible.\n",
    )]);
    check_in(&vague, Topic::Acknowledge, "vague", "policy-vague");
}

#[test]
fn frames_decide_first() {
    check(
        "- We plan to add CodeQL scanning in the future.",
        &[],
        Topic::StaticAnalysis,
        "vague",
        "policy-planned",
    );
    check(
        "- The service is fully HIPAA compliant.",
        &[],
        Topic::Standards,
        "unverifiable",
        "policy-standard",
    );
    check(
        "- All API endpoints require authentication.",
        &[],
        Topic::Authentication,
        "unverifiable",
        "policy-service",
    );
}

#[test]
fn texts_are_remarked_upon() {
    let with = |text: &str, files: &[(&str, &str)]| {
        let mut all = vec![("SECURITY.md", text)];
        all.extend(files);
        repository(&all)
    };
    let link = "# Security\n\nSee [the process](docs/process.md) and [home](README.md).\n";
    remarks(&with(link, &[("README.md", "# Lantern\n")]), "policy-link-dead", true);
    remarks(
        &with(link, &[("README.md", "# Lantern\n"), ("docs/process.md", "x")]),
        "policy-link-dead",
        false,
    );
    let copied = "# Security policy\n\nThe Firefly team takes vulnerabilities in Firefly seriously.\n\nTo report a vulnerability in Firefly, write to security@acme.dev.\n";
    let readme = ("README.md", "# Lantern\n");
    remarks(&with(copied, &[readme]), "policy-copied", true);
    remarks(
        &with(&copied.replace("Firefly", "Lantern"), &[readme]),
        "policy-copied",
        false,
    );
    let template = ".github/ISSUE_TEMPLATE/vulnerability.md";
    let private = "# Security\n\nDo not report vulnerabilities in public issues. Write to security@acme.dev.\n";
    remarks(
        &with(
            private,
            &[(template, "---\nname: Report a vulnerability\n---\nDescribe it\n")],
        ),
        "policy-public-template",
        true,
    );
    let txt = "Contact: mailto:security@acme.dev\nExpires: 2024-03-01T00:00:00Z\n";
    remarks(&with(private, &[("security.txt", txt)]), "policy-security-txt", true);
}

#[test]
fn what_is_missing_is_named() {
    let report = judged(&repository(&[
        ("SECURITY.md", "# Security\n\nWrite to security@acme.dev.\n"),
        ("requirements.txt", "torch==2.6.0\n"),
    ]));
    assert!(!report.missing.contains(&Topic::PrivateChannel));
    assert!(report.missing.contains(&Topic::Acknowledge) && report.missing.contains(&Topic::SafeLoading));
    let none = judged(&repository(&[("README.md", "# Lantern\n")]));
    assert!(none.missing.contains(&Topic::PrivateChannel));
    assert!(none.not_examined.iter().any(|(path, _)| path == "SECURITY.md"));
}
