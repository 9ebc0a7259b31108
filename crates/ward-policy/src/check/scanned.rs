//! Promises about what is in the code, held against what `ward scan` found.

use super::{Facts, Outcome, broken, kept, proof, rules, tools, weak};
use crate::{
    pipeline::glob,
    promise::Promise,
    repository::{Fault, Scan},
    verdict::{Proof, Verdict},
};

mod code;
mod models;

pub(super) use code::{certificates, injection};
pub(super) use models::{checksums, loading};

/// Most findings that are named as proofs.
const SHOWN: usize = 12;

/// What a scan says of one thing.
struct Seen {
    /// Findings.
    found: Vec<Proof>,
    /// Findings that somebody keeps back.
    kept_back: Vec<Proof>,
    /// Why it did not see everything.
    unseen: Option<String>,
    /// How much it did not see that somebody accepts.
    accepted: u64,
}

/// What the scan says: findings that `wanted` takes, or why there was no look.
fn look(facts: &Facts<'_>, engine: &str, wanted: &dyn Fn(&Fault) -> bool) -> Result<Seen, String> {
    let Some(scan) = &facts.repository.scan else {
        return Err("no scan ran".to_owned());
    };
    if !scan.engines.iter().any(|one| one == engine) {
        return Err(format!("the engine `{engine}` did not run"));
    }
    let note = |fault: &Fault, by: Option<&str>| {
        let when = fault
            .commit
            .as_ref()
            .map_or_else(String::new, |commit| format!(", in the history since commit {commit}"));
        let by = by.map_or_else(String::new, |by| format!(", kept back by {by}"));
        proof(
            &fault.path,
            fault.line,
            format!("{} ({}){when}{by}", fault.rule, fault.severity),
        )
    };
    let found = scan.findings.iter().filter(|fault| wanted(fault));
    let kept_back = scan.kept_back.iter().filter(|(fault, _)| wanted(fault));
    Ok(Seen {
        found: found.take(SHOWN).map(|fault| note(fault, None)).collect(),
        kept_back: kept_back.map(|(fault, by)| note(fault, Some(by))).collect(),
        unseen: unseen(scan),
        accepted: scan.accepted,
    })
}

/// Why a scan did not see everything, if it did not.
fn unseen(scan: &Scan) -> Option<String> {
    let counted = |count: usize, what: &str| match count {
        1 => format!("1 {what} was"),
        count => format!("{count} {what}s were"),
    };
    if let Some((path, why)) = scan.not_examined.first() {
        let count = counted(scan.not_examined.len(), "place");
        return Some(format!("{count} not examined, and may hold anything: {path} ({why})"));
    }
    let count = usize::try_from(scan.kept_back_unnamed).unwrap_or(usize::MAX);
    (count > 0).then(|| format!("{} kept back, and which ones is not said", counted(count, "finding")))
}

/// Broken by findings, weak by findings that are kept back; kept, with its limit, by a scan that found none and saw all.
fn by_scan(
    facts: &Facts<'_>,
    engine: &str,
    wanted: &dyn Fn(&Fault) -> bool,
    what: &str,
    rule: &'static ward_evidence::RuleMeta,
) -> Outcome {
    let seen = match look(facts, engine, wanted) {
        Ok(seen) => seen,
        Err(why) => return not_seen(rule, what, why),
    };
    if !seen.found.is_empty() {
        let count = seen.found.len();
        return Outcome::new(
            rule,
            broken(seen.found),
            format!("The scan found {what} ({count} shown)."),
        );
    }
    if let Some(outcome) = held_back(seen.kept_back, what) {
        return outcome;
    }
    if let Some(why) = seen.unseen {
        return not_seen(rule, what, why);
    }
    let mut shown = vec![proof(
        "scan",
        None,
        format!("`ward scan --engines {engine}` found no {what}"),
    )];
    let mut limit = "a scan that finds nothing shows that, and no more";
    if seen.accepted > 0 {
        let note = format!("accepts {} places that were not examined", seen.accepted);
        shown.push(proof(".wardignore", None, note));
        limit = "what `.wardignore` accepts was not examined; elsewhere nothing was found, and no more is shown";
    }
    Outcome::new(
        &rules::PROMISE,
        kept(shown, Some(limit)),
        format!("The scan found no {what}."),
    )
}

fn not_seen(rule: &'static ward_evidence::RuleMeta, what: &str, why: String) -> Outcome {
    let says = format!("Whether there is {what} was not examined: {why}.");
    Outcome::new(rule, Verdict::NotExamined(why), says)
}

/// Weak by what was found and is kept back: somebody decided that it is none, and Ward cannot tell.
fn held_back(mut found: Vec<Proof>, what: &str) -> Option<Outcome> {
    if found.is_empty() {
        return None;
    }
    let count = found.len();
    found.truncate(SHOWN);
    let says = format!("The scan found {what} only where it is told to be silent ({count} kept back).");
    Some(Outcome::new(&rules::KEPT_BACK, weak(found), says))
}

fn is_serious(fault: &Fault) -> bool {
    matches!(fault.severity.as_str(), "medium" | "high" | "critical")
}

/// No secrets in code.
pub(super) fn secrets(facts: &Facts<'_>, promise: &Promise) -> Outcome {
    let lower = promise.text.to_ascii_lowercase();
    let scanning = ["scan", "detect", "check", "hook", "pipeline", " ci"]
        .iter()
        .any(|word| lower.contains(word));
    if !promise.frame.tools.is_empty() || scanning && !promise.frame.negated {
        return tools::judge(facts, promise);
    }
    if look(facts, "secrets", &|_: &Fault| false).is_err() {
        // No scan ran: a scan that runs in the project's own pipelines or hooks is the next best.
        let outcome = tools::judge(facts, promise);
        if matches!(outcome.verdict, Verdict::Kept { .. }) {
            return outcome;
        }
    }
    let is_secret = |fault: &Fault| fault.rule.starts_with("secrets/");
    let in_files = |fault: &Fault| is_secret(fault) && fault.commit.is_none();
    let ever = ["ever ", "never", "history", "in commits", "in git"]
        .iter()
        .any(|word| lower.contains(word));
    let history = facts.repository.scan.as_ref().is_some_and(|scan| scan.history);
    let outcome = by_scan(facts, "secrets", &in_files, "secrets in files", &rules::SECRETS);
    if !matches!(outcome.verdict, Verdict::Kept { .. }) {
        return outcome;
    }
    // Files hold none: what was committed and taken out again is in every clone.
    match look(facts, "secrets", &is_secret) {
        Ok(seen) if !seen.found.is_empty() => Outcome::new(
            &rules::SECRETS,
            broken(seen.found),
            "The scan found secrets in the history, and none in the files of today.",
        ),
        Ok(Seen { kept_back, .. }) if !kept_back.is_empty() => {
            held_back(kept_back, "secrets in the history").unwrap_or(outcome)
        }
        _ if ever && !history => {
            let why =
                "whether one was ever committed is shown by the history, which was not scanned (`--history` does)";
            let says = format!("The scan found no secrets in files; {why}.");
            Outcome::new(&rules::SECRETS, Verdict::NotExamined(why.to_owned()), says)
        }
        _ => outcome,
    }
}

/// Credentials in ignored files of the environment.
pub(super) fn environment_files(facts: &Facts<'_>, promise: &Promise) -> Outcome {
    let is_example = |name: &str| {
        ["example", "sample", "template", "dist", "defaults", "test"]
            .iter()
            .any(|word| name.contains(word))
    };
    let is_env =
        |name: &str| (name == ".env" || name.starts_with(".env.") || name.ends_with(".env")) && !is_example(name);
    let tracked: Vec<Proof> = facts
        .named(&is_env)
        .take(SHOWN)
        .map(|path| proof(path, None, "a file of the environment is tracked"))
        .collect();
    if !tracked.is_empty() {
        return Outcome::new(
            &rules::ENV_TRACKED,
            broken(tracked),
            "Files of the environment are tracked.",
        );
    }
    for (engine, start, rule, says) in [
        (
            "repository",
            "repository/credential-file-tracked",
            &rules::ENV_TRACKED,
            "Files of credentials are tracked.",
        ),
        (
            "secrets",
            "secrets/",
            &rules::SECRETS,
            "The scan found secrets in files.",
        ),
    ] {
        let Ok(seen) = look(facts, engine, &|fault: &Fault| fault.rule.starts_with(start)) else {
            continue;
        };
        if !seen.found.is_empty() {
            return Outcome::new(rule, broken(seen.found), says);
        }
        if let Some(outcome) = held_back(seen.kept_back, "credentials") {
            return outcome;
        }
    }
    if let Some(file) = other_file(&promise.text) {
        let why =
            format!("whether {file} is ignored was not looked at: of ignored files, those of the environment are");
        let says = format!("Whether {file} is ignored was not examined.");
        return Outcome::new(&rules::PROMISE, Verdict::NotExamined(why), says);
    }
    let decided: Vec<(bool, Proof)> = facts
        .named(&|name| name == ".gitignore")
        .filter_map(|path| ignoring(facts, path))
        .collect();
    if let Some((_, taken_back)) = decided.iter().find(|(ignored, _)| !ignored) {
        let says = "A line takes back that `.env` is ignored: it can be committed by mistake.";
        return Outcome::new(&rules::ENV_NOT_IGNORED, broken(vec![taken_back.clone()]), says);
    }
    let ignores = decided.into_iter().map(|(_, shown)| shown).next();
    let elsewhere = kept_elsewhere(&promise.text);
    match ignores {
        Some(shown) if !elsewhere => {
            let limit = if facts.repository.scan.as_ref().is_some_and(|scan| scan.history) {
                "what machines outside of the repository hold is not shown"
            } else {
                "that none was ever committed is not shown: the history was not examined"
            };
            Outcome::new(
                &rules::PROMISE,
                kept(vec![shown], Some(limit)),
                "`.env` is ignored, and no file of the environment is tracked.",
            )
        }
        _ if elsewhere || !says_ignored(&promise.text) => {
            let verdict = Verdict::Unverifiable {
                why: "where credentials are kept is not shown by files that hold none",
                would: "the configuration of the machines that run it",
            };
            Outcome::new(
                &rules::SERVICE,
                verdict,
                "Where credentials are kept is not shown by files.",
            )
        }
        _ => {
            let shown = proof(".gitignore", None, "no line ignores `.env`");
            Outcome::new(
                &rules::ENV_NOT_IGNORED,
                broken(vec![shown]),
                "Nothing ignores `.env`: it can be committed by mistake.",
            )
        }
    }
}

/// What a `.gitignore` decides about a file `.env` beside it, by the last line that matches: it is ignored, or not. None where
/// no line matches. A line that ends with `/` is about folders.
///
/// Source: gitignore(5), "Pattern format".
fn ignoring(facts: &Facts<'_>, path: &str) -> Option<(bool, Proof)> {
    let lines = facts.text(path)?.lines().enumerate().take(5_000);
    let matching = lines.filter_map(|(at, line)| {
        let line = line.trim_end();
        let (pattern, back) = line.strip_prefix('!').map_or((line, false), |rest| (rest, true));
        let pattern = pattern.trim_start_matches("**/").trim_start_matches('/');
        let is_env = !pattern.starts_with('#') && !pattern.ends_with('/') && glob::matches(pattern, ".env");
        is_env.then_some((at, back))
    });
    let (at, back) = matching.last()?;
    let says = if back {
        "`.env` is not ignored: this line takes it back"
    } else {
        "`.env` is ignored"
    };
    Some((!back, proof(path, u32::try_from(at + 1).ok(), says)))
}

/// Whether a sentence speaks of files that are ignored, and not only of an environment.
fn says_ignored(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    [".env", "ignore", "commit", "checked in", "version control"]
        .iter()
        .any(|word| lower.contains(word))
}

/// The file that a sentence about ignored files names, where it names none of the environment.
fn other_file(text: &str) -> Option<&str> {
    let lower = text.to_ascii_lowercase();
    if !lower.contains("ignore") || lower.contains("env") {
        return None;
    }
    let is_file = |word: &&str| {
        word.rsplit_once('.').is_some_and(|(stem, end)| {
            stem.len() > 1
                && (2..=5).contains(&end.len())
                && end.chars().all(|c| c.is_ascii_alphanumeric())
                && !matches!(end, "md" | "rst" | "adoc" | "html")
                && !stem.contains(['@', ':', '*'])
        })
    };
    let words = text.split_whitespace().map(|word| {
        let end = |c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '/';
        word.trim_end_matches(end)
            .trim_start_matches(|c: char| end(c) && c != '.')
    });
    // The file that is written of last before it is said to be ignored, else the first one after that.
    let words: Vec<&str> = words.collect();
    let said = words
        .iter()
        .position(|word| word.to_ascii_lowercase().contains("ignore"))?;
    let (before, after) = words.split_at_checked(said)?;
    before.iter().rev().chain(after).copied().find(is_file)
}

/// Whether a sentence says that credentials are kept at a service or in a device: that no file of the repository shows.
fn kept_elsewhere(text: &str) -> bool {
    let lower: String = text
        .to_ascii_lowercase()
        .split_whitespace()
        .flat_map(|word| [" ", word])
        .collect();
    let places = [
        " vault",
        " secrets manager",
        " secret manager",
        " parameter store",
        " kms",
        " key management service",
        " hsm",
    ];
    let begins = |place: &&str| {
        let mut all = lower.match_indices(place);
        all.any(|(at, _)| {
            let after = lower.get(at + place.len()..).unwrap_or_default();
            !after.starts_with(|c: char| c.is_ascii_alphanumeric())
        })
    };
    places.iter().any(begins)
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_rule_that_is_named_is_one_of_the_scan() {
        for id in ["repository/credential-file-tracked", "dependencies/unpinned"] {
            assert!(ward_scan::engine::rule(id).is_some(), "{id} is no rule");
        }
    }
}
