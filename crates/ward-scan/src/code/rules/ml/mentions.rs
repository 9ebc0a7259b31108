//! What an expression puts into a text: the names in an f-string, a format, a concatenation, a list of messages.

use ruff_python_ast::{Expr, FStringPart, InterpolatedStringElement};

/// Most nodes that are looked at for one expression.
const FUEL: u32 = 400;

/// Every expression that is put into the value of `expr` and is no constant.
pub(super) fn inserted<'a>(expr: &'a Expr, each: &mut dyn FnMut(&'a Expr)) {
    walk(expr, 0, &mut { FUEL }, each);
}

/// Calls whose result does not show what went in.
fn hides(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    [
        "redact",
        "mask",
        "hash",
        "deid",
        "anonym",
        "pseudonym",
        "scrub",
        "sanitiz",
        "sanitis",
        "encrypt",
        "sha",
        "hmac",
        "digest",
    ]
    .iter()
    .any(|word| name.contains(word))
        || matches!(
            name.as_str(),
            "len" | "type" | "bool" | "id" | "isinstance" | "sum" | "any" | "all" | "count" | "keys"
        )
}

fn walk<'a>(expr: &'a Expr, depth: u32, fuel: &mut u32, each: &mut dyn FnMut(&'a Expr)) {
    match fuel.checked_sub(1) {
        Some(left) if depth < 60 => *fuel = left,
        _ => return,
    }
    let deeper = depth + 1;
    match expr {
        Expr::Name(_) | Expr::Attribute(_) | Expr::Subscript(_) => each(expr),
        Expr::FString(literal) => {
            for part in &literal.value {
                let FStringPart::FString(inner) = part else { continue };
                for element in &inner.elements {
                    if let InterpolatedStringElement::Interpolation(value) = element {
                        walk(&value.expression, deeper, fuel, each);
                    }
                }
            }
        }
        Expr::BinOp(binary) => {
            walk(&binary.left, deeper, fuel, each);
            walk(&binary.right, deeper, fuel, each);
        }
        Expr::BoolOp(operation) => operation
            .values
            .iter()
            .for_each(|value| walk(value, deeper, fuel, each)),
        Expr::If(choice) => {
            walk(&choice.body, deeper, fuel, each);
            walk(&choice.orelse, deeper, fuel, each);
        }
        Expr::Tuple(tuple) => tuple.elts.iter().for_each(|one| walk(one, deeper, fuel, each)),
        Expr::List(list) => list.elts.iter().for_each(|one| walk(one, deeper, fuel, each)),
        Expr::Set(set) => set.elts.iter().for_each(|one| walk(one, deeper, fuel, each)),
        Expr::Dict(dict) => dict.items.iter().for_each(|item| walk(&item.value, deeper, fuel, each)),
        Expr::Starred(inner) => walk(&inner.value, deeper, fuel, each),
        Expr::Await(inner) => walk(&inner.value, deeper, fuel, each),
        Expr::Call(call) => {
            let name = match &*call.func {
                Expr::Name(name) => name.id.as_str(),
                Expr::Attribute(attribute) => attribute.attr.as_str(),
                _ => "",
            };
            if hides(name) {
                return;
            }
            // A method of a text or of a table gives something of what it is called on.
            if let Expr::Attribute(attribute) = &*call.func {
                let shows = matches!(
                    name,
                    "strip"
                        | "lower"
                        | "upper"
                        | "title"
                        | "format"
                        | "join"
                        | "replace"
                        | "encode"
                        | "decode"
                        | "get"
                        | "to_dict"
                        | "dict"
                        | "json"
                        | "model_dump"
                        | "copy"
                        | "to_string"
                        | "to_json"
                        | "splitlines"
                );
                if shows {
                    walk(&attribute.value, deeper, fuel, each);
                }
                if name == "get"
                    && let Some(Expr::StringLiteral(_)) = call.arguments.args.first()
                {
                    each(expr);
                    return;
                }
            }
            for arg in &call.arguments.args {
                walk(arg, deeper, fuel, each);
            }
            for keyword in &call.arguments.keywords {
                walk(&keyword.value, deeper, fuel, each);
            }
        }
        _ => {}
    }
}
