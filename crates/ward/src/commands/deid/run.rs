//! One run of the command over all inputs.

use std::{
    io::{BufWriter, Write},
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    thread,
    time::Instant,
};

use anyhow::{Context as _, Result};
use encoding_rs::Encoding;
use serde_json::{Value, json};
use ward_deid::{
    Applied, Mode, Tally,
    residual::{Residual, Traits},
};

use super::{
    context::Context,
    fault::Stop,
    inputs::{Input, Inputs},
    notes::{Shown, counts},
    output::Journal,
    progress::Progress,
    review::Review,
    source::Stamp,
    work::{self, Report},
};
use crate::cli::deid::DeidKind;

/// Files from this size are cut and worked on by all workers, one after another; smaller ones side by side.
pub(super) const LARGE: u64 = 8 << 20;

/// The state of a run.
pub(super) struct Run {
    pub(super) context: Context,
    pub(super) kind: DeidKind,
    pub(super) mode: Mode,
    pub(super) json: bool,
    pub(super) encoding: Option<&'static Encoding>,
    pub(super) jobs: usize,
    pub(super) read: Arc<AtomicU64>,
    pub(super) journal: Option<Journal>,
    pub(super) manifest: Option<Mutex<BufWriter<std::fs::File>>>,
    pub(super) review: Option<Mutex<Review>>,
    pub(super) residual: Mutex<Residual>,
    pub(super) outcome: Mutex<Outcome>,
}

/// What came of all inputs.
#[derive(Default)]
pub(super) struct Outcome {
    pub(super) done: u64,
    pub(super) resumed: u64,
    pub(super) records: u64,
    pub(super) tally: Tally,
    /// (file, place or nothing, reason)
    pub(super) not_examined: Vec<(String, String, String)>,
    pub(super) more_not_examined: u64,
    pub(super) notes: Vec<(String, String, String)>,
    pub(super) more_notes: u64,
    pub(super) files: Vec<Value>,
    pub(super) result: Option<Vec<u8>>,
    pub(super) unknown_columns: u64,
}

/// Entries of a summary that are listed one by one.
const MOST: usize = 1_000;

impl Outcome {
    pub(super) fn pass(&mut self, file: &str, place: &str, why: &str) {
        if self.not_examined.len() < MOST {
            self.not_examined
                .push((file.to_owned(), place.to_owned(), why.to_owned()));
        } else {
            self.more_not_examined += 1;
        }
    }

    fn note(&mut self, file: &str, place: &str, what: &str) {
        if self.notes.len() < MOST {
            self.notes.push((file.to_owned(), place.to_owned(), what.to_owned()));
        } else {
            self.more_notes += 1;
        }
    }

    /// Adds what was said of a file, now or in an earlier run.
    fn add(&mut self, report: &Value) {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let file = text(&report["file"]);
        for one in report["not_examined"].as_array().into_iter().flatten() {
            self.pass(&file, &text(&one["place"]), &text(&one["what"]));
        }
        for one in report["notes"].as_array().into_iter().flatten() {
            self.note(&file, &text(&one["place"]), &text(&one["what"]));
        }
        self.more_not_examined += report["more_not_examined"].as_u64().unwrap_or(0);
        self.more_notes += report["more_notes"].as_u64().unwrap_or(0);
        self.records += report["records"].as_u64().unwrap_or(0);
        for column in report["columns"].as_array().into_iter().flatten() {
            if column["decided_by"] == "nothing" {
                self.unknown_columns += 1;
                let name = text(&column["name"]);
                let place = if name.starts_with("column ") {
                    name
                } else {
                    format!("column {name}")
                };
                self.note(
                    &file,
                    &place,
                    "neither its name nor its values say what it holds; it was treated as free text",
                );
            }
        }
        if self.files.len() < MOST {
            self.files.push(report.clone());
        }
    }
}

impl Run {
    /// Works on all inputs.
    ///
    /// # Errors
    /// When Ward cannot go on, or was interrupted.
    pub(super) fn all(&self, inputs: &Inputs) -> Result<(), Stop> {
        for passed in &inputs.passed {
            self.outcome().pass(&passed.name, "", passed.why);
        }
        let (large, small): (Vec<&Input>, Vec<&Input>) = inputs
            .files
            .iter()
            .partition(|input| input.size >= LARGE || input.path.is_none() || inputs.files.len() == 1);
        let total = inputs.files.iter().map(|input| input.size).sum();
        let progress = Progress::start(total, inputs.files.len() as u64, &self.read);
        let next = AtomicUsize::new(0);
        let first: Mutex<Result<(), Stop>> = Mutex::new(Ok(()));
        thread::scope(|scope| {
            for _ in 0..self.jobs.min(small.len()) {
                scope.spawn(|| {
                    while let Some(input) = small.get(next.fetch_add(1, Ordering::Relaxed)) {
                        if let Err(stop) = self.one(input, 1, &progress) {
                            next.store(small.len(), Ordering::Relaxed);
                            let mut first = first.lock().unwrap_or_else(PoisonError::into_inner);
                            if first.is_ok() {
                                *first = Err(stop);
                            }
                        }
                    }
                });
            }
        });
        first.into_inner().unwrap_or_else(PoisonError::into_inner)?;
        for input in large {
            self.one(input, self.jobs, &progress)?;
        }
        progress.end();
        Ok(())
    }

    /// Works on one input and notes what came of it.
    fn one(&self, input: &Input, jobs: usize, progress: &Progress) -> Result<(), Stop> {
        self.context.go_on()?;
        let stamp = input
            .path
            .as_ref()
            .and_then(|path| std::fs::metadata(path).ok())
            .map(|data| Stamp::of(&data));
        if let (Some(journal), Some(stamp), Some(out)) = (&self.journal, stamp, &input.out)
            && let Some(entry) = journal.finished(&input.name, stamp, out)
        {
            let mut outcome = self.outcome();
            outcome.resumed += 1;
            outcome.add(&entry["report"]);
            self.read.fetch_add(stamp.size, Ordering::Relaxed);
            progress.file();
            return Ok(());
        }
        if let Some(corrections) = self.context.corrections(&input.name)
            && let Err(why) = is_same(input.path.as_deref(), &corrections.sha256)
        {
            self.outcome().pass(&input.name, "", why);
            return Ok(());
        }
        let done = work::input(self, input, jobs);
        progress.file();
        match done {
            Ok(mut report) => {
                if let Some(corrections) = self.context.corrections(&input.name) {
                    corrections.tell_unmet(&mut report.notes);
                }
                self.finished(input, stamp, report)
            }
            Err(Stop::Unexamined(why)) => {
                self.outcome().pass(&input.name, "", &why);
                self.line(&json!({"file": input.name, "outcome": "not examined", "reason": why}))
            }
            Err(other) => Err(other),
        }
    }

    fn finished(&self, input: &Input, stamp: Option<Stamp>, mut report: Report) -> Result<(), Stop> {
        let told = report.json(&input.name);
        if let (Some(journal), Some(stamp), Some(out)) = (&self.journal, stamp, &input.out) {
            journal.note(&input.name, stamp, out, &told)?;
        }
        self.line(&json!({"file": input.name, "outcome": "done", "replaced": counts(&report.notes.tally)}))?;
        let mut outcome = self.outcome();
        outcome.done += 1;
        outcome.tally.merge(&report.notes.tally);
        outcome.add(&told);
        if let Some(result) = report.result.take() {
            outcome.result = Some(result);
        }
        Ok(())
    }

    /// Writes replacements to the manifest.
    pub(super) fn list(&self, file: &str, applied: &[Applied]) -> Result<(), Stop> {
        if self.manifest.is_none() {
            return Ok(());
        }
        for one in applied {
            self.line(&json!({
                "file": file,
                "place": one.place,
                "class": one.class.label(),
                "rule": one.rule,
                "score": one.score,
                "start": one.old.start,
                "end": one.old.end,
            }))?;
        }
        Ok(())
    }

    fn line(&self, line: &Value) -> Result<(), Stop> {
        if let Some(manifest) = &self.manifest {
            let mut manifest = manifest.lock().unwrap_or_else(PoisonError::into_inner);
            manifest
                .write_all(format!("{line}\n").as_bytes())
                .context("cannot write the manifest")
                .map_err(Stop::Failed)?;
        }
        Ok(())
    }

    /// Counts people for the residual risk.
    pub(super) fn count_people(&self, people: &[(String, Traits)]) {
        let mut residual = self.residual.lock().unwrap_or_else(PoisonError::into_inner);
        for (who, traits) in people {
            residual.add(who, traits);
        }
    }

    /// Adds texts to the review page.
    pub(super) fn show(&self, file: &str, shown: Vec<Shown>) {
        if let Some(review) = &self.review {
            review.lock().unwrap_or_else(PoisonError::into_inner).add(file, shown);
        }
    }

    pub(super) fn outcome(&self) -> std::sync::MutexGuard<'_, Outcome> {
        self.outcome.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Fails when a file is not the one that was reviewed.
fn is_same(path: Option<&Path>, sha256: &str) -> Result<(), &'static str> {
    let path = path.ok_or("corrections apply to files, not to standard input")?;
    let bytes = std::fs::read(path).map_err(|_| "it cannot be read")?;
    if ward_seal::hash::hex(&ward_seal::hash::sha256(&bytes)) == sha256 {
        Ok(())
    } else {
        Err("it is not the file that was reviewed: it has changed since; nothing was written for it")
    }
}

/// Seconds since a start, for the rate.
pub(super) fn seconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64()
}
