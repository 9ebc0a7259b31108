//! What references point at: entries of the same bundle, contained resources, and types named in URLs.

use std::collections::BTreeMap;

use super::meaning::{self, Target};
use super::schema::SCHEMA;
use crate::json::{NodeId, Tree};

/// What the references of a document can point at.
pub(super) struct Targets<'a> {
    /// By the full URL of a bundle's entry, by `Type/id`, and by container and `#id`.
    urls: BTreeMap<&'a str, Target>,
    contained: BTreeMap<(NodeId, &'a str), Target>,
}

/// Looks through a document for what can be pointed at.
pub(super) fn read(tree: &Tree) -> Targets<'_> {
    let mut urls = BTreeMap::new();
    let mut contained = BTreeMap::new();
    for n in tree.values() {
        let Some(name) = tree.get(n, "resourceType").and_then(|t| tree.str(t)) else {
            continue;
        };
        let Some(parent) = tree.parent(n) else {
            continue;
        };
        let target = meaning::target(name);
        match tree.key(n) {
            Some("resource") => {
                if let Some(url) = tree.get(parent, "fullUrl").and_then(|u| tree.str(u)) {
                    urls.entry(url).or_insert(target);
                }
            }
            None if tree.key(parent) == Some("contained") => {
                if let (Some(id), Some(container)) = (tree.get(n, "id").and_then(|i| tree.str(i)), tree.parent(parent))
                {
                    contained.entry((container, id)).or_insert(target);
                }
            }
            _ => {}
        }
    }
    Targets { urls, contained }
}

impl Targets<'_> {
    /// What the literal reference of the Reference `n` points at.
    pub(super) fn find(&self, tree: &Tree, n: NodeId, reference: &str) -> Option<Target> {
        if let Some(id) = reference.strip_prefix('#') {
            // `#id` names a resource contained in the resource that the reference stands in.
            return std::iter::successors(tree.parent(n), |n| tree.parent(*n))
                .find_map(|container| self.contained.get(&(container, id)).copied());
        }
        if let Some(target) = self.urls.get(reference) {
            return Some(*target);
        }
        by_type(reference)
    }
}

/// What a text outside of a Reference points at, if it is a literal reference: one word that names a type of R4 and an id.
pub(super) fn literal(text: &str) -> Option<Target> {
    if text.contains('/') && !text.contains(char::is_whitespace) {
        by_type(text)
    } else {
        None
    }
}

/// `Patient/12`, `https://host/fhir/Patient/12/_history/1`, `Patient?identifier=..`
fn by_type(reference: &str) -> Option<Target> {
    let path = reference.split(['?', '|']).next().unwrap_or_default();
    let of = path.rsplit('/').take(4).find_map(|part| SCHEMA.resource(part))?;
    Some(meaning::target(SCHEMA.name(of)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Budget, Whose};

    #[test]
    fn follows_references() {
        let text = r##"{"resourceType":"Bundle","entry":[
            {"fullUrl":"urn:uuid:1","resource":{"resourceType":"Patient"}},
            {"fullUrl":"https://h/x/9","resource":{"resourceType":"Location","contained":[{"resourceType":"Practitioner","id":"c"}]}},
            {"resource":{"resourceType":"Observation","contained":[{"resourceType":"RelatedPerson","id":"c"}],"focus":[{"reference":"#c"}]}}
        ]}"##;
        let tree = Tree::parse(text.as_bytes(), Budget::RECORD).unwrap();
        let entries = tree.get(tree.root(), "entry").unwrap();
        let observation = tree
            .items(entries)
            .nth(2)
            .and_then(|e| tree.get(e, "resource"))
            .unwrap();
        let focus = tree
            .get(observation, "focus")
            .and_then(|f| tree.items(f).next())
            .unwrap();
        let targets = read(&tree);
        for (reference, expect) in [
            ("urn:uuid:1", Some(Target::Person(Whose::Patient))),
            ("https://h/x/9", Some(Target::Place)),
            // The id is another's in another container.
            ("#c", Some(Target::Person(Whose::Relative))),
            ("#d", None),
            ("Practitioner/7", Some(Target::Person(Whose::Clinician))),
            (
                "https://h/fhir/Patient/12/_history/3",
                Some(Target::Person(Whose::Patient)),
            ),
            ("Organization?identifier=urn:x|Patient/1", Some(Target::Place)),
            ("Encounter/1", Some(Target::Thing)),
            ("urn:uuid:2", None),
            ("", None),
        ] {
            assert_eq!(targets.find(&tree, focus, reference), expect, "{reference}");
        }
    }
}
