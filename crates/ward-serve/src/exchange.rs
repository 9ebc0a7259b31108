//! One request from acceptance to release: the whole path, top to bottom.

use std::sync::Arc;

use futures_util::StreamExt;
use tokio::sync::mpsc;
use ward_guard::{
    Answering, Citation, Code, Finish, Mark, Phi, Prompt, Reading, Refusal, ReleasedText, Request, Usage, admit,
    compress, deidentify, inspect,
};

use crate::{
    app::{Place, Shared},
    identity::Caller,
    journal::{Journal, ReceiptId, classes},
};

/// What the caller gets to see, in order: any number of texts, then one end.
pub enum Event {
    /// What was done to the request; its entry is on the ledger. Always first, unless refused.
    Prepared(Prepared),
    /// A piece of the answer.
    Text(ReleasedText),
    /// The answer is complete, and recorded as such.
    Done(Reply),
    /// The request was refused, or its answer broke off.
    Refused(Refusal),
}

/// What was done to a request, in counts.
#[derive(Debug, Clone, Default)]
pub struct Prepared {
    /// Classes of values replaced, with counts.
    pub replaced: Vec<(&'static str, u64)>,
    /// Estimated tokens of the records as they came.
    pub tokens_before: usize,
    /// And as they went to the engine.
    pub tokens_after: usize,
    /// Estimated tokens of the whole prompt.
    pub tokens_prompt: usize,
    /// What reads as if it instructed the model.
    pub marks: Vec<Mark>,
}

/// The end of an answer.
pub struct Reply {
    /// Quotations, for engines that give them.
    pub citations: Vec<Citation>,
    /// Tokens.
    pub usage: Usage,
    /// Why it ended.
    pub finish: Finish,
    /// The stages it went through, with what each recorded.
    pub receipts: ward_guard::Receipts,
    /// Its place in the ledger: the entry of the outcome.
    pub ledger_index: u64,
}

/// Pieces that may wait for a slow caller. The engine waits when they are full.
const PIECES: usize = 16;

/// A request that was accepted, and who asks.
pub struct Asked {
    /// Who.
    pub caller: Caller,
    /// By which way it came.
    pub route: &'static str,
    /// What.
    pub request: Phi<Request>,
    /// Its name on the ledger.
    pub receipt: ReceiptId,
    /// Its place among the requests under way.
    pub place: Arc<Place>,
}

/// Starts to answer. The events end after [`Event::Done`] or [`Event::Refused`]. Dropping the
/// receiver stops the engine; the ledger then says that the client went away.
#[must_use]
pub fn start(app: Shared, asked: Asked) -> mpsc::Receiver<Event> {
    let Asked {
        caller,
        route,
        request,
        receipt,
        place,
    } = asked;
    let (events, receiver) = mpsc::channel(PIECES);
    tokio::spawn(async move {
        let work = tokio::spawn({
            let (app, caller, receipt, events) = (app.clone(), caller.clone(), receipt.clone(), events.clone());
            async move {
                let journal = Journal::new(&app.ledger, receipt, &caller, route);
                let result = answer(&app, &journal, request, place, &events).await;
                finish(&journal, result, &events).await;
            }
        });
        if work.await.is_err() {
            // A panic, caught by the task. The entry and the caller get told; the values do not.
            let journal = Journal::new(&app.ledger, receipt, &caller, route);
            finish(&journal, Err(Code::Internal.into()), &events).await;
        }
    });
    receiver
}

/// The request path. Every `?` is a refusal; none of them lets content past.
async fn answer(
    app: &Shared,
    journal: &Journal<'_>,
    request: Phi<Request>,
    place: Arc<Place>,
    events: &mpsc::Sender<Event>,
) -> Result<Reply, Refusal> {
    let engine = app.engines.find(&request.expose().model).await?;
    let prompt = prepare(app, request, engine.reading(), &place, events).await?;
    let prepared = prepared(&prompt);
    let model = prompt.model().to_owned();

    let (prompt, mut answering) = Answering::begin(prompt);
    // An engine may be another machine: it gets nothing that is not on the ledger.
    journal.prepared(&prompt).await?;
    let mut deltas = engine.generate(Arc::clone(&prompt));
    // An engine that fails before it begins is a refusal with a status, not a stream that ends badly.
    let mut next = until_gone(events, deltas.next()).await?.transpose()?;
    send(events, Event::Prepared(prepared)).await?;
    while let Some(delta) = next {
        let text = answering.push(delta)?;
        if !text.expose().is_empty() {
            send(events, Event::Text(text)).await?;
        }
        next = until_gone(events, deltas.next()).await?.transpose()?;
    }
    let released = answering.finish()?;
    let committed = journal.answered(&model, &released).await?;
    let receipts = released.receipts().clone();
    let ward_guard::Released {
        rest,
        citations,
        usage,
        finish,
        ..
    } = released;
    if !rest.expose().is_empty() {
        send(events, Event::Text(rest)).await?;
    }
    Ok(Reply {
        citations,
        usage,
        finish,
        receipts,
        ledger_index: committed.index,
    })
}

/// Requests larger than this are prepared on a thread of their own, so that they hold up no others.
const INLINE_BYTES: usize = 64 << 10;

/// Admits, de-identifies and compresses. Between the steps, looks whether anybody still waits.
async fn prepare(
    app: &Shared,
    request: Phi<Request>,
    reading: Reading,
    place: &Arc<Place>,
    events: &mpsc::Sender<Event>,
) -> Result<Prompt, Refusal> {
    let secret: [u8; 32] = ward_seal::random::bytes().map_err(|_| Code::Internal)?;
    let mark: [u8; 16] = ward_seal::random::bytes().map_err(|_| Code::Internal)?;
    let limits = app.limits;
    let policy = Arc::clone(&app.policy);
    let waits = events.clone();
    let still_wanted = move || {
        if waits.is_closed() {
            Err(Refusal::from(Code::ClientGone))
        } else {
            Ok(())
        }
    };
    let steps = move |request| {
        still_wanted()?;
        let admitted = admit(request, reading, &limits, &policy)?;
        still_wanted()?;
        let clean = deidentify(admitted, secret)?;
        still_wanted()?;
        compress(inspect(clean)?, mark)
    };
    if size(request.expose()) <= INLINE_BYTES {
        return steps(request);
    }
    let turn = app
        .preparing
        .clone()
        .acquire_owned()
        .await
        .map_err(|_| Code::Internal)?;
    let place = Arc::clone(place);
    let prepared = tokio::task::spawn_blocking(move || {
        let _held = (turn, place);
        steps(request)
    });
    prepared.await.map_err(|_| Code::Internal)?
}

fn size(request: &Request) -> usize {
    let parts = request.messages.iter().flat_map(|message| &message.parts);
    parts
        .map(|part| match part {
            ward_guard::Part::Text(text) => text.len(),
            ward_guard::Part::Document { bytes, .. } => bytes.len(),
        })
        .sum()
}

fn prepared(prompt: &Prompt) -> Prepared {
    let tokens = prompt.tokens();
    Prepared {
        replaced: classes(prompt.tally()),
        tokens_before: tokens.before,
        tokens_after: tokens.after,
        tokens_prompt: tokens.prompt,
        marks: prompt.marks().to_vec(),
    }
}

/// Records how it ended, then tells the caller. A refusal that cannot be recorded stays a refusal.
async fn finish(journal: &Journal<'_>, result: Result<Reply, Refusal>, events: &mpsc::Sender<Event>) {
    let event = match result {
        Ok(reply) => Event::Done(reply),
        Err(refusal) => match journal.refused(&refusal).await {
            Ok(_) => Event::Refused(refusal),
            Err(unrecorded) => Event::Refused(unrecorded),
        },
    };
    // The caller may have gone; the ledger knows already.
    let _ = events.send(event).await;
}

async fn send(events: &mpsc::Sender<Event>, event: Event) -> Result<(), Refusal> {
    events.send(event).await.map_err(|_| Code::ClientGone.into())
}

/// Waits for `work`, but no longer than the caller does.
async fn until_gone<T>(events: &mpsc::Sender<Event>, work: impl Future<Output = T>) -> Result<T, Refusal> {
    tokio::select! {
        done = work => Ok(done),
        () = events.closed() => Err(Code::ClientGone.into()),
    }
}
