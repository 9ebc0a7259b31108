//! What a condition says of the values in it, where it holds and where it does not.

use ruff_python_ast::{BoolOp, CmpOp, Expr, UnaryOp};

use super::{
    cleaners, patterns,
    sinks::{ALL, NONE, Sink},
    value::Key,
};
use crate::code::Ctx;

/// Variables, and the uses for which they are still dangerous.
pub(super) type Guard<'a> = Vec<(Key<'a>, u32)>;

/// What holds after a condition is true, and after it is false.
pub(super) fn of<'a>(ctx: &Ctx<'a>, test: &'a Expr) -> (Guard<'a>, Guard<'a>) {
    match test {
        Expr::UnaryOp(unary) if unary.op == UnaryOp::Not => {
            let (yes, no) = of(ctx, &unary.operand);
            (no, yes)
        }
        Expr::BoolOp(inner) => {
            let (mut yes, mut no) = (Vec::new(), Vec::new());
            for value in &inner.values {
                let (one, other) = of(ctx, value);
                match inner.op {
                    BoolOp::And => yes.extend(one),
                    BoolOp::Or => no.extend(other),
                }
            }
            (yes, no)
        }
        Expr::Compare(compare) => {
            let (Some(op), Some(right)) = (compare.ops.first(), compare.comparators.first()) else {
                return Default::default();
            };
            if compare.ops.len() > 1 {
                return Default::default();
            }
            let left = &*compare.left;
            // How long a value is says nothing of what it is.
            if matches!(left, Expr::Call(call) if ctx.callee(call).as_deref() == Some("len")) {
                return Default::default();
            }
            let about = |mask| match host_of(ctx, left) {
                Some(address) => keys(address, ALL & !ELSEWHERE)
                    .into_iter()
                    .chain(keys(left, mask))
                    .collect(),
                None => keys(left, mask),
            };
            match op {
                // One of a list of values that the program knows.
                CmpOp::In if is_list(ctx, right) => (about(NONE), Vec::new()),
                CmpOp::NotIn if is_list(ctx, right) => (Vec::new(), about(NONE)),
                CmpOp::Eq if is_fixed(ctx, right) => (about(NONE), Vec::new()),
                CmpOp::NotEq if is_fixed(ctx, right) => (Vec::new(), about(NONE)),
                // `".." in path`
                CmpOp::In if ctx.str(left).is_some_and(|text| text.contains("..") || &*text == "/") => {
                    (Vec::new(), keys(right, ALL & !Sink::Path.bit()))
                }
                // `re.fullmatch(..) is None`, `os.path.commonpath(..) == base`
                CmpOp::Is if matches!(right, Expr::NoneLiteral(_)) => {
                    let (yes, _) = of(ctx, left);
                    (Vec::new(), yes)
                }
                CmpOp::IsNot if matches!(right, Expr::NoneLiteral(_)) => (of(ctx, left).0, Vec::new()),
                CmpOp::Eq if is_common_path(ctx, left) => (arguments(left, ALL & !Sink::Path.bit()), Vec::new()),
                CmpOp::NotEq if is_common_path(ctx, left) => (Vec::new(), arguments(left, ALL & !Sink::Path.bit())),
                _ => Default::default(),
            }
        }
        Expr::Call(call) => {
            let name = ctx.callee(call).unwrap_or_default();
            if let Expr::Attribute(attribute) = &*call.func {
                let end = attribute.attr.as_str();
                if cleaners::is_form_method(end) {
                    return (keys(&attribute.value, NONE), Vec::new());
                }
                if end == "startswith" || end == "is_relative_to" {
                    let mut safe = ALL & !Sink::Path.bit() & !Sink::Url.bit() & !Sink::Redirect.bit();
                    if is_loose(ctx, &attribute.value) {
                        safe |= Sink::Path.bit();
                    }
                    return (keys(&attribute.value, safe), Vec::new());
                }
                let vouches = cleaners::vouches(end).filter(|_| name.is_empty() || end == "fullmatch");
                if let Some(mask) = vouches.filter(|_| !patterns::lets_anything(ctx, call, &name)) {
                    return (arguments(test, mask), Vec::new());
                }
            }
            if name == "isinstance" {
                let kind = call
                    .arguments
                    .args
                    .get(1)
                    .and_then(|kind| ctx.name(kind))
                    .unwrap_or_default();
                return match (kind.as_str(), call.arguments.args.first()) {
                    ("int" | "float" | "bool", Some(value)) => (keys(value, NONE), Vec::new()),
                    _ => Default::default(),
                };
            }
            // A check that says yes to everything is none, and a pattern that everything fits.
            let hollow = ctx.hollow.contains(&name) || patterns::lets_anything(ctx, call, &name);
            match cleaners::vouches(&name).filter(|_| !hollow) {
                Some(mask) => (arguments(test, mask), Vec::new()),
                None => Default::default(),
            }
        }
        Expr::Named(named) => of(ctx, &named.value),
        // An address without a host stays on this site.
        Expr::Attribute(_) => match host_of(ctx, test) {
            Some(address) => (Vec::new(), keys(address, ALL & !Sink::Redirect.bit())),
            None => Default::default(),
        },
        _ => Default::default(),
    }
}

/// The uses of an address that its host decides.
const ELSEWHERE: u32 = Sink::Redirect.bit() | Sink::Url.bit() | Sink::Address.bit();

/// The address whose host an expression is: `urlparse(address).hostname`, also through names.
fn host_of<'a>(ctx: &Ctx<'a>, expr: &'a Expr) -> Option<&'a Expr> {
    let Expr::Attribute(attribute) = ctx.behind(expr) else {
        return None;
    };
    let Expr::Call(call) = ctx.behind(&attribute.value) else {
        return None;
    };
    let parses = matches!(
        ctx.callee(call)?.as_str(),
        "urllib.parse.urlparse" | "urllib.parse.urlsplit" | "werkzeug.urls.url_parse"
    );
    let address = call.arguments.args.first()?;
    (parses && matches!(attribute.attr.as_str(), "netloc" | "hostname")).then_some(address)
}

/// Whether a path may still hold `..` for certain: it was put together, and nothing else.
fn is_loose<'a>(ctx: &Ctx<'a>, path: &'a Expr) -> bool {
    match ctx.behind(path) {
        Expr::BinOp(_) | Expr::FString(_) => true,
        Expr::Call(call) => match ctx.callee(call).as_deref() {
            Some("os.path.join") => true,
            // `str(root / name)`
            Some("str" | "os.fspath") => {
                let inner = call.arguments.args.first().map(|inner| ctx.behind(inner));
                matches!(inner, Some(Expr::BinOp(_)))
            }
            _ => false,
        },
        _ => false,
    }
}

/// Whether an item of a collection is a literal or a name: what is called or looked up may come from anywhere.
fn is_plain(item: &Expr) -> bool {
    item.is_literal_expr()
        || matches!(
            item,
            Expr::Name(_) | Expr::Attribute(_) | Expr::UnaryOp(_) | Expr::Starred(_)
        )
}

/// Whether an expression is a collection that the program made.
fn is_list<'a>(ctx: &Ctx<'a>, expr: &'a Expr) -> bool {
    match ctx.behind(expr) {
        Expr::List(list) => list.elts.iter().all(is_plain),
        Expr::Tuple(tuple) => tuple.elts.iter().all(is_plain),
        Expr::Set(set) => set.elts.iter().all(is_plain),
        Expr::Dict(_) | Expr::DictComp(_) | Expr::ListComp(_) | Expr::SetComp(_) => true,
        // A name in capitals, or one that says so.
        Expr::Name(name) => says_list(name.id.as_str()),
        Expr::Attribute(attribute) => says_list(attribute.attr.as_str()),
        Expr::Call(call) => matches!(
            ctx.callee(call).as_deref(),
            Some("set" | "frozenset" | "list" | "tuple" | "dict")
        ),
        _ => false,
    }
}

fn says_list(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    name.len() > 1 && !name.bytes().any(|byte| byte.is_ascii_lowercase())
        || [
            "allow",
            "valid",
            "whitelist",
            "permitted",
            "supported",
            "known",
            "safe",
            "choices",
            "trusted",
        ]
        .iter()
        .any(|word| lower.contains(word))
}

fn is_fixed<'a>(ctx: &Ctx<'a>, expr: &'a Expr) -> bool {
    matches!(expr, Expr::StringLiteral(_) | Expr::NumberLiteral(_)) || ctx.str(expr).is_some()
}

fn is_common_path<'a>(ctx: &Ctx<'a>, expr: &'a Expr) -> bool {
    match expr {
        Expr::Call(call) => matches!(
            ctx.callee(call).as_deref(),
            Some("os.path.commonpath" | "os.path.commonprefix")
        ),
        _ => false,
    }
}

/// The variable that an expression names, or that `x.strip()`, `str(x)` and the like are made of.
pub(super) fn keys(expr: &Expr, mask: u32) -> Guard<'_> {
    let mut expr = expr;
    for _ in 0..6 {
        match expr {
            Expr::Name(name) => return vec![((name.id.as_str(), ""), mask)],
            Expr::Attribute(attribute) => {
                return match &*attribute.value {
                    Expr::Name(base) => vec![((base.id.as_str(), attribute.attr.as_str()), mask)],
                    _ => Vec::new(),
                };
            }
            Expr::Call(call) => match (&*call.func, call.arguments.args.first()) {
                (Expr::Attribute(attribute), None) => expr = &attribute.value,
                (_, Some(first)) => expr = first,
                _ => return Vec::new(),
            },
            Expr::Named(named) => expr = &named.target,
            _ => return Vec::new(),
        }
    }
    Vec::new()
}

fn arguments(expr: &Expr, mask: u32) -> Guard<'_> {
    match expr {
        Expr::Call(call) => {
            let listed = call.arguments.args.iter().flat_map(|arg| match arg {
                Expr::List(list) => list.elts.iter().collect::<Vec<_>>(),
                other => vec![other],
            });
            listed.flat_map(|arg| keys(arg, mask)).collect()
        }
        _ => Vec::new(),
    }
}
