//! The types of all fields of all segments and of all components of all datatypes, from `v2.txt`.

use std::sync::LazyLock;

use super::fields::{self, Meaning};

/// The table, read once.
pub(super) static SCHEMA: LazyLock<Schema> = LazyLock::new(|| Schema::read(include_str!("v2.txt")));

/// Names of types by position.
type Row = (&'static str, Vec<&'static str>);

/// Segments and datatypes of HL7 v2.
pub(super) struct Schema {
    /// Sorted by name.
    segments: Vec<Row>,
    /// Datatypes that have components, sorted by name.
    datatypes: Vec<Row>,
    /// What the components mean, in the order of `datatypes`.
    meanings: Vec<Vec<Meaning>>,
}

impl Schema {
    fn read(text: &'static str) -> Schema {
        let (mut segments, mut datatypes) = (Vec::new(), Vec::new());
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let mut words = line.split(' ');
            let name = words.next().unwrap_or_default();
            match name.strip_prefix('.') {
                Some(name) => datatypes.push((name, words.collect())),
                None => segments.push((name, words.collect())),
            }
        }
        segments.sort_by_key(|(name, _): &Row| *name);
        datatypes.sort_by_key(|(name, _): &Row| *name);
        let meanings = datatypes
            .iter()
            .map(|(name, types)| {
                let meaning = |(of, i): (&&str, usize)| fields::component(name, i).unwrap_or(fields::primitive(of));
                types.iter().zip(1..).map(meaning).collect()
            })
            .collect();
        Schema {
            segments,
            datatypes,
            meanings,
        }
    }

    /// True for a segment of the standard.
    pub(super) fn has(&self, segment: &str) -> bool {
        row(&self.segments, segment).is_some()
    }

    /// The type of a field, counted from 1; `*` where the message decides.
    pub(super) fn field(&self, segment: &str, field: usize) -> Option<&'static str> {
        at(&self.segments, segment, field)
    }

    /// The type of a component, counted from 1. `None` for primitive types.
    pub(super) fn component(&self, of: &str, component: usize) -> Option<&'static str> {
        at(&self.datatypes, of, component)
    }

    /// What a component without components of its own means, counted from 1.
    pub(super) fn meaning(&self, of: &str, component: usize) -> Option<Meaning> {
        let i = self.datatypes.binary_search_by_key(&of, |(name, _)| name).ok()?;
        self.meanings.get(i)?.get(component.checked_sub(1)?).copied()
    }

    /// True for a type with components.
    pub(super) fn is_composite(&self, of: &str) -> bool {
        row(&self.datatypes, of).is_some()
    }

    /// The name of a type of the standard, for one that a message gives.
    pub(super) fn known(&self, of: &str) -> Option<&'static str> {
        let primitive = PRIMITIVES.iter().find(|name| **name == of).copied();
        primitive.or_else(|| row(&self.datatypes, of).map(|(name, _)| *name))
    }
}

/// Types without components.
const PRIMITIVES: &[&str] = &[
    "DT", "DTM", "FT", "GTS", "ID", "IS", "NM", "SI", "SNM", "ST", "TM", "TN", "TX",
];

fn row<'a>(rows: &'a [Row], name: &str) -> Option<&'a Row> {
    rows.get(rows.binary_search_by_key(&name, |(name, _)| name).ok()?)
}

fn at(rows: &[Row], name: &str, at: usize) -> Option<&'static str> {
    let of = row(rows, name)?.1.get(at.checked_sub(1)?)?;
    (*of != "-").then_some(*of)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_fields_and_components() {
        assert_eq!(SCHEMA.field("PID", 5), Some("XPN"));
        assert_eq!(SCHEMA.field("PID", 0), None);
        assert_eq!(SCHEMA.field("PID", 500), None);
        assert_eq!(SCHEMA.field("OBX", 5), Some("*"));
        assert_eq!(SCHEMA.component("XPN", 1), Some("FN"));
        assert_eq!(SCHEMA.component("ST", 1), None);
        assert_eq!(SCHEMA.known("ST"), Some("ST"));
        assert_eq!(SCHEMA.known("CWE"), Some("CWE"));
        assert_eq!(SCHEMA.known("John"), None);
        assert!(SCHEMA.has("OBX") && !SCHEMA.has("ZPD"));
        // Every type that a field or a component has is a primitive or stands in the table.
        for (name, types) in SCHEMA.segments.iter().chain(&SCHEMA.datatypes) {
            for of in types.iter().filter(|of| !matches!(**of, "-" | "*" | "WD")) {
                assert!(SCHEMA.known(of).is_some(), "{name}: {of}");
            }
        }
    }
}
