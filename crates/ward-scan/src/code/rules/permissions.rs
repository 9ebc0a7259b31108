//! Files that others may change.

use ward_evidence::{RuleMeta, Severity, controls::CODE_1A};

use super::super::rule::{Hit, On, Rule};

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
        let Some(mode) = ctx
            .arg(call, position, "mode")
            .given()
            .and_then(|mode| ctx.constant(mode).as_int())
        else {
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
    ],
    good: &[
        "import os\nos.chmod(p, 0o600)",
        "import os\nos.chmod(p, mode)",
        "import os\nos.chmod(p, 0o644)",
    ],
};
