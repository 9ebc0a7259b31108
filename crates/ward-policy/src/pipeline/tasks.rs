//! Tasks that a pipeline calls: make, just, tox, nox, scripts of package.json and pyproject.toml, shell scripts.

mod environments;
mod make;
mod packages;

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

/// Programs that run tasks or scripts of a project.
pub(crate) const TASKS: &[&str] = &[
    "make",
    "gmake",
    "just",
    "tox",
    "nox",
    "npm",
    "pnpm",
    "yarn",
    "bun",
    "node",
    "run-s",
    "run-p",
    "npm-run-all",
    "concurrently",
    "turbo",
    "nx",
    "lerna",
    "poe",
    "task",
    "invoke",
    "inv",
    "hatch",
    "pdm",
    "bash",
    "sh",
    "zsh",
    "dash",
    "ksh",
    "source",
    ".",
    "eval",
];

/// Whether a command may call a task at all: most do not.
fn may_be_task(reader: &Reader<'_>, program: &str, words: &[String]) -> bool {
    let first = words.first().map(String::as_str).unwrap_or_default();
    let named = || {
        let text = reader.text("pyproject.toml").filter(|text| text.len() <= 64 << 10);
        text.is_some_and(|text| text.contains(program.rsplit(':').next().unwrap_or(program)))
    };
    TASKS.contains(&program) || first.contains('/') || words.len() <= 2 && program.len() > 2 && named()
}

fn task(reader: &mut Reader<'_>, program: &str, words: &[String], mut own: Setting, place: &Place) {
    let word = |at: usize| words.get(at).map(String::as_str).unwrap_or_default();
    match program {
        "make" | "gmake" => make::make(reader, words, own, place),
        "just" => make::just(reader, words, own),
        "tox" => environments::tox(reader, words, own, place),
        "nox" => environments::nox(reader, words, own),
        "npm" | "pnpm" | "yarn" | "bun" | "node" => packages::called(reader, program, words, own, place),
        "run-s" | "run-p" | "npm-run-all" => {
            for name in words.iter().skip(1).filter(|word| !word.starts_with('-')).take(50) {
                packages::script(reader, name, own.clone(), true);
            }
        }
        "concurrently" => concurrently(reader, words, &own, place),
        "turbo" | "nx" | "lerna" if reader.exists("package.json") => {
            let why = "it runs scripts of packages, which are not followed";
            reader.out.opaque.push((place.clone(), why));
        }
        "task" if has_taskfile(reader, &own) => {
            let why = "the tasks of a Taskfile are not followed";
            reader.out.opaque.push((place.clone(), why));
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
            let origin = Origin::on(&place.path, place.line);
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

/// Whether the folder or the root has the file that Task reads.
fn has_taskfile(reader: &Reader<'_>, own: &Setting) -> bool {
    let folder = own.directory.as_deref().unwrap_or_default();
    let names = [
        "Taskfile.yml",
        "Taskfile.yaml",
        "taskfile.yml",
        "taskfile.yaml",
        "Taskfile.dist.yml",
    ];
    names
        .iter()
        .any(|name| reader.exists(&script::join(folder, name)) || reader.exists(name))
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
            let origin = Origin::on(&place.path, place.line);
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
    let origin = Origin::of(path, 1);
    own.sourced = matches!(program, "source" | ".");
    reader.script(text, Shell { errexit, pipefail }, &mut own, &origin, Fate::Gates);
}

/// `concurrently "npm:lint" "eslint ."`: scripts by their names, and commands.
fn concurrently(reader: &mut Reader<'_>, words: &[String], own: &Setting, place: &Place) {
    let valued = [
        "-n",
        "--names",
        "-c",
        "--prefix-colors",
        "-p",
        "--prefix",
        "-s",
        "--success",
        "-m",
        "--max-processes",
    ];
    let mut own = own.clone();
    if words
        .iter()
        .any(|word| matches!(word.as_str(), "-s" | "--success") || word.starts_with("--success="))
    {
        own.unknown = own.unknown.or(Some("which of its commands count is told by a flag"));
    }
    let mut before = "";
    for word in words.iter().skip(1).map(String::as_str).take(100) {
        let flag = std::mem::replace(&mut before, word);
        if word.starts_with('-') || valued.contains(&flag) {
            continue;
        }
        let script = ["npm:", "yarn:", "pnpm:", "bun:"]
            .iter()
            .find_map(|mark| word.strip_prefix(mark));
        if let Some(name) = script {
            packages::script(reader, name, own.clone(), true);
            continue;
        }
        let shell = Shell {
            errexit: false,
            pipefail: false,
        };
        let origin = Origin::on(&place.path, place.line);
        reader.script(word, shell, &mut own.clone(), &origin, Fate::Gates);
    }
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
        let origin = Origin::on("pyproject.toml", u32::try_from(number).unwrap_or(1));
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
