//! FHIR that was valid stays valid: what stands for a value is of the datatype that R4 wants there.
//!
//! Numbers stay numbers in every mode. Mode remove writes dates, instants and encoded content that R4 can read, too; a
//! placeholder in place of a date is what mode tag is for.

use ward_formats::date::Civil;
use ward_formats::{Doc, Document, Edit, Role};

use super::{Found, Plan, whole};
use crate::Class;

/// Most fields of a quantity, to either side of its value.
const QUANTITY: usize = 6;

/// `[FILE]` in base64 (RFC 4648).
const NO_FILE: &str = "W0ZJTEVd";

/// True when a value of the plan is all of its field.
fn is_whole(doc: &Doc, found: &Found) -> bool {
    doc.fields()
        .get(found.field)
        .is_some_and(|field| field.text.len() == found.hit.span.len())
}

/// True for an age over 89 that is a number in FHIR.
fn is_number(doc: &Doc, found: &Found) -> bool {
    matches!(doc, Doc::Fhir(fhir) if fhir.is_number(found.field))
        && found.hit.class == Class::Age
        && is_whole(doc, found)
}

/// Lets `number` say what stands for each age over 89 that is the number of a quantity: text that reads as one. Where R4
/// wants a whole number (`valueInteger`) no other would come back, so a placeholder stays there.
pub(crate) fn number_ages(
    doc: &Doc,
    plan: &Plan,
    stand_ins: &mut [String],
    mut number: impl FnMut(&str) -> Option<String>,
) {
    for (found, stand_in) in plan.found.iter().zip(stand_ins) {
        if is_number(doc, found)
            && doc.place(found.field).ends_with(".value")
            && let Some(new) = number(super::value(doc, found))
        {
            *stand_in = new;
        }
    }
}

/// Lets what mode remove leaves be of the datatype R4 wants. Ages over 89 become 90 with the comparator `>=` in an Age or a
/// Quantity, 90 where there is room for no comparator; a date of birth of somebody over 89 becomes the year of those who
/// are 90 today, which stands for that and all before it (no younger person has it); an instant becomes the first of its
/// year; a coordinate becomes 0. `today` is the day from which ages are counted.
pub(crate) fn keep_removed(doc: &Doc, plan: &mut Plan, stand_ins: &mut Vec<String>, today: Option<Civil>) {
    let Doc::Fhir(fhir) = doc else { return };
    let mut comparators = Vec::new();
    for (found, stand_in) in plan.found.iter().zip(stand_ins.iter_mut()) {
        let role = doc.fields().get(found.field).map(|field| field.role);
        match role {
            Some(Role::Date | Role::BirthDate) => date(stand_in, fhir.is_instant(found.field), today),
            Some(Role::Binary) => NO_FILE.clone_into(stand_in),
            _ => {}
        }
        // A coordinate, or a number of somebody in place of a measure: no number says that it was removed.
        if found.hit.class != Class::Age && fhir.is_number(found.field) && is_whole(doc, found) {
            "0".clone_into(stand_in);
        }
        if !is_number(doc, found) {
            continue;
        }
        let place = doc.place(found.field);
        let Some(parent) = place.strip_suffix(".value") else {
            "90".clone_into(stand_in);
            continue;
        };
        let near = found.field.saturating_sub(QUANTITY)..(found.field + QUANTITY).min(doc.fields().len());
        let comparator = near
            .into_iter()
            .find(|index| doc.place(*index).strip_suffix(".comparator") == Some(parent));
        match comparator {
            Some(index) => {
                "90".clone_into(stand_in);
                comparators.push(index);
            }
            None => Edit::AT_LEAST_90.clone_into(stand_in),
        }
    }
    for index in comparators {
        let Some(field) = doc.fields().get(index) else { continue };
        let at = plan.found.partition_point(|found| found.field < index);
        if plan.found.get(at).is_none_or(|found| found.field != index) {
            let hit = whole(&field.text, Class::Age);
            plan.found
                .splice(at..at, hit.into_iter().map(|hit| Found { field: index, hit }));
            stand_ins.insert(at, ">=".to_owned());
        }
    }
}

/// What mode remove leaves of a date, as a date or an instant of R4.
fn date(stand_in: &mut String, instant: bool, today: Option<Civil>) {
    if stand_in == "90+"
        && let Some(today) = today
    {
        *stand_in = format!("{:04}", today.year - 90);
    }
    let year = stand_in.len() == 4 && stand_in.bytes().all(|b| b.is_ascii_digit());
    if instant && year {
        stand_in.push_str("-01-01T00:00:00Z");
    }
}
