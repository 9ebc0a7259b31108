//! `ward facts` and `ward compress`: what the request path sees in a record.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use ward_clinical::Options;
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
        let facts = serde_json::to_value(&record.facts)?;
        terminal::json(&json!({"facts": facts, "not_examined": places(&problems)}))?;
    } else {
        let lines: String = record.facts.iter().map(|fact| format!("{fact}\n")).collect();
        terminal::result(&lines)?;
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
        let left_out: Vec<Value> =
            out.left_out.iter().map(|one| json!({"what": one.what, "count": one.count, "why": one.why})).collect();
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
    Ok(if out.verified { outcome(&problems) } else { Exit::Findings })
}

fn parse(args: &cli::Record) -> Result<Parsed<Doc>> {
    let bytes = settings::read_record(&args.file)?;
    let parsed = Doc::parse(&bytes, settings::kind(args.kind), Budget::RECORD)
        .with_context(|| format!("{} cannot be read as a record", args.file.display()))?;
    for problem in parsed.problems.iter().filter(|problem| problem.broken) {
        terminal::note(&format!("{}: {}", problem.place, problem.what));
    }
    Ok(parsed)
}

fn places(problems: &[Problem]) -> Vec<Value> {
    let broken = problems.iter().filter(|problem| problem.broken);
    broken.map(|problem| json!({"path": problem.place, "reason": problem.what})).collect()
}

/// What could not be read makes the difference between clean and not examined.
fn outcome(problems: &[Problem]) -> Exit {
    if problems.iter().any(|problem| problem.broken) { Exit::NotExamined } else { Exit::Clean }
}
