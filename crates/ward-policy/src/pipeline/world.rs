//! What the commands before a scan did to what it works with: files that were made or removed, and other programs put
//! under a tool's name.

use std::{collections::BTreeSet, rc::Rc};

use super::{
    Service,
    bare::Bare,
    expression::DYNAMIC,
    glob, judge, script,
    setting::{Reader, Setting},
};
use crate::lexicon::Tool;

/// Most files that are remembered.
const FILES: usize = 200;
/// Programs after which files may be there that git does not track.
pub(super) const MAKERS: &[&str] = &[
    "curl",
    "wget",
    "dvc",
    "aws",
    "gsutil",
    "gcloud",
    "az",
    "huggingface-cli",
    "hf",
    "git",
    "mkdir",
    "cp",
    "mv",
    "tar",
    "unzip",
    "docker",
    "rsync",
    "scp",
    "python",
    "python3",
    "cmake",
];

/// What is not as the repository has it.
#[derive(Debug, Clone, Default)]
pub(super) struct World(Rc<Changes>);

#[derive(Debug, Clone, Default)]
struct Changes {
    /// Files that commands wrote, as they were named.
    made: Vec<String>,
    /// Files that are gone: patterns from the root.
    removed: Vec<String>,
    /// What alone is checked out; all, where there is none.
    only: Option<Sparse>,
    /// Another version than the one that is judged was checked out.
    other: bool,
    /// Something ran after the removal that may have made them anew.
    anew: bool,
    /// Folders of the repository that are searched for programs first.
    path: Vec<String>,
    /// Names of programs that other programs or texts were put under.
    replaced: BTreeSet<String>,
}

/// What a sparse checkout takes.
///
/// Source: git-sparse-checkout(1), "Internals - cone pattern set", "full pattern set".
#[derive(Debug, Clone, PartialEq, Eq)]
enum Sparse {
    /// Folders, and the files of the root.
    Folders(Vec<String>),
    /// Patterns as in `.gitignore`, of which the last that matches counts; `!` takes away.
    Patterns(Vec<String>),
}

impl Sparse {
    fn takes(&self, file: &str) -> bool {
        match self {
            Sparse::Folders(folders) => !file.contains('/') || folders.iter().any(|folder| within(folder, file)),
            Sparse::Patterns(patterns) => patterns
                .iter()
                .rev()
                .find_map(|pattern| {
                    let bare = pattern.strip_prefix('!').unwrap_or(pattern);
                    judge::ignored(bare, file).then_some(bare == pattern)
                })
                .unwrap_or(false),
        }
    }
}

/// What is left of some files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Left {
    /// Some of them.
    Some,
    /// None.
    None,
    /// None, as none was checked out.
    Absent,
    /// None, unless a command made them anew.
    Perhaps,
}

impl World {
    /// Whether a command wrote `path`, from a place where `folder` is the current one.
    pub(super) fn made(&self, folder: &str, path: &str) -> bool {
        self.0.made.iter().any(|made| script::join(folder, made) == path)
    }

    /// What is left of `files`.
    pub(super) fn left<'f>(&self, mut files: impl Iterator<Item = &'f str>) -> Left {
        let (removed, only) = (&self.0.removed, &self.0.only);
        let here = |file: &str| {
            only.as_ref().is_none_or(|only| only.takes(file)) && !removed.iter().any(|pattern| within(pattern, file))
        };
        match removed.is_empty() && only.is_none() || files.any(here) {
            true => Left::Some,
            false if removed.is_empty() => Left::Absent,
            false if self.0.anew => Left::Perhaps,
            false => Left::None,
        }
    }

    /// Whether a command put another version in the place of the one that is judged.
    pub(super) fn is_other_version(&self) -> bool {
        self.0.other
    }

    /// The files of the repository are fetched again.
    pub(super) fn restored(&mut self) {
        if self.0.other {
            Rc::make_mut(&mut self.0).other = false;
        }
        if !self.0.removed.is_empty() {
            Rc::make_mut(&mut self.0).removed.clear();
        }
    }

    /// Only this is checked out (`sparse-checkout`), where anything is named: folders, or patterns without a cone.
    pub(super) fn only<'l>(&mut self, lines: impl Iterator<Item = &'l str>, cone: bool) {
        let lines = lines
            .map(str::trim)
            .filter(|line| !line.is_empty() && (cone || !line.starts_with('#')))
            .take(FILES);
        let only = if cone {
            let folders = lines.map(|line| line.trim_matches('/').to_owned());
            Sparse::Folders(folders.filter(|folder| !folder.is_empty() && folder != ".").collect())
        } else {
            Sparse::Patterns(lines.map(str::to_owned).collect())
        };
        let is_all = matches!(&only, Sparse::Folders(list) | Sparse::Patterns(list) if list.is_empty());
        if !is_all || self.0.only.is_some() {
            Rc::make_mut(&mut self.0).only = (!is_all).then_some(only);
        }
    }

    /// Remembers what a command does.
    pub(super) fn after(&mut self, reader: &Reader<'_>, run: &script::Run, setting: &Setting) {
        let words: Vec<&str> = run
            .words
            .iter()
            .map(String::as_str)
            .skip_while(|word| matches!(*word, "sudo" | "command" | "env") || script::assignment(word).is_some())
            .collect();
        let Some((first, rest)) = words.split_first() else {
            return;
        };
        let program = first.rsplit('/').next().unwrap_or(first);
        let plain: Vec<&str> = rest.iter().filter(|word| !word.starts_with('-')).copied().collect();
        let written = run.writes.iter().cloned().chain(script::outputs(&run.words));
        let written: Vec<String> = written
            .filter(|file| !file.starts_with("/dev/") && !file.contains('$'))
            .collect();
        let to_path = run.writes.iter().any(|file| file.contains("GITHUB_PATH"));
        let removes = if run.sure {
            removed(program, rest, &plain)
        } else {
            Vec::new()
        };
        let replaces = replaced(reader, program, &plain, &run.writes, setting);
        let anew = !self.0.removed.is_empty() && removes.is_empty() && MAKERS.contains(&program);
        let other = match program {
            "git" if setting.service != Service::Hook => other_version(reader, rest),
            _ => None,
        };
        let same = other.is_none_or(|other| other == self.0.other);
        if written.is_empty() && !to_path && removes.is_empty() && replaces.is_empty() && !anew && same {
            return;
        }
        let changes = Rc::make_mut(&mut self.0);
        if changes.made.len() < FILES {
            changes.made.extend(written);
        }
        if changes.path.len() < FILES && to_path {
            changes.path.extend(plain.iter().filter_map(|folder| inside(folder)));
        }
        if let Some(folder) = &setting.directory
            && changes.removed.len() < FILES
        {
            changes
                .removed
                .extend(removes.iter().map(|path| script::join(folder, path)));
        }
        if program == "git" && matches!(plain.first(), Some(&"checkout" | &"restore" | &"reset" | &"stash")) {
            changes.removed.clear();
        }
        changes.other = other.unwrap_or(changes.other);
        changes.anew |= anew;
        changes.replaced.extend(replaces);
    }
}

/// Whether a command fetches what a shallow checkout left out of the history.
pub(super) fn fetches_all(words: &[String]) -> bool {
    let is = |at: usize, word: &str| words.get(at).is_some_and(|one| one == word);
    let whole = |word: &String| {
        let depth = word
            .strip_prefix("--depth=")
            .and_then(|depth| depth.parse::<u64>().ok());
        word == "--unshallow" || depth.is_some_and(|depth| depth >= 1_000_000)
    };
    is(0, "git") && (is(1, "fetch") || is(1, "pull")) && words.iter().any(whole)
}

/// Whether a pattern names `file` or a folder around it.
fn within(pattern: &str, file: &str) -> bool {
    pattern.is_empty()
        || pattern == file
        || file.strip_prefix(pattern).is_some_and(|rest| rest.starts_with('/'))
        || pattern.contains('*') && (glob::matches(pattern, file) || glob::matches(&format!("{pattern}/**"), file))
}

/// The files and folders that a command takes away, as it names them.
fn removed(program: &str, rest: &[&str], plain: &[&str]) -> Vec<String> {
    let known =
        |word: &&&str| !word.contains(['$', '`', '{', '?']) && !word.contains(DYNAMIC) && !word.starts_with('/');
    let of = |words: &[&str]| words.iter().filter(known).map(|word| (*word).to_owned()).collect();
    match (program, plain) {
        ("rm", words) | ("git", ["rm", words @ ..]) => of(words),
        // Within the repository it is still looked at.
        ("mv", [from @ .., to]) if to.starts_with('/') || to.starts_with("..") || to.starts_with('$') => of(from),
        ("find", [folder, ..]) if rest.contains(&"-delete") || rest.windows(2).any(|two| two == ["-exec", "rm"]) => {
            let name = rest
                .iter()
                .position(|word| *word == "-name")
                .and_then(|at| rest.get(at + 1));
            match name {
                Some(name) if known(&name) => vec![format!("{folder}/**/{name}")],
                Some(_) => Vec::new(),
                None => of(&[*folder]),
            }
        }
        _ => Vec::new(),
    }
}

/// Whether a command of git puts another version in the place of what was checked out; none where it leaves the version
/// as it is: a new branch, single files. What only a run knows is taken for the version that is judged.
fn other_version(reader: &Reader<'_>, rest: &[&str]) -> Option<bool> {
    let (verb, rest) = rest.split_first()?;
    let only_files = |at: usize| rest.iter().skip(at + 1).any(|path| !matches!(*path, "." | "./"));
    match *verb {
        "checkout" | "switch" => {}
        "reset" if rest.contains(&"--hard") => {}
        _ => return None,
    }
    let makes = |word: &&str| matches!(*word, "-b" | "-B" | "-c" | "-C" | "--orphan" | "-p" | "--patch");
    if rest.iter().any(makes) {
        return None;
    }
    let dashes = rest.iter().position(|word| *word == "--");
    if dashes.is_some_and(only_files) {
        return None;
    }
    let named = rest.iter().take(dashes.unwrap_or(rest.len()));
    let named: Vec<&str> = named
        .filter(|word| **word == "-" || !word.starts_with('-'))
        .copied()
        .collect();
    match named.as_slice() {
        ["-" | "FETCH_HEAD"] => Some(false),
        ["HEAD" | "@" | "." | "./"] | [] => None,
        [one] if one.contains(['$', '`']) || one.contains(DYNAMIC) => Some(false),
        [one] if reader.exists(one.trim_end_matches('/')) => None,
        [_] => Some(true),
        _ => None,
    }
}

/// Names of programs that a command puts something else under: a text, a file of the repository, `true`.
fn replaced(reader: &Reader<'_>, program: &str, plain: &[&str], writes: &[String], setting: &Setting) -> Vec<String> {
    let name = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
    match (program, plain) {
        // A package of the repository under a tool's name.
        ("pip" | "pip3", ["install", from @ ..])
        | ("python" | "python3", ["pip", "install", from @ ..])
        | ("uv", ["pip", "install", from @ ..]) => {
            let folder = setting.directory.as_deref().unwrap_or_default();
            let is_own = |path: &&&str| path.contains('/') && reader.is_folder(&script::join(folder, path));
            from.iter()
                .filter(is_own)
                .map(|path| name(path.trim_end_matches('/')))
                .collect()
        }
        ("echo" | "printf" | "cat", _) => writes.iter().map(|path| name(path)).collect(),
        ("tee", paths) => paths.iter().map(|path| name(path)).collect(),
        ("ln" | "cp" | "mv" | "install", [.., from, to]) => {
            let folder = setting.directory.as_deref().unwrap_or_default();
            let own = reader.repository.files.contains_key(&script::join(folder, from)) && !from.starts_with('/');
            if own || matches!(name(from).as_str(), "true" | "false" | "echo" | "cat" | ":") {
                let to = if to.ends_with('/') || !name(to).contains('.') && reader.is_folder(to) {
                    from
                } else {
                    to
                };
                vec![name(to)]
            } else {
                Vec::new()
            }
        }
        _ => Vec::new(),
    }
}

/// A folder of the repository as a path from its root; none for one elsewhere.
fn inside(folder: &str) -> Option<String> {
    const HERE: &[&str] = &[
        "$PWD",
        "${PWD}",
        "$(pwd)",
        "`pwd`",
        "$GITHUB_WORKSPACE",
        "${GITHUB_WORKSPACE}",
        "$CI_PROJECT_DIR",
        "${CI_PROJECT_DIR}",
        DYNAMIC,
    ];
    let rest = HERE
        .iter()
        .find_map(|here| folder.strip_prefix(here)?.strip_prefix('/'));
    let path = rest.unwrap_or(folder);
    let known =
        !path.is_empty() && !path.starts_with(['/', '~']) && !path.contains(['$', '`']) && !path.contains(DYNAMIC);
    known.then(|| script::join("", path))
}

/// Whether something of the repository answers to a tool's name: a script, a module, what was put there before.
pub(super) fn stands_in(reader: &Reader<'_>, tool: &Tool, bare: &Bare, setting: &Setting) -> bool {
    if reader.own.as_deref() == Some(tool.name) {
        return false;
    }
    let Some(first) = bare.words.first() else { return false };
    let tracked = |path: &str| reader.repository.files.contains_key(path);
    let folder = setting.directory.as_deref();
    let listed = |name: &str| -> Vec<String> {
        let list = setting.env.get(name).map(String::as_str).unwrap_or_default();
        // What stands before the old list is searched first.
        let before = list
            .split(':')
            .take_while(|one| !one.contains(name) || one.contains('/'));
        before.filter_map(inside).collect()
    };
    if let Some(module) = &bare.module {
        let path = module.replace('.', "/");
        let mut folders = listed("PYTHONPATH");
        folders.extend(folder.map(str::to_owned));
        return folders.iter().any(|folder| {
            let at = |name: String| tracked(&script::join(folder, &name));
            at(format!("{path}.py")) || at(format!("{path}/__main__.py"))
        });
    }
    if first.contains('/') {
        // What a build tool or a framework has every project carry is no stand-in.
        let is_carried = ["mvnw", "gradlew", "manage.py"]
            .iter()
            .any(|name| first.ends_with(&format!("/{name}")));
        return !is_carried
            && !first.starts_with('/')
            && folder.is_some_and(|folder| tracked(&script::join(folder, first)));
    }
    setting.world.0.replaced.contains(first)
        || listed("PATH")
            .iter()
            .chain(&setting.world.0.path)
            .any(|folder| tracked(&script::join(folder, first)))
}
