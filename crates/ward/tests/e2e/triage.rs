//! `ward triage`: from a file to a priority with its reasons.

use std::fs;

use serde_json::Value;

use crate::support::ward::{folder, run};

fn triage(text: &str, more: &[&str]) -> Value {
    let folder = folder();
    let file = folder.path().join("note.txt");
    fs::write(&file, text).unwrap();
    let mut arguments = vec!["triage", file.to_str().unwrap(), "--json"];
    arguments.extend(more);
    let output = run(&arguments);
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let mut result: Value = serde_json::from_slice(&output.stdout).unwrap();
    // Every quote stands in the file where it says.
    for list in [result["reasons"].take(), result["news2"]["parameters"].take()] {
        for item in list.as_array().unwrap().iter().filter(|item| item["quote"].is_string()) {
            let at = |key: &str| usize::try_from(item[key].as_u64().unwrap()).unwrap();
            assert_eq!(&text[at("start")..at("end")], item["quote"].as_str().unwrap());
        }
    }
    result
}

#[test]
fn a_low_saturation_is_never_normal_and_missing_inputs_are_named() {
    let result = triage("Nurse: SpO2 71%. She is pale.\n", &[]);
    assert_eq!(result["news2"]["total"], Value::Null);
    assert_eq!(result["priority"], "P2");
    let missing: Vec<&str> = result["missing"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    assert_eq!(missing.len(), 6, "{missing:?}");
    let calm = triage("Medication refill. No complaints.\n", &[]);
    assert_eq!(calm["priority"], Value::Null);
    assert_eq!(calm["missing"].as_array().unwrap().len(), 7);
}

#[test]
fn the_scale_can_be_chosen() {
    let note = "Vitals: BP 128/76, HR 72, RR 16, T 37.0 C, SpO2 90% on room air. Alert.\n";
    for (more, scale, total) in [(&[][..], 1, 3), (&["--scale", "2"][..], 2, 0)] {
        let result = triage(note, more);
        assert_eq!(
            (&result["news2"]["scale"], &result["news2"]["total"]),
            (&Value::from(scale), &Value::from(total))
        );
    }
}
