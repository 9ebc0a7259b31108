//! Evidence from the promises of a security policy.

use super::{
    Evidence,
    document::{Item, MAX_PLACES, Outcome, Source},
};
use crate::{
    check::KEPT_BACK,
    promise::Promise,
    report::{Judged, Report},
    topic::Topic,
    verdict::Verdict,
};

/// How the item of a promise begins that was not examined.
pub(super) const NOT_EXAMINED: &str = "A promise is not examined: ";

/// What a verdict shows of the control that the promise is bound to. None for what is no promise of the project.
fn shows(verdict: &Verdict) -> Option<Outcome> {
    Some(match verdict {
        Verdict::Kept { .. } => Outcome::Held,
        Verdict::Broken(_) | Verdict::Weak(_) | Verdict::Contradictory(_) => Outcome::Failed,
        Verdict::Vague | Verdict::Unverifiable { .. } | Verdict::NotExamined(_) | Verdict::Delegated => {
            Outcome::NotExamined
        }
        Verdict::Advice(_) => return None,
    })
}

/// Whether a promise that is kept shows its control. That code has owners shows no review, and that the policy is checked
/// shows nothing of types and quality: these are only filed there.
fn decides(promise: &Promise) -> bool {
    promise.topic != Topic::CodeOwners && promise.frame.tools != ["ward-policy"]
}

/// A report of `ward policy check` as evidence: one item a promise.
#[must_use]
pub fn evidence(report: &Report) -> Evidence {
    let mut all = Evidence::new();
    for judged in &report.judged {
        // What is kept back is no finding, and no evidence either.
        let kept_back = judged.rule == KEPT_BACK.id && matches!(judged.verdict, Verdict::Weak(_));
        let is_kept = matches!(judged.verdict, Verdict::Kept { .. });
        let outcome = if kept_back || is_kept && !decides(&judged.promise) {
            Some(Outcome::NotExamined)
        } else {
            shows(&judged.verdict)
        };
        if let (Some(control), Some(outcome)) = (judged.control, outcome) {
            all.entry(control).or_default().push(item(judged, outcome));
        }
    }
    all
}

fn item(judged: &Judged, outcome: Outcome) -> Item {
    let place = &judged.promise.place;
    let mut places = vec![format!("{}:{}", place.path, place.line)];
    let proofs = match &judged.verdict {
        Verdict::Kept { proofs, .. } | Verdict::Broken(proofs) | Verdict::Weak(proofs) => proofs.all(),
        _ => &[],
    };
    places.extend(proofs.iter().map(|proof| {
        let line = proof.line.map_or(String::new(), |line| format!(":{line}"));
        format!("{}{line}: {}", proof.path, proof.note)
    }));
    places.truncate(MAX_PLACES);
    let limit = match &judged.verdict {
        Verdict::Kept { limit: Some(limit), .. } => format!(" {limit}"),
        _ => String::new(),
    };
    Item {
        source: Source::Policy,
        outcome,
        count: 1,
        what: format!(
            "A promise is {}: {}{limit}",
            judged.verdict.word().replace('_', " "),
            judged.message
        ),
        places,
        proofs: Vec::new(),
    }
}
