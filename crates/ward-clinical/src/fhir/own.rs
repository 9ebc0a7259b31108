//! What a resource that Ward wrote says beyond the elements of R4: an extension of [`URL`] with one part for each attribute.
//!
//! `absent` can only be said, never taken back: a resource that says no to something stays a no.

use ward_formats::json::{NodeId, Tree};

use super::{list, row::Row};
use crate::{
    fact::{Experiencer, FactKind, Origin, Section},
    when,
};

/// The name of the extension.
pub(crate) const URL: &str = "urn:ward:fact";

/// The part that names an attribute which the elements seem to say and the fact does not.
pub(crate) const NOT_STATED: &str = "not-stated";

/// Changes the one row of a resource to what its extension says.
pub(crate) fn apply(tree: &Tree, node: NodeId, row: &mut Row<'_>) {
    let is_ours = |extension: &NodeId| tree.get(*extension, "url").and_then(|url| tree.str(url)) == Some(URL);
    for extension in list(tree, node, "extension").into_iter().filter(is_ours) {
        for part in list(tree, extension, "extension") {
            let name = tree.get(part, "url").and_then(|url| tree.str(url)).unwrap_or("");
            let value = row.aside(|row| row.quote_at(part, &["valueString"]));
            if let Some(value) = value {
                set(row, name, value);
            }
        }
    }
}

fn set(row: &mut Row<'_>, name: &str, value: String) {
    let fact = &mut row.fact;
    let (slot, value) = match name {
        NOT_STATED => (value.as_str(), None),
        _ => (name, Some(value.clone())),
    };
    match (slot, value) {
        ("value", value) => fact.value = value,
        ("unit", value) => fact.unit = value,
        ("dose", value) => fact.dose = value,
        ("from", value) => fact.old_dose = value,
        ("route", value) => fact.route = value,
        ("freq", value) => fact.frequency = value,
        ("status", value) => fact.status = value,
        ("reaction", value) => fact.reaction = value,
        ("severity", value) => fact.severity = value,
        ("site", value) => fact.site = value,
        ("flag", value) => fact.flag = value,
        ("for", value) => fact.reason = value,
        ("when", value) => fact.when = value.map(|text| when::written(&text)),
        ("until", value) => fact.until = value.map(|text| when::written(&text)),
        ("who", Some(value)) => fact.experiencer = Experiencer::Relative(value),
        ("who", None) => fact.experiencer = Experiencer::Patient,
        ("absent", Some(_)) => fact.negated = true,
        ("kind", Some(value)) => {
            fact.kind = FactKind::ALL
                .into_iter()
                .find(|kind| kind.word() == value)
                .unwrap_or(fact.kind);
        }
        ("section", Some(value)) => {
            fact.section = Section::ALL
                .into_iter()
                .find(|section| section.title() == value)
                .unwrap_or(fact.section);
        }
        ("origin", Some(value)) => {
            fact.origin = Origin::ALL
                .into_iter()
                .find(|origin| origin.word() == value)
                .unwrap_or(fact.origin);
        }
        _ => {}
    }
}
