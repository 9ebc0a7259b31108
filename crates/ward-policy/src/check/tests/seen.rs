//! What a scan found and is told to be silent about, and what it could not see: neither keeps a promise.

use super::*;

const SECRETS: &str = "- No secrets are committed to this repository.";

fn with_scan(policy: &str, files: &[(&str, &str)], scan: Scan) -> Repository {
    let engines = ["secrets", "code", "repository", "models"].map(str::to_owned).to_vec();
    Repository {
        scan: Some(Scan { engines, ..scan }),
        ..with_policy(policy, files)
    }
}

#[test]
fn findings_that_are_kept_back_are_seen() {
    let back = |rule: &str, by| vec![(fault(rule, "a.py"), by)];
    for (policy, rule, topic) in [
        (SECRETS, "secrets/github-token", Topic::SecretScan),
        (
            "- Credentials live in `.env` files that are never committed.",
            "secrets/github-token",
            Topic::EnvironmentFiles,
        ),
        (
            "- We never use eval on user input, so that no code is injected.",
            "code/eval",
            Topic::Injection,
        ),
        ("- We never load pickle files.", "code/pickle-load", Topic::SafeLoading),
        (
            "- We never ship pickle files.",
            "models/pickle-executes",
            Topic::SafeLoading,
        ),
    ] {
        for by in ["`.wardignore`", "a comment", "the baseline"] {
            let scan = Scan {
                kept_back: back(rule, by),
                ..Scan::default()
            };
            let repository = with_scan(policy, &[(".gitignore", ".env\n")], scan);
            check_in(&repository, topic, "weak", "policy-finding-kept-back");
            // In an attestation that is no evidence either way.
            let all = crate::attest::promises::evidence(&judged(&repository));
            let outcomes: Vec<_> = all.values().flatten().map(|item| item.outcome).collect();
            assert!(
                !outcomes.contains(&crate::attest::document::Outcome::Failed),
                "{policy}"
            );
        }
    }
    // What another rule found says nothing of secrets.
    let scan = Scan {
        kept_back: back("code/eval", "a comment"),
        ..Scan::default()
    };
    check_in(
        &with_scan(SECRETS, &[], scan),
        Topic::SecretScan,
        "kept",
        "policy-promise",
    );
    // A report of which only the numbers are known.
    let scan = Scan {
        kept_back_unnamed: 2,
        ..Scan::default()
    };
    check_in(
        &with_scan(SECRETS, &[], scan),
        Topic::SecretScan,
        "not_examined",
        "policy-secrets",
    );
}

#[test]
fn what_was_not_examined_may_hold_anything() {
    let dark = vec![("a.rar".to_owned(), "an archive that is not unpacked".to_owned())];
    let scan = Scan {
        not_examined: dark.clone(),
        ..Scan::default()
    };
    let repository = with_scan(SECRETS, &[], scan);
    check_in(&repository, Topic::SecretScan, "not_examined", "policy-secrets");
    let report = judged(&repository);
    assert_eq!(report.not_examined, dark);
    assert_eq!(report.ending(false), crate::report::Ending::NotExamined);
    let scan = Scan {
        accepted: 1,
        ..Scan::default()
    };
    let report = judged(&with_scan(SECRETS, &[], scan));
    let verdict = &report.judged.first().unwrap().verdict;
    let Verdict::Kept { proofs, limit } = verdict else {
        panic!("{verdict:?}")
    };
    assert!(limit.is_some_and(|limit| limit.contains(".wardignore")));
    assert_eq!(proofs.all().len(), 2);
}

#[test]
fn promises_about_pickles_look_at_files() {
    let policy = "- We never ship pickle files.";
    let scan = || Scan::default();
    let pickle = ("models/m.pkl", "x");
    check_in(
        &with_scan(policy, &[pickle], scan()),
        Topic::SafeLoading,
        "broken",
        "policy-pickle-tracked",
    );
    check_in(
        &with_scan(policy, &[], scan()),
        Topic::SafeLoading,
        "kept",
        "policy-promise",
    );
    let found = Scan {
        findings: vec![fault("models/pickle-executes", "m.dat")],
        ..Scan::default()
    };
    check_in(
        &with_scan(policy, &[], found),
        Topic::SafeLoading,
        "broken",
        "policy-unsafe-loading",
    );
    // Without the engine nobody looked at files.
    let unseen = scanned(with_policy(policy, &[]), Vec::new());
    check_in(&unseen, Topic::SafeLoading, "not_examined", "policy-unsafe-loading");
    let policy = "- Weights are distributed as safetensors only.";
    let torch = ("models/best.pt", "x");
    check_in(
        &with_scan(policy, &[torch], scan()),
        Topic::SafeLoading,
        "broken",
        "policy-pickle-tracked",
    );
}

#[test]
fn certificates_of_clients_and_upstreams_are_heard() {
    let on = "[serve.tls]\nclient_ca = \"ca.pem\"\nclient_required = true\n";
    for (policy, settings, topic, verdict, rule) in [
        (
            "- The service requires client certificates.",
            on,
            Topic::Authentication,
            "kept",
            "policy-promise",
        ),
        (
            "- The service requires client certificates.",
            "[serve]\n",
            Topic::Authentication,
            "broken",
            "policy-service-differs",
        ),
        (
            "- Upstream certificates are pinned.",
            "[serve.upstream]\npins = [\"0000000000000000000000000000000000000000000000000000000000000000\"]\n",
            Topic::CertificatePinning,
            "kept",
            "policy-promise",
        ),
        (
            "- Upstream certificates are pinned.",
            "[serve]\n",
            Topic::CertificatePinning,
            "broken",
            "policy-service-differs",
        ),
    ] {
        check(policy, &[("ward.toml", settings)], topic, verdict, rule);
    }
}

#[test]
fn a_bot_that_looks_at_nothing_updates_nothing() {
    const POLICY: &str = "- Dependabot updates our dependencies every week.";
    let config = |entry: &str| {
        format!("version: 2\nupdates:\n  - package-ecosystem: {entry}\n    schedule:\n      interval: weekly\n")
    };
    let requirements = ("requirements.txt", "torch==2.6.0\n");
    let nested = ("requirements/dev.txt", "torch==2.6.0\n");
    for (entry, files, verdict, rule) in [
        (
            "npm\n    directory: /nope",
            vec![requirements],
            "weak",
            "policy-update-bot",
        ),
        (
            "pip\n    directory: /nope",
            vec![requirements],
            "weak",
            "policy-update-bot",
        ),
        ("pip\n    directory: /", vec![requirements], "kept", "policy-promise"),
        (
            "pip\n    directory: /requirements",
            vec![nested],
            "kept",
            "policy-promise",
        ),
        (
            "pip\n    directories: [\"/a\", \"/requ*\"]",
            vec![nested],
            "kept",
            "policy-promise",
        ),
        (
            "pip\n    directory: /\n    ignore:\n      - dependency-name: \"*\"",
            vec![requirements],
            "weak",
            "policy-update-bot",
        ),
        (
            "pip\n    directory: /\n    ignore:\n      - dependency-name: \"*\"\n        update-types: [\"version-update:semver-major\"]",
            vec![requirements],
            "kept",
            "policy-promise",
        ),
    ] {
        let text = config(entry);
        let mut files = files;
        files.push((".github/dependabot.yml", &text));
        check(POLICY, &files, Topic::UpdateBot, verdict, rule);
    }
}

#[test]
fn own_actions_are_looked_at_for_pins() {
    const POLICY: &str = "- All GitHub Actions are pinned to commits.";
    let workflow = format!(
        "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: a/b@{}\n",
        "0".repeat(40)
    );
    let action = |version: &str| format!("runs:\n  using: composite\n  steps:\n    - uses: a/b@{version}\n");
    for (version, verdict, rule) in [
        ("v1".to_owned(), "broken", "policy-workflows"),
        ("1".repeat(40), "kept", "policy-promise"),
    ] {
        let action = action(&version);
        let files = [
            (".github/workflows/ci.yml", workflow.as_str()),
            ("action.yml", action.as_str()),
        ];
        check(POLICY, &files, Topic::WorkflowHardening, verdict, rule);
    }
}

#[test]
fn what_stands_in_comments_runs_nowhere() {
    let workflow = ci("      - run: |\n          # bandit -r .\n");
    let files = [("src/a.py", "x = 1\n"), (".github/workflows/ci.yml", workflow.as_str())];
    let policy = "- All code is scanned with Bandit on every pull request.";
    check(policy, &files, Topic::StaticAnalysis, "broken", "policy-tool-absent");
}
