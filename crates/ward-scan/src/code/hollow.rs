//! Functions that do nothing: they give back what they get, or say yes, whatever their name says.

use ruff_python_ast::{Expr, Stmt, StmtFunctionDef};

/// Whether a function neither changes, nor checks, nor refuses anything: nothing in it but assignments, harmless changes of
/// the form of a text, words to a log, and a return.
pub(super) fn is_hollow(function: &StmtFunctionDef) -> bool {
    let mut body = function.body.iter();
    body.all(|stmt| match stmt {
        Stmt::Pass(_) | Stmt::Global(_) | Stmt::Import(_) | Stmt::ImportFrom(_) => true,
        Stmt::Expr(inner) => inner.value.is_literal_expr() || is_said(&inner.value),
        Stmt::Assign(assign) => is_idle(&assign.value),
        Stmt::AnnAssign(assign) => assign.value.as_deref().is_none_or(is_idle),
        Stmt::Return(inner) => inner.value.as_deref().is_none_or(is_idle),
        _ => false,
    }) && function.body.iter().any(|stmt| matches!(stmt, Stmt::Return(_)))
}

/// Whether an expression holds what its parts hold.
fn is_idle(expr: &Expr) -> bool {
    let mut open = vec![expr];
    let mut fuel = 40;
    while let Some(expr) = open.pop() {
        fuel -= 1;
        if fuel == 0 {
            return false;
        }
        match expr {
            Expr::Name(_) => {}
            Expr::Attribute(inner) => open.push(&inner.value),
            Expr::Await(inner) => open.push(&inner.value),
            Expr::BinOp(inner) => open.extend([&*inner.left, &*inner.right]),
            Expr::Tuple(inner) => open.extend(&inner.elts),
            Expr::FString(_) => {}
            Expr::Call(call) => {
                let args = &call.arguments;
                match &*call.func {
                    Expr::Name(name)
                        if matches!(name.id.as_str(), "str" | "bytes" | "repr" | "list" | "tuple" | "bool") => {}
                    Expr::Attribute(method) if is_form(method.attr.as_str()) && args.args.len() <= 1 => {
                        open.push(&method.value);
                    }
                    _ => return false,
                }
                open.extend(&args.args);
                open.extend(args.keywords.iter().map(|keyword| &keyword.value));
            }
            other if other.is_literal_expr() => {}
            _ => return false,
        }
    }
    true
}

/// Methods that change nothing that matters of a text.
fn is_form(method: &str) -> bool {
    matches!(
        method,
        "strip"
            | "lstrip"
            | "rstrip"
            | "lower"
            | "upper"
            | "title"
            | "capitalize"
            | "casefold"
            | "encode"
            | "decode"
            | "copy"
    )
}

/// Whether a statement only says something.
fn is_said(expr: &Expr) -> bool {
    let Expr::Call(call) = expr else { return false };
    match &*call.func {
        Expr::Name(name) => name.id.as_str() == "print",
        Expr::Attribute(method) => matches!(
            method.attr.as_str(),
            "debug" | "info" | "warning" | "error" | "exception" | "critical" | "log"
        ),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use ruff_python_parser::parse_module;

    use super::*;

    #[test]
    fn what_only_hands_on_is_hollow() {
        for (program, expect) in [
            ("def f(x): return x", true),
            (
                "def f(x):\n    \"Cleans.\"\n    log.info('cleaning')\n    y = str(x).strip()\n    return y",
                true,
            ),
            ("def f(x): return True", true),
            ("def f(x): return re.sub('[^a-z]', '', x)", false),
            (
                "def f(x):\n    if x not in KNOWN: raise ValueError\n    return x",
                false,
            ),
            ("def f(x): return x in KNOWN", false),
            ("def f(x): return x.replace('a', '')", false),
            ("def f(x): pass", false),
            ("def f(x): return ''.join(c for c in x if c.isalnum())", false),
        ] {
            let module = parse_module(program).unwrap();
            let Some(Stmt::FunctionDef(function)) = module.syntax().body.first() else {
                panic!("a function");
            };
            assert_eq!(is_hollow(function), expect, "{program}");
        }
    }
}
