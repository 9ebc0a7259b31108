//! A model server that speaks the OpenAI API, behind the guard.
//!
//! It gets what [`Prompt`] shows and nothing else: no header, field or address of the caller's. What
//! it sends back is hostile until checked: sizes, times and shapes are bounded here, content by the
//! guard.

pub mod chunks;
pub mod client;
pub mod sse;

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use data_encoding::BASE64;
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};
use ward_clinical::tokens::Tokenizer;
use ward_guard::{Deltas, Generate, GenerateError, Prompt, PromptMessage, Reading, Refusal};

use crate::{config::UpstreamConfig, error::StartError, tokenizer};
use chunks::Answer;
use client::Client;

/// Most bytes of an answer, its framing included.
const MAX_ANSWER: usize = 16 << 20;
/// Most bytes of a model list.
const MAX_MODELS: usize = 1 << 20;
/// How long a model list is believed.
const MODELS_FRESH: Duration = Duration::from_secs(30);

/// The upstream of a service.
pub struct Upstream {
    client: Arc<Client>,
    model: Option<String>,
    tokenizer: Option<Arc<Tokenizer>>,
    listed: Mutex<Option<(Instant, Vec<String>)>>,
}

impl Upstream {
    /// An upstream at a checked address. Connects to nothing yet.
    ///
    /// # Errors
    /// When the address is not one, or would send text in clear over a network; when its tokenizer cannot be used.
    pub fn new(config: &UpstreamConfig) -> Result<Self, StartError> {
        let client = Arc::new(Client::new(config)?);
        let tokenizer = config.tokenizer.as_deref().map(tokenizer::read_short).transpose();
        let wrong = |error: StartError| StartError::setting(format!("serve.upstream.tokenizer: {error}"));
        Ok(Self {
            client,
            model: config.model.clone(),
            tokenizer: tokenizer.map_err(wrong)?.map(Arc::new),
            listed: Mutex::new(None),
        })
    }

    /// The models it offers: the configured one, or what it lists.
    ///
    /// # Errors
    /// When it cannot be asked.
    pub async fn models(&self) -> Result<Vec<String>, Refusal> {
        if let Some(model) = &self.model {
            return Ok(vec![model.clone()]);
        }
        if let Some((when, models)) = &*self.listed.lock().unwrap_or_else(PoisonError::into_inner)
            && when.elapsed() < MODELS_FRESH
        {
            return Ok(models.clone());
        }
        let body = self.client.get("models", MAX_MODELS).await?;
        let list: Value = serde_json::from_slice(&body).map_err(|_| GenerateError::Broken)?;
        let models: Vec<String> = list["data"]
            .as_array()
            .ok_or(GenerateError::Broken)?
            .iter()
            .filter_map(|model| model["id"].as_str())
            .take(10_000)
            .map(str::to_owned)
            .collect();
        *self.listed.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), models.clone()));
        Ok(models)
    }
}

impl Generate for Upstream {
    fn reading(&self) -> Reading {
        Reading::Conversation
    }

    fn tokenizer(&self) -> Option<Arc<Tokenizer>> {
        self.tokenizer.clone()
    }

    fn generate(&self, prompt: Arc<Prompt>) -> Deltas {
        let client = self.client.clone();
        let answer = stream::once(async move {
            match client.post("chat/completions", body(&prompt)).await {
                Ok(response) => Answer::new(response, MAX_ANSWER).deltas(),
                Err(error) => stream::iter([Err(error)]).boxed(),
            }
        });
        answer.flatten().boxed()
    }
}

/// What a message says: its text, and before it the pictures that go with it.
fn content(message: &PromptMessage) -> Value {
    if message.pictures.is_empty() {
        return json!(message.text);
    }
    let pictures = message.pictures.iter().map(|picture| {
        let url = format!(
            "data:{};base64,{}",
            picture.media().word(),
            BASE64.encode(picture.bytes())
        );
        json!({"type": "image_url", "image_url": {"url": url}})
    });
    let text = [json!({"type": "text", "text": message.text})];
    Value::Array(pictures.chain(text).collect())
}

/// The request as the upstream gets it. Always a stream: one way to read an answer is enough.
fn body(prompt: &Prompt) -> Vec<u8> {
    let messages: Vec<Value> = prompt
        .messages()
        .iter()
        .map(|message| json!({"role": message.speaker.role(), "content": content(message)}))
        .collect();
    let sampling = prompt.sampling();
    let mut body = json!({
        "model": prompt.model(),
        "messages": messages,
        "stream": true,
        "stream_options": {"include_usage": true},
    });
    let optional = [
        ("temperature", json!(sampling.temperature)),
        ("top_p", json!(sampling.top_p)),
        ("max_tokens", json!(sampling.max_tokens)),
        ("seed", json!(sampling.seed)),
        ("presence_penalty", json!(sampling.presence_penalty)),
        ("frequency_penalty", json!(sampling.frequency_penalty)),
        (
            "stop",
            if sampling.stop.is_empty() {
                Value::Null
            } else {
                json!(sampling.stop)
            },
        ),
    ];
    let tools: Vec<Value> = prompt
        .tools()
        .filter_map(|(name, schema)| {
            let schema: Value = serde_json::from_str(schema).ok()?;
            Some(json!({"type": "function", "function": {"name": name, "parameters": schema}}))
        })
        .collect();
    if let Some(body) = body.as_object_mut() {
        if !tools.is_empty() {
            body.insert("tools".to_owned(), Value::Array(tools));
        }
        body.extend(
            optional
                .into_iter()
                .filter(|(_, value)| !value.is_null())
                .map(|(name, value)| (name.to_owned(), value)),
        );
    }
    body.to_string().into_bytes()
}
