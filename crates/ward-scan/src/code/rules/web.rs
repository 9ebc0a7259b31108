//! Settings of web applications, and what templates are given.

use ruff_python_ast::{Expr, Stmt};
use ward_evidence::{RuleMeta, Severity, controls::CODE_1A};

use super::super::{
    Const,
    rule::{Hit, On, Rule},
};

pub(super) static FLASK_SETTINGS: Rule = Rule {
    meta: RuleMeta {
        id: "code/flask-settings",
        severity: Severity::Medium,
        controls: &[CODE_1A],
        summary: "A setting of Flask switches a protection off.",
        docs: "Without the check of a token another site can send a form in its visitor's name; in testing mode errors reach the visitor and extensions skip checks.\n\nExample: `app.config[\"WTF_CSRF_ENABLED\"] = False`\n\n**Instead:** leave the setting alone; set it in the configuration of the tests.\n\nSource: documentation of Flask and Flask-WTF; CWE-352, CWE-489.",
    },
    on: &[On::Assign],
    check: |ctx, site, out| {
        let Some(Stmt::Assign(assign)) = site.stmt() else {
            return;
        };
        let [target] = assign.targets.as_slice() else { return };
        let name = match target {
            Expr::Subscript(subscript) => {
                let config =
                    matches!(&*subscript.value, Expr::Attribute(attribute) if attribute.attr.as_str() == "config");
                match ctx.str(&subscript.slice) {
                    Some(name) if config => name.into_owned(),
                    _ => return,
                }
            }
            Expr::Attribute(attribute) => match &*attribute.value {
                Expr::Attribute(config) if config.attr.as_str() == "config" => attribute.attr.to_string(),
                _ => return,
            },
            Expr::Name(name) if name.id.as_str() == "WTF_CSRF_ENABLED" => name.id.to_string(),
            _ => return,
        };
        let value = &assign.value;
        let wrong = match name.as_str() {
            "WTF_CSRF_ENABLED"
            | "WTF_CSRF_CHECK_DEFAULT"
            | "SESSION_COOKIE_SECURE"
            | "SESSION_COOKIE_HTTPONLY"
            | "REMEMBER_COOKIE_SECURE" => ctx.is_false(value),
            "DEBUG" | "TESTING" => ctx.is_true(value),
            _ => false,
        };
        if wrong {
            out.report(Hit::at(assign).thorough_if(ctx.is_test()));
        }
    },
    bad: &[
        "app.config['WTF_CSRF_ENABLED'] = False",
        "app.config['DEBUG'] = True",
        "WTF_CSRF_ENABLED = False",
    ],
    good: &[
        "app.config['WTF_CSRF_ENABLED'] = True",
        "app.config['X'] = False",
        "model.config['use_cache'] = False",
    ],
};

pub(super) static CONTEXT: Rule = Rule {
    meta: RuleMeta {
        id: "code/whole-scope-in-template",
        severity: Severity::Low,
        controls: &[CODE_1A],
        summary: "A template is given every name there is.",
        docs: "A template that somebody else may edit, or a mistake in one, shows keys, settings and other people's data.\n\nExample: `render(request, \"page.html\", locals())`\n\n**Instead:** a dictionary with the names that the page needs.\n\nSource: CWE-668.",
    },
    on: &[
        On::Method("render"),
        On::Method("render_template"),
        On::Method("render_to_response"),
        On::Method("render_template_string"),
        On::Method("render_to_string"),
    ],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
        let scope = |expr| matches!(ctx.behind(expr), Expr::Call(inner) if matches!(&*inner.func, Expr::Name(name) if matches!(name.id.as_str(), "locals" | "globals")));
        let keywords = call.arguments.keywords.iter().map(|keyword| &keyword.value);
        if call.arguments.args.iter().chain(keywords).any(scope) {
            out.report(Hit::at(call).thorough_if(ctx.is_test()));
        }
    },
    bad: &[
        "render(request, 'a.html', locals())",
        "t.render(**globals())",
        "env = globals()\nrender(request, 'a.html', env)",
    ],
    good: &["render(request, 'a.html', {'a': a})", "f(locals())"],
};

pub(super) static FORMAT_HTML: Rule = Rule {
    meta: RuleMeta {
        id: "code/format-html",
        severity: Severity::Medium,
        controls: &[CODE_1A],
        summary: "Text is put into markup before it can be escaped.",
        docs: "`format_html` escapes its arguments, not its template. What an f-string has put in already is taken for markup.\n\nExample: `format_html(f\"<b>{name}</b>\")`\n\n**Instead:** `format_html(\"<b>{}</b>\", name)`.\n\nSource: Django documentation, `format_html`; CWE-79.",
    },
    on: &[
        On::Call("django.utils.html.format_html"),
        On::Call("django.utils.html.format_html_join"),
    ],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
        let template = ctx
            .arg(call, usize::from(site.name.ends_with("_join")), "format_string")
            .given();
        if template.is_some_and(|template| matches!(ctx.constant(template), Const::Partial(_))) {
            out.report(Hit::at(call).thorough_if(ctx.is_test()));
        }
    },
    bad: &[
        "from django.utils.html import format_html\nformat_html(f'<b>{x}</b>')",
        "from django.utils.html import format_html\nformat_html('<b>' + x)",
    ],
    good: &[
        "from django.utils.html import format_html\nformat_html('<b>{}</b>', x)",
        "format_html(f'{x}')",
    ],
};
