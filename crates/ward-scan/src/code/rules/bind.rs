//! Services that listen on every interface.

use ward_evidence::{RuleMeta, Severity, controls::CODE_1A};

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
        if ctx.str(expr).is_some_and(|text| matches!(&*text, "0.0.0.0" | "::")) {
            // A comparison asks where something listens; it does not listen.
            let compared = matches!(ctx.parent(), Some(ruff_python_ast::Expr::Compare(_)));
            out.report(
                Hit::at(expr)
                    .thorough_if(compared || ctx.is_test())
                    .bandit("B104", Severity::Medium),
            );
        }
    },
    bad: &["app.run(host='0.0.0.0')", "HOST = '::'"],
    good: &["app.run(host='127.0.0.1')", "'''0.0.0.0'''", "x = '10.0.0.0'"],
};
