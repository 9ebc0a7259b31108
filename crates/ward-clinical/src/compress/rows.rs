//! Ward's rows: facts of a structured record as dense text.
//!
//! ```text
//! # allergy
//! Penicillin | severity=high | status=active | 1978-05-02; reaction=Hives
//! # lab
//! Creatinine | unit=mg/dL | 2025-11-10 1.52; flag=H | 2026-09-14 1.62; flag=H
//! ```
//!
//! A line `# kind` opens a group. Every other line is a row: fields parted by ` | `. The first is the
//! concept. A field `key=value` holds for every entry of the row. Any other field is an entry: a date
//! as written (or `-`), a space and a value if there is one, then `; key=value` for what holds for
//! this entry alone. A row without entries is one statement without date and value. Inside texts
//! white space is squeezed, and `\\`, `\p`, `\c`, `\e`, `\h`, `\s`, `\m` stand for a backslash, `|`,
//! `;`, `=`, a leading `#`, a space in a date, and a leading `-` in a date.

use std::collections::{HashMap, HashSet};

use crate::fact::{Fact, FactKind};

struct Entry {
    when: String,
    value: String,
    attributes: Vec<(&'static str, String)>,
}

/// Writes `facts` grouped by kind in `order`. Facts that say the same are written once.
pub(crate) fn write(facts: &[Fact], order: &[FactKind]) -> String {
    let mut out = String::new();
    for kind in order {
        let mut rows: Vec<(String, Vec<Entry>)> = Vec::new();
        let mut by_name: HashMap<(String, String), usize> = HashMap::new();
        let mut seen: HashSet<String> = HashSet::new();
        for fact in facts.iter().filter(|fact| fact.kind == *kind) {
            let concept = escape(&fact.concept);
            let concept = concept
                .strip_prefix('#')
                .map_or(concept.clone(), |rest| format!("\\h{rest}"));
            let entry = Entry {
                when: fact.when.as_ref().map_or(String::new(), |when| date(&when.text)),
                value: fact.value.as_deref().map_or(String::new(), escape),
                attributes: fact
                    .attributes()
                    .into_iter()
                    .map(|(key, value)| (key, escape(value)))
                    .filter(|(_, value)| !value.is_empty())
                    .collect(),
            };
            let mut line = format!("{concept}|{}|{}", entry.when, entry.value);
            for (key, value) in &entry.attributes {
                line += &format!("|{key}={value}");
            }
            if !seen.insert(line) {
                continue;
            }
            let unit = entry
                .attributes
                .iter()
                .find(|(key, _)| *key == "unit")
                .map_or(String::new(), |(_, unit)| unit.clone());
            let row = *by_name.entry((concept.clone(), unit)).or_insert_with(|| {
                rows.push((concept, Vec::new()));
                rows.len() - 1
            });
            if let Some((_, entries)) = rows.get_mut(row) {
                entries.push(entry);
            }
        }
        if rows.is_empty() {
            continue;
        }
        out += "# ";
        out += kind.word();
        out.push('\n');
        for (concept, entries) in rows {
            write_row(&mut out, &concept, &entries);
        }
    }
    out
}

fn write_row(out: &mut String, concept: &str, entries: &[Entry]) {
    let shared: Vec<&(&'static str, String)> = entries
        .first()
        .map(|first| {
            first
                .attributes
                .iter()
                .filter(|pair| entries.iter().all(|e| e.attributes.contains(pair)))
                .collect()
        })
        .unwrap_or_default();
    *out += concept;
    for (key, value) in &shared {
        *out += &format!(" | {key}={value}");
    }
    let bare = |e: &Entry| e.when.is_empty() && e.value.is_empty() && e.attributes.len() == shared.len();
    if !matches!(entries, [only] if bare(only)) {
        for entry in entries {
            *out += " | ";
            *out += if entry.when.is_empty() { "-" } else { &entry.when };
            if !entry.value.is_empty() {
                out.push(' ');
                *out += &entry.value;
            }
            for pair in entry.attributes.iter().filter(|pair| !shared.contains(pair)) {
                *out += &format!("; {}={}", pair.0, pair.1);
            }
        }
    }
    out.push('\n');
}

/// White space squeezed, marks of the grammar escaped.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (i, word) in text.split_whitespace().enumerate() {
        if i > 0 {
            out.push(' ');
        }
        for c in word.chars() {
            match c {
                '\\' => out += "\\\\",
                '|' => out += "\\p",
                ';' => out += "\\c",
                _ => out.push(c),
            }
        }
    }
    out
}

fn date(text: &str) -> String {
    let escaped = escape(text).replace('=', "\\e").replace(' ', "\\s");
    escaped
        .strip_prefix('-')
        .map_or(escaped.clone(), |rest| format!("\\m{rest}"))
}
