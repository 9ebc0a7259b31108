//! Constants: what an expression is, as far as that is written in the program.

use std::borrow::Cow;

use ruff_python_ast::{Expr, FStringPart, InterpolatedStringElement, Number, Operator, UnaryOp};

use super::{Ctx, context::Binding};

/// What is known of a value.
#[derive(Debug, Clone, PartialEq)]
pub enum Const<'a> {
    /// `None`.
    None,
    /// `True` or `False`.
    Bool(bool),
    /// An integer that fits.
    Int(i64),
    /// A number with a fraction.
    Float(f64),
    /// A text that is wholly known.
    Str(Cow<'a, str>),
    /// Bytes that are wholly known.
    Bytes(Cow<'a, [u8]>),
    /// A text of which parts are known: `None` stands for what is not.
    Partial(Vec<Option<Cow<'a, str>>>),
    /// A list, tuple or set, item by item.
    List(Vec<Const<'a>>),
    /// Not known.
    Unknown,
}

/// Nodes that folding one constant may look at.
const FUEL: u32 = 200;
/// Longest text that is put together.
const LONGEST: usize = 64 << 10;

impl<'a> Const<'a> {
    /// The truth value of `True`, `False` and whole numbers, which stand for them.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Const::Bool(value) => Some(*value),
            Const::Int(value) => Some(*value != 0),
            _ => None,
        }
    }

    /// The integer.
    #[must_use]
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Const::Int(value) => Some(*value),
            _ => None,
        }
    }

    /// The text, where it is wholly known.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Const::Str(text) => Some(text),
            _ => None,
        }
    }

    /// What the text begins with for certain.
    #[must_use]
    pub fn beginning(&self) -> &str {
        match self {
            Const::Str(text) => text,
            Const::Partial(parts) => parts.first().and_then(|part| part.as_deref()).unwrap_or_default(),
            _ => "",
        }
    }

    /// The known parts of a text, with `{}` for each that is not known. None for what is no text.
    #[must_use]
    pub fn template(&self) -> Option<Cow<'_, str>> {
        match self {
            Const::Str(text) => Some(Cow::Borrowed(text)),
            Const::Partial(parts) => Some(parts.iter().map(|part| part.as_deref().unwrap_or("{}")).collect()),
            _ => None,
        }
    }

    fn parts(self) -> Option<Vec<Option<Cow<'a, str>>>> {
        match self {
            Const::Str(text) => Some(vec![Some(text)]),
            Const::Partial(parts) => Some(parts),
            Const::Int(value) => Some(vec![Some(value.to_string().into())]),
            Const::Unknown | Const::None | Const::Bool(_) | Const::Float(_) | Const::Bytes(_) | Const::List(_) => None,
        }
    }
}

/// Puts known and unknown parts together.
fn join<'a>(parts: Vec<Option<Cow<'a, str>>>) -> Const<'a> {
    let mut joined: Vec<Option<Cow<'a, str>>> = Vec::with_capacity(parts.len());
    let mut length = 0usize;
    for part in parts {
        length += part.as_ref().map_or(0, |part| part.len());
        if length > LONGEST {
            return Const::Unknown;
        }
        match (joined.last_mut(), part) {
            (Some(Some(last)), Some(part)) => last.to_mut().push_str(&part),
            (_, part) => joined.push(part),
        }
    }
    match joined.pop() {
        None => Const::Str(Cow::Borrowed("")),
        Some(Some(only)) if joined.is_empty() => Const::Str(only),
        Some(last) => {
            joined.push(last);
            Const::Partial(joined)
        }
    }
}

impl<'a> Ctx<'a> {
    /// What is known of an expression's value: literals, what is put together from them (`+`, `%`, f-strings, `.format`,
    /// `.join`, `os.path.join`), and names that were assigned such a value once.
    #[must_use]
    pub fn constant(&self, expr: &'a Expr) -> Const<'a> {
        self.fold(expr, self.current, &mut { FUEL })
    }

    pub(super) fn fold(&self, expr: &'a Expr, scope: usize, fuel: &mut u32) -> Const<'a> {
        match fuel.checked_sub(1) {
            Some(left) => *fuel = left,
            None => return Const::Unknown,
        }
        match expr {
            Expr::NoneLiteral(_) => Const::None,
            Expr::BooleanLiteral(literal) => Const::Bool(literal.value),
            Expr::NumberLiteral(literal) => match &literal.value {
                Number::Int(value) => value.as_i64().map_or(Const::Unknown, Const::Int),
                Number::Float(value) => Const::Float(*value),
                Number::Complex { .. } => Const::Unknown,
            },
            Expr::StringLiteral(literal) => match literal.value.as_slice() {
                [only] => Const::Str(Cow::Borrowed(&only.value)),
                many => join(many.iter().map(|one| Some(Cow::Borrowed(&*one.value))).collect()),
            },
            Expr::BytesLiteral(literal) => match literal.value.as_slice() {
                [only] => Const::Bytes(Cow::Borrowed(&only.value)),
                many => {
                    let bytes: Vec<u8> = many.iter().flat_map(|one| one.value.iter().copied()).collect();
                    Const::Bytes(Cow::Owned(bytes))
                }
            },
            Expr::FString(literal) => {
                let mut parts = Vec::new();
                for part in literal.value.iter() {
                    match part {
                        FStringPart::Literal(text) => parts.push(Some(Cow::Borrowed(&*text.value))),
                        FStringPart::FString(inner) => {
                            for element in &inner.elements {
                                match element {
                                    InterpolatedStringElement::Literal(text) => {
                                        parts.push(Some(Cow::Borrowed(&*text.value)));
                                    }
                                    InterpolatedStringElement::Interpolation(value) => {
                                        let plain = value.format_spec.is_none() && value.debug_text.is_none();
                                        let known = self.fold(&value.expression, scope, fuel).parts();
                                        match known.filter(|_| plain) {
                                            Some(known) => parts.extend(known),
                                            None => parts.push(None),
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
                join(parts)
            }
            Expr::Name(name) => match self.lookup(scope, name.id.as_str()) {
                Some((Binding::Value { expr, constant: true }, at)) => self.fold(expr, at, fuel),
                // Who does not say gets what stands there.
                Some((Binding::Parameter(_, Some(Expr::BooleanLiteral(literal))), _)) => Const::Bool(literal.value),
                _ => Const::Unknown,
            },
            Expr::Attribute(_) => Const::Unknown,
            Expr::UnaryOp(unary) => match (unary.op, self.fold(&unary.operand, scope, fuel)) {
                (UnaryOp::USub, Const::Int(value)) => value.checked_neg().map_or(Const::Unknown, Const::Int),
                (UnaryOp::USub, Const::Float(value)) => Const::Float(-value),
                (UnaryOp::Not, value) => value.as_bool().map_or(Const::Unknown, |value| Const::Bool(!value)),
                _ => Const::Unknown,
            },
            Expr::BinOp(binary) => {
                let left = self.fold(&binary.left, scope, fuel);
                match binary.op {
                    Operator::Mod if matches!(left, Const::Str(_) | Const::Partial(_)) => {
                        let values = match &*binary.right {
                            Expr::Tuple(tuple) => tuple.elts.iter().map(|one| self.fold(one, scope, fuel)).collect(),
                            Expr::Dict(_) => Vec::new(),
                            other => vec![self.fold(other, scope, fuel)],
                        };
                        percent(left, values)
                    }
                    _ => arithmetic(left, binary.op, self.fold(&binary.right, scope, fuel)),
                }
            }
            Expr::Tuple(tuple) => self.fold_list(&tuple.elts, scope, fuel),
            Expr::List(list) => self.fold_list(&list.elts, scope, fuel),
            Expr::Set(set) => self.fold_list(&set.elts, scope, fuel),
            Expr::Named(named) => self.fold(&named.value, scope, fuel),
            Expr::Call(call) => self.fold_call(call, scope, fuel),
            _ => Const::Unknown,
        }
    }

    fn fold_list(&self, items: &'a [Expr], scope: usize, fuel: &mut u32) -> Const<'a> {
        if items.len() > *fuel as usize {
            return Const::Unknown;
        }
        Const::List(items.iter().map(|item| self.fold(item, scope, fuel)).collect())
    }

    fn fold_call(&self, call: &'a ruff_python_ast::ExprCall, scope: usize, fuel: &mut u32) -> Const<'a> {
        let args = &call.arguments.args;
        let attribute = match &*call.func {
            Expr::Attribute(attribute) => attribute,
            Expr::Name(name) if name.id.as_str() == "bool" && self.lookup(scope, "bool").is_none() => {
                let value = args.first().map(|arg| self.fold(arg, scope, fuel).as_bool());
                return value.flatten().map_or(Const::Unknown, Const::Bool);
            }
            _ => return Const::Unknown,
        };
        match attribute.attr.as_str() {
            "format" => match self.fold(&attribute.value, scope, fuel) {
                Const::Str(template) => {
                    let values: Vec<_> = args.iter().map(|arg| self.fold(arg, scope, fuel)).collect();
                    braces(&template, &values)
                }
                Const::Partial(parts) => Const::Partial(parts),
                _ => Const::Unknown,
            },
            "join" => {
                // `os.path.join(a, b)`, or `", ".join([a, b])`.
                if let Expr::StringLiteral(between) = &*attribute.value {
                    let Some(Const::List(items)) = args.first().map(|arg| self.fold(arg, scope, fuel)) else {
                        return Const::Partial(vec![None]);
                    };
                    let mut parts = Vec::new();
                    for (index, item) in items.into_iter().enumerate() {
                        if index > 0 {
                            parts.push(Some(Cow::Borrowed(between.value.to_str())));
                        }
                        parts.extend(item.parts().unwrap_or_else(|| vec![None]));
                    }
                    join(parts)
                } else if self.name(&call.func).as_deref() == Some("os.path.join") {
                    let mut parts = Vec::new();
                    for (index, arg) in args.iter().enumerate() {
                        if index > 0 {
                            parts.push(Some(Cow::Borrowed("/")));
                        }
                        parts.extend(self.fold(arg, scope, fuel).parts().unwrap_or_else(|| vec![None]));
                    }
                    join(parts)
                } else {
                    Const::Unknown
                }
            }
            "lower" | "upper" | "strip" | "encode" | "decode" if args.is_empty() || attribute.attr.len() > 5 => {
                match (attribute.attr.as_str(), self.fold(&attribute.value, scope, fuel)) {
                    ("lower", Const::Str(text)) => Const::Str(text.to_lowercase().into()),
                    ("upper", Const::Str(text)) => Const::Str(text.to_uppercase().into()),
                    ("strip", Const::Str(text)) => Const::Str(text.trim().to_owned().into()),
                    ("encode", Const::Str(text)) => Const::Bytes(text.into_owned().into_bytes().into()),
                    ("decode", Const::Bytes(bytes)) => {
                        String::from_utf8(bytes.into_owned()).map_or(Const::Unknown, |text| Const::Str(text.into()))
                    }
                    _ => Const::Unknown,
                }
            }
            _ => Const::Unknown,
        }
    }
}

fn arithmetic<'a>(left: Const<'a>, op: Operator, right: Const<'a>) -> Const<'a> {
    match (left, op, right) {
        (Const::Int(a), op, Const::Int(b)) => {
            let result = match op {
                Operator::Add => a.checked_add(b),
                Operator::Sub => a.checked_sub(b),
                Operator::Mult => a.checked_mul(b),
                Operator::BitOr => Some(a | b),
                Operator::BitAnd => Some(a & b),
                Operator::BitXor => Some(a ^ b),
                Operator::LShift => u32::try_from(b).ok().filter(|b| *b < 62).and_then(|b| a.checked_shl(b)),
                Operator::FloorDiv => a.checked_div_euclid(b),
                Operator::Mod => a.checked_rem_euclid(b),
                Operator::Pow => u32::try_from(b).ok().and_then(|b| a.checked_pow(b)),
                _ => None,
            };
            result.map_or(Const::Unknown, Const::Int)
        }
        (Const::Bytes(a), Operator::Add, Const::Bytes(b)) if a.len() + b.len() <= LONGEST => {
            Const::Bytes([a, b].concat().into())
        }
        (Const::List(mut a), Operator::Add, Const::List(b)) => {
            a.extend(b);
            Const::List(a)
        }
        (left @ (Const::Str(_) | Const::Partial(_)), Operator::Add, right) => {
            let mut parts = left.parts().unwrap_or_default();
            parts.extend(right.parts().unwrap_or_else(|| vec![None]));
            join(parts)
        }
        (Const::Unknown, Operator::Add, right @ (Const::Str(_) | Const::Partial(_))) => {
            let mut parts = vec![None];
            parts.extend(right.parts().unwrap_or_default());
            join(parts)
        }
        _ => Const::Unknown,
    }
}

/// `template % values`.
fn percent<'a>(template: Const<'a>, values: Vec<Const<'a>>) -> Const<'a> {
    let Some(pieces) = template.parts() else {
        return Const::Unknown;
    };
    let mut values = values.into_iter();
    let mut parts: Vec<Option<Cow<'a, str>>> = Vec::new();
    for piece in pieces {
        let Some(piece) = piece else {
            parts.push(None);
            continue;
        };
        let mut rest: &str = &piece;
        while let Some(at) = rest.find('%') {
            let (before, after) = rest.split_at(at);
            parts.push(Some(before.to_owned().into()));
            let after = after.get(1..).unwrap_or_default();
            if let Some(after) = after.strip_prefix('%') {
                parts.push(Some(Cow::Borrowed("%")));
                rest = after;
                continue;
            }
            let end = after
                .find(|c: char| c.is_ascii_alphabetic())
                .filter(|_| !after.starts_with('('))
                .or_else(|| Some(after.find(')')? + 1));
            let Some(end) = end else {
                return Const::Partial(vec![None]);
            };
            let plain = end == 0;
            match values.next().and_then(Const::parts).filter(|_| plain) {
                Some(known) => parts.extend(known),
                None => parts.push(None),
            }
            rest = after.get(end + 1..).unwrap_or_default();
        }
        parts.push(Some(rest.to_owned().into()));
    }
    join(parts)
}

/// `template.format(values)`.
fn braces<'a>(template: &str, values: &[Const<'a>]) -> Const<'a> {
    let mut parts: Vec<Option<Cow<'a, str>>> = Vec::new();
    let mut rest = template;
    let mut next = 0usize;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, after) = rest.split_at(at);
        parts.push(Some(before.to_owned().into()));
        if let Some(doubled) = after.strip_prefix("{{").or_else(|| after.strip_prefix("}}")) {
            parts.push(Some(after.get(..1).unwrap_or_default().to_owned().into()));
            rest = doubled;
            continue;
        }
        let Some(end) = after.find('}') else { break };
        let field = after.get(1..end).unwrap_or_default();
        let index = if field.is_empty() {
            next += 1;
            Some(next - 1)
        } else {
            field.parse().ok()
        };
        match index
            .and_then(|index: usize| values.get(index))
            .cloned()
            .and_then(Const::parts)
        {
            Some(known) => parts.extend(known),
            None => parts.push(None),
        }
        rest = after.get(end + 1..).unwrap_or_default();
    }
    parts.push(Some(rest.to_owned().into()));
    join(parts)
}
