//! Times of response: do the sections agree, is there a time at all.

use std::collections::BTreeMap;

use super::{Facts, Outcome, rules};
use crate::{
    promise::{Place, Promise, TimeUnit, Within},
    read::{Clock, ClockKind, Reading},
    topic::Topic,
    verdict::Verdict,
};

/// Clocks by what they time and for which severity.
#[derive(Debug, Default)]
pub(super) struct Clocks {
    groups: BTreeMap<(ClockKind, Option<String>), Vec<Clock>>,
}

/// A time in hours, from and to.
fn hours(within: &Within) -> Option<(u32, u32)> {
    let unit = match within.unit {
        TimeUnit::Hours => 1,
        TimeUnit::Days | TimeUnit::BusinessDays => 24,
        TimeUnit::Weeks => 24 * 7,
        TimeUnit::Months => 24 * 30,
        TimeUnit::Vague => return None,
    };
    Some((within.min.saturating_mul(unit), within.max.saturating_mul(unit)))
}

impl Clocks {
    pub(super) fn of(reading: &Reading) -> Self {
        let mut groups: BTreeMap<(ClockKind, Option<String>), Vec<Clock>> = BTreeMap::new();
        for clock in reading
            .clocks
            .iter()
            .filter(|clock| clock.kind != ClockKind::Other && hours(&clock.within).is_some())
            .take(2_000)
        {
            groups
                .entry((clock.kind, clock.severity.clone()))
                .or_default()
                .push(clock.clone());
        }
        Self { groups }
    }

    /// Places where the same thing is timed differently.
    pub(super) fn contradictions(&self) -> Vec<(ClockKind, Vec<Place>)> {
        let mut out = Vec::new();
        for ((kind, _), clocks) in &self.groups {
            let Some(first) = clocks.first() else { continue };
            let differs = |clock: &&Clock| !same(&clock.within, &first.within);
            let others: Vec<Place> = clocks.iter().filter(differs).map(|clock| clock.place.clone()).collect();
            if !others.is_empty() {
                let mut places = vec![first.place.clone()];
                places.extend(others);
                places.dedup();
                if places.len() > 1 {
                    out.push((*kind, places));
                }
            }
        }
        out
    }
}

/// Whether two times are the same: in hours, or in days of either calendar by the same number. Business days are no
/// hours, since a weekend may lie between: two of them are not 48 hours. Five of them are a week.
fn same(a: &Within, b: &Within) -> bool {
    match (a.unit, b.unit) {
        (TimeUnit::Hours, TimeUnit::BusinessDays) | (TimeUnit::BusinessDays, TimeUnit::Hours) => return false,
        (TimeUnit::Weeks, TimeUnit::BusinessDays) if a.max.saturating_mul(5) == b.max => return true,
        (TimeUnit::BusinessDays, TimeUnit::Weeks) if b.max.saturating_mul(5) == a.max => return true,
        _ => {}
    }
    match (hours(a), hours(b)) {
        // "7 days" and "1 week", "1-2 days" and "48 hours": the last hour counts.
        (Some((_, a)), Some((_, b))) => a == b,
        _ => true,
    }
}

fn kind_of(topic: Topic) -> ClockKind {
    match topic {
        Topic::Acknowledge => ClockKind::Acknowledge,
        Topic::Assess => ClockKind::Assess,
        Topic::Fix => ClockKind::Fix,
        Topic::Updates => ClockKind::Update,
        Topic::Embargo => ClockKind::Publish,
        _ => ClockKind::Other,
    }
}

/// A promise of a time.
pub(super) fn judge(facts: &Facts<'_>, promise: &Promise) -> Outcome {
    let kind = kind_of(promise.topic);
    let covers = |place: &Place| {
        place.path == promise.place.path
            && place.line <= promise.place.last_line
            && place.last_line >= promise.place.line
    };
    for (found, places) in facts.clocks.contradictions() {
        if found == kind && places.iter().any(&covers) {
            let others: Vec<Place> = places.into_iter().filter(|place| !covers(place)).collect();
            if !others.is_empty() {
                return Outcome::new(
                    &rules::CLOCKS_DISAGREE,
                    Verdict::Contradictory(others),
                    "Another section gives another time for the same.",
                );
            }
        }
    }
    let lower = promise.text.to_ascii_lowercase();
    let loose = promise.frame.within.is_some_and(|within| hours(&within).is_none())
        || [
            "as soon as",
            "as fast as",
            "as quickly",
            "promptly",
            "timely",
            "quickly",
            "swiftly",
            "shortly",
            "without delay",
            "regularly",
        ]
        .iter()
        .any(|words| lower.contains(words));
    let timed = promise.frame.within.is_some_and(|within| hours(&within).is_some());
    let in_table = facts
        .reading
        .clocks
        .iter()
        .any(|clock| clock.kind == kind && covers(&clock.place) && hours(&clock.within).is_some());
    if loose && !timed && !in_table {
        return Outcome::new(
            &rules::VAGUE,
            Verdict::Vague,
            "It gives no time, so that nothing can be held against it.",
        );
    }
    let verdict = Verdict::Unverifiable {
        why: "how reports are handled is not shown by a repository",
        would: "the cases of `ward disclose`, with their times",
    };
    Outcome::new(
        &rules::CONDUCT,
        verdict,
        "How reports are handled is shown by cases, not by files.",
    )
}
