//! Medicines over time: which are taken now, and what was started, stopped or changed when.

use std::collections::{BTreeMap, HashSet};

use crate::{
    fact::{Fact, FactKind, Origin, Section},
    lexicon::drugs,
};

/// A mention or order of a medicine.
#[derive(Clone, Copy)]
pub(crate) struct Mention<'a> {
    /// Index of the source.
    pub(crate) source: usize,
    /// The fact.
    pub(crate) fact: &'a Fact,
}

impl Mention<'_> {
    /// It tells what happened (a note, a message), where an order of a structure is a state.
    pub(crate) fn told(&self) -> bool {
        self.fact.origin != Origin::Structure
    }

    /// It stands in a note.
    fn note(&self) -> bool {
        self.fact.origin == Origin::Note
    }
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

/// Mentions by ingredient, each list in order of time (undated first), then of the record. A fact comes with the index of its source.
pub(crate) fn timeline<'a>(facts: impl Iterator<Item = (usize, &'a Fact)>) -> BTreeMap<String, Vec<Mention<'a>>> {
    let mut all: BTreeMap<String, Vec<Mention<'a>>> = BTreeMap::new();
    for (source, fact) in facts.filter(|(_, fact)| fact.kind == FactKind::Medication) {
        let mention = Mention { source, fact };
        all.entry(drugs::ingredient(&fact.concept)).or_default().push(mention);
    }
    for list in all.values_mut() {
        list.sort_by_key(|m| m.fact.day());
    }
    all
}

/// The status of a medicine that was taken once. It ends no order of the same day: "previously on 25 mg, now on 50 mg".
pub(crate) const PAST: &str = "past";

/// The status of a dose that was given one time. It neither begins nor ends anything.
pub(crate) const GIVEN: &str = "given";

/// The status of a medicine of which a record says that nobody knows whether it is taken, or says so in words of its own.
pub(crate) const UNKNOWN: &str = "adherence unknown";

/// The status of a change that was only thought of.
pub(crate) const CONSIDERED: &str = "considered";

/// The status of a change that is yet to come.
pub(crate) const PLANNED: &str = "planned";

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
                    | PAST
                    | GIVEN
                    | UNKNOWN
                    | "draft"
                    | "intended"
                    | "preparation"
            )
        )
}

/// The mention that says what is taken now, for every medicine that is.
pub(crate) fn current<'a>(all: &BTreeMap<String, Vec<Mention<'a>>>) -> Vec<Mention<'a>> {
    // The newest medication list of the notes: what it and later lines do not name is not taken now. The end of one medicine dates no other
    // of its list.
    let listed = || {
        let mentions = all.values().flatten();
        mentions.filter(|m| m.note() && m.fact.section == Section::Medications && !is_over(m.fact))
    };
    let newest_list = listed().filter_map(|m| m.fact.day()).max();
    let newest_begun = listed()
        .filter(|m| !is_dated_by_end(m.fact))
        .filter_map(|m| m.fact.day())
        .max();
    let mut found = Vec::new();
    for mentions in all.values() {
        // A bare name in a note's prose says nothing of what is taken.
        let says = |m: &&Mention<'_>| {
            let f = m.fact;
            if !m.told() {
                // A dose not given, one not handed over and one meant for later end no order.
                return match f.status.as_deref() {
                    Some("not-done" | "intended" | "preparation" | "declined" | "draft") => false,
                    Some("cancelled") => !f.negated,
                    _ => true,
                };
            }
            // A change that was only thought of, or is yet to come, is none; neither is one dose.
            if matches!(f.status.as_deref(), Some(CONSIDERED | PLANNED | GIVEN)) {
                return false;
            }
            !m.note()
                || f.negated
                || f.section == Section::Medications
                || f.dose.is_some()
                || f.frequency.is_some()
                || f.status.is_some()
        };
        let mut mentions: Vec<&Mention<'_>> = mentions.iter().filter(says).collect();
        // "Apixaban (not with warfarin)": the bare name inside another item of a list begins nothing again.
        let mut ended = false;
        mentions.retain(|m| {
            ended = is_over(m.fact) || ended && is_named_within(m);
            is_over(m.fact) || !ended
        });
        let Some(last) = mentions.last() else { continue };
        let last_day = last.fact.day();
        // A later list of a discharge takes back what was stopped or held before it on that day.
        let listed = mentions
            .iter()
            .filter(|m| m.fact.at_discharge == Some(true) && !is_over(m.fact) && m.fact.dose.is_some())
            .filter(|m| m.fact.day() == last_day)
            .filter_map(|m| place(m))
            .max();
        let taken_back = |m: &Mention<'_>| listed.is_some() && place(m) < listed;
        // On one day a stop outweighs a mention of the same day in another order.
        if mentions.iter().rev().take_while(|m| m.fact.day() == last_day).any(|m| {
            ((m.told() && is_over(m.fact) && m.fact.status.as_deref() != Some(PAST)) && !taken_back(m))
                || m.fact.negated
                || !m.told() && m.fact.status.as_deref() == Some("stopped") && mentions.len() == 1
        }) {
            continue;
        }
        let mut live: Vec<&Mention<'_>> = mentions.iter().copied().filter(|m| !is_over(m.fact)).collect();
        // The list of a discharge is the last word on the dose of a medicine that the list of the admission names too.
        let live_day = live.last().map(|m| m.fact.day());
        let is_of = |m: &Mention<'_>, list: bool| m.fact.at_discharge == Some(list) && Some(m.fact.day()) == live_day;
        if live.iter().any(|m| is_of(m, true) && m.fact.dose.is_some()) {
            live.retain(|m| !is_of(m, false));
        }
        let Some(live_last) = live.last() else { continue };
        // A structured order that is over ends it, unless a later one is live.
        if is_over(last.fact) && live_last.fact.day() < last_day {
            continue;
        }
        let list = match live_last.fact.section {
            Section::Medications => newest_begun,
            _ => newest_list,
        };
        if live_last.note() && list.is_some_and(|list| live_last.fact.day().is_some_and(|day| day < list)) {
            continue;
        }
        // Of the newest day the fullest mention; failing a dose there, the newest with one.
        let listed_to = live
            .iter()
            .filter(|m| m.fact.day() == live_last.fact.day() && !changes_dose(m.fact))
            .filter_map(|m| place(m))
            .max();
        // A dose that a plan changes, or that is changed after all else was said, is the newest word.
        let is_newer = |m: &Mention<'_>| {
            let f = m.fact;
            let plan = matches!(f.section, Section::Plan | Section::Assessment | Section::Instructions);
            m.note() && changes_dose(f) && (plan || place(m) > listed_to)
        };
        let fullness = |m: &Mention<'_>| {
            let f = m.fact;
            (
                f.dose.is_some(),
                is_newer(m),
                f.section == Section::Medications,
                f.frequency.is_some(),
            )
        };
        let newest = live
            .iter()
            .rev()
            .take_while(|m| m.fact.day() == live_last.fact.day())
            .max_by_key(|m| fullness(m));
        let best = newest
            .filter(|m| m.fact.dose.is_some())
            .or_else(|| live.iter().rev().find(|m| m.fact.dose.is_some()))
            .or(live.last());
        found.extend(best.map(|m| **m));
    }
    found.sort_by_key(|m| (m.source, m.fact.pieces.first().map(|p| p.span.start)));
    found
}

/// Whether the day of a fact of a note is the one on which its own medicine ends, which tells nothing of the others in its list: "apixaban 10 mg until
/// 04/11/2024".
fn is_dated_by_end(fact: &Fact) -> bool {
    let day = fact.when.as_ref().and_then(|when| when.span);
    let before = fact.pieces.first().zip(day).and_then(|(piece, day)| {
        let at = day.start.checked_sub(piece.span.start)?;
        piece.text.get(..at)
    });
    let last = before.and_then(|before| before.split_whitespace().next_back());
    last.is_some_and(|last| {
        let last = last.trim_matches(|c: char| !c.is_alphabetic());
        ["until", "till", "through", "thru", "bis"]
            .iter()
            .any(|word| last.eq_ignore_ascii_case(word))
    })
}

/// Whether a fact says that the dose is another one from now on, and which.
fn changes_dose(fact: &Fact) -> bool {
    fact.dose.is_some() && matches!(fact.status.as_deref(), Some("increased" | "decreased" | "changed"))
}

/// Where a mention stands.
fn place(mention: &Mention<'_>) -> Option<(usize, usize)> {
    let piece = mention.fact.pieces.first()?;
    let within = piece.text.find(mention.fact.concept.as_str()).unwrap_or(0);
    Some((mention.source, piece.span.start + within))
}

/// Whether a note names a medicine and no more, and not as an item of its list: after other words, in brackets.
fn is_named_within(mention: &Mention<'_>) -> bool {
    let fact = mention.fact;
    if !mention.note() || fact.dose.is_some() || fact.frequency.is_some() || fact.status.is_some() {
        return false;
    }
    let Some(before) = fact.pieces.first().and_then(|piece| {
        let at = piece.text.find(fact.concept.as_str())?;
        piece.text.get(..at)
    }) else {
        return false;
    };
    let before = before.trim_end();
    let item = before.is_empty()
        || before.ends_with([',', ';', ':', '/', '-', '*', '+', '&', '.', ')', '\u{2022}', '\u{2013}'])
        || before.ends_with(" and");
    !item
}

/// Every change, in order of time.
pub(crate) fn events<'a>(all: &BTreeMap<String, Vec<Mention<'a>>>) -> Vec<Event<'a>> {
    let mut found: Vec<Event<'a>> = Vec::new();
    for mentions in all.values() {
        let later = later_orders(mentions);
        let mut kept = Kept::default();
        let mut first = true;
        let mut dosed: Option<&Fact> = None;
        let mut last: Option<&Fact> = None;
        for (mention, later) in mentions.iter().zip(later) {
            let fact = mention.fact;
            let meant = !mention.told() && matches!(fact.status.as_deref(), Some("intended" | "preparation" | "draft"));
            if fact.negated || meant {
                continue;
            }
            let before = dosed.or(last);
            let label = match (fact.status.as_deref(), mention.told()) {
                (Some("started"), _) => "started",
                (Some("stopped"), true) => "stopped",
                (Some("held"), _) => "held",
                (Some("increased"), _) => "increased",
                (Some("decreased"), _) => "decreased",
                (Some("changed"), _) => before.and_then(|before| direction(before, fact)).unwrap_or("changed"),
                (_, true) => "",
                // An order of a structure: the first, or another dose than the order before.
                (_, false) if first => "started",
                (_, false) => before.and_then(|before| direction(before, fact)).unwrap_or(""),
            };
            kept.add(Event {
                label,
                day: fact.day(),
                mention: *mention,
            });
            if !mention.told() && matches!(fact.status.as_deref(), Some("stopped" | "cancelled" | "on-hold")) {
                let held = fact.status.as_deref() == Some("on-hold");
                let day = fact
                    .until
                    .as_ref()
                    .and_then(|u| u.day)
                    .or_else(|| fact.day().filter(|_| held));
                // A later order by the day of the stop: the dose changed, the medicine went on.
                let goes_on = later.is_some_and(|next| day.is_none_or(|day| next <= day));
                if !goes_on {
                    kept.add(Event {
                        label: if held { "held" } else { "stopped" },
                        day,
                        mention: *mention,
                    });
                }
            }
            if fact.dose.is_some() {
                dosed = Some(fact);
            }
            (last, first) = (Some(fact), false);
        }
        found.extend(kept.events);
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

/// For each mention the first later day on which a FHIR order was made.
fn later_orders(mentions: &[Mention<'_>]) -> Vec<Option<i64>> {
    let mut later = vec![None; mentions.len()];
    let (mut next, mut day_seen, mut same): (Option<i64>, Option<i64>, Option<i64>) = (None, None, None);
    for (mention, slot) in mentions.iter().zip(&mut later).rev() {
        let day = mention.fact.day();
        if day != day_seen {
            next = same.take().or(next);
            day_seen = day;
        }
        *slot = next;
        if !mention.told() && day.is_some() {
            same = day;
        }
    }
    later
}

/// Days within which the same change told twice is one change (an order and the note on it).
const SAME_CHANGE_DAYS: i64 = 3;

/// Events of one medicine without repeats. Copied-forward lines tell a change again and again: within
/// a run of events of one label, the same dose is told once, and so is the same day.
#[derive(Default)]
struct Kept<'a> {
    events: Vec<Event<'a>>,
    doses: HashSet<Option<&'a str>>,
}

impl<'a> Kept<'a> {
    fn add(&mut self, event: Event<'a>) {
        if event.label.is_empty() {
            return;
        }
        let dose = event.mention.fact.dose.as_deref();
        if let Some(last) = self.events.last()
            && last.label == event.label
        {
            let near = match (last.day, event.day) {
                (Some(a), Some(b)) => (b - a).abs() <= SAME_CHANGE_DAYS,
                _ => true,
            };
            let copied = event.mention.note() && self.doses.contains(&dose);
            if near || copied {
                return;
            }
        } else {
            self.doses.clear();
        }
        self.doses.insert(dose);
        self.events.push(event);
    }
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
        let massive = ["mg", "mcg", "unit", "units", "meq", "g"]
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
