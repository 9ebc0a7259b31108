//! Systems, versions and floors for coverage that tests are said to run with: what the run's own job does not show is not kept.

use super::{manners::*, *};

#[test]
fn a_floor_is_as_high_as_is_promised() {
    let text = "- Tests run on every pull request with at least 80% coverage.";
    let npm = "      - run: npx jest --coverage\n";
    let plain = "      - run: npm test\n";
    let nyc = "      - run: npx nyc npm test\n";
    let pytest = "      - run: pytest --cov=src\n";
    let bare = "      - run: pytest  # --cov --cov-fail-under=90\n";
    let report = "      - run: coverage run -m pytest\n      - run: coverage report\n";
    let tarpaulin = "      - run: cargo tarpaulin\n";
    let sent = "      - run: pytest --cov=src\n      - uses: codecov/codecov-action@v5\n";
    for (step, name, content, expect) in [
        (
            npm,
            "jest.config.js",
            "module.exports = {coverageThreshold: {global: {lines: 80}}}",
            KEPT,
        ),
        (
            npm,
            "jest.config.js",
            "module.exports = {coverageThreshold: {global: {lines: 40}}}",
            UNSEEN,
        ),
        (
            npm,
            "jest.config.js",
            "// coverageThreshold: {global: {lines: 80}}\n",
            UNSEEN,
        ),
        (
            plain,
            "jest.config.js",
            "module.exports = {coverageThreshold: {global: {lines: 80}}}",
            UNSEEN,
        ),
        (
            plain,
            "jest.config.js",
            "module.exports = {collectCoverage: true, coverageThreshold: {global: {lines: 80}}}",
            KEPT,
        ),
        (
            plain,
            "package.json",
            "{\"scripts\": {\"test\": \"jest\", \"cov\": \"jest --coverage\"}, \"jest\": {\"coverageThreshold\": {\"global\": {\"lines\": 80}}}}",
            UNSEEN,
        ),
        (
            plain,
            "package.json",
            "{\"scripts\": {\"test\": \"npm run cov\", \"cov\": \"jest --coverage\"}, \"jest\": {\"coverageThreshold\": {\"global\": {\"lines\": 80}}}}",
            KEPT,
        ),
        (
            plain,
            "package.json",
            "{\"scripts\": {\"test\": \"jest\"}, \"jest\": {\"collectCoverage\": true, \"coverageThreshold\": {\"global\": {\"lines\": 60}}}}",
            UNSEEN,
        ),
        (nyc, ".nycrc", "{\"check-coverage\": true, \"lines\": 80}", KEPT),
        (nyc, ".nycrc", "{\"lines\": 80, \"check-coverage\": true}", KEPT),
        (nyc, ".nycrc", "{\"check-coverage\": false, \"lines\": 80}", UNSEEN),
        (plain, ".nycrc", "{\"check-coverage\": true, \"lines\": 80}", UNSEEN),
        (
            plain,
            "vitest.config.ts",
            "test: {coverage: {thresholds: {lines: 85}}}",
            UNSEEN,
        ),
        (
            plain,
            "vitest.config.ts",
            "test: {coverage: {enabled: true, thresholds: {lines: 85}}}",
            KEPT,
        ),
        (
            npm,
            "vite.config.ts",
            "test: {\n coverage: {\n  thresholds: {\n   lines: 85\n",
            KEPT,
        ),
        (pytest, "pytest.ini", "[pytest]\naddopts = --cov-fail-under=80\n", KEPT),
        (
            pytest,
            "pytest.ini",
            "[pytest]\naddopts = --cov-fail-under=60\n",
            UNSEEN,
        ),
        (
            pytest,
            "pyproject.toml",
            "[tool.coverage.report]\nfail_under = 80\n",
            KEPT,
        ),
        (pytest, "setup.cfg", "[coverage:report]\nfail_under = 85\n", KEPT),
        (bare, "setup.cfg", "[coverage:report]\nfail_under = 85\n", UNSEEN),
        (
            bare,
            "pyproject.toml",
            "[tool.coverage.report]\nfail_under = 80\n",
            UNSEEN,
        ),
        (
            bare,
            "pyproject.toml",
            "[tool.coverage.report]\nfail_under = 80\n[tool.pytest.ini_options]\naddopts = ['--cov']\n",
            KEPT,
        ),
        (report, ".coveragerc", "[report]\nfail_under = 80\n", KEPT),
        (report, ".coveragerc", "[report]\nfail_under = 70\n", UNSEEN),
        (tarpaulin, "tarpaulin.toml", "[all]\nfail-under = 90\n", KEPT),
        (pytest, "tarpaulin.toml", "[all]\nfail-under = 90\n", UNSEEN),
        (
            sent,
            "codecov.yml",
            "coverage:\n  status:\n    project:\n      default:\n        target: 80%\n        threshold: 1%\n",
            KEPT,
        ),
        (
            sent,
            "codecov.yml",
            "coverage:\n  status:\n    project:\n      default:\n        target: auto\n        threshold: 90%\n",
            UNSEEN,
        ),
        (
            pytest,
            "codecov.yml",
            "coverage:\n  status:\n    project:\n      default:\n        target: 80%\n",
            UNSEEN,
        ),
    ] {
        beside(text, step, &[(name, content)], Topic::Tests, expect);
    }
    let make = "      - run: make test\n";
    let recipes = "cov:\n\tpytest --cov --cov-fail-under=80\ntest:\n\tpytest\n";
    beside(text, make, &[("Makefile", recipes)], Topic::Tests, UNSEEN);
    let recipes = "test:\n\tpytest --cov --cov-fail-under=80\n";
    beside(text, make, &[("Makefile", recipes)], Topic::Tests, KEPT);
    // A floor that may be missed without a word, beside tests that gate.
    let two = |step: &str| format!("      - run: pytest\n      - run: {step}\n");
    for (step, expect) in [
        ("pytest --cov --cov-fail-under=80 || true", UNSEEN),
        ("coverage report --fail-under=80 || echo low", UNSEEN),
        ("pytest --cov --cov-fail-under=80 || exit 1", KEPT),
        ("pytest --cov --cov-fail-under=80 || (echo low; exit 1)", KEPT),
        ("test -d out || mkdir out && pytest --cov --cov-fail-under=80", KEPT),
        ("pytest --cov --cov-fail-under=80; true", KEPT),
        ("pytest --cov --cov-fail-under=80", KEPT),
    ] {
        beside(text, &two(step), &[], Topic::Tests, expect);
    }
    let go_on = |step: &str| two(&format!("{step}\n        continue-on-error: true"));
    beside(
        text,
        &go_on("pytest --cov --cov-fail-under=80"),
        &[],
        Topic::Tests,
        UNSEEN,
    );
    let firm = "      - run: pytest --cov --cov-fail-under=80\n      - run: pytest --cov --cov-fail-under=80 || true\n";
    beside(text, firm, &[], Topic::Tests, KEPT);
    let lines = "|\n          pytest --cov --cov-fail-under=80 \\\n            || true";
    beside(text, &two(lines), &[], Topic::Tests, UNSEEN);
    let lines = "|\n          pytest --cov \\\n            --cov-fail-under=80";
    beside(text, &two(lines), &[], Topic::Tests, KEPT);
    let settings = [(".coveragerc", "[report]\nfail_under = 80\n")];
    beside(text, &two("pytest --cov || true"), &settings, Topic::Tests, UNSEEN);
    beside(text, &two("pytest --cov"), &settings, Topic::Tests, KEPT);
    let scripts = |test: &str| {
        format!(
            "{{\"scripts\": {{\"test\": \"{test}\"}}, \"jest\": {{\"coverageThreshold\": {{\"global\": {{\"lines\": 80}}}}}}}}"
        )
    };
    let soft = scripts("jest --coverage || true");
    beside(text, plain, &[("package.json", &soft)], Topic::Tests, UNSEEN);
    let firm = scripts("jest --coverage");
    beside(text, plain, &[("package.json", &firm)], Topic::Tests, KEPT);
    let low = "      - run: pytest --cov-fail-under=60\n";
    beside(text, low, &[(".coveragerc", "fail_under = 80\n")], Topic::Tests, UNSEEN);
    beside("- Tests run on every pull request.", low, &[], Topic::Tests, KEPT);
    for name in [
        "jest.config.ts",
        "vitest.config.mts",
        "vite.config.js",
        "eslint.config.mjs",
    ] {
        assert!(crate::repository::wanted(&format!("packages/a/{name}")), "{name}");
    }
}

#[test]
fn one_system_and_each_version_are_looked_for() {
    let plain = "      - run: pytest\n";
    let linux = "- Tests run on Linux on every pull request.";
    let windows = "- Tests run on Windows on every pull request.";
    beside(windows, plain, &[], Topic::Tests, UNSEEN);
    beside(linux, plain, &[], Topic::Tests, KEPT);
    beside(
        "- The tests of the Windows driver run on every pull request.",
        plain,
        &[],
        Topic::Tests,
        KEPT,
    );
    beside(
        "- Tests run on every pull request, whether it was written on Windows or macOS.",
        plain,
        &[],
        Topic::Tests,
        KEPT,
    );
    let arm = "- Tests run on ARM64 on every pull request.";
    beside(arm, plain, &[], Topic::Tests, UNSEEN);
    beside(
        "- The tests run under Miri on every pull request.",
        plain,
        &[],
        Topic::Tests,
        UNSEEN,
    );
    let address = "      - run: RUSTFLAGS=-Zsanitizer=address cargo test\n";
    let thread = "      - run: RUSTFLAGS=-Zsanitizer=thread cargo test\n";
    let threads = "- The tests run under ThreadSanitizer on every pull request.";
    beside(threads, address, &[], Topic::Tests, UNSEEN);
    beside(threads, thread, &[], Topic::Tests, KEPT);
    let with = |matrix: &str, text: &str, expect: (&str, &str)| {
        let workflow = on_changes(plain).replace(
            "    steps:",
            &format!("    strategy:\n      matrix:\n        v: {matrix}\n    steps:"),
        );
        let files = [(".github/workflows/ci.yml", workflow.as_str()), ("src/a.py", "")];
        check(text, &files, Topic::Tests, expect.0, expect.1);
    };
    let two = "- Tests run on Python 3.11 and 3.12.";
    with("['3.8', '3.9']", two, UNSEEN);
    with("['3.11']", two, UNSEEN);
    with("['3.11', '3.12']", two, KEPT);
    with("[py311, py312]", two, KEPT);
    with("['3.12']", "- All tests run on Python 3.11 to 3.13.", UNSEEN);
    with(
        "['3.11', '3.12', '3.13']",
        "- All tests run on Python 3.11 to 3.13.",
        KEPT,
    );
    with("['3.110', '13.12']", two, UNSEEN);
    let one = "- We run pytest on Python 3.9.";
    with("['3.10', '3.11']", one, UNSEEN);
    with("['3.9', '3.11']", one, KEPT);
    with("['3.11', '3.12']", "- We run pytest on Python 3.", KEPT);
    with("['3.11']", "- We run pytest on PyPy.", UNSEEN);
    with("['pypy3.10']", "- We run pytest on PyPy.", KEPT);
    let py = "- We run pytest on PyPy 3.10.";
    with("['pypy3.9']", py, UNSEEN);
    with("['pypy3.10']", py, KEPT);
    with(
        "['3.11', 'pypy3.10']",
        "- Tests run on Python 3.11 and PyPy 3.10.",
        KEPT,
    );
    with(
        "['3.11', 'pypy3.9']",
        "- Tests run on Python 3.11 and PyPy 3.10.",
        UNSEEN,
    );
    let ubuntu = "- Tests run on Ubuntu 22.04.";
    with("[ubuntu-20.04, ubuntu-24.04]", ubuntu, UNSEEN);
    with("[ubuntu-20.04, ubuntu-22.04]", ubuntu, KEPT);
    with(
        "[ubuntu-20.04, ubuntu-22.04]",
        "- Tests run on Ubuntu 20.04 and 22.04.",
        KEPT,
    );
    with("[ubuntu-20.04]", "- Tests run on Ubuntu.", KEPT);
    let server = "- Unit tests run with Windows Server 2025.";
    with("[windows-2022]", server, UNSEEN);
    with("[windows-2025]", server, KEPT);
    with("['3.11']", "- Tests run on FreeBSD.", UNSEEN);
    let requires = [(
        "pyproject.toml",
        "[project]\nrequires-python = '>=3.9'\n[tool.ruff]\ntarget-version = 'py39'\n",
    )];
    beside(one, plain, &requires, Topic::Tests, UNSEEN);
    let printed = "      - name: Python 3.9\n        run: pytest\n      - run: echo 3.9\n";
    beside(one, printed, &[], Topic::Tests, UNSEEN);
    let node = "- Tests run on Node.js 20 and 22.";
    with("[20.x, 22.x]", node, KEPT);
    with("[20, ubuntu-22.04]", node, UNSEEN);
    let tox = [(
        "tox.ini",
        "[tox]\nenv_list = py3{11,12}\n[testenv]\ncommands = pytest\n",
    )];
    beside(two, "      - run: tox\n", &tox, Topic::Tests, KEPT);
    let short = [(
        "tox.ini",
        "[tox]\nenv_list = py{311,312}\n[testenv]\ncommands = pytest\n",
    )];
    beside(two, "      - run: tox\n", &short, Topic::Tests, KEPT);
}

#[test]
fn what_another_job_shows_is_not_shown_of_this_one() {
    let both = "- Tests run on Linux and Windows on every pull request.";
    let versions = "- Tests run on Python 3.11 and 3.12 on every pull request.";
    let job = |name: &str, on: &str, steps: &str| {
        format!("  {name}:\n    runs-on: {on}\n    steps:\n      - uses: actions/checkout@v4\n{steps}")
    };
    let matrix = |values: &str, condition: &str| {
        format!(
            "  a:\n    runs-on: ${{{{ matrix.os }}}}\n    strategy:\n      matrix:\n        os: {values}\n    steps:\n      - uses: actions/checkout@v4\n      - run: pytest\n{condition}"
        )
    };
    let python = |version: &str, run: &str| {
        format!(
            "      - uses: actions/setup-python@v5\n        with:\n          python-version: '{version}'\n      - run: {run}\n"
        )
    };
    let test = "      - run: pytest\n";
    let lint = "      - run: ruff check .\n";
    let (linux, windows) = ("ubuntu-latest", "windows-2022");
    for (text, jobs, expect) in [
        (both, job("a", linux, test) + &job("b", windows, test), KEPT),
        (both, job("a", linux, test) + &job("b", windows, lint), UNSEEN),
        (both, job("windows", linux, test), UNSEEN),
        (both, matrix("[ubuntu-latest, windows-latest]", ""), KEPT),
        (
            both,
            matrix(
                "[ubuntu-latest, windows-latest]",
                "        if: runner.os != 'Windows'\n",
            ),
            UNSEEN,
        ),
        (both, matrix("[ubuntu-latest, macos-latest]", ""), UNSEEN),
        (
            both,
            matrix("${{ fromJSON('[\"ubuntu-latest\", \"windows-latest\"]') }}", ""),
            KEPT,
        ),
        (
            versions,
            job("a", linux, &python("3.11", "pytest")) + &job("b", linux, &python("3.12", "pytest")),
            KEPT,
        ),
        (
            versions,
            job("a", linux, &python("3.11", "pytest")) + &job("b", linux, &python("3.12", "ruff check .")),
            UNSEEN,
        ),
    ] {
        let workflow = format!("on: [push, pull_request]\njobs:\n{jobs}");
        let files = [(".github/workflows/ci.yml", workflow.as_str()), ("src/a.py", "")];
        check(text, &files, Topic::Tests, expect.0, expect.1);
    }
    let tox = [(
        "tox.ini",
        "[tox]\nenv_list = py311,py312\n[testenv]\ncommands = pytest\n",
    )];
    beside(versions, "      - run: tox\n", &tox, Topic::Tests, KEPT);
    beside(versions, "      - run: tox -e py312\n", &tox, Topic::Tests, UNSEEN);
    beside(versions, "      - run: tox -e py311,py312\n", &tox, Topic::Tests, KEPT);
}
