//! A command without its wrappers: `sudo`, `poetry run`, `python -m`, containers; and what it installs.

use std::rc::Rc;

use super::{
    Hollow, script,
    setting::{Reader, Setting},
};
use crate::lexicon::Tool;

/// A command without what stands around it.
#[derive(Debug, Clone, Default)]
pub(super) struct Bare {
    pub(super) words: Vec<String>,
    /// It runs in an environment of its own, without the project's packages (`uvx`, `pipx run`).
    pub(super) isolated: bool,
    /// It runs in the project's environment (`poetry run`, `uv run`).
    pub(super) project: bool,
    /// The module that `python -m` was given.
    pub(super) module: Option<String>,
    /// Its last words come from what another command prints (`xargs`).
    pub(super) fed: bool,
}

/// Takes off assignments, `sudo`, `env`, `poetry run`, `python -m`, `npx` and the like.
pub(super) fn strip(words: &[String], setting: &mut Setting) -> Bare {
    let mut bare = Bare::default();
    let mut rest = words;
    for _ in 0..12 {
        let Some(first) = rest.first() else { return bare };
        if let Some((name, value)) = script::assignment(first) {
            Rc::make_mut(&mut setting.env).insert(name.to_owned(), value.to_owned());
            rest = rest.get(1..).unwrap_or_default();
            continue;
        }
        let program = first.rsplit('/').next().unwrap_or(first);
        let second = rest.get(1).map(String::as_str).unwrap_or_default();
        bare.fed |= program == "xargs";
        let (skip, valued): (usize, &[&str]) = match (program, second) {
            ("export", _) if rest.len() > 1 => (1, &[]),
            ("command" | "exec" | "time" | "nohup" | "builtin" | "@" | "chronic" | "winpty", _) => (1, &[]),
            (
                "sudo" | "doas" | "env" | "nice" | "ionice" | "stdbuf" | "xvfb-run" | "timeout" | "retry" | "xargs"
                | "unbuffer",
                _,
            ) => (1, &["-u", "-g", "-n", "-c", "-k", "-s", "-I", "-P", "-L", "-t"]),
            ("poetry" | "pipenv" | "pdm" | "rye" | "hatch" | "pixi" | "conda" | "mamba" | "micromamba", "run") => {
                bare.project = true;
                (2, &["-n", "--name", "-p", "-e", "--environment", "--env"])
            }
            ("uv", "run") => {
                bare.project = true;
                (2, UV)
            }
            ("uv", "tool") if rest.get(2).is_some_and(|word| word == "run") => {
                bare.isolated = true;
                (3, UV)
            }
            ("uvx", _) => {
                bare.isolated = true;
                (1, UV)
            }
            ("pipx", "run") => {
                bare.isolated = true;
                (2, &["--spec", "--python", "--with"])
            }
            ("cross-env" | "cross-env-shell" | "corepack", _) if rest.len() > 1 => (1, &[]),
            ("npx" | "bunx", _) => (1, &["-p", "--package"]),
            ("pnpm", "-w" | "--workspace-root") if rest.get(2).is_some_and(|word| word == "exec" || word == "dlx") => {
                (3, &[])
            }
            ("pnpm" | "yarn", "exec" | "dlx") | ("npm", "exec") | ("bundle", "exec") | ("mise", "exec") => (2, &[]),
            (python, "-m") if is_python(python) => {
                bare.module = rest.get(2).cloned();
                (2, &[])
            }
            ("coverage", "run") if rest.iter().any(|word| word == "-m") => {
                (rest.iter().position(|word| word == "-m").map_or(2, |at| at + 1), &[])
            }
            ("nix", "develop" | "shell") => {
                let at = rest.iter().position(|word| word == "-c" || word == "--command");
                bare.project |= at.is_some();
                (at.map_or(0, |at| at + 1), &[])
            }
            ("c8" | "nyc", _) if rest.len() > 1 => (
                1,
                &[
                    "--lines",
                    "--branches",
                    "--functions",
                    "--statements",
                    "-r",
                    "--reporter",
                    "-x",
                    "-n",
                ],
            ),
            ("go", "run") => (2, &[]),
            ("docker" | "podman", "run") => match container(rest) {
                Some(words) => {
                    bare.words = words;
                    setting.directory = None;
                    return bare;
                }
                None => return bare,
            },
            ("find", _) => match rest.iter().position(|word| word == "-exec" || word == "-execdir") {
                // With `;` the status of what it runs is lost.
                Some(at) => {
                    if rest.last().is_some_and(|word| word == ";") {
                        setting.hollow.push(Hollow::Captured);
                    }
                    rest = rest.get(at + 1..).unwrap_or_default();
                    continue;
                }
                None => (0, &[]),
            },
            _ => (0, &[]),
        };
        if skip == 0 {
            break;
        }
        rest = rest.get(skip..).unwrap_or_default();
        let number = |word: &String| program == "timeout" && word.starts_with(|c: char| c.is_ascii_digit());
        while let Some(word) = rest.first().filter(|word| word.starts_with('-') || number(word)) {
            let takes = valued.contains(&word.as_str());
            rest = rest.get(1 + usize::from(takes)..).unwrap_or_default();
        }
    }
    bare.words = rest.to_vec();
    // Modules are named with `_` where programs have `-`.
    let module = words.iter().any(|word| word == "-m");
    if let Some(first) = bare.words.first_mut() {
        if module {
            *first = first.replace('_', "-");
        }
        // `go run golang.org/x/vuln/cmd/govulncheck@latest`: the last part names it.
        if first.contains('/') && first.contains('@') && !first.starts_with('@') {
            *first = first.rsplit('/').next().unwrap_or_default().to_owned();
        }
    }
    bare
}

fn is_python(program: &str) -> bool {
    matches!(program, "python" | "python3" | "py") || program.starts_with("python3.")
}

const UV: &[&str] = &[
    "--with",
    "--extra",
    "--group",
    "--python",
    "-p",
    "--project",
    "--directory",
    "--package",
    "--only-group",
    "--from",
    "--with-requirements",
    "--index-url",
    "--no-group",
    "-q",
];

/// The command that a container is given, with the image's name as its program where the image is a tool's own.
fn container(words: &[String]) -> Option<Vec<String>> {
    const VALUED: &[&str] = &[
        "-v",
        "--volume",
        "-e",
        "--env",
        "-w",
        "--workdir",
        "--name",
        "-u",
        "--user",
        "--entrypoint",
        "--network",
        "-p",
        "--mount",
        "--env-file",
        "--platform",
        "--pull",
    ];
    let mut at = 2;
    while let Some(word) = words.get(at).filter(|word| word.starts_with('-')) {
        at += 1 + usize::from(VALUED.contains(&word.as_str()));
    }
    let image = words.get(at)?;
    let name = image.split(['@', ':']).next().unwrap_or(image);
    let name = name.rsplit('/').next().unwrap_or(name);
    let rest = words.get(at + 1..).unwrap_or_default();
    let mut out = Vec::new();
    // `aquasec/trivy image x` and `semgrep/semgrep semgrep scan`.
    if rest
        .first()
        .is_none_or(|word| word != name && !(word.starts_with("sh") || word.starts_with("bash")))
    {
        out.push(name.to_owned());
    }
    out.extend(rest.iter().cloned());
    Some(out)
}

/// The command that a container of the project's own is given: `docker run IMAGE pytest`, `docker compose run SERVICE pytest`.
pub(super) fn within_container(words: &[String]) -> Option<Vec<String>> {
    let word = |at: usize| words.get(at).map(String::as_str).unwrap_or_default();
    let from = match (word(0), word(1), word(2)) {
        ("docker" | "podman", "run", _) => return Some(container(words)?.get(1..)?.to_vec()),
        ("docker" | "podman", "compose", "run" | "exec") => 3,
        ("docker-compose", "run" | "exec", _) => 2,
        _ => return None,
    };
    let rest = words.get(from..)?;
    let service = rest.iter().position(|word| !word.starts_with('-'))?;
    rest.get(service + 1..).map(<[String]>::to_vec)
}

/// Whether a command installs the project's requirements.
pub(super) fn installs(words: &[String]) -> bool {
    let word = |at: usize| words.get(at).map(String::as_str).unwrap_or_default();
    let program = word(0).rsplit('/').next().unwrap_or_default();
    let pip = |from: usize| {
        let rest = words.get(from..).unwrap_or_default();
        rest.iter().any(|word| {
            matches!(
                word.as_str(),
                "-r" | "--requirement" | "." | "-e" | "--editable" | "--group"
            ) || word.starts_with(".[")
                || word.starts_with("-r")
                || word.starts_with("--requirement=")
                || word.starts_with("./")
                || word.ends_with(".whl")
        })
    };
    match (program, word(1)) {
        ("pip" | "pip3", "install") => pip(2),
        ("uv", "pip") => word(2) == "sync" || word(2) == "install" && pip(3),
        ("uv", "sync") | ("poetry" | "pdm" | "pipenv" | "npm" | "yarn" | "pnpm", "install") => true,
        ("pipenv" | "pdm" | "rye" | "hatch" | "pixi", "sync" | "install" | "env")
        | ("npm", "ci" | "i")
        | ("pip-sync", _) => true,
        ("yarn" | "pnpm", "") => true,
        ("conda" | "mamba" | "micromamba", "env" | "create" | "install") => true,
        ("python" | "python3", "setup.py") => matches!(word(2), "develop" | "install"),
        ("make", target) => target.contains("install") || target.contains("setup") || target.contains("deps"),
        _ => false,
    }
}

/// The tools that a command installs.
pub(super) fn installed(words: &[String], reader: &Reader<'_>) -> Option<Vec<&'static Tool>> {
    let at = words.iter().position(|word| word == "install" || word == "add")?;
    let program = words.first()?.rsplit('/').next()?;
    if !matches!(
        program,
        "pip"
            | "pip3"
            | "uv"
            | "pipx"
            | "npm"
            | "cargo"
            | "go"
            | "brew"
            | "apt-get"
            | "apt"
            | "poetry"
            | "gem"
            | "conda"
    ) {
        return None;
    }
    let named: Vec<&'static Tool> = words
        .get(at + 1..)?
        .iter()
        .filter(|word| !word.starts_with('-'))
        .filter_map(|word| {
            let name: String = word
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
                .collect();
            let name = name
                .split(['=', '<', '>', '~', '['])
                .next()
                .unwrap_or_default()
                .to_ascii_lowercase();
            let list = reader.commands.get(name.as_str())?;
            list.first().map(|(_, tool)| *tool)
        })
        .collect();
    (!named.is_empty()).then_some(named)
}
