//! The synthetic patients under `examples/` and what is true of them.

use std::{fs, path::PathBuf};

use serde_json::Value;

use super::ward::root;

/// A patient in three formats.
pub struct Example {
    pub truth: Value,
}

/// The formats' names in the truth files.
pub const FORMATS: [&str; 3] = ["fhir", "hl7", "note"];

impl Example {
    pub fn all() -> Vec<Self> {
        ["maria-alvarez", "james-okafor", "lin-tran"]
            .into_iter()
            .map(Self::load)
            .collect()
    }

    pub fn load(name: &str) -> Self {
        let text = fs::read_to_string(root().join("examples").join(format!("{name}.truth.json"))).unwrap();
        Self {
            truth: serde_json::from_str(&text).unwrap(),
        }
    }

    pub fn path(&self, format: &str) -> PathBuf {
        root()
            .join("examples")
            .join(self.truth["files"][format].as_str().unwrap())
    }

    pub fn text(&self, format: &str) -> String {
        fs::read_to_string(self.path(format)).unwrap()
    }

    /// The planted values of a format, with their classes.
    pub fn planted(&self, format: &str) -> Vec<(String, String)> {
        let planted = self.truth["phi"].as_array().unwrap().iter();
        planted
            .filter(|one| one["in"].as_array().unwrap().iter().any(|place| place == format))
            .map(|one| {
                (
                    one["class"].as_str().unwrap().to_owned(),
                    one["value"].as_str().unwrap().to_owned(),
                )
            })
            .collect()
    }

    /// The questions that a format can be asked.
    pub fn questions(&self, format: &str) -> Vec<&Value> {
        let questions = self.truth["questions"].as_array().unwrap().iter();
        questions
            .filter(|one| one["formats"].as_array().unwrap().iter().any(|place| place == format))
            .collect()
    }
}

/// Every string of a JSON array.
pub fn strings(value: &Value) -> Vec<String> {
    value
        .as_array()
        .map(|all| all.iter().filter_map(|one| one.as_str().map(str::to_owned)).collect())
        .unwrap_or_default()
}

/// The planted values that stand in the bytes as words of their own.
pub fn leaked(bytes: &[u8], planted: &[(String, String)]) -> Vec<String> {
    // In JSON a line break is written with a letter, which would hide that a word begins after it.
    let text = String::from_utf8_lossy(bytes)
        .replace("\\n", "\n")
        .replace("\\t", "\t")
        .replace("\\r", "\r");
    planted
        .iter()
        .filter(|(_, value)| {
            text.match_indices(value.as_str()).any(|(at, found)| {
                let inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
                !inside(text[..at].chars().next_back()) && !inside(text[at + found.len()..].chars().next())
            })
        })
        .map(|(class, value)| format!("{class}: {value}"))
        .collect()
}
