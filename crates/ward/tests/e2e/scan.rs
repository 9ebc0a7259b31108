//! `ward scan` from outside: folders, histories, archives, bad input, baselines and reports.

mod git;
mod reports;

use std::{
    fs,
    io::Write as _,
    path::Path,
    process::{Command, Output, Stdio},
};

use serde_json::Value;

use crate::support::ward::{command, folder, run};

/// Something that every version of the secrets engine takes for a secret, made so that this file holds none.
fn secret() -> String {
    let digits: String = (0..16).map(|n| char::from(b"QW3RT7YU2PLKJHG5"[n])).collect();
    format!(
        "AWS_SECRET_ACCESS_KEY={}{}{}\n",
        "wJa9rXUtnF3MIK7M",
        "DENGbPx",
        &digits.to_lowercase()
    ) + &format!("AWS_ACCESS_KEY_ID=AKIA{digits}\n")
}

/// A program with a finding that Bandit knows, one that can be mended, and one that only the thorough profile shows.
const PROGRAM: &str =
    "import requests\nimport yaml\n\n\ndef fetch(url):\n    assert url\n    return yaml.load(requests.get(url))\n";

/// Every format of a report.
const FORMATS: [&str; 9] = [
    "text",
    "json",
    "sarif",
    "html",
    "markdown",
    "junit",
    "gitlab-sast",
    "gitlab-secrets",
    "gitlab-dependencies",
];

/// A work folder and a data folder of a test's own.
struct Place {
    work: tempfile::TempDir,
    data: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self {
            work: folder(),
            data: folder(),
        }
    }

    fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.work.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    fn scan_command(&self, more: &[&str]) -> Command {
        let work = self.work.path().to_str().unwrap();
        let data = self.data.path().to_str().unwrap();
        let mut args = vec!["scan", work, "--data", data];
        args.extend(more);
        let mut command = command(&args);
        command.env("XDG_CACHE_HOME", self.data.path().join("cache"));
        command
    }

    fn scan(&self, more: &[&str]) -> Output {
        self.scan_command(more).output().unwrap()
    }

    fn json(&self, more: &[&str]) -> (i32, Value) {
        let mut args = vec!["--json"];
        args.extend(more);
        let output = self.scan(&args);
        let report = serde_json::from_slice(&output.stdout);
        let report = report.unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
        (output.status.code().unwrap(), report)
    }

    /// Runs git here, as nobody in particular. Tests that need it are left out where there is no git.
    fn git(&self, args: &[&str]) -> bool {
        let mut git = Command::new("git");
        git.arg("-C").arg(self.work.path());
        git.args([
            "-c",
            "user.name=Ann",
            "-c",
            "user.email=ann@example.org",
            "-c",
            "commit.gpgsign=false",
        ]);
        git.env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", "/dev/null");
        git.args(args).stdout(Stdio::null()).stderr(Stdio::null());
        git.status().is_ok_and(|status| status.success())
    }

    fn commit(&self) {
        assert!(self.git(&["add", "-A"]) && self.git(&["commit", "-qm", "x"]));
    }
}

fn paths(report: &Value) -> Vec<String> {
    let mut paths: Vec<String> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["path"].as_str().unwrap().to_owned())
        .collect();
    paths.dedup();
    paths
}

fn told(report: &Value) -> Vec<String> {
    report["not_examined"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["path"].as_str().unwrap().to_owned())
        .collect()
}

/// No part of a report holds the secret.
fn holds_no_secret(output: &[u8]) {
    let text = String::from_utf8_lossy(output);
    assert!(
        !text.contains("DENGbPx") && !text.contains("QW3RT7YU2PLK") && !text.contains("qw3rt7yu2plk"),
        "{text}"
    );
}

/// Git keeps where a link leads as it keeps a file, and a commit names its author: both are places of a secret.
#[cfg(unix)]
#[test]
fn a_secret_in_a_link_is_found() {
    let place = Place::new();
    let token = secret();
    let token = token.trim_end().rsplit('=').next().unwrap().to_owned();
    std::os::unix::fs::symlink(format!("https://{token}@host"), place.work.path().join("link.pkl")).unwrap();
    let (code, report) = place.json(&[]);
    assert_eq!(
        (code, paths(&report)),
        (1, vec!["link.pkl!(link)".to_owned()]),
        "{report}"
    );
    assert_eq!(report["not_examined"], serde_json::json!([]));
}

#[test]
fn a_secret_in_a_folder_is_found_and_never_shown() {
    let place = Place::new();
    place.write("src/deploy.sh", secret());
    place.write("src/clean.txt", "nothing here\n");
    let (code, report) = place.json(&["--engines", "secrets"]);
    assert_eq!(
        (code, paths(&report)),
        (1, vec!["src/deploy.sh".to_owned()]),
        "{report}"
    );
    let finding = &report["findings"][0];
    for field in ["rule", "severity", "message", "fingerprint"] {
        assert!(
            finding[field].as_str().is_some_and(|text| !text.is_empty()),
            "{finding}"
        );
    }
    assert!(finding["line"].as_u64().is_some() && finding["column"].as_u64().is_some());
    assert_eq!(report["stats"]["files"], 2);
    for format in FORMATS {
        let output = place.scan(&["--format", format]);
        assert_eq!(output.status.code(), Some(1), "{format}");
        holds_no_secret(&output.stdout);
        holds_no_secret(&output.stderr);
    }
    let out = place.data.path().join("report.json");
    let output = place.scan(&["--json", "--out", out.to_str().unwrap()]);
    assert!(output.stdout.is_empty() && fs::read_to_string(&out).unwrap().contains("src/deploy.sh"));
    // Fingerprints are the same next time.
    let again = place.json(&["--engines", "secrets"]).1;
    assert_eq!(again["findings"][0]["fingerprint"], finding["fingerprint"]);
}

#[test]
fn exit_codes_follow_the_threshold_and_what_was_not_examined() {
    let place = Place::new();
    place.write("a.txt", "clean\n");
    assert_eq!(place.scan(&[]).status.code(), Some(0));
    place.write("deploy.sh", secret());
    assert_eq!(place.scan(&["--engines", "secrets"]).status.code(), Some(1));
    assert_eq!(place.scan(&["--engines", "models"]).status.code(), Some(0));
    fs::remove_file(place.work.path().join("deploy.sh")).unwrap();
    place.write("a.rar", b"Rar!\x1a\x07\x01\x00 and so on and on");
    assert_eq!(place.scan(&["--engines", "secrets"]).status.code(), Some(3));
    for bad in [
        vec!["--engines", "none"],
        vec!["--threshold", "severe"],
        vec!["--baseline", "nowhere.json"],
        vec!["--history"],
        vec!["--staged"],
        vec!["--write-baseline", "b.json"],
        vec!["--format", "xml"],
    ] {
        assert_eq!(place.scan(&bad).status.code(), Some(2), "{bad:?}");
    }
    assert_eq!(run(&["scan", "nowhere-at-all"]).status.code(), Some(2));
}

#[test]
fn the_file_of_the_project_says_what_no_flag_says() {
    let place = Place::new();
    place.write("a.py", "import yaml\nyaml.load(x, Loader=yaml.Loader)\n");
    let says = |settings: &str, more: &[&str], code, note: &str| {
        place.write("ward.toml", format!("[scan]\n{settings}\n"));
        let out = place.scan(more);
        let said = String::from_utf8_lossy(&out.stderr).into_owned();
        assert_eq!(out.status.code(), Some(code), "{settings} {more:?}: {said}");
        assert_eq!(
            note.is_empty(),
            !said.contains("ward.toml: "),
            "{settings} {more:?}: {said}"
        );
        assert!(said.contains(note), "{settings} {more:?}: {said}");
    };
    let code = ["--engines", "code"];
    says("threshold = \"low\"", &code, 1, "");
    says("threshold = \"critical\"", &code, 0, "threshold is critical");
    // What is typed counts more, and then nothing is to be noted.
    says("threshold = \"critical\"", &["--threshold", "low"], 1, "");
    says("engines = [\"secrets\"]", &[], 0, "engines is secrets");
    says("engines = [\"secrets\"]", &code, 1, "");
    let data = place.data.path().join("known.json");
    let words = ["--engines", "code", "--reason", "known for now", "--write-baseline"];
    let written = place.scan(&[&words[..], &[data.to_str().unwrap()]].concat());
    assert_eq!(written.status.code(), Some(0));
    fs::copy(&data, place.work.path().join("known.json")).unwrap();
    says("baseline = \"known.json\"", &code, 0, "baseline is known.json");
    says("baseline = \"nowhere.json\"", &code, 2, "nowhere.json");
    says("threshold = \"loud\"", &code, 2, "threshold");
}

/// Versions change where the engine is typed, and not because a file names it.
#[test]
fn a_setting_changes_no_versions() {
    let place = Place::new();
    let osv = r#"{"id":"PYSEC-2026-1","modified":"2026-01-01T00:00:00Z","affected":[{"package":{"ecosystem":"PyPI","name":"alpha"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"1.2"}]}]}]}"#;
    let known = folder();
    fs::write(known.path().join("a.json"), osv).unwrap();
    let (file, data) = (known.path().to_str().unwrap(), place.data.path().to_str().unwrap());
    assert_eq!(run(&["db", "import", file, "--data", data]).status.code(), Some(0));
    place.write("requirements.txt", "alpha==1.0\n");
    place.write("ward.toml", "[scan]\nengines = [\"dependencies\"]\n");
    let text = || fs::read_to_string(place.work.path().join("requirements.txt")).unwrap();
    place.scan(&["--fix", "--apply"]);
    assert_eq!(text(), "alpha==1.0\n");
    place.scan(&["--fix", "--apply", "--engines", "dependencies"]);
    assert_eq!(text(), "alpha==1.2\n");
}

#[test]
fn commits_are_proposed_for_downloads_without_one() {
    let place = Place::new();
    let commit = "0123456789abcdef0123456789abcdef01234567";
    place.write(
        "a.py",
        "from transformers import AutoModel\n\nAutoModel.from_pretrained(\"acme/notes\")\nAutoModel.from_pretrained(\"acme/other\")\n",
    );
    let cache = folder();
    let refs = cache.path().join("models--acme--notes/refs");
    fs::create_dir_all(&refs).unwrap();
    fs::write(refs.join("main"), commit).unwrap();
    let out = place
        .scan_command(&["--engines", "code", "--fix", "--proposals", "--json"])
        .env("HF_HUB_CACHE", cache.path())
        .output()
        .unwrap();
    let said: Value = serde_json::from_slice(&out.stdout).unwrap();
    let known: Vec<(&str, u64, Option<&str>)> = said["revisions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            (
                one["name"].as_str().unwrap(),
                one["line"].as_u64().unwrap(),
                one["revision"].as_str(),
            )
        })
        .collect();
    assert_eq!(known, [("acme/notes", 3, Some(commit)), ("acme/other", 4, None)]);
}

#[test]
fn standard_input_and_single_files() {
    let place = Place::new();
    let data = place.data.path().to_str().unwrap();
    let mut child = command(&["scan", "-", "--json", "--data", data])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(secret().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (output.status.code(), paths(&report)),
        (Some(1), vec!["stdin".to_owned()])
    );
    place.write("one.sh", secret());
    place.write("two/deploy.sh", secret());
    let output = command(&["scan", "one.sh", "./two", "--json", "--data", data])
        .current_dir(place.work.path())
        .output()
        .unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(paths(&report), ["one.sh", "two/deploy.sh"], "{report}");
}

#[test]
fn a_baseline_needs_a_reason_and_keeps_back_only_what_it_lists() {
    let place = Place::new();
    place.write("deploy.sh", secret());
    let file = place.data.path().join("baseline.json");
    let file = file.to_str().unwrap();
    let engines = ["--engines", "secrets"];
    let write = [
        "--write-baseline",
        file,
        "--reason",
        "replaced last year",
        "--by",
        "Ann",
    ];
    let output = place.scan(&[&engines[..], &write[..]].concat());
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    holds_no_secret(&fs::read(file).unwrap());
    let with = [&engines[..], &["--baseline", file]].concat();
    let (code, report) = place.json(&with);
    assert_eq!((code, paths(&report).len()), (0, 0));
    assert!(report["stats"]["suppressed"]["baseline"].as_u64().unwrap() > 0);
    // Lines may move.
    place.write("deploy.sh", format!("# moved\n\n{}", secret()));
    assert_eq!(place.json(&with).0, 0);
    place.write("other.sh", secret());
    let (code, report) = place.json(&with);
    assert_eq!((code, paths(&report)), (1, vec!["other.sh".to_owned()]));
    fs::remove_file(place.work.path().join("deploy.sh")).unwrap();
    assert!(place.json(&with).1["stats"]["stale_baseline"].as_u64().unwrap() > 0);
}

#[test]
fn suppressions_carry_a_reason() {
    let place = Place::new();
    let marker = concat!("ward:", "allow");
    let lines: Vec<String> = secret()
        .lines()
        .map(|line| format!("{line} # {marker} secrets/* made up for a test\n"))
        .collect();
    place.write("deploy.sh", lines.concat());
    let (code, report) = place.json(&["--engines", "secrets"]);
    assert_eq!(code, 0, "{report}");
    assert!(report["stats"]["suppressed"]["inline"].as_u64().unwrap() > 0);
    place.write("deploy.sh", format!("# {marker} secrets/*\n{}", secret()));
    let (code, report) = place.json(&["--engines", "secrets"]);
    let rules: Vec<_> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["rule"].as_str().unwrap())
        .collect();
    assert!(
        code == 1 && rules.contains(&"suppressions/no-reason") && rules.len() > 1,
        "{rules:?}"
    );
    place.write("deploy.sh", secret());
    place.write(".wardignore", "deploy.sh secrets/* made up for a test\n");
    let (code, report) = place.json(&["--engines", "secrets"]);
    assert_eq!(code, 0, "{report}");
    place.write(".wardignore", "deploy.sh secrets/*\nnonsense\n");
    let (code, report) = place.json(&["--engines", "secrets"]);
    assert!(
        code == 1 && told(&report).contains(&".wardignore".to_owned()),
        "{report}"
    );
}

#[cfg(unix)]
#[test]
fn hostile_folders_are_named_and_never_fatal() {
    use std::os::unix::{ffi::OsStrExt as _, fs::PermissionsExt, fs::symlink};
    let place = Place::new();
    let work = place.work.path();
    place.write("in/deploy.sh", secret());
    symlink("/etc", work.join("out")).unwrap();
    symlink("in/deploy.sh", work.join("inside")).unwrap();
    symlink("nowhere", work.join("dangling")).unwrap();
    symlink(".", work.join("loop")).unwrap();
    fs::write(work.join(std::ffi::OsStr::from_bytes(b"n\xff.sh")), secret()).unwrap();
    place.write("closed", "x");
    fs::set_permissions(work.join("closed"), PermissionsExt::from_mode(0o000)).unwrap();
    let socket = std::os::unix::net::UnixListener::bind(work.join("socket")).unwrap();
    // Much that takes no room, and is more than is kept in memory.
    fs::File::create(work.join("huge.bin"))
        .unwrap()
        .set_len(96 << 20)
        .unwrap();
    let (code, report) = place.json(&[]);
    drop(socket);
    assert_eq!(code, 1);
    assert_eq!(paths(&report), ["in/deploy.sh", "n\\xff.sh"], "{report}");
    let told = told(&report);
    for path in ["out", "socket"] {
        assert!(told.contains(&path.to_owned()), "{path}: {report}");
    }
    assert!(
        !told
            .iter()
            .any(|path| ["inside", "loop", "dangling"].contains(&path.as_str())),
        "{report}"
    );
    // The super-user may read everything.
    let readable = fs::read(work.join("closed")).is_ok();
    assert!(readable || told.contains(&"closed".to_owned()));
}

#[test]
fn archives_are_folders_and_bombs_are_told() {
    let place = Place::new();
    let text = secret();
    let mut tar = Vec::new();
    let mut block = [0_u8; 512];
    block[..8].copy_from_slice(b"app/x.sh");
    block[124..136].copy_from_slice(format!("{:011o}\0", text.len()).as_bytes());
    block[156] = b'0';
    block[148..156].fill(b' ');
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    tar.extend(block);
    tar.extend(text.bytes());
    tar.resize(tar.len().next_multiple_of(512) + 1024, 0);
    place.write("layer.tar", &tar);
    // A gzip of stored blocks that ends in the middle.
    place.write("cut.gz", b"\x1f\x8b\x08\0\0\0\0\0\0\x03\x01\x10\0\xef\xff0123");
    let (code, report) = place.json(&["--engines", "secrets"]);
    assert_eq!(
        (code, paths(&report)),
        (1, vec!["layer.tar!app/x.sh".to_owned()]),
        "{report}"
    );
    assert_eq!(told(&report), ["cut.gz!cut"]);
}

#[test]
fn a_watched_folder_says_what_came_and_what_went() {
    use std::io::BufRead as _;
    let place = Place::new();
    place.write("a.sh", "echo\n");
    let mut child = place.scan_command(&["--watch"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = std::io::BufReader::new(child.stdout.take().unwrap()).lines();
    let mut until = |word: &str| lines.by_ref().map_while(Result::ok).any(|line| line.contains(word));
    let found = until("no findings");
    place.write("deploy.sh", secret());
    let came = until(" new, 0 gone");
    place.write("deploy.sh", "echo\n");
    let gone = until("0 new, ");
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(found && came && gone);
}

#[test]
fn a_data_folder_that_cannot_be_made_does_not_stop_a_scan() {
    let place = Place::new();
    place.write("deploy.sh", secret());
    let output = command(&["scan", place.work.path().to_str().unwrap(), "--json"])
        .env("HOME", Path::new("/proc/nothing"))
        .env_remove("XDG_DATA_HOME")
        .env_remove("XDG_CACHE_HOME")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("fingerprints"));
}
