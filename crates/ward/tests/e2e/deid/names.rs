//! The names of results.

use super::*;

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
