//! B608: statements of SQL that are put together from pieces.

use std::sync::LazyLock;

use regex::Regex;
use ruff_python_ast::{AnyNodeRef, Expr, ExprBinOp};
use ruff_text_size::TextRange;
use ward_evidence::Severity::Medium;

use super::walk::Walk;

/// Most operands of one expression that are looked at for one of its strings.
const MAX_OPERANDS: usize = 4_000;

/// What looks like a statement, wherever it begins.
static STATEMENT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?is)select\s.*from\s|delete\s+from\s|insert\s+into\s.*values[\s(]|update\s.*set\s").ok()
});

fn is_statement(text: &str) -> bool {
    STATEMENT.as_ref().is_some_and(|statement| statement.is_match(text))
}

/// A literal string that is an operand, or that `format` or `replace` is asked of.
pub(super) fn string(walk: &mut Walk<'_>, text: &str, range: TextRange, over: TextRange) {
    let found = match walk.parent(0) {
        Some(AnyNodeRef::ExprBinOp(parent)) => {
            let top = walk.around.iter().rev().map_while(|node| match node {
                AnyNodeRef::ExprBinOp(node) => Some(*node),
                _ => None,
            });
            let top = top.last().unwrap_or(parent);
            is_statement(&joined(text, top, parent))
        }
        Some(AnyNodeRef::ExprAttribute(parent)) => {
            matches!(parent.attr.as_str(), "format" | "replace") && is_statement(text)
        }
        _ => false,
    };
    if found {
        walk.report("B608", Medium, range, over);
    }
}

/// The literal parts of an f-string.
pub(super) fn f_string(walk: &mut Walk<'_>, texts: &[String], range: TextRange) {
    if is_statement(&texts.concat()) {
        walk.report("B608", Medium, range, range);
    }
}

/// A string with all literal strings of the expression `top` but those of its own operation, `own`.
fn joined(text: &str, top: &ExprBinOp, own: &ExprBinOp) -> String {
    enum Part<'a> {
        Operation(&'a ExprBinOp),
        Operand(&'a Expr),
    }
    let mut all = text.to_owned();
    let mut left = MAX_OPERANDS;
    let mut stack = vec![Part::Operation(top)];
    while let Some(part) = stack.pop() {
        match part {
            Part::Operation(operation) if std::ptr::eq(operation, own) => {}
            Part::Operation(operation) => {
                stack.push(Part::Operand(&operation.right));
                stack.push(Part::Operand(&operation.left));
            }
            Part::Operand(Expr::BinOp(inner)) => stack.push(Part::Operation(inner)),
            Part::Operand(Expr::StringLiteral(literal)) => {
                all.push(' ');
                all.push_str(literal.value.to_str());
            }
            Part::Operand(_) => {}
        }
        left -= 1;
        if left == 0 {
            break;
        }
    }
    all
}
