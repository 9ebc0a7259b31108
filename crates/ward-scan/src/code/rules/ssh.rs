//! SSH without the point of it.

use ruff_python_ast::Expr;
use ward_evidence::{RuleMeta, Severity, controls::CODE_1A};

use super::super::rule::{Hit, On, Rule};

pub(super) static HOST_KEY: Rule = Rule {
    meta: RuleMeta {
        id: "code/ssh-host-key",
        severity: Severity::High,
        controls: &[CODE_1A],
        summary: "Any host key is accepted.",
        docs: "SSH encrypts to whoever answers. Without the host key nobody knows who that is, and a password goes to them.\n\nExample: `client.set_missing_host_key_policy(paramiko.AutoAddPolicy())`\n\n**Instead:** `client.load_system_host_keys()` and the default policy, which refuses; `known_hosts=..` in asyncssh.\n\nSource: documentation of Paramiko, host key policies; CWE-295.",
    },
    on: &[On::Method("set_missing_host_key_policy"), On::Keyword("known_hosts")],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
        let hit = Hit::at(call).thorough_if(ctx.is_test()).bandit("B507", Severity::High);
        if let Some(keyword) = site.keyword() {
            if site.name.starts_with("asyncssh.") && ctx.is_none(keyword.value) {
                out.report(hit);
            }
            return;
        }
        let Some(policy) = ctx.arg(call, 0, "policy").given() else {
            return;
        };
        let name = match policy {
            Expr::Call(made) => ctx.callee(made),
            other => ctx.name(other),
        };
        let name = name.unwrap_or_default();
        let (library, policy) = name.split_once('.').unwrap_or_default();
        if library == "paramiko" && matches!(policy.rsplit('.').next(), Some("AutoAddPolicy" | "WarningPolicy")) {
            out.report(hit);
        }
    },
    bad: &[
        "import paramiko\nc = paramiko.SSHClient()\nc.set_missing_host_key_policy(paramiko.AutoAddPolicy())",
        "from paramiko import client\nc.set_missing_host_key_policy(client.WarningPolicy)",
        "import asyncssh\nasyncssh.connect(h, known_hosts=None)",
    ],
    good: &[
        "import paramiko\nc = paramiko.SSHClient()\nc.set_missing_host_key_policy(paramiko.RejectPolicy())",
        "c.set_missing_host_key_policy(p)",
    ],
};

pub(super) static SSH_COMMAND: Rule = Rule {
    meta: RuleMeta {
        id: "code/ssh-command",
        severity: Severity::Medium,
        controls: &[CODE_1A],
        summary: "A command that is put together runs in a shell of another machine.",
        docs: "The other side hands the command to a shell, which gives meaning to `;`, `$(..)` and more.\n\nExample: `client.exec_command(\"cat \" + name)`\n\n**Instead:** `shlex.quote` around every part that is not the program's own.\n\nSource: documentation of Paramiko, `SSHClient.exec_command`; CWE-78. A constant command is shown in the thorough profile only.",
    },
    on: &[On::Method("exec_command")],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
        if !ctx.has_import("paramiko") {
            return;
        }
        let command = ctx.arg(call, 0, "command").given();
        let fixed = command.is_none_or(|command| ctx.str(command).is_some());
        // A bare name says nothing of where it comes from: the flow engine follows it.
        let put_together = command.is_some_and(|command| !matches!(command, Expr::Name(_) | Expr::Attribute(_)));
        out.report(
            Hit::at(call)
                .thorough_if(fixed || !put_together || ctx.is_test())
                .bandit("B601", Severity::Medium),
        );
    },
    bad: &[
        "import paramiko\nc.exec_command('cat ' + n)",
        "import paramiko\nc.exec_command('ls')",
    ],
    good: &["c.exec_command('cat ' + n)", "import paramiko\nc.run(x)"],
};
