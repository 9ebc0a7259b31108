//! `ward batch`: many records through several steps into columns.
//!
//! `records` reads one record after the other, `steps` works on one, `row` is what came of it, `parts` writes rows in parts of a bounded
//! size and keeps the manifest, `columns` is a part as Parquet, `seen` is what tells records apart that were done before. Records go through as many workers as there are processors and
//! come out in their order, a bounded number at a time.

mod columns;
mod parts;
mod records;
mod row;
mod seen;
mod steps;

use std::{
    collections::HashSet,
    fs,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    path::{Path, PathBuf},
    sync::{Arc, atomic::AtomicU64, atomic::Ordering},
    thread,
    time::Instant,
};

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

use self::{
    parts::{Counts, Parts},
    records::{Keys, Records},
    row::Row,
    steps::Steps,
};
use super::deid::{self, fault::Stop, inputs, pipeline, progress::Progress};
use crate::{
    cli::batch::{Batch, Format, Step},
    exit::Exit,
    terminal,
};

/// Entries of a summary that are listed one by one as JSON, and for people.
const MOST_LISTED: usize = 1_000;
const MOST_SHOWN: usize = 20;

/// Ids that are remembered to tell which occur twice: eight bytes each.
const MOST_IDS: usize = 4_000_000;

/// What there is to say at the end.
#[derive(Default)]
struct Summary {
    /// (file, record, why)
    not_examined: Vec<(String, u64, String)>,
    seen: HashSet<u64>,
}

/// Takes every record through the steps.
///
/// # Errors
/// When what was typed does not fit together, something that was named is not there, or the results cannot be written.
pub fn run(args: &Batch) -> Result<Exit> {
    if args.inputs.iter().any(|path| path == Path::new("-")) && (args.inputs.len() > 1 || args.resume) {
        bail!("standard input cannot be read beside files, nor again; write the records to a file");
    }
    let steps = Steps::of(args)?;
    let found = inputs::gather(&args.inputs, None, true)?;
    apart(&args.inputs, &args.out)?;
    let mut parts = Parts::open(args, &found.files, steps.counter())?;
    deid::listen_for_interrupts(true);
    let begun = Instant::now();
    let read = Arc::new(AtomicU64::new(0));
    let jobs = args.jobs.map_or_else(
        || thread::available_parallelism().map_or(1, std::num::NonZero::get),
        usize::from,
    );
    let progress = Progress::start(
        found.files.iter().map(|file| file.size).sum(),
        found.files.len() as u64,
        &read,
    );
    let done = parts.done();
    let resumed = done.records;
    let keys = Keys {
        id: &args.id_key,
        text: &args.text_key,
    };
    let mut records = Records::new(found.files, &read, &progress, keys, done);
    let mut summary = Summary::default();
    let outcome = pipeline::run(
        jobs,
        || {
            if deid::STOP.load(Ordering::Relaxed) {
                return Err(Stop::Interrupted);
            }
            records.next()
        },
        |record| Ok(steps.work(record, &read)),
        |row: Row| {
            summary.note(&row, parts.counts());
            parts.add(row).map_err(Stop::Failed)
        },
    );
    progress.end();
    let written = parts.done().records;
    let again = || format!("{written} records are written; the same command with --resume goes on from there");
    match outcome {
        Ok(()) => {}
        Err(Stop::Interrupted) => bail!("interrupted: {}", again()),
        Err(Stop::Failed(error)) => return Err(error).with_context(again),
        Err(Stop::Unexamined(why)) => bail!("{why}"),
        Err(Stop::Closed) => bail!("the reader has gone"),
    }
    let counts = parts.finish().with_context(again)?;
    for passed in &found.passed {
        summary.list(&passed.name, 0, passed.why);
    }
    let unexamined = counts.not_examined + found.passed.len() as u64;
    let seconds = begun.elapsed().as_secs_f64();
    let rate = counts.records.saturating_sub(resumed) as f64 / seconds.max(1e-9);
    if args.json {
        let listed: Vec<Value> = summary
            .not_examined
            .iter()
            .map(|(file, record, why)| json!({"path": file, "record": record, "reason": why}))
            .collect();
        terminal::json(&json!({
            "records": counts.records,
            "done": counts.records - counts.not_examined,
            "resumed": resumed,
            "same_id": counts.same_id,
            "not_proved": counts.not_proved,
            "counter": steps.counter(),
            "not_examined": listed,
            "more_not_examined": unexamined.saturating_sub(summary.not_examined.len() as u64),
            "parts": counts.parts,
            "out": args.out.display().to_string(),
            "seconds": (seconds * 1000.0).round() / 1000.0,
            "records_per_second": rate.round(),
        }))?;
    } else {
        tell(&summary, &counts, unexamined, rate, &args.out);
    }
    Ok(if counts.not_proved > 0 {
        Exit::Findings
    } else if unexamined > 0 {
        Exit::NotExamined
    } else {
        Exit::Clean
    })
}

/// Fails when results would come to lie among the records: the next run would take them for some.
fn apart(inputs: &[PathBuf], out: &Path) -> Result<()> {
    // What is not there yet lies where the part of its path that is there leads to.
    let out = out.ancestors().find_map(|part| {
        let part = if part == Path::new("") { Path::new(".") } else { part };
        fs::canonicalize(part).ok()
    });
    let holds = |input: &PathBuf| {
        let input = fs::canonicalize(input).ok().filter(|input| input.is_dir());
        input
            .zip(out.as_ref())
            .is_some_and(|(input, out)| out.starts_with(input))
    };
    if inputs.iter().any(holds) {
        bail!("--out lies where records are read from; name a folder apart from them");
    }
    Ok(())
}

/// The summary for people.
fn tell(summary: &Summary, counts: &Counts, unexamined: u64, rate: f64, out: &Path) {
    for (file, record, why) in summary.not_examined.iter().take(MOST_SHOWN) {
        let record = if *record == 0 {
            String::new()
        } else {
            format!(", record {record}")
        };
        terminal::note(&format!("not examined: {}{record}: {why}", terminal::plain(file)));
    }
    let more = unexamined.saturating_sub(summary.not_examined.len().min(MOST_SHOWN) as u64);
    if more > 0 {
        terminal::note(&format!(
            "not examined: {more} more; the rows say which, and --json lists more of them"
        ));
    }
    if counts.same_id > 0 {
        terminal::note(&format!(
            "{} records have the id of another; `file` and `record` tell them apart",
            counts.same_id
        ));
    }
    if counts.not_proved > 0 {
        terminal::note(&format!("{} compressions were NOT proved", counts.not_proved));
    }
    terminal::note(&format!(
        "{} records, {} done, {unexamined} not examined, in {} parts in {} ({rate:.0} a second)",
        counts.records,
        counts.records - counts.not_examined,
        counts.parts,
        terminal::plain(&out.display().to_string())
    ));
}

impl Summary {
    fn note(&mut self, row: &Row, counts: &mut Counts) {
        counts.records += 1;
        if let Some(why) = &row.reason {
            counts.not_examined += 1;
            self.list(&row.file, row.record, why);
        }
        if row.proved() == Some(false) {
            counts.not_proved += 1;
        }
        if let Some(id) = &row.id
            && self.seen.len() < MOST_IDS
        {
            let mut hasher = DefaultHasher::new();
            id.hash(&mut hasher);
            if !self.seen.insert(hasher.finish()) {
                counts.same_id += 1;
            }
        }
    }

    fn list(&mut self, file: &str, record: u64, why: &str) {
        if self.not_examined.len() < MOST_LISTED {
            self.not_examined.push((file.to_owned(), record, why.to_owned()));
        }
    }
}

/// The words of the steps, in the order in which they are taken.
fn words(steps: &[Step]) -> Vec<&'static str> {
    let all = [
        (Step::Deid, "deid"),
        (Step::Facts, "facts"),
        (Step::Compress, "compress"),
        (Step::Triage, "triage"),
        (Step::State, "state"),
    ];
    let wanted = all.iter().filter(|(step, _)| steps.contains(step));
    wanted.map(|(_, word)| *word).collect()
}

/// The ending of a part.
fn ending(format: Format) -> &'static str {
    match format {
        Format::Parquet => "parquet",
        Format::Ndjson => "ndjson",
    }
}
