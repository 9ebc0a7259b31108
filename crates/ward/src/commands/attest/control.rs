//! A control, explained: what it says, what enforces and shows it, which rules serve it, which clauses it has to do with.

use std::fmt::Write as _;

use anyhow::Result;
use serde_json::{Value, json};
use ward_evidence::{Control, RuleMeta, Standard, mappings_of};
use ward_scan::engine;

use crate::{exit::Exit, terminal};

/// How many rules are named; some controls are served by hundreds.
const RULES: usize = 12;

/// Prints what is known of a control.
///
/// # Errors
/// When stdout cannot be written to.
pub fn explain(control: &Control, as_json: bool) -> Result<Exit> {
    if as_json {
        terminal::json(&value(control))?;
    } else {
        terminal::result(&markdown(control, 1))?;
    }
    Ok(Exit::Clean)
}

fn rules(control: &Control) -> Vec<&'static RuleMeta> {
    let mut rules: Vec<_> = engine::all_rules()
        .filter(|rule| rule.controls.contains(&control.id))
        .collect();
    rules.sort_by_key(|rule| rule.id);
    rules
}

fn value(control: &Control) -> Value {
    let rules: Vec<&str> = rules(control).iter().map(|rule| rule.id).collect();
    let mappings: Vec<Value> = mappings_of(control.id)
        .map(|(standard, mapping)| {
            json!({
                "standard": standard.id,
                "version": standard.version,
                "clause": mapping.clause,
                "relation": mapping.relation,
                "status": mapping.status,
                "source": standard.source,
                "snapshot": standard.snapshot,
            })
        })
        .collect();
    let mut object = json!(control);
    object["rules"] = rules.into();
    object["mappings"] = mappings.into();
    object
}

/// A control in Markdown, under a heading of this level.
#[must_use]
pub fn markdown(control: &Control, level: usize) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write(&mut out, control, level);
    out
}

fn write(out: &mut String, control: &Control, level: usize) -> std::fmt::Result {
    let Control {
        id,
        title,
        statement,
        rationale,
        status,
        enforced_by,
        verified_by,
        ..
    } = control;
    writeln!(out, "{} {id}: {title}\n", "#".repeat(level))?;
    writeln!(out, "*{}.* {statement} {rationale}\n", capital(status.word()))?;
    if !enforced_by.is_empty() {
        writeln!(out, "- Enforced by: {}.", enforced_by.join("; "))?;
        let shown: Vec<String> = verified_by.iter().map(|item| quoted(item)).collect();
        writeln!(out, "- Shown by: {}.", shown.join("; "))?;
    }
    let rules = rules(control);
    if !rules.is_empty() {
        let names: Vec<String> = rules.iter().take(RULES).map(|rule| format!("`{}`", rule.id)).collect();
        let more = match rules.len().saturating_sub(RULES) {
            0 => String::new(),
            more => format!(" and {more} more (`ward rules`)"),
        };
        writeln!(out, "- Rules that serve it: {}{more}.", names.join(", "))?;
    }
    writeln!(
        out,
        "\n| standard | satisfies | supports | related | mapping |\n|---|---|---|---|---|"
    )?;
    let mut last: Option<&Standard> = None;
    for (standard, _) in mappings_of(control.id) {
        if last.is_some_and(|last| last.id == standard.id) {
            continue;
        }
        last = Some(standard);
        row(out, control, standard)?;
    }
    Ok(())
}

fn row(out: &mut String, control: &Control, standard: &Standard) -> std::fmt::Result {
    use ward_evidence::{Checked, Relation};
    let of = |relation: Relation| {
        let clauses = standard
            .of_control(control.id)
            .filter(|mapping| mapping.relation == relation);
        clauses
            .map(|mapping| mapping.clause.as_str())
            .collect::<Vec<_>>()
            .join(", ")
    };
    let checked = standard
        .of_control(control.id)
        .filter(|mapping| mapping.status == Checked::Verified)
        .count();
    let word = match (checked, standard.of_control(control.id).count()) {
        (0, _) => "to be checked".to_owned(),
        (some, all) if some == all => format!("verified, as of {}", standard.snapshot),
        (some, all) => format!("{some} of {all} verified, as of {}", standard.snapshot),
    };
    writeln!(
        out,
        "| {} {} | {} | {} | {} | {word} |",
        standard.id,
        standard.version.replace('|', "/"),
        of(Relation::Satisfies),
        of(Relation::Supports),
        of(Relation::Related)
    )
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars
        .next()
        .map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}

/// A path in backticks; a command has them already.
fn quoted(item: &str) -> String {
    if item.starts_with('`') {
        item.to_owned()
    } else {
        format!("`{item}`")
    }
}
