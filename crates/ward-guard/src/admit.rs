//! First step: what was sent is within its limits, has a question, and every record in it can be read.

use std::sync::Arc;

use ward_evidence::Evidence;
use ward_formats::{Doc, Document, Error, ErrorKind, Kind, Role, sniff};

use crate::{
    Code, Limits, Part, Phi, Policy, Receipts, Refusal, Request, Sampling, Speaker, Stage,
    embedded::{self, Segment},
    media::{self, Media, MediaError, Picture},
    policy::Response,
    receipt::controls,
    unicode::{self, Hidden, HiddenCounts},
};

mod reading;

use self::reading::RECORD_BYTES;
pub use self::reading::{Reading, Split, split};

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
    pub pictures: Vec<Picture>,
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
    pub policy: Arc<Policy>,
    pub limits: Limits,
}

/// Checks a request and parses the records in it.
///
/// FHIR resources and HL7 v2 messages are records wherever they stand: in a text, whoever says it, and in a file of
/// text. What else counts as a record is told by `reading`; see [`split`].
///
/// # Errors
/// `TooManyParts`, `NoQuestion`, `HiddenText` where the policy refuses characters that no reader sees, or `BadDocument` naming the place: a record that can only be read in
/// part is refused, since an answer from the rest would look whole, and so is one that could only be read as prose,
/// since its names would not be found.
pub fn admit(
    request: Phi<Request>,
    reading: Reading,
    limits: &Limits,
    policy: &Arc<Policy>,
) -> Result<Admitted, Refusal> {
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
    let mut pixels = 0;
    let mut text_bytes: usize = sampling.stop.iter().map(String::len).sum();
    for (index, message) in messages.into_iter().enumerate() {
        if message.parts.len() > limits.parts {
            return Err(Refusal::new(Code::TooManyParts)
                .at(&format!("messages[{index}].content"))
                .limit(limits.parts));
        }
        let beside = shared_text(&message.parts);
        let mut items = Vec::with_capacity(message.parts.len());
        let mut pictures = Vec::new();
        for (part_index, part) in message.parts.into_iter().enumerate() {
            match part {
                Part::Document { name, kind, bytes } => {
                    file(name, kind, &bytes, limits, &mut content.documents, &mut items)?;
                }
                Part::Picture { media, bytes } => {
                    let place = format!("messages[{index}].content[{part_index}]");
                    let taken = (message.speaker, reading, policy.pictures);
                    let picture = picture(&place, media, &bytes, taken, limits, pixels)?;
                    pixels += picture.pixels();
                    pictures.push(picture);
                }
                Part::Text(text) => {
                    let border = items.len();
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
                    mend(&mut items, border);
                }
            }
        }
        content.messages.push(Said {
            speaker: message.speaker,
            items,
            pictures,
        });
    }
    if text_bytes > limits.text_bytes {
        return Err(Refusal::new(Code::TooManyParts)
            .at("messages")
            .note("bytes of text")
            .limit(limits.text_bytes));
    }
    // What a tool said at the end goes on with the question before it.
    let asking = content.messages.iter().rev().find(|said| said.speaker != Speaker::Tool);
    let answered = content.messages.iter().rev().find(|said| said.speaker == Speaker::User);
    let asks = match (content.messages.last().map(|last| last.speaker), asking) {
        (Some(Speaker::User), Some(last)) => has_text(last),
        (Some(Speaker::Tool), Some(called)) => called.speaker == Speaker::Assistant && answered.is_some_and(has_text),
        _ => false,
    };
    if !asks {
        return Err(Code::NoQuestion.into());
    }
    let hidden = screened(&content, &sampling, policy)?;
    let mut evidence = vec![Evidence::held(
        controls::REQUEST_VALIDATED,
        content.messages.len() as u64,
    )];
    let marked = Hidden::ALL
        .into_iter()
        .filter(|class| policy.hidden.of(*class) != Response::Allow);
    let marked = marked.fold(0, |sum, class| sum + u64::from(hidden.of(class)));
    if marked > 0 {
        let why = "characters that no reader sees were marked and passed on";
        evidence.push(Evidence::failed(controls::INSTRUCTIONS_LOOKED_FOR, why, marked));
    }
    let mut receipts = Receipts::default();
    receipts.add(Stage::Admit, evidence);
    Ok(Admitted {
        content: Phi::new(content),
        settings: Settings {
            model,
            sampling,
            policy: Arc::clone(policy),
            limits: *limits,
        },
        receipts,
    })
}

/// A picture made anew, when pictures are taken, from a person, for an engine that may see them.
fn picture(
    place: &str,
    media: Media,
    bytes: &[u8],
    (speaker, reading, allowed): (Speaker, Reading, bool),
    limits: &Limits,
    pixels: usize,
) -> Result<Picture, Refusal> {
    let no = |note| Refusal::new(Code::UnsupportedValue).at(place).note(note);
    if !allowed {
        return Err(no(
            "what pictures show cannot be de-identified here, so none is passed on; no address is fetched",
        ));
    }
    if reading != Reading::Conversation {
        return Err(no("this model reads text only"));
    }
    if speaker != Speaker::User {
        return Err(no("pictures are taken in the user's messages only"));
    }
    Picture::new(bytes, media, limits.pixels.saturating_sub(pixels)).map_err(|error| match error {
        MediaError::Kind => Refusal::new(Code::BadDocument)
            .at(place)
            .note("it is not the picture that it is said to be"),
        MediaError::Large => Refusal::new(Code::TooManyParts)
            .at(place)
            .note("pixels of all pictures together")
            .limit(limits.pixels),
        MediaError::Long => Refusal::new(Code::TooManyParts)
            .at(place)
            .note("pixels of one side")
            .limit(media::LONGEST_SIDE as usize),
        MediaError::Broken => Refusal::new(Code::BadDocument)
            .at(place)
            .note("this picture cannot be decoded whole"),
    })
}

/// Whether anything is said in words.
fn has_text(said: &Said) -> bool {
    let text = |item: &Item| matches!(item, Item::Text(text) if !text.trim().is_empty());
    said.items.iter().any(text)
}

/// Counts the characters that no reader sees, and refuses those that the policy refuses.
fn screened(content: &Content, sampling: &Sampling, policy: &Policy) -> Result<HiddenCounts, Refusal> {
    let mut all = HiddenCounts::default();
    let mut look = |text: &str, place: &dyn Fn(usize) -> String| {
        let counts = unicode::screen(text);
        if counts.total() == 0 {
            return Ok(());
        }
        all.merge(&counts);
        match policy.refuses(&counts) {
            Some(class) => {
                let lines = text
                    .get(..unicode::first(text, class))
                    .unwrap_or_default()
                    .matches('\n')
                    .count();
                Err(Refusal::new(Code::HiddenText).at(&place(lines)).note(class.word()))
            }
            None => Ok(()),
        }
    };
    for (index, message) in content.messages.iter().enumerate() {
        for item in &message.items {
            if let Item::Text(text) = item {
                look(text, &|_| format!("messages[{index}]"))?;
            }
        }
    }
    for (index, named) in content.documents.iter().enumerate() {
        for (field, one) in named.doc.fields().iter().enumerate() {
            // A note is one field of many lines.
            look(&one.text, &|lines| match &named.doc {
                Doc::Text(_) => format!("document {}, line {}", index + 1, lines + 1),
                doc => format!("document {}, {}", index + 1, doc.place(field)),
            })?;
        }
    }
    for stop in &sampling.stop {
        look(stop, &|_| "stop".to_owned())?;
    }
    Ok(all)
}

/// Joins the texts before and after `border` when a value was plainly cut there (`123-45-` and `6789`): neither half
/// would be known for what it is.
fn mend(items: &mut Vec<Item>, border: usize) {
    let Some([Item::Text(head), Item::Text(tail)]) = border.checked_sub(1).and_then(|at| items.get(at..=border)) else {
        return;
    };
    let mut ends = head.chars().rev();
    let mut begins = tail.chars();
    let is_cut = match (ends.next(), begins.next()) {
        (Some('-' | '/' | '@' | '+' | '_' | '^'), Some(next)) => {
            next.is_alphanumeric() && ends.next().is_some_and(char::is_alphanumeric)
        }
        (Some(last), Some('-' | '/')) => last.is_ascii_digit() && begins.next().is_some_and(|c| c.is_ascii_digit()),
        (Some(last), Some('@')) => last.is_alphanumeric() && begins.next().is_some_and(char::is_alphanumeric),
        _ => false,
    };
    if is_cut
        && let Item::Text(tail) = items.remove(border)
        && let Some(Item::Text(head)) = items.get_mut(border - 1)
    {
        head.push_str(&tail);
    }
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

/// A text field of a record that holds a record itself, which would be read as prose.
fn record_inside(doc: &Doc, limits: &Limits) -> Option<(usize, &'static str)> {
    if doc.kind() == Kind::Text {
        return None;
    }
    let free = |role: Role| matches!(role, Role::Text | Role::Narrative | Role::Unknown);
    let fields = doc.fields().iter().enumerate().filter(|(_, field)| free(field.role));
    fields
        .filter_map(|(index, field)| match embedded::find(&field.text, limits.document) {
            Ok(segments) if segments.iter().all(|segment| matches!(segment, Segment::Text(_))) => None,
            Ok(_) => Some((
                index,
                "a record is written inside this text; send it as a record of its own",
            )),
            Err(error) => Some((index, error.what())),
        })
        .next()
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
    if bytes.trim_ascii().is_empty() {
        return Err(Refusal::new(Code::BadDocument)
            .at(&format!("document {number}"))
            .note("it is empty"));
    }
    let parsed = Doc::parse(bytes, kind, limits.document)
        .map_err(|error| unreadable(&format!("document {number}"), &error, limits))?;
    if let Some(problem) = parsed.problems.iter().find(|problem| problem.broken) {
        return Err(Refusal::new(Code::BadDocument)
            .at(&format!("document {number}, {}", problem.place))
            .note(problem.what));
    }
    if ward_clinical::patients(&parsed.document) > 1 {
        return Err(Refusal::new(Code::BadDocument)
            .at(&format!("document {number}"))
            .note("it is about more than one patient; send one record a patient"));
    }
    if let Some((field, what)) = record_inside(&parsed.document, limits) {
        return Err(Refusal::new(Code::BadDocument)
            .at(&format!("document {number}, {}", parsed.document.place(field)))
            .note(what));
    }
    documents.push(NamedDoc {
        name,
        doc: parsed.document,
    });
    Ok(Item::Document(number - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shortest_of_several_texts_asks() {
        let text = |length: usize| Part::Text("a".repeat(length));
        assert_eq!(shared_text(&[text(1000), text(20)]), [0]);
        assert_eq!(shared_text(&[text(20), text(1000)]), [1]);
        assert_eq!(shared_text(&[text(1000), text(900), text(20)]), [0, 1]);
        assert_eq!(shared_text(&[text(30), text(20)]), Vec::<usize>::new());
        assert_eq!(shared_text(&[text(1000)]), Vec::<usize>::new());
    }

    #[test]
    fn records_of_two_patients_are_refused() {
        let two = r#"{"resourceType":"Bundle","type":"collection","entry":[
            {"resource":{"resourceType":"Patient","id":"a"}},{"resource":{"resourceType":"Patient","id":"b"}}]}"#;
        let document = Part::Document {
            name: None,
            kind: None,
            bytes: two.as_bytes().to_vec(),
        };
        let refusal = admitted(vec![(Speaker::User, document)], Reading::Conversation).unwrap_err();
        assert_eq!(refusal.code(), Code::BadDocument);
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
        let admitted = admit(Phi::new(request), reading, &Limits::default(), &Arc::default())?;
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

    #[test]
    fn a_record_inside_a_field_is_refused() {
        let check = |text: String, expect: Option<&str>| {
            let part = Part::Text(format!("So: {text}"));
            let refusal = admitted(vec![(Speaker::User, part)], Reading::Conversation).err();
            assert_eq!(refusal.as_ref().and_then(Refusal::param), expect, "{text}");
        };
        let note = |text: &str| HL7.to_owned() + "NTE|1||" + text + "\r";
        check(note("well"), None);
        check(
            note(r"PID\F\1\F\\F\7\F\\F\Quillfeather\S\Zelda"),
            Some("document 1, NTE-3"),
        );
        let field = |text: &str| {
            let text = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\r', "\\r");
            format!(r#"{{"resourceType":"Observation","status":"final","code":{{}},"note":[{{"text":"{text}"}}]}}"#)
        };
        check(field("well"), None);
        check(field(FHIR), Some("document 1, note[0].text"));
        check(field(HL7), Some("document 1, note[0].text"));
    }

    #[test]
    fn a_value_cut_across_parts_is_joined() {
        let check = |head: &str, tail: &str, expect: bool| {
            let mut items = vec![Item::Text(head.to_owned()), Item::Text(tail.to_owned())];
            mend(&mut items, 1);
            assert_eq!(items.len() == 1, expect, "{head} {tail}");
        };
        check("SSN 123-45-", "6789", true);
        check("SSN 123-45", "-6789", true);
        check("zelda@", "example.org", true);
        check("zelda", "@example.org", true);
        check("born 3/14/", "1952", true);
        check("Summarise this", "and this", false);
        check("the list -", "one", false);
        check("5", "- five", false);
        check("dose 5", "10 mg", false);
        check("", "x", false);
        let mut items = vec![Item::Document(0), Item::Text("1".to_owned())];
        mend(&mut items, 1);
        mend(&mut items, 0);
        mend(&mut items, 2);
        assert_eq!(items.len(), 2);
    }
}
