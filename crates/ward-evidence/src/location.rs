//! Where something was found.

use std::fmt::{self, Write as _};

/// A half-open range of bytes of one file (or of one archive member, decompressed).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ByteRange {
    /// First byte.
    pub start: u64,
    /// One past the last byte.
    pub end: u64,
}

/// A place in a source: a file, a member of an archive, a line, a column, a range of bytes. A place knows nothing of
/// what stands there.
///
/// Places are ordered as a report lists them: by path, member, line, column, then bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    /// Path below the scanned root, with `/` between its parts.
    pub path: String,
    /// Member of the archive at `path`; `outer.zip!inner.txt` for a member of a member.
    pub member: Option<String>,
    /// Line, counted from 1.
    pub line: Option<u32>,
    /// Column, counted from 1 in Unicode code points. Only meaningful with a line.
    pub column: Option<u32>,
    /// The bytes meant.
    pub span: Option<ByteRange>,
}

impl Location {
    /// The whole file at `path`.
    #[must_use]
    pub fn of_file(path: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            member: None,
            line: None,
            column: None,
            span: None,
        }
    }

    /// The same place inside archive member `member`; said twice, a member of a member. Line, column and span are
    /// those of the new innermost file, so they are dropped.
    #[must_use]
    pub fn inside(mut self, member: &str) -> Self {
        self.member = Some(match self.member {
            None => member.to_owned(),
            Some(outer) => format!("{outer}!{member}"),
        });
        self.line = None;
        self.column = None;
        self.span = None;
        self
    }

    /// At `line` and `column`, both counted from 1.
    #[must_use]
    pub fn at(mut self, line: u32, column: u32) -> Self {
        self.line = Some(line);
        self.column = Some(column);
        self
    }

    /// Over bytes `start..end`.
    #[must_use]
    pub fn over(mut self, start: u64, end: u64) -> Self {
        self.span = Some(ByteRange { start, end });
        self
    }

    /// `path`, or `path!member`: the `path` of machine-readable output. As written in the source; for a terminal use
    /// the [`Display`](fmt::Display) form, which is safe to print.
    #[must_use]
    pub fn full_path(&self) -> String {
        match &self.member {
            None => self.path.clone(),
            Some(member) => format!("{}!{member}", self.path),
        }
    }
}

/// `path!member:line:column`, for people. Control characters and marks that reorder text, which a hostile file name
/// may hold to draw on a terminal, are written as escapes.
impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.full_path().chars() {
            if c.is_control() || is_reordering(c) {
                write!(f, "{}", c.escape_unicode())?
            } else {
                f.write_char(c)?
            }
        }
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
            if let Some(column) = self.column {
                write!(f, ":{column}")?;
            }
        }
        Ok(())
    }
}

/// The characters of Unicode's bidirectional algorithm (UAX 9) that change the order of what follows, and the line
/// and paragraph separators.
fn is_reordering(c: char) -> bool {
    matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(place: Location, expect: &str) {
        assert_eq!(place.to_string(), expect);
    }

    #[test]
    fn a_place_prints_as_far_as_it_is_known() {
        check(Location::of_file("a/b.py"), "a/b.py");
        check(Location::of_file("a/b.py").at(3, 7), "a/b.py:3:7");
        check(Location::of_file("m.zip").inside("w/data.pkl"), "m.zip!w/data.pkl");
        check(
            Location::of_file("m.zip").inside("n.tar").inside("x").at(1, 1),
            "m.zip!n.tar!x:1:1",
        );
        check(Location::of_file("m.bin").over(4, 9), "m.bin");
    }

    #[test]
    fn a_file_name_cannot_draw_on_the_terminal() {
        check(Location::of_file("a\u{1b}[2Jb"), "a\\u{1b}[2Jb");
        check(Location::of_file("a\nb\u{202e}c"), "a\\u{a}b\\u{202e}c");
        check(Location::of_file("Zoë/日本.txt"), "Zoë/日本.txt");
        assert_eq!(Location::of_file("a\nb").full_path(), "a\nb");
    }

    #[test]
    fn entering_a_member_forgets_the_place_in_the_archive() {
        let place = Location::of_file("m.zip").at(1, 2).over(3, 4).inside("x");
        assert_eq!((place.line, place.column, place.span), (None, None, None));
    }

    #[test]
    fn places_sort_as_a_report_lists_them() {
        let sorted = [
            Location::of_file("a"),
            Location::of_file("a").at(2, 9),
            Location::of_file("a").at(10, 1),
            Location::of_file("a").inside("m"),
            Location::of_file("b"),
        ];
        assert!(sorted.is_sorted());
    }
}
