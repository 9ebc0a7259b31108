//! `eval` and `exec`.

use ward_evidence::{RuleMeta, Severity, controls::CODE_1A};

use super::super::rule::{Hit, On, Rule};

pub(super) static EVAL: Rule = Rule {
    meta: RuleMeta {
        id: "code/eval",
        severity: Severity::Medium,
        controls: &[CODE_1A],
        summary: "A text is run as a program.",
        docs: "`eval` and `exec` run whatever the text says with all rights of the process. Whoever can influence the text \
            (a user, a file, a model) runs programs.\n\n\
            Example: `eval(request.args[\"expr\"])`\n\n\
            **Instead:** `ast.literal_eval` for literals, `json.loads` for data, a table of functions for a choice.\n\n\
            Source: Python documentation of `eval`; CWE-95. A constant text is no finding.",
    },
    on: &[On::Call("eval"), On::Call("exec"), On::Call("execfile")],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
        let constant = call.arguments.args.first().is_some_and(|arg| ctx.str(arg).is_some());
        let id = if site.name == "eval" { "B307" } else { "B102" };
        out.report(
            Hit::at(call)
                .note(format!("`{}` runs a text as a program", site.name))
                .thorough_if(constant || ctx.is_test())
                .bandit(id, Severity::Medium),
        );
    },
    bad: &["eval(x)", "import builtins\nbuiltins.exec(code)", "f = eval\nf(x)"],
    good: &[
        "import ast\nast.literal_eval(x)",
        "model.eval()",
        "def eval(x): pass\neval(1)",
    ],
};
