//! When a job of GitLab runs: `rules`, `when`, `only`, `except`, and what `workflow` lets be made.
//!
//! Source: GitLab Docs, "CI/CD YAML syntax reference", `rules`, `when`, `only` and `except`, `workflow`.

use ward_formats::yaml::{Shape, Value as Node};

use super::{
    super::{
        Hollow, Occasion, Service, glob,
        setting::{Reader, Setting},
    },
    All, REFERENCE, is_there,
};

/// A job without rules of its own comes with every pipeline that `workflow` lets be made: also with those of merge requests.
/// One with rules comes with none that `workflow` does not let be made.
///
/// Source: GitLab, "CI/CD YAML syntax reference", `workflow:rules`; "Merge request pipelines", "Add jobs to merge request
/// pipelines".
pub(super) fn as_pipelines<'a>(
    reader: &Reader<'_>,
    all: &All<'a>,
    get: &dyn Fn(&str) -> Option<Node<'a>>,
    setting: &mut Setting,
) {
    let has_own = ["rules", "only", "except"].iter().any(|key| get(key).is_some());
    if setting.occasions.is_empty() || all.global(&["workflow", "rules"]).is_none() {
        return;
    }
    let mut pipelines = Setting::new(Service::GitLab);
    when(
        reader,
        all,
        &|key: &str| all.global(&["workflow", key]),
        &mut pipelines,
        &mut None,
    );
    if has_own {
        let made = &pipelines.occasions;
        let only = |wanted: &[Occasion]| !made.is_empty() && made.iter().all(|one| wanted.contains(one));
        // A branch that a rule names may also be that of a pipeline at a set time.
        let never = |one: &Occasion| match one {
            Occasion::PullRequest => only(&[Occasion::Push, Occasion::Branch, Occasion::Schedule, Occasion::Tag]),
            Occasion::Branch => !made.is_empty() && !made.contains(one),
            Occasion::Push => only(&[Occasion::PullRequest, Occasion::Tag]),
            _ => false,
        };
        setting.occasions.retain(|one| !never(one));
        if setting.occasions.is_empty() {
            setting.hollow.push(Hollow::ConditionFalse);
        }
        return;
    }
    setting.occasions = pipelines.occasions;
    setting.unknown = setting.unknown.or(pipelines.unknown);
    let of_all = |one: &Hollow| matches!(one, Hollow::OnlyTags | Hollow::ManualOnly);
    setting.hollow.extend(pipelines.hollow.into_iter().filter(of_all));
}

/// Whether the rules of `workflow` let no pipeline be made.
pub(super) fn makes_none(reader: &Reader<'_>, all: &All<'_>) -> bool {
    if all.global(&["workflow", "rules"]).is_none() {
        return false;
    }
    let mut setting = Setting::new(Service::GitLab);
    when(
        reader,
        all,
        &|key: &str| all.global(&["workflow", key]),
        &mut setting,
        &mut None,
    );
    setting
        .hollow
        .iter()
        .any(|one| matches!(one, Hollow::ConditionFalse | Hollow::PathsNothing))
}

/// Takes away the occasions that `except` names.
pub(super) fn excepted(reader: &Reader<'_>, except: Option<Node<'_>>, setting: &mut Setting) {
    let Some(except) = except.filter(|_| !setting.occasions.is_empty()) else {
        return;
    };
    let refs = match except.shape() {
        Shape::Mapping => except.get("refs"),
        _ => Some(except),
    };
    if except.get("variables").is_some() {
        setting.unknown = setting.unknown.or(Some(ASKED));
    }
    for (_, name) in refs.into_iter().flat_map(Node::texts) {
        let gone = match name {
            "branches" | "pushes" => {
                setting.occasions.retain(|one| *one != Occasion::Branch);
                Occasion::Push
            }
            "merge_requests" => Occasion::PullRequest,
            "schedules" => Occasion::Schedule,
            "tags" => Occasion::Tag,
            name if is_default(reader, name) => {
                setting.occasions.retain(|one| *one != Occasion::Push);
                if setting.occasions.is_empty() {
                    setting.hollow.push(Hollow::BranchOther);
                    return;
                }
                continue;
            }
            _ => continue,
        };
        setting.occasions.retain(|one| *one != gone);
    }
    if setting.occasions.is_empty() {
        setting.hollow.push(Hollow::ConditionFalse);
    }
}

/// Whether `except` leaves the pipelines of branches: it names other kinds of pipelines alone.
fn leaves_branches(except: Node<'_>) -> bool {
    let others = [
        "tags",
        "schedules",
        "triggers",
        "api",
        "web",
        "chat",
        "pipelines",
        "external",
        "external_pull_requests",
        "merge_requests",
    ];
    except.shape() != Shape::Mapping && except.texts().all(|(_, name)| others.contains(&name))
}

/// When a job runs. Given back are the patterns of files, where it runs only when one of those changes.
pub(super) fn when<'a>(
    reader: &Reader<'_>,
    all: &All<'a>,
    get: &dyn Fn(&str) -> Option<Node<'a>>,
    setting: &mut Setting,
    forgiven: &mut Option<bool>,
) -> Option<Vec<String>> {
    if let Some(rules) = get("rules") {
        return by_rules(reader, all, rules, setting, forgiven);
    }
    match get("when").and_then(Node::text) {
        Some("manual") => {
            setting.occasions.push(Occasion::Manual);
            setting.hollow.push(Hollow::ManualOnly);
            return None;
        }
        Some("never" | "on_failure") => {
            setting.hollow.push(Hollow::ConditionFalse);
            return None;
        }
        _ => {}
    }
    match get("only") {
        Some(only) => by_only(reader, only, setting),
        None => {
            setting.occasions.push(Occasion::Push);
            if get("except").is_none_or(leaves_branches) {
                setting.occasions.push(Occasion::Branch);
            }
        }
    }
    None
}

/// When a job runs by its `rules`. Given back are the patterns of files, where it runs only when one of those changes.
fn by_rules<'a>(
    reader: &Reader<'_>,
    all: &All<'a>,
    rules: Node<'a>,
    setting: &mut Setting,
    forgiven: &mut Option<bool>,
) -> Option<Vec<String>> {
    let (rules, is_missing) = all.items(rules);
    let mut changed: Option<Vec<String>> = None;
    let mut always = false;
    let mut any = false;
    let mut manual = false;
    let mut nothing = None;
    let mut denied: Vec<Occasion> = Vec::new();
    for rule in rules.iter().copied().take(200) {
        if let Some(value) = rule.get("allow_failure").and_then(Node::boolean) {
            *forgiven = Some(value);
        }
        let condition = rule.text_of("if");
        match rule.text_of("when") {
            Some("never") => {
                if condition.is_none() && rule.get("changes").is_none() && rule.get("exists").is_none() {
                    break;
                }
                denied.extend(
                    condition
                        .and_then(|condition| occasions_of(reader, condition))
                        .into_iter()
                        .flatten(),
                );
                continue;
            }
            Some("manual") => {
                manual = true;
                continue;
            }
            _ => {}
        }
        if rule
            .get("exists")
            .is_some_and(|wanted| is_there(reader, wanted) == Some(false))
        {
            nothing = Some(Hollow::ConditionFalse);
            continue;
        }
        if let Some(changes) = rule.get("changes") {
            let list = changes.get("paths").unwrap_or(changes);
            let patterns: Vec<&str> = list.texts().map(|(_, text)| text).collect();
            let matched = reader
                .repository
                .files
                .keys()
                .any(|path| patterns.iter().any(|pattern| glob::matches(pattern, path)));
            if !matched && !patterns.iter().any(|pattern| pattern.contains('$')) {
                nothing = Some(Hollow::PathsNothing);
                continue;
            }
            let known = patterns.iter().all(|pattern| !pattern.contains('$'));
            always |= !known;
            changed
                .get_or_insert_default()
                .extend(patterns.iter().map(|pattern| (*pattern).to_owned()));
        } else {
            always = true;
        }
        match condition {
            // Of every pipeline, branches' and merge requests' alike, but those that were left out.
            None => {
                any = true;
                let every = [Occasion::Push, Occasion::PullRequest];
                setting
                    .occasions
                    .extend(every.into_iter().filter(|one| !denied.contains(one)));
            }
            Some(condition) => match occasions_of(reader, condition) {
                Some(found) if found.is_empty() => nothing = Some(Hollow::ConditionFalse),
                Some(found) => {
                    any = true;
                    setting.occasions.extend(found);
                }
                None => {
                    any = true;
                    setting.occasions.push(Occasion::Other);
                    if setting.unknown.is_none() {
                        setting.unknown = Some("whether its rule holds is known only when it runs");
                    }
                }
            },
        }
    }
    // Where pipelines of branches stop as soon as a merge request is open, it shows none of them.
    let stops = |rule: Node<'_>| {
        rule.text_of("if")
            .is_some_and(|one| one.contains("CI_OPEN_MERGE_REQUESTS"))
    };
    if rules.iter().copied().any(stops) {
        setting.occasions.retain(|one| *one != Occasion::Branch);
    }
    setting.occasions.sort_unstable();
    setting.occasions.dedup();
    // One rule that is known is enough.
    if setting
        .occasions
        .iter()
        .any(|one| matches!(one, Occasion::Push | Occasion::PullRequest | Occasion::Schedule))
    {
        setting.unknown = None;
    }
    if is_missing {
        setting.unknown = Some(REFERENCE);
        return changed.filter(|_| !always);
    }
    if !any {
        setting.hollow.push(nothing.unwrap_or(if manual {
            Hollow::ManualOnly
        } else {
            Hollow::ConditionFalse
        }));
    } else if setting.occasions.iter().all(|one| *one == Occasion::Tag) {
        setting.hollow.push(Hollow::OnlyTags);
    } else if setting
        .occasions
        .iter()
        .all(|one| matches!(one, Occasion::Manual | Occasion::Tag))
    {
        setting.hollow.push(Hollow::ManualOnly);
    }
    changed.filter(|_| !always)
}

/// When a job runs by the branches, tags and pipelines that `only` names.
/// Why it is not known whether a job runs whose `only` or `except` asks for variables.
const ASKED: &str = "whether its variables let it run is known only when it runs";

fn by_only(reader: &Reader<'_>, only: Node<'_>, setting: &mut Setting) {
    let refs = if only.shape() == Shape::Mapping {
        only.get("refs")
    } else {
        Some(only)
    };
    let names: Vec<&str> = refs.into_iter().flat_map(Node::texts).map(|(_, text)| text).collect();
    if names.is_empty() {
        setting.occasions.push(Occasion::Push);
    }
    for name in &names {
        let found = match *name {
            "branches" | "pushes" => {
                setting.occasions.push(Occasion::Branch);
                Some(Occasion::Push)
            }
            "merge_requests" => Some(Occasion::PullRequest),
            "schedules" => Some(Occasion::Schedule),
            "tags" => Some(Occasion::Tag),
            "web" | "api" | "triggers" | "chat" => Some(Occasion::Manual),
            name if name.starts_with('/') => {
                let pattern = name.trim_matches('/');
                let tag = pattern.starts_with("^v") || pattern.contains("\\d") || pattern.contains("[0-9]");
                Some(if tag { Occasion::Tag } else { Occasion::Other })
            }
            name => is_default(reader, name).then_some(Occasion::Push),
        };
        setting.occasions.extend(found);
    }
    if only.get("variables").is_some() || only.get("kubernetes").is_some() {
        setting.unknown = setting.unknown.or(Some(ASKED));
    }
    if let Some(changes) = only.get("changes") {
        let patterns: Vec<&str> = changes.texts().map(|(_, text)| text).collect();
        if !reader
            .repository
            .files
            .keys()
            .any(|path| patterns.iter().any(|pattern| glob::matches(pattern, path)))
        {
            setting.hollow.push(Hollow::PathsNothing);
        }
    }
    setting.occasions.sort_unstable();
    setting.occasions.dedup();
    match setting.occasions[..] {
        [] => setting.hollow.push(Hollow::BranchOther),
        [Occasion::Tag] => setting.hollow.push(Hollow::OnlyTags),
        [Occasion::Manual] => setting.hollow.push(Hollow::ManualOnly),
        _ => {}
    }
}

fn is_default(reader: &Reader<'_>, name: &str) -> bool {
    let git = reader.repository.git.as_ref();
    match git.and_then(|git| git.default_branch.as_deref()) {
        Some(branch) => branch == name,
        None => matches!(name, "main" | "master") || git.and_then(|git| git.branch.as_deref()) == Some(name),
    }
}

/// The occasions on which a rule's condition holds; none when that is not known. Empty: never.
fn occasions_of(reader: &Reader<'_>, condition: &str) -> Option<Vec<Occasion>> {
    let text = condition.replace(['{', '}'], "");
    if matches!(
        text.trim(),
        "\"false\" == \"true\"" | "$CI == \"false\"" | "'false' == 'true'"
    ) {
        return Some(Vec::new());
    }
    let mut out = Vec::new();
    for part in text.split("||") {
        if part.contains("&&") && part.split("&&").count() > 3 {
            return None;
        }
        let mut found: Option<Occasion> = None;
        for one in part.split("&&") {
            let one = one.trim().trim_matches(['(', ')']).trim();
            let quoted = one.split(['"', '\'']).nth(1).unwrap_or_default();
            let this = if one.contains("CI_PIPELINE_SOURCE") && one.contains("==") {
                match quoted {
                    "push" => Occasion::Push,
                    "merge_request_event" => Occasion::PullRequest,
                    "schedule" => Occasion::Schedule,
                    "web" | "api" | "trigger" | "chat" | "pipeline" => Occasion::Manual,
                    _ => return None,
                }
            } else if one == "$CI_COMMIT_TAG" || one.starts_with("$CI_COMMIT_TAG =~") {
                Occasion::Tag
            } else if one == "$CI_MERGE_REQUEST_IID" || one == "$CI_MERGE_REQUEST_ID" {
                Occasion::PullRequest
            } else if let Some(rest) = one.strip_prefix("$CI_MERGE_REQUEST_TARGET_BRANCH_NAME") {
                let rest = rest.trim_start();
                let of_default = rest.strip_prefix("==").is_some_and(|to| {
                    to.trim() == "$CI_DEFAULT_BRANCH" || !quoted.is_empty() && is_default(reader, quoted)
                });
                if !rest.is_empty() && !of_default {
                    return None;
                }
                Occasion::PullRequest
            } else if one.contains("CI_DEFAULT_BRANCH") && one.contains("==") || one == "$CI_COMMIT_BRANCH" {
                Occasion::Push
            } else if (one.contains("CI_COMMIT_BRANCH") || one.contains("CI_COMMIT_REF_NAME")) && one.contains("==") {
                if is_default(reader, quoted) {
                    Occasion::Push
                } else {
                    return Some(out);
                }
            } else {
                return None;
            };
            let of_all = one == "$CI_COMMIT_BRANCH" || this == Occasion::Push && quoted == "push";
            if of_all && part.trim() == one {
                out.push(Occasion::Branch);
            }
            found = Some(match found {
                // "On the default branch, by a schedule".
                Some(Occasion::Push) => this,
                Some(other) if this == Occasion::Push => other,
                Some(other) if other == this => this,
                Some(_) => return None,
                None => this,
            });
        }
        out.extend(found);
    }
    Some(out)
}
