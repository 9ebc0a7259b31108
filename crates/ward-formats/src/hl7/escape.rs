//! Escapes of HL7 v2 (chapter 2, "Use of escape sequences in text fields"): reading, walking, writing.

use std::borrow::Cow;
use std::fmt::Write;

use crate::Span;
use crate::json::{Cut, Unit};

/// The characters that separate the parts of a message, from MSH-1 and MSH-2. All are ASCII
/// punctuation and differ from each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Delimiters {
    pub(super) field: u8,
    pub(super) component: u8,
    pub(super) repetition: Option<u8>,
    pub(super) escape: Option<u8>,
    pub(super) sub: Option<u8>,
    pub(super) truncation: Option<u8>,
}

impl Delimiters {
    /// Reads MSH-1 and MSH-2. `None` when they separate nothing or cannot be told apart.
    pub(crate) fn read(field: u8, encoding: &[u8]) -> Option<Delimiters> {
        let all: Vec<u8> = std::iter::once(field).chain(encoding.iter().copied()).collect();
        let distinct = all.iter().enumerate().all(|(i, b)| !all.iter().take(i).any(|a| a == b));
        if encoding.is_empty() || encoding.len() > 5 || !distinct || !all.iter().all(u8::is_ascii_punctuation) {
            return None;
        }
        let at = |i: usize| encoding.get(i).copied();
        Some(Delimiters {
            field,
            component: at(0)?,
            repetition: at(1),
            escape: at(2),
            sub: at(3),
            truncation: at(4),
        })
    }

    /// The same with another separator of fields. What it was before it has nothing to separate by.
    pub(super) fn with_field(self, field: u8) -> Delimiters {
        let other = |b: Option<u8>| b.filter(|b| *b != field);
        Delimiters {
            field,
            component: if self.component == field {
                self.field
            } else {
                self.component
            },
            repetition: other(self.repetition),
            escape: other(self.escape),
            sub: other(self.sub),
            truncation: other(self.truncation),
        }
    }

    /// The delimiters with the letters of their escapes.
    fn letters(&self) -> [(Option<u8>, u8); 6] {
        [
            (Some(self.field), b'F'),
            (Some(self.component), b'S'),
            (self.sub, b'T'),
            (self.repetition, b'R'),
            (self.escape, b'E'),
            (self.truncation, b'P'),
        ]
    }
}

/// What one stretch of an encoded leaf stands for.
enum Piece {
    /// Itself; may be cut.
    Run,
    /// One escape's text.
    Escape(Cow<'static, str>),
    /// An escape nobody knows: itself, as a whole.
    Literal,
    /// An escape character without its partner: itself, to the end.
    Open,
}

/// The piece that `rest` begins with and the bytes it takes.
fn piece(delimiters: &Delimiters, rest: &[u8]) -> (Piece, usize) {
    let Some(mark) = delimiters.escape else {
        return (Piece::Run, rest.len());
    };
    let plain = memchr::memchr(mark, rest).unwrap_or(rest.len());
    if plain > 0 || rest.is_empty() {
        return (Piece::Run, plain);
    }
    let after = rest.get(1..).unwrap_or_default();
    let Some(len) = memchr::memchr(mark, after) else {
        return (Piece::Open, rest.len());
    };
    let body = after.get(..len).unwrap_or_default();
    match meaning(delimiters, body) {
        Some(text) => (Piece::Escape(text), len + 2),
        None => (Piece::Literal, len + 2),
    }
}

/// What the escape with that body stands for.
fn meaning(delimiters: &Delimiters, body: &[u8]) -> Option<Cow<'static, str>> {
    if let [letter] = body {
        if matches!(letter, b'H' | b'N') {
            // Highlighting begins, ends.
            return Some(Cow::Borrowed(""));
        }
        let (delimiter, _) = delimiters.letters().into_iter().find(|(_, l)| l == letter)?;
        return delimiter.map(|b| Cow::Owned(char::from(b).to_string()));
    }
    if let Some(digits) = body.strip_prefix(b"X") {
        return hex(digits).map(Cow::Owned);
    }
    let command = body.strip_prefix(b".")?;
    let (name, argument) = command.split_at_checked(2)?;
    if !argument
        .iter()
        .all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b' '))
    {
        return None;
    }
    Some(Cow::Borrowed(match name {
        b"br" | b"sp" | b"ce" => "\n",
        b"in" | b"ti" | b"sk" => " ",
        b"fi" | b"nf" => "",
        _ => return None,
    }))
}

/// Bytes in hexadecimal as text: UTF-8 when they are, else each byte a Latin-1 character.
fn hex(digits: &[u8]) -> Option<String> {
    if digits.is_empty() {
        return None;
    }
    let bytes = data_encoding::HEXLOWER_PERMISSIVE.decode(digits).ok()?;
    Some(String::from_utf8(bytes).unwrap_or_else(|e| e.as_bytes().iter().copied().map(char::from).collect()))
}

/// The unit that `rest`, the rest of a leaf, begins with.
pub(crate) fn unit(delimiters: &Delimiters, rest: &[u8]) -> Unit {
    let (piece, raw) = piece(delimiters, rest);
    let (decoded, cut) = match piece {
        Piece::Run => (raw, Cut::Anywhere),
        Piece::Escape(text) => (text.len(), Cut::Nowhere),
        Piece::Literal => (raw, Cut::Nowhere),
        Piece::Open => (raw, Cut::Open),
    };
    Unit { raw, decoded, cut }
}

/// The text of an encoded leaf.
pub(super) fn decode(delimiters: &Delimiters, raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while !rest.is_empty() {
        let (piece, len) = piece(delimiters, rest.as_bytes());
        let (head, tail) = rest.split_at_checked(len).unwrap_or((rest, ""));
        match piece {
            Piece::Escape(meaning) => text.push_str(&meaning),
            Piece::Run | Piece::Literal | Piece::Open => text.push_str(head),
        }
        rest = tail;
    }
    text
}

/// Where the text of an encoded leaf holds escapes that two systems agreed upon among themselves (`\ZName\`), if that text is
/// `len` bytes.
pub(super) fn local(delimiters: &Delimiters, raw: &str, len: usize) -> Vec<Span> {
    let mut found = Vec::new();
    let (mut rest, mut at) = (raw.as_bytes(), 0);
    while !rest.is_empty() {
        let (piece, raw) = piece(delimiters, rest);
        let taken = match &piece {
            Piece::Escape(text) => text.len(),
            Piece::Run | Piece::Literal | Piece::Open => raw,
        };
        if matches!(piece, Piece::Literal) && rest.get(1) == Some(&b'Z') {
            found.push(Span::new(at, at + taken));
        }
        at += taken;
        rest = rest.get(raw..).unwrap_or_default();
    }
    if at != len {
        found.clear();
    }
    found
}

/// True for one local escape and nothing else, whose text may stand in a leaf.
fn is_local(delimiters: &Delimiters, text: &[u8]) -> bool {
    let (Piece::Literal, len) = piece(delimiters, text) else {
        return false;
    };
    let mut body = text.get(1..len - 1).unwrap_or_default().iter();
    let plain = |b: &u8| *b >= b' ' && !delimiters.letters().iter().any(|(delimiter, _)| *delimiter == Some(*b));
    len == text.len() && body.next() == Some(&b'Z') && body.all(plain)
}

/// Appends `text` to `out` so that it reads back as one leaf.
pub(crate) fn encode(delimiters: &Delimiters, text: &str, out: &mut Vec<u8>) -> Result<(), &'static str> {
    if is_local(delimiters, text.as_bytes()) {
        // It was taken out whole, and goes back as it was.
        out.extend_from_slice(text.as_bytes());
        return Ok(());
    }
    let letters = delimiters.letters();
    for c in text.chars() {
        let letter = u8::try_from(c)
            .ok()
            .and_then(|b| letters.iter().find(|(delimiter, _)| *delimiter == Some(b)))
            .map(|(_, letter)| *letter);
        let mut escape = String::new();
        match (letter, c) {
            (Some(letter), _) => escape.push(char::from(letter)),
            (None, '\n') => escape.push_str(".br"),
            (None, c) if c < ' ' && c != '\t' => {
                // Writing to a String cannot fail.
                let _ = write!(escape, "X{:02X}", u32::from(c));
            }
            (None, c) => {
                out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                continue;
            }
        }
        let mark = delimiters
            .escape
            .ok_or("the new text needs an escape, and the message defines no escape character in MSH-2")?;
        out.push(mark);
        out.extend_from_slice(escape.as_bytes());
        out.push(mark);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usual() -> Delimiters {
        Delimiters::read(b'|', br"^~\&").unwrap()
    }

    #[test]
    fn decodes_escapes_and_keeps_what_it_does_not_know() {
        for (raw, expect) in [
            (r"a\F\b\S\c\T\d\R\e\E\f", "a|b^c&d~e\\f"),
            (r"one\.br\two\.sp3\three\.in+2\four\.fi\", "one\ntwo\nthree four"),
            (r"\H\bold\N\", "bold"),
            (r"\X4A6F\\X0d0A\\XC3A9\\XE9\", "Jo\r\néé"),
            (r"\XZZ\ \X4\ \X\", r"\XZZ\ \X4\ \X\"),
            (r"\Zlocal\ \P\ \.xx\", r"\Zlocal\ \P\ \.xx\"),
            (r"\\server\share", r"\\server\share"),
            (r"half \F", r"half \F"),
            ("é\u{feff}", "é\u{feff}"),
        ] {
            assert_eq!(decode(&usual(), raw), expect, "{raw}");
        }
    }

    #[test]
    fn units_add_up_to_the_text() {
        for raw in [r"a\F\b", r"\X0D0A\x", r"\Zq\w\", r"\H\\N\", "", "plain é"] {
            let (mut at, mut decoded) = (0, 0);
            while at < raw.len() {
                let unit = unit(&usual(), &raw.as_bytes()[at..]);
                (at, decoded) = (at + unit.raw, decoded + unit.decoded);
            }
            assert_eq!(decoded, decode(&usual(), raw).len(), "{raw}");
        }
    }

    #[test]
    fn knows_local_escapes_from_others() {
        for (raw, expect) in [
            (r"a\T\ \ZQuill\ b\Z7\", &[r"\ZQuill\", r"\Z7\"][..]),
            (r"\Zq\w\", &[r"\Zq\"]),
            (r"C:\E\Zoo\E\x \H\Zoo\N\ \.br\ \Xzz\ \Zoo", &[]),
        ] {
            let text = decode(&usual(), raw);
            let found = local(&usual(), raw, text.len());
            let found: Vec<&str> = found.iter().map(|span| &text[span.start..span.end]).collect();
            assert_eq!(found, expect, "{raw}");
        }
        assert_eq!(local(&usual(), r"\Zq\", 3), []);
    }

    #[test]
    fn encodes_so_that_it_reads_back() {
        for (text, expect) in [
            (r"\Zfoo bar\", r"\Zfoo bar\"),
            (r"\Zfoo|bar\", r"\E\Zfoo\F\bar\E\"),
            (r"\Zfoo\ bar", r"\E\Zfoo\E\ bar"),
            (r"\Foo\", r"\E\Foo\E\"),
        ] {
            let mut out = Vec::new();
            encode(&usual(), text, &mut out).unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), expect);
            assert_eq!(decode(&usual(), expect), text);
        }
        let text = "a|b^c~d\\e&f\r\n\u{b}\u{1c}\tg é\u{0}";
        let mut out = Vec::new();
        encode(&usual(), text, &mut out).unwrap();
        assert!(!out.iter().any(|b| b"|^~&\r\n\x0b\x1c".contains(b)));
        assert_eq!(decode(&usual(), std::str::from_utf8(&out).unwrap()), text);
        let bare = Delimiters::read(b'|', b"^").unwrap();
        assert!(encode(&bare, "a|b", &mut out).is_err());
        assert!(encode(&bare, "a~b", &mut out).is_ok());
    }

    #[test]
    fn reads_delimiters() {
        for bad in [&b""[..], b"^^", b"^|", b"A~\\&", b"^~\\&##", b"^ ", b"^~\\&\xc3"] {
            assert_eq!(Delimiters::read(b'|', bad), None);
        }
        assert_eq!(Delimiters::read(b'A', b"^"), None);
        assert_eq!(Delimiters::read(b'|', b"^~\\&#").unwrap().truncation, Some(b'#'));
    }
}
