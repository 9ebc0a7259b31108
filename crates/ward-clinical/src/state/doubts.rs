//! What a reader should not take as it stands: values that cannot be, units that contradict each other, dates to come.

use super::{Series, State};
use crate::{fact::Fact, lexicon::measures};

/// Something doubtful that the record says. It stays in the state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// What it is about.
    pub about: String,
    /// Why it is doubtful.
    pub why: String,
}

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
            let value = fact.value.as_deref().unwrap_or("");
            let unit = one.unit.as_deref().unwrap_or("");
            let single = Series::number(fact).and_then(|number| measures::is_possible(&one.name, unit, number));
            let pressure = one.name.contains("pressure") && measures::is_possible_pressure(value) == Some(false);
            if single == Some(false) || pressure {
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
        // The number of a placeholder is no day of the calendar.
        let holder = fact.when.as_ref().is_some_and(|when| when.text.starts_with('['));
        if let (Some(today), Some(day)) = (today, fact.day())
            && day > today
            && !holder
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
