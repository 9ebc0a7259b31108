//! What ordinary repositories have: promises of order in any words, other services, scripts of npm, tests that are looked at.

use super::{manners::*, *};

const WEAK: (&str, &str) = ("weak", "policy-scan-hollow");
const DIFFERS: (&str, &str) = ("broken", "policy-run-differs");
const ABSENT: (&str, &str) = ("broken", "policy-tool-absent");
const SCAN: &str = "      - run: bandit -r src\n";
const SEND: &str = "      - run: twine upload dist/*\n";

/// What becomes of a sentence beside a workflow of tags with these steps, and another file.
#[track_caller]
fn on_tags(text: &str, steps: &str, file: (&str, &str), expect: (&str, &str)) {
    let workflow = on_changes(steps).replace("[push, pull_request]", "{push: {tags: ['v*']}}");
    let files = [
        (".github/workflows/release.yml", workflow.as_str()),
        ("src/a.py", ""),
        file,
    ];
    check(text, &files, Topic::StaticAnalysis, expect.0, expect.1);
}

#[test]
fn order_is_a_promise_in_any_words() {
    let none = ("LICENSE", "");
    for text in [
        "- We publish only after Bandit has passed.",
        "- If Bandit fails, nothing is published.",
        "- A release requires Bandit to pass.",
        "- Bandit gates every release.",
        "- Nothing is released before Bandit has passed.",
        "- Prior to publication Bandit scans the code.",
        "- Code is scanned with Bandit before it ships.",
    ] {
        on_tags(text, &format!("{SEND}{SCAN}"), none, UNSEEN);
        on_tags(text, &format!("{SCAN}{SEND}"), none, KEPT);
    }
    // When it runs is another matter.
    for text in [
        "- Bandit runs on every release.",
        "- Every release is scanned with Bandit.",
        "- Bandit runs on each release and uploads its report as an artifact.",
    ] {
        on_tags(text, &format!("{SEND}{SCAN}"), none, KEPT);
    }
}

#[test]
fn what_another_service_sends_out_is_not_known() {
    let text = "- Bandit runs before every release.";
    let both = format!("{SCAN}{SEND}");
    for (path, expect) in [
        ("Jenkinsfile", UNSEEN),
        (".travis.yml", UNSEEN),
        (".circleci/config.yml", UNSEEN),
        ("appveyor.yml", UNSEEN),
        ("docs/travis.md", KEPT),
        ("config.yml", KEPT),
    ] {
        on_tags(text, &both, (path, "script: twine upload\n"), expect);
    }
    let often = "- Bandit runs on every release.";
    on_tags(often, &both, ("Jenkinsfile", "sh 'twine upload'\n"), KEPT);
}

#[test]
fn steps_that_may_send_something_are_open() {
    let text = "- Bandit runs before every release.";
    let package = |scripts: &str| format!("{{\"scripts\": {{{scripts}}}}}");
    let (plain, after) = (
        package("\"build\": \"tsc\""),
        package("\"build\": \"tsc\", \"postbuild\": \"npm publish\""),
    );
    let npm = "      - run: npm run build\n";
    for (steps, file, expect) in [
        ("      - uses: docker://ghcr.io/acme/uploader:1\n", "{}", UNSEEN),
        ("      - run: mvn -B package jib:build\n", "{}", UNSEEN),
        ("      - run: mvn -B package spotless:check\n", "{}", KEPT),
        ("      - run: mvn -B jacoco:report verify\n", "{}", KEPT),
        ("      - run: ./gradlew :app:build\n", "{}", KEPT),
        ("      - run: kubectl apply -f k8s\n", "{}", UNSEEN),
        ("      - run: git cliff -o NOTES.md\n", "{}", KEPT),
        (
            "      - run: python manage.py migrate && python manage.py check --deploy\n",
            "{}",
            KEPT,
        ),
        ("      - run: python manage.py ship_it\n", "{}", UNSEEN),
        (npm, plain.as_str(), KEPT),
        (npm, after.as_str(), UNSEEN),
    ] {
        on_tags(text, &format!("{steps}{SCAN}{SEND}"), ("package.json", file), expect);
    }
    let checks = on_changes(SCAN);
    for (events, expect) in [
        ("{milestone: {types: [closed]}}", UNSEEN),
        ("{issues: {types: [labeled]}}", UNSEEN),
        ("merge_group", UNSEEN),
        ("pull_request", KEPT),
    ] {
        let other = on_changes(SEND).replace("[push, pull_request]", events);
        let files = [
            (".github/workflows/ci.yml", checks.as_str()),
            (".github/workflows/other.yml", other.as_str()),
            ("src/a.py", ""),
        ];
        check(text, &files, Topic::StaticAnalysis, expect.0, expect.1);
    }
    let gitlab = |job: &str| format!("stages: [build, test]\nscan:\n  stage: test\n  script: [bandit -r src]\n{job}");
    for (job, expect) in [
        ("a:\n  stage: build\n  trigger: {project: acme/deploy}\n", UNSEEN),
        (
            "a:\n  stage: .pre\n  script: [echo]\n  release: {tag_name: x}\n",
            UNSEEN,
        ),
        ("a:\n  stage: build\n  script: [make]\n", UNSEEN),
        ("a:\n  stage: build\n  script: [echo]\n", KEPT),
    ] {
        let pipeline = gitlab(job);
        let files = [(".gitlab-ci.yml", pipeline.as_str()), ("src/a.py", "")];
        check(text, &files, Topic::StaticAnalysis, expect.0, expect.1);
    }
}

#[test]
fn scripts_of_npm_are_followed() {
    let text = "- ESLint runs on every pull request.";
    let lint = "\"lint\": \"eslint src\", \"build\": \"tsc\"";
    for (command, scripts, expect) in [
        ("npm test", "\"test\": \"eslint src && jest\"", KEPT),
        ("npm test", "\"test\": \"jest\"", ABSENT),
        ("npm test", "\"pretest\": \"eslint src\", \"test\": \"jest\"", KEPT),
        ("npm test", "\"pretest\": \"eslint src\"", ABSENT),
        ("npm run -s lint", lint, KEPT),
        ("npm --silent run --if-present lint", lint, KEPT),
        ("yarn -s lint", lint, KEPT),
        ("npx run-s lint build", lint, KEPT),
        ("npx npm-run-all build 'l*'", lint, KEPT),
        ("npx run-p build", lint, ABSENT),
        ("npx concurrently 'npm:lint' 'npm:build'", lint, KEPT),
        ("npx concurrently 'tsc -w' 'eslint src'", lint, KEPT),
        ("npx cross-env CI=1 eslint src", lint, KEPT),
        ("npm run -s build", lint, ABSENT),
        ("npx turbo run lint", lint, UNSEEN),
    ] {
        let package = format!("{{\"scripts\": {{{scripts}}}}}");
        let files = [("package.json", package.as_str()), ("src/a.js", "")];
        beside(text, &format!("      - run: {command}\n"), &files, Topic::Lint, expect);
    }
    let audit = "- `npm audit` runs on every pull request.";
    let files = [("package.json", "{}")];
    let of = |command: &str, expect| {
        beside(
            audit,
            &format!("      - run: {command}\n"),
            &files,
            Topic::DependencyScan,
            expect,
        );
    };
    of("npm audit signatures", ABSENT);
    of("npm audit --audit-level=high", KEPT);
    of("npm audit && npm audit signatures", KEPT);
}

#[test]
fn what_may_run_a_tool_and_is_not_followed_is_told() {
    let text = "- OWASP Dependency-Check runs on every pull request.";
    let plugin = "<artifactId>dependency-check-maven</artifactId>\n";
    let scans = Topic::DependencyScan;
    let maven = "      - run: mvn -B verify\n";
    beside(text, maven, &[("pom.xml", plugin)], scans, UNSEEN);
    beside(text, maven, &[("pom.xml", "<project/>\n")], scans, ABSENT);
    beside(text, "      - run: pytest\n", &[("pom.xml", plugin)], scans, ABSENT);
    let text = "- Bandit runs on every pull request.";
    let code = Topic::StaticAnalysis;
    let build = "      - run: docker build .\n";
    let docker = |line: &str| format!("FROM python:3.13\n{line}\n");
    for (line, steps, expect) in [
        ("RUN bandit -r src", build, UNSEEN),
        ("RUN pip install bandit", build, ABSENT),
        ("# RUN bandit -r src", build, ABSENT),
        ("RUN bandit -r src", "      - run: pytest\n", ABSENT),
    ] {
        beside(text, steps, &[("Dockerfile", docker(line).as_str())], code, expect);
    }
}

#[test]
fn tests_that_are_said_to_be_looked_at_are() {
    let code = Topic::StaticAnalysis;
    let tests = [("tests/test_a.py", "")];
    for (text, command, expect) in [
        (
            "- Bandit scans all Python code including tests.",
            "bandit -r . -x ./tests",
            DIFFERS,
        ),
        (
            "- Bandit scans all Python code including tests.",
            "bandit -r . -x ./docs",
            KEPT,
        ),
        ("- Bandit runs over our test code.", "bandit -r src", DIFFERS),
        ("- Bandit runs over our test code.", "bandit -r src tests", KEPT),
        ("- Bandit also scans the tests.", "bandit -r src", DIFFERS),
        ("- Bandit also scans the tests.", "bandit -r tests", KEPT),
        (
            "- The code and its tests are scanned with Bandit.",
            "bandit -r tests",
            DIFFERS,
        ),
        ("- Our tests are scanned with Bandit.", "bandit -r .", KEPT),
        ("- Bandit scans our code.", "bandit -r . -x ./tests", KEPT),
        (
            "- Bandit also scans our tests.",
            "bandit -r . -x ./.venv,./tests/fixtures",
            KEPT,
        ),
        (
            "- Bandit scans everything except tests.",
            "bandit -r . -x ./tests",
            KEPT,
        ),
        ("- Bandit scans our code.", "bandit -r . -x '*/src/*'", WEAK),
        ("- Bandit scans our code.", "bandit -r . -x '*/tests/*'", KEPT),
    ] {
        beside(text, &format!("      - run: {command}\n"), &tests, code, expect);
    }
    let action =
        |left: &str| format!("      - uses: PyCQA/bandit-action@v1\n        with:\n          exclude: {left}\n");
    let text = "- Bandit scans our code on every pull request.";
    beside(text, &action("src"), &tests, code, WEAK);
    beside(text, &action("tests"), &tests, code, KEPT);
    let hook = |args: &str| {
        format!(
            "repos:\n  - repo: https://github.com/PyCQA/bandit\n    rev: 1.7.9\n    hooks:\n      - id: bandit\n        args: {args}\n"
        )
    };
    for (args, expect) in [("[-x, src]", WEAK), ("[-x, tests]", KEPT), ("[-q]", KEPT)] {
        let config = hook(args);
        let files = [(".pre-commit-config.yaml", config.as_str()), ("tests/test_a.py", "")];
        beside(text, "      - run: pre-commit run --all-files\n", &files, code, expect);
    }
    // What Django and generators write is not what people write.
    let many = |folder: &str| -> Vec<(String, String)> {
        (0..12)
            .map(|at| (format!("src/app/{folder}/m{at}.py"), String::new()))
            .collect()
    };
    for (folder, expect) in [("migrations", KEPT), ("gen", KEPT), ("core", WEAK)] {
        let all = many(folder);
        let files: Vec<(&str, &str)> = all.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let steps = format!("      - run: bandit -r src -x src/app/{folder}\n");
        beside(text, &steps, &files, code, expect);
    }
    let text = "- Dependencies are checked with pip-audit on every pull request.";
    let own = ("requirements.txt", "requests==2.32.0\n");
    for (list, expect) in [
        ("-e .\npytest\n", KEPT),
        (".[dev]\n", KEPT),
        ("--editable=.\n", KEPT),
        ("-e ./tools\npytest\n", WEAK),
        ("pytest\n", WEAK),
    ] {
        let steps = "      - run: pip-audit -r requirements-dev.txt\n";
        beside(
            text,
            steps,
            &[own, ("requirements-dev.txt", list)],
            Topic::DependencyScan,
            expect,
        );
    }
}

#[test]
fn images_that_files_are_copied_from_are_images() {
    let text = "- All container images are pinned by digest.";
    let sum = "a".repeat(64);
    let docker = |copy: &str| format!("FROM python:3.13@sha256:{sum} AS base\nFROM base\n{copy}\n");
    let pinned = format!("COPY --from=ghcr.io/acme/uv@sha256:{sum} /uv /bin/\n");
    for (copy, expect) in [
        (
            "COPY --from=ghcr.io/acme/uv:latest /uv /bin/",
            ("weak", "policy-images"),
        ),
        (pinned.as_str(), KEPT),
        ("COPY --from=base /a /b", KEPT),
        ("COPY --from=0 /a /b", KEPT),
        ("COPY a b", KEPT),
    ] {
        let file = docker(copy);
        beside(
            text,
            "      - run: pytest\n",
            &[("Dockerfile", file.as_str())],
            Topic::ImageDigests,
            expect,
        );
    }
    let uses = |image: &str| format!("      - uses: docker://{image}\n");
    let file = docker("");
    let files = [("Dockerfile", file.as_str())];
    let open = ("not_examined", "policy-images");
    beside(text, &uses("alpine:3"), &files, Topic::ImageDigests, open);
    beside(
        text,
        &uses(&format!("alpine@sha256:{sum}")),
        &files,
        Topic::ImageDigests,
        KEPT,
    );
}

#[test]
fn a_bill_of_a_release_is_made_for_one() {
    let text = "- An SBOM is attached to every release.";
    let steps = "      - run: syft . -o cyclonedx-json > sbom.json\n";
    for (events, expect) in [
        ("{push: {branches: [main]}, pull_request: {}}", UNSEEN),
        ("{push: {tags: ['v*']}}", KEPT),
        ("{release: {types: [published]}}", KEPT),
    ] {
        let workflow = on_changes(steps).replace("[push, pull_request]", events);
        let files = [(".github/workflows/ci.yml", workflow.as_str()), ("src/a.py", "")];
        check(text, &files, Topic::Sbom, expect.0, expect.1);
    }
    beside(
        "- An SBOM is made on every pull request.",
        steps,
        &[],
        Topic::Sbom,
        KEPT,
    );
}
