//! From the events of the syntax to the tree.

use std::collections::{BTreeSet, HashMap};

use granit_parser::{ErrorKind as Refusal, Event, Marker, Parser, ScalarStyle, StrInput, Tag};

use super::{Content, Node, Style, Value, Yaml};
use crate::{Budget, Error, ErrorKind, Span};

/// Reads the stream.
pub(super) fn build(bytes: &[u8], budget: Budget) -> Result<Yaml, Error> {
    if bytes.len() > budget.bytes {
        return Err(Error::new(ErrorKind::Budget, "the document is too large", budget.bytes));
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|error| Error::new(ErrorKind::Encoding, "not valid UTF-8", error.valid_up_to()))?;
    let unmarked = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut tree = Tree {
        places: Places::of(text),
        budget,
        nodes: Vec::new(),
        weights: Vec::new(),
        open: Vec::new(),
        anchors: HashMap::new(),
        roots: Vec::new(),
        duplicates: Vec::new(),
    };
    let options = granit_parser::options! {
        emit_comments: false,
        flow_nesting_limit: budget.depth.saturating_add(1),
        block_nesting_limit: budget.depth.saturating_add(1),
    };
    for event in Parser::<StrInput<'_>>::new_from_str_with_options(unmarked, options) {
        let (event, span) = event.map_err(|error| {
            let (kind, what) = match error.kind() {
                Refusal::RecursionLimitExceeded => (ErrorKind::Budget, "nested too deeply"),
                _ => (ErrorKind::Malformed, "not valid YAML"),
            };
            Error::new(kind, what, tree.places.byte(*error.marker()))
        })?;
        if matches!(event, Event::StreamEnd) {
            break;
        }
        tree.take(event, span.start, span.end)?;
    }
    let Tree {
        nodes,
        roots,
        duplicates,
        ..
    } = tree;
    Ok(Yaml {
        source: text.to_owned(),
        nodes,
        roots,
        duplicates,
    })
}

/// What a node would cost if every alias in it were copied.
#[derive(Clone, Copy, Default)]
struct Weight {
    nodes: usize,
    height: usize,
}

/// A sequence or mapping whose end has not come.
struct Open {
    at: u32,
    mapping: bool,
    anchor: usize,
    children: Vec<u32>,
    weight: Weight,
}

struct Tree<'a> {
    places: Places<'a>,
    budget: Budget,
    nodes: Vec<Node>,
    weights: Vec<Weight>,
    open: Vec<Open>,
    anchors: HashMap<usize, u32>,
    roots: Vec<u32>,
    duplicates: Vec<u32>,
}

impl Tree<'_> {
    fn take(&mut self, event: Event<'_>, start: Marker, end: Marker) -> Result<(), Error> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let style = match style {
                    ScalarStyle::Plain => Style::Plain,
                    ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => Style::Quoted,
                    ScalarStyle::Literal => Style::Literal,
                    ScalarStyle::Folded => Style::Folded,
                };
                // The parser writes `~` where nothing stands.
                let nothing = style == Style::Plain && start == end;
                let text = if nothing { "" } else { text.as_ref() };
                let content = Content::Scalar(text.into(), style);
                let at = self.add(content, tag.as_deref(), start, end)?;
                self.close(at, anchor, Weight { nodes: 1, height: 1 })
            }
            Event::Alias(anchor) => {
                // An anchor is known here when its node is whole: a node cannot hold itself.
                let Some(target) = self.anchors.get(&anchor).copied() else {
                    let at = self.places.byte(start);
                    return Err(Error::new(
                        ErrorKind::Malformed,
                        "an alias of a node that is not whole",
                        at,
                    ));
                };
                let weight = self.weights.get(target as usize).copied().unwrap_or_default();
                let at = self.add(Content::Alias(target), None, start, end)?;
                self.close(at, 0, weight)
            }
            Event::SequenceStart(_, anchor, tag) => self.begin(false, anchor, tag.as_deref(), start),
            Event::MappingStart(_, anchor, tag) => self.begin(true, anchor, tag.as_deref(), start),
            Event::SequenceEnd | Event::MappingEnd => self.end(end),
            Event::DocumentEnd => {
                // Anchors hold within their document.
                self.anchors.clear();
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn add(&mut self, content: Content, tag: Option<&Tag>, start: Marker, end: Marker) -> Result<u32, Error> {
        let from = self.places.byte(start);
        let at = u32::try_from(self.nodes.len())
            .ok()
            .filter(|_| self.nodes.len() < self.budget.items);
        let Some(at) = at else {
            return Err(Error::new(ErrorKind::Budget, "too many nodes", from));
        };
        let (line, column) = self.places.place(from);
        self.nodes.push(Node {
            content,
            tag: tag.map(written),
            span: Span::new(from, self.places.byte(end).max(from)),
            line,
            column,
        });
        self.weights.push(Weight::default());
        Ok(at)
    }

    fn begin(&mut self, mapping: bool, anchor: usize, tag: Option<&Tag>, start: Marker) -> Result<(), Error> {
        if self.open.len() >= self.budget.depth {
            let at = self.places.byte(start);
            return Err(Error::new(ErrorKind::Budget, "nested too deeply", at));
        }
        let at = self.add(Content::Sequence(Box::default()), tag, start, start)?;
        self.open.push(Open {
            at,
            mapping,
            anchor,
            children: Vec::new(),
            weight: Weight { nodes: 1, height: 1 },
        });
        Ok(())
    }

    fn end(&mut self, end: Marker) -> Result<(), Error> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        // Where a block ends, the parser is already at what follows: the last child says where it ended.
        let last = open.children.last().and_then(|child| self.nodes.get(*child as usize));
        let last = last.map_or(0, |node| node.span.end);
        let content = if open.mapping {
            let pairs: Box<[(u32, u32)]> = open
                .children
                .chunks_exact(2)
                .filter_map(|pair| Some((*pair.first()?, *pair.get(1)?)))
                .collect();
            self.note_duplicates(&pairs);
            Content::Mapping(pairs)
        } else {
            Content::Sequence(open.children.into())
        };
        let until = self.places.byte(end);
        let flow = until > 0 && matches!(self.places.text.as_bytes().get(until - 1), Some(b']' | b'}'));
        if let Some(node) = self.nodes.get_mut(open.at as usize) {
            node.content = content;
            node.span.end = if flow { until.max(last) } else { last }.max(node.span.start);
        }
        self.close(open.at, open.anchor, open.weight)
    }

    fn note_duplicates(&mut self, pairs: &[(u32, u32)]) {
        let mut seen = BTreeSet::new();
        for (key, _) in pairs {
            let node = self.nodes.get(*key as usize);
            if let Some(Content::Scalar(text, _)) = node.map(|node| &node.content)
                && !seen.insert(&**text)
                && &**text != "<<"
            {
                self.duplicates.push(*key);
            }
        }
    }

    /// A node is whole: gives it to the one it stands in.
    fn close(&mut self, at: u32, anchor: usize, weight: Weight) -> Result<(), Error> {
        if anchor != 0 {
            self.anchors.insert(anchor, at);
        }
        if let Some(own) = self.weights.get_mut(at as usize) {
            *own = weight;
        }
        let depth = self.open.len() + weight.height;
        match self.open.last_mut() {
            Some(open) => {
                open.children.push(at);
                open.weight.nodes = open.weight.nodes.saturating_add(weight.nodes);
                open.weight.height = open.weight.height.max(weight.height + 1);
            }
            None => self.roots.push(at),
        }
        let nodes = self.open.last().map_or(weight.nodes, |open| open.weight.nodes);
        if depth > self.budget.depth + 1 || nodes > self.budget.items {
            let at = self.nodes.get(at as usize).map_or(0, |node| node.span.start);
            return Err(Error::new(ErrorKind::Budget, "aliases stand for too much", at));
        }
        Ok(())
    }
}

fn written(tag: &Tag) -> Box<str> {
    let tag = if tag.is_yaml_core_schema() {
        format!("!!{}", tag.suffix())
    } else if tag.handle() == "!" || tag.handle().is_empty() {
        format!("!{}", tag.suffix())
    } else {
        format!("{}{}", tag.handle(), tag.suffix())
    };
    tag.into()
}

/// How many characters there are between two known offsets.
const STRIDE: usize = 64;

/// From characters to bytes, lines and columns.
struct Places<'a> {
    text: &'a str,
    /// True when the text begins with a byte order mark, which the parser does not count.
    marked: bool,
    /// The byte at which each 64th character begins; empty for ASCII.
    strides: Vec<usize>,
    /// The byte at which each line begins.
    lines: Vec<usize>,
}

impl<'a> Places<'a> {
    fn of(text: &'a str) -> Self {
        let strides = if text.is_ascii() {
            Vec::new()
        } else {
            text.char_indices().step_by(STRIDE).map(|(at, _)| at).collect()
        };
        let ends = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1);
        Self {
            text,
            marked: text.starts_with('\u{feff}'),
            strides,
            lines: std::iter::once(0).chain(ends).collect(),
        }
    }

    fn byte(&self, marker: Marker) -> usize {
        let mark = if self.marked { '\u{feff}'.len_utf8() } else { 0 };
        let at = marker.byte_offset().unwrap_or_default() + mark;
        at.min(self.text.len())
    }

    /// Line and column, both from 1.
    fn place(&self, byte: usize) -> (u32, u32) {
        let line = self.lines.partition_point(|start| *start <= byte);
        let start = line
            .checked_sub(1)
            .and_then(|line| self.lines.get(line))
            .copied()
            .unwrap_or(0);
        let column = if self.strides.is_empty() {
            byte.saturating_sub(start)
        } else {
            // Few lines are long; those that are hold JSON, and are counted from the nearest known character.
            let characters = |byte: usize| {
                let stride = self.strides.partition_point(|at| *at <= byte).saturating_sub(1);
                let from = self.strides.get(stride).copied().unwrap_or(0);
                stride * STRIDE + self.text.get(from..byte).map_or(0, |part| part.chars().count())
            };
            let mark = usize::from(self.marked && start == 0);
            characters(byte).saturating_sub(characters(start) + mark)
        };
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        (count(line), count(column + 1))
    }
}

/// Where in the source the character at `offset` of a scalar's text stands: the characters that are no white space are the
/// same in both, in the same order.
pub(super) fn place_in(value: Value<'_>, offset: usize) -> (u32, u32) {
    let outside = (value.line(), value.column());
    let (Some(text), Some(style), Some(node)) = (value.text(), value.style(), value.written()) else {
        return outside;
    };
    let source = value.yaml.source.get(node.span.start..).unwrap_or_default();
    let before = text.get(..offset).unwrap_or(text);
    let mut wanted = before.chars().filter(|c| !c.is_whitespace()).count();
    let (mut line, mut column) = outside;
    if style == Style::Quoted {
        wanted += 1;
    }
    for c in source.chars() {
        if c == '\n' {
            line += 1;
            column = 1;
            continue;
        }
        if !c.is_whitespace() {
            if wanted == 0 {
                return (line, column);
            }
            wanted -= 1;
        }
        column += 1;
    }
    outside
}
