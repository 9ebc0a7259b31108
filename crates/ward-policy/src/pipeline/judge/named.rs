//! What holds for one tool, by its name.

use super::{Judgement, above, excluded, floor, has, parts, requirements, value, values};
use crate::{
    lexicon::Tool,
    pipeline::{
        Hollow, Service,
        bare::Bare,
        expression::DYNAMIC,
        script,
        setting::{Reader, Setting},
    },
};

/// `[scan]` of the `ward.toml` at the root of what `ward scan` looks at: a threshold and engines that its words do not name.
fn settings_of_ward(reader: &Reader<'_>, words: &[&str], setting: &Setting) -> Option<toml::Value> {
    if words.first() != Some(&"scan") {
        return None;
    }
    let folder = setting.directory.as_deref()?;
    let last = words.last().filter(|word| !word.starts_with('-') && words.len() > 1);
    let of = |folder: &str| excluded::table(reader, &script::join(folder, "ward.toml"), &["scan"]);
    last.and_then(|last| of(&script::join(folder, last)))
        .or_else(|| of(folder))
}

/// The engines that `ward scan` runs where nothing names any; `ward hook run` leaves out the last two.
const ENGINES_OF_WARD: &[&str] = &["secrets", "models", "repository", "code", "dependencies", "licences"];

/// Whether a line of `.wardignore` keeps back everything that an engine finds in the programs of the repository.
fn is_silenced(reader: &Reader<'_>, engine: &str, setting: &Setting) -> bool {
    let Some(folder) = setting.directory.as_deref() else {
        return false;
    };
    let path = script::join(folder, ".wardignore");
    let lines = reader.text(&path).unwrap_or_default().lines().take(1_000);
    lines.map(str::trim).filter(|line| !line.starts_with('#')).any(|line| {
        let mut words = line.split_whitespace();
        let (Some(pattern), Some(rule), Some(_)) = (words.next(), words.next(), words.next()) else {
            return false;
        };
        let family = rule.strip_suffix("/*").unwrap_or(rule);
        let mut programs = reader.below(folder).filter(|file| super::is_code(file)).peekable();
        (family == "*" || family == engine)
            && (programs.peek().is_some()
                && programs.all(|file| excluded::ignored(pattern, script::below(folder, file)))
                || matches!(pattern, "*" | "**" | "**/*"))
    })
}

/// What holds for one tool.
pub(super) fn judge(
    reader: &Reader<'_>,
    tool: &Tool,
    bare: &Bare,
    words: &[&str],
    setting: &Setting,
    out: &mut Judgement,
) {
    match tool.name {
        "bandit" => {
            // `-ll`, `-l -l` and `-rll` are one: the switch is counted.
            let level = words
                .iter()
                .filter(|word| word.starts_with("-l") || word.starts_with("-r") || word.starts_with("-i"));
            let count: usize = level.map(|word| word.matches('l').count()).sum();
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
            // INFO, WARNING, ERROR: the lowest that is named counts.
            let severities = || values(words, "--severity");
            let floor = match () {
                () if severities().any(|one| one.eq_ignore_ascii_case("info")) => None,
                () if severities().any(|one| one.eq_ignore_ascii_case("warning")) => Some("medium"),
                () => severities().next().map(|_| "high"),
            };
            above(floor, out);
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
        "pip-audit" => requirements::pip_audit(reader, bare, words, setting, out),
        "safety" if (words.first() == Some(&"check") || words.first().is_none_or(|word| word.starts_with('-'))) => {
            requirements::judge(reader, bare, words, &["-r", "--file"], setting, out);
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
                // It makes something, and is to find nothing.
                None if super::is_bill(words) => {}
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
        "ward" => {
            let own = settings_of_ward(reader, words, setting);
            let of = |key: &str| own.as_ref().and_then(|own| own.get(key));
            let threshold = value(words, &["--threshold"]).or_else(|| of("threshold")?.as_str());
            above(threshold.and_then(floor), out);
            out.baseline = of("baseline").is_some() || has(words, "--baseline");
            let given = value(words, &["--engines"]).map(|list| list.split(',').collect());
            let set = || {
                Some(
                    of("engines")?
                        .as_array()?
                        .iter()
                        .filter_map(toml::Value::as_str)
                        .collect(),
                )
            };
            let mut engines: Vec<&str> = given.or_else(set).unwrap_or_else(|| {
                let all = ENGINES_OF_WARD.iter().copied();
                all.take(if words.first() == Some(&"hook") { 4 } else { 6 }).collect()
            });
            let before = engines.len();
            engines.retain(|engine| !is_silenced(reader, engine, setting));
            if engines.is_empty() && before > 0 {
                out.hollow.push(Hollow::CoversAll);
            }
            out.serves = parts(tool, &engines);
            if has(words, "--write-baseline") {
                out.hollow.push(Hollow::ExitZeroFlag);
            }
            if words.contains(&"--watch") {
                out.unknown = Some("it watches, and does not end by itself");
            }
            match value(words, &["--since"]) {
                Some("HEAD" | "@") => out.hollow.push(Hollow::TargetEmpty),
                Some(_) => out.unknown = Some("it looks at what changed since a commit, which may be nothing"),
                None => {}
            }
            let range = value(words, &["--commits"]).and_then(|range| range.split_once(".."));
            if range.is_some_and(|(from, to)| from == to.trim_start_matches('.')) {
                out.hollow.push(Hollow::TargetEmpty);
            }
            if has(words, "--schema") {
                out.hollow.push(Hollow::OnlyVersion);
            }
            if words.contains(&"-") {
                out.unknown = Some("it looks at what it is given, and not at the repository");
            }
            if !words.contains(&"--history") || setting.commits.is_some_and(|commits| commits != 0) {
                out.limits.push(Hollow::ShallowHistory);
            }
            let staged = words.contains(&"--staged") || words.first() == Some(&"hook");
            if staged && setting.service != Service::Hook {
                out.hollow.push(Hollow::NothingStaged);
            }
        }
        "gosec" => above(value(words, &["-severity", "--severity"]).and_then(floor), out),
        "grype" => above(value(words, &["--fail-on", "-f"]).and_then(floor), out),
        "snyk" => {
            if matches!(words.first(), Some(&("auth" | "config"))) {
                out.hollow.push(Hollow::OnlyInstalled);
            }
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
        // An environment into which nothing of the project was installed holds the tool itself.
        "cyclonedx" if matches!(words.first(), Some(&"environment" | &"env" | &"venv")) => {
            let names_one = words
                .windows(2)
                .any(|pair| matches!(pair, [before, word] if !before.starts_with('-') && !word.starts_with('-')));
            if !names_one {
                requirements::judge(reader, bare, words, &[], setting, out);
            }
        }
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
        "pytest"
            if words
                .iter()
                .any(|word| matches!(*word, "--collect-only" | "--co" | "--no-run" | "--list-tests"))
                || words.first() == Some(&"llvm-cov")
                    && words
                        .get(1)
                        .is_some_and(|word| matches!(*word, "report" | "clean" | "show-env")) =>
        {
            out.hollow.push(Hollow::OnlyVersion);
        }
        _ => {}
    }
}

/// Whether a configuration of rules is a file or folder of the repository.
pub(super) fn is_own(reader: &Reader<'_>, setting: &Setting, config: &str) -> bool {
    let path = script::join(setting.directory.as_deref().unwrap_or_default(), config);
    !config.contains("://")
        && !config.starts_with("p/")
        && !config.starts_with("r/")
        && reader.exists(&path)
        && !path.is_empty()
}

/// Clippy warns and ends without a fault, unless warnings are denied: here, in the environment, or in Cargo.toml.
pub(super) fn clippy(reader: &Reader<'_>, words: &[&str], setting: &Setting, out: &mut Judgement) {
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

/// A configuration of Gitleaks whose allowlist lets everything through.
pub(super) fn gitleaks_config(reader: &Reader<'_>, named: Option<&str>, setting: &Setting, out: &mut Judgement) {
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
