//! asvs.toml says something about every requirement of levels 1 and 2, and names tests and places that exist.

use std::{collections::HashMap, fs, path::Path};

/// Requirements of level 1 and 2 by chapter, version 5.0.0: how many there are.
const CHAPTERS: [(&str, usize); 17] = [
    ("1", 27),
    ("2", 11),
    ("3", 19),
    ("4", 10),
    ("5", 9),
    ("6", 35),
    ("7", 18),
    ("8", 7),
    ("9", 7),
    ("10", 29),
    ("11", 14),
    ("12", 9),
    ("13", 13),
    ("14", 9),
    ("15", 13),
    ("16", 16),
    ("17", 7),
];

#[test]
fn every_requirement_has_a_test_that_exists_or_a_reason() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let table: toml::Table = fs::read_to_string(here.join("asvs.toml")).unwrap().parse().unwrap();
    let requirements = table["requirements"].as_table().unwrap();
    let mut chapters: HashMap<&str, usize> = HashMap::new();
    for (id, requirement) in requirements {
        let said = requirement.as_table().unwrap();
        *chapters.entry(id.split('.').next().unwrap()).or_default() += 1;
        assert!(matches!(said["level"].as_integer(), Some(1 | 2)), "{id}");
        assert!(!said["about"].as_str().unwrap().is_empty(), "{id}");
        let answers: Vec<_> = said
            .iter()
            .filter(|(name, _)| *name != "level" && *name != "about")
            .collect();
        let [(kind, answer)] = answers.as_slice() else {
            panic!("{id} has one answer")
        };
        let answer = answer.as_str().unwrap();
        match kind.as_str() {
            "test" => {
                let (file, name) = answer.split_once("::").unwrap();
                let text = fs::read_to_string(here.join("../..").join(file)).unwrap();
                assert!(text.contains(&format!("fn {name}(")), "{id}: {answer}");
            }
            "place" => assert!(here.join("../..").join(answer).exists(), "{id}: {answer}"),
            "not_applicable" | "missing" => assert!(answer.ends_with('.'), "{id}"),
            other => panic!("{id}: {other}"),
        }
    }
    for (chapter, count) in CHAPTERS {
        assert_eq!(chapters.get(chapter), Some(&count), "chapter {chapter}");
    }
}
