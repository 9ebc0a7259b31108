//! Promises that tools run: named in CI and in hooks, gating, often enough, on what is promised.

use ward_evidence::RuleMeta;

use super::{
    CONFIGURED, Facts, Outcome,
    asked::{Asked, Lack, is_hook},
    broken, kept, listed, proof, rules, weak,
};
use crate::{
    lexicon::{self, Gates, Tool},
    pipeline::{self, Hollow, Occasion, Run, Service},
    promise::{Frequency, Place, Promise},
    topic::Topic,
    verdict::{Proof, Verdict},
};

mod elsewhere;
mod hooks;

pub(super) use hooks::{judge as pre_commit, pinned as pinned_hooks};

/// The limit of what hooks show.
const HOOKED: &str =
    "these are hooks of developers' machines: that they are installed, and not passed over, is not shown";

/// The limit of what runs with a baseline show.
const BASELINE: &str =
    "this is configuration: that it ran is not shown, and what stands in its baseline passes, whatever it is";

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
    if let Some(outcome) = hooks::at_service(facts, promise, &named) {
        return outcome;
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

/// What the runs of a tool make of a promise.
enum Standing {
    /// A run gates; what its sentence asks beyond that is weighed.
    Gates(Outcome),
    /// It runs, and no run of it gates.
    Hollow(Outcome),
    /// Whether one gates was not examined.
    Unknown(Outcome),
    /// It runs nowhere, or not where the sentence says.
    Absent,
}

fn standing(facts: &Facts<'_>, promise: &Promise, tool: &'static Tool) -> Standing {
    let asked = Asked::of(facts, promise);
    let runs = facts.pipelines.runs.iter();
    let runs = runs.filter(|run| run.tool == tool.name && asked.is_in_workflow(run));
    // A scan that makes no bill of materials says nothing of one, where no tool is named.
    let of_bill = promise.topic == Topic::Sbom && promise.frame.tools.is_empty();
    let makes_none = |run: &Run| run.serves.as_ref().is_some_and(|serves| !serves.contains(&Topic::Sbom));
    let runs = runs.filter(|run| !(of_bill && makes_none(run)));
    // What is told to look for something else says nothing beside what is not.
    let is_aside = |run: &Run| {
        let serves = run.serves.as_ref().filter(|_| tool.topics.contains(&promise.topic));
        serves.is_some_and(|serves| !serves.contains(&promise.topic))
    };
    let has_own = runs.clone().any(|run| !is_aside(run));
    let runs = runs.filter(|run| !(has_own && is_aside(run)));
    // What is said of releases need not come with anything else.
    let lower = promise.text.to_ascii_lowercase();
    let of_releases = lower.contains("release") && !lower.contains("release note")
        || lower.contains("publication")
        || asked.is_of_releases();
    let runs: Vec<Run> = runs
        .map(|run| {
            let mut run = run.clone();
            run.hollow.retain(|one| !(of_releases && *one == Hollow::OnlyTags));
            // A release that somebody starts has its run where that waits for it.
            if run.hollow == [Hollow::ManualOnly] && asked.comes_first(facts, &run) {
                run.hollow.clear();
            }
            if run.hollow == [Hollow::BranchOther] && lower.contains("release branch") {
                run.hollow.clear();
                run.unknown = run
                    .unknown
                    .or(Some("which branches are those of releases is not known"));
            }
            run
        })
        .collect();
    let runs: Vec<&Run> = runs.iter().collect();
    let name = runs.first().map_or(tool.name, |run| run.called());
    match pipeline::Standing::of(runs, &asked.limits) {
        pipeline::Standing::Gates(runs) => Standing::Gates(gating(facts, tool, &asked, promise, &runs)),
        pipeline::Standing::Hollow(runs) => match installed_for(facts, &runs) {
            Some((at, reason)) => {
                let why = format!("{}:{}: {reason}", at.path, at.line);
                let says = format!("{name} is installed, and what runs it may be in what was not examined: {why}.");
                Standing::Unknown(Outcome::new(&rules::PROMISE, Verdict::NotExamined(why), says))
            }
            None => Standing::Hollow(hollow(name, &runs, &asked.limits)),
        },
        pipeline::Standing::Unknown(runs) => {
            let why = runs.first().and_then(|run| run.unknown);
            let why = why.unwrap_or("it is known only when it runs");
            Standing::Unknown(Outcome::new(
                &rules::PROMISE,
                Verdict::NotExamined(format!("{name}: {why}")),
                format!("Whether {name} can fail could not be examined: {why}."),
            ))
        }
        pipeline::Standing::Absent => Standing::Absent,
    }
}

/// What may run a tool that is seen to be installed only: a task or a script that was not read.
fn installed_for<'f>(facts: &'f Facts<'_>, runs: &[&Run]) -> Option<&'f (Place, &'static str)> {
    let only_installed = runs.iter().all(|run| run.hollow == [Hollow::OnlyInstalled]);
    facts.pipelines.opaque.first().filter(|_| only_installed)
}

/// What a named tool's standing makes of a promise.
fn one(facts: &Facts<'_>, promise: &Promise, tool: &'static Tool) -> Outcome {
    if tool.evidence.gates == Gates::Service {
        return elsewhere::service(facts, promise, tool);
    }
    let runs_nowhere =
        tool.evidence.commands.is_empty() && tool.evidence.actions.is_empty() && tool.evidence.hooks.is_empty();
    if runs_nowhere {
        return elsewhere::library(facts, promise, tool);
    }
    if tool.name == "codeql" && promise.text.to_ascii_lowercase().contains("default setup") {
        let verdict = Verdict::Unverifiable {
            why: "CodeQL's default setup is a setting of the forge, and no file shows it",
            would: "the settings of the forge (`gh api repos/OWNER/NAME/code-scanning/default-setup`)",
        };
        let says = "CodeQL's default setup is a setting of the forge: no file shows it.";
        return Outcome::new(&rules::FORGE_SETTING, verdict, says);
    }
    match standing(facts, promise, tool) {
        Standing::Gates(outcome) | Standing::Hollow(outcome) | Standing::Unknown(outcome) => outcome,
        Standing::Absent => elsewhere::absent(facts, promise, tool, &Asked::of(facts, promise)),
    }
}

/// Whether a sentence joins two things.
fn joins_two(promise: &Promise) -> bool {
    promise.text.to_ascii_lowercase().contains(" and ")
}

/// Weighs runs that gate: those that do what is asked keep it, if they come as often as is asked.
fn gating(facts: &Facts<'_>, tool: &Tool, asked: &Asked, promise: &Promise, runs: &[&Run]) -> Outcome {
    let name = runs.first().map_or(tool.name, |run| run.called());
    let (mut good, mut lacking) = (Vec::new(), Vec::new());
    for run in runs {
        match asked.lacks(tool, run) {
            None => good.push(*run),
            Some(lack) => lacking.push((*run, lack)),
        }
    }
    if good.is_empty() {
        let soft = lacking.iter().all(|(_, lack)| matches!(lack, Lack::Severity(_)));
        let proofs: Vec<Proof> = lacking
            .into_iter()
            .map(|(run, lack)| {
                let (Lack::Severity(says) | Lack::Other(says)) = lack;
                proof(&run.place.path, Some(run.place.line), says)
            })
            .collect();
        let says = proofs
            .first()
            .map_or_else(String::new, |first| format!("{}.", first.note));
        return if soft {
            Outcome::new(&rules::SCAN_HOLLOW, weak(proofs), says)
        } else {
            Outcome::new(&rules::RUN_DIFFERS, broken(proofs), says)
        };
    }
    // Coverage is that of all runs which come as promised; what no run looks at is missed.
    let coming = asked.coming(&good);
    let together = if coming.is_empty() { &good } else { &coming };
    if let Some(says) = asked.missed(facts, tool, together) {
        return missed(facts, asked, tool, together, says);
    }
    let lacks = asked.comes_not(&good);
    if !lacks.is_empty() {
        return seldom(name, &lacks, &good);
    }
    let is_shown = |run: &&&Run| asked.not_shown(facts, run).is_none();
    let shown: Vec<&Run> = good.iter().filter(is_shown).copied().collect();
    let coming = asked.coming(&shown);
    let together = if coming.is_empty() { &shown } else { &coming };
    let missing = asked.not_shown_by(facts, together);
    if asked.comes_not(&shown).is_empty() && !shown.is_empty() && missing.is_none() {
        return kept_by(facts, asked, promise, name, &shown);
    }
    // "On every pull request and before every release", "and on every release": what comes with releases need not come with
    // the others.
    let both: Vec<&Run> = good
        .iter()
        .filter(|run| asked.shows_the_rest(facts, run))
        .copied()
        .collect();
    let is_both = joins_two(promise) && asked.is_of_releases() && asked.comes_not(&both).is_empty();
    if is_both && asked.releases(&shown) && missing.is_none() {
        return kept_by(facts, asked, promise, name, &both);
    }
    let says = good
        .iter()
        .find_map(|run| asked.not_shown(facts, run))
        .or(missing)
        .unwrap_or_default();
    let open = good.iter().find_map(|run| asked.open_step(facts, run));
    let step = open.map_or_else(String::new, |step| {
        format!(" ({step} is not known to hand out nothing)")
    });
    let verdict = Verdict::NotExamined(format!("nothing that was read shows {says}{step}"));
    let says = format!("{name} runs and gates; nothing that was read shows {says}{step}.");
    Outcome::new(&rules::PROMISE, verdict, says)
}

/// A part that no run which gates looks at: broken, unless a run of which too little is known may look at it.
fn missed(facts: &Facts<'_>, asked: &Asked, tool: &Tool, runs: &[&Run], says: String) -> Outcome {
    let mut others = facts.pipelines.runs.iter();
    let unknown = others.find(|run| {
        run.tool == tool.name && run.hollow.is_empty() && run.unknown.is_some() && asked.is_in_workflow(run)
    });
    if let Some(why) = unknown.and_then(|run| run.unknown) {
        let verdict = Verdict::NotExamined(format!("{}: {why}", tool.name));
        return Outcome::new(
            &rules::PROMISE,
            verdict,
            format!("{says}, unless another run of it does: {why}."),
        );
    }
    let note = |run: &&Run| proof(&run.place.path, Some(run.place.line), says.clone());
    let proofs = runs.iter().take(4).map(note).collect();
    Outcome::new(&rules::RUN_DIFFERS, broken(proofs), format!("{says}."))
}

/// What shows that runs gate, with the command, so that a reader can hold it against the sentence.
fn shown(runs: &[&Run]) -> Vec<Proof> {
    let note = |run: &&Run| {
        let name = run.called();
        let on: Vec<&str> = run.occasions.iter().map(|one| one.word()).collect();
        let floor = run.floor.map_or_else(String::new, |floor| {
            format!(", on findings of {floor} severity and above")
        });
        let baseline = if run.baseline {
            ", but on what its baseline holds"
        } else {
            ""
        };
        let note = format!("{name} runs and gates on {}{floor}{baseline}", listed(&on));
        proof(&run.place.path, Some(run.place.line), note)
    };
    runs.iter().map(note).collect()
}

/// Runs that gate, and do not come as often as is promised.
fn seldom(name: &str, lacks: &[&str], runs: &[&Run]) -> Outcome {
    // GitLab's schedules are settings.
    let timed = lacks.iter().all(|lack| lack.starts_with("every"));
    if timed && runs.iter().any(|run| run.service == Service::GitLab) {
        let why = "schedules of GitLab are settings of the forge, not files";
        let verdict = Verdict::Unverifiable {
            why,
            would: "the project's pipeline schedules, from the forge",
        };
        return Outcome::new(&rules::SCHEDULE_ABSENT, verdict, format!("{name} runs; {why}."));
    }
    let first = runs.first().map(|run| &run.place);
    let path = first.map_or(".github/workflows", |place| place.path.as_str());
    let note = format!(
        "{name} does not run {}: no schedule or trigger here does that",
        listed(lacks)
    );
    let mut proofs = vec![proof(path, first.map(|place| place.line), note)];
    proofs.extend(shown(runs).into_iter().skip(1).take(3));
    let says = format!("{name} runs, but not {}.", listed(lacks));
    Outcome::new(&rules::SCHEDULE_ABSENT, broken(proofs), says)
}

/// Runs that do what is asked, with what keeps them from showing it.
fn kept_by(facts: &Facts<'_>, asked: &Asked, promise: &Promise, name: &str, runs: &[&Run]) -> Outcome {
    let unverifiable = |rule, why, would, says: String| Outcome::new(rule, Verdict::Unverifiable { why, would }, says);
    let seldom = matches!(promise.frame.frequency, Some(Frequency::Quarterly | Frequency::Yearly));
    if seldom && !runs.iter().any(|run| run.period.is_some()) {
        return unverifiable(
            &rules::SCHEDULE_ABSENT,
            "no schedule comes that seldom here; it may be done by hand",
            "dated reports of it",
            format!("{name} runs; that it is done that often is not shown."),
        );
    }
    let newest = facts.repository.git.as_ref().and_then(|git| git.newest_commit);
    let is_timed = |run: &&Run| {
        run.occasions
            .iter()
            .all(|one| matches!(one, Occasion::Schedule | Occasion::Manual))
    };
    if newest.is_some_and(|days| days > 60) && runs.iter().all(is_timed) {
        return unverifiable(
            &rules::SCHEDULE_ABSENT,
            "it runs only at set times, and forges switch those off when a repository has seen no commit for 60 days",
            "the runs of the last weeks, from the forge",
            format!("{name} runs only at set times, in a repository without a commit for 60 days."),
        );
    }
    let only_hooks = runs.iter().all(|run| is_hook(run));
    let on_commits = matches!(promise.frame.frequency, Some(Frequency::EveryCommit));
    if only_hooks && !asked.hooks && !on_commits {
        return unverifiable(
            &rules::RUN_DIFFERS,
            "it runs in hooks of developers' machines only, where somebody installed them",
            "a run of it in a pipeline",
            format!("{name} runs only in hooks on the machines of developers who installed them."),
        );
    }
    if asked.people {
        return unverifiable(
            &rules::CONDUCT,
            "what people do with what it finds is not shown by files",
            "the record of what it found, and of what became of it",
            format!("{name} runs and gates; what people do with what it finds is not shown here."),
        );
    }
    let limit = match (only_hooks, runs.iter().all(|run| run.baseline)) {
        (_, true) => BASELINE,
        (true, false) => HOOKED,
        (false, false) => CONFIGURED,
    };
    let says = format!("{name} runs and gates.");
    Outcome::new(&rules::PROMISE, kept(shown(runs), Some(limit)), says)
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
    // Nothing runs of what is commented out.
    if runs.iter().all(|run| run.hollow.contains(&Hollow::CommentedOut)) {
        let says = format!("{name} is promised, and stands only in comments: nothing here runs it.");
        return Outcome::new(&rules::TOOL_ABSENT, broken(proofs), says);
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

/// Whether a sentence says that a machine does it, by more than the word "scan".
pub(super) fn is_automatic(promise: &Promise) -> bool {
    let lower = promise.text.to_ascii_lowercase();
    let says = |word: &&&str| **word != "scan" && lower.contains(**word);
    let often = promise
        .frame
        .frequency
        .is_some_and(|often| often != Frequency::Regularly);
    often || AUTOMATIC.iter().filter(says).count() > 0
}

/// A promise without a tool's name: anything that serves its topic.
fn unnamed(facts: &Facts<'_>, promise: &Promise) -> Outcome {
    let alerts = promise.text.to_ascii_lowercase().contains("dependabot alert");
    if alerts && promise.topic == Topic::DependencyScan {
        let verdict = Verdict::Unverifiable {
            why: "alerts are a setting of the forge, and no file shows it",
            would: "the settings of the forge, and the alerts that were closed",
        };
        let says = "Alerts of the forge are not shown by files.";
        return Outcome::new(&rules::FORGE_SETTING, verdict, says);
    }
    if promise.topic == Topic::Lint
        && let Some(outcome) = elsewhere::other_linter(facts, promise)
    {
        return outcome;
    }
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
        match standing(facts, promise, tool) {
            Standing::Gates(outcome) => gating.push(outcome),
            Standing::Hollow(outcome) => hollows.push(outcome),
            Standing::Unknown(outcome) => unknowns.push(outcome),
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
        if promise.frame.frequency.is_some() {
            let verdict = Verdict::Unverifiable {
                why: "targets for a fuzzer are there, and nothing here shows how often they run",
                would: "a schedule that runs them, or reports of the service that does",
            };
            let says = "How often the targets of the fuzzer run is not shown.";
            return Outcome::new(&rules::PROMISE, verdict, says);
        }
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
    if is_automatic(promise)
        && let Some(outcome) = elsewhere::in_unread(facts, promise, what)
    {
        return outcome;
    }
    if let Some((place, reason)) = facts.pipelines.opaque.first() {
        let verdict = Verdict::NotExamined(format!("{}:{}: {reason}", place.path, place.line));
        return Outcome::new(
            &rules::PROMISE,
            verdict,
            format!("Nothing here runs {what}; {}: {reason}.", place.path),
        );
    }
    let by_plugins = ["owasp-dependency-check", "cyclonedx"]
        .iter()
        .filter_map(|name| lexicon::tool(name));
    if let Some(outcome) = by_plugins
        .filter(serves)
        .find_map(|tool| elsewhere::called(facts, tool))
    {
        return outcome;
    }
    let firm = is_automatic(promise) || promise.text.to_ascii_lowercase().contains("scan");
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
