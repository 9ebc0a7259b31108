//! What is measured on.

use anyhow::{Context as _, Result};
use regex::Regex;
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
};
use ward_deid::synthetic::{self, Half, Note};

/// A text with what must be masked and what must not be touched, both in code points.
pub(crate) struct Text {
    pub(crate) id: String,
    pub(crate) text: String,
    pub(crate) gold: Vec<(usize, usize, String)>,
    pub(crate) keep: Vec<(usize, usize)>,
}

/// Texts that belong together.
pub(crate) struct Set {
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
    pub(crate) about: String,
    pub(crate) texts: Vec<Text>,
}

/// Every set there is.
pub(crate) fn sets(data: Option<&Path>) -> Result<Vec<Set>> {
    let mut sets = vec![
        generated(
            "generated-notes",
            "Generated notes, test half",
            400,
            synthetic::note_of_either_surface,
        ),
        generated(
            "generated-queries",
            "Generated queries, test half",
            1000,
            synthetic::query,
        ),
        generated(
            "generated-forms",
            "Generated lines of forms, test half",
            2000,
            synthetic::form,
        ),
    ];
    let Some(data) = data else {
        println!("- no --data: public material is left out\n");
        return Ok(sets);
    };
    for (folder, load) in [("phi", queries as fn(&Path) -> Result<Set>), ("notes", notes)] {
        let folder = data.join(folder);
        if folder.is_dir() {
            sets.push(load(&folder)?);
        } else {
            println!("- {} is not there: left out\n", folder.display());
        }
    }
    Ok(sets)
}

fn generated(name: &'static str, title: &'static str, count: u64, make: fn(Half, u64) -> Note) -> Set {
    let texts = (0..count)
        .map(|seed| of_note(format!("{name}-{seed}"), &make(Half::Test, seed)))
        .collect();
    Set {
        name,
        title,
        about: format!("{count} texts of `ward_deid::synthetic`, written by Ward's authors: a guard, no proof."),
        texts,
    }
}

fn of_note(id: String, note: &Note) -> Text {
    let points = |at: usize| note.text.get(..at).map_or(0, |head| head.chars().count());
    Text {
        id,
        gold: note
            .spans
            .iter()
            .map(|(span, class)| (points(span.start), points(span.end), class.label().to_owned()))
            .collect(),
        keep: note
            .keep
            .iter()
            .map(|span| (points(span.start), points(span.end)))
            .collect(),
        text: note.text.clone(),
    }
}

/// Lines `{"id","text","spans":[{"start","end","type"}]}`.
fn queries(folder: &Path) -> Result<Set> {
    let mut texts = Vec::new();
    for line in lines(folder)? {
        let gold = line["spans"].as_array().into_iter().flatten().map(|span| {
            let number = |key: &str| usize::try_from(span[key].as_u64().unwrap_or(0)).unwrap_or(0);
            (
                number("start"),
                number("end"),
                span["type"].as_str().unwrap_or("?").to_owned(),
            )
        });
        texts.push(Text {
            id: line["id"].as_str().unwrap_or_default().to_owned(),
            text: line["text"].as_str().unwrap_or_default().to_owned(),
            gold: gold.collect(),
            keep: Vec::new(),
        });
    }
    Ok(Set {
        name: "queries",
        title: "Clinical queries",
        about: format!(
            "{} queries of synthetic-clinical-queries (MIT), the half that rules may be tuned on: expect less elsewhere.",
            texts.len()
        ),
        texts,
    })
}

/// Notes without marks: what a model needs of them must stay. Pressures are written without a leading zero, so that "04/10" and
/// "11/07" are dates.
fn notes(folder: &Path) -> Result<Set> {
    let clinical = Regex::new(concat!(
        r"(?i)\b\d+(?:\.\d+)?\s?(?:mg|mcg|milligrams?|micrograms?|grams?|g|ml|cc|units?|meq|mmol|puffs?|tablets?|capsules?|liters?)\b",
        r"(?:/(?:dl|ml|l|kg|day|hour))?|\b[1-9]\d{1,2}/[1-9]\d{1,2}\b(?:\s?mmhg)?|\b\d+(?:\.\d+)?\s?(?:%|percent|bpm|mmhg|degrees)",
        r"|\b(?:a1c|hemoglobin|creatinine|potassium|sodium|glucose|inr|wbc|hematocrit|troponin|tsh|bun|ldl|hdl|psa|ef|bmi|",
        r"heart rate|pulse|temperature|respiratory rate|oxygen saturation|spo2)(?:\s(?:of|is|was|at))?:?\s\d+(?:\.\d+)?\b",
    ))?;
    let mut texts = Vec::new();
    let mut marks = 0;
    for (number, line) in lines(folder)?.into_iter().enumerate() {
        let Some(text) = ["note", "section_text", "text", "tgt"]
            .iter()
            .find_map(|key| line[*key].as_str())
        else {
            continue;
        };
        let points = |at: usize| text.get(..at).map_or(0, |head| head.chars().count());
        let bytes = text.as_bytes();
        let keep: Vec<_> = clinical
            .find_iter(text)
            // "02/14" of "02/14/2002" is no blood pressure.
            .filter(|m| {
                !matches!(bytes.get(m.end()), Some(b'/'))
                    && m.start().checked_sub(1).and_then(|at| bytes.get(at)) != Some(&b'/')
            })
            .map(|m| (points(m.start()), points(m.end())))
            .collect();
        marks += keep.len();
        texts.push(Text {
            id: number.to_string(),
            text: text.to_owned(),
            gold: Vec::new(),
            keep,
        });
    }
    Ok(Set {
        name: "notes",
        title: "Clinical notes: doses, laboratory values, vital signs",
        about: format!(
            "{} notes and sections of aci-bench and MTS-Dialog (CC BY 4.0); {marks} expressions found by a pattern of this program's own.",
            texts.len()
        ),
        texts,
    })
}

fn lines(folder: &Path) -> Result<Vec<Value>> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    files.sort();
    let mut lines = Vec::new();
    for file in files
        .iter()
        .filter(|file| file.extension().is_some_and(|ending| ending == "jsonl"))
    {
        let text = fs::read_to_string(file).with_context(|| file.display().to_string())?;
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            lines.push(serde_json::from_str(line).with_context(|| file.display().to_string())?);
        }
    }
    Ok(lines)
}
