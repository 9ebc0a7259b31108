//! What a pickle would build, as far as it can be known without building it.

use std::{borrow::Cow, fmt::Write as _};

use super::opcode::{Style, Text};
use crate::input::Input;

/// A value in [`Values`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id(pub(crate) u32);

/// One value.
#[derive(Debug)]
pub enum Node {
    /// `None`.
    None,
    /// A boolean.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// An integer of more than 64 bits, or one that cannot be read.
    Long(Text),
    /// A number with a fraction.
    Float(f64),
    /// A text.
    Str(Text),
    /// Bytes.
    Bytes(Text),
    /// Bytes that can be changed.
    ByteArray(Text),
    /// A number whose value was not kept, because there are so many of them.
    Number,
    /// A buffer that is not in the stream.
    Buffer,
    /// A tuple.
    Tuple(Vec<Id>),
    /// A list.
    List(Vec<Id>),
    /// Keys and values, in turn.
    Dict(Vec<Id>),
    /// A set.
    Set(Vec<Id>),
    /// A set that cannot be changed.
    FrozenSet(Vec<Id>),
    /// Something imported.
    Global(Box<Global>),
    /// What a call gave.
    Called(Box<Called>),
    /// What the loader's `persistent_load` gives for this id.
    Persistent(Id),
    /// What `copyreg`'s extension registry holds under this code.
    Extension(u32),
}

/// A name that is imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Global {
    /// The module, as the pickle has it.
    pub module: String,
    /// The name in it, which may be a path of attributes with dots.
    pub name: String,
    /// True when one of them is no constant text, so that nobody can tell what is imported.
    pub computed: bool,
}

/// How something is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// `callee(*args)`.
    Call,
    /// `callee.__new__(callee, *args)`, without `__init__`.
    New,
    /// `callee.__new__(callee, *args, **kwargs)`.
    NewKeywords,
}

/// A call and what was done to its result.
#[derive(Debug)]
pub struct Called {
    /// How.
    pub how: How,
    /// What is called.
    pub callee: Id,
    /// Its arguments: a tuple, or anything when the pickle is wrong.
    pub args: Id,
    /// Its arguments by name.
    pub kwargs: Option<Id>,
    /// What `BUILD` gave it last.
    pub state: Option<Id>,
    /// What was appended to it, and the keys and values that were set, in turn.
    pub items: Vec<Id>,
}

/// Every value of a pickle.
pub struct Values<'a> {
    input: Input<'a>,
    nodes: Vec<Node>,
}

/// Longest text that is decoded for a name or a sentence, in bytes.
const LONGEST_NAME: usize = 4096;
/// Longest rendering, in bytes.
const LONGEST_RENDERING: usize = 240;
/// Longest text inside a rendering, in characters.
const LONGEST_TEXT: usize = 80;

impl<'a> Values<'a> {
    pub(crate) fn new(input: Input<'a>) -> Self {
        Self {
            input,
            nodes: Vec::new(),
        }
    }

    pub(crate) fn push(&mut self, node: Node) -> Id {
        let id = Id(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(node);
        id
    }

    pub(crate) fn count(&self) -> usize {
        self.nodes.len()
    }

    /// Every value, in the order in which they were made.
    pub fn ids(&self) -> impl Iterator<Item = Id> + use<> {
        (0..u32::try_from(self.nodes.len()).unwrap_or(u32::MAX)).map(Id)
    }

    pub(crate) fn get_mut(&mut self, id: Id) -> Option<&mut Node> {
        self.nodes.get_mut(id.0 as usize)
    }

    /// The value.
    #[must_use]
    pub fn get(&self, id: Id) -> &Node {
        self.nodes.get(id.0 as usize).unwrap_or(&Node::None)
    }

    /// The bytes that the pickle is read from.
    #[must_use]
    pub fn input(&self) -> Input<'a> {
        self.input
    }

    /// The name that is imported, when the value is one.
    #[must_use]
    pub fn global(&self, id: Id) -> Option<&Global> {
        match self.get(id) {
            Node::Global(global) => Some(global),
            _ => None,
        }
    }

    /// The call, when the value is the result of one.
    #[must_use]
    pub fn called(&self, id: Id) -> Option<&Called> {
        match self.get(id) {
            Node::Called(called) => Some(called),
            _ => None,
        }
    }

    /// The name whose call gave the value.
    #[must_use]
    pub fn callee(&self, id: Id) -> Option<&Global> {
        self.called(id).and_then(|called| self.global(called.callee))
    }

    /// The items of a tuple or list.
    #[must_use]
    pub fn items(&self, id: Id) -> &[Id] {
        match self.get(id) {
            Node::Tuple(items) | Node::List(items) => items,
            _ => &[],
        }
    }

    /// Keys and values of a dictionary, or of an object that was filled like one.
    pub fn pairs(&self, id: Id) -> impl Iterator<Item = (Id, Id)> + '_ {
        let flat: &[Id] = match self.get(id) {
            Node::Dict(items) => items,
            Node::Called(called) => &called.items,
            _ => &[],
        };
        flat.as_chunks::<2>().0.iter().map(|[key, value]| (*key, *value))
    }

    /// The value under a text key.
    #[must_use]
    pub fn under(&self, id: Id, key: &str) -> Option<Id> {
        let found = self
            .pairs(id)
            .filter(|(k, _)| self.text(*k).is_some_and(|text| text == key));
        found.last().map(|(_, value)| value)
    }

    /// The integer.
    #[must_use]
    pub fn int(&self, id: Id) -> Option<i64> {
        match self.get(id) {
            Node::Int(number) => Some(*number),
            Node::Bool(yes) => Some(i64::from(*yes)),
            _ => None,
        }
    }

    /// The text, when it is one of at most 4,096 bytes and can be decoded.
    #[must_use]
    pub fn text(&self, id: Id) -> Option<String> {
        match self.get(id) {
            Node::Str(text) if text.len as usize <= LONGEST_NAME => {
                let bytes = self.bytes(*text, LONGEST_NAME);
                String::from_utf8(decoded(&bytes, text.style).into_owned()).ok()
            }
            _ => None,
        }
    }

    /// The first `limit` bytes of a text as they stand in the source; none when they cannot be read.
    #[must_use]
    pub fn bytes(&self, text: Text, limit: usize) -> Cow<'a, [u8]> {
        let len = usize::try_from(text.len).unwrap_or(usize::MAX).min(limit);
        self.input.at(text.at, len).unwrap_or_default()
    }

    /// The bytes that a text of any kind stands for, when there are at most `limit` of them.
    #[must_use]
    pub fn payload(&self, id: Id, limit: usize) -> Option<Cow<'a, [u8]>> {
        match self.get(id) {
            Node::Str(text) | Node::Bytes(text) | Node::ByteArray(text) if text.len as usize <= limit => {
                Some(match self.bytes(*text, limit) {
                    Cow::Borrowed(bytes) => decoded(bytes, text.style),
                    Cow::Owned(bytes) => Cow::Owned(decoded(&bytes, text.style).into_owned()),
                })
            }
            _ => None,
        }
    }

    /// The value as Python would write it, cut to a length fit for a sentence, with control characters escaped.
    #[must_use]
    pub fn render(&self, id: Id) -> String {
        let mut out = String::new();
        self.write(&mut out, id, 0);
        out
    }

    /// The arguments of a call as Python would write them, without the brackets.
    #[must_use]
    pub fn render_arguments(&self, called: &Called) -> String {
        let mut out = String::new();
        match self.get(called.args) {
            Node::Tuple(items) => self.write_list(&mut out, items, 0),
            _ => {
                out.push('*');
                self.write(&mut out, called.args, 0);
            }
        }
        if let Some(kwargs) = called.kwargs {
            out.push_str(", **");
            self.write(&mut out, kwargs, 0);
        }
        out
    }

    fn write_list(&self, out: &mut String, items: &[Id], depth: usize) {
        for (n, item) in items.iter().enumerate() {
            if n > 0 {
                out.push_str(", ");
            }
            if n == 8 || out.len() > LONGEST_RENDERING {
                out.push_str("..");
                return;
            }
            self.write(out, *item, depth);
        }
    }

    // Recursion ends at a depth of 4, and every list after 8 items or when the rendering is long.
    fn write(&self, out: &mut String, id: Id, depth: usize) {
        if depth > 4 || out.len() > LONGEST_RENDERING {
            out.push_str("..");
            return;
        }
        let deeper = depth + 1;
        // Writing to a String cannot fail.
        let _ = match self.get(id) {
            Node::None => write!(out, "None"),
            Node::Bool(yes) => write!(out, "{}", if *yes { "True" } else { "False" }),
            Node::Int(number) => write!(out, "{number}"),
            Node::Long(_) | Node::Number => write!(out, "<number>"),
            Node::Float(number) => write!(out, "{number:?}"),
            Node::Buffer => write!(out, "<buffer>"),
            Node::Extension(code) => write!(out, "<extension {code}>"),
            Node::Str(text) => {
                out.push_str(&self.quoted(*text));
                Ok(())
            }
            Node::Bytes(text) => write!(out, "b{}", self.quoted(*text)),
            Node::ByteArray(text) => write!(out, "bytearray(b{})", self.quoted(*text)),
            Node::Tuple(items) => self.enclosed(out, "(", items, if items.len() == 1 { ",)" } else { ")" }, deeper),
            Node::List(items) => self.enclosed(out, "[", items, "]", deeper),
            Node::Set(items) => self.enclosed(out, "{", items, "}", deeper),
            Node::FrozenSet(items) => self.enclosed(out, "frozenset({", items, "})", deeper),
            Node::Dict(items) => {
                out.push('{');
                for (n, pair) in items.as_chunks::<2>().0.iter().enumerate() {
                    if n > 0 {
                        out.push_str(", ");
                    }
                    if n == 4 || out.len() > LONGEST_RENDERING {
                        out.push_str("..");
                        break;
                    }
                    self.write(out, pair[0], deeper);
                    out.push_str(": ");
                    self.write(out, pair[1], deeper);
                }
                out.push('}');
                Ok(())
            }
            Node::Global(global) => write!(out, "{}", global.path()),
            Node::Called(called) => {
                self.write(out, called.callee, deeper);
                match self.get(called.args) {
                    Node::Tuple(items) => self.enclosed(out, "(", items, ")", deeper),
                    _ => write!(out, "(..)"),
                }
            }
            Node::Persistent(pid) => {
                out.push_str("persistent_load(");
                self.write(out, *pid, deeper);
                out.push(')');
                Ok(())
            }
        };
    }

    fn enclosed(&self, out: &mut String, open: &str, items: &[Id], close: &str, depth: usize) -> std::fmt::Result {
        out.push_str(open);
        self.write_list(out, items, depth);
        out.push_str(close);
        Ok(())
    }

    fn quoted(&self, text: Text) -> String {
        let bytes = self.bytes(text, LONGEST_TEXT * 4);
        quoted(&decoded(&bytes, text.style), text.len as usize > bytes.len())
    }
}

impl Global {
    /// `module.name`, cut and escaped for a sentence.
    #[must_use]
    pub fn path(&self) -> String {
        if self.computed {
            return "<a name that is computed>".to_owned();
        }
        let mut out = plain(&self.module);
        out.push('.');
        out.push_str(&plain(&self.name));
        out
    }
}

/// A text cut to 80 characters, without control characters and marks that reorder text.
#[must_use]
pub fn plain(text: &str) -> String {
    let mut out = String::new();
    for (n, c) in text.chars().enumerate() {
        if n == LONGEST_TEXT {
            out.push_str("..");
            break;
        }
        if c.is_control()
            || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
        {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

/// Bytes as a quoted text for a sentence.
fn quoted(bytes: &[u8], cut: bool) -> String {
    let text = String::from_utf8_lossy(bytes);
    let shown = plain(&text).replace('"', "\\\"");
    let more = if cut && !shown.ends_with("..") { ".." } else { "" };
    format!("\"{shown}{more}\"")
}

/// The bytes that a text written in a certain way stands for.
#[must_use]
pub fn decoded(bytes: &[u8], style: Style) -> Cow<'_, [u8]> {
    match style {
        Style::Plain => Cow::Borrowed(bytes),
        Style::Quoted => Cow::Owned(unescape(unquoted(bytes), true)),
        Style::RawUnicode => Cow::Owned(unescape(bytes, false)),
    }
}

/// Without the quotes around it, as `STRING` has them.
fn unquoted(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.trim_ascii();
    match bytes {
        [b'"', inner @ .., b'"'] | [b'\'', inner @ .., b'\''] => inner,
        _ => bytes,
    }
}

/// Follows the escapes of a Python literal, all of them or only `\u` and `\U`. Characters above 255 become UTF-8, and in
/// `\u` texts so do bytes above 127, which stand for Latin-1.
fn unescape(bytes: &[u8], all: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte != b'\\' {
            if byte.is_ascii() || all {
                out.push(byte);
            } else {
                push_char(&mut out, u32::from(byte));
            }
            continue;
        }
        let Some((&kind, after)) = rest.split_first() else {
            out.push(b'\\');
            break;
        };
        let digits = match kind {
            b'u' if !all => 4,
            b'U' if !all => 8,
            b'x' if all => 2,
            _ => 0,
        };
        if digits > 0 {
            let hex = after.get(..digits).and_then(|hex| std::str::from_utf8(hex).ok());
            if let Some(number) = hex.and_then(|hex| u32::from_str_radix(hex, 16).ok()) {
                match (u8::try_from(number), all) {
                    (Ok(byte), true) => out.push(byte),
                    _ => push_char(&mut out, number),
                }
                rest = after.get(digits..).unwrap_or_default();
                continue;
            }
        }
        if !all {
            out.push(b'\\');
            continue;
        }
        rest = after;
        match kind {
            b'n' => out.push(b'\n'),
            b't' => out.push(b'\t'),
            b'r' => out.push(b'\r'),
            b'a' => out.push(7),
            b'b' => out.push(8),
            b'v' => out.push(11),
            b'f' => out.push(12),
            b'\n' => {}
            b'\\' | b'\'' | b'"' => out.push(kind),
            b'0'..=b'7' => {
                let more = rest
                    .iter()
                    .take(2)
                    .take_while(|digit| (b'0'..=b'7').contains(digit))
                    .count();
                let tail = rest.get(..more).unwrap_or_default();
                let number = tail
                    .iter()
                    .fold(u32::from(kind - b'0'), |n, digit| n * 8 + u32::from(digit - b'0'));
                out.push((number & 0xff) as u8);
                rest = rest.get(more..).unwrap_or_default();
            }
            _ => out.extend([b'\\', kind]),
        }
    }
    out
}

fn push_char(out: &mut Vec<u8>, number: u32) {
    let c = char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER);
    out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(written: &str, style: Style, expect: &str) {
        assert_eq!(String::from_utf8_lossy(&decoded(written.as_bytes(), style)), expect);
    }

    #[test]
    fn texts_are_decoded_as_python_would() {
        check("os", Style::Plain, "os");
        check("'os'", Style::Quoted, "os");
        check("\"o\\x73\"", Style::Quoted, "os");
        check("'\\157\\163'", Style::Quoted, "os");
        check("'a\\nb\\'\\\\'", Style::Quoted, "a\nb'\\");
        check("\\u006f\\U00000073", Style::RawUnicode, "os");
        check("a\\nb\\", Style::RawUnicode, "a\\nb\\");
        check("\\u00", Style::RawUnicode, "\\u00");
        assert_eq!(decoded(b"\xe9", Style::RawUnicode).as_ref(), "é".as_bytes());
    }

    #[test]
    fn a_rendering_cannot_draw_on_the_terminal() {
        assert_eq!(plain("a\u{1b}[2J\u{202e}b"), "a\\u{1b}[2J\\u{202e}b");
        assert_eq!(plain(&"x".repeat(100)).len(), 82);
    }
}
