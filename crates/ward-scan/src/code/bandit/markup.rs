//! Templates, markup and Django: B201, B610, B611, B701 to B704.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall, Operator, Stmt, StmtFunctionDef};
use ruff_text_size::{Ranged, TextSize};
use ward_evidence::Severity::{High, Medium};

use super::{
    values,
    walk::{Call, Walk},
};

/// All tests of this file.
pub(super) fn call<'a>(walk: &mut Walk<'a>, call: &Call<'a>) {
    if call.full.ends_with(".run") && call.is("debug", "True") && walk.imported_like("flask") {
        walk.about_argument("B201", High, call, "debug");
    }
    if call.has_part("jinja2") && call.last() == "Environment" && !escapes(call.node) {
        walk.about("B701", High, call);
    }
    if call.has_part("mako") && call.last() == "Template" {
        walk.about("B702", Medium, call);
    }
    if matches!(
        call.last(),
        "mark_safe" | "SafeText" | "SafeUnicode" | "SafeString" | "SafeBytes"
    ) && walk.imported_like("django.utils.safestring")
        && call.arg(0).is_some_and(|arg| !is_safe_markup(walk, call, arg))
    {
        walk.about("B703", Medium, call);
    }
    if matches!(call.full.as_str(), "markupsafe.Markup" | "flask.Markup")
        && call.arg(0).is_some_and(|arg| !is_constant(arg))
    {
        walk.about("B704", Medium, call);
    }
    if call.last() == "extra" && extra_is_built(call) {
        walk.about("B610", Medium, call);
    }
    if call.last() == "RawSQL" && walk.imported_like("django.db.models") {
        let sql = call.arg(0).or_else(|| call.keyword("sql"));
        if sql.is_some_and(|sql| !values::is_string(sql)) {
            walk.about("B611", Medium, call);
        }
    }
}

fn is_constant(expr: &Expr) -> bool {
    expr.is_literal_expr()
}

/// Whether the first `autoescape=` in the call, or in a call inside it, turns escaping on.
fn escapes(call: &ExprCall) -> bool {
    let mut queue = vec![call];
    let mut next = 0;
    while let Some(call) = queue.get(next).copied() {
        next += 1;
        for keyword in &call.arguments.keywords {
            if keyword.arg.as_ref().is_some_and(|name| name.as_str() == "autoescape") {
                return match &keyword.value {
                    Expr::BooleanLiteral(literal) => literal.value,
                    Expr::Call(made) => match &*made.func {
                        Expr::Attribute(attribute) => attribute.attr.as_str() == "select_autoescape",
                        Expr::Name(name) => name.id.as_str() == "select_autoescape",
                        _ => false,
                    },
                    _ => false,
                };
            }
        }
        let values = call.arguments.keywords.iter().map(|keyword| &keyword.value);
        queue.extend(call.arguments.args.iter().chain(values).filter_map(Expr::as_call_expr));
    }
    false
}

/// B610: whether a query is extended by anything but literal strings.
fn extra_is_built(call: &Call<'_>) -> bool {
    let argument = |position, name| call.arg(position).or_else(|| call.keyword(name));
    for (position, name) in [(1, "where"), (3, "tables")] {
        match argument(position, name) {
            Some(Expr::List(list)) if list.elts.iter().all(values::is_string) => {}
            Some(_) => return true,
            None => {}
        }
    }
    match argument(0, "select") {
        Some(Expr::Dict(dict)) => !dict
            .items
            .iter()
            .all(|item| item.key.as_ref().is_some_and(values::is_string) && values::is_string(&item.value)),
        Some(_) => true,
        None => false,
    }
}

/// The statements in which a name was given its values: those of the innermost function that is not `async`, or of the file.
#[derive(Clone, Copy)]
struct Home<'a> {
    source: &'a str,
    function: Option<&'a StmtFunctionDef>,
    body: &'a [Stmt],
}

impl Home<'_> {
    /// Whether `stmt` begins on a line before that of `until`.
    fn is_before(&self, stmt: &Stmt, until: TextSize) -> bool {
        let between = self.source.get(stmt.start().to_usize()..until.to_usize());
        between.is_some_and(|between| memchr::memchr2(b'\n', b'\r', between.as_bytes()).is_some())
    }
}

/// Most assignments that are followed for one call.
const MAX_STEPS: u32 = 400;

/// B703: whether markup is a literal string, or made of nothing else.
fn is_safe_markup<'a>(walk: &Walk<'a>, call: &Call<'a>, arg: &'a Expr) -> bool {
    if values::is_string(arg) {
        return true;
    }
    let function = walk.around.iter().rev().find_map(|node| match node {
        AnyNodeRef::StmtFunctionDef(function) if !function.is_async => Some(*function),
        _ => None,
    });
    let home = Home {
        source: walk.source,
        function,
        body: function.map_or(walk.body(), |function| &function.body),
    };
    let mut steps = MAX_STEPS;
    match arg {
        Expr::Name(_) => is_safe_name(arg, home, call.node.start(), &mut steps),
        Expr::Call(made) => is_safe_format(made, home, &mut steps),
        Expr::BinOp(operation) if operation.op == Operator::Mod && values::is_string(&operation.left) => {
            let values: &[Expr] = match &*operation.right {
                Expr::Tuple(tuple) => &tuple.elts,
                one => std::slice::from_ref(one),
            };
            all_safe(values, home, operation.start(), &mut steps)
        }
        _ => false,
    }
}

/// Whether the last value that was given to a name before `until` is safe.
fn is_safe_name(expr: &Expr, home: Home<'_>, until: TextSize, steps: &mut u32) -> bool {
    let Expr::Name(name) = expr else { return false };
    let own = |function: &StmtFunctionDef| {
        function
            .parameters
            .args
            .iter()
            .any(|one| one.name().as_str() == name.id.as_str())
    };
    if home.function.is_some_and(own) || spend(steps) {
        return false;
    }
    let mut safe = false;
    for stmt in home.body {
        if !home.is_before(stmt, until) {
            break;
        }
        match assigned(stmt, name.id.as_str(), steps) {
            Given::Nothing => {}
            Given::One(value) => {
                safe = match value {
                    Expr::StringLiteral(_) => true,
                    Expr::Name(_) => is_safe_name(value, home, value.start(), steps),
                    Expr::Call(made) => is_safe_format(made, home, steps),
                    _ => false,
                };
                if !safe && !matches!(value, Expr::Name(_) | Expr::Call(_)) {
                    return false;
                }
            }
            Given::Several(values) => {
                safe = values.iter().all(|value| match value {
                    Some(Expr::StringLiteral(_)) => true,
                    Some(value @ Expr::Name(_)) => is_safe_name(value, home, stmt.start(), steps),
                    _ => false,
                });
                if !safe {
                    return false;
                }
            }
            Given::Unknown => return false,
        }
    }
    safe
}

/// Whether a call is `"..".format(..)` with safe arguments.
fn is_safe_format(call: &ExprCall, home: Home<'_>, steps: &mut u32) -> bool {
    match &*call.func {
        Expr::Attribute(attribute) if values::is_string(&attribute.value) && attribute.attr.as_str() == "format" => {
            call.arguments.keywords.is_empty() && all_safe(&call.arguments.args, home, call.start(), steps)
        }
        _ => false,
    }
}

fn all_safe(values: &[Expr], home: Home<'_>, until: TextSize, steps: &mut u32) -> bool {
    values.iter().all(|value| match value {
        Expr::StringLiteral(_) => true,
        Expr::Name(_) => is_safe_name(value, home, until, steps),
        Expr::Call(made) => !spend(steps) && is_safe_format(made, home, steps),
        Expr::Starred(starred) => match &*starred.value {
            Expr::List(list) => all_safe(&list.elts, home, until, steps),
            Expr::Tuple(tuple) => all_safe(&tuple.elts, home, until, steps),
            _ => false,
        },
        _ => false,
    })
}

fn spend(steps: &mut u32) -> bool {
    *steps = steps.saturating_sub(1);
    *steps == 0
}

/// What a statement gives a name.
enum Given<'a> {
    Nothing,
    One(&'a Expr),
    /// What stands in a statement with a body, in order.
    Several(Vec<Option<&'a Expr>>),
    /// Something that is no expression, as what `with` binds.
    Unknown,
}

fn assigned<'a>(stmt: &'a Stmt, name: &str, steps: &mut u32) -> Given<'a> {
    if spend(steps) {
        return Given::Unknown;
    }
    let is_name = |expr: &Expr| matches!(expr, Expr::Name(one) if one.id.as_str() == name);
    let mut within = |bodies: &[&'a [Stmt]]| {
        let mut all = Vec::new();
        for stmt in bodies.iter().copied().flatten() {
            match assigned(stmt, name, steps) {
                Given::Nothing => {}
                Given::One(value) => all.push(Some(value)),
                Given::Several(values) => all.extend(values),
                Given::Unknown => all.push(None),
            }
        }
        if all.is_empty() {
            Given::Nothing
        } else {
            Given::Several(all)
        }
    };
    match stmt {
        Stmt::With(with) => {
            let bound = with
                .items
                .iter()
                .any(|item| item.optional_vars.as_deref().is_some_and(is_name));
            if bound { Given::Unknown } else { within(&[&with.body]) }
        }
        Stmt::Try(stmt) => {
            let mut bodies: Vec<&[Stmt]> = vec![&stmt.body];
            bodies.extend(stmt.handlers.iter().map(|handler| match handler {
                ruff_python_ast::ExceptHandler::ExceptHandler(handler) => handler.body.as_slice(),
            }));
            bodies.push(&stmt.orelse);
            bodies.push(&stmt.finalbody);
            within(&bodies)
        }
        Stmt::If(stmt) => {
            let mut bodies: Vec<&[Stmt]> = vec![&stmt.body];
            bodies.extend(stmt.elif_else_clauses.iter().map(|clause| clause.body.as_slice()));
            within(&bodies)
        }
        Stmt::For(stmt) => within(&[&stmt.body, &stmt.orelse]),
        Stmt::While(stmt) => within(&[&stmt.body, &stmt.orelse]),
        Stmt::AugAssign(assign) if is_name(&assign.target) => Given::One(&assign.value),
        Stmt::Assign(assign) => match (assign.targets.first(), &*assign.value) {
            (Some(target), value) if is_name(target) => Given::One(value),
            (Some(Expr::Tuple(targets)), Expr::Tuple(values)) => {
                let at = targets.elts.iter().position(is_name);
                at.and_then(|at| values.elts.get(at)).map_or(Given::Nothing, Given::One)
            }
            _ => Given::Nothing,
        },
        _ => Given::Nothing,
    }
}
