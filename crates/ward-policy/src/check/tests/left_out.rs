//! Scans that leave the code out, lists of what tests alone require, matrices that leave a version out, images that pipelines run.

use super::{manners::*, *};

const WEAK: (&str, &str) = ("weak", "policy-scan-hollow");
const IMAGES: (&str, &str) = ("not_examined", "policy-images");
const BROKEN: (&str, &str) = ("broken", "policy-run-differs");

/// What becomes of a sentence beside a command, tests, and a file.
#[track_caller]
fn with_tests(text: &str, command: &str, file: (&str, &str), topic: Topic, expect: (&str, &str)) {
    let others = [("tests/test_a.py", ""), ("setup.py", ""), file];
    beside(text, &format!("      - run: {command}\n"), &others, topic, expect);
}

#[test]
fn a_scan_that_leaves_the_code_out_is_worth_nothing() {
    let code = Topic::StaticAnalysis;
    let none = ("LICENSE", "");
    let bandit = "- Bandit scans our code on every pull request.";
    let semgrep = "- Semgrep scans our code on every pull request.";
    for (text, command, file, expect) in [
        (bandit, "bandit -r . -x ./src", none, WEAK),
        (bandit, "bandit -r . -x ./tests", none, KEPT),
        (bandit, "bandit -r . -x ./src/old", ("src/old/b.py", ""), KEPT),
        (bandit, "bandit -r . -x ./examples", ("examples/b.py", ""), KEPT),
        (
            bandit,
            "bandit -r . -c pyproject.toml",
            ("pyproject.toml", "[tool.bandit]\nexclude_dirs = [\"src\"]\n"),
            WEAK,
        ),
        (
            bandit,
            "bandit -r . -c pyproject.toml",
            ("pyproject.toml", "[tool.bandit]\nexclude_dirs = [\"tests\"]\n"),
            KEPT,
        ),
        (semgrep, "semgrep scan --config auto --error --exclude src", none, WEAK),
        (
            semgrep,
            "semgrep scan --config auto --error --exclude tests",
            none,
            KEPT,
        ),
        (
            semgrep,
            "semgrep scan --config auto --error",
            (".semgrepignore", "src/\n"),
            WEAK,
        ),
        (
            semgrep,
            "semgrep scan --config auto --error",
            (".semgrepignore", "docs/\n"),
            KEPT,
        ),
    ] {
        with_tests(text, command, file, code, expect);
    }
    let trivy = |part: &str| format!("trivy fs --exit-code 1 --scanners {part} --skip-dirs src .");
    let secrets = "- Trivy scans our code for secrets on every pull request.";
    with_tests(secrets, &trivy("secret"), none, Topic::SecretScan, WEAK);
    // What names the dependencies does not lie with the code.
    let dependencies = "- Trivy scans our dependencies on every pull request.";
    with_tests(dependencies, &trivy("vuln"), none, Topic::DependencyScan, KEPT);
}

#[test]
fn a_hook_that_leaves_the_code_out_is_worth_nothing() {
    let text = "- Bandit scans our code on every pull request.";
    let hooks = |head: &str, more: &str| {
        format!(
            "{head}repos:\n  - repo: https://github.com/PyCQA/bandit\n    rev: 1.7.9\n    hooks:\n      - id: bandit\n{more}"
        )
    };
    for (head, more, expect) in [
        ("", "", KEPT),
        ("", "        exclude: ^src/\n", WEAK),
        ("exclude: ^src/\n", "", WEAK),
        ("exclude: ^tests/\n", "", KEPT),
        ("", "        exclude: ^(tests|docs)/\n", KEPT),
    ] {
        let config = hooks(head, more);
        let file = (".pre-commit-config.yaml", config.as_str());
        with_tests(text, "pre-commit run --all-files", file, Topic::StaticAnalysis, expect);
    }
}

#[test]
fn a_look_at_what_tests_require_is_none_at_the_dependencies() {
    let text = "- Dependencies are checked with pip-audit on every pull request.";
    let own = ("requirements.txt", "requests==2.32.0\n");
    for (command, list, expect) in [
        ("pip-audit -r tests/requirements.txt", "pytest==8.0.0\n", WEAK),
        ("pip-audit -r requirements.txt", "pytest==8.0.0\n", KEPT),
        (
            "pip-audit -r requirements.txt -r tests/requirements.txt",
            "pytest==8.0.0\n",
            KEPT,
        ),
        (
            "pip-audit -r tests/requirements.txt",
            "-r ../requirements.txt\npytest==8.0.0\n",
            KEPT,
        ),
        (
            "pip-audit -r tests/requirements.txt",
            "pytest==8.0.0\nRequests==2.32.0\n",
            KEPT,
        ),
    ] {
        let others = [own, ("tests/requirements.txt", list)];
        let steps = format!("      - run: {command}\n");
        beside(text, &steps, &others, Topic::DependencyScan, expect);
    }
}

#[test]
fn tests_that_are_named_are_what_is_looked_at() {
    for (text, command, expect) in [
        (
            "- Bandit runs over our test code on every pull request.",
            "bandit -r tests",
            KEPT,
        ),
        (
            "- Bandit scans the tests folder on every pull request.",
            "bandit -r tests",
            KEPT,
        ),
        (
            "- Bandit scans our code on every pull request.",
            "bandit -r tests",
            BROKEN,
        ),
        (
            "- Bandit scans all code except the tests folder on every pull request.",
            "bandit -r tests",
            BROKEN,
        ),
        (
            "- Bandit runs over the test code and the source code on every pull request.",
            "bandit -r tests",
            BROKEN,
        ),
    ] {
        with_tests(text, command, ("LICENSE", ""), Topic::StaticAnalysis, expect);
    }
}

#[test]
fn a_version_that_a_matrix_leaves_out_again_is_not_run() {
    let text = "- Tests run on Python 3.11 and 3.12 on every pull request.";
    for (exclude, expect) in [
        ("", KEPT),
        ("        exclude: [{python: '3.12'}]\n", UNSEEN),
        ("        exclude: [{os: windows-latest, python: '3.12'}]\n", KEPT),
        ("        exclude: [{os: windows-latest}]\n", KEPT),
    ] {
        let workflow = format!(
            "on: [push, pull_request]\njobs:\n  t:\n    runs-on: ${{{{ matrix.os }}}}\n    strategy:\n      matrix:\n        os: [ubuntu-latest, windows-latest]\n        python: ['3.11', '3.12']\n{exclude}    steps:\n      - uses: actions/checkout@v4\n      - run: pytest\n"
        );
        let files = [(".github/workflows/ci.yml", workflow.as_str()), ("tests/test_a.py", "")];
        check(text, &files, Topic::Tests, expect.0, expect.1);
    }
}

#[test]
fn images_that_pipelines_and_charts_run_are_not_passed_over() {
    let text = "- All container images are pinned by digest.";
    let sum = "a".repeat(64);
    let docker = format!("FROM python:3.13@sha256:{sum}\n");
    let of_job = |more: &str| on_changes("      - run: pytest\n").replace("    steps", &format!("{more}    steps"));
    let by_digest = of_job(&format!("    container: python@sha256:{sum}\n"));
    let loose = of_job("    services:\n      db:\n        image: postgres:16\n");
    let inside = of_job("    container:\n      image: python:3.13\n");
    let chart = "image:\n  repository: acme/x\n  tag: \"1\"\n";
    let pinned = format!("image:\n  repository: acme/x\n  tag: \"1\"\n  digest: sha256:{sum}\n");
    for (path, content, expect) in [
        (".github/workflows/ci.yml", by_digest.as_str(), KEPT),
        (".github/workflows/ci.yml", loose.as_str(), IMAGES),
        (".github/workflows/ci.yml", inside.as_str(), IMAGES),
        (".gitlab-ci.yml", "image: python:3.13\nt:\n  script: [pytest]\n", IMAGES),
        (
            ".gitlab-ci.yml",
            "t:\n  services: [postgres:16]\n  script: [pytest]\n",
            IMAGES,
        ),
        ("chart/values.yaml", chart, IMAGES),
        ("chart/values.yaml", &pinned, KEPT),
        ("conf/values.yaml", chart, KEPT),
    ] {
        let chart = if path.starts_with("chart/") {
            "chart/Chart.yaml"
        } else {
            "LICENSE"
        };
        let files = [("Dockerfile", docker.as_str()), (path, content), (chart, "name: a\n")];
        check(text, &files, Topic::ImageDigests, expect.0, expect.1);
    }
}
