//! What a reader must not miss and no clinical type of its own holds: flags, consents and refusals, detected issues, adverse events, devices.
//!
//! All but adverse events become remarks with the flag `alert`, which no budget of compression leaves out.

use super::{Source, resources::notes, row::Row};
use crate::fact::{FactKind, Section};

/// What marks a remark that must not be missed.
const ALERT: &str = "alert";

/// A remark about this resource.
fn alert<'a>(source: &Source<'a>, concept: &str) -> Row<'a> {
    let mut row = source.row().of(FactKind::Remark, Section::Other);
    row.fact.concept = concept.to_owned();
    row.fact.flag = Some(ALERT.to_owned());
    row
}

/// Ends a remark that says something.
fn push<'a>(source: &Source<'a>, rows: &mut Vec<Row<'a>>, row: Row<'a>) {
    notes(source, rows, &row.fact);
    if row.fact.value.is_some() {
        rows.push(row);
    }
}

/// `Flag`: "Fall risk", "MRSA isolation".
pub(super) fn flag<'a>(source: &Source<'a>, rows: &mut Vec<Row<'a>>) {
    let mut row = alert(source, "flag");
    row.fact.value = row.concept_at(source.node, &["code"]);
    row.fact.status = row.quote_at(source.node, &["status"]);
    row.dated(source.node, &[&["period", "start"]]);
    row.fact.until = row.date_at(source.node, &["period", "end"]);
    push(source, rows, row);
}

/// `Consent`: what it is about, and whether it permits or denies.
pub(super) fn consent<'a>(source: &Source<'a>, rows: &mut Vec<Row<'a>>) {
    let node = source.node;
    let mut row = alert(source, "consent");
    let mut about: Vec<String> = row.concepts(node, "category").into_iter().collect();
    about.extend(row.concept_at(node, &["policyRule"]));
    if let Some(provision) = source.at(&["provision"]) {
        about.extend(row.quote_at(provision, &["type"]));
        about.extend(row.concepts(provision, "code"));
        about.extend(row.concepts(provision, "action"));
        about.extend(row.concepts(provision, "purpose"));
    }
    if about.is_empty() {
        about.extend(row.concept_at(node, &["scope"]));
    }
    row.fact.value = (!about.is_empty()).then(|| about.join("; "));
    row.fact.status = row.quote_at(node, &["status"]);
    row.dated(node, &[&["dateTime"]]);
    push(source, rows, row);
}

/// `DetectedIssue`: an interaction, a duplicate therapy.
pub(super) fn issue<'a>(source: &Source<'a>, rows: &mut Vec<Row<'a>>) {
    let node = source.node;
    let mut row = alert(source, "detected issue");
    let mut words: Vec<String> = row.concept_at(node, &["code"]).into_iter().collect();
    words.extend(row.quote_at(node, &["detail"]));
    row.fact.value = (!words.is_empty()).then(|| words.join(": "));
    row.fact.severity = row.quote_at(node, &["severity"]);
    row.fact.status = row.quote_at(node, &["status"]);
    row.dated(node, &[&["identifiedDateTime"], &["identifiedPeriod", "start"]]);
    push(source, rows, row);
}

/// `AdverseEvent`: a problem, with what is suspected to have caused it. One that could have happened is marked `potential`.
pub(super) fn adverse_event<'a>(source: &Source<'a>, rows: &mut Vec<Row<'a>>) {
    let node = source.node;
    let mut row = source.row().of(FactKind::Problem, Section::PastHistory);
    let Some(concept) = row
        .concept_at(node, &["event"])
        .or_else(|| row.concept_at(node, &["category"]))
    else {
        return;
    };
    row.fact.concept = concept;
    row.fact.severity = row
        .concept_at(node, &["severity"])
        .or_else(|| row.concept_at(node, &["seriousness"]));
    row.fact.value = row.concept_at(node, &["outcome"]);
    let suspects = source.list(node, "suspectEntity");
    let causes: Vec<String> = suspects
        .into_iter()
        .filter_map(|suspect| row.quote_at(suspect, &["instance", "display"]))
        .collect();
    row.fact.reason = (!causes.is_empty()).then(|| causes.join(", "));
    let actual = source.at(&["actuality"]).and_then(|node| source.tree.str(node)) != Some("potential");
    row.fact.flag = Some(
        if actual {
            "adverse event"
        } else {
            "potential adverse event"
        }
        .to_owned(),
    );
    row.dated(node, &[&["date"], &["detected"], &["recordedDate"]]);
    rows.push(row);
}

/// `Device`: what is implanted or worn.
pub(super) fn device<'a>(source: &Source<'a>, rows: &mut Vec<Row<'a>>) {
    let node = source.node;
    let mut row = alert(source, "device");
    row.fact.value = row
        .concept_at(node, &["type"])
        .or_else(|| row.quote_at(node, &["deviceName", "name"]))
        .or_else(|| row.quote_at(node, &["modelNumber"]));
    row.fact.status = row.quote_at(node, &["status"]);
    push(source, rows, row);
}

/// `DeviceUseStatement`: that one is used, and where.
pub(super) fn device_use<'a>(source: &Source<'a>, rows: &mut Vec<Row<'a>>) {
    let node = source.node;
    let mut row = alert(source, "device");
    let referred = source
        .at(&["device", "reference"])
        .and_then(|n| source.tree.str(n))
        .and_then(|reference| source.resolve(reference));
    row.fact.value = referred
        .and_then(|device| row.concept_at(device, &["type"]))
        .or_else(|| row.quote_at(node, &["device", "display"]));
    row.fact.site = row.concept_at(node, &["bodySite"]);
    row.fact.status = row.quote_at(node, &["status"]);
    row.fact.reason = row.concepts(node, "reasonCode");
    row.dated(
        node,
        &[&["timingDateTime"], &["timingPeriod", "start"], &["recordedOn"]],
    );
    push(source, rows, row);
}
