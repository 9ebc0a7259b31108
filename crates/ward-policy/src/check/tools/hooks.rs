//! Promises of hooks before a commit.

use ward_formats::yaml::{Value as Node, Yaml};

use super::{HOOKED, hollow};
use crate::{
    check::{Facts, Outcome, broken, kept, proof, rules, weak},
    lexicon::Tool,
    pipeline::{Occasion, Run, YAML},
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

/// A promise that the repositories of hooks are pinned: to versions or, where the sentence says so, to commits.
pub(in crate::check) fn pinned(facts: &Facts<'_>, promise: &Promise) -> Outcome {
    let lower = promise.text.to_ascii_lowercase().replace("pre-commit", "");
    let of_commits = ["commit", "hash", " sha", "frozen"]
        .iter()
        .any(|word| lower.contains(word));
    let configs = [".pre-commit-config.yaml", ".pre-commit-config.yml"];
    let found = configs.iter().find_map(|path| Some((*path, facts.text(path)?)));
    let Some((path, text)) = found else {
        let why = "no configuration of pre-commit was read";
        let verdict = Verdict::NotExamined(why.to_owned());
        return Outcome::new(&rules::PROMISE, verdict, "No configuration of pre-commit was read.");
    };
    let Ok(yaml) = Yaml::parse(text.as_bytes(), YAML) else {
        let verdict = Verdict::NotExamined(format!("{path} is no YAML that can be read"));
        return Outcome::new(&rules::PROMISE, verdict, format!("{path} is no YAML that can be read."));
    };
    let repos = yaml
        .root()
        .and_then(|root| root.get("repos"))
        .into_iter()
        .flat_map(Node::items);
    let (mut good, mut loose) = (Vec::new(), Vec::new());
    for repo in repos.take(500) {
        let name = repo.text_of("repo").unwrap_or_default();
        if matches!(name, "local" | "meta" | "builtin") {
            continue;
        }
        let rev = repo.text_of("rev").unwrap_or_default();
        let is_commit = rev.len() == 40 && rev.bytes().all(|byte| byte.is_ascii_hexdigit());
        let is_version = rev.bytes().any(|byte| byte.is_ascii_digit());
        let line = Some(repo.get("rev").unwrap_or(repo).line());
        if is_commit || is_version && !of_commits {
            good.push(proof(path, line, format!("{name} is pinned")));
        } else {
            loose.push(proof(
                path,
                line,
                format!(
                    "{name} is not pinned to {}",
                    if of_commits { "a commit" } else { "a version" }
                ),
            ));
        }
    }
    if !loose.is_empty() {
        loose.truncate(12);
        return Outcome::new(&rules::UNPINNED, broken(loose), "Hooks are not pinned as it says.");
    }
    good.truncate(12);
    Outcome::new(
        &rules::PROMISE,
        kept(good, Some(HOOKED)),
        "Hooks are pinned as it says.",
    )
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
    let lower = promise.text.to_ascii_lowercase();
    if !hooks.is_empty() && others.is_empty() && lower.contains("pinned") {
        return pinned(facts, promise);
    }
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
