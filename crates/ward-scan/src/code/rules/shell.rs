//! Commands through a shell.

use ward_evidence::{RuleMeta, Severity, controls::CODE_1A};

use super::super::{
    Arg, Const,
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
                if let Some(note) = of_operator(&ctx.constant(keyword.value)).filter(|_| airflow) {
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
    ],
    good: &[
        "from airflow.operators.bash import BashOperator\nBashOperator(bash_command='echo {{ ds }}')",
        "from own import BashOperator\nBashOperator(bash_command='echo ' + x)",
        "import subprocess\nsubprocess.run(['ls', x])",
        "import subprocess\nsubprocess.run(cmd, shell=False)",
        "f(x, shell=True)",
    ],
};

/// What is wrong with a command of Airflow's operator: its templates are filled before the shell reads them.
fn of_operator(command: &Const<'_>) -> Option<&'static str> {
    let text = command.template()?;
    if matches!(command, Const::Partial(_)) {
        return Some("`BashOperator` hands a shell a command that is put together");
    }
    let chosen = text
        .split("{{")
        .skip(1)
        .filter_map(|rest| rest.split("}}").next())
        .any(|inner| inner.contains("dag_run.conf") || inner.contains("params."));
    chosen.then_some("`BashOperator` puts what whoever starts the run says into a command of a shell")
}

/// Whether a command is written in the program, as a text or as a list of texts.
fn is_constant(command: &Const<'_>) -> bool {
    match command {
        Const::Str(_) | Const::Bytes(_) => true,
        Const::List(words) => words.iter().all(|word| matches!(word, Const::Str(_) | Const::Bytes(_))),
        _ => false,
    }
}
