//! Workflows of GitHub, Gitea and Forgejo, with the composite actions and workflows of the same repository that they call.
//!
//! Source: GitHub Docs, "Workflow syntax for GitHub Actions", "Events that trigger workflows", "Metadata syntax".

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::RangeInclusive,
    rc::Rc,
    sync::LazyLock,
};

use regex::Regex;
use ward_formats::{
    Budget,
    yaml::{Shape, Style, Value as Node, Yaml},
};

use super::{
    Hollow, Job, Occasion, Service,
    expression::{self, Known, Value},
    judge,
    script::{self, Fate, Shell},
    setting::{Origin, Reader, Setting},
};
use crate::{lexicon::Tool, promise::Place, repository::Repository};

mod events;
mod matrix;
mod needs;
mod shells;
mod uses;

use events::{Event, at_version, events, known_of, may_release, on_requests, paths, through};
use matrix::matrices;
use needs::{Jobs, NEVER, always_fails, are_ordered, conditions, whatever};
use shells::shell_of;
use uses::{Step, reusable, tool_of, used};

const FOLDERS: &[&str] = &[".github/workflows/", ".gitea/workflows/", ".forgejo/workflows/"];
/// What one workflow may cost as YAML.
pub(crate) const YAML: Budget = Budget {
    bytes: 2 << 20,
    depth: 64,
    items: 200_000,
};

/// Reads every workflow.
pub(super) fn read(reader: &mut Reader<'_>) {
    let paths: Vec<String> = reader
        .repository
        .files
        .keys()
        .filter(|path| {
            let file = FOLDERS.iter().find_map(|folder| path.strip_prefix(folder));
            file.is_some_and(|file| !file.contains('/') && (file.ends_with(".yml") || file.ends_with(".yaml")))
        })
        .cloned()
        .collect();
    let mut waiting = Vec::new();
    for path in paths {
        let Some(yaml) = parsed(reader, &path) else { continue };
        let Some(root) = yaml.root().filter(|root| root.shape() == Shape::Mapping) else {
            reader.skipped(&path, "it is no workflow");
            continue;
        };
        let events = events(reader, root);
        reader
            .out
            .files
            .insert(path.clone(), root.get("jobs").map_or(0, |jobs| jobs.entries().count()));
        let others: Vec<Event> = events
            .into_iter()
            .filter(|event| event.name != "workflow_call")
            .collect();
        if others.is_empty() {
            waiting.push(path);
            continue;
        }
        let mut setting = Setting::new(Service::GitHub);
        setting.entry = Rc::from(path.as_str());
        let call = Call {
            path: path.clone(),
            events: others,
            setting,
            known: Known::new(),
        };
        workflow(reader, root, &call);
    }
    // Those that are only called, and by nobody.
    for path in waiting
        .iter()
        .filter(|path| !reader.called.contains(*path))
        .cloned()
        .collect::<Vec<_>>()
    {
        let Some(yaml) = parsed(reader, &path) else { continue };
        let Some(root) = yaml.root() else { continue };
        let event = Event {
            name: "workflow_call".to_owned(),
            occasion: Occasion::Other,
            hollow: Some(Hollow::NeverCalled),
            unknown: None,
            period: None,
            closes: false,
            names_tags: false,
            paths: Vec::new(),
            ignored: Vec::new(),
        };
        let call = Call {
            path,
            events: vec![event],
            setting: Setting::new(Service::GitHub),
            known: Known::new(),
        };
        workflow(reader, root, &call);
    }
}

/// `owner/name` that conditions compare `github.repository` with, where every workflow names the same one: that is how a
/// project keeps its jobs from running in forks.
pub(super) fn guarded(repository: &Repository) -> Option<String> {
    static GUARD: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"github\.repository\s*[!=]=\s*'([\w.-]+/[\w.-]+)'").ok());
    let mut names = BTreeSet::new();
    for (path, file) in &repository.files {
        if !FOLDERS.iter().any(|folder| path.starts_with(folder)) {
            continue;
        }
        let text = file.bytes.as_deref().and_then(|bytes| std::str::from_utf8(bytes).ok());
        let found = GUARD.as_ref().zip(text).map(|(guard, text)| guard.captures_iter(text));
        names.extend(
            found
                .into_iter()
                .flatten()
                .filter_map(|name| Some(name.get(1)?.as_str().to_ascii_lowercase())),
        );
    }
    (names.len() == 1).then(|| names.pop_first()).flatten()
}

fn parsed(reader: &mut Reader<'_>, path: &str) -> Option<Yaml> {
    let Some(bytes) = reader.bytes(path) else {
        reader.skipped(path, "its content was not read");
        return None;
    };
    commented(reader, path, bytes);
    match Yaml::parse(bytes, YAML) {
        Ok(yaml) => Some(yaml),
        Err(_) => {
            reader.skipped(path, "it is no YAML that can be read");
            None
        }
    }
}

/// Steps that are commented out: `# - run: bandit -r .`, `#   uses: owner/name@v1`.
fn commented(reader: &mut Reader<'_>, path: &str, bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let setting = Setting::new(Service::GitHub).with(Some(Hollow::CommentedOut));
    for (index, line) in text.lines().enumerate().take(20_000) {
        let Some(comment) = line.trim_start().strip_prefix('#') else {
            continue;
        };
        let comment = comment.trim().trim_start_matches("- ").trim();
        let place = Place {
            path: path.to_owned(),
            line: u32::try_from(index + 1).unwrap_or(u32::MAX),
            last_line: u32::try_from(index + 1).unwrap_or(u32::MAX),
        };
        if let Some(uses) = comment.strip_prefix("uses:") {
            let uses = uses.trim().trim_matches(['"', '\'']);
            if let Some(tool) = tool_of(uses.split('@').next().unwrap_or(uses)) {
                reader.push(
                    tool,
                    place,
                    &setting,
                    uses.to_owned(),
                    judge::Judgement::default(),
                    Fate::Gates,
                );
            }
        } else if let Some(run) = comment.strip_prefix("run:").filter(|run| run.len() < 500) {
            let origin = Origin::on(path, place.line);
            let shell = Shell {
                errexit: true,
                pipefail: false,
            };
            reader.script(run.trim(), shell, &mut setting.clone(), &origin, Fate::Gates);
        }
    }
}

struct Call {
    path: String,
    events: Vec<Event>,
    setting: Setting,
    /// Inputs that are given.
    known: Known,
}

/// What the events that are left make of a run.
fn settle(setting: &mut Setting, before: &[Event], events: &[Event], reader: &Reader<'_>, tool: Option<&Tool>) {
    let mut usable = Vec::new();
    let mut faults = Vec::new();
    for event in events {
        let mut event = event.clone();
        if event.hollow.is_none()
            && let Some(fault) = paths(reader, &event, tool)
        {
            event.hollow = Some(fault);
        }
        match event.hollow {
            Some(fault) => faults.push(fault),
            None => usable.push(event),
        }
    }
    setting.occasions = usable.iter().map(|event| event.occasion).collect();
    let sure = |one: &Occasion| {
        usable
            .iter()
            .any(|event| event.occasion == *one && event.unknown.is_none())
    };
    setting.perhaps = setting.occasions.iter().filter(|one| !sure(one)).copied().collect();
    setting.occasions.sort_unstable();
    setting.occasions.dedup();
    setting.period = usable
        .iter()
        .filter(|event| event.unknown.is_none())
        .filter_map(|event| event.period)
        .min();
    let regular: Vec<&Event> = usable.iter().filter(|event| event.occasion.is_regular()).collect();
    if regular.is_empty() {
        // The reason that says most, first.
        let reason = if let Some(fault) = faults.first() {
            *fault
        } else if usable
            .iter()
            .any(|event| matches!(event.occasion, Occasion::Tag | Occasion::Release))
        {
            // A promise about releases asks nothing but these.
            if usable.iter().all(|event| event.unknown.is_some()) {
                setting.unknown = setting.unknown.or(usable.first().and_then(|event| event.unknown));
            }
            Hollow::OnlyTags
        } else if usable.iter().any(|event| event.occasion == Occasion::Manual) {
            Hollow::ManualOnly
        } else if before.is_empty() {
            return;
        } else {
            Hollow::ConditionFalse
        };
        setting.hollow.push(reason);
    } else if regular.iter().all(|event| event.unknown.is_some()) {
        setting.unknown = setting.unknown.or(regular.first().and_then(|event| event.unknown));
    }
}

fn workflow(reader: &mut Reader<'_>, root: Node<'_>, call: &Call) {
    let env = environment(root, &BTreeMap::new(), &Known::new());
    let jobs: Jobs<'_> = root
        .get("jobs")
        .into_iter()
        .flat_map(Node::entries)
        .filter_map(|(key, job)| Some((key.text()?, job)))
        .collect();
    let ordered = are_ordered(&jobs);
    let lines = lines(root);
    for (name, job) in root.get("jobs").into_iter().flat_map(Node::entries).take(500) {
        let mut conditions = conditions(&jobs, name.text().unwrap_or_default());
        let mut matrices = matrices(job);
        // Nothing of a workflow runs whose jobs have no order, nor a job whose matrix makes none.
        if !ordered || matrices.is_empty() {
            conditions.push(NEVER);
            matrices.push(Known::new());
        }
        for matrix in matrices {
            let mut known = call.known.clone();
            let texts = matrix.values().filter_map(|value| match value {
                Value::Text(text) => Some(text.to_ascii_lowercase()),
                _ => None,
            });
            let values = texts.collect();
            known.extend(matrix);
            let stands = Job {
                path: call.path.clone(),
                own: own(root, &lines, name.line()),
                all: lines.clone(),
                system: String::new(),
                values: matrix::leaves_out(job).then_some(values),
            };
            one_job(reader, root, (stands, job), &conditions, &env, known, call);
        }
    }
}

/// The lines of the jobs of a workflow.
fn lines(root: Node<'_>) -> RangeInclusive<u32> {
    let Some((jobs, _)) = root.entry("jobs") else {
        // No line is its: there is no line 0.
        return 0..=0;
    };
    let keys = root.entries().map(|(key, _)| key.line());
    let next = keys.filter(|line| *line > jobs.line()).min();
    jobs.line()..=next.map_or(u32::MAX, |next| next.saturating_sub(1))
}

/// The lines of the job that begins on `line`.
fn own(root: Node<'_>, all: &RangeInclusive<u32>, line: u32) -> RangeInclusive<u32> {
    let jobs = root.get("jobs").into_iter().flat_map(Node::entries);
    let next = jobs.map(|(key, _)| key.line()).filter(|other| *other > line).min();
    line..=next.map_or(*all.end(), |next| next.saturating_sub(1))
}

fn environment(node: Node<'_>, outer: &BTreeMap<String, String>, known: &Known) -> BTreeMap<String, String> {
    let mut env = outer.clone();
    for (key, value) in node.get("env").into_iter().flat_map(Node::entries).take(500) {
        if let (Some(key), Some(value)) = (key.text(), value.text()) {
            env.insert(key.to_owned(), expression::filled(value, known));
        }
    }
    env
}

fn with_env(known: &mut Known, env: &BTreeMap<String, String>) {
    for (key, value) in env {
        let value = if value.contains(expression::DYNAMIC) {
            Value::Unknown
        } else {
            Value::Text(value.clone())
        };
        known.insert(format!("env.{}", key.to_ascii_lowercase()), value);
    }
}

fn one_job(
    reader: &mut Reader<'_>,
    root: Node<'_>,
    (mut stands, job): (Job, Node<'_>),
    conditions: &[&str],
    env: &BTreeMap<String, String>,
    mut known: Known,
    call: &Call,
) {
    let env = environment(job, env, &known);
    with_env(&mut known, &env);
    if let Some(os) = job.get("runs-on").and_then(Node::text) {
        let os = expression::filled(os, &known);
        let name = if os.contains("windows") {
            "Windows"
        } else if os.contains("macos") {
            "macOS"
        } else {
            "Linux"
        };
        known.insert("runner.os".to_owned(), Value::Text(name.to_owned()));
    }
    let merged = |event: &Event| {
        let mut all = known_of(reader, event);
        all.extend(known.clone());
        all
    };
    let events = through(&call.events, conditions, &merged);
    let mut setting = call.setting.clone();
    setting.env = Rc::new(env);
    let named = job.get("runs-on").map(|on| on.get("labels").unwrap_or(on));
    let labels = named.into_iter().flat_map(Node::texts);
    let labels = labels.map(|(_, label)| expression::filled(label, &known).to_ascii_lowercase());
    stands.system = labels.collect::<Vec<_>>().join(" ");
    setting.job = Some(Rc::new(stands));
    match forgiven(job, &known) {
        Some(Ok(())) => setting.hollow.push(Hollow::ContinueJob),
        Some(Err(why)) => setting.unknown = Some(why),
        None => {}
    }
    setting.may_release = None;
    setting.has_rights = has_rights(reader, root, job, &setting);
    if let Some(uses) = job.text_of("uses") {
        setting.step = setting.step.or(Some(job.line()));
        setting.may_release = may_release(&events);
        setting.is_held = on_requests(&events) || !setting.has_rights;
        reusable(reader, job, uses, events, setting, &known, call);
        return;
    }
    let defaults = |key: &str| {
        job.at(&["defaults", "run", key])
            .or_else(|| root.at(&["defaults", "run", key]))
            .and_then(Node::text)
    };
    let job_shell = defaults("shell").map(str::to_owned);
    let folder = defaults("working-directory").map(|folder| expression::filled(folder, &known));
    let steps: Vec<Node<'_>> = job.get("steps").into_iter().flat_map(Node::items).take(500).collect();
    let gets = |step: &Node<'_>| {
        let uses = step.text_of("uses").unwrap_or_default();
        let run = step.text_of("run").unwrap_or_default();
        uses.contains("checkout")
            || uses.contains("download-artifact")
            || uses.starts_with("./")
            || run.contains("git clone")
            || run.contains("git fetch")
            || run.contains("gh repo clone")
            || run.contains("gh pr checkout")
    };
    setting.nothing_there = !steps.is_empty() && !steps.iter().any(gets);
    let work = Work {
        reader_path: &call.path,
        job_shell,
        folder,
        before: call.events.clone(),
    };
    run_steps(reader, &steps, &events, setting, &known, &work);
}

/// Whether what a job does may be a release: nothing shows that it has no right to one. A job on a forge's own machine
/// whose token can only read, and that is given no secret, can hand out nothing, whatever it runs.
///
/// Source: GitHub Docs, "Controlling permissions for `GITHUB_TOKEN`".
fn has_rights(reader: &Reader<'_>, root: Node<'_>, job: Node<'_>, setting: &Setting) -> bool {
    let Some(permissions) = job.get("permissions").or_else(|| root.get("permissions")) else {
        return true;
    };
    let only_reads = match permissions.shape() {
        Shape::Mapping => permissions
            .entries()
            .all(|(_, value)| matches!(value.text(), Some("read" | "none"))),
        _ => permissions.text() == Some("read-all"),
    };
    let Some(stands) = setting.job.as_deref().filter(|_| only_reads) else {
        return true;
    };
    let hosted = ["ubuntu-", "macos-", "windows-"];
    if !hosted.iter().any(|name| stands.system.starts_with(name)) || stands.is_open() {
        return true;
    }
    let text = reader.text(&stands.path).unwrap_or_default();
    (1_u32..).zip(text.lines()).any(|(line, text)| {
        let of_others = stands.all.contains(&line) && !stands.own.contains(&line);
        !of_others && text.replace("secrets.GITHUB_TOKEN", "").contains("secrets")
    })
}

struct Work<'w> {
    reader_path: &'w str,
    job_shell: Option<String>,
    folder: Option<String>,
    before: Vec<Event>,
}

/// Whether a failure is forgiven by `continue-on-error`, or why that is not known.
fn forgiven(node: Node<'_>, known: &Known) -> Option<Result<(), &'static str>> {
    let value = node.get("continue-on-error")?;
    match (value.boolean(), value.text()) {
        (Some(true), _) => Some(Ok(())),
        (Some(false), _) => None,
        (None, Some(text)) => match expression::condition(text, known) {
            Some(true) => Some(Ok(())),
            Some(false) => None,
            None => Some(Err("whether its failure is forgiven is known only when it runs")),
        },
        _ => None,
    }
}

fn run_steps(
    reader: &mut Reader<'_>,
    steps: &[Node<'_>],
    events: &[Event],
    setting: Setting,
    known: &Known,
    work: &Work<'_>,
) {
    let mut setting = setting;
    let scripts: Vec<&str> = steps
        .iter()
        .map(|step| step.text_of("run").unwrap_or_default())
        .collect();
    let mut failed = false;
    for (index, step) in steps.iter().enumerate() {
        let mut known = known.clone();
        let env = environment(*step, &setting.env, &known);
        with_env(&mut known, &env);
        let mut own_condition: Vec<&str> = step.text_of("if").into_iter().collect();
        // After a step that always fails, only what runs whatever became of it does.
        if failed && !own_condition.iter().any(|condition| whatever(condition)) {
            own_condition.push(NEVER);
        }
        failed |= always_fails(*step);
        let merged = |event: &Event| {
            let mut all = known_of(reader, event);
            all.extend(known.clone());
            all
        };
        let left = through(events, &own_condition, &merged);
        let mut own = setting.clone();
        own.step = own.step.or(Some(step.line()));
        own.is_held = on_requests(&left) || !own.has_rights;
        own.may_release = may_release(&left);
        own.env = Rc::new(env);
        let later = scripts.get(index + 1..).unwrap_or_default().iter().take(40);
        own.later = Rc::new(
            later
                .filter(|text| text.len() < 64 << 10)
                .map(|text| (*text).to_owned())
                .collect(),
        );
        let judged_later = step
            .text_of("id")
            .is_some_and(|id| is_judged_later(steps.get(index + 1..).unwrap_or_default(), id));
        match forgiven(*step, &known) {
            Some(Ok(())) if judged_later => {}
            Some(Ok(())) => own.hollow.push(Hollow::ContinueStep),
            Some(Err(why)) => own.unknown = Some(why),
            None => {}
        }
        let place = Place {
            path: work.reader_path.to_owned(),
            line: step.line(),
            last_line: step.line(),
        };
        if let Some(uses) = step.text_of("uses") {
            let with: Vec<(String, String)> = step
                .get("with")
                .into_iter()
                .flat_map(Node::entries)
                .filter_map(|(key, value)| {
                    let (key, value) = (key.text()?, value.text()?);
                    let value = match key {
                        "ref" if uses::is_base(value) => uses::BASE.to_owned(),
                        _ => expression::filled(value, &known),
                    };
                    Some((key.to_owned(), value))
                })
                .collect();
            let step = Step {
                uses,
                with: &with,
                events: &left,
                place,
                work,
                known: &known,
            };
            used(reader, &step, own, &mut setting);
        } else if let Some(run) = step.get("run")
            && let Some(text) = run.text()
        {
            let folder = step
                .text_of("working-directory")
                .map(|folder| expression::filled(folder, &known))
                .or_else(|| work.folder.clone());
            if let Some(folder) = folder {
                own.directory = match &own.directory {
                    Some(_) if folder.contains(expression::DYNAMIC) || folder.starts_with('/') => None,
                    Some(from) => Some(script::join(from, &folder)),
                    None => None,
                };
            }
            let named = step.text_of("shell").or(work.job_shell.as_deref());
            if named.is_some_and(|named| named.contains("python")) {
                reader.open(&own, &place, Fate::Gates, &["python".to_owned(), "{0}".to_owned()]);
                continue;
            }
            let run_by = shell_of(named, &known);
            if run_by.is_none() {
                own.hollow.push(Hollow::Unreachable);
            }
            let shell = run_by.unwrap_or(Shell {
                errexit: true,
                pipefail: false,
            });
            let text = expression::filled(text, &known);
            let origin = match run.style() {
                Some(Style::Literal) => Origin::of(work.reader_path.to_owned(), run.line()),
                _ => Origin::on(work.reader_path, run.line()),
            };
            let from = reader.out.runs.len();
            let mut inner = own.clone();
            reader.script(&text, shell, &mut inner, &origin, Fate::Gates);
            finish(reader, from, &own, &left, work);
            setting.installed |= inner.installed;
            setting.fetched |= inner.fetched;
            setting.world = inner.world;
        }
    }
}

/// Gives the runs that were just found what their events make of them; each tool has its own filter of paths.
fn finish(reader: &mut Reader<'_>, from: usize, own: &Setting, events: &[Event], work: &Work<'_>) {
    let found: Vec<super::Run> = reader.out.runs.drain(from..).collect();
    let events: Vec<Event> = events.iter().map(|event| at_version(event, own.checkout)).collect();
    for mut run in found {
        if run.hollow.contains(&Hollow::CommentedOut) {
            reader.out.runs.push(run);
            continue;
        }
        let mut setting = Setting::new(Service::GitHub);
        settle(
            &mut setting,
            &work.before,
            &events,
            reader,
            crate::lexicon::tool(run.tool),
        );
        // A test of its script asks what started it.
        let asks = run.doubtful && !run.perhaps.is_empty();
        run.perhaps = if asks {
            setting.occasions.clone()
        } else {
            setting.perhaps
        };
        run.occasions = setting.occasions;
        run.period = setting.period;
        let produced = crate::lexicon::tool(run.tool).is_some_and(judge::produces);
        run.hollow.extend(
            setting
                .hollow
                .into_iter()
                .filter(|one| !(produced && *one == Hollow::OnlyTags)),
        );
        run.hollow.sort_unstable();
        run.hollow.dedup();
        run.unknown = run.unknown.or(setting.unknown).or(own.unknown);
        reader.out.runs.push(run);
    }
}

/// Whether a later step of the job looks at the outcome of the step called `id`.
fn is_judged_later(steps: &[Node<'_>], id: &str) -> bool {
    let names = [format!("steps.{id}.outcome"), format!("steps.{id}.outputs")];
    steps.iter().any(|step| {
        let text = [step.text_of("if"), step.text_of("run")]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join("\n");
        names.iter().any(|name| text.contains(name.as_str()))
            && step
                .text_of("run")
                .is_some_and(|run| run.contains("exit 1") || run.contains("false"))
    })
}
