//! Selects the lines that answer one part of a question.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{
    Calendar, Found, Line, MOST_LINES, Source,
    period::{self, Asked},
    question::{Ask, Change, Part, Pick, contains_words},
    search,
};
use crate::{
    fact::{Experiencer, Fact, FactKind, Origin},
    lexicon::{conditions, drugs, measures, synonyms},
    medicines,
    note::words::Words,
};

/// Answers one part.
pub(crate) fn part(sources: &[Source<'_>], part: &Part, calendar: &Calendar) -> Found {
    let asked = period::of(&part.text, calendar);
    let within = |day: Option<i64>| match &asked {
        Asked::Always | Asked::Unplaced => true,
        Asked::In(period) => day.is_some_and(|day| (period.from..=period.to).contains(&day)),
    };
    let suffix = match &asked {
        Asked::Always => String::new(),
        Asked::In(period) => format!(" {}", period.label),
        Asked::Unplaced => " (the period could not be placed; all entries)".to_owned(),
    };
    let told_whole = if part.when {
        named_whole(sources, &part.text)
    } else {
        Vec::new()
    };
    let mut found = match &part.ask {
        _ if !told_whole.is_empty() => Found {
            head: "From the record".to_owned(),
            lines: told_whole,
        },
        Ask::Changes => changes(sources, &within),
        Ask::Allergies => allergies(sources, part),
        Ask::Medications(change) => medications(sources, part, *change, &asked, &within),
        Ask::Measure(names, pick) => measured(part, sources, names, *pick, asked != Asked::Always, &within),
        Ask::Kind(kind) => of_kind(sources, part, *kind, &within),
        Ask::Free => Found {
            head: "From the record".to_owned(),
            lines: search::best(sources, &part.terms, &[], 3, part.when, within),
        },
    };
    found.head += &suffix;
    found.lines.truncate(MOST_LINES);
    found
}

/// What is new in a period: problems and procedures, changes of medicines, vaccines, visits.
fn changes(sources: &[Source<'_>], within: &dyn Fn(Option<i64>) -> bool) -> Found {
    let mut lines = Vec::new();
    for kind in [
        FactKind::Problem,
        FactKind::Procedure,
        FactKind::Immunization,
        FactKind::Allergy,
    ] {
        let new = facts(sources, kind).into_iter().filter(|(_, fact)| within(fact.day()));
        lines.extend(new.map(|(source, fact)| line(kind.word(), source, fact)));
    }
    for event in medicines::events(&medicines::timeline(facts(sources, FactKind::Medication).into_iter())) {
        if within(event.day) {
            lines.push(line(
                &format!("medicine {}", event.label),
                event.mention.source,
                event.mention.fact,
            ));
        }
    }
    // An order that is not the first of its medicine is no change, and was given in the period all the same.
    let orders = facts(sources, FactKind::Medication).into_iter();
    let orders = orders.filter(|(_, fact)| fact.origin == Origin::Structure && within(fact.day()));
    lines.extend(orders.map(|(source, fact)| line("medicine", source, fact)));
    Found {
        head: "New or changed".to_owned(),
        lines: once(lines),
    }
}

/// What a question that asks when calls by its whole name in the record: `When was documentation of current medications?` The
/// longest name counts. What stands in brackets or after a dash in a coded name need not be said.
fn named_whole(sources: &[Source<'_>], question: &str) -> Vec<Line> {
    let question = plain(question);
    let mut best: (usize, Vec<(usize, &Fact)>) = (0, Vec::new());
    for kind in [FactKind::Procedure, FactKind::Problem, FactKind::Immunization] {
        for (source, fact) in facts(sources, kind) {
            let end = fact.concept.find(['(', '[']).unwrap_or(fact.concept.len());
            let end = fact.concept.find(" - ").map_or(end, |dash| dash.min(end));
            let name = plain(fact.concept.get(..end).unwrap_or(""));
            if name.split(' ').count() < 2 || name.len() < best.0 || !contains_words(&question, &name) {
                continue;
            }
            if name.len() > best.0 {
                best = (name.len(), Vec::new());
            }
            best.1.push((source, fact));
        }
    }
    // The newest first: of many the last is asked for.
    best.1.sort_by_key(|(_, fact)| std::cmp::Reverse(fact.day()));
    once(
        best.1
            .into_iter()
            .map(|(source, fact)| line("", source, fact))
            .collect(),
    )
}

/// Words in lower case, one space between them, marks gone.
fn plain(text: &str) -> String {
    let lower = text.to_lowercase();
    let words = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// "not" where a row of a structure says that something is not so and its quotes alone would not show
/// it; else how final a result is, where no quote says so.
pub(super) fn mark(fact: &Fact) -> &'static str {
    let row = fact.pieces.first().is_some_and(|piece| *piece.text == *fact.concept);
    let says_no = matches!(
        fact.kind,
        FactKind::Allergy | FactKind::Negation | FactKind::Remark | FactKind::Demographic
    );
    if row && fact.negated && !(says_no && fact.concept.to_lowercase().contains("no ")) {
        return "not";
    }
    let stage = ["preliminary", "corrected", "partial", "not verified", "pending"]
        .into_iter()
        .find(|stage| fact.status.as_deref() == Some(stage))
        .unwrap_or("");
    if fact.pieces.iter().any(|piece| *piece.text == *stage) {
        return "";
    }
    stage
}

fn line(label: &str, source: usize, fact: &Fact) -> Line {
    let label = match (label, mark(fact)) {
        ("", mark) => mark.to_owned(),
        (label, mark) if mark.is_empty() || mark == label => label.to_owned(),
        (label, mark) => format!("{label}, {mark}"),
    };
    Line {
        label,
        source,
        pieces: fact.pieces.clone(),
        section: fact.section,
        when: fact.when.clone(),
    }
}

fn facts<'a>(sources: &[Source<'a>], kind: FactKind) -> Vec<(usize, &'a Fact)> {
    sources
        .iter()
        .enumerate()
        .flat_map(|(i, s)| {
            s.record
                .facts
                .iter()
                .filter(move |f| f.kind == kind)
                .map(move |f| (i, f))
        })
        .collect()
}

fn allergies(sources: &[Source<'_>], part: &Part) -> Found {
    let named: Vec<&String> = part.drugs.iter().chain(&part.things).collect();
    let mut by_agent: BTreeMap<String, (usize, &Fact)> = BTreeMap::new();
    let mut none_known: Option<(usize, &Fact)> = None;
    let mut order: Vec<String> = Vec::new();
    for (source, fact) in facts(sources, FactKind::Allergy) {
        if fact.status.as_deref() == Some("entered-in-error") {
            continue;
        }
        if fact.negated {
            let generic = fact.concept.to_lowercase().contains("no ");
            if generic && none_known.is_none_or(|(_, old)| old.day() <= fact.day()) {
                none_known = Some((source, fact));
            }
            if generic || named.is_empty() {
                continue;
            }
        }
        let agent = drugs::ingredient(&fact.concept);
        let lower = fact.concept.to_lowercase();
        if !named.is_empty()
            && !named
                .iter()
                .any(|n| contains_words(&lower, n) || **n == agent || alike(&lower, n))
        {
            continue;
        }
        // One line per agent: the first that names a reaction.
        match by_agent.get_mut(&agent) {
            None => {
                order.push(agent.clone());
                by_agent.insert(agent, (source, fact));
            }
            Some(old) if old.1.reaction.is_none() && fact.reaction.is_some() => *old = (source, fact),
            Some(_) => {}
        }
    }
    let mut lines: Vec<Line> = Vec::new();
    let mut quoted = HashSet::new();
    for agent in order {
        if let Some((source, fact)) = by_agent.get(&agent)
            && quoted.insert((*source, fact.pieces.first().map(|p| p.span)))
        {
            lines.push(line(if fact.negated { "not" } else { "" }, *source, fact));
        }
    }
    if lines.is_empty() && named.is_empty() {
        lines.extend(none_known.map(|(source, fact)| line("", source, fact)));
    }
    Found {
        head: "Allergies".to_owned(),
        lines,
    }
}

/// Penicillin and its kin, sulfa and its kin: a question about one is answered by the other.
fn alike(concept: &str, named: &str) -> bool {
    const KIN: &[&[&str]] = &[
        &[
            "penicillin",
            "amoxicillin",
            "ampicillin",
            "penicillins",
            "augmentin",
            "pcn",
            "pcns",
        ],
        &[
            "sulfa",
            "sulfonamide",
            "sulfamethoxazole",
            "bactrim",
            "trimethoprim",
            "sulfonamides",
            "sulfa drugs",
        ],
        &["peanut", "peanuts", "nuts", "tree nuts"],
    ];
    KIN.iter()
        .any(|kin| kin.contains(&named) && kin.iter().any(|k| contains_words(concept, k)))
        || synonyms::of(named).any(|other| contains_words(concept, other))
}

fn medications(
    sources: &[Source<'_>],
    part: &Part,
    change: Change,
    asked: &Asked,
    within: &dyn Fn(Option<i64>) -> bool,
) -> Found {
    let all = medicines::timeline(facts(sources, FactKind::Medication).into_iter());
    // By all of them: a newer list that does not name a medicine ends it.
    let now = medicines::current(&all);
    let mut named: Vec<String> = part.drugs.clone();
    if named.is_empty() {
        // "blood thinner", "diuretic": the medicines of the group. A medicine named stands for itself.
        named.extend(super::question::group_named(&part.text).map(str::to_owned));
    }
    let all: BTreeMap<String, Vec<medicines::Mention<'_>>> = all
        .into_iter()
        .filter(|(ingredient, _)| {
            named.is_empty() || named.iter().any(|n| n == ingredient || contains_words(ingredient, n))
        })
        .collect();
    let of_event = |e: &medicines::Event<'_>| {
        let mut line = line(e.label, e.mention.source, e.mention.fact);
        if e.label == "stopped" && !e.mention.told() {
            // The day of the stop is quoted, not the day of the order.
            if let (Some(ordered), Some(until)) = (&line.when, &e.mention.fact.until) {
                line.pieces
                    .retain(|p| Some(p.span) != ordered.span || ordered.span == until.span);
                line.when = Some(until.clone());
            }
        }
        line
    };
    let (head, mut lines) = match change {
        Change::Current | Change::Past if matches!(asked, Asked::In(_)) => {
            let lines = all
                .values()
                .flatten()
                .filter(|m| within(m.fact.day()) && !m.fact.negated)
                .map(|m| line("", m.source, m.fact))
                .collect();
            ("Medicines", lines)
        }
        Change::Past => ("Medicines of the past", past(&all, &now)),
        Change::Current => {
            let mut lines: Vec<Line> = now
                .iter()
                .filter(|m| all.contains_key(&drugs::ingredient(&m.fact.concept)))
                .map(|m| line("", m.source, m.fact))
                .collect();
            let mut head = "Medicines now";
            if lines.is_empty() && !named.is_empty() {
                // Named and not taken now: the last word on it.
                head = "Not among the medicines of now";
                lines = all
                    .values()
                    .filter_map(|list| list.last())
                    .map(|m| line("last entry", m.source, m.fact))
                    .collect();
            }
            (head, lines)
        }
        Change::Ever => (
            "Medicines",
            all.values().flatten().map(|m| line("", m.source, m.fact)).collect(),
        ),
        _ => {
            let events = medicines::events(&all);
            let lines: Vec<Line> = events
                .iter()
                .filter(|e| answers(change, e.label) && within(e.day))
                .map(of_event)
                .collect();
            let head = match change {
                Change::Started => "Medicines started",
                Change::Stopped => "Medicines stopped",
                Change::Increased => "Medicines increased",
                Change::Decreased => "Medicines decreased",
                _ => "Medicines changed",
            };
            (head, lines)
        }
    };
    if part.why && !named.is_empty() {
        // Reasons stand in remarks and sentences that name the medicine.
        let terms: Vec<String> = part.terms.iter().filter(|t| *t != "reason").cloned().collect();
        lines.extend(search::best(sources, &terms, &part.drugs, 3, part.when, within));
    }
    Found {
        head: head.to_owned(),
        lines: once(lines),
    }
}

/// The last word on every medicine that was taken and is not now.
fn past(all: &BTreeMap<String, Vec<medicines::Mention<'_>>>, now: &[medicines::Mention<'_>]) -> Vec<Line> {
    let now: HashSet<String> = now.iter().map(|m| drugs::ingredient(&m.fact.concept)).collect();
    let was = |m: &&medicines::Mention<'_>| {
        !m.fact.negated && !matches!(m.fact.status.as_deref(), Some("considered" | "planned" | "declined"))
    };
    all.iter()
        .filter(|(ingredient, _)| !now.contains(*ingredient))
        .filter_map(|(_, list)| list.iter().rev().find(was))
        .map(|m| {
            line(
                m.fact.status.as_deref().filter(|_| m.told()).unwrap_or(""),
                m.source,
                m.fact,
            )
        })
        .collect()
}

/// Whether a change of a medicine answers a question about `change`.
fn answers(change: Change, label: &str) -> bool {
    match change {
        Change::Any => true,
        Change::Started => label == "started",
        Change::Stopped => matches!(label, "stopped" | "held"),
        Change::Increased => label == "increased",
        Change::Decreased => label == "decreased",
        Change::Current | Change::Past | Change::Ever => false,
    }
}

/// Lines that quote the same place become one, with every label.
fn once(lines: Vec<Line>) -> Vec<Line> {
    let mut out: Vec<Line> = Vec::new();
    let mut at: HashMap<(usize, Option<ward_formats::Span>), usize> = HashMap::new();
    for line in lines {
        let place = (line.source, line.pieces.first().map(|piece| piece.span));
        match at.get(&place).and_then(|i| out.get_mut(*i)) {
            Some(first) => {
                if !line.label.is_empty() && !first.label.split(", ").any(|label| label == line.label) {
                    first.label = if first.label.is_empty() {
                        line.label
                    } else {
                        format!("{}, {}", first.label, line.label)
                    };
                }
            }
            None => {
                at.insert(place, out.len());
                out.push(line);
            }
        }
    }
    out
}

/// The standard name of a measured concept.
fn standard(concept: &str) -> Option<&'static str> {
    let words = Words::new(concept);
    (0..words.len().min(12)).find_map(|i| {
        measures::names()
            .at(|k| words.word(i + k))
            .and_then(|(index, _)| measures::of(index))
            .map(|m| m.name)
    })
}

fn measured(
    part: &Part,
    sources: &[Source<'_>],
    names: &[&'static str],
    pick: Pick,
    period: bool,
    within: &dyn Fn(Option<i64>) -> bool,
) -> Found {
    let mut of: BTreeMap<&'static str, Vec<(usize, &Fact)>> = BTreeMap::new();
    let mut cache: BTreeMap<&str, Option<&'static str>> = BTreeMap::new();
    for kind in [FactKind::Vital, FactKind::Lab] {
        for (source, fact) in facts(sources, kind) {
            if fact.value.is_none()
                || fact.negated
                || fact.status.as_deref() == Some("entered-in-error")
                || !within(fact.day())
            {
                continue;
            }
            let name = *cache
                .entry(fact.concept.as_str())
                .or_insert_with(|| standard(&fact.concept));
            if let Some(name) = name.filter(|n| names.contains(n)) {
                of.entry(name).or_default().push((source, fact));
            }
        }
    }
    // "the glucose screen", "fasting glucose": a further word of the question narrows, where it is found.
    for term in part
        .terms
        .iter()
        .filter(|term| !names.iter().any(|name| measures::is_called(name, term)))
    {
        let told = |fact: &Fact| {
            contains_words(&fact.concept.to_lowercase(), term)
                || fact.pieces.iter().any(|p| contains_words(&p.text.to_lowercase(), term))
        };
        if of.values().flatten().any(|(_, fact)| told(fact)) {
            of.values_mut().for_each(|list| list.retain(|(_, fact)| told(fact)));
        } else {
            // A word that no result holds: the results called as the question calls them come closest.
            let called = |fact: &Fact| {
                let concept = fact.concept.to_lowercase();
                part.terms.iter().any(|term| contains_words(&concept, term))
            };
            if of.values().flatten().any(|(_, fact)| called(fact)) {
                of.values_mut().for_each(|list| list.retain(|(_, fact)| called(fact)));
            }
        }
    }
    of.retain(|_, list| !list.is_empty());
    let pick = if pick == Pick::Latest && period {
        Pick::Trend
    } else {
        pick
    };
    let mut lines = Vec::new();
    for list in of.values_mut() {
        list.sort_by_key(|(_, fact)| fact.day());
        let days: Vec<Option<i64>> = list.iter().map(|(_, f)| f.day()).collect();
        let number = |fact: &Fact| {
            let text: String = fact
                .value
                .as_deref()
                .unwrap_or("")
                .chars()
                .filter(|c| c.is_ascii_digit() || matches!(c, '.' | '/'))
                .collect();
            text.split('/').next().and_then(|n| n.parse::<f64>().ok())
        };
        let extreme = |largest: bool| {
            list.iter()
                .filter_map(|(_, f)| number(f))
                .fold(None, |best: Option<f64>, n| match best {
                    Some(b) if (b >= n) == largest => Some(b),
                    _ => Some(n),
                })
        };
        let chosen: Vec<&(usize, &Fact)> = match pick {
            Pick::Trend => list.iter().collect(),
            Pick::Latest => list.iter().filter(|(_, f)| Some(&f.day()) == days.last()).collect(),
            Pick::First => {
                let first = days.iter().find(|d| d.is_some()).or(days.first());
                list.iter().filter(|(_, f)| Some(&f.day()) == first).collect()
            }
            Pick::Highest | Pick::Lowest => {
                let best = extreme(pick == Pick::Highest);
                list.iter()
                    .filter(|(_, f)| best.is_some() && number(f) == best)
                    .take(1)
                    .collect()
            }
        };
        lines.extend(chosen.into_iter().map(|(source, fact)| line("", *source, fact)));
    }
    let head = match pick {
        Pick::Latest => "Latest",
        Pick::First => "First",
        Pick::Trend => "Over time",
        Pick::Highest => "Highest",
        Pick::Lowest => "Lowest",
    };
    Found {
        head: head.to_owned(),
        lines: once(lines),
    }
}

/// Words after the name of a vaccine that a record may leave out.
const VACCINE_WORDS: &[&str] = &[" vaccine", " vaccination", " shot", " booster"];

fn of_kind(sources: &[Source<'_>], part: &Part, kind: FactKind, within: &dyn Fn(Option<i64>) -> bool) -> Found {
    let relatives: Vec<Line> = match kind {
        FactKind::Problem => of_relatives(sources, part, within),
        _ => Vec::new(),
    };
    if !relatives.is_empty() && part.terms.iter().any(|term| conditions::relative(term).is_some()) {
        return Found {
            head: "Family history".to_owned(),
            lines: relatives,
        };
    }
    let head = match kind {
        FactKind::Problem => "Problems",
        FactKind::Procedure => "Procedures",
        FactKind::Immunization => "Immunizations",
        FactKind::FamilyHistory => "Family history",
        FactKind::Social => "Social history",
        FactKind::FollowUp => "Follow-up",
        FactKind::Encounter => "Visits",
        FactKind::Demographic => "Patient",
        _ => "From the record",
    };
    // What the question names must be in the fact.
    let named: Vec<String> = match kind {
        FactKind::Problem | FactKind::Procedure | FactKind::Immunization => part.things.clone(),
        FactKind::FamilyHistory => {
            let relatives = part
                .terms
                .iter()
                .filter_map(|t| conditions::relative(t))
                .map(str::to_owned);
            part.things.iter().cloned().chain(relatives).collect()
        }
        FactKind::Social => social_topics(part),
        FactKind::Demographic => {
            let lower = part.text.to_lowercase();
            let mut topics = Vec::new();
            for (cue, topic) in [
                ("old", "age"),
                ("age", "age"),
                ("old", "born"),
                ("age", "born"),
                ("born", "born"),
                ("birth", "born"),
                ("sex", "sex"),
                ("gender", "sex"),
            ] {
                if contains_words(&lower, cue) || (cue == "birth" && lower.contains(cue)) {
                    topics.push(topic.to_owned());
                }
            }
            topics
        }
        _ => Vec::new(),
    };
    let mut kinds = vec![kind];
    if kind == FactKind::Problem && !named.is_empty() {
        kinds.push(FactKind::Negation);
    }
    let mut chosen: Vec<(usize, &Fact)> = Vec::new();
    for kind in kinds {
        for (source, fact) in facts(sources, kind) {
            if !within(fact.day()) || fact.status.as_deref() == Some("entered-in-error") {
                continue;
            }
            let mut hay = fact.concept.to_lowercase();
            if let Experiencer::Relative(who) = &fact.experiencer {
                hay = format!("{hay} {who}");
            }
            let all = kind == FactKind::FamilyHistory;
            let hit = |name: &String| {
                let name = VACCINE_WORDS
                    .iter()
                    .find_map(|word| name.strip_suffix(word))
                    .unwrap_or(name);
                contains_words(&hay, name) || synonyms::of(name).any(|other| contains_words(&hay, other))
            };
            let wanted = named.is_empty()
                || if all {
                    named.iter().all(hit)
                } else {
                    named.iter().any(hit)
                };
            if wanted {
                chosen.push((source, fact));
            }
        }
    }
    if part.when {
        // A date in the words themselves beats the date of the visit that tells of it.
        let own = |fact: &Fact| {
            let span = fact.when.as_ref().and_then(|w| w.span);
            span.is_some_and(|span| {
                fact.pieces
                    .iter()
                    .any(|p| p.span.start <= span.start && span.end <= p.span.end)
            })
        };
        if chosen.iter().any(|(_, f)| own(f)) {
            chosen.retain(|(_, f)| own(f));
        }
    }
    if kind == FactKind::Problem && part.text.to_lowercase().contains("active") {
        chosen.retain(|(_, f)| !matches!(f.status.as_deref(), Some("resolved" | "inactive" | "remission")));
    }
    // The newest word on each thing, told in the order of the record.
    let mut newest: BTreeMap<(String, bool), (usize, &Fact)> = BTreeMap::new();
    let keep_all = matches!(
        kind,
        FactKind::Encounter | FactKind::Immunization | FactKind::Procedure | FactKind::FollowUp
    );
    for (i, (source, fact)) in chosen.iter().enumerate() {
        let topic = match &fact.experiencer {
            Experiencer::Relative(who) => format!("{} {who}", fact.concept.to_lowercase()),
            Experiencer::Patient => fact.concept.to_lowercase(),
        };
        let key = if keep_all {
            format!("{topic} {:?} {}", fact.day(), if fact.day().is_none() { i } else { 0 })
        } else {
            topic
        };
        match newest.get(&(key.clone(), fact.negated)) {
            Some((_, old)) if old.day() > fact.day() => {}
            _ => {
                newest.insert((key, fact.negated), (*source, fact));
            }
        }
    }
    let mut chosen: Vec<(usize, &Fact)> = newest.into_values().collect();
    chosen.sort_by_key(|(source, fact)| (*source, fact.pieces.first().map(|p| p.span.start)));
    if kind == FactKind::FollowUp {
        // The newest plan counts.
        let last = chosen.iter().map(|(_, f)| f.day()).max().flatten();
        if last.is_some() {
            chosen.retain(|(_, f)| {
                f.day() == last || matches!(f.status.as_deref(), Some("booked" | "active" | "accepted"))
            });
        }
    }
    let only_denied = !chosen.is_empty() && chosen.iter().all(|(_, fact)| fact.kind == FactKind::Negation);
    let head = if only_denied { "Said to be absent" } else { head };
    let mut lines: Vec<Line> = chosen
        .into_iter()
        .map(|(source, fact)| {
            line(
                match fact.kind {
                    FactKind::Negation if kind == FactKind::Problem && !only_denied => "said to be absent",
                    FactKind::Negation => "",
                    // The sentence of a note says so itself.
                    FactKind::FamilyHistory if fact.origin == Origin::Note => "",
                    _ if fact.negated => "not",
                    _ => "",
                },
                source,
                fact,
            )
        })
        .collect();
    if lines.is_empty() {
        lines = search::best(sources, &part.terms, &[], 3, part.when, within);
        // What is said of a relative is no problem of the patient.
        let place = |line: &Line| (line.source, line.pieces.first().map(|piece| piece.span));
        lines.retain(|line| relatives.iter().all(|relative| place(relative) != place(line)));
        if lines.is_empty() && !relatives.is_empty() {
            return Found {
                head: "Family history".to_owned(),
                lines: relatives,
            };
        }
    }
    Found {
        head: head.to_owned(),
        lines: once(lines),
    }
}

/// What is said of relatives about the things that a question names, of the relatives that it names where it names some.
fn of_relatives(sources: &[Source<'_>], part: &Part, within: &dyn Fn(Option<i64>) -> bool) -> Vec<Line> {
    let asked: Vec<&str> = part
        .terms
        .iter()
        .filter_map(|term| conditions::relative(term))
        .collect();
    let named = |fact: &Fact| {
        let concept = fact.concept.to_lowercase();
        let called = |name: &String| {
            contains_words(&concept, name) || synonyms::of(name).any(|other| contains_words(&concept, other))
        };
        part.things.iter().any(called)
    };
    let of = |fact: &Fact| match &fact.experiencer {
        Experiencer::Relative(who) => asked.is_empty() || asked.contains(&who.as_str()),
        Experiencer::Patient => false,
    };
    let all = facts(sources, FactKind::FamilyHistory).into_iter();
    let told = all.filter(|(_, fact)| within(fact.day()) && named(fact) && of(fact));
    once(told.map(|(source, fact)| line("", source, fact)).collect())
}

fn social_topics(part: &Part) -> Vec<String> {
    let lower = part.text.to_lowercase();
    let mut topics = Vec::new();
    for (cues, topic) in [
        (
            &["smok", "tobacco", "cigar", "vap"][..],
            &["tobacco", "smoking", "smoker"][..],
        ),
        (&["alcohol", "drink", "wine", "beer"], &["alcohol"]),
        (
            &["illicit", "recreational", "cannabis", "marijuana"],
            &["drugs", "drug"],
        ),
        (&["job", "work", "occupation", "employ"], &["work", "occupation"]),
        (&["live", "marri", "marital", "home"], &["home", "marital"]),
    ] {
        if cues.iter().any(|cue| lower.contains(cue)) {
            topics.extend(topics_of(topic));
        }
    }
    topics
}

fn topics_of(words: &[&str]) -> Vec<String> {
    words.iter().map(|w| (*w).to_owned()).collect()
}
