//! Commands through a shell.

use ruff_python_ast::{Expr, ExprCall, FStringPart, InterpolatedStringElement, Stmt};
use ward_evidence::{RuleMeta, Severity, controls::CODE_1A};

use super::super::{
    Arg, Const, Ctx,
    rule::{Hit, On, Rule},
};

pub(super) static SHELL: Rule = Rule {
    meta: RuleMeta {
        id: "code/shell",
        severity: Severity::Medium,
        controls: &[CODE_1A],
        summary: "A command that is put together goes through a shell.",
        docs: "A shell gives meaning to `;`, `|`, `$(..)` and more. A file name, a user's word or a model's answer that \
            is put into the command can end it and begin another.\n\n\
            Example: `subprocess.run(f\"convert {name}\", shell=True)`\n\n\
            **Instead:** `subprocess.run([\"convert\", name])`, a list without a shell; `shlex.quote` where a shell is \
            needed.\n\n\
            Source: Python documentation of `subprocess`, security considerations; CWE-78. A constant command is shown in \
            the thorough profile only.",
    },
    on: &[
        On::Keyword("shell"),
        On::Call("os.system"),
        On::Call("os.popen"),
        On::Call("os.popen2"),
        On::Call("os.popen3"),
        On::Call("os.popen4"),
        On::Call("popen2.popen2"),
        On::Call("popen2.popen3"),
        On::Call("popen2.popen4"),
        On::Call("popen2.Popen3"),
        On::Call("popen2.Popen4"),
        On::Call("commands.getoutput"),
        On::Call("commands.getstatusoutput"),
        On::Method("create_subprocess_shell"),
        On::Method("subprocess_shell"),
        On::Keyword("bash_command"),
        On::Call("subprocess.getoutput"),
        On::Call("subprocess.getstatusoutput"),
    ],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
        let id = match site.keyword() {
            // Airflow hands it to a shell.
            Some(keyword) if keyword.name == "bash_command" => {
                let airflow = site.name.starts_with("airflow.") && site.name.ends_with("BashOperator");
                if let Some(note) = of_operator(ctx, call, keyword.value).filter(|_| airflow) {
                    out.report(Hit::at(call).note(note).thorough_if(ctx.is_test()));
                }
                return;
            }
            Some(keyword) => {
                if !site.name.starts_with("subprocess.") || !ctx.is_true(keyword.value) {
                    return;
                }
                "B602"
            }
            None => "B605",
        };
        let position = usize::from(site.name.ends_with(".subprocess_shell"));
        let command = match ctx.arg(call, position, "args") {
            Arg::Given(command) => Some(command),
            _ => ctx
                .arg(call, None, "cmd")
                .given()
                .or(ctx.arg(call, None, "command").given()),
        };
        let constant = command.is_none_or(|command| is_constant(&ctx.constant(command)));
        let severity = if constant { Severity::Low } else { Severity::High };
        out.report(
            Hit::at(call)
                .note(format!("`{}` hands a command to a shell", site.name))
                .thorough_if(constant || ctx.is_test())
                .bandit(id, severity),
        );
    },
    bad: &[
        "import subprocess\nsubprocess.run('ls ' + x, shell=True)",
        "from subprocess import Popen as P\nSHELL = True\nP(cmd, shell=SHELL)",
        "import os\nos.system(f'ls {x}')",
        "import subprocess\nsubprocess.run(args=cmd, shell=True)",
        "import asyncio\nasyncio.create_subprocess_shell(cmd)",
        "from airflow.operators.bash import BashOperator\nBashOperator(task_id='a', bash_command='echo ' + x)",
        "from airflow.operators.bash import BashOperator\nBashOperator(bash_command='echo {{ dag_run.conf[\"x\"] }}')",
        "from airflow.operators.bash import BashOperator\nBashOperator(bash_command='echo {{ params.x }}', params={'y': 1})",
        "from airflow.operators.bash import BashOperator\nfrom airflow.models import Variable\nBashOperator(bash_command=f'ls {Variable.get(\"x\")}')",
        "from airflow.operators.bash import BashOperator\nfor t in load():\n    BashOperator(bash_command=f'ls {t}')",
        "from airflow.operators.bash import BashOperator\ndef task(t):\n    BashOperator(bash_command=f'ls {t}')",
    ],
    good: &[
        "from airflow.operators.bash import BashOperator\nBashOperator(bash_command='echo {{ ds }}')",
        "from airflow.operators.bash import BashOperator\nfor t in ['a', 'b']:\n    BashOperator(task_id=t, bash_command=f'dbt run --select {t}')",
        "from airflow.operators.bash import BashOperator\nimport os\nBashOperator(bash_command=f'cd {os.path.dirname(__file__)} && make')",
        "from airflow.operators.bash import BashOperator\nBashOperator(bash_command='echo {{ params.limit }}', params={'limit': 10})",
        "from airflow.operators.bash import BashOperator\nfrom pathlib import Path\nD = Path(__file__).parent\nBashOperator(bash_command=f'cd {D}; ls')",
        "from airflow.operators.bash import BashOperator\nimport os\nBashOperator(bash_command=f'cd {os.environ[\"HOME\"]}; ls')",
        "from own import BashOperator\nBashOperator(bash_command='echo ' + x)",
        "import subprocess\nsubprocess.run(['ls', x])",
        "import subprocess\nsubprocess.run(cmd, shell=False)",
        "f(x, shell=True)",
    ],
};

/// What is wrong with a command of Airflow's operator: its templates are filled before the shell reads them.
fn of_operator<'a>(ctx: &Ctx<'a>, call: &'a ExprCall, given: &'a Expr) -> Option<&'static str> {
    let command = ctx.constant(given);
    let text = command.template()?;
    if matches!(command, Const::Partial(_)) && !is_own(ctx, given, &mut { MOST_NODES }) {
        return Some("`BashOperator` hands a shell a command that is put together");
    }
    let chosen = text
        .split("{{")
        .skip(1)
        .filter_map(|rest| rest.split("}}").next())
        .any(|inner| {
            let mut params = inner.split("params.").skip(1);
            inner.contains("dag_run.conf") || params.any(|named| !is_given(ctx, call, named))
        });
    chosen.then_some("`BashOperator` puts what whoever starts the run says into a command of a shell")
}

/// Whether the operator itself gives a constant to the parameter that a template goes on to name.
fn is_given<'a>(ctx: &Ctx<'a>, call: &'a ExprCall, named: &str) -> bool {
    let name = named
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .next()
        .unwrap_or_default();
    let given = ctx.arg(call, None, "params").given();
    let Some(Expr::Dict(params)) = given.map(|given| ctx.behind(given)) else {
        return false;
    };
    params.items.iter().any(|item| {
        let key = item.key.as_ref().and_then(|key| ctx.str(key));
        key.is_some_and(|key| key == name)
            && !matches!(
                ctx.constant(&item.value),
                Const::Unknown | Const::Partial(_) | Const::List(_)
            )
    })
}

/// Nodes that are looked at to tell where a command comes from.
const MOST_NODES: u32 = 100;

/// Whether a value comes from the program alone: what is written in it, where it lies, and loops over such values. `left` is how
/// many nodes may still be looked at.
fn is_own<'a>(ctx: &Ctx<'a>, value: &'a Expr, left: &mut u32) -> bool {
    let Some(fewer) = left.checked_sub(1) else { return false };
    *left = fewer;
    let mut own = |value: &'a Expr| is_own(ctx, value, left);
    match ctx.behind(value) {
        Expr::StringLiteral(_) | Expr::NumberLiteral(_) | Expr::BooleanLiteral(_) | Expr::NoneLiteral(_) => true,
        Expr::FString(text) => text.value.iter().all(|part| match part {
            FStringPart::Literal(_) => true,
            FStringPart::FString(text) => text.elements.iter().all(|element| match element {
                InterpolatedStringElement::Literal(_) => true,
                InterpolatedStringElement::Interpolation(inner) => own(&inner.expression),
            }),
        }),
        Expr::BinOp(joined) => own(&joined.left) && own(&joined.right),
        Expr::List(list) => list.elts.iter().all(own),
        Expr::Tuple(list) => list.elts.iter().all(own),
        Expr::Set(list) => list.elts.iter().all(own),
        Expr::Dict(dict) => {
            let mut items = dict.items.iter();
            items.all(|item| item.key.as_ref().is_some_and(&mut own) && own(&item.value))
        }
        Expr::Attribute(attribute) => own(&attribute.value),
        // Who deploys the program sets its environment.
        Expr::Subscript(entry) => ctx.name(&entry.value).is_some_and(|name| name == "os.environ") || own(&entry.value),
        Expr::Call(call) => {
            let arguments =
                call.arguments.args.iter().all(&mut own) && call.arguments.keywords.iter().all(|one| own(&one.value));
            let name = ctx.name(&call.func).unwrap_or_default();
            let plain = name.starts_with("os.path.")
                || matches!(
                    &*name,
                    "pathlib.Path"
                        | "os.getenv"
                        | "os.environ.get"
                        | "shlex.quote"
                        | "str"
                        | "int"
                        | "range"
                        | "enumerate"
                        | "sorted"
                        | "zip"
                        | "reversed"
                );
            arguments && (plain || matches!(&*call.func, Expr::Attribute(method) if own(&method.value)))
        }
        Expr::Name(name) if name.id == "__file__" => true,
        Expr::Name(name) => ctx.statements().iter().rev().any(|stmt| match stmt {
            Stmt::For(each) => {
                let mut words = ctx
                    .text(&*each.target)
                    .split(|c: char| !c.is_alphanumeric() && c != '_');
                words.any(|word| word == name.id) && own(&each.iter)
            }
            _ => false,
        }),
        _ => false,
    }
}

/// Whether a command is written in the program, as a text or as a list of texts.
fn is_constant(command: &Const<'_>) -> bool {
    match command {
        Const::Str(_) | Const::Bytes(_) => true,
        Const::List(words) => words.iter().all(|word| matches!(word, Const::Str(_) | Const::Bytes(_))),
        _ => false,
    }
}
