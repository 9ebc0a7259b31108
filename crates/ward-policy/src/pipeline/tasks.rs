//! Tasks that a pipeline calls: make, just, tox, nox, scripts of package.json and pyproject.toml, shell scripts.

use std::sync::LazyLock;

use regex::Regex;

use super::{
    Hollow,
    expression::DYNAMIC,
    script::{self, Fate, Shell},
    setting::{FOLLOWED, Origin, Reader, Setting},
};
use crate::promise::Place;

/// Follows a command that calls a task of the repository. A task that calls itself is followed once.
pub(super) fn follow(
    reader: &mut Reader<'_>,
    program: &str,
    words: &[String],
    mut own: Setting,
    place: &Place,
    fate: Fate,
) {
    if own.followed >= FOLLOWED || !may_be_task(reader, program, words) {
        return;
    }
    if reader.tasks == 0 {
        return reader.skipped(&place.path, "more tasks are called than are followed");
    }
    let key = format!("{:?} {}", own.directory, words.join(" "));
    if !reader.active.insert(key.clone()) {
        return;
    }
    reader.tasks -= 1;
    own.followed += 1;
    // What the task's failure leads to is that of its commands as well.
    match fate {
        Fate::Lost(hollow) => own.hollow.push(hollow),
        Fate::Unknown(why) => own.unknown = own.unknown.or(Some(why)),
        Fate::Gates => {}
    }
    task(reader, program, words, own, place);
    reader.active.remove(&key);
}

/// Whether a command may call a task at all: most do not.
fn may_be_task(reader: &Reader<'_>, program: &str, words: &[String]) -> bool {
    const PROGRAMS: &[&str] = &[
        "make", "gmake", "just", "tox", "nox", "npm", "pnpm", "yarn", "bun", "poe", "task", "invoke", "inv", "hatch",
        "pdm", "bash", "sh", "zsh", "dash", "ksh", "source", ".", "eval",
    ];
    let first = words.first().map(String::as_str).unwrap_or_default();
    let named = || {
        let text = reader.text("pyproject.toml").filter(|text| text.len() <= 64 << 10);
        text.is_some_and(|text| text.contains(program.rsplit(':').next().unwrap_or(program)))
    };
    PROGRAMS.contains(&program) || first.contains('/') || words.len() <= 2 && program.len() > 2 && named()
}

fn task(reader: &mut Reader<'_>, program: &str, words: &[String], mut own: Setting, place: &Place) {
    let word = |at: usize| words.get(at).map(String::as_str).unwrap_or_default();
    match program {
        "make" | "gmake" => make(reader, words, own, place),
        "just" => just(reader, words, own),
        "tox" => tox(reader, words, own, place),
        "nox" => nox(reader, words, own, place),
        "npm" | "pnpm" | "yarn" | "bun" => {
            let name = match word(1) {
                "run" | "run-script" => word(2),
                "test" | "t" => "test",
                "install" | "ci" | "i" | "add" | "audit" | "exec" | "dlx" | "publish" | "" => return,
                name if program == "yarn" || program == "pnpm" || program == "bun" => name,
                _ => return,
            };
            package_json(reader, name, own);
        }
        "poe" | "task" | "invoke" | "inv" | "hatch" | "pdm" => {
            let name = words
                .iter()
                .skip(1)
                .find(|word| !word.starts_with('-') && *word != "run")
                .map_or("", String::as_str);
            pyproject(reader, program, name, own);
        }
        "bash" | "sh" | "zsh" | "dash" | "ksh" | "source" | "." => shell_script(reader, program, words, own, place),
        _ if word(0).contains('/') && (word(0).ends_with(".sh") || word(0).starts_with("./")) => {
            shell_script(reader, "", words, own, place)
        }
        "eval" => {
            let text = words.get(1..).unwrap_or_default().join(" ");
            let origin = Origin {
                path: place.path.clone(),
                line: place.line,
                whole: true,
            };
            reader.script(
                &text,
                Shell {
                    errexit: false,
                    pipefail: false,
                },
                &mut own,
                &origin,
                Fate::Gates,
            );
        }
        // `uv run lint` and `pdm run lint` name tasks of pyproject.toml.
        name if words.len() <= 2 && reader.exists("pyproject.toml") => pyproject(reader, "", name, own),
        _ => {}
    }
}

fn shell_script(reader: &mut Reader<'_>, program: &str, words: &[String], mut own: Setting, place: &Place) {
    let mut errexit = false;
    let mut pipefail = false;
    let mut rest = if program.is_empty() {
        words
    } else {
        words.get(1..).unwrap_or_default()
    };
    while let Some(flag) = rest.first().filter(|word| word.starts_with('-')) {
        if flag.contains('c') && !flag.starts_with("--") {
            let text = rest.get(1).cloned().unwrap_or_default();
            errexit |= flag.contains('e');
            let origin = Origin {
                path: place.path.clone(),
                line: place.line,
                whole: true,
            };
            reader.script(&text, Shell { errexit, pipefail }, &mut own, &origin, Fate::Gates);
            return;
        }
        errexit |= flag.contains('e') && !flag.starts_with("--");
        let takes = flag.ends_with('o');
        pipefail |= takes && rest.get(1).is_some_and(|word| word == "pipefail");
        rest = rest.get(1 + usize::from(takes)..).unwrap_or_default();
    }
    let Some(name) = rest
        .first()
        .filter(|name| !name.contains(['$', '<', '`']) && !name.contains(DYNAMIC))
    else {
        return;
    };
    let Some(folder) = &own.directory else { return };
    let path = script::join(folder, name);
    if path == place.path {
        return;
    }
    let Some(text) = reader.text(&path) else {
        let made = own.fetched
            || reader.exists(&path)
            || name.starts_with('/')
            || matches!(
                name.rsplit('/').next(),
                Some("configure" | "gradlew" | "mvnw" | "activate")
            );
        if !made {
            reader
                .out
                .opaque
                .push((place.clone(), "it runs a script that is not in the repository"));
        }
        return;
    };
    let first = text.lines().next().unwrap_or_default();
    if first.starts_with("#!") {
        let is_shell = ["sh", "bash", "zsh", "dash", "ksh"]
            .iter()
            .any(|shell| first.split(['/', ' ']).any(|word| word == *shell));
        if !is_shell {
            return;
        }
        errexit |= first
            .split_whitespace()
            .any(|word| word.starts_with('-') && word.contains('e'));
    } else if program.is_empty() && !path.ends_with(".sh") {
        return;
    }
    let origin = Origin {
        path,
        line: 1,
        whole: false,
    };
    reader.script(text, Shell { errexit, pipefail }, &mut own, &origin, Fate::Gates);
}

fn make(reader: &mut Reader<'_>, words: &[String], mut own: Setting, place: &Place) {
    let rest = words.get(1..).unwrap_or_default();
    let mut targets = Vec::new();
    let mut folder = own.directory.clone();
    let mut file = None;
    let mut at = 0;
    let mut forgiving = false;
    while let Some(word) = rest.get(at) {
        match word.as_str() {
            "-C" | "--directory" => {
                let to = rest.get(at + 1).cloned().unwrap_or_default();
                folder = folder.map(|from| script::join(&from, &to));
                at += 1;
            }
            "-f" | "--file" => {
                file = rest.get(at + 1).cloned();
                at += 1;
            }
            "-i" | "--ignore-errors" => forgiving = true,
            "-j" | "--jobs" => {
                at += usize::from(
                    rest.get(at + 1)
                        .is_some_and(|next| next.chars().all(|c| c.is_ascii_digit())),
                )
            }
            word if word.starts_with('-') || word.contains('=') => {}
            word => targets.push(word.to_owned()),
        }
        at += 1;
    }
    let Some(folder) = folder else { return };
    let names: Vec<String> = file.map_or_else(
        || ["GNUmakefile", "makefile", "Makefile"].map(str::to_owned).to_vec(),
        |file| vec![file],
    );
    let path = names
        .iter()
        .map(|name| script::join(&folder, name))
        .find(|path| reader.exists(path));
    let Some(text) = path.as_deref().and_then(|path| reader.text(path)) else {
        return;
    };
    let Some(path) = path else { return };
    if forgiving {
        own.hollow.push(Hollow::ContinueStep);
    }
    own.directory = Some(folder);
    let rules = make_rules(text);
    if text.lines().any(|line| line.trim() == ".IGNORE:") {
        own.hollow.push(Hollow::ContinueStep);
    }
    if targets.is_empty() {
        targets.extend(
            rules
                .iter()
                .find(|rule| !rule.0.starts_with('.'))
                .map(|rule| rule.0.clone()),
        );
    }
    let mut seen = Vec::new();
    let mut waiting = targets;
    while let Some(target) = waiting.pop() {
        if seen.contains(&target) || seen.len() > 100 {
            continue;
        }
        for (_, needs, lines) in rules.iter().filter(|rule| rule.0 == target) {
            waiting.extend(needs.iter().cloned());
            for (number, line) in lines {
                let mut setting = own.clone();
                let mut line = line.trim_start();
                while let Some(rest) = line.strip_prefix(['@', '-', '+']) {
                    if line.starts_with('-') {
                        setting.hollow.push(Hollow::ContinueStep);
                    }
                    line = rest.trim_start();
                }
                let text = expanded(line, text);
                let origin = Origin {
                    path: path.clone(),
                    line: *number,
                    whole: true,
                };
                let shell = Shell {
                    errexit: false,
                    pipefail: false,
                };
                let mut inner = setting.clone();
                if origin.path == place.path && origin.line == place.line {
                    continue;
                }
                reader.script(&text, shell, &mut inner, &origin, Fate::Gates);
                own.installed |= inner.installed;
            }
        }
        seen.push(target);
    }
}

/// Target, what it needs, lines of the recipe with their numbers.
type MakeRule = (String, Vec<String>, Vec<(u32, String)>);

/// Rules of a makefile: target, what it needs, lines of the recipe with their numbers, continued lines joined.
fn make_rules(text: &str) -> Vec<MakeRule> {
    let mut out: Vec<MakeRule> = Vec::new();
    let mut open = 0;
    let mut lines = text.lines().enumerate().take(50_000).peekable();
    while let Some((index, line)) = lines.next() {
        let mut whole = line.to_owned();
        while whole.ends_with('\\') {
            whole.pop();
            match lines.next() {
                Some((_, next)) => whole.push_str(next.trim_start_matches('\t')),
                None => break,
            }
        }
        let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
        if let Some(recipe) = whole.strip_prefix('\t') {
            let from = out.len().saturating_sub(open);
            for rule in out.iter_mut().skip(from) {
                rule.2.push((number, recipe.to_owned()));
            }
            continue;
        }
        if whole.trim().is_empty() || whole.trim_start().starts_with('#') {
            continue;
        }
        open = 0;
        let Some((targets, rest)) = whole.split_once(':') else {
            continue;
        };
        if rest.starts_with('=') || targets.contains('=') || targets.contains('$') {
            continue;
        }
        let rest = rest.trim_start_matches(':');
        let (needs, recipe) = rest
            .split_once(';')
            .map_or((rest, None), |(needs, recipe)| (needs, Some(recipe)));
        let needs: Vec<String> = needs
            .split('#')
            .next()
            .unwrap_or_default()
            .split_whitespace()
            .map(str::to_owned)
            .collect();
        for target in targets.split_whitespace().take(50) {
            let first = recipe.map(|recipe| (number, recipe.to_owned()));
            out.push((target.to_owned(), needs.clone(), first.into_iter().collect()));
            open += 1;
        }
    }
    out
}

/// `$(NAME)` and `${NAME}` by what the makefile says; `$$` is `$`.
fn expanded(line: &str, makefile: &str) -> String {
    static NAME: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\$[({]([A-Za-z_][A-Za-z0-9_]*)[)}]").ok());
    let Some(names) = NAME.as_ref() else {
        return line.to_owned();
    };
    let value = |name: &str| {
        let lines = makefile.lines().take(5_000);
        let mut found = lines.filter_map(|line| {
            let (left, right) = line.split_once('=')?;
            let left = left.trim_end_matches([':', '?', '+', ' ']).trim();
            (left == name).then(|| right.trim().to_owned())
        });
        found.next().filter(|value| !value.contains("$(shell"))
    };
    let mut text = line.to_owned();
    for _ in 0..3 {
        let next = names
            .replace_all(&text, |captures: &regex::Captures<'_>| {
                let name = captures.get(1).map_or("", |name| name.as_str());
                match name {
                    "MAKE" => "make".to_owned(),
                    name => value(name).unwrap_or_else(|| format!("$${name}")),
                }
            })
            .into_owned();
        if next == text || next.len() > 20_000 {
            break;
        }
        text = next;
    }
    text.replace("$$", "$")
}

fn just(reader: &mut Reader<'_>, words: &[String], own: Setting) {
    let Some(folder) = own.directory.clone() else { return };
    let path = ["justfile", "Justfile", ".justfile"]
        .iter()
        .map(|name| script::join(&folder, name))
        .find(|path| reader.exists(path));
    let Some((path, text)) = path.and_then(|path| reader.text(&path).map(|text| (path, text))) else {
        return;
    };
    let mut waiting: Vec<String> = words
        .iter()
        .skip(1)
        .filter(|word| !word.starts_with('-'))
        .take(1)
        .cloned()
        .collect();
    let mut seen = Vec::new();
    while let Some(target) = waiting.pop() {
        if seen.contains(&target) || seen.len() > 100 {
            continue;
        }
        let mut within = false;
        for (index, line) in text.lines().enumerate().take(50_000) {
            let head = line.trim_start_matches('@');
            if !line.starts_with([' ', '\t', '#']) && !line.trim().is_empty() {
                let name = head.split([' ', ':']).next().unwrap_or_default();
                within = name == target && head.contains(':') && !head.contains(":=");
                if within && let Some((_, needs)) = head.split_once(':') {
                    waiting.extend(
                        needs
                            .split_whitespace()
                            .map(|need| need.trim_matches(['(', ')']).to_owned()),
                    );
                }
            } else if within && line.starts_with([' ', '\t']) {
                let mut setting = own.clone();
                let mut command = line.trim();
                while let Some(rest) = command.strip_prefix(['@', '-']) {
                    if command.starts_with('-') {
                        setting.hollow.push(Hollow::ContinueStep);
                    }
                    command = rest;
                }
                let origin = Origin {
                    path: path.clone(),
                    line: u32::try_from(index + 1).unwrap_or(u32::MAX),
                    whole: true,
                };
                reader.script(
                    command,
                    Shell {
                        errexit: true,
                        pipefail: false,
                    },
                    &mut setting,
                    &origin,
                    Fate::Gates,
                );
            }
        }
        seen.push(target);
    }
}

fn package_json(reader: &mut Reader<'_>, name: &str, mut own: Setting) {
    let Some(folder) = own.directory.clone() else { return };
    let path = script::join(&folder, "package.json");
    let Some(text) = reader.text(&path) else { return };
    let Ok(json) = serde_json::from_str::<serde_json::Value>(text) else {
        return reader.skipped(&path, "it is no JSON that can be read");
    };
    let Some(command) = json
        .get("scripts")
        .and_then(|scripts| scripts.get(name))
        .and_then(serde_json::Value::as_str)
    else {
        return;
    };
    let key = format!("\"{name}\"");
    let line = text
        .lines()
        .position(|line| line.trim_start().starts_with(&key))
        .map_or(1, |at| at + 1);
    let origin = Origin {
        path,
        line: u32::try_from(line).unwrap_or(1),
        whole: true,
    };
    own.installed = true;
    reader.script(
        command,
        Shell {
            errexit: false,
            pipefail: false,
        },
        &mut own,
        &origin,
        Fate::Gates,
    );
}

/// Tasks of pyproject.toml: of poe, taskipy, hatch, pdm.
fn pyproject(reader: &mut Reader<'_>, program: &str, name: &str, mut own: Setting) {
    let Some(text) = reader.text("pyproject.toml") else {
        return;
    };
    let Ok(table) = text.parse::<toml::Table>() else { return };
    let tool = table.get("tool");
    let get = |way: &[&str]| way.iter().try_fold(tool?, |value, key| value.get(*key)).cloned();
    let (environment, script) = name.split_once(':').unwrap_or(("default", name));
    let found = [
        get(&["poe", "tasks", name]),
        get(&["taskipy", "tasks", name]),
        get(&["pdm", "scripts", name]),
        get(&["hatch", "envs", environment, "scripts", script]),
        get(&["rye", "scripts", name]),
    ];
    let lines = |value: &toml::Value| -> Vec<String> {
        match value {
            toml::Value::String(text) => vec![text.clone()],
            toml::Value::Array(all) => all.iter().filter_map(toml::Value::as_str).map(str::to_owned).collect(),
            toml::Value::Table(table) => ["cmd", "shell", "composite"]
                .iter()
                .filter_map(|key| table.get(*key))
                .filter_map(toml::Value::as_str)
                .map(str::to_owned)
                .collect(),
            _ => Vec::new(),
        }
    };
    own.installed = true;
    for line in found.iter().flatten().flat_map(&lines).take(100) {
        let number = text
            .lines()
            .position(|one| one.contains(line.as_str()))
            .map_or(1, |at| at + 1);
        let origin = Origin {
            path: "pyproject.toml".to_owned(),
            line: u32::try_from(number).unwrap_or(1),
            whole: true,
        };
        let mut setting = own.clone();
        let mut line = line.as_str();
        if let Some(rest) = line.strip_prefix("- ") {
            setting.hollow.push(Hollow::ContinueStep);
            line = rest;
        }
        // Another task of the same file.
        if program == "hatch" && !line.contains(' ') && line != script {
            pyproject_once(reader, &format!("{environment}:{line}"), &setting);
        }
        reader.script(
            line,
            Shell {
                errexit: true,
                pipefail: false,
            },
            &mut setting,
            &origin,
            Fate::Gates,
        );
    }
}

fn pyproject_once(reader: &mut Reader<'_>, name: &str, own: &Setting) {
    if own.followed < FOLLOWED {
        let mut own = own.clone();
        own.followed += 1;
        pyproject(reader, "hatch", name, own);
    }
}

fn tox(reader: &mut Reader<'_>, words: &[String], mut own: Setting, place: &Place) {
    let mut named: Vec<String> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let value = match word.as_str() {
            "-e" | "--env" | "-m" | "-f" => words.get(at + 1).map(String::as_str),
            word => word
                .strip_prefix("-e")
                .filter(|rest| !rest.is_empty() && !word.starts_with("--")),
        };
        named.extend(
            value
                .into_iter()
                .flat_map(|value| value.split(','))
                .map(|name| name.trim_start_matches('=').to_owned()),
        );
    }
    own.installed = true;
    let Some(folder) = own.directory.clone() else { return };
    let at = |name: &str| script::join(&folder, name);
    let from_toml = reader
        .text(&at("pyproject.toml"))
        .and_then(|text| text.parse::<toml::Table>().ok());
    let legacy = from_toml.as_ref().and_then(|table| {
        table
            .get("tool")?
            .get("tox")?
            .get("legacy_tox_ini")?
            .as_str()
            .map(str::to_owned)
    });
    let (path, text) = match (reader.text(&at("tox.ini")), legacy, reader.text(&at("setup.cfg"))) {
        (Some(text), ..) => (at("tox.ini"), text.to_owned()),
        (None, Some(text), _) => (at("pyproject.toml"), text),
        (None, None, Some(text)) if text.contains("[tox:tox]") => (at("setup.cfg"), text.to_owned()),
        _ => {
            if reader.exists(&at("tox.toml")) {
                reader.skipped(&at("tox.toml"), "tox in this form is not read");
            }
            return;
        }
    };
    let sections = ini(&text);
    if named.iter().any(|name| name.contains('$') || name.contains(DYNAMIC)) {
        own.unknown = own
            .unknown
            .or(Some("which environment of tox runs is known only when it runs"));
        named.clear();
    }
    if named.is_empty() || named.iter().any(|name| name == "ALL") {
        let list = sections
            .iter()
            .find(|section| section.name == "tox" || section.name == "tox:tox");
        let list = list
            .map(|section| {
                section
                    .value("envlist")
                    .or_else(|| section.value("env_list"))
                    .unwrap_or_default()
            })
            .unwrap_or_default();
        named = list
            .split([',', '\n', ' '])
            .map(str::trim)
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect();
    }
    if named.is_empty() {
        named.push("py".to_owned());
    }
    for name in named.iter().take(50) {
        let own_section = sections.iter().find(|section| {
            let names = section.name.strip_prefix("testenv:").unwrap_or_default();
            names.split(',').any(|one| one.trim() == name) || braces(names).iter().any(|one| one == name)
        });
        let base = sections.iter().find(|section| section.name == "testenv");
        let get = |key: &str| {
            own_section
                .and_then(|section| section.field(key))
                .or_else(|| base.and_then(|section| section.field(key)))
        };
        let mut setting = own.clone();
        let says = |key: &str| get(key).is_some_and(|field| field.0.trim().eq_ignore_ascii_case("true"));
        if says("ignore_outcome") || says("ignore_errors") {
            setting.hollow.push(Hollow::ContinueStep);
        }
        for (line, number) in get("commands").map(|field| field.1.clone()).unwrap_or_default() {
            let mut inner = setting.clone();
            let mut command = line.trim();
            if let Some((factor, rest)) = command.split_once(": ")
                && factor
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || matches!(c, ',' | '-' | '!'))
            {
                let fits = factor.split(',').any(|one| name.split('-').any(|part| part == one));
                if !fits && !factor.starts_with('!') {
                    continue;
                }
                command = rest.trim();
            }
            if let Some(rest) = command.strip_prefix('-') {
                inner.hollow.push(Hollow::ContinueStep);
                command = rest.trim();
            }
            let command = command
                .trim_start_matches('!')
                .replace("{toxinidir}", ".")
                .replace("{posargs:", "")
                .replace("{posargs}", "")
                .replace('}', "");
            let origin = Origin {
                path: path.clone(),
                line: number,
                whole: true,
            };
            if origin.path == place.path && origin.line == place.line {
                continue;
            }
            reader.script(
                &command,
                Shell {
                    errexit: true,
                    pipefail: true,
                },
                &mut inner,
                &origin,
                Fate::Gates,
            );
        }
    }
}

/// The names that `{a,b}-c` stands for.
fn braces(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    if let Some((before, rest)) = text.split_once('{')
        && let Some((inner, after)) = rest.split_once('}')
    {
        out.extend(
            inner
                .split(',')
                .take(50)
                .map(|one| format!("{before}{}{after}", one.trim())),
        );
    }
    out
}

/// A value on one line, and its lines with their numbers.
type Field = (String, Vec<(String, u32)>);

struct Section {
    name: String,
    /// Name, value on one line, lines with their numbers.
    fields: Vec<(String, Field)>,
}

impl Section {
    fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    fn value(&self, name: &str) -> Option<String> {
        self.field(name).map(|(text, _)| text.clone())
    }
}

/// Sections of an INI file, with values that go on over indented lines.
fn ini(text: &str) -> Vec<Section> {
    let mut out: Vec<Section> = Vec::new();
    for (index, line) in text.lines().enumerate().take(50_000) {
        let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
            continue;
        }
        if let Some(name) = trimmed
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
            .filter(|_| !line.starts_with([' ', '\t']))
        {
            out.push(Section {
                name: name.trim().to_owned(),
                fields: Vec::new(),
            });
            continue;
        }
        let Some(section) = out.last_mut() else { continue };
        if line.starts_with([' ', '\t']) {
            if let Some((_, (value, lines))) = section.fields.last_mut() {
                let joined = lines.last().is_some_and(|(last, _)| last.ends_with('\\'));
                if joined && let Some((last, _)) = lines.last_mut() {
                    last.pop();
                    last.push_str(trimmed);
                } else {
                    lines.push((trimmed.to_owned(), number));
                }
                value.push('\n');
                value.push_str(trimmed);
            }
        } else if let Some((key, value)) = trimmed.split_once(['=', ':']) {
            let value = value.trim();
            let lines = if value.is_empty() {
                Vec::new()
            } else {
                vec![(value.to_owned(), number)]
            };
            section.fields.push((key.trim().to_owned(), (value.to_owned(), lines)));
        }
    }
    out
}

/// Sessions of nox: the commands that `session.run` is given as plain texts.
fn nox(reader: &mut Reader<'_>, words: &[String], mut own: Setting, _place: &Place) {
    static SESSION: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r#"(?m)^(?:@nox\.session.*|def (\w+)\(.*|\s+session\.run\(([^)]*)\))"#).ok());
    let path = "noxfile.py".to_owned();
    let (Some(text), Some(regex)) = (reader.text(&path), SESSION.as_ref()) else {
        return;
    };
    let named: Vec<&str> = words
        .iter()
        .enumerate()
        .filter(|(_, word)| matches!(word.as_str(), "-s" | "--session" | "--sessions" | "-e"))
        .filter_map(|(at, _)| words.get(at + 1).map(String::as_str))
        .collect();
    own.installed = true;
    let mut session = String::new();
    let mut line = 1_u32;
    let mut from = 0;
    for captures in regex.captures_iter(text).take(2_000) {
        let Some(whole) = captures.get(0) else { continue };
        line += u32::try_from(text.get(from..whole.start()).unwrap_or_default().matches('\n').count()).unwrap_or(0);
        from = whole.start();
        if let Some(name) = captures.get(1) {
            session = name.as_str().to_owned();
        }
        let Some(arguments) = captures.get(2) else { continue };
        if !named.is_empty()
            && !named
                .iter()
                .any(|name| name.split('-').next() == Some(session.as_str()) || name.replace('-', "_") == session)
        {
            continue;
        }
        let arguments = arguments.as_str();
        let mut setting = own.clone();
        if arguments.contains("success_codes") {
            setting.hollow.push(Hollow::ExitZeroFlag);
        }
        // What is named comes after what is not.
        let parts = arguments
            .split(',')
            .map(str::trim)
            .take_while(|part| !part.contains('='));
        let texts: Option<Vec<&str>> = parts
            .filter(|part| !part.is_empty() && !part.starts_with('*'))
            .map(|part| {
                part.strip_prefix(['"', '\''])
                    .and_then(|rest| rest.strip_suffix(['"', '\'']))
            })
            .collect();
        if let Some(texts) = texts {
            let origin = Origin {
                path: path.clone(),
                line: line + u32::from(whole.as_str().starts_with('\n')),
                whole: true,
            };
            reader.script(
                &texts.join(" "),
                Shell {
                    errexit: true,
                    pipefail: true,
                },
                &mut setting,
                &origin,
                Fate::Gates,
            );
        }
    }
}
