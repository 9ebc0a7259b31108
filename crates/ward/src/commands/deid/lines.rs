//! JSON of any shape: a line of many, or one text. FHIR resources among the lines go their own way.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, RwLock},
};

use ward_deid::{
    Class, Hit, Known,
    columns::{self, Column, Profiler, Treatment},
    find,
    residual::Traits,
};
use ward_formats::{Budget, Edit, Parsed, Role, Span, json::Values, sniff};

use super::{
    context::{self, Context, DOCUMENT, utf8},
    fault::Stop,
    notes::{Done, Shown, label},
    pieces::Piece,
    record,
};

/// Values under a key from which it is the name of a field.
const MANY: u32 = 3;

/// What was decided about the columns of a file.
#[derive(Default)]
pub(super) struct Columns {
    by_name: RwLock<HashMap<String, Arc<Column>>>,
    /// Keys that stand in many records, and so are the names of fields.
    structure: HashSet<String>,
}

impl Columns {
    /// Looks at the first lines, or at one JSON text.
    pub(super) fn profile<'a>(lines: impl Iterator<Item = &'a [u8]>) -> Columns {
        let mut names: Vec<String> = Vec::new();
        let mut index: HashMap<String, usize> = HashMap::new();
        let mut docs = Vec::new();
        for line in lines.take(500) {
            if sniff::kind(line) == ward_formats::Kind::Fhir {
                continue;
            }
            let Ok(parsed) = Values::parse(line, DOCUMENT) else {
                continue;
            };
            for name in parsed.document.columns() {
                if !index.contains_key(name) && names.len() < 10_000 {
                    index.insert(name.clone(), names.len());
                    names.push(name.clone());
                }
            }
            docs.push(parsed.document);
        }
        let mut profiler = Profiler::new(names.iter().map(String::as_str));
        let mut seen = vec![0_u32; names.len()];
        for doc in &docs {
            for (at, field) in doc.fields().iter().enumerate() {
                let name = doc.columns().get(doc.column(at));
                if field.role != Role::Code
                    && let Some(index) = name.and_then(|name| index.get(name))
                {
                    profiler.see(*index, &field.text);
                    if let Some(count) = seen.get_mut(*index) {
                        *count += 1;
                    }
                }
            }
        }
        let many = names.iter().zip(&seen).filter(|(_, count)| **count >= MANY);
        let structure = many.flat_map(|(name, _)| name.split('.').map(str::to_owned)).collect();
        let mut decided = profiler.decide();
        // In lines of {"id","text"} the id is the caller's handle for the line, and stays unless something is found in it.
        if decided.iter().any(|column| column.name == "text") {
            for column in decided.iter_mut().filter(|column| column.name == "id") {
                column.treatment = Treatment::Category;
            }
        }
        let decided = decided
            .into_iter()
            .map(|column| (column.name.clone(), Arc::new(column)));
        Columns {
            by_name: RwLock::new(decided.collect()),
            structure,
        }
    }

    /// Whether a key may be shown. A key can be content, as in `{"Ann Lee": {..}}`; one that says what it holds, or that
    /// stands in many records, is the name of a field.
    pub(super) fn shows(&self, key: &str) -> bool {
        is_plain_key(key) && (key.contains('_') || self.structure.contains(key) || columns::by_name(key).is_some())
    }

    /// The column of that name; one that was not looked at is judged by its name alone.
    fn get(&self, name: &str) -> Arc<Column> {
        let read = self.by_name.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(column) = read.get(name) {
            return Arc::clone(column);
        }
        drop(read);
        let column = Arc::new(Column::named(name));
        let mut write = self.by_name.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        if write.len() < 20_000 {
            write.insert(name.to_owned(), Arc::clone(&column));
        }
        column
    }

    /// All columns that occurred, by name.
    pub(super) fn all(&self) -> Vec<Column> {
        let read = self.by_name.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut all: Vec<Column> = read.values().map(|column| (**column).clone()).collect();
        all.sort_by(|a, b| a.name.cmp(&b.name));
        all
    }
}

/// De-identifies a piece of lines.
pub(super) fn piece(context: &Context, file: &str, columns: &Columns, piece: &Piece) -> Result<Done, Stop> {
    utf8(&piece.bytes, piece.at)?;
    let mut done = Done::default();
    let mut at = piece.at;
    for (number, line) in (piece.first..).zip(piece.bytes.split_inclusive(|b| *b == b'\n')) {
        let here = at;
        at += line.len() as u64;
        let content = line.trim_ascii();
        if content.is_empty() {
            if !context.spans {
                done.bytes.extend_from_slice(line);
            }
            continue;
        }
        let place = format!("line {number}");
        let start = line.len() - line.trim_ascii_start().len();
        let (lead, rest) = line.split_at_checked(start).unwrap_or((line, &[]));
        let trail = rest.get(content.len()..).unwrap_or_default();
        let one = if sniff::kind(content) == ward_formats::Kind::Fhir {
            record::fhir(context, file, &place, content)
        } else {
            values(context, file, columns, &place, content)
        };
        match one {
            Ok(one) => {
                if context.spans {
                    done.bytes.extend_from_slice(&spans_line(content, number, &one));
                    done.bytes.push(b'\n');
                } else {
                    done.bytes.extend_from_slice(lead);
                    done.bytes.extend_from_slice(&one.bytes);
                    done.bytes.extend_from_slice(trail);
                }
                let mut notes = one.notes;
                done.notes.shown.append(&mut notes.shown);
                done.notes.people.append(&mut notes.people);
                if context.list {
                    let at = usize::try_from(here).unwrap_or(usize::MAX).saturating_add(start);
                    done.notes.applied.extend(notes.applied.drain(..).map(|mut applied| {
                        // Spans of FHIR count bytes of the line; the manifest counts those of the file.
                        if !applied.place.contains(FIELD) {
                            applied.old.start += at;
                            applied.old.end += at;
                        }
                        applied
                    }));
                }
                done.notes.absorb(notes);
            }
            Err(Stop::Unexamined(_)) => {
                done.notes
                    .problem(place, "this line is no JSON that can be read; it was left out", true);
            }
            Err(other) => return Err(other),
        }
    }
    Ok(done)
}

/// What marks a place inside of a record whose spans count bytes of the field.
const FIELD: &str = ", field ";

/// De-identifies one JSON text by its columns.
pub(super) fn values(
    context: &Context,
    file: &str,
    columns: &Columns,
    place: &str,
    bytes: &[u8],
) -> Result<Done, Stop> {
    let budget = Budget { depth: 128, ..DOCUMENT };
    let Parsed { document, problems } = Values::parse(bytes, budget).map_err(|error| Stop::malformed(&error))?;
    let mut done = Done::default();
    done.notes.problems_at(place, problems);
    let of: Vec<Arc<Column>> = document.columns().iter().map(|name| columns.get(name)).collect();
    let column = |at: usize| of.get(document.column(at));
    let cells: Vec<(&Column, &str)> = document
        .fields()
        .iter()
        .enumerate()
        .filter(|(_, field)| field.role != Role::Code)
        .filter_map(|(at, field)| Some((column(at)?.as_ref(), field.text.as_str())))
        .collect();
    let (known, subject, traits) = people(context, &cells);
    let scope = match &subject {
        Some(who) => context.subjects.of(who)?,
        None => context.subjects.alone(file, place)?,
    };
    if !context.spans {
        context::with(&scope, |deid| deid.meet(&known));
    }
    done.notes
        .people
        .push((subject.unwrap_or_else(|| format!("{file}, {place}")), traits));
    done.notes.records = 1;
    let corrections = context.corrections(file);
    let mut edits = Vec::new();
    for (at, field) in document.fields().iter().enumerate() {
        let text = field.text.as_str();
        let Some(column) = column(at) else { continue };
        let mut hits = if field.role == Role::Code {
            key_hits(text, &known, columns)
        } else {
            column.hits(text, &known)
        };
        if hits.is_empty() && corrections.is_none() && !(context.show && is_text(column, field.role)) {
            continue;
        }
        let where_ = document.place(at, |key| columns.shows(key));
        let full = if place.is_empty() {
            format!("field {where_}")
        } else {
            format!("{place}{FIELD}{where_}")
        };
        if let Some(corrections) = corrections {
            corrections.correct(&full, text, &mut hits, &mut done.notes);
        }
        let replaced = if context.spans {
            context::listed(text, &hits, &full)
        } else {
            context::with(&scope, |deid| column.replace(deid, text, &hits, &full))
        };
        if context.show && (is_text(column, field.role) || !hits.is_empty()) {
            done.notes.shown.push(Shown::of(&full, text, &replaced));
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
        if context.spans && full.ends_with(", field text") {
            done.text = Some(text.to_owned());
        }
        done.apply_field(text, replaced.applied);
    }
    if !context.spans {
        done.bytes = document.splice(&edits).map_err(|error| Stop::malformed(&error))?.bytes;
    }
    Ok(done)
}

fn is_text(column: &Column, role: Role) -> bool {
    role == Role::Unknown && matches!(column.treatment, Treatment::Text | Treatment::Unknown)
}

/// What the cells of one record say of its people, whose record it is, and what they give away.
pub(super) fn people(context: &Context, cells: &[(&Column, &str)]) -> (Known, Option<String>, Traits) {
    let texts = cells
        .iter()
        .filter(|(column, value)| matches!(column.treatment, Treatment::Text | Treatment::Unknown) && value.len() > 12)
        .map(|(_, value)| *value);
    let mut known = context.known(texts);
    let mut traits = Traits::default();
    let mut subject = None;
    for (column, value) in cells {
        if let Some(quasi) = column.quasi {
            traits.add(quasi, &column.name, value);
        }
        if column.subject && subject.is_none() && !value.trim().is_empty() {
            // `Patient/17` and `17` are one patient.
            let value = value.trim();
            subject = Some(value.strip_prefix("Patient/").unwrap_or(value).to_owned());
        }
    }
    columns::teach(cells, &mut known);
    (known, subject, traits)
}

/// A key may hold a name: `{"Ann Lee": {..}}`.
fn key_hits(key: &str, known: &Known, columns: &Columns) -> Vec<Hit> {
    if !columns.shows(key) && columns::by_name(key).is_none() && columns::may_name_somebody(key) {
        return vec![Hit {
            span: Span::new(0, key.len()),
            class: Class::Name,
            rule: "key",
            score: 60,
        }];
    }
    if is_plain_key(key) && key.len() < 24 && !key.contains(' ') && known.is_empty() {
        return Vec::new();
    }
    find(key, known)
}

/// A key that looks like the name of a field.
fn is_plain_key(key: &str) -> bool {
    let digits = key.bytes().filter(u8::is_ascii_digit).count();
    key.len() <= 48
        && digits <= 3
        && key
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'$' | b'@' | b'#'))
}

/// The name of a column as it may be shown: the parts that are not names of fields show as `?`.
pub(super) fn plain_name(name: &str, shown: impl Fn(&str) -> bool) -> String {
    name.split('.')
        .map(|part| if shown(part) { part } else { "?" })
        .collect::<Vec<_>>()
        .join(".")
}

/// A line of `--spans`.
fn spans_line(line: &[u8], number: u64, one: &Done) -> Vec<u8> {
    let mut out = String::from("{");
    let tree = ward_formats::json::Tree::parse(line, DOCUMENT).ok();
    let mut has_text = false;
    if let Some(tree) = &tree {
        for key in ["id", "text"] {
            let node = tree.get(tree.root(), key);
            let raw = node
                .map(|n| tree.outer(n))
                .and_then(|span| line.get(span.start..span.end));
            if let (Some(raw), Some(node)) = (raw.and_then(|raw| std::str::from_utf8(raw).ok()), node) {
                let is_text = key == "text" && tree.str(node).is_some();
                if key == "id" || is_text {
                    out.push_str(&format!("\"{key}\":{raw},"));
                }
                has_text |= is_text;
            }
        }
    }
    if !out.contains("\"id\"") {
        out.push_str(&format!("\"line\":{number},"));
    }
    let whole = if has_text { one.text.as_deref() } else { None };
    let mut points = super::notes::Points::of(whole.unwrap_or_default());
    let (mut spans, mut others) = (Vec::new(), Vec::new());
    for applied in &one.notes.applied {
        let field = applied.place.split_once(FIELD).map(|(_, field)| field);
        if has_text && field == Some("text") {
            spans.push(serde_json::json!({
                "start": points.before(applied.old.start),
                "end": points.before(applied.old.end),
                "type": label(applied.class),
            }));
        } else {
            // Offsets count bytes: of a FHIR line, else of the field's text.
            others.push(serde_json::json!({
                "place": applied.place,
                "start_byte": applied.old.start,
                "end_byte": applied.old.end,
                "type": label(applied.class),
            }));
        }
    }
    out.push_str(&format!("\"spans\":{}", serde_json::Value::from(spans)));
    if !others.is_empty() {
        out.push_str(&format!(",\"elsewhere\":{}", serde_json::Value::from(others)));
    }
    out.push('}');
    out.into_bytes()
}
