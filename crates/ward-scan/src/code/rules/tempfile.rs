//! Names of temporary files that others can take.

use ward_evidence::{RuleMeta, Severity, controls::CODE_1A};

use super::super::rule::{Hit, On, Rule};

pub(super) static MKTEMP: Rule = Rule {
    meta: RuleMeta {
        id: "code/mktemp",
        severity: Severity::Medium,
        controls: &[CODE_1A],
        summary: "A name for a temporary file is made before the file is.",
        docs: "Between `tempfile.mktemp()` and opening the file, somebody else on the machine can put a link there, and \
            the program writes where the link points.\n\n\
            **Instead:** `tempfile.NamedTemporaryFile()` or `tempfile.mkstemp()`, which make the file at once.\n\n\
            Source: Python documentation of `tempfile.mktemp` (deprecated since 2.3); CWE-377.",
    },
    on: &[On::Call("tempfile.mktemp")],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
        out.report(
            Hit::at(call)
                .thorough_if(ctx.is_test())
                .bandit("B306", Severity::Medium),
        );
    },
    bad: &["import tempfile\ntempfile.mktemp()"],
    good: &["import tempfile\ntempfile.mkstemp()"],
};
