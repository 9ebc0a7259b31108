//! The rules about workflows and actions of GitHub.

use std::collections::{BTreeMap, BTreeSet};

use ward_evidence::Severity;
use ward_formats::yaml::{Shape, Value, Yaml};

use super::{
    actions::{self, Revision, Uses},
    agent, checks,
    expression::{Untrusted, blanked, expressions, flows},
    injection, pin,
    rules::*,
};
use crate::code::infra::{
    command::{self, Downloads, Origin},
    file::File,
    pipeline::triggers,
    workflow::Pin,
};

/// What is known of a whole workflow.
pub(super) struct Workflow<'a> {
    pub(super) events: BTreeSet<&'a str>,
    /// A composite action: whoever uses it decides what its inputs are.
    pub(super) composite: bool,
    /// The inputs that are one of a few values.
    pub(super) closed_inputs: BTreeSet<String>,
}

impl Workflow<'_> {
    pub(super) fn on(&self, events: &[&str]) -> bool {
        events.iter().any(|event| self.events.contains(event))
    }

    /// Started by strangers, and run with the rights and secrets of the repository.
    pub(super) fn is_privileged(&self) -> bool {
        self.on(&[
            "pull_request_target",
            "issue_comment",
            "issues",
            "discussion",
            "discussion_comment",
            "workflow_run",
            "fork",
            "watch",
            "gollum",
        ])
    }
}

/// A job, or the whole of a composite action.
#[derive(Clone, Copy)]
pub(super) struct Job<'a> {
    pub(super) node: Value<'a>,
}

/// Says what is wrong with a workflow or an action.
pub(in super::super) fn github(file: &mut File<'_>, yaml: &Yaml) {
    let Some(root) = yaml.root().filter(|root| root.shape() == Shape::Mapping) else {
        return;
    };
    for key in yaml.duplicates() {
        let at = (key.line(), key.column());
        file.not_examined(Some(at), "a key stands twice: which value holds is not certain");
    }
    let workflow = workflow(root);
    whole_secrets(file, &workflow);
    let env = injection::environment(&BTreeMap::new(), root, &workflow);
    if let Some(runs) = root.get("runs") {
        if let Some(image) = runs.text_of("image").filter(|image| image.starts_with("docker://")) {
            let at = runs.get("image").map_or((1, 1), |value| (value.line(), value.column()));
            image_is_pinned(file, image, at);
        }
        steps(file, &workflow, Job { node: runs }, &env);
        return;
    }
    let Some(jobs) = root.get("jobs") else { return };
    permissions(file, root, jobs, &workflow);
    if workflow.on(&["pull_request_target", "workflow_run"])
        && let Some((name, key, _)) = triggers(root)
            .into_iter()
            .find(|(name, ..)| matches!(*name, "pull_request_target" | "workflow_run"))
    {
        let note = format!("`{name}` gives the secrets and a token that can write to what strangers start");
        file.report_thorough(&TRIGGER, Severity::Low, (key.line(), key.column()), note, name);
    }
    unsecure_commands(file, root);
    let publishes = injection::publishes(yaml);
    for (name, job) in jobs.entries() {
        let env = injection::environment(&env, job, &workflow);
        let at = (name.line(), name.column());
        unsecure_commands(file, job);
        runner(file, job, &workflow);
        images(file, job);
        if let Some(uses) = job.get("uses") {
            called(file, job, uses);
        }
        let job = Job { node: job };
        steps(file, &workflow, job, &env);
        if publishes {
            caches(file, job, &workflow, at);
        }
    }
}

fn workflow(root: Value<'_>) -> Workflow<'_> {
    let named = triggers(root);
    let composite = root.get("runs").is_some();
    let mut closed_inputs = BTreeSet::new();
    let of_events = named
        .iter()
        .filter_map(|(.., value)| value.and_then(|value| value.get("inputs")));
    for (name, input) in of_events.flat_map(Value::entries) {
        if matches!(
            input.text_of("type"),
            Some("boolean" | "number" | "choice" | "environment")
        ) && let Some(name) = name.text()
        {
            closed_inputs.insert(name.to_ascii_lowercase());
        }
    }
    Workflow {
        events: named.iter().map(|(name, ..)| *name).collect(),
        composite,
        closed_inputs,
    }
}

/// Which rights the token has.
fn permissions(file: &mut File<'_>, root: Value<'_>, jobs: Value<'_>, workflow: &Workflow<'_>) {
    let all = jobs.entries().count();
    let stated = jobs
        .entries()
        .filter(|(_, job)| job.get("permissions").is_some())
        .count();
    let entry = root.entry("permissions");
    if entry.is_none() && stated < all {
        let (line, column) = root
            .entry("jobs")
            .map_or((root.line(), root.column()), |(key, _)| (key.line(), key.column()));
        let note = "the token of the jobs has whatever rights the repository gives by default, which may be all";
        // Pull requests of forks get a token that can only read.
        let only_forks = workflow
            .events
            .iter()
            .all(|event| matches!(*event, "pull_request" | "merge_group"));
        if only_forks {
            file.report_thorough(&NO_PERMISSIONS, Severity::Low, (line, column), note, "permissions");
        } else {
            file.report(&NO_PERMISSIONS, (line, column), note, "permissions");
        }
    }
    let of_jobs = jobs.entries().filter_map(|(_, job)| job.entry("permissions"));
    for (key, value) in entry.into_iter().chain(of_jobs) {
        if value.text() == Some("write-all") {
            let severity = if workflow.is_privileged() {
                Severity::High
            } else {
                WIDE_PERMISSIONS.severity
            };
            let note = "the token may write everything: code, releases, packages, settings of the pipeline";
            file.report_as(
                &WIDE_PERMISSIONS,
                severity,
                (key.line(), key.column()),
                note,
                "write-all",
            );
        }
    }
    for (key, value) in entry.into_iter().flat_map(|(_, value)| value.entries()) {
        let scope = key.text().unwrap_or_default();
        if value.text() == Some("write") && all > 1 {
            let note = format!("every job may write `{scope}`: state it at the job that needs it");
            file.report_thorough(
                &WIDE_PERMISSIONS,
                Severity::Low,
                (key.line(), key.column()),
                note,
                scope,
            );
        }
    }
}

/// Expressions that become all secrets at once, wherever they stand but in a comment.
fn whole_secrets(file: &mut File<'_>, workflow: &Workflow<'_>) {
    let severity = if workflow.is_privileged() {
        Severity::High
    } else {
        SECRETS_WHOLE.severity
    };
    for (range, inside) in expressions(file.text) {
        let at = file.at(range.start);
        let comment = file.line(at.0).trim_start().starts_with('#');
        if !comment && flows(inside).iter().any(|context| context == "secrets") {
            let note = "every secret that the job can see becomes one text, in which logs do not mask them";
            file.report_as(&SECRETS_WHOLE, severity, at, note, inside.trim());
        }
    }
}

fn unsecure_commands(file: &mut File<'_>, of: Value<'_>) {
    let Some((key, value)) = of
        .get("env")
        .and_then(|env| env.entry("ACTIONS_ALLOW_UNSECURE_COMMANDS"))
    else {
        return;
    };
    if value.text().is_some_and(|text| text.eq_ignore_ascii_case("true")) {
        let note = "whatever a step prints can set variables of the steps after it";
        file.report(
            &UNSECURE_COMMANDS,
            (key.line(), key.column()),
            note,
            "ACTIONS_ALLOW_UNSECURE_COMMANDS",
        );
    }
}

fn runner(file: &mut File<'_>, job: Value<'_>, workflow: &Workflow<'_>) {
    let Some(runs_on) = job.get("runs-on") else { return };
    let own = runs_on.texts().any(|(_, text)| text == "self-hosted");
    let group = runs_on.get("group").is_some()
        || runs_on
            .get("labels")
            .is_some_and(|labels| labels.texts().any(|(_, text)| text == "self-hosted"));
    if !own && !group {
        return;
    }
    let at = (runs_on.line(), runs_on.column());
    let strangers = workflow.on(&[
        "pull_request",
        "pull_request_target",
        "issue_comment",
        "pull_request_review",
    ]);
    if strangers && own {
        let note = "in a public repository a pull request of a stranger runs on a machine of yours, and can stay there";
        file.report(&SELF_HOSTED, at, note, "self-hosted");
    } else if strangers {
        let note = "a pull request runs on a group of runners: when they are your own machines, it can stay there";
        file.report_thorough(&SELF_HOSTED, Severity::Low, at, note, "group");
    }
}

fn images(file: &mut File<'_>, job: Value<'_>) {
    let containers = job.get("container").into_iter().chain(
        job.get("services")
            .into_iter()
            .flat_map(Value::entries)
            .map(|(_, service)| service),
    );
    for container in containers {
        let image = container.get("image").unwrap_or(container);
        if let Some(text) = image.text() {
            image_is_pinned(file, text, (image.line(), image.column()));
        }
        if let Some(password) = container.at(&["credentials", "password"])
            && let Some(text) = password.text()
            && command::is_secret_value(text)
        {
            let at = (password.line(), password.column());
            let note = "the password of a registry is written into the workflow".to_owned();
            file.report_secret(&CREDENTIAL, CREDENTIAL.severity, at, note, text);
        }
        if let Some(options) = container.get("options")
            && options.text().is_some_and(|text| text.contains("--privileged"))
        {
            let note = "the container has the rights of the machine it runs on";
            file.report_thorough(
                &super::super::container::PRIVILEGED,
                Severity::Low,
                (options.line(), options.column()),
                note,
                "options",
            );
        }
    }
}

pub(super) fn image_is_pinned(file: &mut File<'_>, image: &str, at: (u32, u32)) {
    let name = image.trim_start_matches("docker://");
    match pin(&blanked(image)) {
        Pin::Nothing => {
            let note = format!("{name} is whatever its registry holds today");
            file.report(&UNPINNED_IMAGE, at, note, image);
        }
        Pin::Tag => {
            let note = format!("the tag of {name} can be moved: only a digest (`@sha256:..`) names one content");
            file.report_thorough(&UNPINNED_IMAGE, Severity::Low, at, note, image);
        }
        Pin::Digest | Pin::Unknown => {}
    }
}

/// A reusable workflow: its revision and the secrets it gets.
fn called(file: &mut File<'_>, job: Value<'_>, uses: Value<'_>) {
    let text = uses.text().unwrap_or_default();
    let local = actions::uses(text) == Uses::Local;
    if let Some((key, value)) = job.entry("secrets")
        && value.text() == Some("inherit")
    {
        let at = (key.line(), key.column());
        if local {
            let note = "every secret of the repository goes to the workflow that is called: name those it needs";
            file.report_thorough(&SECRETS_INHERIT, Severity::Low, at, note, text);
        } else {
            let note = format!(
                "every secret of the repository goes to {}",
                text.split('@').next().unwrap_or(text)
            );
            file.report(&SECRETS_INHERIT, at, note, text);
        }
    }
    used(file, uses, job);
}

/// Whether what is used is pinned and not known to be bad. `step` says what it is given.
fn used(file: &mut File<'_>, uses: Value<'_>, step: Value<'_>) {
    let Some(text) = uses.text() else { return };
    let at = (uses.line(), uses.column());
    let (owner, name, path, revision) = match actions::uses(text) {
        Uses::Docker(image) => return image_is_pinned(file, image, at),
        Uses::Remote {
            owner,
            name,
            path,
            revision,
        } => (owner, name, path, revision),
        Uses::Local | Uses::Unknown => return,
    };
    // Beside a commit people write the version that it is.
    let line = file.line(uses.line());
    let comment = line.rsplit_once('#').map_or("", |(_, comment)| comment.trim());
    let kind = actions::revision(revision);
    let version = match kind {
        Revision::Commit => comment.split_whitespace().next().unwrap_or_default(),
        _ => revision,
    };
    if actions::PLANTED.contains(&revision) {
        let note = format!("this commit of {owner}/{name} is the one that attackers planted");
        file.report_as(&KNOWN_BAD, Severity::Critical, at, note, text);
    }
    for advisory in actions::advisories(owner, name, version) {
        let severity = if advisory.compromised {
            Severity::Critical
        } else {
            KNOWN_BAD.severity
        };
        let note = format!("{} {version} {} ({})", advisory.action, advisory.what, advisory.id);
        file.report_as(&KNOWN_BAD, severity, at, note, text);
    }
    if kind == Revision::Commit {
        return;
    }
    let secrets = given_secrets(step);
    let what = if path.ends_with(".yml") || path.ends_with(".yaml") {
        "workflow"
    } else {
        "action"
    };
    let how = match (kind, revision) {
        (_, "") => "by no revision at all".to_owned(),
        (Revision::Tag, _) => format!("by the tag `{revision}`, which its owner can move"),
        _ => format!("by the branch `{revision}`, which changes with every push"),
    };
    let note = format!("the {what} {owner}/{name} is named {how}");
    if actions::is_first_party(owner) {
        if kind == Revision::Tag {
            file.report_thorough(&UNPINNED_ACTION, Severity::Low, at, note, text);
        } else {
            file.report_as(&UNPINNED_ACTION, Severity::Low, at, note, text);
        }
    } else if secrets {
        let note = format!("{note}, and gets secrets");
        file.report_as(&UNPINNED_ACTION, Severity::High, at, note, text);
    } else {
        file.report(&UNPINNED_ACTION, at, note, text);
    }
}

/// Whether a step gives secrets other than the job's own token to what it uses.
fn given_secrets(step: Value<'_>) -> bool {
    let given = ["with", "env", "secrets"]
        .iter()
        .filter_map(|key| step.get(key))
        .flat_map(Value::entries);
    given.filter_map(|(_, value)| value.text()).any(|text| {
        expressions(text).iter().any(|(_, inside)| {
            flows(inside)
                .iter()
                .any(|context| context.starts_with("secrets") && context != "secrets.github_token")
        })
    })
}

fn steps(file: &mut File<'_>, workflow: &Workflow<'_>, job: Job<'_>, env: &BTreeMap<String, Untrusted>) {
    let mut foreign = false;
    let mut token_left: Option<(u32, u32)> = None;
    let mut downloads = Downloads::of_job();
    for step in job.node.get("steps").into_iter().flat_map(Value::items) {
        let env = injection::environment(env, step, workflow);
        unsecure_commands(file, step);
        let uses = step.text_of("uses").unwrap_or_default();
        if let Some(value) = step.get("uses") {
            used(file, value, step);
        }
        if workflow.is_privileged() && injection::checks_out_strangers(file, workflow, job, step) {
            foreign = true;
        }
        injection::look(file, workflow, job, step, &env, foreign);
        agent::look(file, workflow, step);
        checks::look(file, job.node, step);
        credentials(file, step);
        if let Some(run) = step.get("run").filter(|run| run.text().is_some()) {
            let shell = step.text_of("shell").unwrap_or_default();
            if !["pwsh", "powershell", "cmd", "python"]
                .iter()
                .any(|other| shell.starts_with(other))
            {
                downloads.examine(file, &blanked(run.text().unwrap_or_default()), Origin::Scalar(run));
            }
        }
        if uses.starts_with("actions/checkout@") {
            let kept = step.at(&["with", "persist-credentials"]).and_then(Value::text) != Some("false");
            if kept {
                let at = step
                    .get("uses")
                    .map_or((step.line(), step.column()), |uses| (uses.line(), uses.column()));
                let note = "the token stays in `.git/config`, where every later step can read it";
                file.report_thorough(&KEPT_TOKEN, Severity::Low, at, note, "checkout");
                token_left = Some(at);
            }
        } else if uses.starts_with("actions/upload-artifact@")
            && let (Some(at), Some(path)) = (token_left, step.at(&["with", "path"]))
            && path.text().unwrap_or_default().lines().any(|line| {
                matches!(
                    line.trim(),
                    "." | "./"
                        | "*"
                        | "./*"
                        | "**"
                        | "./**"
                        | "${{ github.workspace }}"
                        | "${{github.workspace}}"
                        | ".."
                )
            })
        {
            // From version 4.4 on hidden files are left out where nobody asks for them.
            let hidden = step.at(&["with", "include-hidden-files"]).and_then(Value::text) == Some("true");
            let old = ["v1", "v2", "v3"].iter().any(|old| uses.ends_with(&format!("@{old}")));
            if hidden || old {
                let note = "the whole folder is uploaded with `.git/config`, and the token in it";
                file.report(&KEPT_TOKEN, at, note, "uploaded");
            }
        }
    }
    downloads.finish(file);
}

/// Values in `env` and `with` whose name says that they are secret.
fn credentials(file: &mut File<'_>, step: Value<'_>) {
    for (key, value) in ["env", "with"]
        .iter()
        .filter_map(|key| step.get(key))
        .flat_map(Value::entries)
    {
        let (Some(name), Some(text)) = (key.text(), value.text()) else {
            continue;
        };
        if let Some(what) = command::switches_tls_off(name, text) {
            let note = format!("`{name}` {what}");
            file.report(&super::super::command::TLS_OFF, (key.line(), key.column()), note, name);
        }
        // Databases and tools that live as long as the job have passwords that protect nothing.
        let toy = [
            "postgres", "mysql", "redis", "root", "rabbit", "mongo", "minio", "pg", "test", "local", "cache",
        ]
        .iter()
        .any(|word| name.to_ascii_lowercase().contains(word));
        if command::is_secret_name(name)
            && command::is_secret_value(text)
            && text.len() >= 8
            && !toy
            && text.bytes().any(|byte| byte.is_ascii_digit())
        {
            let at = (value.line(), value.column());
            let note = format!("`{name}` is written into the workflow");
            file.report_secret(&CREDENTIAL, CREDENTIAL.severity, at, note, text);
        }
    }
}

/// A workflow that publishes takes what any branch has put into the cache.
fn caches(file: &mut File<'_>, job: Job<'_>, workflow: &Workflow<'_>, at: (u32, u32)) {
    if !workflow.on(&["release", "push", "workflow_dispatch"]) || workflow.on(&["pull_request"]) {
        return;
    }
    for step in job.node.get("steps").into_iter().flat_map(Value::items) {
        let uses = step.text_of("uses").unwrap_or_default();
        let caches = uses.starts_with("actions/cache@")
            || uses.starts_with("actions/cache/restore@")
            || uses.starts_with("actions/setup-")
                && step
                    .at(&["with", "cache"])
                    .is_some_and(|cache| !cache.is_null() && cache.boolean() != Some(false))
            || uses.to_ascii_lowercase().starts_with("swatinem/rust-cache@");
        if caches {
            let at = step.get("uses").map_or(at, |uses| (uses.line(), uses.column()));
            let note = "what is published can hold what another workflow of the branch left in the cache";
            file.report_thorough(&CACHE, Severity::Low, at, note, uses);
        }
    }
}
