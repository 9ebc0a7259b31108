//! Any bytes as plain text: no panic, and the laws of splicing.

use ward_formats::{Budget, Document, text::TextDoc};

use super::splicing;

/// Reads `data` as text and checks the laws.
pub fn run(data: &[u8]) {
    let Ok(parsed) = TextDoc::parse(data, Budget::RECORD) else {
        assert!(std::str::from_utf8(data).is_err());
        return;
    };
    let document = parsed.document;
    assert!(document.place(0).starts_with("line "));
    splicing::identity(&document);
    for edits in splicing::edits(&document, |_| true) {
        let spliced = document.splice(&edits).expect("the edits fit");
        let again = TextDoc::parse(&spliced.bytes, Budget::RECORD)
            .expect("still text")
            .document;
        splicing::same(&document, &again, &edits, &spliced);
    }
}
