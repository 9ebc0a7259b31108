//! What a job needs: other jobs, which may never run or always fail.

use std::collections::{BTreeMap, BTreeSet};

use ward_formats::yaml::Value as Node;

use super::{matrix::matrices, shells::shell_of};
use crate::pipeline::{expression::Known, script};

/// Jobs of a workflow by their names.
pub(super) type Jobs<'a> = BTreeMap<&'a str, Node<'a>>;
/// A condition that never holds.
pub(super) const NEVER: &str = "false";

/// Whether a condition lets a job or step run whatever became of those before it.
pub(super) fn whatever(condition: &str) -> bool {
    ["always()", "cancelled()", "failure()"]
        .iter()
        .any(|word| condition.contains(word))
}

fn needs(job: Node<'_>) -> impl Iterator<Item = &str> {
    job.get("needs").into_iter().flat_map(Node::texts).map(|(_, text)| text)
}

/// Whether the jobs of a workflow can be put in order: each job that one needs is there, and none needs itself. A forge
/// starts no job of a workflow where they cannot.
pub(super) fn are_ordered(jobs: &Jobs<'_>) -> bool {
    let mut done = BTreeSet::new();
    while done.len() < jobs.len() {
        let ready: Vec<&str> = jobs
            .iter()
            .filter(|(name, job)| !done.contains(*name) && needs(**job).all(|need| done.contains(need)))
            .map(|(name, _)| *name)
            .take(1_000)
            .collect();
        if ready.is_empty() {
            return false;
        }
        done.extend(ready);
    }
    true
}

/// Whether a job fails whenever it runs: a step of it does, and nothing forgives it.
fn fails(job: Node<'_>) -> bool {
    job.get("continue-on-error").is_none()
        && job
            .get("steps")
            .into_iter()
            .flat_map(Node::items)
            .take(100)
            .any(always_fails)
}

/// Whether a step fails whenever it runs, and it runs always.
pub(super) fn always_fails(step: Node<'_>) -> bool {
    let plain = step.get("if").is_none() && step.get("continue-on-error").is_none();
    let shell = shell_of(step.text_of("shell"), &Known::new());
    match (step.text_of("run").filter(|_| plain), shell) {
        (Some(text), Some(shell)) => script::always_fails(text, shell),
        _ => false,
    }
}

/// The conditions of a job and of those it needs.
pub(super) fn conditions<'a>(jobs: &Jobs<'a>, name: &str) -> Vec<&'a str> {
    let mut out = Vec::new();
    let mut waiting = vec![name];
    let mut seen = BTreeSet::new();
    while let Some(name) = waiting.pop() {
        if !seen.insert(name) || seen.len() > 200 {
            continue;
        }
        let Some(job) = jobs.get(name) else { continue };
        let own = job.text_of("if");
        out.extend(own);
        // `always()` runs whatever became of the others.
        if own.is_some_and(whatever) {
            continue;
        }
        for need in needs(*job) {
            if jobs
                .get(need)
                .is_some_and(|job| fails(*job) || matrices(*job).is_empty())
            {
                out.push(NEVER);
            }
            waiting.push(need);
        }
    }
    out
}
