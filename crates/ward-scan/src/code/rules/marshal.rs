//! Loading marshalled objects.

use ward_evidence::{RuleMeta, Severity, controls::CODE_1A};

use super::super::rule::{Hit, On, Rule};

pub(super) static MARSHAL: Rule = Rule {
    meta: RuleMeta {
        id: "code/marshal-load",
        severity: Severity::Medium,
        controls: &[CODE_1A],
        summary: "Marshalled bytes are loaded: they can crash the process or hold code.",
        docs: "The module is made for Python's own bytecode. It trusts its input wholly, and what it loads may be a function.\n\nExample: `marshal.loads(data)`\n\n**Instead:** JSON, or another format for data.\n\nSource: Python documentation of `marshal`; CWE-502.",
    },
    on: &[On::Call("marshal.load"), On::Call("marshal.loads")],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
        out.report(
            Hit::at(call)
                .thorough_if(ctx.is_test())
                .bandit("B302", Severity::Medium),
        );
    },
    bad: &["import marshal\nmarshal.loads(x)"],
    good: &["import marshal\nmarshal.dumps(x)", "import json\njson.loads(x)"],
};
