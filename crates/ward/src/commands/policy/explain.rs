//! `ward policy explain`: what a verdict, a rule, a topic or a control means.

use std::fmt::Write as _;

use anyhow::{Result, bail};
use serde_json::{Value, json};
use ward_evidence::Control;
use ward_policy::{
    check::rules,
    output::meaning::{Meaning, VERDICTS, verdict},
    topic::Topic,
};

use crate::{cli::policy::Explain, exit::Exit, terminal};

/// Explains a word.
///
/// # Errors
/// When nothing is called so.
pub(super) fn run(args: &Explain) -> Result<Exit> {
    let Some(word) = args.word.as_deref() else {
        return all(args.json);
    };
    if let Some(meaning) = verdict(word) {
        return tell(args.json, || of_verdict(meaning), verdict_json(meaning));
    }
    if let Some(rule) = rules().iter().find(|rule| rule.id == word.trim()) {
        let text = || format!("# {}\n\n{}\n\n{}\n", rule.id, rule.summary, rule.docs.trim());
        let value = json!({
            "rule": rule.id,
            "severity": rule.severity,
            "controls": rule.controls,
            "summary": rule.summary,
            "docs": rule.docs,
        });
        return tell(args.json, text, value);
    }
    if let Some(topic) = Topic::from_word(&word.trim().to_lowercase()) {
        let control = topic.control().and_then(|id| ward_evidence::by_id(id.as_str()));
        let text = || {
            let about = control.map(of_control).unwrap_or_default();
            format!("# {}\n\nA topic of promises.\n\n{about}", topic.word())
        };
        let value = json!({"topic": topic.word(), "control": control.map(control_json)});
        return tell(args.json, text, value);
    }
    let controls: Vec<&'static Control> = ward_evidence::catalogue()
        .iter()
        .filter(|control| control.id.as_str().eq_ignore_ascii_case(word) || control.clause.eq_ignore_ascii_case(word))
        .collect();
    if !controls.is_empty() {
        let text = || {
            controls
                .iter()
                .map(|one| of_control(one))
                .collect::<Vec<_>>()
                .join("\n")
        };
        return tell(args.json, text, controls.iter().map(|one| control_json(one)).collect());
    }
    bail!(
        "nothing is called so: verdicts are {}; rules, topics and controls stand beside each promise of `ward policy check`",
        VERDICTS.iter().map(|one| one.word).collect::<Vec<_>>().join(", ")
    )
}

fn tell(as_json: bool, text: impl FnOnce() -> String, value: Value) -> Result<Exit> {
    if as_json {
        terminal::json(&value)?;
    } else {
        terminal::result(&text())?;
    }
    Ok(Exit::Clean)
}

fn all(as_json: bool) -> Result<Exit> {
    let text = || VERDICTS.iter().map(of_verdict).collect::<Vec<_>>().join("\n");
    tell(as_json, text, VERDICTS.iter().map(verdict_json).collect())
}

fn of_verdict(meaning: &Meaning) -> String {
    format!(
        "# {}\n\n{} Instead: {}\n",
        meaning.name, meaning.explained, meaning.instead
    )
}

fn verdict_json(meaning: &Meaning) -> Value {
    json!({
        "verdict": meaning.word,
        "name": meaning.name,
        "says": meaning.says,
        "explained": meaning.explained,
        "instead": meaning.instead,
    })
}

fn of_control(control: &Control) -> String {
    let topics: Vec<&str> = topics(control).collect();
    let mut text = format!(
        "# {} {}\n\n{}\n\nWhy: {}\n",
        control.id, control.title, control.statement, control.rationale
    );
    if !topics.is_empty() {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "\nPromises about it: {}.", topics.join(", "));
    }
    text
}

fn topics(control: &Control) -> impl Iterator<Item = &'static str> {
    let id = control.id;
    Topic::ALL
        .iter()
        .filter(move |topic| topic.control() == Some(id))
        .map(|topic| topic.word())
}

fn control_json(control: &Control) -> Value {
    json!({
        "control": control.id.as_str(),
        "clause": control.clause,
        "title": control.title,
        "statement": control.statement,
        "rationale": control.rationale,
        "topics": topics(control).collect::<Vec<_>>(),
    })
}
