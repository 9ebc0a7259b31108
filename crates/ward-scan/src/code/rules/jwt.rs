//! Tokens whose signature nobody checks.

use ruff_python_ast::Expr;
use ward_evidence::{RuleMeta, Severity, controls::CODE_1A};

use super::super::{
    Arg,
    rule::{Hit, On, Rule},
};

pub(super) static JWT: Rule = Rule {
    meta: RuleMeta {
        id: "code/jwt-not-verified",
        severity: Severity::High,
        controls: &[CODE_1A],
        summary: "A token is read without checking its signature.",
        docs: "Anybody can write a token that says who they are. Only the signature says that it is true.\n\nExample: `jwt.decode(token, options={\"verify_signature\": False})`\n\n**Instead:** `jwt.decode(token, key, algorithms=[\"RS256\"])`.\n\nSource: RFC 7519, RFC 8725; CWE-347.",
    },
    on: &[
        On::Call("jwt.decode"),
        On::Call("jwt.encode"),
        On::Call("jose.jwt.decode"),
        On::Call("jwt.PyJWT.decode"),
        On::Call("jose.jwt.encode"),
    ],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
        let none = |expr: &Expr| match expr {
            Expr::StringLiteral(text) => text.value.to_str().eq_ignore_ascii_case("none"),
            Expr::NoneLiteral(_) => true,
            _ => false,
        };
        let found = if site.name.ends_with("encode") {
            let key = ctx.arg(call, 1, "key").given();
            if key.is_some_and(|key| {
                ctx.str(key)
                    .is_some_and(|key| !key.is_empty() && !key.starts_with("-----BEGIN"))
            }) {
                let note = "the key that signs tokens stands in the program: whoever reads it signs tokens too";
                out.report(Hit::at(call).note(note).thorough_if(ctx.is_test()));
                return;
            }
            ctx.arg(call, 2, "algorithm")
                .given()
                .is_some_and(|algorithm| none(ctx.behind(algorithm)))
        } else {
            let off = |name: &str| {
                let Arg::Given(options) = ctx.arg(call, None, "options") else {
                    return false;
                };
                let Expr::Dict(dict) = ctx.behind(options) else {
                    return false;
                };
                dict.items.iter().any(|item| {
                    let key = item.key.as_ref().and_then(|key| ctx.str(key));
                    key.is_some_and(|key| key == name) && ctx.is_false(&item.value)
                })
            };
            let verify = ctx
                .arg(call, None, "verify")
                .given()
                .is_some_and(|verify| ctx.is_false(verify));
            let algorithms = match ctx.arg(call, 2, "algorithms") {
                Arg::Given(given) => match ctx.behind(given) {
                    Expr::List(list) => list.elts.iter().any(none),
                    Expr::Tuple(tuple) => tuple.elts.iter().any(none),
                    other => matches!(other, Expr::StringLiteral(_)) && none(other),
                },
                _ => false,
            };
            verify || off("verify_signature") || algorithms
        };
        if found {
            out.report(Hit::at(call).thorough_if(ctx.is_test()));
        }
    },
    bad: &[
        "import jwt\njwt.decode(t, options={'verify_signature': False})",
        "import jwt\njwt.decode(t, k, verify=False)",
        "import jwt\njwt.encode(p, 'word', algorithm='HS256')",
        "import jwt\njwt.encode(p, None, algorithm='none')",
        "from jose import jwt\njwt.decode(t, k, algorithms=['none'])",
    ],
    good: &[
        "import jwt\njwt.decode(t, k, algorithms=['HS256'])",
        "import base64\nbase64.decode(t, verify=False)",
    ],
};
