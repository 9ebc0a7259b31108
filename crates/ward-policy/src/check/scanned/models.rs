//! Promises about models: what loads them, what they are checked against, which files there are.

use super::{Facts, Fault, Outcome, SHOWN, by_scan, code::by_code, held_back, is_serious, look, not_seen, tools};
use crate::{
    check::{broken, files, kept, proof, rules},
    promise::Promise,
    verdict::{Proof, Verdict},
};

/// What loads a model, or any object, so that it may run a program.
const UNSAFE_LOADING: &[&str] = &[
    "code/pickle-load",
    "code/marshal-load",
    "code/unsafe-deserialisation-of-input",
    "ml/model-pickle",
    "ml/joblib-load",
    "ml/numpy-pickle",
    "ml/keras-unsafe",
    "ml/keras-old-format",
    "ml/msgpack-numpy",
    "ml/pickles-from-network",
    "ml/safetensors-off",
    "ml/torch-hub",
    "ml/torch-package",
    "ml/trust-remote-code",
    "code/shell-trust-remote-code",
    "ml/checks-off-by-environment",
];

/// What loads a checkpoint of PyTorch.
const TORCH_LOADING: &[&str] = &["ml/torch-load", "ml/checks-off-by-environment"];

/// What trusts the program that comes with a model.
const REMOTE_CODE: &[&str] = &[
    "ml/trust-remote-code",
    "code/shell-trust-remote-code",
    "models/remote-code",
];

/// What writes pickles, or sends them.
const PICKLE_WRITING: &[&str] = &["ml/pickle-written", "ml/torch-save-whole", "ml/distributed-objects"];

/// Model files are loaded safely.
pub(in crate::check) fn loading(facts: &Facts<'_>, promise: &Promise) -> Outcome {
    let lower = promise.text.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    // What a sentence names, and only that, is what it is held against.
    let only_torch = lower.contains("weights_only") && !lower.contains("pickle");
    let only_remote = lower.contains("trust_remote_code") && !says(&["pickle", "torch.load", "weights_only", "joblib"]);
    let no_pickle = lower.contains("pickle") && says(&["use", "using"]) && !says(&["load", "file", "unpickl"]);
    let wanted = |fault: &Fault| {
        let is = |rules: &[&str]| rules.contains(&fault.rule.as_str());
        match (only_remote, only_torch) {
            (true, _) => is(REMOTE_CODE),
            (_, true) => is(TORCH_LOADING),
            _ => is(UNSAFE_LOADING) || is(TORCH_LOADING) || no_pickle && is(PICKLE_WRITING),
        }
    };
    let run = match scanning(facts, promise) {
        Some(outcome) if !matches!(outcome.verdict, Verdict::Kept { .. }) => return outcome,
        run => run,
    };
    let what = if only_remote {
        "trust in programs that come with models"
    } else {
        "loading of models that can run a program"
    };
    let loads = || by_code(facts, &wanted, what, &rules::UNSAFE_LOADING, false);
    let ships = [
        "ship",
        "distribut",
        "publish",
        "contain",
        "includ",
        "commit",
        "store",
        "provide",
        "release",
        "in the repositor",
    ];
    let ships = says(&ships);
    if (ships || says(&["pickle file"]))
        && let Some(outcome) = tracked_pickles(facts, promise, &lower)
    {
        return outcome;
    }
    // A promise about how code loads is about code; any other is about the files as well.
    let outcome = if only_torch || only_remote {
        loads()
    } else {
        let harmful = |fault: &Fault| fault.rule.starts_with("models/") && is_serious(fault);
        let what = "models that can run a program, or are not what they say";
        let files = by_scan(facts, "models", &harmful, what, &rules::UNSAFE_LOADING);
        match (&files.verdict, ships) {
            (Verdict::Kept { .. }, true) if !says(&["load", "unpickl", "deserial"]) => files,
            (Verdict::Kept { .. }, _) => loads(),
            // Of what is loaded only the code can tell, where nobody looked at files.
            (Verdict::NotExamined(_), false) if look(facts, "models", &harmful).is_err() => loads(),
            _ => files,
        }
    };
    match (run, &outcome.verdict) {
        // What runs keeps a promise that it runs; what was found speaks against it all the same.
        (Some(run), verdict) if !verdict.is_fault() => run,
        (None, Verdict::Kept { .. }) if no_pickle => {
            let why = "the scan looks for what loads pickles and for some of what writes them, not for every use";
            not_seen(&rules::UNSAFE_LOADING, "use of pickles", why.to_owned())
        }
        _ => outcome,
    }
}

/// What becomes of a promise that model files are scanned; none for one that says nothing of it. A scan by whoever reads
/// the policy is not the one that it speaks of.
fn scanning(facts: &Facts<'_>, promise: &Promise) -> Option<Outcome> {
    let lower = promise.text.to_ascii_lowercase();
    let named = promise.frame.tools.iter();
    let named = named.filter(|name| matches!(**name, "modelscan" | "picklescan" | "fickling" | "modelaudit" | "ward"));
    let is_named = named.count() > 0;
    let scans = lower
        .split(|c: char| !c.is_ascii_alphanumeric())
        .any(|word| matches!(word, "scan" | "scans" | "scanned" | "scanning" | "scanner" | "scanners"));
    if promise.frame.negated || !is_named && !scans {
        return None;
    }
    let outcome = tools::judge(facts, promise);
    if is_named || !matches!(outcome.verdict, Verdict::Broken(_)) || tools::is_automatic(promise) {
        return Some(outcome);
    }
    let verdict = Verdict::Unverifiable {
        why: "no pipeline and no hook here scans models; it may be done by hand",
        would: "a run of a scanner of models in a pipeline",
    };
    Some(Outcome::new(
        &rules::CONDUCT,
        verdict,
        "Nothing here scans models by itself; whether somebody does is not shown.",
    ))
}

/// Pickles by their names, where a sentence says that there are none.
fn tracked_pickles(facts: &Facts<'_>, promise: &Promise, lower: &str) -> Option<Outcome> {
    let pickles = ["pickle", "joblib", "dill", ".pkl"]
        .iter()
        .any(|word| lower.contains(word));
    let only_safe = lower.contains("safetensors")
        && ["only", "instead", "exclusively"]
            .iter()
            .any(|word| lower.contains(word));
    if !(pickles && (promise.frame.negated || lower.contains("no ") || lower.contains("never")) || only_safe) {
        return None;
    }
    const PICKLES: &[&str] = &[".pkl", ".pickle", ".joblib", ".dill", ".pt", ".pth", ".ckpt"];
    let is_pickle = |name: &str| PICKLES.iter().any(|ending| name.ends_with(ending));
    let tracked: Vec<Proof> = facts
        .named(&is_pickle)
        .take(SHOWN)
        .map(|path| proof(path, None, "a pickle by its name, and tracked"))
        .collect();
    (!tracked.is_empty()).then(|| {
        let says = "Files that are pickles by their names are tracked.";
        Outcome::new(&rules::PICKLE_TRACKED, broken(tracked), says)
    })
}

/// What downloads a model in whatever state it is.
const UNPINNED_DOWNLOAD: &[&str] = &["ml/unpinned-download", "code/shell-unpinned-model"];

/// A file of sums that a sentence names and that is not tracked.
fn named_and_absent(facts: &Facts<'_>, promise: &Promise) -> Option<Proof> {
    let words = promise.text.split_whitespace();
    let mut names = words
        .map(|word| word.trim_matches(|c: char| !c.is_ascii_alphanumeric()))
        .filter(|word| !word.contains("://") && word.len() < 100)
        .filter(|word| {
            let name = word.rsplit('/').next().unwrap_or(word).to_ascii_lowercase();
            name.starts_with("sha256sums") || (name.starts_with("checksums") && name.contains('.'))
        });
    let absent = names.find(|name| {
        let path = name.trim_start_matches('/');
        let below = |file: &String| file.strip_suffix(path).is_some_and(|start| start.ends_with('/'));
        let files = &facts.repository.files;
        !files.contains_key(path) && !files.keys().any(below)
    })?;
    Some(proof(absent, None, "it is named in the policy and is not tracked"))
}

/// Models are verified before they are loaded.
pub(in crate::check) fn checksums(facts: &Facts<'_>, promise: &Promise) -> Outcome {
    if promise
        .frame
        .tools
        .iter()
        .any(|name| matches!(*name, "cosign" | "sigstore" | "model-signing"))
    {
        return tools::judge(facts, promise);
    }
    let lower = promise.text.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    let unpinned = |fault: &Fault| UNPINNED_DOWNLOAD.contains(&fault.rule.as_str());
    if says(&["revision", "commit"]) && !says(&["checksum", "hash of", "sha256", "digest", "signature"]) {
        let what = "downloads of models without a revision";
        return by_code(facts, &unpinned, what, &rules::UNPINNED_MODEL, false);
    }
    if let Some(absent) = named_and_absent(facts, promise) {
        let says = "The file that is to hold the sums is not here.";
        return Outcome::new(&rules::UNPINNED_MODEL, broken(vec![absent]), says);
    }
    if let Ok(seen) = look(facts, "code", &unpinned) {
        if !seen.found.is_empty() {
            return Outcome::new(
                &rules::UNPINNED_MODEL,
                broken(seen.found),
                "Models are downloaded without a revision or a digest.",
            );
        }
        if let Some(outcome) = held_back(seen.kept_back, "downloads of models without a digest") {
            return outcome;
        }
    }
    let sums = facts
        .named(&|name| {
            name.starts_with("sha256sum")
                || name.starts_with("checksums")
                || name.ends_with(".sha256")
                || name.ends_with(".sig")
                || name.ends_with(".sigstore")
        })
        .take(SHOWN);
    let shown: Vec<Proof> = sums
        .map(|path| proof(path, None, "sums or signatures to check against"))
        .collect();
    if !shown.is_empty() {
        let limit = "that they are there does not show that they are checked before loading";
        return Outcome::new(
            &rules::PROMISE,
            kept(shown, Some(limit)),
            "Sums or signatures are there to check against.",
        );
    }
    let published = says(&["publish", "provide", "shipped", "distribut", "list"]);
    let weights = facts.named(&files::is_weights_name).take(SHOWN);
    let bare: Vec<Proof> = weights
        .map(|path| proof(path, None, "weights without a sum or a signature"))
        .collect();
    if published && !bare.is_empty() {
        return Outcome::new(
            &rules::UNPINNED_MODEL,
            broken(bare),
            "Sums are promised, and no file here holds one.",
        );
    }
    let verdict = Verdict::Unverifiable {
        why: "no file here holds a sum or a signature of a model",
        would: "a store of models with pinned digests, such as `ward model verify`",
    };
    Outcome::new(
        &rules::PROMISE,
        verdict,
        "Whether models are verified before they are loaded is not shown by files.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_that_is_named_is_one_of_the_scan() {
        let lists = [
            UNSAFE_LOADING,
            TORCH_LOADING,
            REMOTE_CODE,
            PICKLE_WRITING,
            UNPINNED_DOWNLOAD,
        ];
        for id in lists.into_iter().flatten() {
            assert!(ward_scan::engine::rule(id).is_some(), "{id} is no rule");
        }
    }
}
