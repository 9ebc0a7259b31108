//! Text that a browser takes for markup.

use ruff_python_ast::Stmt;
use ward_evidence::{RuleMeta, Severity, controls::CODE_1A};

use super::super::{
    Const,
    rule::{Hit, On, Rule},
};

pub(super) static MARKUP: Rule = Rule {
    meta: RuleMeta {
        id: "code/unescaped-markup",
        severity: Severity::Medium,
        controls: &[CODE_1A],
        summary: "Text is declared to be safe markup, so nothing escapes it.",
        docs: "A template escapes what is put into it, but not what calls itself safe. A visitor's words in such a text run as a script in other visitors' browsers.\n\nExample: `mark_safe(f\"<b>{name}</b>\")`\n\n**Instead:** `format_html(\"<b>{}</b>\", name)` of Django; `Markup(\"<b>{}</b>\").format(name)`, which escapes.\n\nSource: Django documentation, security; CWE-79. A constant text is no finding.",
    },
    on: &[
        On::Call("django.utils.safestring.mark_safe"),
        On::Call("django.utils.safestring.SafeText"),
        On::Call("django.utils.safestring.SafeString"),
        On::Call("django.utils.safestring.SafeBytes"),
        On::Call("django.utils.safestring.SafeUnicode"),
        On::Call("markupsafe.Markup"),
        On::Call("flask.Markup"),
        On::Call("jinja2.Markup"),
    ],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
        let Some(text) = call.arguments.args.first() else {
            return;
        };
        if matches!(
            ctx.constant(text),
            Const::Str(_) | Const::Bytes(_) | Const::None | Const::Int(_)
        ) {
            return;
        }
        let id = if site.name.ends_with("Markup") { "B704" } else { "B703" };
        out.report(Hit::at(call).thorough_if(ctx.is_test()).bandit(id, Severity::Medium));
    },
    bad: &[
        "from django.utils.safestring import mark_safe\nmark_safe('<b>' + x)",
        "from markupsafe import Markup\nMarkup(f'<b>{x}</b>')",
    ],
    good: &[
        "from django.utils.safestring import mark_safe\nmark_safe('<b>x</b>')",
        "from markupsafe import Markup\nMarkup('<b>{}</b>').format(x)",
        "mark_safe(x)",
    ],
};

pub(super) static AUTOESCAPE: Rule = Rule {
    meta: RuleMeta {
        id: "code/template-autoescape",
        severity: Severity::Medium,
        controls: &[CODE_1A],
        summary: "Templates put text into pages without escaping it.",
        docs: "Jinja2 escapes nothing unless it is told to, and Mako only with a default filter. What a visitor or a model says then runs as a script in the reader's browser.\n\nExample: `jinja2.Environment(loader=loader)`\n\n**Instead:** `Environment(autoescape=select_autoescape())`; `mako.template.Template(.., default_filters=[\"h\"])`.\n\nSource: documentation of Jinja2, autoescaping; CWE-79. Templates that make prompts or programs need no escaping: where the file has nothing to do with the web and does not ask for it, only the thorough profile shows it.",
    },
    on: &[
        On::Call("jinja2.Environment"),
        On::Call("jinja2.environment.Environment"),
        On::Call("jinja2.Template"),
        On::Call("mako.template.Template"),
    ],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
        let mako = site.name.starts_with("mako");
        let name = if mako { "default_filters" } else { "autoescape" };
        let (wrong, asked) = match ctx.arg(call, None, name) {
            super::super::Arg::Absent => (true, false),
            super::super::Arg::Given(value) => (ctx.is_false(value), true),
            super::super::Arg::Unknown => (false, false),
        };
        if !wrong || site.name == "jinja2.Template" && !asked {
            return;
        }
        let web = [
            "flask",
            "django",
            "fastapi",
            "starlette",
            "aiohttp",
            "tornado",
            "bottle",
            "sanic",
            "quart",
            "pyramid",
        ];
        let web = web.iter().any(|one| ctx.has_import(one));
        let id = if mako { "B702" } else { "B701" };
        let theirs = if mako { Severity::Medium } else { Severity::High };
        out.report(
            Hit::at(call)
                .thorough_if(!web && !asked || ctx.is_test())
                .bandit(id, theirs),
        );
    },
    bad: &[
        "import jinja2\njinja2.Environment(loader=x)",
        "from jinja2 import Environment\nEnvironment(autoescape=False)",
        "from mako.template import Template\nTemplate(x)",
    ],
    good: &[
        "import jinja2\njinja2.Environment(autoescape=True)",
        "import jinja2\njinja2.Environment(autoescape=jinja2.select_autoescape())",
        "Environment()",
    ],
};

pub(super) static PLAIN_TEMPLATE: Rule = Rule {
    meta: RuleMeta {
        id: "code/template-not-escaped",
        severity: Severity::Medium,
        controls: &[CODE_1A],
        summary: "A page is made from a template whose name says that nothing is to be escaped.",
        docs: "Flask escapes in templates that end in `.html`, `.htm`, `.xml`, `.xhtml` and `.svg`, and in no others, and sends what a view gives back as a page. What a visitor or a model said then runs as a script in the reader's browser.\n\nExample: `return render_template(\"report.txt\", name=name)`\n\n**Instead:** name the template `report.html`; for plain text give a response of its type: `Response(render_template(..), mimetype=\"text/plain\")`.\n\nSource: Flask documentation, *Templates: Jinja setup*; CWE-79. A template that is given no values is no finding.",
    },
    on: &[On::Call("flask.render_template")],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
        let escaped = [".html", ".htm", ".xml", ".xhtml", ".svg"];
        let name = ctx.arg(call, 0, "template_name_or_list").given();
        let plain = name
            .and_then(|name| ctx.str(name))
            .is_some_and(|name| !escaped.iter().any(|end| name.ends_with(end)));
        let given = call.arguments.args.len() > 1 || !call.arguments.keywords.is_empty();
        let is_page = ctx.parent().is_none() && matches!(ctx.statements().last(), Some(Stmt::Return(_)));
        if plain && given && is_page {
            out.report(Hit::at(call).thorough_if(ctx.is_test()));
        }
    },
    bad: &[
        "from flask import render_template\ndef page(name):\n    return render_template('a.txt', name=name)",
        "import flask\ndef page(name):\n    return flask.render_template('a.html.j2', name=name)",
    ],
    good: &[
        "from flask import render_template\ndef page(name):\n    return render_template('a.html', name=name)",
        "from flask import render_template\ndef page():\n    return render_template('a.txt')",
        "from flask import render_template\ndef send(message, name):\n    message.body = render_template('a.txt', name=name)",
        "from flask import Response, render_template\ndef page(name):\n    return Response(render_template('a.txt', name=name), mimetype='text/plain')",
    ],
};
