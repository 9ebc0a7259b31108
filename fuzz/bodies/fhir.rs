//! Any bytes as FHIR: no panic, every string is a field, and the laws of splicing.

use ward_formats::{
    Budget, Document,
    fhir::FhirDoc,
    json::{JsonKind, Tree},
};

use super::splicing;

/// Reads `data` as FHIR and checks the laws.
pub fn run(data: &[u8]) {
    let Ok(parsed) = FhirDoc::parse(data, Budget::RECORD) else {
        return;
    };
    let document = parsed.document;
    let tree = document.tree();
    for n in tree.values() {
        let field = document.field_at(n);
        assert!(
            field.is_some() || tree.kind(n) != JsonKind::String,
            "no string is left out"
        );
        if let Some(field) = field {
            assert_eq!(tree.text(n), Some(document.fields()[field].text.as_str()));
        }
    }
    for (of, n) in document.resources() {
        assert_eq!(tree.get(n, "resourceType").and_then(|t| tree.str(t)), Some(of));
    }
    splicing::identity(&document);
    for edits in splicing::edits(&document, |_| true) {
        let spliced = document.splice(&edits).expect("the edits fit");
        // An edited resourceType changes what the rest means, so compare as JSON, node by node.
        let again = Tree::parse(&spliced.bytes, Budget::RECORD).expect("still JSON");
        assert_eq!(again.len(), tree.len());
        for (i, field) in document.fields().iter().enumerate() {
            let n = document.node(i).expect("a field has a node");
            assert_eq!(again.text(n), Some(splicing::edited(&field.text, i, &edits).as_str()));
            assert_eq!(spliced.map.to_old(again.raw(n)), field.raw);
        }
    }
}
