//! `ward batch`: records of every kind, and every way in which it ends early.

use std::{
    fs,
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use serde_json::Value;

use crate::support::ward::{command, folder, root, run};

/// The rows of a folder of results, and the lines of its manifest.
fn read(out: &Path) -> (Vec<Value>, Vec<Value>) {
    let lines = |path: PathBuf| -> Vec<Value> {
        let text = fs::read_to_string(path).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let rows = parts(out).into_iter().flat_map(lines).collect();
    (rows, lines(out.join("_manifest.ndjson")))
}

fn parts(out: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(out) else {
        return Vec::new();
    };
    let mut parts: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    parts.retain(|path| path.file_name().unwrap().to_string_lossy().starts_with("part-"));
    parts.sort();
    parts
}

/// Runs a batch to JSON lines: exit code, the summary and what was said.
fn batch(inputs: &[&Path], out: &Path, more: &[&str]) -> (i32, Value, String) {
    let mut args = vec!["batch"];
    args.extend(inputs.iter().map(|path| path.to_str().unwrap()));
    args.extend(["--out", out.to_str().unwrap(), "--format", "ndjson", "--json"]);
    args.extend(more);
    let output = run(&args);
    let summary = serde_json::from_slice(&output.stdout).unwrap_or_default();
    (
        output.status.code().unwrap(),
        summary,
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

#[test]
fn every_record_is_a_row_and_what_was_not_examined_says_why() {
    let work = folder();
    let (records, out) = (work.path().join("records"), work.path().join("out"));
    fs::create_dir_all(records.join("deep/er")).unwrap();
    let put = |name: &str, bytes: &[u8]| fs::write(records.join(name), bytes).unwrap();
    for kind in ["json", "hl7", "txt"] {
        let name = format!("james-okafor.{kind}");
        put(
            &format!("deep/{name}"),
            &fs::read(root().join("examples").join(&name)).unwrap(),
        );
    }
    put("binary.bin", &[0xff, 0x00, 0xfe, 0x80, 0x81]);
    put("broken.json", b"{\"resourceType\": \"Bundle\", \"entry\": [");
    put("empty.txt", b"");
    put("other.json", br#"{"a":"No FHIR."}"#);
    // What cannot be de-identified as a whole is not written at all.
    put("beyond.json", br#"{"resourceType":"Beyond","name":"Quillfeather"}"#);
    put(
        "key.json",
        br#"{"resourceType":"Patient","x":{"Zelda Quillfeather":"1"}}"#,
    );
    put(
        "lines.ndjson",
        concat!(
            "{\"id\":\"a\",\"text\":\"Seen by Dr. Zelda Quillfeather. No fever.\"}\n\n",
            "nonsense\n{\"id\":\"a\",\"text\":\"Allergic to latex.\"}\r\n[1]\n",
            "{\"resourceType\":\"Patient\",\"id\":\"mrn-778899\",\"name\":[{\"family\":\"Quillfeather\"}]}"
        )
        .as_bytes(),
    );
    #[cfg(unix)]
    {
        use std::os::unix::{ffi::OsStringExt as _, fs::symlink};
        let odd = std::ffi::OsString::from_vec(b"odd-\xff.txt".to_vec());
        fs::write(records.join(odd), "No cough.").unwrap();
        symlink("/nowhere", records.join("link.txt")).unwrap();
    }
    let steps = ["--steps", "deid,facts,compress,triage,state"];
    let (code, summary, said) = batch(&[&records], &out, &steps);
    assert_eq!(code, 3, "{said}");
    let (rows, manifest) = read(&out);
    let row = |file: &str, record: u64| {
        let found = rows.iter().find(|row| row["file"] == file && row["record"] == record);
        found.unwrap_or_else(|| panic!("{file} {record}"))
    };
    // What was left out or replaced unseen is told, and the rest is there.
    for (kind, unseen) in [
        ("json", Some("encoded content")),
        ("hl7", Some("Z-segments")),
        ("txt", None),
    ] {
        let row = row(&format!("deep/james-okafor.{kind}"), 1);
        let told = row["not_examined"].as_str();
        assert!(
            told.is_some() == unseen.is_some() && unseen.is_none_or(|what| told.is_some_and(|why| why.contains(what))),
            "{kind}: {told:?}"
        );
        assert!(row["facts"].as_array().unwrap().len() > 5 && row["compress"]["verified"] == true);
        assert!(row["triage"]["news2"].is_object() && row["state"]["allergies"].is_array());
    }
    for (file, record) in [
        ("binary.bin", 1),
        ("broken.json", 1),
        ("beyond.json", 1),
        ("key.json", 1),
        ("other.json", 1),
        ("lines.ndjson", 3),
        ("lines.ndjson", 5),
    ] {
        let row = row(file, record);
        assert!(row["not_examined"].is_string() && row.get("facts").is_none(), "{row}");
        assert!(row.get("text").is_none(), "{row}");
    }
    assert!(row("empty.txt", 1)["not_examined"].is_string());
    assert_eq!(row("lines.ndjson", 1)["id"], "a");
    assert!(
        row("lines.ndjson", 6)["id"].is_null(),
        "the id of a resource identifies"
    );
    let whole = rows.iter().map(Value::to_string).collect::<String>();
    for value in ["Quillfeather", "Okafor", "mrn-778899"] {
        assert!(!whole.contains(value), "{value}");
    }
    assert_eq!(summary["same_id"], 1);
    assert_eq!(summary["records"], rows.len());
    let unexamined = summary["not_examined"].as_array().unwrap();
    assert_eq!(unexamined.len(), if cfg!(unix) { 11 } else { 10 }, "{unexamined:?}");
    #[cfg(unix)]
    assert!(row("odd-\u{fffd}.txt", 1)["facts"].is_array());
    assert_eq!(manifest.last().unwrap()["finished"], true);

    // The folder is taken.
    let (code, _, said) = batch(&[&records], &out, &steps);
    assert!(code == 2 && said.contains("--resume"), "{said}");
    let (code, _, said) = batch(&[&records], &out, &["--steps", "facts", "--resume"]);
    assert!(code == 2 && said.contains("other steps"), "{said}");
    let (code, again, said) = batch(&[&records], &out, &["--steps", steps[1], "--resume"]);
    assert_eq!(code, 3, "{said}");
    assert_eq!(
        (&again["records"], &again["resumed"]),
        (&summary["records"], &summary["records"])
    );
    fs::write(records.join("more.txt"), "New.").unwrap();
    let (code, _, said) = batch(&[&records], &out, &["--steps", steps[1], "--resume"]);
    assert!(code == 2 && said.contains("other inputs"), "{said}");
    let strange = work.path().join("strange");
    fs::create_dir(&strange).unwrap();
    fs::write(strange.join("a.txt"), "x").unwrap();
    let (code, _, said) = batch(&[&records], &strange, &steps);
    assert!(code == 2 && said.contains("which is no part of a run"), "{said}");
    // Results among the records would be records of the next run.
    for below in ["", "deep", "new/deeper"] {
        let (code, _, said) = batch(&[&records], &records.join(below), &steps);
        assert!(
            code == 2 && said.contains("--out lies where records are read from"),
            "{said}"
        );
    }
    assert!(!records.join("new").exists());
}

#[test]
fn going_on_passes_over_nothing_unseen() {
    let work = folder();
    let records = work.path().join("records");
    fs::create_dir(&records).unwrap();
    let lines = |value: &str| -> String {
        (0..12_000)
            .map(|n| {
                format!(
                    "{{\"text\":\"HR {}.\"}}\n",
                    if n == 3 {
                        value.to_owned()
                    } else {
                        (40 + n % 60).to_string()
                    }
                )
            })
            .collect()
    };
    let (note, many) = (records.join("a.txt"), records.join("b.ndjson"));
    fs::write(&note, "No fever.").unwrap();
    fs::write(&many, lines("43")).unwrap();
    let times: Vec<_> = [&note, &many]
        .iter()
        .map(|path| fs::metadata(path).unwrap().modified().unwrap())
        .collect();
    let whole = work.path().join("whole");
    let steps = ["--steps", "facts"];
    assert_eq!(batch(&[&records], &whole, &steps).0, 0);
    let manifest = fs::read_to_string(whole.join("_manifest.ndjson")).unwrap();
    assert_eq!(manifest.lines().count(), 4, "{manifest}");
    // A run that ended after its first part, whose manifest somebody bent.
    let bent = |name: &str, bend: &dyn Fn(&str) -> String| {
        let out = work.path().join(name);
        fs::create_dir(&out).unwrap();
        fs::copy(whole.join("part-000000.ndjson"), out.join("part-000000.ndjson")).unwrap();
        let begun: Vec<String> = manifest.lines().take(2).map(bend).collect();
        fs::write(out.join("_manifest.ndjson"), begun.join("\n") + "\n").unwrap();
        let (code, summary, said) = batch(&[&records], &out, &["--steps", "facts", "--resume"]);
        (code, summary["records"].as_u64(), said)
    };
    let goes_on = (0, Some(12_001), String::new());
    let (code, count, _) = bent("same", &str::to_owned);
    assert_eq!((code, count), (goes_on.0, goes_on.1));
    for (name, was, is) in [
        ("more", "\"through\":10000", "\"through\":12000"),
        ("fewer", "\"through\":10000", "\"through\":9999"),
        ("unseen", "\"seen\":\"", "\"seen\":\"00"),
    ] {
        let (code, _, said) = bent(name, &|line| line.replace(was, is));
        assert!(code == 2 && said.contains("not as the manifest says"), "{name}: {said}");
    }
    // Inputs that changed within their sizes and got their times back.
    let change = |path: &Path, text: &str, time| {
        fs::write(path, text).unwrap();
        let file = fs::File::options().write(true).open(path).unwrap();
        file.set_modified(time).unwrap();
    };
    change(&many, &lines("99"), times[1]);
    let (code, _, said) = bent("line", &str::to_owned);
    assert!(
        code == 2 && said.contains("not those that the manifest says are done"),
        "{said}"
    );
    change(&many, &lines("43"), times[1]);
    change(&note, "Is fever.", times[0]);
    let (code, _, said) = bent("file", &str::to_owned);
    assert!(
        code == 2 && said.contains("not those that the manifest says are done"),
        "{said}"
    );
}

#[cfg(unix)]
#[test]
fn names_of_files_cannot_act_on_a_terminal() {
    let work = folder();
    let records = work.path().join("records");
    fs::create_dir(&records).unwrap();
    fs::write(
        records.join("a\u{1b}[2J\nward: 0 not examined.json"),
        "{\"resourceType\": \"Bundle\", \"entry\": [",
    )
    .unwrap();
    let out = work.path().join("out");
    let (records, out) = (records.to_str().unwrap(), out.to_str().unwrap());
    let output = run(&["batch", records, "--out", out, "--steps", "facts"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.contains("not examined: a\\u{1b}[2J\\nward: 0 not examined.json"),
        "{said}"
    );
    assert!(!said.contains('\u{1b}'), "{said}");
}

#[test]
fn a_run_that_was_killed_goes_on_where_it_was() {
    let work = folder();
    let records = work.path().join("records.ndjson");
    let lines: String = (0..24_000)
        .map(|n| format!("{{\"id\":{n},\"text\":\"HR {}.\"}}\n", 40 + n % 100))
        .collect();
    fs::write(&records, lines).unwrap();
    let (whole, cut) = (work.path().join("whole"), work.path().join("cut"));
    let (code, _, said) = batch(&[&records], &whole, &["--steps", "facts"]);
    assert_eq!(code, 0, "{said}");
    let args = [
        "batch",
        records.to_str().unwrap(),
        "--out",
        cut.to_str().unwrap(),
        "--format",
        "ndjson",
        "--steps",
        "facts",
    ];
    let mut child = command(&args).spawn().unwrap();
    while parts(&cut).is_empty() && child.try_wait().unwrap().is_none() {
        thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    // What a kill between two writes leaves.
    fs::write(cut.join(".ward-part-part-000001.ndjson"), "{\"id\":").unwrap();
    let manifest = cut.join("_manifest.ndjson");
    let torn = fs::read_to_string(&manifest).unwrap() + "{\"part\":\"part-0000";
    fs::write(&manifest, torn).unwrap();
    let (code, summary, said) = batch(&[&records], &cut, &["--steps", "facts", "--resume"]);
    assert_eq!(code, 0, "{said}");
    assert_eq!(summary["records"], 24_000);
    let names = |out: &Path| {
        parts(out)
            .iter()
            .map(|path| path.file_name().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&cut), names(&whole));
    for (one, other) in parts(&cut).iter().zip(parts(&whole)) {
        assert!(fs::read(one).unwrap() == fs::read(other).unwrap(), "{}", one.display());
    }
    // A part that was changed is not gone on from.
    fs::write(cut.join("part-000000.ndjson"), "{}\n").unwrap();
    let (code, _, said) = batch(&[&records], &cut, &["--steps", "facts", "--resume"]);
    assert!(
        code == 2 && said.contains("part-000000.ndjson is not as the manifest says"),
        "{said}"
    );
}

#[cfg(unix)]
#[test]
fn a_full_disk_is_told_and_leaves_nothing_half_written() {
    let work = folder();
    let (records, out) = (work.path().join("records.ndjson"), work.path().join("out"));
    let line = format!("{{\"text\":\"{}\"}}\n", "Allergic to penicillin. ".repeat(20));
    fs::write(&records, line.repeat(400)).unwrap();
    let mut shell = std::process::Command::new("sh");
    let script = "ulimit -f 64; trap '' XFSZ; exec \"$0\" batch \"$1\" --out \"$2\" --format ndjson --steps facts";
    let limited = shell
        .args(["-c", script, env!("CARGO_BIN_EXE_ward")])
        .arg(&records)
        .arg(&out)
        .output()
        .unwrap();
    assert_eq!(
        limited.status.code(),
        Some(2),
        "{}",
        String::from_utf8_lossy(&limited.stderr)
    );
    assert!(String::from_utf8_lossy(&limited.stderr).contains("--resume"));
    let left: Vec<_> = fs::read_dir(&out)
        .unwrap()
        .flatten()
        .map(|entry| entry.file_name())
        .collect();
    assert_eq!(left, ["_manifest.ndjson"]);
    let (code, summary, said) = batch(&[&records], &out, &["--steps", "facts", "--resume"]);
    assert_eq!((code, &summary["records"]), (0, &serde_json::json!(400)), "{said}");
}

#[test]
fn what_does_not_fit_together_is_refused() {
    let work = folder();
    let record = work.path().join("a.txt");
    fs::write(&record, "No fever.").unwrap();
    let out = work.path().join("out");
    for more in [
        &["--steps", "facts", "--max-tokens", "100"][..],
        &["--steps", "facts", "--scale", "2"],
        &["--steps", "nothing"],
        &["--jobs", "0"],
    ] {
        assert_eq!(batch(&[&record], &out, more).0, 2, "{more:?}");
    }
    assert_eq!(batch(&[Path::new("-"), &record], &out, &[]).0, 2);
    assert_eq!(batch(&[&work.path().join("nowhere")], &out, &[]).0, 2);
    assert!(!out.exists());
}

#[test]
fn tokens_are_counted_as_asked_and_a_run_goes_on_with_the_same_counter() {
    let work = folder();
    let (records, out) = (work.path().join("records"), work.path().join("out"));
    fs::create_dir(&records).unwrap();
    fs::write(records.join("a.txt"), "Metformin 500 mg daily. No fever.").unwrap();
    let tokenizer = work.path().join("tokenizer.json");
    let json = r#"{"model":{"type":"BPE","vocab":{"?":0},"merges":[],"unk_token":"?"}}"#;
    fs::write(&tokenizer, json).unwrap();
    let named = tokenizer.to_str().unwrap();
    let counted = ["--steps", "compress", "--tokenizer", named];
    let (code, summary, said) = batch(&[&records], &out, &counted);
    assert_eq!((code, &summary["counter"]), (0, &Value::from(named)), "{said}");
    let (rows, manifest) = read(&out);
    let tokens = &rows[0]["compress"]["tokens"];
    assert_eq!(
        (&tokens["before"], &tokens["counter"]),
        (&Value::from(33), &Value::from(named))
    );
    assert_eq!(manifest[0]["counter"], named);
    assert_eq!(batch(&[&records], &out, &[&counted[..], &["--resume"]].concat()).0, 0);
    for other in [&counted[..2], &counted[..]] {
        let (code, _, said) = batch(&[&records], &out, &[other, &["--resume"]].concat());
        assert!(code == 2 && said.contains("other"), "{said}");
        fs::write(&tokenizer, format!("{json} ")).unwrap();
    }
    let estimated = work.path().join("estimated");
    let (_, summary, _) = batch(&[&records], &estimated, &counted[..2]);
    assert!(
        summary["counter"].as_str().unwrap().contains("ward-estimate"),
        "{summary}"
    );
    // One that cannot be used, or means nothing here, ends the run before it begins.
    let (code, _, said) = batch(&[&records], &work.path().join("no"), &["--tokenizer", named]);
    assert!(code == 2 && said.contains("--tokenizer belongs to"), "{said}");
    fs::write(&tokenizer, "GGUF").unwrap();
    let (code, _, said) = batch(&[&records], &work.path().join("no"), &counted);
    assert!(code == 2 && said.contains("cannot be used"), "{said}");
    assert!(!work.path().join("no").exists());
}

#[test]
fn every_attachment_that_was_replaced_unread_is_named() {
    let work = folder();
    let record = work.path().join("a.json");
    let attachments: Vec<String> = (0..10)
        .map(|_| r#"{"attachment":{"contentType":"application/pdf","data":"SGVsbG8="}}"#.to_owned())
        .collect();
    let text = format!(
        r#"{{"resourceType":"DocumentReference","status":"current","content":[{}]}}"#,
        attachments.join(",")
    );
    fs::write(&record, text).unwrap();
    let (code, summary, said) = batch(&[&record], &work.path().join("out"), &["--steps", "deid"]);
    assert_eq!(code, 3, "{said}");
    let why = summary["not_examined"][0]["reason"].as_str().unwrap();
    for number in 0..8 {
        assert!(
            why.contains(&format!("content[{number}].attachment.data: encoded content")),
            "{why}"
        );
    }
    assert!(why.ends_with("; 2 more places"), "{why}");
    let (rows, _) = read(&work.path().join("out"));
    assert_eq!(rows[0]["not_examined"], why);
    assert!(!rows[0].to_string().contains("SGVsbG8"));
}
