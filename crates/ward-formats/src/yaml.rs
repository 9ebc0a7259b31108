//! YAML 1.2 as a tree in which every node knows its place: workflows, compose files, manifests, lockfiles.
//!
//! [`Yaml::parse`] reads bytes that nobody vouches for. Nothing is resolved beyond what the syntax says: a plain scalar is
//! text, `on` is a name and `1.10` keeps its zero; [`Value::boolean`] and [`Value::is_null`] apply the core schema where
//! somebody asks. Templates (`{{ .Values.x }}`) are no YAML and are refused as malformed.
//!
//! Where the specification is stricter than the readers that people use (a closing bracket in the column of its key), the
//! readers win, as PyYAML and libyaml read it: what a workflow's service accepts must not go unexamined here.
//!
//! An alias is followed when it is read, never copied. What a document would hold if all were copied counts against the
//! budget, so that nine lines which stand for a billion nodes are refused, and walking a tree that was given out costs at
//! most the items of the budget.
//!
//! Source: YAML 1.2.2 (<https://yaml.org/spec/1.2.2/>); merge keys: <https://yaml.org/type/merge.html>.

mod build;

use std::fmt;

use crate::{Budget, Error, Span};

/// A stream of YAML documents. Its `Debug` does not show the content.
pub struct Yaml {
    source: String,
    nodes: Vec<Node>,
    roots: Vec<u32>,
    duplicates: Vec<u32>,
}

struct Node {
    content: Content,
    tag: Option<Box<str>>,
    span: Span,
    line: u32,
    column: u32,
}

enum Content {
    Scalar(Box<str>, Style),
    Sequence(Box<[u32]>),
    Mapping(Box<[(u32, u32)]>),
    /// The node that is meant. It is never an alias itself.
    Alias(u32),
}

/// How a scalar is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Without quotes: may stand for null, a boolean or a number.
    Plain,
    /// Between quotes of either kind.
    Quoted,
    /// After `|`.
    Literal,
    /// After `>`.
    Folded,
}

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One value.
    Scalar,
    /// Values in order.
    Sequence,
    /// Keys with values.
    Mapping,
}

impl Yaml {
    /// Reads `bytes` (UTF-8, with or without a byte order mark) as any number of documents. Each node is one item of the
    /// budget, and so is each node that an alias stands for.
    ///
    /// # Errors
    /// [`Malformed`](crate::ErrorKind::Malformed) when it is no YAML, or an alias names what is not known or not complete,
    /// [`Encoding`](crate::ErrorKind::Encoding) when it is not UTF-8, [`Budget`](crate::ErrorKind::Budget) when it costs
    /// too much.
    pub fn parse(bytes: &[u8], budget: Budget) -> Result<Yaml, Error> {
        build::build(bytes, budget)
    }

    /// The text it was read from.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The root of each document that is not empty, in order.
    pub fn documents(&self) -> impl Iterator<Item = Value<'_>> {
        self.roots.iter().map(|root| Value { yaml: self, at: *root })
    }

    /// The root of the first document.
    #[must_use]
    pub fn root(&self) -> Option<Value<'_>> {
        self.documents().next()
    }

    /// Keys that stand a second time in their mapping. Readers disagree about which value holds; many refuse the file.
    pub fn duplicates(&self) -> impl Iterator<Item = Value<'_>> {
        self.duplicates.iter().map(|key| Value { yaml: self, at: *key })
    }

    /// Every node that is written in the stream, in no order, each once; aliases as themselves.
    pub fn nodes(&self) -> impl Iterator<Item = Value<'_>> {
        (0..self.nodes.len()).map(|at| Value {
            yaml: self,
            at: u32::try_from(at).unwrap_or(u32::MAX),
        })
    }
}

impl fmt::Debug for Yaml {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Yaml")
            .field("len", &self.source.len())
            .field("nodes", &self.nodes.len())
            .finish_non_exhaustive()
    }
}

/// A node of a [`Yaml`]. Where it is an alias, its place is the alias's and its content that of the node it names.
#[derive(Clone, Copy)]
pub struct Value<'a> {
    yaml: &'a Yaml,
    at: u32,
}

impl<'a> Value<'a> {
    fn written(self) -> Option<&'a Node> {
        self.yaml.nodes.get(self.at as usize)
    }

    /// The node itself: where an alias stands, the one it names.
    #[must_use]
    pub fn target(self) -> Value<'a> {
        match self.written().map(|node| &node.content) {
            Some(Content::Alias(at)) => Value { at: *at, ..self },
            _ => self,
        }
    }

    fn content(self) -> Option<&'a Content> {
        self.target().written().map(|node| &node.content)
    }

    fn child(self, at: u32) -> Value<'a> {
        Value { at, ..self }
    }

    /// A number for this node, the same for every alias of it and for no other node of the stream.
    #[must_use]
    pub fn id(self) -> u32 {
        self.target().at
    }

    /// What it is.
    #[must_use]
    pub fn shape(self) -> Shape {
        match self.content() {
            Some(Content::Sequence(_)) => Shape::Sequence,
            Some(Content::Mapping(_)) => Shape::Mapping,
            _ => Shape::Scalar,
        }
    }

    /// The text of a scalar, decoded.
    #[must_use]
    pub fn text(self) -> Option<&'a str> {
        match self.content() {
            Some(Content::Scalar(text, _)) => Some(text),
            _ => None,
        }
    }

    /// How a scalar is written.
    #[must_use]
    pub fn style(self) -> Option<Style> {
        match self.content() {
            Some(Content::Scalar(_, style)) => Some(*style),
            _ => None,
        }
    }

    /// True for a plain scalar that the core schema reads as null: nothing at all, `~`, `null`.
    #[must_use]
    pub fn is_null(self) -> bool {
        self.style() == Some(Style::Plain) && matches!(self.text(), Some("" | "~" | "null" | "Null" | "NULL"))
    }

    /// What the core schema makes of a plain `true` or `false`.
    #[must_use]
    pub fn boolean(self) -> Option<bool> {
        match (self.style(), self.text()?) {
            (Some(Style::Plain), "true" | "True" | "TRUE") => Some(true),
            (Some(Style::Plain), "false" | "False" | "FALSE") => Some(false),
            _ => None,
        }
    }

    /// The elements of a sequence; nothing for anything else.
    pub fn items(self) -> impl Iterator<Item = Value<'a>> {
        let items: &[u32] = match self.content() {
            Some(Content::Sequence(items)) => items,
            _ => &[],
        };
        items.iter().map(move |at| self.child(*at))
    }

    /// The keys and values of a mapping as they are written, without merges; nothing for anything else.
    pub fn entries(self) -> impl Iterator<Item = (Value<'a>, Value<'a>)> {
        let entries: &[(u32, u32)] = match self.content() {
            Some(Content::Mapping(entries)) => entries,
            _ => &[],
        };
        entries
            .iter()
            .map(move |(key, value)| (self.child(*key), self.child(*value)))
    }

    /// The value of `key` with the key's own node. Where the key stands twice, the last; where it does not stand, that of a
    /// merge (`<<`), the first that has it.
    #[must_use]
    pub fn entry(self, key: &str) -> Option<(Value<'a>, Value<'a>)> {
        self.entry_within(key, 8)
    }

    fn entry_within(self, key: &str, depth: usize) -> Option<(Value<'a>, Value<'a>)> {
        let (mut own, mut merged) = (None, None);
        for (name, value) in self.entries() {
            match name.text() {
                Some(text) if text == key => own = Some((name, value)),
                Some("<<") if depth > 0 && merged.is_none() => merged = value.merged(key, depth - 1),
                _ => {}
            }
        }
        own.or(merged)
    }

    fn merged(self, key: &str, depth: usize) -> Option<(Value<'a>, Value<'a>)> {
        match self.shape() {
            Shape::Mapping => self.entry_within(key, depth),
            Shape::Sequence => self.items().find_map(|item| item.entry_within(key, depth)),
            Shape::Scalar => None,
        }
    }

    /// The value of `key`, as [`entry`](Self::entry) finds it.
    #[must_use]
    pub fn get(self, key: &str) -> Option<Value<'a>> {
        self.entry(key).map(|(_, value)| value)
    }

    /// The value at the end of a way of keys.
    #[must_use]
    pub fn at(self, way: &[&str]) -> Option<Value<'a>> {
        way.iter().try_fold(self, |value, key| value.get(key))
    }

    /// The text of the value of `key`, when that is a scalar.
    #[must_use]
    pub fn text_of(self, key: &str) -> Option<&'a str> {
        self.get(key)?.text()
    }

    /// The texts of a sequence of scalars, or of one scalar alone: what workflow files take in many places.
    pub fn texts(self) -> impl Iterator<Item = (Value<'a>, &'a str)> {
        let alone = (self.shape() == Shape::Scalar && !self.is_null()).then_some(self);
        alone
            .into_iter()
            .chain(self.items())
            .filter_map(|value| value.text().map(|text| (value, text)))
    }

    /// Its tag as written out: `!reference`, `!!binary`; none when none stands there.
    #[must_use]
    pub fn tag(self) -> Option<&'a str> {
        self.target().written()?.tag.as_deref()
    }

    /// The line it begins on, from 1. For a mapping in block style that is the line of its first key, for a
    /// block scalar the first line of its content.
    #[must_use]
    pub fn line(self) -> u32 {
        self.written().map_or(1, |node| node.line)
    }

    /// The column it begins at, from 1, in characters.
    #[must_use]
    pub fn column(self) -> u32 {
        self.written().map_or(1, |node| node.column)
    }

    /// The bytes it takes up in the source, quotes included, without the line that opens a block scalar.
    #[must_use]
    pub fn span(self) -> Span {
        self.written().map_or(Span::new(0, 0), |node| node.span)
    }

    /// The line and column in the source of the character at byte `offset` of a scalar's [`text`](Self::text). Folded lines
    /// and indentation are followed; an escape in double quotes that stands for one character moves what follows it by
    /// the length of the escape. Costs as much as the scalar is long.
    #[must_use]
    pub fn place_in(self, offset: usize) -> (u32, u32) {
        build::place_in(self.target(), offset)
    }
}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Value")
            .field("shape", &self.shape())
            .field("line", &self.line())
            .field("column", &self.column())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;

    /// One line a node: place, and what stands there.
    fn shown(value: Value<'_>, out: &mut String) {
        use fmt::Write as _;
        let (line, column) = (value.line(), value.column());
        match value.shape() {
            Shape::Scalar => {
                let _ = write!(out, "{line}:{column}={:?} ", value.text().unwrap());
            }
            Shape::Sequence => {
                let _ = write!(out, "{line}:{column}[ ");
                value.items().for_each(|item| shown(item, out));
                out.push_str("] ");
            }
            Shape::Mapping => {
                let _ = write!(out, "{line}:{column}{{ ");
                for (key, value) in value.entries() {
                    shown(key, out);
                    shown(value, out);
                }
                out.push_str("} ");
            }
        }
    }

    #[track_caller]
    fn check(text: &str, expect: &[&str]) {
        let yaml = Yaml::parse(text.as_bytes(), Budget::RECORD).unwrap();
        let got: Vec<String> = yaml
            .documents()
            .map(|root| {
                let mut out = String::new();
                shown(root, &mut out);
                out.trim_end().to_owned()
            })
            .collect();
        assert_eq!(got, expect, "{text}");
    }

    #[test]
    fn every_node_has_its_place() {
        check("", &[]);
        check("# only\n", &[]);
        check(
            "a: 1\nb:\n  - x\n  - y: z\n",
            &["1:1{ 1:1=\"a\" 1:4=\"1\" 2:1=\"b\" 3:3[ 3:5=\"x\" 4:5{ 4:5=\"y\" 4:8=\"z\" } ] }"],
        );
        check(
            "{a: [b, 'c d'], \"e\": }",
            &["1:1{ 1:2=\"a\" 1:5[ 1:6=\"b\" 1:9=\"c d\" ] 1:17=\"e\" 1:20=\"\" }"],
        );
        check(
            "on: push\n---\nx\n...\n",
            &["1:1{ 1:1=\"on\" 1:5=\"push\" }", "3:1=\"x\""],
        );
        check("é: ß\r\nb: c\r\n", &["1:1{ 1:1=\"é\" 1:4=\"ß\" 2:1=\"b\" 2:4=\"c\" }"]);
        check(
            "run: |\n  a\n   b\nx: >-\n  c\n  d\n",
            &["1:1{ 1:1=\"run\" 2:3=\"a\\n b\\n\" 4:1=\"x\" 5:3=\"c d\" }"],
        );
        check(
            "a: &x {b: c}\nd: *x\n",
            &["1:1{ 1:1=\"a\" 1:7{ 1:8=\"b\" 1:11=\"c\" } 2:1=\"d\" 2:4{ 1:8=\"b\" 1:11=\"c\" } }"],
        );
        check(
            "a:\n  b: [\n    c\n  ]\n",
            &["1:1{ 1:1=\"a\" 2:3{ 2:3=\"b\" 2:6[ 3:5=\"c\" ] } }"],
        );
        check("\u{feff}a: b\n", &["1:1{ 1:1=\"a\" 1:4=\"b\" }"]);
    }

    #[test]
    fn keys_are_found_through_merges_and_the_last_holds() {
        let text = "base: &b {x: 1, y: 2}\nmore: &m {<<: *b, y: 3}\na:\n  <<: [*m, *b]\n  z: 4\n  z: 5\n";
        let yaml = Yaml::parse(text.as_bytes(), Budget::RECORD).unwrap();
        let root = yaml.root().unwrap();
        let of = |way: &[&str]| root.at(way).and_then(Value::text);
        assert_eq!(of(&["a", "x"]), Some("1"));
        assert_eq!(of(&["a", "y"]), Some("3"));
        assert_eq!(of(&["a", "z"]), Some("5"));
        assert_eq!(of(&["a", "w"]), None);
        assert_eq!(of(&["a", "x", "y"]), None);
        let twice: Vec<_> = yaml.duplicates().map(|key| (key.text().unwrap(), key.line())).collect();
        assert_eq!(twice, [("z", 6)]);
    }

    #[test]
    fn the_core_schema_is_asked_for() {
        let text = "[~, null, '', '~', true, \"true\", FALSE, on, yes, !!str 1, !ref [a]]";
        let yaml = Yaml::parse(text.as_bytes(), Budget::RECORD).unwrap();
        let items: Vec<_> = yaml.root().unwrap().items().collect();
        let nulls: Vec<_> = items.iter().map(|item| item.is_null()).collect();
        assert_eq!(nulls[..4], [true, true, false, false]);
        let booleans: Vec<_> = items.iter().map(|item| item.boolean()).collect();
        assert_eq!(booleans[4..9], [Some(true), None, Some(false), None, None]);
        assert_eq!(items[9].tag(), Some("!!str"));
        assert_eq!(items[10].tag(), Some("!ref"));
        let one = Yaml::parse(b"needs: a\non: [b, c]\nx:\n", Budget::RECORD).unwrap();
        let texts = |key| {
            let value = one.root().unwrap().get(key).unwrap();
            value.texts().map(|(_, text)| text).collect::<Vec<_>>()
        };
        assert_eq!(texts("needs"), ["a"]);
        assert_eq!(texts("on"), ["b", "c"]);
        assert!(texts("x").is_empty());
    }

    #[test]
    fn places_inside_scalars_are_those_of_the_source() {
        for (text, needle, expect) in [
            ("run: echo x y\n", "y", (1, 13)),
            ("run: 'echo x'\n", "x", (1, 12)),
            ("run: \"echo x\"\n", "x", (1, 12)),
            ("run: |\n\n  a b\n    c x\n", "x", (4, 7)),
            ("run: |  # with x here\n  a x\n", "x", (2, 5)),
            ("run: |2-\n   x\n", "x", (2, 4)),
            ("run: >-\n  a b\n  c d x\n", "x", (3, 7)),
            ("run: a b\n  c x\n", "x", (2, 5)),
            ("- {run: é x}\n", "x", (1, 11)),
        ] {
            let yaml = Yaml::parse(text.as_bytes(), Budget::RECORD).unwrap();
            let root = yaml.root().unwrap();
            let value = root.get("run").or_else(|| root.items().next()?.get("run")).unwrap();
            let offset = value.text().unwrap().find(needle).unwrap();
            assert_eq!(value.place_in(offset), expect, "{text}");
        }
    }

    #[test]
    fn hostile_input_is_refused() {
        let bomb = |width: usize| {
            let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
            for level in 1..width {
                let inner = vec![format!("*a{}", level - 1); 9].join(", ");
                text.push_str(&format!("a{level}: &a{level} [{inner}]\n"));
            }
            text
        };
        for (text, kind) in [
            ("a: [b".to_owned(), ErrorKind::Malformed),
            ("a: *b".to_owned(), ErrorKind::Malformed),
            ("a: &a [*a]".to_owned(), ErrorKind::Malformed),
            ("a: {{ .Values.x }}b".to_owned(), ErrorKind::Malformed),
            ("a: b\n\tc: d\n".to_owned(), ErrorKind::Malformed),
            ("a\0b".to_owned(), ErrorKind::Malformed),
            ("[".repeat(100_000), ErrorKind::Budget),
            ("- ".repeat(100_000), ErrorKind::Budget),
            (format!("{}x", "? ".repeat(100_000)), ErrorKind::Budget),
            (bomb(9), ErrorKind::Budget),
        ] {
            let error = Yaml::parse(text.as_bytes(), Budget::RECORD).unwrap_err();
            assert_eq!(error.kind(), kind, "{} {error}", &text[..text.len().min(40)]);
        }
        assert!(Yaml::parse(bomb(4).as_bytes(), Budget::RECORD).is_ok());
        let encoding = Yaml::parse(b"a: \xff", Budget::RECORD).unwrap_err();
        assert_eq!((encoding.kind(), encoding.at()), (ErrorKind::Encoding, 3));
        let small = Budget {
            bytes: 3,
            ..Budget::RECORD
        };
        assert_eq!(Yaml::parse(b"a: b", small).unwrap_err().kind(), ErrorKind::Budget);
        let few = Budget {
            items: 4,
            ..Budget::RECORD
        };
        assert_eq!(Yaml::parse(b"[a, b, c, d]", few).unwrap_err().kind(), ErrorKind::Budget);
    }
}
