//! A check of dependencies: what it is given, or what is installed before it.

use super::Judgement;
use crate::pipeline::{
    Hollow,
    bare::Bare,
    expression::DYNAMIC,
    script,
    setting::{Reader, Setting},
};

/// `pip-audit`, with or without a project.
pub(super) fn pip_audit(reader: &Reader<'_>, bare: &Bare, words: &[&str], setting: &Setting, out: &mut Judgement) {
    if words.contains(&"--dry-run") || words.contains(&"-d") {
        out.hollow.push(Hollow::OnlyVersion);
        return;
    }
    let valued = [
        "-r",
        "--requirement",
        "-f",
        "--format",
        "-s",
        "--vulnerability-service",
        "-o",
        "--output",
        "--ignore-vuln",
        "--path",
        "--cache-dir",
        "--timeout",
        "--index-url",
        "--extra-index-url",
        "--progress-spinner",
        "--desc",
        "--aliases",
    ];
    let project = words.iter().enumerate().find(|(at, word)| {
        !word.starts_with('-') && (*at == 0 || !words.get(at - 1).is_some_and(|before| valued.contains(before)))
    });
    if let (Some((_, project)), Some(folder)) = (project, &setting.directory)
        && !project.contains(DYNAMIC)
        && !project.contains('$')
    {
        let path = script::join(folder, project);
        let manifest = |name: &str| reader.exists(&script::join(&path, name));
        if !reader.is_folder(&path) {
            out.hollow.push(Hollow::TargetAbsent);
        } else if !manifest("pyproject.toml") && !manifest("setup.py") && !words.contains(&"--locked") {
            out.hollow.push(Hollow::NoRequirements);
        }
        return;
    }
    if words.contains(&"--path") {
        return;
    }
    judge(reader, bare, words, &["-r", "--requirement"], setting, out);
    if words.contains(&"--no-deps") && !lists_all(reader, words, setting) {
        out.unknown = out.unknown.or(Some(
            "it looks at what is listed alone, and whether that is all that is required is not known",
        ));
    }
}

/// Whether each list that is given was made with all that its packages require: by the marks of what makes such lists.
fn lists_all(reader: &Reader<'_>, words: &[&str], setting: &Setting) -> bool {
    let folder = setting.directory.as_deref().unwrap_or_default();
    let marks = [
        "# via",
        "--hash=",
        "pip-compile",
        "pip compile",
        "uv export",
        "poetry export",
    ];
    let mut given = super::values(words, "-r")
        .chain(super::values(words, "--requirement"))
        .peekable();
    given.peek().is_some()
        && given.all(|file| {
            let text = reader.text(&script::join(folder, file)).unwrap_or_default();
            marks.iter().any(|mark| text.contains(mark))
        })
}

/// Whether a file lists what tests and other work on the project require, while a list of the project's own stands in the
/// folder and is not held by it.
fn is_aside(reader: &Reader<'_>, folder: &str, file: &str) -> bool {
    const WORDS: &[&str] = &["test", "tests", "testing", "dev", "doc", "docs", "lint", "ci"];
    let path = script::join(folder, file);
    let mut parts = path.split(['/', '.', '-', '_']);
    if !parts.any(|part| WORDS.contains(&part)) {
        return false;
    }
    let own = reader
        .text(&script::join(folder, "requirements.txt"))
        .unwrap_or_default();
    let given = reader.text(&path).unwrap_or_default();
    // Another list that is taken in may be the project's own; the package of the folder itself brings what it requires.
    let takes_in = |line: &str| {
        let line = line.trim_start();
        line.starts_with("-r") || line.starts_with("--requirement") || is_own_package(line)
    };
    let name = |line: &str| -> String {
        let is_part = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let name: String = line.trim().chars().take_while(is_part).collect();
        name.to_ascii_lowercase().replace(['_', '.'], "-")
    };
    let named: Vec<String> = given.lines().take(5_000).map(name).collect();
    let mut missing = own.lines().take(5_000).filter(|line| {
        let starts = line.trim().starts_with(|c: char| c.is_ascii_alphanumeric());
        starts && !named.contains(&name(line))
    });
    !given.lines().any(takes_in) && !own.lines().any(takes_in) && missing.next().is_some()
}

/// Whether a line of a list of requirements is the package of the folder itself: `-e .`, `.[dev]`, `--editable=.`.
fn is_own_package(line: &str) -> bool {
    let mut word = line.split_whitespace();
    let mut first = word.next().unwrap_or_default();
    if matches!(first, "-e" | "--editable") {
        first = word.next().unwrap_or_default();
    }
    let first = first.strip_prefix("--editable=").unwrap_or(first);
    let path = first.split('[').next().unwrap_or(first).trim_end_matches('/');
    path == "."
}

/// A check of dependencies: the files it is given, or what is installed before it.
pub(super) fn judge(
    reader: &Reader<'_>,
    bare: &Bare,
    words: &[&str],
    flags: &[&str],
    setting: &Setting,
    out: &mut Judgement,
) {
    let given: Vec<&str> = words
        .iter()
        .enumerate()
        .filter_map(|(at, word)| {
            if flags.contains(word) {
                return words.get(at + 1).copied();
            }
            let (name, value) = word.split_once('=')?;
            flags.contains(&name).then_some(value)
        })
        .collect();
    if given.is_empty() {
        if bare.isolated || !(setting.installed || bare.project) {
            out.hollow.push(Hollow::NoRequirements);
        }
        return;
    }
    let Some(folder) = &setting.directory else { return };
    let mut nothing = Vec::new();
    for file in &given {
        if file.contains(['$', '*', '<']) || file.contains(DYNAMIC) || file.starts_with('/') {
            return;
        }
        let path = script::join(folder, file);
        match reader.text(&path) {
            Some(text) => {
                let holds = text
                    .lines()
                    .any(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'));
                if holds {
                    if given.iter().all(|file| is_aside(reader, folder, file)) {
                        out.hollow.push(Hollow::NoRequirements);
                    }
                    return;
                }
                nothing.push(Hollow::NoRequirements);
            }
            // A command before it wrote it.
            None if setting.world.made(folder, &path) => return,
            // Too long to be held here, or no text: it is there.
            None if reader.exists(&path) => return,
            None if setting.fetched || bare.project => {
                out.unknown = Some("the requirements it is given may be made by a step before it");
                return;
            }
            None if reader
                .repository
                .files
                .keys()
                .any(|one| one.rsplit('/').next() == file.rsplit('/').next()) =>
            {
                nothing.push(Hollow::WrongDirectory)
            }
            None => nothing.push(Hollow::TargetAbsent),
        }
    }
    out.hollow.extend(nothing.first());
}
