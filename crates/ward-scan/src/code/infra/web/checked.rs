//! Conditions that a path was held against before it is used.

use tree_sitter::Node;

use super::{Program, fixed::children, taint::is_function};

/// Most statements before a place that are looked at.
const MOST: usize = 200;

impl<'t> Program<'t> {
    /// Whether what stands at a place is only reached with a path that was checked: inside an `if` that says so, or behind one
    /// that leaves when it is not so.
    pub(super) fn is_checked(&self, place: Node<'t>, path: Node<'t>) -> bool {
        let mut inner = place;
        while let Some(outer) = inner.parent() {
            let condition = || outer.child_by_field_name("condition");
            if outer.kind() == "if_statement"
                && outer.child_by_field_name("consequence") == Some(inner)
                && condition().is_some_and(|condition| self.vouches(condition, true, path))
            {
                return true;
            }
            if outer.kind() == "statement_block" {
                let before = std::iter::successors(inner.prev_named_sibling(), |one| one.prev_named_sibling());
                if before.take(MOST).any(|one| self.turns_away(one, path)) {
                    return true;
                }
            }
            if is_function(outer.kind()) {
                return false;
            }
            inner = outer;
        }
        false
    }

    /// Whether a statement leaves when a path is not as it should be.
    fn turns_away(&self, statement: Node<'t>, path: Node<'t>) -> bool {
        let leaves = |way: Node<'t>| {
            let last = match way.kind() {
                "statement_block" => children(way).last(),
                _ => Some(way),
            };
            last.is_some_and(|last| matches!(last.kind(), "return_statement" | "throw_statement"))
        };
        statement.kind() == "if_statement"
            && statement.child_by_field_name("consequence").is_some_and(leaves)
            && statement
                .child_by_field_name("condition")
                .is_some_and(|condition| self.vouches(condition, false, path))
    }

    /// Whether a condition says, where it is `holds`, that a path stays in its folder.
    fn vouches(&self, condition: Node<'t>, holds: bool, path: Node<'t>) -> bool {
        let mut open = vec![(condition, holds)];
        while let Some((node, holds)) = open.pop() {
            match node.kind() {
                "parenthesized_expression" => open.extend(node.named_child(0).map(|inner| (inner, holds))),
                "unary_expression" if self.of(node).starts_with('!') => {
                    open.extend(node.child_by_field_name("argument").map(|inner| (inner, !holds)));
                }
                "binary_expression" => {
                    let operator = node.child_by_field_name("operator").map_or("", |one| self.of(one));
                    if operator == if holds { "&&" } else { "||" } {
                        let sides = ["left", "right"].iter();
                        open.extend(sides.filter_map(|side| Some((node.child_by_field_name(side)?, holds))));
                    }
                }
                "call_expression" if self.asks(node, holds, path).unwrap_or_default() => return true,
                _ => {}
            }
        }
        false
    }

    /// The same of one question.
    fn asks(&self, call: Node<'t>, holds: bool, path: Node<'t>) -> Option<bool> {
        let function = call.child_by_field_name("function")?;
        let object = function.child_by_field_name("object")?;
        let about = *self.arguments(call).first()?;
        let made = self.fixed.value(path);
        let made_of = made.map_or("", |value| self.of(value));
        // The path itself, or a part of it before it was put together.
        let is_part = |node: Node<'t>| {
            let part = self.of(node);
            self.of(path).contains(part) || made_of.contains(part)
        };
        let text = self.string(about).unwrap_or_default();
        Some(match (self.of(function.child_by_field_name("property")?), holds) {
            // Of a path that still holds `..` its beginning says nothing.
            ("startsWith", true) => {
                let plain = ["resolve(", "normalize(", "join(", "realpath"];
                self.of(object) == self.of(path) && plain.iter().any(|word| made_of.contains(word))
            }
            // `const rel = path.relative(root, file); if (rel.startsWith('..')) return`
            ("startsWith", false) if text.starts_with("..") => {
                let value = self.of(self.fixed.value(object)?);
                value.contains("relative(") && value.contains(self.of(path))
            }
            ("includes", false) => text.contains("..") && is_part(object),
            ("includes" | "has", true) => is_part(about) && self.fixed.is_listed(call, about),
            ("test", true) => {
                let pattern = self.fixed.value(object).unwrap_or(object);
                let pattern = self.of(pattern);
                let whole = pattern.starts_with("/^") && pattern.trim_end_matches(char::is_alphabetic).ends_with("$/");
                whole && !pattern.contains(".*") && !pattern.contains(".+") && is_part(about)
            }
            _ => false,
        })
    }
}
