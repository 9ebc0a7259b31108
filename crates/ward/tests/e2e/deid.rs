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

const CDA: &str = r#"<?xml version="1.0"?>
<ClinicalDocument xmlns="urn:hl7-org:v3"><templateId root="2.16.840.1.113883.10.20.22.1.1"/><id root="1.2.3" extension="AB778899"/>
<recordTarget><patientRole><id extension="AB778899" root="1.2.3"/><addr><streetAddressLine>12 Elm Street</streetAddressLine><city>Oddville</city><state>IL</state></addr>
<telecom value="tel:5556781234"/><patient><name><given>Zelda</given><family>Quillfeather</family></name><administrativeGenderCode code="F" codeSystem="2.16.840.1.113883.5.1"/><birthTime value="19520314"/></patient></patientRole></recordTarget>
<effectiveTime value="20240108101500"/><!-- written for Zelda --><component><section><title>History</title><text><paragraph>zelda quillfeather &amp; her mother live in Oddville. HbA1c <content>7.2 %</content></paragraph></text>
<entry><observation><code code="4548-4" displayName="Hemoglobin A1c"/><value type="PQ" value="7.2" unit="%"/></observation></entry></section></component></ClinicalDocument>
"#;

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
    // The Safe Harbor profile of a table: three digits of the ZIP code, years.
    let table = piped(&["--kind", "csv", "--mode", "remove"], TABLE.as_bytes());
    let table = text(&table.stdout);
    clean(&table);
    assert!(
        table.contains(",627,F,") && !table.contains("62704") && !table.contains("03-14"),
        "{table}"
    );
    // Stand-ins of a table go into its free text, too.
    let data = temp.path().join("data");
    let table = piped(
        &["--kind", "csv", "--mode", "surrogate", "--data", s(&data)],
        TABLE.as_bytes(),
    );
    let table = text(&table.stdout);
    clean(&table);
    let second: Vec<&str> = table.lines().last().unwrap().split(',').collect();
    assert!(
        second[7].ends_with(" is fine") && second[7].starts_with(second[2]),
        "{table}"
    );
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
    write(&input, "c.xml", CDA);
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
    // The Z-segment was left out, and nothing else.
    assert_eq!(code(&output), 3, "{}", text(&output.stdout));
    assert_eq!(summary(&output)["not_examined"].as_array().unwrap().len(), 1);
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
    for kept in [
        "2.16.840.1.113883.10.20.22.1.1",
        "<state>IL</state>",
        "code=\"4548-4\" displayName=\"Hemoglobin A1c\"",
        "value=\"7.2\" unit=\"%\"",
        " &amp; her mother",
        "<content>7.2 %</content>",
        "code=\"F\"",
    ] {
        assert!(get("c.xml").contains(kept), "{kept} {}", get("c.xml"));
    }
    assert!(!get("c.xml").contains("19520314") && !get("c.xml").contains("20240108"));
    // A line about a patient is told from what another line says of the patient.
    assert_eq!(get("l.ndjson").lines().count(), 2);
    // One patient, one placeholder, in both lines.
    let whole = summary(&output);
    assert_eq!(whole["files"]["done"], 8);
    let csv = whole["reports"]
        .as_array()
        .unwrap()
        .iter()
        .find(|report| report["file"] == "t.csv")
        .unwrap();
    assert_eq!(csv["columns"][0]["subject"], true);
    assert_eq!(whole["residual_risk"]["people"], 4, "{}", whole["residual_risk"]);
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
fn tables_without_a_header_hide_their_people() {
    let rows = "Thaddeus,Vandermolen,Knee pain\nOlumide,Adebayo-Wright,Flu\nGreta,Kowalczyk,Cough\n";
    let known = "id,pt,reason\n1,Thaddeus Vandermolen,Knee pain\n2,Olumide Adebayo-Wright,Flu\n";
    let foreign =
        "Vorname;Nachname;Geburtsdatum;Ort\nJens;Vandermolen;17.03.1951;Lowell\nUte;Kowalczyk;1.2.1960;Worcester\n";
    let dutch =
        "naam;geboortedatum;plaats\nThaddeus Vandermolen;1951-03-17;Lowell\nGreta Kowalczyk;1960-02-01;Worcester\n";
    for table in [rows, known, foreign, dutch] {
        for json in [&["--json"][..], &[]] {
            let output = piped(
                &[&["--kind", "csv", "--mode", "remove"], json].concat(),
                table.as_bytes(),
            );
            let told = text(&output.stdout) + &text(&output.stderr);
            for name in [
                "Thaddeus",
                "Vandermolen",
                "Olumide",
                "Adebayo",
                "Wright",
                "Greta",
                "Kowalczyk",
                "Jens",
                "Ute",
                "Lowell",
                "Worcester",
                "1951-",
                ".1951",
            ] {
                assert!(!told.contains(name), "{name} is left of {table}: {told}");
            }
        }
    }
}

#[test]
fn what_was_not_looked_into_is_not_examined() {
    let hl7 = "MSH|^~\\&|A|B|C|D|20240108||ORU^R01|1|P|2.5.1\rPID|1||AB778899||Quillfeather^Zelda\rZPI|1|Zelda\r";
    let fhir =
        r#"{"resourceType":"Patient","id":"p1","photo":[{"contentType":"image/png","data":"aGVsbG8gd29ybGQ="}]}"#;
    let xml = "<notes><patient><name>Zelda Quillfeather</name></patient><Quillfeather>seen</Quillfeather></notes>";
    for (kind, record) in [("hl7", hl7), ("fhir", fhir), ("xml", xml)] {
        let output = piped(&["--kind", kind, "--json"], record.as_bytes());
        assert_eq!(code(&output), 3, "{kind} {}", text(&output.stdout));
        assert_eq!(summary(&output)["not_examined"].as_array().unwrap().len(), 1, "{kind}");
    }
}

#[test]
fn keys_that_may_be_names_are_replaced() {
    let lines =
        "{\"patient\":\"p1\",\"x\":{\"Vandermolen\":1}}\n{\"patient\":\"p2\",\"x\":{\"Thaddeus\":{\"glucose\":2}}}\n";
    let output = piped(&["--kind", "jsonl"], lines.as_bytes());
    let out = text(&output.stdout);
    assert!(!out.contains("Vandermolen") && !out.contains("Thaddeus"), "{out}");
    assert!(out.contains("\"glucose\":2") && out.contains("\"x\":{"), "{out}");
}

#[test]
fn file_names_that_tell_are_said_once() {
    let temp = folder();
    let (input, out) = (temp.path().join("in"), temp.path().join("out"));
    write(&input, "Quillfeather_Zelda_1952-03-14.txt", NOTE);
    write(&input, "note.txt", NOTE);
    let output = deid(&["--out", s(&out), s(&input)]);
    let told = text(&output.stderr);
    assert_eq!(
        (code(&output), told.matches("1 of the file names").count()),
        (0, 1),
        "{told}"
    );
}

#[test]
fn results_get_names_that_say_nothing() {
    let temp = folder();
    let (input, out, map) = (
        temp.path().join("in"),
        temp.path().join("out"),
        temp.path().join("which.jsonl"),
    );
    write(&input, "Quillfeather_Zelda/visit-19520314.fhir.json", PATIENT);
    write(&input, "Quillfeather_Zelda/letter to zelda.quillfeather", NOTE);
    write(&input, "Quillfeather_Zelda/scan.pdf", b"%PDF-1.7\n");
    let run = |more: &[&str]| {
        let mut args = vec![
            "--mode",
            "remove",
            "--json",
            "--rename",
            s(&map),
            "--out",
            s(&out),
            s(&input),
        ];
        args.extend(more);
        deid(&args)
    };
    let manifest = temp.path().join("m.jsonl");
    let output = run(&["--manifest", s(&manifest)]);
    assert_eq!(code(&output), 3, "{}", text(&output.stderr));
    let told = summary(&output);
    assert_eq!(told["protection"], "Safe Harbor profile");
    let first = names(&out);
    assert_eq!(first.len(), 2, "{first:?}");
    assert!(first.iter().any(|name| name.ends_with(".fhir.json")), "{first:?}");
    let mut all = format!(
        "{first:?}{}{}",
        text(&output.stdout),
        text(&fs::read(&manifest).unwrap())
    );
    all.push_str(&text(&fs::read(out.join(".ward-deid.journal")).unwrap()));
    for value in ["uillfeather", "elda", "19520314", "scan", "letter"] {
        assert!(!all.contains(value), "{value} in {all}");
    }
    // The private file says which is which, also of what was not examined, and nobody else may read it.
    let which = text(&fs::read(&map).unwrap());
    assert_eq!(which.lines().count(), 3, "{which}");
    assert!(first.iter().all(|name| which.contains(&name[..])) && which.contains("scan.pdf"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(&map).unwrap().permissions().mode() & 0o777, 0o600);
    }
    // The same names again, also for a run that is taken up and finds more.
    write(&input, "Quillfeather_Zelda/more.txt", NOTE);
    let again = run(&["--resume"]);
    assert_eq!(
        (code(&again), summary(&again)["files"]["done_before"].as_u64()),
        (3, Some(2))
    );
    let second = names(&out);
    assert!(
        second.len() == 3 && first.iter().all(|name| second.contains(name)),
        "{second:?}"
    );
    // A name that is kept is no Safe Harbor.
    let kept = deid(&[
        "--mode",
        "remove",
        "--json",
        "--out",
        s(&temp.path().join("kept")),
        s(&input),
    ]);
    let kept = summary(&kept);
    assert_eq!(kept["files"]["telling_names"], 4);
    assert!(
        kept["protection"]
            .as_str()
            .unwrap()
            .contains("but for the names of files")
    );
    // What it is kept apart from, and what no earlier run wrote.
    for (map, why) in [
        (out.join("which.jsonl"), "lie among the results"),
        (
            write(temp.path(), "forged", r#"{"file":"a","result":".."}"#),
            "not written by --rename",
        ),
        (write(temp.path(), "other", "x"), "does not say"),
    ] {
        let output = deid(&["--rename", s(&map), "--out", s(&out), s(&input)]);
        assert!(
            code(&output) == 2 && text(&output.stderr).contains(why),
            "{}",
            text(&output.stderr)
        );
    }
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

#[test]
fn an_interrupted_run_is_taken_up() {
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
        .args(["-INT", &child.id().to_string()])
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

#[test]
fn surrogates_follow_from_key_tenant_and_patient() {
    let temp = folder();
    let data = temp.path().join("data");
    let path = write(temp.path(), "p.json", PATIENT);
    let result = |args: &[&str]| {
        let output = deid(&[&["--mode", "surrogate", "--data", s(&data), s(&path)], args].concat());
        assert_eq!(code(&output), 0, "{}", text(&output.stderr));
        clean(&text(&output.stdout));
        text(&output.stdout)
    };
    let first = result(&[]);
    assert_eq!(first, result(&[]));
    assert_ne!(first, result(&["--tenant", "other"]));
    assert_ne!(first, result(&["--subject", "p2"]));
    let key = write(temp.path(), "key", "ab".repeat(32));
    let by_key = result(&["--key-file", s(&key)]);
    assert_eq!(by_key, result(&["--key-file", s(&key)]));
    assert_ne!(by_key, first);
}

#[test]
fn the_vault_keeps_placeholders_the_same() {
    let temp = folder();
    let data = temp.path().join("data");
    let path = write(temp.path(), "a.txt", "Dr. Zelda Quillfeather, then Dr. Bo Lind.");
    let again = write(temp.path(), "b.txt", "Dr. Bo Lind, then Dr. Zelda Quillfeather.");
    let result = |path: &Path| {
        let output = deid(&["--vault", "--subject", "p1", "--data", s(&data), s(path)]);
        assert_eq!(code(&output), 0, "{}", text(&output.stderr));
        text(&output.stdout)
    };
    let split = |text: String| {
        let mut parts: Vec<String> = text.trim_end_matches('.').split(", then ").map(str::to_owned).collect();
        parts.sort();
        parts
    };
    let first = result(&path);
    assert_eq!(split(first), split(result(&again)));
    // No value stands anywhere in the data folder.
    for (name, bytes) in files(&data) {
        let bytes = String::from_utf8_lossy(&bytes).to_lowercase();
        assert!(!bytes.contains("quillfeather"), "{name}");
    }
}

#[test]
fn people_of_one_file_are_looked_for_in_others() {
    let temp = folder();
    let known = write(temp.path(), "p.json", PATIENT);
    let note = write(temp.path(), "n.txt", "saw zelda, whose town is oddville, today");
    let output = deid(&["--known", s(&known), s(&note)]);
    clean(&text(&output.stdout));
    // FHIR bulk data: the patient stands in another file than the note.
    let input = temp.path().join("in");
    write(&input, "Patient.ndjson", format!("{PATIENT}\n"));
    write(
        &input,
        "DocumentReference.ndjson",
        "{\"resourceType\":\"DocumentReference\",\"id\":\"d\",\"status\":\"current\",\"subject\":{\"reference\":\"Patient/p1\"},\"description\":\"zelda is from oddville\",\"content\":[{\"attachment\":{\"title\":\"x\"}}]}\n",
    );
    let out = temp.path().join("out");
    assert_eq!(code(&deid(&["--out", s(&out), s(&input)])), 0);
    for (_, bytes) in files(&out) {
        clean(&text(&bytes));
    }
}

#[test]
fn the_manifest_holds_no_value() {
    let temp = folder();
    let input = temp.path().join("in");
    write(&input, "n.txt", NOTE);
    write(&input, "t.csv", TABLE);
    write(&input, "Zelda.json", r#"{"Zelda Quillfeather":{"mrn":"AB778899"}}"#);
    let manifest = temp.path().join("m.jsonl");
    let out = temp.path().join("out");
    assert_eq!(
        code(&deid(&["--manifest", s(&manifest), "--out", s(&out), s(&input)])),
        0
    );
    let lines = fs::read_to_string(&manifest).unwrap().replace("Zelda.json", "");
    clean(&lines);
    let entries: Vec<serde_json::Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let one = entries
        .iter()
        .find(|one| one["file"] == "n.txt" && one["class"] == "MRN")
        .unwrap();
    let at = |key: &str| usize::try_from(one[key].as_u64().unwrap()).unwrap();
    assert_eq!(&NOTE[at("start")..at("end")], "AB778899");
    assert!(entries.iter().filter(|one| one["outcome"] == "done").count() == 3);
}

#[test]
fn a_review_is_applied() {
    let temp = folder();
    let input = temp.path().join("in");
    write(&input, "n.txt", NOTE);
    write(&input, "p.json", PATIENT);
    let plain: Vec<&str> = HL7
        .split_inclusive('\r')
        .filter(|line| !line.starts_with('Z'))
        .collect();
    write(&input, "m.hl7", plain.concat());
    write(&input, "t.csv", TABLE);
    let page = temp.path().join("r.html");
    let out = temp.path().join("out");
    assert_eq!(code(&deid(&["--review", s(&page), "--out", s(&out), s(&input)])), 0);
    let html = fs::read_to_string(&page).unwrap();
    assert!(html.contains("ORIGINAL PATIENT DATA"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&page).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let data = html
        .split_once("id=\"data\">")
        .unwrap()
        .1
        .split_once("</script>")
        .unwrap()
        .0;
    let data: serde_json::Value = serde_json::from_str(data).unwrap();
    let of = |name: &str| {
        data["files"]
            .as_array()
            .unwrap()
            .iter()
            .find(|one| one["file"] == name)
            .unwrap()
            .clone()
    };
    let span = |file: &serde_json::Value, place: &str, value: &str| {
        let one = file["texts"]
            .as_array()
            .unwrap()
            .iter()
            .find(|one| one["place"] == place)
            .unwrap();
        let start = one["text"].as_str().unwrap().find(value).unwrap();
        (start, start + value.len())
    };
    let mut files = Vec::new();
    for (name, place, kept, gone) in [
        ("n.txt", "", "2024-01-08", "metformin"),
        ("p.json", "", "1952-03-14", "female"),
        ("m.hl7", "message 1", "19520314", "is well"),
        ("t.csv", "record 3, field note", "Lind", "fine"),
    ] {
        let file = of(name);
        let (kept, gone) = (span(&file, place, kept), span(&file, place, gone));
        files.push(serde_json::json!({"file": name, "sha256": file["sha256"], "changes": [
            {"place": place, "start": kept.0, "end": kept.1, "action": "remove"},
            {"place": place, "start": gone.0, "end": gone.1, "action": "add", "class": "ID"},
        ]}));
    }
    let decisions = write(
        temp.path(),
        "review.json",
        serde_json::json!({"ward_review": 1, "files": files}).to_string(),
    );
    let output = deid(&["--accept", s(&decisions), "--out", s(&out), s(&input)]);
    assert_eq!(code(&output), 0, "{}", text(&output.stderr));
    let get = |name: &str| fs::read_to_string(out.join(name)).unwrap();
    for (name, kept, gone) in [
        ("n.txt", "2024-01-08", "metformin"),
        ("p.json", "\"1952-03-14\"", "female"),
        ("m.hl7", "|19520314|", "is well"),
        ("t.csv", ",Lind is [ID", "fine"),
    ] {
        let result = get(name);
        assert!(
            result.contains(kept) && !result.contains(gone) && result.contains("[ID_"),
            "{name} {result}"
        );
    }
    // A file that is not the one that was reviewed is not touched.
    write(
        &input,
        "n.txt",
        NOTE.replace("today", "tonight").replace("HbA1c", "A1c"),
    );
    let output = deid(&["--accept", s(&decisions), "--out", s(&out), "--json", s(&input)]);
    assert_eq!(code(&output), 3);
    assert_eq!(summary(&output)["not_examined"][0]["path"], "n.txt");
    assert!(get("n.txt").contains("HbA1c"), "the earlier result stays");
}

/// The logic of the review page, run where there is a JavaScript engine; in a browser it was tried by hand.
#[test]
fn the_review_page_decides_what_was_decided() {
    const SCRIPT: &str = r#"
const assert = require("assert");
const { Review } = require(process.argv[1]);
const text = "\u{1f642}é Dr. Lee saw Bo.";
const span = (start, end) => ({ start, end, from: start + 3, to: end + 3, class: "NAME", rule: "r", score: 90, with: "[N]" });
const review = new Review({ files: [{ file: "a", sha256: "x", texts: [{ place: "p", text, spans: [span(4, 11)] }] }] });
const of = review.files[0].texts[0];
assert.equal(review.add(of, 4, 7, "ID"), "that is replaced already");
assert.equal(review.add(of, 11, 12, "ID"), "select some text of the original first");
assert.equal(review.add(of, 15, 19, "NAME"), "");
assert.deepEqual(review.parts(of).map((part) => part.text), ["\u{1f642}é ", "Dr. Lee", " saw ", "Bo.", ].slice(0, 4));
review.toggle(of, of.spans[0]);
assert.deepEqual(review.decisions().files[0].changes, [
  { place: "p", start: 7, end: 14, action: "remove" },
  { place: "p", start: 19, end: 22, class: "NAME", action: "add" },
]);
assert.deepEqual(review.counts(review.files[0]), { rejected: 1, added: 1, classes: { NAME: 1 } });
review.undo();
review.undo();
assert.ok(!review.undo());
assert.deepEqual(review.decisions(), { ward_review: 1, files: [] });
// Never half of a character.
assert.equal(review.add(of, 1, 3, "NAME"), "");
assert.equal(review.decisions().files[0].changes[0].start, 0);
"#;
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/commands/deid/review/page.js");
    let node = std::process::Command::new("node")
        .arg("-e")
        .arg(SCRIPT)
        .arg(&page)
        .output();
    match node {
        Ok(output) => assert!(output.status.success(), "{}", text(&output.stderr)),
        Err(_) => println!("not run: there is no node"),
    }
}
