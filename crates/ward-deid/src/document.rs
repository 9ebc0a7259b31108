//! De-identifying documents: what happens to a field follows from its role.

use ward_formats::{Doc, Document, Edit, OffsetMap, Problem, Role, Span};

use crate::find::{self, Hit};
use crate::question::Questions;
use crate::replaced::Applied;
use crate::{Class, Error, Known, Pseudonyms, Restored, Restorer, Tally, identifier, narrative};

mod field;
mod valid;

pub use self::field::is_all_titles;
use self::field::{coded, extended, said, unknown, whole};
pub(crate) use self::field::{is_title, structured};
pub(crate) use self::valid::{keep_removed, number_ages};

/// How many keys that may be content are listed one by one.
const MOST_KEYS: usize = 50;

/// A de-identified document.
#[derive(Debug, Clone)]
pub struct ReplacedDocument {
    /// The document in its own format, byte-identical outside of what was replaced.
    pub bytes: Vec<u8>,
    /// What was replaced, counted.
    pub tally: Tally,
    /// Offsets in `bytes` back to offsets in the original.
    pub map: OffsetMap,
    /// What was replaced without having been looked into.
    pub problems: Vec<Problem>,
    /// Every replacement, in the order of the document. Spans count bytes of the document as it is written.
    pub applied: Vec<Applied>,
}

/// A value of a document that has to go.
pub(crate) struct Found {
    /// The field.
    pub(crate) field: usize,
    /// Bytes of the field's text, what it is, and why.
    pub(crate) hit: Hit,
}

/// What of a document has to go.
pub(crate) struct Plan {
    pub(crate) found: Vec<Found>,
    pub(crate) problems: Vec<Problem>,
}

impl Plan {
    /// Calls `look` with the text of every field, and what of it has to go.
    pub(crate) fn each_field(&self, doc: &Doc, mut look: impl FnMut(&str, &[Hit])) {
        let mut found = self.found.as_slice();
        for (index, field) in doc.fields().iter().enumerate() {
            let own = found.iter().take_while(|one| one.field == index).count();
            let (these, rest) = found.split_at_checked(own).unwrap_or((found, &[]));
            found = rest;
            let hits: Vec<Hit> = these.iter().map(|one| one.hit).collect();
            look(&field.text, &hits);
        }
    }

    /// Lets `change` say for the text of every field what stands for each hit, which may be other hits than those
    /// planned. Gives what stands for each of the plan then.
    pub(crate) fn change(
        &mut self,
        doc: &Doc,
        mut change: impl FnMut(&str, &[Hit]) -> Vec<(Hit, String)>,
    ) -> Vec<String> {
        let mut found = Vec::with_capacity(self.found.len());
        let mut stand_ins = Vec::with_capacity(self.found.len());
        let mut field = 0;
        self.each_field(doc, |text, hits| {
            for (hit, stand_in) in change(text, hits) {
                found.push(Found { field, hit });
                stand_ins.push(stand_in);
            }
            field += 1;
        });
        self.found = found;
        stand_ins
    }
}

/// Reads every field of `doc` by its role: see [`Pseudonyms::replace_document`].
pub(crate) fn plan(doc: &Doc, known: &Known) -> Plan {
    let kinds = identifier::Kinds::of(doc);
    let questions = Questions::of(doc);
    let mut found = Vec::new();
    let mut problems = strange_keys(doc, known);
    for (index, field) in doc.fields().iter().enumerate() {
        let text = field.text.as_str();
        if text.trim().is_empty() {
            continue;
        }
        let mut hits: Vec<Hit> = match field.role {
            Role::Text => extended(doc, index, known).unwrap_or_else(|| find::find(text, known)),
            Role::Narrative => said(narrative::hits(text, known), "narrative"),
            Role::Value if doc.is_age(index) => whole(text, Class::Age),
            Role::Code | Role::Value => said(coded(doc, index, known), "known-value"),
            Role::Unknown => unknown(doc, index, known),
            _ => structured(doc, index, &kinds, known),
        };
        if field.role == Role::Binary {
            problems.push(Problem {
                place: doc.place(index),
                what: "encoded content was replaced as a whole, not examined",
                broken: false,
            });
        }
        let answer = questions.hits(doc, index, known);
        if !answer.is_empty() {
            hits.extend(answer);
            hits = find::resolve(hits);
        }
        let local = local_escapes(doc, index);
        if !local.is_empty() {
            problems.push(Problem {
                place: doc.place(index),
                what: "a local escape was replaced as a whole, not examined",
                broken: false,
            });
            hits.extend(local);
            hits = find::resolve(hits);
        }
        found.extend(hits.into_iter().map(|hit| Found { field: index, hit }));
    }
    Plan { found, problems }
}

/// Escapes of HL7 v2 of which only their sender knows what they hold. One that marks something by a letter or two holds nothing.
fn local_escapes(doc: &Doc, index: usize) -> Vec<Hit> {
    const MARK: usize = "\\Z12\\".len();
    let Doc::Hl7(hl7) = doc else { return Vec::new() };
    let spans = hl7.local_escapes(index).into_iter().filter(|span| span.len() > MARK);
    said(spans.map(|span| (span, Class::Text)).collect(), "field")
}

/// Keys that are content: what the record says of its people, or what nobody would call an element. A key cannot be
/// replaced, so whoever passes the document on has to be told.
fn strange_keys(doc: &Doc, known: &Known) -> Vec<Problem> {
    let is_plain = |key: &str| {
        key.len() <= 64
            && key.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
            && key
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b':' | b'.'))
            && key.bytes().filter(u8::is_ascii_digit).count() < 5
    };
    let keys = doc.strange_keys().into_iter();
    keys.filter(|(key, _)| !is_plain(key) || known.find(key).iter().any(|hit| hit.span.len() > 2))
        .take(MOST_KEYS)
        .map(|(_, place)| Problem {
            place,
            what: "the name of this element may be content and stays as it is; take it out or rename it",
            broken: true,
        })
        .collect()
}

/// Puts into `doc` what `stand_ins` says, one for each of the plan.
pub(crate) fn carry_out(doc: &Doc, plan: Plan, stand_ins: Vec<String>) -> Result<ReplacedDocument, Error> {
    let mut tally = Tally::default();
    let mut edits = Vec::with_capacity(plan.found.len());
    for (found, with) in plan.found.iter().zip(stand_ins) {
        tally.add(found.hit.class);
        edits.push(Edit {
            field: found.field,
            span: found.hit.span,
            with,
        });
    }
    let spliced = doc.splice(&edits).map_err(Error::splice)?;
    Ok(ReplacedDocument {
        bytes: spliced.bytes,
        tally,
        applied: applied(doc, &plan.found, spliced.map.changes()),
        map: spliced.map,
        problems: plan.problems,
    })
}

/// Which change of the document each replacement became. `found` is in the order of fields and offsets, as the
/// changes are. Replacements that share one escape sequence of the source share its span.
fn applied(doc: &Doc, found: &[Found], changes: &[(Span, Span)]) -> Vec<Applied> {
    let mut applied = Vec::with_capacity(found.len());
    let mut next = 0;
    for group in found.chunk_by(|a, b| a.field == b.field) {
        let Some((index, field)) = group
            .first()
            .and_then(|one| Some((one.field, doc.fields().get(one.field)?)))
        else {
            continue;
        };
        let place = doc.place(index);
        let from = next;
        while changes
            .get(next)
            .is_some_and(|(_, old)| old.start < field.raw.end || (old.is_empty() && old.start == field.raw.end))
        {
            next += 1;
        }
        // Quotation marks put around a number that became a string are changes, too, of nothing.
        let own: Vec<&(Span, Span)> = changes
            .get(from..next)
            .unwrap_or_default()
            .iter()
            .filter(|(_, old)| !old.is_empty())
            .collect();
        let whole = match (own.first(), own.last()) {
            (Some((new, old)), Some((last_new, last_old))) => {
                (Span::new(new.start, last_new.end), Span::new(old.start, last_old.end))
            }
            _ => continue,
        };
        for (i, Found { hit, .. }) in group.iter().enumerate() {
            let (new, old) = if own.len() == group.len() {
                own.get(i).map_or(whole, |own| **own)
            } else {
                whole
            };
            applied.push(Applied {
                place: place.clone(),
                old,
                new,
                class: hit.class,
                rule: hit.rule,
                score: hit.score,
            });
        }
    }
    applied
}

impl Pseudonyms {
    /// Replaces what identifies somebody in `doc`, by the role of each field:
    ///
    /// | role | what happens |
    /// |---|---|
    /// | name, facility, address, contact, identifier, date of birth | replaced whole; of a reference or URN, the part that names the thing |
    /// | date | replaced unless it is a bare year; as [`Class::Text`] when it is no date |
    /// | text | as [`find`](crate::find()) says, with the values of `known` |
    /// | narrative | the same, on the text between the tags and on the tags' attributes |
    /// | binary | replaced whole, and a problem says that it was not examined |
    /// | region | kept, unless it holds a known place ("Mexico City" as a state) |
    /// | code, value | kept, except for known names, addresses and numbers, and for what looks like a placeholder; a number that holds one becomes a string |
    /// | unknown | a date or an identifier as a whole, otherwise like a cell of a table whose column has the element's name: by what that says, as text, and as a whole when nobody knows the words |
    ///
    /// Equal values get equal placeholders, so references inside a bundle stay consistent.
    ///
    /// # Errors
    /// [`ErrorKind::Splice`](crate::ErrorKind::Splice) when the document cannot take the
    /// replacements. Then nothing of it may be passed on.
    pub fn replace_document(&mut self, doc: &Doc, known: &Known) -> Result<ReplacedDocument, Error> {
        let plan = plan(doc, known);
        self.meet(known);
        let stand_ins = plan
            .found
            .iter()
            .map(|one| self.stand_in(one.hit.class, value(doc, one)))
            .collect();
        carry_out(doc, plan, stand_ins)
    }

    /// Puts the values back into a de-identified document of any format: the inverse of
    /// [`replace_document`](Pseudonyms::replace_document).
    ///
    /// Values are put back into the decoded text of the fields and encoded anew, so the result
    /// parses to exactly the original fields; it is the original byte for byte unless that
    /// escaped characters which need no escape (`\u00e9` for `é`) or had a known identifier as a
    /// number, which comes back as a string. To restore text that quotes a
    /// document, as an answer does, use [`restore`](Pseudonyms::restore).
    ///
    /// # Errors
    /// [`ErrorKind::Splice`](crate::ErrorKind::Splice) when the document cannot take the values.
    pub fn restore_document(&self, doc: &Doc) -> Result<Vec<u8>, Error> {
        self.restorer().document(doc).map(|(bytes, _)| bytes)
    }
}

impl Restorer {
    /// Puts the values back into a de-identified document: see [`Pseudonyms::restore_document`]. Says besides what was
    /// done.
    ///
    /// # Errors
    /// [`ErrorKind::Splice`](crate::ErrorKind::Splice) when the document cannot take the values.
    pub fn document(&self, doc: &Doc) -> Result<(Vec<u8>, Restored), Error> {
        let mut edits = Vec::new();
        let mut done = Restored::default();
        for (index, field) in doc.fields().iter().enumerate() {
            for (span, value) in self.readings(&field.text) {
                done.restored = done.restored.saturating_add(1);
                edits.push(Edit {
                    field: index,
                    span,
                    with: value.to_owned(),
                });
            }
            let unknown = self.strangers(&field.text);
            done.unknown = done.unknown.saturating_add(u32::try_from(unknown).unwrap_or(u32::MAX));
        }
        Ok((doc.splice(&edits).map_err(Error::splice)?.bytes, done))
    }
}

/// The text of a value that was found.
pub(crate) fn value<'a>(doc: &'a Doc, found: &Found) -> &'a str {
    let span = found.hit.span;
    doc.fields()
        .get(found.field)
        .and_then(|field| field.text.get(span.start..span.end))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests;
