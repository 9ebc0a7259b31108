//! What comes before what in a pipeline: whether a run comes before the steps that publish.
//!
//! Source: GitHub Docs, "Workflow syntax", `jobs.<job_id>.needs`; GitLab Docs, "CI/CD YAML syntax reference", `stages`, `needs`.

mod condition;
mod open;
mod rules;
mod version;
mod words;

use std::{
    cell::RefCell,
    collections::{BTreeSet, HashMap},
};

use ward_formats::yaml::{Shape, Value as Node, Yaml};
use ward_scan::code::infra::pipeline::GLOBAL;

use crate::{
    check::Facts,
    pipeline::{self, Occasion, Run},
};

pub(super) use words::Order;
use words::{Sent, Tie};

/// What hands a package to others, wherever a pipeline stands: images and pages may be those of a branch.
const RELEASES: &[&str] = &[
    "npm publish",
    "pnpm publish",
    "cargo publish",
    "twine upload",
    "poetry publish",
    "uv publish",
    "flit publish",
    "hatch publish",
    "gem push",
    "pypi-publish",
    "action-gh-release",
    "gh release create",
    "goreleaser",
    "semantic-release",
];

/// What hands an image to others.
const IMAGES: &[&str] = &[
    "docker push",
    "podman push",
    "buildah push",
    "skopeo copy",
    "push: true",
    "--push",
    "docker compose push",
    "docker-compose push",
    "ko build",
];

/// What else sends something out, as it stands in a line of a pipeline.
const OTHERS: &[&str] = &[
    "helm push",
    "nuget push",
    "actions/deploy-pages",
    "make release",
    "make publish",
    "make upload",
    "gh release upload",
    "kubectl apply",
    "helm upgrade",
    "terraform apply",
];

/// What was found of the order of runs, so that the next sentence that asks for it need not look again.
#[derive(Default)]
pub(in crate::check) struct Memory {
    shown: Found<bool>,
    open: Found<Option<String>>,
}

struct Found<T>(RefCell<HashMap<(String, String), T>>);

impl<T> Default for Found<T> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

impl<T: Clone> Found<T> {
    /// What is asked of a run, found by `find` if nobody asked before.
    fn of(&self, asked: String, run: &Run, find: impl FnOnce() -> T) -> T {
        // What the order is judged by.
        let which = format!(
            "{} {}:{} {:?} {:?} {:?} {:?}",
            run.entry,
            run.place.path,
            run.place.line,
            run.step,
            run.occasions,
            run.perhaps,
            (run.doubtful, run.aside)
        );
        let key = (asked, which);
        if let Some(found) = self.0.borrow().get(&key) {
            return found.clone();
        }
        let found = find();
        self.0.borrow_mut().insert(key, found.clone());
        found
    }
}

/// Whether any of `names` stands in a line.
fn has(line: &str, names: &[&str]) -> bool {
    names.iter().any(|name| line.contains(name))
}

/// Whether a line sends something out.
fn sends(line: &str) -> bool {
    let maven = |word: &str| matches!(word, "mvn" | "./mvnw" | "mvnw");
    let mut words = line.split_whitespace().skip_while(|word| !maven(word));
    if line.contains("--dry-run") || line.contains("--push=false") {
        return false;
    }
    has(line, RELEASES)
        || has(line, IMAGES)
        || has(line, OTHERS)
        || words.any(|word| word == "deploy" || word.ends_with(":deploy"))
}

/// Whether files show of a run all that a sentence says of its order.
pub(super) fn is_shown(facts: &Facts<'_>, run: &Run, order: &Order) -> bool {
    // What a test in a script may pass over comes before nothing for sure.
    let mut each = order
        .ties
        .iter()
        .flat_map(|tie| order.sent(*tie).map(move |sent| (*tie, sent)));
    !run.doubtful
        && each.all(|(tie, sent)| {
            let key = format!("{tie:?} {sent:?}");
            facts.order.shown.of(key, run, || holds(facts, run, tie, sent))
        })
}

/// A step that may send something out past a run, for all that is known of it.
pub(super) fn open_step(facts: &Facts<'_>, run: &Run) -> Option<String> {
    let find = || open::past(facts, run, is_package);
    facts.order.open.of("open".to_owned(), run, find)
}

/// Whether a run is tied so to what is sent out: that waits for it in the run's own pipeline, and nothing is sent past it in
/// another. Where its own sends nothing, a tie to releases alone may still hold.
fn holds(facts: &Facts<'_>, run: &Run, tie: Tie, sent: Sent) -> bool {
    let goes_out = match sent {
        Sent::Packages => is_package,
        Sent::Images => is_image,
    };
    let comes = |wanted: fn(Occasion) -> bool| run.occasions.iter().any(|one| wanted(*one));
    let of_changes = |one: Occasion| one.is_regular() && !matches!(one, Occasion::Schedule | Occasion::Other);
    let (waits, passing): (bool, fn(&str, bool) -> bool) = match (after(facts, run), tie) {
        (Some(waits), _) => (waits, goes_out),
        // With each change, it comes before whatever becomes of the change.
        (None, Tie::Before) => (comes(of_changes), is_anything),
        (None, Tie::Blocks) => (comes(|one| matches!(one, Occasion::Tag | Occasion::Release)), goes_out),
        (None, Tie::Published | Tie::Other) => (false, goes_out),
    };
    waits && !is_passed_by(facts, run, passing) && open::past(facts, run, goes_out).is_none()
}

/// Whether the repository has pipelines of a service that is not read: what they send out, and when, is not known.
pub(super) fn has_unread(facts: &Facts<'_>) -> bool {
    let mut all = facts.pipelines.not_examined.iter();
    all.any(|(path, _)| pipeline::unread_service(path).is_some())
}

/// Whether a line of a workflow hands out a package: also an image, or what Maven deploys, where a tag or a release
/// starts the workflow.
fn is_package(line: &str, of_releases: bool) -> bool {
    // Sites are no packages, and a registry for trials is none for others. A cluster that follows a branch is none either;
    // what a tag brings there is what is released.
    let other = ["deploy-pages", "testpypi", "test.pypi"];
    let clusters = ["kubectl apply", "helm upgrade", "terraform apply"];
    !has(line, &other) && (has(line, RELEASES) || of_releases) && (of_releases || !has(line, &clusters))
}

/// Whether a line of a workflow hands out an image.
fn is_image(line: &str, _: bool) -> bool {
    has(line, IMAGES)
}

/// Whether a line of a workflow hands out anything that counts where nothing else is known to go out.
fn is_anything(line: &str, of_releases: bool) -> bool {
    of_releases || RELEASES.iter().any(|name| line.contains(name))
}

/// A job with the lines that it begins on.
struct Job<'a> {
    name: &'a str,
    line: u32,
    node: Node<'a>,
    /// Its steps, in the order of their lines.
    steps: Vec<Node<'a>>,
}

/// Whether what is sent out comes after the run; none where nothing is, or that cannot be read.
fn after(facts: &Facts<'_>, run: &Run) -> Option<bool> {
    let awaited = line_in_entry(run)?;
    let text = facts.text(&run.entry)?;
    let yaml = Yaml::parse(text.as_bytes(), pipeline::YAML).ok()?;
    let root = yaml.root()?;
    let sends = || sending(text, root.get("jobs").is_some());
    let waits = all_wait(root, awaited, sends())?;
    let waits = waits && !(run.aside && is_in_step(root, awaited, sends()));
    Some(waits && comes_with_releases(root, run) && condition::holds_for(facts, root, run, awaited, sends()))
}

/// Whether one of the lines that send something stands in the same step as another line; in GitLab, in its job.
fn is_in_step<'a>(root: Node<'_>, awaited: u32, mut sending: impl Iterator<Item = (u32, &'a str)>) -> bool {
    let jobs = jobs(root);
    let at = |line: u32| {
        let job = jobs.iter().rev().find(|job| job.line <= line)?;
        Some((job.line, step_at(job, line).map(Node::line)))
    };
    sending.any(|(line, _)| at(line) == at(awaited))
}

/// The line of a run in the file that an event starts.
fn line_in_entry(run: &Run) -> Option<u32> {
    if run.entry == run.place.path {
        Some(run.place.line)
    } else {
        run.step
    }
}

/// Whether a run comes with the tags and the releases that start its workflow.
fn comes_with_releases(root: Node<'_>, run: &Run) -> bool {
    let Some(on) = root.get("on").or_else(|| root.get("true")) else {
        return true;
    };
    let starts = |event: &str| on.get(event).is_some() || on.texts().any(|(_, one)| one == event);
    let push = on.get("push");
    let narrows = ["branches", "branches-ignore", "tags-ignore"];
    let of_any = starts("push") && !push.is_some_and(|push| narrows.iter().any(|key| push.get(key).is_some()));
    let of_tags = push.is_some_and(|push| push.get("tags").is_some()) || of_any;
    let comes = |occasion: Occasion| run.occasions.contains(&occasion) && !run.perhaps.contains(&occasion);
    (!of_tags || comes(Occasion::Tag)) && (!starts("release") || comes(Occasion::Release))
}

/// Whether each of the lines that send something waits for what stands in another line; none where there are none.
fn all_wait<'a>(root: Node<'_>, awaited: u32, sending: impl Iterator<Item = (u32, &'a str)>) -> Option<bool> {
    let jobs = jobs(root);
    let of = |line: u32| jobs.iter().rev().find(|job| job.line <= line);
    let own = of(awaited)?;
    let is_gitlab = root.get("jobs").is_none();
    if is_gitlab && !rules::holds_up(root, own.node) {
        return Some(false);
    }
    let mut is_any = None;
    for (line, _) in sending {
        let Some(job) = of(line) else { continue };
        // What comes after a script comes whatever became of it.
        let is_last = is_gitlab
            && [root, job.node]
                .iter()
                .any(|node| key_at(*node, line) == Some("after_script"));
        let waits = if is_last {
            false
        } else if job.name == own.name {
            line > awaited && !is_started_anyway(step_at(job, line).unwrap_or(job.node))
        } else {
            let is_there = !is_gitlab || rules::is_there_for(root, own.node, job.node);
            let is_same = is_gitlab || version::is_same(own, awaited, job, line);
            is_there
                && is_same
                && waits_for(root, &jobs, job, own)
                && !step_at(job, line).is_some_and(is_started_anyway)
        };
        if !waits {
            return Some(false);
        }
        is_any = Some(true);
    }
    is_any
}

/// The jobs of a pipeline, by their lines.
fn jobs(root: Node<'_>) -> Vec<Job<'_>> {
    let is_github = root.get("jobs").is_some();
    let all = root.get("jobs").unwrap_or(root);
    let mut jobs: Vec<Job<'_>> = all
        .entries()
        .filter(|(_, node)| node.shape() == Shape::Mapping)
        .filter_map(|(key, node)| {
            let name = key.text().filter(|name| is_github || !GLOBAL.contains(name))?;
            let line = key.line();
            let steps = node.get("steps").into_iter().flat_map(Node::items).collect();
            Some(Job {
                name,
                line,
                node,
                steps,
            })
        })
        .collect();
    jobs.sort_by_key(|job| job.line);
    jobs
}

/// The lines of a pipeline that send something out.
fn sending(text: &str, is_github: bool) -> impl Iterator<Item = (u32, &str)> {
    (1_u32..).zip(text.lines()).filter(move |(_, text)| {
        let within = text.starts_with([' ', '\t']);
        let text = text.trim_start().trim_start_matches("- ");
        // GitLab makes a release of a job that has this key.
        let releases = !is_github && within && text.starts_with("release:");
        !text.starts_with('#') && !text.starts_with("name:") && (releases || sends(text))
    })
}

/// Whether a tag or a release starts a workflow that sends something out and does not wait for a run, which comes with neither.
pub(super) fn releases_pass(facts: &Facts<'_>, run: &Run) -> bool {
    let of_releases = |one: &Occasion| matches!(one, Occasion::Tag | Occasion::Release);
    let find = || is_passed_by(facts, run, |line, of_releases| of_releases && is_package(line, true));
    !run.occasions.iter().any(of_releases)
        && (own_releases_pass(facts, run) || facts.order.shown.of("releases".to_owned(), run, find))
}

/// Whether a run's own pipeline sends something out with tags or releases, with which the run does not come, and not after it.
fn own_releases_pass(facts: &Facts<'_>, run: &Run) -> bool {
    let text = facts.text(&run.entry).unwrap_or_default();
    let yaml = Yaml::parse(text.as_bytes(), pipeline::YAML).ok();
    let Some(root) = yaml.as_ref().and_then(Yaml::root) else {
        return false;
    };
    let is_github = root.get("jobs").is_some();
    let of_releases = match root.get("on").or_else(|| root.get("true")) {
        Some(on) if is_github => brings_releases(on),
        // GitLab makes a pipeline for a tag, too, and in it the jobs that nothing narrows.
        _ => !is_github && is_narrowed(root, run),
    };
    of_releases && sending(text, is_github).any(|(_, line)| is_package(line, true)) && after(facts, run) != Some(true)
}

/// Whether a job of GitLab comes with some pipelines only, or may, for all that its own keys say.
fn is_narrowed(root: Node<'_>, run: &Run) -> bool {
    let narrows = ["rules", "only", "except", "extends"];
    let jobs = jobs(root);
    let own = line_in_entry(run).and_then(|line| jobs.iter().rev().find(|job| job.line <= line));
    root.at(&["workflow", "rules"]).is_some()
        || own.is_none_or(|job| narrows.iter().any(|key| job.node.get(key).is_some()))
}

/// Whether another workflow sends something out and does not wait for the run: anything where a tag or a release starts it,
/// packages where a push to a branch, a person or the end of another workflow does.
fn is_passed_by(facts: &Facts<'_>, run: &Run, goes_out: fn(&str, bool) -> bool) -> bool {
    let files = facts.repository.files.keys();
    let mut others = files.filter(|path| path.starts_with(".github/workflows/") && **path != run.entry);
    others.any(|path| {
        let text = facts.text(path).unwrap_or_default();
        let yaml = Yaml::parse(text.as_bytes(), pipeline::YAML);
        yaml.is_ok_and(|yaml| {
            yaml.root()
                .is_some_and(|root| passes(facts, run, root, (text, goes_out)))
        })
    })
}

/// Whether a tag or a release starts a workflow with these events.
fn brings_releases(on: Node<'_>) -> bool {
    let is_named = on.get("release").is_some() || on.texts().any(|(_, event)| event == "release");
    is_named || on.at(&["push", "tags"]).is_some()
}

/// Whether one other workflow does.
fn passes(facts: &Facts<'_>, run: &Run, root: Node<'_>, (text, goes_out): (&str, fn(&str, bool) -> bool)) -> bool {
    let Some(on) = root.get("on").or_else(|| root.get("true")) else {
        return false;
    };
    let of_releases = brings_releases(on);
    // Anything may bring a release but a plain pull request, and another workflow, which has its own events.
    let is_plain = |event: &str| matches!(event, "pull_request" | "pull_request_target" | "workflow_call");
    let mut events = on.entries().filter_map(|(event, _)| event.text());
    let is_other = events.any(|event| !is_plain(event)) || on.texts().any(|(_, event)| !is_plain(event));
    let hands_out = |line: &str| (of_releases || is_other) && goes_out(line, of_releases);
    let sent = || sending(text, true).filter(|(_, line)| hands_out(line));
    if sent().next().is_none() {
        return false;
    }
    !waits_elsewhere(facts, run, root, sent())
}

/// Whether the lines of another workflow wait for a run: by a job that calls its workflow, or by its end.
fn waits_elsewhere<'a>(
    facts: &Facts<'_>,
    run: &Run,
    root: Node<'_>,
    lines: impl Iterator<Item = (u32, &'a str)>,
) -> bool {
    // A job that calls the workflow of the run brings it along, for what waits for that job.
    let jobs = jobs(root);
    let calls = |job: &&Job<'_>| {
        let uses = job.node.text_of("uses").unwrap_or_default();
        let path = uses.split('@').next().unwrap_or(uses);
        path.strip_suffix(run.entry.as_str())
            .is_some_and(|before| before.is_empty() || before.ends_with('/'))
    };
    if let Some(call) = jobs.iter().find(calls) {
        return all_wait(root, call.line, lines) != Some(false);
    }
    // What is started by the end of the run's workflow asks how it ended.
    let Some(on) = root.get("on").or_else(|| root.get("true")) else {
        return false;
    };
    let own = facts.text(&run.entry).unwrap_or_default();
    let own = Yaml::parse(own.as_bytes(), pipeline::YAML).ok();
    let name = own.as_ref().and_then(|yaml| yaml.root()?.text_of("name"));
    let awaited = on.at(&["workflow_run", "workflows"]).into_iter().flat_map(Node::texts);
    let is_awaited = name.is_some_and(|name| awaited.map(|(_, one)| one).any(|one| one == name));
    let asks = |node: Node<'_>| {
        let condition: String = node.text_of("if").unwrap_or_default().split_whitespace().collect();
        condition.contains("workflow_run.conclusion=='success'") && !condition.contains("||")
    };
    let only_awaited = ["push", "release", "workflow_dispatch", "schedule", "create"]
        .iter()
        .all(|event| on.get(event).is_none() && !on.texts().any(|(_, one)| one == *event));
    let mut lines = lines.filter_map(|(line, _)| Some((line, jobs.iter().rev().find(|job| job.line <= line)?)));
    is_awaited
        && only_awaited
        && lines.all(|(line, job)| {
            let by_need = || {
                jobs.iter()
                    .any(|other| asks(other.node) && waits_for(root, &jobs, job, other))
            };
            asks(job.node) || step_at(job, line).is_some_and(asks) || by_need()
        })
}

/// The step of a job that a line stands in.
fn step_at<'a>(job: &Job<'a>, line: u32) -> Option<Node<'a>> {
    let behind = job.steps.partition_point(|step| step.line() <= line);
    job.steps.get(behind.checked_sub(1)?).copied()
}

/// The key of a mapping that a line stands under.
fn key_at<'a>(node: Node<'a>, line: u32) -> Option<&'a str> {
    let before = node.entries().filter(|(key, _)| key.line() <= line);
    before.max_by_key(|(key, _)| key.line())?.0.text()
}

/// Whether a job or a step may start although what comes before it failed.
fn is_started_anyway(node: Node<'_>) -> bool {
    // A job of GitLab has it by itself or in a rule.
    let rules = node.get("rules").into_iter().flat_map(Node::items);
    let mut whens = rules.chain([node]).filter_map(|node| node.text_of("when"));
    if whens.any(|when| matches!(when, "always" | "on_failure")) {
        return true;
    }
    let condition = node.text_of("if").unwrap_or_default();
    let bare: String = condition.chars().filter(|c| !c.is_whitespace()).collect();
    let bare = bare.to_ascii_lowercase();
    // A condition that asks how things went is not asked in silence as well: `success() || x` holds where only `x` does.
    if bare.contains("success()") && bare.contains("||") {
        return true;
    }
    ["always()", "failure()", "cancelled()", ".result", "['result']"]
        .iter()
        .any(|name| bare.contains(name))
}

/// Whether a job starts only when another has ended well: it needs it, or one that does; in GitLab also by its stage.
fn waits_for(root: Node<'_>, jobs: &[Job<'_>], job: &Job<'_>, other: &Job<'_>) -> bool {
    let needs = |job: &Job<'_>| -> Option<Vec<String>> {
        if is_started_anyway(job.node) {
            return Some(Vec::new());
        }
        let needs = job.node.get("needs")?;
        let of_items = needs.items().filter_map(|item| item.text_of("job"));
        let all = needs.texts().map(|(_, text)| text).chain(of_items);
        Some(all.map(str::to_owned).collect())
    };
    let Some(first) = needs(job) else {
        let stages: Vec<&str> = match root.get("stages") {
            Some(stages) => stages.texts().map(|(_, text)| text).collect(),
            None => vec!["build", "test", "deploy"],
        };
        let stage = |job: &Job<'_>| {
            let own = job.node.text_of("stage").unwrap_or("test");
            stages.iter().position(|stage| *stage == own)
        };
        return root.get("jobs").is_none() && stage(other).zip(stage(job)).is_some_and(|(a, b)| a < b);
    };
    let mut waiting = first;
    let mut seen = BTreeSet::new();
    while let Some(name) = waiting.pop() {
        if name == other.name {
            return true;
        }
        if seen.insert(name.clone()) && seen.len() < 200 {
            let next = jobs.iter().find(|job| job.name == name).and_then(needs);
            waiting.extend(next.into_iter().flatten());
        }
    }
    false
}
