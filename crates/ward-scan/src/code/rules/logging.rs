//! Configuration of logging that comes over a socket.

use ward_evidence::{RuleMeta, Severity, controls::CODE_1A};

use super::super::rule::{Hit, On, Rule};

pub(super) static LISTEN: Rule = Rule {
    meta: RuleMeta {
        id: "code/logging-listen",
        severity: Severity::Medium,
        controls: &[CODE_1A],
        summary: "Logging is configured by whoever can connect, and the configuration is evaluated.",
        docs: "`logging.config.listen` passes parts of what it is sent to `eval`.\n\nExample: `logging.config.listen(9999)`\n\n**Instead:** read the configuration from a file; where it must be a socket, `verify=` with a check of a signature.\n\nSource: Python documentation of `logging.config`; CWE-94.",
    },
    on: &[On::Call("logging.config.listen")],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
        if ctx.arg(call, 1, "verify").is_absent() {
            out.report(
                Hit::at(call)
                    .thorough_if(ctx.is_test())
                    .bandit("B612", Severity::Medium),
            );
        }
    },
    bad: &["import logging.config\nlogging.config.listen(9)"],
    good: &["import logging.config\nlogging.config.listen(9, verify=f)", "listen(9)"],
};
