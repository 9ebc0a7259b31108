//! Files that others may change.

use ruff_python_ast::{Expr, Operator};
use ward_evidence::{RuleMeta, Severity, controls::CODE_1A};

use super::super::{
    Ctx,
    rule::{Hit, On, Rule},
};

pub(super) static PERMISSIONS: Rule = Rule {
    meta: RuleMeta {
        id: "code/permissive-permissions",
        severity: Severity::Medium,
        controls: &[CODE_1A],
        summary: "A file is opened to everybody, or to its whole group.",
        docs: "Whoever may write to a file can replace a script, a configuration or a model that another account loads.\n\nExample: `os.chmod(path, 0o777)`\n\n**Instead:** the least that works: `0o600` for secrets, `0o644` for data, `0o755` for programs.\n\nSource: CWE-732. Everybody may write: high. The group may write: medium. Execution by others is shown in the thorough profile.",
    },
    on: &[On::Method("chmod"), On::Method("fchmod"), On::Method("lchmod")],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
        // `path.chmod(mode)` and `os.chmod(path, mode)`.
        let position = usize::from(site.name.starts_with("os."));
        let Some(mode) = ctx.arg(call, position, "mode").given().map(|mode| bits(ctx, mode, 16)) else {
            return;
        };
        let severity = match mode {
            mode if mode & 0o2 != 0 => Severity::High,
            mode if mode & 0o31 != 0 => Severity::Medium,
            _ => return,
        };
        let only_execution = mode & 0o22 == 0;
        out.report(
            Hit::at(call)
                .severity(severity)
                .thorough_if(only_execution || ctx.is_test())
                .bandit("B103", severity),
        );
    },
    bad: &[
        "import os\nos.chmod(p, 0o777)",
        "from pathlib import Path\nPath(p).chmod(0o666)",
        "import os, stat\nos.chmod(p, stat.S_IRWXU | stat.S_IWOTH)",
    ],
    good: &[
        "import os\nos.chmod(p, 0o600)",
        "import os\nos.chmod(p, mode)",
        "import os\nos.chmod(p, 0o644)",
    ],
};

/// The bits that a mode is known to have: numbers, the names of `stat`, and what `|` joins. What is not known adds none.
fn bits<'a>(ctx: &Ctx<'a>, expr: &'a Expr, depth: u32) -> i64 {
    if let Some(mode) = ctx.constant(expr).as_int() {
        return mode;
    }
    match ctx.behind(expr) {
        Expr::BinOp(join) if join.op == Operator::BitOr && depth > 0 => {
            bits(ctx, &join.left, depth - 1) | bits(ctx, &join.right, depth - 1)
        }
        other => match ctx.name(other).as_deref().and_then(|name| name.strip_prefix("stat.S_")) {
            Some("IRWXO") => 0o7,
            Some("IROTH") => 0o4,
            Some("IWOTH") => 0o2,
            Some("IXOTH") => 0o1,
            Some("IRWXG") => 0o70,
            Some("IRGRP") => 0o40,
            Some("IWGRP") => 0o20,
            Some("IXGRP") => 0o10,
            _ => 0,
        },
    }
}
