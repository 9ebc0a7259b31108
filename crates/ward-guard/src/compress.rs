//! Third step: records become short texts that keep every clinical fact, with the proof.

use ward_clinical::{
    Compressed, Options, Record,
    cite::{Calendar, Source},
    tokens,
};
use ward_deid::{Pseudonyms, Tally};
use ward_evidence::Evidence;
use ward_formats::{Doc, Document};

use crate::{
    Clean, Receipts, Refusal, Sampling, Speaker, Stage,
    admit::{Item, Settings},
    canary::Canary,
    deidentify::CleanDocument,
    receipt::controls,
};

/// What an engine is given. Everything an engine can see of a request is behind these methods.
pub struct Prompt {
    pub(crate) settings: Settings,
    pub(crate) messages: Vec<PromptMessage>,
    pub(crate) question: String,
    pub(crate) documents: Vec<CleanDocument>,
    pub(crate) records: Vec<Record>,
    pub(crate) calendar: Calendar,
    pub(crate) tokens: Tokens,
    pub(crate) canary: Canary,
    pub(crate) vault: Pseudonyms,
    pub(crate) tally: Tally,
    pub(crate) receipts: Receipts,
}

/// A message as an engine gets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromptMessage {
    /// Who speaks.
    pub speaker: Speaker,
    /// What is said.
    pub text: String,
}

/// Tokens of the records, by the estimate [`tokens::COUNTER`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tokens {
    /// As they came.
    pub before: usize,
    /// As they go to the engine.
    pub after: usize,
    /// The whole prompt.
    pub prompt: usize,
}

/// A random text of the request that marks the prompt and its records. 16 letters.
pub type Mark = [u8; 16];

impl Prompt {
    /// The model's id.
    #[must_use]
    pub fn model(&self) -> &str {
        &self.settings.model
    }

    /// How to choose words.
    #[must_use]
    pub fn sampling(&self) -> &Sampling {
        &self.settings.sampling
    }

    /// The conversation, records compressed into it.
    #[must_use]
    pub fn messages(&self) -> &[PromptMessage] {
        &self.messages
    }

    /// What the last message asks, without its records.
    #[must_use]
    pub fn question(&self) -> &str {
        &self.question
    }

    /// The de-identified records, read.
    pub fn sources(&self) -> impl Iterator<Item = Source<'_>> {
        self.documents.iter().zip(&self.records).map(|(clean, record)| Source {
            doc: &clean.doc,
            record,
        })
    }

    /// The years the records cover. For engines inside Ward only; never to be sent on.
    #[must_use]
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// Token counts.
    #[must_use]
    pub fn tokens(&self) -> Tokens {
        self.tokens
    }

    /// What was replaced: classes and counts.
    #[must_use]
    pub fn tally(&self) -> &Tally {
        &self.tally
    }
}

/// Every text of a de-identified document with its place, a line each. Not its source: names of elements that the
/// format does not know are no fields, so nobody looked for identifiers in them.
fn all_text(doc: &Doc) -> String {
    if let Doc::Text(text) = doc {
        return text.text().to_owned();
    }
    let lines = doc
        .fields()
        .iter()
        .enumerate()
        .map(|(index, field)| format!("{}: {}\n", doc.place(index), field.text));
    lines.collect()
}

/// Compresses every record of a request and lays out the prompt. `mark` must be drawn at random for
/// this request: it delimits the records and is the canary.
///
/// A record whose compression cannot be proved goes in whole.
///
/// # Errors
/// None today; the signature leaves room for budgets.
pub fn compress(clean: Clean, mark: Mark) -> Result<Prompt, Refusal> {
    let Clean {
        messages,
        documents,
        settings,
        mut calendar,
        vault,
        tally,
        mut receipts,
    } = clean;
    let question = messages
        .last()
        .map(|last| {
            let texts = last.items.iter().filter_map(|item| match item {
                Item::Text(text) => Some(text.trim()),
                Item::Document(_) => None,
            });
            texts.collect::<Vec<_>>().join("\n")
        })
        .unwrap_or_default();

    let records: Vec<Record> = documents.iter().map(|clean| ward_clinical::read(&clean.doc)).collect();
    // Planned visits lie after the latest entry; "this year" counts from what has happened.
    let sources: Vec<Source<'_>> = documents
        .iter()
        .zip(&records)
        .map(|(clean, record)| Source {
            doc: &clean.doc,
            record,
        })
        .collect();
    calendar.latest = Calendar::latest_of(&sources).or(calendar.latest);
    drop(sources);
    let options = Options {
        question: Some(&question),
    };
    let compressed: Vec<Compressed> = documents
        .iter()
        .zip(&records)
        .map(|(clean, record)| ward_clinical::compress(&clean.doc, record, &options))
        .collect();

    let canary = Canary::new(mark);
    let mut counts = Tokens::default();
    let (mut kept, mut unproved) = (0, 0);
    for one in &compressed {
        counts.before += one.tokens.before;
        if one.verified {
            kept += one.facts.kept;
            counts.after += one.tokens.after;
        } else {
            unproved += 1;
            counts.after += one.tokens.before;
        }
    }
    let text_of = |index: usize| match (compressed.get(index), documents.get(index)) {
        (Some(one), _) if one.verified => one.text.clone(),
        (_, Some(whole)) => all_text(&whole.doc),
        _ => String::new(),
    };

    // One system message: many models' templates take no second. Ward's own words come first.
    let mut laid_out = vec![PromptMessage {
        speaker: Speaker::System,
        text: canary.instructions(!documents.is_empty(), tally.total() > 0),
    }];
    for message in messages {
        let mut text = String::new();
        for item in message.items {
            if !text.is_empty() {
                text.push_str("\n\n");
            }
            match item {
                Item::Text(said) => text.push_str(&said),
                Item::Document(index) => canary.fence(&mut text, index + 1, &text_of(index)),
            }
        }
        match laid_out.as_mut_slice() {
            [own] if message.speaker == Speaker::System => {
                own.text.push_str("\n\n");
                own.text.push_str(&text);
            }
            _ => laid_out.push(PromptMessage {
                speaker: message.speaker,
                text,
            }),
        }
    }
    counts.prompt = laid_out.iter().map(|message| tokens::count(&message.text)).sum();

    let mut evidence = vec![Evidence::held(controls::COMPRESSION_PROVED, kept as u64)];
    if unproved > 0 {
        evidence.push(Evidence::failed(
            controls::COMPRESSION_PROVED,
            "sent whole: compression could not be proved",
            unproved,
        ));
    }
    receipts.add(Stage::Compress, evidence);
    Ok(Prompt {
        settings,
        messages: laid_out,
        question,
        documents,
        records,
        calendar,
        tokens: counts,
        canary,
        vault,
        tally,
        receipts,
    })
}
