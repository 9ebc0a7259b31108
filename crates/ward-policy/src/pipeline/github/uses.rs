//! What a step or a job uses: actions, composite actions and workflows of the same repository, images.

use ward_formats::yaml::Value as Node;

use super::{Call, Event, Work, events::is_default, finish, parsed, run_steps, workflow};
use crate::{
    lexicon::{Tool, tools},
    pipeline::{
        Hollow,
        expression::{self, Known, Value},
        harmless,
        hooks::Asked,
        judge,
        script::{self, Fate, Shell},
        setting::{Checkout, FOLLOWED, Origin, Reader, Setting},
    },
    promise::Place,
};

/// A step that uses an action.
pub(super) struct Step<'s> {
    /// The action, as written.
    pub(super) uses: &'s str,
    /// What it is given.
    pub(super) with: &'s [(String, String)],
    /// The events that reach it.
    pub(super) events: &'s [Event],
    /// Where it stands.
    pub(super) place: Place,
    /// The job's own defaults.
    pub(super) work: &'s Work<'s>,
    /// What is known of its expressions.
    pub(super) known: &'s Known,
}

/// The tool whose action `slug` is (`owner/name[/path]`, without a version).
pub(super) fn tool_of(slug: &str) -> Option<&'static Tool> {
    let slug = slug.trim_start_matches("docker://").to_ascii_lowercase();
    tools().iter().find(|tool| {
        tool.evidence.actions.iter().any(|action| {
            let action = action.to_ascii_lowercase();
            slug == action
                || slug
                    .strip_prefix(action.as_str())
                    .is_some_and(|rest| rest.starts_with('/') || rest.starts_with(':'))
        })
    })
}

/// What becomes of a step that uses an action. `own` is the step's setting, `setting` that of the steps after it.
pub(super) fn used(reader: &mut Reader<'_>, step: &Step<'_>, mut own: Setting, setting: &mut Setting) {
    let Step {
        uses,
        with,
        events,
        place,
        work,
        ..
    } = step;
    let (slug, version) = uses.split_once('@').unwrap_or((*uses, ""));
    reader
        .out
        .uses
        .push((place.clone(), slug.to_owned(), version.to_owned()));
    let input = |name: &str| {
        with.iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    };
    if slug == "actions/checkout" {
        setting.world.restored();
        let depth = input("fetch-depth").map_or(1, |depth| depth.trim().parse().unwrap_or(1));
        setting.commits = Some(depth);
        let aside = input("path").is_some_and(|path| path != ".");
        let own = input("repository").map_or(Some(true), |other| is_own(reader, other));
        match (own, aside) {
            (Some(false), true) => setting.fetched = true,
            (_, true) => setting.directory = None,
            (Some(false), false) => setting.nothing_there = true,
            (None, false) => setting.unknown = Some("whether this repository is checked out is not known"),
            (Some(true), false) => {
                setting.nothing_there = false;
                setting.checkout = checked_out(reader, input("ref").unwrap_or_default());
                let cone = input("sparse-checkout-cone-mode").is_none_or(|mode| mode != "false");
                setting
                    .world
                    .only(input("sparse-checkout").unwrap_or_default().lines(), cone);
            }
        }
        return;
    }
    if slug == "pre-commit/action" {
        let from = reader.out.runs.len();
        let given = input("extra_args").unwrap_or("--all-files");
        if !given.contains("--all-files")
            && !given.contains("-a")
            && !given.contains("--files")
            && !given.contains("--from-ref")
        {
            own.hollow.push(Hollow::NothingStaged);
        }
        reader.hooks_of_pipeline(own.clone(), place, Asked::default());
        finish(reader, from, &own, events, work);
        return;
    }
    if let Some(path) = slug.strip_prefix("./").or_else(|| (slug == ".").then_some("")) {
        composite(reader, path.trim_end_matches('/'), step, own, setting);
        return;
    }
    if let Some(image) = slug.strip_prefix("docker://") {
        // An image whose name is a tool's, or that is told to run one.
        let name = image.split(':').next().unwrap_or(image);
        let name = name.rsplit('/').next().unwrap_or(name);
        let args = input("args").unwrap_or_default();
        let first = args.split_whitespace().next().unwrap_or_default();
        let text = if first == name || first.is_empty() || reader.tool_of(&[first.to_owned()]).is_some() {
            args.to_owned()
        } else {
            format!("{name} {args}")
        };
        let from = reader.out.runs.len();
        let origin = Origin::on(&place.path, place.line);
        let shell = Shell {
            errexit: true,
            pipefail: false,
        };
        reader.script(&text, shell, &mut own.clone(), &origin, Fate::Gates);
        if reader.out.runs.len() == from {
            // What an image does by itself is not known.
            reader.open_action(&own, place, slug, slug.to_owned());
        }
        finish(reader, from, &own, events, work);
        return;
    }
    // A machine of another system, in which a script runs; whether it stops at the first fault is not documented.
    let is_machine = slug.starts_with("vmactions/") && slug.ends_with("-vm") || slug == "cross-platform-actions/action";
    if let Some(text) = input("run").filter(|_| is_machine) {
        let from = reader.out.runs.len();
        let origin = Origin::on(&place.path, place.line);
        let shell = Shell {
            errexit: false,
            pipefail: false,
        };
        reader.script(text, shell, &mut own.clone(), &origin, Fate::Gates);
        finish(reader, from, &own, events, work);
        return;
    }
    if let Some((tool, judgement)) = judge::bill_beside_action(slug, with) {
        let from = reader.out.runs.len();
        reader.push(tool, place.clone(), &own, (*uses).to_owned(), judgement, Fate::Gates);
        finish(reader, from, &own, events, work);
    }
    let Some(tool) = tool_of(slug) else {
        if !harmless::action(slug, with) {
            // What a run decides may be either.
            let mut text = slug.to_owned();
            if slug.starts_with("docker/") {
                text.push_str(" push: true");
            }
            if with.iter().any(|(_, value)| value.contains(expression::DYNAMIC)) {
                text.push_str(expression::DYNAMIC);
            }
            reader.open_action(&own, place, slug, text);
        }
        // Another's action may install or fetch what a scan looks at.
        if slug.contains("setup-")
            || slug.contains("cache")
            || slug.contains("install")
            || slug.contains("poetry")
            || slug.contains("uv")
        {
            setting.installed |= slug.contains("install") || slug.contains("setup-poetry") || slug.contains("pdm");
        } else {
            setting.fetched = true;
        }
        return;
    };
    let from = reader.out.runs.len();
    if slug.ends_with("codeql-action/init")
        || slug.ends_with("codeql-action/autobuild")
        || slug.ends_with("/upload-sarif")
    {
        if slug.ends_with("/init") {
            let given = input("languages").or(input("language")).unwrap_or_default();
            setting.languages = given
                .split([',', ' ', '\n'])
                .map(|one| one.trim().to_ascii_lowercase())
                .filter(|one| !one.is_empty())
                .collect();
            let more = Some(Hollow::OnlyInstalled);
            reader.push(
                tool,
                place.clone(),
                &own.with(more),
                (*uses).to_owned(),
                judge::Judgement::default(),
                Fate::Gates,
            );
        }
        return;
    }
    own.occasions = events
        .iter()
        .filter(|event| event.hollow.is_none())
        .map(|event| event.occasion)
        .collect();
    let judgement = judge::action(reader, tool, slug, with, &own);
    reader.push(tool, place.clone(), &own, (*uses).to_owned(), judgement, Fate::Gates);
    finish(reader, from, &own, events, work);
}

/// Whether `slug` is this repository; none where that is not known.
fn is_own(reader: &Reader<'_>, slug: &str) -> Option<bool> {
    if slug.contains(expression::DYNAMIC) {
        return Some(true);
    }
    let (_, own) = reader.repository.slug.as_deref()?.split_once('/')?;
    Some(own.eq_ignore_ascii_case(slug))
}

/// What stands for the branch that a change is to go into.
pub(super) const BASE: &str = "refs/base-of-the-change";

/// Whether an expression names the branch or the commit that a change is to go into, and nothing else.
pub(super) fn is_base(text: &str) -> bool {
    let inner = text.trim().strip_prefix("${{").and_then(|rest| rest.strip_suffix("}}"));
    inner.is_some_and(|inner| {
        matches!(
            inner.trim(),
            "github.base_ref" | "github.event.pull_request.base.ref" | "github.event.pull_request.base.sha"
        )
    })
}

/// Which version a checkout's `ref` names.
fn checked_out(reader: &Reader<'_>, named: &str) -> Checkout {
    let named = named.trim();
    if named == BASE {
        return Checkout::Base;
    }
    if named.is_empty() {
        return Checkout::Usual;
    }
    if named.contains(expression::DYNAMIC) || named.starts_with("refs/pull/") {
        return Checkout::Named;
    }
    let branch = named.strip_prefix("refs/heads/").unwrap_or(named);
    match is_default(reader, &[branch]) {
        Ok(true) => Checkout::Base,
        Ok(false) => Checkout::Fixed,
        Err(_) => Checkout::Named,
    }
}

/// A composite action of the repository: its steps run here.
fn composite(reader: &mut Reader<'_>, folder: &str, step: &Step<'_>, mut own: Setting, setting: &mut Setting) {
    let path = ["action.yml", "action.yaml"]
        .iter()
        .map(|name| script::join(folder, name))
        .find(|path| reader.exists(path));
    let whole = format!("./{folder}");
    let Some(path) = path else {
        setting.fetched = true;
        return reader.open_action(&own, &step.place, &whole, whole.clone());
    };
    if own.followed >= FOLLOWED {
        reader.open_action(&own, &step.place, &whole, whole.clone());
        return reader.skipped(&path, "actions call actions too deeply");
    }
    own.followed += 1;
    let Some(yaml) = parsed(reader, &path) else { return };
    let Some(root) = yaml.root() else { return };
    let mut inner: Known = step
        .known
        .iter()
        .filter(|(key, _)| !key.starts_with("inputs.") && !key.starts_with("matrix."))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    inputs(root.get("inputs"), step.with, &mut inner);
    let steps: Vec<Node<'_>> = root
        .at(&["runs", "steps"])
        .into_iter()
        .flat_map(Node::items)
        .take(500)
        .collect();
    if steps.is_empty() {
        setting.fetched = true;
        return reader.open_action(&own, &step.place, &whole, whole.clone());
    }
    let installs = steps
        .iter()
        .filter_map(|step| step.text_of("run"))
        .any(|run| run.contains("install") || run.contains("sync"));
    let work = Work {
        reader_path: &path,
        job_shell: None,
        folder: None,
        before: step.work.before.clone(),
    };
    run_steps(reader, &steps, step.events, own, &inner, &work);
    setting.installed |= installs;
}

/// Inputs by their values, or by their defaults.
fn inputs(declared: Option<Node<'_>>, with: &[(String, String)], known: &mut Known) {
    for (key, value) in declared.into_iter().flat_map(Node::entries) {
        let Some(name) = key.text() else { continue };
        let given = with
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.clone());
        let text = given.or_else(|| value.text_of("default").map(str::to_owned));
        let value = match text {
            Some(text) if text.contains(expression::DYNAMIC) || text.contains("${{") => Value::Unknown,
            Some(text) if text == "true" => Value::Bool(true),
            Some(text) if text == "false" => Value::Bool(false),
            Some(text) => Value::Text(text),
            None => Value::Text(String::new()),
        };
        known.insert(format!("inputs.{}", name.to_ascii_lowercase()), value);
    }
}

/// A job that is a workflow of this or another repository.
pub(super) fn reusable(
    reader: &mut Reader<'_>,
    job: Node<'_>,
    uses: &str,
    events: Vec<Event>,
    mut setting: Setting,
    known: &Known,
    call: &Call,
) {
    let place = Place {
        path: call.path.clone(),
        line: job.line(),
        last_line: job.line(),
    };
    let (slug, version) = uses.split_once('@').unwrap_or((uses, ""));
    reader
        .out
        .uses
        .push((place.clone(), slug.to_owned(), version.to_owned()));
    let own = reader
        .repository
        .slug
        .as_deref()
        .and_then(|own| own.split_once('/'))
        .map(|(_, own)| own.to_owned());
    let path = slug.strip_prefix("./").map(str::to_owned).or_else(|| {
        let own = own?;
        let rest = slug
            .get(..own.len())
            .filter(|start| start.eq_ignore_ascii_case(&own))
            .and_then(|_| slug.get(own.len()..))?;
        rest.strip_prefix('/').map(str::to_owned)
    });
    let with: Vec<(String, String)> = job
        .get("with")
        .into_iter()
        .flat_map(Node::entries)
        .filter_map(|(key, value)| Some((key.text()?.to_owned(), expression::filled(value.text()?, known))))
        .collect();
    let Some(path) = path else {
        if let Some(tool) = tool_of(slug) {
            let from = reader.out.runs.len();
            setting.occasions = events
                .iter()
                .filter(|event| event.hollow.is_none())
                .map(|event| event.occasion)
                .collect();
            let judgement = judge::action(reader, tool, slug, &with, &setting);
            reader.push(tool, place, &setting, uses.to_owned(), judgement, Fate::Gates);
            let work = Work {
                reader_path: &call.path,
                job_shell: None,
                folder: None,
                before: call.events.clone(),
            };
            finish(reader, from, &setting, &events, &work);
        } else {
            reader.open_action(&setting, &place, slug, slug.to_owned());
            reader
                .out
                .opaque
                .push((place, "it calls a workflow of another repository"));
        }
        return;
    };
    reader.called.insert(path.clone());
    if setting.followed >= FOLLOWED {
        reader.open_action(&setting, &place, slug, slug.to_owned());
        return reader.skipped(&path, "workflows call workflows too deeply");
    }
    setting.followed += 1;
    if !reader.exists(&path) {
        reader.open_action(&setting, &place, slug, slug.to_owned());
        reader
            .out
            .opaque
            .push((place, "it calls a workflow that is not in the repository"));
        return;
    }
    let Some(yaml) = parsed(reader, &path) else { return };
    let Some(root) = yaml.root() else { return };
    let mut inner = Known::new();
    let declared = root
        .get("on")
        .or_else(|| root.get("true"))
        .and_then(|on| on.at(&["workflow_call", "inputs"]));
    inputs(declared, &with, &mut inner);
    // A job that no event reaches still describes runs: they are worth nothing for its reason.
    let events = if events.is_empty() {
        let mut first: Vec<Event> = call.events.iter().take(1).cloned().collect();
        for event in &mut first {
            event.hollow = event.hollow.or(Some(Hollow::ConditionFalse));
        }
        first
    } else {
        events
    };
    let inner = Call {
        path,
        events,
        setting,
        known: inner,
    };
    workflow(reader, root, &inner);
}
