//! Shell text as commands: words, operators and what is run inside substitutions.
//!
//! A reader for looking, not for running: it knows quotes, escapes, comments, pipes, lists, redirections, here-documents and
//! substitutions of the POSIX shell and of bash, reads any text in one pass, and never fails. What it does not know (a
//! `case` pattern, arithmetic) comes out as odd words. Pure Rust on purpose: scripts of strangers are no input for a
//! parser in C.
//!
//! Source: POSIX.1-2024, Shell Command Language; GNU Bash manual.

use std::ops::Range;

/// Substitutions inside substitutions that are followed.
const DEPTH: usize = 8;

/// What stands between a command and the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    /// The end of the text, a line or `;`.
    End,
    /// `|`: the next one reads what this one writes.
    Pipe,
    /// `&&`.
    And,
    /// `||`.
    Or,
}

/// A word, as far as it is known without running anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// Without quotes; expansions stand as they are written.
    pub(super) text: String,
    /// Where it begins in the text.
    pub(super) start: usize,
    /// Where it ends, quotes included.
    end: usize,
    /// True when an expansion in it stands outside of quotes, so that its value is split into words.
    pub(super) bare: bool,
    /// True when all of it stands in single quotes, so that nothing in it is expanded.
    pub(super) literal: bool,
}

/// A command with its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Command {
    /// Words, redirections left out. Leading assignments are among them.
    pub(super) words: Vec<Word>,
    /// Files that it writes to and reads from: the operator and the word.
    pub(super) redirects: Vec<(String, Word)>,
    /// The operator after it.
    pub(super) then: Then,
    /// How deep in substitutions it stands; 0 for the text itself.
    pub(super) depth: usize,
}

impl Command {
    /// The first word that is no assignment, no keyword and no wrapper (`sudo`, `env`, `exec`), without its folder, and
    /// the words after it.
    pub(super) fn program(&self) -> Option<(&str, &[Word])> {
        program_of(&self.words)
    }

    /// True when `sudo` stands before the program.
    pub(super) fn sudo(&self) -> Option<&Word> {
        self.words.iter().take(3).find(|word| word.text == "sudo")
    }

    /// Assignments before the program, and those of `export`: name and value.
    pub(super) fn assignments(&self) -> impl Iterator<Item = (&str, &str, &Word)> {
        let exported = matches!(
            self.words.first().map(|word| word.text.as_str()),
            Some("export" | "declare" | "readonly" | "local" | "typeset" | "env")
        );
        self.words
            .iter()
            .skip(usize::from(exported))
            .take_while(|word| is_assignment(&word.text) || word.text.starts_with('-'))
            .filter_map(|word| {
                let (name, value) = word.text.split_once('=')?;
                Some((name, value, word))
            })
    }

    /// Where it begins.
    pub(super) fn start(&self) -> usize {
        self.words.first().map_or(0, |word| word.start)
    }
}

/// What [`Command::program`] says of words.
fn program_of(mut words: &[Word]) -> Option<(&str, &[Word])> {
    loop {
        let (first, rest) = words.split_first()?;
        let name = first.text.rsplit('/').next().unwrap_or(&first.text);
        let skip = match name {
            "if" | "then" | "elif" | "else" | "while" | "until" | "do" | "!" | "{" | "(" | "time" | "exec"
            | "nohup" | "command" | "builtin" | "RUN" => 1,
            "sudo" | "doas" | "env" | "nice" | "ionice" | "timeout" | "stdbuf" | "xvfb-run" | "retry" | "chronic" => {
                let takes_value = |word: &Word| matches!(word.text.as_str(), "-u" | "-g" | "-n" | "-c" | "-k" | "-s");
                let mut count = 1;
                while let Some(word) = words.get(count) {
                    let number = name == "timeout" && word.text.starts_with(|c: char| c.is_ascii_digit());
                    if takes_value(word) {
                        count += 2;
                    } else if word.text.starts_with('-') || is_assignment(&word.text) || number {
                        count += 1;
                    } else {
                        break;
                    }
                }
                count
            }
            _ if is_assignment(&first.text) => 1,
            _ => return Some((name, rest)),
        };
        words = words.get(skip..)?;
    }
}

fn is_assignment(text: &str) -> bool {
    text.split_once('=').is_some_and(|(name, _)| {
        let name = name.strip_suffix('+').unwrap_or(name);
        !name.is_empty()
            && !name.starts_with(|c: char| c.is_ascii_digit())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    })
}

/// Every command of `text`, those in substitutions too, the outer ones first.
pub(super) fn commands(text: &str) -> Vec<Command> {
    follow(text, false).0
}

/// The commands of `text`, also those that a shell is given behind `-c`, and where a quote or a substitution begins that
/// nothing closes: a shell would not run such a text, and what stands behind that place may mean something else.
pub(super) fn read(text: &str) -> (Vec<Command>, Option<usize>) {
    follow(text, true)
}

/// Commands that are read later: where they stand, and whether in quotes, so that what nothing closes there may be text.
struct Later {
    range: Range<usize>,
    given: bool,
}

fn follow(text: &str, given: bool) -> (Vec<Command>, Option<usize>) {
    let mut out = Vec::new();
    let mut open: Option<usize> = None;
    let whole = Range {
        start: 0,
        end: text.len(),
    };
    let mut level = Vec::from([Later {
        range: whole,
        given: false,
    }]);
    for depth in 0..=DEPTH {
        let mut inner = Vec::new();
        for later in level {
            let range = later.range;
            let Some(part) = text.get(range.clone()) else { continue };
            let mut reader = Reader {
                text: part,
                base: range.start,
                at: 0,
                depth,
                words: Vec::new(),
                redirects: Vec::new(),
                pending: Vec::new(),
                inner: &mut inner,
                given,
                inside: later.given,
                out: &mut out,
                open: None,
            };
            reader.run();
            open = open.or(reader.open.filter(|_| !later.given));
        }
        if inner.is_empty() {
            break;
        }
        level = inner;
    }
    (out, open)
}

struct Reader<'t, 'o> {
    text: &'t str,
    base: usize,
    at: usize,
    depth: usize,
    words: Vec<Word>,
    redirects: Vec<(String, Word)>,
    /// Here-documents whose lines have not come yet: the word that ends each, and whether tabs before it are left out.
    pending: Vec<(String, bool)>,
    inner: &'o mut Vec<Later>,
    /// Whether what a shell is given behind `-c` is read too, and whether this is such a text.
    given: bool,
    inside: bool,
    out: &'o mut Vec<Command>,
    /// Where the first quote or substitution begins that nothing closes.
    open: Option<usize>,
}

impl Reader<'_, '_> {
    fn peek(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    fn end(&mut self, then: Then) {
        self.given_script();
        if !self.words.is_empty() || !self.redirects.is_empty() {
            self.out.push(Command {
                words: std::mem::take(&mut self.words),
                redirects: std::mem::take(&mut self.redirects),
                then,
                depth: self.depth,
            });
        } else if then != Then::End
            && let Some(last) = self.out.last_mut()
            && last.depth == self.depth
            && last.then == Then::End
        {
            // After `)` or `}`: the operator belongs to the group that ended.
            last.then = then;
        }
    }

    /// What a shell is given behind `-c` in quotes is read later, unless substitutions in it are.
    fn given_script(&mut self) {
        if !self.given || self.depth >= DEPTH {
            return;
        }
        let Some(script) = given_to_a_shell(&self.words) else {
            return;
        };
        let end = script.end.saturating_sub(1);
        let range = script.start + 1..end;
        let relative = range.start.saturating_sub(self.base)..range.end.saturating_sub(self.base);
        let quote = self.text.as_bytes().get(relative.start.saturating_sub(1)).copied();
        let closed = self.text.as_bytes().get(relative.end).copied() == quote;
        let Some(text) = self.text.get(relative).filter(|_| closed) else {
            return;
        };
        let whole = match quote {
            Some(b'\'') => !text.contains('\''),
            Some(b'"') => !text.contains("$(") && !text.contains('`') && !ends_early(text),
            _ => false,
        };
        if whole {
            self.inner.push(Later { range, given: true });
        }
    }

    fn run(&mut self) {
        while let Some(byte) = self.peek(0) {
            match byte {
                b' ' | b'\t' | b'\r' => self.at += 1,
                b'\n' => {
                    self.at += 1;
                    self.end(Then::End);
                    self.skip_documents();
                }
                b'\\' if self.peek(1) == Some(b'\n') => self.at += 2,
                b'\\' if self.peek(1) == Some(b'\r') && self.peek(2) == Some(b'\n') => self.at += 3,
                b'#' => self.at += memchr::memchr(b'\n', self.rest()).unwrap_or(self.rest().len()),
                b'|' => {
                    let (then, length) = match self.peek(1) {
                        Some(b'|') => (Then::Or, 2),
                        Some(b'&') => (Then::Pipe, 2),
                        _ => (Then::Pipe, 1),
                    };
                    self.at += length;
                    self.end(then);
                }
                b'&' if self.peek(1) == Some(b'>') => self.redirect(),
                b'&' => {
                    let both = self.peek(1) == Some(b'&');
                    self.at += 1 + usize::from(both);
                    self.end(if both { Then::And } else { Then::End });
                }
                b';' => {
                    self.at += 1;
                    self.end(Then::End);
                }
                b'(' | b')' => {
                    self.at += 1;
                    self.end(Then::End);
                }
                b'<' | b'>' if self.peek(1) != Some(b'(') => self.redirect(),
                _ => {
                    let digits = self.rest().iter().take_while(|byte| byte.is_ascii_digit()).count();
                    if digits > 0 && matches!(self.peek(digits), Some(b'<' | b'>')) {
                        self.at += digits;
                        self.redirect();
                    } else {
                        let word = self.word();
                        self.words.push(word);
                    }
                }
            }
        }
        self.end(Then::End);
    }

    fn rest(&self) -> &[u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    fn redirect(&mut self) {
        let start = self.at;
        while self.at - start < 3 && matches!(self.peek(0), Some(b'<' | b'>' | b'&' | b'|' | b'-')) {
            // `<(` and `>(` after an operator are substitutions.
            if matches!(self.peek(0), Some(b'<' | b'>')) && self.peek(1) == Some(b'(') && self.at > start {
                break;
            }
            self.at += 1;
        }
        let operator = self.text.get(start..self.at).unwrap_or_default().to_owned();
        while matches!(self.peek(0), Some(b' ' | b'\t')) {
            self.at += 1;
        }
        if matches!(self.peek(0), None | Some(b'\n' | b'|' | b';')) {
            return;
        }
        let word = self.word();
        if operator.starts_with("<<") && !operator.starts_with("<<<") {
            self.pending.push((word.text.clone(), operator.ends_with('-')));
        }
        self.redirects.push((operator, word));
    }

    fn skip_documents(&mut self) {
        for (end, tabs) in std::mem::take(&mut self.pending) {
            while self.at < self.text.len() {
                let length = memchr::memchr(b'\n', self.rest()).map_or(self.rest().len(), |at| at + 1);
                let line = self.text.get(self.at..self.at + length).unwrap_or_default();
                self.at += length;
                let line = line.trim_end_matches(['\n', '\r']);
                let line = if tabs { line.trim_start_matches('\t') } else { line };
                // Text of a script that was cut out of a configuration may be indented.
                if line.trim_start_matches(' ') == end {
                    break;
                }
            }
        }
    }

    /// Reads one word; takes at least one byte.
    fn word(&mut self) -> Word {
        let start = self.at;
        let mut text = String::new();
        let (mut bare, mut quoted, mut single) = (false, false, false);
        while let Some(byte) = self.peek(0) {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' | b';' | b'|' | b'&' | b')' => break,
                b'(' if self.at > start => {
                    // A function's name or an array: ends the word.
                    break;
                }
                b'<' | b'>' if self.peek(1) == Some(b'(') => {
                    self.substitution(2, &mut text);
                }
                b'<' | b'>' => break,
                b'\\' => {
                    let length = self
                        .text
                        .get(self.at + 1..)
                        .and_then(|rest| rest.chars().next())
                        .map_or(0, char::len_utf8);
                    if self.peek(1) != Some(b'\n') {
                        text.push_str(self.text.get(self.at + 1..self.at + 1 + length).unwrap_or_default());
                    }
                    self.at += 1 + length;
                }
                b'\'' => {
                    single |= text.is_empty() && !quoted;
                    quoted = true;
                    self.at += 1;
                    let length = memchr::memchr(b'\'', self.rest()).unwrap_or_else(|| {
                        self.never_closed(self.at - 1);
                        self.rest().len()
                    });
                    text.push_str(self.text.get(self.at..self.at + length).unwrap_or_default());
                    self.at = (self.at + length + 1).min(self.text.len());
                }
                b'"' => {
                    quoted = true;
                    self.at += 1;
                    self.quoted(&mut text);
                    single = false;
                }
                b'$' if self.peek(1) == Some(b'\'') => self.at += 1,
                b'$' => {
                    bare = true;
                    self.expansion(&mut text);
                    single = false;
                }
                b'`' => {
                    bare = true;
                    self.backticks(&mut text);
                    single = false;
                }
                _ => {
                    let length = self.rest_char();
                    text.push_str(self.text.get(self.at..self.at + length).unwrap_or_default());
                    self.at += length;
                }
            }
        }
        if self.at == start {
            self.at += self.rest_char();
        }
        Word {
            text,
            start: self.base + start,
            end: self.base + self.at,
            bare,
            literal: single,
        }
    }

    fn rest_char(&self) -> usize {
        let rest = self.text.get(self.at..).unwrap_or_default();
        rest.chars().next().map_or(1, char::len_utf8)
    }

    /// Something that begins at `at` is not closed before the text ends.
    fn never_closed(&mut self, at: usize) {
        self.open.get_or_insert(self.base + at);
    }

    fn quoted(&mut self, text: &mut String) {
        let start = self.at;
        while let Some(byte) = self.peek(0) {
            match byte {
                b'"' => {
                    self.at += 1;
                    return;
                }
                b'\\' => {
                    let length = self
                        .text
                        .get(self.at + 1..)
                        .and_then(|rest| rest.chars().next())
                        .map_or(0, char::len_utf8);
                    let after = self.text.get(self.at + 1..self.at + 1 + length).unwrap_or_default();
                    if !matches!(after, "\"" | "\\" | "$" | "`" | "\n") {
                        text.push('\\');
                    }
                    if after != "\n" {
                        text.push_str(after);
                    }
                    self.at += 1 + length;
                }
                b'$' => self.expansion(text),
                b'`' => self.backticks(text),
                _ => {
                    let length = self.rest_char();
                    text.push_str(self.text.get(self.at..self.at + length).unwrap_or_default());
                    self.at += length;
                }
            }
        }
        self.never_closed(start.saturating_sub(1));
    }

    /// `$name`, `${..}`, `$(..)`, `$((..))`: written out as it is.
    fn expansion(&mut self, text: &mut String) {
        match self.peek(1) {
            Some(b'(') => self.substitution(2, text),
            Some(b'{') => {
                let (length, _) = closing(self.rest(), 2, b'{', b'}');
                let length = self.whole(length);
                text.push_str(self.text.get(self.at..self.at + length).unwrap_or_default());
                self.at += length;
            }
            _ => {
                text.push('$');
                self.at += 1;
            }
        }
    }

    /// `$(..)`, `<(..)` and `>(..)`: written out, and what is in them is read later.
    fn substitution(&mut self, lead: usize, text: &mut String) {
        let (length, closed) = closing(self.rest(), lead, b'(', b')');
        let length = self.whole(length);
        if !closed {
            self.never_closed(self.at);
        }
        text.push_str(self.text.get(self.at..self.at + length).unwrap_or_default());
        self.later(self.at + lead..(self.at + length).saturating_sub(1));
        self.at += length;
    }

    /// A length from here that ends between characters.
    fn whole(&self, length: usize) -> usize {
        self.text.ceil_char_boundary(self.at + length) - self.at
    }

    fn backticks(&mut self, text: &mut String) {
        let mut length = 1;
        let mut closed = false;
        while let Some(byte) = self.peek(length) {
            length += 1;
            match byte {
                b'`' => {
                    closed = true;
                    break;
                }
                b'\\' => length += 1,
                _ => {}
            }
        }
        if !closed {
            self.never_closed(self.at);
        }
        let end = self.at + self.whole(length);
        text.push_str(self.text.get(self.at..end).unwrap_or_default());
        self.later(self.at + 1..end.saturating_sub(1));
        self.at = end;
    }

    fn later(&mut self, range: Range<usize>) {
        if range.start < range.end && self.depth < DEPTH {
            let range = self.base + range.start..self.base + range.end;
            let given = self.inside;
            self.inner.push(Later { range, given });
        }
    }
}

/// The word behind `-c`, where the program is a shell, or starts one: `su app -c ..`, `docker run image sh -c ..`.
fn given_to_a_shell(words: &[Word]) -> Option<&Word> {
    let (program, words) = program_of(words)?;
    let first = words.first().map_or("", |word| word.text.as_str());
    match program {
        "su" => words
            .iter()
            .skip_while(|word| !matches!(word.text.as_str(), "-c" | "--command"))
            .nth(1),
        "docker" | "podman" if matches!(first, "run" | "exec") => {
            let at = words.iter().position(|word| is_shell(&word.text))?;
            behind_c(words.get(at + 1..)?)
        }
        _ => behind_c(words).filter(|_| is_shell(program)),
    }
}

fn is_shell(program: &str) -> bool {
    let own = program.rsplit('/').next().unwrap_or(program);
    matches!(own, "sh" | "bash" | "zsh" | "dash" | "ksh" | "ash")
}

/// The word behind the option `-c` of a shell.
fn behind_c(words: &[Word]) -> Option<&Word> {
    let mut rest = words.iter();
    let option = |word: &&Word| {
        let letters = word.text.strip_prefix('-').unwrap_or_default();
        letters.contains('c') && letters.bytes().all(|letter| letter.is_ascii_alphabetic())
    };
    rest.by_ref()
        .take_while(|word| word.text.starts_with(['-', '+']) || matches!(word.text.as_str(), "pipefail" | "errexit"))
        .find(option)?;
    rest.next()
}

/// Whether a quote ends before this text in double quotes does.
fn ends_early(text: &str) -> bool {
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => return true,
            b'\\' if bytes.next().is_none() => return true,
            _ => {}
        }
    }
    false
}

/// The length up to the bracket that closes one whose inside begins at `from`, and whether there is one. Where there is
/// none, a substitution takes all there is, which is read as commands all the same, and a parameter its line.
fn closing(bytes: &[u8], from: usize, open: u8, close: u8) -> (usize, bool) {
    let commands = open == b'(';
    let bytes = if commands {
        bytes
    } else {
        let line = memchr::memchr(b'\n', bytes).unwrap_or(bytes.len());
        bytes.get(..line).unwrap_or_default()
    };
    let mut depth = 1_usize;
    let mut at = from;
    let mut quote = None;
    let mut documents: Vec<&[u8]> = Vec::new();
    while let Some(byte) = bytes.get(at) {
        let before = bytes.get(at.wrapping_sub(1)).copied();
        at += 1;
        match (quote, *byte) {
            (Some(b'\''), b'\'') | (Some(b'"'), b'"') => quote = None,
            (_, b'\\') if quote != Some(b'\'') => at += 1,
            (Some(_), _) => {}
            (None, b'#') if commands && matches!(before, Some(b' ' | b'\t' | b'\n' | b';' | b'(')) => {
                at += memchr::memchr(b'\n', bytes.get(at..).unwrap_or_default()).unwrap_or(bytes.len() - at);
            }
            (None, b'<') if commands && before == Some(b'<') && bytes.get(at) != Some(&b'<') => {
                // What stands in a here-document closes nothing.
                let rest = bytes.get(at..).unwrap_or_default();
                let rest = rest.strip_prefix(b"-").unwrap_or(rest);
                let rest = rest
                    .get(rest.iter().take_while(|byte| **byte == b' ').count()..)
                    .unwrap_or_default();
                let rest = rest
                    .strip_prefix(b"'")
                    .or_else(|| rest.strip_prefix(b"\""))
                    .unwrap_or(rest);
                let length = rest
                    .iter()
                    .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_')
                    .count();
                documents.extend(rest.get(..length).filter(|word| !word.is_empty()));
            }
            (None, b'\n') if !documents.is_empty() => {
                for end in std::mem::take(&mut documents) {
                    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
                        let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
                        let line = rest.get(..length).unwrap_or_default().trim_ascii();
                        at += (length + 1).min(rest.len());
                        if line == end {
                            break;
                        }
                    }
                }
            }
            (None, b'\'' | b'"') => quote = Some(*byte),
            (None, byte) if byte == open => depth += 1,
            (None, byte) if byte == close => {
                depth -= 1;
                if depth == 0 {
                    return (at, true);
                }
            }
            _ => {}
        }
    }
    (bytes.len(), false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &[&str]) {
        let got: Vec<String> = commands(text)
            .iter()
            .map(|command| {
                let words: Vec<_> = command.words.iter().map(|word| word.text.as_str()).collect();
                let redirects: String = command
                    .redirects
                    .iter()
                    .map(|(op, word)| format!(" {op}{}", word.text))
                    .collect();
                let then = match command.then {
                    Then::End => "",
                    Then::Pipe => " |",
                    Then::And => " &&",
                    Then::Or => " ||",
                };
                format!("{}{redirects}{then}", words.join(","))
            })
            .collect();
        assert_eq!(got, expect, "{text}");
    }

    #[test]
    fn commands_are_told_apart() {
        check("", &[]);
        check("# a comment\n\n", &[]);
        check("a b; c & d", &["a,b", "c", "d"]);
        check("curl -s x | sudo bash -", &["curl,-s,x |", "sudo,bash,-"]);
        check("a && b || c\nd", &["a &&", "b ||", "c", "d"]);
        check("a \\\n  b", &["a,b"]);
        check("a 'b c' \"d $e\" f\\ g", &["a,b c,d $e,f g"]);
        check("a > b 2>&1 <c", &["a >b >&1 <c"]);
        check("x=$(curl y | jq .) z", &["x=$(curl y | jq .),z", "curl,y |", "jq,."]);
        check("bash <(curl x)", &["bash,<(curl x)", "curl,x"]);
        check("`a b` c", &["`a b`,c", "a,b"]);
        check("cat <<'E' | sh\nnot here\nE\nafter", &["cat <<E |", "sh", "after"]);
        check("(a; b) | c", &["a", "b |", "c"]);
        check("if a; then b; fi", &["if,a", "then,b", "fi"]);
        check("a#b # c", &["a#b"]);
        check("echo \"a", &["echo,a"]);
        check("$(unclosed\nnext ", &["$(unclosed\nnext ", "unclosed", "next"]);
        check("${a:-$(b)} é", &["${a:-$(b)},é"]);
    }

    #[test]
    fn what_a_shell_is_given_is_read() {
        for (text, expect) in [
            ("bash -c 'a | b' c", &["bash", "a", "b"][..]),
            ("sudo sh -exc \"a \\\"b c\\\" && d\"", &["sh", "a", "d"]),
            ("bash -o pipefail -c \"bash -c 'a; b'\"", &["bash", "bash", "a", "b"]),
            ("\"/bin/sh\"  \"-c\"  \"a\" ", &["sh", "a"]),
            ("x=$(bash -c 'a b')", &["bash", "a"]),
            ("bash -c \"$(a)\"", &["bash", "a"]),
            ("su app -c 'a | b'", &["su", "a", "b"]),
            ("sudo su - app -c \"a\"", &["su", "a"]),
            ("su -c 'a' app", &["su", "a"]),
            ("docker run --rm -v /a:/b alpine:3 sh -c 'a; b'", &["docker", "a", "b"]),
            ("docker exec -it web /bin/bash -lc \"a\"", &["docker", "a"]),
            ("su app", &["su"]),
            ("docker build -c 'a' .", &["docker"]),
            ("docker run bash:5 -c 'a'", &["docker"]),
            ("docker run --entrypoint sh image -c 'a'", &["docker"]),
            ("docker run image sh a.sh -c 'b'", &["docker"]),
            ("bash a.sh -c 'b'", &["bash"]),
            ("bash -c a; git -c 'b' c; python -c 'd'", &["bash", "git", "python"]),
            ("bash -c 'a'\\''b'", &["bash"]),
            ("bash -c \"a\"b\"c\"", &["bash"]),
            ("bash -c 'a", &["bash"]),
            ("bash -c", &["bash"]),
            ("bash -c ''", &["bash"]),
        ] {
            let commands = read(text).0;
            let names: Vec<_> = commands.iter().filter_map(|one| Some(one.program()?.0)).collect();
            assert_eq!(names, expect, "{text}");
        }
        assert_eq!(read("bash -c \"it's\" -- ").1, None);
        assert_eq!(super::commands("bash -c 'a | b'").len(), 1);
    }

    #[test]
    fn the_program_is_found_behind_its_wrappers() {
        for (text, expect) in [
            ("sudo -u root /usr/bin/apt-get install x", Some(("apt-get", 2))),
            ("A=1 B=2 env C=3 timeout 5 python x", Some(("python", 1))),
            ("if ! grep x", Some(("grep", 1))),
            ("A=1", None),
        ] {
            let commands = commands(text);
            let program = commands.first().and_then(|command| command.program());
            assert_eq!(program.map(|(name, words)| (name, words.len())), expect, "{text}");
        }
    }

    #[test]
    fn what_nothing_closes_is_named() {
        for (text, expect) in [
            ("echo 'a", Some(5)),
            ("x\necho \"a $(b)", Some(7)),
            ("x=$(a; b", Some(2)),
            ("a `b", Some(2)),
            ("a 'b' \"c\" `d` $(e 'f)' # don't\n)", None),
            ("x=$(cat <<'E'\nit's (\nE\n)\necho", None),
            ("cat <<E\nit's\nE\n", None),
            ("a ${b:-c} # don't", None),
        ] {
            assert_eq!(read(text).1, expect, "{text}");
        }
    }

    #[test]
    fn reading_is_linear() {
        for unit in [
            "$(",
            "`",
            "\"$(",
            "${",
            "<<a ",
            "(",
            "'",
            "\\",
            "| ",
            "<(a ",
            "$(\n",
            "${\n",
            "`\n",
            "<<a\n",
            "sh -c 'a' ",
            "sh -c \"a\";",
            "sh -c '",
        ] {
            let text = unit.repeat(50_000);
            assert!(commands(&text).len() < 200_000);
            assert!(read(&text).0.len() < 200_000);
        }
    }
}
