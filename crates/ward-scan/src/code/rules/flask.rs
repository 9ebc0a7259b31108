//! Flask's debugger.

use ruff_text_size::{Ranged as _, TextRange};
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
    on: &[On::Method("run"), On::Assign, On::Call("setattr")],
    check: |ctx, site, out| {
        if !ctx.has_import("flask") {
            return;
        }
        let hit = |range: TextRange| Hit::at(range).thorough_if(ctx.is_test()).bandit("B201", Severity::High);
        if let Some(set) = site.attribute(ctx) {
            let application = ctx.type_of(set.object).is_some_and(|made| made == "flask.Flask");
            if application && set.name == "debug" && ctx.is_true(set.value) {
                out.report(hit(set.range));
            }
        } else if let Some(call) = site.call() {
            let debug = ctx.arg(call, 2, "debug").given();
            if debug.is_some_and(|debug| ctx.is_true(debug)) {
                out.report(hit(call.range()));
            }
        }
    },
    bad: &[
        "from flask import Flask\napp = Flask(__name__)\napp.run(debug=True)",
        "import flask\napp = flask.Flask('x')\napp.debug = True",
        "import flask\napp = flask.Flask('x')\nsetattr(app, 'debug', True)",
    ],
    good: &[
        "from flask import Flask\napp = Flask(__name__)\napp.run(debug=debug)",
        "job.run(debug=True)",
        "from flask import Flask\napp = Flask(__name__)\napp.run()",
    ],
};
