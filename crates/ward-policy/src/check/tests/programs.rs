//! What is promised of programs, images, versions and pipelines, as projects write it.

use super::*;

const KEPT: (&str, &str) = ("kept", "policy-promise");
const FAULT: (&str, &str) = ("broken", "policy-code-faults");
const UNSEEN: (&str, &str) = ("not_examined", "policy-code-faults");

#[test]
fn what_the_scan_does_not_read_it_does_not_clear() {
    let sql = "- All queries are parameterised; there is no SQL injection.";
    let torch = "- Checkpoints are loaded with `weights_only=True`.";
    let (python, go) = (("src/app.py", ""), ("main.go", ""));
    let unseen = ("not_examined", "policy-unsafe-loading");
    for (policy, files, topic, (verdict, rule)) in [
        (sql, vec![python], Topic::Injection, KEPT),
        (sql, vec![go], Topic::Injection, UNSEEN),
        (sql, vec![python, go], Topic::Injection, UNSEEN),
        (sql, vec![python, ("tests/a_test.go", "")], Topic::Injection, KEPT),
        // PyTorch is loaded by Python alone.
        (torch, vec![python, go], Topic::SafeLoading, KEPT),
        (torch, vec![go], Topic::SafeLoading, unseen),
    ] {
        let repository = scanned(with_policy(policy, &files), Vec::new());
        check_in(&repository, topic, verdict, rule);
    }
    let mut bare = scanned(with_policy(sql, &[]), Vec::new());
    bare.files.remove("src/app.py");
    check_in(&bare, Topic::Injection, UNSEEN.0, UNSEEN.1);
}

#[test]
fn what_is_never_done_is_looked_for() {
    let yaml = "- YAML is only loaded with `yaml.safe_load`.";
    let answer = "- The output of the model is never executed or evaluated as code.";
    let tls = "- TLS certificate verification is never disabled in this codebase.";
    let remote = "- Models are loaded with `trust_remote_code=False`.";
    let revision = "- Models from the Hugging Face Hub are loaded with a pinned `revision`.";
    let loading = ("broken", "policy-unsafe-loading");
    let unpinned = ("broken", "policy-unpinned-model");
    for (policy, found, topic, (verdict, rule)) in [
        (yaml, "code/unsafe-yaml", Topic::Injection, FAULT),
        (yaml, "code/eval", Topic::Injection, KEPT),
        (answer, "ml/model-output-executed", Topic::Injection, FAULT),
        (answer, "code/eval", Topic::Injection, UNSEEN),
        (answer, "code/unsafe-yaml", Topic::Injection, KEPT),
        (tls, "code/tls-not-verified", Topic::CertificateChecks, FAULT),
        (tls, "code/js-tls-off", Topic::CertificateChecks, FAULT),
        (tls, "code/weak-tls", Topic::CertificateChecks, KEPT),
        (
            "- We never disable certificate verification.",
            "code/shell-tls-off",
            Topic::CertificateChecks,
            FAULT,
        ),
        (
            "- No code sets `verify=False`.",
            "code/tls-not-verified",
            Topic::CertificateChecks,
            FAULT,
        ),
        (remote, "ml/trust-remote-code", Topic::SafeLoading, loading),
        (remote, "ml/torch-load", Topic::SafeLoading, KEPT),
        (revision, "ml/unpinned-download", Topic::ModelChecksums, unpinned),
        (revision, "code/eval", Topic::ModelChecksums, KEPT),
    ] {
        let repository = scanned(with_policy(policy, &[]), vec![fault(found, "src/app.py")]);
        check_in(&repository, topic, verdict, rule);
    }
    // What is said of others' certificates, or of users, is none of these promises.
    for text in [
        "- Client certificates are verified on every request.",
        "- Release signatures are never skipped when a report is checked.",
        "- Users can disable certificate verification with a flag.",
    ] {
        let report = judged(&scanned(with_policy(text, &[]), Vec::new()));
        let mut topics = report.judged.iter().map(|one| one.promise.topic);
        assert!(!topics.any(|topic| topic == Topic::CertificateChecks), "{text}");
    }
}

#[test]
fn images_are_held_against_their_dockerfiles() {
    let digest = "- Base images are pinned by digest.";
    let user = "- Containers never run as root.";
    let pinned = "FROM node:22@sha256:0a\nUSER node\n";
    let loose = "FROM node:22\n";
    let images = ("broken", "policy-images");
    let root = ("broken", "policy-container-root");
    let none = ("not_examined", "policy-promise");
    for (policy, path, text, topic, (verdict, rule)) in [
        (digest, "Dockerfile", pinned, Topic::ImageDigests, KEPT),
        (digest, "Dockerfile", loose, Topic::ImageDigests, images),
        (digest, "docker/api.Dockerfile", loose, Topic::ImageDigests, images),
        (
            digest,
            "Dockerfile",
            "ARG BASE\nFROM $BASE\n",
            Topic::ImageDigests,
            ("not_examined", "policy-images"),
        ),
        (digest, "tests/Dockerfile", loose, Topic::ImageDigests, none),
        (
            digest,
            "Dockerfile",
            "FROM a@sha256:0a AS b\nFROM scratch\nFROM b\n",
            Topic::ImageDigests,
            KEPT,
        ),
        (user, "Dockerfile", pinned, Topic::ContainerUser, KEPT),
        (user, "Dockerfile", loose, Topic::ContainerUser, root),
        (
            user,
            "Dockerfile",
            "FROM acme/base:1\n",
            Topic::ContainerUser,
            ("not_examined", "policy-container-root"),
        ),
        (user, "README.md", "", Topic::ContainerUser, none),
    ] {
        check(policy, &[(path, text)], topic, verdict, rule);
    }
    let pod = ("deploy/pod.yaml", "spec:\n  securityContext:\n    runAsNonRoot: true\n");
    let files = [("Dockerfile", loose), pod];
    check(
        user,
        &files,
        Topic::ContainerUser,
        "not_examined",
        "policy-container-root",
    );
    let both = "- Our container images are built from base images pinned by digest and run as a non-root user.";
    check(both, &[("Dockerfile", pinned)], Topic::ImageDigests, KEPT.0, KEPT.1);
    check(both, &[("Dockerfile", loose)], Topic::ContainerUser, root.0, root.1);
}

#[test]
fn commitments_are_the_projects_own() {
    let policy = "# Security\n\n## Our commitments\n\n1. Never use `eval` on model responses.\n";
    let repository = scanned(
        repository(&[("SECURITY.md", policy)]),
        vec![fault("ml/model-output-executed", "a.py")],
    );
    check_in(&repository, Topic::Injection, FAULT.0, FAULT.1);
}

#[test]
fn sums_that_are_named_are_there() {
    let policy = "# Security\n\n## Model files\n\nChecksums for each release are listed in `CHECKSUMS.txt`.\n";
    for (files, (verdict, rule)) in [
        (vec![("SECURITY.md", policy)], ("broken", "policy-unpinned-model")),
        (vec![("SECURITY.md", policy), ("models/CHECKSUMS.txt", "")], KEPT),
    ] {
        check_in(&repository(&files), Topic::ModelChecksums, verdict, rule);
    }
    let lock = [("requirements.lock", "numpy==2.1.0 --hash=sha256:0a\n")];
    let text = "- Dependencies are locked in `requirements.lock` with hashes.";
    check(text, &lock, Topic::HashPinning, KEPT.0, KEPT.1);
    let bare = [("requirements.lock", "numpy==2.1.0\n")];
    check(text, &bare, Topic::HashPinning, "broken", "policy-unhashed");
}

#[test]
fn parts_of_the_support_are_told_from_the_whole() {
    let manifest = ("package.json", "{\"version\": \"9.4.0\"}");
    let head = "# Security\n\n## Supported versions\n\n";
    let whole = "| Version | Security until |\n|---|---|\n| 9.x | 2027-12-31 |\n| 8.x | 2027-01-31 |\n\n";
    let active = "| Version | Active until |\n|---|---|\n| 9.x | 2027-06-30 |\n| 8.x | 2026-06-30 |\n";
    let other = whole.replace("2027-12-31", "2028-12-31");
    let one = "| Version | Active until | Security until |\n|---|---|---|\n| 9.x | 2026-06-30 | 2027-12-31 |\n";
    let verdicts = |rest: &str| {
        let policy = format!("{head}{rest}");
        let report = judged(&repository(&[("SECURITY.md", &policy), manifest]));
        let words: Vec<&str> = report.judged.iter().map(|one| one.verdict.word()).collect();
        words.join(" ")
    };
    assert_eq!(
        verdicts(&format!("{whole}{active}")),
        "kept kept unverifiable unverifiable"
    );
    assert_eq!(verdicts(&format!("{whole}{other}")).matches("contradictory").count(), 2);
    assert_eq!(verdicts(one), "kept");
    assert_eq!(verdicts(active), "kept broken");
}

#[test]
fn one_line_alone_is_held_against_the_newest_version() {
    let manifest = |version: &str| format!("{{\"version\": \"{version}\"}}");
    for (text, version, (verdict, rule)) in [
        ("Only version 9.x is supported.", "9.4.0", KEPT),
        ("Only version 4.x is supported.", "9.4.0", ("broken", "policy-versions")),
        (
            "Only version 9.x is supported.",
            "10.0.0",
            ("broken", "policy-versions"),
        ),
        (
            "Only version 9.x is supported on Windows.",
            "10.0.0",
            ("unverifiable", "policy-promise"),
        ),
    ] {
        let text = format!("# Security\n\n{text}\n");
        let manifest = manifest(version);
        let repository = repository(&[("SECURITY.md", &text), ("package.json", &manifest)]);
        check_in(&repository, Topic::SupportedVersions, verdict, rule);
    }
}

#[test]
fn a_job_comes_with_the_pipelines_that_its_workflow_makes() {
    let job = "bandit:\n  script:\n    - bandit -r src\n";
    let requests = "    - if: $CI_PIPELINE_SOURCE == \"merge_request_event\"\n";
    let branch = "    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH\n";
    let all = "  rules:\n    - when: on_success\n";
    let but =
        "  rules:\n    - if: $CI_PIPELINE_SOURCE == \"merge_request_event\"\n      when: never\n    - when: always\n";
    let workflow = |rules: &str| format!("workflow:\n  rules:\n{rules}{job}");
    for (pipeline, verdict) in [
        (job.to_owned(), "broken"),
        (workflow(&format!("{requests}{branch}")), "kept"),
        (workflow(branch), "broken"),
        (format!("{}{all}", workflow(requests)), "kept"),
        (format!("{job}{all}"), "kept"),
        (format!("{job}{but}"), "broken"),
        (workflow("    - if: $CI_COMMIT_TAG\n"), "weak"),
    ] {
        let files = [("src/a.py", "x = 1\n"), (".gitlab-ci.yml", pipeline.as_str())];
        let policy = "- Bandit runs in every merge request pipeline.";
        let report = judged(&with_policy(policy, &files));
        let words: Vec<&str> = report.judged.iter().map(|one| one.verdict.word()).collect();
        assert_eq!(words, [verdict], "{pipeline}");
    }
    // Merge requests show what runs for their branch.
    for (pipeline, verdict) in [
        (job.to_owned(), "kept"),
        (workflow(branch), "broken"),
        (format!("{job}{but}"), "broken"),
        (format!("{job}  rules:\n    - if: $CI_COMMIT_BRANCH\n"), "kept"),
        (
            format!("{job}  rules:\n    - if: $CI_PIPELINE_SOURCE == \"push\"\n"),
            "kept",
        ),
        (
            format!("{job}  rules:\n    - if: $CI_COMMIT_BRANCH && $CI_COMMIT_BRANCH == \"main\"\n"),
            "broken",
        ),
        (
            format!(
                "{job}  rules:\n    - if: $CI_COMMIT_BRANCH && $CI_OPEN_MERGE_REQUESTS\n      when: never\n    - if: $CI_COMMIT_BRANCH\n"
            ),
            "broken",
        ),
        (workflow("    - if: $CI_COMMIT_BRANCH\n"), "kept"),
        (
            format!(
                "{}  rules:\n    - if: $CI_COMMIT_BRANCH\n",
                workflow(&format!("{requests}{branch}"))
            ),
            "broken",
        ),
        (format!("{job}  only: [branches]\n"), "kept"),
        (format!("{job}  only: [main]\n"), "broken"),
        (format!("{job}  only: [merge_requests]\n"), "kept"),
        (format!("{job}  except: [main]\n"), "weak"),
        (format!("{job}  except: [branches]\n"), "weak"),
        (format!("{job}  when: manual\n"), "weak"),
        (format!("{job}  allow_failure: true\n"), "weak"),
    ] {
        let files = [("src/a.py", "x = 1\n"), (".gitlab-ci.yml", pipeline.as_str())];
        let report = judged(&with_policy("- Bandit runs on every merge request.", &files));
        let words: Vec<&str> = report.judged.iter().map(|one| one.verdict.word()).collect();
        assert_eq!(words, [verdict], "{pipeline}");
    }
}

#[test]
fn times_that_end_are_no_denial() {
    let text =
        "# Security\n\nMail psirt@lantern.dev. We publish an advisory not later than 90 days after your report.\n";
    let report = judged(&repository(&[("SECURITY.md", text)]));
    let vague = report.judged.iter().filter(|one| one.verdict.word() == "vague");
    assert_eq!(vague.count(), 0, "{:#?}", report.judged);
}

#[test]
fn the_answer_to_a_report_is_no_content_of_it() {
    let text = "# Security\n\nMail psirt@lantern.dev. The team will send a response indicating the next steps in handling your report.\n";
    let report = judged(&repository(&[("SECURITY.md", text)]));
    let topics: Vec<Topic> = report.judged.iter().map(|one| one.promise.topic).collect();
    assert!(
        topics.contains(&Topic::Acknowledge) && !topics.contains(&Topic::ReportContents),
        "{topics:?}"
    );
}

#[test]
fn a_baseline_is_a_limit() {
    let limit = |settings: &str, flags: &str| {
        let workflow = ci(&format!("      - run: ward scan . {flags}\n"));
        let files = [
            ("src/a.py", "x = 1\n"),
            ("ward.toml", settings),
            (".github/workflows/ci.yml", workflow.as_str()),
        ];
        let report = judged(&with_policy(
            "- The build fails on secrets: `ward scan` runs on every push.",
            &files,
        ));
        let shown = report.judged.iter().find(|one| one.promise.topic == Topic::SecretScan);
        let shown = shown.map(|one| (one.verdict.word(), format!("{:?}", one.verdict).contains("baseline")));
        shown.unwrap()
    };
    assert_eq!(limit("", ""), ("kept", false));
    assert_eq!(limit("[scan]\nbaseline = \"known.json\"\n", ""), ("kept", true));
    assert_eq!(limit("", "--baseline known.json"), ("kept", true));
}

#[test]
fn a_link_that_shows_another_address_is_told() {
    let of = |link: &str| repository(&[("SECURITY.md", &format!("# Security\n\nReport to {link}.\n"))]);
    for (link, expect) in [
        ("[security@lantern.dev](mailto:someone@elsewhere.dev)", true),
        ("[https://lantern.dev/report](https://elsewhere.dev/report)", true),
        ("[security@lantern.dev](mailto:security@lantern.dev?subject=x)", false),
        ("[https://lantern.dev](https://www.lantern.dev/)", false),
        ("[our form](https://elsewhere.dev/report)", false),
        ("[security@lantern.dev](https://lantern.dev/contact)", false),
    ] {
        remarks(&of(link), "policy-link-deceives", expect);
    }
}

#[test]
fn a_format_is_no_tool_and_an_installed_tool_is_there() {
    let sbom = "- An SBOM in CycloneDX format is attached to each release.";
    let absent = ("broken", "policy-tool-absent");
    let fuzz = "- The parsers are fuzzed with Atheris.";
    let nightly = "- We fuzz the parsers every night.";
    let atheris = "- The parsers are fuzzed every night with Atheris.";
    let pip = "      - run: pip install atheris && python fuzz/a.py\n";
    for (policy, step, topic, (verdict, rule)) in [
        (sbom, "      - uses: anchore/sbom-action@v0\n", Topic::Sbom, KEPT),
        (sbom, "      - run: cyclonedx-py requirements\n", Topic::Sbom, KEPT),
        (
            "- `cyclonedx-py` writes an SBOM.",
            "      - uses: anchore/sbom-action@v0\n",
            Topic::Sbom,
            absent,
        ),
        (
            fuzz,
            "      - run: pip install atheris && python fuzz/a.py\n",
            Topic::Fuzzing,
            KEPT,
        ),
        (fuzz, "      - run: python fuzz/a.py\n", Topic::Fuzzing, absent),
        (
            nightly,
            "      - run: true\n",
            Topic::Fuzzing,
            ("unverifiable", "policy-promise"),
        ),
        (atheris, pip, Topic::Fuzzing, ("unverifiable", "policy-promise")),
    ] {
        let workflow = ci(step);
        let files = [
            ("fuzz/a.py", "x = 1\n"),
            (".github/workflows/ci.yml", workflow.as_str()),
        ];
        check(policy, &files, topic, verdict, rule);
    }
}

#[test]
fn sentences_are_not_taken_for_their_neighbours() {
    let of = |text: &str| {
        let text = format!("# Security policy\n\n## Reporting a vulnerability\n\n{text}\n");
        let report = judged(&repository(&[("SECURITY.md", &text)]));
        let found = report.judged.iter();
        found
            .map(|one| (one.promise.topic, one.verdict.word()))
            .collect::<Vec<_>>()
    };
    let form = "https://github.com/acme/lantern/security/advisories/new";
    let two = of(&format!(
        "The Lantern maintainers take security seriously. Use [our form]({form}) to report."
    ));
    assert_eq!(two, [(Topic::PrivateChannel, "kept")]);
    let deadline = of("We follow a 90-day disclosure deadline, which we may shorten when a fix is out.");
    assert_eq!(deadline, [(Topic::Embargo, "unverifiable")]);
    let bot = "- Dependencies are updated by Renovate every weekend, and vulnerable ones within 7 days.";
    let report = judged(&with_policy(bot, &[]));
    let topics: Vec<Topic> = report.judged.iter().map(|one| one.promise.topic).collect();
    assert!(!topics.contains(&Topic::DependencyScan), "{topics:?}");
}

#[test]
fn tests_are_called_what_they_are() {
    let workflow = ci("      - run: cargo test --all-features\n");
    let files = [("src/lib.rs", ""), (".github/workflows/ci.yml", workflow.as_str())];
    let report = judged(&with_policy("- Every pull request has to pass the unit tests.", &files));
    let said: Vec<&str> = report.judged.iter().map(|one| one.message.as_str()).collect();
    assert!(said.contains(&"cargo test runs and gates."), "{said:?}");
}

#[test]
fn settings_of_the_service_keep_what_they_are_about() {
    let serve = [("ward.toml", "[serve]\nlisten = \"127.0.0.1:8443\"\n")];
    let service = "policy-service";
    for (text, topic, verdict, rule) in [
        (
            "- API keys are stored hashed with Argon2id.",
            Topic::Authentication,
            "unverifiable",
            service,
        ),
        (
            "- All requests require an API key.",
            Topic::Authentication,
            "kept",
            "policy-promise",
        ),
        (
            "- Access logs are kept for 90 days.",
            Topic::AuditLog,
            "unverifiable",
            service,
        ),
        (
            "- Every request is logged for audit.",
            Topic::AuditLog,
            "kept",
            "policy-promise",
        ),
    ] {
        check(text, &serve, topic, verdict, rule);
    }
    let text = "- Every change goes through a pull request that a second developer approves.";
    let report = judged(&with_policy(text, &[]));
    assert!(!report.judged.iter().any(|one| one.promise.topic == Topic::RateLimit));
}

#[test]
fn who_does_it_is_heard() {
    let workflow = ci("      - run: cargo clippy -- -D warnings\n      - run: cargo test\n");
    let files = [("src/lib.rs", ""), (".github/workflows/ci.yml", workflow.as_str())];
    let lint = "- `cargo clippy` warnings are errors.";
    check(lint, &files, Topic::Lint, KEPT.0, KEPT.1);
    let tests = "- `cargo test` has to pass on every pull request.";
    check(tests, &files, Topic::Tests, KEPT.0, KEPT.1);
    let masked = "- Errors returned to clients never include stack traces.";
    check(masked, &[], Topic::ErrorMasking, "unverifiable", "policy-service");
    let text =
        "# Security\n\n## Process\n\n1. We request a CVE, publish an advisory and credit you unless you object.\n";
    let repository = repository(&[("SECURITY.md", text)]);
    check_in(&repository, Topic::Credit, "unverifiable", "policy-conduct");
}

#[test]
fn what_is_said_of_releases_may_come_with_releases() {
    let workflow = "on:\n  push:\n    tags: ['v*']\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - run: pip install -r requirements.txt\n      - run: pip-audit -r requirements.txt\n";
    let files = [
        ("requirements.txt", "numpy==2.1.0\n"),
        (".github/workflows/release.yml", workflow),
    ];
    let hollow = ("weak", "policy-scan-hollow");
    for (text, (verdict, rule)) in [
        ("- pip-audit looks at dependencies; a finding stops the release.", KEPT),
        ("- pip-audit looks at dependencies; see the release notes.", hollow),
        (
            "- pip-audit runs before every release.",
            ("not_examined", "policy-promise"),
        ),
        ("- pip-audit looks at dependencies.", hollow),
    ] {
        check(text, &files, Topic::DependencyScan, verdict, rule);
    }
}

#[test]
fn words_of_a_report_are_told_from_promises() {
    let of = |text: &str| {
        let text = format!("# Security policy\n\n## Reporting\n\n{text}\n");
        let report = judged(&repository(&[("SECURITY.md", &text)]));
        let found = report.judged.iter();
        found.map(|one| one.promise.topic).collect::<Vec<_>>()
    };
    let send = of(
        "If you find a vulnerability, send a mail to sec@lantern.dev with a description, the affected version and steps to reproduce.",
    );
    assert!(
        send.contains(&Topic::ReportContents) && !send.contains(&Topic::AffectedVersions),
        "{send:?}"
    );
    let later = of("We coordinate public disclosure with you, no later than 60 days after the report.");
    assert!(
        later.contains(&Topic::Embargo) && !later.contains(&Topic::NeverPublic),
        "{later:?}"
    );
    let never = of("Do not disclose it in public, please write to sec@lantern.dev.");
    assert!(never.contains(&Topic::NeverPublic), "{never:?}");
    for (text, topic) in [
        ("- Every SQL statement uses placeholders.", Topic::Injection),
        ("- No shell commands are built from user input.", Topic::Injection),
        (
            "- Certificates of upstream servers are always verified.",
            Topic::CertificateChecks,
        ),
        ("- The image runs as an unprivileged user.", Topic::ContainerUser),
    ] {
        let report = judged(&with_policy(text, &[]));
        assert!(report.judged.iter().any(|one| one.promise.topic == topic), "{text}");
    }
}

#[test]
fn pins_and_alerts_are_of_their_own_kind() {
    let of = |text: &str| {
        let report = judged(&with_policy(text, &[]));
        let found = report.judged.iter();
        found
            .map(|one| (one.promise.topic, one.verdict.word()))
            .collect::<Vec<_>>()
    };
    let alerts = of("- Dependabot alerts are enabled and triaged weekly.");
    assert_eq!(alerts, [(Topic::DependencyScan, "unverifiable")]);
    let pins = of("- We pin every dependency in `uv.lock`, and `uv sync --locked` is used in CI.");
    assert!(!pins.iter().any(|one| one.0 == Topic::WorkflowHardening), "{pins:?}");
    let actions = of("- Actions in CI are pinned to commits.");
    assert!(
        actions.iter().any(|one| one.0 == Topic::WorkflowHardening),
        "{actions:?}"
    );
}
