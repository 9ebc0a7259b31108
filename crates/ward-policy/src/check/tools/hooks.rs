//! Promises of hooks before a commit.

use super::{HOOKED, hollow};
use crate::{
    check::{Facts, Outcome, broken, kept, proof, rules, weak},
    lexicon::Tool,
    pipeline::{Occasion, Run},
    promise::Promise,
    verdict::{Proof, Verdict},
};

/// A promise that pre-commit.ci, a service, runs tools whose hooks are configured here; none for others.
pub(super) fn at_service(facts: &Facts<'_>, promise: &Promise, tools: &[&Tool]) -> Option<Outcome> {
    if !promise.text.to_ascii_lowercase().contains("pre-commit.ci") {
        return None;
    }
    let mut others = tools.iter().filter(|tool| tool.name != "pre-commit").peekable();
    others.peek()?;
    let is_hook = |tool: &&Tool| {
        let mut runs = facts.pipelines.runs.iter();
        runs.any(|run| run.tool == tool.name && run.occasions.contains(&Occasion::Commit) && run.gates())
    };
    others.all(is_hook).then(|| {
        let verdict = Verdict::Unverifiable {
            why: "pre-commit.ci runs at a service, and no file here shows that it is switched on",
            would: "its checks of the last pull requests, from the forge",
        };
        let says = "The hooks are configured; that pre-commit.ci runs them is not shown by files.";
        Outcome::new(&rules::PROMISE, verdict, says)
    })
}

/// A promise of hooks before a commit.
pub(in crate::check) fn judge(facts: &Facts<'_>, promise: &Promise) -> Outcome {
    let others: Vec<&'static str> = promise
        .frame
        .tools
        .iter()
        .copied()
        .filter(|name| !matches!(*name, "pre-commit" | "husky" | "lefthook"))
        .collect();
    let hooks: Vec<&Run> = facts
        .pipelines
        .runs
        .iter()
        .filter(|run| run.occasions.contains(&Occasion::Commit))
        .collect();
    if hooks.is_empty() {
        let note = "no configuration of pre-commit, Husky or Lefthook has a hook";
        let path = if facts.repository.files.contains_key(".pre-commit-config.yaml") {
            ".pre-commit-config.yaml"
        } else {
            "."
        };
        return Outcome::new(
            &rules::HOOKS_ABSENT,
            broken(vec![proof(path, None, note)]),
            "Hooks before a commit are promised, and there are none.",
        );
    }
    for name in &others {
        if !hooks.iter().any(|run| run.tool == *name && run.gates()) {
            let verdict = if let Some(run) = hooks.iter().find(|run| run.tool == *name) {
                let why = run.hollow.first().map_or("it does not gate", |one| one.says());
                weak(vec![proof(
                    &run.place.path,
                    Some(run.place.line),
                    format!("{name}: {why}"),
                )])
            } else {
                let path = hooks.first().map_or(".", |run| run.place.path.as_str());
                broken(vec![proof(path, None, format!("no hook runs {name}"))])
            };
            return Outcome::new(
                &rules::TOOL_ABSENT,
                verdict,
                format!("{name} is promised before commits, and no hook runs it so that it gates."),
            );
        }
    }
    let gating: Vec<Proof> = hooks
        .iter()
        .filter(|run| run.gates())
        .take(12)
        .map(|run| {
            proof(
                &run.place.path,
                Some(run.place.line),
                format!("a hook: {}", run.command),
            )
        })
        .collect();
    if gating.is_empty() {
        return hollow("pre-commit", &hooks, &[]);
    }
    Outcome::new(
        &rules::PROMISE,
        kept(gating, Some(HOOKED)),
        "Hooks before a commit are configured.",
    )
}
