//! The condition of a step that is waited for: where it does not hold, the step is passed over, and what comes after it goes
//! on. A job that is passed over takes along what needs it.
//!
//! Source: GitHub Docs, "Workflow syntax", `jobs.<job_id>.steps[*].if`, `jobs.<job_id>.needs`.

use ward_formats::yaml::{Value as Node, Yaml};

use super::{jobs, step_at};
use crate::{
    check::Facts,
    pipeline::{self, Occasion, Run, Service},
};

/// Whether no condition lets something be sent out past a run: that of its step holds whenever the workflow starts, or what
/// sends something out asks the same.
pub(super) fn holds_for<'a>(
    facts: &Facts<'_>,
    root: Node<'_>,
    run: &Run,
    awaited: u32,
    mut sending: impl Iterator<Item = (u32, &'a str)>,
) -> bool {
    if run.service != Service::GitHub {
        return true;
    }
    let jobs = jobs(root);
    let of = |line: u32| jobs.iter().rev().find(|job| job.line <= line);
    let own = of(awaited).and_then(|job| step_at(job, awaited)?.text_of("if"));
    // Some jobs of a matrix, and some people, it leaves out.
    let leaves_some = own.is_some_and(|own| own.contains("matrix.") || own.contains("actor"));
    // What is called has conditions of its own.
    let is_called = run.place.path != run.entry && run.place.path.ends_with("ml");
    // A condition on the branch was held against the default one.
    let asks_for_branch = own.is_some_and(speaks_of_branch) || is_called && called_by_branch(facts, run);
    let leaves_some = leaves_some || asks_for_branch && starts_on_others(root);
    if !leaves_some && comes_surely(root, run) {
        return true;
    }
    let Some(own) = own.filter(|_| !is_called) else {
        return !is_called;
    };
    sending.all(|(line, _)| {
        let Some(job) = of(line) else { return false };
        let conditions = [
            step_at(job, line).and_then(|step| step.text_of("if")),
            job.node.text_of("if"),
        ];
        let asked: Vec<String> = conditions.into_iter().flatten().flat_map(parts).collect();
        parts(own).iter().all(|part| asked.contains(part))
    })
}

/// Whether a condition asks which branch something runs for.
fn speaks_of_branch(condition: &str) -> bool {
    let bare: String = condition.to_ascii_lowercase().replace("['", ".");
    ["github.ref", "github.head_ref", "github.base_ref", "github.event.ref"]
        .iter()
        .any(|name| bare.contains(name))
}

/// Whether a condition in the workflow or the action that is called, and that a run stands in, asks so.
fn called_by_branch(facts: &Facts<'_>, run: &Run) -> bool {
    let text = facts.text(&run.place.path).unwrap_or_default();
    let Ok(yaml) = Yaml::parse(text.as_bytes(), pipeline::YAML) else {
        return true;
    };
    let Some(root) = yaml.root() else { return true };
    let line = run.place.line;
    let job = jobs(root).into_iter().rev().find(|job| job.line <= line);
    let of_action = root.at(&["runs", "steps"]).into_iter().flat_map(Node::items);
    let step = of_action.take_while(|step| step.line() <= line).last();
    let of_job = job.map(|job| [Some(job.node), step_at(&job, line)]);
    let nodes = of_job.into_iter().flatten().flatten().chain(step);
    let mut conditions = nodes.filter_map(|node| node.text_of("if"));
    conditions.any(speaks_of_branch)
}

/// Whether something but a push to one branch, a tag or a time starts a workflow: then it may stand on any branch.
fn starts_on_others(root: Node<'_>) -> bool {
    let Some(on) = root.get("on").or_else(|| root.get("true")) else {
        return true;
    };
    let is_one = |branches: Node<'_>| {
        let mut names = branches.texts().map(|(_, name)| name);
        names
            .next()
            .is_some_and(|name| !name.contains(['*', '?', '[', '+', '!']))
            && names.next().is_none()
    };
    let of_push = |push: Option<Node<'_>>| {
        let get = |key: &str| push.and_then(|push| push.get(key));
        let of_tags = get("tags").is_some() && get("branches-ignore").is_none();
        !get("branches").map_or(of_tags, is_one)
    };
    let is_other = |name: &str, value: Option<Node<'_>>| match name {
        "pull_request" | "pull_request_target" | "schedule" | "release" => false,
        "push" => of_push(value),
        _ => true,
    };
    on.entries()
        .any(|(name, value)| is_other(name.text().unwrap_or_default(), Some(value)))
        || on.texts().any(|(_, name)| is_other(name, None))
}

/// What a condition asks at once; one that has alternatives is a whole.
fn parts(condition: &str) -> Vec<String> {
    let bare: String = condition.chars().filter(|c| !c.is_whitespace()).collect();
    let bare = bare.strip_prefix("${{").unwrap_or(&bare);
    let bare = bare.strip_suffix("}}").unwrap_or(bare);
    if bare.contains("||") {
        return vec![bare.to_owned()];
    }
    let always = |part: &&str| !matches!(*part, "success()" | "always()" | "!cancelled()");
    bare.split("&&").filter(always).map(str::to_owned).collect()
}

/// Whether a run comes with each event that starts its workflow and that may send something out.
fn comes_surely(root: Node<'_>, run: &Run) -> bool {
    let Some(on) = root.get("on").or_else(|| root.get("true")) else {
        return false;
    };
    let comes = |one: Occasion| run.occasions.contains(&one) && !run.perhaps.contains(&one);
    let of_push = |push: Option<Node<'_>>| {
        let has = |key: &str| push.is_some_and(|push| push.get(key).is_some());
        let of_branches = has("branches") || has("branches-ignore");
        let tags = has("tags") || !of_branches && !has("tags-ignore");
        let branches = of_branches || !has("tags");
        (!tags || comes(Occasion::Tag)) && (!branches || comes(Occasion::Push))
    };
    let is_sure = |name: &str, value: Option<Node<'_>>| match name {
        "pull_request" | "pull_request_target" | "workflow_call" => true,
        "push" => of_push(value),
        "release" | "create" | "delete" | "registry_package" | "deployment" => comes(Occasion::Release),
        "workflow_dispatch" => comes(Occasion::Manual),
        "schedule" => comes(Occasion::Schedule),
        "merge_group" => comes(Occasion::MergeGroup),
        _ => comes(Occasion::Other),
    };
    on.entries()
        .all(|(name, value)| is_sure(name.text().unwrap_or_default(), Some(value)))
        && on.texts().all(|(_, name)| is_sure(name, None))
}
