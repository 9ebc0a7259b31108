//! Errors that nobody sees.

use ruff_python_ast::{ExceptHandler, Expr, Stmt};
use ward_evidence::{RuleMeta, Severity, controls::CODE_1A};

use super::super::rule::{Hit, On, Rule};

pub(super) static SWALLOWED: Rule = Rule {
    meta: RuleMeta {
        id: "code/swallowed-exception",
        severity: Severity::Low,
        controls: &[CODE_1A],
        summary: "Every error is caught, and nothing is done about it.",
        docs: "A check that fails, an attack under way and a full disk look like success.\n\nExample: `except Exception: pass`\n\n**Instead:** catch what is expected; log the rest.\n\nSource: CWE-703. Shown in the thorough profile.",
    },
    on: &[On::Try],
    check: |_, site, out| {
        let Some(Stmt::Try(stmt)) = site.stmt() else { return };
        for ExceptHandler::ExceptHandler(handler) in &stmt.handlers {
            let any = match handler.type_.as_deref() {
                None => true,
                Some(Expr::Name(name)) => matches!(name.id.as_str(), "Exception" | "BaseException"),
                Some(_) => false,
            };
            let id = match handler.body.as_slice() {
                [Stmt::Pass(_)] if any => "B110",
                [Stmt::Continue(_)] if any => "B112",
                _ => continue,
            };
            out.report(Hit::at(handler).thorough().bandit(id, Severity::Low));
        }
    },
    bad: &[
        "try:\n    f()\nexcept Exception:\n    pass",
        "for x in y:\n    try:\n        f()\n    except:\n        continue",
    ],
    good: &[
        "try:\n    f()\nexcept ValueError:\n    pass",
        "try:\n    f()\nexcept Exception as e:\n    log(e)",
    ],
};
