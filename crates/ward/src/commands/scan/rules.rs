//! `ward rules` and `ward explain`.

use std::fmt::Write as _;

use anyhow::{Result, bail};
use serde_json::{Value, json};
use ward_evidence::RuleMeta;
use ward_scan::{
    engine,
    output::{engine_of, weaknesses},
};

use crate::{
    cli::scan::{Explain, Rules},
    exit::Exit,
    terminal,
};

/// Lists the rules.
///
/// # Errors
/// When stdout cannot be written to.
pub fn list(args: &Rules) -> Result<Exit> {
    let rules = sorted(&args.start);
    if args.json {
        let rules: Vec<Value> = rules.into_iter().map(as_json).collect();
        terminal::json(&rules.into())?;
    } else if args.markdown {
        terminal::result(&markdown(&rules))?;
    } else {
        let width = rules.iter().map(|rule| rule.id.len()).max().unwrap_or_default();
        let line = |rule: &&'static RuleMeta| format!("{:width$}  {:8}  {}\n", rule.id, rule.severity, rule.summary);
        terminal::result(&rules.iter().map(line).collect::<String>())?;
    }
    Ok(Exit::Clean)
}

/// The rules whose names begin with `start`, by name.
#[must_use]
pub fn sorted(start: &str) -> Vec<&'static RuleMeta> {
    let mut rules: Vec<&'static RuleMeta> = engine::all_rules().filter(|rule| rule.id.starts_with(start)).collect();
    rules.sort_by_key(|rule| rule.id);
    rules
}

/// The JSON schema of `ward scan --json`.
#[must_use]
pub fn schema() -> &'static str {
    ward_scan::output::json::SCHEMA
}

/// Rules as tables in Markdown, one a family.
#[must_use]
pub fn markdown(rules: &[&'static RuleMeta]) -> String {
    let family = |rule: &RuleMeta| rule.id.split_once('/').map_or(rule.id, |(family, _)| family).to_owned();
    let mut out = String::new();
    let mut last = None;
    for rule in rules {
        let family = family(rule);
        if last.as_ref() != Some(&family) {
            let gap = if last.is_some() { "\n" } else { "" };
            // Writing to a String cannot fail.
            let _ = writeln!(
                out,
                "{gap}## {family}\n\n| rule | severity | what it finds | CWE | controls |\n|---|---|---|---|---|"
            );
            last = Some(family);
        }
        let numbers: Vec<String> = weaknesses(rule).iter().map(u32::to_string).collect();
        let controls: Vec<&str> = rule.controls.iter().map(|id| id.as_str()).collect();
        let _ = writeln!(
            out,
            "| `{}` | {} | {} | {} | {} |",
            rule.id,
            rule.severity,
            rule.summary.replace('|', "\\|"),
            numbers.join(", "),
            controls.join(", ")
        );
    }
    out
}

fn as_json(rule: &'static RuleMeta) -> Value {
    json!({
        "id": rule.id,
        "engine": engine_of(rule),
        "severity": rule.severity,
        "controls": rule.controls,
        "cwe": weaknesses(rule),
        "summary": rule.summary,
        "docs": rule.docs,
    })
}

/// Says what a rule says about itself.
///
/// # Errors
/// When there is no such rule.
pub fn explain(args: &Explain) -> Result<Exit> {
    if let Some(control) = ward_evidence::by_id(&args.rule) {
        return crate::commands::attest::control::explain(control, args.json);
    }
    let named = ward_scan::code::rule_of_bandit(&args.rule).unwrap_or(&args.rule);
    let Some(rule) = engine::rule(named) else {
        let last = args.rule.rsplit('/').next().unwrap_or_default();
        let near: Vec<&str> = engine::all_rules()
            .map(|rule| rule.id)
            .filter(|id| last.len() > 2 && id.contains(last))
            .take(5)
            .collect();
        if near.is_empty() {
            bail!(
                "there is no such rule or control; `ward rules` lists the rules, `ward policy explain CODE-1` the controls of a clause"
            );
        }
        bail!("there is no such rule; there is {}", near.join(", "));
    };
    if args.json {
        terminal::json(&as_json(rule))?;
        return Ok(Exit::Clean);
    }
    let controls: Vec<String> = rule
        .controls
        .iter()
        .map(|id| {
            let title = ward_evidence::by_id(id.as_str()).map_or("", |control| control.title);
            format!("{id} ({title})")
        })
        .collect();
    let numbers: Vec<String> = weaknesses(rule).iter().map(|number| format!("CWE-{number}")).collect();
    let numbers = if numbers.is_empty() {
        String::new()
    } else {
        format!(" {}.", numbers.join(", "))
    };
    terminal::result(&format!(
        "# {}\n\n{}\n\nSeverity: {}. Serves: {}.{numbers}\n\n{}\n\nTo allow one: `{} {} why it is no fault` in a comment on its \
         line, or alone on the line above.\n",
        rule.id,
        rule.summary,
        rule.severity,
        controls.join(", "),
        rule.docs.trim(),
        ward_scan::suppress::MARKER,
        rule.id
    ))?;
    Ok(Exit::Clean)
}
