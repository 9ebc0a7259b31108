//! Text of strangers that becomes part of a script, and code of strangers that is run with the rights of the repository.

use std::collections::BTreeMap;

use ward_evidence::Severity;
use ward_formats::yaml::{Value, Yaml};

use super::{
    expression::{Untrusted, blanked, expressions, flows, untrusted},
    github::{Job, Workflow},
    rules::{BOT_CONDITION, ENVIRONMENT_INJECTION, INJECTION, UNTRUSTED_CHECKOUT},
};
use crate::code::infra::{command::Origin, file::File, shell};

/// The variables whose value strangers write: those of `outer`, changed by the `env` of a node.
pub(super) fn environment(
    outer: &BTreeMap<String, Untrusted>,
    of: Value<'_>,
    workflow: &Workflow<'_>,
) -> BTreeMap<String, Untrusted> {
    let mut out = outer.clone();
    for (key, value) in of.get("env").into_iter().flat_map(Value::entries) {
        let (Some(name), Some(text)) = (key.text(), value.text()) else {
            continue;
        };
        out.remove(name);
        let written = expressions(text)
            .iter()
            .flat_map(|(_, inside)| flows(inside))
            .filter_map(|context| stranger(&context, workflow, outer))
            .max();
        if let Some(written) = written {
            out.insert(name.to_owned(), written);
        }
    }
    out
}

/// How freely strangers write a context in this workflow. None where they do not, or where no event brings it.
fn stranger(context: &str, workflow: &Workflow<'_>, env: &BTreeMap<String, Untrusted>) -> Option<Untrusted> {
    if let Some(name) = context.strip_prefix("env.") {
        return env
            .iter()
            .find(|(other, _)| other.eq_ignore_ascii_case(name))
            .map(|(_, how)| *how);
    }
    let parts: Vec<&str> = context.split('.').collect();
    if matches!(parts[..], ["steps", _, "outputs", ..] | ["needs", _, "outputs", ..]) {
        return Some(Untrusted::Derived);
    }
    let how = untrusted(context)?;
    if how == Untrusted::Caller {
        let name = context.rsplit('.').next().unwrap_or_default();
        return (!workflow.closed_inputs.contains(name)).then_some(how);
    }
    let event = context
        .strip_prefix("github.event.")
        .and_then(|rest| rest.split('.').next());
    let events: &[&str] = match event {
        Some("issue") => &["issues", "issue_comment"],
        Some("comment") => &[
            "issue_comment",
            "commit_comment",
            "discussion_comment",
            "pull_request_review_comment",
        ],
        Some("review" | "review_comment") => &["pull_request_review", "pull_request_review_comment"],
        Some("discussion") => &["discussion", "discussion_comment"],
        Some("pages") => &["gollum"],
        Some("commits" | "head_commit") => &["push"],
        Some("workflow_run") => &["workflow_run"],
        Some("pull_request" | "changes") => &[
            "pull_request",
            "pull_request_target",
            "pull_request_review",
            "pull_request_review_comment",
            "issue_comment",
        ],
        None if context == "github.head_ref" => &["pull_request", "pull_request_target"],
        _ => return Some(how),
    };
    // A called workflow has the event of its caller, an action that of its user.
    (workflow.composite || workflow.on(&["workflow_call"]) || workflow.on(events)).then_some(how)
}

/// Inputs of actions that are run as a program.
const SCRIPTS: &[(&str, &str)] = &[
    ("actions/github-script", "script"),
    ("azure/cli", "inlineScript"),
    ("azure/powershell", "inlineScript"),
    ("appleboy/ssh-action", "script"),
    ("nick-fields/retry", "command"),
    ("nick-invision/retry", "command"),
    ("addnab/docker-run-action", "run"),
    ("reactivecircus/android-emulator-runner", "script"),
    ("jannekem/run-python-script-action", "script"),
    ("mikefarah/yq", "cmd"),
    ("cross-platform-actions/action", "run"),
    ("vmactions/", "run"),
    ("uraimo/run-on-arch-action", "run"),
    ("coactions/setup-xvfb", "run"),
    ("gabrielbb/xvfb-action", "run"),
    ("amadevus/pwsh-script", "script"),
    ("pypa/cibuildwheel", "CIBW_BEFORE_BUILD"),
];

/// Looks at what a step runs.
pub(super) fn look(
    file: &mut File<'_>,
    workflow: &Workflow<'_>,
    job: Job<'_>,
    step: Value<'_>,
    env: &BTreeMap<String, Untrusted>,
    foreign: bool,
) {
    let uses = step.text_of("uses").unwrap_or_default().to_ascii_lowercase();
    let script = SCRIPTS
        .iter()
        .find(|(action, _)| uses.starts_with(action))
        .and_then(|(_, input)| step.at(&["with", input]));
    for value in [step.get("run"), script].into_iter().flatten() {
        let Some(text) = value.text() else { continue };
        for (range, inside) in expressions(text) {
            let written = flows(inside)
                .into_iter()
                .filter_map(|context| Some((stranger(&context, workflow, env)?, context)))
                .max();
            if let Some((how, context)) = written {
                let at = Origin::Scalar(value).at(file, range.start);
                inject(file, workflow, at, how, &context);
            }
        }
        writes_environment(file, workflow, value, env);
    }
    if foreign && workflow.is_privileged() {
        // Reported where the code is checked out; what runs it afterwards needs no second finding.
        return;
    }
    for of in [job.node, step] {
        if let Some((_, condition)) = of.entry("if")
            && let Some(text) = condition.text()
            && workflow.on(&["pull_request_target", "workflow_run"])
            && text.contains("github.actor")
            && text.contains("[bot]")
            && !text.contains("user.login")
        {
            let note = "`github.actor` is whoever caused the last event, and not who wrote the code: a stranger can make a bot be that";
            file.report(
                &BOT_CONDITION,
                condition.place_in(text.find("github.actor").unwrap_or(0)),
                note,
                "actor",
            );
        }
    }
}

fn inject(file: &mut File<'_>, workflow: &Workflow<'_>, at: (u32, u32), how: Untrusted, context: &str) {
    let becomes = format!("`{context}` becomes part of the script before it is run");
    match how {
        Untrusted::Text | Untrusted::Name => {
            let (severity, who) = if workflow.is_privileged() {
                (
                    Severity::Critical,
                    "a stranger runs commands with the secrets and the token of the repository",
                )
            } else if workflow.on(&["pull_request", "pull_request_review", "pull_request_review_comment"]) {
                (
                    Severity::Medium,
                    "a stranger runs commands in the job, with a token that can only read",
                )
            } else if workflow.composite || workflow.on(&["workflow_call"]) {
                (
                    Severity::High,
                    "where a stranger's event starts the caller, the stranger runs commands",
                )
            } else {
                (Severity::Medium, "whoever can push runs commands in the job")
            };
            file.report_as(&INJECTION, severity, at, format!("{becomes}: {who}"), context);
        }
        Untrusted::Caller if workflow.composite => {
            let note = format!("{becomes}: a caller who passes a stranger's text on runs the stranger's commands");
            file.report_as(&INJECTION, Severity::Low, at, note, context);
        }
        Untrusted::Caller => {
            let note = format!("{becomes}: whoever starts or calls the workflow runs commands in it");
            file.report_thorough(&INJECTION, Severity::Low, at, note, context);
        }
        Untrusted::Derived => {
            let note = format!("{becomes}: whether that is harmless depends on the step it comes from");
            file.report_thorough(&INJECTION, Severity::Low, at, note, context);
        }
    }
}

/// `echo "X=$BODY" >> $GITHUB_ENV`: a line break in the text sets another variable.
fn writes_environment(
    file: &mut File<'_>,
    workflow: &Workflow<'_>,
    value: Value<'_>,
    env: &BTreeMap<String, Untrusted>,
) {
    let Some(text) = value.text() else { return };
    if !text.contains("GITHUB_ENV") && !text.contains("GITHUB_PATH") {
        return;
    }
    let privileged = workflow.is_privileged();
    for command in shell::commands(&blanked(text)) {
        let into = command
            .redirects
            .iter()
            .any(|(_, word)| word.text.contains("GITHUB_ENV") || word.text.contains("GITHUB_PATH"));
        if !into {
            continue;
        }
        for (name, how) in env {
            let used = command.words.iter().any(|word| {
                !word.literal && (word.text.contains(&format!("${name}")) || word.text.contains(&format!("${{{name}")))
            });
            if used && *how == Untrusted::Text {
                let severity = if privileged {
                    ENVIRONMENT_INJECTION.severity
                } else {
                    Severity::Low
                };
                let note = format!(
                    "a line break in `{name}`, which a stranger writes, sets other variables for the steps that follow"
                );
                let at = Origin::Scalar(value).at(file, command.start());
                file.report_as(&ENVIRONMENT_INJECTION, severity, at, note, name);
            }
        }
    }
}

/// Whether a step of a privileged workflow takes the code of a stranger; says so.
pub(super) fn checks_out_strangers(
    file: &mut File<'_>,
    workflow: &Workflow<'_>,
    job: Job<'_>,
    step: Value<'_>,
) -> bool {
    let uses = step.text_of("uses").unwrap_or_default();
    let head = |text: &str| {
        let of_strangers = |context: &String| {
            context.contains("pull_request.head")
                || context == "github.head_ref"
                || context.contains("workflow_run.head")
                || context.contains("workflow_run.pull_requests")
                || context.contains("pull_request.merge_commit_sha")
        };
        text.contains("refs/pull/")
            || expressions(text)
                .iter()
                .any(|(_, inside)| flows(inside).iter().any(of_strangers))
    };
    let at = if uses.starts_with("actions/checkout@") {
        ["ref", "repository"].iter().find_map(|key| {
            let value = step.at(&["with", key])?;
            head(value.text()?).then(|| (value.line(), value.column()))
        })
    } else {
        step.get("run").and_then(|run| {
            let text = run.text()?;
            let blank = blanked(text);
            let command = shell::commands(&blank).into_iter().find(|command| {
                let Some((program, words)) = command.program() else {
                    return false;
                };
                let first = words.first().map_or("", |word| word.text.as_str());
                let second = words.get(1).map_or("", |word| word.text.as_str());
                match program {
                    "gh" => first == "pr" && second == "checkout",
                    "git" if matches!(first, "fetch" | "pull" | "checkout" | "switch" | "clone") => {
                        let from = words.first().map_or(0, |word| word.start);
                        let to = words.last().map_or(from, |word| word.start + word.text.len());
                        text.get(from..to)
                            .is_some_and(|part| part.contains("pull/") && !part.contains("github.com/") || head(part))
                    }
                    _ => false,
                }
            })?;
            Some(run.place_in(command.start()))
        })
    };
    let Some(at) = at else { return false };
    let steps = job.node.get("steps").into_iter().flat_map(Value::items);
    let runs_after = steps.skip_while(|other| other.id() != step.id()).skip(1).any(|other| {
        other.get("run").is_some()
            || other
                .text_of("uses")
                .is_some_and(|uses| uses.starts_with('.') || uses.contains("setup-") || uses.contains("build-push"))
    });
    let runs_too = runs_after || step.get("run").is_some();
    // A person has to let it through: a protected environment, a label, a check of who it is.
    let condition = job.node.text_of("if").unwrap_or_default();
    let guarded = job.node.get("environment").is_some()
        || [
            "label",
            "author_association",
            "head.repo.full_name == github.repository",
            "head.repo.fork",
            "permission",
            "head_repository.full_name",
        ]
        .iter()
        .any(|word| condition.contains(word));
    let severity = match (runs_too, guarded) {
        (true, false) => UNTRUSTED_CHECKOUT.severity,
        (true, true) => Severity::Medium,
        (false, false) => Severity::High,
        (false, true) => Severity::Low,
    };
    let event = ["pull_request_target", "workflow_run", "issue_comment"]
        .into_iter()
        .find(|event| workflow.on(&[event]));
    let note = format!(
        "`{}` runs with the secrets of the repository, and here it takes the code of a pull request{}",
        event.unwrap_or("the event"),
        if guarded { "; a condition limits whose" } else { "" }
    );
    file.report_as(&UNTRUSTED_CHECKOUT, severity, at, note, "checkout");
    true
}

/// Whether a workflow publishes something that others install.
pub(super) fn publishes(yaml: &Yaml) -> bool {
    const USES: &[&str] = &[
        "pypa/gh-action-pypi-publish@",
        "softprops/action-gh-release@",
        "docker/build-push-action@",
        "goreleaser/",
        "js-devtools/npm-publish@",
    ];
    const RUNS: &[&str] = &[
        "twine upload",
        "npm publish",
        "cargo publish",
        "uv publish",
        "poetry publish",
        "docker push",
        "gh release create",
    ];
    yaml.nodes().filter_map(Value::text).any(|text| {
        USES.iter().any(|start| {
            text.get(..start.len())
                .is_some_and(|head| head.eq_ignore_ascii_case(start))
        }) || RUNS.iter().any(|command| text.contains(command))
    })
}
