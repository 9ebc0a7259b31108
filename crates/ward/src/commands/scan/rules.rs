//! `ward rules` and `ward explain`.

use anyhow::{Result, bail};
use serde_json::{Value, json};
use ward_evidence::RuleMeta;
use ward_scan::engine;

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
    let mut rules: Vec<&RuleMeta> = engine::all_rules()
        .filter(|rule| rule.id.starts_with(&args.start))
        .collect();
    rules.sort_by_key(|rule| rule.id);
    if args.json {
        let rules: Vec<Value> = rules.into_iter().map(as_json).collect();
        terminal::json(&rules.into())?;
    } else {
        let width = rules.iter().map(|rule| rule.id.len()).max().unwrap_or_default();
        let line = |rule: &&RuleMeta| format!("{:width$}  {:8}  {}\n", rule.id, rule.severity, rule.summary);
        terminal::result(&rules.iter().map(line).collect::<String>())?;
    }
    Ok(Exit::Clean)
}

fn as_json(rule: &RuleMeta) -> Value {
    json!({"id": rule.id, "severity": rule.severity, "controls": rule.controls, "summary": rule.summary, "docs": rule.docs})
}

/// Says what a rule says about itself.
///
/// # Errors
/// When there is no such rule.
pub fn explain(args: &Explain) -> Result<Exit> {
    let Some(rule) = engine::rule(&args.rule) else {
        bail!("there is no such rule; `ward rules` lists them");
    };
    let controls: Vec<&str> = rule.controls.iter().map(|control| control.as_str()).collect();
    terminal::result(&format!(
        "# {}\n\n{}\n\nSeverity: {}. Serves: {}.\n\n{}\n",
        rule.id,
        rule.summary,
        rule.severity,
        controls.join(", "),
        rule.docs.trim()
    ))?;
    Ok(Exit::Clean)
}
