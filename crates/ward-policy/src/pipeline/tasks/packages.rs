//! Scripts of `package.json`, as npm, pnpm, Yarn, Bun and Node call them.
//!
//! Source: npm Docs, "scripts", "npm run"; pnpm documentation, "pnpm run", "Filtering"; Yarn documentation, "yarn run",
//! "Lifecycle scripts"; Node.js documentation, "Command-line API", `--run`.

use ward_formats::yaml::Yaml;

use crate::{
    pipeline::{
        YAML, glob,
        script::{self, Fate, Shell},
        setting::{Origin, Reader, Setting},
    },
    promise::Place,
};

/// Most packages of one repository whose scripts are followed.
const MEMBERS: usize = 100;

/// What a command of a package manager names.
#[derive(Default)]
struct Named<'w> {
    /// The words that are no flags, with where they stand.
    plain: Vec<(usize, &'w str)>,
    /// The folder whose scripts are meant.
    folder: Option<&'w str>,
    /// Packages of the repository whose scripts are meant, by their names or folders.
    packages: Vec<&'w str>,
    /// Those of every package but the root are.
    every: bool,
    without_hooks: bool,
    /// Those of the root are, wherever the command is given.
    root: bool,
}

impl<'w> Named<'w> {
    fn of(program: &str, words: &'w [String]) -> Self {
        let mut out = Self::default();
        let mut before = "";
        for (at, word) in words.iter().enumerate().skip(1) {
            let word = word.as_str();
            if word == "--" {
                break;
            }
            let flag = std::mem::take(&mut before);
            if matches!(flag, "--prefix" | "-C" | "--dir" | "--cwd") {
                out.folder = Some(word);
                continue;
            }
            if matches!(flag, "-w" | "--workspace" | "--filter" | "-F") {
                out.packages.push(word);
                continue;
            }
            let (name, value) = word.split_once('=').unwrap_or((word, ""));
            match name {
                "-w" | "--workspace-root" if program == "pnpm" => out.root = true,
                "--prefix" | "-C" | "--dir" | "--cwd" if value.is_empty() => before = word,
                "--prefix" | "--dir" | "--cwd" => out.folder = Some(value),
                "-w" | "--workspace" | "--filter" | "-F" => {
                    out.packages.extend((!value.is_empty()).then_some(value));
                    before = if value.is_empty() { word } else { "" };
                }
                "-r" | "--recursive" | "--workspaces" | "-ws" => out.every = true,
                "--ignore-scripts" => out.without_hooks = value != "false",
                _ if word.starts_with('-') => {}
                _ => out.plain.push((at, word)),
            }
        }
        out
    }

    fn word(&self, at: usize) -> &'w str {
        self.plain.get(at).map_or("", |(_, word)| *word)
    }
}

/// A command of a package manager: a script, or, where there is none of that name, a program of a package.
pub(super) fn called(reader: &mut Reader<'_>, program: &str, words: &[String], mut own: Setting, place: &Place) {
    if program == "node" {
        let by_flag = words.iter().find_map(|word| word.strip_prefix("--run="));
        let after = words.iter().skip_while(|word| *word != "--run").nth(1);
        // Node runs what is named, and nothing before or after it.
        if let Some(name) = by_flag.or(after.map(String::as_str)) {
            script(reader, name, own, false);
        }
        return;
    }
    let mut named = Named::of(program, words);
    let first = named.word(0);
    let at = match first {
        "workspaces" if program == "yarn" => {
            named.every = true;
            1 + usize::from(named.word(1) == "foreach")
        }
        "workspace" if program == "yarn" => {
            named.packages.push(named.word(1));
            2
        }
        "run" | "run-script" | "rum" | "urn" | "test" | "t" | "tst" => 0,
        "install" | "ci" | "i" | "add" | "audit" | "exec" | "dlx" | "publish" | "" => return,
        _ if program == "npm" => return,
        _ => 0,
    };
    let at = at + usize::from(matches!(named.word(at), "run" | "run-script" | "rum" | "urn"));
    let name = match named.word(at) {
        "t" | "tst" if at == 0 => "test",
        name => name,
    };
    if named.every || !named.packages.is_empty() {
        // What is chosen by more than names is not followed.
        let chooses = |word: &String| {
            ["--include", "--exclude", "--from", "--since"]
                .iter()
                .any(|flag| word.starts_with(flag))
        };
        let found = folders(reader, &named).filter(|_| !words.iter().any(chooses));
        let Some(found) = found else {
            let why = "it runs scripts of packages, which are not followed";
            reader.out.opaque.push((place.clone(), why));
            return;
        };
        for folder in found {
            let mut own = own.clone();
            own.directory = Some(folder);
            script(reader, name, own, true);
        }
        return;
    }
    if named.root && reader.exists("pnpm-workspace.yaml") {
        own.directory = Some(String::new());
    }
    if let Some(folder) = named.folder {
        let known = own
            .directory
            .as_deref()
            .filter(|_| !folder.contains(['$', '*']) && !folder.starts_with('/'));
        own.directory = known.map(|from| script::join(from, folder));
    }
    // Yarn from its second version on runs no scripts before and after those that are called.
    let is_berry = program == "yarn" && reader.exists(".yarnrc.yml");
    let hooks = !is_berry && !named.without_hooks;
    if script(reader, name, own.clone(), hooks) || program == "npm" || !reader.commands.contains_key(name) {
        return;
    }
    let from = named.plain.get(at).map_or(words.len(), |(at, _)| *at);
    let quoted: Vec<String> = words
        .get(from..)
        .unwrap_or_default()
        .iter()
        .map(|word| quoted(word))
        .collect();
    let shell = Shell {
        errexit: false,
        pipefail: false,
    };
    reader.script(
        &quoted.join(" "),
        shell,
        &mut own,
        &Origin::on(&place.path, place.line),
        Fate::Gates,
    );
}

/// The folders of the packages of the repository that are meant; none where that is not known.
///
/// Source: npm Docs, "workspaces"; pnpm documentation, "pnpm-workspace.yaml".
fn folders(reader: &Reader<'_>, named: &Named<'_>) -> Option<Vec<String>> {
    let members = members(reader)?;
    if named.every {
        return Some(members);
    }
    let name_of = |folder: &str| {
        let text = reader.text(&script::join(folder, "package.json"))?;
        let json: serde_json::Value = serde_json::from_str(text).ok()?;
        Some(json.get("name")?.as_str()?.to_owned())
    };
    let find = |wanted: &&str| {
        let path = wanted.trim_start_matches("./").trim_end_matches('/');
        let mut all = members.iter();
        all.find(|folder| folder.as_str() == path || name_of(folder).as_deref() == Some(*wanted))
            .cloned()
    };
    named.packages.iter().map(find).collect()
}

/// The folders of every package that the root names as its own; none where it names none.
fn members(reader: &Reader<'_>) -> Option<Vec<String>> {
    let json: Option<serde_json::Value> = reader
        .text("package.json")
        .and_then(|text| serde_json::from_str(text).ok());
    let list = json.as_ref().and_then(|json| json.get("workspaces"));
    let list = list
        .map(|list| list.get("packages").unwrap_or(list))
        .and_then(serde_json::Value::as_array);
    let mut patterns: Vec<String> = list
        .into_iter()
        .flatten()
        .filter_map(|one| Some(one.as_str()?.to_owned()))
        .collect();
    let yaml = reader
        .bytes("pnpm-workspace.yaml")
        .and_then(|bytes| Yaml::parse(bytes, YAML).ok());
    let of_pnpm = yaml.as_ref().and_then(Yaml::root).and_then(|root| root.get("packages"));
    patterns.extend(
        of_pnpm
            .into_iter()
            .flat_map(|list| list.texts())
            .map(|(_, text)| text.to_owned()),
    );
    if patterns.is_empty() {
        return None;
    }
    let plain = |pattern: &String| pattern.trim_start_matches("./").trim_end_matches('/').to_owned();
    let patterns: Vec<String> = patterns.iter().map(plain).collect();
    let folders = reader
        .repository
        .files
        .keys()
        .filter_map(|path| path.strip_suffix("/package.json"));
    let is_in = |folder: &&str| glob::allowed(patterns.iter().map(String::as_str), folder);
    Some(folders.filter(is_in).take(MEMBERS).map(str::to_owned).collect())
}

/// A word as a shell takes it for one.
fn quoted(word: &str) -> String {
    let is_plain =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | ':' | '=' | '@' | ',' | '+');
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

/// Whether settings of npm keep it from running scripts before and after those that are called.
fn is_told_without(reader: &Reader<'_>, folder: &str) -> bool {
    let of = |path: &str| {
        let mut lines = reader.text(path).unwrap_or_default().lines().take(1_000);
        lines.any(|line| {
            let line: String = line.chars().filter(|c| !c.is_whitespace()).collect();
            matches!(line.as_str(), "ignore-scripts=true" | "enable-pre-post-scripts=false")
        })
    };
    of(&script::join(folder, ".npmrc")) || of(".npmrc")
}

/// A script of `package.json`, with those that come before and after it by their names; `lint:*` names several.
///
/// Source: npm Docs, "scripts", "Pre & Post Scripts".
pub(super) fn script(reader: &mut Reader<'_>, name: &str, own: Setting, hooks: bool) -> bool {
    let Some(folder) = own.directory.as_deref() else {
        return false;
    };
    let path = script::join(folder, "package.json");
    let hooks = hooks && !is_told_without(reader, folder);
    let Some(text) = reader.text(&path) else { return false };
    let Ok(json) = serde_json::from_str::<serde_json::Value>(text) else {
        reader.skipped(&path, "it is no JSON that can be read");
        return true;
    };
    let scripts = json.get("scripts").and_then(serde_json::Value::as_object);
    let has = |name: &str| scripts.is_some_and(|scripts| scripts.contains_key(name));
    let names: Vec<String> = match name.split_once('*') {
        Some((begin, _)) if !begin.is_empty() => {
            let all = scripts.into_iter().flat_map(|scripts| scripts.keys());
            all.filter(|key| key.starts_with(begin)).take(50).cloned().collect()
        }
        _ => vec![name.to_owned()],
    };
    for name in names.iter().filter(|name| has(name)) {
        for one in [format!("pre{name}"), name.clone(), format!("post{name}")] {
            if hooks || one == *name {
                script_of_package(reader, (&path, text, &json), &one, own.clone());
            }
        }
    }
    names.iter().any(|name| has(name))
}

fn script_of_package(
    reader: &mut Reader<'_>,
    (path, text, json): (&str, &str, &serde_json::Value),
    name: &str,
    mut own: Setting,
) {
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
    let origin = Origin::on(path, u32::try_from(line).unwrap_or(1));
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
