//! What follows from how a promise is said, whatever it is about.

use super::{Outcome, rules};
use crate::{
    promise::{Actor, Modality, Promise},
    topic::Topic,
    verdict::Verdict,
};

/// Judges a promise by its frame, and by `check` where the frame leaves that open.
pub(super) fn judge(promise: &Promise, check: &dyn Fn(&Promise) -> Outcome) -> Outcome {
    match promise.frame.actor {
        Actor::Users => return advice(promise, check),
        Actor::ThirdParty => {
            let message = "Somebody else does it: what they do was not examined.";
            return Outcome::new(&rules::DELEGATED, Verdict::Delegated, message);
        }
        // How to report is said to reporters, and is the project's promise that this way exists.
        Actor::Reporter if !matches!(promise.topic, Topic::PrivateChannel | Topic::NeverPublic) => {
            let message = "It asks reporters for something: the project promises nothing by it.";
            return Outcome::new(&rules::ADVICE, Verdict::Advice(None), message);
        }
        Actor::Reporter | Actor::Project => {}
    }
    match promise.frame.modality {
        Modality::Planned => {
            let message = "It is planned: nothing is promised for now.";
            return Outcome::new(&rules::PLANNED, Verdict::Vague, message);
        }
        Modality::Possible => {
            let message = "It may be done or not: nothing can be held against it.";
            return Outcome::new(&rules::VAGUE, Verdict::Vague, message);
        }
        Modality::Binding | Modality::Goal => {}
    }
    if promise.frame.negated && !is_negative_by_nature(promise.topic) {
        let message = "It says what is not done: nothing is promised by it.";
        return Outcome::new(&rules::VAGUE, Verdict::Vague, message);
    }
    let mut outcome = check(promise);
    if promise.frame.modality == Modality::Goal && outcome.verdict.is_fault() {
        outcome.message.push_str(" (It is said as an aim.)");
    }
    outcome
}

/// Topics whose promise is that something is not done.
fn is_negative_by_nature(topic: Topic) -> bool {
    matches!(
        topic,
        Topic::NeverPublic
            | Topic::SecretScan
            | Topic::EnvironmentFiles
            | Topic::WeightsOutsideGit
            | Topic::Injection
            | Topic::ErrorMasking
            | Topic::NetworkIsolation
            | Topic::OnDevice
            | Topic::SafeLoading
            | Topic::ContainerUser
            | Topic::CertificateChecks
            | Topic::Minimisation
            | Topic::Bounty
            | Topic::Scope
            | Topic::SafeHarbour
            | Topic::SupportedVersions
            | Topic::BranchProtection
            | Topic::Review
            | Topic::PrivateChannel
            | Topic::Embargo
            | Topic::Retention
    )
}

/// Advice to users: where the project's own files do not follow it, that is said.
fn advice(promise: &Promise, check: &dyn Fn(&Promise) -> Outcome) -> Outcome {
    let looks = matches!(
        promise.topic,
        Topic::SafeLoading
            | Topic::EnvironmentFiles
            | Topic::SecretScan
            | Topic::Pinning
            | Topic::HashPinning
            | Topic::Injection
            | Topic::WeightsOutsideGit
            | Topic::ContainerUser
            | Topic::ImageDigests
            | Topic::CertificateChecks
    );
    if looks
        && let Outcome {
            verdict: Verdict::Broken(proofs),
            ..
        } = check(promise)
    {
        let message = "It is advice to users, and the project itself does not follow it.";
        return Outcome::new(&rules::ADVICE_GAP, Verdict::Advice(Some(proofs)), message);
    }
    let message = "It tells users what to do: the project promises nothing by it.";
    Outcome::new(&rules::ADVICE, Verdict::Advice(None), message)
}
