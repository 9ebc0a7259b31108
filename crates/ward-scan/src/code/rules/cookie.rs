//! Cookies that others may read.

use ruff_python_ast::Expr;
use ward_evidence::{RuleMeta, Severity, controls::CODE_1A};

use super::super::rule::{Hit, On, Rule};

pub(super) static COOKIE: Rule = Rule {
    meta: RuleMeta {
        id: "code/insecure-cookie",
        severity: Severity::Low,
        controls: &[CODE_1A],
        summary: "A cookie goes over plain HTTP, or scripts can read it.",
        docs: "Without `secure` the browser sends it without encryption; without `httponly` any script that gets into a page reads it.\n\nExample: `response.set_cookie(\"session\", value)`\n\n**Instead:** `response.set_cookie(\"session\", value, secure=True, httponly=True, samesite=\"Lax\")`.\n\nSource: RFC 6265, section 4.1.2; CWE-614, CWE-1004.",
    },
    on: &[On::Method("set_cookie"), On::Method("set_signed_cookie")],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
        let web = [
            "flask",
            "django",
            "starlette",
            "fastapi",
            "aiohttp",
            "pyramid",
            "bottle",
            "quart",
            "sanic",
            "werkzeug",
        ];
        if !web.iter().any(|one| ctx.has_import(one)) {
            return;
        }
        let removed = ctx
            .arg(call, None, "max_age")
            .given()
            .is_some_and(|age| ctx.constant(age).as_int() == Some(0));
        let open = |name: &str| match ctx.arg(call, None, name) {
            super::super::Arg::Given(value) => ctx.is_false(value),
            super::super::Arg::Absent => true,
            super::super::Arg::Unknown => false,
        };
        let named = ctx.arg(call, 0, "key").given().is_some() && !ctx.arg(call, 1, "value").is_absent();
        let enough = named && call.arguments.args.len() <= 3 && !call.arguments.args.iter().any(Expr::is_starred_expr);
        if !removed && enough && (open("secure") || open("httponly")) {
            out.report(Hit::at(call).thorough_if(ctx.is_test()));
        }
    },
    bad: &[
        "import flask\nr.set_cookie('a', b)",
        "from django.http import HttpResponse\nr.set_cookie('a', b, secure=True, httponly=False)",
    ],
    good: &[
        "import flask\nr.set_cookie('a', b, secure=True, httponly=True)",
        "r.set_cookie('a', b)",
        "import flask\nr.set_cookie('a', b, **options)",
    ],
};
