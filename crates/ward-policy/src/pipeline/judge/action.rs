//! What a step that uses an action is worth.

use super::{Judgement, above, excluded, floor, has, is_bill, languages, named, produces, serves, value};
use crate::{
    lexicon::{Gates, Needs, Tool},
    pipeline::{
        Hollow, Occasion,
        expression::DYNAMIC,
        script,
        setting::{Reader, Setting},
    },
};

/// Whether an action is called one that only puts a tool there: `x-installer`, `setup-x`, `x/setup`, `x/download-y`.
fn only_installs(slug: &str) -> bool {
    let slug = slug.split('@').next().unwrap_or(slug).to_ascii_lowercase();
    let last = slug.rsplit('/').next().unwrap_or_default();
    let begins = ["setup-", "install-", "download-"]
        .iter()
        .any(|begin| last.starts_with(begin));
    let ends = ["-setup", "-install", "-installer"]
        .iter()
        .any(|end| last.ends_with(end));
    begins || ends || matches!(last, "setup" | "install")
}

/// What a step that uses an action of `tool` is worth.
pub(in crate::pipeline) fn judge(
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
    if only_installs(slug) {
        out.unknown = Some("its action only installs it, and nothing that was read runs it");
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
    let target = ["path", "paths", "src", "scan-ref", "targets", "target", "directory"]
        .iter()
        .find_map(|name| input(name))
        .filter(|target| !target.contains(DYNAMIC) && !target.is_empty());
    out.targets = target.map(|target| {
        let paths = target.split([' ', ',', '\n']).filter(|path| !path.is_empty());
        paths.map(|path| script::join("", path)).collect()
    });
    match tool.name {
        "bandit" => {
            let left = ["exclude", "exclude_paths", "excluded_paths"]
                .iter()
                .find_map(|name| input(name));
            if let Some(left) = left.filter(|left| !left.contains(DYNAMIC)) {
                excluded::judge(reader, tool, &["-x", left], setting, &mut out);
            }
        }
        "trivy" => {
            let scanners = input("scanners").unwrap_or("vuln,secret");
            let kind = input("scan-type").unwrap_or("image");
            let format = input("format").unwrap_or_default();
            let is_bill = input("scanners").is_none() && is_bill(&["--format", format]);
            out.serves = if is_bill {
                serves(tool, &["--format", format])
            } else {
                serves(tool, &[kind, "--scanners", scanners])
            };
            let code = input("exit-code").or(setting.env.get("TRIVY_EXIT_CODE").map(String::as_str));
            match code {
                _ if is_bill => {}
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
            out.hollow.extend(languages::judge(reader, &setting.languages));
            if !setting.languages.iter().any(|one| one.contains(DYNAMIC)) {
                out.languages = setting.languages.to_vec();
            }
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
            if !config.split_whitespace().any(|one| named::is_own(reader, setting, one)) {
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
        "clippy" => named::clippy(reader, &words, setting, &mut out),
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
            named::gitleaks_config(
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
