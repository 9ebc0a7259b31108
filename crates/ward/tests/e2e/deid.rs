//! `ward deid` from outside: files and folders in, files and folders out.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Output, Stdio},
};

use crate::support::ward::{command, folder, run};

/// Values that must not be in any result.
const PLANTED: &[&str] = &[
    "quillfeather",
    "zelda",
    "778899",
    "6789",
    "elm street",
    "oddville",
    "5556781234",
];

const NOTE: &str = "Dr. Ann Lee saw Zelda Quillfeather (MRN: AB778899, DOB 3/14/1952) on 2024-01-08.\nMs. Quillfeather lives at 12 Elm Street, Oddville. Call 555-678-1234.\nHbA1c 7.2 %, metformin 500 mg.\n";

const PATIENT: &str = r#"{"resourceType":"Patient","id":"p1","name":[{"family":"Quillfeather","given":["Zelda"]}],"gender":"female","birthDate":"1952-03-14","address":[{"line":["12 Elm Street"],"city":"Oddville","state":"IL","postalCode":"62704"}],"telecom":[{"system":"phone","value":"5556781234"}]}"#;

const HL7: &str = "MSH|^~\\&|LAB|OG|EHR|W|20240108101500||ORU^R01|M42|P|2.5.1\rPID|1||AB778899^^^OG^MR||Quillfeather^Zelda^A||19520314|F|||12 Elm Street^^Oddville^IL^62704||5556781234\rZPI|1|Zelda Quillfeather\rOBX|1|NM|4548-4^Hemoglobin A1c^LN||7.2|%|||||F\rNTE|1||Zelda is well\r";

const TABLE: &str = "person_id,first_name,last_name,zip,sex,dob,hba1c,note\r\n1,Zelda,Quillfeather,62704,F,1952-03-14,7.2,\"Zelda Quillfeather says \"\"ok\"\",\nlives in Oddville.\"\r\n2,Bo,Lind,62799,M,1960-01-01,5.1,Lind is fine\r\n";

fn write(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, bytes).unwrap();
    path
}

fn deid(args: &[&str]) -> Output {
    run(&[&["deid"], args].concat())
}

fn piped(args: &[&str], input: &[u8]) -> Output {
    let mut child = command(&[&["deid"], args].concat())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

/// The summary of `--json`.
fn summary(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", text(&output.stderr)))
}

fn clean(text: &str) {
    let lower = text.to_lowercase();
    for value in PLANTED {
        assert!(!lower.contains(value), "{value} is still in {text}");
    }
}

fn s(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Everything under a folder, by its way from there, without Ward's own files.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(one) = folders.pop() {
        for entry in fs::read_dir(one).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if !path.ends_with(".ward-deid.journal") {
                let name = path.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
                found.push((name, fs::read(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

fn names(folder: &Path) -> Vec<String> {
    files(folder).into_iter().map(|(name, _)| name).collect()
}

#[test]
fn one_file_to_standard_output() {
    let temp = folder();
    let path = write(temp.path(), "note.txt", NOTE);
    for mode in ["tag", "remove"] {
        let output = deid(&["--mode", mode, s(&path)]);
        assert_eq!(code(&output), 0, "{}", text(&output.stderr));
        clean(&text(&output.stdout));
        assert!(text(&output.stdout).contains("HbA1c 7.2 %, metformin 500 mg."));
    }
    let piped = piped(&[], NOTE.as_bytes());
    clean(&text(&piped.stdout));
    assert_eq!(code(&piped), 0);
    let whole = summary(&deid(&["--json", s(&path)]));
    clean(whole["output"].as_str().unwrap());
    assert_eq!(whole["protection"], "pseudonymised");
    assert!(whole["replaced"]["name"].as_u64().unwrap() >= 2);
}

#[test]
fn spans_count_code_points_of_the_input() {
    let lines = "{\"id\":\"q-1\",\"text\":\"\u{1f642}\\u00e9 Dr. Zelda Quillfeather, MRN 12345678\"}\n{\"text\":\"no one\",\"id\":2}\n";
    let output = piped(&["--kind", "jsonl", "--spans"], lines.as_bytes());
    assert_eq!(code(&output), 0);
    let got: Vec<serde_json::Value> = text(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(got.len(), 2);
    let points: Vec<char> = got[0]["text"].as_str().unwrap().chars().collect();
    let spans: Vec<(String, &str)> = got[0]["spans"]
        .as_array()
        .unwrap()
        .iter()
        .map(|span| {
            let at = |key: &str| usize::try_from(span[key].as_u64().unwrap()).unwrap();
            (
                points[at("start")..at("end")].iter().collect(),
                span["type"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(spans.len(), 2, "{spans:?}");
    assert!(spans[0].0.ends_with("Zelda Quillfeather") && spans[0].1 == "NAME");
    assert_eq!(spans[1], ("12345678".to_owned(), "MEDICAL_RECORD_NUMBER"));
    assert_eq!((&got[0]["id"], &got[1]["id"]), (&"q-1".into(), &2.into()));
    assert_eq!(got[1]["spans"].as_array().unwrap().len(), 0);
    // The same of a text.
    let output = piped(&["--kind", "text", "--spans"], "é Dr. Zelda Quillfeather".as_bytes());
    let got: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(got["spans"][0]["end"], 24);
}

#[test]
fn folders_keep_their_names_and_structure() {
    let temp = folder();
    let (input, out) = (temp.path().join("in"), temp.path().join("out"));
    write(&input, "a/note.txt", NOTE);
    write(&input, "a/deep/er/note.txt", NOTE);
    write(&input, "p.json", PATIENT);
    write(&input, "m.hl7", HL7);
    write(&input, "t.csv", TABLE);
    write(
        &input,
        "l.ndjson",
        format!(
            "{PATIENT}\n{{\"resourceType\":\"Observation\",\"id\":\"o\",\"status\":\"final\",\"code\":{{\"text\":\"x\"}},\"subject\":{{\"reference\":\"Patient/p1\"}},\"note\":[{{\"text\":\"zelda quillfeather of oddville is well\"}}]}}\n"
        ),
    );
    write(
        &input,
        "any.json",
        r#"{"patient":{"fullName":"Zelda Quillfeather","mrn":"AB778899"},"Zelda Quillfeather":{"visits":[{"notes":"Ms. Quillfeather was fine","glucose":7.25}]}}"#,
    );
    let output = deid(&["--out", s(&out), "--json", s(&input)]);
    assert_eq!(code(&output), 0, "{}", text(&output.stdout));
    assert_eq!(names(&out), names(&input));
    for (name, bytes) in files(&out) {
        println!("{name}");
        clean(&text(&bytes));
    }
    let get = |name: &str| text(&fs::read(out.join(name)).unwrap());
    // The clinical content stays, byte for byte where nothing was found.
    assert!(get("any.json").contains("\"glucose\":7.25"));
    assert!(get("t.csv").starts_with("person_id,first_name,last_name,zip,sex,dob,hba1c,note\r\n"));
    assert!(get("t.csv").contains(",7.2,\"") && get("t.csv").ends_with("is fine\r\n"));
    let ids: Vec<String> = get("m.hl7")
        .split('\r')
        .map(|line| line.chars().take(3).collect())
        .collect();
    assert_eq!(ids, ["MSH", "PID", "OBX", "NTE", ""]);
    assert!(get("m.hl7").contains("|4548-4^Hemoglobin A1c^LN||7.2|%|"));
    // A line about a patient is told from what another line says of the patient.
    assert_eq!(get("l.ndjson").lines().count(), 2);
    // One patient, one placeholder, in both lines.
    let whole = summary(&output);
    assert_eq!(whole["files"]["done"], 7);
    let csv = whole["reports"]
        .as_array()
        .unwrap()
        .iter()
        .find(|report| report["file"] == "t.csv")
        .unwrap();
    assert_eq!(csv["columns"][0]["subject"], true);
    assert_eq!(whole["residual_risk"]["people"], 4);
}

#[test]
fn what_cannot_be_examined_is_named_and_nothing_of_it_is_written() {
    let temp = folder();
    let (input, out) = (temp.path().join("in"), temp.path().join("out"));
    write(&input, "good.txt", NOTE);
    write(&input, "latin.txt", b"Zo\xeb Quillfeather");
    write(&input, "x.pdf", "%PDF-1.7 Zelda Quillfeather");
    write(&input, "blob.bin", b"a\0b");
    write(&input, "deep.json", "[".repeat(100_000));
    write(&input, "cut.json", &PATIENT[..60]);
    write(&input, "bad.dcm", b"not an image");
    write(&input, "bad.gz", b"\x1f\x8b\x08\0damaged");
    let output = deid(&["--out", s(&out), "--json", s(&input)]);
    assert_eq!(code(&output), 3);
    assert_eq!(names(&out), ["good.txt"]);
    let whole = summary(&output);
    let mut told: Vec<&str> = whole["not_examined"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            assert!(!one["reason"].as_str().unwrap().is_empty());
            one["path"].as_str().unwrap()
        })
        .collect();
    told.sort_unstable();
    assert_eq!(
        told,
        [
            "bad.dcm",
            "bad.gz",
            "blob.bin",
            "cut.json",
            "deep.json",
            "latin.txt",
            "x.pdf"
        ]
    );
    // Its encoding said, it is read.
    let output = deid(&["--encoding", "windows-1252", s(&input.join("latin.txt"))]);
    assert_eq!(code(&output), 0);
    clean(&text(&output.stdout));
}

#[test]
fn usage_that_makes_no_sense_is_refused() {
    let temp = folder();
    let (a, b) = (write(temp.path(), "a.txt", NOTE), write(temp.path(), "b.txt", NOTE));
    for (args, says) in [
        (vec![s(&a), s(&b)], "--out"),
        (vec!["nowhere.txt"], "nowhere.txt"),
        (vec!["--out", s(&a), s(&a)], "written over"),
        (vec!["--out", s(temp.path()), s(temp.path())], "--out"),
        (vec!["--vault", "--mode", "remove", s(&a)], "--vault"),
        (vec!["--encoding", "klingon", s(&a)], "klingon"),
    ] {
        let output = deid(&args);
        assert_eq!(code(&output), 2, "{args:?}");
        assert!(text(&output.stderr).contains(says), "{args:?} {}", text(&output.stderr));
        assert!(output.stdout.is_empty());
    }
    assert_eq!(fs::read_to_string(&a).unwrap(), NOTE);
}
