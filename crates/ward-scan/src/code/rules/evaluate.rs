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
    on: &[
        On::Call("eval"),
        On::Call("exec"),
        On::Call("execfile"),
        On::Method("run_in_subinterp"),
        On::Call("_xxsubinterpreters.run_string"),
        On::Call("_interpreters.run_string"),
        On::Call("code.InteractiveInterpreter.runcode"),
        On::Call("code.InteractiveInterpreter.runsource"),
        On::Call("code.InteractiveConsole.push"),
        On::Call("code.InteractiveConsole.runcode"),
        On::Call("code.InteractiveConsole.runsource"),
    ],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
        let position = usize::from(site.name.ends_with(".run_string"));
        let text = call.arguments.args.get(position);
        let constant = text.is_some_and(|text| ctx.str(text).is_some());
        let hit = Hit::at(call)
            .note(format!("`{}` runs a text as a program", site.name))
            .thorough_if(constant || ctx.is_test());
        out.report(match site.name {
            "eval" => hit.bandit("B307", Severity::Medium),
            "exec" => hit.bandit("B102", Severity::Medium),
            _ => hit,
        });
    },
    bad: &[
        "eval(x)",
        "import builtins\nbuiltins.exec(code)",
        "f = eval\nf(x)",
        "import code\nc = code.InteractiveConsole()\nc.push(x)",
    ],
    good: &[
        "import ast\nast.literal_eval(x)",
        "model.eval()",
        "def eval(x): pass\neval(1)",
    ],
};
