//! The synthetic patients under `examples/` and the values planted in them.

use anyhow::{Context as _, Result};
use serde::Deserialize;
use std::{collections::BTreeMap, path::Path};

/// The formats of a patient's record.
pub(crate) const FORMATS: [&str; 3] = ["fhir", "hl7", "note"];

/// What is true of a patient: `examples/NAME.truth.json`, as far as it matters here.
#[derive(Debug, Deserialize)]
pub(crate) struct Patient {
    /// The patient's name in file names.
    pub(crate) patient: String,
    /// File names by format.
    files: BTreeMap<String, String>,
    phi: Vec<Planted>,
}

#[derive(Debug, Deserialize)]
struct Planted {
    class: String,
    value: String,
    #[serde(rename = "in")]
    places: Vec<String>,
}

/// Every patient, in order of the file names.
pub(crate) fn all(root: &Path) -> Result<Vec<Patient>> {
    let folder = root.join("examples");
    let mut patients = Vec::new();
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .with_context(|| folder.display().to_string())?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    files.sort();
    for file in files
        .iter()
        .filter(|file| file.to_string_lossy().ends_with(".truth.json"))
    {
        let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
        patients.push(serde_json::from_str(&text).with_context(|| file.display().to_string())?);
    }
    Ok(patients)
}

impl Patient {
    /// The record in one format.
    pub(crate) fn record(&self, root: &Path, format: &str) -> Result<String> {
        let file = self.files.get(format).context("the truth file names no such format")?;
        let path = root.join("examples").join(file);
        std::fs::read_to_string(&path).with_context(|| path.display().to_string())
    }

    /// The values planted in a format, with their classes.
    pub(crate) fn planted(&self, format: &str) -> Vec<(&str, &str)> {
        let there = self
            .phi
            .iter()
            .filter(|one| one.places.iter().any(|place| place == format));
        there.map(|one| (one.class.as_str(), one.value.as_str())).collect()
    }
}

/// The planted values that stand in the bytes as words of their own: no letter or digit before or after.
pub(crate) fn leaked(bytes: &[u8], planted: &[(&str, &str)]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    let inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let stands = |value: &str| {
        text.match_indices(value).any(|(at, found)| {
            let before = text.get(..at).and_then(|text| text.chars().next_back());
            let after = text.get(at + found.len()..).and_then(|text| text.chars().next());
            !inside(before) && !inside(after)
        })
    };
    let found = planted.iter().filter(|(_, value)| stands(value));
    found.map(|(class, value)| format!("{class}: {value}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_and_parts_of_words_are_not() {
        let planted = [("NAME", "Lin"), ("AGE", "34"), ("NAME", "Ünal")];
        for (text, expect) in [
            ("Lin.", vec!["NAME: Lin"]),
            ("Linda, Berlin, 134", vec![]),
            ("x_Lin_x is 34", vec!["NAME: Lin", "AGE: 34"]),
            ("(Ünal)", vec!["NAME: Ünal"]),
            ("Berlin Lin", vec!["NAME: Lin"]),
        ] {
            assert_eq!(leaked(text.as_bytes(), &planted), expect, "{text}");
        }
    }

    #[test]
    fn every_patient_has_every_format_and_what_is_planted_stands_there() {
        let root = crate::tree::root();
        let patients = all(&root).unwrap();
        assert!(patients.len() >= 3);
        for patient in &patients {
            for format in FORMATS {
                let planted = patient.planted(format);
                let record = patient.record(&root, format).unwrap();
                let found = leaked(record.as_bytes(), &planted).len();
                assert!(found > 30, "{} {format}: {found} of {}", patient.patient, planted.len());
            }
        }
    }
}
