//! `ward ask`: the path from a record to a cited answer, in one process.

use std::{fs, io::Write, process::Stdio};

use serde_json::Value;

use crate::support::{
    examples::{Example, FORMATS, strings},
    ward::{command, folder, ledger_entries, root, run},
};

fn ask(data: &std::path::Path, record: &std::path::Path, question: &str) -> Value {
    let output = run(&[
        "ask",
        record.to_str().unwrap(),
        question,
        "--json",
        "--data",
        data.to_str().unwrap(),
    ]);
    assert!(
        output.status.success(),
        "{question}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Case and the spelling of white space do not matter to what an answer says.
fn folded(text: &str) -> String {
    text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn answers_the_questions_of_every_example_in_every_format() {
    let data = folder();
    let mut wrong = Vec::new();
    let mut asked = 0;
    for example in Example::all() {
        for format in FORMATS {
            for question in example.questions(format) {
                asked += 1;
                let text = question["question"].as_str().unwrap();
                let reply = ask(data.path(), &example.path(format), text);
                let answer = folded(reply["answer"].as_str().unwrap());
                let mut must = strings(&question["answer_has"]);
                must.extend(strings(&question["answer_has_in"][format]));
                let missing: Vec<_> = must.iter().filter(|part| !answer.contains(&folded(part))).collect();
                let unwanted: Vec<_> = strings(&question["answer_lacks"])
                    .into_iter()
                    .filter(|part| answer.contains(&folded(part)))
                    .collect();
                let refused = reply["refused"] == question["refused"];
                if !missing.is_empty() || !unwanted.is_empty() || !refused {
                    wrong.push(format!(
                        "{} {format} {:?}: missing {missing:?}, unwanted {unwanted:?}, refused {}\n  {answer}",
                        example.truth["patient"], text, reply["refused"]
                    ));
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {asked} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn quotes_stand_in_the_record_at_the_place_given() {
    let data = folder();
    for example in Example::all() {
        for format in FORMATS {
            let source: Vec<char> = example.text(format).chars().collect();
            let reply = ask(
                data.path(),
                &example.path(format),
                "What is she allergic to, and which medicines changed this year?",
            );
            let citations = reply["citations"].as_array().unwrap();
            assert!(!citations.is_empty());
            for citation in citations {
                let (start, end) = (
                    citation["start"].as_u64().unwrap() as usize,
                    citation["end"].as_u64().unwrap() as usize,
                );
                let quoted: String = source[start..end].iter().collect();
                assert_eq!(quoted, citation["text"].as_str().unwrap(), "{format}");
            }
        }
    }
}

#[test]
fn says_what_it_did_as_data() {
    let data = folder();
    let maria = Example::load("maria-alvarez");
    let reply = ask(data.path(), &maria.path("fhir"), "What is she allergic to?");
    assert!(reply["receipt"].as_str().unwrap().starts_with("wr_"));
    assert!(reply["replaced"]["name"].as_u64().unwrap() > 10);
    assert!(reply["tokens"]["before"].as_u64() > reply["tokens"]["after"].as_u64());
    let stages: Vec<_> = reply["stages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|stage| stage["stage"].as_str().unwrap())
        .collect();
    assert_eq!(
        stages,
        [
            "admit",
            "deidentify",
            "inspect",
            "compress",
            "answer",
            "check",
            "reidentify"
        ]
    );
    let events: Vec<_> = ledger_entries(data.path())
        .into_iter()
        .filter(|entry| entry["receipt"] == reply["receipt"])
        .map(|entry| entry["event"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(events, ["request", "answered"]);
}

#[test]
fn reads_a_record_from_standard_input() {
    let data = folder();
    let mut child = command(&[
        "ask",
        "-",
        "What is he allergic to?",
        "--data",
        data.path().to_str().unwrap(),
    ])
    .stdin(Stdio::piped())
    .stdout(Stdio::piped())
    .stderr(Stdio::piped())
    .spawn()
    .unwrap();
    let record =
        b"Name: Bo Lindgren\nDOB: 02/03/1961\n\nALLERGIES:\nPenicillin - rash.\n\nPLAN:\nFollow up in 3 months.\n";
    child.stdin.take().unwrap().write_all(record).unwrap();
    let output = child.wait_with_output().unwrap();
    let answer = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success() && answer.contains("Penicillin - rash"),
        "{answer}"
    );
    assert!(output.stderr.is_empty(), "steps are for terminals");
}

#[test]
fn a_record_that_holds_nothing_gets_no_invention() {
    let data = folder();
    let reply = ask(
        data.path(),
        &root().join("examples/hostile/empty.json"),
        "What is she allergic to?",
    );
    assert_eq!(reply["refused"], true);
    assert_eq!(reply["citations"].as_array().unwrap().len(), 0);
}

#[test]
fn bad_input_gets_a_clear_error_and_exit_2() {
    let data = folder();
    let data = data.path().to_str().unwrap();
    let hostile = root().join("examples/hostile");
    let scratch = folder();
    let write = |name: &str, bytes: &[u8]| {
        let path = scratch.path().join(name);
        fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let cases = [
        (hostile.join("broken-entry.json").to_str().unwrap().to_owned(), "entry["),
        // A name inside a key cannot be replaced; the facts of this one patient can be read all the same.
        (hostile.join("odd-values.json").to_str().unwrap().to_owned(), "entry[1]"),
        (hostile.join("truncated.hl7").to_str().unwrap().to_owned(), "document 1"),
        (hostile.join("hidden-note.txt").to_str().unwrap().to_owned(), "line 9"),
        (write("latin1.txt", b"Name: Jos\xe9"), "UTF-8"),
        (write("empty.txt", b" \n"), "it is empty"),
        (
            write("bad.json", b"{\"resourceType\": \"Patient\", \"id\": SECRET-VALUE}"),
            "byte",
        ),
        (write("missing.txt", b"").replace("missing", "no-such"), "cannot open"),
    ];
    for (file, expect) in cases {
        let output = run(&["ask", &file, "Any allergies?", "--data", data]);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{file}: {stderr}");
        assert!(stderr.contains(expect), "{file}: {stderr}");
        assert!(output.stdout.is_empty() && !stderr.contains("SECRET-VALUE"), "{file}");
    }
    let output = run(&["ask", "examples/x.json", " ", "--data", data]);
    assert_eq!(output.status.code(), Some(2));
    let output = run(&[
        "ask",
        &write("note.txt", b"ok"),
        "Q?",
        "--model",
        "no-such",
        "--data",
        data,
    ]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("no model of that name"));
}

#[test]
fn an_id_that_is_a_number_is_the_one_that_references_name() {
    let record = root().join("examples/hostile/odd-values.json");
    let output = run(&["facts", record.to_str().unwrap()]);
    let text = String::from_utf8_lossy(&output.stdout);
    for fact in ["Potassium 4.4", "Gout", "Cephalexin", "allopurinol 100 mg"] {
        assert!(text.contains(fact), "{fact}: {text}");
    }
}

#[test]
fn instructions_in_a_record_change_nothing() {
    let data = folder();
    let note = root().join("examples/hostile/injection-note.txt");
    let reply = ask(data.path(), &note, "What is the patient allergic to?");
    let source = fs::read_to_string(&note).unwrap();
    for citation in reply["citations"].as_array().unwrap() {
        assert!(source.contains(citation["text"].as_str().unwrap()));
    }
    assert_eq!(reply["model"], "ward-cite");
}
