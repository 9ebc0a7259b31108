//! `ward policy` on folders and repositories of a test's own.

use std::{
    fs,
    path::Path,
    process::{Command, Output, Stdio},
};

use serde_json::Value;

use crate::support::ward::{command, folder};

/// A project of a test's own.
struct Place {
    work: tempfile::TempDir,
    data: tempfile::TempDir,
}

impl Place {
    fn new(files: &[(&str, &str)]) -> Self {
        let place = Self {
            work: folder(),
            data: folder(),
        };
        for (path, text) in files {
            place.write(path, text);
        }
        place
    }

    fn path(&self) -> &Path {
        self.work.path()
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path().join(path)).unwrap()
    }

    /// False where there is no git.
    fn git(&self, args: &[&str]) -> bool {
        let mut git = Command::new("git");
        git.arg("-C").arg(self.path());
        git.args(["-c", "user.name=Ann", "-c", "user.email=ann@example.org"]);
        git.args(["-c", "commit.gpgsign=false", "-c", "tag.gpgsign=false"])
            .args(args);
        git.env("GIT_CONFIG_NOSYSTEM", "1").env("HOME", self.data.path());
        for name in ["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"] {
            git.env_remove(name);
        }
        let output = git.stdin(Stdio::null()).output();
        output.is_ok_and(|output| output.status.success())
    }

    fn policy(&self, args: &[&str]) -> Output {
        let mut words = vec!["policy"];
        words.extend(args);
        let mut command = command(&words);
        command
            .current_dir(self.path())
            .env("HOME", self.data.path())
            .env("WARD_DATA", self.data.path().join("data"));
        command.output().unwrap()
    }

    fn json(&self, args: &[&str]) -> (i32, Value) {
        let mut words = vec!["check", "--json"];
        words.extend(args);
        let output = self.policy(&words);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let value = serde_json::from_slice(&output.stdout);
        (
            output.status.code().unwrap(),
            value.unwrap_or_else(|_| panic!("{said}")),
        )
    }
}

fn text(output: &Output) -> String {
    String::from_utf8([output.stdout.clone(), output.stderr.clone()].concat()).unwrap()
}

const PYTHON: &str = "[build-system]\nrequires = [\"setuptools==75.6.0\"]\nbuild-backend = \"setuptools.build_meta\"\n\n\
    [project]\nname = \"tool\"\nversion = \"0.3.1\"\nrequires-python = \">=3.11\"\nlicense = \"MIT\"\n\
    authors = [{ name = \"Ann\", email = \"ann@example.org\" }]\n\n\
    [project.urls]\nRepository = \"https://github.com/ann/tool\"\n";

/// A small Python project.
fn python() -> Place {
    Place::new(&[
        ("pyproject.toml", PYTHON),
        (
            "src/tool/__init__.py",
            "def add(a: int, b: int) -> int:\n    return a + b\n",
        ),
        ("README.md", "# tool\n\nAdds numbers.\n"),
    ])
}

#[test]
fn what_init_writes_is_true_and_a_second_run_changes_nothing() {
    let place = python();
    if !place.git(&["init", "-q", "-b", "main"]) {
        return;
    }
    assert!(place.git(&["add", "-A"]) && place.git(&["commit", "-q", "-m", "begin"]));
    // Without a terminal and without --yes nothing is written, and what would be is shown.
    let shown = place.policy(&["init"]);
    assert_eq!(shown.status.code(), Some(0));
    assert!(
        text(&shown).contains("+++ b/SECURITY.md") && text(&shown).contains("--apply"),
        "{}",
        text(&shown)
    );
    assert!(!place.path().join("SECURITY.md").exists());

    let written = place.policy(&["init", "--yes"]);
    assert_eq!(written.status.code(), Some(0), "{}", text(&written));
    assert!(
        place
            .read("SECURITY.md")
            .contains("<https://github.com/ann/tool/security/advisories/new>")
    );
    // What git does not track yet is not looked at, and that is said.
    let early = place.policy(&["check", "--no-scan"]);
    assert!(
        text(&early).contains("SECURITY.md is not tracked by git"),
        "{}",
        text(&early)
    );

    assert!(place.git(&["add", "-A"]) && place.git(&["commit", "-q", "-m", "policy"]));
    let (code, report) = place.json(&[]);
    let wrong: Vec<&Value> = report["promises"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["fault"] == true || one["verdict"] == "not_examined")
        .collect();
    assert_eq!(code, 0, "{wrong:#?}\n{}\n{}", report["remarks"], report["not_examined"]);
    assert!(
        report["summary"]["kept"].as_u64().unwrap() >= 5,
        "{}",
        report["summary"]
    );
    for one in report["promises"].as_array().unwrap() {
        let (path, line) = (
            one["source"]["path"].as_str().unwrap(),
            one["source"]["line"].as_u64().unwrap(),
        );
        assert!(place.read(path).lines().count() as u64 >= line);
        assert!(
            one["verdict"] != "kept" || !one["evidence"].as_array().unwrap().is_empty(),
            "{one}"
        );
    }

    let again = place.policy(&["init", "--yes"]);
    assert!(text(&again).contains("nothing to write"), "{}", text(&again));
    // An edit stays; a promise that the edit breaks is told.
    let policy = place
        .read("SECURITY.md")
        .replace("Send what you have", "Send all you have");
    place.write("SECURITY.md", &policy);
    assert!(place.git(&["rm", "-q", "--cached", ".github/workflows/security.yml"]));
    fs::remove_file(place.path().join(".github/workflows/security.yml")).unwrap();
    let changed = place.policy(&["init", "--yes", "--profile", "small-team"]);
    assert!(text(&changed).contains("somebody deleted it"), "{}", text(&changed));
    let policy = place.read("SECURITY.md");
    assert!(policy.contains("Send all you have") && policy.contains("10 business days"));
    // What the deleted workflow did is promised no longer, unless somebody says it.
    assert!(!policy.contains("`ward scan` runs on"));
    assert_eq!(place.json(&[]).0, 0);
    place.write(
        "SECURITY.md",
        &format!("{policy}\n`ward scan` runs on every pull request.\n"),
    );
    let (code, report) = place.json(&[]);
    assert_eq!(code, 1, "{}", report["summary"]);
    assert!(
        report["summary"]["broken"].as_u64().unwrap() >= 1,
        "{}",
        report["summary"]
    );
}

#[test]
fn init_leaves_what_is_not_its_own_and_needs_a_contact() {
    let place = Place::new(&[
        ("SECURITY.md", "# Ours\n\nWrite to security@example.org.\n"),
        ("go.mod", "module x\n"),
    ]);
    let none = place.policy(&["init", "--yes"]);
    assert_eq!(none.status.code(), Some(2), "{}", text(&none));
    assert!(text(&none).contains("nothing says where vulnerabilities are to be reported"));
    let bad = place.policy(&["init", "--yes", "--contact", "nobody"]);
    assert_eq!(bad.status.code(), Some(2));
    let dry = place.policy(&["init", "--dry-run", "--contact", "a@acme.dev", "--json"]);
    let value: Value = serde_json::from_slice(&dry.stdout).unwrap();
    assert_eq!(value["written"], false);
    let state = |path: &str| {
        let files = value["files"].as_array().unwrap();
        files
            .iter()
            .find(|one| one["path"] == path)
            .map(|one| one["state"].clone())
            .unwrap_or_default()
    };
    assert_eq!(
        (state("SECURITY.md"), state("ward.toml")),
        ("kept".into(), "new".into())
    );
    assert!(!place.path().join("ward.toml").exists());
    #[cfg(unix)]
    {
        // A link is not written through.
        let outside = folder();
        std::os::unix::fs::symlink(outside.path(), place.path().join(".well-known")).unwrap();
        let output = place.policy(&["init", "--yes", "--contact", "a@acme.dev"]);
        assert_eq!(output.status.code(), Some(2), "{}", text(&output));
        assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
    }
}

#[test]
fn a_policy_is_held_against_the_folder_in_every_format() {
    let policy = "# Security policy\n\n## Reporting\n\nPlease report privately to security@example.org.\n\n\
        ## Security measures\n\n- All code is scanned with Bandit in CI.\n- Type checking with mypy runs in CI.\n";
    let workflow = "on: [push, pull_request]\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n\
        \x20     - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1\n      - run: mypy src\n";
    let place = Place::new(&[
        ("SECURITY.md", policy),
        (".github/workflows/ci.yml", workflow),
        ("src/a.py", "x: int = 1\n"),
        ("setup.cfg", "[metadata]\nname = a\n"),
    ]);
    let (code, report) = place.json(&["--no-scan"]);
    assert_eq!(code, 1, "{report}");
    let verdict = |report: &Value, topic: &str| {
        let promises = report["promises"].as_array().unwrap();
        promises
            .iter()
            .find(|one| one["topic"] == topic)
            .map(|one| one["verdict"].clone())
            .unwrap_or_default()
    };
    assert_eq!(verdict(&report, "static-analysis"), "broken", "{report}");
    assert_eq!(verdict(&report, "type-check"), "kept", "{report}");
    assert!(report["scan"].is_null());
    let (_, report) = place.json(&["--engines", "code"]);
    assert_eq!(report["scan"]["engines"], serde_json::json!(["code"]));

    let out = place.data.path();
    let file = |name: &str| out.join(name);
    let asked = |name: &str| format!("{name}={}", file(name).display());
    let reports: Vec<String> = ["sarif", "html", "badge", "json"].into_iter().map(asked).collect();
    let mut words = vec!["check", "--no-scan"];
    for report in &reports {
        words.extend(["--report", report]);
    }
    let output = place.policy(&words);
    let said = text(&output);
    assert!(said.contains("broken") && said.contains("SECURITY.md:9"), "{said}");
    assert!(!said.contains('\u{1b}'));
    let sarif: Value = serde_json::from_slice(&fs::read(file("sarif")).unwrap()).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    assert!(results.iter().any(|one| one["kind"] == "pass") && results.iter().any(|one| one["kind"] == "fail"));
    assert!(fs::read_to_string(file("html")).unwrap().contains("Ward policy check"));
    assert!(
        fs::read_to_string(file("badge"))
            .unwrap()
            .contains("<title>security policy: ")
    );

    // A document that lies elsewhere is read instead.
    let elsewhere = out.join("other.md");
    fs::write(&elsewhere, "# Security\n\nWe run mypy in CI on every push.\n").unwrap();
    let (_, report) = place.json(&["--no-scan", "--policy", elsewhere.to_str().unwrap()]);
    assert_eq!(verdict(&report, "static-analysis"), Value::Null, "{report}");
    assert_eq!(verdict(&report, "type-check"), "kept", "{report}");

    let schema: Value = serde_json::from_slice(&place.policy(&["check", "--schema"]).stdout).unwrap();
    assert!(schema["$defs"]["promise"].is_object());
}

#[test]
fn no_policy_and_no_folder_are_said() {
    let place = Place::new(&[("a.py", "x = 1\n")]);
    let output = place.policy(&["check", "--no-scan"]);
    assert_eq!(output.status.code(), Some(3), "{}", text(&output));
    assert!(text(&output).contains("ward policy init"), "{}", text(&output));
    assert_eq!(place.policy(&["check", "nowhere"]).status.code(), Some(2));
    assert_eq!(place.policy(&["check", "a.py"]).status.code(), Some(2));
    assert_eq!(place.policy(&["check", "--policy", "none.md"]).status.code(), Some(2));
    assert_eq!(place.policy(&["check", "--history"]).status.code(), Some(2));
}

#[test]
fn words_are_explained() {
    let place = Place::new(&[]);
    for (word, part) in [
        ("weak", "exit code"),
        ("not_examined", "could have been"),
        ("CODE-1a", "ward scan --engines code"),
        ("dis-3", "DIS-3a"),
        ("secret-scan", "SEC-1a"),
    ] {
        let output = place.policy(&["explain", word]);
        assert_eq!(output.status.code(), Some(0), "{word}");
        assert!(
            text(&output).contains(part) || word == "not_examined",
            "{word}: {}",
            text(&output)
        );
    }
    assert_eq!(place.policy(&["explain", "nothing-such"]).status.code(), Some(2));
    let value: Value = serde_json::from_slice(&place.policy(&["explain", "--json"]).stdout).unwrap();
    assert_eq!(value.as_array().unwrap().len(), 9);
}

#[test]
fn tags_are_read_loose_and_packed() {
    let table = "# Security policy\n\n## Supported versions\n\n| Version | Supported |\n|---|---|\n| 9.0.x | yes |\n";
    let place = Place::new(&[("SECURITY.md", table), ("pyproject.toml", PYTHON)]);
    if !place.git(&["init", "-q", "-b", "main"]) {
        return;
    }
    assert!(place.git(&["add", "-A"]) && place.git(&["commit", "-q", "-m", "begin"]));
    assert!(place.git(&["tag", "v0.3.0"]) && place.git(&["tag", "-a", "-m", "one", "v0.3.1"]));
    let (_, loose) = place.json(&["--no-scan"]);
    assert!(place.git(&["gc", "-q", "--aggressive", "--prune=now"]) && place.git(&["pack-refs", "--all"]));
    let (_, packed) = place.json(&["--no-scan"]);
    let without_time = |mut value: Value| {
        value["checked_at"] = Value::Null;
        value
    };
    assert_eq!(without_time(loose.clone()), without_time(packed));
    assert_eq!(loose["not_examined"], serde_json::json!([]));
}
