//! Whether a place of a file stands in a comment: what a program holds in its strings must not suppress what is said of it.
//!
//! No parser: Python, and languages with the comments of C, are read from the beginning, because their strings go over lines;
//! of every other file the line is looked at. Which sign begins a comment is asked leniently, what is a string strictly.

use memchr::{memchr, memmem, memrchr};

/// How a file's strings and comments look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Language {
    /// `#`, and strings in one or three quotes.
    Python,
    /// `//`, `/* */`, strings, and templates between backticks.
    Script,
    /// A notebook: lines of programs in strings of JSON.
    Notebook,
    /// JSON has no comments but those that some readers take.
    Json,
    /// Comments between `<!--` and `-->`, and no other: what looks like one is text that people read.
    Markup,
    /// Nothing in it is a comment.
    Plain,
    Other,
}

/// A text, read forward.
pub(super) struct Reader<'a> {
    text: &'a [u8],
    language: Language,
    at: usize,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Program,
    LineComment,
    BlockComment,
    /// The quote, and whether there are three of them.
    Text(u8, bool),
}

impl<'a> Reader<'a> {
    pub(super) fn of(path: &str, text: &'a [u8]) -> Self {
        let name = path.rsplit(['/', '!']).next().unwrap_or(path).to_ascii_lowercase();
        let end = name.rsplit_once('.').map_or("", |(_, end)| end);
        let language = match end {
            "py" | "pyi" | "pyw" => Language::Python,
            "" if text.starts_with(b"#!") && first_line(text).contains("python") => Language::Python,
            "js" | "mjs" | "cjs" | "jsx" | "ts" | "mts" | "cts" | "tsx" | "go" => Language::Script,
            "ipynb" => Language::Notebook,
            "json" | "jsonl" | "ndjson" | "geojson" => Language::Json,
            "md" | "markdown" | "html" | "htm" | "xhtml" | "xml" | "svg" => Language::Markup,
            "txt" if has_comments(&name) => Language::Other,
            "txt" | "text" | "log" | "csv" | "tsv" | "out" | "eml" | "diff" | "patch" => Language::Plain,
            "" if is_read(&name) => Language::Plain,
            _ => Language::Other,
        };
        Self {
            text,
            language,
            at: 0,
            state: State::Program,
        }
    }

    /// Whether the byte at `offset`, which is not before the last one asked for, stands in a comment.
    pub(super) fn holds(&mut self, offset: usize) -> bool {
        match self.language {
            Language::Python => {
                self.python(offset);
                self.state == State::LineComment
            }
            Language::Script => {
                self.script(offset);
                matches!(self.state, State::LineComment | State::BlockComment)
            }
            Language::Notebook => {
                // The line of the program is what stands in the string.
                let line = self.line_before(offset).trim_ascii_start();
                let line = line.strip_prefix(b"\"source\":").unwrap_or(line).trim_ascii_start();
                let line = line.strip_prefix(b"[").unwrap_or(line).trim_ascii_start();
                let line = line.strip_prefix(b"\"").unwrap_or(line);
                in_comment(line, self.line_after(offset))
            }
            Language::Json => {
                let line = self.line_before(offset).trim_ascii_start();
                line.starts_with(b"//") || line.starts_with(b"/*") || line.starts_with(b"#")
            }
            Language::Markup => {
                let before = self.text.get(..offset).unwrap_or_default();
                let before = before.get(before.len().saturating_sub(LONGEST)..).unwrap_or_default();
                let open = memmem::rfind(before, b"<!--");
                open.is_some_and(|open| memmem::rfind(before, b"-->").is_none_or(|close| close < open))
            }
            Language::Plain => false,
            Language::Other => in_comment(self.line_before(offset), self.line_after(offset)),
        }
    }

    fn line_before(&self, offset: usize) -> &'a [u8] {
        let before = self.text.get(..offset).unwrap_or_default();
        let before = before.get(before.len().saturating_sub(LONGEST)..).unwrap_or_default();
        let start = memrchr(b'\n', before).map_or(0, |at| at + 1);
        before.get(start..).unwrap_or_default()
    }

    fn line_after(&self, offset: usize) -> &'a [u8] {
        let after = self.text.get(offset..).unwrap_or_default();
        let after = after.get(..LONGEST.min(after.len())).unwrap_or_default();
        after
            .get(..memchr(b'\n', after).unwrap_or(after.len()))
            .unwrap_or_default()
    }

    fn python(&mut self, until: usize) {
        while let Some(byte) = self.text.get(self.at).copied().filter(|_| self.at < until) {
            self.at += 1;
            match self.state {
                State::LineComment if byte == b'\n' => self.state = State::Program,
                State::Text(quote, three) => match byte {
                    b'\\' => self.at += 1,
                    b'\n' if !three => self.state = State::Program,
                    _ if byte == quote && !three => self.state = State::Program,
                    _ if byte == quote && self.text.get(self.at..self.at + 2) == Some(&[quote, quote]) => {
                        self.at += 2;
                        self.state = State::Program;
                    }
                    _ => {}
                },
                State::Program => match byte {
                    b'#' => self.state = State::LineComment,
                    b'"' | b'\'' => {
                        let three = self.text.get(self.at..self.at + 2) == Some(&[byte, byte]);
                        self.at += if three { 2 } else { 0 };
                        self.state = State::Text(byte, three);
                    }
                    _ => {}
                },
                State::LineComment | State::BlockComment => {}
            }
        }
    }

    fn script(&mut self, until: usize) {
        while let Some(byte) = self.text.get(self.at).copied().filter(|_| self.at < until) {
            self.at += 1;
            let next = self.text.get(self.at).copied();
            match self.state {
                State::LineComment if byte == b'\n' => self.state = State::Program,
                State::BlockComment if byte == b'*' && next == Some(b'/') => {
                    self.at += 1;
                    self.state = State::Program;
                }
                State::Text(quote, _) => match byte {
                    b'\\' => self.at += 1,
                    // Only a template goes over lines.
                    b'\n' if quote != b'`' => self.state = State::Program,
                    _ if byte == quote => self.state = State::Program,
                    _ => {}
                },
                State::Program => match (byte, next) {
                    (b'/', Some(b'/')) => self.state = State::LineComment,
                    (b'/', Some(b'*')) => {
                        self.at += 1;
                        self.state = State::BlockComment;
                    }
                    (b'"' | b'\'' | b'`', _) => self.state = State::Text(byte, false),
                    _ => {}
                },
                State::LineComment | State::BlockComment => {}
            }
        }
    }
}

/// Bytes of a line that are looked at on either side of a place.
const LONGEST: usize = 4_000;
/// What begins a comment somewhere.
const SIGNS: &[&[u8]] = &[
    b"#", b"//", b"/*", b"--", b"<!--", b";", b"%", b"{{!", b"(*", b".. ", b"@rem ", b"rem ",
];

/// Whether a comment that stands behind `before` in its line has the line to itself, and so may speak of the next one: before
/// its own words stand marks alone, those that open it and those of a list, a quotation or a template around it. A bracket
/// that closes belongs to what stands above.
pub(super) fn is_alone(before: &[u8]) -> bool {
    let before = before.strip_prefix(b"\xef\xbb\xbf").unwrap_or(before);
    let mark =
        |byte: &u8| byte.is_ascii_whitespace() || byte.is_ascii_punctuation() && !matches!(byte, b')' | b']' | b'}');
    let end = before.iter().position(|byte| !mark(byte)).unwrap_or(before.len());
    let marks = before.get(..end).unwrap_or_default();
    let opens = |sign: &&[u8]| memmem::find(marks, sign).is_some();
    // `"# ..` in a notebook, `{/* ..` and `{* ..` in templates.
    let open = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'{');
    let start = before.iter().position(|byte| !open(byte)).unwrap_or(before.len());
    let bare = before.get(start..).unwrap_or_default();
    let lower = bare.get(..bare.len().min(5)).unwrap_or_default().to_ascii_lowercase();
    let lone = [&b"rem "[..], b"@rem ", b"*", b"'", b"::", b".. "];
    bare.is_empty()
        || lone.iter().any(|sign| lower.starts_with(sign))
        || SIGNS.iter().filter(|sign| !sign.ends_with(b" ")).any(opens)
}

/// Text files whose readers know comments.
fn has_comments(name: &str) -> bool {
    [
        "requirements",
        "constraints",
        "cmakelists",
        "robots",
        "dev-requirements",
        "test-requirements",
    ]
    .iter()
    .any(|start| name.starts_with(start))
}

/// Files without an ending that people read.
fn is_read(name: &str) -> bool {
    matches!(
        name,
        "readme" | "license" | "licence" | "notice" | "copying" | "changelog" | "changes" | "authors" | "todo"
    )
}

fn first_line(text: &[u8]) -> String {
    let line = text
        .get(..memchr(b'\n', text).unwrap_or(text.len()).min(200))
        .unwrap_or_default();
    String::from_utf8_lossy(line).into_owned()
}

/// Whether a comment begins in `before`, outside of strings that are closed in `before` or `after`.
fn in_comment(before: &[u8], after: &[u8]) -> bool {
    let lower = before.to_ascii_lowercase();
    let line = lower.trim_ascii_start();
    // A line in the middle of a long comment, and a comment of Visual Basic.
    let lone_quote = line
        .strip_prefix(b"'")
        .is_some_and(|rest| memchr(b'\'', rest).is_none());
    if line.starts_with(b"*") || lone_quote && memchr(b'\'', after).is_none() {
        return true;
    }
    let mut at = 0;
    while let Some(&byte) = lower.get(at) {
        let rest = lower.get(at..).unwrap_or_default();
        let previous = at.checked_sub(1).and_then(|at| lower.get(at)).copied().unwrap_or(b' ');
        let address = rest.starts_with(b"//") && previous == b':';
        if !address && SIGNS.iter().any(|sign| rest.starts_with(sign)) {
            return true;
        }
        at += 1;
        // An apostrophe opens no string.
        if matches!(byte, b'"' | b'`') || byte == b'\'' && !previous.is_ascii_alphanumeric() {
            let here = lower.get(at..).unwrap_or_default();
            match memchr(byte, here) {
                Some(length) => at += length + 1,
                None if memchr(byte, after).is_some() => return false,
                None => {}
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `@` is the place that is asked about.
    #[track_caller]
    fn check(path: &str, text: &str, expect: bool) {
        let at = text.find('@').unwrap();
        assert_eq!(Reader::of(path, text.as_bytes()).holds(at), expect, "{path}: {text}");
    }

    #[test]
    fn comments_that_have_their_line_are_told() {
        for before in [
            "",
            "\t",
            "# ",
            "  // ",
            "{# ",
            "    \"# ",
            "    \"// ",
            "@REM ",
            ":: ",
            "' ",
            "\u{feff}# ",
            "\u{feff}// ",
            "<# ",
            "{{- /* ",
            "{{/* ",
            "<%# ",
            "<%-- ",
            "{{!-- ",
            "{{! ",
            "<#-- ",
            "-# ",
            "\t@# ",
            "  - # ",
            "- <!-- ",
            "> <!-- ",
            "# other: a, ",
            "{* ",
        ] {
            assert!(is_alone(before.as_bytes()), "{before}");
        }
        for before in [
            "x # ",
            "    \"x = 1 # ",
            "{ a // ",
            "- a # ",
            "$x = 1 # ",
            "remove() // ",
            "} // ",
            ") # ",
            "}, // ",
            "run: | # ",
            "\u{feff}x # ",
            "é # ",
            "1 # ",
            "- ",
        ] {
            assert!(!is_alone(before.as_bytes()), "{before}");
        }
    }

    #[test]
    fn comments_are_told_from_strings() {
        check("a.py", "f() # @ x", true);
        check("a.py", "f(\"# @ x\")", false);
        check("a.py", "f('''\n# @ x\n''')", false);
        check("a.py", "'''it's'''\n# @ x", true);
        check("a.py", "x = 'a\\'# @'", false);
        check("a.py", "x = f'{y}' # don't @", true);
        check("a.ipynb", " \"source\": [\"x = 1 # @ y\\n\"", true);
        check("a.ipynb", "  \"x = '# @ y'\\n\"", false);
        check("a.js", "f(`\n// @ x\n`)", false);
        check("a.ts", "/* @ x */ f()", true);
        check("a.js", "f('http://@')", false);
        check("a.json", "{\"a\": \"# @ x\"}", false);
        check("a.json", "  // @ x", true);
        check("a.yml", "run: it's # @ x", true);
        check("a.yml", "run: \"# @ x\"", false);
        check("a.env", "A=b # @ x", true);
        check("a.md", "<!-- @ x -->", true);
        check("a.md", "it's so, isn't it? <!-- @ x -->", true);
        check("a.sql", "select 1 -- @ x", true);
        check("a.md", "# @ x", false);
        check("a.html", "<!-- a --> <p>// @ x", false);
        check("a.html", "<!--\na\n@ x -->", true);
        check("a.txt", "@ x", false);
        check("a.txt", "x # @ x", false);
        check("a.log", "x // @ x", false);
        check("README", "# @ x", false);
        check("requirements-dev.txt", "a==1 # @ x", true);
        check("Makefile", "a: # @ x", true);
        check("a.css", " * @ x", true);
        check("run", "#!/usr/bin/python3\nf('# @')", false);
    }
}
