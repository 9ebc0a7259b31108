//! Last steps: an engine answers, the answer is checked, values are put back, the reply is released.

use std::{fmt, pin::Pin, sync::Arc};

use futures_core::Stream;
use ward_clinical::tokens;
use ward_deid::{ForeignScreen, Restored, Restorer};
use ward_evidence::Evidence;
use ward_formats::{Document, Span};

use crate::{
    Code, Prompt, Reading, Receipts, Refusal, Stage,
    canary::CanaryWatch,
    egress::{Egress, Neutralised},
    fence::FenceStrip,
    receipt::controls,
};

/// An engine: something that answers a prompt.
pub trait Generate: Send + Sync {
    /// How typed text is to be read for it.
    fn reading(&self) -> Reading;

    /// Starts to answer. The stream ends after a [`Delta::Finish`], or with an error.
    fn generate(&self, prompt: Arc<Prompt>) -> Deltas;
}

/// An answer as it comes.
pub type Deltas = Pin<Box<dyn Stream<Item = Result<Delta, GenerateError>> + Send>>;

/// A piece of an answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Delta {
    /// Text.
    Text(String),
    /// Where the text of the answer stands in the records.
    Citation(Cited),
    /// What the engine counted.
    Usage(Usage),
    /// The answer is complete.
    Finish(Finish),
}

/// A quotation of a de-identified record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cited {
    /// The number it is marked with in the answer. Parts of one row share a number.
    pub number: usize,
    /// Which of [`Prompt::sources`].
    pub source: usize,
    /// Bytes of that record's source.
    pub span: Span,
    /// The quotation.
    pub text: String,
    /// The section or kind of entry it stands in.
    pub section: String,
    /// Its date, as written.
    pub when: Option<String>,
    /// Where it stands, for people.
    pub place: String,
}

/// Why an answer ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finish {
    /// It was complete.
    Stop,
    /// It reached the most tokens allowed.
    Length,
    /// The records hold no answer, and the engine says so.
    Refused,
    /// The engine's own filter ended it.
    Filtered,
}

/// Tokens as an engine counted them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    /// Of the prompt.
    pub prompt: u64,
    /// Of the answer.
    pub completion: u64,
}

/// Why an engine failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum GenerateError {
    /// It could not be reached.
    Unreachable,
    /// It refused the request.
    Refused,
    /// It has no room now.
    Busy,
    /// It did not answer in time.
    TimedOut,
    /// It broke off, or what it sent is not an answer.
    Broken,
}

impl fmt::Display for GenerateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Refusal::from(*self).code().row().message)
    }
}

impl std::error::Error for GenerateError {}

impl From<GenerateError> for Refusal {
    fn from(error: GenerateError) -> Self {
        Refusal::new(match error {
            GenerateError::Unreachable => Code::UpstreamUnreachable,
            GenerateError::Refused => Code::UpstreamRefused,
            GenerateError::Busy => Code::UpstreamBusy,
            GenerateError::TimedOut => Code::UpstreamTimeout,
            GenerateError::Broken => Code::UpstreamBroken,
        })
    }
}

/// Text that went through every check and has its values back. Made only by [`Answering`].
pub struct ReleasedText(String);

impl ReleasedText {
    /// The text, for the caller who sent the values in it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// A quotation with its values back and its place in the caller's own document.
pub struct Citation {
    /// The number it is marked with in the answer. Parts of one row share a number.
    pub number: usize,
    /// Number of the document, from 0, in the order they were sent.
    pub document: usize,
    /// The caller's name for the document.
    pub name: Option<String>,
    /// The quotation.
    pub text: String,
    /// First character in the document, in Unicode code points.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// The section or kind of entry.
    pub section: String,
    /// Its date, as written.
    pub when: Option<String>,
    /// Where it stands, for people.
    pub place: String,
}

/// Most bytes of one answer, its values put back. A few bytes of a model's can stand for a value of many.
const MAX_RELEASED: usize = 16 << 20;

/// An answer under way: what it still has to go through.
pub struct Answering {
    prompt: Arc<Prompt>,
    canary: CanaryWatch,
    fences: FenceStrip,
    screen: ForeignScreen,
    egress: Egress,
    restorer: Restorer,
    citations: Vec<Citation>,
    usage: Option<Usage>,
    finish: Option<Finish>,
    completion: String,
}

/// The end of a reply, with a receipt of every stage.
pub struct Released {
    /// What was still held back.
    pub rest: ReleasedText,
    /// Quotations, for engines that give them.
    pub citations: Vec<Citation>,
    /// Tokens, the engine's count or else Ward's estimate.
    pub usage: Usage,
    /// Why it ended.
    pub finish: Finish,
    /// Links, tags and characters that were made harmless.
    pub neutralised: Neutralised,
    receipts: Receipts,
}

impl Released {
    /// The receipts, one of every stage.
    #[must_use]
    pub fn receipts(&self) -> &Receipts {
        &self.receipts
    }
}

impl Answering {
    /// Starts an answer to a prompt. Gives the prompt back, shared, for the engine.
    #[must_use]
    pub fn begin(prompt: Prompt) -> (Arc<Prompt>, Self) {
        let prompt = Arc::new(prompt);
        let answering = Self {
            canary: prompt.canary.watch(),
            fences: prompt.canary.strip(),
            screen: ForeignScreen::new(),
            egress: Egress::new(Arc::clone(&prompt.settings.policy)),
            restorer: prompt.vault.restorer().limited(MAX_RELEASED),
            citations: Vec::new(),
            usage: None,
            finish: None,
            completion: String::new(),
            prompt: Arc::clone(&prompt),
        };
        (prompt, answering)
    }

    /// Takes a piece of the answer; gives what may go to the caller now, often less.
    ///
    /// # Errors
    /// `OutputBlocked` when the answer repeats the canary, `OutputTooLarge` when it outgrows what is passed on; nothing
    /// of the piece is released.
    pub fn push(&mut self, delta: Delta) -> Result<ReleasedText, Refusal> {
        let mut out = String::new();
        match delta {
            Delta::Text(text) => {
                self.completion.push_str(&text);
                let (mut uncanned, mut unfenced) = (String::new(), String::new());
                let (mut screened, mut harmless) = (String::new(), String::new());
                self.canary
                    .push(&text, &mut uncanned)
                    .map_err(|_| Code::OutputBlocked)?;
                self.fences.push(&uncanned, &mut unfenced);
                self.screen.push(&unfenced, &mut screened);
                self.egress.push(&screened, &mut harmless);
                self.restorer.push(&harmless, &mut out);
                if self.restorer.is_over() {
                    return Err(Code::OutputTooLarge.into());
                }
            }
            Delta::Citation(cited) => self.citations.extend(self.original(cited)),
            Delta::Usage(usage) => self.usage = Some(usage),
            Delta::Finish(finish) => self.finish = Some(finish),
        }
        Ok(ReleasedText(out))
    }

    /// The engine's stream has ended.
    ///
    /// # Errors
    /// `UpstreamBroken` when it ended without saying why.
    pub fn finish(self) -> Result<Released, Refusal> {
        let Self {
            prompt,
            canary,
            mut fences,
            mut screen,
            mut egress,
            mut restorer,
            citations,
            usage,
            finish,
            completion,
        } = self;
        let finish = finish.ok_or(Code::UpstreamBroken)?;
        let (mut uncanned, mut unfenced) = (String::new(), String::new());
        let (mut screened, mut harmless, mut out) = (String::new(), String::new(), String::new());
        canary.finish(&mut uncanned);
        fences.push(&uncanned, &mut unfenced);
        fences.finish(&mut unfenced);
        screen.push(&unfenced, &mut screened);
        let withheld = screen.finish(&mut screened).tally;
        egress.push(&screened, &mut harmless);
        let neutralised = egress.finish(&mut harmless);
        restorer.push(&harmless, &mut out);
        restorer.close(&mut out);
        if restorer.is_over() {
            return Err(Code::OutputTooLarge.into());
        }
        let Restored { restored, unknown } = restorer.finish(&mut out);

        let mut receipts = prompt.receipts.clone();
        receipts.add(
            Stage::Answer,
            vec![Evidence::held(
                controls::ONLY_CLEAN_TEXT_SENT,
                prompt.messages.len() as u64,
            )],
        );
        receipts.add(
            Stage::Check,
            vec![Evidence::held(controls::FOREIGN_WITHHELD, withheld.total() as u64)],
        );
        let mut put_back = vec![Evidence::held(controls::REIDENTIFIED, u64::from(restored))];
        if unknown > 0 {
            let why = "placeholders that are not of this request, or stand in a link, were left as they stood";
            put_back.push(Evidence::failed(controls::REIDENTIFIED, why, u64::from(unknown)));
        }
        receipts.add(Stage::Reidentify, put_back);
        if !receipts.is_complete() {
            return Err(Code::Internal.into());
        }
        let usage = usage.unwrap_or_else(|| Usage {
            prompt: prompt.tokens.prompt as u64,
            completion: tokens::count(&completion) as u64,
        });
        Ok(Released {
            rest: ReleasedText(out),
            citations,
            usage,
            finish,
            neutralised,
            receipts,
        })
    }

    /// The quotation in the caller's own document. `None` when an engine cites what is not there.
    fn original(&self, cited: Cited) -> Option<Citation> {
        let clean = self.prompt.documents.get(cited.source)?;
        let original = clean.original.expose();
        let source = original.doc.source();
        let span = clean.map.to_old(cited.span);
        let code_points = |bytes: &[u8]| bytes.iter().filter(|byte| (**byte & 0xC0) != 0x80).count();
        let start = code_points(source.get(..span.start)?);
        let end = start + code_points(source.get(span.start..span.end)?);
        let back = |text: &str| self.prompt.vault.restore(text).0;
        Some(Citation {
            number: cited.number,
            document: cited.source,
            name: original.name.clone(),
            text: back(&cited.text),
            start,
            end,
            section: back(&cited.section),
            when: cited.when.as_deref().map(back),
            place: cited.place,
        })
    }
}
