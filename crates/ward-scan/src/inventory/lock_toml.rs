//! The TOML of lockfiles as a tree that costs little.
//!
//! Tools write lockfiles in few of the forms that TOML has. [`plain`] reads those alone, and gives up on anything else, on
//! faults too; then the general parser reads the text, and its tree becomes one of these. What is plain is read as the
//! general parser reads it, which a test holds to.

use std::{borrow::Cow, ops::Range};

use toml::de::{DeTable, DeValue};

/// A table, sorted by its keys.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Table<'a>(Vec<(Cow<'a, str>, Value<'a>)>);

/// A value and the bytes of the text that it takes, with its quotes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Value<'a> {
    pub(super) span: Range<usize>,
    pub(super) kind: Kind<'a>,
}

/// What a value is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kind<'a> {
    Text(Cow<'a, str>),
    Truth(bool),
    Array(Vec<Value<'a>>),
    Table(Table<'a>),
    /// A number or a date, which no lockfile is asked for.
    Other,
}

impl<'a> Table<'a> {
    pub(super) fn get(&self, key: &str) -> Option<&Value<'a>> {
        let at = self.0.binary_search_by(|(own, _)| (**own).cmp(key)).ok()?;
        self.0.get(at).map(|(_, value)| value)
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Keys and values, by the order of the keys.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Value<'a>)> {
        self.0.iter().map(|(key, value)| (&**key, value))
    }

    /// A text under a key.
    pub(super) fn text(&self, key: &str) -> Option<&str> {
        self.get(key)?.text()
    }

    /// A table under a key.
    pub(super) fn table(&self, key: &str) -> Option<&Table<'a>> {
        match &self.get(key)?.kind {
            Kind::Table(table) => Some(table),
            _ => None,
        }
    }

    /// An array under a key.
    pub(super) fn array(&self, key: &str) -> Option<&[Value<'a>]> {
        match &self.get(key)?.kind {
            Kind::Array(all) => Some(all),
            _ => None,
        }
    }

    /// The tables in an array under a key, with where each begins.
    pub(super) fn tables(&self, key: &str) -> impl Iterator<Item = (usize, &Table<'a>)> {
        let all = self.array(key).unwrap_or_default();
        all.iter().filter_map(|one| match &one.kind {
            Kind::Table(table) => Some((one.span.start, table)),
            _ => None,
        })
    }

    /// Keys and values in any order as a table; none where a key stands twice.
    fn sorted(mut all: Vec<(Cow<'a, str>, Value<'a>)>) -> Option<Self> {
        all.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        all.is_sorted_by(|a, b| a.0 < b.0).then_some(Self(all))
    }

    /// Puts a new key into a small table.
    fn add(&mut self, key: &'a str, value: Value<'a>) -> Option<()> {
        if self.0.len() >= SMALL {
            return None;
        }
        let place = self.0.binary_search_by(|(own, _)| (**own).cmp(key)).err()?;
        self.0.insert(place, (key.into(), value));
        Some(())
    }
}

impl<'a> From<DeTable<'a>> for Table<'a> {
    fn from(table: DeTable<'a>) -> Self {
        let mut all: Vec<_> = table
            .into_iter()
            .map(|(key, value)| (key.into_inner(), value.into()))
            .collect();
        all.sort_by(|a, b| a.0.cmp(&b.0));
        Self(all)
    }
}

impl<'a> From<toml::Spanned<DeValue<'a>>> for Value<'a> {
    fn from(value: toml::Spanned<DeValue<'a>>) -> Self {
        let span = value.span();
        let kind = match value.into_inner() {
            DeValue::String(text) => Kind::Text(text),
            DeValue::Boolean(truth) => Kind::Truth(truth),
            DeValue::Array(all) => Kind::Array(all.into_iter().map(Self::from).collect()),
            DeValue::Table(table) => Kind::Table(table.into()),
            DeValue::Integer(_) | DeValue::Float(_) | DeValue::Datetime(_) => Kind::Other,
        };
        Self { span, kind }
    }
}

impl Value<'_> {
    /// The text that it is.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// A document as a tree.
///
/// # Errors
/// What the general parser says of it.
pub(super) fn parse(text: &str) -> Result<Table<'_>, toml::de::Error> {
    match plain(text) {
        Some(table) => Ok(table),
        None => DeTable::parse(text).map(|table| table.into_inner().into()),
    }
}

/// Most keys of a table into which further tables are put.
const SMALL: usize = 64;
/// Deepest array or table within another.
const DEEPEST: u8 = 8;

/// Where values go that have no header of their own.
enum Open<'a> {
    Root,
    /// `[name]`
    Table(&'a str),
    /// `[[name]]`
    Element(&'a str),
    /// `[name.inner]`
    Inside(&'a str, &'a str),
}

/// Reads a document of the forms that tools write: keys without dots, texts of one line, numbers of digits,
/// headers of one or two bare keys, comments on lines of their own. None for anything else.
fn plain(text: &str) -> Option<Table<'_>> {
    let mut cursor = Cursor { text, at: 0 };
    // What stands before all headers, and what has one; one key in both stands twice.
    let (mut bare, mut headed) = (Vec::new(), Vec::new());
    let mut open = (Open::Root, 0..0);
    let mut values = Vec::new();
    loop {
        cursor.blank_lines()?;
        let start = cursor.at;
        let header = match cursor.peek() {
            Some(b'[') => Some(cursor.header()?),
            Some(_) => {
                values.push(cursor.pair(0)?);
                cursor.end_of_line()?;
                continue;
            }
            None => None,
        };
        let (place, span) = std::mem::replace(&mut open, (Open::Root, start..cursor.at));
        match place {
            Open::Root => bare = std::mem::take(&mut values),
            place => close(&mut headed, &place, span, Table::sorted(std::mem::take(&mut values))?)?,
        }
        let Some(header) = header else {
            bare.extend(headed);
            return Table::sorted(bare);
        };
        cursor.end_of_line()?;
        open.0 = header;
    }
}

/// Puts a table where its header says.
fn close<'a>(
    headed: &mut Vec<(Cow<'a, str>, Value<'a>)>,
    place: &Open<'a>,
    span: Range<usize>,
    table: Table<'a>,
) -> Option<()> {
    let (Open::Table(name) | Open::Element(name) | Open::Inside(name, _)) = place else {
        return None;
    };
    let value = Value {
        span,
        kind: Kind::Table(table),
    };
    let there = headed.iter_mut().find(|(own, _)| own == name).map(|(_, value)| value);
    let added = match (place, there) {
        (Open::Table(_), None) => value,
        (Open::Element(_), None) => Value {
            span: value.span.clone(),
            kind: Kind::Array(vec![value]),
        },
        (Open::Element(_), Some(array)) => match &mut array.kind {
            Kind::Array(all) => {
                all.push(value);
                return Some(());
            }
            _ => return None,
        },
        (Open::Inside(_, inner), Some(outer)) => {
            let outer = match &mut outer.kind {
                Kind::Array(all) => all.last_mut()?,
                _ => outer,
            };
            return match &mut outer.kind {
                Kind::Table(outer) => outer.add(inner, value),
                _ => None,
            };
        }
        _ => return None,
    };
    headed.push(((*name).into(), added));
    (headed.len() <= SMALL).then_some(())
}

struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Whether a byte stood here; it is passed.
    fn take(&mut self, byte: u8) -> bool {
        let stood = self.peek() == Some(byte);
        self.at += usize::from(stood);
        stood
    }

    /// Passes bytes that fit, and gives them.
    fn run(&mut self, fits: impl Fn(u8) -> bool) -> Option<&'a str> {
        let start = self.at;
        let rest = self.text.as_bytes().get(start..).unwrap_or_default();
        self.at += rest.iter().position(|byte| !fits(*byte)).unwrap_or(rest.len());
        self.text.get(start..self.at)
    }

    fn spaces(&mut self) {
        self.run(|byte| matches!(byte, b' ' | b'\t'));
    }

    /// Passes spaces and the end of a line, where one is.
    fn end_of_line(&mut self) -> Option<()> {
        self.spaces();
        let returns = self.take(b'\r');
        (self.take(b'\n') || !returns && self.peek().is_none()).then_some(())
    }

    /// Passes lines that say nothing, and spaces before one that does.
    fn blank_lines(&mut self) -> Option<()> {
        loop {
            self.spaces();
            match self.peek() {
                Some(b'\n' | b'\r') => self.end_of_line()?,
                Some(b'#') => {
                    self.run(is_seen)?;
                    self.end_of_line()?;
                }
                _ => return Some(()),
            }
        }
    }

    fn header(&mut self) -> Option<Open<'a>> {
        self.take(b'[');
        if self.take(b'[') {
            let name = self.key()?;
            return (self.take(b']') && self.take(b']')).then_some(Open::Element(name));
        }
        let name = self.key()?;
        let inner = self.take(b'.').then(|| self.key());
        let open = match inner {
            Some(inner) => Open::Inside(name, inner?),
            None => Open::Table(name),
        };
        self.take(b']').then_some(open)
    }

    fn key(&mut self) -> Option<&'a str> {
        self.run(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
            .filter(|key| !key.is_empty())
    }

    /// A key and its value.
    fn pair(&mut self, depth: u8) -> Option<(Cow<'a, str>, Value<'a>)> {
        let key = match self.peek()? {
            b'"' => self.quoted()?,
            _ => self.key()?.into(),
        };
        self.spaces();
        if !self.take(b'=') {
            return None;
        }
        self.spaces();
        Some((key, self.value(depth)?))
    }

    fn value(&mut self, depth: u8) -> Option<Value<'a>> {
        if depth > DEEPEST {
            return None;
        }
        let start = self.at;
        let kind = match self.peek()? {
            b'"' => Kind::Text(self.quoted()?),
            b'[' => Kind::Array(self.array(depth + 1)?),
            b'{' => Kind::Table(self.inline_table(depth + 1)?),
            _ => self.word()?,
        };
        Some(Value {
            span: start..self.at,
            kind,
        })
    }

    /// A text in double quotes, of one line; only a quote and a backslash may be escaped in it.
    fn quoted(&mut self) -> Option<Cow<'a, str>> {
        self.take(b'"');
        let mut before = String::new();
        loop {
            let rest = self.text.get(self.at..)?;
            let length = memchr::memchr2(b'"', b'\\', rest.as_bytes())?;
            let (piece, rest) = rest.split_at_checked(length)?;
            if !piece.bytes().fold(true, |seen, byte| seen & is_seen(byte)) {
                return None;
            }
            self.at += length + 1;
            if rest.starts_with('\\') {
                let escaped = rest.get(1..2).filter(|one| matches!(*one, "\"" | "\\"))?;
                before.push_str(piece);
                before.push_str(escaped);
                self.at += 1;
            } else if before.is_empty() {
                // Three quotes begin a text of several lines.
                let several = piece.is_empty() && self.peek() == Some(b'"');
                return (!several).then_some(Cow::Borrowed(piece));
            } else {
                return Some(Cow::Owned(before + piece));
            }
        }
    }

    fn array(&mut self, depth: u8) -> Option<Vec<Value<'a>>> {
        self.take(b'[');
        let mut all = Vec::new();
        loop {
            self.blank_lines()?;
            if self.take(b']') {
                return Some(all);
            }
            all.push(self.value(depth)?);
            self.blank_lines()?;
            if !self.take(b',') && self.peek() != Some(b']') {
                return None;
            }
        }
    }

    fn inline_table(&mut self, depth: u8) -> Option<Table<'a>> {
        self.take(b'{');
        self.spaces();
        let mut all = Vec::new();
        if self.take(b'}') {
            return Some(Table::default());
        }
        loop {
            self.spaces();
            all.push(self.pair(depth)?);
            self.spaces();
            if self.take(b'}') {
                return Table::sorted(all);
            }
            if !self.take(b',') {
                return None;
            }
        }
    }

    /// `true`, `false`, or a number of few digits that does not begin with a zero.
    fn word(&mut self) -> Option<Kind<'a>> {
        match self.run(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+' | b'.' | b':'))? {
            "true" => Some(Kind::Truth(true)),
            "false" => Some(Kind::Truth(false)),
            number => {
                let plain = matches!(number.len(), 1..=18) && number.bytes().all(|byte| byte.is_ascii_digit());
                (plain && (number == "0" || !number.starts_with('0'))).then_some(Kind::Other)
            }
        }
    }
}

/// Whether a byte may stand in a text or a comment of one line.
fn is_seen(byte: u8) -> bool {
    byte == b'\t' || byte >= b' ' && byte != 0x7f
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether the plain reader takes a text. What it takes, the general one takes too, with the same tree.
    #[track_caller]
    fn check(text: &str, taken: bool) {
        let general = DeTable::parse(text).ok().map(|table| Table::from(table.into_inner()));
        let plain = plain(text);
        assert_eq!(plain.is_some(), taken, "{text}");
        if taken {
            assert_eq!(plain, general, "{text}");
        }
    }

    #[test]
    fn what_tools_write_is_plain() {
        for text in [
            "",
            "# made\n\n",
            "a = 1",
            "a = \"b\" \r\nc=true\n\t d\t=\tfalse",
            "a = \"\"\nb = \"é \u{202e}\tx\"",
            "a = \"say \\\"x\\\" \\\\\"\nb = \"\\\"\"\n",
            "a = [ ]\nb = [1,2 , 3,]\nc = [\n  # why\n  \"x\",\n  [{}],\n]\n",
            "a = {}\nb = { c = \"d\", e = { f = [\"g\"] } }\n",
            "version = 3\n\n[[package]]\nname = \"a\"\n\n[[package]]\nname = \"b\"\n\n[package.source]\nurl = \"u\"\n\n[package.extras]\n",
            "[metadata]\nlock-version = \"2.0\"\n[metadata.files]\na = []\n[[x]]\n[y]\n[[x]]\n[x.z]\n",
            "\"a.b\" = 1\n\"\" = { \"\\\"\" = 2 }",
            "a = 0\nb = 999999999999999999\n1 = 2\n-_ = 3",
        ] {
            check(text, true);
        }
    }

    #[test]
    fn the_rest_is_left_to_the_general_reader() {
        for text in [
            "a = 'b'\n",
            "\"a\".b = 1\n",
            "a.b = 1\n",
            "a = \"\"\"b\"\"\"\n",
            "a = \"\\n\"\n",
            "a = 1 # why\n",
            "a = 1.5\n",
            "a = 1979-05-27\n",
            "a = 0x1\n",
            "a = { b = 1, }\n",
            "[ a ]\n",
            "[a.b.c]\n",
            "[[a.b]]\n",
            "[a.b]\nc = 1\n[a]\n",
            "a = [[[[[[[[[[[1]]]]]]]]]]]\n",
            &(0..70).map(|at| format!("[a{at}]\n")).collect::<String>(),
        ] {
            assert!(DeTable::parse(text).is_ok(), "{text}");
            check(text, false);
        }
    }

    #[test]
    fn faults_are_left_to_the_general_reader() {
        for text in [
            "a",
            "a =",
            "a = 01\n",
            "a = \"b\n",
            "a = \"b\u{7f}\"\n",
            "a = \"b\" c = 1\n",
            "a = 1\ra = 2\n",
            "# \u{1}\n",
            "a = [1 2]\n",
            "a = [1\n",
            "a = {\n",
            "a = 1\na = 2\n",
            "a = { b = 1, b = 2 }\n",
            "a = {}\n[a]\n",
            "a = {}\n[a.b]\n",
            "a = []\n[[a]]\n",
            "[a]\n[a]\n",
            "[a]\n[[a]]\n",
            "[[a]]\n[a]\n",
            "[a]\nb = {}\n[a.b]\n",
            "[a]\n[a.b]\n[a.b]\n",
            "[[a]]\nb = []\n[a.b]\n",
            "[[a]\n",
            "[a]]\n",
            "[a] b = 1\n",
            "[]\n",
            "<<<<<<< HEAD\n",
            "\u{feff}a = 1\n",
        ] {
            assert_eq!(plain(text), None, "{text}");
        }
    }
}
