//! One FHIR document, or the HL7 v2 messages of a piece.

use std::{collections::BTreeMap, ops::Range, sync::Arc};

use ward_deid::{Known, columns::Quasi, residual::Traits};
use ward_formats::{Doc, Document, Field, Kind, Parsed, Span, fhir::FhirDoc, hl7, hl7::Hl7Doc};

use super::{
    context::{self, Context, DOCUMENT, utf8},
    corrections,
    fault::Stop,
    notes::{Done, Notes, Shown},
    pieces::message_starts,
    subjects::{Shared, of_file},
};

/// Reads a document.
pub(super) fn parse(bytes: &[u8], kind: Kind) -> Result<Parsed<Doc>, Stop> {
    Doc::parse(bytes, Some(kind), DOCUMENT).map_err(|error| Stop::malformed(&error))
}

/// De-identifies one FHIR resource or bundle. `place` says where it stands in its file, for a line of many.
pub(super) fn fhir(context: &Context, file: &str, place: &str, bytes: &[u8]) -> Result<Done, Stop> {
    let Parsed { document, problems } = parse(bytes, Kind::Fhir)?;
    let mut done = Done::default();
    done.notes.problems_at(place, problems);
    let who = match &document {
        Doc::Fhir(doc) => patient_of(doc, &mut done.notes),
        _ => Who::default(),
    };
    let patients: Vec<Arc<Doc>> = who.mentioned.iter().filter_map(|id| context.patients.get(id)).collect();
    let docs = context.known.iter().chain(patients.iter().map(AsRef::as_ref));
    let known = Known::from_documents(docs.chain([&document]));
    let subject = match &who.id {
        Some(id) => context.subjects.of(id)?,
        // A line about nobody, such as an organisation's, belongs with the others of its file.
        None => context.subjects.of(&of_file(file))?,
    };
    document_of(context, file, place, &document, &known, &subject, &mut done)?;
    done.notes.records = 1;
    Ok(done)
}

/// De-identifies HL7 messages, those of different patients apart. Z-segments are left out.
pub(super) fn hl7(context: &Context, file: &str, first: u64, bytes: &[u8]) -> Result<Done, Stop> {
    utf8(bytes, 0)?;
    let mut done = Done::default();
    let mut read: Vec<(Doc, String, String, Offsets)> = Vec::new();
    let mut at = 0;
    for (number, message) in (first..).zip(messages(bytes)) {
        let place = format!("message {number}");
        let offsets = Offsets {
            at,
            left_out: hl7::z_segments(message),
        };
        at += message.len();
        let (message, left_out) = hl7::without_z(message);
        if left_out > 0 {
            done.notes.problem(place.clone(), hl7::Z_LEFT_OUT, true);
        }
        let Parsed { document, problems } = parse(&message, Kind::Hl7)?;
        done.notes.problems_at(&place, problems);
        let who = match &document {
            Doc::Hl7(doc) => pid(doc, &mut done.notes),
            _ => None,
        };
        read.push((document, who.unwrap_or_else(|| of_file(file)), place, offsets));
    }
    // What the messages of one patient say of its people is looked for in all of them.
    let mut by_patient: BTreeMap<&str, Vec<&Doc>> = BTreeMap::new();
    for (document, who, ..) in &read {
        by_patient.entry(who).or_default().push(document);
    }
    let knowns: BTreeMap<&str, Known> = by_patient
        .into_iter()
        .map(|(who, docs)| (who, Known::from_documents(context.known.iter().chain(docs))))
        .collect();
    for (document, who, place, offsets) in &read {
        let Some(known) = knowns.get(who.as_str()) else {
            continue;
        };
        let subject = context.subjects.of(who)?;
        let from = done.notes.applied.len();
        document_of(context, file, place, document, known, &subject, &mut done)?;
        if context.spans {
            for one in done.notes.applied.iter_mut().skip(from) {
                one.old = offsets.in_all(one.old);
            }
        }
        done.notes.records += 1;
    }
    if context.spans {
        let text = utf8(bytes, 0)?;
        done.points = text.chars().count() as u64;
        done.text = Some(text.to_owned());
    }
    Ok(done)
}

/// Where a message without its Z-segments stands in what was read.
struct Offsets {
    at: usize,
    left_out: Vec<Span>,
}

impl Offsets {
    /// A span of the message as one of all that was read.
    fn in_all(&self, span: Span) -> Span {
        let back = |mut at: usize| {
            for left_out in &self.left_out {
                if left_out.start <= at {
                    at += left_out.len();
                }
            }
            at + self.at
        };
        Span::new(back(span.start), back(span.end.max(1) - 1) + 1)
    }
}

/// De-identifies a document and adds it to what is done.
fn document_of(
    context: &Context,
    file: &str,
    place: &str,
    document: &Doc,
    known: &Known,
    subject: &Shared,
    done: &mut Done,
) -> Result<(), Stop> {
    let mut replaced = context::with(subject, |deid| deid.document(document, known))
        .map_err(|error| Stop::because(error.to_string()))?;
    if let Some(corrections) = context.corrections(file) {
        replaced = corrections::of_document(corrections, place, document, replaced, subject, &mut done.notes)?;
    }
    // What was replaced without having been looked into was not examined.
    let unseen = std::mem::take(&mut replaced.problems).into_iter();
    let unseen = unseen.map(|one| ward_formats::Problem { broken: true, ..one });
    done.notes.problems_at(place, unseen.collect());
    let source = document.source();
    if context.show
        && let (Ok(before), Ok(after)) = (std::str::from_utf8(source), std::str::from_utf8(&replaced.bytes))
    {
        done.notes
            .shown
            .push(Shown::with(place, before, after, &replaced.applied));
    }
    if context.spans {
        done.text = Some(String::from_utf8_lossy(source).into_owned());
    } else {
        done.bytes.extend_from_slice(&replaced.bytes);
    }
    done.notes.apply(place, replaced.applied, 0);
    Ok(())
}

/// Whom a FHIR document is about.
#[derive(Default)]
struct Who {
    /// Its one patient.
    id: Option<String>,
    /// All patients that it refers to, at most four.
    mentioned: Vec<String>,
}

fn patient_of(doc: &FhirDoc, notes: &mut Notes) -> Who {
    let tree = doc.tree();
    let mut ids: Vec<String> = Vec::new();
    for (_, node) in doc.resources().filter(|(of, _)| *of == "Patient") {
        let text = |path: &[&str]| tree.at(node, path).and_then(|n| tree.str(n));
        let id = text(&["id"]).unwrap_or_default().to_owned();
        let mut traits = Traits::default();
        if let Some(sex) = text(&["gender"]) {
            traits.add(Quasi::Sex, "", sex);
        }
        if let Some(born) = text(&["birthDate"]) {
            traits.add(Quasi::BirthYear, "", born);
        }
        let address = tree.get(node, "address").and_then(|list| tree.items(list).next());
        if let Some(zip) = address
            .and_then(|n| tree.get(n, "postalCode"))
            .and_then(|n| tree.str(n))
        {
            traits.add(Quasi::Zip, "", zip);
        }
        notes.people.push((id.clone(), traits));
        if !id.is_empty() && !ids.contains(&id) && ids.len() < 4 {
            ids.push(id);
        }
    }
    let own = ids.len();
    if own == 0 {
        for field in doc.fields() {
            if let Some(id) = field.text.rsplit_once("Patient/").map(|(_, id)| id)
                && field.role == ward_formats::Role::Identifier(ward_formats::Whose::Patient)
            {
                let id = id.split('/').next().unwrap_or(id).to_owned();
                if !ids.contains(&id) && ids.len() < 4 {
                    ids.push(id);
                }
            }
        }
    }
    Who {
        id: match ids.as_slice() {
            [id] => Some(id.clone()),
            [id, ..] if own == 0 => Some(id.clone()),
            _ => None,
        },
        mentioned: if own == 0 { ids } else { Vec::new() },
    }
}

/// The patient of an HL7 message: the first identifier of PID-3, else that of PID-2.
fn pid(doc: &Hl7Doc, notes: &mut Notes) -> Option<String> {
    let segment = doc.segments().iter().find(|segment| segment.id() == "PID")?;
    let text = |field, component| {
        doc.get(segment, field, component)
            .map(|field: &Field| field.text.as_str())
    };
    let who = text(3, 1).or_else(|| text(2, 1)).map(str::to_owned);
    let mut traits = Traits::default();
    for (quasi, value) in [
        (Quasi::BirthYear, text(7, 1)),
        (Quasi::Sex, text(8, 1)),
        (Quasi::Zip, text(11, 5)),
    ] {
        if let Some(value) = value {
            traits.add(quasi, "", value);
        }
    }
    if let Some(who) = &who {
        notes.people.push((who.clone(), traits));
    }
    who
}

/// Messages that were read from another encoding, with an MSH-18 that says UTF-8 where it said anything (HL7 table 0211).
pub(super) fn declare_utf8(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + 64);
    let mut copied = 0;
    for said in message_starts(bytes).filter_map(|at| charset(bytes, at)) {
        out.extend_from_slice(bytes.get(copied..said.start).unwrap_or_default());
        out.extend_from_slice(b"UNICODE UTF-8");
        copied = said.end;
    }
    out.extend_from_slice(bytes.get(copied..).unwrap_or_default());
    out
}

/// Where the header that begins at `at` names its character set.
fn charset(bytes: &[u8], at: usize) -> Option<Range<usize>> {
    let header = bytes.get(at..)?;
    let end = memchr::memchr2(b'\r', b'\n', header).unwrap_or(header.len());
    let header = header.get(..end)?;
    // MSH-1 is the separator itself, so MSH-18 stands behind the seventeenth.
    let mut separators = memchr::memchr_iter(*header.get(3)?, header);
    let start = separators.nth(16)? + 1;
    let end = separators.next().unwrap_or(header.len());
    (start < end).then_some(at + start..at + end)
}

/// The messages of a batch: each begins with its MSH; what stands before the first belongs to it.
fn messages(bytes: &[u8]) -> Vec<&[u8]> {
    let mut starts: Vec<usize> = message_starts(bytes).filter(|at| *at > 0).collect();
    // A header before the first message is no message.
    if !bytes.trim_ascii_start().starts_with(b"MSH") && !starts.is_empty() {
        starts.remove(0);
    }
    let mut parts = Vec::new();
    let mut from = 0;
    for at in starts.into_iter().chain([bytes.len()]) {
        // The byte that frames a message belongs to it.
        let at = if at < bytes.len() && bytes.get(at - 1) == Some(&0x0b) {
            at - 1
        } else {
            at
        };
        if let Some(part) = bytes.get(from..at).filter(|part| !part.is_empty()) {
            parts.push(part);
        }
        from = at;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decoded_message_declares_utf8() {
        for (message, expect) in [
            (
                "MSH|^~\\&||||||||||||||||8859/1|\rMSH|x",
                "MSH|^~\\&||||||||||||||||UNICODE UTF-8|\rMSH|x",
            ),
            (
                "MSH|^~\\&||||||||||||||||\rPID|8859/1",
                "MSH|^~\\&||||||||||||||||\rPID|8859/1",
            ),
            (
                "MSH#^~\\&################8859/2",
                "MSH#^~\\&################UNICODE UTF-8",
            ),
            ("MSH|^~\\&|A", "MSH|^~\\&|A"),
        ] {
            assert_eq!(declare_utf8(message.as_bytes()), expect.as_bytes());
        }
    }

    #[test]
    fn cuts_batches_into_messages() {
        let batch = b"FHS|^~\\&|\rBHS|^~\\&|\rMSH|^~\\&|A\rPID|1\rMSH|^~\\&|B\rPID|2\rBTS|2\r";
        let parts = messages(batch);
        assert_eq!(parts.len(), 2);
        assert!(parts[0].starts_with(b"FHS") && parts[1].starts_with(b"MSH") && parts[1].ends_with(b"BTS|2\r"));
        assert_eq!(parts.concat(), batch);
        assert_eq!(messages(b"MSH|a\rNTE|1||see MSH|x\r").len(), 1);
        assert_eq!(messages(b"\x0bMSH|a\r\x1c\r\x0bMSH|b\r\x1c\r").len(), 2);
        assert!(messages(b"").is_empty());
    }
}
