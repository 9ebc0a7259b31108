//! Manifests and review pages.

use super::*;

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

#[test]
fn decisions_hold_where_the_manifest_says_and_none_is_lost() {
    let temp = folder();
    let input = temp.path().join("in");
    let (out, manifest) = (temp.path().join("out"), temp.path().join("m.jsonl"));
    let table = write(&input, "t.csv", "id,sex,Quillfeather\n1,F,x\n");
    let patient = write(&input, "p.json", PATIENT);
    let output = deid(&["--manifest", s(&manifest), "--out", s(&out), s(&input)]);
    assert_eq!(code(&output), 0, "{}", text(&output.stderr));
    let lines = fs::read_to_string(&manifest).unwrap();
    let of = |place: &str| -> serde_json::Value {
        let mut lines = lines.lines().map(|line| serde_json::from_str(line).unwrap());
        lines.find(|line: &serde_json::Value| line["place"] == place).unwrap()
    };
    let rejects = |place: &str| {
        let one = of(place);
        serde_json::json!({"place": place, "start": one["start"], "end": one["end"], "action": "remove"})
    };
    let nowhere = serde_json::json!({"place": "line 9", "start": 0, "end": 1, "action": "remove"});
    let file = |path: &Path, changes: &[serde_json::Value]| {
        let sha256 = ward_seal::hash::hex(&ward_seal::hash::sha256(&fs::read(path).unwrap()));
        serde_json::json!({"file": path.file_name().unwrap().to_str(), "sha256": sha256, "changes": changes})
    };
    let decisions = serde_json::json!({"ward_review": 1, "files": [
        file(&table, &[rejects("record 1, column 3")]),
        file(&patient, &[rejects("birthDate"), nowhere]),
    ]});
    let decisions = write(temp.path(), "review.json", decisions.to_string());
    let output = deid(&["--accept", s(&decisions), "--out", s(&out), "--json", s(&input)]);
    assert_eq!(code(&output), 3, "{}", text(&output.stderr));
    let told = &summary(&output)["not_examined"];
    assert!(
        told.as_array().unwrap().len() == 1 && told[0]["place"] == "change 2 of --accept",
        "{told}"
    );
    assert!(
        fs::read_to_string(out.join("t.csv"))
            .unwrap()
            .starts_with("id,sex,Quillfeather\n")
    );
    let patient = fs::read_to_string(out.join("p.json")).unwrap();
    assert!(
        patient.contains("\"1952-03-14\"") && !patient.contains("Quillfeather"),
        "{patient}"
    );
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
