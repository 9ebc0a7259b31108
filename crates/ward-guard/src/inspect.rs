//! Between de-identification and compression: does anything in the request try to instruct the model?
//!
//! What is looked at is de-identified already, so that nothing this stage says can hold a value.

use ward_evidence::Evidence;
use ward_formats::{Doc, Document};

use crate::{
    Clean, Code, Policy, Refusal, Speaker, Stage,
    admit::Item,
    injection::{self, Suspicion},
    policy::Response,
    receipt::controls,
};

/// Where a text comes from, and so how much is made of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provenance {
    /// The application's own instructions. They may instruct.
    System,
    /// The person who asks. They may ask anything; what reads like an attack is marked.
    Clinician,
    /// A record. It may not instruct.
    Document,
    /// An earlier answer, or what a tool said. It may not instruct either.
    Tool,
}

impl Provenance {
    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Provenance::System => "system",
            Provenance::Clinician => "clinician",
            Provenance::Document => "document",
            Provenance::Tool => "tool",
        }
    }

    /// Of what this speaker says.
    #[must_use]
    pub fn of(speaker: Speaker) -> Self {
        match speaker {
            Speaker::System => Provenance::System,
            Speaker::User => Provenance::Clinician,
            Speaker::Assistant | Speaker::Tool => Provenance::Tool,
        }
    }
}

/// One place of a request that was marked. Holds no text of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// Where the text comes from.
    pub provenance: Provenance,
    /// The message, or the record, by its number from 0.
    pub index: usize,
    /// The score, 0 to 1.
    pub score: f32,
    /// The rules that made it, strongest first.
    pub rules: Vec<&'static str>,
    /// The score without the classifier.
    by_rules: f32,
}

/// A request that was looked at for instructions, and what was found.
pub struct Inspected {
    pub(crate) clean: Clean,
    pub(crate) marks: Vec<Mark>,
}

impl Inspected {
    /// What was marked.
    #[must_use]
    pub fn marks(&self) -> &[Mark] {
        &self.marks
    }
}

/// Looks at every message and every record. What the application itself says is not looked at: it may instruct.
///
/// # Errors
/// `InstructionsSuspected` where the policy blocks, `ConfirmationNeeded` where it asks and the sender has not confirmed;
/// both name the place.
pub fn inspect(mut clean: Clean) -> Result<Inspected, Refusal> {
    let policy = clean.settings.policy.injection;
    let mut marks = Vec::new();
    let mut examined: u64 = 0;
    if policy.response != Response::Allow {
        for (index, message) in clean.messages.iter().enumerate() {
            let provenance = Provenance::of(message.speaker);
            if provenance == Provenance::System {
                continue;
            }
            for item in &message.items {
                if let Item::Text(text) = item {
                    examined += 1;
                    weigh(provenance, index, injection::suspect(text), policy.mark_at, &mut marks);
                }
            }
        }
        for (index, document) in clean.documents.iter().enumerate() {
            examined += 1;
            let suspicion = suspect_record(&document.doc);
            weigh(Provenance::Document, index, suspicion, policy.mark_at, &mut marks);
        }
    }
    if let Some(worst) = marks.iter().max_by(|a, b| a.score.total_cmp(&b.score)) {
        let place = match worst.provenance {
            Provenance::Document => format!("document {}", worst.index + 1),
            _ => format!("messages[{}]", worst.index),
        };
        let by_rules = marks.iter().map(|mark| mark.by_rules).fold(0.0, f32::max);
        if let Some(code) = refused(worst.score, by_rules, &clean.settings.policy) {
            return Err(Refusal::new(code).at(&place));
        }
    }
    let evidence = match (policy.response, marks.len()) {
        (Response::Allow, _) => Evidence::not_examined(
            controls::INSTRUCTIONS_LOOKED_FOR,
            "the policy allows text that instructs the model",
        ),
        (_, 0) => Evidence::held(controls::INSTRUCTIONS_LOOKED_FOR, examined),
        (_, found) => Evidence::failed(
            controls::INSTRUCTIONS_LOOKED_FOR,
            "text that reads like instructions to the model was marked and passed on as data",
            found as u64,
        ),
    };
    clean.receipts.add(Stage::Inspect, vec![evidence]);
    Ok(Inspected { clean, marks })
}

/// Why a text of this score, and this one by the rules alone, does not pass, if it does not.
fn refused(score: f32, by_rules: f32, policy: &Policy) -> Option<Code> {
    let injection = policy.injection;
    match injection.response {
        Response::Block if by_rules >= injection.block_at => Some(Code::InstructionsSuspected),
        Response::Ask | Response::Block if score >= injection.mark_at && !policy.confirmed => {
            Some(Code::ConfirmationNeeded)
        }
        _ => None,
    }
}

/// Why a record that comes by itself, and not in a conversation, is not let pass, if it is not: as a record of a request.
#[must_use]
pub fn refuses(doc: &Doc, policy: &Policy) -> Option<Code> {
    if matches!(policy.injection.response, Response::Allow | Response::Mark) {
        return None;
    }
    let suspicion = suspect_record(doc);
    refused(suspicion.score, suspicion.by_rules, policy)
}

fn weigh(provenance: Provenance, index: usize, suspicion: Suspicion, mark_at: f32, marks: &mut Vec<Mark>) {
    if suspicion.score >= mark_at {
        marks.push(Mark {
            provenance,
            index,
            score: suspicion.score,
            rules: suspicion.rules,
            by_rules: suspicion.by_rules,
        });
    }
}

/// A record of text as a whole; of others, the fields one after the other, as an attack may be spread over them.
fn suspect_record(doc: &Doc) -> Suspicion {
    if let Doc::Text(text) = doc {
        return injection::suspect(text.text());
    }
    let mut joined = String::new();
    for field in doc.fields() {
        if field.text.len() > 2 && field.text.contains(' ') {
            joined.push_str(&field.text);
            joined.push('\n');
        }
    }
    injection::suspect(&joined)
}
