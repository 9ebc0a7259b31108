//! Settings of the environment that a program makes for itself.

use ruff_python_ast::{Expr, Stmt};
use ward_evidence::{
    RuleMeta, Severity,
    controls::{CODE_2A, SEC_1A},
};

use super::super::super::{
    Ctx,
    rule::{Hit, On, Rule},
};

/// `os.environ["NAME"] = value`: the name and the value.
fn set<'a>(ctx: &Ctx<'a>, stmt: &'a Stmt) -> Option<(String, &'a Expr)> {
    let Stmt::Assign(assign) = stmt else { return None };
    let [Expr::Subscript(target)] = assign.targets.as_slice() else {
        return None;
    };
    if ctx.name(&target.value).as_deref() != Some("os.environ") {
        return None;
    }
    Some((ctx.str(&target.slice)?.into_owned(), &assign.value))
}

/// Variables that switch a check off when they hold something true (or, with `false`, something false).
const OFF: &[(&str, bool, &str)] = &[
    ("TRANSFORMERS_TRUST_REMOTE_CODE", true, "code of every model is run"),
    ("HF_DATASETS_TRUST_REMOTE_CODE", true, "code of every data set is run"),
    (
        "TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD",
        true,
        "every `torch.load` unpickles without limits",
    ),
    (
        "TORCH_FORCE_WEIGHTS_ONLY_LOAD",
        false,
        "every `torch.load` unpickles without limits",
    ),
    (
        "HF_HUB_DISABLE_SSL_VERIFY",
        true,
        "the hub's certificate is not checked",
    ),
    ("PYTHONHTTPSVERIFY", false, "certificates are not checked"),
    ("CURL_CA_BUNDLE", false, "certificates are not checked by Requests"),
    ("REQUESTS_CA_BUNDLE", false, "certificates are not checked by Requests"),
    ("GIT_SSL_NO_VERIFY", true, "git checks no certificate"),
    ("NODE_TLS_REJECT_UNAUTHORIZED", false, "certificates are not checked"),
    ("ANONYMIZED_TELEMETRY", true, "telemetry is switched on"),
    (
        "LANGCHAIN_TRACING_V2",
        true,
        "every prompt and answer is sent to a tracing service",
    ),
    (
        "LANGSMITH_TRACING",
        true,
        "every prompt and answer is sent to a tracing service",
    ),
    ("OAUTHLIB_INSECURE_TRANSPORT", true, "OAuth goes over plain HTTP"),
];

pub(super) static CHECKS_OFF: Rule = Rule {
    meta: RuleMeta {
        id: "ml/checks-off-by-environment",
        severity: Severity::High,
        controls: &[CODE_2A],
        summary: "The program sets a variable that switches a check off for every library in it.",
        docs: "Libraries read these variables wherever they are used, so one line far from everything else undoes what a \
            reader of the rest sees.\n\n\
            Example: `os.environ[\"TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD\"] = \"1\"`\n\n\
            **Instead:** leave the check on, and make the one exception where it is needed, with a reason beside it. An empty \
            `CURL_CA_BUNDLE` counts as switching the check off; tracing sends prompts, patients' words included, to \
            somebody else.\n\n\
            Source: documentation of PyTorch, Transformers, Datasets, Requests and LangSmith; CWE-295, CWE-502, CWE-359.",
    },
    on: &[On::Assign],
    check: |ctx, site, out| {
        let Some(stmt) = site.stmt() else { return };
        let Some((name, value)) = set(ctx, stmt) else { return };
        let Some((_, when, what)) = OFF.iter().find(|(known, ..)| *known == name) else {
            return;
        };
        let Some(text) = ctx.str(value) else { return };
        let truthy = matches!(text.to_ascii_lowercase().as_str(), "1" | "true" | "yes" | "on" | "y");
        let falsy = matches!(
            text.to_ascii_lowercase().as_str(),
            "" | "0" | "false" | "no" | "off" | "n"
        );
        let hit = if *when { truthy } else { falsy };
        if hit {
            let tracing = name.contains("TRACING") || name.contains("TELEMETRY");
            let severity = if tracing { Severity::Low } else { Severity::High };
            out.report(
                Hit::at(stmt)
                    .severity(severity)
                    .note(format!("`{name}`: {what}"))
                    .thorough_if(ctx.is_test()),
            );
        }
    },
    bad: &[
        "import os\nos.environ['TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD'] = '1'",
        "import os\nos.environ['CURL_CA_BUNDLE'] = ''",
        "from os import environ\nenviron['HF_DATASETS_TRUST_REMOTE_CODE'] = 'true'",
    ],
    good: &[
        "import os\nos.environ['TOKENIZERS_PARALLELISM'] = 'false'",
        "import os\nos.environ['CURL_CA_BUNDLE'] = '/etc/ssl/ca.pem'",
    ],
};

pub(super) static KEY_ASSIGNED: Rule = Rule {
    meta: RuleMeta {
        id: "ml/key-in-environment-assignment",
        severity: Severity::Medium,
        controls: &[SEC_1A, CODE_2A],
        summary: "A key is written into the program and put into the environment.",
        docs: "`os.environ[\"OPENAI_API_KEY\"] = \"...\"` keeps the key in the repository and its history, and gives it to every \
            process that is started from here.\n\n\
            **Instead:** set it outside of the program, from a secret store; `getpass.getpass()` in a notebook. The engine for \
            secrets looks at the value itself; this rule sees that one stands here.\n\n\
            Source: CWE-798.",
    },
    on: &[On::Assign],
    check: |ctx, site, out| {
        let Some(stmt) = site.stmt() else { return };
        let Some((name, value)) = set(ctx, stmt) else { return };
        let key = [
            "_API_KEY",
            "_TOKEN",
            "_SECRET",
            "_PASSWORD",
            "_SECRET_KEY",
            "_ACCESS_KEY",
        ];
        if !key.iter().any(|end| name.ends_with(end)) {
            return;
        }
        let Some(text) = ctx.str(value) else { return };
        let lower = text.to_ascii_lowercase();
        let stand_in = text.len() < 12
            || !text.bytes().any(|byte| byte.is_ascii_digit())
            || text.contains(['<', '>', '{', '}', ' ', '*'])
            || [
                "your", "xxx", "here", "example", "dummy", "test", "fake", "change", "none", "empty", "local",
            ]
            .iter()
            .any(|word| lower.contains(word));
        if !stand_in {
            out.report(Hit::at(stmt).value(name).thorough_if(ctx.is_test()));
        }
    },
    bad: &["import os\nos.environ['OPENAI_API_KEY'] = 'k7Qw93hfLx02mZpT'"],
    good: &[
        "import os\nos.environ['OPENAI_API_KEY'] = 'your-key-here'",
        "import os, getpass\nos.environ['OPENAI_API_KEY'] = getpass.getpass()",
        "import os\nos.environ['WANDB_MODE'] = 'offline'",
    ],
};
