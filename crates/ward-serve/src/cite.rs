//! The built-in answerer as an engine.

use std::sync::Arc;

use futures_util::stream;
use ward_clinical::{cite, tokens};
use ward_guard::{Delta, Deltas, Finish, Generate, Prompt, Reading, Sampling, answer::Cited};

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
        // A refusal is one sentence of Ward's own, and whole.
        let (text, finish) = if answer.refused {
            (answer.text.as_str(), Finish::Refused)
        } else {
            within(&answer.text, prompt.sampling())
        };
        let mut deltas: Vec<Delta> = text
            .split_inclusive('\n')
            .map(|line| Delta::Text(line.to_owned()))
            .collect();
        let shown = answer
            .citations
            .into_iter()
            .filter(|citation| text.contains(&format!("[{}]", citation.number)));
        deltas.extend(shown.map(|citation| {
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
        deltas.push(Delta::Finish(finish));
        Box::pin(stream::iter(deltas.into_iter().map(Ok)))
    }
}

/// As much of an answer as its caller asks for: it ends before the first text to stop at, and has whole lines only within
/// the most tokens, so that no quotation is cut short by a number.
fn within<'a>(text: &'a str, sampling: &Sampling) -> (&'a str, Finish) {
    let stops = sampling.stop.iter().filter(|stop| !stop.is_empty());
    let end = stops.filter_map(|stop| text.find(stop.as_str())).min();
    let text = text.get(..end.unwrap_or(text.len())).unwrap_or(text);
    let most = sampling.max_tokens.and_then(|most| usize::try_from(most).ok());
    let Some(most) = most.filter(|most| tokens::count(text) > *most) else {
        return (text, Finish::Stop);
    };
    let (mut end, mut left) = (0, most);
    for line in text.split_inclusive('\n') {
        let Some(rest) = left.checked_sub(tokens::count(line)) else {
            break;
        };
        (end, left) = (end + line.len(), rest);
    }
    (text.get(..end).unwrap_or_default(), Finish::Length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_ends_where_its_caller_asks() {
        let text = "Allergies: penicillin [1]\nMetformin 500 mg daily [2]\n";
        let first = "Allergies: penicillin [1]\n";
        let check = |stop: &[&str], max_tokens, expect: (&str, Finish)| {
            let sampling = Sampling {
                stop: stop.iter().map(|stop| (*stop).to_owned()).collect(),
                max_tokens,
                ..Sampling::default()
            };
            assert_eq!(within(text, &sampling), expect, "{stop:?} {max_tokens:?}");
        };
        let most = |text| u32::try_from(tokens::count(text)).ok();
        check(&[], None, (text, Finish::Stop));
        check(&["x y z", ""], most(text), (text, Finish::Stop));
        check(&["Metf", "pen"], None, ("Allergies: ", Finish::Stop));
        check(&["pen"], Some(1), ("", Finish::Length));
        check(&[], Some(0), ("", Finish::Length));
        check(&[], most(first), (first, Finish::Length));
        check(&[], most(first).map(|most| most + 1), (first, Finish::Length));
    }
}
