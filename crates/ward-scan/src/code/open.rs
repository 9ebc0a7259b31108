//! Parts of a text that may be anything, told from those that the program chose: constants, numbers, placeholders of a query.

use ruff_python_ast::{Expr, ExprBinOp, FStringPart, InterpolatedStringElement, Operator, Stmt, StmtFor};

use super::{Const, Ctx, context::Binding};

/// Most parts that are looked at; a text of more is open.
const MOST: usize = 60;

/// Whether a part of a text that is put together of these may be anything: no constant, number or list of placeholders. `loops` are
/// those around it.
pub(super) fn has_open_part<'a>(
    ctx: &Ctx<'a>,
    loops: &[&'a StmtFor],
    parts: impl IntoIterator<Item = &'a Expr>,
) -> bool {
    let mut left: Vec<&'a Expr> = parts.into_iter().collect();
    for _ in 0..MOST {
        let Some(expr) = left.pop() else { return false };
        match expr {
            Expr::BinOp(binary) if matches!(binary.op, Operator::Add | Operator::Mod) => {
                left.extend([&*binary.left, &*binary.right]);
            }
            Expr::Tuple(tuple) => left.extend(&tuple.elts),
            Expr::FString(literal) => {
                for part in literal.value.iter() {
                    if let FStringPart::FString(inner) = part {
                        for element in &inner.elements {
                            if let InterpolatedStringElement::Interpolation(value) = element {
                                left.push(&value.expression);
                            }
                        }
                    }
                }
            }
            Expr::Call(call) if is_method(expr, "format") => {
                left.extend(&call.arguments.args);
                left.extend(call.arguments.keywords.iter().map(|keyword| &keyword.value));
            }
            other if !is_closed(ctx, loops, other) => return true,
            _ => {}
        }
    }
    true
}

fn is_method(call: &Expr, name: &str) -> bool {
    matches!(call, Expr::Call(call) if matches!(&*call.func, Expr::Attribute(one) if one.attr.as_str() == name))
}

fn is_closed<'a>(ctx: &Ctx<'a>, loops: &[&'a StmtFor], expr: &'a Expr) -> bool {
    if is_constant(ctx, expr) {
        return true;
    }
    let behind = ctx.behind(expr);
    if is_marks(ctx, behind) || is_of_table(ctx, behind) {
        return true;
    }
    is_number(ctx, expr, &mut { DEEPEST }) || is_of_loop(ctx, loops, expr)
}

/// How far what a number is made of is followed.
const DEEPEST: u32 = 20;

/// Whether an expression can only give a number: what makes one of anything, and sums of such.
fn is_number<'a>(ctx: &Ctx<'a>, expr: &'a Expr, left: &mut u32) -> bool {
    let Some(rest) = left.checked_sub(1) else { return false };
    *left = rest;
    match ctx.behind(expr) {
        Expr::NumberLiteral(_) => true,
        Expr::BinOp(binary) => match binary.op {
            Operator::Sub | Operator::FloorDiv => true,
            // A text times a number is a text.
            Operator::Add | Operator::Mult => is_number(ctx, &binary.left, left) && is_number(ctx, &binary.right, left),
            _ => false,
        },
        Expr::Call(call) => match ctx.callee(call).unwrap_or_default().as_str() {
            "int" | "float" | "len" | "bool" | "round" | "abs" | "sum" => true,
            "min" | "max" => {
                call.arguments.args.len() > 1 && call.arguments.args.iter().all(|one| is_number(ctx, one, left))
            }
            // `request.args.get("page", 1, type=int)`
            _ if is_method(ctx.behind(expr), "get") => {
                let kind = ctx.arg(call, 2, "type").given().and_then(|kind| ctx.name(kind));
                matches!(kind.as_deref(), Some("int" | "float"))
            }
            _ => false,
        },
        Expr::Name(name) => match ctx.lookup(ctx.current, name.id.as_str()) {
            Some((Binding::Parameter(Some(annotation), _), _)) => {
                matches!(ctx.name(annotation).as_deref(), Some("int" | "float" | "bool"))
            }
            _ => false,
        },
        _ => false,
    }
}

/// Whether a name takes what stands in a list of constants, one after the other.
fn is_of_loop<'a>(ctx: &Ctx<'a>, loops: &[&'a StmtFor], expr: &'a Expr) -> bool {
    let Expr::Name(name) = expr else { return false };
    let binds = |one: &&&'a StmtFor| matches!(&*one.target, Expr::Name(target) if target.id == name.id);
    loops
        .iter()
        .rev()
        .find(binds)
        .is_some_and(|one| is_list(ctx, &one.iter))
}

/// The loops around the place that a rule looks at, outermost first.
pub(super) fn loops<'a>(ctx: &Ctx<'a>) -> Vec<&'a StmtFor> {
    let of = |stmt: &&'a Stmt| match stmt {
        Stmt::For(inner) => Some(inner),
        _ => None,
    };
    ctx.statements().iter().filter_map(of).collect()
}

/// A list whose items are all constants.
fn is_list<'a>(ctx: &Ctx<'a>, expr: &'a Expr) -> bool {
    let items = match ctx.behind(expr) {
        Expr::List(list) => &list.elts,
        Expr::Tuple(tuple) => &tuple.elts,
        Expr::Set(set) => &set.elts,
        _ => return false,
    };
    items.iter().all(|item| is_constant(ctx, item))
}

fn is_constant<'a>(ctx: &Ctx<'a>, expr: &'a Expr) -> bool {
    !matches!(ctx.constant(expr), Const::Unknown | Const::Partial(_))
}

/// `",".join("?" * n)`, `", ".join(["%s"] * n)`, `",".join("?" for _ in ids)`, `"?, " * n`.
fn is_marks<'a>(ctx: &Ctx<'a>, expr: &'a Expr) -> bool {
    match expr {
        Expr::BinOp(binary) => is_repeated(ctx, binary),
        Expr::Call(call) if is_method(expr, "join") => match call.arguments.args.first() {
            Some(Expr::BinOp(binary)) => is_repeated(ctx, binary),
            Some(Expr::ListComp(list)) => matches!(&*list.elt, Expr::StringLiteral(_)),
            Some(Expr::Generator(list)) => matches!(&*list.elt, Expr::StringLiteral(_)),
            _ => false,
        },
        _ => false,
    }
}

/// Whether a constant text, or a list of such, is repeated.
fn is_repeated<'a>(ctx: &Ctx<'a>, binary: &'a ExprBinOp) -> bool {
    let is_text = |one: &'a Expr| is_constant(ctx, one) && ctx.str(one).is_some();
    binary.op == Operator::Mult
        && [&*binary.left, &*binary.right].into_iter().any(|side| match side {
            Expr::List(list) => list.elts.iter().all(is_text),
            Expr::Tuple(tuple) => tuple.elts.iter().all(is_text),
            side => is_text(side),
        })
}

/// What a dictionary of constants holds under any key: `ORDERS[name]`, `ORDERS.get(name, "id")`.
fn is_of_table<'a>(ctx: &Ctx<'a>, expr: &'a Expr) -> bool {
    let (table, others) = match expr {
        Expr::Subscript(subscript) => (&*subscript.value, &[][..]),
        Expr::Call(call) if is_method(expr, "get") => match &*call.func {
            Expr::Attribute(get) => (&*get.value, call.arguments.args.get(1..).unwrap_or_default()),
            _ => return false,
        },
        _ => return false,
    };
    match ctx.behind(table) {
        Expr::Dict(dict) => {
            let mut all = dict.items.iter().map(|item| &item.value).chain(others);
            !dict.items.is_empty() && all.all(|value| is_constant(ctx, value))
        }
        _ => false,
    }
}
