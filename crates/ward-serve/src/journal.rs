//! What goes on the ledger: who asked, what was done to the request, how it ended. Never content.
//!
//! Every accepted request leaves two entries that carry its receipt: one before anything is sent to
//! an engine or a caller, one before the last byte of the answer. A crash between the two shows as a
//! request without an outcome.

use serde::Serialize;
use tokio::sync::oneshot;
use ward_deid::Tally;
use ward_evidence::Evidence;
use ward_guard::{Code, Prompt, Receipts, Refusal, Released};
use ward_seal::ledger::{Committed, Ledger};

use crate::{identity::Caller, policy::DataClass};

/// Names one request on the ledger and to its caller: `wr_` and 26 characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptId(String);

impl ReceiptId {
    /// A new one.
    ///
    /// # Errors
    /// When the system has no random bytes.
    pub fn draw() -> Result<Self, Refusal> {
        let bytes: [u8; 16] = ward_seal::random::bytes().map_err(|_| Code::Internal)?;
        let text = data_encoding::BASE32_NOPAD.encode(&bytes).to_ascii_lowercase();
        Ok(Self(format!("wr_{text}")))
    }

    /// As text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An entry of the ledger, as JSON.
#[derive(Serialize)]
struct Entry<'a> {
    event: &'static str,
    receipt: &'a str,
    key: &'a str,
    role: &'a str,
    route: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    via: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    purpose: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    policy: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    finish: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    replaced: Vec<(&'static str, u64)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tokens: Option<Tokens>,
    /// What the question says of its caller.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    caller: Vec<EvidenceEntry>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    stages: Vec<StageEntry>,
}

#[derive(Serialize)]
struct Tokens {
    /// What counted the prompt: a tokenizer, or the estimate.
    #[serde(skip_serializing_if = "Option::is_none")]
    counter: Option<String>,
    before: u64,
    after: u64,
    prompt: u64,
    completion: u64,
}

/// What one stage recorded.
#[derive(Serialize)]
pub struct StageEntry {
    stage: &'static str,
    evidence: Vec<EvidenceEntry>,
}

/// What became of one control.
#[derive(Serialize)]
struct EvidenceEntry {
    control: &'static str,
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    count: u64,
}

/// What was decided about a question before it was answered.
#[derive(Debug, Clone)]
pub struct Judged {
    /// What it holds.
    pub data: DataClass,
    /// The policies that allowed it; none for who asks at this machine.
    pub policy: Option<String>,
    /// What the question says of its caller, when that is unusual.
    pub caller: Vec<Evidence>,
}

/// One request's place in the ledger.
pub struct Journal<'a> {
    ledger: &'a Ledger,
    receipt: ReceiptId,
    caller: &'a Caller,
    route: &'static str,
}

impl<'a> Journal<'a> {
    /// The journal of one request.
    #[must_use]
    pub fn new(ledger: &'a Ledger, receipt: ReceiptId, caller: &'a Caller, route: &'static str) -> Self {
        Self {
            ledger,
            receipt,
            caller,
            route,
        }
    }

    /// Records that a request was accepted and prepared. Durable when it returns.
    ///
    /// # Errors
    /// `LedgerUnavailable`.
    pub async fn prepared(&self, prompt: &Prompt, judged: &Judged) -> Result<Committed, Refusal> {
        let counts = prompt.tokens();
        self.write(Entry {
            event: "request",
            data: Some(judged.data.word()),
            policy: judged.policy.as_deref(),
            caller: judged.caller.iter().map(entry_of).collect(),
            model: Some(prompt.model()),
            replaced: classes(prompt.tally()),
            tokens: Some(Tokens {
                counter: Some(prompt.counter().name()),
                before: counts.before as u64,
                after: counts.after as u64,
                prompt: counts.prompt as u64,
                completion: 0,
            }),
            ..self.entry()
        })
        .await
    }

    /// Records that the answer is complete. Durable when it returns.
    ///
    /// # Errors
    /// `LedgerUnavailable`.
    pub async fn answered(&self, model: &str, released: &Released) -> Result<Committed, Refusal> {
        self.write(Entry {
            event: "answered",
            model: Some(model),
            finish: Some(crate::openai::reply::finish_word(released.finish)),
            tokens: Some(Tokens {
                counter: None,
                before: 0,
                after: 0,
                prompt: released.usage.prompt,
                completion: released.usage.completion,
            }),
            stages: stages(released.receipts()),
            ..self.entry()
        })
        .await
    }

    /// Records that the request was refused or broke off. Durable when it returns.
    ///
    /// # Errors
    /// `LedgerUnavailable`.
    pub async fn refused(&self, refusal: &Refusal) -> Result<Committed, Refusal> {
        self.write(Entry {
            event: "refused",
            refusal: Some(refusal.code().row().word),
            ..self.entry()
        })
        .await
    }

    /// Who asks.
    #[must_use]
    pub fn caller(&self) -> &'a Caller {
        self.caller
    }

    /// The receipt.
    #[must_use]
    pub fn receipt(&self) -> &ReceiptId {
        &self.receipt
    }

    fn entry(&self) -> Entry<'_> {
        Entry {
            event: "",
            receipt: self.receipt.as_str(),
            key: &self.caller.key,
            role: self.caller.role,
            route: self.route,
            // A key is the rule and needs no word.
            via: (self.caller.via != "key" && self.caller.via != "local").then_some(self.caller.via),
            purpose: self.caller.purpose.as_deref(),
            data: None,
            policy: None,
            model: None,
            refusal: None,
            finish: None,
            replaced: Vec::new(),
            tokens: None,
            caller: Vec::new(),
            stages: Vec::new(),
        }
    }

    async fn write(&self, entry: Entry<'_>) -> Result<Committed, Refusal> {
        let payload = serde_json::to_vec(&entry).map_err(|_| Code::Internal)?;
        let (done, durable) = oneshot::channel();
        self.ledger.append(payload, move |result| {
            // The request may have gone; its entry stands all the same.
            let _ = done.send(result);
        });
        match durable.await {
            Ok(Ok(committed)) => Ok(committed),
            _ => Err(Code::LedgerUnavailable.into()),
        }
    }
}

/// Classes and counts, for people and for the ledger.
pub(crate) fn classes(tally: &Tally) -> Vec<(&'static str, u64)> {
    tally
        .iter()
        .map(|(class, count)| (class.word(), count as u64))
        .collect()
}

/// What each stage recorded, for the ledger and for `ward ask --json`.
#[must_use]
pub fn stages(receipts: &Receipts) -> Vec<StageEntry> {
    receipts
        .iter()
        .map(|(stage, all)| StageEntry {
            stage: stage.word(),
            evidence: all.iter().map(entry_of).collect(),
        })
        .collect()
}

fn entry_of(evidence: &Evidence) -> EvidenceEntry {
    EvidenceEntry {
        control: evidence.control.as_str(),
        outcome: evidence.outcome.word(),
        reason: evidence.outcome.reason(),
        count: evidence.count,
    }
}
