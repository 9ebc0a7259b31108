//! Which elements FHIR R4 has, and of what type each is. Read once from `r4.txt`.

use std::sync::LazyLock;

use super::meaning::{self, Meaning};

/// Every type of FHIR R4 with its elements.
pub(super) static SCHEMA: LazyLock<Schema> = LazyLock::new(|| Schema::read(include_str!("r4.txt")));

/// Index of a type in the schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TypeId(u16);

/// What an element is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Is {
    /// A JSON string, number or boolean that means this.
    Primitive(Meaning),
    /// An object of that type.
    Complex(TypeId),
    /// A resource; `resourceType` says which.
    Resource,
}

struct Type {
    name: &'static str,
    base: &'static str,
    /// Own and inherited elements, sorted by name.
    elements: Vec<(&'static str, Is)>,
    /// Stems of elements that may end in any of the types of `Extension.value[x]`.
    stems: Vec<&'static str>,
}

/// The table.
pub(super) struct Schema {
    /// Sorted by name.
    types: Vec<Type>,
    /// Every element name of every type, sorted.
    names: Vec<&'static str>,
    extension: Option<TypeId>,
}

/// A type as it stands in the file: its element names, each with its type's name or `*`.
struct Row {
    name: &'static str,
    base: &'static str,
    elements: Vec<(&'static str, &'static str)>,
}

impl Schema {
    fn read(text: &'static str) -> Schema {
        let rows = rows(text);
        let type_names: Vec<&str> = rows.iter().map(|row| row.name).collect();
        let types: Vec<Type> = rows
            .iter()
            .map(|row| {
                let elements = inherited(&rows, row.name);
                let (stems, elements): (Vec<_>, Vec<_>) = elements.into_iter().partition(|(_, of)| *of == "*");
                let mut elements: Vec<_> = elements
                    .into_iter()
                    .map(|(name, of)| (name, is(&type_names, row.name, name, of)))
                    .collect();
                elements.sort_by_key(|(name, _)| *name);
                Type {
                    name: row.name,
                    base: row.base,
                    elements,
                    stems: stems.into_iter().map(|(stem, _)| stem).collect(),
                }
            })
            .collect();
        let mut names: Vec<&str> = rows
            .iter()
            .flat_map(|row| row.elements.iter().map(|(name, _)| *name))
            .chain(["resourceType"])
            .collect();
        names.sort_unstable();
        names.dedup();
        let mut schema = Schema {
            types,
            names,
            extension: None,
        };
        schema.extension = schema.find("Extension");
        schema
    }

    /// The type of that name.
    pub(super) fn find(&self, name: &str) -> Option<TypeId> {
        let i = self.types.binary_search_by_key(&name, |t| t.name).ok()?;
        u16::try_from(i).ok().map(TypeId)
    }

    /// The type of that name, if it is one that stands in `resourceType`.
    pub(super) fn resource(&self, name: &str) -> Option<TypeId> {
        self.find(name).filter(|id| {
            self.get(*id)
                .is_some_and(|t| matches!(t.base, "DomainResource" | "Resource") && t.name != "DomainResource")
        })
    }

    /// The type's name.
    pub(super) fn name(&self, id: TypeId) -> &'static str {
        self.get(id).map_or("", |t| t.name)
    }

    /// What element `name` of type `id` is.
    pub(super) fn element(&self, id: TypeId, name: &str) -> Option<Is> {
        let of = self.get(id)?;
        if let Ok(i) = of.elements.binary_search_by_key(&name, |(name, _)| name) {
            return of.elements.get(i).map(|(_, is)| *is);
        }
        let suffix = of.stems.iter().find_map(|stem| name.strip_prefix(stem))?;
        let values = &self.get(self.extension?)?.elements;
        let value = |(name, _): &&(&str, Is)| name.strip_prefix("value") == Some(suffix);
        values.iter().find(value).map(|(_, is)| *is)
    }

    /// True when some type of FHIR has an element of that name. Such a name is no content.
    pub(super) fn is_name(&self, name: &str) -> bool {
        let name = name.strip_prefix('_').unwrap_or(name);
        self.names.binary_search(&name).is_ok()
    }

    fn get(&self, id: TypeId) -> Option<&Type> {
        self.types.get(usize::from(id.0))
    }
}

fn rows(text: &'static str) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        match (
            line.strip_prefix("  ").and_then(|body| body.split_once(": ")),
            rows.last_mut(),
        ) {
            (Some((of, names)), Some(row)) => row.elements.extend(names.split(' ').map(|name| (name, of))),
            _ => {
                let (name, base) = line.split_once(' ').unwrap_or((line, ""));
                rows.push(Row {
                    name,
                    base,
                    elements: Vec::new(),
                });
            }
        }
    }
    rows.sort_by_key(|row| row.name);
    rows
}

/// Elements of a type and of the types it extends.
fn inherited(rows: &[Row], name: &str) -> Vec<(&'static str, &'static str)> {
    let find = |name: &str| rows.iter().find(|row| row.name == name);
    std::iter::successors(find(name), |row| find(row.base))
        .take(8)
        .flat_map(|row| row.elements.iter().copied())
        .collect()
}

fn is(types: &[&str], owner: &str, element: &str, of: &str) -> Is {
    if of == "Resource" {
        return Is::Resource;
    }
    match types.binary_search(&of).ok().and_then(|i| u16::try_from(i).ok()) {
        Some(i) => Is::Complex(TypeId(i)),
        None => Is::Primitive(meaning::of(owner, element, of)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_elements_of_r4() {
        let element = |of: &str, name: &str| {
            let id = SCHEMA.find(of).unwrap();
            match SCHEMA.element(id, name) {
                Some(Is::Complex(id)) => SCHEMA.name(id),
                Some(Is::Primitive(_)) => "primitive",
                Some(Is::Resource) => "resource",
                None => "none",
            }
        };
        for (of, name, expect) in [
            ("Patient", "name", "HumanName"),
            ("Patient", "contact", "PatientContact"),
            ("PatientContact", "name", "HumanName"),
            ("Patient", "id", "primitive"),
            ("Patient", "text", "Narrative"),
            ("Patient", "contained", "resource"),
            ("Patient", "modifierExtension", "Extension"),
            ("Patient", "nickname", "none"),
            ("Organization", "name", "primitive"),
            ("Extension", "valueAddress", "Address"),
            ("ParametersParameter", "valueAddress", "Address"),
            ("ParametersParameter", "valueNothing", "none"),
            ("ElementDefinition", "patternCodeableConcept", "CodeableConcept"),
            ("Dosage", "timing", "Timing"),
            ("Extension", "valueAge", "Age"),
            ("Age", "system", "primitive"),
            ("Encounter", "length", "Duration"),
            ("Duration", "extension", "Extension"),
            ("Narrative", "div", "primitive"),
            ("HumanName", "extension", "Extension"),
            ("BundleEntry", "resource", "resource"),
        ] {
            assert_eq!(element(of, name), expect, "{of}.{name}");
        }
        assert_eq!(SCHEMA.types.len(), 636);
        assert!(SCHEMA.resource("Patient").is_some());
        assert!(SCHEMA.resource("Binary").is_some());
        for no in ["DomainResource", "Resource", "HumanName", "Element", "", "patient"] {
            assert!(SCHEMA.resource(no).is_none(), "{no}");
        }
        assert!(SCHEMA.is_name("_birthDate") && SCHEMA.is_name("resourceType") && !SCHEMA.is_name("John Smith"));
    }
}
