//! Facts as normalised tuples, so that two readings can be compared.

use std::collections::BTreeSet;

use super::reread::ReadRow;
use crate::fact::{Fact, FactKind};

/// A fact without its place: kind, and (attribute, value) pairs in a fixed order, white space
/// squeezed and case folded.
pub(crate) type Tuple = (FactKind, Vec<(&'static str, String)>);

/// Names of attributes, in the order of a tuple.
const NAMES: [&str; 17] = [
    "concept", "value", "unit", "dose", "from", "route", "freq", "status", "reaction", "severity", "site", "flag",
    "for", "until", "who", "absent", "when",
];

/// The distinct tuples of facts.
pub(crate) fn tuples(facts: &[Fact]) -> BTreeSet<Tuple> {
    facts
        .iter()
        .map(|fact| {
            let mut pairs = vec![("concept", fact.concept.as_str())];
            pairs.extend(fact.value.as_deref().map(|value| ("value", value)));
            pairs.extend(fact.attributes());
            pairs.extend(fact.when.as_ref().map(|when| ("when", when.text.as_str())));
            tuple(fact.kind, pairs)
        })
        .collect()
}

/// The distinct tuples of rows read from an output.
pub(crate) fn of_rows(rows: &[ReadRow]) -> BTreeSet<Tuple> {
    rows.iter()
        .map(|row| {
            tuple(
                row.kind,
                row.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())),
            )
        })
        .collect()
}

/// The date of a tuple, as it stands there.
pub(crate) fn when(tuple: &Tuple) -> Option<&str> {
    part(tuple, "when")
}

/// What a tuple is about.
pub(crate) fn concept(tuple: &Tuple) -> Option<&str> {
    part(tuple, "concept")
}

fn part<'a>(tuple: &'a Tuple, wanted: &str) -> Option<&'a str> {
    let found = tuple.1.iter().find(|(name, _)| *name == wanted);
    found.map(|(_, text)| text.as_str())
}

fn tuple<'a>(kind: FactKind, pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Tuple {
    let mut out: Vec<(&'static str, String)> = pairs
        .into_iter()
        .map(|(name, value)| {
            let name = NAMES.iter().find(|n| **n == name).copied().unwrap_or("unknown");
            (name, folded(value))
        })
        .filter(|(_, value)| !value.is_empty())
        .collect();
    out.sort();
    (kind, out)
}

/// White space squeezed and case folded.
fn folded(value: &str) -> String {
    let bytes = value.as_bytes();
    let mut pairs = bytes.iter().zip(bytes.get(1..).unwrap_or(&[]));
    let plain = bytes.iter().all(|byte| byte.is_ascii_graphic() || *byte == b' ')
        && !bytes.starts_with(b" ")
        && !bytes.ends_with(b" ")
        && !pairs.any(|(a, b)| (a, b) == (&b' ', &b' '));
    match plain {
        true => value.to_ascii_lowercase(),
        false => value.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase(),
    }
}
