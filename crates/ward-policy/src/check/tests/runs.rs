//! What a sentence asks of a run is compared with the run: a scan that is not the one of the sentence does not keep it.

use super::*;

const APP: (&str, &str) = ("src/app.py", "x = 1\n");
const TOOLS: (&str, &str) = ("tools/build.py", "x = 1\n");
const HOOK: (&str, &str) = (
    ".pre-commit-config.yaml",
    "repos:\n  - repo: https://github.com/PyCQA/bandit\n    rev: 1.8.0\n    hooks:\n      - id: bandit\n",
);

fn on(events: &str, step: &str) -> String {
    format!(
        "name: Checks\non: {events}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - run: {step}\n"
    )
}

/// A sentence, a command in a pipeline of pushes and pull requests, and what becomes of the promise.
#[track_caller]
fn run(policy: &str, step: &str, topic: Topic, verdict: &str, rule: &str) {
    let workflow = on("[push, pull_request]", step);
    let requirements = ("requirements.txt", "torch==2.6.0\n");
    check(
        policy,
        &[
            APP,
            TOOLS,
            ("tests/test_a.py", "x = 1\n"),
            requirements,
            (".github/workflows/ci.yml", &workflow),
        ],
        topic,
        verdict,
        rule,
    );
}

const KEPT: (&str, &str) = ("kept", "policy-promise");
const SOFT: (&str, &str) = ("weak", "policy-scan-hollow");
const DIFFERS: (&str, &str) = ("broken", "policy-run-differs");

#[test]
fn a_hook_that_the_pipeline_skips_is_not_run_there() {
    for (skip, (verdict, rule)) in [("bandit", DIFFERS), ("ruff, bandit", DIFFERS), ("mypy", KEPT)] {
        let workflow = format!(
            "name: Checks\non: [push, pull_request]\nenv:\n  SKIP: {skip}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - uses: pre-commit/action@v3.0.1\n"
        );
        let files = [APP, HOOK, (".github/workflows/ci.yml", workflow.as_str())];
        let policy = "- CI runs Bandit on every pull request.";
        check(policy, &files, Topic::StaticAnalysis, verdict, rule);
    }
}

#[test]
fn languages_are_compared() {
    let web = ("web/a.js", "x\n");
    for (languages, (verdict, rule)) in [
        ("python", KEPT),
        ("${{ matrix.language }}", KEPT),
        ("javascript", DIFFERS),
        ("java-kotlin", SOFT),
    ] {
        let workflow = format!(
            "name: Checks\non: [push, pull_request]\njobs:\n  a:\n    runs-on: ubuntu-latest\n    strategy:\n      matrix:\n        language: [javascript, python]\n    steps:\n      - uses: actions/checkout@v4\n      - uses: github/codeql-action/init@v3\n        with:\n          languages: {languages}\n      - uses: github/codeql-action/analyze@v3\n"
        );
        let files = [APP, web, (".github/workflows/ci.yml", workflow.as_str())];
        let policy = "- CodeQL analyses our Python code on every pull request.";
        check(policy, &files, Topic::StaticAnalysis, verdict, rule);
    }
}

#[test]
fn severities_are_compared() {
    for (policy, step, (verdict, rule)) in [
        (
            "- Bandit fails CI on medium and high severity findings.",
            "bandit -r . -lll",
            SOFT,
        ),
        (
            "- Bandit fails CI on medium and high severity findings.",
            "bandit -r . -ll",
            KEPT,
        ),
        (
            "- Bandit fails CI on medium and high severity findings.",
            "bandit -r . -l -l -l",
            SOFT,
        ),
        ("- Bandit fails CI on any finding.", "bandit -r . -ll", SOFT),
        ("- Bandit fails CI on any finding.", "bandit -r .", KEPT),
        (
            "- Bandit fails CI on high severity issues.",
            "bandit -r . --severity-level high",
            KEPT,
        ),
        (
            "- Bandit fails CI on all issues except low severity ones.",
            "bandit -r . -ll",
            SOFT,
        ),
    ] {
        run(policy, step, Topic::StaticAnalysis, verdict, rule);
    }
    for (policy, step, (verdict, rule)) in [
        (
            "- Trivy fails the build on critical and high vulnerabilities.",
            "trivy fs --exit-code 1 --severity CRITICAL .",
            SOFT,
        ),
        (
            "- Trivy fails the build on critical and high vulnerabilities.",
            "trivy fs --exit-code 1 --severity HIGH,CRITICAL .",
            KEPT,
        ),
        (
            "- `ward scan` checks dependencies in CI and fails at medium severity.",
            "ward scan . --threshold high",
            SOFT,
        ),
    ] {
        run(policy, step, Topic::DependencyScan, verdict, rule);
    }
}

#[test]
fn settings_of_ward_scan_count_as_its_flags_do() {
    const SAYS: &str = "- `ward scan` checks dependencies in CI and fails at medium severity.";
    for (step, settings, (verdict, rule)) in [
        ("ward scan .", "[scan]\nthreshold = \"high\"\n", SOFT),
        ("ward scan .", "[scan]\nthreshold = \"medium\"\n", KEPT),
        ("ward scan --threshold medium .", "[scan]\nthreshold = \"high\"\n", KEPT),
        ("ward scan .", "[scan]\nengines = [\"secrets\"]\n", DIFFERS),
        (
            "ward scan . --engines dependencies",
            "[scan]\nengines = [\"secrets\"]\n",
            KEPT,
        ),
    ] {
        let workflow = on("[push, pull_request]", step);
        let requirements = ("requirements.txt", "torch==2.6.0\n");
        let files = [
            APP,
            requirements,
            ("ward.toml", settings),
            (".github/workflows/ci.yml", &workflow),
        ];
        check(SAYS, &files, Topic::DependencyScan, verdict, rule);
    }
}

#[test]
fn parts_of_a_tool_are_compared() {
    for (policy, step, topic, (verdict, rule)) in [
        (
            "- `ward scan` checks dependencies in CI.",
            "ward scan . --engines secrets,models",
            Topic::DependencyScan,
            DIFFERS,
        ),
        (
            "- `ward scan` checks dependencies in CI.",
            "ward scan . --engines secrets,dependencies",
            Topic::DependencyScan,
            KEPT,
        ),
        (
            "- `ward scan` checks dependencies in CI.",
            "ward scan .",
            Topic::DependencyScan,
            KEPT,
        ),
        (
            "- Dependencies are scanned for vulnerabilities with Trivy in CI.",
            "trivy fs --exit-code 1 --scanners secret .",
            Topic::DependencyScan,
            DIFFERS,
        ),
        (
            "- Dependencies are scanned for vulnerabilities with cargo-deny in CI.",
            "cargo deny check licenses",
            Topic::DependencyScan,
            DIFFERS,
        ),
        (
            "- Dependencies are scanned for vulnerabilities with cargo-deny in CI.",
            "cargo deny check advisories",
            Topic::DependencyScan,
            KEPT,
        ),
    ] {
        run(policy, step, topic, verdict, rule);
    }
}

#[test]
fn folders_are_compared() {
    for (policy, step, (verdict, rule)) in [
        ("- Bandit scans `src/` and `tools/` in CI.", "bandit -r src", DIFFERS),
        ("- Bandit scans `src/` and `tools/` in CI.", "bandit -r src tools", KEPT),
        ("- Bandit scans `tools/` in CI.", "bandit -r .", KEPT),
        ("- Bandit scans the entire codebase in CI.", "bandit -r src", DIFFERS),
        ("- Bandit scans the entire codebase in CI.", "bandit -r .", KEPT),
        ("- Bandit runs in CI.", "bandit -r src", KEPT),
        // A look at the tests alone is none at the code.
        (
            "- Our source code is scanned by Bandit in CI.",
            "bandit -r tests",
            DIFFERS,
        ),
        ("- Bandit runs in CI.", "bandit -r tests", DIFFERS),
        ("- Bandit scans `tests/` in CI.", "bandit -r tests", KEPT),
        (
            "- Our source code is scanned by Bandit in CI.",
            "bandit src/app.py",
            KEPT,
        ),
        (
            "- Our source code is scanned by Bandit in CI.",
            "bandit -r tests src",
            KEPT,
        ),
    ] {
        run(policy, step, Topic::StaticAnalysis, verdict, rule);
    }
}

#[test]
fn histories_are_compared() {
    let shallow = "      - uses: actions/checkout@v4\n";
    let whole = "      - uses: actions/checkout@v4\n        with:\n          fetch-depth: 0\n";
    let policy = "- `ward scan` looks for secrets in the full git history in CI.";
    for (checkout, step, verdict) in [
        (whole, "ward scan . --history", "kept"),
        (whole, "ward scan .", "weak"),
        (shallow, "ward scan . --history", "weak"),
    ] {
        let workflow = on("push", step).replace(shallow, checkout);
        let report = judged(&with_policy(policy, &[APP, (".github/workflows/ci.yml", &workflow)]));
        let found = report
            .judged
            .iter()
            .filter(|one| matches!(one.promise.topic, Topic::SecretScan | Topic::HistoryScan));
        let words: Vec<&str> = found.map(|one| one.verdict.word()).collect();
        assert!(
            !words.is_empty() && words.iter().all(|word| *word == verdict),
            "{step} {words:?}"
        );
    }
}

#[test]
fn a_hook_is_no_pipeline() {
    let topic = Topic::StaticAnalysis;
    check("- Bandit runs in CI.", &[APP, HOOK], topic, DIFFERS.0, DIFFERS.1);
    check(
        "- Bandit runs on every pull request.",
        &[APP, HOOK],
        topic,
        "broken",
        "policy-schedule-absent",
    );
    check(
        "- All code is scanned with Bandit.",
        &[APP, HOOK],
        topic,
        "unverifiable",
        "policy-run-differs",
    );
    check(
        "- Bandit runs as a pre-commit hook.",
        &[APP, HOOK],
        topic,
        "kept",
        "policy-promise",
    );
}

#[test]
fn what_starts_a_run_is_compared() {
    let topic = Topic::StaticAnalysis;
    let listed = "On each pull request we run:\n\n- Bandit, a static analyser";
    for (policy, events, verdict) in [
        ("- Bandit runs on pull requests.", "push", "broken"),
        ("- Bandit runs on pull requests.", "pull_request", "kept"),
        (
            "- Bandit runs on pull requests.",
            "{pull_request: {types: [closed]}}",
            "broken",
        ),
        (
            "- Bandit runs on pull requests.",
            "{pull_request: {types: [opened, synchronize]}}",
            "kept",
        ),
        ("- Bandit runs on every push.", "pull_request", "broken"),
        ("- Bandit runs on pushes to main.", "pull_request", "broken"),
        (listed, "push", "broken"),
        (listed, "pull_request", "kept"),
    ] {
        let workflow = on(events, "bandit -r src");
        let rule = if verdict == "kept" {
            "policy-promise"
        } else {
            "policy-schedule-absent"
        };
        check(
            policy,
            &[APP, (".github/workflows/ci.yml", &workflow)],
            topic,
            verdict,
            rule,
        );
    }
}

#[test]
fn the_workflow_that_is_named_is_judged() {
    let topic = Topic::StaticAnalysis;
    let good = on("push", "bandit -r src");
    let soft = on("push", "bandit -r src || true");
    let other = on("push", "pytest");
    let named = "- Bandit runs in `.github/workflows/security.yml`.";
    let in_files = |security: &str, ci: &str, verdict: &str, rule: &str| {
        let files = [
            APP,
            (".github/workflows/security.yml", security),
            (".github/workflows/ci.yml", ci),
        ];
        check(named, &files, topic, verdict, rule);
    };
    in_files(&good, &soft, "kept", "policy-promise");
    in_files(&soft, &good, "weak", "policy-scan-hollow");
    in_files(&other, &good, "broken", "policy-tool-absent");
    check(
        named,
        &[APP, (".github/workflows/ci.yml", &good)],
        topic,
        "broken",
        "policy-tool-absent",
    );
    // By its title, and through a workflow that it calls.
    let caller = "name: Quality checks\non: push\njobs:\n  a:\n    uses: ./.github/workflows/shared.yml\n";
    let shared = good.replace("on: push", "on: workflow_call");
    let files = [
        APP,
        (".github/workflows/n.yml", caller),
        (".github/workflows/shared.yml", &shared),
    ];
    check(
        "- The Quality checks workflow runs Bandit.",
        &files,
        topic,
        "kept",
        "policy-promise",
    );
}

#[test]
fn rights_of_tokens_are_read_as_yaml() {
    let topic = Topic::WorkflowHardening;
    let jobs = "jobs:\n  a:\n    runs-on: x\n    steps:\n      - run: make\n";
    let with = |top: &str| format!("on: push\n{top}{jobs}");
    let job = |own: &str| {
        format!(
            "on: push\npermissions:\n  contents: read\njobs:\n  a:\n    permissions:\n      {own}\n    runs-on: x\n    steps:\n      - run: make\n"
        )
    };
    let least = "- Workflows run with the least privilege their tokens need.";
    let only = "- The tokens of our workflows are read-only.";
    for (policy, workflow, verdict) in [
        (least, with("permissions:\n  contents: read\n"), "kept"),
        (least, with("permissions:\n  contents: write\n"), "broken"),
        (least, with("permissions: write-all\n"), "broken"),
        (least, with(""), "broken"),
        (least, with("# permissions: read-all\n"), "broken"),
        (least, job("contents: write"), "kept"),
        (only, job("contents: write"), "broken"),
        (only, job("contents: read"), "kept"),
        (only, with("permissions: {}\n"), "kept"),
    ] {
        let rule = if verdict == "kept" {
            "policy-promise"
        } else {
            "policy-workflows"
        };
        check(policy, &[(".github/workflows/ci.yml", &workflow)], topic, verdict, rule);
    }
    // A promise about one workflow is not broken by another.
    let scoped = "- The token of `.github/workflows/release.yml` is read-only.";
    let (good, bad) = (with("permissions: read-all\n"), with("permissions: write-all\n"));
    for (release, ci, verdict) in [(&good, &bad, "kept"), (&bad, &good, "broken")] {
        let rule = if verdict == "kept" {
            "policy-promise"
        } else {
            "policy-workflows"
        };
        let files = [
            (".github/workflows/release.yml", release.as_str()),
            (".github/workflows/ci.yml", ci),
        ];
        check(scoped, &files, topic, verdict, rule);
    }
}

#[test]
fn secrets_of_the_history_are_told_as_such() {
    let policy = "- Secrets are never committed to this repository.";
    let repository = with_policy(policy, &[APP]);
    let with = |history: bool, findings: Vec<Fault>| {
        let mut repository = scanned(repository.clone(), findings);
        repository.scan.as_mut().expect("a scan").history = history;
        repository
    };
    let topic = Topic::SecretScan;
    check_in(&with(false, Vec::new()), topic, "not_examined", "policy-secrets");
    check_in(&with(true, Vec::new()), topic, "kept", "policy-promise");
    let mut gone = fault("secrets/aws-access-key", "old.py");
    gone.commit = Some("0123456789ab".to_owned());
    let repository = with(true, vec![gone]);
    check_in(&repository, topic, "broken", "policy-secrets");
    let report = judged(&repository);
    let told = report
        .judged
        .iter()
        .find(|one| one.promise.topic == topic)
        .expect("a promise");
    assert!(told.message.contains("in the history"), "{}", told.message);
    assert!(format!("{:?}", told.verdict).contains("since commit 0123456789ab"));
}

const EVERYTHING: &str = "- All code is scanned with Bandit in CI on every pull request.";

/// Files beside two services, and what becomes of the promise that all code is scanned.
#[track_caller]
fn parts(more: &[(&str, &str)], (verdict, rule): (&str, &str)) {
    let mut files = vec![("services/a/m.py", "x = 1\n"), ("services/b/m.py", "x = 1\n")];
    files.extend(more);
    check(EVERYTHING, &files, Topic::StaticAnalysis, verdict, rule);
}

#[test]
fn runs_that_look_at_a_part_each_are_joined() {
    const CI: &str = ".github/workflows/ci.yml";
    let both = "|\n          bandit -r services/a\n          bandit -r services/b";
    parts(&[(CI, &on("pull_request", both))], KEPT);
    let steps = "bandit -r services/a\n      - run: bandit -r services/b";
    parts(&[(CI, &on("pull_request", steps))], KEPT);
    parts(&[(CI, &on("pull_request", "bandit -r services/a"))], DIFFERS);
    let job = |name: &str, more: &str, step: &str| {
        format!(
            "  {name}:\n    runs-on: ubuntu-latest\n{more}    steps:\n      - uses: actions/checkout@v4\n      - run: {step}\n"
        )
    };
    let jobs = |own: &[String]| format!("on: [pull_request]\njobs:\n{}", own.concat());
    let cd = |folder: &str| job(folder, "", &format!("cd services/{folder} && bandit -r ."));
    parts(&[(CI, &jobs(&[cd("a"), cd("b")]))], KEPT);
    parts(&[(CI, &jobs(&[cd("a")]))], DIFFERS);
    let matrix = |of: &str, more: &str| format!("    strategy:\n      matrix:\n        dir: {of}\n{more}");
    let inside = "    defaults:\n      run:\n        working-directory: services/${{ matrix.dir }}\n";
    for (of, expect) in [("[a, b]", KEPT), ("[a]", DIFFERS)] {
        let argument = job("a", &matrix(of, ""), "bandit -r services/${{ matrix.dir }}");
        parts(&[(CI, &jobs(&[argument]))], expect);
        parts(&[(CI, &jobs(&[job("a", &matrix(of, inside), "bandit -r .")]))], expect);
    }
}

#[test]
fn workflows_that_look_at_a_part_each_are_joined() {
    const CI: &str = ".github/workflows/ci.yml";
    let of = |folder: &str| {
        on(
            &format!("{{pull_request: {{paths: ['{folder}/**']}}}}"),
            &format!("bandit -r {folder}"),
        )
    };
    let (a, b) = (of("services/a"), of("services/b"));
    parts(&[(CI, &a), (".github/workflows/b.yml", &b)], KEPT);
    // What comes at another time does not help.
    let nightly = on("{schedule: [{cron: '0 3 * * *'}]}", "bandit -r services/b");
    parts(&[(CI, &a), (".github/workflows/b.yml", &nightly)], DIFFERS);
    let called = "on:\n  workflow_call:\n    inputs:\n      dir:\n        type: string\njobs:\n  a:\n    runs-on: ubuntu-latest\n    defaults:\n      run:\n        working-directory: ${{ inputs.dir }}\n    steps:\n      - uses: actions/checkout@v4\n      - run: bandit -r .\n";
    let call = |folder: &str| {
        format!("  {folder}:\n    uses: ./.github/workflows/py.yml\n    with:\n      dir: services/{folder}\n")
    };
    let calls = |own: &str| format!("on: [pull_request]\njobs:\n{own}");
    let py = (".github/workflows/py.yml", called);
    parts(&[(CI, &calls(&(call("a") + &call("b")))), py], KEPT);
    parts(&[(CI, &calls(&call("a"))), py], DIFFERS);
}

#[test]
fn tasks_in_folders_are_followed_or_not_examined() {
    const CI: &str = ".github/workflows/ci.yml";
    let tox = "[testenv:lint]\ncommands = bandit -r .\n";
    let inis = [("services/a/tox.ini", tox), ("services/b/tox.ini", tox)];
    let both = "|\n          pip install bandit\n          tox -c services/a -e lint\n          tox --conf=services/b/tox.ini -e lint";
    parts(&[inis[0], inis[1], (CI, &on("pull_request", both))], KEPT);
    let one = "tox -c services/a -e lint";
    parts(&[inis[0], inis[1], (CI, &on("pull_request", one))], DIFFERS);
    let makefile = "SUBDIRS := services/a services/b\n.PHONY: lint\nlint:\n\tfor d in $(SUBDIRS); do $(MAKE) -C $$d lint || exit 1; done\n";
    let make = on("pull_request", "|\n          pip install bandit\n          make lint");
    let unknown = ("not_examined", "policy-promise");
    parts(&[("Makefile", makefile), (CI, &make)], unknown);
    // Nothing of it is unknown here.
    parts(&[("Makefile", ".PHONY: lint\nlint:\n\techo hi\n"), (CI, &make)], SOFT);
}

#[test]
fn another_version_than_the_one_proposed_keeps_nothing() {
    let unknown = ("not_examined", "policy-promise");
    for (step, expect) in [
        ("git checkout main && bandit -r .", unknown),
        ("git checkout HEAD~1 -- . ; bandit -r .", unknown),
        ("git reset --hard HEAD~1 && bandit -r .", unknown),
        ("git checkout -b scan && bandit -r .", KEPT),
        ("git checkout main && git checkout - && bandit -r .", KEPT),
        ("git checkout main -- README.md && bandit -r .", KEPT),
        ("git checkout -- . && bandit -r .", KEPT),
        ("bandit -r . && git checkout main", KEPT),
    ] {
        run(
            "- CI runs Bandit on every pull request.",
            step,
            Topic::StaticAnalysis,
            expect.0,
            expect.1,
        );
    }
    for (named, (verdict, rule)) in [
        ("${{ github.base_ref }}", SOFT),
        ("${{ github.event.pull_request.base.sha }}", SOFT),
        ("${{ github.head_ref }}", KEPT),
    ] {
        let workflow = format!(
            "on: pull_request\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n        with:\n          ref: {named}\n      - run: bandit -r .\n"
        );
        let files = [APP, (".github/workflows/ci.yml", workflow.as_str())];
        check(
            "- CI runs Bandit on every pull request.",
            &files,
            Topic::StaticAnalysis,
            verdict,
            rule,
        );
    }
}

#[test]
fn stand_ins_and_removed_code_keep_nothing() {
    let policy = "- CI runs Bandit on every pull request.";
    let own = ("tools/bandit/setup.py", "x = 1\n");
    let test = ("tests/test_app.py", "x = 1\n");
    for (step, (verdict, rule)) in [
        ("pip install ./tools/bandit && bandit -r src", SOFT),
        ("python -m pip install -e tools/bandit && bandit -r src", SOFT),
        ("pip install . bandit && bandit -r src", KEPT),
        ("rm -rf src tools && bandit -r .", SOFT),
        ("rm -rf tests && bandit -r .", KEPT),
    ] {
        let workflow = on("pull_request", step);
        let files = [APP, own, test, (".github/workflows/ci.yml", workflow.as_str())];
        check(policy, &files, Topic::StaticAnalysis, verdict, rule);
    }
}

#[test]
fn a_service_that_runs_hooks_is_not_shown() {
    let policy = "- All code is scanned with Bandit on every pull request by pre-commit.ci.";
    let with = format!("ci:\n  autofix_prs: false\n{}", HOOK.1);
    for hooks in [HOOK.1, &with] {
        let files = [APP, (".pre-commit-config.yaml", hooks)];
        check(policy, &files, Topic::StaticAnalysis, "unverifiable", "policy-promise");
    }
    check(policy, &[APP], Topic::StaticAnalysis, "broken", "policy-tool-absent");
}

#[test]
fn actions_of_tests_are_nobodys() {
    let policy = "- All GitHub Actions are pinned to commit hashes.";
    let loose = "runs:\n  using: composite\n  steps:\n    - uses: actions/cache@v4\n";
    let ci = |uses: &str| {
        format!(
            "on: push\npermissions: {{}}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: {uses}\n"
        )
    };
    let pinned = ci("actions/checkout@0123456789012345678901234567890123456789");
    for (path, workflow, verdict) in [
        ("tests/fixtures/action.yml", &pinned, "kept"),
        ("action.yml", &pinned, "broken"),
        ("lint/action.yml", &pinned, "broken"),
        ("tests/run/action.yml", &ci("./tests/run"), "broken"),
    ] {
        let files = [APP, (path, loose), (".github/workflows/ci.yml", workflow.as_str())];
        let rule = if verdict == "kept" {
            "policy-promise"
        } else {
            "policy-workflows"
        };
        check(policy, &files, Topic::WorkflowHardening, verdict, rule);
    }
}
