//! Promises that were called kept beside what breaks them, and the other way round.

use super::*;

const KEPT: (&str, &str) = ("kept", "policy-promise");
const SOFT: (&str, &str) = ("weak", "policy-scan-hollow");
const DIFFERS: (&str, &str) = ("broken", "policy-run-differs");
const DARK: (&str, &str) = ("not_examined", "policy-promise");

fn with_models(repository: Repository, findings: Vec<Fault>) -> Repository {
    let mut repository = scanned(repository, findings);
    repository
        .scan
        .iter_mut()
        .for_each(|scan| scan.engines.push("models".to_owned()));
    repository
}

#[test]
fn every_way_to_load_a_program_breaks_a_promise_of_safe_loading() {
    const UNSAFE: (&str, &str) = ("broken", "policy-unsafe-loading");
    let never = "- We never load pickles.";
    let safe = "- Models are only loaded with safe loaders.";
    for (policy, rule, (verdict, said)) in [
        (never, "ml/model-pickle", UNSAFE),
        (never, "ml/torch-package", UNSAFE),
        (never, "ml/pickles-from-network", UNSAFE),
        (never, "code/marshal-load", UNSAFE),
        (never, "code/weak-hash", KEPT),
        (safe, "ml/torch-hub", UNSAFE),
        (safe, "ml/keras-old-format", UNSAFE),
        (safe, "ml/pickle-written", KEPT),
        ("- We never use pickle.", "ml/pickle-written", UNSAFE),
        ("- We never use pickle.", "ml/trust-remote-code", UNSAFE),
        (
            "- We never use pickle.",
            "code/weak-hash",
            ("not_examined", "policy-unsafe-loading"),
        ),
    ] {
        let repository = with_models(with_policy(policy, &[]), vec![fault(rule, "a.py")]);
        check_in(&repository, Topic::SafeLoading, verdict, said);
    }
}

#[test]
fn a_scan_by_the_reader_is_not_the_promised_one() {
    let policy = "- We scan model files for malicious code in CI.";
    for (step, (verdict, rule)) in [
        ("      - run: true\n", ("broken", "policy-tool-absent")),
        ("      - run: ward scan .\n", KEPT),
        ("      - run: ward scan . --engines models\n", KEPT),
        ("      - run: ward scan . --engines secrets\n", DIFFERS),
        ("      - run: ward scan nothing --engines models\n", SOFT),
    ] {
        let workflow = ci(step);
        let files = [("src/a.py", "x = 1\n"), (".github/workflows/ci.yml", workflow.as_str())];
        let repository = with_models(with_policy(policy, &files), Vec::new());
        check_in(&repository, Topic::SafeLoading, verdict, rule);
    }
}

#[test]
fn a_day_of_support_is_an_answer() {
    for (rows, verdict) in [
        ("| 1.x | 2028-01-01 |\n", "broken"),
        ("| 3.x | 2028-01-01 |\n", "broken"),
        ("| 2.x | 2028-01-01 |\n", "kept"),
        ("| 1.x | 2027-01-01 |\n| 2.x | 2028-01-01 |\n", "kept"),
        ("| 1.x | 2028-01-01 |\n| main | - |\n", "kept"),
    ] {
        for head in ["Supported until", "End of support"] {
            let policy =
                format!("# Security policy\n\n## Supported versions\n\n| Version | {head} |\n|---|---|\n{rows}");
            let manifest = "[project]\nname = \"lantern\"\nversion = \"2.1.0\"\n";
            let repository = repository(&[("SECURITY.md", policy.as_str()), ("pyproject.toml", manifest)]);
            let report = judged(&repository);
            let mut rows = report
                .judged
                .iter()
                .filter(|one| one.promise.topic == Topic::SupportedVersions);
            assert!(
                rows.any(|one| one.verdict.word() == verdict),
                "{head} {policy} {verdict}"
            );
        }
    }
}

#[test]
fn the_last_line_of_gitignore_that_matches_decides() {
    const OPEN: (&str, &str) = ("broken", "policy-env-not-ignored");
    for (lines, (verdict, rule)) in [
        (".env\n", KEPT),
        ("*.env\n", KEPT),
        ("**/.env*\n!.env.example\n", KEPT),
        ("!.env\n.env\n", KEPT),
        (".env\n!.env\n", OPEN),
        (".env*\n!/.env\n", OPEN),
        (".env/\n", OPEN),
        ("# .env\n", OPEN),
    ] {
        let policy = "- Credential files such as `.env` are ignored by git.";
        check(policy, &[(".gitignore", lines)], Topic::EnvironmentFiles, verdict, rule);
    }
}

#[test]
fn every_manifest_counts_for_fixed_versions() {
    const LOOSE: (&str, &str) = ("broken", "policy-unpinned");
    let pinned = ("requirements.txt", "torch==2.6.0\n");
    let all = "- All dependencies are pinned.";
    let own = (
        "pyproject.toml",
        "[project]\nname = \"lantern\"\ndependencies = [\"flask>=2\"]\n",
    );
    let bare = ("pyproject.toml", "[project]\nname = \"lantern\"\n");
    let asks = |line: &'static str| ("requirements.txt", line);
    for (policy, files, (verdict, rule)) in [
        (all, vec![pinned], KEPT),
        (all, vec![pinned, bare], KEPT),
        (all, vec![pinned, own], ("not_examined", "policy-unpinned")),
        (all, vec![own, ("uv.lock", "version = 1\n")], KEPT),
        (all, vec![asks("a @ git+https://git.example.org/a")], LOOSE),
        (all, vec![asks("a @ git+https://git.example.org/a@main")], LOOSE),
        (all, vec![asks("a @ git+ssh://git@git.example.org/a#egg=a")], LOOSE),
        (
            all,
            vec![asks(
                "a[x] @ git+https://git.example.org/a@0123456789abcdef0123456789abcdef01234567#egg=a",
            )],
            KEPT,
        ),
        (
            all,
            vec![asks("a @ https://files.example.org/a-1.0-py3-none-any.whl")],
            KEPT,
        ),
        (all, vec![asks("a==1.0")], KEPT),
        ("- Our lock file is committed.", vec![pinned], LOOSE),
        (
            "- Our lock file is committed.",
            vec![pinned, ("uv.lock", "version = 1\n")],
            KEPT,
        ),
        (
            "- Our lock file is committed.",
            vec![("requirements.txt", "torch==2.6.0 --hash=sha256:00\n")],
            KEPT,
        ),
    ] {
        check(policy, &files, Topic::Pinning, verdict, rule);
    }
    // Where the engine ran, it decides.
    let pins = |rule: &str| {
        let mut repository = with_policy(all, &[pinned, own]);
        repository.pins = Some(Scan {
            engines: vec!["dependencies".to_owned()],
            findings: vec![fault(rule, "pyproject.toml")],
            ..Scan::default()
        });
        repository
    };
    check_in(&pins("dependencies/unpinned"), Topic::Pinning, LOOSE.0, LOOSE.1);
    check_in(&pins("dependencies/unhashed"), Topic::Pinning, KEPT.0, KEPT.1);
    // A repository at a fixed commit is told without a severity.
    check_in(&pins("dependencies/from-repository"), Topic::Pinning, LOOSE.0, LOOSE.1);
    let mut fixed = pins("dependencies/from-repository");
    for fault in fixed.pins.iter_mut().flat_map(|scan| &mut scan.findings) {
        fault.severity = "info".to_owned();
    }
    check_in(&fixed, Topic::Pinning, KEPT.0, KEPT.1);
}

/// A sentence, what CI runs, other files, and what becomes of the promise.
#[track_caller]
fn run(policy: &str, step: &str, files: &[(&str, &str)], topic: Topic, (verdict, rule): (&str, &str)) {
    let workflow = ci(&format!("      - run: |\n          {step}\n"));
    let mut all = vec![
        ("src/a.py", "x = 1\n"),
        ("docs/a.txt", "x\n"),
        (".github/workflows/ci.yml", workflow.as_str()),
    ];
    all.extend(files);
    check(policy, &all, topic, verdict, rule);
}

#[test]
fn runs_of_ward_that_cannot_fail_or_look_at_nothing() {
    let secrets = "- Secrets are scanned in CI.";
    for (step, files, expect) in [
        ("ward scan .", vec![], KEPT),
        ("ward hook run", vec![], SOFT),
        ("ward scan . --write-baseline b --reason old", vec![], SOFT),
        ("ward scan . --since HEAD", vec![], SOFT),
        ("ward scan . --commits HEAD..HEAD", vec![], SOFT),
        ("ward scan . --commits main..HEAD", vec![], KEPT),
        ("ward scan . --watch", vec![], DARK),
        ("ward scan . --since main", vec![], DARK),
        ("ward scan .", vec![(".wardignore", "** * all made up\n")], SOFT),
        (
            "ward scan .",
            vec![(".wardignore", "** secrets/* all made up\n")],
            DIFFERS,
        ),
        (
            "ward scan .",
            vec![(".wardignore", "src/** secrets/* all made up\n")],
            DIFFERS,
        ),
        (
            "ward scan .",
            vec![(".wardignore", "docs/** secrets/* all made up\n")],
            KEPT,
        ),
        ("ward scan .", vec![(".wardignore", "** models/* all made up\n")], KEPT),
        (
            "ward scan .",
            vec![("ward.toml", "[scan]\nengines = ['licences']\n")],
            DIFFERS,
        ),
    ] {
        run(secrets, step, &files, Topic::SecretScan, expect);
    }
    // The hook looks at no dependencies.
    let dependencies = "- Dependencies are scanned with `ward scan` in CI.";
    run(dependencies, "ward scan .", &[], Topic::DependencyScan, KEPT);
    run(dependencies, "ward hook run", &[], Topic::DependencyScan, SOFT);
}

#[test]
fn what_is_looked_at_may_be_computed() {
    let policy = "- Code is scanned with Bandit in CI.";
    for (step, expect) in [
        ("bandit -r $(mktemp -d)", DARK),
        ("bandit -r `pwd`/nothing", SOFT),
        ("bandit -r `pwd`/src", KEPT),
        ("bandit -r $(git diff --name-only -- docs)", DARK),
        ("bandit -r $(git ls-files '*.py')", KEPT),
        ("bandit -r $(git ls-files '*.txt')", DARK),
        ("find . -name \"*.txt\" | xargs bandit", DARK),
        ("find . -name \"*.py\" | xargs bandit", KEPT),
        ("git ls-files -z -- '*.py' | xargs -0 bandit", KEPT),
    ] {
        run(policy, step, &[], Topic::StaticAnalysis, expect);
    }
}

#[test]
fn rules_of_security_are_chosen() {
    let policy = "- Ruff with the security rules enabled gates merges.";
    let chosen = ("pyproject.toml", "[tool.ruff.lint]\nselect = [\"E\", \"S\"]\n");
    let other = ("pyproject.toml", "[tool.ruff.lint]\nselect = [\"E\", \"SIM\"]\n");
    for (step, files, expect) in [
        ("ruff check .", vec![], DIFFERS),
        ("ruff check --select E,F .", vec![], DIFFERS),
        ("ruff check --select E,F .", vec![chosen], DIFFERS),
        ("ruff check --select E,S .", vec![], KEPT),
        ("ruff check --extend-select=S608 .", vec![], KEPT),
        ("ruff check .", vec![chosen], KEPT),
        ("ruff check --isolated .", vec![chosen], DIFFERS),
        ("ruff check .", vec![other], DIFFERS),
    ] {
        run(policy, step, &files, Topic::Lint, expect);
    }
    let policy = "- Code is linted with Ruff, flake8-bandit rules included.";
    run(policy, "ruff check .", &[chosen], Topic::Lint, KEPT);
    run(policy, "ruff check .", &[], Topic::Lint, DIFFERS);
}

#[test]
fn runs_that_were_called_absent_or_dark() {
    let bill = "- An SBOM is generated in CI.";
    run(bill, "ward sbom . --out bom.json", &[], Topic::Sbom, KEPT);
    run(bill, "ward sbom . --out /dev/null", &[], Topic::Sbom, SOFT);
    run(bill, "ward scan .", &[], Topic::Sbom, ("broken", "policy-tool-absent"));
    let history = "- We scan the full git history for secrets on every push.";
    run(
        history,
        "git fetch --unshallow && ward scan --history .",
        &[],
        Topic::HistoryScan,
        KEPT,
    );
    let shallow = ("weak", "policy-shallow-history");
    run(
        history,
        "git fetch && ward scan --history .",
        &[],
        Topic::HistoryScan,
        shallow,
    );
    let image = "- Trivy scans our container image on every push.";
    let built = "docker build -t x . && trivy image --exit-code 1 x";
    run(
        image,
        built,
        &[("Dockerfile", "FROM scratch\n")],
        Topic::DependencyScan,
        KEPT,
    );
    run(
        image,
        "trivy image --exit-code 1 alpine",
        &[],
        Topic::DependencyScan,
        DARK,
    );
    run(
        image,
        "docker build -t x . && trivy image x",
        &[],
        Topic::DependencyScan,
        SOFT,
    );
}

#[test]
fn sessions_of_nox_are_read_whatever_they_are_called() {
    let policy = "- Code is scanned with Bandit in CI.";
    for (call, expect) in [
        ("s.run(\"bandit\", \"-r\", \"src\")", KEPT),
        ("s.run(\"bandit\", \"-r\", \"src\", success_codes=[0, 1])", SOFT),
        ("s.run(*COMMAND, name)", DARK),
        ("other.run(\"bandit\", \"-r\", \"src\")", DARK),
    ] {
        let text = format!("import nox\n\n@nox.session\ndef lint(s):\n    {call}\n");
        run(
            policy,
            "nox -s lint",
            &[("noxfile.py", &text)],
            Topic::StaticAnalysis,
            expect,
        );
    }
}
