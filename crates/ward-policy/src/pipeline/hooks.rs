//! Hooks before a commit: pre-commit, Husky, Lefthook, folders of scripts.
//!
//! Source: pre-commit.com, "Adding pre-commit plugins to your project", "Supported git hooks".

use regex::RegexBuilder;
use ward_formats::yaml::{Value as Node, Yaml};

use super::{
    Hollow, Occasion, Service,
    github::YAML,
    judge,
    script::{Fate, Shell},
    setting::{Origin, Reader, Setting},
};
use crate::{
    lexicon::{Tool, tools},
    promise::Place,
};

const CONFIGS: &[&str] = &[".pre-commit-config.yaml", ".pre-commit-config.yml", "prek.toml"];
/// Folders of scripts that git or a helper runs before a commit or a push.
const SCRIPTS: &[&str] = &[
    ".husky/pre-commit",
    ".husky/pre-push",
    ".githooks/pre-commit",
    ".githooks/pre-push",
    ".hooks/pre-commit",
    "hooks/pre-commit",
    ".git-hooks/pre-commit",
];

/// Reads the hooks of a developer's machine.
pub(super) fn read(reader: &mut Reader<'_>) {
    let mut setting = Setting::new(Service::Hook);
    setting.occasions = vec![Occasion::Commit];
    setting.installed = true;
    pre_commit(reader, &setting, &Asked::default(), true);
    for path in SCRIPTS {
        if let Some(text) = reader.text(path) {
            reader.out.files.insert((*path).to_owned(), 1);
            let first = text.lines().next().unwrap_or_default();
            let errexit = path.starts_with(".husky") || first.starts_with("#!") && first.ends_with("-e");
            let origin = Origin::of((*path).to_owned(), 1);
            let shell = Shell {
                errexit,
                pipefail: false,
            };
            reader.script(text, shell, &mut setting.clone(), &origin, Fate::Gates);
        }
    }
    lefthook(reader, &setting);
}

/// What a pipeline asks of the hooks.
#[derive(Debug, Clone, Default)]
pub(super) struct Asked {
    /// The one hook to run.
    pub(super) only: Option<String>,
    /// The stage whose hooks are to run.
    pub(super) stage: Option<String>,
}

/// The hooks of pre-commit where a pipeline runs them.
pub(super) fn in_pipeline(reader: &mut Reader<'_>, setting: Setting, asked: &Asked) {
    pre_commit(reader, &setting, asked, false);
}

fn pre_commit(reader: &mut Reader<'_>, setting: &Setting, asked: &Asked, count: bool) {
    let Some(path) = CONFIGS
        .iter()
        .find(|path| reader.exists(path))
        .map(|path| (*path).to_owned())
    else {
        return;
    };
    if path.ends_with(".toml") {
        return reader.skipped(&path, "hooks in this form are not read");
    }
    let Some(bytes) = reader.bytes(&path) else {
        return reader.skipped(&path, "its content was not read");
    };
    let Ok(yaml) = Yaml::parse(bytes, YAML) else {
        return reader.skipped(&path, "it is no YAML that can be read");
    };
    let Some(root) = yaml.root() else { return };
    let default: Vec<&str> = root
        .get("default_stages")
        .into_iter()
        .flat_map(Node::texts)
        .map(|(_, text)| text)
        .collect();
    let excluded = root.text_of("exclude");
    let mut hooks = 0;
    for repo in root.get("repos").into_iter().flat_map(Node::items).take(500) {
        let slug = repo.text_of("repo").unwrap_or_default();
        for hook in repo.get("hooks").into_iter().flat_map(Node::items).take(500) {
            hooks += 1;
            let id = hook.text_of("id").unwrap_or_default();
            if asked.only.as_deref().is_some_and(|only| only != id) {
                continue;
            }
            let mut own = setting.clone();
            let skipped = setting
                .env
                .get("SKIP")
                .is_some_and(|list| list.split(',').any(|one| one.trim() == id));
            own.hollow.extend(skipped.then_some(Hollow::SkippedByName));
            let stages: Vec<&str> = hook
                .get("stages")
                .into_iter()
                .flat_map(Node::texts)
                .map(|(_, text)| text)
                .collect();
            let stages = if stages.is_empty() { default.clone() } else { stages };
            let early = |stage: &&str| {
                matches!(
                    *stage,
                    "commit"
                        | "pre-commit"
                        | "push"
                        | "pre-push"
                        | "merge-commit"
                        | "pre-merge-commit"
                        | "commit-msg"
                        | "prepare-commit-msg"
                        | "post-commit"
                )
            };
            let is_asked = |stage: &&str| asked.stage.as_deref() == Some(*stage);
            if !stages.is_empty() && !stages.iter().any(|stage| early(stage) || is_asked(stage)) {
                own.hollow.push(Hollow::HookStage);
            }
            let place = Place {
                path: path.clone(),
                line: hook.line(),
                last_line: hook.line(),
            };
            let args: Vec<String> = hook
                .get("args")
                .into_iter()
                .flat_map(Node::texts)
                .map(|(_, text)| text.to_owned())
                .collect();
            let entry = hook
                .text_of("entry")
                .filter(|_| slug == "local" || hook.get("entry").is_some());
            let found = match entry {
                Some(entry) => {
                    let text = [entry.to_owned(), args.join(" ")].join(" ");
                    let from = reader.out.runs.len();
                    let origin = Origin::on(&path, hook.line());
                    // pre-commit runs an entry without a shell: `||` in it is a word.
                    let shell = Shell {
                        errexit: true,
                        pipefail: true,
                    };
                    let mut inner = own.clone();
                    inner.service = Service::Hook;
                    reader.script(&text, shell, &mut inner, &origin, Fate::Gates);
                    for run in reader.out.runs.iter_mut().skip(from) {
                        run.service = setting.service;
                        // Files are given to it.
                        run.hollow.retain(|one| {
                            !matches!(one, Hollow::TargetAbsent | Hollow::WrongDirectory | Hollow::TargetEmpty)
                        });
                    }
                    None
                }
                None => tool_of(slug, id),
            };
            if let Some(tool) = found {
                own.service = setting.service;
                let mut judgement = arguments(reader, tool, id, &args, &own);
                filters(reader, tool, &hook, excluded, &mut judgement);
                let command = if args.is_empty() {
                    id.to_owned()
                } else {
                    format!("{id} {}", args.join(" "))
                };
                reader.push(tool, place, &own, command, judgement, Fate::Gates);
            }
        }
    }
    if count {
        reader.out.files.insert(path.clone(), hooks);
        if hooks > 0
            && let Some(tool) = crate::lexicon::tool("pre-commit")
        {
            let place = Place {
                path: path.clone(),
                line: 1,
                last_line: 1,
            };
            reader.push(
                tool,
                place,
                setting,
                format!("{hooks} hooks"),
                judge::Judgement::default(),
                Fate::Gates,
            );
        }
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        commented(reader, &path, text, setting);
    }
}

/// Hooks that are commented out.
fn commented(reader: &mut Reader<'_>, path: &str, text: &str, setting: &Setting) {
    let setting = Setting::new(setting.service).with(Some(Hollow::CommentedOut));
    let mut repo = String::new();
    for (index, line) in text.lines().enumerate().take(20_000) {
        let Some(comment) = line.trim_start().strip_prefix('#') else {
            continue;
        };
        let comment = comment.trim().trim_start_matches("- ").trim();
        if let Some(slug) = comment.strip_prefix("repo:") {
            repo = slug.trim().to_owned();
        }
        if let Some(id) = comment.strip_prefix("id:")
            && let Some(tool) = tool_of(&repo, id.trim())
        {
            let line = u32::try_from(index + 1).unwrap_or(u32::MAX);
            let place = Place {
                path: path.to_owned(),
                line,
                last_line: line,
            };
            reader.push(
                tool,
                place,
                &setting,
                id.trim().to_owned(),
                judge::Judgement::default(),
                Fate::Gates,
            );
        }
    }
}

fn tool_of(slug: &str, id: &str) -> Option<&'static Tool> {
    let slug = slug.trim_end_matches('/').trim_end_matches(".git").to_ascii_lowercase();
    let by_repo = |tool: &&Tool| {
        tool.evidence
            .repos
            .iter()
            .any(|repo| slug.ends_with(&repo.to_ascii_lowercase()))
    };
    let by_id = |tool: &&Tool| tool.evidence.hooks.contains(&id);
    let mut all = tools().iter();
    all.clone()
        .find(|tool| by_repo(tool) && by_id(tool))
        .or_else(|| all.clone().find(by_id))
        .or_else(|| all.find(by_repo))
}

/// What a hook's arguments make of it. A hook of a formatter fails when it changed a file.
fn arguments(
    reader: &Reader<'_>,
    tool: &'static Tool,
    id: &str,
    args: &[String],
    setting: &Setting,
) -> judge::Judgement {
    let mut words = vec![if id == "detect-secrets" {
        "detect-secrets-hook".to_owned()
    } else {
        id.to_owned()
    }];
    words.extend(args.iter().cloned());
    let bare = super::bare::Bare {
        module: None,
        words,
        isolated: false,
        project: true,
        fed: false,
    };
    let mut own = setting.clone();
    // Files are given to it.
    own.directory = None;
    own.service = Service::Hook;
    let mut judgement = judge::command(reader, tool, &bare, 1, &own, &[]);
    if tool.name == "bandit" {
        // What it is told to leave out, it leaves out of the files that it is given too.
        let words: Vec<&str> = args.iter().map(String::as_str).collect();
        judge::leave_out(reader, tool, &words, setting, &mut judgement);
    }
    judgement.hollow.retain(|one| match one {
        Hollow::Rewrites => false,
        // A hook's own arguments make these fail.
        Hollow::ExitZeroDefault => !matches!(
            tool.name,
            "semgrep" | "trufflehog" | "clippy" | "black" | "isort" | "cppcheck" | "clang-tidy" | "fickling"
        ),
        Hollow::UploadOnly => false,
        Hollow::OnlyVersion => args.iter().any(|arg| arg == "--version" || arg == "--help"),
        _ => true,
    });
    judgement
}

/// A hook's filters of files.
fn filters(
    reader: &Reader<'_>,
    tool: &Tool,
    hook: &Node<'_>,
    excluded: Option<&str>,
    judgement: &mut judge::Judgement,
) {
    let compiled = |pattern: &str| RegexBuilder::new(pattern).size_limit(1 << 20).build().ok();
    let files = || {
        reader
            .repository
            .files
            .keys()
            .take(50_000)
            .filter(|path| judge::is_for(tool, path))
    };
    if files().next().is_none() {
        return;
    }
    // Tests and examples are not what a policy means by the code: where it has any, all of that counts.
    let code = || files().filter(|path| judge::is_code(path));
    let has_code = code().next().is_some();
    let everything = |pattern: &str| {
        compiled(pattern).is_some_and(|regex| {
            files().all(|path| regex.is_match(path)) || has_code && code().all(|path| regex.is_match(path))
        })
    };
    if [excluded, hook.text_of("exclude")]
        .into_iter()
        .flatten()
        .any(|pattern| !pattern.is_empty() && pattern != "^$" && everything(pattern))
    {
        judgement.hollow.push(Hollow::CoversAll);
    }
    if let Some(regex) = hook.text_of("files").and_then(compiled)
        && hook.get("always_run").and_then(Node::boolean) != Some(true)
        && hook.get("pass_filenames").and_then(Node::boolean) != Some(false)
        && !reader
            .repository
            .files
            .keys()
            .take(50_000)
            .any(|path| regex.is_match(path))
    {
        judgement.hollow.push(Hollow::PathsNothing);
    }
    // A filter that lets no code through: what is looked at are those files alone.
    if let Some(regex) = hook.text_of("files").and_then(compiled) {
        let seen: Vec<String> = files().filter(|path| regex.is_match(path)).take(200).cloned().collect();
        if !seen.is_empty() && !seen.iter().any(|path| judge::is_code(path)) {
            judgement.targets = Some(seen);
        }
    }
}

fn lefthook(reader: &mut Reader<'_>, setting: &Setting) {
    let path = ["lefthook.yml", "lefthook.yaml", ".lefthook.yml"]
        .iter()
        .find(|path| reader.exists(path));
    let Some(path) = path.map(|path| (*path).to_owned()) else {
        return;
    };
    let Some(Ok(yaml)) = reader.bytes(&path).map(|bytes| Yaml::parse(bytes, YAML)) else {
        return reader.skipped(&path, "it is no YAML that can be read");
    };
    let Some(root) = yaml.root() else { return };
    let mut count = 0;
    for stage in ["pre-commit", "pre-push", "commit-msg"] {
        let Some(stage) = root.get(stage) else { continue };
        let commands = stage
            .get("commands")
            .into_iter()
            .flat_map(Node::entries)
            .map(|(_, command)| command);
        let jobs = stage.get("jobs").into_iter().flat_map(Node::items);
        for command in commands.chain(jobs).take(500) {
            let Some(run) = command.get("run") else { continue };
            count += 1;
            let origin = Origin::on(&path, run.line());
            let text = run.text().unwrap_or_default().replace(['{', '}'], "$");
            let shell = Shell {
                errexit: true,
                pipefail: false,
            };
            reader.script(&text, shell, &mut setting.clone(), &origin, Fate::Gates);
        }
    }
    reader.out.files.insert(path, count);
}
