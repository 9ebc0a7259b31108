//! Jobs of GitLab that are waited for: whether they hold up what waits, and whether they are there when it is.
//!
//! Source: GitLab Docs, "CI/CD YAML syntax reference", `when`, `allow_failure`, `rules`, `only` and `except`, `extends`.

use ward_formats::yaml::{Shape, Value as Node};

/// Jobs that others extend, one after the other.
const EXTENDED: usize = 20;

/// A job with those that it extends, what holds first before the others; none where one of them is not in the file.
struct Chain<'a>(Vec<Node<'a>>);

impl<'a> Chain<'a> {
    fn of(root: Node<'a>, job: Node<'a>) -> Option<Self> {
        let (mut chain, mut waiting) = (Vec::new(), vec![job]);
        while let Some(job) = waiting.pop() {
            if chain.len() >= EXTENDED {
                return None;
            }
            chain.push(job);
            // The last that is named holds first.
            for (_, name) in job.get("extends").into_iter().flat_map(Node::texts) {
                waiting.push(root.get(name)?);
            }
        }
        Some(Self(chain))
    }

    fn get(&self, key: &str) -> Option<Node<'a>> {
        self.0.iter().find_map(|job| job.get(key))
    }

    fn is(&self, key: &str, text: &str) -> bool {
        self.get(key).and_then(Node::text) == Some(text)
    }

    /// The names that `only` or `except` lists; none where it asks more than that.
    fn names(&self, key: &str) -> Option<Vec<&'a str>> {
        match self.get(key) {
            None => Some(Vec::new()),
            Some(list) if list.shape() != Shape::Mapping => Some(list.texts().map(|(_, name)| name).collect()),
            Some(list) => {
                let only_refs = list.entries().all(|(name, _)| name.text() == Some("refs"));
                let refs = list.get("refs").into_iter().flat_map(Node::texts);
                only_refs.then(|| refs.map(|(_, name)| name).collect())
            }
        }
    }
}

/// Whether what waits for a job is held up until it ran: one that somebody starts holds nothing up, if it does not say so.
pub(super) fn holds_up<'a>(root: Node<'a>, job: Node<'a>) -> bool {
    Chain::of(root, job).is_some_and(|job| !job.is("when", "manual") || job.is("allow_failure", "false"))
}

/// Whether a job is in every pipeline that another one is in.
pub(super) fn is_there_for<'a>(root: Node<'a>, job: Node<'a>, other: Node<'a>) -> bool {
    let (Some(job), Some(other)) = (Chain::of(root, job), Chain::of(root, other)) else {
        return false;
    };
    let wanted = wanted(&other);
    match job.get("rules") {
        Some(rules) => {
            let forgiven = job.is("allow_failure", "true");
            wanted.iter().all(|wanted| lets_in(rules, *wanted, forgiven))
        }
        None => by_names(&job, &other, &wanted),
    }
}

/// What the pipelines of a job are told by: the conditions of its rules, where they ask nothing else, or the names of `only`.
fn wanted<'a>(job: &Chain<'a>) -> Vec<Option<&'a str>> {
    let Some(rules) = job.get("rules") else {
        return match job.names("only").as_deref() {
            Some(["tags"]) => vec![Some("$CI_COMMIT_TAG")],
            _ => vec![None],
        };
    };
    let mut out: Vec<Option<&str>> = Vec::new();
    for rule in rules.items().filter(|rule| rule.text_of("when") != Some("never")) {
        out.push(rule.text_of("if"));
    }
    out
}

/// Whether rules let a job into each pipeline for which `wanted` holds; none for any pipeline.
fn lets_in(rules: Node<'_>, wanted: Option<&str>, forgiven: bool) -> bool {
    for rule in rules.items() {
        let condition = rule.text_of("if");
        let is_plain = rule.shape() == Shape::Mapping && rule.get("changes").is_none() && rule.get("exists").is_none();
        let is_apart = condition.zip(wanted).is_some_and(|(one, two)| are_apart(one, two));
        // One that is started by hand holds up what waits for it, unless it may fail.
        let may_fail = rule.text_of("allow_failure").map_or(forgiven, |value| value == "true");
        let is_out = match rule.text_of("when") {
            Some("never") => true,
            Some("manual") => may_fail,
            _ => false,
        };
        match condition {
            _ if is_apart => {}
            _ if is_out => return false,
            None if is_plain => return true,
            Some(condition) if is_plain && wanted.is_some_and(|wanted| implies(wanted, condition)) => return true,
            _ => {}
        }
    }
    false
}

/// What a condition asks at once, with each name written plainly; one that has alternatives is a whole.
fn parts(condition: &str) -> Vec<String> {
    let plain = condition.replace(['{', '}'], "");
    let mark = if plain.contains("||") { "||||" } else { "&&" };
    let bare = |part: &str| {
        part.split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .replace('\'', "\"")
    };
    plain.split(mark).map(bare).collect()
}

/// Whether one condition holds wherever another does.
fn implies(given: &str, condition: &str) -> bool {
    let given = parts(given);
    let is_given = |part: &String| {
        // A name that is held against something is set.
        let is_set = |one: &String| {
            one.strip_prefix(part.as_str())
                .is_some_and(|rest| rest.starts_with(" =~ ") || rest.starts_with(" == "))
        };
        given.contains(part) || given.iter().any(|one| !one.contains("||") && is_set(one))
    };
    parts(condition).iter().all(is_given)
}

/// Whether two conditions never hold together: one is of tags, the other of branches or merge requests.
fn are_apart(one: &str, two: &str) -> bool {
    let of_tags = |text: &str| text.contains("CI_COMMIT_TAG") && !text.contains("||") && !text.contains('!');
    let of_branches = |text: &str| {
        let names = ["CI_COMMIT_BRANCH", "CI_MERGE_REQUEST_", "merge_request_event"];
        names.iter().any(|name| text.contains(name)) && !text.contains("||") && !text.contains('!')
    };
    of_tags(one) && of_branches(two) || of_branches(one) && of_tags(two)
}

/// The same where a job has no rules: by the names of `only` and `except`.
fn by_names(job: &Chain<'_>, other: &Chain<'_>, wanted: &[Option<&str>]) -> bool {
    let of_tags = wanted.iter().flatten().any(|one| one.contains("CI_COMMIT_TAG"));
    let (Some(only), Some(except)) = (job.names("only"), job.names("except")) else {
        return false;
    };
    let has_rules = other.get("rules").is_some();
    let theirs = other.names("only").unwrap_or_default();
    let left_out = other.names("except").unwrap_or_default();
    let is_in = if has_rules {
        only.is_empty() || only.contains(&"tags") && of_tags
    } else {
        only.is_empty() || !theirs.is_empty() && theirs.iter().all(|name| only.contains(name))
    };
    let is_out = except.iter().any(|name| {
        let comes_not = left_out.contains(name) || !theirs.is_empty() && !theirs.contains(name);
        if has_rules {
            *name == "tags" && of_tags || !matches!(*name, "tags" | "schedules" | "merge_requests" | "triggers")
        } else {
            !comes_not
        }
    });
    is_in && !is_out
}
