//! `ward ask`: the whole request path in one process.

use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use ward_clinical::{
    Fact, Record, json as clinical,
    state::{Doubt, State},
};
use ward_formats::{Budget, Doc};
use ward_guard::{Finish, Message, Part, Phi, Request, Sampling, Speaker};
use ward_serve::{
    Caller, Config, Event, Reply,
    exchange::{self, Prepared},
    journal::ReceiptId,
    listen, openai,
};

use crate::{
    cli,
    commands::{scan, settings},
    exit::Exit,
    folder, process, terminal,
};

/// Answers one question about one record.
///
/// # Errors
/// What was refused, and what to do.
pub fn run(args: cli::Ask) -> Result<Exit> {
    let bytes = settings::read_record(&args.record)?;
    if args.question.trim().is_empty() {
        bail!("the question is empty; write it after the record, in quotes");
    }
    let mut config = Config::new(folder::data(args.data.data)?);
    config.upstream = settings::upstream(&args.upstream)?;
    let size = bytes.len();
    let read = Read::of(&bytes);
    let name = (args.record != Path::new("-")).then(|| args.record.display().to_string());

    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start threads")?;
    runtime.block_on(async move {
        process::tolerate_file_limits();
        let app = listen::open_local(&config)?;
        let model = match args.model {
            Some(model) => model,
            None => app.engines.default_model().await?,
        };
        let parts = vec![
            Part::Document {
                name,
                kind: None,
                bytes,
            },
            Part::Text(args.question),
        ];
        let request = Request {
            model: model.clone(),
            messages: vec![Message {
                speaker: Speaker::User,
                parts,
            }],
            sampling: Sampling::default(),
            stream: true,
        };
        let receipt = ReceiptId::draw()?;
        let place = app.place(size).await?;
        let asked = exchange::Asked {
            caller: Caller::local(),
            route: "ward ask",
            request: Phi::new(request),
            receipt: receipt.clone(),
            place,
            terms: None,
            policy: std::sync::Arc::clone(app.live().policy("")),
        };
        let events = exchange::start(app, asked);
        show(events, &receipt, &model, &read, args.json).await
    })
}

/// The record as the caller has it, to say what of an answer's quotes is doubtful.
struct Read {
    record: Record,
    /// The byte of each code point.
    bytes: Vec<usize>,
}

impl Read {
    /// Reads the record. One that cannot be read is refused on its way and has nothing here.
    fn of(bytes: &[u8]) -> Self {
        let record = Doc::parse(bytes, None, Budget::RECORD)
            .map(|parsed| ward_clinical::read(&parsed.document))
            .unwrap_or_default();
        let text = std::str::from_utf8(bytes).unwrap_or("");
        Self {
            record,
            bytes: text.char_indices().map(|(at, _)| at).collect(),
        }
    }

    /// What is doubtful in the facts of which an answer quotes a part.
    fn doubts(&self, reply: &Reply) -> Vec<Doubt> {
        let byte = |point: usize| self.bytes.get(point).copied().unwrap_or(usize::MAX);
        let quoted: Vec<(usize, usize)> = reply
            .citations
            .iter()
            .map(|part| (byte(part.start), byte(part.end)))
            .collect();
        let is_quoted = |fact: &&Fact| {
            let mut pieces = fact.pieces.iter().map(|piece| piece.span);
            pieces.any(|span| quoted.iter().any(|(from, to)| span.start < *to && *from < span.end))
        };
        let facts = self.record.facts.iter().filter(is_quoted).cloned().collect();
        let quoted = Record {
            facts,
            ..Record::default()
        };
        State::of(&quoted, Some(scan::today())).doubts
    }
}

/// Shows what happens as it happens.
async fn show(
    mut events: tokio::sync::mpsc::Receiver<Event>,
    receipt: &ReceiptId,
    model: &str,
    read: &Read,
    as_json: bool,
) -> Result<Exit> {
    let watched = terminal::is_watched() && !as_json;
    let mut answer = String::new();
    let mut prepared = Prepared::default();
    while let Some(event) = events.recv().await {
        match event {
            Event::Prepared(counts) => {
                if watched {
                    steps(&counts, model);
                }
                prepared = counts;
            }
            Event::Text(piece) => {
                if as_json {
                    answer.push_str(piece.expose());
                } else {
                    terminal::result(piece.expose())?;
                    answer.push_str(piece.expose());
                }
            }
            Event::Refused(refusal) => {
                bail!("{refusal} (receipt {})", receipt.as_str());
            }
            Event::Done(reply) => {
                let doubts = read.doubts(&reply);
                if as_json {
                    let mut object = whole(&answer, &reply, &prepared, receipt, model);
                    object["doubts"] = clinical::doubts(&doubts);
                    terminal::json(&object)?;
                } else {
                    if !answer.ends_with('\n') {
                        terminal::result("\n")?;
                    }
                    cite(&reply)?;
                    for doubt in doubts {
                        terminal::note(&format!("doubtful: {}: {}", doubt.about, doubt.why));
                    }
                    if watched {
                        terminal::step(
                            "Receipt",
                            &format!("{} (ledger entry {})", receipt.as_str(), reply.ledger_index),
                        );
                    }
                }
                return Ok(Exit::Clean);
            }
        }
    }
    bail!("the answer broke off (receipt {})", receipt.as_str())
}

fn steps(prepared: &Prepared, model: &str) {
    let found: Vec<String> = prepared
        .replaced
        .iter()
        .map(|(class, count)| format!("{class} {count}"))
        .collect();
    let found = if found.is_empty() {
        "nothing that identifies a person".to_owned()
    } else {
        found.join(", ")
    };
    terminal::step("De-identified", &found);
    let saved = match prepared.tokens_before {
        0 => String::new(),
        before => format!(
            ", {}% saved",
            (100 * before.saturating_sub(prepared.tokens_after)) / before
        ),
    };
    terminal::step(
        "Compressed",
        &format!(
            "{} -> {} tokens (estimate){saved}",
            prepared.tokens_before, prepared.tokens_after
        ),
    );
    terminal::step("Answered by", model);
}

/// Where the answer's numbers point, below it: a line for each number, over all the parts of its row.
fn cite(reply: &Reply) -> Result<()> {
    let mut text = String::new();
    for row in reply.citations.chunk_by(|one, next| one.number == next.number) {
        let Some(first) = row.first() else { continue };
        let start = row.iter().map(|part| part.start).min().unwrap_or(first.start);
        let end = row.iter().map(|part| part.end).max().unwrap_or(first.end);
        text.push_str(&format!(
            "  [{}] {}, {}, characters {start}-{end}\n",
            first.number, first.section, first.place
        ));
    }
    if !text.is_empty() {
        terminal::result(&format!("\n{text}"))?;
    }
    Ok(())
}

fn whole(answer: &str, reply: &Reply, prepared: &Prepared, receipt: &ReceiptId, model: &str) -> Value {
    let replaced: serde_json::Map<String, Value> = prepared
        .replaced
        .iter()
        .map(|(class, count)| ((*class).to_owned(), json!(count)))
        .collect();
    json!({
        "answer": answer,
        "citations": reply.citations.iter().map(openai::reply::citation).collect::<Vec<_>>(),
        "refused": reply.finish == Finish::Refused,
        "receipt": receipt.as_str(),
        "model": model,
        "replaced": replaced,
        "tokens": {
            "before": prepared.tokens_before,
            "after": prepared.tokens_after,
            "prompt": reply.usage.prompt,
            "completion": reply.usage.completion,
            "counter": prepared.counter,
        },
        "stages": ward_serve::journal::stages(&reply.receipts),
        "ledger": {"entry": reply.ledger_index},
    })
}
