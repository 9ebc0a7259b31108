//! `ward compress`: the whole record, a number of tokens, and records that are refused.

use std::fs;

use serde_json::Value;

use crate::support::ward::{folder, run};

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/james-okafor.json");

fn compress(more: &[&str], code: i32) -> Value {
    let mut arguments = vec!["compress", EXAMPLE, "--json"];
    arguments.extend(more);
    let output = run(&arguments);
    assert_eq!(output.status.code(), Some(code));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn a_budget_leaves_out_and_says_what() {
    let all = compress(&[], 0);
    assert_eq!((&all["verified"], &all["budget"]), (&Value::from(true), &Value::Null));
    let few = compress(&["--max-tokens", "1500", "--question", "latest creatinine?"], 0);
    assert!(few["tokens"]["after"].as_u64().unwrap() <= 1500 && few["verified"] == true);
    assert_eq!(few["budget"]["met"], true);
    let number = |key: &str| few["facts"][key].as_u64().unwrap();
    assert!(number("omitted") > 0 && number("kept") + number("omitted") == number("found"));
    let listed: u64 = few["omitted"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|one| one["count"].as_u64())
        .sum();
    assert_eq!(listed, number("omitted"));
    // What must stay does not fit: it stays, and the exit code says so.
    let least = compress(&["--max-tokens", "10"], 1);
    assert_eq!(
        (&least["budget"]["met"], &least["verified"]),
        (&Value::from(false), &Value::from(true))
    );
}

#[test]
fn records_of_two_patients_are_refused() {
    let folder = folder();
    let file = folder.path().join("two.json");
    let two = r#"{"resourceType":"Bundle","type":"collection","entry":[
        {"resource":{"resourceType":"Patient","id":"a"}},{"resource":{"resourceType":"Patient","id":"b"}}]}"#;
    fs::write(&file, two).unwrap();
    for command in ["facts", "compress", "triage"] {
        let output = run(&[command, file.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(2), "{command}");
        assert!(
            String::from_utf8_lossy(&output.stderr).contains("2 patients"),
            "{command}"
        );
    }
}

#[test]
fn json_that_is_no_record_is_named() {
    let folder = folder();
    let file = folder.path().join("a.json");
    fs::write(&file, "{\"a\": 1}").unwrap();
    for command in ["facts", "compress", "triage", "state"] {
        let output = run(&[command, file.to_str().unwrap()]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(3), "{command}: {said}");
        assert!(said.contains("no FHIR resource"), "{command}: {said}");
    }
    let told = run(&["facts", file.to_str().unwrap(), "--kind", "text"]);
    assert_eq!(told.status.code(), Some(0));
}
