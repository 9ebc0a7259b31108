//! `ward sbom` from outside, and what `ward scan` does with environments and statements.

use std::{fs, path::Path, process::Command};

use serde_json::Value;

use crate::support::ward::{command, folder};

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn run(args: &[&str]) -> (i32, String) {
    let out = command(args).env_remove("SOURCE_DATE_EPOCH").output().unwrap();
    (out.status.code().unwrap(), String::from_utf8(out.stdout).unwrap())
}

fn json(args: &[&str]) -> (i32, Value) {
    let (code, text) = run(args);
    (code, serde_json::from_str(&text).unwrap())
}

#[test]
fn entries_that_are_none_are_told() {
    let work = folder();
    let bill = |name: &str, text: &str| {
        write(work.path(), name, text);
        work.path().join(name).to_str().unwrap().to_owned()
    };
    let good = bill("good.json", r#"{"bomFormat":"CycloneDX","components":[{"name":"a"}]}"#);
    let bad = bill("bad.json", r#"{"spdxVersion":"SPDX-2.3","packages":[{"name":1}]}"#);
    assert_eq!(run(&["sbom", "diff", &good, &good]).0, 0);
    for (old, new, which) in [(&good, &bad, "newer"), (&bad, &good, "older")] {
        let (code, text) = run(&["sbom", "diff", old, new]);
        assert_eq!(code, 3, "{text}");
        assert!(
            text.contains(&format!("1 entry of the {which} bill could not be read")),
            "{text}"
        );
    }
}

/// What `[[scan.supplied]]` says makes a bill of SPDX conform with the profile AI.
#[test]
fn what_is_stated_of_a_model_is_in_the_bill() {
    let work = folder();
    let path = work.path().to_str().unwrap();
    let call = "from transformers import AutoModel\nAutoModel.from_pretrained(\"acme/notes\", revision=\"0123456789012345678901234567890123456789\")\n";
    write(work.path(), "use.py", call);
    let claims = || {
        let (_, bill) = json(&["sbom", path, "--format", "spdx"]);
        let all = bill["@graph"].as_array().unwrap();
        let whole = all.iter().find(|one| one["type"] == "SpdxDocument").unwrap();
        whole["profileConformance"].as_array().unwrap().contains(&"ai".into())
    };
    assert!(!claims(), "nobody says when it was released");
    write(
        work.path(),
        "ward.toml",
        "[[scan.supplied]]\nname = \"acme/notes\"\nreleased = \"2026-01-31\"\n",
    );
    assert!(claims());
}

#[test]
fn a_bill_lists_everything_and_says_what_it_could_not_read() {
    let work = folder();
    let path = work.path().to_str().unwrap();
    write(work.path(), "requirements.txt", "alpha==1.0\nbeta>=2\n");
    let (code, bill) = json(&["sbom", path, "--time", "0"]);
    assert_eq!(code, 0);
    let names: Vec<&str> = bill["components"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["alpha", "beta"]);
    assert_eq!(bill["metadata"]["timestamp"], "1970-01-01T00:00:00Z");
    assert_eq!(
        json(&["sbom", path, "--time", "0"]).1,
        bill,
        "the same content, the same bill"
    );
    let (code, spdx) = json(&["sbom", path, "--format", "spdx"]);
    assert_eq!(
        (code, &spdx["@context"]),
        (0, &Value::from("https://spdx.org/rdf/3.0.1/spdx-context.jsonld"))
    );
    write(work.path(), "package-lock.json", "{");
    let (code, bill) = json(&["sbom", path]);
    assert_eq!(code, 3);
    assert!(
        bill["components"]
            .as_array()
            .unwrap()
            .iter()
            .any(|one| one["name"] == "package-lock.json")
    );
    assert_eq!(bill["compositions"][0]["aggregate"], "incomplete");
    assert_eq!(run(&["sbom", &format!("{path}/none")]).0, 2);
}

#[test]
fn two_bills_and_two_revisions_are_compared() {
    let work = folder();
    let path = work.path().to_str().unwrap();
    let git = |args: &[&str]| {
        let mut git = Command::new("git");
        git.current_dir(work.path()).args([
            "-c",
            "user.name=A",
            "-c",
            "user.email=a@example.org",
            "-c",
            "commit.gpgsign=false",
        ]);
        assert!(git.args(args).output().unwrap().status.success(), "{args:?}");
    };
    git(&["init", "-q", "-b", "main"]);
    write(work.path(), "requirements.txt", "alpha==1.0\n");
    git(&["add", "."]);
    git(&["commit", "-qm", "one"]);
    let out = folder();
    let (old, new) = (out.path().join("old.json"), out.path().join("new.json"));
    let (old, new) = (old.to_str().unwrap(), new.to_str().unwrap());
    assert_eq!(run(&["sbom", path, "--out", old]).0, 0);
    write(work.path(), "requirements.txt", "alpha==1.1\ngamma==3\n");
    git(&["add", "."]);
    git(&["commit", "-qm", "two"]);
    assert_eq!(run(&["sbom", path, "--format", "spdx", "--out", new]).0, 0);
    let (code, diff) = json(&["sbom", "diff", old, new, "--json"]);
    assert_eq!(code, 0);
    let names = |list: &Value| {
        list.as_array()
            .unwrap()
            .iter()
            .map(|one| one["component"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        (names(&diff["added"]), names(&diff["versions"])),
        (vec!["pkg:pypi/gamma".to_owned()], vec!["pkg:pypi/alpha".to_owned()])
    );
    assert_eq!(run(&["sbom", "diff", old, new, "--fail-on", "added"]).0, 1);
    assert_eq!(run(&["sbom", "diff", old, new, "--fail-on", "removed,licence"]).0, 0);
    let (code, markdown) = run(&[
        "sbom",
        "diff",
        "HEAD~1..HEAD",
        "--repository",
        path,
        "--format",
        "markdown",
    ]);
    assert_eq!(code, 0);
    assert!(
        markdown.contains("1 added, 0 removed, 1 of another version"),
        "{markdown}"
    );
    assert_eq!(run(&["sbom", "diff", old, &format!("{path}/requirements.txt")]).0, 2);
}

#[test]
fn licences_of_an_environment_are_judged() {
    let work = folder();
    let (data, env) = (folder(), folder());
    let (path, data) = (work.path().to_str().unwrap(), data.path().to_str().unwrap());
    write(
        work.path(),
        "pyproject.toml",
        "[project]\nname = 'x'\nlicense = 'MIT'\ndependencies = ['alpha']\n",
    );
    let scan = |more: &[&str]| {
        let args = [
            &["scan", path, "--engines", "licences", "--json", "--data", data][..],
            more,
        ]
        .concat();
        json(&args)
    };
    // What nothing tells is not examined, and never allowed.
    let (code, report) = scan(&[]);
    assert_eq!((code, report["not_examined"].as_array().unwrap().len()), (3, 1));
    write(
        env.path(),
        "lib/site-packages/alpha-1.dist-info/METADATA",
        "Name: alpha\nVersion: 1\nLicense-Expression: AGPL-3.0-only\n",
    );
    let (code, report) = scan(&["--environment", env.path().to_str().unwrap()]);
    assert_eq!(
        (code, &report["findings"][0]["rule"]),
        (1, &Value::from("licences/incompatible"))
    );
    write(
        work.path(),
        ".venv/lib/site-packages/alpha-1.dist-info/METADATA",
        "Name: alpha\nVersion: 1\nLicense-Expression: ISC\n",
    );
    let (code, report) = scan(&[]);
    assert_eq!((code, report["findings"].as_array().unwrap().len()), (0, 0), "{report}");
    write(work.path(), "ward.toml", "[scan.licences]\ndeny = ['ISC']\n");
    let (code, report) = scan(&[]);
    assert_eq!(
        (code, &report["findings"][0]["rule"]),
        (1, &Value::from("licences/denied"))
    );
    assert_eq!(scan_code(&["scan", path, "--vex", &format!("{path}/ward.toml")]), 2);
}

fn scan_code(args: &[&str]) -> i32 {
    run(args).0
}
