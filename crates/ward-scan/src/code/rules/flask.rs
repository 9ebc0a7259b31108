//! Flask's debugger.

use ruff_python_ast::{Expr, Stmt};
use ward_evidence::{RuleMeta, Severity, controls::CODE_1A};

use super::super::rule::{Hit, On, Rule};

pub(super) static FLASK_DEBUG: Rule = Rule {
    meta: RuleMeta {
        id: "code/flask-debug",
        severity: Severity::High,
        controls: &[CODE_1A],
        summary: "A web application runs with its debugger.",
        docs: "Werkzeug's debugger runs any program that a visitor types into an error page.\n\nExample: `app.run(debug=True)`\n\n**Instead:** leave `debug` out; `flask --debug run` on a developer's own machine.\n\nSource: documentation of Werkzeug, debugging applications; CWE-94.",
    },
    on: &[On::Method("run"), On::Assign],
    check: |ctx, site, out| {
        if !ctx.has_import("flask") {
            return;
        }
        if let Some(call) = site.call() {
            let debug = ctx.arg(call, 2, "debug").given();
            if debug.is_some_and(|debug| ctx.is_true(debug)) {
                out.report(Hit::at(call).thorough_if(ctx.is_test()).bandit("B201", Severity::High));
            }
            return;
        }
        let Some(Stmt::Assign(assign)) = site.stmt() else {
            return;
        };
        let [Expr::Attribute(target)] = assign.targets.as_slice() else {
            return;
        };
        let application = ctx.type_of(&target.value).is_some_and(|made| made == "flask.Flask");
        if application && target.attr.as_str() == "debug" && ctx.is_true(&assign.value) {
            out.report(
                Hit::at(assign)
                    .thorough_if(ctx.is_test())
                    .bandit("B201", Severity::High),
            );
        }
    },
    bad: &[
        "from flask import Flask\napp = Flask(__name__)\napp.run(debug=True)",
        "import flask\napp = flask.Flask('x')\napp.debug = True",
    ],
    good: &[
        "from flask import Flask\napp = Flask(__name__)\napp.run(debug=debug)",
        "job.run(debug=True)",
        "from flask import Flask\napp = Flask(__name__)\napp.run()",
    ],
};
