//! Any text: hits are disjoint and on character boundaries, and what was replaced is restored.

use ward_deid::{ForeignScreen, Known, Pseudonyms, find};
use ward_formats::{Budget, Doc, Kind};

/// Replaces and restores `data` as text, with what it says about itself as known values.
pub fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let doc = Doc::parse(data, Some(Kind::Text), Budget::RECORD).map(|parsed| parsed.document);
    let known = doc.as_ref().map(|doc| Known::from_documents([doc])).unwrap_or_default();
    let mut last = 0;
    for hit in find(text, &known) {
        assert!(last <= hit.span.start && hit.span.start < hit.span.end);
        assert!(text.is_char_boundary(hit.span.start) && text.is_char_boundary(hit.span.end));
        last = hit.span.end;
    }
    let mut pseudonyms = Pseudonyms::new([9; 32]);
    let replaced = pseudonyms.replace_text(text, &known);
    let (restored, done) = pseudonyms.undo(&replaced.text);
    assert_eq!(restored, text);
    assert_eq!((done.restored, done.unknown), (replaced.tally.total(), 0));

    if let Ok(doc) = &doc {
        let replaced = pseudonyms
            .replace_document(doc, &known)
            .expect("text takes replacements");
        let again = Doc::parse(&replaced.bytes, Some(Kind::Text), Budget::RECORD)
            .expect("still text")
            .document;
        assert_eq!(pseudonyms.restore_document(&again).expect("text takes values"), data);
    }

    let mut out = String::new();
    let mut screen = ForeignScreen::new();
    screen.push(text, &mut out);
    screen.finish(&mut out);
}
