//! What comes out: one file, folders, every format.

use super::*;

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

/// What the spans of a whole file cut out of `count`, which each of them counts in.
fn cut_out(kind: &str, input: &str, count: &str) -> Vec<String> {
    let output = piped(&["--kind", kind, "--spans"], input.as_bytes());
    let got: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let of = |span: &serde_json::Value, key: &str| usize::try_from(span[key].as_u64().unwrap()).unwrap();
    let spans = got["spans"].as_array().unwrap().iter();
    spans
        .map(|span| {
            let (start, end) = (of(span, "start"), of(span, "end"));
            count.chars().skip(start).take(end - start).collect()
        })
        .collect()
}

#[test]
fn spans_of_fields_count_in_their_field() {
    let table = "hba1c,note\n7.2,é saw Dr. Zelda Quillfeather\n";
    assert_eq!(
        cut_out("csv", table, "é saw Dr. Zelda Quillfeather"),
        ["Dr. Zelda Quillfeather"]
    );
    let header = "Zelda Quillfeather note,status\nwell,active\n";
    assert_eq!(
        cut_out("csv", header, "Zelda Quillfeather note"),
        ["Zelda", "Quillfeather"]
    );
    let json = r#"{"note":"é saw Dr. Zelda Quillfeather","text":"well"}"#;
    assert_eq!(
        cut_out("json", json, "é saw Dr. Zelda Quillfeather"),
        ["Dr. Zelda Quillfeather"]
    );
    let xml = "<a><note>é saw Dr. Zelda Quillfeather</note></a>";
    assert_eq!(
        cut_out("xml", xml, "é saw Dr. Zelda Quillfeather"),
        ["Dr. Zelda Quillfeather"]
    );
    // Those of a message count in the file: after other messages, and after a segment that is left out.
    let one = "MSH|^~\\&|||||||ORU^R01|1|P|2.5\rZPI|é\rPID|1||77^^^^MR||Quill^é\rZPD|2|x\rNTE|1||Dr. Quill\r";
    let two = one.replace("77", "88");
    let batch = format!("{one}{two}");
    assert_eq!(
        cut_out("hl7", &batch, &batch),
        [
            "1",
            "77",
            "Quill",
            "é",
            "Dr. Quill",
            "1",
            "88",
            "Quill",
            "é",
            "Dr. Quill"
        ]
    );
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
