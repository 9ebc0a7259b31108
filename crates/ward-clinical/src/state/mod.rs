//! The state of a patient: a record's facts in the order in which a clinician asks for them.
//!
//! [`State::of`] groups what [`crate::read`] found and loses none of it: problems and allergies with everything said of each,
//! medicines with what is taken now and every change, laboratory results and vital signs as series, then visits, procedures,
//! vaccines, family, habits, plans, what was said to be absent, and remarks. What contradicts itself, what cannot be and
//! what is dated to the future stays in and is listed in [`State::doubts`].
//!
//! It is written as JSON ([`State::to_json`], schema [`SCHEMA`]), as a FHIR R4 bundle ([`State::to_fhir`]) that gives the same
//! state when it is read again, as a page ([`State::to_html`]) and as text ([`State::to_text`]).

mod bundle;
mod chart;
mod doubts;
mod json;
mod page;
mod resource;
mod text;

use std::collections::{BTreeMap, HashMap, HashSet};

pub use self::{doubts::Doubt, json::SCHEMA};
use crate::{
    fact::{Fact, FactKind, Origin, Record},
    lexicon::{drugs, measures, synonyms},
    medicines,
    note::squeeze,
    when::When,
};

/// The state of one patient. Every [`Fact`] in it is without its place in the source, its dates in ISO 8601.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct State {
    /// Sex, birth date, age, death.
    pub patient: Vec<Fact>,
    /// Allergies and intolerances, and the statement that none is known.
    pub allergies: Vec<Thing>,
    /// Medicines.
    pub medicines: Vec<Medicine>,
    /// Problems.
    pub problems: Vec<Thing>,
    /// Vital signs, then laboratory results.
    pub series: Vec<Series>,
    /// Reports without a value of their own.
    pub reports: Vec<Fact>,
    /// Visits and stays, the newest first.
    pub encounters: Vec<Fact>,
    /// Procedures, the newest first.
    pub procedures: Vec<Fact>,
    /// Vaccines, the newest first.
    pub immunizations: Vec<Fact>,
    /// Illnesses of relatives.
    pub family: Vec<Fact>,
    /// Habits, work, home.
    pub social: Vec<Fact>,
    /// Plans, goals, appointments.
    pub follow_up: Vec<Fact>,
    /// What was said to be absent.
    pub absent: Vec<Fact>,
    /// Free text.
    pub remarks: Vec<Fact>,
    /// What a reader should not take as it stands.
    pub doubts: Vec<Doubt>,
}

/// A problem or an allergy and everything that is said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thing {
    /// Its name, as the newest entry writes it.
    pub name: String,
    /// True unless the newest entry says that it is over or not so.
    pub active: bool,
    /// The entries in order of time, undated first.
    pub entries: Vec<Fact>,
}

/// A medicine: what is taken now, what changed, every entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Medicine {
    /// The ingredient (a known generic name) or the name as written.
    pub name: String,
    /// The entry that says what is taken now, if it is taken now.
    pub now: Option<Fact>,
    /// Starts, stops and changes of dose, in order of time.
    pub changes: Vec<Change>,
    /// The entries in order of time, undated first.
    pub entries: Vec<Fact>,
}

/// A change of a medicine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// `started`, `stopped`, `held`, `increased`, `decreased` or `changed`.
    pub what: &'static str,
    /// When.
    pub when: Option<When>,
    /// The dose after it, where the entry says one.
    pub dose: Option<String>,
}

/// The values of one measurement in one unit, over time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// The standard name, or the name as written.
    pub name: String,
    /// A vital sign, not a laboratory result.
    pub vital: bool,
    /// The unit, as the first value writes it.
    pub unit: Option<String>,
    /// The values in order of time, undated first.
    pub entries: Vec<Fact>,
}

impl State {
    /// The state that `record` says. `today` (days since 1970-01-01) tells what is dated to the future; without it nothing is, and
    /// a day that stands as a placeholder never.
    #[must_use]
    pub fn of(record: &Record, today: Option<i64>) -> Self {
        let mut seen = HashSet::new();
        let mut by_kind: BTreeMap<FactKind, Vec<Fact>> = BTreeMap::new();
        for fact in record.facts.iter().filter_map(bare) {
            if seen.insert(key(&fact)) {
                by_kind.entry(fact.kind).or_default().push(fact);
            }
        }
        // Where a mention stands in its sentence counts, which bare facts do not tell.
        let told = medicines::timeline(record.facts.iter().map(|fact| (0, fact)));
        let now = medicines::current(&told)
            .into_iter()
            .filter_map(|mention| Some((drugs::ingredient(&mention.fact.concept), bare(mention.fact)?)))
            .collect();
        let mut take = |kind: FactKind| by_kind.remove(&kind).unwrap_or_default();
        let mut values = take(FactKind::Vital);
        values.append(&mut take(FactKind::Lab));
        let (values, reports) = values.into_iter().partition(|fact| fact.value.is_some());
        let mut state = Self {
            patient: demographics(take(FactKind::Demographic)),
            allergies: things(take(FactKind::Allergy)),
            medicines: medicines(take(FactKind::Medication), now),
            problems: things(take(FactKind::Problem)),
            series: series(values),
            reports,
            encounters: newest_first(take(FactKind::Encounter)),
            procedures: newest_first(take(FactKind::Procedure)),
            immunizations: newest_first(take(FactKind::Immunization)),
            family: take(FactKind::FamilyHistory),
            social: take(FactKind::Social),
            follow_up: take(FactKind::FollowUp),
            absent: take(FactKind::Negation),
            remarks: take(FactKind::Remark),
            doubts: Vec::new(),
        };
        state.doubts = doubts::of(&state, today);
        state
    }

    /// Every fact, in the order of the fields.
    pub fn facts(&self) -> impl Iterator<Item = &Fact> {
        let lists = [
            &self.reports,
            &self.encounters,
            &self.procedures,
            &self.immunizations,
            &self.family,
            &self.social,
            &self.follow_up,
            &self.absent,
            &self.remarks,
        ];
        self.patient
            .iter()
            .chain(self.allergies.iter().flat_map(|one| &one.entries))
            .chain(self.medicines.iter().flat_map(|one| &one.entries))
            .chain(self.problems.iter().flat_map(|one| &one.entries))
            .chain(self.series.iter().flat_map(|one| &one.entries))
            .chain(lists.into_iter().flatten())
    }
}

impl Series {
    /// The value as a number, for a chart: of a blood pressure the first.
    #[must_use]
    pub fn number(fact: &Fact) -> Option<f64> {
        let text = fact.value.as_deref()?.trim_start_matches(['<', '>', '=', '~', ' ']);
        let end = text
            .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',' | '-')))
            .unwrap_or(text.len());
        let number = text.get(..end)?.replace(',', "").parse::<f64>().ok()?;
        let rest = text.get(end..)?.trim_start();
        (number.is_finite() && (rest.is_empty() || rest.starts_with(['/', '%']))).then_some(number)
    }

    /// True when the record marks the value as not normal.
    #[must_use]
    pub fn is_abnormal(fact: &Fact) -> bool {
        fact.flag
            .as_deref()
            .is_some_and(|flag| !matches!(flag.to_lowercase().as_str(), "n" | "normal" | ""))
    }
}

/// A fact without its place: texts squeezed and without control characters, dates in ISO 8601. None when nothing is left of it.
pub(crate) fn bare(fact: &Fact) -> Option<Fact> {
    let clean = |text: &str| {
        let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        squeeze(text.trim())
    };
    let maybe = |text: &Option<String>| text.as_deref().map(clean).filter(|text| !text.is_empty());
    let date = |when: &Option<When>| {
        let iso = when.as_ref().map(When::iso)?;
        let text = clean(&iso.text);
        (!text.is_empty()).then_some(When { text, ..iso })
    };
    let mut out = Fact {
        concept: clean(&fact.concept),
        value: maybe(&fact.value),
        unit: maybe(&fact.unit),
        dose: maybe(&fact.dose),
        old_dose: maybe(&fact.old_dose),
        route: maybe(&fact.route),
        frequency: maybe(&fact.frequency),
        status: maybe(&fact.status),
        reaction: maybe(&fact.reaction),
        severity: maybe(&fact.severity),
        site: maybe(&fact.site),
        flag: maybe(&fact.flag),
        reason: maybe(&fact.reason),
        until: date(&fact.until),
        when: date(&fact.when),
        experiencer: match &fact.experiencer {
            crate::Experiencer::Relative(who) => crate::Experiencer::Relative(clean(who).to_lowercase()),
            crate::Experiencer::Patient => crate::Experiencer::Patient,
        },
        // It counted where the medicines of now were told apart.
        at_discharge: None,
        pieces: Vec::new(),
        details: Vec::new(),
        ..fact.clone()
    };
    if out.kind == FactKind::Demographic {
        demographic(&mut out);
    }
    (!out.concept.is_empty()).then_some(out)
}

/// Sex in FHIR's words and a birth date in ISO 8601, where they can be read; neither is of a day.
fn demographic(fact: &mut Fact) {
    match (fact.concept.as_str(), fact.value.as_deref()) {
        ("sex", Some(value)) => {
            let word = match value.to_lowercase().as_str() {
                "f" | "female" | "woman" | "girl" => "female",
                "m" | "male" | "man" | "boy" => "male",
                "o" | "other" => "other",
                "u" | "unknown" => "unknown",
                _ => value,
            };
            (fact.value, fact.when) = (Some(word.to_owned()), None);
        }
        ("born" | "died", Some(value)) => {
            let mut dates = crate::when::find(value);
            let found = match (crate::when::machine(value, 0), dates.pop()) {
                (Some(when), _) => Some(when),
                (None, Some(found)) if dates.is_empty() => Some(When {
                    text: value.get(found.start..found.end).unwrap_or("").to_owned(),
                    day: Some(found.day),
                    span: None,
                }),
                _ => None,
            };
            if let Some(found) = found {
                fact.value = Some(found.iso().text);
            }
            fact.when = None;
        }
        _ => {}
    }
    (fact.origin, fact.section) = (Origin::Structure, crate::Section::Header);
}

/// What makes two facts the same: everything but their places.
fn key(fact: &Fact) -> String {
    let mut key = format!("{:?}\u{1f}{}", fact.kind, fact.concept);
    for (name, value) in fact.attributes() {
        key += &format!("\u{1f}{name}={value}");
    }
    let when = fact.when.as_ref().map_or("", |when| &when.text);
    let value = fact.value.as_deref().unwrap_or("\u{1e}");
    key + &format!("\u{1f}{value}\u{1f}{when}\u{1f}{:?}{:?}", fact.section, fact.origin)
}

fn demographics(mut facts: Vec<Fact>) -> Vec<Fact> {
    let rank = |fact: &Fact| {
        ["sex", "born", "died", "age"]
            .iter()
            .position(|name| *name == fact.concept)
            .unwrap_or(4)
    };
    facts.sort_by_key(rank);
    facts
}

fn newest_first(mut facts: Vec<Fact>) -> Vec<Fact> {
    facts.sort_by_key(|fact| std::cmp::Reverse(fact.day()));
    facts
}

/// Facts in groups of one key, groups in the order of their first facts, facts in order of time.
fn grouped<K: std::hash::Hash + Eq>(facts: Vec<Fact>, key: impl Fn(&Fact) -> K) -> Vec<Vec<Fact>> {
    let mut groups: Vec<Vec<Fact>> = Vec::new();
    let mut places: HashMap<K, usize> = HashMap::new();
    for fact in facts {
        let place = *places.entry(key(&fact)).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        if let Some(group) = groups.get_mut(place) {
            group.push(fact);
        }
    }
    for group in &mut groups {
        group.sort_by_key(Fact::day);
    }
    groups
}

/// One name for a concept's ways of being written: `HTN` and `hypertension`.
fn canonical(concept: &str) -> String {
    let lower = concept.to_lowercase();
    let known = synonyms::of(&lower).next();
    known.map_or_else(|| lower.clone(), str::to_owned)
}

fn things(facts: Vec<Fact>) -> Vec<Thing> {
    let key = |fact: &Fact| match fact.kind {
        FactKind::Allergy => drugs::ingredient(&fact.concept),
        _ => canonical(&fact.concept),
    };
    let groups = grouped(facts, key).into_iter();
    groups
        .map(|entries| {
            let over = |fact: &Fact| {
                fact.negated
                    || fact.until.is_some()
                    || matches!(fact.status.as_deref(), Some("resolved" | "inactive" | "remission"))
            };
            // Of one day any entry that says that it goes on counts: an allergy is not dropped by the order of lines.
            let last = entries.last().and_then(Fact::day);
            let active = entries
                .iter()
                .rev()
                .take_while(|fact| fact.day() == last)
                .any(|fact| !over(fact));
            Thing {
                name: entries.last().map(|fact| fact.concept.clone()).unwrap_or_default(),
                active,
                entries,
            }
        })
        .collect()
}

/// Every medicine with its changes; `now` is what is taken, by ingredient.
fn medicines(facts: Vec<Fact>, mut now: HashMap<String, Fact>) -> Vec<Medicine> {
    let groups = grouped(facts, |fact| drugs::ingredient(&fact.concept));
    let all = medicines::timeline(groups.iter().flatten().map(|fact| (0, fact)));
    let mut changes: HashMap<String, Vec<Change>> = HashMap::new();
    for event in medicines::events(&all) {
        let fact = event.mention.fact;
        let when = match (&fact.until, event.mention.told()) {
            (Some(until), false) if event.label == "stopped" => Some(until),
            _ => fact.when.as_ref(),
        };
        changes
            .entry(drugs::ingredient(&fact.concept))
            .or_default()
            .push(Change {
                what: event.label,
                when: when.cloned(),
                dose: fact.dose.clone(),
            });
    }
    groups
        .iter()
        .map(|entries| {
            let name = entries
                .first()
                .map(|fact| drugs::ingredient(&fact.concept))
                .unwrap_or_default();
            Medicine {
                now: now.remove(&name),
                changes: changes.remove(&name).unwrap_or_default(),
                entries: entries.clone(),
                name,
            }
        })
        .collect()
}

/// The standard name of a measurement, if there is one.
fn standard(concept: &str) -> Option<&'static str> {
    let lower = concept.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')' | '[' | ']' | ':'))
        .filter(|word| !word.is_empty())
        .collect();
    let (index, len) = measures::names().at(|k| words.get(k).copied())?;
    // "Glucose tolerance" is no glucose: all of the name must be the measurement's.
    (len == words.len()).then(|| measures::of(index).map(|measure| measure.name))?
}

fn series(facts: Vec<Fact>) -> Vec<Series> {
    let name = |fact: &Fact| standard(&fact.concept).map_or_else(|| fact.concept.to_lowercase(), str::to_owned);
    let unit = |fact: &Fact| fact.unit.as_deref().map(str::to_lowercase);
    // A value without a unit belongs to the one unit that the measurement has elsewhere.
    let mut units: HashMap<String, Vec<String>> = HashMap::new();
    for fact in &facts {
        if let Some(unit) = unit(fact) {
            let list = units.entry(name(fact)).or_default();
            if !list.contains(&unit) {
                list.push(unit);
            }
        }
    }
    let only = |name: &str| match units.get(name).map(Vec::as_slice) {
        Some([only]) => Some(only.clone()),
        _ => None,
    };
    let key = |fact: &Fact| {
        let name = name(fact);
        let unit = unit(fact).or_else(|| only(&name));
        (name, unit)
    };
    let groups = grouped(facts, key).into_iter();
    groups
        .map(|entries| Series {
            name: entries.first().map(name).unwrap_or_default(),
            vital: entries.first().is_some_and(|fact| fact.kind == FactKind::Vital),
            unit: entries.iter().find_map(|fact| fact.unit.clone()),
            entries,
        })
        .collect()
}

#[cfg(test)]
mod tests;
