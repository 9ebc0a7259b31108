//! One input from its bytes to its result.

use std::panic::{AssertUnwindSafe, catch_unwind};

use serde_json::{Value, json};

use super::{
    context::{Context, DOCUMENT},
    fault::Stop,
    images,
    inputs::Input,
    lines::{self, Columns, plain_name},
    markup,
    notes::{Done, Notes, Points, counts, label},
    output::Output,
    pieces::{Cut, Piece, Pieces},
    pipeline, record,
    run::{LARGE, Run},
    shape::{Shape, unmarked},
    source::Source,
    subjects::of_file,
    table::{self, Plan},
    text,
};

/// Text up to this size is looked at as a whole.
const WHOLE_TEXT: usize = 8 << 20;

/// Bytes of a long text that share their placeholders.
const STRETCH: u64 = 64 << 20;

/// HL7 messages up to this size are looked at together.
const WHOLE_HL7: usize = 16 << 20;

/// What came of one input.
#[derive(Default)]
pub(super) struct Report {
    pub(super) kind: &'static str,
    pub(super) notes: Notes,
    /// Columns of tables and JSON, for JSON output.
    pub(super) columns: Vec<Value>,
    /// The result, when it is to be shown in a summary.
    pub(super) result: Option<Vec<u8>>,
}

/// De-identifies one input with so many workers. Nothing is written unless all of it is.
pub(super) fn input(run: &Run, input: &Input, jobs: usize) -> Result<Report, Stop> {
    let context = &run.context;
    let mut source = Source::open(input.path.as_deref(), run.encoding, &run.read)?;
    let whole = source.head.len() < 60 << 10;
    let name = input.path.as_deref().unwrap_or(std::path::Path::new("-"));
    let shape = Shape::of(run.kind, name, &source.head, whole);
    let mut job = Job {
        run,
        input,
        out: None,
        report: Report {
            kind: shape.word(),
            ..Report::default()
        },
        points: 0,
        head: String::new(),
        spans: 0,
    };
    if let Shape::Not(why) = shape {
        return Err(Stop::because(why));
    }
    if source.transcoded && shape == Shape::Dicom {
        return Err(Stop::because("a DICOM file says its own encoding"));
    }
    job.begin(&source, shape)?;
    job.examine(context, &mut source, shape, jobs)?;
    source.check()?;
    if let Some((what, broken)) = source.encoding() {
        job.report.notes.problem("the whole file".to_owned(), what, broken);
    }
    job.end(shape)
}

struct Job<'a> {
    run: &'a Run,
    input: &'a Input,
    out: Option<Output>,
    report: Report,
    /// Code points of text before the next piece.
    points: u64,
    /// What stands before all spans, until it is printed.
    head: String,
    /// Spans printed.
    spans: u64,
}

impl Job<'_> {
    fn examine(&mut self, context: &Context, source: &mut Source, shape: Shape, jobs: usize) -> Result<(), Stop> {
        let file = &*self.input.name;
        match shape {
            Shape::Text => match source.whole_or_again(WHOLE_TEXT)? {
                Some(bytes) => {
                    let subject = context.subjects.of(&of_file(file))?;
                    let piece = unmarked_piece(bytes);
                    self.one(source, || text::piece(context, file, &subject, &piece))
                }
                None => {
                    let mut pieces = Pieces::new(source, Cut::Words);
                    self.stream(context, jobs, &mut pieces, None, |piece| {
                        let subject = context.subjects.stretch(file, piece.at / STRETCH)?;
                        text::piece(context, file, &subject, piece)
                    })
                }
            },
            Shape::Fhir => {
                let bytes = document(source, "a FHIR document")?;
                self.one(source, || record::fhir(context, file, "", unmarked(&bytes)))
            }
            Shape::Hl7 => {
                let declare = source.transcoded && !context.spans;
                let read = |first, bytes: &[u8]| match declare {
                    true => record::hl7(context, file, first, &record::declare_utf8(bytes)),
                    false => record::hl7(context, file, first, bytes),
                };
                match source.whole_or_again(WHOLE_HL7)? {
                    Some(bytes) => self.one(source, || read(1, unmarked(&bytes))),
                    None => {
                        let mut pieces = Pieces::new(source, Cut::Message);
                        self.stream(context, jobs, &mut pieces, None, |piece| {
                            read(piece.first, &piece.bytes)
                        })
                    }
                }
            }
            Shape::Json => {
                let bytes = document(source, "a JSON text")?;
                let bytes = unmarked(&bytes);
                let columns = Columns::profile(std::iter::once(bytes));
                self.one(source, || lines::values(context, file, &columns, "", bytes))?;
                self.report.columns = columns_report(&columns.all(), |key| columns.shows(key));
                Ok(())
            }
            Shape::Xml => {
                let mut bytes = document(source, "an XML document")?;
                if source.transcoded {
                    bytes = markup::declare_utf8(bytes);
                }
                self.one(source, || markup::document(context, file, unmarked(&bytes)))
            }
            Shape::Lines => {
                let mut pieces = Pieces::new(source, Cut::Line);
                let first = pieces.next()?;
                let sample = first.as_ref().map_or(&[][..], |piece| &piece.bytes);
                let columns = Columns::profile(sample.split(|b| *b == b'\n').map(<[u8]>::trim_ascii));
                self.stream(context, jobs, &mut pieces, first, |piece| {
                    lines::piece(context, file, &columns, piece)
                })?;
                self.report.columns = columns_report(&columns.all(), |key| columns.shows(key));
                Ok(())
            }
            Shape::Table(dialect) => {
                let mut pieces = Pieces::new(source, Cut::Record(dialect));
                let Some(first) = pieces.next()? else {
                    return Ok(());
                };
                let plan = Plan::of(&first, dialect)?;
                self.stream(context, jobs, &mut pieces, Some(first), |piece| {
                    table::piece(context, file, &plan, piece)
                })?;
                let mut shown = plan.columns.clone();
                for (column, label) in shown.iter_mut().zip(&plan.labels) {
                    column.name.clone_from(label);
                }
                self.report.columns = columns_report(&shown, |_| true);
                Ok(())
            }
            Shape::Dicom => {
                let limit = images::LARGEST;
                let bytes = source.whole(limit)?.ok_or_else(|| {
                    Stop::because(format!("a DICOM file larger than {} MiB is not read", limit >> 20))
                })?;
                self.one(source, || images::file(context, file, &bytes))
            }
            Shape::Not(why) => Err(Stop::because(why)),
        }
    }

    /// Work on all of an input at once.
    fn one(&mut self, source: &Source, work: impl FnOnce() -> Result<Done, Stop>) -> Result<(), Stop> {
        self.run.context.go_on()?;
        let done = guarded(work)?;
        // Nothing is written of a file that changed meanwhile.
        source.check()?;
        self.put(done)
    }

    /// Work on pieces.
    fn stream(
        &mut self,
        context: &Context,
        jobs: usize,
        pieces: &mut Pieces<'_>,
        first: Option<Piece>,
        work: impl Fn(&Piece) -> Result<Done, Stop> + Sync,
    ) -> Result<(), Stop> {
        let mut first = first;
        pipeline::run(
            jobs,
            || {
                context.go_on()?;
                match first.take() {
                    Some(piece) => Ok(Some(piece)),
                    None => pieces.next(),
                }
            },
            |piece| guarded(|| work(&piece)),
            |done| self.put(done),
        )
    }

    fn begin(&mut self, source: &Source, shape: Shape) -> Result<(), Stop> {
        if self.input.out.as_deref().is_some_and(std::path::Path::exists) {
            self.report.notes.problem(
                "the result".to_owned(),
                "a file of its name was there before; it is replaced",
                false,
            );
        }
        self.out = Some(match &self.input.out {
            Some(path) => Output::file(path, source.gzip && path.extension().is_some_and(|of| of == "gz"))?,
            None if self.run.json && !self.run.context.spans => Output::memory(),
            None if self.input.path.is_some() && self.input.size < LARGE => Output::held(),
            None => Output::standard(),
        });
        if self.run.context.spans && shape != Shape::Lines {
            let (file, kind) = (json!(self.input.name), shape.word());
            self.head = format!("{{\"file\":{file},\"kind\":\"{kind}\",\"spans\":[");
        }
        Ok(())
    }

    /// Takes what came of a piece, in order.
    fn put(&mut self, mut done: Done) -> Result<(), Stop> {
        let Some(out) = &mut self.out else { return Ok(()) };
        if !self.run.context.spans || self.report.kind == "jsonl" {
            out.write(&done.bytes)?;
        } else {
            out.write(std::mem::take(&mut self.head).as_bytes())?;
            let mut points = Points::of(done.text.as_deref().unwrap_or_default());
            for (at, one) in done.notes.applied.iter().enumerate() {
                let (start, end) = match (&done.text, done.counted.get(at)) {
                    (None, Some(counted)) => *counted,
                    (None, None) => (one.old.start, one.old.end),
                    (Some(_), _) => (points.before(one.old.start), points.before(one.old.end)),
                };
                let mut span = json!({
                    "start": self.points + start as u64,
                    "end": self.points + end as u64,
                    "type": label(one.class),
                    "rule": one.rule,
                    "score": one.score,
                });
                if !one.place.is_empty() {
                    span["place"] = json!(one.place);
                }
                let comma = if self.spans > 0 { "," } else { "" };
                out.write(format!("{comma}\n{span}").as_bytes())?;
                self.spans += 1;
            }
            self.points += done.points;
        }
        self.run.list(&self.input.name, &done.notes.applied)?;
        self.run.count_people(&done.notes.people);
        self.run.show(&self.input.name, std::mem::take(&mut done.notes.shown));
        self.report.notes.absorb(done.notes);
        Ok(())
    }

    fn end(mut self, shape: Shape) -> Result<Report, Stop> {
        if let Some(mut out) = self.out.take() {
            if self.run.context.spans && shape != Shape::Lines {
                out.write(self.head.as_bytes())?;
                out.write(b"]}\n")?;
            }
            self.run.context.subjects.keep_all()?;
            self.report.result = out.finish()?;
        }
        Ok(self.report)
    }
}

/// The bytes of a document that must be held whole.
fn document(source: &mut Source, what: &str) -> Result<Vec<u8>, Stop> {
    source.whole(DOCUMENT.bytes)?.ok_or_else(|| {
        Stop::because(format!(
            "{what} larger than {} MiB is not read as one; split it, or make it lines (NDJSON)",
            DOCUMENT.bytes >> 20
        ))
    })
}

/// A whole text as one piece, without its byte-order mark.
fn unmarked_piece(bytes: Vec<u8>) -> Piece {
    let marked = bytes.starts_with(b"\xef\xbb\xbf");
    Piece {
        at: if marked { 3 } else { 0 },
        first: 1,
        bytes: if marked {
            bytes.get(3..).unwrap_or_default().to_vec()
        } else {
            bytes
        },
        ..Piece::default()
    }
}

/// A fault of Ward in one input is no reason to give up the others.
pub(in crate::commands) fn guarded<R>(work: impl FnOnce() -> Result<R, Stop>) -> Result<R, Stop> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(Stop::because("Ward failed on it (an internal error); please report it")))
}

fn columns_report(columns: &[ward_deid::columns::Column], shown: impl Fn(&str) -> bool) -> Vec<Value> {
    columns
        .iter()
        .filter(|column| !column.name.is_empty())
        .take(1_000)
        .map(|column| {
            json!({
                "name": plain_name(&column.name, &shown),
                "treatment": column.treatment.word(),
                "decided_by": column.by,
                "subject": column.subject,
            })
        })
        .collect()
}

impl Report {
    /// What is said of an input, for JSON and the journal.
    pub(super) fn json(&self, name: &str) -> Value {
        let problem = |problem: &ward_formats::Problem| json!({"place": problem.place, "what": problem.what});
        let (broken, told): (Vec<_>, Vec<_>) = self.notes.problems.iter().partition(|problem| problem.broken);
        json!({
            "file": name,
            "kind": self.kind,
            "records": self.notes.records,
            "replaced": counts(&self.notes.tally),
            "not_examined": broken.into_iter().map(problem).collect::<Vec<_>>(),
            "notes": told.into_iter().map(problem).collect::<Vec<_>>(),
            "more_not_examined": self.notes.untold.1,
            "more_notes": self.notes.untold.0 - self.notes.untold.1,
            "columns": self.columns,
        })
    }
}
