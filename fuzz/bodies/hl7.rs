//! Any bytes as HL7 v2: no panic, nothing left out, and the laws of splicing.

use ward_formats::{Budget, Document, ErrorKind, hl7::Hl7Doc};

use super::splicing;

/// Reads `data` as HL7 v2 and checks the laws.
pub fn run(data: &[u8]) {
    let Ok(parsed) = Hl7Doc::parse(data, Budget::RECORD) else {
        return;
    };
    let document = parsed.document;
    let mut seen = 0;
    for segment in document.segments() {
        let numbers: Vec<usize> = (1..200).flat_map(|field| segment.leaves(field)).collect();
        for index in &numbers {
            assert!(document.segment_of(*index).is_some_and(|s| s.line() == segment.line()));
        }
        seen += numbers.len();
    }
    assert!(seen <= document.fields().len());
    splicing::identity(&document);
    // MSH-2 cannot be edited.
    let is_header = |i: usize| {
        let segment = document.segment_of(i).expect("a field has a segment");
        matches!(segment.id(), "MSH" | "FHS" | "BHS") && segment.leaf(2, 0, 1, 1) == Some(i)
    };
    for edits in splicing::edits(&document, |i| !is_header(i)) {
        let spliced = match document.splice(&edits) {
            Ok(spliced) => spliced,
            Err(error) => {
                // A message without an escape character cannot hold every text.
                assert_eq!(error.kind(), ErrorKind::Edit);
                continue;
            }
        };
        let again = Hl7Doc::parse(&spliced.bytes, Budget::RECORD)
            .expect("still HL7")
            .document;
        splicing::same(&document, &again, &edits, &spliced);
    }
}
