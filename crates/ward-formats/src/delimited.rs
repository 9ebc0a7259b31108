//! Tables of text: CSV (RFC 4180), TSV and their relatives, with the place of every cell.
//!
//! A record ends with LF, CR LF or CR; a cell may stand in double quotes, in which a doubled quote is one quote and line
//! ends are content. A quote inside a cell that did not begin with one is a character like others. What is not edited is
//! written back as it stood, byte for byte.

use std::borrow::Cow;

use crate::{Budget, Error, ErrorKind, Parsed, Problem, Span};

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dialect {
    /// The byte between cells: comma, tab, semicolon or bar.
    pub delimiter: u8,
}

/// What may stand between cells, most likely first.
const DELIMITERS: [u8; 4] = [b',', b'\t', b';', b'|'];

/// Records that are looked at to tell the dialect.
const LOOKED_AT: usize = 32;

impl Dialect {
    /// Comma-separated.
    pub const CSV: Dialect = Dialect { delimiter: b',' };
    /// Tab-separated.
    pub const TSV: Dialect = Dialect { delimiter: b'\t' };

    /// The dialect that a table's first bytes look like: the delimiter that gives the records the same number of cells,
    /// at least two. `None` when none does, as in prose.
    #[must_use]
    pub fn sniff(head: &[u8]) -> Option<Dialect> {
        let mut best: Option<(usize, Dialect)> = None;
        for delimiter in DELIMITERS {
            let dialect = Dialect { delimiter };
            let mut counts = Vec::new();
            let mut at = 0;
            while counts.len() < LOOKED_AT
                && let Some((end, cells)) = dialect.record(head, at, false)
            {
                // A blank line says nothing.
                if cells > 1 || end - at > 2 {
                    counts.push(cells);
                }
                at = end;
            }
            if counts.is_empty()
                && let Some((_, cells)) = dialect.record(head, 0, true)
            {
                counts.push(cells);
            }
            let Some(first) = counts.first().copied().filter(|cells| *cells > 1) else {
                continue;
            };
            let same = counts.iter().filter(|cells| **cells == first).count();
            if same * 10 >= counts.len() * 9 && best.is_none_or(|(cells, _)| first > cells) {
                best = Some((first, dialect));
            }
        }
        best.map(|(_, dialect)| dialect)
    }

    /// Bytes of `bytes` up to the end of the last whole record, and how many records that are, blank lines aside. `bytes`
    /// must begin where a record begins.
    #[must_use]
    pub fn whole_records(self, bytes: &[u8]) -> (usize, u64) {
        let (mut at, mut count) = (0, 0);
        while let Some((end, _)) = self.record(bytes, at, false) {
            count += u64::from(!matches!(bytes.get(at), Some(b'\n' | b'\r')));
            at = end;
        }
        (at, count)
    }

    /// The end of the record that begins at `at`, its line end included, and its cells. `None` when there is none, or when
    /// it does not end in `bytes` and more may follow (`last` false).
    fn record(self, bytes: &[u8], at: usize, last: bool) -> Option<(usize, usize)> {
        if at >= bytes.len() {
            return None;
        }
        let mut at = at;
        let mut cells = 0;
        loop {
            let cell = self.cell(bytes, at);
            cells += 1;
            match bytes.get(cell.end).copied() {
                Some(b'\n') => return Some((cell.end + 1, cells)),
                Some(b'\r') => match bytes.get(cell.end + 1) {
                    Some(b'\n') => return Some((cell.end + 2, cells)),
                    None if !last => return None,
                    _ => return Some((cell.end + 1, cells)),
                },
                Some(_) => at = cell.end + 1,
                None => return last.then_some((bytes.len(), cells)),
            }
        }
    }

    /// The cell that begins at `at`: it ends before a delimiter, a line end, or at the end.
    fn cell(self, bytes: &[u8], at: usize) -> Raw {
        let mut from = at;
        let quoted = bytes.get(at) == Some(&b'"');
        let mut closed = true;
        if quoted {
            closed = false;
            from = at + 1;
            while let Some(found) = memchr::memchr(b'"', bytes.get(from..).unwrap_or_default()) {
                from += found + 1;
                if bytes.get(from) == Some(&b'"') {
                    from += 1;
                } else {
                    closed = true;
                    break;
                }
            }
            if !closed {
                from = bytes.len();
            }
        }
        let rest = bytes.get(from..).unwrap_or_default();
        let end = memchr::memchr3(self.delimiter, b'\n', b'\r', rest).map_or(bytes.len(), |found| from + found);
        Raw {
            end,
            quoted,
            closed,
            tail: quoted && closed && end > from,
        }
    }
}

struct Raw {
    end: usize,
    quoted: bool,
    closed: bool,
    /// Something stands between the closing quote and the end of the cell.
    tail: bool,
}

/// A table, or a piece of one that begins where a record begins. Its `Debug` does not show the content.
#[derive(Clone)]
pub struct Table {
    dialect: Dialect,
    source: String,
    cells: Vec<Cell>,
    rows: Vec<Row>,
}

#[derive(Clone, Copy)]
struct Cell {
    raw: Span,
    quoted: bool,
}

#[derive(Clone, Copy)]
struct Row {
    /// Index of its first cell.
    first: usize,
    /// One past its last cell.
    end: usize,
}

impl std::fmt::Debug for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Table")
            .field("len", &self.source.len())
            .field("rows", &self.rows.len())
            .finish_non_exhaustive()
    }
}

impl Table {
    /// Reads records. `width` is how many cells each should have (those of the header), `first` the number of the first
    /// record for people. Blank lines are no records.
    ///
    /// # Errors
    /// [`ErrorKind::Encoding`] when the bytes are not UTF-8, [`ErrorKind::Budget`] when they are too many.
    pub fn parse(
        bytes: &[u8],
        dialect: Dialect,
        width: Option<usize>,
        first: u64,
        budget: Budget,
    ) -> Result<Parsed<Table>, Error> {
        let over = |at| Err(Error::new(ErrorKind::Budget, "the table is larger than the budget", at));
        if bytes.len() > budget.bytes {
            return over(budget.bytes);
        }
        let source = std::str::from_utf8(bytes).map_err(|e| {
            Error::new(
                ErrorKind::Encoding,
                "the table is not UTF-8; say its encoding, or convert it",
                e.valid_up_to(),
            )
        })?;
        let mut table = Table {
            dialect,
            source: source.to_owned(),
            cells: Vec::new(),
            rows: Vec::new(),
        };
        let mut problems = Vec::new();
        let mut width = width;
        let mut at = 0;
        while at < bytes.len() {
            if matches!(bytes.get(at), Some(b'\n' | b'\r')) {
                at += 1;
                continue;
            }
            let start = table.cells.len();
            let number = first.saturating_add(table.rows.len() as u64);
            let mut problem = |what, broken| {
                problems.push(Problem {
                    place: format!("record {number}"),
                    what,
                    broken,
                });
            };
            loop {
                if table.cells.len() >= budget.items {
                    return over(at);
                }
                let cell = dialect.cell(bytes, at);
                table.cells.push(Cell {
                    raw: Span::new(at, cell.end),
                    quoted: cell.quoted && cell.closed && !cell.tail,
                });
                if cell.tail {
                    problem(
                        "text stands after a closing quote; it was read as one cell of text",
                        false,
                    );
                }
                if !cell.closed {
                    problem("a quoted cell has no end", true);
                }
                at = cell.end;
                match bytes.get(at) {
                    Some(b) if *b == dialect.delimiter => at += 1,
                    Some(b'\r') if bytes.get(at + 1) == Some(&b'\n') => {
                        at += 2;
                        break;
                    }
                    Some(_) => {
                        at += 1;
                        break;
                    }
                    None => break,
                }
            }
            let cells = table.cells.len() - start;
            match width {
                None => width = Some(cells),
                Some(width) if width != cells => {
                    problem("this record has another number of cells than the header", true);
                }
                Some(_) => {}
            }
            table.rows.push(Row {
                first: start,
                end: table.cells.len(),
            });
        }
        Ok(Parsed {
            document: table,
            problems,
        })
    }

    /// How many records there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// True when there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The cells of record `row` (from 0), decoded: without the quotes around them, doubled quotes as one.
    pub fn row(&self, row: usize) -> impl Iterator<Item = Cow<'_, str>> + '_ {
        self.cells_of(row).map(|cell| self.decode(*cell))
    }

    /// The bytes it was parsed from.
    #[must_use]
    pub fn source(&self) -> &[u8] {
        self.source.as_bytes()
    }

    /// The table with cells replaced: (record, cell, new text), ascending, both from 0. A cell is quoted when it was, or
    /// when its new text needs it. Everything else stays as it stood.
    #[must_use]
    pub fn rewrite(&self, edits: &[(usize, usize, String)]) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.source.len() + edits.len() * 8);
        let source = self.source.as_bytes();
        let mut copied = 0;
        for (row, cell, with) in edits {
            let Some(cell) = self.cells_of(*row).nth(*cell).filter(|cell| cell.raw.start >= copied) else {
                continue;
            };
            out.extend_from_slice(source.get(copied..cell.raw.start).unwrap_or_default());
            self.encode(with, cell.quoted, &mut out);
            copied = cell.raw.end;
        }
        out.extend_from_slice(source.get(copied..).unwrap_or_default());
        out
    }

    fn cells_of(&self, row: usize) -> impl Iterator<Item = &Cell> + '_ {
        let range = self.rows.get(row).map_or(0..0, |row| row.first..row.end);
        self.cells.get(range).unwrap_or_default().iter()
    }

    fn decode(&self, cell: Cell) -> Cow<'_, str> {
        let raw = self.source.get(cell.raw.start..cell.raw.end).unwrap_or_default();
        let inner = cell
            .quoted
            .then(|| raw.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')))
            .flatten();
        match inner {
            Some(inner) if inner.contains('"') => Cow::Owned(inner.replace("\"\"", "\"")),
            Some(inner) => Cow::Borrowed(inner),
            None => Cow::Borrowed(raw),
        }
    }

    fn encode(&self, text: &str, quoted: bool, out: &mut Vec<u8>) {
        let special = |b: u8| b == self.dialect.delimiter || matches!(b, b'"' | b'\n' | b'\r');
        if quoted || text.bytes().any(special) {
            out.push(b'"');
            out.extend_from_slice(text.replace('"', "\"\"").as_bytes());
            out.push(b'"');
        } else {
            out.extend_from_slice(text.as_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(text: &str) -> Parsed<Table> {
        Table::parse(text.as_bytes(), Dialect::CSV, None, 1, Budget::RECORD).unwrap()
    }

    fn check(text: &str, expect: &[&[&str]], problems: usize) {
        let parsed = parse(text);
        let rows: Vec<Vec<String>> = (0..parsed.document.len())
            .map(|row| parsed.document.row(row).map(Cow::into_owned).collect())
            .collect();
        assert_eq!(rows, expect, "{text:?}");
        assert_eq!(parsed.problems.len(), problems, "{text:?} {:?}", parsed.problems);
    }

    #[test]
    fn reads_what_people_write() {
        check("", &[], 0);
        check("a,b\n1,2\n", &[&["a", "b"], &["1", "2"]], 0);
        check("a,b\r\n1,2", &[&["a", "b"], &["1", "2"]], 0);
        check("a\r1\r", &[&["a"], &["1"]], 0);
        check("a,\n,b\n", &[&["a", ""], &["", "b"]], 0);
        check("a,b\n\n\r\n1,2\n", &[&["a", "b"], &["1", "2"]], 0);
        check("\"a, \"\"b\"\"\nc\",d\n", &[&["a, \"b\"\nc", "d"]], 0);
        check("\"\",x\n", &[&["", "x"]], 0);
        check("5\" nail,x\n", &[&["5\" nail", "x"]], 0);
    }

    #[test]
    fn reports_what_is_wrong() {
        check("a,b\n1\n1,2,3\n", &[&["a", "b"], &["1"], &["1", "2", "3"]], 2);
        check("\"a\"b,c\n", &[&["\"a\"b", "c"]], 1);
        check("a,b\n\"never,closed\n", &[&["a", "b"], &["\"never,closed\n"]], 2);
        assert!(Table::parse(b"\xff", Dialect::CSV, None, 1, Budget::RECORD).is_err());
    }

    #[test]
    fn tells_dialects() {
        for (head, expect) in [
            ("a,b,c\n1,2,3\n", Some(b',')),
            ("a;b\n1,5;2\n", Some(b';')),
            ("a\tb\n1\t2\n", Some(b'\t')),
            ("a|b|c\n1|2|3\n", Some(b'|')),
            ("a,b", Some(b',')),
            ("name\nx\n", None),
            ("Seen today, well.\nNo pain\nNo fever, chills, or sweats.\n", None),
            ("\"x,y\",\"z\nw\"\n1,2\n", Some(b',')),
        ] {
            assert_eq!(Dialect::sniff(head.as_bytes()).map(|d| d.delimiter), expect, "{head}");
        }
    }

    #[test]
    fn whole_records_end_where_records_end() {
        for (text, expect) in [
            ("a,b\n1,2", (4, 1)),
            ("a,\"b\nc\"\nx", (8, 1)),
            ("a,\"b\nc", (0, 0)),
            ("a\r", (0, 0)),
            ("a\r\n\r\nb", (5, 1)),
            ("a\rb", (2, 1)),
            ("", (0, 0)),
        ] {
            assert_eq!(Dialect::CSV.whole_records(text.as_bytes()), expect, "{text:?}");
        }
    }

    #[test]
    fn rewrites_cells_and_nothing_else() {
        let table = parse("a,\"b\"\r\n 1 ,\"2\"\r\n").document;
        let edits = [(0, 1, "x\"y".to_owned()), (1, 0, "p,q".to_owned())];
        assert_eq!(
            String::from_utf8(table.rewrite(&edits)).unwrap(),
            "a,\"x\"\"y\"\r\n\"p,q\",\"2\"\r\n"
        );
        assert_eq!(table.rewrite(&[]), table.source());
    }

    proptest! {
        #[test]
        fn any_text_is_read_and_written_back(text in "[a,\"\n\r; é]{0,60}", with in "[a,\"\n]{0,6}") {
            let parsed = parse(&text);
            let table = parsed.document;
            prop_assert_eq!(table.rewrite(&[]), text.as_bytes());
            // Records of whole pieces are the records of the whole.
            let (cut, _) = Dialect::CSV.whole_records(text.as_bytes());
            let (a, b) = (parse(&text[..cut]).document, parse(&text[cut..]).document);
            prop_assert_eq!(a.len() + b.len(), table.len());
            // A cell that is written is read as it was written, and its neighbours stay.
            if let Some(first) = table.row(0).next() && !first.is_empty() && parsed.problems.is_empty() {
                let changed = table.rewrite(&[(0, 0, format!("x{with}"))]);
                let again = parse(std::str::from_utf8(&changed).unwrap()).document;
                let read = again.row(0).next().unwrap().into_owned();
                prop_assert_eq!(read, format!("x{with}"));
                prop_assert_eq!(again.row(0).skip(1).collect::<Vec<_>>(), table.row(0).skip(1).collect::<Vec<_>>());
            }
        }
    }
}
