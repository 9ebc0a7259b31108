//! `ward triage`: how urgent the patient of a record is.

use anyhow::Result;
use ward_clinical::{
    json as clinical,
    triage::{Triage, news2::Scale, triage},
};
use ward_formats::Parsed;

use crate::{
    cli::triage as cli,
    commands::{inspect, scan},
    exit::Exit,
    terminal,
};

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
    let result = triage(&record, scale, Some(scan::today()));
    if args.record.json {
        let mut object = clinical::triage(&result);
        inspect::unread(&mut object, &problems, &record);
        terminal::json(&object)?;
    } else {
        terminal::result(&page(&result))?;
        terminal::note(clinical::SUPPORT);
    }
    Ok(inspect::examined(&problems, &record))
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
