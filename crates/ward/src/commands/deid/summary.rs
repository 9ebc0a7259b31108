//! What is said at the end.

use std::{io::Write, sync::PoisonError, time::Instant};

use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use ward_deid::Mode;

use super::{notes::counts, run::seconds, settings::Prepared};
use crate::{cli::deid::Deid, exit::Exit, terminal};

/// Files, places and notes that are printed for people.
const MOST_LINES: usize = 20;

/// Says what came of the run, writes what was asked for, and gives the exit code.
pub(super) fn show(prepared: &Prepared, args: &Deid, begun: Instant) -> Result<Exit> {
    let run = &prepared.run;
    if let Some(manifest) = &run.manifest {
        let mut manifest = manifest.lock().unwrap_or_else(PoisonError::into_inner);
        manifest.flush().context("cannot write the manifest")?;
    }
    if let (Some(review), Some(path)) = (&run.review, &args.review) {
        let review = review.lock().unwrap_or_else(PoisonError::into_inner);
        review.write(path, &prepared.inputs)?;
        if review.omitted() > 0 {
            terminal::note(&format!(
                "{} texts are too many for one page and are not on it; review fewer files at a time",
                review.omitted()
            ));
        }
        terminal::note(&format!(
            "{} holds the ORIGINAL text with names and all; keep it as you keep the records",
            path.display()
        ));
    }
    if let Some(map) = &args.rename {
        terminal::note(&format!(
            "{} says which result is which, with the ORIGINAL file names; keep it as you keep the records",
            map.display()
        ));
    }
    let outcome = run.outcome();
    if let Some(audit) = &prepared.audit {
        let replaced = counts(&outcome.tally);
        let entry = json!({"files": outcome.done, "not_examined": outcome.not_examined.len(), "replaced": replaced});
        audit.write("deid done", entry)?;
    }
    let residual = run.residual.lock().unwrap_or_else(PoisonError::into_inner);
    let shared = residual.shared(run.mode);
    let not_examined: Vec<Value> = outcome
        .not_examined
        .iter()
        .map(|(path, place, reason)| entry(path, place, "reason", reason))
        .collect();
    let missing = outcome.not_examined.len() as u64 + outcome.more_not_examined;
    if args.json {
        let notes: Vec<Value> = outcome
            .notes
            .iter()
            .map(|(path, place, what)| entry(path, place, "what", what))
            .collect();
        let sets: Vec<Value> = shared
            .iter()
            .map(|one| {
                json!({
                    "of": one.of,
                    "in_output": one.in_output,
                    "combinations": one.combinations,
                    "smallest_k": one.smallest,
                    "people_k1": one.alone,
                    "people_k_below_5": one.below_five,
                })
            })
            .collect();
        let mut object = json!({
            "mode": run.mode.word(),
            "protection": protection(run.mode, prepared.telling),
            "files": {"done": outcome.done, "done_before": outcome.resumed, "telling_names": prepared.telling},
            "records": outcome.records,
            "replaced": counts(&outcome.tally),
            "not_examined": not_examined,
            "more_not_examined": outcome.more_not_examined,
            "notes": notes,
            "more_notes": outcome.more_notes,
            "residual_risk": {"people": residual.people(), "not_counted": residual.skipped(), "sets": sets},
            "reports": outcome.files,
            "seconds": seconds(begun),
        });
        if let Some(result) = &outcome.result {
            match std::str::from_utf8(result) {
                Ok(text) => object["output"] = json!(text),
                Err(_) => object["output_base64"] = json!(data_encoding::BASE64.encode(result)),
            }
        }
        terminal::json(&object)?;
    } else {
        people(prepared, &outcome, begun);
        if let Some(last) = shared.iter().rev().find(|one| one.in_output).or(shared.last())
            && prepared.inputs.files.len() + usize::from(outcome.records > 1) > 1
        {
            terminal::note(&format!(
                "residual risk: of {} people, {} are alone and {} share with fewer than four others their combination of {}",
                residual.people(),
                last.alone,
                last.below_five,
                last.of.join(", ")
            ));
        }
    }
    if run.mode == Mode::Tag && !args.vault && !args.spans && outcome.tally.total() > 0 {
        terminal::note("without --vault nothing remembers what the placeholders stand for: they cannot be put back");
    }
    if run.context.subjects.returned() > 0 && run.mode == Mode::Tag {
        terminal::note(
            "there were more patients than are held in memory: some have several placeholders for one value (--vault or \
             --mode surrogate keeps them the same)",
        );
    }
    Ok(if missing > 0 { Exit::NotExamined } else { Exit::Clean })
}

fn entry(path: &str, place: &str, key: &str, what: &str) -> Value {
    let mut entry = json!({"path": path, key: what});
    if !place.is_empty() {
        entry["place"] = json!(place);
    }
    entry
}

/// What the output is, in the words of the law and of nobody's advertising.
fn protection(mode: Mode, telling: usize) -> &'static str {
    match (mode, telling) {
        (Mode::Tag | Mode::Surrogate, _) => "pseudonymised",
        (Mode::Remove, 0) => "Safe Harbor profile",
        (Mode::Remove, _) => "Safe Harbor profile, but for the names of files",
    }
}

/// The summary for people, on standard error.
fn people(prepared: &Prepared, outcome: &super::run::Outcome, begun: Instant) {
    let run = &prepared.run;
    for (list, more, label) in [
        (&outcome.not_examined, outcome.more_not_examined, "not examined: "),
        (&outcome.notes, outcome.more_notes, ""),
    ] {
        for (path, place, what) in list.iter().take(MOST_LINES) {
            let place = if place.is_empty() {
                String::new()
            } else {
                format!(", {place}")
            };
            terminal::note(&format!("{label}{path}{place}: {what}"));
        }
        let rest = list.len().saturating_sub(MOST_LINES) as u64 + more;
        if rest > 0 {
            terminal::note(&format!("{label}and {rest} more; --json lists up to a thousand"));
        }
    }
    if !terminal::is_watched() {
        return;
    }
    let found: Vec<String> = outcome
        .tally
        .iter()
        .map(|(class, count)| format!("{} {count}", class.word()))
        .collect();
    let found = if found.is_empty() {
        "nothing".to_owned()
    } else {
        found.join(", ")
    };
    let did = if run.context.spans { "Found" } else { "Replaced" };
    terminal::step(did, &found);
    let read = run.read.load(std::sync::atomic::Ordering::Relaxed);
    let seconds = seconds(begun).max(0.001);
    let rate = read as f64 / 1e6 / seconds;
    let before = if outcome.resumed > 0 {
        format!(", {} done before", outcome.resumed)
    } else {
        String::new()
    };
    terminal::step(
        "Done",
        &format!(
            "{} files{before}, {:.1} MB, {rate:.1} MB/s",
            outcome.done,
            read as f64 / 1e6
        ),
    );
    if run.context.patients.len() > 0 {
        terminal::step(
            "Patients",
            &format!("{} lines say who they are", run.context.patients.len()),
        );
    }
}
