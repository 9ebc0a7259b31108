//! `ward triage`: how urgent the patient of a record is.

use anyhow::Result;
use serde_json::{Value, json};
use ward_clinical::triage::{Reason, Triage, news2::Parameter, news2::Scale, triage};
use ward_formats::Parsed;

use crate::{cli::triage as cli, commands::inspect, exit::Exit, terminal};

/// Said with every result.
const SUPPORT: &str = "decision support for trained staff: it reads what was written, for adults who are not pregnant, and decides nothing";

/// Triages the patient of a record. A score that cannot be given, because inputs are missing, is a result like another.
///
/// # Errors
/// When the record cannot be read.
pub fn run(args: &cli::Triage) -> Result<Exit> {
    let Parsed { document, problems } = inspect::parse(&args.record)?;
    let record = ward_clinical::read(&document);
    let scale = args.scale.map(|scale| match scale {
        cli::ScaleChoice::One => Scale::One,
        cli::ScaleChoice::Two => Scale::Two,
    });
    let result = triage(&record, scale);
    if args.record.json {
        let mut object = data(&result);
        object["not_examined"] = json!(inspect::places(&problems));
        terminal::json(&object)?;
    } else {
        terminal::result(&page(&result))?;
        terminal::note(SUPPORT);
    }
    Ok(inspect::outcome(&problems))
}

pub(crate) fn data(result: &Triage) -> Value {
    let parameters: Vec<Value> = Parameter::ALL
        .into_iter()
        .zip(result.news2.points)
        .map(|(parameter, points)| {
            let reading = result.readings.iter().find(|reading| reading.parameter == parameter);
            json!({
                "name": parameter.word(),
                "points": points,
                "used": reading.map(|reading| &reading.used),
                "quote": reading.map(|reading| &*reading.quote),
                "start": reading.map(|reading| reading.span.start),
                "end": reading.map(|reading| reading.span.end),
            })
        })
        .collect();
    json!({
        "news2": {
            "total": result.news2.total(),
            "at_least": result.news2.at_least(),
            "scale": result.scale.number(),
            "risk": result.news2.risk().map(|risk| risk.word()),
            "parameters": parameters,
        },
        "qsofa": result.qsofa,
        "shock_index": result.shock_index.map(|index| f64::from(index) / 100.0),
        "missing": result.missing().collect::<Vec<_>>(),
        "priority": result.priority.map(|priority| priority.word()),
        "reasons": result.reasons.iter().map(reason).collect::<Vec<_>>(),
        "note": SUPPORT,
    })
}

fn reason(reason: &Reason) -> Value {
    json!({
        "priority": reason.priority.map(|priority| priority.word()),
        "text": reason.text,
        "quote": reason.quote.as_ref().map(|quote| &*quote.text),
        "start": reason.quote.as_ref().map(|quote| quote.span.start),
        "end": reason.quote.as_ref().map(|quote| quote.span.end),
    })
}

fn page(result: &Triage) -> String {
    let mut text = match (result.priority, result.news2.total()) {
        (Some(priority), Some(total)) => format!(
            "{}  NEWS2 {total} (SpO2 scale {})\n",
            priority.word(),
            result.scale.number()
        ),
        (Some(priority), None) => format!("{}  NEWS2 cannot be scored\n", priority.word()),
        (None, _) => "no priority: NEWS2 cannot be scored\n".to_owned(),
    };
    for reason in &result.reasons {
        let word = reason.priority.map_or("", |priority| priority.word());
        text.push_str(&format!("{word:<4}{}\n", reason.text));
        if let Some(quote) = &reason.quote {
            let quote: String = quote
                .text
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
                .chars()
                .take(160)
                .collect();
            text.push_str(&format!("      \"{quote}\"\n"));
        }
    }
    if let Some(score) = result.qsofa {
        text.push_str(&format!("    qSOFA {score} of 3\n"));
    }
    if let Some(index) = result.shock_index {
        text.push_str(&format!("    shock index {}.{:02}\n", index / 100, index % 100));
    }
    text
}
