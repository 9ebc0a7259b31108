//! The state as JSON.

use serde_json::{Map, Value, json};

use super::{Medicine, Series, State, Thing};
use crate::{fact::Fact, when::When};

/// The JSON Schema (draft 2020-12) of [`State::to_json`].
pub const SCHEMA: &str = include_str!("state.schema.json");

impl State {
    /// The state as an object that follows [`SCHEMA`].
    #[must_use]
    pub fn to_json(&self) -> Value {
        let all = |facts: &[Fact]| facts.iter().map(entry).collect::<Vec<_>>();
        let things = |list: &[Thing]| list.iter().map(thing).collect::<Vec<_>>();
        json!({
            "state": 1,
            "patient": all(&self.patient),
            "allergies": things(&self.allergies),
            "medicines": self.medicines.iter().map(medicine).collect::<Vec<_>>(),
            "problems": things(&self.problems),
            "series": self.series.iter().map(series).collect::<Vec<_>>(),
            "reports": all(&self.reports),
            "encounters": all(&self.encounters),
            "procedures": all(&self.procedures),
            "immunizations": all(&self.immunizations),
            "family": all(&self.family),
            "social": all(&self.social),
            "follow_up": all(&self.follow_up),
            "absent": all(&self.absent),
            "remarks": all(&self.remarks),
            "doubts": crate::json::doubts(&self.doubts),
        })
    }
}

fn thing(one: &Thing) -> Value {
    json!({"name": one.name, "active": one.active, "entries": one.entries.iter().map(entry).collect::<Vec<_>>()})
}

fn medicine(one: &Medicine) -> Value {
    let changes = one.changes.iter().map(|change| {
        let mut object = Map::from_iter([("what".to_owned(), json!(change.what))]);
        object.extend(change.when.as_ref().map(|when| ("when".to_owned(), json!(when.text))));
        object.extend(change.dose.as_ref().map(|dose| ("dose".to_owned(), json!(dose))));
        Value::from(object)
    });
    json!({
        "name": one.name,
        "now": one.now.as_ref().map(entry),
        "changes": changes.collect::<Vec<_>>(),
        "entries": one.entries.iter().map(entry).collect::<Vec<_>>(),
    })
}

fn series(one: &Series) -> Value {
    json!({
        "name": one.name,
        "vital": one.vital,
        "unit": one.unit,
        "latest": one.entries.last().map(entry),
        "entries": one.entries.iter().map(entry).collect::<Vec<_>>(),
    })
}

/// A fact as an object: what it says, and nothing that it does not say.
fn entry(fact: &Fact) -> Value {
    let mut object = Map::new();
    let mut put = |name: &str, value: Value| object.insert(name.to_owned(), value);
    put("concept", json!(fact.concept));
    if let Some(value) = &fact.value {
        put("value", json!(value));
    }
    for (name, value) in fact.attributes() {
        put(name, if name == "absent" { json!(true) } else { json!(value) });
    }
    if let Some(When { text, .. }) = &fact.when {
        put("when", json!(text));
    }
    put("section", json!(fact.section.title()));
    put("origin", json!(fact.origin.word()));
    object.into()
}
