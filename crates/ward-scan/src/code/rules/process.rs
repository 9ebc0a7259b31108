//! Programs that are started without a shell.

use ruff_python_ast::Expr;
use ward_evidence::{RuleMeta, Severity, controls::CODE_1A};

use super::super::rule::{Hit, On, Rule};

pub(super) static PROCESS: Rule = Rule {
    meta: RuleMeta {
        id: "code/process",
        severity: Severity::Low,
        controls: &[CODE_1A],
        summary: "Another program is started.",
        docs: "Without a shell nothing gives meaning to the words, but the program and its arguments still have to be the right ones.\n\nExample: `subprocess.run([tool, path])`\n\n**Instead:** nothing has to be done where the program's name is fixed and its arguments are checked.\n\nSource: Python documentation of `subprocess`, security considerations; CWE-78. Shown in the thorough profile; what untrusted input reaches is a finding of its own.",
    },
    on: &[
        On::Call("subprocess.Popen"),
        On::Call("subprocess.call"),
        On::Call("subprocess.check_call"),
        On::Call("subprocess.check_output"),
        On::Call("subprocess.run"),
        On::Call("os.execl"),
        On::Call("os.execle"),
        On::Call("os.execlp"),
        On::Call("os.execlpe"),
        On::Call("os.execv"),
        On::Call("os.execve"),
        On::Call("os.execvp"),
        On::Call("os.execvpe"),
        On::Call("os.spawnl"),
        On::Call("os.spawnle"),
        On::Call("os.spawnlp"),
        On::Call("os.spawnlpe"),
        On::Call("os.spawnv"),
        On::Call("os.spawnve"),
        On::Call("os.spawnvp"),
        On::Call("os.spawnvpe"),
        On::Call("os.startfile"),
        On::Call("os.posix_spawn"),
        On::Call("os.posix_spawnp"),
    ],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
        let shell = ctx
            .arg(call, None, "shell")
            .given()
            .is_some_and(|shell| !ctx.is_false(shell));
        if shell {
            return;
        }
        let id = if site.name.starts_with("os.") { "B606" } else { "B603" };
        out.report(Hit::at(call).thorough().bandit(id, Severity::Low));
    },
    bad: &["import subprocess\nsubprocess.run(['ls'])", "import os\nos.execv(p, a)"],
    good: &["import subprocess\nsubprocess.run('ls', shell=True)", "run(['ls'])"],
};

pub(super) static SHELL_COMMAND: Rule = Rule {
    meta: RuleMeta {
        id: "code/shell-as-program",
        severity: Severity::High,
        controls: &[CODE_1A],
        summary: "A command that is put together goes to a shell that is started as a program.",
        docs: "A list without `shell=True` protects nothing when its first word is a shell and the command follows `-c`: \
            the shell gives meaning to `;`, `|` and `$(..)` all the same.\n\n\
            Example: `subprocess.run([\"bash\", \"-c\", f\"convert {name}\"])`\n\n\
            **Instead:** `subprocess.run([\"convert\", name])`; or `[\"bash\", \"-c\", \"convert \\\"$1\\\"\", \"-\", name]`, which passes the \
            name as an argument.\n\n\
            Source: CWE-78. A constant command is no finding.",
    },
    on: &[
        On::Call("subprocess.Popen"),
        On::Call("subprocess.call"),
        On::Call("subprocess.check_call"),
        On::Call("subprocess.check_output"),
        On::Call("subprocess.run"),
        On::Call("os.execl"),
        On::Call("os.execle"),
        On::Call("os.execlp"),
        On::Call("os.execlpe"),
        On::Call("os.execv"),
        On::Call("os.execve"),
        On::Call("os.execvp"),
        On::Call("os.execvpe"),
        On::Call("os.spawnl"),
        On::Call("os.spawnle"),
        On::Call("os.spawnlp"),
        On::Call("os.spawnlpe"),
        On::Call("os.spawnv"),
        On::Call("os.spawnve"),
        On::Call("os.spawnvp"),
        On::Call("os.spawnvpe"),
        On::Call("os.startfile"),
        On::Call("os.posix_spawn"),
        On::Call("os.posix_spawnp"),
        On::Method("create_subprocess_exec"),
        On::Method("subprocess_exec"),
    ],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
        let mut words: Vec<&Expr> = Vec::new();
        for arg in &call.arguments.args {
            match ctx.behind(arg) {
                Expr::List(list) => words.extend(&list.elts),
                Expr::Tuple(tuple) => words.extend(&tuple.elts),
                other => words.push(other),
            }
        }
        let shell = |word: &Expr| {
            let text = match word {
                Expr::StringLiteral(text) => text.value.to_str(),
                _ => return false,
            };
            let name = text.rsplit(['/', '\\']).next().unwrap_or_default();
            matches!(
                name,
                "sh" | "bash" | "zsh" | "dash" | "ksh" | "cmd" | "cmd.exe" | "powershell" | "pwsh"
            )
        };
        let flag = |word: &Expr| matches!(word, Expr::StringLiteral(text) if matches!(text.value.to_str(), "-c" | "-lc" | "-ic" | "/c" | "/C" | "-Command"));
        let mut rest = words
            .iter()
            .skip_while(|word| !shell(word))
            .skip(1)
            .skip_while(|word| !flag(word))
            .skip(1);
        if rest.next().is_some_and(|command| ctx.str(command).is_none()) {
            out.report(Hit::at(call).thorough_if(ctx.is_test()).bandit("B603", Severity::Low));
        }
    },
    bad: &[
        "import subprocess\nsubprocess.run(['bash', '-c', f'convert {x}'])",
        "import os\nos.spawnl(os.P_WAIT, '/bin/sh', 'sh', '-c', command)",
    ],
    good: &[
        "import subprocess\nsubprocess.run(['bash', '-c', 'ls | wc'])",
        "import subprocess\nsubprocess.run(['bash', script])",
        "import subprocess\nsubprocess.run(['grep', '-c', word])",
    ],
};

pub(super) static PARTIAL_PATH: Rule = Rule {
    meta: RuleMeta {
        id: "code/partial-path",
        severity: Severity::Low,
        controls: &[CODE_1A],
        summary: "A program is started by its name alone.",
        docs: "Which program that is depends on `PATH`, which whoever starts this program, or writes to a folder in it, can choose.\n\nExample: `subprocess.run([\"git\", \"status\"])`\n\n**Instead:** the whole path where the program runs with more rights than its caller.\n\nSource: CWE-426. Shown in the thorough profile.",
    },
    on: &[
        On::Call("subprocess.Popen"),
        On::Call("subprocess.call"),
        On::Call("subprocess.check_call"),
        On::Call("subprocess.check_output"),
        On::Call("subprocess.run"),
        On::Call("os.execl"),
        On::Call("os.execle"),
        On::Call("os.execlp"),
        On::Call("os.execlpe"),
        On::Call("os.execv"),
        On::Call("os.execve"),
        On::Call("os.execvp"),
        On::Call("os.execvpe"),
        On::Call("os.spawnl"),
        On::Call("os.spawnle"),
        On::Call("os.spawnlp"),
        On::Call("os.spawnlpe"),
        On::Call("os.spawnv"),
        On::Call("os.spawnve"),
        On::Call("os.spawnvp"),
        On::Call("os.spawnvpe"),
        On::Call("os.startfile"),
        On::Call("os.posix_spawn"),
        On::Call("os.posix_spawnp"),
        On::Call("os.system"),
        On::Call("os.popen"),
        On::Call("subprocess.getoutput"),
        On::Call("subprocess.getstatusoutput"),
    ],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
        let first = match call.arguments.args.first() {
            Some(Expr::List(list)) => list.elts.first(),
            other => other,
        };
        let Some(word) = first.and_then(|first| ctx.str(first)) else {
            return;
        };
        let rooted = word.starts_with(['/', '\\', '.']) || word.get(1..2) == Some(":");
        if !rooted {
            out.report(Hit::at(call).thorough().bandit("B607", Severity::Low));
        }
    },
    bad: &[
        "import subprocess\nsubprocess.run(['git', 'status'])",
        "import os\nos.system('ls')",
    ],
    good: &[
        "import subprocess\nsubprocess.run(['/usr/bin/git'])",
        "import subprocess\nsubprocess.run(cmd)",
    ],
};

pub(super) static WILDCARD: Rule = Rule {
    meta: RuleMeta {
        id: "code/wildcard-command",
        severity: Severity::Medium,
        controls: &[CODE_1A],
        summary: "A shell puts file names in place of a star, where the program takes them for options.",
        docs: "A file called `--checkpoint-action=exec=sh x.sh` in the folder is an option of `tar` once the shell has replaced the star.\n\nExample: `os.system(\"tar cf backup.tar *\")`\n\n**Instead:** `./*`, `--` before the names, or a list of names without a shell.\n\nSource: CWE-88; L. Juranic, Back to the future: Unix wildcards gone wild (2014).",
    },
    on: &[
        On::Call("subprocess.Popen"),
        On::Call("subprocess.call"),
        On::Call("subprocess.check_call"),
        On::Call("subprocess.check_output"),
        On::Call("subprocess.run"),
        On::Call("os.system"),
        On::Call("os.popen"),
        On::Call("subprocess.getoutput"),
        On::Call("subprocess.getstatusoutput"),
    ],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
        if site.name.starts_with("subprocess.") && !site.name.starts_with("subprocess.get") {
            let shell = ctx
                .arg(call, None, "shell")
                .given()
                .is_some_and(|shell| ctx.is_true(shell));
            if !shell {
                return;
            }
        }
        let Some(command) = call.arguments.args.first() else {
            return;
        };
        let constant = ctx.constant(command);
        let Some(text) = constant.template() else { return };
        let mut words = text.split_ascii_whitespace();
        let tool = words
            .next()
            .and_then(|word| word.rsplit('/').next())
            .unwrap_or_default();
        let risky = matches!(tool, "chown" | "chmod" | "tar" | "rsync");
        if risky && words.any(|word| word.starts_with('*')) {
            out.report(Hit::at(call).thorough_if(ctx.is_test()).bandit("B609", Severity::High));
        }
    },
    bad: &[
        "import os\nos.system('tar cf x.tar *')",
        "import subprocess\nsubprocess.run('chown root *', shell=True)",
    ],
    good: &[
        "import os\nos.system('ls *')",
        "import subprocess\nsubprocess.run(['tar', '*'])",
        "import os\nos.system('tar cf x.tar ./*')",
    ],
};
