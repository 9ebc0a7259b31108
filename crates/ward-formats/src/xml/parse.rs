//! One pass over the document, an explicit stack of open elements.

use std::collections::HashMap;

use super::{Elements, Flow, Written, reference};
use crate::{Budget, Error, ErrorKind, Field, Role, Span};

/// Ways that are told apart.
const MOST_WAYS: usize = 20_000;

/// Bytes of a name that count in a way.
const LONGEST_NAME: usize = 64;

/// Parses `bytes`; see [`Elements::parse`].
pub(super) fn parse(bytes: &[u8], budget: Budget) -> Result<Elements, Error> {
    if bytes.len() > budget.bytes {
        return Err(Error::new(
            ErrorKind::Budget,
            "the XML document is larger than the byte budget",
            budget.bytes,
        ));
    }
    let source = std::str::from_utf8(bytes).map_err(|e| {
        Error::new(
            ErrorKind::Encoding,
            "the XML document is not UTF-8; convert it to UTF-8",
            e.valid_up_to(),
        )
    })?;
    let mut parser = Parser {
        source,
        at: 0,
        budget,
        items: 0,
        open: Vec::new(),
        fields: Vec::new(),
        places: Vec::new(),
        flow: Flow::Begins,
        ways: vec![String::new()],
        interned: HashMap::new(),
        rooted: false,
    };
    parser.run()?;
    Ok(Elements {
        source: source.to_owned(),
        fields: parser.fields,
        places: parser.places,
        ways: parser.ways,
    })
}

struct Parser<'a> {
    source: &'a str,
    at: usize,
    budget: Budget,
    items: usize,
    /// Open elements: the name as it stands, and the way.
    open: Vec<(&'a str, u32)>,
    fields: Vec<Field>,
    places: Vec<(u32, Written, Flow)>,
    /// How the next text goes on from the last one.
    flow: Flow,
    ways: Vec<String>,
    interned: HashMap<(u32, &'a str), u32>,
    /// True when the outermost element has begun.
    rooted: bool,
}

impl<'a> Parser<'a> {
    fn run(&mut self) -> Result<(), Error> {
        while self.at < self.source.len() {
            let rest = self.rest();
            if !rest.starts_with('<') {
                self.text()?;
            } else if rest.starts_with("<!--") {
                self.enclosed("<!--", "-->", "#comment")?;
            } else if rest.starts_with("<![CDATA[") && !self.open.is_empty() {
                self.enclosed("<![CDATA[", "]]>", "")?;
            } else if rest.starts_with("<?xml") {
                self.skip("?>")?;
            } else if rest.starts_with("<?") {
                self.enclosed("<?", "?>", "#instruction")?;
            } else if rest.starts_with("<!DOCTYPE") && !self.rooted {
                self.doctype()?;
            } else if rest.starts_with("</") {
                self.close()?;
            } else {
                self.element()?;
            }
        }
        if !self.open.is_empty() || !self.rooted {
            return Err(self.wrong("the XML document ends before its outermost element does"));
        }
        Ok(())
    }

    fn text(&mut self) -> Result<(), Error> {
        let start = self.at;
        let end = start + memchr::memchr(b'<', self.rest().as_bytes()).unwrap_or(self.rest().len());
        let raw = self.source.get(start..end).unwrap_or_default();
        if !raw.trim().is_empty() {
            let Some((_, way)) = self.open.last().copied() else {
                return Err(self.wrong("text stands outside of the outermost element"));
            };
            let flow = self.next_flow();
            self.field(way, Span::new(start, end), Written::Escaped, flow)?;
        } else if !raw.is_empty() && self.flow == Flow::Joined {
            self.flow = Flow::Spaced;
        }
        self.at = end;
        Ok(())
    }

    /// A comment, an instruction or a CDATA section.
    fn enclosed(&mut self, begin: &str, end: &str, name: &'static str) -> Result<(), Error> {
        let start = self.at + begin.len();
        let inner = self.source.get(start..).unwrap_or_default();
        let Some(length) = memchr::memmem::find(inner.as_bytes(), end.as_bytes()) else {
            return Err(self.wrong("a comment, an instruction or a CDATA section has no end"));
        };
        let above = self.open.last().map_or(0, |(_, way)| *way);
        let way = if name.is_empty() { above } else { self.way(above, name) };
        if inner.get(..length).is_some_and(|text| !text.trim().is_empty()) {
            // Words in a CDATA section are words of the text around it; a comment parts none.
            let flow = if name.is_empty() { self.next_flow() } else { Flow::Apart };
            self.field(way, Span::new(start, start + length), Written::Plain, flow)?;
        }
        self.at = start + length + end.len();
        Ok(())
    }

    fn skip(&mut self, end: &str) -> Result<(), Error> {
        let Some(length) = self.rest().find(end) else {
            return Err(self.wrong("a declaration has no end"));
        };
        self.at += length + end.len();
        Ok(())
    }

    fn doctype(&mut self) -> Result<(), Error> {
        let end = self.rest().find('>').unwrap_or(self.rest().len());
        if self.rest().get(..end).is_none_or(|inner| inner.contains('[')) {
            return Err(self.wrong("the document declares its own entities, which are not read"));
        }
        self.skip(">")
    }

    fn element(&mut self) -> Result<(), Error> {
        if self.rooted && self.open.is_empty() {
            return Err(self.wrong("something stands after the outermost element"));
        }
        self.rooted = true;
        if self.open.len() >= self.budget.depth {
            return Err(Error::new(
                ErrorKind::Budget,
                "the XML document nests deeper than the budget allows",
                self.at,
            ));
        }
        self.at += 1;
        let name = self.name()?;
        let above = self.open.last().map_or(0, |(_, way)| *way);
        let way = self.way(above, local(name));
        self.item()?;
        self.part(local(name), true);
        loop {
            self.space();
            let rest = self.rest();
            if rest.starts_with("/>") {
                self.at += 2;
                return Ok(());
            }
            if rest.starts_with('>') {
                self.at += 1;
                self.open.push((name, way));
                return Ok(());
            }
            self.attribute(way)?;
        }
    }

    fn attribute(&mut self, above: u32) -> Result<(), Error> {
        let name = self.name()?;
        self.space();
        if !self.rest().starts_with('=') {
            return Err(self.wrong("an attribute has no value"));
        }
        self.at += 1;
        self.space();
        let quote = match self.rest().as_bytes().first() {
            Some(b'"') => b'"',
            Some(b'\'') => b'\'',
            _ => return Err(self.wrong("the value of an attribute is not in quotes")),
        };
        let start = self.at + 1;
        let inner = self.source.as_bytes().get(start..).unwrap_or_default();
        let end = memchr::memchr2(quote, b'<', inner).filter(|end| inner.get(*end) == Some(&quote));
        let Some(end) = end else {
            return Err(self.wrong("the value of an attribute has no end"));
        };
        if end > 0 {
            let way = self.way(
                above,
                if name.starts_with("xmlns") {
                    "xmlns"
                } else {
                    local(name)
                },
            );
            self.field(way, Span::new(start, start + end), Written::Escaped, Flow::Apart)?;
        }
        self.at = start + end + 1;
        Ok(())
    }

    fn close(&mut self) -> Result<(), Error> {
        self.at += 2;
        let name = self.name()?;
        self.space();
        if !self.rest().starts_with('>') || self.open.last().map(|(open, _)| *open) != Some(name) {
            return Err(self.wrong("an end tag does not fit the element that is open"));
        }
        self.open.pop();
        self.part(local(name), false);
        self.at += 1;
        Ok(())
    }

    fn name(&mut self) -> Result<&'a str, Error> {
        let rest = self.source.get(self.at..).unwrap_or_default();
        let ends = |c: char| c.is_whitespace() || matches!(c, '/' | '>' | '=' | '<' | '"' | '\'' | '&');
        let end = rest.find(ends).unwrap_or(rest.len());
        let name = rest.get(..end).unwrap_or_default();
        if !name.starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | ':')) {
            return Err(self.wrong("a name is expected here"));
        }
        self.at += end;
        Ok(name)
    }

    /// A tag of element `name` stands between two texts.
    fn part(&mut self, name: &str, begins: bool) {
        self.flow = match name {
            "b" | "i" | "u" | "em" | "strong" | "span" | "a" | "sub" | "sup" | "small" | "font" | "tt" | "code"
            | "content" | "linkHtml" | "footnoteRef" => return,
            "td" | "th" if begins && self.flow != Flow::Begins => Flow::Spaced,
            "td" | "th" if !begins => return,
            _ => Flow::Begins,
        };
    }

    /// How the text that stands here goes on.
    fn next_flow(&mut self) -> Flow {
        std::mem::replace(&mut self.flow, Flow::Joined)
    }

    fn field(&mut self, way: u32, raw: Span, written: Written, flow: Flow) -> Result<(), Error> {
        self.item()?;
        let text = self.source.get(raw.start..raw.end).unwrap_or_default();
        self.fields.push(Field {
            text: match written {
                Written::Escaped => decode(text),
                Written::Plain => text.to_owned(),
            },
            role: Role::Unknown,
            raw,
        });
        self.places.push((way, written, flow));
        Ok(())
    }

    fn item(&mut self) -> Result<(), Error> {
        self.items += 1;
        if self.items > self.budget.items {
            return Err(Error::new(
                ErrorKind::Budget,
                "the XML document holds more elements than the budget allows",
                self.at,
            ));
        }
        Ok(())
    }

    fn way(&mut self, above: u32, name: &'a str) -> u32 {
        let whole_name = name;
        if let Some(way) = self.interned.get(&(above, name)) {
            return *way;
        }
        // A document that invents names without end gets no way of its own for each.
        if self.ways.len() >= MOST_WAYS {
            return 0;
        }
        let parent = self.ways.get(above as usize).map_or("", String::as_str);
        let end = (0..=name.len().min(LONGEST_NAME))
            .rfind(|at| name.is_char_boundary(*at))
            .unwrap_or(0);
        let name = name.get(..end).unwrap_or_default();
        let whole = if parent.is_empty() {
            name.to_owned()
        } else {
            format!("{parent}.{name}")
        };
        let way = u32::try_from(self.ways.len()).unwrap_or(0);
        self.ways.push(whole);
        self.interned.insert((above, whole_name), way);
        way
    }

    fn space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
    }

    fn rest(&self) -> &'a str {
        self.source.get(self.at..).unwrap_or_default()
    }

    fn wrong(&self, what: &'static str) -> Error {
        Error::new(ErrorKind::Malformed, what, self.at)
    }
}

/// A name without its prefix.
fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// Text with its references resolved. One that XML does not define stands for itself.
fn decode(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((plain, after)) = rest.split_once('&') {
        out.push_str(plain);
        let from = rest.get(plain.len()..).unwrap_or_default();
        match reference(from.as_bytes()) {
            Some((c, length)) => {
                out.push(c);
                rest = from.get(length..).unwrap_or_default();
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}
