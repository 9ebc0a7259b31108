//! What a program wrote itself: text that nobody outside can choose, however it is put together.

use std::{
    cell::Cell,
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use tree_sitter::Node;

use super::taint::is_function;

/// Most nodes that one question looks at.
const MOST: usize = 300;
/// Nodes and bytes that all questions about a file look at together; then nothing is fixed any more.
const MOST_OF_ALL: usize = 2_000_000;
/// Longest pattern of names that is taken apart.
const LONGEST: usize = 4_000;
/// Methods of lists and tables that change nothing.
const READS: &[&str] = &[
    "join", "includes", "has", "get", "indexOf", "keys", "values", "entries", "slice", "concat", "some", "every",
    "find", "map", "filter",
];

/// A place where a name gets a value.
struct Bound<'t> {
    /// Where the name has it.
    scope: Range<usize>,
    /// The value, where it is written there.
    value: Option<Node<'t>>,
    /// Whether nothing else can be put in its place.
    constant: bool,
}

/// The constants of a file.
pub(super) struct Fixed<'t> {
    text: &'t str,
    values: BTreeMap<&'t str, Vec<Bound<'t>>>,
    /// Names that something else is done with than to read what they hold.
    handed: BTreeSet<&'t str>,
    /// Whether a pattern was too long to take its names from.
    unknown: bool,
    left: Cell<usize>,
}

impl<'t> Fixed<'t> {
    pub(super) fn of(text: &'t str, nodes: &[Node<'t>]) -> Self {
        let mut values: BTreeMap<&'t str, Vec<Bound<'t>>> = BTreeMap::new();
        let mut unknown = false;
        let mut functions: Vec<Range<usize>> = Vec::new();
        for node in nodes {
            while functions.last().is_some_and(|one| one.end <= node.start_byte()) {
                functions.pop();
            }
            if is_function(node.kind()) {
                functions.push(node.byte_range());
            }
            let mut scope = functions.last().cloned().unwrap_or(0..text.len());
            let mut constant = false;
            let (name, value) = match node.kind() {
                "variable_declarator" => {
                    let all = node.parent();
                    let words = all.and_then(|all| text.get(all.byte_range()));
                    constant = words.is_some_and(|all| all.starts_with("const"));
                    // The block that it stands in.
                    if let Some(block) = all.filter(|_| constant).and_then(|all| all.parent()) {
                        scope = block.byte_range();
                    }
                    (node.child_by_field_name("name"), node.child_by_field_name("value"))
                }
                "required_parameter" | "optional_parameter" => (node.child_by_field_name("pattern"), None),
                "arrow_function" => (node.child_by_field_name("parameter"), None),
                "assignment_expression" | "augmented_assignment_expression" | "for_in_statement" => {
                    (node.child_by_field_name("left"), None)
                }
                _ => continue,
            };
            let name = name.and_then(|name| text.get(name.byte_range())).unwrap_or_default();
            if name.len() > LONGEST {
                unknown = true;
                continue;
            }
            for one in name.split(|c: char| !is_of_name(c)).filter(|one| !one.is_empty()) {
                let bound = Bound {
                    scope: scope.clone(),
                    // What a pattern takes out of a value is not known.
                    value: value.filter(|_| one == name),
                    constant,
                };
                values.entry(one).or_default().push(bound);
            }
        }
        Self {
            text,
            values,
            handed: handed(text, nodes),
            unknown,
            left: Cell::new(MOST_OF_ALL),
        }
    }

    fn of_node(&self, node: Node<'t>) -> &'t str {
        self.text.get(node.byte_range()).unwrap_or_default()
    }

    /// What a name was given, when it is a constant of the file and holds that still.
    pub(super) fn value(&self, name: Node<'t>) -> Option<Node<'t>> {
        // A list or a table may be filled later, by whoever it is handed to.
        let is_whole = |value: &Node<'t>| is_plain(*value) || !self.handed.contains(self.of_node(name));
        self.given(name).filter(is_whole)
    }

    /// What a name was given, when it is given nothing else; a list or a table may hold more by now.
    pub(super) fn given(&self, name: Node<'t>) -> Option<Node<'t>> {
        self.bound(name).filter(|bound| bound.constant)?.value
    }

    /// The same of a variable that is given nothing else in its function.
    pub(super) fn written(&self, name: Node<'t>) -> Option<Node<'t>> {
        self.bound(name)?.value
    }

    /// The one place where a name gets what it has in its place, when there is one.
    fn bound(&self, name: Node<'t>) -> Option<&Bound<'t>> {
        let all = self.values.get(self.of_node(name))?;
        if self.unknown || !spend(&self.left, all.len()) {
            return None;
        }
        let at = name.start_byte();
        let around = || all.iter().filter(|one| one.scope.contains(&at));
        let innermost = around().map(|one| one.scope.len()).min()?;
        let mut here = around().filter(|one| one.scope.len() == innermost);
        here.next().filter(|_| here.next().is_none())
    }

    /// Whether every part of a value is written in the program, is one of a list that is, or is a number.
    pub(super) fn is_fixed(&self, node: Node<'t>) -> bool {
        let mut open = vec![node];
        for _ in 0..MOST {
            let Some(node) = open.pop() else { return true };
            match self.parts(node) {
                Some(parts) => open.extend(parts),
                None => return false,
            }
        }
        false
    }

    /// What has to be fixed for a value to be; none for a value that may be anything.
    fn parts(&self, node: Node<'t>) -> Option<Vec<Node<'t>>> {
        let count = node.named_child_count();
        if count > MOST || !spend(&self.left, 1 + count) {
            return None;
        }
        match node.kind() {
            "string" | "number" | "true" | "false" | "null" | "undefined" | "unary_expression" => Some(Vec::new()),
            "template_string" => Some(
                children(node)
                    .filter(|one| one.kind() == "template_substitution")
                    .collect(),
            ),
            "template_substitution"
            | "parenthesized_expression"
            | "as_expression"
            | "satisfies_expression"
            | "non_null_expression" => Some(vec![node.named_child(0)?]),
            "array" => Some(children(node).collect()),
            "object" => children(node).map(|pair| self.of_pair(pair)).collect(),
            "binary_expression" => {
                let (left, right) = (node.child_by_field_name("left")?, node.child_by_field_name("right")?);
                match self.of_node(node.child_by_field_name("operator")?) {
                    "-" | "*" | "/" | "%" => Some(Vec::new()),
                    "+" | "??" | "||" | "&&" => Some(vec![left, right]),
                    _ => None,
                }
            }
            "ternary_expression" => {
                let chosen = node.child_by_field_name("consequence")?;
                let listed = self.is_listed(node.child_by_field_name("condition")?, chosen);
                let other = node.child_by_field_name("alternative")?;
                Some(if listed { vec![other] } else { vec![chosen, other] })
            }
            "identifier" => Some(vec![self.value(node)?]),
            // Whatever the key is, only what the program wrote comes out.
            "member_expression" | "subscript_expression" => {
                let table = self.value(node.child_by_field_name("object")?)?;
                Some(vec![table])
            }
            "call_expression" => self.of_call(node),
            _ => None,
        }
    }

    fn of_pair(&self, pair: Node<'t>) -> Option<Node<'t>> {
        let key = pair.child_by_field_name("key")?;
        (pair.kind() == "pair" && key.kind() != "computed_property_name")
            .then(|| pair.child_by_field_name("value"))
            .flatten()
    }

    fn of_call(&self, call: Node<'t>) -> Option<Vec<Node<'t>>> {
        let function = call.child_by_field_name("function")?;
        let arguments = || call.child_by_field_name("arguments").map(|all| children(all).collect());
        match self.of_node(function) {
            "Number" | "parseInt" | "parseFloat" | "BigInt" | "Number.parseInt" | "Number.parseFloat" => {
                return Some(Vec::new());
            }
            "String" | "Object.keys" | "Object.values" => return arguments(),
            name if name.starts_with("Math.") => return Some(Vec::new()),
            _ => {}
        }
        let object = function.child_by_field_name("object")?;
        match self.of_node(function.child_by_field_name("property")?) {
            "join" => arguments().map(|mut parts: Vec<Node<'t>>| {
                parts.push(object);
                parts
            }),
            "fill" => arguments(),
            "repeat" | "trim" | "slice" | "toUpperCase" | "toLowerCase" => Some(vec![object]),
            "map" => {
                let made = call.child_by_field_name("arguments")?.named_child(0)?;
                self.counts(made).then(Vec::new)
            }
            _ => None,
        }
    }

    /// Whether a function makes text of a place in a list alone: `(_, i) => "$" + (i + 1)` as a template, `() => '?'`.
    fn counts(&self, function: Node<'t>) -> bool {
        if function.kind() != "arrow_function" {
            return false;
        }
        let Some(body) = function.child_by_field_name("body") else {
            return false;
        };
        if !spend(&self.left, body.byte_range().len()) {
            return false;
        }
        let place = function
            .child_by_field_name("parameters")
            .and_then(|all| all.named_child(1))
            .map_or("", |place| self.of_node(place));
        let plain = |part: Node<'t>| {
            let words = self.of_node(part).split(|c: char| !is_of_name(c));
            let mut words = words.filter(|word| !word.is_empty());
            words.all(|word| word == place || word.bytes().all(|byte| byte.is_ascii_digit()))
        };
        match body.kind() {
            "string" => true,
            "template_string" => children(body)
                .filter(|one| one.kind() == "template_substitution")
                .all(|one| one.named_child(0).is_some_and(plain)),
            _ => false,
        }
    }

    /// Whether a condition says that a value is one of a list of the program: `LIST.includes(value)`, `SET.has(value)`.
    pub(super) fn is_listed(&self, condition: Node<'t>, value: Node<'t>) -> bool {
        let asked = || {
            let function = condition.child_by_field_name("function")?;
            let list = function.child_by_field_name("object")?;
            let list = self.value(list).unwrap_or(list);
            // `new Set([..])`
            let list = match list.kind() {
                "new_expression" => list.child_by_field_name("arguments")?.named_child(0)?,
                _ => list,
            };
            let list = plain(list);
            let says = matches!(
                self.of_node(function.child_by_field_name("property")?),
                "includes" | "has"
            );
            let about = plain(condition.child_by_field_name("arguments")?.named_child(0)?);
            Some(says && list.kind() == "array" && self.is_fixed(list) && self.of_node(about) == self.of_node(value))
        };
        asked().unwrap_or_default()
    }
}

/// Names that something is done with besides reading their elements: what they hold is changed, or handed on to somebody.
fn handed<'t>(text: &'t str, nodes: &[Node<'t>]) -> BTreeSet<&'t str> {
    let of = |node: Node<'t>| text.get(node.byte_range()).unwrap_or_default();
    let mut out = BTreeSet::new();
    let mut around: Vec<Node<'t>> = Vec::new();
    for node in nodes {
        let outer = around
            .iter()
            .rposition(|one| one.start_byte() <= node.start_byte() && node.end_byte() <= one.end_byte());
        around.truncate(outer.map_or(0, |at| at + 1));
        let is_name = matches!(node.kind(), "identifier" | "shorthand_property_identifier");
        if is_name && !is_read(&of, *node, &around) {
            out.insert(of(*node));
        }
        around.push(*node);
    }
    out
}

/// Whether a name in its place only gives what it holds: `LIST[0]`, `TABLE.a`, `LIST.join()`, a part of a text.
fn is_read<'t>(of: &impl Fn(Node<'t>) -> &'t str, name: Node<'t>, around: &[Node<'t>]) -> bool {
    let mut inner = name;
    let mut outer = around.iter().rev();
    let field = |outer: Node<'t>, field: &str, node: Node<'t>| outer.child_by_field_name(field) == Some(node);
    // `TABLE.a.b`
    let mut last = "";
    for _ in 0..12 {
        let Some(one) = outer.next().copied() else { return false };
        let is_element =
            matches!(one.kind(), "member_expression" | "subscript_expression") && field(one, "object", inner);
        if is_element {
            last = one.child_by_field_name("property").map_or("", of);
            inner = one;
            continue;
        }
        let element = inner != name;
        return match one.kind() {
            "variable_declarator" => element || field(one, "name", inner),
            "template_substitution"
            | "spread_element"
            | "type_query"
            | "member_expression"
            | "subscript_expression" => true,
            "binary_expression" => true,
            "for_in_statement" => field(one, "right", inner),
            "call_expression" => element && READS.contains(&last),
            "assignment_expression" => element && field(one, "right", inner),
            "augmented_assignment_expression" | "update_expression" => false,
            "unary_expression" => !of(one).starts_with("delete"),
            // `String(LIST)`, `Object.keys(TABLE)`
            "arguments" => {
                let call = outer.next().and_then(|call| call.child_by_field_name("function"));
                element || matches!(call.map_or("", of), "String" | "Object.keys" | "Object.values")
            }
            kind => element && !kind.ends_with("pattern"),
        };
    }
    false
}

/// A value without what only the compiler reads: `LIST as const`, `value!`.
pub(super) fn plain(node: Node<'_>) -> Node<'_> {
    let mut node = node;
    while matches!(
        node.kind(),
        "as_expression" | "satisfies_expression" | "non_null_expression"
    ) {
        match node.named_child(0) {
            Some(inner) => node = inner,
            None => break,
        }
    }
    node
}

/// Whether a value is text or a number, which nobody can change.
fn is_plain(value: Node<'_>) -> bool {
    matches!(
        value.kind(),
        "string" | "number" | "template_string" | "binary_expression" | "unary_expression" | "regex" | "true" | "false"
    )
}

/// Takes from what is left to look at; false when it is spent.
pub(super) fn spend(left: &Cell<usize>, count: usize) -> bool {
    let rest = left.get().checked_sub(count);
    left.set(rest.unwrap_or_default());
    rest.is_some()
}

/// The named parts of a node that are no comments.
pub(super) fn children(node: Node<'_>) -> impl DoubleEndedIterator<Item = Node<'_>> {
    let mut cursor = node.walk();
    let all: Vec<Node<'_>> = node.named_children(&mut cursor).take(MOST).collect();
    all.into_iter().filter(|child| child.kind() != "comment")
}

pub(super) fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}
