//! The ledger from outside: what it proves, what it catches, what it shows.

use std::fs;

use serde_json::{Value, json};

use crate::support::ward::{Ward, folder, ledger_entries, run};

/// A data folder with a few requests behind it.
fn used() -> tempfile::TempDir {
    let data = folder();
    let ward = Ward::start(data.path(), &[]);
    for _ in 0..3 {
        let body = json!({"model": "ward-cite", "messages": [{"role": "user", "content": "Allergies: latex (rash).\n\nWhat allergies?"}]});
        assert_eq!(ward.client().chat(&body).status, 200);
    }
    ward.stop();
    data
}

fn verify(data: &std::path::Path, more: &[&str]) -> (Option<i32>, Value) {
    let mut args = vec!["ledger", "verify", "--json", "--data", data.to_str().unwrap()];
    args.extend(more);
    let output = run(&args);
    (
        output.status.code(),
        serde_json::from_slice(&output.stdout).unwrap_or_default(),
    )
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        if entry.path().is_dir() {
            copy(&entry.path(), &to.join(entry.file_name()));
        } else {
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

#[test]
fn verifies_also_as_a_copy_and_says_what_it_proved() {
    let data = used();
    let (code, report) = verify(data.path(), &[]);
    assert_eq!(code, Some(0), "{report}");
    assert_eq!(report["ledgers"][0]["entries"], 6);
    let output = run(&["ledger", "verify", "--data", data.path().to_str().unwrap()]);
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("6 entries") && said.contains("signed"), "{said}");

    let elsewhere = folder();
    copy(data.path(), &elsewhere.path().join("copy"));
    // Only the ledger, without keys or certificate, is enough.
    fs::remove_dir_all(elsewhere.path().join("copy/keys")).unwrap();
    fs::remove_dir_all(elsewhere.path().join("copy/tls")).unwrap();
    assert_eq!(verify(&elsewhere.path().join("copy"), &[]).0, Some(0));
}

#[test]
fn a_flipped_bit_anywhere_is_caught() {
    let data = used();
    let folder = data.path().join("ledger/serve");
    for file in fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
        let bytes = fs::read(&file).unwrap();
        // Every byte of small files; of larger ones enough to be in every record many times.
        let step = (bytes.len() / 60).max(1);
        for at in (0..bytes.len()).step_by(step) {
            let mut bad = bytes.clone();
            bad[at] ^= 1 << (at % 8);
            fs::write(&file, &bad).unwrap();
            let (code, _) = verify(data.path(), &[]);
            assert!(
                matches!(code, Some(1 | 2)),
                "byte {at} of {} passed: {code:?}",
                file.display()
            );
        }
        fs::write(&file, &bytes).unwrap();
    }
    assert_eq!(verify(data.path(), &[]).0, Some(0));
}

#[test]
fn a_kept_checkpoint_shows_a_ledger_rolled_back() {
    let data = used();
    let early = folder();
    copy(data.path(), &early.path().join("early"));
    let ward = Ward::start(data.path(), &[]);
    let auditor = ward.new_key("auditor").1;
    let body = json!({"model": "ward-cite", "messages": [{"role": "user", "content": "Hello?"}]});
    let client = ward.client();
    std::thread::sleep(std::time::Duration::from_millis(1500));
    assert_eq!(
        client.with_key(Some(&auditor)).get("/ward/v1/ledger/checkpoint").status,
        200
    );
    drop(body);
    ward.stop();
    let ask = run(&[
        "ledger",
        "verify",
        "--data",
        data.path().to_str().unwrap(),
        "--checkpoint",
        data.path().join("ledger/serve/checkpoint").to_str().unwrap(),
    ]);
    assert!(ask.status.success(), "{}", String::from_utf8_lossy(&ask.stderr));
}

#[test]
fn a_ledger_that_vanished_is_not_quietly_begun_anew() {
    let data = used();
    let folder = data.path().join("ledger/serve");
    let path = data.path().to_str().unwrap();
    let maria = crate::support::examples::Example::load("maria-alvarez").path("note");
    assert!(
        run(&["ask", maria.to_str().unwrap(), "Allergies?", "--data", path])
            .status
            .success()
    );
    let kept = data.path().join("kept");
    fs::copy(folder.join("checkpoint"), &kept).unwrap();
    fs::remove_dir_all(&folder).unwrap();
    let (code, report) = verify(data.path(), &[]);
    assert_eq!((code, &report["vanished"][0]), (Some(1), &json!("serve")), "{report}");
    // A copy without the keys knows nothing of it, but a kept checkpoint does.
    let copied = crate::support::ward::folder();
    copy(&data.path().join("ledger"), &copied.path().join("ledger"));
    assert_eq!(verify(copied.path(), &[]).0, Some(0));
    assert_eq!(
        verify(copied.path(), &["--checkpoint", kept.to_str().unwrap()]).0,
        Some(1)
    );
    for _ in 0..2 {
        let output = run(&["serve", "--listen", "127.0.0.1:0", "--data", path]);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.code() == Some(2) && stderr.contains("is gone"),
            "{stderr}"
        );
    }
    fs::remove_file(data.path().join("keys/ledger-serve.begun")).unwrap();
    Ward::start(data.path(), &[]).stop();
}

#[test]
fn the_only_ledger_gone_is_a_finding_however_it_went() {
    let data = folder();
    let (path, local) = (data.path().to_str().unwrap(), data.path().join("ledger/local"));
    let maria = crate::support::examples::Example::load("maria-alvarez").path("note");
    let asked = run(&["ask", maria.to_str().unwrap(), "Allergies?", "--data", path]);
    assert!(asked.status.success());
    let kept = data.path().join("kept");
    fs::copy(local.join("checkpoint"), &kept).unwrap();
    for gone in [local.as_path(), &data.path().join("ledger")] {
        fs::remove_dir_all(gone).unwrap();
        let (code, report) = verify(data.path(), &["--checkpoint", kept.to_str().unwrap()]);
        assert_eq!(code, Some(1), "{report}");
        assert_eq!(
            (&report["verified"], &report["vanished"], &report["checkpoint_unknown"]),
            (&json!(false), &json!(["local"]), &json!(true)),
            "{report}"
        );
        let output = run(&["ledger", "verify", "--data", path]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.code() == Some(1) && said.contains("local was begun"),
            "{said}"
        );
    }
    // Where none was ever begun there is nothing to judge.
    fs::remove_file(data.path().join("keys/ledger-local.begun")).unwrap();
    assert_eq!(verify(data.path(), &[]).0, Some(2));
}

#[test]
fn entries_hold_who_what_and_how_but_no_content() {
    let data = used();
    let entries = ledger_entries(data.path());
    assert_eq!(entries.len(), 6);
    for pair in entries.chunks(2) {
        assert_eq!(
            (pair[0]["event"].as_str(), pair[1]["event"].as_str()),
            (Some("request"), Some("answered"))
        );
        assert_eq!(pair[0]["receipt"], pair[1]["receipt"]);
        assert_eq!(pair[0]["role"], "clinician");
        assert_eq!(pair[1]["stages"].as_array().unwrap().len(), 7);
    }
    assert!(!serde_json::to_string(&entries).unwrap().contains("latex"));
}

#[test]
fn a_receipt_can_be_proved() {
    let data = used();
    let receipt = ledger_entries(data.path())[0]["receipt"].as_str().unwrap().to_owned();
    let output = run(&["ledger", "prove", &receipt, "--data", data.path().to_str().unwrap()]);
    let proof: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(proof["entries"].as_array().unwrap().len(), 2);
    assert!(
        proof["entries"][0]["checkpoint"].as_str().unwrap().contains("ward"),
        "{proof}"
    );
    let output = run(&["ledger", "prove", "wr_nothing", "--data", data.path().to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn a_folder_without_a_ledger_is_said_plainly() {
    let data = folder();
    let output = run(&["ledger", "verify", "--data", data.path().join("none").to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
}
