//! Checks that cannot fail.

use ward_formats::yaml::Value;

use super::rules::CHECK_CANNOT_FAIL;
use crate::code::infra::{file::File, pipeline, shell::Word};

/// Programs that look for faults in security.
const TOOLS: &[&str] = &[
    "bandit",
    "pip-audit",
    "safety",
    "semgrep",
    "opengrep",
    "gitleaks",
    "betterleaks",
    "trufflehog",
    "detect-secrets",
    "trivy",
    "grype",
    "osv-scanner",
    "snyk",
    "checkov",
    "tfsec",
    "kics",
    "hadolint",
    "zizmor",
    "cargo-audit",
    "cargo-deny",
    "govulncheck",
    "gosec",
    "brakeman",
    "bundler-audit",
    "modelscan",
    "picklescan",
    "fickling",
    "modelaudit",
    "garak",
    "ward",
    "syft",
    "cosign",
    "kubesec",
    "kube-score",
    "talisman",
    "dependency-check",
    "nancy",
    "njsscan",
    "kingfisher",
    "credsweeper",
];

/// Actions that do, by the start of their name.
const ACTIONS: &[&str] = &[
    "aquasecurity/trivy-action",
    "github/codeql-action/analyze",
    "gitleaks/gitleaks-action",
    "trufflesecurity/trufflehog",
    "pypa/gh-action-pip-audit",
    "pyupio/safety",
    "returntocorp/semgrep-action",
    "semgrep/semgrep-action",
    "snyk/actions",
    "anchore/scan-action",
    "google/osv-scanner-action",
    "bridgecrewio/checkov-action",
    "actions/dependency-review-action",
    "rustsec/audit-check",
    "embarkstudios/cargo-deny-action",
    "hadolint/hadolint-action",
    "woodruffw/zizmor-action",
    "zizmorcore/zizmor-action",
    "step-security/harden-runner",
    "shundor/python-bandit-scan",
];

/// Whether a command is a check of security.
pub(super) fn is_check(program: &str, words: &[Word]) -> bool {
    let second = words.first().map_or("", |word| &word.text);
    let third = words.get(1).map_or("", |word| &word.text);
    match program {
        "npm" | "pnpm" | "yarn" => second == "audit",
        "cargo" => matches!(second, "audit" | "deny"),
        "ruff" => {
            words
                .iter()
                .any(|word| word.text.starts_with("S") || word.text.contains("=S"))
                && second == "check"
        }
        "python" | "python3" => second == "-m" && TOOLS.contains(&third.replace('_', "-").as_str()),
        "uvx" | "npx" | "pipx" => TOOLS.contains(&second) || TOOLS.contains(&third),
        "uv" | "poetry" | "pdm" | "hatch" | "rye" => second == "run" && TOOLS.contains(&third),
        // What only makes or shows something does not fail.
        "ward" => matches!(second, "scan" | "policy" | "ledger"),
        "syft" => false,
        "cosign" => second.starts_with("verify"),
        _ => {
            TOOLS.contains(&program)
                && !words
                    .iter()
                    .any(|word| matches!(word.text.as_str(), "--version" | "--help"))
        }
    }
}

/// Says of a step that is a check whether its failure is thrown away.
pub(super) fn look(file: &mut File<'_>, job: Value<'_>, step: Value<'_>) {
    let uses = step.text_of("uses").unwrap_or_default().to_ascii_lowercase();
    let action = ACTIONS.iter().find(|action| uses.starts_with(**action));
    let run = step.get("run").and_then(Value::text).unwrap_or_default();
    let tool = script_check(run);
    let Some(what) = action.copied().map(str::to_owned).or(tool) else {
        return;
    };
    for (of, place) in [(step, "step"), (job, "job")] {
        if let Some((key, value)) = of.entry("continue-on-error")
            && pipeline::is_true(value)
        {
            let note = format!("{what} is run, and `continue-on-error` at the {place} throws away what it says");
            file.report(&CHECK_CANNOT_FAIL, (key.line(), key.column()), note, &what);
            return;
        }
    }
    if let Some(reason) = pipeline::forgiven(run, Some(&is_check))
        && let Some(value) = step.get("run")
    {
        let at = run
            .find(what.as_str())
            .map_or((value.line(), value.column()), |offset| value.place_in(offset));
        file.report(
            &CHECK_CANNOT_FAIL,
            at,
            format!("{what} is run, and {reason} throws away what it says"),
            &what,
        );
    }
    if uses.starts_with("aquasecurity/trivy-action") {
        let code = step.at(&["with", "exit-code"]).and_then(Value::text);
        let reports = step
            .at(&["with", "format"])
            .and_then(Value::text)
            .is_some_and(|format| format != "table");
        if matches!(code, None | Some("0")) && !reports {
            let at = step
                .get("uses")
                .map_or((step.line(), step.column()), |uses| (uses.line(), uses.column()));
            let note = "the scan ends without a fault whatever it finds: `exit-code` is 0 unless it is set";
            file.report(&CHECK_CANNOT_FAIL, at, note, "trivy-action");
        }
    }
}

/// The first check that a script runs.
pub(super) fn script_check(script: &str) -> Option<String> {
    let commands = super::super::shell::commands(&super::blanked(script));
    commands.iter().find_map(|command| {
        let (program, words) = command.program()?;
        is_check(program, words).then(|| program.to_owned())
    })
}
