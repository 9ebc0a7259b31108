//! Identifier fields: which part names the thing, and what kind of number it is.

use std::collections::HashMap;

use ward_formats::{Doc, Document, Kind, Role, Span};

use crate::Class;

/// HL7 v2 table 0203 codes (also FHIR `identifier.type`) whose numbers have a class of their own.
const TYPES: &[(&str, Class)] = &[
    ("MR", Class::Mrn),
    ("PI", Class::Mrn),
    ("PT", Class::Mrn),
    ("MRT", Class::Mrn),
    ("SS", Class::Ssn),
    ("SB", Class::Ssn),
    ("DL", Class::Licence),
    ("PPN", Class::Licence),
    ("NPI", Class::Licence),
    ("DEA", Class::Licence),
    ("MD", Class::Licence),
    ("LN", Class::Licence),
    ("MB", Class::Plan),
    ("MA", Class::Plan),
    ("MC", Class::Plan),
    ("NH", Class::Plan),
    ("SN", Class::Plan),
    ("AN", Class::Account),
    ("VN", Class::Account),
    ("SNO", Class::Device),
    ("UDI", Class::Device),
];

/// Identifier systems that say the kind by themselves.
const SYSTEMS: &[(&str, Class)] = &[
    ("us-ssn", Class::Ssn),
    ("us-npi", Class::Licence),
    ("us-medicare", Class::Plan),
    ("us-mbi", Class::Plan),
    ("2.16.840.1.113883.4.1", Class::Ssn),
    ("2.16.840.1.113883.4.6", Class::Licence),
    ("2.16.840.1.113883.4.3.", Class::Licence),
    ("passport", Class::Licence),
];

/// HL7 v2 fields whose numbers have a class of their own.
const FIELDS: &[(&str, Class)] = &[
    ("PID-2", Class::Mrn),
    ("PID-3", Class::Mrn),
    ("PID-4", Class::Mrn),
    ("MRG-1", Class::Mrn),
    ("PID-18", Class::Account),
    ("PV1-19", Class::Account),
    ("PV1-50", Class::Account),
    ("PID-19", Class::Ssn),
    ("NK1-37", Class::Ssn),
    ("GT1-19", Class::Ssn),
    ("IN2-1", Class::Ssn),
    ("PID-20", Class::Licence),
    ("IN1-2", Class::Plan),
    ("IN1-8", Class::Plan),
    ("IN1-36", Class::Plan),
    ("IN1-49", Class::Plan),
    ("IN2-61", Class::Plan),
];

/// What the document says of the kinds of its identifiers.
pub(crate) struct Kinds {
    kind: Kind,
    /// Place of an identifier (`entry[0].resource.identifier[1]`) to its class.
    typed: HashMap<String, Class>,
}

impl Kinds {
    pub(crate) fn of(doc: &Doc) -> Self {
        let mut typed = HashMap::new();
        if doc.kind() == Kind::Fhir {
            for (index, field) in doc
                .fields()
                .iter()
                .enumerate()
                .filter(|(_, field)| field.role == Role::Code)
            {
                let by_type = TYPES.iter().find(|(code, _)| *code == field.text);
                let by_system = || SYSTEMS.iter().find(|(part, _)| field.text.contains(part));
                let Some((_, class)) = by_type.or_else(by_system) else {
                    continue;
                };
                let place = doc.place(index);
                let parent = place
                    .strip_suffix(".system")
                    .or_else(|| place.rsplit_once(".type.").map(|(parent, _)| parent));
                if let Some(parent) = parent {
                    typed.insert(parent.to_owned(), *class);
                }
            }
        }
        Self {
            kind: doc.kind(),
            typed,
        }
    }

    /// The class of identifier field `index`.
    pub(crate) fn class(&self, doc: &Doc, index: usize) -> Class {
        let found = match self.kind {
            Kind::Text => None,
            Kind::Fhir if self.typed.is_empty() => None,
            Kind::Fhir => {
                let place = doc.place(index);
                place
                    .strip_suffix(".value")
                    .and_then(|parent| self.typed.get(parent))
                    .copied()
            }
            Kind::Hl7 => by_field(&doc.place(index)),
        };
        found.unwrap_or(Class::Id)
    }
}

/// `PID[2]-3[1].1` to the class of PID-3.
fn by_field(place: &str) -> Option<Class> {
    let (segment, rest) = place.split_once('-')?;
    let segment = segment.split('[').next()?;
    let field = rest.split(['[', '.']).next()?;
    let is_it = |name: &str| name.split_once('-') == Some((segment, field));
    FIELDS.iter().find(|(name, _)| is_it(name)).map(|(_, class)| *class)
}

/// Parameters of FHIR searches that stand in references and conditions. What has another may be anything, and goes whole.
const PARAMETERS: &[&str] = &[
    "_id",
    "_lastUpdated",
    "active",
    "address",
    "based-on",
    "birthdate",
    "category",
    "class",
    "code",
    "date",
    "email",
    "encounter",
    "family",
    "gender",
    "given",
    "identifier",
    "name",
    "organization",
    "patient",
    "performer",
    "period",
    "phone",
    "practitioner",
    "status",
    "subject",
    "telecom",
    "type",
    "url",
    "version",
];

/// What an identifier may stand behind.
const URNS: &[&str] = &["urn:uuid:", "urn:oid:"];

/// The values of a FHIR search, `Observation?patient=Patient/123&code=http://loinc.org|4548-4`, without the system before
/// `|` and the type before `/`; a condition such as `identifier=x|1` has no type. None when it is no search.
fn search(value: &str) -> Option<Vec<(usize, usize)>> {
    let from = match value.split_once('?') {
        Some((kind, _)) if is_type(kind) => kind.len() + 1,
        Some(_) => return None,
        None => 0,
    };
    let mut parts = Vec::new();
    let mut at = from;
    for parameter in value.get(from..)?.split('&') {
        let (name, values) = parameter
            .split_once('=')
            .filter(|(name, _)| PARAMETERS.contains(name))?;
        let mut start = at + name.len() + 1;
        for one in values.split(',') {
            let system = one.rfind('|').map_or(0, |bar| bar + 1);
            let rest = one.get(system..).unwrap_or_default();
            let typed = || {
                let (kind, id) = rest.split_once('/')?;
                (is_type(kind) && !id.contains('/')).then_some(kind.len() + 1)
            };
            let urn = URNS.iter().find(|urn| rest.starts_with(**urn)).map(|urn| urn.len());
            let lead = urn.or_else(typed).unwrap_or(0);
            parts.push((start + system + lead, start + one.len()));
            start += one.len() + 1;
        }
        at += parameter.len() + 1;
    }
    parts.retain(|(from, to)| from < to);
    Some(parts)
}

/// True for what is written like the type of a resource.
fn is_type(kind: &str) -> bool {
    kind.starts_with(|c: char| c.is_ascii_uppercase()) && kind.bytes().all(|b| b.is_ascii_alphabetic())
}

/// What to replace in an identifier field: of `Patient/123`, `urn:uuid:..`, `#p1` and
/// `https://host/fhir/Patient/123` the part that names the thing, and the host; else everything.
pub(crate) fn parts(text: &str, class: Class) -> Vec<(Span, Class)> {
    let start = text.len() - text.trim_start().len();
    let value = text.trim();
    let span = |from: usize, to: usize| Span::new(start + from, start + to);
    let whole = || vec![(span(0, value.len()), class)];
    if class != Class::Id {
        return whole();
    }
    // The container of a contained resource.
    if value == "#" {
        return Vec::new();
    }
    // The version of a resource, in a condition: `W/"3"`. A number that somebody counted says nothing of anybody.
    if let Some(version) = value.strip_prefix("W/\"").and_then(|rest| rest.strip_suffix('"')) {
        let counted = version.len() < 5 && version.bytes().all(|b| b.is_ascii_digit());
        let version = (span(3, value.len() - 1), Class::Id);
        return if counted { Vec::new() } else { vec![version] };
    }
    for prefix in URNS.iter().chain(&["#"]) {
        if let Some(id) = value.strip_prefix(prefix).filter(|id| !id.is_empty()) {
            return vec![(span(value.len() - id.len(), value.len()), Class::Id)];
        }
    }
    if let Some(parts) = search(value) {
        return parts
            .into_iter()
            .map(|(from, to)| (span(from, to), Class::Id))
            .collect();
    }
    let (base, path) = match value.find("://") {
        None => (0, value),
        Some(scheme) => {
            // The resource type and the id are the last two parts, before any history.
            let end = value.find("/_history").unwrap_or(value.len());
            let cut = value
                .get(..end)
                .and_then(|v| v.rfind('/'))
                .and_then(|at| value.get(..at))
                .and_then(|v| v.rfind('/'));
            match cut.filter(|at| *at > scheme + 2) {
                Some(at) => (at + 1, value.get(at + 1..).unwrap_or("")),
                None => return vec![(span(0, value.len()), Class::Url)],
            }
        }
    };
    let Some((kind, id)) = path.split_once('/') else {
        return whole();
    };
    let id = id.split("/_history").next().unwrap_or(id);
    if !is_type(kind) || id.is_empty() || id.contains(['/', '?', '|']) {
        return if base > 0 {
            vec![(span(0, value.len()), Class::Url)]
        } else {
            whole()
        };
    }
    let at = base + kind.len() + 1;
    let mut parts = Vec::new();
    if base > 0 {
        parts.push((span(0, base - 1), Class::Url));
    }
    parts.push((span(at, at + id.len()), Class::Id));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &[(&str, Class)]) {
        let found: Vec<_> = parts(text, Class::Id)
            .into_iter()
            .map(|(s, c)| (&text[s.start..s.end], c))
            .collect();
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn names_the_thing() {
        check("Patient/p-1", &[("p-1", Class::Id)]);
        check("Patient/p-1/_history/2", &[("p-1", Class::Id)]);
        check("urn:uuid:abc", &[("abc", Class::Id)]);
        check("#p1", &[("p1", Class::Id)]);
        check("#", &[]);
        check(
            "https://h.example/fhir/Patient/p-1",
            &[("https://h.example/fhir", Class::Url), ("p-1", Class::Id)],
        );
        check("https://h.example/x", &[("https://h.example/x", Class::Url)]);
        check("Patient?identifier=x|1", &[("1", Class::Id)]);
        check(
            "Observation?patient=Patient/p-1&subject=p-2,p-3&date=",
            &[("p-1", Class::Id), ("p-2", Class::Id), ("p-3", Class::Id)],
        );
        check(
            "identifier=http://h.example/mrn|77&family=Quack",
            &[("77", Class::Id), ("Quack", Class::Id)],
        );
        check(
            "Observation?identifier=http://h.example|77&patient=urn:uuid:abc",
            &[("77", Class::Id), ("abc", Class::Id)],
        );
        check("W/\"3\"", &[]);
        check("W/\"Quackenbush\"", &[("Quackenbush", Class::Id)]);
        check("W/\"4471220\"", &[("4471220", Class::Id)]);
        check("p-1?x=Patient/1", &[("p-1?x=Patient/1", Class::Id)]);
        check("zelda=1", &[("zelda=1", Class::Id)]);
        check("Patient?zelda=1", &[("Patient?zelda=1", Class::Id)]);
        check("Patient?Zelda", &[("Patient?Zelda", Class::Id)]);
        check(" 12/34 ", &[("12/34", Class::Id)]);
    }

    #[test]
    fn knows_fields_by_number() {
        assert_eq!(by_field("PID-3.1"), Some(Class::Mrn));
        assert_eq!(by_field("PID[2]-19"), Some(Class::Ssn));
        assert_eq!(by_field("PID-30"), None);
        assert_eq!(by_field("line 3"), None);
    }
}
