//! `ward serve`: what a new user sees and does first, and what keeps it from starting.

use std::{
    fs,
    net::TcpListener,
    process::Command,
    time::{Duration, Instant},
};

use serde_json::json;

use crate::support::{
    examples::Example,
    http::Client,
    ward::{Ward, events_of, folder, ledger_entries, run},
};

#[test]
fn the_printed_lines_work_as_printed() {
    let place = folder();
    let settings = place.path().join("ward.toml");
    fs::write(
        &settings,
        "[serve]\npurposes = [\"research\"]\npurpose_required = true\n",
    )
    .unwrap();
    let mut ran = 0;
    for more in [&[][..], &["--config", settings.to_str().unwrap()]] {
        let data = folder();
        let ward = Ward::start(data.path(), more);
        assert!(ward.banner.contains("SHA-256"));
        for (tool, start) in [("curl", "curl "), ("python3", "SSL_CERT_FILE=")] {
            if Command::new(tool).arg("--version").output().is_err() {
                println!("NOT TESTED: there is no {tool} on this machine, so the printed line for it was not run");
                continue;
            }
            let line = ward
                .banner
                .lines()
                .map(str::trim)
                .find(|line| line.starts_with(start))
                .unwrap();
            let output = Command::new("sh").arg("-c").arg(line).output().unwrap();
            let said = String::from_utf8_lossy(&output.stdout);
            assert!(
                said.contains("penicillin"),
                "{tool}: {said} {}",
                String::from_utf8_lossy(&output.stderr)
            );
            ran += 1;
        }
    }
    println!("{ran} of 4 printed lines were run");
}

#[test]
fn the_key_is_shown_once_and_kept_only_as_a_hash() {
    let data = folder();
    let ward = Ward::start(data.path(), &[]);
    let (key, fingerprint) = (
        ward.key.clone().unwrap(),
        ward.banner.lines().find(|l| l.contains("SHA-256")).unwrap().to_owned(),
    );
    ward.stop();
    let secret = key.split('_').nth(2).unwrap();
    for file in files(data.path()) {
        let bytes = fs::read(&file).unwrap();
        let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
        assert!(!found, "the key's secret is in {}", file.display());
    }
    let again = Ward::start(data.path(), &[]);
    assert_eq!(again.key, None);
    assert!(again.banner.contains(&fingerprint), "the certificate is kept");
    assert_eq!(again.client().with_key(Some(&key)).get("/v1/models").status, 200);
}

#[cfg(unix)]
#[test]
fn the_data_folder_is_the_users_alone() {
    use std::os::unix::fs::PermissionsExt;
    let data = folder();
    let inner = data.path().join("ward");
    let ward = Ward::start(&inner, &[]);
    for file in files(&inner) {
        let mode = fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{}", file.display());
    }
    assert_eq!(fs::metadata(&inner).unwrap().permissions().mode() & 0o777, 0o700);
    drop(ward);
}

#[test]
fn answers_whole_and_streamed_alike() {
    let data = folder();
    let ward = Ward::start(data.path(), &[]);
    let maria = Example::load("maria-alvarez");
    for format in crate::support::examples::FORMATS {
        let content = json!([
            {"type": "text", "text": maria.text(format)},
            {"type": "text", "text": "What is she allergic to?"},
        ]);
        let body = json!({"model": "ward-cite", "messages": [{"role": "user", "content": content}]});
        let whole = ward.client().chat(&body);
        assert_eq!(whole.status, 200, "{}", whole.text());
        let reply = whole.json();
        let answer = reply["choices"][0]["message"]["content"].as_str().unwrap();
        assert!(answer.to_lowercase().contains("penicillin"), "{format}: {answer}");
        assert_eq!(reply["object"], "chat.completion");
        assert_eq!(reply["choices"][0]["finish_reason"], "stop");
        assert!(reply["usage"]["total_tokens"].as_u64().unwrap() > 0);
        assert_eq!(
            Some(reply["ward"]["receipt"].as_str().unwrap()),
            whole.header("ward-receipt")
        );
        assert_eq!(events_of(data.path(), &whole), ["request", "answered"]);

        let mut streamed = body.clone();
        streamed["stream"] = json!(true);
        streamed["stream_options"] = json!({"include_usage": true});
        let streamed = ward.client().chat(&streamed);
        assert_eq!(streamed.streamed_text(), answer);
        let events = streamed.events();
        assert_eq!(events.last().unwrap(), "[DONE]");
        assert!(events[events.len() - 2].contains("\"usage\""));
        assert!(events[events.len() - 3].contains("\"finish_reason\":\"stop\""));
        assert_eq!(events_of(data.path(), &streamed), ["request", "answered"]);
    }
}

#[test]
fn a_record_can_come_as_a_file_part_and_in_one_text_with_the_question() {
    let data = folder();
    let ward = Ward::start(data.path(), &[]);
    let maria = Example::load("maria-alvarez");
    let encoded = data_encoding::BASE64.encode(maria.text("fhir").as_bytes());
    let file = json!({"type": "file", "file": {
        "filename": "maria-alvarez.json", "file_data": format!("data:application/fhir+json;base64,{encoded}"),
    }});
    let content = json!([file, {"type": "text", "text": "What is she allergic to?"}]);
    let reply = ward
        .client()
        .chat(&json!({"model": "ward-cite", "messages": [{"role": "user", "content": content}]}));
    assert!(reply.text().to_lowercase().contains("penicillin"), "{}", reply.text());
    assert_eq!(reply.json()["ward"]["citations"][0]["name"], "maria-alvarez.json");

    let one = format!("{}\n\nWhat is she allergic to?", maria.text("note"));
    let reply = ward
        .client()
        .chat(&json!({"model": "ward-cite", "messages": [{"role": "user", "content": one}]}));
    assert!(reply.text().contains("Penicillin - hives"), "{}", reply.text());
}

#[test]
fn lists_models_as_the_api_does() {
    let data = folder();
    let ward = Ward::start(data.path(), &[]);
    let list = ward.client().get("/v1/models").json();
    assert_eq!(
        (list["object"].as_str(), list["data"][0]["id"].as_str()),
        (Some("list"), Some("ward-cite"))
    );
    assert_eq!(ward.client().get("/v1/models/ward-cite").json()["object"], "model");
    let missing = ward.client().get("/v1/models/no-such");
    assert_eq!((missing.status, missing.code()), (404, "model_not_found".to_owned()));
}

#[test]
fn a_revoked_key_is_out_within_seconds() {
    let data = folder();
    let ward = Ward::start(data.path(), &[]);
    let (id, key) = ward.new_key("clinician");
    let client = ward.client().with_key(Some(&key));
    let taken_up = |status: u16| {
        let began = Instant::now();
        while client.get("/v1/models").status != status {
            assert!(began.elapsed() < Duration::from_secs(60), "the server never noticed");
            std::thread::sleep(Duration::from_millis(100));
        }
    };
    taken_up(200);
    assert!(
        run(&["key", "revoke", &id, "--data", data.path().to_str().unwrap()])
            .status
            .success()
    );
    taken_up(401);
    assert_eq!(client.get("/v1/models").code(), "revoked_api_key");
}

fn fails_to_start(args: &[&str], expect: &[&str]) {
    let output = run(args);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    for part in expect {
        assert!(stderr.contains(part), "no {part:?} in: {stderr}");
    }
}

#[test]
fn says_why_it_cannot_start() {
    let data = folder();
    let path = data.path().to_str().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    fails_to_start(
        &["serve", "--listen", &address, "--data", path],
        &["another program listens", "--listen"],
    );
    fails_to_start(&["serve", "--listen", "nonsense", "--data", path], &["--listen"]);
    fails_to_start(
        &[
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--data",
            path,
            "--upstream",
            "http://example.org",
        ],
        &["https"],
    );
    fails_to_start(
        &[
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--data",
            path,
            "--upstream",
            "ftp://127.0.0.1",
        ],
        &["http://"],
    );

    let file = data.path().join("file");
    fs::write(&file, b"").unwrap();
    fails_to_start(
        &["serve", "--listen", "127.0.0.1:0", "--data", file.to_str().unwrap()],
        &["ward"],
    );

    let ward = Ward::start(&data.path().join("d"), &[]);
    fails_to_start(
        &[
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--data",
            ward.data.to_str().unwrap(),
        ],
        &["another"],
    );
    let newer = ward.data.clone();
    ward.stop();
    let mark = newer.join("ward-data.json");
    let text = fs::read_to_string(&mark).unwrap();
    fs::write(&mark, text.replace('1', "999")).unwrap();
    fails_to_start(
        &["serve", "--listen", "127.0.0.1:0", "--data", newer.to_str().unwrap()],
        &["newer"],
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_cannot_be_written_or_is_full_keeps_it_from_starting() {
    // /proc takes no folders from anyone, root included; /dev/full is full for everyone.
    fails_to_start(
        &["serve", "--listen", "127.0.0.1:0", "--data", "/proc/ward-test"],
        &["ward"],
    );
}

#[test]
fn stops_when_asked_and_leaves_a_ledger_that_verifies() {
    let data = folder();
    let ward = Ward::start(data.path(), &[]);
    assert_eq!(ward.client().get("/v1/models").status, 200);
    let stderr = ward.stop();
    assert!(String::from_utf8_lossy(&stderr).contains("the ledger is closed"));
    assert!(
        run(&["ledger", "verify", "--data", data.path().to_str().unwrap()])
            .status
            .success()
    );
}

#[cfg(unix)]
#[test]
fn a_change_that_waits_for_a_new_start_is_named() {
    let data = folder();
    let settings = data.path().join("ward.toml");
    fs::write(&settings, "[serve.limits]\nmax_requests = 40\n").unwrap();
    let args = ["--config", settings.to_str().unwrap()];
    let ward = Ward::start(data.path(), &args);
    assert_eq!(ward.client().get("/v1/models").status, 200);
    let now = "[serve.limits]\nmax_requests = 50\nrequests_per_minute = 1\n[serve.guard]\ngrounding = true\n";
    fs::write(&settings, now).unwrap();
    ward.hang_up();
    // That the new limit counts tells that they were read again.
    let mut asked = 0;
    while ward.client().get("/v1/models").status == 200 {
        asked += 1;
        assert!(asked < 300, "the settings were not read again");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let stderr = ward.stop();
    let stderr = String::from_utf8_lossy(&stderr);
    assert!(
        stderr.contains("settings read again; these changes wait for a new start: serve.limits.max_requests\n"),
        "{stderr}"
    );
}

#[cfg(unix)]
#[test]
fn a_hang_up_without_settings_ends_nothing() {
    let data = folder();
    let ward = Ward::start(data.path(), &[]);
    ward.hang_up();
    assert_eq!(ward.client().get("/v1/models").status, 200);
    let stderr = ward.stop();
    let stderr = String::from_utf8_lossy(&stderr);
    assert!(
        stderr.contains("no settings to read again") && stderr.contains("the ledger is closed"),
        "{stderr}"
    );
}

#[test]
fn a_client_that_does_not_know_the_certificate_refuses_it() {
    let (one, two) = (folder(), folder());
    let (ward, other) = (Ward::start(one.path(), &[]), Ward::start(two.path(), &[]));
    let stranger = Client::new(ward.port, &other.certificate(), ward.key.as_deref());
    assert!(
        stranger
            .raw(b"GET /v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n")
            .is_err()
    );
}

/// A crash leaves no copy of the memory, and the ledger says whether swap could hold one.
#[cfg(target_os = "linux")]
#[test]
fn memory_is_kept_from_the_disk() {
    let data = folder();
    fs::write(data.path().join("ward.toml"), "[serve]\nprofile = \"clinic\"\n").unwrap();
    let ward = Ward::start(data.path(), &[]);
    let of = |file: &str, line: &str| {
        let text = fs::read_to_string(format!("/proc/{}/{file}", ward.pid())).unwrap();
        let line = text.lines().find_map(|l| l.strip_prefix(line)).unwrap();
        line.split_whitespace().take(2).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(of("limits", "Max core file size"), ["0", "0"]);
    let locked = of("status", "VmLck:")[0] != "0";
    ward.stop();
    let entries = ledger_entries(data.path());
    let configured = entries.iter().find(|entry| entry["event"] == "configured").unwrap();
    let swaps = fs::read_to_string("/proc/swaps").map_or(2, |text| text.lines().count());
    let expect = match (locked, swaps) {
        (true, _) => "locked",
        (false, ..2) => "no_swap",
        (false, _) => "may_be_swapped",
    };
    assert_eq!(configured["memory"], expect);
}

fn files(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.file_type().unwrap().is_dir() {
            found.extend(files(&entry.path()));
        } else {
            found.push(entry.path());
        }
    }
    found
}
