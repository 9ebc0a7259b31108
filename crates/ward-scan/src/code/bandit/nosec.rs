//! Comments `nosec`, with or without the tests they name.

use ruff_python_ast::token::{TokenKind, Tokens};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::ids;

/// The comments of a file.
#[derive(Debug, Default)]
pub(super) struct Comments {
    /// Where each line begins, when there is any comment.
    lines: Vec<u32>,
    /// Line (from 0) and what the comment says, by line.
    marks: Vec<(usize, Marks)>,
}

/// The tests that comments name. None named: all tests.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Marks {
    numbers: Vec<u16>,
}

impl Marks {
    /// Whether a result of test `number` is kept back.
    pub(super) fn keep_back(&self, number: u16) -> bool {
        self.numbers.is_empty() || self.numbers.contains(&number)
    }

    /// Reads one comment. None when it is no `nosec`.
    fn read(comment: &str) -> Option<Self> {
        let mut rest = comment;
        loop {
            let (_, after) = rest.split_once('#')?;
            rest = after;
            let Some(tests) = after.trim_start().strip_prefix(concat!("no", "sec")) else {
                continue;
            };
            let tests = tests.split('#').next().unwrap_or_default();
            let words = tests.split(|c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == 'B'));
            let numbers = words.filter_map(|word| ids::by_id(word).or_else(|| ids::by_name(word)));
            return Some(Self {
                numbers: numbers.map(|test| test.number).collect(),
            });
        }
    }
}

impl Comments {
    /// Finds the comments of a file.
    pub(super) fn read(source: &str, tokens: &Tokens) -> Self {
        // Most files have none.
        if memchr::memmem::find(source.as_bytes(), concat!("no", "sec").as_bytes()).is_none() {
            return Self::default();
        }
        let mut comments = Self::default();
        let ends = memchr::memchr2_iter(b'\n', b'\r', source.as_bytes());
        let starts = ends.filter_map(|at| {
            let crlf = source.as_bytes().get(at..at + 2) == Some(b"\r\n");
            (!crlf).then(|| u32::try_from(at + 1).unwrap_or(u32::MAX))
        });
        comments.lines = std::iter::once(0).chain(starts).collect();
        for token in tokens.iter().filter(|token| token.kind() == TokenKind::Comment) {
            let text = source
                .get(token.start().to_usize()..token.end().to_usize())
                .unwrap_or_default();
            if let Some(marks) = Marks::read(text) {
                comments.marks.push((comments.line(token.start()), marks));
            }
        }
        comments
    }

    fn line(&self, at: TextSize) -> usize {
        self.lines
            .partition_point(|start| *start <= at.to_u32())
            .saturating_sub(1)
    }

    /// What the comments say of a result at `at` about the lines of `over`: the comment on its line, and the first one on
    /// those lines, together. None when there is neither.
    pub(super) fn over(&self, at: TextSize, over: TextRange) -> Option<Marks> {
        if self.marks.is_empty() {
            return None;
        }
        let own = self.line(at);
        let (first, last) = (self.line(over.start()), self.line(over.end()));
        let on = |line: usize| self.marks.iter().rev().find(|(other, _)| *other == line);
        let from = self.marks.partition_point(|(line, _)| *line < first);
        let within = self.marks.get(from).filter(|(line, _)| *line <= last);
        let mut both: Option<Marks> = None;
        for (_, marks) in on(own).into_iter().chain(within) {
            let all = both.get_or_insert_default();
            all.numbers.extend(&marks.numbers);
        }
        both
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(comment: &str, expect: Option<&[u16]>) {
        let read = Marks::read(comment).map(|marks| marks.numbers);
        assert_eq!(read.as_deref(), expect, "{comment}");
    }

    #[test]
    fn comments_name_tests_or_none() {
        let mark = concat!("no", "sec");
        for (after, expect) in [
            ("", Some(&[][..])),
            ("x", Some(&[])),
            (" B403", Some(&[403])),
            (": B402", Some(&[402])),
            (" : B403", Some(&[403])),
            (" import_pickle", Some(&[403])),
            (" B402,B403 because", Some(&[402, 403])),
            (" because", Some(&[])),
            (": because # B402", Some(&[])),
            (" -- B402", Some(&[402])),
            (" B999", Some(&[])),
        ] {
            check(&format!("# {mark}{after}"), expect);
            check(&format!("# type: ignore #{mark}{after}"), expect);
        }
        check("# some other comment", None);
        check(&format!("# foo {mark}"), None);
        check("# NOSEC", None);
    }
}
