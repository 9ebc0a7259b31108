//! How tools are said to run, beyond when and on what: what nothing shows is not kept.

use super::*;

pub(super) const KEPT: (&str, &str) = ("kept", "policy-promise");
pub(super) const UNSEEN: (&str, &str) = ("not_examined", "policy-promise");

pub(super) fn on_changes(steps: &str) -> String {
    format!(
        "on: [push, pull_request]\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n{steps}"
    )
}

/// What becomes of a sentence beside a workflow with these steps and other files.
#[track_caller]
pub(super) fn beside(text: &str, steps: &str, others: &[(&str, &str)], topic: Topic, (verdict, rule): (&str, &str)) {
    let workflow = on_changes(steps);
    let mut files = vec![(".github/workflows/ci.yml", workflow.as_str()), ("src/a.py", "")];
    files.extend(others);
    check(text, &files, topic, verdict, rule);
}

#[test]
fn strictness_is_looked_for() {
    let strict = "- mypy runs in strict mode on every pull request.";
    let plain = "      - run: mypy src\n";
    let by = |text| [("pyproject.toml", text)];
    let types = Topic::TypeCheck;
    beside(strict, plain, &[], types, UNSEEN);
    beside(strict, "      - run: mypy --strict src\n", &[], types, KEPT);
    beside(strict, plain, &by("[tool.mypy]\nstrict = true\n"), types, KEPT);
    beside(strict, plain, &by("[tool.mypy]\nstrict = false\n"), types, UNSEEN);
    beside(
        strict,
        plain,
        &by("[tool.mypy]\nstrict_optional = true\n"),
        types,
        UNSEEN,
    );
    beside("- mypy runs on every pull request.", plain, &[], types, KEPT);
    beside(
        "- Types are strictly checked by mypy on every pull request.",
        plain,
        &[],
        types,
        KEPT,
    );
    let settings = [("tsconfig.json", "{\"compilerOptions\": {\"strict\": true}}")];
    let text = "- tsc runs in strict mode on every pull request.";
    beside(text, "      - run: tsc --noEmit\n", &settings, types, KEPT);
}

#[test]
fn detectors_systems_and_versions_are_looked_for() {
    let plain = "      - run: go test ./...\n";
    let race = "- All tests run with the race detector on every pull request.";
    beside(race, plain, &[], Topic::Tests, UNSEEN);
    beside(race, "      - run: go test -race ./...\n", &[], Topic::Tests, KEPT);
    let systems = "- The tests run on Linux, macOS and Windows for every pull request.";
    beside(systems, plain, &[], Topic::Tests, UNSEEN);
    beside(
        "- The tests of the Linux driver run on every pull request.",
        plain,
        &[],
        Topic::Tests,
        KEPT,
    );
    let workflow = on_changes(plain).replace(
        "runs-on: ubuntu-latest",
        "strategy:\n      matrix:\n        os: [ubuntu-latest, macos-latest, windows-latest]\n    runs-on: ${{ matrix.os }}",
    );
    let files = [(".github/workflows/ci.yml", workflow.as_str())];
    check(systems, &files, Topic::Tests, KEPT.0, KEPT.1);
    let versions = "- Tests run on every pull request, on three versions of Go.";
    beside(versions, plain, &[], Topic::Tests, UNSEEN);
    check(versions, &files, Topic::Tests, KEPT.0, KEPT.1);
    let sanitizer = "- Tests run under AddressSanitizer on every pull request.";
    beside(sanitizer, plain, &[], Topic::Tests, UNSEEN);
    let on = "      - run: go test ./...\n        env:\n          CGO_CFLAGS: -fsanitize=address\n";
    beside(sanitizer, on, &[], Topic::Tests, KEPT);
}

#[test]
fn parts_that_are_left_out_are_seen() {
    let workspace = "- All crates are linted with Clippy on every pull request.";
    let all = "      - run: cargo clippy --workspace -- -D warnings\n";
    let one = "      - run: cargo clippy -p core -- -D warnings\n";
    beside(workspace, all, &[], Topic::Lint, KEPT);
    beside(workspace, one, &[], Topic::Lint, UNSEEN);
    beside("- Clippy runs on every pull request.", one, &[], Topic::Lint, KEPT);
    let audit = "      - run: npm audit --omit=dev\n";
    let files = [("package.json", "{}")];
    let text = "- `npm audit` looks at all dependencies on every pull request.";
    let left_out = ("broken", "policy-run-differs");
    beside(text, audit, &files, Topic::DependencyScan, left_out);
    beside(text, "      - run: npm audit\n", &files, Topic::DependencyScan, KEPT);
    let text = "- `npm audit` runs on every pull request.";
    beside(text, audit, &files, Topic::DependencyScan, KEPT);
    let plugin = "- ESLint with the security plugin runs on every pull request.";
    let lint = "      - run: npx eslint src\n";
    beside(
        plugin,
        lint,
        &[("eslint.config.js", "export default [];"), ("src/a.js", "")],
        Topic::Lint,
        UNSEEN,
    );
    let on = [
        ("eslint.config.js", "import s from 'eslint-plugin-security';"),
        ("src/a.js", ""),
    ];
    beside(plugin, lint, &on, Topic::Lint, KEPT);
}

#[test]
fn what_people_do_with_findings_is_not_shown() {
    let bandit = "      - run: bandit -r src\n";
    let conduct = ("unverifiable", "policy-conduct");
    let scans = Topic::StaticAnalysis;
    for (text, wanted) in [
        (
            "- Bandit runs on every pull request, and two maintainers sign off each of its findings.",
            conduct,
        ),
        (
            "- Bandit runs on every pull request and its report is published on our website.",
            conduct,
        ),
        ("- Bandit runs on every pull request and fails on findings.", KEPT),
        ("- Bandit runs on every pull request; a finding blocks the merge.", KEPT),
        ("- Bandit runs on every pull request and reports what it finds.", KEPT),
    ] {
        beside(text, bandit, &[], scans, wanted);
    }
}

#[test]
fn settings_of_the_forge_are_no_files() {
    let text = "- CodeQL default setup is enabled for this repository.";
    check(text, &[], Topic::StaticAnalysis, "unverifiable", "policy-forge-setting");
    let text = "- CodeQL runs on every pull request.";
    check(text, &[], Topic::StaticAnalysis, "broken", "policy-tool-absent");
}

#[test]
fn an_environment_without_the_project_has_no_bill_of_materials() {
    let text = "- A CycloneDX SBOM is generated by the pipeline.";
    let files = [("requirements.txt", "numpy==2.1.0\n")];
    let of =
        |install: &str, make: &str| format!("      - run: {install}\n      - run: cyclonedx-py {make} -o sbom.json\n");
    let hollow = ("weak", "policy-scan-hollow");
    let topic = Topic::Sbom;
    beside(
        text,
        &of("pip install cyclonedx-bom", "environment"),
        &files,
        topic,
        hollow,
    );
    beside(
        text,
        &of("pip install -r requirements.txt cyclonedx-bom", "environment"),
        &files,
        topic,
        KEPT,
    );
    beside(
        text,
        &of("pip install cyclonedx-bom", "environment .venv"),
        &files,
        topic,
        KEPT,
    );
    beside(
        text,
        &of("pip install cyclonedx-bom", "requirements"),
        &files,
        topic,
        KEPT,
    );
}

#[test]
fn rows_of_one_tool_are_about_what_they_name() {
    let text = "| Check | Tool | When |\n|---|---|---|\n| Advisories | cargo-deny | every pull request |\n| Licences | cargo-deny | every pull request |\n";
    let licences = "      - run: cargo deny check licenses\n";
    let files = [("Cargo.lock", "")];
    beside(text, licences, &files, Topic::Licences, KEPT);
    beside(
        text,
        licences,
        &files,
        Topic::DependencyScan,
        ("broken", "policy-run-differs"),
    );
    // Requests of pulls ask for no advisory.
    let report = judged(&with_policy(
        "- RustSec advisories are checked on every pull request.",
        &files,
    ));
    let topics: Vec<Topic> = report.judged.iter().map(|one| one.promise.topic).collect();
    assert_eq!(topics, [Topic::DependencyScan]);
}

#[test]
fn pickles_that_are_opened_are_looked_for_in_programs() {
    let found = || scanned_with(vec![fault("code/pickle-load", "src/a.py")]);
    for (text, verdict) in [
        ("- We never unpickle files from users.", "broken"),
        ("- We never deserialise pickle files.", "broken"),
        ("- We never ship pickle files.", "kept"),
    ] {
        let mut repository = with_policy(text, &[("src/a.py", "")]);
        repository.scan = Some(found());
        let rule = if verdict == "kept" {
            "policy-promise"
        } else {
            "policy-unsafe-loading"
        };
        check_in(&repository, Topic::SafeLoading, verdict, rule);
    }
}

fn scanned_with(findings: Vec<Fault>) -> Scan {
    Scan {
        engines: ["secrets", "code", "repository", "models"].map(str::to_owned).to_vec(),
        findings,
        ..Scan::default()
    }
}

#[test]
fn advice_may_have_a_word_between() {
    for text in [
        "We heavily recommend loading models in the safetensors format.",
        "We also recommend pinning a specific revision of the models that you download.",
    ] {
        let policy = format!("# Security\n\n## Models\n\n{text}\n");
        let report = judged(&repository(&[("SECURITY.md", &policy)]));
        assert!(!report.judged.is_empty(), "{text}");
        assert!(report.judged.iter().all(|one| one.verdict.word() == "advice"), "{text}");
    }
}

#[test]
fn a_badge_is_one_promise() {
    let readme = "# a\n\n[![API](https://snyk.io/test/github/acme/lantern/badge.svg)](https://snyk.io/test/github/acme/lantern)\n[![](https://img.shields.io/badge/bandit-on-green)](https://acme.dev)\n";
    let report = judged(&repository(&[("README.md", readme)]));
    let mut tools: Vec<&str> = report
        .judged
        .iter()
        .flat_map(|one| one.promise.frame.tools.clone())
        .collect();
    tools.sort_unstable();
    assert_eq!(tools, ["bandit", "snyk"]);
}

#[test]
fn jobs_come_with_no_pipeline_that_is_not_made() {
    let text = "- Bandit runs on every merge request.";
    let of = |workflow: &str, job: &str| {
        format!("workflow:\n  rules:\n{workflow}bandit:\n  script:\n    - bandit -r src\n  rules:\n    - if: {job}\n")
    };
    let (main, request) = (
        "$CI_COMMIT_BRANCH == \"main\"",
        "$CI_PIPELINE_SOURCE == \"merge_request_event\"",
    );
    let rule = |condition: &str| format!("    - if: {condition}\n");
    let topic = Topic::StaticAnalysis;
    for (workflow, verdict) in [
        (rule(main), "weak"),
        (rule(request), "kept"),
        (format!("{}{}", rule(main), rule(request)), "kept"),
        ("    - when: always\n".to_owned(), "kept"),
    ] {
        let pipeline = of(&workflow, request);
        let files = [(".gitlab-ci.yml", pipeline.as_str()), ("src/a.py", "")];
        let report = judged(&with_policy(text, &files));
        let one = report.judged.iter().find(|one| one.promise.topic == topic).unwrap();
        assert_eq!(one.verdict.word(), verdict, "{workflow} {}", one.message);
    }
}

#[test]
fn what_was_is_no_promise() {
    let steps = "      - run: bandit -r src\n      - run: pip-audit -r requirements.txt\n";
    let workflow = on_changes(steps);
    let files = [
        (".github/workflows/ci.yml", workflow.as_str()),
        ("src/a.py", ""),
        ("requirements.txt", "a==1\n"),
    ];
    let verdicts = |text: &str| {
        let report = judged(&with_policy(text, &files));
        report.judged.iter().map(|one| one.verdict.word()).collect::<Vec<_>>()
    };
    for text in [
        "- We used to run Bandit on every pull request.",
        "- Bandit used to run on every pull request.",
        "- Bandit ran on every pull request until 2024.",
        "- We ran Bandit once.",
    ] {
        assert!(verdicts(text).is_empty(), "{text}");
    }
    assert_eq!(
        verdicts("- Bandit will run on every pull request from next month."),
        ["vague"]
    );
    for text in [
        "- Bandit is used to scan the code on every pull request.",
        "- Bandit runs on every pull request.",
        "- The last audit ran in May, and Bandit runs on every pull request.",
        "- The tool that is used to scan our code on every pull request is Bandit.",
    ] {
        assert!(verdicts(text).contains(&"kept"), "{text} {:?}", verdicts(text));
    }
}

#[test]
fn all_that_is_named_is_looked_for() {
    let steps = "      - run: bandit -r src\n      - run: pytest\n      - run: ruff check src\n";
    let tests = [("tests/a.py", "")];
    let differs = ("broken", "policy-run-differs");
    let scans = Topic::StaticAnalysis;
    beside(
        "- Bandit scans the code, tests included, on every pull request.",
        steps,
        &tests,
        scans,
        differs,
    );
    beside(
        "- Bandit scans the code on every pull request.",
        steps,
        &tests,
        scans,
        KEPT,
    );
    beside(
        "- Bandit scans the code, tests included, on every pull request.",
        "      - run: bandit -r .\n",
        &tests,
        scans,
        KEPT,
    );
    let cover = "- Tests run on every pull request with at least 90 % coverage.";
    beside(cover, steps, &tests, Topic::Tests, UNSEEN);
    beside(
        cover,
        "      - run: pytest --cov --cov-fail-under=90\n",
        &tests,
        Topic::Tests,
        KEPT,
    );
    beside(
        "- Tests run on every pull request, and coverage is shown.",
        steps,
        &tests,
        Topic::Tests,
        KEPT,
    );
    let versions = "- Tests run on Python 3.12 and 3.13 on every pull request.";
    beside(versions, steps, &tests, Topic::Tests, UNSEEN);
    beside(
        "- Tests run on Python 3.12 on every pull request.",
        steps,
        &tests,
        Topic::Tests,
        UNSEEN,
    );
    let rules = "- Ruff runs with all of its rules on every pull request.";
    beside(rules, steps, &tests, Topic::Lint, UNSEEN);
    beside(
        rules,
        steps,
        &[("ruff.toml", "lint.select = [\"ALL\"]\n")],
        Topic::Lint,
        KEPT,
    );
}

#[test]
fn a_hook_is_no_pipeline_where_both_are_said() {
    let hooks =
        "repos:\n  - repo: https://github.com/gitleaks/gitleaks\n    rev: v8.21.0\n    hooks:\n      - id: gitleaks\n";
    let both = "- gitleaks runs as a pre-commit hook and in CI.";
    let hook = "- gitleaks runs as a pre-commit hook.";
    let run = "      - run: gitleaks git .\n";
    let files = [(".pre-commit-config.yaml", hooks)];
    let scans = Topic::SecretScan;
    beside(
        both,
        "      - run: echo\n",
        &files,
        scans,
        ("broken", "policy-schedule-absent"),
    );
    beside(both, run, &files, scans, KEPT);
    beside(hook, "      - run: echo\n", &files, scans, KEPT);
}

#[test]
fn every_dependency_is_more_than_some() {
    let config =
        "version: 2\nupdates:\n  - package-ecosystem: pip\n    directory: /\n    schedule:\n      interval: weekly\n";
    let python = [(".github/dependabot.yml", config), ("requirements.txt", "a==1\n")];
    let more = [
        python[0],
        python[1],
        ("web/package.json", "{\"dependencies\": {\"a\": \"1\"}}"),
    ];
    let all = "- Dependabot updates all of our dependencies every week.";
    let some = "- Dependabot proposes updates of dependencies every week.";
    check(all, &python, Topic::UpdateBot, KEPT.0, KEPT.1);
    check(all, &more, Topic::UpdateBot, "weak", "policy-update-bot");
    check(some, &more, Topic::UpdateBot, KEPT.0, KEPT.1);
}

#[test]
fn a_bot_updates_what_it_is_told_to() {
    let entry = |ecosystem: &str| {
        format!("  - package-ecosystem: {ecosystem}\n    directory: /\n    schedule:\n      interval: weekly\n")
    };
    let npm = format!("version: 2\nupdates:\n{}", entry("npm"));
    let both = format!("{npm}{}", entry("github-actions"));
    let images = format!("{npm}{}", entry("docker-compose"));
    let some = "{\"extends\": [\"config:recommended\"], \"enabledManagers\": [\"npm\"]}";
    let all = "{\"extends\": [\"config:recommended\"]}";
    let (bot, other) = (".github/dependabot.yml", "renovate.json");
    for (file, config, text, expect) in [
        (
            bot,
            npm.as_str(),
            "- Dependabot keeps our GitHub Actions up to date.",
            UNSEEN,
        ),
        (
            bot,
            &npm,
            "- Dependabot updates dependencies and actions weekly.",
            UNSEEN,
        ),
        (bot, &npm, "- Dependabot keeps our Docker images up to date.", UNSEEN),
        (bot, &npm, "- Dependabot keeps our dependencies up to date.", KEPT),
        (bot, &npm, "- GitHub Actions are updated by Dependabot.", UNSEEN),
        (bot, &both, "- GitHub Actions are updated by Dependabot.", KEPT),
        (bot, &npm, "- Dependabot is enabled for npm and GitHub Actions.", UNSEEN),
        (
            bot,
            &npm,
            "- Dependabot updates our npm packages, and actions are pinned.",
            KEPT,
        ),
        (
            bot,
            &npm,
            "- Dependabot updates our npm packages, which are tested by GitHub Actions.",
            KEPT,
        ),
        (bot, &both, "- Dependabot keeps our GitHub Actions up to date.", KEPT),
        (
            bot,
            &both,
            "- Dependabot updates dependencies and actions weekly.",
            KEPT,
        ),
        (bot, &images, "- Dependabot keeps our Docker images up to date.", KEPT),
        (other, some, "- Renovate keeps GitHub Actions up to date.", UNSEEN),
        (other, some, "- Renovate keeps dependencies up to date.", KEPT),
        (other, all, "- Renovate keeps GitHub Actions up to date.", KEPT),
    ] {
        let manifest = ("package.json", "{\"dependencies\": {\"a\": \"1\"}}");
        let files = [(file, config), manifest, ("Dockerfile", "FROM alpine:3.20\n")];
        check(text, &files, Topic::UpdateBot, expect.0, expect.1);
    }
}

#[test]
fn commands_that_run_tests_are_known() {
    let text = "- Tests run on every pull request.";
    let absent = ("broken", "policy-tool-absent");
    let carried = [("gradlew", "#!/bin/sh\n"), ("manage.py", ""), ("Cargo.toml", "")];
    for (command, expect) in [
        ("mvn -B verify", KEPT),
        ("mvn test", KEPT),
        ("mvn -B -DskipTests verify", absent),
        ("mvn compile", absent),
        ("./gradlew check", KEPT),
        ("gradle clean test", KEPT),
        ("./gradlew build -x test", absent),
        ("./gradlew assemble", absent),
        ("dotnet test", KEPT),
        ("dotnet build", absent),
        ("bundle exec rspec", KEPT),
        ("python manage.py test", KEPT),
        ("python manage.py migrate", absent),
        ("node --test", KEPT),
        ("node server.js", absent),
        ("npx c8 --check-coverage --lines 80 node --test", KEPT),
        ("gotestsum -- ./...", KEPT),
        ("cargo llvm-cov --workspace", KEPT),
        ("cargo llvm-cov report", ("weak", "policy-scan-hollow")),
        ("cargo tarpaulin --out xml", KEPT),
        ("python -m unittest discover", KEPT),
        ("python -m unittest discover -s nowhere", ("weak", "policy-scan-hollow")),
        ("cargo test --target x86_64-unknown-linux-musl", KEPT),
        ("pytest nowhere", ("weak", "policy-scan-hollow")),
        ("mix test --cover", KEPT),
        ("./gradlew :app:testDebugUnitTest", KEPT),
        ("./gradlew testClasses", absent),
        ("docker run --rm tool pytest", UNSEEN),
        ("docker compose run --rm web pytest -q", UNSEEN),
        ("docker-compose exec -T web pytest", UNSEEN),
        ("docker run -d postgres", absent),
        ("docker compose up -d", absent),
        ("mix compile", absent),
        ("swift test", KEPT),
        ("swift build", absent),
        ("cargo +nightly miri test", KEPT),
        ("cargo miri setup", absent),
        ("vendor/bin/phpunit", KEPT),
        ("deno test --allow-read", KEPT),
        ("deno lint", absent),
        ("bun run build", absent),
    ] {
        beside(
            text,
            &format!("      - run: {command}\n"),
            &carried,
            Topic::Tests,
            expect,
        );
    }
    let task = "      - run: task test\n";
    beside(text, task, &[("Taskfile.yml", "version: '3'\n")], Topic::Tests, UNSEEN);
    beside(text, task, &[], Topic::Tests, absent);
}

#[test]
fn what_may_run_where_nothing_was_read_is_not_examined() {
    let text = "- Bandit runs on every pull request.";
    let code = Topic::StaticAnalysis;
    let absent = ("broken", "policy-tool-absent");
    for path in [
        ".circleci/config.yml",
        "ci/Jenkinsfile",
        ".azure-pipelines/ci.yml",
        ".woodpecker/a.yaml",
        ".zuul.yaml",
    ] {
        check(
            text,
            &[(path, "steps: make\n"), ("src/a.py", "")],
            code,
            UNSEEN.0,
            UNSEEN.1,
        );
    }
    for path in ["docs/Jenkinsfile.md", "a/.travis.yml", "circleci/config.yml"] {
        check(
            text,
            &[(path, "steps: make\n"), ("src/a.py", "")],
            code,
            absent.0,
            absent.1,
        );
    }
    let files = [(".travis.yml", "script: make\n"), ("src/a.py", "")];
    check(
        "- Bandit runs in GitHub Actions on every pull request.",
        &files,
        code,
        absent.0,
        absent.1,
    );
    check(
        "- Tests run on every pull request.",
        &files,
        Topic::Tests,
        UNSEEN.0,
        UNSEEN.1,
    );
    let flake = "      - run: pip install flake8 flake8-bandit\n      - run: flake8 src\n";
    beside(text, flake, &[], code, UNSEEN);
    beside(text, "      - run: flake8 src\n", &[], code, absent);
    beside(text, "      - run: pip install flake8-bandit\n", &[], code, absent);
    let golangci = "      - uses: golangci/golangci-lint-action@v6\n";
    let gosec = "- gosec runs on every pull request.";
    let by = |text| [(".golangci.yml", text), ("a.go", "")];
    beside(gosec, golangci, &by("linters:\n  enable: [gosec]\n"), code, UNSEEN);
    beside(gosec, golangci, &by("linters:\n  enable: [errcheck]\n"), code, absent);
}

#[test]
fn nightly_is_a_time_unless_it_is_a_compiler() {
    let steps = "      - run: cargo +nightly test\n";
    let late = ("broken", "policy-schedule-absent");
    for (text, expect) in [
        ("- Tests run with nightly Rust on every pull request.", KEPT),
        ("- Tests run on stable and nightly on every pull request.", KEPT),
        ("- Tests run with the nightly toolchain on every pull request.", KEPT),
        ("- Tests run nightly.", late),
        ("- The Rust tests run nightly.", late),
    ] {
        beside(text, steps, &[("Cargo.toml", "")], Topic::Tests, expect);
    }
}

#[test]
fn every_crate_is_more_than_the_package_at_the_root() {
    let text = "- Clippy runs over every crate on every pull request.";
    let plain = "      - run: cargo clippy -- -D warnings\n";
    let all = "      - run: cargo clippy --workspace -- -D warnings\n";
    let by = |text| [("Cargo.toml", text), ("src/lib.rs", "")];
    let both = "[package]\nname = 'a'\n[workspace]\nmembers = ['b']\n";
    beside(text, plain, &by("[workspace]\nmembers = ['b']\n"), Topic::Lint, KEPT);
    beside(text, plain, &by("[package]\nname = 'a'\n"), Topic::Lint, KEPT);
    beside(text, plain, &by(both), Topic::Lint, UNSEEN);
    beside(text, all, &by(both), Topic::Lint, KEPT);
    beside(
        "- Clippy runs on every pull request.",
        plain,
        &by(both),
        Topic::Lint,
        KEPT,
    );
}

#[test]
fn every_rule_of_bandit_runs_unless_some_are_chosen() {
    let text = "- Every rule of Bandit is enabled in CI.";
    let code = Topic::StaticAnalysis;
    beside(text, "      - run: bandit -r .\n", &[], code, KEPT);
    beside(text, "      - run: bandit -r . -s B101\n", &[], code, UNSEEN);
    beside(text, "      - run: bandit -r . --tests=B101\n", &[], code, UNSEEN);
    beside(
        text,
        "      - run: bandit -r .\n",
        &[(".bandit", "[bandit]\n")],
        code,
        UNSEEN,
    );
    let people = ("unverifiable", "policy-conduct");
    let run = "      - run: bandit -r .\n";
    beside("- The security team reads what Bandit finds.", run, &[], code, people);
    for text in [
        "- Our team runs Bandit in CI on every pull request.",
        "- The security team has configured Bandit to run on every pull request.",
        "- Bandit has to pass on every pull request before a maintainer looks at it.",
    ] {
        beside(text, run, &[], code, KEPT);
    }
}
