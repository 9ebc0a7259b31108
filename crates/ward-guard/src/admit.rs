//! First step: what was sent is within its limits, has a question, and every record in it can be read.

use ward_evidence::Evidence;
use ward_formats::{Doc, ErrorKind, Kind, sniff};

use crate::{Code, Limits, Part, Phi, Receipts, Refusal, Request, Sampling, Speaker, Stage, receipt::controls};

/// A request whose shape and sizes were checked and whose records were parsed.
pub struct Admitted {
    pub(crate) content: Phi<Content>,
    pub(crate) settings: Settings,
    pub(crate) receipts: Receipts,
}

/// What the request says, parsed.
pub(crate) struct Content {
    pub messages: Vec<Said>,
    pub documents: Vec<NamedDoc>,
}

/// One message.
pub(crate) struct Said {
    pub speaker: Speaker,
    pub items: Vec<Item>,
}

/// A piece of a message.
pub(crate) enum Item {
    Text(String),
    /// Index into the request's documents.
    Document(usize),
}

/// A record and the caller's name for it.
pub(crate) struct NamedDoc {
    pub name: Option<String>,
    pub doc: Doc,
}

/// What the request asks for beside its content. Holds nothing the caller typed freely except the
/// stop texts, which de-identification replaces.
pub(crate) struct Settings {
    pub model: String,
    pub sampling: Sampling,
}

/// Checks a request and parses the records in it.
///
/// Text that is a FHIR resource or an HL7 v2 message becomes a record, and so does a long text with
/// a short question before or after it (see [`split_question`]).
///
/// # Errors
/// `TooManyParts`, `NoQuestion`, or `BadDocument` naming the place: a record that can only be read in
/// part is refused, since an answer from the rest would look whole.
pub fn admit(request: Phi<Request>, limits: &Limits) -> Result<Admitted, Refusal> {
    let Request {
        model,
        messages,
        sampling,
        stream: _,
    } = request.into_exposed();
    if messages.len() > limits.messages {
        return Err(Refusal::new(Code::TooManyParts).at("messages").limit(limits.messages));
    }
    let mut content = Content {
        messages: Vec::with_capacity(messages.len()),
        documents: Vec::new(),
    };
    let mut text_bytes: usize = sampling.stop.iter().map(String::len).sum();
    for (index, message) in messages.into_iter().enumerate() {
        if message.parts.len() > limits.parts {
            return Err(Refusal::new(Code::TooManyParts)
                .at(&format!("messages[{index}].content"))
                .limit(limits.parts));
        }
        let mut items = Vec::with_capacity(message.parts.len());
        for part in message.parts {
            match part {
                Part::Text(text) => {
                    text_bytes = text_bytes.saturating_add(text.len());
                    admit_text(text, message.speaker, limits, &mut content.documents, &mut items)?;
                }
                Part::Document { name, kind, bytes } => {
                    items.push(document(name, kind, &bytes, limits, &mut content.documents)?);
                }
            }
        }
        content.messages.push(Said {
            speaker: message.speaker,
            items,
        });
    }
    if text_bytes > limits.text_bytes {
        return Err(Refusal::new(Code::TooManyParts)
            .at("messages")
            .note("bytes of text")
            .limit(limits.text_bytes));
    }
    let asks = content.messages.last().is_some_and(|last| {
        last.speaker == Speaker::User
            && last
                .items
                .iter()
                .any(|item| matches!(item, Item::Text(text) if !text.trim().is_empty()))
    });
    if !asks {
        return Err(Code::NoQuestion.into());
    }
    let mut receipts = Receipts::default();
    receipts.add(
        Stage::Admit,
        vec![Evidence::held(
            controls::REQUEST_VALIDATED,
            content.messages.len() as u64,
        )],
    );
    Ok(Admitted {
        content: Phi::new(content),
        settings: Settings { model, sampling },
        receipts,
    })
}

/// A text part: itself, a record, or a record and a question.
fn admit_text(
    text: String,
    speaker: Speaker,
    limits: &Limits,
    documents: &mut Vec<NamedDoc>,
    items: &mut Vec<Item>,
) -> Result<(), Refusal> {
    if speaker != Speaker::User {
        items.push(Item::Text(text));
        return Ok(());
    }
    let (before, record, after) = split_question(&text);
    if record.is_empty() {
        items.push(Item::Text(text));
        return Ok(());
    }
    if !before.is_empty() {
        items.push(Item::Text(before.to_owned()));
    }
    items.push(document(None, None, record.as_bytes(), limits, documents)?);
    if !after.is_empty() {
        items.push(Item::Text(after.to_owned()));
    }
    Ok(())
}

/// Parses one record.
fn document(
    name: Option<String>,
    kind: Option<Kind>,
    bytes: &[u8],
    limits: &Limits,
    documents: &mut Vec<NamedDoc>,
) -> Result<Item, Refusal> {
    let number = documents.len() + 1;
    if number > limits.documents {
        return Err(Refusal::new(Code::TooManyParts)
            .note("documents")
            .limit(limits.documents));
    }
    let parsed = Doc::parse(bytes, kind, limits.document).map_err(|error| {
        let refusal = Refusal::new(Code::BadDocument).at(&format!("document {number}, byte {}", error.at()));
        match error.kind() {
            ErrorKind::Budget => refusal.limit(limits.document.bytes),
            _ => refusal.note(error.what()),
        }
    })?;
    if let Some(problem) = parsed.problems.iter().find(|problem| problem.broken) {
        return Err(Refusal::new(Code::BadDocument)
            .at(&format!("document {number}, {}", problem.place))
            .note(problem.what));
    }
    documents.push(NamedDoc {
        name,
        doc: parsed.document,
    });
    Ok(Item::Document(number - 1))
}

/// Shortest text that is taken for a record when a question stands beside it.
const RECORD_BYTES: usize = 400;
/// Longest paragraph that is taken for the question.
const QUESTION_BYTES: usize = 800;

/// Splits one typed text into (question before, record, question after). The record is empty when
/// the text is only something said.
///
/// A text that is a FHIR resource or an HL7 v2 message is a record. Otherwise, when the text is
/// longer than a question, its last paragraph is the question if it is short; or else its first, if it
/// is short and ends with a question mark or a colon.
#[must_use]
pub fn split_question(text: &str) -> (&str, &str, &str) {
    let trimmed = text.trim();
    let structured = |part: &str| sniff::kind(part.as_bytes()) != Kind::Text;
    let paragraphs = |part: &str| part.contains("\n\n") || part.contains("\r\n\r\n");
    if !paragraphs(trimmed) {
        return if structured(trimmed) {
            ("", text, "")
        } else {
            (text, "", "")
        };
    }
    let cut = |at: usize| (trimmed[..at].trim(), trimmed[at..].trim());
    let last = trimmed
        .rfind("\n\n")
        .into_iter()
        .chain(trimmed.rfind("\r\n\r\n"))
        .max()
        .unwrap_or(0);
    let first = trimmed
        .find("\n\n")
        .into_iter()
        .chain(trimmed.find("\r\n\r\n"))
        .min()
        .unwrap_or(0);
    let (rest, tail) = cut(last);
    let (head, body) = cut(first);
    let is_record = |part: &str| structured(part) || part.len() >= RECORD_BYTES;
    let closes = |part: &str| !part.ends_with(['}', ']']) && part.len() <= QUESTION_BYTES;
    if head.len() <= QUESTION_BYTES && head.ends_with(['?', ':']) && !structured(head) && is_record(body) {
        // A question may stand on both sides; the later one asks.
        let last_of_body = body.rfind("\n\n").into_iter().chain(body.rfind("\r\n\r\n")).max();
        if let Some(at) = last_of_body {
            let (inner, end) = (body[..at].trim(), body[at..].trim());
            if end.ends_with('?') && closes(end) && is_record(inner) {
                return (head, inner, end);
            }
        }
        return (head, body, "");
    }
    if closes(tail) && is_record(rest) && (structured(rest) || tail.ends_with('?')) {
        return ("", rest, tail);
    }
    if structured(trimmed) {
        ("", text, "")
    } else {
        (text, "", "")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: (bool, bool, bool)) {
        let (before, record, after) = split_question(text);
        assert_eq!(
            (!before.is_empty(), !record.is_empty(), !after.is_empty()),
            expect,
            "{}",
            &text[..text.len().min(60)]
        );
    }

    #[test]
    fn tells_records_from_questions() {
        let note = format!("HPI: {}", "The patient reports cough. ".repeat(30));
        check("What is the dose?", (true, false, false));
        check("Hello.\n\nHow are you?", (true, false, false));
        check(r#"{"resourceType":"Patient"}"#, (false, true, false));
        check("{\"resourceType\":\"Patient\"}\n\nHow old is she?", (false, true, true));
        check(&format!("{note}\n\nWhat is the plan?"), (false, true, true));
        check(&format!("Summarise this note:\n\n{note}"), (true, true, false));
        check(
            &format!("Look at this:\n\n{note}\n\nIs she coughing?"),
            (true, true, true),
        );
        check(&format!("{note}\n\n{note}"), (true, false, false));
        check(
            "MSH|^~\\&|A|B|C|D|2024||ADT^A01|1|P|2.5\rPID|1||7",
            (false, true, false),
        );
        check("", (false, false, false));
    }
}
