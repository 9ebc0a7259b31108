//! The one internal request, whatever API it came through.

use ward_formats::Kind;

use crate::media::Media;

/// Who speaks in a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaker {
    /// Instructions of the application (`system`, `developer`).
    System,
    /// The person who asks.
    User,
    /// An earlier answer of the model.
    Assistant,
    /// What a tool gave back. Data, whoever made it.
    Tool,
}

impl Speaker {
    /// The role word of the OpenAI API. What a tool said goes to the model in the user's part, fenced.
    #[must_use]
    pub fn role(self) -> &'static str {
        match self {
            Speaker::System => "system",
            Speaker::User | Speaker::Tool => "user",
            Speaker::Assistant => "assistant",
        }
    }
}

/// A piece of a message.
pub enum Part {
    /// Text as typed.
    Text(String),
    /// A record handed over.
    Document {
        /// The caller's name for it. Never leaves Ward: file names hold patients' names.
        name: Option<String>,
        /// What the caller says it is; `None` to find out.
        kind: Option<Kind>,
        /// The bytes.
        bytes: Vec<u8>,
    },
    /// A picture handed over, as it came.
    Picture {
        /// What the caller says it is.
        media: Media,
        /// The bytes.
        bytes: Vec<u8>,
    },
}

/// One message of a conversation.
pub struct Message {
    /// Who speaks.
    pub speaker: Speaker,
    /// What is said, in order.
    pub parts: Vec<Part>,
}

/// How an engine should choose its words. Every value was checked by the API it came through.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sampling {
    /// 0.0..=2.0.
    pub temperature: Option<f64>,
    /// 0.0..=1.0.
    pub top_p: Option<f64>,
    /// Most tokens to answer with.
    pub max_tokens: Option<u32>,
    /// For a repeatable answer.
    pub seed: Option<i64>,
    /// -2.0..=2.0.
    pub presence_penalty: Option<f64>,
    /// -2.0..=2.0.
    pub frequency_penalty: Option<f64>,
    /// At most four texts at which to stop. They are text of the caller's and go through
    /// de-identification like all of it.
    pub stop: Vec<String>,
}

/// A request to answer.
pub struct Request {
    /// The model's id.
    pub model: String,
    /// The conversation; the last message asks.
    pub messages: Vec<Message>,
    /// How to choose words.
    pub sampling: Sampling,
    /// Whether the caller wants the answer in pieces.
    pub stream: bool,
}
