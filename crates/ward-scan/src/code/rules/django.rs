//! Settings of Django that leave a door open.

use ruff_python_ast::{Expr, Stmt};
use ward_evidence::{RuleMeta, Severity, controls::CODE_1A};

use super::super::rule::{Hit, On, Rule};

pub(super) static DJANGO_SETTINGS: Rule = Rule {
    meta: RuleMeta {
        id: "code/django-settings",
        severity: Severity::Medium,
        controls: &[CODE_1A],
        summary: "A setting of Django that is for a developer's machine.",
        docs: "With `DEBUG` error pages show settings and memory; with `ALLOWED_HOSTS = [\"*\"]` a request chooses the address that password mails name; without the secure flags a session goes over plain HTTP.\n\nExample: `DEBUG = True`\n\n**Instead:** `DEBUG = False`, the real hosts, `SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True`, from the environment.\n\nSource: Django documentation, deployment checklist; CWE-489, CWE-614. Files whose names say development or test are shown in the thorough profile.",
    },
    on: &[On::Assign],
    check: |ctx, site, out| {
        let Some(Stmt::Assign(assign)) = site.stmt() else {
            return;
        };
        let [Expr::Name(name)] = assign.targets.as_slice() else {
            return;
        };
        let value = &assign.value;
        let wrong = match name.id.as_str() {
            "DEBUG" | "CORS_ALLOW_ALL_ORIGINS" | "CORS_ORIGIN_ALLOW_ALL" => ctx.is_true(value),
            "SESSION_COOKIE_SECURE" | "CSRF_COOKIE_SECURE" | "SESSION_COOKIE_HTTPONLY" | "SECURE_SSL_REDIRECT" => {
                ctx.is_false(value)
            }
            "ALLOWED_HOSTS" => match &**value {
                Expr::List(list) => list.elts.iter().any(|one| ctx.str(one).is_some_and(|text| text == "*")),
                _ => false,
            },
            _ => return,
        };
        if !wrong || ctx.function().is_some() {
            return;
        }
        let file = ctx.path.to_ascii_lowercase();
        let settings = file.contains("settings") || ctx.source.contains("INSTALLED_APPS");
        if !settings {
            return;
        }
        let local = ["dev", "local", "test", "debug"].iter().any(|word| file.contains(word));
        out.report(Hit::at(assign).thorough_if(local || ctx.is_test()));
    },
    bad: &[
        "INSTALLED_APPS = []\nDEBUG = True",
        "INSTALLED_APPS = []\nALLOWED_HOSTS = ['*']",
        "INSTALLED_APPS = []\nCSRF_COOKIE_SECURE = False",
    ],
    good: &[
        "DEBUG = True",
        "INSTALLED_APPS = []\nDEBUG = False",
        "INSTALLED_APPS = []\nDEBUG = env('DEBUG')",
    ],
};
