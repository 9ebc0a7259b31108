//! Any bytes as XML: no panic; nothing edited gives the input back, and every text can be replaced.

use ward_formats::{Budget, Edit, Span, xml::Elements};

/// Reads `data` as XML and checks the laws.
pub fn run(data: &[u8]) {
    let doc = match Elements::parse(data, Budget::RECORD) {
        Ok(doc) => doc,
        Err(error) => {
            assert!(error.at() <= data.len());
            return;
        }
    };
    assert_eq!(doc.source(), data);
    assert_eq!(doc.splice(&[]).expect("no edits fit").bytes, data);
    let mut edits = Vec::new();
    for (index, field) in doc.fields().iter().enumerate() {
        assert!(doc.way(index) < doc.ways().len());
        edits.push(Edit {
            field: index,
            span: Span::new(0, field.text.len()),
            with: "x&y".to_owned(),
        });
    }
    let spliced = doc.splice(&edits).expect("whole fields can be replaced");
    let again = Elements::parse(&spliced.bytes, Budget::RECORD).expect("what was written is XML");
    assert_eq!(again.fields().len(), doc.fields().len());
    assert!(again.fields().iter().all(|field| field.text == "x&y"));
    // The first character of each, alone: what follows stays.
    let firsts = doc.fields().iter().enumerate().map(|(index, field)| Edit {
        field: index,
        span: Span::new(0, field.text.chars().next().map_or(0, char::len_utf8)),
        with: "<".to_owned(),
    });
    let spliced = doc
        .splice(&firsts.collect::<Vec<_>>())
        .expect("first characters can be replaced");
    let again = Elements::parse(&spliced.bytes, Budget::RECORD).expect("what was written is XML");
    for (before, after) in doc.fields().iter().zip(again.fields()) {
        let rest = before
            .text
            .char_indices()
            .nth(1)
            .map_or("", |(at, _)| &before.text[at..]);
        assert_eq!(after.text.strip_prefix('<'), Some(rest));
    }
}
