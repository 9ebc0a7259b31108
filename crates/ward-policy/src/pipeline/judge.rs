//! What a tool's arguments make of its run: whether it fails on what it finds, and whether it looks at anything.
//!
//! What holds for many tools is data of the lexicon (flags, defaults); what holds for one stands here, by its name.

use super::{
    Hollow, Occasion, Service,
    expression::DYNAMIC,
    script,
    setting::{Bare, Reader, Setting},
};
use crate::{
    lexicon::{Gates, Needs, Tool},
    topic::Topic,
};

/// What was found.
#[derive(Debug, Clone, Default)]
pub(super) struct Judgement {
    pub(super) hollow: Vec<Hollow>,
    pub(super) limits: Vec<Hollow>,
    pub(super) unknown: Option<&'static str>,
    pub(super) floor: Option<&'static str>,
    /// Files that it writes its results to.
    pub(super) writes: Vec<String>,
}

/// Commands of tools beside those of the lexicon: the tool, the command.
pub(super) const COMMANDS: &[(&str, &str)] = &[
    ("pytest", "python -m unittest"),
    ("pytest", "unittest"),
    ("pytest", "cargo test"),
    ("pytest", "cargo nextest"),
    ("pytest", "go test"),
    ("pytest", "npm test"),
    ("pytest", "ctest"),
    ("pytest", "jest"),
    ("pytest", "vitest"),
    ("gitleaks", "gitleaks"),
    ("trivy", "trivy filesystem"),
];

/// Whether a tool makes something for others to take, so that nothing has to fail: a bill of materials, a signature.
pub(super) fn produces(tool: &Tool) -> bool {
    !tool.topics.is_empty()
        && tool.topics.iter().all(|topic| {
            matches!(
                topic,
                Topic::Sbom
                    | Topic::SignedReleases
                    | Topic::ModelChecksums
                    | Topic::HashPinning
                    | Topic::WorkflowHardening
            )
        })
        && !matches!(tool.name, "zizmor" | "actionlint" | "scorecard")
}

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
];

/// What a command of `tool` is worth. `named` words of it name the tool.
pub(super) fn command(
    reader: &Reader<'_>,
    tool: &'static Tool,
    bare: &Bare,
    named: usize,
    setting: &Setting,
    writes: &[String],
) -> Judgement {
    let rest = bare.words.get(named..).unwrap_or_default();
    let mut out = Judgement {
        writes: writes.to_vec(),
        ..Judgement::default()
    };
    out.writes.extend(script::outputs(rest));
    if asks_for_version(rest, &bare.words) {
        out.hollow.push(Hollow::OnlyVersion);
        return out;
    }
    let words: Vec<&str> = bare.words.iter().skip(1).map(String::as_str).collect();
    flags(tool, &words, &mut out);
    named_tool(reader, tool, bare, &words, setting, &mut out);
    if setting.nothing_there && !matches!(tool.name, "cosign" | "syft" | "snyk") {
        out.hollow.push(Hollow::TargetEmpty);
    }
    let looks = tool.evidence.needs.contains(&Needs::Target)
        || matches!(
            tool.name,
            "flake8" | "black" | "isort" | "pyright" | "checkov" | "hadolint"
        );
    if looks && out.unknown.is_none() {
        targets(reader, tool, rest, setting, &mut out);
    }
    if tool.evidence.needs.contains(&Needs::History) {
        history(&words, setting, &mut out);
    }
    out
}

fn asks_for_version(rest: &[String], all: &[String]) -> bool {
    let word = |word: &String| {
        matches!(
            word.as_str(),
            "--version" | "--help" | "-V" | "-h" | "version" | "help" | "-v"
        )
    };
    match rest {
        [only] => word(only) && (only != "-v" || all.len() == 2),
        _ => rest.iter().any(|one| matches!(one.as_str(), "--version" | "--help")),
    }
}

/// Whether one of `flags` stands in `words`: whole, with a value after `=`, or as two words (`--exit-code 0`).
fn has(words: &[&str], flag: &str) -> bool {
    match flag.split_once(' ') {
        Some((name, value)) => {
            words
                .windows(2)
                .any(|pair| matches!(pair, [a, b] if *a == name && *b == value))
                || words.iter().any(|word| word.split_once('=') == Some((name, value)))
        }
        None => words
            .iter()
            .any(|word| *word == flag || word.split_once('=').is_some_and(|(name, _)| name == flag)),
    }
}

/// The value of a flag, after a space or `=`.
fn value<'w>(words: &[&'w str], names: &[&str]) -> Option<&'w str> {
    words.iter().enumerate().find_map(|(at, word)| {
        if names.contains(word) {
            return words.get(at + 1).copied();
        }
        let (name, value) = word.split_once('=')?;
        names.contains(&name).then_some(value)
    })
}

/// What the lexicon says of flags and defaults.
fn flags(tool: &Tool, words: &[&str], out: &mut Judgement) {
    let evidence = &tool.evidence;
    if evidence
        .ungate_flags
        .iter()
        .any(|flag| has(words, flag) && *flag != "--quiet" && !(tool.name == "ruff" && *flag == "-e"))
    {
        out.hollow.push(Hollow::ExitZeroFlag);
    }
    match evidence.gates {
        Gates::Default | Gates::Service => {}
        Gates::Flag => {
            if !evidence.gate_flags.iter().any(|flag| has(words, flag)) {
                out.hollow.push(Hollow::ExitZeroDefault);
            }
        }
        Gates::Never => {
            if !produces(tool) && tool.name != "codeql" && tool.name != "git-lfs" {
                out.hollow.push(Hollow::ExitZeroDefault);
            }
        }
    }
}

const SEVERITIES: &[&str] = &["critical", "high", "medium", "low"];

fn floor(text: &str) -> Option<&'static str> {
    // The lowest that is named counts.
    let lower = text.to_ascii_lowercase();
    let lowest = SEVERITIES.iter().rev().find(|one| lower.contains(**one)).copied();
    if lower.contains("moderate") {
        Some("medium")
    } else {
        lowest
    }
}

fn above(floor: Option<&'static str>, out: &mut Judgement) {
    if let Some(floor) = floor.filter(|floor| *floor != "low") {
        out.floor = Some(floor);
        out.limits.push(Hollow::SeverityFloor);
    }
}

/// What holds for one tool.
fn named_tool(reader: &Reader<'_>, tool: &Tool, bare: &Bare, words: &[&str], setting: &Setting, out: &mut Judgement) {
    match tool.name {
        "bandit" => {
            let level = words
                .iter()
                .filter(|word| word.starts_with("-l") || word.starts_with("-r") || word.starts_with("-i"));
            let count = level.map(|word| word.matches('l').count()).max().unwrap_or(0);
            let named = value(words, &["--severity-level"]).and_then(floor);
            let floor = named.or(match count {
                0 | 1 => None,
                2 => Some("medium"),
                _ => Some("high"),
            });
            above(
                floor.filter(|_| !words.contains(&"--exit-zero") || named.is_some()),
                out,
            );
            covers_all(value(words, &["-x", "--exclude"]), out);
        }
        "semgrep" => {
            out.hollow.retain(|one| *one != Hollow::ExitZeroDefault);
            let ci = words.first() == Some(&"ci");
            if !ci && !words.contains(&"--error") {
                let sarif = words.contains(&"--sarif");
                out.hollow.push(if sarif {
                    Hollow::UploadOnly
                } else {
                    Hollow::ExitZeroDefault
                });
            }
            if words.contains(&"--dryrun") || words.contains(&"--validate") {
                out.hollow.push(Hollow::OnlyVersion);
            }
            let configs: Vec<&str> = words
                .iter()
                .enumerate()
                .filter_map(|(at, word)| match *word {
                    "-c" | "--config" | "-f" => words.get(at + 1).copied(),
                    word => word.strip_prefix("--config="),
                })
                .chain(
                    setting
                        .env
                        .get("SEMGREP_RULES")
                        .map(String::as_str)
                        .into_iter()
                        .flat_map(str::split_whitespace),
                )
                .collect();
            let own = |config: &&str| is_own(reader, setting, config);
            let default = configs.is_empty()
                && (reader.exists(".semgrep") || reader.exists(".semgrep.yml") || reader.exists(".semgrep.yaml"));
            if !configs.iter().any(own) && !default {
                out.limits.push(Hollow::StockRules);
            }
            above(
                value(words, &["--severity"])
                    .filter(|one| one.eq_ignore_ascii_case("error"))
                    .map(|_| "high"),
                out,
            );
            covers_all(value(words, &["--exclude"]), out);
        }
        "codeql" => out.limits.push(Hollow::StockRules),
        "sonarqube" if words.iter().any(|word| word.contains("sonar.qualitygate.wait=true")) => {
            out.hollow.retain(|one| *one != Hollow::ExitZeroDefault);
        }
        "ruff" => {
            let rest: Vec<&str> = words.iter().filter(|word| !word.starts_with('-')).copied().collect();
            if rest.first() == Some(&"format") && !words.contains(&"--check") && !words.contains(&"--diff") {
                out.hollow.push(Hollow::Rewrites);
            }
            if rest
                .first()
                .is_some_and(|word| matches!(*word, "rule" | "config" | "linter" | "clean" | "server"))
            {
                out.hollow.push(Hollow::OnlyVersion);
            }
            covers_all(value(words, &["--exclude"]), out);
        }
        "black" | "isort" => {
            if let Some(at) = out.hollow.iter().position(|one| *one == Hollow::ExitZeroDefault) {
                out.hollow[at] = Hollow::Rewrites;
            }
        }
        "pylint" => {
            if value(words, &["--fail-under"]).is_some_and(|score| score.parse::<f64>().is_ok_and(|score| score <= 0.0))
                && !words.iter().any(|word| word.starts_with("--fail-on"))
            {
                out.hollow.push(Hollow::ExitZeroFlag);
            }
            if has(words, "--disable=all") && value(words, &["--enable"]).is_none() {
                out.hollow.push(Hollow::CoversAll);
            }
        }
        "clippy" => clippy(reader, words, setting, out),
        "pip-audit" => pip_audit(reader, bare, words, setting, out),
        "safety" if (words.first() == Some(&"check") || words.first().is_none_or(|word| word.starts_with('-'))) => {
            requirements(reader, bare, words, &["-r", "--file"], setting, out);
        }
        "npm-audit" => {
            above(value(words, &["--audit-level", "--level"]).and_then(floor), out);
            if let Some(folder) = &setting.directory {
                let manifest = script::join(folder, "package.json");
                if !reader.exists(&manifest) && !setting.fetched {
                    out.hollow.push(Hollow::WrongDirectory);
                }
            }
            if words.contains(&"fix") && words.contains(&"--dry-run") {
                out.hollow.push(Hollow::OnlyVersion);
            }
        }
        "trivy" => {
            let code = value(words, &["--exit-code"]).or(setting.env.get("TRIVY_EXIT_CODE").map(String::as_str));
            out.hollow.retain(|one| *one != Hollow::ExitZeroDefault);
            match code {
                Some("0") => out.hollow.push(Hollow::ExitZeroFlag),
                Some(code) if code.contains(DYNAMIC) || code.contains('$') => {
                    out.unknown = Some("its exit code is set by a run")
                }
                Some(_) => {}
                None => out.hollow.push(if words.contains(&"sarif") {
                    Hollow::UploadOnly
                } else {
                    Hollow::ExitZeroDefault
                }),
            }
            above(value(words, &["--severity", "-s"]).and_then(floor), out);
        }
        "grype" => above(value(words, &["--fail-on", "-f"]).and_then(floor), out),
        "snyk" => {
            if words.first() == Some(&"monitor") {
                out.hollow.push(Hollow::UploadOnly);
            }
            above(value(words, &["--severity-threshold"]).and_then(floor), out);
        }
        "govulncheck"
            if (has(words, "-json")
                || matches!(
                    value(words, &["-format", "--format"]),
                    Some("json" | "sarif" | "openvex")
                )) =>
        {
            out.hollow.push(Hollow::UploadOnly);
        }
        "gitleaks" | "betterleaks" => {
            if has(words, "--exit-code 0") {
                out.hollow.push(Hollow::ExitZeroFlag);
            }
            if (words.contains(&"protect") || words.contains(&"--staged") || words.contains(&"--pre-commit"))
                && setting.service != Service::Hook
            {
                out.hollow.push(Hollow::NothingStaged);
            }
            gitleaks_config(reader, value(words, &["-c", "--config"]), setting, out);
        }
        "trufflehog" => {
            out.hollow.retain(|one| *one != Hollow::ExitZeroDefault);
            let old = bare.words.first().is_some_and(|first| first.contains("trufflehog3"));
            if !words.contains(&"--fail") && !old {
                out.hollow.push(Hollow::ExitZeroDefault);
            }
            if words.first() == Some(&"filesystem") {
                out.limits.push(Hollow::ShallowHistory);
            }
        }
        "detect-secrets" => {
            let program = bare.words.first().map(String::as_str).unwrap_or_default();
            if !program.ends_with("-hook") {
                out.hollow.retain(|one| *one != Hollow::ExitZeroFlag);
                out.hollow.push(Hollow::ExitZeroDefault);
            }
            out.limits.push(Hollow::ShallowHistory);
        }
        "ggshield" if (words.contains(&"path") || words.contains(&"pre-commit")) => {
            out.limits.push(Hollow::ShallowHistory);
        }
        "pip-licenses" => {}
        "cargo-deny"
            if words
                .first()
                .is_some_and(|word| matches!(*word, "init" | "list" | "fetch")) =>
        {
            out.hollow.push(Hollow::OnlyVersion);
        }
        "zizmor" => {
            if has(words, "--format sarif") || has(words, "--no-exit-codes") {
                out.hollow.push(Hollow::UploadOnly);
            }
            above(value(words, &["--min-severity"]).and_then(floor), out);
        }
        "checkov" | "tfsec" if words.contains(&"-s") => out.hollow.push(Hollow::ExitZeroFlag),
        "golangci-lint" if has(words, "--issues-exit-code 0") => out.hollow.push(Hollow::ExitZeroFlag),
        "pytest" if (words.contains(&"--collect-only") || words.contains(&"--co") || words.contains(&"--no-run")) => {
            out.hollow.push(Hollow::OnlyVersion);
        }
        "mypy" | "pyright" | "flake8" => covers_all(value(words, &["--exclude"]), out),
        _ => {}
    }
}

/// An exclusion of everything.
fn covers_all(excluded: Option<&str>, out: &mut Judgement) {
    let all = |one: &str| {
        matches!(
            one.trim().trim_end_matches('/'),
            "." | "*" | "**" | ".*" | "./*" | "**/*" | "/*"
        )
    };
    if excluded.is_some_and(|excluded| excluded.split(',').any(all)) {
        out.hollow.push(Hollow::CoversAll);
    }
}

/// Whether a configuration of rules is a file or folder of the repository.
fn is_own(reader: &Reader<'_>, setting: &Setting, config: &str) -> bool {
    let path = script::join(setting.directory.as_deref().unwrap_or_default(), config);
    !config.contains("://")
        && !config.starts_with("p/")
        && !config.starts_with("r/")
        && reader.exists(&path)
        && !path.is_empty()
}

/// Clippy warns and ends without a fault, unless warnings are denied: here, in the environment, or in Cargo.toml.
fn clippy(reader: &Reader<'_>, words: &[&str], setting: &Setting, out: &mut Judgement) {
    let denies = |text: &str| {
        text.contains("-Dwarnings")
            || text.contains("-D warnings")
            || text.contains("--deny warnings")
            || text.contains("--deny=warnings")
            || text.contains("-Dclippy")
            || text.contains("-D clippy")
    };
    let by_flag = denies(&words.join(" "));
    let by_env = ["RUSTFLAGS", "CLIPPY_FLAGS", "CARGO_BUILD_RUSTFLAGS"]
        .iter()
        .any(|name| setting.env.get(*name).is_some_and(|text| denies(text)));
    let manifest = reader.text("Cargo.toml").unwrap_or_default();
    let by_table = manifest.contains("lints.") && (manifest.contains("\"deny\"") || manifest.contains("\"forbid\""));
    let by_file = reader.text(".cargo/config.toml").is_some_and(denies);
    out.hollow.retain(|one| *one != Hollow::ExitZeroDefault);
    if !(by_flag || by_env || by_table || by_file) {
        out.hollow.push(Hollow::ExitZeroDefault);
    }
}

fn pip_audit(reader: &Reader<'_>, bare: &Bare, words: &[&str], setting: &Setting, out: &mut Judgement) {
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
    requirements(reader, bare, words, &["-r", "--requirement"], setting, out);
}

/// A check of dependencies: the files it is given, or what is installed before it.
fn requirements(
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
                    return;
                }
                nothing.push(Hollow::NoRequirements);
            }
            // A command before it wrote it.
            None if setting.made.iter().any(|made| script::join(folder, made) == path) => return,
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

/// A configuration of Gitleaks whose allowlist lets everything through.
fn gitleaks_config(reader: &Reader<'_>, named: Option<&str>, setting: &Setting, out: &mut Judgement) {
    let folder = setting.directory.as_deref().unwrap_or_default();
    let path = named.map_or_else(
        || script::join(folder, ".gitleaks.toml"),
        |path| script::join(folder, path),
    );
    let Some(text) = reader.text(&path) else {
        out.limits.push(Hollow::StockRules);
        return;
    };
    if !text.contains("[[rules]]") {
        out.limits.push(Hollow::StockRules);
    }
    let Ok(table) = text.parse::<toml::Table>() else { return };
    let lists = ["allowlist", "allowlists"].iter().filter_map(|key| table.get(*key));
    let tables = lists.flat_map(|one| match one {
        toml::Value::Array(all) => all.clone(),
        one => vec![one.clone()],
    });
    let all = tables.into_iter().any(|one| {
        ["paths", "regexes"].iter().any(|key| {
            let patterns = one.get(key).and_then(toml::Value::as_array);
            patterns.is_some_and(|patterns| {
                patterns
                    .iter()
                    .filter_map(toml::Value::as_str)
                    .any(|one| matches!(one, ".*" | "(.*)" | "^.*$" | ".*?" | ".+" | "(.*)?"))
            })
        })
    });
    if all {
        out.hollow.push(Hollow::CoversAll);
    }
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

/// Whether a file is one of those that a tool looks at.
pub(super) fn is_for(tool: &Tool, path: &str) -> bool {
    let endings = looks_at(tool.name);
    if !endings.is_empty() {
        return endings.iter().any(|ending| path.ends_with(ending));
    }
    true
}

/// The folders and files that a command names: are they there, and do they hold anything it looks at?
fn targets(reader: &Reader<'_>, tool: &Tool, rest: &[String], setting: &Setting, out: &mut Judgement) {
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
    if rest.iter().any(|word| word == "image" || word == "sbom") {
        return;
    }
    let mut named = Vec::new();
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
                named.push(word.replace('.', "/"));
            }
            continue;
        }
        if word.contains(['$', '`', '*', '?', '{'])
            || word.contains(DYNAMIC)
            || word.contains("://")
            || word.starts_with('/')
            || word.starts_with('~')
        {
            return;
        }
        // `dir:.` and `requirements.txt:path` name a kind before the path.
        let kinds = matches!(tool.name, "osv-scanner" | "grype" | "syft");
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
}

/// A scan of the history: how much of it is there.
fn history(words: &[&str], setting: &Setting, out: &mut Judgement) {
    let files_only =
        words.contains(&"--no-git") || matches!(words.first(), Some(&"dir" | &"filesystem" | &"directory" | &"file"));
    let staged = words.contains(&"protect")
        || words.contains(&"--staged")
        || words.contains(&"--pre-commit")
        || words.contains(&"pre-commit");
    if files_only
        || staged
        || setting.service == Service::Hook
        || has(words, "--since-commit")
        || words.iter().any(|word| word.starts_with("--log-opts"))
        || setting.commits.is_some_and(|commits| commits != 0)
    {
        out.limits.push(Hollow::ShallowHistory);
    }
}

/// What a step that uses an action of `tool` is worth.
pub(super) fn action(
    reader: &Reader<'_>,
    tool: &'static Tool,
    slug: &str,
    with: &[(String, String)],
    setting: &Setting,
) -> Judgement {
    let mut out = Judgement::default();
    let input = |name: &str| {
        let found = with.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.trim())
    };
    let is = |name: &str, word: &str| input(name).is_some_and(|value| value.eq_ignore_ascii_case(word));
    if setting.nothing_there
        && !matches!(
            tool.name,
            "dependency-review" | "cosign" | "harden-runner" | "codecov" | "slsa" | "sigstore"
        )
    {
        out.hollow.push(Hollow::TargetEmpty);
    }
    for name in ["output", "output-file", "sarif_file", "report"] {
        out.writes.extend(input(name).map(str::to_owned));
    }
    // Words that are passed on as they are.
    let words: Vec<&str> = ["args", "options", "extra_args", "extra-args", "arguments", "command"]
        .iter()
        .filter_map(|name| input(name))
        .flat_map(str::split_whitespace)
        .collect();
    if words.iter().any(|word| word.contains(DYNAMIC)) {
        out.unknown = Some("its arguments are set by a run");
    }
    if tool.evidence.ungate_flags.iter().any(|flag| has(&words, flag)) {
        out.hollow.push(Hollow::ExitZeroFlag);
    }
    match tool.name {
        "trivy" => {
            let code = input("exit-code").or(setting.env.get("TRIVY_EXIT_CODE").map(String::as_str));
            match code {
                Some("0") | None => out.hollow.push(if is("format", "sarif") {
                    Hollow::UploadOnly
                } else {
                    Hollow::ExitZeroDefault
                }),
                Some(code) if code.contains(DYNAMIC) => out.unknown = Some("its exit code is set by a run"),
                Some(_) => {}
            }
            above(input("severity").and_then(floor), &mut out);
            if let Some(target) = input("scan-ref").or(input("path")).filter(|one| !one.contains(DYNAMIC))
                && !reader.exists(&script::join("", target))
                && !setting.fetched
            {
                out.hollow.push(Hollow::TargetAbsent);
            }
        }
        "grype" => {
            if is("fail-build", "false") {
                out.hollow.push(Hollow::ExitZeroFlag);
            }
            above(input("severity-cutoff").and_then(floor).or(Some("medium")), &mut out);
        }
        "codeql" => {
            if is("upload", "never") || is("upload", "false") {
                out.hollow.push(Hollow::UploadOnly);
            }
            out.limits.push(Hollow::StockRules);
        }
        "pip-audit" => {
            if input("internal-be-careful-allow-failure").is_some_and(|value| value != "false") {
                out.hollow.push(Hollow::ExitZeroFlag);
            }
            match input("inputs").filter(|inputs| !inputs.is_empty()) {
                None if !setting.installed => out.hollow.push(Hollow::NoRequirements),
                None => {}
                Some(inputs) => {
                    let given: Vec<&str> = inputs.split_whitespace().collect();
                    if given
                        .iter()
                        .all(|one| !one.contains(DYNAMIC) && !reader.exists(&script::join("", one)))
                        && !setting.fetched
                    {
                        out.hollow.push(Hollow::TargetAbsent);
                    }
                }
            }
        }
        "dependency-review" => {
            if is("warn-only", "true") {
                out.hollow.push(Hollow::ExitZeroFlag);
            }
            above(input("fail-on-severity").and_then(floor), &mut out);
        }
        "snyk" => {
            if is("command", "monitor") {
                out.hollow.push(Hollow::UploadOnly);
            }
            above(value(&words, &["--severity-threshold"]).and_then(floor), &mut out);
        }
        "semgrep" => {
            let config = input("config").unwrap_or_default();
            if !config.split_whitespace().any(|one| is_own(reader, setting, one)) {
                out.limits.push(Hollow::StockRules);
            }
        }
        "scorecard" => out.hollow.push(Hollow::UploadOnly),
        "zizmor" => {
            // Its results go to the forge unless that is switched off.
            if !is("advanced-security", "false") {
                out.hollow.push(Hollow::UploadOnly);
            }
        }
        "sonarqube" => {
            let waits =
                slug.contains("quality-gate") || words.iter().any(|word| word.contains("qualitygate.wait=true"));
            if !waits {
                out.hollow.push(Hollow::UploadOnly);
            }
        }
        "hadolint" => {
            if is("no-fail", "true") {
                out.hollow.push(Hollow::ExitZeroFlag);
            }
        }
        "checkov" | "tfsec" => {
            if is("soft_fail", "true") || is("soft-fail", "true") {
                out.hollow.push(Hollow::ExitZeroFlag);
            }
        }
        "osv-scanner" => {
            if is("fail-on-vuln", "false") {
                out.hollow.push(Hollow::ExitZeroFlag);
            }
        }
        "codecov" => {
            if !is("fail_ci_if_error", "true") {
                out.hollow.push(Hollow::UploadOnly);
            }
        }
        "black" => {
            let given =
                input("options").is_some_and(|options| !options.contains("--check") && !options.contains("--diff"));
            if given {
                out.hollow.push(Hollow::Rewrites);
            }
        }
        "ruff" => {
            if words.first() == Some(&"format") && !words.contains(&"--check") && !words.contains(&"--diff") {
                out.hollow.push(Hollow::Rewrites);
            }
        }
        "clippy" => clippy(reader, &words, setting, &mut out),
        "trufflehog" => {
            if input("base").is_some_and(|base| !base.is_empty()) {
                out.limits.push(Hollow::ShallowHistory);
            }
        }
        "gitleaks" => {
            if words.contains(&"--exit-code=0") || setting.env.get("GITLEAKS_EXIT_CODE").is_some_and(|code| code == "0")
            {
                out.hollow.push(Hollow::ExitZeroFlag);
            }
            gitleaks_config(
                reader,
                setting.env.get("GITLEAKS_CONFIG").map(String::as_str),
                setting,
                &mut out,
            );
        }
        "fossa" | "socket" => {}
        _ => match tool.evidence.gates {
            Gates::Flag => {
                let given = |flag: &&str| {
                    has(&words, flag)
                        || with.iter().any(|(key, value)| {
                            key.eq_ignore_ascii_case(flag.trim_start_matches('-')) && value != "false"
                        })
                };
                if !tool.evidence.gate_flags.iter().any(given) && !produces(tool) {
                    out.hollow.push(Hollow::ExitZeroDefault);
                }
            }
            Gates::Never if !produces(tool) => out.hollow.push(Hollow::ExitZeroDefault),
            _ => {}
        },
    }
    if tool.evidence.needs.contains(&Needs::History) && setting.commits.is_some_and(|commits| commits != 0) {
        out.limits.push(Hollow::ShallowHistory);
    }
    let only_pull_requests = tool.name == "dependency-review"
        && !setting
            .occasions
            .iter()
            .any(|one| matches!(one, Occasion::PullRequest | Occasion::MergeGroup | Occasion::Other));
    if only_pull_requests && !setting.occasions.is_empty() {
        out.hollow.push(Hollow::ConditionFalse);
    }
    out
}
