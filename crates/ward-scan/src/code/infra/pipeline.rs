//! Pipelines as jobs and steps: what runs, when, and whether it can fail.
//!
//! For rules, and for whoever compares what a security policy promises with what a repository does: "a scan runs every
//! night and stops the build" is a [`schedule`](Pipeline::schedules), a [`Step`] whose [`lines`](Step::lines) name the
//! scanner, and [`cannot_fail`](Step::cannot_fail) being none.

use ward_formats::{
    Budget, Error,
    yaml::{Shape, Value, Yaml},
};

use super::shell::{self, Then};

/// Whose format it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// A workflow or composite action of GitHub, Gitea or Forgejo.
    GitHub,
    /// A pipeline of GitLab.
    GitLab,
}

/// A pipeline.
#[derive(Debug, Clone)]
pub struct Pipeline {
    /// Whose.
    pub service: Service,
    /// What starts it: names of events, for GitLab the sources that its rules name.
    pub triggers: Vec<Trigger>,
    /// Times of a schedule, in the form of cron.
    pub schedules: Vec<String>,
    /// Its steps, in order.
    pub steps: Vec<Step>,
}

/// What starts a pipeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trigger {
    /// The event: `push`, `pull_request`, `schedule`.
    pub name: String,
    /// The branches it is limited to; empty for all.
    pub branches: Vec<String>,
    /// The line it stands on, from 1.
    pub line: u32,
}

/// A step.
#[derive(Debug, Clone)]
pub struct Step {
    /// The job it belongs to; empty for a composite action.
    pub job: String,
    /// What it is called, when it has a name.
    pub name: Option<String>,
    /// The line it begins on, from 1.
    pub line: u32,
    /// The action or reusable workflow it uses: `owner/name@ref`.
    pub uses: Option<String>,
    /// What the action is given.
    pub with: Vec<(String, String)>,
    /// The commands it runs, each with its line: a command of the shell, words with one space between them.
    pub lines: Vec<(u32, String)>,
    /// The condition under which it runs, as written: its own and that of its job.
    pub conditions: Vec<String>,
    /// Why its failure does not fail the pipeline, when it does not.
    pub cannot_fail: Option<&'static str>,
    /// How many commits a checkout takes: none for a step that is no checkout, 0 for all of them.
    pub checkout_depth: Option<u64>,
}

/// Reads a pipeline. `path` says which service it belongs to. None when the path or the content is no pipeline.
///
/// # Errors
/// What [`Yaml::parse`] says of the bytes.
pub fn read(path: &str, bytes: &[u8], budget: Budget) -> Result<Option<Pipeline>, Error> {
    let service = match super::kind(path) {
        Some(super::Kind::GitHub) => Service::GitHub,
        Some(super::Kind::GitLab) => Service::GitLab,
        _ => return Ok(None),
    };
    let yaml = Yaml::parse(bytes, budget)?;
    let Some(root) = yaml.root().filter(|root| root.shape() == Shape::Mapping) else {
        return Ok(None);
    };
    Ok(Some(match service {
        Service::GitHub => of_github(root),
        Service::GitLab => of_gitlab(root),
    }))
}

/// What starts a workflow of GitHub, with the node that says so.
pub(super) fn triggers<'a>(root: Value<'a>) -> Vec<(&'a str, Value<'a>, Option<Value<'a>>)> {
    let Some(on) = root.get("on").or_else(|| root.get("true")) else {
        return Vec::new();
    };
    if on.shape() == Shape::Mapping {
        let named = |(key, value): (Value<'a>, Value<'a>)| Some((key.text()?, key, Some(value)));
        on.entries().filter_map(named).collect()
    } else {
        on.texts().map(|(value, text)| (text, value, None)).collect()
    }
}

fn of_github(root: Value<'_>) -> Pipeline {
    let named = triggers(root);
    let crons = named
        .iter()
        .filter(|(name, ..)| *name == "schedule")
        .filter_map(|(.., value)| *value)
        .flat_map(Value::items)
        .filter_map(|item| item.text_of("cron").map(str::to_owned))
        .collect();
    let triggers = named
        .iter()
        .map(|(name, key, value)| Trigger {
            name: (*name).to_owned(),
            branches: value
                .and_then(|value| value.get("branches"))
                .map(|branches| branches.texts().map(|(_, text)| text.to_owned()).collect())
                .unwrap_or_default(),
            line: key.line(),
        })
        .collect();
    let mut steps = Vec::new();
    if let Some(runs) = root.get("runs") {
        steps.extend(
            runs.get("steps")
                .into_iter()
                .flat_map(Value::items)
                .map(|step| github_step("", None, step)),
        );
    }
    for (key, job) in root.get("jobs").into_iter().flat_map(Value::entries) {
        let name = key.text().unwrap_or_default();
        if job.get("uses").is_some() {
            steps.push(github_step(name, Some(job), job));
        }
        steps.extend(
            job.get("steps")
                .into_iter()
                .flat_map(Value::items)
                .map(|step| github_step(name, Some(job), step)),
        );
    }
    Pipeline {
        service: Service::GitHub,
        triggers,
        schedules: crons,
        steps,
    }
}

fn github_step(job_name: &str, job: Option<Value<'_>>, step: Value<'_>) -> Step {
    let run = step.get("run");
    let uses = step.text_of("uses").map(str::to_owned);
    let forgives = |value: Option<Value<'_>>| {
        value
            .and_then(|value| value.get("continue-on-error"))
            .is_some_and(is_true)
    };
    let cannot_fail = if forgives(Some(step)) {
        Some("`continue-on-error: true` at the step")
    } else if forgives(job) {
        Some("`continue-on-error: true` at the job")
    } else {
        run.and_then(Value::text).and_then(|text| forgiven(text, None))
    };
    let conditions = [job, Some(step)].into_iter().flatten();
    let conditions = conditions.filter_map(|one| one.text_of("if").map(str::to_owned));
    let checkout = uses
        .as_deref()
        .is_some_and(|uses| uses.starts_with("actions/checkout@"));
    let depth = || {
        let depth = step.at(&["with", "fetch-depth"]).and_then(Value::text);
        depth.map_or(1, |depth| depth.trim().parse().unwrap_or(1))
    };
    Step {
        job: job_name.to_owned(),
        name: step.text_of("name").map(str::to_owned),
        line: step.line(),
        lines: run.map(lines).unwrap_or_default(),
        with: step
            .get("with")
            .into_iter()
            .flat_map(Value::entries)
            .filter_map(|(key, value)| Some((key.text()?.to_owned(), value.text()?.to_owned())))
            .collect(),
        conditions: conditions.collect(),
        cannot_fail,
        checkout_depth: checkout.then(depth),
        uses,
    }
}

/// Keys of a GitLab file that are no jobs. `pages:deploy` is one that GitLab makes by itself.
///
/// Source: GitLab Docs, "CI/CD YAML syntax reference", global keywords.
pub const GLOBAL: &[&str] = &[
    "stages",
    "variables",
    "include",
    "default",
    "workflow",
    "image",
    "services",
    "before_script",
    "after_script",
    "cache",
    "spec",
    "pages:deploy",
];

/// The jobs of a GitLab file: those whose name begins with a point are templates, and are among them.
pub(super) fn gitlab_jobs<'a>(root: Value<'a>) -> impl Iterator<Item = (&'a str, Value<'a>)> {
    root.entries().filter_map(|(key, value)| {
        let name = key.text()?;
        (!GLOBAL.contains(&name) && value.shape() == Shape::Mapping).then_some((name, value))
    })
}

/// The scripts of a GitLab job or of the defaults: each line as a node.
pub(super) fn gitlab_scripts<'a>(job: Value<'a>) -> Vec<Value<'a>> {
    let mut out = Vec::new();
    for key in ["before_script", "script", "after_script"] {
        // Lists of lists come of `!reference` and of aliases.
        let mut waiting: Vec<Value<'a>> = job.get(key).into_iter().collect();
        let mut found = Vec::new();
        while let Some(value) = waiting.pop() {
            if value.text().is_some() && value.tag().is_none() {
                found.push(value);
            }
            if value.tag() != Some("!reference") {
                waiting.extend(value.items());
            }
        }
        found.reverse();
        out.extend(found);
    }
    out
}

fn of_gitlab(root: Value<'_>) -> Pipeline {
    let mut triggers: Vec<Trigger> = Vec::new();
    let mut steps = Vec::new();
    let mut rules_of = vec![root.get("workflow")];
    for (name, job) in gitlab_jobs(root) {
        rules_of.push(Some(job));
        if name.starts_with('.') {
            continue;
        }
        let scripts = gitlab_scripts(job);
        let forgiven = if job.get("allow_failure").is_some_and(is_true) {
            Some("`allow_failure: true` at the job")
        } else {
            scripts.iter().find_map(|value| forgiven(value.text()?, None))
        };
        let conditions = job.get("rules").into_iter().flat_map(Value::items);
        let conditions = conditions
            .filter_map(|rule| rule.text_of("if").map(str::to_owned))
            .collect();
        let depth = |value: Value<'_>| {
            value
                .at(&["variables", "GIT_DEPTH"])
                .and_then(|depth| depth.text()?.parse().ok())
        };
        steps.push(Step {
            job: name.to_owned(),
            name: None,
            line: job.line(),
            uses: None,
            with: Vec::new(),
            lines: scripts.iter().flat_map(|value| lines(*value)).collect(),
            conditions,
            cannot_fail: forgiven,
            // GitLab takes 20 commits where nothing is said.
            checkout_depth: Some(depth(job).or_else(|| depth(root)).unwrap_or(20)),
        });
    }
    for rule in rules_of
        .into_iter()
        .flatten()
        .filter_map(|job| job.get("rules"))
        .flat_map(Value::items)
    {
        let Some((key, condition)) = rule.entry("if") else {
            continue;
        };
        let condition = condition.text().unwrap_or_default();
        for source in ["schedule", "merge_request_event", "push", "web", "api", "trigger"] {
            let names = condition.contains("CI_PIPELINE_SOURCE")
                && condition.split(['"', '\'']).any(|part| part == source)
                && !triggers.iter().any(|trigger| trigger.name == source);
            if names {
                triggers.push(Trigger {
                    name: source.to_owned(),
                    branches: Vec::new(),
                    line: key.line(),
                });
            }
        }
    }
    Pipeline {
        service: Service::GitLab,
        triggers,
        schedules: Vec::new(),
        steps,
    }
}

pub(super) fn is_true(value: Value<'_>) -> bool {
    value.boolean() == Some(true)
}

/// The commands of a script with their lines. What stands in substitutions is part of its command.
fn lines(script: Value<'_>) -> Vec<(u32, String)> {
    let Some(text) = script.text() else { return Vec::new() };
    let blanked = super::workflow::blanked(text);
    let commands = shell::commands(&blanked);
    commands
        .iter()
        .filter(|command| command.depth == 0)
        .take(2_000)
        .map(|command| {
            let words: Vec<&str> = command.words.iter().map(|word| word.text.as_str()).collect();
            (line_of(script, command.start()), words.join(" "))
        })
        .collect()
}

fn line_of(script: Value<'_>, offset: usize) -> u32 {
    let breaks = |text: &str| u32::try_from(memchr::memchr_iter(b'\n', text.as_bytes()).count()).unwrap_or(u32::MAX);
    match (script.style(), script.text()) {
        // In a literal block the lines are those of the file.
        (Some(ward_formats::yaml::Style::Literal), Some(text)) => {
            let (first, _) = script.place_in(text.len() - text.trim_start().len());
            let leading = breaks(text.get(..text.len() - text.trim_start().len()).unwrap_or_default());
            (first + breaks(text.get(..offset).unwrap_or_default())).saturating_sub(leading)
        }
        _ => script.line(),
    }
}

/// Chooses commands by their program and the words after it.
pub(super) type Choice<'a> = &'a dyn Fn(&str, &[shell::Word]) -> bool;

/// Why the failure of a script, or of the programs that `of` names in it, does not fail it.
pub(super) fn forgiven(text: &str, of: Option<Choice<'_>>) -> Option<&'static str> {
    let blanked = super::workflow::blanked(text);
    let commands = shell::commands(&blanked);
    let mut lenient = false;
    let mut top = commands.iter().filter(|command| command.depth == 0).peekable();
    while let Some(command) = top.next() {
        let Some((program, words)) = command.program() else {
            continue;
        };
        if program == "set" && words.iter().any(|word| word.text == "+e") {
            lenient = true;
        }
        if of.is_some_and(|of| !of(program, words)) {
            continue;
        }
        if words
            .iter()
            .any(|word| word.text == "--exit-zero" || word.text == "--exit-code=0")
        {
            return Some("the tool is told to end without a fault");
        }
        if of.is_some() && lenient {
            return Some("`set +e` before it");
        }
        if command.then == Then::Or
            && let Some(next) = top.peek()
            && let Some((after, _)) = next.program()
            && matches!(after, "true" | ":" | "echo" | "printf")
        {
            return Some("`|| true` after it");
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workflow_is_read_as_steps() {
        let text = "on:\n  push: {branches: [main]}\n  schedule:\n    - cron: '0 3 * * *'\njobs:\n  scan:\n    if: github.x\n    \
            continue-on-error: true\n    steps:\n      - uses: actions/checkout@v4\n        with: {fetch-depth: 0}\n  test:\n    \
            steps:\n      - name: audit\n        run: |\n          set -e\n\n          pip-audit \\\n            -r a.txt || true\n";
        let pipeline = read(".github/workflows/a.yml", text.as_bytes(), Budget::RECORD)
            .unwrap()
            .unwrap();
        assert_eq!(pipeline.schedules, ["0 3 * * *"]);
        assert_eq!(pipeline.triggers[0].branches, ["main"]);
        let [checkout, audit] = &pipeline.steps[..] else {
            panic!("two steps")
        };
        assert_eq!((checkout.checkout_depth, checkout.line), (Some(0), 10));
        assert_eq!(checkout.cannot_fail, Some("`continue-on-error: true` at the job"));
        assert_eq!(checkout.conditions, ["github.x"]);
        assert_eq!(audit.lines[1], (18, "pip-audit -r a.txt".to_owned()));
        assert_eq!(audit.cannot_fail, Some("`|| true` after it"));
        assert_eq!(audit.name.as_deref(), Some("audit"));
    }

    #[test]
    fn a_gitlab_pipeline_is_read_as_steps() {
        let text = "variables: {GIT_DEPTH: \"0\"}\n.base: {script: [x]}\nscan:\n  allow_failure: true\n  script:\n    - bandit -r .\n  \
            rules:\n    - if: $CI_PIPELINE_SOURCE == \"schedule\"\n";
        let pipeline = read(".gitlab-ci.yml", text.as_bytes(), Budget::RECORD)
            .unwrap()
            .unwrap();
        assert_eq!(pipeline.triggers[0].name, "schedule");
        let [scan] = &pipeline.steps[..] else {
            panic!("one step")
        };
        assert_eq!(scan.lines, [(6, "bandit -r .".to_owned())]);
        assert_eq!(scan.cannot_fail, Some("`allow_failure: true` at the job"));
        assert_eq!(scan.checkout_depth, Some(0));
        assert!(read("a.yml", text.as_bytes(), Budget::RECORD).unwrap().is_none());
        assert!(read(".gitlab-ci.yml", b"[]", Budget::RECORD).unwrap().is_none());
    }
}
