//! Holding promises against a repository.

mod frame;

use crate::{
    promise::Promise,
    read::Reading,
    report::{Judged, Report},
    repository::Repository,
    verdict::Verdict,
};

/// Judges every promise of a reading, and says what the policy lacks.
#[must_use]
pub fn judge(reading: &Reading, _repository: &Repository) -> Report {
    let judged = reading.promises.iter().map(|promise| {
        let verdict = frame::verdict(promise)
            .unwrap_or_else(|| Verdict::NotExamined("no check looks at promises of this kind".to_owned()));
        judged(promise, verdict)
    });
    Report {
        judged: judged.collect(),
        missing: Vec::new(),
        remarks: Vec::new(),
        not_examined: reading.not_examined.clone(),
        documents: reading.documents.iter().map(|document| document.path.clone()).collect(),
    }
}

fn judged(promise: &Promise, verdict: Verdict) -> Judged {
    Judged {
        control: promise.topic.control(),
        message: String::from("It is not examined."),
        rule: "policy-promise",
        promise: promise.clone(),
        verdict,
    }
}
