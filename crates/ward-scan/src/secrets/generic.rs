//! Values assigned to telling names, in any language: `DB_PASSWORD = "..."`, `api-key: ...`, `{"clientSecret":"..."}`,
//! `Authorization: Bearer ...`, `Server=..;Pwd=..;`, `?access_token=...`, `define('AUTH_KEY', '...')`.
//!
//! - `beside`: values that stand on another line than their name, or beside it.
//! - [`names`]: which names announce a secret, and of what kind.
//! - [`values`]: which values are secrets, and which stand for one.

use std::ops::Range;

use ward_evidence::Severity;

use super::{
    kinds,
    page::{Candidate, Certainty, Page},
};

mod beside;
pub mod names;
pub mod values;

use names::Kind;

/// Longest name and longest value that are looked at.
const NAME: usize = 80;
const VALUE: usize = 512;

/// An assignment around a keyword.
pub(crate) struct Assignment {
    /// The name, with its dots and dashes.
    pub(crate) name: Range<usize>,
    /// The value, without its quotes.
    pub(crate) value: Range<usize>,
    /// Whether quotes stood around it.
    pub(crate) quoted: bool,
    /// Which way it is assigned.
    pub(crate) how: How,
}

/// The way a value is assigned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum How {
    /// `=`, `:`, `=>`, `:=`.
    Assigned,
    /// `name("value")`, `name, "value"`.
    Argument,
    /// `<name>value<`.
    Element,
    /// In a list of `key=value;`, or in the query of an address.
    Connection,
}

/// The secret that is assigned around the keyword `at`, if there is one. `done` is how far names have been looked at.
pub(crate) fn find(page: &Page<'_>, at: Range<usize>, done: &mut usize) -> Option<Candidate> {
    if at.start < *done {
        return None;
    }
    // A keyword within a word that goes on: `tokenizer`, `authors`, `passed`.
    let next = page.text.get(at.end).copied().unwrap_or(b' ');
    if next.is_ascii_lowercase()
        && !names::may_go_on(page.get(at.start..at.end.saturating_add(12).min(page.text.len())))
    {
        return None;
    }
    let assignment = assignment(page, at.clone())?;
    *done = assignment.name.end;
    let name = page.get(assignment.name.clone());
    // Helm's annotation `checksum/secret` holds the digest of a file.
    if page.get(0..assignment.name.start).ends_with(b"checksum/") {
        return None;
    }
    let kind = names::kind(name)?;
    judge(page, &assignment, kind)
}

fn judge(page: &Page<'_>, assignment: &Assignment, kind: Kind) -> Option<Candidate> {
    let mut span = assignment.value.clone();
    let mut value = page.get(span.clone());
    let mut kind = kind;
    if matches!(kind, Kind::Header | Kind::Token | Kind::Key) {
        for scheme in ["bearer ", "token ", "basic ", "apikey "] {
            let start = value.get(..scheme.len()).unwrap_or_default();
            if start.eq_ignore_ascii_case(scheme.as_bytes()) {
                span.start += scheme.len();
                value = page.get(span.clone());
                let rest = value.iter().take_while(|b| !b.is_ascii_whitespace()).count();
                span.end = span.start + rest;
                value = page.get(span.clone());
                if scheme == "basic " {
                    kind = Kind::Basic;
                }
                break;
            }
        }
    }
    values::judge(page, assignment, kind, value)?;
    if beside::is_sealed(page.text, &span) {
        return None;
    }
    let rule = match kind {
        Kind::Password if assignment.how == How::Connection => &kinds::CONNECTION,
        Kind::Password => &kinds::PASSWORD,
        Kind::Header | Kind::Basic => &kinds::HEADER,
        Kind::Session => &kinds::SESSION,
        Kind::Token | Kind::Key | Kind::Weak => &kinds::GENERIC,
    };
    let mut candidate = Candidate::new(rule, span, Certainty::Guess);
    if page.place.is_doubtful() {
        candidate = candidate.at_most(Severity::Low);
    }
    Some(candidate)
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

/// The assignment whose name holds the keyword `at`.
fn assignment(page: &Page<'_>, at: Range<usize>) -> Option<Assignment> {
    let text = page.text;
    let before = text.get(at.start.saturating_sub(NAME)..at.start)?;
    let start = at.start - before.iter().rev().take_while(|byte| is_name(**byte)).count();
    let after = text.get(at.end..at.end.saturating_add(NAME).min(text.len()))?;
    let end = at.end + after.iter().take_while(|byte| is_name(**byte)).count();
    // `--password` and `.password` start with marks that are none of the name.
    let lead = text
        .get(start..at.start)?
        .iter()
        .take_while(|byte| !byte.is_ascii_alphanumeric())
        .count();
    let name = start + lead..end;
    let how = connection(text, &name);
    let mut cursor = Cursor { text, at: name.end };
    // The end of a quoted or indexed name.
    cursor.while_any(b"\\", 4);
    let name_quoted = cursor.while_any(b"\"'`", 3) > 0;
    cursor.while_any(b"])", 2);
    let spaces = cursor.while_any(b" \t", 60);
    // An annotation of a type: `password: str = ...`, `const password: string = ...`.
    let annotated = {
        let mut ahead = Cursor { text, at: cursor.at };
        let word = ahead.while_any(b":?!", 2) > 0 && {
            ahead.while_any(b" ", 2);
            ahead.word(40) > 0
        };
        ahead.while_any(b" ", 4);
        (word && ahead.peek() == Some(b'=') && ahead.peek_at(1) != Some(b'=')).then_some(ahead.at)
    };
    if let Some(at) = annotated {
        cursor.at = at;
    }
    // The type between the name and `=`: `var password string = ...`.
    let typed = {
        let mut ahead = Cursor { text, at: cursor.at };
        let word = spaces > 0 && !name_quoted && ahead.word(24) > 0;
        let between = ahead.while_any(b" ", 4);
        (word && between > 0 && ahead.peek() == Some(b'=') && ahead.peek_at(1) != Some(b'=')).then_some(ahead.at)
    };
    if let Some(at) = typed {
        cursor.at = at;
    }
    let mut way = How::Assigned;
    let value_key = beside::value_of_name(text, &name, name_quoted, cursor.at);
    if let Some(at) = value_key {
        cursor.at = at;
    }
    match cursor.peek()? {
        _ if value_key.is_some() => {}
        b'=' => {
            cursor.while_any(b"=>", 3);
        }
        b':' => {
            cursor.while_any(b":=", 4);
        }
        b'.' | b'+' if cursor.peek_at(1) == Some(b'=') => cursor.at += 2,
        b'?' | b'|' => {
            if cursor.while_any(b"?|", 2) == 0 || cursor.while_any(b"=:", 1) == 0 {
                return None;
            }
        }
        b'>' => {
            cursor.at += 1;
            way = How::Element;
        }
        b',' | b'(' => {
            if names::is_question(text.get(name.clone())?) {
                return None;
            }
            cursor.at += 1;
            way = How::Argument;
        }
        b'&' if text.get(cursor.at..)?.starts_with(b"&quot;") => {
            cursor.at += 6;
            cursor.while_any(b" :=", 4);
        }
        // `--password hunter2`, `password hunter2` in files that are made so.
        _ if spaces > 0 && !name_quoted && (page.bare && lead >= 2) => {}
        _ => return None,
    }
    if let Some(value) = beside::block_line(text, cursor.at)
        && page.bare
        && way == How::Assigned
        && how.is_none()
    {
        return Some(Assignment {
            name,
            value,
            quoted: false,
            how: way,
        });
    }
    // An element's text may stand on a line of its own.
    let blank: &[u8] = if way == How::Element { b" \t\r\n" } else { b" \t" };
    cursor.while_any(blank, 60);
    cursor.while_any(b"([{", 2);
    cursor.while_any(b" ", 4);
    // What may stand before the first quote of a string.
    if cursor.peek_at(1).is_some_and(|next| matches!(next, b'"' | b'\'')) {
        match cursor.peek()? {
            // A formatted string is made of other values.
            b'f' | b'F' => return None,
            b'r' | b'b' | b'u' | b'L' | b'@' | b'R' | b'B' | b'U' | b'N' => cursor.at += 1,
            _ => {}
        }
    }
    let slashes = cursor.while_any(b"\\", 4);
    let quote = match cursor.peek()? {
        quote @ (b'"' | b'\'' | b'`') => Some(quote),
        _ if text.get(cursor.at..)?.starts_with(b"&quot;") => Some(b'&'),
        _ => None,
    };
    if let Some(quote) = quote {
        let skip = if quote == b'&' { 6 } else { 1 };
        let from = cursor.at + skip;
        let length = quoted(
            text.get(from..from.saturating_add(VALUE).min(text.len()))?,
            quote,
            slashes,
        )?;
        return Some(Assignment {
            name,
            value: from..from + length,
            quoted: true,
            how: how.unwrap_or(way),
        });
    }
    if let Some(value) = inside_quotes(text, &name, name_quoted, cursor.at)
        && way == How::Assigned
        && how.is_none()
        && slashes == 0
    {
        return Some(Assignment {
            name,
            value,
            quoted: true,
            how: way,
        });
    }
    if slashes > 0 || !(page.bare || how.is_some() || way == How::Element) || way == How::Argument {
        return None;
    }
    let from = cursor.at;
    let rest = text.get(from..from.saturating_add(VALUE).min(text.len()))?;
    let stops: &[u8] = match (how, way) {
        (Some(_), _) => b";&\"'<>",
        (None, How::Element) => b"<",
        _ => b"\"'`<>",
    };
    let length = rest
        .iter()
        .take_while(|byte| !byte.is_ascii_whitespace() && !stops.contains(byte))
        .count();
    let value = rest.get(..length)?;
    // A list or a call goes on behind it.
    let trimmed = if how.is_some() {
        length
    } else {
        value.trim_ascii_end().len()
    };
    let marks = value
        .get(..trimmed)?
        .iter()
        .rev()
        .take_while(|byte| matches!(byte, b',' | b';'))
        .count();
    Some(Assignment {
        name,
        value: from..from + trimmed - marks,
        quoted: false,
        how: how.unwrap_or(way),
    })
}

/// The value of an assignment that is a string as a whole: `"Authorization: Bearer .."`, `"KEY=..\\nOTHER=.."`.
fn inside_quotes(text: &[u8], name: &Range<usize>, name_quoted: bool, at: usize) -> Option<Range<usize>> {
    let quote = *text.get(name.start.checked_sub(1)?)?;
    if name_quoted {
        return None;
    }
    if quote == b' ' {
        return beside::value_of_step(text, name, at);
    }
    if !matches!(quote, b'"' | b'\'') {
        return None;
    }
    let header = text.get(name.end) == Some(&b':');
    let rest = text.get(at..at.saturating_add(VALUE).min(text.len()))?;
    let stop =
        |byte: &u8| *byte == quote || matches!(byte, b'\\' | b'\n' | b'\r') || !header && byte.is_ascii_whitespace();
    let length = rest.iter().position(stop)?;
    // What goes on after an escape is another line of the same string.
    let ends = match rest.get(length..)? {
        [b'\\', b'n' | b'r', ..] => true,
        [end, ..] => *end == quote,
        [] => false,
    };
    ends.then_some(at..at + length)
}

/// Whether the name stands in a connection string (`Server=..;Pwd=..`) or the query of an address (`?token=..`).
fn connection(text: &[u8], name: &Range<usize>) -> Option<How> {
    let before = text.get(name.start.saturating_sub(200)..name.start)?;
    if text.get(name.end) != Some(&b'=') && !text.get(name.end..)?.starts_with(b" =") {
        return None;
    }
    let line = before.rsplit(|byte| *byte == b'\n').next()?;
    let last = line.trim_ascii_end().last()?;
    match last {
        b'?' | b'&' => line.windows(3).any(|three| three == b"://").then_some(How::Connection),
        b';' => (memchr::memchr(b'=', line).is_some()
            && memchr::memchr2(b'(', b'{', line).is_none_or(|_| {
                let lower = line.to_ascii_lowercase();
                [
                    &b"server="[..],
                    b"data source=",
                    b"host=",
                    b"uid=",
                    b"user id=",
                    b"database=",
                    b"driver=",
                    b"accountname=",
                    b"endpoint=",
                ]
                .iter()
                .any(|mark| memchr::memmem::find(&lower, mark).is_some())
            }))
        .then_some(How::Connection),
        _ => None,
    }
}

/// How long a quoted value is: up to `quote` with as many backslashes before it as the first had, on one line.
fn quoted(rest: &[u8], quote: u8, slashes: usize) -> Option<usize> {
    if quote == b'&' {
        return memchr::memmem::find(rest, b"&quot;");
    }
    let mut at = 0;
    while let Some(&byte) = rest.get(at) {
        if byte == b'\n' || byte == b'\r' {
            return None;
        }
        if byte == b'\\' {
            let run = rest.get(at..)?.iter().take_while(|b| **b == b'\\').count();
            if rest.get(at + run) == Some(&quote) && run <= slashes {
                return Some(at);
            }
            // An escape, or more of them than the quote has.
            at += run + usize::from(run % 2 == 1 || rest.get(at + run) == Some(&quote));
            continue;
        }
        if byte == quote {
            return Some(at);
        }
        at += 1;
    }
    None
}

struct Cursor<'a> {
    text: &'a [u8],
    at: usize,
}

impl Cursor<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn peek_at(&self, ahead: usize) -> Option<u8> {
        self.text.get(self.at + ahead).copied()
    }

    /// Steps over at most `most` bytes of `any`.
    fn while_any(&mut self, any: &[u8], most: usize) -> usize {
        let mut count = 0;
        while count < most && self.peek().is_some_and(|byte| any.contains(&byte)) {
            self.at += 1;
            count += 1;
        }
        count
    }

    /// Steps over a name of a type.
    fn word(&mut self, most: usize) -> usize {
        let mut count = 0;
        while count < most
            && self.peek().is_some_and(|byte| {
                byte.is_ascii_alphanumeric()
                    || matches!(byte, b'_' | b'.' | b'[' | b']' | b'<' | b'>' | b'|' | b'&' | b'*')
            })
        {
            self.at += 1;
            count += 1;
        }
        count
    }
}
