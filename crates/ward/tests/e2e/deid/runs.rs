//! Whole runs: usage, hostile folders, interrupts, long lines, compression.

use super::*;

#[test]
fn usage_that_makes_no_sense_is_refused() {
    let temp = folder();
    let (a, b) = (write(temp.path(), "a.txt", NOTE), write(temp.path(), "b.txt", NOTE));
    for (args, says) in [
        (vec![s(&a), s(&b)], "--out"),
        (vec!["nowhere.txt"], "nowhere.txt"),
        (vec!["--out", s(&a), s(&a)], "written over"),
        (vec!["--out", s(temp.path()), s(temp.path())], "--out"),
        #[cfg(unix)]
        (vec!["--out", "/dev/null", s(&a)], "neither a file nor a folder"),
        (vec!["--vault", "--mode", "remove", s(&a)], "--vault"),
        (vec!["--encoding", "klingon", s(&a)], "klingon"),
        (vec!["--retain", "everything", s(&a)], "safe-private"),
        (vec!["--retain", "full-dates", "--mode", "remove", s(&a)], "full-dates"),
    ] {
        let output = deid(&args);
        assert_eq!(code(&output), 2, "{args:?}");
        assert!(text(&output.stderr).contains(says), "{args:?} {}", text(&output.stderr));
        assert!(output.stdout.is_empty());
    }
    assert_eq!(fs::read_to_string(&a).unwrap(), NOTE);
}

#[test]
fn places_of_a_folder_are_told_and_nothing_is_written_over() {
    let temp = folder();
    let inside = temp.path().join("sub");
    let files = [write(temp.path(), "a.txt", NOTE), write(&inside, "b.txt", NOTE)];
    let mut spans = command(&["deid", "--spans", "."]);
    let output = spans.current_dir(temp.path()).output().unwrap();
    assert!(
        text(&output.stdout).contains("\"rule\":\"honorific\""),
        "{}",
        text(&output.stderr)
    );
    for file in files {
        assert_eq!(fs::read_to_string(file).unwrap(), NOTE);
    }
}

#[test]
fn spans_of_many_files_are_one_object_each() {
    let temp = folder();
    for n in 0..60 {
        let note = format!("{NOTE}\nDr. Zelda Quillfeather came. MRN: 44321{n:02}\n").repeat(40);
        write(temp.path(), &format!("{n:02}.txt"), &note);
    }
    write(
        temp.path(),
        "cut.json",
        r#"{"resourceType":"Patient","name":[{"family":"Quillfeather""#,
    );
    write(temp.path(), "lines.jsonl", "{\"text\":\"Dr. Lee\"}\n{\"text\":\"b\"}\n");
    let output = deid(&["--spans", "--jobs", "8", s(temp.path())]);
    assert_eq!(code(&output), 3);
    let got: Vec<serde_json::Value> = serde_json::Deserializer::from_slice(&output.stdout)
        .into_iter()
        .collect::<Result<_, _>>()
        .unwrap();
    let mut files: Vec<&str> = got.iter().filter_map(|one| one["file"].as_str()).collect();
    files.sort_unstable();
    assert_eq!((files.len(), files[0], files[59]), (60, "00.txt", "59.txt"));
    assert_eq!(got.len(), 62);
    let numbered = |one: &serde_json::Value| one["spans"].as_array().map_or(0, |spans| spans.len());
    assert!(
        got.iter()
            .filter(|one| one["file"].is_string())
            .all(|one| numbered(one) >= 80)
    );
}

#[cfg(unix)]
#[test]
fn folders_of_hostile_files_go_on_to_their_end() {
    use std::os::unix::{ffi::OsStrExt, fs::PermissionsExt, fs::symlink};
    let temp = folder();
    let input = temp.path().join("in");
    let out = input.join("out");
    write(&input, "a.txt", NOTE);
    write(
        &input,
        "twice.json",
        r#"{"name":"Zelda","name":"Quillfeather","note":"Dr. Zelda Quillfeather"}"#,
    );
    write(&input, "ragged.csv", "id,name\n1,Zelda,Ms. Quillfeather\n2\n3,Bo\n");
    write(
        &input,
        "lines.jsonl",
        "{\"note\":\"Dr. Zelda Quillfeather\"}\n{broken Zelda\n{\"note\":\"b\"}\n",
    );
    write(
        &input,
        "odd.hl7",
        "MSH*+!%#*LAB*OG\rPID*1**AB778899**Quillfeather+Zelda\rthis is no segment of Dr. Quillfeather\r",
    );
    symlink("..", input.join("loop")).unwrap();
    symlink("nowhere", input.join("dangling")).unwrap();
    let odd = input.join(std::ffi::OsStr::from_bytes(b"n\xffte.txt"));
    let has_odd_name = fs::write(&odd, NOTE).is_ok();
    let secret = write(&input, "secret.txt", NOTE);
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o000)).unwrap();
    let may_read = fs::read(&secret).is_ok();
    for _ in 0..2 {
        let output = deid(&["--out", s(&out), "--json", s(&input)]);
        assert_eq!(code(&output), 3);
        let whole = summary(&output);
        let mut told: Vec<&str> = whole["not_examined"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["path"].as_str().unwrap())
            .collect();
        told.sort_unstable();
        told.dedup();
        let mut expect = vec!["dangling", "lines.jsonl", "loop", "odd.hl7", "ragged.csv", "twice.json"];
        if !may_read {
            expect.insert(5, "secret.txt");
        }
        assert_eq!(told, expect, "{whole}");
        let written = files(&out);
        assert_eq!(
            written.len(),
            5 + usize::from(has_odd_name) + usize::from(may_read),
            "{:?}",
            names(&out)
        );
        for (name, bytes) in written {
            println!("{name}");
            clean(&text(&bytes));
        }
        // The line that cannot be read is left out, its neighbours are not.
        assert_eq!(fs::read_to_string(out.join("lines.jsonl")).unwrap().lines().count(), 2);
    }
}

/// The whole result of one file, and what was not examined of it.
fn one_file(name: &str, bytes: &[u8], args: &[&str]) -> (Option<String>, Vec<String>) {
    let temp = folder();
    let (input, out) = (temp.path().join("in"), temp.path().join("out"));
    write(&input, name, bytes);
    let output = deid(&[&["--json", "--out", s(&out)], args, &[s(&input)]].concat());
    let whole = summary(&output);
    let told: Vec<String> = whole["not_examined"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["reason"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(code(&output), if told.is_empty() { 0 } else { 3 }, "{whole}");
    (fs::read_to_string(out.join(name)).ok(), told)
}

#[test]
fn every_encoding_is_read_or_named() {
    let wide = |swap: bool| -> Vec<u8> {
        let bytes = |unit: u16| if swap { unit.to_be_bytes() } else { unit.to_le_bytes() };
        NOTE.replace("Ann", "Zoë").encode_utf16().flat_map(bytes).collect()
    };
    let western = [NOTE.as_bytes(), b"Dr. Zo\xeb Quillfeather came.\n"].concat();
    let mixed = [&western[..], "Dr. Zoë Quillfeather left.\n".as_bytes()].concat();
    let declared = b"<?xml version='1.0' encoding='ISO-8859-1'?><a><note>Zo\xeb Quillfeather is f\xe4hig</note></a>";
    let japanese = [NOTE.as_bytes(), b"Dr. \x1b$B;3ED\x1b(B came.\n"].concat();
    let rows = b"note,n\n\x1b$B;3ED\x1b(B came,1\n".to_vec();
    let message = HL7
        .replace("2.5.1\r", "2.5.1||||||8859/1\r")
        .replace("ZPI|1|Zelda Quillfeather\r", "");
    let message = [message.as_bytes(), b"NTE|2||Zelda is f\xe4hig\r"].concat();
    for (name, bytes, args, says) in [
        ("a.txt", japanese.clone(), &[][..], Some("ISO 2022")),
        ("a.csv", rows, &[], Some("ISO 2022")),
        ("a.txt", japanese, &["--encoding", "iso-2022-jp"], None),
        ("a.hl7", message, &["--encoding", "latin1"], None),
        ("a.txt", wide(false), &[][..], Some("UTF-16 without")),
        ("a.csv", wide(true), &[], Some("UTF-16 without")),
        ("a.txt", wide(false), &["--encoding", "utf-16le"], None),
        ("a.txt", wide(true), &["--encoding", "utf-16be"], None),
        ("a.txt", NOTE.into(), &["--encoding", "utf-16le"], None),
        ("a.txt", western.clone(), &[], Some("not UTF-8")),
        ("a.txt", western, &["--encoding", "windows-1252"], None),
        ("a.txt", mixed.clone(), &[], Some("not UTF-8")),
        ("a.txt", mixed, &["--encoding", "windows-1252"], Some("mixes")),
        ("a.xml", declared.to_vec(), &["--encoding", "latin1"], None),
    ] {
        let (result, told) = one_file(name, &bytes, args);
        match says {
            Some(says) => assert!(told.len() == 1 && told[0].contains(says), "{name} {args:?}: {told:?}"),
            None => assert!(told.is_empty(), "{name} {args:?}: {told:?}"),
        }
        assert_eq!(result.is_some(), !args.is_empty(), "{name} {args:?}");
        let Some(result) = result else { continue };
        clean(&result);
        assert!(!result.contains("Zo") && !result.contains('\u{fffd}'), "{result}");
        assert!(!result.contains("山田") && !result.contains(";3ED"), "{result}");
        match name {
            "a.xml" => {
                assert!(result.starts_with("<?xml version='1.0' encoding='UTF-8'?>") && result.contains("fähig"))
            }
            "a.hl7" => assert!(result.contains("|UNICODE UTF-8\r") && result.contains("fähig")),
            _ => {}
        }
    }
}

/// Without a declaration it is the name of the file, or the namespace of its element, that says so.
#[test]
fn xml_is_read_as_xml() {
    for (name, document) in [
        ("a.xml", "<a><name>Quillfeather</name></a>"),
        ("a.dat", "<p xmlns='urn:x'><name>Quillfeather</name></p>"),
    ] {
        let (result, told) = one_file(name, document.as_bytes(), &[]);
        assert!(told.is_empty(), "{told:?}");
        clean(&result.unwrap());
    }
    let (result, told) = one_file("a.xml", b"<a><name>Quillfeather</name>", &[]);
    assert!(result.is_none() && told.len() == 1, "{told:?}");
}

#[test]
fn a_damaged_message_is_refused_or_read_with_its_own_separators() {
    for (name, message) in [
        ("tabs.txt", HL7.replace('|', "\t")),
        ("small.txt", HL7.to_lowercase()),
        ("letters.hl7", HL7.replace('|', "a").replace('^', "b")),
        ("none.hl7", HL7.replace("MSH|^~\\&|", "")),
        ("same.hl7", HL7.replace("^~\\&", "^^^^")),
    ] {
        let (result, told) = one_file(name, message.as_bytes(), &[]);
        assert!(result.is_none() && told.len() == 1, "{name}: {told:?}");
    }
    let (start, pid) = HL7.split_once("PID").unwrap();
    let (pid, rest) = pid.split_once('\r').unwrap();
    let message = format!("{start}PID{}\r{rest}", pid.replace('|', "#"));
    let (result, told) = one_file("other.hl7", message.as_bytes(), &[]);
    let result = result.unwrap();
    clean(&result);
    assert!(
        result.contains("\rPID#1##") && told.iter().any(|one| one.contains("another separator")),
        "{told:?}"
    );
}

#[test]
fn an_interrupted_run_is_taken_up() {
    stopped_by("-INT");
}

#[test]
#[cfg(unix)]
fn a_run_that_is_asked_to_end_is_taken_up() {
    stopped_by("-TERM");
}

#[test]
#[cfg(unix)]
fn a_run_between_two_pipes_ends_at_once_when_it_is_asked_to() {
    use std::os::unix::process::ExitStatusExt as _;
    let mut child = command(&["deid", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // It waits for what nobody writes.
    std::thread::sleep(std::time::Duration::from_millis(500));
    let sent = std::process::Command::new("kill")
        .args(["-TERM", &child.id().to_string()])
        .status();
    assert!(sent.unwrap().success());
    for _ in 0..200 {
        if let Some(status) = child.try_wait().unwrap() {
            assert_eq!(status.signal(), Some(15));
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    child.kill().unwrap();
    panic!("it must not wait for the pipe");
}

/// Stops a run by a signal, and goes on with it.
#[cfg(unix)]
fn stopped_by(signal: &str) {
    let temp = folder();
    let (input, out) = (temp.path().join("in"), temp.path().join("out"));
    let long = NOTE.repeat(100);
    for number in 0..40 {
        write(&input, &format!("{number}.txt"), format!("{number}\n{long}"));
    }
    let args = ["deid", "--jobs", "2", "--out", s(&out), s(&input)];
    let mut child = command(&args).stderr(Stdio::null()).spawn().unwrap();
    let journal = out.join(".ward-deid.journal");
    while fs::read_to_string(&journal).unwrap_or_default().lines().count() < 3 {
        std::thread::sleep(std::time::Duration::from_millis(5));
        assert!(
            child.try_wait().unwrap().is_none(),
            "it must not be done before it is interrupted"
        );
    }
    let sent = std::process::Command::new("kill")
        .args([signal, &child.id().to_string()])
        .status();
    assert!(sent.unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(2));
    let before = files(&out);
    assert!(before.len() >= 3 && before.len() < 40, "{}", before.len());
    // Whole files, and no parts of files.
    for (name, bytes) in &before {
        assert!(!name.contains("part") && text(bytes).lines().count() == 301, "{name}");
    }
    let output = deid(&["--jobs", "2", "--resume", "--json", "--out", s(&out), s(&input)]);
    assert_eq!(code(&output), 0);
    let whole = summary(&output);
    let (done, done_before) = (whole["files"]["done"].as_u64(), whole["files"]["done_before"].as_u64());
    assert_eq!(done_before, Some(before.len() as u64));
    assert_eq!(done.unwrap() + done_before.unwrap(), 40);
    let after = files(&out);
    assert_eq!(after.len(), 40);
    assert!(
        before.iter().all(|one| after.contains(one)),
        "what was finished is left alone"
    );
    // Other options, another run: nothing is skipped.
    let output = deid(&["--mode", "remove", "--resume", "--json", "--out", s(&out), s(&input)]);
    assert_eq!(summary(&output)["files"]["done"], 40);
    // A file that has changed since is done again.
    write(&input, "7.txt", "changed");
    let output = deid(&["--mode", "remove", "--resume", "--json", "--out", s(&out), s(&input)]);
    assert_eq!(summary(&output)["files"]["done"], 1);
}

#[test]
fn long_lines_are_cut_without_losing_what_stands_at_the_cut() {
    let temp = folder();
    // No line break and no space for a long way, values everywhere.
    let mut line = String::new();
    while line.len() < (9 << 20) {
        line.push_str("seen by Dr. Zelda Quillfeather (MRN: AB778899) in Oddville;");
        line.push_str(&"x".repeat(1_500));
        line.push(' ');
    }
    let path = write(temp.path(), "long.txt", &line);
    let out = temp.path().join("out.txt");
    let output = deid(&["--out", s(&out), s(&path)]);
    assert_eq!(code(&output), 0, "{}", text(&output.stderr));
    let result = fs::read_to_string(&out).unwrap().to_lowercase();
    for value in ["quillfeather", "zelda", "778899"] {
        assert!(!result.contains(value), "{value}");
    }
    assert_eq!(result.matches("xxxx ").count(), line.matches("xxxx ").count());
}

#[test]
fn compressed_files_stay_compressed() {
    let temp = folder();
    let zip = |bytes: &[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    };
    let input = temp.path().join("in");
    write(&input, "t.csv.gz", zip(TABLE.as_bytes()));
    write(&input, "bomb.txt.gz", zip(&vec![b'a'; 30 << 20]));
    let out = temp.path().join("out");
    let output = deid(&["--out", s(&out), s(&input)]);
    assert_eq!((code(&output), names(&out)), (3, vec!["t.csv.gz".to_owned()]));
    let mut result = String::new();
    let file = fs::File::open(out.join("t.csv.gz")).unwrap();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(file), &mut result).unwrap();
    clean(&result);
    assert!(result.starts_with("person_id,"));
}

/// A limit on the size of files (`ulimit -f`) is an error to be told, and no end in the middle of one.
#[cfg(unix)]
#[test]
fn a_limit_of_file_sizes_is_told() {
    let temp = folder();
    let (input, out) = (temp.path().join("in"), temp.path().join("out"));
    write(&input, "a.txt", NOTE);
    write(&input, "b.txt", NOTE.repeat(2_000));
    let script = "ulimit -f 64; exec \"$0\" deid --jobs 1 --out \"$2\" \"$1\"";
    let output = std::process::Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_ward"), s(&input), s(&out)])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
    assert_eq!(names(&out), ["a.txt"]);
    let output = deid(&["--resume", "--out", s(&out), s(&input)]);
    assert_eq!(code(&output), 0, "{}", text(&output.stderr));
    assert_eq!(names(&out), ["a.txt", "b.txt"]);
}
