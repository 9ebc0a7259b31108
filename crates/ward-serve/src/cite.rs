//! The built-in answerer as an engine.

use std::sync::Arc;

use futures_util::stream;
use ward_clinical::cite;
use ward_guard::{Delta, Deltas, Finish, Generate, Prompt, Reading, answer::Cited};

/// `ward-cite`: ranks a record's facts and sentences and quotes the best. No neural network, no
/// state, no connection.
pub struct CiteEngine;

impl Generate for CiteEngine {
    fn reading(&self) -> Reading {
        Reading::RecordAndQuestion
    }

    fn generate(&self, prompt: Arc<Prompt>) -> Deltas {
        let sources: Vec<_> = prompt.sources().collect();
        let answer = cite::answer(&sources, prompt.question(), &prompt.calendar());
        let mut deltas: Vec<Delta> = answer
            .text
            .split_inclusive('\n')
            .map(|line| Delta::Text(line.to_owned()))
            .collect();
        deltas.extend(answer.citations.into_iter().map(|citation| {
            Delta::Citation(Cited {
                number: citation.number,
                source: citation.source,
                span: citation.span,
                text: citation.text,
                section: citation.section,
                when: citation.when,
                place: citation.place,
            })
        }));
        deltas.push(Delta::Finish(if answer.refused {
            Finish::Refused
        } else {
            Finish::Stop
        }));
        Box::pin(stream::iter(deltas.into_iter().map(Ok)))
    }
}
