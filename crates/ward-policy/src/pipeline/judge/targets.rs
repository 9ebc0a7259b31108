//! The folders and files that a command is given: are they there, and do they hold anything that its tool looks at?

use super::Judgement;
use crate::{
    lexicon::Tool,
    pipeline::{
        Hollow, Service,
        bare::Bare,
        expression::DYNAMIC,
        glob, script,
        setting::{Reader, Setting},
        world::Left,
    },
};

/// Words after flags that are values and no targets.
const VALUED: &[&str] = &[
    "-c",
    "--config",
    "--configfile",
    "--config-file",
    "-f",
    "--format",
    "-o",
    "--output",
    "--output-file",
    "--severity-level",
    "--confidence-level",
    "-b",
    "--baseline",
    "-x",
    "--exclude",
    "--exclude-rule",
    "--baseline-commit",
    "--baseline-ref",
    "--ignore-pattern",
    "-s",
    "--skip",
    "-t",
    "--tests",
    "--severity",
    "--exit-code",
    "--report-path",
    "--report-format",
    "-r",
    "--requirement",
    "--ini",
    "-n",
    "--number",
    "-p",
    "--profile",
    "--rcfile",
    "--select",
    "--ignore",
    "--extend-ignore",
    "--max-line-length",
    "--max-complexity",
    "--source",
    "--log-opts",
    "--fail-on",
    "--audit-level",
    "--severity-threshold",
    "--lockfile",
    "-L",
    "--sbom",
    "--rules",
    "--python-version",
    "--cov",
    "-k",
    "-m",
    "--junitxml",
    "--ext",
    "--cache-dir",
    "--ignore-vuln",
    "-i",
    "--policy",
    "--only-verified=",
    "--since-commit",
    "--branch",
    "--level",
    "--scanners",
    "--timeout",
    "--template",
    "--threshold",
    "-W",
    "-D",
    "-A",
    "--engines",
    "--data",
    "-j",
    "--jobs",
    "--repo",
    "--min-severity",
    "--disable",
    "--enable",
    "--fail-under",
    "--target-version",
    "--ignorefile",
    "--metrics",
    "--include",
    "-a",
    "--project",
    "--write-baseline",
    "--reason",
    "--since",
    "--commits",
    "--report",
];

/// Folders of a machine that hold no checkout.
const OUTSIDE: &[&str] = &[
    "tmp",
    "dev",
    "etc",
    "usr",
    "var",
    "proc",
    "bin",
    "lib",
    "opt",
    "nonexistent",
];
/// What services call the folder of the checkout.
const CHECKOUT: &[&str] = &["GITHUB_WORKSPACE", "CI_PROJECT_DIR", "PWD"];

/// A word with the variables that are known: those of the environment, and the folder of the checkout.
fn expanded(word: &str, setting: &Setting) -> String {
    let mut out = word.to_owned();
    let own = setting.env.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    for (name, value) in own.chain(CHECKOUT.iter().map(|name| (*name, "."))).take(200) {
        if !out.contains('$') {
            break;
        }
        out = out.replace(&format!("${{{name}}}"), value);
        // `$A` is not the beginning of `$AB`.
        if let Some((before, after)) = out.split_once(&format!("${name}"))
            && !after.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
        {
            out = format!("{before}{value}{after}");
        }
    }
    out
}

/// A word with the folder of the checkout in the place of the commands that print it.
fn computed(word: &str) -> String {
    let own = [
        "$(pwd)",
        "`pwd`",
        "$(git rev-parse --show-toplevel)",
        "`git rev-parse --show-toplevel`",
    ];
    own.iter().fold(word.to_owned(), |word, own| word.replace(own, "."))
}

/// Whether a command prints tracked files that a tool looks at: `git ls-files '*.py'`, `find src -name '*.py'`.
fn gives_files(reader: &Reader<'_>, tool: &Tool, command: &str) -> bool {
    let mut words = command.split_whitespace().map(|word| word.trim_matches(['"', '\'']));
    match (words.next(), words.next()) {
        (Some("git"), Some("ls-files")) => {}
        (Some("find"), Some(folder)) if reader.exists(&script::join("", folder)) => {}
        _ => return false,
    }
    let is_known = |word: &str| matches!(word, "f" | "-o" | "(" | ")" | "\\(" | "\\)") || word.starts_with('-');
    words
        .filter(|word| !is_known(word))
        .all(|word| match word.rsplit_once("*.") {
            Some((_, ending)) => {
                let name = format!("a.{ending}");
                is_for(tool, &name) && reader.below("").any(|file| file.ends_with(&name[1..]))
            }
            None => !word.contains(['*', '$', '`']) && reader.exists(&script::join("", word)),
        })
}

/// Whether what `xargs` is fed with on its line is printed by a command that prints such files.
fn is_fed_by_files(reader: &Reader<'_>, tool: &Tool, setting: &Setting) -> bool {
    let (within, line) = &setting.within;
    let line = within.lines().nth(*line as usize).unwrap_or_default();
    let before = line.split("xargs").next().unwrap_or_default().trim_end();
    let Some(before) = before.strip_suffix('|') else {
        return false;
    };
    let last = before.rsplit(['|', ';', '&']).next().unwrap_or_default();
    gives_files(reader, tool, last.trim())
}

/// The folder of the checkout that Gitleaks is told to look at, where one is named as it stands.
pub(super) fn source(reader: &Reader<'_>, rest: &[String], setting: &Setting) -> Option<Vec<String>> {
    let folder = setting.directory.as_deref()?;
    let is_before = |word: &str| matches!(word, "--source" | "-s" | "dir" | "directory");
    let after = rest.windows(2).find_map(|two| match two {
        [before, path] if is_before(before) => Some(path.as_str()),
        _ => None,
    });
    let path = rest.iter().find_map(|word| word.strip_prefix("--source=")).or(after);
    let path = path.filter(|path| is_plain(path))?;
    let path = script::join(folder, path.trim_end_matches('/'));
    reader.exists(&path).then(|| vec![path])
}

/// Whether a word is the path of something in the checkout, as it stands.
fn is_plain(word: &str) -> bool {
    !word.starts_with(['/', '~', '-']) && !word.contains(['$', '`', '*', '?', ':']) && !word.contains(DYNAMIC)
}

/// Whether a word is what a script, a function or a loop is given: what that is, is looked at where it is given.
fn is_argument(word: &str, setting: &Setting) -> bool {
    // What a hook is given are the files of the commit.
    if setting.service == Service::Hook {
        return word.contains('$') || word.contains(DYNAMIC);
    }
    let Some(name) = word.strip_prefix('$') else {
        return false;
    };
    let name = name.trim_start_matches('{').trim_end_matches('}');
    let (within, _) = &setting.within;
    name.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '@' | '*'))
        || !name.is_empty() && within.contains(&format!("for {name} in "))
}

/// Endings of the files that a tool looks at; empty for any.
fn looks_at(name: &str) -> &'static [&'static str] {
    match name {
        "bandit" | "ruff" | "flake8" | "pylint" | "black" | "isort" | "mypy" | "pyright" | "pytype" | "pyre" | "ty"
        | "pysa" => &[".py", ".pyi", ".ipynb"],
        "eslint" => &[".js", ".jsx", ".ts", ".tsx", ".mjs", ".cjs", ".vue"],
        "tsc" => &[".ts", ".tsx"],
        "gosec" | "govulncheck" | "golangci-lint" => &[".go"],
        "clippy" => &[".rs"],
        "shellcheck" => &[".sh", ".bash"],
        _ => &[],
    }
}

/// Whether a tool reads some kinds of files only.
pub(crate) fn names_kinds(tool: &Tool) -> bool {
    !looks_at(tool.name).is_empty()
}

/// Whether a file is one of those that a tool looks at.
pub(crate) fn is_for(tool: &Tool, path: &str) -> bool {
    let endings = looks_at(tool.name);
    if !endings.is_empty() {
        return endings.iter().any(|ending| path.ends_with(ending));
    }
    true
}

/// Whether a file is a program of the project, and no test, example or configuration of its build.
pub(crate) fn is_code(path: &str) -> bool {
    const ENDINGS: &[&str] = &[
        "py", "ipynb", "js", "jsx", "ts", "tsx", "mjs", "go", "rs", "java", "kt", "c", "cc", "cpp", "h", "hpp", "rb",
        "php", "cs", "swift", "sh",
    ];
    const ASIDE: &[&str] = &[
        "test",
        "tests",
        "testing",
        "doc",
        "docs",
        "example",
        "examples",
        "benchmark",
        "benchmarks",
        "benches",
        "fixtures",
        "vendor",
        "third_party",
        "node_modules",
    ];
    const BUILD: &[&str] = &[
        "setup.py",
        "conftest.py",
        "noxfile.py",
        "tasks.py",
        "build.rs",
        "conf.py",
    ];
    let mut parts = path.rsplit('/');
    let name = parts.next().unwrap_or(path);
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    ENDINGS.contains(&ending)
        && !BUILD.contains(&name)
        && !name.starts_with("test_")
        && !parts.any(|folder| ASIDE.contains(&folder) || folder.starts_with('.'))
}

/// The folders and files that a command names: are they there, and do they hold anything it looks at?
pub(super) fn judge(
    reader: &Reader<'_>,
    tool: &Tool,
    bare: &Bare,
    rest: &[String],
    setting: &Setting,
    out: &mut Judgement,
) {
    let Some(folder) = &setting.directory else { return };
    let subcommand = |word: &str| {
        matches!(
            word,
            "check"
                | "format"
                | "scan"
                | "ci"
                | "fs"
                | "filesystem"
                | "repo"
                | "config"
                | "image"
                | "rootfs"
                | "detect"
                | "git"
                | "dir"
                | "run"
                | "source"
                | "eval"
                | "test"
        )
    };
    if bare.words.iter().skip(1).any(|word| word == "image" || word == "sbom") {
        let (within, _) = &setting.within;
        let built = |word: &String| {
            ["-t", "--tag"]
                .iter()
                .any(|flag| within.contains(&format!("{flag} {word}")))
        };
        let may_be_own = |word: &String| word.contains(['/', '$', '.']) || word.contains(DYNAMIC) || built(word);
        if !rest.iter().filter(|word| !word.starts_with('-')).any(may_be_own) {
            out.unknown = Some("whether the image that it looks at is the project's is known only when it runs");
        }
        return;
    }
    let mut named = Vec::new();
    if bare.fed && setting.service != Service::Hook && !is_fed_by_files(reader, tool, setting) {
        out.unknown = Some("what it looks at is known only when it runs");
        return;
    }
    for (at, word) in rest.iter().enumerate() {
        let before = at
            .checked_sub(1)
            .and_then(|at| rest.get(at))
            .map(String::as_str)
            .unwrap_or_default();
        let takes = match tool.name {
            // Where these are switches.
            "bandit" => before != "-r" && VALUED.contains(&before) && before != "-a" && before != "-i",
            "modelscan" | "picklescan" => VALUED.contains(&before) && before != "-p",
            "osv-scanner" => VALUED.contains(&before) && before != "-r" && before != "-L" && before != "--lockfile",
            "detect-secrets" | "ruff" | "mypy" | "black" | "isort" => {
                VALUED.contains(&before) && !matches!(before, "-a" | "-c" | "-i" | "-p" | "-m")
                    || matches!(before, "-p" | "-m") && tool.name == "mypy"
            }
            "checkov" => VALUED.contains(&before),
            _ => VALUED.contains(&before),
        };
        if word.starts_with('-') || takes || at == 0 && subcommand(word) || word.chars().all(|c| c.is_ascii_digit()) {
            if matches!(tool.name, "mypy") && matches!(before, "-p" | "-m") {
                // A package may lie below `src`.
                let path = word.replace('.', "/");
                let below = format!("src/{path}");
                let is_below = reader.exists(&script::join(folder, &below));
                named.push(if is_below { below } else { path });
            }
            continue;
        }
        let word = &computed(&expanded(word, setting));
        if word.contains(['`', '$']) && word.contains(['`', '(']) && setting.service != Service::Hook {
            let inside = word.strip_prefix("$(").and_then(|word| word.strip_suffix(')'));
            if !inside.is_some_and(|inside| gives_files(reader, tool, inside)) {
                out.unknown = Some("what it looks at is known only when it runs");
            }
            return;
        }
        if word.contains("://") || word.contains(['`', '{']) || word.contains("$(") {
            return;
        }
        if is_argument(word, setting) {
            return;
        }
        if word.contains('$') || word.contains(DYNAMIC) {
            out.unknown = Some("what it looks at is known only when it runs");
            return;
        }
        if OUTSIDE
            .iter()
            .any(|start| script::join("", word) == *start || word.starts_with(&format!("/{start}/")))
            && word.starts_with('/')
        {
            out.hollow.push(Hollow::TargetAbsent);
            return;
        }
        if word.starts_with(['/', '~']) {
            return;
        }
        if word.contains(['*', '?']) {
            let pattern = script::join(folder, word);
            let files = reader.repository.files.keys();
            let mut matched =
                files.filter(|file| glob::matches(&pattern, file) || glob::matches(&format!("{pattern}/**"), file));
            if matched.next().is_some() {
                return;
            }
            named.push(word.clone());
            continue;
        }
        // `dir:.` and `requirements.txt:path` name a kind before the path.
        let kinds = matches!(tool.name, "osv-scanner" | "grype" | "syft");
        // A bill of materials that is not here is one that a run makes.
        let bill = word.strip_prefix("sbom:").filter(|_| kinds);
        if bill.is_some_and(|bill| !reader.exists(&script::join(folder, bill))) {
            out.unknown = Some("the bill of materials that it looks at is made when it runs");
            return;
        }
        let path = word
            .split_once(':')
            .filter(|_| kinds)
            .map_or(word.as_str(), |(_, path)| path);
        named.push(path.to_owned());
    }
    if tool.name == "bandit"
        && !named.is_empty()
        && !rest
            .iter()
            .any(|word| word == "--recursive" || word.starts_with('-') && !word.starts_with("--") && word.contains('r'))
    {
        // Without -r, Bandit steps over folders.
        if named.iter().all(|one| {
            reader.is_folder(&script::join(folder, one))
                && !reader.repository.files.contains_key(&script::join(folder, one))
        }) {
            out.hollow.push(Hollow::TargetEmpty);
            return;
        }
    }
    let names_any = !named.is_empty();
    if named.is_empty() {
        // Without a target, most look at the folder they run in.
        named.push(".".to_owned());
    }
    let there: Vec<String> = named
        .iter()
        .map(|one| script::join(folder, one.trim_end_matches("/...")))
        .filter(|path| reader.exists(path))
        .collect();
    if there.is_empty() {
        let elsewhere = named.iter().any(|one| reader.exists(&script::join("", one)));
        if setting.fetched && !elsewhere {
            out.unknown = Some("what it looks at may be made by a step before it");
        } else if elsewhere || !reader.is_folder(folder) {
            out.hollow.push(Hollow::WrongDirectory);
        } else {
            out.hollow.push(Hollow::TargetAbsent);
        }
        return;
    }
    out.targets = Some(there.clone());
    let holds = there
        .iter()
        .any(|path| reader.below(path).any(|file| is_for(tool, file)));
    if !holds && !setting.fetched {
        let elsewhere = !folder.is_empty() && reader.below("").any(|file| is_for(tool, file));
        out.hollow.push(if elsewhere && !names_any {
            Hollow::WrongDirectory
        } else {
            Hollow::TargetEmpty
        });
    }
    let looked = || {
        there
            .iter()
            .flat_map(|path| reader.below(path))
            .filter(|file| is_for(tool, file))
    };
    // Where there is code, tests alone are not enough.
    let has_code = looked().any(is_code);
    match setting.world.left(looked().filter(|file| !has_code || is_code(file))) {
        Left::Some => {}
        Left::None if holds => out.hollow.push(Hollow::TargetRemoved),
        Left::Absent if holds => out.hollow.push(Hollow::TargetEmpty),
        Left::Perhaps if holds => out.unknown = Some("what it looks at is removed and may be made anew before it"),
        Left::None | Left::Absent | Left::Perhaps => {}
    }
}
