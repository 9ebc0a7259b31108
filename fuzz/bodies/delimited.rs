//! Any bytes as a table: no panic; nothing edited gives the input back, and pieces hold the records of the whole.

use ward_formats::{
    Budget,
    delimited::{Dialect, Table},
};

/// Reads `data` in every dialect and checks the laws.
pub fn run(data: &[u8]) {
    let _ = Dialect::sniff(data);
    for delimiter in [b',', b'\t', b';', b'|'] {
        let dialect = Dialect { delimiter };
        let (cut, count) = dialect.whole_records(data);
        assert!(cut <= data.len());
        let Ok(parsed) = Table::parse(data, dialect, None, 1, Budget::RECORD) else {
            assert!(std::str::from_utf8(data).is_err());
            continue;
        };
        let table = parsed.document;
        assert_eq!(table.source(), data);
        assert_eq!(table.rewrite(&[]), data);
        if let (Ok(head), Ok(tail)) = (
            Table::parse(&data[..cut], dialect, None, 1, Budget::RECORD),
            Table::parse(&data[cut..], dialect, None, 1, Budget::RECORD),
        ) {
            assert_eq!(head.document.len() as u64, count);
            assert_eq!(head.document.len() + tail.document.len(), table.len());
        }
        // Every cell replaced: none of the old ones is left.
        let mut edits = Vec::new();
        for row in 0..table.len() {
            for cell in 0..table.row(row).count() {
                edits.push((row, cell, "x".to_owned()));
            }
        }
        let again = table.rewrite(&edits);
        let again = Table::parse(&again, dialect, None, 1, Budget::RECORD).expect("a table of x is text");
        for row in 0..again.document.len() {
            assert!(again.document.row(row).all(|cell| cell == "x"));
        }
    }
}
