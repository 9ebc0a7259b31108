//! Values as Bandit sees them: literals, and the bare words of names and attributes.

use std::borrow::Cow;

use ruff_python_ast::{Expr, Number};

/// A value that Bandit sees.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value<'a> {
    /// A string, a name, the last part of an attribute, or `True`, `False`, `None`.
    Word(Cow<'a, str>),
    /// A number. Integers beyond 2^53 lose precision, which no limit here is near.
    Number(f64),
    /// The elements of a list; none for one that has no value.
    List(Vec<Option<Value<'a>>>),
    /// Bytes, a tuple, a set, a dictionary, an ellipsis.
    Other,
}

impl Value<'_> {
    /// Whether it is this word.
    pub(super) fn is(&self, word: &str) -> bool {
        matches!(self, Value::Word(own) if own == word)
    }

    /// The word.
    pub(super) fn word(&self) -> Option<&str> {
        match self {
            Value::Word(word) => Some(word),
            _ => None,
        }
    }
}

/// The value of an expression. An attribute has none, and neither has anything that is computed.
pub(super) fn of(expr: &Expr) -> Option<Value<'_>> {
    Some(match expr {
        Expr::StringLiteral(text) => Value::Word(Cow::Borrowed(text.value.to_str())),
        Expr::Name(name) => Value::Word(Cow::Borrowed(name.id.as_str())),
        Expr::BooleanLiteral(literal) => Value::Word(Cow::Borrowed(if literal.value { "True" } else { "False" })),
        Expr::NoneLiteral(_) => Value::Word(Cow::Borrowed("None")),
        Expr::NumberLiteral(literal) => Value::Number(match &literal.value {
            Number::Int(int) => int.as_i64().map_or(f64::MAX, |int| int as f64),
            Number::Float(float) => *float,
            Number::Complex { .. } => return Some(Value::Other),
        }),
        // One level: what is in lists of lists no test asks about.
        Expr::List(list) => Value::List(list.elts.iter().map(element).collect()),
        Expr::BytesLiteral(_) | Expr::Tuple(_) | Expr::Set(_) | Expr::Dict(_) | Expr::EllipsisLiteral(_) => {
            Value::Other
        }
        _ => return None,
    })
}

fn element(expr: &Expr) -> Option<Value<'_>> {
    match expr {
        Expr::List(_) => Some(Value::Other),
        other => of(other),
    }
}

/// The value of an argument of a call: for an attribute its last part.
pub(super) fn argument(expr: &Expr) -> Option<Value<'_>> {
    match expr {
        Expr::Attribute(attribute) => Some(Value::Word(Cow::Borrowed(attribute.attr.as_str()))),
        other => of(other),
    }
}

/// Whether an expression is a literal string without interpolation.
pub(super) fn is_string(expr: &Expr) -> bool {
    matches!(expr, Expr::StringLiteral(_))
}
