//! The parser: one pass, an explicit stack, no recursion.

use super::{JsonKind, Node, Standing, Tree, escape};
use crate::{Budget, Error, ErrorKind};

/// Parses `bytes`; see [`Tree::parse`].
pub(super) fn parse(bytes: &[u8], budget: Budget) -> Result<Tree, Error> {
    if bytes.len() > budget.bytes || u32::try_from(bytes.len()).is_err() {
        return Err(Error::new(
            ErrorKind::Budget,
            "the JSON text is larger than the byte budget",
            budget.bytes.min(bytes.len()),
        ));
    }
    let source = std::str::from_utf8(bytes).map_err(|e| {
        Error::new(
            ErrorKind::Encoding,
            "the JSON text is not UTF-8; convert it to UTF-8",
            e.valid_up_to(),
        )
    })?;
    let parser = Parser {
        bytes,
        source,
        at: 0,
        budget,
        // About one node in twelve bytes of a record; grown when needed, never beyond the budget.
        nodes: Vec::with_capacity((bytes.len() / 12 + 1).min(budget.items)),
        open: Vec::new(),
        decoded: String::new(),
        texts: Vec::new(),
    };
    parser.run()
}

struct Parser<'a> {
    bytes: &'a [u8],
    source: &'a str,
    at: usize,
    budget: Budget,
    nodes: Vec<Node>,
    /// Arrays and objects begun and not ended, each with the children it has so far.
    open: Vec<(u32, u32)>,
    decoded: String,
    texts: Vec<(u32, u32)>,
}

/// What stands before the next token.
enum Next {
    /// A value must come.
    Value(Standing),
    /// A value has ended.
    Ended,
}

impl Parser<'_> {
    fn run(mut self) -> Result<Tree, Error> {
        if self.bytes.starts_with(b"\xef\xbb\xbf") {
            return Err(self.wrong("a byte-order mark stands before the JSON text; remove it"));
        }
        let mut next = Next::Value(Standing::Element);
        loop {
            self.skip_space();
            next = match next {
                Next::Value(place) => self.value(place)?,
                Next::Ended => match self.open.last().copied() {
                    None => break,
                    Some((container, _)) => self.after_value(container)?,
                },
            };
        }
        if self.at < self.bytes.len() {
            return Err(self.wrong("something stands after the JSON text"));
        }
        Ok(Tree {
            source: self.source.to_owned(),
            nodes: self.nodes,
            decoded: self.decoded,
            texts: self.texts,
        })
    }

    fn value(&mut self, place: Standing) -> Result<Next, Error> {
        match self.peek() {
            Some(b'"') => self.string(place)?,
            Some(b'{') => return self.container(JsonKind::Object, place),
            Some(b'[') => return self.container(JsonKind::Array, place),
            Some(b't') => self.word(b"true", JsonKind::Bool, place)?,
            Some(b'f') => self.word(b"false", JsonKind::Bool, place)?,
            Some(b'n') => self.word(b"null", JsonKind::Null, place)?,
            Some(b'-' | b'0'..=b'9') => self.number(place)?,
            Some(_) => return Err(self.wrong("a JSON value is expected here")),
            None => return Err(self.wrong("the JSON text ends where a value is expected")),
        }
        Ok(Next::Ended)
    }

    fn container(&mut self, kind: JsonKind, place: Standing) -> Result<Next, Error> {
        if self.open.len() >= self.budget.depth {
            return Err(Error::new(
                ErrorKind::Budget,
                "the JSON text nests deeper than the budget allows",
                self.at,
            ));
        }
        let id = self.push(kind, place, self.at, self.at)?;
        self.open.push((id, 0));
        self.at += 1;
        self.skip_space();
        let empty = match kind {
            JsonKind::Object => b'}',
            _ => b']',
        };
        if self.peek() == Some(empty) {
            self.close(id);
            return Ok(Next::Ended);
        }
        self.before_value(kind)
    }

    /// In a container, where a member or an element must begin.
    fn before_value(&mut self, kind: JsonKind) -> Result<Next, Error> {
        if kind != JsonKind::Object {
            return Ok(Next::Value(Standing::Element));
        }
        if self.peek() != Some(b'"') {
            return Err(self.wrong("an object key in double quotes is expected here"));
        }
        self.string(Standing::Key)?;
        self.skip_space();
        if self.peek() != Some(b':') {
            return Err(self.wrong("a colon is expected after an object key"));
        }
        self.at += 1;
        Ok(Next::Value(Standing::Value))
    }

    fn after_value(&mut self, container: u32) -> Result<Next, Error> {
        let kind = self
            .nodes
            .get(container as usize)
            .map_or(JsonKind::Array, |node| node.kind);
        match (self.peek(), kind) {
            (Some(b','), _) => {
                self.at += 1;
                self.skip_space();
                self.before_value(kind)
            }
            (Some(b'}'), JsonKind::Object) | (Some(b']'), JsonKind::Array) => {
                self.close(container);
                Ok(Next::Ended)
            }
            (None, _) => Err(self.wrong("the JSON text ends inside an array or object")),
            _ => Err(self.wrong("a comma or the end of the array or object is expected here")),
        }
    }

    /// Ends the innermost container at the bracket that comes next.
    fn close(&mut self, id: u32) {
        self.at += 1;
        self.open.pop();
        let close = index(self.nodes.len());
        if let Some(node) = self.nodes.get_mut(id as usize) {
            node.end = index(self.at);
            node.close = close;
        }
    }

    fn word(&mut self, word: &[u8], kind: JsonKind, place: Standing) -> Result<(), Error> {
        if !self.rest().starts_with(word) {
            return Err(self.wrong("a JSON value is expected here"));
        }
        let start = self.at;
        self.at += word.len();
        self.push(kind, place, start, self.at).map(|_| ())
    }

    fn number(&mut self, place: Standing) -> Result<(), Error> {
        let start = self.at;
        self.skip(b"-");
        match self.peek() {
            Some(b'0') => {
                self.at += 1;
                if matches!(self.peek(), Some(b'0'..=b'9')) {
                    return Err(self.wrong("a JSON number must not begin with a zero and more digits"));
                }
            }
            _ => self.digits()?,
        }
        if self.skip(b".") {
            self.digits()?;
        }
        if self.skip(b"eE") {
            self.skip(b"+-");
            self.digits()?;
        }
        self.push(JsonKind::Number, place, start, self.at).map(|_| ())
    }

    fn digits(&mut self) -> Result<(), Error> {
        let count = self.rest().iter().take_while(|b| b.is_ascii_digit()).count();
        self.at += count;
        if count == 0 {
            return Err(self.wrong("a digit is expected here"));
        }
        Ok(())
    }

    fn string(&mut self, place: Standing) -> Result<(), Error> {
        self.at += 1;
        let start = self.at;
        self.plain();
        let mut text = 0;
        if self.peek() == Some(b'\\') {
            let from = self.decoded.len();
            let mut copied = start;
            while self.peek() == Some(b'\\') {
                self.decoded
                    .push_str(self.source.get(copied..self.at).unwrap_or_default());
                let (c, len) = escape::read(self.rest())
                    .ok_or_else(|| self.wrong("this escape is not one of JSON's, or is half a surrogate pair"))?;
                self.decoded.push(c);
                self.at += len;
                copied = self.at;
                self.plain();
            }
            self.decoded
                .push_str(self.source.get(copied..self.at).unwrap_or_default());
            self.texts.push((index(from), index(self.decoded.len())));
            text = index(self.texts.len());
        }
        match self.peek() {
            Some(b'"') => {}
            Some(_) => return Err(self.wrong("a control character stands in a string; escape it")),
            None => return Err(self.wrong("the JSON text ends inside a string")),
        }
        let id = self.push(JsonKind::String, place, start, self.at)?;
        self.at += 1;
        if text > 0
            && let Some(node) = self.nodes.get_mut(id as usize)
        {
            node.text = text;
        }
        Ok(())
    }

    /// Goes to the next quote, backslash or control character, or to the end.
    fn plain(&mut self) {
        let rest = self.rest();
        let len = rest
            .iter()
            .position(|b| *b < 0x20 || *b == b'"' || *b == b'\\')
            .unwrap_or(rest.len());
        self.at += len;
    }

    fn push(&mut self, kind: JsonKind, place: Standing, start: usize, end: usize) -> Result<u32, Error> {
        if self.nodes.len() >= self.budget.items {
            return Err(Error::new(
                ErrorKind::Budget,
                "the JSON text holds more values than the budget allows",
                start,
            ));
        }
        let id = index(self.nodes.len());
        let (parent, nth) = match self.open.last_mut() {
            None => (id, 0),
            Some((parent, children)) => {
                let nth = if place == Standing::Element { *children } else { 0 };
                *children += 1;
                (*parent, nth)
            }
        };
        self.nodes.push(Node {
            start: index(start),
            end: index(end),
            parent,
            close: id + 1,
            nth,
            text: 0,
            kind,
            place,
        });
        Ok(id)
    }

    fn skip_space(&mut self) {
        let rest = self.rest();
        let len = rest
            .iter()
            .position(|b| !matches!(b, b' ' | b'\n' | b'\r' | b'\t'))
            .unwrap_or(rest.len());
        self.at += len;
    }

    /// Takes one byte if it is one of `set`.
    fn skip(&mut self, set: &[u8]) -> bool {
        let found = self.peek().is_some_and(|b| set.contains(&b));
        self.at += usize::from(found);
        found
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn rest(&self) -> &[u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn wrong(&self, what: &'static str) -> Error {
        Error::new(ErrorKind::Malformed, what, self.at)
    }
}

/// An offset or a count as it is kept. Both are at most the input's length, which was checked.
fn index(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(input: &[u8], expect: Result<(), (ErrorKind, usize)>) {
        let got = parse(input, Budget::RECORD).map(|_| ()).map_err(|e| (e.kind(), e.at()));
        assert_eq!(got, expect, "{}", String::from_utf8_lossy(input));
    }

    #[test]
    fn accepts_what_the_grammar_allows() {
        for yes in [
            "0",
            "-0",
            "-0.0e-00",
            "1E+2",
            "123456789012345678901234567890",
            "1e99999",
            "\"\"",
            " \t\r\n\"x\" \n",
            "[]",
            "{}",
            "[ ]",
            "{ }",
            "[[[]]]",
            "[null,true,false]",
            r#"{"a":1,"a":2}"#,
            r#"{"":0}"#,
            r#"["\"\\\/\b\f\n\r\t\u0041\uD834\uDD1E"]"#,
            "[\"\u{7f}\u{2028}\u{fffe}é\"]",
            r#"{"a" : [ 1 , { "b" : "c" } ] }"#,
            r#""\u0000""#,
        ] {
            check(yes.as_bytes(), Ok(()));
        }
    }

    #[test]
    fn refuses_the_rest_by_offset() {
        for (no, at) in [
            ("", 0),
            (" ", 1),
            ("{", 1),
            ("[", 1),
            ("[1", 2),
            ("[1,", 3),
            ("[1,]", 3),
            ("[,1]", 1),
            ("[1 2]", 3),
            ("[1}", 2),
            ("{\"a\":1]", 6),
            ("{\"a\"}", 4),
            ("{\"a\":}", 5),
            ("{a:1}", 1),
            ("{\"a\":1,}", 7),
            ("{1:1}", 1),
            ("'a'", 0),
            ("\"a", 2),
            ("\"\\", 1),
            ("\"a\\x\"", 2),
            ("\"\\ud800\"", 1),
            ("\"\\udc00\\ud800\"", 1),
            ("\"\\u12\"", 1),
            ("\"a\nb\"", 2),
            ("\"a\u{0}b\"", 2),
            ("01", 1),
            ("-01", 2),
            ("-", 1),
            ("+1", 0),
            ("1.", 2),
            (".5", 0),
            ("1e", 2),
            ("1e+", 3),
            ("0x1", 1),
            ("NaN", 0),
            ("-Infinity", 1),
            ("nul", 0),
            ("truefalse", 4),
            ("TRUE", 0),
            ("1 1", 2),
            ("{}{}", 2),
            ("]", 0),
            ("[1]]", 3),
            ("\u{feff}1", 0),
            ("// x\n1", 0),
            ("\u{a0}1", 0),
            ("\u{c}1", 0),
        ] {
            check(no.as_bytes(), Err((ErrorKind::Malformed, at)));
        }
        check(b"\"\xff\"", Err((ErrorKind::Encoding, 1)));
        check(b"[\"\xed\xa0\x80\"]", Err((ErrorKind::Encoding, 2)));
    }

    #[test]
    fn keeps_to_the_budget() {
        let kind = |input: &str, budget| parse(input.as_bytes(), budget).map(|_| ()).map_err(|e| e.kind());
        let small = Budget {
            bytes: 16,
            depth: 2,
            items: 4,
        };
        assert_eq!(kind("[[1,2]]", small), Ok(()));
        assert_eq!(kind("[[[1]]]", small), Err(ErrorKind::Budget));
        assert_eq!(kind("[1,2,3,4]", small), Err(ErrorKind::Budget));
        assert_eq!(kind(r#"{"a":1,"b":2}"#, small), Err(ErrorKind::Budget));
        assert_eq!(kind("\"0123456789abcde\"", small), Err(ErrorKind::Budget));
        let deep = "[".repeat(1_000_000);
        assert_eq!(kind(&deep, Budget::RECORD), Err(ErrorKind::Budget));
    }
}
