//! Patients' data and secrets in logs, on the terminal, in telemetry and in the text of exceptions.

use ruff_python_ast::{Expr, ExprCall, Stmt};
use ward_evidence::{
    RuleMeta, Severity,
    controls::{CODE_2A, SEC_1A},
};

use super::super::super::{
    Ctx,
    rule::{Hit, Node, On, Out, Rule, Site},
};
use super::{mentions, sensitive::Sensitive};

/// Where a text leaves the program's memory for a log or a service.
const SINKS: &[On] = &[
    On::CallPrefix("logging."),
    On::CallPrefix("loguru.logger."),
    On::CallPrefix("structlog."),
    On::Method("debug"),
    On::Method("info"),
    On::Method("warning"),
    On::Method("warn"),
    On::Method("error"),
    On::Method("critical"),
    On::Method("exception"),
    On::Method("log"),
    On::Call("print"),
    On::Call("wandb.log"),
    On::Call("mlflow.log_param"),
    On::Call("mlflow.log_params"),
    On::Call("mlflow.log_text"),
    On::Call("mlflow.set_tag"),
    On::Call("sentry_sdk.capture_message"),
    On::Call("sentry_sdk.set_context"),
    On::Call("sentry_sdk.set_user"),
    On::Call("sentry_sdk.set_tag"),
    On::Call("warnings.warn"),
    On::Call("streamlit.write"),
    On::Raise,
];

pub(super) static PHI: Rule = Rule {
    meta: RuleMeta {
        id: "ml/phi-in-log",
        severity: Severity::Medium,
        controls: &[CODE_2A],
        summary: "What identifies a patient goes into a log, a message or telemetry.",
        docs: "Logs are copied, indexed, kept for years and read by people who treat nobody: a name or a record number in them \
            is a disclosure, and in somebody else's telemetry a transfer. The rule goes by the names of variables and fields \
            (`patient_name`, `mrn`, `date_of_birth`), so it sees what a program calls by its name, and no more.\n\n\
            Example: `logger.info(f\"scored {patient.name}\")`\n\n\
            **Instead:** log a count, or a token that means something only in the place it comes from; de-identify the text \
            first (`ward deid`).\n\n\
            Source: 45 CFR 164.312(b), 164.514; OWASP Logging Cheat Sheet, data to exclude; CWE-532, CWE-359.",
    },
    on: SINKS,
    check: |ctx, site, out| check(ctx, site, out, Sensitive::Phi),
    bad: &[
        "import logging\nlogging.info(f'scored {patient_name}')",
        "import logging\nlog = logging.getLogger(__name__)\ndef f(patient):\n    log.warning('no result for %s', patient.name)",
        "print('MRN', record['mrn'])",
        "raise ValueError('unknown patient ' + patient_id)",
        "import wandb\nwandb.log({'note': clinical_note})",
    ],
    good: &[
        "import logging\nlogging.info('scored %d', n_patients)",
        "import logging\nlogging.info(f'{len(patients)} read')",
        "import logging\nlogging.info(redact(patient_name))",
        "record.info(patient_name)",
    ],
};

pub(super) static SECRET: Rule = Rule {
    meta: RuleMeta {
        id: "ml/secret-in-log",
        severity: Severity::Medium,
        controls: &[SEC_1A, CODE_2A],
        summary: "A secret goes into a log, a message or telemetry.",
        docs: "Whoever reads the log, now or in an archive years later, can use it. The rule goes by the names of variables and \
            fields (`password`, `api_key`, `access_token`).\n\n\
            Example: `logger.debug(\"connecting with %s\", api_key)`\n\n\
            **Instead:** leave it out; where people have to tell keys apart, log the last four characters or a name for it.\n\n\
            Source: OWASP Logging Cheat Sheet, data to exclude; CWE-532.",
    },
    on: SINKS,
    check: |ctx, site, out| check(ctx, site, out, Sensitive::Secret),
    bad: &[
        "import logging\nlogger = logging.getLogger()\nlogger.debug('with %s', api_key)",
        "print(f'password is {password}')",
    ],
    good: &[
        "print('password changed')",
        "import logging\nlogging.info('key %s', mask(api_key))",
        "print(total_tokens)",
    ],
};

fn check<'a>(ctx: &Ctx<'a>, site: &Site<'a, '_>, out: &mut Out<'_>, kind: Sensitive) {
    let shown: Vec<&'a Expr> = match site.node {
        Node::Call(call) => {
            if !is_sink(ctx, call, site.name) {
                return;
            }
            let positional = call.arguments.args.iter();
            let named = call.arguments.keywords.iter().filter(|keyword| {
                !matches!(
                    keyword.arg.as_ref().map(|arg| arg.as_str()),
                    Some("file" | "exc_info" | "stacklevel" | "sep" | "end")
                )
            });
            positional.chain(named.map(|keyword| &keyword.value)).collect()
        }
        Node::Stmt(Stmt::Raise(raise)) => match raise.exc.as_deref() {
            Some(Expr::Call(call)) => call.arguments.args.iter().collect(),
            _ => return,
        },
        _ => return,
    };
    let Some((found, word)) = shown.into_iter().find_map(|expr| mentions::find(ctx, expr, kind)) else {
        return;
    };
    let raised = matches!(site.node, Node::Stmt(_));
    let printed = site.name == "print";
    let severity = if raised || printed {
        Severity::Low
    } else {
        Severity::Medium
    };
    let place = if raised {
        "the text of an exception"
    } else if printed {
        "the output"
    } else {
        "a log or telemetry"
    };
    let what = match kind {
        Sensitive::Phi => "a patient's data",
        Sensitive::Secret => "a secret",
    };
    let hit = Hit::at(found)
        .severity(severity)
        .note(format!("`{word}`, {what} by its name, goes into {place}"));
    out.report(hit.thorough_if(ctx.is_test()));
}

/// Whether a call of `debug`, `info` and so on is one of a logger.
fn is_sink<'a>(ctx: &Ctx<'a>, call: &'a ExprCall, name: &str) -> bool {
    let Expr::Attribute(attribute) = &*call.func else {
        // `print(..)`, `log(..)` imported by name.
        return name == "print" || name.contains('.');
    };
    let last = attribute.attr.as_str();
    let level = matches!(
        last,
        "debug" | "info" | "warning" | "warn" | "error" | "critical" | "exception" | "log"
    );
    if !level {
        return !name.starts_with("logging.") && !name.starts_with("structlog.") && !name.starts_with("loguru.");
    }
    if name.starts_with("logging.")
        || name.starts_with("structlog.")
        || name.starts_with("loguru.")
        || name == "wandb.log"
    {
        return true;
    }
    let receiver = ctx.text(&*attribute.value).to_ascii_lowercase();
    let receiver = receiver.trim_end_matches("()");
    receiver.ends_with("log") || receiver.ends_with("logger") || receiver.ends_with("logging")
}
