//! `ward hook` with a real git: commits that pass, commits that are stopped, hooks that were there before.

use std::{
    fs,
    path::Path,
    process::{Command, Output, Stdio},
};

use serde_json::Value;

use crate::support::ward::{command, folder};

/// A repository of a test's own.
struct Place {
    work: tempfile::TempDir,
    data: tempfile::TempDir,
}

/// Something that is taken for a secret, made so that this file holds none.
fn secret() -> String {
    format!("GITHUB_TOKEN=ghp{}{}\n", "_", "a8Kd03mZq1Lr7Tx2Vb9Nc4Wf6Hy5Js0PgQu1")
}

impl Place {
    /// None where there is no git.
    fn new() -> Option<Self> {
        let place = Self {
            work: folder(),
            data: folder(),
        };
        place.git(&["init", "-q"]).then_some(place)
    }

    fn path(&self) -> &Path {
        self.work.path()
    }

    fn git_output(&self, args: &[&str]) -> Option<Output> {
        let mut git = Command::new("git");
        git.arg("-C").arg(self.path());
        git.args(["-c", "user.name=Ann", "-c", "user.email=ann@example.org"]);
        git.args(["-c", "commit.gpgsign=false"]).args(args);
        git.env("GIT_CONFIG_NOSYSTEM", "1").env("HOME", self.data.path());
        git.env("XDG_CACHE_HOME", self.data.path())
            .env("WARD_DATA", self.data.path());
        for name in ["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"] {
            git.env_remove(name);
        }
        git.stdin(Stdio::null()).output().ok()
    }

    fn git(&self, args: &[&str]) -> bool {
        self.git_output(args).is_some_and(|output| output.status.success())
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn hook(&self, args: &[&str]) -> Output {
        let mut words = vec!["hook"];
        words.extend(args);
        let mut command = command(&words);
        command.current_dir(self.path()).env("HOME", self.data.path());
        command.output().unwrap()
    }

    fn commit(&self, more: &[&str]) -> (bool, String) {
        let mut args = vec!["commit", "-m", "x"];
        args.extend(more);
        let output = self.git_output(&args).unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8(said).unwrap())
    }
}

#[test]
fn commits_with_findings_are_stopped_and_others_pass() {
    let Some(place) = Place::new() else { return };
    assert_eq!(place.hook(&["status"]).status.code(), Some(1));
    assert!(place.hook(&["install"]).status.success());
    assert_eq!(place.hook(&["status"]).status.code(), Some(0));
    place.write("a.py", "print('hello')\n");
    assert!(place.git(&["add", "a.py"]));
    let (passed, said) = place.commit(&[]);
    assert!(passed, "{said}");

    // Staged: stopped, and told how to go on. The secret itself is not shown.
    place.write("deploy.sh", &secret());
    assert!(place.git(&["add", "deploy.sh"]));
    let (passed, said) = place.commit(&[]);
    assert!(!passed, "{said}");
    assert!(said.contains("deploy.sh:1") && said.contains("the commit is stopped") && said.contains("--no-verify"));
    assert!(!said.contains("a8Kd03m"), "{said}");

    // A rule for paths that is only in the work tree counts as little.
    place.write(".wardignore", "*.sh * because somebody says so\n");
    let (passed, said) = place.commit(&[]);
    assert!(!passed && said.contains("deploy.sh:1"), "{said}");
    fs::remove_file(place.path().join(".wardignore")).unwrap();

    // Allowed with a reason, in what is staged and not only in the work tree.
    let marker = concat!("ward:", "allow");
    place.write(
        "deploy.sh",
        &format!("# {marker} secrets/* made up for a test\n{}", secret()),
    );
    assert!(!place.commit(&[]).0);
    assert!(place.git(&["add", "deploy.sh"]));
    let (passed, said) = place.commit(&[]);
    assert!(passed, "{said}");

    // A file that is not staged is nobody's business; `commit -a` stages it in an index of its own.
    place.write("a.py", &format!("'''\n{}'''\n", secret()));
    place.write("b.py", "x = 1\n");
    assert!(place.git(&["add", "b.py"]));
    let (passed, said) = place.commit(&[]);
    assert!(passed, "{said}");
    let (passed, said) = place.commit(&["-a"]);
    assert!(!passed && said.contains("a.py:2"), "{said}");
    let (passed, _) = place.commit(&["-a", "--no-verify"]);
    assert!(passed);
}

#[test]
fn a_hook_that_was_there_still_runs_and_comes_back() {
    let Some(place) = Place::new() else { return };
    let hooks = place.path().join(".git/hooks");
    fs::create_dir_all(&hooks).unwrap();
    let hook = hooks.join("pre-commit");
    let other = "#!/bin/sh\ntouch other-ran\nexit 0\n";
    fs::write(&hook, other).unwrap();
    make_executable(&hook);
    let installed = place.hook(&["install"]);
    assert!(installed.status.success(), "{installed:?}");
    // Twice is once.
    assert!(place.hook(&["install", "--threshold", "high"]).status.success());
    let status: Value = serde_json::from_slice(&place.hook(&["status", "--json"]).stdout).unwrap();
    assert_eq!(
        (&status["installed"], &status["runs"], &status["shared"]),
        (&true.into(), &true.into(), &false.into())
    );
    assert!(
        status["runs_first"]
            .as_str()
            .is_some_and(|path| path.ends_with("pre-commit.before-ward"))
    );
    place.write("a.py", "x = 1\n");
    assert!(place.git(&["add", "a.py"]));
    let (passed, said) = place.commit(&[]);
    assert!(passed, "{said}");
    assert!(place.path().join("other-ran").exists());
    // When it fails, the commit is stopped before Ward runs.
    fs::write(hooks.join("pre-commit.before-ward"), "#!/bin/sh\nexit 7\n").unwrap();
    make_executable(&hooks.join("pre-commit.before-ward"));
    place.write("a.py", "x = 2\n");
    assert!(place.git(&["add", "a.py"]));
    assert!(!place.commit(&[]).0);
    assert!(place.hook(&["uninstall"]).status.success());
    assert_eq!(fs::read_to_string(&hook).unwrap(), "#!/bin/sh\nexit 7\n");
    // What is not Ward's stays.
    assert_eq!(place.hook(&["uninstall"]).status.code(), Some(2));
    assert!(hook.exists());
}

#[test]
fn folders_of_hooks_and_work_trees_are_respected() {
    let Some(place) = Place::new() else { return };
    place.write("a.py", "x = 1\n");
    assert!(place.git(&["add", "a.py"]) && place.commit(&[]).0);
    // A work tree of its own has the hooks of its repository, and its own index.
    let tree = place.data.path().join("tree");
    if place.git(&["worktree", "add", "-q", tree.to_str().unwrap()]) {
        let install = command(&["hook", "install", tree.to_str().unwrap()]).output().unwrap();
        assert!(install.status.success(), "{install:?}");
        assert!(place.path().join(".git/hooks/pre-commit").exists());
        fs::write(tree.join("s.sh"), secret()).unwrap();
        let at = tree.to_str().unwrap();
        assert!(place.git(&["-C", at, "add", "s.sh"]));
        let commit = place.git_output(&["-C", at, "commit", "-m", "x"]).unwrap();
        assert!(!commit.status.success(), "{commit:?}");
        assert!(place.hook(&["uninstall"]).status.success());
    }
    // A folder within the repository.
    assert!(place.git(&["config", "core.hooksPath", ".hooks"]));
    assert!(place.hook(&["install"]).status.success());
    assert!(place.path().join(".hooks/pre-commit").exists());
    // A folder that other repositories share.
    let shared = place.data.path().join("shared");
    assert!(place.git(&["config", "core.hooksPath", shared.to_str().unwrap()]));
    let refused = place.hook(&["install"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("--shared"));
    assert!(!shared.join("pre-commit").exists());
    assert!(place.hook(&["install", "--shared"]).status.success());
    assert!(shared.join("pre-commit").exists());
    // No repository at all.
    let nowhere = folder();
    let refused = command(&["hook", "install", nowhere.path().to_str().unwrap()])
        .output()
        .unwrap();
    assert_eq!(refused.status.code(), Some(2));
}

fn make_executable(path: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    #[cfg(not(unix))]
    let _ = path;
}
