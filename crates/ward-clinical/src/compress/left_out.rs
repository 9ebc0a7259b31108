//! What compression of a structured record leaves out, counted.

use std::collections::{BTreeMap, HashSet};

use ward_formats::{Doc, Document, Role};

use crate::{fact::Record, fhir::BALLAST};

/// Something that is not in the output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// What sort of content: `billing`, `identifiers`, a resource type.
    pub what: String,
    /// How many fields, resources, segments or sentences.
    pub count: usize,
    /// Why.
    pub why: &'static str,
}

/// Counts what no fact of `record` quotes.
pub(crate) fn of(doc: &Doc, record: &Record) -> Vec<LeftOut> {
    let mut counts: BTreeMap<(String, &'static str), usize> = BTreeMap::new();
    let mut add = |what: &str, why: &'static str| *counts.entry((what.to_owned(), why)).or_default() += 1;
    if let Doc::Fhir(fhir) = doc {
        for (of, _) in fhir.resources() {
            if let Some((_, what)) = BALLAST.iter().find(|(name, _)| *name == of) {
                add(&format!("{what} ({of} resources)"), "no clinical fact of the patient");
            }
        }
    }
    let quoted: HashSet<usize> = record
        .facts
        .iter()
        .flat_map(|fact| fact.pieces.iter().chain(&fact.details).map(|piece| piece.span.start))
        .collect();
    for field in doc.fields() {
        if quoted.contains(&field.raw.start) || field.text.trim().is_empty() {
            continue;
        }
        let (what, why) = match field.role {
            Role::Name(_) => ("names", "not needed to answer; also not to be shared"),
            Role::Facility | Role::Region | Role::Address(_) => {
                ("places", "not needed to answer; also not to be shared")
            }
            Role::Contact(_) => ("contacts", "not needed to answer; also not to be shared"),
            Role::Identifier(_) => (
                "identifiers and references",
                "not needed to answer; also not to be shared",
            ),
            Role::BirthDate | Role::Date => (
                "other dates",
                "recording times, second dates of a fact, dates of what is left out",
            ),
            Role::Code => (
                "codes",
                "code systems, codes beside a display, statuses that are the rule",
            ),
            Role::Value => ("other numbers", "no part of a fact"),
            Role::Narrative => ("narratives", "generated from the structure"),
            Role::Binary => ("attachments", "encoded content was not read"),
            Role::Text => ("free texts", "no fact quotes them"),
            Role::Unknown => (
                "unknown elements",
                "not part of FHIR R4 or HL7 v2 as this version knows it",
            ),
        };
        add(what, why);
    }
    for problem in &record.problems {
        add(&problem.place, problem.what);
    }
    let mut list: Vec<LeftOut> = counts
        .into_iter()
        .map(|((what, why), count)| LeftOut { what, count, why })
        .collect();
    let times = record.facts.iter().filter(|fact| fact.when.is_some()).count();
    if times > 0 {
        list.push(LeftOut {
            what: "times of day".to_owned(),
            count: times,
            why: "dates are kept to the day",
        });
    }
    list
}
