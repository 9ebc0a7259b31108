//! True sentences that sound like other promises: a wrong "broken" is worse than none.

use super::{manners::*, *};

const ABSENT: (&str, &str) = ("broken", "policy-tool-absent");
const OPEN: (&str, &str) = ("broken", "policy-env-not-ignored");
const SCAN: &str = "      - run: bandit -r src\n";

/// Topics and tools of what a policy promises.
fn promised(text: &str) -> Vec<(Topic, Vec<&'static str>)> {
    let report = judged(&with_policy(text, &[("src/a.py", "")]));
    let all = report.judged.iter();
    all.map(|one| (one.promise.topic, one.promise.frame.tools.clone()))
        .collect()
}

#[test]
fn a_word_in_a_label_is_no_tool() {
    let names_it = |text: &str| promised(text).iter().any(|(_, tools)| tools.contains(&"safety"));
    for text in [
        "- Memory Safety: Written in Go with built-in memory safety",
        "- Thread Safety: the store is used by one writer",
        "- Supply Chain Safety: checked with pip-audit in CI",
        "- Patient Safety \u{2014} we use a second reader for each finding",
        "| What | How |\n|---|---|\n| Memory Safety | written in Rust, and checked |",
    ] {
        assert!(!names_it(text), "{text}");
    }
    for text in [
        "- Dependencies are checked with Safety in CI.",
        "- We use Bandit and Safety: both run in CI.",
        "- Dependency Safety: we run Safety in CI.",
        "- PyUp Safety: checks dependencies in CI.",
        "- Run Safety: it checks dependencies in CI.",
    ] {
        assert!(names_it(text), "{text}");
    }
}

#[test]
fn all_commits_are_those_that_come_unless_the_past_or_secrets_are_spoken_of() {
    let is_past = |text: &str| promised(text).iter().any(|(topic, _)| *topic == Topic::HistoryScan);
    for text in [
        "- All commits are scanned with Bandit.",
        "- SonarQube scans run on all commits.",
        "- Semgrep scans all commits in CI.",
        "- Bandit checks all commits on every pull request.",
    ] {
        assert!(!is_past(text), "{text}");
    }
    for text in [
        "- All commits are scanned with Gitleaks.",
        "- All commits are scanned for secrets.",
        "- All commits of the history are scanned with Bandit.",
        "- Every commit ever made is scanned with Bandit.",
        "- All commits, from the first commit on, are scanned with Bandit.",
    ] {
        assert!(is_past(text), "{text}");
    }
    beside(
        "- All commits are scanned with Bandit.",
        SCAN,
        &[],
        Topic::StaticAnalysis,
        KEPT,
    );
    beside(
        "- All commits are scanned with Bandit.",
        "      - run: pytest\n",
        &[],
        Topic::StaticAnalysis,
        ABSENT,
    );
}

#[test]
fn what_a_program_looks_for_when_it_runs_is_no_scan_of_the_repository() {
    let is_scan = |text: &str| promised(text).iter().any(|(topic, _)| *topic == Topic::SecretScan);
    for text in [
        "- `redactions()` scans the environment for keys that contain TOKEN or SECRET.",
        "- `mask()` detects tokens in what it is given and replaces them.",
        "- The redactor scans the environment for keys that contain TOKEN or SECRET.",
        "- At its start the program checks the environment for credentials.",
    ] {
        assert!(!is_scan(text), "{text}");
    }
    for text in [
        "- CI scans the code for secrets.",
        "- `make scan` scans the repository for secrets on every push.",
        "- Gitleaks scans every commit for credentials.",
        "- We scan the environment files for secrets before every commit.",
    ] {
        assert!(is_scan(text), "{text}");
    }
}

#[test]
fn a_file_that_is_ignored_is_not_the_environment() {
    let lines = ".env\n";
    for (text, ignored, expect) in [
        ("- The build writes the secret to ota_key.pem (gitignored).", "", UNSEEN),
        (
            "- The build writes the secret to ota_key.pem (gitignored).",
            lines,
            UNSEEN,
        ),
        (
            "- Secrets are kept in conf/secrets.yml, which is gitignored.",
            lines,
            UNSEEN,
        ),
        ("- Gitignored credentials are kept in conf/local.json.", "", UNSEEN),
        ("- Secrets are gitignored.", lines, KEPT),
        ("- Secrets are gitignored.", "", OPEN),
        ("- Secrets in `.env` are gitignored, as conf/local.json is.", "", OPEN),
        ("- Secrets in `prod.env` are gitignored.", lines, KEPT),
        ("- The .gitignore leaves out credentials.", "", OPEN),
        ("- Secrets are gitignored, see docs/setup.md.", lines, KEPT),
    ] {
        check(
            text,
            &[(".gitignore", ignored)],
            Topic::EnvironmentFiles,
            expect.0,
            expect.1,
        );
    }
    let text = "- Secrets are kept in conf/secrets.yml, which is gitignored.";
    let tracked = ("broken", "policy-env-tracked");
    check(
        text,
        &[(".env", "A=1\n")],
        Topic::EnvironmentFiles,
        tracked.0,
        tracked.1,
    );
}

#[test]
fn the_colour_of_a_badge_says_nothing() {
    let tools = |badge: &str| -> Vec<&str> {
        let readme = format!("# a\n\n![a](https://img.shields.io/badge/{badge})\n");
        let report = judged(&repository(&[("README.md", &readme)]));
        let all = report.judged.iter();
        all.flat_map(|one| one.promise.frame.tools.clone()).collect()
    };
    for badge in [
        "built_by-0--Acme-black",
        "licence-MIT-black.svg",
        "docs-online-Black?style=flat",
        "by-acme-black",
    ] {
        assert!(tools(badge).is_empty(), "{badge}");
    }
    for badge in [
        "code%20style-black-000000.svg",
        "code%20style-black-black",
        "formatter-Black-000000",
        "black-000000",
    ] {
        assert_eq!(tools(badge), ["black"], "{badge}");
    }
}

#[test]
fn the_linter_of_something_else_is_not_known() {
    let steps = |command: &str| format!("      - run: {command}\n");
    let soft = |command: &str| format!("      - run: {command}\n        continue-on-error: true\n");
    let redocly = steps("npx --yes @redocly/cli@latest lint api/openapi.yaml");
    let text = "- CI runs `redocly lint` against the description on every push.";
    let weak = ("weak", "policy-scan-hollow");
    for (text, steps, expect) in [
        (text, format!("{}{redocly}", soft("golangci-lint run")), UNSEEN),
        (text, format!("{}{redocly}", steps("golangci-lint run")), UNSEEN),
        ("- CI runs redocly lint on every push.", redocly.clone(), UNSEEN),
        (text, steps("redocly lint api.yaml"), UNSEEN),
        (text, steps("pytest"), ABSENT),
        (
            "- CI runs the lint on every push.",
            format!("{}{redocly}", soft("golangci-lint run")),
            weak,
        ),
        (
            "- CI runs golangci lint checks on every push.",
            steps("golangci-lint run"),
            KEPT,
        ),
        (
            "- A linter runs on every push.",
            format!("{}{redocly}", steps("golangci-lint run")),
            KEPT,
        ),
    ] {
        beside(text, &steps, &[("main.go", "package main\n")], Topic::Lint, expect);
    }
    let make = ("Makefile", "lint:\n\tgolangci-lint run\n");
    let files = [make, ("main.go", "package main\n")];
    beside(
        "- CI runs make lint on every push.",
        &steps("make lint"),
        &files,
        Topic::Lint,
        KEPT,
    );
}

#[test]
fn bills_that_are_made_by_the_way_are_bills() {
    let text = "- An SBOM is generated on every push.";
    let sbom = Topic::Sbom;
    for (command, expect) in [
        ("trivy fs --format cyclonedx --scanners vuln -o bom.json .", KEPT),
        (
            "trivy fs --format=cyclonedx --scanners=vuln --exit-code 1 -o bom.json .",
            KEPT,
        ),
        ("docker buildx build --sbom=true --push -t acme/app .", KEPT),
        ("docker build --sbom=generator=acme/lister -t acme/app .", KEPT),
        ("docker buildx build --attest type=sbom -t acme/app .", KEPT),
        ("uv export --format cyclonedx1.5 -o bom.json", KEPT),
        ("pip-audit -f cyclonedx-json -o bom.json", KEPT),
        ("ko build --sbom=spdx ./cmd", KEPT),
        ("trivy fs --format json --scanners vuln .", ABSENT),
        ("docker buildx build --sbom=false -t acme/app .", ABSENT),
        ("docker buildx build -t acme/app .", ABSENT),
        ("docker buildx build --attest type=sbom,disabled=true .", ABSENT),
        ("uv export --format requirements-txt", ABSENT),
        ("pip-audit -f json", ABSENT),
        ("ko build --sbom=none ./cmd", ABSENT),
    ] {
        let files = [("requirements.txt", "requests==2.32.3\n")];
        beside(text, &format!("      - run: {command}\n"), &files, sbom, expect);
    }
    for (action, with, expect) in [
        ("docker/build-push-action@v6", "sbom: true", KEPT),
        ("docker/build-push-action@v6", "sbom: generator=acme/lister", KEPT),
        ("docker/build-push-action@v6", "sbom: false", ABSENT),
        ("docker/build-push-action@v6", "push: true", ABSENT),
        ("docker/build-push-action@v6", "sbom: ${{ vars.SBOM }}", UNSEEN),
        ("docker/login-action@v3", "sbom: true", ABSENT),
        ("advanced-security/sbom-generator-action@v0", "x: y", KEPT),
    ] {
        let step = format!("      - uses: {action}\n        with:\n          {with}\n");
        beside(text, &step, &[], sbom, expect);
    }
}

#[test]
fn a_bill_beside_a_scan_changes_nothing_for_the_scan() {
    let text = "- Trivy scans our dependencies on every push.";
    let weak = ("weak", "policy-scan-hollow");
    let deps = Topic::DependencyScan;
    let bill = "trivy fs --format cyclonedx --scanners vuln -o bom.json .";
    let step = |command: &str| format!("      - run: {command}\n");
    beside(text, &step(bill), &[], deps, weak);
    beside(text, &step(&format!("{bill} --exit-code 1")), &[], deps, KEPT);
    let both = format!(
        "{}{}",
        step("trivy fs --scanners vuln ."),
        step("trivy config --exit-code 1 .")
    );
    beside(text, &both, &[], deps, weak);
    let other = step("trivy config --exit-code 1 .");
    beside(text, &other, &[], deps, ("broken", "policy-run-differs"));
    let text = "- Dependencies are scanned with pip-audit on every push.";
    let files = [("requirements.txt", "requests==2.32.3\n")];
    let audit = step("pip-audit -r requirements.txt -f cyclonedx-json -o bom.json");
    beside(text, &audit, &files, deps, KEPT);
    // A bill that is made before it is looked at is in no repository.
    let text = "- Grype scans our dependencies on every push.";
    for (command, expect) in [
        ("grype sbom:bom.json --fail-on high", UNSEEN),
        ("grype dir:nowhere --fail-on high", weak),
        ("grype dir:. --fail-on high", KEPT),
    ] {
        let steps = format!("{}{}", step("syft . -o cyclonedx-json=bom.json"), step(command));
        beside(text, &steps, &files, deps, expect);
    }
}

#[test]
fn what_nix_runs_runs() {
    let text = "- Bandit runs on every pull request.";
    for (command, expect) in [
        ("nix develop -c bandit -r src", KEPT),
        ("nix develop .#ci --command bandit -r src", KEPT),
        ("nix shell nixpkgs#bandit -c bandit -r src", KEPT),
        (
            "nix develop -c bandit -r src --exit-zero",
            ("weak", "policy-scan-hollow"),
        ),
        ("nix develop -c pytest", ABSENT),
        ("nix build", ABSENT),
    ] {
        beside(
            text,
            &format!("      - run: {command}\n"),
            &[],
            Topic::StaticAnalysis,
            expect,
        );
    }
}

#[test]
fn a_release_branch_is_no_condition_that_never_holds() {
    let weak = ("weak", "policy-scan-hollow");
    let step = |condition: &str| format!("      - run: bandit -r src\n        if: {condition}\n");
    let on = "[push, pull_request]";
    let text = "- Bandit runs on every push to a release branch.";
    let release = "startsWith(github.ref, 'refs/heads/release/')";
    for (text, starts, condition, expect) in [
        (text, "{push: {branches: ['release/**']}}", release, UNSEEN),
        (text, "{push: {branches: ['release/**']}}", "always()", UNSEEN),
        (text, "{push: {branches: ['release/**']}}", "false", weak),
        (text, "{push: {branches: [main]}}", release, weak),
        (
            "- We scan the code with Bandit.",
            "{push: {branches: ['release/**']}}",
            release,
            weak,
        ),
        (
            "- We scan the code with Bandit.",
            on,
            "github.ref != 'refs/heads/none'",
            KEPT,
        ),
    ] {
        let workflow = on_changes(&step(condition)).replace(on, starts);
        let files = [(".github/workflows/ci.yml", workflow.as_str()), ("src/a.py", "")];
        check(text, &files, Topic::StaticAnalysis, expect.0, expect.1);
    }
}

#[test]
fn two_pipelines_may_keep_both_halves_of_a_sentence() {
    let tags = |steps: &str| on_changes(steps).replace("[push, pull_request]", "{push: {tags: ['v*']}}");
    let requests = |steps: &str| on_changes(steps).replace("[push, pull_request]", "[pull_request]");
    let send = "      - run: twine upload dist/*\n";
    let (first, last) = (format!("{SCAN}{send}"), format!("{send}{SCAN}"));
    let none = "      - run: pytest\n".to_owned();
    let both = "- Bandit runs on every pull request and before every release.";
    let differs = ("broken", "policy-schedule-absent");
    for (text, ci, release, expect) in [
        (both, SCAN, &first, KEPT),
        (
            "- Bandit gates every pull request and every release.",
            SCAN,
            &first,
            KEPT,
        ),
        (both, SCAN, &last, UNSEEN),
        (both, SCAN, &send.to_owned(), UNSEEN),
        (both, none.as_str(), &first, differs),
        ("- Bandit runs before every release.", SCAN, &last, UNSEEN),
        ("- Bandit runs before every release.", none.as_str(), &first, KEPT),
    ] {
        let (ci, release) = (requests(ci), tags(release));
        let files = [
            (".github/workflows/ci.yml", ci.as_str()),
            (".github/workflows/release.yml", release.as_str()),
            ("src/a.py", ""),
        ];
        check(text, &files, Topic::StaticAnalysis, expect.0, expect.1);
    }
}

#[test]
fn a_test_of_what_started_a_script_leaves_open_when_it_runs() {
    let text = "- Bandit scans every pull request.";
    let step = |lines: &[&str]| {
        let lines: String = lines.iter().map(|line| format!("          {line}\n")).collect();
        format!("      - run: |\n{lines}")
    };
    let scan = "bandit -r src";
    for (lines, expect) in [
        (vec!["if [ \"$GITHUB_EVENT_NAME\" = push ]; then", scan, "fi"], UNSEEN),
        (
            vec!["case \"$GITHUB_REF\" in", "  refs/heads/main) bandit -r src ;;", "esac"],
            UNSEEN,
        ),
        (vec!["[[ $GITHUB_REF == refs/heads/main ]] || exit 0", scan], UNSEEN),
        (
            vec!["if [ \"$GITHUB_EVENT_NAME\" = push ]; then", "echo a push", "fi", scan],
            KEPT,
        ),
        (vec!["if [ -d src ]; then", scan, "fi"], KEPT),
        (vec!["echo \"$GITHUB_REF\"", "if [ -d src ]; then", scan, "fi"], KEPT),
        (
            vec![scan, "if [ \"$GITHUB_EVENT_NAME\" = push ]; then", "echo a push", "fi"],
            KEPT,
        ),
    ] {
        beside(text, &step(&lines), &[], Topic::StaticAnalysis, expect);
    }
    let often = step(&["if [ \"$GITHUB_EVENT_NAME\" = push ]; then", scan, "fi"]);
    beside("- We run Bandit.", &often, &[], Topic::StaticAnalysis, KEPT);
}

#[test]
fn a_job_of_gitlab_may_wait_for_a_variable() {
    let text = "- Bandit runs in CI.";
    for (when, expect) in [
        ("only:\n    variables: [$SCAN]", UNSEEN),
        ("only:\n    refs: [main]\n    variables: [$SCAN]", UNSEEN),
        ("except:\n    variables: [$SKIP]", UNSEEN),
        ("rules:\n    - if: $SCAN", UNSEEN),
        ("only: [main]", KEPT),
        ("only:\n    refs: [main]", KEPT),
        ("except: [tags]", KEPT),
        ("variables: {SCAN: a}", KEPT),
    ] {
        let pipeline = format!("bandit:\n  {when}\n  script: [bandit -r src]\n");
        let files = [(".gitlab-ci.yml", pipeline.as_str()), ("src/a.py", "")];
        check(text, &files, Topic::StaticAnalysis, expect.0, expect.1);
    }
}

#[test]
fn a_release_that_passes_the_scan_by_is_not_scanned_for_sure() {
    let send = "      - run: twine upload dist/*\n";
    let on = "[push, pull_request]";
    let main = on_changes(SCAN).replace(on, "{pull_request: , push: {branches: [main]}}");
    let every = on_changes(SCAN);
    let tags = |steps: &str| on_changes(steps).replace(on, "{push: {tags: ['v*']}}");
    let first = format!("{SCAN}{send}");
    let (build, trial) = (
        "      - run: python -m build\n",
        "      - run: twine upload --repository testpypi dist/*\n",
    );
    let text = "- Every release is scanned with Bandit.";
    let both = "- Bandit runs on every pull request and on every release.";
    for (text, ci, release, expect) in [
        (text, &main, tags(send), UNSEEN),
        ("- Bandit runs on every release.", &main, tags(send), UNSEEN),
        (text, &main, tags(&first), KEPT),
        (text, &main, tags(build), KEPT),
        (text, &main, tags("      - uses: actions/deploy-pages@v4\n"), KEPT),
        (
            text,
            &main,
            on_changes(trial).replace(on, "{push: {branches: [main]}}"),
            KEPT,
        ),
        ("- Releases are scanned with Bandit.", &main, tags(send), UNSEEN),
        ("- We scan our releases with Bandit.", &main, tags(send), UNSEEN),
        (
            "- Every stable release is scanned with Bandit.",
            &main,
            tags(send),
            UNSEEN,
        ),
        (
            "- Every stable release is scanned with Bandit.",
            &main,
            tags(&first),
            KEPT,
        ),
        (both, &main, tags(&first), KEPT),
        (both, &main, tags(send), UNSEEN),
        ("- Every change is scanned with Bandit.", &main, tags(send), KEPT),
        ("- Bandit runs on every pull request.", &main, tags(send), KEPT),
        (text, &every, tags(build), KEPT),
    ] {
        let files = [
            (".github/workflows/ci.yml", ci.as_str()),
            (".github/workflows/release.yml", release.as_str()),
            ("src/a.py", ""),
        ];
        check(text, &files, Topic::StaticAnalysis, expect.0, expect.1);
    }
}

#[test]
fn a_script_that_two_pipelines_call_runs_in_both() {
    let make = "      - run: make lint\n";
    let send = "      - run: twine upload dist/*\n";
    let on = "[push, pull_request]";
    let main = on_changes(make).replace(on, "{pull_request: , push: {branches: [main]}}");
    let tags = |steps: &str| on_changes(steps).replace(on, "{push: {tags: ['v*']}}");
    for text in [
        "- Every release is scanned with Bandit.",
        "- Bandit runs before every release.",
    ] {
        for (release, expect) in [(tags(&format!("{make}{send}")), KEPT), (tags(send), UNSEEN)] {
            let files = [
                (".github/workflows/ci.yml", main.as_str()),
                (".github/workflows/release.yml", release.as_str()),
                ("Makefile", "lint:\n\tbandit -r src\n"),
                ("src/a.py", ""),
            ];
            check(text, &files, Topic::StaticAnalysis, expect.0, expect.1);
        }
    }
}

#[test]
fn a_job_of_gitlab_comes_with_tags_unless_something_narrows_it() {
    let text = "- Every release is scanned with Bandit.";
    let publish = "publish:\n  stage: deploy\n  rules:\n    - if: $CI_COMMIT_TAG\n  script: [twine upload dist/*]\n";
    for (narrow, expect) in [
        ("", KEPT),
        (
            "  rules:\n    - if: $CI_PIPELINE_SOURCE == \"merge_request_event\"\n",
            UNSEEN,
        ),
        ("  only: [main, merge_requests]\n", UNSEEN),
        ("  except: [tags]\n", UNSEEN),
    ] {
        let pipeline =
            format!("stages: [test, deploy]\nbandit:\n  stage: test\n{narrow}  script: [bandit -r src]\n{publish}");
        let files = [(".gitlab-ci.yml", pipeline.as_str()), ("src/a.py", "")];
        check(text, &files, Topic::StaticAnalysis, expect.0, expect.1);
    }
}
