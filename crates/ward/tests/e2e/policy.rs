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
    authors = [{ name = \"Ann\", email = \"ann@example.org\" }]\n";

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
    let dry = place.policy(&["init", "--dry-run", "--contact", "a@example.org", "--json"]);
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
        let output = place.policy(&["init", "--yes", "--contact", "a@example.org"]);
        assert_eq!(output.status.code(), Some(2), "{}", text(&output));
        assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
    }
}

#[test]
fn no_policy_and_no_folder_are_said() {
    let place = Place::new(&[("a.py", "x = 1\n")]);
    let output = place.policy(&["check", "--no-scan"]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output));
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
