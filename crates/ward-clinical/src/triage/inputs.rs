//! Finding the seven inputs in a record: the newest of each, with its place, its unit and what was converted.

use std::sync::Arc;

use ward_formats::Span;

use crate::fact::{Experiencer, Fact, FactKind, Passage, Piece, Record, Section};
use crate::lexicon::measures;
use crate::triage::news2::{Consciousness, Inputs, Parameter};
use crate::triage::words;

/// An input and where it was found.
#[derive(Clone)]
pub struct Reading {
    /// Which.
    pub parameter: Parameter,
    /// As used: `124 /min`, `38.4 °C (101.1 °F converted)`, `oxygen`.
    pub used: String,
    /// The record's words.
    pub quote: Arc<str>,
    /// Bytes of the document's source.
    pub span: Span,
}

/// What was found.
#[derive(Clone, Default)]
pub(crate) struct Found {
    pub(crate) inputs: Inputs,
    pub(crate) readings: Vec<Reading>,
    /// What was seen and not used, with why: an impossible value, one of another day.
    pub(crate) set_aside: Vec<(String, Option<Piece>)>,
    /// The day that the inputs are of, in the units of [`crate::When::day`].
    pub(crate) day: Option<i64>,
}

/// The most days by which a stand-in moves a date: a day that is not further ahead than this may be a past one of a de-identified record.
const SHIFTED_BY: i64 = 366;

/// Days by which the calendars of two places, and of the clock here, may lie apart.
const ZONES: i64 = 2;

/// Collects the inputs of the newest day that has any. Values that resources date further ahead of `today` than can be so are not used where
/// there are earlier ones; all others that are dated ahead are, and it is said.
pub(crate) fn collect(record: &Record, today: Option<i64>) -> Found {
    let mut found = Found::default();
    let vitals: Vec<(&Fact, &'static str)> = record
        .facts
        .iter()
        .filter(|fact| fact.kind == FactKind::Vital && !fact.negated && fact.experiencer == Experiencer::Patient)
        .filter_map(|fact| Some((fact, measures::vital(&fact.concept)?)))
        .collect();
    let ahead = |fact: &Fact| match (fact.day(), today, &fact.when) {
        // A placeholder's number is no day of the calendar.
        (Some(day), Some(today), Some(when)) if !when.text.starts_with('[') => day - today,
        _ => 0,
    };
    // A resource has one date, which can be a slip; what a note dates so is more likely read amiss than of that day.
    let is_to_come = |fact: &Fact| record.coded && ahead(fact) > SHIFTED_BY;
    let has_earlier = vitals.iter().any(|(fact, _)| fact.day().is_some() && !is_to_come(fact));
    let (to_come, vitals): (Vec<_>, Vec<_>) = vitals
        .into_iter()
        .partition(|(fact, _)| has_earlier && is_to_come(fact));
    let said = |found: &mut Found, fact: &Fact, name: &str, what: &str| {
        if let (Some(parameter), Some(when)) = (counts_as(name), &fact.when) {
            let what = format!("{} of {}, a day to come, {what}", parameter.word(), when.text);
            found.set_aside.push((what, fact.pieces.first().cloned()));
        }
    };
    for (fact, name) in to_come {
        said(&mut found, fact, name, "was not used");
    }
    found.day = vitals.iter().filter_map(|(fact, _)| fact.day()).max();
    // In source order, so that of several on one day the last one written counts.
    for (fact, name) in vitals {
        if found.day.is_some() && fact.day().is_some_and(|day| Some(day) < found.day) {
            continue;
        }
        if ahead(fact) > ZONES {
            said(&mut found, fact, name, "was used: is the date right?");
        }
        take(&mut found, fact, name);
    }
    let current = |passage: &&Passage| {
        let day = passage.when.as_ref().and_then(|when| when.day);
        let told_now = !matches!(
            passage.section,
            Section::PastHistory | Section::FamilyHistory | Section::Instructions
        );
        told_now && (day.is_none() || found.day.is_none() || day == found.day)
    };
    let passages: Vec<&Passage> = record.passages.iter().filter(current).collect();
    for passage in &passages {
        let text = words::told(&passage.text, record.pack());
        let may = words::may_tell(&text);
        oxygen(&mut found, passage, &text, may & words::OF_OXYGEN != 0);
        if may & words::OF_AWARENESS != 0 {
            consciousness(&mut found, passage, &text);
        }
    }
    found.readings.sort_by_key(|reading| reading.parameter);
    found
}

/// What a vital sign counts as here.
fn counts_as(name: &str) -> Option<Parameter> {
    match name {
        "respiratory rate" => Some(Parameter::Respiration),
        "heart rate" => Some(Parameter::Pulse),
        "blood pressure" | "systolic blood pressure" => Some(Parameter::Systolic),
        "oxygen saturation" => Some(Parameter::Saturation),
        "temperature" => Some(Parameter::Temperature),
        _ => None,
    }
}

fn take(found: &mut Found, fact: &Fact, name: &'static str) {
    let Some(value) = fact.value.as_deref() else { return };
    let Some(number) = words::number(value) else { return };
    let place = fact.pieces.first().cloned();
    let unit = fact.unit.as_deref().unwrap_or("").to_lowercase();
    let Some(parameter) = counts_as(name) else { return };
    let limits = match parameter {
        Parameter::Respiration => 3.0..=80.0,
        Parameter::Pulse => 15.0..=300.0,
        Parameter::Temperature => 25.0..=45.0,
        Parameter::Saturation => 30.0..=100.0,
        _ => 30.0..=300.0,
    };
    let (number, note) = match parameter {
        Parameter::Temperature => celsius(number, &unit),
        Parameter::Saturation if number <= 1.0 && number > 0.3 => {
            (number * 100.0, " (a fraction converted)".to_owned())
        }
        // Litres are not a saturation: "oxygen 2 L".
        Parameter::Saturation if unit.starts_with('l') => return,
        _ => (number, String::new()),
    };
    // "SpO2 >90%" says where the value does not lie.
    if words::is_bound(value) {
        let what = format!("{} was not scored: {value} is only a bound", parameter.word());
        return found.set_aside.push((what, place));
    }
    if !limits.contains(&number) || measures::is_possible_pressure(value) == Some(false) {
        let what = format!("{} of {value} is not possible and was not used", parameter.word());
        return found.set_aside.push((what, place));
    }
    let whole = whole(number);
    let inputs = &mut found.inputs;
    let used = match parameter {
        Parameter::Respiration => {
            inputs.respiration = Some(whole);
            format!("{whole} /min")
        }
        Parameter::Pulse => {
            inputs.pulse = Some(whole);
            format!("{whole} /min")
        }
        Parameter::Systolic => {
            inputs.systolic = Some(whole);
            format!("{whole} mmHg")
        }
        Parameter::Saturation => {
            inputs.saturation = Some(whole);
            format!("{whole} %{note}")
        }
        _ => {
            let tenths = self::whole(number * 10.0);
            inputs.temperature = Some(tenths);
            format!("{}.{} \u{b0}C{note}", tenths / 10, tenths % 10)
        }
    };
    if let Some(piece) = place {
        remember(found, parameter, used, piece.text, piece.span);
    }
}

fn remember(found: &mut Found, parameter: Parameter, used: String, quote: Arc<str>, span: Span) {
    found.readings.retain(|reading| reading.parameter != parameter);
    found.readings.push(Reading {
        parameter,
        used,
        quote,
        span,
    });
}

/// Rounded to the nearest whole number, as the chart has them.
fn whole(number: f64) -> u16 {
    // The callers keep it between 0 and 1,000.
    number.round().clamp(0.0, 10_000.0) as u16
}

/// Degrees Celsius, and what was converted. Without a unit, numbers over 45 are Fahrenheit: no body is that warm.
fn celsius(number: f64, unit: &str) -> (f64, String) {
    let fahrenheit = unit.contains('f') || (!unit.contains('c') && number > 45.0);
    if fahrenheit {
        ((number - 32.0) / 1.8, format!(" ({number} \u{b0}F converted)"))
    } else {
        (number, String::new())
    }
}

/// Says whether oxygen is given. `named` where the text may have a phrase for it.
fn oxygen(found: &mut Found, passage: &Passage, text: &str, named: bool) {
    if words::is_on_litres(text) {
        found.inputs.oxygen = Some(true);
        return remember(
            found,
            Parameter::Oxygen,
            "oxygen".to_owned(),
            Arc::clone(&passage.text),
            passage.span,
        );
    }
    if words::is_on_air(text) {
        found.inputs.oxygen = Some(false);
        return remember(
            found,
            Parameter::Oxygen,
            "air".to_owned(),
            Arc::clone(&passage.text),
            passage.span,
        );
    }
    for (phrase, given) in words::OXYGEN.iter().filter(|_| named) {
        if let Some(at) = words::stands(text, phrase)
            && !words::is_hypothetical(text, at)
        {
            let denied = *given && words::is_negated(text, at, at + phrase.len());
            let given = *given && !denied;
            if *phrase == "oxygen" && !words::litres_beside(text, at) && !denied {
                continue;
            }
            found.inputs.oxygen = Some(given);
            let used = if given { "oxygen" } else { "air" };
            return remember(
                found,
                Parameter::Oxygen,
                used.to_owned(),
                Arc::clone(&passage.text),
                passage.span,
            );
        }
    }
}

/// Says whether the patient is alert. New confusion counts; a confusion of long standing is not told apart, which errs
/// to the safe side.
fn consciousness(found: &mut Found, passage: &Passage, text: &str) {
    if let Some(scale) = words::coma_scale(text) {
        let level = if scale >= 15 {
            Consciousness::Alert
        } else {
            Consciousness::Altered
        };
        return aware(found, level, &format!("Glasgow Coma Scale {scale}"), passage);
    }
    if let Some(known) = words::oriented(text) {
        let (level, used) = match known {
            3.. => (Consciousness::Alert, "alert and oriented"),
            _ => (Consciousness::Altered, "not fully oriented"),
        };
        return aware(found, level, used, passage);
    }
    for phrase in words::ALTERED {
        if let Some(at) = words::stands(text, phrase)
            && !words::is_negated(text, at, at + phrase.len())
            && !words::is_hypothetical(text, at)
            && !words::is_of_another(text, at, at + phrase.len())
            && !words::is_topic(text, at + phrase.len())
            && !(phrase.ends_with("unresponsive") && words::is_of_a_thing(text, at, at + phrase.len()))
        {
            return aware(found, Consciousness::Altered, "altered", passage);
        }
    }
    if found.inputs.consciousness == Some(Consciousness::Altered) {
        return;
    }
    for phrase in words::ALERT {
        if let Some(at) = words::stands(text, phrase)
            && !words::is_negated(text, at, at + phrase.len())
        {
            return aware(found, Consciousness::Alert, "alert", passage);
        }
    }
}

fn aware(found: &mut Found, level: Consciousness, used: &str, passage: &Passage) {
    if level == Consciousness::Alert && found.inputs.consciousness == Some(Consciousness::Altered) {
        return;
    }
    found.inputs.consciousness = Some(level);
    remember(
        found,
        Parameter::Consciousness,
        used.to_owned(),
        Arc::clone(&passage.text),
        passage.span,
    );
}
