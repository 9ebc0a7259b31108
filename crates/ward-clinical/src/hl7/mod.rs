//! Facts of HL7 v2, by segment: what each segment says, and the parts that say it.
//!
//! Segments are read in order. An order (ORC) holds what follows it; a medicine is one fact made of
//! ORC, RXE (or RXO), TQ1 and RXR. A result (OBX) takes its date from its own OBX-14, else from the
//! OBR above it. A comment (NTE) belongs to what stands above it.

mod orders;
mod segment;

use ward_formats::{Document, Problem, hl7::Hl7Doc};

use self::{
    orders::Order,
    segment::{Reading, finish},
};
use crate::{
    fact::{Experiencer, Fact, FactKind, Record, Section},
    lexicon::measures,
    when::When,
};

/// Segments that hold no clinical fact of the patient, or are read through another.
#[rustfmt::skip]
const PASSED: &[&str] = &[
    "MSH", "SFT", "EVN", "PD1", "NK1", "GT1", "IN1", "IN2", "IN3", "PV2", "ROL", "PRT", "ARV", "DB1", "ACC", "RGS",
    "AIL", "AIP", "AIG", "MRG", "CON", "RF1", "AUT", "PRD", "CTD", "CTI", "BLG", "FT1", "SPM", "SAC", "INV", "PDA",
    "UAC", "MSA", "ERR", "QRD", "QRF", "QPD", "RCP", "DSC", "FHS", "BHS", "BTS", "FTS", "TXA", "RXC", "CDO", "CTI",
    "OBR", "ORC", "TQ1", "TQ2", "RXR", "PDC", "DRG", "UB1", "UB2", "NPU", "AIS",
];

/// Reads every message of the document.
pub(crate) fn read(doc: &Hl7Doc) -> Record {
    let mut record = Record::default();
    let mut state = State::default();
    let mut unread: Vec<String> = Vec::new();
    for segment in doc.segments() {
        let reading = Reading { doc, segment };
        let id = segment.id();
        if matches!(id, "MSH" | "ORC" | "PID" | "OBR" | "RXA") {
            state.close_order(&mut record);
        }
        match id {
            "MSH" => {
                state = State {
                    message: reading.date(7),
                    ..State::default()
                }
            }
            "PID" => patient(&reading, &mut record),
            "AL1" => state.add(&mut record, allergy(&reading, 2, 3, 4, 5, &[6])),
            "IAM" if reading.text(6, 0, 1).as_deref() == Some("D") => {
                left_out(
                    &reading,
                    "a deleted allergy entry (IAM-6 D); it is left out",
                    &mut record,
                );
            }
            "IAM" => state.add(&mut record, allergy(&reading, 2, 3, 4, 5, &[11, 13, 20])),
            "DG1" => state.add(&mut record, diagnosis(&reading)),
            "PRB" => state.add(&mut record, problem(&reading)),
            "PR1" => state.add(&mut record, procedure(&reading)),
            "PV1" => visit(&reading, &state, &mut record),
            "SCH" => state.add(&mut record, appointment(&reading)),
            "ORC" => state.order = Some(Order::new(&reading, state.message.clone())),
            "OBR" => {
                state.test = reading.date(7);
                state.about = reading.coded(4, 0).map(|(text, _)| text).unwrap_or_default();
                state.section = Section::Results;
            }
            "RXO" | "RXE" | "RXD" | "RXG" => {
                let message = state.message.clone();
                let order = state.order.get_or_insert_with(|| Order::empty(message));
                order.medicine(&reading, id, &mut record);
                (state.about, state.section) = (order.name(), Section::Medications);
            }
            "RXR" | "TQ1" => {
                if let Some(order) = state.order.as_mut() {
                    order.detail(&reading, id);
                }
            }
            "RXA" if reading.text(21, 0, 1).as_deref() == Some("D") => {
                left_out(
                    &reading,
                    "a deleted vaccine entry (RXA-21 D); it is left out",
                    &mut record,
                );
            }
            "RXA" => state.add(&mut record, vaccine(&reading)),
            "OBX" => result(&reading, &mut state, &mut record),
            "NTE" => {
                if let Some(mut fact) = comment(&reading) {
                    fact.concept = if state.about.is_empty() {
                        "comment".to_owned()
                    } else {
                        state.about.clone()
                    };
                    fact.section = state.section;
                    fact.when = state
                        .order
                        .as_ref()
                        .and_then(Order::date)
                        .or_else(|| state.test.clone());
                    // Written after the order it belongs to.
                    match state.order.as_mut() {
                        Some(order) => order.comments.push(fact),
                        None => finish(fact, &mut record),
                    }
                }
            }
            _ if PASSED.contains(&id) => {}
            _ => unread.push(if id.is_empty() {
                "line".to_owned()
            } else {
                id.to_owned()
            }),
        }
    }
    state.close_order(&mut record);
    unread.sort();
    unread.dedup();
    record.problems.extend(unread.into_iter().map(|place| Problem {
        place,
        what: "this segment is not read for facts; its content is not in compressed output",
        broken: false,
    }));
    record
}

/// What earlier segments say of later ones.
struct State {
    message: Option<When>,
    order: Option<Order>,
    /// The date of the OBR in force.
    test: Option<When>,
    /// What a comment would be about.
    about: String,
    section: Section,
}

impl Default for State {
    fn default() -> Self {
        Self {
            message: None,
            order: None,
            test: None,
            about: String::new(),
            section: Section::Other,
        }
    }
}

impl State {
    fn add(&mut self, record: &mut Record, fact: Option<Fact>) {
        if let Some(fact) = fact {
            self.about.clone_from(&fact.concept);
            self.section = fact.section;
            finish(fact, record);
        }
    }

    fn close_order(&mut self, record: &mut Record) {
        if let Some(order) = self.order.take() {
            order.finish(record);
        }
    }
}

fn patient(reading: &Reading<'_>, record: &mut Record) {
    for (field, concept) in [(7, "born"), (8, "sex"), (29, "died")] {
        let mut fact = Fact::new(FactKind::Demographic, concept, Section::Header);
        fact.value = reading.quote(&mut fact, field, 0, 1);
        if fact.value.is_some() {
            finish(fact, record);
        }
    }
}

fn allergy(
    reading: &Reading<'_>,
    kind: usize,
    agent: usize,
    severity: usize,
    reaction: usize,
    dates: &[usize],
) -> Option<Fact> {
    let mut fact = Fact::new(FactKind::Allergy, "", Section::Allergies);
    fact.concept = reading.quote_coded(&mut fact, agent, 0)?;
    let reactions: Vec<String> = (0..reading.segment.reps(reaction))
        .filter_map(|rep| reading.quote_coded(&mut fact, reaction, rep))
        .collect();
    fact.reaction = (!reactions.is_empty()).then(|| reactions.join(", "));
    fact.severity = reading.quote_coded(&mut fact, severity, 0);
    fact.reason = reading.detail_coded(&mut fact, kind, 0);
    let lower = fact.concept.to_lowercase();
    fact.negated = lower.contains("no known") || lower == "nkda" || lower == "nka";
    fact.when = dates.iter().find_map(|field| reading.date(*field));
    Some(fact)
}

fn diagnosis(reading: &Reading<'_>) -> Option<Fact> {
    let mut fact = Fact::new(FactKind::Problem, "", Section::PastHistory);
    let described = reading.quote(&mut fact, 4, 0, 1);
    fact.concept = match reading.coded(3, 0) {
        Some((text, index)) if Some(&text) != described.as_ref() => {
            reading.push(&mut fact, index);
            text
        }
        _ => described.clone()?,
    };
    fact.value = described.filter(|text| *text != fact.concept);
    fact.when = reading.date(5);
    Some(fact)
}

fn problem(reading: &Reading<'_>) -> Option<Fact> {
    let mut fact = Fact::new(FactKind::Problem, "", Section::PastHistory);
    fact.concept = reading.quote_coded(&mut fact, 3, 0)?;
    fact.status = reading.quote_coded(&mut fact, 14, 0);
    fact.when = [16, 7, 2].iter().find_map(|field| reading.date(*field));
    fact.until = reading.date(9);
    Some(fact)
}

fn procedure(reading: &Reading<'_>) -> Option<Fact> {
    let mut fact = Fact::new(FactKind::Procedure, "", Section::Procedures);
    let coded = reading.quote_coded(&mut fact, 3, 0);
    let described = reading.quote(&mut fact, 4, 0, 1);
    fact.concept = coded.or_else(|| described.clone())?;
    fact.value = described.filter(|text| *text != fact.concept);
    fact.when = reading.date(5);
    Some(fact)
}

fn visit(reading: &Reading<'_>, state: &State, record: &mut Record) {
    let when = reading.date(44);
    if when.is_none() && state.message.is_none() {
        return;
    }
    let mut fact = Fact::new(FactKind::Encounter, "", Section::Encounters);
    let Some(class) = reading.quote(&mut fact, 2, 0, 1) else {
        return;
    };
    fact.concept = match class.as_str() {
        "I" => "inpatient".to_owned(),
        "O" => "outpatient".to_owned(),
        "E" => "emergency".to_owned(),
        "P" => "preadmission".to_owned(),
        _ => class,
    };
    fact.value = reading.quote_coded(&mut fact, 10, 0);
    fact.when = when.or_else(|| state.message.clone());
    fact.until = reading.date(45);
    finish(fact, record);
}

fn appointment(reading: &Reading<'_>) -> Option<Fact> {
    let mut fact = Fact::new(FactKind::FollowUp, "", Section::Plan);
    let reason = reading.quote_coded(&mut fact, 7, 0);
    let kind = reading.quote_coded(&mut fact, 8, 0);
    fact.concept = reason
        .or_else(|| kind.clone())
        .unwrap_or_else(|| "appointment".to_owned());
    fact.value = kind.filter(|kind| *kind != fact.concept);
    fact.status = reading.quote_coded(&mut fact, 25, 0);
    fact.when = reading.date_part(11, 4).or_else(|| reading.date_part(16, 4));
    (fact.when.is_some() || !fact.pieces.is_empty()).then_some(fact)
}

/// Whether a field says in words that it says nothing.
fn is_nothing(field: &str) -> bool {
    let field = field.trim().to_ascii_lowercase();
    matches!(
        field.as_str(),
        "" | "none" | "no" | "n/a" | "na" | "nil" | "not applicable"
    )
}

fn vaccine(reading: &Reading<'_>) -> Option<Fact> {
    let mut fact = Fact::new(FactKind::Immunization, "", Section::Immunizations);
    fact.concept = reading.quote_coded(&mut fact, 5, 0)?;
    let amount = reading.quote(&mut fact, 6, 0, 1);
    let unit = reading.quote_coded(&mut fact, 7, 0);
    fact.dose = amount
        .filter(|a| a != "999")
        .map(|a| unit.map_or(a.clone(), |u| format!("{a} {u}")));
    fact.status = reading.quote(&mut fact, 20, 0, 1);
    fact.reason = reading.quote_coded(&mut fact, 18, 0);
    // What was refused was not given, also where no status says so.
    fact.negated = match fact.status.as_deref() {
        Some(status) => matches!(status, "RE" | "NA"),
        None => fact.reason.as_deref().is_some_and(|reason| !is_nothing(reason)),
    };
    fact.when = reading.date(3);
    Some(fact)
}

/// OBX-11 codes (HL7 table 0085) of what is no result, and why it is left out.
const WITHDRAWN: &[(&str, &str)] = &[
    ("W", "a result posted as wrong (OBX-11 W); it is left out"),
    ("D", "a deleted result (OBX-11 D); it is left out"),
    ("X", "no result can be obtained (OBX-11 X); it is left out"),
];

/// OBX-11 codes of results that are not plainly final, in words.
const STAGES: &[(&str, &str)] = &[
    ("C", "corrected"),
    ("P", "preliminary"),
    ("S", "partial"),
    ("R", "not verified"),
    ("I", "pending"),
];

/// Declares that this segment is in no fact.
fn left_out(reading: &Reading<'_>, what: &'static str, record: &mut Record) {
    record.problems.push(Problem {
        place: format!("line {}", reading.segment.line()),
        what,
        broken: false,
    });
}

/// Types of OBX-5 whose content is encoded or elsewhere.
const NOT_READ: &[&str] = &["ED", "RP"];

fn result(reading: &Reading<'_>, state: &mut State, record: &mut Record) {
    let mut fact = Fact::new(FactKind::Lab, "", Section::Results);
    let Some(concept) = reading.quote_coded(&mut fact, 3, 0) else {
        return;
    };
    fact.concept = concept;
    let of = reading.text(2, 0, 1).unwrap_or_default();
    if NOT_READ.contains(&of.as_str()) {
        record.problems.push(Problem {
            place: format!("line {}", reading.segment.line()),
            what: "encoded content (OBX-2 ED or RP) was not read",
            broken: false,
        });
        return;
    }
    let mut values = Vec::new();
    for rep in 0..reading.segment.reps(5) {
        let value = match of.as_str() {
            "CE" | "CWE" | "CNE" | "CF" => reading.quote_coded(&mut fact, 5, rep),
            "SN" => {
                let parts: Vec<String> = (1..=4).filter_map(|c| reading.quote(&mut fact, 5, rep, c)).collect();
                (!parts.is_empty()).then(|| parts.concat())
            }
            _ => reading.quote(&mut fact, 5, rep, 1),
        };
        values.extend(value);
    }
    let text = matches!(of.as_str(), "TX" | "FT");
    fact.value = (!values.is_empty()).then(|| values.join(if text { " " } else { ", " }));
    fact.unit = reading.quote_unit(&mut fact, 6);
    let flags: Vec<String> = (0..reading.segment.reps(8))
        .filter_map(|rep| reading.quote(&mut fact, 8, rep, 1))
        .collect();
    fact.flag = (!flags.is_empty()).then(|| flags.join(", "));
    let stage = reading.text(11, 0, 1);
    let stage = stage.as_deref().map(str::trim);
    if let Some((_, why)) = WITHDRAWN.iter().find(|(code, _)| Some(*code) == stage) {
        // A comment below it is still about it.
        state.about.clone_from(&fact.concept);
        state.section = fact.section;
        left_out(reading, why, record);
        return;
    }
    fact.status = stage.filter(|code| *code != "F").map(|code| {
        STAGES
            .iter()
            .find(|(known, _)| *known == code)
            .map_or(code, |(_, word)| *word)
            .to_owned()
    });
    fact.when = reading
        .date(14)
        .or_else(|| state.test.clone())
        .or_else(|| state.order.as_ref().and_then(Order::date));
    let words = crate::note::words::Words::new(&fact.concept);
    let known = (0..words.len().min(12)).find_map(|i| {
        measures::names()
            .at(|k| words.word(i + k))
            .and_then(|(index, _)| measures::of(index))
    });
    if known.is_some_and(|measure| measure.vital) {
        (fact.kind, fact.section) = (FactKind::Vital, Section::Vitals);
    } else if fact.concept.to_lowercase().contains("smok") || fact.concept.to_lowercase().contains("tobacco") {
        (fact.kind, fact.section) = (FactKind::Social, Section::SocialHistory);
    } else if text {
        fact.kind = FactKind::Remark;
    }
    fact.experiencer = Experiencer::Patient;
    state.about.clone_from(&fact.concept);
    state.section = fact.section;
    finish(fact, record);
}

fn comment(reading: &Reading<'_>) -> Option<Fact> {
    let mut fact = Fact::new(FactKind::Remark, "", Section::Other);
    let parts: Vec<String> = (0..reading.segment.reps(3))
        .filter_map(|rep| reading.quote(&mut fact, 3, rep, 1))
        .collect();
    fact.value = (!parts.is_empty()).then(|| parts.join(" "));
    fact.value.is_some().then_some(fact)
}

/// The fields of a document, for the modules below.
fn field(doc: &Hl7Doc, index: usize) -> Option<&ward_formats::Field> {
    doc.fields().get(index)
}
