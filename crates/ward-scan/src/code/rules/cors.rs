//! Pages of other origins that may use the service.

use ruff_python_ast::Expr;
use ward_evidence::{RuleMeta, Severity, controls::CODE_1A};

use super::super::{
    Ctx,
    rule::{Hit, On, Rule},
};

pub(super) static CORS: Rule = Rule {
    meta: RuleMeta {
        id: "code/cors-any-origin",
        severity: Severity::Medium,
        controls: &[CODE_1A],
        summary: "Pages of any origin may use this service.",
        docs: "A page anywhere can ask the service in its visitor's browser and read the answers; with credentials it does so as the visitor.\n\nExample: `app.add_middleware(CORSMiddleware, allow_origins=[\"*\"], allow_credentials=True)`\n\n**Instead:** the origins that need it: `allow_origins=[\"https://app.example.org\"]`.\n\nSource: Fetch Standard, CORS protocol; CWE-942. With credentials: high.",
    },
    on: &[
        On::Keyword("allow_origins"),
        On::Keyword("allow_origin_regex"),
        On::Keyword("origins"),
        On::Keyword("resources"),
        On::Keyword("cors_allowed_origins"),
        On::Call("flask_cors.CORS"),
    ],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
        let credentials = ["allow_credentials", "supports_credentials"];
        let credentials = credentials.iter().any(|name| {
            ctx.arg(call, None, name)
                .given()
                .is_some_and(|given| ctx.is_true(given))
        });
        let any = match site.keyword() {
            // Flask-CORS allows every origin when it is told none.
            None => ctx.arg(call, None, "origins").is_absent() && ctx.arg(call, None, "resources").is_absent(),
            Some(keyword) => {
                let name = keyword.name;
                let judged = match name {
                    "allow_origins" => ctx.has_import("fastapi") || ctx.has_import("starlette"),
                    "allow_origin_regex" => ctx
                        .str(keyword.value)
                        .is_some_and(|text| matches!(&*text, ".*" | "https?://.*")),
                    "origins" => site.name.starts_with("flask_cors."),
                    "cors_allowed_origins" => true,
                    _ => false,
                };
                judged && (name == "allow_origin_regex" || is_any(ctx, keyword.value))
            }
        };
        if any {
            let severity = if credentials { Severity::High } else { Severity::Medium };
            out.report(Hit::at(call).severity(severity).thorough_if(ctx.is_test()));
        }
    },
    bad: &[
        "from fastapi.middleware.cors import CORSMiddleware\napp.add_middleware(CORSMiddleware, allow_origins=['*'])",
        "from flask_cors import CORS\nCORS(app)",
        "from flask_cors import CORS\nCORS(app, origins='*', supports_credentials=True)",
    ],
    good: &[
        "from fastapi.middleware.cors import CORSMiddleware\napp.add_middleware(CORSMiddleware, allow_origins=['https://a.example'])",
        "from flask_cors import CORS\nCORS(app, origins=['https://a.example'])",
        "f(allow_origins=['*'])",
    ],
};

fn is_any<'a>(ctx: &Ctx<'a>, expr: &'a Expr) -> bool {
    let star = |expr| ctx.str(expr).is_some_and(|text| text == "*");
    match ctx.behind(expr) {
        Expr::List(list) => list.elts.iter().any(star),
        Expr::Tuple(tuple) => tuple.elts.iter().any(star),
        Expr::Set(set) => set.elts.iter().any(star),
        other => star(other),
    }
}
