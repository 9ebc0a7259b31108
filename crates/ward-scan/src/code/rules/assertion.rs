//! `assert` as a check that disappears.

use ward_evidence::{RuleMeta, Severity, controls::CODE_1A};

use super::super::rule::{Hit, On, Rule};

pub(super) static ASSERT: Rule = Rule {
    meta: RuleMeta {
        id: "code/assert",
        severity: Severity::Low,
        controls: &[CODE_1A],
        summary: "An assertion is no check: `python -O` removes it.",
        docs: "With `-O` or `PYTHONOPTIMIZE` every `assert` is compiled to nothing, so that a check of input or of rights \
            that is written as one is not made.\n\n\
            Example: `assert user.is_admin`\n\n\
            **Instead:** `if not user.is_admin: raise PermissionError(..)`. In tests assertions are right.\n\n\
            Source: Python language reference, the assert statement; CWE-617. Shown in the thorough profile only.",
    },
    on: &[On::Assert],
    check: |_, site, out| {
        let Some(stmt) = site.stmt() else { return };
        out.report(Hit::at(stmt).thorough().bandit("B101", Severity::Low));
    },
    bad: &["assert user.is_admin"],
    good: &["if not user.is_admin:\n    raise PermissionError"],
};
