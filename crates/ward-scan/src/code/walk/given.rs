//! What functions give back, and what methods assign to their object.

use std::collections::HashMap;

use ruff_python_ast::{ExceptHandler, Expr, Stmt, StmtClassDef, StmtFunctionDef};

use super::{super::context::GivenBack, root};

/// What a function gives back at its end, when that is a name for something else than a parameter.
pub(super) fn given_back(function: &StmtFunctionDef, outer: usize) -> Option<GivenBack<'_>> {
    let Some(Stmt::Return(last)) = function.body.last() else {
        return None;
    };
    let expr = last.value.as_deref()?;
    let name = root(expr).filter(|_| matches!(expr, Expr::Name(_) | Expr::Attribute(_)))?;
    let is_parameter = function.parameters.iter().any(|one| one.name().as_str() == name);
    let property = function.decorator_list.iter().any(|one| match &one.expression {
        Expr::Name(name) => matches!(name.id.as_str(), "property" | "cached_property"),
        Expr::Attribute(name) => matches!(name.attr.as_str(), "cached_property" | "classproperty"),
        _ => false,
    });
    (!is_parameter).then_some(GivenBack {
        expr,
        outer,
        own: None,
        property,
    })
}

/// What the methods of a class assign to `self.NAME`.
pub(super) fn attributes(class: &StmtClassDef) -> HashMap<&str, Option<&Expr>> {
    let mut found: HashMap<&str, Option<&Expr>> = HashMap::new();
    let mut open: Vec<&Stmt> = Vec::new();
    for stmt in &class.body {
        if let Stmt::FunctionDef(method) = stmt {
            open.extend(&method.body);
        }
    }
    while let Some(stmt) = open.pop() {
        match stmt {
            Stmt::Assign(assign) => {
                for target in &assign.targets {
                    note_attribute(&mut found, target, &assign.value);
                }
            }
            Stmt::AnnAssign(assign) => {
                if let Some(value) = &assign.value {
                    note_attribute(&mut found, &assign.target, value);
                }
            }
            Stmt::If(inner) => {
                open.extend(&inner.body);
                open.extend(inner.elif_else_clauses.iter().flat_map(|clause| &clause.body));
            }
            Stmt::With(inner) => open.extend(&inner.body),
            Stmt::For(inner) => open.extend(&inner.body),
            Stmt::While(inner) => open.extend(&inner.body),
            Stmt::Try(inner) => {
                open.extend(&inner.body);
                for ExceptHandler::ExceptHandler(handler) in &inner.handlers {
                    open.extend(&handler.body);
                }
                open.extend(inner.orelse.iter().chain(&inner.finalbody));
            }
            _ => {}
        }
    }
    found
}

fn note_attribute<'a>(found: &mut HashMap<&'a str, Option<&'a Expr>>, target: &'a Expr, value: &'a Expr) {
    if let Expr::Attribute(attribute) = target
        && let Expr::Name(base) = &*attribute.value
        && matches!(base.id.as_str(), "self" | "cls")
        && !matches!(value, Expr::NoneLiteral(_))
    {
        let call = Some(value).filter(|value| {
            matches!(
                value,
                Expr::Call(_)
                    | Expr::Await(_)
                    | Expr::Attribute(_)
                    | Expr::Name(_)
                    | Expr::Dict(_)
                    | Expr::List(_)
                    | Expr::Tuple(_)
            )
        });
        found
            .entry(attribute.attr.as_str())
            .and_modify(|known| *known = None)
            .or_insert(call);
    }
}
