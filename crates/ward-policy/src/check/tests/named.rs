//! What a sentence names is what has to be shown: systems, kinds of things, tests, what goes out.

use super::{manners::*, *};

#[test]
fn a_look_at_tests_alone_is_none_at_the_code() {
    let code = [("tests/test_a.py", "")];
    let differs = ("broken", "policy-run-differs");
    for (text, command, topic, expect) in [
        (
            "- Ruff checks our code on every pull request.",
            "ruff check tests",
            Topic::Lint,
            differs,
        ),
        (
            "- Ruff checks our code on every pull request.",
            "ruff check .",
            Topic::Lint,
            KEPT,
        ),
        (
            "- Ruff checks our code on every pull request.",
            "ruff check src tests",
            Topic::Lint,
            KEPT,
        ),
        (
            "- mypy runs on every pull request.",
            "mypy tests",
            Topic::TypeCheck,
            differs,
        ),
        (
            "- Semgrep scans our code on every pull request.",
            "semgrep scan --error tests",
            Topic::StaticAnalysis,
            differs,
        ),
        (
            "- Semgrep scans our code on every pull request.",
            "semgrep scan --error src",
            Topic::StaticAnalysis,
            KEPT,
        ),
        (
            "- Gitleaks scans every pull request for secrets.",
            "gitleaks detect --source tests",
            Topic::SecretScan,
            differs,
        ),
        (
            "- Gitleaks scans every pull request for secrets.",
            "gitleaks dir tests",
            Topic::SecretScan,
            differs,
        ),
        (
            "- Gitleaks scans every pull request for secrets.",
            "gitleaks detect --source=tests",
            Topic::SecretScan,
            differs,
        ),
        (
            "- Gitleaks scans every pull request for secrets.",
            "gitleaks detect --source .",
            Topic::SecretScan,
            KEPT,
        ),
        (
            "- Bandit runs over our code on every pull request.",
            "bandit -r tests",
            Topic::StaticAnalysis,
            differs,
        ),
    ] {
        beside(text, &format!("      - run: {command}\n"), &code, topic, expect);
    }
    let whole = "- Semgrep scans the entire codebase on every pull request.";
    let docs = [("README.md", ""), ("tests/test_a.py", "")];
    beside(
        whole,
        "      - run: semgrep scan --error src\n",
        &docs,
        Topic::StaticAnalysis,
        KEPT,
    );
    // A hook that is given tests alone.
    let hooks = |files: &str| {
        format!(
            "repos:\n  - repo: https://github.com/PyCQA/bandit\n    rev: 1.7.9\n    hooks:\n      - id: bandit\n{files}"
        )
    };
    for (files, expect) in [
        ("        files: ^tests/\n", differs),
        ("        files: ^src/\n", KEPT),
        ("", KEPT),
    ] {
        let config = hooks(files);
        let others = [(".pre-commit-config.yaml", config.as_str()), ("tests/test_a.py", "")];
        let text = "- Bandit scans our code on every pull request.";
        let steps = "      - run: pre-commit run --all-files\n";
        beside(text, steps, &others, Topic::StaticAnalysis, expect);
    }
}

#[test]
fn systems_that_are_named_stand_in_a_job() {
    let steps = "      - run: pytest\n";
    let on = |text: &str, runner: &str, expect: (&str, &str)| {
        let workflow = on_changes(steps).replace("runs-on: ubuntu-latest", runner);
        let files = [(".github/workflows/ci.yml", workflow.as_str()), ("src/a.py", "")];
        check(text, &files, Topic::Tests, expect.0, expect.1);
    };
    let arm = "- Tests run on ARM for every pull request.";
    on(arm, "runs-on: ubuntu-24.04", UNSEEN);
    on(arm, "runs-on: ubuntu-24.04-arm", KEPT);
    on(arm, "runs-on: macos-15", KEPT);
    let ubuntu = "- Tests run on Ubuntu for every pull request.";
    on(ubuntu, "runs-on: ubuntu-24.04", KEPT);
    on(ubuntu, "runs-on: windows-latest", UNSEEN);
    on(ubuntu, "runs-on: ubuntu-24.04\n    container: debian:12", UNSEEN);
    let debian = "- Tests run on Debian 11 for every pull request.";
    on(debian, "runs-on: ubuntu-24.04\n    container: debian:12", UNSEEN);
    on(debian, "runs-on: ubuntu-24.04\n    container: debian:11", KEPT);
    on(
        "- Tests run on OpenBSD for every pull request.",
        "runs-on: ubuntu-24.04",
        UNSEEN,
    );
    on(
        "- Tests run on nightly Rust on every pull request.",
        "runs-on: ubuntu-24.04",
        UNSEEN,
    );
    on(
        "- Tests run nightly and on every pull request.",
        "runs-on: ubuntu-24.04",
        ("broken", "policy-schedule-absent"),
    );
    on("- Tests run on every pull request.", "runs-on: windows-latest", KEPT);
    // A machine within a job: what it runs last decides.
    let machine = |run: &str| format!("      - uses: vmactions/freebsd-vm@v1\n        with:\n          run: |\n{run}");
    let freebsd = "- Tests run on FreeBSD for every pull request.";
    let soft = ("weak", "policy-scan-hollow");
    for (run, expect) in [
        ("            pkg install -y python3\n            pytest\n", KEPT),
        ("            pytest\n            echo done\n", soft),
        ("            set -e\n            pytest\n            echo done\n", KEPT),
    ] {
        beside(freebsd, &machine(run), &[], Topic::Tests, expect);
    }
    let pair = "- The tests run on Python 3.12 on Windows for every pull request.";
    let matrix = |more: &str| {
        format!(
            "strategy:\n      matrix:\n        python: ['3.10', '3.12']\n        os: [ubuntu-24.04, windows-2022]\n{more}    runs-on: ${{{{ matrix.os }}}}"
        )
    };
    let without = |python: &str| {
        matrix(&format!(
            "        exclude:\n          - os: windows-2022\n            python: '{python}'\n"
        ))
    };
    on(pair, &matrix(""), KEPT);
    on(pair, &without("3.12"), UNSEEN);
    on(pair, &without("3.10"), KEPT);
}

#[test]
fn what_is_pinned_is_held_by_its_own_kind() {
    let lock = ("requirements.txt", "a==1.0\n");
    let digest = format!("FROM python:3.12@sha256:{}\n", "a1".repeat(32));
    let built = ("Dockerfile", digest.as_str());
    let compose = ("docker-compose.yml", "services:\n  db:\n    image: postgres:16\n");
    let own = (
        "docker-compose.yml",
        "services:\n  app:\n    image: app\n    build: .\n",
    );
    let images = "- All container images are pinned by digest.";
    for (files, verdict, rule) in [
        (vec![lock], "not_examined", "policy-promise"),
        (vec![lock, built], "kept", "policy-promise"),
        (vec![lock, built, own], "kept", "policy-promise"),
        (vec![lock, built, compose], "weak", "policy-images"),
    ] {
        check(images, &files, Topic::Pinning, verdict, rule);
        check(images, &files, Topic::ImageDigests, verdict, rule);
    }
    check(
        "- All dependencies are pinned.",
        &[lock, compose],
        Topic::Pinning,
        KEPT.0,
        KEPT.1,
    );
    let base = "- Base images are pinned by digest.";
    check(base, &[built, compose], Topic::ImageDigests, KEPT.0, KEPT.1);
    let hooks = |rev: &str| {
        format!("repos:\n  - repo: https://github.com/a/b\n    rev: {rev}\n    hooks:\n      - id: black\n")
    };
    let commit = "a1b2".repeat(10);
    let commits = "- All pre-commit repositories are pinned to a full commit hash.";
    for (text, rev, verdict, rule) in [
        (commits, "24.1.0", "broken", "policy-unpinned"),
        (commits, commit.as_str(), "kept", "policy-promise"),
        ("- pre-commit hooks are pinned.", "24.1.0", "kept", "policy-promise"),
        ("- pre-commit hooks are pinned.", "main", "broken", "policy-unpinned"),
    ] {
        let config = hooks(rev);
        let files = [(".pre-commit-config.yaml", config.as_str()), lock];
        check(text, &files, Topic::PreCommit, verdict, rule);
    }
    let at = |revision: &str| format!("git+https://github.com/acme/x@{revision}\n");
    for (revision, verdict, rule) in [
        (commit.as_str(), "kept", "policy-promise"),
        ("main", "broken", "policy-unpinned"),
    ] {
        let text = at(revision);
        check(
            "- All dependencies are pinned.",
            &[("requirements.txt", &text)],
            Topic::Pinning,
            verdict,
            rule,
        );
    }
}

#[test]
fn bots_update_what_a_sentence_names() {
    let entry = |name: &str| {
        format!("  - package-ecosystem: {name}\n    directory: /\n    schedule:\n      interval: weekly\n")
    };
    let pip = format!("version: 2\nupdates:\n{}", entry("pip"));
    let actions = format!("version: 2\nupdates:\n{}", entry("github-actions"));
    let (bot, other) = (".github/dependabot.yml", "renovate.json");
    let all = "{\"extends\": [\"config:recommended\"]";
    let with = |more: &str| format!("{all}, {more}}}");
    let (off, left_out) = (
        with("\"github-actions\": {\"enabled\": false}"),
        with("\"ignorePaths\": [\".github/**\"]"),
    );
    let (preset, rule) = (
        "{\"extends\": [\"docker:disable\"]}".to_owned(),
        with("\"packageRules\": [{\"matchManagers\": [\"github-actions\"], \"enabled\": false}]"),
    );
    let docs = with("\"ignorePaths\": [\"docs/**\"]");
    let ours = "- Renovate keeps our GitHub Actions up to date.";
    for (file, config, text, expect) in [
        (bot, &pip, "- Dependabot updates our container images.", UNSEEN),
        (bot, &pip, "- Dependabot keeps actions up to date.", UNSEEN),
        (bot, &pip, "- Dependabot updates our npm packages weekly.", UNSEEN),
        (
            bot,
            &pip,
            "- Dependabot opens pull requests for new versions of our base images.",
            UNSEEN,
        ),
        (bot, &pip, "- Dependabot watches our Python dependencies.", KEPT),
        (bot, &pip, "- Dependabot keeps our dependencies up to date.", KEPT),
        (bot, &actions, "- Dependabot watches our Python dependencies.", UNSEEN),
        (bot, &actions, "- GitHub Actions are updated by Dependabot.", KEPT),
        (other, &off, ours, UNSEEN),
        (other, &left_out, ours, UNSEEN),
        (other, &rule, ours, UNSEEN),
        (other, &docs, ours, KEPT),
        (other, &preset, "- Renovate updates our container images.", UNSEEN),
        (other, &off, "- Renovate updates our Python packages.", KEPT),
    ] {
        let files = [
            (file, config.as_str()),
            ("requirements.txt", "a==1.0\n"),
            ("Dockerfile", "FROM alpine:3.20\n"),
            (".github/workflows/ci.yml", "on: push\n"),
        ];
        check(text, &files, Topic::UpdateBot, expect.0, expect.1);
    }
}

#[test]
fn no_other_workflow_hands_a_package_out() {
    let release = |needs: &str, order: &str| {
        format!(
            "on:\n  push:\n    tags: ['v*']\njobs:\n  scan:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - run: bandit -r src\n  rel:\n{needs}    runs-on: ubuntu-latest\n    steps:\n      - run: {order}\n"
        )
    };
    let waits = release("    needs: scan\n", "twine upload dist/*");
    let at_once = release("", "twine upload dist/*");
    let other = |on: &str, run: &str| {
        format!("on:\n{on}jobs:\n  n:\n    runs-on: ubuntu-latest\n    steps:\n      - run: {run}\n")
    };
    let (of_releases, by_hand) = ("  release:\n    types: [published]\n", "  workflow_dispatch:\n");
    let npm = other(of_releases, "npm publish");
    let quiet = other("  push:\n    branches: [main]\n", "npm pack");
    let trial = other(by_hand, "twine upload -r testpypi dist/*");
    for text in [
        "- Bandit runs before every release.",
        "- A release is blocked when Bandit finds something.",
    ] {
        for (main, beside, expect) in [
            (&waits, None, KEPT),
            (&waits, Some(&quiet), KEPT),
            (&waits, Some(&trial), KEPT),
            (&waits, Some(&npm), UNSEEN),
            (&at_once, None, UNSEEN),
        ] {
            let mut files = vec![(".github/workflows/release.yml", main.as_str()), ("src/a.py", "")];
            files.extend(beside.map(|text| (".github/workflows/other.yml", text.as_str())));
            check(text, &files, Topic::StaticAnalysis, expect.0, expect.1);
        }
    }
}

#[test]
fn a_floor_that_may_fail_is_none() {
    let text = "- We enforce a minimum test coverage of 80 % in CI.";
    let floor = "      - run: pytest --cov=src\n      - run: coverage report --fail-under=80\n";
    beside(text, floor, &[], Topic::Tests, KEPT);
    let soft = format!("{floor}        continue-on-error: true\n");
    beside(text, &soft, &[], Topic::Tests, UNSEEN);
    beside(
        text,
        &format!("{floor}        continue-on-error: false\n"),
        &[],
        Topic::Tests,
        KEPT,
    );
    // Another step that may fail says nothing of this one.
    let other = format!("      - run: echo done\n        continue-on-error: true\n{floor}");
    beside(text, &other, &[], Topic::Tests, KEPT);
    let steps = "      - run: pytest --cov\n      - uses: codecov/codecov-action@v4\n";
    let codecov =
        |more: &str| format!("coverage:\n  status:\n    project:\n      default:\n        target: 80%\n{more}");
    let (binds, informs) = (codecov(""), codecov("        informational: true\n"));
    beside(text, steps, &[("codecov.yml", binds.as_str())], Topic::Tests, KEPT);
    beside(text, steps, &[("codecov.yml", informs.as_str())], Topic::Tests, UNSEEN);
}
