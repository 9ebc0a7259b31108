//! XML: HL7 CDA documents, and any other by the names of its elements.

use std::sync::Arc;

use ward_deid::{
    Hit, Known, Mode,
    columns::{self, Column, Profiler, Treatment},
    find_in_flow, is_all_titles, together,
};
use ward_formats::{
    Edit,
    xml::{Elements, Flow},
};

use super::{
    context::{self, Context, DOCUMENT},
    fault::Stop,
    lines::people,
    notes::{Done, Shown},
};

/// Attributes and elements that hold codes of a standard, by the last part of the way.
const CODES: &[&str] = &[
    "classCode",
    "moodCode",
    "typeCode",
    "contextControlCode",
    "contextConductionInd",
    "determinerCode",
    "codeSystem",
    "codeSystemName",
    "codeSystemVersion",
    "code",
    "displayName",
    "unit",
    "nullFlavor",
    "type",
    "negationInd",
    "inversionInd",
    "operator",
    "use",
    "qualifier",
    "xmlns",
    "schemaLocation",
    "mediaType",
    "representation",
    "styleCode",
    "border",
    "width",
    "colspan",
    "rowspan",
    "align",
    "valign",
    "institutionSpecified",
    "inclusive",
    "sdtcCode",
    "lang",
];

/// Parents of `root`, `name` and `ID` that are no person's: template ids, the names of drugs and devices, and marks in the
/// narrative that its entries refer to.
const STANDARD: &[(&str, &str)] = &[
    ("templateId", "root"),
    ("templateId", "extension"),
    ("typeId", "root"),
    ("typeId", "extension"),
    ("caption", "ID"),
    ("content", "ID"),
    ("item", "ID"),
    ("list", "ID"),
    ("paragraph", "ID"),
    ("table", "ID"),
    ("td", "ID"),
    ("th", "ID"),
    ("tr", "ID"),
    ("manufacturedMaterial", "name"),
    ("manufacturedLabeledDrug", "name"),
    ("playingEntity", "name"),
    ("playingDevice", "name"),
    ("languageCode", "code"),
];

/// De-identifies an XML document.
pub(super) fn document(context: &Context, file: &str, bytes: &[u8]) -> Result<Done, Stop> {
    let document = Elements::parse(bytes, DOCUMENT).map_err(|error| Stop::malformed(&error))?;
    let mut profiler = Profiler::new(document.ways().iter().map(String::as_str));
    for (at, field) in document.fields().iter().enumerate() {
        profiler.see(document.way(at), &field.text);
    }
    let columns: Vec<Arc<Column>> = profiler
        .decide()
        .into_iter()
        .map(|column| Arc::new(by_standard(column)))
        .collect();
    let column = |at: usize| columns.get(document.way(at));
    let runs = runs(&document);
    let flowing = Column::named("text");
    let flows: Vec<String> = runs
        .iter()
        .map(|run| {
            pieces(&document, run)
                .into_iter()
                .flat_map(|(before, text)| [before, text])
                .collect()
        })
        .collect();
    let cells: Vec<(&Column, &str)> = document
        .fields()
        .iter()
        .enumerate()
        .filter_map(|(at, field)| Some((column(at)?.as_ref(), field.text.as_str())))
        .chain(flows.iter().map(|flow| (&flowing, flow.as_str())))
        .collect();
    let (known, subject, traits) = people(context, &cells);
    let scope = match &subject {
        Some(who) => context.subjects.of(who)?,
        None => context.subjects.of(&super::subjects::of_file(file))?,
    };
    if !context.spans {
        context::with(&scope, |deid| deid.meet(&known));
    }
    let mut done = Done::default();
    done.notes
        .people
        .push((subject.unwrap_or_else(|| file.to_owned()), traits));
    done.notes.records = 1;
    let corrections = context.corrections(file);
    let mut edits = Vec::new();
    let mut flowing = in_runs(&document, &runs, &known);
    for (at, field) in document.fields().iter().enumerate() {
        let text = field.text.as_str();
        let Some(column) = column(at) else { continue };
        let mut hits = column.hits(text, &known);
        if context.subjects.mode() == Mode::Surrogate && is_title(&column.name, text) {
            hits.clear();
        }
        if let Some(more) = flowing.get_mut(at) {
            hits = together(hits, std::mem::take(more));
        }
        let is_text = matches!(column.treatment, Treatment::Text | Treatment::Unknown) && text.contains(' ');
        if hits.is_empty() && corrections.is_none() && !(context.show && is_text) {
            continue;
        }
        let place = format!("field {at}, {}", column.name);
        if let Some(corrections) = corrections {
            corrections.correct(&place, text, &mut hits, &mut done.notes);
        }
        let replaced = if context.spans {
            context::listed(text, &hits, &place)
        } else {
            context::with(&scope, |deid| column.replace(deid, text, &hits, &place))
        };
        if context.show && (is_text || !hits.is_empty()) {
            done.notes.shown.push(Shown::of(&place, text, &replaced));
        }
        for one in &replaced.applied {
            edits.push(Edit {
                field: at,
                span: one.old,
                with: replaced
                    .text
                    .get(one.new.start..one.new.end)
                    .unwrap_or_default()
                    .to_owned(),
            });
        }
        done.apply_field(text, replaced.applied);
    }
    // Names of elements and attributes stay: one that is somebody's name leaves the record with it.
    let telling = document
        .ways()
        .iter()
        .filter(|way| {
            let last = way.rsplit('.').next().unwrap_or(way);
            !CODES.contains(&last) && !ward_deid::find(last, &known).is_empty()
        })
        .count();
    if telling > 0 {
        done.notes.problem(
            "the names of elements or attributes".to_owned(),
            "they hold what looks like a name or a number, and names of elements are not replaced",
            true,
        );
    }
    if !context.spans {
        done.bytes = document.splice(&edits).map_err(|error| Stop::malformed(&error))?.bytes;
    }
    Ok(done)
}

/// A document that was read from another encoding, with a declaration that says UTF-8.
pub(super) fn declare_utf8(mut bytes: Vec<u8>) -> Vec<u8> {
    let declared = || {
        let head = bytes.get(..bytes.len().min(200))?;
        let head = head.get(..memchr::memmem::find(head, b"?>")?)?;
        let from = memchr::memmem::find(head, b"encoding")?;
        let open = from + head.get(from..)?.iter().position(|b| matches!(b, b'"' | b'\''))?;
        let len = memchr::memchr(*head.get(open)?, head.get(open + 1..)?)?;
        Some(open + 1..open + 1 + len)
    };
    if let Some(range) = declared() {
        bytes.splice(range, *b"UTF-8");
    }
    bytes
}

/// The fields that a reader sees as one text, where they are more than one: words of which a part is bold, and rows of a
/// table.
fn runs(document: &Elements) -> Vec<Vec<usize>> {
    let mut runs: Vec<Vec<usize>> = Vec::new();
    for at in 0..document.fields().len() {
        match (document.flow(at), runs.last_mut()) {
            (Flow::Apart, _) => {}
            (Flow::Spaced | Flow::Joined, Some(run)) => run.push(at),
            _ => runs.push(vec![at]),
        }
    }
    runs.retain(|run| run.len() > 1);
    runs
}

/// The texts of a run, each with what a reader sees before it.
fn pieces<'a>(document: &'a Elements, run: &[usize]) -> Vec<(&'static str, &'a str)> {
    let before = |at| if document.flow(at) == Flow::Spaced { " " } else { "" };
    run.iter()
        .filter_map(|at| Some((before(*at), document.fields().get(*at)?.text.as_str())))
        .collect()
}

/// For each field, what of it is found in the run that it stands in.
fn in_runs(document: &Elements, runs: &[Vec<usize>], known: &Known) -> Vec<Vec<Hit>> {
    let mut found = vec![Vec::new(); document.fields().len()];
    for run in runs {
        let hits = find_in_flow(&pieces(document, run), known);
        for (at, hits) in run.iter().zip(hits) {
            if let Some(own) = found.get_mut(*at) {
                *own = hits;
            }
        }
    }
    found
}

/// True for a title or a suffix in the element that is for them, which says nothing of who somebody is.
fn is_title(way: &str, text: &str) -> bool {
    matches!(way.rsplit('.').next(), Some("prefix" | "suffix")) && is_all_titles(text)
}

/// What the standard says of a way, whatever its words say.
fn by_standard(mut column: Column) -> Column {
    let mut parts = column.name.rsplit('.');
    let (last, above) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    if CODES.contains(&last) || STANDARD.contains(&(above, last)) {
        column.treatment = Treatment::Category;
        column.by = columns::STANDARD;
        column.quasi = column
            .quasi
            .filter(|_| above == "administrativeGenderCode" && last == "code");
    }
    if last == "#comment" || last == "#instruction" {
        column.treatment = Treatment::Text;
    }
    column.subject = above == "id" && last == "extension" && column.name.contains("patientRole.id.");
    column
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_stand_in_elements_for_them() {
        for (way, text, expect) in [
            ("patient.name.prefix", "Mrs.", true),
            ("name.suffix", "III", true),
            ("suffix", "MD, PhD", true),
            ("name.suffix", "Kowalczyk", false),
            ("name.prefix", "Dr. Kowalczyk", false),
            ("name.family", "Jr", false),
            ("name.given", "Mrs.", false),
        ] {
            assert_eq!(is_title(way, text), expect, "{way} {text}");
        }
    }

    #[test]
    fn a_decoded_document_declares_utf8() {
        for (document, expect) in [
            (
                "<?xml version='1.0' encoding='latin1'?><a/>",
                "<?xml version='1.0' encoding='UTF-8'?><a/>",
            ),
            (
                "<?xml version=\"1.0\"?><a encoding=\"b\"/>",
                "<?xml version=\"1.0\"?><a encoding=\"b\"/>",
            ),
            ("<a/>", "<a/>"),
        ] {
            assert_eq!(declare_utf8(document.as_bytes().to_vec()), expect.as_bytes());
        }
    }
}
