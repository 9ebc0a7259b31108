//! What comes before what is held to every start, to one version, and to ordinary words.

use super::{manners::*, *};

/// What does not hold of a pipeline that comes by hand alone.
const BY_HAND: (&str, &str) = ("weak", "policy-scan-hollow");
const BEFORE: &str = "- Bandit runs before every release.";

/// What becomes of the sentence where one job scans and sends, on these events.
#[track_caller]
fn in_one_job(events: &str, scan: &str, expect: (&str, &str)) {
    let steps = format!("{scan}      - run: twine upload dist/*\n");
    let workflow = on_changes(&steps).replace("[push, pull_request]", events);
    let files = [(".github/workflows/release.yml", workflow.as_str()), ("src/a.py", "")];
    check(BEFORE, &files, Topic::StaticAnalysis, expect.0, expect.1);
}

#[test]
fn a_condition_on_the_branch_holds_on_no_other() {
    let by = |condition: &str| format!("      - run: bandit -r src\n        if: {condition}\n");
    let hand = "workflow_dispatch";
    let some = "{push: {branches: [main, 'release/*']}}";
    let one = "{push: {branches: [main]}}";
    for (events, condition, expect) in [
        (hand, "github.ref == 'refs/heads/main'", BY_HAND),
        (hand, "github.ref_name == 'main'", BY_HAND),
        (hand, "github['ref'] != 'refs/heads/x'", BY_HAND),
        (hand, "startsWith(github.ref, 'refs/heads/')", BY_HAND),
        (some, "github.ref == 'refs/heads/main'", UNSEEN),
        (one, "github.ref == 'refs/heads/main'", KEPT),
        (hand, "success()", KEPT),
        (hand, "github.event_name == 'workflow_dispatch'", KEPT),
        (some, "github.event_name == 'push'", KEPT),
    ] {
        in_one_job(events, &by(condition), expect);
    }
    let plain = "      - run: bandit -r src\n";
    in_one_job(hand, plain, KEPT);
    // What is sent asks the same.
    let steps = format!(
        "{}      - run: twine upload dist/*\n        if: github.ref == 'refs/heads/main'\n",
        by("github.ref == 'refs/heads/main'")
    );
    let workflow = on_changes(&steps).replace("[push, pull_request]", hand);
    let files = [(".github/workflows/release.yml", workflow.as_str()), ("src/a.py", "")];
    check(BEFORE, &files, Topic::StaticAnalysis, KEPT.0, KEPT.1);
}

#[test]
fn what_is_sent_is_the_version_that_was_looked_at() {
    let with = |reference: &str| match reference {
        "" => String::new(),
        one => format!("        with:\n          ref: {one}\n"),
    };
    let tag = "${{ inputs.tag }}";
    for (first, second, expect) in [
        ("main", tag, BY_HAND),
        ("", tag, BY_HAND),
        ("main", "", BY_HAND),
        ("", "", KEPT),
        (tag, tag, KEPT),
        ("", "${{ github.sha }}", KEPT),
        ("${{ github.ref }}", "", KEPT),
    ] {
        let (first, second) = (with(first), with(second));
        let workflow = format!(
            "on: workflow_dispatch\njobs:\n  scan:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n{first}      - run: bandit -r src\n  send:\n    needs: scan\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n{second}      - run: twine upload dist/*\n"
        );
        let files = [(".github/workflows/release.yml", workflow.as_str()), ("src/a.py", "")];
        check(BEFORE, &files, Topic::StaticAnalysis, expect.0, expect.1);
    }
}

#[test]
fn a_failure_that_is_put_aside_comes_too_late() {
    let step = |lines: &[&str]| {
        let lines: String = lines.iter().map(|line| format!("          {line}\n")).collect();
        format!("      - run: |\n{lines}")
    };
    let tags = "{push: {tags: ['v*']}}";
    let scan = "bandit -r src || rc=$?";
    for (own, expect) in [
        (step(&["rc=0", scan, "twine upload dist/*", "exit $rc"]), UNSEEN),
        (
            step(&["set +e", "bandit -r src", "rc=$?", "twine upload dist/*", "exit $rc"]),
            UNSEEN,
        ),
        (step(&["rc=0", scan, "exit $rc"]), KEPT),
        (step(&["bandit -r src", "twine upload dist/*"]), KEPT),
        (step(&["bandit -r src || exit 1", "twine upload dist/*"]), KEPT),
    ] {
        in_one_job(tags, &own, expect);
    }
    for (key, expect) in [("script", KEPT), ("after_script", UNSEEN)] {
        let more = if key == "script" { "" } else { "  after_script:\n" };
        let pipeline = format!(
            "scan:\n  rules:\n    - if: $CI_COMMIT_TAG\n  script:\n    - bandit -r src\n{more}    - twine upload dist/*\n"
        );
        let files = [(".gitlab-ci.yml", pipeline.as_str()), ("src/a.py", "")];
        check(BEFORE, &files, Topic::StaticAnalysis, expect.0, expect.1);
    }
}

#[test]
fn order_in_ordinary_words_is_held_whatever_it_is_about() {
    let checks = on_changes("      - run: bandit -r src\n      - run: pytest -q\n");
    let release = |scan: &str| {
        on_changes(&format!("{scan}      - run: twine upload dist/*\n"))
            .replace("[push, pull_request]", "{push: {tags: ['v*']}}")
    };
    let all = release("      - run: bandit -r src\n      - run: pytest -q\n");
    let none = release("");
    let code = Topic::StaticAnalysis;
    for (text, topic) in [
        ("- Nothing is published unless all tests pass.", Topic::Tests),
        ("- We only release when the tests are green.", Topic::Tests),
        ("- Static analysis gates every release.", code),
        ("- A green Bandit run is a precondition for every release.", code),
        ("- Every published version has passed Bandit.", code),
        ("- Bandit blocks the deployment on findings.", code),
    ] {
        for (workflow, expect) in [(&none, UNSEEN), (&all, KEPT)] {
            let files = [
                (".github/workflows/ci.yml", checks.as_str()),
                (".github/workflows/release.yml", workflow.as_str()),
                ("src/a.py", ""),
                ("tests/test_a.py", ""),
            ];
            check(text, &files, topic, expect.0, expect.1);
        }
    }
    for text in ["- All tests run on every pull request.", "- All tests run in CI."] {
        let files = [
            (".github/workflows/ci.yml", checks.as_str()),
            (".github/workflows/release.yml", none.as_str()),
            ("tests/test_a.py", ""),
        ];
        check(text, &files, Topic::Tests, KEPT.0, KEPT.1);
    }
}

#[test]
fn a_branch_is_no_pull_request() {
    let text = "- Bandit scans every pull request.";
    for (condition, verdict) in [
        ("github.ref_name == 'main'", "broken"),
        ("github.ref_name == github.event.repository.default_branch", "broken"),
        ("github.head_ref == ''", "broken"),
        ("github.ref_name != 'main'", "kept"),
        ("github.head_ref != ''", "kept"),
        ("github.base_ref == 'main'", "kept"),
    ] {
        let steps = format!("      - run: bandit -r src\n        if: {condition}\n");
        let rule = if verdict == "kept" {
            KEPT.1
        } else {
            "policy-schedule-absent"
        };
        beside(text, &steps, &[], Topic::StaticAnalysis, (verdict, rule));
    }
}

#[test]
fn what_only_puts_a_tool_there_makes_nothing() {
    let sbom = "- An SBOM is generated with Syft in CI.";
    for (step, expect) in [
        ("uses: anchore/sbom-action/download-syft@v0", UNSEEN),
        ("run: syft .", UNSEEN),
        ("uses: anchore/sbom-action@v0", KEPT),
        ("run: syft . -o spdx-json=bom.json", KEPT),
        ("run: syft . --output cyclonedx-json", KEPT),
    ] {
        beside(sbom, &format!("      - {step}\n"), &[], Topic::Sbom, expect);
    }
    let signed = "- Releases are signed with cosign.";
    for (step, expect) in [
        ("uses: sigstore/cosign-installer@v3", UNSEEN),
        ("run: cosign verify app", UNSEEN),
        ("run: cosign generate-key-pair", UNSEEN),
        ("run: cosign sign --yes app", KEPT),
        ("run: cosign sign-blob --yes a.tgz", KEPT),
        ("run: cosign attest --yes app", KEPT),
    ] {
        beside(signed, &format!("      - {step}\n"), &[], Topic::SignedReleases, expect);
    }
}

#[test]
fn tests_of_a_kind_are_those_that_run() {
    let plain = "      - run: pytest -q\n";
    let whole = "- End-to-end tests run on every pull request.";
    let joined = "- Integration tests run on every pull request.";
    beside(whole, plain, &[("tests/test_a.py", "")], Topic::Tests, UNSEEN);
    beside(joined, plain, &[("tests/test_a.py", "")], Topic::Tests, UNSEEN);
    beside(whole, plain, &[("tests/e2e/test_a.py", "")], Topic::Tests, KEPT);
    beside(
        joined,
        plain,
        &[("tests/integration/test_a.py", "")],
        Topic::Tests,
        KEPT,
    );
    beside(
        "- Unit tests run on every pull request.",
        plain,
        &[("tests/test_a.py", "")],
        Topic::Tests,
        KEPT,
    );
    beside(
        joined,
        "      - run: pytest -m integration\n",
        &[("tests/test_a.py", "")],
        Topic::Tests,
        KEPT,
    );
}

#[test]
fn the_root_of_a_workspace_is_no_package() {
    let text = "- ESLint runs on every pull request.";
    let files = [
        ("pnpm-workspace.yaml", "packages: ['packages/*']\n"),
        ("package.json", "{\"scripts\": {\"lint\": \"eslint .\"}}"),
        ("a.js", ""),
    ];
    for command in [
        "pnpm -w lint",
        "pnpm -w run lint",
        "pnpm --workspace-root lint",
        "pnpm lint",
        "pnpm -w exec eslint .",
    ] {
        beside(text, &format!("      - run: {command}\n"), &files, Topic::Lint, KEPT);
    }
    beside(
        text,
        "      - run: pnpm -w test\n",
        &files,
        Topic::Lint,
        ("broken", "policy-tool-absent"),
    );
}

#[test]
fn where_secrets_are_kept_elsewhere_is_not_shown() {
    let files = [(".gitignore", ".env\n")];
    for (text, verdict) in [
        ("- Secrets are stored in HashiCorp Vault.", "unverifiable"),
        ("- API keys are kept in AWS Secrets Manager.", "unverifiable"),
        ("- Secrets are kept in `.env`, which is ignored by git.", "kept"),
        ("- Secrets are kept in environment variables.", "kept"),
    ] {
        let rule = if verdict == "kept" {
            "policy-promise"
        } else {
            "policy-service"
        };
        check(text, &files, Topic::EnvironmentFiles, verdict, rule);
    }
}
