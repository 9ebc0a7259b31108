//! Promises that workflows are hardened: actions pinned to commits, tokens that may do little.
//!
//! Source: GitHub Docs, "Security hardening for GitHub Actions", "Controlling permissions for GITHUB_TOKEN".

use ward_formats::yaml::{Shape, Value as Node, Yaml};

use super::{
    Facts, Outcome,
    asked::{Asked, is_workflow},
    broken, kept, proof, rules, tools,
};
use crate::{
    pipeline::YAML,
    promise::{Place, Promise},
    verdict::{Proof, Verdict},
};

/// Most places that are named as proofs.
const SHOWN: usize = 12;
/// Most workflows that are looked at.
const WORKFLOWS: usize = 300;

/// What the sentence asks of tokens.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rights {
    /// Nothing is written, by any job.
    ReadOnly,
    /// Workflows give nothing that writes to all of their jobs; a job may ask for what it needs.
    Least,
}

/// Workflows are hardened, the one that is named or all.
pub(super) fn judge(facts: &Facts<'_>, promise: &Promise) -> Outcome {
    if !promise.frame.tools.is_empty() {
        return tools::judge(facts, promise);
    }
    let wanted = Asked::of(facts, promise).workflow;
    let files = facts.repository.files.keys().map(String::as_str);
    let mut paths = files
        .filter(|path| path.starts_with(".github/workflows/") && (path.ends_with(".yml") || path.ends_with(".yaml")));
    let paths: Vec<&str> = match &wanted {
        Some(wanted) => paths.filter(|path| is_workflow(path, wanted)).collect(),
        None => paths.by_ref().take(WORKFLOWS).collect(),
    };
    match (&wanted, paths.is_empty()) {
        (Some(wanted), true) => {
            let shown = proof(wanted, None, "the workflow that the sentence names is not there");
            return Outcome::new(
                &rules::WORKFLOWS,
                broken(vec![shown]),
                "The workflow that is named is not there.",
            );
        }
        (None, true) => {
            let verdict = Verdict::NotExamined("there is no workflow to look at".to_owned());
            return Outcome::new(&rules::PROMISE, verdict, "There is no workflow to look at.");
        }
        _ => {}
    }
    let lower = promise.text.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    let pins = says(&["pin", "sha", "commit", "digest"]);
    let rights = says(&["permission", "privilege", "token", "read-only", "read only"]);
    let mut seen = Seen::default();
    if pins || !rights {
        seen.pins(facts, wanted.is_some().then_some(paths.as_slice()));
        if seen.faults.is_empty() && seen.good.is_empty() {
            let first = paths.first().copied().unwrap_or(".github/workflows");
            seen.good.push(proof(first, None, "no action of others is used"));
        }
    }
    if rights || !pins {
        let loose = says(&["default", "unless", "except", "need", "require", "least", "minim"]);
        let only = says(&["read-only", "read only", "contents: read", "no write"]) && !loose;
        let rights = if only { Rights::ReadOnly } else { Rights::Least };
        paths.iter().for_each(|path| seen.rights(facts, path, rights));
    }
    seen.outcome()
}

/// What was seen.
#[derive(Default)]
struct Seen {
    faults: Vec<Proof>,
    good: Vec<Proof>,
    dark: Vec<String>,
}

impl Seen {
    /// Every action, reusable workflow and image stands at a commit or a digest.
    fn pins(&mut self, facts: &Facts<'_>, only: Option<&[&str]>) {
        let mut uses = facts.pipelines.uses.clone();
        if only.is_none() {
            uses.extend(of_actions(facts));
            uses.sort();
            uses.dedup();
        }
        for (place, slug, version) in uses
            .iter()
            .filter(|(place, ..)| only.is_none_or(|only| only.contains(&place.path.as_str())))
        {
            let is_pinned = slug.starts_with('.')
                || version.len() == 40 && version.bytes().all(|byte| byte.is_ascii_hexdigit())
                || slug.starts_with("docker://") && version.starts_with("sha256:");
            let list = if is_pinned { &mut self.good } else { &mut self.faults };
            let how = if is_pinned {
                "is pinned to a commit, or local"
            } else {
                "is not pinned to a commit"
            };
            list.push(proof(&place.path, Some(place.line), format!("{slug} {how}")));
        }
    }

    /// What the token of a workflow may do.
    fn rights(&mut self, facts: &Facts<'_>, path: &str, asked: Rights) {
        let yaml = facts.text(path).map(|text| Yaml::parse(text.as_bytes(), YAML));
        let Some(root) = yaml.as_ref().and_then(|yaml| yaml.as_ref().ok()).and_then(Yaml::root) else {
            return self.dark.push(format!("{path} could not be read"));
        };
        // One that others call has its caller's token.
        let on = root.get("on").or_else(|| root.get("true"));
        let called = on.is_some_and(|on| match on.shape() {
            Shape::Mapping => on.entries().all(|(key, _)| key.text() == Some("workflow_call")),
            _ => on.texts().all(|(_, text)| text == "workflow_call"),
        });
        let own = root.get("permissions");
        if let Some(own) = own {
            self.given(path, "every job", own, true);
        }
        for (name, job) in root.get("jobs").into_iter().flat_map(Node::entries).take(500) {
            let name = name.text().unwrap_or("a job");
            match job.get("permissions") {
                Some(given) => self.given(path, &format!("the job `{name}`"), given, asked == Rights::ReadOnly),
                None if own.is_none() && !called => {
                    let note = format!("the job `{name}` takes the token's default, which may write");
                    self.faults.push(proof(path, Some(job.line()), note));
                }
                None => {}
            }
        }
    }

    /// Permissions, where `strict` says that none may write.
    fn given(&mut self, path: &str, whose: &str, given: Node<'_>, strict: bool) {
        let line = Some(given.line());
        if given.text() == Some("write-all") {
            return self
                .faults
                .push(proof(path, line, format!("{whose} may write everything")));
        }
        let writes = given.entries().filter(|(_, right)| right.text() == Some("write"));
        let writes: Vec<&str> = writes.filter_map(|(scope, _)| scope.text()).take(8).collect();
        let (list, note) = match (writes.is_empty(), strict) {
            (true, _) => (&mut self.good, format!("{whose} may only read")),
            (false, true) => (
                &mut self.faults,
                format!("{whose} may write: {}", super::listed(&writes)),
            ),
            (false, false) => (
                &mut self.good,
                format!("{whose} asks to write: {}", super::listed(&writes)),
            ),
        };
        list.push(proof(path, line, note));
    }

    fn outcome(mut self) -> Outcome {
        self.faults.truncate(SHOWN);
        self.good.truncate(SHOWN);
        if !self.faults.is_empty() {
            return Outcome::new(&rules::WORKFLOWS, broken(self.faults), "Workflows are not as it says.");
        }
        if let Some(first) = self.dark.first() {
            let verdict = Verdict::NotExamined(first.clone());
            return Outcome::new(&rules::PROMISE, verdict, "A workflow could not be examined.");
        }
        let limit =
            "a setting of the forge may give more or less, and other faults of workflows are what `ward scan` looks at";
        Outcome::new(
            &rules::PROMISE,
            kept(self.good, Some(limit)),
            "Workflows are as it says.",
        )
    }
}

/// Whether an action is one that others or workflows use: not one that tests and examples hold.
fn is_published(facts: &Facts<'_>, path: &str) -> bool {
    const ASIDE: &[&str] = &[
        "test",
        "tests",
        "testdata",
        "__tests__",
        "fixture",
        "fixtures",
        "example",
        "examples",
        "sample",
        "samples",
        "doc",
        "docs",
        "vendor",
        "third_party",
        "node_modules",
    ];
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let is_used = || {
        let mut uses = facts.pipelines.uses.iter();
        uses.any(|(_, slug, _)| {
            slug.strip_prefix("./")
                .is_some_and(|used| used.trim_end_matches('/') == folder)
        })
    };
    !folder.split('/').any(|part| ASIDE.contains(&part)) || is_used()
}

/// What the repository's own actions use: others run them, whether or not a workflow here does.
fn of_actions(facts: &Facts<'_>) -> Vec<(Place, String, String)> {
    let is_action = |name: &str| matches!(name, "action.yml" | "action.yaml");
    let mut out = Vec::new();
    for path in facts
        .named(&is_action)
        .filter(|path| is_published(facts, path))
        .take(WORKFLOWS)
    {
        let yaml = facts.text(path).map(|text| Yaml::parse(text.as_bytes(), YAML));
        let Some(root) = yaml.as_ref().and_then(|yaml| yaml.as_ref().ok()).and_then(Yaml::root) else {
            continue;
        };
        let steps = root
            .at(&["runs", "steps"])
            .into_iter()
            .flat_map(Node::items)
            .take(1_000);
        for used in steps.filter_map(|step| step.get("uses")) {
            let Some(text) = used.text() else { continue };
            let (slug, version) = text.split_once('@').unwrap_or((text, ""));
            let place = Place {
                path: path.to_owned(),
                line: used.line(),
                last_line: used.line(),
            };
            out.push((place, slug.to_owned(), version.to_owned()));
        }
    }
    out
}
