//! Services that listen on every interface.

use ward_evidence::{RuleMeta, Severity, controls::CODE_1A};

use ruff_python_ast::Expr;

use super::super::rule::{Hit, On, Rule};

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
        let all = match ctx.str(expr).as_deref() {
            Some("0.0.0.0") => true,
            // What stands between parts of names looks the same.
            Some("::") => is_host(ctx),
            _ => false,
        };
        if all {
            // A comparison asks where something listens; it does not listen.
            let compared = matches!(ctx.parent(), Some(Expr::Compare(_)));
            out.report(
                Hit::at(expr)
                    .thorough_if(compared || ctx.is_test())
                    .bandit("B104", Severity::Medium),
            );
        }
    },
    bad: &["app.run(host='0.0.0.0')", "app.run(host='::')"],
    good: &[
        "app.run(host='127.0.0.1')",
        "'''0.0.0.0'''",
        "x = '10.0.0.0'",
        "'a::b'.split('::')",
    ],
};

/// Whether the place is an argument called `host`, or the first of a pair.
fn is_host(ctx: &super::super::Ctx<'_>) -> bool {
    match ctx.parent() {
        Some(Expr::Call(call)) => call.arguments.keywords.iter().any(|one| {
            one.arg
                .as_ref()
                .is_some_and(|arg| matches!(arg.as_str(), "host" | "hostname" | "bind" | "address"))
                && ctx.text(&one.value).contains("::")
        }),
        Some(Expr::Tuple(pair)) => pair.elts.len() == 2,
        _ => false,
    }
}
