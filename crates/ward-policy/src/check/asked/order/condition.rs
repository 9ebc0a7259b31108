//! The condition of a step that is waited for: where it does not hold, the step is passed over, and what comes after it goes
//! on. A job that is passed over takes along what needs it.
//!
//! Source: GitHub Docs, "Workflow syntax", `jobs.<job_id>.steps[*].if`, `jobs.<job_id>.needs`.

use ward_formats::yaml::Value as Node;

use super::{jobs, step_at};
use crate::pipeline::{Occasion, Run, Service};

/// Whether no condition lets something be sent out past a run: that of its step holds whenever the workflow starts, or what
/// sends something out asks the same.
pub(super) fn holds_for<'a>(
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
    if !leaves_some && comes_surely(root, run) {
        return true;
    }
    // What is called has conditions of its own.
    let is_called = run.place.path != run.entry && run.place.path.ends_with("ml");
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
