//! Whose values: subjects, the vault, known people.

use super::*;

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
fn workers_lose_no_row_of_each_other() {
    let temp = folder();
    let (input, out, data) = (
        temp.path().join("in"),
        temp.path().join("out"),
        temp.path().join("data"),
    );
    for number in 0..60 {
        write(&input, &format!("{number}.txt"), NOTE);
    }
    let output = deid(&[
        "--vault",
        "--jobs",
        "4",
        "--data",
        s(&data),
        "--out",
        s(&out),
        s(&input),
    ]);
    assert_eq!(code(&output), 0);
    let listed = run(&["vault", "list", "--json", "--data", s(&data)]);
    let listed: serde_json::Value = serde_json::from_slice(&listed.stdout).unwrap();
    let rows: Vec<u64> = listed["subjects"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["rows"].as_u64().unwrap())
        .collect();
    assert!(rows.len() == 60 && rows.iter().all(|count| *count > 5), "{rows:?}");
}
