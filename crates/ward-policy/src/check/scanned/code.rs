//! Promises about what programs do not do: no injection, no unsafe YAML, no answer of a model that is run, certificates
//! that are always checked.

use ward_evidence::RuleMeta;

use super::{Facts, Fault, Outcome, by_scan, is_serious, look, not_seen, tools};
use crate::{check::rules, pipeline::is_code, promise::Promise, verdict::Verdict};

const INJECTION: &[&str] = &[
    "code/sql-string",
    "code/django-raw-sql",
    "code/shell",
    "code/shell-as-program",
    "code/wildcard-command",
    "code/eval",
    "code/archive-extraction",
    "code/pickle-load",
    "code/unsafe-yaml",
    "code/unescaped-markup",
    "code/template-autoescape",
    "code/format-html",
    "code/marshal-load",
    "code/unsafe-xml",
    "code/whole-scope-in-template",
    "code/ssh-command",
    "code/cross-site-scripting",
    "code/path-traversal",
    "code/template-not-escaped",
    "code/unsafe-deserialisation-of-input",
    "code/js-command",
    "code/js-eval",
    "code/js-html",
    "code/js-sql",
];

/// What lets YAML make any object.
const YAML: &[&str] = &["code/unsafe-yaml"];

/// What runs an answer of a model.
const ANSWER_RUN: &[&str] = &["ml/model-output-executed", "ml/agent-runs-code"];

/// What runs a text, whosever it is.
const TEXT_RUN: &[&str] = &["code/eval", "code/js-eval", "ml/frame-eval"];

/// What switches the check of certificates off.
const UNCHECKED: &[&str] = &["code/tls-not-verified", "code/js-tls-off", "code/shell-tls-off"];

/// No injection; secure coding.
pub(in crate::check) fn injection(facts: &Facts<'_>, promise: &Promise) -> Outcome {
    if !promise.frame.tools.is_empty() {
        return tools::judge(facts, promise);
    }
    let lower = promise.text.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    if says(&["yaml"]) {
        let wanted = |fault: &Fault| YAML.contains(&fault.rule.as_str());
        let what = "loading of YAML that makes any object";
        let anywhere = !says(&["safe_load", "safeloader"]);
        return by_code(facts, &wanted, what, &rules::CODE_FAULTS, anywhere);
    }
    let of_model = ["model", "llm", "completion", "generated", "agent"];
    if says(&of_model) && says(&["execut", "eval", "exec(", "exec`", "run as", "interpret"]) {
        return answer_run(facts);
    }
    let named = [
        "inject",
        "sql",
        "path travers",
        "deserial",
        "eval",
        "xss",
        "shell",
        "template",
    ];
    if !says(&named) {
        return Outcome::new(
            &rules::VAGUE,
            Verdict::Vague,
            "It names no fault that is kept out, so that nothing can be held against it.",
        );
    }
    let wanted = |fault: &Fault| {
        is_serious(fault) && (INJECTION.contains(&fault.rule.as_str()) || fault.rule.contains("injection"))
    };
    let what = "code that lets text become a program or a query";
    by_code(facts, &wanted, what, &rules::CODE_FAULTS, true)
}

/// No answer of a model is run. What runs some text may be given one, which nobody followed.
fn answer_run(facts: &Facts<'_>) -> Outcome {
    let wanted = |fault: &Fault| ANSWER_RUN.contains(&fault.rule.as_str());
    let what = "running of what a model answers";
    let outcome = by_code(facts, &wanted, what, &rules::CODE_FAULTS, true);
    let runs_text = |fault: &Fault| TEXT_RUN.contains(&fault.rule.as_str());
    let text = look(facts, "code", &runs_text).ok();
    match text.and_then(|seen| seen.found.into_iter().next()) {
        Some(first) if matches!(outcome.verdict, Verdict::Kept { .. }) => {
            let at = first.line.map_or_else(String::new, |line| format!(":{line}"));
            let why = format!(
                "{}{at} runs a text, and whether that is an answer was not seen",
                first.path
            );
            not_seen(&rules::CODE_FAULTS, what, why)
        }
        _ => outcome,
    }
}

/// The check of certificates is never switched off.
pub(in crate::check) fn certificates(facts: &Facts<'_>, promise: &Promise) -> Outcome {
    if !promise.frame.tools.is_empty() {
        return tools::judge(facts, promise);
    }
    let wanted = |fault: &Fault| UNCHECKED.contains(&fault.rule.as_str());
    let what = "switching off of certificate checks";
    by_code(facts, &wanted, what, &rules::CODE_FAULTS, true)
}

/// As [`by_scan`] of the engine `code`, and not examined where that saw too little of the programs that are here. `anywhere`:
/// the fault is one of every language.
pub(super) fn by_code(
    facts: &Facts<'_>,
    wanted: &dyn Fn(&Fault) -> bool,
    what: &str,
    rule: &'static RuleMeta,
    anywhere: bool,
) -> Outcome {
    let outcome = by_scan(facts, "code", wanted, what, rule);
    match unread(facts, anywhere) {
        Some(why) if matches!(outcome.verdict, Verdict::Kept { .. }) => not_seen(rule, what, why),
        _ => outcome,
    }
}

/// Endings of programs that the engine `code` reads.
///
/// Source: `docs/guide/code.md`.
const READ: &[&str] = &["py", "ipynb", "js", "jsx", "ts", "tsx", "mjs", "sh"];

/// Why the engine `code` saw too little to say that a fault is not there: programs in languages that it does not read, where
/// the fault is one of `anywhere`, and no program at all.
fn unread(facts: &Facts<'_>, anywhere: bool) -> Option<String> {
    let programs = || facts.repository.files.keys().filter(|path| is_code(path));
    let is_read = |path: &&String| path.rsplit('.').next().is_some_and(|ending| READ.contains(&ending));
    if !programs().any(|path| is_read(&path)) {
        let first = programs().next();
        return Some(first.map_or_else(
            || "there is no program here that could be looked at".to_owned(),
            |path| format!("the engine `code` does not read the language of {path}"),
        ));
    }
    let mut others = programs().filter(|path| !is_read(path));
    let first = others.next().filter(|_| anywhere)?;
    let more = match others.count() {
        0 => String::new(),
        count => format!(" and {count} more"),
    };
    Some(format!("the engine `code` does not read the language of {first}{more}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_that_is_named_is_one_of_the_scan() {
        for id in [INJECTION, YAML, ANSWER_RUN, TEXT_RUN, UNCHECKED].into_iter().flatten() {
            assert!(ward_scan::engine::rule(id).is_some(), "{id} is no rule");
        }
    }
}
