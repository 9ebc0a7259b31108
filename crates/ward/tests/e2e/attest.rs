//! `ward attest` from outside: evidence of a scan, a policy, a running service and tests, joined, signed, verified.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::{Value, json};

use crate::support::ward::{Ward, command, folder};

fn run(args: &[&str]) -> (i32, String) {
    let out = command(args).env_remove("SOURCE_DATE_EPOCH").output().unwrap();
    (out.status.code().unwrap(), String::from_utf8(out.stdout).unwrap())
}

fn json_of(args: &[&str]) -> (i32, Value) {
    let (code, text) = run(args);
    (code, serde_json::from_str(&text).unwrap_or_default())
}

/// A small project without a fault that any engine knows.
fn project() -> tempfile::TempDir {
    let work = folder();
    let write = |path: &str, text: &str| {
        let path = work.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("README.md", "# A project\n");
    write("docs/threat-model.md", "# Threat model\n\n## Assets\n");
    write("src/app.py", "print('hello')\n");
    write(
        "ward.toml",
        "[attest.not-applicable.hipaa]\n\"164.310(b)\" = \"No workstation stands here.\"\n\n[attest.tests]\n\"DATA-4a\" = [\"api::test_data_ends\"]\n",
    );
    work
}

/// The code and the JSON of an attestation without a scan, by a standard over a project, with more arguments.
fn attest(standard: &str, path: &str, more: &[&str]) -> (i32, Value) {
    let first = ["attest", "--standard", standard, path, "--no-scan", "--json"];
    json_of(&[&first[..], more].concat())
}

fn text(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}

fn control<'a>(made: &'a Value, id: &str) -> &'a Value {
    let controls = made["controls"].as_array().unwrap();
    controls.iter().find(|one| one["id"] == id).unwrap_or(&Value::Null)
}

fn requirement<'a>(made: &'a Value, id: &str) -> &'a Value {
    let all = made["requirements"].as_array().unwrap();
    all.iter().find(|one| one["id"] == id).unwrap_or(&Value::Null)
}

#[test]
fn a_scan_decides_what_it_looked_at_and_nothing_else() {
    let work = project();
    let path = text(work.path());
    let (code, made) = json_of(&["attest", "--standard", "osps", &path, "--json", "--time", "0"]);
    assert_eq!(code, 3);
    assert_eq!(made["about"]["made"], "1970-01-01T00:00:00Z");
    assert_eq!(control(&made, "SEC-1a")["outcome"], "held");
    assert_eq!(
        control(&made, "SEC-1b")["outcome"],
        "not_examined",
        "the history was not searched"
    );
    assert_eq!(requirement(&made, "OSPS-BR-07.01")["outcome"], "not_examined");
    assert_eq!(
        control(&made, "RUN-7a"),
        &Value::Null,
        "this standard has nothing to do with it"
    );
    assert_eq!(
        json_of(&["attest", "--standard", "osps", &path, "--json", "--time", "0"]).1,
        made,
        "the same project, the same bytes"
    );

    // A fault in the project fails the control that its rule serves, and with it what that decides.
    fs::write(
        work.path().join("src/bad.py"),
        "import pickle, sys\npickle.loads(sys.stdin.buffer.read())\n",
    )
    .unwrap();
    let (code, made) = json_of(&["attest", "--standard", "osps", &path, "--json"]);
    assert_eq!((code, &control(&made, "CODE-1a")["outcome"]), (1, &json!("failed")));
    assert_eq!(requirement(&made, "OSPS-VM-06.02")["outcome"], "failed");

    let (code, made) = attest("osps", &path, &[]);
    assert_eq!(
        (code, &made["summary"]["held"], &made["summary"]["failed"]),
        (3, &json!(0), &json!(0))
    );
}

#[test]
fn what_was_only_not_compared_with_advisories_darkens_no_promise() {
    let work = project();
    let path = text(work.path());
    let write = |path: &str, text: &str| fs::write(work.path().join(path), text).unwrap();
    write("requirements.txt", "numpy==2.1.0\n");
    write(
        "SECURITY.md",
        "# Security policy\n\n- The source code holds no hard-coded credentials.\n",
    );
    let outcomes = || {
        let (_, made) = json_of(&["attest", "--standard", "osps", &path, "--json"]);
        let evidence = control(&made, "SEC-1a")["evidence"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let of_policy = evidence.iter().filter(|one| one["source"] == "policy");
        of_policy.map(|one| one["outcome"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(outcomes(), ["held"]);
    // What could not be opened may hold one.
    write("data.zip", "PK\u{3}\u{4} broken");
    assert_eq!(outcomes(), ["not_examined"]);
    write("data.zip", "");
    let secret = ["kY7w2Rq9ZtB4nXc1LmVf", "J8sDhG5pTaE3uQoWi6Ny"].concat();
    write("src/keys.py", &format!("aws_secret_access_key = \"{secret}\"\n"));
    assert_eq!(outcomes(), ["failed"]);
}

#[test]
fn a_report_that_was_kept_stands_for_a_scan() {
    let work = project();
    let path = text(work.path());
    let report = work.path().join("report.json");
    fs::write(
        &report,
        r#"{"findings":[],"not_examined":[],"stats":{"files":3,"commits":0}}"#,
    )
    .unwrap();
    let (_, made) = json_of(&[
        "attest",
        "--standard",
        "osps",
        &path,
        "--scan",
        &text(&report),
        "--json",
    ]);
    assert_eq!(
        control(&made, "SEC-1a")["outcome"],
        "not_examined",
        "it does not say which engines ran"
    );
    fs::write(&report, "[]").unwrap();
    assert_eq!(
        run(&["attest", "--standard", "osps", &path, "--scan", &text(&report)]).0,
        2
    );
}

#[test]
fn a_ledger_shows_what_a_service_did_with_proofs() {
    let data = folder();
    let ward = Ward::start(data.path(), &[]);
    for _ in 0..2 {
        let body = json!({"model": "ward-cite", "messages": [{"role": "user", "content": "Allergies: latex (rash).\n\nWhat allergies?"}]});
        assert_eq!(ward.client().chat(&body).status, 200);
    }
    ward.stop();
    let (work, out) = (project(), folder());
    let (path, data_path, out_path) = (text(work.path()), text(data.path()), text(out.path()));
    let (code, made) = attest("hipaa", &path, &["--data", &data_path, "--out", &out_path, "--sign"]);
    assert_eq!(code, 3);
    for held in ["RUN-7a", "RUN-7b", "DATA-1a"] {
        assert_eq!(control(&made, held)["outcome"], "held", "{held}");
    }
    assert_eq!(
        requirement(&made, "164.312(b)")["outcome"],
        "not_examined",
        "no refusal was recorded"
    );
    assert_eq!(requirement(&made, "164.310(b)")["outcome"], "not_applicable");
    let proofs = control(&made, "DATA-1a")["evidence"][0]["proofs"].as_array().unwrap();
    assert_eq!(proofs.len(), 2);

    let file = text(&out.path().join("attestation.json"));
    let (code, report) = json_of(&["attest", "verify", &file, "--json"]);
    assert_eq!(
        (code, &report["verified"], &report["key_was_known"]),
        (0, &json!(true), &json!(false)),
        "{report}"
    );
    assert!(
        report["proofs"].as_u64().unwrap() >= 2 && report["faults"] == json!([]),
        "{report}"
    );
    let fingerprint = report["fingerprint"].as_str().unwrap().to_owned();
    assert_eq!(
        json_of(&["attest", "verify", &file, "--key", &fingerprint, "--json"]).1["key_was_known"],
        true
    );
    assert_eq!(run(&["attest", "verify", &file, "--key", &"0".repeat(64)]).0, 1);

    // A proof that is of another entry, an outcome that is nicer, an input that was changed.
    let good = fs::read_to_string(&file).unwrap();
    let leaf = proofs[0]["leaf"].as_str().unwrap();
    let changes = [
        good.replacen(leaf, &leaf.chars().rev().collect::<String>(), 1),
        good.replacen("\"outcome\": \"not_examined\"", "\"outcome\": \"held\"", 1),
    ];
    for changed in changes {
        assert_ne!(changed, good);
        fs::write(&file, changed).unwrap();
        let (code, report) = json_of(&["attest", "verify", &file, "--json"]);
        assert_eq!((code, &report["signature"]), (1, &json!("bad")));
        assert!(
            report["faults"].as_array().unwrap().len() >= 2,
            "the signature alone is not what catches it: {report}"
        );
    }
    fs::write(&file, good).unwrap();
    fs::write(out.path().join("inputs/configuration-ward.toml"), "").unwrap();
    assert_eq!(run(&["attest", "verify", &file]).0, 1);

    // The period is after everything.
    let (_, made) = attest("hipaa", &path, &["--data", &data_path, "--since", "2999-01-01"]);
    assert_eq!(control(&made, "DATA-1a")["outcome"], "not_examined");
    assert_eq!(
        control(&made, "RUN-7b")["outcome"],
        "held",
        "the ledger verifies all the same"
    );

    // A ledger that was changed is not believed.
    let segment = segments(&data.path().join("ledger")).pop().unwrap();
    let mut bytes = fs::read(&segment).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&segment, bytes).unwrap();
    let (code, made) = attest("hipaa", &path, &["--data", &data_path]);
    assert_eq!((code, &control(&made, "RUN-7b")["outcome"]), (1, &json!("failed")));
    assert_ne!(control(&made, "DATA-1a")["outcome"], "held");
}

#[test]
fn a_new_data_folder_signs_twice_and_what_is_gone_is_not_verified() {
    let (work, data, out) = (project(), folder(), folder());
    let data = data.path().join("new");
    let (path, data_path) = (text(work.path()), text(&data));
    let made = |name: &str| {
        let to = out.path().join(name);
        let (code, _) = attest("hipaa", &path, &["--data", &data_path, "--sign", "--out", &text(&to)]);
        assert_eq!(code, 3, "{name}");
        to
    };
    let (first, second) = (made("first"), made("second"));
    let key = |folder: &Path| fs::read_to_string(folder.join("attestation.key")).unwrap();
    assert_eq!(key(&first), key(&second));

    let file = text(&first.join("attestation.json"));
    assert_eq!(run(&["attest", "verify", &file]).0, 0);
    for gone in ["attestation.pdf", "inputs/catalogue-controls.json"] {
        let (gone, kept) = (first.join(gone), first.join("kept"));
        fs::rename(&gone, &kept).unwrap();
        let absent = |because: &str| {
            let (code, report) = json_of(&["attest", "verify", &file, "--json"]);
            assert_eq!((code, &report["verified"]), (3, &json!(false)), "{because}: {report}");
            assert_eq!(report["faults"], json!([]), "{because}");
            assert!(!report["inputs_absent"].as_array().unwrap().is_empty(), "{because}");
        };
        absent("it is gone");
        // A pipe that nobody writes to would be waited on for ever.
        #[cfg(unix)]
        {
            assert!(Command::new("mkfifo").arg(&gone).status().unwrap().success());
            absent("a pipe stands there");
            fs::remove_file(&gone).unwrap();
        }
        fs::rename(&kept, &gone).unwrap();
    }
    #[cfg(unix)]
    {
        let note = first.join("attestation.note");
        fs::remove_file(&note).unwrap();
        assert!(Command::new("mkfifo").arg(&note).status().unwrap().success());
        assert_eq!(run(&["attest", "verify", &file]).0, 2);
    }
}

/// The largest files below a folder, smallest first.
fn segments(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.path().is_dir() {
            files.extend(segments(&entry.path()));
        } else {
            files.push(entry.path());
        }
    }
    files.sort_by_key(|file| fs::metadata(file).unwrap().len());
    files
}

#[test]
fn tests_that_ran_are_evidence() {
    let work = project();
    let path = text(work.path());
    let junit = work.path().join("junit.xml");
    let with = |inside: &str| {
        fs::write(
            &junit,
            format!("<testsuite name=\"api\"><testcase name=\"test_data_ends\">{inside}</testcase></testsuite>"),
        )
        .unwrap();
        let (_, made) = attest("gdpr", &path, &["--tests", &text(&junit)]);
        control(&made, "DATA-4a")["outcome"].clone()
    };
    assert_eq!(with(""), "held");
    assert_eq!(with("<skipped/>"), "not_examined");
    assert_eq!(with("<failure/>"), "failed");
    fs::write(&junit, "<a><b></a>").unwrap();
    assert_eq!(
        run(&[
            "attest",
            "--standard",
            "gdpr",
            &path,
            "--no-scan",
            "--tests",
            &text(&junit)
        ])
        .0,
        2
    );
}

#[test]
fn every_format_is_written_and_two_reports_are_compared() {
    let (work, out) = (project(), folder());
    let path = text(work.path());
    let make = |to: &str| {
        let to = text(&out.path().join(to));
        run(&[
            "attest",
            "--standard",
            "osps",
            &path,
            "--out",
            &to,
            "--time",
            "1795352705",
        ])
    };
    let (_, said) = make("old");
    assert!(
        said.contains("no finding of compliance") && said.contains("OSPS-"),
        "{said}"
    );
    for name in [
        "attestation.json",
        "attestation.txt",
        "attestation.html",
        "attestation.pdf",
        "assessment-results.json",
        "assessment-plan.json",
    ] {
        assert!(
            fs::metadata(out.path().join("old").join(name)).unwrap().len() > 500,
            "{name}"
        );
    }
    let (old, new) = (
        text(&out.path().join("old/attestation.json")),
        text(&out.path().join("new/attestation.json")),
    );
    assert_eq!(run(&["attest", "verify", &old]).0, 3, "it is not signed");
    fs::write(
        work.path().join("src/bad.py"),
        "import pickle, sys\npickle.loads(sys.stdin.buffer.read())\n",
    )
    .unwrap();
    make("new");
    let (code, difference) = json_of(&["attest", "diff", &old, &new, "--json"]);
    assert_eq!((code, &difference["worse"]), (1, &json!(true)));
    assert!(
        difference["controls"]
            .as_array()
            .unwrap()
            .iter()
            .any(|one| one["id"] == "CODE-1a" && one["after"] == "failed")
    );
    assert_eq!(run(&["attest", "diff", &old, &old]).0, 0);
    assert_eq!(run(&["attest", "diff", &new, &old]).0, 0, "better is no fault");
}

#[test]
fn what_cannot_be_meant_is_refused() {
    let work = project();
    let path = text(work.path());
    for args in [
        vec!["attest", &path],
        vec!["attest", "--standard", "none", &path],
        vec!["attest", "--standard", "hipaa", "/no/such/folder"],
        vec!["attest", "--standard", "hipaa", &path, "--since", "yesterday"],
        vec!["attest", "--standard", "hipaa", &path, "--format", "pdf"],
        vec!["attest", "--standard", "hipaa", &path, "--sign"],
        vec!["attest", "verify", &path],
    ] {
        assert_eq!(run(&args).0, 2, "{args:?}");
    }
    fs::write(
        work.path().join("ward.toml"),
        "[attest.not-applicable.hipaa]\n\"164.999\" = \"There is no such clause.\"\n",
    )
    .unwrap();
    assert_eq!(run(&["attest", "--standard", "hipaa", &path, "--no-scan"]).0, 2);
}

#[test]
fn standards_and_controls_explain_themselves() {
    let (code, all) = json_of(&["attest", "standards", "--json"]);
    assert_eq!(code, 0);
    let all = all.as_array().unwrap();
    assert!(all.len() >= 21);
    for standard in all
        .iter()
        .filter(|one| one["kind"] == "outline" || one["kind"] == "memory")
    {
        let mappings = standard["mappings"].as_array().unwrap();
        assert!(
            mappings.iter().all(|one| one["status"] == "to-be-checked"),
            "{}",
            standard["id"]
        );
    }
    let (code, said) = run(&["explain", "RUN-7b"]);
    assert!(
        code == 0 && said.contains("164.312(b)") && said.contains("verified"),
        "{said}"
    );
    let (_, control) = json_of(&["explain", "RUN-7b", "--json"]);
    assert!(
        control["mappings"]
            .as_array()
            .unwrap()
            .iter()
            .all(|one| one["source"].is_string() && one["snapshot"].is_string())
    );
}
