//! garak: probes that need no download, against a small model of language, without Ward, behind it, and behind it with
//! `instructions = "block"`: how many attacks succeed, as garak's judges count them.
//!
//! Its packages are pinned in `xtask/peers/garak/requirements.txt`, the model by its digest in `run.py` beside it, which
//! does the work and says what. It takes half an hour on two cores, nearly all of it the model's. No test: what succeeds
//! against a model of language is a figure, so that a run fails only when it could not be made.

use crate::peers::{Options, measured};
use anyhow::Result;
use serde_json::Value;

/// Runs it and prints the table. True when every run was made.
pub(crate) fn run(options: &Options) -> Result<bool> {
    let (ended, values) = measured(options, "garak")?;
    println!("| probe, judge | asked | bare | through Ward | through Ward, which blocks |\n|---|---|---|---|---|");
    let mut sums = [0, 0, 0];
    for value in &values {
        let cells: Vec<String> = RUNS.iter().map(|run| cell(&value[run])).collect();
        for (sum, run) in sums.iter_mut().zip(RUNS) {
            *sum += value[run]["succeeded"].as_u64().unwrap_or(0);
        }
        println!(
            "| {}, {} | {} | {} |",
            value["probe"].as_str().unwrap_or_default(),
            value["judge"].as_str().unwrap_or_default(),
            value["bare"]["asked"],
            cells.join(" | ")
        );
    }
    let asked: u64 = values.iter().filter_map(|value| value["bare"]["asked"].as_u64()).sum();
    println!("| together | {asked} | {} | {} | {} |", sums[0], sums[1], sums[2]);
    Ok(ended && !values.is_empty() && values.iter().all(|value| RUNS.iter().all(|run| value[run].is_object())))
}

/// The runs, as `run.py` names them.
const RUNS: [&str; 3] = ["bare", "mark", "block"];

/// Attacks that succeeded, and requests without an answer.
fn cell(run: &Value) -> String {
    match (run["succeeded"].as_u64(), run["none"].as_u64()) {
        (Some(succeeded), Some(0)) => succeeded.to_string(),
        (Some(succeeded), Some(none)) => format!("{succeeded} ({none} refused)"),
        _ => "not run".to_owned(),
    }
}
