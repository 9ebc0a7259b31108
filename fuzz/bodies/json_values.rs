//! Any bytes as JSON of no standard: every text is a field with a column, and every field can be replaced.

use ward_formats::{Budget, Edit, Span, json::Values};

/// Reads `data` as JSON values and checks the laws.
pub fn run(data: &[u8]) {
    let Ok(parsed) = Values::parse(data, Budget::RECORD) else {
        return;
    };
    let doc = parsed.document;
    assert_eq!(doc.splice(&[]).expect("no edits fit").bytes, data);
    let mut edits = Vec::new();
    for (index, field) in doc.fields().iter().enumerate() {
        assert!(doc.column(index) < doc.columns().len());
        let _ = doc.place(index, |_| true);
        edits.push(Edit {
            field: index,
            span: Span::new(0, field.text.len()),
            with: "\u{1f642}\"x".to_owned(),
        });
    }
    let spliced = doc.splice(&edits).expect("whole fields can be replaced");
    let again = Values::parse(&spliced.bytes, Budget::RECORD)
        .expect("what was written is JSON")
        .document;
    assert_eq!(again.fields().len(), doc.fields().len());
    assert!(again.fields().iter().all(|field| field.text == "\u{1f642}\"x"));
}
