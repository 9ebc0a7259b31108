//! Services that listen on every interface.

use ruff_python_ast::{Expr, Stmt};
use ruff_text_size::Ranged as _;
use ward_evidence::{RuleMeta, Severity, controls::CODE_1A};

use super::super::{
    Ctx,
    rule::{Hit, On, Rule},
};

pub(super) static BIND_ALL: Rule = Rule {
    meta: RuleMeta {
        id: "code/bind-all-interfaces",
        severity: Severity::Medium,
        controls: &[CODE_1A],
        summary: "A service listens on every network interface.",
        docs: "`0.0.0.0` (or `::`) makes a service reachable from every network the machine is in: a notebook's demo on a \
            hospital network, a debug server on a cloud host.\n\n\
            Example: `app.run(host=\"0.0.0.0\")`\n\n\
            **Instead:** listen on `127.0.0.1` and let a proxy with authentication stand before it, or take the address \
            from the configuration.\n\n\
            Source: CWE-605.",
    },
    on: &[On::Str],
    check: |ctx, site, out| {
        let Some(expr) = site.expr() else { return };
        let listens = ctx.str(expr).is_some_and(|text| match &*text {
            "0.0.0.0" => true,
            // Two colons are a separator more often than an address.
            "::" => is_host(ctx, expr),
            _ => false,
        });
        if listens {
            // A comparison asks where something listens; it does not listen.
            let compared = matches!(ctx.parent(), Some(Expr::Compare(_)));
            out.report(
                Hit::at(expr)
                    .thorough_if(compared || ctx.is_test())
                    .bandit("B104", Severity::Medium),
            );
        }
    },
    bad: &[
        "app.run(host='0.0.0.0')",
        "HOST = '::'",
        "s.bind(('::', 80))",
        "serve(host='::')",
    ],
    good: &[
        "app.run(host='127.0.0.1')",
        "'''0.0.0.0'''",
        "x = '10.0.0.0'",
        "a, b = test.split('::')",
        "'::'.join(x)",
    ],
};

/// Whether a text stands where an address is expected: for something called like a host, or first in a pair.
fn is_host(ctx: &Ctx<'_>, expr: &Expr) -> bool {
    let named = |name: &str| {
        let name = name.to_ascii_lowercase();
        ["host", "bind", "address", "listen", "server_name"]
            .iter()
            .any(|word| name.contains(word))
    };
    match ctx.parent() {
        Some(Expr::Call(call)) => call.arguments.keywords.iter().any(|keyword| {
            keyword.value.range() == expr.range() && keyword.arg.as_ref().is_some_and(|name| named(name.as_str()))
        }),
        Some(Expr::Tuple(tuple)) => {
            tuple.elts.len() >= 2 && tuple.elts.first().is_some_and(|one| one.range() == expr.range())
        }
        Some(_) => false,
        None => match ctx.statements().last() {
            Some(Stmt::Assign(assign)) => assign
                .targets
                .iter()
                .any(|target| matches!(target, Expr::Name(name) if named(name.id.as_str()))),
            _ => false,
        },
    }
}
