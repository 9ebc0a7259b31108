//! JSON (RFC 8259) with spans: an arena tree whose nodes know where they stand in the source.
//!
//! Strict: trailing data, bad escapes, lone surrogates, control characters in strings, a byte-order
//! mark, and numbers outside the grammar are errors. Duplicate keys are allowed by the grammar and
//! reported by [`Tree::duplicate_keys`]; a caller for whom two readings would be a hole refuses them.
//!
//! Text without escapes is not copied: a string node is a range of the source.

mod escape;
mod parse;
mod values;

use std::fmt;

use crate::{Budget, Error, Span};
pub(crate) use escape::{Cut, Unit, unit};
pub use escape::{escape, escape_into};
pub use values::Values;

/// A node of a [`Tree`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(u32);

impl NodeId {
    /// The node's place in the arena: parents before children, in source order.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JsonKind {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool,
    /// A number, kept as its literal.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

/// One node. An object's children alternate: key, value, key, value.
#[derive(Debug, Clone, Copy)]
struct Node {
    /// First byte; for strings the byte after the opening quote.
    start: u32,
    /// One past the last byte; for strings the closing quote.
    end: u32,
    /// The array or object it stands in; itself for the root.
    parent: u32,
    /// One past the last node of its subtree.
    close: u32,
    /// For an element of an array: its index there. Otherwise 0.
    nth: u32,
    /// For a string with escapes: 1 + its index in `Tree::texts`. Otherwise 0.
    text: u32,
    /// What it is.
    kind: JsonKind,
    /// How it stands in its parent.
    place: Standing,
}

/// How a node stands in its parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// The root or an element of an array.
    Element,
    /// The key of a member.
    Key,
    /// The value of a member: its key is the node before it.
    Value,
}

/// A parsed JSON text. Its `Debug` does not show the text.
#[derive(Clone)]
pub struct Tree {
    source: String,
    nodes: Vec<Node>,
    /// Decoded text of the strings that have escapes, end to end.
    decoded: String,
    /// Ranges of `decoded`.
    texts: Vec<(u32, u32)>,
}

impl fmt::Debug for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tree")
            .field("len", &self.source.len())
            .field("nodes", &self.nodes.len())
            .finish_non_exhaustive()
    }
}

impl Tree {
    /// Parses `bytes` as one JSON text. Every key and every value is one item of the budget.
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`](crate::ErrorKind::Malformed) with the offset of the first byte that
    /// is not JSON, [`ErrorKind::Encoding`](crate::ErrorKind::Encoding) when the bytes are not UTF-8,
    /// [`ErrorKind::Budget`](crate::ErrorKind::Budget) when they cost too much.
    pub fn parse(bytes: &[u8], budget: Budget) -> Result<Tree, Error> {
        parse::parse(bytes, budget)
    }

    /// The bytes it was parsed from.
    #[must_use]
    pub fn source(&self) -> &[u8] {
        self.source.as_bytes()
    }

    /// The outermost value.
    #[must_use]
    pub fn root(&self) -> NodeId {
        NodeId(0)
    }

    /// How many nodes there are; keys of members count. One more than the largest [`NodeId::index`].
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Never true: a JSON text has at least one node.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Every value in source order, parents before children. Keys are not values.
    pub fn values(&self) -> impl Iterator<Item = NodeId> + '_ {
        (0u32..)
            .zip(&self.nodes)
            .filter(|(_, node)| node.place != Standing::Key)
            .map(|(i, _)| NodeId(i))
    }

    /// What the node is.
    #[must_use]
    pub fn kind(&self, n: NodeId) -> JsonKind {
        self.node(n).map_or(JsonKind::Null, |node| node.kind)
    }

    /// The first member with that key.
    #[must_use]
    pub fn get(&self, n: NodeId, key: &str) -> Option<NodeId> {
        self.members(n).find(|(k, _)| *k == key).map(|(_, value)| value)
    }

    /// `get` along a path of keys.
    #[must_use]
    pub fn at(&self, n: NodeId, path: &[&str]) -> Option<NodeId> {
        path.iter().try_fold(n, |n, key| self.get(n, key))
    }

    /// Elements of an array (empty for anything else).
    pub fn items(&self, n: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        self.children(n, JsonKind::Array)
    }

    /// Members of an object in source order, repeated keys included (empty for anything else).
    pub fn members(&self, n: NodeId) -> impl Iterator<Item = (&str, NodeId)> + '_ {
        // Children of an object come in pairs, so every second one is a key.
        self.children(n, JsonKind::Object).step_by(2).map(|key| {
            let text = self.text(key).unwrap_or_default();
            (text, NodeId(key.0 + 1))
        })
    }

    /// The array or object a value stands in. `None` for the root.
    #[must_use]
    pub fn parent(&self, n: NodeId) -> Option<NodeId> {
        let parent = self.node(n)?.parent;
        (parent != n.0).then_some(NodeId(parent))
    }

    /// The key under which a value stands in its object. `None` for elements and the root.
    #[must_use]
    pub fn key(&self, n: NodeId) -> Option<&str> {
        let node = self.node(n)?;
        if node.place != Standing::Value {
            return None;
        }
        self.text(NodeId(n.0.checked_sub(1)?))
    }

    /// Decoded text of a string, or the literal of a number or boolean.
    #[must_use]
    pub fn text(&self, n: NodeId) -> Option<&str> {
        let node = self.node(n)?;
        match node.kind {
            JsonKind::Null | JsonKind::Array | JsonKind::Object => None,
            _ => match node.text.checked_sub(1) {
                None => self.source.get(node.start as usize..node.end as usize),
                Some(i) => {
                    let (start, end) = *self.texts.get(i as usize)?;
                    self.decoded.get(start as usize..end as usize)
                }
            },
        }
    }

    /// The text, for strings only.
    #[must_use]
    pub fn str(&self, n: NodeId) -> Option<&str> {
        (self.kind(n) == JsonKind::String).then(|| self.text(n))?
    }

    /// Source bytes of the node; for a string, what is between the quotes.
    #[must_use]
    pub fn raw(&self, n: NodeId) -> Span {
        self.node(n).map_or(Span::default(), |node| {
            Span::new(node.start as usize, node.end as usize)
        })
    }

    /// Source bytes of the node, quotes included.
    #[must_use]
    pub fn outer(&self, n: NodeId) -> Span {
        let raw = self.raw(n);
        match self.kind(n) {
            JsonKind::String => Span::new(raw.start - 1, raw.end + 1),
            _ => raw,
        }
    }

    /// Source bytes of a part of a string's decoded text. `None` when `n` is no string or the part
    /// leaves the text or cuts a character. Linear in the string.
    #[must_use]
    pub fn raw_part(&self, n: NodeId, part: Span) -> Option<Span> {
        let text = self.str(n)?;
        text.get(part.start..part.end)?;
        let raw = self.raw(n);
        let mut at = (raw.start, 0);
        let mut offset_of = |target: usize| {
            while at.1 < target {
                let unit = unit(self.source().get(at.0..raw.end)?);
                if at.1 + unit.decoded > target {
                    // Only a run of plain bytes can be cut; `target` is a character boundary.
                    return Some(at.0 + (target - at.1));
                }
                at = (at.0 + unit.raw, at.1 + unit.decoded);
            }
            Some(at.0)
        };
        Some(Span::new(offset_of(part.start)?, offset_of(part.end)?))
    }

    /// Every value whose key stands in the same object before it. Empty for most texts.
    #[must_use]
    pub fn duplicate_keys(&self) -> Vec<NodeId> {
        let mut found = Vec::new();
        let mut keys: Vec<(&str, NodeId)> = Vec::new();
        for n in self.values().filter(|n| self.kind(*n) == JsonKind::Object) {
            keys.clear();
            keys.extend(self.members(n));
            // Stable: among equal keys the first in the source stays first.
            keys.sort_by_key(|(key, _)| *key);
            found.extend(
                keys.windows(2)
                    .filter_map(|pair| matches!(pair, [a, b] if a.0 == b.0).then(|| pair.last().map(|b| b.1))?),
            );
        }
        found.sort_unstable();
        found
    }

    /// The way to a value for people: `entry[2].resource.name[0].family`. Keys for which `known` is
    /// false may be content, and show as `?`. Linear in the depth.
    #[must_use]
    pub fn path(&self, n: NodeId, known: impl Fn(&str) -> bool) -> String {
        let mut parts = Vec::new();
        let mut n = n;
        while let Some(parent) = self.parent(n) {
            parts.push(match self.key(n) {
                Some(key) if known(key) => key.to_owned(),
                Some(_) => "?".to_owned(),
                None => format!("[{}]", self.node(n).map_or(0, |node| node.nth)),
            });
            n = parent;
        }
        let mut path = String::new();
        for part in parts.iter().rev() {
            if !path.is_empty() && !part.starts_with('[') {
                path.push('.');
            }
            path.push_str(part);
        }
        path
    }

    fn node(&self, n: NodeId) -> Option<&Node> {
        self.nodes.get(n.index())
    }

    /// Direct children of a node of that kind, keys included.
    fn children(&self, n: NodeId, kind: JsonKind) -> impl Iterator<Item = NodeId> + '_ {
        let (first, close) = match self.node(n) {
            Some(node) if node.kind == kind => (n.0 + 1, node.close),
            _ => (0, 0),
        };
        std::iter::successors((first < close).then_some(first), move |&i| {
            let next = self.node(NodeId(i))?.close;
            (next < close).then_some(next)
        })
        .map(NodeId)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(text: &str) -> Tree {
        Tree::parse(text.as_bytes(), Budget::RECORD).unwrap()
    }

    #[test]
    fn walks_members_items_and_paths() {
        let t = tree(r#" {"a": [1, {"b": "x\ny"}, null, true], "c": {}, "a": "second"} "#);
        let a = t.get(t.root(), "a").unwrap();
        assert_eq!(t.kind(a), JsonKind::Array);
        let kinds: Vec<_> = t.items(a).map(|n| t.kind(n)).collect();
        assert_eq!(
            kinds,
            [JsonKind::Number, JsonKind::Object, JsonKind::Null, JsonKind::Bool]
        );
        let keys: Vec<_> = t.members(t.root()).map(|(k, _)| k.to_owned()).collect();
        assert_eq!(keys, ["a", "c", "a"]);
        let b = t.items(a).nth(1).and_then(|n| t.get(n, "b")).unwrap();
        assert_eq!(t.str(b), Some("x\ny"));
        assert_eq!(t.path(b, |_| true), "a[1].b");
        assert_eq!(t.path(b, |k| k == "a"), "a[1].?");
        assert_eq!(t.at(t.root(), &["c"]).map(|n| t.kind(n)), Some(JsonKind::Object));
        let twice = t.duplicate_keys();
        assert_eq!(twice.iter().map(|n| t.str(*n)).collect::<Vec<_>>(), [Some("second")]);
        let first = t.items(a).next().unwrap();
        assert_eq!((t.text(first), t.str(first)), (Some("1"), None));
        assert_eq!(t.parent(t.root()), None);
    }

    #[test]
    fn maps_parts_of_a_string_to_the_source() {
        // Decoded: a é ü 😀 b
        let source = r#"["a\u00e9ü\ud83d\ude00b"]"#;
        let t = tree(source);
        let s = t.items(t.root()).next().unwrap();
        assert_eq!(t.str(s), Some("aéü😀b"));
        let check = |from: usize, to: usize, expect: Option<&str>| {
            let part = t.raw_part(s, Span::new(from, to)).map(|r| &source[r.start..r.end]);
            assert_eq!(part, expect, "{from}..{to}");
        };
        check(0, 1, Some("a"));
        check(1, 3, Some(r"\u00e9"));
        check(3, 5, Some("ü"));
        check(5, 9, Some(r"\ud83d\ude00"));
        check(9, 10, Some("b"));
        check(0, 10, Some(r"a\u00e9ü\ud83d\ude00b"));
        check(2, 3, None);
        check(0, 11, None);
        assert_eq!(t.outer(s), Span::new(1, source.len() - 1));
    }
}
