//! Reads compressed output again, alone. Written from the grammar in the documentation of
//! [`super::rows`], not from its code: the two share nothing but the attribute names.

use super::{fold, readings::Readings};
use crate::{
    fact::{Fact, FactKind},
    note::{self, Said, layout},
};

/// One statement read from rows.
pub(crate) struct ReadRow {
    /// The group it stood in.
    pub(crate) kind: FactKind,
    /// Attribute and value.
    pub(crate) pairs: Vec<(String, String)>,
}

/// Attributes that may open a field.
const KEYS: &[&str] = &[
    "unit", "dose", "from", "route", "freq", "status", "reaction", "severity", "site", "flag", "for", "until", "who",
    "absent",
];

/// Reads rows. A line that fits no rule gives nothing, so that its fact is missed and counted.
pub(crate) fn rows(text: &str) -> Vec<ReadRow> {
    let mut found = Vec::new();
    let mut kind = None;
    for line in text.split('\n') {
        if let Some(word) = line.strip_prefix("# ") {
            kind = FactKind::ALL.into_iter().find(|kind| kind.word() == word);
            continue;
        }
        let (Some(kind), false) = (kind, line.is_empty()) else {
            continue;
        };
        let mut fields = line.split(" | ");
        let concept = plain(fields.next().unwrap_or(""));
        let mut shared = vec![("concept".to_owned(), concept)];
        let mut entries = Vec::new();
        for field in fields {
            match pair(field) {
                Some(pair) => shared.push(pair),
                None => entries.push(field),
            }
        }
        if entries.is_empty() {
            found.push(ReadRow { kind, pairs: shared });
            continue;
        }
        for entry in entries {
            let mut pairs = shared.clone();
            let mut parts = entry.split("; ");
            let head = parts.next().unwrap_or("");
            let (date, value) = head.split_once(' ').unwrap_or((head, ""));
            if date != "-" {
                pairs.push(("when".to_owned(), plain(date)));
            }
            pairs.push(("value".to_owned(), plain(value)));
            for part in parts {
                pairs.push(pair(part).unwrap_or_else(|| ("unknown".to_owned(), part.to_owned())));
            }
            found.push(ReadRow { kind, pairs });
        }
    }
    found
}

fn pair(field: &str) -> Option<(String, String)> {
    let (key, value) = field.split_once('=')?;
    KEYS.contains(&key).then(|| (key.to_owned(), plain(value)))
}

/// Escapes resolved.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        out.push(match chars.next() {
            Some('p') => '|',
            Some('c') => ';',
            Some('e') => '=',
            Some('h') => '#',
            Some('s') => ' ',
            Some('m') => '-',
            Some(other) => other,
            None => '\\',
        });
    }
    out
}

/// The facts of a compressed note, from its text with what every mark stands for in its place.
pub(crate) fn note(text: &str, readings: &Readings) -> Vec<Fact> {
    let whole = fold::expand(text, readings.pack);
    let layout = layout::of(&whole, 0, readings.pack);
    let read = |sentence: &str, place| Said::clone(&readings.said(sentence, place));
    note::read_by(&whole, 0, &layout, readings.pack, read).facts
}
