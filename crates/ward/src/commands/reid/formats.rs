//! Putting values back into a whole file, by its shape.

use anyhow::{Context, Result, bail};
use ward_deid::{Class, Hit, Known, Restorer, find, find_in_markup};
use ward_formats::{
    Budget, Doc, Document, Edit, Kind, Role, delimited::Table, json::Values, placeholder, xml::Elements,
};

use super::{
    check::{self, Finding},
    whose::Whose,
};
use crate::commands::deid::shape::Shape;

/// What came of a file.
#[derive(Default)]
pub(super) struct Report {
    pub(super) restored: u64,
    /// Texts of placeholder form that were left, all of them.
    pub(super) left: usize,
    /// The first of them, with their places.
    pub(super) unknown: Vec<Left>,
    pub(super) findings: Vec<Finding>,
}

/// A placeholder that was left as it stands.
pub(super) struct Left {
    pub(super) place: String,
    pub(super) class: Class,
}

impl Report {
    /// Adds what a restorer did to the text at `place`.
    pub(super) fn add(&mut self, restorer: &Restorer, place: impl Fn(usize) -> String) {
        let done = restorer.done();
        self.restored += u64::from(done.restored);
        self.left += usize::try_from(done.unknown).unwrap_or(usize::MAX);
        let unknown = restorer.unknown().iter();
        self.unknown.extend(unknown.map(|one| Left {
            place: place(one.at),
            class: one.class,
        }));
        self.unknown.truncate(check::MOST);
    }

    /// Adds what in `text` only looks like a placeholder. No vault gave these: somebody wrote them.
    pub(super) fn misspelt(&mut self, text: &str, place: impl Fn(usize) -> String) {
        for at in placeholder::misspelt(text) {
            self.left += 1;
            if self.unknown.len() < check::MOST {
                self.unknown.push(Left {
                    place: place(at),
                    class: Class::Text,
                });
            }
        }
    }

    fn merge(&mut self, other: Report) {
        self.restored += other.restored;
        self.left += other.left;
        self.unknown.extend(other.unknown);
        self.unknown.truncate(check::MOST);
        self.findings.extend(other.findings);
        self.findings.truncate(check::MOST);
    }
}

/// How records are read here: what `ward deid` wrote may be large.
const BUDGET: Budget = Budget {
    bytes: 1 << 30,
    ..Budget::RECORD
};

/// `bytes` with values put back.
pub(super) fn restore(
    shape: Shape,
    bytes: &[u8],
    whose: &Whose,
    checked: bool,
    links: bool,
) -> Result<(Vec<u8>, Report)> {
    match shape {
        Shape::Text => text(utf8(bytes)?, whose, checked, links),
        Shape::Fhir => record(bytes, Kind::Fhir, whose, checked),
        Shape::Hl7 => record(bytes, Kind::Hl7, whose, checked),
        Shape::Json => values(bytes, "", whose, checked),
        Shape::Xml => markup(bytes, whose, checked),
        Shape::Lines => lines(bytes, whose, checked),
        Shape::Table(dialect) => {
            let table = Table::parse(bytes, dialect, None, 1, BUDGET)
                .context("it is no table")?
                .document;
            self::table(&table, whose, checked)
        }
        Shape::Dicom => bail!("images are not put back; keep the originals"),
        Shape::Not(why) => bail!("{why}"),
    }
}

fn utf8(bytes: &[u8]) -> Result<&str> {
    std::str::from_utf8(bytes)
        .ok()
        .context("it is not UTF-8; `ward deid` writes nothing else")
}

/// Plain text: of one subject as a whole, or else line by line.
fn text(text: &str, whose: &Whose, checked: bool, links: bool) -> Result<(Vec<u8>, Report)> {
    let mut report = Report::default();
    let subjects = match whose.own(text) {
        Some(own) => vec![own],
        None => whose.all_of(text)?,
    };
    let mut out = String::with_capacity(text.len());
    if let [subject] = subjects.as_slice() {
        one_text(
            text,
            subject.restorer(),
            look(checked),
            links,
            &mut out,
            &mut report,
            |at| check::line_and_column(text, at),
        );
        return Ok((out.into_bytes(), report));
    }
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let subject = Whose::among(&subjects, line)?;
        let place = |at| {
            let column = 1 + line.get(..at).unwrap_or(line).chars().count();
            format!("line {}, column {column}", number + 1)
        };
        one_text(
            line,
            subject.restorer(),
            look(checked),
            links,
            &mut out,
            &mut report,
            place,
        );
    }
    Ok((out.into_bytes(), report))
}

/// How a text is looked at for whom it names.
type Look = fn(&str, &Known) -> Vec<Hit>;

/// Plain text is looked at as it stands.
fn look(checked: bool) -> Option<Look> {
    checked.then_some(find as Look)
}

fn one_text(
    text: &str,
    restorer: Restorer,
    checked: Option<Look>,
    links: bool,
    out: &mut String,
    report: &mut Report,
    place: impl Fn(usize) -> String,
) {
    if let Some(look) = checked {
        check::strangers(&restorer, text, look, &place, &mut report.findings);
    }
    let mut restorer = if links { restorer.into_links() } else { restorer };
    restorer.push(text, out);
    restorer.close(out);
    report.add(&restorer, &place);
    report.misspelt(text, &place);
}

/// A FHIR or HL7 v2 record: in the decoded text of its fields, encoded anew.
fn record(bytes: &[u8], kind: Kind, whose: &Whose, checked: bool) -> Result<(Vec<u8>, Report)> {
    let doc = Doc::parse(bytes, Some(kind), BUDGET)?.document;
    let subject = whose.of(doc.fields().iter().map(|field| field.text.as_str()))?;
    let mut report = Report::default();
    let mut edits = Vec::new();
    for (index, field) in doc.fields().iter().enumerate() {
        let look: Option<Look> = match field.role {
            Role::Text if checked => Some(find),
            Role::Narrative if checked => Some(find_in_markup),
            _ => None,
        };
        let place = |_| doc.place(index);
        edits.extend(field_edits(
            index,
            &field.text,
            subject.restorer(),
            look,
            &mut report,
            place,
        ));
    }
    Ok((doc.splice(&edits)?.bytes, report))
}

/// What changes in a field: no more than that, so that the rest keeps its escapes.
fn field_edits(
    index: usize,
    text: &str,
    restorer: Restorer,
    checked: Option<Look>,
    report: &mut Report,
    place: impl Fn(usize) -> String,
) -> Vec<Edit> {
    let edit = |(span, value): (ward_formats::Span, &str)| Edit {
        field: index,
        span,
        with: value.to_owned(),
    };
    let edits = restorer.readings(text).into_iter().map(edit).collect();
    one_text(text, restorer, checked, true, &mut String::new(), report, place);
    edits
}

/// One JSON text of any shape.
fn values(bytes: &[u8], line: &str, whose: &Whose, checked: bool) -> Result<(Vec<u8>, Report)> {
    let doc = Values::parse(bytes, BUDGET)?.document;
    let subject = whose.of(doc.fields().iter().map(|field| field.text.as_str()))?;
    let mut report = Report::default();
    let mut edits = Vec::new();
    for (index, field) in doc.fields().iter().enumerate() {
        let place = |_| format!("{line}{}", doc.place(index, |_| true));
        edits.extend(field_edits(
            index,
            &field.text,
            subject.restorer(),
            look(checked),
            &mut report,
            place,
        ));
    }
    Ok((doc.splice(&edits)?.bytes, report))
}

/// An XML document.
fn markup(bytes: &[u8], whose: &Whose, checked: bool) -> Result<(Vec<u8>, Report)> {
    let doc = Elements::parse(bytes, BUDGET)?;
    let subject = whose.of(doc.fields().iter().map(|field| field.text.as_str()))?;
    let mut report = Report::default();
    let mut edits = Vec::new();
    for (index, field) in doc.fields().iter().enumerate() {
        let way = doc.ways().get(doc.way(index)).map_or("", String::as_str);
        let place = |_| format!("field {index}, {way}");
        edits.extend(field_edits(
            index,
            &field.text,
            subject.restorer(),
            look(checked),
            &mut report,
            place,
        ));
    }
    Ok((doc.splice(&edits)?.bytes, report))
}

/// A JSON object a line, each of a subject of its own.
fn lines(bytes: &[u8], whose: &Whose, checked: bool) -> Result<(Vec<u8>, Report)> {
    let mut report = Report::default();
    let mut out = Vec::with_capacity(bytes.len());
    for (number, line) in bytes.split_inclusive(|b| *b == b'\n').enumerate() {
        let body = line.trim_ascii();
        let (head, tail) = match body.is_empty() {
            true => (line.len(), line.len()),
            false => {
                let start = line.len() - line.trim_ascii_start().len();
                (start, start + body.len())
            }
        };
        out.extend_from_slice(line.get(..head).unwrap_or_default());
        if !body.is_empty() {
            let at = format!("line {}", number + 1);
            let (new, more) = values(body, &format!("{at}, "), whose, checked).with_context(|| at)?;
            out.extend_from_slice(&new);
            report.merge(more);
        }
        out.extend_from_slice(line.get(tail..).unwrap_or_default());
    }
    Ok((out, report))
}

/// A table, each record of a subject of its own.
fn table(table: &Table, whose: &Whose, checked: bool) -> Result<(Vec<u8>, Report)> {
    let mut report = Report::default();
    let mut edits = Vec::new();
    for row in 0..table.len() {
        let cells: Vec<String> = table.row(row).map(std::borrow::Cow::into_owned).collect();
        let subject = whose.of(cells.iter().map(String::as_str))?;
        for (column, cell) in cells.iter().enumerate() {
            let mut out = String::new();
            let place = |_| format!("record {}, column {}", row + 1, column + 1);
            one_text(
                cell,
                subject.restorer(),
                look(checked && row > 0),
                true,
                &mut out,
                &mut report,
                place,
            );
            if out != *cell {
                edits.push((row, column, out));
            }
        }
    }
    Ok((table.rewrite(&edits), report))
}
