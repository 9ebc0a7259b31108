//! asvs.toml names tests that exist, and says something about every requirement it lists.

use std::{collections::HashSet, fs, path::Path};

#[test]
fn every_requirement_has_a_test_that_exists_or_a_reason() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let table: toml::Table = fs::read_to_string(here.join("asvs.toml")).unwrap().parse().unwrap();
    let requirements = table["requirement"].as_array().unwrap();
    let mut ids = HashSet::new();
    for requirement in requirements {
        let id = requirement["id"].as_str().unwrap();
        assert!(ids.insert(id), "{id} stands twice");
        match (requirement.get("test"), requirement.get("not_applicable")) {
            (Some(test), None) => {
                let test = test.as_str().unwrap();
                let (file, name) = test.split_once("::").unwrap_or((test, ""));
                let text = fs::read_to_string(here.join("../..").join(file)).unwrap();
                assert!(name.is_empty() || text.contains(&format!("fn {name}(")), "{id}: {test}");
            }
            (None, Some(reason)) => assert!(!reason.as_str().unwrap().is_empty(), "{id}"),
            _ => unreachable!("{id} has a test or a reason"),
        }
    }
}
