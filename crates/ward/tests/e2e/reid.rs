//! `ward reid` and `ward vault` from outside.

use std::{
    fs,
    io::{Read, Write},
    path::{Path, PathBuf},
    process::{Output, Stdio},
};

use serde_json::Value;

use crate::support::ward::{command, folder, piped, run};

const NOTE: &str = "Patient: SMITH, JOHN Q.   DOB: 03/14/1952   MRN: AB-778899\nMr. Smith was seen on Monday, January 8, 2024 by Dr. Ana Ruiz-Keller, MD.\nCall (617) 555-7834, write to john.smith@clinic.org. His mother is a 97-year-old.\nHbA1c 7.2 %, metformin 500 mg.\n";

const PATIENT: &str = r#"{"resourceType":"Patient","id":"p1","name":[{"family":"Quillfeather","given":["Zelda","A"]}],"gender":"female","birthDate":"1952-03-14","address":[{"line":["12 Elm Street"],"city":"Oddville","state":"IL","postalCode":"62704"}],"telecom":[{"system":"phone","value":"5556781234"}],"text":{"status":"generated","div":"<div>Zelda \"Q\" Quillfeather &amp; son</div>"}}"#;

const HL7: &str = "MSH|^~\\&|LAB|OG|EHR|W|20240108101500||ORU^R01|M42|P|2.5.1\rPID|1||AB778899^^^OG^MR||Quillfeather^Zelda^A||19520314|F|||12 Elm Street^^Oddville^IL^62704||5556781234\rOBX|1|NM|4548-4^Hemoglobin A1c^LN||7.2|%|||||F\rNTE|1||Zelda is well \\T\\ happy\r";

const TABLE: &str = "person_id,first_name,last_name,zip,sex,dob,hba1c,note\r\n1,Zelda,Quillfeather,62704,F,1952-03-14,7.2,\"Zelda Quillfeather says \"\"ok\"\",\nlives in Oddville.\"\r\n2,Bo,Lind,62799,M,1960-01-01,5.1,Lind is fine\r\n";

const LINES: &str = "{\"id\":\"a\",\"text\":\"Dr. Ana Ruiz saw Zelda Quillfeather on 2024-01-08.\"}\n{\"id\":\"b\",\"text\":\"MRN: 778899, \\\"well\\\"\"}\n";

struct Place {
    temp: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self { temp: folder() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.temp.path().join(name)
    }

    fn write(&self, name: &str, text: &str) -> String {
        fs::write(self.path(name), text).unwrap();
        self.path(name).display().to_string()
    }

    fn data(&self) -> String {
        self.path("data").display().to_string()
    }

    /// De-identifies with the vault, into `out`.
    fn deid(&self, input: &str, mode: &str, out: &str, more: &[&str]) -> String {
        let (data, out) = (self.data(), self.path(out).display().to_string());
        let args = [
            &["deid", input, "--mode", mode, "--vault", "--data", &data, "--out", &out],
            more,
        ]
        .concat();
        let done = run(&args);
        assert!(matches!(code(&done), 0 | 3), "{}", text(&done.stderr));
        out
    }

    fn reid(&self, args: &[&str]) -> Output {
        run(&[&["reid", "--data", &self.data()], args].concat())
    }

    fn reid_piped(&self, args: &[&str], input: &[u8]) -> Output {
        piped(&[&["reid", "--data", &self.data()], args].concat(), input)
    }

    fn vault(&self, args: &[&str]) -> Output {
        run(&[&["vault"], args, &["--data", &self.data(), "--json"]].concat())
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn find(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(find(&path, extension));
        } else if path.extension().is_some_and(|it| it == extension) {
            found.push(path);
        }
    }
    found
}

#[test]
fn every_format_comes_back() {
    for mode in ["tag", "surrogate"] {
        let place = Place::new();
        for (name, original) in [
            ("note.txt", NOTE),
            ("patient.json", PATIENT),
            ("message.hl7", HL7),
            ("table.csv", TABLE),
            ("lines.jsonl", LINES),
        ] {
            let input = place.write(name, original);
            let out = place.deid(&input, mode, &format!("out-{name}"), &["--subject", name]);
            let changed = fs::read_to_string(&out).unwrap();
            for gone in ["Smith", "SMITH", "Quillfeather", "778899", "1952", "Oddville"] {
                assert!(
                    !changed.contains(gone) || !original.contains(gone) || gone == "1952",
                    "{mode} {name}: {gone}"
                );
            }
            let done = place.reid(&[&out, "--subject", name, "--no-check"]);
            assert_eq!(text(&done.stdout), original, "{mode} {name} {}", text(&done.stderr));
            assert_eq!(code(&done), 0, "{mode} {name} {}", text(&done.stderr));
            let back = place.path("back").display().to_string();
            assert_eq!(
                code(&place.reid(&[&out, "--subject", name, "--no-check", "--out", &back])),
                0
            );
            assert_eq!(fs::read_to_string(&back).unwrap(), original);
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt;
                assert_eq!(fs::metadata(&back).unwrap().permissions().mode() & 0o777, 0o600);
            }
        }
        // The subject is found by what the file holds.
        let out = place.path("out-note.txt").display().to_string();
        let done = place.reid(&[&out]);
        assert_eq!(
            (text(&done.stdout).as_str(), code(&done)),
            (NOTE, 0),
            "{}",
            text(&done.stderr)
        );
    }
}

#[test]
fn a_file_that_names_no_patient_is_known_by_its_name() {
    let place = Place::new();
    let text_of = |n: usize| format!("A man of {} from Boston, then Denver, with asthma.", 40 + n);
    let files: Vec<(String, String)> = (0..6)
        .map(|n| {
            let input = place.write(&format!("case-{n}.txt"), &text_of(n));
            let out = format!("results/case-{n}.txt");
            (
                place.deid(&input, "surrogate", &out, &["--tenant", "north"]),
                text_of(n),
            )
        })
        .collect();
    for (n, (out, original)) in files.iter().enumerate() {
        for more in [vec![], vec!["--subject".to_owned(), format!("case-{n}.txt")]] {
            let mut args = vec![out.as_str(), "--tenant", "north"];
            args.extend(more.iter().map(String::as_str));
            let done = place.reid(&args);
            assert_eq!(
                (text(&done.stdout).as_str(), code(&done)),
                (original.as_str(), 0),
                "{}",
                text(&done.stderr)
            );
        }
    }
}

#[test]
fn what_a_model_wrote() {
    let place = Place::new();
    let input = place.write("note.txt", NOTE);
    for mode in ["tag", "surrogate"] {
        place.deid(&input, mode, &format!("{mode}.txt"), &["--subject", mode]);
    }
    let data = place.data();
    // Piece by piece, while standard input stays open.
    let tagged = fs::read_to_string(place.path("tag.txt")).unwrap();
    let line = tagged.lines().nth(1).unwrap();
    let name = line[1..line.find(']').unwrap()].to_owned();
    let mut child = command(&["reid", "--data", &data, "--subject", "tag"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = child.stdout.take().unwrap();
    stdin
        .write_all(format!("**[{}]**'s visit, \\[{}", name.to_lowercase(), &name[..3]).as_bytes())
        .unwrap();
    stdin.flush().unwrap();
    let mut head = vec![0; "**Mr. Smith**'s visit, ".len()];
    stdout.read_exact(&mut head).unwrap();
    assert_eq!(text(&head), "**Mr. Smith**'s visit, ");
    stdin
        .write_all(
            format!(
                "{}\\] [NAME_99KR] https://h.example/[{name}] and Dr. Bo Lind, 555-678-9999\n",
                name[3..].replace('_', "\\_")
            )
            .as_bytes(),
        )
        .unwrap();
    drop(stdin);
    let mut rest = String::new();
    stdout.read_to_string(&mut rest).unwrap();
    let done = child.wait_with_output().unwrap();
    assert_eq!(
        rest,
        format!("Mr. Smith [NAME_99KR] https://h.example/[{name}] and Dr. Bo Lind, 555-678-9999\n")
    );
    assert_eq!(code(&done), 1);
    let said = text(&done.stderr);
    assert!(
        said.contains("a placeholder of class NAME") && said.contains("name that is not in the vault"),
        "{said}"
    );
    assert!(said.contains("phone number that is not in the vault"), "{said}");
    for secret in ["Smith", "Lind", "9999"] {
        assert!(!said.contains(secret), "{said}");
    }
    // What only looks like a placeholder is listed as it is in a file.
    let done = place.reid_piped(&["--subject", "tag"], b"x [NAME_9QQ] y\n");
    assert_eq!((text(&done.stdout).as_str(), code(&done)), ("x [NAME_9QQ] y\n", 1));
    assert!(text(&done.stderr).contains("line 1, column 3, a placeholder of class TEXT"));
    // Stand-ins, in another case and with a possessive.
    let stood = fs::read_to_string(place.path("surrogate.txt")).unwrap();
    let family = stood
        .split("Mr. ")
        .nth(1)
        .unwrap()
        .split(' ')
        .next()
        .unwrap()
        .to_owned();
    let answer = place.write(
        "answer.txt",
        &format!("Mr. {family}'s chart: {} is well.\n", family.to_uppercase()),
    );
    let done = place.reid(&[&answer, "--subject", "surrogate", "--json"]);
    let value = json(&done);
    assert_eq!(value["files"][0]["text"], "Mr. Smith's chart: SMITH is well.\n");
    assert_eq!(
        (value["restored"].as_u64(), value["left"].as_u64(), code(&done)),
        (Some(2), Some(0), 0)
    );
}

#[test]
fn the_vault_forgets() {
    let place = Place::new();
    let input = place.write("note.txt", NOTE);
    let first = place.deid(&input, "tag", "first.txt", &["--subject", "first"]);
    let second = place.deid(&input, "tag", "second.txt", &["--subject", "second", "--ttl", "1"]);
    let listed = json(&place.vault(&["list"]));
    let subjects = listed["subjects"].as_array().unwrap();
    assert_eq!(subjects.len(), 2);
    assert!(
        subjects
            .iter()
            .all(|one| one["rows"].as_u64() > Some(5) && one["state"] == "kept")
    );
    assert_eq!(subjects.iter().filter(|one| one["expires_unix_ms"].is_u64()).count(), 1);
    assert_eq!(json(&place.vault(&["expire"]))["expired"].as_array().unwrap().len(), 0);
    assert_eq!(json(&place.vault(&["rotate"]))["wrapped"], 2);
    let rotated = json(&place.vault(&["rotate", "--cipher", "xchacha20-poly1305"]));
    assert_eq!(
        (&rotated["wrapped"], &rotated["cipher"]),
        (&2.into(), &"xchacha20-poly1305".into())
    );
    let sealed = find(&place.path("data/vault"), "rows");
    assert!(
        sealed
            .iter()
            .all(|path| fs::read(path).unwrap().starts_with(b"WARDROW2"))
    );
    assert_eq!(code(&place.vault(&["rotate", "--cipher", "rot13"])), 2);
    assert_eq!(code(&place.vault(&["rotate", "--cases"])), 2, "there are none");
    assert_eq!(code(&place.reid(&[&second, "--subject", "second"])), 0);
    // The same patient next week gets the same placeholders.
    let again = place.deid(&input, "tag", "again.txt", &["--subject", "first"]);
    assert_eq!(fs::read(&first).unwrap(), fs::read(&again).unwrap());
    // A damaged file is refused, for that subject alone.
    let rows = find(&place.path("data/vault"), "rows");
    let whole: Vec<Vec<u8>> = rows.iter().map(|path| fs::read(path).unwrap()).collect();
    let mut bytes = whole[0].clone();
    bytes[60] ^= 1;
    fs::write(&rows[0], bytes).unwrap();
    let codes = ["first", "second"].map(|name| code(&place.reid(&[&first, "--subject", name, "--no-check"])));
    assert!(codes.contains(&2), "{codes:?}");
    assert_ne!(codes[0], codes[1], "{codes:?}");
    fs::write(&rows[0], &whole[0]).unwrap();
    // Erased is gone.
    assert_eq!(code(&place.vault(&["erase", "first"])), 0);
    assert_eq!(code(&place.reid(&[&first, "--subject", "first"])), 2);
    assert_eq!(code(&place.vault(&["erase", "first"])), 2);
    assert_eq!(code(&place.reid(&[&second, "--subject", "second"])), 0);
    // Every access is on the ledger, without names or values.
    let export = text(&run(&["ledger", "export", "--data", &place.data()]).stdout);
    for word in [
        "ward reid",
        "ward vault erase",
        "ward vault rotate",
        "\"erased\"",
        "\"restored\"",
    ] {
        assert!(export.contains(word), "{word}");
    }
    for secret in ["Smith", "778899", "second\"", "Ruiz"] {
        assert!(!export.contains(secret), "{secret}");
    }
    assert_eq!(code(&run(&["ledger", "verify", "--data", &place.data()])), 0);
}

#[test]
fn refuses_what_it_cannot_do() {
    let place = Place::new();
    let file = place.write("x.txt", "[NAME_1KR]");
    let done = place.reid(&[&file]);
    assert_eq!(code(&done), 2);
    assert!(
        text(&done.stderr).contains("there is no data folder"),
        "{}",
        text(&done.stderr)
    );
    let input = place.write("note.txt", NOTE);
    place.deid(&input, "tag", "out.txt", &["--subject", "one"]);
    for args in [
        &["/nowhere/x.txt"][..],
        &[&file, &input],
        &[&file, "--subject", "nobody"],
        &[&file, "--kind", "fhir"],
        &[&file, "--kind", "dicom"],
    ] {
        assert_eq!(code(&place.reid(args)), 2, "{args:?}");
    }
    let latin = place.path("latin.txt");
    fs::write(&latin, b"caf\xe9").unwrap();
    assert_eq!(code(&place.reid(&[&latin.display().to_string()])), 2);
}
