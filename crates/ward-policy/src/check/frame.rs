//! What follows from how a promise is said, whatever it is about.

use crate::{
    promise::{Actor, Promise},
    verdict::Verdict,
};

/// The verdict that a promise's frame alone gives: advice, and what others do.
pub(super) fn verdict(promise: &Promise) -> Option<Verdict> {
    match promise.frame.actor {
        Actor::Users | Actor::Reporter => Some(Verdict::Advice(None)),
        Actor::ThirdParty => Some(Verdict::Delegated),
        Actor::Project => None,
    }
}
