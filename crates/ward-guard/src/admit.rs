//! First step: what was sent is within its limits, has a question, and every record in it can be read.

use ward_evidence::Evidence;
use ward_formats::{Doc, Error, ErrorKind, Kind, sniff};

use crate::{
    Code, Limits, Part, Phi, Receipts, Refusal, Request, Sampling, Speaker, Stage,
    embedded::{self, Segment},
    receipt::controls,
};

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
/// FHIR resources and HL7 v2 messages are records wherever they stand: in a text, whoever says it, and in a file of
/// text. What else counts as a record is told by `reading`; see [`split`].
///
/// # Errors
/// `TooManyParts`, `NoQuestion`, or `BadDocument` naming the place: a record that can only be read in
/// part is refused, since an answer from the rest would look whole, and so is one that could only be read as prose,
/// since its names would not be found.
pub fn admit(request: Phi<Request>, reading: Reading, limits: &Limits) -> Result<Admitted, Refusal> {
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
        let beside = shared_text(&message.parts);
        let mut items = Vec::with_capacity(message.parts.len());
        for (part_index, part) in message.parts.into_iter().enumerate() {
            match part {
                Part::Document { name, kind, bytes } => {
                    file(name, kind, &bytes, limits, &mut content.documents, &mut items)?;
                }
                Part::Text(text) => {
                    text_bytes = text_bytes.saturating_add(text.len());
                    let segments = embedded::find(&text, limits.document).map_err(|error| {
                        let place = format!("messages[{index}].content[{part_index}]");
                        broken_record(&text, &error, content.documents.len() + 1, limits)
                            .unwrap_or_else(|| unreadable(&place, &error, limits))
                    })?;
                    let alone = segments.iter().all(|segment| matches!(segment, Segment::Text(_)));
                    for segment in unfenced(segments) {
                        let split = match (segment, message.speaker) {
                            (Segment::Record(kind, record), _) => {
                                let record = record.as_bytes();
                                items.push(document(None, Some(kind), record, limits, &mut content.documents)?);
                                continue;
                            }
                            (Segment::Text(text), _) if !alone && is_glue(text) => continue,
                            (Segment::Text(text), Speaker::User) if alone && beside.contains(&part_index) => Split {
                                record: text,
                                ..Split::default()
                            },
                            (Segment::Text(text), Speaker::User) if alone => split(text, reading),
                            // What stands around a record asks about it, unless it is plainly a record too.
                            (Segment::Text(text), Speaker::User) => split(text, Reading::Conversation),
                            (Segment::Text(text), _) => Split {
                                before: text,
                                ..Split::default()
                            },
                        };
                        let Split { before, record, after } = split;
                        let said = |text: &str| (!text.is_empty()).then(|| Item::Text(text.to_owned()));
                        items.extend(said(before));
                        if !record.is_empty() {
                            items.push(document(None, None, record.as_bytes(), limits, &mut content.documents)?);
                        }
                        items.extend(said(after));
                    }
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

/// The text parts of a message that are records because a shorter part beside them can be the question: all but
/// the shortest, when they are long enough.
fn shared_text(parts: &[Part]) -> Vec<usize> {
    let texts: Vec<(usize, usize)> = parts
        .iter()
        .enumerate()
        .filter_map(|(index, part)| match part {
            Part::Text(text) if !text.trim().is_empty() => Some((index, text.len())),
            _ => None,
        })
        .collect();
    let Some(question) = texts.iter().rev().min_by_key(|(_, length)| *length) else {
        return Vec::new();
    };
    texts
        .iter()
        .filter(|(index, length)| *index != question.0 && *length >= RECORD_BYTES)
        .map(|(index, _)| *index)
        .collect()
}

/// Parses a file. A file of text may hold records, which are documents of their own, and what stands between them too.
fn file(
    name: Option<String>,
    kind: Option<Kind>,
    bytes: &[u8],
    limits: &Limits,
    documents: &mut Vec<NamedDoc>,
    items: &mut Vec<Item>,
) -> Result<(), Refusal> {
    let kind = kind.unwrap_or_else(|| sniff::kind(bytes));
    let text = match std::str::from_utf8(bytes) {
        Ok(text) if kind != Kind::Fhir && bytes.len() <= limits.document.bytes => text,
        // A resource is parsed whole; for the others the parser says what is wrong.
        _ => {
            items.push(document(name, Some(kind), bytes, limits, documents)?);
            return Ok(());
        }
    };
    let segments = embedded::find(text, limits.document)
        .map_err(|error| unreadable(&format!("document {}", documents.len() + 1), &error, limits))?;
    let alone = segments.iter().all(|segment| matches!(segment, Segment::Text(_)));
    if alone || kind == Kind::Hl7 {
        items.push(document(name, Some(kind), bytes, limits, documents)?);
        return Ok(());
    }
    for segment in unfenced(segments) {
        let (kind, piece) = match segment {
            Segment::Text(text) if is_glue(text) => continue,
            Segment::Text(text) => (Kind::Text, text),
            Segment::Record(kind, record) => (kind, record),
        };
        items.push(document(name.clone(), Some(kind), piece.as_bytes(), limits, documents)?);
    }
    Ok(())
}

/// Nothing but space and the brackets and commas that hold records together.
fn is_glue(text: &str) -> bool {
    let glue = |c: char| c.is_whitespace() || "[]{},;\u{feff}\u{1c}".contains(c);
    text.chars().all(glue)
}

/// Takes the fence of a code block off the texts around a record: the record gets a fence of its own.
fn unfenced(mut segments: Vec<Segment<'_>>) -> Vec<Segment<'_>> {
    for at in 1..segments.len().saturating_sub(1) {
        let Some([Segment::Text(before), Segment::Record(..), Segment::Text(after)]) =
            segments.get_mut(at - 1..=at + 1)
        else {
            continue;
        };
        let body = before.trim_end();
        let (head, line) = body.rsplit_once('\n').unwrap_or(("", body));
        let opens = line
            .trim()
            .strip_prefix("```")
            .is_some_and(|word| word.len() <= 16 && !word.contains(' '));
        if opens && let Some(rest) = after.trim_start().strip_prefix("```") {
            (*before, *after) = (head, rest);
        }
    }
    segments
}

/// What the parser says of a text that begins as a record and breaks off: more than that it cannot be taken apart.
fn broken_record(text: &str, found: &Error, number: usize, limits: &Limits) -> Option<Refusal> {
    let kind = Some(sniff::kind(text.as_bytes())).filter(|kind| *kind != Kind::Text)?;
    let error = Doc::parse(text.as_bytes(), Some(kind), limits.document).err()?;
    // Before it, the record was whole, and what is at fault stands after it.
    (error.at() >= found.at()).then(|| unreadable(&format!("document {number}"), &error, limits))
}

/// What a text that cannot be taken apart is refused with.
fn unreadable(place: &str, error: &Error, limits: &Limits) -> Refusal {
    let refusal = Refusal::new(Code::BadDocument).at(&format!("{place}, byte {}", error.at()));
    match error.kind() {
        ErrorKind::Budget => refusal.limit(limits.document.bytes),
        _ => refusal.note(error.what()),
    }
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
    let parsed = Doc::parse(bytes, kind, limits.document)
        .map_err(|error| unreadable(&format!("document {number}"), &error, limits))?;
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

/// Shortest plain text that is taken for a record when a question stands beside it.
const RECORD_BYTES: usize = 400;
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

    #[test]
    fn the_shortest_of_several_texts_asks() {
        let text = |length: usize| Part::Text("a".repeat(length));
        assert_eq!(shared_text(&[text(1000), text(20)]), [0]);
        assert_eq!(shared_text(&[text(20), text(1000)]), [1]);
        assert_eq!(shared_text(&[text(1000), text(900), text(20)]), [0, 1]);
        assert_eq!(shared_text(&[text(30), text(20)]), Vec::<usize>::new());
        assert_eq!(shared_text(&[text(1000)]), Vec::<usize>::new());
    }

    const FHIR: &str = r#"{"resourceType":"Patient","name":[{"family":"Quillfeather"}]}"#;
    const HL7: &str = "MSH|^~\\&|A|B|C|D|2024||ADT^A01|1|P|2.5\rPID|1||7||Quillfeather^Zelda\r";

    fn admitted(parts: Vec<(Speaker, Part)>, reading: Reading) -> Result<(String, usize), Refusal> {
        let messages = parts
            .into_iter()
            .map(|(speaker, part)| crate::Message {
                speaker,
                parts: vec![part],
            })
            .chain([crate::Message {
                speaker: Speaker::User,
                parts: vec![Part::Text("Well?".to_owned())],
            }]);
        let request = Request {
            model: String::new(),
            messages: messages.collect(),
            sampling: Sampling::default(),
            stream: false,
        };
        let admitted = admit(Phi::new(request), reading, &Limits::default())?;
        let content = admitted.content.expose();
        let said = content.messages.iter().flat_map(|message| &message.items);
        let said = said.filter_map(|item| match item {
            Item::Text(text) => Some(text.trim()),
            Item::Document(_) => None,
        });
        let said: Vec<_> = said.collect();
        let kinds = content
            .documents
            .iter()
            .map(|named| ward_formats::Document::kind(&named.doc));
        let records = kinds.filter(|kind| *kind != Kind::Text).count();
        Ok((said.join("/"), records))
    }

    #[test]
    fn records_are_documents_whoever_sends_them() {
        for reading in [Reading::Conversation, Reading::RecordAndQuestion] {
            for speaker in [Speaker::System, Speaker::User, Speaker::Assistant] {
                let check = |text: String, expect: (&str, usize)| {
                    let (said, records) = admitted(vec![(speaker, Part::Text(text))], reading).unwrap();
                    assert_eq!((said.as_str(), records), expect, "{speaker:?}");
                };
                check(format!("Context: {FHIR}"), ("Context:/Well?", 1));
                check(format!("How old is she?\n{HL7}"), ("How old is she?/Well?", 1));
                check(format!("```json\n{FHIR}\n```\nHow old?"), ("How old?/Well?", 1));
                check(format!("[{FHIR},\n{FHIR}]"), ("Well?", 2));
                let cut = FHIR.replace("]}", "]");
                let end = format!("document 1, byte {}", cut.len());
                let refused = admitted(vec![(speaker, Part::Text(cut))], reading);
                let refusal = refused.err().unwrap();
                assert_eq!(refusal.code(), Code::BadDocument);
                assert_eq!(refusal.param(), Some(end.as_str()));
                let refused = admitted(vec![(speaker, Part::Text(FHIR.replace('"', "'")))], reading);
                let refusal = refused.err().unwrap();
                assert_eq!(refusal.param(), Some("messages[0].content[0], byte 2"));
            }
        }
    }

    #[test]
    fn records_in_files_of_text_are_found() {
        let check = |kind: Option<Kind>, text: &str, expect: Option<usize>| {
            let part = Part::Document {
                name: None,
                kind,
                bytes: text.as_bytes().to_vec(),
            };
            let found = admitted(vec![(Speaker::User, part)], Reading::Conversation);
            assert_eq!(found.ok().map(|(_, records)| records), expect, "{kind:?} {text}");
        };
        for kind in [None, Some(Kind::Text)] {
            check(kind, FHIR, Some(1));
            check(kind, HL7, Some(1));
            check(kind, &format!("[{FHIR}]"), Some(1));
            check(kind, &format!("{{\"data\":{FHIR}}}"), Some(1));
            check(kind, &format!("message:\n{HL7}"), Some(1));
            check(kind, &FHIR.replace("resourceType", r"resource\u0054ype"), Some(1));
            check(kind, &HL7.replace("MSH", "msh"), None);
            check(kind, &HL7.replace("PID", "pid"), None);
            check(kind, "Allergies: latex.", Some(0));
        }
        check(None, &HL7.replace("7||", "7||\r"), None);
        check(Some(Kind::Hl7), &HL7.replace("PID", "pid"), None);
        check(Some(Kind::Fhir), &format!("[{FHIR}]"), None);
    }
}
