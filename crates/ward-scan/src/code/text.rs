//! Which files are Python, and their text: decoded, notebooks joined to one program, every offset with its way back.

use std::borrow::Cow;

use ward_formats::{Budget, input::Input, json::JsonKind, json::Tree};

use crate::Blob;

/// Most bytes of a program. What is longer was made by a program.
pub(super) const MAX_PROGRAM: usize = 4 << 20;
/// Most bytes of a notebook, outputs included.
const MAX_NOTEBOOK: usize = 64 << 20;

/// What parsing a notebook may cost: outputs hold images and tables.
const BUDGET: Budget = Budget {
    bytes: MAX_NOTEBOOK,
    depth: 64,
    items: 4_000_000,
};

/// What kind of program a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Python,
    Notebook,
}

/// What a file is, by its name; a file without an extension by its first line.
pub(super) fn kind(blob: &Blob<'_>) -> Option<Kind> {
    let name = blob.name();
    match name.rsplit_once('.') {
        Some((_, "py" | "pyw" | "pyi")) => Some(Kind::Python),
        Some((_, "ipynb")) => Some(Kind::Notebook),
        Some((before, _)) if !before.is_empty() => None,
        _ => {
            let head = blob.content.at(0, 128).ok()?;
            let line = head.strip_prefix(b"#!")?;
            let line = line.split(|byte| *byte == b'\n').next()?;
            memchr::memmem::find(line, b"python").map(|_| Kind::Python)
        }
    }
}

/// The text of a program.
#[derive(Debug)]
pub(super) struct Text<'a> {
    /// The program. UTF-8, without a byte-order mark.
    pub(super) source: Cow<'a, str>,
    pub(super) kind: Kind,
    /// Bytes of the file that stand before the text; none when offsets of the text are no offsets of the file.
    shift: Option<usize>,
    /// The lines of a notebook's program, by offset.
    lines: Vec<CellLine>,
}

/// A line of a notebook's program.
#[derive(Debug, Clone, Copy)]
struct CellLine {
    /// Where it begins in the program.
    start: usize,
    /// The line of the file that holds it.
    file_line: u32,
    /// The cell, counted from 1, and the line in it.
    cell: u32,
    line: u32,
}

/// A place in the text, as people see it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) line: u32,
    pub(super) column: u32,
    /// Bytes of the file.
    pub(super) span: Option<(u64, u64)>,
    /// For a notebook: the cell, and the line in it.
    pub(super) cell: Option<(u32, u32)>,
}

/// Reads the program that `content` holds.
///
/// # Errors
/// Why it cannot be examined.
pub(super) fn read<'a>(content: &Input<'a>, kind: Kind) -> Result<Text<'a>, &'static str> {
    const UNREADABLE: &str = "the file could not be read";
    match kind {
        Kind::Python => match content.whole(MAX_PROGRAM) {
            Err(_) => Err(UNREADABLE),
            Ok(None) => Err("a Python file of more than 4 MiB; split it, or accept that it is not examined"),
            Ok(Some(bytes)) => python(bytes),
        },
        Kind::Notebook => match content.whole(MAX_NOTEBOOK) {
            Err(_) => Err(UNREADABLE),
            Ok(None) => Err("a notebook of more than 64 MiB; clear its outputs"),
            Ok(Some(bytes)) => notebook(&bytes),
        },
    }
}

fn python(bytes: Cow<'_, [u8]>) -> Result<Text<'_>, &'static str> {
    if memchr::memchr(0, bytes.get(..bytes.len().min(8_192)).unwrap_or_default()).is_some() {
        return Err("a Python file with zero bytes: no program, or one in UTF-16");
    }
    let encoding = encoding(&bytes)?;
    let shift = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let text = |source, shift| Text {
        source,
        kind: Kind::Python,
        shift,
        lines: Vec::new(),
    };
    match bytes {
        Cow::Borrowed(bytes) => {
            let body = bytes.get(shift..).unwrap_or_default();
            match std::str::from_utf8(body) {
                Ok(source) => Ok(text(Cow::Borrowed(source), Some(shift))),
                Err(_) => Ok(text(Cow::Owned(latin_1(body, encoding)?), None)),
            }
        }
        Cow::Owned(mut bytes) => {
            bytes.drain(..shift);
            match String::from_utf8(bytes) {
                Ok(source) => Ok(text(Cow::Owned(source), Some(shift))),
                Err(error) => Ok(text(Cow::Owned(latin_1(error.as_bytes(), encoding)?), None)),
            }
        }
    }
}

/// What the bytes of a program stand for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Utf8,
    /// ISO 8859-1 or nearly.
    Latin1,
    /// Another one, in which ASCII is ASCII.
    Other,
}

const UNREAD: &str = "a Python file that is neither UTF-8 nor in a declared encoding that Ward reads";

/// The encoding that a comment in the first two lines declares (PEP 263). Not one in which ASCII may stand for something
/// else, such as UTF-7, or that nobody knows.
fn encoding(bytes: &[u8]) -> Result<Encoding, &'static str> {
    const LATIN: &[&str] = &[
        "latin1",
        "latin",
        "l1",
        "isolatin1",
        "iso88591",
        "iso885915",
        "latin9",
        "cp1252",
        "windows1252",
    ];
    const ASCII: &[&str] = &[
        "iso8859",
        "cp125",
        "windows125",
        "koi8",
        "mac",
        "cp437",
        "cp85",
        "cp86",
        "gb",
        "cp936",
        "euc",
        "big5",
        "cp950",
        "shiftjis",
        "sjis",
        "cp932",
        "cp949",
        "tis620",
    ];
    let Some(name) = bytes.split(|byte| *byte == b'\n').take(2).find_map(declared) else {
        return Ok(Encoding::Utf8);
    };
    match name.as_str() {
        "utf8" | "u8" | "utf8sig" | "utf8unix" | "utf8dos" | "utf8mac" | "ascii" | "usascii" => Ok(Encoding::Utf8),
        name if LATIN.contains(&name) => Ok(Encoding::Latin1),
        name if bytes.is_ascii() && ASCII.iter().any(|start| name.starts_with(start)) => Ok(Encoding::Other),
        _ => Err(UNREAD),
    }
}

/// The name behind `coding:` or `coding=` in a comment, its letters small and its signs left out.
fn declared(line: &[u8]) -> Option<String> {
    line.split(|byte| *byte == b'\r').find_map(|line| {
        let comment = line.trim_ascii_start().strip_prefix(b"#")?;
        memchr::memmem::find_iter(comment, b"coding").find_map(|at| {
            let rest = comment.get(at + 6..)?;
            let name = rest.strip_prefix(b":").or_else(|| rest.strip_prefix(b"="))?;
            let name = name.iter().skip_while(|byte| matches!(byte, b' ' | b'\t'));
            let name: Vec<u8> = name
                .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
                .filter(|byte| byte.is_ascii_alphanumeric())
                .map(u8::to_ascii_lowercase)
                .collect();
            (!name.is_empty()).then(|| String::from_utf8_lossy(&name).into_owned())
        })
    })
}

/// Decodes what declares itself ISO 8859-1.
fn latin_1(bytes: &[u8], encoding: Encoding) -> Result<String, &'static str> {
    if encoding == Encoding::Latin1 {
        Ok(bytes.iter().map(|byte| char::from(*byte)).collect())
    } else {
        Err(UNREAD)
    }
}

/// Joins the code cells of a notebook.
fn notebook<'a>(bytes: &[u8]) -> Result<Text<'a>, &'static str> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let tree = Tree::parse(bytes, BUDGET).map_err(|_| "a notebook that is no JSON, or over the limits")?;
    let mut text = Text {
        source: Cow::Borrowed(""),
        kind: Kind::Notebook,
        shift: None,
        lines: Vec::new(),
    };
    let mut source = String::new();
    // nbformat 4 has the cells at the root, nbformat 3 in worksheets.
    let mut lists: Vec<_> = tree.get(tree.root(), "cells").into_iter().collect();
    if let Some(sheets) = tree.get(tree.root(), "worksheets") {
        lists.extend(tree.items(sheets).filter_map(|sheet| tree.get(sheet, "cells")));
    }
    if lists.is_empty() {
        return Err("a notebook without cells: no notebook, or of a form that is not known");
    }
    let language = tree
        .at(tree.root(), &["metadata", "kernelspec", "language"])
        .or_else(|| tree.at(tree.root(), &["metadata", "language_info", "name"]))
        .and_then(|node| tree.text(node));
    if language.is_some_and(|language| !language.to_ascii_lowercase().contains("python")) {
        return Err("a notebook in another language than Python");
    }
    let (mut counted_to, mut file_line) = (0usize, 1u32);
    let mut number = 0u32;
    for list in lists {
        for cell in tree.items(list) {
            number = number.saturating_add(1);
            if tree.get(cell, "cell_type").and_then(|node| tree.text(node)) != Some("code") {
                continue;
            }
            let Some(node) = tree.get(cell, "source").or_else(|| tree.get(cell, "input")) else {
                continue;
            };
            let mut pieces: Vec<(&str, usize)> = Vec::new();
            if tree.kind(node) == JsonKind::Array {
                pieces.extend(
                    tree.items(node)
                        .filter_map(|item| Some((tree.text(item)?, tree.raw(item).start))),
                );
            } else {
                pieces.extend(tree.text(node).map(|text| (text, tree.raw(node).start)));
            }
            let first = pieces.first().map_or("", |piece| piece.0);
            if other_language(first) {
                continue;
            }
            let mut line = 1u32;
            let mut fresh = true;
            for (piece, offset) in pieces {
                let passed = bytes.get(counted_to..offset).unwrap_or_default();
                let passed = memchr::memchr_iter(b'\n', passed).count();
                file_line = file_line.saturating_add(u32::try_from(passed).unwrap_or(u32::MAX));
                counted_to = offset.max(counted_to);
                for part in piece.split_inclusive('\n') {
                    if fresh {
                        text.lines.push(CellLine {
                            start: source.len(),
                            file_line,
                            cell: number,
                            line,
                        });
                        line = line.saturating_add(1);
                    }
                    // A cell magic at the head of a cell of Python: the rest of the cell is the program.
                    let magic = fresh && part.trim_start().starts_with("%%");
                    source.push_str(if magic { "\n" } else { part });
                    fresh = part.ends_with('\n');
                }
                if source.len() > MAX_PROGRAM {
                    return Err("a notebook with more than 4 MiB of code");
                }
            }
            if !source.ends_with('\n') {
                source.push('\n');
            }
        }
    }
    text.source = Cow::Owned(source);
    Ok(text)
}

/// Whether a cell begins with a magic that hands it to something else than Python.
fn other_language(first: &str) -> bool {
    let Some(magic) = first.trim_start().strip_prefix("%%") else {
        return false;
    };
    let word: &str = magic.split_whitespace().next().unwrap_or_default();
    !matches!(
        word,
        "time" | "timeit" | "capture" | "prun" | "python" | "python3" | "memit" | "mprun" | "heat" | "snakeviz"
    )
}

impl Text<'_> {
    /// Where lines begin, for [`place`](Self::place).
    pub(super) fn line_starts(&self) -> Vec<usize> {
        let mut starts = vec![0];
        starts.extend(memchr::memchr_iter(b'\n', self.source.as_bytes()).map(|at| at + 1));
        starts
    }

    /// Bytes `start..end` of the text as a place in the file.
    pub(super) fn place(&self, starts: &[usize], start: usize, end: usize) -> Place {
        let index = starts.partition_point(|line| *line <= start).saturating_sub(1);
        let line_start = starts.get(index).copied().unwrap_or_default();
        let before = self.source.get(line_start..start).unwrap_or_default();
        let column = u32::try_from(before.chars().count())
            .unwrap_or(u32::MAX)
            .saturating_add(1);
        let span = self.shift.map(|shift| ((start + shift) as u64, (end + shift) as u64));
        let mut place = Place {
            line: u32::try_from(index).unwrap_or(u32::MAX).saturating_add(1),
            column,
            span,
            cell: None,
        };
        if self.kind == Kind::Notebook {
            let index = self.lines.partition_point(|line| line.start <= start).saturating_sub(1);
            if let Some(line) = self.lines.get(index) {
                place.line = line.file_line;
                place.cell = Some((line.cell, line.line));
            }
        }
        place
    }

    /// Offsets of the text as offsets of the file. None where they are no offsets of the file.
    pub(super) fn file_range(&self, start: usize, end: usize) -> Option<(u64, u64)> {
        self.shift.map(|shift| ((start + shift) as u64, (end + shift) as u64))
    }

    /// The line on which `offset` stands.
    pub(super) fn line<'t>(&'t self, starts: &[usize], offset: usize) -> &'t str {
        let index = starts.partition_point(|line| *line <= offset);
        let start = starts.get(index.saturating_sub(1)).copied().unwrap_or_default();
        let end = starts.get(index).copied().unwrap_or(self.source.len());
        self.source.get(start..end).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, bytes: &[u8], expect: Option<Result<&str, &str>>) {
        let blob = Blob::of_bytes(name, bytes);
        let got = kind(&blob).map(|kind| read(&blob.content, kind));
        let got = got.as_ref().map(|one| match one {
            Ok(text) => Ok(text.source.as_ref()),
            Err(why) => Err(why.split([' ', ':']).take(3).last().unwrap_or_default()),
        });
        assert_eq!(got, expect, "{name}");
    }

    #[test]
    fn programs_are_recognised_and_decoded() {
        check("a/b.py", b"x = 1", Some(Ok("x = 1")));
        check("a.PYI", b"\xef\xbb\xbfx = 1", Some(Ok("x = 1")));
        check(
            "run",
            b"#!/usr/bin/env python3\nx",
            Some(Ok("#!/usr/bin/env python3\nx")),
        );
        check("run", b"#!/bin/sh\n", None);
        check(".env", b"A=1", None);
        check("a.rs", b"x", None);
        check(
            "a.py",
            b"# -*- coding: latin-1 -*-\nx = '\xe9'",
            Some(Ok("# -*- coding: latin-1 -*-\nx = '\u{e9}'")),
        );
        for name in [
            "utf-8",
            "UTF8",
            "ascii",
            "cp1252",
            "iso-8859-2",
            "koi8-r",
            "gb2312",
            "shift_jis",
            "utf-8-sig",
        ] {
            let program = format!("#!/usr/bin/python\n# vim: set fileencoding={name} :\nx = 1");
            check("a.py", program.as_bytes(), Some(Ok(&program)));
        }
        // In these ASCII may stand for something else.
        for name in [
            "utf-7",
            "U7",
            "unicode_escape",
            "raw-unicode-escape",
            "cp1140",
            "cp037",
            "utf-16",
            "hz",
            "iso-2022-jp",
            "mine",
        ] {
            let program = format!("# -*- coding: {name} -*-\n# +AAo-import os");
            check("a.py", program.as_bytes(), Some(Err("file")));
        }
        for program in [
            "# How coding works\nx",
            "\n\n# coding: utf-7\nx",
            "x = '# coding: utf-7'",
            "# encoding\nx = 'coding: utf-7'",
        ] {
            check("a.py", program.as_bytes(), Some(Ok(program)));
        }
        check("a.py", "# coding: gbk\nx = 'é'".as_bytes(), Some(Err("file")));
        check(
            "a.py",
            "# coding: latin-1\nx = 'é'".as_bytes(),
            Some(Ok("# coding: latin-1\nx = 'é'")),
        );
        check("a.py", b"x = '\xe9'", Some(Err("file")));
        check("a.py", b"\0\0", Some(Err("file")));
        check("a.ipynb", b"{}", Some(Err("without")));
        check("a.ipynb", b"{", Some(Err("that")));
    }

    const BOOK: &str = r#"{
 "cells": [
  {"cell_type": "markdown", "source": ["x"]},
  {"cell_type": "code", "source": [
   "import a\n",
   "%matplotlib inline\n",
   "f()"
  ]},
  {"cell_type": "code", "source": "%%bash\nls"},
  {"cell_type": "code", "source": "%%time\ng()\nh()"}
 ]
}"#;

    #[test]
    fn a_notebook_is_one_program_with_a_way_back() {
        let program = "import a\n%matplotlib inline\nf()\n\ng()\nh()\n";
        check("a.ipynb", BOOK.as_bytes(), Some(Ok(program)));
        let text = read(&Input::of_bytes(BOOK.as_bytes()), Kind::Notebook).unwrap();
        let starts = text.line_starts();
        let place = |word: &str| {
            let at = program.find(word).unwrap();
            let place = text.place(&starts, at, at + 1);
            (place.line, place.column, place.cell)
        };
        assert_eq!(place("a\n"), (5, 8, Some((2, 1))));
        assert_eq!(place("f()"), (7, 1, Some((2, 3))));
        assert_eq!(place("h()"), (10, 1, Some((4, 3))));
        assert_eq!(text.line(&starts, program.find("f()").unwrap()), "f()\n");
    }
}
