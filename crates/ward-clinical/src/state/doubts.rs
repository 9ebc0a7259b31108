//! What a reader should not take as it stands: values that cannot be, units that contradict each other, dates to come.

use super::{Series, State};
use crate::fact::Fact;

/// Something doubtful that the record says. It stays in the state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// What it is about.
    pub about: String,
    /// Why it is doubtful.
    pub why: String,
}

/// Measurements and the values a living person can have, in the units that are written most: far outside of what is normal,
/// so that only mistakes of writing fall out. (name, unit in lower case or empty for none stated, least, most)
#[rustfmt::skip]
const POSSIBLE: &[(&str, &[&str], f64, f64)] = &[
    ("heart rate", &["", "/min", "bpm", "beats/min", "{beats}/min"], 10.0, 350.0),
    ("respiratory rate", &["", "/min", "breaths/min", "{breaths}/min"], 2.0, 100.0),
    ("oxygen saturation", &["", "%"], 10.0, 100.0),
    ("blood pressure", &["", "mmhg", "mm[hg]", "mm hg"], 20.0, 350.0),
    ("systolic blood pressure", &["", "mmhg", "mm[hg]", "mm hg"], 20.0, 350.0),
    ("diastolic blood pressure", &["", "mmhg", "mm[hg]", "mm hg"], 5.0, 250.0),
    ("temperature", &["c", "cel", "°c"], 12.0, 47.0),
    ("temperature", &["f", "[degf]", "°f"], 54.0, 117.0),
    ("temperature", &[""], 12.0, 117.0),
    ("body weight", &["kg"], 0.2, 650.0),
    ("body height", &["cm"], 20.0, 275.0),
    ("body mass index", &["", "kg/m2"], 6.0, 210.0),
    ("potassium", &["", "mmol/l", "meq/l"], 0.8, 15.0),
    ("sodium", &["", "mmol/l", "meq/l"], 80.0, 220.0),
    ("creatinine", &["mg/dl"], 0.0, 60.0),
    ("glucose", &["mg/dl"], 2.0, 3000.0),
    ("hemoglobin a1c", &["", "%"], 2.0, 25.0),
    ("hemoglobin", &["g/dl"], 0.5, 30.0),
];

pub(super) fn of(state: &State, today: Option<i64>) -> Vec<Doubt> {
    let mut doubts = Vec::new();
    let mut add = |about: &str, why: String| {
        doubts.push(Doubt {
            about: about.to_owned(),
            why,
        });
    };
    let at = |fact: &Fact| {
        fact.when
            .as_ref()
            .map_or(String::new(), |when| format!(" of {}", when.text))
    };
    for one in &state.series {
        for fact in &one.entries {
            if let Some(number) = Series::number(fact)
                && !possible(one, number)
            {
                let value = fact.value.as_deref().unwrap_or("");
                add(
                    &one.name,
                    format!("{value}{} is outside of what a person can have", at(fact)),
                );
            }
        }
    }
    for (i, one) in state.series.iter().enumerate() {
        let others: Vec<&str> = state
            .series
            .iter()
            .filter(|other| other.name == one.name)
            .map(|other| other.unit.as_deref().unwrap_or("no unit"))
            .collect();
        let first = state.series.iter().position(|other| other.name == one.name) == Some(i);
        if first && others.len() > 1 {
            add(
                &one.name,
                format!("written in {}: the values are not compared", others.join(" and ")),
            );
        }
    }
    let none_known = state
        .allergies
        .iter()
        .any(|one| one.entries.iter().any(|fact| fact.negated && is_none(fact)));
    for one in state.allergies.iter().filter(|one| one.active && none_known) {
        add(&one.name, "the record also says that no allergy is known".to_owned());
    }
    for concept in ["sex", "born"] {
        let told: Vec<&str> = state
            .patient
            .iter()
            .filter(|fact| fact.concept == concept)
            .filter_map(|fact| fact.value.as_deref())
            .collect();
        if told.len() > 1 {
            add(concept, format!("the record says {}", told.join(" and ")));
        }
    }
    for fact in state.facts().filter(|fact| fact.kind != crate::FactKind::FollowUp) {
        if let (Some(today), Some(day)) = (today, fact.day())
            && day > today
        {
            add(&fact.concept, format!("dated to the future{}", at(fact)));
        }
    }
    let undated = state
        .series
        .iter()
        .flat_map(|one| &one.entries)
        .filter(|fact| fact.day().is_none());
    match undated.count() {
        0 => {}
        count => add(
            "results",
            format!("{count} without a date that could be read; they stand before the dated ones"),
        ),
    }
    doubts
}

fn is_none(fact: &Fact) -> bool {
    let lower = fact.concept.to_lowercase();
    lower.contains("no known") || lower.contains("no allerg")
}

fn possible(series: &Series, number: f64) -> bool {
    let unit = series.unit.as_deref().unwrap_or("").to_lowercase();
    POSSIBLE
        .iter()
        .find(|(name, units, ..)| *name == series.name && units.contains(&unit.as_str()))
        .is_none_or(|(_, _, least, most)| (*least..=*most).contains(&number))
}
