//! What has to go of one field, by its role.

use ward_formats::date::{Civil, Precision};
use ward_formats::{Doc, Document, Role, Span};

use crate::columns::{self, Column, Treatment};
use crate::find::{self, Hit};
use crate::{Class, Known, dates, fold, gazetteer, identifier, lenient, lexicon};

use super::{Found, value};

/// What has to go of a field whose format says what it holds. Nothing of text, codes and numbers.
pub(crate) fn structured(doc: &Doc, index: usize, kinds: &identifier::Kinds, known: &Known) -> Vec<Hit> {
    let Some(field) = doc.fields().get(index) else {
        return Vec::new();
    };
    let text = field.text.as_str();
    match field.role {
        Role::Name(_) => whole(text, Class::Name),
        Role::Facility => whole(text, Class::Facility),
        Role::Address(_) => whole(text, Class::Place),
        Role::Contact(_) => whole(text, contact(text)),
        Role::Identifier(_) if is_created(doc, index, text) => Vec::new(),
        Role::Identifier(_) => said(identifier::parts(text, kinds.class(doc, index)), "field"),
        Role::BirthDate => whole(text, Class::Birth),
        Role::Date => said(date(text, known), "field"),
        Role::Binary => said(vec![(Span::new(0, text.len()), Class::File)], "field"),
        Role::Region => said(region(text, known), "field"),
        Role::Text | Role::Narrative | Role::Code | Role::Value | Role::Unknown => Vec::new(),
    }
}

/// True for the type of a resource as the address that it is sent to, in a request of a FHIR transaction.
fn is_created(doc: &Doc, index: usize, text: &str) -> bool {
    matches!(doc, Doc::Fhir(fhir) if fhir.resources().any(|(of, _)| of == text))
        && doc.place(index).ends_with(".request.url")
}

/// What the format itself says.
pub(super) fn said(parts: Vec<(Span, Class)>, rule: &'static str) -> Vec<Hit> {
    let hit = |(span, class)| Hit {
        span,
        class,
        rule,
        score: 100,
    };
    parts.into_iter().map(hit).collect()
}

/// True for a title, a suffix or a degree in the field that is for them (`Ms`, `III`, `MD`), which says nothing of who
/// somebody is, and that nobody is called.
pub(crate) fn is_title(doc: &Doc, found: &Found) -> bool {
    let place = doc.place(found.field);
    found.hit.class == Class::Name
        && found.hit.rule == "field"
        && is_for_titles(doc, found.field, &place)
        && is_all_titles(value(doc, found))
}

/// True for titles, suffixes and degrees that nobody is called, and nothing else.
#[must_use]
pub fn is_all_titles(text: &str) -> bool {
    const CALLED: i32 = 3;
    let words = fold::words(text);
    let mut words = words.split(' ').filter(|word| !word.is_empty());
    words.all(|word| {
        lexicon::tags(word) & (lexicon::HONORIFIC | lexicon::SUFFIX | lexicon::CREDENTIAL) != 0
            && gazetteer::word(word).given() < CALLED
    })
}

/// True for a field that is for titles, suffixes and degrees. Of HL7 v2 these are XPN.4 to XPN.6, and XCN.5 to XCN.7, whose
/// fourth component is a given name; subcomponents are parts of a surname (FN), or of somebody in an NDL, as in an XCN.
fn is_for_titles(doc: &Doc, index: usize, place: &str) -> bool {
    let Some((parent, leaf)) = place.rsplit_once('.') else {
        return false;
    };
    let leaf = leaf.split('[').next().unwrap_or(leaf);
    let counted = matches!(leaf, "4" | "5" | "6" | "7");
    if !matches!(doc, Doc::Hl7(_)) || !counted {
        return counted || matches!(leaf, "prefix" | "suffix");
    }
    // What stands first: the surname of an XPN, the number of an XCN.
    let mut before = (0..index).rev().map_while(|i| {
        let other = doc.place(i);
        let inside = other.strip_prefix(parent)?.strip_prefix('.').map(str::to_owned);
        // The first subcomponent has no number of its own, nor has a component that is alone.
        let inside = inside.or_else(|| (other == parent).then(|| "1".to_owned()))?;
        Some((inside, doc.fields().get(i)?.role))
    });
    let first = before
        .find(|(inside, _)| inside == "1" || inside.starts_with("1."))
        .map(|(_, role)| role);
    let whole = !parent.contains('.');
    match leaf {
        "4" => whole && matches!(first, Some(Role::Name(_))),
        "5" | "6" => whole || matches!(first, Some(Role::Identifier(_))),
        "7" => !matches!(first, Some(Role::Name(_))) && (whole || first.is_some()),
        _ => false,
    }
}

/// A field that is one value.
pub(super) fn whole(text: &str, class: Class) -> Vec<Hit> {
    said(vec![(trimmed(text), class)], "field")
}

/// The span of `text` without white space around it.
fn trimmed(text: &str) -> Span {
    let start = text.len() - text.trim_start().len();
    Span::new(start, start + text.trim().len())
}

fn contact(text: &str) -> Class {
    if text.contains("://") || text.trim_start().starts_with("www.") {
        Class::Url
    } else if text.contains('@') {
        Class::Email
    } else {
        Class::Phone
    }
}

fn literals(text: &str) -> Vec<(Span, Class)> {
    lenient::candidates(text)
        .into_iter()
        .map(|range| (Span::new(range.start, range.end), Class::Text))
        .collect()
}

/// A code, a unit or a number: nothing in it identifies anybody by its shape, but somebody may have
/// put there what the record says elsewhere of its people. Whole values only; a unit such as `NG`
/// is no name, and "Radiology" as a category is not the department of that name.
pub(super) fn coded(doc: &Doc, index: usize, known: &Known) -> Vec<(Span, Class)> {
    let Some(field) = doc.fields().get(index) else {
        return Vec::new();
    };
    let text = field.text.as_str();
    let mut hits = known.find(text);
    hits.retain(|hit| {
        let value = text.get(hit.span.start..hit.span.end).unwrap_or_default();
        match hit.class {
            Class::Name => {
                value.chars().filter(|c| c.is_alphanumeric()).count() >= 3 || value.chars().any(fold::is_unspaced)
            }
            Class::Facility => value.contains(' '),
            _ => true,
        }
    });
    if hits.is_empty() || is_structure(&doc.place(index)) {
        return literals(text);
    }
    hits.extend(literals(text).into_iter().map(|(span, class)| Hit {
        span,
        class,
        rule: "literal",
        score: 100,
    }));
    find::resolve(hits)
        .into_iter()
        .map(|hit| (hit.span, hit.class))
        .collect()
}

/// True for what says how the rest is to be read: changing it would change every other field.
fn is_structure(place: &str) -> bool {
    let (segment, field) = place.split_once('-').unwrap_or((place, ""));
    let segment = segment.split('[').next().unwrap_or_default();
    let field = field.split(['[', '.']).next().unwrap_or_default();
    place == "resourceType"
        || place.ends_with(".resourceType")
        || matches!(
            (segment, field),
            ("MSH", "2" | "9" | "11" | "12" | "18") | ("FHS" | "BHS", "2") | ("OBX", "2")
        )
}

/// A state or country: some records repeat the city there.
fn region(text: &str, known: &Known) -> Vec<(Span, Class)> {
    if known.find(text).is_empty() {
        literals(text)
    } else {
        vec![(trimmed(text), Class::Place)]
    }
}

/// A field that must hold a date.
pub(super) fn date(text: &str, known: &Known) -> Vec<(Span, Class)> {
    let value = text.trim();
    let class = match machine_date(value) {
        Some(day) if day.precision == Precision::Year => return literals(text),
        Some(day) if known.is_birth(Some(day)) => Class::Birth,
        Some(_) => Class::Day,
        None if value.bytes().all(|b| matches!(b, b':' | b'0'..=b'9' | b'.')) && value.contains(':') => {
            return literals(text);
        }
        None => match dates::whole(value) {
            Some(_) => Class::Day,
            None => Class::Text,
        },
    };
    vec![(trimmed(text), class)]
}

fn machine_date(text: &str) -> Option<Civil> {
    Civil::from_iso(text).or_else(|| Civil::from_hl7(text))
}

/// The text of an extension of FHIR, read like a cell of a table whose column is called as the extensions around it are: by
/// their addresses, the inner one first. None where field `index` is no such text.
pub(super) fn extended(doc: &Doc, index: usize, known: &Known) -> Option<Vec<Hit>> {
    let Doc::Fhir(fhir) = doc else { return None };
    let tree = fhir.tree();
    let leaf = fhir.node(index).filter(|leaf| tree.key(*leaf) == Some("valueString"))?;
    let around = std::iter::successors(tree.parent(leaf), |n| tree.parent(*n));
    let mut named = around.filter_map(|n| tree.get(n, "url").and_then(|url| tree.str(url)));
    let last = |url: &str| url.rsplit(['/', '#', ':']).next().unwrap_or_default().to_owned();
    let first = last(named.next()?);
    let name = if columns::by_name(&first).is_some_and(|said| said.treatment != Treatment::Text) {
        first
    } else {
        named
            .map(last)
            .find(|name| columns::by_name(name).is_some())
            .unwrap_or(first)
    };
    let text = &doc.fields().get(index)?.text;
    Some(Column::named(&name).hits(text, known))
}

/// A field of an element nobody described: nothing in it may be taken for harmless.
pub(super) fn unknown(doc: &Doc, index: usize, known: &Known) -> Vec<Hit> {
    let text = doc.fields().get(index).map_or("", |field| &field.text);
    let value = text.trim();
    let machine =
        machine_date(value).filter(|day| day.precision == Precision::Day && (1850..=2199).contains(&day.year));
    if machine.is_some() {
        return said(date(text, known), "field");
    }
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let one_word = !value.contains(char::is_whitespace);
    if one_word && digits >= 5 && !value.contains(['.', '[', '_']) {
        return whole(text, Class::Id);
    }
    let element = match doc {
        Doc::Fhir(fhir) => fhir.key(index).unwrap_or_default(),
        _ => "",
    };
    Column::named(element).hits(text, known)
}
