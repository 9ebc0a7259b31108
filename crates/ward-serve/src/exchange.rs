//! One request from acceptance to release: the whole path, top to bottom.

use std::{sync::Arc, time::Instant};

use futures_util::StreamExt;
use tokio::sync::mpsc;
use ward_evidence::Evidence;
use ward_guard::harvest::Harvest;
use ward_guard::{
    Answering, Citation, Code, Finish, Generate, Mark, Phi, Policy, Prompt, Refusal, ReleasedText, Request, Usage,
    admit, compress, deidentify, inspect,
};

use crate::{
    BUILT_IN_MODEL,
    app::{Live, Place, Shared},
    identity::{self, Caller},
    journal::{Journal, Judged, ReceiptId, classes},
    log::{Field, Line},
    phrases::Look,
    policy::{DataClass, Question},
    quota::Spending,
    watch::Signal,
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
    /// What counted the tokens: the upstream's own tokenizer, or the estimate.
    pub counter: String,
    /// Tokens of the records as they came.
    pub tokens_before: usize,
    /// And as they went to the engine.
    pub tokens_after: usize,
    /// Tokens of the whole prompt.
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
    /// Calls of tools that the policy lets pass.
    pub calls: Vec<ward_guard::ReleasedCall>,
    /// Sentences that stand on nothing in the records, where the policy asks for them.
    pub unsupported: Vec<(ReleasedText, ward_guard::grounding::Why)>,
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
    /// What the guard lets pass of it.
    pub policy: Arc<Policy>,
    /// What the caller is judged by and may use; none for the person at this machine.
    pub terms: Option<Terms>,
}

/// What a caller who came over the network is judged by.
pub struct Terms {
    /// The settings at the beginning of the request.
    pub live: Arc<Live>,
    /// The caller's account.
    pub spending: Spending,
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
        policy,
        mut terms,
    } = asked;
    let (events, receiver) = mpsc::channel(PIECES);
    tokio::spawn(async move {
        let work = tokio::spawn({
            let (app, caller, receipt, events) = (app.clone(), caller.clone(), receipt.clone(), events.clone());
            async move {
                let began = Instant::now();
                let journal = Journal::new(&app.ledger, receipt, &caller, route);
                let result = answer(&app, &journal, request, (place, policy), terms.as_mut(), &events).await;
                if let (Ok(reply), Some(terms)) = (&result, &mut terms) {
                    terms
                        .spending
                        .used(reply.usage.prompt.saturating_add(reply.usage.completion));
                }
                // The account is settled before the caller hears of the end, and may send the next.
                drop(terms);
                app.watch.metrics.whole.seen(began.elapsed());
                told(&app, &caller, route, journal.receipt(), &result, began);
                finish(&app, &journal, result, &events).await;
            }
        });
        if work.await.is_err() {
            // A panic, caught by the task. The entry and the caller get told; the values do not.
            let journal = Journal::new(&app.ledger, receipt, &caller, route);
            finish(&app, &journal, Err(Code::Internal.into()), &events).await;
        }
    });
    receiver
}

/// The request path. Every `?` is a refusal; none of them lets content past.
async fn answer(
    app: &Shared,
    journal: &Journal<'_>,
    request: Phi<Request>,
    (place, policy): (Arc<Place>, Arc<Policy>),
    terms: Option<&mut Terms>,
    events: &mpsc::Sender<Event>,
) -> Result<Reply, Refusal> {
    let began = Instant::now();
    let asked_tokens = request.expose().sampling.max_tokens;
    app.begins("find")?;
    let phrases = phrases_in(app, journal.caller(), request.expose());
    let engine = app.engines.find(&request.expose().model).await?;
    let prompt = prepare(app, request, &*engine, (&place, policy), events).await?;
    let prepared = prepared(&prompt);
    let model = prompt.model().to_owned();
    app.begins("judge")?;
    let mut judged = judge(app, journal.caller(), &prompt, asked_tokens, terms)?;
    judged.caller.extend(phrases);
    let mut standing = Standing::new(app, journal.caller());

    let (prompt, mut answering) = Answering::begin(prompt);
    // An engine may be another machine: it gets nothing that is not on the ledger.
    app.begins("intent")?;
    journal.prepared(&prompt, &judged).await?;
    app.watch.metrics.prepare.seen(began.elapsed());
    app.begins("generate")?;
    let mut deltas = engine.generate(Arc::clone(&prompt));
    // An engine that fails before it begins is a refusal with a status, not a stream that ends badly.
    let mut next = standing.until_gone(events, deltas.next()).await?.transpose()?;
    send(app, events, Event::Prepared(prepared)).await?;
    let mut look = app.phrases.look(&journal.caller().key);
    while let Some(delta) = next {
        app.begins("check")?;
        let text = answering.push(delta)?;
        looked_at(app, journal.caller(), &mut look, &text)?;
        if !text.expose().is_empty() {
            send(app, events, Event::Text(text)).await?;
        }
        next = standing.until_gone(events, deltas.next()).await?.transpose()?;
    }
    app.begins("release")?;
    let released = answering.finish()?;
    looked_at(app, journal.caller(), &mut look, &released.rest)?;
    if !look.found().is_empty() {
        app.watch.seen(Signal::Phrase {
            who: &journal.caller().key,
        });
        return Err(Code::OutputBlocked.into());
    }
    app.begins("outcome")?;
    let committed = journal.answered(&model, &released).await?;
    let receipts = released.receipts().clone();
    let ward_guard::Released {
        rest,
        citations,
        usage,
        finish,
        calls,
        unsupported,
        ..
    } = released;
    if !rest.expose().is_empty() {
        send(app, events, Event::Text(rest)).await?;
    }
    app.watch.metrics.answered(usage.prompt, usage.completion);
    Ok(Reply {
        citations,
        usage,
        finish,
        calls,
        unsupported,
        receipts,
        ledger_index: committed.index,
    })
}

/// What canary phrases of other keys in a request say of its caller, for the ledger.
fn phrases_in(app: &Shared, caller: &Caller, request: &Request) -> Option<Evidence> {
    let mut look = app.phrases.look(&caller.key);
    look.push_all(request);
    let found = look.found().len() as u64;
    (found > 0).then(|| {
        app.watch.seen(Signal::Phrase { who: &caller.key });
        let why = "the canary phrase of another key stands in the request";
        Evidence::failed(ward_evidence::controls::MOD_6A, why, found)
    })
}

/// Looks through a piece of an answer, before it leaves, for canary phrases of other keys.
fn looked_at(app: &Shared, caller: &Caller, look: &mut Look, text: &ReleasedText) -> Result<(), Refusal> {
    look.push(text.expose());
    if look.found_yet() {
        app.watch.seen(Signal::Phrase { who: &caller.key });
        return Err(Code::OutputBlocked.into());
    }
    Ok(())
}

/// Requests larger than this are prepared on a thread of their own, so that they hold up no others.
const INLINE_BYTES: usize = 64 << 10;

/// Admits, de-identifies and compresses. Between the steps, looks whether anybody still waits.
async fn prepare(
    app: &Shared,
    request: Phi<Request>,
    engine: &dyn Generate,
    (place, policy): (&Arc<Place>, Arc<Policy>),
    events: &mpsc::Sender<Event>,
) -> Result<Prompt, Refusal> {
    let secret: [u8; 32] = ward_seal::random::bytes().map_err(|_| Code::Internal)?;
    let mark: [u8; 16] = ward_seal::random::bytes().map_err(|_| Code::Internal)?;
    let limits = app.limits;
    let (reading, tokenizer) = (engine.reading(), engine.tokenizer());
    let waits = events.clone();
    let shared = app.clone();
    let still_wanted = move || {
        if waits.is_closed() {
            Err(Refusal::from(Code::ClientGone))
        } else {
            Ok(())
        }
    };
    let steps = move |request| {
        still_wanted()?;
        shared.begins("admit")?;
        let admitted = admit(request, reading, &limits, &policy)?;
        still_wanted()?;
        shared.begins("deidentify")?;
        let clean = deidentify(admitted, secret)?;
        still_wanted()?;
        shared.begins("inspect")?;
        let inspected = inspect(clean)?;
        shared.begins("compress")?;
        compress(inspected, mark, tokenizer)
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
            // Decoding takes a while, however short the file is.
            ward_guard::Part::Picture { .. } => INLINE_BYTES + 1,
            ward_guard::Part::Document { bytes, .. } => bytes.len(),
        })
        .sum()
}

fn prepared(prompt: &Prompt) -> Prepared {
    let tokens = prompt.tokens();
    Prepared {
        replaced: classes(prompt.tally()),
        counter: prompt.counter().name(),
        tokens_before: tokens.before,
        tokens_after: tokens.after,
        tokens_prompt: tokens.prompt,
        marks: prompt.marks().to_vec(),
    }
}

/// Records how it ended, then tells the caller. A refusal that cannot be recorded stays a refusal.
async fn finish(app: &Shared, journal: &Journal<'_>, result: Result<Reply, Refusal>, events: &mpsc::Sender<Event>) {
    let event = match result {
        Ok(reply) => Event::Done(reply),
        Err(refusal) => match journal.refused(&refusal).await {
            Ok(_) => Event::Refused(refusal),
            Err(unrecorded) => Event::Refused(unrecorded),
        },
    };
    // The caller may have gone; the ledger knows already.
    let _ = send(app, events, event).await;
}

/// Hands the caller a piece. One who takes none for too long is gone, whatever else their connection does.
async fn send(app: &Shared, events: &mpsc::Sender<Event>, event: Event) -> Result<(), Refusal> {
    events
        .send_timeout(event, app.timeouts.stalled)
        .await
        .map_err(|_| Code::ClientGone.into())
}

/// Tokens that an answer is taken to need when its caller names no limit.
const ANSWER_TOKENS: u64 = 1024;

/// Decides whether a prepared question may be answered, and reserves what it will use.
fn judge(
    app: &Shared,
    caller: &Caller,
    prompt: &Prompt,
    asked_tokens: Option<u32>,
    terms: Option<&mut Terms>,
) -> Result<Judged, Refusal> {
    let data = if prompt.has_records() {
        DataClass::Record
    } else if prompt.tally().total() > 0 {
        DataClass::Identified
    } else {
        DataClass::Text
    };
    let Some(terms) = terms else {
        return Ok(Judged {
            data,
            policy: None,
            caller: Vec::new(),
        });
    };
    let question = Question {
        caller: &caller.key,
        role: caller.role,
        via: caller.via,
        purpose: caller.purpose.as_deref(),
        model: prompt.model(),
        built_in: prompt.model() == BUILT_IN_MODEL,
        data,
        environment: terms.live.environment.as_deref(),
    };
    let policy = terms.live.policies.decide(&question)?;
    let answer = asked_tokens.map_or(ANSWER_TOKENS, u64::from);
    terms
        .spending
        .reserve((prompt.tokens().prompt as u64).saturating_add(answer))?;
    let harvest = app.harvests.note(&caller.key, prompt.question(), app.meter.now_ms());
    if harvest != Harvest::Usual {
        app.watch.seen(Signal::Harvest { who: &caller.key });
    }
    // Without limits on callers nobody is held up; the ledger and the alerts say it all the same.
    if let Harvest::TooMany(left_ms) = harvest
        && !terms.live.quotas.is_unlimited()
    {
        let seconds = u32::try_from(left_ms.div_ceil(1000)).unwrap_or(u32::MAX);
        return Err(Refusal::new(Code::RateLimited).retry_after(seconds));
    }
    Ok(Judged {
        data,
        policy: Some(policy),
        caller: (harvest != Harvest::Usual)
            .then(|| harvest.evidence())
            .into_iter()
            .collect(),
    })
}

/// Tells the log how it ended.
fn told(
    app: &Shared,
    caller: &Caller,
    route: &'static str,
    receipt: &ReceiptId,
    result: &Result<Reply, Refusal>,
    began: Instant,
) {
    let outcome = match result {
        Ok(_) => "answered",
        Err(refusal) => {
            app.watch.refused(caller, refusal.code());
            refusal.code().row().word
        }
    };
    app.watch.tell(
        &Line::now("question")
            .with("outcome", Field::Word(outcome))
            .with("route", Field::Word(route))
            .with("who", Field::caller(caller))
            .with("receipt", Field::Id(receipt.as_str().to_owned()))
            .with(
                "took_ms",
                Field::Number(u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX)),
            ),
    );
}

/// Whether the caller's key still stands while an answer is under way.
struct Standing {
    app: Shared,
    /// The id of the key, for callers who are known by one.
    key: Option<String>,
    changed: tokio::sync::watch::Receiver<u64>,
}

impl Standing {
    fn new(app: &Shared, caller: &Caller) -> Self {
        Self {
            app: app.clone(),
            key: (caller.via == "key").then(|| caller.key.clone()),
            changed: app.keys_changed.subscribe(),
        }
    }

    /// Waits for `work`, but no longer than the caller does, and no longer than the caller's key stands.
    async fn until_gone<T>(
        &mut self,
        events: &mpsc::Sender<Event>,
        work: impl Future<Output = T>,
    ) -> Result<T, Refusal> {
        tokio::pin!(work);
        loop {
            tokio::select! {
                biased;
                // The sender lives as long as the state that is held here.
                _ = self.changed.changed() => {
                    if let Some(key) = &self.key {
                        let stands = self.app.keys.stands(key, crate::app::now());
                        stands.map_err(|refusal| identity::refusal_of(&refusal))?;
                    }
                }
                () = events.closed() => return Err(Code::ClientGone.into()),
                done = &mut work => return Ok(done),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt as _;

    use super::*;
    use crate::{
        config::Config,
        openai::{reply, request::Shape},
    };

    /// The status and the body of a reply to a question about a record, while one stage fails.
    async fn asked(app: &Shared, stage: Option<&'static str>, stream: bool) -> (u16, String) {
        *app.fault.lock().unwrap() = stage;
        let text =
            "Allergies: penicillin (hives). Medications: metformin 500 mg daily.\n\nWhat is the patient allergic to?";
        let receipt = ReceiptId::draw().unwrap();
        let asked = Asked {
            caller: Caller::local(),
            route: "test",
            request: Phi::new(Request {
                model: BUILT_IN_MODEL.to_owned(),
                messages: vec![ward_guard::Message {
                    speaker: ward_guard::Speaker::User,
                    parts: vec![ward_guard::Part::Text(text.to_owned())],
                }],
                sampling: ward_guard::Sampling::default(),
                stream,
            }),
            receipt: receipt.clone(),
            place: app.place(1).await.unwrap(),
            policy: Arc::default(),
            terms: None,
        };
        let events = start(app.clone(), asked);
        let shape = Shape {
            stream,
            include_usage: false,
            model: BUILT_IN_MODEL.to_owned(),
            created: 0,
        };
        let response = if stream {
            reply::streamed(events, shape, &receipt).await
        } else {
            reply::whole(events, shape, &receipt).await
        };
        let status = response.status().as_u16();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_fault_in_any_stage_gives_no_content() {
        const BEFORE: [&str; 8] = [
            "find",
            "admit",
            "deidentify",
            "inspect",
            "compress",
            "judge",
            "intent",
            "generate",
        ];
        const AFTER: [&str; 3] = ["check", "release", "outcome"];
        let folder = tempfile::tempdir().unwrap();
        let app = crate::listen::open_local(&Config::new(folder.path().join("data"))).unwrap();
        let content = |body: &str| {
            ["penicillin", "hives", "metformin"]
                .iter()
                .any(|word| body.contains(word))
        };
        for stream in [false, true] {
            let (status, body) = asked(&app, None, stream).await;
            assert!(status == 200 && content(&body), "{body}");
            for stage in BEFORE {
                let (status, body) = asked(&app, Some(stage), stream).await;
                assert_eq!(status, 500, "{stage}: {body}");
                assert!(!content(&body), "{stage}: {body}");
            }
        }
        for stage in AFTER {
            let (status, body) = asked(&app, Some(stage), false).await;
            assert_eq!(status, 500, "{stage}: {body}");
            assert!(!content(&body), "{stage}: {body}");
            // A stream has begun by then: it ends with an error, and is never whole.
            let (_, body) = asked(&app, Some(stage), true).await;
            assert!(
                body.contains("event: error") && !body.contains("[DONE]"),
                "{stage}: {body}"
            );
            assert!(stage != "check" || !content(&body), "{body}");
        }
        assert_eq!(asked(&app, None, false).await.0, 200, "and then it answers again");
    }
}
