//! What a reviewer decided on the review page: spans that were added or rejected.

use std::{
    collections::{BTreeSet, HashMap},
    fs,
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use ward_deid::{Class, Hit, ReplacedDocument};
use ward_formats::{Budget, Doc, Document, Edit, Span};

use super::{context, fault::Stop, notes::Notes, subjects::Shared};

/// The rule that a reviewer's spans carry.
const RULE: &str = "reviewer";

/// What is said of a rejected span that is none.
const NOT_FOUND: &str = "a correction rejects a span that was not found; it changed nothing";

/// What is said of corrections at a place that the file does not have.
const NO_PLACE: &str = "a correction names a place at which nothing was looked for; it changed nothing";

/// The version of the file that the page exports.
const VERSION: u64 = 1;

/// Corrections of all files.
#[derive(Default)]
pub(super) struct Corrections {
    files: HashMap<String, FileCorrections>,
}

/// Corrections of one file.
#[derive(Default)]
pub(super) struct FileCorrections {
    /// SHA-256 of the file that was reviewed, in hexadecimal.
    pub(super) sha256: String,
    places: HashMap<String, Place>,
}

/// The corrections at one place.
struct Place {
    changes: Vec<One>,
    /// The number of the first of them in the list of the file's changes, from 1.
    first: usize,
    /// True when the work came by.
    met: AtomicBool,
}

/// One correction: bytes of the text at a place.
struct One {
    span: Span,
    /// The class of an added span; `None` for one that was rejected.
    add: Option<Class>,
}

impl Corrections {
    /// Reads what the page exported.
    pub(super) fn read(path: &Path) -> Result<Corrections> {
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        Self::parse(&text).with_context(|| format!("{} is no export of a review page", path.display()))
    }

    fn parse(text: &str) -> Result<Corrections> {
        let value: Value = serde_json::from_str(text).context("it is not JSON")?;
        if value["ward_review"] != VERSION {
            bail!("it does not say \"ward_review\": {VERSION}");
        }
        let mut all = Corrections::default();
        for file in value["files"].as_array().context("it has no list of files")? {
            let name = file["file"].as_str().context("a file has no name")?;
            let mut one = FileCorrections {
                sha256: file["sha256"].as_str().context("a file has no sha256")?.to_owned(),
                ..FileCorrections::default()
            };
            let changes = file["changes"].as_array().context("a file has no changes")?;
            for (nth, change) in (1..).zip(changes) {
                let number = |key: &str| change[key].as_u64().and_then(|n| usize::try_from(n).ok());
                let (Some(start), Some(end)) = (number("start"), number("end")) else {
                    bail!("a change has no start and end");
                };
                let add = match change["action"].as_str() {
                    Some("remove") => None,
                    Some("add") => {
                        let class = change["class"].as_str().and_then(Class::from_label);
                        Some(class.context("an added span has no class that a manifest names, such as NAME")?)
                    }
                    _ => bail!("a change neither adds nor removes"),
                };
                one.places
                    .entry(change["place"].as_str().unwrap_or_default().to_owned())
                    .or_insert_with(|| Place {
                        changes: Vec::new(),
                        first: nth,
                        met: AtomicBool::new(false),
                    })
                    .changes
                    .push(One {
                        span: Span::new(start, end),
                        add,
                    });
            }
            all.files.insert(name.to_owned(), one);
        }
        Ok(all)
    }

    /// Those of the file of that name.
    pub(super) fn of(&self, name: &str) -> Option<&FileCorrections> {
        self.files.get(name)
    }

    /// The names of all files that have some.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }
}

impl FileCorrections {
    /// What was decided at a place.
    fn at<'a>(&'a self, place: &str) -> &'a [One] {
        let Some(found) = self.places.get(place) else {
            return &[];
        };
        found.met.store(true, Ordering::Relaxed);
        &found.changes
    }

    /// What was decided about a document that is all of `place`: there, and at its fields, as a manifest names them.
    fn of_document(&self, place: &str, document: &Doc) -> Vec<&One> {
        let mut changes: Vec<&One> = self.at(place).iter().collect();
        // A manifest counts FHIR lines in bytes of the file: of such a line only whole places are known.
        let lead = match place {
            "" => String::new(),
            line if line.starts_with("line ") => return changes,
            place => format!("{place}, "),
        };
        let inner = |key: &String| key != place && key.starts_with(&lead);
        if self.places.keys().any(inner) {
            let fields: BTreeSet<String> = (0..document.fields().len()).map(|at| document.place(at)).collect();
            changes.extend(fields.iter().flat_map(|field| self.at(&format!("{lead}{field}"))));
        }
        changes
    }

    /// After all of the file: the places at which nothing was looked for are problems.
    pub(super) fn tell_unmet(&self, notes: &mut Notes) {
        let places = self.places.values().filter(|place| !place.met.load(Ordering::Relaxed));
        let mut unmet: Vec<usize> = places.map(|place| place.first).collect();
        unmet.sort_unstable();
        for number in unmet {
            notes.problem(format!("change {number} of --accept"), NO_PLACE, true);
        }
    }

    /// Takes away what was rejected and adds what was added. What does not fit the text is a problem.
    pub(super) fn correct(&self, place: &str, text: &str, hits: &mut Vec<Hit>, notes: &mut Notes) {
        for one in self.at(place) {
            if text.get(one.span.start..one.span.end).is_none_or(str::is_empty) {
                notes.problem(place.to_owned(), "a correction does not fit the text", true);
                continue;
            }
            let Some(class) = one.add else {
                let before = hits.len();
                hits.retain(|hit| hit.span != one.span);
                if hits.len() == before {
                    notes.problem(place.to_owned(), NOT_FOUND, true);
                }
                continue;
            };
            // An added span wins; what of others lies outside of it stays.
            let mut rest = Vec::with_capacity(hits.len() + 2);
            for hit in hits.drain(..) {
                for (start, end) in [
                    (hit.span.start, hit.span.end.min(one.span.start)),
                    (hit.span.start.max(one.span.end), hit.span.end),
                ] {
                    if start < end {
                        rest.push(Hit {
                            span: Span::new(start, end),
                            ..hit
                        });
                    }
                }
            }
            rest.push(Hit {
                span: one.span,
                class,
                rule: RULE,
                score: 100,
            });
            rest.sort_by_key(|hit| hit.span);
            *hits = rest;
        }
    }
}

/// Corrects a document that was de-identified: rejected spans get their text back, added ones are replaced.
pub(super) fn of_document(
    corrections: &FileCorrections,
    place: &str,
    document: &Doc,
    replaced: ReplacedDocument,
    subject: &Shared,
    notes: &mut Notes,
) -> Result<ReplacedDocument, Stop> {
    let changes = corrections.of_document(place, document);
    if changes.is_empty() {
        return Ok(replaced);
    }
    let rejected = |span: Span| changes.iter().any(|one| one.add.is_none() && one.span == span);
    let source = document.source();
    let mut replaced = replaced;
    let found = |span: Span| replaced.applied.iter().any(|one| one.old == span);
    for one in changes.iter().filter(|one| one.add.is_none()) {
        if !found(one.span) {
            notes.problem(place.to_owned(), NOT_FOUND, true);
        }
    }
    if replaced.applied.iter().any(|one| rejected(one.old)) {
        let mut bytes = Vec::with_capacity(replaced.bytes.len());
        let mut map = ward_formats::OffsetMap::new();
        let mut copied = 0;
        for (new, old) in replaced.map.changes() {
            if rejected(*old) {
                continue;
            }
            bytes.extend_from_slice(source.get(copied..old.start).unwrap_or_default());
            let start = bytes.len();
            bytes.extend_from_slice(replaced.bytes.get(new.start..new.end).unwrap_or_default());
            map.push(Span::new(start, bytes.len()), *old);
            copied = old.end;
        }
        bytes.extend_from_slice(source.get(copied..).unwrap_or_default());
        replaced.applied.retain(|one| !rejected(one.old));
        replaced.bytes = bytes;
        replaced.map = map;
    }
    for one in &changes {
        let Some(class) = one.add else { continue };
        let budget = Budget {
            bytes: usize::MAX,
            ..context::DOCUMENT
        };
        let parsed = Doc::parse(&replaced.bytes, Some(document.kind()), budget);
        let again = parsed.map_err(|error| Stop::malformed(&error))?.document;
        // The field is where the original has it: replacing changes no field's number.
        let index = document
            .fields()
            .iter()
            .position(|field| field.raw.start <= one.span.start && one.span.end <= field.raw.end);
        let fits = index.and_then(|index| Some((index, document.fields().get(index)?, again.fields().get(index)?)));
        let Some((index, before, after)) = fits else {
            notes.problem(place.to_owned(), "a correction does not fit the document", true);
            continue;
        };
        // Escapes and other replacements shift offsets: then the whole field goes.
        let plain = before.raw.len() == before.text.len() && before.text == after.text;
        let span = if plain {
            Span::new(one.span.start - before.raw.start, one.span.end - before.raw.start)
        } else {
            Span::new(0, after.text.len())
        };
        let Some(value) = after.text.get(span.start..span.end) else {
            notes.problem(place.to_owned(), "a correction does not fit the document", true);
            continue;
        };
        let with = context::with(subject, |deid| deid.value(class, value));
        let edit = Edit {
            field: index,
            span,
            with,
        };
        let spliced = again.splice(&[edit]).map_err(|error| Stop::malformed(&error))?;
        replaced.bytes = spliced.bytes;
        replaced.applied.push(ward_deid::Applied {
            place: document.place(index),
            old: one.span,
            new: Span::default(),
            class,
            rule: RULE,
            score: 100,
        });
    }
    Ok(replaced)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds_and_rejects() {
        let text = r#"{"ward_review":1,"files":[{"file":"a","sha256":"x","changes":[
            {"place":"","start":0,"end":3,"action":"remove"},{"place":"","start":6,"end":9,"class":"NAME","action":"add"},
            {"place":"","start":90,"end":99,"class":"NAME","action":"add"},
            {"place":"","start":3,"end":7,"action":"remove"}]}]}"#;
        let corrections = Corrections::parse(text).unwrap();
        let hit = |start, end| Hit {
            span: Span::new(start, end),
            class: Class::Day,
            rule: "day",
            score: 90,
        };
        let mut hits = vec![hit(0, 3), hit(4, 7)];
        let mut notes = Notes::default();
        let of = corrections.of("a").unwrap();
        of.correct("", "abc def ghi", &mut hits, &mut notes);
        let got: Vec<_> = hits
            .iter()
            .map(|hit| (hit.span.start, hit.span.end, hit.class))
            .collect();
        assert_eq!(got, [(4, 6, Class::Day), (6, 9, Class::Name)]);
        let told: Vec<_> = notes.problems.iter().map(|problem| problem.what).collect();
        assert_eq!(told, ["a correction does not fit the text", NOT_FOUND]);
        let elsewhere = text.replace("\"place\":\"\",\"start\":90", "\"place\":\"line 9\",\"start\":90");
        let corrections = Corrections::parse(&elsewhere).unwrap();
        let of = corrections.of("a").unwrap();
        let mut notes = Notes::default();
        of.correct("", "abc def ghi", &mut hits, &mut notes);
        notes.problems.clear();
        of.tell_unmet(&mut notes);
        let told: Vec<_> = notes
            .problems
            .iter()
            .map(|one| (one.place.as_str(), one.what))
            .collect();
        assert_eq!(told, [("change 3 of --accept", NO_PLACE)]);
        assert!(Corrections::parse("{}").is_err() && Corrections::parse("x").is_err());
    }
}
