//! What starts a workflow, and what a condition says of it.

use ward_formats::yaml::{Shape, Value as Node};

use crate::lexicon::Tool;
use crate::pipeline::{
    Hollow, Occasion, Period,
    expression::{self, Known, Value},
    glob, judge,
    setting::{Checkout, Reader},
};

/// An event with what it leads to.
#[derive(Debug, Clone)]
pub(super) struct Event {
    pub(super) name: String,
    pub(super) occasion: Occasion,
    pub(super) hollow: Option<Hollow>,
    pub(super) unknown: Option<&'static str>,
    pub(super) period: Option<Period>,
    /// It also comes when a pull request is closed, as by its merge.
    pub(super) closes: bool,
    /// Its tags are named: it is there for them, and not for every push.
    pub(super) names_tags: bool,
    /// Its filter of paths, and whether it takes away.
    pub(super) paths: Vec<String>,
    pub(super) ignored: Vec<String>,
}

/// The names of the default branch: the one that is known, else the usual ones.
pub(super) fn is_default(reader: &Reader<'_>, patterns: &[&str]) -> Result<bool, &'static str> {
    let git = reader.repository.git.as_ref();
    if let Some(branch) = git.and_then(|git| git.default_branch.as_deref()) {
        return Ok(glob::allowed(patterns.iter().copied(), branch));
    }
    let checked_out = git.and_then(|git| git.branch.as_deref());
    let usual = ["main", "master"];
    let candidates = usual.iter().copied().chain(checked_out);
    if candidates
        .clone()
        .any(|branch| glob::allowed(patterns.iter().copied(), branch))
    {
        return Ok(true);
    }
    match checked_out {
        Some(branch) if usual.contains(&branch) => Ok(false),
        None if git.is_none() => Ok(false),
        _ => Err("which branch is the default one is not known"),
    }
}

pub(super) fn events(reader: &Reader<'_>, root: Node<'_>) -> Vec<Event> {
    let Some(on) = root.get("on").or_else(|| root.get("true")) else {
        return Vec::new();
    };
    let named: Vec<(String, Option<Node<'_>>)> = if on.shape() == Shape::Mapping {
        on.entries()
            .filter_map(|(key, value)| Some((key.text()?.to_owned(), Some(value))))
            .collect()
    } else {
        on.texts().map(|(_, text)| (text.to_owned(), None)).collect()
    };
    let mut out = Vec::new();
    for (name, value) in named {
        let list = |key: &str| -> Vec<&str> {
            let list = value.and_then(|value| value.get(key));
            list.into_iter().flat_map(Node::texts).map(|(_, text)| text).collect()
        };
        let mut event = Event {
            name: name.clone(),
            occasion: Occasion::Other,
            hollow: None,
            unknown: None,
            period: None,
            closes: false,
            names_tags: false,
            paths: list("paths").into_iter().map(str::to_owned).collect(),
            ignored: list("paths-ignore").into_iter().map(str::to_owned).collect(),
        };
        match name.as_str() {
            "push" => {
                let (branches, not, tags) = (list("branches"), list("branches-ignore"), list("tags"));
                let tags_only = !tags.is_empty() && branches.is_empty() && not.is_empty();
                if !tags_only {
                    let mut push = event.clone();
                    push.occasion = Occasion::Push;
                    branch(reader, &branches, &not, &mut push);
                    out.push(push);
                }
                if !tags.is_empty()
                    || branches.is_empty()
                        && not.is_empty()
                        && value.and_then(|value| value.get("tags-ignore")).is_none()
                {
                    event.occasion = Occasion::Tag;
                    event.names_tags = !tags.is_empty();
                    out.push(event);
                }
                continue;
            }
            "pull_request" | "pull_request_target" => {
                // `types: [closed]` or `[labeled]` comes with some, not with every change of one.
                let types = list("types");
                let every = types.is_empty() || types.iter().any(|one| matches!(*one, "opened" | "synchronize"));
                event.closes = types.contains(&"closed");
                event.occasion = if every { Occasion::PullRequest } else { Occasion::Other };
                branch(reader, &list("branches"), &list("branches-ignore"), &mut event);
            }
            "merge_group" => event.occasion = Occasion::MergeGroup,
            "schedule" => {
                event.occasion = Occasion::Schedule;
                let crons: Vec<&str> = value
                    .into_iter()
                    .flat_map(Node::items)
                    .filter_map(|item| item.text_of("cron"))
                    .collect();
                let periods: Vec<Option<Period>> = crons.iter().map(|cron| glob::cron(cron)).collect();
                event.period = periods.iter().flatten().min().copied();
                if event.period.is_none() {
                    event.hollow = Some(Hollow::CronNever);
                }
            }
            "workflow_dispatch" => event.occasion = Occasion::Manual,
            "release" => event.occasion = Occasion::Release,
            "repository_dispatch" => event.unknown = Some("another system starts it"),
            "create" | "delete" | "registry_package" | "deployment" => event.occasion = Occasion::Release,
            _ => {}
        }
        out.push(event);
    }
    out
}

pub(super) fn branch(reader: &Reader<'_>, branches: &[&str], not: &[&str], event: &mut Event) {
    let through = if !branches.is_empty() {
        is_default(reader, branches)
    } else if !not.is_empty() {
        is_default(reader, not).map(|is| !is)
    } else {
        Ok(true)
    };
    match through {
        Ok(true) => {}
        Ok(false) => event.hollow = Some(Hollow::BranchOther),
        Err(why) => event.unknown = Some(why),
    }
}

/// What is known when an event starts a run.
pub(super) fn known_of(reader: &Reader<'_>, event: &Event) -> Known {
    let text = |text: &str| Value::Text(text.to_owned());
    let git = reader.repository.git.as_ref();
    let branch = git
        .and_then(|git| git.default_branch.clone().or(git.branch.clone()))
        .unwrap_or_else(|| "main".to_owned());
    let mut known = Known::new();
    let mut put = |key: &str, value: Value| {
        known.insert(key.to_owned(), value);
    };
    put("github.event_name", text(&event.name));
    put("github.actor", Value::Somebody);
    put("github.triggering_actor", Value::Somebody);
    put("github.event.pull_request.user.login", Value::Somebody);
    put("github.event.repository.default_branch", text(&branch));
    put("github.event.pull_request.draft", Value::Bool(false));
    put("job.status", text("success"));
    put("runner.os", text("Linux"));
    if matches!(event.occasion, Occasion::Tag | Occasion::Release) {
        put("github.ref", Value::Tag);
    }
    let reference = match event.occasion {
        Occasion::Push | Occasion::Schedule | Occasion::Manual => Some(("branch", format!("refs/heads/{branch}"))),
        Occasion::Tag | Occasion::Release => Some(("tag", "refs/tags/v1.0.0".to_owned())),
        // What a stranger's change starts with the rights of the repository runs for the branch that it is to go into.
        Occasion::PullRequest if event.name == "pull_request_target" => {
            Some(("branch", format!("refs/heads/{branch}")))
        }
        Occasion::PullRequest => Some(("branch", "refs/pull/1/merge".to_owned())),
        _ => None,
    };
    // On which of other branches it runs is not known.
    let is_elsewhere = event.hollow == Some(Hollow::BranchOther);
    if let Some((kind, reference)) = reference.filter(|_| !is_elsewhere) {
        put("github.ref_type", text(kind));
        // Of a pull request it is no branch's name.
        if !matches!(event.occasion, Occasion::Tag | Occasion::Release) {
            let of_branch = reference.strip_prefix("refs/heads/");
            let name = of_branch.or_else(|| reference.strip_prefix("refs/pull/"));
            put("github.ref_name", text(name.unwrap_or(&reference)));
        }
        // Names of tags are not known beyond that they are tags.
        if event.occasion != Occasion::Tag && event.occasion != Occasion::Release {
            put("github.ref", text(&reference));
        }
    }
    if event.occasion == Occasion::PullRequest {
        put("github.base_ref", text(&branch));
        put("github.head_ref", Value::Somebody);
    } else {
        put("github.base_ref", text(""));
        put("github.head_ref", text(""));
    }
    if let Some(slug) = &reader.named {
        put("github.repository", text(slug));
        if let Some((owner, _)) = slug.split_once('/') {
            put("github.repository_owner", text(owner));
        }
    }
    known
}

/// Where a condition lets the events through.
pub(super) fn through(events: &[Event], conditions: &[&str], known: &dyn Fn(&Event) -> Known) -> Vec<Event> {
    let mut out = Vec::new();
    for event in events {
        let known = known(event);
        let mut event = event.clone();
        let mut stays = true;
        for condition in conditions {
            let tag = matches!(event.occasion, Occasion::Tag | Occasion::Release);
            let about_tags =
                condition.contains("refs/tags") && !condition.contains("!startsWith") && !condition.contains("!=");
            match expression::condition(condition, &known) {
                Some(true) => {}
                Some(false) => stays = false,
                None if tag && about_tags => {}
                None => {
                    event.unknown = event
                        .unknown
                        .or(Some("whether its condition is true is known only when it runs"))
                }
            }
        }
        if stays {
            out.push(event);
        }
    }
    out
}

/// Whether a filter of paths lets any file through that a tool looks at.
pub(super) fn paths(reader: &Reader<'_>, event: &Event, tool: Option<&Tool>) -> Option<Hollow> {
    if event.paths.is_empty() && event.ignored.is_empty() {
        return None;
    }
    let wanted = |path: &str| tool.is_none_or(|tool| judge::is_for(tool, path));
    let through = |path: &str| {
        if event.paths.is_empty() {
            !event.ignored.iter().any(|pattern| glob::matches(pattern, path))
        } else {
            glob::allowed(event.paths.iter().map(String::as_str), path)
        }
    };
    let files = reader
        .repository
        .files
        .keys()
        .filter(|path| !path.starts_with(".github/"));
    (!files.take(50_000).any(|path| wanted(path) && through(path))).then_some(Hollow::PathsNothing)
}

/// Whether every pull request is among the events, those of strangers too: what runs for them as it does for a release is none.
pub(super) fn on_requests(events: &[Event]) -> bool {
    events
        .iter()
        .any(|event| event.name == "pull_request" && event.occasion == Occasion::PullRequest && event.unknown.is_none())
}

/// Whether one of the events may come with a release, and whether a tag or a release is among them.
pub(super) fn may_release(events: &[Event]) -> Option<bool> {
    // A plain pull request releases nothing; anything else may: a label on an issue, a milestone that is closed.
    let of_changes = |event: &Event| {
        let is_one = matches!(event.name.as_str(), "pull_request" | "pull_request_target");
        is_one && event.occasion == Occasion::PullRequest && !event.closes
    };
    let mut left = events.iter().filter(|event| !of_changes(event)).peekable();
    left.peek()?;
    Some(left.any(|event| event.occasion == Occasion::Release || event.occasion == Occasion::Tag && event.names_tags))
}

/// An event, and what it leads to where another version than the change is checked out.
pub(super) fn at_version(event: &Event, checkout: Checkout) -> Event {
    let mut event = event.clone();
    let change = matches!(event.occasion, Occasion::PullRequest | Occasion::MergeGroup);
    let misses = match checkout {
        Checkout::Usual => event.name == "pull_request_target" && change,
        Checkout::Base => change,
        Checkout::Fixed => true,
        Checkout::Named => false,
    };
    if misses {
        event.hollow = event.hollow.or(Some(Hollow::OtherVersion));
    }
    event
}
