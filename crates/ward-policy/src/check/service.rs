//! Promises about a running service, about data, about devices, about laws: what a repository cannot show.

use super::{Facts, Outcome, rules, served};
use crate::{promise::Promise, topic::Topic, verdict::Verdict};

/// What a running system does.
pub(super) fn judge(facts: &Facts<'_>, promise: &Promise) -> Outcome {
    if let Some(outcome) = served::judge(facts, promise) {
        return outcome;
    }
    let (why, would) = match promise.topic {
        Topic::Adversarial | Topic::Poisoning | Topic::Extraction | Topic::Bias | Topic::Tokenizer => (
            "what a model does is shown by tests of the model, not by files of the repository",
            "measured tests of the model and its data, with their reports",
        ),
        Topic::KeyRotation => (
            "how keys are handled is not shown by files",
            "the key store's record of when keys were made and retired, such as `ward key list`",
        ),
        Topic::Keystore | Topic::AntiTampering => (
            "what a device does is not shown by files of the repository",
            "the built package, and a test on a device",
        ),
        Topic::Deidentification
        | Topic::Minimisation
        | Topic::EncryptionAtRest
        | Topic::Retention
        | Topic::OnDevice => (
            "what happens to data is shown by the running system, not by files of the repository",
            "the running system's ledger and vault, such as `ward attest` joins them",
        ),
        _ => (
            "what a running service does is not shown by files of the repository",
            "the service itself: its configuration, its ledger, a test against it",
        ),
    };
    Outcome::new(
        &rules::SERVICE,
        Verdict::Unverifiable { why, would },
        format!("It is not shown here: {why}."),
    )
}

/// Laws and standards: never kept by a statement.
pub(super) fn standards(_facts: &Facts<'_>, promise: &Promise) -> Outcome {
    let lower = promise.text.to_ascii_lowercase();
    let loose = [
        "consider",
        "best practice",
        "inspired",
        "in mind",
        "based on",
        "industry standard",
        "aligned",
        "in line",
        "regular",
        "periodic",
        "frequent",
        "continuous",
        "highest standard",
    ]
    .iter()
    .any(|word| lower.contains(word));
    let claims = [
        "complian", "comply", "conform", "certif", "meets", "audited", "fulfil", "adhere",
    ]
    .iter()
    .any(|word| lower.contains(word));
    if loose && !claims {
        return Outcome::new(
            &rules::VAGUE,
            Verdict::Vague,
            "It names a standard and not which of its requirements are met.",
        );
    }
    let verdict = Verdict::Unverifiable {
        why: "no file shows that a law or a standard is met; a statement is no evidence",
        would: "evidence for each requirement, such as `ward attest --standard` collects it, and an auditor's report",
    };
    Outcome::new(
        &rules::STANDARD,
        verdict,
        "That a law or a standard is met is shown by evidence for each requirement, never by a statement.",
    )
}
