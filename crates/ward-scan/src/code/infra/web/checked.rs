//! Conditions that a path was held against before it is used.
//!
//! Only what leaves no doubt counts: the very value that makes the path was asked for, in the same function, and is given
//! nothing else. Everything else is told.

use std::{cell::Cell, collections::BTreeSet, ops::Range};

use tree_sitter::Node;

use super::{
    Program,
    fixed::{children, is_of_name, spend},
    taint::is_function,
};

/// Conditions and bytes that are looked at again for the paths of one file; when that is spent, every path is told.
const MOST: usize = 2_000_000;
/// Most parts of one path.
const MOST_PARTS: usize = 50;

/// A question that is answered where it stands and after it.
struct Guard<'t> {
    /// Where its answer is known.
    holds_in: Range<usize>,
    /// Where the function begins that it stands in.
    function: usize,
    call: Node<'t>,
    /// The answer.
    answer: bool,
}

/// What a file asks before it goes on.
pub(super) struct Guards<'t> {
    all: Vec<Guard<'t>>,
    functions: Vec<Range<usize>>,
    /// What is given something after it was made.
    changed: BTreeSet<&'t str>,
    left: Cell<usize>,
}

impl<'t> Guards<'t> {
    /// Of the nodes of a file, in order.
    pub(super) fn of(text: &'t str, nodes: &[Node<'t>]) -> Self {
        let mut this = Self {
            all: Vec::new(),
            functions: Vec::new(),
            changed: BTreeSet::new(),
            left: Cell::new(MOST),
        };
        // The nodes around, and the functions among them.
        let mut around: Vec<Node<'t>> = Vec::new();
        let mut within: Vec<Range<usize>> = Vec::new();
        for node in nodes {
            around.truncate(
                around
                    .iter()
                    .rposition(|one| node.end_byte() <= one.end_byte() && one.start_byte() <= node.start_byte())
                    .map_or(0, |at| at + 1),
            );
            while within.last().is_some_and(|one| one.end <= node.start_byte()) {
                within.pop();
            }
            match node.kind() {
                kind if is_function(kind) => {
                    within.push(node.byte_range());
                    this.functions.push(node.byte_range());
                }
                "if_statement" => {
                    let function = within.last().map_or(0, |one| one.start);
                    this.add(text, *node, around.last().copied(), function);
                }
                "assignment_expression" | "augmented_assignment_expression" => {
                    let left = node.child_by_field_name("left");
                    let left = left.and_then(|left| text.get(left.byte_range())).unwrap_or_default();
                    this.changed.insert(left);
                    if left.starts_with(['[', '{']) {
                        let words = left.get(..left.floor_char_boundary(1_000)).unwrap_or_default();
                        this.changed.extend(words.split(|c: char| !is_of_name(c)));
                    }
                }
                _ => {}
            }
            around.push(*node);
        }
        this
    }

    fn add(&mut self, text: &'t str, node: Node<'t>, outer: Option<Node<'t>>, function: usize) {
        let (Some(condition), Some(then)) = (
            node.child_by_field_name("condition"),
            node.child_by_field_name("consequence"),
        ) else {
            return;
        };
        let mut add = |answer: bool, holds_in: Range<usize>| {
            for (call, answer) in answers(text, condition, answer) {
                self.all.push(Guard {
                    holds_in: holds_in.clone(),
                    function,
                    call,
                    answer,
                });
            }
        };
        add(true, then.byte_range());
        let last = match then.kind() {
            "statement_block" => children(then).last(),
            _ => Some(then),
        };
        let leaves = last.is_some_and(|last| matches!(last.kind(), "return_statement" | "throw_statement"));
        if let Some(block) = outer.filter(|outer| leaves && outer.kind() == "statement_block") {
            add(false, node.end_byte()..block.end_byte());
        }
    }
}

/// The questions that have a known answer where a condition does.
fn answers<'t>(text: &'t str, condition: Node<'t>, holds: bool) -> Vec<(Node<'t>, bool)> {
    let of = |node: Node<'t>| text.get(node.byte_range()).unwrap_or_default();
    let mut out = Vec::new();
    let mut open = vec![(condition, holds)];
    while let Some((node, holds)) = open.pop() {
        match node.kind() {
            "parenthesized_expression" => open.extend(node.named_child(0).map(|inner| (inner, holds))),
            "unary_expression" if of(node).starts_with('!') => {
                open.extend(node.child_by_field_name("argument").map(|inner| (inner, !holds)));
            }
            "binary_expression" => {
                let operator = node.child_by_field_name("operator").map_or("", of);
                if operator == if holds { "&&" } else { "||" } {
                    let sides = ["left", "right"].iter();
                    open.extend(sides.filter_map(|side| Some((node.child_by_field_name(side)?, holds))));
                }
            }
            "call_expression" => out.push((node, holds)),
            _ => {}
        }
    }
    out
}

impl<'t> Program<'t> {
    /// Whether what stands at a place is only reached with a path that was checked: inside an `if` that says so, or behind one
    /// that leaves when it is not so.
    pub(super) fn is_checked(&self, place: Node<'t>, path: Node<'t>) -> bool {
        let guards = &self.guards;
        let Some(known) = self.known(place) else {
            return false;
        };
        let vouched = |value: Node<'t>| {
            let is_same = !guards.changed.contains(self.of(value));
            is_same && spend(&guards.left, 20 * known.len()) && known.iter().any(|one| self.vouches(one.call, value))
        };
        // Every part that comes from outside, or the whole.
        let mut open = vec![path];
        for _ in 0..MOST_PARTS {
            let Some(node) = open.pop() else { return true };
            if !spend(&guards.left, node.byte_range().len().min(4_000)) {
                return false;
            }
            if self.source(node).is_none() || vouched(node) {
                continue;
            }
            match self.parts_of_path(node) {
                Some(parts) => open.extend(parts),
                None => return false,
            }
        }
        false
    }

    /// The questions that were answered with yes before a place is reached; none when that costs too much.
    fn known(&self, place: Node<'t>) -> Option<Vec<&Guard<'t>>> {
        let guards = &self.guards;
        if !spend(&guards.left, guards.all.len() + guards.functions.len()) {
            return None;
        }
        let at = place.start_byte();
        let function = guards.functions.iter().rev().find(|one| one.contains(&at));
        let function = function.map_or(0, |one| one.start);
        let holds = |one: &&Guard<'t>| one.function == function && one.holds_in.contains(&at) && one.answer;
        Some(guards.all.iter().filter(holds).collect())
    }

    /// Whether a text is put together of what the program wrote and of what is one of a list of the program's.
    pub(super) fn is_chosen(&self, place: Node<'t>, text: Node<'t>) -> bool {
        let Some(known) = self.known(place).filter(|known| !known.is_empty()) else {
            return false;
        };
        let mut open = vec![text];
        for _ in 0..MOST_PARTS {
            let Some(node) = open.pop() else { return true };
            let is_same = !self.guards.changed.contains(self.of(node));
            let cost = node.byte_range().len().min(4_000) + 20 * known.len();
            if !spend(&self.guards.left, cost) {
                return false;
            }
            let is_listed = is_same && known.iter().any(|one| self.fixed.is_listed(one.call, node));
            if is_listed || self.fixed.is_fixed(node) {
                continue;
            }
            match self.parts_of_path(node) {
                Some(parts) if node.kind() != "call_expression" => open.extend(parts),
                _ => return false,
            }
        }
        false
    }

    /// Whether the function that is given the request asks about a value before a place is reached: whether a pattern, a list
    /// or a number fits it, or which word it is. What it does with the answer is not looked at.
    pub(super) fn is_asked_about(&self, place: Node<'t>, value: &str) -> bool {
        let parameters = |function: Node<'t>| {
            let all = function
                .child_by_field_name("parameters")
                .or_else(|| function.child_by_field_name("parameter"));
            all.map_or("", |all| self.of(all))
        };
        let mut innermost = None;
        let mut around = place.parent();
        while let Some(node) = around {
            if is_function(node.kind()) {
                innermost = innermost.or(Some(node));
                if parameters(node).contains("req") {
                    innermost = Some(node);
                    break;
                }
            }
            around = node.parent();
        }
        let start = innermost.map_or(0, |function| function.start_byte());
        let before = self.text.get(start..place.start_byte()).unwrap_or_default();
        if !spend(&self.guards.left, before.len()) {
            return false;
        }
        let dense: String = before.chars().filter(|c| !c.is_whitespace()).collect();
        let calls = [".test(", ".includes(", ".has(", "isNaN(", "isInteger(", "isFinite("];
        if calls.iter().any(|call| dense.contains(&format!("{call}{value})")))
            || before.contains(&format!("{value} in "))
        {
            return true;
        }
        dense.match_indices(value).any(|(at, _)| {
            let (ahead, behind) = (dense.get(..at).unwrap_or_default(), dense.get(at + value.len()..));
            let is_whole = !ahead.ends_with(|c: char| is_of_name(c) || c == '.') || ahead.ends_with("return");
            let constant = behind
                .and_then(|rest| rest.strip_prefix("===").or_else(|| rest.strip_prefix("!==")))
                .is_some_and(|rest| {
                    rest.starts_with(|c: char| c.is_ascii_digit())
                        || rest.starts_with(['\'', '"']) && !rest.starts_with("''") && !rest.starts_with("\"\"")
                });
            is_whole && constant
        })
    }

    /// What a path is put together of.
    fn parts_of_path(&self, node: Node<'t>) -> Option<Vec<Node<'t>>> {
        match node.kind() {
            "identifier" => Some(vec![self.fixed.given(node)?]),
            "template_string" => Some(
                children(node)
                    .filter(|one| one.kind() == "template_substitution")
                    .collect(),
            ),
            "template_substitution" | "parenthesized_expression" => Some(vec![node.named_child(0)?]),
            "binary_expression" if self.of(node.child_by_field_name("operator")?) == "+" => Some(vec![
                node.child_by_field_name("left")?,
                node.child_by_field_name("right")?,
            ]),
            "call_expression" if self.is_resolved(node) => Some(self.arguments(node)),
            // Its last part holds no separator.
            "call_expression" if self.name(node.child_by_field_name("function")?) == "path.basename" => {
                Some(Vec::new())
            }
            _ => None,
        }
    }

    /// Whether a call leaves no `..` in the path that it makes, but at its beginning.
    fn is_resolved(&self, call: Node<'t>) -> bool {
        let name = call.child_by_field_name("function").map(|function| self.name(function));
        matches!(
            name.as_deref(),
            Some("path.join" | "path.resolve" | "path.normalize" | "fs.realpathSync")
        )
    }

    /// Whether a question that was answered with yes says of a value that it leaves no folder.
    fn vouches(&self, call: Node<'t>, value: Node<'t>) -> bool {
        let asked = || {
            let function = call.child_by_field_name("function")?;
            let object = function.child_by_field_name("object")?;
            let about = *self.arguments(call).first()?;
            Some(match self.of(function.child_by_field_name("property")?) {
                // Of a path that still holds `..` its beginning says nothing.
                "startsWith" => {
                    let made = self.fixed.given(value).is_some_and(|made| self.is_resolved(made));
                    let root = self.string(about).is_none_or(|root| root.trim_matches('/').len() > 1);
                    made && root && self.of(object) == self.of(value) && self.source(about).is_none()
                }
                "includes" | "has" => self.of(about) == self.of(value) && self.fixed.is_listed(call, about),
                "test" => {
                    let pattern = self.fixed.value(object).unwrap_or(object);
                    let plain = pattern.kind() == "regex" && is_plain(self.of(pattern));
                    plain && self.of(about) == self.of(value)
                }
                _ => false,
            })
        };
        asked().unwrap_or_default()
    }
}

/// Whether a pattern lets whole words of letters, digits, `_` and `-` pass alone, with one dot among them at most.
fn is_plain(pattern: &str) -> bool {
    let whole = pattern
        .strip_prefix("/^")
        .and_then(|rest| rest.strip_suffix("$/").or_else(|| rest.strip_suffix("$/i")));
    let Some(whole) = whole.filter(|whole| whole.len() <= 200) else {
        return false;
    };
    let mut dots = 0;
    let mut rest = whole.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\\' => match rest.next() {
                Some('d' | 'w') => {}
                // A dot that stands once, and is not repeated.
                Some('.') if rest.peek().is_some_and(|next| !"+*{?".contains(*next)) => dots += 1,
                _ => return false,
            },
            '[' => {
                let mut before = '[';
                loop {
                    match rest.next() {
                        Some(']') => break,
                        Some('\\') if matches!(rest.peek(), Some('d' | 'w' | '-')) => {}
                        // `+-z` and `A-z` reach over more than letters.
                        Some('-') => {
                            let after = rest.peek().copied().unwrap_or(']');
                            let ranges = [('a', 'z'), ('A', 'Z'), ('0', '9'), ('a', 'f'), ('A', 'F')];
                            let literal = after == ']' || before == '[';
                            if !literal && !ranges.contains(&(before, after)) {
                                return false;
                            }
                            before = '-';
                        }
                        Some(c) if c.is_ascii_alphanumeric() || c == '_' => before = c,
                        _ => return false,
                    }
                }
            }
            '+' | '*' | '?' | '{' | '}' | ',' | '-' | '_' => {}
            c if c.is_ascii_alphanumeric() => {}
            _ => return false,
        }
    }
    dots <= 1
}

#[cfg(test)]
mod tests {
    use super::is_plain;

    #[test]
    fn patterns_that_let_no_path_pass_are_told_from_others() {
        for (pattern, plain) in [
            ("/^[a-z0-9]+$/", true),
            ("/^[A-Za-z0-9_-]{1,40}$/i", true),
            (r"/^\d+$/", true),
            (r"/^[\w-]+\.pdf$/", true),
            (r"/^[\w.\/-]+$/", false),
            (r"/^[\w.-]+$/", false),
            (r"/^\S+\.pdf$/", false),
            (r"/^[^\0]*$/", false),
            (r"/\.pdf$/", false),
            ("/^.*$/", false),
            (r"/^\.+$/", false),
            (r"/^\w*\.\.\w*$/", false),
            ("/^[+-9]+$/", false),
            ("/^[--z]+$/", false),
            ("/^[a-z]+$/m", false),
            ("/^a|b$/", false),
            ("/^[a-z", false),
        ] {
            assert_eq!(is_plain(pattern), plain, "{pattern}");
        }
    }
}
