//! Pipelines of GitLab, with the local files they include and the jobs they extend.
//!
//! Source: GitLab Docs, "CI/CD YAML syntax reference"; GitLab Runner, "Types of shells" (`set -eo pipefail` in bash).

mod when;

use std::{collections::BTreeMap, rc::Rc};

use ward_formats::yaml::{Shape, Style, Value as Node, Yaml};
use ward_scan::code::infra::pipeline::GLOBAL;

use super::{
    Hollow, Occasion, Service,
    github::YAML,
    glob, judge,
    script::{Fate, Shell},
    setting::{Origin, Reader, Setting},
};
use crate::{lexicon, promise::Place};
use when::{as_pipelines, excepted, makes_none, when};

const SHELL: Shell = Shell {
    errexit: true,
    pipefail: true,
};
/// Files that are included, in all.
const INCLUDED: usize = 40;

/// Templates of GitLab that run a scanner: part of the path, the tools it stands for, whether its job may fail.
const TEMPLATES: &[(&str, &str, bool)] = &[
    ("Security/SAST", "semgrep", true),
    ("Jobs/SAST", "semgrep", true),
    ("Security/Secret-Detection", "gitleaks", true),
    ("Jobs/Secret-Detection", "gitleaks", true),
    ("Security/Container-Scanning", "trivy", true),
    ("Jobs/Container-Scanning", "trivy", true),
];

/// Why a job is not examined whose file is included under a condition.
const PERHAPS: &str = "whether the file that it stands in is included is known only when it runs";
/// Why a job is not examined that takes a part from what is not here.
const REFERENCE: &str = "it refers to a part of a job that is not here";

/// A file of a pipeline, and whether it is included whatever happens.
struct File {
    path: String,
    yaml: Yaml,
    sure: bool,
}

/// A job in one file: the path, what stands there, and whether that file is included whatever happens.
type Part<'a> = (&'a str, Node<'a>, bool);

/// Jobs by their names. GitLab merges those of one name, key by key: what the including file says goes before what it
/// includes, and a later file before an earlier one.
///
/// Source: GitLab Docs, "Use CI/CD configuration from other files", "Override included configuration values".
type Jobs<'a> = BTreeMap<&'a str, Vec<Part<'a>>>;

/// Reads `.gitlab-ci.yml` and what it includes from the repository.
pub(super) fn read(reader: &mut Reader<'_>) {
    let root = [".gitlab-ci.yml", ".gitlab-ci.yaml"]
        .iter()
        .find(|path| reader.exists(path));
    let Some(root) = root.map(|path| (*path).to_owned()) else {
        return;
    };
    let mut files: Vec<File> = Vec::new();
    let mut waiting = vec![(root, true)];
    while let Some((path, sure)) = waiting.pop() {
        if let Some(seen) = files.iter_mut().find(|file| file.path == path) {
            seen.sure |= sure;
            continue;
        }
        if files.len() >= INCLUDED {
            reader.skipped(&path, "more files are included than are read");
            continue;
        }
        let Some(bytes) = reader.bytes(&path) else {
            reader.skipped(&path, "it is included and its content was not read");
            continue;
        };
        let Ok(yaml) = Yaml::parse(bytes, YAML) else {
            reader.skipped(&path, "it is no YAML that can be read");
            continue;
        };
        if let Some(root) = yaml.root() {
            let more = includes(reader, &path, root);
            waiting.extend(more.into_iter().map(|(path, held)| (path, held && sure)));
        }
        files.push(File { path, yaml, sure });
    }
    let mut jobs: Jobs<'_> = BTreeMap::new();
    for File { path, yaml, sure } in &files {
        for (key, value) in yaml.root().into_iter().flat_map(Node::entries) {
            if let Some(name) = key
                .text()
                .filter(|name| !GLOBAL.contains(name) && value.shape() == Shape::Mapping)
            {
                jobs.entry(name).or_default().push((path, value, *sure));
            }
        }
        reader
            .out
            .files
            .insert(path.clone(), yaml.root().map_or(0, |root| root.entries().count()));
    }
    let roots: Vec<(Node<'_>, bool)> = files
        .iter()
        .filter_map(|file| Some((file.yaml.root()?, file.sure)))
        .collect();
    let all = All { roots, jobs };
    for (name, parts) in &all.jobs {
        if name.starts_with('.') {
            continue;
        }
        if let Some((path, trigger)) = parts
            .iter()
            .find_map(|(path, job, _)| Some((*path, job.get("trigger")?)))
        {
            let place = Place {
                path: path.to_owned(),
                line: trigger.line(),
                last_line: trigger.line(),
            };
            reader
                .out
                .opaque
                .push((place, "it starts another pipeline, which is not followed"));
        }
        one(reader, &all, parts);
    }
}

/// Everything of a pipeline: its files from the one that goes before all others, and its jobs.
struct All<'a> {
    roots: Vec<(Node<'a>, bool)>,
    jobs: Jobs<'a>,
}

impl<'a> All<'a> {
    /// What stands for every job: of the first file that has it.
    fn global(&self, way: &[&str]) -> Option<Node<'a>> {
        self.roots.iter().find_map(|(root, _)| root.at(way))
    }

    /// Whether a file that may not be included says something of every job.
    fn is_open(&self) -> bool {
        let says = |root: &Node<'_>| {
            ["workflow", "default", "variables", "before_script"]
                .iter()
                .any(|key| root.get(key).is_some())
        };
        self.roots.iter().any(|(root, sure)| !sure && says(root))
    }

    /// What a `!reference` stands for, through others; none where it is not here. Everything else is itself.
    fn referred(&self, node: Node<'a>) -> Option<Node<'a>> {
        let mut node = node;
        for _ in 0..10 {
            if node.tag() != Some("!reference") {
                return Some(node);
            }
            let way: Vec<&str> = node.items().filter_map(Node::text).collect();
            let (name, rest) = way.split_first()?;
            let parts = self.jobs.get(name)?;
            node = parts.iter().find_map(|(_, job, _)| job.at(rest))?;
        }
        None
    }

    /// The items of a list, with those of the lists that it refers to; whether one of these is not here.
    fn items(&self, list: Node<'a>) -> (Vec<Node<'a>>, bool) {
        let (mut out, mut is_missing) = (Vec::new(), false);
        let mut waiting = vec![list];
        let mut left = 2_000;
        while let Some(node) = waiting.pop() {
            left -= 1;
            if left == 0 {
                is_missing = true;
                break;
            }
            match self.referred(node) {
                None => is_missing = true,
                Some(node) if node.shape() == Shape::Sequence => {
                    let items: Vec<Node<'a>> = node.items().collect();
                    waiting.extend(items.into_iter().rev());
                }
                Some(node) => out.push(node),
            }
        }
        (out, is_missing)
    }
}

/// Whether the rules of an `include` let its files in: always, never, or only a run knows.
///
/// Source: GitLab Docs, "Use CI/CD configuration from other files", "Use `rules` with `include`".
fn is_included(reader: &Reader<'_>, item: Node<'_>) -> Option<bool> {
    let Some(rules) = item.get("rules") else {
        return Some(true);
    };
    for rule in rules.items().take(200) {
        if rule.get("if").is_some() || rule.get("changes").is_some() || rule.shape() != Shape::Mapping {
            return None;
        }
        match rule.get("exists").map_or(Some(true), |wanted| is_there(reader, wanted)) {
            Some(true) => return Some(rule.text_of("when") != Some("never")),
            Some(false) => {}
            None => return None,
        }
    }
    Some(false)
}

/// Whether one of the files is there that a rule asks for; none where only a run knows.
fn is_there(reader: &Reader<'_>, wanted: Node<'_>) -> Option<bool> {
    if wanted.shape() == Shape::Mapping || wanted.texts().any(|(_, path)| path.contains('$')) {
        return None;
    }
    let mut files = reader.repository.files.keys();
    let is_one = |file: &str| {
        wanted
            .texts()
            .any(|(_, path)| glob::matches(path.trim_start_matches('/'), file))
    };
    Some(files.any(|file| is_one(file)))
}

/// Local files to read next, and whether they are included whatever happens; everything else is said.
fn includes(reader: &mut Reader<'_>, path: &str, root: Node<'_>) -> Vec<(String, bool)> {
    let mut out = Vec::new();
    let Some(include) = root.get("include") else { return out };
    let mut local = |reader: &Reader<'_>, name: &str, sure: bool| {
        let name = name.trim_start_matches('/');
        if name.contains('*') {
            out.extend(
                reader
                    .repository
                    .files
                    .keys()
                    .filter(|file| glob::matches(name, file))
                    .take(INCLUDED)
                    .map(|file| (file.clone(), sure)),
            );
        } else {
            out.push((name.to_owned(), sure));
        }
    };
    let place = |node: Node<'_>| Place {
        path: path.to_owned(),
        line: node.line(),
        last_line: node.line(),
    };
    let items: Vec<Node<'_>> = if include.shape() == Shape::Sequence {
        include.items().collect()
    } else {
        vec![include]
    };
    for item in items.into_iter().take(200) {
        if let Some(text) = item.text() {
            if text.contains("://") {
                reader
                    .out
                    .opaque
                    .push((place(item), "it includes a file from elsewhere"));
            } else {
                local(reader, text, true);
            }
            continue;
        }
        let held = is_included(reader, item);
        if held == Some(false) {
            continue;
        }
        if let Some(name) = item.get("local") {
            for (_, text) in name.texts() {
                local(reader, text, held == Some(true));
            }
        } else if let Some(template) = item.text_of("template") {
            let found = TEMPLATES.iter().find(|(part, ..)| template.contains(part));
            match found.and_then(|(_, name, forgiven)| Some((lexicon::tool(name)?, *forgiven))) {
                Some((tool, forgiven)) => {
                    let mut setting = Setting::new(Service::GitLab);
                    setting.occasions = vec![Occasion::Push, Occasion::Branch];
                    if forgiven {
                        setting.hollow.push(Hollow::ContinueJob);
                    }
                    if held.is_none() {
                        setting.unknown = Some(PERHAPS);
                    }
                    let command = format!("template: {template}");
                    reader.push(
                        tool,
                        place(item),
                        &setting,
                        command,
                        judge::Judgement::default(),
                        Fate::Gates,
                    );
                }
                None => reader
                    .out
                    .opaque
                    .push((place(item), "it includes a template of GitLab")),
            }
        } else if item.get("project").is_some() || item.get("remote").is_some() || item.get("component").is_some() {
            reader
                .out
                .opaque
                .push((place(item), "it includes a file of another project"));
        }
    }
    out
}

/// A job as GitLab puts it together: its own parts, then those of each job that it extends.
struct Merged<'a>(Vec<Vec<Part<'a>>>);

impl<'a> Merged<'a> {
    fn of(all: &All<'a>, job: &[Part<'a>]) -> Self {
        let (mut levels, mut waiting) = (Vec::new(), vec![job.to_vec()]);
        while let Some(parts) = waiting.pop() {
            if levels.len() >= 50 {
                break;
            }
            let extends = parts.iter().find_map(|(_, job, _)| job.get("extends"));
            // The last that is named wins.
            let parents = extends.into_iter().flat_map(Node::texts);
            waiting.extend(parents.filter_map(|(_, name)| all.jobs.get(name).cloned()));
            levels.push(parts);
        }
        Self(levels)
    }

    fn parts(&self) -> impl DoubleEndedIterator<Item = Part<'a>> + '_ {
        self.0.iter().flatten().copied()
    }

    /// A key: the job's own, that of the jobs it extends, or what stands for every job.
    fn get(&self, all: &All<'a>, key: &str) -> Option<Node<'a>> {
        let own = self.parts().find_map(|(_, job, _)| job.get(key));
        let own = own.or_else(|| all.global(&["default", key])).or_else(|| {
            let of_all = matches!(key, "before_script" | "after_script" | "image");
            of_all.then(|| all.global(&[key])).flatten()
        });
        own.map(|node| all.referred(node).unwrap_or(node))
    }
}

fn one<'a>(reader: &mut Reader<'_>, all: &All<'a>, parts: &[Part<'a>]) {
    let job = Merged::of(all, parts);
    let get = |key: &str| job.get(all, key);
    // Where a part has the script, its lines are that file's.
    let Some((path, own, _)) = parts
        .iter()
        .find(|(_, job, _)| job.get("script").is_some())
        .or(parts.first())
    else {
        return;
    };
    let mut setting = Setting::new(Service::GitLab);
    let of_all = all.roots.iter().rev().filter_map(|(root, _)| root.get("variables"));
    let of_job = job.parts().rev().filter_map(|(_, job, _)| job.get("variables"));
    for (key, value) in of_all.chain(of_job).flat_map(Node::entries) {
        if let (Some(key), Some(value)) = (key.text(), value.text()) {
            Rc::make_mut(&mut setting.env).insert(key.to_owned(), value.to_owned());
        }
    }
    // GitLab takes 20 commits where nothing is said.
    setting.commits = Some(
        setting
            .env
            .get("GIT_DEPTH")
            .map_or(20, |depth| depth.parse().unwrap_or(20)),
    );
    setting.nothing_there = setting
        .env
        .get("GIT_STRATEGY")
        .is_some_and(|strategy| matches!(strategy.as_str(), "none" | "empty"));
    let forgiven = get("allow_failure");
    let mut is_forgiven = forgiven.and_then(Node::boolean);
    let changes = when(reader, all, &get, &mut setting, &mut is_forgiven);
    as_pipelines(reader, all, &get, &mut setting);
    excepted(reader, get("except"), &mut setting);
    if makes_none(reader, all) {
        setting.hollow.push(Hollow::ConditionFalse);
    }
    if needs_nothing_there(reader, all, &job) {
        setting.hollow.push(Hollow::ConditionFalse);
    }
    if is_forgiven == Some(true) {
        setting.hollow.push(Hollow::ContinueJob);
    } else if forgiven.is_some_and(|node| node.shape() == Shape::Mapping) {
        setting.unknown = Some("some of its exit codes are forgiven");
    }
    let decides = ["only", "except", "when", "allow_failure", "script"];
    if decides
        .iter()
        .any(|key| get(key).is_some_and(|node| node.tag() == Some("!reference")))
    {
        setting.unknown = Some(REFERENCE);
    }
    if all.is_open() || job.parts().any(|(_, _, sure)| !sure) {
        setting.unknown = Some(PERHAPS);
    }
    let scripts: Vec<Node<'a>> = ["before_script", "script"]
        .iter()
        .filter_map(|key| get(key))
        .flat_map(|script| all.items(script).0)
        .collect();
    // They are one script, in one shell.
    let (mut text, mut at) = (String::new(), Vec::new());
    for node in &scripts {
        let own = node.text().unwrap_or_default();
        for (breaks, line) in (0_u32..).zip(own.lines()) {
            text.push_str(line);
            text.push('\n');
            let more = if node.style() == Some(Style::Literal) {
                breaks
            } else {
                0
            };
            at.push(node.line().saturating_add(more));
        }
    }
    let origin = Origin {
        lines: at,
        ..Origin::on(path, own.line())
    };
    let from = reader.out.runs.len();
    // What comes with merge requests only is no release.
    if setting.occasions.iter().any(|one| *one != Occasion::PullRequest) || setting.occasions.is_empty() {
        setting.may_release = Some(true);
    }
    setting.entry = Rc::from(*path);
    setting.step = Some(own.line());
    reader.script(&text, SHELL, &mut setting, &origin, Fate::Gates);
    if let Some(trigger) = get("trigger") {
        let place = Place {
            path: (*path).to_owned(),
            line: trigger.line(),
            last_line: trigger.line(),
        };
        reader.open_action(&setting, &place, "trigger", "trigger of another pipeline".to_owned());
    }
    // A job that comes with changes of some files comes with those that its tool looks at, or never.
    let Some(changes) = changes else { return };
    for run in reader.out.runs.iter_mut().skip(from) {
        let tool = lexicon::tool(run.tool);
        let mut files = reader
            .repository
            .files
            .keys()
            .filter(|path| tool.is_none_or(|tool| judge::is_for(tool, path)));
        if run.hollow.is_empty() && !files.any(|path| changes.iter().any(|pattern| glob::matches(pattern, path))) {
            run.hollow.push(Hollow::PathsNothing);
        }
    }
}

/// Whether a job needs one that is not there or never runs: GitLab makes no pipeline then.
fn needs_nothing_there<'a>(reader: &Reader<'_>, all: &All<'a>, job: &Merged<'a>) -> bool {
    let needs = job.get(all, "needs").into_iter().flat_map(Node::items).take(50);
    needs
        .filter(|need| need.get("optional").and_then(Node::boolean) != Some(true))
        .any(|need| {
            // A job of another pipeline or project is not looked for.
            let elsewhere = need.get("pipeline").is_some() || need.get("project").is_some();
            let Some(name) = need.text().or_else(|| need.text_of("job")).filter(|_| !elsewhere) else {
                return false;
            };
            let Some(needed) = all.jobs.get(name).map(|parts| Merged::of(all, parts)) else {
                // What is included from elsewhere may hold it.
                return all.global(&["include"]).is_none() && !name.contains(['$', ':']);
            };
            let mut setting = Setting::new(Service::GitLab);
            when(reader, all, &|key: &str| needed.get(all, key), &mut setting, &mut None);
            setting.hollow.contains(&Hollow::ConditionFalse)
        })
}
