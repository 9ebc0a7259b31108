//! Replies: model lists, whole completions, and streams of chunks as server-sent events.
//!
//! Beside OpenAI's fields a completion, or the last chunk of a stream, carries `ward`: the receipt,
//! what was replaced (classes and counts), tokens before and after compression, and citations.

use std::convert::Infallible;

use axum::{
    Json,
    body::{Body, Bytes},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use futures_util::stream;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use ward_guard::{Citation, Code, Finish, Usage};

use super::{
    error::{self, Refused},
    request::Shape,
};
use crate::{
    exchange::{Event, Prepared, Reply},
    journal::ReceiptId,
};

/// `GET /v1/models`.
pub(crate) fn models(ids: &[String]) -> Response {
    let data: Vec<Value> = ids.iter().map(|id| model_object(id)).collect();
    Json(json!({"object": "list", "data": data})).into_response()
}

/// `GET /v1/models/{model}`.
pub(crate) fn model(id: &str) -> Response {
    Json(model_object(id)).into_response()
}

fn model_object(id: &str) -> Value {
    let owner = if id == crate::BUILT_IN_MODEL {
        "ward"
    } else {
        "upstream"
    };
    json!({"id": id, "object": "model", "created": 0, "owned_by": owner})
}

/// OpenAI's `finish_reason`.
pub(crate) fn finish_word(finish: Finish) -> &'static str {
    match finish {
        Finish::Stop | Finish::Refused => "stop",
        Finish::Length => "length",
        Finish::Filtered => "content_filter",
    }
}

/// One whole completion.
pub(crate) async fn whole(mut events: mpsc::Receiver<Event>, shape: Shape, receipt: &ReceiptId) -> Response {
    let mut text = String::new();
    let mut prepared = Prepared::default();
    while let Some(event) = events.recv().await {
        match event {
            Event::Prepared(counts) => prepared = counts,
            Event::Text(piece) => text.push_str(piece.expose()),
            Event::Refused(refusal) => return Refused::from(refusal).with_receipt(receipt).into_response(),
            Event::Done(reply) => {
                let calls = calls(&reply);
                let mut message = json!({"role": "assistant", "content": text, "refusal": null});
                let has_calls = !calls.is_empty();
                if let (true, Some(message)) = (has_calls, message.as_object_mut()) {
                    message.insert("tool_calls".to_owned(), Value::Array(calls));
                }
                return Json(json!({
                    "id": id(receipt),
                    "object": "chat.completion",
                    "created": shape.created,
                    "model": shape.model,
                    "choices": [{
                        "index": 0,
                        "message": message,
                        "logprobs": null,
                        "finish_reason": if has_calls { "tool_calls" } else { finish_word(reply.finish) },
                    }],
                    "usage": usage(reply.usage),
                    "ward": extension(&reply, &prepared, receipt),
                }))
                .into_response();
            }
        }
    }
    Refused::from(Code::Internal).with_receipt(receipt).into_response()
}

/// A stream of chunks. Its status is known only when the engine has begun: a refusal before that is
/// an ordinary error reply, one after it the stream's last event.
pub(crate) async fn streamed(mut events: mpsc::Receiver<Event>, shape: Shape, receipt: &ReceiptId) -> Response {
    let prepared = match events.recv().await {
        Some(Event::Prepared(prepared)) => prepared,
        Some(Event::Refused(refusal)) => return Refused::from(refusal).with_receipt(receipt).into_response(),
        _ => return Refused::from(Code::Internal).with_receipt(receipt).into_response(),
    };
    let chunks = Chunks {
        shape,
        receipt: receipt.clone(),
        prepared,
    };
    let first = Bytes::from(chunks.chunk(json!({"role": "assistant", "content": ""}), Value::Null, None));
    let state = Some((events, chunks, Some(first)));
    let body = stream::unfold(state, |state| async move {
        let (mut events, chunks, first) = state?;
        if let Some(first) = first {
            return Some((Ok::<Bytes, Infallible>(first), Some((events, chunks, None))));
        }
        let (bytes, over) = match events.recv().await {
            Some(Event::Text(piece)) => (
                chunks.chunk(json!({"content": piece.expose()}), Value::Null, None),
                false,
            ),
            Some(Event::Done(reply)) => (chunks.end(&reply), true),
            Some(Event::Refused(refusal)) => (event(Some("error"), &error::body(&refusal)), true),
            Some(Event::Prepared(_)) | None => (event(Some("error"), &error::body(&Code::Internal.into())), true),
        };
        let next = if over { None } else { Some((events, chunks, None)) };
        Some((Ok(Bytes::from(bytes)), next))
    });
    let mut response = Response::new(Body::from_stream(body));
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/event-stream; charset=utf-8"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// What the chunks of one stream share.
struct Chunks {
    shape: Shape,
    receipt: ReceiptId,
    prepared: Prepared,
}

impl Chunks {
    fn chunk(&self, delta: Value, finish: Value, ward: Option<Value>) -> String {
        let mut chunk = self.frame(json!([{"index": 0, "delta": delta, "logprobs": null, "finish_reason": finish}]));
        if let (Some(ward), Some(chunk)) = (ward, chunk.as_object_mut()) {
            chunk.insert("ward".to_owned(), ward);
        }
        event(None, &chunk)
    }

    fn end(&self, reply: &Reply) -> String {
        let ward = extension(reply, &self.prepared, &self.receipt);
        let calls = calls(reply);
        let (delta, finish) = if calls.is_empty() {
            (json!({}), finish_word(reply.finish))
        } else {
            (json!({"tool_calls": calls}), "tool_calls")
        };
        let mut text = self.chunk(delta, json!(finish), Some(ward));
        if self.shape.include_usage {
            let mut chunk = self.frame(json!([]));
            if let Some(chunk) = chunk.as_object_mut() {
                chunk.insert("usage".to_owned(), usage(reply.usage));
            }
            text.push_str(&event(None, &chunk));
        }
        text.push_str("data: [DONE]\n\n");
        text
    }

    fn frame(&self, choices: Value) -> Value {
        json!({
            "id": id(&self.receipt),
            "object": "chat.completion.chunk",
            "created": self.shape.created,
            "model": self.shape.model,
            "choices": choices,
        })
    }
}

/// One server-sent event. JSON holds no line break, so one data line is enough.
fn event(name: Option<&str>, data: &Value) -> String {
    match name {
        Some(name) => format!("event: {name}\ndata: {data}\n\n"),
        None => format!("data: {data}\n\n"),
    }
}

fn id(receipt: &ReceiptId) -> String {
    format!("chatcmpl-{}", receipt.as_str())
}

fn usage(usage: Usage) -> Value {
    json!({
        "prompt_tokens": usage.prompt,
        "completion_tokens": usage.completion,
        "total_tokens": usage.prompt + usage.completion,
    })
}

/// Calls of tools, as OpenAI's API has them; one that a person has to approve first says so.
fn calls(reply: &Reply) -> Vec<Value> {
    let call = |(index, call): (usize, &ward_guard::ReleasedCall)| {
        json!({
            "index": index,
            "id": format!("call_{index}"),
            "type": "function",
            "function": {"name": call.name, "arguments": call.arguments.expose()},
            "ward_needs_approval": call.needs_approval,
        })
    };
    reply.calls.iter().enumerate().map(call).collect()
}

/// Ward's own part of a reply.
fn extension(reply: &Reply, prepared: &Prepared, receipt: &ReceiptId) -> Value {
    let replaced: serde_json::Map<String, Value> = prepared
        .replaced
        .iter()
        .map(|(class, count)| ((*class).to_owned(), json!(count)))
        .collect();
    json!({
        "receipt": receipt.as_str(),
        "refused": reply.finish == Finish::Refused,
        "replaced": replaced,
        "tokens": {"before": prepared.tokens_before, "after": prepared.tokens_after, "counter": prepared.counter},
        "citations": reply.citations.iter().map(citation).collect::<Vec<_>>(),
        "marks": prepared.marks.iter().map(mark).collect::<Vec<_>>(),
        "unsupported": reply
            .unsupported
            .iter()
            .map(|(sentence, why)| json!({"text": sentence.expose(), "why": why.word()}))
            .collect::<Vec<_>>(),
    })
}

/// A place that reads as if it instructed the model, as data.
#[must_use]
pub fn mark(mark: &ward_guard::Mark) -> Value {
    json!({
        "provenance": mark.provenance.word(),
        "index": mark.index,
        "score": (f64::from(mark.score) * 100.0).round() / 100.0,
        "rules": mark.rules,
    })
}

/// A citation as data.
#[must_use]
pub fn citation(citation: &Citation) -> Value {
    json!({
        "number": citation.number,
        "document": citation.document,
        "name": citation.name,
        "text": citation.text,
        "start": citation.start,
        "end": citation.end,
        "section": citation.section,
        "when": citation.when,
        "place": citation.place,
    })
}
