//! Medicines over time: which are taken now, and what was started, stopped or changed when.

use std::collections::BTreeMap;

use super::{Source, question::Change};
use crate::{
    fact::{Fact, FactKind, Section},
    lexicon::drugs,
};

/// A mention or order of a medicine.
#[derive(Clone, Copy)]
pub(crate) struct Mention<'a> {
    /// Index of the source.
    pub(crate) source: usize,
    /// The fact.
    pub(crate) fact: &'a Fact,
    /// A note's words, not an order of a structure.
    pub(crate) prose: bool,
}

/// A change of one medicine.
#[derive(Clone, Copy)]
pub(crate) struct Event<'a> {
    /// What happened: a fixed word.
    pub(crate) label: &'static str,
    /// The day, if known.
    pub(crate) day: Option<i64>,
    /// What says so.
    pub(crate) mention: Mention<'a>,
}

/// Mentions by ingredient, each list in order of time (undated first), then of the record.
pub(crate) fn timeline<'a>(sources: &[Source<'a>]) -> BTreeMap<String, Vec<Mention<'a>>> {
    let mut all: BTreeMap<String, Vec<Mention<'a>>> = BTreeMap::new();
    for (source, s) in sources.iter().enumerate() {
        let prose = matches!(s.doc, ward_formats::Doc::Text(_));
        for fact in s.record.facts.iter().filter(|f| f.kind == FactKind::Medication) {
            all.entry(drugs::ingredient(&fact.concept))
                .or_default()
                .push(Mention { source, fact, prose });
        }
    }
    for list in all.values_mut() {
        list.sort_by_key(|m| m.fact.day());
    }
    all
}

/// Whether a status says that it is no longer taken.
fn is_over(fact: &Fact) -> bool {
    fact.negated
        || matches!(
            fact.status.as_deref(),
            Some(
                "stopped"
                    | "held"
                    | "declined"
                    | "cancelled"
                    | "completed"
                    | "entered-in-error"
                    | "on-hold"
                    | "not-taken"
                    | "ended"
                    | "draft"
            )
        )
}

/// The mention that says what is taken now, for every medicine that is.
pub(crate) fn current<'a>(all: &BTreeMap<String, Vec<Mention<'a>>>) -> Vec<Mention<'a>> {
    // The newest medication list of the notes: what it and later lines do not name is not taken now.
    let newest_list = all
        .values()
        .flatten()
        .filter(|m| m.prose && m.fact.section == Section::Medications)
        .filter_map(|m| m.fact.day())
        .max();
    let mut found = Vec::new();
    for mentions in all.values() {
        let Some(last) = mentions.last() else { continue };
        let last_day = last.fact.day();
        // On one day a stop outweighs a mention of the same day in another order.
        if mentions.iter().rev().take_while(|m| m.fact.day() == last_day).any(|m| {
            m.prose && is_over(m.fact) || !m.prose && m.fact.status.as_deref() == Some("stopped") && mentions.len() == 1
        }) {
            continue;
        }
        let live: Vec<&Mention<'_>> = mentions.iter().filter(|m| !is_over(m.fact)).collect();
        let Some(live_last) = live.last() else { continue };
        // A structured order that is over ends it, unless a later one is live.
        if is_over(last.fact) && live_last.fact.day() < last_day {
            continue;
        }
        if live_last.prose && newest_list.is_some_and(|list| live_last.fact.day().is_some_and(|day| day < list)) {
            continue;
        }
        let best = live
            .iter()
            .rev()
            .take_while(|m| m.fact.day() == live_last.fact.day() || live_last.fact.dose.is_none())
            .find(|m| m.fact.dose.is_some())
            .or(live.last());
        found.extend(best.map(|m| **m));
    }
    found.sort_by_key(|m| (m.source, m.fact.pieces.first().map(|p| p.span.start)));
    found
}

/// Every change, in order of time.
pub(crate) fn events<'a>(all: &BTreeMap<String, Vec<Mention<'a>>>) -> Vec<Event<'a>> {
    let mut found: Vec<Event<'a>> = Vec::new();
    for mentions in all.values() {
        let mut of_one: Vec<Event<'a>> = Vec::new();
        for (i, mention) in mentions.iter().enumerate() {
            let fact = mention.fact;
            if fact.negated {
                continue;
            }
            let before = mentions
                .get(..i)
                .unwrap_or(&[])
                .iter()
                .rev()
                .find(|m| m.fact.dose.is_some() && !m.fact.negated);
            let label = match (fact.status.as_deref(), mention.prose) {
                (Some("started"), _) => "started",
                (Some("stopped"), true) => "stopped",
                (Some("held"), _) => "held",
                (Some("increased"), _) => "increased",
                (Some("decreased"), _) => "decreased",
                (Some("changed"), _) => {
                    before.map_or("changed", |before| direction(before.fact, fact).unwrap_or("changed"))
                }
                _ if mention.prose => "",
                // An order of a structure: new, or another dose than the order before.
                _ => match before.or(mentions.get(..i).unwrap_or(&[]).last()) {
                    None if fact.until.is_some() && fact.until.as_ref().and_then(|u| u.day) == fact.day() => "",
                    None => "started",
                    Some(before) => direction(before.fact, fact).unwrap_or(""),
                },
            };
            if !label.is_empty() {
                of_one.push(Event {
                    label,
                    day: fact.day(),
                    mention: *mention,
                });
            }
            if !mention.prose && matches!(fact.status.as_deref(), Some("stopped" | "cancelled" | "on-hold")) {
                let day = fact.until.as_ref().and_then(|u| u.day).or(match label {
                    "" | "started" => None,
                    _ => fact.day(),
                });
                // A later order by the day of the stop: the dose changed, the medicine went on.
                let goes_on = mentions
                    .iter()
                    .skip(i + 1)
                    .any(|m| !m.prose && m.fact.day() > fact.day() && day.is_none_or(|day| m.fact.day() <= Some(day)));
                if !goes_on {
                    of_one.push(Event {
                        label: "stopped",
                        day,
                        mention: *mention,
                    });
                }
            }
        }
        // Copied-forward lines tell a change once: the first time. The same change of the same day
        // in another document is the same change.
        let mut kept: Vec<Event<'a>> = Vec::new();
        for event in of_one {
            let same = |other: &Event<'a>| {
                other.label == event.label
                    && (other.day == event.day
                        || (other.mention.fact.dose == event.mention.fact.dose
                            && other.mention.prose
                            && event.mention.prose
                            && !interrupted(&kept, other, &event)))
            };
            if !kept.iter().any(same) {
                kept.push(event);
            }
        }
        found.extend(kept);
    }
    found.sort_by_key(|e| {
        (
            e.day,
            e.mention.source,
            e.mention.fact.pieces.first().map(|p| p.span.start),
        )
    });
    found
}

/// Whether something else happened to the medicine between two events.
fn interrupted(kept: &[Event<'_>], first: &Event<'_>, second: &Event<'_>) -> bool {
    kept.iter()
        .any(|e| e.label != first.label && e.day > first.day && e.day <= second.day)
}

/// Which way the dose went between two facts.
fn direction(before: &Fact, after: &Fact) -> Option<&'static str> {
    let amount = |fact: &Fact| {
        let text = fact
            .concept
            .split_whitespace()
            .find(|w| w.starts_with(|c: char| c.is_ascii_digit()))
            .map(str::to_owned);
        let unit_of_concept = fact.concept.to_lowercase();
        let strength = text.filter(|_| {
            ["mg", "mcg", "unt", "unit", "meq"]
                .iter()
                .any(|u| unit_of_concept.contains(u))
        });
        let dose = fact.dose.clone().unwrap_or_default();
        let number = |text: &str| {
            text.chars()
                .take_while(|c| c.is_ascii_digit() || *c == '.')
                .collect::<String>()
                .parse::<f64>()
                .ok()
        };
        // A dose in units of mass, else the strength in the name.
        let massive = ["mg", "mcg", "unit", "meq", "g"]
            .iter()
            .any(|u| dose.to_lowercase().ends_with(u));
        if massive {
            number(&dose)
        } else {
            strength.as_deref().and_then(number).or_else(|| number(&dose))
        }
    };
    let (a, b) = (amount(before)?, amount(after)?);
    if b > a {
        Some("increased")
    } else if b < a {
        Some("decreased")
    } else {
        let frequency = |fact: &Fact| fact.frequency.as_deref().map(str::to_lowercase);
        (frequency(before).is_some() && frequency(after).is_some() && frequency(before) != frequency(after))
            .then_some("changed")
    }
}

/// Whether an event answers a question about `change`.
pub(crate) fn matches(change: Change, label: &str) -> bool {
    match change {
        Change::Any => true,
        Change::Started => label == "started",
        Change::Stopped => matches!(label, "stopped" | "held"),
        Change::Increased => label == "increased",
        Change::Decreased => label == "decreased",
        Change::Current | Change::Ever => false,
    }
}
