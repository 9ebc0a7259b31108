//! `ward facts` and `ward compress`: what the request path sees in a record.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use ward_clinical::{Fact, Options};
use ward_formats::{Budget, Doc, Parsed, Problem};

use crate::{cli, commands::settings, exit::Exit, terminal};

/// Shows a record's clinical facts.
///
/// # Errors
/// When the record cannot be read.
pub fn facts(args: &cli::Record) -> Result<Exit> {
    let Parsed { document, problems } = parse(args)?;
    let record = ward_clinical::read(&document);
    if args.json {
        let facts: Vec<Value> = record.facts.iter().map(fact).collect();
        terminal::json(&json!({"facts": facts, "not_examined": places(&problems)}))?;
    } else {
        terminal::result(&record.facts.iter().map(line).collect::<String>())?;
    }
    Ok(outcome(&problems))
}

/// Compresses a record and says whether its facts were proved to be kept.
///
/// # Errors
/// When the record cannot be read.
pub fn compress(args: &cli::Record) -> Result<Exit> {
    let Parsed { document, problems } = parse(args)?;
    let record = ward_clinical::read(&document);
    let out = ward_clinical::compress(&document, &record, &Options::default());
    if args.json {
        let left_out: Vec<Value> = out
            .left_out
            .iter()
            .map(|one| json!({"what": one.what, "count": one.count, "why": one.why}))
            .collect();
        terminal::json(&json!({
            "text": out.text,
            "tokens": {"before": out.tokens.before, "after": out.tokens.after, "counter": out.tokens.counter},
            "facts": {"found": out.facts.found, "kept": out.facts.kept, "invented": out.facts.invented},
            "verified": out.verified,
            "left_out": left_out,
            "not_examined": places(&problems),
        }))?;
    } else {
        terminal::result(&out.text)?;
        terminal::note(&format!(
            "{} -> {} tokens (estimate {}); facts: {} found, {} kept, {} invented; {}",
            out.tokens.before,
            out.tokens.after,
            out.tokens.counter,
            out.facts.found,
            out.facts.kept,
            out.facts.invented,
            if out.verified { "proved" } else { "NOT proved" }
        ));
    }
    Ok(if out.verified {
        outcome(&problems)
    } else {
        Exit::Findings
    })
}

/// A fact as data. `pieces` are its words in the record, by byte.
fn fact(fact: &Fact) -> Value {
    let pieces: Vec<Value> = fact
        .pieces
        .iter()
        .map(|piece| json!({"text": &*piece.text, "start": piece.span.start, "end": piece.span.end}))
        .collect();
    let mut object = json!({
        "kind": fact.kind.word(),
        "concept": fact.concept,
        "value": fact.value,
        "negated": fact.negated,
        "when": fact.when.as_ref().map(|when| &*when.text),
        "section": fact.section.title(),
        "pieces": pieces,
    });
    for (name, value) in fact.attributes() {
        object[name] = json!(value);
    }
    object
}

/// A fact for people.
fn line(fact: &Fact) -> String {
    let when = fact.when.as_ref().map_or("", |when| &*when.text);
    let attributes: String = fact
        .attributes()
        .iter()
        .map(|(name, value)| format!("  {name}: {value}"))
        .collect();
    let no = if fact.negated { "no " } else { "" };
    let value = fact.value.as_deref().unwrap_or_default();
    format!(
        "{:<14} {when:<11} {no}{} {value}{attributes}\n",
        fact.kind.word(),
        fact.concept
    )
}

pub(crate) fn parse(args: &cli::Record) -> Result<Parsed<Doc>> {
    let bytes = settings::read_record(&args.file)?;
    let parsed = Doc::parse(&bytes, settings::kind(args.kind), Budget::RECORD)
        .with_context(|| format!("{} cannot be read as a record", args.file.display()))?;
    for problem in parsed.problems.iter().filter(|problem| problem.broken) {
        terminal::note(&format!("{}: {}", problem.place, problem.what));
    }
    Ok(parsed)
}

pub(crate) fn places(problems: &[Problem]) -> Vec<Value> {
    let broken = problems.iter().filter(|problem| problem.broken);
    broken
        .map(|problem| json!({"path": problem.place, "reason": problem.what}))
        .collect()
}

/// What could not be read makes the difference between clean and not examined.
pub(crate) fn outcome(problems: &[Problem]) -> Exit {
    if problems.iter().any(|problem| problem.broken) {
        Exit::NotExamined
    } else {
        Exit::Clean
    }
}
