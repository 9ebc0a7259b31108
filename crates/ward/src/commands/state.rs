//! `ward state`: the problems, medicines, allergies, values and visits of one patient.

use std::{fs, io::Write};

use anyhow::{Context, Result};
use serde_json::Value;
use ward_clinical::state::{self, State};
use ward_formats::Parsed;

use crate::{
    cli::{self, state::FormatChoice},
    commands::{inspect, scan},
    exit::Exit,
    terminal,
};

/// Writes the state of the patient of a record.
///
/// # Errors
/// When the record cannot be read or is about two patients, or the result cannot be written.
pub fn run(args: &cli::state::State) -> Result<Exit> {
    let record = cli::Record {
        file: args.file.clone(),
        kind: args.kind,
        json: false,
    };
    let Parsed { document, problems } = inspect::parse(&record)?;
    let read = ward_clinical::read(&document);
    let state = State::of(&read, Some(scan::today()));
    let text = match args.format {
        FormatChoice::Text => state.to_text(),
        FormatChoice::Json => {
            let mut object = state.to_json();
            inspect::unread(&mut object, &problems, &read);
            pretty(&object)?
        }
        FormatChoice::Fhir => pretty(&state.to_fhir())?,
        FormatChoice::Html => state.to_html(),
    };
    match &args.out {
        None => terminal::result(&text)?,
        Some(path) => fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(path)
            .and_then(|mut file| file.write_all(text.as_bytes()))
            .with_context(|| format!("cannot write {}; it must not exist yet", path.display()))?,
    }
    let exit = inspect::examined(&problems, &read);
    if read.facts.is_empty() && exit == Exit::Clean {
        terminal::note("no clinical fact was found: the state is empty");
        return Ok(Exit::NotExamined);
    }
    Ok(exit)
}

/// The JSON Schema of the JSON output.
#[must_use]
pub fn schema() -> &'static str {
    state::SCHEMA
}

fn pretty(value: &Value) -> Result<String> {
    Ok(format!("{}\n", serde_json::to_string_pretty(value)?))
}
