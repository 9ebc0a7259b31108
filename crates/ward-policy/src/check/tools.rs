//! Promises that tools run: named in CI and in hooks, gating, often enough, on what is promised.

use ward_evidence::RuleMeta;

use super::{CONFIGURED, Facts, Outcome, broken, kept, listed, proof, rules, weak};
use crate::{
    lexicon::{self, Gates, Tool},
    pipeline::{Hollow, Occasion, Period, Run, Standing},
    promise::{Frequency, Promise},
    topic::Topic,
    verdict::{Proof, Verdict},
};

/// A promise that tools run, named or not.
pub(super) fn judge(facts: &Facts<'_>, promise: &Promise) -> Outcome {
    let named: Vec<&'static Tool> = promise
        .frame
        .tools
        .iter()
        .filter_map(|name| lexicon::tool(name))
        .collect();
    if named.is_empty() {
        return unnamed(facts, promise);
    }
    let mut outcomes: Vec<Outcome> = named.iter().map(|tool| one(facts, promise, tool)).collect();
    // The worst says it; what shows the others stands with it.
    let rank = |outcome: &Outcome| match outcome.verdict {
        Verdict::Broken(_) => 0,
        Verdict::Weak(_) => 1,
        Verdict::NotExamined(_) => 2,
        Verdict::Unverifiable { .. } => 3,
        Verdict::Vague => 4,
        _ => 5,
    };
    outcomes.sort_by_key(rank);
    let worst = outcomes.first().map_or(5, rank);
    let same: Vec<Outcome> = outcomes.into_iter().filter(|outcome| rank(outcome) == worst).collect();
    merged(same)
}

/// Outcomes of one kind as one.
fn merged(outcomes: Vec<Outcome>) -> Outcome {
    let mut all = outcomes.into_iter();
    let Some(mut first) = all.next() else {
        return Outcome::new(
            &rules::VAGUE,
            Verdict::Vague,
            "It names nothing that could be looked for.",
        );
    };
    for other in all {
        let more = match other.verdict {
            Verdict::Kept { proofs, .. } | Verdict::Broken(proofs) | Verdict::Weak(proofs) => proofs.all().to_vec(),
            _ => Vec::new(),
        };
        if let Verdict::Kept { proofs, .. } | Verdict::Broken(proofs) | Verdict::Weak(proofs) = &mut first.verdict {
            for one in more {
                proofs.push(one);
            }
        }
        first.message.push(' ');
        first.message.push_str(&other.message);
    }
    first
}

/// The limits that count against a promise.
fn asked(promise: &Promise, floor: Option<&'static str>) -> Vec<Hollow> {
    let mut out = Vec::new();
    match promise.topic {
        Topic::HistoryScan => out.push(Hollow::ShallowHistory),
        Topic::CustomRules => out.push(Hollow::StockRules),
        _ => {}
    }
    let lower = promise.text.to_ascii_lowercase();
    if promise.topic == Topic::SecretScan
        && [
            "full history",
            "entire history",
            "whole history",
            "git history",
            "complete history",
        ]
        .iter()
        .any(|words| lower.contains(words))
    {
        out.push(Hollow::ShallowHistory);
    }
    let rank = |word: &str| {
        ["low", "medium", "high", "critical"]
            .iter()
            .position(|one| *one == word)
    };
    let every = [" all ", " any ", "every severity"]
        .iter()
        .any(|word| lower.contains(word))
        && (lower.contains("severit") || lower.contains("vulnerab"));
    let lower_promised = match (promise.frame.severity.as_deref().and_then(rank), floor.and_then(rank)) {
        (Some(promised), Some(floor)) => floor > promised,
        (None, Some(_)) => every,
        _ => false,
    };
    if lower_promised {
        out.push(Hollow::SeverityFloor);
    }
    out
}

/// What a named tool's standing makes of a promise.
fn one(facts: &Facts<'_>, promise: &Promise, tool: &'static Tool) -> Outcome {
    let name = tool.name;
    if tool.evidence.gates == Gates::Service {
        return service(facts, promise, tool);
    }
    let runs_nowhere =
        tool.evidence.commands.is_empty() && tool.evidence.actions.is_empty() && tool.evidence.hooks.is_empty();
    if runs_nowhere {
        return library(facts, tool);
    }
    let floor = facts
        .pipelines
        .runs
        .iter()
        .filter(|run| run.tool == name)
        .filter_map(|run| run.floor)
        .next();
    let asked = asked(promise, floor);
    match facts.pipelines.standing(name, &asked) {
        Standing::Gates(runs) => often_enough(facts, promise, name, &runs),
        Standing::Hollow(runs) => hollow(name, &runs, &asked),
        Standing::Unknown(runs) => {
            let why = runs
                .first()
                .and_then(|run| run.unknown)
                .unwrap_or("it is known only when it runs");
            Outcome::new(
                &rules::PROMISE,
                Verdict::NotExamined(format!("{name}: {why}")),
                format!("Whether {name} can fail could not be examined: {why}."),
            )
        }
        Standing::Absent => absent(facts, tool),
    }
}

fn hollow(name: &str, runs: &[&Run], asked: &[Hollow]) -> Outcome {
    let mut proofs = Vec::new();
    let mut first = None;
    for run in runs {
        let limits = run.limits.iter().filter(|limit| asked.contains(limit));
        let reasons: Vec<Hollow> = run.hollow.iter().chain(limits).copied().collect();
        first = first.or(reasons.first().copied());
        let says: Vec<&str> = reasons.iter().map(|one| one.says()).collect();
        proofs.push(proof(
            &run.place.path,
            Some(run.place.line),
            format!(
                "{name}: {} ({})",
                says.join("; "),
                reasons.iter().map(|one| one.word()).collect::<Vec<_>>().join(", ")
            ),
        ));
    }
    let (rule, why): (&'static RuleMeta, &str) = match first {
        Some(Hollow::StockRules) => (&rules::STOCK_RULES, Hollow::StockRules.says()),
        Some(Hollow::ShallowHistory) => (&rules::SHALLOW_HISTORY, Hollow::ShallowHistory.says()),
        Some(first) => (&rules::SCAN_HOLLOW, first.says()),
        None => (&rules::SCAN_HOLLOW, "none of its runs gates"),
    };
    Outcome::new(
        rule,
        weak(proofs),
        format!("{name} runs, and is worth nothing here: {why}."),
    )
}

/// Whether what gates comes as often as is promised.
fn often_enough(facts: &Facts<'_>, promise: &Promise, name: &str, runs: &[&Run]) -> Outcome {
    let shown = |runs: &[&Run]| -> Vec<Proof> {
        let note = |run: &&Run| {
            let on: Vec<&str> = run.occasions.iter().map(|one| one.word()).collect();
            proof(
                &run.place.path,
                Some(run.place.line),
                format!("{name} runs and gates on {}", listed(&on)),
            )
        };
        runs.iter().map(note).collect()
    };
    let has = |wanted: &[Occasion]| {
        runs.iter()
            .any(|run| run.occasions.iter().any(|one| wanted.contains(one)))
    };
    let period = |at_most: Period| {
        runs.iter()
            .any(|run| run.period.is_some_and(|period| period <= at_most))
    };
    let changes = &[
        Occasion::Push,
        Occasion::PullRequest,
        Occasion::MergeGroup,
        Occasion::Commit,
    ];
    let lower = promise.text.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    let mut lacks: Vec<&str> = Vec::new();
    let wanted = promise.frame.frequency;
    let on_changes = matches!(wanted, Some(Frequency::EveryChange | Frequency::EveryCommit));
    if on_changes && !has(changes) {
        lacks.push("on changes");
    }
    // "On every push and every pull request" is two promises; a hook before a commit is neither.
    if on_changes && says(&["pull request", "merge request"]) && !has(&[Occasion::PullRequest, Occasion::MergeGroup]) {
        lacks.push("on pull requests");
    }
    if on_changes && says(&["every push", "each push", "all pushes"]) && !has(&[Occasion::Push]) {
        lacks.push("on pushes");
    }
    if (wanted == Some(Frequency::Daily) || says(&["daily", "nightly", "every day", "every night"]))
        && !period(Period::Day)
    {
        lacks.push("every day");
    }
    if (wanted == Some(Frequency::Weekly) || says(&["weekly", "every week", "each week", "once a week"]))
        && !period(Period::Week)
    {
        lacks.push("every week");
    }
    if (wanted == Some(Frequency::Monthly) || says(&["monthly", "every month"])) && !period(Period::Month) {
        lacks.push("every month");
    }
    let releases = &[Occasion::Tag, Occasion::Release, Occasion::Push, Occasion::PullRequest];
    if wanted == Some(Frequency::EveryRelease) && !has(releases) {
        lacks.push("on releases");
    }
    if !lacks.is_empty() {
        let first = runs.first().map(|run| &run.place);
        let path = first.map_or(".github/workflows", |place| place.path.as_str());
        let note = format!(
            "{name} does not run {}: no schedule or trigger here does that",
            listed(&lacks)
        );
        // GitLab's schedules are settings.
        if runs.iter().any(|run| run.service == crate::pipeline::Service::GitLab) && !lacks.contains(&"on changes") {
            let why = "schedules of GitLab are settings of the forge, not files";
            let verdict = Verdict::Unverifiable {
                why,
                would: "the project's pipeline schedules, from the forge",
            };
            return Outcome::new(&rules::SCHEDULE_ABSENT, verdict, format!("{name} runs; {why}."));
        }
        let mut proofs = vec![proof(path, first.map(|place| place.line), note)];
        proofs.extend(shown(runs).into_iter().skip(1).take(3));
        return Outcome::new(
            &rules::SCHEDULE_ABSENT,
            broken(proofs),
            format!("{name} runs, but not {}.", listed(&lacks)),
        );
    }
    if matches!(wanted, Some(Frequency::Quarterly | Frequency::Yearly)) && !runs.iter().any(|run| run.period.is_some())
    {
        let verdict = Verdict::Unverifiable {
            why: "no schedule comes that seldom here; it may be done by hand",
            would: "dated reports of it",
        };
        return Outcome::new(
            &rules::SCHEDULE_ABSENT,
            verdict,
            format!("{name} runs; that it is done that often is not shown."),
        );
    }
    let idle = facts
        .repository
        .git
        .as_ref()
        .and_then(|git| git.newest_commit)
        .is_some_and(|days| days > 60);
    let only_timed = runs.iter().all(|run| {
        run.occasions
            .iter()
            .all(|one| matches!(one, Occasion::Schedule | Occasion::Manual))
    });
    if idle && only_timed {
        let verdict = Verdict::Unverifiable {
            why: "it runs only at set times, and forges switch those off when a repository has seen no commit for 60 days",
            would: "the runs of the last weeks, from the forge",
        };
        return Outcome::new(
            &rules::SCHEDULE_ABSENT,
            verdict,
            format!("{name} runs only at set times, in a repository without a commit for 60 days."),
        );
    }
    let only_hooks = runs.iter().all(|run| run.occasions == [Occasion::Commit]);
    let limit = if only_hooks {
        "these are hooks of developers' machines: that they are installed, and not passed over, is not shown"
    } else {
        CONFIGURED
    };
    Outcome::new(
        &rules::PROMISE,
        kept(shown(runs), Some(limit)),
        format!("{name} runs and gates."),
    )
}

fn absent(facts: &Facts<'_>, tool: &Tool) -> Outcome {
    let name = tool.name;
    // In a pipeline that is not read, or called from elsewhere, it may run.
    for (path, reason) in &facts.pipelines.not_examined {
        let text = facts.text(path).unwrap_or_default();
        if tool.evidence.commands.iter().any(|command| text.contains(command)) {
            let verdict = Verdict::NotExamined(format!("{path} names {name}: {reason}"));
            return Outcome::new(
                &rules::PROMISE,
                verdict,
                format!("{name} is named in {path}, which was not examined."),
            );
        }
    }
    if let Some((place, reason)) = facts.pipelines.opaque.first() {
        let verdict = Verdict::NotExamined(format!("{}:{}: {reason}", place.path, place.line));
        return Outcome::new(
            &rules::PROMISE,
            verdict,
            format!("{name} runs nowhere that is here; {}: {reason}.", place.path),
        );
    }
    let configured = tool
        .evidence
        .configs
        .iter()
        .find(|config| !config.contains('#') && facts.repository.files.contains_key(**config));
    let mut proofs = vec![facts.pipelines_proof(name)];
    if let Some(config) = configured {
        proofs.push(proof(
            config,
            None,
            format!("a configuration of {name} is there, and nothing runs it"),
        ));
    }
    Outcome::new(
        &rules::TOOL_ABSENT,
        broken(proofs),
        format!("{name} is promised, and nothing here runs it."),
    )
}

/// A tool that a forge or a service runs, by its configuration.
fn service(facts: &Facts<'_>, promise: &Promise, tool: &'static Tool) -> Outcome {
    match tool.name {
        "dependabot" | "renovate" | "pyup" => return super::dependencies::update_bot(facts, promise),
        _ => {}
    }
    let config = tool
        .evidence
        .configs
        .iter()
        .map(|config| config.split('#').next().unwrap_or(config));
    let found: Vec<Proof> = config
        .filter(|config| facts.repository.files.contains_key(*config))
        .map(|config| proof(config, None, format!("{} is configured", tool.name)))
        .collect();
    if found.is_empty() {
        let verdict = Verdict::Unverifiable {
            why: "it runs at a forge or a service, and no file here says so",
            would: "the settings or reports of the service",
        };
        return Outcome::new(
            &rules::PROMISE,
            verdict,
            format!("{} runs at a service: no file here shows it.", tool.name),
        );
    }
    Outcome::new(
        &rules::PROMISE,
        kept(found, Some(CONFIGURED)),
        format!("{} is configured.", tool.name),
    )
}

/// A library: kept when a manifest names it.
fn library(facts: &Facts<'_>, tool: &Tool) -> Outcome {
    let manifest = |name: &str| {
        name.starts_with("requirements")
            || name.starts_with("constraints")
            || matches!(
                name,
                "pyproject.toml"
                    | "setup.py"
                    | "setup.cfg"
                    | "cargo.toml"
                    | "package.json"
                    | "environment.yml"
                    | "pipfile"
                    | "poetry.lock"
                    | "uv.lock"
            )
    };
    let found: Vec<Proof> = facts
        .named(&manifest)
        .take(500)
        .filter_map(|path| {
            let text = facts.text(path)?;
            let line = text.lines().position(|line| mentions(line, tool.name))?;
            Some(proof(
                path,
                u32::try_from(line + 1).ok(),
                format!("{} is a dependency", tool.name),
            ))
        })
        .collect();
    if found.is_empty() {
        let note = format!("no manifest of the repository names {}", tool.name);
        let path = facts.named(&manifest).next().unwrap_or("pyproject.toml");
        return Outcome::new(
            &rules::TOOL_ABSENT,
            broken(vec![proof(path, None, note)]),
            format!("{} is promised, and no manifest names it.", tool.name),
        );
    }
    let limit = "that it is a dependency does not show how it is used";
    Outcome::new(
        &rules::PROMISE,
        kept(found, Some(limit)),
        format!("{} is a dependency.", tool.name),
    )
}

/// Whether a word stands in a line by itself.
fn mentions(line: &str, word: &str) -> bool {
    let line = line.to_ascii_lowercase();
    line.match_indices(word).any(|(at, _)| {
        let edge = |c: Option<char>| !c.is_some_and(|c| c.is_ascii_alphanumeric());
        edge(line.get(..at).and_then(|before| before.chars().next_back()))
            && edge(line.get(at + word.len()..).and_then(|after| after.chars().next()))
    })
}

/// Words that say a machine does it, so that something must run.
const AUTOMATIC: &[&str] = &[
    "automat",
    "continuous integration",
    " ci",
    "ci/cd",
    "ci ",
    "pipeline",
    "workflow",
    "scan",
    "every pull request",
    "every push",
    "each pull request",
    "every commit",
    "each commit",
    "github actions",
    "on every",
    "run on",
    "runs on",
    "are run",
    "is run",
    "we run",
    "before it is merged",
    "before merg",
    "merged",
];

/// A promise without a tool's name: anything that serves its topic.
fn unnamed(facts: &Facts<'_>, promise: &Promise) -> Outcome {
    let serves = |tool: &&'static Tool| {
        tool.topics.contains(&promise.topic)
            || promise.topic == Topic::HistoryScan && tool.topics.contains(&Topic::SecretScan)
            || promise.topic == Topic::CustomRules && matches!(tool.name, "semgrep" | "codeql")
    };
    let mut gating: Vec<Outcome> = Vec::new();
    let (mut hollows, mut unknowns) = (Vec::new(), Vec::new());
    for tool in lexicon::tools()
        .iter()
        .filter(serves)
        .filter(|tool| tool.evidence.gates != Gates::Service)
    {
        let asked = asked(promise, None);
        match facts.pipelines.standing(tool.name, &asked) {
            Standing::Gates(runs) => gating.push(often_enough(facts, promise, tool.name, &runs)),
            Standing::Hollow(runs) => hollows.push(hollow(tool.name, &runs, &asked)),
            Standing::Unknown(_) => unknowns.push(one(facts, promise, tool)),
            Standing::Absent => {}
        }
    }
    if let Some(at) = gating
        .iter()
        .position(|outcome| matches!(outcome.verdict, Verdict::Kept { .. }))
    {
        return gating.swap_remove(at);
    }
    if let Some(first) = gating.into_iter().next() {
        return first;
    }
    if let Some(first) = unknowns.into_iter().next() {
        return first;
    }
    if !hollows.is_empty() {
        return merged(hollows);
    }
    if promise.topic == Topic::CustomRules {
        let own = facts
            .named(&|name| name.ends_with(".ql") || name.ends_with(".qll"))
            .next();
        if let Some(path) = own {
            let verdict = weak(vec![proof(path, None, "own rules are there, and nothing runs them")]);
            return Outcome::new(
                &rules::STOCK_RULES,
                verdict,
                "Own rules are there, and nothing runs them.",
            );
        }
    }
    if promise.topic == Topic::Fuzzing
        && let Some(path) = facts
            .repository
            .files
            .keys()
            .find(|path| path.starts_with("fuzz/") || path.contains("/fuzz/") || path.contains("fuzz_targets"))
    {
        let limit = "that targets are there does not show that they are run";
        return Outcome::new(
            &rules::PROMISE,
            kept(vec![proof(path, None, "targets for a fuzzer")], Some(limit)),
            "Targets for a fuzzer are there.",
        );
    }
    let what = match promise.topic {
        Topic::StaticAnalysis => "static analysis",
        Topic::CustomRules => "own rules of an analyser",
        Topic::TypeCheck => "a type checker",
        Topic::Lint => "a linter",
        Topic::Tests => "tests",
        Topic::Fuzzing => "a fuzzer",
        Topic::HistoryScan => "a scan of the history",
        Topic::DependencyScan => "a check of dependencies",
        Topic::Licences => "a check of licences",
        Topic::Sbom => "what makes a bill of materials",
        Topic::SecretScan => "a scan for secrets",
        Topic::WorkflowHardening => "a check of workflows",
        Topic::SignedReleases => "what signs releases",
        _ => "a tool for it",
    };
    if let Some((place, reason)) = facts.pipelines.opaque.first() {
        let verdict = Verdict::NotExamined(format!("{}:{}: {reason}", place.path, place.line));
        return Outcome::new(
            &rules::PROMISE,
            verdict,
            format!("Nothing here runs {what}; {}: {reason}.", place.path),
        );
    }
    let lower = promise.text.to_ascii_lowercase();
    let firm = AUTOMATIC.iter().any(|word| lower.contains(word))
        || promise
            .frame
            .frequency
            .is_some_and(|often| often != Frequency::Regularly);
    if !firm && promise.topic != Topic::CustomRules {
        return Outcome::new(
            &rules::VAGUE,
            Verdict::Vague,
            "It names no tool, no time and no place, so that nothing can be held against it.",
        );
    }
    Outcome::new(
        &rules::TOOL_ABSENT,
        broken(vec![facts.pipelines_proof(what)]),
        format!("Nothing here runs {what}."),
    )
}

/// A promise of hooks before a commit.
pub(super) fn pre_commit(facts: &Facts<'_>, promise: &Promise) -> Outcome {
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
    let limit = "these are hooks of developers' machines: that they are installed, and not passed over, is not shown";
    Outcome::new(
        &rules::PROMISE,
        kept(gating, Some(limit)),
        "Hooks before a commit are configured.",
    )
}
