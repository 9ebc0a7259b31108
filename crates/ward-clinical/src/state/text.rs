//! The state as text, for a terminal.

use super::{Medicine, Series, State, Thing};
use crate::fact::{Experiencer, Fact};

/// How many visits the text shows; the others are counted.
const VISITS: usize = 5;

/// How many values of a series the text shows, the newest last; the others are counted.
const VALUES: usize = 6;

impl State {
    /// The state in lines: a head, then two spaces before each line under it. Heads without anything under them are left out.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut out = String::new();
        let plain = |facts: &[Fact]| facts.iter().map(line).collect::<Vec<_>>();
        let doubts = self
            .doubts
            .iter()
            .map(|doubt| format!("{}: {}", doubt.about, doubt.why));
        let is = |all: &[Thing], active: bool| {
            let chosen = all.iter().filter(|one| one.active == active);
            chosen.map(thing).collect::<Vec<_>>()
        };
        let taken = |now: bool| self.medicines.iter().filter(move |one| one.now.is_some() == now);
        section(&mut out, "Patient", plain(&self.patient));
        section(&mut out, "Doubtful", doubts.collect());
        section(&mut out, "Allergies", is(&self.allergies, true));
        section(&mut out, "Allergies denied, or over", is(&self.allergies, false));
        section(&mut out, "Medicines now", taken(true).map(medicine).collect());
        section(&mut out, "Other medicines", taken(false).map(medicine).collect());
        section(&mut out, "Problems", is(&self.problems, true));
        section(
            &mut out,
            "Problems that are over or were ruled out",
            is(&self.problems, false),
        );
        let of = |vital: bool| self.series.iter().filter(move |one| one.vital == vital).map(series);
        section(&mut out, "Vital signs", of(true).collect());
        section(&mut out, "Laboratory", of(false).collect());
        section(&mut out, "Reports", plain(&self.reports));
        let mut visits = plain(self.encounters.get(..VISITS).unwrap_or(&self.encounters));
        let more = self.encounters.len().saturating_sub(VISITS);
        if more > 0 {
            visits.push(format!("and {more} before"));
        }
        section(&mut out, "Last visits", visits);
        for (head, facts) in [
            ("Procedures", &self.procedures),
            ("Vaccines", &self.immunizations),
            ("Family", &self.family),
            ("Habits and home", &self.social),
            ("Plans", &self.follow_up),
            ("Said to be absent", &self.absent),
            ("Remarks", &self.remarks),
        ] {
            section(&mut out, head, plain(facts));
        }
        out
    }
}

fn section(out: &mut String, head: &str, lines: Vec<String>) {
    if lines.is_empty() {
        return;
    }
    *out += head;
    out.push('\n');
    for line in lines {
        *out += "  ";
        *out += &line;
        out.push('\n');
    }
}

/// What a fact says, in a row: `no` before what is absent, the relative before what is a relative's, the date last.
pub(super) fn line(fact: &Fact) -> String {
    let mut out = String::new();
    if let Experiencer::Relative(who) = &fact.experiencer {
        out += who;
        out += ": ";
    }
    let says_no = fact.concept.to_lowercase().starts_with("no ");
    if fact.negated && !says_no {
        out += "no ";
    }
    out += &fact.concept;
    for part in [&fact.value, &fact.unit, &fact.dose, &fact.route, &fact.frequency]
        .into_iter()
        .flatten()
    {
        out.push(' ');
        out += part;
    }
    // "Not taking it" is told by the "no".
    let status = fact
        .status
        .clone()
        .filter(|status| !(fact.negated && matches!(status.as_str(), "taking" | "started")));
    for (name, part) in [
        ("from", &fact.old_dose),
        ("", &status),
        ("", &fact.flag),
        ("", &fact.reaction),
        ("", &fact.severity),
        ("", &fact.site),
        ("for", &fact.reason),
    ] {
        if let Some(part) = part {
            out += &format!(", {name}{}{part}", if name.is_empty() { "" } else { " " });
        }
    }
    out += &dates(fact);
    out
}

fn dates(fact: &Fact) -> String {
    match (&fact.when, &fact.until) {
        (None, None) => String::new(),
        (Some(when), None) => format!(" ({})", when.text),
        (None, Some(until)) => format!(" (until {})", until.text),
        (Some(when), Some(until)) => format!(" ({} to {})", when.text, until.text),
    }
}

fn thing(one: &Thing) -> String {
    let mut out = one.entries.last().map(line).unwrap_or_default();
    // A reaction that an older entry tells is not hidden by a newer one that does not.
    let reaction = one.entries.iter().rev().find_map(|fact| fact.reaction.as_ref());
    if let (Some(reaction), true) = (reaction, one.entries.last().is_some_and(|fact| fact.reaction.is_none())) {
        out += &format!(", {reaction}");
    }
    out + &more(one.entries.len())
}

fn medicine(one: &Medicine) -> String {
    let entry = one.now.as_ref().or(one.entries.last());
    let mut out = entry.map(line).unwrap_or_default();
    for change in &one.changes {
        let when = change.when.as_ref().map_or("undated", |when| &when.text);
        let dose = change.dose.as_ref().map_or(String::new(), |dose| format!(" {dose}"));
        out += &format!("\n    {when} {}{dose}", change.what);
    }
    out
}

fn series(one: &Series) -> String {
    let unit = one.unit.as_ref().map_or(String::new(), |unit| format!(" {unit}"));
    format!("{}{unit}: {}", one.name, values(one))
}

/// The newest values of a series with their dates and marks, and how many stand before them.
pub(super) fn values(one: &Series) -> String {
    let from = one.entries.len().saturating_sub(VALUES);
    let values = one.entries.get(from..).unwrap_or(&one.entries).iter().map(|fact| {
        let mark = |text: &Option<String>| text.as_ref().map_or(String::new(), |text| format!(" {text}"));
        let value = fact.value.as_deref().unwrap_or("");
        format!("{value}{}{}{}", mark(&fact.flag), mark(&fact.status), dates(fact))
    });
    let before = if from > 0 {
        format!("{from} before, ")
    } else {
        String::new()
    };
    before + &values.collect::<Vec<_>>().join(", ")
}

fn more(entries: usize) -> String {
    if entries > 1 {
        format!(", {entries} entries")
    } else {
        String::new()
    }
}
