//! An upstream's answer as deltas: a stream of `chat.completion.chunk` events, or, from servers that do
//! not stream, one `chat.completion`.

use std::collections::VecDeque;

use futures_util::{Stream, StreamExt, stream};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use serde_json::Value;
use tokio::time::{Instant, timeout_at};
use ward_guard::{Delta, Finish, GenerateError, Usage};

use super::{
    client::Begun,
    sse::{Data, Reader},
};

/// An answer under way.
pub(crate) struct Answer {
    begun: Begun,
    reader: Option<Reader>,
    /// Bytes of an answer that does not stream.
    whole: Vec<u8>,
    left: usize,
    /// When the last piece of the answer came. Bytes that are no answer (comments, empty events) do not count.
    heard: Instant,
    ready: VecDeque<Delta>,
    finish: Option<Finish>,
    /// Some text came.
    said: bool,
    /// A piece had the field that says why an answer ends, if only to say that it does not end yet.
    says_why: bool,
    over: bool,
}

impl Answer {
    pub(crate) fn new(begun: Begun, most: usize) -> Self {
        let reader = (begun.media_type != "application/json").then(Reader::default);
        Self {
            begun,
            reader,
            whole: Vec::new(),
            left: most,
            heard: Instant::now(),
            ready: VecDeque::new(),
            finish: None,
            said: false,
            says_why: false,
            over: false,
        }
    }

    /// The answer, ending after [`Delta::Finish`] or an error.
    pub(crate) fn deltas(self) -> stream::BoxStream<'static, Result<Delta, GenerateError>> {
        Self::unfold(self).boxed()
    }

    fn unfold(answer: Self) -> impl Stream<Item = Result<Delta, GenerateError>> {
        stream::unfold(Some(answer), |state| async move {
            let mut answer = state?;
            match answer.next().await {
                Ok(Some(delta)) => Some((Ok(delta), Some(answer))),
                Ok(None) => None,
                Err(error) => Some((Err(error), None)),
            }
        })
    }

    async fn next(&mut self) -> Result<Option<Delta>, GenerateError> {
        loop {
            if let Some(delta) = self.ready.pop_front() {
                self.heard = Instant::now();
                return Ok(Some(delta));
            }
            if self.over {
                return Ok(None);
            }
            match self.bytes().await? {
                Some(bytes) => self.take(&bytes)?,
                None => self.end()?,
            }
        }
    }

    /// The next bytes of the body, in time and within its size.
    async fn bytes(&mut self) -> Result<Option<Vec<u8>>, GenerateError> {
        let body: &mut Incoming = &mut self.begun.body;
        let until = self.begun.deadline.min(self.heard + self.begun.silence);
        let bytes = match timeout_at(until, body.frame()).await {
            Err(_) => return Err(GenerateError::TimedOut),
            Ok(None) => return Ok(None),
            Ok(Some(Err(_))) => return Err(GenerateError::Broken),
            Ok(Some(Ok(frame))) => frame.into_data().unwrap_or_default(),
        };
        self.left = self.left.checked_sub(bytes.len()).ok_or(GenerateError::Broken)?;
        Ok(Some(bytes.into()))
    }

    fn take(&mut self, bytes: &[u8]) -> Result<(), GenerateError> {
        let Some(reader) = &mut self.reader else {
            self.whole.extend_from_slice(bytes);
            return Ok(());
        };
        for event in reader.push(bytes).map_err(|_| GenerateError::Broken)? {
            self.event(&event)?;
        }
        Ok(())
    }

    /// The body has ended. A stream must have said that it would.
    fn end(&mut self) -> Result<(), GenerateError> {
        if self.reader.is_none() {
            let value: Value = serde_json::from_slice(&self.whole).map_err(|_| GenerateError::Broken)?;
            self.chunk(&value, "message")?;
        }
        self.close()
    }

    fn event(&mut self, data: &Data) -> Result<(), GenerateError> {
        if self.over {
            return Ok(());
        }
        if data.trim_ascii() == b"[DONE]" {
            // Some servers never say why an answer is over. One that does, and now does not, was interrupted.
            if self.said && !self.says_why {
                self.finish.get_or_insert(Finish::Stop);
            }
            return self.close();
        }
        let value: Value = serde_json::from_slice(data).map_err(|_| GenerateError::Broken)?;
        self.chunk(&value, "delta")
    }

    /// A chunk, or a whole completion: they differ in the name of one field.
    fn chunk(&mut self, value: &Value, field: &str) -> Result<(), GenerateError> {
        if !value.is_object() || !value["error"].is_null() {
            return Err(GenerateError::Broken);
        }
        let empty = Vec::new();
        for choice in value["choices"].as_array().unwrap_or(&empty) {
            if choice["index"].as_u64().unwrap_or(0) != 0 {
                return Err(GenerateError::Broken);
            }
            // A model that will not answer says so in a field of its own: to the caller it is the answer, checked as any other.
            let refusal = choice[field]["refusal"].as_str().unwrap_or_default();
            let content = match &choice[field]["content"] {
                Value::String(text) => text,
                Value::Null => "",
                _ => return Err(GenerateError::Broken),
            };
            for text in [content, refusal].into_iter().filter(|text| !text.is_empty()) {
                self.said = true;
                self.ready.push_back(Delta::Text(text.to_owned()));
            }
            self.calls(&choice[field])?;
            self.says_why |= choice.get("finish_reason").is_some();
            match choice["finish_reason"].as_str() {
                None => {}
                Some("length") => self.finish = Some(Finish::Length),
                Some("content_filter") => self.finish = Some(Finish::Filtered),
                Some(_) => self.finish = Some(Finish::Stop),
            }
        }
        if let Some(usage) = value["usage"].as_object() {
            let count = |name: &str| usage.get(name).and_then(Value::as_u64).unwrap_or(0);
            self.ready.push_back(Delta::Usage(Usage {
                prompt: count("prompt_tokens"),
                completion: count("completion_tokens"),
            }));
        }
        Ok(())
    }

    /// Calls of tools, which the guard judges: they are never passed over in silence.
    fn calls(&mut self, said: &Value) -> Result<(), GenerateError> {
        let mut all: Vec<(usize, &Value)> = Vec::new();
        for (place, call) in said["tool_calls"].as_array().into_iter().flatten().enumerate() {
            let number = call["index"].as_u64().and_then(|index| usize::try_from(index).ok());
            all.push((number.unwrap_or(place), &call["function"]));
        }
        if said["function_call"].is_object() {
            all.push((0, &said["function_call"]));
        }
        for (number, function) in all {
            let arguments = match &function["arguments"] {
                Value::String(text) => text.clone(),
                Value::Null => String::new(),
                _ => return Err(GenerateError::Broken),
            };
            self.ready.push_back(Delta::ToolCall {
                number,
                name: function["name"].as_str().map(str::to_owned),
                arguments,
            });
        }
        Ok(())
    }

    /// The answer is over: whole if it said why it ended, else broken off.
    fn close(&mut self) -> Result<(), GenerateError> {
        self.over = true;
        let finish = self.finish.ok_or(GenerateError::Broken)?;
        self.ready.push_back(Delta::Finish(finish));
        Ok(())
    }
}
