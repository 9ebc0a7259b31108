//! Facts of FHIR R4, by structure: what each resource type says, and the parts that say it.

pub(crate) mod own;
mod resources;
mod row;
mod standing;
mod warnings;

use std::collections::{BTreeSet, HashMap};

use ward_formats::{
    Problem,
    fhir::FhirDoc,
    json::{NodeId, Tree},
};

use self::row::Row;
use crate::fact::{FactKind, Record};

/// Resource types without clinical facts of the patient: known, and left out on purpose.
pub(crate) const BALLAST: &[(&str, &str)] = &[
    ("Claim", "billing"),
    ("ClaimResponse", "billing"),
    ("ExplanationOfBenefit", "billing"),
    ("Coverage", "billing"),
    ("CoverageEligibilityRequest", "billing"),
    ("CoverageEligibilityResponse", "billing"),
    ("Account", "billing"),
    ("ChargeItem", "billing"),
    ("Invoice", "billing"),
    ("Provenance", "provenance"),
    ("AuditEvent", "provenance"),
    ("Organization", "people and places of care"),
    ("Practitioner", "people and places of care"),
    ("PractitionerRole", "people and places of care"),
    ("Location", "people and places of care"),
    ("HealthcareService", "people and places of care"),
    ("Endpoint", "people and places of care"),
    ("RelatedPerson", "people and places of care"),
    ("CareTeam", "people and places of care"),
    ("Person", "people and places of care"),
    ("Medication", "shown where it is referred to"),
    ("Substance", "shown where it is referred to"),
    ("Bundle", "the wrapping"),
    ("Parameters", "the wrapping"),
    ("OperationOutcome", "the wrapping"),
    ("MessageHeader", "the wrapping"),
    ("Binary", "encoded content"),
    ("SupplyDelivery", "supplies and schedules"),
    ("SupplyRequest", "supplies and schedules"),
    ("Schedule", "supplies and schedules"),
    ("Slot", "supplies and schedules"),
    ("Task", "supplies and schedules"),
    ("Specimen", "supplies and schedules"),
];

/// Reads every resource of the document.
pub(crate) fn read(doc: &FhirDoc) -> Record {
    let tree = doc.tree();
    let index = Index::new(doc);
    let mut record = Record::default();
    let (mut unread, mut empty) = (BTreeSet::new(), BTreeSet::new());
    for (of, node) in doc.resources() {
        if standing::is_mistake(tree, node) {
            record.problems.push(Problem {
                place: of.to_owned(),
                what: "marked entered-in-error; it is left out",
                broken: false,
            });
            continue;
        }
        match resources::TABLE.iter().find(|(name, _)| *name == of) {
            Some((_, reader)) => {
                let mut rows = Vec::new();
                reader(
                    &Source {
                        tree,
                        index: &index,
                        node,
                    },
                    &mut rows,
                );
                if let [only] = rows.as_mut_slice() {
                    own::apply(tree, node, only);
                }
                if rows.is_empty() {
                    empty.insert(of.to_owned());
                }
                let not_so = standing::is_not_so(of, tree, node);
                for mut row in rows {
                    // What is said about it stays as it was said.
                    row.fact.negated |= not_so && row.fact.kind != FactKind::Remark;
                    row.finish(&mut record);
                }
            }
            None if BALLAST.iter().any(|(name, _)| *name == of) => {}
            None => {
                unread.insert(of.to_owned());
            }
        }
    }
    for of in empty {
        record.problems.push(Problem {
            place: of,
            what: "one or more of this type hold nothing that is read as a fact",
            broken: false,
        });
    }
    for of in unread {
        record.problems.push(Problem {
            place: of,
            what: "this resource type is not read for facts; its content is not in compressed output",
            broken: false,
        });
    }
    record
}

/// One resource and how to find others.
pub(crate) struct Source<'a> {
    pub(crate) tree: &'a Tree,
    index: &'a Index<'a>,
    pub(crate) node: NodeId,
}

impl<'a> Source<'a> {
    /// The node along `path` from the resource; an array stands for its first element.
    pub(crate) fn at(&self, path: &[&str]) -> Option<NodeId> {
        at(self.tree, self.node, path)
    }

    /// Elements of the array `key` of `node`; a lone value counts as one element.
    pub(crate) fn list(&self, node: NodeId, key: &str) -> Vec<NodeId> {
        list(self.tree, node, key)
    }

    /// A resource by its reference, from the bundle or the contained ones.
    pub(crate) fn resolve(&self, reference: &str) -> Option<NodeId> {
        if let Some(id) = reference.strip_prefix('#') {
            return self
                .list(self.node, "contained")
                .into_iter()
                .find(|n| self.tree.get(*n, "id").and_then(|i| self.tree.str(i)) == Some(id));
        }
        self.index.by_reference.get(reference).copied()
    }

    /// A row about this resource.
    pub(crate) fn row(&self) -> Row<'a> {
        Row::new(self.tree)
    }
}

/// The node along `path`; an array on the way stands for its first element.
pub(crate) fn at(tree: &Tree, from: NodeId, path: &[&str]) -> Option<NodeId> {
    path.iter().try_fold(from, |node, key| {
        let next = tree.get(node, key)?;
        Some(tree.items(next).next().unwrap_or(next))
    })
}

/// Elements of the array `key`; a lone value counts as one element.
pub(crate) fn list(tree: &Tree, node: NodeId, key: &str) -> Vec<NodeId> {
    let Some(found) = tree.get(node, key) else {
        return Vec::new();
    };
    let items: Vec<NodeId> = tree.items(found).collect();
    if items.is_empty() && tree.kind(found) != ward_formats::json::JsonKind::Array {
        vec![found]
    } else {
        items
    }
}

/// Where resources are, by `Type/id` and by `fullUrl`.
struct Index<'a> {
    by_reference: HashMap<std::borrow::Cow<'a, str>, NodeId>,
}

impl<'a> Index<'a> {
    fn new(doc: &'a FhirDoc) -> Self {
        let tree = doc.tree();
        let mut by_reference = HashMap::new();
        for (of, node) in doc.resources() {
            if let Some(id) = tree.get(node, "id").and_then(|n| tree.str(n)) {
                by_reference.entry(format!("{of}/{id}").into()).or_insert(node);
            }
        }
        for entry in list(tree, tree.root(), "entry") {
            if let (Some(url), Some(node)) = (
                tree.get(entry, "fullUrl").and_then(|n| tree.str(n)),
                tree.get(entry, "resource"),
            ) {
                by_reference.entry(url.into()).or_insert(node);
            }
        }
        Self { by_reference }
    }
}
