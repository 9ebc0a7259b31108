//! Telling a record that is typed as plain text from the question about it.

use ward_formats::{Kind, sniff};

/// Shortest plain text that is taken for a record when a question stands beside it.
pub(super) const RECORD_BYTES: usize = 400;
/// Longest paragraph that is taken for the question.
const QUESTION_BYTES: usize = 800;

/// How typed text is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// For an engine that converses: what is said stays said, and only what is plainly a record becomes one.
    Conversation,
    /// For an engine that only quotes: whatever stands before the question is the record.
    RecordAndQuestion,
}

/// One typed text, taken apart. Parts may be empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Split<'a> {
    /// What is said before the record, or all of it when there is no record.
    pub before: &'a str,
    /// The record.
    pub record: &'a str,
    /// The question after it.
    pub after: &'a str,
}

/// Takes a typed text apart into record and question.
///
/// A text that is a FHIR resource or an HL7 v2 message is a record. A question is the last paragraph, or the last
/// line, that ends with a question mark, or a first paragraph that ends with a question mark or a colon; what
/// remains is a record when it is structured, long, or has lines such as `Allergies: none`. An engine that only
/// quotes takes whatever stands before the last paragraph, line or sentence.
#[must_use]
pub fn split(text: &str, reading: Reading) -> Split<'_> {
    let trimmed = text.trim();
    let said = Split {
        before: text,
        ..Split::default()
    };
    for (rest, tail) in cuts(trimmed) {
        let asks =
            tail.len() <= QUESTION_BYTES && !tail.ends_with(['}', ']']) && (tail.ends_with('?') || structured(rest));
        if asks && (is_record(rest) || (reading == Reading::RecordAndQuestion && !rest.is_empty())) {
            // A question may stand on both sides; the later one asks.
            return match opening(rest) {
                Some((head, body)) => Split {
                    before: head,
                    record: body,
                    after: tail,
                },
                None => Split {
                    record: rest,
                    after: tail,
                    ..Split::default()
                },
            };
        }
    }
    if structured(trimmed) {
        return Split {
            record: text,
            ..Split::default()
        };
    }
    if let Some((head, body)) = opening(trimmed) {
        return Split {
            before: head,
            record: body,
            ..Split::default()
        };
    }
    match last_sentence(trimmed) {
        Some((rest, tail)) if reading == Reading::RecordAndQuestion => Split {
            record: rest,
            after: tail,
            ..Split::default()
        },
        _ => said,
    }
}

fn structured(text: &str) -> bool {
    sniff::kind(text.as_bytes()) != Kind::Text
}

/// Structured, long, or with lines that have a head: `Allergies: none`.
fn is_record(text: &str) -> bool {
    let has_head = |line: &str| {
        line.split_once(':').is_some_and(|(head, value)| {
            let head = head.trim();
            let plain = |c: char| c.is_alphabetic() || " /-".contains(c);
            !value.trim().is_empty() && (3..=40).contains(&head.len()) && head.chars().all(plain)
        })
    };
    structured(text) || text.len() >= RECORD_BYTES || text.lines().any(has_head)
}

/// The places where a closing question may begin: the last paragraph, then the last line.
fn cuts(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let paragraph = text.rfind("\n\n").into_iter().chain(text.rfind("\n\r\n")).max();
    let line = text.rfind('\n');
    [paragraph, line]
        .into_iter()
        .flatten()
        .map(|at| (text[..at].trim(), text[at..].trim()))
}

/// A first paragraph that asks or announces, and the record after it.
fn opening(text: &str) -> Option<(&str, &str)> {
    let at = text.find("\n\n").into_iter().chain(text.find("\n\r\n")).min()?;
    let (head, body) = (text[..at].trim(), text[at..].trim());
    let asks = head.len() <= QUESTION_BYTES && head.ends_with(['?', ':']) && !head.contains('\n') && !structured(head);
    (asks && is_record(body)).then_some((head, body))
}

/// The last sentence, when it asks and something stands before it.
fn last_sentence(text: &str) -> Option<(&str, &str)> {
    let body = text.strip_suffix('?')?;
    let at = body.rfind(['.', '!', ';', '\n'])? + 1;
    let (rest, tail) = (text.get(..at)?.trim(), text.get(at..)?.trim());
    (!rest.is_empty() && tail.contains(' ')).then_some((rest, tail))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, reading: Reading, expect: (bool, bool, bool)) {
        let split = split(text, reading);
        let found = (
            !split.before.is_empty(),
            !split.record.is_empty(),
            !split.after.is_empty(),
        );
        assert_eq!(found, expect, "{reading:?} {}", &text[..text.len().min(60)]);
    }

    #[test]
    fn tells_records_from_questions() {
        use Reading::{Conversation, RecordAndQuestion};
        let note = format!("HPI: {}", "The patient reports cough. ".repeat(30));
        for reading in [Conversation, RecordAndQuestion] {
            check("What is the dose?", reading, (true, false, false));
            check(r#"{"resourceType":"Patient"}"#, reading, (false, true, false));
            check(
                "{\"resourceType\":\"Patient\"}\n\nHow old is she?",
                reading,
                (false, true, true),
            );
            check("{\n\"resourceType\":\"Patient\"\n}", reading, (false, true, false));
            check(
                "Allergies: penicillin (hives).\n\nWhat is she allergic to?",
                reading,
                (false, true, true),
            );
            check(
                "Allergies: penicillin (hives).\nWhat is she allergic to?",
                reading,
                (false, true, true),
            );
            check(&format!("{note}\n\nWhat is the plan?"), reading, (false, true, true));
            check(
                &format!("{note}\r\n\r\nWhat is the plan?"),
                reading,
                (false, true, true),
            );
            check(&format!("Summarise this note:\n\n{note}"), reading, (true, true, false));
            check(
                &format!("Look at this:\n\n{note}\n\nIs she coughing?"),
                reading,
                (true, true, true),
            );
            check(&format!("{note}\n\n{note}"), reading, (true, false, false));
            check(
                "MSH|^~\\&|A|B|C|D|2024||ADT^A01|1|P|2.5\rPID|1||7",
                reading,
                (false, true, false),
            );
            check("", reading, (false, false, false));
        }
        check("Hello.\n\nHow are you?", Conversation, (true, false, false));
        check(
            "Answer in German. What is the dose?",
            Conversation,
            (true, false, false),
        );
        check("Hello.\n\nHow are you?", RecordAndQuestion, (false, true, true));
        check(
            "She is allergic to latex. What is she allergic to?",
            RecordAndQuestion,
            (false, true, true),
        );
    }
}
